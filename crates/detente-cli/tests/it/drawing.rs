//! What is drawn: options that every command that draws takes, with the same effect and the same refusals.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::{detente, first_case, folder, refused, stderr, stdout};

/// Every command that draws, as short as it runs; what it says of the numbers is read by [`answer`].
const COMMANDS: [&[&str]; 5] = [
    &["report", "--worlds", "16", "--searches", "2", "--json"],
    &["run", "-o", "run", "--worlds", "16", "--searches", "2"],
    &["bench", "--worlds", "16", "--searches", "2", "--json"],
    &["draw", "--worlds", "16"],
    &["why", "south", "mediators_terms", "--world", "3"],
];

/// The command on a case, with more options.
fn command<'a>(words: &[&'a str], case: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    [&words[..1], &[case], &words[1..], more].concat()
}

/// What a command computed, without its name for itself, its places and its times.
fn answer(at: &Path, words: &[&str], case: &str, more: &[&str]) -> String {
    let _ = std::fs::remove_dir_all(at.join("run"));
    let output = detente(at, &command(words, case, more));
    let said = stderr(&output);
    assert_eq!(output.status.code(), Some(0), "{words:?} {more:?}: {said}");
    let json = || -> Value { serde_json::from_slice(&output.stdout).unwrap() };
    match words[0] {
        "report" => json()["packages"].to_string(),
        "run" => manifest(&at.join("run"))["result"]["table"].to_string(),
        "bench" => json()["numbers_sha256"].to_string(),
        _ => stdout(&output),
    }
}

fn manifest(folder: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(folder.join("manifest.json")).unwrap()).unwrap()
}

/// The first case with two experts who speak of the pace.
fn with_experts(at: &Path) -> PathBuf {
    let text = std::fs::read_to_string(Path::new(&first_case()).join("case.toml")).unwrap();
    let two = "pace = { experts = [{ by = 'Ada', value = '2 to 3' }, { by = 'Ben', value = '11 to 14' }] }";
    let text = text.replacen("pace = \"4 to 9\"", two, 1);
    assert!(text.contains(two));
    let path = at.join("experts.toml");
    std::fs::write(&path, text).unwrap();
    path
}

#[test]
fn every_option_of_drawing_changes_the_answer_of_every_command_that_draws() {
    let at = folder("drawing");
    let case = with_experts(&at).display().to_string();
    for words in COMMANDS {
        let plain = answer(&at, words, &case, &[]);
        assert!(plain.len() > 4, "{words:?} says something: {plain}");
        for more in [
            &["--set", "contest.edge=-0.4"][..],
            &[
                "--set",
                "party.south.burden=60",
                "--set",
                "party.north.burden = 1 to 2",
            ],
            &["--expert", "Ada"],
            &["--expert", "Ben"],
            &["--reading", "time_is_souths"],
            &["--seed", "2"],
            &["--sampler", "pseudo"],
        ] {
            let other = answer(&at, words, &case, more);
            assert!(other != plain, "{words:?} {more:?} changes nothing");
        }
    }
}

#[test]
fn every_command_that_draws_refuses_what_there_is_not_with_the_nearest_name() {
    let at = folder("drawing-refused");
    let case = with_experts(&at).display().to_string();
    for words in COMMANDS {
        let refuses =
            |more: &[&str], expected: &str| refused(&at, &command(words, &case, more), expected);
        let said = refuses(&["--set", "contest.egde=0.3"], "error[D0402]");
        assert!(
            said.contains("did you mean `contest.edge`?"),
            "{words:?}: {said}"
        );
        refuses(&["--set", "contest.edge"], "write PATH=NUMBER");
        refuses(&["--set", "contest.edge=3 to 1"], "error[D0302]");
        refuses(&["--expert", "Adda"], "did you mean `Ada`?");
        refuses(
            &["--reading", "time_is_south"],
            "did you mean `time_is_souths`?",
        );
        refuses(&["--seed", "one"], "--seed");
        refuses(&["--sampler", "quasy"], "'quasi'");
    }
}

#[test]
fn a_run_keeps_what_was_set_and_who_was_heard_and_goes_on_with_nothing_else() {
    let at = folder("drawing-kept");
    let case = with_experts(&at).display().to_string();
    let run = |into: &'static str, more: &[&'static str]| {
        let words = [
            "run",
            &case,
            "-o",
            into,
            "--worlds",
            "32",
            "--searches",
            "4",
        ];
        [&words[..], more]
            .concat()
            .into_iter()
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let done = |words: Vec<String>| {
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let output = detente(&at, &words);
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        stderr(&output)
    };
    let not_done = |words: Vec<String>, expected: &str| {
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        refused(&at, &words, expected)
    };
    done(run("plain", &[]));
    done(run(
        "set",
        &[
            "--set",
            "contest.edge=0.3",
            "--set",
            "party.north.burden=12",
        ],
    ));
    done(run("heard", &["--expert", "Ada"]));
    let kept = |name: &str, field: &str| manifest(&at.join(name))["result"][field].clone();
    assert_eq!(kept("plain", "set"), serde_json::json!({}));
    assert_eq!(
        kept("set", "set"),
        serde_json::json!({ "contest.edge": "0.3", "party.north.burden": "12" })
    );
    assert_eq!(kept("heard", "expert"), "Ada");

    // The same in other words is the same run: order, blanks, quotes, and a value that a later one replaces.
    let same = [
        "--set",
        "party.north.burden=40",
        "--set",
        "party.north.burden = 12",
        "--set",
        "contest.edge=\"0.3\"",
    ];
    assert!(done(run("set", &same)).contains("nothing was run"));
    let other = "set (contest.edge=0.3, party.north.burden=12 there, contest.edge=0.4 asked for)";
    not_done(run("set", &["--set", "contest.edge=0.4"]), other);
    not_done(
        run("set", &[]),
        "party.north.burden=12 there, none asked for",
    );
    not_done(
        run("heard", &["--expert", "Ben"]),
        "expert (Ada there, Ben asked for)",
    );
    // And so it is while a run is not whole.
    let mut plan = manifest(&at.join("set"))["result"].clone();
    for field in ["silences", "certificates", "table"] {
        plan.as_object_mut().unwrap().remove(field);
    }
    let begun = serde_json::json!({ "format": 1, "block": 1024, "build": manifest(&at.join("set"))["build"], "run": plan });
    std::fs::create_dir(at.join("begun")).unwrap();
    std::fs::write(at.join("begun/progress.json"), begun.to_string()).unwrap();
    not_done(run("begun", &["--set", "contest.edge=0.4"]), other);
    done(run("begun", &same));
    let table = |name: &str| std::fs::read(at.join(name).join("table.parquet")).unwrap();
    assert!(table("begun") == table("set") && table("set") != table("plain"));

    // A comparison names it among the causes, and puts it over the first run.
    let compare = |with: &str, more: &[&str]| {
        let output = detente(&at, &[&["compare", "plain", with], more].concat());
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        stdout(&output)
    };
    let said = compare("set", &["--causes"]);
    assert!(
        said.contains("set: none → contest.edge=0.3, party.north.burden=12")
            && said.contains("2 numbers of the case in force differ"),
        "{said}"
    );
    let causes: Value = serde_json::from_str(&compare("set", &["--causes", "--json"])).unwrap();
    let named = |path: &str| causes["causes"]["quantities"].to_string().contains(path);
    assert!(
        named("contest.edge") && named("party.north.burden"),
        "{causes}"
    );
    let said = compare("heard", &[]);
    assert!(
        said.contains("expert: none → Ada") && said.contains("contest.pace: "),
        "{said}"
    );
}
