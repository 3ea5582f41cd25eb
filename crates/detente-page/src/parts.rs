//! Parts of a report that cannot be written: one that panics costs itself alone.

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};

use detente_evidence::{Lack, Missing, said_in_panic};

/// Writes the parts of a report one by one, and keeps account of those that are not there.
#[derive(Default)]
pub(crate) struct Parts {
    missing: RefCell<Vec<Missing>>,
}

impl Parts {
    /// A part, unless it panics.
    pub(crate) fn write<T>(&self, part: &'static str, write: impl FnOnce() -> T) -> Option<T> {
        match catch_unwind(AssertUnwindSafe(write)) {
            Ok(written) => Some(written),
            Err(panic) => {
                let why = Lack::Defect(said_in_panic(panic.as_ref()));
                let missing = Missing { part, why };
                let mut all = self.missing.borrow_mut();
                // Several pieces of a part may lack for one reason.
                if !all.contains(&missing) {
                    all.push(missing);
                }
                None
            }
        }
    }

    /// Why a part is not there.
    pub(crate) fn lack(&self, part: &str) -> Option<Lack> {
        let all = self.missing.borrow();
        let found = all.iter().find(|missing| missing.part == part);
        found.map(|missing| missing.why.clone())
    }

    pub(crate) fn missing(self) -> Vec<Missing> {
        self.missing.into_inner()
    }
}

/// The note that stands in a part's place.
pub(crate) fn note(why: &Lack) -> String {
    match why {
        Lack::Interrupted => "Left out: interrupted.".to_owned(),
        Lack::Quick => "Left out of a quick look; the whole report tells it.".to_owned(),
        Lack::Kept => {
            "Left out, or not whole: this report is of a run that was kept, and no worlds were run for it; a report of the case tells it."
                .to_owned()
        }
        Lack::Unkept => {
            "Left out: the run that this report is of does not keep the columns by month that it is told by; `detente run --months` keeps them."
                .to_owned()
        }
        Lack::Defect(what) => {
            format!(
                "This section could not be written: a defect of the program, please report it: {what}"
            )
        }
    }
}
