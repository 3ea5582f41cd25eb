//! Ranges of a whole: run apart, merged in any order, refused where they make no whole.

use std::fs::OpenOptions;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

use crate::{detente, first_case, folder, refused, stderr, stdout};

/// Searches of the wholes here: in the first worlds of the first ranges.
const SEARCHES: &str = "9";

fn manifest(run: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(run.join("manifest.json")).unwrap()).unwrap()
}

fn done(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(0), "{}", stderr(output));
    stderr(output) + &stdout(output)
}

fn run_case(at: &Path, case: &str, worlds: &str, into: &str, extra: &[&str]) {
    let args = ["run", case, "--worlds", worlds, "-o", into];
    done(&detente(at, &[&args[..], extra].concat()));
}

/// A few columns, searched ones among them, so that tables are quickly written.
const ONLY: [&str; 2] = [
    "--only",
    "settlement.agreed,settlement.zone,alternative.value",
];

/// Worlds of the first case.
fn run(at: &Path, worlds: &str, into: &str, extra: &[&str]) {
    let extra = [&["--searches", SEARCHES], &ONLY[..], extra].concat();
    run_case(at, &first_case(), worlds, into, &extra);
}

fn merge(at: &Path, parts: &[String], into: &str) -> Output {
    let mut args = vec!["merge", "-o", into];
    args.extend(parts.iter().map(String::as_str));
    detente(at, &args)
}

fn named(parts: &[&str]) -> Vec<String> {
    parts.iter().map(|part| (*part).to_owned()).collect()
}

/// Are both the same run, to the byte?
fn same_run(one: &Path, other: &Path) {
    let table = |run: &Path| std::fs::read(run.join("table.parquet")).unwrap();
    assert!(
        table(one) == table(other),
        "{} {}",
        one.display(),
        other.display()
    );
    let (a, b) = (manifest(one), manifest(other));
    assert_eq!(a["result"].to_string(), b["result"].to_string());
    assert_eq!((&a["sha256"], &a["files"]), (&b["sha256"], &b["files"]));
    for run in [one, other] {
        let mut names: Vec<_> = std::fs::read_dir(run)
            .unwrap()
            .map(|e| e.unwrap().file_name())
            .collect();
        names.sort();
        assert_eq!(
            names,
            ["case", "manifest.json", "run.lock", "table.parquet"]
        );
    }
}

/// Numbers that look random and are the same each time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % n
    }

    fn shuffle<T>(&mut self, list: &mut [T]) {
        for i in (1..list.len()).rev() {
            list.swap(i, self.below(i + 1));
        }
    }
}

/// Whatever the cuts and the order, and whether all are merged at once or some before others.
#[test]
fn any_split_in_any_order_is_the_run_that_was_never_split() {
    const WORLDS: usize = 40;
    let at = folder("ranges-splits");
    run(&at, &WORLDS.to_string(), "whole", &["--threads", "1"]);
    let mut dice = Dice(7);
    for split in 0..3 {
        let mut cuts: Vec<usize> = (0..3 + split).map(|_| 1 + dice.below(WORLDS - 1)).collect();
        cuts.extend([0, WORLDS]);
        cuts.sort_unstable();
        cuts.dedup();
        let mut parts = Vec::new();
        for ends in cuts.windows(2) {
            let (range, name) = (
                format!("{}..{}", ends[0], ends[1]),
                format!("{split}-{}", ends[0]),
            );
            let threads = ["1", "2"][dice.below(2)];
            run(&at, &range, &name, &["--threads", threads]);
            let result = manifest(&at.join(&name))["result"].clone();
            assert_eq!(result["range"], serde_json::json!([ends[0], ends[1]]));
            assert_eq!(
                (&result["searches"], result["worlds"].as_u64()),
                (&9.into(), Some((ends[1] - ends[0]) as u64))
            );
            parts.push(name);
        }
        // Two neighbours first, then the others with them.
        let place = dice.below(parts.len() - 1);
        let both = format!("{split}-both");
        done(&merge(
            &at,
            &[parts[place + 1].clone(), parts[place].clone()],
            &both,
        ));
        let mut rest = parts.clone();
        rest.splice(place..place + 2, [both]);
        dice.shuffle(&mut rest);
        dice.shuffle(&mut parts);
        for (kind, parts) in [("at-once", &parts), ("in-steps", &rest)] {
            let into = format!("{split}-{kind}");
            done(&merge(&at, parts, &into));
            same_run(&at.join("whole"), &at.join(&into));
        }
    }
    // A run of the first worlds is gone on with in ranges.
    run(&at, "15", "first", &[]);
    run(&at, "15..40", "rest", &[]);
    let said = done(&merge(&at, &named(&["rest", "first"]), "more"));
    assert!(said.contains("2 folders merged"), "{said}");
    same_run(&at.join("whole"), &at.join("more"));
    // Once more: nothing is done.
    let before = std::fs::read(at.join("more/manifest.json")).unwrap();
    let said = done(&merge(&at, &named(&["rest", "first"]), "more"));
    assert!(said.contains("whole; nothing was merged"), "{said}");
    assert!(std::fs::read(at.join("more/manifest.json")).unwrap() == before);
    // And the same command that would have run it finds it whole.
    let case = first_case();
    let args = ["run", &case, "--worlds", "40", "--searches", SEARCHES];
    let again = [&args[..], &ONLY, &["-o", "more"]].concat();
    assert!(done(&detente(&at, &again)).contains("whole; nothing was run"));
}

