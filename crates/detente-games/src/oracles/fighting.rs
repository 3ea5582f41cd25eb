//! Bargaining while fighting.

use num_traits::One;

use super::exact::{Exact, either, exact, pays};
use crate::Game;
use crate::builder::Builder;

/// Offers before and after a battle (two rounds; after Filson and Werner 2002, American Journal of Political Science 46, Powell 2004,
/// same journal 48, and Slantchev 2003, American Political Science Review 97).
///
/// A offers B a share z of a pie of 1. Rejection is a battle, which costs each side, and the future is discounted. A then offers y;
/// rejection is to fight on, which pays A `war_a`, and B what its type has from war.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TalkWhileFighting {
    /// What a tough B has from fighting on.
    pub war_tough: f64,
    /// What a weak B has from fighting on, below `war_tough`.
    pub war_weak: f64,
    /// What A has from fighting on; `war_a + war_tough` is below 1.
    pub war_a: f64,
    /// Discount factor over the battle.
    pub discount: f64,
    /// A's cost of the battle.
    pub cost_a: f64,
    /// B's cost of the battle.
    pub cost_b: f64,
    /// Probability that B is tough.
    pub tough: f64,
}

/// What comes of talking while fighting.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TalkWhileFightingAnswer {
    /// The first offer to B.
    pub offer: f64,
    /// Probability that a weak B accepts it.
    pub weak_accepts: f64,
    /// Probability of a battle.
    pub battle: f64,
    /// Probability that fighting goes on after the second offer.
    pub fight_on: f64,
    /// A's belief after the battle that B is tough.
    pub belief: f64,
    /// What A expects.
    pub value: f64,
}

impl Default for TalkWhileFighting {
    /// A screens by battle.
    fn default() -> Self {
        Self {
            war_tough: 0.5,
            war_weak: 0.3,
            war_a: 0.3,
            discount: 0.9,
            cost_a: 0.05,
            cost_b: 0.05,
            tough: 0.1,
        }
    }
}

impl TalkWhileFighting {
    /// The belief after the battle at which A is indifferent between its two second offers: (rT-rW)/(1-rW-w).
    pub fn indifference(&self) -> f64 {
        (self.war_tough - self.war_weak) / (1.0 - self.war_weak - self.war_a)
    }

    /// A screens if the battle that it takes, tough/indifference, is less likely than this.
    pub fn critical_battle(&self) -> f64 {
        let gain = self.discount * (self.war_tough - self.war_weak);
        gain / (gain + 1.0 - self.discount + self.cost_a + self.cost_b)
    }

    /// The equilibrium.
    pub fn answer(&self) -> TalkWhileFightingAnswer {
        let (q, mu, d) = (self.tough, self.indifference(), self.discount);
        let battle = q / mu;
        if battle >= self.critical_battle() {
            let offer = d * self.war_tough - self.cost_b;
            return TalkWhileFightingAnswer {
                offer,
                weak_accepts: 1.0,
                battle: 0.0,
                fight_on: 0.0,
                belief: q,
                value: 1.0 - offer,
            };
        }
        let offer = d * self.war_weak - self.cost_b;
        TalkWhileFightingAnswer {
            offer,
            weak_accepts: 1.0 - q * (1.0 - mu) / ((1.0 - q) * mu),
            battle,
            fight_on: q,
            belief: mu,
            value: (1.0 - battle) * (1.0 - offer)
                + battle * (d * (1.0 - self.war_tough) - self.cost_a),
        }
    }

