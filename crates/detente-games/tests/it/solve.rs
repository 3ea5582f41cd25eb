//! Every answer that is given passes its certificate, however the game is stated.

use detente_games::logit::{self, quantal_response};
use detente_games::oracles::{CostlySignal, SignalCost};
use detente_games::signalling::Limits;
use detente_games::solve::{Options, Solution, solve};
use detente_games::{Builder, Game, Number, Tolerance, Tree, certify};

use crate::certificate::games::{Draw, random};
use crate::certificate::invariance::Restated;
use crate::of_many;

/// Traces stop at a regret of 1e-8 of the range; probabilities that payoffs leave almost free are good to about this.
const SAME: f64 = 1e-5;

fn solved(game: &Game) -> (Tree, Solution) {
    let tree = Tree::new(game).expect("perfect recall");
    let solution = solve(game, &tree, &Options::default(), &mut |_| true);
    (tree, solution)
}

#[test]
fn every_answer_to_a_random_game_is_a_certified_equilibrium() {
    let (mut answers, count) = (0, of_many("random games", 120, 300));
    for seed in 0..count {
        let game = random(seed, seed % 3 == 0);
        let (tree, solution) = solved(&game);
        assert!(!solution.equilibria.is_empty(), "{seed}: none found");
        for found in &solution.equilibria {
            // Again, from the game and the answer alone.
            let again = certify(&tree, &found.answer, &Tolerance::default());
            assert!(again.is_sequential(), "{seed}: {}", again.in_words(&game));
            assert_eq!(again.verdict, found.certificate.verdict);
            for (again, told) in again.value.iter().zip(&found.certificate.value) {
                assert!((again - told).abs() < 1e-9, "{seed}: {again} for {told}");
            }
            answers += 1;
        }
        assert!(
            solution.rejected.is_empty(),
            "{seed}: {:?}",
            solution.rejected[0].certificate.in_words(&game)
        );
    }
    assert!(answers >= count);
}

#[test]
fn quantal_responses_do_not_depend_on_how_a_game_is_stated() {
    let all = [
        Restated {
            players: true,
            ..Restated::default()
        },
        Restated {
            actions: true,
            ..Restated::default()
        },
        Restated {
            chance: true,
            ..Restated::default()
        },
        Restated {
            players: true,
            actions: true,
            chance: true,
            ..Restated::default()
        },
    ];
    for seed in 0..60 {
        let game = random(seed, false);
        let tree = Tree::new(&game).expect("perfect recall");
        let options = logit::Options::default();
        let here = quantal_response(&tree, 0.05, &options).expect("reached");
        for how in all {
            let tree = Tree::new(&how.game(&game)).expect("perfect recall");
            let there = quantal_response(&tree, 0.05, &options).expect("reached");
            let expected = how.profile(&game, &here.strategy);
            for (a, b) in there.strategy.iter().zip(&expected) {
                assert!((a - b).abs() < SAME, "{seed} {how:?}: {a} {b}");
            }
        }
    }
}

/// After Fearon 1997: with sunk costs, ten types a side, the limit from even play is silence of all; the equilibrium in which the
/// resolute pay for a signal is another, also among signals that nobody sends.
#[test]
fn costly_signals_are_found_beside_silence() {
    let menus: [&[(i64, i64)]; 3] = [
        &[(1, 5)],
        &[(1, 10), (1, 5), (3, 10)],
        &[(1, 20), (1, 10), (3, 20), (1, 5), (1, 4)],
    ];
    let told = [
        (0.3, &[(6, 25)][..], 0.056),
        (0.25, menus[0], 0.0875),
        (0.25, menus[1], 0.0875),
        (0.25, menus[2], 0.0875),
    ];
    let tried = of_many("menus of signals", 3, told.len() as u64);
    let tried = usize::try_from(tried).expect("few");
    for (cost_defender, signals, value) in told.into_iter().take(tried) {
        let crisis = CostlySignal {
            cost_defender,
            ..CostlySignal::default()
        };
        let continuous = crisis.answer(SignalCost::Sunk).defender;
        assert!((continuous - value).abs() < 1e-9, "{continuous}");
        let mut menu = vec![Number::from(0)];
        menu.extend(signals.iter().map(|&(n, d)| Number::ratio(n, d)));
        let game = crisis.game(SignalCost::Sunk, 10, &menu);
        let (_, solution) = solved(&game);
        let values: Vec<f64> = solution
            .equilibria
            .iter()
            .map(|found| found.certificate.value[0])
            .collect();
        assert!(
            values.iter().any(|found| (found - value).abs() < 1e-9) && values.len() > 1,
            "{value} among {menu:?}: {values:?}"
        );
        assert!(!solution.complete);
    }
}

/// What types are worth orders them, wherever the file puts them.
#[test]
fn types_are_parted_in_any_order() {
    let all = [
        Restated {
            players: true,
            actions: true,
            chance: true,
            ..Restated::default()
        },
        Restated {
            chance: true,
            ..Restated::default()
        },
    ];
    let crisis = CostlySignal {
        cost_defender: 0.25,
        ..CostlySignal::default()
    };
    let menu = [0, 4, 6].map(|n| Number::ratio(n, 20));
    let game = crisis.game(SignalCost::Sunk, 10, &menu);
    for how in all {
        let (_, solution) = solved(&how.game(&game));
        let defender = usize::from(how.players);
        let mut values = solution
            .equilibria
            .iter()
            .map(|found| found.certificate.value[defender]);
        assert!(values.any(|value| (value - 0.0875).abs() < 1e-9));
    }
}

/// Eight types, messages and responses: far more patterns than can be gone through. An amount of work that is counted ends the search, says
/// how far it went, and there is a certified answer all the same.
#[test]
fn a_signalling_game_with_too_many_patterns_ends_by_count_with_an_answer() {
    let mut draw = Draw::new(8);
    let mut game = Builder::new("eight", ["S", "R"]);
    let names = |letter: char| (0..8).map(move |k| format!("{letter}{k}"));
    let types: Vec<_> = names('t').map(|t| game.set(0, t, names('m'))).collect();
    let answers: Vec<_> = names('m').map(|m| game.set(1, m, names('r'))).collect();
    let root = game.root();
    let chances = names('t').map(|t| (t, Number::ratio(1, 8)));
    let dealt = game.chance(root, "", chances.collect::<Vec<_>>());
    for (place, kind) in dealt.into_iter().zip(types) {
        for (place, &answer) in game.moves(place, kind).into_iter().zip(&answers) {
            for end in game.moves(place, answer) {
                let pays = [draw.below(10), draw.below(10)]
                    .map(|n| Number::from(i64::try_from(n).expect("small")));
                game.pay(end, pays);
            }
        }
    }
    let game = game.finish();
    let tree = Tree::new(&game).expect("perfect recall");
    let options = Options {
        patterns: Limits {
            work: 200_000,
            ..Limits::default()
        },
        several: false,
        ..Options::default()
    };
    let solution = solve(&game, &tree, &options, &mut |_| true);
    assert!(!solution.complete && !solution.stopped);
    assert!(matches!(solution.patterns, Some((_, false))));
    let first = solution.equilibria.first().expect("an answer");
    assert!(first.certificate.is_sequential());
    assert_eq!(solution, solve(&game, &tree, &options, &mut |_| true));
}
