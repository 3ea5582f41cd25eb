//! Runs kept in folders: whole, stopped, gone on with, compared, measured.

use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::{detente, first_case, folder, refused, stderr, stdout};

/// Enough worlds for three parts.
const WORLDS: &str = "2500";

fn run(at: &Path, into: &str, extra: &[&str]) -> std::process::Output {
    let case = first_case();
    let mut args = vec!["run", &case, "-o", into, "--searches", "20"];
    args.extend(extra);
    detente(at, &args)
}

fn done(at: &Path, into: &str, extra: &[&str]) {
    let output = run(at, into, extra);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
}

fn manifest(folder: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(folder.join("manifest.json")).unwrap()).unwrap()
}

/// The names in a folder, sorted.
fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

fn same_run(one: &Path, other: &Path) {
    let table = |run: &Path| std::fs::read(run.join("table.parquet")).unwrap();
    assert!(table(one) == table(other), "the tables differ");
    let (one, other) = (manifest(one), manifest(other));
    assert_eq!(one["result"], other["result"]);
    assert_eq!(one["sha256"], other["sha256"]);
    assert_eq!(one["files"], other["files"]);
}

#[test]
fn a_run_is_a_folder_and_threads_do_not_change_it() {
    let at = folder("run-folder");
    done(&at, "one", &["--worlds", "1100", "--threads", "1", "--csv"]);
    done(&at, "two", &["--worlds", "1100", "--threads", "2"]);
    let (one, two) = (at.join("one"), at.join("two"));
    same_run(&one, &two);
    assert_eq!(
        names(&one),
        [
            "case",
            "manifest.json",
            "run.lock",
            "table.csv",
            "table.parquet"
        ]
    );
    let copy = std::fs::read(one.join("case/case.toml")).unwrap();
    let given = std::fs::read(Path::new(&first_case()).join("case.toml")).unwrap();
    assert!(copy == given, "the case is kept as it was");

    let manifest = manifest(&one);
    let result = &manifest["result"];
    assert_eq!(result["table"]["rows"], 1100);
    assert_eq!(result["seed"], 1);
    assert!(result["certificates"]["held"].as_u64() > Some(0));
    assert!(
        manifest["times"]["started"].is_string() && result["times"].is_null(),
        "times are outside the hashed part"
    );
    let csv = std::fs::read_to_string(one.join("table.csv")).unwrap();
    let columns = result["table"]["columns"].as_u64().unwrap();
    let header = csv.lines().next().unwrap();
    assert!(header.contains(",\"settlement.accepts[north, "), "{header}");
    assert_eq!(csv.lines().count(), 1101);
    // Searches ran in the first 20 worlds, so later ones have no zone: an empty cell. No number holds a comma.
    for line in csv.lines().skip(1) {
        assert_eq!(line.matches(',').count() as u64, columns);
    }
    assert!(csv.lines().nth(1100).unwrap().contains(",,"));

    assert_eq!(result["table"]["sha256"], hash_of_numbers(&csv));

    // The same again does nothing; CSV can be had later; something else is refused.
    let before = std::fs::read(two.join("manifest.json")).unwrap();
    let again = run(&at, "two", &["--worlds", "1100", "--csv"]);
    assert!(stderr(&again).contains("whole; nothing was run"));
    assert!(std::fs::read_to_string(two.join("table.csv")).unwrap() == csv);
    assert!(std::fs::read(two.join("manifest.json")).unwrap() == before);
    // A CSV that is not the table's is said.
    let same = ["--worlds", "1100"];
    assert!(!stderr(&run(&at, "two", &same)).contains("table.csv"));
    let mut flipped = csv.clone().into_bytes();
    let last = flipped.len() - 3;
    flipped[last] ^= 1;
    std::fs::write(two.join("table.csv"), flipped).unwrap();
    assert!(stderr(&run(&at, "two", &same)).contains("table.csv is not what"));
    let case = first_case();
    let other = ["run", &case, "-o", "two", "--seed", "2"];
    assert!(refused(&at, &other, "something else").contains("seed"));
    std::fs::write(two.join("table.parquet"), "PAR1").unwrap();
    let damaged = [
        "run",
        &case,
        "-o",
        "two",
        "--worlds",
        "1100",
        "--searches",
        "20",
    ];
    refused(&at, &damaged, "not as it was written");
}

/// The hash of a table's numbers as docs/runs.md defines it, from the CSV alone.
fn hash_of_numbers(csv: &str) -> String {
    let mut digest = Sha256::new();
    for line in csv.lines().skip(1) {
        let mut cells = line.split(',');
        let world: u64 = cells.next().unwrap().parse().unwrap();
        digest.update(world.to_le_bytes());
        for cell in cells {
            let bits = if cell.is_empty() {
                0x7ff8_0000_0000_0000
            } else {
                cell.parse::<f64>().unwrap().to_bits()
            };
            digest.update(bits.to_le_bytes());
        }
    }
    let hex: Vec<String> = digest
        .finalize()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    hex.concat()
}

