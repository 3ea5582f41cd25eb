//! Walks over the tokens of a game file, and says what was expected where something else stands.

use detente_diag::{Code, Diagnostic, Diagnostics, FileId, Span};
use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{One, Signed, Zero};

use super::lexer::{Kind, Lexer, Token, unquote};
use crate::number::{Number, TooMuch};

/// Faults after which a text is read no further: what it means can no longer be guessed.
const MOST_FAULTS: usize = 100;

/// Letters of a token that a message repeats.
const SHOWN: usize = 40;

/// Largest number of a player, an information set or an outcome: Gambit holds them in 32 bits.
const LARGEST: u64 = i32::MAX as u64;

/// Bits of the common denominator of the probabilities of one chance move.
const DENOMINATOR_BITS: u64 = 1 << 14;

/// How numbers are written, for those who wrote one otherwise.
const NUMBERS: &str = "numbers are written `5`, `-5`, `.5`, `2.50`, `3/4` or `1.5e-2`";

/// Something else was expected, which has been reported: the rest of what is being read cannot be made out.
pub(crate) struct Stray;

/// A text that is being read.
pub(crate) struct Reader<'t, 'd> {
    pub(crate) text: &'t str,
    file: FileId,
    lexer: Lexer<'t>,
    /// The token that stands next.
    pub(crate) token: Token,
    /// The token before it.
    pub(crate) last: Token,
    /// The first text of a node that runs over the end of a line: perhaps it lacks a quote.
    long: Option<Token>,
    diagnostics: &'d mut Diagnostics,
    faults: usize,
}

impl<'t, 'd> Reader<'t, 'd> {
    pub(crate) fn new(text: &'t str, file: FileId, diagnostics: &'d mut Diagnostics) -> Self {
        let mut lexer = Lexer::new(text);
        let token = lexer.next();
        Self {
            text,
            file,
            lexer,
            last: token,
            token,
            long: None,
            diagnostics,
            faults: 0,
        }
    }

    /// Has no error been found so far?
    pub(crate) fn faultless(&self) -> bool {
        self.faults == 0
    }

    /// Have so many been found that reading on is of no use?
    pub(crate) fn hopeless(&self) -> bool {
        self.faults >= MOST_FAULTS
    }

    /// Reports an error.
    pub(crate) fn fault(&mut self, diagnostic: Diagnostic) {
        self.faults += 1;
        self.diagnostics.push(diagnostic);
    }

    /// Reports what is no error.
    pub(crate) fn warn(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// Moves on to the next token; the one that stood here.
    pub(crate) fn advance(&mut self) -> Token {
        self.last = self.token;
        self.token = self.lexer.next();
        self.last
    }

    /// Goes on reading at byte `at`.
    pub(crate) fn jump(&mut self, at: usize) {
        self.lexer.at = at;
        self.advance();
    }

    /// Begins with another node: what texts it has is not known yet.
    pub(crate) fn begin(&mut self) {
        self.long = None;
    }

    pub(crate) fn raw(&self, token: Token) -> &'t str {
        &self.text[token.start..token.end]
    }

    pub(crate) fn is_symbol(&self, symbol: &str) -> bool {
        self.token.kind == Kind::Symbol && self.raw(self.token) == symbol
    }

    /// The place of a token; of the last token if it is the end of the file.
    pub(crate) fn span(&self, token: Token) -> Span {
        if token.kind == Kind::End {
            return self.at(self.last.start, self.last.end);
        }
        self.at(token.start, token.end)
    }

    pub(crate) fn at(&self, start: usize, end: usize) -> Span {
        Span::new(self.file, start, end)
    }

    /// What stands next, as the end of a sentence about what was expected.
    pub(crate) fn but_found(&self) -> String {
        match self.token.kind {
            Kind::End => "but the file ends".to_owned(),
            Kind::Unclosed => "but found a quote without its other end".to_owned(),
            _ => format!("but found {}", shown(self.raw(self.token))),
        }
    }

    /// Reports that `what` was expected here.
    pub(crate) fn stray(&mut self, what: &str) -> Stray {
        self.stray_with(what, None)
    }

