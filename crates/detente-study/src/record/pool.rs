//! Worlds of the prior with what the record makes of each.

use std::borrow::Cow;
use std::ops::Range;

use detente_case::{Anchor, Condition, Facts, InputId, Overrides, QuantityEntry, Rules, Tells};
use detente_math::path_key;
use rayon::prelude::*;

use super::Record;
use super::acts::{Seen, likelihoods};
use super::gate::Gate;
use crate::run::{Picks, Progress, Scope, Table, run_part};

/// A density that is infinite at a point counts as this, in logarithms: more than any act takes away, and finite.
const MOST_DENSE: f64 = 50.0;

/// Something on record that weighs: an act, by its place among those that count, or an anchor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Entry {
    Act(usize),
    Anchor(usize),
}

/// Worlds that were weighed, in the order in which that was asked.
#[derive(Clone, Debug, Default)]
pub(crate) struct Pool {
    worlds: Vec<u64>,
    /// By world: with which chance it was let in to be weighed.
    chances: Vec<f64>,
    /// Worlds that asked to be let in.
    asked: usize,
    log_weights: Vec<f64>,
    types: usize,
    /// By world, by type.
    learned: Vec<f64>,
    priors: Vec<f64>,
    /// By world, by act that counts, by type of its party; where each act's begin.
    likelihoods: Vec<f64>,
    starts: Vec<usize>,
    /// By world, by anchor: the number it is about; NaN where the model does not tell it.
    anchored: Vec<f64>,
    anchors: usize,
}

impl Pool {
    pub(crate) fn new(record: &Record) -> Self {
        let setting = &record.case.setting;
        let mut starts = vec![0];
        for act in &record.acts {
            let types = setting.parties[record.case.acts[*act].by].types.len();
            starts.push(starts[starts.len() - 1] + types);
        }
        Self {
            types: setting.types.len(),
            starts,
            anchors: record.case.anchors.len(),
            ..Self::default()
        }
    }

    /// Looks at worlds for what costs next to nothing, weighs those that are let in, and adds them.
    pub(crate) fn weigh_some(
        &mut self,
        record: &Record,
        (gate, worlds): (&Gate, Range<u64>),
        overrides: &Overrides,
        progress: &dyn Progress,
    ) {
        let all = worlds.end - worlds.start;
        let let_in = |world: u64| {
            let chance = gate.chance(glance(record, overrides, world));
            let key = path_key("record, at a glance");
            (record.options.stream.uniform(key, world) < chance).then_some((world, chance))
        };
        let let_in: Vec<(u64, f64)> = worlds.into_par_iter().filter_map(let_in).collect();
        let (worlds, chances): (Vec<u64>, Vec<f64>) = let_in.into_iter().unzip();
        let (had, more) = (self.asked, worlds.len());
        if more > 0 {
            self.weigh(record, (worlds, overrides), progress);
        }
        let first = self.chances.len() - more;
        self.chances[first..].copy_from_slice(&chances);
        self.asked = had + usize::try_from(all).expect("a block of worlds");
    }

    /// Weighs worlds and adds them.
    pub(crate) fn weigh(
        &mut self,
        record: &Record,
        (worlds, overrides): (Vec<u64>, &Overrides),
        progress: &dyn Progress,
    ) {
        let run = |scope: &Scope, overrides: &Overrides| {
            let picks = Picks::of_worlds(worlds.clone());
            let asked = (scope, 0..worlds.len(), Some(&picks));
            let uncounted = Uncounted(progress);
            run_part(record.plan, overrides, record.options, asked, &uncounted)
        };
        let as_it_is = record.scope.as_ref().map(|scope| run(scope, overrides));
        let rules = (!record.tried.is_empty()).then(|| Rules::of(record.case));
        let tried: Vec<Trial> = record
            .tried
            .iter()
            .map(|tried| {
                let overrides = overrides.under(&tried.over);
                let stands = rules
                    .as_ref()
                    .is_some_and(|rules| rules.stand(&Condition::of(&overrides)));
                let asked = tried.scope.as_ref().filter(|_| stands);
                Trial {
                    table: asked.map(|scope| run(scope, &overrides)),
                    stands,
                    overrides,
                }
            })
            .collect();
        for (row, world) in worlds.into_iter().enumerate() {
            let told = as_it_is.as_ref().map(|table| (table, row));
            self.add(record, (overrides, told), (&tried, row), world);
        }
    }

