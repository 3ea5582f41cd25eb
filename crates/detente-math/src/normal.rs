//! The standard normal distribution.

use std::f64::consts::{FRAC_1_SQRT_2, PI};

/// P(Z ≤ z).
#[inline]
pub fn normal_cdf(z: f64) -> f64 {
    0.5 * libm::erfc(-z * FRAC_1_SQRT_2)
}

/// Density at z.
#[inline]
pub fn normal_pdf(z: f64) -> f64 {
    libm::exp(-0.5 * z * z) / (2.0 * PI).sqrt()
}

/// P(Z ≤ z) and the density at z from one exponential, for loops over many months: to 15 places, as
/// sums of points need them, and not to as many digits of a small tail.
///
/// Hart, J. F. and others (1968), Computer Approximations, algorithm 5666; beyond 7.07 the continued fraction of Mills's
/// ratio; as in West, G. (2005), "Better approximations to cumulative normal functions", Wilmott.
#[inline]
pub fn normal_cdf_and_pdf(z: f64) -> (f64, f64) {
    const ROOT_OF_TWO_PI: f64 = 2.506_628_274_631_000_5;
    let x = z.abs();
    // Beyond, the tail is below the least positive number.
    if x > 38.5 {
        return (if z > 0.0 { 1.0 } else { 0.0 }, 0.0);
    }
    let e = libm::exp(-0.5 * x * x);
    let tail = if x < 7.071_067_811_865_475 {
        let above = TAIL.0.iter().fold(0.0, |sum, c| sum * x + c);
        let below = TAIL.1.iter().fold(0.0, |sum, c| sum * x + c);
        e * above / below
    } else {
        e / (x + 1.0 / (x + 2.0 / (x + 3.0 / (x + 4.0 / (x + 0.65))))) / ROOT_OF_TWO_PI
    };
    let below = if z > 0.0 { 1.0 - tail } else { tail };
    (below, e / ROOT_OF_TWO_PI)
}

/// Coefficients of Hart's 5666, highest power first.
const TAIL: ([f64; 7], [f64; 8]) = (
    [
        3.526_249_659_989_11e-2,
        0.700_383_064_443_688,
        6.373_962_203_531_65,
        33.912_866_078_383,
        112.079_291_497_871,
        221.213_596_169_931,
        220.206_867_912_376,
    ],
    [
        8.838_834_764_831_84e-2,
        1.755_667_163_182_64,
        16.064_177_579_207,
        86.780_732_202_946_1,
        296.564_248_779_674,
        637.333_633_378_831,
        793.826_512_519_948,
        440.413_735_824_752,
    ],
);

/// The z with P(Z ≤ z) = p, to about 16 digits; minus and plus infinity at 0 and 1, NaN outside.
///
/// Wichura, M. J. (1988), "Algorithm AS 241: the percentage points of the normal distribution", Applied Statistics 37,
/// routine PPND16.
pub fn normal_quantile(p: f64) -> f64 {
    let q = p - 0.5;
    if q.abs() <= 0.425 {
        return central(q);
    }
    let tail = if q < 0.0 { p } else { 1.0 - p };
    if tail <= 0.0 || tail.is_nan() {
        return if tail < 0.0 {
            f64::NAN
        } else {
            tail + f64::INFINITY.copysign(q)
        };
    }
    let r = (-libm::log(tail)).sqrt();
    let (shape, r) = if r <= 5.0 {
        (&MIDDLE, r - 1.6)
    } else {
        (&FAR, r - 5.0)
    };
    (horner(&shape.0, r) / horner(&shape.1, r)).copysign(q)
}

/// The quantile at ½ + q, where |q| is at most 0.425.
#[inline]
fn central(q: f64) -> f64 {
    let r = 0.180_625 - q * q;
    q * horner(&CENTRE.0, r) / horner(&CENTRE.1, r)
}

/// Probabilities become quantiles: the numbers of [`normal_quantile`], several at a time.
pub(crate) fn normal_quantiles(numbers: &mut [f64]) {
    let (groups, rest) = numbers.as_chunks_mut::<8>();
    for group in groups {
        let probabilities = *group;
        *group = probabilities.map(|p| central(p - 0.5));
        for (z, p) in group.iter_mut().zip(probabilities) {
            if (p - 0.5).abs() > 0.425 {
                *z = normal_quantile(p);
            }
        }
    }
    for p in rest {
        *p = normal_quantile(*p);
    }
}

#[inline]
fn horner(coefficients: &[f64; 8], x: f64) -> f64 {
    coefficients.iter().rev().fold(0.0, |sum, c| sum * x + c)
}

type Rational = ([f64; 8], [f64; 8]);

