//! Attacks after a deal: when they are worth most, how likely that makes them, and what others see of them.

use detente_core::{MILESTONES, Prospect, Setting, World};

use super::comers::noise;
use super::dates::Dates;
use super::life::{Due, Lives};

/// By belligerent: chance that it has not attacked before a date, and by it.
pub(super) type Holding = Vec<(usize, [f64; 2])>;

/// Every principal type's best date of attack, what it is worth, and how likely that makes it. `resume`: V(resume) after a breach by a
/// party, by type, by date.
pub(super) fn attacks<'a>(
    (setting, world, lives): (&Setting, &World, &Lives),
    resume: impl Fn(usize) -> &'a Vec<f64>,
    peace: &[f64],
    lasts: f64,
    out: &mut Prospect,
) {
    let noise = noise(world);
    let (types, dates) = (setting.types.len(), lives.dates());
    for (list, none) in [
        (&mut out.month, f64::NAN),
        (&mut out.gain, f64::NAN),
        (&mut out.attack, 0.0),
    ] {
        list.clear();
        list.resize(types, none);
    }
    out.gains.clear();
    out.gains.resize(types * MILESTONES.len(), f64::NAN);
    let attackers = setting.parties.iter();
    let attackers = attackers.filter(|party| party.is_principal());
    for t in attackers.flat_map(|party| party.types.clone()) {
        let wars = &resume(setting.types[t].party)[t * dates.len()..][..dates.len()];
        let kept = world.numbers.types[t].renege_cost + peace[t];
        let gain = |m: usize, war: f64| lives.discounts(t)[m] * (war - kept);
        let told = &mut out.gains[t * MILESTONES.len()..][..MILESTONES.len()];
        for (told, m) in told.iter_mut().zip(MILESTONES) {
            if (m as f64) < lasts {
                *told = gain(m, dates.value(wars, m));
            }
        }
        if let Some((gain, m)) = best(gain, dates, wars, lasts) {
            out.gain[t] = gain;
            out.month[t] = m as f64;
            out.attack[t] = -libm::expm1(-gain.max(0.0) / noise);
        }
    }
}

/// The greatest gain of all months from the first up to a lapse, and the first month that brings it. Where no month between two dates can
/// bring more than is known, none is looked at.
fn best(
    gain: impl Fn(usize, f64) -> f64,
    dates: &Dates,
    wars: &[f64],
    lasts: f64,
) -> Option<(f64, usize)> {
    let mut best: Option<(f64, usize)> = None;
    let look = |m: usize, war: f64, best: &mut Option<(f64, usize)>| {
        let gain = gain(m, war);
        if best.is_none_or(|(most, _)| gain > most) {
            *best = Some((gain, m));
        }
    };
    let ends = dates.months().windows(2).zip(wars.windows(2));
    for (months, wars) in ends {
        let (first, last) = (months[0] + 1, months[1]);
        let within = |m: &usize| (*m as f64) < lasts;
        let war = wars[0].max(wars[1]);
        // A gain is discounted, and so is a loss.
        let bound = gain(first, war).max(gain(last, war));
        if best.is_none_or(|(most, _)| bound > most) {
            for m in (first..last).take_while(within) {
                let (_, part) = dates.at(m);
                look(m, wars[0] + part * (wars[1] - wars[0]), &mut best);
            }
        }
        if !within(&last) {
            break;
        }
        look(last, wars[1], &mut best);
    }
    best
}

/// Dates at which somebody may attack, in their order.
pub(super) fn due_dates(prospect: &Prospect, dates: &mut Vec<usize>) {
    dates.clear();
    for (month, attack) in prospect.month.iter().zip(&prospect.attack) {
        if *attack > 0.0 {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "a month"
            )]
            dates.push(*month as usize);
        }
    }
    dates.sort_unstable();
    dates.dedup();
}