/// Groups of rows are cut where the run that was never split cuts them, not where ranges end.
#[test]
fn ranges_across_blocks_are_cut_anew() {
    let at = folder("ranges-blocks");
    run(&at, "2100", "whole", &[]);
    for (range, name) in [("0..700", "a"), ("700..1900", "b"), ("1900..2100", "c")] {
        run(&at, range, name, &[]);
    }
    done(&merge(&at, &named(&["b", "c", "a"]), "merged"));
    same_run(&at.join("whole"), &at.join("merged"));
    let said = stdout(&detente(
        &at,
        &[
            "run",
            &first_case(),
            "--worlds",
            "0..700",
            "--searches",
            SEARCHES,
            ONLY[0],
            ONLY[1],
            "-o",
            "a",
        ],
    ));
    assert!(
        said.contains("700 worlds (0..700 of a whole), searches in 9 of the whole"),
        "{said}"
    );
    assert!(said.contains(" ms beside running worlds"), "{said}");
}

#[test]
fn a_part_of_a_whole_is_a_range_and_so_is_a_whole_that_searches_more_worlds_than_it_has() {
    let at = folder("ranges-parts");
    for (range, name) in [
        ("10..20", "a"),
        ("20..30", "b"),
        ("10..30", "both"),
        ("0..10", "first"),
    ] {
        run(&at, range, name, &[]);
    }
    done(&merge(&at, &named(&["b", "a"]), "merged"));
    same_run(&at.join("both"), &at.join("merged"));
    done(&merge(&at, &named(&["merged", "first"]), "thirty"));
    run(&at, "30", "unsplit", &[]);
    same_run(&at.join("unsplit"), &at.join("thirty"));
    // Of a whole of nine worlds and more, four are no whole: how far the fifth is searched depends on how many there are.
    for (range, name) in [("0..2", "two"), ("2..4", "four"), ("0..4", "range")] {
        run(&at, range, name, &[]);
    }
    done(&merge(&at, &named(&["two", "four"]), "short"));
    same_run(&at.join("range"), &at.join("short"));
    assert_eq!(
        manifest(&at.join("short"))["result"]["range"],
        serde_json::json!([0, 4])
    );
    // The CSV begins with the range's first world.
    done(&detente(&at, &["merge", "b", "a", "-o", "csv", "--csv"]));
    let csv = std::fs::read_to_string(at.join("csv/table.csv")).unwrap();
    assert!(csv.lines().nth(1).unwrap().starts_with("10,") && csv.lines().count() == 21);
    // Rows of other worlds are not set against each other, and no report is made of them.
    refused(&at, &["compare", "a", "b"], "begin with other worlds");
    done(&detente(&at, &["compare", "both", "merged"]));
    refused(
        &at,
        &["report", "--from", "a"],
        "holds the worlds 10 to 19 of a whole",
    );
}

