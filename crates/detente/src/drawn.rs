//! The drawn numbers of a case as a table, for plotting them elsewhere.

use std::fmt::Write as _;

use detente_case::{Case, Draw, InputId, Overrides, Plan};
use detente_math::Stream;

/// A row a world, a column an uncertain number.
#[derive(Clone, Debug, PartialEq)]
pub struct DrawnInputs {
    /// Paths of the numbers, in the order of the case.
    pub paths: Vec<String>,
    /// A list a number, world by world: as drawn, before shares, weights and priors are normalised.
    pub columns: Vec<Vec<f64>>,
}

/// Draws every number of a case that varies in worlds `0..worlds`.
pub fn drawn_inputs(
    case: &Case,
    overrides: &Overrides,
    stream: Stream,
    worlds: u64,
) -> DrawnInputs {
    let plan = Plan::new(case);
    let varies = |(i, input): &(usize, &detente_case::Input)| {
        let replaced = overrides.replaced.iter().rev();
        let replaced = replaced
            .into_iter()
            .find(|(id, _)| *id == InputId::from_index(*i));
        let distribution = match (replaced, &input.draw) {
            (Some((_, distribution)), _) | (None, Draw::Own(distribution)) => distribution,
            (None, Draw::Inherited(_)) => return false,
            (None, Draw::Ranked { .. }) => return true,
        };
        distribution.exact().is_none()
    };
    let varying: Vec<(usize, &detente_case::Input)> =
        case.inputs.iter().enumerate().filter(varies).collect();
    let mut columns = vec![Vec::new(); varying.len()];
    for world in 0..worlds {
        let values = plan.values(&plan.uniforms(stream, world), overrides);
        for ((i, _), column) in varying.iter().zip(&mut columns) {
            column.push(values[*i]);
        }
    }
    DrawnInputs {
        paths: varying
            .iter()
            .map(|(_, input)| input.path.clone())
            .collect(),
        columns,
    }
}

impl DrawnInputs {
    /// CSV (RFC 4180), the world's index first. Numbers are written so that they read back exactly.
    pub fn csv(&self) -> String {
        let mut csv = String::from("world");
        for path in &self.paths {
            csv.push(',');
            csv.push_str(path);
        }
        for world in 0..self.columns.first().map_or(0, Vec::len) {
            let _ = write!(csv, "\n{world}");
            for column in &self.columns {
                let _ = write!(csv, ",{}", column[world]);
            }
        }
        csv.push('\n');
        csv
    }
}
