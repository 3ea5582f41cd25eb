//! Certificate: wars integrated numerically, lives of deals summed backwards, attacks chosen once more. Of the named packages of a case
//! with many, the last one and one that differs from world to world.

use detente_core::{DealValue, Fate, MILESTONES, Question, Role, RowView, Verdict};

use super::{
    ATTACK, ATTACK_MONTH, DEAL_VALUE, FIVE_YEARS, GUARANTEE_BUYS, STAND_IN, SURVIVAL, SURVIVAL_OF,
    TARGET_TEMPTATION, TEMPTATION, UNIQUE_TARGET,
};
use crate::Identity;
use crate::conformance::within;
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
            let ends = bare.worths_between();
            if let Some(ends) = ends {
                let [low, high] = ends[t];
                let (low, high) = (computed - high - BETWEEN, computed - low + BETWEEN);
                if !(low..=high).contains(&bought) {
                    return Err(format!(
                        "{}: claimed {bought}, found {low} to {high}",
                        what()
                    ));
                }
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
