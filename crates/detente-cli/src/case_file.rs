//! Opening cases.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use detente::diag::{Code, Diagnostic, Sources};
use detente::{BadReading, Case, Checked, InputId, Overrides};

use crate::args::Drawing;
use crate::failure::Failure;
use crate::output::{self, Inputs};
use crate::render;

/// Longest text read; the checker says the same in its own words.
const BYTES: u64 = 4 << 20;
/// The file of a folder that a case is read from first.
const MAIN: &str = "case.toml";
/// The file of a folder that only scoring reads.
pub(crate) const EVIDENCE: &str = "evidence.toml";

/// The file of a folder in which signed forecasts are kept, which is no part of the case.
pub(crate) const LEDGER: &str = "ledger.toml";

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
    read_or_why(given).map_err(|fault| refuse(*fault))
}

/// The same, where nobody is to be told yet.
pub(crate) fn read_or_why(given: &Path) -> Result<Vec<(PathBuf, String)>, Unread> {
    paths_of(given).and_then(|paths| texts_of(given, paths))
}

/// What is wrong with a case's files, before there is a case.
pub(crate) type Unread = Box<Diagnostic>;

/// The files of a case, the main one first, which may not be there.
pub(crate) fn paths_of(given: &Path) -> Result<Vec<PathBuf>, Unread> {
    let mut paths = vec![if given.is_dir() {
        given.join(MAIN)
    } else {
        given.to_owned()
    }];
    if given.is_dir() {
        paths.extend(others(given)?);
    }
    Ok(paths)
}

/// The texts of the files of a case.
pub(crate) fn texts_of(
    given: &Path,
    paths: Vec<PathBuf>,
) -> Result<Vec<(PathBuf, String)>, Unread> {
    let not_found = |what: String| {
        let fault = Diagnostic::new(Code::NOT_FOUND, what);
        Box::new(match nearest_sibling(given) {
            Some(near) => fault.help(format!("did you mean {}?", near.display())),
            None => fault.help("give a case file, or a folder that holds case.toml"),
        })
    };
    let mut files = Vec::new();
    let mut total = 0;
    for path in paths {
        let shown = path.display();
        let length = match fs::metadata(&path) {
            Ok(metadata) if metadata.is_file() => metadata.len(),
            Ok(_) => return Err(not_found(format!("{shown} is not a file"))),
            Err(error) if given.is_dir() && path.ends_with(MAIN) => {
                let folder = given.display();
                return Err(not_found(format!(
                    "the folder {folder} holds no case.toml ({error})"
                )));
            }
            Err(error) => return Err(not_found(format!("{shown} cannot be opened ({error})"))),
        };
        total += length;
        if total > BYTES {
            let fault = Diagnostic::new(
                Code::TOO_LARGE,
                format!("{} is {} MiB long", given.display(), total >> 20),
            );
            return Err(Box::new(
                fault.help(format!("a case may have {} MiB", BYTES >> 20)),
            ));
        }
        let bytes = fs::read(&path)
            .map_err(|error| not_found(format!("{shown} cannot be read ({error})")))?;
        let text = utf8(&path, bytes)?;
        files.push((path, text));
    }
    Ok(files)
}

/// The text of a file; other bytes are refused.
pub(crate) fn as_text(path: &Path, bytes: Vec<u8>) -> Result<String, Failure> {
    utf8(path, bytes).map_err(|fault| refuse(*fault))
}

fn utf8(path: &Path, bytes: Vec<u8>) -> Result<String, Unread> {
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let line = error.as_bytes()[..at].split(|byte| *byte == b'\n').count();
        let shown = path.display();
        let fault = Diagnostic::new(
            Code::NOT_TEXT,
            format!("{shown} is not UTF-8 text: line {line} holds other bytes"),
        );
        Box::new(fault.help("save the file as UTF-8 text; a case is a TOML file"))
    })
}

pub(crate) fn refuse(diagnostic: Diagnostic) -> Failure {
    render::print(&[diagnostic], &Sources::default(), true);
    Failure::BadInput(String::new())
}

/// The other files of a case's folder, by name: all that end in .toml save the evidence, which only scoring reads, and the ledger. One that is
/// hidden, as editors and systems keep their own copies, is none of the case's; a folder that cannot be listed is refused, since
/// what it holds would be left out without a word. What is no file, or leads nowhere, is said when it is read.
fn others(folder: &Path) -> Result<Vec<PathBuf>, Unread> {
    let unlisted = |error: std::io::Error| {
        let what = format!("the folder {} cannot be listed ({error})", folder.display());
        let fault = Diagnostic::new(Code::NOT_FOUND, what);
        Box::new(fault.help("a case is all files of its folder that end in .toml: let it be read"))
    };
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).map_err(unlisted)? {
        let path = entry.map_err(unlisted)?.path();
        let hidden = path
            .file_name()
            .is_some_and(|name| name.as_encoded_bytes().starts_with(b"."));
        let toml = path
            .extension()
            .is_some_and(|extension| extension.eq_ignore_ascii_case("toml"));
        let own = [MAIN, EVIDENCE, LEDGER]
            .iter()
            .any(|name| path.ends_with(name));
        if toml && !hidden && !own {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}

/// The entry of the same folder whose name is nearest.
pub(crate) fn nearest_sibling(given: &Path) -> Option<PathBuf> {
    let folder = given.parent()?;
    let wanted = given.file_name()?.to_str()?;
    let folder_or_here = if folder.as_os_str().is_empty() {
        Path::new(".")
    } else {
        folder
    };
    let mut names: Vec<String> = fs::read_dir(folder_or_here)
        .ok()?
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .collect();
    names.sort();
    let near = detente::diag::nearest(
        wanted,
        names
            .iter()
            .map(String::as_str)
            .filter(|name| *name != wanted),
    )?;
    Some(folder.join(near))
}

/// The name of a case's folder, or of its file without its ending. A dot in a name is part of it, so that `talks.v1` and `talks.v2`
/// are two.
fn name_of(given: &Path) -> String {
    let absolute = given.canonicalize().unwrap_or_else(|_| given.to_owned());
    let named = if absolute.file_name() == Some(OsStr::new(MAIN)) {
        absolute.parent()
    } else {
        Some(absolute.as_path())
    };
    let name = named.and_then(Path::file_name).and_then(OsStr::to_str);
    let name = name.unwrap_or("case");
    let file = !absolute.is_dir() && named == Some(absolute.as_path());
    let bare = name
        .strip_suffix(".toml")
        .filter(|bare| file && !bare.is_empty());
    bare.unwrap_or(name).to_owned()
}

/// The name of what is made of a case under readings: readings' names hold no `+`.
pub(crate) fn name_under(name: &str, readings: &[String]) -> String {
    if readings.is_empty() {
        return name.to_owned();
    }
    format!("{name}-{}", readings.join("+"))
}
