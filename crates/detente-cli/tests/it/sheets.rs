//! Spreadsheets as a user meets them: tables that become cases, registers that go out and come back, what to ask first.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::{detente, first_case, folder, refused, stderr, stdout};

fn fixture(name: &str) -> String {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../detente-sheets/tests/fixtures");
    fixtures.join(name).display().to_string()
}

/// A copy of the first case, to be written into.
fn copy(at: &Path) -> PathBuf {
    let text = std::fs::read_to_string(Path::new(&first_case()).join("case.toml")).unwrap();
    std::fs::create_dir(at.join("strip")).unwrap();
    std::fs::write(at.join("strip/case.toml"), text).unwrap();
    at.join("strip/case.toml")
}

/// Runs a command that must do what it is asked.
fn done(at: &Path, args: &[&str]) -> String {
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
fn a_table_becomes_a_case_that_checks_and_runs() {
    let at = folder("sheets-new");
    let table = fixture("libreoffice.xlsx");
    let said = done(&at, &["new", "--from", &table, "-o", "two-islands"]);
    assert!(
        said.contains("2 parties, 2 issues, 3 packages")
            && said.contains("try: detente report two-islands --quick"),
        "{said}"
    );
    let text = std::fs::read_to_string(at.join("two-islands/case.toml")).unwrap();
    assert!(
        text.starts_with("# Made of the table libreoffice.xlsx"),
        "{text}"
    );
    assert!(done(&at, &["check", "two-islands"]).contains("can be run"));
    let said = done(&at, &["report", "two-islands", "--quick"]);
    assert!(said.contains("Two islands"), "{said}");
    // What is there is never written over.
    refused(
        &at,
        &["new", "--from", &table, "-o", "two-islands"],
        "exists; nothing was written",
    );
    // A template may still be asked for so.
    done(&at, &["new", "talks", "--from", "process"]);
    refused(
        &at,
        &["new", "x", "--from", "proces"],
        "did you mean process?",
    );
    refused(&at, &["new", "--from", "tabel.xlsx", "-o", "x"], "D0101");
    std::fs::write(at.join("notes.xlsx"), "no workbook").unwrap();
    refused(&at, &["new", "--from", "notes.xlsx", "-o", "x"], "D1201");
    refused(
        &at,
        &["new", "--from", "notes.xls", "-o", "x"],
        "neither a table (.xlsx, .csv) nor a template",
    );
}

#[test]
fn faults_of_a_table_are_said_at_their_cells_and_nothing_is_written() {
    let at = folder("sheets-faults");
    std::fs::write(
        at.join("t.csv"),
        "Party;Issue;Weight;Wants most\nA;x;viel;0\nB;x;-1;150\nC;;1;1\n",
    )
    .unwrap();
    let said = refused(&at, &["new", "--from", "t.csv", "-o", "x"], "D1203");
    for expected in [
        "t.csv, line 2, column C: “viel” is not a number",
        "t.csv, line 3, column C: a weight lies below 0",
        "t.csv, line 4, column B: the issue is missing",
    ] {
        assert!(said.contains(expected), "{expected}: {said}");
    }
    let fresh = fixture("openpyxl.xlsx");
    refused(
        &at,
        &["new", "--from", &fresh, "-o", "x"],
        "sheet Positions, cell D2: the formula here has no value yet",
    );
    assert!(detente(&at, &["explain", "D1203"]).status.success());
}

#[test]
fn tables_to_fill_are_written_once() {
    let at = folder("sheets-blank");
    for name in ["t.xlsx", "t.csv"] {
        let said = done(&at, &["new", "--table", name]);
        assert!(
            said.contains(&format!("detente new --from {name} -o FOLDER")),
            "{said}"
        );
        refused(
            &at,
            &["new", "--table", name],
            "exists; nothing was written",
        );
        refused(
            &at,
            &["new", "--from", name, "-o", "x"],
            "the table names no issue",
        );
    }
    refused(
        &at,
        &["new", "--table", "t.ods"],
        "should end in .xlsx or .csv",
    );
    refused(
        &at,
        &["new", "x", "--table", "u.csv"],
        "cannot be used with",
    );
    let list = done(&at, &["new", "--list"]);
    assert!(list.contains("detente new --table FILE.xlsx"), "{list}");
}

/// Fills some rows of a register in comma-separated values.
fn fill(at: &Path, from: &str, to: &str, answers: &[(&str, &str)]) {
    let text = std::fs::read_to_string(at.join(from)).unwrap();
    let mut out = String::new();
    for line in text.lines() {
        let answer = answers
            .iter()
            .find(|(path, _)| line.starts_with(&format!("{path},")));
        // Low, high, middle, why and words stand before the mark, which is last.
        if let Some((_, cells)) = answer {
            let (head, mark) = line.rsplit_once(',').unwrap();
            let head = head.strip_suffix(",,,,,").expect("five empty cells");
            let _ = writeln!(out, "{head},{cells},{mark}");
        } else {
            out.push_str(line);
            out.push('\n');
        }
    }
    std::fs::write(at.join(to), out).unwrap();
}

#[test]
fn a_register_goes_out_and_its_answers_come_back() {
    let at = folder("sheets-register");
    let file = copy(&at);
    let before = std::fs::read_to_string(&file).unwrap();
    let said = done(
        &at,
        &["export", "strip", "--csv", "r.csv", "--xlsx", "r.xlsx"],
    );
    assert!(
        said.contains("detente import strip r.csv") && said.contains("detente import strip r.xlsx"),
        "{said}"
    );
    refused(
        &at,
        &["export", "strip", "--csv", "r.csv"],
        "exists; nothing was written",
    );
    refused(&at, &["export", "strip"], "required");
    fill(
        &at,
        "r.csv",
        "filled.csv",
        &[
            ("contest.pace", "3,8,5,Maps,It crawls."),
            ("party.north.burden", "12,20,,,"),
        ],
    );
    refused(
        &at,
        &["import", "strip", "filled.csv"],
        "does not say whose answers these are",
    );
    refused(
        &at,
        &["import", "strip", "filled.csv", "--expert", "A. Ada"],
        "does not say when it was filled",
    );
    refused(
        &at,
        &[
            "import",
            "strip",
            "filled.csv",
            "--expert",
            "A. Ada",
            "--on",
            "19.3.2025",
        ],
        "is no date",
    );
    let import = [
        "import",
        "strip",
        "filled.csv",
        "--expert",
        "A. Ada",
        "--on",
        "2025-03-19",
    ];
    let dry = done(&at, &[&import[..], &["--dry-run"]].concat());
    assert!(dry.contains("2 would be put into strip"), "{dry}");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), before);
    let said = done(&at, &import);
    for expected in [
        "A. Ada, 2025-03-19: 2 of ",
        "2 put into strip",
        "contest.pace        3 / 5 / 8  (in the place of 4 to 9, a placeholder, which a comment keeps)",
    ] {
        assert!(said.contains(expected), "{expected}: {said}");
    }
    let after = std::fs::read_to_string(&file).unwrap();
    assert!(after.contains("{ by = \"A. Ada\", on = 2025-03-19, value = \"3 / 5 / 8\", why = \"Maps\", says = \"It crawls.\" }"), "{after}");
    // Once more: nothing changes. The expert can be heard alone.
    assert!(done(&at, &import).contains("2 stood there already as they are"));
    assert_eq!(std::fs::read_to_string(&file).unwrap(), after);
    assert!(done(&at, &["list", "experts", "strip"]).contains("A. Ada"));
    done(&at, &["report", "strip", "--expert", "A. Ada", "--quick"]);
    assert!(
        done(&at, &["explain", "contest.pace", "strip"]).contains("A. Ada, 2025-03-19: median 5")
    );
    // The case's own number changes, and another answer stands in the place of the old one, which is shown.
    let changed = after.replacen("burden = \"16 to 30\"", "burden = \"60 to 80\"", 1);
    std::fs::write(&file, &changed).unwrap();
    fill(
        &at,
        "r.csv",
        "again.csv",
        &[("contest.pace", "2,4,,,"), ("party.south.burden", "1,2,,,")],
    );
    let again = [
        "import",
        "strip",
        "again.csv",
        "--expert",
        "A. Ada",
        "--on",
        "2025-04-01",
    ];
    let output = detente(&at, &again);
    assert!(output.status.success(), "{}", stderr(&output));
    assert!(
        stdout(&output).contains("(before: 3 / 5 / 8 (2025-03-19))"),
        "{}",
        stdout(&output)
    );
    assert_ne!(changed, after);
    assert!(
        stderr(&output).contains("D1208") && stderr(&output).contains("party.south.burden"),
        "{}",
        stderr(&output)
    );
}

