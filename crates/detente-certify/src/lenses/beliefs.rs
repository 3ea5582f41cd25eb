//! Certificate: other beliefs as other worlds, values by numerical integration, zones by listing packages, passages month by month
//! on a grid.

use detente_core::asks::LONGEST;
use detente_core::{
    INDIFFERENT, LeverProfile, MILESTONES, Preferences, Question, RowView, Side, Verdict, World,
};

use super::settlement::zone_by_profile;
use crate::durable::Deals;
use crate::no_deal;
use crate::{verdict, within};
use detente_core::catalogue::beliefs::{
    AGREED_COMMON, BELIEVED, GAP_PART, HALVED_BY, MONTHS_TO_HALVE, NEVER_HALVES, OPTIMISM_BLOCKS,
    OPTIMISM_BLOCKS_PACKAGE, ZONE_COMMON, ZONE_SWAPPED,
};

/// Sums of priors.
const ROUNDING: f64 = 1e-9;
/// By how much the law of a passage may miss that of a walk in monthly steps: Siegmund's correction is for many small steps.
const PASSAGE: f64 = 0.06;
/// What the polynomial through five gaps may move the halving offset by, as a share of the offset.
const PARABOLA: f64 = 0.1;

pub(super) fn verify(question: Question, answer: RowView) -> Verdict {
    verdict(check(question, answer))
}

/// How types' beliefs are changed: those of a type's numbers that are kept, by the order of [`detente_core::BELIEFS`].
fn keeping(world: &World, t: usize, kept: impl Fn(usize) -> bool) -> World {
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
    other
}

fn check(question: Question, answer: RowView) -> Result<Option<usize>, String> {
    let Question { setting, world } = question;
    if setting.contest.is_none() && setting.lottery.is_none() {
        return Ok(None);
    }
    let mut checked = 0;
    let mut same = |claimed: f64, found: f64, tolerance: f64, what: &dyn Fn() -> String| {
        checked += 1;
        if within(claimed, found, tolerance) {
            return Ok(());
        }
        Err(format!("{}: claimed {claimed}, found {found}", what()))
    };
    let Some(deals) = Deals::new(question) else {
        return Ok(None);
    };
    for t in 0..setting.types.len() {
        let parts = shapley(question, &deals, t).unwrap_or([f64::NAN; 4]);
        let held = beliefs(world, t);
        for (k, part) in parts.iter().enumerate() {
            // Who shares a belief has no part of it at all; one that moves nothing has one as small as rounding.
            let tolerance = if held[k] == 0.0 {
                0.0
            } else {
                2.0 * no_deal::tolerance(question)
            };
            same(answer.get(GAP_PART, &[t, k]), *part, tolerance, &|| {
                format!("part {k} of the gap of type {t}")
            })?;
        }
        learning(question, &deals, answer, t, parts.iter().sum())?;
    }
    let mut shared = world.clone();
    for t in 0..setting.types.len() {
        shared = keeping(&shared, t, |_| false);
    }
    let common = Question {
        setting,
        world: &shared,
    };
    let refusals = |question| no_deal::refusals_after(question, deals.after());
    let (Some((own, _, error)), Some((of_all, _, other))) = (refusals(question), refusals(common))
    else {
        return Ok(None);
    };
    let error = error.max(other);
    let asks = |refusals: &[Vec<f64>], t: usize| {
        let n = refusals[setting.types[t].party][t];
        n + world.numbers.types[t].aspiration - no_deal::promises(question, t)
    };
    let all = 0..setting.types.len();
    let own: Vec<f64> = all.clone().map(|t| asks(&own, t)).collect();
    let of_all: Vec<f64> = all.clone().map(|t| asks(&of_all, t)).collect();
    packages(question, &deals, answer, [&own, &of_all], error)?;
    messengers(question, answer)?;
    if !answer.get(ZONE_COMMON, &[]).is_nan() {
        let exchanged: Vec<f64> = all
            .map(|t| own[t] + exchange(question, &deals, t).unwrap_or(f64::NAN))
            .collect();
        zones(question, &deals, answer, [&own, &of_all, &exchanged], error)?;
    }
    Ok(Some(checked + setting.packages.len()))
}

