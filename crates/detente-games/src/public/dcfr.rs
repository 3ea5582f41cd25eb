//! Discounted counterfactual regret minimisation in vector form.

use std::ops::Range;

use super::flat::{FlatNode, LANES, Lane, PublicTree};
use super::profile::VectorProfile;
use super::walk::{Levels, Visit, add_times, walk};

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
    /// For each move and type of the mover, what a unit of positive regret is worth in probability; 0 if no action has any.
    slope: [Vec<Lane>; 2],
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

/// The positive part. `f64::max` would treat not-a-number on the side, at three times the instructions.
#[inline]
fn positive(regret: f64) -> f64 {
    if regret > 0.0 { regret } else { 0.0 }
}

/// The lanes of an action.
fn lanes(node: &FlatNode, branch: usize, wide: usize) -> Range<usize> {
    let from = node.first as usize + branch * wide;
    from..from + wide
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
            slope: [0, 1].map(|player| vec![[0.0; LANES]; tree.vectors[player]]),
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
        self.match_all();
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
        self.match_all();
    }

    /// Slopes from regrets.
    fn match_all(&mut self) {
        let tree = self.tree;
        for node in tree.nodes.iter().filter(|node| node.player() < 2) {
            let (player, wide) = (node.player(), tree.wide[node.player()]);
            let slope = self.slope[player][node.vector(wide)].as_flattened_mut();
            slope.fill(0.0);
            for row in self.regret[player][node.block(wide)].chunks_exact(wide) {
                for (slope, regret) in slope.iter_mut().zip(row.as_flattened()) {
                    *slope += positive(*regret);
                }
            }
            matching(slope, f64::from(node.count), self.floor);
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
        let [first_slope, second_slope] = &mut self.slope;
        let (own, other, slope, other_slope) = if player == 0 {
            (first, &*second, first_slope, &*second_slope)
        } else {
            (second, &*first, second_slope, &*first_slope)
        };
        let mut visit = Update {
            player,
            wide: self.tree.wide,
            floor: self.floor,
            discount,
            own,
            other,
            slope,
            other_slope,
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
    slope: &'a mut [Lane],
    other_slope: &'a [Lane],
    sum: &'a mut [Lane],
}

impl Update<'_> {
    /// What `base` is for the types of a move: the floor if there is regret to match, else an even share.
    fn bases(&self, node: &FlatNode) -> [f64; 2] {
        [1.0 / f64::from(node.count), self.floor]
    }
}

impl Visit for Update<'_> {
    fn open(&mut self, node: &FlatNode, levels: &mut Levels) {
        if node.player() == self.player {
            let wide = self.wide[self.player];
            let at = node.depth() * wide;
            levels.total[at..at + wide].fill([0.0; LANES]);
        }
    }

    fn descend(&mut self, node: &FlatNode, branch: usize, levels: &mut Levels) {
        let mover = node.player();
        let wide = self.wide[mover];
        let lanes = lanes(node, branch, wide);
        let bases = self.bases(node);
        let (here, below) = levels.reach_below(node, mover, wide);
        let (here, below) = (here.as_flattened(), below.as_flattened_mut());
        if mover == self.player {
            let regrets = self.own[lanes.clone()].as_flattened();
            let slope = self.slope[node.vector(wide)].as_flattened();
            play(below, here, slope, bases, regrets);
            add_times(
                self.sum[lanes].as_flattened_mut(),
                self.discount.weight,
                below,
            );
        } else {
            let regrets = self.other[lanes].as_flattened();
            let slope = self.other_slope[node.vector(wide)].as_flattened();
            play(below, here, slope, bases, regrets);
        }
    }

    fn returned(&mut self, node: &FlatNode, branch: usize, levels: &mut Levels) {
        let wide = self.wide[self.player];
        let at = node.depth() * wide;
        let bases = self.bases(node);
        let (value, child) = levels.value[at..at + 2 * wide].split_at_mut(wide);
        learn(
            value.as_flattened_mut(),
            levels.total[at..at + wide].as_flattened_mut(),
            self.own[lanes(node, branch, wide)].as_flattened_mut(),
            child.as_flattened(),
            self.slope[node.vector(wide)].as_flattened(),
            bases,
        );
    }

    fn close(&mut self, node: &FlatNode, levels: &mut Levels) {
        let wide = self.wide[self.player];
        let at = node.depth() * wide;
        let value = levels.value[at..at + wide].as_flattened();
        let total = levels.total[at..at + wide].as_flattened_mut();
        // The value without the floors, which is what regrets are against: the floors are no choice of the player's.
        let count = f64::from(node.count);
        let left = 1.0 / (1.0 - count * self.floor);
        for (total, value) in total.iter_mut().zip(value) {
            *total = (value - self.floor * *total) * left;
        }
        let slope = self.slope[node.vector(wide)].as_flattened_mut();
        slope.fill(0.0);
        for row in self.own[node.block(wide)].chunks_exact_mut(wide) {
            forget(row.as_flattened_mut(), slope, total, self.discount);
        }
        matching(slope, count, self.floor);
    }
}

// The loops over types. Each is a function of its own over plain slices that cannot overlap, which is what lets them compile to vector
// instructions; written over lanes, or inside the visitor, they do not. A single lane is a loop of known length, which unrolls.

/// Regret matching: an action is played in proportion to its positive regret, `share = base + slope * regret`. From sums of positive
/// regrets to slopes.
#[inline]
fn matching(slopes: &mut [f64], count: f64, floor: f64) {
    let left = 1.0 - count * floor;
    for slope in slopes {
        let inverse = left / *slope;
        *slope = if *slope > NO_REGRET { inverse } else { 0.0 };
    }
}

#[inline]
fn share(slope: f64, regret: f64, bases: [f64; 2]) -> f64 {
    let base = if slope > 0.0 { bases[1] } else { bases[0] };
    base + slope * positive(regret)
}

#[inline]
fn play(below: &mut [f64], here: &[f64], slopes: &[f64], bases: [f64; 2], regrets: &[f64]) {
    if let (Some(below), Some(here), Some(slopes), Some(regrets)) =
        (one_mut(below), one(here), one(slopes), one(regrets))
    {
        for k in 0..LANES {
            below[k] = here[k] * share(slopes[k], regrets[k], bases);
        }
        return;
    }
    for (((below, here), slope), regret) in below.iter_mut().zip(here).zip(slopes).zip(regrets) {
        *below = here * share(*slope, *regret, bases);
    }
}

#[inline]
fn learn(
    values: &mut [f64],
    totals: &mut [f64],
    regrets: &mut [f64],
    children: &[f64],
    slopes: &[f64],
    bases: [f64; 2],
) {
    for ((((value, total), regret), child), slope) in values
        .iter_mut()
        .zip(totals)
        .zip(regrets)
        .zip(children)
        .zip(slopes)
    {
        *value += share(*slope, *regret, bases) * child;
        *total += child;
        *regret += child;
    }
}

/// Takes what was chosen off regrets, discounts them, and adds up the positive ones.
#[inline]
fn forget(regrets: &mut [f64], sums: &mut [f64], chosen: &[f64], discount: Discount) {
    for ((regret, sum), chosen) in regrets.iter_mut().zip(sums).zip(chosen) {
        *regret = discount.of(*regret - chosen);
        *sum += positive(*regret);
    }
}

fn one(of: &[f64]) -> Option<&Lane> {
    of.try_into().ok()
}

fn one_mut(of: &mut [f64]) -> Option<&mut Lane> {
    of.try_into().ok()
}
