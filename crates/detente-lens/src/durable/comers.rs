//! Who comes, or does not, when a war resumes after a deal: guarantors, whoever it was that ended the deal (Walter 1997), and those whose
//! levers answer a breach by one party. Promises that are tested when the war resumes.

use detente_core::{LeverProfile, Refusals, Setting, Trigger, World};

use super::Case;
use super::dates::Dates;
use crate::refusal::{given, logistic};

/// Levers of guarantors that are told apart at most; later ones are left out.
const MOST: usize = 2;
/// Levers that answer one party's breach, at most; the checker refuses more.
const ANSWERS: usize = 2;

/// Levers that are pulled, or not, when a war resumes after a deal that is guaranteed.
pub(crate) fn guarantors(setting: &Setting, world: &World) -> Vec<usize> {
    let comes = |trigger, changes_war| trigger == Trigger::Accept && changes_war;
    on(setting, world, comes, MOST)
}

/// Levers that answer a party's breach of a deal; none of its own.
pub(crate) fn answers(setting: &Setting, world: &World, violator: usize) -> Vec<usize> {
    let mut levers = on(
        setting,
        world,
        |trigger, _| trigger == Trigger::Violate(violator),
        usize::MAX,
    );
    levers.retain(|lever| setting.levers[*lever].by != violator);
    levers.truncate(ANSWERS);
    levers
}

/// Levers that are there, by their trigger and by whether they set anything in a war; none where nothing goes on by the month
/// that they could change.
fn on(
    setting: &Setting,
    world: &World,
    wanted: impl Fn(Trigger, bool) -> bool,
    most: usize,
) -> Vec<usize> {
    let moves = setting.has_course();
    let levers = setting.levers.iter().zip(&world.numbers.levers).enumerate();
    levers
        .filter(|(_, (lever, n))| n.on > 0.0 && wanted(lever.trigger, !lever.sets.is_empty()))
        .map(|(l, _)| l)
        .take(if moves { most } else { 0 })
        .collect()
}

/// s.
pub(crate) fn noise(world: &World) -> f64 {
    world.numbers.behaviour.first().map_or(0.5, |b| b.noise)
}

/// The levers of a world that may be pulled after a deal.
#[derive(Debug, Default)]
pub(super) struct Comers {
    pub(super) guarantors: Vec<usize>,
    /// By party: what answers its breach.
    answers: Vec<Vec<usize>>,
    /// All of them, each once.
    all: Vec<usize>,
}

impl Comers {
    pub(super) fn start(&mut self, setting: &Setting, world: &World) {
        self.guarantors = guarantors(setting, world);
        let parties = 0..setting.parties.len();
        self.answers.clear();
        self.answers
            .extend(parties.map(|party| answers(setting, world, party)));
        self.all.clone_from(&self.guarantors);
        self.all.extend(self.answers.iter().flatten());
    }

    /// Is a breach by this party answered by anybody?
    pub(super) fn answer(&self, violator: usize) -> bool {
        !self.answers[violator].is_empty()
    }

    /// Is any breach?
    pub(super) fn any_answer(&self) -> bool {
        self.answers.iter().any(|levers| !levers.is_empty())
    }

    /// Levers that answer some breach.
    pub(super) fn all_answers(&self) -> Vec<usize> {
        self.answers.iter().flatten().copied().collect()
    }

    /// Sets of levers that a war after a deal is solved with: none first; whoever guarantees it, and whoever answers one breach, alone
    /// and together.
    pub(super) fn profiles(&self, guaranteed: bool, to: &mut Vec<LeverProfile>) {
        let guarantors = if guaranteed {
            &self.guarantors[..]
        } else {
            &[]
        };
        to.clear();
        subsets(guarantors, LeverProfile::default(), |set| to.push(set));
        let without = to.clone();
        for answers in &self.answers {
            subsets(answers, LeverProfile::default(), |answer| {
                if answer.0 != 0 {
                    to.extend(without.iter().map(|set| set.union(answer)));
                }
            });
        }
    }
}

/// Visits every set of some levers, added to others: the empty one first, then in the order of their bits.
fn subsets(levers: &[usize], with: LeverProfile, mut visit: impl FnMut(LeverProfile)) {
    for set in 0..1_usize << levers.len() {
        let pulled = levers.iter().enumerate().filter(|(k, _)| set >> k & 1 == 1);
        visit(pulled.fold(with, |all, (_, lever)| all.with(*lever)));
    }
}

