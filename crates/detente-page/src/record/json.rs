//! What is on record, as data.

use detente_evidence::{BeforeAfter, Evidence, OnRecord};
use serde_json::{Value, json};

use crate::chapters::{mean, told};
use crate::claims::set_lines;

/// The same as data.
pub(crate) fn data(evidence: &Evidence) -> Value {
    let record = match &evidence.record {
        OnRecord::Nothing => return Value::Null,
        OnRecord::LeftOut => return json!({ "weighs": false, "why": "left out" }),
        OnRecord::LeavesNone(none) => {
            return json!({
                "weighs": false,
                "why": "leaves no world",
                "weighed": none.weighed,
                "effective": none.effective,
                "blamed": none.blamed.iter().map(|blamed| json!({
                    "id": blamed.id,
                    "kind": if blamed.number.is_some() { "anchor" } else { "act" },
                    "alone": blamed.alone,
                    "without": blamed.without,
                    "quantiles": blamed.number.map(|[before, known]| json!({ "before": spread(before), "known": spread(known) })),
                })).collect::<Vec<_>>(),
            });
        }
        OnRecord::Weighs(record) => record,
    };
    let setting = &evidence.setting;
    let changed =
        |of: &BeforeAfter| json!({ "before": told(&of.before), "after": told(&of.after) });
    let id = |t: usize| {
        let kind = &setting.types[t];
        format!("{}.{}", setting.parties[kind.party].id, kind.id)
    };
    json!({
        "weighs": true,
        "weighed": record.weighed,
        "weighed_effective": record.weighed_effective,
        "rows": record.rows,
        "effective": record.effective,
        "floor": record.floor,
        "by_package": setting.packages.iter().zip(&record.packages).map(|(package, [agreed, in_force, kept])| (package.id.clone(), json!({
            "agreed": changed(agreed), "in_force": changed(in_force), "kept": changed(kept),
        }))).collect::<serde_json::Map<_, _>>(),
        "by_type": record.types.iter().enumerate().map(|(t, of)| (id(t), changed(of))).collect::<serde_json::Map<_, _>>(),
        "path": record.path.iter().map(|step| json!({
            "on": step.on,
            "by_type": step.chances.iter().enumerate().map(|(t, x)| (id(t), json!(x))).collect::<serde_json::Map<_, _>>(),
        })).collect::<Vec<_>>(),
        "acts": record.acts.iter().map(|told| json!({
            "id": told.act.id,
            "by": setting.parties[told.act.by].id,
            "on": told.act.on,
            "counts": told.act.counts,
            "likelihood": setting.parties[told.act.by].types.clone().zip(&told.likelihood).map(|(t, x)| (setting.types[t].id.clone(), json!(x))).collect::<serde_json::Map<_, _>>(),
            "chance": told.chance,
        })).collect::<Vec<_>>(),
        "anchors": record.anchors.iter().map(|told| json!({
            "id": told.anchor.id,
            "quantity": told.anchor.quantity.text,
            "with": set_lines(evidence, &told.anchor.with).collect::<Vec<_>>(),
            "against": set_lines(evidence, &told.anchor.against).collect::<Vec<_>>(),
            "known": told.anchor.known.text,
            "weight": told.anchor.weight,
            "quantiles": { "before": spread(told.before), "known": spread(told.known), "after": spread(told.after) },
            "surprise": finite(told.surprise),
            "untold": told.untold,
        })).collect::<Vec<_>>(),
        "inputs": record.inputs.iter().map(|input| json!({
            "path": input.path, "before": spread(input.before), "after": spread(input.after), "shift": input.shift,
            "left_below_first_quarter": input.left[0], "left_above_last_quarter": input.left[1],
        })).collect::<Vec<_>>(),
        "inputs_moved": record.inputs_moved,
        "readings": record.readings.iter().map(|(label, factor)| json!({ "id": label.id, "times_as_likely": mean(factor) })).collect::<Vec<_>>(),
    })
}

fn spread(of: [f64; 3]) -> Vec<Value> {
    of.into_iter().map(finite).collect()
}

fn finite(x: f64) -> Value {
    if x.is_finite() { json!(x) } else { Value::Null }
}
