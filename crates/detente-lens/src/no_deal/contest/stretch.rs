//! Stretches of months that are alike but for the line, priced from a few of their dates.
//!
//! Once edge and hazards have settled, what a month adds to prices depends on its date only by δ and survival, which are powers, and by
//! weights of knots, which are smooth in the date. Weights are taken at a few dates and put between them by the polynomial through
//! all, and the sum over months of a power times that polynomial is exact.

use super::course::Month;
use super::prices::{Prices, spread_over_knots};
use super::solve::Walk;

/// Most dates of a stretch.
const MOST: usize = 7;
/// Months of a stretch, the dates at which weights of knots are computed, and how many of its standard deviations the line may move in
/// it: the longest that fits is taken.
const KINDS: [(usize, usize, f64); 7] = [
    (48, 7, 3.0),
    (32, 7, 3.0),
    (24, 6, 2.2),
    (16, 6, 2.2),
    (12, 5, 1.5),
    (9, 5, 1.5),
    (8, 4, 1.0),
];
/// Standard deviations from a knot beyond which weights of knots are as good as linear in the line.
const FAR: f64 = 5.0;

/// What is the same for all stretches of a length.
#[derive(Clone, Debug)]
struct Table {
    months: usize,
    moves: f64,
    /// Dates, in months from the first; Chebyshev's, so that the polynomial's error is spread evenly.
    dates: Vec<f64>,
    /// By month: how much of each date's weights it takes.
    shares: Vec<[f64; MOST]>,
}

/// Tables by length, laid out when they are first needed, and room for weights.
#[derive(Debug, Default)]
pub(super) struct Stretches {
    tables: Vec<Table>,
    sums: Vec<[f64; MOST]>,
}

impl Stretches {
    /// Prices the longest stretch of months before `end`, which are all like `last`, and moves on behind it. False where none is short
    /// enough: then nothing was done.
    #[expect(clippy::too_many_arguments, reason = "each is a different thing")]
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
            self.tables.extend(KINDS.map(Table::new));
        }
        let fits = |table: &&Table| {
            let months = table.months;
            walk.month + months <= end
                && (table.is_smooth(last, walk) || is_straight(knots, months, last, walk))
        };
        let Some(table) = self.tables.iter().find(fits) else {
            return false;
        };
        self.sums.clear();
        for patience in &prices.patience {
            let left = patience * last.stays;
            let mut sums = [0.0; MOST];
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
    fn new((months, dates, moves): (usize, usize, f64)) -> Self {
        let middle = 0.5 * (months - 1) as f64;
        let place = |d: usize| {
            let angle = std::f64::consts::PI * (d as f64 + 0.5) / dates as f64;
            middle - middle * libm::cos(angle)
        };
        let dates: Vec<f64> = (0..dates).map(place).collect();
        let share = |month: f64, d: usize| -> f64 {
            let Some(own) = dates.get(d) else {
                return 0.0;
            };
            let others = dates.iter().enumerate().filter(|(other, _)| *other != d);
            let factors = others.map(|(_, other)| (month - other) / (own - other));
            factors.product()
        };
        let all = 0..months;
        let shares = all.map(|m| std::array::from_fn(|d| share(m as f64, d)));
        Self {
            months,
            moves,
            shares: shares.collect(),
            dates,
        }
    }

    /// Are weights smooth in the date, wherever knots are? Spread grows with the square root of time, so that only stretches short
    /// beside the past are.
    fn is_smooth(&self, last: &Month, walk: &Walk) -> bool {
        let moves = last.step.abs() * self.months as f64;
        2 * self.months <= walk.month && moves <= self.moves * walk.variance.sqrt()
    }
}

/// Is the line between two knots and far from both all the time? Then weights are linear in the date.
fn is_straight(knots: &[f64], months: usize, last: &Month, walk: &Walk) -> bool {
    let months = months as f64;
    let reach = FAR * (walk.variance + months * last.variance).sqrt();
    let end = walk.line + months * last.step;
    let (low, high) = (walk.line.min(end) - reach, walk.line.max(end) + reach);
    knots.iter().all(|knot| *knot < low || *knot > high)
}
