//! The likelihood of what was seen, and its slope.

use detente_math::Slope;

use super::design::{Design, Seen};

/// Below this a chance counts as this: an outcome that came cannot have been impossible, but a step may say so.
const LEAST: f64 = 1e-300;

/// A likelihood: a design, and how often each of its clusters counts.
pub(super) struct Likelihood<'d> {
    pub(super) design: &'d Design,
    /// By cluster.
    pub(super) times: &'d [f64],
}

impl Likelihood<'_> {
    /// The rows that count, by their places, with how often.
    fn counting(&self) -> impl Iterator<Item = (usize, &Seen, f64)> {
        let rows = self.design.rows.iter().enumerate();
        let each = rows.map(|(place, row)| (place, row, self.times[row.cluster]));
        each.filter(|(_, _, times)| *times > 0.0)
    }

    /// Σ n ln π; `shares` is told the place of a row and its utilities, and puts down how likely each outcome is and the slopes.
    pub(super) fn value(
        &self,
        weights: &[f64],
        mut shares: impl FnMut(usize, &[f64], &mut [f64], &mut [f64]),
    ) -> f64 {
        let (m, k) = (self.design.blocks.len(), self.design.outcomes.len());
        let (mut u, mut pi, mut by) = (vec![0.0; m], vec![0.0; k], vec![0.0; k * m]);
        let mut sum = 0.0;
        for (place, row, times) in self.counting() {
            self.design.utilities(row, weights, &mut u);
            shares(place, &u, &mut pi, &mut by);
            sum += times * of_row(row, &pi);
        }
        // What is no number is no height.
        if sum.is_nan() { f64::NEG_INFINITY } else { sum }
    }

    /// Its gradient, and what Fisher's information would be with as many games as were seen.
    pub(super) fn slope(
        &self,
        weights: &[f64],
        mut shares: impl FnMut(usize, &[f64], &mut [f64], &mut [f64]),
    ) -> Slope {
        let (m, k, n) = (
            self.design.blocks.len(),
            self.design.outcomes.len(),
            weights.len(),
        );
        let (mut u, mut pi, mut by) = (vec![0.0; m], vec![0.0; k], vec![0.0; k * m]);
        let mut gradient = vec![0.0; n];
        let mut information = vec![0.0; n * n];
        // Of which utility each weight is.
        let blocks = self.design.blocks.iter().enumerate();
        let of: Vec<usize> = blocks
            .flat_map(|(b, block)| std::iter::repeat_n(b, block.terms.len()))
            .collect();
        for (place, row, times) in self.counting() {
            self.design.utilities(row, weights, &mut u);
            shares(place, &u, &mut pi, &mut by);
            let games = times * row.counts.iter().sum::<f64>();
            let mut up = vec![0.0; m];
            let mut both = vec![0.0; m * m];
            for outcome in 0..k {
                let own = &by[outcome * m..(outcome + 1) * m];
                let chance = pi[outcome].max(LEAST);
                let seen = times * row.counts[outcome] / chance;
                for i in 0..m {
                    up[i] += seen * own[i];
                    // Not the square of a tiny chance below the line.
                    let part = games * (own[i] / chance);
                    for j in 0..=i {
                        both[i * m + j] += part * own[j];
                    }
                }
            }
            for i in 0..n {
                gradient[i] += up[of[i]] * row.x[i];
                for j in 0..=i {
                    let (a, b) = (of[i].max(of[j]), of[i].min(of[j]));
                    information[i * n + j] += both[a * m + b] * row.x[i] * row.x[j];
                }
            }
        }
        for i in 0..n {
            for j in 0..i {
                information[j * n + i] = information[i * n + j];
            }
        }
        Slope {
            gradient,
            information,
        }
    }
}

/// Σ n ln π of one game.
pub(super) fn of_row(row: &Seen, pi: &[f64]) -> f64 {
    let each = row.counts.iter().zip(pi).filter(|(count, _)| **count > 0.0);
    each.map(|(count, p)| count * libm::log(p.max(LEAST))).sum()
}
