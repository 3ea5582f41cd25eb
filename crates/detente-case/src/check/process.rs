//! The process: states, ends, and the moves between them.

use detente_core::{
    MoveNumbers, PlaceNumbers, ProcessMove, ProcessNumbers, ProcessPlace, ProcessSetting,
    ProcessState, RateNumbers,
};
use detente_diag::{Code, Diagnostic};
use detente_math::Distribution;

use super::builder::Builder;
use super::names::Names;
use super::packages::party_set;
use super::parties::name_of;
use super::planned::entries;
use crate::grammar::{Refer, numbers as n};
use crate::{Draw, InputId, Key, NumberField, Status, Tree, TreeKind, limits};

impl Builder<'_> {
    /// After the packages, which states may be like.
    pub(super) fn build_process(&mut self) {
        let whole = self.tree;
        let Some(tree) = whole.get("process").filter(|tree| tree.is_table()) else {
            self.build_rates(None);
            return;
        };
        let states = Names::of("state", tree.get("state"), self.diagnostics);
        let ends = Names::of("end", tree.get("end"), self.diagnostics);
        Names::of("move", tree.get("move"), self.diagnostics);
        for (key, _) in entries(tree.get("end")) {
            if states.find(&key.text).is_some() {
                let what = format!("`{}` is a state and an end", key.text);
                let fault = Diagnostic::new(Code::BAD_PROCESS, what).at(key.span, "this end");
                self.fault(fault.help("give one of them another name"));
            }
        }
        let today = tree
            .get("today")
            .and_then(|name| states.resolve(name, self.diagnostics));
        let resumes = tree
            .get("resumes")
            .and_then(|name| states.resolve(name, self.diagnostics));
        let mut process = ProcessSetting {
            today: today.unwrap_or(0),
            resumes: resumes.or(today).unwrap_or(0),
            ..ProcessSetting::default()
        };
        let mut numbers = ProcessNumbers::default();
        for (key, table) in entries(tree.get("state")) {
            let (state, own) = self.place("state", key, table);
            process.states.push(state);
            numbers.states.push(own);
        }
        for (key, table) in entries(tree.get("end")) {
            let (end, own) = self.place("end", key, table);
            process.ends.push(end);
            numbers.ends.push(own);
        }
        let places = Names {
            what: "state or end".to_owned(),
            list: [&states.list[..], &ends.list[..]].concat(),
        };
        let mut sound = today.is_some();
        for (key, table) in entries(tree.get("move")) {
            let from = table
                .get("from")
                .and_then(|name| states.resolve(name, self.diagnostics));
            let to = table
                .get("to")
                .and_then(|name| places.resolve(name, self.diagnostics));
            let path = format!("process.move.{}", key.text);
            let rate = self.number(&path, Some(table), "rate", n::RATE);
            let later = entries(table.get("later"));
            Names::of(
                format!("later rate of `{}`", key.text),
                table.get("later"),
                self.diagnostics,
            );
            let rates = later.iter().map(|(key, table)| {
                let path = format!("{path}.later.{}", key.text);
                RateNumbers {
                    from_month: self.number(&path, Some(table), "from_month", n::RATE_FROM),
                    rate: self.number(&path, Some(table), "rate", n::RATE),
                }
            });
            let rates: Vec<RateNumbers<InputId>> = rates.collect();
            let by = self.parties.resolve_all(table.get("by"), self.diagnostics);
            let (Some(from), Some(to)) = (from, to) else {
                sound = false;
                continue;
            };
            if from == to {
                let what = format!("`{}` leads from `{}` to itself", key.text, states.list[to]);
                let fault = Diagnostic::new(Code::BAD_PROCESS, what).at(key.span, "this move");
                self.fault(fault.help("leave it out: a state lasts until a move leaves it"));
            }
            process.moves.push(ProcessMove {
                id: key.text.clone(),
                name: name_of(table, &key.text),
                from,
                to: match to.checked_sub(states.list.len()) {
                    None => ProcessPlace::State(to),
                    Some(end) => ProcessPlace::End(end),
                },
                by: party_set(by),
                later: later.iter().map(|(key, _)| key.text.clone()).collect(),
            });
            numbers.moves.push(MoveNumbers { rate, later: rates });
        }
        self.limit("states of the process", states.list.len(), limits::STATES);
        self.limit("ends of the process", ends.list.len(), limits::STATES);
        self.limit("moves of the process", process.moves.len(), limits::MOVES);
        let later = numbers.moves.iter().map(|own| own.later.len());
        let most = later.max().unwrap_or(0);
        self.limit("later rates of one move", most, limits::LATER);
        let places = states.list.len().max(ends.list.len());
        if places <= limits::STATES && process.moves.len() <= limits::MOVES {
            if sound && !process.states.is_empty() {
                self.check_moves(tree, &process);
                self.paced = true;
            }
            self.check_scales(&process, &numbers);
        }
        self.build_rates(Some(&mut process));
        self.shape.process.push(numbers);
        self.setting.process = Some(process);
    }

    /// A state or an end, and what it is worth to every type.
    fn place(
        &mut self,
        kind: &str,
        key: &Key,
        tree: &Tree,
    ) -> (ProcessState, PlaceNumbers<InputId>) {
        let path = format!("process.{kind}.{}", key.text);
        let like = tree.get("like").and_then(|name| {
            let package = self.packages.resolve(name, self.diagnostics)?;
            Some(self.setting.packages.get(package)?.choice.clone())
        });
        if let (Some(like), Some(choose)) = (tree.get("like"), tree.get("choose")) {
            let what = format!("`{}` is worth as much as two packages", key.text);
            let fault = Diagnostic::new(Code::BAD_PROCESS, what)
                .at(choose.span, "one package")
                .at(like.span, "and another");
            self.fault(fault.help("keep one of them"));
        }
        let chosen = tree.get("choose").map(|choose| self.choice(Some(choose)));
        let by_package = tree.get("like").is_some() || chosen.is_some();
        let worth = self.by_type(tree, &path, ("worth", n::STATE_WORTH), |builder, party, id| {
            if by_package {
                // Nothing stated: its package says it.
                builder.inputs[id.0 as usize].draw = Draw::Own(Distribution::Exact(f64::NAN));
                return;
            }
            let what = format!("nothing says what `{}` is worth to `{party}`", key.text);
            let fault = Diagnostic::new(Code::MISSING_KEY, what).at(key.span, "here");
            builder.fault(fault.help(format!(
                "add worth.{party} = …, in points, or the package that it is like: like = \"PACKAGE\""
            )));
        });
        let scar = if kind == "state" {
            self.by_type(tree, &path, ("scar", n::STATE_SCAR), |_, _, _| {})
        } else {
            Vec::new()
        };
        let state = ProcessState {
            id: key.text.clone(),
            name: name_of(tree, &key.text),
            like: like.or(chosen),
            deal: matches!(
                tree.get("deal").map(|deal| &deal.kind),
                Some(TreeKind::Switch(true))
            ),
        };
        (state, PlaceNumbers { worth, scar })
    }

    /// A number of each party, which its types share but for those that state their own. `unstated`: what is done where neither does.
    fn by_type(
        &mut self,
        tree: &Tree,
        path: &str,
        (what, field): (&str, NumberField),
        mut unstated: impl FnMut(&mut Self, &str, InputId),
    ) -> Vec<InputId> {
        let own_key = format!("{what}_of_type");
        for (key, _) in entries(tree.get(what)) {
            self.refer_key(Refer::Party, tree, key);
        }
        for (key, _) in entries(tree.get(&own_key)) {
            self.refer_key(Refer::AnyType, tree, key);
        }
        let own = entries(tree.get(&own_key));
        let mut found = Vec::new();
        for (p, party) in self.parties.list.clone().into_iter().enumerate() {
            let shared = tree.at(&[what, &party]);
            let id = self.input(format!("{path}.{what}.{party}"), shared, field, None);
            let mut lacks = shared.is_none();
            let mut states_own = true;
            for kind in self.types[p].list.clone() {
                let name = format!("{party}.{kind}");
                let stated = own.iter().find(|(key, _)| key.text == name);
                found.push(if let Some((_, value)) = stated {
                    self.input(format!("{path}.{own_key}.{name}"), Some(value), field, None)
                } else {
                    states_own = false;
                    id
                });
            }
            lacks &= !states_own;
            if lacks {
                unstated(self, &party, id);
            } else if shared.is_none() && states_own {
                // Each type states its own, so that nobody reads the party's.
                self.inputs[id.0 as usize].draw = Draw::Own(Distribution::Exact(f64::NAN));
            } else if states_own {
                self.inputs[id.0 as usize].status = Status::Idle;
            }
        }
        found
    }

    /// Every state and end can be reached, and every state can be left.
    fn check_moves(&mut self, tree: &Tree, process: &ProcessSetting) {
        let mut reached = vec![false; process.states.len()];
        let mut ended = vec![false; process.ends.len()];
        reached[process.today] = true;
        // Nothing follows a deal without a durability table.
        let follows = self.tree.get("durability").is_some();
        if follows {
            reached[process.resumes] = true;
            let options = self.setting.issues.iter().flat_map(|issue| &issue.options);
            for state in options.filter_map(|option| option.then) {
                reached[state] = true;
            }
        }
        for _ in &process.states {
            for own in &process.moves {
                if !reached[own.from] {
                    continue;
                }
                match own.to {
                    ProcessPlace::State(s) => reached[s] = true,
                    ProcessPlace::End(e) => ended[e] = true,
                }
            }
        }
        let today = &process.states[process.today].id;
        let places = entries(tree.get("state")).iter().zip(reached);
        let ends = entries(tree.get("end")).iter().zip(ended);
        // A state that is misspelt where a deal leads to it has been reported, and may be any of these.
        let misspelt = follows && self.misspells_what_follows(tree);
        for ((key, _), reached) in places.chain(ends) {
            if !reached && !misspelt {
                let what = format!("no moves lead from `{today}` to `{}`", key.text);
                let fault = Diagnostic::new(Code::BAD_PROCESS, what).at(key.span, "never comes");
                self.fault(fault.help(if follows {
                    "add [process.move.NAME] that leads there, name the state in the process's `resumes` or in the `then` of an option that lapses, or leave it out"
                } else {
                    "add [process.move.NAME] that leads there, or leave it out; what `resumes` and `then` name follows a deal, where a [durability] table says what does"
                }));
            }
        }
        for (s, (key, _)) in entries(tree.get("state")).iter().enumerate() {
            if process.moves.iter().all(|own| own.from != s) {
                let what = format!("no move leaves the state `{}`", key.text);
                let fault = Diagnostic::new(Code::BAD_PROCESS, what).at(key.span, "lasts for ever");
                self.fault(fault.help(format!(
                    "what lasts for ever is an end: write [process.end.{}], or add a move from it",
                    key.text
                )));
            }
        }
    }

    /// Does `resumes`, or the `then` of an option, name no state?
    fn misspells_what_follows(&self, process: &Tree) -> bool {
        let states = entries(process.get("state"));
        let issues = entries(self.tree.get("issue")).iter();
        let options = issues.flat_map(|(_, issue)| entries(issue.get("option")));
        let named = options.filter_map(|(_, option)| option.get("then"));
        let named = named.chain(process.get("resumes"));
        let mut names = named.map(|name| name.text());
        names.any(|name| !states.iter().any(|(key, _)| Some(&*key.text) == name))
    }

    /// Points of a party are not those of a type with weights of its own.
    fn check_scales(&mut self, process: &ProcessSetting, numbers: &ProcessNumbers<InputId>) {
        for (t, kind) in self.setting.types.clone().iter().enumerate() {
            let (types, party) = match self.setting.parties.get(kind.party) {
                Some(party) => (party.types.len(), party.id.clone()),
                None => continue,
            };
            let own = |id: &InputId| {
                let input = &self.inputs[id.0 as usize];
                input.span.is_some() && !matches!(input.draw, Draw::Inherited(_))
            };
            if types < 2 || !self.shape.types[t].weights.iter().any(own) {
                continue;
            }
            let places = process.states.iter().zip(&numbers.states);
            let places = places.chain(process.ends.iter().zip(&numbers.ends));
            let mut kept = Vec::new();
            for (place, numbers) in places {
                for (what, list) in [("worth", &numbers.worth), ("scar", &numbers.scar)] {
                    let shared = list.get(t).filter(|id| {
                        let input = &self.inputs[id.0 as usize];
                        input.span.is_some() && input.path.ends_with(&format!(".{what}.{party}"))
                    });
                    if shared.is_some() {
                        kept.push(format!("{what} of `{}`", place.id));
                    }
                }
            }
            if kept.is_empty() {
                continue;
            }
            let what = format!(
                "type `{}` of `{party}` has weights of its own but not its own {}",
                kind.id,
                kept.join(", ")
            );
            let at = self.key_span(&["party", &party, "type"], &kind.id);
            let Some(at) = at else { continue };
            let warning = Diagnostic::new(Code::COST_NOT_RESTATED, what)
                .at(at, "its points are on another scale than its party's");
            self.fault(warning.help(
                "restate them in points of this type: worth_of_type.\"PARTY.TYPE\" = …, scar_of_type.\"PARTY.TYPE\" = …",
            ));
        }
    }
}
