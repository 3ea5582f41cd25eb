//! Writing to the terminal and to files, so that nothing is lost and nothing panics.

use std::fs::{self, File};
use std::io::{self, IsTerminal, Write};
use std::path::Path;

use crate::failure::Failure;

/// What the names of files end in while they are being written.
pub(crate) const UNFINISHED: &str = ".part";

/// Prints a result. A reader who has closed the pipe has read enough.
pub(crate) fn print(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(Failure::Failed(format!(
            "standard output cannot be written: {error}"
        ))),
        _ => Ok(()),
    }
}

/// Says something beside the result.
pub(crate) fn note(text: &str) {
    // There is nowhere left to complain to if this fails.
    let _ = writeln!(io::stderr().lock(), "{text}");
}

/// Colours only for people: on a terminal, and not where `NO_COLOR` is set (<https://no-color.org>).
pub(crate) fn colours() -> bool {
    io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

/// Writes a file whole or not at all: beside its place first, then renamed into it.
pub(crate) fn write_file(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    write_with(path, |file| {
        file.write_all(bytes)
            .map_err(|error| failed(path, "written", &error))
    })
}

/// Writes a file whole or not at all, however it is written: beside its place, down to the disk, then renamed into it.
pub(crate) fn write_with<T>(
    path: &Path,
    write: impl FnOnce(&mut File) -> Result<T, Failure>,
) -> Result<T, Failure> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    if let Some(folder) = folder {
        make_folder(folder)?;
    }
    let mut name = path
        .file_name()
        .ok_or_else(|| Failure::BadInput(format!("{} is not a file name", path.display())))?
        .to_owned();
    name.push(format!(".{}{UNFINISHED}", std::process::id()));
    let part = path.with_file_name(name);
    let written = File::create(&part)
        .map_err(|error| failed(path, "written", &error))
        .and_then(|mut file| {
            let written = write(&mut file)?;
            file.sync_all()
                .map_err(|error| failed(path, "written", &error))?;
            Ok(written)
        });
    let done = written.and_then(|written| {
        fs::rename(&part, path).map_err(|error| failed(path, "put in its place", &error))?;
        Ok(written)
    });
    if done.is_err() {
        // The half-written file is ours; if even that cannot be removed, the error already says why.
        let _ = fs::remove_file(&part);
    }
    done
}

/// Makes a folder and those it lies in.
pub(crate) fn make_folder(folder: &Path) -> Result<(), Failure> {
    fs::create_dir_all(folder).map_err(|error| {
        Failure::Failed(format!(
            "the folder {} cannot be made: {error}",
            folder.display()
        ))
    })
}

/// Something that a file would not suffer.
pub(crate) fn failed(path: &Path, what: &str, error: &dyn std::fmt::Display) -> Failure {
    Failure::Failed(format!("{} cannot be {what}: {error}", path.display()))
}
