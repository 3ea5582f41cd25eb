//! From a point far along the branch to the equilibrium that it tends to.

use nalgebra::{DMatrix, DVector};

use super::path::Point;
use super::system::System;
use crate::assessment::Assessment;
use crate::singular::singular;

/// d log p / d log λ below this: the action dies out. Those that stay have a derivative that vanishes like 1/λ; those that pay less
/// by g have -λ g; where payoffs tie in the limit, p falls like a power of λ.
const DYING: f64 = -0.25;
/// Below this log-probability an action is not played in the limit, whatever its derivative.
const LEAST: f64 = -20.0;
/// The equations of indifference are solved until payoffs differ by no more than this share of their range.
const INDIFFERENT: f64 = 1e-15;
/// Newton steps: convergence is quadratic from a point that is already right to 1e-8.
const NEWTON: usize = 8;
/// Corrections that move a probability further than this belong to another equilibrium.
const FAR: f64 = 1e-3;
/// Singular values below this share of the largest are directions in which equilibria form a continuum.
const RANK: f64 = 1e-9;

/// The equilibrium that `point` tends to: actions that die out are dropped, the rest made exactly indifferent where possible.
/// Trembles are those of the quantal response, corrected where a belief off the path must make a player indifferent.
pub(super) fn snap(system: &System, point: &Point) -> Assessment {
    let support = support(system, point);
    let unpolished = assessment(system, &point.y, &support);
    let mut y = point.y.clone();
    let mut best = (gap(system, &unpolished, &support), unpolished.clone());
    for _ in 0..NEWTON {
        if best.0 <= INDIFFERENT {
            break;
        }
        if !improve(system, &support, &mut y) {
            break;
        }
        let tried = assessment(system, &y, &support);
        let moved = tried
            .strategy
            .iter()
            .zip(&unpolished.strategy)
            .map(|(a, b)| (a - b).abs())
            .fold(0.0, f64::max);
        let left = gap(system, &tried, &support);
        if moved > FAR || left >= best.0 {
            break;
        }
        best = (left, tried);
    }
    best.1
}

/// The largest probability of an action that dies out.
pub(super) fn remainder(point: &Point) -> f64 {
    let mut most: f64 = 0.0;
    for (y, direction) in point.y.iter().zip(&point.direction) {
        if direction * point.lambda / point.forward < DYING {
            most = most.max(libm::exp(*y));
        }
    }
    most
}

/// Which actions stay.
pub(crate) fn support(system: &System, point: &Point) -> Vec<bool> {
    let tree = system.tree;
    let mut support = vec![false; tree.actions()];
    for set in 0..tree.sets() {
        let mut likeliest = tree.actions_of(set).start;
        for action in tree.actions_of(set) {
            let y = point.y[action];
            if y > point.y[likeliest] {
                likeliest = action;
            }
            let elasticity = point.direction[action] * point.lambda / point.forward;
            support[action] = y > LEAST && elasticity >= DYING;
        }
        support[likeliest] = true;
    }
    support
}

pub(crate) fn assessment(system: &System, y: &[f64], support: &[bool]) -> Assessment {
    let tree = system.tree;
    let mut strategy = vec![0.0; y.len()];
    for set in 0..tree.sets() {
        let actions = tree.actions_of(set);
        let mut sum = 0.0;
        for action in actions.clone().filter(|action| support[*action]) {
            strategy[action] = libm::exp(y[action]);
            sum += strategy[action];
        }
        for p in &mut strategy[actions] {
            *p /= sum;
        }
    }
    Assessment {
        strategy,
        tremble: y.to_vec(),
    }
}

/// The largest difference between payoffs of actions that are both played.
fn gap(system: &System, answer: &Assessment, support: &[bool]) -> f64 {
    let tree = system.tree;
    let mut values = system.values();
    let logs: Vec<f64> = answer.strategy.iter().map(|p| libm::log(*p)).collect();
    system.evaluate_mixed(&answer.tremble, &logs, &mut values);
    let mut most: f64 = 0.0;
    for set in 0..tree.sets() {
        let played = tree.actions_of(set).filter(|action| support[*action]);
        let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
        for action in played {
            low = low.min(values.payoff[action]);
            high = high.max(values.payoff[action]);
        }
        most = most.max((high - low) * system.weight[set]);
    }
    most
}

/// One Newton step of least length towards indifference among the actions of `support`; false if there is nothing to solve.
///
/// Unknowns are the log-ratios of all actions, dropped ones too: their trembles carry the beliefs off the path.
fn improve(system: &System, support: &[bool], y: &mut [f64]) -> bool {
    let tree = system.tree;
    let actions = tree.actions();
    let mut values = system.values();
    let now = assessment(system, y, support);
    let logs: Vec<f64> = now.strategy.iter().map(|p| libm::log(*p)).collect();
    system.evaluate_mixed(y, &logs, &mut values);
    let mut rows: Vec<(usize, usize)> = Vec::new();
    for set in 0..tree.sets() {
        let mut played = tree.actions_of(set).filter(|action| support[*action]);
        let first = played.next().expect("the likeliest action is played");
        rows.extend(played.map(|action| (action, first)));
    }
    if rows.is_empty() {
        return false;
    }
    let probability: Vec<f64> = y.iter().map(|y| libm::exp(*y)).collect();
    let mut matrix = DMatrix::zeros(rows.len(), actions);
    let mut right = DVector::zeros(rows.len());
    for (at, &(action, first)) in rows.iter().enumerate() {
        // Small stakes count as much as large ones.
        let weight = system.weight[tree.set_of[action] as usize];
        right[at] = weight * (values.payoff[first] - values.payoff[action]);
        for set in 0..tree.sets() {
            let range = tree.actions_of(set);
            let slope = |column: usize| {
                values.slope[action * actions + column] - values.slope[first * actions + column]
            };
            let whole: f64 = range.clone().map(slope).sum();
            for column in range {
                matrix[(at, column)] = weight * (slope(column) - probability[column] * whole);
            }
        }
    }
    // A point that a walk was lost at may be anything.
    if !right.iter().all(|x: &f64| x.is_finite()) {
        return false;
    }
    let Some(svd) = singular(matrix, true) else {
        return false;
    };
    let largest = svd.singular_values.max();
    let Ok(change) = svd.solve(&right, largest * RANK) else {
        return false;
    };
    if !change.iter().all(|x: &f64| x.is_finite()) {
        return false;
    }
    for set in 0..tree.sets() {
        let range = tree.actions_of(set);
        let mut top = f64::NEG_INFINITY;
        for action in range.clone() {
            y[action] += change[action];
            top = top.max(y[action]);
        }
        let sum: f64 = y[range.clone()].iter().map(|y| libm::exp(y - top)).sum();
        let log = top + libm::log(sum);
        for y in &mut y[range] {
            *y -= log;
        }
    }
    true
}
