//! What happened in past cases, as the case counts them.

/// A count of past cases.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Class {
    /// Its place in `Setting::base_rates`.
    pub rate: usize,
    /// Months within which the counted cases failed.
    pub months: usize,
    /// Share that did: 5th percentile, median and 95th of what it is drawn from, as the register prints them.
    pub share: [f64; 3],
    /// How many failed and how many were counted; `None` where the case states a share and no count.
    pub counted: Option<[f64; 2]>,
}

impl Class {
    /// Below so many counted cases a share says next to nothing: of nine, the fifth and the 95th percentile of a middling one are half
    /// of everything apart.
    const FEW: f64 = 10.0;

    /// How many cases were counted, where they are few.
    pub fn few(&self) -> Option<f64> {
        self.counted
            .map(|[_, all]| all)
            .filter(|all| *all < Self::FEW)
    }

    /// Does the range of its share hold this chance?
    pub fn holds(&self, failure: f64) -> bool {
        (self.share[0]..=self.share[2]).contains(&failure)
    }

    /// How many times as often the model's cases fail as those of the class do.
    pub fn times(&self, failure: f64) -> f64 {
        failure / self.share[1]
    }
}
