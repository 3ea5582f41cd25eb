//! What the worlds of a case say, ready to be written up.

mod consistent;
pub(crate) mod drawn;
mod lines;
mod rivals;
mod undecided;

use std::borrow::Cow;
use std::panic::{AssertUnwindSafe, catch_unwind};

use detente_case::{Case, Input, Overrides, Plan, SourceEntry, Status};
use detente_core::{Ending, LensSpec, PartySet, Search, Setting, Solution, World};
use detente_lens::LENSES;
use detente_lens::conformance::{self, Certified};
use detente_math::Mean;
use rayon::prelude::*;

use crate::attribution::{self, Cause};
use crate::audit::{self, ClaimLine, Court, INTERVENED_SHARE, INTERVENED_SHARE_OF_RIVALS};
use crate::class::Class;
use crate::consistency;
use crate::headline::Headline;
use crate::middle::{self, Clouds};
use crate::missing::{Missing, Parts};
use crate::reading::{BadReading, overrides_of, under};
use crate::run::{Counts, Phase, Progress, RunOptions, Table, Unstopped, in_pool, run};
use crate::sections::{self, Section, Study};
use crate::sensitivity::{Drawing, Moving};
pub use consistent::Consistency;
pub use undecided::Sureness;

use drawn::drawn;
use lines::{headline_movers, no_deal_summary, package_line, zone_summary};
use rivals::{Beside, EXPLAINED};

/// Worlds whose answers are put before their certificates in every run, the first ones.
pub const CERTIFIED_WORLDS: usize = 2;
/// Rival readings run on this fraction of the worlds.
pub(crate) const RIVAL_WORLDS: usize = 6;
/// And are searched in this fraction of the searched worlds.
pub(crate) const RIVAL_SEARCHES: usize = 10;
/// Quantiles printed for every distribution.
pub const QUANTILES: [f64; 5] = [0.05, 0.25, 0.5, 0.75, 0.95];
/// Quantiles of the line fan.
pub const FAN: [f64; 7] = [0.05, 0.10, 0.25, 0.5, 0.75, 0.90, 0.95];

/// Everything that a report prints.
#[derive(Clone, Debug)]
pub struct Summary {
    /// What the case is about.
    pub setting: Setting,
    /// The readings in force, composed in this order; none: the case as written.
    pub readings: Vec<ReadingLabel>,
    /// How it was run.
    pub options: RunOptions,
    /// Named packages.
    pub packages: Vec<PackageLine>,
    /// Gates at home that stand in some world, in the order of `Setting::gates`.
    pub gates: Vec<GateLine>,
    /// What happened in past cases, as the case counts them.
    pub classes: Vec<Class>,
    /// The zone; `None` where the lens was silent in every world.
    pub zone: Option<ZoneSummary>,
    /// No deal; `None` where the lens was silent in every world.
    pub no_deal: Option<NoDealSummary>,
    /// The other readings, and the case as written if a reading is in force, on common draws.
    pub rivals: Vec<Rival>,
    /// The case's claims and what became of them.
    pub claims: Vec<ClaimLine>,
    /// What moves the headline most, and what that headline is.
    pub movers: Movers,
    /// Every number as it was drawn: the case's, with what the readings in force put in its place.
    pub inputs: Vec<Input>,
    /// The case's sources.
    pub sources: Vec<SourceEntry>,
    /// Numbers by status.
    pub statuses: Vec<(Status, usize)>,
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
    /// What lenses have to show, in the order of the page.
    pub sections: Vec<Section>,
    /// Parts that are not there, by an interruption or a defect.
    pub missing: Vec<Missing>,
    /// The middle world's packages.
    pub(crate) clouds: Option<Clouds>,
}

