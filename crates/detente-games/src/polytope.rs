//! Corner points of a small polytope, in exact rationals.

use std::collections::BTreeSet;

use num_rational::BigRational;
use num_traits::{One, Signed, Zero};

/// The exact numbers of this room.
pub(crate) type Q = BigRational;

/// A number of so many bits more takes as much longer as a short one takes.
const LONG: u64 = 8;

/// Corner points were not all visited: the polytope has more bases than was allowed, or the caller asked to stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TooMany;

/// The points x ≥ 0 that satisfy linear equations, built row by row. Bounded in what the callers ask of it: probabilities.
#[derive(Clone, Debug, Default)]
pub(crate) struct Polytope {
    variables: usize,
    slacks: usize,
    /// Coefficients of variables and slacks (slack s is at `variables + s`), and the right-hand side.
    rows: Vec<(Vec<(usize, Q)>, Q)>,
}

impl Polytope {
    /// All x ≥ 0 of so many variables.
    pub(crate) fn new(variables: usize) -> Self {
        Self {
            variables,
            ..Self::default()
        }
    }

    /// Adds `Σ c x = right`. Coefficients of one variable may come in several terms.
    pub(crate) fn equal(&mut self, terms: Vec<(usize, Q)>, right: Q) {
        self.rows.push((terms, right));
    }

    /// Adds `Σ c x ≤ right`.
    pub(crate) fn at_most(&mut self, mut terms: Vec<(usize, Q)>, right: Q) {
        terms.push((self.variables + self.slacks, Q::one()));
        self.slacks += 1;
        self.rows.push((terms, right));
    }

    /// Its corner points, slacks included after the variables, in increasing order; none if it is empty.
    pub(crate) fn corners(&self, bases: usize) -> Result<Vec<Vec<Q>>, TooMany> {
        self.corners_while(bases, &|_| true)
    }

    /// How many numbers a system of equations that is solved for one corner holds.
    pub(crate) fn size(&self) -> usize {
        self.rows.len() * (self.variables + self.slacks + 1)
    }

    /// [`Self::corners`], as long as `go_on`, which is asked at every basis and told how much work that was, says so.
    pub(crate) fn corners_while(
        &self,
        bases: usize,
        go_on: &dyn Fn(u64) -> bool,
    ) -> Result<Vec<Vec<Q>>, TooMany> {
        let Some(start) = self.feasible(go_on)? else {
            return Ok(Vec::new());
        };
        // Every corner can be reached from any feasible basis by steps of the simplex method, since for each there is an objective
        // that it alone minimises and Bland's rule ends there.
        let mut seen = BTreeSet::from([start.key()]);
        let mut corners = BTreeSet::new();
        let mut open = vec![start];
        while let Some(mut tableau) = open.pop() {
            if !go_on(tableau.work()) {
                return Err(TooMany);
            }
            corners.insert(tableau.point());
            for column in 0..tableau.columns {
                if tableau.basis.contains(&column) {
                    continue;
                }
                for row in tableau.leaving(column) {
                    let mut key = tableau.basis.clone();
                    key[row] = column;
                    key.sort_unstable();
                    if seen.contains(&key) {
                        continue;
                    }
                    if seen.len() >= bases {
                        return Err(TooMany);
                    }
                    seen.insert(key);
                    let mut next = tableau.clone();
                    next.pivot(row, column);
                    open.push(next);
                }
            }
        }
        Ok(corners.into_iter().collect())
    }

    /// Has it no point?
    pub(crate) fn is_empty(&self) -> bool {
        matches!(self.feasible(&|_| true), Ok(None))
    }

    /// [`Self::is_empty`], as long as `go_on`, which is told of all work, says so.
    pub(crate) fn is_empty_while(&self, go_on: &dyn Fn(u64) -> bool) -> Result<bool, TooMany> {
        Ok(self.feasible(go_on)?.is_none())
    }

