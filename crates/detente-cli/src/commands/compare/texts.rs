//! Two cases compared that nobody has run before: small runs of both, in memory, told as the folders of runs are.

use std::collections::BTreeMap;

use detente::{
    Case, Column, Keeps, Numbers, Overrides, Plan, Progress, RunOptions, Stream, columns, moved,
    run_worlds_on_record,
};
use serde_json::{Value, json};

use super::why::{self, InForce};
use super::{Line, as_quantity, packages, shown, structure};
use crate::failure::Failure;
use crate::memory;

/// Worlds that are run between two looks whether anybody still wants them.
const STEP: usize = 16;
/// Quantities told unless all are asked for.
const TOLD: usize = 40;

/// A run that is compared.
pub(crate) struct Side {
    /// The case with what is set in it.
    pub(crate) case: Case,
    /// The case as its text has it.
    pub(crate) written: Case,
    /// What its readings put over it.
    pub(crate) overrides: Overrides,
    pub(crate) readings: Vec<String>,
    pub(crate) stream: Stream,
}

/// The numbers of a run, column by column.
struct Numbered {
    /// Place by name.
    places: BTreeMap<String, (usize, String)>,
    rows: Vec<Vec<f64>>,
    weights: Option<Vec<f64>>,
}

/// What moved between two, as `detente compare --json` tells it, and what differs between their cases.
pub(crate) fn compare(
    sides: &[Side; 2],
    all: bool,
    progress: &dyn Progress,
) -> Result<Value, Failure> {
    let [before, after] = sides;
    let paired = before.stream == after.stream;
    let in_force = |side: &Side| -> Result<InForce, Failure> {
        let inputs = detente::inputs_under(&side.case, &side.readings)
            .map_err(|bad| Failure::BadInput(bad.to_string()))?;
        Ok(InForce {
            written: side.written.clone(),
            case: side.case.clone(),
            readings: side.readings.clone(),
            inputs,
        })
    };
    let cases = (in_force(before)?, in_force(after)?);
    let why::Differences {
        numbers, structure, ..
    } = why::differences(Some(&cases), false);
    let (first, second) = (run(before, progress)?, run(after, progress)?);
    let lines = lines([&first, &second], sides, paired);
    let alone = [&first, &second].map(|of| of.places.len() - lines.len());
    let told = shown(&lines, if all { usize::MAX } else { TOLD });
    Ok(json!({
        "format": 1,
        "worlds": first.rows.len(),
        "common_draws": paired,
        "inputs": numbers.iter().map(|(path, a, b)| json!({ "path": path, "before": a, "after": b })).collect::<Value>(),
        "structure": structure::as_json(&structure),
        "packages": packages::as_json(&lines),
        "columns_of_one_run_only": { "before": alone[0], "after": alone[1] },
        "columns_of_both": lines.len(),
        "quantities": told.iter().map(|shown| as_quantity(shown.line)).collect::<Value>(),
    }))
}

fn run(side: &Side, progress: &dyn Progress) -> Result<Numbered, Failure> {
    let quick = RunOptions::quick(&side.case, side.stream);
    let options = RunOptions {
        record: side.case.has_record(),
        ..quick
    };
    memory::refuse_too_many(&side.case, Keeps::Rows, 2 * options.worlds)?;
    let plan = Plan::new(&side.case);
    let known: Vec<Column> = columns(&side.case.setting);
    let kept: Vec<&Column> = known.iter().filter(|column| !column.monthly).collect();
    let (mut rows, mut weights) = (Vec::new(), Vec::new());
    let mut from = 0;
    while from < options.worlds && !progress.stopped() {
        let worlds = from..(from + STEP).min(options.worlds);
        from = worlds.end;
        let drawn = (&plan, &side.overrides);
        let table = run_worlds_on_record(&side.case, drawn, options, worlds, progress);
        let all = table.rows();
        rows.extend(all.map(|row| kept.iter().map(|column| row[column.place]).collect()));
        weights.extend(table.weights());
    }
    let named = kept.iter().enumerate();
    Ok(Numbered {
        places: named
            .map(|(i, column)| (column.name.clone(), (i, column.unit.name().to_owned())))
            .collect(),
        rows,
        weights: options.record.then_some(weights),
    })
}

/// The columns that both have, those that moved by the most standard errors first.
fn lines(runs: [&Numbered; 2], sides: &[Side; 2], paired: bool) -> Vec<Line> {
    let [first, second] = runs;
    let column = |of: &Numbered, place: usize| -> Vec<f64> {
        of.rows.iter().map(|row| row[place]).collect()
    };
    let both = first.places.iter().filter_map(|(name, (place, unit))| {
        let (other, _) = second.places.get(name)?;
        let (a, b) = (column(first, *place), column(second, *other));
        let numbers = |values, weights, side: usize| Numbers {
            sampler: sides[side].stream.sampler,
            values,
            weights,
        };
        Some(Line {
            name: name.clone(),
            unit: unit.clone(),
            moved: moved(
                numbers(&a, first.weights.as_deref(), 0),
                numbers(&b, second.weights.as_deref(), 1),
                paired,
            ),
        })
    });
    let mut lines: Vec<Line> = both.collect();
    super::most_moved_first(&mut lines);
    lines
}
