//! Scores for programs.

use detente_case::{Forecast, Observed};
use detente_evidence::VERSION;
use detente_ledger::{
    Bin, Group, Interval, Ledger, Line, Numbers, Reference, Scores, Skill, Summary,
};
use serde_json::{Value, json as value};

/// Scores as JSON text. Fields are only ever added within a format.
pub fn json(ledger: &Ledger, scores: &Scores) -> String {
    let document = value!({
        "format": 1,
        "detente": VERSION,
        "head": ledger.head(),
        "entries": ledger.entries.len(),
        "signed": scores.signed,
        "resolved_questions": scores.resolved,
        "open": scores.open.iter().map(|open| value!({
            "entry": open.number,
            "judgement": open.judgement,
            "by": open.by,
            "due": open.due,
            "overdue": open.overdue,
        })).collect::<Vec<_>>(),
        "groups": scores.groups.iter().map(group).collect::<Vec<_>>(),
    });
    format!("{document:#}\n")
}

fn group(group: &Group) -> Value {
    value!({
        "by": group.by,
        "readings": group.readings,
        "weights": group.weights.map(detente_ledger::Weights::word),
        "hindsight": group.hindsight,
        "questions": group.questions(),
        "few": group.few(),
        "forecasts": group.lines.iter().map(line).collect::<Vec<_>>(),
        "brier": group.chances.as_ref().map(|chances| summary(&chances.brier)),
        "log": group.chances.as_ref().map(|chances| summary(&chances.log)),
        "skill": group.chances.iter().flat_map(|chances| &chances.skill).map(skill).collect::<Vec<_>>(),
        "calibration": group.chances.iter().flat_map(|chances| &chances.bins).map(bin).collect::<Vec<_>>(),
        "numbers": group.numbers.iter().map(numbers).collect::<Vec<_>>(),
    })
}

/// JSON has no infinite numbers: one is written as a text.
fn score(x: f64) -> Value {
    if x.is_infinite() {
        value!("infinite")
    } else {
        value!(x)
    }
}

fn forecast(forecast: &Forecast) -> Value {
    match forecast {
        Forecast::Chance(chance) => value!(chance),
        Forecast::Number { text, .. } => value!(text),
    }
}

fn line(line: &Line) -> Value {
    value!({
        "entry": line.number,
        "judgement": line.judgement,
        "forecast": forecast(&line.forecast),
        "unit": line.unit,
        "outcome": match line.observed {
            Observed::Happened(happened) => value!(happened),
            Observed::Value(x) => value!(x),
        },
        "corrected": line.said > 1,
        "brier": line.of_chance.map(|[brier, _]| brier),
        "log": line.of_chance.map(|[_, log]| score(log)),
        "crps": line.of_number.map(|[crps, _]| crps),
        "chance_of_no_more": line.of_number.map(|[_, below]| below),
        "share": line.share,
        "base_rate": line.base_rate,
        "crowd": line.crowd.as_ref().map(|(crowd, of)| value!({
            "by": crowd.by,
            "on": crowd.on,
            "forecast": forecast(&crowd.forecast),
            "score": of,
        })),
    })
}

fn interval(interval: Option<Interval>) -> Value {
    interval.map_or(Value::Null, |i| value!([score(i.low), score(i.high)]))
}

fn summary(summary: &Summary) -> Value {
    value!({
        "mean": score(summary.mean),
        "interval": interval(summary.interval),
        "forecasts": summary.forecasts,
        "questions": summary.questions,
    })
}

fn skill(skill: &Skill) -> Value {
    value!({
        "against": match skill.against {
            Reference::BaseRate => "base_rate",
            Reference::Crowd => "crowd",
            Reference::Share => "share",
        },
        "value": skill.value,
        "interval": interval(skill.interval),
        "forecasts": skill.forecasts,
        "questions": skill.questions,
        "mean": score(skill.means[0]),
        "other_mean": score(skill.means[1]),
    })
}

fn bin(bin: &Bin) -> Value {
    value!({
        "ends": bin.ends,
        "forecasts": bin.forecasts,
        "mean": bin.mean,
        "happened": bin.happened,
        "interval": [bin.interval.low, bin.interval.high],
    })
}

fn numbers(numbers: &Numbers) -> Value {
    value!({
        "unit": numbers.unit,
        "crps": summary(&numbers.crps),
        "skill": numbers.skill.as_ref().map(skill),
    })
}
