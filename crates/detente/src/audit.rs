//! The audit of claims: in which share of worlds each is true, as the case is written and under each of its readings.
//!
//! A claim with an intervention (`with`) is tested on worlds of its own, on the same draws as those without it.

use detente_case::{
    Case, Claim, ClaimTest, Facts, InputId, Overrides, Plan, Predicate, QuantityEntry, ShareTest,
    With,
};
use detente_core::Search;
use detente_math::Mean;

use crate::run::{Progress, RunOptions, Table, run, solutions_of};

/// Claims that intervene are tested on this fraction of the worlds of a run.
pub(crate) const INTERVENED_SHARE: usize = 8;
/// The same under a rival reading, whose worlds are fewer already.
pub(crate) const INTERVENED_SHARE_OF_RIVALS: usize = 20;

/// A claim and what became of it.
#[derive(Clone, Debug)]
pub struct ClaimLine {
    /// The claim.
    pub claim: Claim,
    /// What can be said of it.
    pub status: ClaimStatus,
}

/// What can be said of a claim.
#[derive(Clone, Debug)]
pub enum ClaimStatus {
    /// It was tested.
    Computed {
        /// As the run's readings have it.
        share: ClaimShare,
        /// Under each rival, in the summary's order of rivals.
        rivals: Vec<ClaimShare>,
    },
    /// It speaks of what these lenses will compute.
    Awaits(Vec<&'static str>),
    /// It cannot be computed, and why.
    NotComputable(String),
}

/// In which share of worlds a claim is true.
#[derive(Clone, Copy, Debug)]
pub struct ClaimShare {
    /// Share of the worlds in which it could be told and its condition was met, with its Monte Carlo error.
    pub holds: Mean,
    /// Share of the worlds tested in which its condition was met; 1 without a condition.
    pub given: f64,
    /// Worlds in which it could not be told, of those tested.
    pub untold: usize,
    /// Worlds tested.
    pub worlds: usize,
}

/// A run of which claims are asked.
pub(crate) struct Ran<'a> {
    pub(crate) plan: &'a Plan,
    pub(crate) overrides: &'a Overrides,
    pub(crate) options: RunOptions,
    pub(crate) table: &'a Table,
    /// Claims that intervene are tested on this fraction of its worlds.
    pub(crate) intervened_share: usize,
}

/// What can be tested of the claims of a case: `None` for the others, with the reason in [`statuses`].
pub(crate) fn test(case: &Case, ran: &Ran, progress: &dyn Progress) -> Vec<Option<ClaimShare>> {
    // Claims that set the same things share their worlds.
    let mut intervened: Vec<(&[With], Table, Overrides)> = Vec::new();
    let mut shares = Vec::new();
    for claim in &case.claims {
        let ClaimTest::Share(test) = &claim.test else {
            shares.push(None);
            continue;
        };
        if !awaited(test).is_empty() {
            shares.push(None);
            continue;
        }
        if test.with.is_empty() {
            shares.push(Some(share(test, ran, None)));
            continue;
        }
        let known = intervened
            .iter()
            .position(|(with, ..)| same(with, &test.with));
        let place = known.unwrap_or_else(|| {
            let mut overrides = ran.overrides.clone();
            overrides
                .replaced
                .extend(test.with.iter().filter_map(|with| match with {
                    With::Input(set) => Some((set.input, set.distribution.clone())),
                    With::Quantity(..) => None,
                }));
            let part = ran.intervened_share;
            let asked = case.claims.iter().map(|claim| match &claim.test {
                ClaimTest::Share(of) if awaited(of).is_empty() && same(&of.with, &test.with) => {
                    searches(of, ran.table, ran.options)
                }
                _ => Search::None,
            });
            let asked = asked.max().unwrap_or_default();
            let searches = ran.options.searches.div_ceil(part);
            let if_asked = |least: Search, worlds: usize| if asked >= least { worlds } else { 0 };
            let options = RunOptions {
                worlds: ran.options.worlds.div_ceil(part),
                searches: if_asked(Search::Zone, searches),
                solutions: if_asked(Search::Solutions, solutions_of(searches)),
                ..ran.options
            };
            let table = run(ran.plan, &overrides, options, progress);
            intervened.push((&test.with, table, overrides));
            intervened.len() - 1
        });
        let (_, table, overrides) = &intervened[place];
        shares.push(Some(share(test, ran, Some((table, overrides)))));
    }
    shares
}

/// Each claim with what became of it: `main` as tested in the run, `rivals` by rival.
pub(crate) fn lines(
    case: &Case,
    main: &[Option<ClaimShare>],
    rivals: &[Vec<Option<ClaimShare>>],
) -> Vec<ClaimLine> {
    let line = |(c, claim): (usize, &Claim)| ClaimLine {
        claim: claim.clone(),
        status: match (&claim.test, main[c]) {
            (ClaimTest::NotComputable(why), _) => ClaimStatus::NotComputable(why.clone()),
            (ClaimTest::Share(_), Some(share)) => ClaimStatus::Computed {
                share,
                rivals: rivals.iter().filter_map(|of| of[c]).collect(),
            },
            (ClaimTest::Share(test), None) => ClaimStatus::Awaits(awaited(test)),
        },
    };
    case.claims.iter().enumerate().map(line).collect()
}

