//! Random contests and the known one, as a war to simulate and as a question to the solver.

use crate::simulation::{Contribution, Depletion, Lever, Nest, Payoff, Random, War};
use detente_core::{
    Beliefs, CapacityNumbers, ContestNumbers, ContestSetting, Lever as LeverSetting, LeverKind,
    LeverNumbers, LeverProfile, Nest as NestSetting, NestNumbers, NoDealSolution, Numbers,
    OwnBeliefs, Payoffs, Query, Setting, Side, Supply, SupplyNumbers, Target, Trigger, TypeNumbers,
    TypeSet, World,
};
use detente_lens::{Contest, NoDeal, Workspace};

/// A contest with all its levers, of which some run, and the beliefs under which it is valued.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    /// As the analyst sees it, with every lever in the list.
    pub(crate) war: War,
    /// Which levers run.
    pub(crate) run: Vec<bool>,
    /// Offset of the edge.
    pub(crate) offset: f64,
    /// Where the line starts, if not where it is today.
    pub(crate) start: Option<f64>,
}

impl Asked {
    /// The war to simulate.
    pub(crate) fn war(&self) -> War {
        let mut war = self.war.clone();
        war.edge += self.offset;
        war.start = self.start.unwrap_or(war.start);
        war.levers = war
            .levers
            .into_iter()
            .zip(&self.run)
            .filter(|(_, on)| **on)
            .map(|(lever, _)| lever)
            .collect();
        war
    }

    /// The solver's answer to the same question.
    pub(crate) fn solve(&self) -> NoDealSolution {
        let (setting, world, payoffs) = self.question();
        let levers = self.run.iter().enumerate().filter(|(_, on)| **on);
        let query = Query {
            levers: levers.fold(LeverProfile::default(), |profile, (l, _)| profile.with(l)),
            beliefs: if self.offset == 0.0 {
                Beliefs::Analyst
            } else {
                Beliefs::Own(OwnBeliefs {
                    edge: self.offset,
                    ..OwnBeliefs::default()
                })
            },
            start_line: self.start,
            state: None,
            types: TypeSet::ALL,
            talks: None,
        };
        let mut solution = NoDealSolution::default();
        let mut room = Workspace::default();
        Contest.solve(&setting, &world, &query, &payoffs, &mut room, &mut solution);
        solution
    }

    /// The same contest in the solver's terms.
    pub(crate) fn question(&self) -> (Setting, World, Payoffs) {
        let war = &self.war;
        let side = |side: usize| if side == 0 { Side::A } else { Side::B };
        let mut nests = (Vec::new(), Vec::new());
        let mut supplies = (Vec::new(), Vec::new());
        // Where each nest's contributions start in the flat list.
        let mut first = Vec::new();
        for (n, nest) in war.nests.iter().enumerate() {
            first.push(supplies.0.len());
            nests.0.push(NestSetting {
                id: format!("n{n}"),
                side: side(nest.side),
            });
            nests.1.push(NestNumbers {
                weight: nest.weight,
                substitution: nest.rho,
            });
            for c in &nest.contributions {
                supplies.0.push(Supply {
                    id: format!("s{}", supplies.0.len()),
                    from: 0,
                    nest: n,
                });
                let Contribution {
                    share,
                    level,
                    buffer,
                    ramp,
                } = *c;
                supplies.1.push(SupplyNumbers {
                    share,
                    level,
                    buffer,
                    ramp,
                });
            }
        }
        let lever = |(l, lever): (usize, &Lever)| LeverSetting {
            id: format!("l{l}"),
            name: String::new(),
            by: 0,
            kind: LeverKind::Stick,
            trigger: Trigger::Now,
            sets: lever
                .sets
                .iter()
                .map(|(n, j, _)| Target::SupplyLevel(first[*n] + j))
                .collect(),
            flow_to: Vec::new(),
            ..LeverSetting::default()
        };
        let lever_numbers = |(l, lever): (usize, &Lever)| LeverNumbers {
            on: f64::from(self.run[l]),
            delay: lever.delay,
            cost: 7.0,
            escalation: lever.escalation,
            sets: lever.sets.iter().map(|(_, _, target)| *target).collect(),
            flow_costs: Vec::new(),
            ..LeverNumbers::default()
        };
        let type_numbers = |payoff: &Payoff| TypeNumbers {
            prior: 1.0 / war.types.len() as f64,
            patience: payoff.patience,
            burden: payoff.burden,
            scar: payoff.scar,
            escalation_cost: payoff.escalation_cost,
            ..TypeNumbers::default()
        };
        let setting = Setting {
            contest: Some(ContestSetting {
                line_issue: 0,
                unit: "km²".into(),
                horizon: war.horizon,
                weapon: war.weapon.map(side),
                nests: nests.0,
                supplies: supplies.0,
                unsettled: Vec::new(),
                a_decisive: Vec::new(),
                b_decisive: Vec::new(),
                armistice: Vec::new(),
            }),
            levers: war.levers.iter().enumerate().map(lever).collect(),
            ..Setting::default()
        };
        let contest = ContestNumbers {
            edge: war.edge,
            pace: war.pace,
            volatility: war.volatility,
            start: war.start,
            decisive: war.decisive,
            decisive_slope: war.decisive_slope,
            other_end: war.other_end,
            escalation: war.escalation,
            escalation_slope: war.escalation_slope,
            nests: nests.1,
            supplies: supplies.1,
            capacities: war
                .depletion
                .iter()
                .map(|Depletion { from_month, low }| CapacityNumbers {
                    from_month: *from_month,
                    low: *low,
                })
                .collect(),
        };
        let numbers = Numbers {
            types: war.types.iter().map(type_numbers).collect(),
            contest: vec![contest],
            levers: war.levers.iter().enumerate().map(lever_numbers).collect(),
            ..Numbers::default()
        };
        let payoffs = Payoffs {
            knots: war.knots.clone(),
            unsettled: war.types.iter().flat_map(|t| t.unsettled.clone()).collect(),
            armistice: war.types.iter().flat_map(|t| t.armistice.clone()).collect(),
            a_decisive: war.types.iter().map(|t| t.decisive[0]).collect(),
            b_decisive: war.types.iter().map(|t| t.decisive[1]).collect(),
            escalation: war.types.iter().map(|t| -t.escalation_cost).collect(),
            burden: war.types.iter().map(|t| t.burden).collect(),
            ..Payoffs::default()
        };
        (
            setting,
            World {
                index: 0,
                numbers,
                ..World::default()
            },
            payoffs,
        )
    }
}

