//! Numbers as they stand in cells: typed in any country, as ranges in one cell or in three.

use crate::book::Cell;

/// What is wrong with a cell, and what to do about it.
pub(crate) type Bad = (String, String);

/// A number as stated.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Stated {
    Exact(f64),
    /// The central 90 % lies between these.
    Range(f64, f64),
    /// 5th percentile, middle, 95th percentile.
    Three(f64, f64, f64),
}

impl Stated {
    /// The middle, or what stands for it.
    pub(crate) fn middle(self) -> f64 {
        match self {
            Self::Exact(x) | Self::Three(_, x, _) => x,
            Self::Range(low, high) => 0.5 * (low + high),
        }
    }

    /// Its least and its greatest number.
    pub(crate) fn ends(self) -> (f64, f64) {
        match self {
            Self::Exact(x) => (x, x),
            Self::Range(low, high) | Self::Three(low, _, high) => (low, high),
        }
    }

    /// Low, middle and high, of which the middle alone may be a range by itself, and low and high need each other. `None`: nothing is stated.
    /// The second of a fault is whose cell it is.
    pub(crate) fn of(
        [low, middle, high]: [Option<&Cell>; 3],
        scale: Scale,
    ) -> Result<Option<Self>, (Part, Bad)> {
        let one = |cell: Option<&Cell>, part: Part| match cell {
            None => Ok(None),
            Some(cell) => range(cell, scale).map(Some).map_err(|bad| (part, bad)),
        };
        let (low, middle, high) = (
            one(low, Part::Low)?,
            one(middle, Part::Middle)?,
            one(high, Part::High)?,
        );
        let whole = |found: Option<Self>, part: Part| match found {
            Some(Self::Exact(x)) => Ok(Some(x)),
            None => Ok(None),
            Some(_) => {
                let what = "a range stands where one end of it belongs".to_owned();
                Err((part, (what, "put low, middle and high into a cell each, or the whole range into the middle one".to_owned())))
            }
        };
        let alone = low.is_none() && high.is_none();
        if alone {
            return Ok(middle);
        }
        let (low, high) = (whole(low, Part::Low)?, whole(high, Part::High)?);
        let middle = whole(middle, Part::Middle)?;
        let (Some(low), Some(high)) = (low, high) else {
            let (part, what) = if low.is_none() {
                (Part::Low, "low is missing, and high is stated")
            } else {
                (Part::High, "high is missing, and low is stated")
            };
            return Err((
                part,
                (
                    what.to_owned(),
                    "state both ends, or the middle alone if it is exact".to_owned(),
                ),
            ));
        };
        Self::ordered(low, middle, high)
            .map(Some)
            .map_err(|bad| (Part::High, bad))
    }

    /// Numbers that must increase; all three the same are an exact one.
    pub(crate) fn ordered(low: f64, middle: Option<f64>, high: f64) -> Result<Self, Bad> {
        let increasing = match middle {
            None => low < high,
            Some(middle) => low < middle && middle < high,
        };
        if increasing {
            return Ok(match middle {
                None => Self::Range(low, high),
                Some(middle) => Self::Three(low, middle, high),
            });
        }
        if low == high && middle.is_none_or(|middle| middle == low) {
            return Ok(Self::Exact(low));
        }
        let told = match middle {
            None => format!("low is {low} and high is {high}"),
            Some(middle) => format!("low is {low}, the middle {middle} and high {high}"),
        };
        let help = "low must lie below the middle, and the middle below high: nine times in ten the number lies between low and high";
        Err((told, help.to_owned()))
    }
}

/// Which cell of three.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Low,
    Middle,
    High,
}

/// What a percentage means in a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scale {
    /// Of a hundred: 30 % is 30.
    Hundred,
    /// A share: 30 % is 0.3.
    Share,
    /// There are none.
    Plain,
}

