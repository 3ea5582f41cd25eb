//! First pass: every key is known, has the right kind of value, and none that is required is missing.

use detente_diag::{Code, Diagnostic, Diagnostics};

use super::terms;
use crate::grammar::{Kind, LONG_NUMBER, Refer, TERMS, TableSpec};
use crate::number::A_NUMBER;
use crate::{Tree, TreeKind};

/// Checks a table against its spec; `path` names it in messages.
pub(super) fn table(tree: &Tree, spec: &TableSpec, path: &str, diagnostics: &mut Diagnostics) {
    let TreeKind::Table(entries) = &tree.kind else {
        return shape(tree, "a table", diagnostics);
    };
    for (key, value) in entries {
        match spec.fields.iter().find(|field| field.key == key.text) {
            Some(field) => kind(value, &field.kind, &join(path, &key.text), diagnostics),
            None if std::ptr::eq(spec, &raw const TERMS) => terms::unknown(key, diagnostics),
            None => diagnostics.push(
                Diagnostic::new(
                    Code::UNKNOWN_KEY,
                    format!("unknown key `{}`{}", key.text, inside(path)),
                )
                .at(key.span, "not a key of this table")
                .suggest(&key.text, spec.fields.iter().map(|field| field.key)),
            ),
        }
    }
    for field in spec
        .fields
        .iter()
        .filter(|field| field.required && tree.get(field.key).is_none())
    {
        let mut fault = Diagnostic::new(
            Code::MISSING_KEY,
            format!("`{}` is missing{}", field.key, inside(path)),
        );
        if path.is_empty() {
            fault = fault.at(detente_diag::Span::new(tree.span.file, 0, 0), "");
        } else {
            fault = fault.at(header(tree), "in this table");
        }
        let help = match field.kind {
            Kind::Map(_) => format!("add tables [{}.NAME]: {}", join(path, field.key), field.doc),
            Kind::Number(number) => format!(
                "{}: {}; for instance {} = {}",
                field.key,
                field.doc,
                field.key,
                number.domain.example()
            ),
            _ => format!("{}: {}", field.key, field.doc),
        };
        diagnostics.push(fault.help(help));
    }
}

/// A table written with a header spans its whole body; point at the header alone.
fn header(tree: &Tree) -> detente_diag::Span {
    let entries = tree.entries();
    match entries.first() {
        Some((key, _)) if tree.span.end > key.span.start && tree.span.start < key.span.start => {
            detente_diag::Span::new(
                tree.span.file,
                tree.span.start,
                key.span.start.saturating_sub(1).max(tree.span.start + 1),
            )
        }
        _ => tree.span,
    }
}

fn kind(tree: &Tree, expected: &Kind, path: &str, diagnostics: &mut Diagnostics) {
    match expected {
        Kind::Text
        | Kind::Name(_)
        | Kind::Path
        | Kind::Trigger
        | Kind::Predicate
        | Kind::Amount => {
            if tree.text().is_none() {
                shape(tree, "a text in quotes", diagnostics);
            }
        }
        Kind::Strength => {
            if !matches!(tree.kind, TreeKind::Number(_) | TreeKind::Text(_)) {
                shape(tree, "a word or a number", diagnostics);
            }
        }
        Kind::Date => date(tree, diagnostics),
        Kind::Switch => {
            if !matches!(tree.kind, TreeKind::Switch(_)) {
                switch_shape(tree, diagnostics);
            }
        }
        Kind::Word(words) => word(tree, words, diagnostics),
        Kind::Words(words) => {
            list(tree, diagnostics, |item, diagnostics| {
                word(item, words, diagnostics);
            });
            once_each(tree, diagnostics);
        }
        Kind::Names(_) => texts(tree, "a name in quotes", diagnostics),
        Kind::Texts => texts(tree, "a text in quotes", diagnostics),
        Kind::PathList => texts(tree, "the path of a number in quotes", diagnostics),
        Kind::Number(_) => number(tree, path, diagnostics),
        Kind::Table(spec) => table(tree, spec, path, diagnostics),
        Kind::Map(spec) => map(tree, diagnostics, |name, value, diagnostics| {
            table(value, spec, &join(path, name), diagnostics);
        }),
        Kind::NumberMap(_, refer) => map(tree, diagnostics, |name, value, diagnostics| {
            let pairs = matches!(refer, Refer::AnyType | Refer::Option);
            match value.entries().first() {
                // A name with a dot, without its quotes, makes a table.
                Some((inner, _))
                    if pairs && !LONG_NUMBER.fields.iter().any(|f| f.key == inner.text) =>
                {
                    diagnostics.push(
                        Diagnostic::new(
                            Code::UNKNOWN_PATH,
                            "a name with a dot must stand in quotes",
                        )
                        .at(inner.span, "without quotes its dot makes a table")
                        .help(format!("write \"{name}.{}\" = …", inner.text)),
                    );
                }
                _ => number(value, &join(path, name), diagnostics),
            }
        }),
        Kind::Choice => map(tree, diagnostics, |_, value, diagnostics| {
            if value.text().is_none() {
                shape(value, "the name of an option in quotes", diagnostics);
            }
        }),
        Kind::Pattern => map(tree, diagnostics, |_, value, diagnostics| {
            match value.text() {
                Some(option) => diagnostics.push(
                    Diagnostic::new(
                        Code::WRONG_SHAPE,
                        "expected a list in [brackets], found a text",
                    )
                    .at(value.span, "here")
                    .help(format!(
                        "several options may be meant, so write [\"{option}\"]"
                    )),
                ),
                None => texts(value, "the name of an option in quotes", diagnostics),
            }
        }),
        Kind::Tables(spec) => list(tree, diagnostics, |item, diagnostics| {
            table(item, spec, path, diagnostics);
        }),
        Kind::Paths => map(tree, diagnostics, |key, value, diagnostics| {
            // The second pass knows which paths take a switch, and what to say of a path without its quotes.
            if !matches!(value.kind, TreeKind::Switch(_)) && unquoted(key, value).is_none() {
                number(value, path, diagnostics);
            }
        }),
    }
}

