//! The other readings beside the one in force, on common draws, and what in them makes the difference.

use std::borrow::Cow;

use detente_case::{Case, Overrides, Plan};
use detente_core::catalogue::{durability, settlement, talks};
use detente_core::talks::{PLAYED_BESIDE, TOLD_MONTHS};
use detente_core::{Handle, Search, Setting};
use detente_evidence::{
    ClaimShare, Common, Effort, ReadingLabel, Rival, RunOptions, SEARCHED_FIRST, Settlement,
};
use detente_math::Mean;

use super::RIVAL_WORLDS;
use crate::attribution;
use crate::audit::{self, Court, Heard, INTERVENED_SHARE_OF_RIVALS, Intervened};
use crate::headline::quantity_of;
use crate::reading::{BadReading, overrides_of};
use crate::record::Learning;
use crate::run::{BESIDE_ERROR, FIRST_BESIDE, Ladder, Picks, Progress, Scope, Table, Within};
use crate::runs::{Ask, Runs};

/// Readings whose difference from the case is explained, those that differ most.
pub(super) const EXPLAINED: usize = 6;

/// What the rivals are compared with.
pub(super) struct Beside<'a> {
    pub(super) case: &'a Case,
    pub(super) plan: &'a Plan,
    pub(super) overrides: &'a Overrides,
    pub(super) options: RunOptions,
    pub(super) table: &'a Table,
    /// What became of the claims there.
    pub(super) heard: &'a [Option<Heard>],
    pub(super) settlement: &'a Settlement,
    /// What the record left of the worlds, if it weighs.
    pub(super) learning: Option<&'a Learning<'a, 'a>>,
}

/// The readings, their claims, and how much likelier the record is under each.
type Told = (
    Vec<Rival>,
    Vec<Vec<Option<ClaimShare>>>,
    Vec<(ReadingLabel, Mean)>,
);

/// The readings that are not in force, the case as written among them where one is.
pub(super) fn others(
    case: &Case,
    readings: &[String],
) -> Result<Vec<(ReadingLabel, Overrides)>, BadReading> {
    let as_written = (!readings.is_empty()).then(ReadingLabel::as_written);
    let labels = as_written
        .into_iter()
        .chain(case.readings.iter().map(ReadingLabel::of));
    let in_force = |label: &ReadingLabel| readings.len() == 1 && readings[0] == label.id;
    labels
        .filter(|label| !in_force(label))
        .map(|label| {
            let ids: Vec<String> = Some(label.id.clone())
                .filter(|id| !id.is_empty())
                .into_iter()
                .collect();
            Ok((label, overrides_of(case, &ids)?))
        })
        .collect()
}

