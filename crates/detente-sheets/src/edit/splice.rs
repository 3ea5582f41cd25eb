//! Where in a text an answer goes, whichever way its number is written.

use std::fmt::Write as _;

use detente_case::{Tree, TreeKind};

use super::{Before, Expert};
use crate::register::Answer;
use crate::table::text::quoted;

/// A file, and the keys under which a number stands in it or would.
pub(super) struct Place {
    pub(super) file: usize,
    pub(super) keys: Vec<String>,
}

/// What the case itself says of a number.
pub(super) struct Own {
    /// Whose judgement it is; may be empty.
    pub(super) by: String,
    /// Does anybody vouch for it?
    pub(super) vouched: bool,
    /// As typed, or what stands for it.
    pub(super) default: String,
}

/// Who is said to have stated the case's own number where nobody is named.
const THE_CASE: &str = "the case";

/// The text with an answer in it, and what it found.
pub(super) fn splice(
    (text, tree): (&str, &Tree),
    keys: &[String],
    own: &Own,
    expert: &Expert,
    answer: &Answer,
) -> Result<(String, Before), String> {
    let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
    let editor = Editor {
        text,
        own,
        expert,
        answer,
    };
    match tree.at(&keys) {
        None => editor.add(tree, &keys),
        Some(number) if number.is_table() => match (number.get("experts"), number.get("value")) {
            (Some(experts), _) => editor.among(experts),
            (None, Some(value)) => editor.beside(number, value),
            (None, None) => Err("its long form has neither a value nor experts".to_owned()),
        },
        Some(number) => Ok(editor.instead(number)),
    }
}

/// Ends of a part of the text, and what comes in its place.
type Cut = (usize, usize, String);

struct Editor<'a> {
    text: &'a str,
    own: &'a Own,
    expert: &'a Expert,
    answer: &'a Answer,
}

