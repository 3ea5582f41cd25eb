//! Ink: the evidence of a case written up as a page, on the terminal and as JSON, which all say the same, and the reference pages on the
//! language and its lenses.
//!
//! Nothing is computed here that anybody could want to know: what a number is stands in the evidence, and this says it. No world, no solver
//! and no thread is known.

mod asking;
mod bottom_line;
pub mod brief;
mod chapters;
mod charts;
mod claims;
mod class;
mod dates;
mod findings;
mod headline;
mod identification;
mod json;
mod judged;
mod keys;
mod label;
pub mod ledger;
mod method;
mod movers;
mod page;
mod parts;
mod readings;
mod record;
mod reference;
mod register;
mod rows;
mod schema;
pub mod svg;
mod templates;
mod terminal;
mod terms;
mod why;
mod words;
pub mod workbench;

use sha2::{Digest, Sha256};

pub use asking::{asking, asking_json};
pub use json::json;
pub use keys::meaning;
pub use label::in_words;
pub use page::{SCRIPT, STYLE, base64, html, page, script_source};
pub use reference::{explain, explain_input};
pub use schema::schema;
pub use templates::{Template, new_case};
pub use terminal::terminal;
pub use terms::unit_in;
pub use why::why;
pub use words::per_hundred;

/// What stands before the name of its case ([`Stamp::case_path`](detente_evidence::Stamp::case_path), escaped) in the head of a page.
pub const CASE_IN_HEAD: &str = "<meta name=\"detente-case\" content=\"";

/// SHA-256 of a case in hexadecimal: of its text, or where it has several of every file's name and text in turn, each ended by
/// a zero byte.
pub fn hash(texts: &[(String, String)]) -> String {
    use std::fmt::Write as _;
    let mut digest = Sha256::new();
    match texts {
        [(_, text)] => digest.update(text.as_bytes()),
        several => {
            for (name, text) in several {
                let file = name.rsplit(['/', '\\']).next().unwrap_or_default();
                for part in [file, text] {
                    digest.update(part.as_bytes());
                    digest.update([0]);
                }
            }
        }
    }
    let bytes = digest.finalize();
    bytes
        .iter()
        .fold(String::with_capacity(64), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        })
}

/// Checks the text of a case.
#[cfg(test)]
fn check(name: &str, text: &str) -> detente_case::Checked {
    detente_case::check(&[(name, text)], &detente_core::catalogue::all())
}
