//! The course of a contest: supply, depletion and levers as functions of time, whatever is believed about the edge.
//!
//! Between two changes months are alike but for the line. They make up a [`Regime`], and a course is the list of them: what beliefs
//! move, edge and hazards, is worked out per regime ([`Hazards`](super::hazards::Hazards)), so that wars that differ by beliefs or by
//! where the line starts share all that stands here.

use detente_core::{
    ContestNumbers, ContestSetting, ContestTarget, LeverNumbers, LeverProfile, Setting, Side,
    Target, Trigger, World,
};

use super::hazards::Power;

/// Least supply of a nest, as a share of today's.
const FLOOR: f64 = 0.02;
/// Months over which capacity falls.
const FALL: f64 = 6.0;

/// Months that are alike but for the line.
#[derive(Clone, Copy, Debug)]
pub(super) struct Regime {
    /// The first of them.
    pub(super) from: usize,
    /// By [`ContestTarget`].
    pub(super) numbers: [f64; 8],
    /// Effort by side.
    pub(super) supply: [f64; 2],
    pub(super) floored: bool,
    /// The edge, beliefs apart: m0 + ln `F_A` − ln `F_B`.
    pub(super) edge: f64,
    /// What the edge does to decisive hazards: the power of h1·edge.
    pub(super) decides: Power,
    /// What it does to escalation: the power of esc1·edge, with the sign under which the weapon's holder falls behind.
    pub(super) frightens: Power,
}

/// A course, up to twice the horizon.
#[derive(Clone, Debug, Default)]
pub(super) struct Course {
    pub(super) regimes: Vec<Regime>,
    /// Standard deviation of the line at the start of each month, and one over it (infinite for none).
    pub(super) spread: Vec<f64>,
    pub(super) sharpness: Vec<f64>,
    /// What the levers that run add to the log of the escalation hazard.
    pub(super) exposure: f64,
    /// The sign of an edge at which the weapon's holder is behind; 0: nobody holds it.
    pub(super) behind: f64,
    /// Months from which levers change what a month at war costs, by lever that does.
    pub(super) delays: Vec<f64>,
    /// First months of what is alike, delays included, within the horizon and at its end.
    pub(super) cuts: Vec<usize>,
}

impl Course {
    /// Works out a course.
    pub(super) fn lay(
        &mut self,
        setting: &Setting,
        contest: &ContestSetting,
        world: &World,
        numbers: &ContestNumbers<f64>,
        levers: LeverProfile,
    ) {
        let running = world.numbers.levers.iter().enumerate();
        let running = running.filter(|(l, _)| levers.contains(*l));
        self.exposure = running.map(|(_, n)| n.escalation).sum();
        self.behind = match contest.weapon {
            Some(Side::A) => -1.0,
            Some(Side::B) => 1.0,
            None => 0.0,
        };
        let end = 2 * contest.horizon;
        let mut efforts = Efforts::new(setting, contest, world, numbers, levers);
        self.regimes.clear();
        let mut month = 0;
        while month < end {
            let regime = efforts.month(month, self.behind);
            if self.regimes.is_empty() || efforts.moved {
                self.regimes.push(regime);
            }
            month = efforts.changes_after(month);
        }
        self.lay_spread(end);
        self.lay_cuts(setting, world, levers, end);
    }

    fn lay_spread(&mut self, end: usize) {
        self.spread.clear();
        let (mut variance, mut next) = (0.0, 0);
        let mut added = 0.0;
        for month in 0..=end {
            if self.regimes.get(next).is_some_and(|r| r.from == month) {
                let volatility = self.regimes[next].numbers[ContestTarget::Volatility as usize];
                added = volatility * volatility;
                next += 1;
            }
            self.spread.push(f64::sqrt(variance));
            variance += added;
        }
        self.sharpness.clear();
        self.sharpness.extend(self.spread.iter().map(|sd| 1.0 / sd));
    }

    fn lay_cuts(&mut self, setting: &Setting, world: &World, levers: LeverProfile, end: usize) {
        self.delays.clear();
        self.cuts.clear();
        self.cuts.extend(self.regimes.iter().map(|r| r.from));
        for (l, (lever, n)) in setting.levers.iter().zip(&world.numbers.levers).enumerate() {
            let costs = |target: &Target| matches!(target, Target::Burden(_) | Target::Scar(_));
            if levers.contains(l) && lever.sets.iter().any(costs) {
                self.delays.push(n.delay);
                self.cuts.push(first_at(n.delay, end));
            }
        }
        self.cuts.push(end);
        self.cuts.sort_unstable();
        self.cuts.dedup();
    }
}

/// The first month at or after a date, or `end` if that comes first.
pub(super) fn first_at(date: f64, end: usize) -> usize {
    if date >= end as f64 {
        return end;
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "between nothing and the end"
    )]
    let month = date.max(0.0).ceil() as usize;
    month
}