#[test]
fn what_makes_no_whole_is_refused_by_its_code_and_nothing_is_written() {
    let at = folder("ranges-refused");
    for (range, name) in [
        ("0..4", "a"),
        ("4..8", "b"),
        ("8..12", "c"),
        ("6..12", "late"),
        ("4..5", "one"),
    ] {
        run(&at, range, name, &[]);
    }
    let refuse = |parts: &[&str], expected: &[&str]| {
        let args = [&["merge", "-o", "merged"], parts].concat();
        let said = refused(&at, &args, expected[0]);
        for expected in expected {
            assert!(
                said.contains(expected),
                "{args:?} should say {expected}: {said}"
            );
        }
    };
    refuse(
        &["c", "a"],
        &[
            "D1303",
            "no folder holds the worlds 4 to 7, between a (0..4) and c (8..12)",
            "--worlds 4..8",
        ],
    );
    refuse(
        &["a", "b", "late"],
        &[
            "D1304",
            "the worlds 6 to 7 are both in b (4..8) and in late (6..12)",
        ],
    );
    refuse(
        &["a", "b", "a"],
        &[
            "D1304",
            "the worlds 0 to 3 are both in a (0..4) and in a (0..4)",
        ],
    );
    refuse(
        &["a", "b", "one", "late"],
        &["D1304", "world 4 is both in", "the worlds 6 to 7"],
    );
    refuse(&["nowhere", "a"], &["D1301", "nowhere holds no run"]);

    // Each option of a whole.
    let case = first_case();
    let other = |name: &str, extra: &[&str]| {
        let args = [&["run", &case, "-o", name, "--worlds", "4..8"], extra].concat();
        done(&detente(&at, &args));
    };
    let same = [&["--searches", SEARCHES], &ONLY[..]].concat();
    for (extra, expected) in [
        (
            &["--seed", "2"][..],
            "seed (1 in the first, 2 in the second)",
        ),
        (
            &["--sampler", "pseudo"],
            "sampler (quasi in the first, pseudo in the second)",
        ),
        (
            &["-r", "time_is_souths"],
            "readings (none in the first, time_is_souths in the second)",
        ),
        (
            &["--set", "contest.edge=0.2"],
            "set (none in the first, contest.edge=0.2 in the second)",
        ),
        (&["--months"], "months"),
        (
            &["--only", "veto"],
            "only (alternative.value, settlement.agreed, settlement.zone in the first, ",
        ),
    ] {
        let name = extra[extra.len() - 1].replace(['=', '.', '-'], "");
        other(&name, &[&same, extra].concat());
        refuse(
            &["a", &name],
            &[
                "D1302",
                &format!("a and {name} are not of one whole"),
                expected,
            ],
        );
    }
    other("searched", &[&["--searches", "3"], &ONLY[..]].concat());
    refuse(
        &["a", "searched"],
        &[
            "D1302",
            "searches (9 in the first, 3 in the second), solutions (2 in the first, 1 in the second)",
        ],
    );
    let text = std::fs::read_to_string(Path::new(&case).join("case.toml")).unwrap();
    std::fs::write(
        at.join("other.toml"),
        text.replacen("10 to 22", "11 to 22", 1),
    )
    .unwrap();
    run_case(&at, "other.toml", "4..8", "foreign", &same);
    refuse(&["a", "foreign"], &["D1302", "they differ in: case"]);

    // One that was not finished, and each way of not being as it was written.
    let copy = |name: &str| {
        let to = at.join(name);
        std::fs::create_dir_all(to.join("case")).unwrap();
        for file in ["manifest.json", "table.parquet", "case/case.toml"] {
            std::fs::copy(at.join("b").join(file), to.join(file)).unwrap();
        }
        to
    };
    let unfinished = copy("unfinished");
    std::fs::rename(
        unfinished.join("manifest.json"),
        unfinished.join("progress.json"),
    )
    .unwrap();
    refuse(
        &["a", "unfinished"],
        &["D1301", "unfinished holds a run that was not finished"],
    );
    let flipped = copy("flipped");
    let mut bytes = std::fs::read(flipped.join("table.parquet")).unwrap();
    bytes[100] ^= 1;
    std::fs::write(flipped.join("table.parquet"), &bytes).unwrap();
    refuse(
        &["a", "flipped"],
        &[
            "D1301",
            "flipped is not as it was written: table.parquet has another hash",
        ],
    );
    let rewritten = copy("rewritten");
    std::fs::write(rewritten.join("case/case.toml"), "name = \"x\"").unwrap();
    refuse(
        &["a", "rewritten"],
        &[
            "D1301",
            "rewritten is not as it was written: the texts in its case/",
        ],
    );
    let edit = |run: &Path, from: &str, to: &str| {
        let path = run.join("manifest.json");
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.contains(from), "{text}");
        std::fs::write(path, text.replacen(from, to, 1)).unwrap();
    };
    edit(&copy("edited"), "\"seed\": 1", "\"seed\": 3");
    refuse(
        &["edited", "a"],
        &[
            "D1301",
            "edited is not as it was written: its manifest does not have its own hash",
        ],
    );
    let build = manifest(&at.join("b"))["build"]
        .as_str()
        .unwrap()
        .to_owned();
    edit(&copy("built"), &build, &"0".repeat(64));
    refuse(
        &["a", "built"],
        &["D1302", "built: build 000000000000 of detente"],
    );
    // All at once.
    refuse(
        &["a", "nowhere", "unfinished"],
        &["nowhere holds no run", "unfinished holds", "2 errors"],
    );
    // Into one of them, or into a stranger's folder.
    refused(&at, &["merge", "a", "b", "-o", "a"], "something else");
    std::fs::create_dir(at.join("mine")).unwrap();
    std::fs::write(at.join("mine/notes.txt"), "notes").unwrap();
    refused(
        &at,
        &["merge", "a", "b", "-o", "mine"],
        "other things than a run",
    );
    for bad in ["5..5", "7..3", "0..", "1..=4", "x"] {
        let output = detente(&at, &["run", &case, "--worlds", bad, "-o", "none"]);
        assert_eq!(output.status.code(), Some(2), "{bad}");
        assert!(!at.join("none").exists());
    }
}

