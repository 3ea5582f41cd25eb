//! Rows that are not simply the worlds of a stream one after another: which world stands in each, how much it counts, and what was
//! learned of types in it.

/// The worlds of a table, row by row from its first.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Picks {
    worlds: Vec<u64>,
    weights: Vec<f64>,
    /// By row, by type: as `Plan::apply` takes it.
    learned: Vec<f64>,
}

impl Picks {
    /// Worlds by their numbers in the stream, each counting alike and nothing learned.
    pub(crate) fn of_worlds(worlds: Vec<u64>) -> Self {
        Self {
            weights: vec![1.0; worlds.len()],
            worlds,
            learned: Vec::new(),
        }
    }

    /// Adds a row.
    pub(crate) fn push(&mut self, world: u64, weight: f64, learned: &[f64]) {
        self.worlds.push(world);
        self.weights.push(weight);
        self.learned.extend(learned);
    }

    /// How many rows.
    pub(crate) fn len(&self) -> usize {
        self.worlds.len()
    }

    /// The world of a row, by its number in the stream.
    pub(crate) fn world(&self, row: usize) -> u64 {
        self.worlds[row]
    }

    /// What a row counts.
    pub(crate) fn weight(&self, row: usize) -> f64 {
        self.weights[row]
    }

    /// What the rows count.
    pub(crate) fn weights(&self) -> &[f64] {
        &self.weights
    }

    /// What was learned of types in a row.
    pub(crate) fn learned(&self, row: usize) -> &[f64] {
        let types = self.learned.len() / self.worlds.len().max(1);
        &self.learned[row * types..(row + 1) * types]
    }

    /// Some of the rows.
    pub(crate) fn part(&self, rows: std::ops::Range<usize>) -> Self {
        let mut part = Self::default();
        for row in rows {
            part.push(self.world(row), self.weight(row), self.learned(row));
        }
        part
    }
}
