//! What threats and promises would do: levers by whom they would move, who would pull them, where belief turns an answer.
//!
//! Points are each type's own, so levers are set in order and told in one another's worth only where they move the same type.

mod incentives;
mod together;
mod turns;

use askama::Template;
use detente_core::{Setting, Trigger};
use serde_json::{Map, Value, json};

use super::{Study, Written};
use crate::run::{Progress, Table};
use crate::words::{and_list, count, in_words, per_hundred, points, signed};

const LENS: &str = "leverage";
/// What moves its target by fewer points than this is no measure for others.
const LITTLE: f64 = 0.05;

#[derive(Template)]
#[template(path = "leverage.html")]
struct Page {
    findings: Vec<String>,
    worlds: String,
    groups: Vec<Group>,
    types: Vec<incentives::TypeRow>,
    picture: Option<turns::Picture>,
    turns: Vec<turns::TurnRow>,
    parties: Vec<String>,
    /// A refusal with none and with all of its levers, what that is worth to each party, how often the zone is open.
    together: Vec<(String, Vec<String>)>,
    concessions: String,
}

/// The levers that answer one party's refusal, or another trigger.
struct Group {
    title: String,
    /// By what they are ordered; empty where there is nothing to order by.
    order: String,
    rows: Vec<LeverRow>,
    exchange: Vec<String>,
}

struct LeverRow {
    name: String,
    note: String,
    by: String,
    credibility: String,
    announced: String,
    undecided: String,
    moves: String,
    price: String,
    assurance: String,
    zone: String,
}

/// A lever over the worlds, before it is put in words.
struct Told {
    lever: usize,
    refuser: Option<usize>,
    credibility: f64,
    announced: f64,
    /// Share of worlds, its wielder's types by their priors, in which the incentive is nearer to 0 than the noise of choosing.
    undecided: f64,
    /// By type of its target: what it takes off what refusing is worth, in points of the type's own.
    moves: Vec<f64>,
    /// By type of its wielder: what pulling it costs, in points of the type's own.
    price: Vec<f64>,
    assurance: f64,
    zone: [f64; 2],
    backfires: f64,
}

impl Told {
    /// What it moves of its target's likeliest type.
    fn most(&self, study: &Study) -> f64 {
        let place = self.refuser.map(|party| likeliest(study, party));
        let moved = place.and_then(|t| self.moves.get(t));
        moved.copied().unwrap_or(f64::NAN)
    }
}

/// Levers that await something.
fn triggered<'a>(study: &'a Study) -> impl Iterator<Item = usize> + 'a {
    let told = |l: &usize| study.table.mean(LENS, "credibility", &[*l]).n > 0;
    (0..study.setting().levers.len()).filter(told)
}

pub(super) fn applies(study: &Study) -> bool {
    triggered(study).next().is_some()
}

pub(super) fn section(study: &Study, _: &dyn Progress) -> Option<Written> {
    let (setting, table) = (study.setting(), study.table);
    let levers: Vec<Told> = triggered(study).map(|l| told(study, l)).collect();
    let groups = by_target(study, levers);
    let levers: Vec<&Told> = groups.iter().flat_map(|(_, told)| told).collect();
    let packages = 0..setting.packages.len();
    let turns: Vec<turns::Turn> = levers
        .iter()
        .filter(|told| told.refuser.is_some())
        .flat_map(|told| packages.clone().map(|p| turns::turn(table, told.lever, p)))
        .collect();
    let (types, types_json) = incentives::rows(study, &levers);
    let conceded: Vec<(usize, f64)> = (0..setting.parties.len())
        .map(|p| (p, table.mean(LENS, "concession", &[p])))
        .filter(|(_, mean)| mean.n > 0)
        .map(|(p, mean)| (p, mean.value))
        .collect();
    let said: Vec<String> = conceded
        .iter()
        .map(|(p, given)| format!("{} {} points", setting.parties[*p].name, points(*given)))
        .collect();
    let refusals = together::told(study);
    let findings = findings(study, &groups, &turns);
    let page = Page {
        findings: findings.clone(),
        worlds: count(table.worlds, "world"),
        groups: groups
            .iter()
            .map(|(target, levers)| group(study, *target, levers))
            .collect(),
        types,
        picture: turns::picture(study, &turns),
        turns: turns
            .iter()
            .filter(|turn| turn.is_listed())
            .map(|turn| turns::row(setting, turn))
            .collect(),
        parties: setting.parties.iter().map(|p| p.name.clone()).collect(),
        together: refusals
            .iter()
            .map(|row| together::row(setting, row))
            .collect(),
        concessions: and_list(&said),
    };
    let json = json!({
        "levers": levers.iter().map(|told| lever_json(setting, told)).collect::<Vec<_>>(),
        "types": types_json,
        "refusals": refusals.iter().map(|row| together::data(setting, row)).collect::<Vec<_>>(),
        "turns": turns.iter().map(|turn| turns::data(setting, turn)).collect::<Vec<_>>(),
        "concessions": conceded.iter().map(|(p, given)| (setting.parties[*p].id.clone(), json!(given)))
            .collect::<Map<_, _>>(),
    });
    Some(Written {
        bottom_line: findings.into_iter().map(|said| (said, LENS)).collect(),
        html: page.render().ok()?,
        json,
    })
}

