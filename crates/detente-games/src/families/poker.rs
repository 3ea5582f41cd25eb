//! Small poker games: zero-sum, with values that are published.

use crate::number::Number;
use crate::public::{Odds, Pay, Prior, PublicBuilder, PublicGame, PublicPlace, TableId};

/// Kuhn poker (Kuhn 1950): three cards, ante 1, one bet of 1. Worth -1/18 to the first player.
pub fn kuhn() -> PublicGame {
    let pairs = (0..9)
        .map(|pair| Number::ratio(i64::from(pair / 3 != pair % 3), 6))
        .collect();
    let cards = || vec!["Jack", "Queen", "King"];
    let sides = [("Player 1", cards()), ("Player 2", cards())];
    let mut game =
        PublicBuilder::new("Kuhn poker", sides, Prior::Joint(pairs)).expect("a uniform prior");
    let sign = (0..9_i64)
        .map(|pair| Number::from((pair / 3 - pair % 3).signum()))
        .collect();
    let higher = game.of_pair(sign);
    let mut table = Table { game, higher };
    let root = table.game.root();
    let [passed, bet] = table.act(root, 0, "", ["pass", "bet"]);
    let [both, raised] = table.act(passed, 1, "after a pass", ["pass", "bet"]);
    table.show(both, 1);
    let [folded, called] = table.act(raised, 0, "after a bet", ["fold", "call"]);
    table.fold(folded, -1);
    table.show(called, 2);
    let [folded, called] = table.act(bet, 1, "after a bet", ["fold", "call"]);
    table.fold(folded, 1);
    table.show(called, 2);
    table.game.finish().expect("no odds to fail")
}

/// Leduc poker (Southey et al. 2005): six cards of three ranks, ante 1, two rounds of betting with a public card between them, bets of
/// 2 and 4, at most a bet and a raise in a round; a pair wins. Types are ranks. Worth -0.0856064 to the first player.
///
/// 240 public nodes, 288 information sets with 672 actions; expanded 1,936 nodes.
pub fn leduc() -> PublicGame {
    const RANKS: i64 = 3;
    let pairs = |at: &dyn Fn(i64, i64) -> Number| -> Vec<Number> {
        (0..RANKS * RANKS)
            .map(|pair| at(pair / RANKS, pair % RANKS))
            .collect()
    };
    // Two of six cards: 2/6 for the first rank, then 1/5 for the same and 2/5 for another.
    let prior = pairs(&|a, b| Number::ratio(if a == b { 1 } else { 2 }, 15));
    let ranks = || vec!["Jack", "Queen", "King"];
    let sides = [("Player 1", ranks()), ("Player 2", ranks())];
    let mut game =
        PublicBuilder::new("Leduc poker", sides, Prior::Joint(prior)).expect("a lottery of cards");
    let strength = |own: i64, card: i64| if own == card { RANKS } else { own };
    let mut odds = Vec::new();
    let mut higher = Vec::new();
    for card in 0..RANKS {
        let left = |a: i64, b: i64| 2 - i64::from(a == card) - i64::from(b == card);
        odds.push(game.of_pair(pairs(&|a, b| Number::ratio(left(a, b), 4))));
        let sign = |a: i64, b: i64| (strength(a, card) - strength(b, card)).signum();
        higher.push(game.of_pair(pairs(&|a, b| Number::from(sign(a, b)))));
    }
    let mut table = Table {
        higher: higher[0],
        game,
    };
    let root = table.game.root();
    for (place, staked) in table.round(root, "", 1, 2) {
        let cards = table.game.chance(
            place,
            "public card",
            ["Jack", "Queen", "King"],
            Odds::ByPair(odds.clone()),
        );
        for ((place, card), higher) in cards.into_iter().zip(ranks()).zip(&higher) {
            table.higher = *higher;
            for (place, staked) in table.round(place, card, staked, 4) {
                table.show(place, staked);
            }
        }
    }
    table.game.finish().expect("odds of cards that are left")
}

/// Poker under construction.
struct Table {
    game: PublicBuilder,
    /// 1 where the first player's hand is higher, -1 where the second's is.
    higher: TableId,
}

impl Table {
    fn act<const N: usize>(
        &mut self,
        place: PublicPlace,
        player: usize,
        label: &str,
        actions: [&str; N],
    ) -> [PublicPlace; N] {
        let places = self.game.moves(place, player, label, actions);
        places.try_into().expect("a place for each action")
    }

    /// The higher hand wins `stake` from the other.
    fn show(&mut self, place: PublicPlace, stake: i64) {
        let pays = [stake, -stake].map(|stake| {
            Pay::constant(Number::from(0)).plus_times(Number::from(stake), self.higher)
        });
        self.game.end(place, pays);
    }

    /// The first player wins `stake`, whatever the hands.
    fn fold(&mut self, place: PublicPlace, stake: i64) {
        self.game.end(
            place,
            [stake, -stake].map(|stake| Number::from(stake).into()),
        );
    }

    /// A round of betting, both having staked `staked`, with bets of `bet`; the places where it ends with both in, and their stakes.
    fn round(
        &mut self,
        place: PublicPlace,
        label: &str,
        staked: i64,
        bet: i64,
    ) -> Vec<(PublicPlace, i64)> {
        let [check, first] = self.act(place, 0, label, ["check", "bet"]);
        let [both, second] = self.act(check, 1, label, ["check", "bet"]);
        let mut on = vec![(both, staked)];
        for (place, better) in [(second, 1), (first, 0)] {
            let won = if better == 0 { 1 } else { -1 };
            let [fold, call, raise] = self.act(place, 1 - better, label, ["fold", "call", "raise"]);
            self.fold(fold, won * staked);
            on.push((call, staked + bet));
            let [fold, call] = self.act(raise, better, label, ["fold", "call"]);
            self.fold(fold, -won * (staked + bet));
            on.push((call, staked + 2 * bet));
        }
        on
    }
}
