//! What a spreadsheet holds, cell by cell, however it was stored.

mod text;
mod xlsx;

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use detente_diag::{Code, Diagnostic};

use crate::fault::{At, Faults};

/// Bytes of a file that is read.
pub const BYTES: usize = 16 << 20;
/// The same once it is unpacked.
const UNPACKED: u64 = 64 << 20;
/// Cells with anything in them, of all sheets.
const CELLS: usize = 200_000;
/// The last row and column that are looked at.
const ROWS: u32 = 50_000;
const COLUMNS: u32 = 256;

/// How a spreadsheet is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A workbook (Office Open XML).
    Xlsx,
    /// Values separated by commas, semicolons or tabs.
    Csv,
}

impl Kind {
    /// By the ending of a file's name, without its dot.
    #[must_use]
    pub fn of_ending(ending: &str) -> Option<Self> {
        match ending.to_ascii_lowercase().as_str() {
            "xlsx" | "xlsm" => Some(Self::Xlsx),
            "csv" | "tsv" | "txt" => Some(Self::Csv),
            _ => None,
        }
    }
}

/// A spreadsheet.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Book {
    /// What to call it in messages.
    pub(crate) name: String,
    pub(crate) sheets: Vec<Sheet>,
}

/// A sheet of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Sheet {
    /// Its name; comma-separated values have none.
    pub(crate) name: Option<String>,
    pub(crate) rows: BTreeMap<u32, BTreeMap<u32, Cell>>,
}

/// What stands in a cell.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Cell {
    /// A number, and whether it is shown as a percentage.
    Number(f64, bool),
    /// Text, without blanks at its ends.
    Text(String),
    /// A day, as 2025-03-19.
    Date(String),
    Switch(bool),
    /// What the spreadsheet shows in the place of a value that it could not work out.
    Failed(String),
    /// A formula that no spreadsheet has worked out yet.
    Unworked,
    /// Merged with cells of other columns, so that whose it is cannot be told.
    Merged,
}

/// A row with its place.
#[derive(Clone, Copy)]
pub(crate) struct Line<'a> {
    pub(crate) number: u32,
    pub(crate) cells: &'a BTreeMap<u32, Cell>,
}

impl Line<'_> {
    pub(crate) fn get(&self, column: u32) -> Option<&Cell> {
        self.cells.get(&column)
    }
}

impl Sheet {
    pub(crate) fn lines(&self) -> impl Iterator<Item = Line<'_>> + Clone {
        let rows = self.rows.iter();
        rows.map(|(number, cells)| Line {
            number: *number,
            cells,
        })
    }
}

impl Cell {
    /// Text and numbers as one would type them.
    pub(crate) fn typed(&self) -> String {
        match self {
            Cell::Number(x, false) => x.to_string(),
            Cell::Number(x, true) => format!("{}%", 100.0 * x),
            Cell::Text(text) | Cell::Date(text) | Cell::Failed(text) => text.clone(),
            Cell::Switch(true) => "yes".to_owned(),
            Cell::Switch(false) => "no".to_owned(),
            Cell::Unworked => "a formula".to_owned(),
            Cell::Merged => "merged cells".to_owned(),
        }
    }
}

/// Reads a spreadsheet; `name` is what to call it in messages.
///
/// # Errors
///
/// What is wrong with it as a file: not a workbook, locked, not UTF-8, too large.
pub fn read(name: &str, kind: Kind, bytes: &[u8]) -> Result<Book, Vec<Diagnostic>> {
    let refused = |code, what: &str, help: &str| {
        let mut faults = Faults::default();
        faults.say(code, &At::file(name), what, help);
        Err(faults.into_list())
    };
    if bytes.len() > BYTES {
        let size = bytes.len().div_ceil(1 << 20);
        return refused(
            Code::TOO_LARGE,
            &format!("it is {size} MiB long"),
            &format!("a spreadsheet may have {} MiB", BYTES >> 20),
        );
    }
    let sheets = match kind {
        Kind::Csv => text::sheets(bytes),
        // Whatever a library makes of a broken file, it is the file that is broken.
        Kind::Xlsx => catch_unwind(AssertUnwindSafe(|| xlsx::sheets(bytes))).unwrap_or_else(|_| {
            let how = "its parts contradict one another".to_owned();
            Err(Unread::Broken(how, None))
        }),
    };
    match sheets {
        Ok(sheets) => Ok(Book {
            name: name.to_owned(),
            sheets,
        }),
        Err(unread) => {
            let (code, at, what, help) = unread.said(name);
            let mut faults = Faults::default();
            faults.say(code, &at, what, help);
            Err(faults.into_list())
        }
    }
}

