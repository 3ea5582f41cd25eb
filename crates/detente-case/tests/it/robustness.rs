//! No text makes the checker panic or run on, and every place it points at is in the text.

use detente_case::{Overrides, Plan};
use detente_diag::Severity;
use proptest::prelude::*;

use crate::check;

const FIRST: &str = include_str!("../../../../cases/first-case/case.toml");
const UKRAINE: &str = include_str!("../../../../cases/ukraine-2025/case.toml");

/// Checks a text, and what must hold of any: places lie in it, on letters' bounds, and a case that is accepted draws a world.
fn try_text(text: &str) {
    let checked = check("hostile", text);
    for d in &checked.diagnostics {
        for label in &d.labels {
            let (start, end) = (label.span.start, label.span.end);
            assert!(
                text.get(start..end).is_some(),
                "{} at {start}..{end} of {} bytes: {}",
                d.code,
                text.len(),
                d.message
            );
            assert!(
                checked.sources.get(label.span.file).is_some(),
                "{} points into no text",
                d.code
            );
        }
        assert!(!d.message.is_empty());
    }
    if let Some(case) = checked.case {
        let plan = Plan::new(&case);
        let world = plan.world(
            &plan.uniforms(detente_math::Stream::default(), 3),
            &Overrides::default(),
        );
        assert_eq!(world.numbers.types.len(), case.setting.types.len());
        for reading in &case.readings {
            let replaced = reading
                .set
                .iter()
                .map(|r| (r.input, r.distribution.clone()))
                .collect();
            plan.world(
                &plan.medians(),
                &Overrides {
                    replaced,
                    ..Overrides::default()
                },
            );
        }
    }
}

/// What is done to a text, at places given as shares of its length.
#[derive(Clone, Debug)]
enum Change {
    DeleteBytes(f64, usize),
    DoubleBytes(f64, usize),
    ReplaceBytes(f64, usize, Vec<u8>),
    DeleteLine(f64),
    DoubleLine(f64),
    MoveLine(f64, f64),
    ReplaceLine(f64, f64),
    ReplaceNumber(f64, String),
}

fn place(share: f64, length: usize) -> usize {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a share of a length"
    )]
    let at = (share * length as f64) as usize;
    at.min(length.saturating_sub(1))
}

impl Change {
    fn of(&self, text: &str) -> String {
        let bytes = |share: f64, length: usize, with: &dyn Fn(&[u8]) -> Vec<u8>| {
            let all = text.as_bytes();
            let start = place(share, all.len());
            let end = (start + length).min(all.len());
            let new = [&all[..start], &with(&all[start..end]), &all[end..]].concat();
            String::from_utf8_lossy(&new).into_owned()
        };
        let mut lines: Vec<&str> = text.lines().collect();
        let count = lines.len();
        if count == 0 {
            return text.to_owned();
        }
        match self {
            Change::DeleteBytes(at, length) => return bytes(*at, *length, &|_| Vec::new()),
            Change::DoubleBytes(at, length) => {
                return bytes(*at, *length, &|old| [old, old].concat());
            }
            Change::ReplaceBytes(at, length, new) => return bytes(*at, *length, &|_| new.clone()),
            Change::DeleteLine(at) => drop(lines.remove(place(*at, count))),
            Change::DoubleLine(at) => lines.insert(place(*at, count), lines[place(*at, count)]),
            Change::MoveLine(from, to) => {
                let line = lines.remove(place(*from, count));
                lines.insert(place(*to, count), line);
            }
            Change::ReplaceLine(at, with) => lines[place(*at, count)] = lines[place(*with, count)],
            Change::ReplaceNumber(at, new) => {
                let i = place(*at, count);
                let line = match lines[i].split_once('=') {
                    Some((key, _)) => format!("{key}= {new}"),
                    None => lines[i].to_owned(),
                };
                lines[i] = &line;
                return lines.join("\n");
            }
        }
        lines.join("\n")
    }
}

