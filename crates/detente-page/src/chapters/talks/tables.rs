//! The tables of the talks.

use detente_core::Setting;
use detente_evidence::chapters::talks::{Talks, Threat};
use detente_math::Mean;

use super::{NONE, deal, lever_name, type_name};
use crate::rows::with_error;
use crate::words::{and_list, per_hundred, with_sign};

/// Packages that the table lists.
const LISTED: usize = 6;
/// Months that are printed.
const PRINTED: [usize; 8] = [0, 1, 2, 3, 6, 12, 18, 24];

/// "+3.1 ±0.2".
pub(super) fn points(mean: &Mean) -> String {
    let value = with_sign(mean.value, 1);
    if mean.error >= 0.05 {
        format!("{value}\u{a0}±{:.1}", mean.error)
    } else {
        value
    }
}

pub(super) fn rounds(found: &Talks) -> Vec<[String; 4]> {
    let rounds = found.rounds.iter().enumerate();
    rounds
        .map(|(k, own)| {
            [
                (k + 1).to_string(),
                own.month.to_string(),
                with_error(&own.held),
                with_error(&own.deal),
            ]
        })
        .collect()
}

pub(super) fn months(found: &Talks) -> Vec<[String; 3]> {
    let told = PRINTED
        .iter()
        .filter_map(|month| Some((month, found.months.get(*month)?)));
    told.map(|(month, [deal, otherwise])| {
        [month.to_string(), with_error(deal), with_error(otherwise)]
    })
    .collect()
}

/// Packages that are agreed, the likeliest first, and those that are not, in words.
pub(super) fn packages(setting: &Setting, found: &Talks) -> (Vec<(String, Vec<String>)>, String) {
    let agreed = |mean: &Mean| mean.value > NONE;
    let listed = found
        .packages
        .iter()
        .filter(|own| agreed(&own.agreed))
        .take(LISTED);
    let mut rows: Vec<(String, Vec<String>)> = listed
        .map(|own| {
            let cells = vec![
                per_hundred(own.may),
                with_error(&own.proposed),
                with_error(&own.agreed),
            ];
            (setting.packages[own.package].name.clone(), cells)
        })
        .collect();
    let left: Vec<String> = found
        .packages
        .iter()
        .filter(|own| !agreed(&own.agreed))
        .map(|own| format!("“{}”", setting.packages[own.package].name))
        .collect();
    let named: f64 = found
        .packages
        .iter()
        .map(|own| own.agreed.value)
        .filter(|x| x.is_finite())
        .sum();
    let others = deal(found).value - named;
    if others > NONE && found.asked.found && !rows.is_empty() {
        rows.push((
            "Packages that nobody named".to_owned(),
            vec![String::new(), String::new(), per_hundred(others)],
        ));
    }
    let left = if left.is_empty() {
        String::new()
    } else {
        format!(
            "May be proposed and is agreed in fewer than one talk of 100: {}.",
            and_list(&left)
        )
    };
    (rows, left)
}

/// Of each issue the option that most deals have.
pub(super) fn leading_options(setting: &Setting, found: &Talks) -> Vec<(String, String, String)> {
    let issues = setting.issues.iter().zip(&found.terms);
    let leading = issues.filter_map(|(issue, shares)| {
        let best = shares
            .iter()
            .enumerate()
            .filter(|(_, share)| share.is_finite());
        let (option, share) = best.max_by(|a, b| a.1.total_cmp(b.1).then(b.0.cmp(&a.0)))?;
        Some((
            issue.name.clone(),
            issue.options[option].name.clone(),
            per_hundred(*share),
        ))
    });
    leading.collect()
}

/// All options that some deals have, if an issue is agreed in several ways.
pub(super) fn options(setting: &Setting, found: &Talks) -> Vec<(String, String, String)> {
    let issues = setting.issues.iter().zip(&found.terms);
    let varied =
        issues.filter(|(_, shares)| shares.iter().filter(|share| **share > NONE).count() > 1);
    let rows = varied.flat_map(|(issue, shares)| {
        let mut own: Vec<(usize, f64)> = shares
            .iter()
            .copied()
            .enumerate()
            .filter(|(_, share)| *share > NONE)
            .collect();
        own.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        let rows = own.into_iter().enumerate().map(|(place, (option, share))| {
            let name = if place == 0 {
                issue.name.clone()
            } else {
                String::new()
            };
            (name, issue.options[option].name.clone(), per_hundred(share))
        });
        rows.collect::<Vec<_>>()
    });
    rows.collect()
}

