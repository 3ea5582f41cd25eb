//! How sure means of scores are.

use detente_math::Interval;

/// A mean of scores.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Summary {
    /// The mean over forecasts.
    pub mean: f64,
    /// Where it lies when questions are drawn again; nothing with fewer than [`FEW`](detente_math::FEW).
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
    let sums: Vec<[f64; 2]> = questions.into_iter().map(|(_, sums)| sums).collect();
    let draws = ("ledger.questions_drawn_again", 1);
    (detente_math::drawn_again(&sums, draws, ratio), sums.len())
}
