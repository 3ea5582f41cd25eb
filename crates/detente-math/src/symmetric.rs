//! Eigenvalues of small symmetric matrices.

/// Eigenvalues of a symmetric matrix of `n` rows, given row by row, and eigenvectors in columns: Jacobi's rotations (Golub & Van Loan 2013,
/// section 8.5). In no order; errors are about 1e-13 of the largest entry.
pub fn symmetric_eigen(cells: &[f64], n: usize) -> (Vec<f64>, Vec<f64>) {
    /// Sweeps: convergence is quadratic, and ten do for any size met here.
    const SWEEPS: usize = 60;
    let mut a = cells.to_vec();
    let mut v = vec![0.0; n * n];
    for i in 0..n {
        v[i * n + i] = 1.0;
    }
    for _ in 0..SWEEPS {
        let off: f64 = (0..n)
            .flat_map(|i| (0..i).map(move |j| (i, j)))
            .map(|(i, j)| a[i * n + j] * a[i * n + j])
            .sum();
        if off < 1e-26 {
            break;
        }
        for p in 0..n {
            for q in p + 1..n {
                let apq = a[p * n + q];
                if apq == 0.0 {
                    continue;
                }
                let theta = (a[q * n + q] - a[p * n + p]) / (2.0 * apq);
                let t = 1.0_f64.copysign(theta) / (theta.abs() + (theta * theta + 1.0).sqrt());
                let c = 1.0 / (t * t + 1.0).sqrt();
                let s = t * c;
                for k in 0..n {
                    let (x, y) = (a[k * n + p], a[k * n + q]);
                    a[k * n + p] = c * x - s * y;
                    a[k * n + q] = s * x + c * y;
                }
                for k in 0..n {
                    let (x, y) = (a[p * n + k], a[q * n + k]);
                    a[p * n + k] = c * x - s * y;
                    a[q * n + k] = s * x + c * y;
                }
                for k in 0..n {
                    let (x, y) = (v[k * n + p], v[k * n + q]);
                    v[k * n + p] = c * x - s * y;
                    v[k * n + q] = s * x + c * y;
                }
            }
        }
    }
    ((0..n).map(|i| a[i * n + i]).collect(), v)
}

#[cfg(test)]
mod tests {
    use super::symmetric_eigen;

    #[test]
    fn a_matrix_with_known_eigenvalues() {
        // Second differences: 2 - 2 cos(k pi / (n + 1)).
        let n = 7;
        let mut cells = vec![0.0; n * n];
        for i in 0..n {
            cells[i * n + i] = 2.0;
            if i > 0 {
                cells[i * n + i - 1] = -1.0;
                cells[(i - 1) * n + i] = -1.0;
            }
        }
        let (mut values, vectors) = symmetric_eigen(&cells, n);
        // Each vector is turned into its multiple, in the order in which they came.
        for k in 0..n {
            for i in 0..n {
                let turned: f64 = (0..n).map(|j| cells[i * n + j] * vectors[j * n + k]).sum();
                assert!((turned - values[k] * vectors[i * n + k]).abs() < 1e-12);
            }
        }
        values.sort_by(f64::total_cmp);
        for (k, value) in values.iter().enumerate() {
            let angle = std::f64::consts::PI * (k + 1) as f64 / 8.0;
            assert!((value - (2.0 - 2.0 * libm::cos(angle))).abs() < 1e-12);
        }
    }
}