/// What refusing a package in the first round gives away.
pub(super) fn answers(setting: &Setting, found: &Talks) -> Vec<(String, [String; 4])> {
    let all = found.packages.iter().flat_map(|own| {
        own.answers
            .iter()
            .enumerate()
            .map(|(place, (t, refuses, after, prior))| {
                let name = if place == 0 {
                    setting.packages[own.package].name.clone()
                } else {
                    String::new()
                };
                (
                    name,
                    [
                        type_name(setting, *t),
                        with_error(refuses),
                        with_error(prior),
                        with_error(after),
                    ],
                )
            })
    });
    all.collect()
}

/// A lever in the talks.
pub(super) struct ThreatRow {
    pub(super) name: String,
    pub(super) made: String,
    /// By type of its wielder, where it has several.
    pub(super) by: Vec<String>,
    pub(super) believed: String,
    pub(super) pulled: String,
    pub(super) price: String,
}

/// Those that play a part, those that are announced most often first, and the others in words.
pub(super) fn threats(setting: &Setting, found: &Talks) -> (Vec<ThreatRow>, String) {
    let part = |own: &&Threat| own.made.value > NONE || own.pulled.value > NONE;
    let mut shown: Vec<&Threat> = found.threats.iter().filter(part).collect();
    let weight = |own: &Threat| if own.made.n > 0 { own.made.value } else { 0.0 };
    shown.sort_by(|a, b| {
        weight(b)
            .total_cmp(&weight(a))
            .then(b.pulled.value.total_cmp(&a.pulled.value))
    });
    let rows = shown.iter().map(|own| ThreatRow {
        name: lever_name(setting, own.lever),
        made: told(&own.made),
        by: own
            .by
            .iter()
            .filter(|(_, made)| own.by.len() > 1 && made.n > 0)
            .map(|(t, made)| format!("{}: {}", setting.types[*t].name, with_error(made)))
            .collect(),
        believed: told(&own.believed),
        pulled: told(&own.pulled),
        price: price(&own.price),
    });
    let left = found
        .threats
        .iter()
        .filter(|own| !part(own))
        .map(|own| lever_name(setting, own.lever));
    let left: Vec<String> = left.collect();
    let words = if left.is_empty() {
        String::new()
    } else {
        format!(
            "Neither announced nor carried out in one talk of 100: {}.",
            and_list(&left)
        )
    };
    (rows.collect(), words)
}

fn told(mean: &Mean) -> String {
    if mean.n == 0 {
        "·".to_owned()
    } else {
        with_error(mean)
    }
}

fn price(mean: &Mean) -> String {
    if mean.n == 0 {
        return "·".to_owned();
    }
    if mean.error >= 0.005 {
        format!("{:.2}\u{a0}±{:.2}", mean.value, mean.error)
    } else {
        format!("{:.2}", mean.value)
    }
}

/// "Round 1" and so on, as many as beliefs are told of.
pub(super) fn heads_of_rounds(found: &Talks) -> Vec<String> {
    let most = found
        .beliefs
        .iter()
        .map(|own| own.rounds.len())
        .max()
        .unwrap_or(0);
    (1..=most).map(|round| format!("Round {round}")).collect()
}

pub(super) fn beliefs(setting: &Setting, found: &Talks) -> Vec<(String, Vec<String>)> {
    let most = heads_of_rounds(found).len();
    let rows = found.beliefs.iter().map(|own| {
        let mut cells: Vec<String> = own.rounds.iter().map(with_error).collect();
        cells.resize(most, "–".to_owned());
        (type_name(setting, own.t), cells)
    });
    rows.collect()
}

pub(super) fn worths(setting: &Setting, found: &Talks) -> Vec<(String, Vec<String>)> {
    let rows = found.worths.iter().map(|own| {
        let cells = [own.gain, own.last_round, own.known];
        (
            type_name(setting, own.t),
            cells.iter().map(points).collect(),
        )
    });
    rows.collect()
}
