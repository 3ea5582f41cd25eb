//! How much of an answer's spread one input explains alone, read off the order in which the input sorts the worlds.

use crate::{Mean, effective_size, mean, normal_quantile, philox4x32_10, weighted_mean};

/// Parts of an input's range in which an answer is told.
pub const EIGHTHS: usize = 8;

/// Worlds sorted by an input, each with its neighbours in that order.
///
/// The index of an answer is the mean product of what a world and its neighbours answer, over the variance: worlds that are next to one
/// another in the input share its effect and nothing else (Chatterjee 2021, Journal of the American Statistical Association 116; Gamboa,
/// Gremaud, Klein & Lagnoux 2022, Bernoulli 28, for the first-order index). With a single neighbour its noise would fall by the square
/// root of the worlds alone; many (Lin & Han 2023, Biometrika 110) bring it near the noise of the best bins, without their edges.
#[derive(Clone, Debug)]
pub struct Ranks {
    /// Worlds, increasing in the input; of equals in an order that has nothing to do with their number.
    order: Vec<u32>,
    /// By place in the order: where worlds with the same number begin and end.
    equals: Vec<[u32; 2]>,
    /// By place in the order: what a world counts. Empty where all count alike.
    weights: Vec<f64>,
}

/// Neighbours on either side: their number grows slower than that of the worlds, so that what is smoothed over shrinks.
fn reach(worlds: usize) -> usize {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "below the number of worlds"
    )]
    let wanted = (0.4 * libm::pow(worlds as f64, 2.0 / 3.0)).round() as usize;
    wanted.max(1)
}

impl Ranks {
    /// Sorts worlds 0..n by the number that an input has in each.
    pub fn new(input: &[f64]) -> Self {
        let count = u32::try_from(input.len()).expect("fewer worlds than four thousand million");
        let number = |world: &u32| input[*world as usize];
        let mut order: Vec<u32> = (0..count).collect();
        order.sort_by(|a, b| {
            let by_value = number(a).total_cmp(&number(b));
            by_value.then_with(|| shuffled(*a).cmp(&shuffled(*b)))
        });
        let mut equals = Vec::with_capacity(order.len());
        while equals.len() < order.len() {
            let from = equals.len();
            let value = number(&order[from]);
            let same = order[from..].iter().take_while(|w| number(w) == value);
            // A number that equals nothing, not even itself, stands alone.
            block(from + same.count().max(1), &mut equals);
        }
        Self {
            order,
            equals,
            weights: Vec::new(),
        }
    }

    /// The same order of worlds that count by these weights.
    #[must_use]
    pub fn weighted(mut self, weights: &[f64]) -> Self {
        let alike = weights.iter().all(|w| *w == 1.0);
        self.weights = if alike {
            Vec::new()
        } else {
            self.order.iter().map(|w| weights[*w as usize]).collect()
        };
        self
    }

    /// What the world at a place of the order counts.
    fn weight(&self, place: usize) -> f64 {
        self.weights.get(place).copied().unwrap_or(1.0)
    }

    /// How many worlds that count alike they are worth.
    fn effective(&self) -> f64 {
        if self.weights.is_empty() {
            return self.len() as f64;
        }
        effective_size(self.weights.iter().copied())
    }

    /// How many worlds.
    pub fn len(&self) -> usize {
        self.order.len()
    }

    /// No world at all?
    pub fn is_empty(&self) -> bool {
        self.order.is_empty()
    }

    /// The order without some worlds.
    #[must_use]
    pub fn without(&self, left_out: impl Fn(usize) -> bool) -> Self {
        let worlds = self.order.iter().zip(&self.equals).enumerate();
        let kept = worlds.filter(|(_, (world, _))| !left_out(**world as usize));
        let (mut order, mut equals, mut weights) = (Vec::new(), Vec::new(), Vec::new());
        let (mut last, mut count) = (None, 0);
        for (place, (world, with)) in kept {
            weights.extend(self.weights.get(place));
            if last != Some(with) {
                block(count, &mut equals);
            }
            last = Some(with);
            order.push(*world);
            count += 1;
        }
        block(count, &mut equals);
        Self {
            order,
            equals,
            weights,
        }
    }

