//! How good a profile is, in vector form: values, best responses, conditional regrets.

use super::flat::{FlatNode, LANES, Lane, PublicTree};
use super::profile::VectorProfile;
use super::walk::{Levels, Visit, product, total, walk};
use crate::tree::NONE;

/// Values of a profile.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Values {
    /// What each player gets.
    pub value: [f64; 2],
    /// What each player would get by answering best, all else equal.
    pub best: [f64; 2],
    /// The largest gain, given that an information set is reached, that a type has there by answering best from there on; for each
    /// player, over information sets that the other player and chance reach with positive probability.
    pub conditional: [f64; 2],
    /// The public node and the type that has it.
    pub worst: [(usize, usize); 2],
}

impl Values {
    /// The sum over players of what answering best would gain: zero exactly at Nash equilibria.
    pub fn nash_conv(&self) -> f64 {
        (0..2)
            .map(|player| self.best[player] - self.value[player])
            .sum()
    }
}

/// Evaluates profiles of one tree; holds the buffers, so that evaluating allocates nothing.
#[derive(Clone, Debug)]
pub struct Evaluator<'a> {
    tree: &'a PublicTree,
    levels: Levels,
}

impl<'a> Evaluator<'a> {
    /// For profiles of `tree`.
    pub fn new(tree: &'a PublicTree) -> Self {
        Self {
            tree,
            levels: Levels::new(tree),
        }
    }

    /// Values of `profile`.
    pub fn values(&mut self, profile: &VectorProfile) -> Values {
        self.against(profile, profile)
    }

    /// What each action is worth to the type that takes it and then plays by `own` against the other's strategy in `others`, given that
    /// its information set is reached; 0 where the other and chance never let it be. Written to `worth`, in the layout of a profile.
    pub fn worth(
        &mut self,
        own: &VectorProfile,
        others: &VectorProfile,
        worth: &mut VectorProfile,
    ) {
        for player in 0..2 {
            let mut visit = Evaluation::<false> {
                tree: self.tree,
                player,
                own: &own.shares[player],
                other: &others.shares[1 - player],
                worth: &mut worth.shares[player],
                regret: 0.0,
                worst: (0, 0),
            };
            walk::<false>(self.tree, player, &mut visit, &mut self.levels);
        }
    }

    /// Values of each player's strategy in `own` against the other's in `others`.
    pub fn against(&mut self, own: &VectorProfile, others: &VectorProfile) -> Values {
        let mut values = Values {
            value: [0.0; 2],
            best: [0.0; 2],
            conditional: [0.0; 2],
            worst: [(0, 0); 2],
        };
        for player in 0..2 {
            let wide = self.tree.wide[player];
            let mut visit = Evaluation::<true> {
                tree: self.tree,
                player,
                own: &own.shares[player],
                other: &others.shares[1 - player],
                worth: &mut [],
                regret: 0.0,
                worst: (0, 0),
            };
            walk::<true>(self.tree, player, &mut visit, &mut self.levels);
            let (regret, worst) = (visit.regret, visit.worst);
            let sum = |of: &[Lane]| {
                let counts = self.tree.counts[player].as_flattened();
                let values = of[..wide].as_flattened();
                (0..self.tree.types[player])
                    .map(|of| counts[of] * values[of])
                    .sum::<f64>()
            };
            values.value[player] = sum(&self.levels.value);
            values.best[player] = sum(&self.levels.best);
            values.conditional[player] = regret;
            values.worst[player] = worst;
        }
        values
    }
}

/// With `BEST`, best responses and conditional regrets; without, what actions are worth.
struct Evaluation<'a, const BEST: bool> {
    tree: &'a PublicTree,
    player: usize,
    own: &'a [Lane],
    other: &'a [Lane],
    worth: &'a mut [Lane],
    regret: f64,
    worst: (usize, usize),
}

impl<const BEST: bool> Visit for Evaluation<'_, BEST> {
    fn open(&mut self, node: &FlatNode, levels: &mut Levels) {
        if BEST && node.player() == self.player {
            let wide = self.tree.wide[self.player];
            let at = node.depth() * wide;
            levels.best[at..at + wide].fill([f64::NEG_INFINITY; LANES]);
        }
    }

    fn descend(&mut self, node: &FlatNode, branch: usize, levels: &mut Levels) {
        let mover = node.player();
        let wide = self.tree.wide[mover];
        let from = node.first as usize + branch * wide;
        let shares = if mover == self.player {
            &self.own[from..from + wide]
        } else {
            &self.other[from..from + wide]
        };
        let (here, below) = levels.reach_below(node, mover, wide);
        for ((below, here), share) in below.iter_mut().zip(here).zip(shares) {
            for k in 0..LANES {
                below[k] = here[k] * share[k];
            }
        }
    }

    fn returned(&mut self, node: &FlatNode, branch: usize, levels: &mut Levels) {
        let wide = self.tree.wide[self.player];
        let from = node.first as usize + branch * wide;
        let at = node.depth() * wide;
        let (value, child) = levels.value[at..at + 2 * wide].split_at_mut(wide);
        for ((value, child), share) in value
            .iter_mut()
            .zip(&*child)
            .zip(&self.own[from..from + wide])
        {
            for k in 0..LANES {
                value[k] += share[k] * child[k];
            }
        }
        if !BEST {
            self.worth[from..from + wide].copy_from_slice(child);
            return;
        }
        let (best, child) = levels.best[at..at + 2 * wide].split_at_mut(wide);
        for (best, child) in best.iter_mut().zip(&*child) {
            for k in 0..LANES {
                best[k] = best[k].max(child[k]);
            }
        }
    }

    fn close(&mut self, node: &FlatNode, levels: &mut Levels) {
        let tree = self.tree;
        let (wide, other) = (tree.wide[self.player], 1 - self.player);
        let from = node.before[other] as usize * tree.wide[other];
        let reach = &levels.reach[other][from..from + tree.wide[other]];
        // How likely the other player and chance let each type be here.
        let mass = &mut levels.spare[..wide];
        if node.weight[self.player] == NONE {
            mass.fill([node.chance * total(reach); LANES]);
        } else {
            let types = tree.types[other];
            let weight = tree.vector(node.weight[self.player], types * wide);
            product(weight, types, reach, mass);
            for mass in mass.as_flattened_mut() {
                *mass *= node.chance;
            }
        }
        if !BEST {
            for row in self.worth[node.block(wide)].chunks_exact_mut(wide) {
                for (worth, mass) in row.as_flattened_mut().iter_mut().zip(mass.as_flattened()) {
                    *worth = if *mass > 0.0 { *worth / mass } else { 0.0 };
                }
            }
            return;
        }
        let at = node.depth() * wide;
        let best = levels.best[at..at + wide].as_flattened();
        let value = levels.value[at..at + wide].as_flattened();
        let mass = mass.as_flattened();
        for of in 0..tree.types[self.player] {
            let gain = best[of] - value[of];
            if mass[of] > 0.0 && gain > self.regret * mass[of] {
                self.regret = gain / mass[of];
                self.worst = (node.index as usize, of);
            }
        }
    }
}
