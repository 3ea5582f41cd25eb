//! Work over a range of indices on many threads, in pieces that do not depend on their number.

use std::ops::Range;

use rayon::prelude::*;

use super::pool::in_pool;

/// What `each` makes of the pieces of `0..count`, `size` indices a piece, in order. Pieces run on `threads` threads, or on all; what
/// comes back does not depend on how many.
pub fn in_ranges<T: Send>(
    count: u64,
    size: u64,
    threads: Option<usize>,
    each: impl Fn(Range<u64>) -> T + Sync + Send,
) -> Vec<T> {
    let size = size.max(1);
    let work = || {
        (0..count.div_ceil(size))
            .into_par_iter()
            .map(|piece| each(piece * size..count.min((piece + 1) * size)))
            .collect()
    };
    in_pool(threads, work)
}

#[cfg(test)]
mod tests {
    use super::in_ranges;

    #[test]
    fn pieces_come_in_order_and_cover_all() {
        for threads in [None, Some(1), Some(3)] {
            let pieces = in_ranges(10, 4, threads, |range| range);
            assert_eq!(pieces, [0..4, 4..8, 8..10]);
            assert!(in_ranges(0, 4, threads, |range| range).is_empty());
        }
    }
}
