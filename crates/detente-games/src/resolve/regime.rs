//! What is kept of a traced equilibrium: who plays what, and how unlikely the rest is.

use super::fit::Fit;
use super::layout::Layout;
use crate::assessment::Assessment;
use crate::tree::Tree;

/// A node is a carrier of beliefs where it has at least this much of them.
const CARRIER: f64 = 1e-6;
/// Constants of trembles that hold nothing in balance are cut at this: beyond it a precision that is finite shows, not the limit.
const CONSTANT: f64 = 5.0;

/// A traced equilibrium as a pattern for others.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Regime {
    /// For each action, whether it is played.
    pub(super) support: Vec<bool>,
    pub(super) strategy: Vec<f64>,
    pub(super) tremble: Vec<f64>,
    /// For each action that is not played, its log-probability but for the part that grows with precision.
    pub(super) constant: Vec<f64>,
    /// For each entry of [`Tree::members`], whether beliefs must hold it in a balance that makes its player mix, though the other
    /// players do not come there.
    pub(super) carrier: Vec<bool>,
    /// For each information set, whether it has carriers.
    pub(super) carried: Vec<bool>,
}

impl Regime {
    /// From an equilibrium of `tree` whose trembles are those of precision `lambda` (1/payoff).
    pub(super) fn new(tree: &Tree, layout: &Layout, answer: &Assessment, lambda: f64) -> Self {
        let support: Vec<bool> = answer.strategy.iter().map(|p| *p > 0.0).collect();
        let mut regime = Self {
            strategy: answer.strategy.clone(),
            tremble: answer.tremble.clone(),
            constant: vec![0.0; support.len()],
            carrier: vec![false; tree.members.len()],
            carried: vec![false; tree.sets()],
            support,
        };
        let mut fit = Fit::new(tree);
        fit.start(&regime, &regime.tremble);
        fit.evaluate(tree, layout);
        for action in 0..tree.actions() {
            if !regime.support[action] {
                let constant = regime.tremble[action] + lambda * fit.loss(tree, action);
                regime.constant[action] = constant.clamp(-CONSTANT, CONSTANT);
            }
        }
        let mut balanced = vec![None; tree.actions()];
        for set in 0..tree.sets() {
            let played = tree.actions_of(set).filter(|a| regime.support[*a]).count();
            if played > 1 && !fit.reached(set) {
                regime.carried[set] = true;
                let places = tree.first_member[set] as usize..tree.first_member[set + 1] as usize;
                for place in places {
                    regime.carrier[place] = fit.belief(place) >= CARRIER;
                }
                regime.balance(tree, layout, set, &mut balanced);
            }
        }
        regime
    }

    /// Constants that keep the ratios of the trembles that lead to the carriers of `set`: what they have in common belongs to what the
    /// deviations cost.
    fn balance(&mut self, tree: &Tree, layout: &Layout, set: usize, balanced: &mut [Option<f64>]) {
        let places = tree.first_member[set] as usize..tree.first_member[set + 1] as usize;
        let mut common = None;
        let mut likeliest = f64::NEG_INFINITY;
        for place in places.clone().filter(|place| self.carrier[*place]) {
            let deviations = layout
                .earlier(place)
                .iter()
                .filter(|a| !self.support[**a as usize]);
            let (mut log, mut count) = (0.0, 0.0);
            for &action in deviations {
                log += self.tremble[action as usize];
                count += 1.0;
                if common.is_none() {
                    common = balanced[action as usize];
                }
            }
            if count > 0.0 {
                likeliest = likeliest.max(log / count);
            }
        }
        // Where a tremble is in balance with others already, these follow it.
        let common = common.unwrap_or(likeliest);
        for place in places.filter(|place| self.carrier[*place]) {
            for &action in layout.earlier(place) {
                let action = action as usize;
                if !self.support[action] && balanced[action].is_none() {
                    balanced[action] = Some(common);
                    self.constant[action] = self.tremble[action] - common;
                }
            }
        }
    }
}
