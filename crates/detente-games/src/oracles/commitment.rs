//! War because power shifts.

use num_traits::{One, Zero};

use super::exact::{Exact, exact, pays, show, whole};
use crate::Game;
use crate::builder::Builder;

/// War as a commitment problem in two periods (after Powell 2006, International Organization 60).
///
/// Each period a pie of 1 is shared. B, who rises, makes the offers; A accepts or fights. War settles the pies of this period and
/// later by the chance to win, and costs each side `cost` once.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Commitment {
    /// A's chance to win now.
    pub before: f64,
    /// A's chance to win in the second period.
    pub after: f64,
    /// Discount factor between the periods.
    pub discount: f64,
    /// Cost of war to either side.
    pub cost: f64,
}

impl Default for Commitment {
    /// War now.
    fn default() -> Self {
        Self {
            before: 0.9,
            after: 0.2,
            discount: 0.9,
            cost: 0.05,
        }
    }
}

impl Commitment {
    /// What A gets by war now: p1(1+δ) - c.
    pub fn war_now(&self) -> f64 {
        self.before * (1.0 + self.discount) - self.cost
    }

    /// What A must be offered in the first period to keep the peace; more than the pie if this cannot be had.
    pub fn offer(&self) -> f64 {
        self.war_now() - self.discount * (self.after - self.cost)
    }

    /// Does A fight now? Iff δ(p1-p2) > 1 - p1 + c(1-δ).
    pub fn war(&self) -> bool {
        self.discount * (self.before - self.after)
            > 1.0 - self.before + self.cost * (1.0 - self.discount)
    }

    /// What A and B expect.
    pub fn values(&self) -> [f64; 2] {
        let a = self.war_now();
        let all = 1.0 + self.discount;
        [
            a,
            if self.war() {
                all - a - 2.0 * self.cost
            } else {
                all - a
            },
        ]
    }

    /// The general condition for an inefficient outcome: δM2(t+1) - M2(t) > B - (M1(t) + M2(t)), where `gain` is the least that the
    /// rising side has from the next period on in equilibrium, `now` what each side (the declining one first) locks in by force now,
    /// and `all` the whole surplus.
    pub fn shifts_too_fast(discount: f64, gain: f64, now: [f64; 2], all: f64) -> bool {
        discount * gain - now[1] > all - (now[0] + now[1])
    }

    /// The game on a menu: B offers in each period nothing, half, all, or what keeps the peace plus `inside`. The first period's share
    /// is paid when it is accepted, before the second period is played.
    pub fn game(&self, inside: f64) -> Game {
        let (one, inside, cost) = (Exact::one(), exact(inside), exact(self.cost));
        let (before, after, discount) =
            (exact(self.before), exact(self.after), exact(self.discount));
        let second = &after - &cost;
        let last = second.clone().max(Exact::zero()) + &inside;
        let peace = &before * (&one + &discount) - &cost - &discount * &last + &inside;
        let menu = |special: Exact| {
            let mut menu = vec![whole(0), &one / whole(2), one.clone(), special];
            menu.retain(|x| *x >= whole(0) && *x <= one);
            menu.sort();
            menu.dedup();
            menu
        };
        let (menus, answers) = ([menu(peace), menu(last)], ["accept", "fight"]);
        let mut game = Builder::new("War as a commitment problem", ["A", "B"]);
        let root = game.root();
        let now = game.set(1, "offer now", menus[0].iter().map(show));
        for (x, place) in menus[0].iter().zip(game.moves(root, now)) {
            let history = show(x);
            let answer = game.set(0, format!("offered {history}"), answers);
            let places = game.moves(place, answer);
            game.pay_as(
                places[0],
                format!("first share {history}"),
                pays([x.clone(), &one - x]),
            );
            let war = |p: &Exact| [p.clone(), &one - p];
            let [a, b] = war(&before).map(|p| p * (&one + &discount) - &cost);
            game.pay_as(places[1], format!("war now, {history}"), pays([a, b]));
            let later = game.set(
                1,
                format!("offer after {history}"),
                menus[1].iter().map(show),
            );
            for (y, place) in menus[1].iter().zip(game.moves(places[0], later)) {
                let history = format!("{history}, {}", show(y));
                let answer = game.set(0, format!("offered {history}"), answers);
                let places = game.moves(place, answer);
                game.pay_as(
                    places[0],
                    format!("peace, {history}"),
                    pays([&discount * y, &discount * (&one - y)]),
                );
                let [a, b] = war(&after).map(|p| (p - &cost) * &discount);
                game.pay_as(places[1], format!("war later, {history}"), pays([a, b]));
            }
        }
        game.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oracles::check::ROUNDING;

    /// Offers that are tried in each period.
    const STEPS: u32 = 2_000;

    /// Values, and whether there is war at once, by backward induction over all offers on a grid.
    fn on_a_grid(model: &Commitment) -> ([f64; 2], bool) {
        let Commitment {
            before,
            after,
            discount,
            cost,
        } = *model;
        let share = |step: u32| f64::from(step) / f64::from(STEPS);
        let offer = |refusal: [f64; 2], next: [f64; 2]| {
            (0..=STEPS)
                .filter(|&step| share(step) + next[0] >= refusal[0] - ROUNDING)
                .map(|step| [share(step) + next[0], 1.0 - share(step) + next[1]])
                .filter(|split| split[1] >= refusal[1])
                .max_by(|a, b| a[1].total_cmp(&b[1]))
                .map_or((refusal, true), |split| (split, false))
        };
        let (last, _) = offer([after - cost, 1.0 - after - cost], [0.0, 0.0]);
        let all = 1.0 + discount;
        offer(
            [before * all - cost, (1.0 - before) * all - cost],
            last.map(|value| discount * value),
        )
    }

    #[test]
    fn backward_induction_on_a_grid_agrees() {
        let mut wars = 0;
        for after in [0.1, 0.2, 0.4, 0.6, 0.75, 0.85] {
            for before in [0.5, 0.7, 0.9] {
                let model = Commitment {
                    before,
                    after,
                    ..Commitment::default()
                };
                let (value, war) = on_a_grid(&model);
                assert_eq!(war, model.war(), "{model:?}");
                wars += u32::from(war);
                for (grid, exact) in value.into_iter().zip(model.values()) {
                    // A step of the grid in each period.
                    assert!((grid - exact).abs() <= 2.0 / f64::from(STEPS), "{model:?}");
                }
                let all = 1.0 + model.discount;
                let later = 1.0 - after + model.cost;
                let locked = [model.war_now(), all - model.war_now() - 2.0 * model.cost];
                assert_eq!(
                    Commitment::shifts_too_fast(model.discount, later, locked, all),
                    war
                );
            }
        }
        assert!((4..14).contains(&wars), "{wars}");
    }

    #[test]
    fn a_slow_shift_is_bought_off() {
        assert!(Commitment::default().war());
        let slow = Commitment {
            after: 0.85,
            ..Commitment::default()
        };
        assert!(!slow.war());
        assert!((slow.offer() - 0.94).abs() < ROUNDING);
        assert!((Commitment::default().offer() - 1.525).abs() < ROUNDING);
    }
}
