//! Play that is right everywhere.

use detente_games::public::{
    Dcfr, Evaluator, Finish, PublicTree, VectorProfile, expand, finish, finish_tree,
};
use detente_games::{Assessment, Tolerance, Tree, Verdict, certify, families};

use super::games::signalling;

/// Probabilities solve linear equations in doubles.
const SOLVED: f64 = 1e-9;

#[test]
fn the_bluffer_of_the_crisis_is_found() {
    let game = signalling();
    let tree = PublicTree::new(&game);
    let found = finish(&tree, &Finish::default(), &mut || true);
    assert!(found.met, "{found:?}");
    let share = |node, of, branch| found.strategy.get(&tree, node, of, branch);
    // Public nodes: 0 the threat, 2 the answer, 4 the end.
    for (is, should) in [
        (share(0, 0, 1), 1.0),
        (share(0, 1, 1), 3.0 / 14.0),
        (share(2, 0, 1), 0.8),
        (share(4, 0, 1), 1.0),
        (share(4, 1, 1), 0.0),
        (found.values.value[0], 0.108),
        (found.values.value[1], 0.55),
    ] {
        assert!((is - should).abs() < SOLVED, "{is} {should}");
    }
    // The same from the tree alone.
    let expansion = expand(&game);
    let tree = Tree::new(&expansion.game).expect("perfect recall");
    let on_tree = finish_tree(&tree, &Finish::default(), &mut || true).expect("two players");
    assert!(on_tree.met);
    assert!((on_tree.values.value[0] - 0.108).abs() < SOLVED);
    let certificate = certify(&tree, &on_tree.into(), &Tolerance::default());
    assert_eq!(certificate.verdict, Verdict::Sequential);
}

#[test]
fn kuhn_poker_is_solved_to_the_last_digits() {
    let tree = PublicTree::new(&families::kuhn());
    let found = finish(&tree, &Finish::default(), &mut || true);
    assert!(found.met);
    assert!((found.values.value[0] + 1.0 / 18.0).abs() < SOLVED);
    assert!(found.values.nash_conv() < SOLVED);
}

#[test]
fn no_type_regrets_anything_anywhere_in_crisis_games() {
    for (k, m) in [(2, 2), (2, 4), (3, 3), (4, 4), (6, 6), (8, 8)] {
        let game = families::public_crisis(k, m);
        let tree = PublicTree::new(&game);
        // Without the finish, somebody does.
        let mut dcfr = Dcfr::new(&tree);
        dcfr.iterate(3000);
        let mut plain = VectorProfile::uniform(&tree);
        dcfr.average(&mut plain);
        let plain = Evaluator::new(&tree).values(&plain);
        let found = finish(&tree, &Finish::default(), &mut || true);
        assert!(found.met, "({k},{m}) {:?}", found.values);
        assert!(
            plain.conditional[0] > 1e-4,
            "({k},{m}) {:?}",
            plain.conditional
        );
        // Seen from the expanded tree, by a check that knows nothing of vectors, at every information set.
        let expansion = expand(&game);
        let full = Tree::new(&expansion.game).expect("perfect recall");
        let assessment = Assessment {
            strategy: expansion.to_actions(&tree, &found.strategy),
            tremble: expansion.to_actions(&tree, &found.tremble),
        };
        let regret = largest_regret(&full, &assessment);
        assert!(regret < SOLVED, "({k},{m}) {regret}");
        let certificate = certify(&full, &assessment, &Tolerance::default());
        assert_eq!(certificate.verdict, Verdict::Sequential, "({k},{m})");
    }
}

#[test]
fn the_check_of_this_test_finds_incredible_threats() {
    let game = families::public_crisis(4, 4);
    let tree = PublicTree::new(&game);
    let mut dcfr = Dcfr::new(&tree);
    dcfr.iterate(10_000);
    let mut plain = VectorProfile::uniform(&tree);
    dcfr.average(&mut plain);
    let expansion = expand(&game);
    let full = Tree::new(&expansion.game).expect("perfect recall");
    let strategy = expansion.to_actions(&tree, &plain);
    let tremble = strategy.iter().map(|p| libm::log(*p)).collect();
    let assessment = Assessment { strategy, tremble };
    let certificate = certify(&full, &assessment, &Tolerance::default());
    assert_ne!(certificate.verdict, Verdict::Sequential);
    let regret = largest_regret(&full, &assessment);
    // 0.0298 in units of payoff was measured at this NashConv.
    assert!((0.02..0.04).contains(&regret), "{regret}");
}

