//! Lenses to come. Claims may speak of their quantities now; they are checked, and said to await their lens.

use detente_core::{LensSpec, catalogue};

/// Lenses to come, sorted by name.
pub static PLANNED: &[&LensSpec] = &[&catalogue::talks::SPEC];
