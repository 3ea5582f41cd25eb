//! What a comparison says of cases that differ in more than numbers.

use std::path::Path;

use serde_json::{Value, json};

use crate::{detente, first_case, folder, stderr, stdout};

fn run(at: &Path, case: &str, into: &str, more: &[&str]) {
    let words = ["run", case, "-o", into, "--worlds", "16", "--searches", "2"];
    let output = detente(at, &[&words[..], more].concat());
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
}

fn compare(at: &Path, words: &[&str]) -> String {
    let output = detente(at, &[&["compare"], words].concat());
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    stdout(&output)
}

/// The first case with passages replaced, each of which it holds.
fn edited(edits: &[(&str, &str)]) -> String {
    let mut text = std::fs::read_to_string(Path::new(&first_case()).join("case.toml")).unwrap();
    for (from, to) in edits {
        assert!(text.contains(from), "{from}");
        text = text.replace(from, to);
    }
    text
}

#[test]
fn parties_packages_options_and_readings_of_one_case_only_are_named() {
    let at = folder("structure");
    let text = edited(&[
        ("[package.lease_for_garrison]", "[package.garrison_lease]"),
        (
            "choose = { border = \"contact\", harbour = \"shared\", guarantee = \"observers\" }",
            "choose = { border = \"contact\", harbour = \"leased\", guarantee = \"observers\" }",
        ),
        (
            "[issue.guarantee.option.observers]\n",
            "[issue.guarantee.option.observers]\n[issue.guarantee.option.fleet]\n",
        ),
        (
            "observers = \"60% to 85%\"",
            "observers = \"60% to 85%\", fleet = 0.3",
        ),
        (
            "observers = \"25% to 45%\"",
            "observers = \"25% to 45%\", fleet = 0.6",
        ),
        (
            "observers = 1, garrison",
            "observers = 1, fleet = 0.2, garrison",
        ),
        ("party.north.type.merchants", "party.north.type.traders"),
        ("reading.arms_flow", "reading.arms_stay"),
        ("\"45% to 65%\"", "\"45% to 60%\""),
        ("kind = \"soft\"\npenalty = \"4 to 10\"", "kind = \"hard\""),
        ("kind = \"pressure\"", "kind = \"stick\""),
        ("horizon = 180", "horizon = 200"),
        (
            "[lever.arms_taper]",
            "[party.island]\nname = \"Island\"\nroles = [\"observer\"]\n[party.island.issue.harbour]\nweight = 1\nvalue = { closed = 0, shared = 1, leased = 0.5 }\n\n[lever.arms_taper]",
        ),
    ]);
    std::fs::write(at.join("case.toml"), text).unwrap();
    run(&at, &first_case(), "one", &[]);
    run(&at, "case.toml", "two", &[]);
    let said = compare(&at, &["one", "two", "--all", "--causes"]);
    let named: Vec<&str> = said
        .lines()
        .skip_while(|line| *line != "Besides numbers, the cases differ in:")
        .skip(1)
        .take_while(|line| line.starts_with("  "))
        .collect();
    assert_eq!(
        named,
        [
            "  type north.merchants: in the first only",
            "  red line north.no_garrison, held by: merchants, generals → traders, generals",
            "  red line north.no_garrison, stiffness: soft → hard",
            "  package mediators_terms, harbour: shared → leased",
            "  package lease_for_garrison: in the first only",
            "  no deal as contest, horizon: 180 months → 200 months",
            "  lever arms_taper, kind: pressure → stick",
            "  reading time_is_souths, contest.capacity.A.low: 45% to 65% → 45% to 60%",
            "  reading arms_flow: in the first only",
            "  type north.traders: in the second only",
            "  party island: in the second only",
            "  option guarantee.fleet: in the second only",
            "  package garrison_lease: in the second only",
            "  reading arms_stay: in the second only",
        ],
        "{said}"
    );
    assert!(
        said.contains("differences besides numbers, which are not tried: 14"),
        "{said}"
    );
    // Backwards it is the same, seen from the other side.
    let back = compare(&at, &["two", "one", "--all"]);
    assert!(
        back.contains("  party island: in the first only\n"),
        "{back}"
    );
    assert!(
        back.contains("  package mediators_terms, harbour: leased → shared\n"),
        "{back}"
    );
    let few = compare(&at, &["one", "two"]);
    assert!(few.contains("  and 8 more; --all shows them"), "{few}");

    let document: Value =
        serde_json::from_str(&compare(&at, &["one", "two", "--json", "--causes"])).unwrap();
    let listed = document["structure"].as_array().unwrap();
    assert_eq!(listed.len(), 14);
    assert_eq!(
        listed[3],
        json!({ "what": "package", "id": "mediators_terms", "in": "both", "of": "harbour", "before": "shared", "after": "leased" })
    );
    assert_eq!(
        listed[10],
        json!({ "what": "party", "id": "island", "in": "after" })
    );
    assert_eq!(document["causes"]["structure_left_out"], 14);
}

