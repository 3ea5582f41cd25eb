//! `detente solve` as a user meets it.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::{detente, folder, refused, stderr, stdout};

fn game(name: &str) -> String {
    let games = Path::new(env!("CARGO_MANIFEST_DIR")).join("../detente-games/games");
    games.join(name).display().to_string()
}

fn solved(at: &Path, args: &[&str]) -> String {
    let output = detente(at, args);
    assert_eq!(
        output.status.code(),
        Some(0),
        "{args:?}: {}",
        stderr(&output)
    );
    stdout(&output)
}

#[test]
fn the_page_on_games_shows_what_is_printed() {
    let at = folder("solve-page");
    let page = include_str!("../../../../docs/games.md");
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut blocks = page.split("```console\n").skip(1).peekable();
    assert!(blocks.peek().is_some());
    for block in blocks {
        let (command, rest) = block.split_once("```").unwrap();
        let shown = rest
            .split("```text\n")
            .nth(1)
            .unwrap()
            .split("```")
            .next()
            .unwrap();
        let mut words: Vec<String> = Vec::new();
        // Words of a shell, quotes and all.
        for (place, part) in command.trim().split('"').enumerate() {
            if place % 2 == 1 {
                words.push(part.to_owned());
            } else {
                words.extend(part.split_whitespace().map(str::to_owned));
            }
        }
        assert_eq!(words.remove(0), "detente");
        for word in &mut words {
            if Path::new(word.as_str())
                .extension()
                .is_some_and(|ext| ext == "efg")
            {
                *word = root.join(&word).display().to_string();
            }
        }
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        assert_eq!(
            solved(&at, &words).trim_end(),
            shown.trim_end(),
            "{command}"
        );
    }
}

#[test]
fn the_picture_on_the_page_is_the_one_that_is_drawn() {
    let at = folder("solve-picture");
    let file = game("crisis-signalling.efg");
    solved(&at, &["solve", &file, "--sweep", "strong=0.05..0.95"]);
    let drawn = std::fs::read_to_string(at.join("reports/crisis-signalling-sweep.svg")).unwrap();
    assert!(drawn == include_str!("../../../../docs/sweep.svg"));
}

#[test]
fn refinements_are_told() {
    let at = folder("solve-refinements");
    let said = solved(&at, &["solve", &game("beer-quiche.efg")]);
    let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(said.contains("Equilibrium 2 of 2"), "{said}");
    assert!(
        said.contains("wimp cannot gain from beer: at most 2 < 3"),
        "{said}"
    );
    assert!(
        said.contains("These are all sequential equilibria"),
        "{said}"
    );
}

#[test]
fn every_field_of_the_data_is_explained() {
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
    let at = folder("solve-json");
    let doc = include_str!("../../../../docs/json.md");
    let doc = doc.split("## A solved game").nth(1).unwrap();
    let file = game("beer-quiche.efg");
    let sweep: &[&str] = &[
        "--sweep",
        "surly=0.1..0.9",
        "--points",
        "5",
        "--svg",
        "a.svg",
    ];
    let map: &[&str] = &[sweep, &["--sweep", "no duel, wimp, beer:Sender=0..3"]].concat();
    let draws: &[&str] = &["--draws", "200"];
    for more in [&[][..], &["--quantal", "3"], sweep, map, draws] {
        let words = [&["solve", &file, "--json"], more].concat();
        let value: Value = serde_json::from_str(&solved(&at, &words)).unwrap();
        let mut found = Vec::new();
        keys(&value, &mut found);
        assert!(found.len() > 5);
        for key in found {
            assert!(
                doc.contains(&format!("`{key}`")),
                "docs/json.md does not explain {key}"
            );
        }
    }
}

#[test]
fn a_quantal_response_solves_its_equation() {
    // A single player: odds of the better action are exp(λ times what it pays more).
    let at = folder("solve-quantal");
    std::fs::write(
        at.join("one.efg"),
        "EFG 2 R \"one\" { \"A\" } p \"\" 1 1 \"\" { \"more\" \"less\" } 0 t \"\" 1 \"\" { 3 } t \"\" 2 \"\" { 1 }",
    )
    .unwrap();
    let value: Value = serde_json::from_str(&solved(
        &at,
        &["solve", "one.efg", "--quantal", "0.7", "--json"],
    ))
    .unwrap();
    let more = value["quantal"]["sets"][0]["actions"][0]["probability"]
        .as_f64()
        .unwrap();
    // e^1.4
    assert!((more / (1.0 - more) - 4.055_199_966_844_675).abs() < 1e-8);
}

