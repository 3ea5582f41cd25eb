//! The passes over a tree that a certificate takes, with buffers that are kept.

mod judge;

use super::shape::Shape;
use super::{Basis, Certificate, Malformed, SetCheck, Tolerance, Verdict, well_formed};
use crate::assessment::Assessment;
use crate::tree::{NONE, Tree};

/// Certifies many answers to trees of one shape, payoffs apart. Each pass takes time proportional to nodes × players, and allocates
/// nothing.
#[derive(Clone, Debug)]
pub struct Certifier {
    shape: Shape,
    /// For each node and player, what the play is still worth there.
    value: Vec<f64>,
    /// For each node and player, how far apart players' moves put what the play is worth from there on: the mean distance of what
    /// their moves lead to from what it was worth before, added up over moves. Moves that are not made, and chance, add nothing.
    spread: Vec<f64>,
    /// For each node and player, the probability that the other players and chance come here.
    others: Vec<f64>,
    /// For each node, the logarithm of its probability under the completely mixed profile.
    log_reach: Vec<f64>,
    /// For each node of a player, its probability given its information set.
    belief: Vec<f64>,
    /// For each information set, where its beliefs come from.
    basis: Vec<Basis>,
    /// For each action, what it pays its player under the beliefs.
    action_value: Vec<f64>,
    /// For each action, what it pays its player who then best responds, times the probability that the others come here.
    response: Vec<f64>,
    /// The completely mixed profile as probabilities.
    mixed: Vec<f64>,
    /// For each player, the smallest payoff, and the range of payoffs, or what stands for it where there is none.
    scale: Vec<(f64, f64)>,
    /// Differences below this share of what is compared are rounding.
    rounding: f64,
}

/// Differences of values below this share of their size are rounding in `f64`.
const ROUNDING: f64 = 32.0 * f64::EPSILON;

/// Actions whose values differ by no more than this share of what is at stake between them tie.
const TIE: f64 = 1e-7;

/// Two actions of an information set compared.
#[derive(Clone, Copy, Debug)]
struct Compared {
    /// What the first pays more than the second.
    more: f64,
    /// What is at stake between them; see [`SetCheck::stakes`].
    stakes: f64,
    /// Differences up to this may be rounding.
    rounding: f64,
}

impl Compared {
    /// The difference as a share of itself and what is at stake; 0 if it may be rounding.
    fn share(&self) -> f64 {
        if self.more <= self.rounding {
            0.0
        } else {
            self.more / (self.more + self.stakes)
        }
    }
}

/// Below this the product of probabilities that make up a reach may have lost digits, and the completely mixed profile's logarithms
/// say more.
const SMALLEST_REACH: f64 = 1e-280;

impl Certifier {
    /// For trees of the shape of `tree`.
    pub fn new(tree: &Tree) -> Self {
        let (nodes, players, actions) = (tree.parent.len(), tree.players, tree.actions());
        Self {
            shape: Shape::new(tree),
            value: vec![0.0; nodes * players],
            spread: vec![0.0; nodes * players],
            others: vec![0.0; nodes * players],
            log_reach: vec![0.0; nodes],
            belief: vec![0.0; nodes],
            basis: vec![Basis::Strategy; tree.sets()],
            action_value: vec![0.0; actions],
            response: vec![0.0; actions],
            mixed: vec![0.0; actions],
            scale: vec![(0.0, 1.0); players],
            rounding: ROUNDING,
        }
    }

    /// Takes the probabilities of `tree`, which is of the shape of the tree that this was made for, before an answer to it is looked at.
    pub(crate) fn set_chance(&mut self, tree: &Tree) {
        self.shape.set_chance(tree);
    }

