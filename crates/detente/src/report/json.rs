//! The same as JSON, for programs. Fields are only ever added within a format version; `docs/json.md` explains each.

use detente_core::{Dimension, Ending, PartySet, Setting};
use detente_math::Mean;
use serde_json::{Value, json as value};

use super::{Stamp, chapters, dates};
use crate::VERSION;
use crate::audit::{ClaimLine, ClaimShare, ClaimStatus};
use crate::missing::{Lack, Parts};
use crate::run::Ignored;
use crate::summary::{GateLine, QUANTILES, Summary};
use crate::terms::unit_in;

/// Version of the format.
const FORMAT: u32 = 3;

/// The summary as JSON text.
pub fn json(summary: &Summary, stamp: &Stamp) -> String {
    let setting = &summary.setting;
    let resting = summary.resting_on;
    let packages: Vec<Value> = setting
        .packages
        .iter()
        .zip(&summary.packages)
        .enumerate()
        .map(|(p, (package, line))| {
            let parties = setting.parties.iter().enumerate().map(|(i, party)| {
                value!({
                    "party": party.id,
                    "needed": package.needed.contains(i),
                    "accepts": mean(&line.accepts[i]),
                    "alone_refuses": mean(&line.alone[i]),
                    "undecided": mean(&line.sureness.undecided[i]),
                    "first_blocker": line.blocks[i].0,
                    "first_blocker_by_red_line": line.blocks[i].1,
                })
            });
            let margins = (0..setting.types.len()).map(|t| {
                value!({
                    "type": Dimension::Type.entry(setting, t),
                    "margin": line.margins[t],
                    "red_line_crossed": line.crossed[t],
                })
            });
            value!({
                "id": package.id,
                "name": package.name,
                "dated_after_case": dates::later(summary, p),
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
        .collect();
    let document = value!({
        "format": FORMAT,
        "detente": VERSION,
        "case": { "name": setting.name, "as_of": setting.as_of, "path": stamp.case_path, "sha256": stamp.case_hash },
        "run": {
            "seed": summary.options.stream.seed,
            "worlds": summary.options.worlds,
            "searches": summary.options.searches,
            "solutions": summary.options.solutions,
            "readings": summary.readings.iter().map(|r| r.id.clone()).collect::<Vec<_>>(),
            "levers_running": summary.running.iter().map(|l| setting.levers[*l].id.clone()).collect::<Vec<_>>(),
        },
        "inputs": { "claims": resting.claims, "placeholders": resting.placeholders, "defaults": resting.defaults },
        "headline": headline(summary),
        "quantiles": QUANTILES,
        "zone": zone(summary),
        "packages": packages,
        "gates": summary.gates.iter().map(|line| gate(setting, line)).collect::<Vec<_>>(),
        "no_deal": no_deal(summary),
        "lenses": chapters::sections(summary, &Parts::new(&Ignored)).into_iter().map(|s| (s.id.to_owned(), s.json)).collect::<serde_json::Map<_, _>>(),
        "readings": summary.rivals.iter().map(|rival| value!({
            "id": rival.label.id,
            "name": rival.label.name,
            "zone": mean(&rival.own.zone),
            "kept": setting.packages.iter().zip(&rival.own.kept).filter(|(_, kept)| kept.n > 0)
                .map(|(package, kept)| (package.id.clone(), mean(kept)))
                .collect::<serde_json::Map<_, _>>(),
            "agreed": setting.packages.iter().zip(&rival.own.agreed)
                .map(|(package, agreed)| (package.id.clone(), mean(agreed)))
                .collect::<serde_json::Map<_, _>>(),
            "causes": rival.causes.iter().map(|cause| value!({
                "about": cause.about,
                "together": cause.together,
                "numbers": cause.numbers,
                "package": summary.closest_package().map(|p| setting.packages[p].id.clone()),
                "moved": mean(&cause.moved),
            })).collect::<Vec<_>>(),
        })).collect::<Vec<_>>(),
        "claims": summary.claims.iter().map(|line| claim(summary, line)).collect::<Vec<_>>(),
        "movers": { "of": summary.movers.of, "within_worlds_share": summary.movers.types, "worlds": summary.movers.moving.worlds, "visible": summary.movers.moving.visible, "constant": summary.movers.moving.constant, "inputs": summary.movers.moving.inputs.iter().map(|mover| value!({
            "path": mover.path, "first_order_index": mover.index, "interval": [mover.interval.0, mover.interval.1], "together_with": mover.with, "low": mover.ends().0, "high": mover.ends().1,
            "direction": mover.direction(), "turns_at": mover.turns(), "course": mover.course.iter().map(|part| part.value).collect::<Vec<_>>(),
            "placeholder": mover.placeholder,
            "default": mover.default,
        })).collect::<Vec<_>>() },
        "answered": summary.lenses.iter().map(|line| value!({ "lens": line.spec.id, "worlds": line.answered })).collect::<Vec<_>>(),
        "silences": summary.silences.iter().map(|((lens, silence), count)| {
            value!({ "lens": lens, "kind": silence.kind(), "why": silence.why(), "worlds": count })
        }).collect::<Vec<_>>(),
        "consistency": {
            "invariants": summary.consistency.invariants,
            "worlds": summary.consistency.worlds,
            "broken": summary.consistency.broken.iter()
                .map(|(what, worlds)| value!({ "what": what, "worlds": worlds })).collect::<Vec<_>>(),
        },
        "missing": summary.missing.iter().map(|missing| match &missing.why {
            Lack::Interrupted => value!({ "part": missing.part, "kind": "interrupted" }),
            Lack::Quick => value!({ "part": missing.part, "kind": "quick" }),
            Lack::Defect(what) => value!({ "part": missing.part, "kind": "defect", "why": what }),
        }).collect::<Vec<_>>(),
        "certificates": { "held": summary.certified.held, "unfinished": summary.certified.unfinished, "faults": summary.certified.faults },
    });
    format!("{document:#}\n")
}

/// A gate that stands: chances that it passes are of worlds, support is of people.
fn gate(setting: &Setting, line: &GateLine) -> Value {
    let passes = setting.packages.iter().zip(&line.passes);
    value!({
        "gate": setting.gates[line.gate].id,
        "stands": line.stands,
        "passes": passes.map(|(package, chance)| (package.id.clone(), mean(chance))).collect::<serde_json::Map<_, _>>(),
        "below_bar": setting.packages.iter().zip(&line.below_bar)
            .map(|(package, share)| (package.id.clone(), mean(share)))
            .collect::<serde_json::Map<_, _>>(),
        "polls": line.published.iter().map(|(package, at, says)| value!({
            "package": setting.packages[*package].id,
            "question": says,
            "support_of_people": at,
        })).collect::<Vec<_>>(),
    })
}

fn party_ids(setting: &Setting, set: PartySet) -> Vec<String> {
    set.iter().map(|p| setting.parties[p].id.clone()).collect()
}

fn claim(summary: &Summary, line: &ClaimLine) -> Value {
    let share = |share: &ClaimShare| {
        value!({
            "holds": mean(&share.holds),
            "condition_met": share.given,
            "not_told": share.untold,
            "worlds": share.worlds,
        })
    };
    let (status, main, readings, why) = match &line.status {
        ClaimStatus::Computed {
            share: main,
            rivals,
            ..
        } => {
            let readings = summary.rivals.iter().zip(rivals);
            let readings = readings.map(|(rival, of)| (rival.label.id.clone(), share(of)));
            (
                "computed",
                share(main),
                Value::Object(readings.collect()),
                Value::Null,
            )
        }
        ClaimStatus::Awaits(lenses) => ("awaits", Value::Null, Value::Null, value!(lenses)),
        ClaimStatus::NotComputable(why) => {
            ("not_computable", Value::Null, Value::Null, value!(why))
        }
    };
    let flips = match &line.status {
        ClaimStatus::Computed { flips, .. } => flips
            .iter()
            .map(|flip| {
                value!({
                    "what": flip.what,
                    "unit": unit_in(flip.unit, &summary.setting),
                    "turns_at": flip.at,
                    "ends": flip.ends,
                    "shares": flip.shares,
                    "seen": flip.seen,
                    "worlds": flip.worlds,
                })
            })
            .collect(),
        _ => Vec::new(),
    };
    value!({
        "id": line.claim.id,
        "says": line.claim.says,
        "by": line.claim.by,
        "status": status,
        "share": main,
        "readings": readings,
        "flips": flips,
        "taken_over": line.taken_over.iter().map(|taken| value!({ "path": taken.path, "lever": taken.lever, "from_month": taken.from })).collect::<Vec<_>>(),
        "rests_on": line.claim.rests_on,
        "why": why,
    })
}

fn mean(mean: &Mean) -> Value {
    value!({ "value": mean.value, "error": mean.error, "n": mean.n })
}

/// A mean that some cases do not tell.
fn told(of: &Mean) -> Value {
    if of.n > 0 { mean(of) } else { Value::Null }
}

/// What the report leads with, and the package that does best by it.
fn headline(summary: &Summary) -> Value {
    value!({
        "quantity": summary.headline.quantity().to_string(),
        "kept_months": summary.headline.kept_months,
        "package": summary.closest_package().map(|p| summary.setting.packages[p].id.clone()),
    })
}

fn zone(summary: &Summary) -> Value {
    let setting = &summary.setting;
    let Some(zone) = &summary.zone else {
        return Value::Null;
    };
    let set_of = |set: &crate::summary::NeededLine| {
        let place = setting
            .needed_sets
            .iter()
            .position(|needed| *needed == set.needed)
            .unwrap_or(0);
        value!({
            "needed": Dimension::Needed.entry(setting, place),
            "open": mean(&set.open),
            "size": set.size,
            "solutions": set.solutions.iter().map(|line| (line.solution.id().to_owned(), solution(setting, line)))
                .collect::<serde_json::Map<_, _>>(),
            "lottery_size": set.lottery,
            "frontier_given_up": told(&set.given_up),
            "lottery_most": set.most,
            "adjusted_winner": set.division.as_ref().map(|division| value!({
                "points_of_100": mean(&division.score),
                "first_partys_share": setting.issues.iter().zip(&division.shares).filter(|(_, share)| !share.is_nan())
                    .map(|(issue, share)| (issue.id.clone(), value!(share))).collect::<serde_json::Map<_, _>>(),
            })),
        })
    };
    value!({
        "open": mean(&zone.open),
        "possible": told(&zone.possible),
        "without_red_lines": mean(&zone.without_red_lines),
        "opens_without": setting.parties.iter().zip(&zone.opens_without)
            .map(|(party, share)| (party.id.clone(), value!(share))).collect::<serde_json::Map<_, _>>(),
        "sets": zone.sets.iter().map(set_of).collect::<Vec<_>>(),
    })
}

fn solution(setting: &Setting, line: &crate::summary::SolutionLine) -> Value {
    let taken = line.options.iter().enumerate();
    let taken = taken.filter(|(_, share)| **share > 0.0);
    let margins = setting.parties.iter().zip(&line.margins);
    let margins = margins.filter(|(_, quantiles)| !quantiles[0].is_nan());
    value!({
        "options": taken.map(|(o, share)| (Dimension::Option.entry(setting, o), value!(share)))
            .collect::<serde_json::Map<_, _>>(),
        "margins": margins.map(|(party, quantiles)| (party.id.clone(), value!(quantiles)))
            .collect::<serde_json::Map<_, _>>(),
        "ties": mean(&line.ties),
    })
}

fn no_deal(summary: &Summary) -> Value {
    let setting = &summary.setting;
    let Some(no_deal) = &summary.no_deal else {
        return Value::Null;
    };
    value!({
        "values": (0..setting.types.len())
            .map(|t| (Dimension::Type.entry(setting, t), value!({ "value": no_deal.values[t], "own_beliefs_add": no_deal.gaps[t], "levers_of_refusal_add": no_deal.levers[t] })))
            .collect::<serde_json::Map<_, _>>(),
        "ended_by_month": Ending::ALL.iter()
            .map(|e| (e.id().to_owned(), value!(no_deal.ended.iter().map(|by| by[*e as usize]).collect::<Vec<_>>())))
            .collect::<serde_json::Map<_, _>>(),
        "line": no_deal.line.iter().map(|(month, at)| value!({ "month": month, "quantiles": at })).collect::<Vec<_>>(),
    })
}
