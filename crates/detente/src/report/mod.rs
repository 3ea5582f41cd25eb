//! The write-up of a summary: a page, a terminal summary, JSON. All three say the same.

mod bottom_line;
mod charts;
mod dates;
mod findings;
mod json;
mod label;
mod page;
mod register;
mod rows;
mod terminal;

use sha2::{Digest, Sha256};

pub use json::json;
pub use page::html;
pub use terminal::terminal;

/// What a report says of its own making.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// The case as named on the command line.
    pub case_path: String,
    /// Hash of the case's text: [`hash`].
    pub case_hash: String,
    /// The command that makes the same report again.
    pub command: String,
}

/// SHA-256 of a case's text, in hexadecimal.
pub fn hash(text: &str) -> String {
    use std::fmt::Write as _;
    Sha256::digest(text.as_bytes())
        .iter()
        .fold(String::with_capacity(64), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        })
}
