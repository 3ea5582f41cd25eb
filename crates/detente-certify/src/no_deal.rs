//! What no deal is worth, once more, from the case and the world alone.

mod talks;

use detente_core::{DealValue, Fate, LeverProfile, Question, Target, Trigger, World, triggered_by};

use crate::budget;
use crate::contest;
use crate::durable::{self, After};
use crate::process;
use detente_core::Identity;

pub(crate) use talks::{Waiting, goes_on, value_after_talks, waiting};

/// V of type `t` under its own beliefs and the levers that run, in points; `None` if the case does not say what no deal is.
pub fn value(question: Question, t: usize) -> Option<f64> {
    value_with(
        question,
        t,
        LeverProfile::default(),
        &after_of(question, t)?,
    )
}

/// The same after a deal that broke down, where no war has edges.
pub(crate) fn resumed(question: Question, t: usize) -> Option<f64> {
    if let Some(process) = &question.setting.process {
        let begins = (LeverProfile::default(), Some(process.resumes));
        return process::value(question, t, begins);
    }
    value(question, t)
}

/// The same with some levers pulled besides, where what follows endings is known.
pub(crate) fn value_with(
    question: Question,
    t: usize,
    pulled: LeverProfile,
    after: &[After],
) -> Option<f64> {
    let Question { setting, world } = question;
    let me = &world.numbers.types[t];
    if setting.contest.is_some() {
        let war = contest::Belief {
            pulled,
            ..contest::Belief::default()
        };
        return contest::value_after(question, t, war, after);
    }
    if setting.lottery.is_some() {
        return lottery(question, t, me.believes_chance, pulled, after);
    }
    if setting.process.is_some() {
        return process::value(question, t, (pulled, None));
    }
    let set = set(question, pulled, Target::Reservation(t));
    setting
        .reservations
        .then_some(set.unwrap_or(me.reservation))
}

/// What the lever pulled last sets a number to.
fn set(question: Question, pulled: LeverProfile, number: Target) -> Option<f64> {
    let levers = contest::running(question, pulled);
    let sets = levers.flat_map(|(lever, own)| lever.sets.iter().zip(&own.sets));
    sets.filter(|(target, _)| **target == number)
        .map(|(_, to)| *to)
        .last()
}

/// What follows endings of a war, by type: nothing where the case does not say what may follow a deal.
pub(crate) fn after(question: Question) -> Option<Vec<Vec<After>>> {
    let types = 0..question.setting.types.len();
    types.map(|t| after_of(question, t)).collect()
}

fn after_of(question: Question, t: usize) -> Option<Vec<After>> {
    let Question { setting, world } = question;
    if world.numbers.durability.is_empty() {
        return Some(Vec::new());
    }
    if setting.contest.is_some() {
        return contest::after_endings(question, t);
    }
    let Some(lottery) = &setting.lottery else {
        return Some(Vec::new());
    };
    // What follows a win is peace for a while and the lottery once more: V = mean(peace U + (1 - peace) V) - cost.
    let me = &world.numbers.types[t];
    let peace =
        |package: &[u8], fate| durable::peace_of(question, t, package, &[fate, Fate::Imposed]);
    let peace = [
        peace(&lottery.a_wins, Fate::ADecisive),
        peace(&lottery.b_wins, Fate::BDecisive),
    ];
    // A lever may change what a win is worth, but what follows it stays as it was without.
    let [a, b] = wins(question, t, LeverProfile::default())?;
    let odds = odds(question, me.believes_chance)?;
    let war = (mean(odds, peace[0] * a, peace[1] * b) - me.fighting_cost)
        / mean(odds, peace[0], peace[1]);
    Some(peace.map(|share| After::new(share, war)).into())
}

/// Greatest error of [`value`], in points.
pub(crate) fn tolerance(Question { setting, world }: Question) -> f64 {
    if setting.contest.is_some() && world.numbers.types.iter().any(|t| t.own_sd > 0.0) {
        contest::TOLERANCE
    } else if setting.process.is_some() {
        process::TOLERANCE
    } else {
        contest::SHARP_TOLERANCE
    }
}

/// What a promise brings a type once it is kept, month by month for as long as it pays.
pub(crate) fn brings(Question { setting, world }: Question, l: usize, t: usize) -> f64 {
    let (lever, n) = (&setting.levers[l], &world.numbers.levers[l]);
    let party = setting.types[t].party;
    let (mut brings, mut flow) = (0.0, 0.0);
    for (to, points) in lever.pays_to.iter().zip(&n.pays) {
        brings += if *to == party { *points } else { 0.0 };
    }
    for (to, cost) in lever.flow_to.iter().zip(&n.flow_costs) {
        flow += if *to == party { *cost } else { 0.0 };
    }
    if n.lasts.is_nan() {
        return brings - flow;
    }
    let patience = world.numbers.types[t].patience;
    let (mut worth, mut left) = (1.0, n.lasts);
    while left > 0.0 {
        // Of the last month, what is begun of it.
        let month = libm::pow(patience, left.min(1.0));
        brings -= worth * (1.0 - month) * flow;
        worth *= month;
        left -= 1.0;
    }
    brings
}

