//! A crisis with private war costs.

use crate::builder::Builder;
use crate::game::Game;
use crate::number::Number;
use crate::public::{Pay, Prior, PublicBuilder, PublicGame};

/// A crisis with private war costs: `types` types a side, `threats` threats that cost more the louder they are.
///
/// Types are uniform and independent. Challenger type i has war payoff -.6 + .9(2i+1)/2k, defender type j -.7 + .7(2j+1)/2k. The
/// challenger makes threat x of 0..m-1 with audience cost a = .8x/m and sunk cost s = .1(x/m)²; the defender concedes (1-s, 0) or
/// resists; the challenger then backs down (-a-s, 1) or fights (w1-s, w2). Nodes 1 + k²(1+5m), actions 5km. (After Fearon 1994.)
pub fn crisis(types: usize, threats: usize) -> Game {
    let (k, m) = (whole(types), whole(threats));
    let mut game = Builder::new(
        format!("Crisis with {types} types a side and {threats} threats"),
        ["Challenger", "Defender"],
    );
    let threat_names: Vec<String> = (0..threats).map(|x| format!("threat {x}")).collect();
    let speaks: Vec<_> = (0..types)
        .map(|i| game.set(0, format!("type {i}"), threat_names.clone()))
        .collect();
    let answers: Vec<Vec<_>> = (0..types)
        .map(|j| {
            threat_names
                .iter()
                .map(|threat| game.set(1, format!("type {j}, {threat}"), ["concede", "resist"]))
                .collect()
        })
        .collect();
    let ends: Vec<Vec<_>> = (0..types)
        .map(|i| {
            threat_names
                .iter()
                .map(|threat| game.set(0, format!("type {i}, {threat}"), ["back down", "fight"]))
                .collect()
        })
        .collect();
    let pairs: Vec<(String, Number)> = (0..types * types)
        .map(|pair| {
            (
                format!("types {}, {}", pair / types, pair % types),
                Number::ratio(1, k * k),
            )
        })
        .collect();
    let root = game.root();
    let dealt = game.chance(root, "types", pairs);
    for (pair, place) in dealt.into_iter().enumerate() {
        let (i, j) = (pair / types, pair % types);
        let (w1, w2) = (
            // -.6 + .9(2i+1)/2k and -.7 + .7(2j+1)/2k over the common denominator 20k.
            (-12 * k + 9 * (2 * whole(i) + 1), 20 * k),
            (-14 * k + 7 * (2 * whole(j) + 1), 20 * k),
        );
        for (x, place) in game.moves(place, speaks[i]).into_iter().enumerate() {
            // Audience cost 8x/10m, sunk cost x²/10m².
            let at = whole(x);
            let (audience, sunk) = ((8 * at, 10 * m), (at * at, 10 * m * m));
            let [concede, resist] = game.moves(place, answers[j][x])[..] else {
                unreachable!("two answers")
            };
            game.pay(concede, [minus((1, 1), sunk), Number::from(0)]);
            let [back, fight] = game.moves(resist, ends[i][x])[..] else {
                unreachable!("two ends")
            };
            let lost = (audience.0 * m + sunk.0, sunk.1);
            game.pay(back, [minus((0, 1), lost), Number::from(1)]);
            game.pay(fight, [minus(w1, sunk), Number::ratio(w2.0, w2.1)]);
        }
    }
    game.finish()
}

/// [`crisis`] in vector form: the public tree is a threat, an answer, an end; war payoffs are vectors over own types.
pub fn public_crisis(types: usize, threats: usize) -> PublicGame {
    let (k, m) = (whole(types), whole(threats));
    let even = || vec![Number::ratio(1, k); types];
    let names = || -> Vec<String> { (0..types).map(|i| format!("type {i}")).collect() };
    let mut game = PublicBuilder::new(
        format!("Crisis with {types} types a side and {threats} threats"),
        [("Challenger", names()), ("Defender", names())],
        Prior::Independent([even(), even()]),
    )
    .expect("a uniform prior");
    let war = |base: i64, slope: i64| -> Vec<Number> {
        (0..types)
            .map(|i| Number::ratio(base * k + slope * (2 * whole(i) + 1), 20 * k))
            .collect()
    };
    let first = game.of_type(0, war(-12, 9));
    let second = game.of_type(1, war(-14, 7));
    let labels: Vec<String> = (0..threats).map(|x| format!("threat {x}")).collect();
    let root = game.root();
    let places = game.moves(root, 0, "", labels.clone());
    for ((x, place), label) in (0..m).zip(places).zip(labels) {
        let (audience, sunk) = ((8 * x, 10 * m), (x * x, 10 * m * m));
        let lost = (audience.0 * m + sunk.0, sunk.1);
        let answers = game.moves(place, 1, label.clone(), ["concede", "resist"]);
        game.end(
            answers[0],
            [minus((1, 1), sunk).into(), Number::from(0).into()],
        );
        let ends = game.moves(answers[1], 0, label, ["back down", "fight"]);
        game.end(
            ends[0],
            [minus((0, 1), lost).into(), Number::from(1).into()],
        );
        let fights = Pay::constant(minus((0, 1), sunk)).plus(first);
        game.end(
            ends[1],
            [fights, Pay::constant(Number::from(0)).plus(second)],
        );
    }
    game.finish().expect("no odds to fail")
}

fn minus(a: (i64, i64), b: (i64, i64)) -> Number {
    Number::ratio(a.0 * b.1 - b.0 * a.1, a.1 * b.1)
}

fn whole(count: usize) -> i64 {
    i64::try_from(count).expect("a size of a family")
}
