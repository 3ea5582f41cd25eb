//! Distributions that are forecast outside a case.

use detente_case::{Tree, TreeKind};
use detente_diag::{Diagnostic, Diagnostics, Span};
use detente_math::Distribution;

/// Reads the distribution of a number that is forecast, as a judgement writes it; `span` is the text with its quotes, for the faults.
pub fn read_distribution(text: &str, span: Span) -> (Option<Distribution>, Vec<Diagnostic>) {
    let tree = Tree {
        span,
        kind: TreeKind::Text(text.to_owned()),
    };
    let mut faults = Diagnostics::default();
    let read = detente_case::read_distribution(&tree, &mut faults);
    (read, faults.into_sorted())
}
