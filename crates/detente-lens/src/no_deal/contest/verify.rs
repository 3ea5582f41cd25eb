//! The contest once more, by another road: month by month for one type, worth integrated numerically over the line's
//! density. Written from the model's definition; shares no code with the closed form and sees only the case and the world.

use detente_core::{
    ContestNumbers, DealValue, Fate, Lever, LeverNumbers, LeverProfile, Preferences, Question,
    Side, Target, Trigger, leader_term, line_lost,
};

use crate::Identity;

/// Half-width of the integration, in standard deviations; the normal tail beyond carries less than 1e-15.
const REACH: f64 = 8.0;
/// Pairs of intervals of Simpson's rule to a standard deviation.
const PER_SD: f64 = 16.0;
/// Greatest error of a value, in points, of a type that doubts its own belief: that of the solver's integral over the doubt.
pub(crate) const TOLERANCE: f64 = 0.02;
/// The same of a type that does not: worths are integrated between their bends.
pub(crate) const SHARP_TOLERANCE: f64 = 2e-5;

/// How a war differs from the analyst's draw of it as it runs: whose beliefs, from where, with which levers pulled besides.
#[derive(Clone, Copy, Default)]
pub(crate) struct Belief {
    pub(crate) edge: f64,
    pub(crate) escalation: f64,
    /// Levers pulled besides those that run.
    pub(crate) pulled: LeverProfile,
    /// Where the line starts; `None`: where it is today.
    pub(crate) start: Option<f64>,
}

/// V of type `t` under its own beliefs and the levers that run, in points.
pub(crate) fn value(question: Question, t: usize) -> Option<f64> {
    value_of(question, t, Belief::default())
}

/// The same of a war that differs: what `war` says of beliefs comes on top of the type's own.
pub(crate) fn value_of(question: Question, t: usize, war: Belief) -> Option<f64> {
    /// Steps on each side of the middle; the rule is exact to many digits for a function this smooth.
    const STEPS: i32 = 48;
    let me = &question.world.numbers.types[t];
    let at = |edge: f64| {
        let belief = Belief {
            edge: edge + war.edge,
            escalation: me.believes_escalation + war.escalation,
            ..war
        };
        value_believing(question, t, belief)
    };
    if me.own_sd == 0.0 {
        return at(me.believes_edge);
    }
    // Its own doubt, by the trapezoid rule over six standard deviations.
    let (mut sum, mut weights) = (0.0, 0.0);
    for i in -STEPS..=STEPS {
        let z = 6.0 * f64::from(i) / f64::from(STEPS);
        let weight = libm::exp(-0.5 * z * z);
        sum += weight * at(me.believes_edge + me.own_sd * z)?;
        weights += weight;
    }
    Some(sum / weights)
}

/// V of type `t` under the analyst's beliefs, in points.
pub(crate) fn analysts_value(question: Question, t: usize) -> Option<f64> {
    value_believing(question, t, Belief::default())
}

fn value_believing(question: Question, t: usize, belief: Belief) -> Option<f64> {
    let me = &question.world.numbers.types[t];
    let worth = Worth::new(question, t, belief.pulled);
    let (mut value, mut discount, mut variance) = (0.0, 1.0, 0.0_f64);
    let course = course(question, belief)?;
    for (month, state) in course.iter().enumerate() {
        let sd = variance.sqrt();
        variance += state.volatility * state.volatility;
        let (burden, scar) = monthly(question, belief.pulled, t, state.now);
        let flow = expectation(state.line, sd, &worth.bends, |x| worth.unsettled(x)) - burden;
        let armistice = expectation(state.line, sd, &worth.bends, |x| worth.armistice(x));
        let by = state.by_mode;
        let ending = by[0] * worth.a_decisive
            + by[1] * worth.b_decisive
            + by[2] * armistice
            + by[3] * worth.escalation;
        let month_worth = (1.0 - me.patience) * flow - scar + me.patience * ending;
        // The months after the last are all like it, with the line held.
        let last = month + 1 == course.len();
        let months = if last {
            1.0 / (1.0 - me.patience * state.stays)
        } else {
            1.0
        };
        value += state.alive * discount * months * month_worth;
        discount *= me.patience;
    }
    Some(value)
}

