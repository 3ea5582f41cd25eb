//! Solution points from the exact frontier of what the parties of one needed set accept: Nash, Kalai-Smorodinsky,
//! egalitarian, utilitarian, each with its ties; and lotteries over packages.

use detente_core::Solution as Standard;

use super::search::Task;
use super::table::Table;
use crate::bargain::{Solution, egalitarian_lottery, frontier, solutions};

/// What the parties of one needed set can reach, for one profile of their types.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Points {
    /// By [`Standard`]: where it leads; `None` where there is no such point (a Nash point needs a package that all gain by).
    pub(super) by: [Option<Point>; 4],
    /// Worst-off margin that lotteries over packages reach.
    pub(super) lottery: f64,
}

/// A solution point, as the mean over its ties: packages that are equally good by its standard and not the same to all.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Point {
    /// By member, in points.
    pub(super) margins: Vec<f64>,
    /// By option of all issues: share of the ties that take it, packages with the same margins for all sharing alike.
    pub(super) options: Vec<f64>,
    /// How many tie.
    pub(super) ties: f64,
}

/// The solution points of a task; `None` if nobody's acceptable package exists or there are too many joint choices.
pub(super) fn points(task: &Task) -> Option<Points> {
    let table = Table::new(task)?;
    let floor = vec![0.0; task.types.len()];
    let acceptable = frontier(&table.bargain, &floor).ok()?;
    if acceptable.is_empty() {
        return None;
    }
    let found = solutions(&table.bargain, &acceptable, None);
    let mut point = |solution: &Solution| {
        let ties = solution.at.len() as f64;
        let mut point = Point {
            margins: vec![0.0; task.types.len()],
            options: vec![0.0; task.setting.option_count()],
            ties,
        };
        for n in &solution.at {
            for (sum, margin) in point.margins.iter_mut().zip(acceptable.margins(*n)) {
                *sum += margin / ties;
            }
            let (_, taken) = acceptable.equals(*n);
            table.each_option(&taken, |k, option, share| {
                point.options[task.setting.issues[k].first_option + option] += share / ties;
            });
        }
        point
    };
    let by = Standard::ALL.map(|standard| {
        let solution = match standard {
            Standard::Nash => &found.nash,
            Standard::KalaiSmorodinsky => &found.kalai_smorodinsky,
            Standard::Egalitarian => &found.egalitarian,
            Standard::Utilitarian => &found.utilitarian,
        };
        solution.as_ref().map(&mut point)
    });
    Some(Points {
        by,
        lottery: egalitarian_lottery(&table.bargain, &acceptable)?.value,
    })
}
