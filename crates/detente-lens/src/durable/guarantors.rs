//! Guarantors who come, or do not, when a war resumes after a deal (Walter 1997): a promise that is tested at the attack.

use detente_core::{Refusals, Setting, Trigger, World};

use super::Case;
use super::life::MONTHS;
use crate::refusal::{given, logistic, over_types};

/// Levers of guarantors that are told apart at most; later ones are left out.
const MOST: usize = 2;

/// Levers that are pulled, or not, when a war resumes after a deal.
pub(crate) fn guarantors(setting: &Setting, world: &World) -> Vec<usize> {
    let levers = setting.levers.iter().zip(&world.numbers.levers).enumerate();
    levers
        .filter(|(_, (lever, n))| {
            lever.trigger == Trigger::Accept && n.on > 0.0 && !lever.sets.is_empty()
        })
        .map(|(l, _)| l)
        .take(if setting.contest.is_some() { MOST } else { 0 })
        .collect()
}

/// s.
pub(crate) fn noise(world: &World) -> f64 {
    world.numbers.behaviour.first().map_or(0.5, |b| b.noise)
}

/// What guarantors make of the war solved last.
#[derive(Debug, Default)]
pub(super) struct Guarantors {
    pub(super) levers: Vec<usize>,
    /// Chance that each lever is pulled by a wielder of the type, by lever, by type, by month.
    comes: Vec<f64>,
    /// The same as each type sees it.
    seen: Vec<f64>,
    /// V(resume) over the levers as the type sees their chances, less what its own cost it, by type, by month.
    pub(super) resume: Vec<f64>,
}

impl Guarantors {
    pub(super) fn start(&mut self, setting: &Setting, world: &World) {
        self.levers = guarantors(setting, world);
    }

    /// Weighs whether they would come to a war that is worth this: by set of levers, by type, by month.
    pub(super) fn watch(&mut self, setting: &Setting, world: &World, values: &[f64]) {
        let types = setting.types.len();
        let noise = noise(world);
        for list in [&mut self.comes, &mut self.seen] {
            list.clear();
            list.resize(self.levers.len() * types * MONTHS, f64::NAN);
        }
        for (k, lever) in self.levers.iter().enumerate() {
            let n = &world.numbers.levers[*lever];
            if let Some(given) = given(world, *lever) {
                self.seen[k * types * MONTHS..][..types * MONTHS].fill(given);
                continue;
            }
            for t in setting.parties[setting.levers[*lever].by].types.clone() {
                let out = &values[t * MONTHS..][..MONTHS];
                let fights = &values[((1 << k) * types + t) * MONTHS..][..MONTHS];
                let comes = &mut self.comes[(k * types + t) * MONTHS..][..MONTHS];
                for ((comes, out), fights) in comes.iter_mut().zip(out).zip(fights) {
                    *comes = logistic((fights - out - n.cost + n.audience_cost) / noise);
                }
            }
            let comes = &self.comes[k * types * MONTHS..][..types * MONTHS];
            for t in 0..types {
                let seen = &mut self.seen[(k * types + t) * MONTHS..][..MONTHS];
                for (m, seen) in seen.iter_mut().enumerate() {
                    *seen = seen_by(setting, world, *lever, t, m, |w| comes[w * MONTHS + m]);
                }
            }
        }
    }

    /// V(resume) at a guarantee, over those who come and those who do not.
    pub(super) fn weigh(&mut self, setting: &Setting, world: &World, values: &[f64], g: f64) {
        let types = setting.types.len();
        self.resume.clear();
        self.resume.resize(types * MONTHS, 0.0);
        for set in 0..1_usize << self.levers.len() {
            let values = &values[set * types * MONTHS..][..types * MONTHS];
            for (i, (resume, value)) in self.resume.iter_mut().zip(values).enumerate() {
                let mut chance = 1.0;
                for k in 0..self.levers.len() {
                    let comes = g * self.seen[k * types * MONTHS + i];
                    chance *= if set >> k & 1 == 1 {
                        comes
                    } else {
                        1.0 - comes
                    };
                }
                *resume += chance * value;
            }
        }
        for (k, lever) in self.levers.iter().enumerate() {
            let n = &world.numbers.levers[*lever];
            for t in setting.parties[setting.levers[*lever].by].types.clone() {
                let seen = &self.seen[(k * types + t) * MONTHS..][..MONTHS];
                let resume = &mut self.resume[t * MONTHS..][..MONTHS];
                for (resume, seen) in resume.iter_mut().zip(seen) {
                    *resume -= g * (seen * n.cost + (1.0 - seen) * n.audience_cost);
                }
            }
        }
    }

    /// What guarantors' levers are worth to their wielders, and how likely they seem, once forces are rebuilt.
    pub(super) fn promise(&self, case: Case, values: &[f64], refusals: &mut Refusals) {
        let Case { setting, world, .. } = case;
        let types = setting.types.len();
        let last = |k: usize, t: usize| (k * types + t) * MONTHS + MONTHS - 1;
        let only_wars = |lever: usize| setting.levers[lever].flow_to.is_empty();
        let levers = self.levers.iter().enumerate();
        for (k, lever) in levers.filter(|(_, lever)| only_wars(**lever)) {
            let cost = world.numbers.levers[*lever].cost;
            for t in setting.parties[setting.levers[*lever].by].types.clone() {
                let gain = values[last(1 << k, t)] - values[last(0, t)];
                *refusals.incentive_mut(*lever, t) = gain - cost;
            }
            for t in 0..types {
                *refusals.chance_mut(*lever, t) = self.seen[last(k, t)];
            }
        }
    }
}

/// A chance that depends on the type of a lever's wielder in month `m`, as type `t` sees it: after a succession, over the successor's
/// types.
fn seen_by(
    setting: &Setting,
    world: &World,
    lever: usize,
    t: usize,
    m: usize,
    chance: impl Fn(usize) -> f64,
) -> f64 {
    let wielder = setting.levers[lever].by;
    let successions = setting.turnovers.iter().zip(&world.numbers.turnovers);
    let due = successions.filter(|(s, _)| s.party == wielder && s.month as usize <= m);
    let Some((_, numbers)) = due.max_by_key(|(s, _)| s.month) else {
        return over_types(setting, world, lever, t, chance);
    };
    let types = setting.parties[wielder].types.clone();
    types.zip(&numbers.prior).map(|(w, p)| p * chance(w)).sum()
}