/// One month of the contest.
pub(crate) struct Month {
    /// Chance that it is reached.
    pub(crate) alive: f64,
    /// Chance of ending in it, if reached, by each mode.
    pub(crate) by_mode: [f64; 4],
    /// Chance of outlasting it, if reached.
    pub(crate) stays: f64,
    /// Mean of the line at its start.
    pub(crate) line: f64,
    /// The line's standard deviation over the month.
    volatility: f64,
    /// The month whose levers are in force.
    now: usize,
    /// Effort of A and of B.
    pub(crate) efforts: [f64; 2],
}

/// The months up to the horizon, and one more that stands for all later ones: edge and hazards as in the last.
pub(crate) fn course(question: Question, belief: Belief) -> Option<Vec<Month>> {
    let Question { setting, world } = question;
    let contest = setting.contest.as_ref()?;
    let stated = world.numbers.contest.first()?;
    let pulled = belief.pulled;
    let exposure: f64 = running(question, pulled).map(|(_, n)| n.escalation).sum();
    let exposure = exposure + belief.escalation;
    let (mut alive, mut line) = (1.0, belief.start.unwrap_or(stated.start));
    let month = |month: usize| {
        let now = month.min(contest.horizon - 1);
        let n = in_force(question, pulled, now);
        let efforts = [Side::A, Side::B].map(|side| effort(question, pulled, &n, side, now));
        let edge = n.edge + belief.edge + libm::log(efforts[0] / efforts[1]);
        let behind = contest
            .weapon
            .map_or(0.0, |side| if side == Side::A { -edge } else { edge });
        let hazards = [
            n.decisive * libm::exp((n.decisive_slope * edge).min(60.0)),
            n.decisive * libm::exp((-n.decisive_slope * edge).min(60.0)),
            n.other_end,
            n.escalation * libm::exp((exposure + n.escalation_slope * behind.max(0.0)).min(60.0)),
        ];
        let all: f64 = hazards.iter().sum();
        let stays = libm::exp(-all);
        let share = |hazard: f64| {
            if all > 0.0 {
                (1.0 - stays) * hazard / all
            } else {
                0.0
            }
        };
        let state = Month {
            alive,
            by_mode: hazards.map(share),
            stays,
            line,
            volatility: n.volatility,
            now,
            efforts,
        };
        alive *= stays;
        line += n.pace * edge;
        state
    };
    Some((0..=contest.horizon).map(month).collect())
}

/// The contest's numbers in a month: as stated, or as a lever past its delay sets them.
fn in_force(question: Question, pulled: LeverProfile, month: usize) -> ContestNumbers<f64> {
    let mut numbers = question.world.numbers.contest[0].clone();
    for (lever, n) in running(question, pulled).filter(|(_, n)| month as f64 >= n.delay) {
        for (target, to) in lever.sets.iter().zip(&n.sets) {
            match target {
                Target::Contest(number) => *number.of(&mut numbers) = *to,
                Target::CapacityFrom(side) => numbers.capacities[*side as usize].from_month = *to,
                Target::CapacityLow(side) => numbers.capacities[*side as usize].low = *to,
                // Levels have stocks and ramps; the others are a type's.
                Target::SupplyLevel(_)
                | Target::Burden(_)
                | Target::Scar(_)
                | Target::Value(..) => {}
            }
        }
    }
    numbers
}

/// Burden and scar of a type in a month, what running levers cost it included.
fn monthly(question: Question, pulled: LeverProfile, t: usize, month: usize) -> (f64, f64) {
    let me = &question.world.numbers.types[t];
    let party = question.setting.types[t].party;
    let (mut burden, mut scar, mut flows) = (me.burden, me.scar, 0.0);
    for (lever, n) in running(question, pulled) {
        let bearers = lever.flow_to.iter().zip(&n.flow_costs);
        let own = bearers.filter(|(to, _)| **to == party);
        flows += own.map(|(_, cost)| cost).sum::<f64>();
        for (target, to) in lever.sets.iter().zip(&n.sets) {
            match target {
                Target::Burden(of) if *of == t && month as f64 >= n.delay => burden = *to,
                Target::Scar(of) if *of == t && month as f64 >= n.delay => scar = *to,
                _ => {}
            }
        }
    }
    (burden + flows, scar)
}

