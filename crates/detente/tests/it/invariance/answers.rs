//! All quantities of a case's one world by name, so that cases told in other words can be compared.

use std::collections::{BTreeMap, BTreeSet};

use detente::{Ignored, Overrides, Plan, Silence, columns, run};

use super::sheet::renamed;
use crate::small;

/// What a case answers. Quantities are called as claims call them, with sets of parties in the order of their ids.
#[derive(Clone, Debug, Default)]
pub(crate) struct Answers {
    pub(crate) numbers: BTreeMap<String, f64>,
    /// Which lenses had nothing or not everything to say, and why.
    pub(crate) silences: BTreeSet<String>,
    /// Parties, types, options and packages in the order in which they were read.
    pub(crate) order: Vec<String>,
}

/// The answers of a case text, whose ids are called by `names`.
pub(crate) fn answers(text: &str, names: &BTreeMap<String, String>) -> Answers {
    let checked = detente::check("sketch", text);
    let case = checked.case.unwrap_or_else(|| {
        let faults = checked.diagnostics.iter().map(|fault| &fault.message);
        panic!("{text}\n{:#?}", faults.collect::<Vec<_>>())
    });
    let plan = Plan::new(&case);
    let table = run(&plan, &Overrides::default(), small(1, 1), &Ignored);
    let row = table.rows().next().expect("one world");
    let mut answers = Answers::default();
    for (lens, silence) in table.silences.keys() {
        assert!(
            !matches!(silence, Silence::Defect(_)),
            "{silence:?}\n{text}"
        );
        answers
            .silences
            .insert(format!("{lens}: {}", silence.why()));
    }
    for column in columns(&plan.setting) {
        let (quantity, entries) = column.name.split_once('[').unwrap_or((&column.name, ""));
        let mut value = row[column.place];
        let entries = entries.trim_end_matches(']').split(", ");
        let told = entries.map(|entry| {
            let entry = renamed(entry, names);
            let mut set: Vec<&str> = entry.split('+').collect();
            let first = set[0];
            set.sort_unstable();
            if quantity == "settlement.adjusted_winner_share" && first != set[0] {
                // It is the first party's share.
                value = 1.0 - value;
            }
            set.join("+")
        });
        let told: Vec<String> = told.collect();
        answers
            .numbers
            .insert(format!("{quantity}[{}]", told.join(", ")), value);
    }
    let setting = &plan.setting;
    let ids = setting.parties.iter().map(|party| &party.id);
    let ids = ids.chain(setting.types.iter().map(|t| &t.id));
    let issues = setting.issues.iter();
    let ids = ids
        .chain(issues.flat_map(|i| std::iter::once(&i.id).chain(i.options.iter().map(|o| &o.id))));
    let ids = ids.chain(setting.packages.iter().map(|package| &package.id));
    let ids = ids.chain(setting.levers.iter().map(|lever| &lever.id));
    answers.order = ids.map(|id| renamed(id, names)).collect();
    answers
}

impl Answers {
    /// A quantity; NaN where it was not computed.
    pub(crate) fn get(&self, name: &str) -> f64 {
        *self
            .numbers
            .get(name)
            .unwrap_or_else(|| panic!("no quantity {name}"))
    }

    /// The entries and values of a quantity.
    pub(crate) fn of<'a>(&'a self, quantity: &str) -> impl Iterator<Item = (&'a str, f64)> {
        let head = format!("{quantity}[");
        self.numbers.iter().filter_map(move |(name, x)| {
            let entry = name.strip_prefix(&head)?.strip_suffix(']')?;
            Some((entry, *x))
        })
    }

    /// What the mirrored case must answer, with the line negative where it was positive and sides exchanged.
    pub(crate) fn mirrored(&self) -> Self {
        let mut mirrored = self.clone();
        mirrored.numbers.clear();
        for (name, value) in &self.numbers {
            let (quantity, entries) = name.split_once('[').expect("all have one");
            let value = if quantity == "alternative.line_mean" {
                -value
            } else {
                *value
            };
            let entries = match quantity {
                "alternative.ending" => entries
                    .replace("a_dec", "x_dec")
                    .replace("b_dec", "a_dec")
                    .replace("x_dec", "b_dec"),
                "alternative.supply" => entries
                    .replace('A', "x")
                    .replace('B', "A")
                    .replace('x', "B"),
                _ => entries.to_owned(),
            };
            mirrored
                .numbers
                .insert(format!("{quantity}[{entries}"), value);
        }
        mirrored
    }

    /// Where the other answers differ by more than the tolerance, a part of one plus the number.
    pub(crate) fn differences(&self, other: &Self, tolerance: f64) -> Vec<String> {
        let mut found = Vec::new();
        if self.silences != other.silences {
            found.push(format!("{:?} became {:?}", self.silences, other.silences));
        }
        let names: BTreeSet<&String> = self.numbers.keys().chain(other.numbers.keys()).collect();
        for name in names {
            let (was, is) = (self.numbers.get(name), other.numbers.get(name));
            if distance(was, is) > tolerance {
                found.push(format!("{name}: {was:?} became {is:?}"));
            }
        }
        found
    }

    /// The largest difference, as a part of one plus the number.
    pub(crate) fn largest_difference(&self, other: &Self) -> f64 {
        let both = self.numbers.iter();
        both.map(|(name, was)| distance(Some(was), other.numbers.get(name)))
            .fold(0.0, f64::max)
    }
}

fn distance(was: Option<&f64>, is: Option<&f64>) -> f64 {
    match (was, is) {
        (Some(was), Some(is)) if was.is_nan() && is.is_nan() => 0.0,
        (Some(was), Some(is)) if !was.is_nan() && !is.is_nan() => {
            (was - is).abs() / (1.0 + was.abs())
        }
        _ => f64::INFINITY,
    }
}
