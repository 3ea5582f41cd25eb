//! `detente compare`

mod causes;
mod packages;
mod structure;
#[cfg(feature = "mcp")]
pub(crate) mod texts;
mod why;

use std::fmt::Write as _;

use detente::{Mean, Moved, Numbers, WEIGHT, moved};
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
    // Rows are set against each other, and those of other worlds have nothing in common.
    if before.worlds().start != after.worlds().start {
        let named = |run: &Whole| {
            let worlds = run.worlds();
            format!("{} ({}..{})", run.path.display(), worlds.start, worlds.end)
        };
        return Err(Failure::BadInput(format!(
            "{} and {} begin with other worlds of their wholes; merge each with those before it (`detente merge`)",
            named(&before),
            named(&after)
        )));
    }
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
    let lengths = ["worlds", "searches", "solutions"];
    let unequal = |field: &&str| before.result()[*field] != after.result()[*field];
    if paired && lengths.iter().any(unequal) {
        said.push_str(
            "Means are over the worlds that each run answers, differences over those that both do: where these are not the same worlds, a \
             difference is not that of the means.\n",
        );
    }
    let led = packages::write(&mut said, &lines, args.all);
    let most = if args.all {
        usize::MAX
    } else {
        QUANTITIES.saturating_sub(led).max(ENTRIES)
    };
    let shown = shown(&lines, most);
    let causes = match &cases {
        Some(cases) if args.causes => {
            let lines: Vec<&Line> = shown.iter().map(|shown| shown.line).collect();
            Some(causes::causes(&before, cases, structure.len(), &lines)?)
        }
        _ => None,
    };
    if args.json {
        let quantities = lines.iter().map(as_quantity);
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
        ("range", "/range"),
        ("searches", "/searches"),
        ("solutions", "/solutions"),
        ("readings", "/readings"),
        ("set", "/set"),
        ("expert", "/expert"),
        ("with the record", "/record"),
        ("months", "/months"),
        ("only", "/only"),
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
    let read = |run: &Whole, column: usize| {
        let values = run.table.column(column);
        values.map_err(|error| output::failed(&run.path, "read", &error))
    };
    let weights = |run: &Whole| {
        let place = run.table.names().iter().position(|name| name == WEIGHT);
        place.map(|place| read(run, place)).transpose()
    };
    let (weights, weights_after) = (weights(before)?, weights(after)?);
    let mut lines = Vec::new();
    for (column, name) in names.iter().enumerate() {
        let Some(place) = places.get(name.as_str()) else {
            continue;
        };
        let (a, b) = (read(before, column)?, read(after, *place)?);
        lines.push(Line {
            name: name.clone(),
            unit: unit(before.result(), name),
            moved: moved(
                Numbers {
                    sampler: sampler(before),
                    values: &a,
                    weights: weights.as_deref().filter(|_| name != WEIGHT),
                },
                Numbers {
                    sampler: sampler(after),
                    values: &b,
                    weights: weights_after.as_deref().filter(|_| name != WEIGHT),
                },
                paired,
            ),
        });
    }
    let alone = [names.len() - lines.len(), others.len() - lines.len()];
    most_moved_first(&mut lines);
    Ok((lines, alone))
}

/// Those that moved by the most standard errors first, of equals those that moved most.
fn most_moved_first(lines: &mut [Line]) {
    lines.sort_by(|a, b| {
        let size = |line: &Line| line.moved.difference.value.abs();
        let errors = b.moved.errors().total_cmp(&a.moved.errors());
        errors.then(size(b).total_cmp(&size(a)))
    });
}

/// A quantity that both runs have, as data.
fn as_quantity(line: &Line) -> Value {
    json!({
        "name": line.name,
        "unit": line.unit,
        "before": mean(&line.moved.before),
        "after": mean(&line.moved.after),
        "difference": mean(&line.moved.difference),
        "errors": line.moved.errors(),
    })
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

/// A quantity that is shown, and others that are the same number in both runs.
struct Shown<'a> {
    line: &'a Line,
    same: Vec<&'a Line>,
}

