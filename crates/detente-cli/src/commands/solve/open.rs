//! Opening games.

use std::ffi::OsStr;
use std::fs;
use std::path::Path;

use detente::diag::{Code, Diagnostic, Diagnostics, Severity, Sources};
use detente_games::{Game, Recall, Tree, agg, efg, nfg, xml};

use crate::failure::Failure;
use crate::output::{Inputs, Place};
use crate::{case_file, render};

/// Longest file read: beyond it a typing error is likelier than a game.
const BYTES: u64 = 1 << 30;

/// Reads a game, printing what there is to say about its text; and whether it is a table.
pub(super) fn game(path: &Path) -> Result<(Game, bool), Failure> {
    let shown = path.display();
    let length = match fs::metadata(path) {
        Ok(metadata) if metadata.is_file() => metadata.len(),
        Ok(_) => return Err(not_found(path, format!("{shown} is not a file"))),
        Err(error) => {
            return Err(not_found(
                path,
                format!("{shown} cannot be opened ({error})"),
            ));
        }
    };
    if length > BYTES {
        let fault = Diagnostic::new(
            Code::TOO_LARGE,
            format!("{shown} is {} MiB long", length >> 20),
        );
        return Err(case_file::refuse(
            fault.help(format!("a game may have {} MiB", BYTES >> 20)),
        ));
    }
    let bytes = fs::read(path)
        .map_err(|error| not_found(path, format!("{shown} cannot be read ({error})")))?;
    let text = as_text(path, bytes)?;
    let mut sources = Sources::default();
    let file = sources.add(shown.to_string(), text.as_str());
    let mut diagnostics = Diagnostics::default();
    let table = path
        .extension()
        .and_then(OsStr::to_str)
        .is_some_and(|ext| ext.eq_ignore_ascii_case("nfg"));
    let read = if xml::is_meant(&text) {
        xml::read(&text, file, &mut diagnostics)
    } else if agg::is_meant(&text) {
        agg::read(&text, file, &mut diagnostics).map(|game| (game, true))
    } else if table {
        nfg::read(&text, file, &mut diagnostics).map(|game| (game, true))
    } else {
        efg::read(&text, file, &mut diagnostics).map(|game| (game, false))
    };
    let found = diagnostics.into_sorted();
    let errors = found.iter().any(|d| d.severity() == Severity::Error);
    render::print(&found, &sources, true);
    read.filter(|_| !errors)
        .ok_or(Failure::BadInput(String::new()))
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

/// The text of a file. Bytes that are no UTF-8 are refused, with what they look like.
fn as_text(path: &Path, bytes: Vec<u8>) -> Result<String, Failure> {
    String::from_utf8(bytes).map_err(|error| {
        let bytes = error.as_bytes();
        let at = error.utf8_error().valid_up_to();
        let line = bytes[..at].split(|byte| *byte == b'\n').count();
        let shown = path.display();
        let (what, from) = match bytes {
            [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => ("UTF-16 text".to_owned(), "UTF-16"),
            _ if bytes.contains(&0) => ("no text: it holds bytes of zero".to_owned(), ""),
            _ => {
                let byte = bytes[at];
                (format!("in another encoding than UTF-8, perhaps Latin-1: line {line} holds the byte {byte:#04x}"), "LATIN1")
            }
        };
        let fault = Diagnostic::new(Code::NOT_TEXT, format!("{shown} is {what}; games are read as UTF-8"));
        case_file::refuse(fault.help(if from.is_empty() {
            "give a game as text".to_owned()
        } else {
            format!("save it as UTF-8, for example by: iconv -f {from} -t UTF-8 OLD > NEW")
        }))
    })
}

/// Payoffs further apart than this cannot be multiplied and added up in `f64` by solvers.
const FURTHEST: f64 = 1e150;

/// Refuses games that nobody plays, and payoffs that are too far apart for solvers.
pub(super) fn within_reach(game: &Game, tree: &Tree) -> Result<(), Failure> {
    if game.players.is_empty() {
        return Err(Failure::BadInput(
            "the game has no players: there is nothing to solve; name them behind the title, as in { \"A\" \"B\" }".into(),
        ));
    }
    let range = tree.payoff_range().into_iter().enumerate();
    match range
        .into_iter()
        .find(|(_, range)| range.is_nan() || *range > FURTHEST)
    {
        Some((player, _)) => Err(Failure::BadInput(format!(
            "payoffs of {} lie more than {FURTHEST:e} apart, which is more than solvers can reckon with; state them in larger units",
            game.players[player]
        ))),
        None => Ok(()),
    }
}

/// Games whose players forget have no behaviour strategies that best responses and beliefs could be told of.
pub(super) fn forgetful(game: &Game, lacking: Recall) -> Failure {
    let name = |set: usize| {
        let info = &game.sets()[set];
        let player = &game.players[info.player as usize];
        let label = if info.label.is_empty() {
            format!("information set {}", info.number)
        } else {
            format!("“{}” (information set {})", info.label, info.number)
        };
        format!("{player} at {label}")
    };
    Failure::BadInput(match lacking {
        Recall::Imperfect { set } => format!(
            "{} has forgotten something it knew or did: the game lacks perfect recall, and is not solved. \
             Beliefs and best responses move by move are not defined for it; split the information set so that it remembers",
            name(set)
        ),
        Recall::AbsentMinded { set } => format!(
            "a play passes {} twice: the player is absent-minded, and the game is not solved",
            name(set)
        ),
        Recall::Perfect => "nothing is wrong with the players' memory".into(),
    })
}

fn not_found(path: &Path, what: String) -> Failure {
    let fault = Diagnostic::new(Code::NOT_FOUND, what);
    case_file::refuse(match case_file::nearest_sibling(path) {
        Some(near) => fault.help(format!("did you mean {}?", near.display())),
        None => fault.help("give a game: an .efg, .nfg, .agg, .gbt or .xml file"),
    })
}
