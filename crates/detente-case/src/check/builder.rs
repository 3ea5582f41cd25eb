//! Second pass: builds the case, resolving names and reading numbers. Faults are reported and something harmless is built in
//! their place, so that the pass reaches the end of every text.

use std::collections::{HashMap, HashSet};

use detente_core::{LensSpec, Numbers, Setting};
use detente_diag::{Code, Diagnostic, Diagnostics, Sources};
use detente_math::Distribution;

use super::names::Names;
use crate::grammar::{STATUSES, numbers as n};
use crate::number::{self, Words};
use crate::{
    Case, Domain, Draw, Expert, Input, InputId, NumberField, Published, Said, SourceEntry, Status,
    Together, Tree, TreeKind,
};

/// What the second pass carries.
pub(super) struct Builder<'a> {
    pub(super) tree: &'a Tree,
    texts: &'a Sources,
    pub(super) catalogue: &'a [&'static LensSpec],
    pub(super) diagnostics: &'a mut Diagnostics,
    pub(super) parties: Names,
    /// By party.
    pub(super) types: Vec<Names>,
    pub(super) issues: Names,
    /// By issue.
    pub(super) options: Vec<Names>,
    pub(super) sources: Names,
    pub(super) packages: Names,
    pub(super) levers: Names,
    pub(super) observables: Names,
    pub(super) readings: Names,
    pub(super) claims: Names,
    pub(super) setting: Setting,
    pub(super) shape: Numbers<InputId>,
    pub(super) inputs: Vec<Input>,
    pub(super) by_path: HashMap<String, InputId>,
    /// Numbers that were stated and could not be read; checks that compare numbers leave them out.
    pub(super) unread: HashSet<InputId>,
    /// Numbers and names in the statements read so far.
    pub(super) claimed_terms: usize,
    /// Facts that some number has taken, with the field that gave them their meaning.
    pub(super) facts: HashMap<String, (InputId, NumberField)>,
    /// By lever: could its trigger, its wielder, and what it does be read?
    pub(super) sound_levers: Vec<bool>,
    /// Can the rates of the process be set against one another?
    pub(super) paced: bool,
    pub(super) together: Vec<Together>,
    pub(super) published: Vec<Published>,
    words: Words,
    /// The contest's unit, which may stand behind positions.
    unit: String,
}

/// A number with what is said about it.
pub(super) struct Stated {
    pub(super) distribution: Distribution,
    pub(super) text: String,
    pub(super) status: Status,
    pub(super) sources: Vec<usize>,
    pub(super) said: Said,
    pub(super) experts: Vec<Expert>,
}