#[test]
fn answers_that_cannot_stand_hold_back_all_unless_asked() {
    let at = folder("sheets-partial");
    let file = copy(&at);
    let before = std::fs::read_to_string(&file).unwrap();
    done(&at, &["export", "strip", "--csv", "r.csv", "--blind"]);
    let text = std::fs::read_to_string(at.join("r.csv")).unwrap();
    assert!(!text.contains("Now:"), "{text}");
    let text = text.replace("party.north.burden,", "party.north.buden,");
    std::fs::write(at.join("r.csv"), text).unwrap();
    fill(
        &at,
        "r.csv",
        "filled.csv",
        &[
            ("contest.pace", "3,8,,,"),
            ("party.north.buden", "12,20,,,"),
            ("contest.edge", "3,1,,,"),
        ],
    );
    let import = [
        "import",
        "strip",
        "filled.csv",
        "--expert",
        "A",
        "--on",
        "2025-03-19",
    ];
    let said = refused(
        &at,
        &import,
        "2 of 3 answers cannot be put in, and nothing was written; --partial puts in the 1 that can stand",
    );
    assert!(
        said.contains("D1206") && said.contains("did you mean party.north.burden?"),
        "{said}"
    );
    assert!(
        said.contains("D1207") && said.contains("low is 3 and high is 1"),
        "{said}"
    );
    assert_eq!(std::fs::read_to_string(&file).unwrap(), before);
    let said = done(&at, &[&import[..], &["--partial"]].concat());
    assert!(
        said.contains("1 put into strip") && said.contains("2 were refused"),
        "{said}"
    );
    assert_ne!(std::fs::read_to_string(&file).unwrap(), before);
    refused(
        &at,
        &["import", "strip", "strip/case.toml"],
        "should end in .xlsx or .csv",
    );
    std::fs::write(at.join("other.csv"), "a,b\n1,2\n").unwrap();
    refused(&at, &["import", "strip", "other.csv"], "D1202");
}

