//! Sets the scene of a world: preferences, deal values, and every no-deal query that a lens declares, solved once.

use detente_core::catalogue::alternative;
use detente_core::talks::Play;
use detente_core::{
    DealValue, LeverProfile, NoDealPart, NoDealSolution, Payoffs, Preferences, Query, Refusals,
    Scene, Search, Setting, World,
};

use crate::durable::{self, Durable, OtherBeliefs};
use crate::no_deal::waiting;
use crate::pulled::{self, only_costs, pay};
use crate::{Identity, LENSES, Lens, NoDeal, States, Workspace, no_deal, refusal};

/// Where the worth of no deal comes from, besides costs: what a state is worth.
const STATES: [NoDealPart; 6] = [
    NoDealPart::Unsettled,
    NoDealPart::Armistice,
    NoDealPart::AWins,
    NoDealPart::BWins,
    NoDealPart::Escalation,
    NoDealPart::Ends,
];

/// Buffers that are re-used from world to world, one set a thread.
#[derive(Debug, Default)]
pub struct Stage {
    preferences: Preferences,
    payoffs: Payoffs,
    queries: Vec<Query>,
    solved: Vec<(Query, NoDealSolution)>,
    package: Vec<u8>,
    workspace: Workspace,
    refusals: Refusals,
    weighing: refusal::Room,
    durable: Durable,
    others: OtherBeliefs,
    /// By named package: is it asked about? Beyond the end: yes.
    asked: Vec<bool>,
    /// By place in [`LENSES`]: is the lens asked at all? Beyond the end: yes.
    lenses: Vec<bool>,
    /// Is it asked what happens without a deal, and nothing of what that is worth?
    worthless: bool,
    /// Are the talks of the world prepared last played, and how far?
    talks: Play,
}

