//! Random games in which answers go wrong: ties, chance that is split, nested or zero, many players, payoffs of all sizes.

use detente_games::{Builder, Game, Number, Place};
use num_bigint::BigInt;
use num_rational::BigRational;

use crate::certificate::games::{Draw, random};

/// What kinds of games there are.
pub(super) const FAMILIES: [&str; 6] = [
    "signalling",
    "split signalling",
    "random",
    "one move each",
    "paid on the way",
    "seen by all",
];

/// The game of number `seed`, and its kind.
pub(super) fn game(seed: u64) -> (&'static str, Game) {
    let mut draw = Draw::new(seed.wrapping_mul(0x2545_f491_4f6c_dd1d) ^ 0x51);
    let family = draw.below(FAMILIES.len());
    let mut game = match family {
        0 => signalling(&mut draw, false),
        1 => signalling(&mut draw, true),
        2 => small(&mut draw, false),
        3 => one_move_each(&mut draw),
        4 => paid_on_the_way(&mut draw),
        _ => small(&mut draw, true),
    };
    scale(&mut game, &mut draw);
    if draw.below(4) == 0 {
        catastrophe(&mut game, &mut draw);
    }
    (FAMILIES[family], game)
}

/// A random game of perfect recall that is small enough to go through.
fn small(draw: &mut Draw, perfect_information: bool) -> Game {
    loop {
        let game = random(draw.below(1 << 40) as u64, perfect_information);
        if game.actions() <= 24 && game.nodes().len() <= 90 {
            return game;
        }
    }
}

fn tied(draw: &mut Draw) -> Number {
    Number::from(i64::try_from(draw.below(4)).expect("small"))
}

/// Two or three types, two messages, two responses, payoffs from 0 to 3. With `split`, types are drawn in two moves, and chance draws
/// something that neither player sees.
fn signalling(draw: &mut Draw, split: bool) -> Game {
    let types = 2 + draw.below(2);
    let mut game = Builder::new("signalling", ["S", "R"]);
    let kinds: Vec<_> = (0..types)
        .map(|t| game.set(0, format!("t{t}"), ["m", "n"]))
        .collect();
    let answers = ["m", "n"].map(|m| game.set(1, m, ["x", "y"]));
    let label = |k: usize| format!("b{k}");
    let root = game.root();
    let part = |draw: &mut Draw, count: usize| -> Vec<(String, Number)> {
        let weights: Vec<i64> = (0..count)
            .map(|_| 1 + i64::try_from(draw.below(4)).expect("small"))
            .collect();
        let sum = weights.iter().sum();
        let chances = weights.into_iter().map(|w| Number::ratio(w, sum));
        chances.enumerate().map(|(k, p)| (label(k), p)).collect()
    };
    let mut places: Vec<(usize, Place)> = Vec::new();
    if split && types == 3 {
        let first = part(draw, 2);
        let [one, rest] = game.chance(root, "", first)[..] else {
            unreachable!()
        };
        places.push((0, one));
        let second = part(draw, 2);
        for (k, place) in game.chance(rest, "", second).into_iter().enumerate() {
            places.push((1 + k, place));
        }
    } else {
        let all = part(draw, types);
        places.extend(game.chance(root, "", all).into_iter().enumerate());
    }
    if split {
        let unseen = draw.below(types);
        let (kind, place) = places.remove(unseen);
        let states = part(draw, 2);
        for place in game.chance(place, "unseen", states) {
            places.push((kind, place));
        }
    }
    for (kind, place) in places {
        for (place, answer) in game.moves(place, kinds[kind]).into_iter().zip(answers) {
            for end in game.moves(place, answer) {
                let pays = [tied(draw), tied(draw)];
                game.pay(end, pays);
            }
        }
    }
    game.finish()
}

/// Two to four players, each of whom moves once and sees nothing.
fn one_move_each(draw: &mut Draw) -> Game {
    let players = 2 + draw.below(3);
    let mut game = Builder::new("one move each", (0..players).map(|p| format!("P{p}")));
    let most = if players == 4 { 2 } else { 3 };
    let mut open = vec![game.root()];
    for player in 0..players {
        let actions = 2 + draw.below(most - 1);
        let set = game.set(player, "", (0..actions).map(|a| format!("a{a}")));
        open = open
            .into_iter()
            .flat_map(|place| game.moves(place, set))
            .collect();
    }
    for place in open {
        let pays: Vec<Number> = (0..players).map(|_| tied(draw)).collect();
        game.pay(place, pays);
    }
    game.finish()
}

