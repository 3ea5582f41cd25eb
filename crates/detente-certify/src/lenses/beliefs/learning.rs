//! Learning once more: the passage followed month by month on a grid.

use detente_core::asks::LONGEST;
use detente_core::catalogue::beliefs::{HALVED_BY, MONTHS_TO_HALVE, NEVER_HALVES};
use detente_core::{MILESTONES, Question, RowView};

use crate::no_deal;

/// By how much the law of a passage may miss that of a walk in monthly steps: Siegmund's correction is for many small steps.
const PASSAGE: f64 = 0.06;
/// What the polynomial through five gaps may move the halving offset by, as a share of the offset.
const PARABOLA: f64 = 0.1;

/// Learning: the law of the passage by convolution, at offsets a little nearer and a little further than the one that halves the gap.
pub(super) fn learning(
    question: Question,
    answer: RowView,
    t: usize,
    gap: f64,
) -> Result<(), String> {
    let Question { setting, world } = question;
    let (months, never) = (
        answer.get(MONTHS_TO_HALVE, &[t]),
        answer.get(NEVER_HALVES, &[t]),
    );
    let claimed: Vec<f64> = (0..MILESTONES.len())
        .map(|i| answer.get(HALVED_BY, &[t, i]))
        .collect();
    // A gap within the error may be one or none.
    if gap != 0.0 && gap.abs() <= 4.0 * no_deal::tolerance(question) {
        return Ok(());
    }
    if gap == 0.0 {
        let silent = months.is_nan() && never.is_nan() && claimed.iter().all(|x| x.is_nan());
        return if silent {
            Ok(())
        } else {
            Err(format!("type {t} has no gap that could halve"))
        };
    }
    let fail = |what: &str| Err(format!("learning of type {t}: {what}"));
    if (never != 0.0 && never != 1.0) || (never == 1.0) != months.is_nan() {
        return fail("months and never do not fit");
    }
    let me = &world.numbers.types[t];
    let analysts = no_deal::analysts_value(question, t);
    let at = |edge: f64| {
        let mut other = world.clone();
        other.numbers.types[t].believes_edge = edge;
        let world = &other;
        Some(no_deal::value(Question { setting, world }, t)? - analysts?)
    };
    let nothing_told = vec![0.0; MILESTONES.len()];
    let (Some(contest), Some(none)) = (world.numbers.contest.first(), at(0.0)) else {
        let silent = never == 1.0 && claimed == nothing_told;
        return if silent {
            Ok(())
        } else {
            fail("no line brings news")
        };
    };
    let open = contest.pace * me.open_to_news / contest.volatility;
    let speed = me.learning_rate * open * open;
    let slack = no_deal::tolerance(question) / gap.abs();
    let near = (none / gap - 0.5).abs() < slack + 1e-6;
    if near {
        return Ok(());
    }
    if me.believes_edge == 0.0 || none / gap >= 0.5 || !(speed > 0.0 && speed.is_finite()) {
        let silent = never == 1.0 && claimed == nothing_told;
        return if silent {
            Ok(())
        } else {
            fail("it cannot halve")
        };
    }
    // The offset at which half is left, by halving an interval of offsets.
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..8 {
        let middle = 0.5 * (low + high);
        match at(middle * me.believes_edge) {
            Some(left) if left / gap < 0.5 => low = middle,
            _ => high = middle,
        }
    }
    let law = |share: f64| {
        let to = share * me.believes_edge;
        let sign = f64::signum(me.believes_edge);
        let scale = contest.pace / contest.volatility;
        let drift = sign * (to - me.news_bias / contest.pace) * scale;
        let distance = sign * (me.believes_edge - to) * scale / speed;
        passed_by(drift, distance)
    };
    let later = law((low - PARABOLA).max(0.0));
    let sooner = law((high + PARABOLA).min(1.0));
    for (i, month) in MILESTONES.iter().enumerate() {
        let (least, most) = (later[*month] - PASSAGE, sooner[*month] + PASSAGE);
        if !(least..=most).contains(&claimed[i]) {
            return fail(&format!(
                "halved by month {month} with chance {}, found {least} to {most}",
                claimed[i]
            ));
        }
    }
    if never == 0.0 {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "whole months"
        )]
        let month = months as usize;
        let told = month.min(later.len() - 1);
        let there = month > told || sooner[told] + PASSAGE >= 0.5;
        let fits = there && month <= LONGEST;
        let before = later[told.saturating_sub(1)] - PASSAGE <= 0.5;
        // The median is where the claimed law passes one half; the milestones around it pin it down.
        let ordered = MILESTONES.iter().zip(&claimed).all(|(milestone, chance)| {
            (*milestone < month) == (*chance < 0.5) || *milestone == month
        });
        if !(fits && before && ordered) || months.fract() != 0.0 {
            return fail(&format!("median of {months} months"));
        }
    } else if later[later.len() - 1] - PASSAGE > 0.5 || claimed.iter().any(|x| *x >= 0.5) {
        return fail("it does halve");
    }
    Ok(())
}

