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
}

impl Class {
    /// How many times as often the model's cases fail as those of the class do.
    pub fn times(&self, failure: f64) -> f64 {
        failure / self.share[1]
    }
}
