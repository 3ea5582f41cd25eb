//! The other readings beside the one in force, on common draws, and what in them makes the difference.

use std::borrow::Cow;

use detente_case::{Case, Overrides, Plan};

use super::{Common, PackageLine, RIVAL_SEARCHES, RIVAL_WORLDS, ReadingLabel, Rival, leading};
use crate::attribution;
use crate::audit::{self, ClaimShare, Court, INTERVENED_SHARE_OF_RIVALS};
use crate::reading::{BadReading, overrides_of};
use crate::run::{Progress, RunOptions, Table, run};

/// Readings whose difference from the case is explained, those that differ most.
pub(super) const EXPLAINED: usize = 6;

/// What the rivals are compared with.
pub(super) struct Beside<'a> {
    pub(super) case: &'a Case,
    pub(super) plan: &'a Plan,
    pub(super) overrides: &'a Overrides,
    pub(super) options: RunOptions,
    pub(super) table: &'a Table,
    pub(super) packages: &'a [PackageLine],
}

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
    explained: bool,
    progress: &dyn Progress,
) -> (Vec<Rival>, Vec<Vec<Option<ClaimShare>>>) {
    let Beside {
        case,
        plan,
        options,
        ..
    } = *beside;
    let fewer = RunOptions {
        worlds: options.worlds.div_ceil(RIVAL_WORLDS),
        searches: options.searches.div_ceil(RIVAL_SEARCHES),
        // Rivals are compared by what is agreed and whether the zone is open.
        solutions: 0,
        ..options
    };
    let said = |table: &Table, case: &Case| {
        let packages = case.setting.packages.len();
        Common::of(table, packages, (fewer.worlds, fewer.searches))
    };
    let (mut rivals, mut claims, mut owns) = (Vec::new(), Vec::new(), Vec::new());
    for (label, own) in others {
        // What is cut short is not used.
        if progress.stopped() {
            break;
        }
        let table = run(plan, &own, fewer, progress);
        let mut court = Court::new(
            (case, plan),
            own.clone(),
            fewer,
            Cow::Borrowed(&table),
            INTERVENED_SHARE_OF_RIVALS,
        );
        claims.push(audit::test(&mut court, progress));
        owns.push(own);
        rivals.push(Rival {
            label,
            own: said(&table, case),
            common: said(beside.table, case),
            worlds: table.worlds,
            broken: table.silences.clone(),
            causes: Vec::new(),
        });
    }
    if explained && !progress.stopped() {
        explain(beside, &owns, &mut rivals, progress);
    }
    (rivals, claims)
}

/// Why the readings that differ most on the leading package do.
fn explain(beside: &Beside, owns: &[Overrides], rivals: &mut [Rival], progress: &dyn Progress) {
    let Some(package) = leading(beside.packages) else {
        return;
    };
    let far = |r: &Rival| r.differs(package).abs();
    let mut order: Vec<usize> = (0..rivals.len()).collect();
    order.sort_by(|a, b| far(&rivals[*b]).total_cmp(&far(&rivals[*a])));
    for r in order.into_iter().take(EXPLAINED) {
        let (case, plan) = (beside.case, beside.plan);
        let at = (beside.overrides, beside.table);
        rivals[r].causes = attribution::causes(case, plan, at, &owns[r], beside.options, progress);
    }
}
