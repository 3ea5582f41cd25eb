//! Forecasts that a case holds, beside what the worlds of the report say of the same.

use detente_case::{Asked, Forecast, Maker};
use detente_evidence::{Evidence, Judged, JudgedShare};
use serde_json::{Value, json};

use crate::chapters::mean;
use crate::ledger::{forecast, printed_share};
use crate::rows::with_error;
use crate::words::{and_list, count, per_hundred};

/// The section.
pub(crate) struct Section {
    pub finding: String,
    pub rows: Vec<Row>,
    /// Forecasts for which nothing is computed, in a sentence; may be empty.
    pub others: String,
}

/// A forecast.
pub(crate) struct Row {
    pub says: String,
    /// Who signed it, when, and when it is due.
    pub signed: String,
    /// "chance" or "crowd", and so on; may be empty.
    pub rule: String,
    pub forecast: String,
    pub base_rate: String,
    pub share: String,
    /// What is computed for it.
    pub asks: String,
    pub why: String,
}

/// `None` where the model has nothing to say of any forecast.
pub(crate) fn section(evidence: &Evidence) -> Option<Section> {
    let told: Vec<(&Judged, &JudgedShare)> = evidence
        .judged
        .iter()
        .filter_map(|judged| judged.share.as_ref().map(|share| (judged, share)))
        .collect();
    if told.is_empty() {
        return None;
    }
    let rows = told
        .iter()
        .map(|(judged, share)| row(evidence, judged, share));
    let others: Vec<String> = evidence
        .judged
        .iter()
        .filter(|judged| judged.share.is_none())
        .map(|judged| format!("{} ({})", judged.judgement.id, judged.judgement.by))
        .collect();
    Some(Section {
        finding: finding(&told),
        rows: rows.collect(),
        others: if others.is_empty() {
            String::new()
        } else {
            format!(
                "For {} nothing is computed here: {}.",
                count(others.len(), "other forecast"),
                and_list(&others)
            )
        },
    })
}

/// Where the model and a forecaster of a chance are furthest apart.
fn finding(told: &[(&Judged, &JudgedShare)]) -> String {
    let chances = told
        .iter()
        .filter_map(|(judged, share)| match judged.judgement.forecast {
            Forecast::Chance(chance) => Some((*judged, share.mean, chance)),
            Forecast::Number { .. } => None,
        });
    let apart =
        chances.filter(|(_, share, chance)| (share.value - chance).abs() > 2.0 * share.error);
    let furthest = apart.max_by(|a, b| {
        let far = |x: &(&Judged, detente_math::Mean, f64)| (x.1.value - x.2).abs();
        far(a).total_cmp(&far(b))
    });
    match furthest {
        Some((judged, share, chance)) => {
            format!(
                "The model is furthest from {}: {} of 100 here, {} there.",
                judged.judgement.by,
                per_hundred(share.value),
                per_hundred(chance)
            )
        }
        None => format!(
            "The model answers {}, and differs from no chance that was signed by more than twice its error.",
            count(told.len(), "forecast")
        ),
    }
}

fn row(evidence: &Evidence, judged: &Judged, share: &JudgedShare) -> Row {
    let of = &judged.judgement;
    let who = match of.maker {
        Maker::Analyst => "",
        Maker::Crowd => ", a crowd",
        Maker::BaseRate => ", a base rate",
    };
    Row {
        says: of.says.clone(),
        signed: format!("{}{who}, {}; due {}", of.by, of.on, of.due),
        rule: of.rule.clone(),
        forecast: match &of.forecast {
            Forecast::Chance(chance) => format!("{} of 100", per_hundred(*chance)),
            number @ Forecast::Number { .. } => forecast(number, &of.unit),
        },
        base_rate: of.base_rate.map_or_else(
            || "—".to_owned(),
            |rate| format!("{} of 100", per_hundred(rate)),
        ),
        share: match of.forecast {
            Forecast::Chance(_) => format!("{} of 100", with_error(&share.mean)),
            Forecast::Number { .. } => {
                printed_share(share.mean.value, Some((share.spread, &of.unit)))
            }
        },
        asks: match &of.asks {
            Some(Asked::Claim(place)) => {
                let id = evidence
                    .claims
                    .get(*place)
                    .map_or("", |line| &line.claim.id);
                format!("the claim {id}")
            }
            Some(Asked::Amount(amount)) => amount.text.clone(),
            None => String::new(),
        },
        why: of.why.clone(),
    }
}

/// The same as data.
pub(crate) fn data(evidence: &Evidence) -> Vec<Value> {
    let line = |judged: &Judged| {
        let of = &judged.judgement;
        json!({
            "id": of.id,
            "says": of.says,
            "by": of.by,
            "on": of.on,
            "due": of.due,
            "forecast": match &of.forecast {
                Forecast::Chance(chance) => json!(chance),
                Forecast::Number { text, .. } => json!(text),
            },
            "unit": of.unit,
            "base_rate": of.base_rate,
            "share": judged.share.as_ref().map(|share| mean(&share.mean)),
            "spread": judged.share.as_ref().map(|share| share.spread),
        })
    };
    evidence.judged.iter().map(line).collect()
}
