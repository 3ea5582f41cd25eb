//! Quantile functions of many distributions at once.

use crate::distribution::{Distribution, Link};
use crate::normal::normal_quantiles;

/// Many distributions. Its numbers are those of [`Distribution::quantile`], bit for bit; they come sooner because all
/// normal distributions take each step together, which compilers turn into vector instructions.
#[derive(Clone, Debug, Default)]
pub struct Batch {
    /// What each distribution was called, in the order of the batch: normal, lognormal, logit-normal, others.
    names: Vec<usize>,
    /// Median, spread below and spread above of all but the others.
    spreads: Vec<[f64; 3]>,
    /// How many are normal.
    normal: usize,
    /// Lower bound and width of each logit-normal.
    bounds: Vec<[f64; 2]>,
    others: Vec<Distribution>,
}

impl Batch {
    /// A batch of distributions, each with a name.
    pub fn new<'a>(distributions: impl IntoIterator<Item = (usize, &'a Distribution)>) -> Self {
        let rank = |distribution: &Distribution| match distribution {
            Distribution::Linked { link, .. } => match link {
                Link::Identity => 0,
                Link::Log => 1,
                Link::Logit { .. } => 2,
            },
            _ => 3,
        };
        let mut distributions: Vec<_> = distributions.into_iter().collect();
        distributions.sort_by_key(|(_, distribution)| rank(distribution));
        let mut batch = Self::default();
        for (name, distribution) in distributions {
            batch.names.push(name);
            let Distribution::Linked {
                link,
                median,
                below,
                above,
            } = distribution
            else {
                batch.others.push(distribution.clone());
                continue;
            };
            batch.spreads.push([*median, *below, *above]);
            match link {
                Link::Identity => batch.normal += 1,
                Link::Log => {}
                Link::Logit { low, high } => batch.bounds.push([*low, high - low]),
            }
        }
        batch
    }

    /// The names of the distributions, in the order of the batch.
    pub fn names(&self) -> &[usize] {
        &self.names
    }

    /// Probabilities in (0, 1), in the order of the batch, become values.
    pub fn quantiles(&self, numbers: &mut [f64]) {
        let (linked, others) = numbers.split_at_mut(self.spreads.len());
        normal_quantiles(linked);
        for (z, [median, below, above]) in linked.iter_mut().zip(&self.spreads) {
            *z = median + *z * if *z < 0.0 { below } else { above };
        }
        let (_, rest) = linked.split_at_mut(self.normal);
        let (log, logit) = rest.split_at_mut(rest.len() - self.bounds.len());
        for y in log {
            *y = libm::exp(*y);
        }
        for (y, [low, width]) in logit.iter_mut().zip(&self.bounds) {
            *y = low + width / (1.0 + libm::exp(-*y));
        }
        for (u, distribution) in others.iter_mut().zip(&self.others) {
            *u = distribution.quantile(*u);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Batch;
    use crate::{Distribution, Link, Stream, path_key};

    #[test]
    fn numbers_are_those_of_each_alone() {
        let unit = Link::Logit {
            low: 0.0,
            high: 1.0,
        };
        let narrow = Link::Logit {
            low: 0.9,
            high: 0.999,
        };
        let mut distributions = Vec::new();
        for i in 0..7 {
            let (a, b) = (0.91 + 0.001 * f64::from(i), 0.95 + 0.002 * f64::from(i));
            for link in [unit, Link::Log, narrow, Link::Identity] {
                distributions.push(Distribution::from_range(link, [a, b], 0.9));
                distributions.push(Distribution::from_three(link, [a, a + 0.01, b], 0.8));
            }
            let (low, high) = (a, b);
            distributions.push(Distribution::Uniform { low, high });
            distributions.push(Distribution::pert(a, a + 0.01, b));
            // Values that overflow and underflow.
            let wide = [1e-300, 1e300];
            distributions.push(Distribution::from_range(Link::Log, wide, 0.5));
        }
        for count in [0, 1, 5, 30, distributions.len()] {
            let named = distributions[..count].iter().enumerate();
            let batch = Batch::new(named);
            for world in 0..3000 {
                let uniform =
                    |name: usize| Stream::default().uniform(path_key("x") + name as u64, world);
                let mut numbers: Vec<f64> = batch.names().iter().map(|n| uniform(*n)).collect();
                batch.quantiles(&mut numbers);
                for (name, x) in batch.names().iter().zip(&numbers) {
                    let alone = distributions[*name].quantile(uniform(*name));
                    assert_eq!(x.to_bits(), alone.to_bits(), "{:?}", distributions[*name]);
                }
            }
        }
    }
}
