//! The equations of agent quantal response, and their derivatives.
//!
//! At information set I with behaviour strategy p, action a has the payoff `u_a` that its player expects at I given the beliefs that
//! Bayes' rule draws from p. In equilibrium `log p_a - log p_r = λ (u_a - u_r)` for all a and one action r of I that they are compared
//! with (McKelvey and Palfrey 1998, eq. 3).
//!
//! Beliefs come from differences of log reach alone, so that they are right where plays have probability e^-100000 (Turocy 2010); what
//! a node is worth comes from what follows it, whether or not it is come to. With `q_h` the belief in node h of I, `v` its worth after a, and
//! `r(d|h,a)` how likely node d is after that,
//!
//! ```text
//! du_a/dy_b = sum over h and nodes d that b leads to, behind a at h, of q_h r(d|h,a) v(d)  +  sum over h behind b of q_h (v(h,a) - u_a)
//! ```
//!
//! Actions of the player itself before I cancel under perfect recall and are left out. Both sums run over pairs of actions on one path, not
//! over leaves.

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
    /// Every node that an action leads to, in order.
    steps: Vec<Step>,
    /// For each node, the log-probability of the branch of chance that leads to it; 0 where chance did not move or could not.
    log_chance: Vec<f64>,
    /// Number of impossible branches of chance on the way to each node.
    impossible: Vec<u32>,
}

/// A node that an action leads to.
#[derive(Clone, Copy, Debug)]
struct Step {
    node: u32,
    action: u32,
    player: u32,
    /// Where the action is taken: its place in `Tree::members`.
    member: u32,
    /// Can that place be come to, as far as chance goes?
    possible: bool,
    /// The step before, by its place among steps, or [`NONE`].
    before: u32,
    /// How likely chance leads here from the step before, the action apart.
    chance: f64,
}

/// What an evaluation fills.
#[derive(Clone, Debug)]
pub(crate) struct Values {
    /// Log reach of each node.
    reach: Vec<f64>,
    /// By node, by player: what it is worth, as a share of the scale.
    worth: Vec<f64>,
    /// Probability of each action.
    probability: Vec<f64>,
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
            steps: Vec::new(),
            log_chance,
            impossible,
        };
        // By node: the last step on the way to it, and what chance has done since.
        let mut last = vec![(NONE, 1.0); nodes];
        for node in 1..nodes {
            let parent = tree.parent[node] as usize;
            let (before, since) = last[parent];
            last[node] = match tree.action[node] {
                NONE => (before, since * tree.chance[node]),
                action => {
                    system.steps.push(Step {
                        node: count(node),
                        action,
                        player: tree.player[tree.set_of[action as usize] as usize],
                        member: member_of[parent],
                        possible: system.impossible[parent] == 0,
                        before,
                        chance: since,
                    });
                    (count(system.steps.len() - 1), 1.0)
                }
            };
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
            worth: vec![0.0; self.tree.parent.len() * self.tree.players],
            probability: vec![0.0; self.tree.actions()],
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
        self.worths(y, values);
        let players = self.tree.players;
        values.payoff.fill(0.0);
        for step in &self.steps {
            let worth = values.worth[step.node as usize * players + step.player as usize];
            values.payoff[step.action as usize] += values.belief[step.member as usize] * worth;
        }
        if !values.slope.is_empty() {
            self.slopes(values);
        }
    }

    /// What each node is worth to each player, by what follows it.
    fn worths(&self, y: &[f64], values: &mut Values) {
        let tree = self.tree;
        let players = tree.players;
        for (p, y) in values.probability.iter_mut().zip(y) {
            *p = libm::exp(*y);
        }
        values.worth.fill(0.0);
        for (leaf, &node) in tree.leaves.iter().enumerate() {
            let own = &self.payoff[leaf * players..][..players];
            values.worth[node as usize * players..][..players].copy_from_slice(own);
        }
        for node in (1..tree.parent.len()).rev() {
            let step = match tree.action[node] {
                NONE => tree.chance[node],
                action => values.probability[action as usize],
            };
            let parent = tree.parent[node] as usize;
            let (before, here) = values.worth.split_at_mut(node * players);
            let sums = before[parent * players..][..players].iter_mut();
            for (sum, worth) in sums.zip(here) {
                *sum += step * *worth;
            }
        }
    }

    /// Derivatives of payoffs in logarithms of probabilities, through what follows and through beliefs.
    fn slopes(&self, values: &mut Values) {
        let (players, actions) = (self.tree.players, self.tree.actions());
        values.slope.fill(0.0);
        for here in &self.steps {
            let worth = &values.worth[here.node as usize * players..][..players];
            let (action, player) = (here.action as usize, here.player as usize);
            let believed = if here.possible {
                values.belief[here.member as usize] * (worth[player] - values.payoff[action])
            } else {
                // Beyond an impossible branch of chance beliefs are uniform whatever was done.
                0.0
            };
            // How likely this node is, seen from the step before, and from the one before that.
            let mut likely = values.probability[action] * here.chance;
            let mut at = here.before;
            while let Some(before) = self.steps.get(at as usize) {
                let earlier = before.action as usize;
                let weight = values.belief[before.member as usize] * likely;
                values.slope[earlier * actions + action] += weight * worth[before.player as usize];
                if before.player != here.player {
                    values.slope[action * actions + earlier] += believed;
                }
                likely *= values.probability[earlier] * before.chance;
                at = before.before;
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
