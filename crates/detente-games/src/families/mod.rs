//! Families of games with a size, for tests and benchmarks.

mod crisis;
mod poker;

pub use crisis::{crisis, public_crisis};
pub use poker::{kuhn, leduc};
