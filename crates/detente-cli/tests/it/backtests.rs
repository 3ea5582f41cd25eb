//! `detente backtest` as a user meets it, on small invented tables.

use std::fmt::Write as _;

use serde_json::Value;

use crate::{detente, folder, refused, stderr, stdout};

/// Questions, two a day, on which the crowd is mostly right.
fn questions() -> String {
    let mut text = String::from("[\n");
    for i in 0..40 {
        let comma = if i == 39 { "" } else { "," };
        let (price, came) = if i % 4 == 0 { (0.8, 1) } else { (0.1, 0) };
        let came = if i % 13 == 5 { 1 - came } else { came };
        let _ = writeln!(
            text,
            "{{ \"freeze_value\": \"{price}\", \"resolved_to\": {came}.0, \"resolution_date\": \"2020-01-{:02}\" }}{comma}",
            1 + i / 2
        );
    }
    text + "]\n"
}

#[test]
fn a_table_says_who_wins() {
    let at = folder("backtest-table");
    std::fs::write(at.join("asked.json"), questions()).unwrap();
    let output = detente(&at, &["backtest", "questions", "asked.json"]);
    assert!(output.status.success(), "{}", stderr(&output));
    let said = stdout(&output);
    for expected in [
        "happened: 40 cases of 20 groups (day on which it was decided)",
        "10 folds by group, drawn 10 times, seed 1",
        "“crowd” beats “base rate”.",
        "calibration of “crowd”",
    ] {
        assert!(said.contains(expected), "{said}");
    }
    // The same again, and other folds under another seed.
    let again = detente(&at, &["backtest", "questions", "asked.json"]);
    assert_eq!(stdout(&again), said);
    let other = detente(&at, &["backtest", "questions", "asked.json", "--seed", "2"]);
    assert_ne!(stdout(&other), said);
}

#[test]
fn every_field_of_a_trial_is_explained() {
    fn keys(value: &Value, into: &mut Vec<String>) {
        match value {
            Value::Object(map) => {
                for (key, value) in map {
                    into.push(key.clone());
                    keys(value, into);
                }
            }
            Value::Array(list) => list.iter().for_each(|value| keys(value, into)),
            _ => {}
        }
    }
    let at = folder("backtest-json");
    std::fs::write(at.join("asked.json"), questions()).unwrap();
    let args = [
        "backtest",
        "questions",
        "asked.json",
        "--folds",
        "5",
        "--json",
    ];
    let value: Value = serde_json::from_str(&stdout(&detente(&at, &args))).unwrap();
    assert_eq!(value["folds"], 5);
    // By hand.
    let brier = value["sections"][0]["models"][1]["brier"].as_f64().unwrap();
    let by_hand: f64 = (0..40)
        .map(|i| {
            let (price, came) = if i % 4 == 0 {
                (0.8, true)
            } else {
                (0.1, false)
            };
            let came = came != (i % 13 == 5);
            let miss: f64 = price - f64::from(u8::from(came));
            miss * miss / 40.0
        })
        .sum();
    assert!((brier - by_hand).abs() < 1e-12);
    let doc = include_str!("../../../../docs/json.md");
    let doc = doc.split("## A trial").nth(1).unwrap();
    let mut found = Vec::new();
    keys(&value, &mut found);
    assert!(found.len() > 20);
    for key in found {
        assert!(doc.contains(&format!("`{key}`")), "docs/json.md: {key}");
    }
}

#[test]
fn faults_stand_with_their_lines() {
    let at = folder("backtest-faults");
    let text = questions().replacen("\"0.1\"", "\"1.1\"", 2);
    std::fs::write(at.join("asked.json"), text).unwrap();
    let args = ["backtest", "questions", "asked.json"];
    let said = refused(&at, &args, "line 3, freeze_value: \"1.1\" is not a chance");
    assert!(said.contains("line 4, freeze_value"), "all at once: {said}");
    refused(
        &at,
        &["backtest", "bargains", "asked.json"],
        "there is no such column",
    );
    refused(
        &at,
        &["backtest", "questions", "aksed.json"],
        "did you mean asked.json?",
    );
    refused(&at, &["backtest", "questions", "."], "is not a file");
    refused(&at, &["backtest", "question", "asked.json"], "questions");
    refused(
        &at,
        &["backtest", "questions", "asked.json", "--folds", "1"],
        "--folds",
    );
    std::fs::write(at.join("bytes.csv"), b"a,b\n\xff,1\n").unwrap();
    refused(
        &at,
        &["backtest", "bargains", "bytes.csv"],
        "line 2 holds other bytes",
    );
    std::fs::write(at.join("empty.csv"), "").unwrap();
    refused(
        &at,
        &["backtest", "agreements", "empty.csv"],
        "the file is empty",
    );
}

#[test]
fn calibration_is_drawn_and_never_over_the_table() {
    let at = folder("backtest-svg");
    std::fs::write(at.join("asked.json"), questions()).unwrap();
    let args = ["backtest", "questions", "asked.json", "--svg", "drawn.svg"];
    let output = detente(&at, &args);
    assert!(output.status.success(), "{}", stderr(&output));
    let drawn = std::fs::read_to_string(at.join("drawn.svg")).unwrap();
    assert!(drawn.contains("<svg") && drawn.contains("no surprise from"));
    let args = ["backtest", "questions", "asked.json", "--svg", "asked.json"];
    refused(&at, &args, "is the table");
    assert_eq!(
        std::fs::read_to_string(at.join("asked.json")).unwrap(),
        questions()
    );
}