    /// By world: the normal score of its place in the order; equals share the middle of theirs. NaN for worlds that are not in it.
    pub fn scores(&self, worlds: usize) -> Vec<f64> {
        let mut scores = vec![f64::NAN; worlds];
        for (world, [first, end]) in self.order.iter().zip(&self.equals) {
            let middle = 0.5 * (f64::from(*first) + f64::from(*end));
            scores[*world as usize] = normal_quantile(middle / self.len() as f64);
        }
        scores
    }

    /// The neighbours of a place, itself among them: of many equals only equals, else those within reach.
    fn around(&self, place: usize, reach: usize) -> (usize, usize) {
        let (mut from, mut to) = (
            place.saturating_sub(reach),
            (place + reach + 1).min(self.len()),
        );
        let [first, end] = self.equals[place].map(|place| place as usize);
        if end - first > reach {
            (from, to) = (from.max(first), to.min(end));
        }
        (from, to)
    }

    /// First-order index of an answer, by world: the share of its variance that the input explains alone. Sampling noise can take it
    /// below 0; without an effect its expectation is 0. NaN with fewer than three worlds or without any variance.
    pub fn index(&self, answer: &[f64]) -> f64 {
        let worlds = || {
            let places = self.order.iter().enumerate();
            places.map(|(place, world)| (self.weight(place), answer[*world as usize]))
        };
        let n: f64 = worlds().map(|(weight, _)| weight).sum();
        let mean = worlds().map(|(weight, x)| weight * x).sum::<f64>() / n;
        // Sums of what deviates from the mean, and of weights, up to each place.
        let mut sums = Vec::with_capacity(self.len() + 1);
        let (mut sum, mut all) = (0.0, 0.0);
        let mut variance = 0.0;
        sums.push((0.0, 0.0));
        for (weight, x) in worlds() {
            let from_mean = x - mean;
            variance += weight * from_mean * from_mean / n;
            sum += weight * from_mean;
            all += weight;
            sums.push((sum, all));
        }
        if self.len() < 3 || variance <= 0.0 {
            return f64::NAN;
        }
        let reach = reach(self.len());
        let mut product = 0.0;
        for (place, world) in self.order.iter().enumerate() {
            let (from, to) = self.around(place, reach);
            let (weight, own) = (self.weight(place), answer[*world as usize] - mean);
            let (sum, all) = (sums[to].0 - sums[from].0, sums[to].1 - sums[from].1);
            if to - from > 1 {
                product += weight * own * (sum - weight * own) / (all - weight);
            }
        }
        // Of all worlds but one the mean is a little off the other way.
        product / n / variance + 1.0 / (self.effective() - 1.0)
    }

