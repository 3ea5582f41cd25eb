use detente_core::{Question, RowView, Verdict};
pub(super) fn verify(_: Question, _: RowView) -> Verdict {
    Verdict::Silent
}