/// What a type believes otherwise than the analyst, in the order of [`detente_core::BELIEFS`].
fn beliefs(world: &World, t: usize) -> [f64; 4] {
    let me = &world.numbers.types[t];
    [
        me.believes_edge,
        me.own_sd,
        me.believes_escalation,
        me.believes_chance,
    ]
}

/// Parts of the gap as the mean over every order in which beliefs could be taken on.
fn shapley(question: Question, deals: &Deals, t: usize) -> Option<[f64; 4]> {
    let Question { setting, world } = question;
    let held = beliefs(world, t);
    let differing: Vec<usize> = (0..4).filter(|k| held[*k] != 0.0).collect();
    let of = |taken: &[usize]| {
        let world = keeping(world, t, |k| taken.contains(&k));
        let world = &world;
        value(Question { setting, world }, deals, t)
    };
    let mut parts = [0.0; 4];
    let mut orders = 0.0;
    for order in permutations(&differing) {
        orders += 1.0;
        for place in 0..order.len() {
            let change = of(&order[..=place])? - of(&order[..place])?;
            parts[order[place]] += change;
        }
    }
    Some(parts.map(|part| part / orders))
}

fn permutations(of: &[usize]) -> Vec<Vec<usize>> {
    if of.is_empty() {
        return vec![Vec::new()];
    }
    let mut all = Vec::new();
    for first in of {
        let rest: Vec<usize> = of.iter().copied().filter(|x| x != first).collect();
        for mut order in permutations(&rest) {
            order.insert(0, *first);
            all.push(order);
        }
    }
    all
}

/// Learning: the law of the passage by convolution, at offsets a little nearer and a little further than the one that halves the gap.
fn learning(
    question: Question,
    deals: &Deals,
    answer: RowView,
    t: usize,
    gap: f64,
) -> Result<(), String> {
    let Question { setting, world } = question;
    let (months, never) = (
        answer.get(MONTHS_TO_HALVE, &[t]),
        answer.get(NEVER_HALVES, &[t]),
    );
    let claimed: Vec<f64> = (0..MILESTONES.len())
        .map(|i| answer.get(HALVED_BY, &[t, i]))
        .collect();
    // A gap within the error may be one or none.
    if gap != 0.0 && gap.abs() <= 4.0 * no_deal::tolerance(question) {
        return Ok(());
    }
    if gap == 0.0 {
        let silent = months.is_nan() && never.is_nan() && claimed.iter().all(|x| x.is_nan());
        return if silent {
            Ok(())
        } else {
            Err(format!("type {t} has no gap that could halve"))
        };
    }
    let fail = |what: &str| Err(format!("learning of type {t}: {what}"));
    if (never != 0.0 && never != 1.0) || (never == 1.0) != months.is_nan() {
        return fail("months and never do not fit");
    }
    let me = &world.numbers.types[t];
    let at = |edge: f64| {
        let mut other = world.clone();
        other.numbers.types[t].believes_edge = edge;
        let world = &other;
        let own = value(Question { setting, world }, deals, t)?;
        Some(own - no_deal::analysts_value(question, t)?)
    };
    let nothing_told = vec![0.0; MILESTONES.len()];
    let (Some(contest), Some(none)) = (world.numbers.contest.first(), at(0.0)) else {
        let silent = never == 1.0 && claimed == nothing_told;
        return if silent {
            Ok(())
        } else {
            fail("no line brings news")
        };
    };
    let open = contest.pace * me.open_to_news / contest.volatility;
    let speed = me.learning_rate * open * open;
    let slack = no_deal::tolerance(question) / gap.abs();
    let near = (none / gap - 0.5).abs() < slack + 1e-6;
    if near {
        return Ok(());
    }
    if me.believes_edge == 0.0 || none / gap >= 0.5 || !(speed > 0.0 && speed.is_finite()) {
        let silent = never == 1.0 && claimed == nothing_told;
        return if silent {
            Ok(())
        } else {
            fail("it cannot halve")
        };
    }
    // The offset at which half is left, by halving an interval of offsets.
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..8 {
        let middle = 0.5 * (low + high);
        match at(middle * me.believes_edge) {
            Some(left) if left / gap < 0.5 => low = middle,
            _ => high = middle,
        }
    }
    let law = |share: f64| {
        let to = share * me.believes_edge;
        let sign = f64::signum(me.believes_edge);
        let scale = contest.pace / contest.volatility;
        let drift = sign * (to - me.news_bias / contest.pace) * scale;
        let distance = sign * (me.believes_edge - to) * scale / speed;
        passed_by(drift, distance)
    };
    let later = law((low - PARABOLA).max(0.0));
    let sooner = law((high + PARABOLA).min(1.0));
    for (i, month) in MILESTONES.iter().enumerate() {
        let (least, most) = (later[*month] - PASSAGE, sooner[*month] + PASSAGE);
        if !(least..=most).contains(&claimed[i]) {
            return fail(&format!(
                "halved by month {month} with chance {}, found {least} to {most}",
                claimed[i]
            ));
        }
    }
    if never == 0.0 {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "whole months"
        )]
        let month = months as usize;
        let told = month.min(later.len() - 1);
        let there = month > told || sooner[told] + PASSAGE >= 0.5;
        let fits = there && month <= LONGEST;
        let before = later[told.saturating_sub(1)] - PASSAGE <= 0.5;
        // The median is where the claimed law passes one half; the milestones around it pin it down.
        let ordered = MILESTONES.iter().zip(&claimed).all(|(milestone, chance)| {
            (*milestone < month) == (*chance < 0.5) || *milestone == month
        });
        if !(fits && before && ordered) || months.fract() != 0.0 {
            return fail(&format!("median of {months} months"));
        }
    } else if later[later.len() - 1] - PASSAGE > 0.5 || claimed.iter().any(|x| *x >= 0.5) {
        return fail("it does halve");
    }
    Ok(())
}

