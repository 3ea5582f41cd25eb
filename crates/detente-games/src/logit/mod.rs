//! Agent quantal response equilibria, and the sequential equilibrium that their principal branch tends to.
//!
//! At precision λ every information set plays an action with probability proportional to exp(λ × its expected payoff), given beliefs
//! by Bayes' rule (McKelvey and Palfrey 1998). From λ = 0, where all actions are equally likely, a branch of such equilibria leads to
//! a limit, and limits are sequential equilibria (ibid., theorem 4): every action has positive probability on the way, so that
//! beliefs exist everywhere, and nobody carries out an incredible threat.
//!
//! The limit is one equilibrium, not always the only one; certificates say what it is, not what else there is.

mod limit;
mod path;
mod stakes;
mod system;

use detente_math::uniform;

use crate::assessment::Assessment;
use crate::tree::Tree;
pub(crate) use limit::{assessment, support};
pub use path::Effort;
pub(crate) use path::{End, Point, Pulse, Walker};
pub use stakes::{stakes, undominated};
pub(crate) use system::System;

/// How far to follow the branch.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Options {
    /// Stop where the largest conditional regret at any information set is at most this share of the range of the player's payoffs.
    pub regret: f64,
    /// A walk that has not arrived after this many steps is stuck; it is then tried twice more, in shorter steps and in longer ones.
    pub steps: usize,
    /// The largest factor by which a step along the branch may be longer than the one before: above 1. Nearer to 1 is slower, and
    /// less likely to jump to another branch.
    pub pace: f64,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            regret: 1e-8,
            steps: 3_000,
            pace: 1.5,
        }
    }
}

/// Where a walk along a branch is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Progress<'a> {
    /// Precision, in 1/payoff.
    pub lambda: f64,
    /// The largest conditional regret at any information set, as a share of the range of the player's payoffs.
    pub regret: f64,
    /// Log-probability of each action: a quantal response equilibrium at `lambda`.
    pub log_probability: &'a [f64],
}

/// A limit that was found.
#[derive(Clone, Debug, PartialEq)]
pub struct Branch {
    /// The limit, or what was reached of it.
    pub answer: Assessment,
    /// Which branch led there.
    pub side: Side,
    /// Precision of the last point, in 1/payoff.
    pub lambda: f64,
    /// Conditional regret of the last point, before it was made exact, as a share of the range of payoffs.
    pub regret: f64,
    /// Did the walk get as far as it was asked to?
    pub reached: bool,
    /// What it cost.
    pub effort: Effort,
}

/// Which branch a limit lies on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The principal branch, straight through every bifurcation on it.
    Principal,
    /// The branch that payoffs shifted by about a millionth of their range, at random, lead to.
    Shifted,
    /// The branch that the opposite shift leads to.
    ShiftedBack,
    /// The principal branch where the precision of each information set is measured by what is at stake there.
    ByStakes,
    /// A branch that starts from uneven play, its number.
    From(u32),
}

/// Everything that a trace found.
#[derive(Clone, Debug, PartialEq)]
pub struct Trace {
    /// The principal branch, and where another branch crosses it those to both sides, if they lead elsewhere.
    pub branches: Vec<Branch>,
    /// Precisions (1/payoff) at which another branch crosses the principal one.
    pub crossings: Vec<f64>,
}

/// Walks go at least to this λ times the range of payoffs: an equilibrium at λ = 0 says nothing of the limit.
const FAR: f64 = 1e5;
/// They go on until actions that die out have at most this probability,
const REMAINDER: f64 = 1e-7;
/// or until λ times the range of payoffs is this: where payoffs tie in the limit, probabilities fall only like a power of λ.
const ENOUGH: f64 = 1e10;
/// Paces of the walks that follow one that got stuck.
const CAREFUL: f64 = 1.15;
const BOLD: f64 = 2.0;
/// Walks to a precision, each in shorter steps than the one before.
const TRIES: usize = 5;
/// Shift of payoffs at a bifurcation, as a share of their range.
const SHIFT: f64 = 1e-6;
/// Two profiles that differ by less than this in every probability are one.
const SAME: f64 = 1e-4;

