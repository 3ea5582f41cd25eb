//! `detente fit` as a user meets it, on small invented tables.

use std::fmt::Write as _;

use serde_json::Value;

use crate::{detente, folder, refused, stderr, stdout};

/// Crises that come to something more often where B is strong.
fn crises() -> String {
    let mut text = String::from("sq,cd,sf,bd,strength,regime,pair\n");
    for i in 0..60_u32 {
        let strength = f64::from(i % 12) / 4.0 - 1.5;
        let resisted = 2 + i % 12 / 2 + i % 3;
        let stood = resisted / 2 + i % 2;
        let _ = writeln!(
            text,
            "{},{},{stood},{},{strength},{},{}",
            50 - i % 7,
            10 - i % 12 / 2,
            resisted.saturating_sub(stood) + i % 4 / 2,
            ["dem", "autoc", "mixed"][(i % 3) as usize],
            i / 3
        );
    }
    text
}

const SIGNALLING: [&str; 15] = [
    "fit",
    "crises.csv",
    "--model",
    "crisis-signalling",
    "--outcome",
    "sq,cd,sf,bd",
    "--utility",
    "VA = 1",
    "--utility",
    "barWA ~ 1",
    "--utility",
    "barWB ~ strength",
    "--utility",
    "bara ~ 1",
    "--draws=40",
];

#[test]
fn a_table_of_weights_and_the_same_bytes_for_any_threads() {
    let at = folder("fit-table");
    std::fs::write(at.join("crises.csv"), crises()).unwrap();
    for method in ["pl", "npl", "ml"] {
        let args = [&SIGNALLING[..], &["--cluster", "pair", "--method", method]].concat();
        let output = detente(&at, &[&args[..], &["--threads", "1"]].concat());
        assert!(output.status.success(), "{}", stderr(&output));
        let said = stdout(&output);
        for expected in [
            "60 games, seen ",
            "20 clusters (pair)",
            "barWB: A stands firm, to B\n  term",
            "\n  strength  ",
            "VA: B gives way, to A\n  held at 1\n",
            "of 5 starts reached it.",
            "clusters drawn again 40 times (seed 1)",
            "Several equilibria: in ",
        ] {
            assert!(said.contains(expected), "{method}: {said}");
        }
        let two = detente(&at, &[&args[..], &["--threads", "2"]].concat());
        assert_eq!(stdout(&two), said);
        let other = detente(&at, &[&args[..], &["--seed", "2"]].concat());
        assert_ne!(stdout(&other), said);
    }
}

#[test]
fn words_are_marks_and_their_shares_are_met() {
    let at = folder("fit-words");
    std::fs::write(at.join("crises.csv"), crises()).unwrap();
    let args = [
        "fit",
        "crises.csv",
        "--model",
        "logit",
        "--outcome",
        "sq,cd,sf,bd",
        "--utility",
        "cd ~ factor(regime, autoc)",
        "--utility",
        "sf ~ factor(regime, autoc)",
        "--utility",
        "bd ~ factor(regime, autoc)",
        "--draws=0",
        "--json",
    ];
    let value: Value = serde_json::from_str(&stdout(&detente(&at, &args))).unwrap();
    // By hand: the shares of the rows of the first regime that stands there.
    let (mut counts, mut all) = ([0.0; 4], 0.0);
    for line in crises()
        .lines()
        .skip(1)
        .filter(|line| line.contains(",dem,"))
    {
        let cells = line
            .split(',')
            .take(4)
            .map(|cell| cell.parse::<f64>().unwrap());
        for (sum, count) in counts.iter_mut().zip(cells) {
            *sum += count;
            all += count;
        }
    }
    for (k, count) in counts.iter().enumerate() {
        let chance = value["games"][0]["chances"][k].as_f64().unwrap();
        assert!((chance - count / all).abs() < 1e-6);
    }
    let terms: Vec<&str> = value["utilities"][0]["weights"]
        .as_array()
        .unwrap()
        .iter()
        .map(|weight| weight["term"].as_str().unwrap())
        .collect();
    assert_eq!(terms, ["constant", "regime=dem", "regime=mixed"]);
    assert!(value["utilities"][0]["weights"][0]["error"].is_null());
    assert!(value["method"].is_null() && value["link"].is_null());
}

#[test]
fn every_field_of_a_fit_is_explained() {
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
    let at = folder("fit-json");
    // Payoffs that have three equilibria, played in turn.
    let mut text = "sq,cd,sf,bd\n".to_owned();
    for i in 0..6 {
        text += if i % 2 == 0 {
            "104,14900,1547,3449\n"
        } else {
            "15891,767,698,2644\n"
        };
    }
    std::fs::write(at.join("crises.csv"), text).unwrap();
    let args = [
        "fit",
        "crises.csv",
        "--model",
        "crisis-signalling",
        "--outcome",
        "sq,cd,sf,bd",
        "--utility",
        "VA = 1",
        "--utility",
        "VB = 1",
        "--utility",
        "barWA ~ 1",
        "--utility",
        "barWB ~ 1",
        "--utility",
        "bara ~ 1",
        "--method",
        "ml",
        "--draws",
        "3",
        "--json",
    ];
    let output = detente(&at, &args);
    assert!(output.status.success(), "{}", stderr(&output));
    let value: Value = serde_json::from_str(&stdout(&output)).unwrap();
    assert!(!value["several"].as_array().unwrap().is_empty(), "{value}");
    let doc = include_str!("../../../../docs/json.md");
    let doc = doc.split("## A fit").nth(1).unwrap();
    let mut found = Vec::new();
    keys(&value, &mut found);
    assert!(found.len() > 40);
    for key in found {
        assert!(doc.contains(&format!("`{key}`")), "docs/json.md: {key}");
    }
}

#[test]
fn faults_have_codes_and_come_all_at_once() {
    let at = folder("fit-faults");
    std::fs::write(at.join("crises.csv"), crises()).unwrap();
    let with = |more: &[&'static str]| [&SIGNALLING[..], more].concat();
    let said = refused(
        &at,
        &with(&["--utility", "CB ~ log(strenth)", "--utility", "SA ~ 1 +"]),
        "D1102: line 1, strenth: there is no such column; is “strength” meant?",
    );
    assert!(
        said.contains("D1101: --utility “SA ~ 1 +”, character 9"),
        "{said}"
    );
    refused(
        &at,
        &with(&["--utility", "CB ~ regime"]),
        "D1103: line 2, regime: “dem” is not a number; if the column holds words, write factor(regime)",
    );
    refused(
        &at,
        &with(&["--utility", "CB ~ 1", "--utility", "VB ~ 1"]),
        "D1104: --utility: “constant” stands in all of B's utilities (CB, barWB, VB)",
    );
    refused(
        &at,
        &with(&["--first", "strength"]),
        "--first names two columns",
    );
    refused(
        &at,
        &with(&["--first", "strength,strength"]),
        "is not a chance from 0 to 1",
    );
    refused(&at, &with(&["--method", "gmm"]), "npl");
    refused(
        &at,
        &with(&["--link", "probit"]),
        "--link is of --model crisis alone",
    );
    let mut missing = with(&[]);
    missing[1] = "crisis.csv";
    refused(&at, &missing, "did you mean crises.csv?");
    refused(&at, &["fit", "crises.csv"], "--model");
    // Each code has a page.
    for code in ["D1101", "D1102", "D1103", "D1104", "D1105"] {
        let output = detente(&at, &["explain", code]);
        assert!(output.status.success() && stdout(&output).contains(code));
    }
}
