//! Every page explains its code with examples, and every example does what the page says.
//!
//! ` ```toml wrong ` is a fragment that produces the code of its page, ` ```toml right ` one that does not and has no errors.
//! A fragment is added to [`BASE`]; its tables take the place of the base's tables of the same name. `whole` behind `wrong`
//! or `right` marks a case that stands alone.

use detente_case::{Checked, limits};
use detente_diag::{CODES, Code, CodeInfo, Severity};

use crate::{check, codes_of_texts, list, reports};

/// A case without faults and without warnings, which fragments change.
const BASE: &str = r#"
[case]
name = "A strip of coast"
as_of = 2024-06-01

[source.poll]
title = "Attitudes to a settlement"

[issue.border]
status_quo = "contact"
[issue.border.option.old_line]
position = { value = -50, source = ["poll"] }
[issue.border.option.contact]
position = { value = 0, source = ["poll"] }
[issue.border.option.ceded]
position = { value = 40, source = ["poll"] }

[issue.harbour]
status_quo = "closed"
[issue.harbour.option.closed]
[issue.harbour.option.shared]

[party.north]
side = "A"
roles = ["belligerent"]
burden = { value = "5 to 15", source = ["poll"] }
patience = { value = 0.985, source = ["poll"] }
scar = { value = 0, source = ["poll"] }
[party.north.issue.border]
weight = { value = "40 to 60", source = ["poll"] }
value = { old_line = 0, contact = { value = 0.6, source = ["poll"] }, ceded = 1 }
[party.north.issue.harbour]
weight = { value = "20 to 30", source = ["poll"] }
value = { closed = 0, shared = 1 }

[party.south]
side = "B"
roles = ["belligerent"]
patience = { value = 0.985, source = ["poll"] }
burden = { value = "5 to 15", source = ["poll"] }
scar = { value = 0, source = ["poll"] }
[party.south.issue.border]
weight = { value = "40 to 60", source = ["poll"] }
value = { old_line = 1, contact = { value = 0.4, source = ["poll"] }, ceded = 0 }

[contest]
line_issue = "border"
unit = "km2"
edge = { value = "0.1 to 0.4", source = ["poll"] }
pace = { value = "4 to 9", source = ["poll"] }
volatility = { value = "2 to 5", source = ["poll"] }
decisive = { value = "0.002 to 0.006", source = ["poll"] }
decisive_slope = { value = "1 to 3", source = ["poll"] }
other_end = { value = "0.015 to 0.035", source = ["poll"] }
[contest.nest.arms]
side = "B"
substitution = { value = "0.2 to 0.8", source = ["poll"] }
[contest.supply.south]
nest = "arms"
share = { value = 1, source = ["poll"] }
[contest.unsettled]
choose = { harbour = "closed" }
[contest.ending.a_decisive]
choose = { border = "ceded" }
[contest.ending.b_decisive]
choose = { border = "old_line" }
[contest.ending.armistice]
choose = { harbour = "closed" }
"#;

/// Codes that a fragment cannot show; their pages have a plain example or a right one. All but the first two are tested below.
const NOT_FROM_A_FRAGMENT: [Code; 5] = [
    Code::NOT_FOUND,
    Code::NOT_TEXT,
    Code::DEFINED_TWICE,
    Code::EMPTY,
    Code::TOO_LARGE,
];

struct Example {
    /// Should it produce the page's code?
    wrong: bool,
    text: String,
}

/// The examples of a page, as whole cases.
fn examples(page: &str) -> Vec<Example> {
    let mut found = Vec::new();
    let mut lines = page.lines();
    while let Some(fence) = lines.next() {
        let Some(mark) = fence.strip_prefix("```") else {
            continue;
        };
        let block: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
        let words: Vec<&str> = mark.split_whitespace().collect();
        let (wrong, whole) = match words[..] {
            ["toml", "wrong"] => (true, false),
            ["toml", "right"] => (false, false),
            ["toml", "wrong", "whole"] => (true, true),
            ["toml", "right", "whole"] => (false, true),
            // A test of `detente-games` runs the examples of game files.
            ["text" | "console"] | ["efg" | "nfg", "wrong" | "right"] => continue,
            _ => panic!("a fence that the test does not know: {fence}"),
        };
        found.push(Example {
            wrong,
            text: if whole {
                block.join("\n")
            } else {
                changed(BASE, &block)
            },
        });
    }
    found
}

/// The base with the tables of a fragment added or put in the place of its own.
fn changed(base: &str, fragment: &[&str]) -> String {
    let header = |line: &str| {
        line.starts_with('[')
            .then(|| line.split('#').next().unwrap_or_default().trim().to_owned())
    };
    let replaced: Vec<String> = fragment.iter().filter_map(|line| header(line)).collect();
    let mut dropping = false;
    let kept = base.lines().filter(|line| {
        if let Some(name) = header(line) {
            dropping = replaced.contains(&name);
        }
        !dropping
    });
    kept.chain(fragment.iter().copied())
        .flat_map(|line| [line, "\n"])
        .collect()
}

