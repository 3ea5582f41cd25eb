//! Named packages once more: wars at more edges, attacks chosen once more.

use detente_core::{DealValue, Fate, LeverProfile, Preferences, Question, Role, Trigger};

use super::super::changed;
use super::{BETWEEN, Known, MONTHS, Terms, backwards, offset, once, rate, sets, start, terms};
use crate::Identity;
use crate::no_deal::contest::verify::{self as contest, Belief};
use crate::no_deal::verify as no_deal;

/// Edges at which a war is integrated.
const EDGES: usize = 6;

/// A package's wars, as every type sees them, by month.
#[derive(Clone)]
pub(crate) struct Wars {
    /// By set of guarantors' levers, by type, by month.
    values: Vec<Vec<Vec<f64>>>,
    levers: Vec<usize>,
}

/// The wars that a package's end starts.
pub(crate) fn wars(question: Question, package: &[u8], known: &Known) -> Option<Wars> {
    let what = || format!("wars {package:?} {:?}", known.ends);
    once(question, what, || find_wars(question, package, known))
}

fn find_wars(question: Question, package: &[u8], known: &Known) -> Option<Wars> {
    let Question { setting, world } = question;
    let levers: Vec<usize> = (0..setting.levers.len())
        .filter(|l| {
            let (lever, n) = (&setting.levers[*l], &world.numbers.levers[*l]);
            lever.trigger == Trigger::Accept && n.on > 0.0 && !lever.sets.is_empty()
        })
        .take(2)
        .collect();
    if setting.contest.is_none() {
        let types = 0..setting.types.len();
        let values = types.map(|t| Some(vec![no_deal::value(question, t)?; MONTHS]));
        return Some(Wars {
            values: vec![values.collect::<Option<_>>()?],
            levers: Vec::new(),
        });
    }
    let guaranteed = terms(question, package, &[Fate::Deal]).features[0] > 0.0;
    let changed = changed(setting, world, &sets(question, package));
    let resumed = Question {
        setting,
        world: changed.as_ref().unwrap_or(world),
    };
    let offsets: Vec<f64> = (0..MONTHS).map(|m| offset(question, m as f64)).collect();
    let least = offsets.iter().copied().fold(f64::INFINITY, f64::min);
    let most = offsets.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let edges: Vec<f64> = if most - least < 1e-12 {
        vec![least]
    } else {
        let step = (most - least) / (EDGES - 1) as f64;
        (0..EDGES).map(|i| least + step * i as f64).collect()
    };
    let mut values = Vec::new();
    for set in 0..if guaranteed {
        1_usize << levers.len()
    } else {
        1
    } {
        let pulled = levers
            .iter()
            .enumerate()
            .filter(|(k, _)| set & (1 << k) != 0);
        let pulled = pulled.fold(LeverProfile::default(), |all, (_, l)| all.with(*l));
        let mut of_set = Vec::new();
        for (t, ends) in known.ends.iter().enumerate() {
            let mut at = Vec::new();
            for edge in &edges {
                let war = Belief {
                    edge: *edge,
                    pulled,
                    start: start(question, package),
                    ..Belief::default()
                };
                at.push(contest::parts_of(resumed, t, war)?.value(ends));
            }
            of_set.push(offsets.iter().map(|x| through(&edges, &at, *x)).collect());
        }
        values.push(of_set);
    }
    Some(Wars { values, levers })
}

/// The polynomial through points, by Neville's scheme.
fn through(edges: &[f64], at: &[f64], x: f64) -> f64 {
    let mut worth = at.to_vec();
    for width in 1..edges.len() {
        for i in 0..edges.len() - width {
            let (low, high) = (edges[i], edges[i + width]);
            worth[i] = ((x - high) * worth[i] + (low - x) * worth[i + 1]) / (low - high);
        }
    }
    worth[0]
}

