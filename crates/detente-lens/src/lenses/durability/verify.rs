//! Certificate: wars integrated numerically, lives of deals summed backwards, attacks chosen once more. Of the named packages of a case
//! with many, the last one and one that differs from world to world.

use detente_core::{DealValue, Fate, MILESTONES, Preferences, Question, Role, RowView, Verdict};

use super::{
    ATTACK, ATTACK_MONTH, DEAL_VALUE, FIVE_YEARS, GUARANTEE_BUYS, POWELL_GAP, STAND_IN, SURVIVAL,
    SURVIVAL_OF, TARGET_TEMPTATION, TEMPTATION, UNIQUE_TARGET,
};
use crate::Identity;
use crate::conformance::within;
use crate::durable::law::LAST;
use crate::durable::named::freeze;
use crate::durable::verify::{self as durable, BETWEEN, Package};

/// Rounding of sums and products of chances.
const ROUNDING: f64 = 1e-9;
/// Packages checked in full, where a case has no more.
const FEW: usize = 4;

pub(super) fn verify(question: Question, answer: RowView) -> Verdict {
    match check(question, answer) {
        Ok(Some(checked)) => Verdict::Holds(checked),
        Ok(None) => Verdict::Silent,
        Err(fault) => Verdict::Fails(fault),
    }
}

fn check(question: Question, answer: RowView) -> Result<Option<usize>, String> {
    let Question { setting, world } = question;
    let Some(numbers) = world.numbers.durability.first() else {
        return Ok(None);
    };
    let count = setting.packages.len();
    let Some(known) = durable::Known::new(question) else {
        return Ok(None);
    };
    let Some(additive) = durable::additive(question, &known) else {
        return Ok(None);
    };
    let mut checked = 0;
    let mut same = |claimed: f64, found: f64, tolerance: f64, what: &dyn Fn() -> String| {
        checked += 1;
        if within(claimed, found, tolerance) {
            return Ok(());
        }
        Err(format!("{}: claimed {claimed}, found {found}", what()))
    };
    for (k, worth) in numbers.targets.iter().enumerate() {
        let claimed = answer.get(TARGET_TEMPTATION, &[k]);
        same(claimed, *worth, 0.0, &|| format!("target {k}"))?;
    }
    for t in 0..setting.types.len() {
        let claimed = answer.get(POWELL_GAP, &[t]);
        let found = claims(question, t).unwrap_or(f64::NAN);
        let silent = claimed.is_nan() && found.is_nan();
        if !silent {
            same(claimed, found, ROUNDING, &|| {
                format!("Powell's condition of type {t}")
            })?;
        }
    }
    let turn = usize::try_from(world.index % count.max(1) as u64).unwrap_or(0);
    for (p, named) in setting.packages.iter().enumerate() {
        for (f, rate) in numbers.failures.iter().enumerate() {
            let found = durable::quiet(question, &named.choice, *rate, FIVE_YEARS);
            let what = || format!("survival of {} under definition {f}", named.id);
            same(answer.get(SURVIVAL_OF, &[f, p]), found, ROUNDING, &what)?;
        }
        for t in 0..setting.types.len() {
            let worth = Identity.worth(setting, world, &additive, t, &named.choice, &[Fate::Deal]);
            let claimed = answer.get(STAND_IN, &[t, p]) + answer.get(DEAL_VALUE, &[t, p]);
            let what = || format!("stand-in of {} for type {t}", named.id);
            same(claimed, worth, BETWEEN, &what)?;
        }
        if count > FEW && p + 1 != count && p != turn {
            continue;
        }
        let wars = durable::wars(question, &named.choice, &known).ok_or("no wars")?;
        let deal = Package::new(question, &wars, &named.choice, false);
        let bare = Package::new(question, &wars, &named.choice, true);
        let noise = world.numbers.behaviour.first().map_or(0.5, |b| b.noise);
        let best = deal.attacks();
        let between = bare.worths_between();
        let (mut months, mut chances) = (Vec::new(), Vec::new());
        for (t, best) in best.iter().enumerate() {
            let month = answer.get(ATTACK_MONTH, &[t, p]);
            let tempted = answer.get(TEMPTATION, &[t, p]);
            let what = || format!("attack of type {t} on {}", named.id);
            months.push(month);
            if best.month.is_nan() {
                if !month.is_nan() || !tempted.is_nan() {
                    return Err(format!("an {} that cannot be", what()));
                }
                chances.push(0.0);
                continue;
            }
            chances.push(1.0 - libm::exp(-tempted / noise));
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "checked to be a month"
            )]
            let m = month as usize;
            if m as f64 != month || !(1..=240).contains(&m) {
                return Err(format!("{}: month {month}", what()));
            }
            same(deal.gain(t, m), best.gain, 2.0 * BETWEEN, &what)?;
            same(tempted, best.gain.max(0.0), BETWEEN, &what)?;
        }
        for t in 0..setting.types.len() {
            let given = world.fixed("durability", "deal_value", &[t, p]);
            let computed = deal.worth(t, &months, &chances);
            let what = || format!("worth of {} to type {t}", named.id);
            let claimed = answer.get(DEAL_VALUE, &[t, p]);
            let tolerance = if given.is_some() { 0.0 } else { BETWEEN };
            same(claimed, given.unwrap_or(computed), tolerance, &what)?;
            let what = || format!("what the guarantee of {} buys type {t}", named.id);
            let bought = answer.get(GUARANTEE_BUYS, &[t, p]);
            // Where dates years apart tempt as much, attacks may come at either.
            let ends = between.as_ref().map(|ends| ends[t]);
            let [low, high] = ends.unwrap_or_else(|| bare.worth_bounds(t));
            let (low, high) = (computed - high - BETWEEN, computed - low + BETWEEN);
            if !(low..=high).contains(&bought) {
                let what = what();
                return Err(format!("{what}: claimed {bought}, found {low} to {high}"));
            }
        }
        for (i, month) in MILESTONES.iter().enumerate() {
            let found = deal.survival(*month, &months, &chances);
            let what = || format!("survival of {} to month {month}", named.id);
            same(answer.get(SURVIVAL, &[p, i]), found, ROUNDING, &what)?;
        }
        for (i, party) in setting.parties.iter().enumerate() {
            if party.roles.contains(&Role::Belligerent) {
                let types = party.types.clone();
                let found = types
                    .map(|t| world.numbers.types[t].prior * chances[t])
                    .sum();
                let what = || format!("attack of {} on {}", party.id, named.id);
                same(answer.get(ATTACK, &[i, p]), found, ROUNDING, &what)?;
            }
        }
    }
    if let Some(freeze) = freeze(setting, world) {
        let wars = durable::wars(question, &freeze, &known).ok_or("no wars")?;
        let attacks = Package::new(question, &wars, &freeze, false).attacks();
        for (i, party) in setting.parties.iter().enumerate() {
            if !party.roles.contains(&Role::Belligerent) {
                continue;
            }
            let mut rival = f64::NEG_INFINITY;
            for (target, worth) in setting.targets.iter().zip(&numbers.targets) {
                rival = if target.by == i {
                    rival.max(*worth)
                } else {
                    rival
                };
            }
            let (mut least, mut most) = (0.0, 0.0);
            for t in party.types.clone() {
                let prior = world.numbers.types[t].prior;
                least += if attacks[t].gain - BETWEEN > rival {
                    prior
                } else {
                    0.0
                };
                most += if attacks[t].gain + BETWEEN > rival {
                    prior
                } else {
                    0.0
                };
            }
            let claimed = answer.get(UNIQUE_TARGET, &[i]);
            if !(least - ROUNDING..=most + ROUNDING).contains(&claimed) {
                let what = format!("claimed {claimed}, found {least} to {most}");
                return Err(format!("other targets of {}: {what}", party.id));
            }
        }
    }
    Ok(Some(checked))
}

