//! Edge and hazards as functions of time: supply, depletion, levers, beliefs.

use detente_core::{
    ContestNumbers, ContestSetting, ContestTarget, LeverNumbers, Query, Setting, Side, Target,
    Trigger, World,
};

/// Least supply of a nest, as a share of today's.
const FLOOR: f64 = 0.02;
/// Months over which capacity falls.
const FALL: f64 = 6.0;
/// Greatest exponent in a hazard: e^60 a month is certainty, and nothing overflows.
const GREATEST_EXPONENT: f64 = 60.0;

/// The contest's course under a query.
pub(super) struct Course<'a> {
    setting: &'a Setting,
    contest: &'a ContestSetting,
    numbers: &'a ContestNumbers<f64>,
    world: &'a World,
    query: &'a Query,
    /// What beliefs add to the edge.
    offset: f64,
    /// What beliefs add to the log of the escalation hazard.
    escalation: f64,
    /// What the levers that run add to it.
    exposure: f64,
    /// Does a lever that runs set anything but levels?
    sets_numbers: bool,
    /// Levels of the contributions in the month computed last.
    levels: &'a mut Vec<f64>,
    /// What the month computed last was computed from besides them.
    inputs: Option<Inputs>,
    last: Month,
    /// What its nests gave in that month.
    nests: &'a mut Vec<f64>,
    /// Months in which something changes besides the first: all from later than the first number to earlier than a month after the
    /// second; if both are the same, the first month from then on.
    changes: &'a mut Vec<(f64, f64)>,
    /// All months before this one are like the month computed last.
    alike: usize,
}

/// Room for a course.
#[derive(Debug, Default)]
pub(super) struct Room {
    levels: Vec<f64>,
    nests: Vec<f64>,
    changes: Vec<(f64, f64)>,
}

/// One month.
#[derive(Clone, Copy, Default)]
pub(super) struct Month {
    pub(super) supply: [f64; 2],
    pub(super) floored: bool,
    /// Chance of surviving the month.
    pub(super) stays: f64,
    /// Chance of ending in the month by each mode.
    pub(super) by_mode: [f64; 4],
    /// Mean and variance that the month adds to the line.
    pub(super) step: f64,
    pub(super) variance: f64,
}

/// What a month is computed from, besides levels.
#[derive(Clone, Copy, PartialEq)]
struct Inputs {
    /// By [`ContestTarget`].
    numbers: [f64; 8],
    /// By side: what is left of its capacity.
    capacity: [f64; 2],
}

impl<'a> Course<'a> {
    /// The course with the edge moved by `shift` besides the query's own offset.
    pub(super) fn new(
        setting: &'a Setting,
        world: &'a World,
        query: &'a Query,
        shift: f64,
        room: &'a mut Room,
    ) -> Option<Self> {
        let contest = setting.contest.as_ref()?;
        let own = query.beliefs.own();
        let running = world.numbers.levers.iter().enumerate();
        let running = running.filter(|(l, _)| query.levers.contains(*l));
        let number = |set: &Target| !matches!(set, Target::SupplyLevel(_));
        let mut sets = setting.levers.iter().enumerate();
        let sets_numbers =
            sets.any(|(l, lever)| query.levers.contains(l) && lever.sets.iter().any(number));
        let Room {
            levels,
            nests,
            changes,
        } = room;
        levels.clear();
        levels.resize(contest.supplies.len(), f64::NAN);
        nests.clear();
        nests.resize(contest.nests.len(), f64::NAN);
        changes.clear();
        let mut course = Self {
            setting,
            contest,
            numbers: world.numbers.contest.first()?,
            world,
            query,
            offset: own.edge + shift,
            escalation: own.escalation,
            exposure: running.map(|(_, l)| l.escalation).sum(),
            sets_numbers,
            levels,
            nests,
            changes,
            inputs: None,
            last: Month::default(),
            alike: 0,
        };
        course.list_changes();
        Some(course)
    }

    /// One month. Computed only if something has changed since the month before.
    pub(super) fn month(&mut self, month: usize) -> Month {
        if month < self.alike {
            return self.last;
        }
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
        if supplied || self.inputs != Some(inputs) {
            self.inputs = Some(inputs);
            self.last = self.compute(&inputs);
        }
        self.alike = self.changes_after(month);
        self.last
    }

    /// All months before this one are like the month computed last.
    pub(super) fn alike(&self) -> usize {
        self.alike
    }

    /// The first month after `month` in which something changes.
    fn changes_after(&self, month: usize) -> usize {
        let next = (month + 1) as f64;
        let mut first = f64::INFINITY;
        for (from, to) in self.changes.iter() {
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
        let mut changes = std::mem::take(self.changes);
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
        *self.changes = changes;
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
            .filter(move |(l, (lever, _))| self.query.levers.contains(*l) && wanted(lever.trigger))
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

    fn compute(&self, inputs: &Inputs) -> Month {
        let [m0, pace, volatility, h0, h1, hn, esc0, esc1] = inputs.numbers;
        let mut floored = false;
        let supply = [Side::A, Side::B].map(|side| {
            let left = inputs.capacity[side as usize];
            self.supply(side, left, &mut floored)
        });
        let edge = m0 + self.offset + libm::log(supply[0]) - libm::log(supply[1]);
        let hazard = |scale: f64, exponent: f64| scale * libm::exp(exponent.min(GREATEST_EXPONENT));
        let behind = match self.contest.weapon {
            Some(Side::A) => (-edge).max(0.0),
            Some(Side::B) => edge.max(0.0),
            None => 0.0,
        };
        let hazards = [
            hazard(h0, h1 * edge),
            hazard(h0, -h1 * edge),
            hn,
            hazard(esc0, self.exposure + self.escalation + esc1 * behind),
        ];
        let total: f64 = hazards.iter().sum();
        let ends = -libm::expm1(-total);
        let by_mode = if total > 0.0 {
            hazards.map(|h| ends * (h / total))
        } else {
            [0.0; 4]
        };
        Month {
            supply,
            floored,
            stays: libm::exp(-total),
            by_mode,
            step: pace * edge,
            variance: volatility * volatility,
        }
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
        if self.query.levers.0 == 0 {
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
