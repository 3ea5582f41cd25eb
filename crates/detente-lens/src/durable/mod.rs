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

pub(crate) mod bench;
pub(crate) mod comers;
pub(crate) mod law;
mod life;
#[cfg(test)]
mod tests;
pub(crate) mod wars;

pub(crate) use detente_core::changed;
use std::cell::RefCell;

use detente_core::{
    Aftermath, Beliefs, DealValue, Fate, NoDealSolution, OwnBeliefs, Payoffs, Preferences, Query,
    Refusals, Setting, Target, TypeSet, World,
};

use crate::{Identity, NoDeal, States, Workspace};
use bench::Bench;
use law::Terms;

/// Rounds after which worths of endings are taken as they are; each shrinks what is left several times.
const ROUNDS: usize = 500;
/// Worths that change by fewer points have settled.
const SETTLED: f64 = 1e-12;

/// D of the world prepared last.
#[derive(Debug, Default)]
pub(crate) struct Durable {
    on: bool,
    endings: Vec<Ending>,
    /// What searches add up.
    additive: Preferences,
    aftermath: Aftermath,
    bench: RefCell<Bench>,
    paper: Payoffs,
    solution: NoDealSolution,
    groups: Vec<(OwnBeliefs, TypeSet)>,
}

/// An ending of the no-deal model.
#[derive(Clone, Debug, Default)]
struct Ending {
    fate: Option<Fate>,
    package: Vec<u8>,
    /// By type: what a point of peace, and a point of war whenever it comes, are worth.
    shares: Vec<[f64; 2]>,
    /// By type: UL, V(resume) if every ending were worth UL, D, V(resume).
    paper: Vec<f64>,
    war_on_paper: Vec<f64>,
    worth: Vec<f64>,
    war: Vec<f64>,
    /// By type, by ending: what a point in that ending of the resumed war is worth.
    prices: Vec<f64>,
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
        self.aftermath.prospects.clear();
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
        let Some(numbers) = world.numbers.durability.first() else {
            return;
        };
        self.on = true;
        self.bench.get_mut().start(world);
        self.groups.clear();
        for (t, own) in world.numbers.types.iter().map(OwnBeliefs::of).enumerate() {
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
        self.list_endings(case);
        let after = law::rebuilt(numbers, f64::INFINITY);
        let offset = if setting.contest.is_some() {
            after
        } else {
            0.0
        };
        for e in 0..self.endings.len() {
            let sets = law::sets(setting, world, &self.endings[e].package);
            let changed = changed(setting, world, &sets);
            let world = changed.as_ref().unwrap_or(world);
            let payoffs = with_burdens(&self.paper, world, &sets);
            let payoffs = payoffs.as_ref().unwrap_or(&self.paper);
            let start = law::position(setting, world, &self.endings[e].package);
            for (own, types) in &self.groups {
                let query = resumed(setting, world, *own, *types, offset, start);
                price(
                    Case { world, ..case },
                    &query,
                    payoffs,
                    workspace,
                    &mut self.solution,
                    &mut self.endings[e],
                );
            }
        }
        self.settle(setting);
        self.stand_in(case);
    }

    fn list_endings(&mut self, case: Case) {
        let Case { setting, world, .. } = case;
        let mut count = 0;
        let mut push = |fate: Option<Fate>, package: &[u8], endings: &mut Vec<Ending>| {
            if endings.len() == count {
                endings.push(Ending::default());
            }
            endings[count].fate = fate;
            endings[count].package.clear();
            endings[count].package.extend_from_slice(package);
            count += 1;
        };
        if let Some(contest) = &setting.contest {
            let mut package = contest.armistice.clone();
            for knot in &self.paper.knots {
                let mut positions = world.numbers.positions.iter();
                let option = positions.position(|p| p == knot).unwrap_or(0);
                package[contest.line_issue] = u8::try_from(option).expect("at most 64 options");
                push(Some(Fate::Armistice), &package, &mut self.endings);
            }
            push(
                Some(Fate::ADecisive),
                &contest.a_decisive,
                &mut self.endings,
            );
            push(
                Some(Fate::BDecisive),
                &contest.b_decisive,
                &mut self.endings,
            );
        } else if let Some(lottery) = &setting.lottery {
            push(Some(Fate::ADecisive), &lottery.a_wins, &mut self.endings);
            push(Some(Fate::BDecisive), &lottery.b_wins, &mut self.endings);
        } else {
            // Nothing ends a stated value: one entry, for what stands in.
            push(None, &vec![0; setting.issues.len()], &mut self.endings);
        }
        self.endings.truncate(count);
        for ending in &mut self.endings {
            let how = how(ending.fate);
            let terms = Terms::of(setting, world, &ending.package, &how);
            let lives = &mut self.bench.get_mut().lives;
            let life = lives.on(setting, world, terms);
            ending.shares.clear();
            for t in 0..setting.types.len() {
                let peace = lives.months(life, t).peace();
                ending.shares.push([peace, 1.0 - peace]);
            }
            let types = 0..setting.types.len();
            ending.paper.clear();
            ending.paper.extend(types.map(|t| {
                Identity.worth(setting, world, case.preferences, t, &ending.package, &how)
            }));
            ending.war_on_paper.clear();
            ending.war_on_paper.resize(setting.types.len(), f64::NAN);
            ending.prices.clear();
            ending.prices.resize(setting.types.len() * count, 0.0);
        }
    }

