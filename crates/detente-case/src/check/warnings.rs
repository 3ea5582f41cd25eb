//! Warnings that make analysts better.

mod scales;

use detente_core::{Constraint, LineStiffness, RedLine, Role};
use detente_diag::{Code, Diagnostic, Diagnostics, Span};

use super::dates::is_later;
use super::packages::satisfiable;
use crate::defaults::why_idle;
use crate::{Case, ClaimTest, Draw, InputId, Overrides, Replacement, Status, Tells, Tree, With};

pub(super) fn warn(case: &Case, tree: &Tree, diagnostics: &mut Diagnostics) {
    let mut warner = Warner {
        case,
        tree,
        diagnostics,
    };
    warner.unsourced();
    warner.defaults();
    warner.idle();
    warner.not_yet_computed();
    warner.acts();
    warner.unused_parties();
    warner.unused_facts();
    warner.costs_on_another_scale();
    warner.priors();
    warner.abouts();
    warner.weights();
    warner.line();
    warner.later_than_case();
    warner.no_package_left();
    warner.taken_over();
}

struct Warner<'a> {
    case: &'a Case,
    tree: &'a Tree,
    diagnostics: &'a mut Diagnostics,
}

impl Warner<'_> {
    fn say(&mut self, code: Code, message: String, at: Span, label: &str, help: &str) {
        let warning = Diagnostic::new(code, message).at(at, label).help(help);
        self.diagnostics.push(warning);
    }

    /// The case as a whole.
    fn top(&self) -> Span {
        Span::new(self.tree.span.file, 0, 0)
    }

    /// Where a key of a table stands.
    fn key(&self, path: &[&str], key: &str) -> Span {
        let table = self.tree.at(path).map_or(&[][..], Tree::entries);
        let found = table.iter().find(|(k, _)| k.text == key);
        found.map_or(self.top(), |(k, _)| k.span)
    }

    fn median(&self, id: InputId) -> f64 {
        match &self.case.inputs[id.0 as usize].draw {
            Draw::Own(distribution) => distribution.quantile(0.5),
            Draw::Inherited(same) => self.median(*same),
            Draw::Ranked { .. } => f64::NAN,
        }
    }

    fn unsourced(&mut self) {
        let on = self.case.resting_on();
        if on.placeholders > 0 {
            let message = on.to_string();
            let help = "give a number a source or a status: { value = …, source = […] }";
            self.say(Code::UNSOURCED, message, self.top(), "", help);
        }
    }

    fn defaults(&mut self) {
        if let Some(message) = super::defaults::in_words(self.case) {
            let help = "state each, 0 included, with a source or a why; `detente explain PATH` says what it is, `detente list inputs CASE` lists all";
            self.say(Code::DEFAULTS, message, self.top(), "", help);
        }
    }

    /// Numbers that somebody stated for nothing.
    fn idle(&mut self) {
        let case = self.case;
        let idle = case.inputs.iter().filter(|i| i.status == Status::Idle);
        for input in idle {
            let because = why_idle(&case.setting, &case.shape, &input.path);
            let message = format!("no answer depends on `{}`: {because}", input.path);
            let at = input.span.unwrap_or(self.top());
            let help = "leave it out, or say what was meant";
            self.say(Code::UNUSED_NUMBER, message, at, "not used", help);
        }
    }

    /// Acts that tell nothing, and answers to packages that were not there yet.
    fn acts(&mut self) {
        let entries = self.tree.get("act").map_or(&[][..], Tree::entries);
        let acts = self.case.acts.iter().zip(entries);
        let mut said = Vec::new();
        for (act, (key, _)) in acts {
            if act.tells == Tells::Nothing {
                let message = format!(
                    "act `{}` weighs nothing: it does not say what it tells",
                    act.id
                );
                let help = "accepted, refused, pulled, withheld or announced = \"…\", or a likelihood of every type";
                said.push((message, key.span, help));
            }
            let answered = match &act.tells {
                Tells::Accepted(p) | Tells::Refused(p, _) => *p,
                _ => continue,
            };
            let package = &self.case.setting.packages[answered];
            if let Some(on) = package.on.as_ref().filter(|on| is_later(on, &act.on)) {
                let message = format!(
                    "act `{}` of {} answers package `{}` of {on}",
                    act.id, act.on, package.id
                );
                said.push((message, key.span, "is one of the dates wrong?"));
            }
        }
        for (message, at, help) in said {
            self.say(Code::IDLE_ACT, message, at, "", help);
        }
    }

    fn not_yet_computed(&mut self) {
        let mut parts: Vec<(String, &str)> = Vec::new();
        for anchor in &self.case.anchors {
            let entries = anchor.quantity.quantities();
            if let Some(entry) = entries.iter().find(|entry| !entry.computed) {
                parts.push((format!("anchor.{}", anchor.id), entry.lens));
            }
        }
        if parts.is_empty() {
            return;
        }
        let listed: Vec<String> = parts
            .iter()
            .map(|(part, lens)| format!("{part} ({lens})"))
            .collect();
        let message = format!(
            "no lens uses these parts of the case yet: {}",
            listed.join(", ")
        );
        let help = "they are read and checked, but no answer depends on them; in brackets the lens they await";
        self.say(Code::NOT_YET_COMPUTED, message, self.top(), "", help);
    }

    fn unused_parties(&mut self) {
        for party in 0..self.case.setting.parties.len() {
            let own = &self.case.setting.parties[party];
            let idle = own.side.is_none() && !own.roles.iter().any(|role| *role != Role::Observer);
            if idle && !is_mentioned(self.case, party) {
                let message = format!("party `{}` is never used", own.id);
                let at = self.key(&["party"], &own.id);
                let help = "its acceptance is still reported; leave it out if that is not wanted";
                let label = "has no side, and no part besides observing";
                self.say(Code::UNUSED_PARTY, message, at, label, help);
            }
        }
    }

    fn unused_facts(&mut self) {
        for (key, _) in self.tree.get("fact").map_or(&[][..], Tree::entries) {
            let path = format!("fact.{}", key.text);
            if !self.case.inputs.iter().any(|input| input.path == path) {
                let message = format!("no number takes the fact `{}`", key.text);
                let help = format!("write \"{path}\" where a number stands, or leave it out");
                self.say(Code::UNUSED_NUMBER, message, key.span, "not used", &help);
            }
        }
    }

    /// Nothing that the case knows is later than its date.
    fn later_than_case(&mut self) {
        let as_of = self.case.setting.as_of.clone();
        let dated: [(&str, &str, &str); 7] = [
            ("package", "on", "package"),
            ("act", "on", "act"),
            ("anchor", "on", "anchor"),
            ("claim", "on", "claim"),
            ("reading", "on", "reading"),
            ("judgement", "on", "judgement"),
            ("source", "date", "source"),
        ];
        for (table, key, what) in dated {
            for (id, entry) in self.tree.get(table).map_or(&[][..], Tree::entries) {
                let Some(value) = entry.get(key) else {
                    continue;
                };
                let date = super::builder::plain(value).unwrap_or_default();
                if is_later(&date, &as_of) && entry.get("later").is_none() {
                    let message = format!("{what} `{}` is of {date}, later than the case", id.text);
                    let help = format!(
                        "the case knows nothing later than {as_of}: is one of the dates wrong, or does it belong into evidence.toml? `later = \"…\"` says why it stands here all the same"
                    );
                    self.say(Code::LATER_THAN_CASE, message, value.span, "later", &help);
                }
            }
        }
        for (id, party) in self.tree.get("party").map_or(&[][..], Tree::entries) {
            let formed = party.get("prior_formed");
            let date = formed.and_then(super::builder::plain).unwrap_or_default();
            if let Some(formed) = formed.filter(|_| is_later(&date, &as_of)) {
                let message = format!("the priors of `{}` were formed after the case", id.text);
                let help = format!("the case knows nothing later than {as_of}");
                self.say(Code::LATER_THAN_CASE, message, formed.span, "later", &help);
            }
        }
    }

    /// Numbers that claims and readings set, and a lever that runs now sets too.
    fn taken_over(&mut self) {
        let case = self.case;
        let mut look = |what: String, set: Vec<&Replacement>| {
            let over = Overrides {
                replaced: set
                    .iter()
                    .map(|put| (put.input, put.distribution.clone()))
                    .collect(),
                ..Overrides::default()
            };
            for put in set {
                if let Some(taken) = case.taken_over(put.input, &over) {
                    let help = format!(
                        "set `lever.{0}.sets.{1}` instead, or switch the lever off in the same place: \"lever.{0}.on\" = false",
                        taken.lever, taken.path
                    );
                    let message = format!("{what} sets a number that does not stay: {taken}");
                    self.say(
                        Code::TAKEN_OVER,
                        message,
                        put.span,
                        "until the lever takes over",
                        &help,
                    );
                }
            }
        };
        for reading in &case.readings {
            look(
                format!("reading `{}`", reading.id),
                reading.set.iter().collect(),
            );
        }
        for claim in &case.claims {
            if let ClaimTest::Share(test) = &claim.test {
                let set = With::inputs(&test.with).collect();
                look(format!("claim `{}`", claim.id), set);
            }
        }
        for anchor in &case.anchors {
            for with in [&anchor.with, &anchor.against] {
                let set = With::inputs(with).collect();
                look(format!("anchor `{}`", anchor.id), set);
            }
        }
    }

    /// Does a party have any package at all that crosses no hard red line of all its types?
    fn no_package_left(&mut self) {
        for (p, party) in self.case.setting.parties.iter().enumerate() {
            let held_by_all = |line: &&RedLine| {
                let all = party.types.clone().all(|t| line.types.contains(&t));
                line.party == p && all && line.stiffness == LineStiffness::Hard
            };
            let lines = &self.case.setting.red_lines;
            let on = lines.iter().zip(&self.case.shape.red_lines);
            let drawn: Vec<&RedLine> = on
                .filter(|(_, numbers)| self.median(numbers.on) > 0.0)
                .map(|(line, _)| line)
                .filter(held_by_all)
                .collect();
            let Some(last) = drawn.last() else {
                continue;
            };
            let mut rules = self.case.setting.constraints.clone();
            rules.extend(drawn.iter().map(|line| Constraint {
                id: line.id.clone(),
                when: line.when.clone(),
                then: None,
            }));
            if !satisfiable(&self.case.setting, &rules) {
                let message = format!("the red lines of `{}` rule out every package", party.id);
                let own = last.id.split_once('.').map_or("", |(_, id)| id);
                let at = self.key(&["party", &party.id, "redline"], own);
                let help = "it would accept nothing, whatever war costs: loosen a line, make it soft, or give it to some types";
                self.say(
                    Code::NO_PACKAGE_LEFT,
                    message,
                    at,
                    "with this one nothing is left",
                    help,
                );
            }
        }
    }
}

fn is_mentioned(case: &Case, p: usize) -> bool {
    let setting = &case.setting;
    let performs = |issue: &detente_core::Issue| {
        issue
            .options
            .iter()
            .any(|option| option.performers.contains(p))
    };
    setting.issues.iter().any(performs)
        || setting.levers.iter().any(|lever| lever.by == p)
        || setting
            .packages
            .iter()
            .any(|package| package.by == Some(p) || package.needed.contains(p))
        || setting
            .contest
            .iter()
            .flat_map(|c| &c.supplies)
            .any(|supply| supply.from == p)
        || case.acts.iter().any(|act| act.by == p)
}
