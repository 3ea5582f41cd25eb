//! The solvers of this crate against calculations that share nothing with them.

mod agreement;
mod contests;
mod simulation;