/// Effort of a side in a month, by the definition.
fn effort(
    question: Question,
    pulled: LeverProfile,
    n: &ContestNumbers<f64>,
    side: Side,
    month: usize,
) -> f64 {
    let contest = question.setting.contest.as_ref().expect("checked");
    let cap = &n.capacities[side as usize];
    let t = month as f64;
    let mut effort = match t - cap.from_month {
        since if since <= 0.0 => 1.0,
        since if since >= 6.0 => cap.low,
        since => 1.0 - (1.0 - cap.low) * since / 6.0,
    };
    for (k, _) in contest
        .nests
        .iter()
        .enumerate()
        .filter(|(_, nest)| nest.side == side)
    {
        let rho = n.nests[k].substitution;
        let members = contest
            .supplies
            .iter()
            .enumerate()
            .filter(|(_, supply)| supply.nest == k);
        let terms: Vec<(f64, f64)> = members
            .map(|(j, _)| (n.supplies[j].share, rate(question, pulled, j, t)))
            .collect();
        let ces = if rho.abs() < 1e-9 {
            terms.iter().map(|(s, f)| libm::pow(*f, *s)).product()
        } else if rho < 0.0 && terms.iter().any(|(s, f)| *s > 0.0 && *f <= 0.0) {
            0.0
        } else {
            libm::pow(
                terms
                    .iter()
                    .map(|(s, f)| {
                        if *f > 0.0 {
                            s * libm::pow(*f, rho)
                        } else {
                            0.0
                        }
                    })
                    .sum(),
                1.0 / rho,
            )
        };
        effort *= libm::pow(ces.max(0.02), n.nests[k].weight);
    }
    effort
}

/// Levers that run whatever the talks bring, and after them those that were pulled: what they set holds.
fn running(
    question: Question<'_>,
    pulled: LeverProfile,
) -> impl Iterator<Item = (&Lever, &LeverNumbers<f64>)> {
    let Question { setting, world } = question;
    let levers = || setting.levers.iter().zip(&world.numbers.levers);
    let now = levers().filter(|(lever, n)| lever.trigger == Trigger::Now && n.on > 0.0);
    let then = levers()
        .enumerate()
        .filter(move |(l, _)| pulled.contains(*l));
    now.chain(then.map(|(_, lever)| lever))
}

fn rate(question: Question, pulled: LeverProfile, j: usize, t: f64) -> f64 {
    let world = question.world;
    let supply = &world.numbers.contest[0].supplies[j];
    let mut levers: Vec<_> = running(question, pulled).collect();
    levers.sort_by_key(|(lever, _)| lever.trigger == Trigger::Now);
    for (lever, n) in levers {
        for (target, goal) in lever.sets.iter().zip(&n.sets) {
            if *target == Target::SupplyLevel(j) {
                let start = n.delay
                    + if *goal < supply.level {
                        supply.buffer
                    } else {
                        0.0
                    };
                return match t - start {
                    since if since < 0.0 => supply.level,
                    since if since >= supply.ramp => *goal,
                    since => supply.level + (goal - supply.level) * since / supply.ramp,
                };
            }
        }
    }
    supply.level
}

/// What one type makes of the contest's states.
struct Worth {
    /// (position, unsettled, armistice), increasing in position.
    knots: Vec<(f64, f64, f64)>,
    /// Their positions.
    bends: Vec<f64>,
    a_decisive: f64,
    b_decisive: f64,
    escalation: f64,
}

