//! Contests month by month, as the model defines them: edge and hazards of every month by themselves, expectations from normal cdfs, one
//! month added after the other. Random contests of any shape are worth the same that way.

use detente_core::{
    Beliefs, CapacityNumbers, ContestTarget, Lever, LeverNumbers, LeverProfile, Nest, NestNumbers,
    NoDealSolution, OwnBeliefs, Party, PartyType, Payoffs, Query, Setting, Side, Supply,
    SupplyNumbers, Target, Trigger, TypeNumbers, TypeSet, World,
};
use detente_math::{normal_cdf, normal_pdf, normal_points};

use super::super::{Contest, solve::points};
use super::Vector;
use super::definition::Fought;
use crate::fixture::Stream;
use crate::{NoDeal, Workspace};

/// Points between the two roads at most.
const APART: f64 = 1e-9;

/// A random contest: types of many patiences, levers of all triggers that set whatever levers can set, any number of knots.
pub(super) fn random(case: u64) -> (Setting, World, Payoffs) {
    let s = &mut Stream::new(case);
    let horizon = 2 + s.below(140);
    let Vector {
        mut setting,
        mut world,
        mut payoffs,
    } = Vector::new(horizon);
    let types = 1 + s.below(if case.is_multiple_of(5) { 40 } else { 8 });
    setting.types.clear();
    setting.parties.clear();
    world.numbers.types.clear();
    for party in 0..types {
        setting.parties.push(Party {
            id: format!("p{party}"),
            name: String::new(),
            side: [Some(Side::A), Some(Side::B), None][party % 3],
            roles: Vec::new(),
            types: party..party + 1,
            opening: None,
        });
        setting.types.push(PartyType {
            party,
            id: String::new(),
            name: String::new(),
        });
        world.numbers.types.push(TypeNumbers {
            prior: 1.0,
            patience: [0.9, 0.99, 0.999, 0.9999, s.between(0.9, 0.999)][s.below(5)],
            burden: s.between(-5.0, 30.0),
            scar: s.between(0.0, 0.5),
            believes_edge: s.between(-1.0, 1.0),
            believes_escalation: s.between(-2.0, 2.0),
            ..TypeNumbers::default()
        });
    }
    let contest = setting.contest.as_mut().expect("a contest");
    contest.weapon = [Some(Side::A), Some(Side::B), None][s.below(3)];
    let n = &mut world.numbers.contest[0];
    n.edge = s.between(-1.0, 1.0);
    n.pace = s.between(0.0, 2000.0);
    n.volatility = [0.0, s.between(1.0, 20.0), s.between(50.0, 900.0)][s.below(3)];
    n.start = s.between(-12_000.0, 32_000.0);
    // From never to at once.
    let rate = |s: &mut Stream| [0.0, 1e-7, 0.002, 0.2, 40.0][s.below(5)] * s.between(0.2, 1.0);
    n.decisive = rate(s);
    n.decisive_slope = [0.0, 3.0, 80.0][s.below(3)];
    n.other_end = rate(s);
    n.escalation = rate(s);
    n.escalation_slope = [0.0, 1.0, 70.0][s.below(3)];
    contest.nests.push(Nest {
        id: "own".into(),
        side: Side::A,
    });
    n.nests.push(NestNumbers {
        weight: 1.0,
        substitution: s.between(-2.0, 1.0),
    });
    contest.supplies.push(Supply {
        id: "own".into(),
        from: 0,
        nest: 1,
    });
    n.supplies.push(SupplyNumbers {
        share: 1.0,
        level: s.between(0.5, 1.5),
        buffer: 0.0,
        ramp: 0.0,
    });
    for supply in &mut n.supplies {
        supply.buffer = s.between(0.0, 9.0).floor();
        supply.ramp = [0.0, s.between(0.0, 12.0)][s.below(2)];
    }
    n.capacities = [0.0, 0.0]
        .map(|_| CapacityNumbers {
            from_month: s.between(0.0, 60.0),
            low: [1.0, s.between(0.4, 1.0)][s.below(2)],
        })
        .into();
    add_levers(&mut setting, &mut world, s);
    payoffs.knots.clear();
    let mut at = s.between(-20_000.0, 0.0);
    for _ in 0..=s.below(7) {
        payoffs.knots.push(at);
        at += [s.between(1.0, 50.0), s.between(500.0, 12_000.0)][s.below(2)];
    }
    let worths = |s: &mut Stream, count: usize| (0..count).map(|_| s.between(0.0, 100.0)).collect();
    payoffs.unsettled = worths(s, types * payoffs.knots.len());
    payoffs.armistice = worths(s, types * payoffs.knots.len());
    payoffs.a_decisive = worths(s, types);
    payoffs.b_decisive = worths(s, types);
    payoffs.escalation = worths(s, types);
    payoffs.burden = world.numbers.types.iter().map(|t| t.burden).collect();
    (setting, world, payoffs)
}

