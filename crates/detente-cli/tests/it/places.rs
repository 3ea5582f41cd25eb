//! Where results go, and what they may not take the place of.

use std::path::Path;

use crate::{detente, first_case, folder, refused, stderr, stdout};

const SMALL: [&str; 4] = ["--worlds", "8", "--searches", "1"];

/// The example in a folder of its own, so that it may come to harm.
fn own_case(at: &Path) {
    std::fs::create_dir(at.join("mine")).unwrap();
    let text = std::fs::read(Path::new(&first_case()).join("case.toml")).unwrap();
    std::fs::write(at.join("mine/case.toml"), text).unwrap();
}

fn report(at: &Path, case: &str, place: &str) -> std::process::Output {
    let args = [&["report", case, "-o", place][..], &SMALL].concat();
    detente(at, &args)
}

#[test]
fn inputs_are_never_written_over_under_any_name() {
    let at = folder("places-inputs");
    own_case(&at);
    std::fs::write(at.join("mine/evidence.toml"), "").unwrap();
    std::fs::hard_link(at.join("mine/case.toml"), at.join("other.html")).unwrap();
    let case = std::fs::read(at.join("mine/case.toml")).unwrap();
    let before = contents(&at);
    for place in [
        "mine/case.toml",
        "mine/../mine/case.toml",
        "mine/evidence.toml",
        "mine/new.toml",
        "mine/NEW.TOML",
        "other.html",
        "mine",
    ] {
        let args = [&["report", "mine", "-o", place][..], &SMALL].concat();
        refused(&at, &args, place);
    }
    refused(
        &at,
        &["draw", "mine", "-o", "mine/case.toml"],
        ".csv or .parquet",
    );
    std::fs::copy(at.join("mine/case.toml"), at.join("case.csv")).unwrap();
    refused(
        &at,
        &["draw", "case.csv", "-o", "case.csv"],
        "is the case itself",
    );
    std::fs::remove_file(at.join("case.csv")).unwrap();
    refused(
        &at,
        &["run", "mine", "-o", "mine"],
        "other things than a run",
    );
    assert!(contents(&at) == before);
    assert_eq!(std::fs::read(at.join("other.html")).unwrap(), case);
    // Beside the case any other name will do.
    assert!(report(&at, "mine", "mine/page.html").status.success());

    let game = "EFG 2 R \"g\" { \"A\" \"B\" }\nt \"\" 1 \"\" { 1, 2 }\n";
    std::fs::write(at.join("g.efg"), game).unwrap();
    let sweep = [
        "solve", "g.efg", "--sweep", "1:A=0..1", "--points", "3", "--svg", "g.efg",
    ];
    let said = stderr(&detente(&at, &sweep));
    assert!(said.contains("error"), "{said}");
    assert_eq!(std::fs::read_to_string(at.join("g.efg")).unwrap(), game);
}

#[test]
fn a_picture_never_takes_the_place_of_its_game() {
    let at = folder("places-game");
    let games = Path::new(env!("CARGO_MANIFEST_DIR")).join("../detente-games/games");
    let text = std::fs::read_to_string(games.join("crisis-signalling.efg")).unwrap();
    std::fs::write(at.join("crisis.efg"), &text).unwrap();
    let sweep = [
        "solve",
        "crisis.efg",
        "--sweep",
        "war, weak:Government=-2..0",
        "--points",
        "3",
        "--svg",
        "crisis.efg",
    ];
    refused(&at, &sweep, "crisis.efg is the game itself");
    assert_eq!(
        std::fs::read_to_string(at.join("crisis.efg")).unwrap(),
        text
    );
}

/// All files below a folder with what they hold.
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

