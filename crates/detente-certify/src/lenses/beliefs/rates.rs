//! Learning of the rates of a process once more: the month that is claimed, the month before it, and those that were tried.

use detente_core::asks::LONGEST;
use detente_core::catalogue::beliefs::{HALVED_BY, MONTHS_TO_HALVE, NEVER_HALVES};
use detente_core::{LeverProfile, MILESTONES, Question, RowView};

use crate::no_deal;
use crate::process::{self, Becomes, Seen};

/// Learning: a month by which half is left, and no earlier one of those that are looked at.
pub(super) fn learning(
    question: Question,
    answer: RowView,
    t: usize,
    gap: f64,
) -> Result<(), String> {
    let (months, never) = (
        answer.get(MONTHS_TO_HALVE, &[t]),
        answer.get(NEVER_HALVES, &[t]),
    );
    let fail = |what: &str| Err(format!("learning of type {t}: {what}"));
    // News is what is expected: no chance over histories is told.
    if (0..MILESTONES.len()).any(|i| !answer.get(HALVED_BY, &[t, i]).is_nan()) {
        return fail("a chance by months");
    }
    let error = no_deal::tolerance(question);
    // A gap within the error may be one or none.
    if gap != 0.0 && gap.abs() <= 4.0 * error {
        return Ok(());
    }
    if gap == 0.0 {
        return if months.is_nan() && never.is_nan() {
            Ok(())
        } else {
            fail("there is no gap that could halve")
        };
    }
    if (never != 0.0 && never != 1.0) || (never == 1.0) != months.is_nan() {
        return fail("months and never do not fit");
    }
    let (Some(becomes), Some(analysts)) = (
        process::becomes(question),
        no_deal::analysts_value(question, t),
    ) else {
        return Ok(());
    };
    let slack = 4.0 * error / gap.abs() + 1e-9;
    // What is left of the gap after so many months.
    let left = |month: usize| {
        let seen = after(question, &becomes, t, month);
        let value = process::value_seen(question, t, (LeverProfile::default(), false), &seen)?;
        Some((value - analysts) / gap)
    };
    let tried = MILESTONES.iter().copied().chain([LONGEST]);
    if never == 1.0 {
        for month in tried {
            match left(month) {
                Some(left) if left < 0.5 - slack => {
                    return fail(&format!("{left} of the gap is left by month {month}"));
                }
                _ => {}
            }
        }
        return Ok(());
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "whole months"
    )]
    let month = months as usize;
    if month as f64 != months || month == 0 || month > LONGEST {
        return fail(&format!("month {months}"));
    }
    if let Some(left) = left(month).filter(|left| *left > 0.5 + slack) {
        return fail(&format!("{left} of the gap is left by month {month}"));
    }
    for before in tried.filter(|m| *m < month).chain([month - 1]) {
        if let Some(left) = left(before).filter(|left| *left < 0.5 - slack) {
            return fail(&format!(
                "{left} of the gap is left by month {before} already"
            ));
        }
    }
    Ok(())
}

/// What a type believes of rates after months in which moves were made as often as they are on average. Gamma's shape and rate, by what each
/// move adds to them.
fn after(question: Question, becomes: &Becomes, t: usize, month: usize) -> Seen {
    let Question { setting, world } = question;
    let me = &world.numbers.types[t];
    let mut seen = Seen::of(question, t);
    let believed = setting.process.iter().flat_map(|process| &process.believed);
    for ((offset, own), sd) in seen.offsets.iter_mut().zip(believed).zip(&me.rate_sds) {
        let open = if me.open_to_news > 0.0 {
            me.open_to_news
        } else {
            *sd
        };
        if open == 0.0 {
            continue;
        }
        let news = me.learning_rate * becomes.made[month][*own];
        // A gamma of mean e^b whose spread is that of a lognormal.
        let mut shape = 1.0 / (libm::exp(open * open) - 1.0);
        let mut rate = shape / libm::exp(*offset);
        shape += news;
        rate += news;
        *offset = libm::log(shape) - libm::log(rate);
    }
    seen
}
