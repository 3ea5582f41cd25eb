//! What the checker has to say, as data for an editor.

use detente::diag::{Diagnostic, Severity, Sources};
use serde_json::{Value, json};

use crate::at;
use crate::request::Request;

/// Checks the texts alone, without anything that is set.
pub(crate) fn check(request: &Request) -> Value {
    let checked = detente::check_files(&request.named());
    json!({
        "runs": checked.case.is_some(),
        "faults": told(&checked.diagnostics, &checked.sources),
        "name": checked.case.as_ref().map(|case| case.setting.name.clone()),
        "readings": checked.case.as_ref().map(readings),
    })
}

fn readings(case: &detente::Case) -> Value {
    let readings = case.readings.iter();
    readings
        .map(|r| json!({ "id": r.id, "name": r.name, "by": r.by, "says": r.says }))
        .collect()
}

/// Faults and warnings; places count UTF-16 units, as editors in browsers do.
pub(crate) fn told(faults: &[Diagnostic], sources: &Sources) -> Value {
    let one = |fault: &Diagnostic| {
        let labels = fault.labels.iter().map(|label| {
            let text = sources
                .get(label.span.file)
                .map_or("", |file| file.text.as_str());
            json!({
                "file": label.span.file.0,
                "name": sources.get(label.span.file).map(|file| file.name.as_str()),
                "from": at::units(text, label.span.start),
                "to": at::units(text, label.span.end),
                "line": sources.line(label.span),
                "text": label.text,
            })
        });
        json!({
            "code": fault.code.to_string(),
            "severity": match fault.severity() { Severity::Error => "error", Severity::Warning => "warning" },
            "message": fault.message,
            "help": fault.help,
            "labels": labels.collect::<Value>(),
        })
    };
    faults.iter().map(one).collect()
}
