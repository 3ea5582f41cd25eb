//! A sheet with a row of headings: which columns it has, and what stands in them.

use std::collections::BTreeMap;

use detente_diag::Code;

use crate::book::{Book, Cell, Line, Sheet};
use crate::cell::{Scale, Stated, unusable};
use crate::fault::{At, Faults, letters};

use super::Said;

/// A column of some sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Column {
    Party,
    Role,
    NoDealLow,
    NoDeal,
    NoDealHigh,
    Issue,
    Points,
    StatusQuo,
    WeightLow,
    Weight,
    WeightHigh,
    WantsLow,
    Wants,
    WantsHigh,
    AcceptsTo,
    Never,
    Point,
    ValueLow,
    Value,
    ValueHigh,
    Source,
    Note,
}

use Column as C;

/// Columns of positions; those of issues and parties may stand there too.
pub(super) static POSITIONS: [C; 18] = [
    C::Party,
    C::Issue,
    C::WeightLow,
    C::Weight,
    C::WeightHigh,
    C::WantsLow,
    C::Wants,
    C::WantsHigh,
    C::AcceptsTo,
    C::Never,
    C::Source,
    C::Note,
    C::Points,
    C::StatusQuo,
    C::Role,
    C::NoDealLow,
    C::NoDeal,
    C::NoDealHigh,
];
pub(super) static PARTIES: [C; 7] = [
    C::Party,
    C::Role,
    C::NoDealLow,
    C::NoDeal,
    C::NoDealHigh,
    C::Source,
    C::Note,
];
pub(super) static ISSUES: [C; 5] = [C::Issue, C::Points, C::StatusQuo, C::Source, C::Note];
pub(super) static VALUES: [C; 8] = [
    C::Party,
    C::Issue,
    C::Point,
    C::ValueLow,
    C::Value,
    C::ValueHigh,
    C::Source,
    C::Note,
];

impl Column {
    /// What it is called, first as the table that is to be filled calls it.
    pub(super) fn names(self) -> &'static [&'static str] {
        match self {
            C::Party => &["Party", "Actor", "Stakeholder"],
            C::Role => &["Role"],
            C::NoDealLow => &["No deal low", "Reservation low"],
            C::NoDeal => &["No deal", "No deal mid", "No deal middle", "Reservation"],
            C::NoDealHigh => &["No deal high", "Reservation high"],
            C::Issue => &["Issue"],
            C::Points => &["Points", "Options"],
            C::StatusQuo => &["Status quo", "Today"],
            C::WeightLow => &["Weight low", "Salience low"],
            C::Weight => &["Weight", "Weight mid", "Weight middle", "Salience"],
            C::WeightHigh => &["Weight high", "Salience high"],
            C::WantsLow => &["Wants low", "Position low"],
            C::Wants => &[
                "Wants most",
                "Wants",
                "Wants mid",
                "Wants middle",
                "Position",
            ],
            C::WantsHigh => &["Wants high", "Position high"],
            C::AcceptsTo => &["Accepts up to", "Red line"],
            C::Never => &["Never", "Never accepts"],
            C::Point => &["Point", "Option"],
            C::ValueLow => &["Value low"],
            C::Value => &["Value", "Value mid", "Value middle"],
            C::ValueHigh => &["Value high"],
            C::Source => &["Source"],
            C::Note => &["Note", "Notes", "Comment"],
        }
    }

    /// What belongs into it, for whoever fills it.
    pub(super) fn says(self) -> &'static str {
        match self {
            C::Party => {
                "Whose row it is. The same name everywhere; capitals and blanks do not count."
            }
            C::Role => {
                "principal (must sign; the default), belligerent (the same, of one that fights), patron, mediator or observer."
            }
            C::NoDealLow => {
                "Low end of what no deal is worth to the party: nine times in ten it is worth more than low and less than high."
            }
            C::NoDeal => {
                "What having no deal is worth to the party, in points: 0 is the worst that could be agreed for it, 100 the best. Blank: a placeholder, from what the status quo is worth."
            }
            C::NoDealHigh => "High end of what no deal is worth to the party.",
            C::Issue => "What is negotiated over. The same name everywhere.",
            C::Points => {
                "The points at which the issue could be settled, from one end to the other, separated by semicolons: none; some; all. With places of their own: none = 0; some = 20; all = 100. Or a scale of numbers: 0 to 100. Blank: the scale of 0 to 100 on which positions are numbers."
            }
            C::StatusQuo => "The point that holds today. Blank: the first.",
            C::WeightLow => {
                "Low end of the weight: leave low and high blank where the weight is exact."
            }
            C::Weight => {
                "How much the issue matters to the party beside its other issues, on any scale (0 to 100, say). Only the proportions within a party count. Blank: a placeholder."
            }
            C::WeightHigh => "High end of the weight.",
            C::WantsLow => {
                "Where you are not sure what it wants most: the one end of where that may lie."
            }
            C::Wants => {
                "The point of the issue that the party wants most: its name, or a number on the scale. What is further from it is worth less."
            }
            C::WantsHigh => "The other end.",
            C::AcceptsTo => {
                "Red line: the last point that it would still sign, going away from what it wants most. Anything beyond is never signed. Blank: no red line."
            }
            C::Never => {
                "Red line, point by point: those that it would never sign, separated by semicolons."
            }
            C::Point => "The point of the issue that is valued.",
            C::ValueLow => "Low end of the value.",
            C::Value => {
                "What the point is worth to the party: 0 is its worst point of this issue, 100 its best. Points that have no row follow from what it wants most."
            }
            C::ValueHigh => "High end of the value.",
            C::Source => {
                "Where the numbers of the row come from: author, title, date, or an address. A number without one is printed as a placeholder."
            }
            C::Note => "Why, in a sentence.",
        }
    }

    /// As the table that is to be filled calls it.
    pub(super) fn name(self) -> &'static str {
        self.names()[0]
    }

    fn is(self, heading: &str) -> bool {
        self.names()
            .iter()
            .any(|name| folded(name) == folded(heading))
    }
}

