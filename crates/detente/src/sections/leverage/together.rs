//! Refusals that may trigger several levers, with all of them and with none.

use detente_core::Setting;
use serde_json::json;

use super::{LENS, mean, number, of_party};
use crate::sections::Study;
use crate::words::{per_hundred, points};

/// A refusal with all of its levers or with none.
pub(super) struct Together {
    refuser: usize,
    all: bool,
    /// What it is worth to each party, types by their priors.
    worth: Vec<f64>,
    zone: f64,
}

/// Refusals that may trigger several levers.
pub(super) fn told(study: &Study) -> Vec<Together> {
    let (setting, table) = (study.setting(), study.table);
    let mut rows = Vec::new();
    for refuser in 0..setting.parties.len() {
        for (all, refusal, zone) in [
            (false, "refusal_none", "zone_none"),
            (true, "refusal_all", "zone_all"),
        ] {
            if table.mean(LENS, refusal, &[refuser, 0]).n == 0 {
                continue;
            }
            let column = |t: usize| table.column(LENS, refusal, &[refuser, t]).collect();
            let parties = 0..setting.parties.len();
            rows.push(Together {
                refuser,
                all,
                worth: parties.map(|p| of_party(study, p, column)).collect(),
                zone: mean(table, zone, &[refuser]),
            });
        }
    }
    rows
}

pub(super) fn row(setting: &Setting, row: &Together) -> (String, Vec<String>) {
    let name = &setting.parties[row.refuser].name;
    let of = if row.all { "all" } else { "none" };
    let mut cells: Vec<String> = row.worth.iter().map(|x| points(*x)).collect();
    cells.push(per_hundred(row.zone));
    (format!("{name} refuses: {of}"), cells)
}

pub(super) fn data(setting: &Setting, row: &Together) -> serde_json::Value {
    let worth = setting.parties.iter().zip(&row.worth);
    json!({
        "refuser": setting.parties[row.refuser].id,
        "all": row.all,
        "worth": worth.map(|(party, x)| (party.id.clone(), number(*x))).collect::<serde_json::Map<_, _>>(),
        "zone_is_open": number(row.zone),
    })
}
