//! Refusals that may trigger several levers, with all of them and with none.

use detente_core::catalogue::leverage;
use detente_evidence::chapters::leverage::Together;

use super::mean;
use crate::chapters::Study;

/// Refusals that may trigger several levers.
pub(super) fn told(study: &Study) -> Vec<Together> {
    let (setting, table) = (study.setting(), study.table);
    let mut rows = Vec::new();
    for refuser in 0..setting.parties.len() {
        for (all, refusal, zone) in [
            (false, leverage::REFUSAL_NONE, leverage::ZONE_NONE),
            (true, leverage::REFUSAL_ALL, leverage::ZONE_ALL),
        ] {
            if table.mean(refusal, &[refuser, 0]).n == 0 {
                continue;
            }
            let column = |t: usize| table.column(refusal, &[refuser, t]).collect();
            let parties = 0..setting.parties.len();
            rows.push(Together {
                refuser,
                all,
                worth: parties.map(|p| study.over_types(p, column)).collect(),
                zone: mean(table, zone, &[refuser]),
            });
        }
    }
    rows
}