#[test]
fn leduc_poker_is_repaired_up_to_small_trembles() {
    let tree = PublicTree::new(&families::leduc());
    let settings = Finish {
        floors: vec![1e-3],
        per_floor: 10_000,
        rounds: 0,
        ..Finish::default()
    };
    let plain = {
        let mut dcfr = Dcfr::new(&tree);
        dcfr.iterate(11_000);
        let mut profile = VectorProfile::uniform(&tree);
        dcfr.average(&mut profile);
        Evaluator::new(&tree).values(&profile)
    };
    let found = finish(&tree, &settings, &mut || true);
    // Chips: bets are 2 and 4. Off the path plain play gives up 4 of them somewhere.
    assert!(plain.conditional[0] > 1.0, "{:?}", plain.conditional);
    let regret = found.values.conditional[0].max(found.values.conditional[1]);
    assert!(regret < 0.05, "{:?}", found.values);
    assert!(found.distance < 3e-3, "{}", found.distance);
}

#[test]
fn a_finish_that_is_stopped_still_answers() {
    let tree = PublicTree::new(&families::public_crisis(4, 4));
    let mut asked = 0;
    let found = finish(&tree, &Finish::default(), &mut || {
        asked += 1;
        asked < 2
    });
    assert_eq!(asked, 2);
    for (node, player, count) in tree.moves() {
        for of in 0..tree.types()[player] {
            let sum: f64 = (0..count)
                .map(|a| found.strategy.get(&tree, node, of, a))
                .sum();
            assert!((sum - 1.0).abs() < SOLVED);
            assert!((0..count).all(|a| found.tremble.get(&tree, node, of, a).is_finite()));
        }
    }
}

/// The largest gain from one other action at one information set, over all of them, in units of payoff: beliefs from differences of
/// log reach of the trembles, values by walking to every leaf.
fn largest_regret(tree: &Tree, assessment: &Assessment) -> f64 {
    let log_reach = |node: usize| {
        let (mut at, mut log) = (node, 0.0);
        while at != 0 {
            log += libm::log(tree.chance[at]);
            if tree.action[at] != detente_games::NONE {
                log += assessment.tremble[tree.action[at] as usize];
            }
            at = tree.parent[at] as usize;
        }
        log
    };
    // Values of nodes under the strategy.
    let mut leaf_of = vec![usize::MAX; tree.parent.len()];
    for (leaf, node) in tree.leaves.iter().enumerate() {
        leaf_of[*node as usize] = leaf;
    }
    let mut value = vec![[0.0; 2]; tree.parent.len()];
    for node in (0..tree.parent.len()).rev() {
        if leaf_of[node] != usize::MAX {
            value[node] = [0, 1].map(|player| tree.payoff[leaf_of[node] * 2 + player]);
        }
        if node > 0 {
            let action = tree.action[node];
            let share = if action == detente_games::NONE {
                tree.chance[node]
            } else {
                assessment.strategy[action as usize]
            };
            let here = value[node];
            for player in 0..2 {
                value[tree.parent[node] as usize][player] += share * here[player];
            }
        }
    }
    let mut worst: f64 = 0.0;
    for set in 0..tree.sets() {
        let player = tree.player[set] as usize;
        let logs: Vec<f64> = tree
            .members_of(set)
            .iter()
            .map(|node| log_reach(*node as usize))
            .collect();
        let top = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let weights: Vec<f64> = logs.iter().map(|log| libm::exp(log - top)).collect();
        let total: f64 = weights.iter().sum();
        let mut worth = vec![0.0; tree.actions_of(set).len()];
        for (node, weight) in tree.members_of(set).iter().zip(&weights) {
            for (worth, child) in worth.iter_mut().zip(tree.children(*node as usize)) {
                *worth += weight / total * value[child][player];
            }
        }
        let best = worth.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let strategy = &assessment.strategy[tree.actions_of(set)];
        let planned: f64 = strategy.iter().zip(&worth).map(|(p, w)| p * w).sum();
        worst = worst.max(best - planned);
    }
    worst
}
