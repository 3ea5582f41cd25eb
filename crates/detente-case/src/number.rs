//! Uncertain numbers as written.

mod named;
mod suffix;
#[cfg(test)]
mod tests;

use detente_diag::{Code, Diagnostic, Diagnostics, Span};
use detente_math::{Distribution, Link};

use suffix::{split, suffix};

use crate::{Domain, NumberField, Tree, TreeKind};

/// A number as written, read but not yet given a shape.
#[derive(Clone, Debug, PartialEq)]
pub enum NumberForm {
    /// `7`
    Exact(f64),
    /// `"5 to 10"` or `"5 to 10 (80%)"`: the ends of the central part, and how much lies in it.
    Range(f64, f64, f64),
    /// `"5 / 7 / 10"` or `"5 / 7 / 10 (50%)"`: low end, median, high end of the central part, and how much lies in it.
    Three(f64, f64, f64, f64),
    /// `"between 3 and 7"`: uniform.
    Between(f64, f64),
    /// `"3 of 11"`: a base rate.
    BaseRate(f64, f64),
    /// `"pert(1, 3, 9)"` and the like.
    Named(Distribution),
}

/// Greatest and least size of a number: beyond them, sums and exponentials lose their meaning.
const GREATEST: f64 = 1e12;
const LEAST: f64 = 1e-12;

/// How much lies between the ends of a range unless it says otherwise.
const COVERAGE: f64 = 0.9;

/// The words that stand for probabilities in a case, with the range that each means.
#[derive(Clone, Debug, PartialEq)]
pub struct Words(pub Vec<(String, f64, f64)>);

impl Default for Words {
    /// The scale of US Intelligence Community Directive 203.
    fn default() -> Self {
        let scale = [
            ("almost no chance", 0.01, 0.05),
            ("very unlikely", 0.05, 0.20),
            ("unlikely", 0.20, 0.45),
            ("roughly even", 0.45, 0.55),
            ("likely", 0.55, 0.80),
            ("very likely", 0.80, 0.95),
            ("almost certain", 0.95, 0.99),
        ];
        Self(
            scale
                .map(|(word, low, high)| (word.to_owned(), low, high))
                .into(),
        )
    }
}

/// Reads a number and gives it its field's shape; `None` if it is at fault, which has then been said.
pub(crate) fn read(
    tree: &Tree,
    field: NumberField,
    words: &Words,
    line_unit: &str,
    diagnostics: &mut Diagnostics,
) -> Option<Distribution> {
    let mut reader = Reader {
        field,
        words,
        line_unit,
        whole: tree.span,
        plain: true,
        diagnostics,
    };
    match (&tree.kind, field.domain) {
        (TreeKind::Switch(on), Domain::Switch) => {
            Some(Distribution::Exact(f64::from(u8::from(*on))))
        }
        (_, Domain::Switch) => {
            crate::check::switch_shape(tree, reader.diagnostics);
            None
        }
        (TreeKind::Number(x), _) if x.is_nan() => None,
        (TreeKind::Number(x), _) => reader
            .inside(*x, tree.span)
            .then_some(Distribution::Exact(*x)),
        (TreeKind::Text(text), _) => {
            // With escapes or multi-line quotes, places inside the text are not places in the file.
            reader.plain = tree.span.end - tree.span.start == text.len() + 2;
            let form = reader.form(text)?;
            reader.distribution(form, text)
        }
        _ => shape_fault(tree, A_NUMBER, reader.diagnostics),
    }
}

/// What to expect where a number should stand, in messages.
pub(crate) const A_NUMBER: &str = "a number, or a text such as \"5 to 10\"";

/// The first pass reports the same in the same words.
fn shape_fault(tree: &Tree, expected: &str, diagnostics: &mut Diagnostics) -> Option<Distribution> {
    crate::check::shape(tree, expected, diagnostics);
    None
}

struct Reader<'a> {
    field: NumberField,
    words: &'a Words,
    /// What the contest counts its line in.
    line_unit: &'a str,
    /// The text with its quotes.
    whole: Span,
    plain: bool,
    diagnostics: &'a mut Diagnostics,
}

