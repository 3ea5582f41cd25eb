//! The contest by simulation, written from the definition of the model alone: it shares no code with the solver it checks.
//!
//! Three ways to value one contest, each leaning on less luck than the one before:
//!
//! - [`drawn`]: the line and the ending are drawn month by month, also beyond the horizon. Nothing but the definition.
//! - [`weighed`]: the line is drawn, the endings are weighed by their chances.
//! - [`swept`]: edge and hazards depend on time only, so V is a sum of means of functions of one month's line each; paths
//!   that stand at the same quantile in every month have the right law in each month, and one integral over that quantile
//!   gives V.
//!
//! A believer in doubt about the edge is served by [`drawn`] and by `expected`, which stands in a file of its own.
//!
//! Sides: 0 is A, 1 is B. Endings: 0 A decisive, 1 B decisive, 2 armistice, 3 escalation.

/// A group of contributions.
#[derive(Clone, Debug)]
pub(crate) struct Nest {
    pub(crate) side: usize,
    pub(crate) weight: f64,
    pub(crate) rho: f64,
    pub(crate) contributions: Vec<Contribution>,
}

/// A contribution.
#[derive(Clone, Debug)]
pub(crate) struct Contribution {
    pub(crate) share: f64,
    pub(crate) level: f64,
    pub(crate) buffer: f64,
    pub(crate) ramp: f64,
}

/// When a side's capacity starts to fall, and where it ends six months later.
#[derive(Clone, Debug)]
pub(crate) struct Depletion {
    pub(crate) from_month: f64,
    pub(crate) low: f64,
}

/// A lever that runs: it sets contributions (nest, place in the nest) to a level.
#[derive(Clone, Debug)]
pub(crate) struct Lever {
    pub(crate) delay: f64,
    pub(crate) escalation: f64,
    pub(crate) sets: Vec<(usize, usize, f64)>,
}

/// What one type makes of the states.
#[derive(Clone, Debug)]
pub(crate) struct Payoff {
    pub(crate) patience: f64,
    pub(crate) burden: f64,
    pub(crate) scar: f64,
    pub(crate) escalation_cost: f64,
    /// At the contest's knots.
    pub(crate) unsettled: Vec<f64>,
    /// At the contest's knots.
    pub(crate) armistice: Vec<f64>,
    /// Worth of the two decisive endings.
    pub(crate) decisive: [f64; 2],
}

/// A contest under one lever profile and one belief.
#[derive(Clone, Debug)]
pub(crate) struct War {
    pub(crate) horizon: usize,
    pub(crate) edge: f64,
    /// Standard deviation of the believer's own doubt about the edge: one factor, the same in every month of a war.
    pub(crate) doubt: f64,
    pub(crate) pace: f64,
    pub(crate) volatility: f64,
    pub(crate) start: f64,
    pub(crate) decisive: f64,
    pub(crate) decisive_slope: f64,
    pub(crate) other_end: f64,
    pub(crate) escalation: f64,
    pub(crate) escalation_slope: f64,
    /// The side that holds the weapon.
    pub(crate) weapon: Option<usize>,
    pub(crate) nests: Vec<Nest>,
    pub(crate) depletion: [Depletion; 2],
    /// Those that run.
    pub(crate) levers: Vec<Lever>,
    pub(crate) knots: Vec<f64>,
    pub(crate) types: Vec<Payoff>,
}

/// What the two sides bring to the front in one month.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Effort {
    /// Of A and of B.
    of_side: [f64; 2],
    /// Log of A's over B's.
    ratio: f64,
    /// Did a nest's supply fall below the floor?
    floored: bool,
}

/// One month of a war.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Month {
    /// Effort of A and of B.
    pub(crate) effort: [f64; 2],
    /// Edge of A.
    pub(crate) edge: f64,
    /// Hazard by ending.
    pub(crate) hazards: [f64; 4],
    /// Chance that the war goes on.
    pub(crate) goes_on: f64,
    /// Did a nest's supply fall below the floor?
    pub(crate) floored: bool,
}

impl Month {
    /// Chance that the war ends this month by `ending`.
    pub(crate) fn ends_by(&self, ending: usize) -> f64 {
        let total: f64 = self.hazards.iter().sum();
        if total > 0.0 {
            (1.0 - self.goes_on) * self.hazards[ending] / total
        } else {
            0.0
        }
    }
}

/// Supply of a nest is never less than this.
const FLOOR: f64 = 0.02;
/// Months over which capacity falls.
const FALL: f64 = 6.0;

