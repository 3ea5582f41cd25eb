//! Any text: the readers of game files answer without a panic and point into the text, and a game that is accepted is written and
//! read as itself.
#![no_main]

use detente_diag::{Diagnostics, FileId, Severity};
use detente_games::{Game, agg, efg, nfg, recall, xml};
use libfuzzer_sys::fuzz_target;

fn checked(text: &str, read: fn(&str, FileId, &mut Diagnostics) -> Option<Game>) -> Option<Game> {
    let mut diagnostics = Diagnostics::default();
    let game = read(text, FileId(0), &mut diagnostics);
    for diagnostic in diagnostics.as_slice() {
        assert!(!diagnostic.message.is_empty());
        for label in &diagnostic.labels {
            assert!(text.get(label.span.start..label.span.end).is_some());
        }
    }
    let error = diagnostics.as_slice().iter().any(|d| d.severity() == Severity::Error);
    assert_eq!(game.is_none(), error);
    game
}

fuzz_target!(|text: &str| {
    checked(text, agg::read);
    checked(text, |text, file, diagnostics| {
        xml::read(text, file, diagnostics).map(|(game, _)| game)
    });
    for read in [efg::read, nfg::read] {
        let Some(game) = checked(text, read) else {
            continue;
        };
        recall(&game);
        let written = efg::write(&game);
        let again = checked(&written, efg::read).expect("what is written is read");
        assert_eq!(again, game);
        assert_eq!(efg::write(&again), written);
    }
});
