//! Numbers of a game: exact rationals, kept beside their `f64` and the text they were typed as.

use std::fmt;

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{One, Signed, ToPrimitive, Zero};

/// A payoff or a chance probability.
///
/// Two numbers are equal if their exact values are; `2.50` equals `5/2` but prints as it was typed.
#[derive(Clone, Debug)]
pub struct Number {
    exact: BigRational,
    value: f64,
    text: Option<Box<str>>,
}

impl Number {
    /// The number that `text` spells as Gambit reads it: `5 -5 .5 -.5 007 3/4 -3/4 1e3 1E3 1.e3 1.5e-2 2.50`, but not
    /// `+5 .5e3 1.0E+2 3/-4 1/0 0x10`. `None` if it is none of these, longer than 1,000 letters, or too
    /// large for an `f64`. The text is kept.
    pub fn parse(text: &str) -> Option<Self> {
        let exact = parse_exact(text)?;
        let value = to_f64(&exact);
        value.is_finite().then(|| Self {
            value,
            exact,
            text: Some(text.into()),
        })
    }

    /// What is too much about a text that spells a number and is not read as one; `None` if it is shaped like none.
    pub(crate) fn too_much(text: &str) -> Option<TooMuch> {
        let body = text.strip_prefix('-').unwrap_or(text);
        let plain = |text: &str| {
            let digits = text.replacen('.', "", 1);
            !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
        };
        let shaped = match (body.split_once('/'), body.split_once(['e', 'E'])) {
            (Some((above, below)), _) => {
                plain(above)
                    && plain(below)
                    && !above.contains('.')
                    && !below.contains('.')
                    && below.bytes().any(|digit| digit != b'0')
            }
            (None, Some((mantissa, exponent))) => {
                let size = exponent.strip_prefix('-').unwrap_or(exponent);
                mantissa.starts_with(|c: char| c.is_ascii_digit())
                    && plain(mantissa)
                    && plain(size)
                    && !size.contains('.')
            }
            (None, None) => plain(body),
        };
        if !shaped {
            None
        } else if parse_exact(text).is_some() {
            Some(TooMuch::Size)
        } else {
            Some(TooMuch::Length)
        }
    }

    /// `numerator / denominator`. Panics if the denominator is zero.
    pub fn ratio(numerator: i64, denominator: i64) -> Self {
        Self::from(BigRational::new(numerator.into(), denominator.into()))
    }

    /// The simplest decimal that reads back as `value`. Panics if it is not finite.
    pub fn decimal(value: f64) -> Self {
        // Rust prints the shortest decimal that round-trips, without an exponent.
        let text = format!("{value}");
        let exact = parse_exact(&text).expect("a finite number prints as a decimal");
        Self {
            exact,
            value,
            text: Some(text.into()),
        }
    }

    /// The exact value.
    pub fn exact(&self) -> &BigRational {
        &self.exact
    }

    /// The nearest `f64`.
    pub fn value(&self) -> f64 {
        self.value
    }

    /// The nearest whole number, in digits: also where an `f64` does not hold them all.
    pub fn whole(&self) -> String {
        self.exact.round().to_integer().to_string()
    }

    /// Is `text` how it is written?
    pub(crate) fn is_spelled(&self, text: &str) -> bool {
        match &self.text {
            Some(own) => **own == *text,
            None => self.to_string() == text,
        }
    }

    /// Is it exactly zero?
    pub fn is_zero(&self) -> bool {
        self.exact.is_zero()
    }

    /// Is it below zero?
    pub fn is_negative(&self) -> bool {
        self.exact.is_negative()
    }
}

/// What keeps a text that spells a number from being read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TooMuch {
    /// It is larger than an `f64` can be.
    Size,
    /// It, or its exponent, is too long.
    Length,
}

impl From<BigRational> for Number {
    fn from(exact: BigRational) -> Self {
        Self {
            value: to_f64(&exact),
            exact,
            text: None,
        }
    }
}

impl From<i64> for Number {
    fn from(value: i64) -> Self {
        Self::ratio(value, 1)
    }
}

impl From<f64> for Number {
    fn from(value: f64) -> Self {
        Self::decimal(value)
    }
}

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        self.exact == other.exact
    }
}

impl Eq for Number {}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.text {
            Some(text) => f.write_str(text),
            None => write!(f, "{}", self.exact),
        }
    }
}

/// The nearest `f64` of a rational.
pub(crate) fn to_f64(exact: &BigRational) -> f64 {
    // Two integers that are exact in `f64` have the nearest `f64` for their quotient.
    const EXACT: i64 = 1 << 53;
    if let (Some(above), Some(below)) = (exact.numer().to_i64(), exact.denom().to_i64())
        && above.abs() <= EXACT
        && below <= EXACT
    {
        return above as f64 / below as f64;
    }
    exact.to_f64().unwrap_or(f64::NAN)
}

/// Exponents beyond this would make a number of astronomical size out of a few bytes of text.
const LARGEST_EXPONENT: i32 = 400;

/// Letters of the longest number; the time to read one grows with their square.
const LONGEST: usize = 1000;

/// Digits of the longest number that a machine integer holds for certain.
const MACHINE_DIGITS: usize = 18;

