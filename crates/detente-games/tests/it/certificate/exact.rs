//! Answers in exact fractions.

use detente_games::certificate::Malformed;
use detente_games::certificate::exact::{Exact, recheck};
use detente_games::{Builder, Game, Number, Recall, Tolerance, certify, families, logit};
use num_rational::BigRational;
use num_traits::ToPrimitive;
use proptest::prelude::*;

use super::games::{Draw, beer_quiche, beer_quiche_duel, chain_store, horse, random, ultimatum};
use super::{even, tree};

fn ratio(above: i64, below: i64) -> BigRational {
    BigRational::new(above.into(), below.into())
}

/// The mixed equilibrium of the chain store, each probability moved by `noise`.
fn chain_store_answer(noise: f64) -> Vec<f64> {
    let (fight, out) = (1.0 / 9.0 + noise, 0.5 - noise);
    vec![
        0.0,
        1.0,
        fight,
        1.0 - fight,
        out,
        1.0 - out,
        0.0,
        1.0,
        0.0,
        1.0,
        0.0,
        1.0,
        0.0,
        1.0,
        0.0,
        1.0,
    ]
}

#[test]
fn the_chain_store_is_proved_from_rounded_numbers() {
    let game = chain_store();
    let tree = tree(&game);
    for noise in [0.0, 3e-13, 2e-9, -5e-7] {
        let answer = even(&tree, chain_store_answer(noise));
        let Exact::Proved(proved) = recheck(&game, &answer) else {
            panic!("{noise}: {:?}", recheck(&game, &answer))
        };
        assert_eq!(proved.strategy[2], ratio(1, 9));
        assert_eq!(proved.strategy[4], ratio(1, 2));
        assert_eq!(proved.beliefs[2], [ratio(1, 2), ratio(1, 2)]);
        assert_eq!(proved.value[1], ratio(3, 10));
    }
    // A probability that is wrong, not rounded: entrant 2 believes in a tough store with .1/(.1+.9 × .2) and regrets staying out.
    let mut wrong = chain_store_answer(0.0);
    (wrong[2], wrong[3]) = (0.2, 0.8);
    let belief = ratio(1, 10) / (ratio(1, 10) + ratio(18, 100));
    let one = ratio(1, 1);
    let regret = (&one - &belief) * ratio(1, 2) - belief * ratio(1, 2);
    assert_eq!(
        recheck(&game, &even(&tree, wrong)),
        Exact::Refuted { set: 2, regret }
    );
}

#[test]
fn beliefs_off_the_path_are_fractions_too() {
    let game = horse();
    let tree = tree(&game);
    let mut answer = even(&tree, vec![0.0, 1.0, 0.0, 1.0, 0.0, 1.0]);
    assert!(matches!(
        recheck(&game, &answer),
        Exact::Refuted { set: 2, .. }
    ));
    answer.tremble[2] += 2.0;
    let Exact::Proved(proved) = recheck(&game, &answer) else {
        panic!("{:?}", recheck(&game, &answer))
    };
    assert!(proved.beliefs[2][0] < ratio(1, 3));
    assert_eq!(&proved.beliefs[2][0] + &proved.beliefs[2][1], ratio(1, 1));

    let game = beer_quiche();
    let tree = super::tree(&game);
    let mut answer = even(&tree, vec![1.0, 0.0, 1.0, 0.0, 0.0, 1.0, 1.0, 0.0]);
    // Odds of one to one, where the receiver is exactly indifferent.
    answer.tremble[1] -= libm::log(9.0);
    let Exact::Proved(proved) = recheck(&game, &answer) else {
        panic!("{:?}", recheck(&game, &answer))
    };
    assert_eq!(proved.beliefs[3], [ratio(1, 2), ratio(1, 2)]);
    assert_eq!(proved.value, [ratio(29, 10), ratio(9, 10)]);
}

#[test]
fn a_belief_that_must_make_indifferent_does_so_exactly() {
    // Pooling on quiche, where the receiver duels after beer with .7: it believes in the surly with d/(1+d), d = 5003/7001 the worth
    // of a duel with the weak. The trembles miss that by a billionth.
    let game = beer_quiche_duel(&Number::ratio(5003, 7001));
    let tree = tree(&game);
    let mut answer = even(&tree, vec![0.0, 1.0, 0.0, 1.0, 0.7, 0.3, 0.0, 1.0]);
    answer.tremble[0] += libm::log(5003.0 / 7001.0 / 9.0) + 1e-9;
    let Exact::Proved(proved) = recheck(&game, &answer) else {
        panic!("{:?}", recheck(&game, &answer))
    };
    assert_eq!(
        proved.beliefs[2],
        [ratio(5003, 12_004), ratio(7001, 12_004)]
    );
    assert_eq!(proved.strategy[4], ratio(7, 10));
}

