//! V of a process once more: no system of equations, no months taken backwards. The chances of every state are carried forward from
//! today, month by month, and what each month brings is added up, until what is left of them counts for nothing. Somebody's doubt about
//! rates is integrated by Simpson's rule. What becomes of a process comes from the same chances, which after the last change are carried
//! on by doubling: two months, four, eight.

mod goes_on;

use detente_core::asks::{COMPELLED_TOLD, LONGEST};
use detente_core::{
    DealValue, Fate, Identity, LAST_CHANGE, Lever, LeverNumbers, LeverProfile, MILESTONES,
    ProcessPlace, Question, Target, Trigger, leader_term,
};

use crate::no_deal::Waiting;
use crate::{budget, contest};

pub(crate) use goes_on::goes_on;

/// Greatest error of [`value`], in points.
pub(crate) const TOLERANCE: f64 = 1e-6;
/// Discounted chances that count for nothing.
const NOTHING: f64 = 1e-13;
/// Months that cost a certificate as much as a month of a war that is integrated.
const MONTHS_A_STEP: usize = 4;

/// What somebody believes about rates, by `ProcessSetting::believed`: offsets of their logs, and its doubt about them.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Seen {
    pub(crate) offsets: Vec<f64>,
    pub(crate) doubts: Vec<f64>,
}

impl Seen {
    pub(crate) fn of(question: Question, t: usize) -> Self {
        let me = &question.world.numbers.types[t];
        Self {
            offsets: me.believes_rates.clone(),
            doubts: me.rate_sds.clone(),
        }
    }

    fn doubts(&self) -> bool {
        self.doubts.iter().any(|sd| *sd > 0.0)
    }
}

/// Levers that are pulled besides those that run now, and the state that the process begins in, if not today's.
pub(crate) type Pulled = (LeverProfile, Option<usize>);

/// V of type `t` under its own beliefs with some levers pulled besides those that run now.
pub(crate) fn value(question: Question, t: usize, pulled: Pulled) -> Option<f64> {
    value_seen(question, t, pulled, &Seen::of(question, t))
}

/// The same under some beliefs.
pub(crate) fn value_seen(question: Question, t: usize, pulled: Pulled, seen: &Seen) -> Option<f64> {
    followed(question, t, pulled, seen).map(|(worth, _)| worth)
}

/// V, and the discounted months that pass before an end, as type `t` counts them under some beliefs.
pub(crate) fn followed(
    question: Question,
    t: usize,
    pulled: Pulled,
    seen: &Seen,
) -> Option<(f64, f64)> {
    /// Panels of the integral over a doubt, and how far it goes.
    const PANELS: usize = 32;
    const REACH: f64 = 7.0;
    if !seen.doubts() {
        return followed_at(question, t, pulled, seen, 0.0);
    }
    let width = 2.0 * REACH / PANELS as f64;
    let (mut all, mut worth, mut months) = (0.0, 0.0, 0.0);
    for k in 0..=2 * PANELS {
        let z = -REACH + 0.5 * width * k as f64;
        let simpson = match k {
            _ if k == 0 || k == 2 * PANELS => 1.0,
            _ if k % 2 == 1 => 4.0,
            _ => 2.0,
        };
        let weight = simpson * libm::exp(-0.5 * z * z);
        let (v, m) = followed_at(question, t, pulled, seen, z)?;
        all += weight;
        worth += weight * v;
        months += weight * m;
    }
    Some((worth / all, months / all))
}

