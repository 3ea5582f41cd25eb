//! Named packages once more: wars at more edges, attacks chosen once more.

use detente_core::asks::whole;
use detente_core::{
    DealValue, Fate, LAST_MONTH, LeverProfile, MILESTONES, Preferences, Question, Trigger,
};

use super::between::between;
use super::{Known, MONTHS, Terms, backwards, offset, once, rate, sets, slack, start, terms};
use crate::contest::{self, Belief};
use crate::{no_deal, process};
use detente_core::Identity;
use detente_core::changed;

/// A package's wars, as every type sees them, by month.
#[derive(Clone)]
pub(crate) struct Wars {
    /// Levers that are pulled, and V(resume) then, by type, by month; nobody's first.
    values: Vec<(LeverProfile, Vec<Vec<f64>>)>,
    /// Levers of guarantors who promise to come.
    guarantors: Vec<usize>,
    /// By party: levers that answer its breach.
    answers: Vec<Vec<usize>>,
    /// What follows a lapse, by type, if it is not what follows a breakdown.
    lapsed: Option<Vec<f64>>,
    /// By months since a lapse of those that are told: the chance that a final deal that it led on to is in force.
    led_on: Vec<(usize, f64)>,
}

impl Wars {
    fn with(&self, pulled: &[usize]) -> &Vec<Vec<f64>> {
        let mut set = LeverProfile::default();
        for lever in pulled {
            set = set.with(*lever);
        }
        let mut known = self.values.iter();
        let (_, values) = known.find(|(of, _)| *of == set).expect("a set of this war");
        values
    }
}

/// The wars that a package's end starts.
pub(crate) fn wars(question: Question, package: &[u8], known: &Known) -> Option<Wars> {
    // Packages that leave the same war to resume share it.
    let what = || {
        let guaranteed = terms(question, package, &[Fate::Deal]).features[0] > 0.0;
        let war = (
            start(question, package),
            sets(question, package),
            guaranteed,
        );
        format!("wars {war:?} {:?}", known.ends)
    };
    let mut found = once(question, what, || find_wars(question, package, known))?;
    // Where a lapse leads is the package's own, not that of the war.
    let own = terms(question, package, &[Fate::Deal]);
    let states = &own.then;
    found.lapsed = if states.is_empty() {
        None
    } else {
        let stated = question.world.numbers.durability.first();
        let kept = stated.map_or(0.0, |n| n.kept_months.round().max(1.0));
        let told = MILESTONES.map(|month| month as f64);
        let told = told
            .into_iter()
            .chain([kept])
            .map(|month| month - own.lasts);
        let mut since: Vec<usize> = told.filter(|m| *m >= 0.0).map(whole).collect();
        since.sort_unstable();
        since.dedup();
        // Each state that it may lead to is as likely as the others.
        let part = 1.0 / states.len() as f64;
        found.led_on = since.iter().map(|month| (*month, 0.0)).collect();
        for state in states {
            let in_force = process::in_force(question, *state, &since)?;
            for ((_, sum), chance) in found.led_on.iter_mut().zip(in_force) {
                *sum += part * chance;
            }
        }
        let worth = |t: usize| {
            let begins = |state: usize| (LeverProfile::default(), Some(state));
            let each = states
                .iter()
                .map(|state| process::value(question, t, begins(*state)));
            Some(part * each.sum::<Option<f64>>()?)
        };
        let types = 0..question.setting.types.len();
        Some(types.map(worth).collect::<Option<_>>()?)
    };
    Some(found)
}

