//! Which worlds a run draws: so many, or a range of a whole.

use std::ops::Range;

/// Worlds of a run, by their indices.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Worlds {
    /// So many, from world 0.
    Whole(usize),
    /// A part of a whole that has at least as many.
    Part(Range<usize>),
}

/// As many worlds as a run may draw.
const MOST: usize = 100_000_000;

impl Worlds {
    /// Reads `1000` and `500..1000`.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let number = |text: &str| {
            let number = text.trim().parse::<usize>();
            number.map_err(|_| {
                format!("expected a number of worlds, or a range as 500..1000, not “{text}”")
            })
        };
        let worlds = match text.split_once("..") {
            None => Self::Whole(number(text)?),
            Some((_, to)) if to.starts_with('=') => {
                return Err(
                    "a range ends before its second number: 500..1000 has world 999 and not 1000"
                        .into(),
                );
            }
            Some((from, to)) => Self::Part(number(from)?..number(to)?),
        };
        let Range { start, end } = worlds.range();
        if end > MOST {
            return Err(format!("at most {MOST} worlds are drawn"));
        }
        if start >= end {
            return Err(match worlds {
                Self::Whole(_) => "at least one world is drawn".into(),
                Self::Part(_) => {
                    format!("no world lies in {start}..{end}: it ends before its second number")
                }
            });
        }
        Ok(worlds)
    }

    /// From the first to before the last.
    pub(crate) fn range(&self) -> Range<usize> {
        match self {
            Self::Whole(worlds) => 0..*worlds,
            Self::Part(range) => range.clone(),
        }
    }

    /// In how many of the first worlds of the whole packages are searched, if so many are asked for. How many worlds the whole of a range has is
    /// not known to it.
    pub(crate) fn searches(&self, asked: u32) -> usize {
        match self {
            Self::Whole(worlds) => (asked as usize).min(*worlds),
            Self::Part(_) => asked as usize,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Worlds;

    #[test]
    fn numbers_and_ranges_are_read_and_nothing_else() {
        assert_eq!(Worlds::parse("7"), Ok(Worlds::Whole(7)));
        assert_eq!(Worlds::parse("0..7"), Ok(Worlds::Part(0..7)));
        assert_eq!(Worlds::parse("5..7").unwrap().range(), 5..7);
        for (text, said) in [
            ("0", "at least one"),
            ("-1", "expected a number"),
            ("7..7", "no world lies in 7..7"),
            ("9..7", "no world lies in 9..7"),
            ("..7", "expected a number"),
            ("7..", "expected a number"),
            ("1..=7", "ends before"),
            ("1...7", "expected a number"),
            ("100000001", "at most"),
            ("0..100000001", "at most"),
            ("many", "expected a number"),
        ] {
            let refused = Worlds::parse(text).unwrap_err();
            assert!(refused.contains(said), "{text}: {refused}");
        }
    }

    #[test]
    fn a_range_searches_what_its_whole_does() {
        assert_eq!(Worlds::Whole(10).searches(256), 10);
        assert_eq!(Worlds::Part(0..10).searches(256), 256);
    }
}
