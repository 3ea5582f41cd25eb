//! Workbooks as other programs store them.

use std::io::{Read as _, Write as _};

use detente_sheets::{Kind, read};
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook};

use crate::{case_of, faults};

/// A table with all that a spreadsheet can hold: percentages, dates, formulas with their values, merged cells, yes and no, failures.
fn written(spoil: impl Fn(&mut rust_xlsxwriter::Worksheet)) -> Vec<u8> {
    let mut book = Workbook::new();
    let percent = Format::new().set_num_format("0.0%");
    let day = Format::new().set_num_format("yyyy-mm-dd");
    let case = book.add_worksheet().set_name("Case").unwrap();
    case.write(0, 0, "Date").unwrap();
    let date = ExcelDateTime::from_ymd(2024, 6, 1).unwrap();
    case.write_with_format(0, 1, &date, &day).unwrap();
    let sheet = book.add_worksheet().set_name("Positions").unwrap();
    let plain = Format::new();
    sheet
        .merge_range(0, 0, 0, 3, "A title across", &plain)
        .unwrap();
    for (c, heading) in (0..).zip(["Party", "Issue", "Weight", "Wants most"]) {
        sheet.write(2, c, heading).unwrap();
    }
    // A name beside two rows.
    sheet.merge_range(3, 0, 4, 0, "North", &plain).unwrap();
    sheet.write(3, 1, "x").unwrap();
    sheet.write(4, 1, "y").unwrap();
    sheet.write_with_format(3, 2, 0.4, &percent).unwrap();
    sheet
        .write_formula(4, 2, Formula::new("=2*30").set_result("60"))
        .unwrap();
    sheet.write(3, 3, 0).unwrap();
    sheet.write(4, 3, 100).unwrap();
    for (r, issue) in [(6, "x"), (7, "y")] {
        sheet.write(r, 0, "South").unwrap();
        sheet.write(r, 1, issue).unwrap();
        sheet.write(r, 2, "12,5").unwrap();
        sheet.write(r, 3, if r == 6 { 100 } else { 0 }).unwrap();
    }
    spoil(sheet);
    book.save_to_buffer().unwrap()
}

fn reading(bytes: &[u8]) -> detente_sheets::Book {
    read("table.xlsx", Kind::Xlsx, bytes).unwrap()
}

#[test]
fn percentages_dates_formulas_and_merged_cells() {
    let (text, case) = case_of(&reading(&written(|_| {})));
    assert_eq!(case.setting.as_of, "2024-06-01");
    for (path, expected) in [
        ("party.north.issue.x.weight", 40.0),
        ("party.north.issue.y.weight", 60.0),
        ("party.south.issue.x.weight", 12.5),
    ] {
        let input = case.inputs.iter().find(|input| input.path == path).unwrap();
        assert_eq!(
            input.text.parse::<f64>().unwrap(),
            expected,
            "{path}\n{text}"
        );
    }
}

#[test]
fn what_cannot_be_used_is_said_at_its_cell() {
    let said = |spoil: &dyn Fn(&mut rust_xlsxwriter::Worksheet)| {
        let said = faults(&reading(&written(spoil)));
        said.into_iter()
            .map(|f| format!("{} {}", f.code, f.message))
            .collect::<Vec<_>>()
    };
    let day = Format::new().set_num_format("yyyy-mm-dd");
    let date = ExcelDateTime::from_ymd(2025, 5, 3).unwrap();
    let one = said(&|sheet| {
        sheet.write_with_format(6, 2, &date, &day).unwrap();
    });
    assert_eq!(
        one,
        [
            "D1203 table.xlsx, sheet Positions, cell C7: a date stands here (2025-05-03), where a number belongs"
        ]
    );
    let one = said(&|sheet| {
        sheet
            .write_formula(6, 2, Formula::new("=1/0").set_result("#DIV/0!"))
            .unwrap();
    });
    assert_eq!(
        one,
        ["D1203 table.xlsx, sheet Positions, cell C7: the formula here failed (#DIV/0!)"]
    );
    let one = said(&|sheet| {
        sheet.write(6, 2, true).unwrap();
    });
    assert!(one[0].contains("cell C7: yes or no stands here"), "{one:?}");
    let one = said(&|sheet| {
        sheet
            .merge_range(7, 2, 7, 3, "all", &Format::new())
            .unwrap();
    });
    // That nothing says what it wants would be an echo of that.
    assert_eq!(
        one,
        [
            "D1203 table.xlsx, sheet Positions, cell C8: “all” is not a number",
            "D1203 table.xlsx, sheet Positions, cell D8: this cell is merged with others of its row",
        ]
    );
}

