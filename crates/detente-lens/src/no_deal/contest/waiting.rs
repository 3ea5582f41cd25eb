//! The first months of a contest, one by one: what they bring, and the chance that it goes on after them.

use detente_core::{NoDealSolution, Payoffs, Query, Setting, World};
use detente_math::{normal_cdf_and_pdf, normal_points};

use super::hazards::{Hazards, Month};
use super::solve::{Room, points};

/// Fills what the months before `query.talks` are worth to each type asked for, the chance that the contest outlasts them, and what a
/// point a month in them costs at once.
pub(crate) fn until(
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
    room.costs.lay(setting, world, query, payoffs);
    let place = room
        .fan
        .course(setting, contest, world, numbers, query.levers);
    let course = room.fan.at(place);
    let own = query.beliefs.own();
    let nodes: Vec<(f64, f64)> = if own.doubt == 0.0 {
        vec![(0.0, 1.0)]
    } else {
        normal_points(points(contest, numbers, own.doubt)).collect()
    };
    let asked: Vec<usize> = (0..world.numbers.types.len())
        .filter(|t| query.types.contains(*t))
        .collect();
    let knots = &payoffs.knots;
    let mut above = vec![0.0; knots.len()];
    for (z, weight) in nodes {
        let mut hazards = Hazards::new(course, own, z * own.doubt);
        let mut line = query.start_line.unwrap_or(numbers.start);
        let (mut alive, mut regime, mut like) = (weight, 0, Month::default());
        for month in 0..query.talks.unwrap_or(0) {
            if course.regimes.get(regime).is_some_and(|r| r.from == month) {
                like = hazards.month(&course.regimes[regime]);
                regime += 1;
            }
            let spread = course.spread[month.min(course.spread.len() - 1)];
            for (above, knot) in above.iter_mut().zip(knots) {
                *above = over(line - knot, spread);
            }
            for t in &asked {
                let patience = world.numbers.types[*t].patience;
                let worths = &payoffs.unsettled[t * knots.len()..(t + 1) * knots.len()];
                let mut flow = worths[0];
                for (k, pair) in knots.windows(2).enumerate() {
                    let slope = (worths[k + 1] - worths[k]) / (pair[1] - pair[0]);
                    flow += slope * (above[k] - above[k + 1]);
                }
                let (cost, changes) = room.costs.of(*t);
                let due = course.delays.iter().zip(changes);
                let due = due.filter(|(delay, _)| **delay <= month as f64);
                let cost = cost + due.map(|(_, change)| change).sum::<f64>();
                let ends = [
                    payoffs.a_decisive[*t],
                    payoffs.b_decisive[*t],
                    0.0,
                    payoffs.escalation[*t],
                ];
                let ends = ends.iter().zip(like.by_mode).map(|(worth, p)| worth * p);
                let discount = libm::pow(patience, month as f64);
                let now = (1.0 - patience) * flow - cost + patience * ends.sum::<f64>();
                out.meanwhile[*t] += discount * alive * now;
                out.waited[*t] += discount * alive;
            }
            alive *= like.stays;
            line += like.step;
        }
        for t in &asked {
            out.lasts[*t] += alive;
        }
    }
}

/// E(x − b)⁺ of a normal x whose mean lies so far ahead of b.
fn over(ahead: f64, spread: f64) -> f64 {
    if spread <= 0.0 {
        return ahead.max(0.0);
    }
    let (below, density) = normal_cdf_and_pdf(ahead / spread);
    ahead * below + spread * density
}
