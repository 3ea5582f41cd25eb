//! Runs that end when their answers are sure enough.

use detente_case::{Overrides, Plan};
use detente_core::Handle;
use detente_core::catalogue::settlement;

use super::{Effort, Job, Progress, RunOptions, Scope, Table};
use detente_lens::LENSES;

/// Monte Carlo standard error of a share that a report leads with, at which no more worlds are drawn.
pub const HEADLINE_ERROR: f64 = 0.01;
/// The same of shares that stand beside it: claims, rival readings, causes. A claim is true or false in a world, so that half the error
/// takes four times the worlds, and no word for a share turns on it.
pub const BESIDE_ERROR: f64 = 0.02;
/// Worlds that are drawn before anybody asks how sure the answers are.
pub const FIRST: usize = 1024;
/// Worlds that are searched before anybody asks how sure it is that there is a zone.
pub(crate) const SEARCHED_FIRST: usize = 64;
/// As [`FIRST`], for what stands beside the headline.
pub(crate) const FIRST_BESIDE: usize = 256;

impl RunOptions {
    /// Worlds in which a rival reading is searched: whether a zone opens differs little from world to world, and a searched world costs
    /// as much as twenty.
    pub(crate) fn rival_searches(&self) -> usize {
        match self.effort {
            Effort::Fixed => self.searches.div_ceil(10),
            Effort::Settled { .. } => self.searches.min(16),
        }
    }
}

/// Worlds of a run, in doublings: a fixed ladder, so that what is drawn is a function of case and seed.
pub(crate) struct Ladder {
    pub(crate) first: usize,
    pub(crate) most: usize,
    /// Are so many worlds searched first, and more of them, up to those of the options, until it is known how often a zone is open?
    pub(crate) searched_first: Option<usize>,
}

impl Ladder {
    /// Runs as many worlds as it takes until `settled` says so, as far as they are asked about, and adds them to those there are.
    pub(crate) fn climb(
        &self,
        (plan, overrides, options): (&Plan, &Overrides, RunOptions),
        scope: Option<&Scope>,
        settled: impl Fn(&Table) -> bool,
        progress: &dyn Progress,
    ) -> Table {
        let job = Job {
            plan,
            overrides,
            options,
            lenses: LENSES,
            scope,
            progress,
            clock: None,
        };
        let (mut table, job) = match self.searched_first {
            Some(few) => job.searched(few.min(self.most)),
            None => (job.run(0..0).0, job),
        };
        let mut reached = self.first.min(self.most).max(table.worlds);
        table.append(job.run(table.worlds..reached).0);
        while reached < self.most && !settled(&table) && !progress.stopped() {
            let next = (2 * reached).min(self.most);
            table.append(job.run(reached..next).0);
            reached = next;
        }
        table
    }
}

impl Job<'_> {
    /// The searched worlds of a run, from `few` up to those of the options, and the job with as many searched as that.
    fn searched(mut self, few: usize) -> (Table, Self) {
        let most = self.options.searches.min(self.options.worlds);
        let mut reached = few.min(most);
        let mut table = self.run(0..reached).0;
        let unsure = |table: &Table| table.mean(settlement::ZONE, &[]).error > BESIDE_ERROR;
        while reached < most && unsure(&table) {
            let next = (2 * reached).min(most);
            table.append(self.run(reached..next).0);
            reached = next;
        }
        self.options.searches = reached;
        (table, self)
    }
}

impl Table {
    /// Is the error of every entry of these quantities, one a package, within this?
    pub(crate) fn is_settled(&self, of: &[Handle], packages: usize, error: f64) -> bool {
        let mut each = of
            .iter()
            .flat_map(|of| (0..packages).map(move |p| self.mean(*of, &[p])));
        // What was never told has no error to bring down.
        each.all(|mean| mean.n == 0 || mean.error <= error)
    }

    /// Adds the worlds that follow.
    fn append(&mut self, more: Table) {
        debug_assert_eq!(self.first + self.worlds, more.first);
        self.worlds += more.worlds;
        self.searches += more.searches;
        super::add_counts(&mut self.silences, more.silences);
        self.cells.extend(more.cells);
    }
}