/// Powell's condition by another road: what the type's war is worth today and its opponent's a month later, less all of the pie, by what war leaves.
fn claims(question: Question, t: usize) -> Option<f64> {
    let Question { setting, world } = question;
    let n = world.numbers.durability.first()?;
    let me = &setting.types[t];
    let mut fighters = setting.parties.iter().enumerate();
    let mut pair = [None; 2];
    let all = fighters.all(|(i, party)| {
        let place = match party.side {
            _ if !party.roles.contains(&Role::Belligerent) => return true,
            None => return false,
            Some(side) => side as usize,
        };
        pair[place].replace(i).is_none()
    });
    let pair = [pair[0]?, pair[1]?];
    if !all || setting.contest.is_some() || !pair.contains(&me.party) {
        return None;
    }
    let mine = usize::from(pair[1] == me.party);
    let theirs = pair[1 - mine];
    let seen = |of: &dyn Fn(usize) -> f64| -> f64 {
        let types = setting.parties[theirs].types.clone();
        types.map(|o| world.believed(t, o) * of(o)).sum()
    };
    // The ratio of the opponent's forces to the type's own.
    let forces = |m: usize| {
        let force = |side: usize| {
            let to_come = libm::exp(-(m as f64) / n.rebuild[side]);
            to_come + n.force[side] * (1.0 - to_come)
        };
        force(1 - mine) / force(mine)
    };
    let own = &world.numbers.types[t];
    let (today, later): (f64, Vec<f64>) = if let Some(lottery) = &setting.lottery {
        let mut preferences = Preferences::default();
        preferences.compute(setting, world);
        let paid = |o: usize| {
            let ends = [
                (&lottery.a_wins, Fate::ADecisive),
                (&lottery.b_wins, Fate::BDecisive),
            ];
            let [a, b] = ends.map(|(package, fate)| {
                let how = [fate, Fate::Imposed];
                Identity.worth(setting, world, &preferences, o, package, &how)
            });
            let won = if setting.types[o].party == pair[0] {
                a - b
            } else {
                b - a
            };
            if won > 0.0 {
                world.numbers.types[o].fighting_cost / won
            } else {
                f64::NAN
            }
        };
        let chance = world.numbers.lottery.first()?.chance;
        let odds = chance / (1.0 - chance) * libm::exp(own.believes_chance);
        let odds = if mine == 0 { odds } else { 1.0 / odds };
        let theirs = seen(&paid);
        let later = (0..=LAST).map(|m| 1.0 - 1.0 / (1.0 + forces(m) / odds) - theirs);
        (1.0 - 1.0 / (1.0 + odds) - paid(t), later.collect())
    } else if setting.reservations {
        let theirs = seen(&|o| world.numbers.types[o].reservation / 100.0);
        let ours = own.reservation / 100.0;
        let later = (0..=LAST).map(|m| (ours + theirs) / (1.0 + ours / (theirs * forces(m))));
        (ours, later.collect())
    } else {
        return None;
    };
    let left = today + later[0];
    if !(today >= 0.0 && later[0] >= 0.0 && left > 0.0) {
        return None;
    }
    // In a later month the type's own war is worth what the opponent's leaves of it.
    let gaps = later
        .windows(2)
        .map(|at| (own.patience * at[1] + (left - at[0]) - 1.0) / left);
    gaps.max_by(f64::total_cmp)
}