/// Chance that a walk of standard normal monthly steps with a drift has come a distance, by month: its density carried on a grid,
/// what has passed taken out.
fn passed_by(drift: f64, distance: f64) -> Vec<f64> {
    /// As far as the last milestone: later medians are judged by what has not passed by then.
    const MONTHS: usize = MILESTONES[MILESTONES.len() - 1];
    /// Cells below the level, and how wide the grid is in standard deviations of the whole walk at least.
    const CELLS: usize = 240;
    let mut chances = vec![0.0];
    if distance <= 0.0 {
        chances.resize(MONTHS + 1, 1.0);
        chances[0] = 0.0;
        return chances;
    }
    // A step must not jump many cells nor fall within one: steps of several months are taken where the way is long.
    let span = (distance + 12.0).min(distance + 4.0 * (MONTHS as f64).sqrt());
    let cell = (span / CELLS as f64).max(0.2);
    // The level lies on the grid; a way much shorter than a step starts at the nearest place.
    let (cell, top) = if distance >= 0.2 {
        let top = (distance / cell).ceil();
        (distance / top, top)
    } else {
        (0.1, (distance / 0.1).round())
    };
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a few hundred"
    )]
    let top = top as usize;
    let reach = 6.0 / cell;
    #[expect(clippy::cast_possible_truncation, reason = "a few dozen")]
    let reach = reach.ceil() as i64;
    // Where a step leads from cell 0, and with what chance: the same from every cell.
    let shift = drift / cell;
    #[expect(clippy::cast_possible_truncation, reason = "a few thousand")]
    let middle = (-shift).round() as i64;
    let mut kernel: Vec<f64> = (middle - reach..=middle + reach)
        .map(|to| {
            let z = (to as f64 + shift) * cell;
            libm::exp(-0.5 * z * z)
        })
        .collect();
    let total: f64 = kernel.iter().sum();
    for weight in &mut kernel {
        *weight /= total;
    }
    // Mass by distance still to go, in cells; far behind is kept in the last one.
    let cells = top + CELLS;
    let mut mass = vec![0.0; cells];
    mass[top.min(cells - 1)] = 1.0;
    let mut passed: f64 = 0.0;
    for _ in 1..=MONTHS {
        let mut next = vec![0.0; cells];
        for (from, weight) in mass.iter().enumerate().filter(|(_, w)| **w > 1e-9) {
            let from = i64::try_from(from).unwrap_or(i64::MAX);
            for (step, chance) in (middle - reach..).zip(&kernel) {
                match usize::try_from(from + step) {
                    Ok(to) if to >= 1 => next[to.min(cells - 1)] += weight * chance,
                    // Half of the cell at the level lies beyond it.
                    Ok(_) => {
                        next[0] += 0.5 * weight * chance;
                        passed += 0.5 * weight * chance;
                    }
                    Err(_) => passed += weight * chance,
                }
            }
        }
        mass = next;
        chances.push(passed.min(1.0));
    }
    chances
}

