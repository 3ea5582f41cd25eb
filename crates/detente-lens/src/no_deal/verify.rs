//! What no deal is worth, once more, from the case and the world alone.

use detente_core::{DealValue, Fate, Preferences, Question};

use super::contest::verify as contest;
use crate::Identity;

/// V of type `t` under its own beliefs and the levers that run, in points; `None` if the case does not say what no deal is.
pub(crate) fn value(question: Question, t: usize) -> Option<f64> {
    let Question { setting, world } = question;
    if setting.contest.is_some() {
        return contest::value(question, t);
    }
    let me = &world.numbers.types[t];
    if setting.lottery.is_some() {
        return lottery(question, t, me.believes_chance);
    }
    setting.reservations.then_some(me.reservation)
}

/// The same under the analyst's beliefs.
pub(crate) fn analysts_value(question: Question, t: usize) -> Option<f64> {
    let Question { setting, .. } = question;
    if setting.contest.is_some() {
        return contest::analysts_value(question, t);
    }
    if setting.lottery.is_some() {
        return lottery(question, t, 0.0);
    }
    value(question, t)
}

/// Odds instead of chances: A's share of the whole is odds/(1 + odds).
fn lottery(Question { setting, world }: Question, t: usize, offset: f64) -> Option<f64> {
    let lottery = setting.lottery.as_ref()?;
    let chance = world.numbers.lottery.first()?.chance;
    let mut preferences = Preferences::default();
    preferences.compute(setting, world);
    let won = |package: &[u8], fate| {
        let how = [fate, Fate::Imposed];
        Identity.worth(setting, world, &preferences, t, package, &how)
    };
    let (a, b) = (
        won(&lottery.a_wins, Fate::ADecisive),
        won(&lottery.b_wins, Fate::BDecisive),
    );
    let odds = chance / (1.0 - chance) * libm::exp(offset);
    let gamble = if odds.is_infinite() {
        a
    } else {
        (odds * a + b) / (1.0 + odds)
    };
    Some(gamble - world.numbers.types[t].fighting_cost)
}