/// The path that was meant where its dots stand outside quotes, which makes nested tables of it.
pub(super) fn unquoted(key: &str, value: &Tree) -> Option<String> {
    let mut path = key.to_owned();
    let mut tree = value;
    while let (TreeKind::Table(entries), None) = (
        &tree.kind,
        tree.get("value").filter(|v| v.entries().is_empty()),
    ) {
        let (key, inner) = entries.first()?;
        path = join(&path, &key.text);
        tree = inner;
    }
    let begins = matches!(
        key,
        "party"
            | "issue"
            | "contest"
            | "lever"
            | "fact"
            | "lottery"
            | "process"
            | "durability"
            | "behaviour"
            | "talks"
            | "turnover"
            | "observable"
            | "messenger"
    );
    (begins && path.len() > key.len()).then_some(path)
}

/// A number in its short or long form; what stands in it is read by the second pass.
fn number(tree: &Tree, path: &str, diagnostics: &mut Diagnostics) {
    match &tree.kind {
        TreeKind::Number(_) | TreeKind::Text(_) => {}
        TreeKind::Table(entries) => {
            // `value` may be a number or a text; everything else as the table says.
            for (key, value) in entries {
                match LONG_NUMBER
                    .fields
                    .iter()
                    .find(|field| field.key == key.text)
                {
                    Some(field) if field.key != "value" => {
                        kind(value, &field.kind, &join(path, &key.text), diagnostics);
                    }
                    Some(_)
                        if matches!(
                            value.kind,
                            TreeKind::Number(_) | TreeKind::Text(_) | TreeKind::Switch(_)
                        ) => {}
                    Some(_) => shape(value, A_NUMBER, diagnostics),
                    None => diagnostics.push(
                        Diagnostic::new(
                            Code::UNKNOWN_KEY,
                            format!("unknown key `{}`{}", key.text, inside(path)),
                        )
                        .at(key.span, "not a key of a number's long form")
                        .suggest(&key.text, LONG_NUMBER.fields.iter().map(|field| field.key)),
                    ),
                }
            }
            if tree.get("value").is_none() == tree.get("experts").is_none() {
                let both = tree.get("value").is_some();
                let what = if both {
                    "`value` and `experts` stand side by side"
                } else {
                    "`value` is missing"
                };
                let fault = Diagnostic::new(Code::MISSING_KEY, format!("{what}{}", inside(path)));
                diagnostics.push(
                    fault
                        .at(tree.span, "here")
                        .help("the long form of a number is { value = …, source = […] }, or has `experts` in the place of `value`"),
                );
            }
        }
        _ => shape(tree, A_NUMBER, diagnostics),
    }
}

fn map(
    tree: &Tree,
    diagnostics: &mut Diagnostics,
    mut each: impl FnMut(&str, &Tree, &mut Diagnostics),
) {
    match &tree.kind {
        TreeKind::Table(entries) => entries
            .iter()
            .for_each(|(key, value)| each(&key.text, value, diagnostics)),
        _ => shape(tree, "a table", diagnostics),
    }
}