/// A whole number of months half of the time, any number otherwise.
pub(crate) fn months_up_to(most: u64, random: &mut Random) -> f64 {
    if random.chance(0.5) {
        random.below(most + 1) as f64
    } else {
        random.between(0.0, most as f64)
    }
}

/// Positive numbers that sum to one.
pub(crate) fn shares(count: usize, random: &mut Random) -> Vec<f64> {
    let raw: Vec<f64> = (0..count).map(|_| random.between(0.1, 1.0)).collect();
    let sum: f64 = raw.iter().sum();
    raw.iter().map(|x| x / sum).collect()
}

pub(crate) fn random_nests(side: usize, random: &mut Random) -> Vec<Nest> {
    let count = random.below(4).min(2);
    let weights = shares(count, random);
    let nest = |weight: f64| {
        let count = 1 + random.below(4);
        let rho = match random.below(7) {
            0 => 1.0,
            1 => 0.0,
            2 => -1.0,
            3 => 0.5,
            4 => random.between(-2.0, 0.0),
            5 => random.between(-0.02, 0.02),
            _ => random.between(0.0, 1.0),
        };
        let shares = shares(count, random);
        let contribution = |share: f64| Contribution {
            share,
            level: match random.below(10) {
                0 => 0.0,
                1 | 2 => random.between(0.2, 2.0),
                _ => 1.0,
            },
            buffer: months_up_to(8, random),
            ramp: months_up_to(8, random),
        };
        Nest {
            side,
            weight,
            rho,
            contributions: shares.into_iter().map(contribution).collect(),
        }
    };
    weights.into_iter().map(nest).collect()
}

/// Levers that together set no contribution twice.
pub(crate) fn random_levers(nests: &[Nest], random: &mut Random) -> Vec<Lever> {
    let mut free: Vec<(usize, usize)> = nests
        .iter()
        .enumerate()
        .flat_map(|(n, nest)| (0..nest.contributions.len()).map(move |j| (n, j)))
        .collect();
    let mut levers = Vec::new();
    for _ in 0..random.below(4) {
        let mut lever = Lever {
            delay: months_up_to(6, random),
            escalation: if random.chance(0.3) {
                0.0
            } else {
                random.between(-0.5, 1.5)
            },
            sets: Vec::new(),
        };
        for _ in 0..random.below(3) {
            if !free.is_empty() {
                let (nest, place) = free.swap_remove(random.below(free.len() as u64));
                let target = if random.chance(0.3) {
                    0.0
                } else {
                    random.between(0.0, 2.0)
                };
                lever.sets.push((nest, place, target));
            }
        }
        levers.push(lever);
    }
    levers
}

