//! Of a record that leaves as good as no world: that the report is made without it, and which entries are to blame.

use detente_evidence::{Blamed, LeavesNone};

use crate::words::{and_list, brief, count};

/// Worlds that count alike below which an entry leaves as good as none.
const NONE: f64 = 16.0;

/// For the bottom line.
pub(super) fn sentence(none: &LeavesNone) -> String {
    let names: Vec<String> = none.blamed.iter().map(name).collect();
    let (one, several) = ("leaves", "leave");
    let why = match &none.blamed[..] {
        [] => "its entries contradict one another in nearly every world".to_owned(),
        [first, ..] if first.alone < NONE => format!(
            "{} {} next to none of the worlds{}",
            and_list(&names),
            if names.len() == 1 { one } else { several },
            if names.len() == 1 {
                ""
            } else {
                ", each by itself"
            }
        ),
        _ => format!(
            "{} and the rest contradict one another in nearly every world",
            and_list(&names)
        ),
    };
    format!("What is on record is left out of this report: {why}.")
}

/// For the section.
pub(super) fn paragraph(none: &LeavesNone) -> String {
    let mut text = format!(
        "What is on record leaves as good as none of the {} that were weighed: those left are worth {:.0} that count alike. So this report is made without any of it.",
        count(none.weighed, "world"),
        none.effective
    );
    for blamed in &none.blamed {
        text.push(' ');
        text.push_str(&told(blamed));
    }
    if none.blamed.is_empty() {
        text.push_str(" No entry does so by itself, and no other is missing: acts and anchors, taken together, contradict one another or the case’s own numbers.");
    }
    text
}

fn name(blamed: &Blamed) -> String {
    let kind = if blamed.number.is_some() {
        "anchor"
    } else {
        "act"
    };
    format!(
        "the {kind} “{}” ({})",
        blamed.says.trim_end_matches('.'),
        blamed.id
    )
}

fn told(blamed: &Blamed) -> String {
    let name = name(blamed);
    if blamed.alone >= NONE {
        return format!(
            "Without {name} the rest would leave as many as {:.0} that count alike: look there first.",
            blamed.without
        );
    }
    let rest = format!(
        "leaves no more than {:.0} by itself (the rest without it: {:.0})",
        blamed.alone, blamed.without
    );
    match blamed.number {
        Some([model, known]) if model[0] == model[2] => format!(
            "It is {name} that {rest}: its number is {} in nearly every world, and {} to {} is known. Does what it sets (with, against) change that number at all?",
            brief(model[1]),
            brief(known[0]),
            brief(known[2])
        ),
        Some([model, known]) => format!(
            "It is {name} that {rest}: its number lies between {} and {} in 90 of 100 worlds, and {} to {} is known.",
            brief(model[0]),
            brief(model[2]),
            brief(known[0]),
            brief(known[2])
        ),
        None => {
            format!("It is {name} that {rest}: hardly any type of its party would have done it.")
        }
    }
}
