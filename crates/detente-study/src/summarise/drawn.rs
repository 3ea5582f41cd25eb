//! What the worlds of a run were drawn with, as far as evidence needs it beside the table: the table holds answers alone.

use std::panic::{AssertUnwindSafe, catch_unwind};

use detente_case::{Overrides, Plan};
use detente_evidence::{Class, RunOptions};
use detente_math::{Distribution, quantile_sorted};

use crate::run::Table;

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
        classes(
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
    for row in 0..table.worlds {
        let draw = || {
            let uniforms = plan.uniforms(options.stream, table.world(row));
            plan.world_after(&uniforms, overrides, table.learned(row))
        };
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

/// The classes of a case, from what its worlds drew: by base rate, the share of each world and what it is drawn from, and its years.
fn classes(
    shares: &[Vec<f64>],
    distributions: &[Option<Distribution>],
    years: &[Vec<f64>],
) -> Vec<Class> {
    let class = |(rate, (shares, years)): (usize, (&Vec<f64>, &Vec<f64>))| {
        let mut known: Vec<f64> = shares.iter().copied().filter(|x| !x.is_nan()).collect();
        known.sort_by(f64::total_cmp);
        let years = years.iter().copied().find(|x| x.is_finite())?;
        let own = distributions.get(rate).and_then(Option::as_ref);
        // A number with a distribution of its own has the quantiles of that, however few worlds are drawn.
        let at = |u| own.map_or_else(|| quantile_sorted(&known, u), |own| own.quantile(u));
        (!known.is_empty()).then(|| Class {
            rate,
            months: months(years),
            share: [0.05, 0.5, 0.95].map(at),
            counted: own.and_then(Distribution::counted),
        })
    };
    let both = shares.iter().zip(years).enumerate();
    both.filter_map(class).collect()
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a horizon of some years, and never below none"
)]
fn months(years: f64) -> usize {
    (12.0 * years).round().max(0.0) as usize
}

#[cfg(test)]
mod tests {
    use detente_math::Distribution;

    use super::classes;

    #[test]
    fn classes_are_those_that_were_drawn_and_their_horizon_is_in_months() {
        let shares = [vec![0.1, 0.3, 0.2], vec![f64::NAN; 3]];
        let years = [vec![5.0; 3], vec![1.0; 3]];
        let found = classes(&shares, &[None, None], &years);
        let [only] = found.as_slice() else {
            panic!("{found:?}");
        };
        assert_eq!((only.rate, only.months, only.share[1]), (0, 60, 0.2));
        assert!((only.times(0.5) - 2.5).abs() < 1e-12);
        // What is drawn by itself has its own quantiles, whatever three worlds drew.
        let own = Distribution::Uniform {
            low: 0.2,
            high: 0.6,
        };
        let found = classes(&shares, &[Some(own), None], &years);
        assert_eq!(found[0].counted, None);
        let four = Distribution::base_rate(1.0, 4.0);
        let few = classes(&shares, &[Some(four), None], &years)[0];
        assert_eq!((few.counted, few.few()), (Some([1.0, 4.0]), Some(4.0)));
        let expected = [0.22, 0.4, 0.58];
        let off = found[0].share.iter().zip(expected).map(|(a, b)| a - b);
        assert!(off.into_iter().all(|x: f64| x.abs() < 1e-12), "{found:?}");
    }
}