#[cfg(unix)]
#[test]
fn what_is_no_regular_file_is_written_through_and_stays_what_it_was() {
    use std::os::unix::fs::{FileTypeExt as _, PermissionsExt as _, symlink};
    let at = folder("places-through");
    let kind = |name: &str| {
        std::fs::symlink_metadata(at.join(name))
            .unwrap()
            .file_type()
    };
    let case = first_case();
    let whole = |name: &str| {
        let page = std::fs::read_to_string(at.join(name)).unwrap();
        assert!(
            page.starts_with("<!doctype html>") && page.ends_with("</html>"),
            "{name}"
        );
    };

    symlink("/dev/null", at.join("device")).unwrap();
    assert!(report(&at, &case, "device").status.success());
    assert!(kind("device").is_symlink());
    assert!(
        std::fs::metadata("/dev/null")
            .unwrap()
            .file_type()
            .is_char_device()
    );

    let made = std::process::Command::new("mkfifo")
        .arg(at.join("fifo"))
        .status();
    assert!(made.unwrap().success());
    let read = {
        let fifo = at.join("fifo");
        std::thread::spawn(move || std::fs::read_to_string(fifo).unwrap())
    };
    assert!(report(&at, &case, "fifo").status.success());
    assert!(kind("fifo").is_fifo());
    assert!(read.join().unwrap().ends_with("</html>"));
    // A reader who goes away has read enough.
    let goes = {
        let fifo = at.join("fifo");
        std::thread::spawn(move || drop(std::fs::File::open(fifo).unwrap()))
    };
    assert!(report(&at, &case, "fifo").status.success());
    goes.join().unwrap();

    // What a link leads to is written; the link stays, and so does who may read.
    std::fs::write(at.join("real.html"), "old").unwrap();
    std::fs::set_permissions(at.join("real.html"), std::fs::Permissions::from_mode(0o600)).unwrap();
    symlink("real.html", at.join("link.html")).unwrap();
    assert!(report(&at, &case, "link.html").status.success());
    assert!(kind("link.html").is_symlink() && kind("real.html").is_file());
    whole("real.html");
    let mode = std::fs::metadata(at.join("real.html"))
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
    symlink("not-yet.html", at.join("dangling.html")).unwrap();
    assert!(report(&at, &case, "dangling.html").status.success());
    assert!(kind("dangling.html").is_symlink());
    whole("not-yet.html");
    symlink("round.html", at.join("round.html")).unwrap();
    let said = stderr(&report(&at, &case, "round.html"));
    assert!(said.contains("round.html cannot be written"), "{said}");
    std::fs::remove_file(at.join("round.html")).unwrap();
    std::fs::remove_file(at.join("fifo")).unwrap();

    // A table too, and standard output, whatever it is.
    symlink("/dev/null", at.join("null.csv")).unwrap();
    assert!(
        detente(&at, &["draw", &case, "-o", "null.csv"])
            .status
            .success()
    );
    assert!(kind("null.csv").is_symlink());
    let out = std::fs::File::create(at.join("out")).unwrap();
    let args = [&["report", &case, "-o", "/dev/stdout"][..], &SMALL].concat();
    let done = std::process::Command::new(env!("CARGO_BIN_EXE_detente"))
        .current_dir(&at)
        .args(args)
        .stdout(out)
        .output()
        .unwrap();
    assert!(done.status.success());
    let out = std::fs::read_to_string(at.join("out")).unwrap();
    assert!(out.starts_with("<!doctype html>") && out.contains("</html>The Harbour Strip"));
    // Nothing is left beside any of them.
    let left = std::fs::read_dir(&at).unwrap();
    let left = left.filter(|entry| {
        let name = entry.as_ref().unwrap().file_name();
        Path::new(&name).extension() == Some("part".as_ref())
    });
    assert_eq!(left.count(), 0);
}

#[test]
fn a_place_that_cannot_be_written_to_is_said_before_anything_is_computed() {
    let at = folder("places-early");
    std::fs::write(at.join("file"), "mine").unwrap();
    let case = first_case();
    // A minute's work and more, were it begun.
    let long = ["--worlds", "20000", "--searches", "2000"];
    let mut places = vec!["file/page.html", "file/deep/page.html"];
    std::fs::write(at.join("kept.html"), "kept").unwrap();
    let mut permissions = std::fs::metadata(at.join("kept.html"))
        .unwrap()
        .permissions();
    permissions.set_readonly(true);
    std::fs::set_permissions(at.join("kept.html"), permissions).unwrap();
    places.push("kept.html");
    for place in places {
        let args = [&["report", &case, "-o", place][..], &long].concat();
        let started = std::time::Instant::now();
        let output = detente(&at, &args);
        let said = stderr(&output);
        assert_eq!(output.status.code(), Some(1), "{said}");
        assert!(said.contains(place) && !said.contains("took "), "{said}");
        assert!(started.elapsed().as_secs() < 20, "{place}");
    }
    assert_eq!(
        std::fs::read_to_string(at.join("kept.html")).unwrap(),
        "kept"
    );
}

#[test]
fn a_strangers_file_in_a_runs_folder_stays() {
    let at = folder("places-strangers");
    let case = first_case();
    let run = |into: &str| detente(&at, &["run", &case, "-o", into, "--worlds", "8"]);
    std::fs::create_dir(at.join("theirs")).unwrap();
    std::fs::write(at.join("theirs/download.part"), "theirs").unwrap();
    refused(
        &at,
        &["run", &case, "-o", "theirs", "--worlds", "8"],
        "other things than a run",
    );
    assert!(run("ours").status.success());
    for name in [
        "download.part",
        "notes.txt",
        "table.parquet.part",
        "part-1.parquet",
        "part-00000.parquet",
    ] {
        std::fs::write(at.join("ours").join(name), "theirs").unwrap();
    }
    std::fs::write(at.join("ours/table.csv.4711.part"), "left over").unwrap();
    assert!(run("ours").status.success());
    assert!(!at.join("ours/table.csv.4711.part").exists());
    for name in [
        "download.part",
        "notes.txt",
        "part-1.parquet",
        "part-00000.parquet",
    ] {
        assert_eq!(
            std::fs::read_to_string(at.join("ours").join(name)).unwrap(),
            "theirs"
        );
    }
}

