//! The contest once more, by another road: month by month for one type, worth integrated numerically over the line's
//! density. Written from the model's definition; shares no code with the closed form and sees only the case and the world.

use detente_core::{
    ContestNumbers, DealValue, Fate, Lever, LeverNumbers, LeverProfile, Preferences, Question,
    Side, Target, Trigger, leader_term, line_lost,
};

use crate::durable::{self, After};
use detente_core::Identity;

/// Half-width of the integration, in standard deviations; the normal tail beyond carries less than 1e-15.
const REACH: f64 = 8.0;
/// Pairs of intervals of Simpson's rule to a standard deviation.
const PER_SD: f64 = 8.0;
/// Greatest error of a value, in points, of a type that doubts its own belief: that of the solver's integral over the doubt.
pub const TOLERANCE: f64 = 0.02;
/// The same of a type that does not: worths are integrated between their bends.
pub(crate) const SHARP_TOLERANCE: f64 = 1e-4;

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

/// V of type `t` under its own beliefs and the levers that run, moved by those of `war`, in points, where what follows endings is known:
/// see [`after_endings`].
pub(crate) fn value_after(
    question: Question,
    t: usize,
    war: Belief,
    after: &[After],
) -> Option<f64> {
    let parts = parts_of(question, t, war)?;
    Some(parts.value(&ending_worths(question, t, war.pulled, after)?))
}

/// What follows each ending for type `t`, the same in every war; nothing where the case does not say what may follow a deal.
pub(crate) fn after_endings(question: Question, t: usize) -> Option<Vec<After>> {
    if question.world.numbers.durability.is_empty() {
        return Some(Vec::new());
    }
    durable::after_endings(question, t)
}

/// V of type `t` under the analyst's beliefs, in points.
pub(crate) fn analysts_value(question: Question, t: usize) -> Option<f64> {
    analysts_value_after(question, t, &after_endings(question, t)?)
}

/// The same where what follows endings is known.
pub(crate) fn analysts_value_after(question: Question, t: usize, after: &[After]) -> Option<f64> {
    let belief = Belief::default();
    let parts = parts_believing(question, t, belief)?;
    Some(parts.value(&ending_worths(question, t, belief.pulled, after)?))
}

/// A value taken apart: what does not come from endings, and what a point in each ending is worth (armistices by knot, A's
/// dictate, B's).
#[derive(Clone, Debug, Default)]
pub(crate) struct Parts {
    fixed: f64,
    endings: Vec<f64>,
}

impl Parts {
    /// V if endings are worth this.
    pub(crate) fn value(&self, worth: &[f64]) -> f64 {
        let mut value = self.fixed;
        for (price, worth) in self.endings.iter().zip(worth) {
            value += price * worth;
        }
        value
    }

    /// What a point in an ending is worth.
    pub(crate) fn price(&self, ending: usize) -> f64 {
        self.endings[ending]
    }
}

/// A type's value under its own beliefs, moved by those of `war`, taken apart.
pub(crate) fn parts_of(question: Question, t: usize, war: Belief) -> Option<Parts> {
    /// Steps on each side of the middle; the rule is exact to many digits for a function this smooth.
    const STEPS: i32 = 48;
    let me = &question.world.numbers.types[t];
    let mut sum = Parts::default();
    let mut weights = 0.0;
    for i in -STEPS..=STEPS {
        // Its own doubt, by the trapezoid rule over six standard deviations.
        if me.own_sd == 0.0 && i != 0 {
            continue;
        }
        let z = 6.0 * f64::from(i) / f64::from(STEPS);
        let belief = Belief {
            edge: me.believes_edge + me.own_sd * z + war.edge,
            escalation: me.believes_escalation + war.escalation,
            ..war
        };
        let part = parts_believing(question, t, belief)?;
        let weight = libm::exp(-0.5 * z * z);
        sum.fixed += weight * part.fixed;
        sum.endings.resize(part.endings.len(), 0.0);
        for (sum, price) in sum.endings.iter_mut().zip(&part.endings) {
            *sum += weight * price;
        }
        weights += weight;
    }
    sum.fixed /= weights;
    sum.endings.iter_mut().for_each(|x| *x /= weights);
    Some(sum)
}

