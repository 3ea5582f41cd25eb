//! The contest vector: side A's view, computed once by hand-written code outside this project (see TESTING.md) and stated
//! to six decimals. Here as a setting, a world and payoffs written down directly.

use detente_core::{
    Beliefs, CapacityNumbers, ContestNumbers, ContestSetting, Ending, Lever, LeverKind,
    LeverNumbers, LeverProfile, Nest, NestNumbers, NoDealSolution, Party, PartyType, Payoffs,
    Query, Setting, Side, Supply, SupplyNumbers, Target, Trigger, TypeNumbers, TypeSet, World,
};

mod definition;
mod months;

use super::Contest;
use crate::{NoDeal, Workspace};

/// The vector is stated to six decimals.
const STATED: f64 = 1e-6;

struct Vector {
    setting: Setting,
    world: World,
    payoffs: Payoffs,
}

impl Vector {
    /// The standard vector with `horizon` months.
    fn new(horizon: usize) -> Self {
        let contest = ContestSetting {
            line_issue: 0,
            unit: "km2".into(),
            horizon,
            weapon: Some(Side::A),
            nests: vec![Nest {
                id: "arms".into(),
                side: Side::B,
            }],
            supplies: (0..3)
                .map(|i| Supply {
                    id: format!("s{i}"),
                    from: 0,
                    nest: 0,
                })
                .collect(),
            unsettled: vec![0],
            a_decisive: vec![0],
            b_decisive: vec![0],
            armistice: vec![0],
        };
        let numbers = ContestNumbers {
            edge: 0.33,
            pace: 1000.0,
            volatility: 150.0,
            start: 0.0,
            decisive: 0.00075,
            decisive_slope: 3.0,
            other_end: 0.018,
            escalation: 0.001,
            escalation_slope: 1.0,
            nests: vec![NestNumbers {
                weight: 1.0,
                substitution: 0.5,
            }],
            supplies: [0.35, 0.30, 0.35]
                .map(|share| SupplyNumbers {
                    share,
                    level: 1.0,
                    buffer: 0.0,
                    ramp: 0.0,
                })
                .into(),
            capacities: vec![
                CapacityNumbers {
                    from_month: 18.0,
                    low: 0.7,
                },
                CapacityNumbers {
                    from_month: 0.0,
                    low: 1.0,
                },
            ],
        };
        let me = TypeNumbers {
            prior: 1.0,
            patience: 0.985,
            burden: 25.0,
            escalation_cost: 40.0,
            ..TypeNumbers::default()
        };
        let mut setting = Setting {
            contest: Some(contest),
            ..Setting::default()
        };
        setting.types.push(PartyType {
            party: 0,
            id: "a".into(),
            name: "A".into(),
        });
        setting.parties.push(Party {
            id: "a".into(),
            name: "A".into(),
            side: Some(Side::A),
            roles: vec![],
            types: 0..1,
            opening: None,
        });
        let mut world = World {
            index: 0,
            numbers: detente_core::Numbers::default(),
            ..World::default()
        };
        world.numbers.types.push(me);
        world.numbers.contest.push(numbers);
        let payoffs = Payoffs {
            knots: vec![-10_000.0, 0.0, 8_559.0, 30_000.0],
            unsettled: vec![5.0, 30.0, 60.0, 80.0],
            armistice: vec![10.0, 45.0, 70.0, 85.0],
            a_decisive: vec![95.0],
            b_decisive: vec![5.0],
            escalation: vec![-40.0],
            burden: vec![25.0],
            ..Payoffs::default()
        };
        Self {
            setting,
            world,
            payoffs,
        }
    }

    fn scar(mut self, scar: f64) -> Self {
        self.world.numbers.types[0].scar = scar;
        self
    }

    fn contest(&mut self) -> &mut ContestNumbers<f64> {
        &mut self.world.numbers.contest[0]
    }

