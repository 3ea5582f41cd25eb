//! What would change the headline: the rows of the page's table, and what the run cannot see.

use super::label;
use crate::sensitivity::Mover;
use crate::summary::{Movers, Summary};
use crate::words::{and_list, capitalised, count, per_hundred};

pub(super) struct MoverRow {
    pub(super) label: String,
    pub(super) path: String,
    pub(super) index: String,
    pub(super) interval: String,
    /// What moves together with it; may be empty.
    pub(super) with: String,
    /// What the answer does, and where it stands where it turns.
    pub(super) direction: String,
    pub(super) low: String,
    pub(super) high: String,
    pub(super) placeholder: bool,
}

pub(super) fn rows(summary: &Summary) -> Vec<MoverRow> {
    const SHOWN: usize = 10;
    let shown = summary.movers.moving.inputs.iter().take(SHOWN);
    shown
        .map(|mover| MoverRow {
            label: capitalised(&label::label(&mover.path, &summary.setting)),
            path: mover.path.clone(),
            index: format!("{:.0}", 100.0 * mover.index),
            interval: format!(
                "{:.0} to {:.0}",
                100.0 * mover.interval.0,
                100.0 * mover.interval.1
            ),
            with: listed_paths(&mover.with),
            direction: direction(mover),
            low: per_hundred(mover.ends().0),
            high: per_hundred(mover.ends().1),
            placeholder: mover.placeholder || mover.default,
        })
        .collect()
}

/// "rises, then falls; 68 between".
fn direction(mover: &Mover) -> String {
    let turns: Vec<String> = mover.turns().into_iter().map(per_hundred).collect();
    if turns.is_empty() {
        return mover.direction().to_owned();
    }
    format!("{}; {} between", mover.direction(), and_list(&turns))
}

/// What the run can see of inputs that move the headline.
pub(super) fn seen(summary: &Summary) -> String {
    let Movers { of, moving, .. } = &summary.movers;
    let worlds = count(moving.worlds, "world");
    if of.is_empty() {
        return "There is no headline that inputs could move.".to_owned();
    }
    if moving.constant {
        return format!(
            "The answer, {of}, is the same in each of the {worlds} in which it is known: no input moves it."
        );
    }
    if moving.visible.is_nan() {
        return format!("In {worlds} no input’s effect on {of} could be told from noise.");
    }
    let all = format!(
        "Below what this run can see: of {of}, known in {worlds}, an input would have to explain more than {:.1} % alone to be told from noise",
        100.0 * moving.visible
    );
    if moving.inputs.is_empty() {
        format!("{all}, and none does; more worlds see more.")
    } else {
        format!("{all}; inputs that are not listed may explain as much each.")
    }
}

/// A few paths, and how many more.
fn listed_paths(paths: &[String]) -> String {
    const NAMED: usize = 3;
    let named = paths.iter().take(NAMED).cloned().collect::<Vec<_>>();
    let more = paths.len().saturating_sub(NAMED);
    let rest = (more > 0).then(|| format!("{more} more"));
    named.into_iter().chain(rest).collect::<Vec<_>>().join(", ")
}
