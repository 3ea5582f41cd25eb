//! Everything that leaves the program: the terminal here, files in `place`.
//!
//! What is printed passes one filter, so that a name in a case or a game cannot drive a terminal: see [`visible`].

mod place;

use std::io::{self, IsTerminal, Write};
use std::path::Path;

use detente::diag::{visible, visible_json};
use serde_json::Value;

use crate::failure::Failure;

pub(crate) use detente_desk::report::quoted;
pub(crate) use place::{
    Inputs, Place, is_left_over, make_folder, refuse_existing, write_new, write_own,
};

/// Prints a result in words. A reader who has closed the pipe has read enough.
pub(crate) fn print(text: &str) -> Result<(), Failure> {
    write_out(&visible(text))
}

/// Prints a result as JSON.
pub(crate) fn print_json(document: &Value) -> Result<(), Failure> {
    print_json_text(&format!("{document:#}\n"))
}

/// The same, of a text that is JSON already.
pub(crate) fn print_json_text(json: &str) -> Result<(), Failure> {
    write_out(&visible_json(json))
}

fn write_out(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(Failure::Failed(format!(
            "standard output cannot be written: {error}"
        ))),
        _ => Ok(()),
    }
}

/// Says something beside the result.
pub(crate) fn note(text: &str) {
    note_drawn(&visible(text));
}

/// The same, of a text whose parts have passed the filter and which may be coloured.
pub(crate) fn note_drawn(text: &str) {
    // There is nowhere left to complain to if this fails.
    let _ = writeln!(io::stderr().lock(), "{text}");
}

/// Colours only for people: on a terminal, and not where `NO_COLOR` is set (<https://no-color.org>).
pub(crate) fn colours() -> bool {
    io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

/// Something that a file would not suffer.
pub(crate) fn failed(path: &Path, what: &str, error: &dyn std::fmt::Display) -> Failure {
    Failure::Failed(format!("{} cannot be {what}: {error}", path.display()))
}
