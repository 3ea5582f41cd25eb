//! Spreadsheets in, cases out, and back.

mod faults;
mod registers;
mod stored;
mod tables;

use detente_case::{Case, Checked};
use detente_diag::{Diagnostic, Severity};
use detente_sheets::{Book, Defaults, Kind, Table, read};

/// A workbook of sheets, each of rows of cells.
fn book(sheets: &[(&str, &[&[&str]])]) -> Book {
    read("table.xlsx", Kind::Xlsx, &xlsx(sheets)).unwrap()
}

/// The same as bytes: what reads as a number is one, what begins with = a formula that nobody has worked out.
fn xlsx(sheets: &[(&str, &[&[&str]])]) -> Vec<u8> {
    let mut book = rust_xlsxwriter::Workbook::new();
    for (name, rows) in sheets {
        let sheet = book.add_worksheet().set_name(*name).unwrap();
        for (r, row) in (0..).zip(*rows) {
            for (c, cell) in (0..).zip(*row) {
                match cell.parse::<f64>() {
                    _ if cell.is_empty() => {}
                    Ok(x) => {
                        sheet.write(r, c, x).unwrap();
                    }
                    Err(_) => {
                        sheet.write(r, c, *cell).unwrap();
                    }
                }
            }
        }
    }
    book.save_to_buffer().unwrap()
}

fn csv(text: &str) -> Book {
    read("table.csv", Kind::Csv, text.as_bytes()).unwrap()
}

fn defaults() -> Defaults {
    Defaults {
        name: "Talks".to_owned(),
        as_of: "2025-03-19".to_owned(),
    }
}

fn check(text: &str) -> Checked {
    detente_case::check(&[("case.toml", text)], &detente_core::catalogue::all())
}

/// The case that a table makes, which has no errors.
fn case_of(book: &Book) -> (String, Case) {
    let table = Table::read(book, &defaults()).unwrap_or_else(|faults| panic!("{}", list(&faults)));
    let text = table.case_text();
    let checked = check(&text);
    let errors = list(&checked.diagnostics);
    let case = checked.case.unwrap_or_else(|| panic!("{errors}\n{text}"));
    (text, case)
}

/// What is wrong with a table.
fn faults(book: &Book) -> Vec<Diagnostic> {
    Table::read(book, &defaults()).map(|_| ()).unwrap_err()
}

fn list(diagnostics: &[Diagnostic]) -> String {
    let errors = diagnostics
        .iter()
        .filter(|d| d.severity() == Severity::Error);
    let lines = errors.map(|d| {
        format!(
            "{}: {} ({})\n",
            d.code,
            d.message,
            d.help.as_deref().unwrap_or("")
        )
    });
    lines.collect()
}
