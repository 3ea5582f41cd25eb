//! Runs that end when their answers are sure enough.

use detente_case::{Case, Overrides, Plan};
use detente_core::catalogue::settlement;
use detente_core::{Handle, Setting};

use detente_math::Stream;

use super::{Effort, Progress, RunOptions, Scope, Table, run_part, run_worlds, solutions_of};

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

/// Packages of a case up to which readings are searched as the case itself is. Of more, a searched world costs as much as a dozen others.
const FEW_PACKAGES: usize = 10_000;

/// Worlds of a first look: errors of 3 or 4 of 100.
const QUICK: usize = 128;

impl RunOptions {
    /// Those of a first look at a case; searched only where packages are few.
    pub fn quick(case: &Case, stream: Stream) -> Self {
        let searches = if packages(&case.setting) <= FEW_PACKAGES {
            SEARCHED_FIRST
        } else {
            0
        };
        Self {
            stream,
            worlds: QUICK,
            searches,
            solutions: solutions_of(searches),
            threads: None,
            effort: Effort::Quick,
        }
    }

    /// In how many worlds rival readings are searched. Whether a zone opens differs much from world to world: few searched worlds
    /// would tell nothing of a reading that may be told.
    pub(crate) fn rival_searches(&self, setting: &Setting) -> usize {
        match self.effort {
            Effort::Fixed | Effort::Quick => self.searches.div_ceil(10),
            Effort::Settled { .. } if packages(setting) <= FEW_PACKAGES => self.searches,
            Effort::Settled { rival_claims: true } => self.searches.min(SEARCHED_FIRST),
            Effort::Settled { .. } => 0,
        }
    }
}

/// Packages of a case, constraints not counted.
fn packages(setting: &Setting) -> usize {
    let options = setting.issues.iter().map(|issue| issue.options.len());
    options.fold(1, usize::saturating_mul)
}

/// Worlds of a run, in doublings: a fixed ladder, so that what is drawn is a function of case and seed.
pub(crate) struct Ladder<'a> {
    pub(crate) first: usize,
    pub(crate) most: usize,
    /// Are so many worlds searched first, and more of them, up to those of the options, until it is known how often a zone is open?
    pub(crate) searched_first: Option<usize>,
    /// What is asked of them; `None`: everything.
    pub(crate) scope: Option<&'a Scope>,
}

impl Ladder<'_> {
    /// Runs as many worlds as it takes until `settled` says so, and adds them to those there are.
    pub(crate) fn climb(
        &self,
        plan: &Plan,
        overrides: &Overrides,
        options: RunOptions,
        settled: impl Fn(&Table) -> bool,
        progress: &dyn Progress,
    ) -> Table {
        let mut options = options;
        let run = |options, worlds| match self.scope {
            Some(scope) => run_part(plan, overrides, options, (scope, worlds), progress),
            None => run_worlds(plan, overrides, options, worlds, progress),
        };
        let mut table = run(options, 0..0);
        if let Some(few) = self.searched_first {
            let most = options.searches.min(self.most);
            let unsure = |table: &Table| table.mean(settlement::ZONE, &[]).error > BESIDE_ERROR;
            while table.worlds < most && (table.worlds == 0 || unsure(&table)) {
                let next = few.max(2 * table.worlds).min(most);
                table.append(run(options, table.worlds..next));
            }
            // The worlds that follow are not searched.
            options.searches = table.worlds;
        }
        let first = self.first.min(self.most).max(table.worlds);
        table.append(run(options, table.worlds..first));
        while table.worlds < self.most && !settled(&table) && !progress.stopped() {
            let next = (2 * table.worlds).min(self.most);
            table.append(run(options, table.worlds..next));
        }
        table
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
