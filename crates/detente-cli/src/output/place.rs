//! Where results go. A place that a user names is looked at before anything is computed: inputs, folders and what cannot be
//! written to are refused, a regular file is written beside and renamed into its place, and whatever else stands there (a device,
//! a FIFO, what a link leads to) is written through, never replaced. Files that are not of this program's making are left alone.

use std::ffi::{OsStr, OsString};
use std::fs::{self, File, FileType, Metadata, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use super::failed;
use crate::failure::Failure;

/// What the names of files end in while they are being written: `NAME.PROCESS.part`.
const UNFINISHED: &str = ".part";
/// Links that are followed from one to the next before a circle is assumed.
const LINKS: usize = 40;

/// What a command reads, which no result may take the place of.
#[derive(Default)]
pub(crate) struct Inputs {
    pub(crate) files: Vec<PathBuf>,
    /// What the files are, in a word.
    pub(crate) what: &'static str,
}

/// A place for a result, looked at.
pub(crate) struct Place {
    /// As it was named.
    named: PathBuf,
    at: At,
}

enum At {
    /// A regular file, there already or not.
    File(PathBuf),
    /// Anything else: its bytes go through it.
    Through,
}

impl Place {
    /// Looks at a place before the work for it begins.
    pub(crate) fn look(named: &Path, inputs: &Inputs) -> Result<Self, Failure> {
        let shown = named.display();
        if named.file_name().is_none() {
            return Err(Failure::BadInput(format!("{shown} is not a file name")));
        }
        inputs.refuse(named)?;
        let at = match fs::metadata(named) {
            Ok(there) if there.is_dir() => {
                return Err(Failure::BadInput(format!(
                    "{shown} is a folder; name a file"
                )));
            }
            Ok(there) if there.is_file() => {
                if there.permissions().readonly() {
                    return Err(Failure::Failed(format!(
                        "{shown} is there and may not be written to"
                    )));
                }
                match resolve(named).map_err(|error| failed(named, "written", &error))? {
                    Some(file) => At::File(file),
                    // Such as /dev/stdout where it is a file: whoever opened it must see what is written.
                    None => At::Through,
                }
            }
            Ok(there) => {
                let kind = there.file_type();
                if let Some(what) = never_written(kind) {
                    return Err(Failure::BadInput(format!("{shown} is {what}; name a file")));
                }
                At::Through
            }
            Err(error) if error.kind() == ErrorKind::NotFound => {
                let resolved = resolve(named).map_err(|error| failed(named, "written", &error))?;
                At::File(resolved.unwrap_or_else(|| named.to_owned()))
            }
            Err(error) => return Err(failed(named, "written", &error)),
        };
        if let At::File(path) = &at {
            probe(path)?;
        }
        Ok(Self {
            named: named.to_owned(),
            at,
        })
    }

    /// As it was named.
    pub(crate) fn named(&self) -> &Path {
        &self.named
    }

    /// Writes the result.
    pub(crate) fn write(&self, bytes: &[u8]) -> Result<(), Failure> {
        self.write_with(|sink| {
            let written = sink.write_all(bytes);
            written.map_err(|error| failed(&self.named, "written", &error))
        })
    }

    /// Writes the result, however it is written.
    pub(crate) fn write_with(
        &self,
        write: impl FnOnce(&mut (dyn Write + Send)) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let unwritten = |error: io::Error| failed(&self.named, "written", &error);
        match &self.at {
            At::File(path) => {
                let permissions = fs::metadata(path).ok().map(|there| there.permissions());
                beside(path, |file| {
                    write(file)?;
                    // A file that only its owner may read stays so.
                    match permissions {
                        Some(permissions) => file.set_permissions(permissions).map_err(unwritten),
                        None => Ok(()),
                    }
                })
            }
            // Opened a second time, a file that standard output goes to would be written from its start by both.
            At::Through if same(&self.named, Path::new("/dev/stdout")) => {
                let mut sink = Patient(io::stdout());
                write(&mut sink)?;
                sink.flush().map_err(unwritten)
            }
            At::Through => {
                let regular = fs::metadata(&self.named).is_ok_and(|there| there.is_file());
                let mut options = OpenOptions::new();
                let opened = options.write(true).truncate(regular).open(&self.named);
                write(&mut Patient(opened.map_err(unwritten)?))
            }
        }
    }
}

/// A reader who has closed the pipe has read enough: the rest goes nowhere.
struct Patient<W>(W);

impl<W: Write> Write for Patient<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self.0.write(bytes) {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(bytes.len()),
            done => done,
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self.0.flush() {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
            done => done,
        }
    }
}

