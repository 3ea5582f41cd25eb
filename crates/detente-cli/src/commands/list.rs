//! `detente list`

use std::fmt::Write as _;

use detente::diag::CODES;
use detente::{Case, Forecast};

use crate::args::{List, What};
use crate::failure::Failure;
use crate::{case_file, output};

pub(crate) fn run(args: &List) -> Result<(), Failure> {
    let rows = match (args.what, &args.case) {
        (What::Lenses, _) => lenses(),
        (What::Quantities, _) => quantities(),
        (What::Codes, _) => codes(),
        (what, Some(path)) => of_case(what, &case_file::open(path, false)?.case),
        (_, None) => {
            return Err(Failure::BadInput(
                "say which case to list from, for instance: detente list packages cases/first-case"
                    .into(),
            ));
        }
    };
    output::print(&columns(&rows))
}

/// Rows with the first cell padded to a column.
fn columns(rows: &[(String, String)]) -> String {
    let width = rows
        .iter()
        .map(|(first, _)| first.chars().count())
        .max()
        .unwrap_or(0);
    rows.iter().fold(String::new(), |mut out, (first, second)| {
        let line = format!("{first:width$}  {second}");
        let _ = writeln!(out, "{}", line.trim_end());
        out
    })
}

fn lenses() -> Vec<(String, String)> {
    let planned = |spec: &detente::LensSpec| spec.quantities.is_empty();
    detente::catalogue()
        .into_iter()
        .map(|spec| {
            let awaits = if planned(spec) { " (planned)" } else { "" };
            (spec.id.to_owned(), format!("{}{awaits}", spec.question))
        })
        .collect()
}

fn quantities() -> Vec<(String, String)> {
    let specs = detente::catalogue().into_iter();
    specs
        .flat_map(|spec| {
            let now = spec.quantities.iter().map(|quantity| (quantity, ""));
            let planned = spec
                .planned
                .iter()
                .map(|quantity| (quantity, "; not computed yet"));
            now.chain(planned).map(move |(quantity, awaits)| {
                let per: Vec<&str> = quantity.dimensions.iter().map(|d| d.name()).collect();
                let per = if per.is_empty() {
                    String::new()
                } else {
                    format!("[{}]", per.join(", "))
                };
                (
                    format!("{}.{}{per}", spec.id, quantity.id),
                    format!(
                        "{} ({}{}{awaits})",
                        quantity.meaning,
                        quantity.unit.name(),
                        if quantity.settable {
                            "; can be set"
                        } else {
                            ""
                        }
                    ),
                )
            })
        })
        .collect()
}

fn codes() -> Vec<(String, String)> {
    CODES
        .iter()
        .map(|info| (info.code.to_string(), info.title.to_owned()))
        .collect()
}

fn of_case(what: What, case: &Case) -> Vec<(String, String)> {
    let setting = &case.setting;
    match what {
        What::Parties => setting
            .parties
            .iter()
            .map(|party| {
                let types: Vec<&str> = setting.types[party.types.clone()]
                    .iter()
                    .map(|t| t.id.as_str())
                    .collect();
                let types = if types.len() > 1 {
                    format!(": {}", types.join(", "))
                } else {
                    String::new()
                };
                (party.id.clone(), format!("{}{types}", party.name))
            })
            .collect(),
        What::Issues => setting
            .issues
            .iter()
            .map(|issue| {
                let options: Vec<&str> = issue.options.iter().map(|o| o.id.as_str()).collect();
                (issue.id.clone(), options.join(", "))
            })
            .collect(),
        What::Packages => setting
            .packages
            .iter()
            .map(|package| {
                let by = package.by.map(|p| setting.parties[p].name.as_str());
                let said: Vec<&str> = by.into_iter().chain(package.on.as_deref()).collect();
                let said = if said.is_empty() {
                    String::new()
                } else {
                    format!(" ({})", said.join(", "))
                };
                (package.id.clone(), format!("{}{said}", package.name))
            })
            .collect(),
        What::Levers => setting
            .levers
            .iter()
            .map(|lever| {
                (
                    lever.id.clone(),
                    format!("{} ({})", lever.name, setting.parties[lever.by].name),
                )
            })
            .collect(),
        What::Claims => case
            .claims
            .iter()
            .map(|claim| {
                let by = if claim.by.is_empty() {
                    String::new()
                } else {
                    format!(" ({})", claim.by)
                };
                (claim.id.clone(), format!("{}{by}", claim.says))
            })
            .collect(),
        What::Judgements => case
            .judgements
            .iter()
            .map(|j| {
                let forecast = match &j.forecast {
                    Forecast::Chance(chance) => chance.to_string(),
                    Forecast::Number { text, .. } => text.clone(),
                };
                let said = format!("{} ({}, {}: {forecast})", j.says, j.by, j.on);
                (j.id.clone(), said)
            })
            .collect(),
        What::Acts => case
            .acts
            .iter()
            .map(|act| {
                let by = &setting.parties[act.by].name;
                (act.id.clone(), format!("{} ({by}, {})", act.says, act.on))
            })
            .collect(),
        What::Anchors => case
            .anchors
            .iter()
            .map(|anchor| {
                let (quantity, known) = (&anchor.quantity.text, &anchor.known.text);
                (
                    anchor.id.clone(),
                    format!("{} ({quantity}: {known})", anchor.says),
                )
            })
            .collect(),
        What::Experts => detente::experts(case)
            .into_iter()
            .map(|name| (name.to_owned(), String::new()))
            .collect(),
        What::Readings => case
            .readings
            .iter()
            .map(|reading| {
                let by = if reading.by.is_empty() {
                    String::new()
                } else {
                    format!(" ({})", reading.by)
                };
                (reading.id.clone(), format!("{}{by}", reading.name))
            })
            .collect(),
        What::Inputs => case
            .inputs
            .iter()
            .filter(|input| input.is_listed())
            .map(|input| {
                let unit = detente::unit_in(input.unit, setting);
                (
                    input.path.clone(),
                    format!("{} [{unit}, {}]", input.text, input.status.name()),
                )
            })
            .collect(),
        What::Sources => case
            .sources
            .iter()
            .map(|source| (source.id.clone(), source.title.clone()))
            .collect(),
        What::Lenses | What::Quantities | What::Codes => Vec::new(),
    }
}
