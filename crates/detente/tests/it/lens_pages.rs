//! The example of every page under docs/lenses/ is a case that runs and gives the answer printed there.

use detente::{Ignored, columns, run};

use crate::small;

const PAGES: [(&str, &str); 6] = [
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
    ("veto", include_str!("../../../../docs/lenses/veto.md")),
];

fn fenced(page: &str, fence: &str) -> String {
    let lines = page.lines().skip_while(|line| *line != fence).skip(1);
    let body: Vec<&str> = lines.take_while(|line| *line != "```").collect();
    body.join("\n")
}

/// Every printed line is what the first world of the example gives; every number that the lens tells of the example's own party is
/// there to be printed.
#[test]
fn examples_give_the_printed_answers() {
    for (lens, page) in PAGES {
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
        assert!(printed.lines().count() >= 5, "{name} prints an answer");
        for line in printed.lines() {
            assert!(
                told.iter().any(|t| t == line),
                "{name}: {line} is not among\n{}",
                told.join("\n")
            );
        }
    }
}
