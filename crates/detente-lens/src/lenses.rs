//! The table of lenses, sorted by name.

mod alternative;
mod leverage;
mod settlement;

use crate::Lens;

/// Every lens, in the order in which a scene is examined.
pub static LENSES: &[&dyn Lens] = &[
    &alternative::Alternative,
    &leverage::Leverage,
    &settlement::Settlement,
];
