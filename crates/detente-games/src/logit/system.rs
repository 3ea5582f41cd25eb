//! The equations of agent quantal response, and their derivatives.
//!
//! At information set I with behaviour strategy p, action a has the payoff `u_a` that its player expects at I given the beliefs that
//! Bayes' rule draws from p. In equilibrium `log p_a - log p_r = λ (u_a - u_r)` for all a and one action r of I that they are compared
//! with (McKelvey and Palfrey 1998, eq. 3).
//!
//! Beliefs and payoffs come from differences of log reach alone, so that they are right where plays have probability e^-100000
//! (Turocy 2010). Derivatives come from the leaves: with R the reach of I, p's logarithms y, and z over leaves,
//!
//! ```text
//! du_a/dy_b = sum over z behind a and b of reach(z) payoff(z) / (R p_a)  -  u_a * (share of R behind b, for b before I)
//! ```
//!
//! Actions of the player itself before I cancel under perfect recall and are left out.

use crate::tree::{NONE, Tree};

/// The equations of one tree, with what is needed at every evaluation laid out flat.
#[derive(Debug)]
pub(crate) struct System<'a> {
    pub(crate) tree: &'a Tree,
    /// Payoffs as shares of the largest range of any player, so that λ has no unit.
    payoff: Vec<f64>,
    /// What payoffs were divided by.
    pub(crate) scale: f64,
    /// For each information set, how many times λ its precision is.
    pub(crate) weight: Vec<f64>,
    /// For each action, the logarithm of the probability that it has at λ = 0.
    pub(crate) prior: Vec<f64>,
    /// For each leaf, where its moves begin in `moves`; one entry more.
    first_move: Vec<u32>,
    /// The moves of players on the way to each leaf, first to last.
    moves: Vec<Move>,
    /// For each node, the log-probability of the branch of chance that leads to it; 0 where chance did not move or could not.
    log_chance: Vec<f64>,
    /// Number of impossible branches of chance on the way to each node.
    impossible: Vec<u32>,
    /// For each entry of `Tree::members`, where the moves before it begin in `earlier`; one entry more.
    first_earlier: Vec<u32>,
    /// Actions of other players on the way to each member.
    earlier: Vec<u32>,
}

#[derive(Clone, Copy, Debug)]
struct Move {
    action: u32,
    player: u32,
    /// The node at which the move is made.
    node: u32,
    /// Its place in `Tree::members`.
    member: u32,
}

/// What an evaluation fills.
#[derive(Clone, Debug)]
pub(crate) struct Values {
    /// Log reach of each node.
    reach: Vec<f64>,
    /// Belief at each entry of `Tree::members`.
    pub(crate) belief: Vec<f64>,
    /// Payoff of each action to its player, as a share of the scale.
    pub(crate) payoff: Vec<f64>,
    /// `du_a/dy_b` at `a * actions + b`.
    pub(crate) slope: Vec<f64>,
}

impl<'a> System<'a> {
    /// The equations of `tree`, with payoffs `payoff` in the shape of [`Tree::payoff`].
    pub(crate) fn new(tree: &'a Tree, payoff: &[f64]) -> Self {
        let range = tree.payoff_range().into_iter().fold(0.0, f64::max);
        let scale = if range > 0.0 { range } else { 1.0 };
        let nodes = tree.parent.len();
        let mut member_of = vec![NONE; nodes];
        for (place, &node) in (0_u32..).zip(&tree.members) {
            member_of[node as usize] = place;
        }
        let mut log_chance = vec![0.0; nodes];
        let mut impossible = vec![0; nodes];
        for node in 1..nodes {
            impossible[node] = impossible[tree.parent[node] as usize];
            if tree.chance[node] > 0.0 {
                log_chance[node] = libm::log(tree.chance[node]);
            } else {
                impossible[node] += 1;
            }
        }
        let mut system = Self {
            tree,
            payoff: payoff.iter().map(|payoff| payoff / scale).collect(),
            scale,
            weight: vec![1.0; tree.sets()],
            prior: even(tree),
            first_move: vec![0],
            moves: Vec::new(),
            log_chance,
            impossible,
            first_earlier: vec![0],
            earlier: Vec::new(),
        };
        let mut path = Vec::new();
        for &leaf in &tree.leaves {
            system.path(leaf, &member_of, &mut path);
            system.moves.extend(path.iter().rev());
            system.first_move.push(count(system.moves.len()));
        }
        for &node in &tree.members {
            let player = tree.player[tree.set[node as usize] as usize];
            system.path(node, &member_of, &mut path);
            let others = path.iter().rev().filter(|step| step.player != player);
            system.earlier.extend(others.map(|step| step.action));
            system.first_earlier.push(count(system.earlier.len()));
        }
        system
    }

