//! The distributions an analyst can write, as quantile functions.

use std::sync::Arc;

use crate::{beta_cdf, beta_quantile, gamma_cdf, gamma_quantile, normal_cdf, normal_quantile};

/// Standard deviations from the median to the end of the central `coverage`: 1.6448… for 0.9.
fn z_of(coverage: f64) -> f64 {
    normal_quantile(0.5 + 0.5 * coverage)
}

/// The scale on which an uncertain number is (piecewise) normal. The field's domain chooses it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Link {
    /// Signed numbers: normal.
    Identity,
    /// Positive numbers: lognormal.
    Log,
    /// Numbers strictly between two bounds: logit-normal scaled to the interval.
    Logit {
        /// Lower bound.
        low: f64,
        /// Upper bound.
        high: f64,
    },
}

impl Link {
    /// To the normal scale; infinite on a bound.
    pub fn forward(self, x: f64) -> f64 {
        match self {
            Link::Identity => x,
            Link::Log => libm::log(x),
            Link::Logit { low, high } => libm::log((x - low) / (high - x)),
        }
    }

    /// Back from the normal scale.
    #[inline]
    pub fn back(self, y: f64) -> f64 {
        match self {
            Link::Identity => y,
            Link::Log => libm::exp(y),
            Link::Logit { low, high } => low + (high - low) / (1.0 + libm::exp(-y)),
        }
    }
}

/// The distribution of one uncertain number.
#[derive(Clone, Debug, PartialEq)]
pub enum Distribution {
    /// No uncertainty.
    Exact(f64),
    /// Uniform between two ends.
    Uniform {
        /// Least value.
        low: f64,
        /// Greatest value.
        high: f64,
    },
    /// Triangular (three-point) between two ends.
    Triangular {
        /// Least value.
        low: f64,
        /// Likeliest value.
        mode: f64,
        /// Greatest value.
        high: f64,
    },
    /// A beta distribution scaled to an interval.
    Beta {
        /// Least value.
        low: f64,
        /// Greatest value.
        high: f64,
        /// First shape.
        a: f64,
        /// Second shape.
        b: f64,
    },
    /// A gamma distribution: a Dirichlet weight before it is normalised.
    Gamma {
        /// Shape.
        shape: f64,
        /// Scale; the mean is shape times scale.
        scale: f64,
    },
    /// One of several, with these probabilities (they sum to 1): experts who differ, or "I may be quite wrong".
    Mixture(Arc<[(f64, Distribution)]>),
    /// Another kept inside bounds: drawn again until it falls inside.
    Truncated {
        /// The other.
        inner: Arc<Distribution>,
        /// P(X ≤ lower bound) of the other.
        from: f64,
        /// P(X ≤ upper bound) of the other.
        to: f64,
    },
    /// Normal on the link's scale, with one spread below the median and one above: the three stated percentiles are met
    /// exactly. Equal spreads give the plain normal, lognormal or logit-normal.
    Linked {
        /// The scale.
        link: Link,
        /// Median on the link's scale.
        median: f64,
        /// Standard deviation below the median, on the link's scale.
        below: f64,
        /// Standard deviation above the median, on the link's scale.
        above: f64,
    },
}

impl Distribution {
    /// A range that holds the central `coverage` (0.9: 5th to 95th percentile).
    pub fn from_range(link: Link, [low, high]: [f64; 2], coverage: f64) -> Self {
        let (a, b) = (link.forward(low), link.forward(high));
        let spread = (b - a) / (2.0 * z_of(coverage));
        Distribution::Linked {
            link,
            median: 0.5 * (a + b),
            below: spread,
            above: spread,
        }
    }

    /// The low end, median and high end of a range that holds the central `coverage`.
    pub fn from_three(link: Link, [low, middle, high]: [f64; 3], coverage: f64) -> Self {
        let (a, m, b) = (link.forward(low), link.forward(middle), link.forward(high));
        Distribution::Linked {
            link,
            median: m,
            below: (m - a) / z_of(coverage),
            above: (b - m) / z_of(coverage),
        }
    }

    /// The PERT distribution: a beta with this mode and a mean of (low + 4 mode + high)/6 (Malcolm, Roseboom, Clark & Fazar
    /// 1959).
    pub fn pert(low: f64, mode: f64, high: f64) -> Self {
        let at = (mode - low) / (high - low);
        Distribution::Beta {
            low,
            high,
            a: 1.0 + 4.0 * at,
            b: 5.0 - 4.0 * at,
        }
    }

