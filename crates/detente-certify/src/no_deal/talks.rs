//! What no deal is worth if talks come first, and how likely what goes on without a deal goes on meanwhile and after them.

use detente_core::talks::TOLD_MONTHS;
use detente_core::{
    ContestTarget, Fate, Lever, LeverNumbers, LeverProfile, Question, Setting, Target, Trigger,
    World,
};

use super::{keeping, set, value_with};
use crate::contest;
use crate::durable::After;
use crate::process;

/// What comes to a type before talks are over.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Waiting {
    /// Its worth, in points of today.
    pub(crate) worth: f64,
    /// The chance that what goes on without a deal goes on then.
    pub(crate) lasts: f64,
    /// What a point a month until then costs at once.
    pub(crate) months: f64,
}

/// Months of talks in which no end comes that is not theirs, at the worths that levers pulled after them give options; as the type sees it,
/// or the analyst.
pub(crate) fn waiting(
    question: Question,
    t: usize,
    months: usize,
    after: &[After],
    pulled: LeverProfile,
    analyst: bool,
) -> Option<Waiting> {
    let Question { setting, world } = question;
    let seen = analyst.then(|| keeping(world, t, |_| false));
    let world = seen.as_ref().unwrap_or(world);
    let question = Question { world, ..question };
    if setting.contest.is_some() {
        let quiet = quiet(question);
        let question = Question {
            world: &quiet,
            ..question
        };
        return contest::waiting(question, t, months, after, pulled);
    }
    if setting.process.is_some() {
        return process::waiting(question, t, months, pulled);
    }
    let me = &world.numbers.types[t];
    let stated = world
        .numbers
        .talks
        .first()
        .map_or(f64::NAN, |own| own.meanwhile[t]);
    let flow = if !stated.is_nan() {
        stated
    } else if setting.lottery.is_some() {
        let today: Vec<u8> = setting
            .issues
            .iter()
            .map(|issue| issue.status_quo)
            .collect();
        let preferences = contest::preferences(question, LeverProfile::default());
        let leader = detente_core::leader_term(world, t, [Fate::Unsettled]);
        preferences.worth(setting, t, &today) + leader
    } else {
        value_with(question, t, LeverProfile::default(), after)?
    };
    let (mut discounted, mut weight) = (0.0, 1.0);
    for _ in 0..months {
        discounted += weight;
        weight *= me.patience;
    }
    Some(Waiting {
        worth: (1.0 - me.patience) * discounted * flow,
        lasts: 1.0,
        months: discounted,
    })
}

/// The world in which nothing ends a contest but what ends it by force.
fn quiet(question: Question) -> World {
    let mut quiet = question.world.clone();
    let other = Target::Contest(ContestTarget::OtherEnd);
    for contest in &mut quiet.numbers.contest {
        contest.other_end = 0.0;
    }
    for (lever, n) in question
        .setting
        .levers
        .iter()
        .zip(&mut quiet.numbers.levers)
    {
        let own = lever.sets.iter().zip(&mut n.sets);
        let now = lever.trigger == Trigger::Now;
        for (_, to) in own.filter(|(target, _)| now && **target == other) {
            *to = 0.0;
        }
    }
    quiet
}

/// What no deal is worth to a type in all if there is none after months of talks and some levers are pulled then.
pub(crate) fn value_after_talks(
    question: Question,
    t: usize,
    months: usize,
    pulled: LeverProfile,
    after: &[After],
) -> Option<f64> {
    let Question { setting, world } = question;
    if months == 0 {
        return value_with(question, t, pulled, after);
    }
    let none = LeverProfile::default();
    let before = waiting(question, t, months, after, none, false)?;
    let patience = world.numbers.types[t].patience;
    if setting.contest.is_none() && setting.process.is_none() {
        let later = libm::pow(patience, months as f64);
        return Some(before.worth + later * value_with(question, t, pulled, after)?);
    }
    let (then, changes) = over_after(question, months, pulled);
    let then = Question {
        setting: &then,
        world: &changes,
    };
    let mut value = value_with(then, t, pulled, after)?;
    let revalues = |target: &Target| matches!(target, Target::Value(..));
    let mut levers = (0..setting.levers.len()).filter(|l| pulled.contains(*l));
    if levers.any(|l| setting.levers[l].sets.iter().any(revalues)) {
        // What options are worth changes when the levers are pulled, not before.
        value += before.worth - waiting(question, t, months, after, pulled, false)?.worth;
    }
    // What the levers cost by the month is paid from then on.
    let party = setting.types[t].party;
    let mut paid = 0.0;
    for l in (0..setting.levers.len()).filter(|l| pulled.contains(*l)) {
        let own = setting.levers[l].flow_to.iter();
        for (to, cost) in own.zip(&world.numbers.levers[l].flow_costs) {
            paid += if *to == party { *cost } else { 0.0 };
        }
    }
    if paid != 0.0 {
        value -= (1.0 - patience) * paid * (months_of(then, t, pulled)? - before.months);
    }
    Some(value)
}

