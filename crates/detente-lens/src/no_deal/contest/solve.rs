//! The closed form, as *state prices*.
//!
//! V is linear in what the states are worth. So instead of valuing the contest once per type, we compute for each discount
//! factor what one point in each state is worth today: the price of a flow at knot k, of an armistice at knot k, of either
//! dictate, of an escalation, of a month at war. A type's V is then a dot product of prices and its payoffs. With K knots
//! and M months the cost is M·K normal cdfs and densities, however many parties and types there are; edge and hazards are
//! computed only in the months in which something changes.

use detente_core::{NoDealSolution, Payoffs, Query, Setting, Target, World};
use detente_math::normal_points;

use super::course::{self, Course, Month};
use super::prices::{Prices, spread_over_knots};
use super::stretch::Stretches;

/// A truncation bounded by this many points is not computed further.
const SMALL_TRUNCATION: f64 = 0.01;

/// Room that is re-used from query to query.
#[derive(Debug, Default)]
pub(crate) struct Room {
    /// Wars solved since the room was made.
    pub(crate) solves: u64,
    course: course::Room,
    prices: Prices,
    closed: Prices,
    /// Place of each type's prices.
    price_of: Vec<usize>,
    /// What a month at war costs each type.
    months: Vec<f64>,
    /// What each lever that changes that adds to it, by type and lever.
    changes: Vec<f64>,
    /// Delays of those levers.
    delays: Vec<f64>,
    hats: Vec<f64>,
    stretches: Stretches,
    part: NoDealSolution,
    /// Prices of the query solved last, over a doubt.
    doubted: Prices,
    doubts: bool,
    /// Are values all that is asked for? Then months that are alike are priced together, and what the horizon leaves out is not
    /// looked at.
    pub(crate) only_values: bool,
}

impl Room {
    /// What one point in each ending was worth to type `t` in the query solved last: an armistice at each knot, then A's and B's
    /// dictate.
    pub(crate) fn ending_prices(&self, t: usize) -> (&[f64], [f64; 2]) {
        let prices = if self.doubts {
            &self.doubted
        } else {
            &self.closed
        };
        prices.of_endings(self.price_of[t])
    }
}

pub(super) fn solve(
    setting: &Setting,
    world: &World,
    query: &Query,
    payoffs: &Payoffs,
    room: &mut Room,
    out: &mut NoDealSolution,
) {
    let doubt = query.beliefs.own().doubt;
    room.doubts = doubt != 0.0;
    if doubt == 0.0 {
        return solve_at(setting, world, query, 0.0, payoffs, room, out);
    }
    // A party's own doubt about the edge is a number it does not know: what it expects is the mean over that number.
    let mut part = std::mem::take(&mut room.part);
    let points = normal_points(points(setting, world, doubt));
    for (k, (z, weight)) in points.enumerate() {
        solve_at(setting, world, query, z * doubt, payoffs, room, &mut part);
        if k == 0 {
            out.empty(&part);
            room.doubted.copy(&room.closed);
            room.doubted.scale(weight);
        } else {
            room.doubted.add_endings(&room.closed, weight);
        }
        out.add(&part, weight);
    }
    room.part = part;
    // From the mean of squares to the spread.
    for (sd, mean) in out.line_sd.iter_mut().zip(&out.line_mean) {
        *sd = (*sd - mean * mean).max(0.0).sqrt();
    }
}

/// By how many points a doubt is integrated. Chance smooths the bends of a worth over σ√T of the line; doubt carries the line
/// γ·doubt·T within the horizon. Points must lie at half the distance of the smoothed bends, as seen from the doubt.
fn points(setting: &Setting, world: &World, doubt: f64) -> usize {
    /// Enough for hazards alone, which bend where the edge turns and rise steeply with it, and as many as are worth their time.
    const FEWEST: f64 = 61.0;
    const MOST: f64 = 241.0;
    let carried = match (&setting.contest, world.numbers.contest.first()) {
        (Some(contest), Some(n)) => {
            n.pace.abs() * doubt * (contest.horizon as f64).sqrt() / n.volatility
        }
        _ => 0.0,
    };
    let points = if carried.is_finite() {
        (1.0 + 34.0 * carried).clamp(FEWEST, MOST)
    } else {
        MOST
    };
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "between the two"
    )]
    let points = points as usize;
    points
}

