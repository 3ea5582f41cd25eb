//! Proper scores, calibration, and how sure both are.
//!
//! Proper: whoever says what they believe expects the best score, and nobody else does.

use crate::{beta_quantile, path_key, quantile_sorted, uniform};

/// How much of what could have come out lies in an interval: from the 5th to the 95th percentile.
const TAIL: f64 = 0.05;
/// Times that groups are drawn again.
pub const TIMES: usize = 2000;
/// Groups below which no interval of a mean is given.
pub const FEW: usize = 10;
/// Bins of a calibration.
pub const TENTHS: usize = 10;

/// An interval from the 5th to the 95th percentile.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// Its low end.
    pub low: f64,
    /// Its high end.
    pub high: f64,
}

/// Forecasts that gave about the same chance, and how often it happened.
#[derive(Clone, Debug, PartialEq)]
pub struct Bin {
    /// The least and the greatest chance of the bin.
    pub ends: [f64; 2],
    /// Forecasts.
    pub forecasts: usize,
    /// Their mean.
    pub mean: f64,
    /// Of how many it happened.
    pub happened: usize,
    /// Between which chances that is no surprise, were the forecasts independent: [`proportion`].
    pub interval: Interval,
}

impl Bin {
    /// Which share of the forecasts happened.
    pub fn rate(&self) -> f64 {
        self.happened as f64 / self.forecasts as f64
    }
}

/// The Brier score of a chance: (p − o)², o being 1 if it happened and 0 if not (Brier 1950). 0 is best, .25 what one half always gets.
pub fn brier(chance: f64, happened: bool) -> f64 {
    let miss = chance - f64::from(u8::from(happened));
    miss * miss
}

/// The logarithmic score of a chance: −ln of what was given to what came (Good 1952). 0 is best, .693 what one half always gets, and
/// infinite what was held impossible.
pub fn log_score(chance: f64, happened: bool) -> f64 {
    let given = if happened { chance } else { 1.0 - chance };
    // Not −0 for somebody who was sure and right.
    0.0 - libm::log(given)
}

/// Forecasts by tenths of the chance that they gave, those tenths that have any.
pub fn calibration(forecasts: &[(f64, bool)]) -> Vec<Bin> {
    let tenth = |p: f64| below(p, TENTHS);
    let bin = |place: usize| {
        let inside = forecasts.iter().filter(|(p, _)| tenth(*p) == place);
        let forecasts = inside.clone().count();
        if forecasts == 0 {
            return None;
        }
        let happened = inside.clone().filter(|(_, o)| *o).count();
        Some(Bin {
            ends: [place, place + 1].map(|end| end as f64 / TENTHS as f64),
            forecasts,
            mean: inside.map(|(p, _)| p).sum::<f64>() / forecasts as f64,
            happened,
            interval: proportion(happened, forecasts),
        })
    };
    (0..TENTHS).filter_map(bin).collect()
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

/// Where a ratio of two sums lies when the groups that they go over are drawn again, with replacement (Efron 1979; by cluster, since cases
/// of a group share its luck). `sums`: both of each group; `name` and `seed` say which draws, the same each time. Nothing with fewer than
/// [`FEW`] groups, or where the ratio is mostly no number.
pub fn drawn_again(
    sums: &[[f64; 2]],
    (name, seed): (&str, u64),
    ratio: impl Fn([f64; 2]) -> f64,
) -> Option<Interval> {
    let count = sums.len();
    if count < FEW {
        return None;
    }
    let key = path_key(name);
    let drawn = |time: usize| {
        let mut both = [0.0; 2];
        for draw in 0..count {
            let u = uniform(seed, key, (time * count + draw) as u64);
            let [a, b] = sums[below(u, count)];
            both[0] += a;
            both[1] += b;
        }
        ratio(both)
    };
    let found = (0..TIMES).map(drawn).filter(|ratio| !ratio.is_nan());
    let mut found: Vec<f64> = found.collect();
    found.sort_by(f64::total_cmp);
    let interval = Interval {
        low: quantile_sorted(&found, TAIL),
        high: quantile_sorted(&found, 1.0 - TAIL),
    };
    (!interval.low.is_nan() && !interval.high.is_nan()).then_some(interval)
}

/// Which of so many equal parts of 0 to 1 a number lies in, from 0.
fn below(u: f64, parts: usize) -> usize {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a probability, times a small number"
    )]
    let place = (u * parts as f64) as usize;
    place.min(parts - 1)
}
