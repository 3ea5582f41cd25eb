//! `Contest` against a simulation of the same definition (docs), over random contests and the known answers.

use crate::simulation::{
    Contribution, Depletion, Drawn, Lever, Month, Nest, Payoff, Random, War, calm_line, chances, drawn, swept, weighed,
};
use detente_core::{
    Beliefs, CapacityNumbers, ContestNumbers, ContestSetting, Ending, Lever as LeverSetting, LeverKind, LeverNumbers,
    LeverProfile, Nest as NestSetting, NestNumbers, NoDealSolution, Numbers, Payoffs, Query, Setting, Side, Supply,
    SupplyNumbers, Target, Trigger, TypeNumbers, World,
};
use detente_lens::{Contest, NoDeal};

/// Wars drawn to their end, by random contest.
const PATHS: usize = 30_000;
/// Mirrored pairs of lines drawn, by random contest.
const PAIRS: usize = 3_000;
/// Points of the sweep.
const POINTS: usize = 4_000;
/// Random contests that are drawn.
const DRAWN_SETS: u64 = 40;
/// Random contests that are swept.
const SWEPT_SETS: u64 = 120;
/// Random contests without chance in the line.
const CALM_SETS: u64 = 400;
/// Standard errors that count as agreement.
const TOLERATED: f64 = 4.0;
/// No error of a mean in points is taken for less: a line may reach a kink too seldom for any path to show it.
const LEAST_ERROR: f64 = 1e-3;

/// A contest with all its levers, of which some run, and the beliefs under which it is valued.
#[derive(Clone, Debug)]
struct Asked {
    /// As the analyst sees it, with every lever in the list.
    war: War,
    /// Which levers run.
    run: Vec<bool>,
    /// Offset of the edge.
    offset: f64,
    /// Where the line starts, if not where it is today.
    start: Option<f64>,
}

impl Asked {
    /// The war to simulate.
    fn war(&self) -> War {
        let mut war = self.war.clone();
        war.edge += self.offset;
        war.start = self.start.unwrap_or(war.start);
        war.levers = war.levers.into_iter().zip(&self.run).filter(|(_, on)| **on).map(|(lever, _)| lever).collect();
        war
    }

    /// The solver's answer to the same question.
    fn solve(&self) -> NoDealSolution {
        let (setting, world, payoffs) = self.question();
        let levers = self.run.iter().enumerate().filter(|(_, on)| **on);
        let query = Query {
            levers: levers.fold(LeverProfile::default(), |profile, (l, _)| profile.with(l)),
            beliefs: if self.offset == 0.0 { Beliefs::Analyst } else { Beliefs::Offset(self.offset) },
            start_line: self.start,
        };
        let mut solution = NoDealSolution::default();
        Contest.solve(&setting, &world, &query, &payoffs, &mut solution);
        solution
    }

    /// The same contest in the solver's terms.
    fn question(&self) -> (Setting, World, Payoffs) {
        let war = &self.war;
        let side = |side: usize| if side == 0 { Side::A } else { Side::B };
        let mut nests = (Vec::new(), Vec::new());
        let mut supplies = (Vec::new(), Vec::new());
        // Where each nest's contributions start in the flat list.
        let mut first = Vec::new();
        for (n, nest) in war.nests.iter().enumerate() {
            first.push(supplies.0.len());
            nests.0.push(NestSetting { id: format!("n{n}"), side: side(nest.side) });
            nests.1.push(NestNumbers { weight: nest.weight, substitution: nest.rho });
            for c in &nest.contributions {
                supplies.0.push(Supply { id: format!("s{}", supplies.0.len()), from: 0, nest: n });
                let Contribution { share, level, buffer, ramp } = *c;
                supplies.1.push(SupplyNumbers { share, level, buffer, ramp });
            }
        }
        let lever = |(l, lever): (usize, &Lever)| LeverSetting {
            id: format!("l{l}"),
            name: String::new(),
            by: 0,
            kind: LeverKind::Stick,
            trigger: Trigger::Now,
            sets: lever.sets.iter().map(|(n, j, _)| Target::SupplyLevel(first[*n] + j)).collect(),
        };
        let lever_numbers = |(l, lever): (usize, &Lever)| LeverNumbers {
            on: f64::from(self.run[l]),
            delay: lever.delay,
            cost: 7.0,
            escalation: lever.escalation,
            sets: lever.sets.iter().map(|(_, _, target)| *target).collect(),
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
                .map(|Depletion { from_month, low }| CapacityNumbers { from_month: *from_month, low: *low })
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
        };
        (setting, World { index: 0, numbers }, payoffs)
    }
}

