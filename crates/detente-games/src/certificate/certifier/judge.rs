//! The verdict, and what beliefs could save.

use super::super::{Basis, Deviation, SetCheck, Tolerance, Verdict, matrix_game};
use super::Certifier;
use crate::assessment::Assessment;
use crate::tree::Tree;

impl Certifier {
    pub(super) fn judge(
        &self,
        tree: &Tree,
        strategy: &[f64],
        tolerance: &Tolerance,
        sets: &[SetCheck],
        nash_conv: &[f64],
    ) -> Verdict {
        let unit = |set: usize| self.scale[tree.player[set] as usize].1;
        let share = |set: usize| sets[set].share;
        let mut regretted: Vec<usize> = (0..sets.len())
            .filter(|&set| share(set) > tolerance.regret)
            .collect();
        // What a player loses where play comes is a gain of its best response, however small beside the range of all payoffs.
        let nash = regretted.iter().all(|&set| sets[set].reach <= 0.0)
            && nash_conv
                .iter()
                .zip(&self.scale)
                .all(|(gain, (_, unit))| *gain <= tolerance.nash * unit);
        if nash && regretted.is_empty() {
            // The first of the largest.
            let far = (0..sets.len()).fold(None, |far: Option<usize>, set| match far {
                Some(far) if sets[far].distance >= sets[set].distance => Some(far),
                _ => Some(set),
            });
            return match far {
                Some(set) if sets[set].distance > tolerance.distance => Verdict::Inconsistent {
                    set,
                    distance: sets[set].distance,
                },
                _ => Verdict::Sequential,
            };
        }
        if regretted.is_empty() {
            // Many small regrets that add up to more than is tolerated: all there are.
            regretted = (0..sets.len())
                .filter(|&set| {
                    let player = tree.player[set] as usize;
                    sets[set].regret > 0.0 && nash_conv[player] > tolerance.nash * unit(set)
                })
                .collect();
        }
        let off_path = |set: usize| !nash && sets[set].reach <= 0.0;
        regretted.sort_by(|&a, &b| {
            (off_path(a).cmp(&off_path(b)))
                .then(share(b).total_cmp(&share(a)))
                .then((sets[b].regret / unit(b)).total_cmp(&(sets[a].regret / unit(a))))
                .then(a.cmp(&b))
        });
        let deviations = regretted
            .into_iter()
            .map(|set| {
                let (_, _, (action, instead_of)) =
                    self.best_and_worst(tree, strategy, set, tolerance.support);
                Deviation {
                    player: tree.player[set] as usize,
                    set,
                    action,
                    instead_of,
                    gain: sets[set].regret,
                    reached: sets[set].reach > 0.0,
                    defensible: self.defensible(tree, strategy, set, tolerance),
                }
            })
            .collect();
        if nash {
            Verdict::NashOnly { deviations }
        } else {
            Verdict::NotEquilibrium { deviations }
        }
    }

    /// For each node of `set` and each action there, what its player gets if all go on with the strategy, less the smallest payoff.
    pub(in crate::certificate) fn after(&self, tree: &Tree, set: usize) -> Vec<Vec<f64>> {
        let player = tree.player[set] as usize;
        let worth = |child: usize| self.value[child * self.shape.players + player];
        (tree.members_of(set).iter())
            .map(|&node| tree.children(node as usize).map(worth).collect())
            .collect()
    }

    /// Does the last strategy examined determine the beliefs at `set`?
    pub(in crate::certificate) fn comes_under_strategy(&self, set: usize) -> bool {
        self.basis[set] == Basis::Strategy
    }

    /// The information sets where beliefs come from trembles and the plan is not best under them, and whether it is best under others.
    pub(in crate::certificate) fn unsupported<'a>(
        &'a mut self,
        tree: &'a Tree,
        answer: &'a Assessment,
        tolerance: &'a Tolerance,
    ) -> impl Iterator<Item = (usize, bool)> + 'a {
        self.scale(&tree.payoff);
        self.reach(tree, &answer.strategy, &answer.tremble);
        self.believe(tree);
        self.evaluate(tree, &tree.payoff, &answer.strategy);
        let this = &*self;
        (0..tree.sets())
            .filter(move |&set| {
                if this.basis[set] == Basis::Strategy || tree.members_of(set).is_empty() {
                    return false;
                }
                let (_, _, (best, worst)) =
                    this.best_and_worst(tree, &answer.strategy, set, tolerance.support);
                this.compare(tree, set, best, worst).share() > tolerance.regret
            })
            .map(move |set| {
                let defensible = this.defensible(tree, &answer.strategy, set, tolerance);
                (set, defensible)
            })
    }

    /// Whether some beliefs at `set` make every planned action best.
    fn defensible(&self, tree: &Tree, strategy: &[f64], set: usize, tolerance: &Tolerance) -> bool {
        let members = tree.members_of(set);
        let after = self.after(tree, set);
        let first = tree.actions_of(set).start;
        let planned: Vec<usize> = tree
            .actions_of(set)
            .filter(|&action| strategy[action] > tolerance.support)
            .map(|action| action - first)
            .collect();
        let actions = tree.actions_of(set).len();
        let (value, _) =
            matrix_game::solve(members.len(), planned.len() * actions, |row, column| {
                let (plan, other) = (planned[column / actions], column % actions);
                after[row][plan] - after[row][other]
            });
        let apart = |row: &Vec<f64>| {
            let high = row.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            high - row.iter().copied().fold(f64::INFINITY, f64::min)
        };
        value >= -tolerance.regret * after.iter().map(apart).fold(0.0, f64::max)
    }
}