    /// A probability of which `hits` of `trials` cases are known, with Jeffreys' prior: Beta(hits + ½, misses + ½).
    pub fn base_rate(hits: f64, trials: f64) -> Self {
        Distribution::Beta {
            low: 0.0,
            high: 1.0,
            a: hits + 0.5,
            b: trials - hits + 0.5,
        }
    }

    /// The hits and the trials of which this is the [`base_rate`](Self::base_rate); `None` where it is that of no count.
    pub fn counted(&self) -> Option<[f64; 2]> {
        let Distribution::Beta { low, high, a, b } = *self else {
            return None;
        };
        let (hits, misses) = (a - 0.5, b - 0.5);
        let whole = |x: f64| x >= 0.0 && x.fract() == 0.0;
        let counts = low == 0.0 && high == 1.0 && whole(hits) && whole(misses);
        (counts && hits + misses > 0.0).then_some([hits, hits + misses])
    }

    /// Several with weights, which need not sum to 1. Never an average of them.
    pub fn mixture(parts: Vec<(f64, Distribution)>) -> Self {
        let sum: f64 = parts.iter().map(|(weight, _)| weight).sum();
        Distribution::Mixture(
            parts
                .into_iter()
                .map(|(weight, d)| (weight / sum, d))
                .collect(),
        )
    }

    /// This one kept inside `[low, high]`, and the probability it had outside.
    pub fn truncated(self, low: f64, high: f64) -> (Self, f64) {
        let (from, to) = (self.below(low), self.cdf(high));
        let outside = 1.0 - (to - from);
        if outside <= 0.0 {
            return (self, 0.0);
        }
        let inner = Arc::new(self);
        (Distribution::Truncated { inner, from, to }, outside)
    }

    /// The value at probability `u` in (0, 1).
    #[inline]
    pub fn quantile(&self, u: f64) -> f64 {
        match self {
            Distribution::Exact(x) => *x,
            Distribution::Uniform { low, high } => low + u * (high - low),
            Distribution::Linked {
                link,
                median,
                below,
                above,
            } => {
                let z = normal_quantile(u);
                link.back(median + z * if z < 0.0 { below } else { above })
            }
            Distribution::Triangular { low, mode, high } => {
                let width = high - low;
                let turn = (mode - low) / width;
                if u < turn {
                    low + (u * width * (mode - low)).sqrt()
                } else {
                    high - ((1.0 - u) * width * (high - mode)).sqrt()
                }
            }
            Distribution::Beta { low, high, a, b } => low + (high - low) * beta_quantile(u, *a, *b),
            Distribution::Gamma { shape, scale } => scale * gamma_quantile(u, *shape),
            Distribution::Mixture(parts) => mixture_quantile(parts, u),
            Distribution::Truncated { inner, from, to } => inner.quantile(from + u * (to - from)),
        }
    }

    /// P(X ≤ x).
    pub fn cdf(&self, x: f64) -> f64 {
        match self {
            Distribution::Exact(v) => f64::from(u8::from(x >= *v)),
            Distribution::Uniform { low, high } => ((x - low) / (high - low)).clamp(0.0, 1.0),
            Distribution::Linked {
                link,
                median,
                below,
                above,
            } => {
                let y = match link {
                    Link::Log if x <= 0.0 => return 0.0,
                    Link::Logit { low, .. } if x <= *low => return 0.0,
                    Link::Logit { high, .. } if x >= *high => return 1.0,
                    _ => link.forward(x) - median,
                };
                normal_cdf(y / if y < 0.0 { below } else { above })
            }
            Distribution::Triangular { low, mode, high } => {
                let width = high - low;
                if x <= *low {
                    0.0
                } else if x >= *high {
                    1.0
                } else if x < *mode {
                    (x - low) * (x - low) / (width * (mode - low))
                } else {
                    1.0 - (high - x) * (high - x) / (width * (high - mode))
                }
            }
            Distribution::Beta { low, high, a, b } => beta_cdf((x - low) / (high - low), *a, *b),
            Distribution::Gamma { shape, scale } => gamma_cdf(x / scale, *shape),
            Distribution::Mixture(parts) => parts.iter().map(|(w, d)| w * d.cdf(x)).sum(),
            Distribution::Truncated { inner, from, to } => {
                ((inner.cdf(x) - from) / (to - from)).clamp(0.0, 1.0)
            }
        }
    }