/// A whole number of months half of the time, any number otherwise.
fn months_up_to(most: u64, random: &mut Random) -> f64 {
    if random.chance(0.5) { random.below(most + 1) as f64 } else { random.between(0.0, most as f64) }
}

/// Positive numbers that sum to one.
fn shares(count: usize, random: &mut Random) -> Vec<f64> {
    let raw: Vec<f64> = (0..count).map(|_| random.between(0.1, 1.0)).collect();
    let sum: f64 = raw.iter().sum();
    raw.iter().map(|x| x / sum).collect()
}

fn random_nests(side: usize, random: &mut Random) -> Vec<Nest> {
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
        Nest { side, weight, rho, contributions: shares.into_iter().map(contribution).collect() }
    };
    weights.into_iter().map(nest).collect()
}

/// Levers that together set no contribution twice.
fn random_levers(nests: &[Nest], random: &mut Random) -> Vec<Lever> {
    let mut free: Vec<(usize, usize)> =
        nests.iter().enumerate().flat_map(|(n, nest)| (0..nest.contributions.len()).map(move |j| (n, j))).collect();
    let mut levers = Vec::new();
    for _ in 0..random.below(4) {
        let mut lever = Lever {
            delay: months_up_to(6, random),
            escalation: if random.chance(0.3) { 0.0 } else { random.between(-0.5, 1.5) },
            sets: Vec::new(),
        };
        for _ in 0..random.below(3) {
            if !free.is_empty() {
                let (nest, place) = free.swap_remove(random.below(free.len() as u64));
                let target = if random.chance(0.3) { 0.0 } else { random.between(0.0, 2.0) };
                lever.sets.push((nest, place, target));
            }
        }
        levers.push(lever);
    }
    levers
}

