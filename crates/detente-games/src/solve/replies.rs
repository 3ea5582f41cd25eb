//! Best replies, one after another, from play that parts the types of a player in order: where they come to rest is an equilibrium.

use std::collections::BTreeSet;

use super::several::TOLD;
use super::{Found, Method, Stage};
use crate::assessment::Assessment;
use crate::logit::System;
use crate::tree::{NONE, Tree};

/// Numbers that are touched in all.
const WORK: usize = 200_000_000;
/// Types that are parted, at least.
const TYPES: usize = 3;
/// Rounds of replies of the others to one way to part, and of replies of the types to these.
const ROUNDS: usize = 12;
/// Payoffs that differ by less than this share of the largest range are as good.
const TIE: f64 = 1e-11;
/// Logarithm of the probability of a move that is not made,
const TREMBLE: f64 = -60.0;
/// and how much rarer each type makes it than the one before or after.
const TILT: f64 = 6.0;
/// Whose moves that nobody makes are likelier: nobody's, those of the first types, those of the last.
const TILTS: [f64; 3] = [0.0, -TILT, TILT];

/// A way to part types: those before `bound` do the action of place `low`, the others that of `high`.
struct Start {
    /// The information sets of the types, in order.
    types: Vec<usize>,
    bound: usize,
    low: usize,
    high: usize,
    tilt: f64,
}

impl Found<'_> {
    /// Pure equilibria that best replies lead to from play that parts types.
    pub(super) fn replies(&mut self, ask: &mut dyn FnMut(Stage) -> bool) {
        let tree = self.plain;
        if tree.actions() > self.options.largest_logit || tree.leaves.is_empty() {
            return;
        }
        let starts = starts(tree);
        let system = System::new(tree, &tree.payoff);
        let mut replier = Replier::new(&system);
        for at in spread_out(starts.len()) {
            if replier.work >= WORK
                || self.solution.equilibria.len() >= TOLD
                || !ask(Stage::Strategies)
            {
                return;
            }
            let Some(answer) = replier.rest(&starts[at]) else {
                continue;
            };
            if self.known(&answer.strategy).is_some() {
                continue;
            }
            let found = self.examined((answer, None), Method::Replies, None);
            if found.certificate.is_sequential() && self.stands_alone(&found) {
                self.solution.equilibria.push(found);
            }
        }
    }
}

/// The numbers below `count`, those that come next to each other far apart: if there is no time for all of them, there is some for
/// every part.
fn spread_out(count: usize) -> impl Iterator<Item = usize> {
    // The whole number next to the golden section that has no divisor in common with the count.
    let near = count * 618 / 1000;
    let step = (near.max(1)..=count).find(|&step| gcd(step, count) == 1);
    let step = step.unwrap_or(1);
    (0..count).map(move |k| k * step % count)
}

fn gcd(a: usize, b: usize) -> usize {
    if b == 0 { a } else { gcd(b, a % b) }
}

struct Replier<'a> {
    system: &'a System<'a>,
    /// For each information set, the most moves of players before it.
    depth: Vec<usize>,
    /// Numbers that one evaluation touches.
    once: usize,
    /// Numbers touched so far.
    work: usize,
}

impl<'a> Replier<'a> {
    fn new(system: &'a System<'a>) -> Self {
        let tree = system.tree;
        let depth: Vec<usize> = (0..tree.sets())
            .map(|set| {
                let members = tree.members_of(set).iter();
                members.map(|&node| places(tree, node).len()).max()
            })
            .map(|depth| depth.unwrap_or(0))
            .collect();
        let deepest = 1 + depth.iter().max().copied().unwrap_or(0);
        Self {
            system,
            depth,
            once: tree.parent.len() + tree.leaves.len() * deepest * deepest,
            work: 0,
        }
    }

    /// Where best replies from `start` come to rest, if they do: first those of the others, last moves first, then those of the types.
    fn rest(&mut self, start: &Start) -> Option<Assessment> {
        let tree = self.system.tree;
        let mut chosen: Vec<Option<usize>> = vec![None; tree.sets()];
        for (place, &set) in start.types.iter().enumerate() {
            let action = if place < start.bound {
                start.low
            } else {
                start.high
            };
            chosen[set] = Some(tree.actions_of(set).start + action);
        }
        let others: Vec<usize> = (0..tree.sets())
            .filter(|set| !start.types.contains(set))
            .collect();
        let mut seen = BTreeSet::new();
        for _ in 0..ROUNDS {
            for _ in 0..ROUNDS {
                if !self.reply(start, &others, &mut chosen) {
                    break;
                }
            }
            if !self.reply(start, &start.types, &mut chosen) {
                let (strategy, tremble) = written(tree, start, &chosen);
                return Some(Assessment { strategy, tremble });
            }
            if !seen.insert(chosen.clone()) {
                return None;
            }
        }
        None
    }

    /// Replies at `sets`, those of the last moves first. Did any change?
    fn reply(&mut self, start: &Start, sets: &[usize], chosen: &mut [Option<usize>]) -> bool {
        let tree = self.system.tree;
        let mut values = self.system.values_without_slopes();
        let mut depths: Vec<usize> = sets.iter().map(|&set| self.depth[set]).collect();
        depths.sort_unstable();
        depths.dedup();
        let mut changed = false;
        for depth in depths.into_iter().rev() {
            let (strategy, tremble) = written(tree, start, chosen);
            let logs: Vec<f64> = strategy.iter().map(|p| libm::log(*p)).collect();
            self.system.evaluate_mixed(&tremble, &logs, &mut values);
            self.work += self.once;
            for &set in sets.iter().filter(|&&set| self.depth[set] == depth) {
                let mut best = chosen[set].unwrap_or(tree.actions_of(set).start);
                for action in tree.actions_of(set) {
                    if values.payoff[action] > values.payoff[best] + TIE {
                        best = action;
                    }
                }
                if chosen[set] != Some(best) {
                    chosen[set] = Some(best);
                    changed = true;
                }
            }
        }
        changed
    }
}

