//! Reputation of a chain store.

use num_traits::One;

use super::exact::{Exact, either, exact, pays, whole};
use crate::Game;
use crate::builder::{Builder, Place};

/// The chain store with incomplete information (Kreps and Wilson 1982, Journal of Economic Theory 27).
///
/// Entrants come one by one; each stays out (0) or comes in, and gets `gain` if the store acquiesces, `gain - 1` if it fights. A
/// tough store always fights. A weak one has 0 by acquiescing, -1 by fighting, `prize` from each that stays out.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ChainStore {
    /// Number of entrants.
    pub entrants: usize,
    /// Probability of a tough store.
    pub tough: f64,
    /// What entry without a fight is worth, b, in 0..1.
    pub gain: f64,
    /// What an entrant that stays out is worth to the store, a, above 1.
    pub prize: f64,
}

/// Beliefs this close to a power of `gain` are at it: they are products of a few numbers.
const AT: f64 = 1e-9;

/// The history before the first entrant, in labels.
const NOTHING: &str = "nothing";

impl Default for ChainStore {
    fn default() -> Self {
        Self {
            entrants: 3,
            tough: 0.1,
            gain: 0.5,
            prize: 2.0,
        }
    }
}

impl ChainStore {
    /// Probability that an entrant with belief `belief` that the store is tough comes in, with `left` entrants left, itself included.
    pub fn enters(&self, left: usize, belief: f64) -> f64 {
        let border = self.power(left);
        if (belief - border).abs() < AT {
            1.0 - 1.0 / self.prize
        } else {
            f64::from(u8::from(belief < border))
        }
    }

    /// Probability that a weak store fights an entrant, with `left` entrants left, that one included.
    pub fn fights(&self, left: usize, belief: f64) -> f64 {
        let border = self.power(left - 1);
        if left > 1 && belief > border - AT {
            1.0
        } else {
            belief * (1.0 - border) / ((1.0 - belief) * border)
        }
    }

    /// The belief of the others after a fight.
    pub fn belief_after_fight(&self, left: usize, belief: f64) -> f64 {
        if belief == 0.0 {
            0.0
        } else {
            belief / (belief + (1.0 - belief) * self.fights(left, belief))
        }
    }

    /// The belief that the store is tough after a history: `o` for an entrant that stayed out, `f` for one that was fought, `a` for
    /// one that was not.
    pub fn belief(&self, history: &str) -> f64 {
        let mut belief = self.tough;
        for (at, event) in history.bytes().enumerate() {
            belief = match event {
                b'o' => belief,
                b'f' => self.belief_after_fight(self.entrants - at, belief),
                _ => 0.0,
            };
        }
        belief
    }

    /// The game. Labels of information sets end in the history, as in [`ChainStore::belief`] but for `nothing` at the start; a tough store has no
    /// choice.
    pub fn game(&self) -> Game {
        let players = std::iter::once("Store".to_owned())
            .chain((1..=self.entrants).map(|i| format!("Entrant {i}")));
        let mut game = Builder::new("Chain store", players);
        let root = game.root();
        let dealt = game.chance(root, "store", either(("tough", &exact(self.tough)), "weak"));
        let mut open: Vec<(String, Option<Place>, Option<Place>)> =
            vec![(String::new(), Some(dealt[0]), Some(dealt[1]))];
        for entrant in 1..=self.entrants {
            let mut next = Vec::new();
            for (history, tough, weak) in open {
                let past = if history.is_empty() {
                    NOTHING
                } else {
                    &history
                };
                let enters = game.set(
                    entrant,
                    format!("entrant {entrant} after {past}"),
                    ["out", "in"],
                );
                let tough = tough.map(|place| game.moves(place, enters));
                let weak = weak
                    .map(|place| game.moves(place, enters))
                    .expect("weak stores do everything");
                let answers = game.set(
                    0,
                    format!("entered by {entrant} after {past}"),
                    ["acquiesce", "fight"],
                );
                let answered = game.moves(weak[1], answers);
                next.push((
                    format!("{history}o"),
                    tough.as_ref().map(|t| t[0]),
                    Some(weak[0]),
                ));
                next.push((format!("{history}a"), None, Some(answered[0])));
                next.push((
                    format!("{history}f"),
                    tough.as_ref().map(|t| t[1]),
                    Some(answered[1]),
                ));
            }
            open = next;
        }
        for (history, tough, weak) in open {
            if let Some(place) = tough {
                game.pay_as(place, format!("tough {history}"), self.pays(&history, true));
            }
            if let Some(place) = weak {
                game.pay_as(place, format!("weak {history}"), self.pays(&history, false));
            }
        }
        game.finish()
    }

