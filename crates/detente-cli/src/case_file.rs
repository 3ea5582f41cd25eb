//! Opening cases.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use detente::diag::{Diagnostic, Sources};
use detente::{BadReading, Case, Checked, InputId, Overrides};

use detente_desk::case_files::{self, name_of};
pub(crate) use detente_desk::case_files::{EVIDENCE, LEDGER, nearest_sibling};
#[cfg(feature = "mcp")]
pub(crate) use detente_desk::case_files::{paths_of, texts_of};

use crate::args::Drawing;
use crate::failure::Failure;
use crate::output::{self, Inputs};
use crate::render;

/// Is a file the ledger of a case in a folder, or of a case in one file, `NAME.ledger.toml`?
pub(crate) fn is_ledger(path: &Path) -> bool {
    let name = path.file_name().map(|name| name.to_string_lossy());
    name.is_some_and(|name| name == LEDGER || name.ends_with(&format!(".{LEDGER}")))
}

/// A checked case with its texts.
#[derive(Clone)]
pub(crate) struct Opened {
    pub(crate) case: Case,
    /// What the files are called in messages, and what they hold.
    pub(crate) texts: Vec<(String, String)>,
    /// The texts that places in the case point into: its own, and what was set on the command line.
    pub(crate) sources: Sources,
    /// The files as given or found, the main one first.
    pub(crate) paths: Vec<PathBuf>,
    /// What to call the case: its folder's or file's name.
    pub(crate) name: String,
}

impl Opened {
    /// What no result may take the place of.
    pub(crate) fn inputs(&self) -> Inputs {
        Inputs {
            files: self.paths.clone(),
            what: "the case",
        }
    }
}

/// Opens and checks a case, printing what the checker has to say. Warnings are printed in full only if `warnings`.
pub(crate) fn open(given: &Path, warnings: bool) -> Result<Opened, Failure> {
    let files = read(given)?;
    let checked = check(&files);
    render::print(&checked.diagnostics, &checked.sources, warnings);
    let (paths, texts) = files
        .into_iter()
        .map(|(path, text)| {
            let shown = path.display().to_string();
            (path, (shown, text))
        })
        .unzip();
    match checked.case {
        Some(case) => Ok(Opened {
            case,
            sources: checked.sources,
            texts,
            name: name_of(given),
            paths,
        }),
        None => Err(Failure::BadInput(String::new())),
    }
}

/// A case that has been opened, with one more text that is none of its files: what is asked on the command line, called so in messages.
pub(crate) fn with_text(opened: Opened, called: &str, text: &str) -> Result<Opened, Failure> {
    let own = opened
        .texts
        .iter()
        .map(|(name, text)| (name.as_str(), text.as_str()));
    let files: Vec<(&str, &str)> = own.chain([(called, text)]).collect();
    let checked = detente::check_files(&files);
    let Some(case) = checked.case else {
        render::print(&checked.diagnostics, &checked.sources, true);
        return Err(Failure::BadInput(String::new()));
    };
    Ok(Opened {
        case,
        sources: checked.sources,
        ..opened
    })
}

/// Opens a case to be drawn: with one expert heard alone and numbers set for this run, if asked for, and what its readings put
/// over it.
pub(crate) fn open_to_draw(drawing: &Drawing) -> Result<(Opened, Overrides), Failure> {
    to_draw(open(&drawing.case, false)?, drawing)
}

/// The same of a case that has been opened.
pub(crate) fn to_draw(
    mut opened: Opened,
    drawing: &Drawing,
) -> Result<(Opened, Overrides), Failure> {
    if let Some(name) = &drawing.expert {
        opened.case = detente::expert_alone(&opened.case, name)
            .map_err(|unknown| Failure::BadInput(unknown.to_string()))?;
    }
    opened.case = opened
        .case
        .with_set(&drawing.set, &mut opened.sources)
        .map_err(|faults| {
            render::print(&faults, &opened.sources, true);
            Failure::BadInput(String::new())
        })?;
    let overrides = detente::overrides_of(&opened.case, &drawing.reading)
        .map_err(|bad| refuse_reading(&bad, &opened.sources))?;
    for path in set_values(&drawing.set).keys() {
        let place = opened.case.inputs.iter().position(|i| i.path == *path);
        let taken = place.and_then(|place| {
            let id = InputId::from_index(place);
            opened.case.taken_over(id, &overrides)
        });
        if let Some(taken) = taken {
            output::note(&format!("note: {taken}; --set holds until then"));
        }
    }
    Ok((opened, overrides))
}

/// Says why readings cannot be drawn, with the places that make it so.
pub(crate) fn refuse_reading(bad: &BadReading, sources: &Sources) -> Failure {
    match bad {
        BadReading::Impossible(faults) => {
            render::print(faults, sources, true);
            Failure::BadInput(String::new())
        }
        BadReading::Unknown { .. } => Failure::BadInput(bad.to_string()),
    }
}

/// What is set for a run, by path: of several values for one number the last holds, as in [`Case::with_set`].
pub(crate) fn set_values(set: &[String]) -> BTreeMap<&str, &str> {
    let pairs = set.iter().filter_map(|text| text.split_once('='));
    pairs
        .map(|(path, value)| (path.trim(), value.trim().trim_matches('"')))
        .collect()
}

/// Checks the files of a case together.
pub(crate) fn check(files: &[(PathBuf, String)]) -> Checked {
    let named: Vec<(String, &str)> = files
        .iter()
        .map(|(path, text)| (path.display().to_string(), text.as_str()))
        .collect();
    let named: Vec<(&str, &str)> = named.iter().map(|(n, t)| (n.as_str(), *t)).collect();
    detente::check_files(&named)
}

/// Finds and reads the texts of a case, the main one first; a fault is printed and becomes bad input.
pub(crate) fn read(given: &Path) -> Result<Vec<(PathBuf, String)>, Failure> {
    case_files::read(given).map_err(|fault| refuse(*fault))
}

/// The text of a file; other bytes are refused.
pub(crate) fn as_text(path: &Path, bytes: Vec<u8>) -> Result<String, Failure> {
    case_files::as_text(path, bytes).map_err(|fault| refuse(*fault))
}

pub(crate) fn refuse(diagnostic: Diagnostic) -> Failure {
    render::print(&[diagnostic], &Sources::default(), true);
    Failure::BadInput(String::new())
}

/// The name of what is made of a case under readings: readings' names hold no `+`.
pub(crate) fn name_under(name: &str, readings: &[String]) -> String {
    if readings.is_empty() {
        return name.to_owned();
    }
    format!("{name}-{}", readings.join("+"))
}