/// A number, or a range in one cell: `30 to 50`, `30–50`, `30 / 40 / 50`.
pub(crate) fn range(cell: &Cell, scale: Scale) -> Result<Stated, Bad> {
    let text = match cell {
        Cell::Text(text) => text,
        other => return number(other, scale).map(Stated::Exact),
    };
    let part = |text: &str| number(&Cell::Text(text.trim().to_owned()), scale);
    if text.contains('/') {
        let parts: Vec<&str> = text.split('/').collect();
        let [low, middle, high] = parts[..] else {
            return Err((
                format!("“{text}” is not a number"),
                "low, middle and high in one cell are written 30 / 40 / 50".to_owned(),
            ));
        };
        return Stated::ordered(part(low)?, Some(part(middle)?), part(high)?);
    }
    match ends(text) {
        // What bears the sign at its end alone means it for both.
        Some((low, high)) if high.trim_end().ends_with('%') && !low.trim_end().ends_with('%') => {
            Stated::ordered(part(&format!("{low}%"))?, None, part(high)?)
        }
        Some((low, high)) => Stated::ordered(part(low)?, None, part(high)?),
        None => part(text).map(Stated::Exact),
    }
}

/// The ends of a range: what stands on either side of `to`, of a dash, or of a hyphen between two numbers.
fn ends(text: &str) -> Option<(&str, &str)> {
    if let Some(ends) = text.split_once(" to ") {
        return Some(ends);
    }
    let at = text.char_indices().skip(1).find(|(at, c)| {
        let before = text[..*at].trim_end();
        matches!(c, '-' | '–' | '—' | '…')
            && before.ends_with(|c: char| c.is_ascii_digit() || c == '%')
    });
    let (at, c) = at?;
    Some((&text[..at], &text[at + c.len_utf8()..]))
}

/// One number.
pub(crate) fn number(cell: &Cell, scale: Scale) -> Result<f64, Bad> {
    let (x, percent) = match cell {
        Cell::Number(x, percent) => (*x, *percent),
        Cell::Text(text) => typed(text)?,
        Cell::Date(date) => {
            return Err((
                format!("a date stands here ({date}), where a number belongs"),
                "spreadsheets make dates of what looks like one: write 3 to 5, or put low and high into their own cells".to_owned(),
            ));
        }
        Cell::Switch(_) => {
            return Err((
                "yes or no stands here, where a number belongs".to_owned(),
                "write a number, or leave the cell blank".to_owned(),
            ));
        }
        Cell::Failed(_) | Cell::Unworked | Cell::Merged => {
            let (what, help) = unusable(cell).unwrap_or_default();
            return Err((what, help.to_owned()));
        }
    };
    let x = match (percent, scale) {
        // A cell that shows 30 % holds 0.3.
        (true, Scale::Hundred) => 100.0 * x,
        (false, _) | (true, Scale::Share) => x,
        (true, Scale::Plain) => {
            return Err((
                format!("{}% is a percentage, and this number is none", 100.0 * x),
                "write the number in the unit that the row names".to_owned(),
            ));
        }
    };
    if x.is_finite() && x.abs() <= 1e9 && (x == 0.0 || x.abs() >= 1e-9) {
        // What a hundredth of rounding adds is not what somebody typed.
        return Ok(tidy(x));
    }
    Err((
        format!("{x:e} is beyond what is read here"),
        "numbers lie between 0.000000001 and 1000000000, or are zero: choose another unit"
            .to_owned(),
    ))
}

/// A number without the last digits that arithmetic leaves: 0.1 + 0.2 as 0.3.
pub(crate) fn tidy(x: f64) -> f64 {
    format!("{x:.12e}").parse().unwrap_or(x)
}

/// What is in a cell of which no use can be made, whatever belongs there.
pub(crate) fn unusable(cell: &Cell) -> Option<(String, &'static str)> {
    match cell {
        Cell::Failed(error) => Some((
            format!("the formula here failed ({error})"),
            "mend the formula, or write the value itself",
        )),
        Cell::Unworked => Some((
            "the formula here has no value yet".to_owned(),
            "open the file in a spreadsheet program and save it: values of formulas are stored then; or write the value itself",
        )),
        Cell::Merged => Some((
            "this cell is merged with others of its row".to_owned(),
            "unmerge it: cells merged down a column are read, those merged across columns are nobody's",
        )),
        _ => None,
    }
}

