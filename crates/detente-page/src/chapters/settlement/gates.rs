//! Rows on gates at home, those that stand. A gate's chance is computed, in worlds; support is found in a poll, in people: both are
//! named, and never set against one another.

use detente_evidence::{Evidence, GateLine};

use crate::dates;
use crate::rows::with_error;
use crate::words::per_hundred;

/// What would pass at home.
#[derive(Default)]
pub(crate) struct Gates {
    pub(crate) names: Vec<String>,
    /// Package, all needed accept, by gate its chance and how often that lies below its bar, in force.
    pub(crate) rows: Vec<(String, String, Vec<String>, String)>,
    /// Gates that stand in some worlds alone, in sentences.
    pub(crate) sometimes: Vec<String>,
    /// Support that was found: gate, package, question, share of people.
    pub(crate) published: Vec<[String; 4]>,
}

impl Gates {
    pub(crate) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
}

pub(crate) fn gates(evidence: &Evidence) -> Gates {
    let setting = &evidence.setting;
    let name = |line: &GateLine| setting.gates[line.gate].name.clone();
    let asked = !evidence.gates().is_empty() && evidence.packages().iter().any(|p| p.agreed.n > 0);
    let packages = evidence.packages().iter().enumerate();
    let rows = packages.filter(|_| asked).map(|(p, line)| {
        let needed = setting.packages[p].needed;
        let passes = evidence.gates().iter().flat_map(|gate| {
            // Nobody asks the gate of a party whose consent is not needed.
            if needed.contains(setting.gates[gate.gate].party) {
                [with_error(&gate.passes[p]), with_error(&gate.below_bar[p])]
            } else {
                ["·".to_owned(), "·".to_owned()]
            }
        });
        (
            dates::marked(evidence, p),
            with_error(&line.agreed),
            passes.collect(),
            with_error(&line.in_force),
        )
    });
    let sometimes = evidence.gates().iter().filter(|gate| gate.stands < 1.0);
    let published = evidence.gates().iter().filter(|_| asked).flat_map(|gate| {
        let found = gate.published.iter();
        found.map(move |(package, at, says)| {
            [
                name(gate),
                dates::marked(evidence, *package),
                says.clone(),
                format!(
                    "{} ({} to {})",
                    percent(at[1]),
                    percent(at[0]),
                    percent(at[2])
                ),
            ]
        })
    });
    Gates {
        names: evidence.gates().iter().map(name).collect(),
        rows: rows.collect(),
        sometimes: sometimes
            .map(|gate| {
                format!(
                    "{} stands in {} of 100 worlds; its chances are those of these worlds.",
                    name(gate),
                    per_hundred(gate.stands)
                )
            })
            .collect(),
        published: published.collect(),
    }
}

/// A share of people.
fn percent(share: f64) -> String {
    if share.is_nan() {
        "–".to_owned()
    } else {
        format!("{:.0}", 100.0 * share)
    }
}
