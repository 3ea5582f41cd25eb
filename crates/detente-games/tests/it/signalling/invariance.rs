//! What must not matter, and trees that are not signalling games.

use std::collections::BTreeSet;

use detente_games::signalling::{
    Equilibria, Message, NotSignalling, Play, SenderType, Signalling, enumerate,
};
use detente_games::{Builder, Number, families};

use super::{Outcome, Q, Random, certified, outcome, outcomes, q, signalling};

fn random_game(
    random: &mut Random,
    types: usize,
    messages: usize,
    responses: usize,
    range: u64,
) -> Signalling {
    let prior: &[(i64, i64)] = if types == 2 {
        &[(3, 10), (7, 10)]
    } else {
        &[(1, 6), (1, 3), (1, 2)]
    };
    signalling(
        prior,
        &random.payoffs(types, messages, responses, range),
        &random.payoffs(types, messages, responses, range),
    )
}

fn games() -> Vec<Signalling> {
    let mut random = Random(6);
    let mut games = Vec::new();
    for range in [4, 1000] {
        for _ in 0..20 {
            games.push(random_game(&mut random, 2, 2, 2, range));
            games.push(random_game(&mut random, 2, 3, 2, range));
            games.push(random_game(&mut random, 3, 2, 2, range));
        }
    }
    games
}

/// Corners with what is said about each that names no type, message or response.
fn verdicts(found: &Equilibria) -> Vec<String> {
    let mut all: Vec<String> = found
        .iter()
        .map(|e| format!("{:?} {} {}", e.class, e.is_intuitive(), e.survives_d1()))
        .collect();
    all.sort();
    all
}

#[test]
fn names_and_order_do_not_matter() {
    for game in games() {
        let mut turned = game.clone();
        turned.types.reverse();
        turned.plays.reverse();
        turned.messages.rotate_left(1);
        for plays in &mut turned.plays {
            plays.rotate_left(1);
            for play in plays {
                if let Play::Answered { sender, receiver } = play {
                    sender.reverse();
                    receiver.reverse();
                }
            }
        }
        let back = |(mut weights, mut responses): Outcome| {
            weights.reverse();
            for row in &mut weights {
                row.rotate_right(1);
            }
            responses.rotate_right(1);
            for row in &mut responses {
                row.reverse();
            }
            (weights, responses)
        };
        let (found, other) = (enumerate(&game), enumerate(&turned));
        let turned_back: BTreeSet<Outcome> =
            outcomes(&turned, &other).into_iter().map(back).collect();
        assert_eq!(outcomes(&game, &found), turned_back);
        assert_eq!(verdicts(&found), verdicts(&other));
        assert_eq!(found.components.len(), other.components.len());
    }
}

#[test]
fn units_and_gifts_do_not_matter() {
    for game in games() {
        let mut scaled = game.clone();
        for (t, plays) in scaled.plays.iter_mut().enumerate() {
            // Payoffs in other units; for the receiver also something it gets for the type alone.
            let gift = q(7 * i64::try_from(t).expect("small") - 3, 2);
            for play in plays {
                if let Play::Answered { sender, receiver } = play {
                    for pay in sender {
                        *pay = (pay.exact() * q(3, 7) - q(5, 2)).into();
                    }
                    for pay in receiver {
                        *pay = (pay.exact() * q(11, 2) + &gift).into();
                    }
                }
            }
        }
        let (found, other) = (enumerate(&game), enumerate(&scaled));
        assert_eq!(outcomes(&game, &found), outcomes(&scaled, &other));
        assert_eq!(verdicts(&found), verdicts(&other));
    }
}

#[test]
fn a_type_under_two_names_is_one_type() {
    let mut random = Random(7);
    for _ in 0..25 {
        let game = random_game(&mut random, 2, 2, 2, 1000);
        let mut split = game.clone();
        let twin = SenderType {
            name: "twin".into(),
            prior: Number::from(game.types[1].prior.exact() * q(1, 3)),
        };
        split.types[1].prior = Number::from(game.types[1].prior.exact() * q(2, 3));
        split.types.push(twin);
        split.plays.push(game.plays[1].clone());
        // The twins together. How they share what the one type mixes is open, so corners may repeat an outcome.
        let together: BTreeSet<Outcome> = enumerate(&split)
            .iter()
            .map(|e| {
                let (mut weights, responses) = outcome(&split, e);
                let twin = weights.pop().expect("three types");
                for (weight, twin) in weights[1].iter_mut().zip(twin) {
                    *weight += twin;
                }
                (weights, responses)
            })
            .collect();
        assert_eq!(outcomes(&game, &enumerate(&game)), together);
    }
}

