//! The normal distribution of two numbers that move together.

use crate::{normal_cdf, normal_pdf};

/// Gauss and Legendre's points and weights on −1 to 1, twenty of them: the positive half.
pub(crate) const LEGENDRE: [(f64, f64); 10] = [
    (0.993_128_599_185_094_9, 0.017_614_007_139_152_264),
    (0.963_971_927_277_913_8, 0.040_601_429_800_387_05),
    (0.912_234_428_251_326, 0.062_672_048_334_109_04),
    (0.839_116_971_822_218_9, 0.083_276_741_576_704_74),
    (0.746_331_906_460_150_8, 0.101_930_119_817_240_48),
    (0.636_053_680_726_515, 0.118_194_531_961_518_31),
    (0.510_867_001_950_827_1, 0.131_688_638_449_176_5),
    (0.373_706_088_715_419_55, 0.142_096_109_318_381_9),
    (0.227_785_851_141_645_1, 0.149_172_986_472_603_82),
    (0.076_526_521_133_497_34, 0.152_753_387_130_725_98),
];
/// Below this probability it is worked out as one integral of numbers of one sign, so that its digits are its own.
const SMALL: f64 = 1e-5;
/// Standard deviations beyond which nothing is.
const FAR: f64 = 40.0;
/// Parts of that integral.
const PARTS: u32 = 8;

/// ∫ f from `from` to `to`, by twenty points.
fn integral(from: f64, to: f64, f: impl Fn(f64) -> f64) -> f64 {
    let (middle, half) = (f64::midpoint(from, to), 0.5 * (to - from));
    let both = |(x, w): (f64, f64)| w * (f(middle - half * x) + f(middle + half * x));
    half * LEGENDRE.into_iter().map(both).sum::<f64>()
}

/// Two standard normal numbers with a correlation, kept for many questions.
///
/// Plackett, R. L. (1954), "A reduction formula for normal multivariate integrals", Biometrika 41, in the sine of the angle as
/// Drezner, Z. & Wesolowsky, G. (1990), Journal of Statistical Computation and Simulation 35, have it; far out the integral over X.
#[derive(Clone, Debug, PartialEq)]
pub struct BivariateNormal {
    r: f64,
    /// By angle: its sine, half of 1/cosine², and its weight in the integral over the angle.
    angles: [[f64; 3]; 20],
}

impl BivariateNormal {
    /// With correlation `r`.
    ///
    /// # Panics
    /// Beyond |r| = 0.9, where twenty points are too few.
    pub fn new(r: f64) -> Self {
        assert!(r.abs() <= 0.9, "|r| ≤ 0.9");
        let half = 0.5 * libm::asin(r);
        let angles = std::array::from_fn(|i| {
            let (x, weight) = LEGENDRE[i / 2];
            let angle = half * if i % 2 == 0 { 1.0 - x } else { 1.0 + x };
            let cosine = libm::cos(angle);
            let weight = half * weight / (2.0 * std::f64::consts::PI);
            [libm::sin(angle), 0.5 / (cosine * cosine), weight]
        });
        Self { r, angles }
    }

    /// P(X ≤ x, Y ≤ y): within 1e-14, and to ten digits of what is small.
    pub fn cdf(&self, x: f64, y: f64) -> f64 {
        // Beyond, one of the two probabilities is 0 or 1 to the last digit.
        let (x, y) = (x.clamp(-FAR, FAR), y.clamp(-FAR, FAR));
        let (squares, product) = (x * x + y * y, 2.0 * x * y);
        let each = self.angles.iter();
        let together =
            each.map(|[sine, half, weight]| weight * libm::exp((product * sine - squares) * half));
        let found = normal_cdf(x) * normal_cdf(y) + together.sum::<f64>();
        if found > SMALL {
            return found.min(1.0);
        }
        small(x, y, self.r)
    }
}

/// [`BivariateNormal::cdf`], asked once.
pub fn bivariate_normal_cdf(x: f64, y: f64, r: f64) -> f64 {
    BivariateNormal::new(r).cdf(x, y)
}

