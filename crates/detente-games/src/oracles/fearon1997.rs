//! Sinking costs and tying hands.

use num_traits::One;

use super::exact::{Exact, exact, middle, pairs, pays, show, whole};
use crate::builder::Builder;
use crate::{Game, Number};

/// Costly signals of foreign policy interests (after Fearon 1997, Journal of Conflict Resolution 41).
///
/// A defender values a prize at v, a challenger at w, both uniform between 0 and 1 and private. The defender signals m. The challenger
/// lets be (v, 0) or challenges; the defender then yields (0, w) or fights (pv - cD, (1-p)w - cC). The signal costs the defender m,
/// always ([`SignalCost::Sunk`]) or only if it yields ([`SignalCost::Tied`]).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CostlySignal {
    /// The defender's chance p to win a war.
    pub strength: f64,
    /// The defender's cost of war, below `strength`.
    pub cost_defender: f64,
    /// The challenger's cost of war, below `1 - strength`.
    pub cost_challenger: f64,
}

/// When a signal costs the defender.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignalCost {
    /// Always: sunk costs.
    Sunk,
    /// If it yields after all: tied hands.
    Tied,
}

/// The equilibrium without bluffs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CostlySignalAnswer {
    /// Defenders that value the prize at least this much signal; the others say nothing and are always challenged.
    pub cutoff: f64,
    /// Size of the signal.
    pub signal: f64,
    /// Probability that a signal is challenged nevertheless.
    pub challenged: f64,
    /// Probability of war.
    pub war: f64,
    /// What the defender expects.
    pub defender: f64,
}

impl Default for CostlySignal {
    fn default() -> Self {
        Self {
            strength: 0.5,
            cost_defender: 0.3,
            cost_challenger: 0.2,
        }
    }
}

impl CostlySignal {
    /// The equilibrium with a continuum of types.
    pub fn answer(&self, cost: SignalCost) -> CostlySignalAnswer {
        let (p, cd) = (self.strength, self.cost_defender);
        let challenged = 1.0 - self.cost_challenger / (1.0 - p);
        // A signaller gets slope * v - intercept.
        let slope = 1.0 - challenged + challenged * p;
        let (cutoff, signal, intercept) = match cost {
            SignalCost::Sunk => {
                let signal = (1.0 - challenged) * cd / p;
                (cd / p, signal, challenged * cd + signal)
            }
            SignalCost::Tied => {
                let cutoff = challenged * cd / slope;
                (cutoff, cd - p * cutoff, challenged * cd)
            }
        };
        CostlySignalAnswer {
            cutoff,
            signal,
            challenged,
            war: (1.0 - cutoff) * challenged,
            defender: slope * (1.0 - cutoff * cutoff) / 2.0 - intercept * (1.0 - cutoff),
        }
    }

    /// Silence, and the signal of the equilibrium.
    pub fn menu(&self, cost: SignalCost) -> Vec<Number> {
        let (p, cd) = (exact(self.strength), exact(self.cost_defender));
        let one = Exact::one();
        let challenged = &one - exact(self.cost_challenger) / (&one - &p);
        let free = &one - &challenged;
        let signal = match cost {
            SignalCost::Sunk => free * cd / p,
            SignalCost::Tied => cd * &free / (&free + challenged * p),
        };
        [whole(0), signal].map(Number::from).into()
    }

