//! A logit over what can come out (`McFadden` 1974), fitted by greatest likelihood.

/// A case as a logit sees it: what each thing that can come out brings, number by number, and which one came.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    /// By what can come out, its features.
    pub features: Vec<Vec<f64>>,
    /// Which came.
    pub came: usize,
}

impl Choice {
    /// Something that happens or not, at odds of exp(β · x).
    pub fn binary(x: Vec<f64>, happened: bool) -> Self {
        Self {
            features: vec![vec![0.0; x.len()], x],
            came: usize::from(happened),
        }
    }
}

/// There is no finite estimate: the features tell apart what came and what did not without fail, or say the same twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Separated;

/// Steps after which an estimate counts as running away: Newton's method needs about ten, and one that runs away goes a unit of log odds a
/// step, so that it would take some thirty to get below [`ENOUGH`].
const STEPS: usize = 25;
/// Gain in log likelihood a case that a step must promise to be taken.
const ENOUGH: f64 = 1e-14;

/// The weights of greatest likelihood, by Newton's method with halved steps: the likelihood of a logit has no other peak.
///
/// # Errors
/// Where there is none that is finite and unique.
pub fn fit(cases: &[Choice]) -> Result<Vec<f64>, Separated> {
    let count = cases.first().map_or(0, |case| case.features[0].len());
    let mut weights = vec![0.0; count];
    let mut reached = likelihood(cases, &weights);
    for _ in 0..STEPS {
        let (slope, curvature) = slope_and_curvature(cases, &weights);
        let step = solve(curvature, slope.clone()).ok_or(Separated)?;
        let promised: f64 = step.iter().zip(&slope).map(|(s, g)| s * g).sum();
        if promised <= ENOUGH * cases.len() as f64 {
            // The last step still doubles the digits.
            return Ok(weights.iter().zip(&step).map(|(w, s)| w + s).collect());
        }
        let mut length = 1.0;
        loop {
            let moved = weights.iter().zip(&step).map(|(w, s)| w + length * s);
            let moved: Vec<f64> = moved.collect();
            let there = likelihood(cases, &moved);
            if there > reached {
                (weights, reached) = (moved, there);
                break;
            }
            length *= 0.5;
            // Rounding is all that is left to climb.
            if length < 1e-9 {
                return Ok(weights);
            }
        }
    }
    Err(Separated)
}

/// The chances of what can come out, given weights.
pub fn chances(features: &[Vec<f64>], weights: &[f64]) -> Vec<f64> {
    let worth: Vec<f64> = features.iter().map(|x| dot(x, weights)).collect();
    let most = worth.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let odds: Vec<f64> = worth.iter().map(|w| libm::exp(w - most)).collect();
    let sum: f64 = odds.iter().sum();
    odds.into_iter().map(|odd| odd / sum).collect()
}

/// The logarithm of Σ exp of what everything that can come out is worth: the inclusive value (`McFadden` 1978).
pub(crate) fn inclusive(features: &[Vec<f64>], weights: &[f64]) -> f64 {
    let worth = features.iter().map(|x| dot(x, weights));
    let most = worth.clone().fold(f64::NEG_INFINITY, f64::max);
    most + libm::log(worth.map(|w| libm::exp(w - most)).sum::<f64>())
}

fn dot(x: &[f64], weights: &[f64]) -> f64 {
    x.iter().zip(weights).map(|(a, b)| a * b).sum()
}

fn likelihood(cases: &[Choice], weights: &[f64]) -> f64 {
    let of = |case: &Choice| {
        dot(&case.features[case.came], weights) - inclusive(&case.features, weights)
    };
    cases.iter().map(of).sum()
}

/// Σ (what came − its mean), and Σ of the features' covariances under the chances.
fn slope_and_curvature(cases: &[Choice], weights: &[f64]) -> (Vec<f64>, Vec<Vec<f64>>) {
    let count = weights.len();
    let mut slope = vec![0.0; count];
    let mut curvature = vec![vec![0.0; count]; count];
    for case in cases {
        let chances = chances(&case.features, weights);
        let mean = |i: usize| -> f64 {
            let features = case.features.iter().zip(&chances);
            features.map(|(x, p)| p * x[i]).sum()
        };
        let means: Vec<f64> = (0..count).map(mean).collect();
        for i in 0..count {
            slope[i] += case.features[case.came][i] - means[i];
            for j in 0..count {
                let both = case.features.iter().zip(&chances);
                let both = both.map(|(x, p)| p * (x[i] - means[i]) * (x[j] - means[j]));
                curvature[i][j] += both.sum::<f64>();
            }
        }
    }
    (slope, curvature)
}

/// Solves a symmetric positive definite system by Cholesky's method; nothing if it is none. A handful of unknowns, the same bits everywhere.
pub(crate) fn solve(mut matrix: Vec<Vec<f64>>, mut right: Vec<f64>) -> Option<Vec<f64>> {
    let count = right.len();
    for j in 0..count {
        let whole = matrix[j][j];
        for k in 0..j {
            matrix[j][j] -= matrix[j][k] * matrix[j][k];
        }
        if matrix[j][j].is_nan() || matrix[j][j] <= 1e-11 * whole {
            return None;
        }
        matrix[j][j] = matrix[j][j].sqrt();
        for i in j + 1..count {
            for k in 0..j {
                matrix[i][j] -= matrix[i][k] * matrix[j][k];
            }
            matrix[i][j] /= matrix[j][j];
        }
    }
    for i in 0..count {
        for k in 0..i {
            right[i] -= matrix[i][k] * right[k];
        }
        right[i] /= matrix[i][i];
    }
    for i in (0..count).rev() {
        for k in i + 1..count {
            right[i] -= matrix[k][i] * right[k];
        }
        right[i] /= matrix[i][i];
    }
    Some(right)
}
