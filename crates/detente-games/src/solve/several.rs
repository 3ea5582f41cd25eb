//! Looking for equilibria beside the first. The amount of work is counted, not timed, so that what is found is the same everywhere.

use std::cell::RefCell;
use std::collections::BTreeMap;

use detente_math::uniform;
use num_traits::{One, Zero};

use super::{Equilibrium, Found, Method, Stage};
use crate::assessment::Assessment;
use crate::certificate::exact::Exact;
use crate::certificate::tremble_of;
use crate::logit::Side;
use crate::number::to_f64;
use crate::polytope::Q;
use crate::sequence::{self, Plans};
use crate::tree::Tree;

/// Ways to play off the path that are tried for one way to play on it.
const OFF_PATH: usize = 400;
/// Ways to play off the path that are tried in all.
const OFF_PATH_IN_ALL: usize = 4_000;
/// Pure strategies that are gone through,
const PURE: usize = 60_000;
/// and that many times the number of nodes.
const PURE_NODES: usize = 20_000_000;
/// Starts of branches.
const STARTS: usize = 32;
/// Starts that part types into those below and those above a bound.
const BOUNDS: usize = 48;
/// Work of all branches: matrices factorised times the third power of the number of unknowns.
const WORK: f64 = 1.5e9;
/// Equilibria that are told; with more, others would be too many to read.
pub(super) const TOLD: usize = 24;
/// At a start, the action that is leant to has this probability.
const LEANING: f64 = 0.97;
/// Gains of best responses up to this share of the range are rounding, where exact answers are mixed.
const JOINED: f64 = 1e-12;
/// Gains of best responses up to this share of the range leave an answer worth a closer look.
const GAIN: f64 = 1e-6;

