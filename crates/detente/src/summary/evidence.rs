//! What a summary holds of packages, zones, readings and gates: plain data, read off the table of worlds by `lines.rs`.

use detente_core::catalogue::{durability, settlement};
use detente_core::{Ending, Handle, LensSpec, PartySet, Solution};
use detente_math::Mean;

use super::Sureness;
use crate::attribution::Cause;
use crate::run::{Counts, Table};

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

/// A lens over the worlds.
#[derive(Clone, Copy, Debug)]
pub struct LensLine {
    /// What it is.
    pub spec: &'static LensSpec,
    /// Worlds in which it told anything.
    pub answered: usize,
}

/// A gate over the worlds.
#[derive(Clone, Debug)]
pub struct GateLine {
    /// Its place in `Setting::gates`.
    pub gate: usize,
    /// Share of worlds in which the gate stands; in the others it lets everything pass and is not spoken of.
    pub stands: f64,
    /// By package: mean chance that the gate lets it pass, over the worlds in which it stands.
    pub passes: Vec<Mean>,
    /// By package: share of these worlds in which that chance lies below the gate's bar.
    pub below_bar: Vec<Mean>,
    /// Support that was found: package, its 5th, 50th and 95th percentile, the question.
    pub published: Vec<(usize, [f64; 3], String)>,
}

/// A named package over the worlds.
#[derive(Clone, Debug)]
pub struct PackageLine {
    /// By party: share of worlds in which it accepts.
    pub accepts: Vec<Mean>,
    /// By party: share in which it is the first blocker, and the part owed to a hard red line.
    pub blocks: Vec<(f64, f64)>,
    /// By party: how far the most frequent first blocker is ahead of it as first blocker.
    pub behind: Vec<Mean>,
    /// By party: share in which it alone of those needed refuses; 0 for a party that is not needed.
    pub alone: Vec<Mean>,
    /// By type: quantiles of its margin over fighting on, in points.
    pub margins: Vec<[f64; 5]>,
    /// By type: share of worlds in which a hard red line of the type is crossed.
    pub crossed: Vec<f64>,
    /// By party: the same, its types by their priors.
    pub crossed_of: Vec<f64>,
    /// Share in which all needed parties accept.
    pub agreed: Mean,
    /// Mean chance that they accept and that their gates let it pass.
    pub in_force: Mean,
    /// Mean chance that they accept and that the deal is kept; of no worlds where the case does not say what may follow a deal.
    pub kept: Mean,
    /// Mean chance that they accept, one of them being of a type whom attacking later tempts by more than the noise of choosing.
    pub tempted: Mean,
    /// Months, and the chance that war has resumed by then after a deal that is signed: at the milestones and at the headline's months.
    pub broken: Vec<(usize, f64)>,
    /// How much of this is too close to call.
    pub sureness: Sureness,
}

/// The zone over the searched worlds.
#[derive(Clone, Debug)]
pub struct ZoneSummary {
    /// Share in which some package is accepted by every party it needs.
    pub open: Mean,
    /// Share in which no bound rules such a package out: the same where the worth of deals is a sum; else what bounds leave open in the
    /// worlds with solutions, on top of what was found in all that are searched.
    pub possible: Mean,
    /// Share in which some package is accepted if no hard red line is drawn.
    pub without_red_lines: Mean,
    /// By party: share in which dropping its hard red lines alone opens an empty zone.
    pub opens_without: Vec<f64>,
    /// By needed set, those with any package.
    pub sets: Vec<NeededLine>,
}

/// The packages that need exactly these parties.
#[derive(Clone, Debug)]
pub struct NeededLine {
    /// The parties.
    pub needed: PartySet,
    /// Share in which some such package is accepted by all of them.
    pub open: Mean,
    /// Quantiles of the zone size, in points.
    pub size: [f64; 5],
    /// The middles of twenty equally likely parts of it.
    pub sizes: Vec<f64>,
    /// Solution points, those that were found.
    pub solutions: Vec<SolutionLine>,
    /// Quantiles of the worst-off margin that lotteries over packages reach, in points, over the types whose zone is open.
    pub lottery: Option<[f64; 5]>,
    /// Share of the types with an open zone whose frontier was too large and given up; of no worlds where none was sought.
    pub given_up: Mean,
    /// Quantiles of what no package and no lottery gives the worst-off more than, in points.
    pub most: Option<[f64; 5]>,
    /// For two parties: the division by which both score best.
    pub division: Option<Division>,
}

/// A solution point over the worlds in which the zone is open.
#[derive(Clone, Debug)]
pub struct SolutionLine {
    /// Which.
    pub solution: Solution,
    /// Share of worlds in which it takes each option, by option.
    pub options: Vec<f64>,
    /// By party: quantiles of its margin there, in points.
    pub margins: Vec<[f64; 5]>,
    /// How many packages tie; of no worlds where ties were not told.
    pub ties: Mean,
}

/// An adjusted winner's division.
#[derive(Clone, Debug)]
pub struct Division {
    /// Points of 100 at stake that each gets.
    pub score: Mean,
    /// By issue: the first party's mean share; NaN where both want the same.
    pub shares: Vec<f64>,
}

