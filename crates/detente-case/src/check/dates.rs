//! Dates as analysts write them: a day, a month, a year.

/// What is known of a date: the year, perhaps the month, perhaps the day.
type Known = (u32, Option<u32>, Option<u32>);

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// Is `date` surely later than `than`? Not if one is too vague to tell.
pub fn is_later(date: &str, than: &str) -> bool {
    let (Some(date), Some(than)) = (read(date), read(than)) else {
        return false;
    };
    if date.0 != than.0 {
        return date.0 > than.0;
    }
    match (date.1, than.1) {
        (Some(a), Some(b)) if a != b => a > b,
        (Some(_), Some(_)) => matches!((date.2, than.2), (Some(a), Some(b)) if a > b),
        _ => false,
    }
}

/// Whole months from one date to another, days not counted; `None` if one says no month or the second is the earlier.
pub(super) fn months_between(from: &str, to: &str) -> Option<u32> {
    let count = |text: &str| read(text).and_then(|(year, month, _)| Some(12 * year + month?));
    count(to)?.checked_sub(count(from)?)
}

/// Does it name a day that no month has? Only where year, month and day are all there.
pub(super) fn is_impossible(text: &str) -> bool {
    let lower = text.to_lowercase();
    let numbers: Vec<u32> = lower
        .split(|c: char| !c.is_ascii_digit())
        .filter(|word| word.len() <= 2)
        .filter_map(|word| word.parse().ok())
        .collect();
    let plain = text
        .split('-')
        .map(|part| part.parse::<u32>().ok())
        .collect::<Option<Vec<_>>>();
    match plain.as_deref() {
        Some([_, month]) => !(1..=12).contains(month),
        Some([year, month, day]) => {
            !(1..=12).contains(month) || *day > days(*year, *month) || *day == 0
        }
        _ => match (read(text), numbers[..].first()) {
            (Some((year, Some(month), None)), Some(day)) if numbers.len() == 1 => {
                *day == 0 || *day > days(year, month)
            }
            (Some((year, Some(month), Some(day))), _) => day > days(year, month),
            _ => false,
        },
    }
}

fn days(year: u32, month: u32) -> u32 {
    match month {
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => {
            29
        }
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// `2025-03-19`, `2025-03`, `19 March 2025`, `March 2025`, `2025`; a range counts by its first year.
fn read(text: &str) -> Option<Known> {
    // The time of day behind a date does not matter.
    let day = text
        .split_once('T')
        .filter(|(day, _)| day.starts_with(|c: char| c.is_ascii_digit()));
    let lower = day.map_or(text, |(day, _)| day).to_lowercase();
    let words: Vec<&str> = lower
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    let number = |word: &&str| word.parse::<u32>().ok();
    let at = words
        .iter()
        .position(|word| word.len() == 4 && number(word).is_some())?;
    let year = number(&words[at])?;
    let named = words.iter().find_map(|word| {
        let found = MONTHS
            .iter()
            .position(|month| *word == *month || (word.len() >= 3 && month.starts_with(word)));
        found.and_then(|m| u32::try_from(m + 1).ok())
    });
    if named.is_some() {
        let mut days = words
            .iter()
            .filter(|word| word.len() <= 2)
            .filter_map(number);
        return Some((
            year,
            named,
            days.next().filter(|day| (1..=31).contains(day)),
        ));
    }
    let part = |i: usize, most: u32| {
        words
            .get(i)
            .filter(|word| word.len() == 2)
            .and_then(number)
            .filter(|x| (1..=most).contains(x))
    };
    let month = part(at + 1, 12);
    Some((year, month, month.and_then(|_| part(at + 2, 31))))
}

#[cfg(test)]
mod tests {
    use super::{is_impossible, is_later};

    #[test]
    fn days_that_no_month_has() {
        for text in [
            "31 February 2025",
            "2025-02-30",
            "2025-13",
            "29 Feb 2023",
            "2025-00-10",
        ] {
            assert!(is_impossible(text), "{text}");
        }
        for text in [
            "29 February 2024",
            "2025-02-28",
            "2025-12",
            "May 2025",
            "2025",
            "spring 2025",
        ] {
            assert!(!is_impossible(text), "{text}");
        }
    }

    #[test]
    fn only_what_is_surely_later_is() {
        for (date, than) in [
            ("2025-03-20", "2025-03-19"),
            ("2025-04", "2025-03-19"),
            ("April 2025", "2025-03-19"),
            ("2 May 2025", "19 March 2025"),
            ("2026", "2025-12-31"),
            ("2025-03-20T10:00:00Z", "2025-03-19"),
        ] {
            assert!(is_later(date, than), "{date} {than}");
            assert!(!is_later(than, date), "{than} {date}");
        }
        for (date, than) in [
            ("2025-03-19", "2025-03-19"),
            ("March 2025", "2025-03-19"),
            ("2025", "2025-03-19"),
            ("spring 2025", "2025-03-19"),
            ("undated", "2025"),
        ] {
            assert!(!is_later(date, than), "{date} {than}");
        }
    }
}