fn parts_believing(question: Question, t: usize, belief: Belief) -> Option<Parts> {
    let me = &question.world.numbers.types[t];
    let worth = Worth::new(question, t, belief.pulled);
    let knots = worth.bends.len();
    let mut parts = Parts {
        fixed: 0.0,
        endings: vec![0.0; knots + 2],
    };
    let (mut discount, mut variance) = (1.0, 0.0_f64);
    let course = course(question, belief)?;
    for (month, state) in course.iter().enumerate() {
        let sd = variance.sqrt();
        variance += state.volatility * state.volatility;
        let (burden, scar) = monthly(question, belief.pulled, t, state.now);
        let hats = spread(state.line, sd, &worth.bends);
        let lived: f64 = hats.iter().zip(&worth.unsettled).map(|(h, w)| h * w).sum();
        let flow = lived - burden;
        let by = state.by_mode;
        // The months after the last are all like it, with the line held.
        let last = month + 1 == course.len();
        let months = if last {
            1.0 / (1.0 - me.patience * state.stays)
        } else {
            1.0
        };
        let weight = state.alive * discount * months;
        let month_worth =
            (1.0 - me.patience) * flow - scar + me.patience * by[3] * worth.escalation;
        parts.fixed += weight * month_worth;
        let ends = weight * me.patience;
        for (price, hat) in parts.endings.iter_mut().zip(&hats) {
            *price += ends * by[2] * hat;
        }
        parts.endings[knots] += ends * by[0];
        parts.endings[knots + 1] += ends * by[1];
        discount *= me.patience;
    }
    Some(parts)
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
    pub(crate) volatility: f64,
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
    let then = move |breach: bool| {
        let pulled = levers()
            .enumerate()
            .filter(move |(l, _)| pulled.contains(*l));
        let of =
            move |(lever, _): &(&Lever, _)| matches!(lever.trigger, Trigger::Violate(_)) == breach;
        pulled.map(|(_, lever)| lever).filter(of)
    };
    now.chain(then(false)).chain(then(true))
}

