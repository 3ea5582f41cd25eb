//! What knowing a number would be worth to whoever has to choose: how much better the choice would come out.
//!
//! The expected value of partial perfect information (Raiffa & Schlaifer 1961), by nonparametric regression on the worlds at hand
//! (Strong, Oakley & Brennan 2014, Medical Decision Making 34): what each choice pays is regressed on the number, and in each world the
//! choice is taken that pays most where the number is as there. Regression and payoff are of different worlds: what the other
//! scramblings say decides, and its own payoff tells what that comes to. So noise never passes for knowledge: a number that says nothing has an
//! expectation of 0 or below, where a regression on the same worlds would take the best of its own errors.

mod together;

use std::cmp::Ordering;

use detente_math::{Ranks, SCRAMBLES};

/// Choices, what each pays in every world, and which is the best as long as nothing more is known.
#[derive(Clone, Debug)]
pub(crate) struct Choice {
    /// By choice, by world; NaN in worlds that do not tell.
    payoffs: Vec<Vec<f64>>,
    best: usize,
}

impl Choice {
    /// Between at least one thing; `mean` is over the worlds that tell.
    pub(crate) fn new(mut payoffs: Vec<Vec<f64>>, mean: impl Fn(&[f64]) -> f64) -> Self {
        let worlds = payoffs.iter().map(Vec::len).min().unwrap_or(0);
        let untold: Vec<usize> = (0..worlds)
            .filter(|world| payoffs.iter().any(|of| of[*world].is_nan()))
            .collect();
        for of in &mut payoffs {
            of.truncate(worlds);
            // A world that does not tell of one choice tells of none.
            for world in &untold {
                of[*world] = f64::NAN;
            }
        }
        let means: Vec<f64> = payoffs.iter().map(|of| mean(of)).collect();
        let best = greatest(&means);
        Self { payoffs, best }
    }

    /// Whether something is so, of which worlds tell the chance: saying so is right with that chance, and denying it with the rest. The
    /// first choice is yes.
    pub(crate) fn verdict(chances: &[f64], mean: impl Fn(&[f64]) -> f64) -> Self {
        let no = chances.iter().map(|chance| 1.0 - chance).collect();
        Self::new(vec![chances.to_vec(), no], mean)
    }

    /// The best choice as long as nothing more is known.
    pub(crate) fn best(&self) -> usize {
        self.best
    }

    /// By choice, by world: what it pays.
    pub(crate) fn payoffs(&self) -> &[Vec<f64>] {
        &self.payoffs
    }

    /// In how many worlds it is told.
    pub(crate) fn told(&self) -> usize {
        let known = self.payoffs.first().into_iter().flatten();
        known.filter(|x| !x.is_nan()).count()
    }

    /// By world: how much more than the best choice pays the one that is taken once the number is known by which `ranks` sort the worlds; NaN
    /// where nothing is told.
    pub(crate) fn gains(&self, ranks: &Ranks) -> Vec<f64> {
        let groups = usize::try_from(SCRAMBLES).unwrap_or(1);
        let told = |world: usize| self.told_in(world);
        let ranks = ranks.without(|world| !told(world));
        let expected: Vec<Vec<f64>> = self
            .payoffs
            .iter()
            .map(|of| ranks.held_out(of, groups))
            .collect();
        self.by_world(|world| {
            let of: Vec<f64> = expected.iter().map(|of| of[world]).collect();
            let taken = greatest(&of);
            // What is expected to pay as much is no reason to choose otherwise.
            if of[taken] > of[self.best] {
                taken
            } else {
                self.best
            }
        })
    }

    /// The same once everything is known that differs between worlds.
    pub(crate) fn gains_of_all(&self) -> Vec<f64> {
        self.by_world(|world| {
            let of: Vec<f64> = self.payoffs.iter().map(|of| of[world]).collect();
            greatest(&of)
        })
    }