    /// The largest regret at an information set, as a share of what is at stake there ([`SetCheck::share`]), where plays pay `payoff` (in the shape of
    /// [`Tree::payoff`]) in place of what `tree` says. Regret is that of the worst action with a probability above `support`. Infinite
    /// if the answer or the payoffs are not finite numbers of the right count.
    ///
    /// This is the part of a certificate that changes with the payoffs. How far the completely mixed profile is from the strategy is
    /// not looked at.
    pub fn regret(
        &mut self,
        tree: &Tree,
        payoff: &[f64],
        answer: &Assessment,
        support: f64,
    ) -> f64 {
        let actions = self.shape.actor.len();
        if payoff.len() != self.shape.last.len()
            || answer.strategy.len() != actions
            || answer.tremble.len() != actions
        {
            return f64::INFINITY;
        }
        self.scale(payoff);
        self.reach(tree, &answer.strategy, &answer.tremble);
        self.believe(tree);
        self.evaluate(tree, payoff, &answer.strategy);
        let mut largest = 0.0_f64;
        for set in 0..tree.sets() {
            let (best, worst, which) = self.best_and_worst(tree, &answer.strategy, set, support);
            if (best - worst).is_nan() || worst == f64::NEG_INFINITY {
                return f64::INFINITY;
            }
            largest = largest.max(self.compare(tree, set, which.0, which.1).share());
        }
        largest
    }

    /// For each player, what an exact best response to `strategy` gains, in units of the payoffs `payoff` (in the shape of
    /// [`Tree::payoff`]), written into `gains`; 0 or more up to rounding.
    pub fn nash_conv(
        &mut self,
        tree: &Tree,
        payoff: &[f64],
        answer: &Assessment,
        gains: &mut [f64],
    ) {
        self.scale(payoff);
        self.reach(tree, &answer.strategy, &answer.tremble);
        self.evaluate(tree, payoff, &answer.strategy);
        self.respond(tree, payoff, gains);
    }

    /// Examines `answer` as an answer to `tree`, which has the shape of the tree this was made for.
    pub fn certify(
        &mut self,
        tree: &Tree,
        answer: &Assessment,
        tolerance: &Tolerance,
    ) -> Certificate {
        if let Err(fault) = well_formed(tree, answer) {
            return malformed(fault);
        }
        let (strategy, tremble) = (&answer.strategy, &answer.tremble);
        self.scale(&tree.payoff);
        self.reach(tree, strategy, tremble);
        self.believe(tree);
        self.evaluate(tree, &tree.payoff, strategy);
        let mut nash_conv = vec![0.0; tree.players];
        self.respond(tree, &tree.payoff, &mut nash_conv);
        let value = self.value[..tree.players]
            .iter()
            .zip(&self.scale)
            .map(|(value, (low, _))| value + low)
            .collect();
        let mut sets = self.check_sets(tree, answer, tolerance);
        let mut regret = vec![0.0_f64; tree.players];
        let mut distance = 0.0_f64;
        for (set, check) in sets.iter().enumerate() {
            let player = tree.player[set] as usize;
            regret[player] = regret[player].max(check.share);
            distance = distance.max(check.distance);
        }
        let verdict = self.judge(tree, strategy, tolerance, &sets, &nash_conv);
        // The last thing, because it overwrites the buffers.
        let perfect = self.perfect(tree, tremble, tolerance.worse);
        self.compare_beliefs(tree, &mut sets);
        Certificate {
            verdict,
            value,
            nash_conv,
            regret,
            distance,
            perfect,
            sets,
        }
    }

    /// What differences of values are taken for rounding: as they are as a rule, none if exact arithmetic has found that they are not.
    pub(crate) fn excuse_rounding(&mut self, excuse: bool) {
        self.rounding = if excuse { ROUNDING } else { 0.0 };
    }

    /// Smallest payoffs and ranges.
    fn scale(&mut self, payoff: &[f64]) {
        let (players, shape) = (self.shape.players, &self.shape);
        for (player, scale) in self.scale.iter_mut().enumerate() {
            let bounds = |all: bool| {
                let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
                for (payoffs, &possible) in payoff.chunks_exact(players.max(1)).zip(&shape.possible)
                {
                    if possible || all {
                        low = low.min(payoffs[player]);
                        high = high.max(payoffs[player]);
                    }
                }
                (low, high - low)
            };
            let (low, mut unit) = bounds(false);
            // A player to whom all plays are worth the same can still regret something where chance never comes.
            if unit <= 0.0 {
                unit = bounds(true).1;
            }
            if unit <= 0.0 {
                unit = low.abs();
            }
            *scale = (low, if unit > 0.0 { unit } else { 1.0 });
        }
    }