/// The place among its party's types of the likeliest one, the first of equals.
fn likeliest(study: &Study, party: usize) -> usize {
    let types = study.setting().parties[party].types.clone();
    let prior = |t: &usize| {
        study
            .table
            .mean_of(study.drawn.priors[*t].iter().copied())
            .value
    };
    let first = types.start;
    let found = types.rev().max_by(|a, b| prior(a).total_cmp(&prior(b)));
    found.map_or(0, |t| t - first)
}

/// Levers by the party whose refusal they answer, in the order of the case, the one that moves its likeliest type most first; those that
/// await something else last.
fn by_target(study: &Study, levers: Vec<Told>) -> Vec<(Option<usize>, Vec<Told>)> {
    let parties = (0..study.setting().parties.len()).map(Some);
    let mut groups: Vec<(Option<usize>, Vec<Told>)> = parties
        .chain([None])
        .map(|target| (target, Vec::new()))
        .collect();
    for told in levers {
        let group = groups
            .iter_mut()
            .find(|(target, _)| *target == told.refuser);
        if let Some((_, levers)) = group {
            levers.push(told);
        }
    }
    for (_, levers) in &mut groups {
        let size = |told: &Told| told.most(study).abs();
        levers.sort_by(|a, b| size(b).total_cmp(&size(a)));
    }
    groups.retain(|(_, levers)| !levers.is_empty());
    groups
}

/// Mean over worlds; NaN where nothing was computed.
fn mean(table: &Table, quantity: &str, index: &[usize]) -> f64 {
    let mean = table.mean(LENS, quantity, index);
    if mean.n > 0 { mean.value } else { f64::NAN }
}

/// Mean over worlds of a number a type, a party's types weighed by their priors in each world; NaN where nothing was computed.
fn of_party(study: &Study, party: usize, number: impl Fn(usize) -> Vec<f64>) -> f64 {
    let mut sums = vec![0.0; study.table.worlds];
    for t in study.setting().parties[party].types.clone() {
        let worlds = number(t).into_iter().zip(&study.drawn.priors[t]);
        for (sum, (x, prior)) in sums.iter_mut().zip(worlds) {
            *sum += prior * x;
        }
    }
    let mean = study.table.mean_of(sums.iter().copied());
    if mean.n > 0 { mean.value } else { f64::NAN }
}

fn told(study: &Study, l: usize) -> Told {
    let (setting, table) = (study.setting(), study.table);
    let lever = &setting.levers[l];
    let refuser = match lever.trigger {
        Trigger::Refuse(refuser) => Some(refuser),
        _ => None,
    };
    let moves = |party: usize| {
        let fall = |t: usize| {
            mean(table, "refusal_without", &[l, t]) - mean(table, "refusal_with", &[l, t])
        };
        setting.parties[party].types.clone().map(fall).collect()
    };
    let used: Vec<f64> = (0..setting.packages.len())
        .map(|p| mean(table, "assurance", &[l, p]))
        .collect();
    let near = |t: usize| -> Vec<f64> {
        let known = table
            .column(LENS, "incentive", &[l, t])
            .zip(&study.drawn.noise);
        known
            .map(|(gain, s)| {
                if gain.is_nan() {
                    f64::NAN
                } else {
                    f64::from(u8::from(gain.abs() < *s))
                }
            })
            .collect()
    };
    Told {
        lever: l,
        refuser,
        credibility: mean(table, "credibility", &[l]),
        announced: mean(table, "credibility_announced", &[l]),
        undecided: of_party(study, lever.by, near),
        moves: refuser.map_or_else(Vec::new, moves),
        price: setting.parties[lever.by]
            .types
            .clone()
            .map(|t| mean(table, "price", &[l, t]))
            .collect(),
        assurance: used.iter().sum::<f64>() / used.len() as f64,
        zone: [
            mean(table, "zone_without", &[l]),
            mean(table, "zone_with", &[l]),
        ],
        backfires: mean(table, "backfires", &[l]),
    }
}

