//! The file of a ledger: where it is, reading it, and adding to it so that nobody's entry is lost.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use detente::diag::{Code, Diagnostic};
use detente::ledger::{self, HEAD, Ledger, NewEntry, What};

use crate::case_file::{self, LEDGER};
use crate::failure::Failure;
use crate::{output, render};

/// Longest ledger read.
const BYTES: u64 = 64 << 20;
/// Behind the name of a ledger: the folder with copies of the texts that were signed.
const TEXTS: &str = "texts";

/// The file of a ledger.
pub(crate) struct LedgerFile {
    path: PathBuf,
}

impl LedgerFile {
    /// The ledger of a case: the one that is named, or the one beside it.
    pub(crate) fn of_case(case: &Path, named: Option<&Path>) -> Self {
        let path = match named {
            Some(named) => named.to_owned(),
            None if case.is_dir() => case.join(LEDGER),
            None if case.ends_with("case.toml") => case.with_file_name(LEDGER),
            None => case.with_extension(LEDGER),
        };
        Self { path }
    }

    /// Refuses a name under which it would be read as a part of its case next time.
    pub(crate) fn refuse_part(&self, case: &[PathBuf]) -> Result<(), Failure> {
        let folder = |path: &Path| {
            let folder = path
                .parent()
                .filter(|folder| !folder.as_os_str().is_empty());
            folder.unwrap_or(Path::new(".")).canonicalize().ok()
        };
        let toml = self.path.extension();
        let toml = toml.is_some_and(|end| end.eq_ignore_ascii_case("toml"));
        let own = folder(&self.path);
        let beside = own.is_some() && case.iter().any(|file| folder(file) == own);
        if toml && beside && !case_file::is_ledger(&self.path) {
            return Err(Failure::BadInput(format!(
                "{} lies beside the case and ends as its parts do: call it {LEDGER} or NAME.{LEDGER}",
                self.path.display()
            )));
        }
        Ok(())
    }

