//! Worlds that are asked for a few quantities, by whoever sets numbers and compares what becomes of an answer.

use std::ops::Range;

use detente_case::{Case, Overrides, Plan};
use detente_core::Handle;
use detente_evidence::{Moving, RunOptions};

use crate::reading::{BadReading, overrides_of, under};
use crate::record::on_record;
use crate::run::{Progress, Scope, Table};
use crate::sensitivity::{Drawing, Draws};

/// Examines worlds as [`run_worlds_on_record`](crate::run_worlds_on_record) does, and works out of them no more than these entries of
/// quantities, which are the columns that the table holds. What is set over the case changes no draw, so that tables of the same worlds under
/// other numbers are compared world by world ([`moved`](crate::moved)).
pub fn ask_worlds(
    case: &Case,
    (plan, overrides): (&Plan, &Overrides),
    options: RunOptions,
    (of, worlds): (&[(Handle, Vec<usize>)], Range<usize>),
    progress: &dyn Progress,
) -> Table {
    let mut scope = Scope::none(&case.setting);
    for (quantity, index) in of {
        scope.add_handle(*quantity, index);
    }
    let asked = (Some(&scope), worlds);
    on_record(case, (plan, overrides), options, asked, progress).0
}

/// The same of columns by their places in a row ([`columns`](crate::columns)).
pub fn ask_columns(
    case: &Case,
    drawn: (&Plan, &Overrides),
    options: RunOptions,
    (places, worlds): (&[usize], Range<usize>),
    progress: &dyn Progress,
) -> Table {
    let mut scope = Scope::none(&case.setting);
    scope.add_places(places, &case.setting);
    let asked = (Some(&scope), worlds);
    on_record(case, drawn, options, asked, progress).0
}

/// Which inputs decide a quantity, as a report tells it of its headline: of the first worlds under readings, after what is on record.
///
/// # Errors
///
/// As [`overrides_of`].
pub fn what_decides(
    case: &Case,
    readings: &[String],
    options: RunOptions,
    (quantity, index): (Handle, &[usize]),
    progress: &dyn Progress,
) -> Result<Moving, BadReading> {
    let overrides = overrides_of(case, readings)?;
    let plan = Plan::new(case);
    let mut scope = Scope::none(&case.setting);
    scope.add_handle(quantity, index);
    let asked = (Some(&scope), 0..options.worlds);
    let (table, overrides) = on_record(case, (&plan, &overrides), options, asked, progress);
    let put = under(case, readings);
    let drawing = Drawing {
        case: &put,
        plan: &plan,
        overrides: &overrides,
        stream: options.stream,
    };
    let answer: Vec<f64> = table.column(quantity, index).collect();
    Ok(Draws::new(drawing, &table).movers(&answer))
}

#[cfg(test)]
mod tests {
    use detente_case::{Overrides, Plan};
    use detente_core::catalogue::{durability, settlement};
    use detente_evidence::RunOptions;

    use super::{ask_worlds, what_decides};
    use crate::record::run_worlds_on_record;
    use crate::run::Ignored;

    /// What is asked for alone is what a whole run tells, with a record and without one.
    #[test]
    fn what_is_asked_for_is_what_a_whole_run_tells() {
        for (name, text) in [
            ("first", include_str!("../../../cases/first-case/case.toml")),
            (
                "strike",
                include_str!("../../../cases/wage-round/case.toml"),
            ),
        ] {
            let case = crate::check(name, text).case.unwrap();
            let plan = Plan::new(&case);
            let none = Overrides::default();
            let options = RunOptions {
                worlds: 8,
                searches: 0,
                solutions: 0,
                talks: 0,
                ..RunOptions::default()
            };
            let of = [(settlement::AGREED, vec![0]), (durability::KEPT, vec![1])];
            let asked = ask_worlds(&case, (&plan, &none), options, (&of, 0..8), &Ignored);
            let whole = run_worlds_on_record(&case, (&plan, &none), options, 0..8, &Ignored);
            for (quantity, index) in &of {
                let bits = |x: f64| x.to_bits();
                let asked: Vec<u64> = asked.column(*quantity, index).map(bits).collect();
                let whole: Vec<u64> = whole.column(*quantity, index).map(bits).collect();
                assert_eq!(asked, whole, "{name}");
                assert!(asked.iter().any(|x| *x != f64::NAN.to_bits()) || name == "first");
            }
        }
    }

    /// Of a case without a record, what decides the leading package is what a report says decides it.
    #[test]
    fn what_decides_an_answer_is_what_a_report_says() {
        let text = include_str!("../../../cases/first-case/case.toml");
        let case = crate::check("first", text).case.unwrap();
        let options = RunOptions {
            worlds: 512,
            searches: 0,
            solutions: 0,
            effort: detente_evidence::Effort::Quick,
            ..RunOptions::default()
        };
        let report = crate::summarise(&case, &[], options, &Ignored).unwrap();
        let lead = report.closest_package().unwrap();
        let own = what_decides(&case, &[], options, (settlement::AGREED, &[lead]), &Ignored);
        assert_eq!(own.unwrap(), report.movers.moving);
        assert!(!report.movers.moving.inputs.is_empty());
    }
}
