//! Faulty texts, with what is expected of the reader written behind each: see `faulty.txt`.

use std::collections::BTreeSet;

use detente_diag::{CODES, Code, find_code};

use super::read;

struct Faulty {
    name: &'static str,
    text: String,
    /// What is underlined, in the order of the text.
    places: Vec<std::ops::Range<usize>>,
    /// Code, words of the message, words of the help.
    says: Vec<(Code, &'static str, &'static str)>,
}

fn corpus() -> Vec<Faulty> {
    let all = include_str!("faulty.txt").split("\n=== ").skip(1);
    all.map(|block| {
        let (name, rest) = block.split_once('\n').expect("a name");
        let (marked, _) = rest.split_once("\n--> ").expect("an expectation");
        let says = rest.split("\n--> ").skip(1).map(|line| {
            let mut parts = line.trim_end().split('|').map(str::trim);
            let mut part = || parts.next().unwrap_or_default();
            let code = find_code(part())
                .unwrap_or_else(|| panic!("{name}: no such code"))
                .code;
            (code, part(), part())
        });
        let (mut text, mut places) = (String::new(), Vec::new());
        for piece in marked.split_inclusive(['⟦', '⟧']) {
            text.push_str(piece.trim_end_matches(['⟦', '⟧']));
            if piece.ends_with('⟦') {
                places.push(text.len()..text.len());
            } else if piece.ends_with('⟧') {
                places.last_mut().expect("an opening mark").end = text.len();
            }
        }
        Faulty {
            name,
            text,
            places,
            says: says.collect(),
        }
    })
    .collect()
}

#[test]
fn every_fault_is_reported_where_it_stands_and_nothing_else_is() {
    let mut failures = Vec::new();
    for faulty in corpus() {
        let answer = read(&faulty.text);
        let found = &answer.diagnostics;
        let place = |d: &detente_diag::Diagnostic| d.labels[0].span.start..d.labels[0].span.end;
        let right = found.len() == faulty.says.len()
            && found.iter().map(place).eq(faulty.places.iter().cloned())
            && found
                .iter()
                .zip(&faulty.says)
                .all(|(d, (code, message, help))| {
                    d.code == *code
                        && d.message.contains(message)
                        && d.help.as_deref().unwrap_or_default().contains(help)
                });
        let errors = found
            .iter()
            .any(|d| d.severity() == detente_diag::Severity::Error);
        if !right || errors == answer.game.is_some() {
            let places: Vec<_> = found.iter().map(place).collect();
            failures.push(format!(
                "{}: expected places {:?}, reported {places:?}\n{}",
                faulty.name,
                faulty.places,
                answer.list()
            ));
        }
    }
    assert!(failures.is_empty(), "\n{}", failures.concat());
}

#[test]
fn the_corpus_holds_every_code() {
    let seen: BTreeSet<Code> = corpus()
        .iter()
        .flat_map(|f| f.says.clone())
        .map(|s| s.0)
        .collect();
    for info in CODES.iter().filter(|info| info.code.of_game_files()) {
        assert!(seen.contains(&info.code), "no text expects {}", info.code);
    }
}

#[test]
fn every_fault_says_what_to_do_or_what_was_expected() {
    for faulty in corpus() {
        for d in read(&faulty.text).diagnostics {
            let says = d.help.is_some() || d.message.contains("expected");
            assert!(
                says,
                "{}: `{}` leaves its reader alone",
                faulty.name, d.message
            );
            assert!(!d.message.ends_with('.'), "{}", d.message);
        }
    }
}

/// The fault shows far behind its cause: the cause is pointed at too.
#[test]
fn a_text_that_runs_over_a_line_is_suspected() {
    let text = "EFG 2 R \"x\" { \"A\" }\np \"\" 1 1 \"\" { \"l\" \"r } 0\nt \"\" 0\nt \"\" 0\n";
    let found = read(text).diagnostics;
    let label = &found[0].labels[1];
    assert!(label.text.contains("does it lack a quote?"));
    assert_eq!(&text[label.span.start..label.span.end], "\"r } 0\nt \"");
}

#[test]
fn a_clash_points_at_the_first_description() {
    let text = "EFG 2 R \"x\" { \"A\" } p \"\" 1 1 \"s\" { \"a\" } 0 p \"\" 1 1 \"s\" { \"b\" } 0 t \"\" 0";
    let found = read(text).diagnostics;
    let labels: Vec<_> = found[0]
        .labels
        .iter()
        .map(|l| (&text[l.span.start..l.span.end], &*l.text))
        .collect();
    assert_eq!(
        labels,
        [
            ("\"b\"", "this action was `\"a\"`"),
            ("\"s\" { \"a\" }", "first described here")
        ]
    );
}