#[test]
fn games_that_cannot_be_solved_say_why() {
    let at = folder("solve-refused");
    refused(
        &at,
        &["solve", &game("absent-minded-driver.efg")],
        "absent-minded",
    );
    refused(&at, &["solve", &game("beer-quich.efg")], "did you mean");
    let text = std::fs::read_to_string(game("beer-quiche.efg")).unwrap();
    std::fs::write(at.join("odd.efg"), text.replacen("1/10", "1/11", 1)).unwrap();
    refused(&at, &["solve", "odd.efg"], "D0907");
    let file = game("beer-quiche.efg");
    refused(
        &at,
        &["solve", &file, "--sweep", "surley=0.1..0.9"],
        "did you mean “surly”?",
    );
    refused(
        &at,
        &["solve", &file, "--sweep", "surly=0.9..0.1"],
        "is not FROM..TO",
    );
    refused(
        &at,
        &["solve", &file, "--sweep", "surly=0..2"],
        "between 0 and 1",
    );
    refused(
        &at,
        &["solve", &file, "--tolerance", "0"],
        "share between 0 and 1",
    );
}

#[test]
fn files_that_are_no_games_say_what_they_are() {
    let at = folder("solve-no-games");
    let write = |name: &str, bytes: &[u8]| std::fs::write(at.join(name), bytes).unwrap();
    let one = "EFG 2 R \"caf\u{e9}\" { \"A\" } p \"\" 1 1 \"\" { \"l\" } 0 t \"\" 0";
    let latin: Vec<u8> = one
        .chars()
        .map(|c| u8::try_from(u32::from(c)).unwrap())
        .collect();
    write("latin.efg", &latin);
    refused(&at, &["solve", "latin.efg"], "iconv -f LATIN1");
    let wide: Vec<u8> = [0xfeff]
        .into_iter()
        .chain(one.encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    write("wide.efg", &wide);
    refused(&at, &["solve", "wide.efg"], "UTF-16");
    write("nobody.efg", b"EFG 2 R \"\" { } t \"\" 0");
    refused(&at, &["solve", "nobody.efg"], "no players");
    let long = "1".repeat(400);
    let text = |pays: &str| {
        format!(
            "EFG 2 R \"\" {{ \"A\" }} p \"\" 1 1 \"\" {{ \"l\" \"r\" }} 0 t \"\" 1 \"\" {{ {pays} }} t \"\" 2 \"\" {{ 0 }}"
        )
    };
    write("long.efg", text(&long).as_bytes());
    refused(&at, &["solve", "long.efg"], "too large a number");
    write("far.efg", text("1e200").as_bytes());
    refused(&at, &["solve", "far.efg"], "state them in larger units");
    write("odd.xml", b"<a/>");
    refused(&at, &["solve", "odd.xml"], "no game that is known");
}

#[test]
fn games_are_written_and_read_again() {
    let at = folder("solve-write");
    let crisis = game("crisis-signalling.efg");
    solved(
        &at,
        &["solve", &crisis, "--write", "a.nfg", "--set", "strong=0.5"],
    );
    let said = solved(&at, &["solve", "a.nfg"]);
    assert!(said.contains("2 players"), "{said}");
    solved(&at, &["solve", &crisis, "--write", "b.efg"]);
    let (first, second) = (
        solved(&at, &["solve", &crisis]),
        solved(&at, &["solve", "b.efg"]),
    );
    assert_eq!(first, second);
    refused(&at, &["solve", &crisis, "--write", "c.txt"], ".efg or .nfg");
    refused(&at, &["solve", "b.efg", "--write", "b.efg"], "b.efg");
    refused(
        &at,
        &[
            "solve",
            &game("absent-minded-driver.efg"),
            "--write",
            "c.nfg",
        ],
        "passes an information set twice",
    );
}

/// Beside a catastrophe payoffs are told to their last digit, and even play is not called exactly indifferent.
#[test]
fn large_payoffs_are_told_as_they_are_proved() {
    let at = folder("solve-large");
    let text = "EFG 2 R \"large\" { \"A\" \"B\" }
        p \"\" 1 1 \"\" { \"l\" \"r\" } 0
        p \"\" 2 1 \"\" { \"x\" \"y\" } 0 t \"\" 1 \"\" { 9007199254740993, 1 } t \"\" 2 \"\" { 9007199254740997, 0 }
        p \"\" 2 1 0 t \"\" 3 \"\" { 9007199254740997, 0 } t \"\" 4 \"\" { 9007199254740993, 1 }";
    std::fs::write(at.join("large.efg"), text).unwrap();
    let said = solved(&at, &["solve", "large.efg"]);
    assert!(said.contains("A 9007199254740995"), "{said}");
    let quantal = detente(
        &at,
        &[
            "solve",
            &game("crisis-3-3.efg"),
            "--quantal",
            "1e6",
            "--time",
            "0",
        ],
    );
    assert_eq!(quantal.status.code(), Some(1));
    assert!(
        stderr(&quantal).contains("time limit"),
        "{}",
        stderr(&quantal)
    );
}

#[test]
fn a_time_limit_leaves_what_was_reached_and_no_uncertified_answer() {
    let at = folder("solve-time");
    let output = detente(&at, &["solve", &game("crisis-3-3.efg"), "--time", "0"]);
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    assert!(stderr(&output).contains("time limit"));
    let said = stdout(&output);
    assert!(
        !said.contains("Equilibrium 1") && said.contains("not a sequential equilibrium"),
        "{said}"
    );
}

#[test]
fn draws_do_not_depend_on_threads_and_can_be_of_one_payoff() {
    let at = folder("solve-draws");
    let file = game("crisis-signalling.efg");
    let said = |more: &[&str]| {
        solved(
            &at,
            &[&["solve", &file, "--draws", "300", "--json"], more].concat(),
        )
    };
    let one = said(&["--threads", "1"]);
    assert!(one == said(&["--threads", "3"]));
    assert!(one != said(&["--seed", "2"]));
    // What backing down costs moves what the target does (s = 1/(1 + a)), and not how often the weak bluff.
    let alone = said(&["--uncertain", "backed down, weak:Government"]);
    let value: Value = serde_json::from_str(&alone).unwrap();
    let endings = value["regimes"][0]["endings"].as_array().unwrap();
    let width = |label: &str| {
        let ending = endings
            .iter()
            .find(|ending| ending["label"] == label)
            .unwrap();
        let end = |name: &str| ending["probability"][name].as_f64().unwrap();
        end("high") - end("low")
    };
    assert!(width("war, strong") > 0.01);
    assert!(width("status quo, weak") < 1e-9);
    refused(
        &at,
        &[
            "solve",
            &file,
            "--draws",
            "9",
            "--uncertain",
            "war:Government",
        ],
        "“war, strong”",
    );
}

#[test]
fn a_number_set_is_as_if_it_stood_in_the_file() {
    let at = folder("solve-set");
    let written = game("beer-quiche.efg");
    let text = std::fs::read_to_string(&written).unwrap();
    let other = text.replacen("\"wimp\" 1/10", "\"wimp\" 3/5", 1).replacen(
        "\"surly\" 9/10",
        "\"surly\" 2/5",
        1,
    );
    assert_ne!(other, text);
    std::fs::write(at.join("other.efg"), other).unwrap();
    let value = |args: &[&str]| -> Value {
        let mut value: Value = serde_json::from_str(&solved(&at, args)).unwrap();
        value["set"].take();
        value
    };
    let set = value(&["solve", &written, "--set", "wimp=0.6", "--json"]);
    assert_eq!(set, value(&["solve", "other.efg", "--json"]));
    assert_ne!(set, value(&["solve", &written, "--json"]));
}

#[test]
fn numbers_that_overwrite_one_another_are_refused() {
    let at = folder("solve-clash");
    let file = game("beer-quiche.efg");
    let both = ["solve", &file, "--set", "wimp=0.3", "--set", "surly=0.3"];
    refused(&at, &both, "set the same numbers");
    let both = [
        "solve",
        &file,
        "--sweep",
        "wimp=0..1",
        "--sweep",
        "surly=0..1",
    ];
    refused(&at, &both, "set the same numbers");
}

#[test]
fn kinds_of_equilibrium_are_told_apart_without_labels() {
    let at = folder("solve-unlabelled");
    let text = "EFG 2 R \"\" { \"\" } p \"\" 1 1 \"\" { \"\" \"\" } 0 t \"\" 1 \"x\" { 0 } t \"\" 2 \"y\" { 1 }";
    std::fs::write(at.join("bare.efg"), text).unwrap();
    let said = solved(&at, &["solve", "bare.efg", "--sweep", "x:1=0..2"]);
    assert!(said.contains("changes at 1."), "{said}");
    let said = solved(&at, &["solve", "bare.efg"]);
    assert!(said.contains("player 1 plays “action 2” always"), "{said}");
}

#[test]
fn cells_of_a_table_are_called_by_their_moves() {
    let at = folder("solve-table");
    let text = "NFG 1 R \"dilemma\" { \"A\" \"B\" } { { \"keep\" \"break\" } { \"keep\" \"break\" } } 2 2 3 0 0 3 1 1";
    std::fs::write(at.join("dilemma.nfg"), text).unwrap();
    let said = solved(&at, &["solve", "dilemma.nfg"]);
    assert!(said.contains("“break, break” 100"), "{said}");
}

#[test]
fn a_sweep_that_is_stopped_says_so() {
    let at = folder("solve-stopped");
    let file = game("crisis-3-3.efg");
    let args = [
        "solve",
        &file,
        "--sweep",
        "types 0, 0=0..0.5",
        "--points",
        "1001",
        "--time",
        "0.3",
    ];
    let output = detente(&at, &args);
    assert!(
        stderr(&output).contains("stopped before the sweep was done"),
        "{}",
        stderr(&output)
    );
}

/// Ctrl-C ends `--draws` within a moment, also among its first traces; what is told by then is printed, and the exit code is 130.
#[cfg(unix)]
#[test]
fn draws_are_interrupted_within_a_moment_and_told_so_far() {
    use std::process::{Command, Stdio};
    use std::time::{Duration, Instant};
    let at = folder("solve-interrupt");
    let large = detente_games::efg::write(&detente_games::families::crisis(13, 13));
    std::fs::write(at.join("large.efg"), large).unwrap();
    for (file, wait, told) in [
        (game("crisis-3-3.efg"), 3000, true),
        ("large.efg".to_owned(), 1500, false),
    ] {
        let child = Command::new(env!("CARGO_BIN_EXE_detente"))
            .current_dir(&at)
            .args(["solve", &file, "--draws", "4000000", "--threads", "1"])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_millis(wait));
        let sent = Instant::now();
        let killed = Command::new("kill")
            .args(["-INT", &child.id().to_string()])
            .status();
        assert!(killed.unwrap().success());
        let output = child.wait_with_output().unwrap();
        // Within a second where it is built as released and nothing else runs; all draws would take hours.
        assert!(
            sent.elapsed() < Duration::from_secs(120),
            "{file}: {:?}",
            sent.elapsed()
        );
        let (said, printed) = (stderr(&output), stdout(&output));
        assert_eq!(output.status.code(), Some(130), "{file}: {said}");
        if told {
            assert!(said.contains("of 4000000 draws are told"), "{said}");
            assert!(
                printed.contains("Each answer is a certified sequential equilibrium"),
                "{printed}"
            );
            assert!(
                printed.contains("every draw has a certified answer"),
                "{printed}"
            );
        } else {
            assert!(
                said.contains("stopped before the first draw was solved"),
                "{said}"
            );
            assert!(printed.is_empty(), "{printed}");
        }
    }
}

