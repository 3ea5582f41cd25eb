//! Gauss-Hermite quadrature for expectations over a standard normal.

use std::sync::OnceLock;

/// Nodes: exact for polynomials up to degree 29, and to many digits for the exponentials of hazards.
const NODES: usize = 15;

/// (z, weight) with Σ weight f(z) ≈ E f(Z), Z standard normal; weights sum to 1. Golub & Welsch's nodes, found by Newton's
/// method on the Hermite polynomials (Press et al. 2007, section 4.6).
pub fn normal_nodes() -> &'static [(f64, f64); NODES] {
    static KNOWN: OnceLock<[(f64, f64); NODES]> = OnceLock::new();
    KNOWN.get_or_init(|| {
        let mut nodes = [(0.0, 0.0); NODES];
        let n = NODES as f64;
        let mut z: f64 = 0.0;
        for i in 0..NODES.div_ceil(2) {
            // First guesses of the roots, greatest first, for the weight e^(-x²).
            z = match i {
                0 => (2.0 * n + 1.0).sqrt() - 1.85575 * libm::pow(2.0 * n + 1.0, -1.0 / 6.0),
                1 => z - 1.14 * libm::pow(n, 0.426) / z,
                2 => 1.86 * z - 0.86 * nodes[0].0,
                3 => 1.91 * z - 0.91 * nodes[1].0,
                i => 2.0 * z - nodes[i - 2].0,
            };
            let mut slope = 1.0;
            for _ in 0..50 {
                let (value, derivative) = hermite(z);
                slope = derivative;
                let step = value / derivative;
                z -= step;
                if step.abs() < 1e-15 {
                    break;
                }
            }
            nodes[i] = (z, 2.0 / (slope * slope));
            nodes[NODES - 1 - i] = (-z, nodes[i].1);
        }
        // From the weight e^(-x²) to the standard normal's.
        let root_pi = std::f64::consts::PI.sqrt();
        nodes.map(|(z, w)| (z * std::f64::consts::SQRT_2, w / root_pi))
    })
}

/// The orthonormal Hermite polynomial of the last degree, and its derivative.
fn hermite(z: f64) -> (f64, f64) {
    let mut last = 0.0;
    let mut here = libm::pow(std::f64::consts::PI, -0.25);
    for j in 0..NODES {
        let j = j as f64;
        let next = z * (2.0 / (j + 1.0)).sqrt() * here - (j / (j + 1.0)).sqrt() * last;
        last = here;
        here = next;
    }
    (here, (2.0 * NODES as f64).sqrt() * last)
}

#[cfg(test)]
mod tests {
    use super::normal_nodes;

    fn expect(f: impl Fn(f64) -> f64) -> f64 {
        normal_nodes().iter().map(|(z, w)| w * f(*z)).sum()
    }

    #[test]
    fn moments_and_exponentials_of_a_standard_normal() {
        for (power, moment) in [
            (0, 1.0),
            (1, 0.0),
            (2, 1.0),
            (4, 3.0),
            (6, 15.0),
            (8, 105.0),
        ] {
            let found = expect(|z| (0..power).map(|_| z).product());
            assert!((found - moment).abs() < 1e-10, "moment {power}: {found}");
        }
        for s in [0.1, 0.5, 1.0] {
            let found = expect(|z| libm::exp(s * z));
            assert!(
                (found / libm::exp(0.5 * s * s) - 1.0).abs() < 1e-12,
                "{s}: {found}"
            );
        }
    }
}
