//! How fast monthly news closes the gap between what a type believes and what the analyst does.
//!
//! The type holds the edge to be normal around its own mean, `open_to_news` wide. Each month the line moves by γ·edge + σ·ε, it
//! reads the move plus the bias of its news, and updates with the likelihood raised to η. Its mean after n months is then
//!
//! ```text
//! d_n = (b + κ n β/γ + κ (σ/γ) S_n) / (1 + κ n),   κ = η (γ·open/σ)²
//! ```
//!
//! with b its first offset, β the bias and `S_n` a sum of n standard normal draws. The gap has halved once `d_n` has come to the
//! offset d* that halves it: a first passage of a random walk over a straight line, whose law is that of Brownian motion with the
//! level put 0.5826 further (Siegmund 1985): P(T ≤ n) = Φ((μn − a)/√n) + e^(2μa) Φ((−a − μn)/√n). Where
//! the way is short, the first twelve months are followed one by one instead.

use detente_core::{INDIFFERENT, MILESTONES, OwnBeliefs, Query, Row, Scene, Setting, World};
use detente_math::normal_cdf;

use super::parts::believing;
use super::{HALVED_BY, MONTHS_TO_HALVE, NEVER_HALVES};

use detente_core::asks::LONGEST;
/// How far beyond its level a random walk of normal steps is found on average when it first passes it, in steps.
const OVERSHOOT: f64 = 0.582_6;

/// Shares of its edge offset at which a type's gap is computed.
pub(super) const SHARES: [f64; 5] = [0.0, 0.25, 0.5, 0.75, 1.0];
/// Months in which a walk that has not far to go is followed step by step.
const FIRST: usize = 12;
/// Drift a month, in standard deviations, above which walks stay near enough to be followed.
const BACKWARDS: f64 = -0.3;
/// Distance up to which the way is short.
const SHORT: f64 = 4.0;
/// Places at which its density is kept, and how far apart they lie.
const PLACES: usize = 36;
const APART: f64 = 0.25;

/// A random walk with this drift a month that must come this far, in standard deviations of a month.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Passage {
    pub(super) drift: f64,
    pub(super) distance: f64,
    /// Chance by month 0, 1, …, where the way is short; else nothing.
    first: [f64; FIRST + 1],
}

impl Passage {
    pub(super) fn new(drift: f64, distance: f64) -> Self {
        let mut passage = Self {
            drift,
            distance,
            first: [0.0; FIRST + 1],
        };
        if passage.is_short() {
            passage.follow();
        }
        passage
    }

    /// Is it a short way?
    fn is_short(self) -> bool {
        self.drift >= BACKWARDS && self.distance < SHORT
    }

    /// The first months exactly but for the rule of integration: the density of walks that have not arrived, month by month.
    fn follow(&mut self) {
        let density = |x: f64| libm::exp(-0.5 * x * x) / (2.0 * std::f64::consts::PI).sqrt();
        // Distance still to go at each place, from arrival on; trapezoids.
        let to_go = |i: usize| i as f64 * APART;
        let weight = |i: usize| if i == 0 { 0.5 * APART } else { APART };
        let kernel: [f64; 2 * PLACES] =
            std::array::from_fn(|k| density((k as f64 - PLACES as f64) * APART - self.drift));
        let mut now: [f64; PLACES] =
            std::array::from_fn(|i| density(self.distance - to_go(i) - self.drift));
        // Walks beyond the last place are too far to arrive soon.
        self.first[1] = normal_cdf(self.drift - self.distance);
        for month in 2..=FIRST {
            let arrives = |i: usize| now[i] * weight(i) * normal_cdf(self.drift - to_go(i));
            let more: f64 = (0..PLACES).map(arrives).sum();
            self.first[month] = (self.first[month - 1] + more).min(1.0);
            let mut next = [0.0; PLACES];
            for (i, next) in next.iter_mut().enumerate() {
                // From j places away to i: a step of j − i.
                let from = |j: usize| now[j] * weight(j) * kernel[PLACES + j - i];
                *next = (0..PLACES).map(from).sum();
            }
            now = next;
        }
    }

    /// Chance that it has come so far by a month.
    pub(super) fn by(self, months: usize) -> f64 {
        if months == 0 {
            return 0.0;
        }
        if months <= FIRST && self.is_short() {
            return self.first[months];
        }
        let (n, level) = (months as f64, self.distance + OVERSHOOT);
        let root = n.sqrt();
        let there = normal_cdf((self.drift * n - level) / root);
        let back = normal_cdf((-level - self.drift * n) / root);
        // e^(2μa) may overflow where the other factor vanishes.
        let returned = if back > 0.0 {
            libm::exp(2.0 * self.drift * level + libm::log(back))
        } else {
            0.0
        };
        (there + returned).max(self.first[FIRST]).min(1.0)
    }

