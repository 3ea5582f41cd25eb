//! The contest and the levers.

use detente_core::{
    CapacityNumbers, ContestNumbers, ContestSetting, ContestTarget, Lever, LeverKind, LeverNumbers,
    Nest, NestNumbers, Side, Supply, SupplyNumbers, Target, Trigger,
};
use detente_diag::{Code, Diagnostic};

use super::builder::{Builder, plain};
use super::names::Names;
use super::parties::{name_of, side};
use crate::grammar::numbers as n;
use crate::{Draw, InputId, Key, NumberField, Status, Tree, limits};

/// Fewest months that make a contest.
const FEWEST_MONTHS: f64 = 2.0;

impl Builder<'_> {
    pub(super) fn build_contest(&mut self) {
        let Some(tree) = self.tree.get("contest").filter(|tree| tree.is_table()) else {
            return;
        };
        let line_issue = tree
            .get("line_issue")
            .and_then(|name| self.issues.resolve(name, self.diagnostics));
        self.build_positions(line_issue);
        for side in [Side::A, Side::B] {
            let parties = &self.setting.parties;
            if !parties.is_empty() && !parties.iter().any(|party| party.side == Some(side)) {
                let at = self.key_span(&[], "contest").unwrap_or(tree.span);
                self.fault(
                    Diagnostic::new(
                        Code::NO_SIDE,
                        format!("no party is on side {side:?} of the contest"),
                    )
                    .at(at, "this contest")
                    .help(format!("give a party side = \"{side:?}\"")),
                );
            }
        }
        let parties = self.setting.parties.iter();
        if parties.filter(|p| p.is_principal()).count() == 1 {
            let at = self.key_span(&[], "contest").unwrap_or(tree.span);
            self.fault(
                Diagnostic::new(Code::TOO_FEW, "only one party of the contest is a principal")
                    .at(at, "this contest")
                    .help("a deal is between those who fight: give the other side roles = [\"belligerent\"], or [\"principal\"] where the contest is no war"),
            );
        }
        let nest_names = Names::of("nest", tree.get("nest"), self.diagnostics);
        let nests: Vec<(Nest, NestNumbers<InputId>)> = tree
            .get("nest")
            .map_or(&[][..], Tree::entries)
            .iter()
            .map(|(key, nest)| {
                let path = format!("contest.nest.{}", key.text);
                let weight = self.number(&path, Some(nest), "weight", n::NEST_WEIGHT);
                let substitution = self.number(&path, Some(nest), "substitution", n::SUBSTITUTION);
                let side = side(nest.get("side")).unwrap_or(Side::B);
                (
                    Nest {
                        id: key.text.clone(),
                        side,
                    },
                    NestNumbers {
                        weight,
                        substitution,
                    },
                )
            })
            .collect();
        let mut supplies = Vec::new();
        Names::of("contribution", tree.get("supply"), self.diagnostics);
        for (key, supply) in tree.get("supply").map_or(&[][..], Tree::entries) {
            let path = format!("contest.supply.{}", key.text);
            let nest = supply
                .get("nest")
                .and_then(|name| nest_names.resolve(name, self.diagnostics));
            let from = match supply.get("from") {
                Some(name) => self.parties.resolve(name, self.diagnostics),
                None => self.giver(key),
            };
            let share = self.number(&path, Some(supply), "share", n::SHARE);
            let level = self.number(&path, Some(supply), "level", n::LEVEL);
            let buffer = self.number(&path, Some(supply), "buffer", n::BUFFER);
            let ramp = self.number(&path, Some(supply), "ramp", n::RAMP);
            let setting = Supply {
                id: key.text.clone(),
                from: from.unwrap_or(0),
                nest: nest.unwrap_or(0),
            };
            supplies.push((
                setting,
                SupplyNumbers {
                    share,
                    level,
                    buffer,
                    ramp,
                },
            ));
        }
        for (n, (key, nest)) in tree
            .get("nest")
            .map_or(&[][..], Tree::entries)
            .iter()
            .enumerate()
        {
            let of_nest = supplies.iter().filter(|(supply, _)| supply.nest == n);
            if of_nest.count() == 0 && nest.get("side").is_some() {
                self.fault(
                    Diagnostic::new(
                        Code::NOTHING_LEFT,
                        format!("nobody contributes to the nest `{}`", key.text),
                    )
                    .at(key.span, "this nest")
                    .help("add [contest.supply.NAME] with this nest, or leave the nest out"),
                );
            }
        }
        let capacities = ["A", "B"].map(|side| {
            let path = format!("contest.capacity.{side}");
            let table = tree.at(&["capacity", side]);
            let from_month = self.number(&path, table, "from_month", n::FROM_MONTH);
            CapacityNumbers {
                from_month,
                low: self.number(&path, table, "low", n::LOW),
            }
        });
        let mut scalar = |key: &str, field| self.number("contest", Some(tree), key, field);
        let numbers = ContestNumbers {
            edge: scalar("edge", n::EDGE),
            pace: scalar("pace", n::PACE),
            volatility: scalar("volatility", n::VOLATILITY),
            start: scalar("start", n::START),
            decisive: scalar("decisive", n::DECISIVE),
            decisive_slope: scalar("decisive_slope", n::DECISIVE_SLOPE),
            other_end: scalar("other_end", n::OTHER_END),
            escalation: scalar("escalation", n::ESCALATION),
            escalation_slope: scalar("escalation_slope", n::ESCALATION_SLOPE),
            nests: nests.iter().map(|(_, numbers)| numbers.clone()).collect(),
            supplies: supplies
                .iter()
                .map(|(_, numbers)| numbers.clone())
                .collect(),
            capacities: capacities.into(),
        };
        self.shape.contest.push(numbers);
        let mut state = |path: &[&str]| {
            let choice = tree.at(path).and_then(|t| t.get("choose"));
            self.choice(choice)
        };
        let unsettled = state(&["unsettled"]);
        let a_decisive = state(&["ending", "a_decisive"]);
        let b_decisive = state(&["ending", "b_decisive"]);
        let armistice = state(&["ending", "armistice"]);
        self.setting.contest = Some(ContestSetting {
            line_issue: line_issue.unwrap_or(0),
            unit: tree.get("unit").and_then(plain).unwrap_or_default(),
            horizon: self.horizon(tree),
            weapon: side(tree.get("weapon")),
            nests: nests.into_iter().map(|(nest, _)| nest).collect(),
            supplies: supplies.into_iter().map(|(supply, _)| supply).collect(),
            unsettled,
            a_decisive,
            b_decisive,
            armistice,
        });
    }

    /// The horizon is a whole number of months, the same in every world.
    fn horizon(&mut self, contest: &Tree) -> usize {
        let stated = contest
            .get("horizon")
            .and_then(|tree| Some((tree, self.stated(tree, n::HORIZON)?)));
        let Some((tree, stated)) = stated else {
            return 120;
        };
        let months = stated.distribution.exact().filter(|m| m.fract() == 0.0);
        match months {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "a whole number within the limits"
            )]
            Some(m) if (FEWEST_MONTHS..=limits::MONTHS as f64).contains(&m) => m as usize,
            _ => {
                // A range or half a month is no number of months; a thousand is one, and too many.
                let code = match months {
                    Some(m) if m > limits::MONTHS as f64 => Code::TOO_LARGE,
                    _ => Code::OUT_OF_BOUNDS,
                };
                self.fault(
                    Diagnostic::new(code, "the horizon is not a possible number of months")
                        .at(tree.span, "here")
                        .help(format!(
                            "write a whole number from {FEWEST_MONTHS} to {}",
                            limits::MONTHS
                        )),
                );
                120
            }
        }
    }

    /// Positions of the line issue's options; on any other issue they mean nothing.
    fn build_positions(&mut self, line_issue: Option<usize>) {
        for (k, (issue, tree)) in self
            .tree
            .get("issue")
            .map_or(&[][..], Tree::entries)
            .iter()
            .enumerate()
        {
            for (option, table) in tree.get("option").map_or(&[][..], Tree::entries) {
                let position = table.get("position");
                if line_issue == Some(k) {
                    let path = format!("issue.{}.option.{}.position", issue.text, option.text);
                    let id = self.input(path, position, n::POSITION, None);
                    if position.is_none() || self.inputs[id.0 as usize].text.is_empty() {
                        // No line: the option's worth is its own. A position at fault has been reported.
                        self.inputs[id.0 as usize].draw =
                            Draw::Own(detente_math::Distribution::Exact(f64::NAN));
                    }
                    self.shape.positions.push(id);
                } else if let (Some(position), Some(line)) = (position, line_issue) {
                    let line = self.issues.list[line].clone();
                    self.fault(
                        Diagnostic::new(
                            Code::BAD_LINE,
                            format!("`{}` has a position but is not on the line", option.text),
                        )
                        .at(position.span, "not used")
                        .help(format!(
                            "only options of the line issue, `{line}`, have positions"
                        )),
                    );
                }
            }
        }
    }

    /// The party that gives a contribution whose table does not say `from`.
    fn giver(&mut self, key: &Key) -> Option<usize> {
        let found = self.parties.find(&key.text);
        if found.is_none() && !self.parties.list.is_empty() {
            self.fault(
                Diagnostic::new(
                    Code::UNKNOWN_NAME,
                    format!("there is no party `{}` to give this contribution", key.text),
                )
                .at(key.span, "not a party")
                .help(format!(
                    "add `from = …` to the table; the parties are: {}",
                    self.parties.list.join(", ")
                )),
            );
        }
        found
    }

    pub(super) fn build_levers(&mut self) {
        let entries = self.tree.get("lever").map_or(&[][..], Tree::entries);
        for (key, tree) in entries {
            let path = format!("lever.{}", key.text);
            let by = tree
                .get("by")
                .and_then(|by| self.parties.resolve(by, self.diagnostics));
            self.sources
                .resolve_all(tree.get("source"), self.diagnostics);
            let on = self.number(&path, Some(tree), "on", n::SWITCH_ON);
            self.inputs[on.0 as usize].status = Status::Switch;
            let delay = self.number(&path, Some(tree), "delay", n::DELAY);
            let cost = self.number(&path, Some(tree), "cost", n::COST);
            let escalation = self.number(&path, Some(tree), "escalation", n::LEVER_ESCALATION);
            let stated = self.trigger(tree);
            let trigger = stated.unwrap_or(Trigger::Now);
            let audience_cost = self.number(&path, Some(tree), "audience_cost", n::AUDIENCE_COST);
            let credibility = self.unless_stated(&path, tree, "credibility", n::CREDIBILITY);
            let lasts = self.unless_stated(&path, tree, "lasts", n::LASTS);
            let (announcing, announces) = self.announcements(&path, tree, by);
            let (mut sets, mut targets) = (Vec::new(), Vec::new());
            let mut stated_sets = 0;
            for (target, value) in tree.get("sets").map_or(&[][..], Tree::entries) {
                let path = format!("{path}.sets");
                // What a lever sets is judged by when it is pulled.
                if stated.is_none() || self.is_unquoted(target, value) {
                    continue;
                }
                let mut set = self.targets(&target.text);
                set.retain(|target| may_set(trigger, *target));
                match self.field_of(&target.text) {
                    Some(field) if !set.is_empty() => {
                        let path = format!("{path}.{}", target.text);
                        let id = self.input(path, Some(value), field, None);
                        sets.extend(set.iter().map(|_| id));
                        targets.extend(set);
                        stated_sets += 1;
                    }
                    // A lever that moves anything else is refused rather than passed over without a word.
                    Some(_) => self.fault(
                        Diagnostic::new(
                            Code::UNKNOWN_PATH,
                            format!("a lever with this trigger cannot set `{}`", target.text),
                        )
                        .at(target.span, "not a number that it could move")
                        .help(
                            "it can set levels of contributions, numbers of the contest as a whole, capacities, burdens and scars; but for `accept` also rates and worths of a process; after a refusal also values of options, the chance and the costs of a lottery, and reservation values",
                        ),
                    ),
                    None => self.set_by(target, value, &path),
                }
            }
            let (flow_to, flow_costs) = self.paid(&path, tree, "flow_cost", n::FLOW_COST);
            let (pays_to, pays) = self.paid(&path, tree, "pays", n::PAYS);
            self.pays_once_signed(key, tree, stated);
            let whole = |key: &str, count: usize| {
                let table = tree.get(key);
                table.is_none_or(|t| t.is_table() && t.entries().len() == count)
            };
            let sound = stated.is_some() && by.is_some();
            let sound = sound && whole("sets", stated_sets) && whole("flow_cost", flow_to.len());
            let sound = sound && whole("pays", pays_to.len());
            self.sound_levers.push(sound);
            self.shape.levers.push(LeverNumbers {
                on,
                delay,
                cost,
                escalation,
                audience_cost,
                credibility,
                lasts,
                sets,
                announces,
                flow_costs,
                pays,
            });
            self.setting.levers.push(Lever {
                id: key.text.clone(),
                name: name_of(tree, &key.text),
                by: by.unwrap_or(0),
                kind: match tree.get("kind").and_then(Tree::text) {
                    Some("carrot") => LeverKind::Carrot,
                    Some("assurance") => LeverKind::Assurance,
                    Some("pressure") => LeverKind::Pressure,
                    _ => LeverKind::Stick,
                },
                trigger,
                sets: targets,
                flow_to,
                pays_to,
                announcing,
            });
        }
        for (p, party) in self.parties.list.clone().into_iter().enumerate() {
            let triggered = self.setting.levers.iter();
            let count = triggered.filter(|lever| lever.trigger == Trigger::Refuse(p));
            let what = format!("levers that the refusal of `{party}` triggers");
            self.limit(&what, count.count(), limits::TRIGGERED);
            let triggered = self.setting.levers.iter();
            let count = triggered.filter(|lever| lever.trigger == Trigger::Violate(p));
            let what = format!("levers that answer a breach by `{party}`");
            self.limit(&what, count.count(), limits::ANSWERS);
        }
        let levers = self.setting.levers.iter();
        let guarantors = levers.filter(|l| l.trigger == Trigger::Accept && !l.sets.is_empty());
        let what =
            "levers of guarantors, which `accept` triggers and which change the war after a deal";
        self.limit(what, guarantors.count(), limits::GUARANTORS);
    }

    /// What a lever pays or costs by party.
    fn paid(
        &mut self,
        path: &str,
        lever: &Tree,
        key: &str,
        field: NumberField,
    ) -> (Vec<usize>, Vec<InputId>) {
        let (mut to, mut points) = (Vec::new(), Vec::new());
        for (party, value) in lever.get(key).map_or(&[][..], Tree::entries) {
            if let Some(p) = self.parties.resolve_key(party, self.diagnostics) {
                let path = format!("{path}.{key}.{}", party.text);
                points.push(self.input(path, Some(value), field, None));
                to.push(p);
            }
        }
        (to, points)
    }

    /// What only a promise has: months for which it pays, and what it pays once.
    fn pays_once_signed(&mut self, key: &Key, lever: &Tree, trigger: Option<Trigger>) {
        if trigger.is_none_or(|trigger| trigger == Trigger::Accept) {
            return;
        }
        for only in ["lasts", "pays"] {
            let Some(at) = lever.get(only) else {
                continue;
            };
            let message = format!(
                "lever `{}` has `{only}` and does not await a signature",
                key.text
            );
            let fault = Diagnostic::new(Code::UNKNOWN_KEY, message);
            self.fault(fault.at(at.span, "does nothing here").help(
                "only a lever with trigger = \"accept\" pays once, or for some months; what others cost by the month runs as long as no deal does",
            ));
        }
    }

    /// `now`, `accept`, `refuse(PARTY)` or `violate(PARTY)`.
    fn trigger(&mut self, lever: &Tree) -> Option<Trigger> {
        let (tree, text) = lever.get("trigger").and_then(|t| Some((t, t.text()?)))?;
        let text = text.trim();
        match text {
            "now" => return Some(Trigger::Now),
            "accept" => return Some(Trigger::Accept),
            _ => {}
        }
        let refused = text.strip_prefix("refuse(").map(|rest| (true, rest));
        let broken = || text.strip_prefix("violate(").map(|rest| (false, rest));
        if let Some((refuses, rest)) = refused.or_else(broken)
            && let Some(party) = rest.strip_suffix(')')
        {
            let key = Key {
                text: party.trim().to_owned(),
                span: tree.span,
            };
            let party = self.parties.resolve_key(&key, self.diagnostics)?;
            return Some(if refuses {
                Trigger::Refuse(party)
            } else {
                Trigger::Violate(party)
            });
        }
        let fault = Diagnostic::new(
            Code::NOT_A_CHOICE,
            format!("`{text}` is not when a lever is pulled"),
        );
        self.fault(fault.at(tree.span, "here").help(
            "write \"now\" (it runs whatever the talks bring), \"accept\", \"refuse(PARTY)\", or \"violate(PARTY)\" (once that party breaks a deal)",
        ));
        None
    }

    /// What a lever sets by setting the number at a path. A burden or a scar of a party is that of each of its types that
    /// state none of their own.
    pub(super) fn targets(&self, path: &str) -> Vec<Target> {
        let Some(id) = self.by_path.get(path) else {
            return Vec::new();
        };
        let of_party = path.starts_with("party.");
        let is = |other: &InputId| {
            let inherits =
                matches!(&self.inputs[other.0 as usize].draw, Draw::Inherited(from) if from == id);
            other == id || of_party && inherits
        };
        let mut targets = Vec::new();
        if let Some(contest) = self.shape.contest.first() {
            let mut contest = contest.clone();
            for (j, supply) in contest.supplies.iter().enumerate() {
                targets.extend(is(&supply.level).then_some(Target::SupplyLevel(j)));
            }
            for (side, capacity) in [Side::A, Side::B].into_iter().zip(&contest.capacities) {
                targets.extend(is(&capacity.from_month).then_some(Target::CapacityFrom(side)));
                targets.extend(is(&capacity.low).then_some(Target::CapacityLow(side)));
            }
            for number in ContestTarget::ALL {
                targets.extend(is(number.of(&mut contest)).then_some(Target::Contest(number)));
            }
        }
        for (t, numbers) in self.shape.types.iter().enumerate() {
            targets.extend(is(&numbers.burden).then_some(Target::Burden(t)));
            targets.extend(is(&numbers.scar).then_some(Target::Scar(t)));
            let values = numbers.values.iter().enumerate();
            targets.extend(values.filter_map(|(o, id)| is(id).then_some(Target::Value(t, o))));
            let states = self.setting.reservations;
            targets.extend((states && is(&numbers.reservation)).then_some(Target::Reservation(t)));
            let costs = self.setting.lottery.is_some() && is(&numbers.fighting_cost);
            targets.extend(costs.then_some(Target::FightingCost(t)));
        }
        for lottery in &self.shape.lottery {
            targets.extend(is(&lottery.chance).then_some(Target::LotteryChance));
        }
        for process in &self.shape.process {
            for (m, own) in process.moves.iter().enumerate() {
                targets.extend(is(&own.rate).then_some(Target::Rate(m)));
                for (k, later) in own.later.iter().enumerate() {
                    targets.extend(is(&later.rate).then_some(Target::LaterRate(m, k)));
                    targets.extend(is(&later.from_month).then_some(Target::LaterFrom(m, k)));
                }
            }
            for (s, state) in process.states.iter().enumerate() {
                let types = state.worth.iter().enumerate();
                targets
                    .extend(types.filter_map(|(t, id)| is(id).then_some(Target::StateWorth(t, s))));
                let types = state.scar.iter().enumerate();
                targets
                    .extend(types.filter_map(|(t, id)| is(id).then_some(Target::StateScar(t, s))));
            }
            for (e, end) in process.ends.iter().enumerate() {
                let types = end.worth.iter().enumerate();
                targets
                    .extend(types.filter_map(|(t, id)| is(id).then_some(Target::EndWorth(t, e))));
            }
        }
        targets
    }
}

/// May a lever of this trigger set such a number? What an option is worth changes where no deal comes; in a deal it is an option of its
/// own. A lottery and a stated value are as they are unless somebody answers a refusal; a process goes on only before a deal.
fn may_set(trigger: Trigger, target: Target) -> bool {
    match target {
        Target::Value(..)
        | Target::Reservation(_)
        | Target::FightingCost(_)
        | Target::LotteryChance => matches!(trigger, Trigger::Refuse(_)),
        _ if target.is_of_process() => trigger != Trigger::Accept,
        _ => true,
    }
}