    /// P(X < x): the same as the cdf but for exact values at `x`.
    fn below(&self, x: f64) -> f64 {
        match self {
            Distribution::Exact(v) => f64::from(u8::from(x > *v)),
            Distribution::Mixture(parts) => parts.iter().map(|(w, d)| w * d.below(x)).sum(),
            other => other.cdf(x),
        }
    }

    /// The values that it takes with a chance above zero, each with its chance.
    pub fn atoms(&self) -> Vec<(f64, f64)> {
        match self {
            Distribution::Exact(x) => vec![(*x, 1.0)],
            Distribution::Mixture(parts) => {
                let weighted = |(weight, part): &(f64, Distribution)| {
                    let weight = *weight;
                    let atoms = part.atoms().into_iter();
                    atoms.map(move |(x, chance)| (x, weight * chance))
                };
                parts.iter().flat_map(weighted).collect()
            }
            Distribution::Truncated { inner, from, to } => {
                let kept = |(x, _): (f64, f64)| {
                    let chance = inner.cdf(x).min(*to) - inner.below(x).max(*from);
                    (chance > 0.0).then_some((x, chance / (to - from)))
                };
                inner.atoms().into_iter().filter_map(kept).collect()
            }
            _ => Vec::new(),
        }
    }

    /// Least and greatest value it can take.
    pub fn support(&self) -> (f64, f64) {
        match self {
            Distribution::Exact(x) => (*x, *x),
            Distribution::Uniform { low, high }
            | Distribution::Triangular { low, high, .. }
            | Distribution::Beta { low, high, .. } => (*low, *high),
            Distribution::Gamma { .. } => (0.0, f64::INFINITY),
            Distribution::Linked { link, .. } => match link {
                Link::Identity => (f64::NEG_INFINITY, f64::INFINITY),
                Link::Log => (0.0, f64::INFINITY),
                Link::Logit { low, high } => (*low, *high),
            },
            Distribution::Mixture(parts) => {
                let ends = parts.iter().map(|(_, d)| d.support());
                ends.fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), (c, d)| {
                    (a.min(c), b.max(d))
                })
            }
            Distribution::Truncated { inner, from, to } => {
                let (low, high) = inner.support();
                let end = |u: f64, open: f64| {
                    if u > 0.0 && u < 1.0 {
                        inner.quantile(u)
                    } else {
                        open
                    }
                };
                (end(*from, low), end(*to, high))
            }
        }
    }

    /// The one value, if there is no uncertainty.
    pub fn exact(&self) -> Option<f64> {
        match self {
            Distribution::Exact(x) => Some(*x),
            _ => None,
        }
    }

    /// The shape's name, as the register prints it.
    pub fn shape(&self) -> &'static str {
        match self {
            Distribution::Exact(_) => "exact",
            Distribution::Uniform { .. } => "uniform",
            Distribution::Triangular { .. } => "triangular",
            Distribution::Beta { .. } => "beta",
            Distribution::Gamma { .. } => "Dirichlet",
            Distribution::Mixture(_) => "mixture",
            Distribution::Truncated { .. } => "truncated",
            Distribution::Linked {
                link, below, above, ..
            } => {
                let even = (below - above).abs() <= 1e-9 * (below + above);
                match (link, even) {
                    (Link::Identity, true) => "normal",
                    (Link::Identity, false) => "two-piece normal",
                    (Link::Log, true) => "lognormal",
                    (Link::Log, false) => "two-piece lognormal",
                    (Link::Logit { .. }, true) => "logit-normal",
                    (Link::Logit { .. }, false) => "two-piece logit-normal",
                }
            }
        }
    }
}

/// The x at which the mixture's cdf passes `u`: between the least and the greatest of its parts' quantiles, by halving.
fn mixture_quantile(parts: &[(f64, Distribution)], u: f64) -> f64 {
    /// Halvings: enough to reach neighbouring numbers from any bracket that matters.
    const HALVINGS: u32 = 80;
    let ends = parts.iter().map(|(_, d)| d.quantile(u));
    let mut low = ends.clone().fold(f64::INFINITY, f64::min);
    let mut high = ends.fold(f64::NEG_INFINITY, f64::max);
    let reached = |x: f64| parts.iter().map(|(w, d)| w * d.cdf(x)).sum::<f64>() >= u;
    if reached(low) {
        return low;
    }
    for _ in 0..HALVINGS {
        let middle = 0.5 * (low + high);
        if middle <= low || middle >= high {
            break;
        }
        if reached(middle) {
            high = middle;
        } else {
            low = middle;
        }
    }
    high
}

#[cfg(test)]
mod tests;
