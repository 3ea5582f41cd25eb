//! Why lenses were silent, counted.

use std::collections::BTreeMap;

/// Silences by lens and reason.
pub type Counts = BTreeMap<(&'static str, Silence), usize>;

/// Why a lens said nothing in a world.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Silence {
    /// It does not apply, because…
    NotApplicable(&'static str),
    /// It gave up, because…
    GaveUp(&'static str),
    /// It panicked: a defect of the program.
    Defect(String),
}

impl Silence {
    /// Which kind, as programs read it.
    pub fn kind(&self) -> &'static str {
        match self {
            Silence::NotApplicable(_) => "not_applicable",
            Silence::GaveUp(_) => "gave_up",
            Silence::Defect(_) => "defect",
        }
    }

    /// The reason.
    pub fn why(&self) -> &str {
        match self {
            Silence::NotApplicable(why) | Silence::GaveUp(why) => why,
            Silence::Defect(what) => what,
        }
    }
}
