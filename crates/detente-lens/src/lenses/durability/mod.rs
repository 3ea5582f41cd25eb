//! Would the peace last, and what does a guarantee buy?
//!
//! Reads what the deal-value stage found of every named package: D, temptations, dates and chances of attacks, and survival under the
//! definition of failure that D uses and under the others that a case states. Applies to cases that say what may follow a deal and what
//! happens without one. Sources and units: [`durability`](mod@detente_core::catalogue::durability).

mod comers;
mod powell;
mod signed;
#[cfg(test)]
mod tests;

use detente_core::{DealValue, Fate, LensSpec, Outcome, Query, Row, Scene, Setting, World};

use detente_core::asks::FIVE_YEARS;

use crate::Lens;
use crate::durable::law::Terms;
use crate::lenses::alternative::beyond_reach;
use detente_core::catalogue::durability::{
    ATTACK, ATTACK_IF_SIGNED, ATTACK_MONTH, COMES, COMES_INCENTIVE, DEAL_VALUE, GUARANTEE_BUYS,
    KEPT, KEPT_TO_LAPSE, POWELL_GAP, SIGNED_TEMPTED, SPEC, STAND_IN, SURVIVAL, SURVIVAL_IF_SIGNED,
    SURVIVAL_OF, TARGET_TEMPTATION, TEMPTATION, TEMPTATION_BY, TEMPTATION_UNANSWERED,
    UNIQUE_TARGET,
};

/// The lens.
pub(super) struct Durability;

impl Lens for Durability {
    fn spec(&self) -> &'static LensSpec {
        &SPEC
    }

    fn queries(&self, _: &Setting, _: &World, _: &mut Vec<Query>) {}

    fn examine(&self, scene: &Scene, row: &mut Row) -> Outcome {
        let Scene { setting, world, .. } = *scene;
        let Some(numbers) = world.numbers.durability.first() else {
            return Outcome::NotApplicable("the case does not say what may follow a deal");
        };
        if scene.solved.is_empty() {
            return Outcome::NotApplicable("the case does not say what happens without a deal");
        }
        if let Some(silent) = beyond_reach(scene) {
            return silent;
        }
        for (p, package) in setting.packages.iter().enumerate() {
            let found = &scene.aftermath.prospects[p];
            if found.worth.is_empty() {
                continue;
            }
            for t in 0..setting.types.len() {
                row.set(DEAL_VALUE, &[t, p], found.worth[t]);
                row.set(GUARANTEE_BUYS, &[t, p], bought(scene, p, t));
                row.set(
                    STAND_IN,
                    &[t, p],
                    stand_in(scene, t, &package.choice) - found.worth[t],
                );
                if !found.month[t].is_nan() {
                    row.set(ATTACK_MONTH, &[t, p], found.month[t]);
                    row.set(TEMPTATION, &[t, p], found.gain[t].max(0.0));
                    row.set(TEMPTATION_UNANSWERED, &[t, p], found.unanswered[t].max(0.0));
                }
            }
            signed::write(scene, p, row);
            let terms = Terms::of(setting, world, &package.choice, &[Fate::Deal]);
            for (f, rate) in numbers.failures.iter().enumerate() {
                let rates =
                    (0..FIVE_YEARS).map(|m| rate * libm::exp(terms.adds(setting, numbers, m)));
                row.set(SURVIVAL_OF, &[f, p], libm::exp(-rates.sum::<f64>()));
            }
        }
        comers::write(scene, row);
        for t in 0..setting.types.len() {
            if let Some(gap) = powell::gap(setting, world, scene.preferences, t) {
                row.set(POWELL_GAP, &[t], gap);
            }
        }
        for (k, worth) in numbers.targets.iter().enumerate() {
            row.set(TARGET_TEMPTATION, &[k], *worth);
        }
        if let Some(freeze) = scene.aftermath.prospects.get(setting.packages.len()) {
            for (i, party) in setting.parties.iter().enumerate() {
                if party.is_principal() {
                    let others = setting.targets.iter().zip(&numbers.targets);
                    let others = others.filter(|(target, _)| target.by == i);
                    let most = others.map(|(_, x)| *x).fold(f64::NEG_INFINITY, f64::max);
                    let types = party.types.clone().filter(|t| freeze.gain[*t] > most);
                    let chance = types.map(|t| world.numbers.types[t].prior).sum::<f64>();
                    row.set(UNIQUE_TARGET, &[i], chance.clamp(0.0, 1.0));
                }
            }
        }
        Outcome::Done
    }
}

/// What the guarantee adds to D; of a D that is given instead of computed, what it adds to the computed one.
fn bought(scene: &Scene, p: usize, t: usize) -> f64 {
    let found = &scene.aftermath.prospects[p];
    found.computed[t] - found.unguaranteed[t]
}

/// What searches take a package to be worth.
fn stand_in(scene: &Scene, t: usize, package: &[u8]) -> f64 {
    let Scene { setting, world, .. } = *scene;
    crate::Identity.worth(setting, world, scene.additive, t, package, &[Fate::Deal])
}
