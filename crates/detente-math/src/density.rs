//! Densities of the distributions an analyst can write: what an anchor weighs a world by.

use crate::beta::log_beta;
use crate::{Distribution, Link};

/// Logarithm of √(2π).
const LOG_ROOT_TWO_PI: f64 = 0.918_938_533_204_672_8;

impl Distribution {
    /// Logarithm of the density at `x`: minus infinity outside the support, and plus infinity where a single value has a chance of its own
    /// (an exact number has no density; a mixture of exact ones neither).
    pub fn log_density(&self, x: f64) -> f64 {
        match self {
            Distribution::Exact(v) => at_an_atom(x == *v),
            Distribution::Uniform { low, high } => {
                if x < *low || x > *high {
                    f64::NEG_INFINITY
                } else {
                    -libm::log(high - low)
                }
            }
            Distribution::Triangular { low, mode, high } => triangular(x, [*low, *mode, *high]),
            Distribution::Beta { low, high, a, b } => {
                let width = high - low;
                let share = (x - low) / width;
                if !(0.0..=1.0).contains(&share) {
                    return f64::NEG_INFINITY;
                }
                // A shape of 1 leaves its factor out, so that an end of the interval is no 0 · ∞.
                let power = |shape: f64, log: f64| {
                    if shape == 1.0 {
                        0.0
                    } else {
                        (shape - 1.0) * log
                    }
                };
                power(*a, libm::log(share)) + power(*b, libm::log1p(-share))
                    - log_beta(*a, *b)
                    - libm::log(width)
            }
            Distribution::Gamma { shape, scale } => {
                if x <= 0.0 {
                    return f64::NEG_INFINITY;
                }
                let x = x / scale;
                (shape - 1.0) * libm::log(x) - x - libm::lgamma(*shape) - libm::log(*scale)
            }
            Distribution::Mixture(parts) => {
                let logs = || {
                    let parts = parts.iter();
                    parts.map(|(weight, part)| libm::log(*weight) + part.log_density(x))
                };
                let most = logs().fold(f64::NEG_INFINITY, f64::max);
                if most.is_infinite() {
                    return most;
                }
                most + libm::log(logs().map(|log| libm::exp(log - most)).sum())
            }
            Distribution::Truncated { inner, from, to } => {
                let (low, high) = self.support();
                if x < low || x > high {
                    return f64::NEG_INFINITY;
                }
                inner.log_density(x) - libm::log(to - from)
            }
            Distribution::Linked {
                link,
                median,
                below,
                above,
            } => {
                let inside = match link {
                    Link::Identity => true,
                    Link::Log => x > 0.0,
                    Link::Logit { low, high } => x > *low && x < *high,
                };
                if !inside {
                    return f64::NEG_INFINITY;
                }
                let y = link.forward(x) - median;
                let spread = if y < 0.0 { below } else { above };
                if *spread <= 0.0 {
                    // One half of it is the median itself.
                    return at_an_atom(y == 0.0);
                }
                let z = y / spread;
                -0.5 * z * z - LOG_ROOT_TWO_PI - libm::log(*spread) + log_slope(*link, x)
            }
        }
    }

    /// How surprising a number is that one distribution is known by, to whoever expected the numbers of a sample, each with its weight: the
    /// two-sided chance, over both, that an expected number lies as far on one side of the known one (a prior predictive p-value, Box 1980).
    /// NaN without any weight.
    pub fn surprise(&self, expected: &[(f64, f64)]) -> f64 {
        let (mut below, mut all) = (0.0, 0.0);
        for (x, weight) in expected.iter().filter(|(x, _)| !x.is_nan()) {
            // The chance that the known number lies above what was expected; half of it where both are the same.
            let cdf = self.cdf(*x);
            let atom: f64 = {
                let atoms = self.atoms().into_iter();
                atoms
                    .filter(|(v, _)| v == x)
                    .map(|(_, chance)| chance)
                    .sum()
            };
            below += weight * (1.0 - cdf + 0.5 * atom);
            all += weight;
        }
        if all <= 0.0 {
            return f64::NAN;
        }
        let share = below / all;
        (2.0 * share.min(1.0 - share)).min(1.0)
    }
}

/// Logarithm of the density of a single value: none, or without end.
fn at_an_atom(there: bool) -> f64 {
    if there {
        f64::INFINITY
    } else {
        f64::NEG_INFINITY
    }
}

fn triangular(x: f64, [low, mode, high]: [f64; 3]) -> f64 {
    let width = high - low;
    if x < low || x > high {
        f64::NEG_INFINITY
    } else if x < mode {
        libm::log(2.0 * (x - low) / (width * (mode - low)))
    } else if x > mode {
        libm::log(2.0 * (high - x) / (width * (high - mode)))
    } else {
        libm::log(2.0 / width)
    }
}

/// Logarithm of the derivative of the link's way to the normal scale.
fn log_slope(link: Link, x: f64) -> f64 {
    match link {
        Link::Identity => 0.0,
        Link::Log => -libm::log(x),
        Link::Logit { low, high } => libm::log((high - low) / ((x - low) * (high - x))),
    }
}

