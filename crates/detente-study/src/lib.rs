//! Everything that runs worlds and reads their tables: from a case to its evidence.
//!
//! [`run`] makes a [`Table`], a row a world; [`summarise`] asks all that a report says of it and hands back [`Evidence`]. Threads live here
//! alone. No page, no file and no clock is known here: who wants to see how far it is hands in a [`Progress`].

mod asked;
mod asking;
mod attribution;
mod audit;
mod certified;
mod chapters;
mod choosing;
mod columns;
mod consistency;
mod drawn;
mod expert;
mod headline;
mod memory;
mod missing;
mod moved;
mod reading;
mod record;
mod run;
mod runs;
mod sensitivity;
mod session;
mod summarise;
mod why;

pub use asked::{ask_columns, ask_worlds, what_decides};
pub use asking::{About, NoAsking, asking};
pub use audit::{Share, Unshared, claim_shares, share_of};
pub use certified::{CERTIFIED_WORLDS, certify_range, certify_world, certify_worlds};
pub use columns::{Column, WEIGHT, columns, weight_column};
pub use drawn::{DrawnInputs, drawn_inputs};
pub use expert::{UnknownExpert, expert_alone, experts};
pub use memory::{Keeps, memory, row_bytes, worlds_within};
pub use moved::{Moved, Numbers, moved};
pub use reading::{BadReading, inputs_under, overrides_of, untold_claims};
pub use record::{idle_anchors, run_worlds_on_record};
pub use run::{
    BESIDE_ERROR, Clock, FIRST, HEADLINE_ERROR, Ignored, Lap, Laps, MOST_THREADS, Phase, Progress,
    Table, in_ranges, mean_of, run, run_timed, run_worlds, use_threads,
};
pub use session::{Ask, Session};
pub use summarise::{KeptRun, summarise, summarise_kept};
pub use why::{NoWhy, why};

#[cfg(doc)]
use detente_evidence::Evidence;

/// Checks the text of a case.
#[cfg(test)]
fn check(name: &str, text: &str) -> detente_case::Checked {
    detente_case::check(&[(name, text)], &detente_core::catalogue::all())
}
