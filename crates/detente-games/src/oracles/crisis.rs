//! Signalling resolve in a crisis.

use super::exact::{Exact, either, exact, middle, pairs, pays, whole};
use crate::Game;
use crate::builder::Builder;

/// Crisis bargaining with audience costs and two types of government (after Fearon 1994, American Political Science Review 88, and the
/// baseline of Schultz 1999, International Organization 53).
///
/// The government leaves the status quo (0, 1) or threatens. The target concedes (1, 0) or resists; the government then backs down
/// (-a, 1) or fights (its type's value of war, the target's value of war).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Crisis {
    /// Probability of a strong government.
    pub strong: f64,
    /// Value of war to a strong government, above `-audience`.
    pub war_strong: f64,
    /// Value of war to a weak government, below `-audience`.
    pub war_weak: f64,
    /// What backing down costs.
    pub audience: f64,
    /// Value of war to the target, negative.
    pub war_target: f64,
}

/// What comes of a crisis.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CrisisAnswer {
    /// Probability that a weak government threatens.
    pub bluff: f64,
    /// Probability that the target resists a threat.
    pub resist: f64,
    /// The target's belief, after a threat, that the government is strong.
    pub belief: f64,
    /// Probability of war.
    pub war: f64,
    /// What the government expects before it knows its type.
    pub government: f64,
    /// What the target expects.
    pub target: f64,
}

impl Default for Crisis {
    /// War 24 % likely.
    fn default() -> Self {
        Self {
            strong: 0.3,
            war_strong: 0.2,
            war_weak: -0.5,
            audience: 0.25,
            war_target: -0.5,
        }
    }
}

impl Crisis {
    /// The belief at which the target is indifferent: 1/(1-wT).
    pub fn indifference(&self) -> f64 {
        1.0 / (1.0 - self.war_target)
    }

    /// The equilibrium: strong governments threaten.
    pub fn answer(&self) -> CrisisAnswer {
        let q = self.strong;
        if q > self.indifference() {
            return CrisisAnswer {
                bluff: 1.0,
                resist: 0.0,
                belief: q,
                war: 0.0,
                government: 1.0,
                target: 0.0,
            };
        }
        let bluff = q * -self.war_target / (1.0 - q);
        let resist = 1.0 / (1.0 + self.audience);
        CrisisAnswer {
            bluff,
            resist,
            belief: self.indifference(),
            war: q * resist,
            // Weak governments are indifferent to the status quo.
            government: q * (1.0 - resist + resist * self.war_strong),
            // After a threat the target is indifferent to conceding.
            target: (1.0 - q) * (1.0 - bluff),
        }
    }

    /// The game. Information sets: strong and weak government, target, strong and weak government when resisted.
    pub fn game(&self) -> Game {
        let mut game = Builder::new("Crisis with audience costs", ["Government", "Target"]);
        let speaks = ["strong", "weak"].map(|name| game.set(0, name, ["status quo", "threaten"]));
        let answers = game.set(1, "threatened", ["concede", "resist"]);
        let ends = ["strong", "weak"]
            .map(|name| game.set(0, format!("{name}, resisted"), ["back down", "fight"]));
        let root = game.root();
        let dealt = game.chance(
            root,
            "government",
            either(("strong", &exact(self.strong)), "weak"),
        );
        let war = [self.war_strong, self.war_weak].map(exact);
        for (i, place) in dealt.into_iter().enumerate() {
            let name = ["strong", "weak"][i];
            let first = game.moves(place, speaks[i]);
            game.pay_as(
                first[0],
                format!("status quo, {name}"),
                pays([whole(0), whole(1)]),
            );
            let second = game.moves(first[1], answers);
            game.pay_as(
                second[0],
                format!("concession, {name}"),
                pays([whole(1), whole(0)]),
            );
            let third = game.moves(second[1], ends[i]);
            game.pay_as(
                third[0],
                format!("backed down, {name}"),
                pays([-exact(self.audience), whole(1)]),
            );
            game.pay_as(
                third[1],
                format!("war, {name}"),
                pays([war[i].clone(), exact(self.war_target)]),
            );
        }
        game.finish()
    }

