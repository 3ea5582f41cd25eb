//! Fitting a regime to payoffs: the indifference equations of the sets that mix, best responses elsewhere.
//!
//! Unknowns are the probabilities of the actions that information sets mix over, and, where a set mixes that play does not reach, the
//! constants of the trembles that lead there. Equations are indifference at every set that mixes, and for the latter sets that the
//! trembles they hang on stay of one order: in the limit of quantal response an action that costs g has probability
//! exp(-λ g + constant), so that two nodes of a set are both believed only if the deviations that lead to them cost the same. Sets
//! that do not mix play a best response.

use super::layout::Layout;
use super::least::shortest;
use super::regime::Regime;
use crate::assessment::Assessment;
use crate::builder::small;
use crate::tree::{NONE, Tree};

/// Precision, over the largest range of payoffs, of the trembles that a fit hands out: losses that differ by a hundred-thousandth of
/// the range are told apart, and losses that are equal to within [`EXACT`] move no belief by more than a ten-millionth.
const PRECISION: f64 = 1e6;
/// Log-probability that is taken off every tremble, so that none is near a probability that is played.
const REMOTE: f64 = -100.0;
/// Rounds of Newton's method and best responses before a fit is given up.
const ROUNDS: usize = 24;
/// Equations hold if payoffs differ by at most this share of their range.
const EXACT: f64 = 1e-13;
/// A set changes its action for a gain above this share of the range.
const GAIN: f64 = 1e-11;
/// Beliefs off the path have settled once none moves by more than this.
const SETTLED: f64 = 1e-9;
/// A Newton step may take a probability this share of the way to zero, and change a constant's exponential by as much.
const DAMPED: f64 = 0.9;
/// Rounds that may end at that bound before the regime is given up: its probabilities lie beyond it.
const CLIPPED: usize = 0;
/// Sets change their actions, and trembles follow losses, only near a solution: where payoffs differ by at most this share of their
/// range, so that trembles in balance stay in balance.
const NEAR: f64 = 1e-9;
/// Rounds in which sets changed their actions before the regime is given up: they chase each other.
const SWITCHES: usize = 6;
/// Below this product of probabilities the trembles say more: as in certificates.
const SMALLEST_REACH: f64 = 1e-280;

/// The state of a fit and its buffers, which are kept.
#[derive(Clone, Debug)]
pub(super) struct Fit {
    /// What is played, and with what trembles, once a fit has succeeded.
    pub(super) answer: Assessment,
    support: Vec<bool>,
    constant: Vec<f64>,
    carrier: Vec<bool>,
    carried: Vec<bool>,
    /// For each information set, how many actions it plays.
    played: Vec<u32>,
    /// For each information set, whether play comes to it,
    on_path: Vec<bool>,
    /// and for each node.
    comes: Vec<bool>,
    belief: Vec<f64>,
    /// For each information set, whether the other players come to it.
    reached: Vec<bool>,
    /// For each node and player, what the play is still worth.
    value: Vec<f64>,
    /// For each action, what it pays its player under the beliefs.
    worth: Vec<f64>,
    /// For each information set, the best of them.
    best: Vec<f64>,
    /// For each action, its column among the unknowns, or [`NONE`].
    column: Vec<u32>,
    /// The actions of the columns.
    unknown: Vec<u32>,
    rows: Vec<f64>,
    right: Vec<f64>,
    change: Vec<f64>,
}

/// What best responses changed.
enum Response {
    Same,
    Changed,
    /// A set that play comes to wants something else.
    OnPath,
}