#[test]
fn months_are_columns_if_asked_for() {
    let at = folder("run-months");
    done(&at, "few", &["--worlds", "4"]);
    done(&at, "many", &["--worlds", "4", "--months"]);
    let columns = |name: &str| manifest(&at.join(name))["result"]["table"]["columns"].as_u64();
    assert!(columns("few") < columns("many"));
    let output = detente(&at, &["compare", "few", "many"]);
    assert!(stdout(&output).contains("months: false → true"));
    assert!(stdout(&output).contains("columns of the first run only: 0"));
}

/// A file size limit stands for a full disk: the parts fit, the table does not.
#[cfg(unix)]
#[test]
fn a_run_that_a_full_disk_stopped_goes_on_with_the_same_bytes() {
    let at = folder("run-full");
    done(&at, "whole", &["--worlds", WORLDS]);
    // The largest part holds 1,024 of 2,500 worlds: seven tenths of the table leave room for it, and none for the table.
    let table = std::fs::metadata(at.join("whole/table.parquet"))
        .unwrap()
        .len();
    let blocks = table * 7 / 10 / 512;
    let arguments = format!(
        "run {} -o stopped --searches 20 --worlds {WORLDS}",
        first_case()
    );
    let limited = Command::new("sh")
        .current_dir(&at)
        .arg("-c")
        // 512-byte blocks. An ignored signal makes the write fail instead of killing the process.
        .arg(format!(
            "trap '' XFSZ; ulimit -f {blocks}; exec {} {arguments}",
            env!("CARGO_BIN_EXE_detente")
        ))
        .output()
        .unwrap();
    let said = stderr(&limited);
    assert_eq!(limited.status.code(), Some(1), "{said}");
    assert!(
        said.contains("table.parquet cannot be written") && said.contains("goes on from there"),
        "{said}"
    );
    let stopped = at.join("stopped");
    assert_eq!(
        names(&stopped),
        [
            "case",
            "part-00000.parquet",
            "part-00001.parquet",
            "part-00002.parquet",
            "progress.json",
            "run.lock"
        ]
    );
    refused(&at, &["compare", "stopped", "whole"], "not finished");
    let case = first_case();
    refused(
        &at,
        &["run", &case, "-o", "stopped", "--worlds", "2400"],
        "something else",
    );

    // Of the parts one is missing and one is cut short, and a stray half-written file lies about.
    std::fs::remove_file(stopped.join("part-00000.parquet")).unwrap();
    let part = stopped.join("part-00002.parquet");
    let bytes = std::fs::read(&part).unwrap();
    std::fs::write(&part, &bytes[..bytes.len() / 2]).unwrap();
    std::fs::write(stopped.join("part-00001.parquet.1.part"), "half").unwrap();
    let output = run(&at, "stopped", &["--worlds", WORLDS, "--threads", "1"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(stderr(&output).contains("going on with 1024 of 2500 worlds"));
    assert_eq!(
        names(&stopped),
        ["case", "manifest.json", "run.lock", "table.parquet"]
    );
    same_run(&at.join("whole"), &stopped);
}

#[cfg(unix)]
#[test]
fn an_interrupt_keeps_what_is_finished_and_says_so() {
    let at = folder("run-interrupt");
    let case = first_case();
    let mut child = Command::new(env!("CARGO_BIN_EXE_detente"))
        .current_dir(&at)
        .args(["run", &case, "-o", "run", "--searches", "0"])
        .args(["--worlds", "1000000"])
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let first = at.join("run/part-00000.parquet");
    while !first.exists() {
        assert_eq!(
            child.try_wait().unwrap(),
            None,
            "it ended before its first part"
        );
        std::thread::yield_now();
    }
    let killed = Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status();
    assert!(killed.unwrap().success());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130), "{}", stderr(&output));
    assert!(stderr(&output).contains("the same command goes on from there"));
    assert!(!at.join("run/manifest.json").exists() && !at.join("run/table.parquet").exists());
    assert!(first.exists() && at.join("run/progress.json").exists());
}

#[test]
fn places_that_cannot_be_written_to_are_said() {
    let at = folder("run-places");
    std::fs::write(at.join("file"), "mine").unwrap();
    for place in ["file", "file/run"] {
        let output = run(&at, place, &["--worlds", "4"]);
        let said = stderr(&output);
        assert_eq!(output.status.code(), Some(1), "{said}");
        assert!(said.contains("cannot be used as a folder"), "{said}");
    }
    assert_eq!(std::fs::read_to_string(at.join("file")).unwrap(), "mine");
    std::fs::create_dir(at.join("mine")).unwrap();
    std::fs::write(at.join("mine/notes.txt"), "notes").unwrap();
    let case = first_case();
    refused(
        &at,
        &["run", &case, "-o", "mine"],
        "other things than a run",
    );
    std::fs::create_dir(at.join("odd")).unwrap();
    std::fs::write(at.join("odd/progress.json"), "{").unwrap();
    refused(&at, &["run", &case, "-o", "odd"], "cannot be understood");
    let full = Path::new("/dev/full");
    if full.exists() {
        let output = Command::new(env!("CARGO_BIN_EXE_detente"))
            .current_dir(&at)
            .args(["run", &case, "-o", "run", "--worlds", "4", "--json"])
            .stdout(std::fs::File::create(full).unwrap())
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
        assert!(at.join("run/manifest.json").exists(), "the run is whole");
    }
}

