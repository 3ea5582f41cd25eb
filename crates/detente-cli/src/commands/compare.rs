//! `detente compare`

mod causes;
mod packages;
mod structure;
mod why;

use std::fmt::Write as _;

use detente::{Mean, Moved, moved};
use serde_json::{Value, json};

use crate::args::Compare;
use crate::failure::Failure;
use crate::output;
use crate::run_folder::{Whole, canonical, in_words};

/// Numbers and quantities shown unless all are asked for, so that the page fits a terminal.
const NUMBERS: usize = 6;
const QUANTITIES: usize = 12;
/// Of these, entries of the same quantity.
const ENTRIES: usize = 3;

/// A quantity that both runs have.
struct Line {
    name: String,
    unit: String,
    moved: Moved,
}

pub(crate) fn run(args: &Compare) -> Result<(), Failure> {
    let (before, after) = (Whole::open(&args.before)?, Whole::open(&args.after)?);
    let mut differing = differing(before.result(), after.result());
    for run in [&before, &after] {
        if let Some(fault) = run.manifest.fault() {
            output::note(&format!(
                "warning: an answer of {} failed its certificate: {fault}",
                run.path.display()
            ));
        }
    }
    if before.manifest.build() != after.manifest.build() {
        let build = |run: &Whole| in_words(run.manifest.build());
        differing.push(("build".to_owned(), build(&before), build(&after)));
    }
    let cases = why::in_force(&before).zip(why::in_force(&after));
    let other_text = before.result()["case"]["sha256"] != after.result()["case"]["sha256"];
    let why::Differences {
        numbers,
        structure,
        remark,
    } = why::differences(cases.as_ref(), other_text);
    let paired = paired(&before, &after);
    let (lines, alone) = if same_table(&before, &after) {
        (Vec::new(), [0, 0])
    } else {
        lines(&before, &after, paired)?
    };
    let mut said = String::new();
    let led = packages::write(&mut said, &lines, args.all);
    let most = if args.all {
        usize::MAX
    } else {
        QUANTITIES.saturating_sub(led).max(ENTRIES)
    };
    let shown = shown(&lines, most);
    let causes = match &cases {
        Some(cases) if args.causes => {
            Some(causes::causes(&before, cases, structure.len(), &shown)?)
        }
        _ => None,
    };
    if args.json {
        let quantities = lines.iter().map(|line| {
            json!({
                "name": line.name,
                "unit": line.unit,
                "before": mean(&line.moved.before),
                "after": mean(&line.moved.after),
                "difference": mean(&line.moved.difference),
                "errors": line.moved.errors(),
            })
        });
        let document = json!({
            "format": 1,
            "same_numbers": same_table(&before, &after),
            "common_draws": paired,
            "differing": differing.iter().map(|(what, a, b)| json!({ "what": what, "before": a, "after": b })).collect::<Value>(),
            "inputs": numbers.iter().map(|(path, a, b)| json!({ "path": path, "before": a, "after": b })).collect::<Value>(),
            "structure": structure::as_json(&structure),
            "remark": remark,
            "packages": packages::as_json(&lines),
            "columns_of_one_run_only": { "before": alone[0], "after": alone[1] },
            "quantities": quantities.collect::<Value>(),
            "causes": causes.map(|causes| as_json(&causes)),
        });
        return output::print_json(&document);
    }
    if differing.is_empty() {
        said.push_str("Both runs are of the same case under the same conditions.\n");
    }
    for (what, a, b) in &differing {
        let _ = writeln!(said, "{what}: {a} → {b}");
    }
    let most = if args.all { usize::MAX } else { NUMBERS };
    // First: what only one case has explains most numbers that only one has.
    structure::write(&mut said, &structure, most);
    write_numbers(&mut said, &numbers, most);
    if let Some(remark) = remark {
        let _ = writeln!(said, "{remark}");
    }
    if same_table(&before, &after) {
        said.push_str("Every number of the tables is the same.\n");
        return output::print(&said);
    }
    if alone != [0, 0] {
        let _ = writeln!(
            said,
            "columns of the first run only: {}; of the second only: {}",
            alone[0], alone[1]
        );
    }
    write_lines(&mut said, &lines, &shown, paired);
    if let Some(causes) = causes {
        causes.write(&mut said);
    }
    output::print(&said)
}

/// What was run, field by field, where it differs.
fn differing(before: &Value, after: &Value) -> Vec<(String, String, String)> {
    let fields = [
        ("detente", "/detente"),
        ("case (hash)", "/case/sha256"),
        ("seed", "/seed"),
        ("sampler", "/sampler"),
        ("worlds", "/worlds"),
        ("searches", "/searches"),
        ("solutions", "/solutions"),
        ("readings", "/readings"),
        ("set", "/set"),
        ("expert", "/expert"),
        ("months", "/months"),
        ("silences", "/silences"),
    ];
    let absent = Value::Null;
    fields
        .into_iter()
        .map(|(name, place)| {
            let value = |result: &Value| result.pointer(place).unwrap_or(&absent).clone();
            (name, value(before), value(after))
        })
        .filter(|(_, a, b)| a != b)
        .map(|(name, a, b)| (name.to_owned(), in_words(&a), in_words(&b)))
        // A field that an older version did not write, and nothing.
        .filter(|(_, a, b)| a != "none" || b != "none")
        .collect()
}

/// Were the worlds of both drawn from the same stream?
fn paired(before: &Whole, after: &Whole) -> bool {
    ["seed", "sampler"]
        .iter()
        .all(|field| before.result()[field] == after.result()[field])
}

fn same_table(before: &Whole, after: &Whole) -> bool {
    let hash = |run: &Whole| run.result()["table"]["sha256"].clone();
    let named = |run: &Whole| canonical(&run.result()["quantities"]);
    hash(before) == hash(after)
        && named(before) == named(after)
        && before.table.names() == after.table.names()
}

