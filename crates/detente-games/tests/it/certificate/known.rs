//! Published equilibria certify; profiles that rest on incredible threats do not.

use detente_games::certificate::Basis;
use detente_games::{Assessment, Tolerance, Verdict, certify};

use super::games::{beer_quiche, chain_store, horse, two_steps, ultimatum};
use super::{even, tree};

/// Sums of a few products of decimals.
const ROUNDING: f64 = 1e-12;

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() < ROUNDING
}

#[test]
fn the_ultimatum_that_is_credible_and_the_one_that_is_not() {
    let demands = [599, 799, 949];
    let game = ultimatum(&demands);
    let tree = tree(&game);
    // Demand .799; the tough type fights it and .949, the soft type .949 only.
    let accept = [1.0, 0.0];
    let war = [0.0, 1.0];
    let good = [
        &[0.0, 1.0, 0.0][..],
        &accept,
        &war,
        &war,
        &accept,
        &accept,
        &war,
    ]
    .concat();
    let found = certify(&tree, &even(&tree, good), &Tolerance::default());
    assert_eq!(found.verdict, Verdict::Sequential);
    assert!(close(found.value[0], 0.7 * 0.799 + 0.3 * 0.4));
    assert_eq!(found.in_words(&game), "Nash yes, sequentially rational yes");

    // Demand .949, and war whatever A demands: what a solver of complementarity problems returned.
    let bad = [&[0.0, 0.0, 1.0][..], &war, &war, &war, &war, &war, &war].concat();
    let found = certify(&tree, &even(&tree, bad), &Tolerance::default());
    assert!(found.is_nash() && !found.is_sequential());
    assert!(close(found.value[0], 0.4));
    assert!(found.nash_conv.iter().all(|&gain| gain < ROUNDING));
    let Verdict::NashOnly { deviations } = &found.verdict else {
        panic!("{:?}", found.verdict)
    };
    // B, soft, would accept .599 (.401 against .2) and .799 (.201 against .2); tough would accept .599 (.401 against .4).
    let who: Vec<_> = deviations
        .iter()
        .map(|d| (d.player, d.set, d.action))
        .collect();
    assert_eq!(who, [(1, 4, 9), (1, 1, 3), (1, 5, 11)]);
    assert!(close(deviations[0].gain, 0.201));
    assert!(deviations.iter().all(|d| !d.reached && !d.defensible));
    let words = found.in_words(&game);
    assert!(words.starts_with("Nash yes, sequentially rational no\n"));
    assert!(words.contains(
        "B at \"soft, demand .599\" would \"accept\" instead of \"war\" and gain 0.201000, if play came there"
    ));
}

#[test]
fn the_horse_stands_or_falls_with_the_beliefs_of_player_three() {
    let game = horse();
    let tree = tree(&game);
    // (1,1,1): all across, and right, which is best for player 3 if it believes that player 1 moved with at most 1/3.
    let across = vec![0.0, 1.0, 0.0, 1.0, 0.0, 1.0];
    let mut answer = even(&tree, across);
    let even_beliefs = certify(&tree, &answer, &Tolerance::default());
    assert!(close(even_beliefs.sets[2].beliefs[0], 0.5));
    assert_eq!(even_beliefs.sets[2].basis, Basis::Tremble);
    let Verdict::NashOnly { deviations } = &even_beliefs.verdict else {
        panic!("{:?}", even_beliefs.verdict)
    };
    assert_eq!((deviations[0].player, deviations[0].set), (2, 2));
    assert!(deviations[0].defensible, "other beliefs save the plan");
    // Player 2 trembles e² as much as player 1.
    answer.tremble[2] += 2.0;
    let found = certify(&tree, &answer, &Tolerance::default());
    assert_eq!(found.verdict, Verdict::Sequential);
    assert_eq!(found.value, [1.0, 1.0, 1.0]);
    assert!(close(
        found.sets[2].beliefs[0],
        1.0 / (1.0 + libm::exp(2.0))
    ));

    // (3,2,2): player 2, never asked, would go down and get 4.
    let down = vec![1.0, 0.0, 0.0, 1.0, 1.0, 0.0];
    let found = certify(&tree, &even(&tree, down), &Tolerance::default());
    assert_eq!(found.value, [3.0, 2.0, 2.0]);
    let Verdict::NashOnly { deviations } = &found.verdict else {
        panic!("{:?}", found.verdict)
    };
    assert_eq!((deviations[0].player, deviations[0].action), (1, 2));
    assert!(close(deviations[0].gain, 3.0) && !deviations[0].defensible);
}

#[test]
fn both_breakfasts_are_sequential() {
    let game = beer_quiche();
    let tree = tree(&game);
    // Pool on beer, duel after quiche; trembles to quiche come from the weak.
    let beer = vec![1.0, 0.0, 1.0, 0.0, 0.0, 1.0, 1.0, 0.0];
    let mut answer = even(&tree, beer.clone());
    answer.tremble[1] -= 4.0;
    let found = certify(&tree, &answer, &Tolerance::default());
    assert_eq!(found.verdict, Verdict::Sequential);
    assert!(close(found.value[0], 2.9) && close(found.value[1], 0.9));
    // The same with trembles in proportion to the prior: a receiver who believes in 9 to 1 would not duel.
    let found = certify(&tree, &even(&tree, beer), &Tolerance::default());
    assert!(close(found.sets[3].beliefs[0], 0.9));
    assert_eq!(found.deviations()[0].set, 3);
    // Pool on quiche, duel after beer, thought to come from the weak.
    let quiche = vec![0.0, 1.0, 0.0, 1.0, 1.0, 0.0, 0.0, 1.0];
    let mut answer = even(&tree, quiche);
    answer.tremble[0] -= 4.0;
    let found = certify(&tree, &answer, &Tolerance::default());
    assert_eq!(found.verdict, Verdict::Sequential);
    assert!(close(found.value[0], 2.1) && close(found.value[1], 0.9));
}

