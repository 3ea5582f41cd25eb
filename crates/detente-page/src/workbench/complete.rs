//! What may be written at a place of a case's text: keys of the table it stands in, words that a key takes, names that the text defines.

use detente_case::{Field, Kind, LONG_NUMBER, ROOT, Refer, TableSpec};
use serde_json::{Value, json};

/// Most that is offered.
const MOST: usize = 200;

/// The place that is written at, as the text before it tells.
struct Place<'a> {
    /// The table's path, `[like.this]`, and the keys before the last dot of the line.
    path: Vec<&'a str>,
    /// What is being typed.
    word: &'a str,
    /// The key whose value is being typed, if one is.
    value_of: Option<Vec<&'a str>>,
}

/// Offers for a place: `text` is that of one file, `at` the place in bytes, `all` the texts of the case, in which names are looked for.
pub fn complete(all: &[&str], text: &str, at: usize) -> Value {
    let before = text.get(..at).unwrap_or("");
    let place = place(before);
    let word = place.word;
    let mut offers: Vec<(String, String, &'static str)> = Vec::new();
    if let Some(key) = &place.value_of {
        if let Some(kind) = kind_at(&ROOT, key) {
            offer_values(kind, all, &mut offers);
        }
    } else if before.trim_end().ends_with('[') || line_of(before).trim_start().starts_with('[') {
        offer_tables(&place, all, &mut offers);
    } else if let Some(At::Table(table)) = find(&ROOT, &place.path) {
        for field in table.fields {
            offers.push((field.key.to_owned(), field.doc.to_owned(), form(field)));
        }
    } else if let Some(At::Names(refer)) = find(&ROOT, &place.path) {
        offer_names(refer, all, &mut offers);
    }
    let fits = |(label, ..): &(String, String, &str)| label.contains(word);
    offers.retain(fits);
    offers.truncate(MOST);
    json!({
        "from": at - word.len(),
        "offers": offers.into_iter().map(|(label, doc, form)| json!({ "label": label, "doc": doc, "form": form })).collect::<Value>(),
    })
}

fn line_of(before: &str) -> &str {
    before.rsplit('\n').next().unwrap_or("")
}

/// Is it part of a word?
fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '-'
}

fn place(before: &str) -> Place<'_> {
    let line = line_of(before);
    let word_at = line.rfind(|c| !is_word(c)).map_or(0, |i| {
        i + line[i..].chars().next().map_or(1, char::len_utf8)
    });
    let word = &line[word_at..];
    let header = |line: &str| line.trim_start().starts_with('[');
    let mut path: Vec<&str> = Vec::new();
    if header(line) {
        path = keys(
            line[..word_at]
                .trim_start()
                .trim_start_matches('[')
                .trim_end_matches('.'),
        );
    } else {
        let earlier = &before[..before.len() - line.len()];
        if let Some(table) = earlier.lines().rev().find(|line| header(line)) {
            let inner = table.trim().trim_start_matches('[');
            path = keys(inner.split(']').next().unwrap_or(""));
        }
        if let Some((key, _)) = line.split_once('=') {
            let mut whole = path.clone();
            whole.extend(keys(key.trim()));
            return Place {
                path,
                word,
                value_of: Some(whole),
            };
        }
        path.extend(keys(line[..word_at].trim().trim_end_matches('.')));
    }
    Place {
        path,
        word,
        value_of: None,
    }
}

/// The parts of a dotted key.
fn keys(path: &str) -> Vec<&str> {
    let parts = path.split('.').map(|key| key.trim().trim_matches('"'));
    parts.filter(|key| !key.is_empty()).collect()
}

/// What stands at a path.
enum At {
    /// A table with these keys.
    Table(&'static TableSpec),
    /// A table whose keys are names of something.
    Names(Refer),
}

fn find(table: &'static TableSpec, path: &[&str]) -> Option<At> {
    let [key, rest @ ..] = path else {
        return Some(At::Table(table));
    };
    let field = table.fields.iter().find(|field| field.key == *key)?;
    match (field.kind, rest) {
        // The first key is a name.
        (Kind::Map(_), []) => Some(At::Names(Refer::Own)),
        (Kind::Table(inner) | Kind::Tables(inner), rest) | (Kind::Map(inner), [_, rest @ ..]) => {
            find(inner, rest)
        }
        (Kind::NumberMap(_, refer), []) => Some(At::Names(refer)),
        (Kind::Choice | Kind::Pattern, []) => Some(At::Names(Refer::Issue)),
        (Kind::Number(_), rest) => find(&LONG_NUMBER, rest),
        _ => None,
    }
}

fn kind_at(table: &'static TableSpec, path: &[&str]) -> Option<Kind> {
    let (last, before) = path.split_last()?;
    match find(table, before)? {
        At::Table(table) => {
            let field = table.fields.iter().find(|field| field.key == *last)?;
            Some(field.kind)
        }
        At::Names(_) => None,
    }
}

/// How a key is written on: as a table or with a value.
fn form(field: &Field) -> &'static str {
    match field.kind {
        Kind::Table(_) | Kind::Map(_) | Kind::Tables(_) => "table",
        _ => "key",
    }
}

