//! Answers of the lenses to one world, to compare slow calculations with.

use detente_core::{Layout, Search, Setting, World};
use detente_lens::conformance::{examine_all, specs};
use detente_lens::{LENSES, Stage};

/// One world's row.
pub(crate) struct Answers {
    layout: Layout,
    row: Vec<f64>,
}

impl Answers {
    pub(crate) fn of(setting: &Setting, world: &World, search: Search) -> Self {
        let layout = Layout::new(setting, &specs());
        let mut row = vec![f64::NAN; layout.width()];
        examine_all(
            &layout,
            &mut Stage::default(),
            setting,
            world,
            search,
            &mut row,
        );
        Self { layout, row }
    }

    /// An entry; `None` where no lens reports it under these indices, or nothing was written.
    pub(crate) fn get(
        &self,
        setting: &Setting,
        lens: &str,
        quantity: &str,
        index: &[usize],
    ) -> Option<f64> {
        let spec = LENSES
            .iter()
            .map(|lens| lens.spec())
            .find(|spec| spec.id == lens)?;
        let quantity_spec = spec.quantities.iter().find(|q| q.id == quantity)?;
        let sizes = quantity_spec.dimensions.iter().map(|d| d.size(setting));
        if sizes.len() != index.len() || sizes.zip(index).any(|(size, i)| *i >= size) {
            return None;
        }
        let told = self.row[self.layout.column_of(lens, quantity, index)];
        (!told.is_nan()).then_some(told)
    }
}

/// Comparisons with one quantity.
#[derive(Clone, Debug, Default)]
pub(crate) struct Compared {
    /// How many entries were told and compared.
    pub(crate) entries: usize,
    /// Entries that the lens is silent on.
    pub(crate) silent: usize,
    pub(crate) largest: f64,
    /// The first few that differ, in words.
    pub(crate) differ: Vec<String>,
}

impl Compared {
    /// Compares an entry.
    pub(crate) fn entry(&mut self, ours: f64, theirs: Option<f64>, within: f64, what: &str) {
        let Some(theirs) = theirs else {
            self.silent += 1;
            return;
        };
        self.entries += 1;
        let gap = (ours - theirs).abs();
        self.largest = self.largest.max(gap);
        if (gap > within || gap.is_nan()) && self.differ.len() < 12 {
            self.differ
                .push(format!("{what}: {ours} by hand, {theirs} told"));
        }
    }
}
