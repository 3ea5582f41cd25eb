//! Certificate: everything again from the case and the world, by listing packages. No-deal values come from numerical
//! integration, packages from enumeration (all of them up to a limit, random ones above it), blame from its definition.

use detente_core::{PartySet, Preferences, Question, RowView, Verdict};
use detente_math::uniform;

use super::{
    ACCEPTS, AGREED, BLOCKS, BLOCKS_BY_RED_LINE, CROSSED, MARGIN, NASH_MARGIN, NASH_OPTION, SIZE,
    ZONE, ZONE_OF, ZONE_WITHOUT_RED_LINES, profiles,
};
use crate::conformance::within;
use crate::no_deal::contest::verify as contest;

/// Packages listed in full up to here; above, this many are drawn.
const LISTED: u128 = 100_000;
/// Probabilities are sums of products of priors.
const PROBABILITY_TOLERANCE: f64 = 1e-9;

pub(super) fn verify(question: Question, answer: RowView) -> Verdict {
    let Question { setting, world } = question;
    let Some(reservations) = (0..setting.types.len())
        .map(|t| contest::value(question, t))
        .collect::<Option<Vec<_>>>()
    else {
        return Verdict::Silent;
    };
    let mut preferences = Preferences::default();
    preferences.compute(setting, world);
    let check = Check {
        question,
        answer,
        preferences,
        reservations,
    };
    let result = check.named_packages().and_then(|n| Ok(n + check.zone()?));
    match result {
        Ok(checked) => Verdict::Holds(checked),
        Err(fault) => Verdict::Fails(fault),
    }
}

struct Check<'a> {
    question: Question<'a>,
    answer: RowView<'a>,
    preferences: Preferences,
    reservations: Vec<f64>,
}