    /// A basis of a corner point, by Bland's rule with one artificial variable.
    fn feasible(&self, go_on: &dyn Fn(u64) -> bool) -> Result<Option<Tableau>, TooMany> {
        let Some(mut tableau) = self.reduced(go_on)? else {
            return Ok(None);
        };
        let worst = (0..tableau.rows.len())
            .filter(|&row| tableau.right(row).is_negative())
            .min_by(|&a, &b| tableau.right(a).cmp(tableau.right(b)));
        let Some(worst) = worst else {
            return Ok(Some(tableau));
        };
        let artificial = tableau.columns;
        for row in &mut tableau.rows {
            row.insert(artificial, -Q::one());
        }
        tableau.columns += 1;
        tableau.pivot(worst, artificial);
        while let Some(row) = tableau.basis.iter().position(|&b| b == artificial) {
            if tableau.right(row).is_zero() {
                let column = (0..artificial)
                    .find(|&column| !tableau.rows[row][column].is_zero())
                    .expect("rows are independent without the artificial variable");
                tableau.pivot(row, column);
                break;
            }
            let entering = (0..artificial).find(|&column| tableau.rows[row][column].is_positive());
            let Some(entering) = entering else {
                return Ok(None);
            };
            if !go_on(tableau.work()) {
                return Err(TooMany);
            }
            let leaving = tableau.leaving(entering);
            let leaving = leaving
                .iter()
                .copied()
                .find(|&other| other == row)
                .or_else(|| {
                    leaving
                        .into_iter()
                        .min_by_key(|&other| tableau.basis[other])
                })
                .expect("the row of the artificial variable bounds the step");
            tableau.pivot(leaving, entering);
        }
        for row in &mut tableau.rows {
            row.remove(artificial);
        }
        tableau.columns -= 1;
        Ok(Some(tableau))
    }

    /// The equations in reduced row echelon form without redundant rows; `None` if they contradict each other.
    fn reduced(&self, go_on: &dyn Fn(u64) -> bool) -> Result<Option<Tableau>, TooMany> {
        let columns = self.variables + self.slacks;
        let mut tableau = Tableau {
            columns,
            rows: Vec::with_capacity(self.rows.len()),
            basis: Vec::new(),
            work: 0,
        };
        for (terms, right) in &self.rows {
            let mut row = vec![Q::zero(); columns + 1];
            for (column, coefficient) in terms {
                row[*column] += coefficient;
            }
            row[columns] = right.clone();
            tableau.rows.push(row);
        }
        let mut done = 0;
        while done < tableau.rows.len() {
            // The last non-zero column: slacks make the cheapest basis.
            match (0..columns)
                .rev()
                .find(|&column| !tableau.rows[done][column].is_zero())
            {
                Some(column) => {
                    if !go_on(tableau.work()) {
                        return Err(TooMany);
                    }
                    tableau.basis.push(column);
                    tableau.pivot(done, column);
                    done += 1;
                }
                None if tableau.right(done).is_zero() => {
                    tableau.rows.remove(done);
                }
                None => return Ok(None),
            }
        }
        Ok(Some(tableau))
    }
}

/// A system solved for the variables of a basis.
#[derive(Clone, Debug)]
struct Tableau {
    columns: usize,
    /// Coefficients, then the right-hand side.
    rows: Vec<Vec<Q>>,
    /// The variable that each row is solved for.
    basis: Vec<usize>,
    /// Numbers that have changed, as often as they are long.
    work: u64,
}

impl Tableau {
    fn right(&self, row: usize) -> &Q {
        &self.rows[row][self.columns]
    }

    fn key(&self) -> Vec<usize> {
        let mut key = self.basis.clone();
        key.sort_unstable();
        key
    }

    fn point(&self) -> Vec<Q> {
        let mut point = vec![Q::zero(); self.columns];
        for (row, &column) in self.basis.iter().enumerate() {
            point[column] = self.right(row).clone();
        }
        point
    }

