//! Parts of a report that are not there: one that panics, or that an interruption leaves no time for, costs itself alone.

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};

use detente_evidence::{Effort, Lack, Missing, said_in_panic};

use crate::run::Progress;

/// Makes the parts of a report one by one, and keeps account of those that are not there.
pub(crate) struct Parts<'a> {
    progress: &'a dyn Progress,
    /// Is no more asked for than what costs little?
    quick: bool,
    /// Are the worlds those of a run that is kept, and no others run?
    kept: bool,
    /// What is asked for all the same.
    opened: Option<&'static str>,
    missing: RefCell<Vec<Missing>>,
}

impl<'a> Parts<'a> {
    pub(crate) fn new(progress: &'a dyn Progress) -> Self {
        Self {
            progress,
            quick: false,
            kept: false,
            opened: None,
            missing: RefCell::default(),
        }
    }

    /// The same of a report that is made with this effort.
    pub(crate) fn of_effort(self, effort: Effort) -> Self {
        let opened = match effort {
            Effort::Opened(part) => Some(part),
            Effort::Fixed | Effort::Settled { .. } | Effort::Quick | Effort::Kept => None,
        };
        Self {
            quick: effort.is_first_look(),
            kept: effort == Effort::Kept,
            opened,
            ..self
        }
    }

    /// A part that runs worlds, which stop short when somebody stops the report: what they gave until then is no answer.
    pub(crate) fn of_worlds<T>(&self, part: &'static str, make: impl FnOnce() -> T) -> Option<T> {
        if self.kept {
            self.lacks(part, Lack::Kept);
            return None;
        }
        self.told(part, make)
    }

    /// The same of a part of which rows that were kept tell what takes no others.
    pub(crate) fn told<T>(&self, part: &'static str, make: impl FnOnce() -> T) -> Option<T> {
        let made = self.whole(part, make)?;
        if self.progress.stopped() {
            self.lacks(part, Lack::Interrupted);
            return None;
        }
        Some(made)
    }

    /// A part that is whole once it is made.
    pub(crate) fn whole<T>(&self, part: &'static str, make: impl FnOnce() -> T) -> Option<T> {
        if self.quick && self.opened != Some(part) {
            self.lacks(part, Lack::Quick);
            return None;
        }
        if self.progress.stopped() {
            self.lacks(part, Lack::Interrupted);
            return None;
        }
        self.quick(part, make)
    }

    /// A part that costs too little to be left out.
    pub(crate) fn quick<T>(&self, part: &'static str, make: impl FnOnce() -> T) -> Option<T> {
        match catch_unwind(AssertUnwindSafe(make)) {
            Ok(made) => Some(made),
            Err(panic) => {
                self.lacks(part, Lack::Defect(said_in_panic(panic.as_ref())));
                None
            }
        }
    }

    /// Says why a part is not there, or not whole.
    pub(crate) fn lacks(&self, part: &'static str, why: Lack) {
        let missing = Missing { part, why };
        let mut all = self.missing.borrow_mut();
        // Several pieces of a part may lack for one reason.
        if !all.contains(&missing) {
            all.push(missing);
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

#[cfg(test)]
mod tests {
    use detente_evidence::{Effort, Lack, Missing};
    use std::sync::atomic::{AtomicBool, Ordering};

    use super::Parts;
    use crate::run::{Ignored, Progress};

    #[test]
    fn a_panic_costs_its_part_alone() {
        let parts = Parts::new(&Ignored);
        assert_eq!(parts.whole("first", || 1), Some(1));
        let broken: Option<i32> = parts.whole("second", || panic!("the index is out of bounds"));
        assert_eq!(broken, None);
        assert_eq!(parts.whole("third", || 3), Some(3));
        let missing = parts.missing();
        let [
            Missing {
                part: "second",
                why,
            },
        ] = missing.as_slice()
        else {
            panic!("{missing:?}");
        };
        assert_eq!(why, &Lack::Defect("the index is out of bounds".to_owned()));
    }

    #[test]
    fn a_first_look_leaves_out_what_costs_more() {
        let parts = Parts::new(&Ignored).of_effort(Effort::Quick);
        assert_eq!(parts.whole("dear", || 1), None);
        assert_eq!(parts.of_worlds("dearer", || 2), None);
        assert_eq!(parts.quick("cheap", || 3), Some(3));
        assert!(parts.missing().iter().all(|m| m.why == Lack::Quick));
    }

    #[test]
    fn what_a_reader_opens_is_not_left_out_of_a_first_look() {
        let parts = Parts::new(&Ignored).of_effort(Effort::Opened("veto"));
        assert_eq!(parts.whole("veto", || 1), Some(1));
        assert_eq!(parts.whole("beliefs", || 2), None);
        assert_eq!(parts.lack("beliefs"), Some(Lack::Quick));
    }

    #[test]
    fn of_rows_that_are_kept_what_takes_other_worlds_is_left_out() {
        let parts = Parts::new(&Ignored).of_effort(Effort::Kept);
        assert_eq!(parts.whole("columns", || 1), Some(1));
        assert_eq!(parts.told("claims", || 2), Some(2));
        assert_eq!(parts.of_worlds("readings", || 3), None);
        assert_eq!(parts.lack("readings"), Some(Lack::Kept));
    }

    struct Stopped(AtomicBool);

    impl Progress for Stopped {
        fn advance(&self, _: usize) {}
        fn stopped(&self) -> bool {
            self.0.load(Ordering::SeqCst)
        }
    }

    #[test]
    fn what_comes_after_an_interruption_is_left_out() {
        let progress = Stopped(AtomicBool::new(false));
        let stop = || progress.0.store(true, Ordering::SeqCst);
        let parts = Parts::new(&progress);
        assert_eq!(parts.whole("before", || 1), Some(1));
        assert_eq!(
            parts.whole("during", || {
                stop();
                2
            }),
            Some(2),
            "it was made whole"
        );
        assert_eq!(parts.whole("after", || 3), None);
        assert_eq!(parts.of_worlds("later", || 4), None);
        assert_eq!(parts.quick("cheap", || 5), Some(5));
        let left: Vec<&str> = parts.missing().iter().map(|m| m.part).collect();
        assert_eq!(left, ["after", "later"]);
        // Worlds that were cut short are no answer.
        let progress = Stopped(AtomicBool::new(false));
        let parts = Parts::new(&progress);
        let cut = parts.of_worlds("worlds", || progress.0.store(true, Ordering::SeqCst));
        assert_eq!(cut, None);
        assert_eq!(
            parts.missing(),
            [Missing {
                part: "worlds",
                why: Lack::Interrupted
            }]
        );
    }
}
