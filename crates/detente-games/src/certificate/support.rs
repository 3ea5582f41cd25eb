//! Trembles for a strategy that comes without them.

use super::{Certifier, Tolerance, matrix_game};
use crate::assessment::Assessment;
use crate::tree::{NONE, Tree};

/// A strategy with trembles that support it, as far as they were found.
#[derive(Clone, Debug, PartialEq)]
pub struct Support {
    /// The strategy, and the trembles.
    pub answer: Assessment,
    /// The information sets off the path at which the plan is still not best.
    pub unsupported: Vec<Unsupported>,
}

/// An information set at which no trembles were found that make the plan best.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unsupported {
    /// The information set.
    pub set: usize,
    /// Whether there are beliefs, if not found from trembles, that make the plan best given how all go on. If not, what is planned is
    /// incredible under any belief.
    pub defensible: bool,
}

/// Logarithm of the probability of a tremble: far below any tolerated distance. One tremble more on the way to a node leaves it
/// unbelieved.
const TREMBLE: f64 = -60.0;

/// Shares of trembles below this are none.
const NO_SHARE: f64 = 1e-9;

/// Times that trembles which got no share are tried again as rarer ones.
const RARER: usize = 4;

/// Even trembles: every action of probability zero gets e^-60, the rest share what is left in proportion. Beliefs off the path then
/// go to the nodes that the fewest deviations lead to, evenly but for what chance and the strategy say.
pub fn even_trembles(tree: &Tree, strategy: &[f64]) -> Vec<f64> {
    with_trembles(tree, strategy, &vec![TREMBLE; tree.actions()])
}

/// Finds trembles that support `strategy`, which has an entry for each action of `tree`.
///
/// Where even trembles do not make the plan best, the last deviation on the way to each node of an information set is given the
/// probability that does: what a player compares there is linear in these probabilities, so that those for all information sets
/// which share deviations come from one linear programme. Information sets that two deviations lead to come after those that one
/// leads to. Finding none does not mean there are none, unless [`Unsupported::defensible`] says so. Whether the strategy is an
/// equilibrium at all is for the certificate of the answer to say.
pub fn tremble_of(tree: &Tree, strategy: &[f64]) -> Support {
    let tolerance = Tolerance::default();
    let mut search = Search::new(tree, strategy, &tolerance);
    for deviations in 1..=search.most_deviations() {
        for _ in 0..RARER {
            if !search.step(deviations) {
                break;
            }
        }
    }
    let answer = Assessment {
        tremble: search.trembles(),
        strategy: strategy.to_vec(),
    };
    let unsupported = search
        .certifier
        .unsupported(tree, &answer, &tolerance)
        .map(|(set, defensible)| Unsupported { set, defensible })
        .collect();
    Support {
        answer,
        unsupported,
    }
}

struct Search<'a> {
    tree: &'a Tree,
    strategy: &'a [f64],
    tolerance: &'a Tolerance,
    certifier: Certifier,
    /// For each node that chance allows, how many deviations lead to it; [`NONE`] for others.
    deviations: Vec<u32>,
    /// For each node, the last deviation that leads to it, or [`NONE`].
    last: Vec<u32>,
    /// For each information set, the fewest deviations that lead to a node of it.
    fewest: Vec<u32>,
    /// For each action, what its tremble is a power of e^-60 of, and the logarithm of its share.
    power: Vec<u32>,
    share: Vec<f64>,
    /// For each action, whether its tremble is settled.
    settled: Vec<bool>,
}

/// Nodes of an information set that count for its beliefs: the node's place in the set, its deviation to be settled or [`NONE`],
/// the logarithm of the rest of its probability.
type Counting = Vec<(usize, u32, f64)>;

