//! Certificate of the solution points besides Nash's: every package listed, every point from its definition.
//!
//! No-deal values are read off the claimed margins of a named package, which are certified on their own: integrated ones are
//! not exact enough to tell ties from near misses.

use detente_core::{DealValue, Fate, PartySet, Preferences, Question, RowView, each_combination};

use super::{EGALITARIAN, KALAI_SMORODINSKY, LOTTERY_SIZE, MARGIN, UTILITARIAN, ZONE, profiles};
use crate::Identity;
use crate::conformance::within;

/// Packages listed for this at most.
const LISTED: u128 = 20_000;
/// Vectors this near are tied: what is computed on a grid of a billionth of a scale of a hundred points, with room.
const TIED: f64 = 1e-6;
/// Greatest difference from what is found here.
const SLACK: f64 = 1e-5;

/// Checks the claimed points; how many, or what is wrong.
pub(super) fn check(question: Question, answer: RowView) -> Result<usize, String> {
    let Question { setting, world } = question;
    let few = setting.combination_count() <= LISTED;
    if answer.get(ZONE, &[]).is_nan() || setting.packages.is_empty() || !few {
        return Ok(0);
    }
    let mut preferences = Preferences::default();
    preferences.compute(setting, world);
    let deal = |t: usize, package: &[u8]| {
        Identity.worth(setting, world, &preferences, t, package, &[Fate::Deal])
    };
    let bars: Vec<f64> = (0..setting.types.len())
        .map(|t| deal(t, &setting.packages[0].choice) - answer.get(MARGIN, &[t, 0]))
        .collect();
    let all: Vec<usize> = (0..setting.issues.len()).collect();
    let mut checked = 0;
    for (s, needed) in setting.needed_sets.iter().enumerate() {
        let mut sums = Sums::default();
        let mut profiles_of = Vec::new();
        profiles::for_each(setting, world, *needed, |types, prior| {
            profiles_of.push((types.to_vec(), prior));
        });
        for (types, prior) in profiles_of {
            let mut vectors: Vec<Vec<f64>> = Vec::new();
            each_combination(setting, &all, &mut vec![0; all.len()], &mut |package| {
                let asked = setting.signatories().union(setting.performers(package));
                let crossed =
                    |t: &usize| Preferences::crossed(setting, world, *t, package).is_some();
                if asked != *needed || !setting.allows(package) || types.iter().any(crossed) {
                    return;
                }
                let margins: Vec<f64> =
                    types.iter().map(|t| deal(*t, package) - bars[*t]).collect();
                // A package on the very edge may count or not.
                if margins.iter().all(|m| *m >= -TIED) {
                    vectors.push(margins);
                }
            });
            if vectors.iter().any(|v| v.iter().any(|m| m.abs() < 1e-4)) {
                sums.unsure = true;
            }
            if !vectors.is_empty() {
                sums.add(&vectors, prior);
            }
        }
        checked += sums.compare(s, *needed, answer)?;
    }
    Ok(checked)
}

#[derive(Default)]
struct Sums {
    unsure: bool,
    weight: [f64; 3],
    margins: [Vec<f64>; 3],
    /// Worst-off margin that lotteries reach; NaN where that is not found here.
    lottery: f64,
}

impl Sums {
    fn add(&mut self, vectors: &[Vec<f64>], prior: f64) {
        let n = vectors[0].len();
        let ideal: Vec<f64> = (0..n)
            .map(|i| vectors.iter().map(|v| v[i]).fold(0.0, f64::max))
            .collect();
        let gains: Vec<usize> = (0..n).filter(|i| ideal[*i] > TIED).collect();
        let shares = |v: &[f64]| sorted(gains.iter().map(|i| v[*i] / ideal[*i]));
        let egalitarian = |v: &[f64]| sorted(v.iter().copied());
        let sum = |v: &[f64]| vec![v.iter().sum::<f64>()];
        let points = [
            (!gains.is_empty()).then(|| mean_of_best(vectors, &shares)),
            Some(mean_of_best(vectors, &egalitarian)),
            Some(mean_of_best(vectors, &sum)),
        ];
        for ((weight, margins), point) in self.weight.iter_mut().zip(&mut self.margins).zip(points)
        {
            if let Some(point) = point {
                *weight += prior;
                margins.resize(n, 0.0);
                for (sum, x) in margins.iter_mut().zip(point) {
                    *sum += prior * x;
                }
            }
        }
        self.lottery += prior * by_duality(vectors).unwrap_or(f64::NAN);
    }

