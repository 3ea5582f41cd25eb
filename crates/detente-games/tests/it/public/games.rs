//! Games that several tests use.

use detente_games::Number;
use detente_games::public::{Pay, Prior, PublicBuilder, PublicGame, PublicPlace};

/// Crisis signalling with two types (after Fearon 1994, Schultz 1999): a strong challenger with probability 3/10, war payoffs .2 and
/// -.5, audience cost .25; war costs the target .5. The strong type threatens, the weak one bluffs with .3 * .5 / .7 = 3/14; the
/// target resists with 1 / 1.25 and believes 2/3; war has probability .24.
pub(super) fn signalling() -> PublicGame {
    let prior = [
        vec![Number::ratio(3, 10), Number::ratio(7, 10)],
        vec![Number::from(1)],
    ];
    let sides = [("G", vec!["strong", "weak"]), ("T", vec!["only"])];
    let mut game =
        PublicBuilder::new("Crisis signalling", sides, Prior::Independent(prior)).expect("a prior");
    let war = game.of_type(0, vec![Number::ratio(2, 10), Number::ratio(-5, 10)]);
    let whole = |a: i64, b: i64| -> [Pay; 2] { [Number::from(a).into(), Number::from(b).into()] };
    let first = game.moves(game.root(), 0, "", ["quiet", "threat"]);
    game.end(first[0], whole(0, 1));
    let answer = game.moves(first[1], 1, "threatened", ["concede", "resist"]);
    game.end(answer[0], whole(1, 0));
    let last = game.moves(answer[1], 0, "resisted", ["back down", "fight"]);
    game.end(
        last[0],
        [Number::ratio(-1, 4).into(), Number::from(1).into()],
    );
    let fights = Pay::constant(Number::from(0)).plus(war);
    game.end(last[1], [fights, Number::ratio(-1, 2).into()]);
    game.finish().expect("no odds")
}

/// A game with every kind of end and of chance, numbers from a fixed sequence, and a prior that is correlated, or not.
/// `scale` and `shift` change payoffs; `order` relabels the first player's types.
pub(super) fn motley(correlated: bool, scale: i64, shift: i64, order: [usize; 3]) -> PublicGame {
    // A small linear congruence: fixed numbers without pattern.
    let mut state = 12_345_u64;
    let mut draw = move || {
        state = (state * 1_103_515_245 + 12_345) % (1 << 31);
        i64::try_from(state >> 16).expect("15 bits") % 21 - 10
    };
    let first = [5, 3, 2];
    let second = [4, 6];
    let prior = if correlated {
        let pairs: [[i64; 2]; 3] = [[4, 1], [2, 5], [0, 8]];
        let pairs = order.iter().flat_map(|of| pairs[*of]);
        Prior::Joint(pairs.map(|p| Number::ratio(p, 20)).collect())
    } else {
        Prior::Independent([
            order
                .iter()
                .map(|of| Number::ratio(first[*of], 10))
                .collect(),
            second.iter().map(|p| Number::ratio(*p, 10)).collect(),
        ])
    };
    let names = order.map(|of| format!("a{of}")).to_vec();
    let sides = [("A", names), ("B", vec!["b0".to_owned(), "b1".to_owned()])];
    let mut game = PublicBuilder::new("Motley", sides, prior).expect("a prior");
    let mut numbers = |count: usize| -> Vec<i64> { (0..count).map(|_| draw()).collect() };
    let as_first = |raw: &[i64]| order.iter().map(|of| Number::from(raw[*of])).collect();
    let as_pairs = |raw: &[i64], below: i64| -> Vec<Number> {
        let pairs = order.iter().flat_map(|of| [raw[of * 2], raw[of * 2 + 1]]);
        pairs.map(|x| Number::ratio(x, below)).collect()
    };
    let own = game.of_type(0, as_first(&numbers(3)));
    let other = game.of_type(1, numbers(2).into_iter().map(Number::from).collect());
    let pairs = game.of_pair(as_pairs(&numbers(6), 1));
    let mut end = |game: &mut PublicBuilder, place: PublicPlace, kind: usize| {
        let pays = [0, 1].map(|_| {
            let pay = Pay::constant(Number::from(scale * numbers(1)[0] + shift));
            let factor = Number::from(scale);
            match kind {
                0 => pay,
                1 => pay
                    .plus_times(factor.clone(), own)
                    .plus_times(factor, other),
                _ => pay.plus_times(factor, pairs),
            }
        });
        game.end(place, pays);
    };
    let opening = game.moves(game.root(), 0, "opening", ["x", "y", "z"]);
    for (kind, place) in opening.into_iter().enumerate() {
        let odds =
            detente_games::public::Odds::Common(vec![Number::ratio(1, 3), Number::ratio(2, 3)]);
        for place in game.chance(place, "common", ["l", "r"], odds) {
            let answers = game.moves(place, 1, format!("answer {kind}"), ["u", "v"]);
            let closing = game.moves(answers[0], 0, "closing", ["s", "t"]);
            end(&mut game, closing[0], kind);
            end(&mut game, closing[1], (kind + 1) % 3);
            if correlated {
                let likely = [3, 9, 5, 0, 7, 2];
                let rest = likely.map(|p| 10 - p);
                let [p, q] = [likely, rest].map(|odds| game.of_pair(as_pairs(&odds, 10)));
                let odds = detente_games::public::Odds::ByPair(vec![p, q]);
                let open = game.chance(answers[1], "typed", ["m", "n"], odds);
                end(&mut game, open[0], (kind + 2) % 3);
                let last = game.moves(open[1], 1, "last", ["e", "f", "g"]);
                for place in last {
                    end(&mut game, place, kind);
                }
            } else {
                end(&mut game, answers[1], (kind + 2) % 3);
            }
        }
    }
    game.finish().expect("a game")
}
