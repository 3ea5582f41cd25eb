//! Certificate: everything again, month by month, with worth integrated numerically.

use detente_core::{Question, RowView, Verdict};

use crate::contest;
use crate::no_deal;
use crate::process;
use crate::{verdict, within};
use detente_core::catalogue::alternative::{
    BEYOND, END_BY, END_EVER, ENDING, GAP, LINE_MEAN, LINE_SD, MONTHS_IN, MONTHS_TO_END, SUPPLY,
    VALUE,
};

/// Greatest error of a chance or an effort that is computed by another order of operations.
const ROUNDING: f64 = 1e-9;

pub(super) fn verify(question: Question, answer: RowView) -> Verdict {
    verdict(check(question, answer))
}

fn check(question: Question, answer: RowView) -> Result<Option<usize>, String> {
    if !question.setting.has_no_deal() {
        return Ok(None);
    }
    let mut checked = 0;
    let mut same = |claimed: f64, found: f64, tolerance: f64, what: &dyn Fn() -> String| {
        checked += 1;
        if within(claimed, found, tolerance) {
            return Ok(());
        }
        Err(format!("{}: claimed {claimed}, found {found}", what()))
    };
    for t in 0..question.setting.types.len() {
        let own = no_deal::value(question, t).unwrap_or(f64::NAN);
        let analysts = no_deal::analysts_value(question, t).unwrap_or(f64::NAN);
        let tolerance = no_deal::tolerance(question);
        same(answer.get(VALUE, &[t]), own, tolerance, &|| {
            format!("value of type {t}")
        })?;
        // Who shares the analyst's beliefs has no gap at all, not a small one.
        let me = &question.world.numbers.types[t];
        let beliefs = [
            me.believes_edge,
            me.believes_escalation,
            me.believes_chance,
            me.own_sd,
        ];
        let mut beliefs = beliefs.iter().chain(&me.believes_rates).chain(&me.rate_sds);
        let shared = beliefs.all(|x| *x == 0.0);
        let (gap, tolerance) = if shared {
            (0.0, 0.0)
        } else {
            (own - analysts, 2.0 * tolerance)
        };
        same(answer.get(GAP, &[t]), gap, tolerance, &|| {
            format!("gap of type {t}")
        })?;
    }
    if let Some(becomes) = process::becomes(question) {
        for (place, by) in becomes.by.iter().enumerate() {
            for (end, chance) in by.iter().enumerate() {
                let claimed = answer.get(END_BY, &[place, end]);
                same(claimed, *chance, ROUNDING, &|| {
                    format!("end {end} by the {place}th month of a few")
                })?;
            }
        }
        for (end, chance) in becomes.ever.iter().enumerate() {
            let claimed = answer.get(END_EVER, &[end]);
            same(claimed, *chance, ROUNDING, &|| format!("end {end} ever"))?;
        }
        // Months that are not told are without end.
        let told = |claimed: f64| {
            if claimed.is_nan() {
                f64::INFINITY
            } else {
                claimed
            }
        };
        let near = |claimed: f64, found: f64, what: &str| {
            let claimed = told(claimed);
            if claimed == found || (claimed - found).abs() <= ROUNDING * (1.0 + found) {
                return Ok(());
            }
            Err(format!("{what}: claimed {claimed}, found {found}"))
        };
        for (state, months) in becomes.months.iter().enumerate() {
            let claimed = answer.get(MONTHS_IN, &[state]);
            near(claimed, *months, &format!("months in state {state}"))?;
        }
        let all: f64 = becomes.months.iter().sum();
        near(answer.get(MONTHS_TO_END, &[]), all, "months to an end")?;
    }
    let Some(months) = contest::course(question, contest::Belief::default()) else {
        return Ok(Some(checked));
    };
    let (walked, after) = months.split_at(months.len() - 1);
    let volatility = question.world.numbers.contest[0].volatility;
    for (m, month) in walked.iter().enumerate() {
        for (e, chance) in month.by_mode.iter().enumerate() {
            let what = || format!("ending {e} in month {m}");
            same(
                answer.get(ENDING, &[m, e]),
                month.alive * chance,
                ROUNDING,
                &what,
            )?;
        }
        for (side, effort) in month.efforts.iter().enumerate() {
            let what = || format!("effort of side {side} in month {m}");
            same(answer.get(SUPPLY, &[side, m]), *effort, ROUNDING, &what)?;
        }
    }
    for (m, month) in months.iter().enumerate() {
        let size = 1.0 + month.line.abs();
        same(
            answer.get(LINE_MEAN, &[m]),
            month.line,
            ROUNDING * size,
            &|| format!("line in month {m}"),
        )?;
        let sd = volatility * (m as f64).sqrt();
        same(
            answer.get(LINE_SD, &[m]),
            sd,
            ROUNDING * (1.0 + sd),
            &|| format!("spread of the line in month {m}"),
        )?;
    }
    same(answer.get(BEYOND, &[]), after[0].alive, ROUNDING, &|| {
        "what outlasts the horizon".to_owned()
    })?;
    Ok(Some(checked))
}
