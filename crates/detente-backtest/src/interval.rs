//! How sure a skill is: groups drawn again.

use detente_math::{path_key, quantile_sorted, uniform};

/// How much of what could have come out lies in an interval: from the 5th to the 95th percentile.
const TAIL: f64 = 0.05;
/// Times that the groups are drawn again.
pub const TIMES: usize = 2000;
/// Groups below which no interval is given.
pub const FEW: usize = 10;

/// An interval from the 5th to the 95th percentile.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// Its low end.
    pub low: f64,
    /// Its high end.
    pub high: f64,
}

/// Where the skill 1 − Σ own / Σ other lies when the groups of cases are drawn again, with replacement (Efron 1979; by cluster, since cases
/// of a group share its luck). `scored` holds of each case its group, from 0, and both scores. Models are not fitted again: the interval is
/// that of the score of forecasts as they were made. Nothing with fewer than [`FEW`] groups.
pub fn skill_interval(scored: &[(usize, [f64; 2])], seed: u64) -> Option<Interval> {
    let count = scored.iter().map(|(group, _)| group + 1).max()?;
    let mut sums = vec![[0.0; 2]; count];
    for (group, [own, other]) in scored {
        sums[*group][0] += own;
        sums[*group][1] += other;
    }
    if count < FEW {
        return None;
    }
    let key = path_key("backtest.groups_drawn_again");
    let mut found: Vec<f64> = (0..TIMES)
        .map(|time| {
            let mut both = [0.0; 2];
            for draw in 0..count {
                let u = uniform(seed, key, (time * count + draw) as u64);
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "below the number of groups"
                )]
                let place = ((u * count as f64) as usize).min(count - 1);
                both[0] += sums[place][0];
                both[1] += sums[place][1];
            }
            1.0 - both[0] / both[1]
        })
        .filter(|skill| !skill.is_nan())
        .collect();
    found.sort_by(f64::total_cmp);
    let interval = Interval {
        low: quantile_sorted(&found, TAIL),
        high: quantile_sorted(&found, 1.0 - TAIL),
    };
    (!interval.low.is_nan() && !interval.high.is_nan()).then_some(interval)
}
