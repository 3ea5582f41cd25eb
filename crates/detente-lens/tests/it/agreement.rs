//! `Contest` against a simulation of the same definition (docs), over random contests and the known answers.

use crate::contests::{Asked, known_contest, random_contest};
use crate::of_many;
use crate::simulation::{Drawn, Month, Random, War, calm_line, chances, drawn, swept, weighed};
use detente_core::{Ending, NoDealSolution};
use std::sync::OnceLock;

/// Wars drawn to their end, by random contest.
const PATHS: usize = 30_000;
/// Mirrored pairs of lines drawn, by random contest.
const PAIRS: usize = 3_000;
/// Points of the sweep.
const POINTS: usize = 4_000;
/// Random contests that are drawn, with the slow sets and in a plain run.
const DRAWN_SETS: usize = 40;
const FEW_DRAWN_SETS: u64 = 16;
/// Random contests that are swept.
const SWEPT_SETS: u64 = 120;
/// Random contests without chance in the line.
const CALM_SETS: u64 = 400;
/// Standard errors that count as agreement.
pub(crate) const TOLERATED: f64 = 4.0;
/// No error of a mean in points is taken for less: a line may reach a kink too seldom for any path to show it.
const LEAST_ERROR: f64 = 1e-3;

/// Distance in standard errors of an answer from what drawn wars show: V of every type, and the share of each ending
/// within half of the horizon and within all of it.
pub(crate) fn largest_z(drawn: &Drawn, answer: &NoDealSolution) -> f64 {
    let of_value = |(mean, v): (&crate::simulation::Mean, &f64)| {
        (mean.mean() - v).abs() / mean.error().max(LEAST_ERROR)
    };
    let values = drawn
        .values
        .iter()
        .zip(&answer.values)
        .map(of_value)
        .fold(0.0, f64::max);
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

pub(crate) fn largest_gap(a: &[f64], b: &[f64]) -> f64 {
    assert_eq!(a.len(), b.len());
    a.iter()
        .zip(b)
        .map(|(a, b)| (a - b).abs())
        .fold(0.0, f64::max)
}

/// Everything in an answer that needs no chance: shares, efforts, the line's law, the floor.
fn check_law(war: &War, answer: &NoDealSolution, label: &str) {
    let months = war.months();
    let chances: Vec<f64> = chances(war).into_iter().flatten().collect();
    assert!(
        largest_gap(&chances, &answer.endings) < 1e-11,
        "{label}: shares of endings"
    );
    assert!(
        (1.0 - chances.iter().sum::<f64>() - answer.beyond).abs() < 1e-11,
        "{label}: beyond"
    );
    let effort = |side: usize| {
        months
            .iter()
            .map(|month| month.effort[side])
            .collect::<Vec<f64>>()
    };
    assert!(
        largest_gap(&effort(0), &answer.supply_a[..war.horizon]) < 1e-11,
        "{label}: effort of A"
    );
    assert!(
        largest_gap(&effort(1), &answer.supply_b[..war.horizon]) < 1e-11,
        "{label}: effort of B"
    );
    assert!(
        largest_gap(&calm_line(war, &months), &answer.line_mean) < 1e-6,
        "{label}: mean of the line"
    );
    let spread: Vec<f64> = (0..=war.horizon)
        .map(|t| war.volatility * (t as f64).sqrt())
        .collect();
    assert!(
        largest_gap(&spread, &answer.line_sd) < 1e-8,
        "{label}: spread of the line"
    );
    assert_eq!(
        months.iter().any(|month: &Month| month.floored),
        answer.floored,
        "{label}: floor"
    );
}

fn drawn_sets() -> u64 {
    of_many("drawn contests", FEW_DRAWN_SETS, DRAWN_SETS as u64)
}

/// A random contest drawn to its end, once for all tests, and what random numbers are left after it.
fn war_drawn(seed: u64) -> &'static (Drawn, Random) {
    static KEPT: [OnceLock<(Drawn, Random)>; DRAWN_SETS] = [const { OnceLock::new() }; DRAWN_SETS];
    KEPT[usize::try_from(seed).expect("few")].get_or_init(|| {
        let mut random = Random::new(seed + 1_000_000);
        (
            drawn(&random_contest(seed).war(), PATHS, &mut random),
            random,
        )
    })
}

