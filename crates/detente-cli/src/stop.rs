//! Ctrl-C while a report is made: before its worlds are done there is nothing to keep, after that it ends with what is there.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::failure::Failure;
use crate::output;

/// Shared between the report and whoever stops it.
#[derive(Clone, Default)]
pub(crate) struct Stop {
    /// Are the worlds done, so that there is something to write?
    worthwhile: Arc<AtomicBool>,
    asked: Arc<AtomicBool>,
}

/// What is to be done about a Ctrl-C.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Answer {
    /// Nothing can be kept.
    End,
    /// No more is begun, and what is there is written.
    Finish,
}

impl Stop {
    /// Watches for Ctrl-C from now on.
    pub(crate) fn watch() -> Result<Self, Failure> {
        let stop = Self::default();
        let own = stop.clone();
        ctrlc::set_handler(move || match own.pressed() {
            Answer::End => {
                output::note("stopped; nothing was written");
                std::process::exit(130);
            }
            Answer::Finish => {
                output::note("stopping: the report is written with what is there; Ctrl-C once more ends at once");
            }
        })
        .map_err(|error| Failure::Failed(format!("Ctrl-C cannot be watched for: {error}")))?;
        Ok(stop)
    }

    fn pressed(&self) -> Answer {
        let before = self.asked.swap(true, Ordering::SeqCst);
        if before || !self.worthwhile.load(Ordering::SeqCst) {
            Answer::End
        } else {
            Answer::Finish
        }
    }

    /// From now on there is something to write.
    pub(crate) fn worlds_are_done(&self) {
        self.worthwhile.store(true, Ordering::SeqCst);
    }

    pub(crate) fn asked(&self) -> bool {
        self.asked.load(Ordering::SeqCst)
    }
}

#[cfg(test)]
mod tests {
    use super::{Answer, Stop};

    #[test]
    fn the_first_ctrl_c_after_the_worlds_finishes_and_any_other_ends() {
        let early = Stop::default();
        assert_eq!(early.pressed(), Answer::End);
        let late = Stop::default();
        late.worlds_are_done();
        assert!(!late.asked());
        assert_eq!(late.pressed(), Answer::Finish);
        assert!(late.asked());
        assert_eq!(late.pressed(), Answer::End);
    }
}