/// What the belligerents make of a package.
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
    /// V(resume) by type, by month.
    resume: Vec<Vec<f64>>,
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
        let mut resume = Vec::new();
        for t in 0..setting.types.len() {
            let month = |m: usize| guaranteed(question, wars, terms.features[0], t, m);
            resume.push((0..MONTHS).map(month).collect());
        }
        Self {
            question,
            terms,
            stays,
            peace,
            resume,
        }
    }

    /// What an attack at a month is worth to a type over keeping the deal.
    pub(crate) fn gain(&self, t: usize, m: usize) -> f64 {
        let me = &self.question.world.numbers.types[t];
        let over = self.resume[t][m] - me.renege_cost - self.peace[t];
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
            let fights = setting.parties[kind.party]
                .roles
                .contains(&Role::Belligerent);
            let dates = (1..MONTHS).filter(|m| fights && (*m as f64) < self.terms.lasts);
            let gains: Vec<(usize, f64)> = dates.map(|m| (m, self.gain(t, m))).collect();
            for (m, gain) in &gains {
                if found.gain.is_nan() || *gain > found.gain {
                    (found.month, found.gain) = (*m as f64, *gain);
                }
            }
            for (m, gain) in gains {
                if gain >= found.gain - 2.0 * BETWEEN {
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
        let attack = |m: usize| {
            let own = months[t] == m as f64;
            let paid = if own {
                chances[t] * me.renege_cost
            } else {
                0.0
            };
            if still(m - 1) <= 0.0 {
                return (0.0, 0.0);
            }
            (1.0 - still(m) / still(m - 1), paid)
        };
        backwards(
            me.patience,
            self.peace[t],
            self.terms.lasts,
            stays,
            war,
            attack,
        )
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
        let Question { setting, world } = self.question;
        let mut still = 1.0;
        for party in &setting.parties {
            let mut attacked = 0.0;
            for other in party.types.clone().filter(|o| months[*o] <= m as f64) {
                let mine = t.filter(|t| party.types.contains(t));
                let is = match (t, mine) {
                    (_, Some(me)) => f64::from(u8::from(me == other)),
                    (Some(t), None) => world.believed(t, other),
                    (None, None) => weights.map_or(world.numbers.types[other].prior, |w| w[other]),
                };
                attacked += is * chances[other];
            }
            still *= 1.0 - attacked;
        }
        still
    }

    /// Least and greatest D to every type, as far as the error of wars' worths leaves it open: a temptation within that error may be
    /// more or less of an attack. `None`: dates years apart tempt as much, so that D may be either.
    pub(crate) fn worths_between(&self) -> Option<Vec<[f64; 2]>> {
        let attacks = self.attacks();
        let behaviour = self.question.world.numbers.behaviour.first();
        let noise = behaviour.map_or(0.5, |b| b.noise);
        // Dates that are years apart are different answers.
        let split = |a: &Attack| a.gain > -2.0 * BETWEEN && a.dates[1] - a.dates[0] > 24.0;
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
        let mut ends: Vec<[f64; 2]> = found.iter().map(|w| [w - BETWEEN, w + BETWEEN]).collect();
        // Each attacker's date and chance by itself, what they do to everybody added up.
        for (a, attack) in attacks.iter().enumerate() {
            if attack.gain.is_nan() || attack.gain <= -BETWEEN {
                continue;
            }
            let mut by = vec![[0.0_f64; 2]; found.len()];
            let [first, last] = attack.dates;
            let between = (0..=4).map(|k| (first + 0.25 * f64::from(k) * (last - first)).round());
            for month in between.chain([attack.month]) {
                for shift in [-BETWEEN, 0.0, BETWEEN] {
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
        if m as f64 >= self.terms.lasts {
            return 0.0;
        }
        let calm: f64 = self.stays[..m].iter().product();
        calm * self.still(None, m, months, chances, weights)
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
            let most = attack.gain + BETWEEN;
            if most.is_nan() || most <= 0.0 {
                return vec![(attack.month, 0.0)];
            }
            let [first, last] = attack.dates;
            let date = |part: usize| (first + (last - first) * part as f64 / PARTS as f64).round();
            let chances =
                [most, most - 2.0 * BETWEEN].map(|x| 1.0 - libm::exp(-x.max(0.0) / noise));
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
        let room = BETWEEN + ROOM * (high - low);
        [low - room, high + room]
    }
}

/// V(resume) of a type in a month, over guarantors who come or not, less what its own coming or staying away costs it.
fn guaranteed(question: Question, wars: &Wars, guarantee: f64, t: usize, m: usize) -> f64 {
    let Question { setting, world } = question;
    if guarantee == 0.0 || wars.values.len() == 1 {
        return wars.values[0][t][m];
    }
    let noise = world.numbers.behaviour.first().map_or(0.5, |b| b.noise);
    let credible: Vec<f64> = wars
        .levers
        .iter()
        .enumerate()
        .map(|(k, l)| {
            let n = &world.numbers.levers[*l];
            let fixed = world.fixed("leverage", "credibility", &[*l]);
            let given = fixed.or((!n.credibility.is_nan()).then_some(n.credibility));
            let would = |w: usize| {
                let more = wars.values[1 << k][w][m] - wars.values[0][w][m];
                1.0 - 1.0 / (1.0 + libm::exp((more - n.cost + n.audience_cost) / noise))
            };
            let by = setting.levers[*l].by;
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
        })
        .collect();
    let mut value = 0.0;
    for (set, values) in wars.values.iter().enumerate() {
        let mut chance = 1.0;
        for (k, credible) in credible.iter().enumerate() {
            let comes = guarantee * credible;
            chance *= if set & (1 << k) == 0 {
                1.0 - comes
            } else {
                comes
            };
        }
        value += chance * values[t][m];
    }
    for (l, credible) in wars.levers.iter().zip(&credible) {
        if setting.levers[*l].by == setting.types[t].party {
            let n = &world.numbers.levers[*l];
            value -= guarantee * (credible * n.cost + (1.0 - credible) * n.audience_cost);
        }
    }
    value
}
