//! One offer under the shadow of war, with private costs of war.

use num_traits::{One, Zero};

use super::exact::{Exact, either, exact, middle, pays, show, whole};
use crate::builder::Builder;
use crate::{Game, Number};

/// The ultimatum with two types: the risk-return trade-off (after Powell 1999, In the Shadow of Power, chapter 3).
///
/// A asks for a share of a pie of 1. B accepts, or fights: A then gets `strength - cost_a`, B gets `1 - strength` less its own cost,
/// which is `cost_tough` with probability `tough`, else `cost_weak`, and known to B alone.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ultimatum {
    /// A's share by war, in 0..1.
    pub strength: f64,
    /// A's cost of war.
    pub cost_a: f64,
    /// A tough B's cost of war, below `cost_weak`.
    pub cost_tough: f64,
    /// A weak B's cost of war.
    pub cost_weak: f64,
    /// Probability that B is tough.
    pub tough: f64,
}

/// What comes of an ultimatum.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bargain {
    /// The share that A asks for.
    pub demand: f64,
    /// Probability of war.
    pub war: f64,
    /// What A expects.
    pub value: f64,
}

impl Default for Ultimatum {
    /// War 30 % likely.
    fn default() -> Self {
        Self {
            strength: 0.5,
            cost_a: 0.1,
            cost_tough: 0.1,
            cost_weak: 0.3,
            tough: 0.3,
        }
    }
}

impl Ultimatum {
    /// Below this probability of a tough B, A runs the risk of war: (cH-cL)/(cH+cA).
    pub fn critical(&self) -> f64 {
        (self.cost_weak - self.cost_tough) / (self.cost_weak + self.cost_a)
    }

    /// The perfect Bayesian equilibrium.
    pub fn answer(&self) -> Bargain {
        if self.tough < self.critical() {
            let demand = self.strength + self.cost_weak;
            Bargain {
                demand,
                war: self.tough,
                value: (1.0 - self.tough) * demand + self.tough * (self.strength - self.cost_a),
            }
        } else {
            let demand = self.strength + self.cost_tough;
            Bargain {
                demand,
                war: 0.0,
                value: demand,
            }
        }
    }

    /// The demands p, p + cL - `inside`, p + cH - `inside` and one that every type refuses.
    pub fn menu(&self, inside: f64) -> Vec<Number> {
        let p = exact(self.strength);
        let weak = &p + exact(self.cost_weak);
        [
            p.clone(),
            &p + exact(self.cost_tough) - exact(inside),
            &weak - exact(inside),
            (weak + Exact::one()) / whole(2),
        ]
        .map(Number::from)
        .into()
    }

    /// The game in which A chooses from the demands `menu`.
    pub fn game(&self, menu: &[Number]) -> Game {
        let tough = exact(self.tough);
        demand_game(
            "Ultimatum to an opponent of two types",
            &exact(self.strength),
            &exact(self.cost_a),
            &[
                ("tough", exact(self.cost_tough)),
                ("weak", exact(self.cost_weak)),
            ],
            either(("tough", &tough), "weak").into(),
            menu,
        )
    }
}

/// The ultimatum with B's cost of war uniform between `low` and `high` (Fearon 1995, International Organization 49, appendix).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct UniformCosts {
    /// A's share by war, in 0..1.
    pub strength: f64,
    /// A's cost of war.
    pub cost_a: f64,
    /// Smallest cost of war of B.
    pub low: f64,
    /// Largest cost of war of B.
    pub high: f64,
}

impl Default for UniformCosts {
    /// War 37.5 % likely.
    fn default() -> Self {
        Self {
            strength: 0.5,
            cost_a: 0.1,
            low: 0.0,
            high: 0.4,
        }
    }
}

impl UniformCosts {
    /// The equilibrium with a continuum of types.
    pub fn answer(&self) -> Bargain {
        let (p, width) = (self.strength, self.high - self.low);
        let inner = self.high - self.cost_a > 2.0 * self.low;
        let demand = if inner {
            p + (self.high - self.cost_a) / 2.0
        } else {
            p + self.low
        }
        .min(1.0);
        let war = ((demand - p - self.low) / width).clamp(0.0, 1.0);
        Bargain {
            demand,
            war,
            value: (1.0 - war) * demand + war * (p - self.cost_a),
        }
    }

