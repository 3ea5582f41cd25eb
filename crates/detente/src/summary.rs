//! What the worlds of a case say, ready to be written up.

mod consistent;
pub(crate) mod drawn;
mod evidence;
mod lines;
mod rivals;
mod undecided;

use std::borrow::Cow;

use detente_case::{Case, Input, Plan, RestingOn, SourceEntry, Status};
use detente_certify::Certified;
use detente_core::catalogue::settlement;
use detente_core::{Setting, Trigger};
use detente_lens::LENSES;

use crate::attribution;
use crate::audit::{
    self, ClaimLine, Court, INTERVENED_SHARE, INTERVENED_SHARE_OF_RIVALS, Intervened,
};
use crate::certified::certify_worlds;
use crate::chapters::{Chapters, Study};
use crate::class::Class;
use crate::consistency;
use crate::headline::Headline;
use crate::middle::{self, Clouds};
use crate::missing::{Missing, Parts};
use crate::reading::{BadReading, overrides_of, under};
use crate::run::{
    Counts, Effort, FIRST, FIRST_BESIDE, HEADLINE_ERROR, Ladder, Phase, Progress, RunOptions,
    SEARCHED_FIRST, Table, Unstopped, in_pool,
};
use crate::sensitivity::{Drawing, Moving};
pub use consistent::Consistency;
pub use evidence::{
    Common, Division, GateLine, LensLine, NeededLine, NoDealSummary, PackageLine, ReadingLabel,
    Rival, SolutionLine, ZoneSummary,
};
pub use undecided::Sureness;

use drawn::drawn;
use lines::{headline_movers, no_deal_summary, package_line, zone_summary};
use rivals::{Beside, EXPLAINED};

/// Rival readings run on this fraction of the worlds.
pub(crate) const RIVAL_WORLDS: usize = 6;
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
    /// Levers that run whatever the talks bring and are on, in every number of the report.
    pub running: Vec<usize>,
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
    /// What lenses have to report beside no deal and settlement.
    pub chapters: Chapters,
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
    summary.options.threads = options.threads;
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
    let setting = &case.setting;
    let headline = Headline::of(&plan, &overrides);
    let ladder = Ladder {
        first: match options.effort {
            Effort::Fixed | Effort::Quick => options.worlds,
            Effort::Settled { .. } => FIRST,
        },
        most: options.worlds,
        searched_first: match options.effort {
            Effort::Fixed | Effort::Quick => None,
            Effort::Settled { .. } => Some(SEARCHED_FIRST),
        },
        scope: None,
    };
    let leads = [
        settlement::AGREED,
        settlement::IN_FORCE,
        headline.quantity(),
    ];
    let settled = |table: &Table| table.is_settled(&leads, setting.packages.len(), HEADLINE_ERROR);
    let whole = &Unstopped(progress);
    let table = ladder.climb(&plan, &overrides, options, settled, whole);
    // All that follows is of these worlds.
    let options = RunOptions {
        worlds: table.worlds,
        searches: table.searches,
        ..options
    };
    let drawn = drawn(&plan, &overrides, options, &table);
    let packages: Vec<PackageLine> = (0..setting.packages.len())
        .map(|p| package_line((setting, headline), &table, &drawn, p))
        .collect();
    let zone = zone_summary(setting, &table);
    let put = under(case, readings);
    let parts = Parts::new(progress).of_effort(options.effort);
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
            match options.effort {
                Effort::Fixed | Effort::Quick => Intervened::Part(INTERVENED_SHARE),
                Effort::Settled { .. } => Intervened::Settled,
            },
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
        order: &by_headline(&packages),
        leading: leading(&packages),
    };
    progress.begins(Phase::Sections);
    let chapters = Chapters::tell(&study, &parts);
    progress.begins(Phase::Certificates);
    let certified = parts.whole("run", || certify_worlds(&plan, &overrides, options));
    let no_deal = parts.quick("no-deal", || no_deal_summary(setting, &table));
    let clouds = parts.quick("q1", || middle::clouds(&plan, &overrides));
    let claims = tested
        .map(|(claims, flips)| audit::lines(case, &overrides, &claims, &flips, &rival_claims));
    Ok(Summary {
        readings: readings
            .iter()
            .filter_map(|id| case.readings.iter().find(|reading| reading.id == *id))
            .map(ReadingLabel::of)
            .collect(),
        options,
        no_deal: no_deal.flatten(),
        clouds: clouds.flatten(),
        chapters,
        certified: certified.unwrap_or_default(),
        missing: parts.missing(),
        statuses: statuses(&put),
        resting_on: put.resting_on(),
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
        running: running(&plan, &overrides),
        setting: setting.clone(),
        packages,
        zone,
        claims: claims.unwrap_or_default(),
        rivals,
        movers: movers.unwrap_or_default(),
    })
}

