//! Singular values, given up where the method does not end: on some matrices whose entries differ by hundreds of orders of magnitude the
//! rotations of nalgebra's method make no headway.

use nalgebra::{DMatrix, Dyn, SVD};

/// Rotations go through a matrix so many times for each of its rows and columns at most; two or three for each are usual.
const SWEEPS: usize = 20;

/// The singular values of a matrix, largest first, with right singular vectors, and left ones too where they are asked for; nothing where
/// it has no entries, or entries that are not finite, or where the method does not end.
pub(crate) fn singular(matrix: DMatrix<f64>, left: bool) -> Option<SVD<f64, Dyn, Dyn>> {
    if matrix.is_empty() || !matrix.iter().all(|x| x.is_finite()) {
        return None;
    }
    let most = SWEEPS * (matrix.nrows() + matrix.ncols());
    matrix.try_svd(left, true, 5.0 * f64::EPSILON, most)
}

#[cfg(test)]
mod tests {
    use nalgebra::DMatrix;

    use super::singular;

    #[test]
    fn singular_values_are_found_where_there_are_any() {
        let found = singular(
            DMatrix::from_row_slice(2, 3, &[3.0, 0.0, 0.0, 0.0, 4.0, 0.0]),
            true,
        );
        let values = found.unwrap().singular_values;
        assert!((values[0] - 4.0).abs() < 1e-14 && (values[1] - 3.0).abs() < 1e-14);
        assert!(singular(DMatrix::zeros(4, 4), true).is_some());
        assert!(singular(DMatrix::zeros(0, 4), true).is_none());
        assert!(singular(DMatrix::from_element(2, 2, f64::NAN), false).is_none());
    }

    /// What is far apart is given up or found, and always ends.
    #[test]
    fn entries_of_any_size_come_to_an_end() {
        for n in [5, 12, 40] {
            for far in [1e-300, 1e-160, 1e-20, 1e150, 1e300] {
                let entry = |i: usize, j: usize| {
                    let x = 1.0 / ((i * 7 + j * 3) % 11 + 1) as f64;
                    if (i + j).is_multiple_of(3) {
                        x * far
                    } else if i == j {
                        x
                    } else {
                        0.0
                    }
                };
                let found = singular(DMatrix::from_fn(n, n, entry), true);
                let ended = found.is_none_or(|found| found.singular_values.len() == n);
                assert!(ended, "{n} {far}");
            }
        }
    }
}
