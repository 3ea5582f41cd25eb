//! A contest at one edge: everything about it but where its line starts.
//!
//! Months of a regime are alike, so that survival and discount are powers and sums over n of them are geometric. With q = survival · δ,
//! S(n) = Σ q^i and T(n) = Σ i·q^i over i < n are put together by doubling,
//!
//! S(2n) = S(n)(1 + q^n), T(2n) = T(n)(1 + q^n) + n·q^n·S(n); S(n+1) = S(n) + q^n, T(n+1) = T(n) + n·q^n,
//!
//! which costs log n steps and adds nothing but positive terms: no digits are lost as q → 1, where (1 − q^n)/(1 − q) would lose them.

use detente_core::OwnBeliefs;

use super::course::Course;
use super::hazards::{Hazards, Month};
use super::lanes::Lanes;

/// Most months of a block.
const BLOCK: usize = 12;
/// Rows of a block's sums.
const SUMS: usize = 4;
/// Rows before those of delays: a month at war, then the four modes.
pub(super) const ROWS: usize = 5;

/// Months that are alike but for the line and are looked at together.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Block {
    pub(super) from: usize,
    pub(super) to: usize,
    /// How far the line has drifted at the first month; the least and most of all its months.
    pub(super) drift: f64,
    pub(super) low: f64,
    pub(super) high: f64,
    /// Chance that the contest goes on at the first month, and chance of surviving a month.
    pub(super) alive: f64,
    pub(super) stays: f64,
    /// What a month adds to the drift.
    pub(super) step: f64,
    /// Chance that a month ends in an armistice.
    pub(super) armistice: f64,
}

/// A contest at one edge. Lists of rows have a number a discount factor.
#[derive(Clone, Debug, Default)]
pub(super) struct Edge {
    pub(super) blocks: Vec<Block>,
    /// Up to each block: sums of w, w·drift, w·a, w·a·drift over months, where w is survival times discount and a the chance of an
    /// armistice.
    pub(super) sums: Vec<f64>,
    /// Sums of w, w by mode, and w from each delay on, over all months for ever.
    pub(super) rows: Vec<f64>,
    /// Sum of w over the months behind the horizon.
    pub(super) tail: Vec<f64>,
    /// Drift at the horizon, and the chance of surviving up to it.
    pub(super) drift: f64,
    pub(super) beyond: f64,
    /// Chance that a month behind the horizon ends in an armistice.
    pub(super) armistice: f64,
    pub(super) horizon: usize,
}

/// Survival times discount over months of a block, for one factor each.
struct Geometric<const N: usize> {
    /// S and T.
    sums: [[f64; N]; 2],
    /// Chance of surviving all of them.
    stays: f64,
}

impl<const N: usize> Geometric<N> {
    fn of(months: usize, stays: f64, patience: &[f64; N]) -> Self {
        let mut q = *patience;
        for x in &mut q {
            *x *= stays;
        }
        let (mut s, mut t) = ([1.0; N], [0.0; N]);
        let (mut power, mut survival, mut count) = (q, stays, 1.0);
        for bit in (0..months.ilog2()).rev() {
            for i in 0..N {
                t[i] += power[i] * (t[i] + count * s[i]);
                s[i] += power[i] * s[i];
                power[i] *= power[i];
            }
            survival *= survival;
            count *= 2.0;
            if months >> bit & 1 == 1 {
                for i in 0..N {
                    s[i] += power[i];
                    t[i] += count * power[i];
                    power[i] *= q[i];
                }
                survival *= stays;
                count += 1.0;
            }
        }
        Self {
            sums: [s, t],
            stays: survival,
        }
    }
}