/// A number of points, or the least and the greatest over types.
fn over_types(values: &[f64]) -> String {
    let known = || values.iter().copied().filter(|x| !x.is_nan());
    let (least, most) = (
        known().fold(f64::INFINITY, f64::min),
        known().fold(f64::NEG_INFINITY, f64::max),
    );
    match known().count() {
        0 => "–".to_owned(),
        _ if points(least) == points(most) => points(most),
        _ => format!("{} to {}", points(least), points(most)),
    }
}

fn share(x: f64) -> String {
    if x.is_nan() {
        "–".to_owned()
    } else {
        per_hundred(x)
    }
}

fn group(study: &Study, target: Option<usize>, levers: &[Told]) -> Group {
    let setting = study.setting();
    let Some(party) = target else {
        return Group {
            title: "Levers that await something other than a refusal".to_owned(),
            order: String::new(),
            rows: levers.iter().map(|told| lever_row(setting, told)).collect(),
            exchange: Vec::new(),
        };
    };
    let party = &setting.parties[party];
    let kind = &setting.types[party.types.start + likeliest(study, target.unwrap_or(0))];
    let order = match (levers.len(), party.types.len()) {
        (1, _) => String::new(),
        (_, 1) => "In the order of how far each moves it.".to_owned(),
        _ => format!(
            "In the order of how far each moves its likeliest type, {}.",
            kind.name
        ),
    };
    Group {
        title: format!("If {} refuses", party.name),
        order,
        rows: levers.iter().map(|told| lever_row(setting, told)).collect(),
        exchange: exchange(setting, levers),
    }
}

fn lever_row(setting: &Setting, told: &Told) -> LeverRow {
    let lever = &setting.levers[told.lever];
    LeverRow {
        name: lever.name.clone(),
        note: if told.backfires > 0.5 {
            "makes refusing worth more to most of its target’s types".to_owned()
        } else {
            String::new()
        },
        by: setting.parties[lever.by].name.clone(),
        credibility: share(told.credibility),
        announced: share(told.announced),
        undecided: share(told.undecided),
        moves: over_types(&told.moves),
        price: over_types(&told.price),
        assurance: share(told.assurance),
        zone: if told.zone[0].is_nan() {
            "–".to_owned()
        } else {
            format!(
                "{} → {}",
                per_hundred(told.zone[0]),
                per_hundred(told.zone[1])
            )
        },
    }
}

fn number(x: f64) -> Value {
    if x.is_nan() { Value::Null } else { json!(x) }
}

fn lever_json(setting: &Setting, told: &Told) -> Value {
    let lever = &setting.levers[told.lever];
    let by_type = |party: Option<usize>, values: &[f64]| -> Map<String, Value> {
        let types = party.map_or(0..0, |p| setting.parties[p].types.clone());
        let named = types.zip(values);
        named
            .map(|(t, x)| (detente_core::Dimension::Type.entry(setting, t), number(*x)))
            .collect()
    };
    json!({
        "lever": lever.id,
        "target": told.refuser.map(|party| setting.parties[party].id.clone()),
        "credibility": number(told.credibility),
        "credibility_announced": number(told.announced),
        "undecided": number(told.undecided),
        "moves": by_type(told.refuser, &told.moves),
        "price": by_type(Some(lever.by), &told.price),
        "assurance": number(told.assurance),
        "zone_without": number(told.zone[0]),
        "zone_with": number(told.zone[1]),
        "backfires": number(told.backfires),
    })
}