impl War {
    /// The months up to the horizon, with the edge as stated.
    pub(crate) fn months(&self) -> Vec<Month> {
        let of_month = |effort: &Effort| self.month(effort, 0.0);
        self.efforts().iter().map(of_month).collect()
    }

    /// Both sides' efforts in the months up to the horizon: what no belief about the edge changes.
    pub(crate) fn efforts(&self) -> Vec<Effort> {
        (0..self.horizon).map(|t| self.effort(t as f64)).collect()
    }

    fn effort(&self, t: f64) -> Effort {
        let mut effort = [0, 1].map(|side| self.capacity(side, t));
        let mut floored = false;
        for (n, nest) in self.nests.iter().enumerate() {
            let levels: Vec<f64> = (0..nest.contributions.len())
                .map(|j| self.level(n, j, t))
                .collect();
            let supply = ces(nest, &levels);
            floored |= supply < FLOOR;
            effort[nest.side] *= libm::pow(supply.max(FLOOR), nest.weight);
        }
        Effort {
            of_side: effort,
            ratio: libm::log(effort[0]) - libm::log(effort[1]),
            floored,
        }
    }

    /// A month if the edge is what is stated and `surprise` more.
    pub(crate) fn month(&self, effort: &Effort, surprise: f64) -> Month {
        let edge = self.edge + surprise + effort.ratio;
        let behind = match self.weapon {
            Some(0) => (-edge).max(0.0),
            Some(_) => edge.max(0.0),
            None => 0.0,
        };
        let exposure: f64 = self.levers.iter().map(|lever| lever.escalation).sum();
        let hazards = [
            self.decisive * libm::exp(self.decisive_slope * edge),
            self.decisive * libm::exp(-self.decisive_slope * edge),
            self.other_end,
            self.escalation * libm::exp(exposure + self.escalation_slope * behind),
        ];
        Month {
            effort: effort.of_side,
            edge,
            hazards,
            goes_on: libm::exp(-hazards.iter().sum::<f64>()),
            floored: effort.floored,
        }
    }

    fn capacity(&self, side: usize, t: f64) -> f64 {
        let Depletion { from_month, low } = self.depletion[side];
        1.0 - (1.0 - low) * ((t - from_month) / FALL).clamp(0.0, 1.0)
    }

    /// Level of a contribution: today's, or on its way to where a lever sets it.
    fn level(&self, nest: usize, place: usize, t: f64) -> f64 {
        let today = &self.nests[nest].contributions[place];
        for lever in &self.levers {
            for (n, j, target) in &lever.sets {
                if (*n, *j) == (nest, place) {
                    let stocks = if *target < today.level {
                        today.buffer
                    } else {
                        0.0
                    };
                    let since = t - lever.delay - stocks;
                    let done = if since < 0.0 {
                        0.0
                    } else if since >= today.ramp {
                        1.0
                    } else {
                        since / today.ramp
                    };
                    return today.level + (target - today.level) * done;
                }
            }
        }
        today.level
    }
}

/// Constant elasticity of substitution. A contribution without a share does not count.
fn ces(nest: &Nest, levels: &[f64]) -> f64 {
    let parts = || {
        nest.contributions
            .iter()
            .zip(levels)
            .map(|(c, f)| (c.share, *f))
            .filter(|(s, _)| *s > 0.0)
    };
    if nest.rho <= 0.0 && parts().any(|(_, f)| f <= 0.0) {
        return 0.0;
    }
    if nest.rho == 0.0 {
        return parts().map(|(s, f)| libm::pow(f, s)).product();
    }
    libm::pow(
        parts().map(|(s, f)| s * libm::pow(f, nest.rho)).sum(),
        1.0 / nest.rho,
    )
}

/// Worth at `x`: linear between knots, constant outside.
fn worth(knots: &[f64], values: &[f64], x: f64) -> f64 {
    let right = knots.partition_point(|knot| *knot <= x);
    if right == 0 {
        return values[0];
    }
    if right == knots.len() {
        return values[right - 1];
    }
    let share = (x - knots[right - 1]) / (knots[right] - knots[right - 1]);
    values[right - 1] + share * (values[right] - values[right - 1])
}

impl Payoff {
    /// Worth of an ending with the line at `x`.
    fn ending(&self, knots: &[f64], ending: usize, x: f64) -> f64 {
        match ending {
            0 | 1 => self.decisive[ending],
            2 => worth(knots, &self.armistice, x),
            _ => -self.escalation_cost,
        }
    }

    /// What one month of war brings with the line at `x`, at its start: the flow's share and the scar.
    fn month(&self, knots: &[f64], x: f64) -> f64 {
        (1.0 - self.patience) * (worth(knots, &self.unsettled, x) - self.burden) - self.scar
    }
}

