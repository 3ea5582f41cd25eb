//! What a deal is worth given what may follow it, month by month from the definition of the model alone.
//!
//! Nothing is interpolated: every war that may resume is valued by itself, and every combination of types and attackers is
//! listed. Choices that the definition leaves open stand in [`Law`].

use crate::slow_war::{self, Slow, States};
use detente_core::{DurabilityNumbers, Fate, FeatureKind, Role, Side, Target, Trigger, World};
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

    /// The edge that rebuilding adds, so many months after the deal.
    fn rebuilt(&self, t: f64) -> f64 {
        let force = |s: usize| {
            1.0 + (self.numbers.force[s] - 1.0) * (1.0 - libm::exp(-t / self.numbers.rebuild[s]))
        };
        libm::log(force(0) / force(1))
    }

    /// Chance that a guarantee is kept, as a type sees it: not before the levers say so.
    fn world_with(&self, sets: &[(Target, f64)]) -> World {
        let mut world = self.slow.world.clone();
        for (target, to) in sets {
            let contest = &mut world.numbers.contest[0];
            let side = |side: &Side| usize::from(*side == Side::B);
            match target {
                Target::SupplyLevel(s) => contest.supplies[*s].level = *to,
                Target::Contest(which) => *which.of(contest) = *to,
                Target::CapacityFrom(s) => contest.capacities[side(s)].from_month = *to,
                Target::CapacityLow(s) => contest.capacities[side(s)].low = *to,
                Target::Burden(t) => world.numbers.types[*t].burden = *to,
                Target::Scar(t) => world.numbers.types[*t].scar = *to,
                _ => unreachable!("an option sets no other number"),
            }
        }
        world
    }

    /// V of a war that resumes so many months after a deal, to a type, under its own beliefs. `edge`: what else is added to it.
    pub(crate) fn resumed(&self, t: usize, package: &[u8], features: &Features, edge: f64) -> f64 {
        if let Some(outright) = &self.outright {
            return outright[t];
        }
        let setting = self.slow.setting;
        let line = setting.contest.as_ref().expect("a contest").line_issue;
        let x = self.slow.position(package[line] as usize);
        let start = if x.is_nan() {
            self.slow.world.numbers.contest[0].start
        } else {
            x
        };
        let asked = (
            t,
            package.to_vec(),
            edge.to_bits(),
            self.pulled.borrow().clone(),
        );
        let known = self.known.borrow().get(&asked).copied();
        known.unwrap_or_else(|| {
            let value = self.war_from(t, start, &features.sets, edge);
            self.known.borrow_mut().insert(asked, value);
            value
        })
    }

    /// V(resume) to a type so many months after a deal with guarantors: each comes or not, as the type sees its chances, and pays.
    pub(crate) fn guarded(&self, t: usize, package: &[u8], features: &Features, month: f64) -> f64 {
        let edge = self.rebuilt(month);
        let levers = self.guarantees();
        if features.guarantee <= 0.0 || levers.is_empty() || self.outright.is_some() {
            return self.resumed(t, package, features, edge);
        }
        let (setting, world) = (self.slow.setting, self.slow.world);
        let value = |t: usize, pulled: &[usize]| {
            *self.pulled.borrow_mut() = pulled.to_vec();
            let value = self.resumed(t, package, features, edge);
            self.pulled.borrow_mut().clear();
            value
        };
        let noise = world.numbers.behaviour.first().map_or(0.5, |b| b.noise);
        let chances: Vec<f64> = (levers.iter())
            .map(|l| {
                let (lever, n) = (&setting.levers[*l], &world.numbers.levers[*l]);
                let comes = |theta: usize| {
                    let delta = value(theta, &[*l]) - value(theta, &[]) - n.cost + n.audience_cost;
                    1.0 / (1.0 + libm::exp(-delta / noise))
                };
                let types = setting.parties[lever.by].types.clone();
                if !n.credibility.is_nan() {
                    return n.credibility;
                }
                let successor = (setting.turnovers.iter().zip(&world.numbers.turnovers))
                    .filter(|(s, _)| s.party == lever.by && f64::from(s.month) <= month)
                    .max_by_key(|(s, _)| s.month);
                if let Some((_, numbers)) = successor {
                    return types
                        .zip(&numbers.prior)
                        .map(|(theta, p)| p * comes(theta))
                        .sum();
                }
                if types.contains(&t) {
                    return comes(t);
                }
                types
                    .map(|theta| world.believed(t, theta) * comes(theta))
                    .sum()
            })
            .collect();
        let mut worth = 0.0;
        for set in 0..1_usize << levers.len() {
            let mut chance = 1.0;
            let mut pulled = Vec::new();
            for (k, l) in levers.iter().enumerate() {
                let comes = features.guarantee * chances[k];
                if set >> k & 1 == 1 {
                    chance *= comes;
                    pulled.push(*l);
                } else {
                    chance *= 1.0 - comes;
                }
            }
            worth += chance * value(t, &pulled);
        }
        for (l, chance) in levers.iter().zip(chances) {
            if setting.levers[*l].by == setting.types[t].party {
                let n = &world.numbers.levers[*l];
                worth -= features.guarantee * (chance * n.cost + (1.0 - chance) * n.audience_cost);
            }
        }
        worth
    }

    fn war_from(&self, t: usize, start: f64, sets: &[(Target, f64)], edge: f64) -> f64 {
        let mut states = self.slow.states(t, &self.slow.running());
        self.close(t);
        let endings = self.endings.borrow();
        let (armistice, decisive) = &endings[&t];
        states.armistice.clone_from(armistice);
        states.decisive = *decisive;
        self.value_from(t, start, sets, edge, &states)
    }

    fn value_from(
        &self,
        t: usize,
        start: f64,
        sets: &[(Target, f64)],
        edge: f64,
        states: &States,
    ) -> f64 {
        let world = self.world_with(sets);
        let slow = self.slow.with_world(&world);
        let mut belief = slow.belief(t);
        belief.edge += edge;
        let mut levers = slow.running();
        levers.extend(self.pulled.borrow().iter());
        levers.sort_unstable();
        let asked = slow_war::Asked {
            levers,
            belief,
            start: Some(start),
        };
        slow.war_with(t, &asked, states).value
    }

    /// Finds what endings of a war are worth, resumed or not: peace until the background breaks it, and then war from the line, with
    /// forces as they end up. Their features, and their being dictated, count for the rate; what their options set, for that war.
    fn close(&self, t: usize) {
        if self.endings.borrow().contains_key(&t) {
            return;
        }
        // Nobody guarantees an ending.
        let pulled = self.pulled.take();
        let setting = self.slow.setting;
        let contest = setting.contest.as_ref().expect("a contest");
        let mut states = self.slow.states(t, &self.slow.running());
        let paper = (states.armistice.clone(), states.decisive);
        let edge = libm::log(self.numbers.force[0] / self.numbers.force[1]);
        // Every ending: its package and how it came about.
        let mut endings: Vec<(Vec<u8>, Vec<Fate>, f64)> = Vec::new();
        for (knot, paper) in states.knots.iter().zip(&paper.0) {
            let mut package = contest.armistice.clone();
            let option = (0_u8..)
                .zip(&self.slow.world.numbers.positions)
                .find(|(_, x)| *x == knot);
            package[contest.line_issue] = option.expect("a position").0;
            endings.push((package, vec![Fate::Armistice], *paper));
        }
        endings.push((
            contest.a_decisive.clone(),
            vec![Fate::ADecisive, Fate::Imposed],
            paper.1[0],
        ));
        endings.push((
            contest.b_decisive.clone(),
            vec![Fate::BDecisive, Fate::Imposed],
            paper.1[1],
        ));
        // V is linear in what endings are worth: found with all of them worth nothing, and with one of them worth a point.
        let count = states.knots.len();
        let mut set = |worth: &[f64]| {
            states.armistice.copy_from_slice(&worth[..count]);
            states.decisive = [worth[count], worth[count + 1]];
            let war = |(package, how, _): &(Vec<u8>, Vec<Fate>, f64)| {
                let features = self.features(package, how);
                let x = self.slow.position(package[contest.line_issue] as usize);
                let x = if x.is_nan() {
                    self.slow.world.numbers.contest[0].start
                } else {
                    x
                };
                self.value_from(t, x, &features.sets, edge, &states)
            };
            endings.iter().map(war).collect::<Vec<f64>>()
        };
        let none = set(&vec![0.0; endings.len()]);
        let one = |e: usize| {
            (0..endings.len())
                .map(|f| f64::from(u8::from(e == f)))
                .collect::<Vec<f64>>()
        };
        let prices: Vec<Vec<f64>> = (0..endings.len()).map(|e| set(&one(e))).collect();
        // The law is linear in the war's worth too.
        let peace: Vec<(f64, f64)> = (endings.iter())
            .map(|(package, how, paper)| {
                let features = self.features(package, how);
                let never = self.unattacked(t, &features, *paper, 0.0);
                (never, self.unattacked(t, &features, *paper, 1.0) - never)
            })
            .collect();
        let mut worth: Vec<f64> = endings.iter().map(|(_, _, paper)| *paper).collect();
        for _ in 0..200_000 {
            let war = |e: usize| -> f64 {
                let more = (0..endings.len()).map(|f| (prices[f][e] - none[e]) * worth[f]);
                none[e] + more.sum::<f64>()
            };
            let next: Vec<f64> = (0..endings.len())
                .map(|e| peace[e].0 + peace[e].1 * war(e))
                .collect();
            let moved = next
                .iter()
                .zip(&worth)
                .map(|(a, b)| (a - b).abs())
                .fold(0.0, f64::max);
            worth = next;
            if moved < 1e-13 {
                break;
            }
        }
        states.armistice.copy_from_slice(&worth[..count]);
        states.decisive = [worth[count], worth[count + 1]];
        self.pulled.replace(pulled);
        self.endings
            .borrow_mut()
            .insert(t, (states.armistice, states.decisive));
    }

    /// What an ending is worth that breaks down by the background alone, month by month, where a war after it is always worth the
    /// same.
    pub(crate) fn unattacked(&self, t: usize, features: &Features, paper: f64, war: f64) -> f64 {
        let patience = self.slow.world.numbers.types[t].patience;
        let breaks = |m: f64| {
            let rate = self.rate(features, false, m + self.law.when);
            1.0 - libm::exp(-rate)
        };
        let (mut sum, mut holds, mut discount) = (0.0, 1.0, 1.0);
        for m in 0..MONTHS {
            let b = breaks(m as f64);
            if let Some(lasts) = features.lasts
                && lasts < (m + 1) as f64
            {
                let end = libm::pow(patience, lasts);
                return sum + holds * ((discount - end) * paper + end * war);
            }
            sum += holds * discount * ((1.0 - patience) * paper + patience * b * war);
            holds *= 1.0 - b;
            discount *= patience;
        }
        let b = breaks(MONTHS as f64);
        let for_ever =
            ((1.0 - patience) * paper + patience * b * war) / (1.0 - patience * (1.0 - b));
        sum + holds * discount * for_ever
    }

    /// V of a type, its endings being worth what follows them.
    pub(crate) fn no_deal(&self, t: usize) -> f64 {
        self.war_from(t, self.slow.world.numbers.contest[0].start, &[], 0.0)
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

    /// Promises to fight for a guarantee that are on.
    pub(crate) fn guarantees(&self) -> Vec<usize> {
        let (setting, world) = (self.slow.setting, self.slow.world);
        let is = |l: &usize| {
            let lever = &setting.levers[*l];
            lever.trigger == Trigger::Accept
                && !lever.sets.is_empty()
                && world.numbers.levers[*l].on > 0.0
        };
        (0..setting.levers.len()).filter(is).collect()
    }
}
