//! Runs that end when their answers are sure enough.

use detente_case::{Overrides, Plan};
use detente_core::Handle;
use detente_core::catalogue::{settlement, talks};
use detente_core::talks::TOLD_MONTHS;
use detente_evidence::RunOptions;

use super::{Picks, Progress, Scope, Table, add_worlds, no_worlds};

/// Monte Carlo standard error of a share that a report leads with, at which no more worlds are drawn.
pub const HEADLINE_ERROR: f64 = 0.01;
/// The same of shares that stand beside it: claims, rival readings, causes. A claim is true or false in a world, so that half the error
/// takes four times the worlds, and no word for a share turns on it.
pub const BESIDE_ERROR: f64 = 0.02;
/// Worlds that are drawn before anybody asks how sure the answers are.
pub const FIRST: usize = 1024;
/// Worlds that are drawn at a time at least where it is known how sure the answers are.
const STEP: usize = 32;
/// Worlds in which talks are played before anybody asks how sure the chance of a deal is.
const FIRST_TALKS: usize = 64;
/// As [`FIRST`], for what stands beside the headline.
pub(crate) const FIRST_BESIDE: usize = 128;

/// How many worlds should bring an error down to an aim, by how it falls with their number: in whole [`STEP`]s, twice as many as there are at
/// most, since the error of an error is its own.
pub(crate) fn enough(worlds: usize, error: f64, aim: f64, most: usize) -> usize {
    let times = (error / aim) * (error / aim);
    let mut next = worlds + STEP;
    while (next as f64) < times * worlds as f64 && next < 2 * worlds {
        next += STEP;
    }
    next.min(most)
}

/// Worlds of a run, in doublings: a fixed ladder, so that what is drawn is a function of case and seed.
pub(crate) struct Ladder<'a> {
    pub(crate) first: usize,
    pub(crate) most: usize,
    /// Are so many worlds searched first, and more of them, up to those of the options, until it is known how often a zone is open?
    pub(crate) searched_first: Option<usize>,
    /// Are talks played until the chance of a deal is sure enough, in as many worlds as the options say at most?
    pub(crate) settles_talks: bool,
    /// What is asked of them; `None`: everything.
    pub(crate) scope: Option<&'a Scope>,
}

impl Ladder<'_> {
    /// Runs as many worlds as it takes until `settled` says so, and adds them to those there are. With picks, rows of these, of which there
    /// may be fewer than are wanted: they are asked for so many at a time.
    pub(crate) fn climb(
        &self,
        (plan, overrides): (&Plan, &Overrides),
        options: RunOptions,
        picks: Option<&mut dyn FnMut(usize) -> Picks>,
        settled: impl Fn(&Table) -> bool,
        progress: &dyn Progress,
    ) -> Table {
        let picked = picks.is_some();
        let (mut options, mut picks) = (options, picks);
        let mut add = |table: &mut Table, options, end: usize| {
            let mut end = end;
            if let Some(picks) = &mut picks {
                let picks = picks(end);
                end = end.min(picks.len());
                table.stand(picks);
            }
            if end > table.worlds {
                let asked = (self.scope, end);
                add_worlds(table, (plan, overrides), options, asked, progress);
            }
            end
        };
        let mut table = no_worlds(plan, options, self.scope);
        if let Some(few) = self.searched_first {
            let most = options.searches.min(self.most);
            let unsure = |table: &Table| table.mean(settlement::ZONE, &[]).error > BESIDE_ERROR;
            while table.worlds < most && (table.worlds == 0 || unsure(&table)) {
                let next = few.max(2 * table.worlds).min(most);
                if add(&mut table, options, next) < next {
                    break;
                }
            }
            // The worlds that follow are not searched.
            options.searches = table.worlds;
        }
        if self.settles_talks {
            let most = options.talks.min(self.most);
            let deal = |table: &Table| table.mean(talks::DEAL, &[TOLD_MONTHS]);
            while table.worlds < most && !progress.stopped() {
                let next = match (table.worlds, deal(&table)) {
                    (0, _) => FIRST_TALKS.min(most),
                    (_, deal) if deal.n == 0 || deal.error <= BESIDE_ERROR => break,
                    (worlds, deal) => enough(worlds, deal.error, BESIDE_ERROR, most),
                };
                if add(&mut table, options, next) < next {
                    break;
                }
            }
            options.talks = options.talks.min(table.worlds);
        }
        let first = self.first.min(self.most).max(table.worlds);
        add(&mut table, options, first);
        while table.worlds < self.most && !settled(&table) && !progress.stopped() {
            // Doublings keep as many worlds of each scrambling; rows that were picked are of none, and go on by quarters.
            let more = if picked {
                table.worlds.div_ceil(4)
            } else {
                table.worlds
            };
            let next = (table.worlds + more).min(self.most);
            if add(&mut table, options, next) < next {
                break;
            }
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
}

#[cfg(test)]
mod tests {
    use super::enough;

    #[test]
    fn as_many_worlds_as_the_error_asks() {
        // An error falls with the root of the number of worlds.
        for (error, next) in [(0.021, 160), (0.025, 224), (0.028, 256), (0.2, 256)] {
            assert_eq!(enough(128, error, 0.02, 512), next);
        }
        assert_eq!(enough(128, 0.2, 0.02, 200), 200);
        assert_eq!(enough(128, f64::INFINITY, 0.02, 512), 256);
    }
}
