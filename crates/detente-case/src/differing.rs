//! Which numbers of two cases are not drawn alike.

use std::collections::BTreeMap;

use crate::{Draw, Input, InputId};

/// A number that two cases do not draw alike.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Differing {
    /// Its path.
    pub path: String,
    /// How it is stated in the first, in words; "not there" where it is not.
    pub before: String,
    /// The same of the second.
    pub after: String,
}

/// The numbers that are not drawn alike, in the order of the first, then those that the second alone has. Numbers that are drawn alike do
/// not differ, however they are written.
pub fn differing(first: &[Input], second: &[Input]) -> Vec<Differing> {
    let of = |inputs: &[Input]| -> BTreeMap<String, (String, String)> {
        let listed = inputs.iter();
        listed
            .map(|input| (input.path.clone(), as_drawn(inputs, input)))
            .collect()
    };
    let (old, new) = (of(first), of(second));
    let added = second.iter().map(|input| &input.path);
    let paths = first.iter().map(|input| &input.path);
    let paths = paths.chain(added.filter(|path| !old.contains_key(*path)));
    let absent = ("not there".to_owned(), String::new());
    paths
        .filter_map(|path| {
            let (before, after) = (
                old.get(path).unwrap_or(&absent),
                new.get(path).unwrap_or(&absent),
            );
            (before.1 != after.1).then(|| Differing {
                path: path.clone(),
                before: before.0.clone(),
                after: after.0.clone(),
            })
        })
        .collect()
}

/// A number as typed, and how it is drawn, so that two can be compared.
fn as_drawn(inputs: &[Input], input: &Input) -> (String, String) {
    let path = |id: &InputId| inputs[id.0 as usize].path.clone();
    let drawn = match &input.draw {
        Draw::Own(distribution) => format!("{distribution:?}"),
        Draw::Inherited(parent) => format!("as {}", path(parent)),
        Draw::Ranked { order, place } => {
            let order: Vec<String> = order.iter().map(path).collect();
            format!("number {place} of {}", order.join(", "))
        }
    };
    let text = match &input.draw {
        Draw::Inherited(_) => drawn.clone(),
        _ if input.text.is_empty() => "default".to_owned(),
        _ => input.text.clone(),
    };
    (text, drawn)
}