/// How far packages must be searched for a test: judged by what the run has told in worlds that were searched less far.
fn searches(test: &ShareTest, table: &Table, options: RunOptions) -> Search {
    let untold_in = |world: usize| {
        let predicates = std::iter::once(&test.holds_when).chain(&test.given);
        let mut entries = predicates.flat_map(Predicate::quantities);
        entries.any(|entry| {
            let mut column = table.column(entry.lens, entry.quantity, &entry.index);
            column.nth(world).is_none_or(f64::is_nan)
        })
    };
    if !untold_in(table.searches) {
        Search::None
    } else if options.solutions < table.searches && !untold_in(options.solutions) {
        Search::Zone
    } else {
        Search::Solutions
    }
}

/// How many worlds [`test`] runs, for a progress bar.
pub(crate) fn worlds_to_run(case: &Case, worlds: usize, intervened_share: usize) -> usize {
    let mut sets: Vec<&[With]> = Vec::new();
    for claim in &case.claims {
        if let ClaimTest::Share(test) = &claim.test
            && awaited(test).is_empty()
            && !test.with.is_empty()
            && !sets.iter().any(|with| same(with, &test.with))
        {
            sets.push(&test.with);
        }
    }
    sets.len() * worlds.div_ceil(intervened_share)
}

/// Lenses to come whose quantities a test speaks of.
fn awaited(test: &ShareTest) -> Vec<&'static str> {
    let predicates = std::iter::once(&test.holds_when).chain(&test.given);
    let mut lenses: Vec<&'static str> = predicates
        .flat_map(Predicate::quantities)
        .chain(test.with.iter().filter_map(|with| match with {
            With::Quantity(entry, _) => Some(entry),
            With::Input(_) => None,
        }))
        .filter(|entry| !entry.computed)
        .map(|entry| entry.lens)
        .collect();
    lenses.sort_unstable();
    lenses.dedup();
    lenses
}

/// Do two interventions set the same things to the same values?
fn same(a: &[With], b: &[With]) -> bool {
    let equal = |(a, b): (&With, &With)| match (a, b) {
        (With::Input(a), With::Input(b)) => a.input == b.input && a.distribution == b.distribution,
        (With::Quantity(a, x), With::Quantity(b, y)) => a == b && x == y,
        _ => false,
    };
    a.len() == b.len() && a.iter().zip(b).all(equal)
}

fn share(test: &ShareTest, ran: &Ran, intervened: Option<(&Table, &Overrides)>) -> ClaimShare {
    let (table, overrides) = intervened.unwrap_or((ran.table, ran.overrides));
    // Drawing the inputs again costs more than reading a row.
    let mut predicates = std::iter::once(&test.holds_when).chain(&test.given);
    let inputs = predicates.any(Predicate::speaks_of_inputs);
    let (mut given, mut untold) = (0, 0);
    let mut verdicts = Vec::with_capacity(table.worlds);
    let rows = table.rows().zip(ran.table.rows()).enumerate();
    for (i, (row, base_row)) in rows {
        let (mut values, mut base_values) = (Vec::new(), Vec::new());
        if inputs {
            let uniforms = ran.plan.uniforms(ran.options.stream, i as u64);
            values = ran.plan.values(&uniforms, overrides);
            base_values = if intervened.is_some() {
                ran.plan.values(&uniforms, ran.overrides)
            } else {
                values.clone()
            };
        }
        let facts = World {
            table,
            row,
            base_row,
            values,
            base_values,
        };
        // A condition that cannot be told leaves the claim untold.
        let met = match &test.given {
            None => Some(true),
            Some(given) => given.holds(&facts),
        };
        given += usize::from(met == Some(true));
        let told = match met {
            Some(true) => test.holds_when.holds(&facts),
            Some(false) => {
                verdicts.push(f64::NAN);
                continue;
            }
            None => None,
        };
        untold += usize::from(told.is_none());
        verdicts.push(told.map_or(f64::NAN, |holds| f64::from(u8::from(holds))));
    }
    ClaimShare {
        holds: table.mean_of(verdicts.iter().copied()),
        given: given as f64 / table.worlds.max(1) as f64,
        untold,
        worlds: table.worlds,
    }
}

/// A world as a predicate sees it.
struct World<'a> {
    table: &'a Table,
    row: &'a [f64],
    base_row: &'a [f64],
    values: Vec<f64>,
    base_values: Vec<f64>,
}

impl Facts for World<'_> {
    fn input(&self, id: InputId, base: bool) -> f64 {
        let values = if base {
            &self.base_values
        } else {
            &self.values
        };
        values[id.0 as usize]
    }

    fn quantity(&self, entry: &QuantityEntry, base: bool) -> f64 {
        let row = if base { self.base_row } else { self.row };
        row[self
            .table
            .layout
            .column(entry.lens, entry.quantity, &entry.index)]
    }
}
