//! What moves the answer that a report leads with, and by how far: inputs, other readings, how far levers are believed and hard red lines, on one scale.

use detente_math::Mean;

use crate::{Answer, Evidence};

/// Standard errors from which on a change is no noise.
const CLEAR: f64 = 2.0;

/// Something that moves an answer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Change {
    /// What it is.
    pub by: Changer,
    /// The answer at its one end and at its other: of 1.
    pub ends: [Mean; 2],
    /// The second less the first.
    pub moved: Mean,
}

/// What moves an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Changer {
    /// An input, by its place in [`Movers::moving`](crate::Movers): the answer in the two eighths of its range between which it goes furthest,
    /// lower one first.
    Input(usize),
    /// Another reading, by its place in [`Evidence::rivals`]: the answer as run, and under it.
    Reading(usize),
    /// A lever, by its place in [`Leverage::turns`](crate::chapters::leverage::Leverage): how often its target accepts the leading package if it
    /// does not believe it at all, and if it is sure of it.
    Lever(usize),
    /// A party that the leading package needs: how often it accepts it, and how often it would if none of its red lines were hard.
    RedLines(usize),
}

impl Change {
    fn new(by: Changer, ends: [Mean; 2]) -> Self {
        let moved = difference(&ends[0], &ends[1]);
        Self { by, ends, moved }
    }

    /// Is it more than noise?
    pub fn is_clear(&self) -> bool {
        is_clear(&self.moved)
    }
}

/// Is a difference more than noise?
pub fn is_clear(moved: &Mean) -> bool {
    moved.value.abs() > CLEAR * moved.error
}

/// The second mean less the first, its error that of two runs that share no draws: where they share them, it is smaller.
pub fn difference(first: &Mean, second: &Mean) -> Mean {
    Mean {
        value: second.value - first.value,
        error: (first.error * first.error + second.error * second.error).sqrt(),
        n: first.n.min(second.n),
    }
}

impl Evidence {
    /// What moves the answer by more than noise, furthest first; of equals inputs, then readings, then levers, then red lines.
    pub fn changes(&self) -> Vec<Change> {
        let mut all: Vec<Change> = self.inputs_that_move();
        all.extend(self.readings_that_differ());
        all.extend(self.levers_that_turn());
        all.extend(self.red_lines_that_bar());
        all.retain(Change::is_clear);
        let far = |change: &Change| change.moved.value.abs();
        all.sort_by(|a, b| far(b).total_cmp(&far(a)));
        all
    }

    /// What other readings make of the leading package, in their order.
    pub fn readings_that_differ(&self) -> Vec<Change> {
        let Some(package) = self.closest_package() else {
            return Vec::new();
        };
        let own = *self.packages()[package].headline();
        let rivals = self.rivals.iter().enumerate();
        rivals
            .map(|(r, rival)| Change::new(Changer::Reading(r), [own, *rival.own.headline(package)]))
            .collect()
    }

    fn inputs_that_move(&self) -> Vec<Change> {
        if self.movers.of != Answer::Leading {
            return Vec::new();
        }
        let inputs = self.movers.moving.inputs.iter().enumerate();
        inputs
            .map(|(i, mover)| Change::new(Changer::Input(i), mover.furthest()))
            .collect()
    }

    fn red_lines_that_bar(&self) -> Vec<Change> {
        let Some(package) = self.closest_package() else {
            return Vec::new();
        };
        let line = &self.packages()[package];
        let needed = self.setting.packages[package].needed.iter();
        needed
            .map(|i| {
                let (accepts, moved) = (line.accepts[i], line.freed[i]);
                let would = Mean {
                    value: accepts.value + moved.value,
                    ..accepts
                };
                Change {
                    by: Changer::RedLines(i),
                    ends: [accepts, would],
                    moved,
                }
            })
            .collect()
    }

    fn levers_that_turn(&self) -> Vec<Change> {
        let (Some(package), Some(told)) = (self.closest_package(), self.chapters.leverage.told())
        else {
            return Vec::new();
        };
        let turns = told.turns.iter().enumerate();
        let own = turns.filter(|(_, turn)| turn.package == package);
        own.map(|(t, turn)| Change {
            by: Changer::Lever(t),
            ends: turn.accepts,
            moved: turn.believed,
        })
        .collect()
    }
}
