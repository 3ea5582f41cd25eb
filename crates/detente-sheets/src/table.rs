//! The table of a case: parties, issues, and what each party wants of each issue, how much it matters, and what it would never sign.
//!
//! `docs/sheets.md` has the layout. A workbook has a sheet for each; in comma-separated values everything stands in the rows of positions.

mod blank;
pub(crate) mod grid;
mod ids;
mod issues;
mod parties;
mod positions;
mod shape;
pub(crate) mod text;

use detente_case::limits;
use detente_diag::{Code, Diagnostic};

use crate::book::{Book, Cell, Sheet};
use crate::cell::Stated;
use crate::fault::{At, Faults};
pub use blank::{blank_csv, blank_xlsx};
use grid::{Column, Grid};

/// What a table is read with where it does not say itself.
#[derive(Clone, Debug)]
pub struct Defaults {
    /// Name of the case.
    pub name: String,
    /// The date after which the case knows nothing, as 2025-03-19.
    pub as_of: String,
}

/// What a table says.
#[derive(Clone, Debug)]
pub struct Table {
    /// What the spreadsheet is called.
    book: String,
    about: About,
    parties: Vec<Party>,
    issues: Vec<Issue>,
    positions: Vec<Position>,
    notes: Vec<String>,
}

/// The case as a whole.
#[derive(Clone, Debug)]
struct About {
    name: String,
    as_of: String,
    summary: String,
    /// Who signs for the numbers of the table that have no source.
    judged_by: String,
}

#[derive(Clone, Debug)]
struct Party {
    id: String,
    name: String,
    role: &'static str,
    /// What no deal is worth to it, in points.
    no_deal: Option<Stated>,
    said: Said,
}

/// What is said of the numbers of a row.
#[derive(Clone, Debug, Default, PartialEq)]
struct Said {
    source: String,
    note: String,
}

#[derive(Clone, Debug)]
struct Issue {
    id: String,
    name: String,
    /// From one end to the other.
    points: Vec<Point>,
    /// Are its points numbers on a scale?
    scale: bool,
    status_quo: usize,
    said: Said,
}

/// What could hold on an issue.
#[derive(Clone, Debug, PartialEq)]
struct Point {
    id: String,
    name: String,
    /// Where it lies between the ends of the issue.
    place: f64,
}

/// What a party wants of an issue.
#[derive(Clone, Debug)]
struct Position {
    party: usize,
    issue: usize,
    weight: Option<Stated>,
    /// Where what it wants most lies, at the least and at the most, and in the middle; `None`: every value is stated.
    wants: Option<[f64; 3]>,
    /// By point: what it is worth, of a hundred, where that is stated.
    values: Vec<Option<Value>>,
    /// Points that it would never sign.
    never: Vec<usize>,
    said: Said,
}

#[derive(Clone, Debug)]
struct Value {
    stated: Stated,
    said: Said,
}

impl Table {
    /// Understands a spreadsheet as a table.
    ///
    /// # Errors
    ///
    /// All that is wrong with it, each at its cell.
    pub fn read(book: &Book, defaults: &Defaults) -> Result<Self, Vec<Diagnostic>> {
        let mut faults = Faults::default();
        let read = Reading::new(book, &mut faults).and_then(|r| r.table(defaults, &mut faults));
        match read {
            Some(table) if !faults.any() => Ok(table),
            _ => Err(faults.into_list()),
        }
    }

    /// What was assumed where the table says nothing, in sentences.
    #[must_use]
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// Name of the case.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.about.name
    }
}

/// The sheets of a book by what they hold.
struct Reading<'a> {
    book: &'a Book,
    about: Option<&'a Sheet>,
    parties: Option<Grid<'a>>,
    issues: Option<Grid<'a>>,
    positions: Grid<'a>,
    values: Option<Grid<'a>>,
}

/// What the sheet on the case is asked for.
const KEYS: [&str; 4] = ["name", "date", "summary", "judged by"];
/// What sheets are called.
const SHEETS: [&str; 5] = ["Case", "Parties", "Issues", "Positions", "Values"];