/// The chance of a choice whose worth leads by so many points when choosing is blurred by `noise` of them: Λ(lead/noise).
pub fn logit_choice(lead: f64, noise: f64) -> f64 {
    1.0 / (1.0 + libm::exp(-lead / noise))
}

/// Logarithm of the chance, but for a constant, of so many hits in so many trials at a rate: `hits` log p + misses log(1 − p).
pub fn log_binomial(hits: f64, trials: f64, rate: f64) -> f64 {
    if !(0.0..=1.0).contains(&rate) {
        return f64::NEG_INFINITY;
    }
    let part = |count: f64, log: f64| if count == 0.0 { 0.0 } else { count * log };
    part(hits, libm::log(rate)) + part(trials - hits, libm::log1p(-rate))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::{log_binomial, logit_choice};
    use crate::{Distribution, Link};

    fn all() -> Vec<Distribution> {
        let linked = |link, a, b, c| Distribution::Linked {
            link,
            median: a,
            below: b,
            above: c,
        };
        let normal = linked(Link::Identity, 1.0, 0.5, 0.8);
        vec![
            Distribution::Uniform {
                low: -1.0,
                high: 3.0,
            },
            Distribution::Triangular {
                low: 0.0,
                mode: 1.0,
                high: 4.0,
            },
            Distribution::Beta {
                low: -1.0,
                high: 2.0,
                a: 1.7,
                b: 3.0,
            },
            Distribution::Gamma {
                shape: 2.3,
                scale: 0.7,
            },
            normal.clone(),
            linked(Link::Log, 0.3, 0.4, 0.6),
            linked(
                Link::Logit {
                    low: 0.0,
                    high: 2.0,
                },
                -0.5,
                0.7,
                0.7,
            ),
            Distribution::mixture(vec![
                (1.0, normal.clone()),
                (3.0, Distribution::base_rate(3.0, 9.0)),
            ]),
            normal.truncated(0.2, 1.4).0,
        ]
    }

    /// The density is the slope of the cdf, which was written without it.
    #[test]
    fn the_density_is_the_slope_of_the_cdf() {
        for d in all() {
            for i in 1..40 {
                let x = d.quantile(f64::from(i) / 40.0 + 1e-3);
                let h = 1e-5 * (1.0 + x.abs());
                let slope = (d.cdf(x + h) - d.cdf(x - h)) / (2.0 * h);
                let density = libm::exp(d.log_density(x));
                assert!(
                    (density - slope).abs() < 1e-4 * (1.0 + slope),
                    "{d:?} at {x}: {density}, {slope}"
                );
            }
            let (low, high) = d.support();
            for outside in [low - 1.0, high + 1.0] {
                if outside.is_finite() {
                    assert_eq!(d.log_density(outside), f64::NEG_INFINITY, "{d:?}");
                }
            }
        }
        assert_eq!(Distribution::Exact(2.0).log_density(1.0), f64::NEG_INFINITY);
        assert_eq!(Distribution::Exact(2.0).log_density(2.0), f64::INFINITY);
        let ends = Distribution::Beta {
            low: 0.0,
            high: 1.0,
            a: 1.0,
            b: 1.0,
        };
        assert_eq!((ends.log_density(0.0), ends.log_density(1.0)), (0.0, 0.0));
    }

    #[test]
    fn known_chances() {
        assert!((logit_choice(0.0, 2.0) - 0.5).abs() < 1e-15);
        assert!((logit_choice(2.0, 1.0) - 0.880_797_077_977_882_4).abs() < 1e-15);
        assert_eq!(logit_choice(-1e9, 0.1), 0.0);
        assert!((log_binomial(3.0, 4.0, 0.25) - libm::log(0.015_625 * 0.75)).abs() < 1e-12);
        assert_eq!(log_binomial(0.0, 5.0, 0.0), 0.0);
        assert_eq!(log_binomial(1.0, 5.0, 0.0), f64::NEG_INFINITY);
        assert_eq!(log_binomial(1.0, 5.0, 1.5), f64::NEG_INFINITY);
    }

    #[test]
    fn surprise_is_half_and_half_at_the_middle_and_nothing_far_off() {
        let known = Distribution::Uniform {
            low: 0.0,
            high: 1.0,
        };
        let at = |x: f64| known.surprise(&[(x, 1.0)]);
        assert!((at(0.5) - 1.0).abs() < 1e-12);
        assert!((at(0.9) - 0.2).abs() < 1e-12);
        assert_eq!(at(7.0), 0.0);
        // Weights count, what is not known does not, and an atom counts half.
        let weighed = known.surprise(&[(7.0, 1.0), (0.5, 3.0), (f64::NAN, 9.0)]);
        assert!((weighed - 0.75).abs() < 1e-12, "{weighed}");
        let exact = Distribution::Mixture(Arc::from([(1.0, Distribution::Exact(2.0))]));
        assert!((exact.surprise(&[(2.0, 1.0)]) - 1.0).abs() < 1e-12);
        assert!(known.surprise(&[]).is_nan());
    }
}
