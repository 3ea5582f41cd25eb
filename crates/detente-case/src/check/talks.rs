//! The talks: who proposes what and when, who answers, which threats may be announced and carried out. What a case leaves out follows from
//! its parties, levers and packages, and is listed with the rest.

use detente_core::talks::{MOST_MONTHS, MOST_MOVES, MOST_OFFERS, MOST_ROUNDS, MOVES, TalksSetting};
use detente_core::{PartySet, Role, TalksNumbers, Trigger};
use detente_diag::{Code, Diagnostic};
use detente_math::Distribution;

use super::builder::Builder;
use super::packages::party_set;
use super::planned::entries;
use crate::grammar::numbers as n;
use crate::{Domain, Draw, Input, InputId, NumberField, Tree, TreeKind};

/// Rounds where a case does not say.
const ROUNDS: usize = 2;

impl Builder<'_> {
    /// Reads the table; packages, levers and the account of no deal are known.
    pub(super) fn build_talks(&mut self) {
        let Some(tree) = self.tree.get("talks").filter(|tree| tree.is_table()) else {
            return;
        };
        let keys = [
            "protocol",
            "first",
            "order",
            "rounds",
            "months",
            "agree",
            "menu",
            "find",
            "offers",
            "passes",
            "announcements",
            "levers",
            "only_announced",
            "news",
            "meanwhile",
            "moves",
        ];
        let unstated = keys.into_iter().filter(|key| tree.get(key).is_none());
        let mut talks = TalksSetting {
            unstated: unstated.collect(),
            rounds: self.count(tree, "rounds", (0, MOST_ROUNDS), ROUNDS),
            months: self.count(tree, "months", (1, MOST_MONTHS), 1),
            moves: self.count(tree, "moves", (20, MOST_MOVES), MOVES),
            order: self.order(tree),
            agree: PartySet::default(),
            named: Vec::new(),
            found: switch(tree, "find", true),
            offers: 0,
            passes: switch(tree, "passes", true),
            announced: Vec::new(),
            levers: Vec::new(),
            only_announced: switch(tree, "only_announced", false),
            news: None,
        };
        if tree.get("agree").is_some() {
            let all = self
                .parties
                .resolve_all(tree.get("agree"), self.diagnostics);
            talks.agree = party_set(all);
        }
        talks.named = match tree.get("menu") {
            Some(menu) => self.packages.resolve_all(Some(menu), self.diagnostics),
            None => (0..self.setting.packages.len()).collect(),
        };
        let stated = tree.get("menu").map_or(0, |_| talks.named.len());
        let usual = if talks.found {
            MOST_OFFERS
        } else {
            talks.named.len().clamp(1, MOST_OFFERS)
        };
        talks.offers = self.count(tree, "offers", (1, MOST_OFFERS), usual);
        if stated > talks.offers
            && let Some(menu) = tree.get("menu")
        {
            let message = format!(
                "{stated} packages may be proposed, and there is room for {}",
                talks.offers
            );
            self.talks_fault(
                message,
                menu,
                "too many",
                "name no more packages than `offers`, of which there are at most 8",
            );
        }
        if talks.named.is_empty() && !talks.found {
            let message = "nothing could be proposed: no package is named, and none is to be found"
                .to_owned();
            let at = tree.get("find").unwrap_or(tree);
            self.talks_fault(
                message,
                at,
                "",
                "name packages under `menu`, or leave out find = false",
            );
        }
        self.talks_levers(tree, &mut talks);
        self.talks_numbers(tree, &mut talks);
        if !talks.order.is_empty() {
            self.setting.talks = Some(talks);
        }
    }

    /// A fault of the table: two keys that do not go together.
    fn talks_fault(&mut self, message: String, at: &Tree, label: &str, help: &str) {
        let fault = Diagnostic::new(Code::TALKS, message);
        self.fault(fault.at(at.span, label.to_owned()).help(help.to_owned()));
    }

    /// A whole number within bounds, the same in every world.
    fn count(
        &mut self,
        talks: &Tree,
        key: &str,
        (least, most): (usize, usize),
        usual: usize,
    ) -> usize {
        let Some(tree) = talks.get(key) else {
            return usual;
        };
        let field = NumberField {
            unit: "",
            domain: Domain::NotNegative,
            default: None,
        };
        let Some(stated) = self.stated(tree, field) else {
            return usual;
        };
        let whole = stated.distribution.exact().filter(|x| x.fract() == 0.0);
        match whole {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "a whole number within bounds"
            )]
            Some(x) if (least as f64..=most as f64).contains(&x) => x as usize,
            _ => {
                let code = match whole {
                    Some(x) if x > most as f64 => Code::TOO_LARGE,
                    _ => Code::OUT_OF_BOUNDS,
                };
                let fault = Diagnostic::new(
                    code,
                    format!("`{key}` of the talks is not a possible number"),
                );
                self.fault(fault.at(tree.span, "here").help(format!(
                    "write a whole number from {least} to {most}, the same in every world"
                )));
                usual
            }
        }
    }

    /// Who proposes, round after round.
    fn order(&mut self, tree: &Tree) -> Vec<usize> {
        let parties = &self.setting.parties;
        let signing: Vec<usize> = self.setting.signatories().iter().collect();
        let mediators = parties.iter().enumerate();
        let mediators = mediators
            .filter(|(p, party)| party.roles.contains(&Role::Mediator) && !signing.contains(p));
        let mediator = mediators.map(|(p, _)| p).next();
        let first = tree.get("first");
        let named = first.and_then(|tree| self.parties.resolve(tree, self.diagnostics));
        if let Some(order) = tree.get("order") {
            for key in ["protocol", "first"] {
                if let Some(other) = tree.get(key) {
                    let message = format!("`order` and `{key}` both say who proposes");
                    self.talks_fault(
                        message,
                        other,
                        "said twice",
                        "keep `order`, which names who proposes in every round, or the other",
                    );
                }
            }
            let order_of = self.parties.resolve_each(order, self.diagnostics);
            if order.items().is_empty() {
                let message = "`order` names nobody who proposes".to_owned();
                self.talks_fault(
                    message,
                    order,
                    "empty",
                    "name the party that proposes in the first round, then the next",
                );
            }
            return order_of;
        }
        let protocol = tree.get("protocol");
        let said = protocol.and_then(Tree::text);
        let mediated = match said {
            Some("mediated") => true,
            Some(_) => false,
            None => match named {
                Some(first) => !signing.contains(&first),
                None => mediator.is_some(),
            },
        };
        if mediated {
            let Some(by) = named.or(mediator) else {
                // That the name is unknown has been said.
                if first.is_none() {
                    let message = "the talks are mediated, and no party is a mediator".to_owned();
                    let at = protocol.unwrap_or(tree);
                    self.talks_fault(message, at, "by whom?", "give a party the role \"mediator\", or say who proposes: first = \"PARTY\"");
                }
                return Vec::new();
            };
            if signing.contains(&by)
                && let Some(first) = first
            {
                let message = format!(
                    "`{}` signs the deal and cannot be its mediator",
                    self.setting.parties[by].id
                );
                self.talks_fault(
                    message,
                    first,
                    "a party to the deal",
                    "write protocol = \"alternating\", or name a party that does not sign",
                );
            }
            return vec![by];
        }
        if let (Some(by), Some(first)) = (named, first)
            && !signing.contains(&by)
            && said == Some("alternating")
        {
            let message = format!(
                "the parties to the deal propose in turn, and `{}` is none of them",
                self.setting.parties[by].id
            );
            self.talks_fault(message, first, "does not sign", "write protocol = \"mediated\", name a party that signs, or list who proposes under `order`");
        }
        let by = named.or(signing.first().copied());
        let Some(by) = by else {
            return Vec::new();
        };
        if said == Some("same") {
            return vec![by];
        }
        let at = signing.iter().position(|p| *p == by).unwrap_or(0);
        let mut order = signing.clone();
        order.rotate_left(at);
        order
    }

    /// Which levers may be pulled, and which of them announced.
    fn talks_levers(&mut self, tree: &Tree, talks: &mut TalksSetting) {
        let waits = |builder: &Self, l: usize| {
            matches!(
                builder.setting.levers.get(l).map(|lever| lever.trigger),
                Some(Trigger::Refuse(_))
            )
        };
        for key in ["announcements", "levers"] {
            let listed = self.levers.resolve_all(tree.get(key), self.diagnostics);
            for l in listed {
                if !waits(self, l) && self.sound_levers.get(l).copied().unwrap_or(false) {
                    let message = format!("lever `{}` answers no refusal", self.levers.list[l]);
                    let at = tree.get(key).unwrap_or(tree);
                    self.talks_fault(message, at, "named here", "in the talks levers with trigger = \"refuse(PARTY)\" are announced and pulled; others run now, or belong to the deal");
                }
            }
        }
        let list = |key: &str| {
            let stated = tree.get(key).map(|list| {
                // Faults were said above.
                let names = list.items().iter().filter_map(Tree::text);
                names
                    .filter_map(|name| self.levers.find(name))
                    .collect::<Vec<usize>>()
            });
            let all = 0..self.setting.levers.len();
            let waiting = all.filter(|l| waits(self, *l));
            match (stated, key) {
                (Some(stated), _) => stated.into_iter().filter(|l| waits(self, *l)).collect(),
                (None, "levers") => waiting.collect::<Vec<usize>>(),
                (None, _) => {
                    let costs = |l: &usize| {
                        let table = self
                            .tree
                            .get("lever")
                            .and_then(|all| all.get(&self.levers.list[*l]));
                        table.is_some_and(|lever| lever.get("audience_cost").is_some())
                    };
                    waiting.filter(costs).collect()
                }
            }
        };
        let (announced, levers): (Vec<usize>, Vec<usize>) = (list("announcements"), list("levers"));
        talks.announced = announced;
        // What may be announced may be pulled; what is not listed to be pulled and not announced outright may not.
        if tree.get("levers").is_some() && tree.get("announcements").is_none() {
            talks.announced.retain(|l| levers.contains(l));
        }
        talks.levers.clone_from(&talks.announced);
        talks
            .levers
            .extend(levers.into_iter().filter(|l| !talks.announced.contains(l)));
        if talks.only_announced
            && talks.announced.is_empty()
            && let Some(at) = tree.get("only_announced")
        {
            let message =
                "levers are pulled only if they were announced, and none can be".to_owned();
            self.talks_fault(
                message,
                at,
                "here",
                "name levers under `announcements`, or leave this out",
            );
        }
    }

    /// What waiting is worth, and what news tells of.
    fn talks_numbers(&mut self, tree: &Tree, talks: &mut TalksSetting) {
        let types = self.setting.types.len();
        let none = |builder: &mut Self, path: String| {
            let id = builder.register(Input::unstated(path, n::MEANWHILE, None));
            builder.inputs[id.0 as usize].draw = Draw::Own(Distribution::Exact(f64::NAN));
            id
        };
        let mut meanwhile: Vec<Option<InputId>> = vec![None; types];
        let months = [("contest", "a contest"), ("process", "a process")];
        if let Some(stated) = tree.get("meanwhile")
            && let Some((_, account)) = months.iter().find(|(key, _)| self.tree.get(key).is_some())
        {
            let message =
                format!("the case has {account}, which says what a month without a deal is worth");
            self.talks_fault(
                message,
                stated,
                "said twice",
                "`meanwhile` is for cases with reservation values or a lottery; leave it out",
            );
        }
        for (key, value) in entries(tree.get("meanwhile")) {
            let path = format!("talks.meanwhile.{}", key.text);
            let id = self.input(path, Some(value), n::MEANWHILE, None);
            if let Some(party) = self.parties.resolve_key(key, self.diagnostics)
                && let Some(party) = self.setting.parties.get(party)
            {
                meanwhile[party.types.clone()].fill(Some(id));
            }
        }
        let mut news: Vec<Option<InputId>> = vec![None; types];
        for (key, value) in entries(tree.get("news")) {
            let path = format!("talks.news.{}", key.text);
            let id = self.input(path, Some(value), n::CHANCE, None);
            let Some((party, kind)) = self.type_named(key) else {
                continue;
            };
            if talks.news.is_some_and(|known| known != party) {
                let message = "the news tells of types of two parties".to_owned();
                let fault = Diagnostic::new(Code::TALKS, message).at(key.span, "of another party");
                self.fault(fault.help("say how likely the news is for each type of one party"));
            }
            talks.news.get_or_insert(party);
            news[kind] = Some(id);
        }
        if let Some(party) = talks.news {
            let own = self.setting.parties[party].types.clone();
            if let (true, Some(at)) = (news[own].iter().any(Option::is_none), tree.get("news")) {
                let message = format!(
                    "the news is not said of every type of `{}`",
                    self.setting.parties[party].id
                );
                self.talks_fault(
                    message,
                    at,
                    "here",
                    "give each type of the party a chance that the news comes",
                );
            }
        }
        let unstated = none(self, "talks.unstated".to_owned());
        let all = |list: Vec<Option<InputId>>| {
            list.into_iter().map(|id| id.unwrap_or(unstated)).collect()
        };
        self.shape.talks.push(TalksNumbers {
            meanwhile: all(meanwhile),
            news: all(news),
        });
    }

    /// The party and the type, in the flat list of all, that a key names: `PARTY.TYPE`, or the party where it has a single one.
    fn type_named(&mut self, key: &crate::Key) -> Option<(usize, usize)> {
        let (party, kind) = key.text.split_once('.').unwrap_or((&key.text, &key.text));
        let part = |text: &str| crate::Key {
            text: text.to_owned(),
            span: key.span,
        };
        let found = self.parties.resolve_key(&part(party), self.diagnostics)?;
        let own = self.types[found].resolve_key(&part(kind), self.diagnostics)?;
        let party = self.setting.parties.get(found)?;
        Some((found, party.types.start + own))
    }
}

fn switch(tree: &Tree, key: &str, usual: bool) -> bool {
    match tree.get(key).map(|tree| &tree.kind) {
        Some(TreeKind::Switch(stated)) => *stated,
        _ => usual,
    }
}