/// A number as typed, and whether a percent sign stands behind it.
fn typed(text: &str) -> Result<(f64, bool), Bad> {
    let wrong = |help: &str| Err((format!("“{text}” is not a number"), help.to_owned()));
    let mut rest: String = text
        .chars()
        .map(|c| match c {
            '−' | '–' => '-',
            '\u{a0}' | '\u{2009}' | '\u{202f}' | '’' | '\'' => ' ',
            c => c,
        })
        .collect();
    let percent = rest.trim_end().ends_with('%');
    if percent {
        rest = rest.trim_end().trim_end_matches('%').to_owned();
    }
    let rest = rest.trim();
    if rest.is_empty() {
        return wrong("write a number, such as 30, 0.5 or 30 to 50");
    }
    let Some(plain) = plain(rest) else {
        let help = format!(
            "“{text}” can be read in two ways: write {} for thousands, or {} with a decimal point",
            rest.replace(',', ""),
            rest.replace(',', ".")
        );
        return Err((format!("“{text}” is ambiguous"), help));
    };
    match plain.parse::<f64>() {
        Ok(x) if percent => Ok((tidy(x / 100.0), true)),
        Ok(x) => Ok((x, false)),
        Err(_) => wrong("write a number, such as 30, 0.5 or 30 to 50; words belong into the notes"),
    }
}

/// The same with a decimal point and without separators of thousands; `None` where a comma may be either.
fn plain(text: &str) -> Option<String> {
    // Digits in threes behind the first separator.
    let thousands = |text: &str, by: char| {
        let mut parts = text.split(by);
        let first = parts.next().unwrap_or_default();
        let first = first.trim_start_matches(['-', '+']);
        let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
        (1..=3).contains(&first.len()) && digits(first) && parts.all(|p| p.len() == 3 && digits(p))
    };
    let text: String = if text.contains(' ') && thousands(text.split([',', '.']).next()?, ' ') {
        text.replace(' ', "")
    } else {
        text.to_owned()
    };
    let (commas, points) = (text.matches(',').count(), text.matches('.').count());
    Some(match (commas, points) {
        (0, 0 | 1) => text,
        (0, _) if thousands(&text, '.') => text.replace('.', ""),
        (1, 0) if thousands(&text, ',') => {
            let whole = text.split(',').next().unwrap_or_default();
            if whole.trim_start_matches(['-', '+']) != "0" {
                return None;
            }
            text.replace(',', ".")
        }
        (1, 0) => text.replace(',', "."),
        (_, 0) if thousands(&text, ',') => text.replace(',', ""),
        (_, 1) if text.rfind('.') > text.rfind(',') => {
            let whole = text.split('.').next().unwrap_or_default();
            if thousands(whole, ',') {
                text.replace(',', "")
            } else {
                text
            }
        }
        (1, _) => {
            let whole = text.split(',').next().unwrap_or_default();
            if thousands(whole, '.') {
                text.replace('.', "").replace(',', ".")
            } else {
                text
            }
        }
        _ => text,
    })
}

#[cfg(test)]
mod tests {
    use super::{Part, Scale, Stated, number, range};
    use crate::book::Cell;

    fn text(text: &str) -> Cell {
        Cell::Text(text.to_owned())
    }