/// Numbers of another case may have the same path: its register is refused where they are not the same numbers, and taken where the case has a new
/// name alone.
#[test]
fn the_register_of_another_case_is_refused() {
    let at = folder("sheets-other");
    let file = copy(&at);
    let text = std::fs::read_to_string(&file).unwrap();
    done(&at, &["export", "strip", "--xlsx", "r.xlsx"]);
    if !fill_workbook(&at, "r.xlsx") {
        println!("SKIPPED: openpyxl is not installed");
        return;
    }
    let name = "The Harbour Strip";
    assert!(text.contains(name));
    let renamed = text.replacen(name, "The Strip", 1);
    let other = renamed.replacen("pace = \"4 to 9\"", "pace = \"40 to 90\"", 1);
    assert_ne!(renamed, other);
    std::fs::write(&file, &other).unwrap();
    let said = refused(&at, &["import", "strip", "r.xlsx"], "D1209");
    assert!(
        said.contains("was written of the case “The Harbour Strip”, and this one is “The Strip”"),
        "{said}"
    );
    assert_eq!(std::fs::read_to_string(&file).unwrap(), other);
    std::fs::write(&file, &renamed).unwrap();
    let output = detente(&at, &["import", "strip", "r.xlsx"]);
    assert!(output.status.success(), "{}", stderr(&output));
    assert!(stderr(&output).contains("note: r.xlsx was written of the case"));
    // The name is one line, whatever stands in the cell.
    assert!(
        stdout(&output).starts_with("P. Ython, 2025-03-19: 1 of "),
        "{}",
        stdout(&output)
    );
}