/// A scalar and where it stands in the text.
type Scalar = (f64, std::ops::Range<usize>);

impl Reader<'_> {
    fn form(&mut self, text: &str) -> Option<NumberForm> {
        let part = |piece: &str| {
            let start = piece.as_ptr() as usize - text.as_ptr() as usize;
            start..start + piece.len()
        };
        if let Some(range) = self.word(text.trim()) {
            return Some(range);
        }
        if named::is_call(text) {
            return self.call(text).map(NumberForm::Named);
        }
        let (text, coverage) = self.coverage(text)?;
        if let Some((low, high)) = text
            .trim_start()
            .strip_prefix("between ")
            .and_then(|rest| rest.split_once(" and "))
        {
            let (low, high) = self.pair(low, high, &part)?;
            return Some(NumberForm::Between(low, high));
        }
        if let Some((low, high)) = text.split_once(" to ") {
            let (low, high) = self.pair(low, high, &part)?;
            return Some(NumberForm::Range(low, high, coverage));
        }
        if let Some((hits, trials)) = text.split_once(" of ") {
            return self.base_rate(text, hits, trials);
        }
        // "1 / 2 / 3" is low, middle, high; a single slash is a slip that the scalar reader explains.
        let pieces: Vec<&str> = text.split('/').collect();
        if let [low, middle, high] = pieces[..] {
            // All three are read before any is given up, so that all faults are said.
            let scalars = [low, middle, high].map(|piece| self.scalar(piece, part(piece)));
            let [Some(low), Some(middle), Some(high)] = scalars else {
                return None;
            };
            if !(low.0 < middle.0 && middle.0 < high.0) {
                self.not_increasing(&low, &middle, &high);
                return None;
            }
            self.scaled_alike(&pieces, &[low.0, middle.0, high.0]);
            return Some(NumberForm::Three(low.0, middle.0, high.0, coverage));
        }
        self.scalar(text, 0..text.len())
            .map(|(x, _)| NumberForm::Exact(x))
    }

    fn pair(
        &mut self,
        low: &str,
        high: &str,
        part: &impl Fn(&str) -> std::ops::Range<usize>,
    ) -> Option<(f64, f64)> {
        if self.lacks_percent(low, high) {
            return None;
        }
        let pieces = [low, high];
        let (low, high) = (self.scalar(low, part(low)), self.scalar(high, part(high)));
        let (low, high) = (low?, high?);
        if low.0 < high.0 {
            self.scaled_alike(&pieces, &[low.0, high.0]);
            return Some((low.0, high.0));
        }
        let (at_low, at_high) = (self.place(&low.1), self.place(&high.1));
        let diagnostic = if low.0 == high.0 {
            Diagnostic::new(Code::REVERSED, "both ends of the range are the same")
                .at(at_low, "this end")
                .at(at_high, "equals this one")
                .help("write the bare number if it is exact")
        } else {
            Diagnostic::new(Code::REVERSED, "the range runs backwards")
                .at(at_low, "the low end is above")
                .at(at_high, "the high end")
                .help("write the smaller end first")
        };
        self.diagnostics.push(diagnostic);
        None
    }

    /// `"50 to 70"` where a share belongs: said once, for the range.
    fn lacks_percent(&mut self, low: &str, high: &str) -> bool {
        let bare = |text: &str| text.trim().parse::<f64>().ok();
        let meant = |x: f64| (1.0..=100.0).contains(&x);
        let (Domain::Share, Some(low), Some(high)) = (self.field.domain, bare(low), bare(high))
        else {
            return false;
        };
        let lacks = meant(low) && meant(high) && high > 1.0;
        if lacks {
            let fault = Diagnostic::new(
                Code::OUT_OF_BOUNDS,
                format!("{low} to {high} is beyond the bounds of a share"),
            );
            self.diagnostics.push(
                fault
                    .at(self.whole, "out of bounds")
                    .help(format!("did you mean \"{low}% to {high}%\"?")),
            );
        }
        lacks
    }

    fn not_increasing(&mut self, low: &Scalar, middle: &Scalar, high: &Scalar) {
        let diagnostic =
            Diagnostic::new(Code::NOT_INCREASING, "low, middle and high do not increase")
                .at(self.place(&low.1), "low")
                .at(self.place(&middle.1), "middle")
                .at(self.place(&high.1), "high")
                .help("write 5th percentile / median / 95th percentile, each above the one before");
        self.diagnostics.push(diagnostic);
    }

    /// One number with its suffix and unit.
    fn scalar(&mut self, piece: &str, at: std::ops::Range<usize>) -> Option<Scalar> {
        let trimmed = piece.trim();
        let lead = piece.len() - piece.trim_start().len();
        let at = at.start + lead..at.start + lead + trimmed.len();
        let (digits, rest) = split(trimmed);
        let mut x = match digits.replace('_', "").parse::<f64>() {
            Ok(x) if rest.is_empty() || is_unit(rest) => x,
            _ => return self.not_a_number(trimmed, &at),
        };
        let (scale, unit) = suffix(rest);
        let scale = scale.map_or(1.0, |(_, scale)| scale);
        let share = matches!(
            self.field.unit,
            "share" | "probability" | "of today" | "a month"
        );
        if scale < 1.0 && !share {
            return self.wrong_unit("%", &at);
        }
        let own = if self.field.unit == "line" {
            self.line_unit
        } else {
            self.field.unit
        };
        if !unit.is_empty() && unit.trim_end_matches('s') != own.trim_end_matches('s') {
            return self.wrong_unit(unit, &at);
        }
        x *= scale;
        if !x.is_finite() {
            return self.not_a_number(trimmed, &at);
        }
        let place = self.place(&at);
        self.inside(x, place).then_some((x, at))
    }

    fn not_a_number(&mut self, typed: &str, at: &std::ops::Range<usize>) -> Option<Scalar> {
        let message = match typed {
            "" => "a number is missing".to_owned(),
            _ => format!("`{typed}` is not a number"),
        };
        let about = [
            "about",
            "around",
            "roughly",
            "approximately",
            "some",
            "circa",
            "~",
        ];
        let known_word = self.words.0.iter().any(|(word, ..)| word == typed);
        let words: Vec<&str> = self.words.0.iter().map(|(w, ..)| w.as_str()).collect();
        let words = words.join(", ");
        let letters = |c: char| c.is_alphabetic() || c == ' ';
        let wordy =
            self.field.domain == Domain::Share && !typed.is_empty() && typed.chars().all(letters);
        let several = typed.matches(',').count() == 2;
        let meant = typed.replace(", ", " / ").replace(',', " / ");
        let of_words = format!("the words for probabilities here are: {words}");
        let of_three = format!("low, middle and high are written \"{meant}\"");
        let help = if wordy {
            of_words.as_str()
        } else if several {
            of_three.as_str()
        } else if typed.contains(',') {
            "leave out thousands separators, and write a decimal point"
        } else if about.iter().any(|word| typed.starts_with(word)) {
            "say how far about goes: a range such as \"35% to 45%\", or the bare number"
        } else if known_word {
            "this word stands for a probability, and the number is none: write a number or a range"
        } else {
            "write 7, \"5 to 10\", \"5 / 7 / 10\" or \"between 5 and 10\""
        };
        self.diagnostics.push(
            Diagnostic::new(Code::BAD_NUMBER, message)
                .at(self.place(at), "here")
                .help(help),
        );
        None
    }

    fn wrong_unit(&mut self, unit: &str, at: &std::ops::Range<usize>) -> Option<Scalar> {
        let help = match (self.field.unit, unit) {
            ("share" | "probability" | "of today", _) => {
                "write a share such as 0.3 or 30%".to_owned()
            }
            ("a month", unit) if ["a year", "per year", "/year", "yearly"].contains(&unit) => {
                "it is a rate a month: a rate of 10% a year is about 0.9% a month".to_owned()
            }
            (own @ ("points" | "months"), _) => format!("it is in {own}; write the number alone"),
            ("line", _) if !self.line_unit.is_empty() => {
                format!("it is in {}; write the number alone", self.line_unit)
            }
            ("line", _) => "it is in the contest's unit; write the number alone".to_owned(),
            ("weight", "%") => {
                "weights are relative, and normalised: write 50 for 50 %, all on one scale"
                    .to_owned()
            }
            (_, "%") => "a percentage is not read here: write 0.02 for 2%".to_owned(),
            _ => "write the number alone".to_owned(),
        };
        let diagnostic = Diagnostic::new(
            Code::WRONG_UNIT,
            format!("this number does not take the unit `{unit}`"),
        )
        .at(self.place(at), "here")
        .help(help);
        self.diagnostics.push(diagnostic);
        None
    }

    fn place(&self, part: &std::ops::Range<usize>) -> Span {
        if self.plain && !part.is_empty() {
            self.whole.part(part.start + 1..part.end + 1)
        } else {
            self.whole
        }
    }

    fn inside(&mut self, x: f64, at: Span) -> bool {
        let size = x.abs();
        if size > GREATEST || (size > 0.0 && size < LEAST) {
            let fault =
                Diagnostic::new(Code::OUT_OF_BOUNDS, format!("{x:e} is no number of a case"));
            self.diagnostics
                .push(fault.at(at, "out of bounds").help(format!(
                "numbers lie between {LEAST:e} and {GREATEST:e}, or are zero; choose another unit"
            )));
            return false;
        }
        let (low, high) = self.bounds();
        let open = self.field.domain == Domain::Positive && x <= 0.0;
        if x >= low && x <= high && !open {
            return true;
        }
        let expected = match self.field.domain {
            Domain::Share => "a number between 0 and 1, or 0% and 100%".to_owned(),
            Domain::Positive => "a number above zero".to_owned(),
            Domain::NotNegative => "zero or more".to_owned(),
            _ => format!("a number between {low} and {high}"),
        };
        self.diagnostics.push(
            Diagnostic::new(
                Code::OUT_OF_BOUNDS,
                format!("{x} is beyond this number's bound"),
            )
            .at(at, "out of bounds")
            .help(format!("expected {expected}")),
        );
        false
    }

    fn bounds(&self) -> (f64, f64) {
        match self.field.domain {
            Domain::Share | Domain::Switch => (0.0, 1.0),
            Domain::Positive | Domain::NotNegative => (0.0, f64::INFINITY),
            Domain::Signed => (f64::NEG_INFINITY, f64::INFINITY),
            Domain::Within(low, high) => (low, high),
        }
    }

    fn distribution(&mut self, form: NumberForm, text: &str) -> Option<Distribution> {
        let (low, high) = self.bounds();
        let link = match self.field.domain {
            Domain::Signed => Link::Identity,
            Domain::Positive | Domain::NotNegative => Link::Log,
            _ => Link::Logit { low, high },
        };
        let (first, last) = match form {
            NumberForm::Exact(x) => return Some(Distribution::Exact(x)),
            NumberForm::Between(low, high) => return Some(Distribution::Uniform { low, high }),
            NumberForm::BaseRate(hits, trials) => {
                return Some(Distribution::base_rate(hits, trials));
            }
            NumberForm::Named(distribution) => return self.kept_inside(distribution, text),
            NumberForm::Range(a, b, _) | NumberForm::Three(a, _, b, _) => (a, b),
        };
        if first <= low || last >= high {
            let (end, bound) = if first <= low {
                ("low", low)
            } else {
                ("high", high)
            };
            self.diagnostics.push(
                Diagnostic::new(
                    Code::ON_BOUND,
                    format!("the {end} end of `{text}` lies on this number's bound, {bound}"),
                )
                .at(
                    self.whole,
                    "a 5th or 95th percentile must lie inside the bounds",
                )
                .help(format!(
                    "write \"between {first} and {last}\" for hard ends, or move the end inside"
                )),
            );
            return None;
        }
        Some(match form {
            NumberForm::Three(a, m, b, share) => Distribution::from_three(link, [a, m, b], share),
            NumberForm::Range(a, b, share) => Distribution::from_range(link, [a, b], share),
            _ => unreachable!("the other forms have returned"),
        })
    }

    /// A distribution that the analyst named, cut off at the field's bounds. What lies beyond them is said.
    fn kept_inside(&mut self, distribution: Distribution, text: &str) -> Option<Distribution> {
        /// Less than this beyond a bound is not worth a word.
        const NOTED: f64 = 0.01;
        let (low, high) = self.bounds();
        let (kept, outside) = distribution.truncated(low, high);
        let percent = (100.0 * outside).round();
        if outside >= 1.0 - NOTED {
            let fault = Diagnostic::new(
                Code::OUT_OF_BOUNDS,
                format!("`{text}` lies beyond this number's bounds"),
            );
            self.diagnostics.push(
                fault
                    .at(self.whole, "out of bounds")
                    .help(format!("expected a number between {low} and {high}")),
            );
            return None;
        }
        if outside > NOTED {
            let warning = Diagnostic::new(
                Code::BEYOND_BOUND,
                format!("{percent} % of this number's weight lies beyond its bounds"),
            );
            self.diagnostics.push(
                warning
                    .at(self.whole, "cut off at the bounds")
                    .help(format!("this number lies between {low} and {high}")),
            );
        }
        Some(kept)
    }

    /// A word of the case's scale, where the number is a probability.
    fn word(&self, text: &str) -> Option<NumberForm> {
        let known = self
            .words
            .0
            .iter()
            .find(|(word, ..)| word.eq_ignore_ascii_case(text));
        let (_, low, high) = known.filter(|_| self.field.domain == Domain::Share)?;
        Some(NumberForm::Range(*low, *high, COVERAGE))
    }

    /// Splits `(80%)` off the end of a text. `None`: it was at fault.
    fn coverage<'t>(&mut self, text: &'t str) -> Option<(&'t str, f64)> {
        let inner = text.trim_end().strip_suffix(')');
        let Some((before, inside)) = inner.and_then(|inner| inner.rsplit_once('(')) else {
            return Some((text, COVERAGE));
        };
        let stated = inside
            .trim()
            .strip_suffix('%')
            .and_then(|share| share.trim().parse::<f64>().ok());
        let share = stated
            .map(|percent| percent / 100.0)
            .filter(|share| (0.01..1.0).contains(share));
        if share.is_none() {
            let fault = Diagnostic::new(
                Code::BAD_NUMBER,
                format!("`({inside})` does not say how much lies in the range"),
            );
            self.diagnostics.push(fault.at(self.whole, "here").help(
                "write a percentage between 1 and 99, as in \"5 to 10 (80%)\"; 90 % if left out",
            ));
        }
        Some((before, share?))
    }

    /// "3 of 11".
    fn base_rate(&mut self, text: &str, hits: &str, trials: &str) -> Option<NumberForm> {
        let count = |piece: &str| piece.trim().parse::<u32>().ok().map(f64::from);
        let counted = (count(hits), count(trials));
        match counted {
            (Some(hits), Some(trials))
                if self.field.domain == Domain::Share && hits <= trials && trials > 0.0 =>
            {
                Some(NumberForm::BaseRate(hits, trials))
            }
            _ => {
                let fault =
                    Diagnostic::new(Code::BAD_NUMBER, format!("`{text}` is not a base rate"));
                self.diagnostics.push(fault.at(self.whole, "here").help(
                    "write \"3 of 11\": whole numbers, the first no greater; only for a share or a probability",
                ));
                None
            }
        }
    }
}

/// Can what stands behind the digits be meant as a unit? `–10`, `,5`, `to10` and `to 20` are not.
fn is_unit(rest: &str) -> bool {
    let word = rest.strip_prefix("to").map_or("", str::trim_start);
    rest.starts_with(|c: char| c == '%' || c.is_alphabetic())
        && rest != "to"
        && !word.starts_with(|c: char| c.is_ascii_digit())
        && !rest
            .split_whitespace()
            .skip(1)
            .any(|piece| piece.starts_with(|c: char| c.is_ascii_digit()))
}

/// Is the letter at `i` the exponent mark of `1e3`?
fn exponent(text: &str, i: usize) -> bool {
    let bytes = text.as_bytes();
    let after = bytes.get(i + 1).copied().unwrap_or(b' ');
    matches!(bytes[i], b'e' | b'E')
        && i > 0
        && bytes[i - 1].is_ascii_digit()
        && (after.is_ascii_digit() || b"+-".contains(&after))
}