    fn told_in(&self, world: usize) -> bool {
        let first = self.payoffs.first().and_then(|of| of.get(world));
        first.is_some_and(|x| !x.is_nan())
    }

    fn by_world(&self, taken: impl Fn(usize) -> usize) -> Vec<f64> {
        let worlds = self.payoffs.first().map_or(0, Vec::len);
        let gain = |world: usize| {
            if self.told_in(world) {
                self.payoffs[taken(world)][world] - self.payoffs[self.best][world]
            } else {
                f64::NAN
            }
        };
        (0..worlds).map(gain).collect()
    }
}

/// The place of the greatest number, of equals the first; of what is no number never.
fn greatest(numbers: &[f64]) -> usize {
    let order = |a: &f64, b: &f64| a.partial_cmp(b).unwrap_or(Ordering::Equal);
    let known = numbers.iter().enumerate().filter(|(_, x)| !x.is_nan());
    let first = known.rev().max_by(|a, b| order(a.1, b.1));
    first.map_or(0, |(place, _)| place)
}

#[cfg(test)]
mod tests {
    use detente_math::{
        Mean, Ranks, Sampler, mean_of_groups, normal_cdf, normal_pdf, normal_points,
        normal_quantile, path_key,
    };

    use super::Choice;

    /// Standard normal draws of an input, as a run has them.
    fn normal(path: &str, n: usize) -> Vec<f64> {
        let key = path_key(path);
        (0..n as u64)
            .map(|w| normal_quantile(Sampler::Quasi.uniform(5, key, w)))
            .collect()
    }

    fn mean(values: &[f64]) -> Mean {
        mean_of_groups(values.iter().copied(), 16)
    }

    fn worth(choice: &Choice, input: &[f64]) -> Mean {
        mean(&choice.gains(&Ranks::new(input)))
    }

    /// What knowing a normal number of mean `a` and standard deviation `s` is worth to whoever may take it or leave it: s φ(a/s) + a Φ(a/s) −
    /// max(a, 0), the unit normal loss (Raiffa & Schlaifer 1961).
    fn unit_loss(a: f64, s: f64) -> f64 {
        s * normal_pdf(a / s) + a * normal_cdf(a / s) - a.max(0.0)
    }

    /// Linear in normal numbers, and a choice between that and nothing: each number's worth has a closed form, and so have all of them.
    #[test]
    fn a_linear_payoff_of_normal_numbers_is_worth_its_unit_loss() {
        let n = 16_384;
        let slopes = [1.0, 0.6, 0.2];
        let inputs = ["a", "b", "c"].map(|path| normal(path, n));
        let unrelated = normal("d", n);
        for a in [-0.8, -0.1, 0.0, 0.5] {
            let pays: Vec<f64> = (0..n)
                .map(|w| a + (0..3).map(|i| slopes[i] * inputs[i][w]).sum::<f64>())
                .collect();
            let choice = Choice::new(vec![pays, vec![0.0; n]], |of| mean(of).value);
            for (slope, input) in slopes.iter().zip(&inputs) {
                let (found, exact) = (worth(&choice, input), unit_loss(a, *slope));
                let off = (found.value - exact).abs();
                assert!(
                    off < 0.012 && off < 4.0 * found.error + 0.004,
                    "{a} {slope}: {found:?}, {exact}"
                );
            }
            let all = mean(&choice.gains_of_all());
            let spread = slopes.iter().map(|s| s * s).sum::<f64>().sqrt();
            assert!(
                (all.value - unit_loss(a, spread)).abs() < 0.01,
                "{a}: {all:?}"
            );
            // A number that reaches nothing is worth nothing, and what is found of it never says otherwise.
            let none = worth(&choice, &unrelated);
            assert!(none.value < 2.5 * none.error + 1e-12, "{a}: {none:?}");
            assert!(none.value.abs() < 0.01, "{a}: {none:?}");
        }
    }