#[test]
fn drawn_wars_agree_with_the_solver() {
    let mut largest: (f64, f64) = (0.0, 0.0);
    for seed in 0..drawn_sets() {
        let asked = random_contest(seed);
        let (war, answer) = (asked.war(), asked.solve());
        let (drawn, left) = war_drawn(seed);
        let mut random = left.clone();
        let z = largest_z(drawn, &answer);
        assert!(
            z < TOLERATED,
            "contest {seed}: {z:.2} standard errors\n{asked:#?}\n{answer:#?}"
        );

        let lines = weighed(&war, PAIRS, &mut random);
        let end = |numbers: &[f64]| numbers[war.horizon];
        let claims = [
            (lines.line, end(&answer.line_mean)),
            (lines.spread, end(&answer.line_sd) * end(&answer.line_sd)),
        ];
        let pairs = lines
            .values
            .iter()
            .copied()
            .zip(answer.values.iter().copied())
            .chain(claims);
        let y = pairs
            .map(|(mean, claim)| (mean.mean() - claim).abs() / mean.error().max(LEAST_ERROR))
            .fold(0.0, f64::max);
        assert!(
            y < TOLERATED,
            "contest {seed}: {y:.2} standard errors, endings weighed\n{asked:#?}\n{answer:#?}"
        );
        largest = (largest.0.max(z), largest.1.max(y));
    }
    println!(
        "largest distance in standard errors: {:.2} drawn, {:.2} weighed",
        largest.0, largest.1
    );
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
        assert!(
            gap < 2e-3,
            "contest {seed}: {gap} points\n{asked:#?}\n{answer:#?}"
        );
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
            1 => {
                (
                    asked.war.decisive,
                    asked.war.other_end,
                    asked.war.escalation,
                ) = (0.0, 0.0, 0.0);
            }
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
        assert!(
            largest_gap(&restless.solve().values, &answer.values) < 1e-6,
            "{label}: almost no chance"
        );

        // The truncation is the change at twice the horizon, or more.
        let mut longer = war.clone();
        longer.horizon *= 2;
        let change = largest_gap(&swept(&longer, 1), &values);
        assert!(
            answer.truncation >= change - 1e-9,
            "{label}: truncation {} < {change}",
            answer.truncation
        );
        largest = (
            largest.0.max(gap),
            largest.1.max(answer.truncation - change),
        );
    }
    println!(
        "largest distance: {:.2e} points; truncation overstated by at most {:.2e}",
        largest.0, largest.1
    );
}

#[test]
fn wrong_answers_are_found() {
    /// Points that the paths tell from nothing.
    const VISIBLE: f64 = 2.5;
    const FAULTS: [&str; 7] = [
        "levers",
        "offset",
        "start",
        "scar",
        "burden",
        "patience",
        "depletion",
    ];
    let mut visible = [0_u64; FAULTS.len()];
    let sets = drawn_sets();
    for seed in 0..sets {
        let asked = random_contest(seed);
        let war = asked.war();
        let right = asked.solve();
        let (drawn, _) = war_drawn(seed);
        let found = |answer: &NoDealSolution| largest_z(drawn, answer) > TOLERATED;
        assert!(!found(&right), "contest {seed}");

        // The share of the likeliest ending a fifth too large.
        let likeliest = Ending::ALL.into_iter().max_by(|a, b| {
            let share = |ending: Ending| right.ended_by(ending, war.horizon);
            share(*a).total_cmp(&share(*b))
        });
        let mut wrong = right.clone();
        for share in wrong
            .endings
            .iter_mut()
            .skip(likeliest.expect("four endings") as usize)
            .step_by(4)
        {
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
        println!("{fault}: visible, and found, in {times} of {sets} contests");
        assert!(
            8 * times >= sets,
            "{fault}: visible in {times} contests only"
        );
    }
}

#[test]
fn the_known_answers_come_out_by_simulation() {
    let with = |run: [bool; 2]| Asked {
        run: run.to_vec(),
        ..known_contest(36, 0.2)
    };
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
        println!(
            "known answer {number}: {value} stated, {swept:.6} swept, {:.6} solved",
            asked.solve().values[0]
        );
        assert!(
            (swept - value).abs() < within,
            "known answer {number}: {swept} swept, {value} stated"
        );
        assert!(
            (asked.solve().values[0] - value).abs() < within,
            "known answer {number}: solver"
        );
        if number < 2 {
            let drawn = drawn(&war, 40_000, &mut Random::new(number as u64));
            let z = (drawn.values[0].mean() - value) / drawn.values[0].error();
            assert!(
                z.abs() < TOLERATED,
                "known answer {number}: {z:.2} standard errors"
            );
            let shares = [0.040_006, 0.011_041, 0.453_446, 0.025_364];
            for (e, share) in shares.into_iter().enumerate() {
                let seen: usize = drawn.endings.iter().map(|month| month[e]).sum();
                assert!(
                    share_z(seen, drawn.paths, share) < TOLERATED,
                    "known answer {number}: ending {e}"
                );
                let exact: f64 = chances(&war).iter().map(|month| month[e]).sum();
                assert!(
                    (exact - share).abs() < 1e-6,
                    "known answer {number}: ending {e}: {exact}"
                );
            }
            assert!((asked.solve().beyond - 0.470_142).abs() < 1e-6);
        }
    }
}
