//! The register of inputs: every number with its shape, status, source and reason.

use detente_case::{Draw, Input, Status};
use detente_math::Distribution;

use crate::summary::Summary;
use crate::words::short;

/// A row of the register.
pub(super) struct Entry {
    pub(super) path: String,
    pub(super) typed: String,
    pub(super) shape: &'static str,
    pub(super) low: String,
    pub(super) median: String,
    pub(super) high: String,
    pub(super) unit: String,
    pub(super) status: &'static str,
    pub(super) placeholder: bool,
    /// (identifier, title)
    pub(super) sources: Vec<(String, String)>,
    pub(super) why: String,
}

/// Claims about the world: placeholders first, then in the order of the case.
pub(super) fn entries(summary: &Summary) -> Vec<Entry> {
    let mut claims: Vec<&Input> = summary
        .inputs
        .iter()
        .filter(|i| i.status.is_claim() && i.span.is_some())
        .collect();
    claims.sort_by_key(|input| input.status != Status::Placeholder);
    claims
        .into_iter()
        .map(|input| entry(summary, input))
        .collect()
}

fn entry(summary: &Summary, input: &Input) -> Entry {
    let distribution = match &input.draw {
        Draw::Own(d) => d.clone(),
        Draw::Inherited(_) | Draw::Ranked { .. } => Distribution::Exact(f64::NAN),
    };
    let at = |u: f64| short(distribution.quantile(u));
    let uncertain = distribution.exact().is_none();
    let shape = match &input.draw {
        Draw::Ranked { .. } => "by rank",
        _ => distribution.shape(),
    };
    Entry {
        path: input.path.clone(),
        typed: input.text.clone(),
        shape,
        low: if uncertain { at(0.05) } else { String::new() },
        median: at(0.5),
        high: if uncertain { at(0.95) } else { String::new() },
        unit: match (input.unit, &summary.setting.contest) {
            ("line", Some(contest)) => contest.unit.clone(),
            (unit, _) => unit.to_owned(),
        },
        status: input.status.name(),
        placeholder: input.status == Status::Placeholder,
        sources: input
            .sources
            .iter()
            .map(|s| {
                (
                    summary.sources[*s].id.clone(),
                    summary.sources[*s].title.clone(),
                )
            })
            .collect(),
        why: input.said.why.clone(),
    }
}