impl Fit {
    pub(super) fn new(tree: &Tree) -> Self {
        let (actions, sets) = (tree.actions(), tree.sets());
        Self {
            answer: Assessment {
                strategy: vec![0.0; actions],
                tremble: vec![0.0; actions],
            },
            support: vec![false; actions],
            constant: vec![0.0; actions],
            carrier: vec![false; tree.members.len()],
            carried: vec![false; sets],
            played: vec![0; sets],
            on_path: vec![false; sets],
            comes: vec![false; tree.parent.len()],
            belief: vec![0.0; tree.members.len()],
            reached: vec![false; sets],
            value: vec![0.0; tree.parent.len() * tree.players],
            worth: vec![0.0; actions],
            best: vec![0.0; sets],
            column: vec![NONE; actions],
            unknown: Vec::with_capacity(actions),
            // An equation for each action but one of a set, and for each node but one.
            rows: Vec::with_capacity((actions + tree.members.len()) * actions),
            right: Vec::with_capacity(actions + tree.members.len()),
            change: vec![0.0; actions],
        }
    }

    /// Begins at a regime, with trembles `tremble`.
    pub(super) fn start(&mut self, regime: &Regime, tremble: &[f64]) {
        self.answer.strategy.copy_from_slice(&regime.strategy);
        self.answer.tremble.copy_from_slice(tremble);
        self.support.copy_from_slice(&regime.support);
        self.constant.copy_from_slice(&regime.constant);
        self.carrier.copy_from_slice(&regime.carrier);
        self.carried.copy_from_slice(&regime.carried);
    }

    /// Fits `regime` to the payoffs of `tree`, the largest range of which is `scale`; whether it fits. What certificates say of
    /// [`Self::answer`] then decides.
    pub(super) fn fit(
        &mut self,
        tree: &Tree,
        layout: &Layout,
        scale: f64,
        regime: &Regime,
    ) -> bool {
        self.start(regime, &regime.tremble);
        for set in 0..tree.sets() {
            let played = tree.actions_of(set).filter(|a| self.support[*a]).count();
            self.played[set] = small(played);
        }
        self.follow(tree);
        let (mut clipped, mut switched) = (0, 0);
        let mut quiet = false;
        for _ in 0..ROUNDS {
            let moved = self.evaluate(tree, layout);
            let residual = self.equations(tree, layout) / scale;
            if residual.is_nan() {
                return false;
            }
            // Best responses to mixtures that are far from balance would lead anywhere.
            if residual <= NEAR {
                match self.respond(tree, GAIN * scale) {
                    Response::Same => {}
                    Response::Changed => {
                        switched += 1;
                        if switched > SWITCHES {
                            return false;
                        }
                        self.retremble(tree, PRECISION / scale);
                        quiet = false;
                        continue;
                    }
                    Response::OnPath => return false,
                }
                self.retremble(tree, PRECISION / scale);
            }
            if residual > EXACT {
                quiet = false;
                if !self.step(tree) {
                    clipped += 1;
                    if clipped > CLIPPED {
                        return false;
                    }
                }
            } else {
                // Beliefs that rest on the losses of a quiet round, and moved none.
                if quiet && moved <= SETTLED {
                    return true;
                }
                quiet = true;
            }
        }
        false
    }

    /// What the best action of its set pays more than `action`, in units of payoff.
    pub(super) fn loss(&self, tree: &Tree, action: usize) -> f64 {
        self.best[tree.set_of[action] as usize] - self.worth[action]
    }

    /// Whether the other players come to `set`.
    pub(super) fn reached(&self, set: usize) -> bool {
        self.reached[set]
    }

    /// Belief at an entry of [`Tree::members`].
    pub(super) fn belief(&self, place: usize) -> f64 {
        self.belief[place]
    }