fn find_wars(question: Question, package: &[u8], known: &Known) -> Option<Wars> {
    let Question { setting, world } = question;
    let there = |l: &usize| world.numbers.levers[*l].on > 0.0;
    let of = |trigger: Trigger| {
        let levers = (0..setting.levers.len()).filter(there);
        levers.filter(move |l| setting.levers[*l].trigger == trigger)
    };
    if !setting.has_course() {
        let types = 0..setting.types.len();
        let values = types.map(|t| Some(vec![no_deal::value(question, t)?; MONTHS]));
        return Some(Wars {
            values: vec![(LeverProfile::default(), values.collect::<Option<_>>()?)],
            guarantors: Vec::new(),
            answers: vec![Vec::new(); setting.parties.len()],
            lapsed: None,
            led_on: Vec::new(),
        });
    }
    let guaranteed = terms(question, package, &[Fate::Deal]).features[0] > 0.0;
    let changed = changed(setting, world, &sets(question, package));
    let resumed = Question {
        setting,
        world: changed.as_ref().unwrap_or(world),
    };
    let offsets: Vec<f64> = (0..MONTHS).map(|m| offset(question, m as f64)).collect();
    let changes_war = |l: &usize| !setting.levers[*l].sets.is_empty();
    let guarantors: Vec<usize> = of(Trigger::Accept)
        .filter(|l| guaranteed && changes_war(l))
        .take(2)
        .collect();
    let answers: Vec<Vec<usize>> = (0..setting.parties.len())
        .map(|i| {
            let others = of(Trigger::Violate(i)).filter(|l| setting.levers[*l].by != i);
            others.take(2).collect()
        })
        .collect();
    // Every lever that comes with every other one that may come with it.
    let mut sets: Vec<LeverProfile> = vec![LeverProfile::default()];
    let groups = answers.iter().map(|own| [&guarantors[..], own].concat());
    for group in groups {
        for set in 0..1_usize << group.len() {
            let pulled = group
                .iter()
                .enumerate()
                .filter(|(k, _)| set & (1 << k) != 0);
            let pulled = pulled.fold(LeverProfile::default(), |all, (_, l)| all.with(*l));
            if !sets.contains(&pulled) {
                sets.push(pulled);
            }
        }
    }
    let mut values = Vec::new();
    for pulled in sets {
        let mut of_set = Vec::new();
        if setting.contest.is_none() {
            // No month of peace moves a process: its dates are counted from the breakdown.
            for t in 0..setting.types.len() {
                let value = process::value(question, t, (pulled, setting.resumes()))?;
                of_set.push(vec![value; MONTHS]);
            }
            values.push((pulled, of_set));
            continue;
        }
        for (t, ends) in known.ends.iter().enumerate() {
            let mut at = |edge: f64| {
                let war = Belief {
                    edge,
                    pulled,
                    start: start(question, package),
                    ..Belief::default()
                };
                Some(contest::parts_of(resumed, t, war)?.value(ends))
            };
            of_set.push(between(&offsets, &mut at)?);
        }
        values.push((pulled, of_set));
    }
    Some(Wars {
        values,
        guarantors,
        answers,
        lapsed: None,
        led_on: Vec::new(),
    })
}

/// What the principals make of a package.
#[derive(Clone, Debug)]
pub(crate) struct Attack {
    /// Month, or NaN.
    pub(crate) month: f64,
    pub(crate) gain: f64,
    /// First and last date of an attack that is worth as much, as far as the error of wars' worths leaves it open.
    pub(crate) dates: [f64; 2],
}

/// A package at a guarantee, with its wars and what V(resume) is over guarantors who come or not.
pub(crate) struct Package<'a> {
    question: Question<'a>,
    terms: Terms,
    stays: Vec<f64>,
    /// UL by type.
    peace: Vec<f64>,
    /// V(resume) by type, by month, if nobody broke the deal.
    resume: Vec<Vec<f64>>,
    /// The same by party that broke it; empty where nobody answers that.
    breach: Vec<Vec<Vec<f64>>>,
    /// What follows a lapse, by type, if it is not what follows a breakdown.
    lapsed: Option<Vec<f64>>,
    /// By months since a lapse of those that are told: the chance that a final deal that it led on to is in force.
    led_on: Vec<(usize, f64)>,
}