/// Follows the principal branch to its limit.
///
/// Where another branch crosses it, which way a player's slightly different payoffs would lead is not decided by the equations:
/// payoffs are then shifted by a millionth of their range, one way and the other, and all limits that differ are returned. `go_on` is
/// asked at every point; if it says no, what was reached is returned, marked as not reached.
pub fn limit(tree: &Tree, options: &Options, go_on: &mut dyn FnMut(&Progress) -> bool) -> Trace {
    limit_watched(tree, options, go_on, None)
}

/// [`limit`], which is let go before the next matrix once `pulse` says no; its answers are then worth nothing.
pub(crate) fn limit_while(tree: &Tree, options: &Options, pulse: Pulse) -> Trace {
    limit_watched(tree, options, &mut |_| pulse(), Some(pulse))
}

fn limit_watched(
    tree: &Tree,
    options: &Options,
    go_on: &mut dyn FnMut(&Progress) -> bool,
    pulse: Option<Pulse>,
) -> Trace {
    let system = System::new(tree, &tree.payoff);
    let paces = [options.pace, CAREFUL, BOLD];
    let mut follow =
        |own: &System, side: Side| follow_at(&paces, own, &system, side, options, go_on, pulse);
    let (principal, crossings) = follow(&system, Side::Principal);
    let mut branches = vec![principal];
    if !crossings.is_empty() {
        for (side, sign) in [(Side::Shifted, 1.0), (Side::ShiftedBack, -1.0)] {
            let shifted = System::new(tree, &shift(tree, sign * SHIFT * system.scale));
            let (branch, _) = follow(&shifted, side);
            let known = branches.iter().any(|known| {
                known
                    .answer
                    .strategy
                    .iter()
                    .zip(&branch.answer.strategy)
                    .all(|(a, b)| (a - b).abs() < SAME)
            });
            if !known {
                branches.push(branch);
            }
        }
    }
    Trace {
        branches,
        crossings,
    }
}

/// Follows the branch of quantal response in which each information set has a precision of its own, λ over `stakes` of it, from play
/// `prior` (logarithms of probabilities) at λ = 0, or from even play. Its limits are sequential equilibria as well.
///
/// Where payoffs of plays that nobody chooses are larger by orders of magnitude than what is at stake elsewhere, the branch of [`limit`]
/// ends before the small stakes are felt, and this one does not. λ is then over the largest range of payoffs.
pub fn limit_by_stakes(
    tree: &Tree,
    stakes: &[f64],
    prior: Option<&[f64]>,
    side: Side,
    options: &Options,
    go_on: &mut dyn FnMut(&Progress) -> bool,
) -> Branch {
    let mut system = System::new(tree, &tree.payoff).by_stakes(stakes);
    if let Some(prior) = prior {
        system = system.starting_at(prior);
    }
    // A branch that does not go through at the first pace is one of many: it is let go.
    let paces = [options.pace];
    follow_at(&paces, &system, &system, side, options, go_on, None).0
}

/// The agent quantal response equilibrium of the principal branch at precision `lambda` (1/payoff, not negative): the first point of
/// the branch that has this precision. Every action has positive probability: strategy and trembles are one. `None` if the branch
/// could not be followed that far.
pub fn quantal_response(tree: &Tree, lambda: f64, options: &Options) -> Option<Assessment> {
    quantal_response_while(tree, lambda, options, &mut |_| true)
}

/// [`quantal_response`], as long as `go_on`, which is asked at every point, says so; then there is no answer.
pub fn quantal_response_while(
    tree: &Tree,
    lambda: f64,
    options: &Options,
    go_on: &mut dyn FnMut(&Progress) -> bool,
) -> Option<Assessment> {
    quantal_response_watched(tree, lambda, options, go_on, None)
}