    /// As [`Self::stray`], with what to do about it.
    pub(crate) fn stray_with(&mut self, what: &str, help: Option<String>) -> Stray {
        let message = format!("expected {what}, {}", self.but_found());
        let place = if self.token.kind == Kind::Unclosed {
            self.at(self.token.start, self.token.start + 1)
        } else {
            self.span(self.token)
        };
        let mut diagnostic =
            Diagnostic::new(Code::GAME_SYNTAX, message).at(place, format!("expected {what}"));
        if let Some(long) = self.long.filter(|long| *long != self.token) {
            diagnostic = diagnostic.at(
                self.span(long),
                "this text runs over the end of a line: does it lack a quote?",
            );
        }
        let raw = self.raw(self.token);
        let help = help.or_else(|| {
            if self.token.kind == Kind::Unclosed {
                Some("every text stands between two straight quotes; a quote inside it is written `\\\"`".to_owned())
            } else if raw.starts_with(['“', '”', '„', '«', '‘', '’', '\'']) {
                Some("texts stand between straight quotes: \"…\"".to_owned())
            } else if self.token.kind == Kind::Text && raw[1..].starts_with([' ', '\t', '\n', '\r']) {
                Some("a quote may be missing before it, so that texts begin where they should end".to_owned())
            } else if self.token.kind == Kind::Symbol && raw.contains('"') {
                Some("a space is missing before the quote".to_owned())
            } else {
                None
            }
        });
        if let Some(help) = help {
            diagnostic = diagnostic.help(help);
        }
        self.fault(diagnostic);
        Stray
    }

    /// A token of the kind `kind`, which the reader of a message knows as `what`.
    pub(crate) fn expect(&mut self, kind: Kind, what: &str) -> Result<Token, Stray> {
        if self.token.kind == kind {
            Ok(self.advance())
        } else {
            Err(self.stray(what))
        }
    }

    /// A text, without its quotes' meaning undone.
    pub(crate) fn text(&mut self, what: &str) -> Result<Token, Stray> {
        let token = self.expect(Kind::Text, what)?;
        if self.long.is_none() && self.raw(token).contains('\n') {
            self.long = Some(token);
        }
        Ok(token)
    }

    /// What a text token says.
    pub(crate) fn content(&self, token: Token) -> Box<str> {
        unquote(self.raw(token)).into()
    }

    /// A player's or an information set's number; `None` if it is none, which is reported.
    pub(crate) fn whole(&mut self, what: &str) -> Result<Option<u64>, Stray> {
        let token = self.expect(Kind::Number, what)?;
        let token = self.glued(token);
        Ok(self.small(token, what))
    }

    /// As [`Self::whole`], but what is glued to it is something else: it may be the last number of the game.
    pub(crate) fn last_whole(&mut self, what: &str) -> Result<Option<u64>, Stray> {
        let token = self.expect(Kind::Number, what)?;
        Ok(self.small(token, what))
    }

    fn small(&mut self, token: Token, what: &str) -> Option<u64> {
        let raw = self.raw(token);
        let digits = raw.bytes().all(|byte| byte.is_ascii_digit());
        let value = raw.parse().ok().filter(|value| digits && *value <= LARGEST);
        if value.is_none() {
            let message = format!("{} is not {what}", shown(raw));
            let help = format!("it is a whole number from 0 to {LARGEST}");
            self.fault(
                Diagnostic::new(Code::GAME_NUMBER, message)
                    .at(self.span(token), "not a whole number")
                    .help(help),
            );
        }
        value
    }

