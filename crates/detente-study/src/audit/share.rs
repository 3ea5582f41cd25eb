//! What the model says of a judgement: the share of worlds in which its claim is true, or the mean of its quantity.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use detente_case::{
    Amount, Asked, Case, ClaimTest, Facts, InputId, Judgement, Overrides, Plan, Predicate,
    QuantityEntry, ShareTest,
};
use detente_core::catalogue::talks;
use detente_core::talks::Kind;
use detente_evidence::{Judged, JudgedShare, RunOptions};
use detente_math::{Mean, quantile_sorted};

use super::{Court, Heard, Intervened, awaited, court, to_come};
use crate::record::on_record;
use crate::run::{Progress, Scope, Table};
use crate::runs::Runs;

/// What the model says of a judgement.
#[derive(Clone, Debug)]
pub struct Share {
    /// The mean over the worlds that tell it, with its Monte Carlo error.
    pub mean: Mean,
    /// Worlds that were drawn for it.
    pub worlds: usize,
    /// What each world that tells it says, increasing; where the record weighs worlds, as many that count alike.
    pub values: Vec<f64>,
    /// Of what rests on talks: the kinds of equilibrium of the worlds in which these were played, with their shares, the commonest first.
    pub kinds: Vec<(Kind, f64)>,
}

impl Share {
    /// A quantile over the worlds that tell it.
    pub fn quantile(&self, level: f64) -> f64 {
        quantile_sorted(&self.values, level)
    }
}

/// Why the model says nothing of a judgement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unshared {
    /// These lenses do not compute anything yet.
    Awaits(Vec<&'static str>),
    /// It cannot be computed, and why.
    NotComputable(String),
    /// No world tells it, of so many.
    Untold(usize),
}

impl fmt::Display for Unshared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Unshared::Awaits(lenses) => {
                write!(
                    f,
                    "the model does not compute it yet: it awaits {}",
                    lenses.join(", ")
                )
            }
            Unshared::NotComputable(why) => {
                write!(f, "the case says that it cannot be computed: {why}")
            }
            Unshared::Untold(worlds) => write!(f, "none of {worlds} worlds tells it"),
        }
    }
}

impl std::error::Error for Unshared {}

/// What the model says of a judgement, under what is put over the case. Only what is asked for is worked out; the worlds are those of any
/// other run of the case. What a claim sets is tried on all of them. Stopped before its end it tells nothing.
///
/// # Errors
///
/// It cannot be computed, or no world tells it.
pub fn share_of(
    (case, overrides): (&Case, &Overrides),
    asked: &Asked,
    options: RunOptions,
    progress: &dyn Progress,
) -> Result<Share, Unshared> {
    let plan = Plan::new(case);
    let run = |scope: &Scope, options: RunOptions| {
        let asked = (Some(scope), 0..options.worlds);
        on_record(case, (&plan, overrides), options, asked, progress)
    };
    let (mean, values, kinds) = match asked {
        Asked::Claim(place) => {
            let test = share_test(&case.claims[*place].test)?;
            let mut scope = court::scope_of(case, test);
            let predicates = std::iter::once(&test.holds_when).chain(&test.given);
            let talks = of_talks(predicates.flat_map(Predicate::quantities), &mut scope);
            let (table, overrides) = run(&scope, options);
            // What is set makes other talks than these.
            let as_is = test.with.is_empty() && test.over.is_none();
            let kinds = if talks && as_is {
                kinds(&table)
            } else {
                Vec::new()
            };
            let tried = Intervened::Part(1);
            let court = Court::new((case, &plan), overrides, options, Cow::Owned(table), tried);
            let heard = court.hear(&mut Runs::default(), test, progress);
            (heard.share.holds, court.sorted(&heard.verdicts), kinds)
        }
        Asked::Amount(amount) => {
            let entries = amount.quantities();
            let lenses = to_come(entries.iter().copied());
            if !lenses.is_empty() {
                return Err(Unshared::Awaits(lenses));
            }
            let mut scope = Scope::none(&case.setting);
            for entry in &entries {
                scope.add(entry.lens, entry.quantity, &entry.index);
            }
            let talks = of_talks(entries.into_iter(), &mut scope);
            let (table, overrides) = run(&scope, options);
            let (mean, values) = over_rows(amount, (&plan, &overrides), options, &table);
            let kinds = if talks { kinds(&table) } else { Vec::new() };
            (mean, values, kinds)
        }
    };
    if values.is_empty() || progress.stopped() {
        return Err(Unshared::Untold(options.worlds));
    }
    Ok(Share {
        mean,
        worlds: options.worlds,
        values,
        kinds,
    })
}

