//! The parts of a report that belong to one lens each: what it found, as a section of the page and as data. A lens with something to show has a file here and a line in [`SECTIONS`].

mod beliefs;
mod durability;
mod leverage;
mod veto;

use detente_case::{Case, Input, Overrides, Plan, Status};
use detente_core::Setting;

use crate::run::{Progress, RunOptions, Table};

/// What a section can look at.
pub(crate) struct Study<'a> {
    /// The case.
    pub(crate) case: &'a Case,
    /// What draws its worlds.
    pub(crate) plan: &'a Plan,
    /// The readings in force.
    pub(crate) overrides: &'a Overrides,
    /// How the run was made.
    #[allow(dead_code, reason = "for sections that run worlds of their own")]
    pub(crate) options: RunOptions,
    /// The worlds of the run.
    pub(crate) table: &'a Table,
    /// Every number as the readings in force leave it.
    pub(crate) inputs: &'a [Input],
}

impl Study<'_> {
    /// What the case is about.
    pub(crate) fn setting(&self) -> &Setting {
        &self.case.setting
    }

    /// Of the stated numbers under a path that say something about the world: how many are placeholders, and how many there are.
    pub(crate) fn placeholders(&self, under: &str) -> (usize, usize) {
        let about = |input: &&Input| {
            let below = input.path.strip_prefix(under);
            below.is_some_and(|rest| rest.starts_with('.'))
                && input.status.is_claim()
                && input.span.is_some()
        };
        let all = self.inputs.iter().filter(about);
        let stand_in = all.clone().filter(|i| i.status == Status::Placeholder);
        (stand_in.count(), all.count())
    }
}

/// A part of the report.
#[derive(Clone, Debug)]
pub struct Section {
    /// Anchor on the page, and key in JSON.
    pub id: &'static str,
    /// Title in the contents.
    pub title: String,
    /// Sentences for the page's bottom line, plain text, each with the anchor that it leads to.
    pub bottom_line: Vec<(String, &'static str)>,
    /// The whole `<section>`.
    pub html: String,
    /// The same as data.
    pub json: serde_json::Value,
}

/// Makes a section, or has nothing to say of this case.
type Make = fn(&Study, &dyn Progress) -> Option<Section>;

/// Every section, in the order of the page.
static SECTIONS: &[Make] = &[
    leverage::section,
    beliefs::section,
    veto::section,
    durability::section,
];

/// The sections that have something to say.
pub(crate) fn sections(study: &Study, progress: &dyn Progress) -> Vec<Section> {
    SECTIONS
        .iter()
        .filter_map(|make| make(study, progress))
        .collect()
}
