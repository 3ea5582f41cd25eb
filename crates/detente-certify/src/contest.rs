//! The contest once more, by another road: month by month for one type, worth integrated numerically over the line's
//! density. Written from the model's definition; shares no code with the closed form and sees only the case and the world.

use detente_core::{
    DealValue, Fate, Identity, LeverProfile, Preferences, Question, Target, leader_term, line_lost,
};

mod course;
mod waiting;

use crate::budget;
use crate::durable::{self, After};

pub(crate) use course::course;
pub(crate) use course::running;
use course::{InForce, monthly, months, walk};
pub(crate) use waiting::{discounted_months, waiting};

/// Half-width of the integration, in standard deviations; the normal tail beyond carries less than 3e-12.
const REACH: f64 = 7.0;
/// Pairs of intervals of Simpson's rule to a standard deviation.
const PER_SD: f64 = 5.0;
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

    fn add(&mut self, weight: f64, part: &Self) {
        self.fixed += weight * part.fixed;
        self.endings.resize(part.endings.len(), 0.0);
        for (sum, price) in self.endings.iter_mut().zip(&part.endings) {
            *sum += weight * price;
        }
    }

    fn scaled(&self, by: f64) -> Self {
        Self {
            fixed: by * self.fixed,
            endings: self.endings.iter().map(|price| by * price).collect(),
        }
    }

    /// The greatest difference of two, of their points and of what a point in an ending is worth, a hundred of which are at stake.
    fn apart(&self, other: &Self) -> f64 {
        let prices = self.endings.iter().zip(&other.endings);
        let apart = prices.map(|(a, b)| 100.0 * (a - b).abs());
        apart.fold((self.fixed - other.fixed).abs(), f64::max)
    }
}

/// A type's value under its own beliefs, moved by those of `war`, taken apart.
pub(crate) fn parts_of(question: Question, t: usize, war: Belief) -> Option<Parts> {
    /// The finest rule has so many steps on each side of the middle, the coarsest every eighth of them.
    const STEPS: i32 = 48;
    const COARSEST: i32 = 8;
    /// Halving the steps must move no part by more, so many points or of a point.
    const SETTLED: f64 = 1e-6;
    let me = &question.world.numbers.types[t];
    let war = Belief {
        edge: me.believes_edge + war.edge,
        escalation: me.believes_escalation + war.escalation,
        ..war
    };
    let ground = Ground::new(question, t, war.pulled)?;
    if me.own_sd == 0.0 {
        return ground.parts(war);
    }
    // Its own doubt, by the trapezoid rule over six standard deviations, each rule in the places of the next.
    let (mut sum, mut weights) = (Parts::default(), 0.0);
    let mut step = COARSEST;
    let mut before: Option<Parts> = None;
    loop {
        for i in (-STEPS..=STEPS).filter(|i| i % step == 0) {
            if step < COARSEST && i % (2 * step) == 0 {
                continue;
            }
            let z = 6.0 * f64::from(i) / f64::from(STEPS);
            let edge = war.edge + me.own_sd * z;
            let weight = libm::exp(-0.5 * z * z);
            sum.add(weight, &ground.parts(Belief { edge, ..war })?);
            weights += weight;
        }
        let now = sum.scaled(1.0 / weights);
        let settled = before.is_some_and(|before| before.apart(&now) <= SETTLED);
        if settled || step == 1 {
            return Some(now);
        }
        before = Some(now);
        step /= 2;
    }
}

/// What of a type's war no belief about it moves.
struct Ground<'a> {
    question: Question<'a>,
    worth: Worth,
    months: Vec<InForce>,
    /// Burden and scar by month.
    costs: Vec<(f64, f64)>,
    patience: f64,
}

impl<'a> Ground<'a> {
    fn new(question: Question<'a>, t: usize, pulled: LeverProfile) -> Option<Self> {
        let months = months(question, pulled)?;
        let costs = 0..months.len();
        Some(Self {
            question,
            worth: Worth::new(question, t, pulled),
            costs: costs.map(|m| monthly(question, pulled, t, m)).collect(),
            months,
            patience: question.world.numbers.types[t].patience,
        })
    }

    fn parts(&self, belief: Belief) -> Option<Parts> {
        let (worth, patience) = (&self.worth, self.patience);
        let knots = worth.bends.len();
        let mut parts = Parts {
            fixed: 0.0,
            endings: vec![0.0; knots + 2],
        };
        let (mut discount, mut variance) = (1.0, 0.0_f64);
        budget::spend(self.months.len())?;
        let course = walk(self.question, belief, &self.months)?;
        for (month, state) in course.iter().enumerate() {
            let sd = variance.sqrt();
            variance += state.volatility * state.volatility;
            let (burden, scar) = self.costs[month.min(self.costs.len() - 1)];
            let hats = spread(state.line, sd, &worth.bends);
            let lived: f64 = hats.iter().zip(&worth.unsettled).map(|(h, w)| h * w).sum();
            let flow = lived - burden;
            let by = state.by_mode;
            // The months after the last are all like it, with the line held.
            let last = month + 1 == course.len();
            let months = if last {
                1.0 / (1.0 - patience * state.stays)
            } else {
                1.0
            };
            let weight = state.alive * discount * months;
            let month_worth = (1.0 - patience) * flow - scar + patience * by[3] * worth.escalation;
            parts.fixed += weight * month_worth;
            let ends = weight * patience;
            for (price, hat) in parts.endings.iter_mut().zip(&hats) {
                *price += ends * by[2] * hat;
            }
            parts.endings[knots] += ends * by[0];
            parts.endings[knots + 1] += ends * by[1];
            discount *= patience;
        }
        Some(parts)
    }
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
