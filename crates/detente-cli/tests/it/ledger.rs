//! Forecasts signed, resolved, scored and proved, as a user does it.

mod proofs;

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use crate::{detente, first_case, folder, refused, stderr, stdout};

const JUDGEMENTS: &str = r#"
[claim.signed_often]
says = "The mediator's terms are signed more often than not."
holds_when = "settlement.agreed[mediators_terms] > 0.5"

[judgement.ends]
says = "It ends."
by = "A. Nalyst"
on = 2024-06-01
probability = 0.9
rule = "An armistice."
due = 2999-01-31
base_rate = 0.2
quantity = "settlement.agreed[mediators_terms]"

[judgement.past]
says = "It ended."
by = "A crowd"
on = 2024-06-01
kind = "crowd"
probability = 0.4
rule = "An armistice."
due = 2025-01-31
base_rate = 0.25
claim = "signed_often"

[judgement.line]
says = "How far the line moves in a year."
by = "A. Nalyst"
on = 2024-06-01
distribution = "10 to 60"
unit = "km2"
rule = "By the maps."
due = 2999-01-31
quantity = "alternative.line_mean[12]"
why = "Summer."

[judgement.alone]
says = "Something else."
by = "A. Nalyst"
on = 2024-06-01
probability = 0.5
rule = "By the papers."
due = 2999-01-31
"#;

const EVIDENCE: &str = "[source.gazette]\ntitle = 'The gazette'\n[evidence.none]\nsays = 'It went on.'\non = 2025-01-31\n\
                        settles = 'past'\noutcome = false\nsource = ['gazette']\n";

/// A folder with the case `strip`, which has judgements and evidence.
fn strip(name: &str) -> PathBuf {
    let at = folder(name);
    let whole = std::fs::read_to_string(Path::new(&first_case()).join("case.toml")).unwrap();
    std::fs::create_dir(at.join("strip")).unwrap();
    let put = |name: &str, text: &str| std::fs::write(at.join("strip").join(name), text).unwrap();
    put("case.toml", &whole);
    put("judgements.toml", JUDGEMENTS);
    put("evidence.toml", EVIDENCE);
    at
}

fn run(at: &Path, words: &str, more: &[&str]) -> Output {
    let words: Vec<&str> = words
        .split_whitespace()
        .chain(more.iter().copied())
        .collect();
    detente(at, &[&["ledger"], &words[..]].concat())
}

#[track_caller]
fn done(at: &Path, words: &str, more: &[&str]) -> String {
    let output = run(at, words, more);
    assert_eq!(
        output.status.code(),
        Some(0),
        "{words}: {}",
        stderr(&output)
    );
    stdout(&output)
}

#[track_caller]
fn no(at: &Path, words: &str, more: &[&str], expected: &str) -> String {
    let words: Vec<&str> = words
        .split_whitespace()
        .chain(more.iter().copied())
        .collect();
    refused(at, &[&["ledger"], &words[..]].concat(), expected)
}

fn text(at: &Path) -> String {
    std::fs::read_to_string(at.join("strip/ledger.toml")).unwrap()
}

const SIGN: &str = "sign strip ends --worlds 64 --model";