impl<'a> Builder<'a> {
    pub(super) fn new(
        tree: &'a Tree,
        texts: &'a Sources,
        catalogue: &'a [&'static LensSpec],
        diagnostics: &'a mut Diagnostics,
    ) -> Self {
        let mut names = |what: &str| Names::of(what, tree.get(what), diagnostics);
        let (parties, issues, sources) = (names("party"), names("issue"), names("source"));
        let (packages, levers, observables) =
            (names("package"), names("lever"), names("observable"));
        let (readings, claims) = (names("reading"), names("claim"));
        names("fact");
        let mut within = |table: &str, inner: &str, what: &str| -> Vec<Names> {
            let owners = tree.get(table).map_or(&[][..], Tree::entries).iter();
            owners
                .map(|(owner, value)| {
                    let what = format!("{what} of `{}`", owner.text);
                    Names::of(what, value.get(inner), diagnostics)
                })
                .collect()
        };
        let options = within("issue", "option", "option");
        let mut types = within("party", "type", "type");
        // A party without types has one, of its own name.
        for (own, party) in types.iter_mut().zip(&parties.list) {
            if own.list.is_empty() {
                own.list.push(party.clone());
            }
        }
        Self {
            tree,
            texts,
            catalogue,
            diagnostics,
            parties,
            types,
            issues,
            options,
            sources,
            packages,
            levers,
            observables,
            readings,
            claims,
            setting: Setting::default(),
            shape: Numbers::default(),
            inputs: Vec::new(),
            by_path: HashMap::new(),
            unread: HashSet::new(),
            claimed_terms: 0,
            facts: HashMap::new(),
            sound_levers: Vec::new(),
            paced: false,
            together: Vec::new(),
            published: Vec::new(),
            words: Words::default(),
            unit: tree
                .at(&["contest", "unit"])
                .and_then(plain)
                .unwrap_or_default(),
        }
    }

    pub(super) fn build(mut self) -> Case {
        self.setting.name = self.text_at(&["case", "name"]).unwrap_or_default();
        self.setting.as_of = self.date_at(&["case", "as_of"]).unwrap_or_default();
        self.setting.summary = self.text_at(&["case", "summary"]).unwrap_or_default();
        let caveats = self.tree.at(&["case", "caveats"]);
        let caveats = caveats.map_or(&[][..], Tree::items).iter();
        self.setting.caveats = caveats.filter_map(plain).collect();
        self.words = self.scale_of_words();
        let sources = self.source_entries();
        self.build_issues();
        self.build_parties();
        self.build_signatories();
        self.build_constraints();
        // Positions belong to the line issue; the contest says which one it is.
        self.build_contest();
        self.build_terms();
        self.build_no_deal();
        self.build_red_lines();
        self.build_packages();
        self.build_process();
        self.build_levers();
        self.build_planned();
        self.check_lapses();
        self.check_idle_levers();
        self.assume_defaults();
        self.build_observables();
        let acts = self.build_acts();
        self.build_together();
        self.check_packages();
        self.check_no_deal();
        self.check_rules();
        let readings = self.build_readings();
        let claims = self.build_claims();
        let anchors = self.build_anchors();
        self.check_what_is_tried((&claims, &anchors), &readings);
        let judgements = self.build_judgements();
        Case {
            setting: self.setting,
            inputs: self.inputs,
            shape: self.shape,
            words: self.words,
            together: self.together,
            published: self.published,
            readings,
            claims,
            judgements,
            acts,
            anchors,
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
                grade: text(tree, "grade"),
                note: text(tree, "note"),
                later: text(tree, "later"),
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
        let read = self.distribution(value, long, field);
        let text_of = |key: &str| long.and_then(|l| l.get(key)).and_then(plain);
        let said = Said {
            why: text_of("why").unwrap_or_default(),
            by: text_of("by").unwrap_or_default(),
            on: text_of("on").unwrap_or_default(),
            revisit: text_of("revisit").unwrap_or_default(),
            private_to: long
                .and_then(|l| l.get("private_to"))
                .and_then(|party| self.parties.resolve(party, self.diagnostics)),
        };
        let sources = self
            .sources
            .resolve_all(long.and_then(|l| l.get("source")), self.diagnostics);
        let (distribution, experts) = read?;
        let status = long.and_then(|l| l.get("status")).and_then(Tree::text);
        let status = status.and_then(|word| STATUSES.iter().position(|s| *s == word));
        if let (Some(0 | 1), true, Some(long)) = (status, sources.is_empty(), long)
            && long.get("source").is_none()
        {
            let word = STATUSES[status.unwrap_or(0)];
            let at = long.get("status").map_or(long.span, |t| t.span);
            let fault = Diagnostic::new(
                Code::MISSING_KEY,
                format!("a number that is {word} needs a source"),
            );
            self.fault(fault.at(at, "by whom?").help(
                "add source = [\"…\"], or call it a judgement (with by and why) or a placeholder",
            ));
        }
        let status = match status {
            Some(0) => Status::Measured,
            Some(1) => Status::Quoted,
            Some(2) => Status::Judgement,
            Some(_) => Status::Placeholder,
            None if field.domain == Domain::Switch => Status::Switch,
            None if sources.is_empty() => Status::Placeholder,
            None => Status::Quoted,
        };
        Some(Stated {
            distribution,
            text: self.typed(value),
            status,
            sources,
            said,
            experts,
        })
    }

    /// A value as typed, without its quotes.
    fn typed(&self, value: &Tree) -> String {
        let source = self.texts.get(value.span.file);
        let raw = source.and_then(|s| s.text.get(value.span.start..value.span.end));
        raw.unwrap_or_default().trim_matches(['"', '\'']).to_owned()
    }

    /// Reads a number where it stands.
    pub(super) fn read(&mut self, tree: &Tree, field: NumberField) -> Option<Distribution> {
        number::read(tree, field, &self.words, &self.unit, self.diagnostics)
    }

    /// The number itself: what is written, or what experts say, and how it may be quite wrong.
    fn distribution(
        &mut self,
        value: &Tree,
        long: Option<&Tree>,
        field: NumberField,
    ) -> Option<(Distribution, Vec<Expert>)> {
        let stated = match &value.kind {
            TreeKind::Array(experts) if long.is_some_and(|l| l.get("value").is_none()) => {
                self.experts(experts, value.span, field)
            }
            // A list in the place of a value is a fault of shape, which has been reported.
            TreeKind::Array(_) => None,
            _ => self.read(value, field).map(|d| (d, Vec::new())),
        };
        let Some(surprise) = long.and_then(|long| long.get("surprise")) else {
            return stated;
        };
        let wide = self.surprise(surprise, field);
        let ((stated, experts), (chance, wide)) = (stated?, wide?);
        let mixed = Distribution::mixture(vec![(1.0 - chance, stated), (chance, wide)]);
        Some((mixed, experts))
    }

    /// Several experts, each with a number and perhaps a weight: one of them is right, never their average.
    fn experts(
        &mut self,
        experts: &[Tree],
        at: detente_diag::Span,
        field: NumberField,
    ) -> Option<(Distribution, Vec<Expert>)> {
        if experts.is_empty() {
            let fault = Diagnostic::new(Code::NOTHING_LEFT, "no expert says what this number is");
            self.fault(fault.at(at, "empty").help(
                "name one or more: experts = [{ by = \"…\", value = … }], or write value = …",
            ));
        }
        let mut parts = Vec::new();
        for expert in experts {
            let value = expert.get("value")?;
            let said = self.read(value, field);
            let weight = match expert.get("weight") {
                Some(weight) => self.read(weight, n::EXPERT_WEIGHT)?.exact()?,
                None => 1.0,
            };
            parts.push((weight, said, expert));
        }
        let mut weighted = Vec::new();
        let mut named = Vec::new();
        for (weight, said, expert) in parts {
            let distribution = said?;
            weighted.push((weight, distribution.clone()));
            let text_of = |key: &str| expert.get(key).and_then(plain).unwrap_or_default();
            named.push(Expert {
                by: text_of("by"),
                on: text_of("on"),
                why: text_of("why"),
                says: text_of("says"),
                distribution,
                span: expert.span,
            });
        }
        (!weighted.is_empty()).then(|| (Distribution::mixture(weighted), named))
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
            Some(percent / 100.0).filter(|share| (0.001..=0.5).contains(share))
        });
        let Some((chance, (_, range))) = chance.zip(parts) else {
            let fault = Diagnostic::new(Code::BAD_NUMBER, format!("`{text}` is not a surprise"));
            self.fault(fault.at(tree.span, "here").help(
                "write the chance of being quite wrong (at most 50%), a colon, and where the number then lies: \"10%: 5% to 95%\"",
            ));
            return None;
        };
        let range = Tree {
            span: tree.span,
            kind: TreeKind::Text(range.trim().to_owned()),
        };
        let wide = self.read(&range, field)?;
        Some((chance, wide))
    }

    /// The case's scale of words for probabilities: its own, or the default.
    fn scale_of_words(&mut self) -> Words {
        let Some(table) = self.tree.get("words") else {
            return Words::default();
        };
        let mut words = Words(Vec::new());
        for (word, range) in table.entries() {
            let read = number::read(range, n::WORD, &Words(Vec::new()), "", self.diagnostics);
            if let Some(range) = read {
                let ends = (range.quantile(0.05), range.quantile(0.95));
                words.0.push((word.text.clone(), ends.0, ends.1));
            }
        }
        words
    }

    /// Registers the number at `path`: as stated, or the fact it takes, or the field's default, or (for a type) its party's.
    pub(super) fn input(
        &mut self,
        path: String,
        tree: Option<&Tree>,
        field: NumberField,
        parent: Option<InputId>,
    ) -> InputId {
        let mut input = Input::unstated(path, field, parent);
        if let Some(tree) = tree {
            // A number at fault is as if it had not been stated, so that nothing else is said of it.
            if fact_name(tree).is_some() {
                if let Some(fact) = self.fact(tree, field) {
                    let same = &self.inputs[fact.0 as usize];
                    input.text.clone_from(&same.path);
                    input.status = Status::Fact;
                    input.sources.clone_from(&same.sources);
                    input.draw = Draw::Inherited(fact);
                    input.span = Some(tree.span);
                }
            } else if let Some(stated) = self.stated(tree, field) {
                input.draw = Draw::Own(stated.distribution);
                input.text = stated.text;
                input.status = stated.status;
                input.sources = stated.sources;
                input.said = stated.said;
                input.experts = stated.experts;
                input.span = Some(tree.span);
            }
        }
        let unread = tree.is_some() && input.span.is_none();
        let id = self.register(input);
        if unread {
            self.unread.insert(id);
        }
        id
    }

    pub(super) fn register(&mut self, input: Input) -> InputId {
        let id = InputId::from_index(self.inputs.len());
        self.by_path.insert(input.path.clone(), id);
        self.inputs.push(input);
        id
    }

    /// The fact that a number takes by writing its path, `"fact.NAME"`. The first that takes a fact gives it its meaning.
    fn fact(&mut self, tree: &Tree, field: NumberField) -> Option<InputId> {
        let name = fact_name(tree)?;
        let table = self.tree.get("fact").map_or(&[][..], Tree::entries);
        let Some((key, value)) = table.iter().find(|(key, _)| key.text == name) else {
            let known = table.iter().map(|(key, _)| key.text.as_str());
            let fault = Diagnostic::new(Code::UNKNOWN_NAME, format!("there is no fact `{name}`"))
                .at(tree.span, "not defined");
            self.diagnostics.push(if table.is_empty() {
                fault.help(format!("add [fact.{name}] with a value"))
            } else {
                fault.suggest(name, known)
            });
            return None;
        };
        if let Some((id, first)) = self.facts.get(name).copied() {
            if first.domain != field.domain || first.unit != field.unit {
                let message = format!(
                    "fact `{name}` is taken as {} ({}) here and as {} ({}) before",
                    field.domain.name(),
                    field.unit,
                    first.domain.name(),
                    first.unit
                );
                self.diagnostics.push(
                    Diagnostic::new(Code::FACT_MISMATCH, message)
                        .at(tree.span, "taken here")
                        .help("one number cannot be two kinds of thing: make it two facts"),
                );
            }
            return Some(id);
        }
        let (value, key) = (value.clone(), key.text.clone());
        if fact_name(&value).is_some() {
            let fault = Diagnostic::new(Code::FACT_MISMATCH, "a fact cannot take another fact");
            let at = value.get("value").map_or(value.span, |v| v.span);
            self.diagnostics
                .push(fault.at(at, "here").help("write its number"));
            return None;
        }
        let id = self.input(format!("fact.{key}"), Some(&value), field, None);
        self.facts.insert(key, (id, field));
        Some(id)
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

/// The name of the fact that a number takes.
pub(super) fn fact_name(tree: &Tree) -> Option<&str> {
    let text = tree.text().or(tree.get("value").and_then(Tree::text))?;
    text.trim().strip_prefix("fact.")
}

/// Text, date or year as text.
pub(super) fn plain(tree: &Tree) -> Option<String> {
    match &tree.kind {
        TreeKind::Text(text) | TreeKind::Date(text) => Some(text.clone()),
        TreeKind::Number(year) => Some(year.to_string()),
        _ => None,
    }
}
