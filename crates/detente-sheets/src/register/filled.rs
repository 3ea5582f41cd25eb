//! A register that came back.

use detente_diag::{Code, Diagnostic};

use super::sheet::{DATE, FORMAT, HIDDEN, NAME};
use super::{COLUMNS, Column};
use crate::book::{Book, Cell, Line, Sheet};
use crate::fault::{At, Faults, letters};
use crate::table::grid::{date, folded, one_line};

/// What stands in it.
#[derive(Clone, Debug, Default)]
pub struct Filled {
    /// Who filled it, if that is said.
    pub expert: Option<String>,
    /// When, as 2025-03-19.
    pub on: Option<String>,
    /// Of which case it was made, if that is known.
    pub case: Option<String>,
    /// Rows with anything in the cells for the expert.
    pub(crate) rows: Vec<FilledRow>,
    /// How many rows it has, filled or not.
    pub all: usize,
}

/// A row that somebody has written into.
#[derive(Clone, Debug)]
pub(crate) struct FilledRow {
    pub(crate) path: String,
    pub(crate) at_path: At,
    /// Low, middle, high, each with its place.
    pub(crate) numbers: [(Option<Cell>, At); 3],
    pub(crate) why: String,
    pub(crate) says: String,
    /// As it was made; nothing where somebody has taken the column out.
    pub(crate) mark: Option<String>,
}

impl Filled {
    /// Finds the rows, and who filled them.
    ///
    /// # Errors
    ///
    /// It is no register.
    pub fn read(book: &Book) -> Result<Self, Vec<Diagnostic>> {
        let mut faults = Faults::default();
        let mut filled = Self::default();
        let mut found = false;
        for sheet in &book.sheets {
            let at = At {
                sheet: sheet.name.clone(),
                ..At::file(&book.name)
            };
            match sheet.name.as_deref() {
                Some(HIDDEN) => filled.hidden(sheet, &at, &mut faults),
                _ => match head(sheet, &at, &mut faults) {
                    Some((number, columns)) => {
                        found = true;
                        let lines = sheet.lines().filter(|line| line.number > number);
                        lines.for_each(|line| filled.row(line, &columns, &at, &mut faults));
                    }
                    None => filled.first(sheet, &at, &mut faults),
                },
            }
        }
        if !found {
            let help = "a register has the columns Path, Low, High and Middle: `detente export CASE --xlsx FILE` writes one";
            faults.say(
                Code::NO_COLUMN_IN_SHEET,
                &At::file(&book.name),
                "it is no register",
                help,
            );
        }
        if faults.any() {
            return Err(faults.into_list());
        }
        Ok(filled)
    }

    /// Name and date.
    fn first(&mut self, sheet: &Sheet, at: &At, faults: &mut Faults) {
        for line in sheet.lines() {
            let (Some(Cell::Text(key)), Some(value)) = (line.get(0), line.get(1)) else {
                continue;
            };
            if folded(key) == folded(NAME) {
                self.expert = Some(one_line(&value.typed())).filter(|name| !name.is_empty());
            } else if folded(key) == folded(DATE) {
                if let Some(on) = date(value) {
                    self.on = Some(on);
                } else {
                    let at = At {
                        row: Some(line.number),
                        column: Some(1),
                        ..at.clone()
                    };
                    let what = format!("“{}” is no date", value.typed());
                    faults.say(
                        Code::BAD_SHEET_CELL,
                        &at,
                        what,
                        "write the day of the answers, as 2025-03-19",
                    );
                }
            }
        }
    }

    fn hidden(&mut self, sheet: &Sheet, at: &At, faults: &mut Faults) {
        for line in sheet.lines() {
            let (Some(key), Some(value)) = (line.get(0), line.get(1)) else {
                continue;
            };
            match key.typed().as_str() {
                "case" => self.case = Some(value.typed()),
                "format" if value.typed() != FORMAT.to_string() => {
                    let what = format!(
                        "it was written by another version (layout {})",
                        value.typed()
                    );
                    let help =
                        "take it back with the version of detente that wrote it, or export it anew";
                    faults.say(Code::BAD_WORKBOOK, at, what, help);
                }
                _ => {}
            }
        }
    }

    fn row(&mut self, line: Line, columns: &[(Column, u32)], at: &At, faults: &mut Faults) {
        let place = |column: Column| {
            columns
                .iter()
                .find(|(own, _)| *own == column)
                .map(|(_, c)| *c)
        };
        let cell = |column: Column| place(column).and_then(|place| line.get(place));
        let at = |column: Column| At {
            row: Some(line.number),
            column: place(column),
            ..at.clone()
        };
        let typed = |column: Column| cell(column).map_or_else(String::new, Cell::typed);
        let any = COLUMNS
            .into_iter()
            .any(|column| column.is_filled() && cell(column).is_some());
        let path = typed(Column::Path);
        self.all += usize::from(!path.is_empty());
        if !any {
            return;
        }
        if path.is_empty() {
            let help = "rows are known by their path: put it back, or clear the row";
            faults.say(
                Code::NO_SUCH_ROW,
                &at(Column::Path),
                "an answer stands in a row without a path",
                help,
            );
            return;
        }
        // Text that a spreadsheet would have taken for a formula was written behind a quote.
        let path = path.trim_start_matches('\'').to_owned();
        let numbers = [Column::Low, Column::Middle, Column::High];
        self.rows.push(FilledRow {
            path,
            at_path: at(Column::Path),
            numbers: numbers.map(|column| (cell(column).cloned(), at(column))),
            why: typed(Column::Why),
            says: typed(Column::Says),
            mark: Some(typed(Column::Mark)).filter(|mark| !mark.is_empty()),
        });
    }
}

/// What a row of headings of a register cannot do without.
const NEEDED: [Column; 4] = [Column::Path, Column::Low, Column::High, Column::Middle];

/// The row of headings and what stands where; `None`: the sheet has no rows of a register. A column that is called otherwise now would be
/// passed over with the answers in it, so that one that is missing or there twice is said.
fn head(sheet: &Sheet, at: &At, faults: &mut Faults) -> Option<(u32, Vec<(Column, u32)>)> {
    let known = |cell: &Cell| match cell {
        Cell::Text(text) => COLUMNS
            .into_iter()
            .find(|column| folded(column.name()) == folded(text)),
        _ => None,
    };
    let (number, columns) = sheet.lines().take(40).find_map(|line| {
        let cells = line.cells.iter();
        let columns: Vec<(Column, u32)> = cells
            .filter_map(|(place, cell)| Some((known(cell)?, *place)))
            .collect();
        let there = |wanted: &&Column| columns.iter().any(|(column, _)| column == *wanted);
        let some = there(&&Column::Path) && NEEDED.iter().filter(there).count() > 1;
        some.then_some((line.number, columns))
    })?;
    let at = At {
        row: Some(number),
        ..at.clone()
    };
    for wanted in NEEDED {
        if !columns.iter().any(|(column, _)| *column == wanted) {
            let what = format!("there is no column {}", wanted.name());
            let help = "a register has the columns Path, Low, High and Middle, called so";
            faults.say(Code::NO_COLUMN_IN_SHEET, &at, what, help);
        }
    }
    for (place, (column, cell)) in columns.iter().enumerate() {
        let first = columns[..place].iter().find(|(known, _)| known == column);
        if let Some((_, first)) = first {
            let at = At {
                column: Some(*cell),
                ..at.clone()
            };
            let what = format!("a second column is called {}", column.name());
            let help = format!("the first is column {}: keep one of them", letters(*first));
            faults.say(Code::SAID_TWICE, &at, what, help);
        }
    }
    Some((number, columns))
}
