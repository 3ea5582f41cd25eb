//! What one point in each state of the contest is worth today.

use detente_core::Payoffs;
use detente_math::normal_cdf_and_pdf;

use super::course::Month;

/// What one point in each state is worth today, for several discount factors. Lists are by factor, then by knot.
#[derive(Clone, Debug, Default)]
pub(super) struct Prices {
    /// Discount factors a month, all different.
    pub(super) patience: Vec<f64>,
    knots: usize,
    delayed: usize,
    /// δ^t.
    pub(super) discount: Vec<f64>,
    flow: Vec<f64>,
    armistice: Vec<f64>,
    /// A decisive, B decisive, (armistice: by knot above), escalation.
    modes: Vec<[f64; 4]>,
    /// Of one point a month while at war.
    months: Vec<f64>,
    /// Of one point a month while at war and a lever's delay is over; by factor, then by lever with such costs.
    later: Vec<f64>,
}

impl Prices {
    /// Nothing priced yet. `delayed`: how many levers change what a month costs.
    pub(super) fn clear(&mut self, knots: usize, delayed: usize) {
        (self.knots, self.delayed) = (knots, delayed);
        self.patience.clear();
        self.discount.clear();
        self.flow.clear();
        self.armistice.clear();
        self.modes.clear();
        self.months.clear();
        self.later.clear();
    }

    /// The place of a discount factor, new or known.
    pub(super) fn place(&mut self, patience: f64) -> usize {
        if let Some(place) = self.patience.iter().position(|p| *p == patience) {
            return place;
        }
        let factors = self.patience.len() + 1;
        self.patience.push(patience);
        self.discount.push(1.0);
        self.flow.resize(factors * self.knots, 0.0);
        self.armistice.resize(factors * self.knots, 0.0);
        self.modes.push([0.0; 4]);
        self.months.push(0.0);
        self.later.resize(factors * self.delayed, 0.0);
        factors - 1
    }

    /// Copies without allocating where there is room.
    pub(super) fn copy(&mut self, other: &Self) {
        (self.knots, self.delayed) = (other.knots, other.delayed);
        self.patience.clone_from(&other.patience);
        self.discount.clone_from(&other.discount);
        self.flow.clone_from(&other.flow);
        self.armistice.clone_from(&other.armistice);
        self.modes.clone_from(&other.modes);
        self.months.clone_from(&other.months);
        self.later.clone_from(&other.later);
    }

    /// One month. `in_force` says which of the levers that change what a month costs are past their delay.
    pub(super) fn add_month(&mut self, month: &Month, alive: f64, hats: &[f64], in_force: u64) {
        for p in 0..self.patience.len() {
            self.add(p, month, alive * self.discount[p], hats, in_force);
            self.discount[p] *= self.patience[p];
        }
    }

    /// The months after the horizon, all alike: a geometric series.
    pub(super) fn close(&mut self, last: &Month, alive: f64, hats: &[f64], in_force: u64) {
        for p in 0..self.patience.len() {
            let weight = alive * self.discount[p] / (1.0 - self.patience[p] * last.stays);
            self.add(p, last, weight, hats, in_force);
        }
    }

    /// Months of a stretch, as one: `sum` of their survival and discount from its first month, in which the contest goes on with
    /// chance `alive`.
    pub(super) fn add_weighed(
        &mut self,
        p: usize,
        month: &Month,
        alive: f64,
        sum: f64,
        hats: &[f64],
        in_force: u64,
    ) {
        self.add(p, month, alive * self.discount[p] * sum, hats, in_force);
    }

    /// Discounts what comes behind a stretch.
    pub(super) fn pass(&mut self, months: usize) {
        for (discount, patience) in self.discount.iter_mut().zip(&self.patience) {
            for _ in 0..months {
                *discount *= patience;
            }
        }
    }