/// Rates in a month, as they are.
fn rates_in(question: Question, levers: &[(&Lever, &LeverNumbers<f64>)], month: usize) -> Vec<f64> {
    let numbers = &question.world.numbers.process[0];
    let now = month as f64;
    let in_force = || {
        let levers = levers
            .iter()
            .filter(|(_, own)| own.delay <= now.min(LAST_CHANGE));
        levers.flat_map(|(lever, own)| lever.sets.iter().zip(&own.sets))
    };
    let mut moves = numbers.moves.clone();
    for (target, to) in in_force() {
        match target {
            Target::LaterRate(m, k) => moves[*m].later[*k].rate = *to,
            Target::LaterFrom(m, k) => moves[*m].later[*k].from_month = *to,
            _ => {}
        }
    }
    let rates = moves.iter().map(|own| {
        let begun = own.later.iter().filter(|later| later.from_month <= now);
        let last = begun.filter(|later| later.from_month <= LAST_CHANGE);
        // Of two that begin together the one that stands last.
        let last = last.max_by(|a, b| a.from_month.total_cmp(&b.from_month));
        last.map_or(own.rate, |later| later.rate)
    });
    let mut rates: Vec<f64> = rates.collect();
    for (target, to) in in_force() {
        if let Target::Rate(m) = target {
            rates[*m] = *to;
        }
    }
    rates
}

fn followed_at(
    question: Question,
    t: usize,
    pulled: Pulled,
    seen: &Seen,
    z: f64,
) -> Option<(f64, f64)> {
    let Question { setting, world } = question;
    let process = setting.process.as_ref()?;
    let numbers = world.numbers.process.first()?;
    let (pulled, first) = pulled;
    let preferences = contest::preferences(question, pulled);
    let levers: Vec<_> = contest::running(question, pulled).collect();
    let me = &world.numbers.types[t];
    let flow = |place: usize| {
        let like = process.states[place]
            .like
            .as_ref()
            .filter(|_| numbers.states[place].worth[t].is_nan());
        like.map_or(numbers.states[place].worth[t], |package| {
            preferences.worth(setting, t, package) + leader_term(world, t, [Fate::Unsettled])
        })
    };
    let end = |place: usize| {
        let like = process.ends[place]
            .like
            .as_ref()
            .filter(|_| numbers.ends[place].worth[t].is_nan());
        like.map_or(numbers.ends[place].worth[t], |package| {
            Identity.worth(setting, world, &preferences, t, package, &[])
        })
    };
    let party = setting.types[t].party;
    let mut paid = 0.0;
    for (lever, own) in &levers {
        for (bearer, cost) in lever.flow_to.iter().zip(&own.flow_costs) {
            paid += if *bearer == party { *cost } else { 0.0 };
        }
    }
    let mut here = vec![0.0; process.states.len()];
    here[first.unwrap_or(process.today)] = 1.0;
    let (mut worth, mut months) = (0.0, 0.0);
    let mut weight = 1.0;
    let mut month = 0_usize;
    let mut rates: Vec<f64> = Vec::new();
    let mut brings: Vec<f64> = Vec::new();
    let mut ends: Vec<f64> = Vec::new();
    while weight * here.iter().sum::<f64>() > NOTHING {
        if month.is_multiple_of(MONTHS_A_STEP) {
            budget::spend(1)?;
        }
        // After the last change a month is like any other.
        if month as f64 <= LAST_CHANGE + 1.0 {
            let now = month as f64;
            let mut flows: Vec<f64> = (0..here.len()).map(flow).collect();
            let mut scars: Vec<f64> = numbers.states.iter().map(|own| own.scar[t]).collect();
            ends = (0..process.ends.len()).map(end).collect();
            rates = rates_in(question, &levers, month);
            for (place, own) in process.believed.iter().enumerate() {
                let of = |list: &[f64]| list.get(place).copied().unwrap_or(0.0);
                rates[*own] *= libm::exp(of(&seen.offsets)) * libm::exp(z * of(&seen.doubts));
            }
            for (lever, own) in levers
                .iter()
                .filter(|(_, own)| own.delay <= now.min(LAST_CHANGE))
            {
                for (target, to) in lever.sets.iter().zip(&own.sets) {
                    match target {
                        Target::StateWorth(of, s) if *of == t => flows[*s] = *to,
                        Target::StateScar(of, s) if *of == t => scars[*s] = *to,
                        Target::EndWorth(of, e) if *of == t => ends[*e] = *to,
                        _ => {}
                    }
                }
            }
            let months = flows.iter().zip(&scars);
            let month = |(flow, scar): (&f64, &f64)| (1.0 - me.patience) * (flow - paid) - scar;
            brings = months.map(month).collect();
        }
        let mut next = vec![0.0; here.len()];
        for (s, chance) in here.iter().enumerate() {
            worth += weight * chance * brings[s];
            months += weight * chance;
            let leaving = || {
                process
                    .moves
                    .iter()
                    .zip(&rates)
                    .filter(|(own, _)| own.from == s)
            };
            let all: f64 = leaving().map(|(_, rate)| rate).sum();
            next[s] += chance * libm::exp(-all);
            for (own, rate) in leaving().filter(|(_, rate)| **rate > 0.0) {
                let made = chance * (1.0 - libm::exp(-all)) * rate / all;
                match own.to {
                    ProcessPlace::State(to) => next[to] += made,
                    ProcessPlace::End(e) => worth += weight * me.patience * made * ends[e],
                }
            }
        }
        here = next;
        weight *= me.patience;
        month += 1;
    }
    Some((worth, months))
}

