//! The table of no-deal models, sorted by name.

pub(crate) mod contest;

use crate::NoDeal;

/// Every no-deal model.
pub static NO_DEAL_MODELS: &[&dyn NoDeal] = &[&contest::Contest];