    /// The game with `types` types a side in the middles of equal parts. Information sets: defender types; challenger types after each
    /// signal, signal by signal; defender types that are challenged after each signal, signal by signal.
    pub fn game(&self, cost: SignalCost, types: usize, menu: &[Number]) -> Game {
        let title = match cost {
            SignalCost::Sunk => "Signalling by sinking costs",
            SignalCost::Tied => "Signalling by tying hands",
        };
        let mut game = Builder::new(title, ["Defender", "Challenger"]);
        let signals: Vec<String> = menu.iter().map(|m| show(m.exact())).collect();
        let speaks: Vec<_> = (1..=types)
            .map(|i| game.set(0, format!("type {i}"), signals.clone()))
            .collect();
        let mut after = |player, actions: [&str; 2]| -> Vec<Vec<_>> {
            signals
                .iter()
                .map(|m| {
                    (1..=types)
                        .map(|i| game.set(player, format!("type {i} after {m}"), actions))
                        .collect()
                })
                .collect()
        };
        let answers = after(1, ["let be", "challenge"]);
        let ends = after(0, ["yield", "fight"]);
        let (p, one) = (exact(self.strength), Exact::one());
        let root = game.root();
        let dealt = game.chance(root, "types", pairs(types, types));
        for (pair, place) in dealt.into_iter().enumerate() {
            let (i, j) = (pair / types, pair % types);
            let (v, w) = (middle(i, types), middle(j, types));
            for (at, place) in game.moves(place, speaks[i]).into_iter().enumerate() {
                let m = menu[at].exact();
                let always = if cost == SignalCost::Sunk {
                    m.clone()
                } else {
                    whole(0)
                };
                let name = format!("{}, {}, {}", i + 1, j + 1, signals[at]);
                let second = game.moves(place, answers[at][j]);
                game.pay_as(
                    second[0],
                    format!("peace {name}"),
                    pays([&v - &always, whole(0)]),
                );
                let third = game.moves(second[1], ends[at][i]);
                game.pay_as(
                    third[0],
                    format!("yielded {name}"),
                    pays([-m.clone(), w.clone()]),
                );
                game.pay_as(
                    third[1],
                    format!("war {name}"),
                    pays([
                        &p * &v - exact(self.cost_defender) - &always,
                        (&one - &p) * &w - exact(self.cost_challenger),
                    ]),
                );
            }
        }
        game.finish()
    }

    /// The equilibrium as a profile of [`CostlySignal::game`] with [`CostlySignal::menu`].
    pub fn profile(&self, cost: SignalCost, types: usize) -> Vec<f64> {
        let answer = self.answer(cost);
        let value = |i: usize| (i as f64 + 0.5) / types as f64;
        let mut profile = Vec::with_capacity(10 * types);
        let mut choose = |second: bool| {
            let second = f64::from(u8::from(second));
            profile.extend([1.0 - second, second]);
        };
        for i in 0..types {
            choose(value(i) >= answer.cutoff);
        }
        for _ in 0..types {
            choose(true);
        }
        for j in 0..types {
            choose((1.0 - self.strength) * value(j) > self.cost_challenger);
        }
        for signal in [0.0, answer.signal] {
            let lost = if cost == SignalCost::Tied {
                signal
            } else {
                0.0
            };
            for i in 0..types {
                choose(self.strength * value(i) - self.cost_defender > -lost);
            }
        }
        profile
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oracles::check::{ROUNDING, largest_gain, probability, values};

    #[test]
    fn nobody_would_leave_either_signal_and_types_converge() {
        let model = CostlySignal::default();
        for cost in [SignalCost::Sunk, SignalCost::Tied] {
            let answer = model.answer(cost);
            for types in [10, 20, 40] {
                let game = model.game(cost, types, &model.menu(cost));
                let profile = model.profile(cost, types);
                assert!(largest_gain(&game, &profile) < ROUNDING, "{cost:?} {types}");
                // A type that straddles the cutoff.
                let near = 1.0 / types as f64;
                assert!((probability(&game, &profile, "war") - answer.war).abs() < near);
                assert!((values(&game, &profile)[0] - answer.defender).abs() < near * near);
            }
        }
    }

    #[test]
    fn tied_hands_serve_the_defender_better_and_bring_more_war() {
        let model = CostlySignal::default();
        let sunk = model.answer(SignalCost::Sunk);
        let tied = model.answer(SignalCost::Tied);
        for (is, stated) in [
            (sunk.cutoff, 0.6),
            (sunk.signal, 0.24),
            (sunk.war, 0.24),
            (sunk.defender, 0.056),
            (tied.cutoff, 0.257_143),
            (tied.signal, 0.171_429),
            (tied.war, 0.445_714),
            (tied.defender, 0.193_143),
        ] {
            assert!((is - stated).abs() < 5e-7, "{is} {stated}");
        }
        // With ten types a side, the values that the built game gives.
        for (cost, stated) in [(SignalCost::Sunk, 0.056), (SignalCost::Tied, 0.1925)] {
            let game = model.game(cost, 10, &model.menu(cost));
            let value = values(&game, &model.profile(cost, 10))[0];
            assert!((value - stated).abs() < ROUNDING, "{value} {stated}");
        }
    }
}