/// For each of some packages that type `t` refuses, given two worths of it, by month of [`MILESTONES`] to which it is told: the chance that by then others have
/// brought an end that is worth no more to it, as the analyst sees it with some levers pulled. Backwards from each month: what is still to
/// come in a state of the months that are left. Nothing where no move to an end says whose it is.
pub(crate) fn compelled(
    question: Question,
    t: usize,
    pulled: LeverProfile,
    refused: &[[f64; 2]],
) -> Option<Vec<Vec<[f64; 2]>>> {
    let Question { setting, world } = question;
    let process = setting.process.as_ref()?;
    let numbers = world.numbers.process.first()?;
    let party = setting.types[t].party;
    let ends = |to: ProcessPlace| matches!(to, ProcessPlace::End(_));
    let mut moves = process.moves.iter();
    if moves.all(|own| !ends(own.to) || own.by.iter().next().is_none()) {
        return None;
    }
    let levers: Vec<_> = contest::running(question, pulled).collect();
    let preferences = contest::preferences(question, pulled);
    let worths: Vec<f64> = (0..process.ends.len())
        .map(|e| {
            let stated = numbers.ends[e].worth[t];
            match &process.ends[e].like {
                Some(like) if stated.is_nan() => {
                    Identity.worth(setting, world, &preferences, t, like, &[])
                }
                _ => stated,
            }
        })
        .collect();
    let worth = |end: usize, month: usize| {
        let in_force = levers
            .iter()
            .filter(|(_, own)| own.delay <= (month as f64).min(LAST_CHANGE));
        let sets = in_force.flat_map(|(lever, own)| lever.sets.iter().zip(&own.sets));
        let own = sets.filter(|(target, _)| **target == Target::EndWorth(t, end));
        // Of several the lever that is pulled last.
        own.fold(worths[end], |_, (_, to)| *to)
    };
    budget::spend(8 * process.moves.len() * refused.len().max(1))?;
    // By month: chances of the moves, and of each state to last.
    let months: Vec<(Vec<f64>, Vec<f64>)> = (0..COMPELLED_TOLD)
        .map(|month| {
            let rates = rates_in(question, &levers, month);
            let mut all = vec![0.0; process.states.len()];
            for (own, rate) in process.moves.iter().zip(&rates) {
                all[own.from] += rate;
            }
            let moves = process.moves.iter().zip(&rates).map(|(own, rate)| {
                let all = all[own.from];
                let share = if *rate > 0.0 { rate / all } else { 0.0 };
                (1.0 - libm::exp(-all)) * share
            });
            let stays = all.iter().map(|all| libm::exp(-all));
            (moves.collect(), stays.collect())
        })
        .collect();
    // By month, by end: what it is worth then.
    let worths: Vec<Vec<f64>> = (0..COMPELLED_TOLD)
        .map(|month| (0..worths.len()).map(|end| worth(end, month)).collect())
        .collect();
    let still_to_come = |refused: [f64; 2], until: usize| {
        let mut after = vec![[0.0; 2]; process.states.len()];
        for (month, (moves, stays)) in months.iter().enumerate().take(until).rev() {
            let mut now: Vec<[f64; 2]> = after
                .iter()
                .zip(stays)
                .map(|(after, stays)| after.map(|x| stays * x))
                .collect();
            for (own, chance) in process.moves.iter().zip(moves) {
                let then = match own.to {
                    ProcessPlace::State(to) => after[to],
                    ProcessPlace::End(e) => {
                        let others = own.by.iter().any(|by| by != party);
                        // Ties are no gain, whatever the rounding.
                        let no_more = |refused: f64| others && worths[month][e] <= refused + 1e-9;
                        refused.map(|refused| f64::from(u8::from(no_more(refused))))
                    }
                };
                for (now, then) in now[own.from].iter_mut().zip(then) {
                    *now += chance * then;
                }
            }
            after = now;
        }
        after[process.today]
    };
    let each = refused.iter().map(|refused| {
        let told = MILESTONES.into_iter().filter(|m| *m <= COMPELLED_TOLD);
        told.map(|until| still_to_come(*refused, until)).collect()
    });
    Some(each.collect())
}

