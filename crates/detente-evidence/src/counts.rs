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

    /// A silence as it was kept: by [`kind`](Self::kind) and [`why`](Self::why).
    pub fn kept(kind: &str, why: &str) -> Option<Self> {
        // A run has a few reasons; each is held as long as the program runs, as those are that stand in it.
        let held = || -> &'static str { Box::leak(why.to_owned().into_boxed_str()) };
        match kind {
            "not_applicable" => Some(Silence::NotApplicable(held())),
            "gave_up" => Some(Silence::GaveUp(held())),
            "defect" => Some(Silence::Defect(why.to_owned())),
            _ => None,
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
