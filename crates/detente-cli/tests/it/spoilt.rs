//! Runs that are not as they were written.

use std::path::Path;

use serde_json::Value;

use crate::{detente, first_case, folder, refused, stderr};

const WORLDS: &str = "2100";

fn run(at: &Path, into: &str) -> (Option<i32>, String) {
    let case = first_case();
    let args = [
        "run",
        &case,
        "-o",
        into,
        "--searches",
        "0",
        "--worlds",
        WORLDS,
    ];
    let output = detente(at, &args);
    (output.status.code(), stderr(&output))
}

/// A run of three parts that was stopped when the first two were done.
fn stopped(at: &Path) {
    let case = first_case();
    let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_detente"))
        .current_dir(at)
        .args([
            "run",
            &case,
            "-o",
            "stopped",
            "--searches",
            "0",
            "--worlds",
            WORLDS,
        ])
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    while !at.join("stopped/part-00001.parquet").exists() {
        assert_eq!(child.try_wait().unwrap(), None, "it was too quick");
        std::thread::yield_now();
    }
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(
        !at.join("stopped/manifest.json").exists(),
        "it was too quick"
    );
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap();
        if path.is_dir() {
            copy(&path, &to.join(name));
        } else {
            std::fs::copy(&path, to.join(name)).unwrap();
        }
    }
}

#[test]
fn parts_that_are_not_as_they_were_written_are_run_again_with_a_word() {
    let at = folder("spoilt-parts");
    let (code, said) = run(&at, "whole");
    assert_eq!(code, Some(0), "{said}");
    stopped(&at);
    let part = |name: &str, block: usize| at.join(name).join(format!("part-{block:05}.parquet"));
    let flip = |path: &Path, at: usize| {
        let mut bytes = std::fs::read(path).unwrap();
        let place = at % bytes.len();
        bytes[place] ^= 0x10;
        std::fs::write(path, bytes).unwrap();
    };
    // A bit of the numbers, of what is kept about them, and of the file's own marks.
    let bytes = std::fs::read(part("stopped", 0)).unwrap();
    let kept = b"not_applicable";
    let kept = bytes.windows(kept.len()).position(|w| w == kept).unwrap();
    let length = usize::try_from(std::fs::metadata(part("stopped", 0)).unwrap().len()).unwrap();
    for (name, place) in [
        ("numbers", length / 3),
        ("more-numbers", length / 2),
        ("about", kept),
        ("end", length - 2),
        ("start", 0),
    ] {
        copy(&at.join("stopped"), &at.join(name));
        flip(&part(name, 0), place);
    }
    copy(&at.join("stopped"), &at.join("swapped"));
    std::fs::rename(part("swapped", 0), at.join("kept")).unwrap();
    std::fs::rename(part("swapped", 1), part("swapped", 0)).unwrap();
    std::fs::rename(at.join("kept"), part("swapped", 1)).unwrap();
    copy(&at.join("stopped"), &at.join("copied"));
    std::fs::copy(part("copied", 0), part("copied", 1)).unwrap();
    copy(&at.join("stopped"), &at.join("empty"));
    std::fs::write(part("empty", 0), "").unwrap();
    copy(&at.join("stopped"), &at.join("sound"));

    let table = |name: &str| std::fs::read(at.join(name).join("table.parquet")).unwrap();
    let expected = table("whole");
    for (name, again) in [
        ("numbers", vec![0]),
        ("more-numbers", vec![0]),
        ("about", vec![0]),
        ("end", vec![0]),
        ("start", vec![0]),
        ("swapped", vec![0, 1]),
        ("copied", vec![1]),
        ("empty", vec![0]),
        ("sound", vec![]),
    ] {
        let (code, said) = run(&at, name);
        assert_eq!(code, Some(0), "{name}: {said}");
        for block in 0..2 {
            let word = format!("part-{block:05}.parquet is not as it was written");
            assert_eq!(
                said.contains(&word),
                again.contains(&block),
                "{name}: {said}"
            );
        }
        assert!(table(name) == expected, "{name}");
        assert!(!part(name, 0).exists());
    }
}

/// Edits the manifest of a run.
fn edit(at: &Path, name: &str, change: impl FnOnce(&mut Value)) {
    let path = at.join(name).join("manifest.json");
    let mut manifest: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
    change(&mut manifest);
    std::fs::write(path, manifest.to_string()).unwrap();
}

