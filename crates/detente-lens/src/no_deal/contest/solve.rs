//! The closed form, as *state prices*.
//!
//! V is linear in what the states are worth. So instead of valuing the contest once per type, we compute for each discount
//! factor what one point in each state is worth today: the price of a flow at knot k, of an armistice at knot k, of either
//! dictate, of an escalation, of a month at war. A type's V is then a dot product of prices and its payoffs. With K knots
//! and M months the cost is M·K normal cdfs and densities, however many parties and types there are.

use detente_core::{
    ContestNumbers, ContestSetting, NoDealSolution, Payoffs, Query, Setting, Side, Target, World,
};
use detente_math::{normal_cdf, normal_nodes, normal_pdf};

/// Least supply of a nest, as a share of today's.
const FLOOR: f64 = 0.02;
/// Months over which capacity falls.
const FALL: f64 = 6.0;
/// A truncation bounded by this many points is not computed further.
const SMALL_TRUNCATION: f64 = 0.01;
/// Greatest exponent in a hazard: e^60 a month is certainty, and nothing overflows.
const GREATEST_EXPONENT: f64 = 60.0;

pub(super) fn solve(
    setting: &Setting,
    world: &World,
    query: &Query,
    payoffs: &Payoffs,
    out: &mut NoDealSolution,
) {
    let doubt = query.beliefs.own().doubt;
    if doubt == 0.0 {
        return solve_at(setting, world, query, 0.0, payoffs, out);
    }
    // A party's own doubt about the edge is a number it does not know: what it expects is the mean over that number.
    let mut part = NoDealSolution::default();
    for (k, (z, weight)) in normal_nodes().iter().enumerate() {
        solve_at(setting, world, query, z * doubt, payoffs, &mut part);
        if k == 0 {
            out.empty(&part);
        }
        out.add(&part, *weight);
    }
    // From the mean of squares to the spread.
    for (sd, mean) in out.line_sd.iter_mut().zip(&out.line_mean) {
        *sd = (*sd - mean * mean).max(0.0).sqrt();
    }
}

/// The contest with the edge moved by `shift` besides the query's own offset.
fn solve_at(
    setting: &Setting,
    world: &World,
    query: &Query,
    shift: f64,
    payoffs: &Payoffs,
    out: &mut NoDealSolution,
) {
    let (Some(contest), Some(numbers)) = (&setting.contest, world.numbers.contest.first()) else {
        return;
    };
    let horizon = contest.horizon;
    let types = &world.numbers.types;
    let own = query.beliefs.own();
    let path = Path {
        setting,
        contest,
        numbers,
        world,
        query,
        edge: numbers.edge + own.edge + shift,
        escalation: own.escalation,
    };
    let burdens = burdens(setting, world, query, payoffs);

    out.endings.clear();
    out.line_mean.clear();
    out.line_sd.clear();
    out.supply_a.clear();
    out.supply_b.clear();
    out.values.clear();
    out.floored = false;

    // Types with the same patience share prices.
    let mut prices: Vec<Prices> = Vec::new();
    let mut price_of: Vec<usize> = Vec::with_capacity(types.len());
    for numbers in types {
        let known = prices.iter().position(|p| p.patience == numbers.patience);
        price_of.push(known.unwrap_or_else(|| {
            prices.push(Prices::new(numbers.patience, payoffs.knots.len()));
            prices.len() - 1
        }));
    }

    let mut hats = vec![0.0; payoffs.knots.len()];
    let mut walk = Walk {
        line: query.start_line.unwrap_or(numbers.start),
        alive: 1.0,
        month: 0,
    };
    while walk.month < horizon {
        let state = path.month(walk.month);
        let sd = walk.sd(numbers);
        out.line_mean.push(walk.line);
        out.line_sd.push(sd);
        out.supply_a.push(state.supply[0]);
        out.supply_b.push(state.supply[1]);
        out.endings
            .extend(state.by_mode.map(|share| walk.alive * share));
        out.floored |= state.floored;
        walk.step(&state, numbers, payoffs, &mut prices, &mut hats);
    }
    out.line_mean.push(walk.line);
    out.line_sd.push(walk.sd(numbers));
    out.beyond = walk.alive;
    let closed = walk.close(&path, payoffs, &prices, &mut hats);
    let value =
        |prices: &[Prices], t: usize| prices[price_of[t]].value(t, &types[t], burdens[t], payoffs);
    out.values
        .extend((0..types.len()).map(|t| value(&closed, t)));

    // What the horizon leaves out: first a bound that costs nothing, then, if that is not small, the months themselves.
    let bound = |t: usize| {
        let patience = types[t].patience;
        let left = walk.alive * prices[price_of[t]].discount;
        left * (spread_of(t, burdens[t], payoffs) + types[t].scar / (1.0 - patience))
    };
    out.truncation = (0..types.len()).map(bound).fold(0.0, f64::max);
    if out.truncation <= SMALL_TRUNCATION {
        return;
    }
    while walk.month < 2 * horizon {
        let state = path.month(walk.month);
        walk.step(&state, numbers, payoffs, &mut prices, &mut hats);
    }
    let closed = walk.close(&path, payoffs, &prices, &mut hats);
    let change = |t: usize| (value(&closed, t) - out.values[t]).abs();
    out.truncation = (0..types.len()).map(change).fold(0.0, f64::max);
}

