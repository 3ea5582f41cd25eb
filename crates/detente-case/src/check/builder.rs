//! Second pass: builds the case, resolving names and reading numbers. Faults are reported and something harmless is built in
//! their place, so that the pass reaches the end of every text.

use std::collections::HashMap;

use detente_core::{Numbers, Setting};
use detente_diag::{Code, Diagnostic, Diagnostics};
use detente_math::Distribution;

use super::names::Names;
use crate::grammar::{STATUSES, numbers as n};
use crate::number::Words;
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
    words: Words,
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
            words: Words::default(),
        }
    }

    pub(super) fn build(mut self) -> Case {
        self.setting.name = self.text_at(&["case", "name"]).unwrap_or_default();
        self.setting.as_of = self.date_at(&["case", "as_of"]).unwrap_or_default();
        self.setting.summary = self.text_at(&["case", "summary"]).unwrap_or_default();
        self.limit("parties", self.parties.list.len(), limits::PARTIES);
        self.limit("issues", self.issues.list.len(), limits::ISSUES);
        self.words = self.scale_of_words();
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
        let (value, long) = match (&tree.kind, tree.get("value").or(tree.get("experts"))) {
            (TreeKind::Table(_), Some(value)) => (value, Some(tree)),
            (TreeKind::Table(_), None) => return None,
            _ => (tree, None),
        };
        let distribution = self.distribution(value, long, field);
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

    /// The number itself: what is written, or what experts say, and how it may be quite wrong.
    fn distribution(
        &mut self,
        value: &Tree,
        long: Option<&Tree>,
        field: NumberField,
    ) -> Option<Distribution> {
        let stated = match &value.kind {
            TreeKind::Array(experts) => self.experts(experts, field),
            _ => number::read(value, field, &self.words, self.diagnostics),
        };
        let Some(surprise) = long.and_then(|long| long.get("surprise")) else {
            return stated;
        };
        let wide = self.surprise(surprise, field);
        let (stated, (chance, wide)) = (stated?, wide?);
        Some(Distribution::mixture(vec![
            (1.0 - chance, stated),
            (chance, wide),
        ]))
    }

    /// Several experts, each with a number and perhaps a weight: one of them is right, never their average.
    fn experts(&mut self, experts: &[Tree], field: NumberField) -> Option<Distribution> {
        let mut parts = Vec::new();
        for expert in experts {
            let value = expert.get("value")?;
            let said = number::read(value, field, &self.words, self.diagnostics);
            let weight = match expert.get("weight") {
                Some(weight) => {
                    number::read(weight, n::EXPERT_WEIGHT, &self.words, self.diagnostics)?
                        .exact()?
                }
                None => 1.0,
            };
            parts.push((weight, said));
        }
        let parts: Option<Vec<(f64, Distribution)>> = parts
            .into_iter()
            .map(|(weight, said)| Some((weight, said?)))
            .collect();
        parts
            .filter(|parts| !parts.is_empty())
            .map(Distribution::mixture)
    }

    /// `"10%: 5% to 95%"`: the chance of being quite wrong, and where the number then lies.
    fn surprise(&mut self, tree: &Tree, field: NumberField) -> Option<(f64, Distribution)> {
        let text = tree.text()?;
        let parts = text.split_once(':');
        let chance = parts.and_then(|(chance, _)| {
            let percent = chance
                .trim()
                .strip_suffix('%')?
                .trim()
                .parse::<f64>()
                .ok()?;
            Some(percent / 100.0).filter(|share| (0.001..1.0).contains(share))
        });
        let Some((chance, (_, range))) = chance.zip(parts) else {
            let fault = Diagnostic::new(Code::BAD_NUMBER, format!("`{text}` is not a surprise"));
            self.fault(fault.at(tree.span, "here").help(
                "write the chance of being quite wrong, a colon, and where the number then lies: \"10%: 5% to 95%\"",
            ));
            return None;
        };
        let range = Tree {
            span: tree.span,
            kind: TreeKind::Text(range.trim().to_owned()),
        };
        let wide = number::read(&range, field, &self.words, self.diagnostics)?;
        Some((chance, wide))
    }

    /// The case's scale of words for probabilities: its own, or the default.
    fn scale_of_words(&mut self) -> Words {
        let Some(table) = self.tree.get("words") else {
            return Words::default();
        };
        let mut words = Words(Vec::new());
        for (word, range) in table.entries() {
            let read = number::read(range, n::WORD, &Words(Vec::new()), self.diagnostics);
            if let Some(range) = read {
                let ends = (range.quantile(0.05), range.quantile(0.95));
                words.0.push((word.text.clone(), ends.0, ends.1));
            }
        }
        words
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
