//! Where no branch leads to an answer: which actions are played is guessed, and how often follows from indifference.
//!
//! Guesses come from branches of games whose catastrophes are made smaller, and then one support after another, smallest first.

use detente_math::uniform;
use nalgebra::{DMatrix, DVector};

use super::{Found, Method, Stage};
use crate::certificate::tremble_of;
use crate::logit::{self, Side, System};
use crate::singular::singular;
use crate::tree::Tree;

/// How far payoffs may lie from the bulk of a player's payoffs, in times how far that is spread, in one guess after another.
const REACHES: [f64; 4] = [3.0, 1e2, 1e4, 1e6];
/// The bulk leaves out one of so many different payoffs, or part of them, at either end.
const ENDS: usize = 7;
/// Supports that are tried,
const SUPPORTS: usize = 20_000;
/// and the work for them: the third power of the number of unknowns and the number of plays, for each step of Newton's method.
const WORK: f64 = 5e7;
/// Steps of Newton's method: probabilities may fall to e^-60, by a factor of e^2 in each.
const STEPS: usize = 60;
/// Starts of Newton's method for a support: even play, and others ever further from it,
const STARTS: u64 = 4;
/// by so much in logarithms.
const SPREAD: f64 = 2.0;
/// The furthest that a logarithm moves in a step.
const FURTHEST: f64 = 2.0;
/// Steps this short change nothing.
const ARRIVED: f64 = 1e-13;
/// Singular values below this share of the largest are directions that no equation determines.
const RANK: f64 = 1e-12;
/// Logarithm of the probability of an action outside a support, where beliefs come from.
const OUTSIDE: f64 = -60.0;
/// Gains of best responses up to this share of the range leave a guess worth a closer look.
const GAIN: f64 = 1e-6;

impl Found<'_> {
    /// Looks for one equilibrium.
    pub(super) fn guesses(&mut self, ask: &mut dyn FnMut(Stage) -> bool) {
        if self.tree.actions() > self.options.largest_logit || self.tree.leaves.is_empty() {
            return;
        }
        for reach in REACHES {
            let tamed = tamed(self.plain, reach);
            let stakes = logit::stakes(&tamed);
            let options = &self.options.logit;
            let mut go_on = |progress: &logit::Progress| ask(Stage::Branch(*progress));
            let branch =
                logit::limit_by_stakes(&tamed, &stakes, None, Side::ByStakes, options, &mut go_on);
            let strategy = &branch.answer.strategy;
            let support: Vec<bool> = strategy.iter().map(|p| *p > 0.0).collect();
            let start: Vec<f64> = strategy.iter().map(|p| libm::log(*p)).collect();
            if self.solved(&support, start) || !ask(Stage::Strategies) {
                return;
            }
        }
        self.one_support_after_another(ask);
    }

    fn one_support_after_another(&mut self, ask: &mut dyn FnMut(Stage) -> bool) {
        let tree = self.plain;
        let free: Vec<usize> = (0..tree.sets())
            .filter(|&set| tree.actions_of(set).len() > 1 && !tree.members_of(set).is_empty())
            .collect();
        if free.iter().any(|&set| tree.actions_of(set).len() > 16) {
            return;
        }
        let more: usize = free.iter().map(|&set| tree.actions_of(set).len() - 1).sum();
        let (mut left, mut work) = (SUPPORTS, WORK);
        for mixed in 1..=more {
            let mut masks: Vec<u32> = Vec::with_capacity(free.len());
            let mut open = vec![(0, mixed, 0_u32)];
            // Depth first: the place of a set, how many actions more than one are still to be given out, what the set before plays.
            while let Some((at, to_give, mask)) = open.pop() {
                if at > 0 {
                    masks.truncate(at - 1);
                    masks.push(mask);
                }
                if at < free.len() {
                    let count = tree.actions_of(free[at]).len();
                    for mask in (1..1_u32 << count).rev() {
                        let extra = mask.count_ones() as usize - 1;
                        if extra <= to_give {
                            open.push((at + 1, to_give - extra, mask));
                        }
                    }
                    continue;
                }
                if to_give > 0 {
                    continue;
                }
                left -= 1;
                let size = mixed as f64;
                let plays = tree.leaves.len() as f64;
                work -= (STARTS * STEPS as u64) as f64 * size * (size * size + plays);
                if left == 0 || work <= 0.0 || !ask(Stage::Strategies) {
                    return;
                }
                let mut support = vec![true; tree.actions()];
                for (&set, &mask) in free.iter().zip(&masks) {
                    for (place, action) in tree.actions_of(set).enumerate() {
                        support[action] = mask >> place & 1 == 1;
                    }
                }
                for start in 0..STARTS {
                    let log = |action: u64| -SPREAD * start as f64 * uniform(start, action, 0);
                    let start = (0..).zip(&support).map(|(action, _)| log(action)).collect();
                    if self.solved(&support, start) {
                        return;
                    }
                }
            }
        }
    }

    /// Makes all actions of `support` equally good, from probabilities whose logarithms are `start` up to a constant at each information
    /// set. Is that an equilibrium?
    fn solved(&mut self, support: &[bool], start: Vec<f64>) -> bool {
        let Some(strategy) = indifferent(self.plain, support, start) else {
            return false;
        };
        let range = self.tree.payoff_range();
        let mut gains = vec![0.0; self.tree.players];
        let supported = tremble_of(self.plain, &strategy);
        let answer = supported.answer;
        self.certifier
            .nash_conv(self.plain, &self.plain.payoff, &answer, &mut gains);
        if !supported.unsupported.is_empty()
            || gains
                .iter()
                .zip(&range)
                .any(|(gain, range)| *gain > GAIN * range)
        {
            return false;
        }
        if self.known(&strategy).is_some() {
            return true;
        }
        let found = self.examined((answer, None), Method::Supports, None);
        let good = found.certificate.is_sequential();
        if good {
            self.solution.equilibria.push(found);
        }
        good
    }
}