impl<'a> Search<'a> {
    fn new(tree: &'a Tree, strategy: &'a [f64], tolerance: &'a Tolerance) -> Self {
        let nodes = tree.parent.len();
        let (mut deviations, mut last) = (vec![0; nodes], vec![NONE; nodes]);
        for node in 1..nodes {
            let parent = tree.parent[node] as usize;
            (deviations[node], last[node]) = (deviations[parent], last[parent]);
            let action = tree.action[node];
            if tree.chance[node] <= 0.0 {
                deviations[node] = NONE;
            }
            if action != NONE && strategy[action as usize] <= 0.0 {
                last[node] = action;
                if deviations[node] != NONE {
                    deviations[node] += 1;
                }
            }
        }
        let fewest = (0..tree.sets())
            .map(|set| {
                let members = tree.members_of(set).iter();
                members.map(|&node| deviations[node as usize]).min()
            })
            .map(|fewest| fewest.unwrap_or(NONE))
            .collect();
        Self {
            tree,
            strategy,
            tolerance,
            certifier: Certifier::new(tree),
            deviations,
            last,
            fewest,
            power: vec![1; tree.actions()],
            share: vec![0.0; tree.actions()],
            settled: vec![false; tree.actions()],
        }
    }

    fn most_deviations(&self) -> u32 {
        let fewest = self.fewest.iter().filter(|&&fewest| fewest != NONE);
        fewest.max().copied().unwrap_or(0)
    }

    fn trembles(&self) -> Vec<f64> {
        let logs: Vec<f64> = (self.power.iter().zip(&self.share))
            .map(|(&power, share)| TREMBLE * f64::from(power) + share)
            .collect();
        with_trembles(self.tree, self.strategy, &logs)
    }

    /// Settles trembles that lead to information sets `deviations` away from the path. Are there some left to settle?
    fn step(&mut self, deviations: u32) -> bool {
        let tree = self.tree;
        let answer = Assessment {
            tremble: self.trembles(),
            strategy: self.strategy.to_vec(),
        };
        let failing: Vec<usize> = self
            .certifier
            .unsupported(tree, &answer, self.tolerance)
            .map(|(set, _)| set)
            .collect();
        // What counts at each information set of this distance, and the groups of those that share trembles.
        let sets: Vec<(usize, Counting)> = (0..tree.sets())
            .filter(|&set| self.fewest[set] == deviations)
            .filter(|&set| !self.certifier.comes_under_strategy(set))
            .map(|set| (set, self.counting(set, deviations, &answer.tremble)))
            .collect();
        let mut group: Vec<usize> = (0..sets.len()).collect();
        let mut first_with = vec![usize::MAX; tree.actions()];
        for (index, (_, counting)) in sets.iter().enumerate() {
            for &(_, action, _) in counting.iter().filter(|(_, action, _)| *action != NONE) {
                let first = &mut first_with[action as usize];
                if *first == usize::MAX {
                    *first = index;
                }
                let (a, b) = (root(&group, *first), root(&group, index));
                group[a.max(b)] = a.min(b);
            }
        }
        let mut left = false;
        for leader in 0..sets.len() {
            let together: Vec<&(usize, Counting)> = (0..sets.len())
                .filter(|&index| root(&group, index) == leader)
                .map(|index| &sets[index])
                .collect();
            if together.iter().any(|(set, _)| failing.contains(set)) {
                left |= self.settle(&together);
            } else {
                for &(_, action, _) in together.iter().flat_map(|(_, counting)| counting) {
                    if action != NONE {
                        self.settled[action as usize] = true;
                    }
                }
            }
        }
        left
    }

    /// The nodes of `set` that the fewest and most likely trembles lead to.
    fn counting(&self, set: usize, deviations: u32, tremble: &[f64]) -> Counting {
        let tree = self.tree;
        let mut counting = Counting::new();
        let mut fewest = u32::MAX;
        for (place, &member) in tree.members_of(set).iter().enumerate() {
            let last = self.last[member as usize];
            if self.deviations[member as usize] != deviations || last == NONE {
                continue;
            }
            let (mut log, mut power) = (0.0, 0);
            let mut at = member as usize;
            while at > 0 {
                let action = tree.action[at];
                if action == NONE {
                    log += libm::log(tree.chance[at]);
                } else if action != last || self.settled[last as usize] {
                    log += tremble[action as usize];
                }
                if action != NONE && self.strategy[action as usize] <= 0.0 {
                    power += self.power[action as usize];
                }
                at = tree.parent[at] as usize;
            }
            if power < fewest {
                counting.clear();
                fewest = power;
            }
            if power == fewest {
                let settled = self.settled[last as usize];
                if settled {
                    // As if it were to be settled: without e^-60 for the last deviation.
                    log -= TREMBLE * f64::from(self.power[last as usize]);
                }
                counting.push((place, if settled { NONE } else { last }, log));
            }
        }
        counting
    }

