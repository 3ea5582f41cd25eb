//! Readings: replacements by path.

use std::collections::HashSet;

use detente_diag::{Code, Diagnostic, nearest};

use super::builder::{Builder, plain};
use super::parties::name_of;
use super::walk::unquoted;
use crate::grammar::{Kind, TableSpec};
use crate::{Domain, Draw, InputId, Key, NumberField, ROOT, Reading, Replacement, Tree, limits};

impl Builder<'_> {
    pub(super) fn build_readings(&mut self) -> Vec<Reading> {
        let entries = self.tree.get("reading").map_or(&[][..], Tree::entries);
        let mut own: Vec<Vec<Replacement>> = Vec::new();
        let mut includes: Vec<Vec<usize>> = Vec::new();
        for (key, tree) in entries {
            self.sources
                .resolve_all(tree.get("source"), self.diagnostics);
            own.push(self.replacements(tree));
            let included = tree.get("includes");
            includes.push(self.readings.resolve_all(included, self.diagnostics));
            if tree.get("set").is_none() && included.is_none() {
                let fault = Diagnostic::new(
                    Code::MISSING_KEY,
                    format!("`set` is missing in [reading.{}]", key.text),
                );
                self.fault(fault.at(key.span, "this reading").help(
                    "set: numbers and switches by path; or includes: readings that it puts together",
                ));
            }
        }
        let (mut readings, mut composed) = (Vec::new(), 0);
        let mut whole_readings = Vec::new();
        for (r, (key, tree)) in entries.iter().enumerate() {
            let (set, whole) = compose(r, &own, &includes);
            composed += set.len();
            if composed > limits::COMPOSED {
                let what = "numbers in readings, those of included ones counted again";
                self.limit(what, composed, limits::COMPOSED);
                break;
            }
            if !whole {
                let fault = Diagnostic::new(
                    Code::READING_CIRCLE,
                    format!("reading `{}` includes itself", key.text),
                );
                let at = tree.get("includes").map_or(key.span, |t| t.span);
                self.fault(
                    fault
                        .at(at, "leads back to it")
                        .help("leave one of the readings of the circle out"),
                );
            }
            // One that says nothing at all, or whose own entries could not all be read, is at fault already.
            let [sets, builds_on] = ["set", "includes"].map(|k| tree.get(k));
            let read = whole
                && (sets.is_some() || builds_on.is_some())
                && sets.is_none_or(|t| t.is_table() && t.entries().len() == own[r].len())
                && builds_on.is_none_or(|t| t.items().len() == includes[r].len());
            self.check_idle(key, &set, read);
            whole_readings.push(read);
            let text = |key: &str| tree.get(key).and_then(plain).unwrap_or_default();
            readings.push(Reading {
                id: key.text.clone(),
                name: name_of(tree, &key.text),
                by: text("by"),
                says: text("says"),
                includes: includes[r]
                    .iter()
                    .map(|other| self.readings.list[*other].clone())
                    .collect(),
                set,
            });
        }
        let whole = entries.iter().zip(&readings).zip(&whole_readings);
        let whole: Vec<(&Key, &Reading)> = whole
            .filter(|(_, read)| **read)
            .map(|(((key, _), reading), _)| (key, reading))
            .collect();
        self.check_readings(&whole);
        readings
    }

    /// What a reading sets itself.
    fn replacements(&mut self, tree: &Tree) -> Vec<Replacement> {
        let mut set: Vec<Replacement> = Vec::new();
        for (path, value) in tree.get("set").map_or(&[][..], Tree::entries) {
            if self.is_unquoted(path, value) {
                continue;
            }
            if let Some((input, field)) = self.target(&path.text) {
                set.extend(self.replacement(input, field, value));
                continue;
            }
            let fault = Diagnostic::new(
                Code::UNKNOWN_PATH,
                format!("there is no number at `{}`", path.text),
            )
            .at(path.span, "leads nowhere")
            .help(self.nearest_path(&path.text));
            self.fault(fault);
        }
        set
    }

    /// Does a reading change anything? `read`: could all that it sets be read?
    fn check_idle(&mut self, key: &Key, set: &[Replacement], read: bool) {
        let idle = |r: &Replacement| {
            !self.unread.contains(&r.input)
                && self.inputs[r.input.0 as usize].draw == Draw::Own(r.distribution.clone())
        };
        if read && set.iter().all(idle) {
            self.fault(
                Diagnostic::new(
                    Code::READING_IDLE,
                    format!("reading `{}` changes nothing", key.text),
                )
                .at(key.span, "all its numbers are those of the case")
                .help("give it a number that differs, or leave it out"),
            );
        }
    }

    /// Is it a path without its quotes? Then that is reported.
    pub(super) fn is_unquoted(&mut self, key: &Key, value: &Tree) -> bool {
        let Some(meant) = unquoted(&key.text, value) else {
            return false;
        };
        self.fault(
            Diagnostic::new(Code::UNKNOWN_PATH, "a path must stand in quotes")
                .at(key.span, "without quotes its dots make tables")
                .help(format!("write \"{meant}\" = …")),
        );
        true
    }

    /// What to say of a path that leads nowhere: the nearest that leads to a number, or where it goes astray.
    pub(super) fn nearest_path(&self, typed: &str) -> String {
        let known = || {
            self.inputs
                .iter()
                .map(|input| input.path.as_str())
                .filter(|path| field_at(path).is_some())
        };
        if let Some(near) = nearest(typed, known()) {
            return format!("did you mean `{near}`?");
        }
        let ends = typed.match_indices('.').map(|(i, _)| i).rev();
        for end in ends {
            let mut next: Vec<&str> = known()
                .filter_map(|path| {
                    path.strip_prefix(&typed[..end])?
                        .strip_prefix('.')?
                        .split('.')
                        .next()
                })
                .collect();
            next.sort_unstable();
            next.dedup();
            if !next.is_empty() {
                return format!("below `{}` there are: {}", &typed[..end], next.join(", "));
            }
        }
        "a path begins with party, issue, contest or lever, such as `party.NAME.burden`".to_owned()
    }

    /// The input at a path and what its field is.
    pub(super) fn target(&self, path: &str) -> Option<(InputId, NumberField)> {
        let id = *self.by_path.get(path)?;
        Some((id, self.field_of(path)?))
    }

    /// What is known of the number at a path: from the option table, or for a fact from where it is used.
    pub(super) fn field_of(&self, path: &str) -> Option<NumberField> {
        self.by_path.get(path)?;
        match path.strip_prefix("fact.") {
            Some(fact) => self.facts.get(fact).map(|(_, field)| *field),
            None => field_at(path),
        }
    }
}

