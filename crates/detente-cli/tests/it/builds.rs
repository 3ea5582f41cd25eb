//! Two builds of one version and one run folder.

use std::path::Path;

use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::{detente, first_case, folder, stderr, stdout};

fn json(path: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

fn arguments<'a>(case: &'a str, into: &'a str) -> [&'a str; 8] {
    ["run", case, "-o", into, "--searches", "4", "--worlds", "16"]
}

fn done(at: &Path, into: &str) {
    let output = detente(at, &arguments(&first_case(), into));
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
}

#[test]
fn the_build_is_the_hash_of_the_program_and_stands_outside_the_result() {
    let at = folder("build");
    done(&at, "run");
    let manifest = json(&at.join("run/manifest.json"));
    let digest = Sha256::digest(std::fs::read(env!("CARGO_BIN_EXE_detente")).unwrap());
    let hex: Vec<String> = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    let hex = hex.concat();
    assert_eq!(manifest["build"], Value::from(hex.clone()));
    assert!(!manifest["result"].to_string().contains(&hex));
    let table = std::fs::read(at.join("run/table.parquet")).unwrap();
    let within = |bytes: &[u8]| table.windows(bytes.len()).any(|window| window == bytes);
    assert!(within(b"\"sampler\":\"quasi\"") && !within(hex.as_bytes()));
}

#[test]
fn a_run_of_another_build_is_not_gone_on_with() {
    let at = folder("build-resume");
    for (name, file) in [("whole", "manifest.json"), ("begun", "progress.json")] {
        done(&at, name);
        let path = at.join(name).join(file);
        if name == "begun" {
            // As it stood before it was whole.
            let manifest = json(&at.join("begun/manifest.json"));
            let mut plan = manifest["result"].clone();
            for field in ["silences", "certificates", "table"] {
                plan.as_object_mut().unwrap().remove(field);
            }
            let progress = serde_json::json!({ "format": 1, "block": 1024, "build": manifest["build"], "run": plan });
            std::fs::remove_dir_all(at.join("begun")).unwrap();
            std::fs::create_dir(at.join("begun")).unwrap();
            std::fs::write(&path, progress.to_string()).unwrap();
        }
        let original = json(&path);
        for (build, shown) in [
            (Value::from("0".repeat(64)), "build 000000000000 there, "),
            // As an older version wrote it.
            (Value::Null, "build not known there, "),
        ] {
            let mut other = original.clone();
            other["build"] = build;
            std::fs::write(&path, other.to_string()).unwrap();
            let output = detente(&at, &arguments(&first_case(), name));
            let said = stderr(&output);
            assert_eq!(output.status.code(), Some(2), "{said}");
            assert!(
                said.contains("another build of detente") && said.contains(shown),
                "{said}"
            );
            assert!(
                said.contains("give another folder with -o, or remove it"),
                "{said}"
            );
            assert_eq!(json(&path), other, "nothing was changed");
        }
        std::fs::write(&path, original.to_string()).unwrap();
        done(&at, name);
    }
}

/// What follows the end of a program's file is not read when it is run, and makes it another file.
#[cfg(target_os = "linux")]
#[test]
fn another_build_computes_the_same_bytes_and_is_told_apart() {
    let at = folder("build-other");
    done(&at, "one");
    // By another process: a program that this one has open for writing could not be started.
    let made = std::process::Command::new("sh")
        .arg("-c")
        .arg("cp \"$0\" \"$1\" && printf x >> \"$1\"")
        .args([Path::new(env!("CARGO_BIN_EXE_detente")), &at.join("other")])
        .status();
    assert!(made.unwrap().success());
    let other = |into: &str| {
        let mut command = std::process::Command::new(at.join("other"));
        command
            .current_dir(&at)
            .args(arguments(&first_case(), into))
            .output()
            .unwrap()
    };
    let refused = other("one");
    assert_eq!(refused.status.code(), Some(2), "{}", stderr(&refused));
    assert!(
        stderr(&refused).contains("another build"),
        "{}",
        stderr(&refused)
    );
    let output = other("two");
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));

    let (one, two) = (
        json(&at.join("one/manifest.json")),
        json(&at.join("two/manifest.json")),
    );
    assert!(one["build"] != two["build"]);
    assert_eq!(
        (&one["result"], &one["sha256"]),
        (&two["result"], &two["sha256"])
    );
    let table = |run: &str| std::fs::read(at.join(run).join("table.parquet")).unwrap();
    assert!(table("one") == table("two"), "the build is in the table");
    let compared = stdout(&detente(&at, &["compare", "one", "two"]));
    assert!(
        compared.contains("build: ") && !compared.contains("detente: "),
        "{compared}"
    );
    assert!(
        compared.contains("Every number of the tables is the same."),
        "{compared}"
    );
}
