//! Beer or quiche.

use super::exact::{either, exact, pays, whole};
use crate::Game;
use crate::builder::Builder;

/// The game of beer and quiche (Cho and Kreps 1987, Quarterly Journal of Economics 102).
///
/// A sender, surly or a wimp, has beer or quiche in public; a receiver then duels or lets be. The favourite breakfast (beer of the
/// surly, quiche of the wimp) is worth 1 to the sender, no duel 2. The receiver gets 1 by a duel with a wimp or by none with the
/// surly, else 0.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BeerQuiche {
    /// Probability of a wimp.
    pub wimp: f64,
}

impl Default for BeerQuiche {
    fn default() -> Self {
        Self { wimp: 0.1 }
    }
}

impl BeerQuiche {
    /// What sender and receiver expect in each sequential equilibrium: both have beer, both have quiche; or, if wimps are the more
    /// likely, the only one.
    pub fn values(&self) -> Vec<[f64; 2]> {
        let w = self.wimp;
        if w < 0.5 {
            vec![[3.0 - w, 1.0 - w], [2.0 + w, 1.0 - w]]
        } else {
            // The surly are dueled half the time, wimps get 1 either way.
            vec![[2.0 * (1.0 - w) + w, w]]
        }
    }

    /// Probability that a wimp has beer, in the only equilibrium if wimps are the more likely.
    pub fn wimp_beer(&self) -> f64 {
        (1.0 - self.wimp) / self.wimp
    }

    /// The game. Information sets: the surly, wimps; the receiver after beer, after quiche.
    pub fn game(&self) -> Game {
        let mut game = Builder::new("Beer or quiche", ["Sender", "Receiver"]);
        let meals = ["beer", "quiche"];
        let types = ["wimp", "surly"];
        let eats = ["surly", "wimp"].map(|name| game.set(0, name, meals));
        let meets = meals.map(|meal| game.set(1, format!("after {meal}"), ["duel", "let be"]));
        let root = game.root();
        let dealt = game.chance(root, "sender", either(("wimp", &exact(self.wimp)), "surly"));
        for (surly, place) in dealt.into_iter().enumerate() {
            for (meal, place) in game.moves(place, eats[1 - surly]).into_iter().enumerate() {
                let liked = usize::from((meal == 0) == (surly == 1));
                for (peace, place) in game.moves(place, meets[meal]).into_iter().enumerate() {
                    let name = ["duel", "no duel"][peace];
                    game.pay_as(
                        place,
                        format!("{name}, {}, {}", types[surly], meals[meal]),
                        pays([whole(liked + 2 * peace), whole(usize::from(surly == peace))]),
                    );
                }
            }
        }
        game.finish()
    }

    /// The equilibria of [`BeerQuiche::values`] as profiles of [`BeerQuiche::game`]; the wrong breakfast is dueled.
    pub fn profiles(&self) -> Vec<Vec<f64>> {
        if self.wimp < 0.5 {
            return vec![
                vec![1.0, 0.0, 1.0, 0.0, 0.0, 1.0, 1.0, 0.0],
                vec![0.0, 1.0, 0.0, 1.0, 1.0, 0.0, 0.0, 1.0],
            ];
        }
        let beer = self.wimp_beer();
        vec![vec![1.0, 0.0, beer, 1.0 - beer, 0.5, 0.5, 1.0, 0.0]]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oracles::check::{ROUNDING, largest_gain, values};

    #[test]
    fn nobody_would_leave() {
        for wimp in [0.1, 0.3, 0.6, 0.9] {
            let model = BeerQuiche { wimp };
            let game = model.game();
            assert_eq!(game.nodes().len(), 15);
            let profiles = model.profiles();
            assert_eq!(profiles.len(), model.values().len());
            for (profile, stated) in profiles.iter().zip(model.values()) {
                assert!(largest_gain(&game, profile) < ROUNDING, "{wimp}");
                for (is, stated) in values(&game, profile).into_iter().zip(stated) {
                    assert!((is - stated).abs() < ROUNDING, "{wimp}: {is} {stated}");
                }
            }
        }
        assert_eq!(BeerQuiche { wimp: 0.1 }.values(), [[2.9, 0.9], [2.1, 0.9]]);
        let [[sender, receiver]] = BeerQuiche { wimp: 0.6 }.values()[..] else {
            panic!("one equilibrium")
        };
        assert!((sender - 1.4).abs() < ROUNDING && (receiver - 0.6).abs() < ROUNDING);
    }
}