/// What goes on without a deal, with numbers that change when the talks are over: levers begin then, ends that are not theirs come from then
/// on. What these levers cost by the month is left out.
fn over_after(question: Question, months: usize, pulled: LeverProfile) -> (Setting, World) {
    let Question { setting, world } = question;
    let mut setting = setting.clone();
    let mut changed = if setting.contest.is_some() {
        quiet(question)
    } else {
        world.clone()
    };
    let mut exposed = 0.0;
    for l in (0..setting.levers.len()).filter(|l| pulled.contains(*l)) {
        let n = &mut changed.numbers.levers[l];
        exposed += std::mem::take(&mut n.escalation);
        n.delay += months as f64;
        n.flow_costs.fill(0.0);
    }
    let mut over = (Vec::new(), Vec::new());
    if let Some(contest) = world.numbers.contest.first() {
        let [other, escalates] =
            [ContestTarget::OtherEnd, ContestTarget::Escalation].map(Target::Contest);
        let running = |target| set(question, LeverProfile::default(), target);
        over.0.push(other);
        over.1.push(running(other).unwrap_or(contest.other_end));
        over.0.push(escalates);
        over.1
            .push(running(escalates).unwrap_or(contest.escalation) * libm::exp(exposed));
        for l in (0..setting.levers.len()).filter(|l| pulled.contains(*l)) {
            let sets = setting.levers[l]
                .sets
                .iter()
                .zip(&mut changed.numbers.levers[l].sets);
            for (_, to) in sets.filter(|(target, _)| **target == escalates) {
                *to *= libm::exp(exposed);
            }
        }
    }
    // It begins before the others that are pulled, so that what they set holds.
    setting.levers.push(Lever {
        trigger: Trigger::Now,
        sets: over.0,
        ..Lever::default()
    });
    changed.numbers.levers.push(LeverNumbers {
        on: 1.0,
        delay: months as f64,
        sets: over.1,
        ..LeverNumbers::default()
    });
    (setting, changed)
}

/// By month up to [`TOLD_MONTHS`]: the chance, as the analyst sees it, that what goes on without a deal has not ended if it is talked about for
/// so many months, or for ever, and some levers are pulled then.
pub(crate) fn goes_on(
    question: Question,
    talks: Option<usize>,
    pulled: LeverProfile,
) -> Option<Vec<f64>> {
    let Question { setting, world } = question;
    let seen = keeping(world, 0, |_| false);
    let analysts = Question {
        world: &seen,
        ..question
    };
    if setting.contest.is_none() && setting.process.is_none() {
        return Some(vec![1.0; TOLD_MONTHS + 1]);
    }
    let (then, changed) = match talks {
        Some(0) => (setting.clone(), seen.clone()),
        Some(months) => over_after(analysts, months, pulled),
        None if setting.contest.is_some() => (setting.clone(), quiet(analysts)),
        None => (setting.clone(), seen.clone()),
    };
    let then = Question {
        setting: &then,
        world: &changed,
    };
    if setting.process.is_some() {
        return process::goes_on(then, pulled, TOLD_MONTHS);
    }
    let belief = contest::Belief {
        pulled,
        ..contest::Belief::default()
    };
    let course = contest::course(then, belief)?;
    let last = course.last()?;
    let month = |month: usize| {
        let later = month.saturating_sub(course.len() - 1);
        let own = course.get(month).unwrap_or(last);
        own.alive * libm::pow(last.stays, later as f64)
    };
    Some((0..=TOLD_MONTHS).map(month).collect())
}

/// What a point a month costs at once until what goes on without a deal ends.
fn months_of(question: Question, t: usize, pulled: LeverProfile) -> Option<f64> {
    if question.setting.contest.is_some() {
        return contest::discounted_months(question, t, pulled);
    }
    let seen = process::Seen::of(question, t);
    process::followed(question, t, (pulled, None), &seen).map(|(_, months)| months)
}
