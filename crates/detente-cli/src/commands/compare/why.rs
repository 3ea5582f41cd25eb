//! Which numbers of the case differ between two runs, from the copies of the texts that runs keep.

use std::collections::BTreeMap;

use detente::{Case, Draw, Input};
use serde_json::Value;

use crate::run_folder::Whole;

/// Path, as drawn in the first run, as drawn in the second.
type Differing = (String, String, String);

/// The numbers in force that differ, in the order of the first case, then those that the second alone has; and a remark where
/// they do not say all.
pub(super) fn numbers(before: &Whole, after: &Whole) -> (Vec<Differing>, Option<String>) {
    let (Some(first), Some(second)) = (in_force(before), in_force(after)) else {
        let remark = "A run's copy of the case is missing, changed or no longer read by this version: numbers were not compared.";
        return (Vec::new(), Some(remark.to_owned()));
    };
    let of = |numbers: &[Number]| -> BTreeMap<String, (String, String)> {
        let listed = numbers.iter();
        listed
            .map(|n| (n.path.clone(), (n.text.clone(), n.drawn.clone())))
            .collect()
    };
    let (old, new) = (of(&first), of(&second));
    let absent = || ("not there".to_owned(), String::new());
    let mut differing = Vec::new();
    for path in first.iter().map(|n| &n.path).chain(
        second
            .iter()
            .map(|n| &n.path)
            .filter(|path| !old.contains_key(*path)),
    ) {
        let at = |numbers: &BTreeMap<String, (String, String)>| {
            numbers.get(path).cloned().unwrap_or_else(absent)
        };
        let (a, b) = (at(&old), at(&new));
        // Numbers that are drawn alike do not differ, however they are written.
        if a.1 != b.1 {
            differing.push((path.clone(), a.0, b.0));
        }
    }
    let other_text = before.result["case"]["sha256"] != after.result["case"]["sha256"];
    let remark = (other_text && differing.is_empty())
        .then_some("The texts of the cases differ, but no number does: see case/ in both folders.");
    (differing, remark.map(str::to_owned))
}

/// A number of a case as a run drew it.
struct Number {
    path: String,
    /// As typed.
    text: String,
    /// How it is drawn, so that two can be compared.
    drawn: String,
}

/// The numbers of a run's case under its readings and its expert.
fn in_force(run: &Whole) -> Option<Vec<Number>> {
    let texts = run.texts()?;
    let named: Vec<(&str, &str)> = texts
        .iter()
        .map(|(name, text)| (name.as_str(), text.as_str()))
        .collect();
    let mut case = detente::check_files(&named).case?;
    if let Value::String(expert) = &run.result["expert"] {
        case = detente::expert_alone(&case, expert).ok()?;
    }
    let readings = run.result["readings"].as_array().into_iter().flatten();
    let readings: Vec<String> = readings
        .filter_map(|reading| reading.as_str().map(str::to_owned))
        .collect();
    let inputs = detente::inputs_under(&case, &readings).ok()?;
    Some(inputs.iter().map(|input| number(&case, input)).collect())
}

fn number(case: &Case, input: &Input) -> Number {
    let path = |id: &detente::InputId| case.inputs[id.0 as usize].path.clone();
    let drawn = match &input.draw {
        Draw::Own(distribution) => format!("{distribution:?}"),
        Draw::Inherited(parent) => format!("as {}", path(parent)),
        Draw::Ranked { order, place } => {
            let order: Vec<String> = order.iter().map(path).collect();
            format!("number {place} of {}", order.join(", "))
        }
    };
    let text = match &input.draw {
        Draw::Inherited(_) => drawn.clone(),
        _ if input.text.is_empty() => "default".to_owned(),
        _ => input.text.clone(),
    };
    Number {
        path: input.path.clone(),
        text,
        drawn,
    }
}
