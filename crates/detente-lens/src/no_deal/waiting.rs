//! What goes on while talks last: what the months until then are worth, the chance that there is still something to talk about, and what
//! no deal is worth in all if it goes on from there with some levers pulled.
//!
//! Until talks are over no end comes that is not from them, and levers besides those that run now are not pulled; both begin then. So V is
//! that of a contest or a process whose numbers change in that month. Where an account of no deal has no months, waiting is worth a stated
//! flow: or what no deal is worth, or with a lottery what is so today.

use detente_core::talks::{TOLD_MONTHS, meanwhile};
use detente_core::{
    Beliefs, ContestTarget, Fate, Lever, LeverNumbers, LeverProfile, NoDealSolution, Payoffs,
    Preferences, Query, Setting, Target, Trigger, TypeSet, World, leader_term,
};

use super::{contest, process};
use crate::pulled::{flow, sets_in_order};
use crate::{NoDeal, Workspace};

/// A query with months of talks, and what it is valued by: without the levers that are pulled after them, and with these.
#[derive(Clone, Copy)]
pub(crate) struct Asked<'a> {
    pub(crate) setting: &'a Setting,
    pub(crate) world: &'a World,
    pub(crate) query: &'a Query,
    pub(crate) preferences: &'a Preferences,
    pub(crate) before: &'a Payoffs,
    pub(crate) after: &'a Payoffs,
}

/// Months of the talks that come first.
fn months_of(query: &Query) -> f64 {
    query.talks.unwrap_or(0) as f64
}

/// Answers it.
pub(crate) fn solve(
    model: &dyn NoDeal,
    asked: Asked,
    workspace: &mut Workspace,
    solution: &mut NoDealSolution,
) {
    let Asked {
        setting,
        world,
        query,
        ..
    } = asked;
    let running = Query::analyst(setting, world).levers;
    let pulled = LeverProfile(query.levers.0 & !running.0);
    let months = setting.contest.is_some() || setting.process.is_some();
    if !months {
        return at_once(model, asked, running, workspace, solution);
    }
    let until = |payoffs: &Payoffs, workspace: &mut Workspace| {
        let silent = Query {
            levers: running,
            ..*query
        };
        let mut out = NoDealSolution::default();
        for list in [&mut out.meanwhile, &mut out.lasts, &mut out.waited] {
            list.resize(world.numbers.types.len(), 0.0);
        }
        if setting.contest.is_some() {
            let room = &mut workspace.contest;
            let world = quiet(setting, world, running);
            contest::until(setting, &world, &silent, payoffs, room, &mut out);
        } else {
            process::until(setting, world, &silent, payoffs, &mut out);
        }
        out
    };
    let before = until(asked.before, workspace);
    let (changed_setting, changed_world, levers) = changed(setting, world, query, running);
    let at_once = Query {
        levers,
        talks: None,
        ..*query
    };
    let (s, w) = (&changed_setting, &changed_world);
    model.solve(s, w, &at_once, asked.after, workspace, solution);
    // What the months before are worth once levers have changed what options are worth is not what they bring before these are pulled.
    let revalued = !std::ptr::eq(asked.before, asked.after);
    let wrong = revalued.then(|| until(asked.after, workspace));
    for t in (0..world.numbers.types.len()).filter(|t| query.types.contains(*t)) {
        if let Some(wrong) = &wrong {
            solution.values[t] += before.meanwhile[t] - wrong.meanwhile[t];
        }
        let patience = world.numbers.types[t].patience;
        let paid = (0..setting.levers.len()).filter(|l| pulled.contains(*l));
        let paid: f64 = paid.map(|l| flow(setting, world, l, t)).sum();
        solution.values[t] -= (1.0 - patience) * paid * (solution.months[t] - before.waited[t]);
    }
    if query.beliefs == Beliefs::Analyst {
        ended(
            &changed_setting,
            &changed_world,
            &at_once,
            asked.after,
            solution,
        );
    }
    solution.meanwhile = before.meanwhile;
    solution.lasts = before.lasts;
    solution.waited = before.waited;
}

/// The chance that what goes on has ended by each month that is told of.
fn ended(
    setting: &Setting,
    world: &World,
    query: &Query,
    payoffs: &Payoffs,
    solution: &mut NoDealSolution,
) {
    solution.ended.clear();
    let ended = (0..=TOLD_MONTHS).map(|month| {
        if setting.contest.is_some() {
            let ends = solution.endings.iter().take(4 * month);
            return ends.sum::<f64>();
        }
        let until = Query {
            talks: Some(month),
            types: TypeSet(1),
            ..*query
        };
        let mut left = NoDealSolution::default();
        for list in [&mut left.meanwhile, &mut left.lasts, &mut left.waited] {
            list.resize(world.numbers.types.len(), 0.0);
        }
        process::until(setting, world, &until, payoffs, &mut left);
        1.0 - left.lasts[0]
    });
    solution.ended = ended.collect();
}