fn list(tree: &Tree, diagnostics: &mut Diagnostics, mut each: impl FnMut(&Tree, &mut Diagnostics)) {
    match &tree.kind {
        TreeKind::Array(items) => items.iter().for_each(|item| each(item, diagnostics)),
        TreeKind::Text(text) => diagnostics.push(
            Diagnostic::new(
                Code::WRONG_SHAPE,
                "expected a list in [brackets], found a text",
            )
            .at(tree.span, "here")
            .help(format!("write [\"{text}\"]")),
        ),
        _ => shape(tree, "a list in [brackets]", diagnostics),
    }
}

fn texts(tree: &Tree, expected: &str, diagnostics: &mut Diagnostics) {
    list(tree, diagnostics, |item, diagnostics| {
        if item.text().is_none() {
            shape(item, expected, diagnostics);
        }
    });
}

/// A word that stands twice in a list says nothing that it did not say before.
fn once_each(tree: &Tree, diagnostics: &mut Diagnostics) {
    let items = tree.items();
    for (i, item) in items.iter().enumerate() {
        let Some(text) = item.text() else { continue };
        if items[..i].iter().any(|before| before.text() == Some(text)) {
            let message = format!("`{text}` stands twice in this list");
            let fault = Diagnostic::new(Code::NAMED_TWICE, message);
            diagnostics.push(fault.at(item.span, "again").help("write it once"));
        }
    }
}

fn word(tree: &Tree, words: &[&str], diagnostics: &mut Diagnostics) {
    match tree.text() {
        Some(text) if words.contains(&text) => {}
        Some(text) => diagnostics.push(
            Diagnostic::new(
                Code::NOT_A_CHOICE,
                format!("`{text}` is not one of the words allowed here"),
            )
            .at(tree.span, "here")
            .suggest(text, words.iter().copied()),
        ),
        None => shape(tree, &format!("one of: {}", words.join(", ")), diagnostics),
    }
}

fn date(tree: &Tree, diagnostics: &mut Diagnostics) {
    if let Some(text) = tree.text().filter(|text| has_year(text)) {
        return odd_date(text, tree, diagnostics);
    }
    let fine = match &tree.kind {
        TreeKind::Date(text) | TreeKind::Text(text) => has_year(text),
        TreeKind::Number(year) => year.is_nan() || (1000.0..3000.0).contains(year),
        _ => false,
    };
    if !fine {
        let message = match tree.text() {
            Some(text) => format!("`{text}` holds no year"),
            None => format!("expected a date, found {}", tree.describe()),
        };
        diagnostics.push(
            Diagnostic::new(Code::BAD_DATE, message)
                .at(tree.span, "here")
                .help("write 2025-03-19, or \"March 2025\" where the day is not known"),
        );
    }
}

/// A text that holds a year but cannot be told for a date.
fn odd_date(text: &str, tree: &Tree, diagnostics: &mut Diagnostics) {
    let slashed = text.contains('/') && text.chars().all(|c| c.is_ascii_digit() || c == '/');
    let (message, help) = if slashed {
        (
            "can be read as two dates",
            "write 2025-03-01 for the first of March",
        )
    } else if super::dates::is_impossible(text) {
        (
            "is no day of the calendar",
            "is the day or the month wrong?",
        )
    } else {
        return;
    };
    diagnostics.push(
        Diagnostic::new(Code::BAD_DATE, format!("`{text}` {message}"))
            .at(tree.span, "here")
            .help(help),
    );
}

fn has_year(text: &str) -> bool {
    let digits = |run: &str| run.len() == 4 && run.bytes().all(|b| b.is_ascii_digit());
    text.split(|c: char| !c.is_ascii_digit()).any(digits)
}

pub(crate) fn switch_shape(tree: &Tree, diagnostics: &mut Diagnostics) {
    let found = format!("expected true or false, found {}", tree.describe());
    diagnostics.push(
        Diagnostic::new(Code::WRONG_SHAPE, found)
            .at(tree.span, "here")
            .help("write true or false, without quotes"),
    );
}

pub(crate) fn shape(tree: &Tree, expected: &str, diagnostics: &mut Diagnostics) {
    diagnostics.push(
        Diagnostic::new(
            Code::WRONG_SHAPE,
            format!("expected {expected}, found {}", tree.describe()),
        )
        .at(tree.span, "here"),
    );
}

fn join(path: &str, key: &str) -> String {
    if path.is_empty() {
        key.to_owned()
    } else {
        format!("{path}.{key}")
    }
}

fn inside(path: &str) -> String {
    if path.is_empty() {
        String::new()
    } else {
        format!(" in [{path}]")
    }
}