/// Named packages under both kinds of beliefs. A margin within the error of zero may fall on either side.
fn packages(
    question: Question,
    deals: &Deals,
    answer: RowView,
    [own, shared]: [&[f64]; 2],
    error: f64,
) -> Result<(), String> {
    let Question { setting, world } = question;
    for (p, package) in setting.packages.iter().enumerate() {
        let types = package
            .needed
            .iter()
            .flat_map(|i| setting.parties[i].types.clone());
        if types.into_iter().any(|t| deals.named(p, t).is_none()) {
            continue;
        }
        // Least and greatest chance.
        let (mut all, mut both) = ([1.0, 1.0], [1.0, 1.0]);
        for party in package.needed.iter() {
            let (mut common, mut either) = ([0.0, 0.0], [0.0, 0.0]);
            for t in setting.parties[party].types.clone() {
                let choice = &package.choice;
                let worths = deals.named(p, t).unwrap_or([f64::NAN; 2]);
                let crossed = Preferences::crossed(setting, world, t, choice).is_some();
                let prior = world.numbers.types[t].prior;

                for (end, slack) in [error, -error - INDIFFERENT].into_iter().enumerate() {
                    let may = |asked: f64| !crossed && worths[end] - asked >= slack;
                    let accepts = may(shared[t]);
                    common[end] += if accepts { prior } else { 0.0 };
                    let still = accepts && may(own[t]);
                    either[end] += if still { prior } else { 0.0 };
                }
            }
            for end in 0..2 {
                all[end] *= common[end];
                both[end] *= either[end];
            }
        }
        let between = |x: f64, ends: [f64; 2]| x >= ends[0] - ROUNDING && x <= ends[1] + ROUNDING;
        let agreed = answer.get(AGREED_COMMON, &[p]);
        if !between(agreed, all) {
            return Err(format!(
                "{} under common beliefs: claimed {agreed}, found {all:?}",
                package.id
            ));
        }
        let blocked = answer.get(OPTIMISM_BLOCKS_PACKAGE, &[p]);
        let ends = [(all[0] - both[1]).max(0.0), all[1] - both[0]];
        if !between(blocked, ends) {
            return Err(format!(
                "optimism blocks {}: claimed {blocked}, found {ends:?}",
                package.id
            ));
        }
    }
    Ok(())
}

/// What a type's war would be worth more with the mean offset of the other side.
fn exchange(question: Question, deals: &Deals, t: usize) -> Option<f64> {
    let Question { setting, world } = question;
    let Some(side) = setting.parties[setting.types[t].party].side else {
        return Some(0.0);
    };
    if setting.contest.is_none() {
        return Some(0.0);
    }
    let other = if side == Side::A { Side::B } else { Side::A };
    let (mut sum, mut weight) = (0.0, 0.0);
    for (kind, numbers) in setting.types.iter().zip(&world.numbers.types) {
        if setting.parties[kind.party].side == Some(other) {
            sum += numbers.prior * numbers.believes_edge;
            weight += numbers.prior;
        }
    }
    if weight == 0.0 {
        return Some(0.0);
    }
    let mut changed = keeping(world, t, |_| false);
    changed.numbers.types[t].believes_edge = sum / weight;
    let there = Question {
        setting,
        world: &changed,
    };
    Some(value(there, deals, t)? - value(question, deals, t)?)
}