impl<'a> Package<'a> {
    pub(crate) fn new(question: Question<'a>, wars: &Wars, package: &[u8], bare: bool) -> Self {
        let Question { setting, world } = question;
        let mut terms = terms(question, package, &[Fate::Deal]);
        if bare {
            terms.features[0] = 0.0;
        }
        let mut preferences = Preferences::default();
        preferences.compute(setting, world);
        let base = world.numbers.durability[0].background;
        let stays = (0..MONTHS).map(|m| libm::exp(-rate(question, &terms, base, m)));
        let stays = stays.collect();
        let peace = (0..setting.types.len())
            .map(|t| Identity.worth(setting, world, &preferences, t, package, &[Fate::Deal]))
            .collect();
        let resumed = |violator: Option<usize>| -> Vec<Vec<f64>> {
            let by = |t: usize| {
                let month =
                    |m: usize| over_comers(question, wars, terms.features[0], violator, t, m);
                (0..MONTHS).map(month).collect()
            };
            (0..setting.types.len()).map(by).collect()
        };
        let resume = resumed(None);
        let breach = wars.answers.iter().enumerate().map(|(i, levers)| {
            if levers.is_empty() {
                Vec::new()
            } else {
                resumed(Some(i))
            }
        });
        let breach = breach.collect();
        let lapsed = wars.lapsed.clone();
        Self {
            question,
            terms,
            stays,
            peace,
            resume,
            breach,
            lapsed,
            led_on: wars.led_on.clone(),
        }
    }

    /// V(resume) of a type in a month after a breach by a party.
    pub(crate) fn broken(&self, by: usize, t: usize, m: usize) -> f64 {
        let answered = self.breach[by].get(t);
        answered.map_or(self.resume[t][m], |values| values[m])
    }

    /// What an attack at a month is worth to a type over keeping the deal.
    pub(crate) fn gain(&self, t: usize, m: usize) -> f64 {
        let by = self.question.setting.types[t].party;
        self.gain_in(t, m, self.broken(by, t, m))
    }

    /// What a type's best attack would be worth if nobody answered the breach; 0 where it is worth less.
    pub(crate) fn temptation_unanswered(&self, t: usize) -> f64 {
        let dates = (1..MONTHS).filter(|m| (*m as f64) < self.terms.lasts);
        let gains = dates.map(|m| self.gain_in(t, m, self.resume[t][m]));
        gains.fold(0.0, f64::max)
    }

    /// What an attack at a month is worth over keeping the deal if the war is worth this.
    fn gain_in(&self, t: usize, m: usize, war: f64) -> f64 {
        let me = &self.question.world.numbers.types[t];
        let over = war - me.renege_cost - self.peace[t];
        libm::pow(me.patience, m as f64) * over
    }

    /// The same; NaN once the deal has lapsed.
    pub(crate) fn gain_at(&self, t: usize, m: usize) -> f64 {
        if m as f64 >= self.terms.lasts {
            f64::NAN
        } else {
            self.gain(t, m)
        }
    }

    /// Every type's best attack.
    pub(crate) fn attacks(&self) -> Vec<Attack> {
        let setting = self.question.setting;
        let each = setting.types.iter().enumerate().map(|(t, kind)| {
            let mut found = Attack {
                month: f64::NAN,
                gain: f64::NAN,
                dates: [f64::NAN; 2],
            };
            let fights = setting.parties[kind.party].is_principal();
            let dates = (1..MONTHS).filter(|m| fights && (*m as f64) < self.terms.lasts);
            let gains: Vec<(usize, f64)> = dates.map(|m| (m, self.gain(t, m))).collect();
            for (m, gain) in &gains {
                if found.gain.is_nan() || *gain > found.gain {
                    (found.month, found.gain) = (*m as f64, *gain);
                }
            }
            for (m, gain) in gains {
                if gain >= found.gain - 2.0 * slack(self.question) {
                    let m = m as f64;
                    found.dates = [found.dates[0].min(m), m];
                }
            }
            found
        });
        each.collect()
    }

    /// D of every type if types attack at these months with these chances.
    pub(crate) fn worth(&self, t: usize, months: &[f64], chances: &[f64]) -> f64 {
        let me = &self.question.world.numbers.types[t];
        let still = |m: usize| self.still(Some(t), m, months, chances, None);
        let war = |m: usize| self.resume[t][m];
        let stays = |m: usize| self.stays[m];
        let answered = self.breach.iter().any(|by| !by.is_empty());
        let attack = |m: usize| {
            let own = months[t] == m as f64;
            let paid = if own {
                chances[t] * me.renege_cost
            } else {
                0.0
            };
            if still(m - 1) <= 0.0 {
                return (0.0, 0.0, 0.0);
            }
            let worth = if answered {
                self.first_strike(t, m, months, chances)
            } else {
                self.resume[t][m]
            };
            (1.0 - still(m) / still(m - 1), worth, paid)
        };
        backwards(
            me.patience,
            self.peace[t],
            (self.terms.lasts, self.lapsed.as_ref().map(|worth| worth[t])),
            stays,
            war,
            attack,
        )
    }

