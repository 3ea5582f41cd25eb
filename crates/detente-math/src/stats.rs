//! Small statistics over sampled worlds.

/// A mean and its Monte Carlo standard error.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub struct Mean {
    /// The mean; NaN if nothing was counted.
    pub value: f64,
    /// Standard error of the mean over independent worlds; NaN with fewer than two.
    pub error: f64,
    /// Worlds counted.
    pub n: usize,
}

/// Mean and standard error of independent draws, NaN entries (worlds where the quantity was not computed) left out.
pub fn mean(values: impl Iterator<Item = f64> + Clone) -> Mean {
    let finite = values.filter(|x| !x.is_nan());
    let n = finite.clone().count();
    let value = finite.clone().sum::<f64>() / n as f64;
    let spread = finite.map(|x| (x - value) * (x - value)).sum::<f64>() / (n as f64 - 1.0);
    Mean {
        value,
        error: if n < 2 {
            f64::NAN
        } else {
            (spread / n as f64).sqrt()
        },
        n,
    }
}

/// Mean over worlds whose groups (world `w` is of group `w % groups`) are independent of one another while worlds within a
/// group are not: the standard error is that between the groups' means. NaN entries are left out. If a group has no entry,
/// or there is one group, the error is that of [`mean()`].
pub fn mean_of_groups(values: impl Iterator<Item = f64> + Clone, groups: usize) -> Mean {
    let plain = mean(values.clone());
    let mut sums = vec![(0.0, 0.0); groups];
    for (world, x) in values.enumerate().filter(|(_, x)| !x.is_nan()) {
        sums[world % groups].0 += x;
        sums[world % groups].1 += 1.0;
    }
    if groups < 2 || sums.iter().any(|(_, n)| *n == 0.0) {
        return plain;
    }
    let between = mean(sums.iter().map(|(sum, n)| sum / n));
    Mean {
        error: between.error,
        ..plain
    }
}

/// The quantile of sorted numbers, linear between order statistics (Hyndman & Fan 1996, type 7); NaN if there are none.
pub fn quantile_sorted(sorted: &[f64], p: f64) -> f64 {
    let Some(last) = sorted.len().checked_sub(1) else {
        return f64::NAN;
    };
    let position = p.clamp(0.0, 1.0) * last as f64;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "between 0 and the last index"
    )]
    let below = position.floor() as usize;
    let above = (below + 1).min(last);
    sorted[below] + (position - below as f64) * (sorted[above] - sorted[below])
}

/// The x in [low, high] at which the non-decreasing function `f` crosses `target`, by 50 halvings; an end if it does not.
pub fn root_of_increasing(f: impl Fn(f64) -> f64, target: f64, mut low: f64, mut high: f64) -> f64 {
    for _ in 0..50 {
        let middle = 0.5 * (low + high);
        if f(middle) < target {
            low = middle;
        } else {
            high = middle;
        }
    }
    0.5 * (low + high)
}

#[cfg(test)]
mod tests {
    use super::{mean, quantile_sorted, root_of_increasing};

    #[test]
    fn known_values() {
        let m = mean([1.0, 2.0, 3.0, 6.0, f64::NAN].into_iter());
        assert_eq!((m.value, m.n), (3.0, 4));
        assert!((m.error - (14.0_f64 / 3.0 / 4.0).sqrt()).abs() < 1e-15);
        assert!(mean([].into_iter()).value.is_nan());
        assert_eq!(quantile_sorted(&[1.0, 2.0, 4.0], 0.75), 3.0);
        assert!(quantile_sorted(&[], 0.5).is_nan());
        assert!((root_of_increasing(|x| x * x, 2.0, 0.0, 9.0) - 2_f64.sqrt()).abs() < 1e-12);
    }
}
