//! Random games, solved, and what is said of them checked by other means: every equilibrium in exact numbers from its definition, and
//! every pure equilibrium that needs no belief in particular found by going through all pure profiles.
//!
//! Eighty in every test run, two hundred with the slow sets. With `DETENTE_LONG=1`, twenty thousand, or as many as `DETENTE_CASES` says, from `DETENTE_FIRST` on.

mod brute;
mod make;

use std::collections::BTreeMap;

use detente_games::certificate::Verdict;
use detente_games::certificate::exact::Exact;
use detente_games::solve::{Options, Solution, solve};
use detente_games::{Game, Tree, efg, story};

use brute::{Definition, Q};

use crate::of_many;

/// Games of a test run, with the slow sets, and of a long one.
const FEWEST: u64 = 80;
const FEW: u64 = 200;
const MANY: u64 = 20_000;
/// With so many equilibria, the search has stopped looking for more.
const TOLD: usize = 24;
/// Two answers are one if no play's probability differs by more than this.
const SAME: f64 = 1e-6;
/// What an answer in floating-point numbers may lose, as a share of how far apart payoffs are among the plays that it leads to.
const LOSS: f64 = 1e-5;

/// What was seen.
#[derive(Debug, Default)]
struct Seen {
    proved: u64,
    within_tolerance: u64,
    complete: u64,
    pure: u64,
    several: u64,
    indifferent: u64,
    unanswered: Vec<u64>,
    families: BTreeMap<&'static str, u64>,
}

#[expect(clippy::disallowed_methods, reason = "how long a run is")]
fn setting(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

#[test]
fn what_is_said_of_random_games_is_true() {
    let long = setting("DETENTE_LONG") == Some(1);
    let first = setting("DETENTE_FIRST").unwrap_or(0);
    let few = || of_many("random games", FEWEST, FEW);
    let count = setting("DETENTE_CASES").unwrap_or_else(|| if long { MANY } else { few() });
    let mut seen = Seen::default();
    let mut faults = Vec::new();
    for seed in first..first + count {
        let (family, game) = make::game(seed);
        *seen.families.entry(family).or_insert(0) += 1;
        if let Err(fault) = look(seed, &game, &mut seen) {
            faults.push(format!("{seed} ({family}): {fault}\n{}", efg::write(&game)));
        }
    }
    // For whoever runs it for long.
    println!("{count} games from {first}: {seen:?}");
    assert!(
        faults.is_empty(),
        "{} of {count} games; the first:\n{}",
        faults.len(),
        faults
            .iter()
            .take(3)
            .cloned()
            .collect::<Vec<_>>()
            .join("\n")
    );
    // An answer within the tolerance may be beyond `f64` at large scales; seldom.
    assert!(
        seen.unanswered.len() as u64 * 200 <= count,
        "no answer: {:?}",
        seen.unanswered
    );
    if count >= FEW {
        assert!(seen.families.len() == make::FAMILIES.len());
        assert!(seen.pure > count / 4 && seen.proved > count && seen.complete > count / 8);
        assert!(seen.several > count / 8 && seen.indifferent > count / 20);
    }
}

/// Games of long runs of which something untrue was said once,
const KEPT: [u64; 3] = [1907, 15_736, 17_086];
/// and games of several players that once had no answer: small stakes beside a large constant, one catastrophe, or both.
const ANSWERED: [u64; 13] = [
    842, 1393, 2146, 2283, 2444, 3823, 5120, 5242, 7466, 10_938, 11_278, 15_181, 16_821,
];

#[test]
fn what_was_untrue_once_stays_mended() {
    let answered = of_many("games once without an answer", 4, ANSWERED.len() as u64);
    let answered = &ANSWERED[..usize::try_from(answered).expect("few")];
    for seed in KEPT.iter().chain(answered).copied() {
        let mut seen = Seen::default();
        let (family, game) = make::game(seed);
        let looked = look(seed, &game, &mut seen);
        assert!(
            looked.is_ok() && seen.unanswered.is_empty(),
            "{seed} ({family}): {looked:?}"
        );
    }
}

fn look(seed: u64, game: &Game, seen: &mut Seen) -> Result<(), String> {
    let tree = Tree::new(game).map_err(|lacking| format!("{lacking:?}"))?;
    let solution = solve(game, &tree, &Options::default(), &mut |_| true);
    let definition = Definition::new(game);
    if solution.equilibria.is_empty() {
        seen.unanswered.push(seed);
        let rejected = solution.rejected.iter();
        let why: Vec<String> = rejected
            .map(|found| found.certificate.in_words(game))
            .collect();
        println!(
            "{seed} has no answer: {}\n{}",
            why.join("\n"),
            efg::write(game)
        );
    }
    seen.complete += u64::from(solution.complete);
    seen.several += u64::from(solution.equilibria.len() > 1);
    for found in &solution.equilibria {
        if found.certificate.verdict != Verdict::Sequential {
            return Err("among the equilibria without the verdict".into());
        }
        let told = story::tell(game, &tree, &found.answer, &found.certificate);
        let value: Vec<Q> = if let Some(Exact::Proved(exact)) = &found.exact {
            seen.proved += 1;
            definition.is_sequential(&exact.strategy, &exact.beliefs)?;
            let value = definition.value(&exact.strategy);
            if value != exact.value {
                return Err(format!("worth {value:?}, not {:?}", exact.value));
            }
            value
        } else {
            seen.within_tolerance += 1;
            let strategy = definition.as_fractions(&found.answer.strategy);
            definition.loses_little(&strategy, LOSS)?;
            definition.value(&strategy)
        };
        for (player, (value, told)) in value.iter().zip(&told.value).enumerate() {
            let value = brute::to_f64(value);
            if (value - told).abs() > 1e-9 * definition.size[player] {
                return Err(format!("player {player} is told {told}, and gets {value}"));
            }
        }
        for scene in &told.scenes {
            if scene.sentence.contains("exactly where it is indifferent") {
                seen.indifferent += 1;
                let check = &found.certificate.sets[scene.set];
                let beliefs = Definition::as_shares(&check.beliefs);
                let strategy = definition.as_fractions(&found.answer.strategy);
                let (values, size) = definition.action_values(scene.set, &strategy, &beliefs);
                let best = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
                let near = values.iter().filter(|value| **value >= best - 1e-9 * size);
                if near.count() < 2 {
                    return Err(format!("indifferent: {} of {values:?}", scene.sentence));
                }
            }
        }
    }
    pure_ones(&definition, &tree, &solution, seen)
}

/// Every pure equilibrium that stands under any beliefs is among those found.
fn pure_ones(
    definition: &Definition,
    tree: &Tree,
    solution: &Solution,
    seen: &mut Seen,
) -> Result<(), String> {
    if solution.equilibria.len() >= TOLD {
        return Ok(());
    }
    let known: Vec<Vec<f64>> = solution
        .equilibria
        .iter()
        .map(|found| definition.plays(&found.answer.strategy))
        .collect();
    debug_assert_eq!(tree.leaves.len(), definition.leaves());
    for pure in definition.pure_equilibria() {
        seen.pure += 1;
        let plays = definition.plays(&pure);
        let same = |known: &Vec<f64>| known.iter().zip(&plays).all(|(a, b)| (a - b).abs() < SAME);
        if !known.iter().any(same) {
            return Err(format!(
                "the pure equilibrium {pure:?} is missing{}",
                if solution.complete {
                    ", and these are said to be all"
                } else {
                    ""
                }
            ));
        }
    }
    Ok(())
}