/// Has another program fill one number of a register; `false`: it is not there.
fn fill_workbook(at: &Path, name: &str) -> bool {
    let script = r#"
import datetime, sys
try:
    import openpyxl
except ImportError:
    sys.exit(3)
book = openpyxl.load_workbook(sys.argv[1])
first, sheet = book["Read me"], book["Register"]
first["B4"], first["B5"] = "P.\nYthon ", datetime.date(2025, 3, 19)
head = {cell.value: cell.column for cell in sheet[1]}
for row in sheet.iter_rows(min_row=2):
    if row[0].value == "contest.pace":
        row[head["Low"] - 1].value, row[head["High"] - 1].value = 3, 8
book.save(sys.argv[1])
"#;
    let mut python = Command::new("python3");
    let output = python.current_dir(at).args(["-c", script, name]).output();
    let Ok(output) = output else { return false };
    let there = output.status.code() != Some(3);
    assert!(!there || output.status.success(), "{}", stderr(&output));
    there
}

/// What another program makes of our workbooks: it reads them, and what it saves is taken back.
#[test]
fn a_workbook_is_filled_by_another_program() {
    let python = |script: &str, at: &Path| {
        Command::new("python3")
            .current_dir(at)
            .args(["-c", script])
            .output()
    };
    let at = folder("sheets-openpyxl");
    if !python("import openpyxl", &at).is_ok_and(|output| output.status.success()) {
        println!("SKIPPED: openpyxl is not installed");
        return;
    }
    copy(&at);
    done(&at, &["export", "strip", "--xlsx", "r.xlsx"]);
    done(&at, &["new", "--table", "t.xlsx"]);
    let script = r#"
import datetime, openpyxl
table = openpyxl.load_workbook("t.xlsx")
assert table.sheetnames == ["Read me", "Positions", "Parties", "Issues", "Values", "Case"], table.sheetnames
rows = [("North", "Border", None, 50, None, None, 100), ("South", "Border", 20, 30, 60, None, 0)]
for row in rows:
    table["Positions"].append(row)
assert all(cell.comment for cell in table["Positions"][1])
table.save("t.xlsx")
book = openpyxl.load_workbook("r.xlsx")
assert book.sheetnames == ["Read me", "Register", "detente"], book.sheetnames
assert book["detente"].sheet_state == "veryHidden"
first, sheet = book["Read me"], book["Register"]
assert first.protection.sheet and sheet.protection.sheet
assert first["A4"].value == "Your name" and not first["B4"].protection.locked and first["B1"].protection.locked
first["B4"], first["B5"] = "P. Ython", datetime.date(2025, 3, 19)
head = {cell.value: cell.column for cell in sheet[1]}
filled = 0
for row in sheet.iter_rows(min_row=2):
    path, low = row[0].value, row[head["Low"] - 1]
    assert row[0].protection.locked and not low.protection.locked
    if path in ("contest.pace", "party.north.type.merchants.prior"):
        share = path.endswith("prior")
        row[head["Low"] - 1].value, row[head["High"] - 1].value = (0.3, 0.6) if share else (3, 8)
        assert ("%" in low.number_format) == share, low.number_format
        filled += 1
assert filled == 2
kinds = {rule.type for rule in sheet.data_validations.dataValidation}
assert kinds == {"decimal"}, kinds
assert len(sheet.data_validations.dataValidation) == sheet.max_row - 1
book.save("r.xlsx")
"#;
    let output = python(script, &at).unwrap();
    assert!(output.status.success(), "{}", stderr(&output));
    let said = done(&at, &["import", "strip", "r.xlsx"]);
    assert!(
        said.contains("P. Ython, 2025-03-19: 2 of ") && said.contains("0.3 to 0.6"),
        "{said}"
    );
    let said = done(&at, &["new", "--from", "t.xlsx", "-o", "made"]);
    assert!(said.contains("2 parties, 1 issues"), "{said}");
    done(&at, &["report", "made", "--quick"]);
}

