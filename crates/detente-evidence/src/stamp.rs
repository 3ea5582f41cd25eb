//! What a report says of its own making.

/// What a report says of its own making.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// The case as named on the command line.
    pub case_path: String,
    /// SHA-256 of the case's text.
    pub case_hash: String,
    /// The command that makes the same report again.
    pub command: String,
}
