//! The explanation pages of game files have examples, and every example does what its page says.
//!
//! ` ```efg wrong ` (or `nfg`) is a file that produces the code of its page and no other, ` ```efg right ` one with nothing wrong.

use detente_diag::{CODES, Severity};

use super::read;

/// The examples of a page: whether it should be wrong, and the text.
fn examples(page: &str) -> Vec<(bool, String)> {
    let mut found = Vec::new();
    let mut lines = page.lines();
    while let Some(fence) = lines.next() {
        let Some(mark) = fence.strip_prefix("```") else {
            continue;
        };
        let block: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
        match mark.split_whitespace().collect::<Vec<_>>()[..] {
            ["efg" | "nfg", "wrong"] => found.push((true, block.join("\n"))),
            ["efg" | "nfg", "right"] => found.push((false, block.join("\n"))),
            _ => panic!("a fence that the test does not know: {fence}"),
        }
    }
    found
}

#[test]
fn every_example_does_what_its_page_says() {
    let mut pages = 0;
    for info in CODES.iter().filter(|info| info.code.of_game_files()) {
        pages += 1;
        let examples = examples(info.page);
        for wrong in [true, false] {
            let has = examples.iter().any(|example| example.0 == wrong);
            assert!(has, "{} lacks an example (wrong: {wrong})", info.code);
        }
        for (wrong, text) in examples {
            let answer = read(&text);
            let context = || format!("{}\n{text}\n{}", info.code, answer.list());
            assert_eq!(answer.diagnostics.is_empty(), !wrong, "{}", context());
            let own = answer.diagnostics.iter().all(|d| d.code == info.code);
            assert!(own, "{}", context());
            let refused = wrong && info.severity == Severity::Error;
            assert_eq!(answer.game.is_none(), refused, "{}", context());
        }
    }
    assert_eq!(pages, 12);
}
