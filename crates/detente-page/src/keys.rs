//! Reference pages on the keys of the case language, derived from its option table.

use std::fmt::Write as _;

use detente_case::{
    AS_USED, Domain, EVIDENCE_ROOT, FallbackKind, Field, Kind, LONG_NUMBER, NumberField, ROOT,
    Refer, TableSpec,
};

/// What a path through the language leads to.
enum Found {
    Table(&'static str, &'static TableSpec),
    Key(&'static Field),
}

/// The page on a key of the language or on a table of it, by its path: with names that an analyst chooses (`lever.surge.kind`) or
/// without (`lever.kind`).
pub(crate) fn key_page(path: &str) -> Option<String> {
    let long = "the long form of a number";
    let found = match path.strip_prefix("number") {
        Some("") => Some(Found::Table(long, &LONG_NUMBER)),
        Some(rest) if rest.starts_with('.') => find(&LONG_NUMBER, &rest[1..], false),
        _ => find(&ROOT, path, false).or_else(|| find(&EVIDENCE_ROOT, path, false)),
    };
    Some(match found? {
        Found::Table(doc, table) => table_page(path, doc, table),
        Found::Key(field) => {
            let same = |key: &str| match find(&ROOT, key, false) {
                Some(Found::Key(other)) => std::ptr::eq(field, other),
                _ => false,
            };
            let more = AT_LENGTH.iter().find(|(key, _)| same(key));
            let page = field_page(path, field);
            match more {
                Some((_, more)) => format!("{page}\n{more}"),
                None => page,
            }
        }
    })
}

/// Keys that take more than a line to explain. A test runs their examples.
const AT_LENGTH: [(&str, &str); 1] = [("lever.kind", include_str!("../pages/lever.kind.md"))];

/// What a number of a case means in the words of the language, beside its label; and whether it is a yardstick, by which
/// answers are measured, so that nobody could find out what it is.
pub fn meaning(path: &str) -> Option<(&'static str, bool)> {
    let Found::Key(field) = find(&ROOT, path, true)? else {
        return None;
    };
    let (Kind::Number(number) | Kind::NumberMap(number, _)) = field.kind else {
        return None;
    };
    let yardstick = number
        .default
        .is_some_and(|default| default.kind == FallbackKind::Yardstick);
    Some((field.doc, yardstick))
}

/// The page on the key of a number of a case, in whose path every name stands.
pub(crate) fn key_page_of_number(path: &str) -> Option<String> {
    match find(&ROOT, path, true)? {
        Found::Table(..) => None,
        Found::Key(field) => Some(field_page(path, field)),
    }
}

/// `named`: names of the analyst's stand in the path wherever the language has them. Else a key may follow its table at once.
fn find(table: &'static TableSpec, path: &str, named: bool) -> Option<Found> {
    let (key, after) = path.split_once('.').unwrap_or((path, ""));
    let field = table.fields.iter().find(|field| field.key == key)?;
    match field.kind {
        Kind::Table(inner) | Kind::Tables(inner) | Kind::Map(inner) if after.is_empty() => {
            Some(Found::Table(field.doc, inner))
        }
        Kind::Table(inner) | Kind::Tables(inner) => find(inner, after, named),
        Kind::Map(inner) => {
            let at_once = if named {
                None
            } else {
                find(inner, after, named)
            };
            at_once.or_else(|| match after.split_once('.') {
                None => Some(Found::Table(field.doc, inner)),
                Some((_, rest)) => find(inner, rest, named),
            })
        }
        Kind::Paths if !after.is_empty() => find(&ROOT, after, named),
        Kind::Number(_) if !after.is_empty() => find(&LONG_NUMBER, after, named),
        // Names stand behind these.
        Kind::NumberMap(..) | Kind::Choice | Kind::Pattern => Some(Found::Key(field)),
        _ => after.is_empty().then_some(Found::Key(field)),
    }
}

/// Where a key, or the end of a path without names, stands in the language, if it is no path by itself.
pub(crate) fn places(key: &str) -> Option<String> {
    let mut found = Vec::new();
    for (root, at) in [
        (&ROOT, ""),
        (&EVIDENCE_ROOT, "evidence.toml: "),
        (&LONG_NUMBER, "number."),
    ] {
        walk(root, at, &mut |path, field| {
            if unnamed(path).strip_suffix(key).is_some_and(|before| {
                before.is_empty() || before.ends_with('.') || before.ends_with(' ')
            }) {
                found.push(format!("- `{path}`: {}", field.doc));
            }
        });
    }
    (!found.is_empty()).then(|| format!("# {key}\n\nStands at:\n\n{}\n", found.join("\n")))
}

/// Which keys may be set to this word, if any.
pub(crate) fn word(word: &str) -> Option<String> {
    let mut found = Vec::new();
    for root in [&ROOT, &EVIDENCE_ROOT, &LONG_NUMBER] {
        walk(root, "", &mut |path, field| {
            let is_one = match field.kind {
                Kind::Word(words) | Kind::Words(words) => words.contains(&word),
                Kind::Trigger => ["now", "accept", "refuse", "violate"].contains(&word),
                _ => false,
            };
            let line = format!("- `{path}`: {}; takes {}", field.doc, takes(field.kind));
            if is_one && !found.contains(&line) {
                found.push(line);
            }
        });
    }
    (!found.is_empty()).then(|| format!("# {word}\n\nA word for:\n\n{}\n", found.join("\n")))
}

/// A path without the names that an analyst chooses.
fn unnamed(path: &str) -> String {
    path.split('.')
        .filter(|segment| *segment != "NAME")
        .collect::<Vec<_>>()
        .join(".")
}

/// The paths of all numbers of the language, with NAME where an analyst chooses one.
#[cfg(test)]
pub(crate) fn number_paths() -> Vec<String> {
    let mut paths = Vec::new();
    walk(&ROOT, "", &mut |path, field| match field.kind {
        Kind::Number(_) => paths.push(path.to_owned()),
        Kind::NumberMap(_, Refer::Option | Refer::AnyType) => {
            paths.push(format!("{path}.NAME.NAME"));
        }
        Kind::NumberMap(..) => paths.push(format!("{path}.NAME")),
        _ => {}
    });
    paths
}

/// Visits every key of a table and of those within it, with its path.
fn walk(table: &'static TableSpec, at: &str, each: &mut impl FnMut(&str, &'static Field)) {
    for field in table.fields {
        let here = format!("{at}{}", field.key);
        each(&here, field);
        match field.kind {
            Kind::Table(inner) | Kind::Tables(inner) => walk(inner, &format!("{here}."), each),
            Kind::Map(inner) => walk(inner, &format!("{here}.NAME."), each),
            _ => {}
        }
    }
}