/// How many worlds [`summarise`] runs in all, for a progress bar.
pub fn worlds_to_run(case: &Case, readings: &[String], options: RunOptions) -> usize {
    let others =
        case.readings.len() + usize::from(!readings.is_empty()) - usize::from(readings.len() == 1);
    let claims = |worlds, part| audit::worlds_to_run(case, worlds, part);
    // The foot of each ladder: how far it is climbed is not known before.
    let (base, fewer, tried, tried_of_rivals) = match options.effort {
        Effort::Fixed | Effort::Quick => {
            let fewer = options.worlds.div_ceil(RIVAL_WORLDS);
            let tried = claims(options.worlds, INTERVENED_SHARE);
            (
                options.worlds,
                fewer,
                tried,
                claims(fewer, INTERVENED_SHARE_OF_RIVALS),
            )
        }
        Effort::Settled { rival_claims } => {
            let base = FIRST.min(options.worlds);
            let fewer = FIRST_BESIDE.min(base);
            let tried = claims(fewer.div_ceil(2), 1);
            (base, fewer, tried, if rival_claims { tried } else { 0 })
        }
    };
    if options.effort == Effort::Quick {
        return base;
    }
    // Which readings are explained is known later: at most so many.
    let mut causes: Vec<usize> = Vec::new();
    causes.extend(case.readings.iter().map(|reading| {
        let own = overrides_of(case, std::slice::from_ref(&reading.id));
        let runs = |own| attribution::worlds_to_run(case, &own, base);
        own.map_or(0, runs)
    }));
    causes.sort_unstable_by(|a, b| b.cmp(a));
    causes.truncate(EXPLAINED);
    base + tried
        + audit::flips_count_for(case)
        + others * (fewer + tried_of_rivals)
        + if readings.is_empty() {
            causes.iter().sum()
        } else {
            0
        }
}

/// Levers that run now, switched on as whoever ran it has it.
fn running(plan: &Plan, overrides: &detente_case::Overrides) -> Vec<usize> {
    let world = plan.world(&plan.medians(), overrides);
    let levers = plan.setting.levers.iter().zip(&world.numbers.levers);
    let on = levers
        .enumerate()
        .filter(|(_, (lever, numbers))| lever.trigger == Trigger::Now && numbers.on > 0.0);
    on.map(|(l, _)| l).collect()
}

/// What packages are ranked by: how often they are signed and kept, of equals how often they are signed.
fn rank(package: &PackageLine) -> [f64; 2] {
    let last = |x: f64| if x.is_nan() { f64::NEG_INFINITY } else { x };
    [package.headline().value, package.agreed.value].map(last)
}

/// Packages, those that a report leads with first, of equals the first.
fn by_headline(packages: &[PackageLine]) -> Vec<usize> {
    let mut all: Vec<usize> = (0..packages.len()).collect();
    all.sort_by(|a, b| {
        let (a, b) = (rank(&packages[*a]), rank(&packages[*b]));
        b[0].total_cmp(&a[0]).then(b[1].total_cmp(&a[1]))
    });
    all
}

/// The package that a report leads with, if any is told of.
fn leading(packages: &[PackageLine]) -> Option<usize> {
    let told = |p: &usize| !packages[*p].headline().value.is_nan();
    by_headline(packages).into_iter().find(told)
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
            (true, true) => format!("{types} and in whether it then breaks down"),
            (true, false) => "whether it then breaks down".to_owned(),
            (false, _) => types.to_owned(),
        }
    }

    /// What whoever ran it set over the case, number by number.
    pub fn set_for_run(&self) -> impl Iterator<Item = &Input> {
        self.inputs
            .iter()
            .filter(|input| input.status == Status::Set)
    }

    /// Packages, those that the report leads with first: most often signed and kept, or where the case does not say what may follow a
    /// deal, signed.
    pub fn by_headline(&self) -> Vec<usize> {
        by_headline(&self.packages)
    }

    /// The named package that the report leads with.
    pub fn closest_package(&self) -> Option<usize> {
        leading(&self.packages)
    }

    /// Does any gate stand in some world?
    pub fn has_gates(&self) -> bool {
        !self.gates.is_empty()
    }
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
        Status::Idle,
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
