//! Extensive-form games of incomplete information, and equilibria of them that are certified.
//!
//! A [`Game`] is what an author states. A [`Tree`] is the same game as flat arrays for solvers, which exists only for games of perfect
//! recall. A solver returns an [`Assessment`]: a profile, and the trembles that beliefs off the path come from. A certificate sees the
//! tree and the assessment, nothing of the solver, and says how far each player is from a best response, at every information set,
//! reached or not.

pub mod agg;
mod assessment;
pub mod backward;
mod builder;
pub mod certificate;
pub mod crisis_signalling;
pub mod efg;
pub mod families;
mod game;
pub mod logit;
pub mod nfg;
mod number;
pub mod oracles;
mod polytope;
pub mod public;
mod recall;
pub mod reduce;
pub mod resolve;
mod sequence;
pub mod signalling;
mod singular;
pub mod solve;
pub mod story;
mod tree;
pub mod xml;

pub use assessment::Assessment;
pub use builder::{Builder, Place};
pub use certificate::{Certificate, Certifier, Tolerance, Verdict, certify};
pub use game::{ChanceSet, Game, InfoSet, Kind, Node, Outcome};
pub use number::Number;
pub use recall::{Recall, recall};
pub use tree::{NONE, Tree};