impl Edge {
    /// Works out a course as `own` beliefs see it, with the edge moved by `shift` besides, up to a horizon and for ever after.
    pub(super) fn lay<const N: usize>(
        &mut self,
        course: &Course,
        lanes: &Lanes,
        own: OwnBeliefs,
        shift: f64,
        horizon: usize,
    ) {
        let mut hazards = Hazards::new(course, own, shift);
        let (patience, _) = lanes.patience.as_chunks::<N>();
        let (discount, _) = lanes.discount.as_chunks::<N>();
        let patience = &patience[0];
        let mut rows = [[0.0; N]; ROWS];
        let mut later = vec![[0.0; N]; course.delays.len()];
        let mut sums = [[0.0; N]; SUMS];
        self.blocks.clear();
        self.sums.clear();
        self.sums.extend_from_slice(sums.as_flattened());
        let (mut alive, mut drift, mut regime) = (1.0, 0.0, 0);
        let mut month = Month::default();
        // By regime: the weights of its months go to all rows at once.
        let add = |rows: &mut [[f64; N]; ROWS], month: &Month, weights: &[f64; N]| {
            for i in 0..N {
                rows[0][i] += weights[i];
            }
            for (row, chance) in rows[1..].iter_mut().zip(month.by_mode) {
                for i in 0..N {
                    row[i] += chance * weights[i];
                }
            }
        };
        for alike in course.cuts.windows(2) {
            let (mut from, end) = (alike[0], alike[1].min(horizon));
            if course.regimes.get(regime).is_some_and(|r| r.from == from) && from < horizon {
                month = hazards.month(&course.regimes[regime]);
                regime += 1;
            }
            let mut of_regime = [0.0; N];
            while from < end {
                let to = (from + BLOCK).min(end);
                let months = to - from;
                let geometric = Geometric::of(months, month.stays, patience);
                let [s, t] = &geometric.sums;
                let mut weights = [0.0; N];
                for i in 0..N {
                    let weight = alive * discount[from][i];
                    weights[i] = weight * s[i];
                    let drifted = weight * (drift * s[i] + month.step * t[i]);
                    of_regime[i] += weights[i];
                    sums[0][i] += weights[i];
                    sums[1][i] += drifted;
                    sums[2][i] += month.by_mode[2] * weights[i];
                    sums[3][i] += month.by_mode[2] * drifted;
                }
                self.sums.extend_from_slice(sums.as_flattened());
                let last = drift + (months - 1) as f64 * month.step;
                self.blocks.push(Block {
                    from,
                    to,
                    drift,
                    low: drift.min(last),
                    high: drift.max(last),
                    alive,
                    stays: month.stays,
                    step: month.step,
                    armistice: month.by_mode[2],
                });
                alive *= geometric.stays;
                drift = last + month.step;
                from = to;
            }
            if alike[0] < end {
                add(&mut rows, &month, &of_regime);
                // Delays are over at the first of months that are alike, or not before the next.
                for (later, _) in over(&mut later, course, alike[0]) {
                    later.iter_mut().zip(of_regime).for_each(|(x, w)| *x += w);
                }
            }
        }
        // All later months are like the last, the line held: a geometric series without end.
        let mut tail = [0.0; N];
        for i in 0..N {
            tail[i] = alive * discount[horizon][i] / (1.0 - patience[i] * month.stays);
        }
        add(&mut rows, &month, &tail);
        for (later, _) in over(&mut later, course, horizon.saturating_sub(1)) {
            later.iter_mut().zip(tail).for_each(|(x, w)| *x += w);
        }
        self.rows.clear();
        self.rows.extend_from_slice(rows.as_flattened());
        self.rows.extend_from_slice(later.as_flattened());
        self.tail.clear();
        self.tail.extend_from_slice(&tail);
        (self.drift, self.beyond, self.horizon) = (drift, alive, horizon);
        self.armistice = month.by_mode[2];
    }
}

/// Rows of the delays that are over in a month.
fn over<'a, T>(
    later: &'a mut [T],
    course: &'a Course,
    month: usize,
) -> impl Iterator<Item = (&'a mut T, &'a f64)> {
    let all = later.iter_mut().zip(&course.delays);
    all.filter(move |(_, delay)| month as f64 >= **delay)
}