/// Choices as a strategy with trembles; where nothing is chosen yet, even play.
fn written(tree: &Tree, start: &Start, chosen: &[Option<usize>]) -> (Vec<f64>, Vec<f64>) {
    let mut strategy = vec![0.0; tree.actions()];
    let mut tremble = vec![TREMBLE; tree.actions()];
    for (set, chosen) in chosen.iter().enumerate() {
        let actions = tree.actions_of(set);
        let even = 1.0 / actions.len() as f64;
        if let Some(action) = chosen {
            strategy[*action] = 1.0;
            tremble[*action] = 0.0;
        } else {
            strategy[actions.clone()].fill(even);
            tremble[actions].fill(libm::log(even));
        }
    }
    let last = start.types.len() - 1;
    for (place, &set) in start.types.iter().enumerate() {
        let rarer = if start.tilt < 0.0 {
            place
        } else {
            last - place
        };
        for action in tree.actions_of(set).filter(|a| strategy[*a] <= 0.0) {
            tremble[action] -= start.tilt.abs() * rarer as f64;
        }
    }
    (strategy, tremble)
}

/// All ways to part the types of a player who see the same at their first moves, in the order of the file, of what one action pays more than
/// another under even play, and of what they get there.
fn starts(tree: &Tree) -> Vec<Start> {
    let system = System::new(tree, &tree.payoff);
    let mut values = system.values();
    let even = system.prior.clone();
    system.evaluate(&even, &mut values);
    let mut all = Vec::new();
    for group in groups(tree) {
        let count = tree.actions_of(group[0]).len();
        let worth = |set: &usize| -> f64 { values.payoff[tree.actions_of(*set)].iter().sum() };
        let mut by_worth = group.clone();
        by_worth.sort_by(|a, b| worth(a).total_cmp(&worth(b)));
        for low in 0..count {
            for high in (0..count).filter(|high| *high != low) {
                let gain = |set: &usize| {
                    let first = tree.actions_of(*set).start;
                    values.payoff[first + high] - values.payoff[first + low]
                };
                let mut by_gain = group.clone();
                by_gain.sort_by(|a, b| gain(a).total_cmp(&gain(b)));
                let mut orders = vec![group.clone()];
                for order in [&by_gain, &by_worth] {
                    if !orders.contains(order) {
                        orders.push(order.clone());
                    }
                }
                for types in orders {
                    for bound in 0..types.len() {
                        all.extend(TILTS.map(|tilt| Start {
                            types: types.clone(),
                            bound,
                            low,
                            high,
                            tilt,
                        }));
                    }
                }
            }
        }
    }
    all
}

/// What the types of one player have in common: the player, the number of actions, the places of the moves before.
type Kind = (u32, usize, BTreeSet<Vec<usize>>);

/// Information sets of one player at its first moves that differ by what chance has told it alone: as many actions, and the others' moves
/// before have the same places.
fn groups(tree: &Tree) -> Vec<Vec<usize>> {
    let mut groups: Vec<(Kind, Vec<usize>)> = Vec::new();
    for set in 0..tree.sets() {
        let (player, members) = (tree.player[set], tree.members_of(set));
        let count = tree.actions_of(set).len();
        let moved_before = members.first().is_some_and(|&node| {
            let steps = std::iter::successors(Some(node), |node| Some(tree.parent[*node as usize]));
            let mut steps = steps.take_while(|node| *node > 0);
            steps.any(|node| {
                let action = tree.action[node as usize];
                action != NONE && tree.player[tree.set_of[action as usize] as usize] == player
            })
        });
        if count < 2 || members.is_empty() || moved_before {
            continue;
        }
        let seen = members.iter().map(|&node| places(tree, node)).collect();
        let key = (player, count, seen);
        match groups.iter_mut().find(|(known, _)| *known == key) {
            Some((_, sets)) => sets.push(set),
            None => groups.push((key, vec![set])),
        }
    }
    groups.retain(|(_, sets)| sets.len() >= TYPES);
    // What others do who see something follows from what is seen.
    let first = groups.iter().any(|((.., seen), _)| sees_nothing(seen));
    let groups = groups.into_iter();
    let groups = groups.filter(|((.., seen), _)| !first || sees_nothing(seen));
    groups.map(|(_, sets)| sets).collect()
}

fn sees_nothing(seen: &BTreeSet<Vec<usize>>) -> bool {
    seen.iter().all(Vec::is_empty)
}

/// The places of the actions on the way to `node`, last first.
fn places(tree: &Tree, node: u32) -> Vec<usize> {
    let mut places = Vec::new();
    let mut node = node as usize;
    while node > 0 {
        if tree.action[node] != NONE {
            let action = tree.action[node] as usize;
            let first = tree.actions_of(tree.set_of[action] as usize).start;
            places.push(action - first);
        }
        node = tree.parent[node] as usize;
    }
    places
}
