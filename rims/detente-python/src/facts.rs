//! What a case holds, and what detente knows, as JSON that Python turns into its own objects.

use detente::diag::{CODES, Severity};
use detente::{Case, Forecast, Input};
use serde_json::{Value, json};

pub(crate) fn of_case(case: &Case, inputs: &[Input]) -> Value {
    let setting = &case.setting;
    let source = |place: &usize| case.sources.get(*place).map(|source| source.id.as_str());
    json!({
        "name": setting.name,
        "as_of": setting.as_of,
        "parties": setting.parties.iter().map(|party| json!({
            "id": party.id, "name": party.name,
            "types": setting.types[party.types.clone()].iter().map(|t| t.id.as_str()).collect::<Value>(),
        })).collect::<Value>(),
        "issues": setting.issues.iter().map(|issue| json!({
            "id": issue.id, "name": issue.name,
            "options": issue.options.iter().map(|o| json!({ "id": o.id, "name": o.name })).collect::<Value>(),
        })).collect::<Value>(),
        "packages": setting.packages.iter().map(|package| json!({
            "id": package.id, "name": package.name, "says": package.says,
            "needed": package.needed.iter().map(|p| setting.parties[p].id.as_str()).collect::<Value>(),
            "options": setting.issues.iter().zip(&package.choice).map(|(issue, option)| {
                json!([issue.id, issue.options[*option as usize].id])
            }).collect::<Value>(),
        })).collect::<Value>(),
        "levers": setting.levers.iter().map(|lever| json!({
            "id": lever.id, "name": lever.name, "by": setting.parties[lever.by].id,
        })).collect::<Value>(),
        "readings": case.readings.iter().map(|reading| json!({
            "id": reading.id, "name": reading.name, "by": reading.by, "says": reading.says,
        })).collect::<Value>(),
        "claims": case.claims.iter().map(|claim| json!({
            "id": claim.id, "says": claim.says, "by": claim.by, "on": claim.on, "kind": claim.kind,
        })).collect::<Value>(),
        "judgements": case.judgements.iter().map(|j| json!({
            "id": j.id, "says": j.says, "by": j.by, "on": j.on,
            "forecast": match &j.forecast {
                Forecast::Chance(chance) => chance.to_string(),
                Forecast::Number { text, .. } => text.clone(),
            },
        })).collect::<Value>(),
        "experts": detente::experts(case).into_iter().collect::<Value>(),
        "sources": case.sources.iter().map(|source| json!({ "id": source.id, "title": source.title })).collect::<Value>(),
        "inputs": inputs.iter().filter(|input| input.is_listed()).map(|input| json!({
            "path": input.path, "text": input.text,
            "unit": detente::unit_in(input.unit, setting),
            "status": input.status.name(),
            "sources": input.sources.iter().filter_map(source).collect::<Value>(),
        })).collect::<Value>(),
    })
}

/// What lenses report.
pub(crate) fn quantities() -> Value {
    let specs = detente::catalogue().into_iter();
    specs
        .flat_map(|spec| {
            spec.quantities.iter().map(move |quantity| {
                json!({
                    "id": format!("{}.{}", spec.id, quantity.id),
                    "unit": quantity.unit.name(),
                    "meaning": quantity.meaning,
                    "per": quantity.dimensions.iter().map(|d| d.name()).collect::<Value>(),
                })
            })
        })
        .collect()
}

/// Diagnostic codes.
pub(crate) fn codes() -> Value {
    let codes = CODES.iter().map(|info| {
        let severity = if info.severity == Severity::Error {
            "error"
        } else {
            "warning"
        };
        json!({ "code": info.code.to_string(), "title": info.title, "severity": severity })
    });
    codes.collect()
}
