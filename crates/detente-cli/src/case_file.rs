//! Opening cases.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use detente::Case;
use detente::diag::{Code, Diagnostic, Sources};

use crate::failure::Failure;
use crate::render;

/// Longest text read; the checker says the same in its own words.
const BYTES: u64 = 4 << 20;

/// A checked case with its text.
pub(crate) struct Opened {
    pub(crate) case: Case,
    pub(crate) text: String,
    /// The file as given or found.
    pub(crate) path: PathBuf,
    /// What to call the case: its folder's or file's name.
    pub(crate) name: String,
}

/// Opens and checks a case, printing what the checker has to say. Warnings are printed in full only if `warnings`.
pub(crate) fn open(given: &Path, warnings: bool) -> Result<Opened, Failure> {
    let (path, text) = read(given)?;
    let checked = detente::check(&path.display().to_string(), &text);
    render::print(&checked.diagnostics, &checked.sources, warnings);
    match checked.case {
        Some(case) => Ok(Opened {
            case,
            text,
            name: name_of(given),
            path,
        }),
        None => Err(Failure::BadInput(String::new())),
    }
}

/// Finds and reads the text of a case; a fault is printed and becomes bad input.
pub(crate) fn read(given: &Path) -> Result<(PathBuf, String), Failure> {
    let refuse = |diagnostic: Diagnostic| {
        render::print(&[diagnostic], &Sources::default(), true);
        Failure::BadInput(String::new())
    };
    let not_found = |what: String| {
        let fault = Diagnostic::new(Code::NOT_FOUND, what);
        match nearest_sibling(given) {
            Some(near) => refuse(fault.help(format!("did you mean {}?", near.display()))),
            None => refuse(fault.help("give a case file, or a folder that holds case.toml")),
        }
    };
    let path = if given.is_dir() {
        given.join("case.toml")
    } else {
        given.to_owned()
    };
    let shown = path.display();
    let length = match fs::metadata(&path) {
        Ok(metadata) if metadata.is_file() => metadata.len(),
        Ok(_) => return Err(not_found(format!("{shown} is not a file"))),
        Err(error) if given.is_dir() => {
            return Err(not_found(format!(
                "the folder {} holds no case.toml ({error})",
                given.display()
            )));
        }
        Err(error) => return Err(not_found(format!("{shown} cannot be opened ({error})"))),
    };
    if length > BYTES {
        let fault = Diagnostic::new(
            Code::TOO_LARGE,
            format!("{shown} is {} MiB long", length >> 20),
        );
        return Err(refuse(
            fault.help(format!("a case may have {} MiB", BYTES >> 20)),
        ));
    }
    let bytes =
        fs::read(&path).map_err(|error| not_found(format!("{shown} cannot be read ({error})")))?;
    let text = String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let line = error.as_bytes()[..at].split(|byte| *byte == b'\n').count();
        let fault = Diagnostic::new(
            Code::NOT_TEXT,
            format!("{shown} is not UTF-8 text: line {line} holds other bytes"),
        );
        refuse(fault.help("save the file as UTF-8 text; a case is a TOML file"))
    })?;
    Ok((path, text))
}

/// The entry of the same folder whose name is nearest.
fn nearest_sibling(given: &Path) -> Option<PathBuf> {
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

fn name_of(given: &Path) -> String {
    let absolute = given.canonicalize().unwrap_or_else(|_| given.to_owned());
    let named = if absolute.file_name() == Some(OsStr::new("case.toml")) {
        absolute.parent()
    } else {
        Some(absolute.as_path())
    };
    let name = named.and_then(Path::file_stem).and_then(OsStr::to_str);
    name.unwrap_or("case").to_owned()
}
