//! Certificate: wars integrated numerically, lives of deals summed backwards, attacks chosen once more. Of the named packages of a case
//! with many, the last one and one that differs from world to world.

use detente_core::{
    DealValue, Fate, Handle, INDIFFERENT, MILESTONES, Preferences, Question, RowView, Trigger,
    Verdict,
};

use crate::durable::{self, BETWEEN, Package};
use crate::no_deal;
use crate::{verdict, within};
use detente_core::Identity;
use detente_core::LAST_MONTH;
use detente_core::asks::FIVE_YEARS;
use detente_core::asks::audience;
use detente_core::catalogue::durability::{
    ATTACK, ATTACK_IF_SIGNED, ATTACK_MONTH, COMES, COMES_INCENTIVE, DEAL_VALUE, GUARANTEE_BUYS,
    KEPT, KEPT_TO_LAPSE, POWELL_GAP, SIGNED_TEMPTED, STAND_IN, SURVIVAL, SURVIVAL_IF_SIGNED,
    SURVIVAL_OF, TARGET_TEMPTATION, TEMPTATION, TEMPTATION_BY, TEMPTATION_UNANSWERED,
    UNIQUE_TARGET,
};
use detente_core::{breached, freeze};

/// Rounding of sums and products of chances.
const ROUNDING: f64 = 1e-9;
/// Packages checked in full, where a case has no more.
const FEW: usize = 4;

