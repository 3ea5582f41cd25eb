//! The checker: text in, case or faults out, every fault in one pass.

mod arguments;
mod builder;
mod contest;
mod dates;
mod defaults;
mod evidence;
mod idle_levers;
mod judgements;
mod lapses;
mod leaders;
mod names;
mod no_deal;
mod packages;
mod parties;
mod planned;
mod play;
mod process;
mod rates;
mod readings;
mod record;
mod rules;
mod sizes;
mod talks;
mod terms;
mod together;
mod void;
mod walk;
mod warnings;
mod weights;

pub use dates::is_later;
pub use evidence::{EvidenceEntry, Observed, check_evidence};
pub(crate) use walk::{shape, switch_shape};

use detente_core::LensSpec;
use detente_diag::{Code, Diagnostic, Diagnostics, FileId, Sources, Span};

use crate::{Case, Key, ROOT, TableSpec, Tree, TreeKind, limits};

/// What the checker found.
#[derive(Clone, Debug)]
pub struct Checked {
    /// The case, if there were no errors.
    pub case: Option<Case>,
    /// Faults and warnings in the order of the text.
    pub diagnostics: Vec<Diagnostic>,
    /// The texts that spans point into.
    pub sources: Sources,
}

/// Checks a table of another file of the project against its keys, as tables of a case are checked; `path` names it in messages.
pub fn check_table(tree: &Tree, spec: &TableSpec, path: &str, diagnostics: &mut Diagnostics) {
    walk::table(tree, spec, path, diagnostics);
}

/// Checks a case: one text or several, each with what to call it in messages, whose tables are put together. `catalogue`
/// holds the quantities that claims may speak of.
pub fn check(files: &[(&str, &str)], catalogue: &[&'static LensSpec]) -> Checked {
    let mut sources = Sources::default();
    let mut diagnostics = Diagnostics::default();
    let tree = read(files, &mut sources, &mut diagnostics);
    let case = tree.and_then(|tree| {
        // What is checked of a case with too much in it takes longer than anybody waits.
        if sizes::too_large(&tree, &mut diagnostics) {
            return None;
        }
        walk::table(&tree, &ROOT, "", &mut diagnostics);
        let case = builder::Builder::new(&tree, &sources, catalogue, &mut diagnostics).build();
        if diagnostics.has_errors() {
            return None;
        }
        warnings::warn(&case, &tree, &mut diagnostics);
        void::warn(&case, &tree, &mut diagnostics);
        (!diagnostics.has_errors()).then_some(case)
    });
    Checked {
        case,
        diagnostics: diagnostics.into_sorted(),
        sources,
    }
}

/// The texts as one tree; `None` if there is nothing to go on with.
fn read(
    files: &[(&str, &str)],
    sources: &mut Sources,
    diagnostics: &mut Diagnostics,
) -> Option<Tree> {
    let ids: Vec<FileId> = files
        .iter()
        .map(|(name, text)| sources.add(*name, *text))
        .collect();
    let start = Span::new(*ids.first()?, 0, 0);
    let size: usize = files.iter().map(|(_, text)| text.len()).sum();
    if size > limits::BYTES || files.len() > limits::FILES {
        let (what, help) = if size > limits::BYTES {
            let help = format!("a case may have {} MiB", limits::BYTES >> 20);
            (format!("the case is {} MiB long", size >> 20), help)
        } else {
            let help = format!("at most {} can be read", limits::FILES);
            (format!("the case has {} files", files.len()), help)
        };
        let fault = Diagnostic::new(Code::TOO_LARGE, what);
        diagnostics.push(fault.at(start, "").help(help));
        return None;
    }
    if files.iter().all(|(_, text)| text.trim().is_empty()) {
        diagnostics.push(
            Diagnostic::new(Code::EMPTY, "the case is empty")
                .at(start, "")
                .help("a case needs [case], two parties and an issue; see docs/language.md"),
        );
        return None;
    }
    // Every file is parsed before any is given up, so that all faults are said.
    let trees: Vec<Option<Tree>> = files
        .iter()
        .zip(&ids)
        .map(|((_, text), id)| Tree::parse(text, *id, diagnostics))
        .collect();
    let mut trees = trees
        .into_iter()
        .collect::<Option<Vec<Tree>>>()?
        .into_iter();
    let mut whole = trees.next()?;
    for tree in trees {
        put_together(&mut whole, tree, diagnostics);
    }
    Some(whole)
}

/// Adds the entries of a table of another file; what stands in both is put together if it can be.
fn put_together(whole: &mut Tree, part: Tree, diagnostics: &mut Diagnostics) {
    match (&mut whole.kind, part.kind) {
        (TreeKind::Table(entries), TreeKind::Table(more)) => {
            for (key, value) in more {
                match entries.iter_mut().find(|(known, _)| known.text == key.text) {
                    None => entries.push((key, value)),
                    Some((first, there)) => {
                        let together = matches!(
                            (&there.kind, &value.kind),
                            (TreeKind::Table(_), TreeKind::Table(_))
                                | (TreeKind::Array(_), TreeKind::Array(_))
                        );
                        if together {
                            put_together(there, value, diagnostics);
                        } else {
                            twice(first, &key, diagnostics);
                        }
                    }
                }
            }
        }
        (TreeKind::Array(items), TreeKind::Array(more)) => items.extend(more),
        // Only like is put together with like.
        _ => {}
    }
}

fn twice(first: &Key, second: &Key, diagnostics: &mut Diagnostics) {
    let fault = Diagnostic::new(
        Code::DEFINED_TWICE,
        format!("`{}` stands in two files of the case", second.text),
    );
    diagnostics.push(
        fault
            .at(second.span, "here")
            .at(first.span, "and here")
            .help("keep one of them"),
    );
}
