//! Runs worlds: the only place with threads.

mod cells;
mod kept;
mod laps;
mod picks;
mod pool;
mod progress;
mod ranges;
mod scope;
mod settled;
#[cfg(test)]
mod tests;
mod worker;

use std::borrow::Cow;
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};

use detente_case::{Overrides, Plan};
use detente_core::{Handle, Layout, Search};
use detente_evidence::{Counts, RunOptions, Silence, said_in_panic};
use detente_lens::{LENSES, Lens};
use detente_math::{
    Mean, SCRAMBLES, Sampler, effective_size, evenly, mean_of_groups, weighted_mean,
};
use rayon::prelude::*;

use crate::consistency::Places;
use cells::{Cells, Rows};
use kept::Given;

pub use laps::{Clock, Lap, Laps};
pub(crate) use picks::Picks;
pub(crate) use pool::in_pool;
pub use pool::{MOST_THREADS, use_threads};
pub use progress::{Ignored, Phase, Progress};
pub(crate) use progress::{Unstopped, Within};
pub use ranges::in_ranges;
pub(crate) use scope::Scope;
pub use settled::{BESIDE_ERROR, FIRST, HEADLINE_ERROR};
pub(crate) use settled::{FIRST_BESIDE, Ladder, enough};
use worker::Worker;

/// Worlds handled by a thread in one go: few, since the first worlds of a run are searched and cost twenty times as much.
const BLOCK: usize = 4;

/// A row of numbers a world.
#[derive(Clone, Debug)]
pub struct Table {
    /// What stands where.
    pub layout: Layout,
    /// The first world.
    pub first: usize,
    /// How many worlds.
    pub worlds: usize,
    /// Worlds with searches, the first ones.
    pub searches: usize,
    /// Why lenses were silent.
    pub silences: Counts,
    sampler: Sampler,
    /// Which worlds stand in its rows and what they count, where that is not every world of the stream once.
    picks: Option<Picks>,
    /// Which columns there are, where the rows were not run here.
    given: Option<Given>,
    cells: Cells,
}

impl Table {
    /// Rows for these worlds, none of which is run yet, of what a scope asks for.
    fn new(
        plan: &Plan,
        sampler: Sampler,
        first: usize,
        (scope, picks): (Option<&Scope>, Option<Picks>),
    ) -> Self {
        let specs: Vec<_> = LENSES.iter().map(|lens| lens.spec()).collect();
        let layout = Layout::new(&plan.setting, &specs);
        Self {
            cells: match scope {
                Some(scope) => Cells::Asked(scope.columns(&layout), Vec::new()),
                None => Cells::Whole(Vec::new()),
            },
            layout,
            first,
            worlds: 0,
            searches: 0,
            silences: Counts::new(),
            sampler,
            picks,
            given: None,
        }
    }

    /// The world of a row, by its number in the stream.
    pub fn world(&self, row: usize) -> u64 {
        match &self.picks {
            Some(picks) => picks.world(row),
            None => (self.first + row) as u64,
        }
    }

    /// What a row counts: 1 but where the record weighs worlds.
    pub fn weight(&self, row: usize) -> f64 {
        self.picks.as_ref().map_or(1.0, |picks| picks.weight(row))
    }