#[cfg(unix)]
#[test]
fn nothing_is_written_through_a_link_in_a_runs_folder() {
    use std::os::unix::fs::symlink;
    let at = folder("places-links");
    let case = first_case();
    let refuse = |into: &str, expected: &str| {
        refused(&at, &["run", &case, "-o", into, "--worlds", "8"], expected);
    };
    std::fs::create_dir(at.join("lock")).unwrap();
    symlink(at.join("made"), at.join("lock/run.lock")).unwrap();
    refuse("lock", "a run.lock that is no file of a run");
    assert!(!at.join("made").exists());

    // In a run that was begun, the case's copies and the parts.
    assert!(
        detente(&at, &["run", &case, "-o", "begun", "--worlds", "8"])
            .status
            .success()
    );
    let manifest = std::fs::read_to_string(at.join("begun/manifest.json")).unwrap();
    let manifest: serde_json::Value = serde_json::from_str(&manifest).unwrap();
    let mut plan = manifest["result"].clone();
    for outcome in ["silences", "certificates", "table"] {
        plan.as_object_mut().unwrap().shift_remove(outcome);
    }
    let progress =
        serde_json::json!({ "format": 1, "block": 1024, "build": manifest["build"], "run": plan });
    std::fs::create_dir(at.join("elsewhere")).unwrap();
    for (name, link) in [
        ("a", "case"),
        ("b", "part-00000.parquet"),
        ("c", "table.parquet"),
    ] {
        std::fs::create_dir(at.join(name)).unwrap();
        std::fs::write(at.join(name).join("progress.json"), progress.to_string()).unwrap();
        symlink(at.join("elsewhere"), at.join(name).join(link)).unwrap();
        refuse(name, &format!("its {link} is a link or the like"));
    }
    assert_eq!(std::fs::read_dir(at.join("elsewhere")).unwrap().count(), 0);

    symlink("nowhere", at.join("new")).unwrap();
    std::fs::create_dir(at.join("started")).unwrap();
    symlink(at.join("made"), at.join("started/case.toml")).unwrap();
    refused(&at, &["new", "started"], "exists; nothing was written");
    assert!(!at.join("made").exists());
}

#[test]
fn names_with_dots_are_names_and_a_page_of_another_case_is_not_written_over() {
    let at = folder("places-names");
    let text = std::fs::read_to_string(Path::new(&first_case()).join("case.toml")).unwrap();
    for case in ["talks.v1", "talks.v2", "a/talks", "b/talks"] {
        std::fs::create_dir_all(at.join(case)).unwrap();
        std::fs::write(at.join(case).join("case.toml"), &text).unwrap();
    }
    std::fs::write(at.join("talks.v1.toml"), &text).unwrap();
    let page = |case: &str| {
        let output = detente(&at, &[&["report", case][..], &SMALL].concat());
        (output.status.code(), stdout(&output) + &stderr(&output))
    };
    let run = |case: &str| detente(&at, &["run", case, "--worlds", "4"]).status.code();
    for case in ["talks.v1", "talks.v2", "a/talks"] {
        let (code, said) = page(case);
        assert_eq!(code, Some(0), "{said}");
        let name = case.rsplit('/').next().unwrap();
        assert!(at.join(format!("reports/{name}.html")).exists(), "{name}");
        assert_eq!(run(case), Some(0));
        assert!(at.join(format!("runs/{name}/manifest.json")).exists());
    }
    // Again, and under another name of the same case.
    for case in ["a/talks", "./a/../a/talks/", "a/talks/case.toml"] {
        let (code, said) = page(case);
        assert_eq!(code, Some(0), "{case}: {said}");
    }
    for (case, of) in [("b/talks", "a/talks"), ("talks.v1.toml", "talks.v1")] {
        let (code, said) = page(case);
        assert_eq!(code, Some(2), "{said}");
        assert!(
            said.contains("is the report of another case") && said.contains(of),
            "{said}"
        );
    }
    // Where the user names the place, the user knows.
    let named = [
        &["report", "b/talks", "-o", "reports/talks.html"][..],
        &SMALL,
    ]
    .concat();
    assert!(detente(&at, &named).status.success());
}

/// With `--json` a file that is named as JSON takes the summary; without it that name is refused, and any other takes the page.
#[test]
fn a_file_holds_what_its_name_says() {
    let at = folder("places-json");
    own_case(&at);
    let args = [&["report", "mine", "--json", "-o", "mine.json"][..], &SMALL].concat();
    let output = detente(&at, &args);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert_eq!(stdout(&output), "");
    assert!(stderr(&output).contains("the summary is in mine.json"));
    let written = std::fs::read(at.join("mine.json")).unwrap();
    let summary: serde_json::Value = serde_json::from_slice(&written).unwrap();
    assert!(summary["packages"].is_array());
    assert!(!at.join("reports").exists());
    let args = [&["report", "mine", "-o", "page.json"][..], &SMALL].concat();
    refused(&at, &args, "add --json");
    assert!(!at.join("page.json").exists());
    let args = [&["report", "mine", "--json", "-o", "mine.html"][..], &SMALL].concat();
    let output = detente(&at, &args);
    let same: serde_json::Value = serde_json::from_str(&stdout(&output)).unwrap();
    // The command that is stated in it is another.
    assert_eq!(same["packages"], summary["packages"]);
    let page = std::fs::read_to_string(at.join("mine.html")).unwrap();
    assert!(page.ends_with("</html>"));
}
