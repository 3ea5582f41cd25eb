//! What a lens says of itself, of a world, and of an answer put to it.

use crate::{Handle, QuantitySpec};

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