    /// The equilibrium with `types` equally likely types in the middles of equal parts; the largest demand where two are as good.
    pub fn answer_with(&self, types: usize) -> Bargain {
        let k = types as f64;
        (0..types)
            .map(|j| {
                let cost = self.low + (self.high - self.low) * (2.0 * j as f64 + 1.0) / (2.0 * k);
                let (demand, war) = (self.strength + cost, j as f64 / k);
                Bargain {
                    demand,
                    war,
                    value: (1.0 - war) * demand + war * (self.strength - self.cost_a),
                }
            })
            .fold(None, |best: Option<Bargain>, next| match best {
                Some(best) if best.value > next.value => Some(best),
                _ => Some(next),
            })
            .expect("one type at least")
    }

    /// The game with `types` equally likely types. A asks each of them for what it just accepts less `inside`.
    pub fn game(&self, types: usize, inside: f64) -> Game {
        let (low, width) = (exact(self.low), exact(self.high) - exact(self.low));
        let names: Vec<String> = (1..=types).map(|i| format!("type {i}")).collect();
        let costs: Vec<(&str, Exact)> = names
            .iter()
            .enumerate()
            .map(|(i, name)| (name.as_str(), &low + &width * middle(i, types)))
            .collect();
        let menu: Vec<Number> = costs
            .iter()
            .map(|(_, cost)| Number::from(exact(self.strength) + cost - exact(inside)))
            .collect();
        let each = Number::from(Exact::new(1.into(), types.into()));
        demand_game(
            "Ultimatum to an opponent of uniform costs",
            &exact(self.strength),
            &exact(self.cost_a),
            &costs,
            names
                .iter()
                .map(|name| (name.clone(), each.clone()))
                .collect(),
            &menu,
        )
    }
}