#[test]
fn a_message_that_all_would_regret_changes_nothing() {
    for game in games() {
        let mut more = game.clone();
        more.messages.push(Message {
            name: "folly".into(),
            responses: Vec::new(),
        });
        for plays in &mut more.plays {
            plays.push(Play::Ends {
                sender: Number::from(-1),
                receiver: Number::from(0),
            });
        }
        let drop = |(weights, mut responses): Outcome| {
            responses.pop();
            let weights: Vec<Vec<Q>> = weights
                .into_iter()
                .map(|mut row| {
                    row.pop();
                    row
                })
                .collect();
            (weights, responses)
        };
        let found = enumerate(&more);
        let without: BTreeSet<Outcome> = outcomes(&more, &found).into_iter().map(drop).collect();
        assert_eq!(outcomes(&game, &enumerate(&game)), without);
    }
}

/// A type that ends the game with a message might as well have a message of its own for that.
#[test]
fn an_end_is_no_message() {
    let mut random = Random(9);
    for mut game in games() {
        let last = game.messages.len() - 1;
        let end = Play::Ends {
            sender: random.below(4).into(),
            receiver: random.below(4).into(),
        };
        let mut apart = game.clone();
        game.plays[0][last] = end.clone();
        apart.plays[0][last] = Play::Unavailable;
        apart.messages.push(Message {
            name: "end".into(),
            responses: Vec::new(),
        });
        for (t, plays) in apart.plays.iter_mut().enumerate() {
            plays.push(if t == 0 {
                end.clone()
            } else {
                Play::Unavailable
            });
        }
        let join = |(mut weights, mut responses): Outcome| {
            responses.pop();
            let ended: Vec<Q> = weights
                .iter_mut()
                .map(|row| row.pop().expect("a weight for each message"))
                .collect();
            weights[0][last] += &ended[0];
            (weights, responses)
        };
        let found = enumerate(&apart);
        let joined: BTreeSet<Outcome> = outcomes(&apart, &found).into_iter().map(join).collect();
        assert_eq!(outcomes(&game, &enumerate(&game)), joined);
        // The tree of the game apart reads as the game together only in name: the answer is the same either way.
        let (read, again) = certified(&apart.game());
        assert_eq!(read.types, apart.types);
        assert_eq!(verdicts(&again), verdicts(&found));
    }
}

#[test]
fn a_game_goes_to_a_tree_and_back() {
    for game in games() {
        let reading = Signalling::of(&game.game()).expect("a signalling game");
        assert_eq!(reading.game, game);
    }
}

#[test]
fn other_trees_are_refused_with_a_reason() {
    let mut game = Builder::new("no chance", ["A", "B"]);
    let set = game.set(0, "", ["left", "right"]);
    game.moves(game.root(), set);
    assert_eq!(
        Signalling::of(&game.finish()),
        Err(NotSignalling::ChanceDoesNotBegin)
    );

    // Types on both sides: the sender moves at one information set for two branches of chance.
    assert!(matches!(
        Signalling::of(&families::crisis(2, 2)),
        Err(NotSignalling::NoSender { .. })
    ));

    let halves = || [("a", Number::ratio(1, 2)), ("b", Number::ratio(1, 2))];
    // After the response the receiver's second move does not see the type.
    let mut game = Builder::new("hidden", ["A", "B"]);
    let drawn = game.chance(game.root(), "", halves());
    let answer = game.set(1, "answer", ["yes", "no"]);
    let again = game.set(1, "again", ["yes", "no"]);
    for place in drawn {
        let speaks = game.set(0, "", ["speak"]);
        let spoken = game.moves(place, speaks)[0];
        let answered = game.moves(spoken, answer);
        game.moves(answered[0], again);
    }
    assert_eq!(
        Signalling::of(&game.finish()),
        Err(NotSignalling::Hidden { set: 1 })
    );

    // The sender is indifferent at the end, the receiver is not.
    let mut game = Builder::new("tie", ["A", "B"]);
    let drawn = game.chance(game.root(), "", halves());
    let answer = game.set(1, "answer", ["yes", "no"]);
    for place in drawn {
        let speaks = game.set(0, "", ["speak"]);
        let last = game.set(0, "last", ["kind", "cruel"]);
        let spoken = game.moves(place, speaks)[0];
        let answered = game.moves(spoken, answer);
        let ends = game.moves(answered[0], last);
        game.pay(ends[0], [Number::from(0), Number::from(1)]);
    }
    assert!(matches!(
        Signalling::of(&game.finish()),
        Err(NotSignalling::Tie { .. })
    ));

    let mut game = Builder::new("impossible", ["A", "B"]);
    let none = [("a", Number::from(1)), ("b", Number::from(0))];
    let drawn = game.chance(game.root(), "", none);
    for place in drawn {
        let speaks = game.set(0, "", ["speak"]);
        game.moves(place, speaks);
    }
    assert_eq!(
        Signalling::of(&game.finish()),
        Err(NotSignalling::ImpossibleType { branch: 1 })
    );
}
