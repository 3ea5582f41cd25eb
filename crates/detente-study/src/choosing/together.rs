//! What knowing several numbers at once would be worth to whoever has to choose, and what of that is owed to each.
//!
//! Alone a number may never turn a choice, and with others known it may: where a verdict is right in 77 of 100 worlds, none of them need reach the
//! half. What each choice pays beyond the best is regressed on all numbers together: a sum of a cubic a number, in normal scores, by least squares
//! with a slight ridge (Strong, Oakley & Brennan 2014 regress on splines). As for one number, each sixteenth of the worlds is told by a
//! regression on the others. What knowing all of them is worth is shared among them as Shapley (1953) shares what a coalition brings: by
//! what each adds to those known before it, averaged over orders in which they may be learned.

use detente_math::{SCRAMBLES, Slope, Stream, path_key};

use super::{Choice, greatest};

/// Terms of a number: its score, its square and its cube, as Hermite's polynomials have them.
const TERMS: usize = 3;
/// Of what is explained so much is left out, so that nothing explodes where numbers say nearly the same.
const RIDGE: f64 = 1e-3;
/// Orders in which numbers are learned; each is gone through from its end, too.
const ORDERS: u64 = 16;

/// By choice other than the best: what it is expected to pay beyond the best.
pub(crate) struct Together<'a> {
    choice: &'a Choice,
    others: Vec<Other>,
    inputs: usize,
}

struct Other {
    choice: usize,
    /// By world: where nothing is known.
    base: Vec<f64>,
    /// By number, by world: what its being as it is adds.
    adds: Vec<Vec<f64>>,
}

impl Choice {
    /// The same with several numbers: `scores` by number, by world, as [`Ranks::scores`](detente_math::Ranks::scores) has them; `weights` of worlds.
    pub(crate) fn together(&self, scores: &[Vec<f64>], weights: &[f64]) -> Together<'_> {
        let worlds: Vec<usize> = (0..self.payoffs[self.best].len())
            .filter(|world| self.told_in(*world))
            .collect();
        let features: Vec<Vec<f64>> = worlds.iter().map(|w| features(scores, *w)).collect();
        let others = (0..self.payoffs.len()).filter(|choice| *choice != self.best);
        let others = others.map(|choice| {
            let beyond = |w: &usize| self.payoffs[choice][*w] - self.payoffs[self.best][*w];
            let pays: Vec<f64> = worlds.iter().map(beyond).collect();
            let all = self.payoffs[choice].len();
            let mut other = Other {
                choice,
                base: vec![f64::NAN; all],
                adds: vec![vec![0.0; all]; scores.len()],
            };
            let own: Vec<f64> = worlds.iter().map(|w| weights[*w]).collect();
            other.fit((&worlds, &features), &pays, &own);
            other
        });
        Together {
            choice: self,
            others: others.collect(),
            inputs: scores.len(),
        }
    }
}

/// What a world's payoffs are explained by: one, and the terms of each number.
fn features(scores: &[Vec<f64>], world: usize) -> Vec<f64> {
    let mut features = Vec::with_capacity(1 + TERMS * scores.len());
    features.push(1.0);
    for of in scores {
        let z = if of[world].is_nan() { 0.0 } else { of[world] };
        features.extend([
            z,
            (z * z - 1.0) / 2_f64.sqrt(),
            (z * z * z - 3.0 * z) / 6_f64.sqrt(),
        ]);
    }
    features
}

impl Other {
    /// Regresses what it pays, group by group on the worlds of the others.
    fn fit(&mut self, (worlds, features): (&[usize], &[Vec<f64>]), pays: &[f64], weights: &[f64]) {
        let groups = usize::try_from(SCRAMBLES).unwrap_or(1);
        let size = features.first().map_or(0, Vec::len);
        let none = || Sums {
            slope: Slope {
                gradient: vec![0.0; size],
                information: vec![0.0; size * size],
            },
            pays: 0.0,
            weight: 0.0,
        };
        let mut sums: Vec<Sums> = (0..groups).map(|_| none()).collect();
        for (place, world) in worlds.iter().enumerate() {
            sums[world % groups].add(&features[place], pays[place], weights[place]);
        }
        let mut all = none();
        for own in &sums {
            all.plus(own, 1.0);
        }
        let told: Vec<Option<(f64, Vec<f64>)>> = sums
            .iter()
            .map(|own| {
                let mut rest = none();
                rest.plus(&all, 1.0);
                rest.plus(own, -1.0);
                rest.weights()
            })
            .collect();
        for (place, world) in worlds.iter().enumerate() {
            let Some((mean, weights)) = &told[world % groups] else {
                continue;
            };
            self.base[*world] = mean + weights[0];
            for (number, adds) in self.adds.iter_mut().enumerate() {
                let terms = 1 + TERMS * number..1 + TERMS * (number + 1);
                adds[*world] = terms.map(|t| weights[t] * features[place][t]).sum();
            }
        }
    }
}

