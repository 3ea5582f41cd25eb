//! Which inputs are said to move the headline.

use detente::{Case, Evidence, Ignored, RunOptions, report, summarise};

/// A price between two parties: what the middle one is worth to either, what each can do without a deal, and more tables.
fn price(middle: &str, reservations: [&str; 2], more: &str) -> Case {
    let party = |id: &str, reservation: &str, [low, high]: [u8; 2]| {
        format!(
            "[party.{id}]\nroles = [\"belligerent\"]\nreservation = {reservation}\nissue.price = {{ weight = 1, value = {{ low = {low}, middle = {middle}, high = {high} }} }}\n"
        )
    };
    let text = format!(
        "[case]\nname = \"A price\"\nas_of = 2024-06-01\n[issue.price]\nstatus_quo = \"low\"\noption = {{ low = {{}}, middle = {{}}, high = {{}} }}\n{}{}[package.even]\nchoose = {{ price = \"middle\" }}\n{more}",
        party("seller", reservations[0], [0, 1]),
        party("buyer", reservations[1], [1, 0]),
    );
    let checked = detente::check("case.toml", &text);
    checked
        .case
        .unwrap_or_else(|| panic!("{:?}", checked.diagnostics))
}

fn of(case: &Case, options: RunOptions) -> Evidence {
    summarise(case, &[], options, &Ignored).unwrap()
}

fn defaults() -> RunOptions {
    RunOptions {
        searches: 16,
        solutions: 0,
        ..RunOptions::default()
    }
}

fn page(summary: &Evidence) -> String {
    let stamp = report::Stamp {
        case_path: "case.toml".into(),
        case_hash: "0".into(),
        command: "detente report".into(),
    };
    report::html(summary, &stamp)
}

fn named(summary: &Evidence) -> Vec<(&str, f64)> {
    let inputs = summary.movers.moving.inputs.iter();
    inputs
        .map(|mover| (mover.path.as_str(), mover.index))
        .collect()
}

const RANGE: &str = "\"44 to 56\"";
const MIDDLE: &str = "\"45% to 60%\"";

/// Four inputs matter about equally: each is named, with an interval that holds what many more worlds find, and the number that nothing
/// uses is not.
#[test]
fn small_effects_are_seen_at_defaults_and_none_is_invented() {
    let case = price(MIDDLE, [RANGE, RANGE], "[fact.idle]\nvalue = \"1 to 2\"\n");
    let few = of(&case, defaults());
    let many = of(
        &case,
        RunOptions {
            worlds: 16_384,
            ..defaults()
        },
    );
    assert_eq!(few.movers.moving.worlds, 4096);
    assert_eq!(named(&few).len(), 4, "{:?}", named(&few));
    assert_eq!(named(&many).len(), 4, "{:?}", named(&many));
    for mover in &few.movers.moving.inputs {
        let same = |other: &&detente::Mover| other.path == mover.path;
        let truth = many.movers.moving.inputs.iter().find(same).unwrap().index;
        let (low, high) = mover.interval;
        let width = high - low;
        assert!(
            low - width < truth && truth < high + width,
            "{mover:?} {truth}"
        );
        assert!((mover.index - truth).abs() < 0.03, "{mover:?} {truth}");
        assert!((mover.ends().1 - mover.ends().0).abs() > 0.3);
    }
    assert!(
        few.movers.moving.visible < 0.01 && few.movers.moving.visible > many.movers.moving.visible
    );
}

