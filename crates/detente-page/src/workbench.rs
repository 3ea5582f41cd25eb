//! What the workbench shows beside a case's text: pieces of the page with their numbers as data, so that what it says is what the report says.

mod complete;
mod controls;
mod margins;

use detente_core::Setting;
use detente_evidence::{Evidence, Lack, Moving, OnRecord};
use detente_math::Mean;
use serde_json::{Value, json};

pub use complete::complete;
pub use margins::margins;

use crate::chapters::{self, mean};
use crate::parts::Parts;
use crate::{bottom_line, charts, dates, findings, headline, movers, rows};

/// The answer: the bottom line, the acceptance map, what blocks, what decides it, and the numbers that can be moved.
pub fn answer(evidence: &Evidence) -> Value {
    let parts = Parts::default();
    let told = parts.write("answer", || told(evidence, &parts));
    let mut told = told.unwrap_or_else(|| json!({}));
    let defects: Vec<Value> = parts
        .missing()
        .iter()
        .filter_map(|missing| match &missing.why {
            Lack::Defect(what) => Some(json!(format!("{}: {what}", missing.part))),
            Lack::Interrupted | Lack::Quick | Lack::Kept | Lack::Unkept => None,
        })
        .collect();
    told["defects"] = Value::Array(defects);
    told
}

fn told(evidence: &Evidence, parts: &Parts) -> Value {
    let setting = &evidence.setting;
    let title = findings::acceptance(evidence);
    let sections = chapters::sections(evidence, parts);
    let mut sentences: Vec<Value> = bottom_line::bottom_line(evidence)
        .into_iter()
        .map(|sentence| json!({ "text": sentence.text, "at": sentence.anchor }))
        .collect();
    for section in &sections {
        let own = section.bottom_line.iter();
        sentences.extend(own.map(|(text, at)| json!({ "text": text, "at": at })));
    }
    let marked = sentences
        .iter()
        .any(|s| s["text"].as_str().is_some_and(|t| t.contains(dates::MARK)));
    let not_computed = findings::not_computed(evidence);
    let answers = not_computed.is_none() && !evidence.packages().is_empty();
    let map = answers.then(|| charts::acceptance(evidence, &title));
    json!({
        "name": setting.name,
        "as_of": setting.as_of,
        "worlds": evidence.options.worlds,
        "error": error(evidence),
        "reading": rows::reading_name(evidence),
        "record": record(evidence),
        "not_computed": not_computed,
        "bottom_line": sentences,
        "note": dates::footnote(evidence).filter(|_| marked),
        "dated": dates::footnote(evidence),
        "headline": headline::verb(evidence.headline),
        "kept_head": headline::head(evidence.headline),
        "lead": evidence.closest_package().map(|p| setting.packages[p].id.clone()),
        "packages": packages(evidence),
        "acceptance": { "title": title, "map": map },
        // Where no package was searched for, what blocks the one that leads is all that is known.
        "blocks": findings::blocks(evidence).or_else(|| {
            evidence.closest_package().filter(|_| answers).map(|p| bottom_line::who_blocks(evidence, p))
        }),
        "refusals": rows::refusals(evidence).into_iter().map(|row| json!({
            "package": row.name, "refuses": row.refuses, "blocker": row.blocker,
        })).collect::<Value>(),
        "parties": setting.parties.iter().map(|p| json!({ "id": p.id, "name": p.name })).collect::<Value>(),
        "movers": deciding(setting, &evidence.movers.moving),
        "movers_seen": movers::seen(evidence),
        "controls": controls::controls(evidence),
        "chapters": sections.iter().map(|section| {
            let quick = evidence.missing.iter().any(|m| m.part == section.id && m.why == Lack::Quick);
            json!({ "id": section.id, "title": section.title, "told": !quick })
        }).collect::<Value>(),
        "issues": setting.issues.iter().map(|issue| json!({
            "id": issue.id, "name": issue.name, "status_quo": issue.status_quo,
            "options": issue.options.iter().map(|o| json!({ "id": o.id, "name": o.name })).collect::<Value>(),
        })).collect::<Value>(),
        "resting": {
            "placeholders": evidence.resting_on.placeholders,
            "defaults": evidence.resting_on.defaults,
            "claims": evidence.resting_on.claims,
        },
    })
}

/// The largest standard error of what the report leads with, over the named packages; nothing where none is known.
fn error(evidence: &Evidence) -> Value {
    let lines = evidence.packages().iter();
    let errors = lines.map(|line| line.headline().error);
    let known = errors.filter(|error| error.is_finite());
    known
        .reduce(f64::max)
        .map_or(Value::Null, |error| json!(error))
}

/// What became of the record, in a word.
fn record(evidence: &Evidence) -> Value {
    match &evidence.record {
        OnRecord::Weighs(_) => json!("weighs"),
        OnRecord::LeavesNone(_) => json!("leaves none"),
        OnRecord::LeftOut => json!("left out"),
        OnRecord::Nothing => Value::Null,
    }
}

/// A share as data, with the report's words for it.
pub fn share(of: &Mean) -> Value {
    let mut told = mean(of);
    told["words"] = json!(rows::with_error(of));
    told
}

fn packages(evidence: &Evidence) -> Value {
    let setting = &evidence.setting;
    let lines = setting.packages.iter().zip(evidence.packages()).enumerate();
    lines
        .map(|(p, (package, line))| {
            let needed = package.needed.iter();
            let needed: Vec<&str> = needed.map(|i| setting.parties[i].id.as_str()).collect();
            let blockers = line.blockers().into_iter();
            let blockers: Vec<&str> = blockers.map(|i| setting.parties[i].id.as_str()).collect();
            json!({
                "id": package.id,
                "name": dates::marked(evidence, p),
                "says": package.says,
                "needed": needed,
                "blockers": blockers,
                "options": package.choice,
                "accepts": line.accepts.iter().map(share).collect::<Value>(),
                "signed": share(&line.agreed),
                "in_force": share(&line.in_force),
                "kept": share(&line.kept),
            })
        })
        .collect()
}

/// The inputs that decide an answer, the one that explains most first, with how often the answer comes true at either end of each.
pub fn deciding(setting: &Setting, moving: &Moving) -> Value {
    let rows = movers::rows_of(setting, moving).into_iter();
    rows.map(|row| {
        json!({
            "path": row.path, "label": row.label, "index": row.index, "interval": row.interval,
            "direction": row.direction, "low": row.low, "high": row.high, "placeholder": row.placeholder,
        })
    })
    .collect()
}

/// A chapter of the page that a reader opened; nothing if the evidence has none of that name.
pub fn opened(evidence: &Evidence, id: &str) -> Option<String> {
    let parts = Parts::default();
    let mut sections = chapters::sections(evidence, &parts).into_iter();
    let html = sections.find(|section| section.id == id)?.html;
    Some(detente_diag::visible(&html).into_owned())
}
