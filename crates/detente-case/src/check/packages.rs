//! Patterns, choices, constraints, named packages.

use std::collections::BTreeSet;

use detente_core::{Constraint, NamedPackage, PartySet, Pattern, Setting};
use detente_diag::{Code, Diagnostic, Span};

use super::builder::{Builder, plain};
use super::parties::name_of;
use crate::{Tree, TreeKind, limits};

/// Tests after which the search for a package that satisfies the constraints is given up, and one is taken to exist.
const SEARCH_LIMIT: usize = 1_000_000;

/// Sets of parties that packages can need after which no more are counted.
const COUNTED_SETS: usize = 1000;

impl Builder<'_> {
    /// A set of packages: issue → list of options.
    pub(super) fn pattern(&mut self, tree: &Tree) -> Pattern {
        let mut terms = Vec::new();
        self.refuse_empty(tree, "no issue is named, so this holds every package");
        for (key, list) in tree.entries() {
            let Some(issue) = self.issues.resolve_key(key, self.diagnostics) else {
                continue;
            };
            self.refuse_empty(list, "no option is named, so this holds no package");
            let options = self.options[issue].resolve_all(Some(list), self.diagnostics);
            terms.push((issue, options.into_iter().fold(0, |mask, o| mask | 1 << o)));
        }
        Pattern { terms }
    }

    /// Reports a list or table without entries, where that can only be a slip.
    pub(super) fn refuse_empty(&mut self, tree: &Tree, meaning: &str) {
        let empty = match &tree.kind {
            TreeKind::Array(items) => items.is_empty(),
            TreeKind::Table(entries) => entries.is_empty(),
            _ => false,
        };
        if empty {
            let fault = Diagnostic::new(Code::NOTHING_LEFT, format!("this is empty: {meaning}"));
            self.fault(
                fault
                    .at(tree.span, "empty")
                    .help("name what is meant, or leave the whole entry out"),
            );
        }
    }

    /// One option an issue; the status quo where left out.
    pub(super) fn choice(&mut self, tree: Option<&Tree>) -> Vec<u8> {
        let mut choice: Vec<u8> = self
            .setting
            .issues
            .iter()
            .map(|issue| issue.status_quo)
            .collect();
        for (key, option) in tree.map_or(&[][..], Tree::entries) {
            let Some(issue) = self.issues.resolve_key(key, self.diagnostics) else {
                continue;
            };
            if let Some(o) = self.options[issue].resolve(option, self.diagnostics) {
                choice[issue] = u8::try_from(o).unwrap_or(0);
            }
        }
        choice
    }

    /// Who must sign, if the case says so.
    pub(super) fn build_signatories(&mut self) {
        if let Some(list) = self.tree.at(&["case", "signatories"]) {
            self.refuse_empty(list, "nobody would have to sign");
            let parties = self.parties.resolve_all(Some(list), self.diagnostics);
            self.setting.signing = Some(party_set(parties));
        }
    }

    pub(super) fn build_constraints(&mut self) {
        super::names::Names::of("constraint", self.tree.get("constraint"), self.diagnostics);
        for (key, tree) in self.tree.get("constraint").map_or(&[][..], Tree::entries) {
            if !tree.is_table() {
                continue;
            }
            let [forbid, condition, then] = ["forbid", "if", "then"].map(|k| tree.get(k));
            let (when, then) = match (forbid, condition, then) {
                (Some(forbid), None, None) => (self.pattern(forbid), None),
                (None, Some(condition), Some(then)) => {
                    (self.pattern(condition), Some(self.pattern(then)))
                }
                _ => {
                    self.fault(
                        Diagnostic::new(Code::MISSING_KEY, format!("[constraint.{}] is not a rule", key.text))
                            .at(key.span, "this constraint")
                            .help("write either `forbid = { … }`, or both `if = { … }` and `then = { … }`"),
                    );
                    continue;
                }
            };
            self.setting.constraints.push(Constraint {
                id: key.text.clone(),
                when,
                then,
            });
        }
    }

    pub(super) fn build_packages(&mut self) {
        let entries = self.tree.get("package").map_or(&[][..], Tree::entries);
        // An issue without options has been said already.
        let countable = self.setting.issues.iter().all(|i| !i.options.is_empty());
        for (key, tree) in entries {
            let choice = self.choice(tree.get("choose"));
            let by = tree
                .get("by")
                .and_then(|by| self.parties.resolve(by, self.diagnostics));
            self.sources
                .resolve_all(tree.get("source"), self.diagnostics);
            let signatories = match tree.get("signatories") {
                Some(list) => {
                    self.refuse_empty(list, "nobody would have to sign the package");
                    party_set(self.parties.resolve_all(Some(list), self.diagnostics))
                }
                None if countable => self.setting.signatories(),
                None => PartySet::default(),
            };
            let performers = if countable {
                self.setting.performers(&choice)
            } else {
                PartySet::default()
            };
            let needed = signatories.union(performers);
            let on = tree.get("on").and_then(plain);
            let (id, name) = (key.text.clone(), name_of(tree, &key.text));
            self.setting.packages.push(NamedPackage {
                id,
                name,
                says: tree.get("says").and_then(plain).unwrap_or_default(),
                by,
                on,
                choice,
                needed,
            });
        }
        if !countable || self.needs_too_many() {
            return;
        }
        self.setting.needed_sets = self.setting.reachable_needed_sets();
        self.limit(
            "sets of parties that packages can need",
            self.setting.needed_sets.len(),
            limits::NEEDED_SETS,
        );
        let all = self
            .setting
            .needed_sets
            .iter()
            .fold(PartySet::default(), |all, set| all.union(*set));
        let profiles = all.iter().fold(1_usize, |count, p| {
            count.saturating_mul(self.setting.parties[p].types.len())
        });
        self.limit(
            "combinations of types of the parties that packages need",
            profiles,
            limits::PROFILES,
        );
    }

    /// Reports a case whose options are performed by so many parties in turn that the sets they make cannot be counted.
    fn needs_too_many(&mut self) -> bool {
        let mut sets = BTreeSet::from([self.setting.signatories()]);
        for issue in &self.setting.issues {
            let performers: BTreeSet<PartySet> = issue
                .options
                .iter()
                .map(|option| option.performers)
                .collect();
            sets = sets
                .iter()
                .flat_map(|set| performers.iter().map(|more| set.union(*more)))
                .collect();
            if sets.len() > COUNTED_SETS {
                self.limit(
                    "or more sets of parties that packages can need",
                    COUNTED_SETS,
                    limits::NEEDED_SETS,
                );
                return true;
            }
        }
        false
    }

    /// Every named package obeys the constraints, and some package does. What is at fault itself has been reported and is left
    /// out, so that faults elsewhere hide nothing here.
    pub(super) fn check_packages(&mut self) {
        if self.setting.issues.iter().any(|i| i.options.is_empty()) {
            return;
        }
        let rules = self.sound_constraints();
        let packages = self.tree.get("package").map_or(&[][..], Tree::entries);
        let mut known = false;
        for (p, (key, tree)) in packages.iter().enumerate() {
            if !self.is_sound_choice(tree.get("choose")) {
                continue;
            }
            let choice = &self.setting.packages[p].choice;
            let broken = rules.iter().find(|rule| !rule.allows(choice));
            let Some(broken) = broken.map(|rule| rule.id.clone()) else {
                known = true;
                continue;
            };
            let rule = self.key_span(&["constraint"], &broken);
            let fault = Diagnostic::new(
                Code::FORBIDDEN_PACKAGE,
                format!("package `{}` breaks the constraint `{broken}`", key.text),
            )
            .at(key.span, "this package");
            let fault = match rule {
                Some(span) => fault.at(span, "breaks this rule"),
                None => fault,
            };
            self.fault(fault.help("choose other options for it, or loosen the rule; issues left out stay at their status quo"));
        }
        if !known && !satisfiable(&self.setting, &rules) {
            let fault = Diagnostic::new(Code::NO_PACKAGE, "no package satisfies the constraints");
            let first = rules.first().map(|rule| rule.id.as_str());
            let at = first.and_then(|first| self.key_span(&["constraint"], first));
            let label = "together they rule out every combination of options";
            let fault = fault.at(at.unwrap_or(self.tree.span), label);
            self.fault(fault.help("take away or loosen a constraint"));
        }
    }

    /// The constraints that say what their author meant: all their issues and options exist.
    fn sound_constraints(&self) -> Vec<Constraint> {
        let sound = |rule: &&Constraint| {
            let tree = self.tree.at(&["constraint", &rule.id]);
            let stated = ["forbid", "if", "then"].map(|key| tree.and_then(|t| t.get(key)));
            stated
                .into_iter()
                .flatten()
                .all(|t| self.is_sound_pattern(t))
        };
        self.setting
            .constraints
            .iter()
            .filter(sound)
            .cloned()
            .collect()
    }

    fn is_sound_pattern(&self, tree: &Tree) -> bool {
        let sound = |(key, list): &(crate::Key, Tree)| {
            let known = |issue: usize| {
                let mut options = list.items().iter();
                options.all(|o| {
                    o.text()
                        .is_some_and(|o| self.options[issue].find(o).is_some())
                })
            };
            !list.items().is_empty() && self.issues.find(&key.text).is_some_and(known)
        };
        !tree.entries().is_empty() && tree.entries().iter().all(sound)
    }

    /// Does it name an option that exists for every issue, or leave it to a status quo that does?
    fn is_sound_choice(&self, tree: Option<&Tree>) -> bool {
        let Some(tree) = tree.filter(|tree| tree.is_table()) else {
            return false;
        };
        let known = |issue: &str| self.issues.find(issue).is_some();
        let exists = |(k, issue): (usize, &String)| {
            let stands = tree.get(issue);
            let option = stands.or_else(|| self.tree.at(&["issue", issue, "status_quo"]));
            option
                .and_then(Tree::text)
                .is_some_and(|option| self.options[k].find(option).is_some())
        };
        tree.entries().iter().all(|(key, _)| known(&key.text))
            && self.issues.list.iter().enumerate().all(exists)
    }

    /// Where a key of a table stands.
    pub(super) fn key_span(&self, path: &[&str], key: &str) -> Option<Span> {
        let entries = self.tree.at(path)?.entries();
        entries
            .iter()
            .find(|(k, _)| k.text == key)
            .map(|(k, _)| k.span)
    }
}

