//! How fast the moves that are seen close the gap between what a type believes of a process's rates and what the analyst does.
//!
//! A month in a state with or without one of its moves tells of the move's rate. The type holds the factor by which a rate differs from
//! the analyst's to be gamma distributed around its own, as wide as it is open to news; what is seen raises to η the likelihood of a Poisson
//! count. After Λ moves that the analyst's rates let expect, the log of the factor has come from b to
//!
//! ```text
//! d = ln[(k + η Λ) / (k e^(−b) + η Λ)],   k = 1/(e^(σ²) − 1)
//! ```
//!
//! Λ grows with the months in the state that the move leaves, and stops with an end: what is never tried is never learned. News is what the
//! analyst's rates let expect; its own chance is left out, so that a month is told and no chance by months.

use detente_core::asks::LONGEST;
use detente_core::{
    INDIFFERENT, LeverProfile, MILESTONES, NoDealSolution, Payoffs, Query, Row, Scene, World,
};

use super::{MONTHS_TO_HALVE, NEVER_HALVES};
use crate::no_deal::process::{self, Held, Process, fate};
use crate::{NoDeal, States};

pub(super) fn examine(scene: &Scene, row: &mut Row) {
    let Scene { setting, world, .. } = *scene;
    let analyst = scene.no_deal(&Query::analyst(setting, world));
    let Some(analyst) = analyst else { return };
    let mut news: Option<News> = None;
    for t in 0..setting.types.len() {
        let Some(own) = scene.no_deal_value(t) else {
            continue;
        };
        let gap = own - analyst.values[t];
        // Rounding is no gap.
        if gap.abs() <= INDIFFERENT {
            continue;
        }
        let months = if is_open(world, t) {
            let news = news.get_or_insert_with(|| News::of(scene));
            news.halves(scene, t, analyst.values[t], gap)
        } else {
            None
        };
        row.set(NEVER_HALVES, &[t], f64::from(u8::from(months.is_none())));
        if let Some(months) = months {
            row.set(MONTHS_TO_HALVE, &[t], months as f64);
        }
    }
}

/// Can what is seen move any of the offsets of a type?
fn is_open(world: &World, t: usize) -> bool {
    let me = &world.numbers.types[t];
    let places = 0..me.believes_rates.len();
    let mut moved = places.filter(|place| me.believes_rates[*place] != 0.0);
    me.learning_rate > 0.0 && moved.any(|place| openness(world, t, place) > 0.0)
}

/// How far news can move a type's belief about a rate: as it states for all, or else its doubt about this one.
fn openness(world: &World, t: usize, place: usize) -> f64 {
    let me = &world.numbers.types[t];
    if me.open_to_news > 0.0 {
        me.open_to_news
    } else {
        me.rate_sds[place]
    }
}

/// What there is to be seen, and what types make of it.
struct News {
    /// By month, by place among the moves that somebody holds a belief about: moves made before that month, on average.
    made: Vec<Vec<f64>>,
    levers: LeverProfile,
    payoffs: Payoffs,
    solution: NoDealSolution,
}

impl News {
    fn of(scene: &Scene) -> Self {
        let Scene { setting, world, .. } = *scene;
        let mut payoffs = Payoffs::default();
        let states = States {
            setting,
            world,
            preferences: scene.preferences,
            deal_value: scene.deal_value,
        };
        Process.value_states(&states, &mut Vec::new(), &mut payoffs);
        Self {
            made: fate::moves_made(setting, world, LONGEST),
            levers: Query::analyst(setting, world).levers,
            payoffs,
            solution: NoDealSolution::default(),
        }
    }

    /// The month by which a type's gap has halved; `None`: not within fifty years.
    fn halves(&mut self, scene: &Scene, t: usize, analysts: f64, gap: f64) -> Option<usize> {
        let mut halved = |month: usize| (self.value(scene, t, month) - analysts) / gap <= 0.5;
        let mut below = 0;
        let tried = MILESTONES.iter().copied().chain([LONGEST]);
        let mut above = None;
        for month in tried {
            if halved(month) {
                above = Some(month);
                break;
            }
            below = month;
        }
        let mut above = above?;
        while above - below > 1 {
            let middle = usize::midpoint(below, above);
            if halved(middle) {
                above = middle;
            } else {
                below = middle;
            }
        }
        Some(above)
    }

    /// V of a type with what it believes after so many months.
    fn value(&mut self, scene: &Scene, t: usize, month: usize) -> f64 {
        let Scene { setting, world, .. } = *scene;
        let me = &world.numbers.types[t];
        let left = me.believes_rates.iter().enumerate().map(|(place, offset)| {
            let open = openness(world, t, place);
            let firm = 1.0 / libm::expm1(open * open);
            let seen = me.learning_rate * self.made[month][place];
            // Who is not open at all is infinitely firm.
            if firm.is_finite() && seen > 0.0 {
                libm::log((firm + seen) / (firm * libm::exp(-offset) + seen))
            } else {
                *offset
            }
        });
        let left: Vec<f64> = left.collect();
        let held = Held {
            offsets: &left,
            doubts: &me.rate_sds,
        };
        let Self {
            levers,
            payoffs,
            solution,
            ..
        } = self;
        process::value(
            setting,
            world,
            (*levers, false),
            held,
            &[t],
            payoffs,
            solution,
        );
        solution.values[t]
    }
}
