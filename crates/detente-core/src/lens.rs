//! What a lens says of itself, of a world, and of an answer put to it.

use crate::{Handle, QuantitySpec, Setting};

/// How far a lens has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Maturity {
    /// Named, so that claims can be written; computes nothing yet.
    Planned,
    /// Works, with both kinds of proof; its quantities may still be renamed.
    Early,
    /// Quantities keep their names and meaning.
    Stable,
}

/// A published source of a method.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reference {
    /// Author and year.
    pub who: &'static str,
    /// Title and place.
    pub what: &'static str,
}

/// What a case may have, so that a limit is one of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Having {
    /// No deal is a contest.
    Contest,
    /// No deal is a lottery.
    Lottery,
    /// No deal is a process.
    Process,
    /// An option guarantees the deal.
    Guarantee,
    /// A lever answers a breach.
    Answer,
}

impl Having {
    /// Does the case have it?
    pub fn of(self, setting: &Setting) -> bool {
        match self {
            Having::Contest => setting.contest.is_some(),
            Having::Lottery => setting.lottery.is_some(),
            Having::Process => setting.process.is_some(),
            Having::Guarantee => setting.has_guarantees(),
            Having::Answer => setting.has_answers_to_breach(),
        }
    }

    /// As the head of a sentence.
    pub fn words(self) -> &'static str {
        match self {
            Having::Contest => "With a contest",
            Having::Lottery => "With a lottery",
            Having::Process => "With a process",
            Having::Guarantee => "Where an option guarantees the deal",
            Having::Answer => "Where a lever answers a breach",
        }
    }
}

/// A lens described as data. Help, columns, reference pages and the glossary are derived from it.
#[derive(Clone, Copy, Debug)]
pub struct LensSpec {
    /// Identifier.
    pub id: &'static str,
    /// The question it answers.
    pub question: &'static str,
    /// What it needs from the case.
    pub needs: &'static str,
    /// What it assumes and where it stops.
    pub limits: &'static str,
    /// The same of cases that have something alone.
    pub limits_with: &'static [(Having, &'static str)],
    /// How far it has come.
    pub maturity: Maturity,
    /// Sources of the method.
    pub sources: &'static [Reference],
    /// What it reports.
    pub quantities: &'static [QuantitySpec],
    /// What it will report: claims may speak of it, and are told that it is not computed yet.
    pub planned: &'static [QuantitySpec],
}

impl LensSpec {
    /// What it assumes of this case and where it stops.
    pub fn limits_of(&self, setting: &Setting) -> String {
        let own = self.limits_with.iter();
        let own = own.filter(|(having, _)| having.of(setting));
        own.fold(self.limits.to_owned(), |all, (_, limit)| {
            format!("{all} {limit}")
        })
    }

    /// Handles of its quantities, in the order of its rows.
    pub fn handles(&self) -> impl Iterator<Item = Handle> + use<> {
        let lens = self.id;
        (0..self.quantities.len()).map(move |place| Handle { lens, place })
    }
}

/// What became of a lens in a world.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// It answered.
    Done,
    /// It answered in part and left the rest unwritten, and why.
    Partly(&'static str),
    /// It does not apply to this case or world, and why.
    NotApplicable(&'static str),
    /// It gave up, and at which limit.
    GaveUp(&'static str),
    /// It panicked: a defect of ours, counted and reported.
    Defect(String),
}

/// What a certificate says of an answer.
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    /// Checked and right; how many single facts were checked.
    Holds(usize),
    /// Wrong, and where.
    Fails(String),
    /// There was nothing to check.
    Silent,
}

/// What became of the certificates over some worlds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Certified {
    /// Answers checked and right.
    pub held: usize,
    /// Answers of lenses that were silent.
    pub silent: usize,
    /// Answers of which a part is not certified, since that would go beyond the budget, and which; what was checked of them held.
    pub unfinished: Vec<String>,
    /// Faults found.
    pub faults: Vec<String>,
}
