//! Opening games.

use std::ffi::OsStr;
use std::path::Path;

use detente_desk::game_files;
use detente_games::{Game, Recall, Tree, efg, nfg};

use crate::failure::Failure;
use crate::output::{Inputs, Place};
use crate::{case_file, render};

/// Reads a game, printing what there is to say about its text; and whether it is a table.
pub(super) fn game(path: &Path) -> Result<(Game, bool), Failure> {
    let read = game_files::read(path).map_err(|fault| case_file::refuse(*fault))?;
    render::print(&read.found, &read.sources, true);
    read.game.ok_or(Failure::BadInput(String::new()))
}

/// Writes a game as its name's end says; never over the file that it was read from.
pub(super) fn write(game: &Game, path: &Path, read: &Path) -> Result<(), Failure> {
    let inputs = Inputs {
        files: vec![read.to_owned()],
        what: "the game",
    };
    let place = Place::look(path, &inputs)?;
    let end = path.extension().and_then(OsStr::to_str).unwrap_or_default();
    let text = match end.to_ascii_lowercase().as_str() {
        "efg" => efg::write(game),
        "nfg" => nfg::write(game).map_err(|why| {
            Failure::BadInput(format!("the game cannot be written as a table: {why}"))
        })?,
        _ => {
            return Err(Failure::BadInput(format!(
                "{}: games are written as .efg or .nfg",
                path.display()
            )));
        }
    };
    place.write(text.as_bytes())
}

/// Refuses games that nobody plays, and payoffs that are too far apart for solvers.
pub(super) fn within_reach(game: &Game, tree: &Tree) -> Result<(), Failure> {
    game_files::within_reach(game, tree).map_err(Failure::BadInput)
}

/// Games whose players forget have no behaviour strategies that best responses and beliefs could be told of.
pub(super) fn forgetful(game: &Game, lacking: Recall) -> Failure {
    Failure::BadInput(game_files::forgetful(game, lacking))
}