/// Of a deal that has lapsed into a state: for each of some months since, the chance that a final deal that it has led on to is in force, as the
/// analyst sees it. Backwards from each: from where is one in force then that has not broken down since?
pub(crate) fn in_force(question: Question, state: usize, since: &[usize]) -> Option<Vec<f64>> {
    let Question { setting, world } = question;
    let process = setting.process.as_ref()?;
    world.numbers.process.first()?;
    let levers: Vec<_> = contest::running(question, LeverProfile::default()).collect();
    let (states, ends) = (process.states.len(), process.ends.len());
    let deals: Vec<bool> = process.states.iter().map(|own| own.deal).collect();
    let last = since.iter().copied().max().unwrap_or(0);
    budget::spend(last / MONTHS_A_STEP + 1)?;
    let rates: Vec<Vec<f64>> = (0..last)
        .map(|month| rates_in(question, &levers, month))
        .collect();
    let each = since.iter().map(|until| {
        let flag = |deal: bool| f64::from(u8::from(deal));
        let ended: Vec<f64> = (0..ends).map(|e| flag(process.ends[e].deal)).collect();
        let mut there: Vec<f64> = deals.iter().map(|deal| flag(*deal)).collect();
        for month in (0..*until).rev() {
            let now = (0..states).map(|s| {
                let leaving = || {
                    let moves = process.moves.iter().zip(&rates[month]);
                    moves.filter(move |(own, rate)| own.from == s && **rate > 0.0)
                };
                let all: f64 = leaving().map(|(_, rate)| rate).sum();
                let moved: f64 = leaving()
                    .map(|(own, rate)| {
                        let (then, still) = match own.to {
                            ProcessPlace::State(to) => (there[to], deals[to]),
                            ProcessPlace::End(e) => (ended[e], process.ends[e].deal),
                        };
                        let broken = deals[s] && !still;
                        rate / all * if broken { 0.0 } else { then }
                    })
                    .sum();
                libm::exp(-all) * there[s] + (1.0 - libm::exp(-all)) * moved
            });
            there = now.collect();
        }
        there[state]
    });
    Some(each.collect())
}

