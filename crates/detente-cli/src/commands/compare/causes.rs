//! Which differing number moves what: each put alone over the first run.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use detente::{
    Condition, Distribution, Draw, Effort, InputId, Keeps, Mean, Numbers, Overrides, Plan, Rules,
    RunOptions, Stream, columns, moved, run_worlds_on_record,
};

use super::why::{self, InForce};
use super::{Line, sampler};
use crate::failure::Failure;
use crate::memory;
use crate::progress::Bar;
use crate::run_folder::Whole;

/// Worlds of each single run, searches in them, and how many single runs are made.
const WORLDS: u64 = 512;
const SEARCHES: u64 = 64;
const MOST: usize = 24;
/// Causes printed of a quantity.
const SHOWN: usize = 3;

/// What the differing numbers do one at a time.
pub(super) struct Causes {
    /// By quantity: every number that moves it alone, and how far, greatest first.
    pub(super) of: Vec<(String, Vec<(String, Mean)>)>,
    /// Numbers that were not put alone: too many, or not drawn on their own in the second run.
    pub(super) left_out: usize,
    /// Differences that are no numbers, and so cannot be put over the first run.
    pub(super) structure: usize,
    pub(super) worlds: usize,
    pub(super) searches: usize,
}

/// Puts each differing number of the second run alone over the first run's, and sees what it does to some quantities.
pub(super) fn causes(
    before: &Whole,
    (first, second): &(InForce, InForce),
    structure: usize,
    lines: &[&Line],
) -> Result<Causes, Failure> {
    let changes = changes(first, second);
    let at_most = |field: &str, most: u64| {
        let run = before.result()[field].as_u64().unwrap_or(0);
        usize::try_from(run.min(most)).unwrap_or(0)
    };
    let options = RunOptions {
        stream: Stream {
            sampler: sampler(before),
            seed: before.result()["seed"].as_u64().unwrap_or(1),
        },
        worlds: at_most("worlds", WORLDS),
        searches: at_most("searches", SEARCHES),
        solutions: detente::solutions_of(at_most("searches", SEARCHES)),
        talks: detente::TALKS_PLAYED,
        talks_whole: detente::TALKS_WHOLE,
        threads: None,
        effort: Effort::Fixed,
        record: before.result()["record"] == true,
    };
    memory::refuse_too_many(&first.case, Keeps::Rows, 2 * options.worlds)?;
    let plan = Plan::new(&first.case);
    let overrides = detente::overrides_of(&first.case, &first.readings)
        .map_err(|bad| Failure::BadInput(bad.to_string()))?;
    let places: BTreeMap<String, usize> = columns(&first.case.setting)
        .into_iter()
        .map(|column| (column.name, column.place))
        .collect();
    let bar = Bar::new(options.worlds * (changes.alone.len() + 1));
    let run = |overrides: &Overrides| -> (Vec<Vec<f64>>, Option<Vec<f64>>) {
        let from = before.worlds().start;
        let worlds = from..from + options.worlds;
        let drawn = (&plan, overrides);
        let table = run_worlds_on_record(&first.case, drawn, options, worlds, &bar);
        // A column that this version does not know has no numbers.
        let of = |line: &&Line| {
            let place = places.get(&line.name);
            let number = |row: &[f64]| place.map_or(f64::NAN, |place| row[*place]);
            table.rows().map(|row| number(&row)).collect()
        };
        let weights = options.record.then(|| table.weights().collect());
        (lines.iter().map(of).collect(), weights)
    };
    let (base, weights) = run(&overrides);
    let mut of: Vec<(String, Vec<(String, Mean)>)> = lines
        .iter()
        .map(|line| (line.name.clone(), Vec::new()))
        .collect();
    let rules = Rules::of(&first.case);
    let mut impossible = 0;
    for (path, change) in changes.alone {
        let mut put = overrides.clone();
        put.replaced.push(change);
        // What no world can have alone, without what else differs.
        if !rules.stand(&Condition::of(&put)) {
            impossible += 1;
            continue;
        }
        let (changed, weights_after) = run(&put);
        for ((a, b), (_, causes)) in base.iter().zip(&changed).zip(&mut of) {
            let stream = options.stream.sampler;
            let numbers = |values, weights| Numbers {
                sampler: stream,
                values,
                weights,
            };
            let before = numbers(a, weights.as_deref());
            let moved = moved(before, numbers(b, weights_after.as_deref()), true);
            if moved.errors() > 0.0 {
                causes.push((path.clone(), moved.difference));
            }
        }
    }
    bar.finish();
    for (_, causes) in &mut of {
        causes.sort_by(|(_, a), (_, b)| b.value.abs().total_cmp(&a.value.abs()));
    }
    Ok(Causes {
        of,
        left_out: changes.left_out + impossible,
        structure,
        worlds: options.worlds,
        searches: options.searches,
    })
}

struct Changes {
    alone: Vec<(String, (InputId, Distribution))>,
    left_out: usize,
}

fn changes(first: &InForce, second: &InForce) -> Changes {
    let differing = why::differing(first, second);
    let all = differing.len();
    let change = |path: &str| {
        let place = first.case.inputs.iter().position(|i| i.path == path)?;
        let new = second.inputs.iter().find(|i| i.path == path)?;
        let Draw::Own(distribution) = &new.draw else {
            return None;
        };
        Some((InputId::from_index(place), distribution.clone()))
    };
    let alone: Vec<_> = differing
        .into_iter()
        .filter_map(|(path, _, _)| change(&path).map(|change| (path, change)))
        .take(MOST)
        .collect();
    Changes {
        left_out: all - alone.len(),
        alone,
    }
}

impl Causes {
    pub(super) fn write(&self, said: &mut String) {
        let _ = writeln!(
            said,
            "\neach differing number alone over the first run ({} worlds, searches in {}):",
            self.worlds, self.searches
        );
        for (quantity, causes) in &self.of {
            let shown: Vec<String> = causes
                .iter()
                .take(SHOWN)
                .map(|(path, by)| format!("{path} {:+.4} ± {:.4}", by.value, by.error))
                .collect();
            let shown = if shown.is_empty() {
                "no number alone moves it".to_owned()
            } else {
                shown.join("; ")
            };
            let _ = writeln!(said, "  {quantity}: {shown}");
        }
        if self.left_out > 0 {
            let _ = writeln!(said, "  numbers not tried alone: {}", self.left_out);
        }
        if self.structure > 0 {
            let _ = writeln!(
                said,
                "  differences besides numbers, which are not tried: {}",
                self.structure
            );
        }
    }
}
