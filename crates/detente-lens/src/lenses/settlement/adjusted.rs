//! Adjusted winner for two: as if every issue were an item that one of them wins or that can be cut (Brams and Taylor 1996).

use detente_core::{Preferences, Setting};

use crate::bargain::adjusted_winner;

/// A division of the issues on which two types differ.
pub(super) struct Division {
    /// What each scores of what is at stake between them, 0 to 100.
    pub(super) score: f64,
    /// By issue: the first party's share; NaN where both prefer the same option, and nothing is divided.
    pub(super) first_gets: Vec<f64>,
}

/// Divides the issues between two types; `None` if they differ on none. Red lines, constraints, interactions and no-deal
/// values play no part: it is a standard of fairness for what is at stake, not a prediction.
pub(super) fn divide(
    setting: &Setting,
    preferences: &Preferences,
    types: [usize; 2],
) -> Option<Division> {
    let stakes = stakes(setting, preferences, types);
    let total = |i: usize| stakes.iter().map(|s| s[i]).sum::<f64>();
    let totals = [total(0), total(1)];
    if totals.iter().any(|t| *t <= 0.0) {
        return None;
    }
    let points =
        |i: usize| -> Vec<f64> { stakes.iter().map(|s| 100.0 * s[i] / totals[i]).collect() };
    let divided = adjusted_winner(&points(0), &points(1)).ok()?;
    let at_stake = |s: &[f64; 2]| s[0] > 0.0 || s[1] > 0.0;
    let shares = divided.first_gets.iter().zip(&stakes);
    Some(Division {
        score: divided.score,
        first_gets: shares
            .map(|(share, s)| if at_stake(s) { *share } else { f64::NAN })
            .collect(),
    })
}

/// By issue: what each of two types would lose, in points, if the other had its way. Of options that are equally good to
/// one, its way is the one that the other likes best.
pub(super) fn stakes(
    setting: &Setting,
    preferences: &Preferences,
    types: [usize; 2],
) -> Vec<[f64; 2]> {
    let of_issue = |issue: &detente_core::Issue| {
        let range = issue.first_option..issue.first_option + issue.options.len();
        let [a, b] = types.map(|t| &preferences.of_type(t)[range.clone()]);
        let best = |own: &[f64], other: &[f64]| {
            let order = |x: &usize, y: &usize| {
                own[*x]
                    .total_cmp(&own[*y])
                    .then(other[*x].total_cmp(&other[*y]))
            };
            (0..own.len()).max_by(order).unwrap_or(0)
        };
        let (mine, yours) = (best(a, b), best(b, a));
        [a[mine] - a[yours], b[yours] - b[mine]]
    };
    setting.issues.iter().map(of_issue).collect()
}