    /// Beliefs and what actions pay; how far beliefs moved where play does not come.
    pub(super) fn evaluate(&mut self, tree: &Tree, layout: &Layout) -> f64 {
        let moved = self.believe(tree, layout);
        let players = tree.players;
        self.value.fill(0.0);
        self.worth.fill(0.0);
        for (&leaf, payoffs) in tree
            .leaves
            .iter()
            .zip(tree.payoff.chunks_exact(players.max(1)))
        {
            self.value[leaf as usize * players..][..players].copy_from_slice(payoffs);
        }
        for node in (1..tree.parent.len()).rev() {
            let parent = tree.parent[node] as usize;
            let (before, here) = self.value.split_at_mut(node * players);
            let (before, here) = (&mut before[parent * players..][..players], &here[..players]);
            let action = tree.action[node];
            let weight = if action == NONE {
                tree.chance[node]
            } else {
                let player = tree.player[tree.set[parent] as usize] as usize;
                self.worth[action as usize] +=
                    self.belief[layout.place[parent] as usize] * here[player];
                self.answer.strategy[action as usize]
            };
            if weight != 0.0 {
                for (before, here) in before.iter_mut().zip(here) {
                    *before += weight * here;
                }
            }
        }
        for set in 0..tree.sets() {
            let actions = tree.actions_of(set);
            self.best[set] = self.worth[actions]
                .iter()
                .copied()
                .fold(f64::NEG_INFINITY, f64::max);
        }
        moved
    }

    fn believe(&mut self, tree: &Tree, layout: &Layout) -> f64 {
        let mut moved = 0.0_f64;
        for set in 0..tree.sets() {
            let places = tree.first_member[set] as usize..tree.first_member[set + 1] as usize;
            let count = places.len();
            let belief = &mut self.belief[places.clone()];
            if count == 1 {
                belief[0] = 1.0;
            }
            let mut sum = 0.0;
            // Kept apart: beliefs of the round before are compared with these off the path.
            for place in places.clone() {
                let mut weight = layout.chance[place];
                for &action in layout.earlier(place) {
                    weight *= self.answer.strategy[action as usize];
                }
                sum += weight;
            }
            self.reached[set] = sum > SMALLEST_REACH;
            if count == 1 {
                continue;
            }
            if self.reached[set] {
                for (belief, place) in belief.iter_mut().zip(places) {
                    let mut weight = layout.chance[place];
                    for &action in layout.earlier(place) {
                        weight *= self.answer.strategy[action as usize];
                    }
                    *belief = weight / sum;
                }
                continue;
            }
            let carried = self.carried[set];
            let log = |place: usize| {
                let mut log = layout.log_chance[place];
                for &action in layout.earlier(place) {
                    let action = action as usize;
                    log += if carried && !self.support[action] {
                        self.constant[action]
                    } else {
                        self.answer.tremble[action]
                    };
                }
                if carried && !self.carrier[place] {
                    f64::NEG_INFINITY
                } else {
                    log
                }
            };
            let top = places.clone().map(log).fold(f64::NEG_INFINITY, f64::max);
            let mut sum = 0.0;
            for place in places.clone() {
                if top > f64::NEG_INFINITY {
                    sum += libm::exp(log(place) - top);
                }
            }
            for (belief, place) in belief.iter_mut().zip(places) {
                let now = if top > f64::NEG_INFINITY {
                    libm::exp(log(place) - top) / sum
                } else {
                    1.0 / count as f64
                };
                moved = moved.max((now - *belief).abs());
                *belief = now;
            }
        }
        moved
    }

    /// Best responses where sets do not mix. A set that play comes to would change the regime itself.
    fn respond(&mut self, tree: &Tree, gain: f64) -> Response {
        let mut response = Response::Same;
        for set in 0..tree.sets() {
            if self.played[set] > 1 {
                continue;
            }
            let (mut only, mut best) = (0, tree.actions_of(set).start);
            for action in tree.actions_of(set) {
                if self.support[action] {
                    only = action;
                }
                if self.worth[action] > self.worth[best] {
                    best = action;
                }
            }
            if self.worth[best] > self.worth[only] + gain {
                if self.on_path[set] {
                    return Response::OnPath;
                }
                self.support[only] = false;
                self.support[best] = true;
                self.answer.strategy[only] = 0.0;
                self.answer.strategy[best] = 1.0;
                self.constant[only] = 0.0;
                response = Response::Changed;
            }
        }
        response
    }

