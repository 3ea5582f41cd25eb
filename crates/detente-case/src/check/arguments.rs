//! Claims.

use detente_core::{Dimension, QuantitySpec};
use detente_diag::{Code, Diagnostic};

use super::builder::{Builder, plain};
use crate::claim::{
    self, Claim, ClaimTest, ForSets, OverLevers, Predicate, QuantityEntry, ShareTest, With,
};
use crate::{Draw, InputId, Key, NumberField, Replacement, Tree, limits};

impl Builder<'_> {
    pub(super) fn build_claims(&mut self) -> Vec<Claim> {
        let entries = self.tree.get("claim").map_or(&[][..], Tree::entries);
        entries
            .iter()
            .filter_map(|(key, tree)| self.claim(key, tree))
            .collect()
    }

    fn claim(&mut self, key: &Key, tree: &Tree) -> Option<Claim> {
        let sources = self
            .sources
            .resolve_all(tree.get("source"), self.diagnostics);
        let text = |key: &str| tree.get(key).and_then(plain).unwrap_or_default();
        let with = self.interventions(tree.get("with"));
        let intervenes = ["with", "over_levers"]
            .iter()
            .any(|k| tree.get(k).is_some());
        let [holds_when, given] = ["holds_when", "given"].map(|k| tree.get(k));
        let holds_when = holds_when.map(|t| self.predicate(t, intervenes));
        let given = given.map(|t| self.predicate(t, intervenes));
        let test = match (holds_when, tree.get("not_computable")) {
            (Some(holds_when), None) => {
                let given = match given {
                    Some(given) => Some(given?),
                    None => None,
                };
                let over = self.over_levers(tree);
                ClaimTest::Share(Box::new(ShareTest {
                    holds_when: holds_when?,
                    given,
                    with,
                    over,
                }))
            }
            (None, Some(why)) => ClaimTest::NotComputable(plain(why).unwrap_or_default()),
            (both, _) => {
                let what = if both.is_some() {
                    "says both when it holds and why it cannot be computed"
                } else {
                    "does not say when it holds"
                };
                let fault =
                    Diagnostic::new(Code::MISSING_KEY, format!("claim `{}` {what}", key.text));
                self.fault(fault.at(key.span, "this claim").help(
                    "write holds_when = \"…\" with a statement, or not_computable = \"…\" with the reason",
                ));
                return None;
            }
        };
        Some(Claim {
            id: key.text.clone(),
            says: text("says"),
            by: text("by"),
            on: text("on"),
            kind: text("kind"),
            sources,
            rests_on: self.rests_on(key, tree),
            test,
            span: key.span,
        })
    }

    /// The claims that a claim rests on, which may not come back to it.
    fn rests_on(&mut self, key: &Key, tree: &Tree) -> Vec<String> {
        let found = self
            .claims
            .resolve_all(tree.get("rests_on"), self.diagnostics);
        let ids: Vec<String> = found.iter().map(|c| self.claims.list[*c].clone()).collect();
        let claims = self.tree.get("claim").map_or(&[][..], Tree::entries);
        let mut reached = ids.clone();
        let mut next = 0;
        while let Some(id) = reached.get(next).cloned() {
            next += 1;
            let found = claims.iter().find(|(key, _)| key.text == id);
            let on = found.and_then(|(_, tree)| tree.get("rests_on"));
            for name in on
                .map_or(&[][..], Tree::items)
                .iter()
                .filter_map(Tree::text)
            {
                if !reached.iter().any(|known| known == name) {
                    reached.push(name.to_owned());
                }
            }
        }
        if reached.contains(&key.text) {
            let fault = Diagnostic::new(
                Code::TOO_FEW,
                format!("claim `{}` rests on itself", key.text),
            );
            let at = tree.get("rests_on").map_or(key.span, |t| t.span);
            self.fault(
                fault
                    .at(at, "here")
                    .help("leave out one of the claims on the way back to it"),
            );
        }
        ids
    }

    /// The levers of which a claim tries every set.
    fn over_levers(&mut self, tree: &Tree) -> Option<OverLevers> {
        let named = tree.get("over_levers");
        let levers = self.levers.resolve_all(named, self.diagnostics);
        let sets = tree.get("for_sets");
        let (Some(named), Some(sets)) = (named, sets) else {
            if let Some(one) = named.or(sets) {
                let fault = Diagnostic::new(
                    Code::MISSING_KEY,
                    "`over_levers` and `for_sets` go together",
                );
                self.fault(fault.at(one.span, "one without the other").help(
                    "write over_levers = [\"…\"] and for_sets = \"some\", \"every\", \"necessary\" or \"sufficient\"",
                ));
            }
            return None;
        };
        // A name that was not found has been reported.
        if levers.is_empty() && !named.items().is_empty() {
            return None;
        }
        if levers.is_empty() || levers.len() > limits::TRIGGERED {
            let fault = Diagnostic::new(
                Code::OUT_OF_BOUNDS,
                format!("a claim tries the sets of {} levers", levers.len()),
            );
            let help = format!(
                "name 1 to {}: every set of them is a run",
                limits::TRIGGERED
            );
            self.fault(fault.at(named.span, "here").help(help));
            return None;
        }
        let sets = match sets.text() {
            Some("every") => ForSets::Every,
            Some("necessary") => ForSets::Necessary,
            Some("sufficient") => ForSets::Sufficient,
            _ => ForSets::Some,
        };
        Some(OverLevers { levers, sets })
    }

    pub(super) fn scope(&self, intervenes: bool) -> claim::Scope<'_> {
        claim::Scope {
            setting: &self.setting,
            catalogue: self.catalogue,
            inputs: &self.by_path,
            intervenes,
        }
    }

    fn predicate(&mut self, tree: &Tree, intervenes: bool) -> Option<Predicate> {
        let mut found = detente_diag::Diagnostics::default();
        let predicate = claim::parse(tree, &self.scope(intervenes), &mut found);
        for fault in found.into_sorted() {
            self.fault(fault);
        }
        let predicate = predicate?;
        let before = self.claimed_terms;
        self.claimed_terms += predicate.terms;
        if self.claimed_terms > limits::TERMS {
            // Said once: what is read after that is left out.
            if before <= limits::TERMS {
                let what = "numbers and names in statements, once their sets are written out";
                self.limit(what, self.claimed_terms, limits::TERMS);
            }
            return None;
        }
        if let Some((a, b)) = predicate.mixed_units(&|expr| self.unit_of(expr)) {
            let fault = Diagnostic::new(Code::UNITS_DIFFER, format!("this sets {a} against {b}"));
            self.fault(
                fault
                    .at(tree.span, "two kinds of number")
                    .help("compare like with like, or divide by something of the same unit first"),
            );
        }
        if predicate.never_or_always() {
            let fault = Diagnostic::new(Code::BY_CONSTRUCTION, "a number is compared with itself");
            self.fault(
                fault
                    .at(tree.span, "true or false of every world")
                    .help("was another party, package or path meant on one side?"),
            );
            return Some(predicate);
        }
        let always = predicate.by_construction(&|id| self.support(id));
        if let Some(always) = always {
            let truth = if always { "true" } else { "false" };
            let fault = Diagnostic::new(
                Code::BY_CONSTRUCTION,
                format!("this is {truth} of every world by construction"),
            );
            self.fault(fault.at(tree.span, "the ranges alone decide it").help(
                "a claim that nothing could refute says nothing: compare with a number inside the range",
            ));
        }
        Some(predicate)
    }

    /// The unit of what an expression names, shares and probabilities being one kind.
    pub(super) fn unit_of(&self, expr: &claim::Expr) -> Option<&'static str> {
        let unit = match expr {
            claim::Expr::Input(id) => self.inputs[id.0 as usize].unit,
            claim::Expr::Quantity(entry, _) => {
                let spec = self.catalogue.iter().find(|spec| spec.id == entry.lens)?;
                let mut all = spec.quantities.iter().chain(spec.planned);
                all.find(|q| q.id == entry.quantity)?.unit.name()
            }
            _ => return None,
        };
        match unit {
            "share" | "probability" | "0 or 1" => Some("a probability"),
            "line" | "line units" => Some("line units"),
            "of today" | "ratio to today" => Some("a ratio to today"),
            "exponent" | "ratio" | "weight" | "spreads" => None,
            other => Some(other),
        }
    }

    /// Least and greatest value that an input can take.
    fn support(&self, id: InputId) -> (f64, f64) {
        if self.unread.contains(&id) {
            return (f64::NEG_INFINITY, f64::INFINITY);
        }
        match &self.inputs[id.0 as usize].draw {
            Draw::Own(distribution) => distribution.support(),
            Draw::Inherited(same) => self.support(*same),
            Draw::Ranked { .. } => (0.0, f64::INFINITY),
        }
    }

    /// What a claim sets: inputs by path, or quantities that can be set.
    pub(super) fn interventions(&mut self, tree: Option<&Tree>) -> Vec<With> {
        let mut with = Vec::new();
        for (key, value) in tree.map_or(&[][..], Tree::entries) {
            if self.is_unquoted(key, value) {
                continue;
            }
            if let Some((input, field)) = self.target(&key.text) {
                with.extend(self.replacement(input, field, value).map(With::Input));
                continue;
            }
            let mut found = detente_diag::Diagnostics::default();
            let entry = claim::parse_entry(&key.text, key.span, &self.scope(true), &mut found);
            for fault in found.into_sorted() {
                self.fault(fault);
            }
            let Some((entry, spec)) = entry else {
                continue;
            };
            with.extend(self.set_quantity(key, value, entry, spec));
        }
        with
    }

    fn set_quantity(
        &mut self,
        key: &Key,
        value: &Tree,
        entry: QuantityEntry,
        spec: &QuantitySpec,
    ) -> Option<With> {
        if !spec.settable {
            let fault = Diagnostic::new(
                Code::NOT_SETTABLE,
                format!("`{}.{}` cannot be set", entry.lens, entry.quantity),
            );
            self.fault(fault.at(key.span, "an answer, not an input").help(
                "set the numbers that it follows from; `detente list quantities` marks those that can be set",
            ));
            return None;
        }
        if let Some((lever, t)) = self.not_its_wielder(&entry, spec) {
            let fault = Diagnostic::new(
                Code::NOT_SETTABLE,
                format!("`{t}` is no type of who wields `{lever}`"),
            );
            let by = self.setting.levers.iter().find(|own| own.id == lever);
            let by = by.map_or("", |own| &self.setting.parties[own.by].id);
            self.fault(fault.at(key.span, "this would set nothing").help(format!(
                "`{lever}` is wielded by `{by}`: write a type of it"
            )));
            return None;
        }
        let (low, high) = spec.range;
        let field = NumberField {
            unit: spec.unit.name(),
            domain: crate::Domain::Within(low, high),
            default: None,
        };
        let exact = self.stated(value, field)?.distribution.exact();
        if exact.is_none() {
            let fault = Diagnostic::new(Code::BAD_NUMBER, "a quantity is set to one exact number");
            self.fault(fault.at(value.span, "here").help("write a bare number"));
        }
        Some(With::Quantity(entry, exact?))
    }

    /// The lever and the type of an entry that speaks of both, where the type is of a party that does not wield the lever.
    fn not_its_wielder(
        &self,
        entry: &QuantityEntry,
        spec: &QuantitySpec,
    ) -> Option<(String, String)> {
        let at = |of: Dimension| {
            let place = spec.dimensions.iter().position(|own| *own == of)?;
            entry.index.get(place).copied()
        };
        let (lever, t) = (at(Dimension::Lever)?, at(Dimension::Type)?);
        let setting = &self.setting;
        let other = setting.types[t].party != setting.levers[lever].by;
        other.then(|| {
            let t = Dimension::Type.entry(setting, t);
            (setting.levers[lever].id.clone(), t)
        })
    }

    /// What is put in the place of an input; `None`: it is at fault, which has been said.
    pub(super) fn replacement(
        &mut self,
        input: InputId,
        field: NumberField,
        value: &Tree,
    ) -> Option<Replacement> {
        if super::builder::fact_name(value).is_some() {
            let fault = Diagnostic::new(Code::FACT_MISMATCH, "a replacement cannot take a fact");
            self.fault(
                fault.at(value.span, "here").help(
                    "write its number; to change a fact wherever it is used, set \"fact.NAME\"",
                ),
            );
            return None;
        }
        if let Draw::Ranked { .. } = self.inputs[input.0 as usize].draw {
            let fault = Diagnostic::new(
                Code::WEIGHTS_CLASH,
                "a ranked weight has no scale on which a number could take its place",
            );
            self.fault(
                fault
                    .at(value.span, "here")
                    .help("write all weights of the party as numbers, or leave its order as it is"),
            );
            return None;
        }
        let stated = self.stated(value, field)?;
        Some(Replacement {
            input,
            distribution: stated.distribution,
            text: stated.text,
            status: stated.status,
            sources: stated.sources,
            said: stated.said,
            experts: stated.experts,
            span: value.span,
        })
    }
}
