//! The number behind a path, in words: "North’s burden" for `party.north.burden`. Every number of the language has a label here.

mod parts;
mod party;
mod process;

use detente_core::{Setting, Side};

use crate::words::genitive;

/// What an input is, in words; its path without dots where it is none of the language's numbers.
pub(super) fn label(path: &str, setting: &Setting) -> String {
    known(path, setting).unwrap_or_else(|| words(&path.replace('.', " ")))
}

fn known(path: &str, setting: &Setting) -> Option<String> {
    let segments: Vec<&str> = path.split('.').collect();
    match segments.as_slice() {
        ["party", party, rest @ ..] => party::label(setting, party, rest),
        ["issue", issue, "option", option, rest @ ..] => {
            parts::of_option(setting, (issue, option), rest)
        }
        ["contest", rest @ ..] => parts::of_contest(setting, rest),
        ["lever", lever, rest @ ..] => parts::of_lever(setting, lever, rest),
        ["durability", rest @ ..] => parts::of_durability(setting, rest),
        ["lottery", "chance"] => Some(format!(
            "the chance that {} side wins",
            genitive(&side_name(setting, Side::A))
        )),
        ["process", rest @ ..] => process::of_process(setting, rest),
        rest => parts::of_play(setting, rest),
    }
}

/// The label at the beginning of a line.
pub fn in_words(path: &str, setting: &Setting) -> String {
    crate::words::capitalised(&label(path, setting))
}

/// The label with its path as code, for sentences.
pub(super) fn with_path(path: &str, setting: &Setting) -> String {
    format!("{} (`{path}`)", label(path, setting))
}

/// An identifier as words.
fn words(id: &str) -> String {
    id.replace('_', " ")
}

/// A party's name, for readers.
fn party_name(setting: &Setting, id: &str) -> String {
    let found = setting.parties.iter().find(|party| party.id == id);
    found.map_or_else(|| words(id), |party| party.name.clone())
}

/// "A’s side" by the name of its first party.
fn side_of(setting: &Setting, letter: &str) -> String {
    let side = if letter == "A" { Side::A } else { Side::B };
    format!("{} side", genitive(&side_name(setting, side)))
}

fn type_name(setting: &Setting, mut types: std::ops::Range<usize>, id: &str) -> String {
    let found = types.find(|t| setting.types[*t].id == id);
    found.map_or_else(|| words(id), |t| setting.types[t].name.clone())
}

fn issue_name(setting: &Setting, id: &str) -> String {
    let found = setting.issues.iter().find(|issue| issue.id == id);
    found.map_or_else(|| words(id), |issue| issue.name.clone())
}

/// "“Where the armies stand” (Border)".
fn option_name(setting: &Setting, issue: &str, option: &str) -> String {
    let found = setting.issues.iter().find(|known| known.id == issue);
    let name = found
        .and_then(|issue| issue.options.iter().find(|known| known.id == option))
        .map_or_else(|| words(option), |option| option.name.clone());
    format!("“{name}” ({})", issue_name(setting, issue))
}

/// The first party of a side, for readers.
pub(super) fn side_name(setting: &Setting, side: Side) -> String {
    let party = setting
        .parties
        .iter()
        .find(|party| party.side == Some(side));
    party.map_or_else(|| format!("side {side:?}"), |party| party.name.clone())
}

/// "the contribution “mediator arms” (Mediator)".
fn supply_name(setting: &Setting, id: &str) -> String {
    let giver = setting.contest.as_ref().and_then(|contest| {
        let supply = contest.supplies.iter().find(|supply| supply.id == id)?;
        Some(setting.parties[supply.from].name.clone())
    });
    match giver {
        Some(giver) if words(id) != giver.to_lowercase() => {
            format!("the contribution “{}” ({giver})", words(id))
        }
        Some(giver) => format!("the contribution of {giver}"),
        None => format!("the contribution “{}”", words(id)),
    }
}

#[cfg(test)]
mod tests {
    use super::{known, label};

    /// Each with names that no case has.
    #[test]
    fn every_number_of_the_language_has_a_label() {
        let text = include_str!("../../../cases/first-case/case.toml");
        let setting = crate::check("case.toml", text).case.unwrap().setting;
        let paths = crate::keys::number_paths();
        assert!(paths.len() > 120);
        for path in paths {
            let named = path.replace("party.NAME", "party.north");
            let label = known(&named, &setting);
            assert!(label.is_some(), "{path}");
            let label = label.unwrap();
            assert!(
                !label.contains('_') && !label.contains('.'),
                "{path}: {label}"
            );
        }
        for path in [
            "lever.x.on",
            "lever.x.sets.contest.supply.y.level",
            "lever.x.sets.party.north.burden",
            "issue.x.option.y.sets.contest.capacity.B.low",
            "party.north.gate.x.on",
            "party.north.redline.x.on",
        ] {
            assert!(known(path, &setting).is_some(), "{path}");
        }
    }

    #[test]
    fn labels_read_as_words() {
        let text = include_str!("../../../cases/first-case/case.toml");
        let case = crate::check("case.toml", text).case.unwrap();
        let label = |path| label(path, &case.setting);
        assert_eq!(label("party.north.burden"), "North’s burden");
        assert_eq!(
            label("party.north.type.merchants.scar"),
            "North’s lasting loss from a month without a deal, as type “Merchants”"
        );
        assert_eq!(
            label("durability.force.B"),
            "what the forces of South’s side become after a deal, of today’s"
        );
        assert_eq!(
            label("party.north.leader.if.b_decisive.loses_office"),
            "the chance that North’s leader loses office where South’s side wins outright"
        );
    }
}