impl Inputs {
    /// Refuses a place that is one of the inputs, under whatever name, or that would be read as one of them next time.
    fn refuse(&self, named: &Path) -> Result<(), Failure> {
        let shown = named.display();
        let what = self.what;
        if self.files.iter().any(|input| same(named, input)) {
            return Err(Failure::BadInput(format!(
                "{shown} is {what} itself; give the result another name"
            )));
        }
        let folder = |path: &Path| fs::canonicalize(folder_of(path)).ok();
        let toml = |path: &Path| {
            let extension = path.extension();
            extension.is_some_and(|extension| extension.eq_ignore_ascii_case("toml"))
        };
        let own = folder(named);
        let beside = |input: &PathBuf| toml(input) && folder(input) == own;
        if toml(named) && own.is_some() && self.files.iter().any(beside) {
            return Err(Failure::BadInput(format!(
                "{shown} lies beside {what} and ends as its parts do; give the result another name"
            )));
        }
        Ok(())
    }
}

/// Are both names of one file?
fn same(a: &Path, b: &Path) -> bool {
    let (Ok(one), Ok(other)) = (fs::metadata(a), fs::metadata(b)) else {
        return false;
    };
    let named_alike = || {
        fs::canonicalize(a)
            .ok()
            .is_some_and(|a| fs::canonicalize(b).ok() == Some(a))
    };
    same_file(&one, &other) || named_alike()
}

#[cfg(unix)]
fn same_file(a: &Metadata, b: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    (a.dev(), a.ino()) == (b.dev(), b.ino())
}

#[cfg(not(unix))]
fn same_file(_: &Metadata, _: &Metadata) -> bool {
    false
}

/// What stands at a place through which no result is written, if it is such a thing.
#[cfg(unix)]
fn never_written(kind: FileType) -> Option<&'static str> {
    use std::os::unix::fs::FileTypeExt as _;
    if kind.is_block_device() {
        Some("a disk")
    } else if kind.is_socket() {
        Some("a socket")
    } else {
        None
    }
}

#[cfg(not(unix))]
fn never_written(_: FileType) -> Option<&'static str> {
    None
}

/// Where the links of a name lead; `None` where the system makes up the last of them, so that no name leads to the file.
fn resolve(named: &Path) -> io::Result<Option<PathBuf>> {
    let mut path = named.to_owned();
    for _ in 0..LINKS {
        match fs::symlink_metadata(&path) {
            Ok(there) if there.is_symlink() => {
                if path.starts_with("/proc") || path.starts_with("/dev") {
                    return Ok(None);
                }
                path = folder_of(&path).join(fs::read_link(&path)?);
            }
            _ => return Ok(Some(path)),
        }
    }
    Err(io::Error::other("its links lead in a circle"))
}

fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

/// Could a file be made in the folder of this one, or in the nearest folder above it that is there?
fn probe(path: &Path) -> Result<(), Failure> {
    let mut folder = folder_of(path);
    while fs::symlink_metadata(folder).is_err() {
        folder = match folder.parent() {
            Some(above) if !above.as_os_str().is_empty() => above,
            _ => Path::new("."),
        };
    }
    let name = path.file_name().unwrap_or(OsStr::new("result"));
    let (probe, made) =
        create_beside(&folder.join(name)).map_err(|error| failed(path, "written", &error))?;
    drop(made);
    let _ = fs::remove_file(probe);
    Ok(())
}