#[rustfmt::skip]
#[expect(clippy::excessive_precision, reason = "as published")]
const CENTRE: Rational = (
    [3.387_132_872_796_366_608, 1.331_416_678_917_843_774_5e2, 1.971_590_950_306_551_442_7e3, 1.373_169_376_550_946_112_5e4,
     4.592_195_393_154_987_145_7e4, 6.726_577_092_700_870_085_3e4, 3.343_057_558_358_812_810_5e4, 2.509_080_928_730_122_672_7e3],
    [1.0, 4.231_333_070_160_091_125_2e1, 6.871_870_074_920_579_083e2, 5.394_196_021_424_751_107_7e3,
     2.121_379_430_158_659_586_7e4, 3.930_789_580_009_271_061e4, 2.872_908_573_572_194_267_4e4, 5.226_495_278_852_545_261e3],
);
#[rustfmt::skip]
#[expect(clippy::excessive_precision, reason = "as published")]
const MIDDLE: Rational = (
    [1.423_437_110_749_683_577_34, 4.630_337_846_156_545_295_9, 5.769_497_221_460_691_405_5, 3.647_848_324_763_204_605_04,
     1.270_458_252_452_368_382_58, 2.417_807_251_774_506_117_7e-1, 2.272_384_498_926_918_458_33e-2, 7.745_450_142_783_414_076_4e-4],
    [1.0, 2.053_191_626_637_758_821_87, 1.676_384_830_183_803_849_4, 6.897_673_349_851_000_045_5e-1,
     1.481_039_764_274_800_745_9e-1, 1.519_866_656_361_645_719_66e-2, 5.475_938_084_995_344_946e-4, 1.050_750_071_644_416_843_24e-9],
);
#[rustfmt::skip]
#[expect(clippy::excessive_precision, reason = "as published")]
const FAR: Rational = (
    [6.657_904_643_501_103_777_2, 5.463_784_911_164_114_369_9, 1.784_826_539_917_291_335_8, 2.965_605_718_285_048_912_3e-1,
     2.653_218_952_657_612_309_3e-2, 1.242_660_947_388_078_438_6e-3, 2.711_555_568_743_487_578_15e-5, 2.010_334_399_292_288_132_65e-7],
    [1.0, 5.998_322_065_558_879_376_9e-1, 1.369_298_809_227_358_053_1e-1, 1.487_536_129_085_061_485_25e-2,
     7.868_691_311_456_132_591e-4, 1.846_318_317_510_054_681_8e-5, 1.421_511_758_316_445_888_7e-7, 2.044_263_103_389_939_785_64e-15],
);

#[cfg(test)]
mod tests {
    use super::{normal_cdf, normal_cdf_and_pdf, normal_pdf, normal_quantile};
    use statrs::distribution::{Continuous, ContinuousCDF, Normal};

    #[test]
    fn agrees_with_statrs_on_a_grid() {
        let oracle = Normal::standard();
        for i in 1..4000 {
            let p = f64::from(i) / 4000.0;
            assert!(
                (normal_quantile(p) - oracle.inverse_cdf(p)).abs() < 1e-9,
                "p = {p}"
            );
            let z = f64::from(i - 2000) / 250.0;
            assert!((normal_cdf(z) - oracle.cdf(z)).abs() < 1e-10, "z = {z}");
            assert!((normal_pdf(z) - oracle.pdf(z)).abs() < 1e-15, "z = {z}");
        }
    }

    #[test]
    fn both_at_once_agree_with_each_alone() {
        for i in -40_000..=40_000 {
            let z = f64::from(i) / 1000.0;
            let (cdf, pdf) = normal_cdf_and_pdf(z);
            assert!((cdf - normal_cdf(z)).abs() <= 2e-15, "z = {z}: {cdf}");
            assert!(
                (pdf - normal_pdf(z)).abs() <= 1e-15 * pdf + 1e-300,
                "z = {z}"
            );
        }
        assert_eq!(normal_cdf_and_pdf(f64::INFINITY), (1.0, 0.0));
        assert_eq!(normal_cdf_and_pdf(f64::NEG_INFINITY), (0.0, 0.0));
    }

    #[test]
    fn wichuras_own_check_values_and_the_ends() {
        // AS 241, table of test values.
        assert!((normal_quantile(0.25) + 0.674_489_750_196_081_7).abs() < 1e-15);
        assert!((normal_quantile(0.001) + 3.090_232_306_167_813_5).abs() < 1e-14);
        assert!((normal_quantile(1e-20) + 9.262_340_089_798_409).abs() < 1e-13);
        assert_eq!(normal_quantile(0.5), 0.0);
        assert_eq!(normal_quantile(0.0), f64::NEG_INFINITY);
        assert_eq!(normal_quantile(1.0), f64::INFINITY);
        assert!(
            normal_quantile(1.5).is_nan()
                && normal_quantile(-0.5).is_nan()
                && normal_quantile(f64::NAN).is_nan()
        );
    }

    #[test]
    fn quantile_inverts_the_cdf_far_into_the_tails() {
        for i in 0..=160 {
            let z = -8.0 + f64::from(i) * 0.05;
            let back = normal_quantile(normal_cdf(z));
            assert!((back - z).abs() < 1e-9 || z > 5.0, "{z} -> {back}");
        }
    }
}