    /// The first month by which it has come so far in half of all histories; `None` if not within [`LONGEST`].
    pub(super) fn median(self) -> Option<usize> {
        if self.by(LONGEST) < 0.5 {
            return None;
        }
        let (mut below, mut above) = (0, LONGEST);
        while above - below > 1 {
            let middle = usize::midpoint(below, above);
            if self.by(middle) < 0.5 {
                below = middle;
            } else {
                above = middle;
            }
        }
        Some(above)
    }
}

pub(super) fn queries(setting: &Setting, world: &World, queries: &mut Vec<Query>) {
    for (t, numbers) in world.numbers.types.iter().enumerate() {
        if numbers.believes_edge != 0.0 {
            let less = SHARES.iter().filter(|share| **share < 1.0);
            queries.extend(less.map(|share| at(setting, world, t, *share)));
        }
    }
}

/// The query of a type whose edge offset is this share of what it is.
fn at(setting: &Setting, world: &World, t: usize, share: f64) -> Query {
    let own = OwnBeliefs::of(world, t);
    let edge = share * own.edge;
    believing(setting, world, t, OwnBeliefs { edge, ..own })
}

pub(super) fn examine(scene: &Scene, row: &mut Row) {
    let Scene { setting, world, .. } = *scene;
    let analyst = scene.no_deal(&Query::analyst(setting, world));
    let Some(analyst) = analyst else { return };
    for (t, numbers) in world.numbers.types.iter().enumerate() {
        let value = |query: &Query| scene.no_deal(query).map_or(f64::NAN, |s| s.values[t]);
        let gap = value(&Query::own(setting, world, t)) - analyst.values[t];
        // Rounding is no gap.
        if gap.abs() <= INDIFFERENT {
            continue;
        }
        let gaps = SHARES.map(|share| value(&at(setting, world, t, share)) - analyst.values[t]);
        let passage = if numbers.believes_edge == 0.0 {
            None
        } else {
            halving(gaps).and_then(|left| passage(world, t, left * numbers.believes_edge))
        };
        let median = passage.and_then(Passage::median);
        row.set(NEVER_HALVES, &[t], f64::from(u8::from(median.is_none())));
        if let Some(months) = median {
            row.set(MONTHS_TO_HALVE, &[t], months as f64);
        }
        for (i, months) in MILESTONES.iter().enumerate() {
            row.set(HALVED_BY, &[t, i], passage.map_or(0.0, |p| p.by(*months)));
        }
    }
}

/// The share of the edge offset at which the gap is half of what it is, by the polynomial through the gaps at [`SHARES`] of it;
/// `None` where even without the offset more than half is left.
pub(super) fn halving(gaps: [f64; SHARES.len()]) -> Option<f64> {
    let [none, .., all] = gaps;
    // On the side of zero that the gap lies on.
    if none / all >= 0.5 {
        return None;
    }
    let left = |x: f64| {
        let mut sum = 0.0;
        for (k, gap) in gaps.iter().enumerate() {
            let others = SHARES.iter().filter(|other| **other != SHARES[k]);
            sum += gap * others.map(|o| (x - o) / (SHARES[k] - o)).product::<f64>();
        }
        sum / all
    };
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..50 {
        let middle = 0.5 * (low + high);
        if left(middle) < 0.5 {
            low = middle;
        } else {
            high = middle;
        }
    }
    Some(0.5 * (low + high))
}

/// The passage by which a type's mean comes to an offset; `None`: its news tells it nothing.
pub(super) fn passage(world: &World, t: usize, to: f64) -> Option<Passage> {
    let me = &world.numbers.types[t];
    let contest = world.numbers.contest.first()?;
    let (pace, volatility) = (contest.pace, contest.volatility);
    let open = pace * me.open_to_news / volatility;
    let speed = me.learning_rate * open * open;
    if !(speed > 0.0 && speed.is_finite()) {
        return None;
    }
    // Towards the analyst's belief counts as ahead.
    let sign = f64::signum(me.believes_edge);
    let bias = me.news_bias / pace;
    let scale = pace / volatility;
    let distance = sign * (me.believes_edge - to) * scale / speed;
    Some(Passage::new(sign * (to - bias) * scale, distance))
}
