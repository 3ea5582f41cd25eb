//! The law of breakdown: a background hazard, attacks at their dates, and what a deal is worth under both.

use detente_core::takes;
use detente_core::{DurabilityNumbers, Fate, FeatureKind, Role, Setting, World};
pub(crate) use detente_core::{LAST_MONTH as LAST, sets_of_package as sets};

/// Some states of a process.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Places(u32);

impl Places {
    fn and(self, state: usize) -> Self {
        Self(self.0 | 1 << state)
    }

    pub(crate) fn iter(self) -> impl Iterator<Item = usize> {
        (0..u32::BITS as usize).filter(move |state| self.0 >> state & 1 == 1)
    }
}

/// What a package is, as far as its life is concerned.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Terms {
    /// g, v and z, in [0, 1].
    pub(crate) guarantee: f64,
    pub(crate) verification: f64,
    pub(crate) separation: f64,
    /// Months after which it lapses; infinite if it does not.
    pub(crate) lasts: f64,
    /// The states of a process that follow once it has lapsed, each as likely as the others; none: as after a breakdown.
    pub(crate) then: Places,
    /// Is it dictated?
    pub(crate) imposed: bool,
    /// Was it mediated?
    pub(crate) mediated: bool,
}

impl Terms {
    /// Those of a package that came about in some way. Parts of options that do not depend on one another combine as
    /// 1 − Π(1 − part); the shortest life counts, and of several that are the shortest those that say what then follows.
    pub(crate) fn of(setting: &Setting, world: &World, package: &[u8], how: &[Fate]) -> Self {
        let mut none = [1.0; 3];
        let (mut lasts, mut then) = (f64::INFINITY, Places::default());
        for (feature, numbers) in setting.features.iter().zip(&world.numbers.features) {
            if !takes(setting, package, feature.option) {
                continue;
            }
            match feature.kind {
                FeatureKind::Guarantee => none[0] *= 1.0 - numbers.size,
                FeatureKind::Verification => none[1] *= 1.0 - numbers.size,
                FeatureKind::Separation => none[2] *= 1.0 - numbers.size,
                FeatureKind::Lasts if numbers.size <= lasts => {
                    if numbers.size < lasts {
                        (lasts, then) = (numbers.size, Places::default());
                    }
                    if let Some(state) = setting.option(feature.option).then {
                        then = then.and(state);
                    }
                }
                FeatureKind::Lasts | FeatureKind::Crack(_) | FeatureKind::Sets(_) => {}
            }
        }
        let mut options = setting.issues.iter().zip(package);
        let dictates = options.any(|(issue, o)| issue.options[*o as usize].imposed);
        Self {
            guarantee: 1.0 - none[0],
            verification: 1.0 - none[1],
            separation: 1.0 - none[2],
            lasts,
            then,
            imposed: dictates || how.contains(&Fate::Imposed),
            mediated: how.contains(&Fate::Deal) && has_mediator(setting),
        }
    }

    /// A package of the kind that rates were counted on, agreed.
    pub(crate) fn ordinary(setting: &Setting, n: &DurabilityNumbers<f64>) -> Self {
        Self {
            guarantee: n.mean_guarantee,
            verification: n.mean_verification,
            separation: n.mean_separation,
            lasts: f64::INFINITY,
            then: Places::default(),
            imposed: false,
            mediated: has_mediator(setting),
        }
    }

    /// Terms under which no agreed package breaks down more slowly: of every issue the option that guarantees, watches or keeps apart most,
    /// for ever and agreed.
    pub(crate) fn longest(setting: &Setting, world: &World) -> Self {
        let mut none = [1.0; 3];
        for issue in &setting.issues {
            let mut most = [0.0_f64; 3];
            for (feature, n) in setting.features.iter().zip(&world.numbers.features) {
                let own = issue.first_option..issue.first_option + issue.options.len();
                let place = match feature.kind {
                    FeatureKind::Guarantee => 0,
                    FeatureKind::Verification => 1,
                    FeatureKind::Separation => 2,
                    FeatureKind::Lasts | FeatureKind::Crack(_) | FeatureKind::Sets(_) => continue,
                };
                if own.contains(&feature.option) {
                    most[place] = most[place].max(n.size);
                }
            }
            for (none, most) in none.iter_mut().zip(most) {
                *none *= 1.0 - most;
            }
        }
        Self {
            guarantee: 1.0 - none[0],
            verification: 1.0 - none[1],
            separation: 1.0 - none[2],
            lasts: f64::INFINITY,
            then: Places::default(),
            imposed: false,
            mediated: has_mediator(setting),
        }
    }