impl<'a> Reading<'a> {
    fn new(book: &'a Book, faults: &mut Faults) -> Option<Self> {
        let of = |wanted: &str| {
            let named = |sheet: &&Sheet| {
                let name = sheet.name.as_deref().map(grid::folded);
                name == Some(grid::folded(wanted))
            };
            book.sheets.iter().find(named)
        };
        // A book of one sheet has the positions in it, whatever it is called.
        let filled: Vec<&Sheet> = book.sheets.iter().filter(|s| !s.rows.is_empty()).collect();
        let positions = of("Positions").or(match filled[..] {
            [only] => Some(only),
            _ => None,
        });
        let Some(positions) = positions else {
            let names: Vec<&str> = book
                .sheets
                .iter()
                .filter_map(|s| s.name.as_deref())
                .collect();
            let near = detente_diag::nearest("positions", names.iter().copied());
            let help = match near {
                Some(near) => format!("is it the sheet “{near}”? rename it to Positions"),
                None => format!(
                    "the rows of parties and issues stand in a sheet of that name; the sheets are: {}",
                    names.join(", ")
                ),
            };
            let at = At::file(&book.name);
            faults.say(
                Code::NO_COLUMN_IN_SHEET,
                &at,
                "there is no sheet Positions",
                help,
            );
            return None;
        };
        for sheet in &book.sheets {
            let Some(name) = sheet.name.as_deref() else {
                continue;
            };
            let known = SHEETS
                .iter()
                .any(|known| grid::folded(known) == grid::folded(name));
            let near = detente_diag::nearest(name, SHEETS);
            if let (false, Some(near)) = (known || std::ptr::eq(sheet, positions), near) {
                let at = At {
                    sheet: Some(name.to_owned()),
                    ..At::file(&book.name)
                };
                let what = "this sheet is none of a table’s";
                let help = format!(
                    "did you mean {near}? a sheet that is not meant to be read needs another name"
                );
                faults.say(Code::NO_COLUMN_IN_SHEET, &at, what, help);
            }
        }
        let mut grid = |sheet: Option<&'a Sheet>, columns: &'static [Column], needs: &[Column]| {
            let sheet = sheet.filter(|sheet| !sheet.rows.is_empty())?;
            Grid::of(book, sheet, columns, needs, faults)
        };
        let parties = grid(of("Parties"), &grid::PARTIES, &[Column::Party]);
        let issues = grid(of("Issues"), &grid::ISSUES, &[Column::Issue]);
        let values = grid(
            of("Values"),
            &grid::VALUES,
            &[Column::Party, Column::Issue, Column::Point],
        );
        let needed = [Column::Party, Column::Issue];
        let positions = grid(Some(positions), &grid::POSITIONS, &needed)?;
        Some(Self {
            book,
            about: of("Case"),
            parties,
            issues,
            positions,
            values,
        })
    }

    fn table(self, defaults: &Defaults, faults: &mut Faults) -> Option<Table> {
        let mut notes = Vec::new();
        let about = self.about(defaults, faults);
        let parties = parties::read(&self, faults);
        let rows = positions::rows(&self.positions, &parties, faults);
        let values = self.values.as_ref();
        let values = values.map_or_else(Vec::new, |grid| positions::rows(grid, &parties, faults));
        let issues = issues::read(&self, (&rows, &values), &mut notes, faults);
        let positions = positions::read(&self, (&parties, &issues), (&rows, &values), faults);
        let file = At::file(&self.book.name);
        limit((&parties, &issues, &positions), &file, faults);
        // What else is missing is mostly an echo of a name that could not be read.
        if faults.any() {
            return None;
        }
        parties::complete(&self, &parties, &positions, faults);
        if faults.any() {
            return None;
        }
        Some(Table {
            book: self.book.name.clone(),
            about,
            parties,
            issues,
            positions,
            notes,
        })
    }

    /// What the sheet on the case says: a word of [`KEYS`] in the first column, and beside it what it is.
    fn about(&self, defaults: &Defaults, faults: &mut Faults) -> About {
        let mut about = About {
            name: defaults.name.clone(),
            as_of: defaults.as_of.clone(),
            summary: String::new(),
            judged_by: String::new(),
        };
        let Some(sheet) = self.about else {
            return about;
        };
        for line in sheet.lines() {
            let (Some(Cell::Text(key)), Some(value)) = (line.get(0), line.get(1)) else {
                continue;
            };
            let at = |column| At {
                sheet: sheet.name.clone(),
                row: Some(line.number),
                column: Some(column),
                ..At::file(&self.book.name)
            };
            if let Some((what, help)) = crate::cell::unusable(value) {
                faults.say(Code::BAD_SHEET_CELL, &at(1), what, help);
                continue;
            }
            let known = KEYS
                .into_iter()
                .find(|known| grid::folded(known) == grid::folded(key));
            match known {
                Some("name") => about.name = grid::one_line(&value.typed()),
                Some("date") => match grid::date(value) {
                    Some(date) => about.as_of = date,
                    None => faults.say(
                        Code::BAD_SHEET_CELL,
                        &at(1),
                        format!("“{}” is no date", value.typed()),
                        "write the day after which the case knows nothing, such as 2025-03-19",
                    ),
                },
                Some("summary") => about.summary = value.typed(),
                Some(_) => about.judged_by = grid::one_line(&value.typed()),
                None => {
                    if let Some(near) = detente_diag::nearest(key, KEYS) {
                        let what = format!("“{key}” is nothing that is asked for here");
                        faults.say(
                            Code::NO_COLUMN_IN_SHEET,
                            &at(0),
                            what,
                            format!("did you mean “{near}”?"),
                        );
                    }
                }
            }
        }
        about
    }
}

/// More than any case may have.
fn limit(
    (parties, issues, positions): (&[Party], &[Issue], &[Position]),
    file: &At,
    faults: &mut Faults,
) {
    let lines = positions.iter().filter(|own| !own.never.is_empty()).count();
    for (what, count, most) in [
        ("parties", parties.len(), limits::PARTIES),
        ("issues", issues.len(), limits::ISSUES),
        ("red lines", lines, limits::RED_LINES),
    ] {
        if count > most {
            let help = format!("at most {most} can be handled: merge what behaves alike");
            faults.say(
                Code::TOO_LARGE,
                file,
                format!("the table has {count} {what}"),
                help,
            );
        }
    }
}