/// The contest over the worlds.
#[derive(Clone, Debug)]
pub struct NoDealSummary {
    /// By type: quantiles of V, in points.
    pub values: Vec<[f64; 5]>,
    /// By type: mean of what its own beliefs add to V.
    pub gaps: Vec<f64>,
    /// By type: mean of what the levers that its refusal may trigger add to V, so that refusing is worth N; 0 where they change nothing.
    pub levers: Vec<f64>,
    /// By month 1..=horizon: chance that the contest has ended by each ending.
    pub ended: Vec<[f64; 4]>,
    /// (month, quantiles [`FAN`](super::FAN) of the line, had fighting gone on), from month 0 to the horizon or five years.
    pub line: Vec<(usize, [f64; 7])>,
    /// By side, by month: mean effort.
    pub supply: [Vec<f64>; 2],
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
}

/// A reading beside the one in force.
#[derive(Clone, Debug)]
pub struct Rival {
    /// Which.
    pub label: ReadingLabel,
    /// What it says.
    pub own: Common,
    /// Its worlds.
    pub worlds: usize,
    /// In how many of them packages were searched.
    pub searches: usize,
    /// What the reading in force says in the same worlds.
    pub common: Common,
    /// Why lenses were silent in them, and which invariants were broken.
    pub broken: Counts,
    /// What groups of its overrides change alone.
    pub causes: Vec<Cause>,
}

impl NoDealSummary {
    /// The ways in which fighting ends in some world.
    pub fn endings(&self) -> Vec<Ending> {
        let last = self.ended.last();
        let happens = |e: &Ending| last.is_some_and(|by| by[*e as usize] > 0.0);
        Ending::ALL.into_iter().filter(happens).collect()
    }
}

impl Common {
    /// Over the first worlds of a table, the zone over those of them that were searched.
    pub(super) fn of(table: &Table, packages: usize, (worlds, searches): (usize, usize)) -> Self {
        let first =
            |of: Handle, index: &[usize], n: usize| table.mean_of(table.column(of, index).take(n));
        let each = |of: Handle| {
            let packages = 0..packages;
            packages.map(|p| first(of, &[p], worlds)).collect()
        };
        Self {
            zone: first(settlement::ZONE, &[], searches.min(worlds)),
            agreed: each(settlement::AGREED),
            kept: each(durability::KEPT),
        }
    }

    /// As [`PackageLine::headline`].
    pub fn headline(&self, package: usize) -> &Mean {
        let kept = &self.kept[package];
        if kept.n > 0 {
            kept
        } else {
            &self.agreed[package]
        }
    }
}

impl Rival {
    /// How much more often the reading sees the package come to what a report leads with than the reading in force does in the same
    /// worlds.
    pub fn differs(&self, package: usize) -> f64 {
        self.own.headline(package).value - self.common.headline(package).value
    }
}

impl ReadingLabel {
    pub(super) fn of(reading: &detente_case::Reading) -> Self {
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

    pub(super) fn as_written() -> Self {
        Self {
            id: String::new(),
            name: "The case as written".into(),
            by: String::new(),
            says: String::new(),
            replaces: 0,
        }
    }
}

impl PackageLine {
    /// What a report leads with: how often it is signed and kept, or where the case does not say what may follow a deal, signed.
    pub fn headline(&self) -> &Mean {
        if self.kept.n > 0 {
            &self.kept
        } else {
            &self.agreed
        }
    }

    /// The chance that war has resumed so many months after a deal that is signed, where it is told.
    pub fn broken_by(&self, months: usize) -> Option<f64> {
        let mut told = self.broken.iter();
        told.find(|(m, _)| *m == months).map(|(_, chance)| *chance)
    }

    /// The first blocker: the party that most often is, and the share of that owed to a red line.
    pub fn first_blocker(&self) -> Option<(usize, f64, f64)> {
        let listed = self
            .blocks
            .iter()
            .enumerate()
            .map(|(i, (all, red))| (i, *all, *red));
        // The first of equals.
        listed
            .rev()
            .max_by(|a, b| a.1.total_cmp(&b.1))
            .filter(|(_, all, _)| *all > 0.0)
    }

    /// The parties that may be named as first blocker: one if its lead over every other is beyond two Monte Carlo standard
    /// errors and worth speaking of, else those about as frequent; nobody where a single party stands out by too little.
    pub fn blockers(&self) -> Vec<usize> {
        /// A lead below this is none: the ranking compares points of different parties.
        const LEAD: f64 = 0.05;
        /// Who blocks first in so large a part of the worlds in which the first does, does so about as often.
        const NEAR: f64 = 0.8;
        let Some((first, share, _)) = self.first_blocker() else {
            return Vec::new();
        };
        let clear = |behind: &Mean| behind.value > LEAD && behind.value > 2.0 * behind.error;
        let others = || (0..self.blocks.len()).filter(|i| *i != first);
        if others().all(|i| clear(&self.behind[i])) {
            return vec![first];
        }
        let near: Vec<usize> = (0..self.blocks.len())
            .filter(|i| {
                *i == first || !clear(&self.behind[*i]) && self.blocks[*i].0 >= NEAR * share
            })
            .collect();
        if near.len() > 1 { near } else { Vec::new() }
    }
}
