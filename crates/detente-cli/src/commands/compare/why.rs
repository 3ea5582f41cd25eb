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
    let differing = differing(&first, &second);
    let other_text = before.result["case"]["sha256"] != after.result["case"]["sha256"];
    let remark = (other_text && differing.is_empty())
        .then_some("The texts of the cases differ, but no number does: see case/ in both folders.");
    (differing, remark.map(str::to_owned))
}

/// A run's case with what was set for it and its expert, and its numbers under its readings.
pub(super) struct InForce {
    pub(super) case: Case,
    pub(super) readings: Vec<String>,
    pub(super) inputs: Vec<Input>,
}

/// The case of a run as it was in force; `None` if its copy is not there or not read by this version.
pub(super) fn in_force(run: &Whole) -> Option<InForce> {
    let texts = run.texts()?;
    let named: Vec<(&str, &str)> = texts
        .iter()
        .map(|(name, text)| (name.as_str(), text.as_str()))
        .collect();
    let mut case = detente::check_files(&named).case?;
    if let Value::String(expert) = &run.result["expert"] {
        case = detente::expert_alone(&case, expert).ok()?;
    }
    let set = run.result["set"].as_object().into_iter().flatten();
    let set: Vec<String> = set
        .map(|(path, value)| format!("{path}={}", value.as_str().unwrap_or_default()))
        .collect();
    case = case.with_set(&set).ok()?;
    let readings = run.result["readings"].as_array().into_iter().flatten();
    let readings: Vec<String> = readings
        .filter_map(|reading| reading.as_str().map(str::to_owned))
        .collect();
    let inputs = detente::inputs_under(&case, &readings).ok()?;
    Some(InForce {
        case,
        readings,
        inputs,
    })
}

/// The numbers that are not drawn alike, in the order of the first case, then those that the second alone has.
pub(super) fn differing(first: &InForce, second: &InForce) -> Vec<Differing> {
    let of = |case: &InForce| -> BTreeMap<String, (String, String)> {
        let listed = case.inputs.iter();
        listed
            .map(|input| (input.path.clone(), as_drawn(&case.case, input)))
            .collect()
    };
    let (old, new) = (of(first), of(second));
    let added = second.inputs.iter().map(|input| &input.path);
    let paths = first.inputs.iter().map(|input| &input.path);
    let paths = paths.chain(added.filter(|path| !old.contains_key(*path)));
    let absent = ("not there".to_owned(), String::new());
    paths
        .filter_map(|path| {
            let (a, b) = (
                old.get(path).unwrap_or(&absent),
                new.get(path).unwrap_or(&absent),
            );
            // Numbers that are drawn alike do not differ, however they are written.
            (a.1 != b.1).then(|| (path.clone(), a.0.clone(), b.0.clone()))
        })
        .collect()
}

/// A number as typed, and how it is drawn, so that two can be compared.
fn as_drawn(case: &Case, input: &Input) -> (String, String) {
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
    (text, drawn)
}
