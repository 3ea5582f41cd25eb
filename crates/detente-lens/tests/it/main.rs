//! The solvers of this crate against calculations that share nothing with them.

mod agreement;
mod asking;
mod contests;
mod expected;
mod limits;
mod simulation;
mod stories;
mod story;
mod told;