#[test]
fn what_to_ask_first_is_told_and_every_field_is_explained() {
    let at = folder("sheets-ask");
    let case = first_case();
    let said = done(&at, &["ask", &case, "--worlds", "1024", "--top", "2"]);
    for expected in [
        "which is right in ",
        "Worth knowing: ",
        "█",
        "What to ask, both ends before the middle",
        "   a. So low that",
        "1. ",
        "2. ",
    ] {
        assert!(said.contains(expected), "{expected}: {said}");
    }
    assert!(
        said.lines().all(|line| line.chars().count() <= 80),
        "{said}"
    );
    assert!(!said.contains("\n3. "), "{said}");
    let json = done(&at, &["ask", &case, "--worlds", "1024", "--json"]);
    assert_eq!(
        json,
        done(
            &at,
            &["ask", &case, "--worlds", "1024", "--json", "--threads", "1"]
        )
    );
    let json: Value = serde_json::from_str(&json).unwrap();
    let doc = include_str!("../../../../docs/json.md");
    let doc = &doc[doc.find("## What to ask").unwrap()..];
    let mut missing = Vec::new();
    keys(&json, &mut |key| {
        if !doc.contains(&format!("`{key}`")) {
            missing.push(key.to_owned());
        }
    });
    assert_eq!(missing, Vec::<String>::new());
    let order: Vec<&str> = json["numbers"]
        .as_array()
        .unwrap()
        .iter()
        .map(|n| n["path"].as_str().unwrap())
        .collect();
    assert!(!order.is_empty());
    // The register begins with them.
    done(
        &at,
        &[
            "export", &case, "--csv", "r.csv", "--ask", "--worlds", "1024",
        ],
    );
    let text = std::fs::read_to_string(at.join("r.csv")).unwrap();
    let rows: Vec<&str> = text
        .lines()
        .filter(|line| !line.starts_with('#'))
        .skip(1)
        .collect();
    assert!(
        order
            .iter()
            .zip(&rows)
            .all(|(path, row)| row.starts_with(&format!("{path},"))),
        "{order:?}"
    );
    assert!(
        text.contains(&format!("come first ({} of them", order.len())),
        "{text}"
    );
}

/// Every key of a document.
fn keys(value: &Value, each: &mut impl FnMut(&str)) {
    match value {
        Value::Object(fields) => {
            for (key, value) in fields {
                each(key);
                keys(value, each);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| keys(item, each)),
        _ => {}
    }
}

#[test]
fn one_claim_or_one_quantity_may_be_asked_about() {
    let at = folder("sheets-asked");
    let file = copy(&at);
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, text + "\n[claim.signs]\nsays = \"North signs.\"\nholds_when = \"settlement.accepts[north, mediators_terms] > 0.5\"\n").unwrap();
    let ask = |more: &[&str]| {
        done(
            &at,
            &[&["ask", "strip", "--worlds", "256"][..], more].concat(),
        )
    };
    assert!(ask(&["--claim", "signs"]).contains("Claim signs: North signs: "));
    assert!(
        ask(&["--quantity", "settlement.agreed[mediators_terms]"])
            .contains("settlement.agreed[mediators_terms]: ")
    );
    let said = ask(&[
        "--quantity",
        "settlement.margin[south, mediators_terms] > 5",
        "--set",
        "contest.edge=0.2",
    ]);
    assert!(
        said.contains("settlement.margin[south, mediators_terms] > 5: "),
        "{said}"
    );
    refused(
        &at,
        &["ask", "strip", "--claim", "sings"],
        "did you mean signs?",
    );
    refused(
        &at,
        &["ask", "strip", "--quantity", "settlement.agred[x]"],
        "D0404",
    );
    refused(
        &at,
        &[
            "ask",
            "strip",
            "--quantity",
            "contest.pace",
            "--worlds",
            "64",
        ],
        "this is no chance",
    );
    refused(
        &at,
        &["ask", "strip", "--claim", "signs", "--quantity", "x"],
        "cannot be used with",
    );
    refused(&at, &["ask", "strip", "--reading", "none"], "no reading");
}