/// Numbers that are not those of the manifest, in a table whose own hash was made to fit: nothing is left of the merge.
#[test]
fn numbers_of_another_hash_are_met_while_they_are_read() {
    let at = folder("ranges-numbers");
    for (range, name) in [("0..4", "a"), ("4..8", "b"), ("8..12", "c")] {
        run(&at, range, name, &[]);
    }
    let forged = |from: &str, to: &str| {
        let path = at.join(to).join("manifest.json");
        let text = std::fs::read_to_string(&path).unwrap();
        let (own, other) = (manifest(&at.join(to)), manifest(&at.join(from)));
        let hash = |of: &Value| of["result"]["table"]["sha256"].as_str().unwrap().to_owned();
        let text = text.replace(&hash(&own), &hash(&other));
        let result: Value = serde_json::from_str::<Value>(&text).unwrap()["result"].clone();
        let sum = sha256(&canonical(&result));
        std::fs::write(path, text.replace(own["sha256"].as_str().unwrap(), &sum)).unwrap();
    };
    forged("c", "b");
    let output = merge(&at, &named(&["a", "b", "c"]), "merged");
    assert_eq!(output.status.code(), Some(2), "{}", stderr(&output));
    assert!(
        stderr(&output).contains("D1301")
            && stderr(&output).contains("its numbers have another hash"),
        "{}",
        stderr(&output)
    );
    assert!(!at.join("merged/table.parquet").exists() && !at.join("merged/manifest.json").exists());
    // As it was again: the same command begins anew.
    std::fs::remove_dir_all(at.join("b")).unwrap();
    run(&at, "4..8", "b", &[]);
    done(&merge(&at, &named(&["a", "b", "c"]), "merged"));
    run(&at, "12", "whole", &[]);
    same_run(&at.join("whole"), &at.join("merged"));
}

fn sha256(text: &str) -> String {
    use sha2::{Digest as _, Sha256};
    let digest = Sha256::digest(text.as_bytes());
    let hex: Vec<String> = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    hex.concat()
}

/// Sorted keys and no blanks, as docs/runs.md has it.
fn canonical(value: &Value) -> String {
    match value {
        Value::Object(fields) => {
            let mut fields: Vec<_> = fields.iter().collect();
            fields.sort_by_key(|(name, _)| name.as_str());
            let fields = fields.iter().map(|(name, value)| {
                format!("{}:{}", Value::from(name.as_str()), canonical(value))
            });
            format!("{{{}}}", fields.collect::<Vec<_>>().join(","))
        }
        Value::Array(items) => format!(
            "[{}]",
            items.iter().map(canonical).collect::<Vec<_>>().join(",")
        ),
        plain => plain.to_string(),
    }
}