    /// A yes or no decided by two normal numbers: given the first the chance is normal, and what knowing it is worth is an integral.
    #[test]
    fn a_verdict_is_righter_by_what_the_number_says() {
        let n = 16_384;
        let (x, z) = (normal("x", n), normal("z", n));
        for (a, slope) in [(-0.7, 1.0), (0.1, 0.5), (0.6, 2.0)] {
            let holds: Vec<f64> = (0..n)
                .map(|w| f64::from(u8::from(a + slope * x[w] + z[w] > 0.0)))
                .collect();
            let choice = Choice::verdict(&holds, |of| mean(of).value);
            let known: f64 = normal_points(400)
                .map(|(x, w)| w * (normal_cdf(a + slope * x) - 0.5).abs())
                .sum();
            let share = normal_cdf(a / (1.0 + slope * slope).sqrt());
            let exact = known - (share - 0.5).abs();
            let found = worth(&choice, &x);
            let off = (found.value - exact).abs();
            assert!(
                off < 4.0 * found.error + 0.003,
                "{a} {slope}: {found:?}, {exact}"
            );
            // Another road: the best of all ways to cut the worlds, sorted by the number, in two (Sadatsafavi et al. 2013). It decides
            // by the worlds that it is held against, so that it lies a little above.
            let cut = best_cut(&x, &holds) - (mean(&holds).value - 0.5).abs() - 0.5;
            assert!(
                cut > found.value - 1e-9 && cut < found.value + 0.02,
                "{cut}, {found:?}"
            );
        }
    }

    /// How often the verdict is right if it is one below a number and the other above it, at best.
    fn best_cut(x: &[f64], holds: &[f64]) -> f64 {
        let mut order: Vec<usize> = (0..x.len()).collect();
        order.sort_by(|a, b| x[*a].total_cmp(&x[*b]));
        let (n, all) = (x.len() as f64, holds.iter().sum::<f64>());
        let (mut below, mut best) = (0.0, 0.0_f64);
        for (place, world) in order.iter().enumerate() {
            below += holds[*world];
            let no_then_yes = (place + 1) as f64 - below + all - below;
            best = best.max(no_then_yes).max(n - no_then_yes);
        }
        best / n
    }

    #[test]
    fn what_no_number_can_change_is_worth_nothing_to_know() {
        let n = 1024;
        let x = normal("x", n);
        let sure: Vec<f64> = x.iter().map(|x| 0.8 + 0.05 * normal_cdf(*x)).collect();
        let choice = Choice::verdict(&sure, |of| mean(of).value);
        assert_eq!((choice.best(), choice.told()), (0, n));
        let found = worth(&choice, &x);
        assert_eq!((found.value, found.error), (0.0, 0.0));
        assert_eq!(mean(&choice.gains_of_all()).value, 0.0);
        // Worlds that do not tell of one choice tell of none, and change nothing.
        let mut some = sure.clone();
        some[5] = f64::NAN;
        let choice = Choice::verdict(&some, |of| mean(of).value);
        assert_eq!(choice.told(), n - 1);
        assert!(choice.gains(&Ranks::new(&x))[5].is_nan());
        let none = Choice::verdict(&[], |of| mean(of).value);
        assert!(none.gains(&Ranks::new(&[])).is_empty() && none.told() == 0);
    }

    /// Of several things one is named: naming another where the number says so is what knowing it is worth.
    #[test]
    fn more_than_two_choices() {
        let n = 8192;
        let x: Vec<f64> = normal("x", n).iter().map(|z| normal_cdf(*z)).collect();
        // One third each: the first where x is low, the second in the middle, the third above.
        let third = |k: f64| -> Vec<f64> {
            x.iter()
                .map(|x| f64::from(u8::from((3.0 * x).floor() == k)))
                .collect()
        };
        let choice = Choice::new(vec![third(0.0), third(1.0), third(2.0)], |of| {
            mean(of).value
        });
        let found = worth(&choice, &x);
        assert!((found.value - 2.0 / 3.0).abs() < 0.03, "{found:?}");
    }
}