    /// A payoff or a probability; `None` if it is not a number, which is reported.
    pub(crate) fn number(&mut self, what: &str) -> Result<Option<(Number, Token)>, Stray> {
        if self.token.kind == Kind::Symbol {
            let raw = self.raw(self.token);
            let help = if raw.starts_with(['\u{2212}', '\u{2013}', '\u{2014}']) {
                Some("a number below zero begins with the minus of the keyboard, `-`".to_owned())
            } else if raw.contains(['"', '\u{201c}', '\u{201d}', '\u{201e}']) {
                None
            } else {
                Some(NUMBERS.to_owned())
            };
            return Err(self.stray_with(what, help));
        }
        let token = self.expect(Kind::Number, what)?;
        let token = self.glued(token);
        let raw = self.raw(token);
        let number = Number::parse(raw);
        if number.is_none() {
            let (what, help) = match Number::too_much(raw) {
                Some(TooMuch::Size) => (
                    "is too large a number",
                    "numbers lie between -1.7e308 and 1.7e308; state payoffs in larger units",
                ),
                Some(TooMuch::Length) => (
                    "is too long a number",
                    "a number has 1,000 letters at most, and an exponent from -400 to 400",
                ),
                None => ("is not a number that game files have", NUMBERS),
            };
            self.fault(
                Diagnostic::new(Code::GAME_NUMBER, format!("{} {what}", shown(raw)))
                    .at(self.span(token), "")
                    .help(help),
            );
        }
        Ok(number.map(|number| (number, token)))
    }

    /// A number, and what is glued to it and cannot mean anything else: the `e3` of `.5e3`, the `-4` of `3/-4`.
    fn glued(&mut self, mut token: Token) -> Token {
        while self.token.start == token.end {
            let raw = self.raw(self.token);
            match self.token.kind {
                Kind::Symbol if !matches!(raw, "c" | "p" | "t") => {
                    let stop = raw.find(['{', '}', ',', '"']).unwrap_or(raw.len());
                    token.end += stop;
                    self.lexer.at = token.end;
                    self.token = self.lexer.next();
                }
                Kind::Number if self.raw(token).ends_with(['/', '-', '+']) => {
                    token.end = self.advance().end;
                }
                _ => break,
            }
        }
        self.last = token;
        token
    }
}

/// A piece of the text as a message repeats it.
pub(crate) fn shown(raw: &str) -> String {
    let one_line = raw.split_whitespace().collect::<Vec<_>>().join(" ");
    if one_line.chars().count() <= SHOWN {
        return format!("`{one_line}`");
    }
    let start: String = one_line.chars().take(SHOWN).collect();
    format!("`{start}…`")
}

/// The sum of some probabilities; `None` if its denominator would be of astronomical size.
pub(crate) fn total<'n>(numbers: impl IntoIterator<Item = &'n Number>) -> Option<BigRational> {
    // Over one common denominator: reducing every partial sum would cost more than all of the rest.
    let (mut above, mut below) = (BigInt::zero(), BigInt::one());
    for number in numbers {
        let (numerator, denominator) = (number.exact().numer(), number.exact().denom());
        let rest = &below % denominator;
        if !rest.is_zero() {
            let factor = denominator / common_divisor(rest, denominator.clone());
            below *= &factor;
            above *= &factor;
            if below.bits() > DENOMINATOR_BITS {
                return None;
            }
        }
        above += numerator * (&below / denominator);
    }
    Some(BigRational::new(above, below))
}

/// Euclid's, which is quick where one of the two is small.
fn common_divisor(mut a: BigInt, mut b: BigInt) -> BigInt {
    while !a.is_zero() {
        let rest = &b % &a;
        b = a;
        a = rest;
    }
    b.abs()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_exact() {
        let sum = |texts: &[&str]| {
            let numbers: Vec<Number> = texts.iter().map(|t| Number::parse(t).unwrap()).collect();
            total(&numbers).unwrap()
        };
        assert!(sum(&["0.333333", "0.666667"]).is_one());
        assert!(sum(&["1/3", "1/3", "1/3"]).is_one());
        assert!(sum(&["1/6", ".5", "1/3", "0"]).is_one());
        assert_eq!(
            sum(&["1/3", "0.667"]),
            BigRational::new(3001.into(), 3000.into())
        );
        assert_eq!(sum(&["-1/2", "1"]), BigRational::new(1.into(), 2.into()));
        let odd: Vec<Number> = (0..7000).map(|i| Number::ratio(1, 2 * i + 1)).collect();
        assert_eq!(total(&odd), None, "a denominator of thousands of digits");
    }
}
