//! Game files: what is read, what is refused and where, what is written.

mod corpus;
mod pages;
mod reading;
mod robustness;
mod round_trip;
mod tables;
mod texts;

use detente_diag::{Diagnostic, Diagnostics, Sources};
use detente_games::{Game, efg, nfg};

/// What became of a text: a game or not, and what was said about it in the order of the text.
struct Answer {
    game: Option<Game>,
    diagnostics: Vec<Diagnostic>,
    sources: Sources,
}

/// Reads a text as the kind of file that it says to be: a table if it begins with `NFG`, else a tree.
fn read(text: &str) -> Answer {
    let mut sources = Sources::default();
    let file = sources.add("game", text);
    let mut diagnostics = Diagnostics::default();
    let game = if text.trim_start().starts_with("NFG") {
        nfg::read(text, file, &mut diagnostics)
    } else {
        efg::read(text, file, &mut diagnostics)
    };
    Answer {
        game,
        diagnostics: diagnostics.into_sorted(),
        sources,
    }
}

impl Answer {
    /// As `D0902 line 7: message (help)`, for the messages of failing tests.
    fn list(&self) -> String {
        let line = |d: &Diagnostic| d.labels.first().map_or(1, |l| self.sources.line(l.span));
        let said = |d: &Diagnostic| {
            let help = d.help.as_deref().unwrap_or_default();
            format!("  {} line {}: {} ({help})", d.code, line(d), d.message)
        };
        let lines: Vec<String> = self.diagnostics.iter().map(said).collect();
        lines.join("\n")
    }
}

/// The game of a text that has nothing wrong.
fn game(text: &str) -> Game {
    let answer = read(text);
    assert!(answer.diagnostics.is_empty(), "{text}\n{}", answer.list());
    answer.game.expect("a text without faults is a game")
}
