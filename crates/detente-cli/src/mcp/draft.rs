//! A number that a language model drafts: it enters a case as a placeholder, with what it was read from, or not at all.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use detente::diag::{Severity, Sources};
use rmcp::schemars::{self, JsonSchema};
use serde::Deserialize;

use super::case::{Given, Root};
use super::work::{Answer, Refused, words};

/// A drafted number.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Draft {
    /// The path of the number, such as contest.edge or party.north.burden.
    path: String,
    /// Its value as the language writes it: a number, or a range such as "5 to 10".
    value: String,
    /// The passage that it is drawn from, word for word.
    quotation: String,
    /// Where the passage stands.
    source: Source,
    /// The case that it is for, if it is to be checked that the path leads to a number there and that the value fits it.
    #[serde(default)]
    case: Option<Given>,
}

/// Where a passage stands.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Source {
    /// What it is called: its title.
    name: String,
    /// Where to find it: an http or https address. May be left out of what is not on the web.
    #[serde(default)]
    url: Option<String>,
    /// Who wrote it.
    #[serde(default)]
    author: Option<String>,
    /// When, as written.
    #[serde(default)]
    date: Option<String>,
}

/// The lines that enter it.
pub(super) fn draft(draft: &Draft, root: Option<&Root>) -> Answer {
    let mut faults = Vec::new();
    let mut want = |is: bool, what: &str| {
        if !is {
            faults.push(what.to_owned());
        }
    };
    let url = draft.source.url.as_deref().unwrap_or_default().trim();
    want(
        !draft.quotation.trim().is_empty(),
        "the quotation is missing: say word for word which passage the number is drawn from",
    );
    want(
        !draft.source.name.trim().is_empty(),
        "the source is missing: say what the publication is called",
    );
    want(
        url.is_empty() || url.starts_with("https://") || url.starts_with("http://"),
        "the source’s url must begin with https:// or http://",
    );
    want(!draft.value.trim().is_empty(), "the value is missing");
    want(
        is_path(&draft.path),
        "the path must be names parted by dots, such as contest.edge or party.north.burden",
    );
    if !faults.is_empty() {
        return Err(Refused::saying(faults.join("\n")));
    }
    let lines = lines(draft, url);
    let note = match &draft.case {
        Some(case) => checked(draft, case, root, &lines)?,
        None => "Not checked against a case: `check` tells whether it fits.".to_owned(),
    };
    Ok(words(&format!("{lines}\n# {note}\n")))
}

/// A path that TOML can hold as it stands.
fn is_path(path: &str) -> bool {
    let bare = |name: &str| {
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
        !name.is_empty() && name.chars().all(plain)
    };
    path.contains('.') && path.split('.').all(bare)
}

/// The number as a placeholder with its passage, and its source. Nobody but a person raises it to another status.
fn lines(draft: &Draft, url: &str) -> String {
    let (table, key) = draft.path.rsplit_once('.').unwrap_or(("", &draft.path));
    let source = &draft.source;
    let id = id_of(source.name.trim());
    let why = format!(
        "drafted by a language model from: “{}”",
        draft.quotation.trim()
    );
    let value = draft.value.trim();
    // A bare number is exact; anything else is a text of the language.
    let value = match value.parse::<f64>() {
        Ok(x) if x.is_finite() && !value.contains(['e', 'E', '+']) => value.to_owned(),
        _ => quoted(value),
    };
    let mut out = format!(
        "[{table}]\n{key} = {{ value = {value}, status = \"placeholder\", source = [{}], why = {} }}\n\n[source.{id}]\ntitle = {}\n",
        quoted(&id),
        quoted(&why),
        quoted(source.name.trim())
    );
    for (key, stated) in [("author", &source.author), ("date", &source.date)] {
        if let Some(stated) = stated.as_deref().map(str::trim).filter(|s| !s.is_empty()) {
            let _ = writeln!(out, "{key} = {}", quoted(stated));
        }
    }
    if !url.is_empty() {
        let _ = writeln!(out, "url = {}", quoted(url));
    }
    out
}

/// A name for a source: the words of its title.
fn id_of(name: &str) -> String {
    const LONGEST: usize = 40;
    let plain = name.to_lowercase();
    let words = plain.split(|c: char| !c.is_ascii_alphanumeric());
    let mut id = String::new();
    for word in words.filter(|word| !word.is_empty()) {
        if !id.is_empty() {
            id.push('-');
        }
        id.push_str(word);
        if id.len() >= LONGEST {
            break;
        }
    }
    id.truncate(LONGEST);
    // A name begins with a letter.
    if id.starts_with(|c: char| c.is_ascii_alphabetic()) {
        id.trim_end_matches('-').to_owned()
    } else {
        format!("source-{id}").trim_end_matches('-').to_owned()
    }
}

/// A TOML string on one line.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            // A passage may run over lines; what stands in a case does not.
            '\n' | '\r' | '\t' => out.push(' '),
            c if c.is_control() => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// What the case makes of the number.
fn checked(
    draft: &Draft,
    given: &Given,
    root: Option<&Root>,
    lines: &str,
) -> Result<String, Refused> {
    let (texts, checked) = given.checked(root)?;
    let Some(case) = checked.case else {
        let mut faults = checked.diagnostics;
        faults.retain(|fault| fault.severity() == Severity::Error);
        return Err(Refused::faults(&faults, &checked.sources));
    };
    let set = [format!("{}={}", draft.path, draft.value.trim())];
    let mut sources = Sources::default();
    case.with_set(&set, &mut sources)
        .map_err(|faults| Refused::faults(&faults, &sources))?;
    let stated = case
        .inputs
        .iter()
        .any(|input| input.path == draft.path && input.span.is_some());
    if stated {
        return Ok(format!(
            "The case states {} already: put this in the place of what it says.",
            draft.path
        ));
    }
    // As a file of its own, so that its tables need not be taken apart.
    let mut all: BTreeMap<&str, &str> = BTreeMap::new();
    all.extend(
        texts
            .iter()
            .map(|(name, text)| (name.as_str(), text.as_str())),
    );
    let main = texts[0].0.as_str();
    let mut named: Vec<(&str, &str)> = vec![(main, all[main])];
    named.extend(all.into_iter().filter(|(name, _)| *name != main));
    named.push(("drafts.toml", lines));
    let with = detente::check_files(&named);
    if with.case.is_none() {
        let mut faults = with.diagnostics;
        faults.retain(|fault| fault.severity() == Severity::Error);
        return Err(Refused::faults(&faults, &with.sources));
    }
    Ok("Checked: the case takes it in a file of its own beside case.toml.".to_owned())
}

#[cfg(test)]
mod tests {
    use super::{id_of, is_path, quoted};

    #[test]
    fn names_and_texts_are_toml() {
        assert_eq!(id_of("The Times, 3 March"), "the-times-3-march");
        assert_eq!(id_of("2024 survey"), "source-2024-survey");
        assert_eq!(id_of("Обзор"), "source");
        assert!(id_of(&"word ".repeat(30)).len() <= 40);
        assert_eq!(
            quoted("a \"b\" \\ c\nd\u{7}"),
            "\"a \\\"b\\\" \\\\ c d\\u0007\""
        );
        assert!(is_path("contest.edge") && is_path("party.north.issue.harbour.value.open"));
        for not in ["edge", "", "a..b", "a. b", "a.b]\n[c", "a.\"b\""] {
            assert!(!is_path(not), "{not}");
        }
    }
}