    /// What war is worth to a type if somebody attacks in a month: each who attacks does so at a time of that month that is as likely as
    /// any other, and the first breaks the deal. An integral over that time.
    fn first_strike(&self, t: usize, m: usize, months: &[f64], chances: &[f64]) -> f64 {
        /// Panels of Simpson's rule, which is exact here for four parties and less.
        const PANELS: usize = 8;
        let setting = self.question.setting;
        let now: Vec<f64> = (0..setting.parties.len())
            .map(|i| {
                let [before, by] =
                    [m - 1, m].map(|m| self.holds(Some(t), i, m, months, chances, None));
                if before > 0.0 { 1.0 - by / before } else { 0.0 }
            })
            .collect();
        let (mut weight, mut worth) = (0.0, 0.0);
        for (i, own) in now.iter().enumerate().filter(|(_, own)| **own > 0.0) {
            let first = |u: f64| -> f64 {
                let others = now.iter().enumerate().filter(|(k, _)| *k != i);
                own * others.map(|(_, other)| 1.0 - u * other).product::<f64>()
            };
            let width = 1.0 / PANELS as f64;
            let mut chance = 0.0;
            for k in 0..PANELS {
                let from = k as f64 * width;
                let middle = first(from + 0.5 * width);
                chance += width / 6.0 * (first(from) + 4.0 * middle + first(from + width));
            }
            weight += chance;
            worth += chance * self.broken(i, t, m);
        }
        if weight > 0.0 {
            worth / weight
        } else {
            self.resume[t][m]
        }
    }

    /// Chance that nobody has attacked by a month, as a type sees it, or the analyst.
    fn still(
        &self,
        t: Option<usize>,
        m: usize,
        months: &[f64],
        chances: &[f64],
        weights: Option<&[f64]>,
    ) -> f64 {
        let parties = 0..self.question.setting.parties.len();
        let holds = parties.map(|i| self.holds(t, i, m, months, chances, weights));
        holds.product()
    }

    /// The same of one party.
    fn holds(
        &self,
        t: Option<usize>,
        party: usize,
        m: usize,
        months: &[f64],
        chances: &[f64],
        weights: Option<&[f64]>,
    ) -> f64 {
        let Question { setting, world } = self.question;
        let types = setting.parties[party].types.clone();
        let mine = t.filter(|t| types.contains(t));
        let mut attacked = 0.0;
        for other in types.filter(|o| months[*o] <= m as f64) {
            let is = match (t, mine) {
                (_, Some(me)) => f64::from(u8::from(me == other)),
                (Some(t), None) => world.believed(t, other),
                (None, None) => weights.map_or(world.numbers.types[other].prior, |w| w[other]),
            };
            attacked += is * chances[other];
        }
        1.0 - attacked
    }

