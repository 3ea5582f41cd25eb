//! Work that tools do: on a thread of its own, one piece at a time, until it is done or nobody wants it any more.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use detente::Progress;
use detente::diag::{Diagnostic, Sources, visible};
use rmcp::ErrorData;
use rmcp::model::{CallToolResult, ContentBlock};
use rmcp::service::{RequestContext, RoleServer};
use serde_json::Value;
use tokio::sync::Semaphore;

use crate::commands::check::as_data;
use crate::failure::{Failure, message};
use crate::render;

/// What came of a tool's work, if it was not refused.
pub(super) type Answer = Result<CallToolResult, Refused>;

/// Why a tool does not do what it is asked.
pub(super) struct Refused {
    said: String,
    /// The same as data, where it is about the text of a case.
    faults: Option<Value>,
}

impl Refused {
    pub(super) fn saying(said: String) -> Self {
        Self { said, faults: None }
    }

    /// Faults of a text, all at once.
    pub(super) fn faults(faults: &[Diagnostic], sources: &Sources) -> Self {
        Self {
            said: render::drawn(faults, sources),
            faults: Some(as_data(faults, sources)),
        }
    }

    fn result(self) -> CallToolResult {
        let mut result = CallToolResult::error(vec![text(&self.said)]);
        result.structured_content = self.faults;
        result
    }
}

impl From<Failure> for Refused {
    fn from(failure: Failure) -> Self {
        let (Failure::BadInput(said) | Failure::Failed(said) | Failure::Stopped(said)) = failure;
        Self::saying(said)
    }
}

/// A text as a part of a result.
pub(super) fn text(said: &str) -> ContentBlock {
    ContentBlock::text(visible(said).into_owned())
}

/// An answer in words.
pub(super) fn words(said: &str) -> CallToolResult {
    CallToolResult::success(vec![text(said)])
}

/// Whoever watches over a piece of work.
pub(super) struct Watch(Box<dyn Fn() -> bool + Send + Sync>);

/// What a piece of work that nobody wants any more ends with.
struct Stopped;

impl Progress for Watch {
    /// Whatever goes on with worlds that are not there has nothing to go on with, so it is left. This is no panic of a defect: it passes the
    /// hook by.
    fn advance(&self, _worlds: usize) {
        if self.stopped() {
            std::panic::resume_unwind(Box::new(Stopped));
        }
    }

    fn stopped(&self) -> bool {
        (self.0)()
    }

    /// Worlds that a report cannot do without are run whoever says stop; here nobody reads that report.
    fn abandoned(&self) -> bool {
        self.stopped()
    }
}

/// Where work is done.
#[derive(Clone)]
pub(super) struct Bench {
    /// One piece at a time has all threads.
    free: Arc<Semaphore>,
    /// Has the server ended?
    ended: Arc<AtomicBool>,
}

impl Bench {
    pub(super) fn new(ended: Arc<AtomicBool>) -> Self {
        Self {
            free: Arc::new(Semaphore::new(1)),
            ended,
        }
    }

    /// Does a piece of work. It is told to stop when whoever asked for it cancels, or the server ends.
    pub(super) async fn work(
        &self,
        context: RequestContext<RoleServer>,
        work: impl FnOnce(&Watch) -> Answer + Send + 'static,
    ) -> Result<CallToolResult, ErrorData> {
        let defect = |what: &str| {
            let said =
                format!("this is a defect of detente, not of your case; please report it: {what}");
            ErrorData::internal_error(said, None)
        };
        let turn = self.free.clone().acquire_owned().await;
        let turn = turn.map_err(|error| defect(&error.to_string()))?;
        let (cancelled, ended) = (context.ct.clone(), self.ended.clone());
        let watch = Watch(Box::new(move || {
            cancelled.is_cancelled() || ended.load(Ordering::SeqCst)
        }));
        let done = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            if watch.stopped() {
                return Err(stopped());
            }
            let done = work(&watch);
            // What was cut short is no answer.
            if watch.stopped() {
                Err(stopped())
            } else {
                done
            }
        });
        match done.await {
            Ok(answer) => Ok(answer.unwrap_or_else(Refused::result)),
            Err(error) => Err(match error.try_into_panic() {
                Ok(panic) if panic.is::<Stopped>() => return Ok(stopped().result()),
                Ok(panic) => defect(message(panic.as_ref())),
                Err(error) => defect(&error.to_string()),
            }),
        }
    }
}

fn stopped() -> Refused {
    Refused::saying("stopped; nothing is told".to_owned())
}

#[cfg(test)]
mod tests {
    use std::panic::{AssertUnwindSafe, catch_unwind};
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use detente::{RunOptions, Template, new_case, summarise};

    use super::{Stopped, Watch};

    /// A run that nobody wants any more ends in the middle of its worlds, and not as a defect.
    #[test]
    fn a_run_ends_where_it_is_told_to() {
        let text = new_case(Template::Example, "test");
        let case = detente::check("case.toml", &text).case.unwrap();
        let asked = Arc::new(AtomicUsize::new(0));
        let counted = asked.clone();
        let watch = Watch(Box::new(move || {
            counted.fetch_add(1, Ordering::SeqCst) >= 4
        }));
        let options = RunOptions {
            worlds: 4096,
            ..RunOptions::quick(&case, RunOptions::default().stream)
        };
        let ended = catch_unwind(AssertUnwindSafe(|| summarise(&case, &[], options, &watch)));
        assert!(ended.is_err_and(|panic| panic.is::<Stopped>()));
        // Of what is left it asks twice a block of four worlds, and runs none.
        assert!(asked.load(Ordering::SeqCst) < 4096);
    }
}