impl Stage {
    /// Computes all that lenses share and returns the scene. `search`: how far are all packages searched here?
    pub fn set<'a>(
        &'a mut self,
        setting: &'a Setting,
        world: &'a World,
        search: Search,
    ) -> Scene<'a> {
        self.prepare(setting, world);
        self.scene(setting, world, search)
    }

    /// Says which named packages are asked about: what others are worth, given what may follow them, is not found, and a sum stands
    /// in for it.
    pub fn ask(&mut self, packages: &[bool]) {
        self.asked.clear();
        self.asked.extend_from_slice(packages);
    }

    /// Says which lenses are asked, by place in [`LENSES`]: what the others would want solved is not.
    pub fn ask_lenses(&mut self, lenses: &[bool]) {
        self.lenses.clear();
        self.lenses.extend_from_slice(lenses);
    }

    /// Says whether anybody asks what anything is worth. Where nobody does, and nothing is asked but what happens without a deal, what it is
    /// worth is not worked out.
    pub fn ask_worths(&mut self, asked: bool) {
        self.worthless = !asked;
    }

    /// Says whether the talks of the worlds that follow are played, and how far.
    pub fn play_talks(&mut self, play: Play) {
        self.talks = play;
    }

    /// Is nothing asked but what happens without a deal? Then nobody refuses anything, and nothing follows a named package.
    fn only_no_deal(&self) -> bool {
        let asked = LENSES.iter().zip(&self.lenses);
        let alone =
            |(lens, asked): (&&dyn Lens, &bool)| *asked == (lens.spec().id == alternative::SPEC.id);
        self.lenses.len() == LENSES.len() && asked.into_iter().all(alone)
    }

    /// Computes all that lenses share.
    pub fn prepare(&mut self, setting: &Setting, world: &World) {
        self.preferences.compute(setting, world);
        self.workspace.contest.forget();
        self.queries.clear();
        self.refusals = Refusals::default();
        self.durable.off();
        self.others.forget();
        let Some(model) = no_deal::model(setting) else {
            return;
        };
        let only_no_deal = self.only_no_deal();
        if only_no_deal && self.worthless {
            self.only_what_happens(setting, world, model);
            return;
        }
        if !only_no_deal {
            refusal::queries(setting, world, &mut self.queries);
        }
        for (l, lens) in LENSES.iter().enumerate() {
            let plays =
                self.talks != Play::No || lens.spec().id != detente_core::catalogue::talks::SPEC.id;
            if plays && self.lenses.get(l).copied().unwrap_or(true) {
                lens.queries(setting, world, &mut self.queries);
            }
        }
        self.dedup_queries();
        let case = durable::Case {
            setting,
            world,
            preferences: &self.preferences,
            model,
        };
        self.durable.prepare(case, &mut self.workspace);
        let Self {
            preferences,
            payoffs,
            package,
            durable,
            ..
        } = self;
        model.value_states(
            &States {
                setting,
                world,
                preferences,
                deal_value: deal_value(durable),
            },
            package,
            payoffs,
        );
        self.solve(setting, world, model);
        if only_no_deal {
            return;
        }
        refusal::weigh(
            setting,
            world,
            &self.solved[..self.queries.len()],
            &mut self.weighing,
            &mut self.refusals,
        );
        let Self {
            preferences,
            payoffs,
            durable,
            refusals,
            asked,
            ..
        } = self;
        let case = durable::Case {
            setting,
            world,
            preferences,
            model,
        };
        durable.weigh(case, asked, payoffs, refusals);
    }

    /// Finds what happens without a deal as the analyst sees it. What its ends are worth on paper bounds what the horizon leaves out.
    fn only_what_happens(&mut self, setting: &Setting, world: &World, model: &'static dyn NoDeal) {
        self.queries.push(Query::analyst(setting, world));
        self.dedup_queries();
        let states = States {
            setting,
            world,
            preferences: &self.preferences,
            deal_value: &Identity,
        };
        model.value_states(&states, &mut self.package, &mut self.payoffs);
        self.solve(setting, world, model);
    }

    /// Solves every query, valued with what follows endings as those see it who hold its beliefs.
    fn solve(&mut self, setting: &Setting, world: &World, model: &'static dyn NoDeal) {
        let Self {
            preferences,
            payoffs,
            solved,
            workspace,
            durable,
            others,
            ..
        } = self;
        let case = durable::Case {
            setting,
            world,
            preferences,
            model,
        };
        for (place, query) in self.queries.iter().enumerate() {
            let (before, rest) = solved.split_at_mut(place);
            let (asked, solution) = &mut rest[0];
            *asked = *query;
            let waits = query.talks.is_some();
            for list in [
                &mut solution.meanwhile,
                &mut solution.lasts,
                &mut solution.waited,
                &mut solution.ended,
            ] {
                list.clear();
            }
            if !waits && let Some((known, costs)) = same_war(setting, world, query, before) {
                at_other_cost(setting, world, known, costs, solution);
                continue;
            }
            let other = others.find(case, query, durable, workspace);
            if let Some(place) = other {
                others.swap(place, durable);
            }
            let value = deal_value(durable);
            let changed = revalued(model, setting, world, query, preferences, value);
            let running = Query {
                levers: Query::analyst(setting, world).levers,
                ..*query
            };
            let unpulled = waits && running != *query;
            let before =
                unpulled.then(|| revalued(model, setting, world, &running, preferences, value));
            let before = before.flatten();
            if let Some(place) = other {
                others.swap(place, durable);
            }
            let known = other.map_or(&*payoffs, |place| others.payoffs(place));
            let payoffs = changed.as_ref().unwrap_or(known);
            if waits {
                let before = if unpulled {
                    before.as_ref().unwrap_or(known)
                } else {
                    payoffs
                };
                let asked = waiting::Asked {
                    setting,
                    world,
                    query,
                    preferences,
                    before,
                    after: payoffs,
                };
                waiting::solve(model, asked, workspace, solution);
                continue;
            }
            model.solve(setting, world, query, payoffs, workspace, solution);
        }
    }

    /// How many wars were solved since the stage was made.
    pub fn solves(&self) -> u64 {
        self.workspace.contest.solves + self.durable.solves()
    }

    /// The scene of the world that was prepared last.
    pub fn scene<'a>(
        &'a self,
        setting: &'a Setting,
        world: &'a World,
        search: Search,
    ) -> Scene<'a> {
        Scene {
            setting,
            world,
            preferences: &self.preferences,
            deal_value: deal_value(&self.durable),
            additive: if self.durable.is_on() {
                self.durable.additive()
            } else {
                &self.preferences
            },
            aftermath: self.durable.aftermath(),
            refusals: &self.refusals,
            solved: &self.solved[..self.queries.len()],
            search,
            talks: self.talks,
            asked: &self.asked,
        }
    }

    /// What no deal is worth to type `t` of the world that was prepared last, by what it comes from: V is linear in what the
    /// states are worth, so each part is V with all other states worth nothing. In points; they add up to V.
    pub fn no_deal_parts(
        &self,
        setting: &Setting,
        world: &World,
        t: usize,
    ) -> Vec<(NoDealPart, f64)> {
        let Some(model) = no_deal::model(setting) else {
            return Vec::new();
        };
        let query = Query::own(setting, world, t);
        // Nothing is paid by the month or at once, and no state is worth anything.
        let mut free = world.clone();
        for kind in &mut free.numbers.types {
            (kind.scar, kind.fighting_cost, kind.reservation) = (0.0, 0.0, 0.0);
        }
        for process in &mut free.numbers.process {
            for state in &mut process.states {
                state.scar.fill(0.0);
            }
        }
        let worthless = Payoffs {
            knots: self.payoffs.knots.clone(),
            unsettled: vec![0.0; self.payoffs.unsettled.len()],
            armistice: vec![0.0; self.payoffs.armistice.len()],
            a_decisive: vec![0.0; self.payoffs.a_decisive.len()],
            b_decisive: vec![0.0; self.payoffs.b_decisive.len()],
            escalation: vec![0.0; self.payoffs.escalation.len()],
            burden: vec![0.0; self.payoffs.burden.len()],
            flows: vec![0.0; self.payoffs.flows.len()],
            ends: vec![0.0; self.payoffs.ends.len()],
        };
        let mut solution = NoDealSolution::default();
        let mut workspace = Workspace::default();
        let mut value = |world: &World, payoffs: &Payoffs| {
            model.solve(
                setting,
                world,
                &query,
                payoffs,
                &mut workspace,
                &mut solution,
            );
            solution.values[t]
        };
        let all = value(world, &self.payoffs);
        // What the levers that run cost by the month stays in every part, and is taken out of all but the last.
        let base = value(&free, &worthless);
        let mut parts = Vec::new();
        for part in STATES {
            let mut payoffs = worthless.clone();
            match part {
                NoDealPart::Unsettled => {
                    payoffs.unsettled.clone_from(&self.payoffs.unsettled);
                    payoffs.flows.clone_from(&self.payoffs.flows);
                }
                NoDealPart::Ends => payoffs.ends.clone_from(&self.payoffs.ends),
                NoDealPart::Armistice => payoffs.armistice.clone_from(&self.payoffs.armistice),
                NoDealPart::AWins => payoffs.a_decisive.clone_from(&self.payoffs.a_decisive),
                NoDealPart::BWins => payoffs.b_decisive.clone_from(&self.payoffs.b_decisive),
                NoDealPart::Escalation => payoffs.escalation.clone_from(&self.payoffs.escalation),
                NoDealPart::Costs => {}
            }
            let worth = value(&free, &payoffs) - base;
            if worth != 0.0 {
                parts.push((part, worth));
            }
        }
        let rest = all - parts.iter().map(|(_, worth)| worth).sum::<f64>();
        parts.push((NoDealPart::Costs, rest));
        parts
    }

    fn dedup_queries(&mut self) {
        let mut kept: usize = 0;
        for i in 0..self.queries.len() {
            let query = self.queries[i];
            if !self.queries[..kept].contains(&query) {
                self.queries[kept] = query;
                kept += 1;
            }
        }
        self.queries.truncate(kept);
        while self.solved.len() < kept {
            self.solved
                .push((self.queries[self.solved.len()], NoDealSolution::default()));
        }
    }
}

