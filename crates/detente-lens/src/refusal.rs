//! What refusing is worth where a refusal triggers levers: N, the incentives behind it and the chances that they make.
//!
//! Each lever of a refusal is pulled or not by itself. Its wielder's type θ pulls it with chance Λ(Δ/s), where Δ is what pulling
//! it changes of V less its cost, on average over the other levers of the same refusal as θ expects them. Chances of several
//! levers thus depend on one another; they are found by iteration from nobody pulling anything, and sought once more from
//! everybody pulling everything.

use crate::pulled::promised;
use detente_core::{NoDealSolution, Query, Refusals, Setting, Trigger, World, triggered_by};

/// Levers that one refusal may trigger at most; the checker refuses more.
pub(crate) const MOST: usize = 4;
/// Rounds after which chances that will not settle are taken as they are.
const ROUNDS: usize = 400;
/// Chances that change by less have settled.
const SETTLED: f64 = 1e-13;
/// Two sets of chances that differ by more are different answers.
const DIFFERENT: f64 = 1e-6;

/// Λ: the chance of an act with this incentive, in units of the noise of choosing.
pub(crate) fn logistic(x: f64) -> f64 {
    1.0 / (1.0 + libm::exp(-x))
}

/// Every query that refusals need: each set of triggered levers, as each type sees it.
pub(crate) fn queries(setting: &Setting, world: &World, queries: &mut Vec<Query>) {
    queries.extend((0..setting.types.len()).map(|t| Query::own(setting, world, t)));
    for refuser in 0..setting.parties.len() {
        let count = triggered_by(setting, world, refuser).take(MOST).count();
        for set in 1..1_usize << count {
            let types = 0..setting.types.len();
            queries.extend(types.map(|t| branch(setting, world, refuser, set, t)));
        }
    }
}

/// The war of a refusal after which some of its levers are pulled, as type `t` sees it. `set` has a bit for each lever that the
/// refusal may trigger, in their order.
pub(crate) fn branch(
    setting: &Setting,
    world: &World,
    refuser: usize,
    set: usize,
    t: usize,
) -> Query {
    let mut query = Query::own(setting, world, t);
    let levers = triggered_by(setting, world, refuser).take(MOST);
    for (k, lever) in levers.enumerate() {
        if set >> k & 1 == 1 {
            query.levers = query.levers.with(lever);
        }
    }
    query
}

/// Room that is re-used from world to world.
#[derive(Debug, Default)]
pub(crate) struct Room {
    /// V by set of levers, then by type.
    values: Vec<f64>,
    levers: Vec<usize>,
    /// Chance that a lever is pulled, by lever of the refusal, then by type of its wielder (in the flat list of all).
    chances: Vec<f64>,
    kept: Vec<f64>,
}

/// Fills `out` from solved queries: each type by its own beliefs.
pub(crate) fn weigh(
    setting: &Setting,
    world: &World,
    solved: &[(Query, NoDealSolution)],
    room: &mut Room,
    out: &mut Refusals,
) {
    let types = setting.types.len();
    let value = |query: &Query, t: usize| {
        let found = solved.iter().find(|(asked, _)| asked == query);
        found.map_or(f64::NAN, |(_, solution)| solution.values[t])
    };
    let own = (0..types).map(|t| value(&Query::own(setting, world, t), t));
    out.reset(setting.parties.len(), setting.levers.len(), own);
    for refuser in 0..setting.parties.len() {
        room.levers.clear();
        room.levers
            .extend(triggered_by(setting, world, refuser).take(MOST));
        if room.levers.is_empty() {
            continue;
        }
        room.values.clear();
        for set in 0..1 << room.levers.len() {
            let of = |t: usize| value(&branch(setting, world, refuser, set, t), t);
            room.values.extend((0..types).map(of));
        }
        weigh_one(setting, world, refuser, room, out);
    }
    weigh_promises(setting, world, out);
}

fn weigh_one(
    setting: &Setting,
    world: &World,
    refuser: usize,
    room: &mut Room,
    out: &mut Refusals,
) {
    let types = setting.types.len();
    let Room {
        values,
        levers,
        chances,
        kept,
    } = room;
    let branch = Branch {
        setting,
        world,
        values,
        levers,
    };
    chances.clear();
    chances.resize(levers.len() * types, 1.0);
    branch.settle(chances);
    kept.clone_from(chances);
    chances.fill(0.0);
    branch.settle(chances);
    for (k, lever) in levers.iter().enumerate() {
        for t in setting.parties[setting.levers[*lever].by].types.clone() {
            let place = k * types + t;
            out.several |= (chances[place] - kept[place]).abs() > DIFFERENT;
        }
    }
    for (k, lever) in levers.iter().enumerate() {
        for t in 0..types {
            if setting.types[t].party == setting.levers[*lever].by {
                *out.incentive_mut(*lever, t) = branch.incentive(k, t, chances);
            }
            *out.chance_mut(*lever, t) = branch.seen(k, t, chances);
        }
    }
    for t in 0..types {
        let mine = |k: &usize| setting.levers[levers[*k]].by == setting.types[t].party;
        let sets = 0..1_usize << levers.len();
        let worth = |set: usize| {
            let pulled = (0..levers.len()).filter(|k| set >> k & 1 == 1);
            let costs = pulled
                .filter(mine)
                .map(|k| world.numbers.levers[levers[k]].cost);
            values[set * types + t] - costs.sum::<f64>()
        };
        let mean = sets.map(|set| branch.chance_of(set, None, t, chances) * worth(set));
        *out.worth_mut(t, refuser) = mean.sum();
    }
}