#[test]
fn long_denominators_are_recognised_from_the_equations() {
    // Pennies that mix with 50021/120011 and 70001/90007, known to nine digits: fractions as simple as that are nowhere near.
    let mut game = Builder::new("Pennies", ["A", "B"]);
    let guesses = game.set(0, "A", ["up", "down"]);
    let hides = game.set(1, "B", ["left", "right"]);
    // A is indifferent if B's left has probability b/(a+b) of what up gets left, a, and down gets right, b; B the same.
    let pay = [
        [[120_011 - 50_021, 0], [0, 70_001]],
        [[0, 90_007 - 70_001], [50_021, 0]],
    ];
    let root = game.root();
    for (row, place) in game.moves(root, guesses).into_iter().enumerate() {
        for (column, place) in game.moves(place, hides).into_iter().enumerate() {
            game.pay(place, pay[row][column].map(Number::from));
        }
    }
    let game = game.finish();
    let (up, left) = (ratio(20_006, 90_007), ratio(50_021, 120_011));
    let near = |exact: &BigRational| exact.to_f64().expect("a number") + 1e-9;
    let (a, b) = (near(&up), near(&left));
    let answer = even(&tree(&game), vec![a, 1.0 - a, b, 1.0 - b]);
    match recheck(&game, &answer) {
        Exact::Proved(proved) => {
            assert_eq!([&proved.strategy[0], &proved.strategy[2]], [&up, &left]);
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn limits_of_quantal_response_are_proved_in_the_crisis_family() {
    // Denominators up to 10985 at three types.
    for (types, threats) in [(2, 2), (2, 4), (3, 3), (4, 4)] {
        let game = families::crisis(types, threats);
        let found = logit::limit(&tree(&game), &logit::Options::default(), &mut |_| true);
        for branch in found.branches {
            let exact = recheck(&game, &branch.answer);
            assert!(
                matches!(exact, Exact::Proved(_)),
                "{types} {threats} {exact:?}"
            );
        }
    }
}

#[test]
fn an_incredible_threat_is_refuted_with_its_exact_price() {
    let game = ultimatum(&[599, 799, 949]);
    let tree = tree(&game);
    let mut war = vec![0.0, 0.0, 1.0];
    war.extend([0.0, 1.0].repeat(6));
    assert_eq!(
        recheck(&game, &even(&tree, war)),
        Exact::Refuted {
            set: 4,
            regret: ratio(201, 1000)
        }
    );
}

#[test]
fn what_is_no_assessment_or_no_game_to_assess_is_said_to_be_none() {
    let game = horse();
    let mut answer = even(&tree(&game), vec![0.0, 1.0, 0.0, 1.0, 0.0, 1.0]);
    answer.strategy[1] = f64::NAN;
    assert!(matches!(
        recheck(&game, &answer),
        Exact::Malformed(Malformed::Probability { action: 1, .. })
    ));
    // A player who passes the same information set twice.
    let mut game = Builder::new("absent-minded driver", ["A"]);
    let exit = game.set(0, "exit", ["leave", "drive on"]);
    let root = game.root();
    let on = game.moves(root, exit)[1];
    game.moves(on, exit);
    assert_eq!(
        recheck(&game.finish(), &answer),
        Exact::Recall(Recall::AbsentMinded { set: 0 })
    );
}

/// Matching pennies where A is indifferent if B mixes with 1/√2 to 31 digits, which no fraction with a denominator of 18
/// digits is.
fn pennies() -> Game {
    let mut game = Builder::new("Pennies", ["A", "B"]);
    let guesses = game.set(0, "A", ["up", "down"]);
    let hides = game.set(1, "B", ["left", "right"]);
    let number = |text: &str| Number::parse(text).expect("a decimal");
    let pay = [
        [number("0.2928932188134524755991556378951"), Number::from(0)],
        [Number::from(0), number("0.7071067811865475244008443621049")],
    ];
    let root = game.root();
    for (row, place) in game.moves(root, guesses).into_iter().enumerate() {
        for (column, place) in game.moves(place, hides).into_iter().enumerate() {
            let theirs = Number::from(i64::from(row != column));
            game.pay(place, [pay[row][column].clone(), theirs]);
        }
    }
    game.finish()
}

#[test]
fn what_is_no_simple_fraction_is_not_called_one() {
    let game = pennies();
    let tree = tree(&game);
    let root = core::f64::consts::FRAC_1_SQRT_2;
    let answer = even(&tree, vec![0.5, 0.5, root, 1.0 - root]);
    assert!(certify(&tree, &answer, &Tolerance::default()).is_sequential());
    assert_eq!(recheck(&game, &answer), Exact::NotRational);
}

proptest! {
    #[test]
    fn exact_and_rounded_certificates_agree(seed: u64, backwards: bool) {
        let game = random(seed, backwards);
        let tree = tree(&game);
        let strategy = match detente_games::backward::solve(&tree) {
            Some(solved) if backwards => solved.answer.strategy,
            // Pure, so that nothing has to be rounded.
            _ => {
                let mut pure = vec![0.0; tree.actions()];
                let mut draw = Draw(seed ^ 4);
                for set in 0..tree.sets() {
                    let actions = tree.actions_of(set);
                    pure[actions.start + draw.below(actions.len())] = 1.0;
                }
                pure
            }
        };
        let answer = even(&tree, strategy);
        let rounded = certify(&tree, &answer, &Tolerance::default());
        let largest = rounded.sets.iter().map(|check| check.regret).fold(0.0, f64::max);
        match recheck(&game, &answer) {
            Exact::Proved(proved) => {
                prop_assert!(largest < 1e-9);
                for (exact, value) in proved.value.iter().zip(&rounded.value) {
                    prop_assert!((exact.to_f64().expect("a number") - value).abs() < 1e-9);
                }
            }
            Exact::Refuted { regret, .. } => {
                prop_assert!(!backwards);
                prop_assert!((regret.to_f64().expect("a number") - largest).abs() < 1e-9);
            }
            other => prop_assert!(false, "{:?}", other),
        }
    }
}
