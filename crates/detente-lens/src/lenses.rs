//! The table of lenses, sorted by name.

mod alternative;
mod settlement;
mod veto;

use crate::Lens;

/// Every lens, in the order in which a scene is examined.
pub static LENSES: &[&dyn Lens] = &[
    &alternative::Alternative,
    &settlement::Settlement,
    &veto::Veto,
];