/// One refusal and the levers that it may trigger.
struct Branch<'a> {
    setting: &'a Setting,
    world: &'a World,
    /// V by set of levers, then by type.
    values: &'a [f64],
    levers: &'a [usize],
}

impl Branch<'_> {
    /// Lets every type of every wielder answer the others until nothing changes.
    fn settle(&self, chances: &mut [f64]) {
        let types = self.setting.types.len();
        let noise = self
            .world
            .numbers
            .behaviour
            .first()
            .map_or(0.5, |b| b.noise);
        for round in 0..ROUNDS {
            let mut moved: f64 = 0.0;
            for (k, lever) in self.levers.iter().enumerate() {
                let wielder = self.setting.levers[*lever].by;
                for t in self.setting.parties[wielder].types.clone() {
                    let answer = logistic(self.incentive(k, t, chances) / noise);
                    let chance = &mut chances[k * types + t];
                    // Answers that overshoot one another meet half way.
                    let step = if round < ROUNDS / 8 { 1.0 } else { 0.5 };
                    let to = *chance + step * (answer - *chance);
                    moved = moved.max((to - *chance).abs());
                    *chance = to;
                }
            }
            if moved <= SETTLED {
                return;
            }
        }
    }

    /// Δ of the k-th lever to type `t` of its wielder: what pulling it changes, others as the type expects them, less its cost.
    fn incentive(&self, k: usize, t: usize, chances: &[f64]) -> f64 {
        let types = self.setting.types.len();
        let without = (0..1_usize << self.levers.len()).filter(|set| set >> k & 1 == 0);
        let change = without.map(|set| {
            let change = self.values[(set | 1 << k) * types + t] - self.values[set * types + t];
            self.chance_of(set, Some(k), t, chances) * change
        });
        change.sum::<f64>() - self.world.numbers.levers[self.levers[k]].cost
    }

    /// Chance that exactly these levers are pulled, one of them left out of account, as type `t` sees it.
    fn chance_of(&self, set: usize, but: Option<usize>, t: usize, chances: &[f64]) -> f64 {
        let others = (0..self.levers.len()).filter(|k| Some(*k) != but);
        others
            .map(|k| {
                let chance = self.seen(k, t, chances);
                if set >> k & 1 == 1 {
                    chance
                } else {
                    1.0 - chance
                }
            })
            .product()
    }

    /// Chance that the k-th lever is pulled, as type `t` sees it: its own if it is the wielder's, else over the wielder's types.
    fn seen(&self, k: usize, t: usize, chances: &[f64]) -> f64 {
        let lever = self.levers[k];
        let types = self.setting.types.len();
        given(self.world, lever).unwrap_or_else(|| {
            over_types(self.setting, self.world, lever, t, |t| {
                chances[k * types + t]
            })
        })
    }
}

/// The chance that the analyst gives a lever outright.
pub(crate) fn given(world: &World, lever: usize) -> Option<f64> {
    let stated = world.numbers.levers[lever].credibility;
    let stated = (!stated.is_nan()).then_some(stated);
    world.fixed("leverage", "credibility", &[lever]).or(stated)
}

/// A chance that depends on the wielder's type, as type `t` sees it.
pub(crate) fn over_types(
    setting: &Setting,
    world: &World,
    lever: usize,
    t: usize,
    chance: impl Fn(usize) -> f64,
) -> f64 {
    let wielder = setting.levers[lever].by;
    if setting.types[t].party == wielder {
        return chance(t);
    }
    let types = setting.parties[wielder].types.clone();
    types
        .map(|other| world.believed(t, other) * chance(other))
        .sum()
}

/// Promises that pay a flow once a deal is agreed: what they bring, and whether their wielders keep them.
fn weigh_promises(setting: &Setting, world: &World, out: &mut Refusals) {
    let noise = world.numbers.behaviour.first().map_or(0.5, |b| b.noise);
    for (l, (lever, n)) in setting.levers.iter().zip(&world.numbers.levers).enumerate() {
        // A promise that only changes a war is tested when a war resumes.
        if lever.trigger != Trigger::Accept || n.on <= 0.0 || !lever.pays() {
            continue;
        }
        let brings = |t: usize| promised(setting, world, l, t);
        for t in setting.parties[lever.by].types.clone() {
            *out.incentive_mut(l, t) = brings(t) - n.cost;
        }
        for t in 0..setting.types.len() {
            let kept = |t: usize| logistic(out.incentive(l, t) / noise);
            let chance = given(world, l).unwrap_or_else(|| over_types(setting, world, l, t, kept));
            let own = setting.types[t].party == lever.by;
            let cost = if own { n.cost } else { 0.0 };
            *out.chance_mut(l, t) = chance;
            *out.promise_mut(t) += chance * (brings(t) - cost);
        }
    }
}
