//! The uniform number of an input in a world: a function of (seed, path, world) alone, pseudo-random or quasi-random.

use crate::philox4x32_10;

/// Independent scramblings of the quasi-random sampler. World `w` is point `w / 16` of scrambling `w % 16`, so that any
/// run has all of them and the standard error of a mean can be read off their sixteen means.
pub const SCRAMBLES: u64 = COUNT as u64;
const COUNT: usize = 16;

/// How uniform numbers are drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sampler {
    /// Independent worlds: Philox keyed by path and world.
    Pseudo,
    /// Low discrepancy in each input, padded across inputs: in every scrambling the first 2^k points of an input fall one
    /// in each of 2^k equal cells. Owen scrambling by hashing (Burley 2020, "Practical hash-based Owen scrambling", Journal
    /// of Computer Graphics Techniques 9), each path with its own shuffle of the index and its own scrambling of the digits.
    #[default]
    Quasi,
}

impl Sampler {
    /// The uniform number in (0, 1), the centre of one of 2^52 cells, of the input with `key` in `world` under `seed`.
    #[inline]
    pub fn uniform(self, seed: u64, key: u64, world: u64) -> f64 {
        match self {
            Sampler::Pseudo => uniform(seed, key, world),
            Sampler::Quasi => quasi(seed, key, world),
        }
    }
}

/// A stream of worlds: how they are drawn, and from which seed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stream {
    /// How.
    pub sampler: Sampler,
    /// From which seed.
    pub seed: u64,
}

impl Stream {
    /// The uniform number in (0, 1) of the input with `key` in `world`.
    #[inline]
    pub fn uniform(self, key: u64, world: u64) -> f64 {
        self.sampler.uniform(self.seed, key, world)
    }
}

/// What the quasi-random draws of a stream share from world to world, remembered: an input's shuffle and digits depend on
/// the scrambling, not on the point. Numbers are the same with and without it.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    seed: u64,
    /// By scrambling, then by place.
    inputs: [Vec<(u64, Scrambling)>; COUNT],
}

impl Memory {
    /// The uniform numbers of many inputs in `world`: `put` gets the place of each key and its number.
    pub fn uniforms(
        &mut self,
        stream: Stream,
        keys: &[u64],
        world: u64,
        mut put: impl FnMut(usize, f64),
    ) {
        if stream.sampler == Sampler::Pseudo {
            for (i, key) in keys.iter().enumerate() {
                put(i, stream.uniform(*key, world));
            }
            return;
        }
        if self.seed != stream.seed {
            *self = Self {
                seed: stream.seed,
                ..Self::default()
            };
        }
        let (scramble, point) = point(world);
        let known = &mut self.inputs[scramble as usize];
        known.reserve(keys.len().saturating_sub(known.len()));
        for (i, key) in keys.iter().enumerate() {
            if known.get(i).is_none_or(|(of, _)| of != key) {
                known.truncate(i);
                known.push((*key, Scrambling::new(stream.seed, *key, scramble)));
            }
            put(i, known[i].1.uniform(point));
        }
    }
}

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

/// The pseudo-random uniform number in (0, 1) of the input with `key` in `world` under `seed`.
#[inline]
pub fn uniform(seed: u64, key: u64, world: u64) -> f64 {
    let [w0, w1] = halves(world);
    let [s0, s1] = halves(seed);
    let [a, b, _, _] = philox4x32_10([w0, w1, s0, s1], halves(key));
    cell(u64::from(a) << 32 | u64::from(b))
}

#[inline]
fn quasi(seed: u64, key: u64, world: u64) -> f64 {
    let (scramble, point) = point(world);
    Scrambling::new(seed, key, scramble).uniform(point)
}

/// The scrambling that a world belongs to, and its point there.
#[inline]
#[expect(
    clippy::cast_possible_truncation,
    reason = "the remainder is below 16; points beyond 2^32 start over"
)]
fn point(world: u64) -> (u32, u32) {
    ((world % SCRAMBLES) as u32, (world / SCRAMBLES) as u32)
}

