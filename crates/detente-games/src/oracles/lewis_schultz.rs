//! A crisis in which both sides' payoffs have private shocks.

use detente_math::{normal_cdf, normal_quantile};

use super::exact::{exact, pays, whole};
use crate::builder::Builder;
use crate::{Game, Number};

/// Crisis bargaining with normal private shocks (Lewis and Schultz 2003, Political Analysis 11).
///
/// A keeps the status quo or challenges; B concedes or resists; A backs down or fights. A's values of war and of backing down and B's
/// value of war each have an independent standard normal shock that only the owner knows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LewisSchultz {
    /// Status quo, to A.
    pub status_quo_a: f64,
    /// B concedes, to B.
    pub concede_b: f64,
    /// B concedes, to A.
    pub concede_a: f64,
    /// A backs down, to B.
    pub back_down_b: f64,
    /// War, to A, before its shock.
    pub war_a: f64,
    /// War, to B, before its shock.
    pub war_b: f64,
    /// A backs down, to A, before its shock.
    pub back_down_a: f64,
}

/// An equilibrium of [`LewisSchultz`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LewisSchultzAnswer {
    /// Probability that B resists a challenge.
    pub resist: f64,
    /// Probability that A challenges.
    pub challenge: f64,
    /// Probability that a resisted challenger fights.
    pub fight: f64,
    /// Probability of war.
    pub war: f64,
}

impl Default for LewisSchultz {
    fn default() -> Self {
        Self {
            status_quo_a: 0.0,
            concede_b: 0.0,
            concede_a: 1.0,
            back_down_b: 1.0,
            war_a: -0.5,
            war_b: -0.5,
            back_down_a: -0.8,
        }
    }
}

/// Probabilities of resistance that are tried for a change of sign.
const GRID: u32 = 4_000;

/// Shocks of games are whole numbers of millionths.
const DIGITS: f64 = 1e6;

impl LewisSchultz {
    /// All equilibria, by rising probability of resistance: fixed points of the best response, bracketed on a grid of 4,000 points.
    pub fn answers(&self) -> Vec<LewisSchultzAnswer> {
        let excess = |resist: f64| self.respond(resist).0 - resist;
        let at = |step: u32| (f64::from(step) + 0.5) / f64::from(GRID);
        let mut found = Vec::new();
        for step in 0..GRID - 1 {
            let (mut low, mut high) = (at(step), at(step + 1));
            let rising = excess(low) < 0.0;
            if rising == (excess(high) < 0.0) {
                continue;
            }
            for _ in 0..60 {
                let middle = f64::midpoint(low, high);
                if (excess(middle) < 0.0) == rising {
                    low = middle;
                } else {
                    high = middle;
                }
            }
            let resist = f64::midpoint(low, high);
            let (_, challenge, fight) = self.respond(resist);
            found.push(LewisSchultzAnswer {
                resist,
                challenge,
                fight,
                war: challenge * resist * fight,
            });
        }
        found
    }

    /// B's best response to A's best response to resistance with probability `resist`; and with it how likely A challenges, and fights.
    fn respond(&self, resist: f64) -> (f64, f64, f64) {
        // A challenges if the better of war and backing down is above this.
        let least = (self.status_quo_a - (1.0 - resist) * self.concede_a) / resist;
        let challenge = 1.0 - normal_cdf(least - self.war_a) * normal_cdf(least - self.back_down_a);
        let correlation = std::f64::consts::FRAC_1_SQRT_2;
        let fight = bivariate_normal_cdf(
            (self.war_a - self.back_down_a) * correlation,
            self.war_a - least,
            correlation,
        ) / challenge;
        let gain = fight * self.war_b + (1.0 - fight) * self.back_down_b - self.concede_b;
        (normal_cdf(gain / fight), challenge, fight)
    }

    /// The game with each shock at `points` equally likely quantiles, to six digits. A's types are pairs, the shock of war first. Information sets: A's
    /// types, B's types, A's types when resisted.
    pub fn game(&self, points: usize) -> Game {
        let shocks: Vec<f64> = (0..points)
            .map(|i| normal_quantile((i as f64 + 0.5) / points as f64))
            .map(|shock| (shock * DIGITS).round() / DIGITS)
            .collect();
        let mut game = Builder::new("Crisis with private shocks", ["A", "B"]);
        let pair = |i: usize| format!("type {}-{}", i / points + 1, i % points + 1);
        let mine = points * points;
        let speaks: Vec<_> = (0..mine)
            .map(|i| game.set(0, pair(i), ["status quo", "challenge"]))
            .collect();
        let answers: Vec<_> = (0..points)
            .map(|j| game.set(1, format!("type {}", j + 1), ["concede", "resist"]))
            .collect();
        let ends: Vec<_> = (0..mine)
            .map(|i| game.set(0, format!("{}, resisted", pair(i)), ["back down", "fight"]))
            .collect();
        let each = Number::ratio(1, i64::try_from(mine * points).expect("a number of types"));
        let root = game.root();
        let dealt = game.chance(
            root,
            "shocks",
            (0..mine * points).map(|d| {
                (
                    format!("{}, {}", pair(d / points), d % points + 1),
                    each.clone(),
                )
            }),
        );
        for (d, place) in dealt.into_iter().enumerate() {
            let (i, j) = (d / points, d % points);
            let name = format!("{}, {}", pair(i), j + 1);
            let first = game.moves(place, speaks[i]);
            game.pay_as(
                first[0],
                format!("status quo {name}"),
                pays([exact(self.status_quo_a), whole(0)]),
            );
            let second = game.moves(first[1], answers[j]);
            game.pay_as(
                second[0],
                format!("concession {name}"),
                pays([exact(self.concede_a), exact(self.concede_b)]),
            );
            let third = game.moves(second[1], ends[i]);
            let back = exact(self.back_down_a) + exact(shocks[i % points]);
            game.pay_as(
                third[0],
                format!("backed down {name}"),
                pays([back, exact(self.back_down_b)]),
            );
            let war = [
                exact(self.war_a) + exact(shocks[i / points]),
                exact(self.war_b) + exact(shocks[j]),
            ];
            game.pay_as(third[1], format!("war {name}"), pays(war));
        }
        game.finish()
    }
}

