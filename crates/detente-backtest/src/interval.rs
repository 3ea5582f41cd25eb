//! How sure a skill is: groups drawn again.

use detente_math::{Interval, drawn_again};

/// Where the skill 1 − Σ own / Σ other lies when the groups of cases are drawn again. `scored` holds of each case its group, from 0, and both
/// scores. Models are not fitted again: the interval is that of the score of forecasts as they were made. Nothing with few groups.
pub fn skill_interval(scored: &[(usize, [f64; 2])], seed: u64) -> Option<Interval> {
    let count = scored.iter().map(|(group, _)| group + 1).max()?;
    let mut sums = vec![[0.0; 2]; count];
    for (group, [own, other]) in scored {
        sums[*group][0] += own;
        sums[*group][1] += other;
    }
    let draws = ("backtest.groups_drawn_again", seed);
    drawn_again(&sums, draws, |[own, other]| 1.0 - own / other)
}
