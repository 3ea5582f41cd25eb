//! Games with known equilibria.

use detente_games::{Builder, Game, Number};

/// A decimal given in thousandths.
pub(super) fn milli(thousandths: i64) -> Number {
    Number::ratio(thousandths, 1000)
}

/// A proposes its own share of a pie of 1 to B, who is tough (war cost .1) with probability .3 or soft (.3). War gives A .4 and B
/// .5 less its cost: the two-type ultimatum of Powell (1999), p = .5, cA = .1. Sets: 0 A, then tough and soft B for each demand.
pub(super) fn ultimatum(demands: &[i64]) -> Game {
    let mut game = Builder::new("Two-type ultimatum", ["A", "B"]);
    let names: Vec<String> = demands.iter().map(|x| format!("demand .{x}")).collect();
    let asks = game.set(0, "A", names.clone());
    let answers: Vec<_> = ["tough", "soft"]
        .into_iter()
        .flat_map(|kind| names.iter().map(move |name| format!("{kind}, {name}")))
        .map(|label| game.set(1, label, ["accept", "war"]))
        .collect();
    let root = game.root();
    let types = game.chance(root, "B", [("tough", milli(300)), ("soft", milli(700))]);
    for (kind, place) in types.into_iter().enumerate() {
        for (x, place) in game.moves(place, asks).into_iter().enumerate() {
            let ends = game.moves(place, answers[kind * demands.len() + x]);
            game.pay(ends[0], [milli(demands[x]), milli(1000 - demands[x])]);
            game.pay(ends[1], [milli(400), milli([400, 200][kind])]);
        }
    }
    game.finish()
}

/// Selten's horse (1975, figure 1). Actions: 0-1 down, across; 2-3 down, across; 4-5 left, right.
pub(super) fn horse() -> Game {
    let mut game = Builder::new("Selten's horse", ["1", "2", "3"]);
    let sets = [
        game.set(0, "one", ["D", "A"]),
        game.set(1, "two", ["d", "a"]),
        game.set(2, "three", ["L", "R"]),
    ];
    let pay = |a: i64, b: i64, c: i64| [a, b, c].map(Number::from);
    let root = game.root();
    let first = game.moves(root, sets[0]);
    let second = game.moves(first[1], sets[1]);
    game.pay(second[1], pay(1, 1, 1));
    let low = game.moves(first[0], sets[2]);
    game.pay(low[0], pay(3, 2, 2));
    let high = game.moves(second[0], sets[2]);
    game.pay(high[0], pay(4, 4, 0));
    game.pay(high[1], pay(0, 0, 1));
    game.finish()
}

/// Beer and quiche (Cho and Kreps 1987), weak with probability 1/10. Sets: 0 surly, 1 weak (beer, quiche); 2 after beer, 3 after
/// quiche (duel, not). The breakfast one likes pays 1, no duel 2; the other side gains 1 from a duel with the weak, and from none with
/// the surly.
pub(super) fn beer_quiche() -> Game {
    let mut game = Builder::new("Beer and quiche", ["Sender", "Receiver"]);
    let kinds = [
        game.set(0, "surly", ["beer", "quiche"]),
        game.set(0, "weak", ["beer", "quiche"]),
    ];
    let after = [
        game.set(1, "beer", ["duel", "not"]),
        game.set(1, "quiche", ["duel", "not"]),
    ];
    let root = game.root();
    let types = game.chance(
        root,
        "type",
        [
            ("surly", Number::ratio(9, 10)),
            ("weak", Number::ratio(1, 10)),
        ],
    );
    for (kind, place) in types.into_iter().enumerate() {
        for (meal, place) in game.moves(place, kinds[kind]).into_iter().enumerate() {
            let liked = i64::from(kind == meal);
            let ends = game.moves(place, after[meal]);
            let weak = i64::from(kind == 1);
            game.pay(ends[0], [liked, weak].map(Number::from));
            game.pay(ends[1], [liked + 2, 1 - weak].map(Number::from));
        }
    }
    game.finish()
}

/// The chain store of Kreps and Wilson (1982) with two entrants: b = 1/2, a = 2, tough (always fights) with probability 1/10. The
/// first entrant enters or not (set 0), the weak store fights or acquiesces (1), the second entrant decides after a fight (2), after
/// acquiescence (3), after nobody entered (4), and the weak store decides again after each (5, 6, 7). A tough store has no moves.
pub(super) fn chain_store() -> Game {
    let mut game = Builder::new("Chain store", ["Store", "Entrant 1", "Entrant 2"]);
    let enters = game.set(1, "first", ["out", "in"]);
    let replies = game.set(0, "weak, first", ["fight", "acquiesce"]);
    let histories = ["fought", "acquiesced", "nobody"];
    let second: Vec<_> = histories
        .iter()
        .map(|&label| game.set(2, label, ["out", "in"]))
        .collect();
    let last: Vec<_> = histories
        .iter()
        .map(|label| game.set(0, format!("weak, {label}"), ["fight", "acquiesce"]))
        .collect();
    let half = || Number::ratio(1, 2);
    let zero = || Number::from(0);
    let root = game.root();
    let types = game.chance(
        root,
        "store",
        [
            ("tough", Number::ratio(1, 10)),
            ("weak", Number::ratio(9, 10)),
        ],
    );
    for (kind, place) in types.into_iter().enumerate() {
        let weak = kind == 1;
        let first = game.moves(place, enters);
        // What follows: the place, the history, what the store and the first entrant have.
        let mut follows = vec![(first[0], 2, 2, zero())];
        if weak {
            let ends = game.moves(first[1], replies);
            follows.push((ends[0], 0, -1, Number::ratio(-1, 2)));
            follows.push((ends[1], 1, 0, half()));
        } else {
            follows.push((first[1], 0, 0, Number::ratio(-1, 2)));
        }
        for (place, history, store, entrant) in follows {
            let store = if weak { store } else { 0 };
            game.pay(place, [Number::from(store), entrant, zero()]);
            let next = game.moves(place, second[history]);
            if weak {
                game.pay(next[0], [Number::from(2), zero(), zero()]);
                let ends = game.moves(next[1], last[history]);
                game.pay(ends[0], [Number::from(-1), zero(), Number::ratio(-1, 2)]);
                game.pay(ends[1], [zero(), zero(), half()]);
            } else {
                game.pay(next[1], [zero(), zero(), Number::ratio(-1, 2)]);
            }
        }
    }
    game.finish()
}

/// One player moves twice; each move alone does not pay, both together do: (stay) is an equilibrium of agents, not of the player.
pub(super) fn two_steps() -> Game {
    let mut game = Builder::new("Two steps", ["A"]);
    let one = game.set(0, "first", ["stay", "go"]);
    let two = game.set(0, "second", ["back", "on"]);
    let root = game.root();
    let first = game.moves(root, one);
    let second = game.moves(first[1], two);
    game.pay(first[0], [Number::from(1)]);
    game.pay(second[1], [Number::from(2)]);
    game.finish()
}