impl Found<'_> {
    /// Further equilibria.
    pub(super) fn several(&mut self, ask: &mut dyn FnMut(Stage) -> bool) {
        let all = self.corners(ask);
        // Where all corners are known, other starts lead to points between them at best.
        if !all || self.solution.equilibria.is_empty() {
            if !self.pure(ask) {
                self.replies(ask);
            }
            self.starts(ask);
        }
    }

    /// The corners of the Nash equilibria of two players, with play off the path. Were all of them looked at?
    fn corners(&mut self, ask: &mut dyn FnMut(Stage) -> bool) -> bool {
        let asked = RefCell::new(&mut *ask);
        let go_on = || (*asked.borrow_mut())(Stage::Strategies);
        let Some(corners) = sequence::corners(self.game, self.tree, &go_on) else {
            return false;
        };
        let mut left = OFF_PATH_IN_ALL;
        let everywhere = each_once_on_each_path(self.tree);
        for (plans, component) in corners.plans.iter().zip(&corners.component) {
            if self.solution.equilibria.len() >= TOLD || left == 0 || !ask(Stage::Strategies) {
                return false;
            }
            let Some(at) = self.fill(plans, &mut left) else {
                continue;
            };
            let count = corners
                .component
                .iter()
                .filter(|other| *other == component)
                .count();
            if count > 1 {
                self.solution.equilibria[at].corners.get_or_insert(count);
            }
        }
        // Where play comes to every information set whatever is done, Nash equilibria are sequential, and the corners are all.
        self.solution.complete |= corners.all && everywhere;
        corners.all
    }

    /// Tries ways to play where `plans` do not come; the place of the equilibrium if that makes one, or if it is known.
    fn fill(&mut self, plans: &Plans, left: &mut usize) -> Option<usize> {
        let tree = self.tree;
        let mut strategy: Vec<f64> = plans
            .iter()
            .map(|p| p.as_ref().map_or(0.0, to_f64))
            .collect();
        let mut free: Vec<usize> = Vec::new();
        for set in 0..tree.sets() {
            let actions = tree.actions_of(set);
            if plans[actions.start].is_none() {
                // First what is done there in an equilibrium that is known.
                let best = self.known_best(set);
                strategy[best] = 1.0;
                if actions.len() > 1 {
                    free.push(set);
                }
            } else if let Some(likeliest) = actions
                .clone()
                .max_by(|&a, &b| strategy[a].total_cmp(&strategy[b]))
            {
                // Rounded probabilities add up to one.
                let rest: f64 = actions
                    .filter(|a| *a != likeliest)
                    .map(|a| strategy[a])
                    .sum();
                strategy[likeliest] = 1.0 - rest;
            }
        }
        if let Some(known) = self.known(&strategy) {
            return Some(known);
        }
        let mut tried = 0;
        let first = strategy.clone();
        loop {
            if tried == 0 || strategy != first {
                if *left == 0 || tried >= OFF_PATH {
                    return None;
                }
                tried += 1;
                *left -= 1;
                if self.supported(&strategy, Some(plans), Method::Sequences) {
                    return Some(self.solution.equilibria.len() - 1);
                }
            }
            if !next(tree, &free, &mut strategy, &first) {
                return None;
            }
        }
    }

    /// The likeliest action of `set` in the first equilibrium that is known.
    fn known_best(&self, set: usize) -> usize {
        let actions = self.tree.actions_of(set);
        let known = self.solution.equilibria.first();
        let Some(known) = known.map(|known| &known.answer.strategy) else {
            return actions.start;
        };
        actions.clone().fold(actions.start, |best, action| {
            if known[action] > known[best] {
                action
            } else {
                best
            }
        })
    }

    /// Adds a strategy, which has the exact probabilities of `plans` where these have some, if trembles make it a sequential equilibrium.
    /// Is it one?
    fn supported(&mut self, strategy: &[f64], plans: Option<&Plans>, method: Method) -> bool {
        let support = tremble_of(self.tree, strategy);
        if !support.unsupported.is_empty() {
            return false;
        }
        let exact = plans.map(|plans| {
            // What has no plan is pure.
            let pure = |p: f64| if p > 0.5 { Q::one() } else { Q::zero() };
            let both = plans.iter().zip(strategy);
            both.map(|(exact, &p)| exact.clone().unwrap_or_else(|| pure(p)))
                .collect()
        });
        let found = self.examined((support.answer, exact), method, None);
        let good = found.certificate.is_sequential();
        if good {
            self.solution.equilibria.push(found);
        }
        good
    }

    /// Pure strategies, one after another. Are they few enough for that?
    fn pure(&mut self, ask: &mut dyn FnMut(Stage) -> bool) -> bool {
        let tree = self.tree;
        let free: Vec<usize> = (0..tree.sets())
            .filter(|&set| tree.actions_of(set).len() > 1)
            .collect();
        let count = free.iter().try_fold(1_usize, |count, &set| {
            count.checked_mul(tree.actions_of(set).len())
        });
        let few =
            |count: usize| count <= PURE && count.saturating_mul(tree.parent.len()) <= PURE_NODES;
        if !count.is_some_and(few) {
            return false;
        }
        let range = tree.payoff_range();
        let mut strategy = vec![0.0; tree.actions()];
        // From what is done in an equilibrium that is known: off the path that is as good elsewhere.
        for set in 0..tree.sets() {
            strategy[self.known_best(set)] = 1.0;
        }
        let first = strategy.clone();
        let mut answer = Assessment {
            tremble: vec![0.0; strategy.len()],
            strategy,
        };
        let mut gains = vec![0.0; tree.players];
        let mut left = OFF_PATH_IN_ALL;
        // By what is played, how often it has been tried, or that it is known.
        let mut tried: BTreeMap<Vec<bool>, usize> = BTreeMap::new();
        loop {
            self.certifier
                .nash_conv(tree, &tree.payoff, &answer, &mut gains);
            let nash = gains
                .iter()
                .zip(&range)
                .all(|(gain, range)| *gain <= GAIN * range);
            if nash {
                let plays = super::plays(tree, &answer.strategy);
                let plays: Vec<bool> = plays.iter().map(|p| *p > 0.0).collect();
                let known = self.known(&answer.strategy).is_some();
                let times = tried.entry(plays).or_insert(0);
                if !known && *times < OFF_PATH && left > 0 {
                    *times += 1;
                    left -= 1;
                    self.supported(&answer.strategy, None, Method::Pure);
                }
            }
            if self.solution.equilibria.len() >= TOLD
                || !ask(Stage::Strategies)
                || !next(tree, &free, &mut answer.strategy, &first)
            {
                return true;
            }
        }
    }

    /// Limits of quantal response from other starts than even play.
    fn starts(&mut self, ask: &mut dyn FnMut(Stage) -> bool) {
        let tree = self.tree;
        if tree.actions() > self.options.largest_logit {
            return;
        }
        let mut work = WORK;
        let unknowns = (tree.actions() - tree.sets()) as f64;
        let cube = unknowns * unknowns * unknowns;
        let starts = bounds(tree)
            .into_iter()
            .chain((0..STARTS).map(|k| random(tree, k)));
        for (number, prior) in (1_u32..).zip(starts) {
            if work <= 0.0 || self.solution.equilibria.len() >= TOLD || !ask(Stage::Strategies) {
                return;
            }
            let spent = self.by_stakes(Some(&prior), Side::From(number), ask);
            work -= cube * spent as f64;
        }
    }
}

impl Found<'_> {
    /// Is an answer more than another point of a continuum? Where two players choose, equilibria that stand alone are rational, and
    /// plans that answer each other crosswise are joined by equilibria.
    pub(super) fn stands_alone(&mut self, found: &Equilibrium) -> bool {
        let tree = self.tree;
        let movers = sequence::movers(tree);
        if movers.len() > 2 || self.solution.equilibria.is_empty() {
            return true;
        }
        if movers.len() < 2 {
            // All that is best for one player alone is joined.
            return false;
        }
        let pure = found.answer.strategy.iter().all(|p| *p == 0.0 || *p == 1.0);
        if !pure && !matches!(found.exact, Some(Exact::Proved(_))) {
            return false;
        }
        let range = tree.payoff_range();
        let mut gains = vec![0.0; tree.players];
        let known: Vec<Vec<f64>> = self
            .solution
            .equilibria
            .iter()
            .map(|known| known.answer.strategy.clone())
            .collect();
        for known in known {
            for &mover in &movers {
                let mut crossed = found.answer.clone();
                for (action, p) in crossed.strategy.iter_mut().enumerate() {
                    if tree.player[tree.set_of[action] as usize] as usize == mover {
                        *p = known[action];
                    }
                }
                self.certifier
                    .nash_conv(tree, &tree.payoff, &crossed, &mut gains);
                if gains
                    .iter()
                    .zip(&range)
                    .all(|(gain, range)| *gain <= JOINED * range)
                {
                    return false;
                }
            }
        }
        true
    }
}

