//! Expectations over a standard normal number by evenly spaced points.

/// Standard deviations that the points reach; beyond lies less than 1e-16 of the weight.
const REACH: f64 = 8.5;

/// (z, weight) with Σ weight f(z) ≈ E f(Z), Z standard normal: `count` points evenly spaced from −8.5 to 8.5, weights in
/// proportion to the density and summing to 1. For a smooth f the error dies like e^(−2π²/h²) in the distance h of the points
/// (Trefethen and Weideman 2014, "The exponentially convergent trapezoidal rule", SIAM Review 56), and bends of f do no more
/// harm than their size times h².
pub fn normal_points(count: usize) -> impl Iterator<Item = (f64, f64)> + Clone {
    let last = count.max(2) - 1;
    let z = move |k: usize| REACH * (2.0 * k as f64 / last as f64 - 1.0);
    let density = |z: f64| libm::exp(-0.5 * z * z);
    let total: f64 = (0..=last).map(|k| density(z(k))).sum();
    (0..=last).map(move |k| (z(k), density(z(k)) / total))
}

#[cfg(test)]
mod tests {
    use super::normal_points;

    #[test]
    fn moments_and_exponentials_to_many_digits() {
        let mean =
            |f: &dyn Fn(f64) -> f64| -> f64 { normal_points(25).map(|(z, w)| w * f(z)).sum() };
        assert!((mean(&|_| 1.0) - 1.0).abs() < 1e-14);
        assert!(mean(&|z| z).abs() < 1e-14);
        assert!((mean(&|z| z * z) - 1.0).abs() < 1e-8);
        assert!((mean(&|z| z * z * z * z) - 3.0).abs() < 1e-6);
        // E e^(aZ) = e^(a²/2), as hazards have it.
        for a in [0.1, 0.5, 1.0] {
            let exact = libm::exp(a * a / 2.0);
            assert!(
                (mean(&|z| libm::exp(a * z)) - exact).abs() < 1e-7 * exact,
                "{a}"
            );
        }
    }

    #[test]
    fn bends_cost_the_square_of_the_distance() {
        // E max(Z − b, 0) = φ(b) − b(1 − Φ(b)).
        for count in [41, 101] {
            let h = 17.0 / (count as f64 - 1.0);
            for b in [-1.3, 0.05, 0.7] {
                let found: f64 = normal_points(count)
                    .map(|(z, w)| w * (z - b).max(0.0))
                    .sum();
                let exact = crate::normal_pdf(b) - b * (1.0 - crate::normal_cdf(b));
                assert!((found - exact).abs() < 0.05 * h * h, "{count}, {b}");
            }
        }
    }
}
