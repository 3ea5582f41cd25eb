//! The months after a deal at which V(resume) is worked out.
//!
//! Months of peace move the edge of a war that resumes, ever more slowly, and nothing else of it but who may come after a succession. So
//! V(resume) is found at a few months, and put between two of them by how far the edge has moved.

use detente_core::{MILESTONES, Setting, World};

use super::law;
use super::life::MONTHS;

/// How far the edge moves at most between two of them. V bends by some hundred points per squared unit of edge, and who comes by as much
/// where the noise of choosing is small: a straight line between them errs by a part of what polynomials between edges may.
const STEP: f64 = 0.0025;

/// Months of a world at which V(resume) is worked out; "place" is that of a month among them.
#[derive(Clone, Debug, Default)]
pub(super) struct Dates {
    /// Increasing, from the month of the deal to the last one.
    months: Vec<usize>,
    /// Edges as offsets of today's, by place.
    offsets: Vec<f64>,
    /// By month: the place at or before it, and how much of the way to the next it is.
    at: Vec<(usize, f64)>,
    /// Offsets of all months.
    all: Vec<f64>,
}

impl Dates {
    /// Those of a world.
    pub(super) fn lay(&mut self, setting: &Setting, world: &World) {
        let mut all = std::mem::take(&mut self.all);
        all.clear();
        match world.numbers.durability.first() {
            Some(numbers) if setting.contest.is_some() => {
                all.extend((0..MONTHS).map(|m| law::rebuilt(numbers, m as f64)));
            }
            _ => all.resize(MONTHS, 0.0),
        }
        // A succession changes at once who would come.
        let successions = setting.turnovers.iter().map(|s| s.month as usize);
        let must =
            |m: usize| MILESTONES.contains(&m) || successions.clone().any(|s| s == m || s == m + 1);
        self.among(all, must);
    }

    /// Those of such offsets by month, these months among them.
    fn among(&mut self, all: Vec<f64>, must: impl Fn(usize) -> bool) {
        self.months.clear();
        self.months.push(0);
        let (mut low, mut high, mut moved) = (all[0], all[0], 0.0);
        for m in 1..all.len() {
            let from = self.months[self.months.len() - 1];
            let step = all[m] - all[m - 1];
            // Where the edge turns a place stands, so that between two of them it moves one way.
            let far = high.max(all[m]) - low.min(all[m]) > STEP || step * moved < 0.0;
            if far && m - 1 > from {
                self.months.push(m - 1);
                (low, high) = (all[m - 1], all[m - 1]);
            }
            (low, high, moved) = (low.min(all[m]), high.max(all[m]), step);
            if must(m) || m + 1 == all.len() {
                self.months.push(m);
                (low, high, moved) = (all[m], all[m], 0.0);
            }
        }
        self.at.clear();
        for (place, ends) in self.months.windows(2).enumerate() {
            let (from, whole) = (all[ends[0]], all[ends[1]] - all[ends[0]]);
            let part = |m: usize| {
                if whole == 0.0 {
                    0.0
                } else {
                    (all[m] - from) / whole
                }
            };
            self.at.extend((ends[0]..ends[1]).map(|m| (place, part(m))));
        }
        self.at.push((self.months.len() - 1, 0.0));
        self.offsets.clear();
        self.offsets.extend(self.months.iter().map(|m| all[*m]));
        self.all = all;
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.months.len()
    }

    /// The months.
    pub(super) fn months(&self) -> &[usize] {
        &self.months
    }

    /// Edges as offsets of today's, by place.
    pub(super) fn offsets(&self) -> &[f64] {
        &self.offsets
    }

    /// The place at or before a month, and how much of the way to the next it is.
    pub(super) fn at(&self, month: usize) -> (usize, f64) {
        self.at[month]
    }

    /// What stands at a month, of what stands at the places.
    pub(super) fn value(&self, values: &[f64], month: usize) -> f64 {
        let (place, part) = self.at[month];
        let here = values[place];
        if part == 0.0 {
            here
        } else {
            here + part * (values[place + 1] - here)
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::{Dates, MONTHS, STEP};

    /// Every month.
    pub(in crate::durable) fn every() -> Dates {
        let mut dates = Dates::default();
        dates.among(vec![0.0; MONTHS], |_| true);
        dates
    }

    /// Those at which the edge has moved by this.
    pub(in crate::durable) fn like(offset: impl Fn(usize) -> f64) -> Dates {
        let mut dates = Dates::default();
        dates.among((0..MONTHS).map(offset).collect(), |_| false);
        dates
    }

    #[test]
    fn every_month_lies_between_its_neighbours() {
        let mut dates = Dates::default();
        // Away, and back again beyond where it came from.
        let edge = |m: usize| {
            let m = m as f64;
            0.4 * (1.0 - libm::exp(-m / 20.0)) - 0.6 * (1.0 - libm::exp(-m / 50.0))
        };
        let all: Vec<f64> = (0..MONTHS).map(edge).collect();
        dates.among(all.clone(), |m| m == 17 || m == 60);
        assert!(dates.len() < MONTHS * 2 / 3, "{}", dates.len());
        assert!(dates.months().contains(&17) && dates.months().contains(&60));
        for (m, offset) in all.iter().enumerate() {
            let (place, part) = dates.at(m);
            assert!((0.0..1.0).contains(&part) && dates.months()[place] <= m);
            assert!((offset - dates.offsets()[place]).abs() <= STEP + 1e-12);
            let found = dates.value(dates.offsets(), m);
            assert!((found - offset).abs() < 1e-14, "{m}: {found} {offset}");
        }
    }
}
