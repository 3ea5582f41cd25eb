//! What is on record: acts, and what is known of numbers that the model computes.

use detente_diag::{Code, Diagnostic, Diagnostics};

use super::builder::{Builder, plain};
use super::dates::is_later;
use super::names::Names;
use crate::forecast::read_distribution_of;
use crate::grammar::numbers as n;
use crate::{Act, Anchor, InputId, Key, Known, Tells, Tree};

/// Keys of an act that say what it tells, one of which it may have.
const TELLING: [&str; 6] = [
    "likelihood",
    "accepted",
    "refused",
    "pulled",
    "withheld",
    "announced",
];

/// Those of them that are weighed by the logit of the model's own choice.
const CHOSEN: [&str; 4] = ["accepted", "refused", "pulled", "withheld"];

impl Builder<'_> {
    /// Is there an act that is weighed by the model's choice and states no noise of its own?
    pub(super) fn chose(&self) -> bool {
        let acts = self.tree.get("act").map_or(&[][..], Tree::entries);
        acts.iter().any(|(_, act)| {
            let chosen = CHOSEN.iter().any(|key| act.get(key).is_some());
            chosen && act.get("noise").is_none()
        })
    }

    pub(super) fn build_acts(&mut self) -> Vec<Act> {
        Names::of("act", self.tree.get("act"), self.diagnostics);
        let entries = self.tree.get("act").map_or(&[][..], Tree::entries);
        entries
            .iter()
            .map(|(key, tree)| self.act(key, tree))
            .collect()
    }

    fn act(&mut self, key: &Key, tree: &Tree) -> Act {
        let text = |key: &str| tree.get(key).and_then(plain).unwrap_or_default();
        let by = tree
            .get("by")
            .and_then(|by| self.parties.resolve(by, self.diagnostics));
        let sources = self
            .sources
            .resolve_all(tree.get("source"), self.diagnostics);
        let on = text("on");
        let formed = by.and_then(|by| {
            let id = self.parties.list.get(by)?;
            self.text_at(&["party", id, "prior_formed"])
        });
        let later = is_later(&on, &self.setting.as_of);
        let noise = tree.get("noise").map(|noise| {
            let path = format!("act.{}.noise", key.text);
            self.input(path, Some(noise), n::ACT_NOISE, None)
        });
        Act {
            id: key.text.clone(),
            by: by.unwrap_or(0),
            counts: !later && formed.is_none_or(|formed| is_later(&on, &formed)),
            later,
            says: text("says"),
            tells: self.tells(key, tree, by),
            noise,
            on,
            sources,
        }
    }

    /// What an act tells: what is stated of each type, or one choice that the model knows.
    fn tells(&mut self, key: &Key, tree: &Tree, by: Option<usize>) -> Tells {
        let said: Vec<&str> = TELLING
            .into_iter()
            .filter(|k| tree.get(k).is_some())
            .collect();
        if let [first, second, ..] = said[..] {
            let message = format!("act `{}` says both `{first}` and `{second}`", key.text);
            let fault = Diagnostic::new(Code::MISSING_KEY, message);
            let at = tree.get(second).map_or(key.span, |t| t.span);
            self.fault(
                fault
                    .at(at, "one too many")
                    .help("an act tells one thing: make it two acts of the same date"),
            );
        }
        let package = |builder: &mut Self, key: &str| {
            let name = tree.get(key)?;
            builder.packages.resolve(name, builder.diagnostics)
        };
        if let Some(name) = tree.get("countered")
            && tree.get("refused").is_none()
        {
            let fault = Diagnostic::new(
                Code::MISSING_KEY,
                format!("act `{}` counters nothing", key.text),
            );
            self.fault(
                fault
                    .at(name.span, "here")
                    .help("write refused = \"…\" beside it: the package that it said no to"),
            );
        }
        let told = match said.first().copied() {
            Some("likelihood") => Some(Tells::Stated(self.likelihood(key, tree, by))),
            Some("accepted") => package(self, "accepted").map(Tells::Accepted),
            Some("refused") => {
                let countered = package(self, "countered");
                let refused = package(self, "refused");
                if let (Some(same), Some(name)) = (
                    refused.filter(|p| countered == Some(*p)),
                    tree.get("countered"),
                ) {
                    let message = format!("act `{}` asks for what it refuses", key.text);
                    let fault = Diagnostic::new(Code::MISSING_KEY, message);
                    self.fault(
                        fault
                            .at(name.span, "the same package")
                            .help("name what it asked for instead, or leave `countered` out"),
                    );
                    return Tells::Refused(same, None);
                }
                refused.map(|p| Tells::Refused(p, countered))
            }
            Some("pulled") => self.own_lever(tree, "pulled", by).map(Tells::Pulled),
            Some("withheld") => self.own_lever(tree, "withheld", by).map(Tells::Withheld),
            Some("announced") => self.announced(tree, by).map(Tells::Announced),
            _ => None,
        };
        told.unwrap_or(Tells::Nothing)
    }

    /// How likely each type of the party was to do it, by the case.
    fn likelihood(&mut self, key: &Key, tree: &Tree, by: Option<usize>) -> Vec<(usize, InputId)> {
        let mut likelihood = Vec::new();
        let stated = tree.get("likelihood");
        for (kind, number) in stated.map_or(&[][..], Tree::entries) {
            let path = format!("act.{}.likelihood.{}", key.text, kind.text);
            let id = self.input(path, Some(number), n::LIKELIHOOD, None);
            let Some(party) = by else {
                continue;
            };
            if let Some(own) = self.types[party].resolve_key(kind, self.diagnostics)
                && let Some(party) = self.setting.parties.get(party)
            {
                likelihood.push((party.types.start + own, id));
            }
        }
        if let (Some(party), Some(stated)) = (by, stated) {
            let types = &self.types[party].list;
            let left: Vec<String> = types
                .iter()
                .filter(|id| stated.get(id).is_none())
                .cloned()
                .collect();
            if !left.is_empty() && likelihood.len() == stated.entries().len() {
                let message = format!(
                    "act `{}` does not say how likely every type of its party was to do it",
                    key.text
                );
                let fault = Diagnostic::new(Code::MISSING_KEY, message);
                self.fault(fault.at(stated.span, "here").help(format!(
                    "add {}; 1 for all of them if it tells them not apart",
                    left.join(", ")
                )));
            }
        }
        likelihood
    }

    /// A lever that the act's party wields.
    fn own_lever(&mut self, tree: &Tree, key: &str, by: Option<usize>) -> Option<usize> {
        let name = tree.get(key)?;
        let lever = self.levers.resolve(name, self.diagnostics)?;
        let (wielder, by) = (self.setting.levers.get(lever)?.by, by?);
        if wielder != by {
            let party = |p: usize| self.parties.list.get(p).cloned().unwrap_or_default();
            let message = format!(
                "lever `{}` is that of {}, not of {}",
                self.levers.list[lever],
                party(wielder),
                party(by)
            );
            let own: Vec<String> = self
                .setting
                .levers
                .iter()
                .filter(|lever| lever.by == by)
                .map(|lever| lever.id.clone())
                .collect();
            let help = if own.is_empty() {
                "it has none in this case".to_owned()
            } else {
                format!("it has: {}", own.join(", "))
            };
            let fault = Diagnostic::new(Code::UNKNOWN_NAME, message);
            self.fault(fault.at(name.span, "another's").help(help));
            return None;
        }
        Some(lever)
    }

    /// A lever of its own of which the case says how likely each type was to announce it.
    fn announced(&mut self, tree: &Tree, by: Option<usize>) -> Option<usize> {
        let lever = self.own_lever(tree, "announced", by)?;
        if self.setting.levers[lever].announcing.is_empty() {
            let name = tree.get("announced")?;
            let message = format!(
                "lever `{}` does not say how likely each type is to announce it",
                self.levers.list[lever]
            );
            let fault = Diagnostic::new(Code::MISSING_KEY, message);
            self.fault(
                fault
                    .at(name.span, "tells nothing")
                    .help("add announces = { TYPE = … } to the lever, or state a likelihood here"),
            );
            return None;
        }
        Some(lever)
    }

    pub(super) fn build_anchors(&mut self) -> Vec<Anchor> {
        Names::of("anchor", self.tree.get("anchor"), self.diagnostics);
        let entries = self.tree.get("anchor").map_or(&[][..], Tree::entries);
        entries
            .iter()
            .filter_map(|(key, tree)| self.anchor(key, tree))
            .collect()
    }

    fn anchor(&mut self, key: &Key, tree: &Tree) -> Option<Anchor> {
        let text = |key: &str| tree.get(key).and_then(plain).unwrap_or_default();
        let sources = self
            .sources
            .resolve_all(tree.get("source"), self.diagnostics);
        let with = self.interventions(tree.get("with"));
        let against = self.interventions(tree.get("against"));
        let intervenes = ["with", "against"]
            .iter()
            .any(|key| tree.get(key).is_some());
        let quantity = tree
            .get("quantity")
            .and_then(|tree| self.amount(tree, intervenes));
        let known = tree.get("known").and_then(|tree| self.what_is_known(tree));
        if let (Some(quantity), Some(known), Some(at)) = (&quantity, &known, tree.get("known"))
            && known.counted.is_some()
            && let Some(unit) = quantity.unit(&|expr| self.unit_of(expr))
            && unit != "a probability"
        {
            let message = format!("what is counted is a share of cases, and this number is {unit}");
            let fault = Diagnostic::new(Code::BAD_NUMBER, message);
            self.fault(fault.at(at.span, "a count").help(
                "say what is known of the number as any number is written, or anchor a chance",
            ));
        }
        let weight = tree
            .get("weight")
            .and_then(|tree| self.one_share(tree, "the weight of an anchor"));
        if let (Some(amount), Some(at)) = (&quantity, tree.get("against"))
            && !amount.looks_at_base()
        {
            let message = format!(
                "`against` of the anchor `{}` sets what nothing is computed with",
                key.text
            );
            let warning = Diagnostic::new(Code::IDLE_ANCHOR, message);
            self.fault(warning.at(at.span, "changes nothing").help(
                "`base(…)` in the quantity is what is computed with it: write NUMBER - base(NUMBER), or leave `against` out",
            ));
        }
        Some(Anchor {
            span: key.span,
            id: key.text.clone(),
            says: text("says"),
            quantity: quantity?,
            with,
            against,
            known: known?,
            weight: weight?,
            on: text("on"),
            why: text("why"),
            sources,
        })
    }

    /// What is known of a number: a count, or a distribution that has a density.
    fn what_is_known(&mut self, tree: &Tree) -> Option<Known> {
        let text = plain(tree)?;
        let counted = counted(&text);
        let distribution = if let Some((hits, trials)) = counted {
            detente_math::Distribution::base_rate(hits, trials)
        } else {
            let mut found = Diagnostics::default();
            // Whoever writes percents speaks of a share, which stays between none and all.
            let kind = if text.contains('%') {
                n::POOLED
            } else {
                n::OBSERVED
            };
            let read = read_distribution_of(tree, kind, &mut found);
            for fault in found.into_sorted() {
                self.fault(fault);
            }
            read?
        };
        if !distribution.atoms().is_empty() {
            let fault = Diagnostic::new(
                Code::BAD_NUMBER,
                "what is known of a computed number is a range, not one value",
            );
            self.fault(fault.at(tree.span, "no world meets it").help(
                "say how far off it may be, as in \"3 to 5\" or \"normal(4, 0.5)\"; of counted cases write \"3 of 39\"",
            ));
            return None;
        }
        Some(Known {
            text,
            counted,
            distribution,
        })
    }

    fn one_share(&mut self, tree: &Tree, what: &str) -> Option<f64> {
        let exact = self.stated(tree, n::POOLED)?.distribution.exact();
        if exact.is_none() {
            let fault = Diagnostic::new(Code::BAD_NUMBER, format!("{what} is one number"));
            self.fault(fault.at(tree.span, "not exact").help("write 0.5, say"));
        }
        exact
    }
}

/// `3 of 39`: hits and cases, of which there is at least one.
fn counted(text: &str) -> Option<(f64, f64)> {
    let (hits, trials) = text.split_once(" of ")?;
    let count = |text: &str| text.trim().parse::<u32>().ok().map(f64::from);
    let (hits, trials) = (count(hits)?, count(trials)?);
    (trials > 0.0 && hits <= trials).then_some((hits, trials))
}
