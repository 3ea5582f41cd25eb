//! Is there a package that every needed party prefers to no deal, and what blocks it?
//!
//! A type accepts a package iff no hard red line of its own is crossed and D ≥ N: the deal is worth at least what refusing
//! is, both in points, under its own beliefs. Types are enumerated with their priors, independent across parties, so every
//! figure of a world is exact; only the world is sampled. Searches over all packages are exact too (see `search`) and run in
//! the worlds where they are asked for. Sources and units: [`settlement`](mod@detente_core::catalogue::settlement).

mod adjusted;
mod bargains;
mod find;
mod named;
pub(crate) mod search;
mod solve;
mod sums;
mod table;
#[cfg(test)]
mod tests;
mod zones;

use detente_core::{LensSpec, Outcome, Query, Row, Scene, Setting, World};

use crate::Lens;
use detente_core::catalogue::settlement::{
    ACCEPTS, ADJUSTED_WINNER, ADJUSTED_WINNER_SHARE, AGREED, BLOCKS, BLOCKS_BY_RED_LINE, CONCEDED,
    CROSSED, FRONTIER_GIVEN_UP as GIVEN_UP, GATE_BELOW_BAR, IN_FORCE, LOTTERY_MOST, LOTTERY_SIZE,
    MARGIN, OPENS_WITHOUT, PRICE, RATIFIES, ROOM_TO_PRESS, SIZE, SOLUTION_MARGIN, SOLUTION_OPTION,
    SOLUTION_TIES, SPEC, ZONE, ZONE_OF, ZONE_POSSIBLE, ZONE_WITHOUT_RED_LINES,
};

pub(super) use zones::Zones;

/// The lens.
pub(super) struct Settlement;

impl Lens for Settlement {
    fn spec(&self) -> &'static LensSpec {
        &SPEC
    }

    fn queries(&self, setting: &Setting, world: &World, queries: &mut Vec<Query>) {
        queries.extend((0..setting.types.len()).map(|t| Query::own(setting, world, t)));
    }

    fn examine(&self, scene: &Scene, row: &mut Row) -> Outcome {
        solve::examine(scene, row)
    }
}
