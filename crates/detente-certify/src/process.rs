//! V of a process once more: no system of equations, no months taken backwards. The chances of every state are carried forward from
//! today, month by month, and what each month brings is added up, until what is left of them counts for nothing.

use detente_core::{
    DealValue, Fate, Identity, LAST_CHANGE, LeverProfile, ProcessPlace, Question, Target,
    leader_term,
};

use crate::{budget, contest};

/// Greatest error of [`value`], in points.
pub(crate) const TOLERANCE: f64 = 1e-6;
/// Discounted chances that count for nothing.
const NOTHING: f64 = 1e-13;
/// Months that cost a certificate as much as a month of a war that is integrated.
const MONTHS_A_STEP: usize = 4;

/// V of type `t` with some levers pulled besides those that run now.
pub(crate) fn value(question: Question, t: usize, pulled: LeverProfile) -> Option<f64> {
    followed(question, t, pulled).map(|(worth, _)| worth)
}

/// V, and the discounted months that pass before an end, as type `t` counts them.
pub(crate) fn followed(question: Question, t: usize, pulled: LeverProfile) -> Option<(f64, f64)> {
    let Question { setting, world } = question;
    let process = setting.process.as_ref()?;
    let numbers = world.numbers.process.first()?;
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
    here[process.today] = 1.0;
    let (mut worth, mut months) = (0.0, 0.0);
    let mut weight = 1.0;
    let mut month = 0_usize;
    let mut rates = vec![0.0; process.moves.len()];
    let mut brings: Vec<f64> = Vec::new();
    let mut ends: Vec<f64> = Vec::new();
    while weight * here.iter().sum::<f64>() > NOTHING {
        if month.is_multiple_of(MONTHS_A_STEP) {
            budget::spend(1)?;
        }
        // After the last change a month is like any other.
        if month as f64 <= LAST_CHANGE + 1.0 {
            let now = month as f64;
            brings = (0..here.len())
                .map(|s| (1.0 - me.patience) * (flow(s) - paid) - numbers.states[s].scar[t])
                .collect();
            ends = (0..process.ends.len()).map(end).collect();
            for (rate, own) in rates.iter_mut().zip(&numbers.moves) {
                let begun = own.later.iter().filter(|later| later.from_month <= now);
                let last = begun.filter(|later| later.from_month <= LAST_CHANGE);
                // Of two that begin together the one that stands last.
                let last = last.max_by(|a, b| a.from_month.total_cmp(&b.from_month));
                *rate = last.map_or(own.rate, |later| later.rate);
            }
            for (lever, own) in levers
                .iter()
                .filter(|(_, own)| own.delay <= now.min(LAST_CHANGE))
            {
                for (target, to) in lever.sets.iter().zip(&own.sets) {
                    match target {
                        Target::Rate(m) => rates[*m] = *to,
                        Target::StateWorth(of, s) if *of == t => {
                            brings[*s] =
                                (1.0 - me.patience) * (to - paid) - numbers.states[*s].scar[t];
                        }
                        Target::EndWorth(of, e) if *of == t => ends[*e] = *to,
                        _ => {}
                    }
                }
            }
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