impl Editor<'_> {
    /// The answer as one of a number's experts.
    fn entry(&self) -> String {
        let Answer {
            value, why, says, ..
        } = self.answer;
        let number = value.parse::<f64>().is_ok();
        let value = if number { value.clone() } else { quoted(value) };
        let mut entry = format!(
            "{{ by = {}, on = {}, value = {value}",
            quoted(&self.expert.name),
            self.expert.on
        );
        for (key, text) in [("why", why), ("says", says)] {
            if !text.trim().is_empty() {
                let _ = write!(entry, ", {key} = {}", quoted(text));
            }
        }
        entry.push_str(" }");
        entry
    }

    /// A list of experts, an entry a line, with a comment before them.
    fn list(&self, at: usize, comment: Option<&str>, entries: &[String]) -> String {
        let indent = self.indent(at);
        let comment = comment.map(|text| format!("{indent}  # {}\n", one_line(text)));
        let entries = entries.iter().map(|entry| format!("{indent}  {entry},\n"));
        let lines: String = comment.into_iter().chain(entries).collect();
        format!("[\n{lines}{indent}]")
    }

    /// A number in its short form, for which nobody vouches: the answer stands in its place.
    fn instead(&self, number: &Tree) -> (String, Before) {
        let (from, to) = (number.span.start, number.span.end);
        let typed = &self.text[from..to];
        let before = format!("before: {typed}, a placeholder");
        let list = self.list(from, Some(&before), &[self.entry()]);
        let long = format!("{{ status = \"judgement\", experts = {list} }}");
        let text = self.cut(vec![(from, to, long)]);
        (text, Before::Unvouched(bare(typed)))
    }

    /// A number in its long form: the case's own value becomes one of several, or gives way where nobody vouches for it or the expert is whose
    /// judgement it was.
    fn beside(&self, number: &Tree, value: &Tree) -> Result<(String, Before), String> {
        let entries = number.entries();
        let key = |wanted: &str| entries.iter().find(|(key, _)| key.text == wanted);
        let Some((value_key, _)) = key("value") else {
            return Err("its value cannot be found".to_owned());
        };
        let (from, to) = (value_key.span.start, value.span.end);
        let typed = &self.text[value.span.start..value.span.end];
        let again = self.own.by == self.expert.name;
        if self.own.vouched && !again {
            let by = match self.own.by.as_str() {
                "" => THE_CASE,
                by => by,
            };
            let own = format!("{{ by = {}, value = {typed} }}", quoted(by));
            let list = self.list(from, None, &[own, self.entry()]);
            let text = self.cut(vec![(from, to, format!("experts = {list}"))]);
            return Ok((text, Before::Beside(bare(typed))));
        }
        let before = if again {
            format!("before: {typed}")
        } else {
            format!("before: {typed}, a placeholder")
        };
        let list = self.list(from, Some(&before), &[self.entry()]);
        let mut cuts = vec![(from, to, format!("experts = {list}"))];
        match key("status") {
            _ if self.own.vouched => {}
            Some((_, status)) => {
                cuts.push((
                    status.span.start,
                    status.span.end,
                    "\"judgement\"".to_owned(),
                ));
            }
            None => {
                // Beside the value: within braces behind a comma, else on a line of its own that begins as the value's does.
                let inline = self.text[number.span.start..].starts_with('{');
                let start = self.line_start(from);
                let head = &self.text[start..from];
                cuts[0].2 = if inline {
                    format!("status = \"judgement\", {}", cuts[0].2)
                } else {
                    format!("status = \"judgement\"\n{head}{}", cuts[0].2)
                };
            }
        }
        let typed = bare(typed);
        let found = if again {
            Before::Answered(typed)
        } else {
            Before::Unvouched(typed)
        };
        Ok((self.cut(cuts), found))
    }

    /// A number with experts already: the answer replaces one of the same name, or stands behind the last.
    fn among(&self, experts: &Tree) -> Result<(String, Before), String> {
        let by = |expert: &&Tree| expert.get("by").and_then(Tree::text) == Some(&self.expert.name);
        let items = experts.items();
        if self.text[experts.span.start..].starts_with("[[") {
            return Err("its experts stand in tables of their own ([[…]]): write them as a list in brackets".to_owned());
        }
        if let Some(known) = items.iter().find(by) {
            if self.is(known) {
                return Ok((self.text.to_owned(), Before::Same));
            }
            let (from, to) = (known.span.start, known.span.end);
            let value = known
                .get("value")
                .map_or("", |value| &self.text[value.span.start..value.span.end]);
            let said = known.get("on").and_then(plain);
            let before = match said {
                Some(on) => format!("{} ({on})", bare(value)),
                None => bare(value),
            };
            let text = self.cut(vec![(from, to, self.with_weight(known))]);
            return Ok((text, Before::Answered(before)));
        }
        let Some(last) = items.last() else {
            return Err("its list of experts is empty".to_owned());
        };
        let names: Vec<&str> = items
            .iter()
            .filter_map(|item| item.get("by").and_then(Tree::text))
            .collect();
        let found = Before::Beside(names.join(", "));
        Ok((self.cut(self.behind(last)), found))
    }

    /// The answer with the weight that its expert has in the case.
    fn with_weight(&self, known: &Tree) -> String {
        let entry = self.entry();
        match known.get("weight") {
            Some(weight) => {
                let typed = &self.text[weight.span.start..weight.span.end];
                let open = entry.trim_end_matches(" }");
                format!("{open}, weight = {typed} }}")
            }
            None => entry,
        }
    }

    /// Behind the last of a list: on its line, or on one of its own where the list has a line for each, with the comments of both where they are.
    fn behind(&self, last: &Tree) -> Vec<Cut> {
        let end = last.span.end;
        let line_end = self.text[end..]
            .find(['\r', '\n'])
            .map_or(self.text.len(), |at| end + at);
        let rest = self.text[end..line_end].trim_start();
        let (comma, rest) = match rest.strip_prefix(',') {
            Some(rest) => (true, rest.trim_start()),
            None => (false, rest),
        };
        if rest.starts_with(']') || line_end == self.text.len() {
            return vec![(end, end, format!(", {}", self.entry()))];
        }
        let indent = self.indent(last.span.start);
        let line = format!("\n{indent}{},", self.entry());
        if comma {
            vec![(line_end, line_end, line)]
        } else {
            vec![(end, end, ",".to_owned()), (line_end, line_end, line)]
        }
    }

    /// Is this what the expert has said already?
    fn is(&self, known: &Tree) -> bool {
        let text = |key: &str| known.get(key).and_then(plain).unwrap_or_default();
        let same = |key: &str, own: &str| text(key).trim() == own.trim();
        same("value", &self.answer.value)
            && same("on", &self.expert.on)
            && same("why", &self.answer.why)
            && same("says", &self.answer.says)
    }

    /// A number that nobody has stated: into the table that it belongs to, or into one that is opened for it at the end.
    fn add(&self, tree: &Tree, keys: &[&str]) -> Result<(String, Before), String> {
        let before = format!(
            "before: nothing; the language’s default stood for it ({})",
            self.own.default
        );
        let found = Before::Default(self.own.default.clone());
        let (mut depth, mut at) = (0, tree);
        while let Some(inner) = keys.get(depth).and_then(|key| at.get(key)) {
            (depth, at) = (depth + 1, inner);
        }
        let written = |start: usize| {
            let list = self.list(start, Some(&before), &[self.entry()]);
            format!("{{ status = \"judgement\", experts = {list} }}")
        };
        let own = &self.text[at.span.start..at.span.end];
        if depth > 0 && !at.is_table() {
            return Err("what it belongs to is no table".to_owned());
        }
        let name = dotted(&keys[depth..]);
        if depth > 0 && own.starts_with('{') {
            let open = at.span.start + 1;
            let comma = if at.entries().is_empty() { "" } else { "," };
            let inner = format!(" {name} = {}{comma}", written(open));
            return Ok((self.cut(vec![(open, open, inner)]), found));
        }
        if depth > 0 && own.starts_with('[') {
            let end = self.text[at.span.end..].find(['\r', '\n']);
            let end = end.map_or(self.text.len(), |end| at.span.end + end);
            let line = format!("\n{name} = {}", written(at.span.start));
            return Ok((self.cut(vec![(end, end, line)]), found));
        }
        // A table that only its inner tables have opened may have a header of its own; one that keys with dots have opened may not.
        if depth > 0
            && !self.text[self.line_start(at.span.start)..]
                .trim_start()
                .starts_with('[')
        {
            return Err(format!(
                "[{}] is written with dots, key by key: state the number there",
                dotted(&keys[..depth])
            ));
        }
        let (table, key) = keys.split_at(keys.len() - 1);
        let end = self.text.len();
        let gap = if self.text.is_empty() || self.text.ends_with('\n') {
            ""
        } else {
            "\n"
        };
        let opened = format!(
            "{gap}\n[{}]\n{} = {}\n",
            dotted(table),
            dotted(key),
            written(end)
        );
        Ok((self.cut(vec![(end, end, opened)]), found))
    }

    fn line_start(&self, at: usize) -> usize {
        self.text[..at].rfind('\n').map_or(0, |newline| newline + 1)
    }

    /// The blanks that a line begins with.
    fn indent(&self, at: usize) -> String {
        let line = &self.text[self.line_start(at)..];
        line.chars()
            .take_while(|c| matches!(c, ' ' | '\t'))
            .collect()
    }

    /// The text with its parts replaced; new lines end as those of the text do.
    fn cut(&self, mut cuts: Vec<Cut>) -> String {
        cuts.sort_by_key(|(from, ..)| *from);
        let mut out = String::with_capacity(self.text.len() + 256);
        let mut last = 0;
        for (from, to, new) in cuts {
            out.push_str(&self.text[last..from]);
            if self.text.contains("\r\n") {
                out.push_str(&new.replace('\n', "\r\n"));
            } else {
                out.push_str(&new);
            }
            last = to;
        }
        out.push_str(&self.text[last..]);
        out
    }
}

/// Keys joined by dots, in quotes where they need them.
fn dotted(keys: &[&str]) -> String {
    let bare = |key: &str| {
        key.chars()
            .all(|c| c.is_ascii_alphanumeric() || "_-".contains(c))
    };
    let own = keys.iter().map(|key| {
        if bare(key) && !key.is_empty() {
            (*key).to_owned()
        } else {
            quoted(key)
        }
    });
    own.collect::<Vec<_>>().join(".")
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// As typed, without its quotes.
fn bare(typed: &str) -> String {
    one_line(typed.trim_matches(['"', '\'']))
}

fn plain(tree: &Tree) -> Option<String> {
    match &tree.kind {
        TreeKind::Text(text) | TreeKind::Date(text) => Some(text.clone()),
        TreeKind::Number(x) => Some(x.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
