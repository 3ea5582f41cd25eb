//! Work without the interpreter: while worlds are run other threads of Python go on, and Ctrl-C and whoever watches are heard.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex};
use std::time::Duration;

use detente::{Phase, Progress};
use pyo3::prelude::*;

use crate::faults;

/// How often Python is asked whether somebody wants to stop.
const TICK: Duration = Duration::from_millis(50);
/// Room for what recurses: the main thread of a program has as much.
const STACK: usize = 16 << 20;

/// How far work has come, and whether to go on.
#[derive(Default)]
pub(crate) struct Watched {
    phase: AtomicUsize,
    done: AtomicUsize,
    steps: AtomicUsize,
    abandoned: AtomicBool,
}

/// What is counted, in the words of the command line.
const PHASES: [&str; 5] = ["worlds", "claims", "readings", "sections", "certificates"];

impl Progress for Watched {
    fn advance(&self, worlds: usize) {
        if self.phase.load(Ordering::Relaxed) == 0 {
            self.done.fetch_add(worlds, Ordering::Relaxed);
        }
    }

    fn begins(&self, phase: Phase, steps: usize) {
        let place = match phase {
            Phase::Worlds => 0,
            Phase::Claims => 1,
            Phase::Readings => 2,
            Phase::Sections => 3,
            Phase::Certificates => 4,
        };
        self.done.store(0, Ordering::Relaxed);
        self.steps.store(steps, Ordering::Relaxed);
        self.phase.store(place, Ordering::Relaxed);
    }

    fn step(&self) {
        self.done.fetch_add(1, Ordering::Relaxed);
    }

    fn stopped(&self) -> bool {
        self.abandoned()
    }

    fn abandoned(&self) -> bool {
        self.abandoned.load(Ordering::Relaxed)
    }
}

impl Watched {
    /// So many worlds are to be run.
    pub(crate) fn expect(&self, worlds: usize) {
        self.steps.store(worlds, Ordering::Relaxed);
    }

    fn tell(&self, told: Option<&Bound<PyAny>>) -> PyResult<()> {
        let Some(told) = told else { return Ok(()) };
        let phase = PHASES[self.phase.load(Ordering::Relaxed)];
        let steps = self.steps.load(Ordering::Relaxed);
        let done = self.done.load(Ordering::Relaxed).min(steps);
        told.call1((phase, done, steps)).map(|_| ())
    }
}

/// Does work on a thread of its own and hands back what comes of it. This thread waits without the interpreter's lock, asks it now and then
/// for signals and tells `told` how far the work is; what either raises ends the work and is raised here. A panic becomes a `Defect`.
pub(crate) fn computing<T: Send>(
    py: Python<'_>,
    told: Option<&Bound<PyAny>>,
    work: impl FnOnce(&Watched) -> T + Send,
) -> PyResult<T> {
    let watched = Watched::default();
    let (ended, bell) = (Mutex::new(false), Condvar::new());
    let outcome = std::thread::scope(|scope| {
        let worker = std::thread::Builder::new()
            .name("detente".to_owned())
            .stack_size(STACK)
            .spawn_scoped(scope, || {
                let outcome = catch_unwind(AssertUnwindSafe(|| work(&watched)));
                if let Ok(mut ended) = ended.lock() {
                    *ended = true;
                }
                bell.notify_all();
                outcome
            })?;
        let mut raised = None;
        loop {
            let over = py.detach(|| {
                let Ok(ended) = ended.lock() else { return true };
                let waited = bell.wait_timeout_while(ended, TICK, |ended| !*ended);
                waited.is_ok_and(|(ended, _)| *ended)
            });
            if over {
                break;
            }
            if raised.is_none() {
                let heard = py.check_signals().and_then(|()| watched.tell(told));
                if let Err(error) = heard {
                    watched.abandoned.store(true, Ordering::Relaxed);
                    raised = Some(error);
                }
            }
        }
        let outcome = worker.join().and_then(|outcome| outcome);
        match raised {
            Some(error) => Err(error),
            None => Ok(outcome),
        }
    })?;
    let outcome = outcome.map_err(|panic| faults::defect(py, panic.as_ref()))?;
    // Whoever watches sees the end.
    watched.tell(told)?;
    Ok(outcome)
}

/// Does what takes no time to speak of, so that no panic crosses into Python.
pub(crate) fn quickly<T>(py: Python<'_>, work: impl FnOnce() -> PyResult<T>) -> PyResult<T> {
    match catch_unwind(AssertUnwindSafe(work)) {
        Ok(outcome) => outcome,
        Err(panic) => Err(faults::defect(py, panic.as_ref())),
    }
}
