//! Worlds of the prior with what the record makes of each.

use detente_case::{Facts, InputId, Overrides, QuantityEntry};
use detente_core::Layout;

use super::Record;
use super::acts::{Seen, likelihoods};
use crate::run::{Picks, Progress, Table, run_part};

/// A density that is infinite at a point counts as this, in logarithms: more than any act takes away, and finite.
const MOST_DENSE: f64 = 50.0;

/// Worlds that were weighed, in the order in which that was asked.
#[derive(Clone, Debug, Default)]
pub(crate) struct Pool {
    worlds: Vec<u64>,
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

    /// Weighs worlds and adds them.
    pub(crate) fn weigh(
        &mut self,
        record: &Record,
        (worlds, overrides): (Vec<u64>, &Overrides),
        progress: &dyn Progress,
    ) {
        let count = worlds.len();
        let table = record.scope.as_ref().map(|scope| {
            let picks = Picks::of_worlds(worlds.clone());
            let asked = (scope, 0..count, Some(&picks));
            let uncounted = Uncounted(progress);
            run_part(record.plan, overrides, record.options, asked, &uncounted)
        });
        let mut rows = table.as_ref().map(Table::rows);
        for world in worlds {
            let row = rows.as_mut().and_then(Iterator::next);
            self.add(record, overrides, world, row);
        }
    }

    fn add(&mut self, record: &Record, overrides: &Overrides, world: u64, row: Option<&[f64]>) {
        let Record { case, plan, .. } = *record;
        let uniforms = plan.uniforms(record.options.stream, world);
        let (values, drawn) = (
            plan.values(&uniforms, overrides),
            plan.world(&uniforms, overrides),
        );
        let seen = Seen {
            setting: &case.setting,
            world: &drawn,
            values: &values,
            told: row.map(|row| (&record.layout, row)),
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
        for (anchor, if_untold) in case.anchors.iter().zip(&record.if_untold) {
            let told = anchor.quantity.value(&World {
                layout: &record.layout,
                row,
                values: &values,
            });
            // Less what a world is weighed by that does not tell it, so that no weight depends on a unit.
            if !told.is_nan() {
                log_weight += (anchor.log_weight(told) - if_untold).min(MOST_DENSE);
            }
            self.anchored.push(told);
        }
        self.worlds.push(world);
        self.log_weights.push(log_weight);
        self.learned.extend(learned);
    }

    /// How many worlds.
    pub(crate) fn len(&self) -> usize {
        self.worlds.len()
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

/// A world as an anchor's number sees it.
struct World<'a> {
    layout: &'a Layout,
    row: Option<&'a [f64]>,
    values: &'a [f64],
}

impl Facts for World<'_> {
    fn input(&self, id: InputId, _: bool) -> f64 {
        self.values[id.0 as usize]
    }

    fn quantity(&self, entry: &QuantityEntry, _: bool) -> f64 {
        if !entry.computed {
            // Its lens is to come.
            return f64::NAN;
        }
        let column = self
            .layout
            .column_of(entry.lens, entry.quantity, &entry.index);
        self.row.map_or(f64::NAN, |row| row[column])
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
