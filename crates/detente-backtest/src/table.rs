//! Tables as text, and what is wrong with them.

use std::fmt;

use csv::{ReaderBuilder, StringRecord};
use detente_diag::nearest;

/// Something wrong with a file, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The line, from 1.
    pub line: usize,
    /// The column or key; may be empty.
    pub column: String,
    /// What is wrong, and what was expected.
    pub said: String,
}

impl Fault {
    pub(crate) fn new(line: usize, column: &str, said: impl Into<String>) -> Self {
        Self {
            line,
            column: column.to_owned(),
            said: said.into(),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}", self.line)?;
        if !self.column.is_empty() {
            write!(f, ", {}", self.column)?;
        }
        write!(f, ": {}", self.said)
    }
}

/// A table with a head.
pub(crate) struct Table {
    head: Vec<String>,
    rows: Vec<(usize, StringRecord)>,
}

impl Table {
    /// Reads comma-separated values; nothing if a needed column is missing. Rows of another length than the head are faults and left out.
    pub(crate) fn read(text: &str, needed: &[&str], faults: &mut Vec<Fault>) -> Option<Self> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut reader = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .from_reader(text.as_bytes());
        let mut lines = Lines::new(text);
        let mut head: Option<Vec<String>> = None;
        let mut rows = Vec::new();
        for record in reader.records() {
            let record = match record {
                Ok(record) => record,
                Err(error) => {
                    let at = error.position().map_or(0, csv::Position::byte);
                    faults.push(Fault::new(lines.line(at), "", error.to_string()));
                    return None;
                }
            };
            let line = lines.line(record.position().map_or(0, csv::Position::byte));
            let Some(head) = &head else {
                head = Some(record.iter().map(|name| name.trim().to_owned()).collect());
                continue;
            };
            if record.len() == head.len() {
                rows.push((line, record));
            } else {
                let said = format!("{} values, where the head has {}", record.len(), head.len());
                faults.push(Fault::new(line, "", said));
            }
        }
        let Some(head) = head else {
            faults.push(Fault::new(1, "", "the file is empty; expected a table"));
            return None;
        };
        let mut whole = true;
        for name in needed {
            let times = head.iter().filter(|known| known == name).count();
            if times == 1 {
                continue;
            }
            whole = false;
            let said = if times > 1 {
                "the column stands there twice".to_owned()
            } else {
                let others = head.iter().map(String::as_str);
                let others = others.filter(|other| !needed.contains(other));
                // A column that is read already may be meant a second time.
                let near = nearest(name, others)
                    .or_else(|| nearest(name, head.iter().map(String::as_str)));
                near.map_or_else(
                    || "there is no such column".to_owned(),
                    |near| format!("there is no such column; is “{near}” meant?"),
                )
            };
            faults.push(Fault::new(1, name, said));
        }
        if whole && rows.is_empty() && faults.is_empty() {
            faults.push(Fault::new(1, "", "there is no row below the head"));
        }
        whole.then_some(Self { head, rows })
    }

    pub(crate) fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.rows.iter().map(|(line, record)| Row {
            line: *line,
            head: &self.head,
            record,
        })
    }
}

/// A row of a table.
pub(crate) struct Row<'t> {
    /// Its line.
    pub(crate) line: usize,
    head: &'t [String],
    record: &'t StringRecord,
}

