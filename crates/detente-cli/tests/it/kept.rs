//! Reports of runs that are kept say what a report of the same worlds says, and run none.

use std::path::Path;

use serde_json::Value;

use crate::{detente, first_case, folder, refused, stderr};

/// Claims that look, one that sets something, and a forecast.
const ASKED: &str = r#"
[claim.signs]
says = "It is signed more often than not."
holds_when = "settlement.agreed[mediators_terms] > 0.4"
[claim.searched]
says = "There is something that all accept."
holds_when = "settlement.zone > 0.5"
[claim.louder]
says = "With a larger edge it is signed more often than not."
holds_when = "settlement.agreed[mediators_terms] > 0.5"
with = { "contest.edge" = 0.1 }
[claim.good]
says = "It is good."
not_computable = "A statement of value."
[judgement.amount]
says = "How often it is signed."
by = "A. Nalyst"
on = 2024-06-01
probability = 0.5
rule = "As computed."
due = 2025-06-01
quantity = "settlement.agreed[mediators_terms] + 0 * contest.edge"
"#;

fn json(at: &Path, args: &[&str]) -> Value {
    let output = detente(at, args);
    assert_eq!(
        output.status.code(),
        Some(0),
        "{args:?}: {}",
        stderr(&output)
    );
    serde_json::from_slice(&output.stdout).unwrap()
}

fn done(at: &Path, args: &[&str]) {
    let output = detente(at, args);
    assert_eq!(
        output.status.code(),
        Some(0),
        "{args:?}: {}",
        stderr(&output)
    );
}

/// The fields in which two reports differ.
fn differing(one: &Value, other: &Value) -> Vec<String> {
    let fields = one.as_object().unwrap().keys();
    fields
        .filter(|field| one[*field] != other[*field])
        .cloned()
        .collect()
}

fn missing(report: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let all = report["missing"].as_array().unwrap().iter();
    all.map(|m| (text(&m["part"]), text(&m["kind"]))).collect()
}

#[test]
fn the_numbers_of_a_kept_run_are_those_of_a_report_of_its_worlds() {
    let at = folder("kept-run");
    let text = std::fs::read_to_string(Path::new(&first_case()).join("case.toml")).unwrap();
    std::fs::write(at.join("strip.toml"), text + ASKED).unwrap();
    let case = "strip.toml";
    let options = ["--searches", "24", "--set", "contest.edge=0.05 to 0.3"];
    let run = |worlds: &str, into: &str, more: &[&str]| {
        let args = ["run", case, "--worlds", worlds, "-o", into];
        done(&at, &[&args[..], &options, more].concat());
    };
    // A run of ranges, with its columns by month.
    run("0..130", "a", &["--months"]);
    run("130..256", "b", &["--months"]);
    done(&at, &["merge", "b", "a", "-o", "runs/strip"]);
    let of_run = json(
        &at,
        &["report", "--from", "runs/strip", "--json", "--threads", "1"],
    );
    let args = [
        "report",
        case,
        "--worlds",
        "256",
        "--json",
        "-o",
        "whole.html",
    ];
    let whole = json(&at, &[&args[..], &options].concat());
    assert!(at.join("reports/strip.html").exists());
    // All but what takes other worlds: answers under the other readings are among those that must not contradict one another.
    assert_eq!(
        differing(&whole, &of_run),
        ["case", "readings", "claims", "consistency", "missing"]
    );
    let of_lenses = differing(&whole["lenses"], &of_run["lenses"]);
    assert!(of_lenses.is_empty(), "{of_lenses:?}");
    assert_eq!(missing(&whole), []);
    let kept = |part: &str| (part.to_owned(), "kept".to_owned());
    assert_eq!(missing(&of_run), [kept("readings"), kept("claims")]);
    for (one, other) in [("sha256", "sha256"), ("name", "name")] {
        assert_eq!(whole["case"][one], of_run["case"][other]);
    }
    assert!(whole["certificates"]["held"].as_u64() > Some(0));
    // Of the claims those that set nothing, with what the worlds show of what turns them.
    let claims = |report: &Value| report["claims"].as_array().unwrap().clone();
    let ids: Vec<Value> = claims(&of_run)
        .iter()
        .map(|claim| claim["id"].clone())
        .collect();
    assert_eq!(ids, ["signs", "searched", "good"]);
    for claim in claims(&of_run) {
        let there = claims(&whole);
        let there = there
            .iter()
            .find(|other| other["id"] == claim["id"])
            .unwrap();
        assert_eq!(
            (&there["share"], &there["status"]),
            (&claim["share"], &claim["status"])
        );
    }
    assert_eq!(of_run["judgements"], whole["judgements"]);
    // The page says what it is of and what it leaves out.
    let page = std::fs::read_to_string(at.join("reports/strip.html")).unwrap();
    assert!(
        page.contains(
            "Of a run that was kept, and none of its worlds run again; left out, or not whole: "
        ),
        "the run card"
    );
    assert!(
        page.contains("this report is of a run that was kept, and no worlds were run for it"),
        "in its place"
    );
    assert!(page.contains("detente report --from runs/strip"));

    // A brief of it goes the same way.
    done(&at, &["brief", "--from", "runs/strip", "-o", "brief.html"]);
    let brief = std::fs::read_to_string(at.join("brief.html")).unwrap();
    assert!(brief.contains(
        "Of a run that was kept, and no worlds run for it, so that these are left out or not whole"
    ));
    assert!(brief.contains("256 worlds") && brief.contains("detente brief --from runs/strip"));

    // Without the months, what happens month by month is not there, and all else is the same.
    run("256", "short", &[]);
    let short = json(&at, &["report", "--from", "short", "--json"]);
    assert_eq!(differing(&of_run, &short), ["case", "no_deal", "missing"]);
    assert!(
        missing(&short).contains(&("no-deal".to_owned(), "not_kept".to_owned())),
        "{short}"
    );
    let page = std::fs::read_to_string(at.join("reports/short.html")).unwrap();
    assert!(page.contains("does not keep the columns by month"));

    // What was drawn is the run's, and is not said again.
    for extra in [
        ["--seed", "2"],
        ["--worlds", "8"],
        ["--set", "contest.edge=0.1"],
        ["-r", "time_is_souths"],
    ] {
        let args = [&["report", "--from", "short"], &extra[..]].concat();
        refused(&at, &args, "cannot be used with");
    }
    refused(&at, &["report", "--from", case], "holds no run");
    let table = at.join("short/table.parquet");
    let bytes = std::fs::read(&table).unwrap();
    std::fs::write(&table, &bytes[..bytes.len() - 9]).unwrap();
    refused(&at, &["report", "--from", "short"], "not as it was written");
}