    /// D of endings: UL in peace and V(resume) after it, where V(resume) is linear in D of endings. From an unbroken peace and from
    /// war at once.
    fn settle(&mut self, setting: &Setting) {
        let count = self.endings.len();
        let mut apart: f64 = 0.0;
        let mut kept = vec![0.0; count];
        let mut now = vec![0.0; count];
        for ending in &mut self.endings {
            ending.worth.resize(setting.types.len(), 0.0);
            ending.war.resize(setting.types.len(), 0.0);
        }
        for t in 0..setting.types.len() {
            for from_war in [true, false] {
                for (worth, ending) in now.iter_mut().zip(&self.endings) {
                    *worth = if from_war {
                        ending.war_on_paper[t]
                    } else {
                        ending.paper[t]
                    };
                }
                for _ in 0..ROUNDS {
                    let mut moved: f64 = 0.0;
                    for e in 0..count {
                        let war = self.war_after(e, t, &now);
                        let [peace, after] = self.endings[e].shares[t];
                        let worth = peace * self.endings[e].paper[t] + after * war;
                        moved = moved.max((worth - now[e]).abs());
                        now[e] = worth;
                    }
                    if moved <= SETTLED {
                        break;
                    }
                }
                if from_war {
                    kept.clone_from(&now);
                }
            }
            for e in 0..count {
                apart = apart.max((kept[e] - now[e]).abs());
                let war = self.war_after(e, t, &now);
                self.endings[e].worth[t] = now[e];
                self.endings[e].war[t] = war;
            }
        }
        self.aftermath.apart = apart;
    }

    /// V(resume) after an ending if endings of the resumed war are worth this.
    fn war_after(&self, e: usize, t: usize, worth: &[f64]) -> f64 {
        let ending = &self.endings[e];
        let prices = &ending.prices[t * worth.len()..(t + 1) * worth.len()];
        let more = prices.iter().zip(worth).zip(&self.endings);
        ending.war_on_paper[t]
            + more
                .map(|((price, worth), other)| price * (worth - other.paper[t]))
                .sum::<f64>()
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
            return self.endings[0].war[t];
        }
        let stated = world.numbers.positions.get(option).copied();
        let stated = stated.filter(|p| !p.is_nan());
        let at = stated.unwrap_or(world.numbers.contest[0].start);
        interpolate(&self.paper.knots, at, |k| self.endings[k].war[t])
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

    fn ending(&self, package: &[u8], how: &[Fate]) -> Option<&Ending> {
        self.endings.iter().find(|ending| {
            ending.fate.is_some_and(|fate| how.contains(&fate)) && ending.package == package
        })
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
        if let Some(ending) = self.ending(package, how) {
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
        to.extend(resumed.by(by).iter().step_by(life::MONTHS));
        for t in setting.parties[by].types.clone() {
            to[t] -= world.numbers.types[t].renege_cost;
        }
        true
    }

    fn escalation(&self, world: &World, t: usize) -> f64 {
        Identity.escalation(world, t)
    }
}

/// How an ending came about.
pub(crate) fn how(fate: Option<Fate>) -> Vec<Fate> {
    match fate {
        Some(fate @ (Fate::ADecisive | Fate::BDecisive)) => vec![fate, Fate::Imposed],
        Some(fate) => vec![fate],
        None => Vec::new(),
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

/// A war that resumes with the edge moved, as those see it who hold these beliefs.
fn resumed(
    setting: &Setting,
    world: &World,
    own: OwnBeliefs,
    types: TypeSet,
    offset: f64,
    start: Option<f64>,
) -> Query {
    Query {
        beliefs: Beliefs::Own(OwnBeliefs {
            edge: own.edge + offset,
            ..own
        }),
        start_line: start,
        types,
        ..Query::analyst(setting, world)
    }
}

/// V(resume) after an ending on paper, and what a point in each ending of that war is worth, for the types of a query.
fn price(
    case: Case,
    query: &Query,
    payoffs: &Payoffs,
    workspace: &mut Workspace,
    solution: &mut NoDealSolution,
    ending: &mut Ending,
) {
    let Case {
        setting,
        world,
        model,
        ..
    } = case;
    workspace.contest.only_values = true;
    model.solve(setting, world, query, payoffs, workspace, solution);
    workspace.contest.only_values = false;
    let count = ending.prices.len() / setting.types.len();
    for t in (0..setting.types.len()).filter(|t| query.types.contains(*t)) {
        ending.war_on_paper[t] = solution.values[t];
        let prices = &mut ending.prices[t * count..(t + 1) * count];
        if setting.contest.is_some() {
            workspace.contest.ending_prices(t, &payoffs.knots, prices);
        }
    }
    if setting.lottery.is_some() && setting.contest.is_none() {
        // V with one point for a side's win, less V with none.
        let zeros = vec![0.0; setting.types.len()];
        let ones = vec![1.0; setting.types.len()];
        let wins = [(&zeros, &zeros), (&ones, &zeros), (&zeros, &ones)];
        let values = wins.map(|(a, b)| {
            let payoffs = Payoffs {
                a_decisive: a.clone(),
                b_decisive: b.clone(),
                ..Payoffs::default()
            };
            model.solve(setting, world, query, &payoffs, workspace, solution);
            solution.values.clone()
        });
        for t in (0..setting.types.len()).filter(|t| query.types.contains(*t)) {
            ending.prices[t * count] = values[1][t] - values[0][t];
            ending.prices[t * count + 1] = values[2][t] - values[0][t];
        }
    }
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
