//! The beta distribution: regularised incomplete beta function and its inverse.

/// `I_x(a`, b), the probability that a Beta(a, b) variable is at most x; a, b > 0.
///
/// Continued fraction of Gauss in the form of DLMF 8.17.22, evaluated by Lentz's method (Thompson & Barnett 1986), on the
/// side of the mean where it converges fast.
pub fn beta_cdf(x: f64, a: f64, b: f64) -> f64 {
    cdf(x, a, b, log_beta(a, b))
}

/// The same, given the logarithm of the beta function.
fn cdf(x: f64, a: f64, b: f64, log_beta: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    if x >= 1.0 {
        return 1.0;
    }
    if x > (a + 1.0) / (a + b + 2.0) {
        return 1.0 - cdf_left(1.0 - x, b, a, log_beta);
    }
    cdf_left(x, a, b, log_beta)
}

fn cdf_left(x: f64, a: f64, b: f64, log_beta: f64) -> f64 {
    /// Keeps denominators away from zero.
    const TINY: f64 = 1e-300;
    /// Terms; with x below the mean some sqrt(max(a, b)) are enough.
    const TERMS: u32 = 10_000;
    let front = libm::exp(log_density(x, a, b, log_beta)) * x * (1.0 - x) / a;
    let guard = |z: f64| if z.abs() < TINY { TINY } else { z };
    let mut c = 1.0;
    let mut d = 1.0 / guard(1.0 - (a + b) * x / (a + 1.0));
    let mut fraction = d;
    for m in 1..TERMS {
        let m = f64::from(m);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        d = 1.0 / guard(1.0 + even * d);
        c = guard(1.0 + even / c);
        fraction *= c * d;
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        d = 1.0 / guard(1.0 + odd * d);
        c = guard(1.0 + odd / c);
        fraction *= c * d;
        if (c * d - 1.0).abs() < 1e-16 {
            break;
        }
    }
    (front * fraction).clamp(0.0, 1.0)
}

/// Logarithm of the beta function: the same bits for (b, a).
pub(crate) fn log_beta(a: f64, b: f64) -> f64 {
    libm::lgamma(a) + libm::lgamma(b) - libm::lgamma(a + b)
}

/// Logarithm of the density.
fn log_density(x: f64, a: f64, b: f64, log_beta: f64) -> f64 {
    (a - 1.0) * libm::log(x) + (b - 1.0) * libm::log1p(-x) - log_beta
}

/// The x with `I_x(a`, b) = p: Newton's steps kept inside a shrinking bracket.
pub fn beta_quantile(p: f64, a: f64, b: f64) -> f64 {
    /// Steps; Newton needs under ten, halving alone would need some sixty.
    const STEPS: u32 = 100;
    if p <= 0.0 {
        return 0.0;
    }
    if p >= 1.0 {
        return 1.0;
    }
    let log_beta = log_beta(a, b);
    let (mut low, mut high) = (0.0, 1.0);
    let mut x = a / (a + b);
    for _ in 0..STEPS {
        let miss = cdf(x, a, b, log_beta) - p;
        if miss > 0.0 {
            high = x;
        } else {
            low = x;
        }
        let step = miss / libm::exp(log_density(x, a, b, log_beta));
        let next = x - step;
        let inside = next > low && next < high;
        let next = if inside { next } else { 0.5 * (low + high) };
        if (next - x).abs() <= 1e-15 * x {
            return next;
        }
        x = next;
    }
    x
}

#[cfg(test)]
mod tests {
    use super::{beta_cdf, beta_quantile};
    use statrs::distribution::{Beta, ContinuousCDF};

    const SHAPES: [(f64, f64); 8] = [
        (0.5, 0.5),
        (1.0, 1.0),
        (2.0, 5.0),
        (3.5, 8.5),
        (0.5, 20.5),
        (40.0, 3.0),
        (150.0, 200.0),
        (0.7, 0.9),
    ];

    #[test]
    fn closed_forms() {
        // Beta(1, 1) is uniform; Beta(2, 1) has cdf x²; Beta(1/2, 1/2) is the arcsine law with median 1/2.
        for i in 1..50 {
            let x = f64::from(i) / 50.0;
            assert!((beta_cdf(x, 1.0, 1.0) - x).abs() < 1e-14);
            assert!((beta_cdf(x, 2.0, 1.0) - x * x).abs() < 1e-14);
            let arcsine = 2.0 / std::f64::consts::PI * libm::asin(x.sqrt());
            assert!((beta_cdf(x, 0.5, 0.5) - arcsine).abs() < 1e-13);
        }
    }

    #[test]
    fn agrees_with_statrs_on_a_grid() {
        for (a, b) in SHAPES {
            let oracle = Beta::new(a, b).unwrap();
            for i in 1..200 {
                let x = f64::from(i) / 200.0;
                assert!(
                    (beta_cdf(x, a, b) - oracle.cdf(x)).abs() < 1e-12,
                    "Beta({a}, {b}) at {x}"
                );
            }
        }
    }

    #[test]
    fn quantile_inverts_the_cdf_into_the_tails() {
        for (a, b) in SHAPES {
            for p in [
                1e-12,
                1e-6,
                0.001,
                0.05,
                0.3,
                0.5,
                0.77,
                0.95,
                0.999,
                1.0 - 1e-9,
            ] {
                let x = beta_quantile(p, a, b);
                assert!((0.0..=1.0).contains(&x));
                let back = beta_cdf(x, a, b);
                assert!(
                    (back - p).abs() < 1e-10 * (1.0 + 1.0 / p.min(1.0 - p)).min(1e3),
                    "Beta({a}, {b}) at {p}: {back}"
                );
            }
        }
    }
}
