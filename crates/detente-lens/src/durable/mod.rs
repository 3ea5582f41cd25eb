//! Deal values where something may follow a deal (the model, part 8; Powell 1999, 2006; Walter 1997; Fortna 2004; Werner & Yuen
//! 2005; Beardsley 2008).
//!
//! D(package) is UL until the first of background breakdown, attack and lapse, then V(resume): the contest from the package's line,
//! with the numbers that its options set, with forces refilled. Three kinds of packages are told apart:
//!
//! * *endings of a war* (dictates, armistices) break down by the background alone, and a war after them starts with forces fully
//!   refilled; they are worth what wars after them are worth and the other way round, so that a system of linear equations is
//!   solved, once a world;
//! * *named packages* have attacks and guarantors too;
//! * for *all others* a sum over options stands in: an ordinary deal's share of peace, and V(resume) by the line alone.

mod attacks;
pub(crate) mod bench;
pub(crate) mod comers;
mod dates;
mod endings;
pub(crate) mod law;
mod life;
mod pieces;
mod seen;
#[cfg(test)]
mod tests;
pub(crate) mod wars;

use std::cell::RefCell;

use detente_core::{
    Aftermath, DealValue, Fate, NoDealSolution, OwnBeliefs, Payoffs, Preferences, Prospect,
    Refusals, Setting, Target, TypeSet, World, change,
};

use crate::{Identity, NoDeal, States, Workspace};
use bench::Bench;
use endings::Endings;
use law::Terms;
pub(crate) use seen::OtherBeliefs;

/// D of the world prepared last.
#[derive(Debug, Default)]
pub(crate) struct Durable {
    on: bool,
    endings: Endings,
    /// What searches add up.
    additive: Preferences,
    aftermath: Aftermath,
    bench: RefCell<Bench>,
    paper: Payoffs,
    solution: NoDealSolution,
    groups: Vec<(OwnBeliefs, TypeSet)>,
}

/// A copy of a world in which some numbers are changed for as long as somebody looks at it.
#[derive(Debug, Default)]
pub(crate) struct Changing {
    /// Room for a world with something set, from world to world.
    changed: World,
    /// Is it a copy of this world but for what was set last?
    own: bool,
}

impl Changing {
    /// Lets go of a world that is over.
    fn forget(&mut self) {
        self.own = false;
    }

    /// The world with these numbers set.
    fn with<'a>(
        &'a mut self,
        setting: &Setting,
        world: &'a World,
        sets: &[(Target, f64)],
    ) -> &'a World {
        if sets.is_empty() {
            return world;
        }
        let changed = &mut self.changed;
        if self.own {
            // What was set before is put back.
            let (own, stated) = (&mut changed.numbers, &world.numbers);
            for (own, stated) in own.types.iter_mut().zip(&stated.types) {
                (own.burden, own.scar) = (stated.burden, stated.scar);
            }
            for (own, stated) in own.contest.iter_mut().zip(&stated.contest) {
                own.fill(stated, &mut |x| *x);
            }
            for (own, stated) in own.levers.iter_mut().zip(&stated.levers) {
                own.sets.copy_from_slice(&stated.sets);
            }
        } else {
            changed.clone_from(world);
            self.own = true;
        }
        change(setting, changed, sets);
        changed
    }
}

/// What a no-deal model is asked with.
#[derive(Clone, Copy)]
pub(crate) struct Case<'a> {
    pub(crate) setting: &'a Setting,
    pub(crate) world: &'a World,
    pub(crate) preferences: &'a Preferences,
    pub(crate) model: &'static dyn NoDeal,
}

impl Durable {
    /// Does something follow deals in the world prepared last?
    pub(crate) fn is_on(&self) -> bool {
        self.on
    }

    pub(crate) fn off(&mut self) {
        self.on = false;
        let told = self.aftermath.prospects.drain(..);
        let told = told.filter(|prospect| !prospect.worth.is_empty());
        self.bench.get_mut().spare.extend(told);
    }

    /// How many wars after deals were solved.
    pub(crate) fn solves(&self) -> u64 {
        self.bench.borrow().solves()
    }

