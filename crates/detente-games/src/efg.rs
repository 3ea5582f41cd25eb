//! Game files of extensive form (`.efg`, version 2), as Gambit reads them.
//!
//! ```text
//! file     := "EFG" "2" ("R" | "D") TITLE "{" PLAYER* "}" [COMMENT] node
//! node     := chance | personal | terminal
//! chance   := "c" NAME SET [LABEL "{" (ACTION PROBABILITY)+ "}"] outcome
//! personal := "p" NAME PLAYER-NUMBER SET [LABEL "{" ACTION+ "}"] outcome
//! terminal := "t" NAME outcome
//! outcome  := "0" | NUMBER [LABEL "{" (PAYOFF ","?)* "}"]
//! ```
//!
//! A node is followed by the nodes of its first action, then by those of its second, and so on, without a mark at the end of any; line
//! breaks mean nothing. Titles, players, comments, names, labels and actions stand between straight quotes, where `\"` is a quote
//! and other backslashes are themselves. A symbol such as `t` ends at white space.
//!
//! - A player's number counts from 1. The number of an information set is any whole number, unique among the sets of its player;
//!   chance has its own. What is in square brackets must stand where a set or an outcome is mentioned first and may be repeated
//!   later, word for word. What has not been mentioned yet cannot be referred to.
//! - Outcome 0 pays nothing. Outcomes may stand on any node; payoffs add up along a play.
//! - Numbers are `5 -5 .5 -.5 007 3/4 -3/4 1e3 1.e3 1.5e-2 2.50`, but not `+5 .5e3 1.0E+2 3/-4 1/0 0x10`. They are exact, and keep
//!   the text that they were typed as. Probabilities are not negative and add up to exactly one: 0.333333 and 0.666667 do, 1/3 and
//!   0.667 do not.
//! - Labels may be empty or the same, and hold any letters: nothing is renamed.
//! - What stands behind the last node is ignored, with a warning.
//!
//! Two things differ from Gambit on purpose. It takes a lone `-`, `+` or `.` for the number 0, and `1/2` for information set 1; here
//! they are errors. And it doubles runs of backslashes each time that it reads them; here they stay as they are.

pub(crate) mod lexer;
mod parser;
pub(crate) mod parts;
pub(crate) mod reader;
mod write;

use detente_diag::{Diagnostics, FileId};

use crate::game::Game;

pub use write::write;

/// Bytes of the largest text that is read.
pub(crate) const MOST_BYTES: usize = 1 << 30;

/// The game that `text`, an `.efg` file, describes; `None` if it has errors.
///
/// All that can be said about it is put into `diagnostics`, with places in `file`.
///
/// ```
/// use detente_diag::{Diagnostics, FileId};
/// use detente_games::efg;
///
/// let text = r#"EFG 2 R "A threat" { "Challenger" "Defender" }
/// p "" 1 1 "" { "threaten" "stay" } 0
/// p "" 2 1 "" { "concede" "resist" } 0
/// t "" 1 "conceded" { 1, 0 }
/// t "" 2 "war" { -0.50, 1/3 }
/// t "" 0
/// "#;
/// let mut diagnostics = Diagnostics::default();
/// let game = efg::read(text, FileId(0), &mut diagnostics).expect("no errors");
/// assert_eq!(game.nodes().len(), 5);
/// assert!(efg::write(&game).lines().any(|line| line == r#"t "" 2 "war" { -0.50, 1/3 }"#));
/// ```
pub fn read(text: &str, file: FileId, diagnostics: &mut Diagnostics) -> Option<Game> {
    parser::parse(text, file, diagnostics)
}
