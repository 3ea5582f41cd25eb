//! What a deal is worth given what may follow it, month by month from the definition of the model alone.
//!
//! Nothing is interpolated: every war that may resume is valued by itself, and every combination of types and attackers is
//! listed. Choices that the definition leaves open stand in [`Law`].

mod wars;

use crate::slow_war::Slow;
use detente_core::{DurabilityNumbers, Fate, FeatureKind, Role, Target};
use std::cell::RefCell;
use std::collections::BTreeMap;

/// Months after a deal that are followed one by one.
pub(crate) const MONTHS: usize = 240;
/// How a package comes about that is agreed.
const DEAL: [Fate; 1] = [Fate::Deal];

/// How what the definition leaves open is read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Law {
    /// When in a month its background rate is taken: 0 at its start, 1 at its end.
    pub(crate) when: f64,
    /// Do belligerents attack?
    pub(crate) attacks: bool,
    /// Do guarantees of packages count?
    pub(crate) guarantees: bool,
}

/// Features of a package.
#[derive(Clone, Debug)]
pub(crate) struct Features {
    pub(crate) guarantee: f64,
    pub(crate) verification: f64,
    pub(crate) separation: f64,
    pub(crate) lasts: Option<f64>,
    pub(crate) sets: Vec<(Target, f64)>,
    pub(crate) imposed: bool,
}

/// When a type attacks at best, and how much it is tempted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Attack {
    pub(crate) month: usize,
    /// What the attack is worth over keeping the deal.
    pub(crate) gain: f64,
    pub(crate) temptation: f64,
    pub(crate) chance: f64,
}

/// What endings are worth to a type: an armistice at each knot, and the two dictates.
type Endings = (Vec<f64>, [f64; 2]);

/// A war: whose, after which package, what is added to the edge, levers pulled.
type Asked = (usize, Vec<u8>, u64, Vec<usize>);

/// What deals are worth in a case and a world.
pub(crate) struct Peace<'a, 'b> {
    pub(crate) slow: &'b Slow<'a>,
    pub(crate) law: Law,
    numbers: &'a DurabilityNumbers<f64>,
    /// What no deal is worth to a type where no contest says.
    outright: Option<Vec<f64>>,
    /// Levers of guarantors that are pulled in the war that is valued.
    pulled: RefCell<Vec<usize>>,
    /// Worth of endings inside a resumed war, by type: at the knots of an armistice, and of the two dictates.
    endings: RefCell<BTreeMap<usize, Endings>>,
    /// Wars that have been valued.
    known: RefCell<BTreeMap<Asked, f64>>,
    /// Attacks that have been chosen.
    chosen: RefCell<BTreeMap<(usize, Vec<u8>), Attack>>,
}

impl<'a, 'b> Peace<'a, 'b> {
    pub(crate) fn new(slow: &'b Slow<'a>, law: Law, outright: Option<Vec<f64>>) -> Self {
        Self {
            slow,
            law,
            numbers: &slow.world.numbers.durability[0],
            outright,
            endings: RefCell::default(),
            pulled: RefCell::default(),
            known: RefCell::default(),
            chosen: RefCell::default(),
        }
    }

    pub(crate) fn features(&self, package: &[u8], how: &[Fate]) -> Features {
        let (setting, world) = (self.slow.setting, self.slow.world);
        let mut found = Features {
            guarantee: 0.0,
            verification: 0.0,
            separation: 0.0,
            lasts: None,
            sets: Vec::new(),
            imposed: how.contains(&Fate::Imposed),
        };
        let more = |whole: &mut f64, part: f64| *whole = 1.0 - (1.0 - *whole) * (1.0 - part);
        for (issue, o) in setting.issues.iter().zip(package) {
            found.imposed |= issue.options[*o as usize].imposed;
            for (feature, numbers) in setting.features.iter().zip(&world.numbers.features) {
                if feature.option != issue.first_option + *o as usize {
                    continue;
                }
                match feature.kind {
                    FeatureKind::Guarantee => more(&mut found.guarantee, numbers.size),
                    FeatureKind::Verification => more(&mut found.verification, numbers.size),
                    FeatureKind::Separation => more(&mut found.separation, numbers.size),
                    FeatureKind::Lasts => {
                        found.lasts =
                            Some(found.lasts.map_or(numbers.size, |l| l.min(numbers.size)));
                    }
                    FeatureKind::Sets(target) => found.sets.push((target, numbers.size)),
                    FeatureKind::Crack(_) => {}
                }
            }
        }
        if !self.law.guarantees {
            found.guarantee = 0.0;
        }
        found
    }

