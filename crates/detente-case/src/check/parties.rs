//! Issues, parties, types, preferences, red lines.

use detente_core::{
    Issue, IssueOption, LineStiffness, Party, PartyType, RedLine, RedLineNumbers, Role, Side,
    TypeNumbers,
};
use detente_diag::{Code, Diagnostic};

use super::builder::{Builder, plain};
use super::packages::party_set;
use crate::grammar::numbers as n;
use crate::{Draw, InputId, Status, Tree, TreeKind};

impl Builder<'_> {
    pub(super) fn build_issues(&mut self) {
        let entries = self.tree.get("issue").map_or(&[][..], Tree::entries);
        let mut first_option = 0;
        for (k, (key, tree)) in entries.iter().enumerate() {
            let mut options = Vec::new();
            for (id, option) in tree.get("option").map_or(&[][..], Tree::entries) {
                let performers = self
                    .parties
                    .resolve_all(option.get("performed_by"), self.diagnostics);
                let imposed = option.get("imposed").map(|o| &o.kind);
                options.push(IssueOption {
                    id: id.text.clone(),
                    name: name_of(option, &id.text),
                    performers: party_set(performers),
                    imposed: matches!(imposed, Some(TreeKind::Switch(true))),
                });
            }
            if options.len() < 2 && tree.get("option").is_some_and(Tree::is_table) {
                let count = ["no options", "one option"][options.len()];
                self.fault(
                    Diagnostic::new(Code::TOO_FEW, format!("issue `{}` has {count}", key.text))
                        .at(key.span, "this issue")
                        .help("an issue needs two options or more: otherwise there is nothing to negotiate"),
                );
            }
            let status_quo = tree
                .get("status_quo")
                .and_then(|name| self.options[k].resolve(name, self.diagnostics));
            let status_quo = u8::try_from(status_quo.unwrap_or(0)).unwrap_or(0);
            let count = options.len();
            let (id, name) = (key.text.clone(), name_of(tree, &key.text));
            self.setting.issues.push(Issue {
                id,
                name,
                options,
                status_quo,
                first_option,
            });
            first_option += count;
        }
    }

    pub(super) fn build_parties(&mut self) {
        let entries = self.tree.get("party").map_or(&[][..], Tree::entries);
        // No parties at all is a missing key, and has been said.
        if let [(key, _)] = entries {
            let fault = Diagnostic::new(Code::TOO_FEW, "the case has one party")
                .at(key.span, "the only party");
            self.fault(fault.help("a negotiation needs two or more: [party.NAME]"));
        }
        for (p, (key, tree)) in entries.iter().enumerate() {
            let path = format!("party.{}", key.text);
            let own = self.type_numbers(&path, Some(tree), None, p);
            self.build_interactions(p, key, tree);
            let types = tree.get("type").map_or(&[][..], Tree::entries);
            let first = self.setting.types.len();
            if types.is_empty() {
                let name = name_of(tree, &key.text);
                self.setting.types.push(PartyType {
                    party: p,
                    id: key.text.clone(),
                    name,
                });
                self.shape.types.push(own.clone());
            }
            for (id, kind) in types {
                let path = format!("{path}.type.{}", id.text);
                let numbers = self.type_numbers(&path, Some(kind), Some(&own), p);
                self.setting.types.push(PartyType {
                    party: p,
                    id: id.text.clone(),
                    name: name_of(kind, &id.text),
                });
                self.shape.types.push(numbers);
            }
            let words: Vec<&str> = tree
                .get("roles")
                .map_or(&[][..], Tree::items)
                .iter()
                .filter_map(Tree::text)
                .collect();
            self.setting.parties.push(Party {
                id: key.text.clone(),
                name: name_of(tree, &key.text),
                side: side(tree.get("side")),
                roles: words.into_iter().filter_map(role).collect(),
                types: first..self.setting.types.len(),
                opening: tree
                    .get("opening")
                    .and_then(|name| self.packages.resolve(name, self.diagnostics)),
            });
        }
        if entries.len() >= 2 && !self.setting.parties.iter().any(Party::is_principal) {
            let fault = Diagnostic::new(Code::TOO_FEW, "no party is a principal of the talks");
            self.fault(
                fault
                    .at(entries[0].0.span, "for instance this one")
                    .help("those between whom the deal is have roles = [\"principal\"], or [\"belligerent\"] where they fight"),
            );
        }
    }

    /// The numbers of a party (`own` is `None`) or of one of its types (`own` are the party's).
    fn type_numbers(
        &mut self,
        path: &str,
        tree: Option<&Tree>,
        own: Option<&TypeNumbers<InputId>>,
        party: usize,
    ) -> TypeNumbers<InputId> {
        let mut scalar = |key: &str, field, parent: Option<InputId>| {
            let value = tree.and_then(|t| key.split('.').try_fold(t, |t, part| t.get(part)));
            self.input(format!("{path}.{key}"), value, field, parent)
        };
        // A party's own prior stands for its single type.
        let prior = match own {
            Some(_) => scalar("prior", n::PRIOR, None),
            None => scalar("prior", n::ONLY_TYPE, None),
        };
        let patience = scalar("patience", n::PATIENCE, own.map(|o| o.patience));
        let burden = scalar("burden", n::BURDEN, own.map(|o| o.burden));
        let scar = scalar("scar", n::SCAR, own.map(|o| o.scar));
        let escalation_cost = scalar(
            "escalation_cost",
            n::ESCALATION_COST,
            own.map(|o| o.escalation_cost),
        );
        let believes_edge = scalar(
            "believes.edge",
            n::BELIEVES_EDGE,
            own.map(|o| o.believes_edge),
        );

        let mut plain = |key: &str, field, parent: Option<InputId>| {
            let value = tree.and_then(|t| key.split('.').try_fold(t, |t, part| t.get(part)));
            self.input(format!("{path}.{key}"), value, field, parent)
        };
        let believes_escalation = plain(
            "believes.escalation",
            n::BELIEVES_ESCALATION,
            own.map(|o| o.believes_escalation),
        );
        let believes_chance = plain(
            "believes.chance",
            n::BELIEVES_CHANCE,
            own.map(|o| o.believes_chance),
        );
        let own_sd = plain("believes.own_sd", n::OWN_SD, own.map(|o| o.own_sd));
        let reservation = plain("reservation", n::RESERVATION, own.map(|o| o.reservation));
        let fighting_cost = plain(
            "fighting_cost",
            n::FIGHTING_COST,
            own.map(|o| o.fighting_cost),
        );
        let learning_rate = plain(
            "believes.learning_rate",
            n::LEARNING_RATE,
            own.map(|o| o.learning_rate),
        );
        let news_bias = plain("believes.news_bias", n::NEWS_BIAS, own.map(|o| o.news_bias));
        // A type's own doubt is what news can move, unless it or its party says more.
        let doubts = tree.is_some_and(|t| t.at(&["believes", "own_sd"]).is_some());
        let open = own.map(|o| o.open_to_news).filter(|_| !doubts);
        let open_to_news = plain(
            "believes.open_to_news",
            n::OPEN_TO_NEWS,
            open.or(Some(own_sd)),
        );
        let aspiration = match own {
            Some(own) => own.aspiration,
            None => plain("aspiration", n::ASPIRATION, None),
        };
        let office = plain("leader.office", n::OFFICE, own.map(|o| o.office));
        let legacy = plain("leader.legacy", n::LEGACY, own.map(|o| o.legacy));
        let renege_cost = self.input(
            format!("{path}.renege_cost"),
            tree.and_then(|t| t.get("renege_cost")),
            n::RENEGE_COST,
            own.map(|o| o.renege_cost),
        );
        let fates = self.fates(path, tree, own, party);
        let interactions = self.interaction_worths(path, tree, own, party);

        let stated = tree.and_then(|t| t.get("issue"));
        for (key, _) in stated.map_or(&[][..], Tree::entries) {
            self.issues.resolve_key(key, self.diagnostics);
        }
        let (mut weights, mut values) = (Vec::new(), Vec::new());
        for k in 0..self.issues.list.len() {
            let issue = self.issues.list[k].clone();
            let table = stated.and_then(|s| s.get(&issue));
            let path = format!("{path}.issue.{issue}");
            let weight = table.and_then(|t| t.get("weight"));
            weights.push(self.input(
                format!("{path}.weight"),
                weight,
                n::WEIGHT,
                own.map(|o| o.weights[k]),
            ));
            self.values(&path, table, own, k, &mut values);
            if let (None, None, Some(table)) = (own, weight, table) {
                self.refuse_unweighted(&path, tree, &issue, table);
            }
        }
        if let (None, Some(tree)) = (own, tree) {
            self.build_weights(path, tree, &weights);
        }
        TypeNumbers {
            prior,
            patience,
            burden,
            scar,
            escalation_cost,
            believes_edge,
            believes_escalation,
            believes_chance,
            own_sd,
            reservation,
            fighting_cost,
            aspiration,
            renege_cost,
            learning_rate,
            news_bias,
            open_to_news,
            office,
            legacy,
            weights,
            values,
            interactions,
            about: Vec::new(),
            believes_rates: Vec::new(),
            rate_sds: Vec::new(),
            fates,
        }
    }

    /// Values without a weight count for nothing: that is a slip unless the party ranks its issues or every type has its own.
    fn refuse_unweighted(&mut self, path: &str, party: Option<&Tree>, issue: &str, table: &Tree) {
        let types = party.and_then(|p| p.get("type"));
        let types = types.map_or(&[][..], Tree::entries);
        let own = |(_, kind): &(crate::Key, Tree)| kind.at(&["issue", issue, "weight"]).is_some();
        let every = !types.is_empty() && types.iter().all(own);
        let ranked = party.is_some_and(|p| p.at(&["weights", "rank"]).is_some());
        if table.get("value").is_some() && !every && !ranked {
            self.fault(
                Diagnostic::new(Code::MISSING_KEY, format!("`weight` is missing in [{path}]"))
                    .at(table.span, "values without a weight count for nothing")
                    .help("weight: of the issue among the party's issues; for instance weight = \"20 to 40\""),
            );
        }
    }

    /// The values of one issue's options.
    fn values(
        &mut self,
        path: &str,
        table: Option<&Tree>,
        own: Option<&TypeNumbers<InputId>>,
        k: usize,
        values: &mut Vec<InputId>,
    ) {
        let list = table.and_then(|t| t.get("value"));
        let mut misspelt = false;
        for (key, _) in list.map_or(&[][..], Tree::entries) {
            misspelt |= self.options[k].resolve_key(key, self.diagnostics).is_none();
        }
        let mut missing = Vec::new();
        for o in 0..self.options[k].list.len() {
            let option = self.options[k].list[o].clone();
            let value = list.and_then(|l| l.get(&option));
            if value.is_none() {
                missing.push(option.clone());
            }
            let parent = own.map(|own| own.values[values.len()]);
            let id = self.input(format!("{path}.value.{option}"), value, n::VALUE, parent);
            let input = &mut self.inputs[id.0 as usize];
            let end = matches!(&input.draw, Draw::Own(d) if d.exact().is_some_and(|x| x == 0.0 || x == 1.0));
            if end && input.status == Status::Placeholder {
                input.status = Status::ScaleEnd;
            }
            values.push(id);
        }
        // A party that cares about an issue says what each option is worth; a type may leave out what it shares.
        let readable = table.is_some_and(Tree::is_table) && list.is_none_or(Tree::is_table);
        if let (Some(table), None, true) =
            (table, own, readable && !misspelt && !missing.is_empty())
        {
            self.fault(
                Diagnostic::new(
                    Code::MISSING_VALUE,
                    format!("no value for {} in [{path}]", list_of(&missing)),
                )
                .at(list.unwrap_or(table).span, "in this table")
                .help("give every option of the issue a value between 0 (worst) and 1 (best)"),
            );
        }
    }

    pub(super) fn build_red_lines(&mut self) {
        let entries = self.tree.get("party").map_or(&[][..], Tree::entries);
        for (p, (party, tree)) in entries.iter().enumerate() {
            super::names::Names::of("red line", tree.get("redline"), self.diagnostics);
            for (id, line) in tree.get("redline").map_or(&[][..], Tree::entries) {
                let path = format!("party.{}.redline.{}", party.text, id.text);
                let when = line
                    .get("when")
                    .map(|when| self.pattern(when))
                    .unwrap_or_default();
                let soft = line.get("kind").and_then(Tree::text) == Some("soft");
                if soft && line.get("penalty").is_none() {
                    self.fault(
                        Diagnostic::new(
                            Code::MISSING_KEY,
                            format!("`penalty` is missing in [{path}]"),
                        )
                        .at(id.span, "a soft red line")
                        .help("say what crossing it costs, in points: penalty = \"5 to 15\""),
                    );
                }
                if let (false, Some(penalty)) = (soft, line.get("penalty")) {
                    self.fault(
                        Diagnostic::new(Code::UNUSED_NUMBER, "a hard red line has no price")
                            .at(penalty.span, "not used")
                            .help("write kind = \"soft\" if it can be bought, or leave the penalty out"),
                    );
                }
                let own = super::names::Names {
                    what: format!("type of `{}`", party.text),
                    list: self.setting.types[self.setting.parties[p].types.clone()]
                        .iter()
                        .map(|t| t.id.clone())
                        .collect(),
                };
                let first = self.setting.parties[p].types.start;
                let types = match line.get("types") {
                    Some(list) => {
                        self.refuse_empty(list, "no type would hold the line");
                        own.resolve_all(Some(list), self.diagnostics)
                            .into_iter()
                            .map(|t| first + t)
                            .collect()
                    }
                    None => self.setting.parties[p].types.clone().collect(),
                };
                self.sources
                    .resolve_all(line.get("source"), self.diagnostics);
                let on = self.number(&path, Some(line), "on", n::SWITCH_ON);
                self.inputs[on.0 as usize].status = Status::Switch;
                let penalty = self.number(&path, Some(line), "penalty", n::PENALTY);
                self.shape.red_lines.push(RedLineNumbers { on, penalty });
                self.setting.red_lines.push(RedLine {
                    id: format!("{}.{}", party.text, id.text),
                    says: line.get("says").and_then(plain).unwrap_or_default(),
                    party: p,
                    types,
                    when,
                    stiffness: if soft {
                        LineStiffness::Soft
                    } else {
                        LineStiffness::Hard
                    },
                });
            }
        }
    }
}

/// The `name` of a table, or its key.
pub(super) fn name_of(tree: &Tree, key: &str) -> String {
    tree.get("name")
        .and_then(plain)
        .unwrap_or_else(|| key.replace('_', " "))
}

pub(super) fn side(tree: Option<&Tree>) -> Option<Side> {
    match tree.and_then(Tree::text) {
        Some("A") => Some(Side::A),
        Some("B") => Some(Side::B),
        _ => None,
    }
}

fn role(word: &str) -> Option<Role> {
    match word {
        "belligerent" => Some(Role::Belligerent),
        "principal" => Some(Role::Principal),
        "patron" => Some(Role::Patron),
        "mediator" => Some(Role::Mediator),
        "observer" => Some(Role::Observer),
        _ => None,
    }
}

fn list_of(names: &[String]) -> String {
    names
        .iter()
        .map(|name| format!("`{name}`"))
        .collect::<Vec<_>>()
        .join(", ")
}
