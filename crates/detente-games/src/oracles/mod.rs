//! Answers that a solver must reproduce: games of the literature with their solutions in closed form.
//!
//! Each oracle is a struct of parameters. Its methods give the solution as a formula, the game itself as a [`crate::Game`], and often
//! the equilibrium as a profile of that game. Where a game of the literature has a continuum of offers or types, the builder takes a
//! menu or a number of types, and the solution of what it builds converges to the formula. "After" a source says that the derivation
//! is reduced and not copied from it. The default parameters are those whose answers the tests state.
//!
//! Payoffs are exact: parameters are taken for the decimals they print as, and the rest is arithmetic of rationals. Outcomes whose
//! label starts with "war" are wars.

mod chain_store;
mod commitment;
mod crisis;
mod exact;
mod fearon1997;
mod fighting;
mod forts;
mod lewis_schultz;
mod opposition;
mod risk;
mod rubinstein;
mod spence;
mod surly;
mod ultimatum;

#[cfg(test)]
mod check;

pub use chain_store::ChainStore;
pub use commitment::Commitment;
pub use crisis::{Crisis, CrisisAnswer, PrivateWarValues, PrivateWarValuesAnswer};
pub use fearon1997::{CostlySignal, CostlySignalAnswer, SignalCost};
pub use fighting::{TalkWhileFighting, TalkWhileFightingAnswer};
pub use forts::Forts;
pub use lewis_schultz::{LewisSchultz, LewisSchultzAnswer, bivariate_normal_cdf};
pub use opposition::Opposition;
pub use risk::Brinkmanship;
pub use rubinstein::Rubinstein;
pub use spence::Spence;
pub use surly::BeerQuiche;
pub use ultimatum::{Bargain, Ultimatum, UniformCosts};