#[test]
fn every_command_refuses_what_any_refuses() {
    let at = folder("spoilt-manifests");
    let case = first_case();
    let small = |into: &str, seed: &str| {
        let args = ["run", &case, "-o", into, "--worlds", "8", "--seed", seed];
        assert_eq!(detente(&at, &args).status.code(), Some(0));
    };
    small("sound", "1");
    small("other", "2");
    let names = ["seed", "format", "faults", "table", "swapped", "bare"];
    for name in names {
        copy(&at.join("sound"), &at.join(name));
    }
    edit(&at, "seed", |m| m["result"]["seed"] = 2.into());
    edit(&at, "format", |m| m["format"] = 2.into());
    edit(&at, "faults", |m| {
        m["result"]["certificates"]["held"] = 0.into();
    });
    let mut bytes = std::fs::read(at.join("table/table.parquet")).unwrap();
    bytes[200] ^= 1;
    std::fs::write(at.join("table/table.parquet"), bytes).unwrap();
    std::fs::copy(
        at.join("other/table.parquet"),
        at.join("swapped/table.parquet"),
    )
    .unwrap();
    let hash = std::fs::read(at.join("other/manifest.json")).unwrap();
    let hash: Value = serde_json::from_slice(&hash).unwrap();
    edit(&at, "swapped", |m| m["files"] = hash["files"].clone());
    std::fs::remove_file(at.join("bare/table.parquet")).unwrap();
    for (name, word) in names.iter().zip([
        "does not have its own hash",
        "of another format",
        "does not have its own hash",
        "table.parquet has another hash",
        "table.parquet is of another run",
        "a manifest without its table",
    ]) {
        for seed in ["1", "2"] {
            let args = ["run", &case, "-o", name, "--worlds", "8", "--seed", seed];
            refused(&at, &args, word);
        }
        refused(&at, &["compare", "sound", name], word);
        refused(&at, &["compare", name, "sound"], word);
    }
}

#[test]
fn a_run_whose_certificate_failed_goes_on_failing() {
    let at = folder("spoilt-certificate");
    let case = first_case();
    let args = ["run", &case, "-o", "run", "--worlds", "8"];
    assert_eq!(detente(&at, &args).status.code(), Some(0));
    // As a run leaves it in which an answer failed.
    edit(&at, "run", |m| {
        m["result"]["certificates"]["faults"] = serde_json::json!(["settlement, world 0: wrong"]);
        m["sha256"] = sha256(&canonical(&m["result"])).into();
    });
    for json in [&[][..], &["--json"]] {
        let output = detente(&at, &[&args[..], json].concat());
        assert_eq!(output.status.code(), Some(1));
        let said = stderr(&output);
        assert!(said.contains("nothing was run"), "{said}");
        assert!(
            said.contains("failed its certificate: settlement, world 0: wrong"),
            "{said}"
        );
    }
    let compared = detente(&at, &["compare", "run", "run"]);
    assert!(stderr(&compared).contains("warning: an answer of run failed its certificate"));
}

/// JSON without blanks and with sorted keys, as docs/runs.md says.
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
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(canonical).collect();
            format!("[{}]", items.join(","))
        }
        plain => plain.to_string(),
    }
}

fn sha256(text: &str) -> String {
    use sha2::Digest as _;
    use std::fmt::Write as _;
    let digest = sha2::Sha256::digest(text.as_bytes());
    digest.iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

#[cfg(unix)]
#[test]
fn a_folder_that_is_gone_keeps_nothing_and_nothing_else_is_said() {
    let at = folder("spoilt-gone");
    let case = first_case();
    let child = std::process::Command::new(env!("CARGO_BIN_EXE_detente"))
        .current_dir(&at)
        .args([
            "run",
            &case,
            "-o",
            "run",
            "--searches",
            "0",
            "--worlds",
            "100000",
        ])
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    while !at.join("run/part-00000.parquet").exists() {
        std::thread::yield_now();
    }
    std::fs::rename(at.join("run"), at.join("away")).unwrap();
    let output = child.wait_with_output().unwrap();
    let said = stderr(&output);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("no longer the folder of this run"), "{said}");
    assert!(
        said.contains("nothing is kept") && !said.contains("goes on from there"),
        "{said}"
    );
    assert!(
        !at.join("run").exists(),
        "a folder without a plan helps nobody"
    );
}