/// Attacks as type `t` sees them: its own type it knows. `war`: V(resume) to it after a breach by a party in a month.
pub(super) fn lay_dues(
    setting: &Setting,
    world: &World,
    prospect: &Prospect,
    dates: &[usize],
    t: usize,
    war: impl Fn(usize, usize) -> f64,
    (holding, to): (&mut Holding, &mut Vec<Due>),
) {
    to.clear();
    holding.clear();
    let principals = setting.parties.iter().enumerate();
    let principals = principals.filter(|(_, party)| party.is_principal());
    holding.extend(principals.map(|(i, _)| (i, [1.0; 2])));
    for month in dates {
        let holds = |attacker: usize| {
            if prospect.month[attacker] <= *month as f64 {
                1.0 - prospect.attack[attacker]
            } else {
                1.0
            }
        };
        let mut quiet = 1.0;
        for (party, [before, by]) in holding.iter_mut() {
            let types = setting.parties[*party].types.clone();
            *before = *by;
            *by = if types.contains(&t) {
                holds(t)
            } else {
                types.map(|o| world.believed(t, o) * holds(o)).sum()
            };
            quiet *= *by;
        }
        let paid = if prospect.month[t] == *month as f64 {
            prospect.attack[t] * world.numbers.types[t].renege_cost
        } else {
            0.0
        };
        let month = *month;
        to.push(Due {
            month,
            quiet,
            paid,
            war: first_strike(holding, |party| war(party, month)),
        });
    }
}

/// What war is worth if somebody attacks at a date. Of several who do, each is as likely to be first, and the first breaks the deal.
/// `holding`: by party, the chance that it has not attacked before, and by that date.
fn first_strike(holding: &[(usize, [f64; 2])], war: impl Fn(usize) -> f64) -> f64 {
    let attacking = holding.iter().filter_map(|(party, [before, by])| {
        let chance = if *before > 0.0 {
            1.0 - by / before
        } else {
            0.0
        };
        (chance > 0.0).then_some((chance, war(*party)))
    });
    let mut alone = attacking.clone();
    if let (Some((_, war)), None) = (alone.next(), alone.next()) {
        return war;
    }
    let attacking: Vec<(f64, f64)> = attacking.collect();
    let (mut weight, mut worth) = (0.0, 0.0);
    for set in 1..1_usize << attacking.len() {
        let (mut chance, mut sum, mut count) = (1.0, 0.0, 0.0);
        for (k, (attacks, war)) in attacking.iter().enumerate() {
            if set >> k & 1 == 1 {
                chance *= attacks;
                sum += war;
                count += 1.0;
            } else {
                chance *= 1.0 - attacks;
            }
        }
        weight += chance;
        worth += chance * sum / count;
    }
    if weight > 0.0 {
        worth / weight
    } else {
        // Nobody attacks, so that nothing is weighed by this.
        holding.first().map_or(0.0, |(party, _)| war(*party))
    }
}

#[cfg(test)]
mod tests {
    use super::best;
    use crate::durable::dates::tests::like;

    #[test]
    fn the_best_date_is_that_of_all_months() {
        let dates = like(|m| 0.5 * (1.0 - libm::exp(-(m as f64) / 30.0)));
        let mut seed: u32 = 1;
        let mut number = || {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            f64::from(seed >> 8) / f64::from(1_u32 << 24)
        };
        for case in 0..200 {
            let (kept, patience) = (20.0 * number(), 0.95 + 0.05 * number());
            let wars: Vec<f64> = (0..dates.len()).map(|_| 20.0 * number()).collect();
            let lasts = if case % 3 == 0 {
                f64::INFINITY
            } else {
                1.0 + 300.0 * number()
            };
            let gain = |m: usize, war: f64| libm::pow(patience, m as f64) * (war - kept);
            let mut exact: Option<(f64, usize)> = None;
            for m in (1..=240).filter(|m| (*m as f64) < lasts) {
                let found = gain(m, dates.value(&wars, m));
                if exact.is_none_or(|(most, _)| found > most) {
                    exact = Some((found, m));
                }
            }
            assert_eq!(best(gain, &dates, &wars, lasts), exact);
        }
    }
}
