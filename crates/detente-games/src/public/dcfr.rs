//! Discounted counterfactual regret minimisation in vector form.

use super::flat::{FlatNode, LANES, Lane, PublicTree};
use super::profile::VectorProfile;
use super::walk::{Levels, Visit, walk};

/// Discounted counterfactual regret minimisation (Brown & Sandholm 2019, "DCFR" with alpha 3/2, beta 0, gamma 2), players in turn.
///
/// The average strategy goes to a Nash equilibrium in zero-sum games; in others nothing is promised beyond a coarse correlated bound,
/// and [`super::Evaluator`] says how far it got. One thread; an iteration allocates nothing; the same calls give the same bytes. An
/// iteration costs two passes over the public tree, each a few operations for each action and type.
///
/// With a floor, players choose among strategies that give every action at least that probability: the perturbed game of Selten
/// (1975).
#[derive(Clone, Debug)]
pub struct Dcfr<'a> {
    tree: &'a PublicTree,
    floor: f64,
    iteration: u32,
    regret: [Vec<Lane>; 2],
    sum: [Vec<Lane>; 2],
    levels: Levels,
}

/// Sums of positive regrets below this count as zero: their reciprocal would overflow.
pub(super) const NO_REGRET: f64 = 1e-290;

/// What an iteration does to regrets and how much it counts in the average. The one place that knows the exponents.
#[derive(Clone, Copy, Debug)]
pub(super) struct Discount {
    /// Factor on positive regrets: t^1.5 / (t^1.5 + 1).
    pub(super) above: f64,
    /// Factor on negative regrets: t^0 / (t^0 + 1).
    pub(super) below: f64,
    /// Weight of this iteration in the average: t^2.
    pub(super) weight: f64,
}

impl Discount {
    /// Of iteration `iteration`, from 1.
    pub(super) fn at(iteration: u32) -> Self {
        let t = f64::from(iteration);
        let power = t * t.sqrt();
        Self {
            above: power / (power + 1.0),
            below: 0.5,
            weight: t * t,
        }
    }

    #[inline]
    pub(super) fn of(self, regret: f64) -> f64 {
        regret * if regret > 0.0 { self.above } else { self.below }
    }
}

impl<'a> Dcfr<'a> {
    /// At the start: no regrets, hence uniform play.
    pub fn new(tree: &'a PublicTree) -> Self {
        let zero = || [0, 1].map(|player| vec![[0.0; LANES]; tree.size[player]]);
        Self {
            tree,
            floor: 0.0,
            iteration: 0,
            regret: zero(),
            sum: zero(),
            levels: Levels::new(tree),
        }
    }

    /// Does `count` iterations.
    pub fn iterate(&mut self, count: u32) {
        for _ in 0..count {
            self.iteration += 1;
            let discount = Discount::at(self.iteration);
            for player in 0..2 {
                self.update(player, discount);
            }
        }
    }

    /// Iterations since the start or the last [`Dcfr::restart`].
    pub fn iterations(&self) -> u32 {
        self.iteration
    }

    /// Iterates in portions of `portion` until `go_on`, asked after each, says no or `most` iterations are done.
    pub fn run(&mut self, portion: u32, most: u32, go_on: &mut dyn FnMut(&Self) -> bool) {
        while self.iteration < most {
            self.iterate(portion.clamp(1, most - self.iteration));
            if !go_on(self) {
                return;
            }
        }
    }

    /// Every action gets at least `floor` from now on. Panics unless the floors of each information set leave something over.
    pub fn set_floor(&mut self, floor: f64) {
        let most = self.tree.moves().map(|(_, _, count)| count).max();
        assert!(
            floor >= 0.0 && floor * (most.unwrap_or(1) as f64) < 1.0,
            "floors add up to less than one"
        );
        self.floor = floor;
    }

    /// Forgets the average and the count of iterations, and shrinks regrets to the size of one iteration, so that play goes on from
    /// where it is but what was learnt under other circumstances is soon outweighed.
    pub fn restart(&mut self) {
        let shrink = 1.0 / f64::from(self.iteration.max(1));
        self.iteration = 0;
        for player in 0..2 {
            self.sum[player].fill([0.0; LANES]);
            for regret in self.regret[player].as_flattened_mut() {
                *regret *= shrink;
            }
        }
    }

    /// The tree that is solved.
    pub fn tree(&self) -> &'a PublicTree {
        self.tree
    }

    /// Writes the average strategy to `profile`.
    pub fn average(&self, profile: &mut VectorProfile) {
        let tree = self.tree;
        for node in tree.nodes.iter().filter(|node| node.player() < 2) {
            let (player, wide) = (node.player(), tree.wide[node.player()]);
            let block = node.block(wide);
            let sums = &self.sum[player][block.clone()];
            let shares = &mut profile.shares[player][block];
            let share = 1.0 / f64::from(node.count);
            for lane in 0..wide {
                let mut total = [0.0; LANES];
                for sum in sums[lane..].iter().step_by(wide) {
                    for k in 0..LANES {
                        total[k] += sum[k];
                    }
                }
                for (to, sum) in shares[lane..]
                    .iter_mut()
                    .step_by(wide)
                    .zip(sums[lane..].iter().step_by(wide))
                {
                    for k in 0..LANES {
                        to[k] = if total[k] > NO_REGRET {
                            sum[k] / total[k]
                        } else {
                            share
                        };
                    }
                }
            }
        }
    }

    fn update(&mut self, player: usize, discount: Discount) {
        let [first, second] = &mut self.regret;
        let (own, other) = if player == 0 {
            (first, &*second)
        } else {
            (second, &*first)
        };
        let mut visit = Update {
            player,
            wide: self.tree.wide,
            floor: self.floor,
            discount,
            own,
            other,
            sum: &mut self.sum[player],
        };
        walk::<false>(self.tree, player, &mut visit, &mut self.levels);
    }
}

