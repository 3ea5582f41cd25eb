//! Certificate of the adjusted winner: what two parties can both score when issues are divided, by duality instead of by
//! passing issues on.

use detente_core::each_profile;
use detente_core::{Preferences, Question, RowView};

use crate::within;
use detente_core::catalogue::settlement::{ADJUSTED_WINNER, ADJUSTED_WINNER_SHARE};

/// Greatest difference from what is found here.
const SLACK: f64 = 1e-5;
/// Ratios this near are the same.
const TIED: f64 = 1e-7;

pub(super) fn check(
    question: Question,
    preferences: &Preferences,
    answer: RowView,
) -> Result<usize, String> {
    let Question { setting, world } = question;
    let mut checked = 0;
    for (s, needed) in setting.needed_sets.iter().enumerate() {
        let (mut weight, mut score) = (0.0, 0.0);
        // By issue: weight, least and greatest share.
        let mut shares = vec![[0.0; 3]; setting.issues.len()];
        each_profile(setting, world, *needed, |types, prior| {
            let [a, b] = types[..] else { return };
            let points = points(question, preferences, a, b);
            let Some(division) = divide(&points) else {
                return;
            };
            weight += prior;
            score += prior * division.score;
            for (sum, share) in shares.iter_mut().zip(&division.shares) {
                if let Some([low, high]) = share {
                    sum[0] += prior;
                    sum[1] += prior * low;
                    sum[2] += prior * high;
                }
            }
        });
        let claimed = answer.get(ADJUSTED_WINNER, &[s]);
        if weight == 0.0 {
            if !claimed.is_nan() {
                return Err(format!("needed set {s} has nothing to divide between two"));
            }
            continue;
        }
        if !within(claimed, score / weight, SLACK) {
            let found = score / weight;
            return Err(format!(
                "adjusted winner of needed set {s}: claimed {claimed}, found {found}"
            ));
        }
        for (k, [weight, low, high]) in shares.iter().enumerate() {
            let claimed = answer.get(ADJUSTED_WINNER_SHARE, &[s, k]);
            let right = if *weight > 0.0 {
                claimed >= low / weight - SLACK && claimed <= high / weight + SLACK
            } else {
                claimed.is_nan()
            };
            if !right {
                return Err(format!(
                    "share of issue {k} in needed set {s}: claimed {claimed}, found {low} to {high} of {weight}"
                ));
            }
        }
        checked += 1 + shares.len();
    }
    Ok(checked)
}

/// Points of two types by issue, 100 each in sum: what having one's way on it is worth against the other's having its own.
fn points(question: Question, preferences: &Preferences, a: usize, b: usize) -> Vec<[f64; 2]> {
    let mut points: Vec<[f64; 2]> = Vec::new();
    for issue in &question.setting.issues {
        let worth = |t: usize, o: usize| preferences.of_type(t)[issue.first_option + o];
        // What the one loses where the other picks, kindly, among its own best.
        let loss = |me: usize, other: usize| {
            let options = 0..issue.options.len();
            let most = |t: usize| {
                options
                    .clone()
                    .map(|o| worth(t, o))
                    .fold(f64::MIN, f64::max)
            };
            let best = options.clone().filter(|o| worth(other, *o) == most(other));
            most(me) - best.map(|o| worth(me, o)).fold(f64::MIN, f64::max)
        };
        points.push([loss(a, b), loss(b, a)]);
    }
    for side in 0..2 {
        let sum: f64 = points.iter().map(|p| p[side]).sum();
        for p in &mut points {
            p[side] *= 100.0 / sum;
        }
    }
    points
}

struct Found {
    score: f64,
    /// By issue at stake: the least and the greatest share of the first.
    shares: Vec<Option<[f64; 2]>>,
}

/// The greatest score that both reach: the least, over weights of the two that sum to one, of the greatest weighted sum. At
/// the weight that attains it, issues go to whoever weighs more; those that weigh the same make the scores equal.
fn divide(points: &[[f64; 2]]) -> Option<Found> {
    if points.iter().flatten().any(|x| !x.is_finite()) {
        return None;
    }
    let sum = |w: f64| -> f64 { points.iter().map(|[a, b]| (w * a).max((1.0 - w) * b)).sum() };
    // The function is piecewise linear: its least lies at a weight at which some issue changes hands.
    let turns = points
        .iter()
        .filter(|[a, b]| a + b > 0.0)
        .map(|[a, b]| b / (a + b));
    let weight = turns.min_by(|x, y| sum(*x).total_cmp(&sum(*y)))?;
    let score = sum(weight);
    let side = |[a, b]: &[f64; 2]| weight * a - (1.0 - weight) * b;
    let even = |p: &[f64; 2]| side(p).abs() <= TIED * (p[0] + p[1]);
    let open = points
        .iter()
        .filter(|p| p[0] + p[1] > 0.0 && even(p))
        .count();
    let sure: f64 = points
        .iter()
        .filter(|p| side(p) > 0.0 && !even(p))
        .map(|p| p[0])
        .sum();
    let shares = points.iter().map(|p| {
        if p[0] + p[1] == 0.0 {
            None
        } else if !even(p) {
            Some([f64::from(u8::from(side(p) > 0.0)); 2])
        } else if open == 1 {
            let share = if p[0] > 0.0 {
                (score - sure) / p[0]
            } else {
                0.0
            };
            Some([share; 2])
        } else {
            Some([0.0, 1.0])
        }
    });
    Some(Found {
        score,
        shares: shares.collect(),
    })
}

/// Where a convex function on [0, `high`] is least, by ternary search.
pub(super) fn least_at(mut high: f64, f: &dyn Fn(f64) -> f64) -> f64 {
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
    0.5 * (low + high)
}
