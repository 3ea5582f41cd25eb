//! `detente check`

use std::path::Path;

use detente::Case;
use detente::diag::{Diagnostic, Severity, Sources};
use serde_json::{Value, json};

use crate::args::Check;
use crate::failure::Failure;
use crate::{case_file, output, render};

pub(crate) fn run(args: &Check) -> Result<(), Failure> {
    if args.case.ends_with(case_file::EVIDENCE) {
        return evidence(args);
    }
    if case_file::is_ledger(&args.case) {
        return ledger(args);
    }
    if args.json {
        let checked = case_file::check(&case_file::read(&args.case)?);
        let idle = checked.case.as_ref().map(detente::idle_anchors);
        let idle = idle.into_iter().flatten();
        let diagnostics: Vec<Diagnostic> = checked.diagnostics.into_iter().chain(idle).collect();
        return as_json(&diagnostics, &checked.sources, checked.case.is_some());
    }
    let opened = case_file::open(&args.case, true)?;
    render::print(&detente::idle_anchors(&opened.case), &opened.sources, true);
    output::print(&format!(
        "{} can be run: {}\n",
        opened.texts[0].0,
        size(&opened.case)
    ))
}

/// Checks an evidence file against the case in whose folder it lies.
fn evidence(args: &Check) -> Result<(), Failure> {
    let folder = args.case.parent().filter(|p| !p.as_os_str().is_empty());
    let opened = case_file::open(folder.unwrap_or(Path::new(".")), false)?;
    let shown = args.case.display().to_string();
    let text: String = case_file::read(&args.case)?
        .into_iter()
        .map(|(_, text)| text)
        .collect();
    let (found, faults, sources) = detente::check_evidence(&shown, &text, &opened.case);
    if args.json {
        return as_json(&faults, &sources, found.is_some());
    }
    render::print(&faults, &sources, true);
    match found {
        Some(found) => output::print(&format!("{shown} can be scored: {} entries\n", found.len())),
        None => Err(Failure::BadInput(String::new())),
    }
}

/// Checks a ledger by itself: its chain, not what it was signed from.
fn ledger(args: &Check) -> Result<(), Failure> {
    let shown = args.case.display().to_string();
    let text: String = case_file::read(&args.case)?
        .into_iter()
        .map(|(_, text)| text)
        .collect();
    let (found, faults, sources) = detente::ledger::read(&shown, &text);
    if args.json {
        return as_json(&faults, &sources, found.is_some());
    }
    render::print(&faults, &sources, true);
    match found {
        Some(found) => output::print(&format!(
            "the chain of {shown} holds: {} entries\n",
            found.entries.len()
        )),
        None => Err(Failure::BadInput(String::new())),
    }
}

fn as_json(faults: &[Diagnostic], sources: &Sources, sound: bool) -> Result<(), Failure> {
    output::print_json(&as_data(faults, sources))?;
    if sound {
        Ok(())
    } else {
        Err(Failure::BadInput(String::new()))
    }
}

/// Diagnostics as data.
pub(crate) fn as_data(faults: &[Diagnostic], sources: &Sources) -> Value {
    let list: Vec<Value> = faults.iter().map(|d| one(d, sources)).collect();
    json!({ "format": 1, "diagnostics": list })
}

fn one(diagnostic: &Diagnostic, sources: &Sources) -> Value {
    let labels = diagnostic.labels.iter().map(|label| {
        json!({
            "file": sources.get(label.span.file).map(|s| s.name.clone()),
            "line": sources.line(label.span),
            "start": label.span.start,
            "end": label.span.end,
            "text": label.text,
        })
    });
    json!({
        "code": diagnostic.code.to_string(),
        "severity": if diagnostic.severity() == Severity::Error { "error" } else { "warning" },
        "message": diagnostic.message,
        "labels": labels.collect::<Vec<_>>(),
        "help": diagnostic.help,
    })
}

/// What a case holds, counted.
pub(crate) fn size(case: &Case) -> String {
    let setting = &case.setting;
    let count =
        |n: usize, what: &str, many: &str| format!("{n} {}", if n == 1 { what } else { many });
    [
        count(setting.parties.len(), "party", "parties"),
        count(setting.types.len(), "type", "types"),
        count(setting.issues.len(), "issue", "issues"),
        format!("{} combinations of options", setting.combination_count()),
        count(setting.packages.len(), "named package", "named packages"),
        count(case.readings.len(), "reading", "readings"),
        count(case.claims.len(), "claim", "claims"),
        count(case.acts.len(), "act", "acts"),
        count(case.anchors.len(), "anchor", "anchors"),
        count(case.sources.len(), "source", "sources"),
    ]
    .join(", ")
}
