//! Makes a case that fails as small as it can be while it fails in the same way.

use std::cell::Cell;
use std::collections::BTreeSet;

use crate::invariance::sheet::{Sheet, Value};

/// Smaller cases that are tried at most.
const MOST: usize = 2_000;

/// The smallest case that still fails: parts are left out, largest first, then ranges become points and digits are dropped.
pub(super) fn shrunk(sheet: &Sheet, fails: impl Fn(&Sheet) -> bool) -> Sheet {
    let tries = Cell::new(0);
    let fails = |sheet: &Sheet| {
        tries.set(tries.get() + 1);
        tries.get() <= MOST && fails(sheet)
    };
    let mut least = sheet.clone();
    loop {
        let before = least.clone();
        for part in parts(&least) {
            for mentions in [true, false] {
                let smaller = without(&least, &part, mentions);
                if smaller.lines.len() < least.lines.len() && fails(&smaller) {
                    least = smaller;
                    break;
                }
            }
        }
        for place in 0..least.lines.len() {
            for simpler in simpler(&least.lines[place].value) {
                let mut smaller = least.clone();
                smaller.lines[place].value = simpler;
                if fails(&smaller) {
                    least = smaller;
                    break;
                }
            }
        }
        if least == before {
            return least;
        }
    }
}

/// Every key with all that stands below it, largest part first.
fn parts(sheet: &Sheet) -> Vec<String> {
    let mut parts: BTreeSet<String> = BTreeSet::new();
    for line in &sheet.lines {
        let keys: Vec<&str> = line.path.split('/').collect();
        parts.extend((1..=keys.len()).map(|n| keys[..n].join("/")));
    }
    let mut parts: Vec<String> = parts.into_iter().collect();
    let size = |part: &String| {
        sheet
            .lines
            .iter()
            .filter(|l| is_under(&l.path, part))
            .count()
    };
    parts.sort_by_cached_key(|part| std::cmp::Reverse(size(part)));
    parts
}

fn is_under(path: &str, part: &str) -> bool {
    path.strip_prefix(part)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The case without a part, and without whatever calls it by its name.
fn without(sheet: &Sheet, part: &str, mentions: bool) -> Sheet {
    let name = part.rsplit('/').next().unwrap_or(part);
    let mut smaller = sheet.clone();
    smaller.lines.retain(|line| {
        let words = line.path.split(['/', '.']);
        let called = mentions && words.into_iter().any(|word| word == name);
        let said = match &line.value {
            Value::Text(said) => mentions && said.split(['(', ')']).any(|word| word == name),
            Value::List(list) => mentions && list.iter().any(|word| word == name),
            _ => false,
        };
        !is_under(&line.path, part) && !called && !said
    });
    smaller
}

/// Values that are easier to read.
fn simpler(value: &Value) -> Vec<Value> {
    match value {
        Value::Text(range) => {
            let ends = range.split_once(" to ");
            let ends = ends.and_then(|(a, b)| Some((a.parse::<f64>().ok()?, b.parse().ok()?)));
            ends.map_or(Vec::new(), |(a, b)| {
                vec![Value::Number(f64::midpoint(a, b))]
            })
        }
        Value::Number(x) => [1.0, 10.0, 100.0]
            .map(|steps| (x * steps).round() / steps)
            .into_iter()
            .filter(|round| round != x)
            .map(Value::Number)
            .collect(),
        _ => Vec::new(),
    }
}