    /// Which sets play comes to.
    fn follow(&mut self, tree: &Tree) {
        self.on_path.fill(false);
        self.comes[0] = true;
        for node in 0..tree.parent.len() {
            if node > 0 {
                let played = match tree.action[node] {
                    NONE => tree.chance[node] > 0.0,
                    action => self.support[action as usize],
                };
                self.comes[node] = self.comes[tree.parent[node] as usize] && played;
            }
            if self.comes[node] && tree.set[node] != NONE {
                self.on_path[tree.set[node] as usize] = true;
            }
        }
    }

    /// Trembles from what actions cost.
    fn retremble(&mut self, tree: &Tree, precision: f64) {
        for action in 0..tree.actions() {
            self.answer.tremble[action] = if self.support[action] {
                if self.played[tree.set_of[action] as usize] > 1 {
                    libm::log(self.answer.strategy[action])
                } else {
                    0.0
                }
            } else {
                let loss = self.loss(tree, action).max(0.0);
                REMOTE + self.constant[action] - precision * loss
            };
        }
    }

    /// The equations at the present point; how far they are from holding, in units of payoff.
    fn equations(&mut self, tree: &Tree, layout: &Layout) -> f64 {
        self.choose_unknowns(tree, layout);
        self.rows.clear();
        self.right.clear();
        let mut most = 0.0_f64;
        for set in 0..tree.sets() {
            if self.played[set] < 2 {
                continue;
            }
            let mut first = None;
            for action in tree.actions_of(set) {
                if !self.support[action] {
                    continue;
                }
                let Some(first) = first else {
                    first = Some(action);
                    continue;
                };
                self.row();
                self.slope(tree, layout, action, 1.0);
                self.slope(tree, layout, first, -1.0);
                self.right.push(self.worth[first] - self.worth[action]);
            }
            if self.carried[set] {
                self.same_order(tree, layout, set);
            }
        }
        for right in &self.right {
            most = if right.is_nan() {
                f64::NAN
            } else {
                most.max(right.abs())
            };
        }
        most
    }

    /// The deviations that lead to the carriers of `set` must cost the same.
    fn same_order(&mut self, tree: &Tree, layout: &Layout, set: usize) {
        let places = tree.first_member[set] as usize..tree.first_member[set + 1] as usize;
        let Some(one) = places.clone().find(|place| self.carrier[*place]) else {
            return;
        };
        for other in one + 1..places.end {
            let known = |fit: &Self, before: usize| {
                fit.carrier[before] && fit.same_deviations(layout, before, other)
            };
            if !self.carrier[other] || (one..other).any(|before| known(self, before)) {
                continue;
            }
            self.row();
            let mut cost = 0.0;
            for (place, sign) in [(one, 1.0), (other, -1.0)] {
                for &action in layout.earlier(place) {
                    let action = action as usize;
                    if self.support[action] {
                        continue;
                    }
                    let set = tree.set_of[action] as usize;
                    let played = tree.actions_of(set).find(|a| self.support[*a]);
                    let played = played.expect("a set plays something");
                    cost += sign * (self.worth[played] - self.worth[action]);
                    self.slope(tree, layout, played, sign);
                    self.slope(tree, layout, action, -sign);
                }
            }
            self.right.push(-cost);
        }
    }

    fn same_deviations(&self, layout: &Layout, one: usize, other: usize) -> bool {
        let dropped = |place| {
            let earlier = layout.earlier(place).iter();
            earlier.filter(|action| !self.support[**action as usize])
        };
        dropped(one).eq(dropped(other))
    }

    fn choose_unknowns(&mut self, tree: &Tree, layout: &Layout) {
        for action in self.unknown.drain(..) {
            self.column[action as usize] = NONE;
        }
        for set in 0..tree.sets() {
            if self.played[set] < 2 {
                continue;
            }
            for action in tree.actions_of(set) {
                if self.support[action] {
                    add(&mut self.column, &mut self.unknown, action);
                }
            }
            if self.carried[set] && !self.reached[set] {
                let places = tree.first_member[set] as usize..tree.first_member[set + 1] as usize;
                for place in places.filter(|place| self.carrier[*place]) {
                    for &action in layout.earlier(place) {
                        if !self.support[action as usize] {
                            add(&mut self.column, &mut self.unknown, action as usize);
                        }
                    }
                }
            }
        }
    }

