//! Backward induction: known values, every answer certified.

use detente_games::backward::{Loop, Onward, solve};
use detente_games::{Builder, Game, Number, Tolerance, Tree, certify};
use proptest::prelude::*;

use crate::certificate::games::{random, ultimatum};
use crate::of_many;

/// Sums and products of a few decimals.
const ROUNDING: f64 = 1e-12;

fn tree(game: &Game) -> Tree {
    Tree::new(game).expect("perfect recall")
}

/// What the proposer gets with `left` periods to go and discount 9/10 on both sides, in exact numbers: v = 1 at the end, else 1 - .9 v.
fn share(left: usize) -> Number {
    let discount = Number::ratio(9, 10);
    let mut value = Number::from(1);
    for _ in 1..left {
        let one = Number::from(1);
        value = Number::from(one.exact() - discount.exact() * value.exact());
    }
    value
}

/// Alternating offers for `periods`, discount 9/10, nothing after the last: the proposer may take the equilibrium share, or a
/// little more. Players are Odd and Even.
fn alternating(periods: usize) -> Game {
    let mut game = Builder::new("Alternating offers", ["Odd", "Even"]);
    let mut open = vec![game.root()];
    let mut discount = Number::from(1);
    for period in 0..periods {
        let exact = share(periods - period);
        let more = Number::from(exact.exact() + Number::ratio(1, 100).exact());
        let proposer = period % 2;
        let mut next = Vec::new();
        for place in open {
            let asks = game.set(proposer, "", ["share", "more"]);
            for (mine, place) in [&exact, &more].into_iter().zip(game.moves(place, asks)) {
                let answers = game.set(1 - proposer, "", ["accept", "refuse"]);
                let ends = game.moves(place, answers);
                let theirs = Number::from(1);
                let mut pay = [
                    Number::from(mine.exact() * discount.exact()),
                    Number::from((theirs.exact() - mine.exact()) * discount.exact()),
                ];
                if proposer == 1 {
                    pay.reverse();
                }
                game.pay(ends[0], pay);
                next.push(ends[1]);
            }
        }
        discount = Number::from(discount.exact() * Number::ratio(9, 10).exact());
        open = next;
    }
    game.finish()
}

#[test]
fn alternating_offers_over_a_few_periods() {
    // v = 1 - .9 v backwards from 1: .91 after three, (1 - (-.9)^10)/1.9 after ten. The responder ties between accepting and
    // refusing what it is just worth.
    for (periods, value) in [(1, 1.0), (3, 0.91), (10, 0.342_800_821)] {
        let game = alternating(periods);
        let found = solve(&tree(&game)).expect("perfect information");
        assert!(
            (found.value[0] - value).abs() < 1e-9,
            "{periods}: {}",
            found.value[0]
        );
        assert!(!found.ties.is_empty());
        let certificate = certify(&tree(&game), &found.answer, &Tolerance::default());
        assert!(
            certificate.is_sequential(),
            "{}",
            certificate.in_words(&game)
        );
    }
}

/// A stage of alternating offers: the proposer takes k/`steps` of the pie, k = 0..=steps, and the other accepts or refuses; the
/// responder may instead take `outside`.
fn stage(proposer: usize, steps: i64, outside: Option<&Number>) -> (Tree, Vec<bool>) {
    let mut game = Builder::new("offer", ["1", "2"]);
    let names: Vec<String> = (0..=steps).map(|k| k.to_string()).collect();
    let asks = game.set(proposer, "", names);
    let root = game.root();
    let mut goes_on = Vec::new();
    for (k, place) in (0..=steps).zip(game.moves(root, asks)) {
        let mut answers = vec!["accept", "refuse"];
        answers.extend(outside.map(|_| "leave"));
        let set = game.set(1 - proposer, "", answers);
        let ends = game.moves(place, set);
        let mut pay = [Number::ratio(k, steps), Number::ratio(steps - k, steps)];
        let mut leave = [
            Number::from(0),
            outside.cloned().unwrap_or_else(|| Number::from(0)),
        ];
        if proposer == 1 {
            pay.reverse();
            leave.reverse();
        }
        game.pay(ends[0], pay);
        goes_on.extend([false, true]);
        if ends.len() > 2 {
            game.pay(ends[2], leave);
            goes_on.push(false);
        }
    }
    (tree(&game.finish()), goes_on)
}

fn rubinstein(discount: [f64; 2], outside: Option<&Number>, steps: i64) -> Loop {
    // Only player 2 has the outside option, as a responder.
    let stages = [stage(0, steps, outside), stage(1, steps, None)];
    Loop {
        onward: stages
            .iter()
            .enumerate()
            .map(|(index, (_, goes_on))| {
                goes_on
                    .iter()
                    .map(|&on| {
                        on.then(|| Onward {
                            stage: 1 - index,
                            discount: discount.to_vec(),
                        })
                    })
                    .collect()
            })
            .collect(),
        stages: stages.into_iter().map(|(tree, _)| tree).collect(),
    }
}

#[test]
fn offers_without_end_come_to_rubinstein() {
    // (1 - d2)/(1 - d1 d2); with an outside option b of the responder, 1 - b where b binds.
    for (discount, outside, value) in [
        ([0.9, 0.9], None, 0.526_316),
        ([0.9, 0.8], None, 0.714_286),
        ([0.9, 0.9], Some(Number::ratio(6, 10)), 0.4),
        ([0.9, 0.9], Some(Number::ratio(4, 10)), 0.526_316),
    ] {
        let steps = of_many("steps of a menu", 2_500, 10_000).cast_signed();
        let game = rubinstein(discount, outside.as_ref(), steps);
        let found = game.solve(101).expect("perfect information");
        // Each period the proposer loses at most a step of the menu, and the sum of discounts is 10.
        let menu = 10.0 / steps as f64;
        assert!(
            (found[0].value[0] - value).abs() < menu,
            "{}",
            found[0].value[0]
        );
    }
    // Three periods on a menu that has the numbers: .91.
    let found = rubinstein([0.9, 0.9], None, 1000)
        .solve(3)
        .expect("perfect information");
    assert!((found[0].value[0] - 0.91).abs() < ROUNDING);
    assert!(rubinstein([0.9, 0.9], None, 10).solve(0).is_none());
}

#[test]
fn who_does_not_know_everything_is_not_solved() {
    assert!(solve(&tree(&ultimatum(&[599, 799]))).is_none());
}

proptest! {
    #[test]
    fn every_answer_is_certified_and_a_tie_is_a_tie(seed: u64) {
        let game = random(seed, true);
        let tree = tree(&game);
        let found = solve(&tree).expect("perfect information");
        let certificate = certify(&tree, &found.answer, &Tolerance::default());
        prop_assert!(certificate.is_sequential(), "{}", certificate.in_words(&game));
        for set in 0..tree.sets() {
            let values = &certificate.sets[set].values;
            let best = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            let good = values.iter().filter(|&&value| value > best - 1e-9).count();
            prop_assert_eq!(good > 1, found.ties.contains(&set));
        }
        for (value, certified) in found.value.iter().zip(&certificate.value) {
            prop_assert!((value - certified).abs() < 1e-9);
        }
    }
}
