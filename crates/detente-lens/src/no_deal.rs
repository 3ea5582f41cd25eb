//! The table of no-deal models, sorted by name.

pub(crate) mod contest;
pub(crate) mod lottery;
pub(crate) mod process;
pub(crate) mod reservation;
#[cfg(test)]
mod tests;
pub(crate) mod waiting;

use crate::NoDeal;

/// Every no-deal model.
pub static NO_DEAL_MODELS: &[&dyn NoDeal] = &[
    &contest::Contest,
    &lottery::Lottery,
    &process::Process,
    &reservation::Reservation,
];

/// Room that models re-use from query to query, one a thread.
#[derive(Debug, Default)]
pub struct Workspace {
    pub(crate) contest: contest::Room,
}