    /// Least and greatest D to every type, as far as the error of wars' worths leaves it open: a temptation within that error may be
    /// more or less of an attack. `None`: dates years apart tempt as much, so that D may be either.
    pub(crate) fn worths_between(&self) -> Option<Vec<[f64; 2]>> {
        let attacks = self.attacks();
        let behaviour = self.question.world.numbers.behaviour.first();
        let noise = behaviour.map_or(0.5, |b| b.noise);
        // Dates that are years apart are different answers.
        let split =
            |a: &Attack| a.gain > -2.0 * slack(self.question) && a.dates[1] - a.dates[0] > 24.0;
        if attacks.iter().any(split) {
            return None;
        }
        let chance = |gain: f64| {
            let gain = if gain.is_nan() { 0.0 } else { gain.max(0.0) };
            1.0 - libm::exp(-gain / noise)
        };
        let months: Vec<f64> = attacks.iter().map(|a| a.month).collect();
        let chances: Vec<f64> = attacks.iter().map(|a| chance(a.gain)).collect();
        let worths = |months: &[f64], chances: &[f64]| -> Vec<f64> {
            let types = 0..self.peace.len();
            types.map(|t| self.worth(t, months, chances)).collect()
        };
        let found = worths(&months, &chances);
        let mut ends: Vec<[f64; 2]> = found
            .iter()
            .map(|w| [w - slack(self.question), w + slack(self.question)])
            .collect();
        // Each attacker's date and chance by itself, what they do to everybody added up.
        for (a, attack) in attacks.iter().enumerate() {
            if attack.gain.is_nan() || attack.gain <= -slack(self.question) {
                continue;
            }
            let mut by = vec![[0.0_f64; 2]; found.len()];
            let [first, last] = attack.dates;
            let between = (0..=4).map(|k| (first + 0.25 * f64::from(k) * (last - first)).round());
            for month in between.chain([attack.month]) {
                for shift in [-slack(self.question), 0.0, slack(self.question)] {
                    let (mut months, mut chances) = (months.clone(), chances.clone());
                    (months[a], chances[a]) = (month, chance(attack.gain + shift));
                    for (t, worth) in worths(&months, &chances).into_iter().enumerate() {
                        let moved = worth - found[t];
                        by[t] = [by[t][0].min(moved), by[t][1].max(moved)];
                    }
                }
            }
            for (ends, by) in ends.iter_mut().zip(by) {
                *ends = [ends[0] + by[0], ends[1] + by[1]];
            }
        }
        Some(ends)
    }

    /// Chance that war has not resumed by a month, as the analyst sees it, or where parties are of their types with these chances.
    pub(crate) fn survival(
        &self,
        m: usize,
        months: &[f64],
        chances: &[f64],
        weights: Option<&[f64]>,
    ) -> f64 {
        let since = m as f64 - self.terms.lasts;
        if since >= 0.0 {
            let led = self.led_on.iter().find(|(of, _)| *of == whole(since));
            let led = led.map_or(0.0, |(_, chance)| *chance);
            return led * self.to_lapse(months, chances, weights);
        }
        let calm: f64 = self.stays[..m].iter().product();
        calm * self.still(None, m, months, chances, weights)
    }

    /// Does it lapse within the months followed?
    pub(crate) fn lapses(&self) -> bool {
        self.terms.lasts <= LAST_MONTH as f64
    }

    /// Chance that the deal stands when it lapses, if it does.
    pub(crate) fn to_lapse(&self, months: &[f64], chances: &[f64], weights: Option<&[f64]>) -> f64 {
        let until = whole(self.terms.lasts).min(LAST_MONTH);
        let calm: f64 = self.stays[..until].iter().product();
        // The part of the month in which it lapses.
        let left = self.terms.lasts - until as f64;
        let calm = calm * libm::pow(self.stays[until], left);
        calm * self.still(None, LAST_MONTH, months, chances, weights)
    }

    /// Least and greatest D to a type over dates that tempt attackers as much, be they years apart: sought one attacker at a time, with
    /// room for what lies between the dates that are tried.
    pub(crate) fn worth_bounds(&self, t: usize) -> [f64; 2] {
        /// Parts of the time between an attacker's first and last date.
        const PARTS: usize = 6;
        /// Rounds over all attackers.
        const ROUNDS: usize = 2;
        /// Room, as a part of what the tried dates span.
        const ROOM: f64 = 0.1;
        let behaviour = self.question.world.numbers.behaviour.first();
        let noise = behaviour.map_or(0.5, |b| b.noise);
        let attacks = self.attacks();
        let choices = |attack: &Attack| -> Vec<(f64, f64)> {
            let most = attack.gain + slack(self.question);
            if most.is_nan() || most <= 0.0 {
                return vec![(attack.month, 0.0)];
            }
            let [first, last] = attack.dates;
            let date = |part: usize| (first + (last - first) * part as f64 / PARTS as f64).round();
            let chances = [most, most - 2.0 * slack(self.question)]
                .map(|x| 1.0 - libm::exp(-x.max(0.0) / noise));
            let dates = (0..=PARTS).map(date);
            dates
                .flat_map(|date| chances.map(|chance| (date, chance)))
                .collect()
        };
        let choices: Vec<Vec<(f64, f64)>> = attacks.iter().map(choices).collect();
        let [low, high] = [-1.0, 1.0].map(|sign: f64| {
            let (mut months, mut chances): (Vec<f64>, Vec<f64>) =
                choices.iter().map(|c| c[0]).unzip();
            let mut best = sign * self.worth(t, &months, &chances);
            for _ in 0..ROUNDS {
                for (attacker, choices) in choices.iter().enumerate() {
                    let mut kept = (months[attacker], chances[attacker]);
                    for choice in choices {
                        (months[attacker], chances[attacker]) = *choice;
                        let worth = sign * self.worth(t, &months, &chances);
                        if worth > best {
                            (best, kept) = (worth, *choice);
                        }
                    }
                    (months[attacker], chances[attacker]) = kept;
                }
            }
            sign * best
        });
        let room = slack(self.question) + ROOM * (high - low);
        [low - room, high + room]
    }
}