    /// The equilibrium as a profile of [`Crisis::game`].
    pub fn profile(&self) -> Vec<f64> {
        let CrisisAnswer { bluff, resist, .. } = self.answer();
        vec![
            0.0,
            1.0,
            1.0 - bluff,
            bluff,
            1.0 - resist,
            resist,
            0.0,
            1.0,
            1.0,
            0.0,
        ]
    }
}

/// The same crisis with values of war uniform on both sides and private: the challenger's between `low` and `high`, the defender's
/// between `defender_low` and 0 (after Fearon 1994).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PrivateWarValues {
    /// Smallest value of war to the challenger, below `-audience`.
    pub low: f64,
    /// Largest value of war to the challenger, between `-audience` and 1.
    pub high: f64,
    /// Smallest value of war to the defender, negative.
    pub defender_low: f64,
    /// What backing down costs the challenger.
    pub audience: f64,
}

/// What comes of a crisis in which both sides' values of war are private.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PrivateWarValuesAnswer {
    /// Probability that the challenger threatens and would fight.
    pub earnest: f64,
    /// Probability that the challenger threatens and would back down.
    pub bluff: f64,
    /// Probability that a threat is resisted.
    pub resist: f64,
    /// Probability of war.
    pub war: f64,
}

impl Default for PrivateWarValues {
    fn default() -> Self {
        Self {
            low: -1.0,
            high: 0.5,
            defender_low: -1.0,
            audience: 0.25,
        }
    }
}

impl PrivateWarValues {
    /// The equilibrium with a continuum of types.
    pub fn answer(&self) -> PrivateWarValuesAnswer {
        let earnest = (self.high + self.audience) / (self.high - self.low);
        let resist = 1.0 / (1.0 + self.audience);
        // The type that is indifferent to resisting has minus this value of war, and this many bluffs for each earnest threat.
        let odds = resist * -self.defender_low;
        self.settle(earnest, odds)
    }

    /// The equilibrium with `types` equally likely types a side, in the middles of equal parts.
    pub fn answer_with(&self, types: usize) -> PrivateWarValuesAnswer {
        let k = types as f64;
        let earnest = (0..types)
            .filter(|&i| self.low + (self.high - self.low) * (i as f64 + 0.5) / k > -self.audience)
            .count() as f64
            / k;
        let marginal = self.marginal(types) as f64;
        self.settle(earnest, -self.defender_low * (marginal + 0.5) / k)
    }

    fn settle(&self, earnest: f64, odds: f64) -> PrivateWarValuesAnswer {
        let resist = 1.0 / (1.0 + self.audience);
        let bluff = earnest * odds;
        assert!(
            bluff <= 1.0 - earnest,
            "not every type that would back down bluffs: else the answer is another"
        );
        PrivateWarValuesAnswer {
            earnest,
            bluff,
            resist,
            war: earnest * resist,
        }
    }

    /// Which defender type mixes, from the one that dreads war least.
    fn marginal(&self, types: usize) -> usize {
        let resist = 1.0 / (1.0 + self.audience);
        (0..types)
            .take_while(|&j| (j + 1) as f64 <= resist * types as f64)
            .count()
    }