fn demand_game(
    title: &str,
    strength: &Exact,
    cost_a: &Exact,
    costs: &[(&str, Exact)],
    lottery: Vec<(String, Number)>,
    menu: &[Number],
) -> Game {
    let one = Exact::one();
    assert!(
        menu.iter()
            .all(|x| *x.exact() >= Exact::zero() && *x.exact() <= one),
        "demands are shares"
    );
    let mut game = Builder::new(title, ["A", "B"]);
    let asks = game.set(0, "A asks", menu.iter().map(|x| show(x.exact())));
    let root = game.root();
    for ((name, cost), place) in costs.iter().zip(game.chance(root, "B's cost", lottery)) {
        for (x, asked) in menu.iter().zip(game.moves(place, asks)) {
            let label = show(x.exact());
            let answers = game.set(1, format!("{name}, asked {label}"), ["accept", "fight"]);
            let next = game.moves(asked, answers);
            let x = x.exact();
            game.pay_as(
                next[0],
                format!("{name} accepts {label}"),
                pays([x.clone(), &one - x]),
            );
            game.pay_as(
                next[1],
                format!("war, {name}, {label}"),
                pays([strength - cost_a, &one - strength - cost]),
            );
        }
    }
    game.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oracles::check::{self, ROUNDING};

    /// Finest step of the demands that are tried one by one.
    const STEP: f64 = 1e-5;

    /// The best of all demands on a grid, against types that accept what is no worse than war.
    fn best(costs: &[(f64, f64)], strength: f64, cost_a: f64) -> Bargain {
        let mut best = Bargain {
            demand: 0.0,
            war: 1.0,
            value: strength - cost_a,
        };
        for step in 0..=100_000 {
            let demand = f64::from(step) * STEP;
            // Half a step of indulgence, so that rounding does not make an indifferent type refuse.
            let war: f64 = costs
                .iter()
                .filter(|(_, cost)| 1.0 - demand < 1.0 - strength - cost - STEP / 2.0)
                .map(|(share, _)| share)
                .sum();
            let value = (1.0 - war) * demand + war * (strength - cost_a);
            if value > best.value + ROUNDING {
                best = Bargain { demand, war, value };
            }
        }
        best
    }

    fn agree(a: Bargain, b: Bargain, tolerance: f64) {
        assert!((a.demand - b.demand).abs() <= tolerance, "{a:?} {b:?}");
        assert!((a.war - b.war).abs() <= tolerance, "{a:?} {b:?}");
        assert!((a.value - b.value).abs() <= tolerance, "{a:?} {b:?}");
    }

    #[test]
    fn two_types_are_the_best_demand_of_all() {
        for tough in [0.1, 0.3, 0.49, 0.51, 0.6, 0.9] {
            let one = Ultimatum {
                tough,
                ..Ultimatum::default()
            };
            let all = best(&[(tough, 0.1), (1.0 - tough, 0.3)], 0.5, 0.1);
            agree(one.answer(), all, STEP);
        }
        assert!((Ultimatum::default().critical() - 0.5).abs() < ROUNDING);
        agree(
            Ultimatum::default().answer(),
            Bargain {
                demand: 0.8,
                war: 0.3,
                value: 0.68,
            },
            ROUNDING,
        );
        let likely = Ultimatum {
            tough: 0.6,
            ..Ultimatum::default()
        };
        agree(
            likely.answer(),
            Bargain {
                demand: 0.6,
                war: 0.0,
                value: 0.6,
            },
            ROUNDING,
        );
    }

    #[test]
    fn many_types_are_the_best_demand_of_all_and_converge() {
        for (low, high) in [(0.0, 0.4), (0.1, 0.4), (0.2, 0.4)] {
            let uniform = UniformCosts {
                low,
                high,
                ..UniformCosts::default()
            };
            let types = 4_000;
            let costs: Vec<(f64, f64)> = (0..types)
                .map(|i| {
                    (
                        1.0 / f64::from(types),
                        low + (high - low) * (f64::from(i) + 0.5) / f64::from(types),
                    )
                })
                .collect();
            // The grid of types moves the best demand by less than a type, and war by its share.
            agree(uniform.answer(), best_coarse(&costs), 2e-3);
        }
        let uniform = UniformCosts::default();
        agree(
            uniform.answer(),
            Bargain {
                demand: 0.65,
                war: 0.375,
                value: 0.55625,
            },
            ROUNDING,
        );
        for (types, demand, war, value) in [
            (4, 0.65, 0.25, 0.5875),
            (6, 2.0 / 3.0, 1.0 / 3.0, 0.577_777_777_777_777_8),
        ] {
            agree(
                uniform.answer_with(types),
                Bargain { demand, war, value },
                ROUNDING,
            );
        }
        // A tie: two demands as good, the first of them with less war.
        assert!((uniform.answer_with(10).value - 0.568).abs() < ROUNDING);
        let error = |k| (uniform.answer_with(k).value - uniform.answer().value).abs();
        assert!(error(100) < error(10) / 8.0 && error(1_000) < error(100) / 8.0);
    }

    fn best_coarse(costs: &[(f64, f64)]) -> Bargain {
        let mut best = Bargain {
            demand: 0.0,
            war: 1.0,
            value: 0.4,
        };
        for (j, (_, cost)) in costs.iter().enumerate() {
            let (demand, war) = (0.5 + cost, j as f64 / costs.len() as f64);
            let value = (1.0 - war) * demand + war * 0.4;
            if value > best.value {
                best = Bargain { demand, war, value };
            }
        }
        best
    }

    #[test]
    fn the_game_pays_what_it_says() {
        let one = Ultimatum::default();
        let game = one.game(&one.menu(0.001));
        assert_eq!(game.nodes().len(), 1 + 2 * (1 + 4 * 3));
        // A asks .799, the tough type fights, the weak type accepts.
        let mut profile = vec![0.0; game.actions()];
        profile[2] = 1.0;
        for set in &game.sets()[1..] {
            let cost = if set.label.starts_with("tough") {
                0.1
            } else {
                0.3
            };
            let asked: f64 = set
                .label
                .split(' ')
                .next_back()
                .expect("a demand")
                .parse()
                .expect("a number");
            profile[set.first_action as usize + usize::from(asked > 0.5 + cost)] = 1.0;
        }
        assert!(check::largest_gain(&game, &profile) < ROUNDING);
        assert!((check::probability(&game, &profile, "war") - 0.3).abs() < ROUNDING);
        assert!((check::values(&game, &profile)[0] - (0.7 * 0.799 + 0.3 * 0.4)).abs() < ROUNDING);
    }
}
