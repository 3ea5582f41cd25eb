//! From a game to the text of an `.nfg` file.

use std::fmt::Write as _;

use num_rational::BigRational;
use num_traits::{One, Zero};

use crate::efg::lexer::quote_into;
use crate::game::{Game, Kind};
use crate::number::Number;
use crate::recall::{Recall, recall};

/// Profiles of the largest table, and that many times the number of nodes.
const MOST_PROFILES: usize = 1 << 20;
const MOST_WORK: usize = 1 << 28;

/// Why a game is not written as a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotATable {
    /// Its players have so many strategies that the table would be too large.
    TooLarge,
    /// A play passes an information set twice: pure strategies do not cover what can happen.
    AbsentMinded,
    /// Nobody plays.
    NoPlayers,
}

impl std::error::Error for NotATable {}

impl std::fmt::Display for NotATable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::TooLarge => "its players have too many strategies for a table",
            Self::AbsentMinded => "a player passes an information set twice",
            Self::NoPlayers => "it has no players",
        })
    }
}

/// The text of an `.nfg` file with the strategic form of `game`, which [`super::read`] and Gambit read.
///
/// A strategy names an action at each information set of its player that it comes to itself, and `*` at the others: strategies that
/// differ nowhere else are one. Payoffs are expected ones, exactly.
///
/// # Errors
/// Why there is no such table.
pub fn write(game: &Game) -> Result<String, NotATable> {
    if game.players.is_empty() {
        return Err(NotATable::NoPlayers);
    }
    if let Recall::AbsentMinded { .. } = recall(game) {
        return Err(NotATable::AbsentMinded);
    }
    let mut profiles = 1_usize;
    let mut strategies = Vec::with_capacity(game.players.len());
    for player in 0..game.players.len() {
        let own = strategies_of(game, player, MOST_PROFILES / profiles)?;
        profiles = profiles.saturating_mul(own.len());
        strategies.push(own);
    }
    if profiles > MOST_PROFILES || profiles.saturating_mul(game.nodes.len()) > MOST_WORK {
        return Err(NotATable::TooLarge);
    }
    let mut out = String::from("NFG 1 R ");
    quote_into(&mut out, &game.title);
    out.push_str(" {");
    for player in &game.players {
        out.push(' ');
        quote_into(&mut out, player);
    }
    out.push_str(" }\n\n{");
    for own in &strategies {
        out.push_str(" {");
        for strategy in own {
            out.push(' ');
            quote_into(&mut out, &label(game, strategy));
        }
        out.push_str(" }");
    }
    out.push_str(" }\n");
    quote_into(&mut out, &game.comment);
    out.push_str("\n\n");
    let mut profile = vec![0; strategies.len()];
    let mut chosen = vec![0_u32; game.sets.len()];
    loop {
        for (own, &at) in strategies.iter().zip(&profile) {
            for &(set, action) in &own[at] {
                chosen[set] = action.unwrap_or(0);
            }
        }
        let paid: Vec<String> = expected(game, &chosen)
            .into_iter()
            .map(|payoff| Number::from(payoff).to_string())
            .collect();
        writeln!(out, "{}", paid.join(" ")).expect("a string takes any text");
        // The first player's strategy changes fastest.
        let Some(player) = (0..profile.len()).find(|&p| profile[p] + 1 < strategies[p].len())
        else {
            return Ok(out);
        };
        profile[player] += 1;
        profile[..player].fill(0);
    }
}

/// What a strategy does at each information set of its player; none where it does not come.
type Strategy = Vec<(usize, Option<u32>)>;

/// The reduced strategies of a player; at most `most`.
fn strategies_of(game: &Game, player: usize, most: usize) -> Result<Vec<Strategy>, NotATable> {
    let mut sets: Vec<usize> = (0..game.sets.len())
        .filter(|&set| game.sets[set].player as usize == player)
        .collect();
    // The order of the tree: what leads to a set comes before it.
    sets.sort_by_key(|&set| game.sets[set].members.first().copied());
    let mut all: Vec<Strategy> = vec![Vec::new()];
    for set in sets {
        let mut next = Vec::new();
        for strategy in all {
            if comes(game, set, &strategy) {
                for action in 0..game.sets[set].actions.len() {
                    let mut with = strategy.clone();
                    with.push((set, Some(u32::try_from(action).expect("few actions"))));
                    next.push(with);
                }
            } else {
                let mut with = strategy;
                with.push((set, None));
                next.push(with);
            }
            if next.len() > most {
                return Err(NotATable::TooLarge);
            }
        }
        all = next;
    }
    Ok(all)
}

/// Does a strategy let play come to a node of `set`?
fn comes(game: &Game, set: usize, strategy: &Strategy) -> bool {
    let player = game.sets[set].player;
    game.sets[set].members.iter().any(|&member| {
        let mut at = member as usize;
        while at != 0 {
            let node = &game.nodes[at];
            let parent = node.parent as usize;
            if let Kind::Personal(above) = game.nodes[parent].kind
                && game.sets[above as usize].player == player
            {
                let planned = strategy.iter().find(|(known, _)| *known == above as usize);
                if planned.is_some_and(|(_, action)| *action != Some(node.branch)) {
                    return false;
                }
            }
            at = parent;
        }
        true
    })
}

/// A strategy in words: its actions, or their numbers where they have no labels.
fn label(game: &Game, strategy: &Strategy) -> String {
    let words: Vec<String> = strategy
        .iter()
        .map(|(set, action)| match action {
            None => "*".to_owned(),
            Some(action) => {
                let label = &game.sets[*set].actions[*action as usize];
                if label.is_empty() {
                    (action + 1).to_string()
                } else {
                    label.to_string()
                }
            }
        })
        .collect();
    words.join(", ")
}

/// What everybody gets where `chosen` is done at each information set.
fn expected(game: &Game, chosen: &[u32]) -> Vec<BigRational> {
    let mut paid = vec![BigRational::zero(); game.players.len()];
    let mut open = vec![(0_usize, BigRational::one())];
    while let Some((node, weight)) = open.pop() {
        if let Some(outcome) = game.nodes[node].outcome {
            let payoffs = &game.outcomes[outcome as usize].payoffs;
            for (sum, payoff) in paid.iter_mut().zip(payoffs) {
                *sum += &weight * payoff.exact();
            }
        }
        match game.nodes[node].kind {
            Kind::Terminal => {}
            Kind::Chance(set) => {
                let chance = &game.chances[set as usize].chance;
                for (child, p) in game.children(node).zip(chance) {
                    if !p.is_zero() {
                        open.push((child, &weight * p.exact()));
                    }
                }
            }
            Kind::Personal(set) => {
                let branch = chosen[set as usize] as usize;
                let child = game.children(node).nth(branch);
                open.push((child.expect("an action has a child"), weight));
            }
        }
    }
    paid
}
