//! Questions with what a crowd gave them and what came.

use serde_json::Value;
use serde_json::value::RawValue;

use crate::choice::{Choice, Separated, chances, fit};
use crate::table::{Fault, enough};
use crate::trial::{Case, Model, Predictor, Section, Setup, base_rate, trial};

/// Chances nearer to 0 or 1 count as this far from them where log odds are taken.
const SURE: f64 = 0.001;

struct Question {
    group: String,
    crowd: f64,
    happened: bool,
}

impl Case for Question {
    fn group(&self) -> &str {
        &self.group
    }

    fn options(&self) -> usize {
        2
    }

    fn came(&self) -> usize {
        usize::from(self.happened)
    }
}

/// Reads a list of resolved questions (JSON, with the keys of `ForecastBench`: `freeze_value`, `resolved_to`, `resolution_date`) and scores
/// the crowd. Questions that were decided on one day are one group.
///
/// # Errors
/// All faults of the list.
pub fn questions(text: &str, setup: Setup) -> Result<Vec<Section>, Vec<Fault>> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let raw: Vec<&RawValue> = serde_json::from_str(text).map_err(|error| {
        let said = format!("a list of questions was expected: {error}");
        vec![Fault::new(error.line().max(1), "", said)]
    })?;
    let mut faults = Vec::new();
    let mut cases = Vec::new();
    for raw in raw {
        // A raw value is a part of the text, so its place in it is known.
        let at = raw.get().as_ptr() as usize - text.as_ptr() as usize;
        let line = 1 + newlines(&text[..at]);
        if let Some(case) = question(raw.get(), line, &mut faults) {
            cases.push(case);
        }
    }
    enough(cases.iter().map(|case| case.group.as_str()), &mut faults);
    if !faults.is_empty() {
        return Err(faults);
    }
    let title = "happened";
    let by = "day on which it was decided";
    Ok(vec![trial(title, by, &cases, &models(), 1, setup)])
}

fn newlines(text: &str) -> usize {
    text.bytes().filter(|letter| *letter == b'\n').count()
}

fn question(text: &str, line: usize, faults: &mut Vec<Fault>) -> Option<Question> {
    let value: Value = serde_json::from_str(text).unwrap_or_default();
    if !value.is_object() {
        faults.push(Fault::new(line, "", "a question was expected: {…}"));
        return None;
    }
    let before = faults.len();
    let mut fault = |key: &str, expected: &str| {
        let at = text.find(&format!("\"{key}\"")).unwrap_or(0);
        let said = match &value[key] {
            Value::Null => format!("missing; {expected} was expected"),
            other => format!("{other} is not {expected}"),
        };
        faults.push(Fault::new(line + newlines(&text[..at]), key, said));
    };
    let number = |key: &str| match &value[key] {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse::<f64>().ok(),
        _ => None,
    };
    let crowd = number("freeze_value").filter(|p| (0.0..=1.0).contains(p));
    if crowd.is_none() {
        fault("freeze_value", "a chance from 0 to 1");
    }
    let came = number("resolved_to").filter(|came| *came == 0.0 || *came == 1.0);
    if came.is_none() {
        fault("resolved_to", "0 or 1");
    }
    let day = value["resolution_date"].as_str();
    if day.is_none() {
        fault("resolution_date", "a date");
    }
    if faults.len() > before {
        return None;
    }
    Some(Question {
        group: day?.to_owned(),
        crowd: crowd?,
        happened: came? == 1.0,
    })
}

fn models() -> Vec<Model<Question>> {
    vec![
        base_rate(),
        Model {
            name: "crowd",
            about: "what the crowd gave it, as it stands",
            fit: Box::new(|_| Ok(Box::new(|case| vec![1.0 - case.crowd, case.crowd]))),
        },
        Model {
            name: "crowd, recalibrated",
            about: "logit on the crowd's log odds (Platt 1999)",
            fit: Box::new(recalibrated),
        },
    ]
}

fn recalibrated(cases: &[&Question]) -> Result<Predictor<Question>, Separated> {
    let features = |case: &Question| {
        let p = case.crowd.clamp(SURE, 1.0 - SURE);
        vec![1.0, libm::log(p / (1.0 - p))]
    };
    let choices = cases
        .iter()
        .map(|case| Choice::binary(features(case), case.happened));
    let weights = fit(&choices.collect::<Vec<_>>())?;
    Ok(Box::new(move |case| {
        chances(&Choice::binary(features(case), false).features, &weights)
    }))
}