/// V(resume) of a type in a month, over guarantors who come or not and over those who answer a breach or not, less what its own coming or
/// staying away costs it.
fn over_comers(
    question: Question,
    wars: &Wars,
    guarantee: f64,
    violator: Option<usize>,
    t: usize,
    m: usize,
) -> f64 {
    let Question { setting, world } = question;
    let mut may: Vec<(usize, f64)> = Vec::new();
    if guarantee > 0.0 {
        may.extend(wars.guarantors.iter().map(|l| (*l, guarantee)));
    }
    if let Some(violator) = violator {
        may.extend(wars.answers[violator].iter().map(|l| (*l, 1.0)));
    }
    let mut value = 0.0;
    for (lever, part) in &mut may {
        let credible = comes(question, wars, *lever, t, m);
        if setting.levers[*lever].by == setting.types[t].party {
            let n = &world.numbers.levers[*lever];
            value -= *part * (credible * n.cost + (1.0 - credible) * n.audience_cost);
        }
        *part *= credible;
    }
    value + over(wars, &may, &mut Vec::new(), t, m)
}

/// V(resume) over levers that come with these chances: one lever after the other, it comes or it does not.
fn over(wars: &Wars, may: &[(usize, f64)], pulled: &mut Vec<usize>, t: usize, m: usize) -> f64 {
    let Some(((lever, comes), rest)) = may.split_first() else {
        return wars.with(pulled)[t][m];
    };
    let stays = over(wars, rest, pulled, t, m);
    pulled.push(*lever);
    let there = over(wars, rest, pulled, t, m);
    pulled.pop();
    comes * there + (1.0 - comes) * stays
}

/// What pulling a lever alone adds to a wielder's V(resume) in a month.
pub(crate) fn pull(wars: &Wars, lever: usize, w: usize, m: usize) -> f64 {
    wars.with(&[lever])[w][m] - wars.with(&[])[w][m]
}

/// Chance that a lever comes to a war in a month, as type `t` sees it.
pub(crate) fn comes(question: Question, wars: &Wars, lever: usize, t: usize, m: usize) -> f64 {
    let Question { setting, world } = question;
    let n = &world.numbers.levers[lever];
    let noise = world.numbers.behaviour.first().map_or(0.5, |b| b.noise);
    let fixed = world.fixed("leverage", "credibility", &[lever]);
    let given = fixed.or((!n.credibility.is_nan()).then_some(n.credibility));
    let would = |w: usize| {
        let gain = pull(wars, lever, w, m) - n.cost + n.audience_cost;
        1.0 - 1.0 / (1.0 + libm::exp(gain / noise))
    };
    let by = setting.levers[lever].by;
    let types = setting.parties[by].types.clone();
    let mut successor: Option<(u32, usize)> = None;
    for (s, turnover) in setting.turnovers.iter().enumerate() {
        let due = turnover.party == by && turnover.month as usize <= m;
        if due && successor.is_none_or(|(month, _)| turnover.month >= month) {
            successor = Some((turnover.month, s));
        }
    }
    given.unwrap_or_else(|| match successor {
        Some((_, s)) => {
            let prior = &world.numbers.turnovers[s].prior;
            types.enumerate().map(|(i, w)| prior[i] * would(w)).sum()
        }
        None if types.contains(&t) => would(t),
        None => types.map(|w| world.believed(t, w) * would(w)).sum(),
    })
}
