//! Case text to [`Case`] to [`Plan`] to worlds.
//!
//! As typed, as checked, ready to run are three types: [`Tree`] is the text with its spans; [`Case`] is what the checker
//! made of it, names resolved and every number on its path; [`Plan`] is what draws worlds.
//!
//! ```
//! let text = std::fs::read_to_string("../../cases/first-case/case.toml").unwrap();
//! let checked = detente_case::check(&[("case.toml", &text)], &[]);
//! let case = checked.case.expect("the shipped case has no errors");
//! let plan = detente_case::Plan::new(&case);
//! let world = plan.world(&plan.uniforms(Default::default(), 0), &detente_case::Overrides::default());
//! assert_eq!(world.numbers.types.len(), case.setting.types.len());
//! ```

mod case;
mod check;
mod claim;
mod defaults;
mod differing;
mod effective;
mod forecast;
mod grammar;
mod number;
mod plan;
mod running;
mod set;
mod tree;

pub use case::{
    Act, Anchor, Asked, Case, Draw, Expert, Input, InputId, Judgement, Known, Maker, Published,
    Reading, Replacement, RestingOn, Said, SourceEntry, Status, Tells, Together,
};
pub use check::{Checked, EvidenceEntry, Observed, check, check_evidence, check_table, is_later};
pub use claim::{
    Amount, Claim, ClaimTest, Facts, ForSets, OverLevers, Predicate, QuantityEntry, ShareTest, With,
};
pub use differing::{Differing, differing};
pub use effective::{Condition, Intervention, Put, Rules};
pub use forecast::{Forecast, read_distribution};
pub use grammar::{
    AS_USED, Domain, EVIDENCE_ROOT, Fallback, FallbackKind, Field, Kind, LONG_NUMBER, NumberField,
    ROOT, Refer, TableSpec,
};
pub use number::{NumberForm, Words};
pub use plan::{Overrides, Plan, Uniforms};
pub use running::TakenOver;
pub use tree::{Key, Tree, TreeKind};

/// Limits that the checker enforces with a message.
pub mod limits {
    /// Bytes of a case's text.
    pub const BYTES: usize = 4 << 20;
    /// Parties.
    pub const PARTIES: usize = 16;
    /// Types of all parties together.
    pub const TYPES: usize = 64;
    /// Combinations of the types of the parties that packages can need.
    pub const PROFILES: usize = 4096;
    /// Issues.
    pub const ISSUES: usize = 40;
    /// Options of one issue.
    pub const OPTIONS: usize = 64;
    /// Red lines of all parties together.
    pub const RED_LINES: usize = 128;
    /// Constraints.
    pub const CONSTRAINTS: usize = 128;
    /// Named packages.
    pub const PACKAGES: usize = 200;
    /// Sets of parties that packages can need.
    pub const NEEDED_SETS: usize = 16;
    /// Readings.
    pub const READINGS: usize = 200;
    /// Numbers that all readings set, with those of the readings that they include.
    pub const COMPOSED: usize = 200_000;
    /// Levers.
    pub const LEVERS: usize = 64;
    /// Levers that one refusal triggers: every set of them is a war of its own.
    pub const TRIGGERED: usize = 4;
    /// Levers that may answer one party's breach of a deal: every set of them is a war of its own.
    pub const ANSWERS: usize = 2;
    /// Levers of guarantors: as above.
    pub const GUARANTORS: usize = 2;
    /// Files of a case.
    pub const FILES: usize = 64;
    /// Numbers that move together in one group.
    pub const TOGETHER: usize = 64;
    /// Combinations of options of issues that one party's interactions tie together.
    pub const TIED: usize = 20_000;
    /// Claims.
    pub const CLAIMS: usize = 500;
    /// Numbers and names in the statements of all claims together, once their sets are written out.
    pub const TERMS: usize = 200_000;
    /// States of a process, and ends of it.
    pub const STATES: usize = 16;
    /// Moves of a process.
    pub const MOVES: usize = 128;
    /// Later rates of one of its moves.
    pub const LATER: usize = 16;
    /// Months of the contest.
    pub const MONTHS: usize = 600;
}
