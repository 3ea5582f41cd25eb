//! The zone where something may follow a deal: at least what named packages reach by their claimed margins; and where packages are few
//! and no war has edges, what all of them reach, each weighed by what may follow it.

use detente_core::catalogue::settlement::{
    MARGIN, OPENS_WITHOUT, SIZE, ZONE, ZONE_OF, ZONE_POSSIBLE, ZONE_WITHOUT_RED_LINES,
};
use detente_core::{Handle, INDIFFERENT, PartySet, Question, each_profile};

use super::listing::{self, Everybody};
use super::{Check, PROBABILITY_TOLERANCE};

/// What all packages reach, each weighed by what may follow it.
pub(super) struct Judged {
    /// By needed set, by profile of its members' types.
    sets: Vec<Vec<Profile>>,
}

/// What the packages of one needed set reach for one profile of types.
struct Profile {
    types: Vec<usize>,
    prior: f64,
    respected: Reach,
    dropped: Reach,
    /// By party: without its red lines alone.
    without: Vec<Reach>,
}

/// The least and the most that the greatest worst-off margin may be.
#[derive(Clone, Copy)]
struct Reach([f64; 2]);

impl Reach {
    const NOTHING: Self = Self([f64::NEG_INFINITY; 2]);

    fn meet(&mut self, worst: [f64; 2]) {
        for (most, own) in self.0.iter_mut().zip(worst) {
            *most = most.max(own);
        }
    }

    /// Does some package suit all: surely, and at most?
    fn open(self) -> [bool; 2] {
        self.0.map(|size| size >= -INDIFFERENT)
    }
}

impl Judged {
    /// Does some package of a set suit these types? `None` if that is too close to tell.
    pub(super) fn opens(&self, set: usize, types: &[usize]) -> Option<bool> {
        let found = self.sets[set].iter().find(|at| at.types == types)?;
        let [surely, perhaps] = found.respected.open();
        (surely == perhaps).then_some(surely)
    }

    fn of<'a>(
        &'a self,
        check: &'a Check,
        at: &'a Everybody,
    ) -> impl Iterator<Item = &'a Profile> + use<'a> {
        let needed = check.question.setting.needed_sets.iter();
        needed.zip(&self.sets).filter_map(|(set, profiles)| {
            let types: Option<Vec<usize>> = set.iter().map(|party| at.types[party]).collect();
            let types = types?;
            profiles.iter().find(|own| own.types == types)
        })
    }
}

/// Weighs every package; `None` where there are too many, or their worths are not worked out one by one.
pub(super) fn reached(check: &Check) -> Option<Judged> {
    let Question { setting, world } = check.question;
    let searched = !check.answer.get(ZONE, &[]).is_nan();
    if !searched {
        return None;
    }
    let all = check.deals.all()?;
    let parties = setting.parties.len();
    let sets = setting.needed_sets.iter().map(|needed| {
        let mut profiles = Vec::new();
        each_profile(setting, world, *needed, |types, prior| {
            profiles.push(Profile {
                types: types.to_vec(),
                prior,
                respected: Reach::NOTHING,
                dropped: Reach::NOTHING,
                without: vec![Reach::NOTHING; parties],
            });
        });
        profiles
    });
    let mut judged = Judged {
        sets: sets.collect(),
    };
    let mut meet = |package: &[u8], needed: PartySet, margins: &[[f64; 2]]| {
        let Some(set) = setting.needed_sets.iter().position(|set| *set == needed) else {
            return;
        };
        for at in &mut judged.sets[set] {
            let worst = [0, 1].map(|end| {
                let own = at.types.iter().map(|t| margins[*t][end]);
                own.fold(f64::INFINITY, f64::min)
            });
            let crossing: PartySet = at
                .types
                .iter()
                .filter(|t| check.crosses(**t, package))
                .map(|t| setting.types[*t].party)
                .collect();
            at.dropped.meet(worst);
            if crossing == PartySet::default() {
                at.respected.meet(worst);
            }
            for (party, without) in at.without.iter_mut().enumerate() {
                if crossing.is_within(PartySet::one(party)) {
                    without.meet(worst);
                }
            }
        }
    };
    let claimed = |p: usize| -> Vec<[f64; 2]> {
        let types = 0..setting.types.len();
        types
            .map(|t| [check.answer.get(MARGIN, &[t, p]); 2])
            .collect()
    };
    for weighed in all.iter() {
        let mut named = setting.packages.iter();
        let named = named.position(|p| p.choice == weighed.package);
        let margins = named.map_or_else(
            || {
                let asked = weighed.worths.iter().zip(&check.reservations);
                let margin = |([low, high], bar): (&[f64; 2], &f64)| {
                    [low - bar - check.error, high - bar + check.error]
                };
                asked.map(margin).collect()
            },
            claimed,
        );
        if let Some(needed) = weighed.needed {
            meet(&weighed.package, needed, &margins);
        }
    }
    // A named package may need other parties than its options say.
    for (p, package) in setting.packages.iter().enumerate() {
        meet(&package.choice, package.needed, &claimed(p));
    }
    Some(judged)
}

pub(super) fn check(check: &Check, judged: Option<&Judged>) -> Result<usize, String> {
    let checked = by_named(check)?;
    Ok(checked + judged.map_or(Ok(0), |judged| by_all(check, judged))?)
}

