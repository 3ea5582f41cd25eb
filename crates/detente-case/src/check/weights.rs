//! Weights that are drawn together: only their order is known, or they are Dirichlet.

use std::sync::Arc;

use detente_diag::{Code, Diagnostic};
use detente_math::Distribution;

use super::builder::Builder;
use crate::grammar::numbers as n;
use crate::{Draw, InputId, Status, Tree};

impl Builder<'_> {
    /// Applies a party's `weights` to the weights of its issues, which have been registered.
    pub(super) fn build_weights(&mut self, path: &str, tree: &Tree, weights: &[InputId]) {
        let Some(table) = tree.get("weights") else {
            return;
        };
        match (table.get("rank"), table.get("concentration")) {
            (Some(rank), None) => self.rank(path, tree, rank, weights),
            (None, Some(concentration)) => self.dirichlet(path, tree, concentration, weights),
            (Some(_), Some(concentration)) => {
                let fault = Diagnostic::new(
                    Code::WEIGHTS_CLASH,
                    format!("[{path}.weights] states an order and a concentration"),
                );
                self.fault(
                    fault
                        .at(concentration.span, "besides an order")
                        .help("keep one: an order alone, or stated weights with a concentration"),
                );
            }
            (None, None) => {
                let fault =
                    Diagnostic::new(Code::NOTHING_LEFT, format!("[{path}.weights] says nothing"));
                self.fault(
                    fault.at(table.span, "empty").help(
                        "write rank = [\"ISSUE\", …], weightiest first, or concentration = …",
                    ),
                );
            }
        }
    }

    /// Only the order is known: weights uniform over all that keep it.
    fn rank(&mut self, path: &str, tree: &Tree, rank: &Tree, weights: &[InputId]) {
        let issues = self.issues.resolve_each(rank, self.diagnostics);
        self.refuse_empty(rank, "no issue is ranked");
        let mut order: Vec<InputId> = Vec::new();
        for (issue, name) in issues.iter().zip(rank.items()) {
            let id = weights[*issue];
            let key = &self.issues.list[*issue];
            let stated = tree.at(&["issue", key, "weight"]);
            let fault = if order.contains(&id) {
                Some(format!("`{key}` is ranked twice"))
            } else if tree.at(&["issue", key]).is_none() {
                Some(format!(
                    "`{key}` is ranked, but [{path}] says nothing of it"
                ))
            } else {
                stated.map(|_| format!("`{key}` is ranked and has a weight"))
            };
            if let Some(message) = fault {
                let fault = Diagnostic::new(Code::WEIGHTS_CLASH, message);
                self.fault(fault.at(name.span, "here").help(format!(
                    "rank each issue once, with values and without a weight in [{path}.issue.{key}]"
                )));
                continue;
            }
            order.push(id);
        }
        self.refuse_unranked(path, tree, &issues);
        let order: Arc<[InputId]> = order.into();
        for (place, id) in order.iter().enumerate() {
            let input = &mut self.inputs[id.0 as usize];
            input.draw = Draw::Ranked {
                order: Arc::clone(&order),
                place,
            };
            input.text = format!("rank {} of {}", place + 1, order.len());
            input.status = Status::Judgement;
            input.span = Some(rank.span);
        }
    }

    /// Ranked weights have no scale that a stated one could be put on.
    fn refuse_unranked(&mut self, path: &str, tree: &Tree, ranked: &[usize]) {
        let types = tree.get("type").map_or(&[][..], Tree::entries).iter();
        let restated = types.flat_map(|(_, t)| t.get("issue").map_or(&[][..], Tree::entries));
        let restated = restated.filter(|(_, issue)| issue.get("weight").is_some());
        let own = tree.get("issue").map_or(&[][..], Tree::entries).iter();
        let unranked = own.filter(|(key, _)| {
            let place = self.issues.find(&key.text);
            place.is_some_and(|k| !ranked.contains(&k))
        });
        let stray: Vec<&crate::Key> = unranked.chain(restated).map(|(key, _)| key).collect();
        for key in stray {
            let fault = Diagnostic::new(
                Code::WEIGHTS_CLASH,
                format!(
                    "[{path}] ranks its issues, and `{}` stands outside the order",
                    key.text
                ),
            );
            self.fault(fault.at(key.span, "not in the order").help(
                "rank all issues of the party, and give no weights to its types; or write all weights as numbers",
            ));
        }
    }

    /// Stated weights are means; the concentration says how firmly they are held.
    fn dirichlet(&mut self, path: &str, tree: &Tree, concentration: &Tree, weights: &[InputId]) {
        let firm = self.stated(concentration, n::CONCENTRATION);
        let firm = firm.and_then(|stated| {
            let exact = stated.distribution.exact();
            if exact.is_none() {
                self.inexact("a concentration", concentration.span);
            }
            exact
        });
        let (mut sum, mut means) = (0.0, Vec::new());
        for (key, issue) in tree.get("issue").map_or(&[][..], Tree::entries) {
            let (Some(k), Some(weight)) = (self.issues.find(&key.text), issue.get("weight")) else {
                continue;
            };
            let id = weights[k];
            let exact = match &self.inputs[id.0 as usize].draw {
                Draw::Own(distribution) => distribution.exact(),
                _ => None,
            };
            match exact {
                Some(mean) => {
                    sum += mean;
                    means.push((id, mean));
                }
                None => self.inexact(
                    &format!("the weight of `{}` in [{path}]", key.text),
                    weight.span,
                ),
            }
        }
        let Some(firm) = firm.filter(|_| sum > 0.0) else {
            return;
        };
        for (id, mean) in means.into_iter().filter(|(_, mean)| *mean > 0.0) {
            // On the scale of the stated weights, so that a type or a reading may restate one of them.
            let (shape, scale) = (firm * mean / sum, sum / firm);
            self.inputs[id.0 as usize].draw = Draw::Own(Distribution::Gamma { shape, scale });
        }
    }

    fn inexact(&mut self, what: &str, at: detente_diag::Span) {
        let fault = Diagnostic::new(
            Code::WEIGHTS_CLASH,
            format!("{what} is uncertain, and the Dirichlet makes the uncertainty itself"),
        );
        self.fault(
            fault
                .at(at, "not exact")
                .help("with a concentration, write weights as bare numbers: they are the means"),
        );
    }
}
