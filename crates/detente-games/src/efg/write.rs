//! From a game to the text of an `.efg` file.

use std::fmt::Write;

use super::lexer::quote_into;
use crate::game::{Game, Kind, Outcome};

/// The text of an `.efg` file that describes `game`, which [`super::read`] and Gambit read.
///
/// Numbers stand as they were typed. Sets, chance moves and outcomes are described at every mention, as Gambit writes them. What no
/// node refers to is left out. The format has no room for a label that ends in a backslash: a space follows it.
pub fn write(game: &Game) -> String {
    // Most nodes take a line of about this length.
    let mut out = String::with_capacity(64 * game.nodes.len() + game.comment.len() + 256);
    out.push_str("EFG 2 R ");
    quote_into(&mut out, &game.title);
    out.push_str(" {");
    quoted(&mut out, game.players.iter().map(String::as_str));
    out.push_str(" }\n");
    if !game.comment.is_empty() {
        quote_into(&mut out, &game.comment);
        out.push('\n');
    }
    out.push('\n');
    for node in &game.nodes {
        out.push_str(match node.kind {
            Kind::Chance(_) => "c ",
            Kind::Personal(_) => "p ",
            Kind::Terminal => "t ",
        });
        quote_into(&mut out, &node.name);
        match node.kind {
            Kind::Chance(index) => {
                let set = &game.chances[index as usize];
                put(&mut out, format_args!(" {} ", set.number));
                quote_into(&mut out, &set.label);
                out.push_str(" {");
                for (action, chance) in set.actions.iter().zip(&set.chance) {
                    out.push(' ');
                    quote_into(&mut out, action);
                    put(&mut out, format_args!(" {chance}"));
                }
                out.push_str(" }");
            }
            Kind::Personal(index) => {
                let set = &game.sets[index as usize];
                put(
                    &mut out,
                    format_args!(" {} {} ", set.player + 1, set.number),
                );
                quote_into(&mut out, &set.label);
                out.push_str(" {");
                quoted(&mut out, set.actions.iter().map(|action| &**action));
                out.push_str(" }");
            }
            Kind::Terminal => {}
        }
        match node.outcome {
            Some(index) => outcome(&mut out, &game.outcomes[index as usize]),
            None => out.push_str(" 0"),
        }
        out.push('\n');
    }
    out
}

fn outcome(out: &mut String, outcome: &Outcome) {
    put(out, format_args!(" {} ", outcome.number));
    quote_into(out, &outcome.label);
    out.push_str(" {");
    for (player, payoff) in outcome.payoffs.iter().enumerate() {
        let comma = if player == 0 { "" } else { "," };
        put(out, format_args!("{comma} {payoff}"));
    }
    out.push_str(" }");
}

fn quoted<'a>(out: &mut String, texts: impl Iterator<Item = &'a str>) {
    for text in texts {
        out.push(' ');
        quote_into(out, text);
    }
}

fn put(out: &mut String, text: std::fmt::Arguments<'_>) {
    out.write_fmt(text).expect("a string takes any text");
}