/// The same where no deal has no months of its own.
fn at_once(
    model: &dyn NoDeal,
    asked: Asked,
    running: LeverProfile,
    workspace: &mut Workspace,
    solution: &mut NoDealSolution,
) {
    let Asked {
        setting,
        world,
        query,
        preferences,
        ..
    } = asked;
    let plain = |levers: LeverProfile| Query {
        levers,
        talks: None,
        ..*query
    };
    let mut now = NoDealSolution::default();
    let (before, after) = (plain(running), plain(query.levers));
    model.solve(setting, world, &before, asked.before, workspace, &mut now);
    model.solve(setting, world, &after, asked.after, workspace, solution);
    let today: Vec<u8> = setting
        .issues
        .iter()
        .map(|issue| issue.status_quo)
        .collect();
    let types = world.numbers.types.len();
    for list in [
        &mut solution.meanwhile,
        &mut solution.lasts,
        &mut solution.waited,
    ] {
        list.clear();
        list.resize(types, 0.0);
    }
    for t in 0..types {
        let patience = world.numbers.types[t].patience;
        let later = libm::pow(patience, months_of(query));
        let flow = meanwhile(world, t).unwrap_or_else(|| {
            if setting.lottery.is_some() {
                preferences.worth(setting, t, &today) + leader_term(world, t, [Fate::Unsettled])
            } else {
                now.values[t]
            }
        });
        solution.meanwhile[t] = (1.0 - later) * flow;
        solution.lasts[t] = 1.0;
        solution.waited[t] = (1.0 - later) / (1.0 - patience);
        solution.values[t] = solution.meanwhile[t] + later * solution.values[t];
    }
    solution.ended.clear();
    solution.ended.resize(TOLD_MONTHS + 1, 0.0);
}

/// The world without ends that are not from the talks.
fn quiet(setting: &Setting, world: &World, running: LeverProfile) -> World {
    let mut quiet = world.clone();
    for contest in &mut quiet.numbers.contest {
        contest.other_end = 0.0;
    }
    let levers = setting.levers.iter().zip(&mut quiet.numbers.levers);
    for (l, (lever, numbers)) in levers.enumerate() {
        for (target, to) in lever.sets.iter().zip(&mut numbers.sets) {
            if running.contains(l) && *target == Target::Contest(ContestTarget::OtherEnd) {
                *to = 0.0;
            }
        }
    }
    quiet
}

/// A setting and a world in which the levers that are pulled after the talks begin then, and with them ends that are not from the talks, and
/// the levers of that query.
fn changed(
    setting: &Setting,
    world: &World,
    query: &Query,
    running: LeverProfile,
) -> (Setting, World, LeverProfile) {
    let pulled = LeverProfile(query.levers.0 & !running.0);
    let mut setting = setting.clone();
    let other_end = Target::Contest(ContestTarget::OtherEnd);
    let escalation = Target::Contest(ContestTarget::Escalation);
    let set = |target: Target| {
        let mut sets = sets_in_order(&setting, world, running);
        sets.rfind(|(_, set, _)| *set == target).map(|(.., to)| to)
    };
    let mut changed = if setting.contest.is_some() {
        quiet(&setting, world, running)
    } else {
        world.clone()
    };
    let mut exposed = 0.0;
    for l in (0..setting.levers.len()).filter(|l| pulled.contains(*l)) {
        let own = &mut changed.numbers.levers[l];
        exposed += own.escalation;
        own.escalation = 0.0;
        own.delay += months_of(query);
        own.flow_costs.fill(0.0);
    }
    let Some(contest) = world.numbers.contest.first() else {
        return (setting, changed, query.levers);
    };
    let mut sets = vec![other_end];
    let mut to = vec![set(other_end).unwrap_or(contest.other_end)];
    if exposed != 0.0 {
        let own = set(escalation).unwrap_or(contest.escalation);
        let more = libm::exp(exposed);
        sets.push(escalation);
        to.push(own * more);
        // A lever that sets the hazard itself is exposed to as much.
        for l in (0..setting.levers.len()).filter(|l| pulled.contains(*l)) {
            let sets = setting.levers[l].sets.iter();
            for (target, to) in sets.zip(&mut changed.numbers.levers[l].sets) {
                if *target == escalation {
                    *to *= more;
                }
            }
        }
    }
    let over = setting.levers.len();
    setting.levers.push(Lever {
        trigger: Trigger::Accept,
        sets,
        ..Lever::default()
    });
    changed.numbers.levers.push(LeverNumbers {
        on: 1.0,
        delay: months_of(query),
        sets: to,
        ..LeverNumbers::default()
    });
    (setting, changed, query.levers.with(over))
}
