//! The drawn numbers of a case as a table, for plotting them elsewhere.

use std::fmt::Write as _;

use detente_case::{Case, Draw, InputId, Overrides, Plan};
use detente_math::Stream;

/// CSV (RFC 4180): a row a world, the world's index first, then every number that varies, by path, as drawn: before shares,
/// weights and priors are normalised. Numbers are written so that they read back exactly.
pub fn drawn_inputs(case: &Case, overrides: &Overrides, stream: Stream, worlds: u64) -> String {
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
    let columns: Vec<(usize, &detente_case::Input)> =
        case.inputs.iter().enumerate().filter(varies).collect();
    let mut csv = String::from("world");
    for (_, input) in &columns {
        csv.push(',');
        csv.push_str(&input.path);
    }
    for world in 0..worlds {
        let values = plan.values(&plan.uniforms(stream, world), overrides);
        let _ = write!(csv, "\n{world}");
        for (i, _) in &columns {
            let _ = write!(csv, ",{}", values[*i]);
        }
    }
    csv.push('\n');
    csv
}
