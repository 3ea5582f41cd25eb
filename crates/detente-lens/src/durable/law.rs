//! The law of breakdown: a background hazard, attacks at their dates, and what a deal is worth under both.

use detente_core::{DurabilityNumbers, Fate, FeatureKind, Role, Setting, Target, World};

/// Months followed one by one; all later ones are like the last.
pub(crate) const LAST: usize = 240;

/// What a package is, as far as its life is concerned.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Terms {
    /// g, v and z, in [0, 1].
    pub(crate) guarantee: f64,
    pub(crate) verification: f64,
    pub(crate) separation: f64,
    /// Months after which it lapses; infinite if it does not.
    pub(crate) lasts: f64,
    /// Is it dictated?
    pub(crate) imposed: bool,
    /// Was it mediated?
    pub(crate) mediated: bool,
}

impl Terms {
    /// Those of a package that came about in some way. Parts of options that do not depend on one another combine as
    /// 1 − Π(1 − part); the shortest life counts.
    pub(crate) fn of(setting: &Setting, world: &World, package: &[u8], how: &[Fate]) -> Self {
        let mut none = [1.0; 3];
        let mut lasts = f64::INFINITY;
        for (feature, numbers) in setting.features.iter().zip(&world.numbers.features) {
            if !takes(setting, package, feature.option) {
                continue;
            }
            match feature.kind {
                FeatureKind::Guarantee => none[0] *= 1.0 - numbers.size,
                FeatureKind::Verification => none[1] *= 1.0 - numbers.size,
                FeatureKind::Separation => none[2] *= 1.0 - numbers.size,
                FeatureKind::Lasts => lasts = lasts.min(numbers.size),
                FeatureKind::Crack(_) | FeatureKind::Sets(_) => {}
            }
        }
        let mut options = setting.issues.iter().zip(package);
        let dictates = options.any(|(issue, o)| issue.options[*o as usize].imposed);
        Self {
            guarantee: 1.0 - none[0],
            verification: 1.0 - none[1],
            separation: 1.0 - none[2],
            lasts,
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
            imposed: false,
            mediated: has_mediator(setting),
        }
    }

    /// What the terms add to the log of the rate of breakdown in month `m`. Where a contest says what a war is worth, a guarantee
    /// acts through that and not here.
    pub(crate) fn adds(&self, setting: &Setting, n: &DurabilityNumbers<f64>, m: usize) -> f64 {
        let fading = if n.fades > 0.0 {
            libm::exp(-(m as f64) / n.fades)
        } else {
            0.0
        };
        let mut adds = n.verification * (self.verification - n.mean_verification)
            + n.separation * (self.separation - n.mean_separation);
        if setting.contest.is_none() {
            adds += n.guarantee * (self.guarantee - n.mean_guarantee);
        }
        if self.imposed {
            adds += n.imposed * (1.0 - fading);
        }
        if self.mediated {
            adds -= n.mediated * fading;
        }
        adds
    }

    /// Rates a month by month, 0 to [`LAST`].
    pub(crate) fn rates(&self, setting: &Setting, n: &DurabilityNumbers<f64>, to: &mut Vec<f64>) {
        to.clear();
        to.extend((0..=LAST).map(|m| n.background * libm::exp(self.adds(setting, n, m))));
    }
}

fn has_mediator(setting: &Setting) -> bool {
    let mut parties = setting.parties.iter();
    parties.any(|party| party.roles.contains(&Role::Mediator))
}

/// Does the package take this option, given in the flat list of all?
fn takes(setting: &Setting, package: &[u8], option: usize) -> bool {
    let mut taken = setting.issues.iter().zip(package);
    taken.any(|(issue, o)| issue.first_option + *o as usize == option)
}

/// Numbers that the package's options set, should fighting resume.
pub(crate) fn sets(setting: &Setting, world: &World, package: &[u8]) -> Vec<(Target, f64)> {
    let features = setting.features.iter().zip(&world.numbers.features);
    let taken = features.filter(|(feature, _)| takes(setting, package, feature.option));
    taken
        .filter_map(|(feature, numbers)| match feature.kind {
            FeatureKind::Sets(target) => Some((target, numbers.size)),
            _ => None,
        })
        .collect()
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

/// What a deal is worth to somebody: what each month of peace brings, until the first of breakdown, attack and lapse, and what
/// war at that date is worth from then on.
pub(crate) struct Life<'a> {
    /// δ.
    pub(crate) patience: f64,
    /// UL, in points.
    pub(crate) peace: f64,
    /// Rates of breakdown by month.
    pub(crate) rates: &'a [f64],
    /// Months after which it lapses.
    pub(crate) lasts: f64,
}

