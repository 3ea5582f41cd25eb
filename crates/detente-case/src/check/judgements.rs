//! Judgements: forecasts that somebody signs.

use detente_diag::{Code, Diagnostic, Diagnostics};

use super::builder::{Builder, plain};
use super::dates::is_later;
use super::names::Names;
use crate::grammar::{JUDGED_BY, numbers as n};
use crate::{
    Amount, Asked, Forecast, Judgement, Key, Maker, NumberField, Tree, claim, limits,
    read_distribution,
};

impl Builder<'_> {
    pub(super) fn build_judgements(&mut self) -> Vec<Judgement> {
        Names::of("judgement", self.tree.get("judgement"), self.diagnostics);
        let mut judgements = Vec::new();
        for (key, tree) in self.tree.get("judgement").map_or(&[][..], Tree::entries) {
            let text = |key: &str| tree.get(key).and_then(plain).unwrap_or_default();
            let (on, due) = (text("on"), text("due"));
            if is_later(&on, &due) {
                let at = tree.get("due").map_or(key.span, |t| t.span);
                let fault = Diagnostic::new(
                    Code::BAD_DATE,
                    format!("the judgement is due on {due}, before it was signed on {on}"),
                );
                self.fault(fault.at(at, "here").help("is one of the dates wrong?"));
            }
            let kind = tree.get("kind").and_then(Tree::text);
            let place = kind.and_then(|word| JUDGED_BY.iter().position(|known| *known == word));
            judgements.push(Judgement {
                id: key.text.clone(),
                says: text("says"),
                by: text("by"),
                on,
                forecast: self.forecast(key, tree),
                unit: text("unit"),
                rule: text("rule"),
                due,
                asks: self.asked(key, tree),
                maker: [Maker::Analyst, Maker::Crowd, Maker::BaseRate][place.unwrap_or(0)],
                base_rate: tree
                    .get("base_rate")
                    .and_then(|tree| self.one_chance(tree, n::JUDGED, "a base rate")),
                why: text("why"),
            });
        }
        judgements
    }

    /// One probability or one distribution; what is at fault is said and stands as a forecast of nothing.
    fn forecast(&mut self, key: &Key, tree: &Tree) -> Forecast {
        let nothing = Forecast::Chance(f64::NAN);
        match (tree.get("probability"), tree.get("distribution")) {
            (Some(chance), None) => Forecast::Chance(
                self.one_chance(chance, n::JUDGED, "a judgement")
                    .unwrap_or(f64::NAN),
            ),
            (None, Some(stated)) => {
                let mut found = Diagnostics::default();
                let read = read_distribution(stated, &mut found);
                for fault in found.into_sorted() {
                    self.fault(fault);
                }
                let text = stated.text().unwrap_or_default().to_owned();
                read.map_or(nothing, |distribution| Forecast::Number {
                    text,
                    distribution,
                })
            }
            (both, _) => {
                let what = match both {
                    Some(_) => "states both a probability and a distribution",
                    None => "states no forecast",
                };
                let message = format!("judgement `{}` {what}", key.text);
                let fault = Diagnostic::new(Code::MISSING_KEY, message);
                self.fault(fault.at(key.span, "this judgement").help(
                    "write probability = 0.35 for what happens or does not, or distribution = \"5 to 10\" for a number",
                ));
                nothing
            }
        }
    }

    fn one_chance(&mut self, tree: &Tree, field: NumberField, what: &str) -> Option<f64> {
        let exact = self.stated(tree, field)?.distribution.exact();
        if exact.is_none() {
            let fault = Diagnostic::new(
                Code::BAD_NUMBER,
                format!("{what} is one probability, so that it can be scored"),
            );
            self.fault(
                fault
                    .at(tree.span, "not exact")
                    .help("write 0.35 or \"35%\""),
            );
        }
        exact
    }

    /// What the model computes for a judgement: a claim's share of worlds, or the mean of a number.
    fn asked(&mut self, key: &Key, tree: &Tree) -> Option<Asked> {
        let claim = tree
            .get("claim")
            .and_then(|name| self.claims.resolve(name, self.diagnostics));
        let amount = tree
            .get("quantity")
            .and_then(|tree| self.amount(tree, false));
        if tree.get("claim").is_some() && tree.get("quantity").is_some() {
            let message = format!("judgement `{}` names both a claim and a quantity", key.text);
            let fault = Diagnostic::new(Code::MISSING_KEY, message);
            self.fault(fault.at(key.span, "this judgement").help(
                "the model's share is that of worlds in which a claim is true, or the mean of a number: keep one",
            ));
        }
        claim.map(Asked::Claim).or(amount.map(Asked::Amount))
    }

    /// A number that is worked out of what is computed.
    pub(super) fn amount(&mut self, tree: &Tree, intervenes: bool) -> Option<Amount> {
        let mut found = Diagnostics::default();
        let amount = claim::parse_amount(tree, &self.scope(intervenes), &mut found);
        for fault in found.into_sorted() {
            self.fault(fault);
        }
        let amount = amount?;
        self.claimed_terms += amount.terms;
        if self.claimed_terms > limits::TERMS {
            let what = "numbers and names in statements, once their sets are written out";
            self.limit(what, self.claimed_terms, limits::TERMS);
            return None;
        }
        if let Some((a, b)) = amount.mixed_units(&|expr| self.unit_of(expr)) {
            let fault = Diagnostic::new(Code::UNITS_DIFFER, format!("this adds {a} to {b}"));
            self.fault(
                fault
                    .at(tree.span, "two kinds of number")
                    .help("add like to like, or divide by something of the same unit first"),
            );
        }
        Some(amount)
    }
}
