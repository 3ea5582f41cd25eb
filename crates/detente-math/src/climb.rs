//! Climbing a likelihood by scoring with damping.

/// The slope of a function at a place, and a matrix that is never negative and near minus its second derivatives: the information, of a
/// likelihood.
#[derive(Clone, Debug, PartialEq)]
pub struct Slope {
    /// First derivatives.
    pub gradient: Vec<f64>,
    /// Symmetric, row by row.
    pub information: Vec<f64>,
}

/// Where a climb ended.
#[derive(Clone, Debug, PartialEq)]
pub struct Climbed {
    /// The place.
    pub at: Vec<f64>,
    /// The height there.
    pub value: f64,
    /// What is still to be gained by the next step, as the slope has it: half of gradient · information⁻¹ · gradient.
    pub promised: f64,
    /// Did it come to rest?
    pub rested: bool,
    /// Steps taken.
    pub steps: usize,
}

/// A gain in log likelihood below which nothing is left to climb: less than 1e-5 standard errors in any direction.
const ENOUGH: f64 = 1e-11;
/// The same where rounding lets no step succeed.
const ROUNDED: f64 = 1e-6;

/// Climbs from a place by Fisher's scoring, damped as Marquardt (1963, Journal of the Society for Industrial and Applied Mathematics 11)
/// damps least squares: in each direction by its own scale, so that units do not matter. `value` is the height (less than any number where
/// there is none); `slope` is asked at places whose height was taken last.
pub fn climb(
    start: &[f64],
    most: usize,
    mut value: impl FnMut(&[f64]) -> f64,
    mut slope: impl FnMut(&[f64]) -> Slope,
) -> Climbed {
    let mut at = start.to_vec();
    let mut reached = value(&at);
    let mut damping = 1e-4;
    let mut ended = Climbed {
        at: at.clone(),
        value: reached,
        promised: f64::INFINITY,
        rested: false,
        steps: 0,
    };
    if at.is_empty() {
        (ended.promised, ended.rested) = (0.0, true);
        return ended;
    }
    for taken in 0..most {
        let here = slope(&at);
        let promised = |step: &[f64]| -> f64 {
            0.5 * step
                .iter()
                .zip(&here.gradient)
                .map(|(s, g)| s * g)
                .sum::<f64>()
        };
        // What is promised without damping, but for what keeps a flat direction from deciding.
        let newton = here.step(1e-12);
        ended.promised = newton.as_deref().map_or(f64::INFINITY, promised);
        ended.steps = taken;
        if ended.promised <= ENOUGH {
            ended.rested = true;
            // The last step still doubles the digits.
            if let Some(step) = newton {
                let there: Vec<f64> = at.iter().zip(&step).map(|(x, s)| x + s).collect();
                if value(&there) > reached - ENOUGH {
                    at = there;
                }
            }
            break;
        }
        let mut moved = false;
        while damping < 1e12 {
            if let Some(step) = here.step(damping) {
                let there: Vec<f64> = at.iter().zip(&step).map(|(x, s)| x + s).collect();
                let height = value(&there);
                if height > reached {
                    (at, reached) = (there, height);
                    damping = (damping * 0.1).max(1e-10);
                    moved = true;
                    break;
                }
            }
            damping *= 8.0;
        }
        if !moved {
            ended.rested = ended.promised <= ROUNDED;
            break;
        }
    }
    // What was asked last must be what is told.
    ended.value = value(&at);
    ended.at = at;
    ended
}

