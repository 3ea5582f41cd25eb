//! What the worlds of a run were drawn with, as far as a summary needs it beside the table: the table holds answers alone.

use std::panic::{AssertUnwindSafe, catch_unwind};

use detente_case::{Overrides, Plan};
use detente_math::Distribution;

use crate::class::{self, Class};
use crate::run::{RunOptions, Table};

/// A few drawn numbers, world by world in the order of the table.
#[derive(Clone, Debug)]
pub(crate) struct Drawn {
    /// s: points of incentive that choosing is blurred by.
    pub(crate) noise: Vec<f64>,
    /// By type: its prior.
    pub(crate) priors: Vec<Vec<f64>>,
    /// By gate: whether it stands.
    pub(crate) gates: Vec<Vec<bool>>,
    /// By base rate: the share of past cases and what it is drawn from, and within how many years.
    base_shares: Vec<Vec<f64>>,
    base_distributions: Vec<Option<Distribution>>,
    base_years: Vec<Vec<f64>>,
}

impl Drawn {
    /// The case's counts of past cases.
    pub(crate) fn classes(&self) -> Vec<Class> {
        class::classes(
            &self.base_shares,
            &self.base_distributions,
            &self.base_years,
        )
    }
}

pub(crate) fn drawn(
    plan: &Plan,
    overrides: &Overrides,
    options: RunOptions,
    table: &Table,
) -> Drawn {
    /// What choosing is blurred by where a case says nothing of behaviour.
    const NOISE: f64 = 0.5;
    let setting = &plan.setting;
    let mut all = Drawn {
        noise: Vec::with_capacity(table.worlds),
        priors: vec![Vec::with_capacity(table.worlds); setting.types.len()],
        gates: vec![Vec::with_capacity(table.worlds); setting.gates.len()],
        base_shares: vec![Vec::new(); setting.base_rates.len()],
        base_distributions: {
            let ids = plan.shape().durability.first();
            let ids = ids.map_or(&[][..], |after| &after.base_shares);
            ids.iter()
                .map(|id| plan.distribution(*id, overrides).cloned())
                .collect()
        },
        base_years: vec![Vec::new(); setting.base_rates.len()],
    };
    for index in table.first..table.first + table.worlds {
        let draw = || plan.world(&plan.uniforms(options.stream, index as u64), overrides);
        // A world that could not be drawn has no answers either; the run has counted the defect.
        let Ok(world) = catch_unwind(AssertUnwindSafe(draw)) else {
            all.noise.push(f64::NAN);
            all.priors.iter_mut().for_each(|list| list.push(f64::NAN));
            all.gates.iter_mut().for_each(|list| list.push(false));
            continue;
        };
        let behaviour = world.numbers.behaviour.first();
        all.noise.push(behaviour.map_or(NOISE, |b| b.noise));
        for (list, kind) in all.priors.iter_mut().zip(&world.numbers.types) {
            list.push(kind.prior);
        }
        for (list, gate) in all.gates.iter_mut().zip(&world.numbers.gates) {
            list.push(gate.on > 0.0);
        }
        if let Some(after) = world.numbers.durability.first() {
            let lists = all.base_shares.iter_mut().zip(&after.base_shares);
            lists.for_each(|(list, share)| list.push(*share));
            let lists = all.base_years.iter_mut().zip(&after.base_years);
            lists.for_each(|(list, years)| list.push(*years));
        }
    }
    all
}
