//! What one point in each state of a contest is worth today.
//!
//! A worth that is linear between knots b and constant outside is its value at the first knot and a slope times
//! (x − b)⁺ − (x − b')⁺ for every pair of neighbours, so that Σ w·E(x − b)⁺ over months, with and without the chance of an armistice, is
//! all that it needs of where the line is. A block of months whose line is further than [`FAR`] of its standard deviations from a knot
//! costs a difference of sums; only nearer ones are looked at month by month.

use std::ops::Range;

use detente_core::Payoffs;

use super::course::Course;
use super::edge::{Edge, ROWS};
use super::hinge::{Correction, FAR};
use super::lanes::Lanes;

/// Prices, for several discount factors; rows have a number a factor.
#[derive(Clone, Debug, Default)]
pub(super) struct Prices {
    width: usize,
    knots: usize,
    delays: usize,
    /// A month at war, each mode, a month at war from each delay on; Σ w·E(x − b)⁺ by knot, the same with the chance of an armistice.
    rows: Vec<f64>,
}

impl Prices {
    /// Prices of a contest whose line starts at `start`.
    pub(super) fn lay<const N: usize>(
        &mut self,
        course: &Course,
        lanes: &Lanes,
        edge: &Edge,
        start: f64,
        knots: &[f64],
        correction: &Correction,
    ) {
        (self.width, self.knots, self.delays) = (N, knots.len(), course.delays.len());
        self.rows.clear();
        self.rows.extend_from_slice(&edge.rows);
        let (discount, _) = lanes.discount.as_chunks::<N>();
        let (sums, _) = edge.sums.as_chunks::<N>();
        let (tail, _) = edge.tail.as_chunks::<N>();
        self.rows.resize(self.rows.len() + 2 * knots.len() * N, 0.0);
        let first = (ROWS + self.delays) * N;
        let (flows, armistices) = self.rows[first..].split_at_mut(knots.len() * N);
        let rows = flows
            .chunks_exact_mut(N)
            .zip(armistices.chunks_exact_mut(N));
        for (knot, (flow_row, armistice_row)) in knots.iter().zip(rows) {
            let from = start - knot;
            let (mut flow, mut armistice) = ([0.0; N], [0.0; N]);
            let reach = |to: usize| FAR * course.spread[to - 1];
            let mut k = 0;
            while let Some(block) = edge.blocks.get(k) {
                let far = reach(block.to);
                if from + block.high <= -far {
                    k += 1;
                    continue;
                }
                if from + block.low >= far {
                    let first = k;
                    let ahead = |b: &super::edge::Block| from + b.low >= reach(b.to);
                    while edge.blocks.get(k).is_some_and(ahead) {
                        k += 1;
                    }
                    let (before, after) = (&sums[4 * first..][..4], &sums[4 * k..][..4]);
                    for i in 0..N {
                        flow[i] +=
                            from * (after[0][i] - before[0][i]) + (after[1][i] - before[1][i]);
                        armistice[i] +=
                            from * (after[2][i] - before[2][i]) + (after[3][i] - before[3][i]);
                    }
                    continue;
                }
                let mut near = [0.0; N];
                let months = block.from..block.to;
                let spreads = course.spread[months.clone()].iter();
                let spreads = spreads.zip(&course.sharpness[months.clone()]);
                let (mut alive, mut ahead) = (block.alive, from + block.drift);
                for ((spread, sharpness), discount) in spreads.zip(&discount[months]) {
                    let weight = alive * correction.above(ahead, *spread, *sharpness);
                    for i in 0..N {
                        near[i] += weight * discount[i];
                    }
                    alive *= block.stays;
                    ahead += block.step;
                }
                for i in 0..N {
                    flow[i] += near[i];
                    armistice[i] += block.armistice * near[i];
                }
                k += 1;
            }
            let (spread, sharpness) = (course.spread[edge.horizon], course.sharpness[edge.horizon]);
            let above = correction.above(from + edge.drift, spread, sharpness);
            for i in 0..N {
                flow[i] += above * tail[0][i];
                armistice[i] += above * edge.armistice * tail[0][i];
            }
            flow_row.copy_from_slice(&flow);
            armistice_row.copy_from_slice(&armistice);
        }
    }