/// What each type pays a month while nothing is settled: its burden, and what the levers that run cost it.
fn burdens(setting: &Setting, world: &World, query: &Query, payoffs: &Payoffs) -> Vec<f64> {
    let mut burdens = payoffs.burden.clone();
    let levers = setting.levers.iter().zip(&world.numbers.levers).enumerate();
    for (_, (lever, numbers)) in levers.filter(|(l, _)| query.levers.contains(*l)) {
        for (party, cost) in lever.flow_to.iter().zip(&numbers.flow_costs) {
            for t in setting.parties[*party].types.clone() {
                burdens[t] += cost;
            }
        }
    }
    burdens
}

/// Where the month-by-month computation stands.
struct Walk {
    /// Mean of the line.
    line: f64,
    /// Chance that the contest still goes on.
    alive: f64,
    month: usize,
}

impl Walk {
    fn sd(&self, numbers: &ContestNumbers<f64>) -> f64 {
        numbers.volatility * (self.month as f64).sqrt()
    }

    fn step(
        &mut self,
        state: &Month,
        numbers: &ContestNumbers<f64>,
        payoffs: &Payoffs,
        prices: &mut [Prices],
        hats: &mut [f64],
    ) {
        spread_over_knots(&payoffs.knots, self.line, self.sd(numbers), hats);
        for p in prices {
            p.add_month(state, self.alive, hats);
        }
        self.alive *= state.stays;
        self.line += numbers.pace * state.edge;
        self.month += 1;
    }

    /// The prices with all later months like the last, the line held where it now is.
    fn close(
        &self,
        path: &Path,
        payoffs: &Payoffs,
        prices: &[Prices],
        hats: &mut [f64],
    ) -> Vec<Prices> {
        spread_over_knots(&payoffs.knots, self.line, self.sd(path.numbers), hats);
        let last = path.month(self.month - 1);
        let mut closed = prices.to_vec();
        for p in &mut closed {
            p.close(&last, self.alive, hats);
        }
        closed
    }
}

/// Greatest less least that any state is worth to a type.
fn spread_of(t: usize, burden: f64, payoffs: &Payoffs) -> f64 {
    let own = t * payoffs.knots.len()..(t + 1) * payoffs.knots.len();
    let flows = payoffs.unsettled[own.clone()].iter().map(|u| u - burden);
    let ends = [
        payoffs.a_decisive[t],
        payoffs.b_decisive[t],
        payoffs.escalation[t],
    ];
    let worths = flows
        .chain(payoffs.armistice[own].iter().copied())
        .chain(ends);
    worths.clone().fold(f64::NEG_INFINITY, f64::max) - worths.fold(f64::INFINITY, f64::min)
}

/// Edge and hazards as functions of time.
struct Path<'a> {
    setting: &'a Setting,
    contest: &'a ContestSetting,
    numbers: &'a ContestNumbers<f64>,
    world: &'a World,
    query: &'a Query,
    /// The edge at today's rates, as it is believed.
    edge: f64,
    /// What beliefs add to the log of the escalation hazard.
    escalation: f64,
}

/// One month of the path.
struct Month {
    edge: f64,
    supply: [f64; 2],
    floored: bool,
    /// Chance of surviving the month.
    stays: f64,
    /// Chance of ending in the month by each mode.
    by_mode: [f64; 4],
}