/// A heading without what people write differently: capitals, blanks, hyphens, and what stands in brackets.
pub(crate) fn folded(text: &str) -> String {
    let bare = text.split(['(', '[']).next().unwrap_or_default();
    let letters = bare.chars().filter(|c| c.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}

/// Names as they are compared: blanks at the ends and capitals do not count.
pub(crate) fn same(a: &str, b: &str) -> bool {
    let own = |text: &str| -> String {
        let words: Vec<&str> = text.split_whitespace().collect();
        words.join(" ").to_lowercase()
    };
    own(a) == own(b)
}

/// A day as 2025-03-19, from a cell that holds a date or says it so.
pub(crate) fn date(cell: &Cell) -> Option<String> {
    let (Cell::Date(text) | Cell::Text(text)) = cell else {
        return None;
    };
    let parts: Vec<Option<u32>> = text.split('-').map(|part| part.parse().ok()).collect();
    let [Some(year), Some(month), Some(day)] = parts[..] else {
        return None;
    };
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    let real =
        (1000..3000).contains(&year) && (1..=12).contains(&month) && (1..=days).contains(&day);
    real.then(|| format!("{year:04}-{month:02}-{day:02}"))
}

/// A name as one writes it in a line: breaks, tabs and what is not to be seen at all are blanks, and blanks are one.
pub fn one_line(text: &str) -> String {
    let words = text.split(|c: char| c.is_whitespace() || c.is_control());
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    words.join(" ")
}

/// Is it a day of the calendar, as 2025-03-19?
pub fn is_day(text: &str) -> bool {
    date(&Cell::Text(text.to_owned())).as_deref() == Some(text)
}

/// A sheet whose columns are known.
pub(crate) struct Grid<'a> {
    at: At,
    head: BTreeMap<Column, u32>,
    lines: Vec<Line<'a>>,
}

/// Rows in which headings are sought.
const HEADINGS: usize = 40;

impl<'a> Grid<'a> {
    /// Finds the headings: the first row that names two of the columns, or all that are needed. Columns that are none of these are left alone, but
    /// for those whose heading is all but one of them.
    pub(super) fn of(
        book: &Book,
        sheet: &'a Sheet,
        columns: &'static [Column],
        needed: &[Column],
        faults: &mut Faults,
    ) -> Option<Self> {
        let at = At {
            sheet: sheet.name.clone(),
            ..At::file(&book.name)
        };
        let known = |cell: &Cell| match cell {
            Cell::Text(text) => columns.iter().copied().find(|column| column.is(text)),
            _ => None,
        };
        let enough = needed.len().min(2);
        let mut lines = sheet.lines();
        let head = lines.by_ref().take(HEADINGS).find(|line| {
            line.cells
                .values()
                .filter(|cell| known(cell).is_some())
                .count()
                >= enough
        });
        let names = |columns: &[Column]| -> String {
            let names: Vec<&str> = columns.iter().map(|column| column.name()).collect();
            names.join(", ")
        };
        let Some(head) = head else {
            let what = format!("no row has the headings {}", names(needed));
            let help = format!("its columns are called: {}", names(columns));
            faults.say(Code::NO_COLUMN_IN_SHEET, &at, what, help);
            return None;
        };
        let mut grid = Self {
            head: BTreeMap::new(),
            lines: Vec::new(),
            at,
        };
        for (place, cell) in head.cells {
            let here = grid.place(head.number, *place);
            let Cell::Text(heading) = cell else { continue };
            if let Some(column) = known(cell) {
                if let Some(first) = grid.head.insert(column, *place) {
                    let what = format!("a second column is called {heading}");
                    let help = format!("the first is column {}: keep one of them", letters(first));
                    faults.say(Code::SAID_TWICE, &here, what, help);
                }
            } else {
                let all = columns.iter().flat_map(|column| column.names()).copied();
                if let Some(near) = detente_diag::nearest(heading, all) {
                    let what = format!("there is no column “{heading}”");
                    let help = format!(
                        "did you mean “{near}”? a column of your own needs another heading"
                    );
                    faults.say(Code::NO_COLUMN_IN_SHEET, &here, what, help);
                }
            }
        }
        for column in needed {
            if !grid.head.contains_key(column) {
                let what = format!("there is no column {}", column.name());
                let help = format!("its columns are called: {}", names(columns));
                let row = At {
                    row: Some(head.number),
                    ..grid.at.clone()
                };
                faults.say(Code::NO_COLUMN_IN_SHEET, &row, what, help);
            }
        }
        let used: Vec<u32> = grid.head.values().copied().collect();
        grid.lines = lines
            .filter(|line| used.iter().any(|column| line.get(*column).is_some()))
            .collect();
        Some(grid)
    }

