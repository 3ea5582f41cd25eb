//! The case language from outside: the examples of the explanation pages, a corpus of faulty texts, and hostile texts.

mod corpus;
mod defaults;
mod dependence;
mod idle_levers;
mod manual;
mod pages;
mod plan;
mod robustness;

use detente_case::Checked;
use detente_diag::{CODES, Code};

/// Checks a single text against the whole catalogue of quantities.
fn check(name: &str, text: &str) -> Checked {
    detente_case::check(&[(name, text)], &detente_core::catalogue::all())
}

/// Codes that no single text can produce: the file is missing, is no text at all, or says what another file says too.
const NOT_FROM_TEXT: [Code; 3] = [Code::NOT_FOUND, Code::NOT_TEXT, Code::DEFINED_TWICE];

/// What the checker reported, as `D0302 line 7: message`, for the messages of failing tests.
fn list(checked: &Checked) -> String {
    let line = |d: &detente_diag::Diagnostic| {
        d.labels
            .first()
            .map_or(1, |label| checked.sources.line(label.span))
    };
    let lines: Vec<String> = checked
        .diagnostics
        .iter()
        .map(|d| format!("  {} line {}: {}", d.code, line(d), d.message))
        .collect();
    lines.join("\n")
}

/// Does it report `code`?
fn reports(checked: &Checked, code: Code) -> bool {
    checked.diagnostics.iter().any(|d| d.code == code)
}

/// Every code that the text of a case can produce.
fn codes_of_texts() -> impl Iterator<Item = Code> {
    CODES
        .iter()
        .map(|info| info.code)
        .filter(|code| !NOT_FROM_TEXT.contains(code))
        .filter(|code| {
            !code.of_game_files()
                && !code.of_ledgers()
                && !code.of_fits()
                && !code.of_sheets()
                && !code.of_runs()
        })
}