/// V where types believe something else, and what follows endings is as they believe it now.
fn value(question: Question, deals: &Deals, t: usize) -> Option<f64> {
    no_deal::value_with(question, t, LeverProfile::default(), &deals.after()[t])
}

/// Zones against the packages listed. Where not all could be listed, each must be at least what the listed ones reach.
fn zones(
    question: Question,
    deals: &Deals,
    answer: RowView,
    [own, shared, exchanged]: [&[f64]; 3],
    error: f64,
) -> Result<(), String> {
    let lists = |slack: f64| {
        let of = |asked: &[f64]| {
            let asked: Vec<f64> = asked.iter().map(|x| x + slack).collect();
            zone_by_profile(question, deals, &asked)
        };
        [of(own), of(shared), of(exchanged)]
    };
    // Asking a little more and a little less than what was found.
    let (strict, lenient) = (lists(error), lists(-error));
    let whole = strict[0].0;
    let share = |list: &[(f64, bool)]| -> f64 {
        list.iter().filter(|(_, open)| *open).map(|(p, _)| p).sum()
    };
    let within = |claimed: f64, least: f64, most: f64, what: &str| {
        let fits = claimed >= least - ROUNDING && (!whole || claimed <= most + ROUNDING);
        if fits && (0.0..=1.0 + ROUNDING).contains(&claimed) {
            Ok(())
        } else {
            Err(format!(
                "{what}: claimed {claimed}, listed packages give {least} to {most}"
            ))
        }
    };
    let common = answer.get(ZONE_COMMON, &[]);
    within(
        common,
        share(&strict[1].1),
        share(&lenient[1].1),
        "zone under common beliefs",
    )?;
    let swapped = answer.get(ZONE_SWAPPED, &[]);
    if question.setting.contest.is_some() {
        within(
            swapped,
            share(&strict[2].1),
            share(&lenient[2].1),
            "zone under swapped beliefs",
        )?;
    } else if !swapped.is_nan() {
        return Err("beliefs about a balance are swapped where there is none".to_owned());
    }
    let blocked = answer.get(OPTIMISM_BLOCKS, &[]);
    let pairs = |common: &[(f64, bool)], own: &[(f64, bool)]| -> f64 {
        let both = common.iter().zip(own);
        let blocked = both.filter(|((_, common), (_, own))| *common && !own);
        blocked.map(|((prior, _), _)| prior).sum()
    };
    let least = pairs(&strict[1].1, &lenient[0].1);
    let most = pairs(&lenient[1].1, &strict[0].1);
    let fits = blocked <= common + ROUNDING
        && blocked >= -ROUNDING
        && (!whole || (least - ROUNDING..=most + ROUNDING).contains(&blocked));
    if fits {
        Ok(())
    } else {
        Err(format!(
            "optimism blocks: claimed {blocked}, listed packages give {least} to {most}"
        ))
    }
}