/// Goes on to the next pure choice at the information sets `free`; false if it is the first again.
fn next(tree: &Tree, free: &[usize], strategy: &mut [f64], first: &[f64]) -> bool {
    for &set in free {
        let actions = tree.actions_of(set);
        let at = actions.clone().find(|&action| strategy[action] > 0.0);
        let at = at.unwrap_or(actions.start);
        let after = if at + 1 < actions.end {
            at + 1
        } else {
            actions.start
        };
        strategy[at] = 0.0;
        strategy[after] = 1.0;
        if first[after] == 0.0 {
            return true;
        }
    }
    false
}

/// Does every play pass an information set of each player who chooses, and never two, so that none is off the path?
fn each_once_on_each_path(tree: &Tree) -> bool {
    let movers = sequence::movers(tree);
    let mut passed = vec![0_u32; tree.parent.len() * tree.players];
    for node in 1..tree.parent.len() {
        let parent = tree.parent[node] as usize;
        let (before, here) = passed.split_at_mut(node * tree.players);
        here[..tree.players].copy_from_slice(&before[parent * tree.players..][..tree.players]);
        let set = tree.set[parent];
        if set != crate::tree::NONE && tree.actions_of(set as usize).len() > 1 {
            here[tree.player[set as usize] as usize] += 1;
        }
    }
    let one_set = movers.iter().all(|&player| {
        let sets = (0..tree.sets()).filter(|&set| {
            tree.player[set] as usize == player
                && tree.actions_of(set).len() > 1
                && !tree.members_of(set).is_empty()
        });
        sets.count() == 1
    });
    one_set
        && tree.leaves.iter().all(|&leaf| {
            movers
                .iter()
                .all(|&player| passed[leaf as usize * tree.players + player] == 1)
        })
}

/// Log-probabilities that lean to one action at each information set.
fn leaning(tree: &Tree, to: impl Fn(usize) -> Option<usize>) -> Vec<f64> {
    let mut prior = vec![0.0; tree.actions()];
    for set in 0..tree.sets() {
        let actions = tree.actions_of(set);
        let count = actions.len();
        let chosen = to(set).filter(|_| count > 1);
        for (place, action) in actions.enumerate() {
            prior[action] = libm::log(match chosen {
                None => 1.0 / count as f64,
                Some(chosen) if chosen == place => LEANING,
                Some(_) => (1.0 - LEANING) / (count - 1) as f64,
            });
        }
    }
    prior
}

/// The start of number `k`: at each information set an action drawn by place.
fn random(tree: &Tree, k: usize) -> Vec<f64> {
    leaning(tree, |set| {
        let drawn = uniform(1 + k as u64, set as u64, 0);
        let actions = tree.actions_of(set).len();
        (0..actions).find(|place| drawn * (actions as f64) < (place + 1) as f64)
    })
}

/// Starts in which the first moves of a player with many types part these in two: types before a bound lean to one action, those behind
/// it to another.
fn bounds(tree: &Tree) -> Vec<Vec<f64>> {
    let mut earlier = vec![false; tree.sets()];
    for set in 0..tree.sets() {
        for &member in tree.members_of(set) {
            let mut node = member as usize;
            while node != 0 {
                node = tree.parent[node] as usize;
                let above = tree.set[node];
                earlier[set] |=
                    above != crate::tree::NONE && tree.player[above as usize] == tree.player[set];
            }
        }
    }
    let mut all: Vec<(Vec<usize>, usize, usize, usize)> = Vec::new();
    for player in 0..tree.players {
        let first = |count: usize| -> Vec<usize> {
            (0..tree.sets())
                .filter(|&set| {
                    tree.player[set] as usize == player
                        && !earlier[set]
                        && tree.actions_of(set).len() == count
                })
                .collect()
        };
        let mut counts: Vec<usize> = (0..tree.sets())
            .map(|set| tree.actions_of(set).len())
            .collect();
        counts.sort_unstable();
        counts.dedup();
        for count in counts.into_iter().filter(|&count| count > 1) {
            let types = first(count);
            if types.len() < 3 {
                continue;
            }
            for bound in 1..types.len() {
                for low in 0..count {
                    for high in (0..count).filter(|&high| high != low) {
                        all.push((types.clone(), bound, low, high));
                    }
                }
            }
        }
    }
    let step = all.len().div_ceil(BOUNDS).max(1);
    all.iter()
        .step_by(step)
        .map(|(types, bound, low, high)| {
            leaning(tree, |set| {
                let place = types.iter().position(|&kind| kind == set)?;
                Some(if place < *bound { *low } else { *high })
            })
        })
        .collect()
}
