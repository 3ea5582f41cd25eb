//! The text as typed: a TOML tree with a span on every key and value, in the order of the text.

use std::ops::Range;

use detente_diag::{Code, Diagnostic, Diagnostics, FileId, Span};
use toml::de::{DeTable, DeValue};

/// A value and where it stands.
#[derive(Clone, Debug)]
pub struct Tree {
    /// Where.
    pub span: Span,
    /// What.
    pub kind: TreeKind,
}

/// A key and where it stands.
#[derive(Clone, Debug)]
pub struct Key {
    /// The key, unquoted.
    pub text: String,
    /// Where it first stands.
    pub span: Span,
}

/// A TOML value.
#[derive(Clone, Debug)]
pub enum TreeKind {
    /// Key and value pairs in the order of the text.
    Table(Vec<(Key, Tree)>),
    /// Values.
    Array(Vec<Tree>),
    /// Text.
    Text(String),
    /// An integer or a floating-point number; NaN if it was at fault, which has then been said.
    Number(f64),
    /// true or false.
    Switch(bool),
    /// A date or time, as written.
    Date(String),
}

impl Tree {
    /// Parses a text. Syntax faults are gathered, one a table. `None`: the text is broken, and what it seems to lack or to
    /// misspell would mostly be an echo of the break. A key that stands twice breaks nothing: the first is kept.
    pub fn parse(text: &str, file: FileId, diagnostics: &mut Diagnostics) -> Option<Self> {
        let (table, errors) = DeTable::parse_recoverable(text);
        let span = |range: Range<usize>| {
            // Never an empty label, and never one that splits a letter.
            let start = floor(text, range.start);
            Span::new(file, start, ceil(text, range.end.max(start + 1)))
        };
        let headers: Vec<usize> = text.match_indices("\n[").map(|(i, _)| i + 1).collect();
        let mut faults: Vec<_> = errors
            .iter()
            .map(|error| (error.span().unwrap_or(0..0), error.message()))
            .collect();
        faults.sort_by_key(|(range, _)| range.start);
        let (mut last, mut broken) = (None, false);
        for (mut range, message) in faults {
            if text.as_bytes().get(range.start) == Some(&b'\n') {
                // What is missing at the end of a line is shown at its last letter, not across to the next line.
                range = range.start.saturating_sub(1)..range.start;
            }
            // One slip upsets the lines after it: the first fault of each table is the one to mend.
            let section = headers.partition_point(|header| *header <= range.start);
            // A header that is itself at fault stands in a list that was not closed.
            let swallowed = section
                .checked_sub(1)
                .is_some_and(|s| headers[s] == range.start);
            let before = section
                .checked_sub(1)
                .and_then(|s| text.as_bytes().get(headers[s]..range.start));
            let in_header = before.is_some_and(|before| !before.contains(&b'\n'));
            broken |= in_header || !message.starts_with("duplicate key");
            if last
                .replace(section)
                .is_some_and(|last| last == section || swallowed)
            {
                continue;
            }
            let help = match message {
                _ if message.starts_with("duplicate key") => {
                    "each table and each key stands once; put what belongs together in one place"
                }
                _ if message.starts_with("missing comma") => {
                    "commas stand between the items of a list, and ] at its end"
                }
                _ => "text stands in \"quotes\", tables in [brackets], dates as 2025-03-19",
            };
            let twice = message
                .starts_with("duplicate key")
                .then(|| first_of(text, &range))
                .flatten();
            let fault = Diagnostic::new(Code::TOML, format!("this is not TOML: {message}"));
            let at = span(range);
            diagnostics.push(match twice {
                Some((first, true)) => fault
                    .at(at, "the table stands here again")
                    .at(span(first), "this dotted key opened it")
                    .help(
                        "move the dotted key under the header, without what stands before its last dot, or write all keys of the table with dots",
                    ),
                Some((first, false)) => fault
                    .at(at, "here again")
                    .at(span(first), "first here")
                    .help(help),
                None => fault.at(at, "here").help(help),
            });
        }
        if broken {
            return None;
        }
        let mut tree = convert_table(table.get_ref(), &span, diagnostics);
        tree.span = span(0..text.len());
        Some(tree)
    }

    /// The value under a key of a table.
    pub fn get(&self, key: &str) -> Option<&Tree> {
        self.entries()
            .iter()
            .find(|(k, _)| k.text == key)
            .map(|(_, value)| value)
    }

