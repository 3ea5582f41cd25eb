//! Formulas: what a utility is made of.

use std::fmt;

/// A utility: terms whose weights are estimated, or a number that it is held at.
#[derive(Clone, Debug, PartialEq)]
pub struct Formula {
    /// The utility.
    pub name: String,
    /// What it is held at besides its terms: 0, or the number of `NAME = number`.
    pub fixed: f64,
    /// Its terms.
    pub terms: Vec<Term>,
}

/// A term: a product of columns; of none it is the constant.
#[derive(Clone, Debug, PartialEq)]
pub struct Term {
    /// What is multiplied.
    pub factors: Vec<Factor>,
}

/// A column, or something made of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Factor {
    /// The column.
    pub column: String,
    /// What is made of it.
    pub made: Made,
}

/// What is made of a column.
#[derive(Clone, Debug, PartialEq)]
pub enum Made {
    /// The number itself.
    Number,
    /// Its natural logarithm; the number must be above 0.
    Log,
    /// Its square root; the number must not be below 0.
    Root,
    /// A power of it, 2 at least.
    Power(u32),
    /// A mark for each of its words but one: that one, or the first in the order of the alphabet.
    Words(Option<String>),
}

/// What is wrong with a formula, and at which character, from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misread {
    /// The character.
    pub at: usize,
    /// What was expected.
    pub said: String,
}

impl Term {
    /// The constant.
    pub const CONSTANT: &'static str = "constant";
}

impl fmt::Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.factors.is_empty() {
            return f.write_str(Self::CONSTANT);
        }
        for (i, factor) in self.factors.iter().enumerate() {
            if i > 0 {
                f.write_str(":")?;
            }
            write!(f, "{factor}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Factor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = &self.column;
        match &self.made {
            Made::Number => write!(f, "{name}"),
            Made::Log => write!(f, "log({name})"),
            Made::Root => write!(f, "sqrt({name})"),
            Made::Power(power) => write!(f, "{name}^{power}"),
            Made::Words(None) => write!(f, "factor({name})"),
            Made::Words(Some(base)) => write!(f, "factor({name}, {base})"),
        }
    }
}

impl Formula {
    /// Reads `NAME ~ TERM + TERM …` or `NAME = NUMBER`.
    ///
    /// A term is a column, `log(column)`, `sqrt(column)`, `column^2` or `factor(column)`, or several of these with `:` between them, their
    /// product. There is a constant unless `0` or `- 1` says otherwise; `NAME ~ 0` is a utility of 0. Names that are not made of letters,
    /// digits, `_` and `.` stand in backticks.
    ///
    /// # Errors
    /// Where it cannot be read, and what was expected.
    pub fn read(text: &str) -> Result<Self, Misread> {
        let mut reader = Reader {
            letters: text.chars().collect(),
            at: 0,
        };
        let name = reader.name("the name of a utility")?;
        if reader.takes('=') {
            let fixed = reader.number()?;
            return Ok(Self {
                name,
                fixed,
                terms: Vec::new(),
            });
        }
        if !reader.takes('~') {
            return Err(reader.misread("“~” and terms, or “=” and a number"));
        }
        let (mut constant, mut terms) = (true, Vec::new());
        let mut minus = reader.takes('-');
        loop {
            reader.next();
            let at = reader.at;
            match reader.term()? {
                Read::Zero if !minus => constant = false,
                Read::One if minus => constant = false,
                Read::One => constant = true,
                Read::Term(term) if !minus => {
                    if terms.contains(&term) {
                        let said = format!("“{term}” stands there twice");
                        return Err(Misread { at: at + 1, said });
                    }
                    terms.push(term);
                }
                Read::Zero | Read::Term(_) => {
                    let said =
                        "“- 1”, which takes the constant away, is all that may be taken away";
                    return Err(Misread {
                        at: at + 1,
                        said: said.to_owned(),
                    });
                }
            }
            if reader.takes('+') {
                minus = false;
            } else if reader.takes('-') {
                minus = true;
            } else {
                break;
            }
        }
        if reader.next().is_some() {
            return Err(reader.misread("“+”, “-”, “:” or the end"));
        }
        if constant {
            let factors = Vec::new();
            terms.insert(0, Term { factors });
        }
        Ok(Self {
            name,
            fixed: 0.0,
            terms,
        })
    }

    /// The columns that it is made of.
    pub fn columns(&self) -> impl Iterator<Item = &str> {
        let factors = self.terms.iter().flat_map(|term| &term.factors);
        factors.map(|factor| factor.column.as_str())
    }
}

enum Read {
    Zero,
    One,
    Term(Term),
}

struct Reader {
    letters: Vec<char>,
    at: usize,
}

impl Reader {
    fn next(&mut self) -> Option<char> {
        while self.letters.get(self.at).is_some_and(|c| c.is_whitespace()) {
            self.at += 1;
        }
        self.letters.get(self.at).copied()
    }

    fn takes(&mut self, letter: char) -> bool {
        let there = self.next() == Some(letter);
        self.at += usize::from(there);
        there
    }

    fn misread(&mut self, expected: &str) -> Misread {
        let found = self.next();
        let found = found.map_or("the end".to_owned(), |c| format!("“{c}”"));
        Misread {
            at: self.at + 1,
            said: format!("{expected} was expected, not {found}"),
        }
    }

