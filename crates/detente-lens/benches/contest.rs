//! How fast a no-deal query is solved: the standard contest (120 months, worth stated at four positions of the line, three
//! contributions, fifteen types), on one thread.

use detente_core::{
    Beliefs, CapacityNumbers, ContestNumbers, ContestSetting, Lever, LeverKind, LeverNumbers,
    LeverProfile, Nest, NestNumbers, NoDealSolution, Numbers, OwnBeliefs, Party, PartyType,
    Payoffs, Query, Setting, Side, Supply, SupplyNumbers, Target, Trigger, TypeNumbers, TypeSet,
    World,
};
use detente_lens::{Contest, NoDeal, Workspace};
use divan::{Bencher, black_box};

fn main() {
    divan::main();
}

/// Months followed.
#[divan::bench(args = [30, 60, 120, 240])]
fn months(bencher: Bencher, horizon: usize) {
    time(bencher, &Asked::new(horizon, 15, 4), Beliefs::Analyst);
}

/// Types, in parties of three; a party has one patience.
#[divan::bench(args = [3, 6, 15, 30, 60])]
fn types(bencher: Bencher, types: usize) {
    time(bencher, &Asked::new(120, types, 4), Beliefs::Analyst);
}

/// Positions of the line at which worth is stated.
#[divan::bench(args = [2, 4, 8, 16])]
fn positions(bencher: Bencher, knots: usize) {
    time(bencher, &Asked::new(120, 15, knots), Beliefs::Analyst);
}

/// A lever that cuts the third contribution: stocks, then a ramp.
#[divan::bench]
fn with_a_cut(bencher: Bencher) {
    time(bencher, &Asked::new(120, 15, 4).cut(), Beliefs::Analyst);
}

/// A party that doubts the edge: fifteen contests.
#[divan::bench]
fn with_doubt(bencher: Bencher) {
    let doubt = OwnBeliefs {
        doubt: 0.2,
        ..OwnBeliefs::default()
    };
    time(bencher, &Asked::new(120, 15, 4), Beliefs::Own(doubt));
}

struct Asked {
    setting: Setting,
    world: World,
    payoffs: Payoffs,
}

fn time(bencher: Bencher, asked: &Asked, beliefs: Beliefs) {
    let levers = (0..asked.setting.levers.len()).fold(LeverProfile::default(), LeverProfile::with);
    let query = Query {
        levers,
        beliefs,
        start_line: None,
        state: None,
        types: TypeSet::ALL,
        talks: None,
    };
    let (mut room, mut solution) = (Workspace::default(), NoDealSolution::default());
    bencher.bench_local(|| {
        Contest.solve(
            black_box(&asked.setting),
            &asked.world,
            &query,
            &asked.payoffs,
            &mut room,
            &mut solution,
        );
        solution.values[0]
    });
}

impl Asked {
    fn new(horizon: usize, types: usize, knots: usize) -> Self {
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
        let supply = |share| SupplyNumbers {
            share,
            level: 1.0,
            buffer: 3.0,
            ramp: 6.0,
        };
        let capacity = |from_month, low| CapacityNumbers { from_month, low };
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
            supplies: [0.35, 0.30, 0.35].map(supply).into(),
            capacities: vec![capacity(18.0, 0.7), capacity(0.0, 1.0)],
        };
        let mut setting = Setting {
            contest: Some(contest),
            ..Setting::default()
        };
        let mut world = World {
            index: 0,
            numbers: Numbers::default(),
            ..World::default()
        };
        world.numbers.contest.push(numbers);
        for t in 0..types {
            setting.types.push(PartyType {
                party: t / 3,
                id: format!("t{t}"),
                name: format!("t{t}"),
            });
            world.numbers.types.push(TypeNumbers {
                prior: 1.0,
                patience: 0.985 + 0.0005 * (t / 3) as f64,
                scar: 0.1,
                ..TypeNumbers::default()
            });
        }
        for party in 0..types.div_ceil(3) {
            setting.parties.push(Party {
                id: format!("p{party}"),
                name: format!("p{party}"),
                side: None,
                roles: vec![],
                types: 3 * party..(3 * party + 3).min(types),
                opening: None,
            });
        }
        let step = 40_000.0 / (knots - 1) as f64;
        let at = |k: usize| -10_000.0 + step * k as f64;
        let worth = |least: f64| {
            (0..types * knots)
                .map(|i| least + 70.0 * (i % knots) as f64 / knots as f64)
                .collect()
        };
        let payoffs = Payoffs {
            knots: (0..knots).map(at).collect(),
            unsettled: worth(5.0),
            armistice: worth(10.0),
            a_decisive: vec![95.0; types],
            b_decisive: vec![5.0; types],
            escalation: vec![-40.0; types],
            burden: vec![25.0; types],
            ..Payoffs::default()
        };
        Self {
            setting,
            world,
            payoffs,
        }
    }

    fn cut(mut self) -> Self {
        self.setting.levers.push(Lever {
            id: "cut".into(),
            name: "cut".into(),
            by: 0,
            kind: LeverKind::Pressure,
            trigger: Trigger::Now,
            sets: vec![Target::SupplyLevel(2)],
            flow_to: Vec::new(),
            ..Lever::default()
        });
        self.world.numbers.levers.push(LeverNumbers {
            on: 1.0,
            delay: 2.0,
            cost: 0.0,
            escalation: 0.5,
            sets: vec![0.0],
            flow_costs: Vec::new(),
            ..LeverNumbers::default()
        });
        self
    }
}
