//! Rows on gates at home.

use super::dates;
use crate::summary::Summary;
use crate::words::per_hundred;

/// What would pass at home.
pub(super) struct Gates {
    pub(super) names: Vec<String>,
    /// Package, all needed accept, by gate, in force.
    pub(super) rows: Vec<(String, String, Vec<String>, String)>,
    /// Support that was found, in sentences.
    pub(super) published: Vec<String>,
}

impl Gates {
    pub(super) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
}

pub(super) fn gates(summary: &Summary) -> Gates {
    let setting = &summary.setting;
    let asked = !summary.gates.is_empty() && summary.packages.iter().any(|p| p.agreed.n > 0);
    let packages = summary.packages.iter().enumerate();
    let rows = packages.filter(|_| asked).map(|(p, line)| {
        let passes = summary.gates.iter().map(|gate| {
            let found = gate.published.iter().find(|(of, ..)| *of == p);
            let found = found.map_or(String::new(), |(_, at, _)| {
                format!(" (polls {})", per_hundred(at[1]))
            });
            format!("{}{found}", per_hundred(gate.passes[p].value))
        });
        (
            dates::marked(summary, p),
            per_hundred(line.agreed.value),
            passes.collect(),
            per_hundred(line.in_force.value),
        )
    });
    let polls = setting.gates.iter().zip(&summary.gates);
    let published = polls.filter(|_| asked).flat_map(|(gate, line)| {
        line.published.iter().map(|(package, at, says)| {
            let question = if says.is_empty() {
                String::new()
            } else {
                format!(" “{says}”")
            };
            format!(
                "{}, on “{}”:{question} {} to {} in 100 in favour.",
                gate.name,
                setting.packages[*package].name,
                per_hundred(at[0]),
                per_hundred(at[2])
            )
        })
    });
    Gates {
        names: setting.gates.iter().map(|gate| gate.name.clone()).collect(),
        rows: rows.collect(),
        published: published.collect(),
    }
}
