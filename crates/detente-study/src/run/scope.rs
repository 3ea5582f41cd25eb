//! What is asked of a run: everything, or what some tests speak of alone.

use std::collections::BTreeSet;

use detente_core::{Dimension, Handle, Layout, Setting};
use detente_lens::{LENSES, Lens};

/// The lenses and named packages that are asked about. The others are not computed, and nothing is told of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Scope {
    /// By place in [`LENSES`].
    lenses: Vec<bool>,
    /// By named package.
    packages: Vec<bool>,
    /// Is anything asked that rests on what something is worth?
    worths: bool,
    /// Lens, quantity and index of each entry that is asked for: what is kept of a row.
    entries: BTreeSet<(&'static str, &'static str, Vec<usize>)>,
}

impl Scope {
    /// Everything worked out, and nothing kept.
    #[cfg(test)]
    pub(crate) fn all(setting: &Setting) -> Self {
        Self {
            lenses: vec![true; LENSES.len()],
            packages: vec![true; setting.packages.len()],
            worths: true,
            entries: BTreeSet::new(),
        }
    }

    /// Nothing.
    pub(crate) fn none(setting: &Setting) -> Self {
        Self {
            lenses: vec![false; LENSES.len()],
            packages: vec![false; setting.packages.len()],
            worths: false,
            entries: BTreeSet::new(),
        }
    }

    /// Adds an entry of a quantity, and what it rests on.
    pub(crate) fn add(&mut self, lens: &str, quantity: &str, index: &[usize]) {
        let Some(place) = LENSES.iter().position(|known| known.spec().id == lens) else {
            return;
        };
        self.lenses[place] = true;
        let known = LENSES[place].spec().quantities.iter();
        let Some(quantity) = known.clone().find(|known| known.id == quantity) else {
            self.worths = true;
            return;
        };
        let lens = LENSES[place].spec().id;
        self.entries.insert((lens, quantity.id, index.to_vec()));
        self.worths |= LENSES[place].weighs(quantity.id);
        if LENSES[place].weighs_all_packages(quantity.id) {
            self.packages.fill(true);
        }
        for (dimension, entry) in quantity.dimensions.iter().zip(index) {
            if *dimension == Dimension::Package {
                self.packages[*entry] = true;
            }
        }
    }

    /// Adds an entry of a quantity by its handle.
    pub(crate) fn add_handle(&mut self, of: Handle, index: &[usize]) {
        let spec = LENSES.iter().map(|lens| lens.spec());
        let mut spec = spec.filter(|spec| spec.id == of.lens);
        if let Some(spec) = spec.next() {
            self.add(of.lens, spec.quantities[of.place].id, index);
        }
    }

    /// Adds columns by their places in a row.
    pub(crate) fn add_places(&mut self, places: &[usize], setting: &Setting) {
        let places: BTreeSet<usize> = places.iter().copied().collect();
        // Where the next quantity begins: rows hold them in this order.
        let mut first = 0;
        for spec in LENSES.iter().map(|lens| lens.spec()) {
            for quantity in spec.quantities {
                let sizes = quantity.dimensions.iter().map(|d| d.size(setting));
                let sizes: Vec<usize> = sizes.collect();
                let cells = sizes.iter().product::<usize>();
                for place in places.range(first..first + cells) {
                    let mut rest = place - first;
                    let mut index = vec![0; sizes.len()];
                    for (entry, size) in index.iter_mut().zip(&sizes).rev() {
                        *entry = rest % size;
                        rest /= size;
                    }
                    self.add(spec.id, quantity.id, &index);
                }
                first += cells;
            }
        }
    }

    /// Both.
    pub(crate) fn union(&mut self, other: &Self) {
        self.worths |= other.worths;
        self.entries.extend(other.entries.iter().cloned());
        let lists = [
            (&mut self.lenses, &other.lenses),
            (&mut self.packages, &other.packages),
        ];
        for (own, other) in lists {
            own.iter_mut().zip(other).for_each(|(x, y)| *x |= *y);
        }
    }

    /// Is all that the other asks for asked for here?
    pub(crate) fn covers(&self, other: &Self) -> bool {
        let mut both = self.clone();
        both.union(other);
        both == *self
    }

    /// The columns of its entries, increasing.
    pub(crate) fn columns(&self, layout: &Layout) -> Vec<usize> {
        let entries = self.entries.iter();
        let columns =
            entries.map(|(lens, quantity, index)| layout.column_of(lens, quantity, index));
        let mut columns: Vec<usize> = columns.collect();
        columns.sort_unstable();
        columns
    }

    /// By place in [`LENSES`]: is it asked about?
    pub(super) fn lenses(&self) -> &[bool] {
        &self.lenses
    }

    /// Is anything asked that rests on what something is worth?
    pub(super) fn worths(&self) -> bool {
        self.worths
    }

    /// By named package: is it asked about?
    pub(super) fn packages(&self) -> &[bool] {
        &self.packages
    }

    /// Columns of packages that are not asked about.
    pub(super) fn untold(
        &self,
        layout: &Layout,
        lenses: &[&dyn Lens],
        setting: &Setting,
    ) -> Vec<usize> {
        let mut untold = Vec::new();
        for lens in lenses {
            let quantities = lens.spec().quantities.iter();
            for (quantity, of) in quantities.zip(lens.spec().handles()) {
                let sizes = quantity.dimensions.iter().map(|d| d.size(setting));
                let sizes: Vec<usize> = sizes.collect();
                let place = quantity
                    .dimensions
                    .iter()
                    .position(|d| *d == Dimension::Package);
                let (Some(place), false) = (place, sizes.contains(&0)) else {
                    continue;
                };
                let first = layout.column(of, &vec![0; sizes.len()]);
                let below: usize = sizes[place + 1..].iter().product();
                let cells = 0..sizes.iter().product::<usize>();
                let skipped = cells.filter(|cell| !self.packages[cell / below % sizes[place]]);
                untold.extend(skipped.map(|cell| first + cell));
            }
        }
        untold
    }
}
