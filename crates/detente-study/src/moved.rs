//! What moved between two runs.

use detente_math::{Mean, Sampler, weighted_mean};

use crate::run::mean_of;

/// A quantity in two runs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Moved {
    /// Its mean in the first.
    pub before: Mean,
    /// Its mean in the second.
    pub after: Mean,
    /// The second less the first, with its Monte Carlo error.
    pub difference: Mean,
}

/// The numbers of a quantity, world by world from world 0, NaN where it was not computed.
#[derive(Clone, Copy, Debug)]
pub struct Numbers<'a> {
    /// How the worlds were drawn.
    pub sampler: Sampler,
    /// World by world.
    pub values: &'a [f64],
    /// What each world counts; `None`: all alike.
    pub weights: Option<&'a [f64]>,
}

impl<'a> Numbers<'a> {
    /// Of worlds that count alike.
    pub fn alike(sampler: Sampler, values: &'a [f64]) -> Self {
        Self {
            sampler,
            values,
            weights: None,
        }
    }

    fn mean(&self) -> Mean {
        let values = self.values.iter().copied();
        match self.weights {
            Some(weights) => weighted_mean(values, weights.iter().copied(), 1),
            None => mean_of(self.sampler, values),
        }
    }

    /// By world: what it has of the mean's deviation, the world's own number being `x`.
    fn part(&self, world: usize, mean: f64, all: f64) -> f64 {
        let weight = self.weights.map_or(1.0, |weights| weights[world]);
        weight * (self.values[world] - mean) / all
    }
}

/// Compares a quantity in two runs. `paired`: both drew their worlds from the same stream; the difference is then taken within each world
/// that both answer, and what they share drops out of its error.
pub fn moved(before: Numbers, after: Numbers, paired: bool) -> Moved {
    let (first, second) = (before.mean(), after.mean());
    let weighed = before.weights.is_some() || after.weights.is_some();
    let difference = if paired && weighed {
        weighed_difference(before, after)
    } else if paired {
        let pairs = before.values.iter().zip(after.values);
        mean_of(before.sampler, pairs.map(|(a, b)| b - a))
    } else {
        Mean {
            value: second.value - first.value,
            error: (first.error * first.error + second.error * second.error).sqrt(),
            n: first.n.min(second.n),
        }
    };
    Moved {
        before: first,
        after: second,
        difference,
    }
}

/// The difference of two weighted means over the worlds that both answer, on common draws.
fn weighed_difference(before: Numbers, after: Numbers) -> Mean {
    let worlds: Vec<usize> = (0..before.values.len().min(after.values.len()))
        .filter(|w| !before.values[*w].is_nan() && !after.values[*w].is_nan())
        .collect();
    let of = |numbers: &Numbers| {
        let weight = |w: usize| numbers.weights.map_or(1.0, |weights| weights[w]);
        let all: f64 = worlds.iter().map(|w| weight(*w)).sum();
        let sum: f64 = worlds.iter().map(|w| weight(*w) * numbers.values[*w]).sum();
        (sum / all, all)
    };
    let ((first, all), (second, all_after)) = (of(&before), of(&after));
    let parts = worlds.iter().map(|w| {
        let part = after.part(*w, second, all_after) - before.part(*w, first, all);
        part * part
    });
    Mean {
        value: second - first,
        error: parts.sum::<f64>().sqrt(),
        n: worlds.len(),
    }
}

impl Moved {
    /// How many standard errors the difference is from nothing; 0 where it is nothing or cannot be told, infinite where worlds
    /// differ without any noise.
    pub fn errors(&self) -> f64 {
        /// Differences below this part of the means are rounding.
        const ROUNDING: f64 = 1e-12;
        let Mean { value, error, .. } = self.difference;
        let scale = self.before.value.abs().max(self.after.value.abs());
        if value.is_nan() || value.abs() <= ROUNDING * scale {
            return 0.0;
        }
        if error.is_nan() {
            return 0.0;
        }
        value.abs() / error
    }
}

#[cfg(test)]
mod tests {
    use super::{Numbers, moved};
    use detente_math::Sampler::Pseudo;

    fn all(values: &[f64]) -> Numbers<'_> {
        Numbers::alike(Pseudo, values)
    }

    #[test]
    fn weights_that_are_alike_change_nothing_and_others_move_the_mean() {
        let (a, b) = ([1.0, 2.0, 3.0, 5.0], [2.0, 2.0, 5.0, 9.0]);
        let weighed = |weights: &'static [f64; 4], values: &'static [f64; 4]| Numbers {
            weights: Some(weights),
            ..all(values)
        };
        let plain = moved(all(&a), all(&b), true);
        let alike = moved(weighed(&[3.0; 4], &[1.0, 2.0, 3.0, 5.0]), all(&b), true);
        assert!((alike.difference.value - plain.difference.value).abs() < 1e-15);
        let on_last = weighed(&[0.0, 0.0, 0.0, 1.0], &[2.0, 2.0, 5.0, 9.0]);
        let moved = moved(all(&a), on_last, true);
        assert_eq!((moved.after.value, moved.difference.value), (9.0, 6.25));
    }

    #[test]
    fn what_worlds_share_drops_out_of_a_paired_error() {
        let a: Vec<f64> = (0..100).map(|i| f64::from(i * i % 37)).collect();
        let b: Vec<f64> = a
            .iter()
            .zip([0.5, 1.5].iter().cycle())
            .map(|(x, d)| x + d)
            .collect();
        let paired = moved(all(&a), all(&b), true);
        let apart = moved(all(&a), all(&b), false);
        assert!((paired.difference.value - 1.0).abs() < 1e-12);
        assert!((apart.difference.value - 1.0).abs() < 1e-12);
        // The differences are 0.5 and 1.5 by turns: their standard deviation is 0.5, up to n - 1 for n.
        assert!((paired.difference.error - 0.5 / 99_f64.sqrt()).abs() < 1e-12);
        assert!(apart.difference.error > 20.0 * paired.difference.error);
    }

    #[test]
    fn silent_worlds_and_no_difference() {
        let (a, b) = ([1.0, f64::NAN, 3.0], [2.0, 5.0, f64::NAN]);
        let one = moved(all(&a), all(&b), true);
        assert_eq!((one.difference.value, one.difference.n), (1.0, 1));
        assert_eq!(one.errors(), 0.0, "one world has no error to compare with");
        assert_eq!(moved(all(&a), all(&a), true).errors(), 0.0);
        let shifted = moved(all(&[1.0, 2.0]), all(&[2.0, 3.0]), true);
        assert!(shifted.errors().is_infinite());
        let nothing = moved(all(&[]), all(&[]), true);
        assert_eq!(nothing.errors(), 0.0);
    }
}