    /// [`Self::others`] and [`Self::log_reach`].
    fn reach(&mut self, tree: &Tree, strategy: &[f64], tremble: &[f64]) {
        let players = self.shape.players;
        self.others[..players].fill(1.0);
        self.log_reach[0] = 0.0;
        for node in 1..self.shape.nodes {
            let parent = tree.parent[node] as usize;
            let (before, here) = self.others.split_at_mut(node * players);
            let (before, here) = (&before[parent * players..][..players], &mut here[..players]);
            let action = tree.action[node];
            if action == NONE {
                let chance = tree.chance[node];
                for (here, before) in here.iter_mut().zip(before) {
                    *here = before * chance;
                }
                self.log_reach[node] = self.log_reach[parent] + self.shape.log_chance[node];
            } else {
                let action = action as usize;
                for (here, before) in here.iter_mut().zip(before) {
                    *here = before * strategy[action];
                }
                let actor = self.shape.actor[action] as usize;
                here[actor] = before[actor];
                self.log_reach[node] = self.log_reach[parent] + tremble[action];
            }
        }
    }

    /// [`Self::belief`] and [`Self::basis`], after [`Self::reach`].
    fn believe(&mut self, tree: &Tree) {
        let players = self.shape.players;
        for set in 0..tree.sets() {
            let members = tree.members_of(set);
            let player = tree.player[set] as usize;
            let at = |node: u32| node as usize * players + player;
            let sum: f64 = members.iter().map(|&node| self.others[at(node)]).sum();
            self.basis[set] = if sum > SMALLEST_REACH {
                for &node in members {
                    self.belief[node as usize] = self.others[at(node)] / sum;
                }
                Basis::Strategy
            } else {
                self.believe_tremble(members)
            };
        }
    }

    fn believe_tremble(&mut self, members: &[u32]) -> Basis {
        let largest = members
            .iter()
            .map(|&node| self.log_reach[node as usize])
            .fold(f64::NEG_INFINITY, f64::max);
        if largest == f64::NEG_INFINITY {
            for &node in members {
                self.belief[node as usize] = 1.0 / members.len() as f64;
            }
            return Basis::Uniform;
        }
        let mut sum = 0.0;
        for &node in members {
            let weight = libm::exp(self.log_reach[node as usize] - largest);
            self.belief[node as usize] = weight;
            sum += weight;
        }
        for &node in members {
            self.belief[node as usize] /= sum;
        }
        Basis::Tremble
    }

    /// [`Self::value`] and [`Self::action_value`], both less each player's smallest payoff: a constant added to all payoffs then costs
    /// no digits. After [`Self::believe`].
    fn evaluate(&mut self, tree: &Tree, payoff: &[f64], strategy: &[f64]) {
        let players = self.shape.players;
        self.value.fill(0.0);
        self.action_value.fill(0.0);
        for (&leaf, payoffs) in tree.leaves.iter().zip(payoff.chunks_exact(players.max(1))) {
            let here = &mut self.value[leaf as usize * players..][..players];
            for ((here, payoff), (low, _)) in here.iter_mut().zip(payoffs).zip(&self.scale) {
                *here = payoff - low;
            }
        }
        // Backwards in preorder, a node comes after all that follows it.
        for node in (1..self.shape.nodes).rev() {
            let parent = tree.parent[node] as usize;
            let (before, here) = self.value.split_at_mut(node * players);
            let (before, here) = (&mut before[parent * players..][..players], &here[..players]);
            let action = tree.action[node];
            let weight = if action == NONE {
                tree.chance[node]
            } else {
                let action = action as usize;
                self.action_value[action] +=
                    self.belief[parent] * here[self.shape.actor[action] as usize];
                strategy[action]
            };
            for (before, here) in before.iter_mut().zip(here) {
                *before += weight * here;
            }
        }
        self.spread.fill(0.0);
        for node in (1..self.shape.nodes).rev() {
            let parent = tree.parent[node] as usize;
            let action = tree.action[node];
            let weight = if action == NONE {
                tree.chance[node]
            } else {
                strategy[action as usize]
            };
            if weight == 0.0 {
                continue;
            }
            let moved = action != NONE;
            for player in 0..players {
                let (at, up) = (node * players + player, parent * players + player);
                let apart = if moved {
                    (self.value[at] - self.value[up]).abs()
                } else {
                    0.0
                };
                self.spread[up] += weight * (self.spread[at] + apart);
            }
        }
    }

