//! What happens without a deal.

use detente_core::Ending;

/// The contest over the worlds.
#[derive(Clone, Debug)]
pub struct NoDeal {
    /// By type: quantiles of V, in points.
    pub values: Vec<[f64; 5]>,
    /// By type: mean of what its own beliefs add to V.
    pub gaps: Vec<f64>,
    /// By type: mean of what the levers that its refusal may trigger add to V, so that refusing is worth N; 0 where they change nothing.
    pub levers: Vec<f64>,
    /// By month 1..=horizon: chance that the contest has ended by each ending.
    pub ended: Vec<[f64; 4]>,
    /// (month, quantiles [`FAN`](crate::FAN) of the line, had fighting gone on), from month 0 to the horizon or five years.
    pub line: Vec<(usize, [f64; 7])>,
    /// By side, by month: mean effort.
    pub supply: [Vec<f64>; 2],
    /// How and when a process ends, where no deal is one.
    pub process: Option<Course>,
}

/// How and when a process ends, and where it is until then, as the analyst sees it. Means over worlds.
#[derive(Clone, Debug, PartialEq)]
pub struct Course {
    /// By month of `MILESTONES`: the month, and by end the chance that it has come by then.
    pub by: Vec<(usize, Vec<f64>)>,
    /// By end: chance that it ever comes.
    pub ever: Vec<f64>,
    /// Months until an end, by state in which they are spent; nothing where the process may go on for ever in some world.
    pub months: Option<Vec<f64>>,
}

impl Course {
    /// Months until an end; nothing where the process may go on for ever.
    pub fn months_to_end(&self) -> Option<f64> {
        self.months.as_ref().map(|months| months.iter().sum())
    }
}

impl NoDeal {
    /// The ways in which fighting ends in some world.
    pub fn endings(&self) -> Vec<Ending> {
        let last = self.ended.last();
        let happens = |e: &Ending| last.is_some_and(|by| by[*e as usize] > 0.0);
        Ending::ALL.into_iter().filter(happens).collect()
    }
}
