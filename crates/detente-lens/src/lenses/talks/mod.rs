//! How does the negotiation go when it is played?
//!
//! Chance draws types; threats may be announced; round after round somebody offers a package or nothing, those who must agree answer in turn;
//! on a refusal who wields a lever pulls it or not, and if not, months pass; after the last round no deal goes on. One game a world: its
//! numbers all know but types. Applies to cases with a talks table and an account of no deal, whichever it is. Sources and units:
//! [`talks`](mod@detente_core::catalogue::talks).

mod account;
mod form;
mod grown;
mod known;
mod menu;
mod message;
mod play;
mod promise;
mod size;
mod tell;
#[cfg(test)]
mod tests;
mod threats;

use detente_core::talks::Play;
use detente_core::{LensSpec, Outcome, Query, Row, Scene, Setting, World};

use crate::Lens;
use crate::lenses::alternative::beyond_reach;
use detente_core::catalogue::talks::SPEC;

pub use account::{account, outcome};

/// The lens.
pub(super) struct Talks;

impl Lens for Talks {
    fn spec(&self) -> &'static LensSpec {
        &SPEC
    }

    fn queries(&self, setting: &Setting, world: &World, queries: &mut Vec<Query>) {
        let Some(talks) = &setting.talks else { return };
        queries.extend((0..setting.types.len()).map(|t| Query::own(setting, world, t)));
        if let Some(plan) = size::plan(setting, talks) {
            let on = |l: &usize| world.numbers.levers[*l].on > 0.0;
            let levers: Vec<usize> = plan.levers.iter().copied().filter(on).collect();
            form::queries((setting, world), talks, plan.rounds, &levers, queries);
        }
    }

    fn examine(&self, scene: &Scene, row: &mut Row) -> Outcome {
        let Some(talks) = &scene.setting.talks else {
            return Outcome::NotApplicable("the case does not ask for talks");
        };
        if scene.talks == Play::No {
            return Outcome::NotApplicable("talks are played in the first worlds alone");
        }
        if scene.solved.is_empty() {
            return Outcome::NotApplicable("the case does not say what happens without a deal");
        }
        if let Some(silent) = beyond_reach(scene) {
            return silent;
        }
        tell::write(scene, talks, row)
    }

    /// What may be proposed is found among all named packages.
    fn weighs_all_packages(&self, _: &str) -> bool {
        true
    }
}
