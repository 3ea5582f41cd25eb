//! The table of lenses, sorted by name.

mod alternative;
mod beliefs;
mod durability;
mod leverage;
mod settlement;
mod stability;
pub mod talks;
mod veto;

use crate::Lens;

/// Every lens, in the order in which a scene is examined.
pub static LENSES: &[&dyn Lens] = &[
    &alternative::Alternative,
    &beliefs::Beliefs,
    &durability::Durability,
    &leverage::Leverage,
    &settlement::Settlement,
    &stability::Stability,
    &talks::Talks,
    &veto::Veto,
];