    /// Begins an equation.
    fn row(&mut self) {
        let length = self.rows.len() + self.unknown.len();
        self.rows.resize(length, 0.0);
    }

    /// Adds `times` the derivative of what `action` pays to the last equation.
    fn slope(&mut self, tree: &Tree, layout: &Layout, action: usize, times: f64) {
        let columns = self.unknown.len();
        let start = self.rows.len() - columns;
        let row = &mut self.rows[start..];
        let set = tree.set_of[action] as usize;
        let player = tree.player[set] as usize;
        // Where play does not come and nothing is held in balance, beliefs do not answer to small changes.
        let bends = self.reached[set] || self.carried[set];
        // Probabilities count as they are, constants in logarithms.
        let per = |at: usize| {
            if self.support[at] {
                1.0 / self.answer.strategy[at]
            } else {
                1.0
            }
        };
        for behind in layout.behind(action) {
            let member = behind.member as usize;
            let mut share = times
                * self.belief[member]
                * behind.chance
                * tree.payoff[behind.leaf as usize * tree.players + player];
            let later = layout.later(behind);
            for &after in later {
                share *= self.answer.strategy[after as usize];
            }
            if share == 0.0 {
                continue;
            }
            let earlier: &[u32] = if bends { layout.earlier(member) } else { &[] };
            for &at in later.iter().chain(earlier) {
                let column = self.column[at as usize];
                if column != NONE {
                    row[column as usize] += share * per(at as usize);
                }
            }
        }
        if !bends {
            return;
        }
        let whole = times * self.worth[action];
        for member in tree.first_member[set] as usize..tree.first_member[set + 1] as usize {
            let share = whole * self.belief[member];
            if share == 0.0 {
                continue;
            }
            for &at in layout.earlier(member) {
                let column = self.column[at as usize];
                if column != NONE {
                    row[column as usize] -= share * per(at as usize);
                }
            }
        }
    }

    /// A Newton step; false if it had to be cut short.
    fn step(&mut self, tree: &Tree) -> bool {
        let columns = self.unknown.len();
        // Probabilities add up to one: only the part of a row at right angles to that counts.
        for row in self.rows.chunks_exact_mut(columns.max(1)) {
            for set in 0..tree.sets() {
                if self.played[set] < 2 {
                    continue;
                }
                let mut sum = 0.0;
                for action in tree.actions_of(set).filter(|a| self.support[*a]) {
                    sum += row[self.column[action] as usize];
                }
                let mean = sum / f64::from(self.played[set]);
                for action in tree.actions_of(set).filter(|a| self.support[*a]) {
                    row[self.column[action] as usize] -= mean;
                }
            }
        }
        shortest(&mut self.rows, &mut self.right, columns, &mut self.change);
        let mut whole = true;
        for (column, &action) in self.unknown.iter().enumerate() {
            let (action, change) = (action as usize, self.change[column]);
            if self.support[action] {
                let p = &mut self.answer.strategy[action];
                if *p + change < (1.0 - DAMPED) * *p && *p + change <= 0.0 {
                    *p *= 1.0 - DAMPED;
                    whole = false;
                } else {
                    *p += change;
                }
            } else {
                let factor = (1.0 + change).clamp(1.0 - DAMPED, 1.0 / (1.0 - DAMPED));
                self.constant[action] += libm::log(factor);
            }
        }
        for set in 0..tree.sets() {
            if self.played[set] < 2 {
                continue;
            }
            let actions = tree.actions_of(set);
            let sum: f64 = self.answer.strategy[actions.clone()].iter().sum();
            for p in &mut self.answer.strategy[actions] {
                *p /= sum;
            }
        }
        whole
    }
}

fn add(column: &mut [u32], unknown: &mut Vec<u32>, action: usize) {
    if column[action] == NONE {
        column[action] = small(unknown.len());
        unknown.push(small(action));
    }
}