/// Where one side is as good as certain to win, the other or it itself refuses the middle: the answer has a hump, whose ends tell little.
#[test]
fn an_answer_that_turns_is_not_said_to_rise() {
    let party = |id: &str, side: &str, values: &str| {
        format!(
            "[party.{id}]\nside = \"{side}\"\nroles = [\"belligerent\"]\nfighting_cost = \"5 to 45\"\nissue.price = {{ weight = 1, value = {values} }}\n"
        )
    };
    let text = format!(
        "[case]\nname = \"A hump\"\nas_of = 2024-06-01\n[issue.price]\nstatus_quo = \"low\"\noption = {{ low = {{}}, middle = {{}}, high = {{}} }}\n{}{}[lottery]\nchance = \"between 10% and 85%\"\na_wins.choose = {{ price = \"high\" }}\nb_wins.choose = {{ price = \"low\" }}\n[package.even]\nchoose = {{ price = \"middle\" }}\n",
        party("seller", "A", "{ low = 0, middle = 0.5, high = 1 }"),
        party("buyer", "B", "{ low = 1, middle = 0.5, high = 0 }"),
    );
    let checked = detente::check("case.toml", &text);
    let case = checked
        .case
        .unwrap_or_else(|| panic!("{:?}", checked.diagnostics));
    let summary = of(&case, defaults());
    let inputs = &summary.movers.moving.inputs;
    let chance = inputs.iter().find(|m| m.path == "lottery.chance").unwrap();
    let (low, high) = chance.ends();
    // By the case's own arithmetic: near even odds nobody's cost lies below what it could win.
    assert_eq!(chance.direction(), "rises, then falls");
    let [top] = chance.turns()[..] else {
        panic!("{:?}", chance.course);
    };
    assert!(
        top > 0.9 && high - low > 0.05 && high < 0.6,
        "{low} {top} {high}"
    );
    let html = page(&summary);
    assert!(html.contains("rises, then falls; "), "said on the page");
    let stamp = report::Stamp {
        case_path: "case.toml".into(),
        case_hash: "0".into(),
        command: "detente report".into(),
    };
    let json: serde_json::Value = serde_json::from_str(&report::json(&summary, &stamp)).unwrap();
    let told = json["movers"]["inputs"].as_array().unwrap();
    let told = told.iter().find(|m| m["path"] == "lottery.chance").unwrap();
    assert_eq!(told["direction"], "rises, then falls");
    assert_eq!(told["course"].as_array().unwrap().len(), 8);
}

#[test]
fn what_is_drawn_together_is_named_together_whatever_the_order() {
    let tied = |paths: &str| {
        let more = format!("[[move_together]]\npaths = [{paths}]\nstrength = 0.9\n");
        of(&price(MIDDLE, [RANGE, RANGE], &more), defaults())
    };
    let [seller, buyer] = ["party.seller.reservation", "party.buyer.reservation"];
    for paths in [[seller, buyer], [buyer, seller]] {
        let summary = tied(&format!("\"{}\", \"{}\"", paths[0], paths[1]));
        let mut first: Vec<_> = summary.movers.moving.inputs.iter().take(2).collect();
        first.sort_by_key(|mover| mover.path.clone());
        let tied: Vec<(&str, &[String])> = first
            .iter()
            .map(|mover| (mover.path.as_str(), mover.with.as_slice()))
            .collect();
        assert_eq!(
            tied,
            [
                (buyer, &[seller.to_owned()][..]),
                (seller, &[buyer.to_owned()][..])
            ]
        );
        assert!((first[0].index - first[1].index).abs() < 0.05);
        let html = page(&summary);
        assert!(html.contains(&format!("moves together with {seller}")));
    }
}

/// Types alone decide: nothing that is drawn moves the answer, whatever rounding leaves of its variance.
#[test]
fn a_constant_answer_is_moved_by_nothing() {
    let case = {
        let text = "[case]\nname = \"C\"\nas_of = 2024-06-01\n[issue.price]\nstatus_quo = \"low\"\noption = { low = {}, middle = {}, high = {} }\n[party.seller]\nroles = [\"belligerent\"]\nreservation = \"1 to 2\"\nissue.price = { weight = 1, value = { low = 0, middle = \"60% to 70%\", high = 1 } }\n[party.buyer]\nroles = [\"belligerent\"]\nissue.price = { weight = 1, value = { low = 1, middle = 0.5, high = 0 } }\ntype.hard = { prior = 0.3, reservation = 99 }\ntype.soft = { prior = 0.7, reservation = \"1 to 2\" }\n[package.even]\nchoose = { price = \"middle\" }\n";
        detente::check("case.toml", text).case.unwrap()
    };
    let summary = of(&case, defaults());
    assert!(summary.movers.moving.constant);
    assert!(named(&summary).is_empty());
    assert_eq!(summary.movers.types, 1.0);
    let html = page(&summary);
    assert!(html.contains("no input moves it"), "said on the page");
    assert!(!html.contains("explains more than any other"));
}

/// Where a run is too short to see what is there, it says what it could see instead of that there is nothing.
#[test]
fn a_short_run_says_what_it_could_see() {
    let case = price(MIDDLE, [RANGE, RANGE], "");
    let short = RunOptions {
        worlds: 64,
        ..defaults()
    };
    let summary = of(&case, short);
    let html = page(&summary);
    let moving = &summary.movers.moving;
    assert!(moving.visible > 0.1 && moving.inputs.iter().all(|mover| mover.index > 0.1));
    assert!(html.contains("Below what this run can see"));
    let tiny = RunOptions {
        worlds: 32,
        ..defaults()
    };
    let html = page(&of(&case, tiny));
    assert!(html.contains("could be told from noise"));
}
