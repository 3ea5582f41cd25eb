//! Refusals that may trigger several levers, with all of them and with none.

use detente_core::catalogue::leverage;

use super::mean;
use crate::chapters::Study;

/// A refusal with all of its levers or with none.
#[derive(Clone, Debug)]
pub struct Together {
    /// Who refuses.
    pub refuser: usize,
    /// With all of its levers, or with none?
    pub all: bool,
    /// By party: what it is worth to it, its types by their priors, in points of its own.
    pub worth: Vec<f64>,
    /// Share of worlds in which the zone is then open.
    pub zone: f64,
}

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
