//! Worlds that were run for what somebody asked, kept: whoever asks the same again, or for more of it, runs only what is new.
//!
//! A run is known by what is put over the case and kept as the columns that were asked for: a row has thousands, and an ask wants a few.
//! Worlds of one run follow one another from world 0, so that asks of different lengths share their beginning.

use detente_case::{Overrides, Plan};
use detente_core::Search;
use detente_evidence::{RunOptions, solutions_of};

use crate::run::{Picks, Progress, Scope, Table, run_part};

/// The store.
#[derive(Default)]
pub(crate) struct Runs {
    known: Vec<Known>,
    /// Worlds that were run for it, whatever for.
    worlds: usize,
}

/// What somebody wants to know of some worlds.
#[derive(Clone)]
pub(crate) struct Ask {
    /// What is put over the case.
    pub(crate) overrides: Overrides,
    /// How far worlds must be searched, those that are searched at all.
    pub(crate) search: Search,
    /// What must be worked out, and is kept.
    pub(crate) scope: Scope,
}

/// A run, as far as it has been asked for.
struct Known {
    ask: Ask,
    /// How many of the first worlds were to be searched.
    searched: usize,
    kept: Option<Kept>,
}

/// What was asked of the worlds of a run.
#[derive(Clone, Debug)]
pub(crate) struct Kept {
    pub(crate) worlds: usize,
    columns: Vec<usize>,
    /// World by world.
    cells: Vec<f64>,
}

impl Kept {
    fn of(table: &Table, scope: &Scope) -> Self {
        let columns = scope.columns(&table.layout);
        let row = |row| columns.iter().map(move |column| table.at(row, *column));
        Self {
            worlds: table.worlds,
            cells: (0..table.worlds).flat_map(row).collect(),
            columns,
        }
    }

    /// Adds the worlds that follow.
    fn append(&mut self, more: Kept) {
        self.worlds += more.worlds;
        self.cells.extend(more.cells);
    }

    /// A cell of a column that was asked for.
    pub(crate) fn at(&self, world: usize, column: usize) -> f64 {
        let place = self.columns.binary_search(&column);
        self.cells[world * self.columns.len() + place.expect("a column that was asked for")]
    }

    /// A column that was asked for, world by world.
    pub(crate) fn column(&self, column: usize) -> impl Iterator<Item = f64> + Clone + '_ {
        (0..self.worlds).map(move |world| self.at(world, column))
    }
}

impl Runs {
    /// Says what will be asked, so that asks of one run are worked out together.
    pub(crate) fn expect(&mut self, ask: &Ask) {
        let mut known = self.known.iter_mut();
        let Some(known) = known.find(|known| known.ask.overrides == ask.overrides) else {
            self.known.push(Known {
                ask: ask.clone(),
                searched: 0,
                kept: None,
            });
            return;
        };
        let Known { ask: had, kept, .. } = known;
        had.search = had.search.max(ask.search);
        if !had.scope.covers(&ask.scope) {
            // What was run does not tell enough.
            had.scope.union(&ask.scope);
            *kept = None;
        }
    }

    /// Runs as many worlds of what was expected as are wanted, less those that it has had. `searches`: so many of the first worlds are
    /// searched, if somebody asked for a search. With picks the worlds are rows of these.
    pub(crate) fn run(
        &mut self,
        plan: &Plan,
        overrides: &Overrides,
        (options, searches): (RunOptions, usize),
        (worlds, picks): (usize, Option<&Picks>),
        progress: &dyn Progress,
    ) {
        let mut known = self.known.iter_mut();
        let Some(known) = known.find(|known| known.ask.overrides == *overrides) else {
            return;
        };
        let searches = if known.ask.search == Search::None {
            0
        } else {
            searches
        };
        if searches.min(worlds) > known.searched {
            // Worlds that were searched less far tell less.
            (known.kept, known.searched) = (None, searches);
        }
        let had = known.kept.as_ref().map_or(0, |kept| kept.worlds);
        if had >= worlds {
            return;
        }
        let searches = known.searched;
        let if_asked = |least: Search, worlds: usize| {
            if known.ask.search >= least { worlds } else { 0 }
        };
        let options = RunOptions {
            searches: if_asked(Search::Zone, searches),
            solutions: if_asked(Search::Solutions, solutions_of(searches)),
            ..options
        };
        let asked = (&known.ask.scope, had..worlds, picks);
        let table = run_part(plan, overrides, options, asked, progress);
        self.worlds += table.worlds;
        let more = Kept::of(&table, &known.ask.scope);
        match &mut known.kept {
            Some(kept) => kept.append(more),
            none => *none = Some(more),
        }
    }

    /// Keeps what is asked for of worlds that were run elsewhere, from world 0 on.
    pub(crate) fn keep(&mut self, ask: &Ask, table: &Table) {
        self.expect(ask);
        let mut known = self.known.iter_mut();
        if let Some(known) = known.find(|known| known.ask.overrides == ask.overrides) {
            let had = known.kept.as_ref().map_or(0, |kept| kept.worlds);
            if had < table.worlds && known.ask.scope == ask.scope {
                known.kept = Some(Kept::of(table, &ask.scope));
            }
        }
    }

    /// What is kept of a run.
    pub(crate) fn of(&self, overrides: &Overrides) -> Option<&Kept> {
        let mut known = self.known.iter();
        let known = known.find(|known| known.ask.overrides == *overrides)?;
        known.kept.as_ref()
    }

    /// Lets go of what is kept of a run, which was cut short.
    pub(crate) fn forget(&mut self, overrides: &Overrides) {
        self.known.retain(|known| known.ask.overrides != *overrides);
    }

    /// How many worlds were run for the store so far.
    pub(crate) fn worlds(&self) -> usize {
        self.worlds
    }
}
