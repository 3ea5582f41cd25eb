//! Worlds that are asked for a few quantities, by whoever sets numbers and compares what becomes of an answer.

use std::ops::Range;

use detente_case::{Case, Overrides, Plan};
use detente_core::Handle;
use detente_evidence::RunOptions;

use crate::record::on_record;
use crate::run::{Progress, Scope, Table};

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

#[cfg(test)]
mod tests {
    use detente_case::{Overrides, Plan};
    use detente_core::catalogue::{durability, settlement};
    use detente_evidence::RunOptions;

    use super::ask_worlds;
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
}
