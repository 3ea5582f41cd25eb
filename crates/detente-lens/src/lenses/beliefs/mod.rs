//! Who misreads whom, how much of the gap is misperception, and could news or a messenger settle it?
//!
//! Beliefs are those about the contest (edge, own doubt, escalation), the chance of a lottery, or the rates of a process, as offsets from
//! the analyst's draw. *Common* beliefs are the analyst's, held by all; *swapped* ones give every type of a side the mean edge offset of the other
//! side; they hold for the wars that may follow a deal or an ending too. What parties believe of one another's types stays as it is. Sources and units: [`beliefs`](mod@detente_core::catalogue::beliefs).

mod learning;
mod messengers;
mod parts;
mod rates;
mod room;
mod solve;
#[cfg(test)]
mod tests;

use detente_core::{LensSpec, Outcome, Query, Row, Scene, Setting, World};

use crate::Lens;
use detente_core::catalogue::beliefs::{
    AGREED_COMMON, BELIEVED, GAP_PART, HALVED_BY, MONTHS_TO_HALVE, NEVER_HALVES, OPTIMISM_BLOCKS,
    OPTIMISM_BLOCKS_PACKAGE, SPEC, ZONE_COMMON, ZONE_SWAPPED,
};

/// The lens.
pub(super) struct Beliefs;

impl Lens for Beliefs {
    fn spec(&self) -> &'static LensSpec {
        &SPEC
    }

    fn queries(&self, setting: &Setting, world: &World, queries: &mut Vec<Query>) {
        solve::queries(setting, world, queries);
        parts::queries(setting, world, queries);
        learning::queries(setting, world, queries);
    }

    fn weighs_all_packages(&self, quantity: &str) -> bool {
        quantity == "believed"
    }

    fn examine(&self, scene: &Scene, row: &mut Row) -> Outcome {
        solve::examine(scene, row)
    }
}