/// What becomes of the packages and of the claims under each of them; causes where the case as written is in force.
pub(super) fn rivals(
    beside: &Beside,
    others: Vec<(ReadingLabel, Overrides)>,
    explained: usize,
    runs: &mut Runs,
    progress: &dyn Progress,
) -> Told {
    let Beside {
        case,
        plan,
        options,
        ..
    } = *beside;
    let settles = options.effort != Effort::Fixed;
    let fewer = RunOptions {
        worlds: match options.effort {
            Effort::Fixed | Effort::Quick | Effort::Opened(_) | Effort::Kept => {
                options.worlds.div_ceil(RIVAL_WORLDS)
            }
            Effort::Settled { .. } => options.worlds,
        },
        searches: options.rival_searches(&case.setting),
        // Rivals are compared by what is agreed and whether the zone is open.
        solutions: 0,
        talks: options.talks.min(PLAYED_BESIDE),
        talks_whole: 0,
        ..options
    };
    let packages = case.setting.packages.len();
    let leads = [settlement::AGREED, quantity_of(case)];
    let intervened = match options.effort {
        Effort::Fixed | Effort::Quick | Effort::Opened(_) | Effort::Kept => {
            Intervened::Part(INTERVENED_SHARE_OF_RIVALS)
        }
        Effort::Settled { rival_claims: true } => Intervened::Settled,
        Effort::Settled { .. } => Intervened::Never,
    };
    let mut scope = audit::looked_at(case, !matches!(intervened, Intervened::Never));
    for of in leads
        .iter()
        .chain(&[settlement::IN_FORCE, durability::KEPT])
    {
        (0..packages).for_each(|p| scope.add_handle(*of, &[p]));
    }
    scope.add_handle(settlement::ZONE, &[]);
    if case.setting.talks.is_some() {
        scope.add_handle(talks::DEAL, &[TOLD_MONTHS]);
    }
    let mut headline = Scope::none(&case.setting);
    if let Some(package) = beside.settlement.leading() {
        headline.add_handle(quantity_of(case), &[package]);
    }
    let ladder = Ladder {
        // A reading that changes little besides values answers much as the one in force does, world by world: few may do.
        first: if settles { FIRST_BESIDE } else { fewer.worlds },
        most: fewer.worlds,
        searched_first: settles.then_some(SEARCHED_FIRST),
        settles_talks: false,
        scope: Some(&scope),
    };
    let (mut rivals, mut claims, mut owns) = (Vec::new(), Vec::new(), Vec::new());
    let mut likelier = Vec::new();
    for (label, mut own) in others {
        // What is cut short is not used.
        if progress.stopped() {
            break;
        }
        let settled = |table: &Table| {
            let told = said((beside.table, table), &case.setting);
            let mut shares = told.agreed.iter().chain(&told.kept);
            shares.all(|share| share.n == 0 || share.error <= BESIDE_ERROR)
        };
        if beside.learning.is_some() {
            own.learned_under = own.replaced.len();
        }
        let mut under = beside.learning.map(|learning| learning.under(&own));
        let mut rows = under
            .as_mut()
            .map(|under| |rows: usize| under.ensure(rows, progress).clone());
        let rows = rows
            .as_mut()
            .map(|rows| rows as &mut dyn FnMut(usize) -> Picks);
        let table = ladder.climb((plan, &own), fewer, rows, settled, progress);
        if let Some(under) = &under {
            let factors = under.factors().iter().copied();
            likelier.push((label.clone(), beside.table.mean_of(factors)));
        }
        let drawn = RunOptions {
            worlds: table.worlds,
            ..fewer
        };
        let court = Court::new(
            (case, plan),
            own.clone(),
            drawn,
            Cow::Borrowed(&table),
            intervened,
        );
        let heard = audit::test(&court, runs, &Within(progress));
        let mut shares = audit::shares(&heard);
        for ((share, own), here) in shares.iter_mut().zip(&heard).zip(beside.heard) {
            if let (Some(share), Some(own), Some(here)) = (share, own, here) {
                let verdicts = [&own.verdicts[..], &here.verdicts[..]];
                let tables = (&table, beside.table);
                share.holds = carried_over(tables, verdicts, share.holds, here.share.holds);
            }
        }
        claims.push(shares);
        // What is explained afterwards.
        let ask = Ask {
            overrides: own.clone(),
            search: Search::None,
            scope: headline.clone(),
        };
        runs.keep(&ask, &table);
        owns.push(own);
        progress.step();
        rivals.push(Rival {
            label,
            own: said((beside.table, &table), &case.setting),
            worlds: table.worlds,
            searches: table.searches.min(table.worlds),
            broken: table.silences.clone(),
            causes: Vec::new(),
        });
    }
    if explained > 0 && !progress.stopped() {
        explain(beside, (&owns, explained), &mut rivals, runs, progress);
    }
    (rivals, claims, likelier)
}

/// Why the readings that differ most on the leading package do. `owns`: what each puts over the case.
fn explain(
    beside: &Beside,
    (owns, explained): (&[Overrides], usize),
    rivals: &mut [Rival],
    runs: &mut Runs,
    progress: &dyn Progress,
) {
    let Some(package) = beside.settlement.leading() else {
        return;
    };
    let far = |r: &Rival| r.differs(&beside.settlement.packages, package).abs();
    let mut order: Vec<usize> = (0..rivals.len()).collect();
    order.sort_by(|a, b| far(&rivals[*b]).total_cmp(&far(&rivals[*a])));
    for r in order.into_iter().take(explained) {
        let (case, plan) = (beside.case, beside.plan);
        let at = ((beside.overrides, beside.table), package);
        let reading = &owns[r];
        rivals[r].causes =
            attribution::causes(case, plan, at, reading, beside.options, runs, progress);
        progress.step();
    }
}