fn run(info: &CodeInfo, example: &Example) -> Checked {
    let checked = check("example", &example.text);
    let found = reports(&checked, info.code);
    let context = || {
        format!(
            "{}, example\n{}\nreports:\n{}",
            info.code,
            example.text,
            list(&checked)
        )
    };
    assert_eq!(found, example.wrong, "{}", context());
    if !example.wrong {
        assert!(
            checked.case.is_some(),
            "a right example has no errors: {}",
            context()
        );
    } else if info.severity == Severity::Error {
        assert!(
            checked.case.is_none(),
            "an error leaves no case: {}",
            context()
        );
    }
    checked
}

#[test]
fn the_base_of_the_fragments_is_without_fault() {
    let checked = check("base", BASE);
    assert!(checked.diagnostics.is_empty(), "{}", list(&checked));
}

#[test]
fn every_example_does_what_its_page_says() {
    for info in CODES {
        for example in examples(info.page) {
            run(info, &example);
        }
    }
}

#[test]
fn a_wrong_example_shows_its_own_fault_and_no_other() {
    for info in CODES {
        for example in examples(info.page).iter().filter(|example| example.wrong) {
            let checked = run(info, example);
            let others = checked.diagnostics.iter().any(|d| {
                let usual = [
                    info.code,
                    Code::UNSOURCED,
                    Code::DEFAULTS,
                    Code::NOT_YET_COMPUTED,
                ];
                !usual.contains(&d.code)
            });
            assert!(
                !others,
                "{}, example\n{}\nreports:\n{}",
                info.code,
                example.text,
                list(&checked)
            );
        }
    }
}

#[test]
fn every_page_has_an_explanation_and_both_examples() {
    for info in CODES {
        let code = info.code;
        let lines = info.page.lines().count();
        assert!((12..=36).contains(&lines), "{code} has {lines} lines");
        assert!(
            info.page.ends_with('\n') && !info.page.contains('\t'),
            "{code} ends with a newline and has no tabs"
        );
        assert!(
            info.page.lines().all(|line| line.chars().count() <= 128),
            "{code} has a line longer than the others"
        );
        let examples = examples(info.page);
        let both = examples.iter().any(|e| e.wrong) && examples.iter().any(|e| !e.wrong);
        let plain = info.page.contains("\n```text\n") || info.page.contains("\n```console\n");
        let elsewhere = code.of_game_files()
            || code.of_ledgers()
            || code.of_fits()
            || code.of_sheets()
            || code.of_runs();
        let any = plain || !examples.is_empty() || code.of_game_files();
        assert!(
            if NOT_FROM_A_FRAGMENT.contains(&code) || elsewhere {
                any
            } else {
                both
            },
            "{code} lacks an example"
        );
    }
}

/// What a fault says and what its page says are one: of a lever and an option that set what they cannot, the page names all that they can.
#[test]
fn the_page_on_paths_agrees_with_what_is_said_of_levers_and_options() {
    let page = CODES.iter().find(|info| info.code == Code::UNKNOWN_PATH);
    let page = page.expect("in the table").page.split_whitespace();
    let page = page.collect::<Vec<_>>().join(" ");
    let lever = "[lever.l]\nby = 'north'\nkind = 'stick'\ntrigger = 'now'\nsets = { \"party.north.patience\" = 0.95 }\n";
    let option = "[issue.harbour.option.leased]\nsets = { \"party.north.patience\" = 0.95 }\n";
    for (text, what) in [(lever, "lever"), (option, "option")] {
        let checked = check("a case", &format!("{BASE}{text}"));
        let fault = checked
            .diagnostics
            .iter()
            .find(|d| d.code == Code::UNKNOWN_PATH);
        let help = fault
            .and_then(|d| d.help.clone())
            .expect("a fault with help");
        let named = [
            "levels of contributions",
            "numbers of the contest as a whole",
            "capacities",
            "burdens and scars",
        ];
        for number in named {
            assert!(
                help.contains(number) && page.contains(number),
                "{number}: {help}\n{page}"
            );
        }
        assert_eq!(
            help.contains("values of options"),
            what == "lever",
            "{help}"
        );
    }
    assert!(page.contains("after a refusal also values of options"));
}

#[test]
fn folders_hold_a_page_for_every_code_and_no_other() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../detente-diag/pages");
    let mut files: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    files.sort();
    let expected: Vec<String> = CODES
        .iter()
        .map(|info| format!("{}.md", info.code))
        .collect();
    assert_eq!(files, expected);
}

#[test]
fn an_empty_text_is_said_to_be_empty() {
    for text in ["", " \n\t\r\n ", "\n\n\n"] {
        let checked = check("empty", text);
        assert!(
            checked.case.is_none()
                && checked.diagnostics.len() == 1
                && reports(&checked, Code::EMPTY),
            "{text:?}"
        );
    }
}