    /// What an answer is on average where the input is as in each world, by world: the mean of its neighbours that are of other groups than
    /// its own (world `w` is of group `w % groups`), so that no world has a say in what is expected of it. NaN for worlds that are not
    /// in the order, and where all neighbours are of one group.
    ///
    /// A nonparametric regression on the input (the nearest neighbours of Stone 1977, Annals of Statistics 5), fitted without the
    /// worlds that it is held against.
    pub fn held_out(&self, answer: &[f64], groups: usize) -> Vec<f64> {
        let groups = groups.max(1);
        // Sums of answers and of weights up to each place: of all worlds, then of each group.
        let mut all = vec![(0.0, 0.0); self.len() + 1];
        let mut own = vec![vec![(0.0, 0.0); self.len() + 1]; groups];
        for (place, world) in self.order.iter().enumerate() {
            let weight = self.weight(place);
            let counted =
                |(sum, count): (f64, f64)| (sum + weight * answer[*world as usize], count + weight);
            all[place + 1] = counted(all[place]);
            for (group, sums) in own.iter_mut().enumerate() {
                let same = *world as usize % groups == group;
                sums[place + 1] = if same {
                    counted(sums[place])
                } else {
                    sums[place]
                };
            }
        }
        let reach = reach(self.len());
        let mut expected = vec![f64::NAN; answer.len()];
        for (place, world) in self.order.iter().enumerate() {
            let (from, to) = self.around(place, reach);
            let within =
                |sums: &[(f64, f64)]| (sums[to].0 - sums[from].0, sums[to].1 - sums[from].1);
            let (sum, count) = within(&all);
            let (own_sum, own_count) = within(&own[*world as usize % groups]);
            if groups > 1 && count - own_count > 0.0 {
                expected[*world as usize] = (sum - own_sum) / (count - own_count);
            }
        }
        expected
    }

    /// The index that an input without any effect stays below with chance `1 − doubt`: products of neighbours are a sum of squares as
    /// free as there are separate neighbourhoods (Satterthwaite 1946), whose quantile is Wilson & Hilferty's (1931).
    pub fn noise(&self, doubt: f64) -> f64 {
        let reach = reach(self.len());
        let freedom: f64 = (0..self.len())
            .map(|place| {
                let (from, to) = self.around(place, reach);
                1.0 / ((to - from - 1).max(1) as f64)
            })
            .sum();
        // Worlds that count unlike are as few as those that would count alike.
        beyond(freedom, doubt) / self.effective()
    }

    /// Mean answer over each eighth of the worlds, lowest first, with its standard error from the scatter within it; worlds that equal
    /// the first or the last of an eighth count in it. NaN where there is no world.
    pub fn course(&self, answer: &[f64]) -> [Mean; EIGHTHS] {
        let n = self.len();
        let eighth = n.div_ceil(EIGHTHS);
        std::array::from_fn(|k| {
            let Some(last) = n.checked_sub(1) else {
                return mean(std::iter::empty());
            };
            // The highest eighth is as full as the lowest, however many worlds there are.
            let from = (k * n / EIGHTHS).min(n - eighth);
            let to = (from + eighth - 1).min(last);
            let (from, to) = (self.equals[from][0] as usize, self.equals[to][1] as usize);
            let answers = self.order[from..to].iter().map(|w| answer[*w as usize]);
            weighted_mean(answers, (from..to).map(|place| self.weight(place)), 1)
        })
    }
}

/// Ends a block of places with the same number before place `to`.
fn block(to: usize, equals: &mut Vec<[u32; 2]>) {
    let ends =
        [equals.len(), to].map(|place| u32::try_from(place).expect("at most as many as worlds"));
    equals.resize(to, ends);
}

/// The same as [`Ranks::noise`] for an input without equals in so many worlds: what can be seen before anything is sorted.
pub fn visible_index(worlds: usize, doubt: f64) -> f64 {
    let n = worlds as f64;
    beyond(n / (2.0 * reach(worlds) as f64), doubt) / n
}

/// How far the upper quantile of a chi-squared variable lies above its mean.
fn beyond(freedom: f64, doubt: f64) -> f64 {
    let spread = 2.0 / (9.0 * freedom);
    let root = 1.0 - spread - normal_quantile(doubt) * spread.sqrt();
    freedom * (root * root * root - 1.0)
}

/// A number of a world that says nothing of its place.
fn shuffled(world: u32) -> u64 {
    let [a, b, ..] = philox4x32_10([world, 0, 0, 0], [0x7261_6e6b, 0]);
    u64::from(a) << 32 | u64::from(b)
}

#[cfg(test)]
mod tests {
    use super::{Ranks, visible_index};
    use crate::{normal_quantile, path_key, uniform};