    fn name(&mut self, what: &str) -> Result<String, Misread> {
        if self.takes('`') {
            let rest = &self.letters[self.at..];
            let Some(length) = rest.iter().position(|c| *c == '`') else {
                return Err(Misread {
                    at: self.at,
                    said: "the name after this “`” ends nowhere".to_owned(),
                });
            };
            let name = rest[..length].iter().collect();
            self.at += length + 1;
            return Ok(name);
        }
        let fits = |c: char| c.is_alphanumeric() || c == '_' || c == '.';
        let starts = self.next().is_some_and(|c| fits(c) && !c.is_ascii_digit());
        if !starts {
            return Err(self.misread(what));
        }
        let rest = self.letters[self.at..].iter();
        let name: String = rest.take_while(|c| fits(**c)).collect();
        self.at += name.chars().count();
        Ok(name)
    }

    fn digits(&mut self) -> String {
        self.next();
        let rest = self.letters[self.at..].iter();
        let digits: String = rest.take_while(|c| c.is_ascii_digit()).collect();
        self.at += digits.len();
        digits
    }

    fn number(&mut self) -> Result<f64, Misread> {
        self.next();
        let at = self.at;
        let text: String = self.letters[at..].iter().collect();
        match text.trim().parse::<f64>() {
            Ok(number) if number.is_finite() => Ok(number),
            _ => Err(self.misread("a number")),
        }
    }

    fn term(&mut self) -> Result<Read, Misread> {
        if self.next().is_some_and(|c| c.is_ascii_digit()) {
            let at = self.at;
            return match self.digits().as_str() {
                "0" => Ok(Read::Zero),
                "1" => Ok(Read::One),
                _ => Err(Misread {
                    at: at + 1,
                    said: "of numbers only 0 and 1 may stand as terms".to_owned(),
                }),
            };
        }
        let mut factors = vec![self.factor()?];
        while self.takes(':') {
            factors.push(self.factor()?);
        }
        Ok(Read::Term(Term { factors }))
    }

    fn factor(&mut self) -> Result<Factor, Misread> {
        self.next();
        let at = self.at;
        let name = self.name("a column, 0 or 1")?;
        if self.takes('^') {
            let power = self.digits().parse::<u32>().ok();
            let Some(power) = power.filter(|power| (2..=9).contains(power)) else {
                return Err(self.misread("a power from 2 to 9"));
            };
            return Ok(Factor {
                column: name,
                made: Made::Power(power),
            });
        }
        if !self.takes('(') {
            return Ok(Factor {
                column: name,
                made: Made::Number,
            });
        }
        let column = self.name("a column")?;
        let made = match name.as_str() {
            "log" => Made::Log,
            "sqrt" => Made::Root,
            "factor" => Made::Words(if self.takes(',') {
                Some(self.name("the word that the others are held against")?)
            } else {
                None
            }),
            _ => {
                return Err(Misread {
                    at: at + 1,
                    said: format!("“{name}” is none of: log, sqrt, factor"),
                });
            }
        };
        if !self.takes(')') {
            return Err(self.misread("“)”"));
        }
        Ok(Factor { column, made })
    }
}

#[cfg(test)]
mod tests {
    use super::Formula;

    fn terms(text: &str) -> Vec<String> {
        let read = Formula::read(text).unwrap();
        read.terms.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn formulas_are_read_as_r_reads_them() {
        assert_eq!(terms("SA ~ sqrt(x) + z"), ["constant", "sqrt(x)", "z"]);
        assert_eq!(terms("SA ~ x.1 + z_2 - 1"), ["x.1", "z_2"]);
        assert_eq!(terms("SA ~ 0 + x"), ["x"]);
        assert_eq!(terms("SA~1"), ["constant"]);
        assert_eq!(terms("VB ~ -1"), Vec::<String>::new());
        assert_eq!(terms("VB ~ 0"), Vec::<String>::new());
        assert_eq!(
            terms("u ~ log(x):z + x^2 + factor(kind, low) + `odd name`"),
            [
                "constant",
                "log(x):z",
                "x^2",
                "factor(kind, low)",
                "odd name"
            ]
        );
        let held = Formula::read("VA = 1.5").unwrap();
        assert_eq!((held.fixed, held.terms.len()), (1.5, 0));
        let columns: Vec<String> = Formula::read("a ~ log(x):z + `y w`")
            .unwrap()
            .columns()
            .map(str::to_owned)
            .collect();
        assert_eq!(columns, ["x", "z", "y w"]);
    }

    #[test]
    fn what_cannot_be_read_is_told_with_its_place() {
        for (text, at, said) in [
            ("", 1, "the name of a utility was expected, not the end"),
            (
                "SA",
                3,
                "“~” and terms, or “=” and a number was expected, not the end",
            ),
            ("SA ~", 5, "a column, 0 or 1 was expected, not the end"),
            (
                "SA ~ x + ",
                10,
                "a column, 0 or 1 was expected, not the end",
            ),
            (
                "SA ~ x z",
                8,
                "“+”, “-”, “:” or the end was expected, not “z”",
            ),
            ("SA ~ exp(x)", 6, "“exp” is none of: log, sqrt, factor"),
            ("SA ~ log(x", 11, "“)” was expected, not the end"),
            ("SA ~ 2", 6, "of numbers only 0 and 1 may stand as terms"),
            ("SA ~ x + x", 10, "“x” stands there twice"),
            (
                "SA ~ x^1",
                9,
                "a power from 2 to 9 was expected, not the end",
            ),
            (
                "SA ~ x - z",
                10,
                "“- 1”, which takes the constant away, is all that may be taken away",
            ),
            ("SA = much", 6, "a number was expected, not “m”"),
            ("SA ~ `x", 6, "the name after this “`” ends nowhere"),
        ] {
            let fault = Formula::read(text).unwrap_err();
            assert_eq!((fault.at, fault.said.as_str()), (at, said), "{text}");
        }
    }
}
