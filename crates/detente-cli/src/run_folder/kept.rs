//! Which columns a run keeps.

use detente::{Case, Column, columns, weight_column};

use crate::failure::Failure;

/// The columns that a run of a case keeps, in the order of its table: what each world counts first, if the record weighs them; those by
/// month if they are asked for; and `only` these quantities, or all of these lenses, if any are named.
pub(crate) fn kept(
    case: &Case,
    (record, months): (bool, bool),
    only: &[String],
) -> Result<Vec<Column>, Failure> {
    let all = columns(&case.setting);
    let named = |column: &Column, name: &str| {
        let lens = column.quantity.split('.').next();
        column.quantity == name || lens == Some(name)
    };
    for name in only {
        let mut of = all.iter().filter(|column| named(column, name)).peekable();
        if of.peek().is_none() {
            return Err(unknown(name, &all));
        }
        if !months && of.all(|column| column.monthly) {
            return Err(Failure::BadInput(format!(
                "--only {name}: it is stated by month, and such columns are kept with --months"
            )));
        }
    }
    let weight = record.then(|| weight_column(&case.setting));
    let told = all.iter().filter(|column| {
        (months || !column.monthly)
            && (only.is_empty() || only.iter().any(|name| named(column, name)))
    });
    Ok(weight.into_iter().chain(told.cloned()).collect())
}

fn unknown(name: &str, all: &[Column]) -> Failure {
    let lens = |column: &Column| column.quantity.split('.').next().map(str::to_owned);
    let lenses: Vec<String> = all.iter().filter_map(lens).collect();
    let known = all.iter().map(|column| column.quantity.as_str());
    let known = known.chain(lenses.iter().map(String::as_str));
    let near = detente::diag::nearest(name, known)
        .map_or(String::new(), |near| format!("; did you mean {near}?"));
    Failure::BadInput(format!(
        "--only {name}: this case has no such quantity or lens{near} (`detente list quantities` lists them)"
    ))
}

#[cfg(test)]
mod tests {
    use detente::Template;

    use super::{Failure, kept};

    #[test]
    fn what_is_named_is_kept_alone_and_what_is_not_there_is_said() {
        let text = detente::new_case(Template::Example, "test");
        let case = detente::check("case.toml", &text).case.unwrap();
        let keep = |months, only: &[&str]| {
            let only: Vec<String> = only.iter().map(|name| (*name).to_owned()).collect();
            kept(&case, (false, months), &only)
        };
        let all = keep(true, &[]).unwrap();
        let few = keep(false, &["settlement.agreed", "alternative"]).unwrap();
        assert!(!few.is_empty() && few.len() < keep(false, &[]).unwrap().len());
        assert!(
            few.iter().all(
                |c| c.quantity == "settlement.agreed" || c.quantity.starts_with("alternative.")
            )
        );
        assert!(few.iter().all(|c| !c.monthly) && all.iter().any(|c| c.monthly));
        let said = |only: &str| match keep(false, &[only]) {
            Err(Failure::BadInput(said)) => said,
            other => panic!("{other:?}"),
        };
        assert!(said("settlement.agree").contains("did you mean settlement.agreed?"));
        let monthly = all.iter().find(|c| c.monthly).unwrap();
        assert!(said(&monthly.quantity).contains("--months"));
        // What each world counts stands first.
        let weighed = kept(&case, (true, false), &["settlement.agreed".to_owned()]).unwrap();
        assert_eq!(weighed[0].name, detente::WEIGHT);
    }
}