/// What a reading says that ran on some of the worlds of `here`.
fn said((here, own): (&Table, &Table), setting: &Setting) -> Common {
    let told = |of: Handle, index: &[usize]| {
        let column = |table: &Table| -> Vec<f64> { table.column(of, index).collect() };
        let both = [column(own), column(here)];
        let [there, everywhere] = [&both[0][..], &both[1][..]];
        let (direct, all) = (own.mean(of, index), here.mean(of, index));
        carried_over((own, here), [there, everywhere], direct, all)
    };
    let each = |of: Handle| {
        let packages = 0..setting.packages.len();
        packages.map(|p| told(of, &[p])).collect()
    };
    Common {
        zone: told(settlement::ZONE, &[]),
        agreed: each(settlement::AGREED),
        kept: each(durability::KEPT),
        deal: if setting.talks.is_some() {
            told(talks::DEAL, &[TOLD_MONTHS])
        } else {
            own.mean_of(std::iter::empty())
        },
    }
}

/// A chance under a reading that ran on the first of many worlds, on common draws: its mean there (`direct`), corrected for how far those
/// worlds are from all (`all`: the mean over them of the reading in force), by regression of its worlds, `own`, on the same of the reading in
/// force, `here` (control variates: Glasserman 2004, section 4.1).
fn carried_over(
    (table, here_table): (&Table, &Table),
    [own, here]: [&[f64]; 2],
    direct: Mean,
    all: Mean,
) -> Mean {
    /// Of fewer worlds a slope fits what is left over to them, and its error would promise too much.
    const FEWEST: usize = 16;
    let pairs = || {
        let both = own.iter().zip(here);
        both.filter(|(x, y)| !x.is_nan() && !y.is_nan())
    };
    let n = pairs().count();
    if n < FEWEST || n != direct.n {
        return direct;
    }
    if let Some(picks) = table.picks() {
        return carried_over_weighed((picks, here_table), [own, here], direct, all);
    }
    let sums = pairs().fold((0.0, 0.0), |(a, b), (x, y)| (a + x, b + y));
    let (x_mean, y_mean) = (sums.0 / n as f64, sums.1 / n as f64);
    let both: f64 = pairs().map(|(x, y)| (x - x_mean) * (y - y_mean)).sum();
    let spread: f64 = pairs().map(|(_, y)| (y - y_mean) * (y - y_mean)).sum();
    if spread <= 0.0 {
        return direct;
    }
    let slope = both / spread;
    let rest = own.iter().zip(here).map(|(x, y)| x - slope * y);
    let rest = table.mean_of(rest);
    Mean {
        value: (rest.value + slope * all.value).clamp(0.0, 1.0),
        error: (rest.error * rest.error + slope * slope * all.error * all.error).sqrt(),
        n: direct.n,
    }
}

/// The same where worlds count by weights, which differ between the two: what is regressed are the parts that each world has in the two
/// means' deviations.
fn carried_over_weighed(
    (picks, here_table): (&Picks, &Table),
    [own, here]: [&[f64]; 2],
    direct: Mean,
    all: Mean,
) -> Mean {
    let rows: Vec<usize> = (0..own.len().min(here.len()))
        .filter(|row| !own[*row].is_nan() && !here[*row].is_nan() && picks.weight(*row) > 0.0)
        .collect();
    let parts = |numbers: &[f64], weight: &dyn Fn(usize) -> f64| -> (f64, Vec<f64>) {
        let sum: f64 = rows.iter().map(|row| weight(*row)).sum();
        let mean = rows
            .iter()
            .map(|row| weight(*row) * numbers[*row])
            .sum::<f64>()
            / sum;
        let part = |row: &usize| weight(*row) * (numbers[*row] - mean) / sum;
        (mean, rows.iter().map(part).collect())
    };
    let (_, own) = parts(own, &|row| picks.weight(row));
    let (here_mean, here) = parts(here, &|row| here_table.weight(row));
    let both: f64 = own.iter().zip(&here).map(|(x, y)| x * y).sum();
    let spread: f64 = here.iter().map(|y| y * y).sum();
    if spread <= 0.0 {
        return direct;
    }
    let slope = both / spread;
    let rest = own.iter().zip(&here).map(|(x, y)| x - slope * y);
    let rest: f64 = rest.map(|left| left * left).sum();
    Mean {
        value: (direct.value + slope * (all.value - here_mean)).clamp(0.0, 1.0),
        error: (rest + slope * slope * all.error * all.error).sqrt(),
        n: direct.n,
    }
}
