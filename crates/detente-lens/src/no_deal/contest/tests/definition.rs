//! A contest's months by the definition alone, each by itself.

use detente_core::{
    ContestNumbers, Lever, LeverNumbers, LeverProfile, OwnBeliefs, Setting, Side, Target, World,
};

/// A month.
pub(super) struct Month {
    /// Chance that it is reached.
    pub(super) alive: f64,
    pub(super) by_mode: [f64; 4],
    pub(super) stays: f64,
    /// Mean of the line at its start.
    pub(super) line: f64,
    pub(super) volatility: f64,
    /// The month whose levers are in force.
    pub(super) now: usize,
}

/// A contest with the levers that run.
#[derive(Clone, Copy)]
pub(super) struct Fought<'a> {
    pub(super) setting: &'a Setting,
    pub(super) world: &'a World,
    pub(super) levers: LeverProfile,
}

impl<'a> Fought<'a> {
    /// Months up to the horizon, and one more that stands for all later ones.
    pub(super) fn months(&self, own: OwnBeliefs, start: Option<f64>) -> Vec<Month> {
        let contest = self.setting.contest.as_ref().expect("a contest");
        let (mut alive, mut line) = (1.0, start.unwrap_or(self.world.numbers.contest[0].start));
        let exposure: f64 = self.running().map(|(_, n)| n.escalation).sum();
        let month = |month: usize| {
            let now = month.min(contest.horizon - 1);
            let n = self.numbers(now);
            let [a, b] = [Side::A, Side::B].map(|side| self.effort(&n, side, now as f64));
            let edge = n.edge + own.edge + libm::log(a) - libm::log(b);
            let behind = match contest.weapon {
                Some(Side::A) => (-edge).max(0.0),
                Some(Side::B) => edge.max(0.0),
                None => 0.0,
            };
            let power = |x: f64| libm::exp(x.min(60.0));
            let hazards = [
                n.decisive * power(n.decisive_slope * edge),
                n.decisive * power(-n.decisive_slope * edge),
                n.other_end,
                n.escalation * power(exposure + own.escalation + n.escalation_slope * behind),
            ];
            let all: f64 = hazards.iter().sum();
            let ends = -libm::expm1(-all);
            let found = Month {
                alive,
                by_mode: hazards.map(|h| if all > 0.0 { ends * h / all } else { 0.0 }),
                stays: libm::exp(-all),
                line,
                volatility: n.volatility,
                now,
            };
            alive *= found.stays;
            line += n.pace * edge;
            found
        };
        (0..=contest.horizon).map(month).collect()
    }

    /// Levers that run, those that were pulled last at the end: what they set holds.
    fn running(&self) -> impl DoubleEndedIterator<Item = (&'a Lever, &'a LeverNumbers<f64>)> {
        let all = self.setting.levers.iter().zip(&self.world.numbers.levers);
        let all = all.enumerate().filter(|(l, _)| self.levers.contains(*l));
        let mut running: Vec<_> = all.map(|(_, lever)| lever).collect();
        running.sort_by_key(|(lever, _)| lever.trigger.turn());
        running.into_iter()
    }

    /// What levers that are past their delay set.
    fn set(&self, month: f64) -> impl Iterator<Item = (Target, f64)> {
        let past = self.running().filter(move |(_, n)| month >= n.delay);
        past.flat_map(|(lever, n)| lever.sets.iter().copied().zip(n.sets.iter().copied()))
    }

    fn numbers(&self, month: usize) -> ContestNumbers<f64> {
        let mut numbers = self.world.numbers.contest[0].clone();
        for (target, to) in self.set(month as f64) {
            match target {
                Target::Contest(number) => *number.of(&mut numbers) = to,
                Target::CapacityFrom(side) => numbers.capacities[side as usize].from_month = to,
                Target::CapacityLow(side) => numbers.capacities[side as usize].low = to,
                _ => {}
            }
        }
        numbers
    }

    /// What a month at war costs a type at once: a flow for the month, and its scar.
    pub(super) fn costs(&self, t: usize, month: usize) -> [f64; 2] {
        let me = &self.world.numbers.types[t];
        let (mut burden, mut scar) = (me.burden, me.scar);
        for (target, to) in self.set(month as f64) {
            match target {
                Target::Burden(of) if of == t => burden = to,
                Target::Scar(of) if of == t => scar = to,
                _ => {}
            }
        }
        for (lever, n) in self.running() {
            let bearers = lever.flow_to.iter().zip(&n.flow_costs);
            let own = bearers.filter(|(party, _)| **party == self.setting.types[t].party);
            burden += own.map(|(_, cost)| cost).sum::<f64>();
        }
        [burden, scar]
    }

    fn effort(&self, n: &ContestNumbers<f64>, side: Side, t: f64) -> f64 {
        let contest = self.setting.contest.as_ref().expect("a contest");
        let capacity = &n.capacities[side as usize];
        let fallen = ((t - capacity.from_month) / 6.0).clamp(0.0, 1.0);
        let mut effort = 1.0 - (1.0 - capacity.low) * fallen;
        for (k, nest) in n.nests.iter().enumerate() {
            if contest.nests[k].side != side {
                continue;
            }
            let members = contest.supplies.iter().enumerate();
            let members = members.filter(|(_, supply)| supply.nest == k);
            let rates: Vec<_> = members
                .map(|(j, _)| (n.supplies[j].share, self.rate(j, t)))
                .collect();
            let rho = nest.substitution;
            let gone = rates
                .iter()
                .any(|(share, rate)| *share > 0.0 && *rate <= 0.0);
            let given = if gone && rho <= 0.0 {
                0.0
            } else {
                let terms = rates.iter().filter(|(_, rate)| *rate > 0.0);
                let sum: f64 = terms
                    .map(|(share, rate)| share * libm::pow(*rate, rho))
                    .sum();
                libm::pow(sum, 1.0 / rho)
            };
            effort *= libm::pow(given.max(0.02), nest.weight);
        }
        effort
    }

    /// What a contributor gives: a cut waits for stocks, then a ramp.
    fn rate(&self, j: usize, t: f64) -> f64 {
        let supply = &self.world.numbers.contest[0].supplies[j];
        let mut levers = self.running().rev();
        let set = levers.find_map(|(lever, n)| {
            let place = lever
                .sets
                .iter()
                .position(|set| *set == Target::SupplyLevel(j))?;
            Some((n.delay, n.sets[place]))
        });
        let Some((delay, goal)) = set else {
            return supply.level;
        };
        let stocks = if goal < supply.level {
            supply.buffer
        } else {
            0.0
        };
        match t - delay - stocks {
            since if since < 0.0 => supply.level,
            since if since >= supply.ramp => goal,
            since => supply.level + (goal - supply.level) * since / supply.ramp,
        }
    }
}
