//! The table of no-deal models, sorted by name.

pub(crate) mod contest;
pub(crate) mod lottery;
pub(crate) mod process;
pub(crate) mod reservation;
#[cfg(test)]
mod tests;
pub(crate) mod waiting;

use detente_core::Setting;

use crate::NoDeal;

/// Every no-deal model.
pub static NO_DEAL_MODELS: &[&dyn NoDeal] = &[
    &contest::Contest,
    &lottery::Lottery,
    &process::Process,
    &reservation::Reservation,
];

/// The model that a case states.
pub(crate) fn model(setting: &Setting) -> Option<&'static dyn NoDeal> {
    let mut models = NO_DEAL_MODELS.iter().copied();
    models.find(|model| model.applies(setting))
}

/// Room that models re-use from query to query, one a thread.
#[derive(Debug, Default)]
pub struct Workspace {
    pub(crate) contest: contest::Room,
}