/// Works out efforts month by month.
struct Efforts<'a> {
    setting: &'a Setting,
    contest: &'a ContestSetting,
    numbers: &'a ContestNumbers<f64>,
    world: &'a World,
    pulled: LeverProfile,
    /// Does a lever that runs set anything but levels?
    sets_numbers: bool,
    /// Levels of the contributions in the month computed last.
    levels: Vec<f64>,
    /// What the month computed last was computed from besides them.
    inputs: Option<Inputs>,
    /// What its nests gave in that month.
    nests: Vec<f64>,
    /// Did it differ from the month before?
    moved: bool,
    /// Months in which something changes besides the first: all from later than the first number to earlier than a month after the
    /// second; if both are the same, the first month from then on.
    changes: Vec<(f64, f64)>,
}

/// What a month is computed from, besides levels.
#[derive(Clone, Copy, PartialEq)]
struct Inputs {
    /// By [`ContestTarget`].
    numbers: [f64; 8],
    /// By side: what is left of its capacity.
    capacity: [f64; 2],
}

impl<'a> Efforts<'a> {
    fn new(
        setting: &'a Setting,
        contest: &'a ContestSetting,
        world: &'a World,
        numbers: &'a ContestNumbers<f64>,
        pulled: LeverProfile,
    ) -> Self {
        let number = |set: &Target| !matches!(set, Target::SupplyLevel(_));
        let mut sets = setting.levers.iter().enumerate();
        let sets_numbers =
            sets.any(|(l, lever)| pulled.contains(l) && lever.sets.iter().any(number));
        let mut efforts = Self {
            setting,
            contest,
            numbers,
            world,
            pulled,
            sets_numbers,
            levels: vec![f64::NAN; contest.supplies.len()],
            inputs: None,
            nests: vec![f64::NAN; contest.nests.len()],
            moved: true,
            changes: Vec::new(),
        };
        efforts.list_changes();
        efforts
    }

    /// What a month is like, computed from what has changed since the month computed last.
    fn month(&mut self, month: usize, behind: f64) -> Regime {
        let t = month as f64;
        let inputs = self.inputs(t);
        let mut supplied = false;
        for j in 0..self.levels.len() {
            let level = self.level(j, t);
            supplied |= level != self.levels[j];
            self.levels[j] = level;
        }
        if supplied || self.inputs.is_none() {
            for (i, n) in self.numbers.nests.iter().enumerate() {
                self.nests[i] = self.nest_supply(i, n.substitution);
            }
        }
        self.moved = supplied || self.inputs != Some(inputs);
        self.inputs = Some(inputs);
        let mut floored = false;
        let supply = [Side::A, Side::B].map(|side| {
            let left = inputs.capacity[side as usize];
            self.supply(side, left, &mut floored)
        });
        let [m0, .., slope, _, _, escalation_slope] = inputs.numbers;
        let edge = m0 + libm::log(supply[0]) - libm::log(supply[1]);
        Regime {
            from: month,
            numbers: inputs.numbers,
            supply,
            floored,
            edge,
            decides: Power::of(slope * edge),
            frightens: Power::of(escalation_slope * behind * edge),
        }
    }