#[test]
fn an_issue_more_is_one_difference_and_its_options_are_not_named_again() {
    let at = folder("structure-issue");
    let text = edited(&[
        (
            "[party.north]\n",
            "[issue.fishing]\nstatus_quo = \"barred\"\n[issue.fishing.option.barred]\n[issue.fishing.option.free]\n\n[party.north]\n",
        ),
        (
            "[party.north.issue.harbour]\n",
            "[party.north.issue.fishing]\nweight = 5\nvalue = { barred = 0, free = 1 }\n[party.north.issue.harbour]\n",
        ),
        (
            "[party.south.issue.harbour]\n",
            "[party.south.issue.fishing]\nweight = 5\nvalue = { barred = 1, free = 0 }\n[party.south.issue.harbour]\n",
        ),
        (
            "[party.mediator.issue.harbour]\n",
            "[party.mediator.issue.fishing]\nweight = 5\nvalue = { barred = 1, free = 0 }\n[party.mediator.issue.harbour]\n",
        ),
        ("choose = { ", "choose = { fishing = \"free\", "),
    ]);
    std::fs::write(at.join("case.toml"), text).unwrap();
    run(&at, &first_case(), "one", &[]);
    run(&at, "case.toml", "two", &[]);
    let said = compare(&at, &["one", "two"]);
    let named = "Besides numbers, the cases differ in:\n  issue fishing: in the second only\n";
    assert!(said.contains(named), "{said}");
    assert_eq!(said.matches("in the second only").count(), 1, "{said}");
}

#[test]
fn what_is_set_for_a_run_is_no_difference_of_structure() {
    let at = folder("structure-set");
    run(&at, &first_case(), "one", &[]);
    // The readings set this number too.
    run(
        &at,
        &first_case(),
        "two",
        &["--set", "contest.capacity.A.low=0.5"],
    );
    let said = compare(&at, &["one", "two"]);
    assert!(
        said.contains("contest.capacity.A.low: ") && !said.contains("Besides numbers"),
        "{said}"
    );
    // A text that differs in words alone.
    std::fs::write(
        at.join("case.toml"),
        edited(&[("The invented survey", "Another survey")]),
    )
    .unwrap();
    run(&at, "case.toml", "three", &[]);
    let said = compare(&at, &["one", "three"]);
    assert!(
        said.contains("neither a number in force nor the structure does"),
        "{said}"
    );
}

/// A mean is that of its own run, whatever run it is compared with; what moved is within the worlds of both, and a line says so.
#[test]
fn means_of_runs_of_unequal_length_are_each_run_s_own() {
    let at = folder("unequal");
    let case = first_case();
    run(&at, &case, "short", &[]);
    let long = ["--worlds", "48", "--set", "party.south.burden=30"];
    let words = ["run", &case, "-o", "long", "--searches", "2"];
    let output = detente(&at, &[&words[..], &long].concat());
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let mean_in = |document: &str, place: &str| -> (f64, u64) {
        let document: Value = serde_json::from_str(document).unwrap();
        let quantities = document["quantities"].as_array().unwrap().clone();
        let name = "alternative.value[south]";
        let mut found = quantities.iter().filter(|q| q["name"] == name);
        let found = found.next().expect("a quantity that moved")[place].clone();
        (
            found["value"].as_f64().unwrap(),
            found["n"].as_u64().unwrap(),
        )
    };
    let mixed = compare(&at, &["short", "long", "--json"]);
    let alone = compare(&at, &["long", "long", "--json", "--all"]);
    let turned = compare(&at, &["long", "short", "--json"]);
    assert!(alone.contains("\"same_numbers\": true"), "{alone}");
    assert_eq!(mean_in(&mixed, "after"), mean_in(&turned, "before"));
    assert_eq!(mean_in(&mixed, "after").1, 48);
    assert_eq!(mean_in(&mixed, "before").1, 16);
    assert_eq!(mean_in(&mixed, "difference").1, 16);
    let said = compare(&at, &["short", "long"]);
    assert!(
        said.contains("differences over those that both do"),
        "{said}"
    );
}