/// How deals are valued in the world that was prepared last.
fn deal_value(durable: &Durable) -> &dyn DealValue {
    if durable.is_on() { durable } else { &Identity }
}

/// A solved query from which another differs only by levers that cost somebody something by the month and change nothing else,
/// and those levers.
fn same_war<'a>(
    setting: &Setting,
    world: &World,
    query: &Query,
    solved: &'a [(Query, NoDealSolution)],
) -> Option<(&'a NoDealSolution, LeverProfile)> {
    let found = solved.iter().find_map(|(known, solution)| {
        let more = LeverProfile(query.levers.0 & !known.levers.0);
        let alike = Query {
            levers: known.levers.union(more),
            ..*known
        };
        let mut levers = 0..setting.levers.len();
        let costs = levers.all(|l| !more.contains(l) || only_costs(setting, world, l));
        (alike == *query && more.0 != 0 && costs).then_some((solution, more))
    })?;
    (!found.0.months.is_empty()).then_some(found)
}

/// The same war at the monthly cost of more levers.
fn at_other_cost(
    setting: &Setting,
    world: &World,
    known: &NoDealSolution,
    levers: LeverProfile,
    solution: &mut NoDealSolution,
) {
    solution.clone_from(known);
    let NoDealSolution { values, months, .. } = solution;
    pay(setting, world, levers, months, values);
}

/// What the states are worth if levers of a query change what options are worth; `None`: nothing changes.
fn revalued(
    model: &dyn NoDeal,
    setting: &Setting,
    world: &World,
    query: &Query,
    preferences: &Preferences,
    deal_value: &dyn DealValue,
) -> Option<Payoffs> {
    let preferences = &pulled::revalued(setting, world, preferences, query.levers)?;
    let mut payoffs = Payoffs::default();
    let states = States {
        setting,
        world,
        preferences,
        deal_value,
    };
    model.value_states(&states, &mut Vec::new(), &mut payoffs);
    Some(payoffs)
}