impl Life<'_> {
    /// D, in points. `war(m)`: V(resume at m); `attacked(m)`: chance of an attack at month m, if there was none before; `paid(m)`:
    /// what attacking costs at month m, weighed by the chance of an own attack then.
    pub(crate) fn worth(
        &self,
        war: impl Fn(usize) -> f64,
        attacked: impl Fn(usize) -> f64,
        paid: impl Fn(usize) -> f64,
    ) -> f64 {
        let (mut worth, mut alive, mut discount) = (0.0, 1.0, 1.0);
        for m in 0..=LAST {
            if m > 0 {
                let attack = attacked(m);
                worth += discount * alive * (attack * war(m) - paid(m));
                alive *= 1.0 - attack;
            }
            let left = self.lasts - m as f64;
            if left <= 0.0 {
                return worth + discount * alive * war(m);
            }
            if left < 1.0 {
                // Whether it breaks in its last days or lapses after them, war follows at the same date.
                let end = discount * libm::pow(self.patience, left);
                let next = war((m + 1).min(LAST));
                let then = war(m) + left * (next - war(m));
                return worth + alive * ((discount - end) * self.peace + end * then);
            }
            let stays = libm::exp(-self.rates[m]);
            let month = (1.0 - self.patience) * self.peace
                + self.patience * (1.0 - stays) * war((m + 1).min(LAST));
            if m == LAST {
                return worth + discount * alive * month / (1.0 - self.patience * stays);
            }
            worth += discount * alive * month;
            alive *= stays;
            discount *= self.patience;
        }
        worth
    }

    /// What one point of peace, and one point of war whenever it comes, are worth where nobody attacks.
    pub(crate) fn shares(&self) -> [f64; 2] {
        [1.0, 0.0].map(|peace| {
            let life = Life { peace, ..*self };
            life.worth(|_| 1.0 - peace, |_| 0.0, |_| 0.0)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{LAST, Life};

    #[test]
    fn a_constant_rate_has_a_closed_form() {
        for (patience, rate, peace, war) in [
            (0.985, 0.002, 60.0, 20.0),
            (0.9, 0.03, 10.0, 55.0),
            (0.999, 0.0, 70.0, 1.0),
        ] {
            let rates = vec![rate; LAST + 1];
            let life = Life {
                patience,
                peace,
                rates: &rates,
                lasts: f64::INFINITY,
            };
            let found = life.worth(|_| war, |_| 0.0, |_| 0.0);
            let stays: f64 = libm::exp(-rate);
            let whole = 1.0 - patience * stays;
            let exact = ((1.0 - patience) * peace + patience * (1.0 - stays) * war) / whole;
            assert!((found - exact).abs() < 1e-9, "{found} {exact}");
            let [alpha, beta] = life.shares();
            assert!((alpha * peace + beta * war - found).abs() < 1e-9);
        }
    }

    #[test]
    fn a_deal_that_lapses_is_worth_its_months_and_the_war_after_them() {
        let rates = vec![0.0; LAST + 1];
        for lasts in [0.5, 1.0, 2.25, 30.0] {
            let life = Life {
                patience: 0.97,
                peace: 50.0,
                rates: &rates,
                lasts,
            };
            let found = life.worth(|_| 20.0, |_| 0.0, |_| 0.0);
            let end = libm::pow(0.97, lasts);
            assert!((found - ((1.0 - end) * 50.0 + end * 20.0)).abs() < 1e-9);
        }
    }

    #[test]
    fn an_attack_comes_at_its_date_and_costs_the_attacker() {
        let rates = vec![0.0; LAST + 1];
        let life = Life {
            patience: 0.98,
            peace: 50.0,
            rates: &rates,
            lasts: f64::INFINITY,
        };
        let at = |x: f64| move |m: usize| if m == 24 { x } else { 0.0 };
        let found = life.worth(|_| 70.0, at(0.4), at(0.4 * 3.0));
        let date = libm::pow(0.98, 24.0);
        let exact = (1.0 - date) * 50.0 + date * (0.4 * (70.0 - 3.0) + 0.6 * 50.0);
        assert!((found - exact).abs() < 1e-9, "{found} {exact}");
    }
}