    fn add(
        &mut self,
        record: &Record,
        (overrides, told): (&Overrides, Option<(&Table, usize)>),
        (tried, row): (&[Trial], usize),
        world: u64,
    ) {
        let Record { case, plan, .. } = *record;
        let uniforms = plan.uniforms(record.options.stream, world);
        let (values, drawn) = (
            plan.values(&uniforms, overrides),
            plan.world(&uniforms, overrides),
        );
        let tried: Vec<Option<Side>> = tried
            .iter()
            .map(|trial| {
                trial.stands.then(|| Side {
                    told: trial.table.as_ref().map(|table| (table, row)),
                    values: Cow::Owned(plan.values(&uniforms, &trial.overrides)),
                })
            })
            .collect();
        let seen = Seen {
            setting: &case.setting,
            world: &drawn,
            values: &values,
            told,
        };
        let mut learned = vec![1.0; self.types];
        for act in &record.acts {
            let act = &case.acts[*act];
            let chances = likelihoods(act, &seen);
            let types = case.setting.parties[act.by].types.clone();
            for (t, chance) in types.zip(&chances) {
                learned[t] *= chance;
            }
            self.likelihoods.extend(chances);
        }
        let priors = drawn.numbers.types.iter().map(|t| t.prior);
        let first = self.priors.len();
        self.priors.extend(priors);
        let priors = &self.priors[first..];
        let mut log_weight = 0.0;
        for party in &case.setting.parties {
            let chance: f64 = party.types.clone().map(|t| priors[t] * learned[t]).sum();
            log_weight += libm::log(chance);
        }
        let as_it_is = Side {
            told,
            values: Cow::Borrowed(&values),
        };
        let trying = record.trying.iter();
        for ((anchor, if_untold), trying) in case.anchors.iter().zip(&record.if_untold).zip(trying)
        {
            // What no world can have is not told.
            let sides = trying.map(|of| of.map_or(Some(&as_it_is), |place| tried[place].as_ref()));
            let told = match sides {
                [Some(with), Some(base)] => anchor.quantity.value(&World {
                    sides: [with, base],
                }),
                _ => f64::NAN,
            };
            log_weight += log_of((anchor, *if_untold), told);
            self.anchored.push(told);
        }
        self.worlds.push(world);
        self.chances.push(1.0);
        self.asked += 1;
        self.log_weights.push(log_weight);
        self.learned.extend(learned);
    }

    /// Logarithms of what worlds would weigh if no more than some entries were on record.
    pub(super) fn logs_of(&self, record: &Record, counts: &dyn Fn(Entry) -> bool) -> Vec<f64> {
        let case = record.case;
        let of_row = |row: usize| {
            let mut learned = vec![1.0; self.types];
            for (place, act) in record.acts.iter().enumerate() {
                if counts(Entry::Act(place)) {
                    let types = case.setting.parties[case.acts[*act].by].types.clone();
                    for (t, chance) in types.zip(self.likelihoods(row, place)) {
                        learned[t] *= chance;
                    }
                }
            }
            let priors = self.priors(row);
            let parties = case.setting.parties.iter().map(|party| {
                let chance: f64 = party.types.clone().map(|t| priors[t] * learned[t]).sum();
                libm::log(chance)
            });
            let anchors = case.anchors.iter().zip(&record.if_untold).enumerate();
            let anchors = anchors.filter(|(a, _)| counts(Entry::Anchor(*a)));
            let anchors = anchors.map(|(a, (anchor, if_untold))| {
                log_of((anchor, *if_untold), self.anchored(row, a))
            });
            parties.sum::<f64>() + anchors.sum::<f64>()
        };
        (0..self.len()).map(of_row).collect()
    }

    /// How many worlds.
    pub(crate) fn len(&self) -> usize {
        self.worlds.len()
    }

    /// How many worlds of the prior they stand for.
    pub(crate) fn asked(&self) -> usize {
        self.asked
    }

    /// The row of a world, if it was weighed; of worlds that were asked for in their order.
    pub(crate) fn row_of(&self, world: u64) -> Option<usize> {
        self.worlds.binary_search(&world).ok()
    }

    /// How many worlds of the prior a row stands for.
    pub(super) fn stands_for(&self, row: usize) -> f64 {
        1.0 / self.chances[row]
    }

    /// The world of a row.
    pub(crate) fn world(&self, row: usize) -> u64 {
        self.worlds[row]
    }

    /// Logarithms of their weights.
    pub(crate) fn log_weights(&self) -> &[f64] {
        &self.log_weights
    }

