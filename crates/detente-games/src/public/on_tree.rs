//! The same iteration on an ordinary tree, for games of two players that have no public tree to run on.

use super::dcfr::{Discount, NO_REGRET};
use super::value::Values;
use crate::tree::{NONE, Tree};

/// Discounted counterfactual regret minimisation (see [`super::Dcfr`]) on a [`Tree`] of two players. One thread; an iteration allocates
/// nothing and costs two passes over the nodes.
#[derive(Clone, Debug)]
pub struct TreeDcfr<'a> {
    tree: &'a Tree,
    leaf_of: Vec<u32>,
    floor: f64,
    iteration: u32,
    regret: Vec<f64>,
    sum: Vec<f64>,
    share: Vec<f64>,
    sweep: Sweep,
}

/// Buffers of passes over the nodes.
#[derive(Clone, Debug)]
struct Sweep {
    /// For each node, how each player reaches it, and chance times that of the other.
    reach: Vec<[f64; 2]>,
    chance: Vec<f64>,
    /// For each node, the walking player's value times the reach of chance and the other.
    value: Vec<f64>,
    /// For each action, the sum of values over the nodes of its information set.
    gain: Vec<f64>,
}

/// The tree does not have two players.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotTwo(pub usize);

impl std::fmt::Display for NotTwo {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} players, not two", self.0)
    }
}

impl std::error::Error for NotTwo {}

impl<'a> TreeDcfr<'a> {
    /// At the start: no regrets, hence uniform play.
    ///
    /// # Errors
    /// If the tree does not have two players.
    pub fn new(tree: &'a Tree) -> Result<Self, NotTwo> {
        if tree.players != 2 {
            return Err(NotTwo(tree.players));
        }
        Ok(Self {
            tree,
            leaf_of: leaf_of(tree),
            floor: 0.0,
            iteration: 0,
            regret: vec![0.0; tree.actions()],
            sum: vec![0.0; tree.actions()],
            share: vec![0.0; tree.actions()],
            sweep: Sweep::new(tree),
        })
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

    /// Iterations since the start or the last [`TreeDcfr::restart`].
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
        let most = (0..self.tree.sets()).map(|set| self.tree.actions_of(set).len());
        let most = most.max().unwrap_or(1);
        assert!(
            floor >= 0.0 && floor * (most as f64) < 1.0,
            "floors add up to less than one"
        );
        self.floor = floor;
    }

    /// As [`super::Dcfr::restart`].
    pub fn restart(&mut self) {
        let shrink = 1.0 / f64::from(self.iteration.max(1));
        self.iteration = 0;
        self.sum.fill(0.0);
        for regret in &mut self.regret {
            *regret *= shrink;
        }
    }

    /// Writes the average strategy to `profile`, an entry for each game-wide action.
    pub fn average(&self, profile: &mut [f64]) {
        for set in 0..self.tree.sets() {
            let range = self.tree.actions_of(set);
            let total: f64 = self.sum[range.clone()].iter().sum();
            let even = 1.0 / range.len() as f64;
            for action in range {
                profile[action] = if total > NO_REGRET {
                    self.sum[action] / total
                } else {
                    even
                };
            }
        }
    }

    fn update(&mut self, player: usize, discount: Discount) {
        let tree = self.tree;
        for set in 0..tree.sets() {
            let range = tree.actions_of(set);
            let count = range.len() as f64;
            let total: f64 = self.regret[range.clone()].iter().map(|r| r.max(0.0)).sum();
            for action in range {
                let matched = if total > NO_REGRET {
                    self.regret[action].max(0.0) / total
                } else {
                    1.0 / count
                };
                self.share[action] = self.floor + (1.0 - count * self.floor) * matched;
            }
        }
        self.sweep.down(tree, &self.share, &self.share);
        self.sweep.up(tree, player, &self.leaf_of, &self.share);
        for set in (0..tree.sets()).filter(|set| tree.player[*set] as usize == player) {
            let range = tree.actions_of(set);
            let count = range.len() as f64;
            // Perfect recall: the player's own reach is the same at all nodes of the set.
            let own = self.sweep.reach[tree.members_of(set)[0] as usize][player];
            let left = 1.0 - count * self.floor;
            let mut chosen = 0.0;
            for action in range.clone() {
                self.sum[action] += discount.weight * own * self.share[action];
                chosen += (self.share[action] - self.floor) / left * self.sweep.gain[action];
            }
            for action in range {
                let regret = &mut self.regret[action];
                *regret = discount.of(*regret + self.sweep.gain[action] - chosen);
            }
        }
    }
}