    fn draws(name: &str, n: usize) -> Vec<f64> {
        let key = path_key(name);
        (0..n as u64).map(|world| uniform(3, key, world)).collect()
    }

    /// Ishigami's function, whose indices are known: .3139, .4424 and 0 (Ishigami & Homma 1990).
    #[test]
    fn known_indices() {
        let pi = std::f64::consts::PI;
        for (n, off) in [(512, 0.1), (4096, 0.03), (32768, 0.012)] {
            let at = |name| -> Vec<f64> {
                let all = draws(name, n);
                all.iter().map(|u| pi * (2.0 * u - 1.0)).collect()
            };
            let x = ["a", "b", "c"].map(at);
            let y: Vec<f64> = (0..n)
                .map(|w| {
                    let [a, b, c] = [x[0][w], x[1][w], x[2][w]];
                    let sine = libm::sin(b);
                    libm::sin(a) * (1.0 + 0.1 * c * c * c * c) + 7.0 * sine * sine
                })
                .collect();
            for (x, known) in x.iter().zip([0.3139, 0.4424, 0.0]) {
                let found = Ranks::new(x).index(&y);
                assert!((found - known).abs() < off, "{n}: {found} for {known}");
            }
        }
    }

    #[test]
    fn whatever_decides_alone_explains_all() {
        let x = draws("x", 4096);
        let of = |f: &dyn Fn(f64) -> f64| {
            let y: Vec<f64> = x.iter().map(|x| f(*x)).collect();
            Ranks::new(&x).index(&y)
        };
        assert!(of(&|x| x) > 0.99);
        assert!(of(&|x| normal_quantile(x)) > 0.98);
        assert!(of(&|x| (x - 0.5) * (x - 0.5)) > 0.99);
        assert!(of(&|x| f64::from(u8::from(x > 0.3))) > 0.95);
    }

    /// Numbers that are often equal: the share of variance between the two groups, whatever order equals stand in.
    #[test]
    fn equals_are_one() {
        let n = 2048;
        let switch: Vec<f64> = draws("s", n).iter().map(|u| (2.0 * u).floor()).collect();
        let noise = draws("e", n);
        let y: Vec<f64> = switch
            .iter()
            .zip(&noise)
            .map(|(s, e)| s + 2.0 * e)
            .collect();
        // Variances: .25 of the switch, 4/12 of the noise.
        let index = Ranks::new(&switch).index(&y);
        assert!((index - 0.25 / (0.25 + 1.0 / 3.0)).abs() < 0.03, "{index}");
        let course = Ranks::new(&switch).course(&y);
        let [low, .., high] = course.map(|part| part.value);
        assert!((low - 1.0).abs() < 0.05 && (high - 2.0).abs() < 0.05);
        assert!(course.iter().all(|part| part.error < 0.05));
        assert!(Ranks::new(&switch).index(&switch) > 0.999);
    }

    /// Without an effect the index is 0 on average, and as seldom above its noise as is said.
    #[test]
    fn noise_is_as_said() {
        for n in [128, 512, 2048] {
            let tries = 600_u32;
            let y: Vec<Vec<f64>> = vec![
                draws("y", n),
                draws("y", n)
                    .iter()
                    .map(|u| f64::from(u8::from(*u < 0.1)))
                    .collect(),
            ];
            for y in &y {
                let (mut above, mut sum) = (0, 0.0);
                for try_ in 0..tries {
                    let ranks = Ranks::new(&draws(&format!("x{try_}"), n));
                    let index = ranks.index(y);
                    sum += index;
                    above += u32::from(index > ranks.noise(0.05));
                }
                let mean = sum / f64::from(tries);
                assert!(mean.abs() < 0.2 * visible_index(n, 0.05), "{n}: {mean}");
                let share = f64::from(above) / f64::from(tries);
                assert!((0.02..0.085).contains(&share), "{n}: {share}");
            }
        }
        let ranks = Ranks::new(&draws("x", 512));
        let (exact, quick) = (ranks.noise(0.01), visible_index(512, 0.01));
        assert!((exact / quick - 1.0).abs() < 0.1, "{exact} {quick}");
    }

