//! Which account the case gives of what happens without a deal: one, and for every party.

use detente_core::{LotteryNumbers, LotterySetting};
use detente_diag::{Code, Diagnostic, Span};

use super::builder::Builder;
use crate::Tree;
use crate::grammar::numbers as n;

impl Builder<'_> {
    /// The lottery, and whether reservation values are stated.
    pub(super) fn build_no_deal(&mut self) {
        if let Some(tree) = self.tree.get("lottery").filter(|tree| tree.is_table()) {
            let chance = self.number("lottery", Some(tree), "chance", n::CHANCE);
            self.shape.lottery.push(LotteryNumbers { chance });
            let won = |builder: &mut Self, key: &str| {
                let choice = tree.get(key).and_then(|t| t.get("choose"));
                builder.choice(choice)
            };
            self.setting.lottery = Some(LotterySetting {
                a_wins: won(self, "a_wins"),
                b_wins: won(self, "b_wins"),
            });
        }
        let parties = self.tree.get("party").map_or(&[][..], Tree::entries);
        self.setting.reservations = parties.iter().any(|(_, tree)| {
            let mut types = tree.get("type").map_or(&[][..], Tree::entries).iter();
            tree.get("reservation").is_some() || types.any(|(_, t)| t.get("reservation").is_some())
        });
    }

    /// At most one account, and reservation values for all parties or for none.
    pub(super) fn check_no_deal(&mut self) {
        let mut accounts: Vec<(&str, Span)> = Vec::new();
        for key in ["contest", "lottery", "process"] {
            if let Some(span) = self.key_span(&[], key) {
                accounts.push((key, span));
            }
        }
        let parties = self.tree.get("party").map_or(&[][..], Tree::entries);
        let mut lacking = Vec::new();
        let mut stated = None;
        for (key, tree) in parties {
            let types = tree.get("type").map_or(&[][..], Tree::entries);
            let own = tree.get("reservation");
            let of_types = types.iter().filter_map(|(_, t)| t.get("reservation"));
            if let Some(value) = own.or(of_types.clone().next()) {
                stated.get_or_insert(value.span);
            }
            let every = !types.is_empty() && of_types.count() == types.len();
            if own.is_none() && !every {
                lacking.push(key);
            }
        }
        if let Some(span) = stated {
            accounts.push(("reservation values", span));
            // Beside another account, that one too many is said is enough.
            let alone = accounts.len() == 1;
            for key in lacking.iter().filter(|_| alone) {
                let message = format!("`{}` has no reservation value, and others have", key.text);
                self.fault(
                    Diagnostic::new(Code::TWO_ALTERNATIVES, message)
                        .at(key.span, "this party")
                        .at(span, "for instance here")
                        .help("give every party (or each of its types) one: reservation = …, in points"),
                );
            }
        }
        if let [(first, a), (second, b), ..] = accounts[..] {
            let message = format!("the case has {first} and {second}: two accounts of no deal");
            self.fault(
                Diagnostic::new(Code::TWO_ALTERNATIVES, message)
                    .at(b, "one account")
                    .at(a, "and another")
                    .help("keep one of them"),
            );
        }
        if accounts.is_empty() && !self.diagnostics.has_errors() {
            let at = Span::new(self.tree.span.file, 0, 0);
            self.fault(
                Diagnostic::new(Code::NO_ALTERNATIVE, "nothing says what no deal is worth")
                    .at(at, "")
                    .help("add [contest], [lottery], [process], or a reservation value for every party; without one nobody's acceptance is computed"),
            );
        }
    }
}
