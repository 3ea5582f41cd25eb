//! The war month by month: what is in force, how hard each side can press, how likely it ends.

use detente_core::{
    ContestNumbers, Lever, LeverNumbers, LeverProfile, Question, Side, Target, Trigger,
};

use super::Belief;

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
    /// Effort of A and of B.
    pub(crate) efforts: [f64; 2],
}

/// What is in force in a month of a war, whatever anybody believes of it.
pub(super) struct InForce {
    numbers: ContestNumbers<f64>,
    efforts: [f64; 2],
}

/// That of every month up to the horizon.
pub(super) fn months(question: Question, pulled: LeverProfile) -> Option<Vec<InForce>> {
    let contest = question.setting.contest.as_ref()?;
    question.world.numbers.contest.first()?;
    let month = |now: usize| {
        let numbers = in_force(question, pulled, now);
        let effort = |side| effort(question, pulled, &numbers, side, now);
        InForce {
            efforts: [Side::A, Side::B].map(effort),
            numbers,
        }
    };
    Some((0..contest.horizon).map(month).collect())
}

/// The months up to the horizon, and one more that stands for all later ones: edge and hazards as in the last.
pub(crate) fn course(question: Question, belief: Belief) -> Option<Vec<Month>> {
    walk(question, belief, &months(question, belief.pulled)?)
}

/// The same where what is in force is known.
pub(super) fn walk(question: Question, belief: Belief, months: &[InForce]) -> Option<Vec<Month>> {
    let Question { setting, world } = question;
    let contest = setting.contest.as_ref()?;
    let stated = world.numbers.contest.first()?;
    let exposure: f64 = running(question, belief.pulled)
        .map(|(_, n)| n.escalation)
        .sum();
    let exposure = exposure + belief.escalation;
    let (mut alive, mut line) = (1.0, belief.start.unwrap_or(stated.start));
    let month = |month: usize| {
        let now = month.min(contest.horizon - 1);
        let InForce {
            numbers: n,
            efforts,
        } = &months[now];
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
            efforts: *efforts,
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
                _ => {}
            }
        }
    }
    numbers
}

/// Burden and scar of a type in a month, what running levers cost it included.
pub(super) fn monthly(
    question: Question,
    pulled: LeverProfile,
    t: usize,
    month: usize,
) -> (f64, f64) {
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
pub(crate) fn running(
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
