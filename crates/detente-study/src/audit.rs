//! The audit of claims: in which share of worlds each is true, as the case is written and under each of its readings, and what
//! turns it.

mod assumed;
mod court;
mod flips;
mod share;

use std::borrow::Cow;

use detente_case::{
    Case, Claim, ClaimTest, Overrides, Plan, Predicate, QuantityEntry, ShareTest, TakenOver, With,
};
use detente_evidence::{Assumed, ClaimLine, ClaimShare, ClaimStatus, Flip, RunOptions};

use crate::reading::{BadReading, overrides_of};
use crate::record::on_record;
use crate::run::{Progress, Scope};
use crate::runs::Runs;
use crate::sensitivity::Draws;
pub(crate) use court::{Court, Heard, Intervened};
pub use share::{Share, Unshared, share_of};
pub(crate) use share::{by_row, judged, share_test};

/// Claims that intervene are tested on this fraction of the worlds of a run.
pub(crate) const INTERVENED_SHARE: usize = 8;
/// The same under a rival reading, whose worlds are fewer already.
pub(crate) const INTERVENED_SHARE_OF_RIVALS: usize = 20;

/// In which share of worlds each claim of a case is true under readings, in the order of the case; `None` where it cannot be tested.
///
/// The audit of a report alone: neither what turns a claim is sought, nor the other readings run. What claims set is tried on
/// all worlds, of which a report takes a part.
///
/// # Errors
///
/// A reading is unknown, or what is drawn under them is impossible.
pub fn claim_shares(
    case: &Case,
    readings: &[String],
    options: RunOptions,
    progress: &dyn Progress,
) -> Result<Vec<Option<ClaimShare>>, BadReading> {
    let overrides = overrides_of(case, readings)?;
    let plan = Plan::new(case);
    let asked = (None, 0..options.worlds);
    let (table, overrides) = on_record(case, (&plan, &overrides), options, asked, progress);
    let court = Court::new(
        (case, &plan),
        overrides,
        options,
        Cow::Owned(table),
        Intervened::Part(1),
    );
    let heard = test(&court, &mut Runs::default(), progress);
    Ok(shares(&heard))
}

/// What can be tested of the claims of a case: `None` for the others, with the reason in [`lines`].
pub(crate) fn test(court: &Court, runs: &mut Runs, progress: &dyn Progress) -> Vec<Option<Heard>> {
    let case = court.case;
    let testable = |claim: &Claim| match &claim.test {
        ClaimTest::Share(test) if awaited(test).is_empty() && court.hears(test) => {
            Some((**test).clone())
        }
        _ => None,
    };
    let tests: Vec<Option<ShareTest>> = case.claims.iter().map(testable).collect();
    court.expect(runs, tests.iter().flatten());
    let mut hear = |test: &Option<ShareTest>| {
        let test = test.as_ref().filter(|_| !progress.stopped())?;
        let heard = court.hear(runs, test, progress);
        progress.step();
        Some(heard)
    };
    tests.iter().map(&mut hear).collect()
}

/// In which share of worlds claims that were tested are true.
pub(crate) fn shares(heard: &[Option<Heard>]) -> Vec<Option<ClaimShare>> {
    let share = |heard: &Option<Heard>| heard.as_ref().map(|heard| heard.share);
    heard.iter().map(share).collect()
}

/// What claims look at, those that set something included or not.
pub(crate) fn looked_at(case: &Case, intervened: bool) -> Scope {
    let mut scope = Scope::none(&case.setting);
    for claim in &case.claims {
        if let ClaimTest::Share(test) = &claim.test
            && (intervened || court::only_looks(case, test))
        {
            scope.union(&court::scope_of(case, test));
        }
    }
    scope
}

/// What one claim looks at.
pub(crate) fn scope_of_claim(case: &Case, test: &ShareTest) -> Scope {
    court::scope_of(case, test)
}

/// What turns a claim, and whether an input alone decides it.
pub(crate) type Turned = (Vec<Flip>, Option<Assumed>);

/// What turns each claim that was tested, in the order of the case; nothing for the others.
/// `heard`: what became of each, `draws`: of the worlds of the court.
pub(crate) fn flips(
    court: &Court,
    heard: &[Option<Heard>],
    draws: &Draws,
    progress: &dyn Progress,
) -> Vec<Turned> {
    let case = court.case;
    let scales = flips::Scales::new(court);
    let mut all = Vec::new();
    for (claim, heard) in case.claims.iter().zip(heard) {
        let found = match (&claim.test, heard) {
            (ClaimTest::Share(test), Some(heard)) if !progress.stopped() => {
                let found = scales.flips((court, draws), (claim, test, heard), progress);
                let assumed = assumed::assumed((court, draws), &claim.test, heard, &found);
                progress.step();
                (found, assumed)
            }
            _ => Turned::default(),
        };
        all.push(found);
    }
    all
}

/// Numbers that a claim sets over what is in force and that a lever which runs now takes over.
fn taken_over(case: &Case, overrides: &Overrides, claim: &Claim) -> Vec<TakenOver> {
    let ClaimTest::Share(test) = &claim.test else {
        return Vec::new();
    };
    let set = || With::inputs(&test.with);
    let mut over = overrides.clone();
    let put = set().map(|put| (put.input, put.distribution.clone()));
    over.replaced.extend(put);
    set()
        .filter_map(|put| case.taken_over(put.input, &over))
        .collect()
}

/// Each claim with what became of it: `main` as tested in the run, `rivals` by rival.
pub(crate) fn lines(
    case: &Case,
    overrides: &Overrides,
    main: &[Option<ClaimShare>],
    turned: &[Turned],
    rivals: &[Vec<Option<ClaimShare>>],
) -> Vec<ClaimLine> {
    let line = |(c, claim): (usize, &Claim)| ClaimLine {
        claim: claim.clone(),
        taken_over: taken_over(case, overrides, claim),
        status: match (&claim.test, main[c]) {
            (ClaimTest::NotComputable(why), _) => ClaimStatus::NotComputable(why.clone()),
            (ClaimTest::Share(_), Some(share)) => ClaimStatus::Computed {
                share,
                rivals: rivals.iter().filter_map(|of| of[c]).collect(),
                flips: turned[c].0.clone(),
                assumed: turned[c].1.clone(),
            },
            (ClaimTest::Share(test), None) => ClaimStatus::Awaits(awaited(test)),
        },
    };
    case.claims.iter().enumerate().map(line).collect()
}

/// How many claims of a case can be tested.
pub(crate) fn testable(case: &Case) -> usize {
    let tested = case.claims.iter().filter(|claim| match &claim.test {
        ClaimTest::Share(test) => awaited(test).is_empty(),
        ClaimTest::NotComputable(_) => false,
    });
    tested.count()
}

/// Lenses to come whose quantities a test speaks of.
fn awaited(test: &ShareTest) -> Vec<&'static str> {
    let predicates = std::iter::once(&test.holds_when).chain(&test.given);
    let entries = predicates.flat_map(Predicate::quantities);
    to_come(entries.chain(With::quantities(&test.with)))
}

/// The lenses to come among those of some quantities, each once.
pub(crate) fn to_come<'a>(entries: impl Iterator<Item = &'a QuantityEntry>) -> Vec<&'static str> {
    let mut lenses: Vec<&'static str> = entries
        .filter(|entry| !entry.computed)
        .map(|entry| entry.lens)
        .collect();
    lenses.sort_unstable();
    lenses.dedup();
    lenses
}
