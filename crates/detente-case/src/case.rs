//! The case as checked: names resolved, every number on its path with its shape, status and sources.

use detente_core::{Numbers, Setting};
use detente_diag::Span;
use detente_math::Distribution;

/// Number of an input: a place in [`Case::inputs`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct InputId(pub u32);

impl InputId {
    /// The id of the input at a place in [`Case::inputs`]. Panics beyond 2^32, which no text reaches.
    pub fn from_index(index: usize) -> Self {
        Self(u32::try_from(index).expect("a text of 4 MiB holds fewer numbers"))
    }
}

/// A case without errors.
#[derive(Clone, Debug)]
pub struct Case {
    /// What it is about.
    pub setting: Setting,
    /// Every number, stated, defaulted or inherited, in the order of first mention.
    pub inputs: Vec<Input>,
    /// Which input each number of a world comes from.
    pub shape: Numbers<InputId>,
    /// Readings, in the order of the text.
    pub readings: Vec<Reading>,
    /// Sources, in the order of the text.
    pub sources: Vec<SourceEntry>,
}

/// One number.
#[derive(Clone, Debug)]
pub struct Input {
    /// Its path, such as `party.north.burden`.
    pub path: String,
    /// Unit.
    pub unit: &'static str,
    /// How it is drawn.
    pub draw: Draw,
    /// As typed; empty if it was not stated.
    pub text: String,
    /// How well it is known.
    pub status: Status,
    /// Places in [`Case::sources`].
    pub sources: Vec<usize>,
    /// Why this number.
    pub why: String,
    /// Where it was stated.
    pub span: Option<Span>,
}

/// How an input gets its value.
#[derive(Clone, Debug, PartialEq)]
pub enum Draw {
    /// From its own distribution.
    Own(Distribution),
    /// It was not stated for a type, and is its party's.
    Inherited(InputId),
}

/// How well a number is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// Measured, by a named source.
    Measured,
    /// Said by a named source.
    Quoted,
    /// A signed judgement.
    Judgement,
    /// Stands in for a number that somebody should find.
    Placeholder,
    /// 0 or 1 at the end of a value scale, by definition of the scale.
    ScaleEnd,
    /// Not stated; the language's default.
    Default,
    /// On or off.
    Switch,
}

impl Status {
    /// As printed.
    pub fn name(self) -> &'static str {
        match self {
            Status::Measured => "measured",
            Status::Quoted => "quoted",
            Status::Judgement => "judgement",
            Status::Placeholder => "placeholder",
            Status::ScaleEnd => "end of scale",
            Status::Default => "default",
            Status::Switch => "switch",
        }
    }

    /// Is it a claim about the world, which wants a source?
    pub fn is_claim(self) -> bool {
        self <= Status::Placeholder
    }
}

/// A named set of replacements.
#[derive(Clone, Debug)]
pub struct Reading {
    /// Identifier.
    pub id: String,
    /// Name for readers.
    pub name: String,
    /// Whose it is.
    pub by: String,
    /// In a sentence.
    pub says: String,
    /// What it replaces.
    pub set: Vec<Replacement>,
}

/// A number that a reading replaces.
#[derive(Clone, Debug)]
pub struct Replacement {
    /// Which.
    pub input: InputId,
    /// By what.
    pub distribution: Distribution,
    /// As typed.
    pub text: String,
    /// How well it is known.
    pub status: Status,
    /// Places in [`Case::sources`].
    pub sources: Vec<usize>,
    /// Why this number.
    pub why: String,
    /// Where it was stated.
    pub span: Span,
}

/// A publication or data set.
#[derive(Clone, Debug)]
pub struct SourceEntry {
    /// Identifier.
    pub id: String,
    /// Title.
    pub title: String,
    /// Who wrote or collected it.
    pub author: String,
    /// When.
    pub date: String,
    /// Where to find it.
    pub url: String,
    /// How far it was checked, sample size, caveats.
    pub note: String,
}