    /// Two actions of `set`, after [`Self::evaluate`].
    fn compare(&self, tree: &Tree, set: usize, one: usize, other: usize) -> Compared {
        let players = self.shape.players;
        let player = tree.player[set] as usize;
        let first = tree.actions_of(set).start;
        let low = self.scale[player].0.abs();
        let (here, there) = (self.action_value[one], self.action_value[other]);
        let more = here - there;
        let (mut stakes, mut size, mut apart) = (0.0, 0.0_f64, 0.0_f64);
        if one != other {
            for &node in tree.members_of(set) {
                let belief = self.belief[node as usize];
                let at = |action: usize| {
                    let child = tree.children(node as usize).nth(action - first);
                    child.expect("an action has a child") * players + player
                };
                let (one, other) = (at(one), at(other));
                // Beliefs have the digits of probabilities, however small they are.
                size = size.max(self.value[one] + self.value[other]);
                apart = apart.max((self.value[one] - self.value[other]).abs());
                let unlike = (self.value[one] - self.value[other] - more).abs();
                stakes += belief * (self.spread[one] + self.spread[other] + unlike);
            }
        }
        // Where beliefs come from trembles they are given up to the size of these, also the belief in what is believed impossible.
        if self.basis[set] == Basis::Tremble {
            stakes += apart;
        }
        Compared {
            more,
            stakes,
            rounding: self.rounding * (size + 2.0 * low),
        }
    }

    /// Best responses, after [`Self::reach`] and [`Self::evaluate`].
    ///
    /// A player of perfect recall who plans action a can count on: the leaves before which a is its last action, each with the
    /// probability that the others come there, and the best it can make of the information sets before which a is its last action.
    fn respond(&mut self, tree: &Tree, payoff: &[f64], gains: &mut [f64]) {
        let players = self.shape.players;
        self.response.fill(0.0);
        gains.fill(0.0);
        for (index, &leaf) in tree.leaves.iter().enumerate() {
            for player in 0..players {
                let worth = self.others[leaf as usize * players + player]
                    * (payoff[index * players + player] - self.scale[player].0);
                match self.shape.last[index * players + player] {
                    NONE => gains[player] += worth,
                    action => self.response[action as usize] += worth,
                }
            }
        }
        for &set in &self.shape.order {
            let set = set as usize;
            let best = tree
                .actions_of(set)
                .map(|action| self.response[action])
                .fold(f64::NEG_INFINITY, f64::max);
            match self.shape.before[set] {
                NONE => gains[tree.player[set] as usize] += best,
                action => self.response[action as usize] += best,
            }
        }
        for (gain, value) in gains.iter_mut().zip(&self.value) {
            *gain = (*gain - value).max(0.0);
        }
    }

    /// Value of the best action of a set, of the worst planned one, and which these are.
    fn best_and_worst(
        &self,
        tree: &Tree,
        strategy: &[f64],
        set: usize,
        support: f64,
    ) -> (f64, f64, (usize, usize)) {
        let (mut best, mut worst) = (f64::NEG_INFINITY, f64::INFINITY);
        let mut which = (0, 0);
        for action in tree.actions_of(set) {
            let value = self.action_value[action];
            if value.is_nan() {
                return (f64::NAN, f64::NAN, (action, action));
            }
            if value > best {
                (best, which.0) = (value, action);
            }
            // A set where nothing is planned, which is no plan, regrets everything.
            if (strategy[action] > support || strategy[action].is_nan()) && value < worst {
                (worst, which.1) = (value, action);
            }
        }
        if worst == f64::INFINITY {
            worst = f64::NEG_INFINITY;
        }
        (best, worst, which)
    }

