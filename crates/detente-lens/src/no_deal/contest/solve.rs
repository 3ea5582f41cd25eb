//! The closed form, as *state prices*.
//!
//! V is linear in what the states are worth. So instead of valuing the contest once per type, we compute for each discount
//! factor what one point in each state is worth today: the price of a flow at knot k, of an armistice at knot k, of either
//! dictate, of an escalation, of a month at war ([`Prices`]). A type's V is then a dot product of prices and its payoffs. What
//! contests of a world share is worked out once ([`Fan`]).

use detente_core::{
    ContestNumbers, ContestSetting, LeverProfile, NoDealSolution, Payoffs, Query, Setting, World,
};
use detente_math::normal_points;

use super::costs::Costs;
use super::fan::Fan;
use super::hazards::{Hazards, Month};
use super::prices::Prices;

/// A truncation bounded by this many points is not computed further.
const SMALL_TRUNCATION: f64 = 0.01;

/// Room that is re-used from query to query.
#[derive(Debug, Default)]
pub(crate) struct Room {
    /// Wars solved since the room was made.
    pub(crate) solves: u64,
    pub(super) fan: Fan,
    /// The discount factors of the query solved last, as many as stand side by side at a time, and prices at them.
    lanes: Vec<usize>,
    prices: Vec<Prices>,
    part: Prices,
    pub(super) costs: Costs,
    months: NoDealSolution,
    /// Are values all that is asked for? Then nothing is told by month, and what the horizon leaves out is not looked at.
    pub(crate) only_values: bool,
}

impl Room {
    /// Lets go of a world that is over. What is remembered of it changes no answer.
    pub(crate) fn forget(&mut self) {
        self.fan.forget();
    }

    /// Edges, as offsets of the world's own, at which V bends, with the months in which it does: where the side that holds the weapon
    /// falls behind. With some levers pulled, in the order of their months.
    pub(crate) fn bends(
        &mut self,
        setting: &Setting,
        world: &World,
        levers: LeverProfile,
        to: &mut Vec<(f64, usize)>,
    ) {
        to.clear();
        let (Some(contest), Some(numbers)) = (&setting.contest, world.numbers.contest.first())
        else {
            return;
        };
        let course = self.fan.course(setting, contest, world, numbers, levers);
        let course = self.fan.at(course);
        if course.behind == 0.0 {
            return;
        }
        let ends = course.regimes.iter().skip(1).map(|regime| regime.from);
        let ends = ends.chain([contest.horizon]);
        for (regime, end) in course.regimes.iter().zip(ends) {
            let months = end.min(contest.horizon).saturating_sub(regime.from);
            if months > 0 {
                to.push((-regime.edge, months));
            }
        }
    }

    /// What one point in each ending was worth to type `t` in the query solved last: an armistice at each knot, then A's and B's
    /// dictate.
    pub(crate) fn ending_prices(&self, t: usize, knots: &[f64], to: &mut [f64]) {
        if let Some((prices, lane)) = self.lane(t) {
            prices.endings(lane, knots, to);
        }
    }

    /// Prices of a type, and its place among them with its patience.
    fn lane(&self, t: usize) -> Option<(&Prices, (usize, f64))> {
        let mut all = self.lanes.iter().zip(&self.prices);
        all.find_map(|(lanes, prices)| {
            let lanes = self.fan.lanes_at(*lanes);
            lanes.types.contains(t).then(|| {
                let lane = lanes.place[t];
                (prices, (lane, lanes.patience[lane]))
            })
        })
    }

    /// V of a type at the prices of the query solved last.
    fn value(&self, t: usize, payoffs: &Payoffs) -> Option<f64> {
        let (prices, lane) = self.lane(t)?;
        let (month, changes) = self.costs.of(t);
        Some(prices.value(lane, t, month, changes, payoffs))
    }
}

/// What is asked, with the contest that it is asked of.
#[derive(Clone, Copy)]
struct Asked<'a> {
    contest: &'a ContestSetting,
    numbers: &'a ContestNumbers<f64>,
    query: &'a Query,
    payoffs: &'a Payoffs,
    /// By how many points its doubt is integrated.
    points: usize,
}