fn table_page(path: &str, doc: &str, table: &TableSpec) -> String {
    let mut page = format!("# {path}\n\nA table of the language: {doc}.\n\n## Keys\n\n");
    for field in table.fields {
        let required = if field.required { " (required)" } else { "" };
        let bounds = match field.kind {
            Kind::Number(number) | Kind::NumberMap(number, _) => {
                format!(" ({}; {})", number.unit, bounds(number.domain))
            }
            _ => String::new(),
        };
        let _ = writeln!(page, "- `{}`{required}: {}{bounds}", field.key, field.doc);
    }
    page
}

fn field_page(path: &str, field: &Field) -> String {
    let mut page = format!("# {path}\n\nA key of the language: {}.\n", field.doc);
    let required = if field.required { " Required." } else { "" };
    let _ = writeln!(page, "\nTakes {}.{required}", takes(field.kind));
    if let Kind::Number(number) | Kind::NumberMap(number, _) = field.kind {
        page.push_str(&number_lines(number, field));
    }
    page
}

/// Where a number may lie, in words.
pub(crate) fn bounds(domain: Domain) -> String {
    match domain {
        Domain::Within(low, high) => format!("{}, {low} to {high}", domain.name()),
        domain => domain.name().to_owned(),
    }
}

/// Unit, bounds and default of a number.
fn number_lines(number: NumberField, field: &Field) -> String {
    let bounds = if number.unit == AS_USED {
        "so are its bounds".to_owned()
    } else {
        bounds(number.domain)
    };
    let mut lines = format!("\nUnit: {}; {bounds}.\n", number.unit);
    let Some(fallback) = number.default else {
        if !field.required {
            lines.push_str("It has no default.\n");
        }
        return lines;
    };
    let value = fallback.value;
    let _ = match fallback.kind {
        FallbackKind::Assumed { over: Some(over) } => writeln!(
            lines,
            "If left out: drawn from {over} where an answer depends on it, {value} elsewhere; {}.",
            fallback.meaning()
        ),
        _ => writeln!(lines, "If left out: {value}; {}.", fallback.meaning()),
    };
    lines
}

/// What a key takes, in words.
fn takes(kind: Kind) -> String {
    let list = |words: &[&str]| words.join(", ");
    match kind {
        Kind::Text => "a text".to_owned(),
        Kind::Date => "a date, such as 2025-03-19 or \"March 2025\"".to_owned(),
        Kind::Switch => "true or false".to_owned(),
        Kind::Word(words) => format!("one of: {}", list(words)),
        Kind::Words(words) => format!("a list of some of: {}", list(words)),
        Kind::Texts => "a list of texts".to_owned(),
        Kind::Name(refer) => format!("the name of {}", referred(refer)),
        Kind::Names(refer) => format!("a list of names, each of {}", referred(refer)),
        Kind::Number(_) => "a number, exact or a range, in short or in long form".to_owned(),
        Kind::NumberMap(_, refer) => {
            format!(
                "a table of numbers, each under the name of {}",
                referred(refer)
            )
        }
        Kind::Table(_) | Kind::Map(_) => "a table".to_owned(),
        Kind::Tables(_) => "a list of tables".to_owned(),
        Kind::Choice => "a table from issues to an option each".to_owned(),
        Kind::Pattern => "a table from issues to lists of options".to_owned(),
        Kind::Paths => {
            "a table from paths of numbers, in quotes, to what they are set to".to_owned()
        }
        Kind::Path => "the path of a number, in quotes".to_owned(),
        Kind::PathList => "a list of paths of numbers".to_owned(),
        Kind::Trigger => "\"now\", \"accept\", \"refuse(PARTY)\" or \"violate(PARTY)\"".to_owned(),
        Kind::Strength => {
            "weak, fair or strong, perhaps with opposite before it, or a rank correlation"
                .to_owned()
        }
        Kind::Predicate => "a statement about what is computed, in quotes".to_owned(),
        Kind::Amount => "a number worked out of what is computed, in quotes".to_owned(),
    }
}

