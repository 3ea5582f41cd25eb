//! Correlations of numbers that are drawn together, and the nearest that any numbers can have.

/// A symmetric matrix with ones on its diagonal.
#[derive(Clone, Debug, PartialEq)]
pub struct Correlation {
    n: usize,
    /// Row by row.
    cells: Vec<f64>,
}

/// Least eigenvalue kept: below it the factor would lose half its digits.
const LEAST_EIGENVALUE: f64 = 1e-8;

impl Correlation {
    /// Nothing moves together.
    pub fn identity(n: usize) -> Self {
        let mut cells = vec![0.0; n * n];
        for i in 0..n {
            cells[i * n + i] = 1.0;
        }
        Self { n, cells }
    }

    /// Sets the correlation of two numbers, both ways round.
    pub fn set(&mut self, i: usize, j: usize, r: f64) {
        self.cells[i * self.n + j] = r;
        self.cells[j * self.n + i] = r;
    }

    /// Correlation of the normal scores of two numbers whose rank correlation (Spearman) is `rank`, under a Gaussian copula:
    /// 2 sin(π rank / 6) (Pearson 1907).
    pub fn of_ranks(rank: f64) -> f64 {
        2.0 * libm::sin(std::f64::consts::PI * rank / 6.0)
    }

    /// The lower triangular L with L Lᵀ = this, row by row (Cholesky); `None` if no numbers can be correlated like this.
    pub fn factor(&self) -> Option<Vec<f64>> {
        let n = self.n;
        let mut l = vec![0.0; n * n];
        for i in 0..n {
            for j in 0..=i {
                let dot: f64 = (0..j).map(|k| l[i * n + k] * l[j * n + k]).sum();
                let rest = self.cells[i * n + j] - dot;
                l[i * n + j] = if i == j {
                    if rest < LEAST_EIGENVALUE {
                        return None;
                    }
                    rest.sqrt()
                } else {
                    rest / l[j * n + j]
                };
            }
        }
        Some(l)
    }

    /// Greatest difference of any entry.
    pub fn distance(&self, other: &Self) -> f64 {
        let pairs = self.cells.iter().zip(&other.cells);
        pairs.map(|(a, b)| (a - b).abs()).fold(0.0, f64::max)
    }

    /// The nearest symmetric matrix without eigenvalues below a least one (in the Frobenius norm).
    fn without_low_eigenvalues(&self, least: f64) -> Self {
        let (values, vectors) = eigen(self);
        let n = self.n;
        let mut kept = Self {
            n,
            cells: vec![0.0; n * n],
        };
        for (k, value) in values.iter().enumerate() {
            let value = value.max(least);
            for i in 0..n {
                for j in 0..n {
                    kept.cells[i * n + j] += value * vectors[i * n + k] * vectors[j * n + k];
                }
            }
        }
        kept
    }
}

/// The factor of the nearest correlations that numbers can have, and how far they are from those wanted; `None` if those
/// wanted can be had. Alternating projections with Dykstra's correction (Higham 2002, IMA Journal of
/// Numerical Analysis 22, algorithm 3.3).
pub fn nearest_correlation(wanted: &Correlation) -> (Vec<f64>, Option<f64>) {
    /// Projections after which what is left is beyond what anybody states.
    const PROJECTIONS: usize = 1000;
    const SETTLED: f64 = 1e-10;
    if let Some(factor) = wanted.factor() {
        return (factor, None);
    }
    let n = wanted.n;
    let mut y = wanted.clone();
    let mut correction = vec![0.0; n * n];
    for _ in 0..PROJECTIONS {
        let mut r = y.clone();
        for (cell, c) in r.cells.iter_mut().zip(&correction) {
            *cell -= c;
        }
        // A little inside, so that the factor exists.
        let x = r.without_low_eigenvalues(4.0 * LEAST_EIGENVALUE);
        for ((c, x), r) in correction.iter_mut().zip(&x.cells).zip(&r.cells) {
            *c = x - r;
        }
        let mut next = x;
        for i in 0..n {
            next.cells[i * n + i] = 1.0;
        }
        let change = next.distance(&y);
        y = next;
        if change < SETTLED {
            break;
        }
    }
    // Rounding may leave it on the edge: a step towards independence brings it inside.
    let mut towards = 0.0;
    loop {
        let mut found = y.clone();
        for i in 0..n {
            for j in 0..n {
                if i != j {
                    found.cells[i * n + j] *= 1.0 - towards;
                }
            }
        }
        if let Some(factor) = found.factor() {
            return (factor, Some(found.distance(wanted)));
        }
        towards = f64::max(1e-7, 2.0 * towards).min(1.0);
    }
}

/// Eigenvalues, and eigenvectors in columns: Jacobi's rotations (Golub & Van Loan 2013, section 8.5).
fn eigen(matrix: &Correlation) -> (Vec<f64>, Vec<f64>) {
    /// Sweeps: convergence is quadratic, and ten do for any size met here.
    const SWEEPS: usize = 60;
    let n = matrix.n;
    let mut a = matrix.cells.clone();
    let mut v = Correlation::identity(n).cells;
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
    use super::{Correlation, nearest_correlation};

    fn of(n: usize, pairs: &[(usize, usize, f64)]) -> Correlation {
        let mut c = Correlation::identity(n);
        for (i, j, r) in pairs {
            c.set(*i, *j, *r);
        }
        c
    }

    /// L Lᵀ.
    fn product(factor: &[f64], n: usize) -> Correlation {
        let mut c = Correlation::identity(n);
        for i in 0..n {
            for j in 0..n {
                c.cells[i * n + j] = (0..n).map(|k| factor[i * n + k] * factor[j * n + k]).sum();
            }
        }
        c
    }

    #[test]
    fn what_can_be_had_is_left_alone() {
        let wanted = of(3, &[(0, 1, 0.5), (1, 2, 0.5), (0, 2, 0.2)]);
        let (factor, moved) = nearest_correlation(&wanted);
        assert_eq!(moved, None);
        assert!(product(&factor, 3).distance(&wanted) < 1e-15);
    }

    /// Higham's (2002) example, section 5: the nearest to the tridiagonal matrix of ones.
    #[test]
    fn highams_example() {
        let wanted = of(3, &[(0, 1, 1.0), (1, 2, 1.0), (0, 2, 0.0)]);
        let (factor, moved) = nearest_correlation(&wanted);
        let found = product(&factor, 3);
        let published = of(3, &[(0, 1, 0.7607), (1, 2, 0.7607), (0, 2, 0.1573)]);
        assert!(found.distance(&published) < 1e-4, "{found:?}");
        assert!(moved.is_some_and(|moved| (moved - 0.2393).abs() < 1e-3));
    }

    #[test]
    fn what_is_found_is_a_correlation_whatever_was_wanted() {
        for case in 0..40_u64 {
            let n = 3 + usize::try_from(case % 6).unwrap();
            let mut wanted = Correlation::identity(n);
            for i in 0..n {
                for j in 0..i {
                    let u = crate::uniform(case, crate::path_key("corr"), (i * n + j) as u64);
                    wanted.set(i, j, 1.98 * u - 0.99);
                }
            }
            let (factor, _) = nearest_correlation(&wanted);
            let found = product(&factor, n);
            for i in 0..n {
                assert!((found.cells[i * n + i] - 1.0).abs() < 1e-9, "case {case}");
            }
        }
    }
}