/// Two players who move in turn, the second without seeing; tenths are paid on the way, so that plays tie in decimals alone. A player
/// passes an information set of one action, now and then twice.
fn paid_on_the_way(draw: &mut Draw) -> Game {
    let mut game = Builder::new("paid on the way", ["A", "B"]);
    let tenths =
        |draw: &mut Draw| Number::ratio(1 + i64::try_from(draw.below(8)).expect("small"), 10);
    let typed =
        |draw: &mut Draw| Number::parse(&format!("0.{}", 1 + draw.below(8))).expect("a number");
    let pass = game.set(0, "pass", ["on"]);
    let first = game.set(0, "first", ["l", "r"]);
    let second = game.set(1, "second", ["x", "y"]);
    let third = game.set(0, "third", ["u", "v"]);
    let mut place = game.root();
    for _ in 0..draw.below(3) {
        place = game.moves(place, pass)[0];
    }
    for (k, mut place) in game.moves(place, first).into_iter().enumerate() {
        let pays = [tenths(draw), typed(draw)];
        game.pay(place, pays);
        if draw.below(3) == 0 {
            place = game.moves(place, pass)[0];
        }
        for place in game.moves(place, second) {
            let pays = [typed(draw), tenths(draw)];
            game.pay(place, pays);
            if k == 1 {
                for place in game.moves(place, third) {
                    let pays = [tenths(draw), typed(draw)];
                    game.pay(place, pays);
                }
            }
        }
    }
    game.finish()
}

/// Puts the payoffs of each player on a scale of its own, from a thousand-millionth to a million million, half of the time on none.
fn scale(game: &mut Game, draw: &mut Draw) {
    if draw.below(2) == 0 {
        return;
    }
    let powers: Vec<i32> = (0..game.players.len())
        .map(|_| [-9, -6, -3, 0, 3, 6, 9, 12][draw.below(8)])
        .collect();
    let shift = draw.below(4) == 0;
    for outcome in 0..game.outcomes().len() {
        let payoffs = game.outcomes()[outcome].payoffs.iter().zip(&powers);
        let scaled = payoffs.map(|(payoff, &power)| {
            let ten = BigRational::from_integer(num_traits::pow(
                BigInt::from(10),
                power.unsigned_abs() as usize,
            ));
            let exact = if power < 0 {
                payoff.exact() / ten
            } else {
                payoff.exact() * ten
            };
            Number::from(exact)
        });
        let scaled: Vec<Number> = scaled.collect();
        game.set_payoffs(outcome, scaled);
    }
    // A constant beside which the stakes are small.
    if shift
        && !game.outcomes().is_empty()
        && game
            .nodes()
            .iter()
            .all(|node| node.outcome.is_none() || node.kind == detente_games::Kind::Terminal)
    {
        let constant = BigRational::from_integer(BigInt::from(1_000_000));
        for outcome in 0..game.outcomes().len() {
            let payoffs = game.outcomes()[outcome].payoffs.iter();
            let shifted: Vec<Number> = payoffs
                .map(|p| Number::from(p.exact() + &constant))
                .collect();
            game.set_payoffs(outcome, shifted);
        }
    }
}

/// Makes one outcome very bad for somebody.
fn catastrophe(game: &mut Game, draw: &mut Draw) {
    if game.outcomes().is_empty() {
        return;
    }
    let outcome = draw.below(game.outcomes().len());
    let player = draw.below(game.players.len());
    let mut payoffs = game.outcomes()[outcome].payoffs.clone();
    let size = [100_000_000_i64, 10_000_000_000, 1_000_000_000_000][draw.below(3)];
    payoffs[player] =
        Number::from(payoffs[player].exact() - BigRational::from_integer(size.into()));
    game.set_payoffs(outcome, payoffs);
}