    pub(crate) fn aftermath(&self) -> &Aftermath {
        &self.aftermath
    }

    pub(crate) fn additive(&self) -> &Preferences {
        &self.additive
    }

    /// Finds what endings are worth, and what stands in for D in searches. Before any no-deal query is solved.
    pub(crate) fn prepare(&mut self, case: Case, workspace: &mut Workspace) {
        let Case {
            setting,
            world,
            preferences,
            model,
        } = case;
        self.off();
        if world.numbers.durability.is_empty() {
            return;
        }
        self.on = true;
        self.bench.get_mut().start(setting, world);
        self.groups.clear();
        for t in 0..world.numbers.types.len() {
            let own = OwnBeliefs::of(world, t);
            match self.groups.iter_mut().find(|(known, _)| *known == own) {
                Some((_, types)) => types.0 |= 1 << t,
                None => self.groups.push((own, TypeSet(1 << t))),
            }
        }
        let states = States {
            setting,
            world,
            preferences,
            deal_value: &Identity,
        };
        model.value_states(&states, &mut Vec::new(), &mut self.paper);
        self.endings
            .list(case, &self.paper, &mut self.bench.get_mut().lives);
        for group in &self.groups {
            let changing = &mut self.bench.get_mut().changing;
            let room = (&mut *workspace, changing, &mut self.solution);
            self.endings.solve(case, &self.paper, *group, room);
        }
        self.aftermath.apart = self.endings.settle(TypeSet::ALL);
        self.stand_in(case);
    }

    /// What searches add up: an ordinary deal's share of peace of all points, and of war, V(resume) after an armistice at the line.
    fn stand_in(&mut self, case: Case) {
        let Case { setting, world, .. } = case;
        let mut additive = std::mem::take(&mut self.additive);
        additive.clone_from(case.preferences);
        let ordinary = Terms::ordinary(setting, &world.numbers.durability[0]);
        let life = self.bench.get_mut().lives.on(setting, world, ordinary);
        let line = setting.contest.as_ref().map_or(0, |c| c.line_issue);
        for t in 0..setting.types.len() {
            let peace = self.bench.get_mut().lives.months(life, t).peace();
            let after = 1.0 - peace;
            let war = |option: usize| after * self.war_at_option(setting, world, t, option);
            additive.blend(setting, t, peace, line, war);
        }
        self.additive = additive;
    }

    /// V(resume) after an armistice with the line at an option; without a line, V.
    fn war_at_option(&self, setting: &Setting, world: &World, t: usize, option: usize) -> f64 {
        if setting.contest.is_none() {
            return self.endings.war(0, t);
        }
        let stated = world.numbers.positions.get(option).copied();
        let stated = stated.filter(|p| !p.is_nan());
        let at = stated.unwrap_or(world.numbers.contest[0].start);
        interpolate(&self.paper.knots, at, |k| self.endings.war(k, t))
    }

    /// Finds what may follow every named package that is asked about. After the no-deal queries are solved; `payoffs` are those that they were solved with.
    pub(crate) fn weigh(
        &mut self,
        case: Case,
        asked: &[bool],
        payoffs: &Payoffs,
        refusals: &mut Refusals,
    ) {
        if self.on {
            let bench = self.bench.get_mut();
            bench.weigh(case, asked, payoffs, refusals, &mut self.aftermath);
        }
    }

    /// What follows endings for types that believe this and not what they do; nothing where they all do, or nothing follows.
    pub(crate) fn believing(
        &mut self,
        case: Case,
        group: (OwnBeliefs, TypeSet),
        workspace: &mut Workspace,
        seen: &mut Endings,
    ) {
        seen.copy(&self.endings);
        let changing = &mut self.bench.get_mut().changing;
        let room = (workspace, changing, &mut self.solution);
        seen.solve(case, &self.paper, group, room);
        seen.settle(group.1);
    }

    /// Takes these for what follows endings, and gives those that it had.
    pub(crate) fn swap(&mut self, seen: &mut Endings) {
        std::mem::swap(&mut self.endings, seen);
    }
}