    /// What the rows count, from the first.
    pub fn weights(&self) -> impl Iterator<Item = f64> + Clone + '_ {
        (0..self.worlds).map(|row| self.weight(row))
    }

    /// What was learned of types in a row, as `Plan::apply` takes it.
    pub(crate) fn learned(&self, row: usize) -> &[f64] {
        self.picks
            .as_ref()
            .map_or(&[][..], |picks| picks.learned(row))
    }

    /// Which worlds stand in its rows.
    pub(crate) fn picks(&self) -> Option<&Picks> {
        self.picks.as_ref()
    }

    /// How many worlds that count alike its rows are worth.
    pub fn effective(&self) -> f64 {
        effective_size(self.weights())
    }

    /// A quantity's entry over all worlds; NaN where it was not computed.
    pub fn column(&self, of: Handle, index: &[usize]) -> impl Iterator<Item = f64> + Clone + '_ {
        let column = self.layout.column(of, index);
        (0..self.worlds).map(move |row| self.at(row, column))
    }

    /// The number of a column, by its [place](crate::Column::place), in a row: that of a row's weight where the column is no part of it. A
    /// table of what was asked for holds no other columns.
    pub fn number(&self, row: usize, place: usize) -> f64 {
        if place < self.layout.width() {
            self.at(row, place)
        } else {
            self.weight(row)
        }
    }

    /// A cell of a row, by its column in the layout.
    pub(crate) fn at(&self, row: usize, column: usize) -> f64 {
        if self.given.as_ref().is_some_and(|given| !given.has(column)) {
            return f64::NAN;
        }
        self.cells.at(row, column, self.width())
    }

    /// Cells of a whole row; a case whose lenses have nothing to report still has rows.
    fn width(&self) -> usize {
        self.layout.width().max(1)
    }

    /// Mean of a quantity's entry over the worlds where it was computed, with its Monte Carlo error.
    pub fn mean(&self, of: Handle, index: &[usize]) -> Mean {
        self.mean_of(self.column(of, index))
    }

    /// The same for numbers worked out from columns, one a world, from the first world.
    pub fn mean_of(&self, values: impl Iterator<Item = f64> + Clone) -> Mean {
        match &self.picks {
            // Worlds that were picked one by one are of no scrambling.
            Some(picks) => weighted_mean(values, picks.weights().iter().copied(), 1),
            None => mean_of(self.sampler, values),
        }
    }

    /// The numbers of each world in turn, [`Layout::width`] of them.
    pub fn rows(&self) -> impl Iterator<Item = Cow<'_, [f64]>> {
        let width = self.width();
        (0..self.worlds).map(move |row| match &self.cells {
            Cells::Whole(cells) => Cow::Borrowed(&cells[row * width..][..width]),
            _ => (0..width).map(|column| self.at(row, column)).collect(),
        })
    }

    /// In how many worlds a lens, by its place in the layout, told anything.
    pub fn answered(&self, lens: usize) -> usize {
        let columns = self.layout.columns(lens);
        let columns = columns.filter(|column| self.keeps(*column));
        let told = |row: &usize| {
            columns
                .clone()
                .any(|column| !self.at(*row, column).is_nan())
        };
        (0..self.worlds).filter(told).count()
    }

    /// The values of an entry, increasing; where worlds do not count alike, as many equal ones.
    pub fn sorted(&self, of: Handle, index: &[usize]) -> Vec<f64> {
        self.sorted_of(self.column(of, index))
    }

    /// The same for numbers worked out from columns, one a world, from the first world; NaN left out.
    pub fn sorted_of(&self, values: impl Iterator<Item = f64>) -> Vec<f64> {
        let known = values.zip(self.weights()).filter(|(x, _)| !x.is_nan());
        let mut known: Vec<(f64, f64)> = known.collect();
        if known.iter().any(|(_, weight)| *weight != 1.0) {
            return evenly(known);
        }
        known.sort_by(|a, b| a.0.total_cmp(&b.0));
        known.into_iter().map(|(x, _)| x).collect()
    }

    /// All numbers, row by row, as bytes: what "the same result" means.
    pub fn bytes(&self) -> impl Iterator<Item = u8> + '_ {
        let bytes = |x: &f64| x.to_bits().to_le_bytes();
        let row = move |row: Cow<'_, [f64]>| row.iter().flat_map(bytes).collect::<Vec<u8>>();
        self.rows().flat_map(row)
    }
}

/// Mean of numbers of consecutive worlds, NaN left out, and its standard error under the sampler that drew them.
pub fn mean_of(sampler: Sampler, values: impl Iterator<Item = f64> + Clone) -> Mean {
    let groups = match sampler {
        Sampler::Pseudo => 1,
        Sampler::Quasi => usize::try_from(SCRAMBLES).unwrap_or(1),
    };
    mean_of_groups(values, groups)
}

/// Examines worlds `0..options.worlds` of a plan under overrides with every lens.
pub fn run(
    plan: &Plan,
    overrides: &Overrides,
    options: RunOptions,
    progress: &dyn Progress,
) -> Table {
    run_worlds(plan, overrides, options, 0..options.worlds, progress)
}

/// Examines some worlds of the run that `options` describes: a row depends on its world alone, so however a run is cut into
/// ranges, their rows one after another are those of [`run`], bit for bit. `options.worlds` is not read.
pub fn run_worlds(
    plan: &Plan,
    overrides: &Overrides,
    options: RunOptions,
    worlds: Range<usize>,
    progress: &dyn Progress,
) -> Table {
    let job = Job {
        plan,
        overrides,
        options,
        lenses: LENSES,
        scope: None,
        progress,
        clock: None,
    };
    job.run(worlds).0
}

/// Examines worlds as [`run_worlds`] does, as far as it is asked: what is told is the same. With picks, rows of these.
pub(crate) fn run_part(
    plan: &Plan,
    overrides: &Overrides,
    options: RunOptions,
    (scope, worlds, picks): (&Scope, Range<usize>, Option<&Picks>),
    progress: &dyn Progress,
) -> Table {
    let own = picks.map(|picks| picks.part(worlds.clone()));
    let kept = (Some(scope), own);
    let mut table = Table::new(plan, options.stream.sampler, worlds.start, kept);
    let asked = (Some(scope), worlds.end);
    add_worlds(&mut table, (plan, overrides), options, asked, progress);
    table
}

