//! Names for telling, where a game leaves them out or uses one twice.

use std::collections::HashMap;

use crate::game::{Game, Kind};

/// `game` with names for telling: players and actions without one are numbered, and labels that a player's information sets or the actions of
/// one set share are told apart by numbers. With `cells`, outcomes without a label are called by the moves that lead to them.
pub fn named(game: &Game, cells: bool) -> Game {
    let mut named = game.clone();
    for (at, player) in named.players.iter_mut().enumerate() {
        if player.is_empty() {
            *player = format!("player {}", at + 1);
        }
    }
    let sets = game.sets();
    let mut same: HashMap<(u32, &str), usize> = HashMap::new();
    for set in sets {
        *same.entry((set.player, &set.label)).or_insert(0) += 1;
    }
    for (set, told) in sets.iter().zip(&mut named.sets) {
        if !set.label.is_empty() && same[&(set.player, &*set.label)] > 1 {
            told.label = format!("{} (set {})", set.label, set.number).into();
        }
        number_apart(&set.actions, &mut told.actions, "action");
    }
    for (chance, told) in game.chances().iter().zip(&mut named.chances) {
        number_apart(&chance.actions, &mut told.actions, "branch");
    }
    if cells {
        for (index, node) in game.nodes().iter().enumerate() {
            let outcome = node
                .outcome
                .map(|outcome| &mut named.outcomes[outcome as usize]);
            if let Some(outcome) = outcome.filter(|outcome| outcome.label.is_empty()) {
                outcome.label = moves_to(game, index).join(", ").into();
            }
        }
    }
    named
}

/// Gives labels that are empty, or the same as an earlier one, their number.
fn number_apart(labels: &[Box<str>], told: &mut [Box<str>], what: &str) {
    for (at, label) in labels.iter().enumerate() {
        if label.is_empty() {
            told[at] = format!("{what} {}", at + 1).into();
        } else if labels[..at].contains(label) {
            told[at] = format!("{label} ({})", at + 1).into();
        }
    }
}

/// Labels of the moves of players on the way to `node`.
fn moves_to(game: &Game, node: usize) -> Vec<String> {
    let mut moves = Vec::new();
    let mut at = node;
    while at != 0 {
        let (parent, branch) = (
            game.nodes()[at].parent as usize,
            game.nodes()[at].branch as usize,
        );
        if let Kind::Personal(set) = game.nodes()[parent].kind {
            moves.push(game.sets()[set as usize].actions[branch].to_string());
        }
        at = parent;
    }
    moves.reverse();
    moves
}