impl Sweep {
    fn new(tree: &Tree) -> Self {
        let nodes = tree.parent.len();
        Self {
            reach: vec![[1.0; 2]; nodes],
            chance: vec![1.0; nodes],
            value: vec![0.0; nodes],
            gain: vec![0.0; tree.actions()],
        }
    }

    /// Reaches of all nodes, of the first player under one profile and of the second under another.
    fn down(&mut self, tree: &Tree, first: &[f64], second: &[f64]) {
        for node in 1..tree.parent.len() {
            let parent = tree.parent[node] as usize;
            self.chance[node] = self.chance[parent] * tree.chance[node];
            let mut reach = self.reach[parent];
            let action = tree.action[node];
            if action != NONE {
                let player = tree.player[tree.set_of[action as usize] as usize] as usize;
                let share = if player == 0 { first } else { second };
                reach[player] *= share[action as usize];
            }
            self.reach[node] = reach;
        }
    }

    /// How likely chance and the other player of `player` let information set `set` be.
    fn mass(&self, tree: &Tree, set: usize, player: usize) -> f64 {
        tree.members_of(set)
            .iter()
            .map(|node| self.chance[*node as usize] * self.reach[*node as usize][1 - player])
            .sum()
    }

    /// Values of `player` from the reaches of chance and the other, and for each of its actions their sum over the information set.
    fn up(&mut self, tree: &Tree, player: usize, leaf_of: &[u32], share: &[f64]) {
        self.value.fill(0.0);
        self.gain.fill(0.0);
        for node in (0..tree.parent.len()).rev() {
            if leaf_of[node] != NONE {
                let paid = tree.payoff[leaf_of[node] as usize * 2 + player];
                self.value[node] = self.chance[node] * self.reach[node][1 - player] * paid;
            }
            if node == 0 {
                break;
            }
            let (parent, action) = (tree.parent[node] as usize, tree.action[node]);
            let set = tree.set[parent];
            if action != NONE && tree.player[set as usize] as usize == player {
                self.gain[action as usize] += self.value[node];
                self.value[parent] += share[action as usize] * self.value[node];
            } else {
                self.value[parent] += self.value[node];
            }
        }
    }
}

fn leaf_of(tree: &Tree) -> Vec<u32> {
    let mut leaf_of = vec![NONE; tree.parent.len()];
    for (leaf, node) in tree.leaves.iter().enumerate() {
        leaf_of[*node as usize] = crate::builder::small(leaf);
    }
    leaf_of
}

/// Evaluates profiles of a two-player tree, as [`super::Evaluator`] does in vector form; holds the buffers.
#[derive(Clone, Debug)]
pub struct TreeEvaluator<'a> {
    tree: &'a Tree,
    leaf_of: Vec<u32>,
    /// For each player, its information sets, those with the most of its own moves before them first, and the most of these moves.
    order: [Vec<u32>; 2],
    deepest: [usize; 2],
    /// For each leaf, the last action of each player before it, and for each information set that of its player, or [`NONE`].
    last: Vec<[u32; 2]>,
    before: Vec<u32>,
    sweep: Sweep,
    value: Vec<f64>,
    /// For each action, what it pays a player who then answers best.
    answer: Vec<f64>,
}

