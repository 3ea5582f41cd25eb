//! What is known of a case once its worlds are run, with its error: plain data, computed once, from which every face of a report is written.
//!
//! Nothing here runs a world or chooses a word. What can be read off the data alone is a method of it.

mod against;
mod asking;
mod changes;
pub mod chapters;
mod claims;
mod class;
mod consistency;
mod counts;
mod headline;
mod judged;
mod missing;
mod movers;
mod options;
mod readings;
mod record;
mod stamp;
mod why;

use detente_case::{Input, RestingOn, SourceEntry, Status};
use detente_core::{Certified, LensSpec, Setting};

pub use against::{Against, Differs, PackagesDiffer};
pub use asking::{Asking, Gain, Question, Topic, Verdict, Wanted};
pub use changes::{Change, Changer, difference, is_clear};
pub use chapters::alternative::NoDeal;
pub use chapters::settlement::{
    Cloud, Clouds, Division, GateLine, NeededLine, PackageLine, Settlement, SolutionLine, Sureness,
    Zone, by_headline,
};
pub use chapters::{Chapter, Chapters};
pub use claims::{Assumed, ClaimLine, ClaimShare, ClaimStatus, Flip};
pub use class::Class;
pub use consistency::Consistency;
pub use counts::{Counts, Silence};
pub use headline::Headline;
pub use judged::{Judged, JudgedShare};
pub use missing::{Lack, Missing, said_in_panic};
pub use movers::{Answer, Mover, Movers, Moving};
pub use options::{
    Effort, RunOptions, SEARCHED_FIRST, TALKS_MOST, TALKS_PLAYED, TALKS_WHOLE, solutions_of,
};
pub use readings::{Cause, Common, ReadingLabel, Rival};
pub use record::{
    ActTold, AnchorTold, BeforeAfter, Believed, Blamed, InputMoved, LeavesNone, OnRecord, Record,
};
pub use stamp::Stamp;
pub use why::{Refusing, TypeWhy, Why, Worth};

/// Version of the engine, part of every result.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
/// Version of the evidence as data: within one, fields are only ever added.
pub const FORMAT: u32 = 3;
/// Quantiles printed for every distribution.
pub const QUANTILES: [f64; 5] = [0.05, 0.25, 0.5, 0.75, 0.95];

/// Quantiles of the line fan.
pub const FAN: [f64; 7] = [0.05, 0.10, 0.25, 0.5, 0.75, 0.90, 0.95];

/// Everything that a report prints, computed once.
#[derive(Clone, Debug)]
pub struct Evidence {
    /// What the case is about.
    pub setting: Setting,
    /// The readings in force, composed in this order; none: the case as written.
    pub readings: Vec<ReadingLabel>,
    /// How it was run.
    pub options: RunOptions,
    /// What happened in past cases, as the case counts them.
    pub classes: Vec<Class>,
    /// Levers that run whatever the talks bring and are on, in every number of the report.
    pub running: Vec<usize>,
    /// The other readings, and the case as written if a reading is in force, on common draws.
    pub rivals: Vec<Rival>,
    /// The case's claims and what became of them.
    pub claims: Vec<ClaimLine>,
    /// Forecasts that the case holds, and what these worlds say of the same.
    pub judged: Vec<Judged>,
    /// What is on record, and what it changes.
    pub record: OnRecord,
    /// What moves the headline most, and what that headline is.
    pub movers: Movers,
    /// Every number as it was drawn: the case's, with what the readings in force put in its place.
    pub inputs: Vec<Input>,
    /// The case's sources.
    pub sources: Vec<SourceEntry>,
    /// Numbers by status.
    pub statuses: Vec<(Status, usize)>,
    /// How many numbers are claims about the world, and how many of them nobody vouches for.
    pub resting_on: RestingOn,
    /// Every lens, and in how many worlds it told anything.
    pub lenses: Vec<LensLine>,
    /// Why lenses were silent, in how many worlds.
    pub silences: Counts,
    /// What this report leads with.
    pub headline: Headline,
    /// What must hold among the answers of every world: how many such invariants, in how many worlds they were checked, and those that
    /// were broken, in how many.
    pub consistency: Consistency,
    /// What became of the certificates.
    pub certified: Certified,
    /// What lenses have to report, a chapter a lens.
    pub chapters: Chapters,
    /// Parts that are not there, by an interruption or a defect.
    pub missing: Vec<Missing>,
}

impl Evidence {
    /// Does a search of all packages go by what stands in for their worth, so that it may miss some? It does where something may follow
    /// a deal and packages are too many to judge one by one.
    pub fn search_is_led(&self) -> bool {
        self.headline.kept_months.is_some()
            && self.setting.combination_count() > detente_core::asks::JUDGED_ONE_BY_ONE
    }

    /// Named packages, in the order of `Setting::packages`.
    pub fn packages(&self) -> &[PackageLine] {
        &self.chapters.settlement.packages
    }

    /// Gates at home that stand in some world, in the order of `Setting::gates`.
    pub fn gates(&self) -> &[GateLine] {
        &self.chapters.settlement.gates
    }

    /// The zone; `None` where the lens was silent in every world.
    pub fn zone(&self) -> Option<&Zone> {
        self.chapters.settlement.zone.as_ref()
    }

    /// The middle world's packages.
    pub fn clouds(&self) -> Option<&Clouds> {
        self.chapters.settlement.clouds.as_ref()
    }

    /// No deal; `None` where the lens was silent in every world.
    pub fn no_deal(&self) -> Option<&NoDeal> {
        self.chapters.alternative.told()
    }

    /// What whoever ran it set over the case, number by number.
    pub fn set_for_run(&self) -> impl Iterator<Item = &Input> {
        self.inputs
            .iter()
            .filter(|input| input.status == Status::Set)
    }

    /// Packages, those that the report leads with first: [`Settlement::by_headline`].
    pub fn by_headline(&self) -> Vec<usize> {
        self.chapters.settlement.by_headline()
    }

    /// The named package that the report leads with.
    pub fn closest_package(&self) -> Option<usize> {
        self.chapters.settlement.leading()
    }

    /// Does any gate stand in some world?
    pub fn has_gates(&self) -> bool {
        !self.gates().is_empty()
    }
}

/// A lens over the worlds.
#[derive(Clone, Copy, Debug)]
pub struct LensLine {
    /// What it is.
    pub spec: &'static LensSpec,
    /// Worlds in which it told anything.
    pub answered: usize,
}
