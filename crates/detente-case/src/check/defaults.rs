//! Defaults that answers depend on: they are given their ranges, and a warning names them.

use std::collections::HashSet;

use detente_diag::Diagnostics;
use detente_math::Distribution;

use super::builder::Builder;
use super::planned::entries;
use super::readings::field_at;
use crate::defaults::{Known, idle, in_use};
use crate::number::{self, Words};
use crate::{
    Case, Draw, Fallback, FallbackKind, Input, InputId, Kind, NumberField, ROOT, Status, TableSpec,
    Tree, TreeKind,
};

impl Builder<'_> {
    /// Marks every default that an answer depends on, and draws those that have a range. After all numbers of the model, before
    /// what speaks about numbers: observables, readings, claims.
    pub(super) fn assume_defaults(&mut self) {
        let set_elsewhere = self.set_elsewhere();
        let watched = self.watched();
        let (found, idle) = {
            let known = Known {
                watched: &watched,
                ..self.known(&set_elsewhere)
            };
            (in_use(&known), idle(&known))
        };
        for id in idle {
            self.inputs[id.0 as usize].status = Status::Idle;
        }
        for id in found {
            let input = &mut self.inputs[id.0 as usize];
            let Some(field) = field_at(&input.path) else {
                continue;
            };
            let Some(fallback) = field.default else {
                continue;
            };
            // What could not be read has been said, and a number that is not there is no default.
            let absent = matches!(&input.draw, Draw::Own(d) if d.exact().is_some_and(f64::is_nan));
            if fallback.kind == FallbackKind::Neutral || absent || self.unread.contains(&id) {
                continue;
            }
            input.status = Status::Default;
            input.text = fallback.text();
            input.draw = Draw::Own(distribution(field, fallback));
        }
    }

    /// What is known of the case so far.
    pub(super) fn known<'b>(&'b self, set_elsewhere: &'b HashSet<InputId>) -> Known<'b> {
        Known {
            setting: &self.setting,
            shape: &self.shape,
            inputs: &self.inputs,
            set_elsewhere,
            chose: self.chose(),
            watched: &[],
        }
    }

    /// The noise of every observable, and the path of what it tells of.
    fn watched(&self) -> Vec<(InputId, String)> {
        let observables = entries(self.tree.get("observable")).iter();
        let watched = observables.filter_map(|(key, tree)| {
            let noise = self
                .by_path
                .get(&format!("observable.{}.noise", key.text))?;
            Some((*noise, tree.get("about")?.text()?.to_owned()))
        });
        watched.collect()
    }

    /// Numbers that something in the case may set to something else, and those that could not be read.
    pub(super) fn set_elsewhere(&self) -> HashSet<InputId> {
        let whole = self.tree;
        let mut tables: Vec<Option<&Tree>> = Vec::new();
        for (table, key) in [
            ("reading", "set"),
            ("claim", "with"),
            ("anchor", "with"),
            ("anchor", "against"),
            ("lever", "sets"),
        ] {
            tables.extend(entries(whole.get(table)).iter().map(|(_, t)| t.get(key)));
        }
        for (_, issue) in entries(whole.get("issue")) {
            let options = entries(issue.get("option")).iter();
            tables.extend(options.map(|(_, option)| option.get("sets")));
        }
        let paths = tables.into_iter().flat_map(entries);
        let ids = paths.filter_map(|(path, _)| self.by_path.get(&path.text).copied());
        ids.chain(self.unread.iter().copied()).collect()
    }
}

/// What a default is drawn from where an answer depends on it.
fn distribution(field: NumberField, fallback: Fallback) -> Distribution {
    let FallbackKind::Assumed { over: Some(over) } = fallback.kind else {
        return Distribution::Exact(fallback.value);
    };
    let range = Tree {
        span: detente_diag::Span::new(detente_diag::FileId(0), 0, 0),
        kind: TreeKind::Text(over.to_owned()),
    };
    let mut faults = Diagnostics::default();
    let read = number::read(&range, field, &Words::default(), "", &mut faults);
    read.expect("the table's ranges are read by a test")
}

