//! Values and deviations of a profile by a plain walk of the game: the independent road of this module's tests.

use crate::game::Kind;
use crate::{Game, Tree};

/// Rounding of a few hundred additions of payoffs near one.
pub(super) const ROUNDING: f64 = 1e-12;

/// What each player expects under `profile`.
pub(super) fn values(game: &Game, profile: &[f64]) -> Vec<f64> {
    walk(&tree(game), profile).0[0].clone()
}

/// The probability of plays that end at an outcome whose label starts with `label`.
pub(super) fn probability(game: &Game, profile: &[f64], label: &str) -> f64 {
    let tree = tree(game);
    let (_, reach) = walk(&tree, profile);
    game.nodes()
        .iter()
        .zip(&reach)
        .filter(|(node, _)| node.kind == Kind::Terminal)
        .filter(|(node, _)| {
            node.outcome
                .is_some_and(|at| game.outcomes()[at as usize].label.starts_with(label))
        })
        .map(|(_, (mine, others))| mine * others)
        .sum()
}

/// The most that any player gains by another action at one information set, at those sets whose beliefs `profile` settles: that the
/// other players and chance reach, or that hold one node.
pub(super) fn largest_gain(game: &Game, profile: &[f64]) -> f64 {
    let tree = tree(game);
    let (value, _) = walk(&tree, profile);
    let mut largest = 0.0_f64;
    for set in 0..tree.sets() {
        let player = tree.player[set] as usize;
        let members = tree.members_of(set);
        let mut weights: Vec<f64> = members
            .iter()
            .map(|&node| reach_without(&tree, profile, node as usize, player))
            .collect();
        if members.len() == 1 {
            weights = vec![1.0];
        }
        let total: f64 = weights.iter().sum();
        if total <= 0.0 {
            continue;
        }
        let mut of_action = vec![0.0; tree.actions_of(set).len()];
        for (&node, weight) in members.iter().zip(&weights) {
            for (branch, child) in tree.children(node as usize).enumerate() {
                of_action[branch] += weight / total * value[child][player];
            }
        }
        let mean: f64 = of_action
            .iter()
            .zip(&profile[tree.actions_of(set)])
            .map(|(u, p)| u * p)
            .sum();
        largest = of_action.iter().fold(largest, |most, u| most.max(u - mean));
    }
    largest
}

fn tree(game: &Game) -> Tree {
    Tree::new(game).expect("oracles have perfect recall")
}

/// For each node the players' expected payoffs from there on (and before), and its reach (all, 1) under `profile`.
fn walk(tree: &Tree, profile: &[f64]) -> (Vec<Vec<f64>>, Vec<(f64, f64)>) {
    let nodes = tree.parent.len();
    assert_eq!(profile.len(), tree.actions(), "an entry for each action");
    let mut value = vec![vec![0.0; tree.players]; nodes];
    for (leaf, &node) in tree.leaves.iter().enumerate() {
        value[node as usize] = tree.payoff[leaf * tree.players..][..tree.players].to_vec();
    }
    let mut reach = vec![(1.0, 1.0); nodes];
    for node in 1..nodes {
        let step = step(tree, profile, node);
        reach[node].0 = reach[tree.parent[node] as usize].0 * step;
    }
    for node in (1..nodes).rev() {
        let step = step(tree, profile, node);
        for player in 0..tree.players {
            let add = step * value[node][player];
            value[tree.parent[node] as usize][player] += add;
        }
    }
    (value, reach)
}

fn step(tree: &Tree, profile: &[f64], node: usize) -> f64 {
    match tree.action[node] {
        crate::NONE => tree.chance[node],
        action => profile[action as usize],
    }
}

/// The reach of `node` by chance and all players but `player`.
fn reach_without(tree: &Tree, profile: &[f64], mut node: usize, player: usize) -> f64 {
    let mut reach = 1.0;
    while node != 0 {
        let action = tree.action[node];
        let own = action != crate::NONE
            && tree.player[tree.set_of[action as usize] as usize] as usize == player;
        if !own {
            reach *= step(tree, profile, node);
        }
        node = tree.parent[node] as usize;
    }
    reach
}