impl Slope {
    /// (information + damping · its diagonal)⁻¹ · gradient, by Cholesky's method; nothing if there is none. Of sums of products of what explains
    /// and what is explained these are the weights of least squares, with a ridge.
    pub fn step(&self, damping: f64) -> Option<Vec<f64>> {
        let n = self.gradient.len();
        let mut a = self.information.clone();
        let mut right = self.gradient.clone();
        // Scaled to ones on the diagonal; a direction of which nothing is known stays where it is.
        let scale: Vec<f64> = (0..n)
            .map(|i| a[i * n + i])
            .map(|d| if d > 0.0 { 1.0 / d.sqrt() } else { 0.0 })
            .collect();
        for i in 0..n {
            for j in 0..n {
                a[i * n + j] *= scale[i] * scale[j];
            }
            right[i] *= scale[i];
            a[i * n + i] = 1.0 + damping;
        }
        for j in 0..n {
            for k in 0..j {
                a[j * n + j] -= a[j * n + k] * a[j * n + k];
            }
            let pivot = a[j * n + j];
            if pivot.is_nan() || pivot <= 1e-14 {
                return None;
            }
            a[j * n + j] = pivot.sqrt();
            for i in j + 1..n {
                for k in 0..j {
                    a[i * n + j] -= a[i * n + k] * a[j * n + k];
                }
                a[i * n + j] /= a[j * n + j];
            }
        }
        for i in 0..n {
            for k in 0..i {
                right[i] -= a[i * n + k] * right[k];
            }
            right[i] /= a[i * n + i];
        }
        for i in (0..n).rev() {
            for k in i + 1..n {
                right[i] -= a[k * n + i] * right[k];
            }
            right[i] /= a[i * n + i];
        }
        let step: Vec<f64> = right.iter().zip(&scale).map(|(x, s)| x * s).collect();
        step.iter().all(|x| x.is_finite()).then_some(step)
    }
}

#[cfg(test)]
mod tests {
    use super::{Slope, climb};

    /// Minus Rosenbrock's valley as a sum of squares: its top is (1, 1).
    #[test]
    fn up_a_curved_ridge() {
        let misses = |x: &[f64]| [10.0 * (x[1] - x[0] * x[0]), 1.0 - x[0]];
        let value = |x: &[f64]| -misses(x).iter().map(|m| 0.5 * m * m).sum::<f64>();
        let slope = |x: &[f64]| {
            let moves = [[-20.0 * x[0], 10.0], [-1.0, 0.0]];
            let misses = misses(x);
            let gradient = (0..2).map(|i| -(0..2).map(|k| misses[k] * moves[k][i]).sum::<f64>());
            let mut information = vec![0.0; 4];
            for (i, j) in [(0, 0), (0, 1), (1, 0), (1, 1)] {
                information[2 * i + j] = (0..2).map(|k| moves[k][i] * moves[k][j]).sum();
            }
            Slope {
                gradient: gradient.collect(),
                information,
            }
        };
        for start in [[-1.2, 1.0], [5.0, -3.0], [0.0, 0.0]] {
            let found = climb(&start, 200, value, slope);
            assert!(found.rested, "{found:?}");
            assert!(found.at.iter().all(|x| (x - 1.0).abs() < 1e-6), "{found:?}");
            // In other units it is the same climb.
            let units = [1e4, 1e-3];
            let plain = |x: &[f64]| [x[0] * units[0], x[1] * units[1]];
            let there = climb(
                &[start[0] / units[0], start[1] / units[1]],
                200,
                |x| value(&plain(x)),
                |x| {
                    let mut slope = slope(&plain(x));
                    for i in 0..2 {
                        slope.gradient[i] *= units[i];
                        for j in 0..2 {
                            slope.information[2 * i + j] *= units[i] * units[j];
                        }
                    }
                    slope
                },
            );
            assert!((there.at[0] * units[0] - 1.0).abs() < 1e-6, "{there:?}");
            assert!((there.at[1] * units[1] - 1.0).abs() < 1e-6, "{there:?}");
        }
    }

    /// A Poisson number seen: log μ is the estimate, and scoring finds it from afar.
    #[test]
    fn a_known_estimate_and_one_that_runs_away() {
        let height = |seen: f64| move |x: &[f64]| seen * x[0] - libm::exp(x[0]);
        let slope = |seen: f64| {
            move |x: &[f64]| Slope {
                gradient: vec![seen - libm::exp(x[0])],
                information: vec![libm::exp(x[0])],
            }
        };
        let found = climb(&[-8.0], 200, height(7.0), slope(7.0));
        assert!(
            found.rested && (found.at[0] - libm::log(7.0)).abs() < 1e-6,
            "{found:?}"
        );
        // Nothing was seen: lower is always better.
        let away = climb(&[0.0], 12, height(0.0), slope(0.0));
        assert!(!away.rested && away.at[0] < -5.0, "{away:?}");
        assert!(climb(&[], 9, |_| 1.0, |_| unreachable!()).rested);
    }
}
