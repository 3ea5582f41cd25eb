//! What parties agree to: its parts of the page, and the same as data.

pub(crate) mod deals;
pub(crate) mod gates;

use detente_core::{Dimension, PartySet, Setting};
use detente_evidence::{Evidence, GateLine};
use serde_json::{Value, json};

use super::{mean, told};
use crate::dates;

/// Named packages as data.
pub(crate) fn packages(evidence: &Evidence) -> Vec<Value> {
    let setting = &evidence.setting;
    setting
        .packages
        .iter()
        .zip(evidence.packages())
        .enumerate()
        .map(|(p, (package, line))| {
            let parties = setting.parties.iter().enumerate().map(|(i, party)| {
                json!({
                    "party": party.id,
                    "needed": package.needed.contains(i),
                    "accepts": mean(&line.accepts[i]),
                    "alone_refuses": mean(&line.alone[i]),
                    "freed": mean(&line.freed[i]),
                    "undecided": mean(&line.sureness.undecided[i]),
                    "first_blocker": line.blocks[i].0,
                    "first_blocker_by_red_line": line.blocks[i].1,
                })
            });
            let margins = (0..setting.types.len()).map(|t| {
                json!({
                    "type": Dimension::Type.entry(setting, t),
                    "margin": line.margins[t],
                    "red_line_crossed": line.crossed[t],
                })
            });
            json!({
                "id": package.id,
                "name": package.name,
                "dated_after_case": dates::later(evidence, p),
                "agreed": mean(&line.agreed),
                "in_force": mean(&line.in_force),
                "kept": told(&line.kept),
                "signed_tempted": told(&line.tempted),
                "agreed_for_sure": mean(&line.sureness.sure),
                "undecided": mean(&line.sureness.open),
                "needed": party_ids(setting, package.needed),
                "parties": parties.collect::<Vec<_>>(),
                "types": margins.collect::<Vec<_>>(),
            })
        })
        .collect()
}

/// Gates that stand as data.
pub(crate) fn gates(evidence: &Evidence) -> Vec<Value> {
    let lines = evidence.gates().iter();
    lines.map(|line| gate(&evidence.setting, line)).collect()
}

/// The zone as data.
pub(crate) fn zone(evidence: &Evidence) -> Value {
    let setting = &evidence.setting;
    let Some(zone) = evidence.zone() else {
        return Value::Null;
    };
    let set_of = |set: &detente_evidence::NeededLine| {
        let place = setting
            .needed_sets
            .iter()
            .position(|needed| *needed == set.needed)
            .unwrap_or(0);
        json!({
            "needed": Dimension::Needed.entry(setting, place),
            "open": mean(&set.open),
            "size": set.size,
            "solutions": set.solutions.iter().map(|line| (line.solution.id().to_owned(), solution(setting, line)))
                .collect::<serde_json::Map<_, _>>(),
            "lottery_size": set.lottery,
            "frontier_given_up": told(&set.given_up),
            "lottery_most": set.most,
            "adjusted_winner": set.division.as_ref().map(|division| json!({
                "points_of_100": mean(&division.score),
                "first_partys_share": setting.issues.iter().zip(&division.shares).filter(|(_, share)| !share.is_nan())
                    .map(|(issue, share)| (issue.id.clone(), json!(share))).collect::<serde_json::Map<_, _>>(),
            })),
        })
    };
    json!({
        "open": mean(&zone.open),
        "possible": told(&zone.possible),
        "without_red_lines": mean(&zone.without_red_lines),
        "opens_without": setting.parties.iter().zip(&zone.opens_without)
            .map(|(party, share)| (party.id.clone(), json!(share))).collect::<serde_json::Map<_, _>>(),
        "sets": zone.sets.iter().map(set_of).collect::<Vec<_>>(),
    })
}

fn solution(setting: &Setting, line: &detente_evidence::SolutionLine) -> Value {
    let taken = line.options.iter().enumerate();
    let taken = taken.filter(|(_, share)| **share > 0.0);
    let margins = setting.parties.iter().zip(&line.margins);
    let margins = margins.filter(|(_, quantiles)| !quantiles[0].is_nan());
    json!({
        "options": taken.map(|(o, share)| (Dimension::Option.entry(setting, o), json!(share)))
            .collect::<serde_json::Map<_, _>>(),
        "margins": margins.map(|(party, quantiles)| (party.id.clone(), json!(quantiles)))
            .collect::<serde_json::Map<_, _>>(),
        "ties": mean(&line.ties),
    })
}

/// A gate that stands: chances that it passes are of worlds, support is of people.
fn gate(setting: &Setting, line: &GateLine) -> Value {
    let passes = setting.packages.iter().zip(&line.passes);
    json!({
        "gate": setting.gates[line.gate].id,
        "stands": line.stands,
        "passes": passes.map(|(package, chance)| (package.id.clone(), mean(chance))).collect::<serde_json::Map<_, _>>(),
        "below_bar": setting.packages.iter().zip(&line.below_bar)
            .map(|(package, share)| (package.id.clone(), mean(share)))
            .collect::<serde_json::Map<_, _>>(),
        "polls": line.published.iter().map(|(package, at, says)| json!({
            "package": setting.packages[*package].id,
            "question": says,
            "support_of_people": at,
        })).collect::<Vec<_>>(),
    })
}

fn party_ids(setting: &Setting, set: PartySet) -> Vec<String> {
    set.iter().map(|p| setting.parties[p].id.clone()).collect()
}