/// Levers of every trigger; levers of one trigger never set the same number.
fn add_levers(setting: &mut Setting, world: &mut World, s: &mut Stream) {
    let types = setting.types.len();
    for trigger in [
        Trigger::Now,
        Trigger::Accept,
        Trigger::Refuse(0),
        Trigger::Violate(0),
    ] {
        let targets = [
            (Target::SupplyLevel(s.below(4)), s.between(0.0, 2.0)),
            (Target::Contest(ContestTarget::Edge), s.between(-1.0, 1.0)),
            (Target::Contest(ContestTarget::Pace), s.between(0.0, 2000.0)),
            (
                Target::Contest(ContestTarget::Volatility),
                s.between(0.0, 500.0),
            ),
            (
                Target::Contest(ContestTarget::DecisiveSlope),
                s.between(0.0, 6.0),
            ),
            (
                Target::Contest(ContestTarget::OtherEnd),
                s.between(0.0, 0.1),
            ),
            (
                Target::Contest(ContestTarget::EscalationSlope),
                s.between(0.0, 3.0),
            ),
            (Target::CapacityFrom(Side::A), s.between(0.0, 80.0)),
            (Target::CapacityLow(Side::B), s.between(0.4, 1.0)),
            (Target::Burden(s.below(types)), s.between(0.0, 40.0)),
            (Target::Scar(s.below(types)), s.between(0.0, 1.0)),
        ];
        let mut targets: Vec<_> = targets.into_iter().filter(|_| s.unit() < 0.3).collect();
        // Acceptance and refusal come in one turn: what one sets the other leaves.
        if matches!(trigger, Trigger::Refuse(_)) {
            let before = setting.levers.last().map(|lever| lever.sets.clone());
            targets.retain(|(target, _)| !before.iter().flatten().any(|set| set == target));
        }
        setting.levers.push(Lever {
            trigger,
            sets: targets.iter().map(|(target, _)| *target).collect(),
            flow_to: vec![s.below(types)],
            ..Lever::default()
        });
        world.numbers.levers.push(LeverNumbers {
            on: 1.0,
            delay: [0.0, s.between(0.0, 20.0), s.between(0.0, 200.0)][s.below(3)],
            escalation: s.between(-0.5, 1.0),
            sets: targets.iter().map(|(_, to)| *to).collect(),
            flow_costs: vec![s.between(0.0, 5.0)],
            credibility: f64::NAN,
            ..LeverNumbers::default()
        });
    }
}