/// Puts together what a reading sets: first what it includes, in order, then its own. However many ways lead to an included reading, it is
/// put over the case once, where it first comes; and of a number that is set several times the last is kept. `false`: it leads back to itself.
fn compose(
    reading: usize,
    own: &[Vec<Replacement>],
    includes: &[Vec<usize>],
) -> (Vec<Replacement>, bool) {
    let mut order = Vec::new();
    let mut seen = vec![false; own.len()];
    let mut sound = true;
    // Readings on the way, each with how many of those that it includes have been gone to.
    let mut way = vec![(reading, 0)];
    seen[reading] = true;
    while let Some((at, gone_to)) = way.last_mut() {
        let Some(next) = includes[*at].get(*gone_to).copied() else {
            order.push(*at);
            way.pop();
            continue;
        };
        *gone_to += 1;
        if !seen[next] {
            seen[next] = true;
            way.push((next, 0));
        } else if way.iter().any(|(above, _)| *above == next) {
            sound = false;
        }
    }
    let mut known = HashSet::new();
    let all = order.iter().flat_map(|r| &own[*r]).rev();
    let mut set: Vec<Replacement> = all
        .filter(|replacement| known.insert(replacement.input))
        .cloned()
        .collect();
    set.reverse();
    (set, sound)
}

/// What the option table says of the number at a path.
pub(super) fn field_at(path: &str) -> Option<NumberField> {
    let mut table: &TableSpec = &ROOT;
    let mut rest = path;
    loop {
        let (key, after) = rest.split_once('.').unwrap_or((rest, ""));
        let field = table.fields.iter().find(|field| field.key == key)?;
        match field.kind {
            Kind::Number(number) | Kind::NumberMap(number, _) => return Some(number),
            Kind::Switch => {
                return Some(NumberField {
                    unit: "switch",
                    domain: Domain::Switch,
                    default: None,
                });
            }
            Kind::Paths => return field_at(after),
            Kind::Table(spec) => (table, rest) = (spec, after),
            Kind::Map(spec) => (table, rest) = (spec, after.split_once('.')?.1),
            _ => return None,
        }
    }
}
