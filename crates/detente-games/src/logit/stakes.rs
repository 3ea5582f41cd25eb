//! What is at stake at each information set, whatever anybody does.

use crate::tree::{NONE, Tree};

/// Values nearer to each other than this share of their size are the same.
const SAME: f64 = 1e-12;

/// For each information set, the largest difference that moves from there on can make to its player at one of its nodes, if nobody
/// makes a move that is worse than another whatever follows; above zero.
///
/// Such moves are played in no sequential equilibrium. A catastrophe that the player itself would never choose, and what chance brings
/// whatever is done, are not at stake.
pub fn stakes(tree: &Tree) -> Vec<f64> {
    let (alive, low, high) = survivors(tree);
    let range = tree.payoff_range();
    (0..tree.sets())
        .map(|set| {
            let player = tree.player[set] as usize;
            let apart = |alone: bool| {
                tree.members_of(set)
                    .iter()
                    .map(|&node| {
                        let (mut least, mut most) = (f64::INFINITY, f64::NEG_INFINITY);
                        for child in tree.children(node as usize) {
                            if alive[tree.action[child] as usize] || !alone {
                                least = least.min(low[child * tree.players + player]);
                                most = most.max(high[child * tree.players + player]);
                            }
                        }
                        most - least
                    })
                    .fold(0.0, f64::max)
            };
            // Where one move is left, what it is better by.
            [apart(true), apart(false), range[player]]
                .into_iter()
                .find(|stakes| *stakes > 0.0 && stakes.is_finite())
                .unwrap_or(1.0)
        })
        .collect()
}

/// For each action: is it one that no other of its information set pays more than at every node, whatever follows both, once moves that are
/// not are not made?
pub fn undominated(tree: &Tree) -> Vec<bool> {
    survivors(tree).0
}

/// The same, with the least and the most that each node can be worth to each player if no other moves are made.
fn survivors(tree: &Tree) -> (Vec<bool>, Vec<f64>, Vec<f64>) {
    let mut alive = vec![true; tree.actions()];
    let (mut low, mut high) = bounds(tree, &alive);
    loop {
        let mut changed = false;
        for set in 0..tree.sets() {
            for action in tree.actions_of(set) {
                if alive[action] && is_dominated(tree, &alive, &low, &high, set, action) {
                    alive[action] = false;
                    changed = true;
                }
            }
        }
        if !changed {
            return (alive, low, high);
        }
        (low, high) = bounds(tree, &alive);
    }
}

/// Does another action of the set pay more at every node of it, whatever follows both?
fn is_dominated(
    tree: &Tree,
    alive: &[bool],
    low: &[f64],
    high: &[f64],
    set: usize,
    action: usize,
) -> bool {
    let player = tree.player[set] as usize;
    let first = tree.actions_of(set).start;
    let members = tree.members_of(set);
    !members.is_empty()
        && tree
            .actions_of(set)
            .filter(|&other| other != action && alive[other])
            .any(|other| {
                members.iter().all(|&node| {
                    let at = |action: usize| {
                        let child = tree.children(node as usize).nth(action - first);
                        child.expect("an action has a child") * tree.players + player
                    };
                    let (most, least) = (high[at(action)], low[at(other)]);
                    least - most > SAME * (least.abs() + most.abs())
                })
            })
}

/// For each node and player, the least and the most that it can be worth if moves that are not alive are not made.
fn bounds(tree: &Tree, alive: &[bool]) -> (Vec<f64>, Vec<f64>) {
    let (nodes, players) = (tree.parent.len(), tree.players);
    let mut low = vec![0.0; nodes * players];
    for (leaf, &node) in tree.leaves.iter().enumerate() {
        low[node as usize * players..][..players]
            .copy_from_slice(&tree.payoff[leaf * players..][..players]);
    }
    let mut high = low.clone();
    for node in (0..nodes).rev() {
        let mut children = tree.children(node).peekable();
        if children.peek().is_none() {
            continue;
        }
        let chance = tree.set[node] == NONE;
        for player in 0..players {
            let (mut least, mut most) = if chance {
                (0.0, 0.0)
            } else {
                (f64::INFINITY, f64::NEG_INFINITY)
            };
            for child in tree.children(node) {
                let (down, up) = (
                    low[child * players + player],
                    high[child * players + player],
                );
                if chance {
                    least += tree.chance[child] * down;
                    most += tree.chance[child] * up;
                } else if alive[tree.action[child] as usize] {
                    least = least.min(down);
                    most = most.max(up);
                }
            }
            low[node * players + player] = least;
            high[node * players + player] = most;
        }
    }
    (low, high)
}