/// Against named packages, by their claimed margins.
fn by_named(check: &Check) -> Result<usize, String> {
    let Question { setting, world } = check.question;
    let margin = |t: usize, p: usize| check.answer.get(MARGIN, &[t, p]);
    let profiles = listing::empty(check.question).profiles;
    let share = |respected: &dyn Fn(usize) -> bool| -> f64 {
        let open = profiles
            .iter()
            .filter(|at| at.named_open(check.question, margin, respected));
        open.map(|at| at.prior).sum()
    };
    let at_least = |quantity: Handle, index: &[usize], least: f64| {
        let claimed = check.answer.get(quantity, index);
        if claimed >= least - PROBABILITY_TOLERANCE {
            return Ok(());
        }
        Err(format!(
            "{quantity} {index:?}: claimed {claimed}, named packages give {least}"
        ))
    };
    at_least(ZONE, &[], share(&|_| true))?;
    at_least(ZONE_WITHOUT_RED_LINES, &[], share(&|_| false))?;
    at_least(ZONE_WITHOUT_RED_LINES, &[], check.answer.get(ZONE, &[]))?;
    for (s, needed) in setting.needed_sets.iter().enumerate() {
        let (mut found, mut open, mut size, mut all) = (0.0, 0.0, 0.0, 0.0);
        each_profile(setting, world, *needed, |types, prior| {
            let named = setting.packages.iter().enumerate();
            let own = named.filter(|(_, package)| package.needed == *needed);
            let fits = own
                .filter(|(_, package)| types.iter().all(|t| !check.crosses(*t, &package.choice)));
            let worst = |p: usize| {
                types
                    .iter()
                    .map(|t| margin(*t, p))
                    .fold(f64::INFINITY, f64::min)
            };
            let best = fits
                .map(|(p, _)| worst(p))
                .fold(f64::NEG_INFINITY, f64::max);
            all += prior;
            if best.is_finite() {
                found += prior;
                size += prior * best;
            }
            open += if best >= -INDIFFERENT { prior } else { 0.0 };
        });
        at_least(ZONE_OF, &[s], open)?;
        if found >= all - PROBABILITY_TOLERANCE {
            at_least(SIZE, &[s], size / all)?;
        }
    }
    Ok(2 + 2 * setting.needed_sets.len())
}

/// Is a claim within bounds?
fn between(
    check: &Check,
    quantity: Handle,
    index: &[usize],
    [low, high]: [f64; 2],
) -> Result<(), String> {
    let claimed = check.answer.get(quantity, index);
    let slack = PROBABILITY_TOLERANCE;
    if claimed >= low - slack && claimed <= high + slack {
        return Ok(());
    }
    Err(format!(
        "{quantity} {index:?}: claimed {claimed}, all packages weighed give {low} to {high}"
    ))
}

/// Against every package, at the least and at the most that it may be worth.
fn by_all(check: &Check, judged: &Judged) -> Result<usize, String> {
    let setting = check.question.setting;
    let margin = |t: usize, p: usize| check.answer.get(MARGIN, &[t, p]);
    let profiles = listing::empty(check.question).profiles;
    let parties = setting.parties.len();
    let (mut open, mut loose) = ([0.0; 2], [0.0; 2]);
    let mut opens = vec![[0.0; 2]; parties];
    let add = |sums: &mut [f64; 2], which: [bool; 2], prior: f64| {
        for (sum, counts) in sums.iter_mut().zip(which) {
            *sum += if counts { prior } else { 0.0 };
        }
    };
    for at in &profiles {
        let some = |reach: &dyn Fn(&Profile) -> Reach, respected: &dyn Fn(usize) -> bool| {
            let named = at.named_open(check.question, margin, respected);
            judged.of(check, at).fold([named; 2], |all, own| {
                let [surely, perhaps] = reach(own).open();
                [all[0] || surely, all[1] || perhaps]
            })
        };
        let here = some(&|own| own.respected, &|_| true);
        add(&mut open, here, at.prior);
        let anyhow = some(&|own| own.dropped, &|_| false);
        add(&mut loose, anyhow, at.prior);
        for (party, sums) in opens.iter_mut().enumerate() {
            if setting.red_lines.iter().all(|line| line.party != party) {
                continue;
            }
            let without = some(&|own| own.without[party], &|other| other != party);
            add(
                sums,
                [without[0] && !here[1], without[1] && !here[0]],
                at.prior,
            );
        }
    }
    between(check, ZONE, &[], open)?;
    between(check, ZONE_WITHOUT_RED_LINES, &[], loose)?;
    if !check.answer.get(ZONE_POSSIBLE, &[]).is_nan() {
        between(check, ZONE_POSSIBLE, &[], open)?;
    }
    for (party, sums) in opens.into_iter().enumerate() {
        between(check, OPENS_WITHOUT, &[party], sums)?;
    }
    for (s, profiles) in judged.sets.iter().enumerate() {
        let (mut found, mut open, mut size) = (0.0, [0.0; 2], [0.0; 2]);
        for own in profiles {
            add(&mut open, own.respected.open(), own.prior);
            if own.respected.0[1].is_finite() {
                found += own.prior;
                for (sum, worst) in size.iter_mut().zip(own.respected.0) {
                    *sum += own.prior * worst;
                }
            }
        }
        between(check, ZONE_OF, &[s], open)?;
        if found > 0.0 {
            between(check, SIZE, &[s], size.map(|sum| sum / found))?;
        }
    }
    Ok(3 + parties + 2 * judged.sets.len())
}