    /// The game with `types` types a side. Challenger types stand from the least to the most warlike, defender types the other way.
    /// Information sets: challenger types, defender types, challenger types when resisted.
    pub fn game(&self, types: usize) -> Game {
        let mut game = Builder::new(
            "Crisis with private values of war",
            ["Challenger", "Defender"],
        );
        let mut sets = |player, what: &str, actions: [&str; 2]| -> Vec<_> {
            (1..=types)
                .map(|i| game.set(player, format!("type {i}{what}"), actions))
                .collect()
        };
        let speaks = sets(0, "", ["status quo", "threaten"]);
        let answers = sets(1, "", ["concede", "resist"]);
        let ends = sets(0, ", resisted", ["back down", "fight"]);
        let (low, width) = (exact(self.low), exact(self.high) - exact(self.low));
        let root = game.root();
        let dealt = game.chance(root, "types", pairs(types, types));
        for (pair, place) in dealt.into_iter().enumerate() {
            let (i, j) = (pair / types, pair % types);
            let w1: Exact = &low + &width * middle(i, types);
            let w2: Exact = exact(self.defender_low) * middle(j, types);
            let name = format!("{}, {}", i + 1, j + 1);
            let first = game.moves(place, speaks[i]);
            game.pay_as(
                first[0],
                format!("status quo {name}"),
                pays([whole(0), whole(1)]),
            );
            let second = game.moves(first[1], answers[j]);
            game.pay_as(
                second[0],
                format!("concession {name}"),
                pays([whole(1), whole(0)]),
            );
            let third = game.moves(second[1], ends[i]);
            game.pay_as(
                third[0],
                format!("backed down {name}"),
                pays([-exact(self.audience), whole(1)]),
            );
            game.pay_as(third[1], format!("war {name}"), pays([w1, w2]));
        }
        game.finish()
    }

    /// An equilibrium as a profile of [`PrivateWarValues::game`]: all types that would back down bluff alike.
    pub fn profile(&self, types: usize) -> Vec<f64> {
        let answer = self.answer_with(types);
        let k = types as f64;
        let mut profile = Vec::with_capacity(6 * types);
        let earnest =
            |i: usize| self.low + (self.high - self.low) * (i as f64 + 0.5) / k > -self.audience;
        for i in 0..types {
            let threat = if earnest(i) {
                1.0
            } else {
                answer.bluff / (1.0 - answer.earnest)
            };
            profile.extend([1.0 - threat, threat]);
        }
        for j in 0..types {
            let resist = (answer.resist * k - j as f64).clamp(0.0, 1.0);
            profile.extend([1.0 - resist, resist]);
        }
        for i in 0..types {
            let fight = f64::from(u8::from(earnest(i)));
            profile.extend([1.0 - fight, fight]);
        }
        profile
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oracles::check::{ROUNDING, largest_gain, probability, values};

    #[test]
    fn two_types_settle_on_what_nobody_would_leave() {
        for strong in [0.1, 0.3, 0.6, 0.7, 0.9] {
            let crisis = Crisis {
                strong,
                ..Crisis::default()
            };
            let (game, profile, answer) = (crisis.game(), crisis.profile(), crisis.answer());
            assert!(largest_gain(&game, &profile) < ROUNDING);
            assert!((probability(&game, &profile, "war") - answer.war).abs() < ROUNDING);
            let value = values(&game, &profile);
            assert!((value[0] - answer.government).abs() < ROUNDING);
            assert!((value[1] - answer.target).abs() < ROUNDING);
        }
        let answer = Crisis::default().answer();
        for (is, stated) in [
            (answer.bluff, 0.214_286),
            (answer.resist, 0.8),
            (answer.war, 0.24),
            (answer.government, 0.108),
            (answer.target, 0.55),
            (answer.belief, 0.666_667),
        ] {
            assert!((is - stated).abs() < 5e-7, "{is} {stated}");
        }
    }

    #[test]
    fn many_types_settle_on_what_nobody_would_leave_and_converge() {
        let crisis = PrivateWarValues::default();
        let limit = crisis.answer();
        for types in [3, 6, 11, 20] {
            let (game, profile, answer) = (
                crisis.game(types),
                crisis.profile(types),
                crisis.answer_with(types),
            );
            assert!(largest_gain(&game, &profile) < ROUNDING, "{types}");
            assert!((probability(&game, &profile, "war") - answer.war).abs() < ROUNDING);
            // Half a type of earnest threats, and half a type of indifference.
            assert!((answer.war - limit.war).abs() <= 0.5 / types as f64 + ROUNDING);
            assert!((answer.bluff - limit.bluff).abs() <= 1.0 / types as f64);
        }
        assert!((crisis.answer_with(2_000).bluff - limit.bluff).abs() < 1e-3);
    }
}
