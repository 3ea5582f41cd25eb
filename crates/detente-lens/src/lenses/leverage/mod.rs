//! What must be true of each threat for its target to move, and would its wielder carry it out?
//!
//! The incentives behind levers, the chances that follow from them and what refusals are worth come with the scene; this lens adds
//! what one lever does with the others held as they are. All means over types are exact; only the world is sampled. Sources and
//! units: [`leverage`](mod@detente_core::catalogue::leverage).

mod solve;
#[cfg(test)]
mod tests;

use detente_core::{LensSpec, Outcome, Query, Row, Scene, Setting, World};

use crate::Lens;
use detente_core::catalogue::leverage::{
    ABOVE, ASSURANCE, BACKFIRES, BELOW, CEILING, CONCESSION, CREDIBILITY, CREDIBILITY_ANNOUNCED,
    ESCALATION, INCENTIVE, PRICE, PROMISE, REFUSAL, REFUSAL_ALL, REFUSAL_NONE, REFUSAL_WITH,
    REFUSAL_WITHOUT, SPEC, THRESHOLD, ZONE_ALL, ZONE_NONE, ZONE_WITH, ZONE_WITHOUT,
};

/// Any number.
/// The lens.
pub(super) struct Leverage;

impl Lens for Leverage {
    fn spec(&self) -> &'static LensSpec {
        &SPEC
    }

    fn queries(&self, _: &Setting, _: &World, _: &mut Vec<Query>) {
        // What refusals need is solved in every world.
    }

    fn examine(&self, scene: &Scene, row: &mut Row) -> Outcome {
        solve::examine(scene, row)
    }
}