    /// What steps have cost since this was asked last, about.
    fn work(&mut self) -> u64 {
        std::mem::take(&mut self.work)
    }

    /// The rows that reach zero first when `column` grows.
    fn leaving(&self, column: usize) -> Vec<usize> {
        let mut best: Option<Q> = None;
        let mut rows = Vec::new();
        for row in 0..self.basis.len() {
            let rate = &self.rows[row][column];
            if !rate.is_positive() {
                continue;
            }
            let step = self.right(row) / rate;
            match best.as_ref().map(|best| step.cmp(best)) {
                Some(std::cmp::Ordering::Greater) => {}
                Some(std::cmp::Ordering::Equal) => rows.push(row),
                _ => {
                    best = Some(step);
                    rows = vec![row];
                }
            }
        }
        rows
    }

    /// Solves `row` for `column` and puts it into the others.
    fn pivot(&mut self, row: usize, column: usize) {
        let scale = self.rows[row][column].recip();
        for entry in &mut self.rows[row] {
            if !entry.is_zero() {
                *entry *= &scale;
            }
        }
        let own = std::mem::take(&mut self.rows[row]);
        for other in &mut self.rows {
            // The row itself is empty now.
            if other.is_empty() || other[column].is_zero() {
                continue;
            }
            let factor = other[column].clone();
            for (entry, own) in other.iter_mut().zip(&own) {
                if !own.is_zero() {
                    *entry -= &factor * own;
                    self.work += 1 + (entry.numer().bits() + entry.denom().bits()) / LONG;
                }
            }
        }
        self.rows[row] = own;
        if let Some(basic) = self.basis.get_mut(row) {
            *basic = column;
        }
    }
}

/// The mean of points; in the relative interior if they are all corners of a polytope.
pub(crate) fn mean(points: &[Vec<Q>]) -> Vec<Q> {
    let count = Q::from_integer(points.len().into());
    (0..points[0].len())
        .map(|entry| points.iter().map(|point| &point[entry]).sum::<Q>() / &count)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn q(a: i64, b: i64) -> Q {
        Q::new(a.into(), b.into())
    }

    #[test]
    fn corners_of_a_cut_simplex() {
        // x + y + z = 1, x ≥ 1/2 z as z - 2x ≤ 0, y ≤ 1/2.
        let mut cut = Polytope::new(3);
        cut.equal(vec![(0, q(1, 1)), (1, q(1, 1)), (2, q(1, 1))], q(1, 1));
        cut.at_most(vec![(2, q(1, 1)), (0, q(-2, 1))], q(0, 1));
        cut.at_most(vec![(1, q(1, 1))], q(1, 2));
        let corners: Vec<Vec<Q>> = cut
            .corners(100)
            .expect("few bases")
            .into_iter()
            .map(|point| point[..3].to_vec())
            .collect();
        assert_eq!(
            corners,
            [
                vec![q(1, 6), q(1, 2), q(1, 3)],
                vec![q(1, 3), q(0, 1), q(2, 3)],
                vec![q(1, 2), q(1, 2), q(0, 1)],
                vec![q(1, 1), q(0, 1), q(0, 1)],
            ]
        );
        assert_eq!(cut.corners(2), Err(TooMany));
        cut.at_most(vec![(0, q(1, 1))], q(1, 7));
        assert!(cut.is_empty());
    }

    #[test]
    fn redundant_and_contradicting_equations() {
        let mut line = Polytope::new(2);
        line.equal(vec![(0, q(1, 1)), (1, q(1, 1))], q(1, 1));
        line.equal(vec![(0, q(2, 1)), (1, q(2, 1))], q(2, 1));
        assert_eq!(line.corners(10).expect("two bases").len(), 2);
        line.equal(vec![(0, q(1, 1)), (1, q(1, 1))], q(2, 1));
        assert_eq!(line.corners(10), Ok(Vec::new()));
    }
}
