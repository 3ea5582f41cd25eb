//! Discount factors that are followed side by side.

use detente_core::{TypeNumbers, TypeSet};

/// Most factors side by side; more are taken in turns.
pub(super) const MOST: usize = 16;
/// Factors come in groups of so many, for the processor's sake; those left over are filled up with a patience of nothing.
const GROUP: usize = 4;
/// The place of a type that was not asked for, or whose factor did not fit.
const NONE: usize = usize::MAX;

/// Discount factors of some types. Types with the same patience share one.
#[derive(Clone, Debug, Default)]
pub(super) struct Lanes {
    /// The types that were asked for, and those whose factors stand here.
    asked: TypeSet,
    pub(super) types: TypeSet,
    /// By type: the place of its factor.
    pub(super) place: Vec<usize>,
    /// Discount factors a month.
    pub(super) patience: Vec<f64>,
    /// δ^t, by month, then by factor.
    pub(super) discount: Vec<f64>,
}

impl Lanes {
    /// How many factors stand side by side.
    pub(super) fn width(&self) -> usize {
        self.patience.len()
    }

    /// Do these serve some types, as far as they go? `end`: the month up to which they are needed.
    pub(super) fn serve(&self, asked: TypeSet, types: &[TypeNumbers<f64>], end: usize) -> bool {
        let same = |(place, n): (&usize, &TypeNumbers<f64>)| {
            *place == NONE || self.patience[*place] == n.patience
        };
        self.asked == asked
            && self.discount.len() == (end + 1) * self.width()
            && self.place.len() == types.len()
            && self.place.iter().zip(types).all(same)
    }

    /// Lays out as many factors of the types as fit, up to month `end`.
    pub(super) fn lay(&mut self, asked: TypeSet, types: &[TypeNumbers<f64>], end: usize) {
        (self.asked, self.types) = (asked, TypeSet(0));
        self.place.clear();
        self.patience.clear();
        for (t, n) in types.iter().enumerate() {
            self.place.push(NONE);
            if !asked.contains(t) {
                continue;
            }
            let known = self.patience.iter().position(|p| *p == n.patience);
            let place = known.unwrap_or(self.patience.len());
            if place == MOST {
                continue;
            }
            if known.is_none() {
                self.patience.push(n.patience);
            }
            self.place[t] = place;
            self.types.0 |= 1 << t;
        }
        let width = self.patience.len().next_multiple_of(GROUP).max(GROUP);
        self.patience.resize(width, 0.0);
        self.discount.clear();
        self.discount.resize(width, 1.0);
        for month in 0..end {
            for lane in 0..width {
                let next = self.discount[month * width + lane] * self.patience[lane];
                self.discount.push(next);
            }
        }
    }
}
