//! Trembles for a strategy that comes without them.

use crate::tree::Tree;

/// Logarithm of the probability of a tremble: far below any tolerated distance, far above what `exp` rounds to zero.
const TREMBLE: f64 = -60.0;

/// Even trembles: every action of probability zero gets e^-60, the rest share what is left in proportion. Beliefs off the path then
/// go to the nodes that the fewest deviations lead to, evenly but for what chance and the strategy say.
pub fn even_trembles(tree: &Tree, strategy: &[f64]) -> Vec<f64> {
    with_trembles(tree, strategy, &vec![TREMBLE; tree.actions()])
}

/// Logarithms of `strategy`, with those of `tremble` at actions of probability zero, normalised.
fn with_trembles(tree: &Tree, strategy: &[f64], tremble: &[f64]) -> Vec<f64> {
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
