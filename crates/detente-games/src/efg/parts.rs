//! Parts that both kinds of game files have.

use detente_diag::{Code, Diagnostic, Span};

use super::MOST_BYTES;
use super::lexer::{Kind, Token};
use super::reader::{Reader, Stray};
use crate::number::Number;

/// Reads what says that this is a game file of the kind `name`, and of which version. Fails where reading on is of no use.
pub(crate) fn header(reader: &mut Reader<'_, '_>, name: &str, version: &str) -> Result<(), Stray> {
    if reader.text.len() > MOST_BYTES {
        let message = format!("the text has {} bytes", reader.text.len());
        let help = format!("game files have {MOST_BYTES} bytes at most");
        reader.fault(Diagnostic::new(Code::TOO_LARGE, message).help(help));
        return Err(Stray);
    }
    let refuse = |reader: &mut Reader<'_, '_>, what: String, help: String| {
        let diagnostic = Diagnostic::new(Code::GAME_HEADER, what);
        let place = reader.span(reader.token);
        reader.fault(diagnostic.at(place, "").help(help));
        Err(Stray)
    };
    let (other, reads) = if name == "EFG" {
        ("NFG", ".nfg")
    } else {
        ("EFG", ".efg")
    };
    if reader.is_symbol(other) {
        let what = format!("this is an {reads} file, read as one of the other kind");
        return refuse(
            reader,
            what,
            format!("the name of the file should end in `{reads}`"),
        );
    }
    if !reader.is_symbol(name) {
        let typed = reader.raw(reader.token);
        let help = match detente_diag::nearest(typed, [name]) {
            Some(near) => format!("did you mean `{near}`?"),
            None => {
                format!("a game file begins with `{name} {version} R \"title\" {{ \"player\" … }}`")
            }
        };
        let what = format!("expected `{name}`, {}", reader.but_found());
        return refuse(reader, what, help);
    }
    reader.advance();
    if reader.token.kind != Kind::Number || reader.raw(reader.token) != version {
        let what = format!(
            "expected version {version} behind `{name}`, {}",
            reader.but_found()
        );
        return refuse(
            reader,
            what,
            format!("only version {version} of `{name}` files is known"),
        );
    }
    reader.advance();
    if !reader.is_symbol("R") && !reader.is_symbol("D") {
        let what = format!(
            "expected `R` or `D` behind the version, {}",
            reader.but_found()
        );
        return refuse(
            reader,
            what,
            "the letter has no meaning any more; write `R`".to_owned(),
        );
    }
    reader.advance();
    Ok(())
}

/// Reads `{ "player" … }`.
pub(crate) fn players(reader: &mut Reader<'_, '_>) -> Result<Vec<String>, Stray> {
    let mut players = Vec::new();
    reader.expect(Kind::LeftBrace, "`{` before the players")?;
    while reader.token.kind != Kind::RightBrace {
        let token = reader.text("the name of a player, or `}`")?;
        players.push(reader.content(token).into());
    }
    reader.advance();
    Ok(players)
}

/// `(PAYOFF ","?)* "}"`, and how many there are, counting those that are no numbers.
pub(crate) fn payoffs(
    reader: &mut Reader<'_, '_>,
    players: usize,
) -> Result<(Vec<(Number, Token)>, usize), Stray> {
    let mut payoffs = Vec::with_capacity(players.min(64));
    let mut typed = 0;
    while reader.token.kind != Kind::RightBrace {
        payoffs.extend(reader.number("a payoff, or `}`")?);
        typed += 1;
        if reader.token.kind == Kind::Comma {
            reader.advance();
        }
    }
    reader.advance();
    Ok((payoffs, typed))
}

/// Reports that payoffs are not as many as the players.
pub(crate) fn count(reader: &mut Reader<'_, '_>, typed: usize, players: usize, place: Span) {
    let plural =
        |count: usize, what: &str| format!("{count} {what}{}", if count == 1 { "" } else { "s" });
    let message = format!(
        "{} for {}",
        plural(typed, "payoff"),
        plural(players, "player")
    );
    let help = if typed == 2 * players && players > 0 {
        "an outcome has a payoff for each player, in their order; decimals have a point, not a comma: `1.5`"
    } else {
        "an outcome has a payoff for each player, in their order"
    };
    let diagnostic = Diagnostic::new(Code::GAME_PAYOFFS, message).at(place, "");
    reader.fault(diagnostic.help(help));
}
