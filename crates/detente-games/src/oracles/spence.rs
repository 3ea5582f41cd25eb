//! Signalling on the job market.

use super::exact::{Exact, either, exact, pays, show, whole};
use crate::builder::Builder;
use crate::{Game, Number};

/// The job market (Spence 1973, Quarterly Journal of Economics 87; Riley 1979, Econometrica 47).
///
/// A worker of productivity `low` or `high` buys schooling e at the cost e/productivity. Firms that compete pay the productivity that
/// they expect; in the game one firm loses the square of the distance between wage and productivity.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spence {
    /// Lower productivity, positive.
    pub low: f64,
    /// Higher productivity.
    pub high: f64,
    /// Probability of the higher.
    pub share_high: f64,
}

impl Default for Spence {
    fn default() -> Self {
        Self {
            low: 1.0,
            high: 2.0,
            share_high: 0.5,
        }
    }
}

impl Spence {
    /// Schooling of the high in the separating equilibrium of least cost: tL(tH - tL). The low have none.
    pub fn separating_schooling(&self) -> f64 {
        self.low * (self.high - self.low)
    }

    /// What low and high get when the high have schooling `e` and the low none.
    pub fn separating_values(&self, e: f64) -> [f64; 2] {
        [self.low, self.high - e / self.high]
    }

    /// The wage, and what both get, when nobody has schooling.
    pub fn pooling_value(&self) -> f64 {
        self.share_high * self.high + (1.0 - self.share_high) * self.low
    }

    /// Schooling levels, open interval, at which the pool without schooling fails the intuitive criterion: the low would lose by them
    /// even if taken for high, and the high would gain.
    pub fn intrusion(&self) -> [f64; 2] {
        let gain = self.high - self.pooling_value();
        [self.low * gain, self.high * gain]
    }

    /// The game on grids of schooling and wages. Information sets: low, high; the firm after each level.
    pub fn game(&self, levels: &[Number], wages: &[Number]) -> Game {
        let mut game = Builder::new("Job market", ["Worker", "Firm"]);
        let types = ["high", "low"];
        let labels = |numbers: &[Number]| -> Vec<String> {
            numbers.iter().map(|x| show(x.exact())).collect()
        };
        let learns = ["low", "high"].map(|name| game.set(0, name, labels(levels)));
        let pay: Vec<_> = labels(levels)
            .iter()
            .map(|e| game.set(1, format!("after {e}"), labels(wages)))
            .collect();
        let productivity = [exact(self.high), exact(self.low)];
        let root = game.root();
        let dealt = game.chance(
            root,
            "productivity",
            either(("high", &exact(self.share_high)), "low"),
        );
        for (t, place) in dealt.into_iter().enumerate() {
            for (at, place) in game.moves(place, learns[1 - t]).into_iter().enumerate() {
                for (w, place) in game.moves(place, pay[at]).into_iter().enumerate() {
                    let (e, wage) = (levels[at].exact(), wages[w].exact());
                    let off: Exact = wage - &productivity[t];
                    game.pay_as(
                        place,
                        format!("{}, {}, {}", types[t], show(e), show(wage)),
                        pays([wage - e / &productivity[t], whole(0) - &off * &off]),
                    );
                }
            }
        }
        game.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oracles::check::{ROUNDING, largest_gain, values};

    fn numbers(values: &[f64]) -> Vec<Number> {
        values.iter().copied().map(Number::from).collect()
    }

    /// High at level `e`, low at none, every other level taken for low.
    fn separating(levels: &[f64], at: usize) -> Vec<f64> {
        let mut profile = vec![0.0; 2 * levels.len()];
        profile[0] = 1.0;
        profile[levels.len() + at] = 1.0;
        for level in 0..levels.len() {
            profile.extend(if level == at { [0.0, 1.0] } else { [1.0, 0.0] });
        }
        profile
    }

    #[test]
    fn the_least_schooling_that_separates_is_found_by_trying_all() {
        let levels: Vec<f64> = (0..=30).map(|i| f64::from(i) / 20.0).collect();
        for (low, high) in [(1.0, 2.0), (0.5, 1.5), (1.0, 1.5)] {
            let model = Spence {
                low,
                high,
                ..Spence::default()
            };
            let game = model.game(&numbers(&levels), &numbers(&[low, high]));
            let least = (1..levels.len())
                .find(|&at| largest_gain(&game, &separating(&levels, at)) < ROUNDING)
                .expect("a level that separates");
            assert!((levels[least] - model.separating_schooling()).abs() < ROUNDING);
            let value = values(&game, &separating(&levels, least))[0];
            let [l, h] = model.separating_values(levels[least]);
            assert!((value - f64::midpoint(l, h)).abs() < ROUNDING);
        }
        assert_eq!(Spence::default().separating_values(1.0), [1.0, 1.5]);
        assert_eq!(Spence::default().separating_values(1.02)[1], 1.49);
    }

    #[test]
    fn a_pool_of_mostly_high_falls_to_the_intuitive_criterion() {
        let model = Spence {
            share_high: 0.8,
            ..Spence::default()
        };
        assert!((model.pooling_value() - 1.8).abs() < ROUNDING);
        let [from, to] = model.intrusion();
        assert!((from - 0.2).abs() < ROUNDING && (to - 0.4).abs() < ROUNDING);
        // Level by level: who would gain if taken for high?
        for step in 1..60 {
            let e = f64::from(step) / 100.0 + 0.005;
            let gains = [1.0, 2.0].map(|t| 2.0 - e / t > 1.8);
            assert_eq!(gains == [false, true], e > from && e < to, "{e}");
        }
    }
}
