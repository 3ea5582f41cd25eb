//! The words and signs of a statement, each with its place.

use std::ops::Range;

use super::Binary;
use super::parse::{EXAMPLE, LONGEST, Parser};

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    Number(f64),
    /// A name, and what stands in brackets behind it with its place.
    Name(String, Option<(String, Range<usize>)>),
    Operator(Binary),
    Not,
    Open,
    Close,
    Comma,
    Colon,
    /// Names in brackets of their own, with their place.
    List(String, Range<usize>),
}

impl Parser<'_> {
    pub(super) fn tokenise(&mut self) -> Option<()> {
        /// Slips of other languages, and what is written here.
        const CURES: [(&str, &str); 10] = [
            ("&&", "write `and`"),
            ("&", "write `and`"),
            ("||", "write `or`"),
            ("|", "write `or`"),
            ("!=", "write not (a = b)"),
            ("<>", "write not (a = b)"),
            ("!", "write `not`"),
            ("=>", "write >= for at least; or say it with `not a or b`"),
            ("=<", "write <= for at most"),
            (">>", "write > or >="),
        ];
        const SIGNS: [(&str, Token); 17] = [
            ("<=", Token::Operator(Binary::AtMost)),
            (">=", Token::Operator(Binary::AtLeast)),
            ("==", Token::Operator(Binary::Equal)),
            ("≤", Token::Operator(Binary::AtMost)),
            ("≥", Token::Operator(Binary::AtLeast)),
            ("<", Token::Operator(Binary::Below)),
            (">", Token::Operator(Binary::Above)),
            ("=", Token::Operator(Binary::Equal)),
            ("+", Token::Operator(Binary::Plus)),
            ("-", Token::Operator(Binary::Minus)),
            ("−", Token::Operator(Binary::Minus)),
            ("*", Token::Operator(Binary::Times)),
            ("/", Token::Operator(Binary::Over)),
            ("(", Token::Open),
            (")", Token::Close),
            (",", Token::Comma),
            (":", Token::Colon),
        ];
        let mut at = 0;
        while let Some(c) = self.text[at..].chars().next() {
            if self.tokens.len() >= LONGEST {
                let message = format!("this statement has more than {LONGEST} words and signs");
                let help =
                    "go over a set, such as any(p in packages: …), or make several claims of it";
                return self.fault(&message, at..at + c.len_utf8(), help);
            }
            let rest = &self.text[at..];
            if c.is_whitespace() {
                at += c.len_utf8();
                continue;
            }
            let cure = CURES.iter().find(|(slip, _)| rest.starts_with(slip));
            if let Some((slip, cure)) = cure {
                let message = format!("`{slip}` means nothing in a statement");
                return self.fault(&message, at..at + slip.len(), cure);
            }
            if let Some((sign, token)) = SIGNS.iter().find(|(sign, _)| rest.starts_with(sign)) {
                self.tokens.push((token.clone(), at..at + sign.len()));
                at += sign.len();
                continue;
            }
            let (token, length) = if c == '[' {
                let entries = self.list(rest, at)?;
                let length = entries.1.len() + 2;
                (Token::List(entries.0, entries.1), length)
            } else if c.is_ascii_digit() {
                self.number(rest, at)?
            } else if c.is_ascii_alphabetic() {
                self.name(rest, at)?
            } else {
                let message = format!("`{c}` means nothing in a statement");
                return self.fault(&message, at..at + c.len_utf8(), EXAMPLE);
            };
            self.tokens.push((token, at..at + length));
            at += length;
        }
        Some(())
    }

    fn number(&mut self, rest: &str, at: usize) -> Option<(Token, usize)> {
        let end = rest
            .find(|c: char| !(c.is_ascii_digit() || c == '.'))
            .unwrap_or(rest.len());
        let percent = usize::from(rest[end..].starts_with('%'));
        let whole = end + percent;
        let follows = rest[whole..].starts_with(|c: char| c.is_alphanumeric() || c == '%');
        match rest[..end].parse::<f64>() {
            Ok(x) if !follows => {
                let scale = if percent == 1 { 0.01 } else { 1.0 };
                Some((Token::Number(x * scale), whole))
            }
            _ => {
                let end = rest.find(|c: char| c.is_whitespace()).unwrap_or(rest.len());
                let message = format!("`{}` is not a number", &rest[..end]);
                self.fault(&message, at..at + end, "write 0.5, 12 or 50%")
            }
        }
    }

    /// A name may hold dots, and hyphens between letters; entries stand in brackets right behind it.
    fn name(&mut self, rest: &str, at: usize) -> Option<(Token, usize)> {
        let bytes = rest.as_bytes();
        let word = |i: usize| {
            bytes
                .get(i)
                .is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'_')
        };
        let mut end = 1;
        while word(end) || (matches!(bytes.get(end), Some(b'.' | b'-')) && word(end + 1)) {
            end += 1;
        }
        let name = &rest[..end];
        let token = match name {
            "AND" | "OR" | "NOT" | "And" | "Or" | "Not" => {
                let message = format!("`{name}` means nothing in a statement");
                let help = format!("write `{}`, in lower case", name.to_lowercase());
                return self.fault(&message, at..at + end, &help);
            }
            "and" => Token::Operator(Binary::And),
            "or" => Token::Operator(Binary::Or),
            "not" => Token::Not,
            _ => {
                if !rest[end..].starts_with('[') {
                    return Some((Token::Name(name.to_owned(), None), end));
                }
                let entries = self.list(&rest[end..], at + end)?;
                let length = end + entries.1.len() + 2;
                return Some((Token::Name(name.to_owned(), Some(entries)), length));
            }
        };
        Some((token, end))
    }

    /// What stands between `[`, with which the rest begins, and `]`, and where.
    fn list(&mut self, rest: &str, at: usize) -> Option<(String, Range<usize>)> {
        let Some(close) = rest.find(']') else {
            return self.fault(
                "a bracket is not closed",
                at..at + 1,
                "close it with ] behind the last name",
            );
        };
        Some((rest[1..close].to_owned(), at + 1..at + close))
    }
}