/// Of a workbook of which one sheet is broken that sheet is named.
#[test]
fn a_broken_sheet_is_named() {
    let bytes = written(|_| {});
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let mut broken = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for place in 0..archive.len() {
        let mut part = archive.by_index(place).unwrap();
        let name = part.name().unwrap().to_string();
        let mut text = String::new();
        part.read_to_string(&mut text).unwrap();
        // A place that is none.
        let (from, to) = if name.ends_with("sheet2.xml") {
            ("r=\"C4\"", "r=\"C4:!\"")
        } else {
            ("", "")
        };
        let options = zip::write::SimpleFileOptions::default();
        broken.start_file(name, options).unwrap();
        broken
            .write_all(text.replacen(from, to, 1).as_bytes())
            .unwrap();
    }
    let bytes = broken.finish().unwrap().into_inner();
    let said = read("t.xlsx", Kind::Xlsx, &bytes).unwrap_err();
    assert_eq!(said.len(), 1);
    let message = &said[0].message;
    assert!(
        message.starts_with("t.xlsx, sheet Positions: it cannot be read as a workbook: "),
        "{message}"
    );
}

#[test]
fn files_that_are_no_workbooks() {
    let said = |bytes: &[u8]| {
        let faults = read("t.xlsx", Kind::Xlsx, bytes).unwrap_err();
        assert_eq!(faults.len(), 1);
        format!("{} {}", faults[0].code, faults[0].message)
    };
    assert_eq!(
        said(b"Party,Issue\n"),
        "D1201 t.xlsx: it is no workbook (.xlsx)"
    );
    assert_eq!(
        said(&[0xd0, 0xcf, 0x11, 0xe0, 0, 0]),
        "D1201 t.xlsx: it is an old workbook (.xls), or one with a password"
    );
    assert_eq!(
        said(&vec![b'x'; (16 << 20) + 1]),
        "D0801 t.xlsx: it is 17 MiB long"
    );
    let whole = written(|_| {});
    assert!(said(&whole[..whole.len() / 2]).starts_with("D1201"));
    let mut empty = Workbook::new();
    empty.add_worksheet();
    assert_eq!(
        said(&empty.save_to_buffer().unwrap()),
        "D0103 t.xlsx: there is nothing in it"
    );
    let mut large = Workbook::new();
    let sheet = large.add_worksheet();
    sheet.write(60_000, 0, 1).unwrap();
    assert_eq!(
        said(&large.save_to_buffer().unwrap()),
        "D0801 t.xlsx, sheet Sheet1, cell A60001: this is beyond 50000 rows"
    );
}

/// A table that openpyxl wrote and `LibreOffice` saved; `tests/fixtures/make.py` says how.
#[test]
fn what_other_programs_save_is_read() {
    let saved = include_bytes!("../fixtures/libreoffice.xlsx");
    let (text, case) = case_of(&reading(saved));
    let setting = &case.setting;
    assert_eq!(
        (setting.name.as_str(), setting.as_of.as_str()),
        ("Two islands", "2024-06-01")
    );
    let ids: Vec<&str> = setting
        .parties
        .iter()
        .map(|party| party.id.as_str())
        .collect();
    assert_eq!(ids, ["ile", "mainland"]);
    for (path, expected) in [
        ("party.ile.issue.tariff.weight", "30 / 45 / 60"),
        ("party.ile.issue.quota.weight", "25"),
        ("party.mainland.issue.tariff.weight", "12.5"),
        ("party.mainland.issue.quota.weight", "5 to 9"),
    ] {
        let input = case.inputs.iter().find(|input| input.path == path).unwrap();
        assert_eq!(input.text, expected, "{path}\n{text}");
    }
    // As openpyxl wrote it, the formula has no value yet.
    let fresh = faults(&reading(include_bytes!("../fixtures/openpyxl.xlsx")));
    let said: Vec<&str> = fresh.iter().map(|f| f.message.as_str()).collect();
    assert_eq!(
        said,
        ["table.xlsx, sheet Positions, cell D2: the formula here has no value yet"]
    );
}
