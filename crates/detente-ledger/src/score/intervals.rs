//! How sure means of scores and shares of what happened are.

use detente_math::{beta_quantile, path_key, quantile_sorted, uniform};

use super::FEW;

/// How much of what could have come out lies in an interval: from the 5th to the 95th percentile.
const TAIL: f64 = 0.05;
/// Times that the questions are drawn again.
const TIMES: usize = 2000;

/// An interval from the 5th to the 95th percentile.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// Its low end.
    pub low: f64,
    /// Its high end.
    pub high: f64,
}

/// A mean of scores.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Summary {
    /// The mean over forecasts.
    pub mean: f64,
    /// Where it lies when questions are drawn again; nothing with fewer than [`FEW`].
    pub interval: Option<Interval>,
    /// Forecasts.
    pub forecasts: usize,
    /// Questions that they are of.
    pub questions: usize,
}

impl Summary {
    /// The mean of scores, each with its question.
    pub(super) fn of(scored: &[(&str, f64)]) -> Self {
        let ones: Vec<(&str, [f64; 2])> = scored.iter().map(|(q, s)| (*q, [*s, 1.0])).collect();
        let (interval, questions) = drawn_again(&ones, |[sum, count]| sum / count);
        Self {
            mean: scored.iter().map(|(_, score)| score).sum::<f64>() / scored.len() as f64,
            interval,
            forecasts: scored.len(),
            questions,
        }
    }
}

/// Where a ratio of two sums lies when the questions that they go over are drawn again, with replacement, and how many questions there are.
/// Forecasts of one question share its luck: they are drawn together. The draws are the same each time.
pub(super) fn drawn_again(
    scored: &[(&str, [f64; 2])],
    ratio: impl Fn([f64; 2]) -> f64,
) -> (Option<Interval>, usize) {
    let mut questions: Vec<(&str, [f64; 2])> = Vec::new();
    for (question, [a, b]) in scored {
        match questions.iter_mut().find(|(known, _)| known == question) {
            Some((_, sums)) => {
                sums[0] += a;
                sums[1] += b;
            }
            None => questions.push((question, [*a, *b])),
        }
    }
    let count = questions.len();
    if count < FEW {
        return (None, count);
    }
    let key = path_key("ledger.questions_drawn_again");
    let mut found: Vec<f64> = (0..TIMES)
        .map(|time| {
            let mut sums = [0.0; 2];
            for draw in 0..count {
                let u = uniform(1, key, (time * count + draw) as u64);
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "below the number of questions"
                )]
                let place = ((u * count as f64) as usize).min(count - 1);
                sums[0] += questions[place].1[0];
                sums[1] += questions[place].1[1];
            }
            ratio(sums)
        })
        .filter(|ratio| !ratio.is_nan())
        .collect();
    found.sort_by(f64::total_cmp);
    let interval = Interval {
        low: quantile_sorted(&found, TAIL),
        high: quantile_sorted(&found, 1.0 - TAIL),
    };
    let told = !interval.low.is_nan() && !interval.high.is_nan();
    (told.then_some(interval), count)
}

/// Between which chances `happened` of `all` is no surprise: the exact interval of Clopper & Pearson (1934), which holds the true chance nine
/// times of ten at least.
pub fn proportion(happened: usize, all: usize) -> Interval {
    let (k, n) = (happened as f64, all as f64);
    Interval {
        low: if happened == 0 {
            0.0
        } else {
            beta_quantile(TAIL, k, n - k + 1.0)
        },
        high: if happened == all {
            1.0
        } else {
            beta_quantile(1.0 - TAIL, k + 1.0, n - k)
        },
    }
}