/// Defaults in use, how many and which, for a warning: those that are drawn first, numbers of one kind together. `None`: none is in use.
pub(super) fn in_words(case: &Case) -> Option<String> {
    /// Kinds that are named; the rest is counted.
    const NAMED: usize = 8;
    let mut kinds: Vec<(String, Vec<&Input>)> = Vec::new();
    let defaults = case.inputs.iter();
    let defaults: Vec<&Input> = defaults
        .filter(|input| input.status == Status::Default)
        .collect();
    let is_drawn = |input: &&&Input| matches!(&input.draw, Draw::Own(d) if d.exact().is_none());
    let exact = defaults.iter().filter(|input| !is_drawn(input));
    for input in defaults.iter().filter(is_drawn).chain(exact) {
        let kind = kind_of(&input.path);
        match kinds.iter_mut().find(|(known, _)| *known == kind) {
            Some((_, of_kind)) => of_kind.push(input),
            None => kinds.push((kind, vec![input])),
        }
    }
    let named = kinds.iter().take(NAMED).map(|(_, of_kind)| {
        let first = of_kind[0];
        let paths = match &of_kind[1..] {
            [] => first.path.clone(),
            [second] => format!("{} and {}", first.path, second.path),
            more => format!("{} and {} like it", first.path, more.len()),
        };
        format!("{paths} ({} {})", first.text, first.unit)
    });
    let mut named: Vec<String> = named.collect();
    let rest: usize = kinds
        .iter()
        .skip(NAMED)
        .map(|(_, of_kind)| of_kind.len())
        .sum();
    if rest > 0 {
        named.push(format!("and {rest} more"));
    }
    let (count, be) = match defaults.len() {
        0 => return None,
        1 => ("1 number".to_owned(), "is a default that answers depend on"),
        n => (
            format!("{n} numbers"),
            "are defaults that answers depend on",
        ),
    };
    Some(format!("{count} {be}: {}", named.join(", ")))
}

/// The path with the names that the analyst chose left open, so that numbers of one kind have one text.
fn kind_of(path: &str) -> String {
    let mut table: &TableSpec = &ROOT;
    let mut open: Vec<&str> = Vec::new();
    let mut keys = path.split('.');
    while let Some(key) = keys.next() {
        open.push(key);
        let field = table.fields.iter().find(|field| field.key == key);
        match field.map(|field| field.kind) {
            Some(Kind::Table(inner)) => table = inner,
            Some(Kind::Map(inner)) => {
                table = inner;
                open.extend(keys.next().map(|_| "NAME"));
            }
            _ => break,
        }
    }
    open.extend(keys);
    open.join(".")
}

#[cfg(test)]
mod tests {
    use super::{distribution, kind_of};
    use crate::{FallbackKind, Kind, ROOT, TableSpec};

    #[test]
    fn numbers_of_one_kind_have_one_text() {
        for (path, kind) in [
            ("party.north.burden", "party.NAME.burden"),
            (
                "party.north.gate.senate.scale",
                "party.NAME.gate.NAME.scale",
            ),
            ("durability.rebuild.A", "durability.rebuild.A"),
            ("lever.surge.cost", "lever.NAME.cost"),
        ] {
            assert_eq!(kind_of(path), kind);
        }
    }

    fn walk(table: &TableSpec, ranges: &mut usize) {
        for field in table.fields {
            match field.kind {
                Kind::Number(number) | Kind::NumberMap(number, _) => {
                    let Some(fallback) = number.default else {
                        continue;
                    };
                    let drawn = distribution(number, fallback);
                    let (low, high) = drawn.support();
                    assert!(
                        low <= fallback.value && fallback.value <= high,
                        "{}",
                        field.key
                    );
                    if let FallbackKind::Assumed { over: Some(_) } = fallback.kind {
                        assert!(drawn.exact().is_none(), "{}", field.key);
                        *ranges += 1;
                    }
                }
                Kind::Table(inner) | Kind::Map(inner) | Kind::Tables(inner) => walk(inner, ranges),
                _ => {}
            }
        }
    }

    /// Every default can be taken by its field, and lies in the range that takes its place.
    #[test]
    fn every_default_is_a_number_of_its_field() {
        let mut ranges = 0;
        walk(&ROOT, &mut ranges);
        // Of a party and of its types, of both sides, and what two keys have once.
        assert_eq!(ranges, 6);
    }
}