#[test]
fn a_comparison_says_what_moved_and_which_numbers_differ() {
    let at = folder("run-compare");
    let text = std::fs::read_to_string(Path::new(&first_case()).join("case.toml")).unwrap();
    let edited = text.replacen("burden = \"10 to 22\"", "burden = \"14 to 30\"", 1);
    assert!(text != edited);
    std::fs::write(at.join("case.toml"), &edited).unwrap();
    let worlds = ["--worlds", "64"];
    done(&at, "a", &worlds);
    done(&at, "again", &worlds);
    done(&at, "reading", &["--worlds", "64", "-r", "time_is_souths"]);
    done(&at, "seed", &["--worlds", "32", "--seed", "2"]);
    let output = detente(
        &at,
        &[
            "run",
            "case.toml",
            "-o",
            "edited",
            "--searches",
            "20",
            "--worlds",
            "64",
        ],
    );
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));

    let compare = |with: &str| {
        let output = detente(&at, &["compare", "a", with]);
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        let said = stdout(&output);
        assert!(said.lines().count() <= 25, "{said}");
        said
    };
    assert!(compare("again").contains("Every number of the tables is the same."));
    let reading = compare("reading");
    assert!(
        reading.contains("readings: none → time_is_souths"),
        "{reading}"
    );
    assert!(
        reading.contains("contest.capacity.A.from_month"),
        "{reading}"
    );
    assert!(
        reading.contains("alternative.value[north.merchants]"),
        "{reading}"
    );
    // Packages come first: signed, then in force; a quantity that neither run has is left out.
    assert!(
        reading.starts_with("signed (all who are needed accept it), of 100 worlds: "),
        "{reading}"
    );
    let force = reading.find("in force (").unwrap();
    assert!(force < reading.find("readings: ").unwrap(), "{reading}");
    let edited = compare("edited");
    assert!(edited.contains("case (hash)"), "{edited}");
    assert!(edited.contains("party.north.burden"), "{edited}");
    let seed = compare("seed");
    assert!(seed.contains("independent draws") && seed.contains("worlds: 64 → 32"));

    let output = detente(&at, &["compare", "a", "reading", "--json"]);
    let json: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(json["common_draws"], true);
    assert_eq!(json["packages"]["signed"].as_array().map(Vec::len), Some(4));
    let first = &json["quantities"][0];
    let gap =
        first["after"]["value"].as_f64().unwrap() - first["before"]["value"].as_f64().unwrap();
    assert!((gap - first["difference"]["value"].as_f64().unwrap()).abs() < 1e-9);

    // One number differs, so alone it does all that the run does.
    let output = detente(&at, &["compare", "a", "edited", "--causes", "--json"]);
    let json: Value = serde_json::from_slice(&output.stdout).unwrap();
    let (first, cause) = (&json["quantities"][0], &json["causes"]["quantities"][0]);
    assert_eq!(cause["name"], first["name"]);
    assert_eq!(cause["inputs"][0]["path"], "party.north.burden");
    let by = &cause["inputs"][0]["difference"]["value"];
    let gap = by.as_f64().unwrap() - first["difference"]["value"].as_f64().unwrap();
    assert!(gap.abs() < 1e-9, "{cause} {first}");
    let output = detente(&at, &["compare", "a", "reading", "--causes"]);
    assert!(stdout(&output).contains("each differing number alone"));

    refused(&at, &["compare", "a", "nowhere"], "holds no run");
    // What was changed after it was written is not read as a run.
    let table = at.join("reading/table.parquet");
    let mut bytes = std::fs::read(&table).unwrap();
    bytes[100] ^= 1;
    std::fs::write(&table, bytes).unwrap();
    refused(
        &at,
        &["compare", "a", "reading"],
        "table.parquet has another hash",
    );
    let path = at.join("again/manifest.json");
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, text.replace("\"seed\": 1", "\"seed\": 3")).unwrap();
    refused(&at, &["compare", "a", "again"], "its own hash");
}

#[test]
fn a_bench_measures_every_stage() {
    let at = folder("run-bench");
    let case = first_case();
    let args = ["bench", &case, "--worlds", "16", "--threads", "1"];
    let output = detente(&at, &args);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(stdout(&output).contains("worlds drawn"));
    let output = detente(&at, &[&args[..], &["--json"]].concat());
    let json: Value = serde_json::from_slice(&output.stdout).unwrap();
    let worlds: Vec<u64> = (0..5)
        .map(|i| json["stages"][i]["worlds"].as_u64().unwrap())
        .collect();
    assert_eq!(worlds, [16, 16, 14, 2, 2]);
    assert!(json["worlds_per_second"].as_f64() > Some(0.0));
    assert_eq!(json["changed"]["path"], "contest.edge");
    assert!(json["changed"]["seconds"].as_f64() > Some(0.0));
    assert!(json["wars_solved_per_world"].as_f64() >= Some(1.0));
    assert_eq!(json["certificates"]["faults"], serde_json::json!([]));
}