    /// The first month after `month` in which something changes.
    fn changes_after(&self, month: usize) -> usize {
        let next = (month + 1) as f64;
        let mut first = f64::INFINITY;
        for (from, to) in &self.changes {
            let (at, over) = if *from == *to {
                // A step: in force from the first month at or after its date.
                let at = from.ceil();
                (at, at < next)
            } else {
                (from.floor() + 1.0, next >= to + 1.0)
            };
            if !over {
                first = first.min(at.max(next));
            }
        }
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "at least 1; what never changes changes at the greatest month"
        )]
        let first = first as usize;
        first
    }

    fn list_changes(&mut self) {
        let mut changes = std::mem::take(&mut self.changes);
        // What is listed and changes nothing costs a month computed twice.
        for side in [Side::A, Side::B] {
            let stated = &self.numbers.capacities[side as usize];
            let mut falls = stated.low < 1.0;
            let first = changes.len();
            changes.push((stated.from_month, stated.from_month + FALL));
            for (numbers, sets) in self.running() {
                for (target, to) in sets.iter().zip(&numbers.sets) {
                    falls |= *target == Target::CapacityLow(side) && *to < 1.0;
                    if *target == Target::CapacityFrom(side) {
                        changes.push((*to, to + FALL));
                    }
                }
            }
            if !falls {
                changes.truncate(first);
            }
        }
        for (numbers, sets) in self.running() {
            changes.push((numbers.delay, numbers.delay));
            for target in sets {
                if let Target::SupplyLevel(j) = target {
                    let supply = &self.numbers.supplies[*j];
                    let over = numbers.delay + supply.buffer + supply.ramp;
                    if over > numbers.delay {
                        changes.push((numbers.delay, over));
                    }
                }
            }
        }
        self.changes = changes;
    }

    /// Levers that run, those that were pulled last first: they take the place of what ran before.
    fn running(&self) -> impl Iterator<Item = (&LeverNumbers<f64>, &[Target])> {
        let turn = |turn| self.of_trigger(move |trigger: Trigger| trigger.turn() == turn);
        turn(2).chain(turn(1)).chain(turn(0))
    }

    fn of_trigger(
        &self,
        wanted: impl Fn(Trigger) -> bool,
    ) -> impl Iterator<Item = (&LeverNumbers<f64>, &[Target])> {
        let levers = self.setting.levers.iter().zip(&self.world.numbers.levers);
        let levers = levers.enumerate();
        levers
            .filter(move |(l, (lever, _))| self.pulled.contains(*l) && wanted(lever.trigger))
            .map(|(_, (lever, numbers))| (numbers, &lever.sets[..]))
    }

    /// What a running lever makes of a number at time `t`.
    fn set(&self, target: Target, t: f64, else_: f64) -> f64 {
        let set = self.running().find_map(|(numbers, sets)| {
            let place = sets.iter().position(|set| *set == target)?;
            (t >= numbers.delay).then(|| numbers.sets[place])
        });
        set.unwrap_or(else_)
    }

    fn inputs(&self, t: f64) -> Inputs {
        let n = self.numbers;
        // In the order of `ContestTarget`.
        let stated = [
            n.edge,
            n.pace,
            n.volatility,
            n.decisive,
            n.decisive_slope,
            n.other_end,
            n.escalation,
            n.escalation_slope,
        ];
        let numbers = if self.sets_numbers {
            ContestTarget::ALL.map(|target| {
                let stated = stated[target as usize];
                self.set(Target::Contest(target), t, stated)
            })
        } else {
            stated
        };
        let capacity = [Side::A, Side::B].map(|side| {
            let (from_month, low) = self.capacity_numbers(side, t);
            1.0 - (1.0 - low) * ((t - from_month) / FALL).clamp(0.0, 1.0)
        });
        Inputs { numbers, capacity }
    }

    fn capacity_numbers(&self, side: Side, t: f64) -> (f64, f64) {
        let capacity = &self.numbers.capacities[side as usize];
        if !self.sets_numbers {
            return (capacity.from_month, capacity.low);
        }
        let from = self.set(Target::CapacityFrom(side), t, capacity.from_month);
        (from, self.set(Target::CapacityLow(side), t, capacity.low))
    }

    /// `F_S(t)`: effort of a side with this much of its capacity left.
    fn supply(&self, side: Side, capacity: f64, floored: &mut bool) -> f64 {
        let mut log_effort = libm::log(capacity);
        let nests = self.contest.nests.iter().zip(&self.numbers.nests);
        for (i, (nest, n)) in nests.enumerate() {
            if nest.side == side {
                let ces = self.nests[i];
                *floored |= ces < FLOOR;
                log_effort += n.weight * libm::log(ces.max(FLOOR));
            }
        }
        libm::exp(log_effort)
    }

    /// CES of one nest. At ρ = 0 the weighted product; with ρ ≤ 0 a missing contributor leaves nothing.
    fn nest_supply(&self, nest: usize, rho: f64) -> f64 {
        // Below this |ρ| the power mean and its limit agree to 1e-9 while 1/ρ would start to lose digits.
        const NEAR_ZERO: f64 = 1e-9;
        let mut sum = 0.0;
        for (j, supply) in self.contest.supplies.iter().enumerate() {
            if supply.nest != nest {
                continue;
            }
            let (share, level) = (self.numbers.supplies[j].share, self.levels[j]);
            if share == 0.0 {
                continue;
            }
            if level <= 0.0 && rho <= NEAR_ZERO {
                return 0.0;
            }
            sum += if rho.abs() <= NEAR_ZERO {
                share * libm::log(level)
            } else if level <= 0.0 {
                0.0
            } else {
                share * libm::pow(level, rho)
            };
        }
        if rho.abs() <= NEAR_ZERO {
            libm::exp(sum)
        } else {
            libm::pow(sum, 1.0 / rho)
        }
    }

    /// `f_j(t)`: today's rate until a lever's delay is over; a cut waits for the stocks to run down; then a linear ramp.
    fn level(&self, j: usize, t: f64) -> f64 {
        let supply = &self.numbers.supplies[j];
        if self.pulled.0 == 0 {
            return supply.level;
        }
        let set = self.running().find_map(|(numbers, sets)| {
            let set = |target: &Target| *target == Target::SupplyLevel(j);
            let place = sets.iter().position(set)?;
            Some((numbers.delay, numbers.sets[place]))
        });
        let Some((delay, target)) = set else {
            return supply.level;
        };
        let wait = delay
            + if target < supply.level {
                supply.buffer
            } else {
                0.0
            };
        let progress = if supply.ramp > 0.0 {
            ((t - wait) / supply.ramp).clamp(0.0, 1.0)
        } else {
            f64::from(u8::from(t >= wait))
        };
        supply.level + (target - supply.level) * progress
    }
}