    /// The game on a menu: in each round A offers what a weak or a tough B just accepts, plus `inside`.
    ///
    /// Information sets: A's first offer; weak then tough B after the low and the high one, offer by offer; A's second offer after
    /// each; B after both, by first offer, second offer, type.
    pub fn game(&self, inside: f64) -> Game {
        let (one, inside, discount) = (Exact::one(), exact(inside), exact(self.discount));
        let (cost_a, cost_b) = (exact(self.cost_a), exact(self.cost_b));
        let war = [exact(self.war_weak), exact(self.war_tough)];
        let second = war.clone().map(|r| r + &inside);
        let first = second.clone().map(|y| y * &discount - &cost_b + &inside);
        let levels = ["low", "high"];
        let types = ["weak", "tough"];
        let answers = ["accept", "reject"];
        let mut game = Builder::new("Talking while fighting", ["A", "B"]);
        let opens = game.set(0, "first offer", levels);
        let meets = levels.map(|z| types.map(|t| game.set(1, format!("{t}, {z}"), answers)));
        let renews = levels.map(|z| game.set(0, format!("second offer after {z}"), levels));
        let ends = levels
            .map(|z| levels.map(|y| types.map(|t| game.set(1, format!("{t}, {z}, {y}"), answers))));
        let root = game.root();
        let tough = exact(self.tough);
        let dealt = game.chance(
            root,
            "B's type",
            either(("weak", &(&one - &tough)), "tough"),
        );
        for (t, place) in dealt.into_iter().enumerate() {
            for (z, place) in game.moves(place, opens).into_iter().enumerate() {
                let name = format!("{}, {}", types[t], levels[z]);
                let met = game.moves(place, meets[z][t]);
                game.pay_as(
                    met[0],
                    format!("peace, {name}"),
                    pays([&one - &first[z], first[z].clone()]),
                );
                for (y, place) in game.moves(met[1], renews[z]).into_iter().enumerate() {
                    let name = format!("{name}, {}", levels[y]);
                    let end = game.moves(place, ends[z][y][t]);
                    let later = |a: Exact, b: Exact| {
                        pays([a * &discount - &cost_a, b * &discount - &cost_b])
                    };
                    game.pay_as(
                        end[0],
                        format!("battle, {name}"),
                        later(&one - &second[y], second[y].clone()),
                    );
                    game.pay_as(
                        end[1],
                        format!("war, {name}"),
                        later(exact(self.war_a), war[t].clone()),
                    );
                }
            }
        }
        game.finish()
    }

    /// The screening equilibrium as a profile of [`TalkWhileFighting::game`] with nothing inside, where types that are indifferent
    /// accept; only if it screens.
    pub fn profile(&self) -> Option<Vec<f64>> {
        let answer = self.answer();
        (answer.battle > 0.0).then(|| {
            let mut profile = vec![1.0, 0.0]; // the low offer
            profile.extend([answer.weak_accepts, 1.0 - answer.weak_accepts, 0.0, 1.0]);
            profile.extend([1.0, 0.0, 1.0, 0.0]);
            profile.extend([1.0, 0.0]); // low again after low
            // After the high one, belief is as before the battle if both types err alike: then low as well.
            profile.extend([1.0, 0.0]);
            for _ in 0..2 {
                profile.extend([1.0, 0.0, 0.0, 1.0, 1.0, 0.0, 1.0, 0.0]);
            }
            profile
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oracles::check::{ROUNDING, largest_gain, probability, values};

    #[test]
    fn screening_is_what_nobody_would_leave() {
        for tough in [0.02, 0.1, 0.2] {
            let model = TalkWhileFighting {
                tough,
                ..TalkWhileFighting::default()
            };
            let (game, answer) = (model.game(0.0), model.answer());
            let profile = model.profile().expect("it screens");
            assert!(
                largest_gain(&game, &profile) < ROUNDING,
                "{}",
                largest_gain(&game, &profile)
            );
            assert!((values(&game, &profile)[0] - answer.value).abs() < ROUNDING);
            assert!((probability(&game, &profile, "war") - answer.fight_on).abs() < ROUNDING);
            let battle = answer.fight_on + probability(&game, &profile, "battle");
            assert!((battle - answer.battle).abs() < ROUNDING);
        }
    }

    #[test]
    fn a_screens_exactly_where_it_pays() {
        // What A has from either plan, over likelihoods of a tough opponent: the larger is the answer.
        for step in 1..40 {
            let tough = f64::from(step) / 100.0;
            let model = TalkWhileFighting {
                tough,
                ..TalkWhileFighting::default()
            };
            let battle = tough / model.indifference();
            let screen = (1.0 - battle) * (1.0 - 0.9 * 0.3 + 0.05) + battle * (0.9 * 0.5 - 0.05);
            let pool = 1.0 - 0.9 * 0.5 + 0.05;
            assert!(
                (model.answer().value - screen.max(pool)).abs() < ROUNDING,
                "{tough}"
            );
        }
        let model = TalkWhileFighting::default();
        for (is, stated) in [
            (model.indifference(), 0.5),
            (model.critical_battle(), 0.473_684),
            (model.answer().weak_accepts, 0.888_889),
            (model.answer().value, 0.704),
            (
                TalkWhileFighting {
                    tough: 0.3,
                    ..model
                }
                .answer()
                .value,
                0.6,
            ),
        ] {
            assert!((is - stated).abs() < 5e-7, "{is} {stated}");
        }
    }
}