/// V of every type along one path of the line, endings weighed by their chances: `line[t]` for t = 0..=horizon.
fn along(war: &War, months: &[Month], line: &[f64]) -> Vec<f64> {
    let knots = &war.knots;
    let one = |payoff: &Payoff| {
        let ends = |month: &Month, x: f64| -> f64 {
            (0..4)
                .map(|ending| month.ends_by(ending) * payoff.ending(knots, ending, x))
                .sum()
        };
        let mut value = 0.0;
        // Chance of still fighting, discounted.
        let mut weight = 1.0;
        for (month, x) in months.iter().zip(line) {
            value += weight * (payoff.month(knots, *x) + payoff.patience * ends(month, *x));
            weight *= month.goes_on * payoff.patience;
        }
        let last = months[months.len() - 1];
        let x = line[months.len()];
        let for_ever = payoff.month(knots, x) + payoff.patience * ends(&last, x);
        value + weight * for_ever / (1.0 - payoff.patience * last.goes_on)
    };
    war.types.iter().map(one).collect()
}

/// A mean over paths and its standard error.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Mean {
    count: f64,
    sum: f64,
    squares: f64,
}

impl Mean {
    fn add(&mut self, x: f64) {
        self.count += 1.0;
        self.sum += x;
        self.squares += x * x;
    }
    /// The mean.
    pub(crate) fn mean(&self) -> f64 {
        self.sum / self.count
    }
    /// Its standard error.
    pub(crate) fn error(&self) -> f64 {
        let variance = self.squares / self.count - self.mean() * self.mean();
        (variance.max(0.0) / (self.count - 1.0)).sqrt()
    }
}

/// What drawing whole wars found.
#[derive(Clone, Debug)]
pub(crate) struct Drawn {
    pub(crate) paths: usize,
    /// V by type.
    pub(crate) values: Vec<Mean>,
    /// Paths that ended in a month by an ending.
    pub(crate) endings: Vec<[usize; 4]>,
}

/// Draws `paths` wars to their end, each with its own truth about the edge where the believer is in doubt.
pub(crate) fn drawn(war: &War, paths: usize, random: &mut Random) -> Drawn {
    let efforts = war.efforts();
    let mut months = war.months();
    let knots = &war.knots;
    let mut result = Drawn {
        paths,
        values: vec![Mean::default(); war.types.len()],
        endings: vec![[0; 4]; war.horizon],
    };
    let mut values = vec![0.0; war.types.len()];
    for _ in 0..paths {
        if war.doubt > 0.0 {
            let surprise = war.doubt * random.normal();
            for (month, effort) in months.iter_mut().zip(&efforts) {
                *month = war.month(effort, surprise);
            }
        }
        let last = months[months.len() - 1];
        values.fill(0.0);
        let mut x = war.start;
        let mut ended = false;
        for (t, month) in months.iter().enumerate() {
            let ends = random.uniform() > month.goes_on;
            let ending = if ends { pick(month, random) } else { 0 };
            for (value, payoff) in values.iter_mut().zip(&war.types) {
                let now = libm::pow(payoff.patience, t as f64);
                *value += now * payoff.month(knots, x);
                if ends {
                    *value += now * payoff.patience * payoff.ending(knots, ending, x);
                }
            }
            if ends {
                result.endings[t][ending] += 1;
                ended = true;
                break;
            }
            x += war.pace * month.edge + war.volatility * random.normal();
        }
        if !ended {
            // Beyond the horizon nothing changes: draw how many more months are survived, and then how it ends.
            let total: f64 = last.hazards.iter().sum();
            let survived = if total > 0.0 {
                (-libm::log(random.uniform()) / total).floor()
            } else {
                f64::INFINITY
            };
            let ending = pick(&last, random);
            for (value, payoff) in values.iter_mut().zip(&war.types) {
                let then = libm::pow(payoff.patience, war.horizon as f64);
                let left = libm::pow(payoff.patience, survived + 1.0);
                let fought = payoff.month(knots, x) * (1.0 - left) / (1.0 - payoff.patience);
                *value += then * (fought + left * payoff.ending(knots, ending, x));
            }
        }
        for (mean, value) in result.values.iter_mut().zip(&values) {
            mean.add(*value);
        }
    }
    result
}

/// Draws how a war that ends in this month ends.
fn pick(month: &Month, random: &mut Random) -> usize {
    let mut left = random.uniform() * month.hazards.iter().sum::<f64>();
    for (ending, hazard) in month.hazards.iter().enumerate() {
        left -= hazard;
        if left < 0.0 {
            return ending;
        }
    }
    3
}