fn change() -> impl Strategy<Value = Change> {
    let at = || 0.0..1.0_f64;
    let values = prop::sample::select(vec![
        "0",
        "-1",
        "1e308",
        "-1e308",
        "1e-320",
        "\"1e-300 to 1e300\"",
        "\"0.1 / 0.2 / 0.9\"",
        "\"between -1e308 and 1e308\"",
        "true",
        "[]",
        "{}",
        "\"\"",
        "\"é to ü\"",
        "\"\\u00e9 to 5\"",
        "'''\n5 to 4'''",
        "2024-06-01",
        "nan",
        "{ value = 1, source = [\"x\"] }",
        "[[[1]]]",
        "\"100%\"",
        "\"5 bn\"",
    ]);
    prop_oneof![
        (at(), 1..40_usize).prop_map(|(at, n)| Change::DeleteBytes(at, n)),
        (at(), 1..400_usize).prop_map(|(at, n)| Change::DoubleBytes(at, n)),
        (at(), 0..8_usize, prop::collection::vec(any::<u8>(), 1..8))
            .prop_map(|(at, n, new)| Change::ReplaceBytes(at, n, new)),
        at().prop_map(Change::DeleteLine),
        at().prop_map(Change::DoubleLine),
        (at(), at()).prop_map(|(from, to)| Change::MoveLine(from, to)),
        (at(), at()).prop_map(|(at, with)| Change::ReplaceLine(at, with)),
        (at(), values).prop_map(|(at, new)| Change::ReplaceNumber(at, new.to_owned())),
    ]
}

/// Pieces of the language, thrown together.
fn scraps() -> impl Strategy<Value = String> {
    let scrap = prop::sample::select(vec![
        "[case]\n",
        "[party.a]\n",
        "[party.b]\n",
        "[party.a.type.t]\n",
        "[party.a.redline.r]\n",
        "[issue.x]\n",
        "[issue.x.option.o]\n",
        "[issue.x.option.p]\n",
        "[contest]\n",
        "[contest.nest.n]\n",
        "[contest.supply.a]\n",
        "[lever.l]\n",
        "[reading.r.set]\n",
        "[package.p]\n",
        "[constraint.c]\n",
        "[[party]]\n",
        "name = 'n'\n",
        "as_of = 2024-01-01\n",
        "status_quo = 'o'\n",
        "roles = ['belligerent']\n",
        "side = 'A'\n",
        "option = {}\n",
        "weight = 1\n",
        "value = { o = 0, p = 1 }\n",
        "prior = 0\n",
        "choose = { x = 'o' }\n",
        "when = { x = ['o', 'q'] }\n",
        "kind = 'soft'\n",
        "by = 'a'\n",
        "forbid = {}\n",
        "line_issue = 'x'\n",
        "position = 3\n",
        "nest = 'n'\n",
        "'contest.edge' = 1\n",
        "contest.edge = 1\n",
        "sets.'contest.supply.a.level' = 2\n",
        "performed_by = ['a', 'z']\n",
        "issue.x.value.o = '5 to 1'\n",
        "'' = 1\n",
        "a.b.c = [{}, 'ß']\n",
        "types = ['t', 5]\n",
        "= \n",
        "\"",
    ]);
    prop::collection::vec(scrap, 0..60).prop_map(|scraps| scraps.concat())
}

