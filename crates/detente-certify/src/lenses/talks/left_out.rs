//! Moves that are said to be worse than another one whatever follows: shown to be.

use super::{Check, Grid};

impl Check<'_> {
    /// Shows of every move that is left out that another one pays more at every node, whatever follows both, of what is not left out.
    pub(super) fn left_out(&self, leaves: &Grid) -> Result<usize, String> {
        let claimed: Vec<bool> = (0..self.histories.moves)
            .map(|at| self.told.is_out(at))
            .collect();
        let shown = self.worse(leaves, &claimed, 2.0 * self.ends.error());
        if let Some(of) = (0..shown.len()).find(|at| claimed[*at] && !shown[*at]) {
            return Err(format!(
                "move {of} is said to be worse than another whatever follows and is not"
            ));
        }
        Ok(shown.into_iter().filter(|shown| *shown).count())
    }

    /// Of some moves those of which it can be shown that they are worse than another one whatever follows, one after another; worths may be
    /// off by as much as `room` to their favour.
    pub(super) fn worse(&self, leaves: &Grid, may: &[bool], room: f64) -> Vec<bool> {
        let h = &self.histories;
        let mut out = vec![false; may.len()];
        loop {
            let [low, high] = [false, true].map(|most| self.bounds(leaves, &out, most));
            let mut more = false;
            for place in &h.places {
                for of in &place.own {
                    let Some(first) = of.first else { continue };
                    let player = h.player(place.by);
                    let bound = |grid: &Grid, k: usize, p: usize| {
                        grid.at(place.next[of.moves[k]], p)[player]
                    };
                    for k in 0..of.moves.len() {
                        if !may[first + k] || out[first + k] {
                            continue;
                        }
                        let worse = (0..of.moves.len()).any(|other| {
                            other != k
                                && !out[first + other]
                                && h.with(player, of.t)
                                    .all(|p| bound(&low, other, p) - bound(&high, k, p) > -room)
                        });
                        if worse {
                            (out[first + k], more) = (true, true);
                        }
                    }
                }
            }
            if !more {
                return out;
            }
        }
    }

    /// The least or the most that each place can be worth without some moves.
    pub(super) fn bounds(&self, leaves: &Grid, out: &[bool], most: bool) -> Grid {
        self.backwards(leaves, |at, p, bounds, here| {
            let chance = self.is_chance(at, p);
            here.fill(match (chance, most) {
                (true, _) => 0.0,
                (_, true) => f64::NEG_INFINITY,
                (_, false) => f64::INFINITY,
            });
            self.steps(at, p, |step| {
                if step.made.is_some_and(|made| out[made]) {
                    return;
                }
                for (own, then) in here.iter_mut().zip(bounds.at(step.next, p)) {
                    *own = match (chance, most) {
                        (true, _) => *own + step.chance * then,
                        (_, true) => own.max(*then),
                        (_, false) => own.min(*then),
                    };
                }
            });
        })
    }
}
