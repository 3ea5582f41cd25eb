//! Alternating offers.

use num_traits::One;

use super::exact::{Exact, exact, pays, show, whole};
use crate::Game;
use crate::builder::{Builder, Place};

/// Alternating offers over a pie of 1 (Rubinstein 1982, Econometrica 50), with an outside option for player 2 when it answers
/// (Binmore, Shaked and Sutton 1989, Quarterly Journal of Economics 104).
///
/// Player 1 proposes first. A share at round t = 0, 1, … is worth δ^t of itself to its owner.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rubinstein {
    /// Discount factor of player 1, in 0..1.
    pub discount_1: f64,
    /// Discount factor of player 2, in 0..1.
    pub discount_2: f64,
    /// What player 2 gets if it leaves instead of answering; player 1 then gets 0.
    pub outside: Option<f64>,
}

impl Default for Rubinstein {
    fn default() -> Self {
        Self {
            discount_1: 0.9,
            discount_2: 0.9,
            outside: None,
        }
    }
}

impl Rubinstein {
    /// What player 1 gets without a last round: (1-δ2)/(1-δ1δ2), or 1-b if the outside option b binds.
    pub fn value(&self) -> f64 {
        let (d1, d2) = (self.discount_1, self.discount_2);
        let inside = d2 * (1.0 - d1) / (1.0 - d1 * d2);
        match self.outside {
            Some(outside) if outside > inside => 1.0 - outside,
            _ => (1.0 - d2) / (1.0 - d1 * d2),
        }
    }

    /// What the proposer of round `round` (from 0) keeps, of `rounds` rounds, after which both get nothing.
    pub fn kept(&self, round: usize, rounds: usize) -> f64 {
        (round..rounds).rev().fold(0.0, |next, at| {
            1.0 - if at % 2 == 0 {
                (self.discount_2 * next).max(self.outside.unwrap_or(0.0))
            } else {
                self.discount_1 * next
            }
        })
    }

