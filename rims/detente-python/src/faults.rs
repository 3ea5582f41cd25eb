//! What goes wrong, as Python's exceptions, which `detente._errors` defines.

use std::any::Any;

use detente::BadReading;
use detente::diag::{Diagnostic, Severity, Sources};
use pyo3::prelude::*;
use serde_json::{Value, json};

/// An exception of this package, by its name there.
fn raised<A>(py: Python<'_>, name: &str, arguments: A) -> PyErr
where
    A: for<'py> pyo3::call::PyCallArgs<'py>,
{
    let made = py
        .import("detente._errors")
        .and_then(|errors| errors.getattr(name))
        .and_then(|class| class.call1(arguments));
    match made {
        Ok(error) => PyErr::from_value(error),
        Err(error) => error,
    }
}

/// A call that asks for what is not there: what, and the nearest name, in a sentence.
pub(crate) fn bad_call(py: Python<'_>, what: &str) -> PyErr {
    raised(py, "BadCall", (what,))
}

/// The text of a case or a game cannot be used: drawn as on a terminal, and as data.
pub(crate) fn bad_text(py: Python<'_>, class: &str, found: &[Diagnostic], of: &Sources) -> PyErr {
    let errors = found.iter().filter(|d| d.severity() == Severity::Error);
    let mut drawn = detente_desk::drawn::drawn(found, of);
    match errors.count() {
        0 | 1 => {}
        n => drawn += &format!("\n\n{n} errors; nothing was computed"),
    }
    raised(py, class, (drawn, told(found, of).to_string()))
}

/// Readings that cannot be put over the case.
pub(crate) fn bad_reading(py: Python<'_>, bad: &BadReading, sources: &Sources) -> PyErr {
    match bad {
        BadReading::Impossible(found) => bad_text(py, "CaseError", found, sources),
        BadReading::Unknown { .. } => bad_call(py, &bad.to_string()),
    }
}

/// Answers that are not to be relied on.
pub(crate) fn unsound(py: Python<'_>, why: &str) -> PyErr {
    raised(py, "Unsound", (why,))
}

/// A panic: our own bug.
pub(crate) fn defect(py: Python<'_>, panic: &(dyn Any + Send)) -> PyErr {
    let said = detente::said_in_panic(panic);
    let what = format!("this is a defect of detente, not of your case; please report it: {said}");
    raised(py, "Defect", (what,))
}

/// Diagnostics as data: places count characters, as Python's texts do, lines and columns from 1.
pub(crate) fn told(found: &[Diagnostic], sources: &Sources) -> Value {
    let one = |fault: &Diagnostic| {
        let labels = fault.labels.iter().map(|label| {
            let file = sources.get(label.span.file);
            let text = file.map_or("", |file| file.text.as_str());
            let characters = |at: usize| text.get(..at).map_or(at, |before| before.chars().count());
            let before = text.get(..label.span.start).unwrap_or("");
            let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
            json!({
                "file": file.map(|file| file.name.as_str()),
                "line": sources.line(label.span),
                "column": before[line_start..].chars().count() + 1,
                "span": [characters(label.span.start), characters(label.span.end)],
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
    found.iter().map(one).collect()
}