impl<'a> TreeEvaluator<'a> {
    /// For profiles of `tree`.
    ///
    /// # Errors
    /// If the tree does not have two players.
    pub fn new(tree: &'a Tree) -> Result<Self, NotTwo> {
        if tree.players != 2 {
            return Err(NotTwo(tree.players));
        }
        // For each node and player, its last action and how many it took.
        let mut own = vec![[(NONE, 0_usize); 2]; tree.parent.len()];
        for node in 1..tree.parent.len() {
            own[node] = own[tree.parent[node] as usize];
            let action = tree.action[node];
            if action != NONE {
                let set = tree.set_of[action as usize] as usize;
                let last = &mut own[node][tree.player[set] as usize];
                *last = (action, last.1 + 1);
            }
        }
        let (mut order, mut deepest) = ([Vec::new(), Vec::new()], [0, 0]);
        let mut before = vec![NONE; tree.sets()];
        let mut level = vec![0; tree.sets()];
        for set in (0..tree.sets()).filter(|&set| !tree.members_of(set).is_empty()) {
            let player = tree.player[set] as usize;
            (before[set], level[set]) = own[tree.members_of(set)[0] as usize][player];
            order[player].push(crate::builder::small(set));
            deepest[player] = deepest[player].max(level[set] + 1);
        }
        for order in &mut order {
            order.sort_by_key(|&set| std::cmp::Reverse(level[set as usize]));
        }
        let leaves = tree.leaves.iter();
        Ok(Self {
            tree,
            leaf_of: leaf_of(tree),
            order,
            deepest,
            last: leaves
                .map(|&leaf| own[leaf as usize].map(|(action, _)| action))
                .collect(),
            before,
            sweep: Sweep::new(tree),
            value: vec![0.0; tree.sets()],
            answer: vec![0.0; tree.actions()],
        })
    }

    /// Values of the strategy of each player in `own` against the other's in `others`, vectors over game-wide actions. `worst` names
    /// the information set, and 0.
    pub fn against(&mut self, own: &[f64], others: &[f64]) -> Values {
        let mut values = Values {
            value: [0.0; 2],
            best: [0.0; 2],
            conditional: [0.0; 2],
            worst: [(0, 0); 2],
        };
        for player in 0..2 {
            self.down(player, own, others);
            values.value[player] = self.up(player, own);
            for set in &self.order[player] {
                let range = self.tree.actions_of(*set as usize);
                self.value[*set as usize] = range.map(|a| own[a] * self.sweep.gain[a]).sum();
            }
            // A player of perfect recall can count on the leaves before which an action is its last, and on the best of the information
            // sets before which it is; the player's last sets are settled first.
            self.answer.fill(0.0);
            for (leaf, &node) in self.tree.leaves.iter().enumerate() {
                let node = node as usize;
                let paid = self.tree.payoff[leaf * 2 + player];
                let worth = self.sweep.chance[node] * self.sweep.reach[node][1 - player] * paid;
                match self.last[leaf][player] {
                    NONE => values.best[player] += worth,
                    action => self.answer[action as usize] += worth,
                }
            }
            for set in &self.order[player] {
                let set = *set as usize;
                let range = self.tree.actions_of(set);
                let best = range
                    .map(|a| self.answer[a])
                    .fold(f64::NEG_INFINITY, f64::max);
                let gain = best - self.value[set];
                let mass = self.sweep.mass(self.tree, set, player);
                if mass > 0.0 && gain > values.conditional[player] * mass {
                    values.conditional[player] = gain / mass;
                    values.worst[player] = (set, 0);
                }
                match self.before[set] {
                    NONE => values.best[player] += best,
                    action => self.answer[action as usize] += best,
                }
            }
        }
        values
    }

    /// What each action is worth to the player who takes it and then plays by `own`, given that its information set is reached; 0 where
    /// the other and chance never let it be.
    pub fn worth(&mut self, own: &[f64], others: &[f64], worth: &mut [f64]) {
        for player in 0..2 {
            self.down(player, own, others);
            self.up(player, own);
            for set in &self.order[player] {
                let mass = self.sweep.mass(self.tree, *set as usize, player);
                for action in self.tree.actions_of(*set as usize) {
                    let gain = self.sweep.gain[action];
                    worth[action] = if mass > 0.0 { gain / mass } else { 0.0 };
                }
            }
        }
    }

    /// The most moves that the players have on a path, or a little more.
    pub(super) fn depth(&self) -> usize {
        self.deepest[0] + self.deepest[1]
    }

    fn down(&mut self, player: usize, own: &[f64], others: &[f64]) {
        let (first, second) = if player == 0 {
            (own, others)
        } else {
            (others, own)
        };
        self.sweep.down(self.tree, first, second);
    }

    fn up(&mut self, player: usize, own: &[f64]) -> f64 {
        self.sweep.up(self.tree, player, &self.leaf_of, own);
        self.sweep.value[0]
    }
}
