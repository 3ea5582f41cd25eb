//! Backward induction: subgame-perfect equilibria of games in which everyone always knows what happened.

use crate::assessment::Assessment;
use crate::certificate::even_trembles;
use crate::tree::{NONE, Tree};

/// A subgame-perfect equilibrium in pure strategies (Selten 1965), and whether it is the only one.
#[derive(Clone, Debug, PartialEq)]
pub struct Backward {
    /// The equilibrium, with even trembles: beliefs do not matter where information sets have one node.
    pub answer: Assessment,
    /// For each player, its expected payoff.
    pub value: Vec<f64>,
    /// The information sets at which another action pays as much. If there are none, the equilibrium is the only one; at each of
    /// these the first of the best actions is taken, and others may lead to other equilibria.
    pub ties: Vec<usize>,
}

/// Actions whose values differ by less than this share of the largest payoff, sign aside, tie: room for rounding.
const TIE: f64 = 1e-12;

/// Solves `tree` backwards. `None` if some information set of several actions has several nodes.
pub fn solve(tree: &Tree) -> Option<Backward> {
    solve_paying(tree, &tree.payoff)
}

/// [`solve`] where plays pay `payoff` in place of what `tree` says.
fn solve_paying(tree: &Tree, payoff: &[f64]) -> Option<Backward> {
    if (0..tree.sets()).any(|set| tree.members_of(set).len() > 1 && tree.actions_of(set).len() > 1)
    {
        return None;
    }
    let (nodes, players) = (tree.parent.len(), tree.players);
    let mut value = vec![0.0; nodes * players];
    let mut size = vec![0.0_f64; players];
    for (&leaf, payoffs) in tree.leaves.iter().zip(payoff.chunks_exact(players.max(1))) {
        value[leaf as usize * players..][..players].copy_from_slice(payoffs);
        for (size, payoff) in size.iter_mut().zip(payoffs) {
            *size = size.max(payoff.abs());
        }
    }
    let mut strategy = vec![0.0; tree.actions()];
    let mut ties = Vec::new();
    // Backwards in preorder, a node comes after all that follows it.
    for node in (0..nodes).rev() {
        let (before, after) = value.split_at_mut((node + 1) * players);
        let here = &mut before[node * players..];
        let worth = |child: usize| &after[(child - node - 1) * players..][..players];
        if tree.set[node] == NONE {
            for child in tree.children(node) {
                for (here, worth) in here.iter_mut().zip(worth(child)) {
                    *here += tree.chance[child] * worth;
                }
            }
            continue;
        }
        let set = tree.set[node] as usize;
        let player = tree.player[set] as usize;
        let best = tree
            .children(node)
            .map(|child| worth(child)[player])
            .fold(f64::NEG_INFINITY, f64::max);
        let mut good = tree
            .children(node)
            .filter(|&child| worth(child)[player] >= best - TIE * size[player]);
        let first = good.next()?;
        here.copy_from_slice(worth(first));
        strategy[tree.action[first] as usize] = 1.0;
        if good.next().is_some() {
            ties.push(set);
        }
    }
    // An information set without nodes has a plan as well.
    for set in (0..tree.sets()).filter(|&set| tree.members_of(set).is_empty()) {
        strategy[tree.actions_of(set).start] = 1.0;
    }
    ties.sort_unstable();
    value.truncate(players);
    Some(Backward {
        answer: Assessment {
            tremble: even_trembles(tree, &strategy),
            strategy,
        },
        value,
        ties,
    })
}

/// A loop of stages: games of perfect information some of whose plays lead on to another stage, at a discount. Fighting while
/// talking, and bargaining by alternating offers (Rubinstein 1982), are such loops.
#[derive(Clone, Debug)]
pub struct Loop {
    /// The stages.
    pub stages: Vec<Tree>,
    /// For each stage and each leaf of its tree, where the play leads on to; `None` if it ends there. What the leaf pays is paid in
    /// either case.
    pub onward: Vec<Vec<Option<Onward>>>,
}

/// Where a play leads on to.
#[derive(Clone, Debug, PartialEq)]
pub struct Onward {
    /// The stage.
    pub stage: usize,
    /// For each player, what a payoff there is worth now, as a share.
    pub discount: Vec<f64>,
}

impl Loop {
    /// What the loop is worth if it stops after `periods` stages, the plays that would lead on then paying nothing more, by backward
    /// induction: for each starting stage, the equilibrium play of its first period and its value. `None` if `periods` is 0 or a
    /// stage has an information set of several nodes.
    ///
    /// Where all discounts are below one, values change by ever less from period to period; with periods doubled they show how far
    /// the stationary equilibrium still is.
    pub fn solve(&self, periods: usize) -> Option<Vec<Backward>> {
        let players = self.stages.first()?.players;
        let mut worth = vec![vec![0.0; players]; self.stages.len()];
        let mut payoffs: Vec<Vec<f64>> = self.stages.iter().map(|s| s.payoff.clone()).collect();
        let mut solved = None;
        for _ in 0..periods {
            let stages: Option<Vec<Backward>> = (0..self.stages.len())
                .map(|stage| {
                    let tree = &self.stages[stage];
                    let paid = &mut payoffs[stage];
                    paid.copy_from_slice(&tree.payoff);
                    for (paid, onward) in paid
                        .chunks_exact_mut(players.max(1))
                        .zip(&self.onward[stage])
                    {
                        let Some(onward) = onward else { continue };
                        for (player, paid) in paid.iter_mut().enumerate() {
                            *paid += onward.discount[player] * worth[onward.stage][player];
                        }
                    }
                    solve_paying(tree, paid)
                })
                .collect();
            let stages = stages?;
            for (worth, stage) in worth.iter_mut().zip(&stages) {
                worth.copy_from_slice(&stage.value);
            }
            solved = Some(stages);
        }
        solved
    }
}