/// An input's own shuffle of the index and its own scrambling of the digits, in one of the scramblings.
#[derive(Clone, Copy, Debug)]
struct Scrambling {
    shuffle: u32,
    digits: u32,
    low: u32,
}

impl Scrambling {
    #[inline]
    fn new(seed: u64, key: u64, scramble: u32) -> Self {
        let [s0, s1] = halves(seed);
        // Counter words that no pseudo-random draw of this key uses: worlds stay below 2^63.
        let [shuffle, digits, low, _] = philox4x32_10([scramble, u32::MAX, s0, s1], halves(key));
        Self {
            shuffle,
            digits,
            low,
        }
    }

    #[inline]
    fn uniform(self, point: u32) -> f64 {
        let shuffled = permute(point.reverse_bits(), self.shuffle);
        let scrambled = permute(shuffled.reverse_bits(), self.digits).reverse_bits();
        // 32 bits are stratified; the rest fill the cell, with a hash of their own.
        let fill = permute(point ^ self.low, self.low ^ self.digits);
        cell(u64::from(scrambled) << 32 | u64::from(fill))
    }
}

/// A hash in which each bit depends on the bits below it alone, so that on reversed digits it is an Owen scrambling. The
/// constants are those of Vegdahl (2021), which mix better than Laine and Karras's (2011).
#[inline]
fn permute(x: u32, seed: u32) -> u32 {
    let x = x ^ x.wrapping_mul(0x3d20_adea);
    let x = x.wrapping_add(seed);
    let x = x.wrapping_mul((seed >> 16) | 1);
    let x = x ^ x.wrapping_mul(0x0552_6c56);
    x ^ x.wrapping_mul(0x53a2_2864)
}

/// The centre of one of 2^52 equal cells of (0, 1): neither end can occur.
#[inline]
fn cell(bits: u64) -> f64 {
    ((bits >> 12) as f64 + 0.5) * (1.0 / (1_u64 << 52) as f64)
}

#[inline]
#[expect(
    clippy::cast_possible_truncation,
    reason = "the two halves of a 64-bit number"
)]
fn halves(x: u64) -> [u32; 2] {
    [x as u32, (x >> 32) as u32]
}

#[cfg(test)]
mod tests {
    use super::{Memory, SCRAMBLES, Sampler, Stream, path_key};

    const BOTH: [Sampler; 2] = [Sampler::Pseudo, Sampler::Quasi];

    #[test]
    fn draws_are_uniform_and_inputs_are_independent() {
        const N: u64 = 65_536;
        for sampler in BOTH {
            for (one, other) in [
                ("party.a.burden", "party.b.burden"),
                ("contest.edge", "contest.pace"),
                ("a", "b"),
            ] {
                let (a, b) = (path_key(one), path_key(other));
                let (mut sum, mut square, mut cross) = (0.0, 0.0, 0.0);
                for world in 0..N {
                    let (u, v) = (
                        sampler.uniform(7, a, world) - 0.5,
                        sampler.uniform(7, b, world) - 0.5,
                    );
                    sum += u;
                    square += u * u;
                    cross += u * v;
                }
                let n = N as f64;
                // Four standard errors of independent draws: of a mean .2887/sqrt(n), of a mean square .0745/sqrt(n), of a
                // mean product .0833/sqrt(n).
                assert!((sum / n).abs() < 4.0 * 0.2887 / n.sqrt(), "{sampler:?}");
                assert!(
                    (square / n - 1.0 / 12.0).abs() < 4.0 * 0.0745 / n.sqrt(),
                    "{sampler:?}"
                );
                assert!(
                    (cross / n).abs() < 4.0 * 0.0833 / n.sqrt(),
                    "{sampler:?}: {one} and {other}: {}",
                    cross / n
                );
            }
        }
    }