/// What the first months of a process bring a type: those of the same process in which, when they are over, nothing moves any more and nothing
/// brings anything; and the chance that it has not ended: what living on would bring then, if it brought a point and all else nothing.
pub(crate) fn waiting(
    question: Question,
    t: usize,
    months: usize,
    pulled: LeverProfile,
) -> Option<Waiting> {
    let Question { setting, world } = question;
    let process = setting.process.as_ref()?;
    let patience = world.numbers.types[t].patience;
    if months == 0 {
        return Some(Waiting {
            worth: 0.0,
            lasts: 1.0,
            months: 0.0,
        });
    }
    let states = process.states.len();
    // Levers change what options are worth, and nothing else yet.
    let revalues = |target: &Target| matches!(target, Target::Value(..));
    let with = |then: f64, before: Option<f64>| -> Option<f64> {
        let (mut setting, mut world) = (setting.clone(), world.clone());
        for l in (0..setting.levers.len()).filter(|l| pulled.contains(*l)) {
            let own = setting.levers[l].sets.clone();
            let kept = own
                .iter()
                .zip(&world.numbers.levers[l].sets)
                .filter(|(target, _)| revalues(target));
            let (sets, to): (Vec<Target>, Vec<f64>) =
                kept.map(|(target, to)| (*target, *to)).unzip();
            setting.levers[l].sets = sets;
            world.numbers.levers[l].sets = to;
            world.numbers.levers[l].flow_costs.fill(0.0);
        }
        let bare = before.is_some();
        let running = setting.levers.iter().zip(&mut world.numbers.levers);
        let mut own = 0.0;
        let party = setting.types[t].party;
        for (lever, n) in running.filter(|(lever, n)| lever.trigger == Trigger::Now && n.on > 0.0) {
            for (to, cost) in lever.flow_to.iter().zip(&mut n.flow_costs) {
                own += if *to == party { *cost } else { 0.0 };
                if bare {
                    *cost = 0.0;
                }
            }
            if bare {
                let mine = lever.sets.iter().zip(&mut n.sets);
                for (target, to) in mine {
                    match target {
                        Target::StateWorth(..) => *to = before.unwrap_or(0.0),
                        Target::StateScar(..) | Target::EndWorth(..) => *to = 0.0,
                        _ => {}
                    }
                }
            }
        }
        let numbers = &mut world.numbers.process[0];
        if let Some(flow) = before {
            for state in &mut numbers.states {
                state.worth.fill(flow);
                state.scar.fill(0.0);
            }
            for end in &mut numbers.ends {
                end.worth.fill(0.0);
            }
        }
        // What running levers cost by the month is not over with the months: it is given back.
        let back = if bare { 0.0 } else { own };
        let (mut sets, mut to) = (Vec::new(), Vec::new());
        for s in 0..states {
            sets.extend([Target::StateWorth(t, s), Target::StateScar(t, s)]);
            to.extend([then + back, 0.0]);
        }
        for m in 0..process.moves.len() {
            sets.push(Target::Rate(m));
            to.push(0.0);
        }
        setting.levers.push(Lever {
            trigger: Trigger::Refuse(0),
            sets,
            ..Lever::default()
        });
        world.numbers.levers.push(LeverNumbers {
            on: 1.0,
            delay: months as f64,
            sets: to,
            ..LeverNumbers::default()
        });
        let last = pulled.with(setting.levers.len() - 1);
        let question = Question {
            setting: &setting,
            world: &world,
        };
        value(question, t, (last, None))
    };
    let worth = with(0.0, None)?;
    let lasts = with(1.0, Some(0.0))? / libm::pow(patience, months as f64);
    let months = with(0.0, Some(1.0))? / (1.0 - patience);
    Some(Waiting {
        worth,
        lasts,
        months,
    })
}

/// What becomes of a process, as the analyst sees it.
pub(crate) struct Becomes {
    /// By month of [`MILESTONES`], by end: chance that it has come.
    pub(crate) by: Vec<Vec<f64>>,
    /// By end: chance that it ever comes.
    pub(crate) ever: Vec<f64>,
    /// By state: months in it; infinite where it may go on for ever.
    pub(crate) months: Vec<f64>,
    /// By month up to the last change, by move: how often it has been made before that month, on average.
    pub(crate) made: Vec<Vec<f64>>,
}

