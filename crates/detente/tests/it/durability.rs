//! The example of docs/lenses/durability.md is a case that runs and gives the answer printed there.

use detente::{Case, Ignored, columns, run};

use crate::small;

const PAGE: &str = include_str!("../../../../docs/lenses/durability.md");

fn fenced(fence: &str) -> String {
    let lines = PAGE.lines().skip_while(|line| *line != fence).skip(1);
    let body: Vec<&str> = lines.take_while(|line| *line != "```").collect();
    body.join("\n")
}

fn example() -> Case {
    let checked = detente::check("docs/lenses/durability.md", &fenced("```toml"));
    let faults: Vec<String> = checked
        .diagnostics
        .iter()
        .map(|d| format!("{d:?}"))
        .collect();
    checked.case.unwrap_or_else(|| panic!("{faults:#?}"))
}

/// Every number that the lens tells, a line each, but for what is zero by definition or about searches..
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
        .filter(|c| c.name.starts_with("durability."));
    let lines: Vec<String> = told
        .filter(|c| !row[c.place].is_nan())
        .filter(|c| !c.name.contains("stand_in") && !c.name.contains("guarantee_buys"))
        .map(|c| format!("{} = {:.4}", c.name, row[c.place]))
        .collect();
    assert_eq!(lines.join("\n"), fenced("```text answer"));
}

/// A package taken apart: what follows the deal is no part of what leaders gain or lose.
#[test]
fn what_follows_a_deal_is_told_apart() {
    let case = example();
    let none = detente::Overrides::default();
    let why = detente::why(&case, &none, "north", "ceded", None).unwrap();
    let follows = why
        .lines()
        .find(|line| line.contains("what may follow the deal"));
    assert!(follows.is_some_and(|line| line.ends_with("−27.3")), "{why}");
    assert!(!why.contains("leader"), "{why}");
}
