//! Tokens of game files, cut as Gambit cuts them.

use std::borrow::Cow;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    LeftBrace,
    RightBrace,
    Comma,
    /// Between quotes; its bytes include them.
    Text,
    /// Digits, a sign, a point, a slash, an exponent: shaped like a number, but not yet known to be one.
    Number,
    /// Anything else, up to white space.
    Symbol,
    /// A quote without its other end.
    Unclosed,
    /// The end of the file.
    End,
}

/// A token: bytes `start..end` of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    pub(crate) kind: Kind,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

/// Cuts a text into tokens, on demand.
#[derive(Clone, Debug)]
pub(crate) struct Lexer<'t> {
    bytes: &'t [u8],
    /// The next byte to be looked at.
    pub(crate) at: usize,
}

impl<'t> Lexer<'t> {
    pub(crate) fn new(text: &'t str) -> Self {
        // Editors on Windows put a mark in front of UTF-8 text.
        let at = if text.starts_with('\u{feff}') { 3 } else { 0 };
        Self {
            bytes: text.as_bytes(),
            at,
        }
    }

    /// The next token; [`Kind::End`] for ever once the text is used up.
    pub(crate) fn next(&mut self) -> Token {
        self.skip(is_space);
        let start = self.at;
        let Some(&first) = self.bytes.get(start) else {
            return Token {
                kind: Kind::End,
                start,
                end: start,
            };
        };
        self.at += 1;
        let kind = match first {
            b'{' => Kind::LeftBrace,
            b'}' => Kind::RightBrace,
            b',' => Kind::Comma,
            b'"' => self.quoted(),
            b'0'..=b'9' | b'-' | b'+' => self.number(),
            b'.' => {
                self.skip(|byte| byte.is_ascii_digit());
                Kind::Number
            }
            _ => {
                self.skip(|byte| !is_space(byte));
                Kind::Symbol
            }
        };
        Token {
            kind,
            start,
            end: self.at,
        }
    }

    fn skip(&mut self, wanted: impl Fn(u8) -> bool) {
        while self.bytes.get(self.at).is_some_and(|&byte| wanted(byte)) {
            self.at += 1;
        }
    }

    /// The rest of a text. A quote behind a backslash belongs to it, however many backslashes there are.
    fn quoted(&mut self) -> Kind {
        while let Some(&byte) = self.bytes.get(self.at) {
            self.at += 1;
            if byte == b'"' && self.bytes[self.at - 2] != b'\\' {
                return Kind::Text;
            }
        }
        Kind::Unclosed
    }

    /// The rest of what begins with a digit or a sign.
    fn number(&mut self) -> Kind {
        let digit = |byte: u8| byte.is_ascii_digit();
        self.skip(digit);
        match self.bytes.get(self.at) {
            Some(b'/') => {
                self.at += 1;
                self.skip(digit);
                return Kind::Number;
            }
            Some(b'.') => {
                self.at += 1;
                self.skip(digit);
            }
            _ => {}
        }
        if let Some(b'e' | b'E') = self.bytes.get(self.at) {
            self.at += 1;
            if let Some(b'+' | b'-' | b'0'..=b'9') = self.bytes.get(self.at) {
                self.at += 1;
                self.skip(digit);
            }
        }
        Kind::Number
    }
}

/// White space as C's `isspace` has it.
pub(crate) fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t'..=b'\r')
}

/// What stands between the quotes of a text token: `\"` is a quote, other backslashes are themselves.
pub(crate) fn unquote(quoted: &str) -> Cow<'_, str> {
    let inner = &quoted[1..quoted.len() - 1];
    if inner.contains('"') {
        Cow::Owned(inner.replace("\\\"", "\""))
    } else {
        Cow::Borrowed(inner)
    }
}

/// A text as a token that [`unquote`] undoes.
pub(crate) fn quote_into(out: &mut String, text: &str) {
    out.push('"');
    if text.contains('"') {
        out.push_str(&text.replace('"', "\\\""));
    } else {
        out.push_str(text);
    }
    // A backslash cannot be the last letter: it would make the closing quote a letter too.
    if text.ends_with('\\') {
        out.push(' ');
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::Kind::{Comma, LeftBrace, Number, RightBrace, Symbol, Text};
    use super::*;

    fn cut(text: &str) -> Vec<(Kind, &str)> {
        let mut lexer = Lexer::new(text);
        let mut found = Vec::new();
        loop {
            let token = lexer.next();
            if token.kind == Kind::End {
                return found;
            }
            found.push((token.kind, &text[token.start..token.end]));
        }
    }

    #[test]
    fn numbers_are_cut_as_gambit_cuts_them() {
        for whole in [
            "5", "-5", ".5", "-.5", "007", "3/4", "-3/4", "1e3", "1.e3", "1.5e-2", "2.50", "1E3",
            "+5", "1.0E+2", "1/0", "5.",
        ] {
            assert_eq!(cut(whole), [(Kind::Number, whole)]);
        }
        assert_eq!(cut(".5e3"), [(Number, ".5"), (Symbol, "e3")]);
        assert_eq!(cut("3/-4"), [(Number, "3/"), (Number, "-4")]);
        assert_eq!(cut("0x10"), [(Number, "0"), (Symbol, "x10")]);
        assert_eq!(cut("1-2"), [(Number, "1"), (Number, "-2")]);
        assert_eq!(cut("--1"), [(Number, "-"), (Number, "-1")]);
    }

    #[test]
    fn symbols_run_to_white_space() {
        assert_eq!(cut("t\"\" 0"), [(Symbol, "t\"\""), (Number, "0")]);
        assert_eq!(
            cut("0t \"\"\x0b\r\n0"),
            [(Number, "0"), (Symbol, "t"), (Text, "\"\""), (Number, "0")]
        );
        assert_eq!(
            cut("{\"a\"\"b\"}1,2"),
            [
                (LeftBrace, "{"),
                (Text, "\"a\""),
                (Text, "\"b\""),
                (RightBrace, "}"),
                (Number, "1"),
                (Comma, ","),
                (Number, "2"),
            ]
        );
        assert_eq!(cut("\u{a0}x é"), [(Symbol, "\u{a0}x"), (Symbol, "é")]);
        assert_eq!(cut("\u{feff}EFG"), [(Symbol, "EFG")]);
        assert!(cut(" \n\t ").is_empty());
    }

    #[test]
    fn a_quote_behind_a_backslash_is_a_letter() {
        for (typed, meant) in [
            (r#""""#, ""),
            (r#""a \"b\" c""#, r#"a "b" c"#),
            (r#""\neg x \\ y""#, r"\neg x \\ y"),
            (r#""\\"""#, r#"\""#),
            ("\"line\nbreak\"", "line\nbreak"),
        ] {
            assert_eq!(cut(typed), [(Kind::Text, typed)]);
            assert_eq!(unquote(typed), meant);
            let mut again = String::new();
            quote_into(&mut again, meant);
            assert_eq!(again, typed);
        }
        assert_eq!(cut(r#""a\""#), [(Kind::Unclosed, r#""a\""#)]);
        let mut last = String::new();
        quote_into(&mut last, "a\\");
        assert_eq!(last, "\"a\\ \"");
    }
}
