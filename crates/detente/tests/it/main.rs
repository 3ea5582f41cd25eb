//! Whole runs over the shipped cases.

mod cases;
mod certificates;
mod draws;
mod page;
mod published;
mod repository;
mod schema;
mod why;

use detente::{Case, RunOptions};

/// The text of a shipped case.
fn text(name: &str) -> &'static str {
    match name {
        "first-case" => include_str!("../../../../cases/first-case/case.toml"),
        "camp-david-1978" => include_str!("../../../../cases/camp-david-1978/case.toml"),
        "panama-canal-1977" => include_str!("../../../../cases/panama-canal-1977/case.toml"),
        "trade-triangle" => include_str!("../../../../cases/trade-triangle/case.toml"),
        "ukraine-2025" => include_str!("../../../../cases/ukraine-2025/case.toml"),
        other => panic!("no shipped case {other}"),
    }
}

const CASES: [&str; 5] = [
    "first-case",
    "ukraine-2025",
    "camp-david-1978",
    "panama-canal-1977",
    "trade-triangle",
];

fn case(name: &str) -> Case {
    detente::check(name, text(name))
        .case
        .unwrap_or_else(|| panic!("{name} has errors"))
}

/// A run small enough for a test.
fn small(worlds: usize, searches: usize) -> RunOptions {
    RunOptions {
        worlds,
        searches,
        ..RunOptions::default()
    }
}
