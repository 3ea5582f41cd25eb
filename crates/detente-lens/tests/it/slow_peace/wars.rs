//! Wars that resume after a deal, each valued by itself, and what endings of a war are worth that may break down in turn.

use super::{Features, MONTHS, Peace};
use crate::slow_war::{self, States};
use detente_core::{Fate, Side, Target, Trigger, World};

impl Peace<'_, '_> {
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
