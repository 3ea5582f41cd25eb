//! Correlations of numbers that are drawn together, and the nearest that any numbers can have.

use crate::symmetric_eigen;

/// A symmetric matrix with ones on its diagonal.
#[derive(Clone, Debug, PartialEq)]
pub struct Correlation {
    n: usize,
    /// Row by row.
    cells: Vec<f64>,
    /// The same: was this pair set? The others are nothing in particular.
    stated: Vec<bool>,
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
        Self {
            n,
            cells,
            stated: vec![false; n * n],
        }
    }

    /// The correlation of two numbers.
    pub fn get(&self, i: usize, j: usize) -> f64 {
        self.cells[i * self.n + j]
    }

    /// Sets the correlation of two numbers, both ways round.
    pub fn set(&mut self, i: usize, j: usize, r: f64) {
        self.cells[i * self.n + j] = r;
        self.cells[j * self.n + i] = r;
        self.stated[i * self.n + j] = true;
        self.stated[j * self.n + i] = true;
    }

    /// Correlation of the normal scores of two numbers whose rank correlation (Spearman) is `rank`, under a Gaussian copula:
    /// 2 sin(π rank / 6) (Pearson 1907).
    pub fn of_ranks(rank: f64) -> f64 {
        2.0 * libm::sin(std::f64::consts::PI * rank / 6.0)
    }

    /// The rank correlation that a correlation of normal scores stands for: the inverse of [`Self::of_ranks`].
    pub fn to_ranks(r: f64) -> f64 {
        6.0 / std::f64::consts::PI * libm::asin(r / 2.0)
    }

    /// Was this pair set?
    pub fn is_stated(&self, i: usize, j: usize) -> bool {
        self.stated[i * self.n + j]
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
    fn distance(&self, other: &Self) -> f64 {
        let pairs = self.cells.iter().zip(&other.cells);
        pairs.map(|(a, b)| (a - b).abs()).fold(0.0, f64::max)
    }

    /// Greatest difference from it of the pairs that this one states.
    fn broken_by(&self, other: &Self) -> f64 {
        let pairs = self.cells.iter().zip(&other.cells).zip(&self.stated);
        let stated = pairs.filter(|(_, stated)| **stated);
        stated.map(|((a, b), _)| (a - b).abs()).fold(0.0, f64::max)
    }

    /// Does it leave pairs open?
    fn leaves_open(&self) -> bool {
        let pairs = (0..self.n).flat_map(|i| (0..i).map(move |j| (i, j)));
        pairs.into_iter().any(|(i, j)| !self.stated[i * self.n + j])
    }

    /// Takes what the other states, and the diagonal.
    fn keep(&mut self, other: &Self) {
        for (i, cell) in self.cells.iter_mut().enumerate() {
            if other.stated[i] || i % (self.n + 1) == 0 {
                *cell = other.cells[i];
            }
        }
    }

    /// The nearest symmetric matrix without eigenvalues below a least one (in the Frobenius norm).
    fn without_low_eigenvalues(&self, least: f64) -> Self {
        let n = self.n;
        let (values, vectors) = symmetric_eigen(&self.cells, n);
        let mut kept = Self {
            cells: vec![0.0; n * n],
            ..self.clone()
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

/// Correlations that numbers can have, in the place of wanted ones.
#[derive(Clone, Debug, PartialEq)]
pub struct Nearest {
    /// What they are.
    pub found: Correlation,
    /// How far the worst of the pairs that were stated is from what was wanted: next to nothing where those that were not stated could give
    /// way.
    pub moved: f64,
}

/// Projections on the way to correlations at most: what is left after that is beyond what anybody states.
const PROJECTIONS: usize = 1000;

/// The factor of correlations that numbers can have: those wanted, pairs that are not stated being independent; else with the stated ones
/// kept and the others moved, as little as that takes; else the nearest in the stated pairs.
pub fn nearest_correlation(wanted: &Correlation) -> (Vec<f64>, Option<Nearest>) {
    if let Some(factor) = wanted.factor() {
        return (factor, None);
    }
    let (factor, found) = giving_way(wanted).unwrap_or_else(|| nearest(wanted));
    let moved = wanted.broken_by(&found);
    (factor, Some(Nearest { found, moved }))
}

/// The stated pairs kept, and those that are not stated moved from nothing towards what they are when numbers depend on one another through
/// stated pairs alone, as far as it takes; `None` where no numbers can have the stated ones.
fn giving_way(wanted: &Correlation) -> Option<(Vec<f64>, Correlation)> {
    /// Least eigenvalue kept where it can be: on the very edge one number would be a function of the others.
    const INSIDE: f64 = 1e-4;
    const HALVINGS: usize = 30;
    let through = wanted.leaves_open().then(|| through_stated(wanted))??;
    let at = |share: f64| {
        let mut mixed = wanted.clone();
        for (cell, other) in mixed.cells.iter_mut().zip(&through.cells) {
            *cell += share * (other - *cell);
        }
        mixed.keep(wanted);
        mixed
    };
    let is_inside = |c: &Correlation| {
        let mut lower = c.clone();
        for i in 0..c.n {
            lower.cells[i * c.n + i] -= INSIDE;
        }
        lower.factor().is_some()
    };
    let (mut short, mut enough) = (0.0, 1.0);
    for _ in 0..HALVINGS {
        let middle = 0.5 * (short + enough);
        if is_inside(&at(middle)) {
            enough = middle;
        } else {
            short = middle;
        }
    }
    let found = at(enough);
    found.factor().map(|factor| (factor, found))
}

/// The correlations with the stated pairs and the greatest determinant: given the others, numbers of a pair that is not stated are
/// independent (Dempster 1972). Found by fitting one stated pair after another (Speed & Kiiveri 1986, Annals of Statistics 14); `None` where
/// that does not come to them, since no numbers can have them, or barely.
fn through_stated(wanted: &Correlation) -> Option<Correlation> {
    /// Numbers touched at most: half a second.
    const WORK: usize = 500_000_000;
    const FITS: f64 = 1e-9;
    let n = wanted.n;
    let pairs = (0..n).flat_map(|i| (0..i).map(move |j| (i, j)));
    let stated: Vec<(usize, usize)> = pairs.filter(|(i, j)| wanted.stated[i * n + j]).collect();
    let mut sigma = Correlation {
        stated: wanted.stated.clone(),
        ..Correlation::identity(n)
    };
    let cycles = WORK / (stated.len() * n * n).max(1);
    for _ in 0..cycles.clamp(50, 2000) {
        for (i, j) in &stated {
            fit(&mut sigma, *i, *j, wanted.get(*i, *j));
        }
        let worst = wanted.broken_by(&sigma);
        if worst.is_nan() {
            return None;
        }
        if worst < FITS {
            sigma.keep(wanted);
            return sigma.factor().map(|_| sigma);
        }
    }
    None
}

/// Gives two numbers the variance 1 and a covariance, what the others are given these two staying as it was: with A their block and W what
/// it is to be, Σ + Σ·C (A⁻¹ W A⁻¹ − A⁻¹) C·Σ, C being their two columns.
fn fit(sigma: &mut Correlation, i: usize, j: usize, r: f64) {
    let n = sigma.n;
    let (a, b, c) = (sigma.get(i, i), sigma.get(i, j), sigma.get(j, j));
    let det = a * c - b * b;
    let inverse = [[c / det, -b / det], [-b / det, a / det]];
    let w = [[1.0, r], [r, 1.0]];
    let times = |x: [[f64; 2]; 2], y: [[f64; 2]; 2]| -> [[f64; 2]; 2] {
        std::array::from_fn(|p| std::array::from_fn(|q| x[p][0] * y[0][q] + x[p][1] * y[1][q]))
    };
    let middle = times(times(inverse, w), inverse);
    let change: [[f64; 2]; 2] =
        std::array::from_fn(|p| std::array::from_fn(|q| middle[p][q] - inverse[p][q]));
    let columns: Vec<[f64; 2]> = (0..n).map(|k| [sigma.get(k, i), sigma.get(k, j)]).collect();
    for (k, x) in columns.iter().enumerate() {
        let left = [
            x[0] * change[0][0] + x[1] * change[1][0],
            x[0] * change[0][1] + x[1] * change[1][1],
        ];
        for (l, y) in columns.iter().enumerate() {
            sigma.cells[k * n + l] += left[0] * y[0] + left[1] * y[1];
        }
    }
}

/// The nearest in the pairs that are stated (Frobenius norm): what is not stated is taken as it was found, again and again, which never
/// moves the stated ones further (Hunter & Lange 2004).
fn nearest(wanted: &Correlation) -> (Vec<f64>, Correlation) {
    const SETTLED: f64 = 1e-10;
    let mut left = PROJECTIONS;
    let (mut target, mut found) = (wanted.clone(), wanted.clone());
    while left > 0 {
        let before = found;
        found = higham(&target, &mut left);
        target = found.clone();
        target.keep(wanted);
        if !wanted.leaves_open() || found.distance(&before) < SETTLED {
            break;
        }
    }
    // Rounding may leave it on the edge: a step towards independence brings it inside.
    let n = found.n;
    let mut towards = 0.0;
    loop {
        let mut inside = found.clone();
        for i in 0..n {
            for j in 0..n {
                if i != j {
                    inside.cells[i * n + j] *= 1.0 - towards;
                }
            }
        }
        if let Some(factor) = inside.factor() {
            return (factor, inside);
        }
        towards = f64::max(1e-7, 2.0 * towards).min(1.0);
    }
}

/// The nearest correlations to a whole matrix. Alternating projections with Dykstra's correction (Higham 2002, IMA Journal of Numerical
/// Analysis 22, algorithm 3.3).
fn higham(wanted: &Correlation, left: &mut usize) -> Correlation {
    const SETTLED: f64 = 1e-10;
    let n = wanted.n;
    let mut y = wanted.clone();
    let mut correction = vec![0.0; n * n];
    while *left > 0 {
        *left -= 1;
        // A little inside, so that the factor exists.
        let mut next = project(&y, &mut correction, 4.0 * LEAST_EIGENVALUE);
        for i in 0..n {
            next.cells[i * n + i] = 1.0;
        }
        let change = next.distance(&y);
        y = next;
        if change < SETTLED {
            break;
        }
    }
    y
}

/// The nearest without low eigenvalues, Dykstra's correction taken off first and then renewed.
fn project(from: &Correlation, correction: &mut [f64], least: f64) -> Correlation {
    let mut r = from.clone();
    for (cell, c) in r.cells.iter_mut().zip(&*correction) {
        *cell -= c;
    }
    let x = r.without_low_eigenvalues(least);
    for ((c, x), r) in correction.iter_mut().zip(&x.cells).zip(&r.cells) {
        *c = x - r;
    }
    x
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
        assert!(moved.is_some_and(|nearest| (nearest.moved - 0.2393).abs() < 1e-3));
    }

    /// Two pairs of a chain: the third gives way, by no more than it must (r13 ≥ 2·.8² − 1), and the stated ones stand.
    #[test]
    fn what_is_not_stated_gives_way_to_what_is() {
        let wanted = of(3, &[(0, 1, 0.8), (1, 2, 0.8)]);
        let (factor, nearest) = nearest_correlation(&wanted);
        let nearest = nearest.unwrap();
        assert!(nearest.moved < 1e-12);
        let found = product(&factor, 3);
        assert!((found.get(0, 1) - 0.8).abs() < 1e-12 && (found.get(1, 2) - 0.8).abs() < 1e-12);
        let third = found.get(0, 2);
        assert!((0.28..0.31).contains(&third), "{third}");
        // Where nothing has to give way, what is not stated stays independent.
        let weak = of(3, &[(0, 1, 0.6), (1, 2, 0.6)]);
        assert_eq!(nearest_correlation(&weak).1, None);
        // A long chain, and a star.
        for pairs in [
            (0..9).map(|i| (i, i + 1, 0.9)).collect::<Vec<_>>(),
            (1..10).map(|i| (0, i, 0.7)).collect(),
        ] {
            let (factor, nearest) = nearest_correlation(&of(10, &pairs));
            assert!(nearest.unwrap().moved < 1e-12);
            let found = product(&factor, 10);
            for (i, j, r) in pairs {
                assert!((found.get(i, j) - r).abs() < 1e-9, "{i} {j}");
            }
        }
    }

    /// A circle of opposites with a fourth number beside it: the three stated pairs, equal in all, move alike as if alone.
    #[test]
    fn stated_pairs_that_cannot_be_are_moved_the_least_and_open_ones_do_not_count() {
        let alone = of(3, &[(0, 1, -0.9), (1, 2, -0.9), (0, 2, -0.9)]);
        let beside = of(4, &[(0, 1, -0.9), (1, 2, -0.9), (0, 2, -0.9), (2, 3, 0.5)]);
        let third = nearest_correlation(&alone).1.unwrap();
        let fourth = nearest_correlation(&beside).1.unwrap();
        assert!((third.found.get(0, 1) + 0.5).abs() < 1e-4, "{third:?}");
        assert!((fourth.moved - third.moved).abs() < 1e-3, "{fourth:?}");
        assert!((fourth.found.get(2, 3) - 0.5).abs() < 1e-3, "{fourth:?}");
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