    /// The value under keys of nested tables.
    pub fn at(&self, path: &[&str]) -> Option<&Tree> {
        path.iter().try_fold(self, |tree, key| tree.get(key))
    }

    /// The pairs of a table; none for anything else.
    pub fn entries(&self) -> &[(Key, Tree)] {
        match &self.kind {
            TreeKind::Table(entries) => entries,
            _ => &[],
        }
    }

    /// The items of an array; none for anything else.
    pub fn items(&self) -> &[Tree] {
        match &self.kind {
            TreeKind::Array(items) => items,
            _ => &[],
        }
    }

    /// The text of a text.
    pub fn text(&self) -> Option<&str> {
        match &self.kind {
            TreeKind::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Is it a table? If not where one belongs, the first pass has said so.
    pub fn is_table(&self) -> bool {
        matches!(self.kind, TreeKind::Table(_))
    }

    /// What it is, in a sentence.
    pub fn describe(&self) -> &'static str {
        match &self.kind {
            TreeKind::Table(_) => "a table",
            TreeKind::Array(_) => "a list",
            TreeKind::Text(_) => "a text",
            TreeKind::Number(_) => "a number",
            TreeKind::Switch(_) => "true or false",
            // TOML has times of day as a kind of its own; its dates are written with hyphens.
            TreeKind::Date(text) if !text.contains('-') => "a time",
            TreeKind::Date(_) => "a date",
        }
    }
}

/// Where a key that stands twice first stands, and whether a dotted key opened it there as a table; read off the lines of the text, since what
/// is kept of a table that stands twice is its second header.
fn first_of(text: &str, second: &Range<usize>) -> Option<(Range<usize>, bool)> {
    let mut section: Vec<String> = Vec::new();
    let mut seen: Vec<(Vec<String>, Vec<Range<usize>>, bool)> = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let at = start;
        start += line.len();
        let indent = line.len() - line.trim_start().len();
        let brackets = line[indent..].len() - line[indent..].trim_start_matches('[').len();
        let is_header = brackets > 0;
        let from = at + indent + brackets;
        let ends = if is_header { ']' } else { '=' };
        let to = line[indent + brackets..]
            .find(ends)
            .map_or(at, |i| from + i);
        let keys = segments(text, from..to.max(from));
        let mut path = if is_header {
            Vec::new()
        } else {
            section.clone()
        };
        let outer = path.len();
        path.extend(keys.iter().map(|(key, _)| key.clone()));
        let place = keys.iter().position(|(_, range)| range == second);
        if let Some(place) = place {
            let twice = &path[..=outer + place];
            let first = seen.into_iter().find(|(known, _, header)| {
                // A header opens the last of its tables alone.
                known.starts_with(twice) && (!header || known.len() == twice.len())
            });
            let (known, ranges, header) = first?;
            let of = twice.len() + ranges.len();
            let range = ranges.get(of.checked_sub(known.len() + 1)?)?;
            return Some((range.clone(), !header && known.len() > twice.len()));
        }
        if start > second.start {
            return None;
        }
        if is_header {
            section.clone_from(&path);
        }
        if to > from {
            let ranges = keys.into_iter().map(|(_, range)| range).collect();
            seen.push((path, ranges, is_header));
        }
    }
    None
}

/// The keys of a dotted path in a part of a text, without their quotes, and where each stands with them.
fn segments(text: &str, part: Range<usize>) -> Vec<(String, Range<usize>)> {
    let (mut ends, mut quote) = (Vec::new(), None);
    for (i, c) in text[part.clone()].char_indices() {
        match (c, quote) {
            ('"' | '\'', None) => quote = Some(c),
            (c, Some(open)) if c == open => quote = None,
            ('.', None) => ends.push(part.start + i),
            _ => {}
        }
    }
    let starts = std::iter::once(part.start).chain(ends.iter().map(|end| end + 1));
    let bounds = starts.zip(ends.iter().copied().chain([part.end]));
    let key = |(start, end): (usize, usize)| {
        let typed = text[start..end].trim();
        let from = start + (text[start..end].len() - text[start..end].trim_start().len());
        let bare = typed.trim_matches(['"', '\'']);
        (bare.to_owned(), from..from + typed.len())
    };
    bounds.map(key).collect()
}