fn offer_tables(place: &Place, all: &[&str], offers: &mut Vec<(String, String, &'static str)>) {
    match find(&ROOT, &place.path) {
        Some(At::Table(table)) => {
            let tables = table.fields.iter().filter(|field| form(field) == "table");
            offers.extend(tables.map(|f| (f.key.to_owned(), f.doc.to_owned(), "table")));
        }
        Some(At::Names(Refer::Own)) => {
            // Names that the text already gives to things of this kind.
            let kind = place.path.last().copied().unwrap_or("");
            offers.extend(
                named(all, kind)
                    .into_iter()
                    .map(|name| (name, format!("a {kind} of this case"), "name")),
            );
        }
        Some(At::Names(refer)) => offer_names(refer, all, offers),
        None => {}
    }
}

fn offer_values(kind: Kind, all: &[&str], offers: &mut Vec<(String, String, &'static str)>) {
    match kind {
        Kind::Word(words) | Kind::Words(words) => {
            offers.extend(
                words
                    .iter()
                    .map(|word| ((*word).to_owned(), String::new(), "text")),
            );
        }
        Kind::Switch => {
            offers.extend(["true", "false"].map(|word| (word.to_owned(), String::new(), "plain")));
        }
        Kind::Name(refer) | Kind::Names(refer) => offer_names(refer, all, offers),
        Kind::Choice | Kind::Pattern => {
            offer_names(Refer::Issue, all, offers);
            offer_names(Refer::Option, all, offers);
        }
        _ => {}
    }
}

fn offer_names(refer: Refer, all: &[&str], offers: &mut Vec<(String, String, &'static str)>) {
    let kind = match refer {
        Refer::Own => return,
        Refer::Source => "source",
        Refer::Party => "party",
        Refer::TypeOfItsParty | Refer::AnyType => "type",
        Refer::Issue => "issue",
        Refer::Option => "option",
        Refer::Package => "package",
        Refer::Lever => "lever",
        Refer::Observable => "observable",
        Refer::Reading => "reading",
        Refer::Claim => "claim",
    };
    let names = named(all, kind).into_iter();
    offers.extend(names.map(|name| (name, format!("a {kind} of this case"), "text")));
}

/// Names that headers of tables give to things of a kind (`[party.north]`, `[issue.border.option.ceded]`), in the order of the texts.
fn named(all: &[&str], kind: &str) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    let headers = all.iter().flat_map(|text| text.lines()).filter_map(|line| {
        let line = line.trim();
        line.strip_prefix('[')?
            .trim_start_matches('[')
            .split(']')
            .next()
    });
    for header in headers {
        let keys = keys(header);
        let mut pairs = keys.windows(2).enumerate();
        // `[party.north.issue.border]` speaks of an issue and defines none.
        let found = pairs
            .find(|(i, pair)| pair[0] == kind && (*i == 0 || kind == "option" || kind == "type"));
        if let Some((_, pair)) = found
            && !names.iter().any(|name| name == pair[1])
        {
            names.push(pair[1].to_owned());
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::complete;

    const TEXT: &str = include_str!("../../../../cases/first-case/case.toml");

    fn labels(text: &str) -> Vec<String> {
        let told = complete(&[TEXT, text], text, text.len());
        let offers = told["offers"].as_array().into_iter().flatten();
        let label = |offer: &Value| offer["label"].as_str().unwrap_or("").to_owned();
        offers.map(label).collect()
    }

    #[test]
    fn keys_words_and_names_are_offered_where_they_may_stand() {
        let at = |text: &str, offer: &str| labels(text).iter().any(|label| label == offer);
        assert!(at("[party.north]\nbur", "burden"));
        assert!(
            !at("[party.north]\nbur", "patience"),
            "it does not begin so"
        );
        assert!(at("[lever.x]\nkind = \"", "pressure"));
        assert!(at("[party.north]\nopening = \"", "north_demand"));
        assert!(at("[package.x]\nchoose = { ", "border"));
        assert!(at("[iss", "issue"));
        assert!(at("[party.", "south"));
        assert!(at("[party.north]\nredline.x.ki", "kind"));
        assert!(at("", "case"), "at the top");
        assert!(labels("[nonsense.x]\nfo").is_empty());
    }

    #[test]
    fn any_place_of_a_text_gets_an_answer() {
        for at in 0..=TEXT.len() {
            // A place within a letter is none.
            let told = complete(&[TEXT], TEXT, at);
            assert!(told["from"].as_u64().is_some_and(|from| from <= at as u64));
        }
    }
}
