//! A case with what is set over it.

use std::fmt::Write as _;

use detente::diag::Sources;
use detente::{BadReading, Case, Overrides};

use crate::faults;
use crate::request::State;
use crate::{Refused, save};

/// What the package in hand is called in the case.
pub(crate) const IN_HAND: &str = "package_in_hand";

/// A case that can be run.
pub(crate) struct Put {
    pub(crate) case: Case,
    pub(crate) overrides: Overrides,
}

/// The case of these texts, with what a state sets, and further packages: each its name there, what it is called, and its options by issue.
pub(crate) fn put(
    files: &[(&str, &str)],
    state: &State,
    further: &[Package],
) -> Result<Put, Refused> {
    let mut added = String::new();
    if !state.package.is_empty() {
        added.push_str(&save::package_text(
            IN_HAND,
            "The package in hand",
            &state.package,
        ));
    }
    for package in further {
        added.push_str(&save::package_text(
            &package.id,
            &package.name,
            &package.options,
        ));
    }
    let mut files = files.to_vec();
    if !added.is_empty() {
        // A text of its own, so that places in the others stay where they are.
        files.push(("the package in hand", &added));
    }
    let checked = detente::check_files(&files);
    let mut sources = checked.sources;
    let case = checked
        .case
        .ok_or_else(|| Refused::Case(faults::told(&checked.diagnostics, &sources)))?;
    let case = case
        .with_set(&state.sets(), &mut sources)
        .map_err(|found| Refused::Case(faults::told(&found, &sources)))?;
    let overrides =
        detente::overrides_of(&case, &state.readings).map_err(|bad| refused(&bad, &sources))?;
    Ok(Put { case, overrides })
}

/// A package that is put beside the named ones.
pub(crate) struct Package {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) options: std::collections::BTreeMap<String, String>,
}

pub(crate) fn refused(bad: &BadReading, sources: &Sources) -> Refused {
    match bad {
        BadReading::Impossible(found) => Refused::Case(faults::told(found, sources)),
        BadReading::Unknown { .. } => Refused::Absent(bad.to_string()),
    }
}

/// What differs between two states, as it is set in the second: a sentence's piece, and the state with that alone changed.
pub(crate) fn changes(before: &State, after: &State) -> Vec<(String, State)> {
    let mut changes = Vec::new();
    let mut add = |what: String, change: &dyn Fn(&mut State)| {
        let mut alone = before.clone();
        change(&mut alone);
        changes.push((what, alone));
    };
    if before.readings != after.readings {
        let mut what = String::from("readings: ");
        let named = |ids: &[String]| match ids {
            [] => "none".to_owned(),
            ids => ids.join(", "),
        };
        let _ = write!(
            what,
            "{} → {}",
            named(&before.readings),
            named(&after.readings)
        );
        add(what, &|state| state.readings.clone_from(&after.readings));
    }
    if before.prior != after.prior {
        let what = if after.prior {
            "the record is left out"
        } else {
            "the record is heard"
        };
        add(what.to_owned(), &|state| state.prior = after.prior);
    }
    let mut paths: Vec<&String> = before.set.keys().chain(after.set.keys()).collect();
    paths.sort();
    paths.dedup();
    for path in paths {
        let (old, new) = (before.set.get(path), after.set.get(path));
        if old == new {
            continue;
        }
        let written =
            |value: Option<&String>| value.map_or("as written", String::as_str).to_owned();
        let what = format!("{path}: {} → {}", written(old), written(new));
        add(what, &|state| {
            match new {
                Some(new) => state.set.insert(path.clone(), new.clone()),
                None => state.set.remove(path),
            };
        });
    }
    changes
}
