//! Building, recall, flat arrays.

use detente_games::{Builder, Number, Recall, Tree, families, recall};

#[test]
fn the_crisis_family_has_the_stated_sizes() {
    for (k, m) in [(2, 2), (2, 4), (3, 3), (4, 4), (6, 6)] {
        let game = families::crisis(k, m);
        assert_eq!(game.nodes().len(), 1 + k * k * (1 + 5 * m));
        assert_eq!(game.actions(), 5 * k * m);
        assert_eq!(game.sets().len(), k + 2 * k * m);
        let tree = Tree::new(&game).expect("perfect recall");
        assert_eq!(tree.leaves.len(), k * k * 3 * m);
        // The first two types and the loudest threat, resisted and carried out.
        let fight = tree.leaves[3 * m - 1] as usize;
        let payoff = &tree.payoff[(3 * m - 1) * 2..][..2];
        assert_eq!(tree.end[fight] as usize, fight + 1);
        let (kf, mf) = (k as f64, m as f64);
        let sunk = 0.1 * ((mf - 1.0) / mf) * ((mf - 1.0) / mf);
        assert!((payoff[0] - (-0.6 + 0.45 / kf - sunk)).abs() < 1e-12);
        assert!((payoff[1] - (-0.7 + 0.35 / kf)).abs() < 1e-12);
    }
}

#[test]
fn payoffs_add_up_along_the_path() {
    let mut game = Builder::new("two tolls", ["A"]);
    let set = game.set(0, "", ["on", "off"]);
    let root = game.root();
    let next = game.moves(root, set);
    game.pay(root, [Number::from(2)]);
    game.pay(next[0], [Number::from(3)]);
    let tree = Tree::new(&game.finish()).expect("perfect recall");
    assert_eq!(tree.payoff, [5.0, 2.0]);
}

#[test]
fn a_player_who_forgets_is_found() {
    // The player's own first choice is forgotten at the second.
    let mut game = Builder::new("forgetful", ["A"]);
    let first = game.set(0, "first", ["left", "right"]);
    let second = game.set(0, "second", ["left", "right"]);
    let root = game.root();
    for place in game.moves(root, first) {
        game.moves(place, second);
    }
    assert_eq!(recall(&game.finish()), Recall::Imperfect { set: 1 });

    // The driver who cannot tell the exits apart.
    let mut game = Builder::new("absent-minded driver", ["A"]);
    let exit = game.set(0, "exit", ["leave", "drive on"]);
    let root = game.root();
    let on = game.moves(root, exit)[1];
    game.moves(on, exit);
    assert_eq!(recall(&game.finish()), Recall::AbsentMinded { set: 0 });
}