/// Sums of products over worlds.
struct Sums {
    slope: Slope,
    pays: f64,
    weight: f64,
}

impl Sums {
    fn add(&mut self, features: &[f64], pays: f64, weight: f64) {
        let size = features.len();
        for (i, x) in features.iter().enumerate() {
            self.slope.gradient[i] += weight * x * pays;
            for (j, y) in features.iter().enumerate().take(i + 1) {
                self.slope.information[i * size + j] += weight * x * y;
            }
        }
        self.pays += weight * pays;
        self.weight += weight;
    }

    fn plus(&mut self, other: &Self, times: f64) {
        let lists = [
            (&mut self.slope.gradient, &other.slope.gradient),
            (&mut self.slope.information, &other.slope.information),
        ];
        for (own, other) in lists {
            own.iter_mut().zip(other).for_each(|(x, y)| *x += times * y);
        }
        self.pays += times * other.pays;
        self.weight += times * other.weight;
    }

    /// The mean of what is explained, and the weights of what explains how far it lies from that.
    fn weights(mut self) -> Option<(f64, Vec<f64>)> {
        if self.weight <= 0.0 {
            return None;
        }
        let size = self.slope.gradient.len();
        let mean = self.pays / self.weight;
        for i in 0..size {
            // The sum of a feature stands beside the first, which is 1 in every world.
            self.slope.gradient[i] -= mean * self.slope.information[i * size];
            for j in 0..i {
                self.slope.information[j * size + i] = self.slope.information[i * size + j];
            }
        }
        Some((mean, self.slope.step(RIDGE)?))
    }
}

impl Together<'_> {
    /// By world: how much more than the best choice pays the one that is taken once all numbers are known.
    pub(crate) fn gains(&self) -> Vec<f64> {
        let mut fitted = self.nothing_known();
        for number in 0..self.inputs {
            self.learn(&mut fitted, number);
        }
        self.gain(&fitted)
    }

    /// By number, by world: what of that is owed to its being known.
    pub(crate) fn parts(&self) -> Vec<Vec<f64>> {
        let worlds = self.choice.payoffs[self.choice.best].len();
        let mut parts = vec![vec![0.0; worlds]; self.inputs];
        let orders = orders(self.inputs);
        for order in &orders {
            let mut fitted = self.nothing_known();
            // Before anything is known the best is chosen, whatever the regressions on parts of the worlds have for their means.
            let mut before = self.choice.by_world(|_| self.choice.best);
            for number in order {
                self.learn(&mut fitted, *number);
                let after = self.gain(&fitted);
                for ((part, after), before) in parts[*number].iter_mut().zip(&after).zip(&before) {
                    *part += (after - before) / orders.len() as f64;
                }
                before = after;
            }
        }
        parts
    }

    fn nothing_known(&self) -> Vec<Vec<f64>> {
        self.others.iter().map(|other| other.base.clone()).collect()
    }

    fn learn(&self, fitted: &mut [Vec<f64>], number: usize) {
        for (fitted, other) in fitted.iter_mut().zip(&self.others) {
            let adds = other.adds[number].iter();
            fitted.iter_mut().zip(adds).for_each(|(x, add)| *x += add);
        }
    }

    fn gain(&self, fitted: &[Vec<f64>]) -> Vec<f64> {
        self.choice.by_world(|world| {
            let pays: Vec<f64> = fitted.iter().map(|fitted| fitted[world]).collect();
            let best = greatest(&pays);
            // What is expected to pay as much is no reason to choose otherwise.
            match pays.get(best) {
                Some(pays) if *pays > 0.0 => self.others[best].choice,
                _ => self.choice.best,
            }
        })
    }
}