/// The same as ∫ φ(t) Φ((y − r t)/√(1 − r²)) dt up to x. The integrand has one hump, no wider than that of φ.
fn small(x: f64, y: f64, r: f64) -> f64 {
    let root = (1.0 - r * r).sqrt();
    let given = |t: f64| (y - r * t) / root;
    let at = |t: f64| normal_pdf(t) * normal_cdf(given(t));
    // How fast its logarithm rises: Φ(z) falls like φ(z)/−z far below.
    let rise = |t: f64| {
        let z = given(t);
        let mills = if z < -30.0 {
            -z
        } else {
            normal_pdf(z) / normal_cdf(z)
        };
        -t - r / root * mills
    };
    // The top of the hump, by halves: the rise falls all the way.
    let (mut low, mut high) = (-40.0, 40.0);
    for _ in 0..40 {
        let middle = f64::midpoint(low, high);
        if rise(middle) > 0.0 {
            low = middle;
        } else {
            high = middle;
        }
    }
    let top = f64::midpoint(low, high).min(x);
    let steep = rise(top).max(0.0);
    let below = if steep > 4.0 { 40.0 / steep } else { 10.0 };
    let (from, to) = (top - below, x.min(top + 10.0));
    let part = |k: u32| {
        let at_part = |k: u32| from + (to - from) * f64::from(k) / f64::from(PARTS);
        integral(at_part(k), at_part(k + 1), at)
    };
    (0..PARTS).map(part).sum()
}

#[cfg(test)]
mod tests {
    use super::bivariate_normal_cdf;
    use crate::{normal_cdf, normal_pdf};

    /// Over X of the conditional distribution of Y, by many points of the midpoint rule.
    fn direct(x: f64, y: f64, r: f64) -> f64 {
        let step = 2e-4;
        let root = (1.0 - r * r).sqrt();
        (0..200_000)
            .map(|i| x - (f64::from(i) + 0.5) * step)
            .map(|t| step * normal_pdf(t) * normal_cdf((y - r * t) / root))
            .sum()
    }

    #[test]
    fn closed_forms() {
        for r in [-0.9, -0.5, 0.0, 0.3, std::f64::consts::FRAC_1_SQRT_2, 0.9] {
            // Sheppard 1899.
            let quarter = 0.25 + libm::asin(r) / (2.0 * std::f64::consts::PI);
            assert!(
                (bivariate_normal_cdf(0.0, 0.0, r) - quarter).abs() < 1e-14,
                "{r}"
            );
            for x in [-6.0, -2.0, -0.4, 0.0, 1.3, 4.0] {
                let one = bivariate_normal_cdf(x, 40.0, r);
                assert!((one - normal_cdf(x)).abs() < 1e-14 + 1e-10 * one, "{x} {r}");
                let y = 0.7;
                // Either Y is above or below.
                let both = bivariate_normal_cdf(x, y, r) + bivariate_normal_cdf(x, -y, -r);
                assert!((both - normal_cdf(x)).abs() < 1e-13, "{x} {r}");
            }
        }
        assert_eq!(bivariate_normal_cdf(f64::NEG_INFINITY, 0.0, 0.5), 0.0);
    }

    #[test]
    fn another_integral_says_the_same_far_out_too() {
        for r in [-0.6, 0.3, std::f64::consts::FRAC_1_SQRT_2, 0.88] {
            for (x, y) in [
                (0.3, -0.2),
                (-1.0, 2.0),
                (-4.0, -3.5),
                (-7.0, 1.0),
                (2.0, -8.0),
                (-9.0, -9.0),
                (1.5, 0.4),
            ] {
                let (is, other) = (bivariate_normal_cdf(x, y, r), direct(x, y, r));
                let near = 1e-7 * other + 1e-15;
                assert!(
                    (is - other).abs() < near || other < 1e-290,
                    "{x} {y} {r}: {is} {other}"
                );
                assert!(
                    (is - other).abs() < 1e-4 * other || other < 1e-290,
                    "{x} {y} {r}: {is} {other}"
                );
            }
        }
    }
}
