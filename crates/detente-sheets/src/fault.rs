//! Faults of spreadsheets, each at its cell.

use std::fmt;

use detente_diag::{Code, Diagnostic, Diagnostics};

/// Where something stands: a cell, or as much of its place as there is to say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct At {
    pub(crate) file: String,
    /// Comma-separated values have no sheets.
    pub(crate) sheet: Option<String>,
    /// The row as the spreadsheet counts it, from 1; of comma-separated values the line.
    pub(crate) row: Option<u32>,
    /// The column, from 0.
    pub(crate) column: Option<u32>,
}

impl At {
    pub(crate) fn file(file: &str) -> Self {
        Self {
            file: file.to_owned(),
            sheet: None,
            row: None,
            column: None,
        }
    }
}

/// "table.xlsx, sheet Positions, cell C7"; "table.csv, line 7, column C".
impl fmt::Display for At {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if let Some(sheet) = &self.sheet {
            write!(f, ", sheet {sheet}")?;
        }
        match (&self.sheet, self.row, self.column) {
            (_, None, None) => Ok(()),
            (Some(_), Some(row), Some(column)) => write!(f, ", cell {}{row}", letters(column)),
            (Some(_), Some(row), None) => write!(f, ", row {row}"),
            (None, Some(row), Some(column)) => {
                write!(f, ", line {row}, column {}", letters(column))
            }
            (None, Some(row), None) => write!(f, ", line {row}"),
            (_, None, Some(column)) => write!(f, ", column {}", letters(column)),
        }
    }
}

/// A column's letters: A, …, Z, AA, …
pub(crate) fn letters(column: u32) -> String {
    let mut left = column + 1;
    let mut letters = Vec::new();
    while left > 0 {
        let digit = u8::try_from((left - 1) % 26).unwrap_or(0);
        letters.push(char::from(b'A' + digit));
        left = (left - 1) / 26;
    }
    letters.iter().rev().collect()
}

/// Gathers what is wrong.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    found: Diagnostics,
}

impl Faults {
    /// Something at a place, and what was expected there.
    pub(crate) fn say(
        &mut self,
        code: Code,
        at: &At,
        what: impl fmt::Display,
        help: impl Into<String>,
    ) {
        self.found.push(fault(code, at, what).help(help));
    }

    /// A name that is not there, with the nearest that is.
    pub(crate) fn unknown<'a>(
        &mut self,
        at: &At,
        what: impl fmt::Display,
        typed: &str,
        known: impl IntoIterator<Item = &'a str>,
    ) {
        let fault = fault(Code::NOT_IN_SHEET, at, what);
        self.found.push(fault.suggest(typed, known));
    }

    pub(crate) fn count(&self) -> usize {
        self.found.as_slice().len()
    }

    pub(crate) fn any(&self) -> bool {
        self.found.has_errors()
    }

    /// In the order in which they were found, which is that of the sheets.
    pub(crate) fn into_list(self) -> Vec<Diagnostic> {
        self.found.as_slice().to_vec()
    }
}

fn fault(code: Code, at: &At, what: impl fmt::Display) -> Diagnostic {
    Diagnostic::new(code, format!("{at}: {what}"))
}

#[cfg(test)]
mod tests {
    use super::{At, letters};

    #[test]
    fn places_are_told_as_spreadsheets_tell_them() {
        let columns = [0, 25, 26, 51, 52, 701, 702].map(letters);
        assert_eq!(columns, ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]);
        let mut at = At {
            sheet: Some("Positions".to_owned()),
            row: Some(7),
            column: Some(2),
            ..At::file("table.xlsx")
        };
        assert_eq!(at.to_string(), "table.xlsx, sheet Positions, cell C7");
        at.column = None;
        assert_eq!(at.to_string(), "table.xlsx, sheet Positions, row 7");
        at.sheet = None;
        assert_eq!(at.to_string(), "table.xlsx, line 7");
        at.column = Some(2);
        assert_eq!(at.to_string(), "table.xlsx, line 7, column C");
        assert_eq!(At::file("t.csv").to_string(), "t.csv");
    }
}