/// The quantities of both runs, those that moved by the most standard errors first, and how many columns each has alone.
fn lines(before: &Whole, after: &Whole, paired: bool) -> Result<(Vec<Line>, [usize; 2]), Failure> {
    let (names, others) = (before.table.names(), after.table.names());
    let places: std::collections::BTreeMap<&str, usize> = others
        .iter()
        .enumerate()
        .map(|(place, name)| (name.as_str(), place))
        .collect();
    let worlds = before.table.rows().min(after.table.rows());
    let read = |run: &Whole, column: usize| {
        let values = run.table.column(column);
        values.map_err(|error| output::failed(&run.path, "read", &error))
    };
    let mut lines = Vec::new();
    for (column, name) in names.iter().enumerate() {
        let Some(place) = places.get(name.as_str()) else {
            continue;
        };
        let (mut a, mut b) = (read(before, column)?, read(after, *place)?);
        if paired {
            // Beyond the shorter run there is nothing to pair.
            a.truncate(worlds);
            b.truncate(worlds);
        }
        lines.push(Line {
            name: name.clone(),
            unit: unit(before.result(), name),
            moved: moved((sampler(before), &a), (sampler(after), &b), paired),
        });
    }
    let alone = [names.len() - lines.len(), others.len() - lines.len()];
    lines.sort_by(|a, b| {
        let size = |line: &Line| line.moved.difference.value.abs();
        let errors = b.moved.errors().total_cmp(&a.moved.errors());
        errors.then(size(b).total_cmp(&size(a)))
    });
    Ok((lines, alone))
}

fn sampler(run: &Whole) -> detente::Sampler {
    if run.result()["sampler"] == "pseudo" {
        detente::Sampler::Pseudo
    } else {
        detente::Sampler::Quasi
    }
}

/// The quantity that a column is an entry of.
fn quantity(column: &str) -> &str {
    column.split('[').next().unwrap_or_default()
}

/// The unit of a column, from the manifest's list of quantities.
fn unit(result: &Value, column: &str) -> String {
    let id = quantity(column);
    let listed = result["quantities"].as_array().into_iter().flatten();
    let found = listed.into_iter().find(|quantity| quantity["id"] == id);
    found
        .and_then(|quantity| quantity["unit"].as_str())
        .unwrap_or_default()
        .to_owned()
}

fn mean(mean: &Mean) -> Value {
    json!({ "value": mean.value, "error": mean.error, "n": mean.n })
}

fn write_numbers(said: &mut String, numbers: &[(String, String, String)], most: usize) {
    if numbers.is_empty() {
        return;
    }
    let plural = if numbers.len() == 1 { "" } else { "s" };
    let _ = writeln!(
        said,
        "{} number{plural} of the case in force differ{}:",
        numbers.len(),
        if numbers.len() == 1 { "s" } else { "" }
    );
    for (path, a, b) in numbers.iter().take(most) {
        let _ = writeln!(said, "  {path}: {a} → {b}");
    }
    if numbers.len() > most {
        let _ = writeln!(
            said,
            "  and {} more; --all shows them",
            numbers.len() - most
        );
    }
}

/// The quantities that moved most, at most so many and few entries of each; all if there is no limit.
fn shown(lines: &[Line], most: usize) -> Vec<&Line> {
    let mut entries = std::collections::BTreeMap::new();
    lines
        .iter()
        .filter(|line| line.moved.errors() > 0.0)
        .filter(|line| {
            let shown: &mut usize = entries.entry(quantity(&line.name)).or_default();
            *shown += 1;
            most == usize::MAX || *shown <= ENTRIES
        })
        .take(most)
        .collect()
}

/// Causes by quantity.
fn as_json(causes: &causes::Causes) -> Value {
    let of = causes.of.iter().map(|(quantity, causes)| {
        let causes = causes
            .iter()
            .map(|(path, by)| json!({ "path": path, "difference": mean(by) }));
        json!({ "name": quantity, "inputs": causes.collect::<Value>() })
    });
    json!({
        "worlds": causes.worlds,
        "searches": causes.searches,
        "inputs_left_out": causes.left_out,
        "structure_left_out": causes.structure,
        "quantities": of.collect::<Value>(),
    })
}

fn write_lines(said: &mut String, lines: &[Line], shown: &[&Line], paired: bool) {
    /// Fewer standard errors than these are noise.
    const NOISE: f64 = 2.0;
    let changed = lines
        .iter()
        .filter(|line| line.moved.errors() > 0.0)
        .count();
    let beyond = lines.iter().filter(|line| line.moved.errors() > NOISE);
    let _ = writeln!(
        said,
        "\nof {} quantities of both runs {} moved by more than two standard errors, {changed} at all{}",
        lines.len(),
        beyond.count(),
        if paired {
            " (common draws: the error is that of the difference)"
        } else {
            " (independent draws)"
        }
    );
    let width = shown
        .iter()
        .map(|line| line.name.chars().count())
        .max()
        .unwrap_or(0)
        .max("quantity".len());
    if !shown.is_empty() {
        let _ = writeln!(
            said,
            "{:width$} {:>10} {:>10} {:>10} {:>9}",
            "quantity", "before", "after", "moved", "± error"
        );
    }
    for line in shown {
        let Moved {
            before,
            after,
            difference,
        } = &line.moved;
        let _ = writeln!(
            said,
            "{:width$} {:>10.4} {:>10.4} {:>+10.4} {:>9.4}  {}",
            line.name, before.value, after.value, difference.value, difference.error, line.unit
        );
    }
    if changed > shown.len() {
        let _ = writeln!(said, "and {} more; --all shows them", changed - shown.len());
    }
}