    /// Background rate a month, so many months after the deal.
    pub(crate) fn rate(&self, features: &Features, agreed: bool, t: f64) -> f64 {
        let n = self.numbers;
        let guarantee = if self.slow.setting.contest.is_some() {
            0.0
        } else {
            n.guarantee
        };
        let mediated =
            agreed && (self.slow.setting.parties.iter()).any(|p| p.roles.contains(&Role::Mediator));
        let fading = libm::exp(-t / n.fades);
        let mut log = libm::log(n.background)
            + guarantee * (features.guarantee - n.mean_guarantee)
            + n.verification * (features.verification - n.mean_verification)
            + n.separation * (features.separation - n.mean_separation);
        if features.imposed {
            log += n.imposed * (1.0 - fading);
        }
        if mediated {
            log -= n.mediated * fading;
        }
        libm::exp(log)
    }

    /// When a type would attack, had it agreed to a package.
    pub(crate) fn attack(&self, t: usize, package: &[u8]) -> Attack {
        let asked = (t, package.to_vec());
        let known = self.chosen.borrow().get(&asked).copied();
        known.unwrap_or_else(|| {
            let chosen = self.choose(t, package);
            self.chosen.borrow_mut().insert(asked, chosen);
            chosen
        })
    }

    fn choose(&self, t: usize, package: &[u8]) -> Attack {
        let features = self.features(package, &DEAL);
        let numbers = &self.slow.world.numbers.types[t];
        let paper = self.slow.worth(t, package, &DEAL, &[]);
        let mut best = Attack {
            month: 0,
            gain: f64::NEG_INFINITY,
            temptation: 0.0,
            chance: 0.0,
        };
        for month in 1..=MONTHS {
            if features.lasts.is_some_and(|lasts| month as f64 >= lasts) {
                break;
            }
            let war = self.guarded(t, package, &features, month as f64);
            let gain =
                libm::pow(numbers.patience, month as f64) * (war - numbers.renege_cost - paper);
            if gain > best.gain {
                best.month = month;
                best.gain = gain;
                best.temptation = gain.max(0.0);
            }
        }
        let noise = self
            .slow
            .world
            .numbers
            .behaviour
            .first()
            .map_or(0.5, |b| b.noise);
        best.chance = 1.0 - libm::exp(-best.temptation / noise);
        best
    }