struct Update<'a> {
    player: usize,
    wide: [usize; 2],
    floor: f64,
    discount: Discount,
    own: &'a mut [Lane],
    other: &'a [Lane],
    sum: &'a mut [Lane],
}

impl Update<'_> {
    fn at(&self, node: &FlatNode) -> usize {
        node.depth() * self.wide[0].max(self.wide[1])
    }

    fn lanes(&self, node: &FlatNode, branch: usize, wide: usize) -> std::ops::Range<usize> {
        let from = node.first as usize + branch * wide;
        from..from + wide
    }
}

impl Visit for Update<'_> {
    /// Regret matching: an action is played in proportion to its positive regret. Kept as a line, `share = base + slope * regret`, that
    /// has the floor in it.
    fn open(&mut self, node: &FlatNode, levels: &mut Levels) {
        let mover = node.player();
        let wide = self.wide[mover];
        let at = self.at(node);
        let regrets = if mover == self.player {
            &*self.own
        } else {
            self.other
        };
        let slope = &mut levels.slope[at..at + wide];
        let base = &mut levels.base[at..at + wide];
        slope.fill([0.0; LANES]);
        for row in regrets[node.block(wide)].chunks_exact(wide) {
            for (slope, regret) in slope.iter_mut().zip(row) {
                for k in 0..LANES {
                    slope[k] += regret[k].max(0.0);
                }
            }
        }
        let count = f64::from(node.count);
        let left = 1.0 - count * self.floor;
        let even = 1.0 / count;
        for (slope, base) in slope.iter_mut().zip(base) {
            for k in 0..LANES {
                let some = slope[k] > NO_REGRET;
                let inverse = left / slope[k];
                slope[k] = if some { inverse } else { 0.0 };
                base[k] = if some { self.floor } else { even };
            }
        }
        if mover == self.player {
            levels.total[at..at + wide].fill([0.0; LANES]);
        }
    }

    fn descend(&mut self, node: &FlatNode, branch: usize, levels: &mut Levels) {
        let mover = node.player();
        let wide = self.wide[mover];
        let at = self.at(node);
        let lanes = self.lanes(node, branch, wide);
        let from = node.before[mover] as usize * wide;
        let (here, below) = levels.reach[mover][from..from + 2 * wide].split_at_mut(wide);
        let slope = &levels.slope[at..at + wide];
        let base = &levels.base[at..at + wide];
        if mover == self.player {
            let regrets = &self.own[lanes.clone()];
            let sums = &mut self.sum[lanes];
            for ((((below, here), (slope, base)), regret), sum) in below
                .iter_mut()
                .zip(here)
                .zip(slope.iter().zip(base))
                .zip(regrets)
                .zip(sums)
            {
                for k in 0..LANES {
                    below[k] = here[k] * (base[k] + slope[k] * regret[k].max(0.0));
                    sum[k] += self.discount.weight * below[k];
                }
            }
        } else {
            let regrets = &self.other[lanes];
            for (((below, here), (slope, base)), regret) in below
                .iter_mut()
                .zip(here)
                .zip(slope.iter().zip(base))
                .zip(regrets)
            {
                for k in 0..LANES {
                    below[k] = here[k] * (base[k] + slope[k] * regret[k].max(0.0));
                }
            }
        }
    }

    fn returned(&mut self, node: &FlatNode, branch: usize, levels: &mut Levels) {
        let wide = self.wide[self.player];
        let at = self.at(node);
        let lanes = self.lanes(node, branch, wide);
        let from = node.depth() * wide;
        let (value, child) = levels.value[from..from + 2 * wide].split_at_mut(wide);
        let slope = &levels.slope[at..at + wide];
        let base = &levels.base[at..at + wide];
        let total = &mut levels.total[at..at + wide];
        for ((((value, child), (slope, base)), total), regret) in value
            .iter_mut()
            .zip(&*child)
            .zip(slope.iter().zip(base))
            .zip(total)
            .zip(&mut self.own[lanes])
        {
            for k in 0..LANES {
                let share = base[k] + slope[k] * regret[k].max(0.0);
                value[k] += share * child[k];
                total[k] += child[k];
                regret[k] += child[k];
            }
        }
    }

    fn close(&mut self, node: &FlatNode, levels: &mut Levels) {
        let wide = self.wide[self.player];
        let at = self.at(node);
        let from = node.depth() * wide;
        let value = &levels.value[from..from + wide];
        // The value without the floors, which is what regrets are against: the floors are no choice of the player's.
        let floor = self.floor;
        let left = 1.0 / (1.0 - f64::from(node.count) * floor);
        let total = &mut levels.total[at..at + wide];
        for (total, value) in total.iter_mut().zip(value) {
            for k in 0..LANES {
                total[k] = (value[k] - floor * total[k]) * left;
            }
        }
        let discount = self.discount;
        for row in self.own[node.block(wide)].chunks_exact_mut(wide) {
            for (regret, chosen) in row.iter_mut().zip(&*total) {
                for k in 0..LANES {
                    regret[k] = discount.of(regret[k] - chosen[k]);
                }
            }
        }
    }
}