impl Worth {
    fn new(question: Question, t: usize, pulled: LeverProfile) -> Self {
        let Question { setting, world } = question;
        let me = &world.numbers.types[t];
        let contest = setting.contest.as_ref().expect("checked");
        let mut preferences = Preferences::default();
        preferences.compute(setting, world);
        // Points keep their scale: a lever changes what an option is worth, not what a point is.
        for (lever, n) in running(question, pulled) {
            for (target, to) in lever.sets.iter().zip(&n.sets) {
                if let Target::Value(of, option) = target {
                    preferences.change(setting, world, *of, *option, *to);
                }
            }
        }
        let at = |base: &[u8], option: usize| {
            let mut package = base.to_vec();
            package[contest.line_issue] = u8::try_from(option).expect("at most 64 options");
            package
        };
        let deal = |package: &[u8], how: &[Fate]| {
            Identity.worth(setting, world, &preferences, t, package, how)
        };
        let mut knots: Vec<(f64, f64, f64)> = Vec::new();
        for (option, position) in world
            .numbers
            .positions
            .iter()
            .enumerate()
            .filter(|(_, p)| !p.is_nan())
        {
            if knots.iter().all(|k| k.0 != *position) {
                let lost = line_lost(setting, world, t, *position);
                let features = [Fate::Unsettled].into_iter();
                let features = features.chain(lost.then_some(Fate::LineLost));
                let unsettled = preferences.worth(setting, t, &at(&contest.unsettled, option))
                    + leader_term(world, t, features);
                knots.push((
                    *position,
                    unsettled,
                    deal(&at(&contest.armistice, option), &[Fate::Armistice]),
                ));
            }
        }
        knots.sort_by(|a, b| a.0.total_cmp(&b.0));
        let (a_decisive, b_decisive) = (
            deal(&contest.a_decisive, &[Fate::ADecisive, Fate::Imposed]),
            deal(&contest.b_decisive, &[Fate::BDecisive, Fate::Imposed]),
        );
        Self {
            bends: knots.iter().map(|k| k.0).collect(),
            knots,
            a_decisive,
            b_decisive,
            escalation: leader_term(world, t, [Fate::Escalation]) - me.escalation_cost,
        }
    }

    fn unsettled(&self, x: f64) -> f64 {
        interpolate(self.knots.iter().map(|k| (k.0, k.1)), x)
    }

    fn armistice(&self, x: f64) -> f64 {
        interpolate(self.knots.iter().map(|k| (k.0, k.2)), x)
    }
}

fn interpolate(knots: impl Iterator<Item = (f64, f64)>, x: f64) -> f64 {
    let mut before: Option<(f64, f64)> = None;
    for (at, worth) in knots {
        if x <= at {
            return before.map_or(worth, |(b, w)| w + (worth - w) * (x - b) / (at - b));
        }
        before = Some((at, worth));
    }
    before.map_or(0.0, |(_, worth)| worth)
}

/// E f(x) for x ~ N(mean, sd²) by Simpson's rule between the points where f bends, scaled by its own weights.
fn expectation(mean: f64, sd: f64, bends: &[f64], f: impl Fn(f64) -> f64) -> f64 {
    if sd == 0.0 {
        return f(mean);
    }
    let (low, high) = (mean - REACH * sd, mean + REACH * sd);
    let (mut sum, mut weights) = (0.0, 0.0);
    let mut stretch = |from: f64, to: f64| {
        let mut intervals = 2;
        while f64::from(intervals) < 2.0 * PER_SD * (to - from) / sd {
            intervals += 2;
        }
        let step = (to - from) / f64::from(intervals);
        for i in 0..=intervals {
            let simpson = match i {
                _ if i == 0 || i == intervals => 1.0,
                _ if i % 2 == 1 => 4.0,
                _ => 2.0,
            };
            let x = from + f64::from(i) * step;
            let z = (x - mean) / sd;
            let weight = step * simpson * libm::exp(-0.5 * z * z);
            sum += weight * f(x);
            weights += weight;
        }
    };
    let mut from = low;
    for bend in bends.iter().filter(|x| **x > low && **x < high) {
        stretch(from, *bend);
        from = *bend;
    }
    stretch(from, high);
    sum / weights
}