    #[test]
    fn scores_follow_what_was_drawn_and_equals_share_one() {
        let of = Ranks::new(&[3.0, 1.0, 1.0, 9.0]).scores(4);
        assert_eq!(of[1], of[2]);
        assert!((of[1] - normal_quantile(0.25)).abs() < 1e-15);
        assert!(of[1] < of[0] && of[0] < of[3]);
        let without = Ranks::new(&[3.0, 1.0, 1.0, 9.0])
            .without(|w| w == 1)
            .scores(4);
        assert!(without[1].is_nan() && without[2] < without[0]);
    }

    #[test]
    fn no_world_has_a_say_in_what_is_expected_of_it() {
        let n = 4096;
        let x = draws("x", n);
        let y: Vec<f64> = x.iter().map(|x| 3.0 * x).collect();
        let ranks = Ranks::new(&x);
        let expected = ranks.held_out(&y, 16);
        // A straight line is met but at its ends, where neighbours lie on one side.
        for world in 0..n {
            let off = (expected[world] - y[world]).abs();
            let inner = (0.06..0.94).contains(&x[world]);
            assert!(off < if inner { 0.02 } else { 0.1 }, "{}: {off}", x[world]);
        }
        // Whatever the answers of a group are, what is expected of them is the same.
        let moved: Vec<f64> = (0..n)
            .map(|w| y[w] + f64::from(u8::from(w % 16 == 3)) * 1e3)
            .collect();
        let again = ranks.held_out(&moved, 16);
        let of_group = (0..n).filter(|w| w % 16 == 3);
        assert!(
            of_group
                .clone()
                .all(|w| (again[w] - expected[w]).abs() < 1e-9)
        );
        assert!((0..n).any(|w| (again[w] - expected[w]).abs() > 1.0));
        // Of numbers that are often equal it is the mean of the others that equal them.
        let switch: Vec<f64> = x.iter().map(|x| f64::from(u8::from(*x > 0.3))).collect();
        let of_switch = Ranks::new(&switch).held_out(&switch, 16);
        assert_eq!(of_switch, switch);
        // Left out, a world is expected to be nothing; a weight of nothing says nothing.
        let part = ranks.without(|w| w == 7).held_out(&y, 16);
        assert!(part[7].is_nan() && part.iter().filter(|x| x.is_nan()).count() == 1);
        let weights: Vec<f64> = (0..n).map(|w| f64::from(u8::from(w % 2 == 0))).collect();
        let odd: Vec<f64> = (0..n).map(|w| y[w] + 1e3 * (1.0 - weights[w])).collect();
        let weighted = Ranks::new(&x).weighted(&weights).held_out(&odd, 16);
        let off = (0..n).map(|w| (weighted[w] - y[w]).abs());
        assert!(off.fold(0.0, f64::max) < 0.2);
    }

    #[test]
    fn leaving_out_is_sorting_the_rest() {
        let x: Vec<f64> = draws("x", 400).iter().map(|u| (20.0 * u).floor()).collect();
        let y = draws("y", 400);
        let kept: Vec<usize> = (0..400).filter(|w| w % 16 != 3).collect();
        let part = Ranks::new(&x).without(|w| w % 16 == 3);
        assert_eq!(part.len(), kept.len());
        let again = Ranks::new(&kept.iter().map(|w| x[*w]).collect::<Vec<_>>());
        let blocks = |ranks: &Ranks| ranks.equals.clone();
        assert_eq!(blocks(&part), blocks(&again));
        assert!(part.index(&y).is_finite());
        assert!(Ranks::new(&[]).is_empty());
        assert!(Ranks::new(&[1.0, 2.0]).index(&[1.0, 2.0]).is_nan());
    }
}
