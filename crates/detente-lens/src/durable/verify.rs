//! Deal values once more.
