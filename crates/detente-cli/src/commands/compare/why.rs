//! What differs between the cases of two runs, from the copies of the texts that runs keep.

use detente::{Case, Input};
use serde_json::Value;

use super::structure::{Change, structure};
use crate::run_folder::Whole;

/// Path, as drawn in the first run, as drawn in the second.
type Differing = (String, String, String);

/// What differs between the cases of two runs.
#[derive(Default)]
pub(super) struct Differences {
    /// Numbers in force, in the order of the first case, then those that the second alone has.
    pub(super) numbers: Vec<Differing>,
    /// What is no number.
    pub(super) structure: Vec<Change>,
    /// What is to be said where these do not say all.
    pub(super) remark: Option<&'static str>,
}

pub(super) fn differences(cases: Option<&(InForce, InForce)>, other_text: bool) -> Differences {
    let Some((first, second)) = cases else {
        return Differences {
            remark: Some(
                "A run's copy of the case is missing, changed or no longer read by this version: the cases were not compared.",
            ),
            ..Differences::default()
        };
    };
    let numbers = differing(first, second);
    let structure = structure(&first.written, &second.written);
    let nothing = other_text && numbers.is_empty() && structure.is_empty();
    let remark = "The texts of the cases differ, but neither a number in force nor the structure does: see case/ in both folders.";
    Differences {
        remark: nothing.then_some(remark),
        numbers,
        structure,
    }
}

/// A run's case with what was set for it and its expert, and its numbers under its readings.
pub(super) struct InForce {
    /// The case as its text has it.
    pub(super) written: Case,
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
    let mut checked = detente::check_files(&named);
    let written = checked.case?;
    let mut case = written.clone();
    if let Value::String(expert) = &run.result()["expert"] {
        case = detente::expert_alone(&case, expert).ok()?;
    }
    let set = run.result()["set"].as_object().into_iter().flatten();
    let set: Vec<String> = set
        .map(|(path, value)| format!("{path}={}", value.as_str().unwrap_or_default()))
        .collect();
    case = case.with_set(&set, &mut checked.sources).ok()?;
    let readings = run.result()["readings"].as_array().into_iter().flatten();
    let readings: Vec<String> = readings
        .filter_map(|reading| reading.as_str().map(str::to_owned))
        .collect();
    let inputs = detente::inputs_under(&case, &readings).ok()?;
    Some(InForce {
        written,
        case,
        readings,
        inputs,
    })
}

/// The numbers that are not drawn alike, in the order of the first case, then those that the second alone has.
pub(super) fn differing(first: &InForce, second: &InForce) -> Vec<Differing> {
    detente::differing(&first.inputs, &second.inputs)
        .into_iter()
        .map(|of| (of.path, of.before, of.after))
        .collect()
}
