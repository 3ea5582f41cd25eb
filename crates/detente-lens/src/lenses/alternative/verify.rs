//! Certificate: V again by numerical integration; the endings add up; identical beliefs leave no gap.

use detente_core::{Question, RowView, Verdict};

use super::{BEYOND, ENDING, GAP, LINE_SD, VALUE};
use crate::conformance::within;
use crate::no_deal::contest::verify as contest;

/// Greatest error of a sum of some five hundred probabilities.
const SUM_TOLERANCE: f64 = 1e-9;

pub(super) fn verify(question: Question, answer: RowView) -> Verdict {
    let setting = question.setting;
    let mut checked = 0;
    for t in 0..setting.types.len() {
        let claimed = answer.get(VALUE, &[t]);
        let Some(found) = contest::value(question, t) else {
            return Verdict::Silent;
        };
        if !within(claimed, found, contest::TOLERANCE) {
            return Verdict::Fails(format!(
                "value of type {t}: claimed {claimed}, integrated {found}"
            ));
        }
        let offset = question.world.numbers.types[t].believes_edge;
        if offset == 0.0 && answer.get(GAP, &[t]) != 0.0 {
            return Verdict::Fails(format!(
                "type {t} shares the analyst's beliefs but has a gap"
            ));
        }
        checked += 2;
    }
    let horizon = setting
        .contest
        .as_ref()
        .map_or(0, |contest| contest.horizon);
    let chances = (0..horizon).flat_map(|month| (0..4).map(move |ending| (month, ending)));
    let mut sum = answer.get(BEYOND, &[]);
    for (month, ending) in chances {
        let chance = answer.get(ENDING, &[month, ending]);
        if !(0.0..=1.0).contains(&chance) {
            return Verdict::Fails(format!(
                "chance of ending {ending} in month {month} is {chance}"
            ));
        }
        sum += chance;
    }
    if !within(sum, 1.0, SUM_TOLERANCE) {
        return Verdict::Fails(format!("the endings add up to {sum}"));
    }
    let widest = question.world.numbers.contest[0].volatility * (horizon as f64).sqrt();
    if !within(
        answer.get(LINE_SD, &[horizon]),
        widest,
        1e-9 * (1.0 + widest),
    ) {
        return Verdict::Fails("the line's spread at the horizon is not that of a walk".to_owned());
    }
    Verdict::Holds(checked + 2)
}