/// Orders of so many numbers, each beside the same from its end.
fn orders(numbers: usize) -> Vec<Vec<usize>> {
    let one = |index: u64| {
        let mut order: Vec<usize> = (0..numbers).collect();
        let key = |number: &usize| {
            let path = path_key(&format!("order of learning {number}"));
            Stream::default().uniform(path, index)
        };
        order.sort_by(|a, b| key(a).total_cmp(&key(b)));
        order
    };
    let there = (0..ORDERS).map(one);
    there
        .flat_map(|order| {
            let back = order.iter().rev().copied().collect();
            [order, back]
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use detente_math::{
        Mean, Sampler, mean_of_groups, normal_cdf, normal_pdf, normal_quantile, path_key,
    };

    use super::super::Choice;

    fn normal(path: &str, n: usize) -> Vec<f64> {
        let key = path_key(path);
        (0..n as u64)
            .map(|w| normal_quantile(Sampler::Quasi.uniform(5, key, w)))
            .collect()
    }

    fn mean(values: &[f64]) -> Mean {
        mean_of_groups(values.iter().copied(), 16)
    }

    fn unit_loss(a: f64, s: f64) -> f64 {
        s * normal_pdf(a / s) + a * normal_cdf(a / s) - a.max(0.0)
    }

    /// Linear in normal numbers: what each set of them is worth has a closed form, and so has what Shapley gives to each.
    #[test]
    fn what_several_numbers_are_worth_is_shared_as_shapley_has_it() {
        let n = 16_384;
        let slopes = [1.0, 0.5];
        let scores = ["a", "b", "c"].map(|path| normal(path, n));
        for a in [-1.2, 0.0, 0.4] {
            let pays: Vec<f64> = (0..n)
                .map(|w| a + slopes[0] * scores[0][w] + slopes[1] * scores[1][w])
                .collect();
            let choice = Choice::new(vec![vec![0.0; n], pays], |of| mean(of).value);
            let together = choice.together(&scores, &vec![1.0; n]);
            let spread = (slopes[0] * slopes[0] + slopes[1] * slopes[1]).sqrt();
            let [one, two, both] = [slopes[0], slopes[1], spread].map(|s| unit_loss(a, s));
            let all = mean(&together.gains());
            assert!((all.value - both).abs() < 0.012, "{a}: {all:?}, {both}");
            let parts: Vec<Mean> = together.parts().iter().map(|part| mean(part)).collect();
            let exact = [0.5 * (one + both - two), 0.5 * (two + both - one)];
            for (part, exact) in parts.iter().zip(exact) {
                assert!((part.value - exact).abs() < 0.012, "{a}: {part:?}, {exact}");
            }
            // One that reaches nothing has nothing of it (choosing by it costs a little, if anything), and all parts are the whole.
            let none = parts[2];
            assert!(
                none.value.abs() < 0.006 && none.value < 2.5 * none.error + 1e-12,
                "{none:?}"
            );
            let sum: f64 = parts.iter().map(|part| part.value).sum();
            assert!((sum - all.value).abs() < 1e-9);
        }
    }

    /// Neither number turns the verdict alone, both together do.
    #[test]
    fn numbers_that_turn_nothing_alone_have_their_parts() {
        let n = 8192;
        let scores = ["a", "b"].map(|path| normal(path, n));
        // Where either is lowest it still holds in more than half of all worlds; where both are, it does not.
        let low = |w: usize| normal_cdf(scores[0][w]) + normal_cdf(scores[1][w]) - 1.0;
        let chance: Vec<f64> = (0..n).map(|w| 0.65 + 0.28 * low(w)).collect();
        let choice = Choice::verdict(&chance, |of| mean(of).value);
        for of in &scores {
            let alone = mean(&choice.gains(&detente_math::Ranks::new(of)));
            assert!(alone.value.abs() < 1e-3, "{alone:?}");
        }
        let together = choice.together(&scores, &vec![1.0; n]);
        let parts: Vec<Mean> = together.parts().iter().map(|part| mean(part)).collect();
        for part in &parts {
            assert!(
                part.value > 4.0 * part.error && part.value > 0.003,
                "{part:?}"
            );
        }
        let all = mean(&choice.gains_of_all()).value;
        assert!((mean(&together.gains()).value - all).abs() < 0.002);
    }

    #[test]
    fn nothing_told_is_nothing_gained() {
        let choice = Choice::verdict(&[f64::NAN; 32], |of| mean(of).value);
        let together = choice.together(&[vec![0.0; 32]], &[1.0; 32]);
        assert!(together.gains().iter().all(|gain| gain.is_nan()));
    }
}
