//! Profiles in vector form.

use super::flat::{LANES, Lane, PublicTree};

/// A behaviour strategy profile in vector form: at each move of the public tree, for each action, a probability for each type of the
/// mover.
#[derive(Clone, Debug, PartialEq)]
pub struct VectorProfile {
    /// For each player its moves in preorder; at a move action by action; for an action the types, filled up to whole lanes.
    pub(super) shares: [Vec<Lane>; 2],
}

impl VectorProfile {
    /// Every action of an information set equally likely.
    pub fn uniform(tree: &PublicTree) -> Self {
        let mut profile = Self {
            shares: [0, 1].map(|player| vec![[0.0; LANES]; tree.size[player]]),
        };
        for node in tree.nodes.iter().filter(|node| node.player() < 2) {
            let player = node.player();
            let share = 1.0 / f64::from(node.count);
            profile.shares[player][node.block(tree.wide[player])].fill([share; LANES]);
        }
        profile
    }

    /// The probability that type `of` of the player who moves at the public node `node` gives to action `branch`.
    pub fn get(&self, tree: &PublicTree, node: usize, of: usize, branch: usize) -> f64 {
        let (player, lane) = tree.place(node, of, branch);
        self.shares[player][lane][of % LANES]
    }

    /// Sets that probability. The caller sees to it that they add up to one.
    pub fn set(&mut self, tree: &PublicTree, node: usize, of: usize, branch: usize, to: f64) {
        let (player, lane) = tree.place(node, of, branch);
        self.shares[player][lane][of % LANES] = to;
    }

    /// Reads it from a vector in which the actions of an information set stand together: moves in preorder, at each the mover's types.
    pub(super) fn read_sets(&mut self, tree: &PublicTree, from: &[f64]) {
        let mut next = 0;
        for node in tree.nodes.iter().filter(|node| node.player() < 2) {
            let player = node.player();
            let wide = tree.wide[player] * LANES;
            let block = self.shares[player][node.block(tree.wide[player])].as_flattened_mut();
            for of in 0..tree.types[player] {
                for to in block[of..].iter_mut().step_by(wide) {
                    *to = from[next];
                    next += 1;
                }
            }
        }
    }

    /// Writes it to such a vector.
    pub(super) fn write_sets(&self, tree: &PublicTree, to: &mut [f64]) {
        let mut next = 0;
        for node in tree.nodes.iter().filter(|node| node.player() < 2) {
            let player = node.player();
            let wide = tree.wide[player] * LANES;
            let block = self.shares[player][node.block(tree.wide[player])].as_flattened();
            for of in 0..tree.types[player] {
                for from in block[of..].iter().step_by(wide) {
                    to[next] = *from;
                    next += 1;
                }
            }
        }
    }
}
