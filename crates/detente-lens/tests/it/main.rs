//! The solvers of this crate against calculations that share nothing with them.

mod agreement;
mod asking;
mod contests;
mod expected;
mod limits;
mod simulation;
mod slow_answers;
mod slow_beliefs;
mod slow_cases;
mod slow_durability;
mod slow_leverage;
mod slow_n;
mod slow_peace;
mod slow_refusal;
mod slow_veto;
mod slow_war;
mod stories;
mod story;
mod told;
