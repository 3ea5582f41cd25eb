//! Parts of the model that stand in tables of their own, read by their specs: every number gets its path, every name is resolved.
//! What lenses use of them is made by `play.rs`.

use detente_diag::{Code, Diagnostic};

use super::builder::Builder;
use super::names::Names;
use crate::grammar::{
    BEHAVIOUR, BELIEVES, DURABILITY, Kind, MESSENGER, OBSERVABLE, OPTION, REFUSAL, Refer, TURNOVER,
    TableSpec,
};
use crate::{Input, Key, NumberField, Tree};

/// Keys of options besides those of packages.
const OF_OPTIONS: [&str; 6] = [
    "lasts",
    "guarantee",
    "verification",
    "separation",
    "crack",
    "sets",
];

impl Builder<'_> {
    /// Reads every part that awaits its lens.
    pub(super) fn build_planned(&mut self) {
        let whole = self.tree;
        for (key, option_table) in entries(whole.get("issue")) {
            for (id, option) in entries(option_table.get("option")) {
                let path = format!("issue.{}.option.{}", key.text, id.text);
                self.keys(option, &OPTION, &OF_OPTIONS, &path);
            }
        }
        for (party, tree) in entries(whole.get("party")) {
            let path = format!("party.{}", party.text);
            self.of_type(tree, &path);
            for (kind, tree) in entries(tree.get("type")) {
                self.of_type(tree, &format!("{path}.type.{}", kind.text));
            }
            Names::of(
                format!("gate of `{}`", party.text),
                tree.get("gate"),
                self.diagnostics,
            );
            for (id, gate) in entries(tree.get("gate")) {
                self.build_gate(party, id, gate);
            }
            if let Some(refusal) = tree.get("refusal") {
                self.planned(refusal, &REFUSAL, &format!("{path}.refusal"));
            }
        }
        self.part("durability", &DURABILITY);
        self.part("behaviour", &BEHAVIOUR);
        self.parts("turnover", &TURNOVER);
        self.parts("observable", &OBSERVABLE);
        self.parts("messenger", &MESSENGER);
        for (key, tree) in entries(whole.get("messenger")) {
            let [by, to] = ["by", "to"].map(|k| tree.get(k).and_then(Tree::text));
            if by.is_some() && by == to {
                let fault = Diagnostic::new(
                    Code::TOO_FEW,
                    format!("messenger `{}` reports to itself", key.text),
                );
                self.fault(
                    fault
                        .at(key.span, "by and to are the same")
                        .help("name two parties"),
                );
            }
        }
        Names::of("observable", whole.get("observable"), self.diagnostics);
        Names::of("messenger", whole.get("messenger"), self.diagnostics);
        self.build_play();
        self.build_talks();
    }

    fn of_type(&mut self, tree: &Tree, path: &str) {
        if let Some(believes) = tree.get("believes") {
            let path = format!("{path}.believes");
            self.keys(believes, &BELIEVES, &["about"], &path);
        }
    }

    /// Reads some keys of a table whose others are used already.
    pub(super) fn keys(&mut self, tree: &Tree, spec: &TableSpec, keys: &[&str], path: &str) {
        for key in keys {
            let field = spec.fields.iter().find(|field| field.key == *key);
            let (Some(value), Some(field)) = (tree.get(key), field) else {
                continue;
            };
            let path = format!("{path}.{key}");
            self.value(tree, value, &field.kind, &path);
        }
    }

    /// A top-level table.
    fn part(&mut self, key: &str, spec: &TableSpec) {
        if let Some(tree) = self.tree.get(key) {
            self.planned(tree, spec, key);
        }
    }

    /// A top-level table of tables.
    fn parts(&mut self, key: &str, spec: &TableSpec) {
        for (id, tree) in entries(self.tree.get(key)) {
            self.planned(tree, spec, &format!("{key}.{}", id.text));
        }
    }

    /// Reads a table by its spec: numbers get their paths, names are resolved.
    pub(super) fn planned(&mut self, tree: &Tree, spec: &TableSpec, path: &str) {
        for field in spec.fields {
            let path = format!("{path}.{}", field.key);
            match (tree.get(field.key), &field.kind) {
                (Some(value), kind) => self.value(tree, value, kind, &path),
                (None, Kind::Number(number)) if number.default.is_some() => {
                    self.drawn_number(path, None, *number);
                }
                (None, _) => {}
            }
        }
    }

    fn value(&mut self, owner: &Tree, value: &Tree, kind: &Kind, path: &str) {
        match kind {
            Kind::Number(field) => self.drawn_number(path.to_owned(), Some(value), *field),
            Kind::NumberMap(field, refer) => {
                for (key, number) in value.entries() {
                    self.refer_key(*refer, owner, key);
                    let path = format!("{path}.{}", key.text);
                    self.drawn_number(path, Some(number), *field);
                }
            }
            Kind::Table(spec) => self.planned(value, spec, path),
            Kind::Map(spec) => {
                for (key, table) in value.entries() {
                    self.planned(table, spec, &format!("{path}.{}", key.text));
                }
            }
            Kind::Tables(spec) => {
                for (i, table) in value.items().iter().enumerate() {
                    self.planned(table, spec, &format!("{path}.{i}"));
                }
            }
            Kind::Name(refer) => self.refer(*refer, owner, value),
            Kind::Names(refer) => {
                for name in value.items() {
                    self.refer(*refer, owner, name);
                }
            }
            Kind::Pattern => {
                self.pattern(value);
            }
            Kind::Choice => {
                self.choice(Some(value));
            }
            Kind::Path => {
                self.path_of(value);
            }
            Kind::Paths => {
                for (target, number) in value.entries() {
                    self.set_by(target, number, path);
                }
            }
            _ => {}
        }
    }

    /// A number set by a lever or an option: of the field of the number it replaces.
    pub(super) fn set_by(&mut self, target: &Key, value: &Tree, path: &str) {
        if self.is_unquoted(target, value) {
            return;
        }
        let of_war = ["contest.", "party."];
        let field = self
            .field_of(&target.text)
            .filter(|_| of_war.iter().any(|start| target.text.starts_with(start)));
        if let Some(field) = field {
            let path = format!("{path}.{}", target.text);
            return self.drawn_number(path, Some(value), field);
        }
        let fault = Diagnostic::new(
            Code::UNKNOWN_PATH,
            format!("there is no number `{}` that this could set", target.text),
        );
        let help = self.nearest_path(&target.text);
        self.fault(fault.at(target.span, "leads nowhere").help(help));
    }

    fn drawn_number(&mut self, path: String, tree: Option<&Tree>, field: NumberField) {
        match tree {
            Some(_) => self.input(path, tree, field, None),
            None => self.register(Input::unstated(path, field, None)),
        };
    }

    /// Resolves a name where a text gives it.
    fn refer(&mut self, refer: Refer, owner: &Tree, name: &Tree) {
        if let Some(text) = name.text() {
            let key = Key {
                text: text.to_owned(),
                span: name.span,
            };
            self.refer_key(refer, owner, &key);
        }
    }

    /// Resolves a name where a key gives it.
    pub(super) fn refer_key(&mut self, refer: Refer, owner: &Tree, key: &Key) {
        let names = match refer {
            Refer::Own => return,
            Refer::Source => &self.sources,
            Refer::Party => &self.parties,
            Refer::Issue => &self.issues,
            Refer::Package => &self.packages,
            Refer::Lever => &self.levers,
            Refer::Observable => &self.observables,
            Refer::Reading => &self.readings,
            Refer::Claim => &self.claims,
            Refer::TypeOfItsParty => {
                let party = owner.get("by").or(owner.get("party")).and_then(Tree::text);
                match party.and_then(|party| self.parties.find(party)) {
                    Some(party) => &self.types[party],
                    // That the party is missing or unknown is said where it stands.
                    None => return,
                }
            }
            Refer::AnyType => return self.refer_pair(key, "PARTY.TYPE"),
            Refer::Option => return self.refer_pair(key, "ISSUE.OPTION"),
        };
        names.resolve_key(key, self.diagnostics);
    }

    /// `PARTY.TYPE` or `ISSUE.OPTION`.
    fn refer_pair(&mut self, key: &Key, shape: &str) {
        let Some((owner, own)) = key.text.split_once('.') else {
            let fault = Diagnostic::new(
                Code::UNKNOWN_NAME,
                format!("`{}` is not of the form {shape}", key.text),
            );
            self.fault(
                fault
                    .at(key.span, "here")
                    .help(format!("write \"{shape}\" with a dot, in quotes")),
            );
            return;
        };
        let part = |text: &str| Key {
            text: text.to_owned(),
            span: key.span,
        };
        let (owners, within) = if shape.starts_with("PARTY") {
            (&self.parties, &self.types)
        } else {
            (&self.issues, &self.options)
        };
        if let Some(found) = owners.resolve_key(&part(owner), self.diagnostics) {
            within[found].resolve_key(&part(own), self.diagnostics);
        }
    }

    /// The number whose path a text gives.
    pub(super) fn path_of(&mut self, tree: &Tree) -> Option<crate::InputId> {
        let path = tree.text()?;
        let found = self.by_path.get(path).copied();
        if found.is_none() {
            let fault = Diagnostic::new(
                Code::UNKNOWN_PATH,
                format!("there is no number at `{path}`"),
            );
            let help = self.nearest_path(path);
            self.fault(fault.at(tree.span, "leads nowhere").help(help));
        }
        found
    }
}

pub(super) fn entries(tree: Option<&Tree>) -> &[(Key, Tree)] {
    tree.map_or(&[][..], Tree::entries)
}