/// A contest with something of everything.
fn random_contest(seed: u64) -> Asked {
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
        from_month: if random.chance(0.3) { 1e6 } else { months_up_to(horizon as u64 + 4, random) },
        low: random.between(0.4, 1.0),
    });
    let payoff = |random: &mut Random| {
        let mut worths = || knots.iter().map(|_| random.between(-20.0, 110.0)).collect::<Vec<f64>>();
        let (unsettled, armistice) = (worths(), worths());
        Payoff {
            patience: random.between(0.9, 0.999),
            burden: random.between(0.0, 30.0),
            scar: if random.chance(0.3) { 0.0 } else { random.between(0.0, 0.4) },
            escalation_cost: random.between(0.0, 80.0),
            unsettled,
            armistice,
            decisive: [random.between(-10.0, 110.0), random.between(-10.0, 110.0)],
        }
    };
    let types = (0..=random.below(4)).map(|_| payoff(random)).collect();
    Asked {
        run: levers.iter().map(|_| random.chance(0.6)).collect(),
        offset: if random.chance(0.5) { 0.0 } else { random.between(-0.4, 0.4) },
        start: if random.chance(0.5) { None } else { Some(position(random)) },
        war: War {
            horizon,
            edge: random.between(-0.6, 0.6),
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

/// Distance in standard errors of an answer from what drawn wars show: V of every type, and the share of each ending
/// within half of the horizon and within all of it.
fn largest_z(drawn: &Drawn, answer: &NoDealSolution) -> f64 {
    let of_value =
        |(mean, v): (&crate::simulation::Mean, &f64)| (mean.mean() - v).abs() / mean.error().max(LEAST_ERROR);
    let values = drawn.values.iter().zip(&answer.values).map(of_value).fold(0.0, f64::max);
    let months = drawn.endings.len();
    let mut largest = values;
    for within in [months / 2, months] {
        let mut left = drawn.paths;
        for (e, ending) in Ending::ALL.into_iter().enumerate() {
            let seen: usize = drawn.endings[..within].iter().map(|month| month[e]).sum();
            left -= seen;
            largest = largest.max(share_z(seen, drawn.paths, answer.ended_by(ending, within)));
        }
        if within == months {
            largest = largest.max(share_z(left, drawn.paths, answer.beyond));
        }
    }
    largest
}

/// Distance in standard errors of a count from the share that is claimed. Where less than one path is expected the
/// normal law is no guide: the error counts as one path.
fn share_z(seen: usize, paths: usize, share: f64) -> f64 {
    let paths = paths as f64;
    (seen as f64 - paths * share).abs() / (paths * share * (1.0 - share)).max(1.0).sqrt()
}

fn largest_gap(a: &[f64], b: &[f64]) -> f64 {
    assert_eq!(a.len(), b.len());
    a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max)
}

/// Everything in an answer that needs no chance: shares, efforts, the line's law, the floor.
fn check_law(war: &War, answer: &NoDealSolution, label: &str) {
    let months = war.months();
    let chances: Vec<f64> = chances(war).into_iter().flatten().collect();
    assert!(largest_gap(&chances, &answer.endings) < 1e-11, "{label}: shares of endings");
    assert!((1.0 - chances.iter().sum::<f64>() - answer.beyond).abs() < 1e-11, "{label}: beyond");
    let effort = |side: usize| months.iter().map(|month| month.effort[side]).collect::<Vec<f64>>();
    assert!(largest_gap(&effort(0), &answer.supply_a[..war.horizon]) < 1e-11, "{label}: effort of A");
    assert!(largest_gap(&effort(1), &answer.supply_b[..war.horizon]) < 1e-11, "{label}: effort of B");
    assert!(largest_gap(&calm_line(war, &months), &answer.line_mean) < 1e-6, "{label}: mean of the line");
    let spread: Vec<f64> = (0..=war.horizon).map(|t| war.volatility * (t as f64).sqrt()).collect();
    assert!(largest_gap(&spread, &answer.line_sd) < 1e-8, "{label}: spread of the line");
    assert_eq!(months.iter().any(|month: &Month| month.floored), answer.floored, "{label}: floor");
}

#[test]
fn drawn_wars_agree_with_the_solver() {
    let mut largest: (f64, f64) = (0.0, 0.0);
    for seed in 0..DRAWN_SETS {
        let asked = random_contest(seed);
        let (war, answer) = (asked.war(), asked.solve());
        let mut random = Random::new(seed + 1_000_000);
        let z = largest_z(&drawn(&war, PATHS, &mut random), &answer);
        assert!(z < TOLERATED, "contest {seed}: {z:.2} standard errors\n{asked:#?}\n{answer:#?}");

        let lines = weighed(&war, PAIRS, &mut random);
        let end = |numbers: &[f64]| numbers[war.horizon];
        let claims =
            [(lines.line, end(&answer.line_mean)), (lines.spread, end(&answer.line_sd) * end(&answer.line_sd))];
        let pairs = lines.values.iter().copied().zip(answer.values.iter().copied()).chain(claims);
        let y =
            pairs.map(|(mean, claim)| (mean.mean() - claim).abs() / mean.error().max(LEAST_ERROR)).fold(0.0, f64::max);
        assert!(y < TOLERATED, "contest {seed}: {y:.2} standard errors, endings weighed\n{asked:#?}\n{answer:#?}");
        largest = (largest.0.max(z), largest.1.max(y));
    }
    println!("largest distance in standard errors: {:.2} drawn, {:.2} weighed", largest.0, largest.1);
}

#[test]
fn swept_lines_agree_with_the_solver_closely() {
    let mut largest: f64 = 0.0;
    for seed in 0..SWEPT_SETS {
        let asked = random_contest(seed);
        let (war, answer) = (asked.war(), asked.solve());
        check_law(&war, &answer, &format!("contest {seed}"));
        let gap = largest_gap(&swept(&war, POINTS), &answer.values);
        // The sweep's own error: kinks of the worths between its points.
        assert!(gap < 2e-3, "contest {seed}: {gap} points\n{asked:#?}\n{answer:#?}");
        largest = largest.max(gap);
    }
    println!("largest distance: {largest:.2e} points");
}

#[test]
fn without_chance_in_the_line_agreement_is_exact() {
    let mut largest: (f64, f64) = (0.0, 0.0);
    for seed in 0..CALM_SETS {
        let mut asked = random_contest(seed + 5_000);
        asked.war.volatility = 0.0;
        match seed % 8 {
            // A war that nothing ends.
            1 => (asked.war.decisive, asked.war.other_end, asked.war.escalation) = (0.0, 0.0, 0.0),
            // One month by itself.
            2 => asked.war.horizon = 1,
            _ => {}
        }
        let (war, answer) = (asked.war(), asked.solve());
        let label = format!("calm contest {seed}");
        check_law(&war, &answer, &label);
        let values = swept(&war, 1);
        let gap = largest_gap(&values, &answer.values);
        assert!(gap < 1e-9, "{label}: {gap} points\n{asked:#?}\n{answer:#?}");

        // A line that barely moves is worth what one that does not is worth.
        let mut restless = asked.clone();
        restless.war.volatility = 1e-9;
        assert!(largest_gap(&restless.solve().values, &answer.values) < 1e-6, "{label}: almost no chance");

        // The truncation is the change at twice the horizon, or more.
        let mut longer = war.clone();
        longer.horizon *= 2;
        let change = largest_gap(&swept(&longer, 1), &values);
        assert!(answer.truncation >= change - 1e-9, "{label}: truncation {} < {change}", answer.truncation);
        largest = (largest.0.max(gap), largest.1.max(answer.truncation - change));
    }
    println!("largest distance: {:.2e} points; truncation overstated by at most {:.2e}", largest.0, largest.1);
}

#[test]
fn wrong_answers_are_found() {
    /// Points that the paths tell from nothing.
    const VISIBLE: f64 = 2.5;
    const FAULTS: [&str; 7] = ["levers", "offset", "start", "scar", "burden", "patience", "depletion"];
    let mut visible = [0; FAULTS.len()];
    for seed in 0..DRAWN_SETS {
        let asked = random_contest(seed);
        let war = asked.war();
        let right = asked.solve();
        let drawn = drawn(&war, PATHS, &mut Random::new(seed + 1_000_000));
        let found = |answer: &NoDealSolution| largest_z(&drawn, answer) > TOLERATED;
        assert!(!found(&right), "contest {seed}");

        // The share of the likeliest ending a fifth too large.
        let likeliest = Ending::ALL.into_iter().max_by(|a, b| {
            let share = |ending: Ending| right.ended_by(ending, war.horizon);
            share(*a).total_cmp(&share(*b))
        });
        let mut wrong = right.clone();
        for share in wrong.endings.iter_mut().skip(likeliest.expect("four endings") as usize).step_by(4) {
            *share *= 1.2;
        }
        assert!(found(&wrong), "contest {seed}: one ending's share");

        // V off by little.
        let mut wrong = right.clone();
        wrong.values[0] += VISIBLE;
        assert!(found(&wrong), "contest {seed}: V");

        // The right answer to another question, where it differs visibly.
        let changes: [fn(&mut Asked); FAULTS.len()] = [
            |asked| asked.run.iter_mut().for_each(|on| *on = !*on),
            |asked| asked.offset += 0.3,
            |asked| asked.war.start += 2_000.0,
            |asked| asked.war.types[0].scar += 0.2,
            |asked| asked.war.types[0].burden += 5.0,
            |asked| asked.war.types[0].patience -= 0.02,
            |asked| asked.war.depletion.swap(0, 1),
        ];
        for ((fault, change), times) in FAULTS.into_iter().zip(changes).zip(&mut visible) {
            let mut other = asked.clone();
            change(&mut other);
            let answer = other.solve();
            if largest_gap(&answer.values, &right.values) > VISIBLE {
                *times += 1;
                assert!(found(&answer), "contest {seed}: {fault}");
            }
        }
    }
    for (fault, times) in FAULTS.into_iter().zip(visible) {
        println!("{fault}: visible, and found, in {times} of {DRAWN_SETS} contests");
        assert!(times >= 5, "{fault}: visible in {times} contests only");
    }
}

/// The contest whose answers are stated beside the definition.
fn known_contest(horizon: usize, scar: f64) -> Asked {
    let contribution = |share, buffer, ramp| Contribution { share, level: 1.0, buffer, ramp };
    Asked {
        war: War {
            horizon,
            edge: 0.33,
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
            depletion: [Depletion { from_month: 18.0, low: 0.7 }, Depletion { from_month: 1e9, low: 1.0 }],
            levers: vec![
                Lever { delay: 0.0, escalation: 0.0, sets: vec![(0, 2, 0.0)] },
                Lever { delay: 2.0, escalation: 0.0, sets: vec![(0, 2, 1.5)] },
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

#[test]
fn the_known_answers_come_out_by_simulation() {
    let with = |run: [bool; 2]| Asked { run: run.to_vec(), ..known_contest(36, 0.2) };
    let known = [
        (known_contest(36, 0.0), 40.917_290, 1e-5),
        (known_contest(36, 0.2), 35.267_546, 1e-5),
        (known_contest(24, 0.0), 41.426_8, 6e-5),
        (known_contest(60, 0.0), 40.575_4, 6e-5),
        (known_contest(120, 0.0), 40.352_7, 6e-5),
        (with([true, false]), 55.662_158, 1e-5),
        (with([false, true]), 27.557_407, 1e-5),
    ];
    for (number, (asked, value, within)) in known.into_iter().enumerate() {
        let war = asked.war();
        let swept = swept(&war, 10_000)[0];
        println!("known answer {number}: {value} stated, {swept:.6} swept, {:.6} solved", asked.solve().values[0]);
        assert!((swept - value).abs() < within, "known answer {number}: {swept} swept, {value} stated");
        assert!((asked.solve().values[0] - value).abs() < within, "known answer {number}: solver");
        if number < 2 {
            let drawn = drawn(&war, 40_000, &mut Random::new(number as u64));
            let z = (drawn.values[0].mean() - value) / drawn.values[0].error();
            assert!(z.abs() < TOLERATED, "known answer {number}: {z:.2} standard errors");
            let shares = [0.040_006, 0.011_041, 0.453_446, 0.025_364];
            for (e, share) in shares.into_iter().enumerate() {
                let seen: usize = drawn.endings.iter().map(|month| month[e]).sum();
                assert!(share_z(seen, drawn.paths, share) < TOLERATED, "known answer {number}: ending {e}");
                let exact: f64 = chances(&war).iter().map(|month| month[e]).sum();
                assert!((exact - share).abs() < 1e-6, "known answer {number}: ending {e}: {exact}");
            }
            assert!((asked.solve().beyond - 0.470_142).abs() < 1e-6);
        }
    }
}
