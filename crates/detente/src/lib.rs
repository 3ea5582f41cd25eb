//! The detente library: check a case, run its worlds, read off what they say, write it up.
//!
//! ```
#![doc = include_str!("../examples/first_case.rs")]
//! ```
//!
//! The way data flows: case text → [`check`] → [`Case`] → [`Plan`] → [`run`] → [`Table`] → [`Summary`] → [`report`]. This
//! crate opens no file, reads no clock and prints nothing; `detente-cli` does.

mod attribution;
mod audit;
mod certified;
pub mod chapters;
mod check;
mod class;
mod columns;
mod consistency;
mod drawn;
mod expert;
mod headline;
mod keys;
mod memory;
mod middle;
mod missing;
mod moved;
mod reading;
mod reference;
pub mod report;
mod run;
mod schema;
mod sensitivity;
mod summary;
pub mod svg;
mod templates;
mod terms;
mod why;
mod words;

pub use attribution::Cause;
pub use audit::{ClaimLine, ClaimShare, ClaimStatus, Flip, claim_shares};
pub use certified::{CERTIFIED_WORLDS, certify_world, certify_worlds};
pub use check::{check, check_files};
pub use class::Class;
pub use columns::{Column, columns};
pub use detente_case::{
    Case, Checked, Claim, ClaimTest, Condition, Draw, Evidence, Input, InputId, Overrides, Plan,
    Rules, Status, TakenOver, check_evidence,
};
pub use detente_certify::Certified;
pub use detente_core::{Fixed, LensSpec, Unit};
pub use detente_core::{Handle, catalogue as handles};
pub use detente_diag as diag;
pub use detente_lens::{LENSES, catalogue};
pub use detente_math::{Distribution, Mean, Sampler, Stream};
pub use drawn::{DrawnInputs, drawn_inputs};
pub use expert::{UnknownExpert, expert_alone, experts};
pub use headline::Headline;
pub use memory::{Keeps, memory, row_bytes, worlds_within};
pub use missing::{Lack, Missing};
pub use moved::{Moved, moved};
pub use reading::{BadReading, inputs_under, overrides_of, untold_claims};
pub use reference::{explain, explain_input};
pub use run::{
    BESIDE_ERROR, Clock, Counts, Effort, FIRST, HEADLINE_ERROR, Ignored, Lap, Laps, MOST_THREADS,
    Phase, Progress, RunOptions, Silence, Table, in_ranges, mean_of, run, run_timed, run_worlds,
    solutions_of, use_threads,
};
pub use schema::schema;
pub use sensitivity::{Mover, Moving};
pub use summary::{
    Common, Consistency, Division, FAN, GateLine, LensLine, Movers, NeededLine, NoDealSummary,
    PackageLine, QUANTILES, ReadingLabel, Rival, SolutionLine, Summary, Sureness, ZoneSummary,
    summarise, worlds_to_run,
};
pub use templates::{Template, new_case};
pub use terms::unit_in;
pub use why::{NoWhy, why};
pub use words::per_hundred;

/// Version of the engine, part of every result.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
