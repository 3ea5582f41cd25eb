//! Reading cases: a file, or a folder that holds `case.toml`.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use detente::diag::{Code, Diagnostic};

/// Longest text read; the checker says the same in its own words.
const BYTES: u64 = 4 << 20;
/// The file of a folder that a case is read from first.
const MAIN: &str = "case.toml";
/// The file of a folder that only scoring reads.
pub const EVIDENCE: &str = "evidence.toml";

/// The file of a folder in which signed forecasts are kept, which is no part of the case.
pub const LEDGER: &str = "ledger.toml";

/// What is wrong with a case's files, before there is a case.
pub type Unread = Box<Diagnostic>;

/// The files of a case, the main one first, which may not be there.
///
/// # Errors
///
/// The folder cannot be listed.
pub fn paths_of(given: &Path) -> Result<Vec<PathBuf>, Unread> {
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

/// Finds and reads the texts of a case, the main one first.
///
/// # Errors
///
/// As [`paths_of`] and [`texts_of`].
pub fn read(given: &Path) -> Result<Vec<(PathBuf, String)>, Unread> {
    paths_of(given).and_then(|paths| texts_of(given, paths))
}

/// The texts of the files of a case.
///
/// # Errors
///
/// A file is not there, cannot be read, holds no text, or all of them are too long.
pub fn texts_of(given: &Path, paths: Vec<PathBuf>) -> Result<Vec<(PathBuf, String)>, Unread> {
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
        let text = as_text(&path, bytes)?;
        files.push((path, text));
    }
    Ok(files)
}

/// The text of a file; other bytes are refused.
///
/// # Errors
///
/// The bytes are no UTF-8.
pub fn as_text(path: &Path, bytes: Vec<u8>) -> Result<String, Unread> {
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
pub fn nearest_sibling(given: &Path) -> Option<PathBuf> {
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
pub fn name_of(given: &Path) -> String {
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
