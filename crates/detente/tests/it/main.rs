//! Whole runs over the shipped cases.

mod audit;
mod brief;
mod budgets;
mod cases;
mod certificates;
mod compelled;
mod conditions;
mod defaults;
mod draws;
mod durability;
mod equal_options;
mod fish_stocks;
mod invariance;
mod iran_2015;
mod lapses;
mod ledger;
mod lens_pages;
mod movers;
mod no_treaty;
mod page;
mod pasture;
mod published;
mod random_cases;
mod readings;
mod repository;
mod roles;
mod said;
mod schema;
mod strike;
mod strike_sections;
mod told;
mod wage_round;
mod why;
mod words;

// The independent simulation of no deal, which the lenses' own tests hold against the crates' nouns. Here it is held against
// case texts, which need a part of it.
#[allow(dead_code, reason = "the lenses' tests use the rest")]
#[path = "../../../detente-lens/tests/it/contests.rs"]
mod contests;
#[allow(dead_code, reason = "the lenses' tests use the rest")]
#[path = "../../../detente-lens/tests/it/expected.rs"]
mod expected;
#[allow(dead_code, reason = "the lenses' tests use the rest")]
#[path = "../../../detente-lens/tests/it/simulation.rs"]
mod simulation;
#[allow(dead_code, reason = "the lenses' tests use the rest")]
#[path = "../../../detente-lens/tests/it/stories.rs"]
mod stories;
#[allow(dead_code, reason = "the lenses' tests use the rest")]
#[path = "../../../detente-lens/tests/it/story.rs"]
mod story;

use std::sync::OnceLock;

use detente::{Case, RunOptions};

/// The text of a shipped case, or its first.
fn text(name: &str) -> &'static str {
    match name {
        "first-case" => include_str!("../../../../cases/first-case/case.toml"),
        "camp-david-1978" => include_str!("../../../../cases/camp-david-1978/case.toml"),
        "panama-canal-1977" => include_str!("../../../../cases/panama-canal-1977/case.toml"),
        "trade-triangle" => include_str!("../../../../cases/trade-triangle/case.toml"),
        "wage-round" => include_str!("../../../../cases/wage-round/case.toml"),
        "fish-stocks" => include_str!("../../../../cases/fish-stocks/case.toml"),
        "ukraine-2025" => include_str!("../../../../cases/ukraine-2025/case.toml"),
        "iran-2015" => include_str!("../../../../cases/iran-2015/case.toml"),
        other => panic!("no shipped case {other}"),
    }
}

const CASES: [&str; 8] = [
    "first-case",
    "ukraine-2025",
    "camp-david-1978",
    "panama-canal-1977",
    "trade-triangle",
    "wage-round",
    "fish-stocks",
    "iran-2015",
];

/// All texts of a shipped case but its evidence.
fn files(name: &str) -> Vec<(&str, &'static str)> {
    macro_rules! theme {
        ($case:literal, $file:literal) => {
            (
                $file,
                include_str!(concat!("../../../../cases/", $case, "/", $file, ".toml")),
            )
        };
    }
    let mut files = vec![(name, text(name))];
    if name == "ukraine-2025" {
        files.extend([
            theme!("ukraine-2025", "acts"),
            theme!("ukraine-2025", "beliefs"),
            theme!("ukraine-2025", "claims"),
            theme!("ukraine-2025", "durability"),
            theme!("ukraine-2025", "eu"),
            theme!("ukraine-2025", "gates"),
            theme!("ukraine-2025", "judgements"),
            theme!("ukraine-2025", "levers"),
            theme!("ukraine-2025", "partners"),
            theme!("ukraine-2025", "people"),
            theme!("ukraine-2025", "readings"),
            theme!("ukraine-2025", "talks"),
            theme!("ukraine-2025", "vetoes"),
        ]);
    }
    if name == "iran-2015" {
        files.extend([
            theme!("iran-2015", "claims"),
            theme!("iran-2015", "judgements"),
            theme!("iran-2015", "levers"),
            theme!("iran-2015", "process"),
            theme!("iran-2015", "readings"),
            theme!("iran-2015", "record"),
            theme!("iran-2015", "sources"),
        ]);
    }
    files
}

fn case(name: &str) -> Case {
    detente::check_files(&files(name))
        .case
        .unwrap_or_else(|| panic!("{name} has errors"))
}

/// Do the slow sets run too? `.ci/run` says so.
fn slow() -> bool {
    std::env::var_os("DETENTE_SLOW").is_some()
}

/// So many in a plain run, or with the slow sets; a plain run says what it leaves out.
fn of_many<N: std::fmt::Display>(what: &str, few: N, many: N) -> N {
    if slow() {
        many
    } else {
        println!("SKIPPED: {few} {what} of {many} (all with DETENTE_SLOW=1)");
        few
    }
}

/// A shipped case on a few worlds, summarised once for all tests.
fn summary(name: &str) -> &'static detente::Evidence {
    static KEPT: [OnceLock<detente::Evidence>; CASES.len()] =
        [const { OnceLock::new() }; CASES.len()];
    let place = CASES.iter().position(|known| *known == name);
    let kept = &KEPT[place.expect("a shipped case")];
    kept.get_or_init(|| {
        detente::summarise(&case(name), &[], small(8, 1), &detente::Ignored).expect("no readings")
    })
}

/// A run small enough for a test.
fn small(worlds: usize, searches: usize) -> RunOptions {
    RunOptions {
        worlds,
        searches,
        solutions: searches,
        ..RunOptions::default()
    }
}

/// What stands on a page between the opening tag with this id and a text.
fn part<'a>(html: &'a str, id: &str, end: &str) -> &'a str {
    let from = html.find(&format!("id=\"{id}\""));
    let text = &html[from.unwrap_or_else(|| panic!("no {id}"))..];
    &text[..text.find(end).unwrap()]
}

/// What a lens has to report.
fn chapter_of<T>(chapter: &detente::chapters::Chapter<T>) -> &T {
    match chapter {
        detente::chapters::Chapter::Told(told) => told,
        _ => panic!("not told"),
    }
}