fn bounded(cases: u32) -> ProptestConfig {
    // No files of failures: what fails here becomes a test of its own below or a text of the corpus.
    ProptestConfig {
        cases,
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(bounded(400))]

    #[test]
    fn any_bytes_are_survived(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        try_text(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn any_letters_are_survived(text in "[\\[\\]{}=\"'.,#\\n a-cé😀0-9\\\\\u{feff}-]{0,120}") {
        try_text(&text);
    }

    #[test]
    fn scraps_of_the_language_are_survived(text in scraps()) {
        try_text(&text);
    }

    #[test]
    fn any_number_text_is_survived(number in "[-+0-9.,eE%kMbn/ _–tobewand]{0,24}", key in prop::sample::select(vec!["burden", "patience", "scar"])) {
        try_text(&format!("{FIRST}\n[party.fourth]\n{key} = \"{number}\"\nissue.harbour.weight = 1\nissue.harbour.value = {{ closed = 0, shared = 1, leased = 0 }}\n"));
    }
}

proptest! {
    #![proptest_config(bounded(250))]

    #[test]
    fn a_changed_small_case_is_survived(changes in prop::collection::vec(change(), 1..4)) {
        try_text(&changes.iter().fold(FIRST.to_owned(), |text, change| change.of(&text)));
    }
}

proptest! {
    #![proptest_config(bounded(50))]

    #[test]
    fn a_changed_large_case_is_survived(changes in prop::collection::vec(change(), 1..3)) {
        try_text(&changes.iter().fold(UKRAINE.to_owned(), |text, change| change.of(&text)));
    }
}

#[test]
fn the_shipped_cases_are_accepted() {
    for text in [FIRST, UKRAINE] {
        assert!(check("shipped", text).case.is_some());
        try_text(text);
        try_text(&text.replace('\n', "\r\n"));
        try_text(&format!("\u{feff}{text}"));
    }
}

#[test]
fn nesting_has_no_depth_that_overwhelms() {
    for deep in [10, 100, 5_000, 50_000] {
        let dotted = vec!["a"; deep].join(".");
        try_text(&format!("a = {}", "[".repeat(deep)));
        try_text(&format!("a = {}{}", "[".repeat(deep), "]".repeat(deep)));
        try_text(&format!("a = {}", "{a=".repeat(deep)));
        try_text(&format!("a = {}1{}", "{a=".repeat(deep), "}".repeat(deep)));
        try_text(&format!("{dotted} = 1"));
        try_text(&format!("[{dotted}]"));
        try_text(&format!("[[{dotted}]]"));
        try_text(&format!("[reading.r.set]\ncontest.{dotted} = 1"));
        try_text(&format!("{FIRST}\n[reading.r.set]\ncontest.{dotted} = 1"));
        try_text(&"[".repeat(deep));
        try_text(&"\"".repeat(deep));
    }
}

#[test]
fn a_text_full_of_faults_is_survived() {
    let many = |from: &str, count: usize| -> String {
        (0..count)
            .map(|i| from.replace('#', &i.to_string()))
            .collect()
    };
    try_text(&many("key# = 1\n", 2_000));
    try_text(&format!(
        "{FIRST}\n[reading.astray.set]\n{}",
        many("'contest.nowhere#' = 1\n", 500)
    ));
    try_text(&format!(
        "{FIRST}\n{}",
        many(
            "[party.north.redline.r#]\nkind = 'soft'\nwhen = { sea = ['x#'] }\n",
            300
        )
    ));
}

#[test]
fn too_many_parties_options_or_types_are_survived() {
    let many = |from: &str, count: usize| -> String {
        (0..count)
            .map(|i| from.replace('#', &i.to_string()))
            .collect()
    };
    // A set of parties has room for 32.
    let parties = many("[party.p#]\nroles = ['belligerent']\nside = 'A'\n", 70);
    try_text(&format!(
        "{FIRST}{parties}[package.all]\nchoose = {{}}\nsignatories = ['p69']\n"
    ));
    try_text(&format!(
        "{FIRST}{parties}[issue.x]\nstatus_quo = 'a'\n[issue.x.option.a]\nperformed_by = ['p69']\n[issue.x.option.b]\n"
    ));
    // The product of the numbers of types has more digits than a counter.
    try_text(&format!(
        "{FIRST}{}",
        many("[party.p#]\nroles = ['belligerent']\n", 13)
            + &{
                (0..13)
                    .map(|p| many(&format!("[party.p{p}.type.t#]\nprior = 1\n"), 40))
                    .collect::<String>()
            }
    ));
    // Options performed by 14 parties in turn make 2^14 sets of them.
    let performed = |i: usize| {
        let options: Vec<String> = (0..60)
            .map(|o| {
                format!(
                    "[issue.x{i}.option.o{o}]\nperformed_by = ['p{}']\n",
                    (i + o) % 13
                )
            })
            .collect();
        format!("[issue.x{i}]\nstatus_quo = 'o0'\n{}", options.concat())
    };
    let performers = many(
        "[party.p#]\nissue.harbour = { weight = 1, value = { closed = 0, shared = 1, leased = 0 } }\n",
        13,
    );
    try_text(&format!(
        "{FIRST}{performers}{}",
        (0..37).map(performed).collect::<String>()
    ));
    // An issue without options, and a package that must choose one.
    for issue in [
        "status_quo = 'a'",
        "status_quo = 'a'\noption = {}",
        "option = 5",
        "",
    ] {
        try_text(&format!(
            "{FIRST}\n[issue.x]\n{issue}\n[package.none]\nchoose = {{ x = 'a' }}\n"
        ));
    }
    try_text(&format!(
        "{FIRST}\n[issue.x]\nstatus_quo = 'o0'\n{}[package.last]\nchoose = {{ x = 'o299' }}\n",
        many("[issue.x.option.o#]\n", 300)
    ));
}

#[test]
fn rules_too_many_to_satisfy_are_refused_without_a_search() {
    // All of 24 issues must differ, with 23 options each: there is no such package, and no quick way to see it.
    let options = (0..23)
        .map(|o| format!("o{o} = {{}}"))
        .collect::<Vec<_>>()
        .join(", ");
    let issue = |i: usize| format!("[issue.x{i}]\nstatus_quo = 'o0'\noption = {{ {options} }}\n");
    let rule = |i: usize, k: usize, o: usize| {
        format!("constraint.r{i}-{k}-{o}.forbid = {{ x{i} = ['o{o}'], x{k} = ['o{o}'] }}\n")
    };
    let mut text: String = (0..24)
        .flat_map(|k| (0..k).flat_map(move |i| (0..23).map(move |o| rule(i, k, o))))
        .collect();
    text += FIRST.split_once("[constraint").unwrap().0;
    text += &(0..24).map(issue).collect::<String>();
    let checked = check("hard", &text);
    let code = |d: &detente_diag::Diagnostic| d.code == detente_diag::Code::TOO_LARGE;
    assert!(checked.case.is_none() && checked.diagnostics.iter().any(code));
    try_text(&text);
}

#[test]
fn parts_of_the_wrong_kind_are_survived() {
    for part in [
        "case",
        "source",
        "party",
        "issue",
        "constraint",
        "package",
        "contest",
        "lever",
        "reading",
    ] {
        for value in [
            "5",
            "'text'",
            "[]",
            "{}",
            "[[]]",
            "{ a = 5 }",
            "{ a = [] }",
            "{ a = {} }",
            "{ '' = { '' = {} } }",
            "true",
            "2024-01-01",
        ] {
            try_text(&format!("{part} = {value}"));
            let other: String = FIRST
                .split_inclusive('\n')
                .filter(|line| !line.starts_with(&format!("[{part}")))
                .collect();
            try_text(&format!("{part} = {value}\n{other}"));
        }
    }
}

/// Readings that include one another along many ways: each once, and no work beyond what is written.
#[test]
fn readings_in_diamonds_and_chains_are_put_together_once() {
    let levels = 60;
    let mut text = format!(
        "{FIRST}[reading.a{levels}]\nset = {{ 'contest.edge' = 0.11, 'contest.pace' = 1.1 }}\n"
    );
    for level in 0..levels {
        let next = level + 1;
        let own = if level == levels - 1 {
            "set = { 'contest.edge' = 0.12 }\n"
        } else {
            ""
        };
        let other = if next == levels { 'a' } else { 'b' };
        text += &format!(
            "[reading.a{level}]\nincludes = ['a{next}', '{other}{next}']\n{own}[reading.b{level}]\nincludes = ['{other}{next}', 'a{next}']\n"
        )
        .replace(&format!("['a{levels}', 'a{levels}']"), &format!("['a{levels}']"));
    }
    let case = check("diamonds", &text).case.unwrap();
    let first = case.readings.iter().find(|r| r.id == "a0").unwrap();
    let set: Vec<(&str, f64)> = first
        .set
        .iter()
        .map(|r| {
            let path = case.inputs[r.input.0 as usize].path.as_str();
            (path, r.distribution.exact().unwrap())
        })
        .collect();
    // What the last but one sets stands, although its base is reached again on another way after it.
    assert_eq!(set, [("contest.pace", 1.1), ("contest.edge", 0.12)]);

    let round = format!(
        "{FIRST}[reading.x]\nincludes = ['y', 'z']\n[reading.y]\nincludes = ['z']\n[reading.z]\nincludes = ['x']\n"
    );
    let circles = check("round", &round).diagnostics;
    let circles = circles
        .iter()
        .filter(|d| d.message.contains("includes itself"));
    assert_eq!(circles.count(), 3);
}

/// Statements as long as a file is, and sets within sets: refused with a message, before they are written out.
#[test]
fn statements_have_bounds() {
    let claim = |statement: &str| {
        let text = format!("{FIRST}[claim.x]\nsays = 's'\nholds_when = '{statement}'\n");
        let checked = check("claim", &text);
        let faults = checked
            .diagnostics
            .iter()
            .filter(|d| d.severity() == Severity::Error);
        let faults: Vec<String> = faults.map(|d| d.message.clone()).collect();
        (checked.case, faults)
    };
    let joined = |what: &str, by: &str, times: usize| vec![what; times].join(by);
    for long in [
        joined("settlement.zone > 0.5", " and ", 50_000),
        joined("settlement.zone", " + ", 40_000) + " > 1",
        format!("max({}) > 1", joined("1", ", ", 30_000)),
        format!("{} settlement.zone > 0.5", "not ".repeat(60_000)),
    ] {
        let (_, faults) = claim(&long);
        assert_eq!(
            faults,
            ["this statement has more than 4000 words and signs"]
        );
    }
    let nested = |depth: usize| {
        let body = "settlement.margin[v0, mediators_terms] > 1000";
        (0..depth).fold(body.to_owned(), |inner, k| {
            format!("any(v{k} in types: {inner})")
        })
    };
    let (case, faults) = claim(&nested(4));
    assert!(case.is_some(), "{faults:?}");
    let (_, faults) = claim(&nested(30));
    assert_eq!(
        faults,
        ["this statement has more than 20000 numbers and names once its sets are written out"]
    );
    // As deep as a statement may be, it is read, walked, judged and dropped on the stack of a thread.
    let (case, faults) = claim(&(joined("settlement.zone", " + ", 1_900) + " > 100"));
    assert!(case.is_some(), "{faults:?}");
    let body = nested(6).replace("> 1000", "> 1");
    let claim = |c: usize| format!("[claim.c{c}]\nsays = 's'\nholds_when = '{body}'\n");
    let many = (0..60).map(claim).collect::<Vec<_>>().concat();
    let checked = check("claims", &format!("{FIRST}{many}"));
    let said = |d: &detente_diag::Diagnostic| d.message.contains("numbers and names in statements");
    assert_eq!(checked.diagnostics.iter().filter(|d| said(d)).count(), 1);
}

/// What is too large is refused before anything is done that grows with it.
#[test]
fn the_size_of_a_case_is_looked_at_first() {
    for each in [
        "[party.p#]\nroles = ['belligerent']\nissue.harbour = { weight = 1, value = { closed = 0, shared = 0.5, leased = 1 } }\n",
        "[party.north.type.t#]\nprior = 1\n",
        "[lever.l#]\nby = 'north'\nkind = 'stick'\ntrigger = 'now'\n",
        "[issue.i#]\nstatus_quo = 'a'\noption = { a = {}, b = {} }\n",
    ] {
        let many: String = (0..8_000)
            .map(|i| each.replace('#', &i.to_string()))
            .collect();
        let checked = check("large", &format!("{FIRST}{many}"));
        assert!(checked.case.is_none() && checked.diagnostics.len() < 3);
    }
}