/// What drawing lines found.
#[derive(Clone, Debug)]
pub(crate) struct Weighed {
    /// V by type. Each draw is a pair of mirrored lines.
    pub(crate) values: Vec<Mean>,
    /// Line at the horizon.
    pub(crate) line: Mean,
    /// Its squared distance from where it would be without chance.
    pub(crate) spread: Mean,
}

/// Draws `pairs` of lines, each with its mirror image.
pub(crate) fn weighed(war: &War, pairs: usize, random: &mut Random) -> Weighed {
    assert!(war.doubt == 0.0, "one truth about the edge");
    let months = war.months();
    let calm = calm_line(war, &months);
    let mut result = Weighed {
        values: vec![Mean::default(); war.types.len()],
        line: Mean::default(),
        spread: Mean::default(),
    };
    let (mut up, mut down) = (calm.clone(), calm.clone());
    for _ in 0..pairs {
        let mut away = 0.0;
        for t in 0..war.horizon {
            away += war.volatility * random.normal();
            up[t + 1] = calm[t + 1] + away;
            down[t + 1] = calm[t + 1] - away;
        }
        let (one, other) = (along(war, &months, &up), along(war, &months, &down));
        for ((mean, a), b) in result.values.iter_mut().zip(one).zip(other) {
            mean.add(f64::midpoint(a, b));
        }
        result.line.add(up[war.horizon]);
        result.spread.add(away * away);
    }
    result
}

/// V of every type by one integral over the line's quantile.
pub(crate) fn swept(war: &War, points: usize) -> Vec<f64> {
    const REACH: f64 = 8.0;
    assert!(war.doubt == 0.0, "one truth about the edge");
    let months = war.months();
    let calm = calm_line(war, &months);
    if war.volatility == 0.0 {
        return along(war, &months, &calm);
    }
    let mut values = vec![0.0; war.types.len()];
    let mut mass = 0.0;
    for k in 0..points {
        let z = REACH * ((2 * k + 1) as f64 / points as f64 - 1.0);
        let weight = libm::exp(-z * z / 2.0);
        mass += weight;
        let line: Vec<f64> = calm
            .iter()
            .enumerate()
            .map(|(t, x)| x + war.volatility * (t as f64).sqrt() * z)
            .collect();
        for (value, v) in values.iter_mut().zip(along(war, &months, &line)) {
            *value += weight * v;
        }
    }
    values.iter().map(|value| value / mass).collect()
}

/// Chance of each ending in each month.
pub(crate) fn chances(war: &War) -> Vec<[f64; 4]> {
    assert!(war.doubt == 0.0, "one truth about the edge");
    let mut fighting = 1.0;
    let of_month = |month: &Month| {
        let chances = [0, 1, 2, 3].map(|ending| fighting * month.ends_by(ending));
        fighting *= month.goes_on;
        chances
    };
    war.months().iter().map(of_month).collect()
}

/// The line without chance, at the start of months 0..=horizon.
pub(crate) fn calm_line(war: &War, months: &[Month]) -> Vec<f64> {
    let mut line = vec![war.start];
    for month in months {
        line.push(line[line.len() - 1] + war.pace * month.edge);
    }
    line
}

/// `SplitMix64` (Steele, Lea and Flood 2014) and normal numbers by Box and Muller (1958).
#[derive(Clone, Debug)]
pub(crate) struct Random {
    state: u64,
    spare: Option<f64>,
}

impl Random {
    /// A stream.
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            state: seed,
            spare: None,
        }
    }

    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// In (0, 1), never an end.
    pub(crate) fn uniform(&mut self) -> f64 {
        ((self.next() >> 11) as f64 + 0.5) / (1_u64 << 53) as f64
    }

    /// In (low, high).
    pub(crate) fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.uniform()
    }

    /// In (low, high), evenly on a log scale.
    pub(crate) fn log_between(&mut self, low: f64, high: f64) -> f64 {
        libm::exp(self.between(libm::log(low), libm::log(high)))
    }

    /// One of 0..n.
    pub(crate) fn below(&mut self, n: u64) -> usize {
        usize::try_from(self.next() % n).expect("n is small")
    }

    /// True with this chance.
    pub(crate) fn chance(&mut self, chance: f64) -> bool {
        self.uniform() < chance
    }

    /// Standard normal.
    pub(crate) fn normal(&mut self) -> f64 {
        if let Some(spare) = self.spare.take() {
            return spare;
        }
        let radius = (-2.0 * libm::log(self.uniform())).sqrt();
        let (sine, cosine) = libm::sincos(2.0 * std::f64::consts::PI * self.uniform());
        self.spare = Some(radius * sine);
        radius * cosine
    }
}
