//! Second pass: builds the case, resolving names and reading numbers. Faults are reported and something harmless is built in
//! their place, so that the pass reaches the end of every text.

use std::collections::HashMap;

use detente_core::{Numbers, Setting};
use detente_diag::{Code, Diagnostic, Diagnostics};
use detente_math::Distribution;

use super::names::Names;
use crate::grammar::STATUSES;
use crate::{
    Case, Domain, Draw, Input, InputId, NumberField, SourceEntry, Status, Tree, TreeKind, limits,
    number,
};

/// What the second pass carries.
pub(super) struct Builder<'a> {
    pub(super) tree: &'a Tree,
    pub(super) text: &'a str,
    pub(super) diagnostics: &'a mut Diagnostics,
    pub(super) parties: Names,
    pub(super) issues: Names,
    /// By issue.
    pub(super) options: Vec<Names>,
    pub(super) sources: Names,
    pub(super) setting: Setting,
    pub(super) shape: Numbers<InputId>,
    pub(super) inputs: Vec<Input>,
    pub(super) by_path: HashMap<String, InputId>,
}

/// A number with what is said about it.
pub(super) struct Stated {
    pub(super) distribution: Distribution,
    pub(super) text: String,
    pub(super) status: Status,
    pub(super) sources: Vec<usize>,
    pub(super) why: String,
}

impl<'a> Builder<'a> {
    pub(super) fn new(tree: &'a Tree, text: &'a str, diagnostics: &'a mut Diagnostics) -> Self {
        let parties = Names::of("party", tree.get("party"), diagnostics);
        let issues = Names::of("issue", tree.get("issue"), diagnostics);
        let sources = Names::of("source", tree.get("source"), diagnostics);
        let options = tree.get("issue").map_or(&[][..], Tree::entries);
        let options = options
            .iter()
            .map(|(issue, value)| {
                Names::of(
                    format!("option of `{}`", issue.text),
                    value.get("option"),
                    diagnostics,
                )
            })
            .collect();
        Self {
            tree,
            text,
            diagnostics,
            parties,
            issues,
            options,
            sources,
            setting: Setting::default(),
            shape: Numbers::default(),
            inputs: Vec::new(),
            by_path: HashMap::new(),
        }
    }

    pub(super) fn build(mut self) -> Case {
        self.setting.name = self.text_at(&["case", "name"]).unwrap_or_default();
        self.setting.as_of = self.date_at(&["case", "as_of"]).unwrap_or_default();
        self.setting.summary = self.text_at(&["case", "summary"]).unwrap_or_default();
        self.limit("parties", self.parties.list.len(), limits::PARTIES);
        self.limit("issues", self.issues.list.len(), limits::ISSUES);
        let sources = self.source_entries();
        self.build_issues();
        self.build_parties();
        self.build_constraints();
        // Positions belong to the line issue; the contest says which one it is.
        self.build_contest();
        self.build_red_lines();
        self.build_packages();
        self.build_levers();
        self.check_packages();
        let readings = self.build_readings();
        Case {
            setting: self.setting,
            inputs: self.inputs,
            shape: self.shape,
            readings,
            sources,
        }
    }

    fn source_entries(&mut self) -> Vec<SourceEntry> {
        let text = |tree: &Tree, key: &str| tree.get(key).and_then(plain).unwrap_or_default();
        let entries = self.tree.get("source").map_or(&[][..], Tree::entries);
        entries
            .iter()
            .map(|(key, tree)| SourceEntry {
                id: key.text.clone(),
                title: text(tree, "title"),
                author: text(tree, "author"),
                date: text(tree, "date"),
                url: text(tree, "url"),
                note: text(tree, "note"),
            })
            .collect()
    }

    /// The text at a path.
    pub(super) fn text_at(&self, path: &[&str]) -> Option<String> {
        self.tree.at(path).and_then(plain)
    }

