//! What was set, as text of the case: nothing lives in the page alone.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::request::Request;
use crate::{Refused, faults, state};

/// A reading of what is set, as text to add to the case, checked with it.
pub(crate) fn reading(request: &Request) -> Result<Value, Refused> {
    let (name, by, says) = (
        request.text("name")?,
        request.text("by")?,
        request.text("says")?,
    );
    if name.trim().is_empty() || by.trim().is_empty() {
        return Err(Refused::Absent(
            "a reading needs a name, and somebody who holds it".to_owned(),
        ));
    }
    let set = &request.state.set;
    let readings = &request.state.readings;
    if set.is_empty() && readings.is_empty() {
        return Err(Refused::Absent(
            "nothing is set that a reading could hold".to_owned(),
        ));
    }
    let put = state::put(&request.named(), &request.state, &[])?;
    let taken = put.case.readings.iter().map(|r| r.id.as_str());
    let id = free_name(name, &taken.collect::<Vec<_>>());
    let mut text = format!(
        "\n[reading.{id}]\nname = {}\nby = {}\n",
        quoted(name.trim()),
        quoted(by.trim())
    );
    if !says.trim().is_empty() {
        let _ = writeln!(text, "says = {}", quoted(says.trim()));
    }
    if !readings.is_empty() {
        let names: Vec<String> = readings.iter().map(|id| quoted(id)).collect();
        let _ = writeln!(text, "includes = [{}]", names.join(", "));
    }
    let _ = writeln!(text, "[reading.{id}.set]");
    for (path, value) in set {
        let value = match value.as_str() {
            "true" | "false" => value.clone(),
            value if value.parse::<f64>().is_ok_and(f64::is_finite) => value.to_owned(),
            value => quoted(value),
        };
        let _ = writeln!(text, "{} = {value}", quoted(path));
    }
    added(request, &id, &text)
}

/// The package in hand, as text to add to the case.
pub(crate) fn package(request: &Request) -> Result<Value, Refused> {
    let name = request.text("name")?.trim();
    if name.is_empty() || request.state.package.is_empty() {
        return Err(Refused::Absent(
            "a package needs a name, and an option on every issue".to_owned(),
        ));
    }
    let put = state::put(&request.named(), &request.state, &[])?;
    let taken = put.case.setting.packages.iter().map(|p| p.id.as_str());
    let id = free_name(name, &taken.collect::<Vec<_>>());
    let text = package_text(&id, name, &request.state.package);
    added(request, &id, &text)
}

/// The text, and what the checker says of the case with it behind its first file.
fn added(request: &Request, id: &str, text: &str) -> Result<Value, Refused> {
    let mut files = request.files.clone();
    let first = files.first_mut();
    let first = first.ok_or_else(|| Refused::Question("the question has no files".to_owned()))?;
    if !first.1.ends_with('\n') {
        first.1.push('\n');
    }
    let at = first.1.encode_utf16().count();
    first.1.push_str(text);
    let named: Vec<(&str, &str)> = files
        .iter()
        .map(|(n, t)| (n.as_str(), t.as_str()))
        .collect();
    let checked = detente::check_files(&named);
    if checked.case.is_none() {
        return Err(Refused::Case(faults::told(
            &checked.diagnostics,
            &checked.sources,
        )));
    }
    Ok(json!({ "id": id, "text": text, "file": 0, "at": at }))
}

/// A package as text of a case.
pub(crate) fn package_text(id: &str, name: &str, options: &BTreeMap<String, String>) -> String {
    let chosen = options.iter();
    let chosen: Vec<String> = chosen
        .map(|(issue, option)| format!("{} = {}", quoted(issue), quoted(option)))
        .collect();
    format!(
        "\n[package.{id}]\nname = {}\nchoose = {{ {} }}\n",
        quoted(name),
        chosen.join(", ")
    )
}

/// A TOML string of this text.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            c if c.is_control() => {
                let _ = write!(quoted, "\\u{:04X}", u32::from(c));
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

/// A name of the language made of one for readers, and none that is taken.
fn free_name(name: &str, taken: &[&str]) -> String {
    let lower = name.to_lowercase();
    let mut id: String = lower
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '_' })
        .collect();
    while id.contains("__") {
        id = id.replace("__", "_");
    }
    let id = id.trim_matches('_');
    let mut id: String = id.chars().take(40).collect();
    if id.is_empty() || id.starts_with(|c: char| c.is_ascii_digit()) {
        id.insert_str(0, "r_");
    }
    let free = |id: &String| !taken.contains(&id.as_str());
    if free(&id) {
        return id;
    }
    let mut more = (2..=taken.len() + 2).map(|n| format!("{id}_{n}"));
    more.find(free).unwrap_or(id)
}

#[cfg(test)]
mod tests {
    use super::{free_name, quoted};

    #[test]
    fn names_are_made_of_what_is_typed() {
        assert_eq!(
            free_name("Time is on South’s side", &[]),
            "time_is_on_south_s_side"
        );
        assert_eq!(free_name("2 years", &["r_2_years"]), "r_2_years_2");
        assert_eq!(free_name("–", &[]), "r_");
    }

    #[test]
    fn any_text_is_a_string_of_the_language() {
        for text in [
            "plain",
            "a \"b\" \\ c",
            "line\nline\ttab",
            "\u{7}bell",
            "é–🎲",
        ] {
            let toml = format!("[case]\nname = {}\nas_of = 2024-01-01\n", quoted(text));
            let checked = detente::check("t", &toml);
            let faults = checked.diagnostics.iter();
            assert!(
                faults.clone().all(|f| f.code.to_string() != "D0001"),
                "{toml}: {faults:?}"
            );
        }
    }
}
