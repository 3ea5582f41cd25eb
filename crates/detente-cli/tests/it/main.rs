//! The command as a user meets it: exit codes, messages, files.

mod access;
mod backtests;
mod briefs;
mod builds;
mod conditions;
mod drawing;
mod fits;
mod kept;
mod ledger;
mod live;
mod locks;
mod mcp;
mod places;
mod ranges;
mod runs;
mod sheets;
mod solving;
mod spoilt;
mod structure;
mod terminal;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A folder of this test's own, empty.
fn folder(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&path);
    std::fs::create_dir_all(&path).unwrap();
    path
}

fn detente(at: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_detente"))
        .current_dir(at)
        .args(args)
        .output()
        .unwrap()
}

fn first_case() -> String {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../cases/first-case")
        .display()
        .to_string()
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Bad input: exit code 2, a code, no panic, and nothing written.
fn refused(at: &Path, args: &[&str], expected: &str) -> String {
    let before = std::fs::read_dir(at).unwrap().count();
    let output = detente(at, args);
    let said = stderr(&output);
    assert_eq!(output.status.code(), Some(2), "{args:?}: {said}");
    assert!(
        said.contains(expected),
        "{args:?} should say {expected}: {said}"
    );
    assert!(
        !said.contains("panicked") && !said.contains("RUST_BACKTRACE"),
        "{said}"
    );
    assert_eq!(
        std::fs::read_dir(at).unwrap().count(),
        before,
        "{args:?} left something behind"
    );
    said
}

#[test]
fn the_main_job_writes_a_page_and_prints_a_summary() {
    let at = folder("main-job");
    let output = detente(
        &at,
        &["report", &first_case(), "--worlds", "60", "--searches", "4"],
    );
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let said = stdout(&output);
    assert!(
        said.contains("The Harbour Strip") && said.contains("reports/first-case.html"),
        "{said}"
    );
    // What it took stands beside the result, never in it.
    assert!(stderr(&output).contains("took "), "{}", stderr(&output));
    assert!(!said.contains("took "), "{said}");
    let page = std::fs::read_to_string(at.join("reports/first-case.html")).unwrap();
    assert!(page.contains("id=\"acceptance\"") && page.ends_with("</html>"));
    let files: Vec<_> = std::fs::read_dir(at.join("reports")).unwrap().collect();
    assert_eq!(files.len(), 1, "no half-written file is left");
}

/// A first look tells what so many worlds of a whole run tell, says what it leaves out, and is no failure.
#[test]
fn a_quick_look_leaves_out_what_takes_longer_and_says_so() {
    let at = folder("quick");
    let case = first_case();
    let output = detente(&at, &["report", &case, "--quick", "--json"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let quick: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let whole = [
        "report",
        &case,
        "--worlds",
        "128",
        "--searches",
        "64",
        "--json",
    ];
    let whole = detente(&at, &whole).stdout;
    let whole: serde_json::Value = serde_json::from_slice(&whole).unwrap();
    assert_eq!(quick["packages"], whole["packages"]);
    assert_eq!(quick["zone"], whole["zone"]);
    let left: Vec<&str> = quick["missing"]
        .as_array()
        .unwrap()
        .iter()
        .map(|part| {
            assert_eq!(part["kind"], "quick");
            part["part"].as_str().unwrap()
        })
        .collect();
    assert!(
        left.contains(&"claims") && left.contains(&"readings"),
        "{left:?}"
    );
    assert!(whole["missing"].as_array().unwrap().is_empty());
    let said = stdout(&detente(&at, &["report", &case, "--quick"]));
    assert!(said.contains("a quick look at 128 worlds"), "{said}");
    let page = std::fs::read_to_string(at.join("reports/first-case.html")).unwrap();
    assert!(page.contains("A quick look, which leaves these out: ") && page.contains("--quick"));
    refused(
        &at,
        &["report", &case, "--quick", "--worlds", "9"],
        "cannot be used with",
    );
}

#[test]
fn threads_do_not_change_the_page_and_the_seed_does() {
    let at = folder("threads");
    let page = |extra: &[&str], name: &str| {
        let mut args = vec![
            "report",
            "",
            "--worlds",
            "50",
            "--searches",
            "3",
            "-o",
            name,
        ];
        let case = first_case();
        args[1] = &case;
        args.extend(extra);
        assert_eq!(detente(&at, &args).status.code(), Some(0));
        std::fs::read_to_string(at.join(name)).unwrap()
    };
    let one = page(&["--threads", "1"], "one.html");
    assert!(one == page(&["--threads", "2"], "two.html"));
    assert!(one != page(&["--seed", "2"], "three.html"));
}

#[test]
fn json_goes_to_standard_output() {
    let at = folder("json");
    let output = detente(
        &at,
        &[
            "report",
            &first_case(),
            "--worlds",
            "40",
            "--searches",
            "2",
            "--json",
            "-r",
            "arms_flow",
        ],
    );
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(json["run"]["readings"][0], "arms_flow");
    assert!(at.join("reports/first-case-arms_flow.html").exists());
}

#[test]
fn missing_empty_binary_and_truncated_cases_are_refused() {
    let at = folder("broken");
    let whole = std::fs::read(Path::new(&first_case()).join("case.toml")).unwrap();
    std::fs::write(at.join("empty.toml"), "").unwrap();
    std::fs::write(at.join("blank.toml"), "  \n\n").unwrap();
    std::fs::write(
        at.join("binary.toml"),
        [0x7f, b'E', b'L', b'F', 0xff, 0xfe, 0, 1],
    )
    .unwrap();
    std::fs::write(at.join("truncated.toml"), &whole[..whole.len() / 2]).unwrap();
    std::fs::write(at.join("huge.toml"), vec![b'#'; 5 << 20]).unwrap();
    std::fs::create_dir(at.join("folder")).unwrap();
    refused(&at, &["report", "nowhere"], "D0101");
    refused(&at, &["report", "folder"], "D0101");
    assert!(refused(&at, &["check", "emty.toml"], "D0101").contains("did you mean empty.toml?"));
    refused(&at, &["report", "empty.toml"], "D0103");
    refused(&at, &["report", "blank.toml"], "D0103");
    refused(&at, &["report", "binary.toml"], "D0102");
    refused(&at, &["report", "huge.toml"], "D0801");
    refused(&at, &["report", "truncated.toml"], "error");
}

#[test]
fn every_truncation_of_a_case_is_refused_or_runs() {
    let at = folder("truncations");
    let whole = std::fs::read_to_string(Path::new(&first_case()).join("case.toml")).unwrap();
    for end in (0..whole.len()).step_by(397) {
        let Some(text) = whole.get(..end) else {
            continue;
        };
        std::fs::write(at.join("case.toml"), text).unwrap();
        let output = detente(&at, &["check", "case.toml"]);
        assert!(
            matches!(output.status.code(), Some(0 | 2)),
            "{end}: {}",
            stderr(&output)
        );
    }
}

#[test]
fn unknown_keys_reversed_ranges_and_hostile_nesting_are_refused() {
    let at = folder("faults");
    let whole = std::fs::read_to_string(Path::new(&first_case()).join("case.toml")).unwrap();
    std::fs::write(
        at.join("faults.toml"),
        whole.replace("burden = \"10 to 22\"", "burdn = 3\nscar = \"22 to 10\""),
    )
    .unwrap();
    let said = refused(&at, &["report", "faults.toml"], "did you mean `burden`?");
    assert!(
        said.contains("D0201") && said.contains("D0302") && said.contains("faults.toml:"),
        "all at once: {said}"
    );
    for (name, text) in [
        ("brackets.toml", format!("a = {}", "[".repeat(100_000))),
        ("tables.toml", format!("a = {}", "{ a = ".repeat(50_000))),
        ("dots.toml", format!("{}a = 1", "a.".repeat(100_000))),
    ] {
        std::fs::write(at.join(name), text).unwrap();
        refused(&at, &["report", name], "error");
    }
}

#[test]
fn drawn_numbers_come_as_a_table() {
    let at = folder("draw");
    let output = detente(&at, &["draw", &first_case(), "--worlds", "5"]);
    let said = stdout(&output);
    assert_eq!(said.lines().count(), 6);
    assert!(
        said.starts_with("world,") && said.contains("contest.edge"),
        "{said}"
    );
    let written = detente(
        &at,
        &["draw", &first_case(), "--worlds", "5", "-o", "drawn.csv"],
    );
    assert_eq!(written.status.code(), Some(0));
    assert_eq!(std::fs::read_to_string(at.join("drawn.csv")).unwrap(), said);
}

#[test]
fn drawn_numbers_come_as_parquet_where_the_file_says_so() {
    let at = folder("parquet");
    let case = first_case();
    let output = detente(
        &at,
        &["draw", &case, "--worlds", "8", "-o", "drawn.parquet"],
    );
    assert!(output.status.success(), "{}", stderr(&output));
    let bytes = std::fs::read(at.join("drawn.parquet")).unwrap();
    assert!(bytes.starts_with(b"PAR1") && bytes.ends_with(b"PAR1"));
}

#[test]
fn a_case_may_be_several_files_and_only_scoring_reads_the_evidence() {
    let at = folder("several");
    let whole = std::fs::read_to_string(Path::new(&first_case()).join("case.toml")).unwrap();
    let cut = whole.find("[reading.time_is_souths]").unwrap();
    let (case, readings) = whole.split_at(cut);
    std::fs::create_dir(at.join("strip")).unwrap();
    let put = |name: &str, text: &str| std::fs::write(at.join("strip").join(name), text).unwrap();
    put("case.toml", case);
    put("readings.toml", readings);
    // No command but the check of the evidence itself may so much as look at it.
    put("evidence.toml", "this is [not TOML");
    let check = detente(&at, &["check", "strip"]);
    assert!(check.status.success(), "{}", stderr(&check));
    assert!(stdout(&check).contains("2 readings"), "{}", stdout(&check));
    let report = ["report", "strip", "--worlds", "8", "--searches", "1"];
    assert!(detente(&at, &report).status.success());
    assert!(
        detente(&at, &["list", "readings", "strip"])
            .status
            .success()
    );
    assert!(
        detente(&at, &["draw", "strip", "--worlds", "2"])
            .status
            .success()
    );
    let evidence = detente(&at, &["check", "strip/evidence.toml"]);
    assert_eq!(evidence.status.code(), Some(2));
    assert!(stderr(&evidence).contains("D0104"), "{}", stderr(&evidence));

    let judgement = "[judgement.ends]\nsays = 'It ends.'\nby = 'A. Nalyst'\non = 2024-06-01\nprobability = 0.2\n\
                     rule = 'An armistice.'\ndue = 2025-01-31\n";
    put("judgements.toml", judgement);
    put(
        "evidence.toml",
        "[source.gazette]\ntitle = 'The gazette'\n[evidence.none]\nsays = 'It went on.'\non = 2025-01-31\n\
         settles = 'ends'\noutcome = false\nsource = ['gazette']\n",
    );
    let evidence = detente(&at, &["check", "strip/evidence.toml"]);
    assert!(evidence.status.success(), "{}", stderr(&evidence));
    assert!(
        stdout(&evidence).contains("1 entries"),
        "{}",
        stdout(&evidence)
    );

    // A fault is reported in the file where it stands.
    put("wrong.toml", "[party.north]\nburdne = 3\n");
    let wrong = detente(&at, &["check", "strip"]);
    assert_eq!(wrong.status.code(), Some(2));
    let said = stderr(&wrong);
    assert!(
        said.contains("wrong.toml:2") && said.contains("burdne"),
        "{said}"
    );
}

#[test]
fn one_expert_is_heard_alone_and_an_unknown_one_is_refused() {
    let at = folder("expert");
    let whole = std::fs::read_to_string(Path::new(&first_case()).join("case.toml")).unwrap();
    let two =
        "pace = { experts = [{ by = 'Ada', value = '4 to 5' }, { by = 'Ben', value = '8 to 9' }] }";
    std::fs::write(
        at.join("case.toml"),
        whole.replacen("pace = \"4 to 9\"", two, 1),
    )
    .unwrap();
    refused(
        &at,
        &["draw", "case.toml", "--expert", "Adda"],
        "did you mean `Ada`?",
    );
    refused(
        &at,
        &["draw", &first_case(), "--expert", "Ada"],
        "names none at all",
    );
    let explained = detente(&at, &["explain", "contest.pace", "case.toml"]);
    let said = stdout(&explained);
    assert!(
        said.contains("Ada: median") && said.contains("line units a month"),
        "{said}"
    );
    let page = |extra: &[&str]| {
        let args = [
            "report",
            "case.toml",
            "--worlds",
            "8",
            "--searches",
            "1",
            "-o",
            "page.html",
        ];
        let all: Vec<&str> = args.iter().chain(extra).copied().collect();
        assert!(detente(&at, &all).status.success());
        std::fs::read_to_string(at.join("page.html")).unwrap()
    };
    assert!(page(&[]) != page(&["--expert", "Ada"]));
}

#[test]
fn a_new_case_runs_and_is_never_written_over() {
    let at = folder("new");
    for (name, from) in [("island-talks", "blank"), ("tour", "example")] {
        let made = detente(&at, &["new", name, "--from", from]);
        assert_eq!(made.status.code(), Some(0), "{}", stderr(&made));
        let run = detente(&at, &["report", name, "--worlds", "40", "--searches", "4"]);
        assert_eq!(run.status.code(), Some(0), "{}", stderr(&run));
    }
    for like in ["reservation", "lottery", "process", "contest"] {
        let made = detente(&at, &["new", like, "--like", like]);
        assert_eq!(made.status.code(), Some(0), "{}", stderr(&made));
        let run = detente(&at, &["report", like, "--worlds", "40", "--searches", "4"]);
        assert_eq!(run.status.code(), Some(0), "{}", stderr(&run));
        let listed = stdout(&detente(&at, &["new", "--list"]));
        assert!(
            listed.lines().any(|line| line.starts_with(like)),
            "{listed}"
        );
    }
    refused(&at, &["new", "a", "--like", "lotery"], "lottery");
    refused(&at, &["new"], "FOLDER");
    refused(&at, &["new", "tour"], "exists");
    let text = std::fs::read_to_string(at.join("island-talks/case.toml")).unwrap();
    assert!(text.contains("name = \"island talks\""));
}

#[test]
fn completions_know_the_commands() {
    let at = folder("completions");
    for shell in ["bash", "zsh", "fish"] {
        let script = stdout(&detente(&at, &["completions", shell]));
        assert!(
            script.contains("report") && script.contains("explain"),
            "{shell}"
        );
    }
}

#[test]
fn a_page_never_takes_the_place_of_its_case_and_a_run_never_takes_all_memory() {
    let at = folder("own-case");
    let text = std::fs::read_to_string(Path::new(&first_case()).join("case.toml")).unwrap();
    std::fs::write(at.join("mine.toml"), &text).unwrap();
    refused(
        &at,
        &["report", "mine.toml", "-o", "mine.toml"],
        "is the case",
    );
    assert_eq!(std::fs::read_to_string(at.join("mine.toml")).unwrap(), text);
    refused(&at, &["report", "mine.toml", "--worlds", "1000000"], "GiB");
}

#[test]
fn a_case_without_packages_or_with_numbers_far_too_large_is_survived() {
    let at = folder("odd");
    let text = std::fs::read_to_string(Path::new(&first_case()).join("case.toml")).unwrap();
    let (start, end) = (
        text.find("[package.").unwrap(),
        text.find("[contest]").unwrap(),
    );
    let bare = format!("{}{}", &text[..start], &text[end..]);
    let run = |name: &str, text: &str| {
        std::fs::write(at.join(name), text).unwrap();
        detente(&at, &["report", name, "--worlds", "40", "--searches", "4"])
    };
    let output = run("bare.toml", &bare);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(
        stdout(&output).contains("some combination of"),
        "{}",
        stdout(&output)
    );
    let wild = text.replace(
        "believes.edge = \"0.05 to 0.25\"",
        "believes.edge = \"-1e308 to 1e308\"",
    );
    assert_ne!(wild, text);
    let output = run("wild.toml", &wild);
    assert_ne!(output.status.code(), Some(101), "{}", stderr(&output));
    let said = stdout(&output) + &stderr(&output);
    assert!(
        said.contains("not a finite number") || output.status.code() != Some(0),
        "{said}"
    );
    let bell = text.replace(
        "name = \"The Harbour Strip\"",
        "name = \"a\\u001b[31mred\\u0007\"",
    );
    assert!(!stdout(&run("bell.toml", &bell)).contains(['\u{1b}', '\u{7}']));
}

#[test]
fn worlds_that_could_not_be_valued_are_spoken_of() {
    let at = folder("silent");
    let text = std::fs::read_to_string(Path::new(&first_case()).join("case.toml")).unwrap();
    std::fs::write(
        at.join("short.toml"),
        text.replace("horizon = 180", "horizon = 60"),
    )
    .unwrap();
    let said = stdout(&detente(
        &at,
        &["report", "short.toml", "--worlds", "200", "--searches", "4"],
    ));
    assert!(
        said.contains("no full answer was found") && said.contains("contest.horizon"),
        "{said}"
    );
}

#[test]
fn bad_arguments_are_refused() {
    let at = folder("arguments");
    refused(&at, &["report", &first_case(), "--worlds", "0"], "--worlds");
    refused(&at, &["report", &first_case(), "--wrlds", "10"], "--worlds");
    refused(
        &at,
        &["report", &first_case(), "--reading", "arms_flo"],
        "did you mean `arms_flow`?",
    );
    refused(
        &at,
        &["explain", "settlement.accept"],
        "did you mean `settlement.accepts`?",
    );
    refused(&at, &["list", "packages"], "say which case");
}

#[test]
fn a_page_that_cannot_be_written_fails_and_leaves_nothing() {
    let at = folder("unwritable");
    std::fs::write(at.join("file"), "not a folder").unwrap();
    let output = detente(
        &at,
        &[
            "report",
            &first_case(),
            "--worlds",
            "10",
            "--searches",
            "0",
            "-o",
            "file/page.html",
        ],
    );
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("file"), "{}", stderr(&output));
    assert_eq!(std::fs::read_dir(&at).unwrap().count(), 1);
}

#[test]
fn list_and_explain_know_what_there_is() {
    let here = folder("explain-more");
    for (topic, expected) in [
        ("talks.deal_beside", "Not computed yet"),
        ("contest.edge", "log ratio"),
        ("party.NAME.leader", "office"),
        ("durability", "background (required)"),
    ] {
        let output = detente(&here, &["explain", topic]);
        assert!(
            stdout(&output).replace('`', "").contains(expected),
            "{topic}: {}",
            stdout(&output)
        );
    }
    let at = folder("list");
    let said = |args: &[&str]| {
        let output = detente(&at, args);
        assert_eq!(
            output.status.code(),
            Some(0),
            "{args:?}: {}",
            stderr(&output)
        );
        stdout(&output)
    };
    assert!(said(&["list", "lenses"]).contains("settlement"));
    assert!(said(&["list", "quantities"]).contains("settlement.accepts[party, package]"));
    assert!(said(&["list", "codes"]).contains("D0302"));
    for (what, expected) in [
        ("parties", "merchants"),
        ("issues", "strip_ceded"),
        ("packages", "mediators_terms"),
        ("levers", "arms_taper"),
        ("readings", "time_is_souths"),
        ("inputs", "party.north.burden"),
        ("sources", "atlas"),
    ] {
        assert!(
            said(&["list", what, &first_case()]).contains(expected),
            "{what}"
        );
    }
    assert!(said(&["explain", "D0302"]).contains("the range runs backwards"));
    assert!(said(&["explain", "settlement"]).contains("Fearon 1995"));
    assert!(said(&["explain", "alternative.value"]).contains("points"));
    assert!(said(&["--help"]).contains("Exit codes"));
}