impl Check<'_> {
    fn margin(&self, t: usize, package: &[u8]) -> f64 {
        let Question { setting, world } = self.question;
        self.preferences.worth(setting, t, package)
            - Preferences::penalty(setting, world, t, package)
            - self.reservations[t]
    }

    fn crosses(&self, t: usize, package: &[u8]) -> bool {
        Preferences::crossed(self.question.setting, self.question.world, t, package).is_some()
    }

    /// Margins, and everything that follows from the claimed margins.
    fn named_packages(&self) -> Result<usize, String> {
        let Question { setting, world } = self.question;
        for (p, package) in setting.packages.iter().enumerate() {
            let accepts = |t: usize| {
                self.answer.get(MARGIN, &[t, p]) >= 0.0 && self.answer.get(CROSSED, &[t, p]) == 0.0
            };
            for t in 0..setting.types.len() {
                let (claimed, found) = (
                    self.answer.get(MARGIN, &[t, p]),
                    self.margin(t, &package.choice),
                );
                same(claimed, found, contest::TOLERANCE, || {
                    format!("margin of type {t} at {}", package.id)
                })?;
                let crossed = f64::from(u8::from(self.crosses(t, &package.choice)));
                same(self.answer.get(CROSSED, &[t, p]), crossed, 0.0, || {
                    format!("red lines of type {t} at {}", package.id)
                })?;
            }
            let mut shares = Vec::new();
            for (i, party) in setting.parties.iter().enumerate() {
                let share: f64 = party
                    .types
                    .clone()
                    .map(|t| {
                        if accepts(t) {
                            world.numbers.types[t].prior
                        } else {
                            0.0
                        }
                    })
                    .sum();
                let what = || format!("acceptance of {} by {}", package.id, party.id);
                same(
                    self.answer.get(ACCEPTS, &[i, p]),
                    share,
                    PROBABILITY_TOLERANCE,
                    what,
                )?;
                shares.push(share);
            }
            let agreed: f64 = package.needed.iter().map(|i| shares[i]).product();
            same(
                self.answer.get(AGREED, &[p]),
                agreed,
                PROBABILITY_TOLERANCE,
                || format!("agreement on {}", package.id),
            )?;
            self.blame(p, package.needed, agreed)?;
        }
        Ok(setting.packages.len() * (2 * setting.types.len() + 3 * setting.parties.len() + 1))
    }

    fn blame(&self, p: usize, needed: PartySet, agreed: f64) -> Result<(), String> {
        let Question { setting, world } = self.question;
        let mut blamed = vec![[0.0; 2]; setting.parties.len()];
        profiles::for_each(setting, world, needed, |types, prior| {
            // (party, does a red line forbid it, shortfall) of those who refuse
            let refusing: Vec<(usize, bool, f64)> = needed
                .iter()
                .zip(types)
                .map(|(i, t)| {
                    (
                        i,
                        self.answer.get(CROSSED, &[*t, p]) > 0.0,
                        -self.answer.get(MARGIN, &[*t, p]),
                    )
                })
                .filter(|(_, crossed, shortfall)| *crossed || *shortfall > 0.0)
                .collect();
            let barred = refusing.iter().any(|(_, crossed, _)| *crossed);
            let candidates: Vec<_> = refusing
                .into_iter()
                .filter(|(_, crossed, _)| *crossed == barred)
                .collect();
            let worst = candidates
                .iter()
                .map(|(_, _, s)| *s)
                .fold(f64::NEG_INFINITY, f64::max);
            let first: Vec<usize> = candidates
                .iter()
                .filter(|(_, _, s)| *s == worst)
                .map(|(i, _, _)| *i)
                .collect();
            for party in &first {
                blamed[*party][0] += prior / first.len() as f64;
                blamed[*party][1] += if barred {
                    prior / first.len() as f64
                } else {
                    0.0
                };
            }
        });
        let mut sum = 0.0;
        for (i, [all, by_line]) in blamed.into_iter().enumerate() {
            let what = || format!("blame of party {i} for package {p}");
            same(
                self.answer.get(BLOCKS, &[i, p]),
                all,
                PROBABILITY_TOLERANCE,
                what,
            )?;
            same(
                self.answer.get(BLOCKS_BY_RED_LINE, &[i, p]),
                by_line,
                PROBABILITY_TOLERANCE,
                what,
            )?;
            sum += all;
        }
        same(sum, 1.0 - agreed, PROBABILITY_TOLERANCE, || {
            format!("blame for package {p}, summed")
        })
    }

    /// Zone probabilities and sizes against the packages listed. When not all are listed, each claim must be at least what
    /// the listed ones reach.
    fn zone(&self) -> Result<usize, String> {
        let Question { setting, world } = self.question;
        if self.answer.get(ZONE, &[]).is_nan() {
            return Ok(0);
        }
        let cloud = self.cloud();
        let whole = setting.combination_count() <= LISTED;
        let all = setting
            .needed_sets
            .iter()
            .fold(PartySet::default(), |all, set| all.union(*set));
        let (mut open, mut open_without) = (0.0, 0.0);
        // Prior of the profiles in which a size lies within the integration error of zero, on either side.
        let mut undecided = 0.0;
        let mut sets = vec![[0.0; 3]; setting.needed_sets.len()];
        profiles::for_each(setting, world, all, |types, prior| {
            let type_of = |party: usize| {
                all.iter()
                    .zip(types)
                    .find(|(i, _)| *i == party)
                    .map_or(0, |(_, t)| *t)
            };
            let (mut here, mut here_without, mut near) = (false, false, false);
            for (set, sums) in setting.needed_sets.iter().zip(&mut sets) {
                let (mut size, mut loose) = (f64::NEG_INFINITY, f64::NEG_INFINITY);
                for entry in cloud.iter().filter(|entry| entry.needed == *set) {
                    let worst = set
                        .iter()
                        .map(|i| entry.margins[type_of(i)])
                        .fold(f64::INFINITY, f64::min);
                    loose = loose.max(worst);
                    if set.iter().all(|i| entry.crossed >> type_of(i) & 1 == 0) {
                        size = size.max(worst);
                    }
                }
                near |= size.abs() <= contest::TOLERANCE || loose.abs() <= contest::TOLERANCE;
                here |= size >= 0.0;
                here_without |= loose >= 0.0;
                if size > f64::NEG_INFINITY {
                    sums[0] += prior;
                    sums[1] += prior * size;
                }
                sums[2] += if size >= 0.0 { prior } else { 0.0 };
            }
            undecided += if near { prior } else { 0.0 };
            open += if here { prior } else { 0.0 };
            open_without += if here_without { prior } else { 0.0 };
        });
        let tolerance = PROBABILITY_TOLERANCE + undecided;
        let reach = |claimed: f64, found: f64, what: &str| {
            let right = if whole {
                within(claimed, found, tolerance)
            } else {
                claimed >= found - tolerance
            };
            if right {
                Ok(())
            } else {
                Err(format!(
                    "{what}: claimed {claimed}, listed packages give {found}"
                ))
            }
        };
        reach(self.answer.get(ZONE, &[]), open, "zone")?;
        reach(
            self.answer.get(ZONE_WITHOUT_RED_LINES, &[]),
            open_without,
            "zone without red lines",
        )?;
        for (s, [found, size, zone]) in sets.into_iter().enumerate() {
            reach(self.answer.get(ZONE_OF, &[s]), zone, "zone of a needed set")?;
            if found > 0.0 && whole {
                same(
                    self.answer.get(SIZE, &[s]),
                    size / found,
                    contest::TOLERANCE,
                    || format!("size of needed set {s}"),
                )?;
            }
            if whole && undecided == 0.0 {
                self.nash(s, &cloud, all)?;
            }
        }
        Ok(2 + 3 * setting.needed_sets.len())
    }

    /// The claimed Nash margins and choices against the best product in the list.
    fn nash(&self, s: usize, cloud: &[Entry], all: PartySet) -> Result<(), String> {
        let Question { setting, world } = self.question;
        let set = setting.needed_sets[s];
        let (mut total, mut margins) = (0.0, vec![0.0; setting.parties.len()]);
        let mut options = vec![0.0; setting.option_count()];
        let mut tied = false;
        profiles::for_each(setting, world, all, |types, prior| {
            let type_of = |party: usize| {
                all.iter()
                    .zip(types)
                    .find(|(i, _)| *i == party)
                    .map_or(0, |(_, t)| *t)
            };
            let product =
                |entry: &Entry| -> f64 { set.iter().map(|i| entry.margins[type_of(i)]).product() };
            let fits = |entry: &&Entry| {
                entry.needed == set
                    && set.iter().all(|i| {
                        entry.crossed >> type_of(i) & 1 == 0 && entry.margins[type_of(i)] > 0.0
                    })
            };
            let mut ranked: Vec<(f64, &Entry)> = cloud
                .iter()
                .filter(fits)
                .map(|entry| (product(entry), entry))
                .collect();
            ranked.sort_by(|a, b| b.0.total_cmp(&a.0));
            if let Some((best, entry)) = ranked.first() {
                // Products this near may change places with the integration error of N.
                tied |= ranked
                    .get(1)
                    .is_some_and(|(next, _)| *next > best * (1.0 - 1e-3));
                total += prior;
                set.iter()
                    .for_each(|i| margins[i] += prior * entry.margins[type_of(i)]);
                for (issue, o) in setting.issues.iter().zip(&entry.package) {
                    options[issue.first_option + *o as usize] += prior;
                }
            }
        });
        if total == 0.0 || tied {
            return Ok(());
        }
        for i in set.iter() {
            same(
                self.answer.get(NASH_MARGIN, &[s, i]),
                margins[i] / total,
                contest::TOLERANCE,
                || format!("Nash margin of {i}"),
            )?;
        }
        for (o, share) in options.iter().enumerate() {
            same(
                self.answer.get(NASH_OPTION, &[s, o]),
                share / total,
                PROBABILITY_TOLERANCE,
                || format!("Nash option {o}"),
            )?;
        }
        Ok(())
    }

    fn cloud(&self) -> Vec<Entry> {
        let setting = self.question.setting;
        let sizes: Vec<u64> = setting
            .issues
            .iter()
            .map(|issue| issue.options.len() as u64)
            .collect();
        let count = setting.combination_count();
        let numbers = 0..u64::try_from(count.min(LISTED)).expect("at most the limit");
        let whole = count <= LISTED;
        numbers
            .filter_map(|number| {
                let mut left = number;
                let package: Vec<u8> = sizes
                    .iter()
                    .enumerate()
                    .map(|(k, size)| {
                        if whole {
                            let option = left % size;
                            left /= size;
                            return u8::try_from(option).expect("at most 64 options");
                        }
                        #[expect(
                            clippy::cast_possible_truncation,
                            clippy::cast_sign_loss,
                            reason = "below 64"
                        )]
                        let option = (uniform(0x5eed, k as u64, number) * *size as f64) as u8;
                        option
                    })
                    .collect();
                setting.allows(&package).then(|| self.entry(package))
            })
            .collect()
    }

    fn entry(&self, package: Vec<u8>) -> Entry {
        let setting = self.question.setting;
        let types = 0..setting.types.len();
        Entry {
            needed: setting.signatories().union(setting.performers(&package)),
            margins: types.clone().map(|t| self.margin(t, &package)).collect(),
            crossed: types
                .filter(|t| self.crosses(*t, &package))
                .fold(0, |set, t| set | 1 << t),
            package,
        }
    }
}

/// One listed package.
struct Entry {
    package: Vec<u8>,
    needed: PartySet,
    /// By type.
    margins: Vec<f64>,
    /// Types whose hard red lines it crosses, one bit each.
    crossed: u128,
}

fn same(claimed: f64, found: f64, tolerance: f64, what: impl Fn() -> String) -> Result<(), String> {
    if within(claimed, found, tolerance) {
        Ok(())
    } else {
        Err(format!("{}: claimed {claimed}, found {found}", what()))
    }
}