/// Chance that a walk of standard normal monthly steps with a drift has come a distance, by month: its density carried on a grid,
/// what has passed taken out.
fn passed_by(drift: f64, distance: f64) -> Vec<f64> {
    /// As far as the last milestone: later medians are judged by what has not passed by then.
    const MONTHS: usize = MILESTONES[MILESTONES.len() - 1];
    /// Cells below the level, and how wide the grid is in standard deviations of the whole walk at least.
    const CELLS: usize = 240;
    let mut chances = vec![0.0];
    if distance <= 0.0 {
        chances.resize(MONTHS + 1, 1.0);
        chances[0] = 0.0;
        return chances;
    }
    // A step must not jump many cells nor fall within one: steps of several months are taken where the way is long.
    let span = (distance + 12.0).min(distance + 4.0 * (MONTHS as f64).sqrt());
    let cell = (span / CELLS as f64).max(0.2);
    // The level lies on the grid; a way much shorter than a step starts at the nearest place.
    let (cell, top) = if distance >= 0.2 {
        let top = (distance / cell).ceil();
        (distance / top, top)
    } else {
        (0.1, (distance / 0.1).round())
    };
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a few hundred"
    )]
    let top = top as usize;
    let reach = 6.0 / cell;
    #[expect(clippy::cast_possible_truncation, reason = "a few dozen")]
    let reach = reach.ceil() as i64;
    // Where a step leads from cell 0, and with what chance: the same from every cell.
    let shift = drift / cell;
    #[expect(clippy::cast_possible_truncation, reason = "a few thousand")]
    let middle = (-shift).round() as i64;
    let mut kernel: Vec<f64> = (middle - reach..=middle + reach)
        .map(|to| {
            let z = (to as f64 + shift) * cell;
            libm::exp(-0.5 * z * z)
        })
        .collect();
    let total: f64 = kernel.iter().sum();
    for weight in &mut kernel {
        *weight /= total;
    }
    // Mass by distance still to go, in cells; far behind is kept in the last one.
    let cells = top + CELLS;
    let mut mass = vec![0.0; cells];
    mass[top.min(cells - 1)] = 1.0;
    let mut passed: f64 = 0.0;
    for _ in 1..=MONTHS {
        let mut next = vec![0.0; cells];
        for (from, weight) in mass.iter().enumerate().filter(|(_, w)| **w > 1e-9) {
            let from = i64::try_from(from).unwrap_or(i64::MAX);
            for (step, chance) in (middle - reach..).zip(&kernel) {
                match usize::try_from(from + step) {
                    Ok(to) if to >= 1 => next[to.min(cells - 1)] += weight * chance,
                    // Half of the cell at the level lies beyond it.
                    Ok(_) => {
                        next[0] += 0.5 * weight * chance;
                        passed += 0.5 * weight * chance;
                    }
                    Err(_) => passed += weight * chance,
                }
            }
        }
        mass = next;
        chances.push(passed.min(1.0));
    }
    chances
}