/// Writes a file of a run's folder, whole or not at all. What stands under its name and is no regular file is refused.
pub(crate) fn write_own<T>(
    path: &Path,
    write: impl FnOnce(&mut File) -> Result<T, Failure>,
) -> Result<T, Failure> {
    if fs::symlink_metadata(path).is_ok_and(|there| !there.is_file()) {
        return Err(Failure::BadInput(format!(
            "{} is no file that detente wrote; nothing was changed there",
            path.display()
        )));
    }
    make_folder(folder_of(path))?;
    beside(path, write)
}

/// Refuses a name that stands for anything at all, a broken link too.
pub(crate) fn refuse_existing(path: &Path) -> Result<(), Failure> {
    if fs::symlink_metadata(path).is_ok() {
        return Err(Failure::BadInput(format!(
            "{} exists; nothing was written",
            path.display()
        )));
    }
    Ok(())
}

/// Writes a file that is not there yet.
pub(crate) fn write_new(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    refuse_existing(path)?;
    write_own(path, |file| {
        file.write_all(bytes)
            .map_err(|error| failed(path, "written", &error))
    })
}

/// Writes a file whole or not at all: beside its place, down to the disk, then renamed into it.
fn beside<T>(
    path: &Path,
    write: impl FnOnce(&mut File) -> Result<T, Failure>,
) -> Result<T, Failure> {
    let unwritten = |error: &io::Error| failed(path, "written", error);
    make_folder(folder_of(path))?;
    let (part, mut file) = create_beside(path).map_err(|error| unwritten(&error))?;
    let done = write(&mut file).and_then(|written| {
        file.sync_all().map_err(|error| unwritten(&error))?;
        fs::rename(&part, path).map_err(|error| failed(path, "put in its place", &error))?;
        Ok(written)
    });
    if done.is_err() {
        // The half-written file is ours; if even that cannot be removed, the error already says why.
        let _ = fs::remove_file(&part);
    }
    done
}

/// A new file beside another: never one that is there.
fn create_beside(path: &Path) -> io::Result<(PathBuf, File)> {
    let process = std::process::id();
    let mut last = io::Error::from(ErrorKind::AlreadyExists);
    for attempt in 0..100 {
        let mut name = path.file_name().map_or_else(OsString::new, OsStr::to_owned);
        name.push(match attempt {
            0 => format!(".{process}{UNFINISHED}"),
            n => format!(".{process}-{n}{UNFINISHED}"),
        });
        let part = path.with_file_name(name);
        match OpenOptions::new().write(true).create_new(true).open(&part) {
            Ok(file) => return Ok((part, file)),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => last = error,
            Err(error) => return Err(error),
        }
    }
    Err(last)
}

/// Is this what an attempt to write a file of a name that is `own` left behind?
pub(crate) fn is_left_over(name: &str, own: impl Fn(&str) -> bool) -> bool {
    let Some((of, process)) = name
        .strip_suffix(UNFINISHED)
        .and_then(|name| name.rsplit_once('.'))
    else {
        return false;
    };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let (process, attempt) = process.split_once('-').unwrap_or((process, "1"));
    digits(process) && digits(attempt) && own(of)
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

#[cfg(test)]
mod tests {
    use super::is_left_over;

    #[test]
    fn only_what_this_program_could_have_left_is_left_over() {
        let own = |name: &str| name == "manifest.json";
        for (name, expected) in [
            ("manifest.json.4711.part", true),
            ("manifest.json.4711-2.part", true),
            ("manifest.json", false),
            ("manifest.json.part", false),
            ("manifest.json.x.part", false),
            ("download.part", false),
            ("film.mkv.1.part", false),
        ] {
            assert_eq!(is_left_over(name, own), expected, "{name}");
        }
    }
}
