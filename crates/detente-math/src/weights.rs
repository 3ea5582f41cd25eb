//! Draws that do not count alike: what an importance sample says.

use crate::{Mean, mean_of_groups};

/// Mean of draws with weights, NaN entries and those without any weight left out, and its Monte Carlo standard error, that of a ratio of two means (Owen 2013,
/// section 9.2): √Σw²(x − m)² / Σw. Where all weights are 1 it is that of [`mean_of_groups`].
pub fn weighted_mean(
    values: impl Iterator<Item = f64> + Clone,
    weights: impl Iterator<Item = f64> + Clone,
    groups: usize,
) -> Mean {
    let known = values.clone().zip(weights);
    let known = known.filter(|(x, _)| !x.is_nan());
    if known.clone().all(|(_, w)| w == 1.0) {
        return mean_of_groups(values, groups);
    }
    let known = known.filter(|(_, w)| *w > 0.0);
    let (n, sum, all) = known.clone().fold((0, 0.0, 0.0), |(n, sum, all), (x, w)| {
        (n + 1, sum + w * x, all + w)
    });
    let value = sum / all;
    let spread: f64 = known.map(|(x, w)| w * w * (x - value) * (x - value)).sum();
    // As many as there are, less the one that the mean takes: of equal weights the usual error.
    let left = n as f64 / (n as f64 - 1.0);
    Mean {
        value,
        error: if n < 2 {
            f64::NAN
        } else {
            (spread * left).sqrt() / all
        },
        n,
    }
}

/// How many equal draws weighted ones are worth: (Σw)²/Σw² (Kong, Liu & Wong 1994); 0 without any weight.
pub fn effective_size(weights: impl Iterator<Item = f64>) -> f64 {
    let (sum, squares) = weights.fold((0.0, 0.0), |(sum, squares), w| (sum + w, squares + w * w));
    if squares > 0.0 {
        sum * sum / squares
    } else {
        0.0
    }
}

/// As many equal draws as there are weighted ones, increasing, each standing for the same share of all weight: what a quantile is read off.
/// Pairs are of a draw and its weight.
pub fn evenly(mut draws: Vec<(f64, f64)>) -> Vec<f64> {
    draws.sort_by(|a, b| a.0.total_cmp(&b.0));
    let all: f64 = draws.iter().map(|(_, w)| w).sum();
    let share = all / draws.len() as f64;
    let mut even = Vec::with_capacity(draws.len());
    let mut so_far = 0.0;
    for (x, w) in &draws {
        so_far += w;
        // The middles of the shares that end within this draw's weight.
        while even.len() < draws.len() && (even.len() as f64 + 0.5) * share <= so_far {
            even.push(*x);
        }
    }
    // Rounding can leave the last share open.
    if let Some((last, _)) = draws.last() {
        even.resize(draws.len(), *last);
    }
    even
}

#[cfg(test)]
mod tests {
    use super::{effective_size, evenly, weighted_mean};
    use crate::mean;

    #[test]
    fn a_draw_of_weight_two_is_two_draws_but_for_its_error() {
        let values = [1.0, 4.0, f64::NAN, 2.0];
        let weighed = weighted_mean(values.into_iter(), [2.0, 1.0, 5.0, 1.0].into_iter(), 1);
        assert_eq!((weighed.value, weighed.n), (2.0, 3));
        // By hand: √(4·1 + 1·4 + 0)·√(3/2) / 4.
        assert!((weighed.error - (8.0_f64 * 1.5).sqrt() / 4.0).abs() < 1e-15);
        let equal = weighted_mean(values.into_iter(), [3.0; 4].into_iter(), 1);
        let plain = mean(values.into_iter());
        assert!((equal.value - plain.value).abs() < 1e-15);
        assert!((equal.error - plain.error).abs() < 1e-15);
        let one = weighted_mean(values.into_iter(), [1.0; 4].into_iter(), 1);
        assert_eq!(one, plain);
        // What has no weight is not there, also where the rest counts 1.
        let last = weighted_mean(values.into_iter(), [0.0, 0.0, 1.0, 1.0].into_iter(), 1);
        assert_eq!((last.value, last.n), (2.0, 1));
        assert!(
            weighted_mean([].into_iter(), [].into_iter(), 1)
                .value
                .is_nan()
        );
    }

    #[test]
    fn effective_sizes_and_even_draws() {
        assert_eq!(effective_size([2.0; 5].into_iter()), 5.0);
        assert_eq!(effective_size([1.0, 0.0, 0.0].into_iter()), 1.0);
        assert_eq!(effective_size([].into_iter()), 0.0);
        assert_eq!(
            evenly(vec![(3.0, 1.0), (1.0, 1.0), (2.0, 1.0)]),
            [1.0, 2.0, 3.0]
        );
        // Half of the weight lies on 5.
        let even = evenly(vec![(5.0, 3.0), (1.0, 1.0), (2.0, 1.0), (9.0, 1.0)]);
        assert_eq!(even, [1.0, 5.0, 5.0, 9.0]);
        assert!(evenly(Vec::new()).is_empty());
    }
}
