//! E(x − b)⁺ for a normal x, from a table.
//!
//! For x ~ N(b + a, s²), E(x − b)⁺ = a⁺ + s·G(|a|/s) with G(z) = φ(z) − z(1 − Φ(z)): the hinge as if there were no chance, and what
//! chance adds near it. G'' = φ, so that Taylor's polynomial of the fifth degree needs one normal cdf a place; at half the distance of
//! 1/32 its error, |G⁽⁶⁾|/6!·(1/64)⁶ with G⁽⁶⁾ = (z⁴ − 6z² + 3)φ, is below 3·10⁻¹⁴.

use detente_math::normal_cdf_and_pdf;

/// Standard deviations from a knot beyond which chance adds nothing: G(6.5) is 6·10⁻¹².
pub(super) const FAR: f64 = 6.5;
/// Places a standard deviation.
const PLACES: f64 = 32.0;
/// All places: `FAR · PLACES`.
const COUNT: usize = 208;

/// G near each place, by powers of the distance from it.
#[derive(Clone, Debug)]
pub(super) struct Correction(Vec<[f64; 6]>);

impl Default for Correction {
    fn default() -> Self {
        let place = |i: usize| {
            let z = (i as f64 + 0.5) / PLACES;
            let (above, density) = normal_cdf_and_pdf(-z);
            [
                density - z * above,
                -above,
                density / 2.0,
                -z * density / 6.0,
                (z * z - 1.0) * density / 24.0,
                (3.0 - z * z) * z * density / 120.0,
            ]
        };
        Self((0..COUNT).map(place).collect())
    }
}

impl Correction {
    /// G(z), for z from 0 to [`FAR`].
    #[inline]
    fn at(&self, z: f64) -> f64 {
        let x = z * PLACES;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "below the number of places, and held there"
        )]
        let place = (x as u32 as usize).min(COUNT - 1);
        let off = (x - place as f64 - 0.5) * (1.0 / PLACES);
        let [a, b, c, d, e, f] = self.0[place];
        a + off * (b + off * (c + off * (d + off * (e + off * f))))
    }

    /// E(x − b)⁺ where x has this spread, and one over it, and its mean lies so far ahead of b.
    #[inline]
    pub(super) fn above(&self, ahead: f64, spread: f64, sharpness: f64) -> f64 {
        let hinge = ahead.max(0.0);
        let z = ahead.abs() * sharpness;
        // Without spread z is infinite, or no number where the line is at the knot.
        if z < FAR {
            hinge + spread * self.at(z)
        } else {
            hinge
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Correction, FAR};
    use detente_math::{normal_cdf, normal_pdf};

    #[test]
    fn the_table_is_the_formula() {
        let table = Correction::default();
        let mut most: f64 = 0.0;
        for k in -20_000..=20_000 {
            let ahead = f64::from(k) * 5e-4;
            let exact = ahead * normal_cdf(ahead) + normal_pdf(ahead);
            let found = table.above(ahead, 1.0, 1.0);
            let error = (found - exact).abs();
            assert!(
                error < if ahead.abs() < FAR { 1e-13 } else { 7e-12 },
                "{ahead}: {error}"
            );
            most = most.max(error);
        }
        assert!(most > 0.0);
        // No spread: the hinge itself.
        for ahead in [-2.0, 0.0, 3.0_f64] {
            let found = table.above(ahead, 0.0, f64::INFINITY);
            assert_eq!(found, ahead.max(0.0));
        }
    }
}