fn rate(question: Question, pulled: LeverProfile, j: usize, t: f64) -> f64 {
    let world = question.world;
    let supply = &world.numbers.contest[0].supplies[j];
    let levers: Vec<_> = running(question, pulled).collect();
    for (lever, n) in levers.into_iter().rev() {
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

/// What the states of a war that are no endings are worth to a type.
struct Worth {
    /// Positions at which worth bends, increasing.
    bends: Vec<f64>,
    /// Living with nothing settled there.
    unsettled: Vec<f64>,
    escalation: f64,
}

impl Worth {
    fn new(question: Question, t: usize, pulled: LeverProfile) -> Self {
        let Question { setting, world } = question;
        let me = &world.numbers.types[t];
        let contest = setting.contest.as_ref().expect("checked");
        let preferences = preferences(question, pulled);
        let (mut bends, mut unsettled) = (Vec::new(), Vec::new());
        for (option, position) in knots(question) {
            let lost = line_lost(setting, world, t, position);
            let features = [Fate::Unsettled].into_iter();
            let features = features.chain(lost.then_some(Fate::LineLost));
            let package = at(question, &contest.unsettled, option);
            let worth = preferences.worth(setting, t, &package);
            bends.push(position);
            unsettled.push(worth + leader_term(world, t, features));
        }
        Self {
            bends,
            unsettled,
            escalation: leader_term(world, t, [Fate::Escalation]) - me.escalation_cost,
        }
    }
}

/// Preferences, with what levers that run change. Points keep their scale: a lever changes what an option is worth, not what a point
/// is.
pub(crate) fn preferences(question: Question, pulled: LeverProfile) -> Preferences {
    let Question { setting, world } = question;
    let mut preferences = Preferences::default();
    preferences.compute(setting, world);
    for (lever, n) in running(question, pulled) {
        for (target, to) in lever.sets.iter().zip(&n.sets) {
            if let Target::Value(of, option) = target {
                preferences.change(setting, world, *of, *option, *to);
            }
        }
    }
    preferences
}

/// Options of the line with their positions, increasing; of several at one position the first.
pub(crate) fn knots(question: Question) -> Vec<(usize, f64)> {
    let positions = question.world.numbers.positions.iter().copied();
    let mut knots: Vec<(usize, f64)> = Vec::new();
    for (option, position) in positions.enumerate().filter(|(_, p)| !p.is_nan()) {
        if knots.iter().all(|k| k.1 != position) {
            knots.push((option, position));
        }
    }
    knots.sort_by(|a, b| a.1.total_cmp(&b.1));
    knots
}

/// A package with the line at an option.
fn at(question: Question, base: &[u8], option: usize) -> Vec<u8> {
    let contest = question.setting.contest.as_ref().expect("checked");
    let mut package = base.to_vec();
    package[contest.line_issue] = u8::try_from(option).expect("at most 64 options");
    package
}

/// Endings of a war: armistices by knot, A's dictate, B's; with how each came about.
pub(crate) fn endings(question: Question) -> Option<Vec<(Vec<u8>, Vec<Fate>)>> {
    let contest = question.setting.contest.as_ref()?;
    let mut endings = Vec::new();
    for (option, _) in knots(question) {
        let package = at(question, &contest.armistice, option);
        endings.push((package, vec![Fate::Armistice]));
    }
    let dictate = |package: &[u8], fate| (package.to_vec(), vec![fate, Fate::Imposed]);
    endings.push(dictate(&contest.a_decisive, Fate::ADecisive));
    endings.push(dictate(&contest.b_decisive, Fate::BDecisive));
    Some(endings)
}

/// What endings are worth on paper to a type.
pub(crate) fn on_paper(question: Question, t: usize, pulled: LeverProfile) -> Option<Vec<f64>> {
    let Question { setting, world } = question;
    let preferences = preferences(question, pulled);
    let endings = endings(question)?.into_iter();
    let worth = endings
        .map(|(package, how)| Identity.worth(setting, world, &preferences, t, &package, &how));
    Some(worth.collect())
}

/// What endings are worth to a type, given what may follow them.
fn ending_worths(
    question: Question,
    t: usize,
    pulled: LeverProfile,
    after: &[After],
) -> Option<Vec<f64>> {
    let paper = on_paper(question, t, pulled)?;
    if after.is_empty() {
        return Some(paper);
    }
    let each = paper.iter().zip(after);
    Some(each.map(|(paper, after)| after.worth(*paper)).collect())
}

/// Expected weight of each bend where a function that is linear between bends and constant outside is taken at x ~ N(mean, sd²):
/// Simpson's rule between the bends, scaled by its own weights. Where the function is linear the mean place is all that counts.
fn spread(mean: f64, sd: f64, bends: &[f64]) -> Vec<f64> {
    let mut hats = vec![0.0; bends.len()];
    let mut put = |x: f64, weight: f64| {
        let above = bends.iter().take_while(|b| **b < x).count();
        if above == 0 {
            hats[0] += weight;
        } else if above == bends.len() {
            hats[above - 1] += weight;
        } else {
            let part = (x - bends[above - 1]) / (bends[above] - bends[above - 1]);
            hats[above - 1] += weight * (1.0 - part);
            hats[above] += weight * part;
        }
    };
    if sd == 0.0 {
        put(mean, 1.0);
        return hats;
    }
    let (low, high) = (mean - REACH * sd, mean + REACH * sd);
    let mut weights = 0.0;
    let mut stretch = |from: f64, to: f64| {
        let [weight, place] = simpson((from - mean) / sd, (to - mean) / sd);
        if weight > 0.0 {
            put(mean + sd * place / weight, weight);
            weights += weight;
        }
    };
    let mut from = low;
    for bend in bends.iter().filter(|x| **x > low && **x < high) {
        stretch(from, *bend);
        from = *bend;
    }
    stretch(from, high);
    for hat in &mut hats {
        *hat /= weights;
    }
    hats
}

/// Simpson's sums of e^(−z²/2) and of z times that from one z to another. Densities at even steps h follow from one another: each is the
/// one before times a factor that shrinks by e^(−h²) a step.
fn simpson(from: f64, to: f64) -> [f64; 2] {
    let mut intervals = 2;
    while f64::from(intervals) < 2.0 * PER_SD * (to - from) {
        intervals += 2;
    }
    let step = (to - from) / f64::from(intervals);
    let shrinks = libm::exp(-step * step);
    let mut factor = libm::exp(-step * (from + 0.5 * step));
    let mut density = libm::exp(-0.5 * from * from);
    let [mut sum, mut places] = [0.0; 2];
    for i in 0..=intervals {
        let simpson = match i {
            _ if i == 0 || i == intervals => 1.0,
            _ if i % 2 == 1 => 4.0,
            _ => 2.0,
        };
        let weight = simpson * density;
        sum += weight;
        places += weight * (from + f64::from(i) * step);
        density *= factor;
        factor *= shrinks;
    }
    [sum * step, places * step]
}

/// Linear between knots, constant outside.
pub(crate) fn interpolate(knots: impl Iterator<Item = (f64, f64)>, x: f64) -> f64 {
    let mut before: Option<(f64, f64)> = None;
    for (at, worth) in knots {
        if x <= at {
            return before.map_or(worth, |(b, w)| w + (worth - w) * (x - b) / (at - b));
        }
        before = Some((at, worth));
    }
    before.map_or(0.0, |(_, worth)| worth)
}