    #[test]
    fn a_draw_depends_on_seed_path_and_world_and_on_nothing_else() {
        let key = path_key("contest.edge");
        for sampler in BOTH {
            let at = |seed, key, world| sampler.uniform(seed, key, world).to_bits();
            assert_eq!(at(1, key, 3), at(1, key, 3));
            assert_ne!(at(1, key, 3), at(2, key, 3));
            assert_ne!(at(1, key, 3), at(1, key, 4));
            assert_ne!(at(1, key, 3), at(1, path_key("contest.edgf"), 3));
        }
    }

    /// The property that makes it quasi-random: every aligned block of 2^k points of a scrambling fills 2^k equal cells.
    #[test]
    fn blocks_of_points_are_stratified() {
        for path in ["contest.edge", "party.a.type.b.issue.c.value.d", ""] {
            for scramble in 0..SCRAMBLES {
                for k in [1_u32, 4, 9] {
                    let cells = 1_u64 << k;
                    for block in 0..3 {
                        let mut seen = vec![false; 1 << k];
                        for point in block * cells..(block + 1) * cells {
                            let u = Sampler::Quasi.uniform(
                                5,
                                path_key(path),
                                point * SCRAMBLES + scramble,
                            );
                            #[expect(
                                clippy::cast_possible_truncation,
                                clippy::cast_sign_loss,
                                reason = "below 2^9"
                            )]
                            let cell = (u * cells as f64) as usize;
                            assert!(
                                !std::mem::replace(&mut seen[cell], true),
                                "two points in cell {cell}"
                            );
                        }
                    }
                }
            }
        }
    }

    /// The same world is not the same point in every scrambling: each is an unbiased draw of its own.
    #[test]
    fn scramblings_are_independent() {
        let mut means = Vec::new();
        for seed in 0..200 {
            let of = |scramble: u64| Sampler::Quasi.uniform(seed, path_key("x"), scramble) - 0.5;
            means.push((0..SCRAMBLES).map(of).sum::<f64>() / SCRAMBLES as f64);
        }
        let spread = (means.iter().map(|m| m * m).sum::<f64>() / means.len() as f64).sqrt();
        // Standard deviation of a mean of 16 independent uniforms: .0722; its own error over 200: 5 %.
        assert!((spread / 0.0722 - 1.0).abs() < 0.2, "{spread}");
    }

    #[test]
    fn remembering_changes_no_number() {
        let keys: Vec<u64> = (0..9).map(|i| path_key(&format!("input.{i}"))).collect();
        let mut memory = Memory::default();
        // Seeds, samplers, worlds and inputs change in between, as they do where buffers are re-used.
        for (seed, keys) in [(1, &keys[..]), (1, &keys[2..]), (2, &keys[..5]), (0, &keys)] {
            for sampler in BOTH {
                let stream = Stream { sampler, seed };
                for world in [0, 1, 17, 16, 1_000_003, 5, 5] {
                    let mut seen = 0;
                    memory.uniforms(stream, keys, world, |i, u| {
                        let alone = stream.uniform(keys[i], world);
                        assert_eq!((i, u.to_bits()), (seen, alone.to_bits()));
                        seen += 1;
                    });
                    assert_eq!(seen, keys.len());
                }
            }
        }
    }

    /// What it is for: the error of an additive mean is far below that of independent draws.
    #[test]
    fn means_of_sums_are_far_more_exact() {
        const N: u64 = 4096;
        let keys: Vec<u64> = (0..20).map(|i| path_key(&format!("input.{i}"))).collect();
        let error = |sampler: Sampler| {
            let squares = (0..12).map(|seed| {
                let of = |world| {
                    keys.iter()
                        .map(|key| sampler.uniform(seed, *key, world) - 0.5)
                        .sum::<f64>()
                };
                let mean = (0..N).map(of).sum::<f64>() / N as f64;
                mean * mean
            });
            (squares.sum::<f64>() / 12.0).sqrt()
        };
        let (pseudo, quasi) = (error(Sampler::Pseudo), error(Sampler::Quasi));
        assert!(quasi < pseudo / 20.0, "pseudo {pseudo}, quasi {quasi}");
    }
}