/// Is any of these told by talks? Then the kind of their equilibrium is asked for as well.
fn of_talks<'a>(mut entries: impl Iterator<Item = &'a QuantityEntry>, scope: &mut Scope) -> bool {
    let talks = entries.any(|entry| entry.lens == talks::SPEC.id);
    if talks {
        scope.add_handle(talks::KIND, &[]);
    }
    talks
}

/// Kinds of equilibrium of the talks of a table, with their shares, the commonest first.
fn kinds(table: &Table) -> Vec<(Kind, f64)> {
    let mut sums: BTreeMap<Kind, f64> = BTreeMap::new();
    let mut all = 0.0;
    for (kind, weight) in table.column(talks::KIND, &[]).zip(table.weights()) {
        if !kind.is_nan() {
            let flags = u16::try_from(detente_core::asks::whole(kind)).unwrap_or(0);
            *sums.entry(Kind(flags)).or_default() += weight;
            all += weight;
        }
    }
    let mut kinds: Vec<(Kind, f64)> = sums
        .into_iter()
        .map(|(kind, sum)| (kind, sum / all))
        .collect();
    kinds.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    kinds
}

/// Mean of a number over the rows of a table, and what each row that tells it says, increasing.
fn over_rows(
    amount: &Amount,
    put: (&Plan, &Overrides),
    options: RunOptions,
    table: &Table,
) -> (Mean, Vec<f64>) {
    let values = rows(amount, put, options, table);
    let mean = table.mean_of(values.iter().copied());
    (mean, table.sorted_of(values.into_iter()))
}

/// A number in each world of a court, whose worlds are those of the table; NaN where it is not told.
pub(crate) fn by_row(amount: &Amount, court: &Court, table: &Table) -> Vec<f64> {
    rows(amount, (court.plan, &court.overrides), court.options, table)
}

/// What each row of a table says of a number.
fn rows(
    amount: &Amount,
    (plan, overrides): (&Plan, &Overrides),
    options: RunOptions,
    table: &Table,
) -> Vec<f64> {
    let inputs = amount.speaks_of_inputs();
    let of_row = |place: usize| {
        let mut drawn = Vec::new();
        if inputs {
            let uniforms = plan.uniforms(options.stream, table.world(place));
            drawn = plan.values(&uniforms, overrides);
        }
        amount.value(&World {
            table,
            place,
            drawn,
            learned: (plan, overrides, table.learned(place)),
        })
    };
    (0..table.worlds).map(of_row).collect()
}

/// What the worlds of a run, all of whose columns are there, say of the forecasts that a case holds. `heard`: what became of its claims.
pub(crate) fn judged(
    (case, plan, overrides): (&Case, &Plan, &Overrides),
    options: RunOptions,
    table: &Table,
    heard: &[Option<Heard>],
) -> Vec<Judged> {
    let share = |asked: &Asked| {
        let (mean, values) = match asked {
            Asked::Claim(place) => {
                let heard = heard.get(*place)?.as_ref()?;
                let told = table.sorted_of(heard.verdicts.iter().copied());
                (heard.share.holds, told)
            }
            Asked::Amount(amount) => {
                if amount.quantities().iter().any(|entry| !entry.computed) {
                    return None;
                }
                over_rows(amount, (plan, overrides), options, table)
            }
        };
        (!values.is_empty()).then(|| JudgedShare {
            mean,
            spread: [0.05, 0.5, 0.95].map(|level| quantile_sorted(&values, level)),
        })
    };
    let line = |judgement: &Judgement| Judged {
        share: judgement.asks.as_ref().and_then(share),
        judgement: judgement.clone(),
    };
    case.judgements.iter().map(line).collect()
}

/// The test of a claim, if the model computes it.
pub(crate) fn share_test(test: &ClaimTest) -> Result<&ShareTest, Unshared> {
    let test = match test {
        ClaimTest::Share(test) => test,
        ClaimTest::NotComputable(why) => return Err(Unshared::NotComputable(why.clone())),
    };
    let lenses = awaited(test);
    if lenses.is_empty() {
        Ok(test)
    } else {
        Err(Unshared::Awaits(lenses))
    }
}

/// A world as a number that is worked out of it sees it.
struct World<'a> {
    table: &'a Table,
    /// Its row.
    place: usize,
    drawn: Vec<f64>,
    /// What was learned of types, and under what.
    learned: (&'a Plan, &'a Overrides, &'a [f64]),
}