/// Levers on the same target, told in one another's worth to each of its types.
fn exchange(setting: &Setting, levers: &[Told]) -> Vec<String> {
    let mut said = Vec::new();
    for (i, first) in levers.iter().enumerate() {
        for second in &levers[i + 1..] {
            let ratios: Vec<f64> = first
                .moves
                .iter()
                .zip(&second.moves)
                .map(|(a, b)| if b.abs() < LITTLE { f64::NAN } else { a / b })
                .collect();
            let [least, most] =
                [f64::min, f64::max].map(|f| ratios.iter().copied().fold(f64::NAN, f));
            // Where one type is moved too little, or the other way than another type, there is no rate to tell.
            if ratios.iter().any(|x| x.is_nan()) || least * most <= 0.0 {
                continue;
            }
            let [a, b] = [first, second].map(|told| &setting.levers[told.lever].name);
            let against = if most < 0.0 { ", the other way" } else { "" };
            let (low, high) = (
                signed(least.abs().min(most.abs()), 1),
                signed(least.abs().max(most.abs()), 1),
            );
            let times = if low == high {
                low
            } else {
                format!("{low} to {high}, by type,")
            };
            said.push(format!(
                "“{a}” moves its target as far as {times} times “{b}”{against}, each certain to be pulled."
            ));
        }
    }
    said
}

/// A sentence for each target: the lever that takes most off what refusing is worth to its likeliest type, how far it is believed, and
/// whether belief turns any answer.
fn findings(
    study: &Study,
    groups: &[(Option<usize>, Vec<Told>)],
    turns: &[turns::Turn],
) -> Vec<String> {
    let setting = study.setting();
    let of_group = |(target, levers): &(Option<usize>, Vec<Told>)| {
        let target = (*target)?;
        let told = levers.iter();
        let first = told
            .filter(|told| told.most(study) > 0.0)
            .max_by(|a, b| a.most(study).total_cmp(&b.most(study)))?;
        Some(finding(study, target, levers.len(), first, turns))
    };
    let said: Vec<String> = groups.iter().filter_map(of_group).collect();
    if !said.is_empty() {
        return said;
    }
    let answering: Vec<&str> = groups
        .iter()
        .filter_map(|(target, _)| target.map(|p| setting.parties[p].name.as_str()))
        .collect();
    if answering.is_empty() {
        return vec!["No lever of this case answers a refusal; what those do that await something else stands in the table.".to_owned()];
    }
    vec![format!(
        "In the mean over worlds none of the levers that answer a refusal of {} takes anything off what refusing is worth to its likeliest \
         type.",
        and_list(&answering)
    )]
}

fn finding(
    study: &Study,
    target: usize,
    levers: usize,
    first: &Told,
    turns: &[turns::Turn],
) -> String {
    let setting = study.setting();
    let lever = &setting.levers[first.lever];
    let party = &setting.parties[target];
    let kind = party.types.start + likeliest(study, target);
    let whom = if party.types.len() > 1 {
        format!("{} ({})", party.name, setting.types[kind].name)
    } else {
        party.name.clone()
    };
    let most = turns
        .iter()
        .filter(|turn| turn.lever == first.lever && turn.is_listed())
        .max_by(|a, b| a.enough.total_cmp(&b.enough));
    let turned = most.map_or(String::new(), |turn| {
        format!(
            "; believing it turns {} to “{}” in {} of 100 worlds, and to no other package more often",
            party.name,
            setting.packages[turn.package].name,
            per_hundred(turn.enough)
        )
    });
    let what = if levers > 1 {
        format!(
            "Of the {} levers that answer a refusal of {}, “{}” takes most off what refusing is worth to {whom}",
            in_words(levers),
            party.name,
            lever.name
        )
    } else {
        format!(
            "“{}”, which answers a refusal of {}, takes off what refusing is worth to {whom}",
            lever.name, party.name
        )
    };
    let undecided = if first.undecided >= 0.005 {
        format!(
            "; {} is undecided in {}",
            setting.parties[lever.by].name,
            per_hundred(first.undecided)
        )
    } else {
        String::new()
    };
    format!(
        "{what} ({} points if it is certain); {} gives it a chance of {} of 100{undecided}{turned}.",
        points(first.most(study)),
        party.name,
        per_hundred(first.credibility)
    )
}
