//! Sums over type profiles for one needed set, and the quantities that they become.

use detente_core::{Row, Setting, Solution};

use super::adjusted::Division;
use super::bargains::{Point, Points};
use super::{
    ADJUSTED_WINNER, ADJUSTED_WINNER_SHARE, GIVEN_UP, LOTTERY_MOST, LOTTERY_SIZE, SIZE,
    SOLUTION_MARGIN, SOLUTION_OPTION, SOLUTION_TIES, ZONE_OF,
};

/// Sums over type profiles.
#[derive(Clone, Default)]
pub(super) struct SetSums {
    /// Prior of the profiles with any package at all.
    pub(super) found: f64,
    pub(super) size: f64,
    pub(super) open: f64,
    /// By solution.
    pub(super) points: [PointSums; 4],
    lottery: Part,
    /// Prior of the open profiles whose frontier was given up, and of those that were looked at.
    given_up: f64,
    looked_at: f64,
    /// The most that lotteries give the worst-off; not known as soon as it is not of one profile.
    most: Part,
    adjusted: Part,
    /// By issue.
    shares: Vec<Part>,
}

/// A mean over profiles in the making: prior, and prior times value.
#[derive(Clone, Copy, Default)]
struct Part(f64, f64);

impl Part {
    fn add(&mut self, value: f64, prior: f64) {
        self.0 += prior;
        self.1 += prior * value;
    }

    fn mean(self) -> Option<f64> {
        (self.0 > 0.0).then(|| self.1 / self.0)
    }
}

/// Sums for one solution point.
#[derive(Clone, Default)]
pub(super) struct PointSums {
    prior: f64,
    /// By member.
    margins: Vec<f64>,
    options: Vec<f64>,
    ties: f64,
}

impl PointSums {
    pub(super) fn add(&mut self, point: &Point, prior: f64) {
        self.prior += prior;
        self.ties += prior * point.ties;
        let lists = [
            (&mut self.margins, &point.margins),
            (&mut self.options, &point.options),
        ];
        for (sums, values) in lists {
            sums.resize(values.len(), 0.0);
            for (sum, value) in sums.iter_mut().zip(values) {
                *sum += prior * value;
            }
        }
    }
}

impl SetSums {
    pub(super) fn add_points(&mut self, found: &Points, prior: f64) {
        for (sums, point) in self.points.iter_mut().zip(&found.by) {
            if let Some(point) = point {
                sums.add(point, prior);
            }
        }
        self.lottery.add(found.lottery, prior);
        self.most.add(found.lottery, prior);
        self.looked_at += prior;
    }

    /// A profile whose frontier was too large, and a bound on what the worst-off can get.
    pub(super) fn give_up(&mut self, most: f64, prior: f64) {
        self.most.add(most, prior);
        self.looked_at += prior;
        self.given_up += prior;
    }

    pub(super) fn add_division(&mut self, division: &Division, prior: f64) {
        self.adjusted.add(division.score, prior);
        self.shares
            .resize(division.first_gets.len(), Part::default());
        for (sum, share) in self.shares.iter_mut().zip(&division.first_gets) {
            if !share.is_nan() {
                sum.add(*share, prior);
            }
        }
    }

    /// Writes the quantities of needed set `s`.
    pub(super) fn report(&self, row: &mut Row, s: usize, setting: &Setting) {
        row.set(ZONE_OF, &[s], self.open.min(1.0));
        if self.found > 0.0 {
            row.set(SIZE, &[s], self.size / self.found);
        }
        for solution in Solution::ALL {
            let sums = &self.points[solution as usize];
            // Points of a part of the types would not be points of the others.
            let partly = self.given_up > 0.0 && solution != Solution::Nash;
            if sums.prior == 0.0 || partly {
                continue;
            }
            let place = solution as usize;
            for (party, margin) in setting.needed_sets[s].iter().zip(&sums.margins) {
                // Acceptable packages leave nobody worse off, but for rounding.
                row.set(
                    SOLUTION_MARGIN,
                    &[s, place, party],
                    (margin / sums.prior).max(0.0),
                );
            }
            for (option, share) in sums.options.iter().enumerate() {
                let share = (share / sums.prior).min(1.0);
                row.set(SOLUTION_OPTION, &[s, place, option], share);
            }
            row.set(SOLUTION_TIES, &[s, place], sums.ties / sums.prior);
        }
        if self.looked_at > 0.0 {
            row.set(GIVEN_UP, &[s], (self.given_up / self.looked_at).min(1.0));
        }
        let lottery = if self.given_up > 0.0 {
            Part::default()
        } else {
            self.lottery
        };
        let scalars = [
            (LOTTERY_SIZE, lottery),
            (LOTTERY_MOST, self.most),
            (ADJUSTED_WINNER, self.adjusted),
        ];
        for (quantity, part) in scalars {
            if let Some(mean) = part.mean().filter(|mean| !mean.is_nan()) {
                row.set(quantity, &[s], mean);
            }
        }
        for (issue, share) in self.shares.iter().enumerate() {
            if let Some(mean) = share.mean() {
                row.set(ADJUSTED_WINNER_SHARE, &[s, issue], mean);
            }
        }
    }
}
