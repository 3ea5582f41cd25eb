//! The vector form says the same as the expanded tree.

use detente_games::public::{
    Dcfr, Evaluator, Expansion, PublicGame, PublicTree, TreeDcfr, TreeEvaluator, Values,
    VectorProfile, expand,
};
use detente_games::{Tree, families};

use super::games::{motley, signalling};

/// The two forms add the same terms in another order: some hundred roundings of numbers of the size of payoffs.
const ROUNDING: f64 = 1e-12;

fn all() -> Vec<(&'static str, PublicGame)> {
    vec![
        ("signalling", signalling()),
        ("crisis", families::public_crisis(5, 3)),
        ("kuhn", families::kuhn()),
        ("leduc", families::leduc()),
        ("independent", motley(false, 1, 0, [0, 1, 2])),
        ("correlated", motley(true, 1, 0, [0, 1, 2])),
    ]
}

fn close(a: &Values, b: &Values, what: &str) {
    for player in 0..2 {
        for (x, y) in [
            (a.value[player], b.value[player]),
            (a.best[player], b.best[player]),
            (a.conditional[player], b.conditional[player]),
        ] {
            assert!(
                (x - y).abs() <= ROUNDING * (1.0 + x.abs()),
                "{what}: {x} {y}"
            );
        }
    }
}

/// A completely mixed profile without pattern.
fn uneven(expansion: &Expansion) -> Vec<f64> {
    let mut all = vec![0.0; expansion.game.actions()];
    for set in expansion.game.sets() {
        let first = set.first_action as usize;
        let weights: Vec<f64> = (0..set.actions.len())
            .map(|a| 1.0 + ((first * 7 + a * 13) % 11) as f64)
            .collect();
        let total: f64 = weights.iter().sum();
        for (a, weight) in weights.iter().enumerate() {
            all[first + a] = weight / total;
        }
    }
    all
}

#[test]
fn values_best_responses_and_conditional_regrets_agree() {
    for (name, game) in all() {
        let vector = PublicTree::new(&game);
        let expansion = expand(&game);
        let tree = Tree::new(&expansion.game).expect("perfect recall");
        let actions = uneven(&expansion);
        let profile = expansion.to_vectors(&vector, &actions);
        assert_eq!(expansion.to_actions(&vector, &profile), actions, "{name}");
        let on_vectors = Evaluator::new(&vector).values(&profile);
        let on_tree = TreeEvaluator::new(&tree)
            .expect("two players")
            .against(&actions, &actions);
        close(&on_vectors, &on_tree, name);
        let brute = brute_values(&tree, &actions);
        for player in 0..2 {
            let error = (brute[player] - on_tree.value[player]).abs();
            assert!(
                error <= ROUNDING * (1.0 + brute[player].abs()),
                "{name}: {error}"
            );
        }
    }
}

/// The expected payoff by walking to each leaf from the root.
fn brute_values(tree: &Tree, profile: &[f64]) -> [f64; 2] {
    let mut sums = [0.0; 2];
    for (leaf, node) in tree.leaves.iter().enumerate() {
        let mut at = *node as usize;
        let mut reach = 1.0;
        while at != 0 {
            reach *= tree.chance[at];
            if tree.action[at] != detente_games::NONE {
                reach *= profile[tree.action[at] as usize];
            }
            at = tree.parent[at] as usize;
        }
        for player in 0..2 {
            sums[player] += reach * tree.payoff[leaf * 2 + player];
        }
    }
    sums
}

#[test]
fn iterations_agree() {
    for (name, game) in all() {
        let vector = PublicTree::new(&game);
        let expansion = expand(&game);
        let tree = Tree::new(&expansion.game).expect("perfect recall");
        for floor in [0.0, 0.01] {
            let mut on_vectors = Dcfr::new(&vector);
            let mut on_tree = TreeDcfr::new(&tree).expect("two players");
            on_vectors.set_floor(floor);
            on_tree.set_floor(floor);
            let mut profile = VectorProfile::uniform(&vector);
            let mut actions = vec![0.0; tree.actions()];
            for round in 0..6 {
                on_vectors.iterate(1);
                on_tree.iterate(1);
                if round == 3 {
                    on_vectors.restart();
                    on_tree.restart();
                    on_vectors.iterate(2);
                    on_tree.iterate(2);
                }
                on_vectors.average(&mut profile);
                on_tree.average(&mut actions);
                for (x, y) in expansion.to_actions(&vector, &profile).iter().zip(&actions) {
                    assert!((x - y).abs() <= ROUNDING, "{name}, round {round}: {x} {y}");
                }
            }
        }
    }
}

#[test]
fn the_crisis_family_is_the_same_both_ways() {
    for (k, m) in [(1, 1), (2, 3), (4, 2)] {
        let stated = families::crisis(k, m);
        let expanded = expand(&families::public_crisis(k, m)).game;
        let [a, b] = [&stated, &expanded].map(|game| Tree::new(game).expect("perfect recall"));
        assert_eq!(a.parent, b.parent);
        assert_eq!(a.end, b.end);
        assert_eq!(a.chance, b.chance);
        assert_eq!(a.payoff, b.payoff);
        assert_eq!(a.leaves, b.leaves);
        // Information sets stand in another order, but hold the same nodes with the same names of actions.
        let mut sets = [&stated, &expanded].map(|game| {
            let key = |set: &detente_games::InfoSet| {
                (set.members.clone(), set.player, set.actions.clone())
            };
            game.sets().iter().map(key).collect::<Vec<_>>()
        });
        for sets in &mut sets {
            sets.sort();
        }
        assert_eq!(sets[0], sets[1]);
        // Numbers are exact in both.
        for (x, y) in stated.outcomes().iter().zip(expanded.outcomes()) {
            assert_eq!(x.payoffs, y.payoffs);
        }
    }
}

#[test]
fn branches_that_chance_rules_out_are_left_out() {
    let expansion = expand(&families::leduc());
    // 9 pairs of ranks with a tree of 15 nodes before the public card, and 24 pairs and cards that are left, behind each of 5 places.
    assert_eq!(expansion.game.nodes().len(), 1 + 9 * 15 + 24 * 5 * 15);
    assert_eq!(expansion.game.sets().len(), 288);
    // In Kuhn's game no two players hold the same card.
    let expansion = expand(&families::kuhn());
    assert_eq!(expansion.game.nodes().len(), 1 + 6 * 9);
    assert_eq!(expansion.game.sets().len(), 12);
}
