//! What stands at a place of the text, and what may be written there.

use serde_json::{Value, json};

use crate::request::Request;
use crate::{Refused, at};

/// The reference page on what stands at a place: the number of the case that is stated there, else the word.
pub(crate) fn explain(request: &Request) -> Result<Value, Refused> {
    let (file, text, at) = place(request)?;
    let checked = detente::check_files(&request.named());
    let numbers = checked.case.iter().flat_map(|case| &case.inputs);
    let here = numbers.filter_map(|input| {
        let span = input.span?;
        let holds = span.file.0 as usize == file && (span.start..=span.end).contains(&at);
        holds.then_some((span.end - span.start, input))
    });
    if let (Some((_, input)), Some(case)) = (here.min_by_key(|(length, _)| *length), &checked.case)
    {
        let page = detente::explain_input(case, &input.path);
        return Ok(json!({ "topic": input.path, "page": page.unwrap_or_default() }));
    }
    let word = word(text, at);
    let header = header(text, at);
    let key = format!("{header}.{word}");
    let topics = [key.trim_matches('.'), word];
    let page = topics
        .iter()
        .find_map(|topic| Some((*topic, detente::explain(topic).ok()?)));
    match page {
        Some((topic, page)) if !word.is_empty() => Ok(json!({ "topic": topic, "page": page })),
        _ => Err(Refused::Absent(
            "nothing is known of what stands here".to_owned(),
        )),
    }
}

/// What may be written at a place.
pub(crate) fn complete(request: &Request) -> Result<Value, Refused> {
    let (_, text, at) = place(request)?;
    let all: Vec<&str> = request
        .files
        .iter()
        .map(|(_, text)| text.as_str())
        .collect();
    let mut offers = detente::workbench::complete(&all, text, at);
    let from = offers["from"]
        .as_u64()
        .and_then(|from| usize::try_from(from).ok());
    offers["from"] = json!(at::units(text, from.unwrap_or(at)));
    Ok(offers)
}

/// The file and the byte that a question speaks of.
fn place(request: &Request) -> Result<(usize, &str, usize), Refused> {
    let (file, units) = (request.number("file")?, request.number("at")?);
    let (_, text) = request.files.get(file).ok_or_else(|| {
        Refused::Question("`file` of the question must be the place of one of its files".to_owned())
    })?;
    Ok((file, text, at::byte(text, units)))
}

/// The word around a place, with the dots in it.
fn word(text: &str, at: usize) -> &str {
    let is_word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
    let start = text[..at].rfind(|c| !is_word(c));
    let start = start.map_or(0, |i| {
        i + text[i..].chars().next().map_or(1, char::len_utf8)
    });
    let end = text[at..]
        .find(|c| !is_word(c))
        .map_or(text.len(), |i| at + i);
    text[start..end].trim_matches('.')
}

/// The table that a place stands in.
fn header(text: &str, at: usize) -> &str {
    let lines = text[..at].lines().rev();
    let mut headers = lines.filter_map(|line| line.trim().strip_prefix('['));
    headers
        .next()
        .and_then(|inner| inner.trim_start_matches('[').split(']').next())
        .unwrap_or("")
}
