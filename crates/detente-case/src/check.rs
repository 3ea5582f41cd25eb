//! The checker: text in, case or faults out, every fault in one pass.

mod builder;
mod contest;
mod names;
mod packages;
mod parties;
mod readings;
mod walk;
mod warnings;

pub(crate) use walk::shape;

use detente_diag::{Code, Diagnostic, Diagnostics, Severity, Sources, Span};

use crate::{Case, ROOT, Tree, limits};

/// What the checker found.
#[derive(Clone, Debug)]
pub struct Checked {
    /// The case, if there were no errors.
    pub case: Option<Case>,
    /// Faults and warnings in the order of the text.
    pub diagnostics: Vec<Diagnostic>,
    /// The text that spans point into.
    pub sources: Sources,
}

/// Checks the text of a case; `name` is what to call it in messages.
pub fn check(name: &str, text: &str) -> Checked {
    let mut sources = Sources::default();
    let file = sources.add(name, text);
    let mut diagnostics = Diagnostics::default();
    let start = Span::new(file, 0, 0);
    if text.len() > limits::BYTES {
        let size = text.len() >> 20;
        diagnostics.push(
            Diagnostic::new(Code::TOO_LARGE, format!("the case is {size} MiB long"))
                .at(start, "")
                .help(format!("a case may have {} MiB", limits::BYTES >> 20)),
        );
        return Checked {
            case: None,
            diagnostics: diagnostics.into_sorted(),
            sources,
        };
    }
    if text.trim().is_empty() {
        diagnostics.push(
            Diagnostic::new(Code::EMPTY, "the case is empty")
                .at(start, "")
                .help("a case needs [case], two parties and an issue; see docs/language.md"),
        );
        return Checked {
            case: None,
            diagnostics: diagnostics.into_sorted(),
            sources,
        };
    }
    let Some(tree) = Tree::parse(text, file, &mut diagnostics) else {
        return Checked {
            case: None,
            diagnostics: diagnostics.into_sorted(),
            sources,
        };
    };
    walk::table(&tree, &ROOT, "", &mut diagnostics);
    let case = builder::Builder::new(&tree, text, &mut diagnostics).build();
    let errors = diagnostics
        .as_slice()
        .iter()
        .any(|d| d.severity() == Severity::Error);
    if !errors {
        warnings::warn(&case, &tree, &mut diagnostics);
    }
    Checked {
        case: (!errors).then_some(case),
        diagnostics: diagnostics.into_sorted(),
        sources,
    }
}