pub(super) fn verify(question: Question, answer: RowView) -> Verdict {
    verdict(check(question, answer))
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
        let mut tempted_by = vec![0.0; setting.types.len()];
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
            tempted_by[t] = tempted;
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
            let what = || format!("temptation of type {t} by {}, unanswered", named.id);
            let unanswered = deal.temptation_unanswered(t);
            let claimed = answer.get(TEMPTATION_UNANSWERED, &[t, p]);
            same(claimed, unanswered, BETWEEN, &what)?;
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
            let found = deal.survival(*month, &months, &chances, None);
            let what = || format!("survival of {} to month {month}", named.id);
            same(answer.get(SURVIVAL, &[p, i]), found, ROUNDING, &what)?;
        }
        for (i, party) in setting.parties.iter().enumerate() {
            if party.is_principal() {
                let types = party.types.clone();
                let found = types
                    .map(|t| world.numbers.types[t].prior * chances[t])
                    .sum();
                let what = || format!("attack of {} on {}", party.id, named.id);
                same(answer.get(ATTACK, &[i, p]), found, ROUNDING, &what)?;
            }
        }
        is_signed(question, answer, p, &deal, [&months, &chances, &tempted_by])?;
    }
    who_comes(question, answer, &known)?;
    if let Some(freeze) = freeze(setting, world) {
        let wars = durable::wars(question, &freeze, &known).ok_or("no wars")?;
        let attacks = Package::new(question, &wars, &freeze, false).attacks();
        for (i, party) in setting.parties.iter().enumerate() {
            if !party.is_principal() {
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

/// Who comes to a war that resumes once forces are rebuilt, from wars integrated once more.
fn who_comes(question: Question, answer: RowView, known: &durable::Known) -> Result<(), String> {
    let Question { setting, world } = question;
    let noise = world.numbers.behaviour.first().map_or(0.5, |b| b.noise);
    for (l, (lever, n)) in setting.levers.iter().zip(&world.numbers.levers).enumerate() {
        let claimed = answer.get(COMES, &[l]);
        let moves = setting.has_course();
        let weighed = moves && n.on > 0.0;
        let package = match lever.trigger {
            _ if !weighed => None,
            Trigger::Violate(violator) if violator == lever.by => None,
            Trigger::Violate(_) => breached(setting, world),
            Trigger::Now | Trigger::Refuse(_) => None,
            Trigger::Accept if lever.sets.is_empty() || lever.pays() => None,
            Trigger::Accept => {
                let guarantee = |package: &[u8]| durable::guarantee(question, package);
                let named = setting.packages.iter().map(|named| &named.choice).rev();
                named
                    .max_by(|a, b| guarantee(a).total_cmp(&guarantee(b)))
                    .cloned()
            }
        };
        let audience = audience(setting, l);
        let package = package.filter(|package| {
            // A guarantor comes where something is guaranteed.
            let breach = matches!(lever.trigger, Trigger::Violate(_));
            (breach || durable::guarantee(question, package) > 0.0) && !audience.is_empty()
        });
        let Some(package) = package else {
            if !claimed.is_nan() {
                return Err(format!("lever {} comes to no war", lever.id));
            }
            continue;
        };
        let wars = durable::wars(question, &package, known).ok_or("no wars")?;
        // A gain that is off by as much as wars are worth between edges moves a chance by that over the noise, at most by a quarter.
        let mut found = 0.0;
        for party in &audience {
            for t in setting.parties[*party].types.clone() {
                found += world.numbers.types[t].prior
                    * durable::comes(question, &wars, l, t, LAST_MONTH);
            }
        }
        let found = found / audience.len() as f64;
        if !within(claimed, found, 0.5 * BETWEEN / noise) {
            return Err(format!(
                "coming of lever {}: claimed {claimed}, found {found}",
                lever.id
            ));
        }
        for t in setting.parties[lever.by].types.clone() {
            let claimed = answer.get(COMES_INCENTIVE, &[l, t]);
            let found = durable::pull(&wars, l, t, LAST_MONTH) - n.cost;
            if !within(claimed, found, 2.0 * BETWEEN) {
                let id = &lever.id;
                return Err(format!(
                    "incentive of lever {id} to type {t}: claimed {claimed}, found {found}"
                ));
            }
        }
    }
    Ok(())
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
            _ if !party.is_principal() => return true,
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
        let later = (0..=LAST_MONTH).map(|m| 1.0 - 1.0 / (1.0 + forces(m) / odds) - theirs);
        (1.0 - 1.0 / (1.0 + odds) - paid(t), later.collect())
    } else if setting.reservations {
        let theirs = seen(&|o| world.numbers.types[o].reservation / 100.0);
        let ours = own.reservation / 100.0;
        let later = (0..=LAST_MONTH).map(|m| (ours + theirs) / (1.0 + ours / (theirs * forces(m))));
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

/// Chances once package `p` is signed, by every set of types that may accept it as far as the error of N leaves that open.
fn is_signed(
    question: Question,
    answer: RowView,
    p: usize,
    deal: &Package,
    [months, chances, tempted]: [&[f64]; 3],
) -> Result<(), String> {
    /// Types on the edge, beyond which nothing is checked.
    const OPEN: usize = 6;
    let Question { setting, world } = question;
    let package = &setting.packages[p];
    let noise = world.numbers.behaviour.first().map_or(0.5, |b| b.noise);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "at least one month"
    )]
    let kept_for = world.numbers.durability[0].kept_months.round().max(1.0) as usize;
    let Some((refused, error)) = no_deal::refusals(question) else {
        return Ok(());
    };
    let priors: Vec<f64> = world.numbers.types.iter().map(|n| n.prior).collect();
    let (mut weights, mut open) = (priors.clone(), Vec::new());
    for t in 0..weights.len() {
        let party = setting.types[t].party;
        if !package.needed.contains(party) {
            continue;
        }
        let asked = refused[party][t] + world.numbers.types[t].aspiration;
        let margin = answer.get(DEAL_VALUE, &[t, p]) + no_deal::promises(question, t) - asked;
        if Preferences::crossed(setting, world, t, &package.choice).is_some() {
            weights[t] = 0.0;
        } else if (margin + INDIFFERENT).abs() <= error {
            open.push(t);
        } else if margin < -INDIFFERENT {
            weights[t] = 0.0;
        }
    }
    if open.len() > OPEN {
        return Ok(());
    }
    let claimed = |quantity: Handle, index: [usize; 2]| answer.get(quantity, &index);
    let fits = |weights: &[f64]| {
        let mut weights = weights.to_vec();
        // Chances that all sign, and that all sign whom nothing tempts.
        let (mut signed, mut chance, mut content) = (true, 1.0, 1.0);
        for party in package.needed.iter() {
            let types = setting.parties[party].types.clone();
            let sum: f64 = weights[types.clone()].iter().sum();
            signed &= sum > 0.0;
            chance *= sum;
            let at_ease = types.clone().filter(|t| tempted[*t] <= noise);
            content *= at_ease.map(|t| weights[t]).sum::<f64>();
            weights[types].iter_mut().for_each(|w| *w /= sum);
        }
        let kept = if signed {
            chance * deal.survival(kept_for, months, chances, Some(&weights))
        } else {
            0.0
        };
        let lapses = match deal.to_lapse(months, chances, Some(&weights)) {
            _ if !deal.lapses() => f64::NAN,
            lapses if signed => chance * lapses,
            _ => 0.0,
        };
        let to_lapse = answer.get(KEPT_TO_LAPSE, &[p]);
        let silent = to_lapse.is_nan() && lapses.is_nan();
        if !within(answer.get(KEPT, &[p]), kept, ROUNDING)
            || !silent && !within(to_lapse, lapses, ROUNDING)
            || !within(answer.get(SIGNED_TEMPTED, &[p]), chance - content, ROUNDING)
        {
            return false;
        }
        let near = |claimed: f64, found: f64, error: f64| {
            if signed && !found.is_nan() {
                within(claimed, found, error)
            } else {
                claimed.is_nan()
            }
        };
        let alike = |claimed: f64, found: f64| near(claimed, found, ROUNDING);
        let mut months_told = MILESTONES.iter().enumerate();
        let survives = months_told.all(|(m, month)| {
            let found = deal.survival(*month, months, chances, Some(&weights));
            alike(claimed(SURVIVAL_IF_SIGNED, [p, m]), found)
        });
        let parties = setting.parties.iter().enumerate();
        let mut fighting = parties.filter(|(_, party)| party.is_principal());
        survives
            && fighting.all(|(i, party)| {
                let types = party.types.clone();
                let found = types.map(|t| weights[t] * chances[t]).sum();
                let by = MILESTONES.iter().enumerate().all(|(m, month)| {
                    let mut tempted = 0.0;
                    for t in party.types.clone() {
                        tempted += weights[t] * deal.gain_at(t, *month).max(0.0);
                    }
                    if deal.gain_at(party.types.start, *month).is_nan() {
                        tempted = f64::NAN;
                    }
                    near(answer.get(TEMPTATION_BY, &[i, p, m]), tempted, BETWEEN)
                });
                by && alike(claimed(ATTACK_IF_SIGNED, [i, p]), found)
            })
    };
    let any = (0..1_usize << open.len()).any(|set| {
        let mut weights = weights.clone();
        for (k, t) in open.iter().enumerate() {
            weights[*t] = if set >> k & 1 == 1 { priors[*t] } else { 0.0 };
        }
        fits(&weights)
    });
    if any {
        Ok(())
    } else {
        Err(format!(
            "{} once it is signed: chances of attack or survival are those of no set of types that may sign",
            package.id
        ))
    }
}
