//! What moved between two runs.

use detente_math::{Mean, Sampler};

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

/// Compares the numbers of a quantity, world by world from world 0, NaN where it was not computed. `paired`: both runs drew
/// their worlds from the same stream; the difference is then taken within each world that both answer, and what they share
/// drops out of its error.
pub fn moved(before: (Sampler, &[f64]), after: (Sampler, &[f64]), paired: bool) -> Moved {
    let mean = |(sampler, values): (Sampler, &[f64])| mean_of(sampler, values.iter().copied());
    let (first, second) = (mean(before), mean(after));
    let difference = if paired {
        let pairs = before.1.iter().zip(after.1);
        mean_of(before.0, pairs.map(|(a, b)| b - a))
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
    use super::moved;
    use detente_math::Sampler::Pseudo;

    #[test]
    fn what_worlds_share_drops_out_of_a_paired_error() {
        let a: Vec<f64> = (0..100).map(|i| f64::from(i * i % 37)).collect();
        let b: Vec<f64> = a
            .iter()
            .zip([0.5, 1.5].iter().cycle())
            .map(|(x, d)| x + d)
            .collect();
        let paired = moved((Pseudo, &a), (Pseudo, &b), true);
        let apart = moved((Pseudo, &a), (Pseudo, &b), false);
        assert!((paired.difference.value - 1.0).abs() < 1e-12);
        assert!((apart.difference.value - 1.0).abs() < 1e-12);
        // The differences are 0.5 and 1.5 by turns: their standard deviation is 0.5, up to n - 1 for n.
        assert!((paired.difference.error - 0.5 / 99_f64.sqrt()).abs() < 1e-12);
        assert!(apart.difference.error > 20.0 * paired.difference.error);
    }

    #[test]
    fn silent_worlds_and_no_difference() {
        let (a, b) = ([1.0, f64::NAN, 3.0], [2.0, 5.0, f64::NAN]);
        let one = moved((Pseudo, &a), (Pseudo, &b), true);
        assert_eq!((one.difference.value, one.difference.n), (1.0, 1));
        assert_eq!(one.errors(), 0.0, "one world has no error to compare with");
        assert_eq!(moved((Pseudo, &a), (Pseudo, &a), true).errors(), 0.0);
        let shifted = moved((Pseudo, &[1.0, 2.0]), (Pseudo, &[2.0, 3.0]), true);
        assert!(shifted.errors().is_infinite());
        let nothing = moved((Pseudo, &[]), (Pseudo, &[]), true);
        assert_eq!(nothing.errors(), 0.0);
    }
}