    #[test]
    fn numbers_of_all_countries() {
        for (typed, expected) in [
            ("30", 30.0),
            (" 0.5 ", 0.5),
            ("0,5", 0.5),
            ("-12,25", -12.25),
            ("−3", -3.0),
            ("1.234,5", 1234.5),
            ("1,234.5", 1234.5),
            ("1 234 567", 1_234_567.0),
            ("1\u{202f}234,5", 1234.5),
            ("1’234", 1234.0),
            ("1,234,567", 1_234_567.0),
            ("1.234.567", 1_234_567.0),
            ("0,125", 0.125),
            ("1.234", 1.234),
            ("1e3", 1000.0),
            ("30%", 30.0),
            ("12,5 %", 12.5),
        ] {
            assert_eq!(
                number(&text(typed), Scale::Hundred),
                Ok(expected),
                "{typed}"
            );
        }
        for (typed, says) in [
            ("1,234", "ambiguous"),
            ("a lot", "not a number"),
            ("", "not a number"),
            ("%", "not a number"),
            ("1,2,3", "not a number"),
            ("1.2.3", "not a number"),
            ("12,34.5", "not a number"),
            ("1e300", "beyond"),
            ("inf", "beyond"),
            ("NaN", "beyond"),
        ] {
            let (what, help) = number(&text(typed), Scale::Hundred).unwrap_err();
            assert!(what.contains(says) && !help.is_empty(), "{typed}: {what}");
        }
        let shown = Cell::Number(0.3, true);
        assert_eq!(number(&shown, Scale::Hundred), Ok(30.0));
        assert_eq!(number(&shown, Scale::Share), Ok(0.3));
        assert!(number(&shown, Scale::Plain).is_err());
        assert_eq!(
            number(&Cell::Number(0.1 + 0.2, false), Scale::Plain),
            Ok(0.3)
        );
        for cell in [
            Cell::Date("2025-05-03".to_owned()),
            Cell::Switch(true),
            Cell::Failed("#DIV/0!".to_owned()),
            Cell::Unworked,
            Cell::Merged,
        ] {
            assert!(number(&cell, Scale::Plain).is_err());
        }
    }

    #[test]
    fn ranges_in_a_cell_and_in_three() {
        for (typed, expected) in [
            ("30 to 50", Stated::Range(30.0, 50.0)),
            ("30–50", Stated::Range(30.0, 50.0)),
            ("30 - 50", Stated::Range(30.0, 50.0)),
            ("30-50%", Stated::Range(30.0, 50.0)),
            ("-5 – -1", Stated::Range(-5.0, -1.0)),
            ("0,5 to 1,5", Stated::Range(0.5, 1.5)),
            ("30 / 40 / 50", Stated::Three(30.0, 40.0, 50.0)),
            ("40", Stated::Exact(40.0)),
        ] {
            assert_eq!(range(&text(typed), Scale::Hundred), Ok(expected), "{typed}");
        }
        for typed in ["50 to 30", "30 / 40", "30 / 30 / 50", "low to high"] {
            assert!(range(&text(typed), Scale::Hundred).is_err(), "{typed}");
        }
        let of = |cells: [Option<&str>; 3]| {
            let cells = cells.map(|cell| cell.map(text));
            Stated::of(cells.each_ref().map(Option::as_ref), Scale::Plain)
        };
        assert_eq!(of([None; 3]), Ok(None));
        assert_eq!(of([None, Some("7"), None]), Ok(Some(Stated::Exact(7.0))));
        assert_eq!(
            of([None, Some("5 to 9"), None]),
            Ok(Some(Stated::Range(5.0, 9.0)))
        );
        assert_eq!(
            of([Some("5"), None, Some("9")]),
            Ok(Some(Stated::Range(5.0, 9.0)))
        );
        let three = [Some("5"), Some("6"), Some("9")];
        assert_eq!(of(three), Ok(Some(Stated::Three(5.0, 6.0, 9.0))));
        assert_eq!(
            of([Some("5"), Some("5"), Some("5")]),
            Ok(Some(Stated::Exact(5.0)))
        );
        let whose = |cells| of(cells).unwrap_err().0;
        assert_eq!(whose([Some("5"), None, None]), Part::High);
        assert_eq!(whose([None, Some("5"), Some("9")]), Part::Low);
        assert_eq!(whose([Some("9"), None, Some("5")]), Part::High);
        assert_eq!(whose([Some("x"), None, Some("5")]), Part::Low);
        assert_eq!(whose([Some("1"), Some("2 to 3"), Some("5")]), Part::Middle);
    }
}
