//! How long peace lasts here beside how long it lasted elsewhere: the case's reference classes at the same horizon.

use detente_case::Draw;

use crate::summary::Summary;
use crate::words::per_hundred;

/// A gap by more than this factor is said in words.
const GAP: f64 = 2.0;
/// Shares below this are told apart from others by their difference, not by their ratio.
const RARE: f64 = 0.005;

/// A reference class: what was counted, and the 5th, 50th and 95th percentile of the share of it that failed.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Class {
    pub(crate) says: String,
    pub(crate) failed: [f64; 3],
}

/// The case's reference classes that count failures within so many months, in the order of the case.
pub(crate) fn classes(summary: &Summary, months: usize) -> Vec<Class> {
    let at = |path: String| {
        let input = summary.inputs.iter().find(|input| input.path == path)?;
        match &input.draw {
            Draw::Own(d) => Some([0.05, 0.5, 0.95].map(|u| d.quantile(u))),
            Draw::Inherited(_) | Draw::Ranked { .. } => None,
        }
    };
    let class = |rate: &detente_core::BaseRate| {
        let path = format!("durability.base_rate.{}", rate.id);
        let years = at(format!("{path}.years"))?[1];
        let same = (12.0 * years - months as f64).abs() < 0.5;
        let failed = at(format!("{path}.share"))?;
        same.then(|| Class {
            says: rate.says.trim_end_matches('.').to_owned(),
            failed,
        })
    };
    summary
        .setting
        .base_rates
        .iter()
        .filter_map(class)
        .collect()
}

/// Is a share more than twice or less than half of another?
pub(crate) fn is_far(share: f64, other: f64) -> bool {
    let (low, high) = (share.min(other), share.max(other));
    high > GAP * low.max(RARE)
}

/// "in its reference class (“…”) 6 of 100 do (2 to 15), less than half as many": the first class of the case at this horizon, beside a share
/// of deals that fail.
pub(crate) fn beside(summary: &Summary, months: usize, failing: f64) -> Option<String> {
    let class = classes(summary, months).into_iter().next()?;
    let [low, middle, high] = class.failed.map(per_hundred);
    let far = match is_far(failing, class.failed[1]) {
        true if failing > class.failed[1] => {
            ": this model has deals break down more than twice as often, and nothing in it was fitted to that class"
        }
        true => {
            ": this model has deals break down less than half as often, and nothing in it was fitted to that class"
        }
        false => "",
    };
    Some(format!(
        "of its reference class (“{}”) {middle} of 100 did ({low} to {high}){far}",
        class.says
    ))
}