impl Facts for World<'_> {
    fn input(&self, id: InputId, _: bool) -> f64 {
        self.drawn[id.0 as usize]
    }

    fn quantity(&self, entry: &QuantityEntry, _: bool) -> f64 {
        let layout = &self.table.layout;
        let column = layout.column_of(entry.lens, entry.quantity, &entry.index);
        self.table.at(self.place, column)
    }

    fn learned(&self, prior: InputId, _: bool) -> f64 {
        let (plan, overrides, learned) = self.learned;
        plan.learned_of(overrides, learned, prior)
    }
}

#[cfg(test)]
mod tests {
    use detente_case::{Asked, Case, Overrides, Plan};
    use detente_core::catalogue::settlement;
    use detente_evidence::RunOptions;

    use super::{Unshared, share_of};
    use crate::run::{Ignored, run};
    use crate::{check, claim_shares, summarise};

    const JUDGED: &str = r#"
[claim.signs]
says = "It is signed more often than not."
holds_when = "settlement.agreed[mediators_terms] > 0.5"
[claim.louder]
says = "With a larger edge it is signed more often than not."
holds_when = "settlement.agreed[mediators_terms] > 0.5"
with = { "contest.edge" = 0.1 }
[claim.played]
says = "Talks bring it."
holds_when = "talks.deal_beside > 0.5"
[claim.good]
says = "It is good."
not_computable = "A statement of value."
[judgement.amount]
says = "How often it is signed."
by = "A. Nalyst"
on = 2024-06-01
probability = 0.5
rule = "As computed."
due = 2025-06-01
quantity = "settlement.agreed[mediators_terms] + 0 * contest.edge"
[judgement.to_come]
says = "By talks."
by = "A. Nalyst"
on = 2024-06-01
probability = 0.5
rule = "As computed."
due = 2025-06-01
quantity = "talks.deal_beside"
"#;

    fn case() -> Case {
        let text = include_str!("../../../../cases/first-case/case.toml");
        let checked = check("case.toml", &format!("{text}{JUDGED}"));
        checked
            .case
            .unwrap_or_else(|| panic!("{:?}", checked.diagnostics))
    }

    fn options() -> RunOptions {
        RunOptions {
            worlds: 64,
            searches: 0,
            solutions: 0,
            ..RunOptions::default()
        }
    }

    /// The other road: whole runs, and the audit of a report.
    #[test]
    fn what_is_asked_alone_is_what_a_whole_run_tells() {
        let (case, none) = (case(), Overrides::default());
        let ask = |asked: &Asked| share_of((&case, &none), asked, options(), &Ignored);
        let table = run(&Plan::new(&case), &none, options(), &Ignored);
        let package = case
            .setting
            .packages
            .iter()
            .position(|p| p.id == "mediators_terms");
        let whole = table.mean(settlement::AGREED, &[package.unwrap()]);
        let judged = |id: &str| {
            let found = case.judgements.iter().find(|j| j.id == id);
            found.and_then(|j| j.asks.clone()).unwrap()
        };
        let amount = ask(&judged("amount")).unwrap();
        assert_eq!(amount.mean.value.to_bits(), whole.value.to_bits());
        assert_eq!(amount.mean.error.to_bits(), whole.error.to_bits());
        assert_eq!((amount.values.len(), amount.worlds), (64, 64));
        assert!(amount.quantile(0.0) <= amount.quantile(0.5));
        // A report says the same beside the forecast, and nothing of what no lens computes.
        let evidence = summarise(&case, &[], options(), &Ignored).unwrap();
        let [told, to_come] = &evidence.judged[..] else {
            panic!("{:?}", evidence.judged);
        };
        let share = told.share.unwrap();
        assert_eq!(share.mean.value.to_bits(), whole.value.to_bits());
        assert_eq!(
            share.spread,
            [0.05, 0.5, 0.95].map(|level| amount.quantile(level))
        );
        assert!(to_come.share.is_none());

        let shares = claim_shares(&case, &[], options(), &Ignored).unwrap();
        let place = |id: &str| case.claims.iter().position(|c| c.id == id).unwrap();
        for id in ["signs", "louder"] {
            let alone = ask(&Asked::Claim(place(id))).unwrap();
            let audited = shares[place(id)].unwrap().holds;
            assert_eq!(alone.mean.value.to_bits(), audited.value.to_bits(), "{id}");
        }
        let not = ask(&Asked::Claim(place("good"))).unwrap_err();
        assert!(matches!(not, Unshared::NotComputable(_)));
        for asked in [Asked::Claim(place("played")), judged("to_come")] {
            assert_eq!(ask(&asked).unwrap_err(), Unshared::Awaits(vec!["talks"]));
        }
    }
}
