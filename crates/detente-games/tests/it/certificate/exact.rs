//! Answers in exact fractions.

use detente_games::certificate::exact::{Exact, recheck};
use detente_games::{Builder, Game, Number, Tolerance, certify};
use num_rational::BigRational;
use num_traits::ToPrimitive;
use proptest::prelude::*;

use super::games::{Draw, beer_quiche, chain_store, horse, random, ultimatum};
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

/// Matching pennies where A is indifferent if B mixes with 0.70710678118654752, which no simple fraction is near.
fn pennies() -> Game {
    let mut game = Builder::new("Pennies", ["A", "B"]);
    let guesses = game.set(0, "A", ["up", "down"]);
    let hides = game.set(1, "B", ["left", "right"]);
    let number = |text: &str| Number::parse(text).expect("a decimal");
    let pay = [
        [number("0.29289321881345248"), Number::from(0)],
        [Number::from(0), number("0.70710678118654752")],
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