impl DealValue for Durable {
    fn worth(
        &self,
        setting: &Setting,
        world: &World,
        preferences: &Preferences,
        t: usize,
        package: &[u8],
        how: &[Fate],
    ) -> f64 {
        if let Some(ending) = self.endings.find(package, how) {
            // A lever may change what options are worth; what a war after the ending is worth stays as it was.
            let paper = Identity.worth(setting, world, preferences, t, package, how);
            return ending.shares[t][0] * paper + ending.shares[t][1] * ending.war[t];
        }
        let mut named = setting.packages.iter().zip(&self.aftermath.prospects);
        match named.find(|(named, _)| named.choice == package) {
            Some((_, prospect)) if how == [Fate::Deal] && !prospect.worth.is_empty() => {
                // A lever may change what options are worth; when the deal ends and what war is worth then stay as they were.
                let paper = Identity.worth(setting, world, preferences, t, package, how);
                prospect.worth[t] + prospect.peace[t] * (paper - prospect.paper[t])
            }
            _ if how == [Fate::Deal] => {
                let known = self
                    .bench
                    .borrow_mut()
                    .worth(setting, world, preferences, t, package);
                // Before wars are solved, what searches add up stands in.
                known.unwrap_or_else(|| {
                    Identity.worth(setting, world, &self.additive, t, package, how)
                })
            }
            // A package that came about in another way than deals and endings do: what searches add up stands in.
            _ => Identity.worth(setting, world, &self.additive, t, package, how),
        }
    }

    fn is_additive(&self, setting: &Setting, world: &World) -> bool {
        Identity.is_additive(setting, world)
    }

    fn stands_in(&self) -> bool {
        true
    }

    fn at_most(&self, setting: &Setting, world: &World, line: Option<u8>) -> Option<Vec<[f64; 2]>> {
        self.bench.borrow_mut().at_most(setting, world, line)
    }

    fn option_term(
        &self,
        setting: &Setting,
        world: &World,
        t: usize,
        issue: usize,
        option: usize,
    ) -> f64 {
        Identity.option_term(setting, world, t, issue, option)
    }

    fn unsettled_term(&self, setting: &Setting, world: &World, t: usize, option: usize) -> f64 {
        Identity.unsettled_term(setting, world, t, option)
    }

    fn broken(
        &self,
        setting: &Setting,
        world: &World,
        package: &[u8],
        by: usize,
        to: &mut Vec<f64>,
    ) -> bool {
        let mut bench = self.bench.borrow_mut();
        let Some(resumed) = bench.resumed_after(setting, world, package) else {
            return false;
        };
        to.clear();
        // The war that resumes on the day of the deal.
        to.extend(resumed.by(by).iter().step_by(bench.lives.dates().len()));
        for t in setting.parties[by].types.clone() {
            to[t] -= world.numbers.types[t].renege_cost;
        }
        true
    }

    fn prospect(&self, setting: &Setting, world: &World, package: &[u8]) -> Option<Prospect> {
        self.bench.borrow_mut().prospect_of(setting, world, package)
    }

    fn escalation(&self, world: &World, t: usize) -> f64 {
        Identity.escalation(world, t)
    }
}

/// Payoffs with the burdens of a changed world.
fn with_burdens(payoffs: &Payoffs, world: &World, sets: &[(Target, f64)]) -> Option<Payoffs> {
    let burdens = |(target, _): &(Target, f64)| matches!(target, Target::Burden(_));
    if !sets.iter().any(burdens) {
        return None;
    }
    let mut changed = payoffs.clone();
    for (burden, t) in changed.burden.iter_mut().zip(&world.numbers.types) {
        *burden = t.burden;
    }
    Some(changed)
}

/// Linear between knots, constant outside.
pub(crate) fn interpolate(knots: &[f64], x: f64, worth: impl Fn(usize) -> f64) -> f64 {
    let above = knots.partition_point(|k| *k < x);
    if above == 0 {
        return worth(0);
    }
    if above == knots.len() {
        return worth(above - 1);
    }
    let (low, high) = (knots[above - 1], knots[above]);
    let (from, to) = (worth(above - 1), worth(above));
    from + (to - from) * (x - low) / (high - low)
}