/// A war that has been solved for every set of levers, and who comes to it.
#[derive(Clone, Debug, Default)]
pub(super) struct Seen {
    profiles: Vec<LeverProfile>,
    /// V(resume) by set of levers, by type, by date; how many dates there are.
    values: Vec<f64>,
    dates: usize,
    /// Levers that may come to this war, and the chance that each comes as each type sees it, by lever, by type, by date.
    levers: Vec<usize>,
    chances: Vec<f64>,
}

impl Seen {
    /// Weighs whether those who may come would come to a war that is worth this, by set of levers, by type, by date; takes these numbers and
    /// leaves its own.
    pub(super) fn lay(
        &mut self,
        (setting, world): (&Setting, &World),
        (comers, guaranteed): (&Comers, bool),
        (profiles, dates): (&[LeverProfile], &Dates),
        values: &mut Vec<f64>,
        pulls: &mut Vec<f64>,
    ) {
        let (types, count) = (setting.types.len(), dates.len());
        std::mem::swap(&mut self.values, values);
        self.profiles.clear();
        self.profiles.extend_from_slice(profiles);
        self.dates = count;
        let comes = |lever: &usize| guaranteed || !comers.guarantors.contains(lever);
        self.levers.clear();
        self.levers.extend(comers.all.iter().copied().filter(comes));
        let mut chances = std::mem::take(&mut self.chances);
        chances.clear();
        let noise = noise(world);
        pulls.clear();
        pulls.resize(types * count, f64::NAN);
        for lever in &self.levers {
            let n = &world.numbers.levers[*lever];
            if let Some(given) = given(world, *lever) {
                chances.resize(chances.len() + types * count, given);
                continue;
            }
            let alone = LeverProfile::default();
            let (with, without) = (self.with(alone.with(*lever)), self.with(alone));
            for t in setting.parties[setting.levers[*lever].by].types.clone() {
                let own = t * count..(t + 1) * count;
                let values = with[own.clone()].iter().zip(&without[own.clone()]);
                for (pulls, (with, without)) in pulls[own].iter_mut().zip(values) {
                    let gain = with - without;
                    *pulls = logistic((gain - n.cost + n.audience_cost) / noise);
                }
            }
            for t in 0..types {
                seen_by((setting, world), *lever, t, (pulls, dates), &mut chances);
            }
        }
        self.chances = chances;
    }

    /// V(resume) with a set of levers pulled, by type, by date.
    fn with(&self, set: LeverProfile) -> &[f64] {
        let place = self.profiles.iter().position(|known| *known == set);
        let size = self.values.len() / self.profiles.len();
        &self.values[place.expect("solved") * size..][..size]
    }

    /// V(resume) if nobody comes, by type, by date.
    pub(super) fn alone(&self) -> &[f64] {
        self.with(LeverProfile::default())
    }

    /// Greatest V(resume) of a type over all months and all who may come.
    pub(super) fn most(&self, t: usize) -> f64 {
        let sets = self
            .values
            .chunks_exact(self.values.len() / self.profiles.len());
        let dates = sets.flat_map(|set| &set[t * self.dates..][..self.dates]);
        dates.copied().fold(f64::NEG_INFINITY, f64::max)
    }

    /// What a lever adds to V(resume) of a type at the last date, pulled alone.
    fn gain(&self, lever: usize, t: usize) -> f64 {
        let (alone, last) = (LeverProfile::default(), (t + 1) * self.dates - 1);
        self.with(alone.with(lever))[last] - self.with(alone)[last]
    }

    /// The chance that a lever comes, as a type sees it, by date.
    fn chance(&self, lever: usize, types: usize, t: usize) -> Option<&[f64]> {
        let k = self.levers.iter().position(|known| *known == lever)?;
        Some(&self.chances[(k * types + t) * self.dates..][..self.dates])
    }

