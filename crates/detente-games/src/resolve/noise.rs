//! Sampled payoffs: normal noise on what outcomes pay.

use detente_math::{normal_quantile, uniform};

use crate::builder::small;
use crate::game::Game;
use crate::tree::Tree;

/// Independent normal noise on the payoffs of a game's outcomes. An outcome that stands on several nodes has the same noise on all.
#[derive(Clone, Debug)]
pub struct Noise {
    seed: u64,
    players: usize,
    /// What plays pay without noise, in the shape of [`Tree::payoff`].
    base: Vec<f64>,
    /// For each outcome and player, the standard deviation in units of payoff: `outcome * players + player`.
    deviation: Vec<f64>,
    /// For each outcome, where the leaves that it is paid before begin in `leaves`; one entry more.
    first_leaf: Vec<u32>,
    leaves: Vec<u32>,
}

impl Noise {
    /// Noise whose standard deviation is `sigma` times the range of each player's payoffs ([`Tree::payoff_range`]). Panics if `tree`
    /// is not that of `game`.
    pub fn new(game: &Game, tree: &Tree, seed: u64, sigma: f64) -> Self {
        let mut before: Vec<Vec<u32>> = vec![Vec::new(); game.outcomes().len()];
        let nodes = game.nodes();
        assert_eq!(nodes.len(), tree.parent.len(), "the tree of the game");
        for (leaf, &node) in (0_u32..).zip(&tree.leaves) {
            let mut node = node;
            loop {
                if let Some(outcome) = nodes[node as usize].outcome {
                    before[outcome as usize].push(leaf);
                }
                if node == 0 {
                    break;
                }
                node = nodes[node as usize].parent;
            }
        }
        let mut noise = Self {
            seed,
            players: tree.players,
            base: tree.payoff.clone(),
            deviation: Vec::new(),
            first_leaf: vec![0],
            leaves: Vec::new(),
        };
        let range = tree.payoff_range();
        for leaves in before {
            noise.leaves.extend(leaves);
            noise.first_leaf.push(small(noise.leaves.len()));
            noise
                .deviation
                .extend(range.iter().map(|range| sigma * range));
        }
        noise
    }

    /// Noise only where `wanted(outcome, player)`, both indices.
    #[must_use]
    pub fn only(mut self, wanted: impl Fn(usize, usize) -> bool) -> Self {
        for (at, deviation) in self.deviation.iter_mut().enumerate() {
            if !wanted(at / self.players, at % self.players) {
                *deviation = 0.0;
            }
        }
        self
    }

    /// The payoffs of draw `index`, in the shape of [`Tree::payoff`]: a function of the seed, the index and the place alone.
    pub fn payoffs(&self, index: u64, payoff: &mut [f64]) {
        payoff.copy_from_slice(&self.base);
        for (key, (place, &deviation)) in (0_u64..).zip(self.deviation.iter().enumerate()) {
            if deviation == 0.0 {
                continue;
            }
            let shift = deviation * normal_quantile(uniform(self.seed, key, index));
            let (outcome, player) = (place / self.players, place % self.players);
            let leaves = self.first_leaf[outcome] as usize..self.first_leaf[outcome + 1] as usize;
            for &leaf in &self.leaves[leaves] {
                payoff[leaf as usize * self.players + player] += shift;
            }
        }
    }
}

/// For each leaf, the outcome paid last before the play ends: an index into [`Game::outcomes`], or their number if there is none.
pub fn last_outcomes(game: &Game, tree: &Tree) -> Vec<u32> {
    let nodes = game.nodes();
    let of = |leaf: &u32| {
        let mut node = *leaf;
        loop {
            match nodes[node as usize].outcome {
                Some(outcome) => return outcome,
                None if node == 0 => return small(game.outcomes().len()),
                None => node = nodes[node as usize].parent,
            }
        }
    };
    tree.leaves.iter().map(of).collect()
}
