//! Numbers and lines for reading.

use std::fmt::Write as _;

use detente_games::Number;

/// Columns of a terminal.
const WIDTH: usize = 80;

/// A share that ought to be nil, to its order of magnitude.
pub(super) fn small(share: f64) -> String {
    if share <= 0.0 {
        "0".into()
    } else if share < 1e-15 {
        "<1e-15".into()
    } else if share < 1e-3 {
        format!("{share:.0e}")
    } else {
        format!("{share:.3}")
    }
}

/// A probability to a tenth of a percent.
pub(super) fn tenth(p: f64) -> String {
    format!("{:.1}\u{a0}%", 100.0 * p)
}

/// A payoff to four digits.
pub(super) fn payoff(value: f64) -> String {
    if value == 0.0 || value.abs() < 1e-12 {
        return "0".into();
    }
    let (mut digits, mut size) = (3_usize, value.abs());
    while size < 1.0 && digits < 9 {
        size *= 10.0;
        digits += 1;
    }
    while size >= 10.0 && digits > 0 {
        size /= 10.0;
        digits -= 1;
    }
    let text = format!("{value:.digits$}");
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text
    }
}

/// An exact payoff: to four digits, and where it has more before the point to its last whole one, which `f64` may not hold.
pub(super) fn exact_payoff(value: &Number) -> String {
    const WHOLE: f64 = 1e15;
    if value.value().abs() < WHOLE {
        payoff(value.value())
    } else {
        value.whole()
    }
}

pub(super) fn counted(count: usize, what: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {what}{plural}")
}

/// Writes `text` in lines of a terminal's width, the first after `mark`, the others as far in.
pub(super) fn paragraph(out: &mut String, mark: &str, text: &str) {
    let indent = " ".repeat(mark.chars().count());
    let mut line = mark.to_owned();
    let mut length = mark.chars().count();
    let mut empty = true;
    for word in text.split(' ') {
        let more = word.chars().count();
        if !empty && length + 1 + more > WIDTH {
            let _ = writeln!(out, "{line}");
            line.clone_from(&indent);
            length = indent.len();
            empty = true;
        }
        if !empty {
            line.push(' ');
            length += 1;
        }
        line.push_str(word);
        length += more;
        empty = false;
    }
    let _ = writeln!(out, "{line}");
}
