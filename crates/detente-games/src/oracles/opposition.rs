//! A crisis in which an opposition speaks.

use super::crisis::Crisis;
use super::exact::{either, exact, pays, whole};
use crate::Game;
use crate::builder::Builder;

/// The crisis of [`Crisis`] with an informed opposition that supports or opposes a threat in public (after Schultz 1998, American
/// Political Science Review 92).
///
/// The opposition knows the government's type. Support pays it 0. Opposing pays -1 if the target concedes, 1 if the government backs
/// down, `-stake` in a strong government's war and `stake` in a weak one's.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Opposition {
    /// The crisis; its `strong` is below its indifference.
    pub crisis: Crisis,
    /// What a war that it opposed costs or earns the opposition, positive.
    pub stake: f64,
}

impl Default for Opposition {
    fn default() -> Self {
        Self {
            crisis: Crisis::default(),
            stake: 1.0,
        }
    }
}

impl Opposition {
    /// What government, opposition and target expect: only strong governments threaten, with support, and the target concedes.
    pub fn values(&self) -> [f64; 3] {
        [self.crisis.strong, 0.0, 1.0 - self.crisis.strong]
    }

    /// The game. Information sets: strong and weak government; opposition under each; target when the threat is supported, when it is
    /// opposed; then strong and weak government when supported and resisted, strong and weak when opposed and resisted.
    pub fn game(&self) -> Game {
        let types = ["strong", "weak"];
        let stances = ["supported", "opposed"];
        let mut game = Builder::new(
            "Crisis with an informed opposition",
            ["Government", "Opposition", "Target"],
        );
        let speaks = types.map(|name| game.set(0, name, ["status quo", "threaten"]));
        let stands = types.map(|name| game.set(1, name, ["support", "oppose"]));
        let answers = stances.map(|stance| game.set(2, stance, ["concede", "resist"]));
        let ends = stances.map(|stance| {
            types.map(|name| game.set(0, format!("{name}, {stance}"), ["back down", "fight"]))
        });
        let crisis = &self.crisis;
        let root = game.root();
        let dealt = game.chance(
            root,
            "government",
            either(("strong", &exact(crisis.strong)), "weak"),
        );
        for (i, place) in dealt.into_iter().enumerate() {
            let war = exact([crisis.war_strong, crisis.war_weak][i]);
            let stake = exact([-self.stake, self.stake][i]);
            let name = types[i];
            let first = game.moves(place, speaks[i]);
            game.pay_as(
                first[0],
                format!("status quo, {name}"),
                pays([whole(0), whole(0), whole(1)]),
            );
            for (o, place) in game.moves(first[1], stands[i]).into_iter().enumerate() {
                let opposed = whole(o);
                let name = format!("{name}, {}", stances[o]);
                let second = game.moves(place, answers[o]);
                game.pay_as(
                    second[0],
                    format!("concession, {name}"),
                    pays([whole(1), -opposed.clone(), whole(0)]),
                );
                let third = game.moves(second[1], ends[o][i]);
                game.pay_as(
                    third[0],
                    format!("backed down, {name}"),
                    pays([-exact(crisis.audience), opposed.clone(), whole(1)]),
                );
                game.pay_as(
                    third[1],
                    format!("war, {name}"),
                    pays([war.clone(), &opposed * &stake, exact(crisis.war_target)]),
                );
            }
        }
        game.finish()
    }

    /// The equilibrium as a profile of [`Opposition::game`].
    pub fn profile(&self) -> Vec<f64> {
        vec![
            0.0, 1.0, 1.0, 0.0, // strong threatens, weak does not
            1.0, 0.0, 0.0, 1.0, // support the strong, oppose the weak
            1.0, 0.0, 0.0, 1.0, // concede to support, resist when opposed
            0.0, 1.0, 1.0, 0.0, 0.0, 1.0, 1.0, 0.0, // the strong fight
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oracles::check::{ROUNDING, largest_gain, probability, values};

    #[test]
    fn opposition_makes_threats_believed() {
        let model = Opposition::default();
        let (game, profile) = (model.game(), model.profile());
        assert!(largest_gain(&game, &profile) < ROUNDING);
        assert_eq!(probability(&game, &profile, "war"), 0.0);
        for (is, stated) in values(&game, &profile).into_iter().zip([0.3, 0.0, 0.7]) {
            assert!((is - stated).abs() < ROUNDING);
        }
        assert_eq!(model.values(), [0.3, 0.0, 0.7]);
    }
}
