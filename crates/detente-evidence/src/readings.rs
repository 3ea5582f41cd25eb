//! The readings of a case, and what those that are not in force say beside the one that is.

use detente_math::Mean;

use crate::{Counts, PackageLine};

/// A reading's name and attribution.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadingLabel {
    /// Identifier; empty for the case as written.
    pub id: String,
    /// Name.
    pub name: String,
    /// Whose it is.
    pub by: String,
    /// In a sentence.
    pub says: String,
    /// How many numbers it replaces.
    pub replaces: usize,
}

/// A reading beside the one in force.
#[derive(Clone, Debug)]
pub struct Rival {
    /// The reading.
    pub label: ReadingLabel,
    /// What it says. What it changes in its worlds is carried over to all worlds of the reading in force.
    pub own: Common,
    /// Its worlds.
    pub worlds: usize,
    /// In how many of them packages were searched.
    pub searches: usize,
    /// Why lenses were silent in them, and which invariants were broken.
    pub broken: Counts,
    /// What groups of its overrides change alone.
    pub causes: Vec<Cause>,
}

impl Rival {
    /// How much more often the reading sees the package come to what a report leads with than the reading in force does.
    pub fn differs(&self, packages: &[PackageLine], package: usize) -> f64 {
        self.own.headline(package).value - packages[package].headline().value
    }
}

/// What a reading says in some worlds.
#[derive(Clone, Debug)]
pub struct Common {
    /// Share in which the zone is open.
    pub zone: Mean,
    /// By package: share in which all needed parties accept.
    pub agreed: Vec<Mean>,
    /// By package: share in which it is signed and kept.
    pub kept: Vec<Mean>,
    /// Chance that talks end with a deal by the last month told of; nothing told (`n` = 0) where no claim has them played.
    pub deal: Mean,
}

impl Common {
    /// As [`PackageLine::headline`](crate::PackageLine::headline).
    pub fn headline(&self, package: usize) -> &Mean {
        let kept = &self.kept[package];
        if kept.n > 0 {
            kept
        } else {
            &self.agreed[package]
        }
    }
}

impl ReadingLabel {
    /// That of a reading of a case.
    pub fn of(reading: &detente_case::Reading) -> Self {
        let detente_case::Reading {
            id,
            name,
            by,
            says,
            set,
            includes: _,
        } = reading.clone();
        Self {
            id,
            name,
            by,
            says,
            replaces: set.len(),
        }
    }

    /// That of the case as written.
    pub fn as_written() -> Self {
        Self {
            id: String::new(),
            name: "The case as written".into(),
            by: String::new(),
            says: String::new(),
            replaces: 0,
        }
    }
}

/// What a group of overrides changes alone, or what all of them change beyond that.
#[derive(Clone, Debug)]
pub struct Cause {
    /// What the overrides are about, in words.
    pub about: String,
    /// Is it what the whole reading changes beyond what its groups change alone?
    pub together: bool,
    /// How many numbers they replace.
    pub numbers: usize,
    /// Change of the share that the report leads with, of the package that it leads with.
    pub moved: Mean,
}