#[test]
fn a_forecast_is_signed_listed_resolved_scored_and_proved() {
    let at = strip("ledger-story");
    done(&at, SIGN, &[]);
    let first = text(&at);
    let by = ["--by", "B. Nalyst", "--probability", "35%"];
    done(
        &at,
        "sign strip ends --worlds 64",
        &[&by[..], &["--why", "The election."]].concat(),
    );
    done(
        &at,
        "sign strip line --worlds 64 -r arms_flow --seed 7",
        &[],
    );
    done(&at, "sign strip past --worlds 64 --model --hindsight", &[]);
    done(&at, "sign strip alone", &[]);
    assert!(
        text(&at).starts_with(&first),
        "entries are added, none is changed"
    );
    // The ledger is no part of the case, and `check` of a case says nothing of it.
    let check = detente(&at, &["check", "strip"]);
    assert!(check.status.success() && stdout(&check).contains("can be run"));

    let listed = done(&at, "list strip", &[]);
    for said in [
        "the model, detente",
        "with hindsight",
        "35",
        "10 to 60 km2",
        "under arms_flow",
        "open",
    ] {
        assert!(listed.contains(said), "{said}: {listed}");
    }
    let proved = done(&at, "verify strip", &[]);
    assert!(proved.contains("the chain of 5 entries holds"), "{proved}");
    assert!(
        proved.contains("every signed share (4) comes out bit for bit"),
        "{proved}"
    );
    assert!(
        proved.contains("entry 5 (alone): no share of the model was signed"),
        "{proved}"
    );
    // One thread or two, the bits are the same.
    done(&at, "verify strip --threads 1", &[]);

    let before = done(&at, "score strip", &[]);
    assert!(
        before.contains("5 forecasts signed; 0 of them scored, on 0 questions; 5 open"),
        "{before}"
    );
    assert!(
        before.contains("Overdue and not resolved: entry 4 (past, due 2025-01-31)"),
        "{before}"
    );
    assert!(before.contains("nothing can be scored"), "{before}");
    done(&at, "resolve strip --evidence", &[]);
    let again = run(&at, "resolve strip --evidence", &[]);
    assert!(again.status.success() && stderr(&again).contains("nothing was written"));
    let by_hand = [
        "--says",
        "An armistice.",
        "--by",
        "B. Nalyst",
        "--source",
        "The gazette",
    ];
    done(&at, "resolve strip ends --outcome yes", &by_hand);
    done(&at, "resolve strip line --value -3.5", &by_hand);
    // Nothing is signed after it is known.
    no(&at, SIGN, &[], "was resolved by entry 7");

    let json = done(&at, "score strip --json", &[]);
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["resolved_questions"], 3);
    let groups = json["groups"].as_array().unwrap();
    let analyst = groups.iter().find(|g| g["by"] == "B. Nalyst").unwrap();
    let brier = analyst["brier"]["mean"].as_f64().unwrap();
    assert!((brier - 0.65 * 0.65).abs() < 1e-12);
    let skill = |against: &str| {
        let all = analyst["skill"].as_array().unwrap();
        let of = all
            .iter()
            .find(|skill| skill["against"] == against)
            .unwrap();
        of["value"].as_f64().unwrap()
    };
    assert!((skill("base_rate") - (1.0 - 0.65 * 0.65 / 0.64)).abs() < 1e-12);
    assert!(analyst["few"] == true && analyst["brier"]["interval"].is_null());
    let late = groups.iter().find(|g| g["hindsight"] == true).unwrap();
    assert_eq!(late["forecasts"][0]["crowd"]["forecast"], 0.4);
    let said = done(&at, "score strip --html ledger.html", &[]);
    assert!(
        said.contains("too few to say") && said.contains("under arms_flow"),
        "{said}"
    );
    assert!(
        said.contains("these scores say nothing of foresight"),
        "{said}"
    );
    let page = std::fs::read_to_string(at.join("ledger.html")).unwrap();
    assert!(page.contains("Entry 8: B. Nalyst resolves “line”") && page.ends_with("</html>"));
    assert!(page.contains("CRPS, mean:") && !page.contains("<script"));
    assert_eq!(
        done(&at, "score strip/ledger.toml", &[]),
        done(&at, "score strip", &[])
    );

    // What was reported wrongly is said once more, and the last word holds.
    done(&at, "resolve strip ends --outcome no --correct", &by_hand);
    assert!(done(&at, "list strip", &[]).contains("did not happen (entry 9, corrected)"));
    done(&at, "verify strip", &[]);
}