/// Nothing where a case has no process.
pub(crate) fn becomes(question: Question) -> Option<Becomes> {
    let process = question.setting.process.as_ref()?;
    question.world.numbers.process.first()?;
    let levers: Vec<_> = contest::running(question, LeverProfile::default()).collect();
    let (states, ends) = (process.states.len(), process.ends.len());
    let count = states + ends;
    // Of what a state turns into in a month: itself, other states, ends, which stay.
    let month = |rates: &[f64]| -> Vec<Vec<f64>> {
        let mut turns = vec![vec![0.0; count]; count];
        for (s, row) in turns.iter_mut().enumerate() {
            let leaving = || {
                let moves = process.moves.iter().zip(rates);
                moves.filter(move |(own, _)| s < states && own.from == s)
            };
            let all: f64 = leaving().map(|(_, rate)| rate).sum();
            row[s] = libm::exp(-all);
            for (own, rate) in leaving().filter(|(_, rate)| **rate > 0.0) {
                let to = match own.to {
                    ProcessPlace::State(to) => to,
                    ProcessPlace::End(end) => states + end,
                };
                row[to] += -libm::expm1(-all) * rate / all;
            }
        }
        turns
    };
    // A month behind the last change.
    let last = LONGEST + 1;
    let mut here = vec![0.0; count];
    here[process.today] = 1.0;
    let mut found = Becomes {
        by: Vec::new(),
        ever: Vec::new(),
        months: vec![0.0; states],
        made: Vec::new(),
    };
    let mut made = vec![0.0; process.moves.len()];
    let mut turns = Vec::new();
    budget::spend(last / MONTHS_A_STEP)?;
    for m in 0..=last {
        if MILESTONES.contains(&m) {
            found.by.push(here[states..].to_vec());
        }
        found.made.push(made.clone());
        let rates = rates_in(question, &levers, m);
        turns = month(&rates);
        if m == last {
            break;
        }
        for (sum, chance) in found.months.iter_mut().zip(&here) {
            *sum += chance;
        }
        for ((sum, own), rate) in made.iter_mut().zip(&process.moves).zip(&rates) {
            let moves = process.moves.iter().zip(&rates);
            let all: f64 = moves
                .filter(|(other, _)| other.from == own.from)
                .map(|(_, rate)| rate)
                .sum();
            if *rate > 0.0 {
                *sum += here[own.from] * (1.0 - libm::exp(-all)) * rate / all;
            }
        }
        here = times(&here, &turns);
    }
    // What is spent in 2^k months, and what these turn into.
    let mut spent: Vec<Vec<f64>> = (0..count)
        .map(|s| (0..count).map(|k| f64::from(u8::from(s == k))).collect())
        .collect();
    for _ in 0..DOUBLINGS {
        let more: Vec<Vec<f64>> = turns.iter().map(|row| times(row, &spent)).collect();
        for (row, more) in spent.iter_mut().zip(more) {
            for (sum, more) in row.iter_mut().zip(more) {
                *sum += more;
            }
        }
        turns = turns.iter().map(|row| times(row, &turns)).collect();
    }
    for (sum, more) in found.months.iter_mut().zip(times(&here, &spent)) {
        *sum += more;
    }
    let here = times(&here, &turns);
    found.ever = here[states..].to_vec();
    if here[..states].iter().sum::<f64>() > NOTHING {
        found.months = vec![f64::INFINITY; states];
    }
    Some(found)
}

/// 2^50 months outlast every rate that anybody states.
const DOUBLINGS: usize = 50;

fn times(row: &[f64], matrix: &[Vec<f64>]) -> Vec<f64> {
    let mut product = vec![0.0; row.len()];
    for (part, of) in row.iter().zip(matrix).filter(|(part, _)| **part != 0.0) {
        for (sum, x) in product.iter_mut().zip(of) {
            *sum += part * x;
        }
    }
    product
}