/// The set of parties of these places.
pub(super) fn party_set(parties: Vec<usize>) -> PartySet {
    parties.into_iter().collect()
}

/// Is there a package that obeys every one of these constraints?
pub(super) fn satisfiable(setting: &Setting, constraints: &[Constraint]) -> bool {
    let mut rules: Vec<Vec<&Constraint>> = vec![Vec::new(); setting.issues.len()];
    if rules.is_empty() {
        return true;
    }
    for rule in constraints {
        let terms = rule
            .when
            .terms
            .iter()
            .chain(rule.then.iter().flat_map(|then| &then.terms));
        rules[terms.map(|(issue, _)| *issue).max().unwrap_or(0)].push(rule);
    }
    extends(
        setting,
        &rules,
        0,
        &mut vec![0; setting.issues.len()],
        &mut 0,
    )
}

/// Depth first; a rule is tested when its last issue is chosen.
fn extends(
    setting: &Setting,
    rules: &[Vec<&Constraint>],
    level: usize,
    package: &mut [u8],
    steps: &mut usize,
) -> bool {
    if level == package.len() || *steps > SEARCH_LIMIT {
        return true;
    }
    (0..setting.issues[level].options.len()).any(|o| {
        package[level] = u8::try_from(o).unwrap_or(0);
        *steps += 1 + rules[level].len();
        rules[level].iter().all(|rule| rule.allows(package))
            && extends(setting, rules, level + 1, package, steps)
    })
}