/// `tree` with payoffs that lie far from the bulk of their player's brought nearer to it.
fn tamed(tree: &Tree, reach: f64) -> Tree {
    let mut tamed = tree.clone();
    for player in 0..tree.players {
        let mut sorted: Vec<f64> = tree.payoff[player..]
            .iter()
            .step_by(tree.players)
            .copied()
            .collect();
        sorted.sort_by(f64::total_cmp);
        sorted.dedup();
        let last = sorted.len() - 1;
        let end = last.div_ceil(ENDS);
        let (low, high) = (sorted[end.min(last)], sorted[last.saturating_sub(end)]);
        let (low, high) = (low.min(high), high.max(low));
        let far = reach * (high - low);
        for payoff in tamed.payoff[player..].iter_mut().step_by(tree.players) {
            *payoff = payoff.clamp(low - far, high + far);
        }
    }
    tamed
}

/// Probabilities under which all actions of `support` are equally good at their information sets, by Newton's method in logarithms.
fn indifferent(tree: &Tree, support: &[bool], mut y: Vec<f64>) -> Option<Vec<f64>> {
    let system = System::new(tree, &tree.payoff);
    let mut values = system.values();
    let actions = tree.actions();
    // Unknowns: each action but the first of its set.
    let pairs: Vec<(usize, usize)> = (0..tree.sets())
        .flat_map(|set| {
            let mut played = tree.actions_of(set).filter(|action| support[*action]);
            let first = played.next();
            played
                .filter_map(move |action| Some((action, first?)))
                .collect::<Vec<_>>()
        })
        .collect();
    for _ in 0..STEPS {
        let tremble = normalised(tree, support, &mut y);
        if pairs.is_empty() {
            return Some(y.iter().map(|y| libm::exp(*y)).collect());
        }
        system.evaluate_mixed(&tremble, &y, &mut values);
        let mut matrix = DMatrix::zeros(pairs.len(), pairs.len());
        let mut right = DVector::zeros(pairs.len());
        for (at, &(action, first)) in pairs.iter().enumerate() {
            let slope =
                |b: usize| values.slope[action * actions + b] - values.slope[first * actions + b];
            let mut size: f64 = 0.0;
            for (column, &(other, _)) in pairs.iter().enumerate() {
                let set = tree.set_of[other] as usize;
                let whole: f64 = tree
                    .actions_of(set)
                    .filter(|a| support[*a])
                    .map(slope)
                    .sum();
                let entry = slope(other) - libm::exp(y[other]) * whole;
                matrix[(at, column)] = entry;
                size = size.max(entry.abs());
            }
            right[at] = values.payoff[first] - values.payoff[action];
            // Small stakes count as much as large ones.
            if size > 0.0 {
                for column in 0..pairs.len() {
                    matrix[(at, column)] /= size;
                }
                right[at] /= size;
            }
        }
        if !right.iter().all(|x: &f64| x.is_finite()) {
            return None;
        }
        let svd = singular(matrix, true)?;
        let largest = svd.singular_values.max();
        let change = svd.solve(&right, largest * RANK).ok()?;
        let most = change.amax();
        if !most.is_finite() {
            return None;
        }
        let share = (FURTHEST / most).min(1.0);
        for (&(action, _), change) in pairs.iter().zip(change.iter()) {
            y[action] += share * change;
        }
        if most <= ARRIVED {
            break;
        }
    }
    normalised(tree, support, &mut y);
    Some(y.iter().map(|y| libm::exp(*y)).collect())
}

/// Makes logarithms those of probabilities, minus infinity outside `support`; the same with trembles.
fn normalised(tree: &Tree, support: &[bool], y: &mut [f64]) -> Vec<f64> {
    for set in 0..tree.sets() {
        let played = || tree.actions_of(set).filter(|action| support[*action]);
        let top = played().map(|a| y[a]).fold(f64::NEG_INFINITY, f64::max);
        let sum: f64 = played().map(|a| libm::exp(y[a] - top)).sum();
        let log = top + libm::log(sum);
        for action in tree.actions_of(set) {
            y[action] = if support[action] {
                y[action] - log
            } else {
                f64::NEG_INFINITY
            };
        }
    }
    y.iter().map(|y| y.max(OUTSIDE)).collect()
}
