//! The manual page is a case: its examples, put together, are checked and drawn.

use detente_case::{Observed, Overrides, Plan};
use detente_math::Stream;

use crate::{check, list};

const PAGE: &str = include_str!("../../../../docs/language.md");

/// The examples fenced as this language, in order.
fn examples(fence: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut lines = PAGE.lines();
    while let Some(line) = lines.next() {
        if line == fence {
            let body: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
            found.push(body.join("\n"));
        }
    }
    found
}

#[test]
fn the_examples_make_one_case_without_errors() {
    let parts = examples("```toml");
    assert!(parts.len() >= 8, "{} examples", parts.len());
    let checked = check("docs/language.md", &parts.join("\n\n"));
    let case = checked.case.as_ref();
    let case = case.unwrap_or_else(|| panic!("the manual is at fault:\n{}", list(&checked)));
    let plan = Plan::new(case);
    let world = plan.world(&plan.uniforms(Stream::default(), 0), &Overrides::default());
    assert_eq!(world.numbers.types.len(), case.setting.types.len());
}

/// Examples of a number's long form, put where a share of a contribution stands.
#[test]
fn the_examples_of_numbers_are_read() {
    let whole = examples("```toml").join("\n\n").replace(
        "[source.poll-2024]",
        "[source.oped-2025-03]\ntitle = \"An article\"\n[source.poll-2024]",
    );
    let mut read = 0;
    for line in examples("```toml number")
        .iter()
        .flat_map(|part| part.lines())
    {
        let (key, value) = line.split_once(" = ").unwrap();
        let start = whole.find("[contest.supply.patron_arms]").unwrap();
        let old = whole[start..]
            .lines()
            .find(|l| l.starts_with(&format!("{key} = ")))
            .unwrap();
        let text = whole.replacen(old, &format!("{key} = {value}"), 1);
        let checked = check("docs/language.md", &text);
        assert!(checked.case.is_some(), "{line}:\n{}", list(&checked));
        read += 1;
    }
    assert_eq!(read, 3);
}

#[test]
fn the_small_cases_run_by_themselves() {
    let small = examples("```toml whole");
    assert_eq!(small.len(), 4);
    for text in small {
        let checked = check("docs/language.md", &text);
        assert!(checked.case.is_some(), "{text}\n{}", list(&checked));
    }
}

#[test]
fn the_evidence_settles_a_judgement_of_the_manual() {
    let checked = check("docs/language.md", &examples("```toml").join("\n\n"));
    let case = checked.case.expect("the manual is a case");
    let [text] = &examples("```toml evidence")[..] else {
        panic!("one evidence file");
    };
    let (found, faults, _) = detente_case::check_evidence("evidence.toml", text, &case);
    assert!(faults.is_empty(), "{faults:?}");
    let found = found.expect("no faults");
    let seen: Vec<_> = found.iter().map(|e| (e.settles, e.observed)).collect();
    assert_eq!(
        seen,
        [(0, Observed::Happened(false)), (1, Observed::Value(31.0))]
    );
    assert_eq!(found[0].sources, ["The gazette"]);
    for (from, to) in [
        ("settles = \"by_december\"", "settles = \"by_january\""),
        ("outcome = false", "outcome = 0"),
        ("outcome = false", "value = 0"),
        ("outcome = false\n", ""),
        ("value = 31", "value = \"30 to 32\""),
        ("value = 31", "outcome = true"),
        ("source = [\"gazette\"]", "source = [\"journal\"]"),
        ("on = 2025-01-31\n", ""),
    ] {
        assert!(text.contains(from), "{from}");
        let wrong = text.replacen(from, to, 1);
        let (found, faults, _) = detente_case::check_evidence("evidence.toml", &wrong, &case);
        assert!(found.is_none() && faults.len() == 1, "{to}: {faults:?}");
    }
}

/// The page lists every term, in order, with the words that stand where a case has none of its own.
#[test]
fn terms_are_on_the_page_with_their_words() {
    let from = PAGE
        .find("## Words of the case's own")
        .expect("the section");
    let rows = PAGE[from..]
        .lines()
        .skip_while(|line| !line.starts_with("|---"));
    let rows: Vec<Vec<&str>> = rows
        .skip(1)
        .take_while(|line| line.starts_with('|'))
        .map(|line| line.trim_matches('|').split('|').map(str::trim).collect())
        .collect();
    assert_eq!(rows.len(), detente_core::TERMS.len());
    for (row, spec) in rows.iter().zip(detente_core::TERMS) {
        let elsewhere = match spec.elsewhere {
            Some(_) if spec.key == "going_on" => "what `no_deal` says",
            other => other.unwrap_or_default(),
        };
        let key = format!("`{}`", spec.key);
        assert_eq!(row[..3], [key.as_str(), spec.in_contest, elsewhere]);
        // The sentence holds one of the two.
        let holds = |word: &str| !word.is_empty() && row[3].contains(&format!("*{word}*"));
        assert!(holds(spec.in_contest) || holds(elsewhere), "{row:?}");
    }
}

/// Where a number has two bounds of its own, the page says which.
#[test]
fn bounds_of_numbers_are_on_the_page() {
    for (key, low, high) in [
        ("fades", 12, 120),
        ("rebuild", 6, 60),
        ("kept_months", 1, 240),
        ("force", 0, 3),
    ] {
        let line = PAGE
            .lines()
            .find(|line| line.starts_with(&format!("{key} = ")))
            .unwrap();
        assert!(line.contains(&format!("in [{low}, {high}]")), "{line}");
        let field = durability(key);
        assert_eq!(
            field,
            detente_case::Domain::Within(f64::from(low), f64::from(high)),
            "{key}"
        );
    }
}

/// Where a number of the durability table may lie, a side's where it has one a side.
fn durability(key: &str) -> detente_case::Domain {
    use detente_case::{Kind, ROOT};
    let find = |table: &'static detente_case::TableSpec, key: &str| {
        let found = table.fields.iter().find(|field| field.key == key);
        found.map(|field| field.kind).unwrap()
    };
    let Kind::Table(table) = find(&ROOT, "durability") else {
        panic!("a table");
    };
    match find(table, key) {
        Kind::Number(number) => number.domain,
        Kind::Table(sides) => match find(sides, "A") {
            Kind::Number(number) => number.domain,
            other => panic!("{other:?}"),
        },
        other => panic!("{other:?}"),
    }
}

/// Every key of the language stands on its page.
#[test]
fn every_key_is_on_the_page() {
    fn walk(table: &detente_case::TableSpec, missing: &mut Vec<&str>) {
        for field in table.fields {
            let word = |c: char| !(c.is_alphanumeric() || c == '_');
            if !PAGE.split(word).any(|piece| piece == field.key) {
                missing.push(field.key);
            }
            match field.kind {
                detente_case::Kind::Table(inner)
                | detente_case::Kind::Map(inner)
                | detente_case::Kind::Tables(inner) => walk(inner, missing),
                _ => {}
            }
        }
    }
    let mut missing = Vec::new();
    walk(&detente_case::ROOT, &mut missing);
    walk(&detente_case::LONG_NUMBER, &mut missing);
    walk(&detente_case::EVIDENCE_ROOT, &mut missing);
    assert_eq!(missing, Vec::<&str>::new());
}