/// What decides an answer.
#[derive(Clone, Debug, Default)]
pub struct Movers {
    /// The answer, as a clause: "whether …".
    pub of: String,
    /// Share of what is uncertain about it that lies within worlds: in which types the parties are, and where the answer is about a peace
    /// that lasts in whether it breaks down, not in which world it is.
    pub types: f64,
    /// Is the answer about a peace that lasts?
    pub of_peace: bool,
    /// The inputs that move it between worlds, and what could not be seen.
    pub moving: Moving,
}

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
    /// Quantiles of the worst-off margin that lotteries over packages reach, in points, and of the zone size in the same worlds.
    pub lottery: Option<[[f64; 5]; 2]>,
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
    /// By month 1..=horizon: chance that the contest has ended by each ending.
    pub ended: Vec<[f64; 4]>,
    /// (month, quantiles `FAN` of the line, had fighting gone on), from month 0 to the horizon or five years.
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
    /// What the reading in force says in the same worlds.
    pub common: Common,
    /// Why lenses were silent in them, and which invariants were broken.
    pub broken: Counts,
    /// What groups of its overrides change alone.
    pub causes: Vec<Cause>,
}

/// Runs a case under readings, and its other readings beside it.
///
/// # Errors
///
/// As [`overrides_of`].
pub fn summarise(
    case: &Case,
    readings: &[String],
    options: RunOptions,
    progress: &dyn Progress,
) -> Result<Summary, BadReading> {
    // One pool for all of it: whatever runs worlds on the way finds itself there.
    let inside = RunOptions {
        threads: None,
        ..options
    };
    let mut summary = in_pool(options.threads, || {
        summarise_here(case, readings, inside, progress)
    })?;
    summary.options = options;
    Ok(summary)
}

fn summarise_here(
    case: &Case,
    readings: &[String],
    options: RunOptions,
    progress: &dyn Progress,
) -> Result<Summary, BadReading> {
    let overrides = overrides_of(case, readings)?;
    let others = rivals::others(case, readings)?;
    let plan = Plan::new(case);
    progress.begins(Phase::Worlds);
    let table = run(&plan, &overrides, options, &Unstopped(progress));
    let setting = &case.setting;
    let drawn = drawn(&plan, &overrides, options, &table);
    let headline = Headline::of(&plan, &overrides);
    let packages: Vec<PackageLine> = (0..setting.packages.len())
        .map(|p| package_line((setting, headline), &table, &drawn, p))
        .collect();
    let zone = zone_summary(setting, &table);
    let put = under(case, readings);
    let parts = Parts::new(progress);
    let movers = parts.quick("mind", || {
        let drawing = Drawing {
            case: &put,
            plan: &plan,
            overrides: &overrides,
            stream: options.stream,
        };
        headline_movers((drawing, headline), &table, &packages, zone.as_ref())
    });
    progress.begins(Phase::Claims);
    let tested = parts.of_worlds("claims", || {
        let mut court = Court::new(
            (case, &plan),
            overrides.clone(),
            options,
            Cow::Borrowed(&table),
            INTERVENED_SHARE,
        );
        let claims = audit::test(&mut court, progress);
        (claims, audit::flips(&mut court, progress))
    });
    progress.begins(Phase::Readings);
    let (rivals, rival_claims) = parts
        .of_worlds("readings", || {
            let beside = Beside {
                case,
                plan: &plan,
                overrides: &overrides,
                options,
                table: &table,
                packages: &packages,
            };
            // Against the case as written, if that is what was run.
            rivals::rivals(&beside, others, readings.is_empty(), progress)
        })
        .unwrap_or_default();
    let study = Study {
        case,
        plan: &plan,
        overrides: &overrides,
        options,
        table: &table,
        inputs: &put.inputs,
        drawn: &drawn,
        headline,
        leading: leading(&packages),
    };
    progress.begins(Phase::Sections);
    let sections = sections::sections(&study, &parts, progress);
    progress.begins(Phase::Certificates);
    let certified = parts.whole("run", || certify_worlds(&plan, &overrides, options));
    let no_deal = parts.quick("no-deal", || no_deal_summary(setting, &table));
    let clouds = parts.quick("q1", || middle::clouds(&plan, &overrides));
    let claims = tested.map(|(claims, flips)| audit::lines(case, &claims, &flips, &rival_claims));
    Ok(Summary {
        readings: readings
            .iter()
            .filter_map(|id| case.readings.iter().find(|reading| reading.id == *id))
            .map(ReadingLabel::of)
            .collect(),
        options,
        no_deal: no_deal.flatten(),
        clouds: clouds.flatten(),
        sections,
        certified: certified.unwrap_or_default(),
        missing: parts.missing(),
        statuses: statuses(&put),
        inputs: put.inputs,
        sources: put.sources,
        lenses: LENSES
            .iter()
            .enumerate()
            .map(|(l, lens)| LensLine {
                spec: lens.spec(),
                answered: table.answered(l),
            })
            .collect(),
        silences: {
            let mut silences = table.silences.clone();
            silences.retain(|(of, _), _| *of != consistency::CONSISTENCY);
            silences
        },
        headline,
        consistency: Consistency::of(
            std::iter::once((table.worlds, &table.silences))
                .chain(rivals.iter().map(|rival| (rival.worlds, &rival.broken))),
        ),
        classes: drawn.classes(),
        gates: lines::gates(case, &table, &drawn),
        setting: setting.clone(),
        packages,
        zone,
        claims: claims.unwrap_or_default(),
        rivals,
        movers: movers.unwrap_or_default(),
    })
}