    fn compare(&self, s: usize, needed: PartySet, answer: RowView) -> Result<usize, String> {
        if self.unsure {
            return Ok(0);
        }
        let claims = [KALAI_SMORODINSKY, EGALITARIAN, UTILITARIAN];
        let mut checked = 0;
        for ((quantity, weight), margins) in claims.into_iter().zip(self.weight).zip(&self.margins)
        {
            for (place, party) in needed.iter().enumerate() {
                let claimed = answer.get(quantity, &[s, party]);
                let found = margins.get(place).map_or(f64::NAN, |sum| sum / weight);
                let right = within(claimed, found, SLACK) || (weight == 0.0 && claimed.is_nan());
                if !right {
                    return Err(format!(
                        "solution point {quantity} of party {party}, needed set {s}: claimed {claimed}, found {found}"
                    ));
                }
                checked += 1;
            }
        }
        let claimed = answer.get(LOTTERY_SIZE, &[s]);
        let found = self.lottery / self.weight[1];
        let told = self.weight[1] > 0.0 && !found.is_nan();
        if told && !within(claimed, found, SLACK) {
            return Err(format!(
                "lotteries of needed set {s}: claimed {claimed}, found {found}"
            ));
        }
        Ok(checked + usize::from(told))
    }
}

fn sorted(values: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values
}

/// The worst-off margin that a lottery over the vectors reaches: by duality the least, over weights of the parties that sum to
/// one, of the greatest weighted margin. That is convex in the weights, and is found by ternary search; up to three parties.
fn by_duality(vectors: &[Vec<f64>]) -> Option<f64> {
    let most = |weights: &[f64]| {
        let weigh = |v: &Vec<f64>| -> f64 { v.iter().zip(weights).map(|(m, w)| m * w).sum() };
        vectors.iter().map(weigh).fold(f64::NEG_INFINITY, f64::max)
    };
    match vectors[0].len() {
        1 => Some(most(&[1.0])),
        2 => Some(least(1.0, &|a| most(&[a, 1.0 - a]))),
        3 => Some(least(1.0, &|a| {
            least(1.0 - a, &|b| most(&[a, b, 1.0 - a - b]))
        })),
        _ => None,
    }
}

/// The least of a convex function on [0, `high`], by ternary search.
fn least(mut high: f64, f: &dyn Fn(f64) -> f64) -> f64 {
    /// Thirds cut off: (2/3)^60 is 3e-11.
    const CUTS: usize = 60;
    let mut low = 0.0;
    for _ in 0..CUTS {
        let third = (high - low) / 3.0;
        if f(low + third) < f(high - third) {
            high -= third;
        } else {
            low += third;
        }
    }
    f(0.5 * (low + high))
}

/// Mean of the distinct vectors whose key is greatest, compared entry by entry.
fn mean_of_best(vectors: &[Vec<f64>], key: &dyn Fn(&[f64]) -> Vec<f64>) -> Vec<f64> {
    let better = |a: &[f64], b: &[f64]| {
        let differs = a.iter().zip(b).find(|(x, y)| (**x - **y).abs() > TIED);
        differs.is_some_and(|(x, y)| x > y)
    };
    let mut best: Vec<&Vec<f64>> = Vec::new();
    let mut greatest: Vec<f64> = Vec::new();
    for vector in vectors {
        let own = key(vector);
        if best.is_empty() || better(&own, &greatest) {
            (best, greatest) = (vec![vector], own);
        } else if !better(&greatest, &own) {
            let same =
                |known: &&Vec<f64>| known.iter().zip(vector).all(|(x, y)| (x - y).abs() <= TIED);
            if !best.iter().any(same) {
                best.push(vector);
            }
        }
    }
    let n = best.len() as f64;
    (0..vectors[0].len())
        .map(|i| best.iter().map(|v| v[i]).sum::<f64>() / n)
        .collect()
}