    /// Rows with anything in a column that is read.
    pub(super) fn lines(&self) -> impl Iterator<Item = Line<'a>> + '_ {
        self.lines.iter().copied()
    }

    pub(super) fn has(&self, column: Column) -> bool {
        self.head.contains_key(&column)
    }

    pub(super) fn at(&self, line: Line, column: Column) -> At {
        match self.head.get(&column) {
            Some(place) => self.place(line.number, *place),
            None => At {
                row: Some(line.number),
                ..self.at.clone()
            },
        }
    }

    fn place(&self, row: u32, column: u32) -> At {
        At {
            row: Some(row),
            column: Some(column),
            ..self.at.clone()
        }
    }

    /// What stands in a column; what cannot be used, whatever belongs there, is said.
    pub(super) fn get(
        &self,
        line: Line<'a>,
        column: Column,
        faults: &mut Faults,
    ) -> Option<&'a Cell> {
        let cell = line.cells.get(self.head.get(&column)?)?;
        if let Some((what, help)) = unusable(cell) {
            faults.say(Code::BAD_SHEET_CELL, &self.at(line, column), what, help);
            return None;
        }
        Some(cell)
    }

    /// The same as a name, in one line: a break within a cell is a blank.
    pub(super) fn name(
        &self,
        line: Line<'a>,
        column: Column,
        faults: &mut Faults,
    ) -> Option<String> {
        let cell = self.get(line, column, faults)?;
        Some(one_line(&cell.typed())).filter(|name| !name.is_empty())
    }

    /// The same as text.
    pub(super) fn text(
        &self,
        line: Line<'a>,
        column: Column,
        faults: &mut Faults,
    ) -> Option<String> {
        self.get(line, column, faults).map(Cell::typed)
    }

    /// A number in one or three cells.
    pub(super) fn stated(
        &self,
        line: Line<'a>,
        columns: [Column; 3],
        faults: &mut Faults,
    ) -> Option<Stated> {
        let there = |column: &Column| {
            self.head
                .get(column)
                .is_some_and(|c| line.get(*c).is_some())
        };
        let stated = columns.iter().filter(|column| there(column)).count();
        let cells = columns.map(|column| self.get(line, column, faults));
        // What cannot be used has been said.
        if cells.iter().flatten().count() < stated {
            return None;
        }
        match Stated::of(cells, Scale::Hundred) {
            Ok(stated) => stated,
            Err((part, (what, help))) => {
                let column = columns[part as usize];
                let there = self.has(column);
                let at = self.at(line, if there { column } else { columns[1] });
                faults.say(Code::BAD_SHEET_CELL, &at, what, help);
                None
            }
        }
    }

    /// What is said of the numbers of a row.
    pub(super) fn said(&self, line: Line<'a>, faults: &mut Faults) -> Said {
        let mut text = |column| self.text(line, column, faults).unwrap_or_default();
        Said {
            source: text(Column::Source),
            note: text(Column::Note),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{date, folded, same};
    use crate::book::Cell;

    #[test]
    fn headings_and_names_are_known_however_they_are_written() {
        for heading in [
            "No deal low",
            "no-deal LOW",
            "NoDealLow",
            "No deal low (points)",
        ] {
            assert_eq!(folded(heading), "nodeallow", "{heading}");
        }
        assert!(same(" North  Isles", "north isles") && !same("North", "South"));
    }

    #[test]
    fn days_of_the_calendar() {
        for (typed, expected) in [
            ("2025-03-19", Some("2025-03-19")),
            ("2024-02-29", Some("2024-02-29")),
            ("2025-02-29", None),
            ("2025-13-01", None),
            ("19.3.2025", None),
            ("March 2025", None),
        ] {
            let expected = expected.map(str::to_owned);
            assert_eq!(date(&Cell::Text(typed.to_owned())), expected, "{typed}");
        }
        assert_eq!(date(&Cell::Number(2025.0, false)), None);
    }
}
