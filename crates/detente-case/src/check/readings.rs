//! Readings: replacements by path.

use detente_diag::{Code, Diagnostic};

use super::builder::{Builder, plain};
use super::names::Names;
use super::parties::name_of;
use crate::{Domain, Draw, InputId, NumberField, Reading, ROOT, Replacement, Tree};
use crate::grammar::{Kind, TableSpec};

impl Builder<'_> {
    pub(super) fn build_readings(&mut self) -> Vec<Reading> {
        Names::of("reading", self.tree.get("reading"), self.diagnostics);
        let mut readings = Vec::new();
        for (key, tree) in self.tree.get("reading").map_or(&[][..], Tree::entries) {
            self.sources.resolve_all(tree.get("source"), self.diagnostics);
            let mut set: Vec<Replacement> = Vec::new();
            for (path, value) in tree.get("set").map_or(&[][..], Tree::entries) {
                let Some((input, field)) = self.target(&path.text) else {
                    let known: Vec<String> = self.inputs.iter().map(|input| input.path.clone()).collect();
                    self.fault(
                        Diagnostic::new(Code::UNKNOWN_PATH, format!("there is no number at `{}`", path.text))
                            .at(path.span, "leads nowhere")
                            .suggest(&path.text, known.iter().map(String::as_str)),
                    );
                    continue;
                };
                if let Some(stated) = self.stated(value, field) {
                    set.push(Replacement {
                        input,
                        distribution: stated.distribution,
                        text: stated.text,
                        status: stated.status,
                        sources: stated.sources,
                        why: stated.why,
                    });
                }
            }
            let switched = |id: InputId, on: bool| {
                let replaced = set.iter().rfind(|r| r.input == id);
                replaced.map_or(on, |r| r.distribution.exact() == Some(1.0))
            };
            self.check_clashes(&format!(" under the reading `{}`", key.text), switched);
            let idle = |r: &Replacement| self.inputs[r.input.0 as usize].draw == Draw::Own(r.distribution);
            if set.iter().all(idle) && !self.diagnostics.has_errors() {
                self.fault(
                    Diagnostic::new(Code::READING_IDLE, format!("reading `{}` changes nothing", key.text))
                        .at(key.span, "all its numbers are those of the case")
                        .help("give it a number that differs, or leave it out"),
                );
            }
            let text = |key: &str| tree.get(key).and_then(plain).unwrap_or_default();
            readings.push(Reading {
                id: key.text.clone(),
                name: name_of(tree, &key.text),
                by: text("by"),
                says: text("says"),
                set,
            });
        }
        readings
    }

    /// The input at a path and what its field is.
    fn target(&self, path: &str) -> Option<(InputId, NumberField)> {
        let id = *self.by_path.get(path)?;
        Some((id, field_at(path)?))
    }
}

/// What the option table says of the number at a path.
fn field_at(path: &str) -> Option<NumberField> {
    let mut table: &TableSpec = &ROOT;
    let mut rest = path;
    loop {
        let (key, after) = rest.split_once('.').unwrap_or((rest, ""));
        let field = table.fields.iter().find(|field| field.key == key)?;
        match field.kind {
            Kind::Number(number) | Kind::NumberMap(number) => return Some(number),
            Kind::Switch => return Some(NumberField { unit: "switch", domain: Domain::Switch, default: None }),
            Kind::Paths => return field_at(after),
            Kind::Table(spec) => (table, rest) = (spec, after),
            Kind::Map(spec) => (table, rest) = (spec, after.split_once('.')?.1),
            _ => return None,
        }
    }
}
