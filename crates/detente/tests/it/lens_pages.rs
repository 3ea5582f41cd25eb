//! The example of every page under docs/lenses/ is a case that runs and gives the answer printed there.

use detente::{Ignored, columns, run};

use crate::small;
use detente::{Template, explain, new_case};

const PAGES: [(&str, &str); 7] = [
    (
        "alternative",
        include_str!("../../../../docs/lenses/alternative.md"),
    ),
    (
        "beliefs",
        include_str!("../../../../docs/lenses/beliefs.md"),
    ),
    (
        "leverage",
        include_str!("../../../../docs/lenses/leverage.md"),
    ),
    (
        "settlement",
        include_str!("../../../../docs/lenses/settlement.md"),
    ),
    (
        "stability",
        include_str!("../../../../docs/lenses/stability.md"),
    ),
    ("talks", include_str!("../../../../docs/lenses/talks.md")),
    ("veto", include_str!("../../../../docs/lenses/veto.md")),
];

fn fenced(page: &str, fence: &str) -> String {
    let lines = page.lines().skip_while(|line| *line != fence).skip(1);
    let body: Vec<&str> = lines.take_while(|line| *line != "```").collect();
    body.join("\n")
}

/// Every example of every page, from its case on, with its place on the page.
fn examples() -> impl Iterator<Item = (&'static str, &'static str, usize)> {
    PAGES.into_iter().flat_map(|(lens, page)| {
        let cases = page.match_indices("```toml\n").enumerate();
        cases.map(move |(place, (from, _))| (lens, &page[from..], place))
    })
}

/// Every printed line is what the first world of the example gives; every number that the lens tells of the example's own party is
/// there to be printed.
#[test]
fn examples_give_the_printed_answers() {
    for (lens, page, place) in examples() {
        let name = format!("docs/lenses/{lens}.md");
        let checked = detente::check(&name, &fenced(page, "```toml"));
        let case = checked
            .case
            .unwrap_or_else(|| panic!("{name}: {:#?}", checked.diagnostics));
        let plan = detente::Plan::new(&case);
        let none = detente::Overrides::default();
        let table = run(&plan, &none, small(16, 4), &Ignored);
        let row = table.rows().next().unwrap();
        let told: Vec<String> = columns(&case.setting)
            .into_iter()
            .filter(|c| c.name.starts_with(lens) && !row[c.place].is_nan())
            .map(|c| format!("{} = {:.4}", c.name, row[c.place]))
            .collect();
        let printed = fenced(page, "```text answer");
        // A page's further examples show one thing.
        let least = if place == 0 { 5 } else { 2 };
        assert!(printed.lines().count() >= least, "{name} prints an answer");
        for line in printed.lines() {
            assert!(
                told.iter().any(|t| t == line),
                "{name}: {line} is not among\n{}",
                told.join("\n")
            );
        }
    }
}

/// Every kind of lever has an example on its page that runs in the case that `detente new` writes, and that somebody believes more or less.
#[test]
fn every_kind_of_lever_has_an_example_that_runs() {
    let page = explain("lever.kind").expect("a page");
    assert_eq!(
        explain("lever.surge.kind").map(|p| p.lines().count()),
        Ok(page.lines().count())
    );
    let blocks: Vec<&str> = page.split("```toml lever\n").skip(1).collect();
    for kind in ["stick", "carrot", "assurance", "pressure"] {
        let own = format!("kind = \"{kind}\"");
        assert!(blocks.iter().any(|block| block.contains(&own)), "{kind}");
    }
    let template = new_case(Template::Process, "A test");
    for block in blocks {
        let example = block.split("```").next().unwrap();
        let checked = detente::check("case.toml", &format!("{template}\n{example}"));
        let case = checked
            .case
            .unwrap_or_else(|| panic!("{example}: {:#?}", checked.diagnostics));
        let plan = detente::Plan::new(&case);
        let none = detente::Overrides::default();
        let table = run(&plan, &none, small(16, 4), &Ignored);
        let row = table.rows().next().unwrap();
        let told = |lens: &str, quantity: &str| row[table.layout.column_of(lens, quantity, &[0])];
        let breach = example.contains("violate(");
        let believed = if breach {
            told("durability", "comes")
        } else {
            told("leverage", "credibility")
        };
        assert!((0.0..=1.0).contains(&believed), "{example}: {believed}");
    }
}