fn referred(refer: Refer) -> &'static str {
    match refer {
        Refer::Own => "something of the same part of the case",
        Refer::Source => "a source",
        Refer::Party => "a party",
        Refer::TypeOfItsParty => "a type of the party named beside it",
        Refer::AnyType => "a type with its party (PARTY.TYPE)",
        Refer::Issue => "an issue",
        Refer::Option => "an option with its issue (ISSUE.OPTION)",
        Refer::Package => "a named package",
        Refer::Lever => "a lever",
        Refer::Observable => "an observable",
        Refer::Reading => "a reading",
        Refer::Claim => "a claim",
    }
}

#[cfg(test)]
mod tests {
    use super::{key_page, places, walk};
    use crate::explain;
    use detente_case::{EVIDENCE_ROOT, Field, Kind, LONG_NUMBER, ROOT};

    /// Every key of the language, by its path. Sources of evidence are those of a case.
    fn keys() -> Vec<(String, &'static Field)> {
        let mut keys: Vec<(String, &'static Field)> = Vec::new();
        for (root, at) in [(&ROOT, ""), (&EVIDENCE_ROOT, ""), (&LONG_NUMBER, "number.")] {
            walk(root, at, &mut |path, field| {
                if !keys.iter().any(|(known, _)| known == path) {
                    keys.push((path.to_owned(), field));
                }
            });
        }
        keys
    }

    #[test]
    fn every_key_is_explained_with_and_without_names() {
        let keys = keys();
        assert!(keys.len() > 250, "{} keys", keys.len());
        for (path, field) in keys {
            for topic in [path.clone(), path.replace(".NAME", "")] {
                let page = explain(&topic).unwrap_or_else(|_| panic!("no page on {topic}"));
                assert!(page.contains(&format!("# {topic}\n")), "{topic}:\n{page}");
                assert!(page.contains(field.doc), "{topic}:\n{page}");
                let is_table =
                    matches!(field.kind, Kind::Table(_) | Kind::Tables(_) | Kind::Map(_));
                assert_eq!(page.contains("## Keys"), is_table, "{topic}:\n{page}");
                if let Kind::Number(number) | Kind::NumberMap(number, _) = field.kind {
                    assert!(page.contains(&format!("Unit: {}", number.unit)), "{page}");
                    let default = number.default.is_some();
                    assert_eq!(page.contains("If left out: "), default, "{page}");
                }
            }
            assert!(places(field.key).is_some(), "{path}");
            let tail = path.rsplit('.').filter(|s| *s != "NAME").take(2);
            let tail: Vec<&str> = tail.collect();
            let tail: Vec<&str> = tail.into_iter().rev().collect();
            assert!(explain(&tail.join(".")).is_ok(), "{path}");
            if let Kind::Word(words) | Kind::Words(words) = field.kind {
                for word in words {
                    assert!(explain(word).is_ok(), "{path}: {word}");
                }
            }
        }
    }

    /// A fact's unit and bounds are those of where it is used.
    #[test]
    fn a_fact_is_bounded_where_it_is_used() {
        let page = crate::explain("fact.strike_rate").unwrap();
        assert!(
            page.contains("Unit: as where it is used; so are its bounds."),
            "{page}"
        );
        assert!(!page.contains("any number"), "{page}");
    }

    #[test]
    fn a_page_says_what_a_key_takes_and_what_its_default_is() {
        let page = |path: &str| key_page(path).unwrap_or_else(|| panic!("{path}"));
        assert!(
            page("lever.kind")
                .contains("Takes one of: stick, carrot, assurance, pressure. Required.")
        );
        let cost = page("party.renege_cost");
        assert!(cost.contains("If left out: drawn from between 0 and 10 where an answer depends on it, 0 elsewhere; assumed about the world"), "{cost}");
        assert!(page("party.north.burden.source").contains("a list of names, each of a source"));
        assert!(
            page("durability.kept_months")
                .contains("If left out: 60; what an answer is measured by")
        );
        assert!(page("lever.delay").contains("If left out: 0; nothing is assumed by it"));
        // A lever may have the name of a key.
        assert!(page("lever.cost.delay").contains("months before what it sets steps in"));
        // A table lists where its numbers may lie.
        let rebuild = page("durability.rebuild");
        assert!(
            rebuild.contains("`A`: of side A (months; a number between bounds, 6 to 60)"),
            "{rebuild}"
        );
        assert!(page("issue.option.lasts").contains("the whole package that holds it"));
        assert!(page("reading.r.set.contest.edge").contains("log ratio of A's effort"));
        assert!(
            key_page("lever.surge.kind.odd").is_none() && key_page("lever.surge.knid").is_none()
        );
    }
}