fn parse_exact(text: &str) -> Option<BigRational> {
    if text.len() > LONGEST {
        return None;
    }
    let (negative, body) = match text.strip_prefix('-') {
        Some(body) => (true, body),
        None => (false, text),
    };
    let exact = match body.split_once('/') {
        Some((above, below)) if above.len().max(below.len()) <= MACHINE_DIGITS => {
            let (above, below) = (machine_digits(above, "")?, machine_digits(below, "")?);
            reduced(above, below)?
        }
        Some((above, below)) => {
            let (above, below) = (digits(above)?, digits(below)?);
            if below.is_zero() {
                return None;
            }
            BigRational::new(above, below)
        }
        None => decimal(body)?,
    };
    Some(if negative { -exact } else { exact })
}

/// `12`, `.5`, `2.50`, `1e3`, `1.e3`, `1.5e-2`; an exponent needs a digit before the point and has no plus sign.
fn decimal(body: &str) -> Option<BigRational> {
    let (mantissa, exponent) = match body.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => {
            if !mantissa.starts_with(|c: char| c.is_ascii_digit()) {
                return None;
            }
            let size = exponent.strip_prefix('-').unwrap_or(exponent);
            if size.is_empty() || !size.bytes().all(|b| b.is_ascii_digit()) {
                return None;
            }
            (mantissa, exponent.parse::<i32>().ok()?)
        }
        None => (body, 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    if whole.is_empty() && fraction.is_empty() {
        return None;
    }
    if !fraction.bytes().all(|b| b.is_ascii_digit()) || exponent.abs() > LARGEST_EXPONENT {
        return None;
    }
    let places = i32::try_from(fraction.len()).ok()?;
    let shift = exponent - places;
    // Most payoffs are short: machine integers spare the allocations.
    let all = if whole.len() + fraction.len() <= MACHINE_DIGITS {
        let all = machine_digits(whole, fraction)?;
        if exponent == 0 {
            return reduced(all, 10_i64.pow(places.unsigned_abs()));
        }
        BigInt::from(all)
    } else {
        digits(&format!("{whole}{fraction}"))?
    };
    let power = num_traits::pow(
        BigInt::from(10),
        usize::try_from(shift.unsigned_abs()).ok()?,
    );
    Some(if shift >= 0 {
        BigRational::new(all * power, BigInt::one())
    } else {
        BigRational::new(all, power)
    })
}

/// The digits of two texts in a row; at most [`MACHINE_DIGITS`], and at least one.
fn machine_digits(text: &str, more: &str) -> Option<i64> {
    let mut sum = 0_i64;
    for byte in text.bytes().chain(more.bytes()) {
        if !byte.is_ascii_digit() {
            return None;
        }
        sum = sum * 10 + i64::from(byte - b'0');
    }
    (!text.is_empty() || !more.is_empty()).then_some(sum)
}

/// `above / below` in lowest terms, neither of them negative; `None` if `below` is zero.
fn reduced(above: i64, below: i64) -> Option<BigRational> {
    let (mut divisor, mut rest) = (above, below);
    while rest != 0 {
        (divisor, rest) = (rest, divisor % rest);
    }
    (below != 0).then(|| BigRational::new_raw((above / divisor).into(), (below / divisor).into()))
}

fn digits(text: &str) -> Option<BigInt> {
    (!text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()))
        .then(|| text.parse().expect("digits are an integer"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_gambit_reads_and_refuses_what_it_refuses() {
        for (text, above, below) in [
            ("5", 5, 1),
            ("-5", -5, 1),
            (".5", 1, 2),
            ("-.5", -1, 2),
            ("007", 7, 1),
            ("3/4", 3, 4),
            ("-3/4", -3, 4),
            ("1e3", 1000, 1),
            ("1.e3", 1000, 1),
            ("1.5e-2", 3, 200),
            ("2.50", 5, 2),
            ("1E3", 1000, 1),
            ("0/5", 0, 1),
            ("6/4", 3, 2),
            ("0.00", 0, 1),
            ("5.", 5, 1),
        ] {
            let number = Number::parse(text).unwrap_or_else(|| panic!("{text} is a number"));
            assert_eq!(number, Number::ratio(above, below), "{text}");
            assert_eq!(number.to_string(), text);
        }
        for text in [
            "+5", ".5e3", "1.0E+2", "3/-4", "1/0", "0x10", "", "-", ".", "1e", "1/", "/2", "--1",
            "1e999", "1e", "1e+3", "1e-", "0/0", "1/2/3", "1.2.3", "1e2e3", " 1", "1 ", "é",
        ] {
            assert!(Number::parse(text).is_none(), "{text} is no number");
        }
        let long = |digits: usize| format!("0.{}", "1".repeat(digits));
        assert!(Number::parse(&long(LONGEST - 2)).is_some());
        assert!(Number::parse(&long(LONGEST - 1)).is_none());
        assert!(Number::parse("1e308").is_some() && Number::parse("1e-400").is_some());
        assert!(Number::parse("2e308").is_none(), "too large for a solver");
    }

    /// Machine integers and large ones give the same number.
    #[test]
    fn short_and_long_spellings_agree() {
        for (short, long) in [
            ("12.50", "12.5000000000000000000000"),
            ("7/21", "70000000000000000000/210000000000000000000"),
            ("-0.1", "-0.10000000000000000000"),
            ("1e3", "1000.0000000000000000000"),
            ("9007199254740993/3", "90071992547409930000/30000"),
        ] {
            let (short, long) = (Number::parse(short).unwrap(), Number::parse(long).unwrap());
            assert_eq!(short, long);
            assert_eq!(short.value(), long.value());
        }
    }

    #[test]
    fn a_decimal_reads_back() {
        for value in [0.1, -2.5, 1e-9, 123_456.789, 0.0] {
            assert_eq!(Number::decimal(value).value(), value);
        }
    }
}