/// The contest with the edge moved by `shift` besides the query's own offset.
fn solve_at(
    setting: &Setting,
    world: &World,
    query: &Query,
    shift: f64,
    payoffs: &Payoffs,
    room: &mut Room,
    out: &mut NoDealSolution,
) {
    let (Some(contest), Some(numbers)) = (&setting.contest, world.numbers.contest.first()) else {
        return;
    };
    room.solves += 1;
    let horizon = contest.horizon;
    let types = &world.numbers.types;
    monthly_costs(setting, world, query, payoffs, room);
    let Room {
        course,
        prices,
        closed,
        price_of,
        months,
        changes,
        delays,
        hats,
        stretches,
        only_values,
        ..
    } = room;
    let only_values = *only_values;
    let Some(mut course) = Course::new(setting, world, query, shift, course) else {
        return;
    };

    out.endings.clear();
    out.line_mean.clear();
    out.line_sd.clear();
    out.supply_a.clear();
    out.supply_b.clear();
    out.values.clear();
    out.months.clear();
    out.floored = false;

    // Types with the same patience share prices.
    prices.clear(payoffs.knots.len(), delays.len());
    price_of.clear();
    let asked = |t: usize| query.types.contains(t);
    price_of.extend(types.iter().enumerate().map(|(t, numbers)| {
        if asked(t) {
            prices.place(numbers.patience)
        } else {
            usize::MAX
        }
    }));
    hats.clear();
    hats.resize(payoffs.knots.len(), 0.0);

    let mut walk = Walk {
        line: query.start_line.unwrap_or(numbers.start),
        variance: 0.0,
        alive: 1.0,
        month: 0,
    };
    let mut last = Month::default();
    while walk.month < horizon {
        let alike = course.alike().min(horizon);
        if only_values
            && stretches.pass(
                &payoffs.knots,
                &last,
                alike,
                &mut walk,
                prices,
                delays,
                hats,
            )
        {
            continue;
        }
        last = course.month(walk.month);
        let sd = walk.variance.sqrt();
        out.line_mean.push(walk.line);
        out.line_sd.push(sd);
        out.supply_a.push(last.supply[0]);
        out.supply_b.push(last.supply[1]);
        out.endings
            .extend(last.by_mode.map(|share| walk.alive * share));
        out.floored |= last.floored;
        spread_over_knots(&payoffs.knots, walk.line, sd, hats);
        prices.add_month(&last, walk.alive, hats, walk.in_force(delays));
        walk.step(&last);
    }
    out.line_mean.push(walk.line);
    out.line_sd.push(walk.variance.sqrt());
    out.beyond = walk.alive;
    let value = |prices: &Prices, t: usize| {
        let changes = &changes[t * delays.len()..(t + 1) * delays.len()];
        prices.value(price_of[t], t, months[t], changes, payoffs)
    };
    // The prices with all later months like the last, the line held where it now is.
    spread_over_knots(&payoffs.knots, walk.line, walk.variance.sqrt(), hats);
    closed.copy(prices);
    closed.close(&last, walk.alive, hats, walk.in_force_before(delays));
    let of_asked = |f: &dyn Fn(usize) -> f64, t: usize| if asked(t) { f(t) } else { f64::NAN };
    out.values
        .extend((0..types.len()).map(|t| of_asked(&|t| value(closed, t), t)));
    out.months
        .extend((0..types.len()).map(|t| of_asked(&|t| closed.months(price_of[t]), t)));

    // What the horizon leaves out: first a bound that costs nothing, then, if that is not small, the months themselves.
    let bound = |t: usize| {
        let patience = types[t].patience;
        let left = walk.alive * prices.discount[price_of[t]];
        left * (spread_of(t, payoffs) + months[t].abs() / (1.0 - patience))
    };
    let all = || (0..types.len()).filter(|t| asked(*t));
    out.truncation = all().map(bound).fold(0.0, f64::max);
    if only_values || out.truncation <= SMALL_TRUNCATION {
        return;
    }
    let end = 2 * horizon;
    while walk.month < end {
        let alike = course.alike().min(end);
        if stretches.pass(
            &payoffs.knots,
            &last,
            alike,
            &mut walk,
            prices,
            delays,
            hats,
        ) {
            continue;
        }
        last = course.month(walk.month);
        spread_over_knots(&payoffs.knots, walk.line, walk.variance.sqrt(), hats);
        prices.add_month(&last, walk.alive, hats, walk.in_force(delays));
        walk.step(&last);
    }
    spread_over_knots(&payoffs.knots, walk.line, walk.variance.sqrt(), hats);
    prices.close(&last, walk.alive, hats, walk.in_force_before(delays));
    let change = |t: usize| (value(prices, t) - out.values[t]).abs();
    out.truncation = all().map(change).fold(0.0, f64::max);
}

