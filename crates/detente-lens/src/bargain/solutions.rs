//! Solutions of a bargain, read off its frontier.
//!
//! Each of them is reached on the frontier and, ties apart, nowhere else. With indivisible options several vectors can be
//! equally good: all are reported.

use super::{Bargain, Frontier, TOLERANCE};

/// Vectors that are best by some standard.
#[derive(Clone, Debug, PartialEq)]
pub struct Solution {
    /// What the standard makes largest.
    pub value: f64,
    /// All vectors of the frontier that reach it, by their places, in order.
    pub at: Vec<usize>,
}

/// Solutions over the acceptable packages: those in which no margin is negative.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Solutions {
    /// By party, the largest margin over acceptable packages, in points. Empty where none is acceptable.
    pub ideal: Vec<f64>,
    /// Largest Σ aᵢ ln mᵢ (Nash 1950). None where no package leaves every party a positive margin.
    pub nash: Option<Solution>,
    /// Largest smallest share mᵢ / idealᵢ, 0 to 1, then the largest second smallest, and so on (Kalai and Smorodinsky 1975;
    /// leximin: Imai 1983), over the parties that can gain. None where none can.
    pub kalai_smorodinsky: Option<Solution>,
    /// Largest smallest margin, in points, then the largest second smallest, and so on. Depends on the point scales.
    pub egalitarian: Option<Solution>,
    /// Largest sum of margins, in points. Depends on the point scales.
    pub utilitarian: Option<Solution>,
}

/// Solutions on a frontier whose floor is at most the no-deal values. Nash weights are positive, 1 each where not given.
pub fn solutions(bargain: &Bargain, frontier: &Frontier, weights: Option<&[f64]>) -> Solutions {
    let parties = bargain.parties();
    let acceptable: Vec<usize> = (0..frontier.len())
        .filter(|&n| (0..parties).all(|i| frontier.margins(n)[i] >= -bargain.tolerance(i)))
        .collect();
    if acceptable.is_empty() {
        return Solutions::default();
    }
    let ideal: Vec<f64> = (0..parties)
        .map(|i| {
            let margins = acceptable.iter().map(|&n| frontier.margins(n)[i]);
            margins.fold(f64::NEG_INFINITY, f64::max)
        })
        .collect();
    let scale = bargain.scale().iter().fold(0.0, |s: f64, x| s.max(*x));
    let gains: Vec<usize> = (0..parties)
        .filter(|&i| ideal[i] > bargain.tolerance(i))
        .collect();
    let all: Vec<usize> = (0..parties).collect();
    let share = |n: usize, i: usize| frontier.margins(n)[i] / ideal[i];
    let margin = |n: usize, i: usize| frontier.margins(n)[i];
    let sum = |n: usize| frontier.margins(n).iter().sum::<f64>();
    Solutions {
        nash: nash(bargain, frontier, &acceptable, weights),
        kalai_smorodinsky: (!gains.is_empty())
            .then(|| leximin(&acceptable, &gains, TOLERANCE, share)),
        egalitarian: Some(leximin(&acceptable, &all, TOLERANCE * scale, margin)),
        utilitarian: Some(largest(&acceptable, TOLERANCE * scale, sum)),
        ideal,
    }
}

fn nash(
    bargain: &Bargain,
    frontier: &Frontier,
    acceptable: &[usize],
    weights: Option<&[f64]>,
) -> Option<Solution> {
    let weight = |i: usize| weights.map_or(1.0, |w| w[i]);
    let total: f64 = (0..bargain.parties()).map(weight).sum();
    let gain: Vec<usize> = acceptable
        .iter()
        .copied()
        .filter(|&n| {
            let margins = frontier.margins(n).iter().enumerate();
            margins.fold(true, |all, (i, &m)| all & (m > bargain.tolerance(i)))
        })
        .collect();
    if gain.is_empty() {
        return None;
    }
    let welfare = |n: usize| {
        let margins = frontier.margins(n).iter().enumerate();
        margins.map(|(i, &m)| weight(i) * libm::log(m)).sum()
    };
    // A difference of logarithms is a ratio of margins.
    Some(largest(&gain, TOLERANCE * total, welfare))
}

/// All of the largest value, within a tolerance.
fn largest(among: &[usize], tolerance: f64, value: impl Fn(usize) -> f64) -> Solution {
    let values: Vec<f64> = among.iter().map(|&n| value(n)).collect();
    let most = values.iter().fold(f64::NEG_INFINITY, |m, &v| m.max(v));
    let tied = among.iter().zip(&values);
    Solution {
        value: most,
        at: tied
            .filter(|(_, v)| **v >= most - tolerance)
            .map(|(&n, _)| n)
            .collect(),
    }
}

/// All of the largest smallest value, of those all of the largest second smallest, and so on, within a tolerance each.
fn leximin(
    among: &[usize],
    parties: &[usize],
    tolerance: f64,
    value: impl Fn(usize, usize) -> f64,
) -> Solution {
    // The largest smallest value first, without sorting the values of vectors that are far from it.
    let smallest = |n: usize| {
        let values = parties.iter().map(|&i| value(n, i));
        values.fold(f64::INFINITY, f64::min)
    };
    let mut best = largest(among, tolerance, smallest);
    let sorted = |n: usize| {
        let mut values: Vec<f64> = parties.iter().map(|&i| value(n, i)).collect();
        values.sort_by(f64::total_cmp);
        values
    };
    let mut tied: Vec<(usize, Vec<f64>)> = best.at.iter().map(|&n| (n, sorted(n))).collect();
    for rank in 1..parties.len() {
        let values = tied.iter().map(|(_, values)| values[rank]);
        let most = values.fold(f64::NEG_INFINITY, f64::max);
        tied.retain(|(_, values)| values[rank] >= most - tolerance);
    }
    best.at = tied.into_iter().map(|(n, _)| n).collect();
    best
}

/// Shares of a pie of size 1 in alternating offers without end (Rubinstein 1982): party 0 moves first, and each party counts
/// the pie's worth a round later as `patience[i]` of its worth now, 0 to 1, not both 1.
///
/// ```
/// let [first, second] = detente_lens::bargain::alternating_offers([0.9, 0.8]);
/// assert!((first - 0.7142857).abs() < 1e-7 && (first + second - 1.0).abs() < 1e-15);
/// ```
pub fn alternating_offers(patience: [f64; 2]) -> [f64; 2] {
    let [d1, d2] = patience;
    // 1 − d1·d2 without its cancellation near 1; both at 1 leave the division to anything.
    let (i1, i2) = (1.0 - d1, 1.0 - d2);
    let both = i1 + d1 * i2;
    [i2 / both, d2 * i1 / both]
}
