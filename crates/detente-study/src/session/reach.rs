//! Which answers a number can move.
//!
//! Most numbers may move anything. A few kinds cannot: what a parliament thinks of an option moves no war, what a messenger tells moves no
//! signature. Only what is sure is said here, and a test holds it against every cell of a case that has all of these kinds.

use detente_core::Handle;
use detente_core::catalogue::settlement;

/// Can the number at this path move a quantity?
pub(super) fn reaches(path: &str, of: Handle) -> bool {
    let mut keys = path.split('.');
    match (keys.next(), keys.next(), keys.next()) {
        // Gates at home count for what is in force alone.
        (Some("party"), Some(_), Some("gate")) => [
            settlement::RATIFIES,
            settlement::GATE_BELOW_BAR,
            settlement::IN_FORCE,
        ]
        .contains(&of),
        (Some("observable" | "messenger"), ..) => of.lens == "beliefs",
        (Some("party"), Some(_), Some("refusal")) => of.lens == "veto",
        _ => true,
    }
}