impl Path<'_> {
    fn month(&self, month: usize) -> Month {
        let n = self.numbers;
        let t = month as f64;
        let mut floored = false;
        let supply = [Side::A, Side::B].map(|side| self.supply(side, t, &mut floored));
        let edge = self.edge + libm::log(supply[0]) - libm::log(supply[1]);
        let hazard = |scale: f64, exponent: f64| scale * libm::exp(exponent.min(GREATEST_EXPONENT));
        let behind = match self.contest.weapon {
            Some(Side::A) => (-edge).max(0.0),
            Some(Side::B) => edge.max(0.0),
            None => 0.0,
        };
        let levers = self.world.numbers.levers.iter().enumerate();
        let exposure: f64 = levers
            .filter(|(l, _)| self.query.levers.contains(*l))
            .map(|(_, l)| l.escalation)
            .sum();
        let hazards = [
            hazard(n.decisive, n.decisive_slope * edge),
            hazard(n.decisive, -n.decisive_slope * edge),
            n.other_end,
            hazard(
                n.escalation,
                exposure + self.escalation + n.escalation_slope * behind,
            ),
        ];
        let total: f64 = hazards.iter().sum();
        let ends = -libm::expm1(-total);
        let by_mode = if total > 0.0 {
            hazards.map(|h| ends * (h / total))
        } else {
            [0.0; 4]
        };
        Month {
            edge,
            supply,
            floored,
            stays: libm::exp(-total),
            by_mode,
        }
    }

    /// `F_S(t)`: effort of a side.
    fn supply(&self, side: Side, t: f64, floored: &mut bool) -> f64 {
        let capacity = &self.numbers.capacities[side as usize];
        let fallen = ((t - capacity.from_month) / FALL).clamp(0.0, 1.0);
        let mut log_effort = libm::log(1.0 - (1.0 - capacity.low) * fallen);
        for (i, (nest, n)) in self
            .contest
            .nests
            .iter()
            .zip(&self.numbers.nests)
            .enumerate()
        {
            if nest.side == side {
                let ces = self.nest_supply(i, n.substitution, t);
                *floored |= ces < FLOOR;
                log_effort += n.weight * libm::log(ces.max(FLOOR));
            }
        }
        libm::exp(log_effort)
    }

    /// CES of one nest. At ρ = 0 the weighted product; with ρ ≤ 0 a missing contributor leaves nothing.
    fn nest_supply(&self, nest: usize, rho: f64, t: f64) -> f64 {
        // Below this |ρ| the power mean and its limit agree to 1e-9 while 1/ρ would start to lose digits.
        const NEAR_ZERO: f64 = 1e-9;
        let mut sum = 0.0;
        for (j, supply) in self.contest.supplies.iter().enumerate() {
            if supply.nest != nest {
                continue;
            }
            let (share, level) = (self.numbers.supplies[j].share, self.level(j, t));
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
        let levers = self
            .setting
            .levers
            .iter()
            .zip(&self.world.numbers.levers)
            .enumerate();
        let running = levers
            .filter(|(l, _)| self.query.levers.contains(*l))
            .find_map(|(_, (lever, numbers))| {
                let position = lever
                    .sets
                    .iter()
                    .position(|target| *target == Target::SupplyLevel(j))?;
                Some((numbers.delay, numbers.sets[position]))
            });
        let Some((delay, target)) = running else {
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

/// What one point in each state is worth today, for one discount factor.
#[derive(Clone)]
struct Prices {
    patience: f64,
    /// δ^t.
    discount: f64,
    flow: Vec<f64>,
    armistice: Vec<f64>,
    /// A decisive, B decisive, (armistice: by knot above), escalation.
    modes: [f64; 4],
    /// Of one point a month while at war.
    months: f64,
}

impl Prices {
    fn new(patience: f64, knots: usize) -> Self {
        let zero = vec![0.0; knots];
        Self {
            patience,
            discount: 1.0,
            flow: zero.clone(),
            armistice: zero,
            modes: [0.0; 4],
            months: 0.0,
        }
    }

    fn add_month(&mut self, month: &Month, alive: f64, hats: &[f64]) {
        self.add(month, alive * self.discount, hats);
        self.discount *= self.patience;
    }

    /// The months after the horizon, all alike: a geometric series.
    fn close(&mut self, last: &Month, alive: f64, hats: &[f64]) {
        self.add(
            last,
            alive * self.discount / (1.0 - self.patience * last.stays),
            hats,
        );
    }

    fn add(&mut self, month: &Month, weight: f64, hats: &[f64]) {
        let ended = weight * self.patience;
        for (k, hat) in hats.iter().enumerate() {
            self.flow[k] += weight * (1.0 - self.patience) * hat;
            self.armistice[k] += ended * month.by_mode[2] * hat;
        }
        for (price, chance) in self.modes.iter_mut().zip(month.by_mode) {
            *price += ended * chance;
        }
        self.months += weight;
    }

    fn value(
        &self,
        t: usize,
        numbers: &detente_core::TypeNumbers<f64>,
        burden: f64,
        payoffs: &Payoffs,
    ) -> f64 {
        let knots = payoffs.knots.len();
        let dot = |prices: &[f64], worth: &[f64]| -> f64 {
            prices.iter().zip(worth).map(|(p, w)| p * w).sum()
        };
        dot(&self.flow, &payoffs.unsettled[t * knots..(t + 1) * knots])
            + dot(
                &self.armistice,
                &payoffs.armistice[t * knots..(t + 1) * knots],
            )
            + self.modes[0] * payoffs.a_decisive[t]
            + self.modes[1] * payoffs.b_decisive[t]
            + self.modes[3] * payoffs.escalation[t]
            - self.months * ((1.0 - self.patience) * burden + numbers.scar)
    }
}

/// Expected weight of each knot when a function that is linear between knots and constant outside is taken at a normal
/// line: E f(x) = `Σ_k` `weight_k` `f(knot_k)`, for x ~ N(mean, sd²).
fn spread_over_knots(knots: &[f64], mean: f64, sd: f64, hats: &mut [f64]) {
    // E (x - b)⁺
    let above = |b: f64| {
        if sd > 0.0 {
            let z = (mean - b) / sd;
            (mean - b) * normal_cdf(z) + sd * normal_pdf(z)
        } else {
            (mean - b).max(0.0)
        }
    };
    hats.fill(0.0);
    hats[0] = 1.0;
    let mut here = above(knots[0]);
    for k in 1..knots.len() {
        let next = above(knots[k]);
        let passed = ((here - next) / (knots[k] - knots[k - 1])).clamp(0.0, 1.0);
        hats[k - 1] -= passed;
        hats[k] = passed;
        here = next;
    }
}
