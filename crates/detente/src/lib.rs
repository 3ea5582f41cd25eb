//! The detente library: check a case, run its worlds, read off what they say, write it up.
//!
//! ```
#![doc = include_str!("../examples/first_case.rs")]
//! ```
//!
//! The way data flows: case text → [`check`] → [`Case`] → [`Plan`] → [`run`] → [`Table`] → [`Summary`] → [`report`]. This
//! crate opens no file, reads no clock and prints nothing; `detente-cli` does.

mod check;
mod drawn;
mod expert;
mod middle;
mod reference;
pub mod report;
mod run;
mod schema;
mod sensitivity;
mod summary;
pub mod svg;
mod templates;
mod why;
mod words;

pub use check::{check, check_files};
pub use detente_case::{
    Case, Checked, Claim, ClaimTest, Draw, Evidence, InputId, Overrides, Plan, check_evidence,
};
pub use detente_core::LensSpec;
pub use detente_diag as diag;
pub use detente_lens::{LENSES, catalogue};
pub use detente_math::{Sampler, Stream};
pub use drawn::{DrawnInputs, drawn_inputs};
pub use expert::{UnknownExpert, expert_alone, experts};
pub use reference::{explain, explain_input};
pub use run::{Counts, Ignored, Progress, RunOptions, Silence, Table, row_bytes, run};
pub use schema::schema;
pub use sensitivity::Mover;
pub use summary::{
    BadReading, FAN, Movers, NeededLine, NoDealSummary, PackageLine, QUANTILES, ReadingLabel,
    Rival, Summary, ZoneSummary, overrides_of, summarise, worlds_to_run,
};
pub use templates::{Template, new_case};
pub use why::{NoWhy, why};
pub use words::per_hundred;

/// Version of the engine, part of every result.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