    /// What the terms add to the log of the rate of breakdown in month `m`. Where a contest says what a war is worth, a guarantee
    /// acts through that and not here.
    pub(crate) fn adds(&self, setting: &Setting, n: &DurabilityNumbers<f64>, m: usize) -> f64 {
        self.adds_for_good(setting, n) + self.kind().adds(n, m)
    }

    /// The same, but for what changes by the month.
    fn adds_for_good(&self, setting: &Setting, n: &DurabilityNumbers<f64>) -> f64 {
        let mut adds = n.verification * (self.verification - n.mean_verification)
            + n.separation * (self.separation - n.mean_separation);
        if setting.contest.is_none() {
            adds += n.guarantee * (self.guarantee - n.mean_guarantee);
        }
        adds
    }

    /// What changes by the month.
    pub(crate) fn kind(&self) -> Kind {
        Kind {
            imposed: self.imposed,
            mediated: self.mediated,
        }
    }

    /// Chances that the background lets each month pass, 0 to [`LAST`]. `factors`: by month, what their kind multiplies the rate by.
    pub(crate) fn stays(
        &self,
        setting: &Setting,
        n: &DurabilityNumbers<f64>,
        factors: &[f64],
        to: &mut Vec<f64>,
    ) {
        let rate = n.background * libm::exp(self.adds_for_good(setting, n));
        to.clear();
        if self.kind() == Kind::default() {
            to.resize(LAST + 1, libm::exp(-rate));
            return;
        }
        to.extend(factors.iter().map(|factor| libm::exp(-rate * factor)));
    }
}

/// How a deal came about, as far as that fades.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Kind {
    imposed: bool,
    mediated: bool,
}

impl Kind {
    /// What it adds to the log of the rate of breakdown in month `m`.
    fn adds(self, n: &DurabilityNumbers<f64>, m: usize) -> f64 {
        if self == Self::default() {
            return 0.0;
        }
        let fading = if n.fades > 0.0 {
            libm::exp(-(m as f64) / n.fades)
        } else {
            0.0
        };
        let mut adds = 0.0;
        if self.imposed {
            adds += n.imposed * (1.0 - fading);
        }
        if self.mediated {
            adds -= n.mediated * fading;
        }
        adds
    }

    /// By month, what it multiplies the rate by.
    pub(crate) fn factors(self, n: &DurabilityNumbers<f64>) -> Vec<f64> {
        (0..=LAST).map(|m| libm::exp(self.adds(n, m))).collect()
    }
}

fn has_mediator(setting: &Setting) -> bool {
    let mut parties = setting.parties.iter();
    parties.any(|party| party.roles.contains(&Role::Mediator))
}

/// The position of the line under a package; `None`: it leaves the line where it is today, or the case has no line.
pub(crate) fn position(setting: &Setting, world: &World, package: &[u8]) -> Option<f64> {
    let contest = setting.contest.as_ref()?;
    let option = package[contest.line_issue] as usize;
    let position = world.numbers.positions.get(option).copied()?;
    (!position.is_nan()).then_some(position)
}

/// `ln F_A − ln F_B` after `months` of peace, against today's full rates: each side refills towards where its forces end up.
pub(crate) fn rebuilt(n: &DurabilityNumbers<f64>, months: f64) -> f64 {
    let effort = |side: usize| {
        let (force, months_to) = (n.force[side], n.rebuild[side]);
        let left = if months_to > 0.0 {
            libm::exp(-months / months_to)
        } else {
            0.0
        };
        libm::log(1.0 + (force - 1.0) * (1.0 - left))
    };
    effort(0) - effort(1)
}