    /// D: what a package is worth to a type, given what may follow it.
    pub(crate) fn deal(&self, t: usize, package: &[u8]) -> f64 {
        let (setting, world) = (self.slow.setting, self.slow.world);
        let features = self.features(package, &DEAL);
        let patience = world.numbers.types[t].patience;
        let paper = self.slow.worth(t, package, &DEAL, &[]);
        let own = setting.types[t].party;
        let wars: Vec<f64> = (0..=MONTHS)
            .map(|m| self.guarded(t, package, &features, m as f64))
            .collect();
        // Every combination of the belligerents' types, as the type sees them.
        let mut combinations: Vec<(f64, Vec<(usize, Attack)>)> = vec![(1.0, Vec::new())];
        for (p, party) in setting.parties.iter().enumerate() {
            if !self.law.attacks || !party.roles.contains(&Role::Belligerent) {
                continue;
            }
            let types: Vec<(f64, Attack)> = if p == own {
                vec![(1.0, self.attack(t, package))]
            } else {
                let types = party.types.clone();
                types
                    .map(|o| (world.believed(t, o), self.attack(o, package)))
                    .collect()
            };
            let mut next = Vec::new();
            for (chance, attacks) in &combinations {
                for (of_type, attack) in &types {
                    let mut attacks = attacks.clone();
                    attacks.push((p, *attack));
                    next.push((chance * of_type, attacks));
                }
            }
            combinations = next;
        }
        let renege = world.numbers.types[t].renege_cost;
        let mut worth = 0.0;
        for (chance, attacks) in combinations {
            // Chance that peace still holds.
            let mut holds = 1.0;
            let mut sum = 0.0;
            for m in 0..MONTHS {
                let discount = libm::pow(patience, m as f64);
                // Attacks come at the start of their month; of several on one day the war is one, and each who attacks pays.
                let of_month: Vec<&(usize, Attack)> = attacks
                    .iter()
                    .filter(|(_, a)| a.month == m && a.temptation > 0.0)
                    .collect();
                let mut spared = 1.0;
                for (p, attack) in of_month {
                    spared *= 1.0 - attack.chance;
                    if *p == own {
                        sum -= holds * discount * attack.chance * renege;
                    }
                }
                sum += holds * (1.0 - spared) * discount * wars[m];
                holds *= spared;
                if let Some(lasts) = features.lasts
                    && lasts < (m + 1) as f64
                {
                    // It ends within the month, and war follows then, come what may.
                    let end = libm::pow(patience, lasts);
                    let war = self.guarded(t, package, &features, lasts);
                    sum += holds * ((discount - end) * paper + end * war);
                    holds = 0.0;
                }
                let breaks = 1.0 - libm::exp(-self.rate(&features, true, m as f64 + self.law.when));
                sum += holds * (1.0 - patience) * discount * paper;
                sum += holds * breaks * discount * patience * wars[m + 1];
                holds *= 1.0 - breaks;
            }
            // For ever after: nothing changes any more.
            let breaks = 1.0 - libm::exp(-self.rate(&features, true, MONTHS as f64));
            let last = wars[MONTHS];
            let mut spared = 1.0;
            let discount = libm::pow(patience, MONTHS as f64);
            for (p, attack) in attacks
                .iter()
                .filter(|(_, a)| a.month == MONTHS && a.temptation > 0.0)
            {
                spared *= 1.0 - attack.chance;
                if *p == own {
                    sum -= holds * discount * attack.chance * renege;
                }
            }
            sum += holds * (1.0 - spared) * discount * last;
            holds *= spared;
            let for_ever = ((1.0 - patience) * paper + patience * breaks * last)
                / (1.0 - patience * (1.0 - breaks));
            sum += holds * discount * for_ever;
            worth += chance * sum;
        }
        worth
    }

    /// Chance, as the analyst sees it, that war has not resumed when so many months have passed.
    pub(crate) fn survival(&self, package: &[u8], months: usize) -> f64 {
        let (setting, world) = (self.slow.setting, self.slow.world);
        let features = self.features(package, &DEAL);
        if features.lasts.is_some_and(|lasts| months as f64 >= lasts) {
            return 0.0;
        }
        let mut holds = 1.0;
        for m in 0..months {
            holds *= libm::exp(-self.rate(&features, true, m as f64 + self.law.when));
        }
        for party in &setting.parties {
            if party.roles.contains(&Role::Belligerent) {
                let types = party.types.clone();
                let spared = |t: usize| {
                    let attack = self.attack(t, package);
                    let due = attack.temptation > 0.0 && attack.month <= months;
                    if due { 1.0 - attack.chance } else { 1.0 }
                };
                holds *= types
                    .map(|t| world.numbers.types[t].prior * spared(t))
                    .sum::<f64>();
            }
        }
        holds
    }

    /// Chance that no failure of a definition has come when so many months have passed, attacks not counted.
    pub(crate) fn quiet(&self, package: &[u8], definition: usize, months: usize) -> f64 {
        let features = self.features(package, &DEAL);
        let times = self.numbers.failures[definition] / self.numbers.background;
        let rates = (0..months).map(|m| self.rate(&features, true, m as f64 + self.law.when));
        libm::exp(-rates.map(|rate| rate * times).sum::<f64>())
    }
}
