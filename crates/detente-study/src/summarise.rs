//! All that a case's worlds say, as evidence.

mod consistent;
pub(crate) mod drawn;
mod movers;
mod rivals;

use std::borrow::Cow;

use consistent::consistent;
use detente_case::{Case, Plan, Status};
use detente_core::Certified;
use detente_core::Trigger;
use detente_core::catalogue::{self, settlement};
use detente_evidence::{
    ClaimLine, ClaimStatus, Effort, Evidence, Lack, LensLine, OnRecord, ReadingLabel, RunOptions,
    SEARCHED_FIRST,
};
use drawn::drawn;
use movers::headline_movers;
use rivals::{Beside, EXPLAINED};

use crate::audit::{self, Court, INTERVENED_SHARE, Intervened};
use crate::certified::certify_rows;
use crate::chapters::{self, Study};
use crate::consistency;
use crate::headline::headline_of;
use crate::missing::Parts;
use crate::reading::{BadReading, overrides_of, under};
use crate::record::{self, Learning, Record};
use crate::run::{
    FIRST, HEADLINE_ERROR, Ladder, Phase, Picks, Progress, Table, Unstopped, in_pool,
};
use crate::runs::Runs;
use crate::sensitivity::{Drawing, Draws};

/// Rows by which it is seen whether the record leaves any to speak of.
const FEW: usize = 64;
/// Rival readings run on this fraction of the worlds.
pub(crate) const RIVAL_WORLDS: usize = 6;

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
) -> Result<Evidence, BadReading> {
    in_one_pool(options, |inside| {
        summarise_here(case, readings, (inside, None), progress)
    })
}

/// A run that is kept: its rows ([`Table::kept`]), and what came of the certificates of its first answers.
pub struct KeptRun {
    /// All of its rows.
    pub table: Table,
    /// What its manifest says.
    pub certified: Certified,
}

/// Says of a run that is kept what [`summarise`] says of the same worlds, and runs none of them again: what takes other worlds (the other
/// readings, claims that set something, more of what turns a claim, talks) is left out and said to be, and so is what is told by columns that
/// were not kept. The run must not go by what is on record.
///
/// # Errors
///
/// As [`overrides_of`].
pub fn summarise_kept(
    case: &Case,
    readings: &[String],
    options: RunOptions,
    run: KeptRun,
    progress: &dyn Progress,
) -> Result<Evidence, BadReading> {
    let options = RunOptions {
        effort: Effort::Kept,
        record: false,
        ..options
    };
    in_one_pool(options, |inside| {
        summarise_here(case, readings, (inside, Some(run)), progress)
    })
}

/// One pool for all of it: whatever runs worlds on the way finds itself there.
fn in_one_pool(
    options: RunOptions,
    make: impl FnOnce(RunOptions) -> Result<Evidence, BadReading> + Send,
) -> Result<Evidence, BadReading> {
    let inside = RunOptions {
        threads: None,
        ..options
    };
    let mut evidence = in_pool(options.threads, || make(inside))?;
    evidence.options.threads = options.threads;
    Ok(evidence)
}

