//! Certificate: other beliefs as other worlds, values by numerical integration, zones by listing packages, passages month by month
//! on a grid.

mod learning;
mod rates;

use detente_core::catalogue::beliefs::{
    AGREED_COMMON, BELIEVED, GAP_PART, OPTIMISM_BLOCKS, OPTIMISM_BLOCKS_PACKAGE, ZONE_COMMON,
    ZONE_SWAPPED,
};
use detente_core::{INDIFFERENT, LeverProfile, Preferences, Question, RowView, Verdict, World};

use super::settlement::{is_whole, zone_by_profile};
use crate::durable::{Deals, weighs_all};
use crate::{no_deal, verdict, within};
use learning::learning;

/// In how many ways beliefs may differ.
const KINDS: usize = detente_core::BELIEFS.len();
/// Sums of priors.
const ROUNDING: f64 = 1e-9;

pub(super) fn verify(question: Question, answer: RowView) -> Verdict {
    verdict(check(question, answer))
}

/// What [`verify`] leaves unchecked where not all packages are weighed.
pub(super) fn beyond_budget(question: Question, answer: RowView) -> Option<&'static str> {
    let Question { setting, world } = question;
    let searched = !answer.get(ZONE_COMMON, &[]).is_nan();
    // With a contest every package's worth is bounded instead.
    let loose =
        setting.contest.is_none() && !world.numbers.durability.is_empty() && !weighs_all(setting);
    (searched && (loose || !is_whole(setting))).then_some(
        "not every package is weighed: the zone under common beliefs is held to the packages that are, from below, and whether optimism blocks lies between nothing and that zone",
    )
}

fn check(question: Question, answer: RowView) -> Result<Option<usize>, String> {
    let Question { setting, world } = question;
    let rates = setting
        .process
        .as_ref()
        .is_some_and(|p| !p.believed.is_empty());
    if setting.contest.is_none() && setting.lottery.is_none() && !rates {
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
    let Some(own) = Asking::of(question) else {
        return Ok(None);
    };
    for t in 0..setting.types.len() {
        let parts = shapley(question, t).unwrap_or([f64::NAN; KINDS]);
        let held = beliefs(world, t);
        for (k, part) in parts.iter().enumerate() {
            // Who shares a belief has no part of it at all; one that moves nothing has one as small as rounding.
            let tolerance = if held[k] {
                2.0 * no_deal::tolerance(question)
            } else {
                0.0
            };
            same(answer.get(GAP_PART, &[t, k]), *part, tolerance, &|| {
                format!("part {k} of the gap of type {t}")
            })?;
        }
        let gap = parts.iter().sum();
        if rates {
            rates::learning(question, answer, t, gap)?;
        } else {
            learning(question, answer, t, gap)?;
        }
    }
    let mut common = world.clone();
    for t in 0..setting.types.len() {
        common = no_deal::keeping(&common, t, |_| false);
    }
    let common = Question {
        setting,
        world: &common,
    };
    let Some(common) = Asking::of(common) else {
        return Ok(None);
    };
    packages(&own, &common, answer)?;
    messengers(question, answer)?;
    if !answer.get(ZONE_COMMON, &[]).is_nan() {
        zones(&own, &common, answer)?;
        exchange(question, answer)?;
    }
    Ok(Some(checked + setting.packages.len()))
}

/// A world with what types ask of a package in it.
struct Asking<'a> {
    question: Question<'a>,
    deals: Deals<'a>,
    asked: Vec<f64>,
    /// Greatest error of that, in points.
    error: f64,
}

impl<'a> Asking<'a> {
    fn of(question: Question<'a>) -> Option<Self> {
        let Question { setting, world } = question;
        let deals = Deals::new(question)?;
        let (refusals, _, error) = no_deal::refusals_after(question, deals.after())?;
        let asks = |t: usize| {
            let n = refusals[setting.types[t].party][t];
            n + world.numbers.types[t].aspiration - no_deal::promises(question, t)
        };
        Some(Self {
            question,
            asked: (0..setting.types.len()).map(asks).collect(),
            deals,
            error,
        })
    }

    /// Which profiles of types have a zone if each asks so much more; whether all packages could be listed.
    fn zones(&self, slack: f64) -> (bool, Vec<(f64, bool)>) {
        let asked: Vec<f64> = self.asked.iter().map(|x| x + slack).collect();
        // Who asks more is held to the least that a package may be worth, who asks less to the most.
        let end = usize::from(slack < 0.0);
        zone_by_profile(self.question, &self.deals, &asked, end)
    }
}

/// What a type believes otherwise than the analyst, in the order of [`detente_core::BELIEFS`].
fn beliefs(world: &World, t: usize) -> [bool; KINDS] {
    let me = &world.numbers.types[t];
    let some = |list: &[f64]| list.iter().any(|x| *x != 0.0);
    [
        me.believes_edge != 0.0,
        me.own_sd != 0.0 || some(&me.rate_sds),
        me.believes_escalation != 0.0,
        me.believes_chance != 0.0,
        some(&me.believes_rates),
    ]
}