    /// V(resume) at a guarantee after a deal that one party broke, or nobody, over those who come and those who do not.
    pub(super) fn resume(
        &self,
        setting: &Setting,
        world: &World,
        comers: &Comers,
        guarantee: f64,
        violator: Option<usize>,
        (worths, to): (&mut Vec<f64>, &mut Vec<f64>),
    ) {
        let types = setting.types.len();
        let coming = comers.guarantors.iter().filter(|_| guarantee > 0.0);
        let coming = coming.map(|lever| (*lever, guarantee));
        let answers = violator.map_or(&[][..], |party| &comers.answers[party]);
        let coming = coming.chain(answers.iter().map(|lever| (*lever, 1.0)));
        let coming: Vec<(usize, f64)> = coming
            .filter(|(lever, _)| self.levers.contains(lever))
            .collect();
        to.clear();
        if coming.is_empty() {
            to.extend_from_slice(self.alone());
            return;
        }
        let pulled = |set: usize| {
            let pulled = coming.iter().enumerate().filter(|(k, _)| set >> k & 1 == 1);
            pulled.fold(LeverProfile::default(), |all, (_, (l, _))| all.with(*l))
        };
        let sets: Vec<&[f64]> = (0..1 << coming.len())
            .map(|set| self.with(pulled(set)))
            .collect();
        let count = self.dates;
        worths.clear();
        worths.resize(sets.len() * count, 0.0);
        to.reserve_exact(types * count);
        for t in 0..types {
            for (worth, values) in worths.chunks_exact_mut(count).zip(&sets) {
                worth.copy_from_slice(&values[t * count..][..count]);
            }
            // One lever after the other, the last first: it comes or it does not.
            for (k, (lever, part)) in coming.iter().enumerate().rev() {
                let chance = self.chance(*lever, types, t).expect("a lever of this war");
                let (without, with) = worths.split_at_mut(count << k);
                let pairs = without.chunks_exact_mut(count);
                for (without, with) in pairs.zip(with.chunks_exact_mut(count)) {
                    for ((without, with), chance) in without.iter_mut().zip(with).zip(chance) {
                        *without += part * chance * (*with - *without);
                    }
                }
            }
            to.extend_from_slice(&worths[..count]);
        }
        for (lever, part) in &coming {
            let n = &world.numbers.levers[*lever];
            for t in setting.parties[setting.levers[*lever].by].types.clone() {
                let chance = self.chance(*lever, types, t).expect("a lever of this war");
                let resume = &mut to[t * count..][..count];
                for (resume, comes) in resume.iter_mut().zip(chance) {
                    *resume -= part * (comes * n.cost + (1.0 - comes) * n.audience_cost);
                }
            }
        }
    }

    /// What levers that set something in this war are worth to their wielders, and how likely they seem, once forces are rebuilt.
    pub(super) fn promise(&self, case: Case, levers: &[usize], refusals: &mut Refusals) {
        let Case { setting, world, .. } = case;
        let types = setting.types.len();
        for lever in levers {
            let promises = setting.levers[*lever].trigger == Trigger::Accept;
            if promises && setting.levers[*lever].pays() {
                // What it pays once a deal is agreed is weighed with what else is promised.
                continue;
            }
            for t in setting.parties[setting.levers[*lever].by].types.clone() {
                let gain = self.gain(*lever, t);
                *refusals.incentive_mut(*lever, t) = gain - world.numbers.levers[*lever].cost;
            }
            for t in 0..types {
                let chance = self
                    .chance(*lever, types, t)
                    .map_or(f64::NAN, |by| by[self.dates - 1]);
                *refusals.chance_mut(*lever, t) = chance;
            }
        }
    }
}

/// Adds the chances that a lever comes, by date, as type `t` sees them, where each type of its wielder would pull it with those in `pulls`
/// (by type, by date): after a succession, over the successor's types.
fn seen_by(
    (setting, world): (&Setting, &World),
    lever: usize,
    t: usize,
    (pulls, dates): (&[f64], &Dates),
    to: &mut Vec<f64>,
) {
    let wielder = setting.levers[lever].by;
    let types = setting.parties[wielder].types.clone();
    let successions = setting.turnovers.iter().zip(&world.numbers.turnovers);
    let successions = successions.filter(|(s, _)| s.party == wielder);
    let (months, count) = (dates.months(), dates.len());
    let mut from = 0;
    while from < count {
        let month = months[from];
        let later = successions.clone().map(|(s, _)| s.month as usize);
        let next = later.filter(|m| *m > month).min();
        let end = next.map_or(count, |next| months.partition_point(|m| *m < next));
        let due = successions
            .clone()
            .filter(|(s, _)| s.month as usize <= month);
        let weights: Vec<(usize, f64)> = match due.max_by_key(|(s, _)| s.month) {
            Some((_, numbers)) => types.clone().zip(numbers.prior.iter().copied()).collect(),
            None if types.contains(&t) => vec![(t, 1.0)],
            None => types.clone().map(|w| (w, world.believed(t, w))).collect(),
        };
        let chance = |date: usize| {
            let each = weights
                .iter()
                .map(|(w, weight)| weight * pulls[w * count + date]);
            each.sum::<f64>()
        };
        to.extend((from..end).map(chance));
        from = end;
    }
}