/// What promises that pay bring type `t` once a deal is agreed, in points.
pub(crate) fn promises(Question { setting, world }: Question, t: usize) -> f64 {
    let noise = world.numbers.behaviour.first().map_or(0.5, |b| b.noise);
    let mut all = 0.0;
    for (l, lever) in setting.levers.iter().enumerate() {
        let n = &world.numbers.levers[l];
        if lever.trigger != Trigger::Accept || n.on <= 0.0 || !lever.pays() {
            continue;
        }
        // What delivering takes from a type; the wielder pays for it besides.
        let question = Question { setting, world };
        let takes = |t: usize| {
            let own = setting.types[t].party == lever.by;
            let cost = if own { n.cost } else { 0.0 };
            cost - brings(question, l, t)
        };
        let keeps = |t: usize| 1.0 / (1.0 + libm::exp(takes(t) / noise));
        let given = world.fixed("leverage", "credibility", &[l]);
        let given = given.or((!n.credibility.is_nan()).then_some(n.credibility));
        let chance = given.unwrap_or_else(|| {
            if setting.types[t].party == lever.by {
                return keeps(t);
            }
            let wielders = setting.parties[lever.by].types.clone();
            wielders.map(|w| world.believed(t, w) * keeps(w)).sum()
        });
        all -= chance * takes(t);
    }
    all
}

/// Worths, chances, error.
pub(crate) type Refused = (Vec<Vec<f64>>, Vec<Vec<f64>>, f64);

/// What refusals are worth, by refuser then by type, and the greatest error, in points: every set of levers in turn, types that
/// answer one another by steps of a tenth from nobody pulling anything.
pub(crate) fn refusals(question: Question) -> Option<(Vec<Vec<f64>>, f64)> {
    refusals_and_chances(question).map(|(worth, _, error)| (worth, error))
}

/// What refusals are worth, by refuser then by type; chances that levers are pulled, by lever then by type of its wielder; and the
/// greatest error of the worths, in points.
pub(crate) fn refusals_and_chances(question: Question) -> Option<Refused> {
    refusals_after(question, &after(question)?)
}

/// The same where what follows endings is known.
pub(crate) fn refusals_after(question: Question, after: &[Vec<After>]) -> Option<Refused> {
    let what = || format!("refusals {after:?}");
    durable::once(question, what, || find_refusals(question, after))
}

fn find_refusals(question: Question, after: &[Vec<After>]) -> Option<Refused> {
    const STEPS: usize = 3_000;
    let Question { setting, world } = question;
    let noise = world.numbers.behaviour.first().map_or(0.5, |b| b.noise);
    let types = 0..setting.types.len();
    let alone: Vec<f64> = types
        .clone()
        .map(|t| value_with(question, t, LeverProfile::default(), &after[t]))
        .collect::<Option<_>>()?;
    let mut error = tolerance(question);
    let mut all = Vec::new();
    let mut chances = vec![vec![f64::NAN; setting.types.len()]; setting.levers.len()];
    for refuser in 0..setting.parties.len() {
        let levers: Vec<usize> = triggered_by(setting, world, refuser).collect();
        if levers.is_empty() {
            all.push(alone.clone());
            continue;
        }
        let mut worth = Vec::new();
        for set in 0..1_usize << levers.len() {
            let pulled = levers.iter().enumerate();
            let pulled = pulled.filter(|(k, _)| set & (1 << k) != 0);
            let pulled = pulled.fold(LeverProfile::default(), |all, (_, l)| all.with(*l));
            let of = types
                .clone()
                .map(|t| value_with(question, t, pulled, &after[t]));
            worth.push(of.collect::<Option<Vec<f64>>>()?);
        }
        let own = |k: usize, t: usize| setting.levers[levers[k]].by == setting.types[t].party;
        let mut chance = vec![vec![0.0; setting.types.len()]; levers.len()];
        let seen = |chance: &[Vec<f64>], k: usize, t: usize| -> f64 {
            let n = &world.numbers.levers[levers[k]];
            let given = world.fixed("leverage", "credibility", &[levers[k]]);
            match given.or((!n.credibility.is_nan()).then_some(n.credibility)) {
                Some(given) => given,
                None if own(k, t) => chance[k][t],
                None => types
                    .clone()
                    .filter(|other| own(k, *other))
                    .map(|other| world.believed(t, other) * chance[k][other])
                    .sum(),
            }
        };
        let share = |chance: &[Vec<f64>], set: usize, but: usize, t: usize| -> f64 {
            let each = (0..levers.len()).filter(|k| *k != but).map(|k| {
                let c = seen(chance, k, t);
                if set & (1 << k) == 0 { 1.0 - c } else { c }
            });
            each.product()
        };
        // Some twenty levers weighed against as many sets cost as much as a month of a war.
        let steps = STEPS * levers.len() * worth.len() * types.len();
        budget::spend(steps / 20)?;
        for _ in 0..STEPS {
            let before = chance.clone();
            for k in 0..levers.len() {
                for t in types.clone().filter(|t| own(k, *t)) {
                    let mut gain = -world.numbers.levers[levers[k]].cost;
                    for set in (0..worth.len()).filter(|set| set & (1 << k) == 0) {
                        let change = worth[set + (1 << k)][t] - worth[set][t];
                        gain += share(&before, set, k, t) * change;
                    }
                    let answer = 1.0 - 1.0 / (1.0 + libm::exp(gain / noise));
                    chance[k][t] += 0.1 * (answer - chance[k][t]);
                }
            }
        }
        for (k, lever) in levers.iter().enumerate() {
            for t in types.clone().filter(|t| own(k, *t)) {
                chances[*lever][t] = seen(&chance, k, t);
            }
        }
        let mut spread: f64 = 0.0;
        let of = types.clone().map(|t| {
            let mut mean = 0.0;
            for (set, worth) in worth.iter().enumerate() {
                let mine = (0..levers.len()).filter(|k| set & (1 << k) != 0 && own(*k, t));
                let paid: f64 = mine.map(|k| world.numbers.levers[levers[k]].cost).sum();
                mean += share(&chance, set, usize::MAX, t) * (worth[t] - paid);
                spread = spread.max((worth[t] - alone[t]).abs() + paid);
            }
            mean
        });
        all.push(of.collect());
        // What an error of an incentive does to a chance, and the chance to a mean.
        error = error.max(tolerance(question) * (1.0 + spread * levers.len() as f64 / noise));
    }
    Some((all, chances, error))
}