/// The quantities that moved most, at most so many and few entries of each; all if there is no limit. What is the same number under several
/// names is shown once.
fn shown(lines: &[Line], most: usize) -> Vec<Shown<'_>> {
    let mut entries = std::collections::BTreeMap::new();
    let mut shown: Vec<Shown> = Vec::new();
    for line in lines.iter().filter(|line| line.moved.errors() > 0.0) {
        if let Some(known) = shown.iter_mut().find(|known| known.line.is_same(line)) {
            known.same.push(line);
            continue;
        }
        let of: &mut usize = entries.entry(quantity(&line.name)).or_default();
        if shown.len() < most && (most == usize::MAX || *of < ENTRIES) {
            *of += 1;
            shown.push(Shown {
                line,
                same: Vec::new(),
            });
        }
    }
    shown
}

impl Line {
    /// Do both runs give the same number under another name, but for rounding?
    fn is_same(&self, other: &Self) -> bool {
        /// Means that are nearer than this part of them are equal.
        const ROUNDING: f64 = 1e-9;
        let near = |a: f64, b: f64| (a - b).abs() <= ROUNDING * a.abs().max(b.abs());
        let numbers = |line: &Self| {
            let Moved {
                before,
                after,
                difference,
            } = &line.moved;
            [
                before.value,
                after.value,
                before.error,
                after.error,
                difference.error,
            ]
        };
        let mut pairs = numbers(self).into_iter().zip(numbers(other));
        self.unit == other.unit
            && self.moved.difference.n == other.moved.difference.n
            && pairs.all(|(a, b)| near(a, b))
    }
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

fn write_lines(said: &mut String, lines: &[Line], shown: &[Shown], paired: bool) {
    /// Fewer standard errors than these are noise.
    const NOISE: f64 = 2.0;
    let changed = lines
        .iter()
        .filter(|line| line.moved.errors() > 0.0)
        .count();
    let beyond = lines.iter().filter(|line| line.moved.errors() > NOISE);
    let _ = writeln!(
        said,
        "\nof {} columns of both runs, entries of quantities, {} moved by more than two standard errors, {changed} at all{}",
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
        .map(|shown| shown.line.name.chars().count())
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
    for Shown { line, same } in shown {
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
        let names: Vec<&str> = same.iter().map(|line| line.name.as_str()).collect();
        if !names.is_empty() {
            let _ = writeln!(said, "  the same number: {}", names.join(", "));
        }
    }
    let told: usize = shown.iter().map(|shown| 1 + shown.same.len()).sum();
    if changed > told {
        let _ = writeln!(said, "and {} more; --all shows them", changed - told);
    }
}

#[cfg(test)]
mod tests {
    use detente::{Numbers, Sampler, moved};

    use super::{Line, shown, write_lines};

    #[test]
    fn one_number_under_several_names_is_shown_once() {
        let line = |name: &str, after: [f64; 4]| {
            let before = [40.0, 41.0, 42.0, 43.5];
            Line {
                name: name.to_owned(),
                unit: "points".to_owned(),
                moved: moved(
                    Numbers::alike(Sampler::Pseudo, &before),
                    Numbers::alike(Sampler::Pseudo, &after),
                    true,
                ),
            }
        };
        let lines = [
            line("alternative.value[north]", [44.0, 46.0, 46.0, 47.0]),
            line("leverage.refusal[north]", [44.0, 46.0, 46.0, 47.0]),
            line("settlement.margin[north, plan]", [40.0, 42.0, 43.0, 43.0]),
            line(
                "leverage.refusal_without[cut, north]",
                [44.0, 46.0, 46.0, 47.0],
            ),
        ];
        let least = shown(&lines, 1);
        assert_eq!((least.len(), least[0].same.len()), (1, 2));
        let mut said = String::new();
        write_lines(&mut said, &lines, &shown(&lines, 12), true);
        assert!(said.contains("of 4 columns of both runs"), "{said}");
        assert_eq!(said.matches("alternative.value[north]").count(), 1);
        assert!(
            said.contains(
                "  the same number: leverage.refusal[north], leverage.refusal_without[cut, north]\n"
            ),
            "{said}"
        );
        assert!(said.contains("settlement.margin[north, plan]") && !said.contains("more; --all"));
    }
}
