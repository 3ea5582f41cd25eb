//! What a report leads with: how often a named package is signed and kept; where a case does not say what may follow a deal, how often it
//! is signed.

use detente_core::Handle;
use detente_core::catalogue::{durability, settlement};

/// What a report leads with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Headline {
    /// Months without a breakdown after which a deal counts as kept, in the median world; `None`: the case does not say what may
    /// follow a deal.
    pub kept_months: Option<usize>,
}

impl Headline {
    /// The quantity by package.
    pub fn quantity(self) -> Handle {
        if self.kept_months.is_some() {
            durability::KEPT
        } else {
            settlement::AGREED
        }
    }
}