/// V of a type from the definition.
fn by_months(
    setting: &Setting,
    world: &World,
    payoffs: &Payoffs,
    query: &Query,
    shift: f64,
    t: usize,
) -> f64 {
    let own = query.beliefs.own();
    let own = OwnBeliefs {
        edge: own.edge + shift,
        ..own
    };
    let fought = Fought {
        setting,
        world,
        levers: query.levers,
    };
    let patience = world.numbers.types[t].patience;
    let knots = &payoffs.knots;
    let states = t * knots.len()..(t + 1) * knots.len();
    let (mut value, mut discount, mut variance) = (0.0, 1.0, 0.0_f64);
    let months = fought.months(own, query.start_line);
    for (m, month) in months.iter().enumerate() {
        let sd = variance.sqrt();
        let worth = |worths: &[f64]| expected(knots, worths, month.line, sd);
        let [burden, scar] = fought.costs(t, month.now);
        let flow = worth(&payoffs.unsettled[states.clone()]) - burden;
        let ends = month.by_mode[0] * payoffs.a_decisive[t]
            + month.by_mode[1] * payoffs.b_decisive[t]
            + month.by_mode[2] * worth(&payoffs.armistice[states.clone()])
            + month.by_mode[3] * payoffs.escalation[t];
        let last = m + 1 == months.len();
        let weight = if last {
            1.0 / (1.0 - patience * month.stays)
        } else {
            1.0
        };
        value +=
            month.alive * discount * weight * ((1.0 - patience) * flow - scar + patience * ends);
        discount *= patience;
        variance += month.volatility * month.volatility;
    }
    value
}

/// E f(x) of a worth that is linear between knots and constant outside.
fn expected(knots: &[f64], worth: &[f64], mean: f64, sd: f64) -> f64 {
    let above = |b: f64| {
        let ahead = mean - b;
        if sd == 0.0 {
            return ahead.max(0.0);
        }
        ahead * normal_cdf(ahead / sd) + sd * normal_pdf(ahead / sd)
    };
    let mut sum = worth[0];
    for k in 1..knots.len() {
        let slope = (worth[k] - worth[k - 1]) / (knots[k] - knots[k - 1]);
        sum += slope * (above(knots[k - 1]) - above(knots[k]));
    }
    sum
}

/// A query of a random contest.
fn ask(s: &mut Stream, setting: &Setting, world: &World) -> Query {
    let pulled = LeverProfile((s.below(8) as u64) << 1);
    let base = Query::analyst(setting, world);
    let own = OwnBeliefs {
        edge: s.between(-1.5, 1.5),
        escalation: s.between(-1.0, 1.0),
        ..OwnBeliefs::default()
    };
    Query {
        levers: base.levers.union(pulled),
        beliefs: [Beliefs::Analyst, Beliefs::Own(own)][s.below(2)],
        start_line: [None, Some(s.between(-15_000.0, 35_000.0))][s.below(2)],
        state: None,
        types: TypeSet::ALL,
        talks: None,
    }
}

fn solved(
    (setting, world, payoffs): &(Setting, World, Payoffs),
    query: &Query,
    room: &mut Workspace,
) -> NoDealSolution {
    let mut solution = NoDealSolution::default();
    Contest.solve(setting, world, query, payoffs, room, &mut solution);
    solution
}

#[test]
fn contests_are_worth_what_their_months_are() {
    let mut most: f64 = 0.0;
    // One room for all: what it remembers of one contest must not be taken for another.
    let room = &mut Workspace::default();
    for case in 0..400 {
        let all @ (setting, world, payoffs) = &random(case);
        let s = &mut Stream::new(1_000_000 + case);
        for _ in 0..3 {
            let query = ask(s, setting, world);
            room.contest.only_values = s.below(2) == 0;
            let found = solved(all, &query, room);
            for t in 0..setting.types.len() {
                let value = by_months(setting, world, payoffs, &query, 0.0, t);
                let apart = (found.values[t] - value).abs();
                assert!(
                    apart < APART,
                    "case {case}, type {t}: {} {value}",
                    found.values[t]
                );
                most = most.max(apart);
            }
        }
    }
    assert!(most > 0.0);
}