    /// The game of `rounds` rounds on a menu: each proposer may keep what it keeps in equilibrium, a tenth less, or a tenth more. The
    /// answerer always gets `inside` more than it could have by refusing, so that the equilibrium is strict.
    pub fn game(&self, rounds: usize, inside: f64) -> Game {
        let one = Exact::one();
        let inside = exact(inside);
        let discount = [exact(self.discount_1), exact(self.discount_2)];
        let outside = self.outside.map(exact);
        // What the proposer keeps, from the last round back.
        let mut kept = vec![Exact::from_integer(0.into()); rounds + 1];
        for at in (0..rounds).rev() {
            let mut refusal = &discount[(at + 1) % 2] * &kept[at + 1];
            if let (0, Some(outside)) = (at % 2, &outside) {
                refusal = refusal.max(outside.clone());
            }
            kept[at] = &one - refusal - &inside;
        }
        let tenth = one.clone() / whole(10);
        let menus: Vec<Vec<Exact>> = kept[..rounds]
            .iter()
            .map(|kept| {
                let mut menu = vec![
                    (kept - &tenth).max(Exact::from_integer(0.into())),
                    kept.clone(),
                ];
                if kept + &tenth <= one {
                    menu.push(kept + &tenth);
                }
                menu
            })
            .collect();
        let mut game = Builder::new("Alternating offers", ["1", "2"]);
        let mut open: Vec<(Place, String)> = vec![(game.root(), String::new())];
        let mut worth = [one.clone(), one.clone()];
        for (at, menu) in menus.iter().enumerate() {
            let (proposer, answerer) = (at % 2, (at + 1) % 2);
            let mut next = Vec::new();
            for (place, history) in open {
                let offers = game.set(
                    proposer,
                    format!("round {}{history}", at + 1),
                    menu.iter().map(show),
                );
                for (share, place) in menu.iter().zip(game.moves(place, offers)) {
                    let history = format!("{history}, {}", show(share));
                    let mut answers = vec!["accept", "refuse"];
                    if answerer == 1 && outside.is_some() {
                        answers.push("leave");
                    }
                    let answer = game.set(answerer, format!("answer{history}"), answers);
                    let places = game.moves(place, answer);
                    let mut split = [one.clone() - share, one.clone() - share];
                    split[proposer] = share.clone();
                    let [first, second] = split;
                    game.pay_as(
                        places[0],
                        format!("accept{history}"),
                        pays([first * &worth[0], second * &worth[1]]),
                    );
                    next.push((places[1], history.clone()));
                    if let (Some(place), Some(outside)) = (places.get(2), &outside) {
                        game.pay_as(
                            *place,
                            format!("leave{history}"),
                            pays([whole(0), outside * &worth[1]]),
                        );
                    }
                }
            }
            open = next;
            worth = [&worth[0] * &discount[0], &worth[1] * &discount[1]];
        }
        game.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::game::Kind;
    use crate::oracles::check::ROUNDING;

    /// Backward induction over all shares on a grid; the answerer accepts when it is no worse off.
    fn on_a_grid(model: Rubinstein, rounds: usize, steps: u32) -> f64 {
        let mut next = (0.0, 0.0);
        for at in (0..rounds).rev() {
            let (d1, d2) = (model.discount_1, model.discount_2);
            let refusal = (d1 * next.0, d2 * next.1);
            let mut best: Option<(f64, f64)> = None;
            for step in 0..=steps {
                let share = f64::from(step) / f64::from(steps);
                let outcome = if at % 2 == 0 {
                    let reserve = refusal.1.max(model.outside.unwrap_or(0.0));
                    if 1.0 - share >= reserve - ROUNDING {
                        (share, 1.0 - share)
                    } else if reserve > refusal.1 {
                        (0.0, reserve)
                    } else {
                        refusal
                    }
                } else if 1.0 - share >= refusal.0 - ROUNDING {
                    (1.0 - share, share)
                } else {
                    refusal
                };
                let mine = |o: (f64, f64)| if at % 2 == 0 { o.0 } else { o.1 };
                if best.is_none_or(|b| mine(outcome) > mine(b)) {
                    best = Some(outcome);
                }
            }
            next = best.expect("a share");
        }
        next.0
    }

    #[test]
    fn values_are_those_of_backward_induction_on_a_grid() {
        for (d1, d2, outside, value) in [
            (0.9, 0.9, None, 0.526_316),
            (0.9, 0.8, None, 0.714_286),
            (0.9, 0.9, Some(0.6), 0.4),
            (0.9, 0.9, Some(0.4), 0.526_316),
        ] {
            let model = Rubinstein {
                discount_1: d1,
                discount_2: d2,
                outside,
            };
            assert!((model.value() - value).abs() < 5e-7);
            // 101 rounds stand for infinity up to .9^101; each round loses at most a step of the grid, and discounts the losses after it.
            assert!((on_a_grid(model, 101, 20_000) - value).abs() < 1e-3);
            assert!((model.kept(0, 301) - model.value()).abs() < 1e-9);
        }
        let model = Rubinstein::default();
        assert!((model.kept(0, 3) - 0.91).abs() < ROUNDING);
        assert!((model.kept(0, 10) - 0.3428).abs() < 5e-5);
        assert!((on_a_grid(model, 3, 1_000) - 0.91).abs() < ROUNDING);
    }

    #[test]
    fn the_game_on_a_menu_ends_at_once() {
        for outside in [None, Some(0.6)] {
            let model = Rubinstein {
                outside,
                ..Rubinstein::default()
            };
            let game = model.game(3, 0.001);
            // Backward induction by hand on the built tree.
            let mut value = vec![[0.0; 2]; game.nodes().len()];
            for at in (0..game.nodes().len()).rev() {
                let node = &game.nodes()[at];
                if let Some(outcome) = node.outcome {
                    let pays = &game.outcomes()[outcome as usize].payoffs;
                    value[at] = [pays[0].value(), pays[1].value()];
                }
                if let Kind::Personal(set) = node.kind {
                    let player = game.sets()[set as usize].player as usize;
                    value[at] = game
                        .children(at)
                        .map(|child| value[child])
                        .max_by(|a, b| a[player].total_cmp(&b[player]))
                        .expect("an action");
                }
            }
            // Three rounds lose an offset each at most.
            assert!(
                (value[0][0] - model.kept(0, 3)).abs() < 3.0 * 0.001,
                "{:?}",
                value[0]
            );
        }
    }
}
