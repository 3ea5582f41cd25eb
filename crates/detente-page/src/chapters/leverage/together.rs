//! Refusals that may trigger several levers, with all of them and with none.

use detente_core::Setting;
use detente_evidence::chapters::leverage::Together;
use serde_json::json;

use super::number;
use crate::words::{per_hundred, points};

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
