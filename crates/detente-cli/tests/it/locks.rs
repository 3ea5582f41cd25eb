//! Two processes and one run folder.

use std::fs::{File, OpenOptions};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use crate::{detente, first_case, folder, stderr};

/// Enough for a process to be met at work.
const WORLDS: &str = "4000";

fn arguments<'a>(case: &'a str, into: &'a str, worlds: &'a str) -> [&'a str; 8] {
    [
        "run",
        case,
        "-o",
        into,
        "--searches",
        "0",
        "--worlds",
        worlds,
    ]
}

fn run(at: &Path, into: &str, worlds: &str) -> Output {
    detente(at, &arguments(&first_case(), into, worlds))
}

fn done(output: &Output) -> String {
    let said = stderr(output);
    assert_eq!(output.status.code(), Some(0), "{said}");
    said
}

fn busy(output: &Output) {
    let said = stderr(output);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("another process is writing to "), "{said}");
    assert!(said.contains("give another folder with -o"), "{said}");
}

/// All files of a folder with what they hold.
fn contents(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(contents(&path));
        } else {
            files.push((path.display().to_string(), std::fs::read(&path).unwrap()));
        }
    }
    files.sort();
    files
}

fn begin(at: &Path, into: &str) -> Child {
    Command::new(env!("CARGO_BIN_EXE_detente"))
        .current_dir(at)
        .args(arguments(&first_case(), into, WORLDS))
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

fn signal(child: &Child, name: &str) {
    let sent = Command::new("kill")
        .args([name, &child.id().to_string()])
        .status();
    assert!(sent.unwrap().success());
}

#[cfg(unix)]
#[test]
fn a_second_process_is_turned_away_and_a_killed_one_leaves_no_lock() {
    let at = folder("locks");
    let mut first = begin(&at, "run");
    let part = at.join("run/part-00000.parquet");
    while !part.exists() {
        assert_eq!(
            first.try_wait().unwrap(),
            None,
            "it ended before its first part"
        );
        std::thread::yield_now();
    }
    // It stands still and holds its lock.
    signal(&first, "-STOP");
    let before = contents(&at.join("run"));
    assert!(
        before
            .iter()
            .all(|(name, _)| !name.ends_with("manifest.json")),
        "it was too quick"
    );
    busy(&run(&at, "run", WORLDS));
    // Whoever wants something else in this folder is told that first, and changes nothing either.
    let other = run(&at, "run", "3999");
    assert_eq!(other.status.code(), Some(2), "{}", stderr(&other));
    assert!(
        contents(&at.join("run")) == before,
        "the second process changed something"
    );
    signal(&first, "-KILL");
    assert_eq!(first.wait().unwrap().code(), None);

    let said = done(&run(&at, "run", WORLDS));
    assert!(said.contains("going on with "), "{said}");
    done(&run(&at, "undisturbed", WORLDS));
    let read = |name: &str, file: &str| std::fs::read(at.join(name).join(file)).unwrap();
    assert!(read("run", "table.parquet") == read("undisturbed", "table.parquet"));
    let result = |name: &str| -> serde_json::Value {
        let manifest: serde_json::Value =
            serde_json::from_slice(&read(name, "manifest.json")).unwrap();
        manifest["result"].clone()
    };
    assert_eq!(result("run"), result("undisturbed"));
}

#[cfg(unix)]
#[test]
fn of_two_that_start_together_one_runs_and_none_spoils_the_other() {
    let at = folder("locks-together");
    let children: Vec<Child> = (0..3).map(|_| begin(&at, "run")).collect();
    let outputs = children
        .into_iter()
        .map(|child| child.wait_with_output().unwrap());
    let (went, away): (Vec<Output>, Vec<Output>) =
        outputs.partition(|output| output.status.success());
    assert!(
        !went.is_empty(),
        "{:?}",
        away.iter().map(stderr).collect::<Vec<_>>()
    );
    away.iter().for_each(busy);
    assert!(done(&run(&at, "run", WORLDS)).contains("whole; nothing was run"));
}

#[test]
fn a_whole_run_is_shown_whoever_holds_its_folder_and_nothing_is_written_to_it() {
    let at = folder("locks-whole");
    done(&run(&at, "run", "8"));
    let path = at.join("run/run.lock");
    assert_eq!(std::fs::metadata(&path).unwrap().len(), 0);
    let held: File = OpenOptions::new().write(true).open(&path).unwrap();
    held.lock().unwrap();
    std::fs::write(at.join("run/table.csv.1.part"), "another's").unwrap();
    let before = contents(&at.join("run"));
    assert!(done(&run(&at, "run", "8")).contains("whole; nothing was run"));
    let case = first_case();
    let csv = [&arguments(&case, "run", "8")[..], &["--csv"]].concat();
    busy(&detente(&at, &csv));
    assert!(contents(&at.join("run")) == before);
    drop(held);
    done(&detente(&at, &csv));
    assert!(at.join("run/table.csv").exists() && !at.join("run/table.csv.1.part").exists());

    // A folder that only a lock was made in is as good as new; beside other things a lock makes no run.
    std::fs::create_dir(at.join("empty")).unwrap();
    File::create(at.join("empty/run.lock")).unwrap();
    done(&run(&at, "empty", "8"));
    std::fs::remove_file(at.join("empty/manifest.json")).unwrap();
    let output = run(&at, "empty", "8");
    assert_eq!(output.status.code(), Some(2));
    assert!(
        stderr(&output).contains("other things than a run"),
        "{}",
        stderr(&output)
    );
}

#[cfg(unix)]
#[test]
fn a_folder_that_cannot_be_written_to_is_shown_if_whole_and_refused_if_not() {
    use std::os::unix::fs::PermissionsExt as _;
    let at = folder("locks-read-only");
    for name in ["whole", "older"] {
        done(&run(&at, name, "8"));
    }
    // As a version without locks left it.
    std::fs::remove_file(at.join("older/run.lock")).unwrap();
    std::fs::create_dir(at.join("empty")).unwrap();
    let allow = |name: &str, mode: u32| {
        let path = at.join(name);
        if path.exists() {
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
        }
    };
    for name in ["whole", "older", "empty"] {
        allow(&format!("{name}/run.lock"), 0o444);
        allow(name, 0o555);
    }
    // The superuser writes anywhere.
    let superuser = File::create(at.join("whole/probe")).is_ok();
    if superuser {
        std::fs::remove_file(at.join("whole/probe")).unwrap();
    }
    for name in ["whole", "older"] {
        assert!(done(&run(&at, name, "8")).contains("whole; nothing was run"));
        let case = first_case();
        let csv = [&arguments(&case, name, "8")[..], &["--csv"]].concat();
        let output = detente(&at, &csv);
        assert_eq!(output.status.success(), superuser, "{}", stderr(&output));
    }
    let output = run(&at, "empty", "8");
    assert_eq!(output.status.success(), superuser, "{}", stderr(&output));
    if !superuser {
        assert!(
            stderr(&output).contains("run.lock cannot be written"),
            "{}",
            stderr(&output)
        );
    }
    for name in ["whole", "older", "empty"] {
        allow(name, 0o755);
    }
}
