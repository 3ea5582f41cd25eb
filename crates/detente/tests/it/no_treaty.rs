//! The two historical cases whose no deal is computed: Camp David and the Panama Canal. What was published of them is held in `published.rs`.

use detente::handles::alternative;
use detente::report::{self, Stamp};
use detente::{Case, Ignored, Overrides, Plan, run, summarise};
use detente_core::Dimension;

use crate::{case, small, text};

/// What no deal is worth to a party of one type, with these numbers set.
fn value(name: &str, party: &str, set: &[&str]) -> f64 {
    let set: Vec<String> = set.iter().map(|s| (*s).to_owned()).collect();
    let mut sources = detente::diag::Sources::default();
    let case = case(name).with_set(&set, &mut sources).unwrap();
    let plan = Plan::new(&case);
    let table = run(&plan, &Overrides::default(), small(1, 0), &Ignored);
    let types = Dimension::Type.size(&case.setting);
    let found = (0..types).find(|t| Dimension::Type.entry(&case.setting, *t) == party);
    table.mean(alternative::VALUE, &[found.expect(party)]).value
}

fn near(found: f64, by_hand: f64) {
    assert!((found - by_hand).abs() < 1e-6, "{found}, {by_hand}");
}

/// Neither peace nor war for ever: Israel keeps 90 of its hundred points, all but recognition, and Egypt the 5 that recognition is worth to
/// it; a scar s each month is s/(1 − δ) in all. With talks that begin again at a rate of ln 2 alone, half of what is left ends each month
/// in the accords, at 65 and 55: V = ((1 − δ)y − s + ½δZ)/(1 − ½δ).
#[test]
fn neither_peace_nor_war_by_hand() {
    let rate = |name: &str, x: &str| format!("process.move.{name}={x}");
    let still = [
        rate("breakdown.rate", "0"),
        rate("fighting.rate", "0"),
        rate("fighting.later.pledge_ends.rate", "0"),
        "process.state.neither.scar.israel=0.3".to_owned(),
        "process.state.neither.scar.egypt=0.2".to_owned(),
        "party.israel.patience=0.985".to_owned(),
        "party.egypt.patience=0.98".to_owned(),
    ];
    let mut set: Vec<&str> = still.iter().map(String::as_str).collect();
    let never = rate("talks_again.rate", "0");
    set.push(&never);
    near(value("camp-david-1978", "israel", &set), 90.0 - 20.0);
    near(value("camp-david-1978", "egypt", &set), 5.0 - 10.0);
    let half = rate("talks_again.rate", &std::f64::consts::LN_2.to_string());
    *set.last_mut().unwrap() = &half;
    // (1.35 − .3 + 32.0125)/.5075 and (.1 − .2 + 26.95)/.51.
    near(value("camp-david-1978", "israel", &set), 65.147_783_251);
    near(value("camp-david-1978", "egypt", &set), 52.647_058_824);
}

/// The treaty of 1903 for ever: all that the United States wished, less s/(1 − δ); nothing for Panama, less the same.
#[test]
fn the_treaty_of_1903_by_hand() {
    let set = [
        "process.move.treaty_after_all.rate=0",
        "process.move.hope_lost.rate=0",
        "process.move.hope_lost.later.delay_too_long.rate=0",
        "process.state.hope.scar.us=0.15",
        "process.state.hope.scar.panama=0.05",
        "party.us.patience=0.985",
        "party.panama.patience=0.98",
    ];
    near(value("panama-canal-1977", "us", &set), 90.0);
    near(value("panama-canal-1977", "panama", &set), -2.5);
}

/// What the published weights leave out decides: who loses nothing by living without an agreement takes neither the accords nor the
/// division by weights.
#[test]
fn without_a_cost_of_no_deal_the_weights_alone_give_nobody_a_reason() {
    let free = |name: &str, party: &str, states: &[&str]| {
        let set: Vec<String> = states
            .iter()
            .map(|state| format!("process.state.{state}.scar.{party}=0"))
            .collect();
        let set: Vec<&str> = set.iter().map(String::as_str).collect();
        value(name, party, &set)
    };
    let israel = free(
        "camp-david-1978",
        "israel",
        &["neither", "front", "october"],
    );
    assert!(israel > 65.0, "{israel}");
    let us = free(
        "panama-canal-1977",
        "us",
        &["hope", "no_hope", "riots", "impeded"],
    );
    assert!(us > 79.0, "{us}");
}

/// The page of a case as it is told over so many worlds, all of them searched if they are few, else some.
fn page(case: &Case, worlds: usize) -> String {
    let told = summarise(
        case,
        &[],
        small(worlds, if worlds > 64 { 2 } else { worlds }),
        &Ignored,
    )
    .unwrap();
    let stamp = Stamp {
        case_path: String::new(),
        case_hash: String::new(),
        command: String::new(),
    };
    report::html(&told, &stamp)
}

/// A case whose parties are of one type says nothing of what lies in types; one with several does.
#[test]
fn types_that_are_not_there_explain_nothing() {
    let without = page(&case("panama-canal-1977"), 256);
    assert!(without.contains("No party has more than one type, so that all that is uncertain"));
    assert!(!without.contains("No source settles types"));
    let with = page(&case("fish-stocks"), 96);
    assert!(with.contains("% lies in which types the parties are"));
    assert!(with.contains("No source settles types"));
}

/// Of two packages that both do, neither is "the only one".
#[test]
fn packages_that_all_do_are_not_the_only_ones() {
    let page = page(&case("camp-david-1978"), 64);
    assert!(page.contains("For each of the 2 named packages at least half of the sampled worlds"));
    assert!(!page.contains("are the only ones of 2"));
}

/// What searches alone can tell is told of searched worlds.
#[test]
fn no_package_will_do_in_searched_worlds() {
    let text =
        text("camp-david-1978").replace("scar = { israel = \"0.1 to 0.8\"", "scar = { israel = 0");
    let case: Case = detente::check("case.toml", &text).case.expect("no errors");
    let page = page(&case, 64);
    let from = page
        .find(" searched worlds no package will do")
        .expect("so");
    assert!(page[..from].ends_with("of 100"));
    assert!(!page.contains("sampled worlds no package"));
}
