//! The exponential function, bit for bit that of `libm`, without the branches that draws cannot predict.
//!
//! The method and its constants are those of `libm::exp`, which comes from FreeBSD's `e_exp.c`: Copyright (C) 2004 by Sun
//! Microsystems, Inc. Permission to use, copy, modify, and distribute this software is freely granted, provided that this
//! notice is preserved.

const LN2_HIGH: f64 = f64::from_bits(0x3fe6_2e42_fee0_0000);
const LN2_LOW: f64 = f64::from_bits(0x3dea_39ef_3579_3c76);
const INVERSE_LN2: f64 = f64::from_bits(0x3ff7_1547_652b_82fe);
const P1: f64 = f64::from_bits(0x3fc5_5555_5555_553e);
const P2: f64 = f64::from_bits(0xbf66_c16c_16be_bd93);
const P3: f64 = f64::from_bits(0x3f11_566a_af25_de2c);
const P4: f64 = f64::from_bits(0xbebb_bd41_c5d2_6bf1);
const P5: f64 = f64::from_bits(0x3e66_3769_72be_a4d0);

/// The same number as `libm::exp`.
#[inline]
pub(crate) fn exp(x: f64) -> f64 {
    if usual(x) { kernel(x) } else { libm::exp(x) }
}

/// Numbers become their exponentials, several at a time.
pub(crate) fn exps(numbers: &mut [f64]) {
    let (groups, rest) = numbers.as_chunks_mut::<4>();
    for group in groups {
        *group = if group.iter().all(|x| usual(*x)) {
            group.map(kernel)
        } else {
            group.map(exp)
        };
    }
    for x in rest {
        *x = exp(*x);
    }
}

/// The upper word without the sign, by which libm tells its cases apart.
#[inline]
fn size(x: f64) -> u32 {
    (x.abs().to_bits() >> 32) as u32
}

/// Is its size from 2^-28 to 704, so that no result is subnormal? Hardly anything else is ever drawn.
#[inline]
fn usual(x: f64) -> bool {
    size(x).wrapping_sub(0x3e30_0001) <= 0x4086_0000 - 0x3e30_0001
}

#[inline]
fn kernel(x: f64) -> f64 {
    // x = k ln 2 + r with r in [-½ ln 2, ½ ln 2].
    let nearest = INVERSE_LN2 * x + 0.5_f64.copysign(x);
    let nearest = if size(x) > 0x3fd6_2e42 { nearest } else { 0.0 };
    #[expect(clippy::cast_possible_truncation, reason = "towards zero, below 2^10")]
    let k = nearest as i32;
    let high = x - f64::from(k) * LN2_HIGH;
    let low = f64::from(k) * LN2_LOW;
    let r = high - low;
    let rr = r * r;
    let c = r - rr * (P1 + rr * (P2 + rr * (P3 + rr * (P4 + rr * P5))));
    let y = 1.0 + (r * c / (2.0 - c) - low + high);
    // Times 2^k: exact.
    y * f64::from_bits(u64::from((1023 + k).cast_unsigned()) << 52)
}

#[cfg(test)]
mod tests {
    use super::{exp, exps};
    use proptest::prelude::*;

    fn same(x: f64) {
        let (ours, theirs) = (exp(x), libm::exp(x));
        assert!(
            ours.to_bits() == theirs.to_bits() || ours.is_nan() && theirs.is_nan(),
            "{x:e} ({:#x}): {ours:e}, not {theirs:e}",
            x.to_bits()
        );
    }

    fn both_signs(x: f64) {
        same(x);
        same(-x);
    }

    #[test]
    fn the_bits_of_libm_on_a_grid() {
        for i in 0..2_000_000 {
            both_signs(f64::from(i) * 3.7e-4);
            both_signs(f64::from(i) * 1.3e-6);
        }
    }

    #[test]
    fn several_at_a_time_are_the_same() {
        let numbers: Vec<f64> = (0..4003).map(|i| f64::from(i - 2000) * 0.4).collect();
        let mut results = numbers.clone();
        exps(&mut results);
        for (x, y) in numbers.iter().zip(results) {
            assert_eq!(y.to_bits(), libm::exp(*x).to_bits(), "{x}");
        }
    }

    /// On both sides of every bound that either code has.
    #[test]
    fn the_bits_of_libm_where_cases_meet() {
        let half = 0.5 * std::f64::consts::LN_2;
        let words = [
            0x3e30_0000_u64,
            0x3e30_0001,
            0x3fd6_2e42,
            0x3fd6_2e43,
            0x3ff0_a2b2,
            0x3ff0_a2b3,
        ];
        let far = [
            0x4086_0000,
            0x4086_0001,
            0x4086_232b,
            0x4086_232c,
            0x4086_2e43,
        ];
        let words = words
            .into_iter()
            .chain(far)
            .map(|word| f64::from_bits(word << 32));
        let turns = (0..2100).map(|k| f64::from(k) * half);
        for x in words.chain(turns) {
            for step in 0..2000 {
                both_signs(f64::from_bits(x.to_bits().wrapping_add(step)));
                both_signs(f64::from_bits(x.to_bits().saturating_sub(step)));
            }
        }
        for x in [
            0.0,
            f64::MIN_POSITIVE,
            5e-324,
            1e-9,
            709.8,
            745.2,
            1e9,
            f64::MAX,
            f64::INFINITY,
            f64::NAN,
        ] {
            both_signs(x);
        }
    }

    proptest! {
        #[test]
        fn the_bits_of_libm_anywhere(bits: u64) {
            same(f64::from_bits(bits));
        }
    }
}