#[test]
fn whoever_departs_from_the_model_says_why_and_hindsight_is_said() {
    let at = strip("ledger-why");
    let by = ["--by", "B. Nalyst", "--probability", "0.01"];
    no(
        &at,
        "sign strip ends --worlds 64",
        &by,
        "say why it differs",
    );
    no(
        &at,
        "sign strip past --worlds 64 --model",
        &[],
        "sign it with --hindsight",
    );
    no(
        &at,
        "sign strip ends --worlds 64",
        &["--by", "B"],
        "--probability or --distribution",
    );
    no(&at, "sign strip line --worlds 64", &by, "--distribution");
    let wrong = ["--by", "B", "--distribution", "quantiles 5%: 1, 100%: 2"];
    no(&at, "sign strip line --worlds 64", &wrong, "D0301");
    no(
        &at,
        "sign strip ends",
        &["--by", "B", "--probability", "1.2"],
        "from 0 to 1",
    );
    no(
        &at,
        "sign strip alone --model",
        &[],
        "does not say what the model computes",
    );
    no(&at, "sign strip endss", &[], "did you mean `ends`?");
    no(
        &at,
        "sign strip ends --model --worlds 8 --on yesterday",
        &[],
        "D0206",
    );
    no(
        &at,
        "sign strip ends --model --worlds 8 --on 2998-01-01",
        &[],
        "yet to come",
    );
    no(&at, "sign nowhere ends", &[], "D0101");
    no(&at, "sign strip ends -r nobody", &[], "nobody");
    no(
        &at,
        "sign strip ends --ledger strip/mine.toml",
        &[],
        "call it ledger.toml",
    );
    no(
        &at,
        "sign strip ends --ledger strip/case.toml",
        &[],
        "call it ledger.toml",
    );
    no(&at, "list strip", &[], "there is no ledger");
    no(&at, "verify strip", &[], "D0101");
    no(&at, "score strip --ledger strip", &[], "is not a file");
    assert!(!at.join("strip/ledger.toml").exists());
    let left: Vec<_> = std::fs::read_dir(at.join("strip")).unwrap().collect();
    assert_eq!(left.len(), 3, "{left:?}");

    done(&at, SIGN, &[]);
    let signed = text(&at);
    let sayer = ["--says", "s", "--by", "b", "--source", "s"];
    for (words, more, expected) in [
        ("resolve strip", &[][..], "required"),
        ("resolve strip ends", &sayer[..], "say what came of it"),
        (
            "resolve strip ends --outcome yes",
            &sayer[..4],
            "--source is needed",
        ),
        (
            "resolve strip ends --outcome yes",
            &sayer[2..],
            "--says is needed",
        ),
        (
            "resolve strip ends --value 3",
            &sayer,
            "is resolved with --outcome",
        ),
        (
            "resolve strip ends --value inf",
            &sayer,
            "expected a number",
        ),
        (
            "resolve strip end --outcome yes",
            &sayer,
            "did you mean `ends`?",
        ),
        (
            "resolve strip ends --outcome yes --entry 4",
            &sayer,
            "is no forecast of `ends`",
        ),
        (
            "resolve strip ends --outcome yes --on 2998-01-01",
            &sayer,
            "yet to come",
        ),
        (
            "resolve strip ends --evidence",
            &[],
            "says nothing of `ends`",
        ),
        (
            "score strip --html strip/ledger.toml",
            &[],
            "is the ledger itself",
        ),
    ] {
        no(&at, words, more, expected);
    }
    assert_eq!(text(&at), signed);
}

#[test]
fn two_who_sign_at_once_lose_nothing() {
    let at = strip("ledger-two");
    let signing = || {
        Command::new(env!("CARGO_BIN_EXE_detente"))
            .current_dir(&at)
            .args([
                "ledger", "sign", "strip", "ends", "--worlds", "64", "--model",
            ])
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
    };
    let children: Vec<_> = (0..4).map(|_| signing()).collect();
    let mut added = 0;
    for child in children {
        let output = child.wait_with_output().unwrap();
        match output.status.code() {
            Some(0) => added += 1,
            // Turned away, and told so.
            code => assert!(
                code == Some(1) && stderr(&output).contains("another process is adding"),
                "{}",
                stderr(&output)
            ),
        }
    }
    let said = done(&at, "verify strip --chain", &[]);
    let entries = if added == 1 {
        "1 entry".to_owned()
    } else {
        format!("{added} entries")
    };
    assert!(
        added >= 1 && said.contains(&format!("the chain of {entries} holds")),
        "{added}: {said}"
    );

    // While somebody holds the lock, nothing is written.
    let before = text(&at);
    let lock = std::fs::File::options()
        .write(true)
        .open(at.join("strip/.ledger.toml.lock"))
        .unwrap();
    lock.lock().unwrap();
    let output = run(&at, SIGN, &[]);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        stderr(&output).contains("nothing was written"),
        "{}",
        stderr(&output)
    );
    assert_eq!(text(&at), before);
    drop(lock);
    done(&at, SIGN, &[]);
}

#[test]
fn a_case_in_one_file_has_its_ledger_beside_it() {
    let at = folder("ledger-file");
    let whole = std::fs::read_to_string(Path::new(&first_case()).join("case.toml")).unwrap();
    std::fs::write(at.join("strip.toml"), whole + JUDGEMENTS).unwrap();
    done(&at, "sign strip.toml ends --worlds 16 --model", &[]);
    assert!(at.join("strip.ledger.toml").is_file());
    done(&at, "verify strip.toml", &[]);
    done(&at, "list strip.ledger.toml", &[]);
}

#[cfg(unix)]
#[test]
fn a_ledger_that_only_its_owner_may_read_stays_so() {
    use std::os::unix::fs::PermissionsExt as _;
    let at = strip("ledger-owner");
    done(&at, SIGN, &[]);
    let path = at.join("strip/ledger.toml");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
    done(&at, SIGN, &[]);
    let mode = std::fs::metadata(&path).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}