pub(super) fn solve(
    setting: &Setting,
    world: &World,
    query: &Query,
    payoffs: &Payoffs,
    room: &mut Room,
    out: &mut NoDealSolution,
) {
    let (Some(contest), Some(numbers)) = (&setting.contest, world.numbers.contest.first()) else {
        return;
    };
    let doubt = query.beliefs.own().doubt;
    let asked = Asked {
        contest,
        numbers,
        query,
        payoffs,
        points: if doubt == 0.0 {
            1
        } else {
            points(contest, numbers, doubt)
        },
    };
    room.costs.lay(setting, world, query, payoffs);
    let Room { fan, lanes, .. } = room;
    let course = fan.course(setting, contest, world, numbers, query.levers);
    fan.lanes(world, query.types, 2 * contest.horizon, lanes);
    price(asked, course, contest.horizon, room);
    room.solves += asked.points as u64;
    let types = 0..world.numbers.types.len();
    let by_type = |of: &dyn Fn(usize) -> Option<f64>, to: &mut Vec<f64>| {
        to.clear();
        to.extend(types.clone().map(|t| of(t).unwrap_or(f64::NAN)));
    };
    by_type(&|t| room.value(t, payoffs), &mut out.values);
    let months = |t: usize| room.lane(t).map(|(prices, (lane, _))| prices.months(lane));
    by_type(&months, &mut out.months);
    if room.only_values {
        return;
    }
    tell(asked, course, room, out);

    // What the horizon leaves out: first a bound that costs nothing, then, if that is not small, the months themselves.
    let bound = |t: usize| {
        let patience = world.numbers.types[t].patience;
        let left = out.beyond * libm::pow(patience, contest.horizon as f64);
        let (month, _) = room.costs.of(t);
        left * (spread_of(t, payoffs) + month.abs() / (1.0 - patience))
    };
    let asked_for = types.clone().filter(|t| query.types.contains(*t));
    out.truncation = asked_for.clone().map(bound).fold(0.0, f64::max);
    if out.truncation <= SMALL_TRUNCATION {
        return;
    }
    price(asked, course, 2 * contest.horizon, room);
    let change = |t: usize| Some((room.value(t, payoffs)? - out.values[t]).abs());
    out.truncation = asked_for.filter_map(change).fold(0.0, f64::max);
}

/// Prices of a contest followed up to a horizon.
fn price(asked: Asked, course: usize, horizon: usize, room: &mut Room) {
    let own = asked.query.beliefs.own();
    let start = asked.query.start_line.unwrap_or(asked.numbers.start);
    let knots = &asked.payoffs.knots[..];
    room.prices.resize_with(room.lanes.len(), Prices::default);
    let Room {
        fan,
        lanes,
        prices,
        part,
        ..
    } = room;
    for (lanes, prices) in lanes.iter().zip(prices) {
        if own.doubt == 0.0 {
            fan.price(course, *lanes, own, None, horizon, start, knots, prices);
            continue;
        }
        // A party's own doubt about the edge is a number it does not know: what it expects is the mean over that number.
        for (k, (z, weight)) in normal_points(asked.points).enumerate() {
            let shift = Some(z * own.doubt);
            fan.price(course, *lanes, own, shift, horizon, start, knots, part);
            if k == 0 {
                prices.begin(part, weight);
            } else {
                prices.add(part, weight);
            }
        }
    }
}

/// What is told by month.
fn tell(asked: Asked, course: usize, room: &mut Room, out: &mut NoDealSolution) {
    let own = asked.query.beliefs.own();
    if own.doubt == 0.0 {
        return tell_at(asked, course, 0.0, &room.fan, out);
    }
    let (values, at_war) = (
        std::mem::take(&mut out.values),
        std::mem::take(&mut out.months),
    );
    let mut part = std::mem::take(&mut room.months);
    for (k, (z, weight)) in normal_points(asked.points).enumerate() {
        tell_at(asked, course, z * own.doubt, &room.fan, &mut part);
        if k == 0 {
            out.empty(&part);
        }
        out.add(&part, weight);
    }
    room.months = part;
    (out.values, out.months) = (values, at_war);
    // From the mean of squares to the spread.
    for (sd, mean) in out.line_sd.iter_mut().zip(&out.line_mean) {
        *sd = (*sd - mean * mean).max(0.0).sqrt();
    }
}

/// The same with the edge moved by `shift` besides the query's own offset.
fn tell_at(asked: Asked, course: usize, shift: f64, fan: &Fan, out: &mut NoDealSolution) {
    let course = fan.at(course);
    let mut hazards = Hazards::new(course, asked.query.beliefs.own(), shift);
    for list in [
        &mut out.endings,
        &mut out.line_mean,
        &mut out.line_sd,
        &mut out.supply_a,
        &mut out.supply_b,
    ] {
        list.clear();
    }
    out.floored = false;
    let mut line = asked.query.start_line.unwrap_or(asked.numbers.start);
    let (mut alive, mut regime, mut like) = (1.0, 0, Month::default());
    for month in 0..asked.contest.horizon {
        if course.regimes.get(regime).is_some_and(|r| r.from == month) {
            like = hazards.month(&course.regimes[regime]);
            regime += 1;
        }
        let now = &course.regimes[regime - 1];
        out.line_mean.push(line);
        out.line_sd.push(course.spread[month]);
        out.supply_a.push(now.supply[0]);
        out.supply_b.push(now.supply[1]);
        out.endings.extend(like.by_mode.map(|share| alive * share));
        out.floored |= now.floored;
        alive *= like.stays;
        line += like.step;
    }
    out.line_mean.push(line);
    out.line_sd.push(course.spread[asked.contest.horizon]);
    out.beyond = alive;
}

/// By how many points a doubt is integrated. Chance smooths the bends of a worth over σ√T of the line; doubt carries the line
/// γ·doubt·T within the horizon. Points must lie at half the distance of the smoothed bends, as seen from the doubt.
pub(super) fn points(contest: &ContestSetting, n: &ContestNumbers<f64>, doubt: f64) -> usize {
    /// Enough for hazards alone, which bend where the edge turns and rise steeply with it, and as many as are worth their time.
    const FEWEST: f64 = 61.0;
    const MOST: f64 = 241.0;
    let carried = n.pace.abs() * doubt * (contest.horizon as f64).sqrt() / n.volatility;
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
