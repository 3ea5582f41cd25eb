//! The same as JSON, for programs. Fields are only ever added within a format version; `docs/json.md` explains each.

use detente_evidence::{
    Assumed, ClaimLine, ClaimShare, ClaimStatus, Evidence, FORMAT, Lack, QUANTILES, Stamp, VERSION,
};
use serde_json::{Value, json as value};

use super::chapters::{alternative, mean, settlement};
use super::{chapters, judged, movers};
use crate::parts::Parts;
use crate::terms::unit_in;

/// Evidence as JSON text.
pub fn json(evidence: &Evidence, stamp: &Stamp) -> String {
    let setting = &evidence.setting;
    let resting = evidence.resting_on;
    let document = value!({
        "format": FORMAT,
        "detente": VERSION,
        "case": { "name": setting.name, "as_of": setting.as_of, "path": stamp.case_path, "sha256": stamp.case_hash },
        "run": {
            "seed": evidence.options.stream.seed,
            "worlds": evidence.options.worlds,
            "searches": evidence.options.searches,
            "solutions": evidence.options.solutions,
            "readings": evidence.readings.iter().map(|r| r.id.clone()).collect::<Vec<_>>(),
            "levers_running": evidence.running.iter().map(|l| setting.levers[*l].id.clone()).collect::<Vec<_>>(),
        },
        "inputs": { "claims": resting.claims, "placeholders": resting.placeholders, "defaults": resting.defaults },
        "headline": headline(evidence),
        "record": super::record::data(evidence),
        "quantiles": QUANTILES,
        "zone": settlement::zone(evidence),
        "packages": settlement::packages(evidence),
        "gates": settlement::gates(evidence),
        "no_deal": alternative::data(evidence),
        "lenses": chapters::sections(evidence, &Parts::default()).into_iter().map(|s| (s.id.to_owned(), s.json)).collect::<serde_json::Map<_, _>>(),
        "readings": evidence.rivals.iter().map(|rival| value!({
            "id": rival.label.id,
            "name": rival.label.name,
            "zone": mean(&rival.own.zone),
            "kept": setting.packages.iter().zip(&rival.own.kept).filter(|(_, kept)| kept.n > 0)
                .map(|(package, kept)| (package.id.clone(), mean(kept)))
                .collect::<serde_json::Map<_, _>>(),
            "agreed": setting.packages.iter().zip(&rival.own.agreed)
                .map(|(package, agreed)| (package.id.clone(), mean(agreed)))
                .collect::<serde_json::Map<_, _>>(),
            "deal": crate::chapters::told(&rival.own.deal),
            "causes": rival.causes.iter().map(|cause| value!({
                "about": cause.about,
                "together": cause.together,
                "numbers": cause.numbers,
                "package": evidence.closest_package().map(|p| setting.packages[p].id.clone()),
                "moved": mean(&cause.moved),
            })).collect::<Vec<_>>(),
        })).collect::<Vec<_>>(),
        "claims": evidence.claims.iter().map(|line| claim(evidence, line)).collect::<Vec<_>>(),
        "judgements": judged::data(evidence),
        "movers": { "of": movers::answer(evidence), "within_worlds_share": evidence.movers.types, "worlds": evidence.movers.moving.worlds, "visible": evidence.movers.moving.visible, "constant": evidence.movers.moving.constant, "inputs": evidence.movers.moving.inputs.iter().map(|mover| value!({
            "path": mover.path, "first_order_index": mover.index, "interval": [mover.interval.0, mover.interval.1], "together_with": mover.with, "low": mover.ends().0, "high": mover.ends().1,
            "direction": mover.direction(), "turns_at": mover.turns(), "course": mover.course.iter().map(|part| part.value).collect::<Vec<_>>(),
            "placeholder": mover.placeholder,
            "default": mover.default,
        })).collect::<Vec<_>>() },
        "answered": evidence.lenses.iter().map(|line| value!({ "lens": line.spec.id, "worlds": line.answered })).collect::<Vec<_>>(),
        "silences": evidence.silences.iter().map(|((lens, silence), count)| {
            value!({ "lens": lens, "kind": silence.kind(), "why": silence.why(), "worlds": count })
        }).collect::<Vec<_>>(),
        "consistency": {
            "invariants": evidence.consistency.invariants,
            "worlds": evidence.consistency.worlds,
            "broken": evidence.consistency.broken.iter()
                .map(|(what, worlds)| value!({ "what": what, "worlds": worlds })).collect::<Vec<_>>(),
        },
        "missing": evidence.missing.iter().map(|missing| match &missing.why {
            Lack::Interrupted => value!({ "part": missing.part, "kind": "interrupted" }),
            Lack::Quick => value!({ "part": missing.part, "kind": "quick" }),
            Lack::Kept => value!({ "part": missing.part, "kind": "kept" }),
            Lack::Unkept => value!({ "part": missing.part, "kind": "not_kept" }),
            Lack::Defect(what) => value!({ "part": missing.part, "kind": "defect", "why": what }),
        }).collect::<Vec<_>>(),
        "certificates": { "held": evidence.certified.held, "unfinished": evidence.certified.unfinished, "faults": evidence.certified.faults },
    });
    format!("{document:#}\n")
}

fn claim(evidence: &Evidence, line: &ClaimLine) -> Value {
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
            let readings = evidence.rivals.iter().zip(rivals);
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
                    "unit": unit_in(flip.unit, &evidence.setting),
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
    let assumed = match &line.status {
        ClaimStatus::Computed {
            assumed: Some(assumed),
            ..
        } => match assumed {
            Assumed::Stated => value!({ "by": "inputs compared" }),
            Assumed::Explained { path, index } => {
                value!({ "by": "one input", "path": path, "index": index })
            }
            Assumed::AtEnds {
                path,
                unit,
                ends,
                shares,
                worlds,
            } => value!({
                "by": "one input",
                "path": path,
                "unit": unit_in(unit, &evidence.setting),
                "ends": ends,
                "shares": shares,
                "worlds": worlds,
            }),
        },
        _ => Value::Null,
    };
    value!({
        "id": line.claim.id,
        "says": line.claim.says,
        "by": line.claim.by,
        "status": status,
        "share": main,
        "readings": readings,
        "flips": flips,
        "assumed": assumed,
        "taken_over": line.taken_over.iter().map(|taken| value!({ "path": taken.path, "lever": taken.lever, "from_month": taken.from })).collect::<Vec<_>>(),
        "rests_on": line.claim.rests_on,
        "why": why,
    })
}

/// What the report leads with, and the package that does best by it.
fn headline(evidence: &Evidence) -> Value {
    value!({
        "quantity": evidence.headline.quantity().to_string(),
        "kept_months": evidence.headline.kept_months,
        "package": evidence.closest_package().map(|p| evidence.setting.packages[p].id.clone()),
    })
}
