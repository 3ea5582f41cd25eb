//! The tables of the talks.

use detente_core::Setting;
use detente_evidence::chapters::talks::{Talks, Threat};
use detente_math::Mean;

use super::agreed::{told_rounds, unnamed};
use super::{NONE, lever_name, share, type_name};
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

/// A difference of shares, of 100, with its error: "+6 ±2".
pub(super) fn of_100(mean: &Mean) -> String {
    let value = with_sign(100.0 * mean.value, 0);
    let error = 100.0 * mean.error;
    if error >= 1.0 {
        format!("{value}\u{a0}±{error:.0}")
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
    if let Some(others) = unnamed(found).filter(|_| !rows.is_empty()) {
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

/// Options of an issue that some deals have, the commonest first.
fn taken(shares: &[Mean]) -> Vec<usize> {
    let mut taken: Vec<usize> = (0..shares.len())
        .filter(|o| shares[*o].value > NONE)
        .collect();
    taken.sort_by(|a, b| shares[*b].value.total_cmp(&shares[*a].value).then(a.cmp(b)));
    taken
}

/// Of each issue the option that most deals have.
pub(super) fn leading_options(setting: &Setting, found: &Talks) -> Vec<(String, String, String)> {
    let issues = setting.issues.iter().zip(&found.terms);
    let leading = issues.filter_map(|(issue, shares)| {
        let option = *taken(shares).first()?;
        Some((
            issue.name.clone(),
            issue.options[option].name.clone(),
            with_error(&shares[option]),
        ))
    });
    leading.collect()
}

/// "Of 100 of round 1" and so on, for rounds whose deals are told of, if these are several.
pub(super) fn heads_of_options(found: &Talks) -> Vec<String> {
    let told = told_rounds(found);
    let told = if told.len() > 1 { told } else { Vec::new() };
    told.iter().map(|k| format!("Round {}", k + 1)).collect()
}

/// All options that some deals have, if an issue is agreed in several ways, among all deals and among those of each round told of.
pub(super) fn options(setting: &Setting, found: &Talks) -> Vec<(String, String, Vec<String>)> {
    let by_round = heads_of_options(found).len() > 1;
    let rounds = if by_round {
        told_rounds(found)
    } else {
        Vec::new()
    };
    let issues = setting.issues.iter().zip(&found.terms).enumerate();
    let rows = issues.flat_map(|(k, (issue, shares))| {
        let own = taken(shares);
        let own = if own.len() > 1 { own } else { Vec::new() };
        let rounds = &rounds;
        let rows = own.into_iter().enumerate().map(move |(place, option)| {
            let name = if place == 0 {
                issue.name.clone()
            } else {
                String::new()
            };
            let later = rounds
                .iter()
                .map(|round| &found.rounds[*round].terms[k][option]);
            let cells = [&shares[option]].into_iter().chain(later);
            (
                name,
                issue.options[option].name.clone(),
                cells.map(with_error).collect(),
            )
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
            .chain(idle(own))
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

/// Where a threat is announced by all types as often, it tells nothing of them: so, where that is common.
fn idle(own: &Threat) -> Option<String> {
    /// Less often it needs no words.
    const COMMON: f64 = 0.05;
    (own.made.value > NONE && own.alike > COMMON).then(|| {
        format!(
            "all types alike, so that it tells nothing of them, in {} of 100 answers with it",
            share(own.alike)
        )
    })
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