/// Tables and their outcomes go from one file to the next as they are; both bodies become one text.
#[test]
fn tables_are_written_as_they_were_read() {
    let at = folder("solve-tables");
    let list = "NFG 1 R \"d\" { \"A\" \"B\" } { 2 2 } { { \"peace\" 2.50, 1/3 } { \"war\" -1, .5 } } 1 2 2 0\n";
    let payoffs = "NFG 1 R \"d\" { \"A\" \"B\" } { 2 2 } 2.50 1/3 -1 .5 1 1 0 0\n";
    let unlabelled = "NFG 1 D \"d\" { \"A\" \"B\" } { 2 2 } { { \"\" 0 0 } { \"\" 1 1 } { \"\" -1 .5 } { \"\" 2.50 1/3 } } 4 3 2 1\n";
    for (name, text) in [
        ("list", list),
        ("payoffs", payoffs),
        ("unlabelled", unlabelled),
    ] {
        std::fs::write(at.join(format!("{name}.nfg")), text).unwrap();
    }
    let written = |from: &str, to: &str| {
        solved(&at, &["solve", from, "--write", to]);
        std::fs::read_to_string(at.join(to)).unwrap()
    };
    let first = written("list.nfg", "list2.nfg");
    assert!(
        first.contains("{ \"peace\" 2.50, 1/3 }\n{ \"war\" -1, .5 }\n}\n1 2\n2 0\n"),
        "{first}"
    );
    assert_eq!(written("list2.nfg", "list3.nfg"), first);
    let second = written("payoffs.nfg", "payoffs2.nfg");
    assert!(
        second.ends_with("\n2.50 1/3\n-1 .5\n1 1\n0 0\n"),
        "{second}"
    );
    assert_eq!(written("unlabelled.nfg", "unlabelled2.nfg"), second);
    // By way of a tree as well.
    written("list.nfg", "list.efg");
    assert_eq!(written("list.efg", "list4.nfg"), first);
}
