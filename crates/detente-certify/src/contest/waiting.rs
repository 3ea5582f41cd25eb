//! The first months of a war by themselves, and how many months it has in all.

use detente_core::{LeverProfile, Question};

use super::{Belief, Worth, ending_worths, monthly, months, spread, walk};
use crate::budget;
use crate::durable::After;
use crate::no_deal::Waiting;

/// Steps of Simpson's rule over a type's doubt, on each side, and how far it goes.
const STEPS: i32 = 48;
const REACH: f64 = 6.0;

/// Places of the integral over a type's own doubt, with their weights.
fn doubts(question: Question, t: usize) -> Vec<(f64, f64)> {
    let sd = question.world.numbers.types[t].own_sd;
    if sd == 0.0 {
        return vec![(0.0, 1.0)];
    }
    let place = |k: i32| REACH * f64::from(k) / f64::from(STEPS);
    let weights: Vec<f64> = (-STEPS..=STEPS)
        .map(|k| libm::exp(-0.5 * place(k) * place(k)))
        .collect();
    let all: f64 = weights.iter().sum();
    (-STEPS..=STEPS)
        .zip(weights)
        .map(|(k, weight)| (sd * place(k), weight / all))
        .collect()
}

/// What the first months bring, where the world is one in which nothing ends the war but force; `pulled` changes what options are worth,
/// and nothing else.
pub(crate) fn waiting(
    question: Question,
    t: usize,
    until: usize,
    after: &[After],
    pulled: LeverProfile,
) -> Option<Waiting> {
    let Question { world, .. } = question;
    let me = &world.numbers.types[t];
    let none = LeverProfile::default();
    let in_force = months(question, none)?;
    let worth = Worth::new(question, t, pulled);
    let ends = ending_worths(question, t, pulled, after)?;
    let [a, b] = [ends[ends.len() - 2], ends[ends.len() - 1]];
    let mut found = Waiting {
        worth: 0.0,
        lasts: 0.0,
        months: 0.0,
    };
    for (shift, weight) in doubts(question, t) {
        budget::spend(until + 1)?;
        let belief = Belief {
            edge: me.believes_edge + shift,
            escalation: me.believes_escalation,
            ..Belief::default()
        };
        let course = walk(question, belief, &in_force)?;
        let (mut discount, mut variance, mut alive) = (1.0, 0.0_f64, weight);
        for month in 0..until {
            let state = &course[month.min(course.len() - 1)];
            let (burden, scar) = monthly(question, none, t, month.min(in_force.len() - 1));
            let hats = spread(state.line, variance.sqrt(), &worth.bends);
            let lived: f64 = hats.iter().zip(&worth.unsettled).map(|(h, w)| h * w).sum();
            let by = state.by_mode;
            let ended = by[0] * a + by[1] * b + by[3] * worth.escalation;
            let now = (1.0 - me.patience) * (lived - burden) - scar + me.patience * ended;
            found.worth += discount * alive * now;
            found.months += discount * alive;
            alive *= state.stays;
            variance += state.volatility * state.volatility;
            discount *= me.patience;
        }
        found.lasts += alive;
    }
    Some(found)
}

/// What a point a month costs at once while the war lasts, some levers pulled.
pub(crate) fn discounted_months(question: Question, t: usize, pulled: LeverProfile) -> Option<f64> {
    let me = &question.world.numbers.types[t];
    let in_force = months(question, pulled)?;
    let mut all = 0.0;
    for (shift, weight) in doubts(question, t) {
        budget::spend(in_force.len() / 8)?;
        let belief = Belief {
            edge: me.believes_edge + shift,
            escalation: me.believes_escalation,
            pulled,
            ..Belief::default()
        };
        let course = walk(question, belief, &in_force)?;
        let (last, before) = course.split_last()?;
        let mut discount = weight;
        for state in before {
            all += discount * state.alive;
            discount *= me.patience;
        }
        all += discount * last.alive / (1.0 - me.patience * last.stays);
    }
    Some(all)
}
