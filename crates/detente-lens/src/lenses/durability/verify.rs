//! Certificate.

use detente_core::{Question, RowView, Verdict};

pub(super) fn verify(_question: Question, _answer: RowView) -> Verdict {
    Verdict::Silent
}
