//! Tables of runs that are kept: their rows come from outside, column by column, and some columns may not have been kept.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use detente_case::Plan;
use detente_evidence::{Counts, RunOptions};

use super::cells::{Cells, Told};
use super::{Table, no_worlds};

/// Which columns a table has been given.
#[derive(Clone, Debug)]
pub(super) struct Given {
    /// By place in a row.
    columns: Vec<bool>,
    /// Was one asked for that it has not?
    in_vain: Arc<AtomicBool>,
}

impl Given {
    /// Is a column there? Where it is not, that it was asked for is kept in mind.
    pub(super) fn has(&self, column: usize) -> bool {
        let has = self.columns[column];
        if !has {
            self.in_vain.store(true, Ordering::Relaxed);
        }
        has
    }
}

impl Table {
    /// A table of the first worlds of a run that is kept, to be given its rows: of the columns at these [places](crate::Column::place), and why
    /// lenses were silent.
    pub fn kept(plan: &Plan, options: RunOptions, places: &[usize], silences: Counts) -> Self {
        let mut table = no_worlds(plan, options, None);
        let mut columns = vec![false; table.width()];
        for place in places {
            columns[*place] = true;
        }
        table.given = Some(Given {
            columns,
            in_vain: Arc::default(),
        });
        table.silences = silences;
        table
    }

    /// Gives it the rows that follow, as columns in the order of `places`.
    pub fn give(&mut self, places: &[usize], columns: &[Vec<f64>], options: RunOptions) {
        let rows = columns.first().map_or(0, Vec::len);
        let mut whole = vec![f64::NAN; self.width()];
        for row in 0..rows {
            for (place, column) in places.iter().zip(columns) {
                whole[*place] = column[row];
            }
            if let Cells::Told(told) = &mut self.cells {
                told.push(Told::of(&whole));
            }
        }
        self.worlds += rows;
        self.searches = options.searches.min(self.worlds);
    }

    /// Is a column there?
    pub(crate) fn keeps(&self, column: usize) -> bool {
        let given = self.given.as_ref();
        given.is_none_or(|given| given.columns[column])
    }

    /// Was a column asked for since this was asked last that the run did not keep?
    pub(crate) fn asked_in_vain(&self) -> bool {
        let given = self.given.as_ref();
        given.is_some_and(|given| given.in_vain.swap(false, Ordering::Relaxed))
    }
}

#[cfg(test)]
mod tests {
    use detente_case::{Overrides, Plan};
    use detente_evidence::RunOptions;

    use super::Table;
    use crate::run::{Ignored, run};

    #[test]
    fn what_was_given_is_told_and_what_was_not_is_missed() {
        let text = include_str!("../../../../cases/first-case/case.toml");
        let case = crate::check("case.toml", text).case.unwrap();
        let plan = Plan::new(&case);
        let options = RunOptions {
            worlds: 9,
            searches: 3,
            ..RunOptions::default()
        };
        let whole = run(&plan, &Overrides::default(), options, &Ignored);
        let width = whole.layout.width();
        let places: Vec<usize> = (0..width).filter(|place| place % 7 != 0).collect();
        let mut table = Table::kept(&plan, options, &places, whole.silences.clone());
        for rows in [0..4, 4..9] {
            let column = |place: &usize| rows.clone().map(|r| whole.number(r, *place)).collect();
            let columns: Vec<Vec<f64>> = places.iter().map(column).collect();
            table.give(&places, &columns, options);
        }
        assert_eq!((table.worlds, table.searches), (9, 3));
        for row in 0..9 {
            for place in &places {
                let (own, theirs) = (table.at(row, *place), whole.at(row, *place));
                assert_eq!(own.to_bits(), theirs.to_bits());
            }
        }
        assert!(!table.asked_in_vain());
        assert!(table.at(2, 7).is_nan() && !table.keeps(7) && table.keeps(8));
        assert!(table.asked_in_vain() && !table.asked_in_vain(), "once");
    }
}
