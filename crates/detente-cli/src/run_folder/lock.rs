//! One process at a time writes to a run's folder.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;

use super::{RunFolder, State};
use crate::failure::Failure;
use crate::output;

/// The file that whoever writes to the folder holds a lock on. It stays there: were it removed, a process that had opened it
/// before and one that made it anew could both hold theirs.
pub(crate) const LOCK: &str = "run.lock";

/// What became of asking for a folder.
pub(crate) enum Claim {
    /// It is this process's until this is dropped; the system lets go of it when the process ends, however it ends.
    Held(File),
    /// Another process has it.
    Busy(Failure),
    /// It cannot be written to.
    Denied(Failure),
}

impl RunFolder {
    /// What the folder holds, and the folder itself where it can be had; anything else than this run is refused, and so is
    /// one that is not whole and cannot be had.
    pub(crate) fn claim(&self) -> Result<(State, Claim), Failure> {
        let state = self.state(false)?;
        let claim = self.ask()?;
        let state = match (state, claim) {
            (State::Whole(manifest), claim) => return Ok((State::Whole(manifest), claim)),
            (_, Claim::Denied(failure)) => return Err(failure),
            (_, Claim::Busy(failure)) => match self.whole()? {
                // It was finished just now.
                Some(manifest) => return Ok((State::Whole(manifest), Claim::Busy(failure))),
                None => return Err(failure),
            },
            // What another process may have done before it let go.
            (_, held @ Claim::Held(_)) => (self.state(true)?, held),
        };
        Ok(state)
    }

    fn ask(&self) -> Result<Claim, Failure> {
        if !self.path.is_dir() {
            output::make_folder(&self.path)?;
        }
        let path = self.path.join(LOCK);
        if std::fs::symlink_metadata(&path).is_ok_and(|there| !there.is_file()) {
            // Through a link the lock would be made, or taken, on a stranger's file.
            return Err(self.holds(&format!("a {LOCK} that is no file of a run")));
        }
        let mut options = OpenOptions::new();
        let file = match options.create(true).truncate(false).write(true).open(&path) {
            Ok(file) => file,
            Err(error) => return Ok(Claim::Denied(output::failed(&path, "written", &error))),
        };
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Ok(Claim::Busy(busy(&self.path))),
            Err(TryLockError::Error(error)) => output::note(&format!(
                "{} cannot be locked ({error}): see to it that no other process writes to this folder",
                path.display()
            )),
        }
        Ok(Claim::Held(file))
    }
}

impl Claim {
    /// May this process write to the folder?
    pub(crate) fn held(&self) -> bool {
        matches!(self, Claim::Held(_))
    }

    /// The same, as a failure if not.
    pub(crate) fn needed(self) -> Result<Self, Failure> {
        match self {
            Claim::Held(file) => Ok(Claim::Held(file)),
            Claim::Busy(failure) | Claim::Denied(failure) => Err(failure),
        }
    }
}

fn busy(path: &Path) -> Failure {
    Failure::Failed(format!(
        "another process is writing to {}; nothing was changed: wait until it is done, or give another folder with -o",
        path.display()
    ))
}
