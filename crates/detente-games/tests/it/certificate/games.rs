//! Games with known equilibria.

use std::collections::BTreeMap;

use detente_games::{Builder, Game, Number, Place};

/// A decimal given in thousandths.
pub(crate) fn milli(thousandths: i64) -> Number {
    Number::ratio(thousandths, 1000)
}

/// A proposes its own share of a pie of 1 to B, who is tough (war cost .1) with probability .3 or soft (.3). War gives A .4 and B
/// .5 less its cost: the two-type ultimatum of Powell (1999), p = .5, cA = .1. Sets: 0 A, then tough and soft B for each demand.
pub(crate) fn ultimatum(demands: &[i64]) -> Game {
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
pub(crate) fn horse() -> Game {
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
pub(crate) fn beer_quiche() -> Game {
    beer_quiche_duel(&Number::from(1))
}

/// [`beer_quiche`] where a duel with the weak is worth `duel`.
pub(crate) fn beer_quiche_duel(duel: &Number) -> Game {
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
            let won = if kind == 1 {
                duel.clone()
            } else {
                Number::from(0)
            };
            game.pay(ends[0], [Number::from(liked), won]);
            game.pay(ends[1], [liked + 2, 1 - weak].map(Number::from));
        }
    }
    game.finish()
}

/// The chain store of Kreps and Wilson (1982) with two entrants: b = 1/2, a = 2, tough (always fights) with probability 1/10. The
/// first entrant enters or not (set 0), the weak store fights or acquiesces (1), the second entrant decides after a fight (2), after
/// acquiescence (3), after nobody entered (4), and the weak store decides again after each (5, 6, 7). A tough store has no moves.
pub(crate) fn chain_store() -> Game {
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
pub(crate) fn two_steps() -> Game {
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

/// Numbers that look random and are the same for the same seed (Steele, Lea and Flood 2014).
pub(crate) struct Draw(pub(super) u64);

impl Draw {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A whole number below `end`.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % end as u64).expect("small")
    }

    /// A number between 0 and 1.
    pub(crate) fn share(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// A whole number from -5 to 5.
    pub(crate) fn payoff(&mut self) -> Number {
        Number::from(i64::try_from(self.below(11)).expect("small") - 5)
    }
}

/// A random game of perfect recall: 2 or 3 players, at most 4 moves a play, 2 or 3 actions, payoffs anywhere. Who moves and how many
/// actions there are depends on how many moves came before; players see a random bit of every node and remember all they saw and did.
/// With `perfect_information`, everyone sees everything.
pub(crate) fn random(seed: u64, perfect_information: bool) -> Game {
    let mut draw = Draw(seed);
    let players = 2 + draw.below(2);
    let mut game = Builder::new("random", (0..players).map(|p| format!("P{p}")));
    let movers: Vec<(usize, usize)> = (0..3 + draw.below(2))
        .map(|_| (draw.below(players + 1), 2 + draw.below(2)))
        .collect();
    // Places with what each player knows.
    let mut open: Vec<(Place, Vec<Vec<usize>>)> = vec![(game.root(), vec![Vec::new(); players])];
    let mut sets = BTreeMap::new();
    for (level, &(mover, actions)) in movers.iter().enumerate() {
        let mut next = Vec::new();
        for (index, (place, known)) in open.into_iter().enumerate() {
            if draw.below(4) == 0 {
                game.pay(
                    place,
                    (0..players).map(|_| draw.payoff()).collect::<Vec<_>>(),
                );
            }
            if level > 0 && draw.below(6) == 0 {
                continue;
            }
            let names = (0..actions).map(|a| format!("a{a}"));
            if mover == players {
                // A zero now and then.
                let weights: Vec<usize> = (0..actions).map(|_| draw.below(4)).collect();
                let sum = weights.iter().sum::<usize>().max(1);
                let whole = |n: usize| i64::try_from(n).expect("small");
                let chance = weights.iter().enumerate().map(|(a, &w)| {
                    let w = if sum == 1 && weights.iter().all(|&w| w == 0) {
                        usize::from(a == 0)
                    } else {
                        w
                    };
                    Number::ratio(whole(w), whole(sum))
                });
                let branches: Vec<_> = names.zip(chance).collect();
                for place in game.chance(place, "", branches) {
                    next.push((place, known.clone()));
                }
            } else {
                let mut key = known[mover].clone();
                key.push(100 + level);
                key.push(if perfect_information {
                    1000 + index
                } else {
                    draw.below(2)
                });
                let set = *sets
                    .entry((level, key.clone()))
                    .or_insert_with(|| game.set(mover, "", names.collect::<Vec<_>>()));
                for (action, place) in game.moves(place, set).into_iter().enumerate() {
                    let mut known = known.clone();
                    known[mover].clone_from(&key);
                    known[mover].push(action);
                    next.push((place, known));
                }
            }
        }
        open = next;
    }
    for (place, _) in open {
        game.pay(
            place,
            (0..players).map(|_| draw.payoff()).collect::<Vec<_>>(),
        );
    }
    game.finish()
}

/// A random strategy: at each information set pure, or mixed over some of the actions, or over all.
pub(crate) fn random_strategy(game: &Game, seed: u64) -> Vec<f64> {
    let mut draw = Draw(seed);
    let mut strategy = Vec::new();
    for set in game.sets() {
        let actions = set.actions.len();
        let planned = 1 + draw.below(actions);
        let first = draw.below(actions);
        let mut here = vec![0.0; actions];
        for k in 0..planned {
            here[(first + k) % actions] = 0.1 + draw.share();
        }
        let sum: f64 = here.iter().sum();
        strategy.extend(here.iter().map(|p| p / sum));
    }
    strategy
}