impl Row<'_> {
    /// What stands in a column that the table was read for.
    pub(crate) fn text(&self, column: &str) -> &str {
        let place = self.head.iter().position(|name| name == column);
        place
            .and_then(|at| self.record.get(at))
            .unwrap_or("")
            .trim()
    }

    /// A whole number from 0 to `most`.
    pub(crate) fn whole(&self, column: &str, most: u32, faults: &mut Vec<Fault>) -> Option<u32> {
        let text = self.text(column);
        let number = text.parse::<u32>().ok().filter(|n| *n <= most);
        if number.is_none() {
            let said = format!("“{text}” is not a whole number from 0 to {most}");
            faults.push(Fault::new(self.line, column, said));
        }
        number
    }

    /// A finite number.
    pub(crate) fn number(&self, column: &str, faults: &mut Vec<Fault>) -> Option<f64> {
        let text = self.text(column);
        let number = text.parse::<f64>().ok().filter(|x| x.is_finite());
        if number.is_none() {
            let said = format!("“{text}” is not a number");
            faults.push(Fault::new(self.line, column, said));
        }
        number
    }

    /// One of several words, by its place among them.
    pub(crate) fn word(
        &self,
        column: &str,
        words: &[&str],
        faults: &mut Vec<Fault>,
    ) -> Option<usize> {
        let text = self.text(column);
        let place = words.iter().position(|word| *word == text);
        if place.is_none() {
            let said = format!("“{text}” is none of: {}", words.join(", "));
            faults.push(Fault::new(self.line, column, said));
        }
        place
    }

    /// A date, as in 1999-12-31.
    pub(crate) fn date(&self, column: &str, faults: &mut Vec<Fault>) -> Option<Date> {
        let text = self.text(column);
        let date = Date::read(text);
        if date.is_none() {
            let said = format!("“{text}” is no date; expected one as in 1999-12-31");
            faults.push(Fault::new(self.line, column, said));
        }
        date
    }
}

/// A day of the calendar; earlier days are less.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Date {
    pub(crate) year: i64,
    pub(crate) month: i64,
    pub(crate) day: i64,
}

impl Date {
    pub(crate) fn read(text: &str) -> Option<Self> {
        let plain = text.len() == 10 && text.is_ascii();
        let parts: Vec<&str> = text.split('-').filter(|_| plain).collect();
        let [year, month, day] = parts[..] else {
            return None;
        };
        if (year.len(), month.len()) != (4, 2) {
            return None;
        }
        let number = |part: &str| part.parse::<u16>().ok().map(i64::from);
        let (year, month, day) = (number(year)?, number(month)?, number(day)?);
        let leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
        let days = match month {
            2 => 28 + i64::from(leap),
            4 | 6 | 9 | 11 => 30,
            1..=12 => 31,
            _ => return None,
        };
        (1..=days)
            .contains(&day)
            .then_some(Self { year, month, day })
    }

    /// Days since a fixed one (March 1st of the year 0), by the lengths of months from March on.
    pub(crate) fn days(self) -> i64 {
        let (year, month) = if self.month < 3 {
            (self.year - 1, self.month + 9)
        } else {
            (self.year, self.month - 3)
        };
        365 * year + year.div_euclid(4) - year.div_euclid(100)
            + year.div_euclid(400)
            + (153 * month + 2) / 5
            + self.day
            - 1
    }
}

/// Tells lines by places, which come in order. The reader's own count is late where lines end in two characters or are blank.
pub(crate) struct Lines<'t> {
    text: &'t [u8],
    at: usize,
    line: usize,
}

impl<'t> Lines<'t> {
    pub(crate) fn new(text: &'t str) -> Self {
        Self {
            text: text.as_bytes(),
            at: 0,
            line: 1,
        }
    }

    /// The line of what begins at a place, ends of lines before it skipped.
    pub(crate) fn line(&mut self, byte: u64) -> usize {
        let byte = usize::try_from(byte).unwrap_or(usize::MAX);
        while let Some(letter) = self.text.get(self.at) {
            if self.at >= byte && !matches!(letter, b'\r' | b'\n') {
                break;
            }
            self.line += usize::from(*letter == b'\n');
            self.at += 1;
        }
        self.line
    }
}

/// A trial needs cases of two groups at least.
pub(crate) fn enough<'c>(mut groups: impl Iterator<Item = &'c str>, faults: &mut Vec<Fault>) {
    let first = groups.next();
    if faults.is_empty() && groups.all(|group| Some(group) == first) {
        let said = "nothing can be held back: cases of two groups at least are needed";
        faults.push(Fault::new(1, "", said));
    }
}
