//! What went wrong, and the exit code that says so.

use std::process::ExitCode;

/// Why a command did not do what it was asked.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The input was bad; what is to be said about it has been said or stands here.
    BadInput(String),
    /// Something outside failed, such as a full disk.
    Failed(String),
    /// Somebody stopped it; what was done by then is kept.
    Stopped(String),
}

impl Failure {
    pub(crate) fn defect(panic: &(dyn std::any::Any + Send)) -> Self {
        Failure::Failed(format!(
            "this is a defect of detente, not of your case; please report it: {}",
            message(panic)
        ))
    }

    /// Prints what is to be said and gives the exit code.
    pub(crate) fn report(self) -> ExitCode {
        let (text, code) = match self {
            Failure::BadInput(text) => (text, 2),
            Failure::Failed(text) => (text, 1),
            Failure::Stopped(text) => {
                crate::output::note(&text);
                return ExitCode::from(130);
            }
        };
        if !text.is_empty() {
            crate::output::note(&format!("error: {text}"));
        }
        ExitCode::from(code)
    }
}

/// What a panic said.
pub(crate) fn message(panic: &(dyn std::any::Any + Send)) -> &str {
    let text = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied());
    text.unwrap_or("no message")
}