/// What a month at war costs each type: its burden, what the levers that run cost it, its scar; and what levers change of
/// that after their delay.
fn monthly_costs(
    setting: &Setting,
    world: &World,
    query: &Query,
    payoffs: &Payoffs,
    room: &mut Room,
) {
    let types = &world.numbers.types;
    room.months.clear();
    room.delays.clear();
    room.changes.clear();
    let month = |t: usize, burden: f64, scar: f64| (1.0 - types[t].patience) * burden + scar;
    for (t, numbers) in types.iter().enumerate() {
        room.months.push(month(t, payoffs.burden[t], numbers.scar));
    }
    if query.levers.0 == 0 {
        return;
    }
    let levers = setting.levers.iter().zip(&world.numbers.levers).enumerate();
    let running = levers.filter(|(l, _)| query.levers.contains(*l));
    for (_, (lever, numbers)) in running.clone() {
        for (party, cost) in lever.flow_to.iter().zip(&numbers.flow_costs) {
            for t in setting.parties[*party].types.clone() {
                room.months[t] += month(t, *cost, 0.0);
            }
        }
        let costs = |target: &Target| matches!(target, Target::Burden(_) | Target::Scar(_));
        if lever.sets.iter().any(costs) {
            room.delays.push(numbers.delay);
        }
    }
    let delayed = room.delays.len();
    room.changes.resize(types.len() * delayed, 0.0);
    let mut place = 0;
    for (l, (lever, numbers)) in running.clone() {
        let mut any = false;
        for (target, to) in lever.sets.iter().zip(&numbers.sets) {
            let of = match target {
                Target::Burden(t) | Target::Scar(t) => *t,
                _ => continue,
            };
            any = true;
            // What another lever has set before it in time, unless that one was pulled later: then this one changes nothing.
            let mine = (numbers.delay, lever.trigger.turn());
            let mut before: Option<((f64, u8), f64)> = None;
            let mut held = false;
            for (other, (rival, n)) in running.clone().filter(|(other, _)| *other != l) {
                let sets = rival.sets.iter().zip(&n.sets);
                for (_, value) in sets.filter(|(set, _)| *set == target) {
                    let theirs = (n.delay, rival.trigger.turn());
                    if theirs.0 > mine.0 || theirs.0 == mine.0 && (theirs.1, other) > (mine.1, l) {
                        continue;
                    }
                    held |= theirs.1 > mine.1;
                    let later =
                        |(known, _): &((f64, u8), f64)| (theirs.1, theirs.0) > (known.1, known.0);
                    if before.as_ref().is_none_or(later) {
                        before = Some((theirs, *value));
                    }
                }
            }
            if held {
                continue;
            }
            let change = match target {
                Target::Burden(t) => {
                    let from = before.map_or(payoffs.burden[*t], |(_, value)| value);
                    month(*t, to - from, 0.0)
                }
                _ => month(
                    of,
                    0.0,
                    to - before.map_or(types[of].scar, |(_, value)| value),
                ),
            };
            room.changes[of * delayed + place] += change;
        }
        place += usize::from(any);
    }
}

/// Where the month-by-month computation stands.
pub(super) struct Walk {
    /// Mean of the line.
    pub(super) line: f64,
    /// Its variance.
    pub(super) variance: f64,
    /// Chance that the contest still goes on.
    pub(super) alive: f64,
    pub(super) month: usize,
}

impl Walk {
    pub(super) fn step(&mut self, month: &Month) {
        self.alive *= month.stays;
        self.line += month.step;
        self.variance += month.variance;
        self.month += 1;
    }

    /// Which delays are over in this month.
    pub(super) fn in_force(&self, delays: &[f64]) -> u64 {
        in_force(delays, self.month)
    }

    /// Which were over in the month before.
    fn in_force_before(&self, delays: &[f64]) -> u64 {
        in_force(delays, self.month - 1)
    }
}

fn in_force(delays: &[f64], month: usize) -> u64 {
    let over = delays.iter().enumerate();
    let over = over.filter(|(_, delay)| month as f64 >= **delay);
    over.fold(0, |bits, (l, _)| bits | 1 << l)
}

/// Greatest less least that any state is worth to a type; months at war cost nothing here.
pub(crate) fn spread_of(t: usize, payoffs: &Payoffs) -> f64 {
    let own = t * payoffs.knots.len()..(t + 1) * payoffs.knots.len();
    let ends = [
        payoffs.a_decisive[t],
        payoffs.b_decisive[t],
        payoffs.escalation[t],
    ];
    let worths = payoffs.unsettled[own.clone()]
        .iter()
        .chain(&payoffs.armistice[own])
        .chain(&ends)
        .copied();
    worths.clone().fold(f64::NEG_INFINITY, f64::max) - worths.fold(f64::INFINITY, f64::min)
}
