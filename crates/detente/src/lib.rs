//! The detente library: check a case, run its worlds, read off what they say, write it up.
//!
//! ```
#![doc = include_str!("../examples/first_case.rs")]
//! ```
//!
//! The way data flows: case text → [`check`] → [`Case`] → [`Plan`] → [`run`] → [`Table`] → [`Evidence`] → [`report`]. This
//! crate is the public face of the rooms in which that happens. None of them opens a file, reads a clock or prints anything;
//! `detente-cli` does.

mod check;
mod judged;
mod why;

pub use check::{check, check_files};
pub use detente_case::limits::PACKAGES as MOST_PACKAGES;
pub use detente_case::{
    Asked, Case, Checked, Claim, ClaimTest, Condition, Differing, Draw, EvidenceEntry, Forecast,
    Input, InputId, Judgement, Maker, Observed, Overrides, Plan, Rules, Status, TakenOver,
    check_evidence, differing, is_later,
};
pub use detente_core::catalogue::all as catalogue;
pub use detente_core::{Certified, Fixed, LensSpec, Party, Setting, Unit};
pub use detente_core::{Handle, catalogue as handles};
pub use detente_diag as diag;
pub use detente_evidence::chapters;
pub use detente_evidence::{
    ActTold, Against, AnchorTold, Answer, Asking, Assumed, BeforeAfter, Believed, Cause, Change,
    Changer, ClaimLine, ClaimShare, ClaimStatus, Class, Common, Consistency, Counts, Differs,
    Division, Effort, Evidence, FAN, FORMAT, Flip, GateLine, Headline, InputMoved, Lack, LensLine,
    Missing, Mover, Movers, Moving, NeededLine, NoDeal, OnRecord, PackageLine, QUANTILES,
    ReadingLabel, Record, Rival, RunOptions, Silence, SolutionLine, Sureness, TALKS_MOST,
    TALKS_PLAYED, TALKS_WHOLE, Topic, VERSION, Zone, said_in_panic, solutions_of,
};
pub use detente_lens::LENSES;
pub use detente_math::{Distribution, Mean, Sampler, Stream};
pub use detente_page::{
    Template, explain, explain_input, new_case, per_hundred, schema, svg, unit_in, workbench,
};
pub use detente_study::why as why_told;
pub use detente_study::{
    About, Ask, BESIDE_ERROR, BadReading, CERTIFIED_WORLDS, Clock, Column, DrawnInputs, FIRST,
    HEADLINE_ERROR, Ignored, Keeps, KeptRun, Lap, Laps, MOST_THREADS, Moved, NoAsking, NoWhy,
    Numbers, Phase, Progress, Session, Share, Table, UnknownExpert, Unshared, WEIGHT, ask_columns,
    ask_worlds, asking, certify_range, certify_world, certify_worlds, claim_shares, columns,
    drawn_inputs, expert_alone, experts, idle_anchors, in_ranges, inputs_under, mean_of, memory,
    moved, overrides_of, row_bytes, run, run_timed, run_worlds, run_worlds_on_record, share_of,
    summarise, summarise_kept, untold_claims, use_threads, weight_column, what_decides,
    worlds_within,
};
pub use judged::read_distribution;
pub use why::why;

/// The write-up of evidence: a page, a terminal summary, JSON. All three say the same.
pub mod report {
    pub use detente_evidence::Stamp;
    pub use detente_page::{
        CASE_IN_HEAD, SCRIPT, STYLE, asking, asking_json, base64, hash, html, json, page,
        script_source, terminal,
    };
}

/// Two pages for somebody who decides, as a page or a document.
pub mod brief {
    pub use detente_page::brief::{Brief, Part, Section, Table, brief, brief_of_two};
}

/// Signed forecasts in a chain of hashes, their scores, and both in ink.
pub mod ledger {
    pub use detente_ledger::*;
    pub use detente_page::ledger as ink;
}
