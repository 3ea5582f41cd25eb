//! What threats and promises would do: levers by whom they would move, who would pull them, where belief turns an answer.
//!
//! Points are each type's own, so levers are set in order only where they move the same type.

mod incentives;
mod together;
mod turns;

use detente_core::catalogue::{durability, leverage};
use detente_core::{Handle, Trigger};
use detente_evidence::chapters::leverage::{Group, Lever, Leverage, Turn};

use super::Study;
use crate::run::Table;

/// Levers that await something.
fn triggered<'a>(study: &'a Study) -> impl Iterator<Item = usize> + 'a {
    let told = |l: &usize| study.table.mean(leverage::CREDIBILITY, &[*l]).n > 0;
    (0..study.setting().levers.len()).filter(told)
}

pub(super) fn applies(study: &Study) -> bool {
    triggered(study).next().is_some()
}

pub(super) fn tell(study: &Study) -> Leverage {
    let (setting, table) = (study.setting(), study.table);
    let groups = groups(study);
    let levers = || {
        let each = groups.iter().flat_map(|group| &group.levers);
        each.map(|told| told.lever)
    };
    let answering = levers().filter(|l| matches!(setting.levers[*l].trigger, Trigger::Refuse(_)));
    let packages = 0..setting.packages.len();
    let turns: Vec<Turn> = answering
        .flat_map(|l| packages.clone().map(move |p| turns::turn(table, l, p)))
        .collect();
    let conceded = (0..setting.parties.len())
        .map(|p| (p, table.mean(leverage::CONCESSION, &[p])))
        .filter(|(_, mean)| mean.n > 0);
    let in_war = |l: &usize| table.mean(durability::COMES, &[*l]).n > 0;
    Leverage {
        worlds: table.worlds,
        after_deals: (0..setting.levers.len()).filter(in_war).collect(),
        incentives: levers()
            .flat_map(|l| incentives::of_lever(study, l))
            .collect(),
        curves: turns::curves(study, &turns),
        together: together::told(study),
        concessions: conceded.collect(),
        turns,
        groups,
    }
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

fn groups(study: &Study) -> Vec<Group> {
    let parties = (0..study.setting().parties.len()).map(Some);
    let mut groups: Vec<Group> = parties
        .chain([None])
        .map(|target| Group {
            target,
            likeliest: target.map_or(0, |party| likeliest(study, party)),
            levers: Vec::new(),
        })
        .collect();
    for l in triggered(study) {
        let target = match study.setting().levers[l].trigger {
            Trigger::Refuse(refuser) => Some(refuser),
            _ => None,
        };
        if let Some(group) = groups.iter_mut().find(|group| group.target == target) {
            group.levers.push(lever(study, l, target));
        }
    }
    for group in &mut groups {
        let mut levers = std::mem::take(&mut group.levers);
        let size = |lever: &Lever| group.most(lever).abs();
        levers.sort_by(|a, b| size(b).total_cmp(&size(a)));
        group.levers = levers;
    }
    groups.retain(|group| !group.levers.is_empty());
    groups
}

/// Mean over worlds; NaN where nothing was computed.
fn mean(table: &Table, quantity: Handle, index: &[usize]) -> f64 {
    let mean = table.mean(quantity, index);
    if mean.n > 0 { mean.value } else { f64::NAN }
}

fn lever(study: &Study, l: usize, target: Option<usize>) -> Lever {
    let (setting, table) = (study.setting(), study.table);
    let by = setting.levers[l].by;
    let moves = |party: usize| {
        let fall = |t: usize| {
            mean(table, leverage::REFUSAL_WITHOUT, &[l, t])
                - mean(table, leverage::REFUSAL_WITH, &[l, t])
        };
        setting.parties[party].types.clone().map(fall).collect()
    };
    let used: Vec<f64> = (0..setting.packages.len())
        .map(|p| mean(table, leverage::ASSURANCE, &[l, p]))
        .collect();
    let near = |t: usize| -> Vec<f64> {
        let known = table
            .column(leverage::INCENTIVE, &[l, t])
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
    Lever {
        lever: l,
        credibility: mean(table, leverage::CREDIBILITY, &[l]),
        is_assumed: study.assumes(l),
        announced: mean(table, leverage::CREDIBILITY_ANNOUNCED, &[l]),
        undecided: study.over_types(by, near),
        moves: target.map_or_else(Vec::new, moves),
        adds: if setting.levers[l].trigger == Trigger::Accept {
            let touched = |t: &usize| {
                let party = setting.types[*t].party;
                party == by || setting.levers[l].touches(party)
            };
            let types = (0..setting.types.len()).filter(touched);
            types
                .map(|t| (t, mean(table, leverage::PROMISE, &[l, t])))
                .collect()
        } else {
            Vec::new()
        },
        price: setting.parties[by]
            .types
            .clone()
            .map(|t| mean(table, leverage::PRICE, &[l, t]))
            .collect(),
        assurance: used.iter().sum::<f64>() / used.len() as f64,
        zone: [
            mean(table, leverage::ZONE_WITHOUT, &[l]),
            mean(table, leverage::ZONE_WITH, &[l]),
        ],
        backfires: mean(table, leverage::BACKFIRES, &[l]),
    }
}