/// Parts of the gap as the mean over every order in which beliefs could be taken on.
fn shapley(question: Question, t: usize) -> Option<[f64; KINDS]> {
    let Question { setting, world } = question;
    let held = beliefs(world, t);
    let differing: Vec<usize> = (0..KINDS).filter(|k| held[*k]).collect();
    // By set of beliefs taken on: orders meet the same ones.
    let mut known: [Option<f64>; 1 << KINDS] = [None; 1 << KINDS];
    let mut of = |taken: &[usize]| {
        let set = taken.iter().fold(0, |set, k| set | 1 << k);
        if known[set].is_none() {
            let world = &no_deal::keeping(world, t, |k| taken.contains(&k));
            known[set] = no_deal::value(Question { setting, world }, t);
        }
        known[set]
    };
    let mut parts = [0.0; KINDS];
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

/// Named packages under both kinds of beliefs. A margin within the error of zero may fall on either side.
fn packages(own: &Asking, common: &Asking, answer: RowView) -> Result<(), String> {
    let Question { setting, world } = own.question;
    let error = own.error.max(common.error);
    for (p, package) in setting.packages.iter().enumerate() {
        let types = package
            .needed
            .iter()
            .flat_map(|i| setting.parties[i].types.clone());
        let unknown = |t| own.deals.named(p, t).is_none() || common.deals.named(p, t).is_none();
        if types.into_iter().any(unknown) {
            continue;
        }
        // Least and greatest chance.
        let (mut all, mut both) = ([1.0, 1.0], [1.0, 1.0]);
        for party in package.needed.iter() {
            let (mut alike, mut either) = ([0.0, 0.0], [0.0, 0.0]);
            for t in setting.parties[party].types.clone() {
                let choice = &package.choice;
                let crossed = Preferences::crossed(setting, world, t, choice).is_some();
                let prior = world.numbers.types[t].prior;
                for (end, slack) in [error, -error - INDIFFERENT].into_iter().enumerate() {
                    let may = |there: &Asking| {
                        let worths = there.deals.named(p, t).unwrap_or([f64::NAN; 2]);
                        !crossed && worths[end] - there.asked[t] >= slack
                    };
                    let accepts = may(common);
                    alike[end] += if accepts { prior } else { 0.0 };
                    let still = accepts && may(own);
                    either[end] += if still { prior } else { 0.0 };
                }
            }
            for end in 0..2 {
                all[end] *= alike[end];
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

/// The zone where every type of a side has the mean offset of the other side's, and no other belief of its own.
fn exchange(question: Question, answer: RowView) -> Result<(), String> {
    let Question { setting, world } = question;
    let swapped = answer.get(ZONE_SWAPPED, &[]);
    if setting.contest.is_none() {
        return if swapped.is_nan() {
            Ok(())
        } else {
            Err("beliefs about a balance are swapped where there is none".to_owned())
        };
    }
    let side_of = |t: usize| setting.parties[setting.types[t].party].side;
    let mut other = world.clone();
    for t in 0..setting.types.len() {
        let against = |k: usize| side_of(k).is_some() && side_of(k) != side_of(t);
        if side_of(t).is_none() || !(0..setting.types.len()).any(against) {
            continue;
        }
        let (mut sum, mut weight) = (0.0, 0.0);
        for (_, them) in world
            .numbers
            .types
            .iter()
            .enumerate()
            .filter(|(k, _)| against(*k))
        {
            sum += them.prior * them.believes_edge;
            weight += them.prior;
        }
        if weight > 0.0 {
            other = no_deal::keeping(&other, t, |_| false);
            other.numbers.types[t].believes_edge = sum / weight;
        }
    }
    let there = Question {
        setting,
        world: &other,
    };
    let Some(there) = Asking::of(there) else {
        return Ok(());
    };
    let (strict, lenient) = (there.zones(there.error), there.zones(-there.error));
    let claimed = (swapped, "zone under swapped beliefs");
    is_between(claimed, open(&strict.1), open(&lenient.1), strict.0)
}

/// How often a zone is open.
fn open(list: &[(f64, bool)]) -> f64 {
    list.iter().filter(|(_, open)| *open).map(|(p, _)| p).sum()
}

/// Does a share lie between what the listed packages give? Where not all could be listed it may be more.
fn is_between(
    (claimed, what): (f64, &str),
    least: f64,
    most: f64,
    whole: bool,
) -> Result<(), String> {
    let fits = claimed >= least - ROUNDING && (!whole || claimed <= most + ROUNDING);
    if fits && (0.0..=1.0 + ROUNDING).contains(&claimed) {
        Ok(())
    } else {
        Err(format!(
            "{what}: claimed {claimed}, listed packages give {least} to {most}"
        ))
    }
}

/// Zones against the packages listed. Where not all could be listed, each must be at least what the listed ones reach.
fn zones(own: &Asking, common: &Asking, answer: RowView) -> Result<(), String> {
    // Asking a little more and a little less than what was found.
    let error = own.error.max(common.error);
    let lists = |slack: f64| [own.zones(slack), common.zones(slack)];
    let (strict, lenient) = (lists(error), lists(-error));
    let whole = strict[0].0;
    let shared = answer.get(ZONE_COMMON, &[]);
    let claimed = (shared, "zone under common beliefs");
    is_between(claimed, open(&strict[1].1), open(&lenient[1].1), whole)?;
    let blocked = answer.get(OPTIMISM_BLOCKS, &[]);
    let pairs = |common: &[(f64, bool)], own: &[(f64, bool)]| -> f64 {
        let both = common.iter().zip(own);
        let blocked = both.filter(|((_, common), (_, own))| *common && !own);
        blocked.map(|((prior, _), _)| prior).sum()
    };
    let least = pairs(&strict[1].1, &lenient[0].1);
    let most = pairs(&lenient[1].1, &strict[0].1);
    let fits = blocked <= shared + ROUNDING
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
    let alone =
        |t: usize| no_deal::value_with(question, t, LeverProfile::default(), &deals.after()[t]);
    let fighting = [to, by].map(|party| mean(party, &alone));
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