    /// The same where each information set has a precision of its own: λ over what is at stake there. Limits are sequential equilibria
    /// all the same, and small stakes are told from large ones of other information sets.
    pub(crate) fn by_stakes(mut self, stakes: &[f64]) -> Self {
        self.weight = stakes.iter().map(|stakes| self.scale / stakes).collect();
        self
    }

    /// The same where the branch starts from other play than even play: logarithms of probabilities. What it was fades as λ grows.
    pub(crate) fn starting_at(mut self, prior: &[f64]) -> Self {
        self.prior.copy_from_slice(prior);
        self
    }

    /// Room for an evaluation.
    pub(crate) fn values(&self) -> Values {
        let actions = self.tree.actions();
        Values {
            slope: vec![0.0; actions * actions],
            ..self.values_without_slopes()
        }
    }

    /// Room for an evaluation of beliefs and payoffs alone.
    pub(crate) fn values_without_slopes(&self) -> Values {
        Values {
            slope: Vec::new(),
            reach: vec![0.0; self.tree.parent.len()],
            belief: vec![0.0; self.tree.members.len()],
            payoff: vec![0.0; self.tree.actions()],
        }
    }

    /// Beliefs, payoffs and slopes at log-probabilities `y`.
    pub(crate) fn evaluate(&self, y: &[f64], values: &mut Values) {
        self.evaluate_mixed(y, y, values);
    }

    /// The same where beliefs come from `tremble` and players go on by `y`, whose entries may be minus infinity.
    pub(crate) fn evaluate_mixed(&self, tremble: &[f64], y: &[f64], values: &mut Values) {
        self.beliefs(tremble, values);
        let tree = self.tree;
        let same = std::ptr::eq(tremble, y);
        let actions = tree.actions();
        values.payoff.fill(0.0);
        values.slope.fill(0.0);
        for (leaf, &node) in tree.leaves.iter().enumerate() {
            let moves =
                &self.moves[self.first_move[leaf] as usize..self.first_move[leaf + 1] as usize];
            for (at, here) in moves.iter().enumerate() {
                let action = here.action as usize;
                if self.impossible[node as usize] > self.impossible[here.node as usize] {
                    continue;
                }
                let log = if same {
                    values.reach[node as usize] - values.reach[here.node as usize] - y[action]
                } else {
                    // Zeros before the set say nothing about what follows: add up what follows alone.
                    self.log_after(node, here, &moves[at + 1..], y)
                };
                let weight = values.belief[here.member as usize] * libm::exp(log);
                if weight == 0.0 {
                    continue;
                }
                let share = weight * self.payoff[leaf * tree.players + here.player as usize];
                values.payoff[action] += share;
                if values.slope.is_empty() {
                    continue;
                }
                let row = &mut values.slope[action * actions..][..actions];
                // Beyond an impossible branch of chance beliefs are uniform whatever was done.
                let known = self.impossible[here.node as usize] == 0;
                for before in &moves[..at] {
                    if known && before.player != here.player {
                        row[before.action as usize] += share;
                    }
                }
                for after in &moves[at + 1..] {
                    row[after.action as usize] += share;
                }
            }
        }
        if values.slope.is_empty() {
            return;
        }
        for (member, &node) in tree.members.iter().enumerate() {
            let set = tree.set[node as usize] as usize;
            let belief = values.belief[member];
            if belief == 0.0 || self.impossible[node as usize] > 0 {
                continue;
            }
            let earlier = &self.earlier
                [self.first_earlier[member] as usize..self.first_earlier[member + 1] as usize];
            for action in tree.actions_of(set) {
                let part = belief * values.payoff[action];
                for &before in earlier {
                    values.slope[action * actions + before as usize] -= part;
                }
            }
        }
    }