/// Examines worlds, each once, in the rows of a table that says what each counts, if picks do; as far as it is asked, or all of it.
pub(crate) fn run_weighed(
    plan: &Plan,
    overrides: &Overrides,
    options: RunOptions,
    (scope, picks, worlds): (Option<&Scope>, Option<Picks>, Range<usize>),
    progress: &dyn Progress,
) -> Table {
    let kept = (scope, picks);
    let mut table = Table::new(plan, options.stream.sampler, worlds.start, kept);
    let asked = (scope, worlds.end);
    add_worlds(&mut table, (plan, overrides), options, asked, progress);
    table
}

/// Adds worlds to those of a table, up to `end`, as far as it is asked: by the scope that the table was made for.
pub(crate) fn add_worlds(
    table: &mut Table,
    (plan, overrides): (&Plan, &Overrides),
    options: RunOptions,
    (scope, end): (Option<&Scope>, usize),
    progress: &dyn Progress,
) {
    let job = Job {
        plan,
        overrides,
        options,
        lenses: LENSES,
        scope,
        progress,
        clock: None,
    };
    job.add(table, end);
}

/// No world yet of what a scope asks for, or of everything that is told.
pub(crate) fn no_worlds(plan: &Plan, options: RunOptions, scope: Option<&Scope>) -> Table {
    let mut table = Table::new(plan, options.stream.sampler, 0, (scope, None));
    if scope.is_none() {
        table.cells = Cells::Told(Vec::new());
    }
    table
}

impl Table {
    /// Says which worlds its rows hold: those that it has already must be among them, in the same rows.
    pub(crate) fn stand(&mut self, picks: Picks) {
        debug_assert!(picks.len() >= self.worlds);
        self.picks = Some(picks);
    }
}

/// Does what [`run`] does and says how long its stages took by a clock.
pub fn run_timed(
    plan: &Plan,
    overrides: &Overrides,
    options: RunOptions,
    progress: &dyn Progress,
    clock: &dyn Clock,
) -> (Table, Laps) {
    let job = Job {
        plan,
        overrides,
        options,
        lenses: LENSES,
        scope: None,
        progress,
        clock: Some(clock),
    };
    job.run(0..options.worlds)
}

/// What is to be run, with which lenses.
struct Job<'a> {
    plan: &'a Plan,
    overrides: &'a Overrides,
    options: RunOptions,
    lenses: &'a [&'a dyn Lens],
    /// `None`: everything is asked.
    scope: Option<&'a Scope>,
    progress: &'a dyn Progress,
    clock: Option<&'a dyn Clock>,
}

