//! Attacks on a deal: when each type is tempted most, and what that makes of the deal to everybody else.

use detente_core::{MILESTONES, Prospect, Setting, World};

use super::comers::noise;
use super::life::{Due, MONTHS};

/// Every principal type's best date of attack, what it is worth, and how likely that makes it. `resume`: V(resume) after a breach by a
/// party, by type, by month.
pub(super) fn attacks<'a>(
    setting: &Setting,
    world: &World,
    resume: impl Fn(usize) -> &'a Vec<f64>,
    peace: &[f64],
    lasts: f64,
    out: &mut Prospect,
) {
    let noise = noise(world);
    let types = setting.types.len();
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
        let n = &world.numbers.types[t];
        let kept = n.renege_cost + peace[t];
        let mut discount = 1.0;
        let mut best: Option<(f64, usize)> = None;
        let wars = &resume(setting.types[t].party)[t * MONTHS..][..MONTHS];
        let wars = wars.iter().enumerate().skip(1);
        for (m, war) in wars.take_while(|(m, _)| (*m as f64) < lasts) {
            discount *= n.patience;
            let gain = discount * (war - kept);
            if let Some(place) = MILESTONES.iter().position(|told| *told == m) {
                out.gains[t * MILESTONES.len() + place] = gain;
            }
            if best.is_none_or(|(most, _)| gain > most) {
                best = Some((gain, m));
            }
        }
        if let Some((gain, m)) = best {
            out.gain[t] = gain;
            out.month[t] = m as f64;
            out.attack[t] = -libm::expm1(-gain.max(0.0) / noise);
        }
    }
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

/// Attacks as type `t` sees them: its own type it knows. `resume`: V(resume) after a breach by a party, by type, by month.
pub(super) fn lay_dues<'a>(
    setting: &Setting,
    world: &World,
    prospect: &Prospect,
    dates: &[usize],
    t: usize,
    resume: impl Fn(usize) -> &'a Vec<f64>,
    to: &mut Vec<Due>,
) {
    to.clear();
    // By belligerent: chance that it has not attacked before a date, and by it.
    let mut holding: Vec<(usize, [f64; 2])> = setting
        .parties
        .iter()
        .enumerate()
        .filter(|(_, party)| party.is_principal())
        .map(|(i, _)| (i, [1.0; 2]))
        .collect();
    for month in dates {
        let holds = |attacker: usize| {
            if prospect.month[attacker] <= *month as f64 {
                1.0 - prospect.attack[attacker]
            } else {
                1.0
            }
        };
        let mut quiet = 1.0;
        for (party, [before, by]) in &mut holding {
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
            war: first_strike(&holding, |party| resume(party)[t * MONTHS + month]),
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
    let attacking: Vec<(f64, f64)> = attacking.collect();
    if let [(_, war)] = attacking[..] {
        return war;
    }
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
