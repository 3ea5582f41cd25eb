//! Whether the answers of a report agree with one another.

/// What must hold among the answers of every world, and whether it did.
#[derive(Clone, Debug, Default)]
pub struct Consistency {
    /// How many invariants.
    pub invariants: usize,
    /// In how many worlds, those of rival readings included.
    pub worlds: usize,
    /// What was broken, in how many worlds.
    pub broken: Vec<(String, usize)>,
}