    fn date_at(&self, path: &[&str]) -> Option<String> {
        self.tree.at(path).and_then(plain)
    }

    /// Reports a fault.
    pub(super) fn fault(&mut self, fault: Diagnostic) {
        self.diagnostics.push(fault);
    }

    /// Reports more than `most` of something.
    pub(super) fn limit(&mut self, what: &str, count: usize, most: usize) {
        if count > most {
            let at = self.tree.span;
            self.fault(
                Diagnostic::new(Code::TOO_LARGE, format!("the case has {count} {what}"))
                    .at(detente_diag::Span::new(at.file, 0, 0), "")
                    .help(format!("at most {most} can be handled")),
            );
        }
    }

    /// Reads a number in its short or long form. `None`: it was at fault.
    pub(super) fn stated(&mut self, tree: &Tree, field: NumberField) -> Option<Stated> {
        let (value, long) = match (&tree.kind, tree.get("value")) {
            (TreeKind::Table(_), Some(value)) => (value, Some(tree)),
            (TreeKind::Table(_), None) => return None,
            _ => (tree, None),
        };
        let distribution = number::read(value, field, self.diagnostics);
        let sources = self
            .sources
            .resolve_all(long.and_then(|l| l.get("source")), self.diagnostics);
        let distribution = distribution?;
        let said = long.and_then(|l| l.get("status")).and_then(Tree::text);
        let said = said.and_then(|word| STATUSES.iter().position(|s| *s == word));
        let status = match said {
            Some(0) => Status::Measured,
            Some(1) => Status::Quoted,
            Some(2) => Status::Judgement,
            Some(_) => Status::Placeholder,
            None if field.domain == Domain::Switch => Status::Switch,
            None if sources.is_empty() => Status::Placeholder,
            None => Status::Quoted,
        };
        let raw = self
            .text
            .get(value.span.start..value.span.end)
            .unwrap_or_default();
        Some(Stated {
            distribution,
            text: raw.trim_matches(['"', '\'']).to_owned(),
            status,
            sources,
            why: long
                .and_then(|l| l.get("why"))
                .and_then(plain)
                .unwrap_or_default(),
        })
    }

    /// Registers the number at `path`: as stated, or the field's default, or (for a type) its party's.
    pub(super) fn input(
        &mut self,
        path: String,
        tree: Option<&Tree>,
        field: NumberField,
        parent: Option<InputId>,
    ) -> InputId {
        let stated = tree.and_then(|tree| self.stated(tree, field));
        let span = tree.map(|tree| tree.span);
        let input = match (stated, parent) {
            (Some(stated), _) => Input {
                path,
                unit: field.unit,
                draw: Draw::Own(stated.distribution),
                text: stated.text,
                status: stated.status,
                sources: stated.sources,
                why: stated.why,
                span,
            },
            (None, parent) => Input {
                path,
                unit: field.unit,
                draw: parent.map_or(
                    Draw::Own(Distribution::Exact(field.default.unwrap_or(0.0))),
                    Draw::Inherited,
                ),
                text: String::new(),
                status: Status::Default,
                sources: Vec::new(),
                why: String::new(),
                span: None,
            },
        };
        let id = InputId::from_index(self.inputs.len());
        self.by_path.insert(input.path.clone(), id);
        self.inputs.push(input);
        id
    }

    /// The number under `key` of a table, at the table's path.
    pub(super) fn number(
        &mut self,
        path: &str,
        table: Option<&Tree>,
        key: &str,
        field: NumberField,
    ) -> InputId {
        self.input(
            format!("{path}.{key}"),
            table.and_then(|t| t.get(key)),
            field,
            None,
        )
    }
}

/// Text, date or year as text.
pub(super) fn plain(tree: &Tree) -> Option<String> {
    match &tree.kind {
        TreeKind::Text(text) | TreeKind::Date(text) => Some(text.clone()),
        TreeKind::Number(year) => Some(year.to_string()),
        _ => None,
    }
}