/// Why a file is no spreadsheet that can be read.
#[derive(Debug, PartialEq)]
enum Unread {
    /// It is another kind of file.
    NotThis(&'static str, &'static str),
    /// It is broken, and how; the sheet, if it is one sheet that is.
    Broken(String, Option<String>),
    /// A quotation mark that nothing closes swallows the rest: the line on which it stands.
    Unclosed(u32),
    /// Its text is not UTF-8: the line.
    NotText(usize),
    /// It holds too much: what and how much at most.
    TooMuch(&'static str, u64),
    /// The same, where a cell of it shows that: its sheet, row and column, both from 0.
    TooFar(&'static str, u64, Option<String>, (u32, u32)),
    /// There is nothing in it.
    Empty,
}

impl Unread {
    fn said(self, name: &str) -> (Code, At, String, &'static str) {
        let mut at = At::file(name);
        let smaller = "keep what belongs to the table, and delete the rest (blank rows that are formatted count, too)";
        match self {
            Unread::NotThis(what, help) => (Code::BAD_WORKBOOK, at, what.to_owned(), help),
            Unread::Broken(how, sheet) => {
                at.sheet = sheet;
                (
                    Code::BAD_WORKBOOK,
                    at,
                    format!("it cannot be read as a workbook: {how}"),
                    "open it in a spreadsheet program and save it anew as .xlsx",
                )
            }
            Unread::Unclosed(line) => {
                at.row = Some(line);
                (
                    Code::BAD_WORKBOOK,
                    at,
                    "a quotation mark is opened here and nowhere closed, so that all that follows would be one cell"
                        .to_owned(),
                    "close it; a quotation mark within quotation marks is written twice",
                )
            }
            Unread::NotText(line) => (
                Code::NOT_TEXT,
                at,
                format!("it is not UTF-8 text: line {line} holds other bytes"),
                "save it as “CSV UTF-8”, or as .xlsx",
            ),
            Unread::TooMuch(what, most) => (
                Code::TOO_LARGE,
                at,
                format!("it has more than {most} {what}"),
                smaller,
            ),
            Unread::TooFar(what, most, sheet, (row, column)) => {
                (at.sheet, at.row, at.column) = (sheet, Some(row + 1), Some(column));
                (
                    Code::TOO_LARGE,
                    at,
                    format!("this is beyond {most} {what}"),
                    smaller,
                )
            }
            Unread::Empty => (
                Code::EMPTY,
                at,
                "there is nothing in it".to_owned(),
                "`detente new --table FILE.xlsx` writes a table to fill",
            ),
        }
    }
}

/// Counts cells as they come.
#[derive(Default)]
struct Counted {
    cells: usize,
    /// That is being read, if it has a name.
    sheet: Option<String>,
}

impl Counted {
    /// Is a cell at this place, counted from 0, to be kept? Those beyond the limits are a fault.
    fn keep(&mut self, row: u32, column: u32) -> Result<(), Unread> {
        self.cells += 1;
        for (what, beyond, most) in [
            ("cells", self.cells > CELLS, CELLS as u64),
            ("rows", row >= ROWS, u64::from(ROWS)),
            ("columns", column >= COLUMNS, u64::from(COLUMNS)),
        ] {
            if beyond {
                return Err(Unread::TooFar(
                    what,
                    most,
                    self.sheet.clone(),
                    (row, column),
                ));
            }
        }
        Ok(())
    }
}
