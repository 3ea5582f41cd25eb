//! The workbench's engine: what its page asks of a case, as JSON, and the answer, as JSON.
//!
//! A question holds the texts of the case and all that is set over it, so that an answer is a function of the question and of the version
//! alone: the server of `detente live` and the page that runs the engine in a browser give the same bytes. docs/live.md lists the questions.
//! Nothing here opens a file, knows the time or starts a thread of its own.

pub mod assets;
mod at;
mod build;
mod compare;
mod explain;
mod faults;
mod glance;
mod look;
mod request;
mod save;
mod state;
mod turns;

use std::panic::{AssertUnwindSafe, catch_unwind};

use detente::Progress;
use serde_json::{Value, json};

use request::Request;

/// Why there is no answer.
#[derive(Debug)]
pub(crate) enum Refused {
    /// The question is none: what is wrong with it.
    Question(String),
    /// The case cannot be run: faults as data.
    Case(Value),
    /// What is asked for is not there: what, in a sentence.
    Absent(String),
}

/// Answers a question. Whoever reads no answer any more says so by `progress.abandoned()`; then it is `{"abandoned": true}`.
pub fn answer(question: &str, progress: &dyn Progress) -> String {
    let answered = catch_unwind(AssertUnwindSafe(|| told(question, progress)));
    let told = match answered {
        _ if progress.abandoned() => json!({ "abandoned": true }),
        Ok(Ok(told)) => told,
        Ok(Err(Refused::Question(what))) => json!({ "error": what }),
        Ok(Err(Refused::Case(faults))) => json!({ "faults": faults }),
        Ok(Err(Refused::Absent(what))) => json!({ "absent": what }),
        Err(panic) => json!({ "defect": detente::said_in_panic(panic.as_ref()) }),
    };
    // Names that an analyst chose must not smuggle in what cannot be seen.
    detente::diag::visible_json(&told.to_string()).into_owned()
}

fn told(question: &str, progress: &dyn Progress) -> Result<Value, Refused> {
    let request = Request::read(question)?;
    if request.files.is_empty() && ASKS.contains(&request.ask.as_str()) {
        return Err(Refused::Question(
            "`files` of the question must hold the case's texts".to_owned(),
        ));
    }
    match request.ask.as_str() {
        "check" => Ok(faults::check(&request)),
        "look" => look::look(&request, progress),
        "glance" => glance::glance(&request, progress),
        "open" => look::open(&request, progress),
        "page" => look::page(&request, progress),
        "build" => build::build(&request),
        "hinges" => build::hinges(&request, progress),
        "turns" => turns::turns(&request, progress),
        "compare" => compare::compare(&request, progress),
        "explain" => explain::explain(&request),
        "complete" => explain::complete(&request),
        "reading" => save::reading(&request),
        "package" => save::package(&request),
        other => {
            let near = detente::diag::nearest(other, ASKS);
            let near = near.map_or(String::new(), |near| format!("; did you mean `{near}`?"));
            Err(Refused::Question(format!(
                "nothing is asked by `{other}`{near}"
            )))
        }
    }
}

/// What can be asked.
const ASKS: [&str; 13] = [
    "check", "look", "glance", "open", "page", "build", "hinges", "turns", "compare", "explain",
    "complete", "reading", "package",
];

#[cfg(test)]
mod tests;