/// Puts the answers for the first worlds of a run before their certificates, as every run does.
pub fn certify_worlds(plan: &Plan, overrides: &Overrides, options: RunOptions) -> Certified {
    let worlds: Vec<_> = (0..CERTIFIED_WORLDS.min(options.worlds))
        .map(|i| plan.world(&plan.uniforms(options.stream, i as u64), overrides))
        .collect();
    in_pool(options.threads, || certify(&plan.setting, &worlds))
}

/// How many worlds [`summarise`] runs in all, for a progress bar.
pub fn worlds_to_run(case: &Case, readings: &[String], options: RunOptions) -> usize {
    let others =
        case.readings.len() + usize::from(!readings.is_empty()) - usize::from(readings.len() == 1);
    let fewer = options.worlds.div_ceil(RIVAL_WORLDS);
    let claims = |worlds, share| audit::worlds_to_run(case, worlds, share);
    // Which readings are explained is known later: at most so many.
    let mut causes: Vec<usize> = Vec::new();
    causes.extend(case.readings.iter().map(|reading| {
        let own = overrides_of(case, std::slice::from_ref(&reading.id));
        let runs = |own| attribution::worlds_to_run(case, &own, options.worlds);
        own.map_or(0, runs)
    }));
    causes.sort_unstable_by(|a, b| b.cmp(a));
    causes.truncate(EXPLAINED);
    options.worlds
        + claims(options.worlds, INTERVENED_SHARE)
        + audit::flips_count_for(case)
        + others * (fewer + claims(fewer, INTERVENED_SHARE_OF_RIVALS))
        + if readings.is_empty() {
            causes.iter().sum()
        } else {
            0
        }
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
    fn of(table: &Table, packages: usize, (worlds, searches): (usize, usize)) -> Self {
        let first = |lens: &str, quantity: &str, index: &[usize], n: usize| {
            table.mean_of(table.column(lens, quantity, index).take(n))
        };
        let each = |lens: &str, quantity: &str| {
            let packages = 0..packages;
            packages
                .map(|p| first(lens, quantity, &[p], worlds))
                .collect()
        };
        Self {
            zone: first("settlement", "zone", &[], searches.min(worlds)),
            agreed: each("settlement", "agreed"),
            kept: each("durability", "kept"),
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
    fn of(reading: &detente_case::Reading) -> Self {
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

    fn as_written() -> Self {
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
        let Some((first, share, _)) = self.first_blocker() else {
            return Vec::new();
        };
        let clear = |behind: &Mean| behind.value > LEAD && behind.value > 2.0 * behind.error;
        let others = || (0..self.blocks.len()).filter(|i| *i != first);
        if others().all(|i| clear(&self.behind[i])) {
            return vec![first];
        }
        let near: Vec<usize> = (0..self.blocks.len())
            .filter(|i| *i == first || !clear(&self.behind[*i]) && 2.0 * self.blocks[*i].0 >= share)
            .collect();
        if near.len() > 1 { near } else { Vec::new() }
    }
}

/// The package that is most often signed and kept, of equals the one most often signed, of those the first.
fn leading(packages: &[PackageLine]) -> Option<usize> {
    let order = |p: &usize| [packages[*p].headline().value, packages[*p].agreed.value];
    (0..packages.len())
        .rev()
        .filter(|p| !order(p)[0].is_nan())
        .max_by(|a, b| {
            let (a, b) = (order(a), order(b));
            a[0].total_cmp(&b[0]).then(a[1].total_cmp(&b[1]))
        })
}

impl Summary {
    /// What is uncertain about the headline within a world, where every number is drawn: a clause.
    pub(crate) fn within(&self) -> String {
        let several = self
            .setting
            .parties
            .iter()
            .any(|party| party.types.len() > 1);
        let types = "which types the parties are (types and priors are the analyst’s construction)";
        match (self.movers.of_peace, several) {
            (true, true) => format!("{types} and in whether the peace then breaks down"),
            (true, false) => "whether the peace then breaks down".to_owned(),
            (false, _) => types.to_owned(),
        }
    }

    /// Packages, those that the report leads with first: most often signed and kept, or where the case does not say what may follow a
    /// deal, signed.
    pub fn by_headline(&self) -> Vec<usize> {
        let order = |p: usize| {
            [
                self.packages[p].headline().value,
                self.packages[p].agreed.value,
            ]
        };
        let mut all: Vec<usize> = (0..self.packages.len()).collect();
        all.sort_by(|a, b| {
            let (a, b) = (order(*a), order(*b));
            b[0].total_cmp(&a[0]).then(b[1].total_cmp(&a[1]))
        });
        all
    }

    /// The named package that the report leads with.
    pub fn closest_package(&self) -> Option<usize> {
        leading(&self.packages)
    }

    /// Does any gate stand in some world?
    pub fn has_gates(&self) -> bool {
        !self.gates.is_empty()
    }

    /// How many numbers are claims about the world, and how many of them nobody vouches for.
    pub fn resting_on(&self) -> RestingOn {
        let of = |status: Status| {
            let mut statuses = self.statuses.iter();
            statuses
                .find(|(known, _)| *known == status)
                .map_or(0, |(_, n)| *n)
        };
        let claims = self.statuses.iter().filter(|(status, _)| status.is_claim());
        RestingOn {
            claims: claims.map(|(_, n)| n).sum(),
            placeholders: of(Status::Placeholder),
            defaults: of(Status::Default),
        }
    }
}

/// Numbers that are claims about the world, by who vouches for them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RestingOn {
    /// All of them.
    pub claims: usize,
    /// Those that the case states without a source or another status.
    pub placeholders: usize,
    /// Those that nobody stated, and that the language's defaults stand in for.
    pub defaults: usize,
}

/// Puts a sample of answers before their certificates. A panic there is a defect like any other, not the end of the run.
fn certify(setting: &Setting, worlds: &[World]) -> Certified {
    let one = |world: &World| {
        let attempt = || conformance::certify(setting, std::iter::once(world), Search::Solutions);
        catch_unwind(AssertUnwindSafe(attempt)).unwrap_or_else(|_| Certified {
            faults: vec!["a certificate met a defect of the program".to_owned()],
            ..Certified::default()
        })
    };
    let parts: Vec<Certified> = worlds.par_iter().map(one).collect();
    parts
        .into_iter()
        .fold(Certified::default(), |mut all, part| {
            all.held += part.held;
            all.silent += part.silent;
            all.faults.extend(part.faults);
            all
        })
}

fn statuses(case: &Case) -> Vec<(Status, usize)> {
    let all = [
        Status::Measured,
        Status::Quoted,
        Status::Judgement,
        Status::Placeholder,
        Status::Default,
        Status::ScaleEnd,
        Status::Set,
        Status::Fact,
        Status::Switch,
    ];
    let stated = |status: Status| {
        case.inputs
            .iter()
            .filter(|input| input.status == status && input.is_listed())
            .count()
    };
    all.into_iter()
        .map(|status| (status, stated(status)))
        .filter(|(_, n)| *n > 0)
        .collect()
}
