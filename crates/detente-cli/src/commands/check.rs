//! `detente check`

use detente::Case;
use detente::diag::{Diagnostic, Severity, Sources};
use serde_json::{Value, json};

use crate::args::Check;
use crate::failure::Failure;
use crate::{case_file, output};

pub(crate) fn run(args: &Check) -> Result<(), Failure> {
    if args.json {
        return as_json(args);
    }
    let opened = case_file::open(&args.case, true)?;
    output::print(&format!(
        "{} can be run: {}\n",
        opened.path.display(),
        size(&opened.case)
    ))
}

fn as_json(args: &Check) -> Result<(), Failure> {
    let (path, text) = case_file::read(&args.case)?;
    let checked = detente::check(&path.display().to_string(), &text);
    let list: Vec<Value> = checked
        .diagnostics
        .iter()
        .map(|d| one(d, &checked.sources))
        .collect();
    output::print(&format!(
        "{:#}\n",
        json!({ "format": 1, "diagnostics": list })
    ))?;
    if checked.case.is_some() {
        Ok(())
    } else {
        Err(Failure::BadInput(String::new()))
    }
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

fn size(case: &Case) -> String {
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
        count(case.sources.len(), "source", "sources"),
    ]
    .join(", ")
}
