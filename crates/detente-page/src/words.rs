//! Words and numbers as readers see them.

use detente_core::{PartySet, Setting};

/// A share as a count of a hundred worlds: "62", never "0" or "100".
pub fn per_hundred(share: f64) -> String {
    crate::svg::per_hundred(Some(share))
}

/// A signed number of points with one decimal and a true minus sign.
pub(crate) fn points(x: f64) -> String {
    signed(x, 1)
}

/// A number with a true minus sign.
pub(crate) fn signed(x: f64, decimals: usize) -> String {
    if x.is_nan() {
        return "–".to_owned();
    }
    let text = format!("{:.decimals$}", x.abs());
    // What rounds to zero has no sign.
    let zero = text.chars().all(|c| c == '0' || c == '.');
    if x < 0.0 && !zero {
        format!("−{text}")
    } else {
        text
    }
}

/// A change, with its sign whichever way it goes.
pub(crate) fn with_sign(x: f64, decimals: usize) -> String {
    let text = signed(x, decimals);
    let moves = text.chars().any(|c| c.is_ascii_digit() && c != '0');
    if moves && x > 0.0 {
        format!("+{text}")
    } else {
        text
    }
}

/// A number to two significant digits, for sentences.
pub(crate) fn rounded(x: f64) -> String {
    let mut unit = 1.0;
    while x.abs() >= 100.0 * unit {
        unit *= 10.0;
    }
    short((x / unit).round() * unit)
}

/// A number to two significant digits, whatever its size.
pub(crate) fn brief(x: f64) -> String {
    if x.abs() >= 10.0 || !x.is_finite() {
        return rounded(x);
    }
    short(format!("{x:.1e}").parse().unwrap_or(x))
}

/// A number to three significant digits, thousands set apart by thin spaces.
pub(crate) fn short(x: f64) -> String {
    if x.is_nan() {
        return "–".to_owned();
    }
    let magnitude = x.abs();
    let decimals = match magnitude {
        m if m == 0.0 || m >= 100.0 => 0,
        m if m >= 10.0 => 1,
        m if m >= 1.0 => 2,
        m if m >= 0.1 => 3,
        m if m >= 0.01 => 4,
        _ => 5,
    };
    let mut text = signed(x, decimals);
    if text.contains('.') {
        text.truncate(text.trim_end_matches('0').trim_end_matches('.').len());
    }
    let (head, tail) = text
        .split_once('.')
        .map_or((text.as_str(), ""), |(h, t)| (h, t));
    let digits = head.chars().filter(char::is_ascii_digit).count();
    let mut grouped = String::new();
    let mut seen = 0;
    for c in head.chars() {
        if c.is_ascii_digit() {
            if seen > 0 && (digits - seen).is_multiple_of(3) && digits > 4 {
                grouped.push('\u{2009}');
            }
            seen += 1;
        }
        grouped.push(c);
    }
    if tail.is_empty() {
        grouped
    } else {
        format!("{grouped}.{tail}")
    }
}

/// With a capital at its head.
pub(crate) fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

/// Whose: "North’s", "the Isles’".
pub(crate) fn genitive(name: &str) -> String {
    if name.ends_with('s') {
        format!("{name}’")
    } else {
        format!("{name}’s")
    }
}

/// A small number as a word.
pub(crate) fn in_words(n: usize) -> String {
    const WORDS: [&str; 10] = [
        "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine",
    ];
    WORDS
        .get(n)
        .map_or_else(|| n.to_string(), |word| (*word).to_owned())
}

/// "1 world", "4096 worlds".
pub(crate) fn count(n: usize, noun: &str) -> String {
    let plural = if n == 1 { "" } else { "s" };
    format!("{} {noun}{plural}", short_count(n))
}

/// A count with all its digits, thousands set apart.
pub(crate) fn short_count(n: usize) -> String {
    short(n as f64)
}

/// "a, b and c".
pub(crate) fn and_list<S: AsRef<str>>(items: &[S]) -> String {
    match items {
        [] => String::new(),
        [one] => one.as_ref().to_owned(),
        [head @ .., last] => {
            let head: Vec<&str> = head.iter().map(AsRef::as_ref).collect();
            format!("{} and {}", head.join(", "), last.as_ref())
        }
    }
}

/// "five years", "18 months".
pub(crate) fn in_time(months: usize) -> String {
    match months {
        1 => "a month".to_owned(),
        12 => "a year".to_owned(),
        m if m.is_multiple_of(12) => format!("{} years", in_words(m / 12)),
        m => format!("{} months", in_words(m)),
    }
}

/// Names of a set of parties.
pub(crate) fn party_names(setting: &Setting, set: PartySet) -> Vec<String> {
    set.iter()
        .map(|p| setting.parties[p].name.clone())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_well() {
        let brief = [0.0, 0.0271, -0.5, 1.249, 9.96, 303.4, 1e-9].map(super::brief);
        assert_eq!(brief, ["0", "0.027", "−0.5", "1.2", "10", "300", "0"]);
        assert_eq!(short(150_000.0), "150\u{2009}000");
        assert_eq!(short(-8600.0), "−8600");
        assert_eq!(short(0.35), "0.35");
        assert_eq!(short(0.001_234), "0.00123");
        assert_eq!(points(-0.04), "0.0");
        assert_eq!(points(-3.25), "−3.2");
        assert_eq!(and_list(&["a", "b", "c"]), "a, b and c");
        assert_eq!(
            (per_hundred(0.0).as_str(), per_hundred(1.0).as_str()),
            ("<1", ">99")
        );
        assert_eq!(count(1, "world"), "1 world");
        assert_eq!(
            (genitive("North").as_str(), genitive("Dockers").as_str()),
            ("North’s", "Dockers’")
        );
        assert_eq!(count(20_000, "world"), "20\u{2009}000 worlds");
    }
}
