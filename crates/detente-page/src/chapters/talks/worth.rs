//! Who gains from delay, and by knowing; how much precision of play matters.

use detente_core::Setting;
use detente_evidence::chapters::talks::Talks;
use detente_math::Mean;

use super::{NONE, deal, tables, type_name};
use crate::rows::with_error;
use crate::words::{and_list, in_words, per_hundred};

/// Who gains by the last round.
pub(super) fn delay(setting: &Setting, found: &Talks) -> String {
    /// Who is named at most.
    const NAMED: usize = 4;
    if found.shapes.iter().all(|own| own.rounds <= 1) {
        return "One round is played, so that the last round is all of the talks.".to_owned();
    }
    let tells = |mean: &Mean| mean.value.abs() >= 0.05 && is_beyond(mean.value, &[mean.error]);
    let named = |gains: bool| {
        let mut own: Vec<_> = found
            .worths
            .iter()
            .filter(|own| tells(&own.last_round) && (own.last_round.value > 0.0) == gains)
            .collect();
        own.sort_by(|a, b| {
            b.last_round
                .value
                .abs()
                .total_cmp(&a.last_round.value.abs())
                .then(a.t.cmp(&b.t))
        });
        let mut names: Vec<String> = own
            .iter()
            .take(NAMED)
            .map(|own| {
                format!(
                    "{} ({})",
                    type_name(setting, own.t),
                    tables::points(&own.last_round)
                )
            })
            .collect();
        if own.len() > NAMED {
            names.push(format!("{} more", in_words(own.len() - NAMED)));
        }
        names
    };
    let said: Vec<String> = [(named(true), "gain"), (named(false), "lose")]
        .into_iter()
        .filter(|(names, _)| !names.is_empty())
        .map(|(names, verb)| {
            let verb = if names.len() == 1 {
                format!("{verb}s")
            } else {
                verb.to_owned()
            };
            format!("{} {verb} by the last round", and_list(&names))
        })
        .collect();
    if said.is_empty() {
        return "That there is a last round changes nobody’s worth of the talks by more than twice its error.".to_owned();
    }
    format!("{}.", said.join("; "))
}

pub(super) fn precisions(found: &Talks) -> Vec<(&'static str, String)> {
    let heads = [
        "a quarter as precise",
        "as the case has it",
        "four times as precise",
    ];
    let mut told: Vec<(&str, String)> = heads
        .into_iter()
        .zip(&found.at)
        .filter(|(_, mean)| mean.n > 0)
        .map(|(head, mean)| (head, with_error(mean)))
        .collect();
    told.push(("without noise, as told here", with_error(&deal(found))));
    if found.known.n > 0 {
        told.push(("without noise, all types known", with_error(&found.known)));
    }
    told
}

/// What private information costs.
pub(super) fn at_finding(found: &Talks) -> String {
    if found.known.n == 0 {
        return String::new();
    }
    let apart = found.known.value - deal(found).value;
    if apart.abs() <= NONE || !is_beyond(apart, &[found.known.error, deal(found).error]) {
        return "If all knew all types, about as many talks would end with a deal.".to_owned();
    }
    let (which, by) = if apart > 0.0 {
        ("more", apart)
    } else {
        ("fewer", -apart)
    };
    format!(
        "If all knew all types, {} of 100 talks {which} would end with a deal.",
        per_hundred(by)
    )
}

/// Is a number further from nothing than twice the error that these make together? Where none is known it stands as it is.
pub(super) fn is_beyond(x: f64, errors: &[f64]) -> bool {
    let squares = errors.iter().filter(|error| !error.is_nan());
    x * x > 4.0 * squares.map(|error| error * error).sum::<f64>()
}
