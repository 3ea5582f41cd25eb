//! The example of docs/lenses/veto.md is a case that runs and gives the answer printed there.

use detente::{Case, Ignored, columns, run};

use crate::small;

const PAGE: &str = include_str!("../../../../docs/lenses/veto.md");

fn fenced(fence: &str) -> String {
    let lines = PAGE.lines().skip_while(|line| *line != fence).skip(1);
    let body: Vec<&str> = lines.take_while(|line| *line != "```").collect();
    body.join("\n")
}

fn example() -> Case {
    let checked = detente::check("docs/lenses/veto.md", &fenced("```toml"));
    let faults: Vec<String> = checked
        .diagnostics
        .iter()
        .map(|d| format!("{d:?}"))
        .collect();
    checked.case.unwrap_or_else(|| panic!("{faults:#?}"))
}

/// Every number that the lens tells, a line each, but for changes of zero and months that stand for others.
#[test]
fn the_example_gives_the_printed_answer() {
    let case = example();
    let plan = detente::Plan::new(&case);
    let table = run(
        &plan,
        &detente::Overrides::default(),
        small(16, 0),
        &Ignored,
    );
    let row = table.rows().next().unwrap();
    let told = columns(&case.setting)
        .into_iter()
        .filter(|c| c.name.starts_with("veto."));
    let lines: Vec<String> = told
        .filter(|c| !row[c.place].is_nan())
        .filter(|c| c.name.contains("[south"))
        .map(|c| format!("{} = {:.4}", c.name, row[c.place]))
        .collect();
    assert_eq!(lines.join("\n"), fenced("```text answer"));
}