    /// By type: how likely it was to do all that counts, relative to its party's others.
    pub(crate) fn learned(&self, row: usize) -> &[f64] {
        &self.learned[row * self.types..(row + 1) * self.types]
    }

    /// By type: its prior.
    pub(super) fn priors(&self, row: usize) -> &[f64] {
        &self.priors[row * self.types..(row + 1) * self.types]
    }

    /// How likely each type of its party was to do an act, by the act's place among those that count.
    pub(super) fn likelihoods(&self, row: usize, act: usize) -> &[f64] {
        let width = self.starts[self.starts.len() - 1];
        &self.likelihoods[row * width + self.starts[act]..row * width + self.starts[act + 1]]
    }

    /// The number that an anchor is about.
    pub(super) fn anchored(&self, row: usize, anchor: usize) -> f64 {
        self.anchored[row * self.anchors + anchor]
    }
}

/// The logarithm of what a world is weighed by, as far as no lens need be asked: by what acts are stated to tell, and by anchors on what is
/// drawn.
pub(super) fn glance(record: &Record, overrides: &Overrides, world: u64) -> f64 {
    let Record { case, plan, .. } = *record;
    let uniforms = plan.uniforms(record.options.stream, world);
    let (values, drawn) = (
        plan.values(&uniforms, overrides),
        plan.world(&uniforms, overrides),
    );
    let setting = &case.setting;
    let seen = Seen {
        setting,
        world: &drawn,
        values: &values,
        told: None,
    };
    let mut learned = vec![1.0; setting.types.len()];
    for act in record.acts.iter().map(|a| &case.acts[*a]) {
        if let Tells::Stated(_) | Tells::Announced(_) = act.tells {
            let types = setting.parties[act.by].types.clone();
            for (learned, chance) in learned[types].iter_mut().zip(likelihoods(act, &seen)) {
                *learned *= chance;
            }
        }
    }
    let mut log_weight = 0.0;
    for party in &setting.parties {
        let types = party.types.clone();
        let chance: f64 = types
            .map(|t| drawn.numbers.types[t].prior * learned[t])
            .sum();
        log_weight += libm::log(chance);
    }
    let side = Side {
        told: None,
        values: Cow::Borrowed(&values),
    };
    let anchors = case.anchors.iter().zip(&record.if_untold);
    for ((anchor, if_untold), trying) in anchors.zip(&record.trying) {
        if *trying == [None; 2] && anchor.quantity.quantities().is_empty() {
            let told = anchor.quantity.value(&World {
                sides: [&side, &side],
            });
            log_weight += log_of((anchor, *if_untold), told);
        }
    }
    log_weight
}

/// Logarithm of what an anchor weighs a world by in which its number is this, less what a world is weighed by that does not tell it, so that no
/// weight depends on a unit.
fn log_of((anchor, if_untold): (&Anchor, f64), told: f64) -> f64 {
    if told.is_nan() {
        return 0.0;
    }
    (anchor.log_weight(told) - if_untold).min(MOST_DENSE)
}

/// What became of worlds under something that anchors set.
struct Trial {
    overrides: Overrides,
    /// Can a world have it?
    stands: bool,
    table: Option<Table>,
}

/// A world as it is, or with what an anchor sets.
struct Side<'a> {
    /// What the lenses told of it, by table and row.
    told: Option<(&'a Table, usize)>,
    values: Cow<'a, [f64]>,
}

/// A world as an anchor's number sees it.
struct World<'a> {
    /// With what it sets, and what it is compared to.
    sides: [&'a Side<'a>; 2],
}

impl Facts for World<'_> {
    fn input(&self, id: InputId, base: bool) -> f64 {
        self.sides[usize::from(base)].values[id.0 as usize]
    }

    fn quantity(&self, entry: &QuantityEntry, base: bool) -> f64 {
        if !entry.computed {
            // Its lens is to come.
            return f64::NAN;
        }
        let side = self.sides[usize::from(base)];
        side.told.map_or(f64::NAN, |(table, row)| {
            let layout = &table.layout;
            table.at(
                row,
                layout.column_of(entry.lens, entry.quantity, &entry.index),
            )
        })
    }
}

/// Worlds that are weighed are none of the report's.
pub(super) struct Uncounted<'a>(pub(super) &'a dyn Progress);

impl Progress for Uncounted<'_> {
    fn advance(&self, _: usize) {}

    fn stopped(&self) -> bool {
        self.0.stopped()
    }
}
