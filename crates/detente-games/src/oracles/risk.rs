//! Critical risk.

use super::exact::{either, exact, pays, whole};
use crate::Game;
use crate::builder::Builder;

/// Brinkmanship by critical risk (Ellsberg 1959, The Theory and Practice of Blackmail; Snyder and Diesing 1977).
///
/// A gets `concede` by yielding. By standing firm it gets `win` if B gives way, and `war` if B does not.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Brinkmanship {
    /// What A gets if B gives way.
    pub win: f64,
    /// What A gets by yielding, between `war` and `win`.
    pub concede: f64,
    /// What war gives A.
    pub war: f64,
}

impl Default for Brinkmanship {
    fn default() -> Self {
        Self {
            win: 1.0,
            concede: 0.4,
            war: -1.0,
        }
    }
}

impl Brinkmanship {
    /// The risk of war above which A yields: (win - concede)/(win - war).
    pub fn critical_risk(&self) -> f64 {
        (self.win - self.concede) / (self.win - self.war)
    }

    /// The game in which B is resolute, and prefers war to giving way, with probability `risk`. Information sets: A; resolute and
    /// irresolute B.
    pub fn game(&self, risk: f64) -> Game {
        let types = ["resolute", "irresolute"];
        let mut game = Builder::new("Brinkmanship", ["A", "B"]);
        let stands = game.set(0, "A", ["yield", "stand firm"]);
        let ends = types.map(|name| game.set(1, name, ["give way", "fight"]));
        let root = game.root();
        let dealt = game.chance(root, "B", either((types[0], &exact(risk)), types[1]));
        for (t, place) in dealt.into_iter().enumerate() {
            let name = types[t];
            let first = game.moves(place, stands);
            game.pay_as(
                first[0],
                format!("A yields to {name}"),
                pays([exact(self.concede), whole(1)]),
            );
            let second = game.moves(first[1], ends[t]);
            let half = exact(0.5);
            let war = [half.clone(), -half];
            game.pay_as(
                second[0],
                format!("{name} gives way"),
                pays([exact(self.win), whole(0)]),
            );
            game.pay_as(
                second[1],
                format!("war with {name}"),
                pays([exact(self.war), war[t].clone()]),
            );
        }
        game.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oracles::check::{ROUNDING, largest_gain};

    #[test]
    fn a_stands_firm_below_the_critical_risk_only() {
        let model = Brinkmanship::default();
        assert!((model.critical_risk() - 0.3).abs() < ROUNDING);
        for step in 1..20 {
            let risk = f64::from(step) * 0.05 + 0.01;
            let game = model.game(risk);
            let firm = [0.0, 1.0, 0.0, 1.0, 1.0, 0.0];
            let yields = [1.0, 0.0, 0.0, 1.0, 1.0, 0.0];
            assert_eq!(
                largest_gain(&game, &firm) < ROUNDING,
                risk < model.critical_risk(),
                "{risk}"
            );
            assert_eq!(
                largest_gain(&game, &yields) < ROUNDING,
                risk > model.critical_risk(),
                "{risk}"
            );
        }
    }
}
