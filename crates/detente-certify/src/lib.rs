//! Certificates: is an answer right, given the question alone?
//!
//! A certificate sees the case, the world and the answer ([`Question`], [`RowView`]); never what a solver held on the way. It goes another
//! road than the solver (numerical integration for closed forms, listing packages for the search), and shares with it the definitions of the
//! model in `detente-core`, no helper. `detente-lens` is not among its dependencies, and the continuous integration asserts that.

mod budget;
mod conformance;
mod contest;
mod durable;
mod lenses;
mod no_deal;
mod process;

pub use conformance::certify;
pub use contest::TOLERANCE;
pub use lenses::{beyond_budget, certificate};
pub use no_deal::value;

use detente_core::{Question, RowView, Verdict};

/// Checks the answer of one lens.
pub type Certificate = fn(Question, RowView) -> Verdict;

/// What a check comes to: how many single facts hold, nothing where there was nothing to check, or the first fault.
fn verdict(found: Result<Option<usize>, String>) -> Verdict {
    match found {
        Ok(Some(checked)) => Verdict::Holds(checked),
        Ok(None) => Verdict::Silent,
        Err(fault) => Verdict::Fails(fault),
    }
}

/// Are two numbers the same within a tolerance, or within what rounding leaves of numbers of their size? Never, if one is not a number: a
/// certificate must fail on NaN.
fn within(a: f64, b: f64, tolerance: f64) -> bool {
    /// Part of a number that some thousand roundings can move.
    const ROUNDING: f64 = 1e-12;
    (a - b).abs() <= tolerance + ROUNDING * a.abs().max(b.abs())
}
