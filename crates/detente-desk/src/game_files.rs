//! Reading games: whatever format the text is in.

use std::ffi::OsStr;
use std::fs;
use std::path::Path;

use detente::diag::{Code, Diagnostic, Diagnostics, Severity, Sources};
use detente_games::{Game, Recall, Tree, agg, efg, nfg, xml};

use crate::case_files::{Unread, nearest_sibling};

/// Longest file read: beyond it a typing error is likelier than a game.
const BYTES: u64 = 1 << 30;

/// A game as it was read.
pub struct Read {
    /// The game, and whether it is a table; nothing if its text has errors.
    pub game: Option<(Game, bool)>,
    /// What there is to say about the text.
    pub found: Vec<Diagnostic>,
    /// The text.
    pub sources: Sources,
}

/// Reads the file of a game.
///
/// # Errors
///
/// It is not there, too long, or no text.
pub fn read(path: &Path) -> Result<Read, Unread> {
    let shown = path.display();
    let length = match fs::metadata(path) {
        Ok(metadata) if metadata.is_file() => metadata.len(),
        Ok(_) => return Err(not_found(path, format!("{shown} is not a file")).into()),
        Err(error) => {
            return Err(not_found(path, format!("{shown} cannot be opened ({error})")).into());
        }
    };
    if length > BYTES {
        let fault = Diagnostic::new(
            Code::TOO_LARGE,
            format!("{shown} is {} MiB long", length >> 20),
        );
        return Err(Box::new(
            fault.help(format!("a game may have {} MiB", BYTES >> 20)),
        ));
    }
    let bytes = fs::read(path)
        .map_err(|error| not_found(path, format!("{shown} cannot be read ({error})")))?;
    let text = as_text(path, bytes)?;
    let table = path.extension().and_then(OsStr::to_str);
    let table = table.is_some_and(|ext| ext.eq_ignore_ascii_case("nfg"));
    Ok(of_text(&shown.to_string(), &text, table))
}

/// Reads the text of a game, which is a table in Gambit's format if `table`: other formats say what they are themselves.
pub fn of_text(called: &str, text: &str, table: bool) -> Read {
    let mut sources = Sources::default();
    let file = sources.add(called, text);
    let mut diagnostics = Diagnostics::default();
    let read = if xml::is_meant(text) {
        xml::read(text, file, &mut diagnostics)
    } else if agg::is_meant(text) {
        agg::read(text, file, &mut diagnostics).map(|game| (game, true))
    } else if table {
        nfg::read(text, file, &mut diagnostics).map(|game| (game, true))
    } else {
        efg::read(text, file, &mut diagnostics).map(|game| (game, false))
    };
    let found = diagnostics.into_sorted();
    let errors = found.iter().any(|d| d.severity() == Severity::Error);
    Read {
        game: read.filter(|_| !errors),
        found,
        sources,
    }
}

/// The text of a file. Bytes that are no UTF-8 are refused, with what they look like.
fn as_text(path: &Path, bytes: Vec<u8>) -> Result<String, Unread> {
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
        Box::new(fault.help(if from.is_empty() {
            "give a game as text".to_owned()
        } else {
            format!("save it as UTF-8, for example by: iconv -f {from} -t UTF-8 OLD > NEW")
        }))
    })
}

/// Payoffs further apart than this cannot be multiplied and added up in `f64` by solvers.
const FURTHEST: f64 = 1e150;

/// Refuses games that nobody plays, and payoffs that are too far apart for solvers.
///
/// # Errors
///
/// It is one: why, in a sentence.
pub fn within_reach(game: &Game, tree: &Tree) -> Result<(), String> {
    if game.players.is_empty() {
        return Err(
            "the game has no players: there is nothing to solve; name them behind the title, as in { \"A\" \"B\" }".into(),
        );
    }
    let range = tree.payoff_range().into_iter().enumerate();
    match range
        .into_iter()
        .find(|(_, range)| range.is_nan() || *range > FURTHEST)
    {
        Some((player, _)) => Err(format!(
            "payoffs of {} lie more than {FURTHEST:e} apart, which is more than solvers can reckon with; state them in larger units",
            game.players[player]
        )),
        None => Ok(()),
    }
}

/// Games whose players forget have no behaviour strategies that best responses and beliefs could be told of.
pub fn forgetful(game: &Game, lacking: Recall) -> String {
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
    match lacking {
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
    }
}

fn not_found(path: &Path, what: String) -> Diagnostic {
    let fault = Diagnostic::new(Code::NOT_FOUND, what);
    match nearest_sibling(path) {
        Some(near) => fault.help(format!("did you mean {}?", near.display())),
        None => fault.help("give a game: an .efg, .nfg, .agg, .gbt or .xml file"),
    }
}
