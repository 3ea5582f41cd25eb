//! Once a package is signed, would anybody leave it: withhold a clause that is its to perform, or end the deal?
//!
//! The graph model of each named package: its states are the package with any of its performers' clauses withheld, and the deal ended in each
//! of these by each party that signs. A state in which the deal stands is worth D of what is performed and what promises bring; an ended deal
//! what is left of it ([`Scene::broken`](detente_core::Scene::broken)). Chances are over the types that sign. Applies to cases
//! that say what happens without a deal. Sources and units: [`stability`](mod@detente_core::catalogue::stability).

mod graph;
mod solve;
mod states;
#[cfg(test)]
mod tests;

use detente_core::{LensSpec, Outcome, PartySet, Query, Row, Scene, Setting, World};

use crate::Lens;
use crate::lenses::alternative::beyond_reach;
use detente_core::catalogue::stability::{
    IMPROVES, NASH, NASH_IF_SIGNED, SEQUENTIAL, SEQUENTIAL_IF_SIGNED, SPEC, WOULD_BREAK,
    WOULD_MOVE, WOULD_WITHHOLD,
};

/// The lens.
pub(super) struct Stability;

impl Lens for Stability {
    fn spec(&self) -> &'static LensSpec {
        &SPEC
    }

    fn queries(&self, _: &Setting, _: &World, _: &mut Vec<Query>) {}

    fn examine(&self, scene: &Scene, row: &mut Row) -> Outcome {
        let setting = scene.setting;
        if scene.solved.is_empty() {
            return Outcome::NotApplicable("the case does not say what happens without a deal");
        }
        let mut packages = setting.packages.iter();
        if packages.all(|package| package.needed == PartySet::default()) {
            return Outcome::NotApplicable("no package is named that somebody could leave");
        }
        if let Some(silent) = beyond_reach(scene) {
            return silent;
        }
        solve::write(scene, row)
    }
}
