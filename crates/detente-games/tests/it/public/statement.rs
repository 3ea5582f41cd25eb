//! What can be stated, and what is refused.

use detente_games::public::{Misstated, Odds, Prior, PublicBuilder};
use detente_games::{Number, families};

fn shares(of: &[i64], below: i64) -> Vec<Number> {
    of.iter().map(|p| Number::ratio(*p, below)).collect()
}

#[test]
fn sizes_are_as_stated() {
    let kuhn = families::kuhn();
    assert_eq!((kuhn.nodes().len(), kuhn.actions()), (9, 24));
    let leduc = families::leduc();
    assert_eq!((leduc.nodes().len(), leduc.actions()), (240, 672));
    let crisis = families::public_crisis(512, 512);
    assert_eq!((crisis.nodes().len(), crisis.actions()), (2561, 1_310_720));
}

#[test]
fn other_than_two_players_are_refused() {
    let prior = || Prior::Independent([shares(&[1], 1), shares(&[1], 1)]);
    for players in [0, 1, 3] {
        let sides = (0..players).map(|player| (format!("player {player}"), vec!["only"]));
        let refused = PublicBuilder::new("", sides, prior()).map(|_| ());
        assert_eq!(refused, Err(Misstated::Players(players)));
    }
}

#[test]
fn a_prior_that_is_none_is_refused() {
    let sides = || [("A", vec!["a", "b"]), ("B", vec!["c", "d"])];
    let half = || shares(&[1, 1], 2);
    for (prior, why) in [
        (
            Prior::Independent([half(), shares(&[1, 2], 2)]),
            Misstated::Prior,
        ),
        (
            Prior::Independent([half(), shares(&[3, -1], 2)]),
            Misstated::Prior,
        ),
        (
            Prior::Independent([half(), shares(&[1], 1)]),
            Misstated::Length,
        ),
        (
            Prior::Independent([half(), shares(&[1, 0], 1)]),
            Misstated::NeverDealt { player: 1, of: 1 },
        ),
        (
            Prior::Joint(shares(&[1, 0, 1, 0], 2)),
            Misstated::NeverDealt { player: 1, of: 1 },
        ),
        (Prior::Joint(shares(&[1, 1, 1], 3)), Misstated::Length),
    ] {
        let refused = PublicBuilder::new("", sides(), prior).map(|_| ());
        assert_eq!(refused, Err(why));
    }
}

#[test]
fn odds_are_a_lottery_for_every_pair_that_is_dealt() {
    // With correlated types only the pairs (0,0) and (1,1) occur.
    let sides = || [("A", vec!["a", "b"]), ("B", vec!["c", "d"])];
    for (second, fails) in [([3, 0, 0, 4], false), ([3, 0, 0, 5], true)] {
        let prior = Prior::Joint(shares(&[1, 0, 0, 1], 2));
        let mut game = PublicBuilder::new("", sides(), prior).expect("a prior");
        let odds = [[1, 9, 9, 0], second].map(|odds| game.of_pair(shares(&odds, 4)));
        let places = game.chance(game.root(), "", ["x", "y"], Odds::ByPair(odds.to_vec()));
        for place in places {
            game.end(place, [Number::from(0).into(), Number::from(0).into()]);
        }
        let lottery = game.finish().map(|_| ());
        assert_eq!(lottery.is_err(), fails, "{lottery:?}");
    }
}

#[test]
fn a_place_left_empty_is_found() {
    let prior = Prior::Independent([shares(&[1], 1), shares(&[1], 1)]);
    let sides = [("A", vec!["a"]), ("B", vec!["b"])];
    let mut game = PublicBuilder::new("", sides, prior).expect("a prior");
    let root = game.root();
    game.moves(root, 0, "", ["x", "y"]);
    assert_eq!(game.finish(), Err(Misstated::Unfinished));
}