/// Messengers: both states as worlds of their own, every worth again; a preference within the error may go either way.
fn messengers(question: Question, answer: RowView) -> Result<(), String> {
    let Question { setting, world } = question;
    for (m, messenger) in setting.messengers.iter().enumerate() {
        let claimed = answer.get(BELIEVED, &[m]);
        if claimed.is_nan() {
            continue;
        }
        if claimed != 0.0 && claimed != 1.0 {
            return Err(format!("messenger {m}: claimed {claimed}"));
        }
        let seen = &setting.observables[messenger.about];
        let bent = world.numbers.messengers[m].distortion.abs() >= 1.0;
        let mut states = Vec::new();
        let mut error: f64 = 0.0;
        for end in seen.ends {
            let there = world.with_numbers_at(&seen.places, end);
            let question = Question {
                setting,
                world: &there,
            };
            let Some((worths, slack)) = worths(question, messenger.by, messenger.to) else {
                return Err(format!(
                    "messenger {m} where no deal is worth nothing known"
                ));
            };
            error = error.max(slack);
            states.push(worths);
        }
        // Acceptance itself may turn within the error: such a messenger is left alone.
        if states.iter().any(|state| state.unsure) {
            continue;
        }
        let reply = |state: &Worths| {
            let told = &state.told;
            let first = (0..told.len()).reduce(|a, b| {
                if told[b] > told[a] + INDIFFERENT {
                    b
                } else {
                    a
                }
            });
            let best = first.unwrap_or(0);
            // Replies that are as good and the same to the messenger change nothing.
            let other = |k: &usize| {
                let same = (state.messenger[*k] - state.messenger[best]).abs() <= INDIFFERENT;
                *k != best && !same && told[*k] > told[best] - 4.0 * error
            };
            let close = (0..told.len()).filter(other);
            (best, close.count() > 0)
        };
        let (low, high) = (reply(&states[0]), reply(&states[1]));
        let losses = [
            states[0].messenger[high.0] - states[0].messenger[low.0],
            states[1].messenger[low.0] - states[1].messenger[high.0],
        ];
        let unsure = low.1
            || high.1
            || losses
                .iter()
                .any(|x| x.abs() < 4.0 * error && low.0 != high.0);
        let believed = !bent && losses.iter().all(|x| *x <= INDIFFERENT);
        let wrong = claimed != f64::from(u8::from(believed));
        if wrong && (bent || !unsure) {
            return Err(format!(
                "messenger {m}: claimed {claimed}, found {believed}"
            ));
        }
    }
    Ok(())
}

struct Worths {
    told: Vec<f64>,
    messenger: Vec<f64>,
    unsure: bool,
}

/// What no package and each package are worth to two parties, if everybody but the second must accept it.
fn worths(question: Question, by: usize, to: usize) -> Option<(Worths, f64)> {
    let Question { setting, world } = question;
    let deals = Deals::new(question)?;
    let (refused, _, mut error) = no_deal::refusals_after(question, deals.after())?;
    let mut unsure = false;
    let mut worths = vec![0.0; setting.types.len() * setting.packages.len()];
    for (i, worth) in worths.iter_mut().enumerate() {
        let (t, p) = (i % setting.types.len(), i / setting.types.len());
        match deals.named(p, t) {
            Some([least, most]) => {
                *worth = f64::midpoint(least, most);
                error = error.max(most - least);
            }
            None => unsure = true,
        }
    }
    let deal = |t: usize, p: usize| worths[p * setting.types.len() + t];
    let mean = |party: usize, of: &dyn Fn(usize) -> Option<f64>| -> Option<f64> {
        let types = setting.parties[party].types.clone();
        let parts = types.map(|t| Some(world.numbers.types[t].prior * of(t)?));
        parts.sum()
    };
    let fighting = [to, by].map(|party| mean(party, &|t| value(question, &deals, t)));
    let (mut told, mut messenger) = (vec![fighting[0]?], vec![fighting[1]?]);
    for (p, package) in setting.packages.iter().enumerate() {
        let mut agree = 1.0;
        for other in package.needed.iter() {
            let mut share = 0.0;
            for t in setting.parties[other].types.clone() {
                let bar = refused[other][t] + world.numbers.types[t].aspiration;
                let margin = deal(t, p) + no_deal::promises(question, t) - bar;
                let crossed = Preferences::crossed(setting, world, t, &package.choice).is_some();
                unsure |= !crossed && other != to && margin.abs() <= error;
                let accepts = !crossed && (other == to || margin >= -INDIFFERENT);
                share += if accepts {
                    world.numbers.types[t].prior
                } else {
                    0.0
                };
            }
            agree *= share;
        }
        for (party, worths) in [(to, &mut told), (by, &mut messenger)] {
            let worth = mean(party, &|t| Some(deal(t, p)))?;
            let alone = worths[0];
            worths.push(agree * worth + (1.0 - agree) * alone);
        }
    }
    let state = Worths {
        told,
        messenger,
        unsure,
    };
    Some((state, error))
}
