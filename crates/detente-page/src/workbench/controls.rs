//! The numbers that a reader can move: every input with what it is in words, where it may lie and what it is drawn from.

use detente_case::{Domain, Draw, Input, Status};
use detente_evidence::Evidence;
use serde_json::{Value, json};

use crate::label;
use crate::words::capitalised;

/// Chances at which the ends and the middle of a number's range are told.
const ENDS: [f64; 3] = [0.05, 0.5, 0.95];

/// Of the inputs that the case speaks of: switches and numbers.
pub(super) fn controls(evidence: &Evidence) -> Value {
    let inputs = evidence.inputs.iter();
    let moved = inputs.filter(|input| is_moved(input));
    moved.map(|input| control(evidence, input)).collect()
}

/// Can it be moved? Not what follows another number, unless it has been.
fn is_moved(input: &Input) -> bool {
    matches!(input.draw, Draw::Own(_))
        && (input.is_listed() || input.status == Status::Switch || input.domain == Domain::Switch)
}

fn control(evidence: &Evidence, input: &Input) -> Value {
    let setting = &evidence.setting;
    let Draw::Own(own) = &input.draw else {
        return Value::Null;
    };
    let at = ENDS.map(|u| own.quantile(u));
    json!({
        "path": input.path,
        "label": capitalised(&label::label(&input.path, setting)),
        "unit": crate::terms::unit_in(input.unit, setting),
        "switch": input.domain == Domain::Switch,
        "share": input.domain == Domain::Share,
        "bounds": bounds(input.domain),
        "at": at,
        "exact": own.exact(),
        "text": input.text,
        "status": input.status.name(),
    })
}

/// Where it may lie; `null` for an open end.
fn bounds(domain: Domain) -> Value {
    match domain {
        Domain::Share | Domain::Switch => json!([0.0, 1.0]),
        Domain::Positive | Domain::NotNegative => json!([0.0, null]),
        Domain::Signed => json!([null, null]),
        Domain::Within(low, high) => json!([low, high]),
    }
}
