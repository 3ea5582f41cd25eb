//! The numbers of a table, of which most are not kept or not told.

/// What is kept of each row.
#[derive(Clone, Debug)]
pub(super) enum Cells {
    /// All of it, row by row.
    Whole(Vec<f64>),
    /// These columns, increasing: a row has thousands, and whoever runs worlds for one question wants a few.
    Asked(Vec<usize>, Vec<f64>),
    /// What was told: half of a row is not, where worlds are not searched and no talks are played.
    Told(Vec<Told>),
}

impl Cells {
    /// A cell of a row, by its column in a layout of such a width.
    pub(super) fn at(&self, row: usize, column: usize, width: usize) -> f64 {
        match self {
            Self::Whole(cells) => cells[row * width + column],
            Self::Asked(columns, cells) => {
                let place = columns.binary_search(&column);
                cells[row * columns.len() + place.expect("a column that was asked for")]
            }
            Self::Told(rows) => rows[row].at(column),
        }
    }

    /// Makes room for more rows, each told nothing.
    pub(super) fn grow(&mut self, rows: usize, width: usize) {
        match self {
            Self::Whole(cells) => grow(cells, rows * width),
            Self::Asked(columns, cells) => grow(cells, rows * columns.len()),
            Self::Told(all) => all.resize(all.len() + rows, Told::default()),
        }
    }
}

fn grow(cells: &mut Vec<f64>, more: usize) {
    cells.reserve_exact(more);
    cells.resize(cells.len() + more, f64::NAN);
}

/// Some rows of a table, to be written.
pub(super) enum Rows<'a> {
    /// Rows of such a width.
    Whole(&'a mut [f64], usize),
    /// Rows of these columns.
    Asked(&'a mut [f64], &'a [usize]),
    Told(&'a mut [Told]),
}

impl Rows<'_> {
    /// The whole row at a place, if it is kept whole.
    pub(super) fn whole(&mut self, row: usize) -> Option<&mut [f64]> {
        match self {
            Self::Whole(cells, width) => Some(&mut cells[row * *width..][..*width]),
            Self::Asked(..) | Self::Told(_) => None,
        }
    }

    /// Keeps what is kept of a whole row.
    pub(super) fn keep(&mut self, row: usize, whole: &[f64]) {
        match self {
            Self::Whole(..) => {}
            Self::Asked(cells, columns) => {
                let kept = cells[row * columns.len()..].iter_mut().zip(*columns);
                kept.for_each(|(cell, column)| *cell = whole[*column]);
            }
            Self::Told(rows) => rows[row] = Told::of(whole),
        }
    }
}

/// Columns of a word of [`Told::which`].
const WORD: usize = u64::BITS as usize;

/// The numbers of a row that are any.
#[derive(Clone, Debug, Default)]
pub(super) struct Told {
    /// By column: is it told? Beyond the end: no.
    which: Box<[u64]>,
    /// By word of these: how many are told before it.
    before: Box<[u32]>,
    numbers: Box<[f64]>,
}

impl Told {
    pub(super) fn of(row: &[f64]) -> Self {
        let word = |cells: &[f64]| {
            let told = cells.iter().enumerate().filter(|(_, x)| !x.is_nan());
            told.fold(0, |word, (k, _)| word | 1_u64 << k)
        };
        let which: Box<[u64]> = row.chunks(WORD).map(word).collect();
        let counts = which.iter().scan(0, |before, word| {
            let here = *before;
            *before += word.count_ones();
            Some(here)
        });
        Self {
            before: counts.collect(),
            numbers: row.iter().copied().filter(|x| !x.is_nan()).collect(),
            which,
        }
    }

    fn at(&self, column: usize) -> f64 {
        let (word, bit) = (column / WORD, 1_u64 << (column % WORD));
        match self.which.get(word) {
            Some(which) if which & bit != 0 => {
                let here = (which & (bit - 1)).count_ones();
                self.numbers[(self.before[word] + here) as usize]
            }
            _ => f64::NAN,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Cells, Rows, Told};

    #[test]
    fn what_is_kept_is_what_was_written() {
        let nan = f64::NAN;
        let row = |n: usize| -> Vec<f64> {
            let told = |k: usize| (k * k + n).is_multiple_of(3) || k / 64 == n;
            let cell = |k| if told(k) { (k * 7 + n) as f64 } else { nan };
            (0..200).map(cell).collect()
        };
        let columns = vec![3, 64, 65, 199];
        let mut all = [
            Cells::Whole(Vec::new()),
            Cells::Asked(columns.clone(), Vec::new()),
            Cells::Told(Vec::new()),
        ];
        for cells in &mut all {
            cells.grow(4, 200);
            let mut rows = match cells {
                Cells::Whole(cells) => Rows::Whole(cells, 200),
                Cells::Asked(columns, cells) => Rows::Asked(cells, columns),
                Cells::Told(rows) => Rows::Told(rows),
            };
            // The last stays untold.
            for n in 0..3 {
                match rows.whole(n) {
                    Some(whole) => whole.copy_from_slice(&row(n)),
                    None => rows.keep(n, &row(n)),
                }
            }
            for n in 0..4 {
                for column in &columns {
                    let expected = if n < 3 { row(n)[*column] } else { nan };
                    let kept = cells.at(n, *column, 200);
                    assert_eq!(kept.to_bits(), expected.to_bits(), "{n} {column}");
                }
            }
        }
        let told = Told::of(&row(1));
        assert!(told.numbers.len() < 150, "{}", told.numbers.len());
    }
}
