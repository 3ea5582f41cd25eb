//! Checking cases against the catalogue of quantities.

use detente_case::Checked;

/// Checks the text of a case; `name` is what to call it in messages.
pub fn check(name: &str, text: &str) -> Checked {
    check_files(&[(name, text)])
}

/// Checks a case of several texts, each with what to call it in messages, whose tables are put together.
pub fn check_files(files: &[(&str, &str)]) -> Checked {
    detente_case::check(files, &detente_core::catalogue::all())
}
