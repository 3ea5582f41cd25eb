//! Faulty texts, with what is expected of the checker written where it is expected.
//!
//! `#! D0302 the range runs backwards` behind a line says: this line, this code, a message that contains these words. Several
//! may follow one another. Nothing else may be reported. Faults of the case as a whole are reported at line 1. A file whose
//! first line holds `D0701 is not counted` may have numbers without a source, and defaults.

use std::collections::BTreeSet;
use std::path::Path;

use detente_diag::{Code, Severity, find_code};

use crate::{check, codes_of_texts, list};

/// An empty text has no room for an expectation; `pages` tests it.
const NOT_IN_THE_CORPUS: [Code; 1] = [Code::EMPTY];

#[derive(Debug)]
struct Expectation {
    line: usize,
    code: Code,
    words: String,
}

fn expectations(text: &str) -> Vec<Expectation> {
    let mut found = Vec::new();
    for (number, line) in text.lines().enumerate() {
        for note in line.split("#! ").skip(1) {
            let (code, words) = note.split_once(' ').unwrap_or((note, ""));
            let code = find_code(code)
                .unwrap_or_else(|| panic!("line {}: {code} is no code", number + 1))
                .code;
            found.push(Expectation {
                line: number + 1,
                code,
                words: words.trim().to_owned(),
            });
        }
    }
    found
}

#[expect(
    clippy::disallowed_methods,
    reason = "the corpus is files; the library itself opens none"
)]
fn texts() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus");
    let mut paths: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    let read = |path: &Path| {
        let text = std::fs::read_to_string(path).unwrap();
        (
            path.file_name().unwrap().to_string_lossy().into_owned(),
            text,
        )
    };
    paths.iter().map(|path| read(path)).collect()
}

#[test]
fn every_fault_is_reported_where_it_stands_and_nothing_else_is() {
    let mut failures = Vec::new();
    for (name, text) in texts() {
        let checked = check(&name, &text);
        let mut open = expectations(&text);
        assert!(!open.is_empty(), "{name} expects nothing");
        let lenient = text
            .lines()
            .next()
            .is_some_and(|line| line.contains("D0701 is not counted"));
        let mut wrong = Vec::new();
        for d in &checked.diagnostics {
            let line = d
                .labels
                .first()
                .map_or(1, |label| checked.sources.line(label.span));
            let met = open
                .iter()
                .position(|e| e.line == line && e.code == d.code && d.message.contains(&e.words));
            match met {
                Some(i) => drop(open.remove(i)),
                None if lenient && [Code::UNSOURCED, Code::DEFAULTS].contains(&d.code) => {}
                None => wrong.push(format!(
                    "not expected: {} line {line}: {}",
                    d.code, d.message
                )),
            }
        }
        wrong.extend(
            open.iter()
                .map(|e| format!("not reported: {} line {}: {}", e.code, e.line, e.words)),
        );
        let errors = checked
            .diagnostics
            .iter()
            .any(|d| d.severity() == Severity::Error);
        if errors == checked.case.is_some() {
            wrong.push("a case in spite of errors, or none without".to_owned());
        }
        if !wrong.is_empty() {
            failures.push(format!(
                "{name}\n  {}\nall that it reports:\n{}",
                wrong.join("\n  "),
                list(&checked)
            ));
        }
    }
    assert!(failures.is_empty(), "\n{}", failures.join("\n\n"));
}

#[test]
fn the_corpus_holds_every_code_that_a_text_can_produce() {
    let seen: BTreeSet<Code> = texts()
        .iter()
        .flat_map(|(_, text)| expectations(text))
        .map(|e| e.code)
        .collect();
    let unseen: Vec<String> = codes_of_texts()
        .filter(|code| !seen.contains(code) && !NOT_IN_THE_CORPUS.contains(code))
        .map(|code| code.to_string())
        .collect();
    assert!(
        unseen.is_empty(),
        "no text of the corpus expects {}",
        unseen.join(", ")
    );
}

#[test]
fn every_fault_says_what_to_do_or_what_was_expected() {
    for (name, text) in texts() {
        for d in check(&name, &text).diagnostics {
            let says = d.help.is_some() || d.message.contains("expected");
            assert!(
                says,
                "{name}: {} `{}` leaves its reader alone",
                d.code, d.message
            );
            assert!(
                !d.message.ends_with('.'),
                "{name}: a message is one sentence without its full stop: {}",
                d.message
            );
            assert!(!d.labels.is_empty(), "{name}: {} has no place", d.code);
        }
    }
}
