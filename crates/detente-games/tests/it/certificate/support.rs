//! Trembles found for strategies that come without them.

use detente_games::certificate::{Basis, Unsupported, tremble_of};
use detente_games::{Builder, Game, Number, Tolerance, certify};
use proptest::prelude::*;

use super::games::{Draw, beer_quiche, horse, random, random_strategy, ultimatum};
use super::tree;

#[test]
fn trembles_are_found_where_the_plan_can_be_defended() {
    let games = [
        (horse(), vec![0.0, 1.0, 0.0, 1.0, 0.0, 1.0]),
        (beer_quiche(), vec![1.0, 0.0, 1.0, 0.0, 0.0, 1.0, 1.0, 0.0]),
        (beer_quiche(), vec![0.0, 1.0, 0.0, 1.0, 1.0, 0.0, 0.0, 1.0]),
        // A receiver who mixes off the path: it must be exactly indifferent there.
        (beer_quiche(), vec![0.0, 1.0, 0.0, 1.0, 0.7, 0.3, 0.0, 1.0]),
    ];
    for (game, strategy) in games {
        let tree = tree(&game);
        let found = tremble_of(&tree, &strategy);
        assert_eq!(found.unsupported, [], "{}", game.title);
        let certificate = certify(&tree, &found.answer, &Tolerance::default());
        assert!(
            certificate.is_sequential(),
            "{}",
            certificate.in_words(&game)
        );
    }
}

#[test]
fn what_is_incredible_under_any_belief_is_called_so() {
    let game = ultimatum(&[599, 799, 949]);
    let tree = tree(&game);
    let mut war = vec![0.0, 0.0, 1.0];
    war.extend([0.0, 1.0].repeat(6));
    let found = tremble_of(&tree, &war);
    // Tough after .599, soft after .599 and .799: B knows its type, so that there is one belief, and it would accept.
    let incredible = [1, 4, 5].map(|set| Unsupported {
        set,
        defensible: false,
    });
    assert_eq!(found.unsupported, incredible);
    let certificate = certify(&tree, &found.answer, &Tolerance::default());
    assert!(!certificate.is_sequential());
    assert!(certificate.deviations().iter().all(|d| !d.defensible));
}

/// Sender of two types (equally likely) and three messages, one receiver of `receivers` types (equally likely, known to itself) with
/// three answers and payoffs from -5 to 5. The sender gets 3 for message 0, and nothing for others.
/// Sets: 0-1 sender, then receivers' types, each with the three messages.
fn silent(seed: u64, receivers: usize) -> Game {
    let mut draw = Draw(seed);
    let mut game = Builder::new("silent", ["Sender", "Receiver"]);
    let names = |letter: &str| (0..3).map(|n| format!("{letter}{n}")).collect::<Vec<_>>();
    let kinds = [0, 1].map(|kind| game.set(0, format!("type {kind}"), names("m")));
    let heard: Vec<_> = (0..3 * receivers)
        .map(|set| game.set(1, format!("message {}", set % 3), names("a")))
        .collect();
    let half = || Number::ratio(1, 2);
    let root = game.root();
    let types = game.chance(root, "", [("", half()), ("", half())]);
    for (kind, place) in types.into_iter().enumerate() {
        let cases = i64::try_from(receivers).expect("few");
        let cases = (0..cases).map(|_| ("", Number::ratio(1, cases)));
        for (receiver, place) in game.chance(place, "", cases).into_iter().enumerate() {
            for (message, place) in game.moves(place, kinds[kind]).into_iter().enumerate() {
                for place in game.moves(place, heard[3 * receiver + message]) {
                    let mine = Number::from(if message == 0 { 3 } else { 0 });
                    game.pay(place, [mine, draw.payoff()]);
                }
            }
        }
    }
    game.finish()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn answers_are_supported_if_some_belief_on_a_grid_supports_them(seed: u64, receivers in 1_usize..4) {
        let game = silent(seed, receivers);
        let tree = tree(&game);
        let mut draw = Draw(seed ^ 3);
        let mut strategy = vec![0.0; tree.actions()];
        for set in 0..2 {
            strategy[tree.actions_of(set).start] = 1.0;
        }
        for set in 2..tree.sets() {
            strategy[tree.actions_of(set).start + draw.below(3)] = 1.0;
        }
        let found = tremble_of(&tree, &strategy);
        let certificate = certify(&tree, &found.answer, &Tolerance::default());
        // Payoffs are whole and differ by at most 10: lines cross at multiples of one over 1 to 20, and what supports all is between
        // two crossings.
        let grid: Vec<f64> = (1..=20).flat_map(|n| (0..=n).map(move |k| f64::from(k) / f64::from(n))).collect();
        let supports = |set: usize, b: f64| {
            // What each answer pays with each type.
            let pay: Vec<Vec<f64>> = tree.members_of(set).iter().map(|&node| {
                tree.children(node as usize).map(|leaf| {
                    let leaf = tree.leaves.binary_search(&u32::try_from(leaf).expect("few")).expect("a leaf");
                    tree.payoff[leaf * 2 + 1]
                }).collect()
            }).collect();
            let planned = tree.actions_of(set).position(|action| strategy[action] > 0.0).expect("a plan");
            let worth = |a: usize| b * pay[0][a] + (1.0 - b) * pay[1][a];
            (0..3).all(|a| worth(planned) >= worth(a) - 1e-9)
        };
        for message in 1..3 {
            // All types of the receiver hear the same message, and trembles of it are the same for all.
            let sets: Vec<usize> = (0..receivers).map(|receiver| 2 + 3 * receiver + message).collect();
            let together = grid.iter().any(|&b| sets.iter().all(|&set| supports(set, b)));
            let failing: Vec<_> = found.unsupported.iter().filter(|failing| sets.contains(&failing.set)).collect();
            prop_assert_eq!(failing.is_empty(), together);
            for failing in failing {
                let alone = grid.iter().any(|&b| supports(failing.set, b));
                prop_assert_eq!(failing.defensible, alone);
            }
            for set in sets {
                prop_assert_eq!(certificate.sets[set].basis, Basis::Tremble);
                let listed = found.unsupported.iter().any(|failing| failing.set == set);
                prop_assert_eq!(certificate.sets[set].regret < 1e-5, !listed);
            }
        }
    }

    #[test]
    fn trembles_are_near_and_never_worse_than_even_ones(seed: u64) {
        let game = random(seed, false);
        let tree = tree(&game);
        let strategy = random_strategy(&game, seed);
        let found = tremble_of(&tree, &strategy);
        let certificate = certify(&tree, &found.answer, &Tolerance::default());
        prop_assert!(certificate.distance < 1e-12);
        for (set, check) in certificate.sets.iter().enumerate() {
            let listed = found.unsupported.iter().any(|failing| failing.set == set);
            let range = tree.payoff_range()[tree.player[set] as usize];
            if check.basis == Basis::Strategy {
                prop_assert!(!listed);
            } else if range > 0.0 {
                prop_assert_eq!(listed, check.regret > 1e-6 * range);
            }
        }
    }
}
