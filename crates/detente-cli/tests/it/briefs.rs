//! `detente brief` as a user meets it.

use std::io::{Cursor, Read as _};
use std::path::Path;

use crate::{detente, first_case, folder, refused, stderr, stdout};

/// What every run here is of.
const SMALL: [&str; 4] = ["--worlds", "40", "--searches", "4"];

fn brief(at: &Path, args: &[&str]) -> std::process::Output {
    let case = first_case();
    let all: Vec<&str> = ["brief", &case]
        .into_iter()
        .chain(SMALL)
        .chain(args.iter().copied())
        .collect();
    detente(at, &all)
}

fn document(bytes: &[u8]) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).expect("a zip archive");
    let mut text = String::new();
    let mut file = archive.by_name("word/document.xml").unwrap();
    file.read_to_string(&mut text).unwrap();
    text
}

#[test]
fn a_brief_is_a_page_or_a_document_by_its_name() {
    let at = folder("brief");
    let output = brief(&at, &[]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(stdout(&output).contains("The brief is in reports/first-case-brief.html"));
    assert!(stderr(&output).contains("took "));
    let page = std::fs::read_to_string(at.join("reports/first-case-brief.html")).unwrap();
    assert!(page.contains("<h2>Bottom line</h2>") && page.trim_end().ends_with("</html>"));
    assert!(
        page.contains("detente brief "),
        "the command is in the colophon"
    );
    // The same on any number of threads, and as a document.
    let one = brief(&at, &["--threads", "1", "-o", "one.html"]);
    assert_eq!(one.status.code(), Some(0));
    assert_eq!(std::fs::read_to_string(at.join("one.html")).unwrap(), page);
    let output = brief(&at, &["-o", "x.docx"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let docx = std::fs::read(at.join("x.docx")).unwrap();
    assert!(document(&docx).contains("<w:t xml:space=\"preserve\">Bottom line</w:t>"));
    let files = std::fs::read_dir(&at).unwrap().count();
    assert_eq!(files, 3, "no half-written file is left");
}

#[test]
fn two_runs_are_briefed_side_by_side() {
    let at = folder("brief-two");
    let output = brief(&at, &["--against-reading", "time_is_souths"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let name = "reports/first-case-against-first-case-time_is_souths-brief.html";
    let page = std::fs::read_to_string(at.join(name)).unwrap();
    assert!(page.contains("<h2>Side by side</h2>") && page.contains("B less A"));
    assert!(page.contains("--against-reading time_is_souths"));
    let other = Path::new(&first_case()).with_file_name("trade-triangle");
    let other = other.display().to_string();
    let output = brief(&at, &["--against", &other, "-o", "two.docx"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let text = document(&std::fs::read(at.join("two.docx")).unwrap());
    assert!(text.contains("B less A") || text.contains("neither a named package in common"));
}

#[test]
fn a_brief_that_cannot_be_is_refused_before_anything_is_run() {
    let at = folder("brief-refused");
    let case = first_case();
    let of = |args: &[&str], expected: &str| {
        let all: Vec<&str> = ["brief", &case]
            .into_iter()
            .chain(args.iter().copied())
            .collect();
        refused(&at, &all, expected)
    };
    of(&["-o", "x.pdf"], "ends in .pdf");
    of(
        &["-o", "x.json"],
        "a brief is a page (.html) or a document (.docx)",
    );
    of(&["--reading", "time_is_south"], "time_is_souths");
    of(&["--against-reading", "time_is_south"], "time_is_souths");
    of(&["--against", "nowhere"], "nowhere");
    of(&["--quick", "--worlds", "9"], "cannot be used with");
    of(&["--worlds", "1"], "2..=1000000");
    of(&["-o", &format!("{case}/case.toml")], "is the case itself");
    refused(&at, &["brief", "nowhere"], "nowhere");
    // A second case with faults is told as any is.
    let text = std::fs::read_to_string(Path::new(&case).join("case.toml")).unwrap();
    let bad = text.replace("burden = \"10 to 22\"", "burden = \"22 to 10\"");
    assert_ne!(bad, text);
    std::fs::write(at.join("bad.toml"), bad).unwrap();
    of(&["--against", "bad.toml"], "D0302");
    let files = std::fs::read_dir(&at).unwrap().count();
    assert_eq!(files, 1, "nothing was written");
}