    /// The equilibrium as a profile of [`ChainStore::game`].
    pub fn profile(&self) -> Vec<f64> {
        let game = self.game();
        let mut profile = Vec::with_capacity(game.actions());
        for set in game.sets() {
            let history = set
                .label
                .rsplit(' ')
                .next()
                .unwrap_or("")
                .trim_start_matches(NOTHING);
            let left = self.entrants - history.len();
            let belief = self.belief(history);
            let second = if set.player == 0 {
                self.fights(left, belief)
            } else {
                self.enters(left, belief)
            };
            profile.extend([1.0 - second, second]);
        }
        profile
    }

    fn pays(&self, history: &str, tough: bool) -> Vec<crate::Number> {
        let (gain, prize) = (exact(self.gain), exact(self.prize));
        let mut store = whole(0);
        let mut all: Vec<Exact> = Vec::new();
        for event in history.bytes() {
            all.push(match event {
                b'o' => {
                    store += &prize;
                    whole(0)
                }
                b'f' => {
                    if !tough {
                        store -= Exact::one();
                    }
                    &gain - Exact::one()
                }
                _ => gain.clone(),
            });
        }
        let mut payoffs = pays([store]);
        payoffs.extend(all.into_iter().map(crate::Number::from));
        payoffs
    }

    fn power(&self, exponent: usize) -> f64 {
        (0..exponent).fold(1.0, |product, _| product * self.gain)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oracles::check::{ROUNDING, largest_gain};

    #[test]
    fn nobody_would_leave() {
        for (entrants, tough) in [
            (1, 0.1),
            (2, 0.1),
            (3, 0.1),
            (3, 0.2),
            (4, 0.03),
            (4, 0.1),
            (4, 0.3),
        ] {
            let store = ChainStore {
                entrants,
                tough,
                ..ChainStore::default()
            };
            let gain = largest_gain(&store.game(), &store.profile());
            assert!(gain < ROUNDING, "{entrants} {tough}: {gain}");
        }
        let other = ChainStore {
            gain: 0.3,
            prize: 3.0,
            tough: 0.02,
            ..ChainStore::default()
        };
        assert!(largest_gain(&other.game(), &other.profile()) < ROUNDING);
    }

    #[test]
    fn printed_probabilities() {
        let two = ChainStore {
            entrants: 2,
            ..ChainStore::default()
        };
        assert!((two.fights(2, 0.1) - 1.0 / 9.0).abs() < ROUNDING);
        assert!((two.enters(1, two.belief("f")) - 0.5).abs() < ROUNDING);
        let three = ChainStore::default();
        assert!((three.fights(3, 0.1) - 1.0 / 3.0).abs() < ROUNDING);
        assert!((three.fights(2, three.belief("f")) - 1.0 / 3.0).abs() < ROUNDING);
        assert_eq!(three.fights(1, three.belief("ff")), 0.0);
        let likely = ChainStore {
            tough: 0.2,
            ..three
        };
        assert_eq!(likely.enters(3, 0.2), 0.0);
        assert!((likely.fights(3, 0.2) - 0.75).abs() < ROUNDING);
    }
}
