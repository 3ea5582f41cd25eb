//! Which type would pull a lever.

use detente_core::{Dimension, Setting};
use detente_evidence::chapters::leverage::Incentive;
use serde_json::{Value, json};

use super::number;
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

pub(super) fn row(setting: &Setting, told: &Incentive) -> TypeRow {
    let verdict = if told.ratio.abs() < 1.0 {
        "undecided at the median over worlds"
    } else if told.ratio > 0.0 {
        "would pull it at the median over worlds"
    } else {
        "would not pull it at the median over worlds"
    };
    let [low, middle, high] = told.gain;
    TypeRow {
        name: format!(
            "{}: {}",
            setting.levers[told.lever].name, setting.types[told.of].name
        ),
        verdict,
        incentive: format!("{} ({} to {})", points(middle), points(low), points(high)),
        ratio: signed(told.ratio, 1),
        pulls: per_hundred(told.pulls),
        undecided: per_hundred(told.undecided),
        refrains: per_hundred(told.refrains),
        flips: points(told.decided_below),
        price: points(told.price),
        escalation: points(told.escalation),
    }
}

pub(super) fn data(setting: &Setting, told: &Incentive) -> Value {
    json!({
        "lever": setting.levers[told.lever].id,
        "type": Dimension::Type.entry(setting, told.of),
        "incentive": told.gain.map(number),
        "incentive_over_noise": number(told.ratio),
        "pulls": told.pulls,
        "undecided": told.undecided,
        "refrains": told.refrains,
        "decided_below": number(told.decided_below),
        "price": number(told.price),
        // As `leverage.escalation` counts it: below zero where pulling costs.
        "escalation": number(-told.escalation),
    })
}