    /// Settles the trembles that a group of information sets shares. Are there some left that got no share?
    fn settle(&mut self, group: &[&(usize, Counting)]) -> bool {
        let tree = self.tree;
        // Rows: the deviations to be settled, and the settled ones taken together.
        let mut rows: Vec<u32> = group
            .iter()
            .flat_map(|(_, counting)| counting.iter().map(|&(_, action, _)| action))
            .collect();
        rows.sort_unstable();
        rows.dedup();
        if rows.iter().all(|&action| action == NONE) {
            return false;
        }
        let mut columns: Vec<Vec<f64>> = Vec::new();
        for (set, counting) in group {
            let largest = counting.iter().fold(f64::NEG_INFINITY, |l, c| l.max(c.2));
            let after = self.certifier.after(tree, *set);
            let actions = tree.actions_of(*set);
            for planned in actions
                .clone()
                .filter(|&a| self.strategy[a] > self.tolerance.support)
            {
                for other in actions.clone().filter(|&a| a != planned) {
                    let mut column = vec![0.0; rows.len()];
                    for &(place, action, log) in counting {
                        let row = rows.binary_search(&action).expect("a row for each");
                        let values = &after[place];
                        let better =
                            values[planned - actions.start] - values[other - actions.start];
                        column[row] += libm::exp(log - largest) * better;
                    }
                    columns.push(column);
                }
            }
        }
        // Columns of one size, so that what is left over is shared out evenly.
        for column in &mut columns {
            let size = column
                .iter()
                .fold(0.0_f64, |size, entry| size.max(entry.abs()));
            if size > 0.0 {
                for entry in column {
                    *entry /= size;
                }
            }
        }
        let (value, shares) = matrix_game::solve(rows.len(), columns.len(), |row, column| {
            columns[column][row]
        });
        let unit = match rows.last() {
            // What is settled stays as it is, and the rest is measured by it.
            Some(&NONE) => *shares.last().expect("a share for each row"),
            _ => shares.iter().copied().fold(0.0, f64::max),
        };
        let solved = value >= -self.tolerance.regret && unit > NO_SHARE;
        let mut left = false;
        for (&action, &share) in rows.iter().zip(&shares).filter(|(a, _)| **a != NONE) {
            let action = action as usize;
            if !solved || share > NO_SHARE {
                self.settled[action] = true;
                if solved {
                    self.share[action] = libm::log(share / unit);
                }
            } else {
                self.power[action] += 1;
                left = true;
            }
        }
        left
    }
}

fn root(group: &[usize], mut index: usize) -> usize {
    while group[index] != index {
        index = group[index];
    }
    index
}

/// Logarithms of `strategy`, with those of `tremble` at actions of probability zero, normalised.
fn with_trembles(tree: &Tree, strategy: &[f64], tremble: &[f64]) -> Vec<f64> {
    assert_eq!(
        strategy.len(),
        tree.actions(),
        "a probability for each action"
    );
    let mut logs: Vec<f64> = (strategy.iter().zip(tremble))
        .map(|(&p, &t)| if p > 0.0 { libm::log(p).max(t) } else { t })
        .collect();
    for set in 0..tree.sets() {
        let actions = tree.actions_of(set);
        let sum: f64 = actions.clone().map(|action| libm::exp(logs[action])).sum();
        for action in actions {
            logs[action] -= libm::log(sum);
        }
    }
    logs
}