fn floor(text: &str, mut at: usize) -> usize {
    at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

fn ceil(text: &str, mut at: usize) -> usize {
    at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at += 1;
    }
    at
}

type ToSpan<'a> = dyn Fn(Range<usize>) -> Span + 'a;

fn convert_table(table: &DeTable, span: &ToSpan, diagnostics: &mut Diagnostics) -> Tree {
    let mut entries: Vec<(Key, Tree)> = table
        .iter()
        .map(|(key, value)| {
            let name = Key {
                text: key.get_ref().to_string(),
                span: span(key.span()),
            };
            (
                name,
                convert(value.get_ref(), span(value.span()), span, diagnostics),
            )
        })
        .collect();
    entries.sort_by_key(|(key, _)| key.span);
    let whole = Span::new(FileId(0), 0, 0);
    Tree {
        span: whole,
        kind: TreeKind::Table(entries),
    }
}

fn convert(value: &DeValue, at: Span, span: &ToSpan, diagnostics: &mut Diagnostics) -> Tree {
    let kind = match value {
        DeValue::String(text) => TreeKind::Text(text.to_string()),
        DeValue::Integer(number) => {
            let digits: String = number.as_str().chars().filter(|c| *c != '_').collect();
            number_or_fault(
                i64::from_str_radix(digits.trim_start_matches('+'), number.radix())
                    .map_or(f64::NAN, |n| n as f64),
                at,
                diagnostics,
            )
        }
        DeValue::Float(number) => {
            let digits: String = number.as_str().chars().filter(|c| *c != '_').collect();
            number_or_fault(digits.parse().unwrap_or(f64::NAN), at, diagnostics)
        }
        DeValue::Boolean(on) => TreeKind::Switch(*on),
        DeValue::Datetime(date) => TreeKind::Date(date.to_string()),
        DeValue::Array(items) => TreeKind::Array(
            items
                .iter()
                .map(|item| convert(item.get_ref(), span(item.span()), span, diagnostics))
                .collect(),
        ),
        DeValue::Table(table) => convert_table(table, span, diagnostics).kind,
    };
    Tree { span: at, kind }
}

fn number_or_fault(number: f64, at: Span, diagnostics: &mut Diagnostics) -> TreeKind {
    if number.is_finite() {
        return TreeKind::Number(number);
    }
    diagnostics.push(
        Diagnostic::new(Code::BAD_NUMBER, "this is not a finite number")
            .at(at, "too large, infinite or not a number")
            .help("write a number in digits"),
    );
    TreeKind::Number(f64::NAN)
}

#[cfg(test)]
mod tests {
    use detente_diag::{Diagnostics, FileId};

    use super::Tree;

    /// The texts under the labels of the only fault, and what is written beside them.
    fn only_fault(text: &str) -> Vec<(String, String, usize)> {
        let mut diagnostics = Diagnostics::default();
        let _ = Tree::parse(text, FileId(0), &mut diagnostics);
        let [fault] = diagnostics.as_slice() else {
            panic!("{:?}", diagnostics.as_slice());
        };
        let labels = fault.labels.iter();
        labels
            .map(|label| {
                let (start, end) = (label.span.start, label.span.end);
                let line = 1 + text[..start].matches('\n').count();
                (text[start..end].to_owned(), label.text.clone(), line)
            })
            .collect()
    }

    #[test]
    fn what_stands_twice_is_shown_in_both_places() {
        let dotted =
            "[case]\nname = \"x\"\n[party.a]\nbelieves.edge = 1\n[party.a.believes]\nown_sd = 2\n";
        let of = |text: &str, says: &str, line| (text.to_owned(), says.to_owned(), line);
        assert_eq!(
            only_fault(dotted),
            [
                of("believes", "the table stands here again", 5),
                of("believes", "this dotted key opened it", 4)
            ]
        );
        assert_eq!(
            only_fault("[party.\"a b\"]\nburden = 1\nscar = 2\nburden = 3\n"),
            [of("burden", "here again", 4), of("burden", "first here", 2)]
        );
        assert_eq!(
            only_fault("[party.a]\nburden = 1\n[party.b]\nburden = 1\n[party.a]\nscar = 3\n"),
            [of("a", "here again", 5), of("a", "first here", 1)]
        );
        // Within braces the path is not read off the line, and one place is shown.
        assert_eq!(
            only_fault("issue = { a = 1, a = 2 }\n"),
            [of("a", "here", 1)]
        );
    }
}
