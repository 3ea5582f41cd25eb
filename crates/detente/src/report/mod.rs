//! The write-up of a summary: a page, a terminal summary, JSON. All three say the same.

mod bottom_line;
mod chapters;
mod charts;
mod claims;
mod dates;
mod deals;
mod findings;
mod gates;
mod identification;
mod json;
mod label;
mod method;
mod movers;
mod no_deal;
mod page;
mod readings;
mod register;
mod rows;
mod terminal;

use sha2::{Digest, Sha256};

pub use json::json;
pub use page::{html, page};
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

/// What stands before the name of its case ([`Stamp::case_path`], escaped) in the head of a page.
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
