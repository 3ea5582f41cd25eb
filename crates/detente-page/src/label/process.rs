//! Labels of what stands under the process.

use detente_core::{ProcessState, Setting};

use super::{party_name, type_name, words};

pub(super) fn of_process(setting: &Setting, rest: &[&str]) -> Option<String> {
    Some(match rest {
        [kind @ ("state" | "end"), id, "worth", party] => format!(
            "what {} is worth to {}",
            place(setting, kind, id),
            party_name(setting, party)
        ),
        [kind @ ("state" | "end"), id, "worth_of_type", party, own] => format!(
            "what {} is worth to {}, as type “{}”",
            place(setting, kind, id),
            party_name(setting, party),
            kind_name(setting, party, own)
        ),
        ["state", id, "scar", party] => format!(
            "what {} loses for good with a month of {}",
            party_name(setting, party),
            place(setting, "state", id)
        ),
        ["state", id, "scar_of_type", party, own] => format!(
            "what {} loses for good with a month of {}, as type “{}”",
            party_name(setting, party),
            place(setting, "state", id),
            kind_name(setting, party, own)
        ),
        ["move", id, "rate"] => format!("the rate of {}", move_name(setting, id)),
        ["move", id, "later", later, "from_month"] => format!(
            "the month from which {} has the rate “{}”",
            move_name(setting, id),
            words(later)
        ),
        ["move", id, "later", later, "rate"] => format!(
            "the later rate “{}” of {}",
            words(later),
            move_name(setting, id)
        ),
        _ => return None,
    })
}

/// A state or an end in quotes.
fn place(setting: &Setting, kind: &str, id: &str) -> String {
    let places = setting.process.as_ref().map(|process| match kind {
        "state" => &process.states[..],
        _ => &process.ends[..],
    });
    let found =
        places.and_then(|places| places.iter().find(|place: &&ProcessState| place.id == id));
    let name = found.map_or_else(|| words(id), |place| place.name.clone());
    format!("“{name}”")
}

pub(super) fn move_name(setting: &Setting, id: &str) -> String {
    let moves = setting.process.as_ref().map(|process| &process.moves);
    let found = moves.and_then(|moves| moves.iter().find(|own| own.id == id));
    let name = found.map_or_else(|| words(id), |own| own.name.clone());
    format!("the move “{name}”")
}

fn kind_name(setting: &Setting, party: &str, id: &str) -> String {
    let found = setting.parties.iter().find(|known| known.id == party);
    found.map_or_else(
        || words(id),
        |party| type_name(setting, party.types.clone(), id),
    )
}
