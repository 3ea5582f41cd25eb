//! Claims and what became of them.

use detente_case::{Claim, TakenOver};
use detente_math::Mean;

/// A claim and what became of it.
#[derive(Clone, Debug)]
pub struct ClaimLine {
    /// The claim.
    pub claim: Claim,
    /// What can be said of it.
    pub status: ClaimStatus,
    /// Numbers that it sets and that a lever which runs now takes over.
    pub taken_over: Vec<TakenOver>,
}

/// What can be said of a claim.
#[derive(Clone, Debug)]
pub enum ClaimStatus {
    /// It was tested.
    Computed {
        /// As the run's readings have it.
        share: ClaimShare,
        /// Under each rival, in the order of `Evidence::rivals`.
        rivals: Vec<ClaimShare>,
        /// What turns it from true in most worlds to true in few, or back, those that turn it.
        flips: Vec<Flip>,
        /// Whether an input alone decides it, so that it is assumed rather than found.
        assumed: Option<Assumed>,
    },
    /// It speaks of what these lenses will compute.
    Awaits(Vec<&'static str>),
    /// It cannot be computed, and why.
    NotComputable(String),
}

/// In which share of worlds a claim is true.
#[derive(Clone, Copy, Debug)]
pub struct ClaimShare {
    /// Share of the worlds in which it could be told and its condition was met, with its Monte Carlo error.
    pub holds: Mean,
    /// Share of the worlds tested in which its condition was met; 1 without a condition.
    pub given: f64,
    /// Worlds in which it could not be told, of those tested.
    pub untold: usize,
    /// Worlds tested.
    pub worlds: usize,
}

/// Why a claim counts as assumed: whoever states a number has stated it.
#[derive(Clone, Debug, PartialEq)]
pub enum Assumed {
    /// It compares inputs with one another, and nothing is computed for it.
    Stated,
    /// One input explains nearly all of its variance alone.
    Explained {
        /// The path of the input.
        path: String,
        /// Its first-order index.
        index: f64,
    },
    /// With one input set to either end of its range, all else as drawn, it is true in hardly any world and in nearly all.
    AtEnds {
        /// The path of the input.
        path: String,
        /// In what it is counted.
        unit: &'static str,
        /// The ends, 5th and 95th percentile.
        ends: [f64; 2],
        /// Share of the worlds in which the claim is true at each.
        shares: [f64; 2],
        /// Worlds that tell it, at the end that has fewer.
        worlds: usize,
    },
}

/// Something that turns a claim.
#[derive(Clone, Debug, PartialEq)]
pub struct Flip {
    /// The path of the input, or the paths of several that are set together, in words.
    pub what: String,
    /// In what it is counted.
    pub unit: &'static str,
    /// The value at which the claim turns.
    pub at: f64,
    /// Share of the worlds in which the claim is true at the low end and at the high end.
    pub shares: [f64; 2],
    /// The low end and the high end.
    pub ends: [f64; 2],
    /// Was it read off worlds in which the number is about so large, not set to it?
    pub seen: bool,
    /// Worlds that tell it: all that it is read off, or where the number is set those at the end that has fewer.
    pub worlds: usize,
}