    /// The third contributor goes to `level`, with this delay, buffer and ramp.
    fn third(mut self, level: f64, delay: f64, buffer: f64, ramp: f64) -> Self {
        self.setting.levers.push(Lever {
            id: "third".into(),
            name: "third".into(),
            by: 0,
            kind: LeverKind::Pressure,
            trigger: Trigger::Now,
            sets: vec![Target::SupplyLevel(2)],
            flow_to: Vec::new(),
            ..Lever::default()
        });
        self.world.numbers.levers.push(LeverNumbers {
            on: 1.0,
            delay,
            cost: 0.0,
            escalation: 0.0,
            sets: vec![level],
            flow_costs: Vec::new(),
            ..LeverNumbers::default()
        });
        self.contest().supplies[2].buffer = buffer;
        self.contest().supplies[2].ramp = ramp;
        self
    }

    fn solve(&self) -> NoDealSolution {
        let mut solution = NoDealSolution::default();
        let levers = if self.setting.levers.is_empty() {
            LeverProfile::default()
        } else {
            LeverProfile::default().with(0)
        };
        let query = Query {
            levers,
            beliefs: Beliefs::Analyst,
            start_line: None,
            state: None,
            types: TypeSet::ALL,
            talks: None,
        };
        Contest.solve(
            &self.setting,
            &self.world,
            &query,
            &self.payoffs,
            &mut Workspace::default(),
            &mut solution,
        );
        solution
    }

    fn value(&self) -> f64 {
        self.solve().values[0]
    }
}

fn close(found: f64, stated: f64, tolerance: f64) {
    assert!(
        (found - stated).abs() <= tolerance,
        "found {found}, stated {stated}"
    );
}

#[test]
fn standard_vector() {
    let solution = Vector::new(36).solve();
    close(solution.values[0], 40.917_290, STATED);
    close(solution.ended_by(Ending::ADecisive, 36), 0.040_006, STATED);
    close(solution.ended_by(Ending::BDecisive, 36), 0.011_041, STATED);
    close(solution.ended_by(Ending::Armistice, 36), 0.453_446, STATED);
    close(solution.ended_by(Ending::Escalation, 36), 0.025_364, STATED);
    close(solution.beyond, 0.470_142, STATED);
}

#[test]
fn scars_horizons_and_supply_shocks() {
    close(Vector::new(36).scar(0.2).value(), 35.267_546, STATED);
    close(Vector::new(24).value(), 41.4268, 1e-4);
    close(Vector::new(60).value(), 40.5754, 1e-4);
    close(Vector::new(120).value(), 40.3527, 1e-4);
    close(
        Vector::new(36).scar(0.2).third(0.0, 0.0, 3.0, 6.0).value(),
        55.662_158,
        STATED,
    );
    close(
        Vector::new(36).scar(0.2).third(1.5, 2.0, 0.0, 6.0).value(),
        27.557_407,
        STATED,
    );
}

#[test]
fn the_truncation_is_what_doubling_the_horizon_changes() {
    for horizon in [30, 45, 60] {
        let (near, far) = (
            Vector::new(horizon).solve(),
            Vector::new(2 * horizon).solve(),
        );
        let change = (far.values[0] - near.values[0]).abs();
        close(near.truncation, change, 1e-10);
    }
}

#[test]
fn a_rise_does_not_wait_for_stocks() {
    let with = |buffer| Vector::new(36).third(1.5, 2.0, buffer, 6.0).value();
    assert_eq!(with(0.0).to_bits(), with(5.0).to_bits());
    let cut = |buffer| Vector::new(36).third(0.0, 2.0, buffer, 6.0).value();
    assert_ne!(cut(0.0).to_bits(), cut(5.0).to_bits());
}

#[test]
fn supply_of_a_nest() {
    // Shares .35/.30/.35: third at zero, then the second raised to 1.5 as well, then the third at 1.5.
    let table = [
        (1.0, 0.650, 0.800, 1.175),
        (0.8, 0.584, 0.715, 1.170),
        (0.5, 0.4225, 0.515, 1.164),
        (0.3, 0.238, 0.289, 1.159),
    ];
    for (rho, cut, replaced, raised) in table {
        let supply = |second: f64, third: f64| {
            let mut v = Vector::new(12);
            v.contest().nests[0].substitution = rho;
            v.contest().supplies[1].level = second;
            v.contest().supplies[2].level = third;
            v.solve().supply_b[0]
        };
        close(supply(1.0, 0.0), cut, 0.0006);
        close(supply(1.5, 0.0), replaced, 0.0006);
        close(supply(1.0, 1.5), raised, 0.0006);
    }
}