/// A contest with something of everything.
pub(crate) fn random_contest(seed: u64) -> Asked {
    let mut owned = Random::new(seed);
    let random = &mut owned;
    let mut nests = random_nests(0, random);
    nests.extend(random_nests(1, random));
    let levers = random_levers(&nests, random);
    let mut knots = vec![random.between(-12_000.0, 2_000.0)];
    for _ in 0..random.below(6) {
        knots.push(knots[knots.len() - 1] + random.between(100.0, 5_000.0));
    }
    // Among the knots or not far outside.
    let reach = [knots[0] - 1_500.0, knots[knots.len() - 1] + 1_500.0];
    let position = |random: &mut Random| random.between(reach[0], reach[1]);
    let horizon = 12 + random.below(25);
    let depletion = [0, 1].map(|_| Depletion {
        from_month: if random.chance(0.3) {
            1e6
        } else {
            months_up_to(horizon as u64 + 4, random)
        },
        low: random.between(0.4, 1.0),
    });
    let payoff = |random: &mut Random| {
        let mut worths = || {
            knots
                .iter()
                .map(|_| random.between(-20.0, 110.0))
                .collect::<Vec<f64>>()
        };
        let (unsettled, armistice) = (worths(), worths());
        Payoff {
            patience: random.between(0.9, 0.999),
            burden: random.between(0.0, 30.0),
            scar: if random.chance(0.3) {
                0.0
            } else {
                random.between(0.0, 0.4)
            },
            escalation_cost: random.between(0.0, 80.0),
            unsettled,
            armistice,
            decisive: [random.between(-10.0, 110.0), random.between(-10.0, 110.0)],
        }
    };
    let types = (0..=random.below(4)).map(|_| payoff(random)).collect();
    Asked {
        run: levers.iter().map(|_| random.chance(0.6)).collect(),
        offset: if random.chance(0.5) {
            0.0
        } else {
            random.between(-0.4, 0.4)
        },
        start: if random.chance(0.5) {
            None
        } else {
            Some(position(random))
        },
        war: War {
            horizon,
            edge: random.between(-0.6, 0.6),
            doubt: 0.0,
            pace: random.log_between(50.0, 1_000.0),
            volatility: random.log_between(100.0, 1_500.0),
            start: position(random),
            decisive: random.log_between(0.0005, 0.01),
            decisive_slope: random.between(0.0, 2.5),
            other_end: random.log_between(0.003, 0.04),
            escalation: random.log_between(0.0005, 0.01),
            escalation_slope: random.between(0.0, 1.5),
            weapon: [None, Some(0), Some(1)][random.below(3)],
            nests,
            depletion,
            levers,
            knots,
            types,
        },
    }
}

/// The contest whose answers are stated beside the definition.
pub(crate) fn known_contest(horizon: usize, scar: f64) -> Asked {
    let contribution = |share, buffer, ramp| Contribution {
        share,
        level: 1.0,
        buffer,
        ramp,
    };
    Asked {
        war: War {
            horizon,
            edge: 0.33,
            doubt: 0.0,
            pace: 1_000.0,
            volatility: 150.0,
            start: 0.0,
            decisive: 0.00075,
            decisive_slope: 3.0,
            other_end: 0.018,
            escalation: 0.001,
            escalation_slope: 1.0,
            weapon: Some(0),
            nests: vec![Nest {
                side: 1,
                weight: 1.0,
                rho: 0.5,
                contributions: vec![
                    contribution(0.35, 0.0, 0.0),
                    contribution(0.30, 0.0, 0.0),
                    contribution(0.35, 3.0, 6.0),
                ],
            }],
            depletion: [
                Depletion {
                    from_month: 18.0,
                    low: 0.7,
                },
                Depletion {
                    from_month: 1e9,
                    low: 1.0,
                },
            ],
            levers: vec![
                Lever {
                    delay: 0.0,
                    escalation: 0.0,
                    sets: vec![(0, 2, 0.0)],
                },
                Lever {
                    delay: 2.0,
                    escalation: 0.0,
                    sets: vec![(0, 2, 1.5)],
                },
            ],
            knots: vec![-10_000.0, 0.0, 8_559.0, 30_000.0],
            types: vec![Payoff {
                patience: 0.985,
                burden: 25.0,
                scar,
                escalation_cost: 40.0,
                unsettled: vec![5.0, 30.0, 60.0, 80.0],
                armistice: vec![10.0, 45.0, 70.0, 85.0],
                decisive: [95.0, 5.0],
            }],
        },
        run: vec![false, false],
        offset: 0.0,
        start: None,
    }
}