impl Job<'_> {
    fn run(&self, worlds: Range<usize>) -> (Table, Laps) {
        let specs: Vec<_> = self.lenses.iter().map(|lens| lens.spec()).collect();
        let sampler = self.options.stream.sampler;
        let mut table = Table {
            layout: Layout::new(&self.plan.setting, &specs),
            ..Table::new(self.plan, sampler, worlds.start, (self.scope, None))
        };
        let laps = self.add(&mut table, worlds.end);
        (table, laps)
    }

    /// Adds the worlds that follow those of a table, up to `end`, in the table's own memory.
    fn add(&self, table: &mut Table, end: usize) -> Laps {
        let worlds = table.first + table.worlds..end;
        let (had_rows, picks) = (table.worlds, table.picks.as_ref());
        let specs: Vec<_> = self.lenses.iter().map(|lens| lens.spec()).collect();
        let (layout, width) = (&table.layout, table.layout.width().max(1));
        let setting = &self.plan.setting;
        let places = Places::new(layout, &specs, setting);
        let untold = self
            .scope
            .map_or_else(Vec::new, |scope| scope.untold(layout, self.lenses, setting));
        table.cells.grow(worlds.len(), width);
        let drawn = |row: usize| match picks {
            Some(picks) => (picks.world(had_rows + row), picks.learned(had_rows + row)),
            None => ((worlds.start + row) as u64, &[][..]),
        };
        let told = (layout, &untold[..], &places);
        let block = |worker: &mut Option<Worker>, (block, rows): (usize, (Rows, usize))| {
            let first = block * BLOCK;
            let drawn = |row: usize| drawn(first + row);
            let at = (worlds.start + first, &drawn as &dyn Fn(usize) -> _);
            self.block(worker, told, at, rows)
        };
        // By blocks of rows, each with how many it has.
        let (silences, laps) = in_pool(self.options.threads, || match &mut table.cells {
            Cells::Whole(cells) => {
                let rows = cells[had_rows * width..].par_chunks_mut(width * BLOCK);
                gathered(
                    rows.map(|rows| {
                        let count = rows.len() / width;
                        (Rows::Whole(rows, width), count)
                    }),
                    block,
                )
            }
            Cells::Asked(columns, cells) => {
                // Where no column is asked for no world need be run.
                let size = columns.len();
                let rest = cells[had_rows * size..].par_chunks_mut((size * BLOCK).max(1));
                let rows = rest.map(|rows| {
                    let count = rows.len() / size;
                    (Rows::Asked(rows, columns), count)
                });
                gathered(rows, block)
            }
            Cells::Told(rows) => {
                let rows = rows[had_rows..].par_chunks_mut(BLOCK);
                gathered(
                    rows.map(|rows| {
                        let count = rows.len();
                        (Rows::Told(rows), count)
                    }),
                    block,
                )
            }
        });
        let searched = self.options.searches.clamp(worlds.start, worlds.end);
        table.searches += searched - worlds.start;
        table.worlds += worlds.len();
        add_counts(&mut table.silences, silences);
        laps
    }

    /// Examines the worlds of some rows, `first` and those after it: `drawn` says which world stands in each, and what was learned of types.
    fn block<'l>(
        &self,
        worker: &mut Option<Worker>,
        (layout, untold, places): (&Layout, &[usize], &Places),
        (first, drawn_in): (usize, &dyn Fn(usize) -> (u64, &'l [f64])),
        (mut rows, count): (Rows, usize),
    ) -> (Counts, Laps) {
        let mut counts = Counts::new();
        let mut laps = Laps::default();
        for i in 0..count {
            if self.progress.stopped() {
                break;
            }
            let search = self.options.search(first + i);
            let started = self.now();
            let Some(worker) = self.draw(worker, drawn_in(i), &mut counts) else {
                continue;
            };
            let drawn = self.now();
            laps.draw.add(started, drawn);
            let setting = &self.plan.setting;
            let solves = worker.stage.solves();
            worker.stage.play_talks(self.options.play(first + i));
            if !worker.prepare(setting, &mut counts) {
                continue;
            }
            laps.solves += worker.stage.solves() - solves;
            let prepared = self.now();
            laps.no_deal.add(drawn, prepared);
            // Lenses write whole rows, whatever is kept of them.
            let mut whole = std::mem::take(&mut worker.row);
            let told = rows.whole(i).unwrap_or_else(|| {
                whole.clear();
                whole.resize(layout.width().max(1), f64::NAN);
                &mut whole
            });
            worker.examine(self, layout, search, told, &mut counts);
            for column in untold {
                told[*column] = f64::NAN;
            }
            places.check(setting, told, &mut counts);
            rows.keep(i, &whole);
            worker.row = whole;
            let lap = if search > Search::None {
                &mut laps.searches
            } else {
                &mut laps.lenses
            };
            lap.add(prepared, self.now());
        }
        self.progress.advance(count);
        (counts, laps)
    }

    /// Draws a world into a thread's buffers; a panic there is counted, leaves nobody anything to say of this world, and takes the
    /// buffers with it, so that nothing half-drawn meets the next.
    fn draw<'w>(
        &self,
        worker: &'w mut Option<Worker>,
        (index, learned): (u64, &[f64]),
        counts: &mut Counts,
    ) -> Option<&'w mut Worker> {
        let (plan, overrides, stream) = (self.plan, self.overrides, self.options.stream);
        let drawn = catch_unwind(AssertUnwindSafe(|| {
            let at = (stream, index, learned);
            if let Some(worker) = worker {
                worker.draw(plan, overrides, at);
                return;
            }
            let new = worker.insert(Worker::new(plan, overrides, at));
            // Nothing said: everything is asked.
            let asked = self.scope.map(|scope| (scope.packages(), scope.lenses()));
            let (packages, lenses) = asked.unwrap_or_default();
            new.stage.ask(packages);
            new.stage.ask_lenses(lenses);
            new.stage.ask_worths(self.scope.is_none_or(Scope::worths));
        }));
        if let Err(panic) = drawn {
            *worker = None;
            let defect = ("drawing", Silence::Defect(said_in_panic(panic.as_ref())));
            *counts.entry(defect).or_default() += 1;
        }
        worker.as_mut()
    }

    fn now(&self) -> u64 {
        self.clock.map_or(0, Clock::nanoseconds)
    }
}

/// What blocks of rows come to, all together.
fn gathered<'a>(
    rows: impl IndexedParallelIterator<Item = (Rows<'a>, usize)>,
    block: impl Fn(&mut Option<Worker>, (usize, (Rows<'a>, usize))) -> (Counts, Laps) + Sync + Send,
) -> (Counts, Laps) {
    rows.enumerate().map_init(|| None, block).reduce(
        || (Counts::new(), Laps::default()),
        |(mut all, laps), (counts, more)| {
            add_counts(&mut all, counts);
            (all, laps.plus(more))
        },
    )
}

/// Adds silences to silences.
pub(crate) fn add_counts(all: &mut Counts, counts: Counts) {
    for (silence, count) in counts {
        *all.entry(silence).or_default() += count;
    }
}
