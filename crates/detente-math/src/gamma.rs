//! The gamma distribution of scale 1: the weights of a Dirichlet before they are normalised.

/// P(X ≤ x) of a gamma variable of this shape and scale 1: series below the mean, continued fraction above it (Press et al.
/// 2007, section 6.2).
pub fn gamma_cdf(x: f64, shape: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    if x.is_infinite() {
        return 1.0;
    }
    if x < shape + 1.0 {
        series(x, shape)
    } else {
        1.0 - fraction(x, shape)
    }
}

/// The x at which an exponential variable of mean 1 has cdf `p`.
#[inline]
pub fn exponential_quantile(p: f64) -> f64 {
    -libm::log1p(-p)
}

/// The x at which the cdf is `p`: Newton's steps on a bracket, halved where a step would leave it.
pub fn gamma_quantile(p: f64, shape: f64) -> f64 {
    /// Steps: Newton needs a handful, halving alone about a thousand for the smallest shapes.
    const STEPS: usize = 400;
    /// Relative width at which two neighbours cannot be told apart.
    const NARROW: f64 = 1e-15;
    if p <= 0.0 {
        return 0.0;
    }
    if p >= 1.0 {
        return f64::INFINITY;
    }
    // Below this the cdf is x^shape / Γ(shape + 1) to the last digit, and x itself may be smaller than any number.
    let small = libm::exp((libm::log(p) + libm::lgamma(shape + 1.0)) / shape);
    if small < 1e-12 {
        return small;
    }
    let (mut low, mut high) = (0.0, 2.0 * shape + 4.0);
    while gamma_cdf(high, shape) < p {
        low = high;
        high *= 2.0;
    }
    let mut x = start(p, shape).clamp(low, high);
    for _ in 0..STEPS {
        let missed = gamma_cdf(x, shape) - p;
        if missed < 0.0 {
            low = x;
        } else {
            high = x;
        }
        let step = missed / density(x, shape);
        let newton = x - step;
        let next = if newton > low && newton < high {
            newton
        } else {
            0.5 * (low + high)
        };
        if (next - x).abs() <= NARROW * x || high - low <= NARROW * x {
            return next;
        }
        x = next;
    }
    x
}

/// Wilson and Hilferty's (1931) cube of a normal.
fn start(p: f64, shape: f64) -> f64 {
    let ninth = 1.0 / (9.0 * shape);
    let root = 1.0 - ninth + crate::normal_quantile(p) * ninth.sqrt();
    shape * root * root * root
}

fn density(x: f64, shape: f64) -> f64 {
    libm::exp((shape - 1.0) * libm::log(x) - x - libm::lgamma(shape))
}

fn series(x: f64, shape: f64) -> f64 {
    let mut term = 1.0 / shape;
    let mut sum = term;
    let mut n = shape;
    while term > sum * f64::EPSILON * 0.1 {
        n += 1.0;
        term *= x / n;
        sum += term;
    }
    sum * libm::exp(shape * libm::log(x) - x - libm::lgamma(shape))
}

/// Lentz's evaluation of the upper tail's continued fraction.
fn fraction(x: f64, shape: f64) -> f64 {
    /// More terms than any shape that a case may state needs.
    const TERMS: usize = 100_000;
    const TINY: f64 = 1e-300;
    let mut b = x + 1.0 - shape;
    let mut c = 1.0 / TINY;
    let mut d = 1.0 / b;
    let mut h = d;
    for i in 1..TERMS {
        let i = i as f64;
        let an = -i * (i - shape);
        b += 2.0;
        d = an * d + b;
        if d.abs() < TINY {
            d = TINY;
        }
        c = b + an / c;
        if c.abs() < TINY {
            c = TINY;
        }
        d = 1.0 / d;
        let change = d * c;
        h *= change;
        if (change - 1.0).abs() <= f64::EPSILON {
            break;
        }
    }
    h * libm::exp(shape * libm::log(x) - x - libm::lgamma(shape))
}

#[cfg(test)]
mod tests {
    use super::{exponential_quantile, gamma_cdf, gamma_quantile};
    use statrs::distribution::{ContinuousCDF, Gamma};

    #[test]
    fn agrees_with_statrs_on_a_grid() {
        for shape in [0.05, 0.3, 1.0, 2.5, 20.0, 400.0] {
            let oracle = Gamma::new(shape, 1.0).unwrap();
            for i in 1..200 {
                let p = f64::from(i) / 200.0;
                let x = gamma_quantile(p, shape);
                assert!(
                    (oracle.cdf(x) - p).abs() < 1e-9,
                    "shape {shape}, p {p}: {x}"
                );
                assert!(
                    (gamma_cdf(x, shape) - p).abs() < 1e-12,
                    "shape {shape}, p {p}: {x}"
                );
            }
        }
    }

    #[test]
    fn an_exponential_is_a_gamma_of_shape_one() {
        for i in 1..100 {
            let p = f64::from(i) / 100.0;
            assert!((gamma_quantile(p, 1.0) - exponential_quantile(p)).abs() < 1e-13);
        }
        assert_eq!(gamma_quantile(0.0, 2.0), 0.0);
        assert_eq!(gamma_quantile(1.0, 2.0), f64::INFINITY);
    }

    #[test]
    fn the_tails_hold() {
        for shape in [0.05, 0.5, 3.0, 1000.0] {
            for p in [1e-12, 1e-6, 1.0 - 1e-6, 1.0 - 1e-12] {
                let x = gamma_quantile(p, shape);
                let back = gamma_cdf(x, shape);
                assert!(
                    (back - p).abs() < 1e-9 * p.max(1e-3) + 1e-15,
                    "{shape} {p} {x} {back}"
                );
            }
        }
    }
}
