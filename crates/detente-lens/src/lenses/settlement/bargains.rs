//! Solution points from the exact frontier of what the parties of one needed set accept: Nash, Kalai-Smorodinsky,
//! egalitarian, utilitarian, each with its ties; and lotteries over packages.

use detente_core::Solution as Standard;

use super::search::Task;
use super::table::{NoTable, Table};
use crate::bargain::{
    Solution, egalitarian_lottery, frontier_within, most_for_the_worst_off, solutions,
};

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

/// What became of a task whose zone is open.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Bargained {
    /// Its frontier was found.
    Found(Box<Points>),
    /// It is too large, and was given up: no package and no lottery gives the worst-off more than this; NaN where even that is not known.
    GivenUp(f64),
    /// Nothing that all accept is found on paper, although something is by what may follow it.
    Nothing,
}

/// Partial sums and nodes looked at for the frontiers of a needed set in a world at most, all types together: a second or two.
pub(super) const WORK: u64 = 100_000_000;

/// The solution points of a task in which something is acceptable, within a budget.
pub(super) fn points(task: &Task, work: &mut u64) -> Bargained {
    let table = match Table::new(task) {
        Ok(table) => table,
        Err(NoTable::TooMany) => return Bargained::GivenUp(f64::NAN),
        Err(NoTable::Nothing) => return Bargained::Nothing,
    };
    let bound = || Bargained::GivenUp(most_for_the_worst_off(&table.bargain));
    if *work == 0 {
        return bound();
    }
    let floor = vec![0.0; task.types.len()];
    let Ok(acceptable) = frontier_within(&table.bargain, &floor, work) else {
        // What is too large for some types is so for the others: they are not tried.
        *work = 0;
        return bound();
    };
    if acceptable.is_empty() {
        return Bargained::Nothing;
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
    match egalitarian_lottery(&table.bargain, &acceptable) {
        Some(lottery) => Bargained::Found(Box::new(Points {
            by,
            lottery: lottery.value,
        })),
        None => Bargained::Nothing,
    }
}