/// Panels of Simpson's rule; the integrand is smooth, and 100 panels leave less than 1e-13 for |correlation| up to .9.
const PANELS: u32 = 100;

/// P(X ≤ x, Y ≤ y) of standard normals with correlation `correlation` in -1..1 (Drezner and Wesolowsky 1990, by the substitution of the
/// sine).
pub fn bivariate_normal_cdf(x: f64, y: f64, correlation: f64) -> f64 {
    let end = libm::asin(correlation);
    let density = |angle: f64| {
        let sine = libm::sin(angle);
        libm::exp(-(x * x + y * y - 2.0 * x * y * sine) / (2.0 * (1.0 - sine * sine)))
    };
    let step = end / f64::from(2 * PANELS);
    let sum: f64 = (0..=2 * PANELS)
        .map(|i| {
            let weight = match i {
                0 => 1.0,
                i if i == 2 * PANELS => 1.0,
                i if i % 2 == 1 => 4.0,
                _ => 2.0,
            };
            weight * density(f64::from(i) * step)
        })
        .sum();
    normal_cdf(x) * normal_cdf(y) + sum * step / 3.0 / (2.0 * std::f64::consts::PI)
}

#[cfg(test)]
mod tests {
    use super::*;
    use detente_math::normal_pdf;

    #[test]
    fn bivariate_normal_by_another_integral() {
        for (x, y, r) in [
            (0.3, -0.2, 0.7),
            (0.0, 0.0, 0.5),
            (-1.0, 2.0, -0.6),
            (1.5, 0.4, 0.0),
        ] {
            // Over X, of the conditional distribution of Y; the midpoint rule leaves about step^2.
            let step = 1e-4_f64;
            let direct: f64 = (0..200_000)
                .map(|i| x - (f64::from(i) + 0.5) * step)
                .take_while(|&at| at > -9.0)
                .map(|at| step * normal_pdf(at) * normal_cdf((y - r * at) / (1.0 - r * r).sqrt()))
                .sum();
            assert!(
                (bivariate_normal_cdf(x, y, r) - direct).abs() < 1e-9,
                "{x} {y} {r}"
            );
        }
        let quarter = 0.25 + libm::asin(0.5) / (2.0 * std::f64::consts::PI);
        assert!((bivariate_normal_cdf(0.0, 0.0, 0.5) - quarter).abs() < 1e-13);
    }

    /// The answer with each shock at `points` quantiles, by trying all types' choices: no normal distribution but through the quantiles.
    fn by_types(model: &LewisSchultz, points: usize) -> LewisSchultzAnswer {
        let shocks: Vec<f64> = (0..points)
            .map(|i| normal_quantile((i as f64 + 0.5) / points as f64))
            .collect();
        let respond = |resist: f64| {
            let (mut challenge, mut fight) = (0_u32, 0_u32);
            for war in &shocks {
                for back in &shocks {
                    let (war, back) = (model.war_a + war, model.back_down_a + back);
                    if (1.0 - resist) * model.concede_a + resist * war.max(back)
                        > model.status_quo_a
                    {
                        challenge += 1;
                        fight += u32::from(war > back);
                    }
                }
            }
            let fights = f64::from(fight) / f64::from(challenge);
            let resists = shocks
                .iter()
                .filter(|&s| {
                    fights * (model.war_b + s) + (1.0 - fights) * model.back_down_b
                        > model.concede_b
                })
                .count();
            let all = points as f64;
            (
                resists as f64 / all,
                f64::from(challenge) / all / all,
                fights,
            )
        };
        let (mut low, mut high) = (0.0, 1.0);
        for _ in 0..40 {
            let middle = f64::midpoint(low, high);
            if respond(middle).0 > middle {
                low = middle;
            } else {
                high = middle;
            }
        }
        let resist = f64::midpoint(low, high);
        let (_, challenge, fight) = respond(resist);
        LewisSchultzAnswer {
            resist,
            challenge,
            fight,
            war: challenge * resist * fight,
        }
    }

    #[test]
    fn the_fixed_point_is_the_printed_one_and_that_of_many_types() {
        let model = LewisSchultz::default();
        let [answer] = model.answers()[..] else {
            panic!("one equilibrium")
        };
        let many = by_types(&model, 400);
        for (is, stated, near) in [
            (answer.resist, 0.573_223, many.resist),
            (answer.challenge, 0.789_369, many.challenge),
            (answer.fight, 0.593_618, many.fight),
            (answer.war, 0.268_603, many.war),
        ] {
            assert!((is - stated).abs() < 5e-7, "{is} {stated}");
            // 400 types a shock leave a share of about one type.
            assert!((is - near).abs() < 3e-3, "{is} {near}");
        }
    }

    #[test]
    fn the_game_has_the_stated_size() {
        let game = LewisSchultz::default().game(3);
        assert_eq!(game.nodes().len(), 1 + 27 * 7);
        assert_eq!(game.actions(), 2 * (9 + 3 + 9));
    }
}
