//! Stretches of months that are alike but for the line, priced from a few of their dates.
//!
//! Once edge and hazards have settled, what a month adds to prices depends on its date only by δ and survival, which are powers, and by
//! weights of knots, which are smooth in the date. Weights are taken at a few dates and put between them by the polynomial through
//! all, and the sum over months of a power times that polynomial is exact.

use super::course::Month;
use super::prices::{Prices, spread_over_knots};
use super::solve::Walk;

/// Dates of a stretch at which weights of knots are computed.
const DATES: usize = 5;
/// Months of a stretch: the longest that fits is taken.
const LENGTHS: [usize; 6] = [48, 32, 24, 16, 12, 8];
/// The line moves at most so many of its standard deviations in a stretch.
const MOVES: f64 = 1.5;

/// What is the same for all stretches of a length.
#[derive(Clone, Debug)]
struct Table {
    months: usize,
    /// Dates, in months from the first; Chebyshev's, so that the polynomial's error is spread evenly.
    dates: [f64; DATES],
    /// By month: how much of each date's weights it takes.
    shares: Vec<[f64; DATES]>,
}

/// Tables by length, laid out when they are first needed, and room for weights.
#[derive(Debug, Default)]
pub(super) struct Stretches {
    tables: Vec<Table>,
    sums: Vec<[f64; DATES]>,
}

impl Stretches {
    /// Prices the longest stretch of months like `last` that starts here and ends before `end`, and moves on behind it. False where
    /// none is short enough: then nothing was done.
    pub(super) fn pass(
        &mut self,
        knots: &[f64],
        last: &Month,
        end: usize,
        walk: &mut Walk,
        prices: &mut Prices,
        delays: &[f64],
        hats: &mut [f64],
    ) -> bool {
        if self.tables.is_empty() {
            self.tables.extend(LENGTHS.map(Table::new));
        }
        let fits = |table: &&Table| {
            let months = table.months;
            // Spread grows with the square root of time, so that only stretches short beside the past are smooth.
            2 * months <= walk.month
                && walk.month + months <= end
                && last.step.abs() * months as f64 <= MOVES * walk.variance.sqrt()
        };
        let Some(table) = self.tables.iter().find(fits) else {
            return false;
        };
        self.sums.clear();
        for patience in &prices.patience {
            let left = patience * last.stays;
            let mut sums = [0.0; DATES];
            let mut weight = 1.0;
            for shares in &table.shares {
                for (sum, share) in sums.iter_mut().zip(shares) {
                    *sum += weight * share;
                }
                weight *= left;
            }
            self.sums.push(sums);
        }
        let in_force = walk.in_force(delays);
        for (d, date) in table.dates.iter().enumerate() {
            let line = walk.line + last.step * date;
            let variance = walk.variance + last.variance * date;
            spread_over_knots(knots, line, variance.sqrt(), hats);
            for (p, sums) in self.sums.iter().enumerate() {
                prices.add_weighed(p, last, walk.alive, sums[d], hats, in_force);
            }
        }
        for _ in 0..table.months {
            walk.step(last);
        }
        prices.pass(table.months);
        true
    }
}

impl Table {
    fn new(months: usize) -> Self {
        let middle = 0.5 * (months - 1) as f64;
        let place = |d: usize| {
            let angle = std::f64::consts::PI * (d as f64 + 0.5) / DATES as f64;
            middle - middle * libm::cos(angle)
        };
        let dates: [f64; DATES] = std::array::from_fn(place);
        let share = |month: f64, d: usize| -> f64 {
            let others = dates.iter().enumerate().filter(|(other, _)| *other != d);
            let factors = others.map(|(_, other)| (month - other) / (dates[d] - other));
            factors.product()
        };
        let months_all = 0..months;
        let shares = months_all.map(|m| std::array::from_fn(|d| share(m as f64, d)));
        Self {
            months,
            dates,
            shares: shares.collect(),
        }
    }
}