/// V of type `t` if it believed what the analyst does, of wars to come too.
pub(crate) fn analysts_value(question: Question, t: usize) -> Option<f64> {
    let world = &keeping(question.world, t, |_| false);
    value(Question { world, ..question }, t)
}

/// A world in which of a type's beliefs, by the order of [`detente_core::BELIEFS`], some are kept and the others are the analyst's.
pub(crate) fn keeping(world: &World, t: usize, kept: impl Fn(usize) -> bool) -> World {
    let mut other = world.clone();
    let me = &mut other.numbers.types[t];
    let beliefs = [
        &mut me.believes_edge,
        &mut me.own_sd,
        &mut me.believes_escalation,
        &mut me.believes_chance,
    ];
    for (k, belief) in beliefs.into_iter().enumerate() {
        if !kept(k) {
            *belief = 0.0;
        }
    }
    for (k, beliefs) in [(4, &mut me.believes_rates), (1, &mut me.rate_sds)] {
        if !kept(k) {
            beliefs.fill(0.0);
        }
    }
    other
}

/// V of a lottery with some levers pulled, where what follows its endings is known.
fn lottery(
    question: Question,
    t: usize,
    offset: f64,
    pulled: LeverProfile,
    after: &[After],
) -> Option<f64> {
    let mut worths = wins(question, t, pulled)?;
    for (worth, after) in worths.iter_mut().zip(after) {
        *worth = after.worth(*worth);
    }
    let cost = set(question, pulled, Target::FightingCost(t));
    let cost = cost.unwrap_or(question.world.numbers.types[t].fighting_cost);
    let mut odds = odds(question, offset)?;
    if let Some(chance) = set(question, pulled, Target::LotteryChance) {
        odds = chance / (1.0 - chance) * libm::exp(offset);
    }
    Some(mean(odds, worths[0], worths[1]) - cost)
}

/// What either side's win is worth on paper with some levers pulled, which may change what options are worth.
fn wins(question: Question, t: usize, pulled: LeverProfile) -> Option<[f64; 2]> {
    let Question { setting, world } = question;
    let lottery = setting.lottery.as_ref()?;
    let preferences = contest::preferences(question, pulled);
    let won = |package: &[u8], fate| {
        let how = [fate, Fate::Imposed];
        Identity.worth(setting, world, &preferences, t, package, &how)
    };
    Some([
        won(&lottery.a_wins, Fate::ADecisive),
        won(&lottery.b_wins, Fate::BDecisive),
    ])
}

/// Odds instead of chances: A's share of the whole is odds/(1 + odds).
fn odds(Question { world, .. }: Question, offset: f64) -> Option<f64> {
    let chance = world.numbers.lottery.first()?.chance;
    Some(chance / (1.0 - chance) * libm::exp(offset))
}

fn mean(odds: f64, a: f64, b: f64) -> f64 {
    if odds.is_infinite() {
        a
    } else {
        (odds * a + b) / (1.0 + odds)
    }
}
