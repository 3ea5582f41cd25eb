//! Levers that no answer depends on. What acts where is read off the models: a contest is moved by its numbers, by monthly costs and by
//! escalation; a lottery and a stated value, once somebody refuses, by their own numbers, a lottery by what its wins are worth too; a process
//! by its rates and worths, by what its packages are worth, and by monthly costs; a deal by what is paid once it is signed, and, with a
//! durability table and a contest, by the war that would follow it.

use std::collections::HashSet;

use detente_core::{ContestTarget, FeatureKind, LAST_CHANGE, Side, Target, Trigger};
use detente_diag::{Code, Diagnostic};

use super::builder::Builder;
use crate::{InputId, Tree};

impl Builder<'_> {
    /// Refuses every lever that no answer depends on. A lever at fault otherwise has been reported; one that is switched off is
    /// checked like any other, since a reading may switch it on.
    pub(super) fn check_idle_levers(&mut self) {
        let whole = self.tree;
        let elsewhere = self.set_elsewhere();
        let levers = whole.get("lever").map_or(&[][..], Tree::entries);
        // An account of no deal that cannot be read says nothing about levers, and that there is none is said of the whole case.
        let readable = |key: &str| whole.get(key).is_none_or(Tree::is_table);
        if !["contest", "lottery", "process"].into_iter().all(readable)
            || !self.setting.has_no_deal()
        {
            return;
        }
        for (l, (key, _)) in levers.iter().enumerate() {
            if !self.sound_levers[l] {
                continue;
            }
            if self.acts(l, &elsewhere) {
                self.check_flow(l, &elsewhere);
                continue;
            }
            let what = format!("no answer depends on the lever `{}`", key.text);
            let fault = Diagnostic::new(Code::IDLE_LEVER, what).at(key.span, "it changes nothing");
            let help = self.what_would_act(l);
            self.fault(fault.help(help));
        }
    }

    /// Warns of a cost by the month where no war has months: a lottery is over at once, so that nobody ever bears it.
    fn check_flow(&mut self, l: usize, elsewhere: &HashSet<InputId>) {
        let (lever, numbers) = (&self.setting.levers[l], &self.shape.levers[l]);
        let months = self.setting.contest.is_some() || self.setting.process.is_some();
        let awaits = matches!(lever.trigger, Trigger::Refuse(_)) && !months;
        let free = |cost: &InputId| self.always(*cost, 0.0, elsewhere);
        if !awaits || numbers.flow_costs.iter().all(free) {
            return;
        }
        let whole = self.tree;
        let stated = whole.get("lever").map_or(&[][..], Tree::entries);
        let (key, tree) = &stated[l];
        let mut keys = tree.entries().iter().map(|(key, _)| key);
        let Some(flow) = keys.find(|key| key.text == "flow_cost") else {
            return;
        };
        let what = format!(
            "nothing counts what the lever `{}` costs by the month",
            key.text
        );
        self.fault(
            Diagnostic::new(Code::UNCOUNTED_FLOW, what)
                .at(flow.span, "a lottery and a stated value have no months")
                .help("state what using it costs its wielder once (cost = …), or say what no deal is by [contest] or [process], in which it runs by the month".to_owned()),
        );
    }

    /// Does an answer depend on the lever? What it costs its wielder, and nobody else, is no effect of it.
    fn acts(&self, l: usize, elsewhere: &HashSet<InputId>) -> bool {
        let setting = &self.setting;
        let lever = &setting.levers[l];
        let pays = self.pays(l, elsewhere);
        let war = setting.contest.is_some();
        let at_war = || self.moves_war(l, elsewhere);
        let in_process = setting.process.is_some() && !war;
        let in_process = in_process && (pays || self.moves_process(l, elsewhere));
        match lever.trigger {
            Trigger::Now => war && (pays || at_war()) || in_process,
            Trigger::Refuse(_) => {
                let wins = setting.lottery.is_some() && !war;
                let stated = |target: &Target| matches!(target, Target::Reservation(_));
                war && (pays || at_war())
                    || in_process
                    || wins && self.moves_wins(l, elsewhere)
                    || lever.sets.iter().any(stated)
            }
            Trigger::Accept => {
                let tested = war && self.has_durability() && self.has_guarantee(elsewhere);
                pays || tested && self.moves_war(l, elsewhere)
            }
            Trigger::Violate(p) => {
                // Nobody answers its own breach.
                let resumes = self.has_durability() && self.fights(p) && lever.by != p;
                resumes && (war && (pays || at_war()) || in_process)
            }
        }
    }

    /// Does it cost, or bring, anything by the month to somebody besides a wielder who would then not pull it?
    fn pays(&self, l: usize, elsewhere: &HashSet<InputId>) -> bool {
        let (lever, numbers) = (&self.setting.levers[l], &self.shape.levers[l]);
        let by_month = lever.flow_to.iter().zip(&numbers.flow_costs);
        let once = lever.pays_to.iter().zip(&numbers.pays);
        by_month.chain(once).any(|(party, cost)| {
            let counts = lever.trigger == Trigger::Now || *party != lever.by;
            counts && !self.always(*cost, 0.0, elsewhere)
        })
    }

    /// Does it move a contest?
    fn moves_war(&self, l: usize, elsewhere: &HashSet<InputId>) -> bool {
        let (lever, numbers) = (&self.setting.levers[l], &self.shape.levers[l]);
        let (Some(contest), Some(war)) = (&self.setting.contest, self.shape.contest.first()) else {
            return false;
        };
        // A hazard of exactly nothing times anything is nothing.
        let escalates = !self.always(war.escalation, 0.0, elsewhere);
        if escalates && !self.always(numbers.escalation, 0.0, elsewhere) {
            return true;
        }
        let states = [
            &contest.unsettled,
            &contest.a_decisive,
            &contest.b_decisive,
            &contest.armistice,
        ];
        lever.sets.iter().any(|target| match target {
            Target::Contest(ContestTarget::EscalationSlope) => {
                escalates && contest.weapon.is_some()
            }
            Target::Contest(ContestTarget::DecisiveSlope) => {
                !self.always(war.decisive, 0.0, elsewhere)
            }
            Target::CapacityFrom(side) => {
                let low = war.capacities[usize::from(*side == Side::B)].low;
                lever.sets.contains(&Target::CapacityLow(*side))
                    || !self.always(low, 1.0, elsewhere)
            }
            Target::Value(t, option) => {
                let line = self.issue_of(*option) == Some(contest.line_issue);
                let held = states.iter().any(|state| self.holds(state, *option));
                (line || held) && self.matters(*t, *option, elsewhere)
            }
            _ => true,
        })
    }

    /// Does it change what a win of a lottery is worth to somebody?
    fn moves_wins(&self, l: usize, elsewhere: &HashSet<InputId>) -> bool {
        let Some(lottery) = &self.setting.lottery else {
            return false;
        };
        self.setting.levers[l]
            .sets
            .iter()
            .any(|target| match target {
                Target::Value(t, option) => {
                    let mut wins = [&lottery.a_wins, &lottery.b_wins].into_iter();
                    wins.any(|win| self.holds(win, *option)) && self.matters(*t, *option, elsewhere)
                }
                Target::FightingCost(_) | Target::LotteryChance => true,
                _ => false,
            })
    }

    /// Does it move a process: its rates, what its states and ends are worth, or what the packages are worth that they are like?
    fn moves_process(&self, l: usize, elsewhere: &HashSet<InputId>) -> bool {
        let Some(process) = &self.setting.process else {
            return false;
        };
        let lever = &self.setting.levers[l];
        lever.sets.iter().any(|target| match target {
            // A rate whose date never comes takes no other's place.
            Target::LaterRate(m, k) => {
                lever.sets.contains(&Target::LaterFrom(*m, *k))
                    || !self.never_comes(*m, *k, elsewhere)
            }
            _ if target.is_of_process() => true,
            Target::Value(t, option) => {
                let places = process.states.iter().chain(&process.ends);
                let mut like = places.filter_map(|place| place.like.as_ref());
                like.any(|package| self.holds(package, *option))
                    && self.matters(*t, *option, elsewhere)
            }
            _ => false,
        })
    }

    /// Is a later rate of a move dated beyond the last month followed, in every world and under every reading?
    fn never_comes(&self, m: usize, k: usize, elsewhere: &HashSet<InputId>) -> bool {
        let processes = self.shape.process.iter();
        let mut dates =
            processes.filter_map(|own| Some(own.moves.get(m)?.later.get(k)?.from_month));
        dates.all(|date| {
            let known = self.known(elsewhere);
            known.exact(date).is_some_and(|month| month > LAST_CHANGE)
        })
    }

    /// The issue of an option, given in the flat list of all.
    fn issue_of(&self, option: usize) -> Option<usize> {
        let mut issues = self.setting.issues.iter();
        issues.position(|issue| {
            (issue.first_option..issue.first_option + issue.options.len()).contains(&option)
        })
    }

    fn holds(&self, package: &[u8], option: usize) -> bool {
        let mut taken = self.setting.issues.iter().zip(package);
        taken.any(|(issue, o)| issue.first_option + usize::from(*o) == option)
    }

    /// Does the issue of an option matter to a type?
    fn matters(&self, t: usize, option: usize, elsewhere: &HashSet<InputId>) -> bool {
        let weight = self.issue_of(option);
        let weight = weight.and_then(|issue| self.shape.types[t].weights.get(issue));
        weight.is_some_and(|weight| !self.always(*weight, 0.0, elsewhere))
    }

    fn has_durability(&self) -> bool {
        !self.shape.durability.is_empty()
    }

    fn always(&self, id: InputId, value: f64, elsewhere: &HashSet<InputId>) -> bool {
        self.known(elsewhere).always(id, value)
    }

    /// Is there an option that guarantees a peace?
    fn has_guarantee(&self, elsewhere: &HashSet<InputId>) -> bool {
        let features = self.setting.features.iter().zip(&self.shape.features);
        let mut guarantees = features.filter(|(f, _)| f.kind == FeatureKind::Guarantee);
        guarantees.any(|(_, numbers)| !self.always(numbers.size, 0.0, elsewhere))
    }

    fn fights(&self, party: usize) -> bool {
        let party = self.setting.parties.get(party);
        party.is_some_and(detente_core::Party::is_principal)
    }

    /// What a lever of this trigger would have to do in this case.
    fn what_would_act(&self, l: usize) -> String {
        const PAYS: &str = "pays = { PARTY = 5 }, points, once, or flow_cost = { PARTY = -2 }, points a month that it costs, below zero what it brings";
        const WAR: &str = "set a number of the contest, a burden or a scar (sets), cost another party something by the month (flow_cost), or move a hazard of escalation that is not 0 (escalation)";
        let setting = &self.setting;
        let war = setting.contest.is_some();
        match setting.levers[l].trigger {
            Trigger::Now if war => format!("it would have to {WAR}"),
            Trigger::Refuse(_) if war => format!(
                "it would have to {WAR}, or set the value of an option that holds without a deal"
            ),
            Trigger::Now | Trigger::Refuse(_) if setting.process.is_some() => {
                "it would have to set a rate, a date, a worth or a scar of the process (sets = { \"process.move.NAME.rate\" = … }), or cost another party something by the month (flow_cost)".to_owned()
            }
            Trigger::Refuse(_) if setting.lottery.is_some() => {
                "in a lottery it would have to set the chance (lottery.chance), what having it out costs (party.NAME.fighting_cost), or what a party gets if a side wins: sets = { \"party.NAME.issue.ISSUE.value.OPTION\" = … } with an option of a_wins or b_wins".to_owned()
            }
            Trigger::Now if setting.lottery.is_some() => format!(
                "nothing that runs now moves a lottery: after a refusal (refuse(PARTY)) a lever may set the value of an option that a win brings; once a deal is signed (accept) it may pay: {PAYS}"
            ),
            Trigger::Refuse(_) => format!(
                "reservation values are what no deal is worth: it would have to set one (party.NAME.reservation), or pay once a deal is signed (trigger = \"accept\"): {PAYS}"
            ),
            Trigger::Now => format!(
                "reservation values are what no deal is worth with all that runs now: let it answer a refusal (refuse(PARTY)) and set one, or pay once a deal is signed (trigger = \"accept\"): {PAYS}"
            ),
            Trigger::Accept if !setting.levers[l].sets.is_empty() => format!(
                "what it sets counts in a war after a deal that holds a guarantee: add [contest], [durability] and an option with `guarantee`; or let it pay once a deal is signed: {PAYS}"
            ),
            Trigger::Accept => format!(
                "it would have to pay somebody else once a deal is signed: {PAYS}; or, with [contest], [durability] and an option with `guarantee`, set numbers of the war after it"
            ),
            Trigger::Violate(p) if !self.fights(p) => format!(
                "`{}` is no principal of the talks and breaks no deal: name a party whose role is belligerent or principal",
                self.parties.list[p]
            ),
            Trigger::Violate(p) if setting.levers[l].by == p => format!(
                "`{}` wields it, and nobody answers a breach of its own: name another party's breach, or the party that would answer this one (by = …)",
                self.parties.list[p]
            ),
            Trigger::Violate(_) if !war && setting.process.is_none() || !self.has_durability() => {
                "a deal can be broken where a [contest] or a [process] would resume and a [durability] table says what follows a deal: add both".to_owned()
            }
            Trigger::Violate(_) if !war => {
                "once the deal is broken it would have to set a rate, a date, a worth or a scar of the process (sets = { \"process.move.NAME.rate\" = … }), or cost another party something by the month (flow_cost)".to_owned()
            }
            Trigger::Violate(_) => format!("once the deal is broken it would have to {WAR}"),
        }
    }
}
