//! Which inputs move an answer most: first-order indices from the worlds already run.

use detente_case::{Case, Draw};
use detente_math::{Stream, path_key};

/// Bins of an input's uniform number.
const BINS: usize = 16;

/// An input and how much of an answer's spread it explains alone.
#[derive(Clone, Debug, PartialEq)]
pub struct Mover {
    /// The input's path.
    pub path: String,
    /// First-order index: share of the answer's variance between worlds explained by this input alone, in [0, 1].
    pub index: f64,
    /// Mean of the answer in the lowest and in the highest eighth of the input's range.
    pub ends: (f64, f64),
    /// Is the input a placeholder?
    pub placeholder: bool,
    /// Is it a default that nobody stated?
    pub default: bool,
}

/// The inputs that explain more of `answer` (one number a world, from world 0) than sampling noise would, greatest first.
///
/// First-order index by binning the uniform number that drew the input (Saltelli et al. 2008, section 1.2.13: variance of
/// the conditional mean), less its bias under no effect, `(bins − 1)/(n − 1)` of the variance left. An index counts only
/// above three times that bias.
pub(crate) fn movers(case: &Case, stream: Stream, answer: &[f64]) -> Vec<Mover> {
    let known: Vec<(u64, f64)> = answer
        .iter()
        .enumerate()
        .filter(|(_, y)| !y.is_nan())
        .map(|(world, y)| (world as u64, *y))
        .collect();
    let n = known.len() as f64;
    if known.len() < 4 * BINS {
        return Vec::new();
    }
    let mean = known.iter().map(|(_, y)| y).sum::<f64>() / n;
    let variance = known
        .iter()
        .map(|(_, y)| (y - mean) * (y - mean))
        .sum::<f64>()
        / n;
    if variance <= 0.0 {
        return Vec::new();
    }
    let noise = (BINS as f64 - 1.0) / (n - 1.0);
    let mut movers: Vec<Mover> = case
        .inputs
        .iter()
        .filter(|input| input.awaits.is_none())
        .filter(|input| matches!(&input.draw, Draw::Own(d) if d.exact().is_none()))
        .filter_map(|input| {
            let key = path_key(&input.path);
            let mut bins = [(0.0, 0.0); BINS];
            for (world, y) in &known {
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "below the number of bins"
                )]
                let bin = (stream.uniform(key, *world) * BINS as f64) as usize;
                bins[bin].0 += 1.0;
                bins[bin].1 += y - mean;
            }
            let between: f64 = bins
                .iter()
                .filter(|b| b.0 > 0.0)
                .map(|(count, sum)| sum * sum / count)
                .sum::<f64>()
                / n;
            let raw = between / variance;
            let index = (raw - noise * (1.0 - raw)).clamp(0.0, 1.0);
            let end =
                |pair: [(f64, f64); 2]| mean + (pair[0].1 + pair[1].1) / (pair[0].0 + pair[1].0);
            (index > 3.0 * noise).then(|| Mover {
                path: input.path.clone(),
                index,
                ends: (
                    end([bins[0], bins[1]]),
                    end([bins[BINS - 2], bins[BINS - 1]]),
                ),
                placeholder: input.status == detente_case::Status::Placeholder,
                default: input.status == detente_case::Status::Default,
            })
        })
        .collect();
    movers.sort_by(|a, b| b.index.total_cmp(&a.index).then(a.path.cmp(&b.path)));
    movers
}