    fn check_sets(&self, tree: &Tree, answer: &Assessment, tolerance: &Tolerance) -> Vec<SetCheck> {
        let players = self.shape.players;
        let mut reach = vec![1.0; self.shape.nodes];
        for node in 1..self.shape.nodes {
            let step = match tree.action[node] {
                NONE => tree.chance[node],
                action => answer.strategy[action as usize],
            };
            reach[node] = reach[tree.parent[node] as usize] * step;
        }
        (0..tree.sets())
            .map(|set| {
                let members = tree.members_of(set);
                let player = tree.player[set] as usize;
                debug_assert!(player < players);
                let low = self.scale[player].0;
                let largest = members
                    .iter()
                    .map(|&node| self.log_reach[node as usize])
                    .fold(f64::NEG_INFINITY, f64::max);
                let spread: f64 = members
                    .iter()
                    .map(|&node| libm::exp(self.log_reach[node as usize] - largest))
                    .sum();
                let log_reach = if largest == f64::NEG_INFINITY {
                    largest
                } else {
                    largest + libm::log(spread)
                };
                let (best, worst, (top, least)) =
                    self.best_and_worst(tree, &answer.strategy, set, tolerance.support);
                let empty = members.is_empty();
                let compared = if empty {
                    Compared {
                        more: 0.0,
                        stakes: 0.0,
                        rounding: 0.0,
                    }
                } else {
                    self.compare(tree, set, top, least)
                };
                let tied = tree.actions_of(set);
                let tied = tied
                    .clone()
                    .filter(|&action| {
                        !empty
                            && (action == top
                                || self.compare(tree, set, top, action).share() <= TIE)
                    })
                    .map(|action| action - tied.start)
                    .collect();
                let planned: f64 = tree
                    .actions_of(set)
                    .map(|action| answer.strategy[action] * self.action_value[action])
                    .sum();
                let distance = tree
                    .actions_of(set)
                    .map(|action| {
                        (libm::exp(answer.tremble[action]) - answer.strategy[action]).abs()
                    })
                    .fold(0.0, f64::max);
                SetCheck {
                    reach: members.iter().map(|&node| reach[node as usize]).sum(),
                    log_reach,
                    basis: self.basis[set],
                    beliefs: members
                        .iter()
                        .map(|&node| self.belief[node as usize])
                        .collect(),
                    values: tree
                        .actions_of(set)
                        .map(|action| self.action_value[action] + low)
                        .collect(),
                    regret: if empty { 0.0 } else { best - worst },
                    stakes: compared.stakes,
                    share: compared.share(),
                    excused: compared.more > 0.0 && compared.more <= compared.rounding,
                    tied,
                    exact: false,
                    gain: if empty {
                        0.0
                    } else {
                        (best - planned).max(0.0)
                    },
                    distance,
                    belief_distance: 0.0,
                }
            })
            .collect()
    }

    /// [`Certificate::perfect`]. Overwrites the buffers with those of the completely mixed profile.
    fn perfect(&mut self, tree: &Tree, tremble: &[f64], worse: f64) -> f64 {
        let mut mixed = std::mem::take(&mut self.mixed);
        for (probability, log) in mixed.iter_mut().zip(tremble) {
            *probability = libm::exp(*log);
        }
        self.reach(tree, &mixed, tremble);
        for set in 0..tree.sets() {
            self.basis[set] = self.believe_tremble(tree.members_of(set));
        }
        self.evaluate(tree, &tree.payoff, &mixed);
        let mut epsilon = 0.0_f64;
        for set in 0..tree.sets() {
            let best = tree
                .actions_of(set)
                .map(|action| self.action_value[action])
                .fold(f64::NEG_INFINITY, f64::max);
            let unit = self.scale[tree.player[set] as usize].1;
            for action in tree.actions_of(set) {
                if best - self.action_value[action] > worse * unit {
                    epsilon = epsilon.max(mixed[action]);
                }
            }
        }
        self.mixed = mixed;
        epsilon
    }

    /// [`SetCheck::belief_distance`], after [`Self::perfect`].
    fn compare_beliefs(&self, tree: &Tree, sets: &mut [SetCheck]) {
        for (set, check) in sets.iter_mut().enumerate() {
            check.belief_distance = tree
                .members_of(set)
                .iter()
                .zip(&check.beliefs)
                .map(|(&node, belief)| (self.belief[node as usize] - belief).abs())
                .fold(0.0, f64::max);
        }
    }
}

fn malformed(fault: Malformed) -> Certificate {
    Certificate {
        verdict: Verdict::Malformed(fault),
        value: Vec::new(),
        nash_conv: Vec::new(),
        regret: Vec::new(),
        distance: f64::INFINITY,
        perfect: 1.0,
        sets: Vec::new(),
    }
}
