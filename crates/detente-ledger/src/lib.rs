//! The ledger: forecasts that somebody signed, what came of them, and how good they were.
//!
//! A ledger is a text to which entries are only ever added. Each entry holds the hash of the one before and its own, so that nothing can be
//! put in, taken out, put elsewhere or changed without a break that [`read`] names; see [`Ledger`]. [`score`] says how good the forecasts
//! were of which it is known what came of them. No file and no clock is known here, and nothing of models: whoever signs hands in what the
//! model says.

mod chain;
mod entry;
mod node;
mod read;
mod score;

pub use chain::missing_head;
pub use detente_math::{Bin, FEW, Interval, brier, log_score, proportion};
pub use entry::{
    CaseTexts, Entry, Ledger, Model, NewEntry, Other, Resolved, Signed, Stated, Weights, What,
    append, listed,
};
pub use node::{GENESIS, HEAD, canonical};
pub use read::read;
pub use score::{
    Chances, Group, Line, Numbers, Open, Reference, Scores, Skill, Summary, crps, score,
};