    fn add(&mut self, p: usize, month: &Month, weight: f64, hats: &[f64], in_force: u64) {
        let ended = weight * self.patience[p];
        let (of_flow, of_armistice) = (weight * (1.0 - self.patience[p]), ended * month.by_mode[2]);
        let own = p * self.knots..(p + 1) * self.knots;
        let lists = self.flow[own.clone()]
            .iter_mut()
            .zip(&mut self.armistice[own]);
        for ((flow, armistice), hat) in lists.zip(hats) {
            *flow += of_flow * hat;
            *armistice += of_armistice * hat;
        }
        for (price, chance) in self.modes[p].iter_mut().zip(month.by_mode) {
            *price += ended * chance;
        }
        self.months[p] += weight;
        for l in 0..self.delayed {
            if in_force >> l & 1 == 1 {
                self.later[p * self.delayed + l] += weight;
            }
        }
    }

    /// Prices of endings at a discount factor: an armistice at each knot, then A's and B's dictate.
    pub(super) fn of_endings(&self, p: usize) -> (&[f64], [f64; 2]) {
        let own = p * self.knots..(p + 1) * self.knots;
        (&self.armistice[own], [self.modes[p][0], self.modes[p][1]])
    }

    /// Every price of an ending times a weight.
    pub(super) fn scale(&mut self, weight: f64) {
        self.armistice.iter_mut().for_each(|x| *x *= weight);
        let modes = self.modes.iter_mut().flatten();
        modes.for_each(|x| *x *= weight);
    }

    /// Adds the prices of endings of a part of a mixture with its weight.
    pub(super) fn add_endings(&mut self, part: &Self, weight: f64) {
        let armistices = self.armistice.iter_mut().zip(&part.armistice);
        let modes = self.modes.iter_mut().flatten();
        let modes = modes.zip(part.modes.iter().flatten());
        armistices.chain(modes).for_each(|(x, y)| *x += weight * y);
    }

    /// What one point a month costs at once while the contest lasts.
    pub(super) fn months(&self, p: usize) -> f64 {
        self.months[p]
    }

    /// V of a type at the prices of its discount factor: `month` is what a month at war costs it, `changes` what levers make
    /// of that.
    pub(super) fn value(
        &self,
        p: usize,
        t: usize,
        month: f64,
        changes: &[f64],
        payoffs: &Payoffs,
    ) -> f64 {
        let own = p * self.knots..(p + 1) * self.knots;
        let states = t * self.knots..(t + 1) * self.knots;
        let dot = |prices: &[f64], worth: &[f64]| -> f64 {
            prices.iter().zip(worth).map(|(p, w)| p * w).sum()
        };
        let later = &self.later[p * self.delayed..(p + 1) * self.delayed];
        dot(&self.flow[own.clone()], &payoffs.unsettled[states.clone()])
            + dot(&self.armistice[own], &payoffs.armistice[states])
            + self.modes[p][0] * payoffs.a_decisive[t]
            + self.modes[p][1] * payoffs.b_decisive[t]
            + self.modes[p][3] * payoffs.escalation[t]
            - self.months[p] * month
            - dot(later, changes)
    }
}

/// Standard deviations beyond which a normal line lies on one side of a knot to all digits of a double.
const FAR: f64 = 8.5;

/// Expected weight of each knot when a function that is linear between knots and constant outside is taken at a normal
/// line: E f(x) = `Σ_k` `weight_k` `f(knot_k)`, for x ~ N(mean, sd²).
pub(super) fn spread_over_knots(knots: &[f64], mean: f64, sd: f64, hats: &mut [f64]) {
    // No spread: any knot is far.
    let scale = if sd > 0.0 { 1.0 / sd } else { f64::INFINITY };
    // E (x - b)⁺
    let above = |b: f64| {
        let ahead = mean - b;
        let z = ahead * scale;
        if z.abs() < FAR {
            let (cdf, pdf) = normal_cdf_and_pdf(z);
            ahead * cdf + sd * pdf
        } else {
            ahead.max(0.0)
        }
    };
    hats.fill(0.0);
    hats[0] = 1.0;
    let mut here = above(knots[0]);
    for k in 1..knots.len() {
        let next = above(knots[k]);
        let passed = ((here - next) / (knots[k] - knots[k - 1])).clamp(0.0, 1.0);
        hats[k - 1] -= passed;
        hats[k] = passed;
        here = next;
    }
}
