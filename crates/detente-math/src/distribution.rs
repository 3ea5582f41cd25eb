//! The distributions an analyst can write, as quantile functions.

use crate::{normal_cdf, normal_quantile};

/// z of the 95th percentile, 1.6448…: ranges are written as 5th to 95th percentile.
fn z95() -> f64 {
    normal_quantile(0.95)
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
#[derive(Clone, Copy, Debug, PartialEq)]
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
    /// 5th and 95th percentile at `low` and `high`.
    pub fn from_range(link: Link, low: f64, high: f64) -> Self {
        let (a, b) = (link.forward(low), link.forward(high));
        let spread = (b - a) / (2.0 * z95());
        Distribution::Linked {
            link,
            median: 0.5 * (a + b),
            below: spread,
            above: spread,
        }
    }

    /// 5th percentile, median and 95th percentile.
    pub fn from_three(link: Link, low: f64, middle: f64, high: f64) -> Self {
        let (a, m, b) = (link.forward(low), link.forward(middle), link.forward(high));
        Distribution::Linked {
            link,
            median: m,
            below: (m - a) / z95(),
            above: (b - m) / z95(),
        }
    }

    /// The value at probability `u` in (0, 1).
    #[inline]
    pub fn quantile(&self, u: f64) -> f64 {
        match *self {
            Distribution::Exact(x) => x,
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
        }
    }

    /// P(X ≤ x).
    pub fn cdf(&self, x: f64) -> f64 {
        match *self {
            Distribution::Exact(v) => f64::from(u8::from(x >= v)),
            Distribution::Uniform { low, high } => ((x - low) / (high - low)).clamp(0.0, 1.0),
            Distribution::Linked {
                link,
                median,
                below,
                above,
            } => {
                let y = match link {
                    Link::Log if x <= 0.0 => return 0.0,
                    Link::Logit { low, .. } if x <= low => return 0.0,
                    Link::Logit { high, .. } if x >= high => return 1.0,
                    _ => link.forward(x) - median,
                };
                normal_cdf(y / if y < 0.0 { below } else { above })
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

#[cfg(test)]
mod tests {
    use super::{Distribution, Link};
    use proptest::prelude::*;
    use statrs::distribution::{ContinuousCDF, LogNormal, Normal};

    const LINKS: [Link; 3] = [
        Link::Identity,
        Link::Log,
        Link::Logit {
            low: 0.0,
            high: 1.0,
        },
    ];

    #[test]
    fn stated_percentiles_are_met() {
        for link in LINKS {
            let d = Distribution::from_three(link, 0.2, 0.35, 0.6);
            for (u, x) in [(0.05, 0.2), (0.5, 0.35), (0.95, 0.6)] {
                assert!((d.quantile(u) - x).abs() < 1e-12, "{link:?} at {u}");
            }
            let r = Distribution::from_range(link, 0.2, 0.6);
            assert!(
                (r.quantile(0.05) - 0.2).abs() < 1e-12 && (r.quantile(0.95) - 0.6).abs() < 1e-12
            );
        }
    }

    #[test]
    fn normal_and_lognormal_agree_with_statrs() {
        let normal = Distribution::from_range(Link::Identity, -1.0, 3.0);
        let lognormal = Distribution::from_range(Link::Log, 1.0, 9.0);
        let z = 2.0 * 1.644_853_626_951_472_2;
        let n = Normal::new(1.0, 4.0 / z).unwrap();
        let l = LogNormal::new(libm::log(3.0), libm::log(9.0) / z).unwrap();
        for i in 1..500 {
            let u = f64::from(i) / 500.0;
            assert!((normal.quantile(u) - n.inverse_cdf(u)).abs() < 1e-9);
            assert!((lognormal.quantile(u) / l.inverse_cdf(u) - 1.0).abs() < 1e-9);
        }
    }

    proptest! {
        #[test]
        fn cdf_inverts_quantile_and_draws_stay_in_the_domain(
            u in 0.0005..0.9995_f64, low in 0.01..0.3_f64, gap1 in 0.01..0.3_f64, gap2 in 0.01..0.3_f64, which in 0..3_usize,
        ) {
            let d = Distribution::from_three(LINKS[which], low, low + gap1, low + gap1 + gap2);
            let x = d.quantile(u);
            prop_assert!((d.cdf(x) - u).abs() < 1e-9);
            prop_assert!(which == 0 || x > 0.0);
            prop_assert!(which != 2 || x < 1.0);
        }
    }
}