fn summarise_here(
    case: &Case,
    readings: &[String],
    (options, kept): (RunOptions, Option<KeptRun>),
    progress: &dyn Progress,
) -> Result<Evidence, BadReading> {
    let mut overrides = overrides_of(case, readings)?;
    let others = rivals::others(case, readings)?;
    let plan = Plan::new(case);
    progress.begins(Phase::Worlds, options.worlds);
    let setting = &case.setting;
    let headline = headline_of(&plan, &overrides);
    let ladder = Ladder {
        first: match options.effort {
            Effort::Fixed | Effort::Quick | Effort::Opened(_) | Effort::Kept => options.worlds,
            Effort::Settled { .. } => FIRST,
        },
        most: options.worlds,
        searched_first: match options.effort {
            Effort::Fixed | Effort::Quick | Effort::Opened(_) | Effort::Kept => None,
            Effort::Settled { .. } => Some(SEARCHED_FIRST),
        },
        settles_talks: matches!(options.effort, Effort::Settled { .. }),
        scope: None,
    };
    let record = Record::of(case, &plan, options).filter(|_| options.record);
    let whole = &Unstopped(progress);
    let mut learning = record.as_ref().map(|record| {
        // What a claim sets after this is not learned away.
        overrides.learned_under = overrides.replaced.len();
        Learning::new(record, &overrides)
    });
    let mut on_record = match &mut learning {
        Some(learning) => {
            let first = FEW.min(options.worlds);
            match learning.leaves_too_few(first, whole) {
                Some(none) => OnRecord::LeavesNone(none),
                None => OnRecord::Nothing,
            }
        }
        None if case.has_record() => OnRecord::LeftOut,
        None => OnRecord::Nothing,
    };
    if matches!(on_record, OnRecord::LeavesNone(..)) {
        learning = None;
    }
    let leads = [
        settlement::AGREED,
        settlement::IN_FORCE,
        headline.quantity(),
    ];
    let settled = |table: &Table| table.is_settled(&leads, setting.packages.len(), HEADLINE_ERROR);
    let mut rows = learning.as_mut().map(|learning| {
        |rows: usize| {
            learning.ensure(rows, whole);
            learning.picks().clone()
        }
    });
    let rows = rows
        .as_mut()
        .map(|rows| rows as &mut dyn FnMut(usize) -> Picks);
    let (table, from_before) = if let Some(run) = kept {
        (run.table, Some(run.certified))
    } else {
        let drawn = (&plan, &overrides);
        let table = ladder.climb(drawn, options, rows, settled, whole);
        (table, None)
    };
    // All that follows is of these worlds.
    let options = RunOptions {
        worlds: table.worlds,
        searches: table.searches,
        ..options
    };
    let drawn = drawn(&plan, &overrides, options, &table);
    let settlement = chapters::settlement::tell(case, headline, &table, &drawn);
    let put = under(case, readings);
    let parts = Parts::new(progress).of_effort(options.effort);
    let drawing = Drawing {
        case: &put,
        plan: &plan,
        overrides: &overrides,
        stream: options.stream,
    };
    let draws = Draws::new(drawing, &table);
    if let Some(learning) = &learning {
        let told = parts.quick("record", || {
            let before = record::before(learning, &overrides, options, whole);
            let own = (&table, &drawn.priors[..]);
            record::tell(learning, &before, own, &draws, &overrides)
        });
        if let Some(told) = told {
            on_record = OnRecord::Weighs(Box::new(told));
        }
    }
    let movers = parts.quick("mind", || {
        headline_movers((&draws, headline), &table, &settlement)
    });
    // What claims set and what readings are made of is kept in one place, so that what is the same is run once.
    let mut runs = Runs::default();
    // Each is tested, and what turns it is sought.
    progress.begins(Phase::Claims, 2 * audit::testable(case));
    let tested = parts.told("claims", || {
        let court = Court::new(
            (case, &plan),
            overrides.clone(),
            options,
            Cow::Borrowed(&table),
            match options.effort {
                Effort::Fixed | Effort::Quick | Effort::Opened(_) => {
                    Intervened::Part(INTERVENED_SHARE)
                }
                Effort::Settled { .. } => Intervened::Settled,
                Effort::Kept => Intervened::Never,
            },
        );
        let claims = audit::test(&court, &mut runs, progress);
        let flips = audit::flips(&court, &claims, &draws, progress);
        (claims, flips)
    });
    let explained = if readings.is_empty() { EXPLAINED } else { 0 };
    let steps = others.len() + explained.min(others.len());
    // Nobody asks of them any more.
    drop(draws);
    progress.begins(Phase::Readings, steps);
    let (rivals, rival_claims, likelier) = parts
        .of_worlds("readings", || {
            let beside = Beside {
                case,
                plan: &plan,
                overrides: &overrides,
                options,
                table: &table,
                heard: tested.as_ref().map_or(&[], |(heard, _)| &heard[..]),
                settlement: &settlement,
                learning: learning.as_ref(),
            };
            // Against the case as written, if that is what was run.
            rivals::rivals(&beside, others, explained, &mut runs, progress)
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
        order: &settlement.by_headline(),
        leading: settlement.leading(),
        progress,
    };
    progress.begins(Phase::Sections, 1);
    let told = chapters::tell(&study, &parts, settlement);
    progress.begins(Phase::Certificates, 1);
    let certified = from_before
        .or_else(|| parts.whole("run", || certify_rows(&plan, &overrides, options, &table)));
    if let OnRecord::Weighs(record) = &mut on_record {
        record.readings = likelier;
    }
    // What was asked in vain until here was said where it was asked; what follows is said of the forecasts.
    let _ = table.asked_in_vain();
    let judged = parts.quick("forecasts", || {
        let heard = tested.as_ref().map_or(&[][..], |(heard, _)| heard);
        audit::judged((case, &plan, &overrides), options, &table, heard)
    });
    if table.asked_in_vain() {
        parts.lacks("forecasts", Lack::Unkept);
    }
    let claims = tested.map(|(heard, flips)| {
        let shares = audit::shares(&heard);
        let mut lines = audit::lines(case, &overrides, &shares, &flips, &rival_claims);
        if options.effort == Effort::Kept {
            // What could be tested, and was not.
            let untested = |line: &ClaimLine| matches!(&line.status, ClaimStatus::Awaits(lenses) if lenses.is_empty());
            if lines.iter().any(untested) {
                parts.lacks("claims", Lack::Kept);
            }
            lines.retain(|line| !untested(line));
        }
        lines
    });
    Ok(Evidence {
        readings: readings
            .iter()
            .filter_map(|id| case.readings.iter().find(|reading| reading.id == *id))
            .map(ReadingLabel::of)
            .collect(),
        options,
        chapters: told,
        certified: certified.unwrap_or_default(),
        missing: parts.missing(),
        statuses: statuses(&put),
        resting_on: put.resting_on(),
        inputs: put.inputs,
        sources: put.sources,
        lenses: catalogue::LENSES
            .iter()
            .enumerate()
            .map(|(l, spec)| LensLine {
                spec,
                answered: table.answered(l),
            })
            .collect(),
        silences: {
            let mut silences = table.silences.clone();
            silences.retain(|(of, _), _| *of != consistency::CONSISTENCY);
            silences
        },
        headline,
        consistency: consistent(
            std::iter::once((table.worlds, &table.silences))
                .chain(rivals.iter().map(|rival| (rival.worlds, &rival.broken))),
        ),
        classes: drawn.classes(),
        running: running(&plan, &overrides),
        setting: setting.clone(),
        claims: claims.unwrap_or_default(),
        rivals,
        judged: judged.unwrap_or_default(),
        record: on_record,
        movers: movers.unwrap_or_default(),
    })
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