    /// The same where a ledger itself may be given in the place of a case.
    pub(crate) fn given(case: &Path, named: Option<&Path>) -> Self {
        if named.is_none() && case_file::is_ledger(case) && !case.is_dir() {
            return Self {
                path: case.to_owned(),
            };
        }
        Self::of_case(case, named)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// What it is the ledger of: the name of its case, as entries have it, or of its file.
    pub(crate) fn name(&self, ledger: &Ledger) -> String {
        let first = ledger.signed().next();
        first.map_or_else(
            || self.path.display().to_string(),
            |(_, signed)| signed.case.name.clone(),
        )
    }

    /// Reads it; one that is at fault is refused with every fault, and so is one that is not there.
    pub(crate) fn read(&self) -> Result<Ledger, Failure> {
        if let Some(text) = self.text()? {
            return self.parse(&text);
        }
        let message = format!("there is no ledger {}", self.path.display());
        let fault = Diagnostic::new(Code::NOT_FOUND, message);
        Err(case_file::refuse(fault.help(
            "`detente ledger sign CASE JUDGEMENT` begins one; --ledger names one that lies elsewhere",
        )))
    }

    fn parse(&self, text: &str) -> Result<Ledger, Failure> {
        let shown = self.path.display().to_string();
        let (ledger, faults, sources) = ledger::read(&shown, text);
        render::print(&faults, &sources, true);
        ledger.ok_or_else(|| Failure::BadInput(String::new()))
    }

    /// Its text; nothing if it is not there.
    fn text(&self) -> Result<Option<String>, Failure> {
        let shown = self.path.display();
        match fs::metadata(&self.path) {
            Ok(there) if there.len() > BYTES => {
                let message = format!("{shown} is {} MiB long", there.len() >> 20);
                let fault = Diagnostic::new(Code::TOO_LARGE, message);
                Err(case_file::refuse(
                    fault.help(format!("a ledger may have {} MiB", BYTES >> 20)),
                ))
            }
            Ok(there) if !there.is_file() => {
                let fault = Diagnostic::new(Code::NOT_FOUND, format!("{shown} is not a file"));
                Err(case_file::refuse(fault.help("name the file of a ledger")))
            }
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(output::failed(&self.path, "read", &error)),
            Ok(_) => {
                let bytes = fs::read(&self.path);
                let bytes = bytes.map_err(|error| output::failed(&self.path, "read", &error))?;
                case_file::as_text(&self.path, bytes).map(Some)
            }
        }
    }

    /// The ledger as it is now; an empty one if there is none yet.
    pub(crate) fn read_or_new(&self) -> Result<Ledger, Failure> {
        match self.text()? {
            Some(text) => self.parse(&text),
            None => Ok(Ledger::default()),
        }
    }

    /// Adds entries. The ledger is read anew once nobody else can write to it, so that what somebody added in between stays and is
    /// followed; it is written beside its place and renamed into it.
    pub(crate) fn add(
        &self,
        entries: impl FnOnce(&Ledger) -> Result<Vec<What>, Failure>,
    ) -> Result<Vec<NewEntry>, Failure> {
        let _lock = self.lock()?;
        let mut text = match self.text()? {
            Some(text) => text,
            None => HEAD.to_owned(),
        };
        let mut ledger = self.parse(&text)?;
        let mut added = Vec::new();
        for what in entries(&ledger)? {
            let entry = ledger::append(&ledger, &what);
            if !text.ends_with('\n') {
                text.push('\n');
            }
            text.push_str(&entry.text);
            // What was written must read back as a ledger that holds, or it is not written.
            ledger = self.parse(&text)?;
            added.push(entry);
        }
        if !added.is_empty() {
            output::write_own(&self.path, |file| {
                let written = file.write_all(text.as_bytes());
                // A ledger that only its owner may read stays so.
                let kept = fs::metadata(&self.path).map(|there| there.permissions());
                let written =
                    written.and_then(|()| kept.map_or(Ok(()), |p| file.set_permissions(p)));
                written.map_err(|error| output::failed(&self.path, "written", &error))
            })?;
        }
        Ok(added)
    }

    /// Nobody else adds to the ledger until this is dropped. The file stays: were it removed, a process that had opened it before and one
    /// that made it anew could both hold theirs.
    fn lock(&self) -> Result<File, Failure> {
        let name = self.path.file_name().unwrap_or_default().to_string_lossy();
        let path = self.path.with_file_name(format!(".{name}.lock"));
        if fs::symlink_metadata(&path).is_ok_and(|there| !there.is_file()) {
            return Err(Failure::BadInput(format!(
                "{} is no file; nothing was written",
                path.display()
            )));
        }
        let opened = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path);
        let file = opened.map_err(|error| output::failed(&path, "written", &error))?;
        match file.try_lock() {
            Ok(()) => Ok(file),
            Err(TryLockError::WouldBlock) => Err(Failure::Failed(format!(
                "another process is adding to {}; nothing was written: do it again in a moment",
                self.path.display()
            ))),
            Err(TryLockError::Error(error)) => {
                output::note(&format!(
                    "{} cannot be locked ({error}): see to it that nobody else adds to the ledger now",
                    path.display()
                ));
                Ok(file)
            }
        }
    }

    /// Keeps a copy of a text that was signed, under its hash.
    pub(crate) fn keep(&self, hash: &str, text: &str) -> Result<(), Failure> {
        let path = self.kept(hash);
        if path.is_file() {
            return Ok(());
        }
        output::write_own(&path, |file| {
            let written = file.write_all(text.as_bytes());
            written.map_err(|error| output::failed(&path, "written", &error))
        })
    }

    /// A text that was kept under its hash, as it stands there now.
    pub(crate) fn kept_text(&self, hash: &str) -> Option<String> {
        fs::read_to_string(self.kept(hash)).ok()
    }

    fn kept(&self, hash: &str) -> PathBuf {
        let name = self.path.file_stem().unwrap_or_default().to_string_lossy();
        let folder = self.path.with_file_name(format!("{name}.{TEXTS}"));
        // A hash is a name that says nothing else, whatever a ledger holds.
        let name: String = hash.chars().filter(char::is_ascii_hexdigit).collect();
        folder.join(format!("{name}.txt"))
    }
}