    /// Takes the place of a mixture of which `part` is the first part, with this weight.
    pub(super) fn begin(&mut self, part: &Self, weight: f64) {
        self.clone_from(part);
        self.rows.iter_mut().for_each(|x| *x *= weight);
    }

    /// Adds a part of a mixture with its weight.
    pub(super) fn add(&mut self, part: &Self, weight: f64) {
        let rows = self.rows.iter_mut().zip(&part.rows);
        rows.for_each(|(x, y)| *x += weight * y);
    }

    fn at(&self, row: usize, lane: usize) -> f64 {
        self.rows[row * self.width + lane]
    }

    /// Rows of Σ w·E(x − b)⁺ by knot.
    fn flows(&self) -> Range<usize> {
        let first = ROWS + self.delays;
        first..first + self.knots
    }

    /// The same with the chance of an armistice.
    fn armistices(&self) -> Range<usize> {
        let first = self.flows().end;
        first..first + self.knots
    }

    /// What one point a month costs at once while the contest lasts.
    pub(super) fn months(&self, lane: usize) -> f64 {
        self.at(0, lane)
    }

    /// Of a worth by knots: Σ w·E worth, where `rows` are the Σ w·E(x − b)⁺ and `all` is Σ w.
    fn along(
        &self,
        rows: Range<usize>,
        all: f64,
        lane: usize,
        knots: &[f64],
        worth: &[f64],
    ) -> f64 {
        let mut sum = all * worth[0];
        let pairs = knots.windows(2).zip(worth.windows(2)).zip(rows);
        for ((knots, worth), row) in pairs {
            let slope = (worth[1] - worth[0]) / (knots[1] - knots[0]);
            sum += slope * (self.at(row, lane) - self.at(row + 1, lane));
        }
        sum
    }

    /// V of type `t` at the prices of its discount factor: `month` is what a month at war costs it, `changes` what levers make of
    /// that.
    pub(super) fn value(
        &self,
        (lane, patience): (usize, f64),
        t: usize,
        month: f64,
        changes: &[f64],
        payoffs: &Payoffs,
    ) -> f64 {
        let knots = &payoffs.knots[..];
        let own = t * self.knots..(t + 1) * self.knots;
        let unsettled = &payoffs.unsettled[own.clone()];
        let flow = self.along(self.flows(), self.at(0, lane), lane, knots, unsettled);
        let armistice = &payoffs.armistice[own];
        let peace = self.along(self.armistices(), self.at(3, lane), lane, knots, armistice);
        let ends = peace
            + self.at(1, lane) * payoffs.a_decisive[t]
            + self.at(2, lane) * payoffs.b_decisive[t]
            + self.at(4, lane) * payoffs.escalation[t];
        let later = changes.iter().enumerate();
        let later = later.map(|(l, change)| self.at(ROWS + l, lane) * change);
        (1.0 - patience) * flow + patience * ends - self.months(lane) * month - later.sum::<f64>()
    }

    /// What one point in each ending is worth at a discount factor: an armistice at each knot, then A's and B's dictate.
    pub(super) fn endings(&self, (lane, patience): (usize, f64), knots: &[f64], to: &mut [f64]) {
        let (armistice, dictates) = to.split_at_mut(self.knots);
        armistice.fill(0.0);
        armistice[0] = self.at(3, lane);
        for (k, (knots, row)) in knots.windows(2).zip(self.armistices()).enumerate() {
            let passed = (self.at(row, lane) - self.at(row + 1, lane)) / (knots[1] - knots[0]);
            armistice[k] -= passed;
            armistice[k + 1] += passed;
        }
        for (price, mode) in dictates.iter_mut().zip([1, 2]) {
            *price = self.at(mode, lane);
        }
        for price in to {
            *price *= patience;
        }
    }
}