#[test]
fn the_weighted_product_is_the_limit_and_a_missing_contributor_then_leaves_the_floor() {
    let supply = |rho: f64, third: f64| {
        let mut v = Vector::new(12);
        v.contest().nests[0].substitution = rho;
        v.contest().supplies[2].level = third;
        v.solve()
    };
    close(supply(0.0, 0.5).supply_b[0], libm::pow(0.5, 0.35), 1e-12);
    close(
        supply(1e-7, 0.5).supply_b[0],
        supply(0.0, 0.5).supply_b[0],
        1e-7,
    );
    for rho in [0.0, -1.0] {
        let gone = supply(rho, 0.0);
        close(gone.supply_b[0], 0.02, 1e-15);
        assert!(gone.floored);
    }
}

#[test]
fn limits_by_hand() {
    // One hazard only, no spread: a constant chance of armistice at a line that does not move.
    let mut v = Vector::new(120);
    let c = v.contest();
    (c.edge, c.volatility, c.decisive, c.escalation, c.pace) = (0.0, 0.0, 0.0, 0.0, 0.0);
    c.capacities[0].low = 1.0;
    let (delta, stays) = (0.985, libm::exp(-0.018));
    let by_hand =
        ((1.0 - delta) * (30.0 - 25.0) + (1.0 - stays) * delta * 45.0) / (1.0 - delta * stays);
    close(v.value(), by_hand, 1e-10);
    // No hazard at all: the flow for ever.
    v.contest().other_end = 0.0;
    close(v.value(), 5.0, 1e-10);
    assert_eq!(v.solve().beyond, 1.0);
}

#[test]
fn endings_add_up_and_extremes_do_not_overflow() {
    for (edge, decisive_slope, horizon) in [(40.0, 50.0, 24), (-40.0, 50.0, 24), (0.33, 3.0, 240)] {
        let mut v = Vector::new(horizon);
        v.contest().edge = edge;
        v.contest().decisive_slope = decisive_slope;
        v.contest().escalation_slope = 50.0;
        let solution = v.solve();
        let ended: f64 = solution.endings.iter().sum();
        close(ended + solution.beyond, 1.0, 1e-12);
        assert!(solution.values[0].is_finite() && solution.line_mean.iter().all(|x| x.is_finite()));
    }
}

#[test]
fn mirrored_sides_give_the_mirrored_answer() {
    let v = Vector::new(36);
    let mut m = Vector::new(36);
    m.payoffs.knots = v.payoffs.knots.iter().rev().map(|x| -x).collect();
    m.payoffs.unsettled.reverse();
    m.payoffs.armistice.reverse();
    (m.payoffs.a_decisive[0], m.payoffs.b_decisive[0]) = (5.0, 95.0);
    m.setting.contest.as_mut().unwrap().weapon = Some(Side::B);
    m.setting.contest.as_mut().unwrap().nests[0].side = Side::A;
    m.contest().edge = -0.33;
    m.contest().capacities.reverse();
    close(m.value(), v.value(), 1e-10);
}

#[test]
fn a_later_start_line_shifts_the_walk() {
    let v = Vector::new(36);
    let query = |start_line| Query {
        levers: LeverProfile::default(),
        beliefs: Beliefs::Analyst,
        start_line,
        state: None,
        types: TypeSet::ALL,
        talks: None,
    };
    let mut moved = NoDealSolution::default();
    Contest.solve(
        &v.setting,
        &v.world,
        &query(Some(500.0)),
        &v.payoffs,
        &mut Workspace::default(),
        &mut moved,
    );
    let mut started = Vector::new(36);
    started.contest().start = 500.0;
    assert_eq!(moved, started.solve());
}