#[test]
fn the_chain_store_mixes_as_kreps_and_wilson_say() {
    let game = chain_store();
    let tree = tree(&game);
    // Belief .1 < b² = .25, so the first enters. The weak store fights it with p(1-b)/((1-p)b) = 1/9; the second entrant, who then
    // believes b, stays out with 1/a = 1/2, enters after acquiescence, and enters after nobody did (.1 < b).
    let ninth = 1.0 / 9.0;
    let strategy = vec![
        0.0,
        1.0, // the first enters
        ninth,
        1.0 - ninth, // the weak store
        0.5,
        0.5,
        0.0,
        1.0,
        0.0,
        1.0, // the second entrant
        0.0,
        1.0,
        0.0,
        1.0,
        0.0,
        1.0, // the weak store again
    ];
    let found = certify(&tree, &even(&tree, strategy.clone()), &Tolerance::default());
    assert_eq!(found.verdict, Verdict::Sequential);
    assert!(close(found.sets[2].beliefs[0], 0.5));
    // The first entrant's chance of a fight is .1 + .9/9 = .2.
    assert!(close(found.value[1], 0.8 * 0.5 - 0.2 * 0.5));

    // A store that threatens to fight everyone deters everyone, until somebody asks whether the weak one would.
    let mut deterred = strategy;
    deterred[..4].copy_from_slice(&[1.0, 0.0, 1.0, 0.0]);
    deterred[4..10].copy_from_slice(&[1.0, 0.0, 1.0, 0.0, 1.0, 0.0]);
    deterred[10..].copy_from_slice(&[1.0, 0.0, 1.0, 0.0, 1.0, 0.0]);
    let found = certify(&tree, &even(&tree, deterred), &Tolerance::default());
    assert!(found.is_nash() && !found.is_sequential());
    assert_eq!(found.deviations().iter().map(|d| d.player).min(), Some(0));
}

#[test]
fn an_equilibrium_of_agents_that_is_none_of_the_player_fails() {
    let game = two_steps();
    let tree = tree(&game);
    let found = certify(
        &tree,
        &even(&tree, vec![1.0, 0.0, 1.0, 0.0]),
        &Tolerance::default(),
    );
    // Each agent alone has no regret on the path ...
    assert!(found.sets[0].regret == 0.0);
    // ... but the player gains 1 by doing both.
    assert!(close(found.nash_conv[0], 1.0));
    let Verdict::NotEquilibrium { deviations } = &found.verdict else {
        panic!("{:?}", found.verdict)
    };
    assert_eq!((deviations[0].set, deviations[0].action), (1, 3));
}

#[test]
fn beliefs_are_right_a_million_logarithms_deep() {
    let game = beer_quiche();
    let tree = tree(&game);
    let mut answer = even(&tree, vec![1.0, 0.0, 1.0, 0.0, 0.0, 1.0, 1.0, 0.0]);
    // Odds of prior 9:1 times trembles e^-3 : 1.
    answer.tremble[1] = -1_000_003.0;
    answer.tremble[3] = -1_000_000.0;
    answer.tremble[0] = 0.0;
    answer.tremble[2] = 0.0;
    let found = certify(&tree, &answer, &Tolerance::default());
    let odds = 9.0 * libm::exp(-3.0);
    // Logarithms of size 10^6 have 10 digits after the point.
    assert!((found.sets[3].beliefs[0] - odds / (1.0 + odds)).abs() < 1e-9);
    assert!((found.sets[3].log_reach + 1_000_000.0).abs() < 5.0);
    assert_eq!(found.verdict, Verdict::Sequential);
}

#[test]
fn where_chance_never_comes_beliefs_are_uniform() {
    use detente_games::{Builder, Number};
    let mut game = Builder::new("never", ["A"]);
    let set = game.set(0, "", ["l", "r"]);
    let root = game.root();
    let cases = [("a", 1), ("b", 0), ("c", 0)].map(|(name, p)| (name, Number::from(p)));
    let places = game.chance(root, "", cases);
    for (index, &place) in places.iter().enumerate().skip(1) {
        let ends = game.moves(place, set);
        game.pay(ends[0], [Number::from([0, 3, 6][index])]);
    }
    let tree = tree(&game.finish());
    let answer = even(&tree, vec![0.0, 1.0]);
    let found = certify(&tree, &answer, &Tolerance::default());
    assert_eq!(found.sets[0].basis, Basis::Uniform);
    assert_eq!(found.sets[0].beliefs, [0.5, 0.5]);
    assert_eq!(found.sets[0].values, [4.5, 0.0]);
    // All plays that chance allows pay the same: regret is measured by those it does not, 0 to 6.
    assert_eq!(found.regret, [4.5 / 6.0]);
    assert!(found.is_nash() && !found.is_sequential());
    let answer: Assessment = even(&tree, vec![1.0, 0.0]);
    assert!(certify(&tree, &answer, &Tolerance::default()).is_sequential());
}

#[test]
fn a_game_without_moves_has_one_answer() {
    for players in [0, 2] {
        let names = (0..players).map(|p| p.to_string());
        let game = detente_games::Builder::new("nothing", names).finish();
        let found = certify(
            &tree(&game),
            &even(&tree(&game), vec![]),
            &Tolerance::default(),
        );
        assert_eq!(found.verdict, Verdict::Sequential);
        assert_eq!(found.value, vec![0.0; players]);
    }
}
