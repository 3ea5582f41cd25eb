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
//! level put 0.5826 further (Siegmund 1985): P(T ≤ n) = Φ((μn − a)/√n) + e^(2μa) Φ((−a − μn)/√n); and never less than the chance
//! that it lies beyond the level at month n itself.

use detente_core::{MILESTONES, OwnBeliefs, Query, Row, Scene, Setting, World};
use detente_math::normal_cdf;

use super::parts::believing;
use super::{HALVED_BY, MONTHS_TO_HALVE, NEVER_HALVES};
use crate::lenses::settlement::INDIFFERENT;

/// Months after which a gap that has not halved is said never to.
pub(super) const LONGEST: usize = 600;
/// How far beyond its level a random walk of normal steps is found on average when it first passes it, in steps.
const OVERSHOOT: f64 = 0.582_6;

/// A random walk with this drift a month that must come this far, in standard deviations of a month.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Passage {
    pub(super) drift: f64,
    pub(super) distance: f64,
}

impl Passage {
    /// Chance that it has come so far by a month.
    pub(super) fn by(self, months: usize) -> f64 {
        if months == 0 {
            return 0.0;
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
        // Where a month's step is as long as the whole way, one look at the end tells more than the law of small steps.
        let seen_there = normal_cdf((self.drift * n - self.distance) / root);
        (there + returned).max(seen_there).min(1.0)
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
            let halves = [0.0, 0.5].map(|share| at(setting, world, t, share));
            queries.extend(halves);
        }
    }
}

/// The query of a type whose edge offset is this share of what it is.
fn at(setting: &Setting, world: &World, t: usize, share: f64) -> Query {
    let own = OwnBeliefs::of(&world.numbers.types[t]);
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
        let gaps = [0.0, 0.5].map(|share| value(&at(setting, world, t, share)) - analyst.values[t]);
        let passage = if numbers.believes_edge == 0.0 {
            None
        } else {
            halving([gaps[0], gaps[1], gap])
                .and_then(|left| passage(world, t, left * numbers.believes_edge))
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

/// The share of the edge offset at which the gap is half of what it is, by the parabola through gaps at none, half and all of it;
/// `None` where even without the offset more than half is left.
pub(super) fn halving([none, half, all]: [f64; 3]) -> Option<f64> {
    let aim = 0.5 * all;
    // On the side of zero that the gap lies on.
    if none / all >= 0.5 {
        return None;
    }
    let parabola = |x: f64| {
        let (a, b) = (
            2.0 * (all - 2.0 * half + none),
            4.0 * half - 3.0 * none - all,
        );
        none + b * x + a * x * x
    };
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..60 {
        let middle = 0.5 * (low + high);
        if (parabola(middle) - aim) / all < 0.0 {
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
    Some(Passage {
        drift: sign * (to - bias) * scale,
        distance: sign * (me.believes_edge - to) * scale / speed,
    })
}