/// [`quantal_response_while`], which is let go before the next matrix once `pulse` says no.
pub(crate) fn quantal_response_watched(
    tree: &Tree,
    lambda: f64,
    options: &Options,
    go_on: &mut dyn FnMut(&Progress) -> bool,
    pulse: Option<Pulse>,
) -> Option<Assessment> {
    let system = System::new(tree, &tree.payoff);
    let target = lambda * system.scale;
    // The step that passes the target may be long: where Newton's method does not get back to it, the walk is repeated in shorter ones.
    let mut pace = options.pace;
    for _ in 0..TRIES {
        let mut walker = Walker::new(&system, pace).watched(pulse);
        let mut before: Option<Point> = None;
        let (after, end, _) = walker.walk(
            options.steps,
            &|point| point.lambda >= target,
            &mut |point| {
                before = Some(point.clone());
                go_on(&Progress {
                    lambda: point.lambda / system.scale,
                    regret: point.regret,
                    log_probability: &point.y,
                })
            },
        );
        if end != End::Reached {
            return None;
        }
        if let Some(before) = before {
            walker.place_between(&before, &after, target);
        }
        if walker.settle(target) {
            let tremble = walker.log_probabilities().to_vec();
            return Some(Assessment {
                strategy: tremble.iter().map(|log| libm::exp(*log)).collect(),
                tremble,
            });
        }
        pace = 1.0 + (pace - 1.0) / 4.0;
    }
    None
}

/// The agent quantal response equilibrium at precision `lambda` (1/payoff) that is near log-probabilities `y`, such as a place between two
/// points of a branch that was followed past it. `None` if Newton's method finds none there.
pub fn quantal_response_near(tree: &Tree, y: &[f64], lambda: f64) -> Option<Assessment> {
    let system = System::new(tree, &tree.payoff);
    let mut walker = Walker::new(&system, CAREFUL);
    walker.stand_at(y, lambda * system.scale, 1.0).then(|| {
        let tremble = walker.log_probabilities().to_vec();
        Assessment {
            strategy: tremble.iter().map(|log| libm::exp(*log)).collect(),
            tremble,
        }
    })
}

fn follow_at(
    paces: &[f64],
    system: &System,
    true_system: &System,
    side: Side,
    options: &Options,
    go_on: &mut dyn FnMut(&Progress) -> bool,
    pulse: Option<Pulse>,
) -> (Branch, Vec<f64>) {
    let scale = system.scale;
    let mut effort = Effort::default();
    // A walk that gets stuck may pass in steps of other lengths; the first one counts if none does.
    let mut first = None;
    for &pace in paces {
        let mut walker = Walker::new(system, pace).watched(pulse);
        let (mut point, end, spent) = walker.walk(
            options.steps,
            &|point: &Point| {
                point.regret <= options.regret
                    && point.lambda >= FAR
                    && (limit::remainder(point) <= REMAINDER || point.lambda >= ENOUGH)
            },
            &mut |point| {
                go_on(&Progress {
                    lambda: point.lambda / scale,
                    regret: point.regret,
                    log_probability: &point.y,
                })
            },
        );
        effort.steps += spent.steps;
        effort.factorisations += spent.factorisations;
        // Steps need not be exact, the last point had better be.
        if end == End::Reached && walker.settle(point.lambda) {
            point.y.copy_from_slice(walker.log_probabilities());
        }
        let crossings: Vec<f64> = walker
            .crossings
            .iter()
            .map(|lambda| lambda / scale)
            .collect();
        let branch = Branch {
            answer: if end == End::Stopped && pulse.is_some() {
                assessment(true_system, &point.y, &support(true_system, &point))
            } else {
                limit::snap(true_system, &point)
            },
            side,
            lambda: point.lambda / scale,
            regret: point.regret,
            reached: end == End::Reached,
            effort,
        };
        if end != End::Stuck {
            return (branch, crossings);
        }
        first.get_or_insert((branch, crossings));
    }
    let (mut branch, crossings) = first.expect("a walk");
    branch.effort = effort;
    (branch, crossings)
}

/// The payoffs of `tree`, each shifted by up to `size` by a number that depends on its place alone.
fn shift(tree: &Tree, size: f64) -> Vec<f64> {
    (0_u64..)
        .zip(&tree.payoff)
        .map(|(place, payoff)| payoff + size * (2.0 * uniform(0, place, 0) - 1.0))
        .collect()
}
