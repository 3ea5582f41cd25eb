//! Which packages are dated after the case's own date.

use detente_evidence::Evidence;

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// The mark of a package dated after the case.
pub(super) const MARK: &str = "†";

/// Is a named package dated after the case's `as_of`? When in doubt, no.
pub(super) fn later(evidence: &Evidence, package: usize) -> bool {
    let on = &evidence.setting.packages[package].on;
    on.as_deref()
        .is_some_and(|on| after(on, &evidence.setting.as_of))
}

/// A package's name with its mark, if it is due one.
pub(super) fn marked(evidence: &Evidence, package: usize) -> String {
    let name = &evidence.setting.packages[package].name;
    if later(evidence, package) {
        format!("{name}{MARK}")
    } else {
        name.clone()
    }
}

/// The same between quotation marks.
pub(super) fn quoted(evidence: &Evidence, package: usize) -> String {
    let name = &evidence.setting.packages[package].name;
    let mark = if later(evidence, package) { MARK } else { "" };
    format!("“{name}”{mark}")
}

/// What the mark means, if any package has it.
pub(super) fn footnote(evidence: &Evidence) -> Option<String> {
    let any = (0..evidence.packages().len()).any(|p| later(evidence, p));
    any.then(|| {
        format!(
            "{MARK} dated after {}, the date of the case",
            evidence.setting.as_of
        )
    })
}

/// Does one date lie after another, as far as both say? A year against a day compares years.
fn after(date: &str, reference: &str) -> bool {
    let (Some(date), Some(reference)) = (Date::read(date), Date::read(reference)) else {
        return false;
    };
    if date.year != reference.year {
        return date.year > reference.year;
    }
    match (date.month, reference.month) {
        (Some(month), Some(other)) if month == other => match (date.day, reference.day) {
            (Some(day), Some(other)) => day > other,
            _ => false,
        },
        (Some(month), Some(other)) => month > other,
        _ => false,
    }
}

/// As much of a date as a text says without doubt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Date {
    year: u32,
    month: Option<u32>,
    day: Option<u32>,
}

impl Date {
    fn read(text: &str) -> Option<Self> {
        Self::iso(text).or_else(|| Self::words(text))
    }

    /// 2025-03-19, 2025-03 or 2025, perhaps with a time of day.
    fn iso(text: &str) -> Option<Self> {
        let whole = text.split(['T', ' ']).next()?;
        let rest = &text[whole.len()..];
        if !rest.is_empty() && !rest[1..].starts_with(|c: char| c.is_ascii_digit()) {
            return None;
        }
        let parts: Vec<&str> = whole.split('-').collect();
        let digits =
            |part: &&str, n: usize| part.len() == n && part.bytes().all(|b| b.is_ascii_digit());
        let shaped = digits(parts.first()?, 4) && parts[1..].iter().all(|part| digits(part, 2));
        let number = |i: usize| parts.get(i).and_then(|part| part.parse().ok());
        (shaped && parts.len() <= 3).then_some(())?;
        Some(Self {
            year: number(0)?,
            month: number(1),
            day: number(2),
        })
    }

    /// "May 2024", "14 May 2024", "early 2024": the only year, the only month, the only other number.
    fn words(text: &str) -> Option<Self> {
        let words: Vec<&str> = text
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .collect();
        let number = |word: &&str| word.parse::<u32>().ok();
        let years = words
            .iter()
            .filter(|word| word.len() == 4)
            .filter_map(number);
        let months = words.iter().filter_map(|word| {
            let named = |name: &&str| *word == *name || word.len() == 3 && name.starts_with(word);
            MONTHS.iter().position(named)
        });
        let days = words
            .iter()
            .filter(|word| word.len() <= 2)
            .filter_map(number);
        let month = only(months).and_then(|m| u32::try_from(m + 1).ok());
        Some(Self {
            year: only(years)?,
            month,
            day: only(days).filter(|_| month.is_some()),
        })
    }
}

/// The only item there is.
fn only<T>(mut items: impl Iterator<Item = T>) -> Option<T> {
    let first = items.next()?;
    items.next().is_none().then_some(first)
}

#[cfg(test)]
mod tests {
    use super::after;

    #[test]
    fn dates_compare_as_far_as_both_say() {
        for later in [
            "2025-03-20",
            "2025-04",
            "2026",
            "April 2025",
            "20 March 2025",
            "early 2026",
            "2025-03-20 10:00:00",
        ] {
            assert!(after(later, "2025-03-19"), "{later}");
        }
        for not in [
            "2025-03-19",
            "2025-03",
            "2025",
            "March 2025",
            "14 May 2024",
            "late 2025",
            "2024–2026",
            "undated",
            "2025-03-19T23:00:00Z",
        ] {
            assert!(!after(not, "2025-03-19"), "{not}");
        }
        assert!(after("June 2024", "May 2024") && !after("June 2024", "2024"));
    }
}
