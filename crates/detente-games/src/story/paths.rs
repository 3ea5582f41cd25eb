//! What led to a node, and what all nodes of an information set share of it.

use super::Teller;
use crate::builder::small;
use crate::game::{Game, Kind};

impl Teller<'_> {
    /// What all nodes of `set` have in common: at each place of the way there, the label if it is the same for all.
    pub(super) fn known(&self, set: usize) -> Known {
        let mut members = self.tree.members_of(set).iter();
        let Some(first) = members.next() else {
            return Known::default();
        };
        let first = self.path(*first as usize);
        let mut known = Known {
            chance: first.chance.into_iter().map(Some).collect(),
            moves: first.moves.into_iter().map(Some).collect(),
            others: first.others.into_iter().map(Some).collect(),
        };
        for node in members {
            let other = self.path(*node as usize);
            common(&mut known.chance, &other.chance);
            common(&mut known.moves, &other.moves);
            common(&mut known.others, &other.others);
        }
        known
    }

    /// What [`Self::known`] says of an information set of one node, as far as its situation goes: all chances, and the last move.
    pub(super) fn known_alone(&self, node: usize) -> Known {
        let nodes = self.game.nodes();
        let label = |at: usize| {
            let branch = nodes[at].branch as usize;
            match nodes[nodes[at].parent as usize].kind {
                Kind::Chance(set) => self.game.chances()[set as usize].actions[branch].to_string(),
                Kind::Personal(set) => self.game.sets()[set as usize].actions[branch].to_string(),
                Kind::Terminal => unreachable!("nothing follows the end of a play"),
            }
        };
        let mut known = Known::default();
        let mut at = self.draws[node] as usize;
        while at != 0 {
            known.chance.push(Some(label(at)));
            at = self.draws[nodes[at].parent as usize] as usize;
        }
        known.chance.reverse();
        let mut at = node;
        while at != 0 {
            if matches!(nodes[nodes[at].parent as usize].kind, Kind::Personal(_)) {
                known.moves.push(Some(label(at)));
                break;
            }
            at = nodes[at].parent as usize;
        }
        known
    }

    /// The labels on the way to `node`, first to last.
    pub(super) fn path(&self, node: usize) -> Path {
        let mut path = Path {
            probability: 1.0,
            ..Path::default()
        };
        let nodes = self.game.nodes();
        let mut at = node;
        let mine = match nodes[node].kind {
            Kind::Personal(set) => Some(self.game.sets()[set as usize].player),
            _ => None,
        };
        while at != 0 {
            let branch = nodes[at].branch as usize;
            let parent = nodes[at].parent as usize;
            match nodes[parent].kind {
                Kind::Chance(set) => {
                    path.chance
                        .push(self.game.chances()[set as usize].actions[branch].to_string());
                    path.probability *= self.tree.chance[at];
                }
                Kind::Personal(set) => {
                    let set = &self.game.sets()[set as usize];
                    let label = set.actions[branch].to_string();
                    if Some(set.player) != mine {
                        path.others.push(label.clone());
                    }
                    path.moves.push(label);
                }
                Kind::Terminal => unreachable!("nothing follows the end of a play"),
            }
            at = parent;
        }
        path.chance.reverse();
        path.moves.reverse();
        path.others.reverse();
        path
    }
}

/// For each node, the last move of chance before it, as the node that it led to; 0 if there is none.
pub(super) fn last_draws(game: &Game) -> Vec<u32> {
    let nodes = game.nodes();
    let mut draws = vec![0; nodes.len()];
    for (index, node) in nodes.iter().enumerate().skip(1) {
        draws[index] = match nodes[node.parent as usize].kind {
            Kind::Chance(_) => small(index),
            _ => draws[node.parent as usize],
        };
    }
    draws
}

/// What led to a node.
#[derive(Default)]
pub(super) struct Path {
    /// Labels of branches of chance.
    pub(super) chance: Vec<String>,
    /// Their probability.
    pub(super) probability: f64,
    /// Labels of moves.
    pub(super) moves: Vec<String>,
    /// Labels of moves of others than the player who moves now.
    pub(super) others: Vec<String>,
}

/// The labels that all nodes of an information set share, by their place on the way there.
#[derive(Default)]
pub(super) struct Known {
    pub(super) chance: Vec<Option<String>>,
    pub(super) moves: Vec<Option<String>>,
    pub(super) others: Vec<Option<String>>,
}

/// Forgets the labels that `other` does not have in the same place.
fn common(known: &mut Vec<Option<String>>, other: &[String]) {
    known.truncate(other.len());
    for (label, other) in known.iter_mut().zip(other) {
        if label.as_ref() != Some(other) {
            *label = None;
        }
    }
}

/// `labels` without those that are known in their place.
pub(super) fn except(labels: &[String], known: &[Option<String>]) -> String {
    let left: Vec<&str> = labels
        .iter()
        .enumerate()
        .filter(|(place, label)| known.get(*place) != Some(&Some((*label).clone())))
        .map(|(_, label)| label.as_str())
        .collect();
    left.join(", ")
}
