//! The drawn numbers of a case as a table, for plotting them elsewhere.

use std::fmt::Write as _;
use std::ops::Range;

use detente_case::{Case, Draw, InputId, Overrides, Plan};
use detente_math::Stream;

/// A row a world, a column an uncertain number.
#[derive(Clone, Debug, PartialEq)]
pub struct DrawnInputs {
    /// Paths of the numbers, in the order of the case.
    pub paths: Vec<String>,
    /// A list a number, world by world: as drawn, before shares, weights and priors are normalised.
    pub columns: Vec<Vec<f64>>,
    /// The first world.
    pub first: u64,
}

/// Draws every number of a case that varies in some worlds. A world is drawn the same in whatever range it stands.
pub fn drawn_inputs(
    case: &Case,
    overrides: &Overrides,
    stream: Stream,
    worlds: Range<u64>,
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
    let first = worlds.start;
    for world in worlds {
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
        first,
    }
}

impl DrawnInputs {
    /// The first line of a CSV (RFC 4180): the world's index, then the paths.
    pub fn csv_head(&self) -> String {
        let mut head = String::from("world");
        for path in &self.paths {
            head.push(',');
            head.push_str(path);
        }
        head.push('\n');
        head
    }

    /// A line a world. Numbers are written so that they read back exactly.
    pub fn csv_rows(&self) -> String {
        let mut rows = String::new();
        let worlds = self.columns.first().map_or(0, Vec::len);
        for (row, world) in (self.first..).take(worlds).enumerate() {
            let _ = write!(rows, "{world}");
            for column in &self.columns {
                let _ = write!(rows, ",{}", column[row]);
            }
            rows.push('\n');
        }
        rows
    }
}