#[test]
fn what_two_files_both_say_is_refused_and_the_rest_is_put_together() {
    let catalogue = detente_core::catalogue::all();
    let beliefs = "[party.north]\nbelieves.edge = 0.1\n[[move_together]]\npaths = ['contest.edge', 'contest.pace']\nstrength = 'weak'\n";
    let both = detente_case::check(&[("case", BASE), ("beliefs", beliefs)], &catalogue);
    let case = both
        .case
        .as_ref()
        .unwrap_or_else(|| panic!("{}", list(&both)));
    assert!(
        case.inputs
            .iter()
            .any(|i| i.path == "party.north.believes.edge" && i.text == "0.1")
    );
    assert_eq!(case.together.len(), 1);
    let again = detente_case::check(
        &[("case", BASE), ("again", "[party.north]\nburden = 3\n")],
        &catalogue,
    );
    assert!(
        again.case.is_none() && reports(&again, Code::DEFINED_TWICE),
        "{}",
        list(&again)
    );
    let label = again.diagnostics[0].labels[0].clone();
    assert_eq!(
        again.sources.get(label.span.file).map(|s| s.name.as_str()),
        Some("again")
    );
}

#[test]
fn every_limit_has_its_message() {
    let many = |from: &str, count: usize| -> String {
        (0..count)
            .map(|i| from.replace('#', &i.to_string()))
            .collect()
    };
    let party =
        "[party.p#]\nissue.harbour.weight = 1\nissue.harbour.value = { closed = 0, shared = 1 }\n";
    let issue = "[issue.i#]\nstatus_quo = 'a'\noption = { a = {}, b = {} }\n";
    let lever = "[lever.l#]\nby = 'north'\nkind = 'stick'\ntrigger = 'now'\n";
    let options = format!(
        "[issue.large]\nstatus_quo = 'o0'\n{}",
        many("[issue.large.option.o#]\n", limits::OPTIONS + 1)
    );
    let sets = format!(
        "{}{}",
        many(party, 5),
        many(
            "[issue.i#]\nstatus_quo = 'a'\n[issue.i#.option.a]\n[issue.i#.option.b]\nperformed_by = ['p#']\n",
            5
        )
    );
    let moving = limits::TOGETHER + 2;
    let together = format!(
        "{}[[move_together]]\nstrength = 'weak'\npaths = [{}]\n",
        many(
            "[act.a#]\nby = 'north'\non = 2024\nsays = 's'\nlikelihood.north = '1 to 2'\n",
            moving
        ),
        many("'act.a#.likelihood.north', ", moving)
    );
    let texts = [
        ("17 parties", many(party, limits::PARTIES - 1)),
        (
            "65 types",
            many("[party.north.type.t#]\nprior = 1\n", limits::TYPES),
        ),
        ("41 issues", many(issue, limits::ISSUES - 1)),
        ("65 options of `large`", options),
        ("65 levers", many(lever, limits::LEVERS + 1)),
        (
            "201 named packages",
            many("[package.p#]\nchoose = {}\n", limits::PACKAGES + 1),
        ),
        ("32 sets of parties", sets),
        (
            "501 claims",
            many(
                "[claim.c#]\nsays = 's'\nnot_computable = 'w'\n",
                limits::CLAIMS + 1,
            ),
        ),
        ("66 numbers that move together", together),
        (
            "201 readings",
            many(
                "[reading.r#]\nset = { 'contest.edge' = 0.1 }\n",
                limits::READINGS + 1,
            ),
        ),
        (
            "129 red lines",
            many(
                "[party.north.redline.r#]\nsays = 's'\nkind = 'hard'\nwhen = { harbour = ['shared'] }\n",
                limits::RED_LINES + 1,
            ),
        ),
        (
            "129 constraints",
            many(
                "[constraint.c#]\nforbid = { harbour = ['shared'] }\n",
                limits::CONSTRAINTS + 1,
            ),
        ),
    ];
    for (what, text) in texts {
        let text = format!("{BASE}{text}");
        let checked = check("large", &text);
        let said = checked
            .diagnostics
            .iter()
            .any(|d| d.code == Code::TOO_LARGE && d.message.contains(what));
        assert!(
            said && checked.case.is_none(),
            "{what} is beyond a limit, but it reports:\n{}",
            list(&checked)
        );
    }
    let files: Vec<(&str, &str)> = vec![("part", BASE); limits::FILES + 1];
    let checked = detente_case::check(&files, &[]);
    assert!(
        checked.diagnostics[0].message.contains("65 files"),
        "{}",
        list(&checked)
    );
    let long = format!("{BASE}\n#{}", "x".repeat(limits::BYTES));
    assert!(reports(&check("long", &long), Code::TOO_LARGE));
}

#[test]
fn the_exceptions_are_few() {
    let without: Vec<Code> = codes_of_texts()
        .filter(|code| NOT_FROM_A_FRAGMENT.contains(code))
        .collect();
    assert_eq!(without, [Code::EMPTY, Code::TOO_LARGE]);
}
