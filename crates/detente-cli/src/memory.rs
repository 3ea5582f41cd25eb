//! What a run would take is looked at before it begins.

use detente::{Case, Keeps};

use crate::failure::Failure;

/// Refuses so many worlds of a case at once if they would not fit.
pub(crate) fn refuse_too_many(case: &Case, keeps: Keeps, worlds: usize) -> Result<(), Failure> {
    detente_desk::memory::refuse_too_many(case, keeps, worlds).map_err(Failure::BadInput)
}
