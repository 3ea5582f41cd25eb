//! Keyed draws: the uniform number of an input in a world depends on (seed, path, world) alone.

use crate::philox4x32_10;

/// The 64-bit key of an input's path: FNV-1a (Fowler, Noll & Vo), finished with the mixer of `SplitMix64` (Steele, Lea &
/// Flood 2014) because FNV's high bits are weak on short texts.
pub fn path_key(path: &str) -> u64 {
    let fnv = path.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    let z = (fnv ^ (fnv >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// The uniform number in (0, 1) of the input with `key` in `world` under `seed`: the centre of one of 2^52 equal cells, so
/// neither end can occur.
#[inline]
pub fn uniform(seed: u64, key: u64, world: u64) -> f64 {
    let [w0, w1] = halves(world);
    let [s0, s1] = halves(seed);
    let [a, b, _, _] = philox4x32_10([w0, w1, s0, s1], halves(key));
    let bits = (u64::from(a) << 32 | u64::from(b)) >> 12;
    (bits as f64 + 0.5) * (1.0 / (1_u64 << 52) as f64)
}

#[inline]
#[expect(clippy::cast_possible_truncation, reason = "the two halves of a 64-bit number")]
fn halves(x: u64) -> [u32; 2] {
    [x as u32, (x >> 32) as u32]
}

#[cfg(test)]
mod tests {
    use super::{path_key, uniform};

    #[test]
    fn draws_are_uniform_and_inputs_are_independent() {
        const N: u64 = 40_000;
        let (a, b) = (path_key("party.a.burden"), path_key("party.b.burden"));
        let (mut sum, mut square, mut cross) = (0.0, 0.0, 0.0);
        for world in 0..N {
            let (u, v) = (uniform(7, a, world) - 0.5, uniform(7, b, world) - 0.5);
            sum += u;
            square += u * u;
            cross += u * v;
        }
        let n = N as f64;
        // Four standard errors: of a mean .2887/sqrt(n), of a mean square .0745/sqrt(n), of a mean product .0833/sqrt(n).
        assert!((sum / n).abs() < 4.0 * 0.2887 / n.sqrt());
        assert!((square / n - 1.0 / 12.0).abs() < 4.0 * 0.0745 / n.sqrt());
        assert!((cross / n).abs() < 4.0 * 0.0833 / n.sqrt());
    }

    #[test]
    fn a_draw_depends_on_seed_path_and_world_and_on_nothing_else() {
        let key = path_key("contest.edge");
        assert_eq!(uniform(1, key, 3).to_bits(), uniform(1, key, 3).to_bits());
        assert_ne!(uniform(1, key, 3).to_bits(), uniform(2, key, 3).to_bits());
        assert_ne!(uniform(1, key, 3).to_bits(), uniform(1, key, 4).to_bits());
        assert_ne!(uniform(1, key, 3).to_bits(), uniform(1, path_key("contest.edgf"), 3).to_bits());
    }
}
