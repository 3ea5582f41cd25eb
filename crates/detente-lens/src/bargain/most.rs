//! A bound that needs no frontier.

use super::Bargain;

/// No package and no lottery over packages gives the worst-off party more, whatever their marks.
///
/// A worst-off margin is at most any weighted mean of margins, and the greatest weighted mean falls apart into one maximum a group: every
/// list of weights gives a bound. Weights are sought that make it small, by turning to those who come off worst (multiplicative weights,
/// Freund & Schapire 1999); the bound holds however far they have come.
pub fn most_for_the_worst_off(bargain: &Bargain) -> f64 {
    const STEPS: u32 = 400;
    let parties = bargain.parties();
    let mut weights = vec![1.0 / parties as f64; parties];
    let mut least = f64::INFINITY;
    let mut margins = vec![0.0; parties];
    for step in 1..=STEPS {
        least = least.min(greatest(bargain, &weights, &mut margins));
        let high = margins.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let low = margins.iter().copied().fold(f64::INFINITY, f64::min);
        let spread = high - low;
        if spread <= 0.0 {
            break;
        }
        let rate = 2.0 / f64::from(step).sqrt();
        for (weight, margin) in weights.iter_mut().zip(&margins) {
            *weight *= libm::exp(-rate * (margin - low) / spread);
        }
        let sum: f64 = weights.iter().sum();
        for weight in &mut weights {
            *weight /= sum;
        }
    }
    least
}

/// The greatest weighted mean of margins over all packages, and the margins where it is.
fn greatest(bargain: &Bargain, weights: &[f64], margins: &mut [f64]) -> f64 {
    margins.copy_from_slice(bargain.base());
    for group in bargain.groups() {
        let worth =
            |points: &&[f64]| -> f64 { weights.iter().zip(*points).map(|(w, p)| w * p).sum() };
        let choices = group.points.chunks_exact(weights.len());
        let best = choices.max_by(|a, b| worth(a).total_cmp(&worth(b)));
        for (margin, points) in margins.iter_mut().zip(best.into_iter().flatten()) {
            *margin += points;
        }
    }
    weights.iter().zip(margins.iter()).map(|(w, m)| w * m).sum()
}
