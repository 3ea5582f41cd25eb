//! The shortest solution of a few linear equations.

/// Rows whose part at right angles to those before is a smaller share than this of the row say nothing new.
const RANK: f64 = 1e-9;

/// The shortest x with `rows · x = right`, written into `solution`; `columns` numbers a row. Equations that repeat others, up to a
/// share of 1e-9, are left out: where equilibria form a continuum, x then goes to the nearest of them. Overwrites `rows` and `right`.
///
/// Rows are made orthogonal one by one, the longest remaining first (Gram and Schmidt, twice is enough: Giraud, Langou and
/// Rozložník 2005), so that no square of the condition enters.
pub(super) fn shortest(rows: &mut [f64], right: &mut [f64], columns: usize, solution: &mut [f64]) {
    let count = right.len();
    solution[..columns].fill(0.0);
    if columns == 0 {
        return;
    }
    for row in 0..count {
        let here = &mut rows[row * columns..][..columns];
        let norm = length(here);
        if norm > 0.0 {
            scale(here, 1.0 / norm);
            right[row] /= norm;
        }
    }
    for at in 0..count {
        let mut longest = (at, 0.0);
        for row in at..count {
            let norm = length(&rows[row * columns..][..columns]);
            if norm > longest.1 {
                longest = (row, norm);
            }
        }
        if longest.1 < RANK {
            return;
        }
        if longest.0 != at {
            let (before, after) = rows.split_at_mut(longest.0 * columns);
            before[at * columns..][..columns].swap_with_slice(&mut after[..columns]);
            right.swap(at, longest.0);
        }
        let (done, rest) = rows.split_at_mut((at + 1) * columns);
        let pivot = &mut done[at * columns..];
        scale(pivot, 1.0 / longest.1);
        right[at] /= longest.1;
        for (x, pivot) in solution.iter_mut().zip(pivot.iter()) {
            *x += right[at] * pivot;
        }
        for (row, here) in rest
            .chunks_exact_mut(columns)
            .take(count - at - 1)
            .enumerate()
        {
            for _ in 0..2 {
                let along = dot(here, pivot);
                for (x, pivot) in here.iter_mut().zip(pivot.iter()) {
                    *x -= along * pivot;
                }
                right[at + 1 + row] -= along * right[at];
            }
        }
    }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn length(a: &[f64]) -> f64 {
    dot(a, a).sqrt()
}

fn scale(a: &mut [f64], by: f64) {
    for x in a {
        *x *= by;
    }
}

#[cfg(test)]
mod tests {
    use super::shortest;

    #[test]
    fn the_shortest_of_many_solutions() {
        // x + y + z = 3, x - y = 0, and the first again, doubled.
        let mut rows = [1.0, 1.0, 1.0, 1.0, -1.0, 0.0, 2.0, 2.0, 2.0];
        let mut x = [0.0; 3];
        shortest(&mut rows, &mut [3.0, 0.0, 6.0], 3, &mut x);
        assert!(x.iter().all(|x| (x - 1.0).abs() < 1e-15), "{x:?}");
    }

    #[test]
    fn a_square_system_is_solved() {
        let mut rows = [2.0, 1.0, 1.0, 3.0];
        let mut x = [0.0; 2];
        shortest(&mut rows, &mut [3.0, 5.0], 2, &mut x);
        assert!(
            (x[0] - 0.8).abs() < 1e-15 && (x[1] - 1.4).abs() < 1e-15,
            "{x:?}"
        );
    }
}
