//! Leaders, interactions and gates: what only some parties have.

use detente_core::{Fate, Gate, GateNumbers, Interaction, TypeNumbers};
use detente_diag::{Code, Diagnostic};

use super::builder::{Builder, plain};
use super::names::Names;
use crate::grammar::{Refer, numbers as n};
use crate::{InputId, Key, Published, Status, Tree, limits};

impl Builder<'_> {
    /// What outcomes do to a leader: none unless the party or one of its types says something of it.
    pub(super) fn fates(
        &mut self,
        path: &str,
        tree: Option<&Tree>,
        own: Option<&TypeNumbers<InputId>>,
        party: usize,
    ) -> Vec<InputId> {
        let parties = self.tree.get("party").map_or(&[][..], Tree::entries);
        let whole = &parties[party].1;
        let types = whole.get("type").map_or(&[][..], Tree::entries);
        let leads = |tree: &Tree| tree.get("leader").is_some();
        if !leads(whole) && !types.iter().any(|(_, t)| leads(t)) {
            return Vec::new();
        }
        let table = tree.and_then(|t| t.at(&["leader", "if"]));
        let mut fates = Vec::new();
        for fate in Fate::ALL {
            let stated = table.and_then(|t| t.get(fate.id()));
            for (key, field) in [
                ("legacy", n::FATE_LEGACY),
                ("loses_office", n::LOSES_OFFICE),
            ] {
                let path = format!("{path}.leader.if.{}.{key}", fate.id());
                let parent = own.map(|own| own.fates[fates.len()]);
                let value = stated.and_then(|t| t.get(key));
                fates.push(self.input(path, value, field, parent));
            }
        }
        fates
    }

    /// The worth of each of a party's interactions to a type: its own, or the party's.
    pub(super) fn interaction_worths(
        &mut self,
        path: &str,
        tree: Option<&Tree>,
        own: Option<&TypeNumbers<InputId>>,
        party: usize,
    ) -> Vec<InputId> {
        let parties = self.tree.get("party").map_or(&[][..], Tree::entries);
        let (key, whole) = &parties[party];
        let defined = whole.get("interaction").map_or(&[][..], Tree::entries);
        let known = Names {
            what: format!("interaction of `{}`", key.text),
            list: defined.iter().map(|(key, _)| key.text.clone()).collect(),
        };
        let stated = tree.and_then(|t| t.get("interaction"));
        if own.is_some() {
            for (key, table) in stated.map_or(&[][..], Tree::entries) {
                known.resolve_key(key, self.diagnostics);
                if let Some(when) = table.get("when") {
                    let fault = Diagnostic::new(
                        Code::UNUSED_NUMBER,
                        "a type cannot say when its party's interaction applies",
                    );
                    self.fault(fault.at(when.span, "not used").help(
                        "a type restates what the interaction is worth; `when` stands at the party",
                    ));
                }
            }
        }
        let mut worths = Vec::new();
        for (place, (key, table)) in defined.iter().enumerate() {
            let value = stated.and_then(|s| s.at(&[&key.text, "worth"]));
            if own.is_none() && (value.is_none() || table.get("when").is_none()) {
                let what = if value.is_none() { "worth" } else { "when" };
                self.fault(
                    Diagnostic::new(
                        Code::MISSING_KEY,
                        format!("`{what}` is missing in [{path}.interaction.{}]", key.text),
                    )
                    .at(key.span, "this interaction")
                    .help("write when = { ISSUE = [\"OPTION\"], … } and worth = …"),
                );
            }
            let path = format!("{path}.interaction.{}.worth", key.text);
            let parent = own.map(|own| own.interactions[place]);
            worths.push(self.input(path, value, n::INTERACTION_WORTH, parent));
        }
        worths
    }

    /// A gate at home, and what options do to it.
    pub(super) fn build_gate(&mut self, party: &Key, key: &Key, tree: &Tree) {
        let path = format!("party.{}.gate.{}", party.text, key.text);
        let on = self.number(&path, Some(tree), "on", n::SWITCH_ON);
        self.inputs[on.0 as usize].status = Status::Switch;
        let base = self.number(&path, Some(tree), "base", n::GATE_BASE);
        let scale = self.number(&path, Some(tree), "scale", n::GATE_SCALE);
        let bar = self.number(&path, Some(tree), "bar", n::GATE_BAR);
        self.sources
            .resolve_all(tree.get("source"), self.diagnostics);
        let (mut options, mut effects) = (Vec::new(), Vec::new());
        for (option, value) in tree.get("effect").map_or(&[][..], Tree::entries) {
            self.refer_key(Refer::Option, tree, option);
            let path = format!("{path}.effect.{}", option.text);
            let id = self.input(path, Some(value), n::GATE_EFFECT, None);
            let found = option.text.split_once('.').and_then(|(issue, own)| {
                let issue = self.issues.find(issue)?;
                let own = self.options[issue].find(own)?;
                Some(self.setting.issues.get(issue)?.first_option + own)
            });
            if let Some(option) = found {
                options.push(option);
                effects.push(id);
            }
        }
        for (found, poll) in tree.get("published").map_or(&[][..], Tree::entries) {
            let path = format!("{path}.published.{}", found.text);
            let support = self.number(&path, Some(poll), "support", n::SUPPORT);
            self.sourced_by(support, poll);
            let package = poll
                .get("package")
                .and_then(|name| self.packages.resolve(name, self.diagnostics));
            self.published.push(Published {
                gate: self.setting.gates.len(),
                package: package.unwrap_or(0),
                support,
                says: poll.get("says").and_then(plain).unwrap_or_default(),
            });
        }
        let place = self.parties.find(&party.text);
        self.setting.gates.push(Gate {
            party: place.unwrap_or(0),
            id: format!("{}.{}", party.text, key.text),
            name: super::parties::name_of(tree, &key.text),
            effects: options,
        });
        self.shape.gates.push(GateNumbers {
            on,
            base,
            scale,
            bar,
            effects,
        });
    }

    /// The options that a party's interactions tie together.
    pub(super) fn build_interactions(&mut self, party: usize, key: &Key, tree: &Tree) {
        let defined = tree.get("interaction");
        Names::of(
            format!("interaction of `{}`", key.text),
            defined,
            self.diagnostics,
        );
        for (place, (id, table)) in defined.map_or(&[][..], Tree::entries).iter().enumerate() {
            let when = table.get("when").map(|w| self.pattern(w));
            let when = when.unwrap_or_default();
            if when.terms.len() < 2 {
                if table.get("when").is_some_and(|w| !w.entries().is_empty()) {
                    let fault = Diagnostic::new(
                        Code::TOO_FEW,
                        format!("interaction `{}` names options of one issue", id.text),
                    );
                    self.fault(
                        fault
                            .at(id.span, "this interaction")
                            .help("name options of two issues or more; what one option is worth stands in its value"),
                    );
                }
                continue;
            }
            self.setting.interactions.push(Interaction {
                party,
                place,
                id: format!("{}.{}", key.text, id.text),
                says: table.get("says").and_then(plain).unwrap_or_default(),
                when,
            });
        }
        let groups = detente_core::interacting(&self.setting, party);
        let largest = groups.iter().map(|group| {
            let sizes = group.iter().map(|k| self.options[*k].list.len());
            sizes.fold(1_usize, usize::saturating_mul)
        });
        let largest = largest.max().unwrap_or(0);
        if !self.setting.interactions.is_empty() {
            self.limit(
                &format!(
                    "combinations of options that interactions of `{}` tie together",
                    key.text
                ),
                largest,
                limits::TIED,
            );
        }
    }
}
