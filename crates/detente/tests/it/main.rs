//! Whole runs over the shipped cases.

mod cases;
mod certificates;
mod draws;
mod page;
mod repository;
mod schema;
mod why;

use detente::{Case, RunOptions};

/// The text of a shipped case.
fn text(name: &str) -> &'static str {
    match name {
        "first-case" => include_str!("../../../../cases/first-case/case.toml"),
        "ukraine-2025" => include_str!("../../../../cases/ukraine-2025/case.toml"),
        other => panic!("no shipped case {other}"),
    }
}

const CASES: [&str; 2] = ["first-case", "ukraine-2025"];

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