/// A file size limit stands for a full disk, or for whatever stops a merge half-way.
#[cfg(unix)]
#[test]
fn a_merge_that_was_stopped_begins_anew_and_a_second_one_is_turned_away() {
    let at = folder("ranges-stopped");
    // All columns: the table is the largest file by far.
    for (range, name) in [("0..30", "a"), ("30..60", "b"), ("60", "whole")] {
        run_case(&at, &first_case(), range, name, &["--searches", SEARCHES]);
    }
    let blocks = std::fs::metadata(at.join("whole/table.parquet"))
        .unwrap()
        .len()
        * 3
        / 4
        / 512;
    let stopped = Command::new("sh")
        .current_dir(&at)
        .arg("-c")
        .arg(format!(
            "trap '' XFSZ; ulimit -f {blocks}; exec {} merge b a -o merged",
            env!("CARGO_BIN_EXE_detente")
        ))
        .output()
        .unwrap();
    assert_eq!(stopped.status.code(), Some(1), "{}", stderr(&stopped));
    assert!(
        stderr(&stopped).contains("table.parquet cannot be written"),
        "{}",
        stderr(&stopped)
    );
    let merged = at.join("merged");
    assert!(merged.join("progress.json").exists() && !merged.join("table.parquet").exists());
    // One that was killed leaves its half-written table.
    std::fs::write(merged.join("table.parquet.4711.part"), "half").unwrap();
    let lock = OpenOptions::new()
        .write(true)
        .open(merged.join("run.lock"))
        .unwrap();
    lock.lock().unwrap();
    let busy = merge(&at, &named(&["a", "b"]), "merged");
    assert_eq!(busy.status.code(), Some(1), "{}", stderr(&busy));
    assert!(
        stderr(&busy).contains("another process is writing to"),
        "{}",
        stderr(&busy)
    );
    drop(lock);
    done(&merge(&at, &named(&["a", "b"]), "merged"));
    same_run(&at.join("whole"), &merged);
}

/// Where the record weighs worlds, what each counts is a function of the world alone.
#[test]
fn ranges_of_a_case_with_acts_on_record_are_merged_with_their_weights() {
    let at = folder("ranges-record");
    let text = std::fs::read_to_string(Path::new(&first_case()).join("case.toml")).unwrap();
    std::fs::write(at.join("case.toml"), text + RECORD).unwrap();
    for (worlds, name, threads) in [
        ("12", "whole", "2"),
        ("0..5", "a", "1"),
        ("5..12", "b", "2"),
    ] {
        run_case(
            &at,
            "case.toml",
            worlds,
            name,
            &["--searches", "4", "--threads", threads],
        );
    }
    done(&merge(&at, &named(&["b", "a"]), "merged"));
    same_run(&at.join("whole"), &at.join("merged"));
    let result = manifest(&at.join("merged"))["result"].clone();
    assert_eq!(result["record"], true);
    assert_eq!(result["quantities"][0]["id"], "record.weight");
    refused(
        &at,
        &["report", "--from", "merged"],
        "weighed by what is on record",
    );
}

/// An act, and what is known of a number that the model computes.
const RECORD: &str = r#"
[act.asked]
by = "north"
on = 2024-05-01
says = "It asked for the harbour first."
likelihood = { merchants = "1 to 2", generals = "0.4 to 0.8" }
[anchor.signed]
says = "How often such terms were signed."
quantity = "settlement.agreed[mediators_terms]"
known = "20% / 40% / 60%"
weight = 1
"#;

/// What is kept alone is what a run of everything keeps.
#[test]
fn columns_by_name_are_those_of_the_whole_table() {
    let at = folder("ranges-only");
    let (case, csv) = (first_case(), ["--searches", "0", "--csv"]);
    run_case(&at, &case, "12", "all", &csv);
    run_case(
        &at,
        &case,
        "12",
        "few",
        &[
            "--csv",
            "--only",
            "settlement.agreed,alternative.value",
            "--threads",
            "2",
        ],
    );
    let csv = |name: &str| -> Vec<Vec<String>> {
        let text = std::fs::read_to_string(at.join(name).join("table.csv")).unwrap();
        let mut lines = text.lines();
        let mut rows = vec![
            lines
                .next()
                .unwrap()
                .split(",\"")
                .map(|cell| cell.trim_end_matches('"').to_owned())
                .collect::<Vec<_>>(),
        ];
        rows.extend(lines.map(|line| line.split(',').map(str::to_owned).collect()));
        rows
    };
    let (all, few) = (csv("all"), csv("few"));
    assert!(few[0].len() > 4 && few[0].len() < all[0].len() / 10);
    for (place, name) in few[0].iter().enumerate() {
        let there = all[0].iter().position(|other| other == name).unwrap();
        for (one, other) in few.iter().zip(&all) {
            assert_eq!(one[place], other[there], "{name}");
        }
    }
    let case = first_case();
    let refuse = |only: &str, expected: &str| {
        refused(&at, &["run", &case, "--only", only, "-o", "none"], expected);
    };
    refuse("settlement.agree", "did you mean settlement.agreed?");
    refuse("alternative.ending", "kept with --months");
    refused(
        &at,
        &["report", "--from", "few"],
        "keeps alternative.value, settlement.agreed alone",
    );
}