    /// Beliefs at every information set from log-probabilities `y`.
    fn beliefs(&self, y: &[f64], values: &mut Values) {
        let tree = self.tree;
        self.reach(y, &mut values.reach);
        for set in 0..tree.sets() {
            let range = tree.first_member[set] as usize..tree.first_member[set + 1] as usize;
            let members = &tree.members[range.clone()];
            let belief = &mut values.belief[range];
            let possible = |node: u32| self.impossible[node as usize] == 0;
            let top = members
                .iter()
                .filter(|node| possible(**node))
                .map(|node| values.reach[*node as usize])
                .fold(f64::NEG_INFINITY, f64::max);
            if top == f64::NEG_INFINITY {
                // Beyond an impossible branch of chance nothing is known.
                belief.fill(1.0 / members.len() as f64);
                continue;
            }
            let mut sum = 0.0;
            for (share, &node) in belief.iter_mut().zip(members) {
                *share = if possible(node) {
                    libm::exp(values.reach[node as usize] - top)
                } else {
                    0.0
                };
                sum += *share;
            }
            for share in belief {
                *share /= sum;
            }
        }
    }

    fn reach(&self, y: &[f64], reach: &mut [f64]) {
        let tree = self.tree;
        for node in 1..tree.parent.len() {
            let step = match tree.action[node] {
                NONE => self.log_chance[node],
                action => y[action as usize],
            };
            reach[node] = reach[tree.parent[node] as usize] + step;
        }
    }

    /// Log-probability of `leaf` once `here` has been made, by the moves `after` and chance.
    fn log_after(&self, leaf: u32, here: &Move, after: &[Move], y: &[f64]) -> f64 {
        let mut sum: f64 = after.iter().map(|step| y[step.action as usize]).sum();
        let mut node = leaf;
        while node != here.node {
            sum += self.log_chance[node as usize];
            node = self.tree.parent[node as usize];
        }
        sum
    }

    /// The moves of players on the way to `node`, last first.
    fn path(&self, node: u32, member_of: &[u32], path: &mut Vec<Move>) {
        let tree = self.tree;
        path.clear();
        let mut node = node;
        while node != 0 {
            let parent = tree.parent[node as usize];
            let action = tree.action[node as usize];
            if action != NONE {
                path.push(Move {
                    action,
                    player: tree.player[tree.set_of[action as usize] as usize],
                    node: parent,
                    member: member_of[parent as usize],
                });
            }
            node = parent;
        }
    }
}

impl Values {
    /// The largest conditional regret of log-probabilities `y` at any information set, in shares of `range[player]` over the scale:
    /// how much more the best action pays than what is done.
    /// `weight` is that of the system: where it is not 1, regrets are shares of what is at stake.
    pub(crate) fn regret(&self, tree: &Tree, y: &[f64], range: &[f64], weight: &[f64]) -> f64 {
        let mut most: f64 = 0.0;
        for set in 0..tree.sets() {
            let range = range[tree.player[set] as usize].min(weight[set].recip());
            if range <= 0.0 {
                continue;
            }
            let mut best = f64::NEG_INFINITY;
            let mut done = 0.0;
            for action in tree.actions_of(set) {
                best = best.max(self.payoff[action]);
                done += libm::exp(y[action]) * self.payoff[action];
            }
            most = most.max((best - done) / range);
        }
        most
    }
}

/// Even play.
fn even(tree: &Tree) -> Vec<f64> {
    let mut prior = vec![0.0; tree.actions()];
    for set in 0..tree.sets() {
        let actions = tree.actions_of(set);
        let log = -libm::log(actions.len() as f64);
        prior[actions].fill(log);
    }
    prior
}

fn count(n: usize) -> u32 {
    crate::builder::small(n)
}
