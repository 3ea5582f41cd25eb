//! Which type would pull a lever: its incentive against the noise of choosing. Within the noise a type is undecided, counted apart from
//! those that would pull the lever and those that would not.

use detente_core::Dimension;
use serde_json::{Value, json};

use super::{LENS, Told, mean, number};
use crate::sections::Study;
use crate::words::{per_hundred, points, signed};

pub(super) struct TypeRow {
    pub(super) name: String,
    pub(super) verdict: &'static str,
    pub(super) incentive: String,
    pub(super) ratio: String,
    pub(super) pulls: String,
    pub(super) undecided: String,
    pub(super) refrains: String,
    pub(super) flips: String,
    pub(super) price: String,
    pub(super) escalation: String,
}

/// A row for each type of each lever's wielder, and the same as data.
pub(super) fn rows(study: &Study, levers: &[&Told]) -> (Vec<TypeRow>, Vec<Value>) {
    let setting = study.setting();
    let each = levers.iter().flat_map(|told| {
        let by = setting.levers[told.lever].by;
        let types = setting.parties[by].types.clone();
        types.filter_map(|t| row(study, told.lever, t))
    });
    each.unzip()
}

fn row(study: &Study, l: usize, t: usize) -> Option<(TypeRow, Value)> {
    let (setting, table) = (study.setting(), study.table);
    let lever = &setting.levers[l];
    let index = [l, t];
    let drawn = table
        .column(LENS, "incentive", &index)
        .zip(&study.drawn.noise);
    let known: Vec<(f64, f64)> = drawn
        .filter(|(gain, _)| !gain.is_nan())
        .map(|(gain, s)| (gain, *s))
        .collect();
    if known.is_empty() {
        return None;
    }
    let share = |is: &dyn Fn(f64, f64) -> bool| {
        known.iter().filter(|(gain, s)| is(*gain, *s)).count() as f64 / known.len() as f64
    };
    let gains = sorted(known.iter().map(|k| k.0));
    let ratio = quantile(&sorted(known.iter().map(|(gain, s)| gain / s)), 0.5);
    let flips = quantile(&sorted(known.iter().map(|k| k.0.abs())), 0.5);
    let undecided = share(&|gain, s| gain.abs() < s);
    let pulls = share(&|gain, s| gain >= s);
    let refrains = share(&|gain, s| gain <= -s);
    let (price, escalation) = (
        mean(table, "price", &index),
        -mean(table, "escalation", &index),
    );
    let verdict = if ratio.abs() < 1.0 {
        "undecided in the middle world"
    } else if ratio > 0.0 {
        "would pull it in the middle world"
    } else {
        "would not pull it in the middle world"
    };
    let [low, middle, high] = [0.05, 0.5, 0.95].map(|q| quantile(&gains, q));
    let told = TypeRow {
        name: format!("{}: {}", lever.name, setting.types[t].name),
        verdict,
        incentive: format!("{} ({} to {})", points(middle), points(low), points(high)),
        ratio: signed(ratio, 1),
        pulls: per_hundred(pulls),
        undecided: per_hundred(undecided),
        refrains: per_hundred(refrains),
        flips: points(flips),
        price: points(price),
        escalation: points(escalation),
    };
    let data = json!({
        "lever": lever.id,
        "type": Dimension::Type.entry(setting, t),
        "incentive": [number(low), number(middle), number(high)],
        "incentive_over_noise": number(ratio),
        "pulls": pulls,
        "undecided": undecided,
        "refrains": refrains,
        "decided_below": number(flips),
        "price": number(price),
        "escalation": number(escalation),
    });
    Some((told, data))
}

pub(super) fn sorted(values: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut values: Vec<f64> = values.filter(|x| !x.is_nan()).collect();
    values.sort_by(f64::total_cmp);
    values
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a place in a list"
)]
pub(super) fn quantile(sorted: &[f64], q: f64) -> f64 {
    let last = sorted.len().saturating_sub(1) as f64;
    let place = (q * last).round() as usize;
    sorted.get(place).copied().unwrap_or(f64::NAN)
}
