//! Corrupted assessments fail.

use detente_games::certificate::{Malformed, even_trembles};
use detente_games::{Assessment, Certifier, Game, Tolerance, Verdict, certify};
use proptest::prelude::*;

use super::games::{beer_quiche, chain_store, horse, random, ultimatum};
use super::{even, tree};

/// Games with sequential equilibria.
fn certified() -> Vec<(Game, Assessment)> {
    let mut all = Vec::new();
    let game = ultimatum(&[599, 799, 949]);
    let plans = [
        0.0, 1.0, 0.0, 1.0, 0.0, 0.0, 1.0, 0.0, 1.0, 1.0, 0.0, 1.0, 0.0, 0.0, 1.0,
    ];
    all.push((even(&tree(&game), plans.to_vec()), game));
    let game = horse();
    let mut answer = even(&tree(&game), vec![0.0, 1.0, 0.0, 1.0, 0.0, 1.0]);
    answer.tremble[2] += 2.0;
    all.push((answer, game));
    let game = beer_quiche();
    let mut answer = even(&tree(&game), vec![1.0, 0.0, 1.0, 0.0, 0.0, 1.0, 1.0, 0.0]);
    answer.tremble[1] -= 4.0;
    all.push((answer, game));
    let game = chain_store();
    let ninth = 1.0 / 9.0;
    let mut plans = vec![0.0, 1.0, ninth, 1.0 - ninth, 0.5, 0.5];
    plans.extend([0.0, 1.0].repeat(5));
    all.push((even(&tree(&game), plans), game));
    all.into_iter()
        .map(|(answer, game)| (game, answer))
        .collect()
}

#[test]
fn probability_moved_at_any_information_set_is_noticed() {
    let mut moved = 0;
    for (game, answer) in certified() {
        let tree = tree(&game);
        assert!(certify(&tree, &answer, &Tolerance::default()).is_sequential());
        for set in 0..tree.sets() {
            for from in tree.actions_of(set) {
                for to in tree.actions_of(set).filter(|&to| to != from) {
                    let mut wrong = answer.clone();
                    let by = wrong.strategy[from].min(0.05);
                    if by == 0.0 {
                        continue;
                    }
                    wrong.strategy[from] -= by;
                    wrong.strategy[to] += by;
                    moved += 1;
                    let found = certify(&tree, &wrong, &Tolerance::default());
                    assert!(!found.is_sequential(), "{} {set} {from} {to}", game.title);
                    // Trembles that go with it do not help.
                    for (action, &p) in wrong.strategy.iter().enumerate() {
                        if p > 0.0 {
                            wrong.tremble[action] = libm::log(p);
                        }
                    }
                    let found = certify(&tree, &wrong, &Tolerance::default());
                    assert!(!found.is_sequential(), "{} {set} {from} {to}", game.title);
                    assert!(!found.deviations().is_empty());
                }
            }
        }
    }
    assert_eq!(moved, 8 + 3 + 4 + 10);
}

#[test]
fn a_profile_far_from_the_strategy_gives_no_consistent_beliefs() {
    let (game, mut answer) = certified().swap_remove(2);
    let tree = tree(&game);
    // The weak tremble to quiche with 1/10, the surly hardly: the right beliefs, but this is not near pooling.
    answer.tremble[2] = libm::log(0.9);
    answer.tremble[3] = libm::log(0.1);
    let found = certify(&tree, &answer, &Tolerance::default());
    let Verdict::Inconsistent { set: 1, distance } = found.verdict else {
        panic!("{:?}", found.verdict)
    };
    assert!((distance - 0.1).abs() < 1e-12);
}

#[test]
fn swapped_beliefs_are_noticed() {
    for (index, (a, b), set) in [(1, (0, 2), 2), (2, (1, 3), 3)] {
        let (game, mut answer) = certified().swap_remove(index);
        let tree = tree(&game);
        answer.tremble.swap(a, b);
        let found = certify(&tree, &answer, &Tolerance::default());
        assert_eq!(found.deviations().len(), 1, "{}", game.title);
        assert_eq!(found.deviations()[0].set, set);
    }
}

#[test]
fn what_is_no_assessment_is_called_so() {
    let (game, good) = certified().swap_remove(2);
    let tree = tree(&game);
    let fault = |change: &dyn Fn(&mut Assessment)| {
        let mut wrong = good.clone();
        change(&mut wrong);
        let found = certify(&tree, &wrong, &Tolerance::default());
        assert!(!found.in_words(&game).is_empty());
        match found.verdict {
            Verdict::Malformed(fault) => fault,
            other => panic!("{other:?}"),
        }
    };
    let length = |change: &dyn Fn(&mut Assessment)| {
        assert!(matches!(fault(change), Malformed::Length { .. }));
    };
    length(&|a| a.strategy.truncate(7));
    length(&|a| a.tremble.push(0.0));
    length(&|a| {
        *a = Assessment {
            strategy: vec![],
            tremble: vec![],
        }
    });
    for bad in [f64::NAN, f64::INFINITY, -0.1, 1.1] {
        let found = fault(&|a| a.strategy[4] = bad);
        assert!(matches!(found, Malformed::Probability { action: 4, .. }));
    }
    for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 0.1] {
        let found = fault(&|a| a.tremble[4] = bad);
        assert!(matches!(found, Malformed::LogProbability { action: 4, .. }));
    }
    assert!(matches!(
        fault(&|a| a.strategy[4] = 0.5),
        Malformed::Sum { set: 2, .. }
    ));
    assert!(matches!(
        fault(&|a| a.tremble[5] = -0.5),
        Malformed::Sum { set: 2, .. }
    ));
}

proptest! {
    #[test]
    fn nothing_panics(
        seed: u64,
        strategy in prop::collection::vec(any::<f64>(), 0..12),
        tremble in prop::collection::vec(any::<f64>(), 0..12),
        pure in any::<bool>(),
    ) {
        let game = random(seed, false);
        let tree = tree(&game);
        let mut answer = Assessment { strategy, tremble };
        if pure {
            // The right length with what is left of the noise.
            answer.strategy.resize(tree.actions(), 0.5);
            answer.tremble = even_trembles(&tree, &vec![0.5; tree.actions()]);
        }
        let found = certify(&tree, &answer, &Tolerance::default());
        prop_assert!(!found.in_words(&game).is_empty());
        let regret = Certifier::new(&tree).regret(&tree, &tree.payoff, &answer, 1e-9);
        prop_assert!(regret >= 0.0);
    }
}
