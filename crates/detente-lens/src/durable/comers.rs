//! Who comes, or does not, when a war resumes after a deal: guarantors, whoever it was that ended the deal (Walter 1997), and those whose
//! levers answer a breach by one party. Promises that are tested when the war resumes.

use detente_core::{LeverProfile, Refusals, Setting, Trigger, World};

use super::Case;
use super::life::MONTHS;
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
    /// V(resume) by set of levers, by type, by month.
    values: Vec<f64>,
    /// Levers that may come to this war, and the chance that each comes as each type sees it, by lever, by type, by month.
    levers: Vec<usize>,
    chances: Vec<f64>,
}

impl Seen {
    /// Weighs whether those who may come would come to a war that is worth this, by set of levers, by type, by month.
    pub(super) fn new(
        setting: &Setting,
        world: &World,
        comers: &Comers,
        guaranteed: bool,
        profiles: &[LeverProfile],
        values: &[f64],
    ) -> Self {
        let types = setting.types.len();
        let levers = comers.all.iter().copied();
        let comes = |lever: &usize| guaranteed || !comers.guarantors.contains(lever);
        let mut seen = Self {
            profiles: profiles.to_vec(),
            values: values.to_vec(),
            levers: levers.filter(comes).collect(),
            chances: Vec::new(),
        };
        let noise = noise(world);
        let mut pulls = vec![f64::NAN; types * MONTHS];
        for lever in seen.levers.clone() {
            let n = &world.numbers.levers[lever];
            if let Some(given) = given(world, lever) {
                let chances = seen.chances.len() + types * MONTHS;
                seen.chances.resize(chances, given);
                continue;
            }
            for t in setting.parties[setting.levers[lever].by].types.clone() {
                let alone = LeverProfile::default();
                let own = t * MONTHS..(t + 1) * MONTHS;
                let (with, without) = (seen.with(alone.with(lever)), seen.with(alone));
                let values = with[own.clone()].iter().zip(&without[own.clone()]);
                for (pulls, (with, without)) in pulls[own].iter_mut().zip(values) {
                    let gain = with - without;
                    *pulls = logistic((gain - n.cost + n.audience_cost) / noise);
                }
            }
            for t in 0..types {
                seen_by(setting, world, lever, t, &pulls, &mut seen.chances);
            }
        }
        seen
    }

    /// V(resume) with a set of levers pulled, by type, by month.
    fn with(&self, set: LeverProfile) -> &[f64] {
        let place = self.profiles.iter().position(|known| *known == set);
        let size = self.values.len() / self.profiles.len();
        &self.values[place.expect("solved") * size..][..size]
    }

    /// V(resume) if nobody comes, by type, by month.
    pub(super) fn alone(&self) -> &[f64] {
        self.with(LeverProfile::default())
    }

    /// Greatest V(resume) of a type over all months and all who may come.
    pub(super) fn most(&self, t: usize) -> f64 {
        let sets = self
            .values
            .chunks_exact(self.values.len() / self.profiles.len());
        let months = sets.flat_map(|set| &set[t * MONTHS..][..MONTHS]);
        months.copied().fold(f64::NEG_INFINITY, f64::max)
    }

    /// What a lever adds to V(resume) of a type in a month, pulled alone.
    fn gain(&self, lever: usize, t: usize, m: usize) -> f64 {
        let alone = LeverProfile::default();
        self.with(alone.with(lever))[t * MONTHS + m] - self.with(alone)[t * MONTHS + m]
    }

    /// The chance that a lever comes, as a type sees it, by month.
    fn chance(&self, lever: usize, types: usize, t: usize) -> Option<&[f64]> {
        let k = self.levers.iter().position(|known| *known == lever)?;
        Some(&self.chances[(k * types + t) * MONTHS..][..MONTHS])
    }

    /// V(resume) at a guarantee after a deal that one party broke, or nobody, over those who come and those who do not.
    pub(super) fn resume(
        &self,
        setting: &Setting,
        world: &World,
        comers: &Comers,
        guarantee: f64,
        violator: Option<usize>,
        to: &mut Vec<f64>,
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
        let mut worths: Vec<[f64; MONTHS]> = vec![[0.0; MONTHS]; sets.len()];
        for t in 0..types {
            for (worth, values) in worths.iter_mut().zip(&sets) {
                worth.copy_from_slice(&values[t * MONTHS..][..MONTHS]);
            }
            // One lever after the other, the last first: it comes or it does not.
            for (k, (lever, part)) in coming.iter().enumerate().rev() {
                let chance = self.chance(*lever, types, t).expect("a lever of this war");
                let (without, with) = worths.split_at_mut(1 << k);
                for (without, with) in without.iter_mut().zip(with) {
                    for ((without, with), chance) in without.iter_mut().zip(with).zip(chance) {
                        *without += part * chance * (*with - *without);
                    }
                }
            }
            to.extend_from_slice(&worths[0]);
        }
        for (lever, part) in &coming {
            let n = &world.numbers.levers[*lever];
            for t in setting.parties[setting.levers[*lever].by].types.clone() {
                let chance = self.chance(*lever, types, t).expect("a lever of this war");
                let resume = &mut to[t * MONTHS..][..MONTHS];
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
                let gain = self.gain(*lever, t, MONTHS - 1);
                *refusals.incentive_mut(*lever, t) = gain - world.numbers.levers[*lever].cost;
            }
            for t in 0..types {
                let chance = self
                    .chance(*lever, types, t)
                    .map_or(f64::NAN, |by| by[MONTHS - 1]);
                *refusals.chance_mut(*lever, t) = chance;
            }
        }
    }
}

/// Adds the chances that a lever comes, by month, as type `t` sees them, where each type of its wielder would pull it with those in `pulls`
/// (by type, by month): after a succession, over the successor's types.
fn seen_by(
    setting: &Setting,
    world: &World,
    lever: usize,
    t: usize,
    pulls: &[f64],
    to: &mut Vec<f64>,
) {
    let wielder = setting.levers[lever].by;
    let types = setting.parties[wielder].types.clone();
    let successions = setting.turnovers.iter().zip(&world.numbers.turnovers);
    let successions = successions.filter(|(s, _)| s.party == wielder);
    let mut from = 0;
    while from < MONTHS {
        let months = successions.clone().map(|(s, _)| s.month as usize);
        let end = months.filter(|m| *m > from).fold(MONTHS, usize::min);
        let due = successions
            .clone()
            .filter(|(s, _)| s.month as usize <= from);
        let weights: Vec<(usize, f64)> = match due.max_by_key(|(s, _)| s.month) {
            Some((_, numbers)) => types.clone().zip(numbers.prior.iter().copied()).collect(),
            None if types.contains(&t) => vec![(t, 1.0)],
            None => types.clone().map(|w| (w, world.believed(t, w))).collect(),
        };
        let chance = |m: usize| {
            let each = weights
                .iter()
                .map(|(w, weight)| weight * pulls[w * MONTHS + m]);
            each.sum::<f64>()
        };
        to.extend((from..end).map(chance));
        from = end;
    }
}