#[test]
fn a_doubt_is_the_mean_over_its_edges() {
    let room = &mut Workspace::default();
    for case in 0..20 {
        let all @ (setting, world, payoffs) = &random(case);
        let contest = setting.contest.as_ref().expect("a contest");
        let s = &mut Stream::new(2_000_000 + case);
        let mut query = ask(s, setting, world);
        let doubt = s.between(0.05, 0.4);
        query.beliefs = Beliefs::Own(OwnBeliefs {
            doubt,
            ..query.beliefs.own()
        });
        let found = solved(all, &query, room);
        let points = points(contest, &world.numbers.contest[0], doubt);
        for t in 0..setting.types.len() {
            let at = |z: f64| by_months(setting, world, payoffs, &query, z * doubt, t);
            let mean: f64 = normal_points(points)
                .map(|(z, weight)| weight * at(z))
                .sum();
            assert!(
                (found.values[t] - mean).abs() < APART,
                "case {case}, type {t}"
            );
        }
    }
}

#[test]
fn prices_of_endings_are_slopes_of_values() {
    let room = &mut Workspace::default();
    room.contest.only_values = true;
    for case in 0..60 {
        let (setting, world, payoffs) = random(case);
        let mut query = ask(&mut Stream::new(3_000_000 + case), &setting, &world);
        if case % 3 == 0 {
            query.beliefs = Beliefs::Own(OwnBeliefs {
                doubt: 0.2,
                ..query.beliefs.own()
            });
        }
        let knots = payoffs.knots.len();
        let mut all = (setting, world, payoffs);
        let before = solved(&all, &query, room).values;
        let mut prices = vec![f64::NAN; knots + 2];
        for ending in 0..knots + 2 {
            let payoffs = &mut all.2;
            for t in 0..before.len() {
                match ending.checked_sub(knots) {
                    None => payoffs.armistice[t * knots + ending] += 1.0,
                    Some(0) => payoffs.a_decisive[t] += 1.0,
                    Some(_) => payoffs.b_decisive[t] += 1.0,
                }
            }
            let after = solved(&all, &query, room).values;
            for t in 0..before.len() {
                room.contest.ending_prices(t, &all.2.knots, &mut prices);
                let slope = after[t] - before[t];
                assert!(
                    (slope - prices[ending]).abs() < 1e-10,
                    "case {case}, type {t}"
                );
            }
            let payoffs = &mut all.2;
            for t in 0..before.len() {
                match ending.checked_sub(knots) {
                    None => payoffs.armistice[t * knots + ending] -= 1.0,
                    Some(0) => payoffs.a_decisive[t] -= 1.0,
                    Some(_) => payoffs.b_decisive[t] -= 1.0,
                }
            }
        }
    }
}

/// Every number that a contest is computed from is seen to have changed, and what was remembered before it changed is the same after.
#[test]
fn what_is_remembered_changes_no_answer() {
    for case in 0..12 {
        let mut all = random(case);
        let query = ask(&mut Stream::new(4_000_000 + case), &all.0, &all.1);
        let room = &mut Workspace::default();
        let first = solved(&all, &query, room);
        let mut moved = 0;
        for place in 0.. {
            let kept = all.1.clone();
            // Moves the number at a place of the world, wherever that is.
            let mut next = 0;
            all.1.numbers = kept.numbers.map(&mut |x| {
                next += 1;
                if next - 1 == place {
                    x * 1.01 + 1e-3
                } else {
                    *x
                }
            });
            if place >= next {
                break;
            }
            let fresh = solved(&all, &query, &mut Workspace::default());
            assert_eq!(
                told(&solved(&all, &query, room)),
                told(&fresh),
                "case {case}, {place}"
            );
            moved += usize::from(told(&fresh) != told(&first));
            all.1 = kept;
        }
        assert!(moved > 5, "case {case}: only {moved} numbers matter");
        assert_eq!(told(&solved(&all, &query, room)), told(&first));
        // The same of the setting.
        let contest = all.0.contest.as_mut().expect("a contest");
        contest.horizon += 1;
        contest.weapon = if contest.weapon.is_none() {
            Some(Side::A)
        } else {
            None
        };
        let fresh = solved(&all, &query, &mut Workspace::default());
        assert_eq!(told(&solved(&all, &query, room)), told(&fresh));
    }
}

/// A solution as text, in which numbers that are none equal one another.
fn told(solution: &NoDealSolution) -> String {
    format!("{solution:?}")
}
