//! Evidence files: what became known after a case's date. The checker of cases never reads them; scoring does.

use detente_diag::{Code, Diagnostic, Diagnostics, Sources};

use super::builder::plain;
use super::names::Names;
use super::walk;
use crate::grammar::EVIDENCE_ROOT;
use crate::{Case, Tree, TreeKind};

/// What happened to what a judgement forecast.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EvidenceEntry {
    /// Identifier.
    pub id: String,
    /// What happened.
    pub says: String,
    /// When, as written.
    pub on: String,
    /// Place in [`Case::judgements`] of the judgement that it settles.
    pub settles: usize,
    /// Did what was forecast happen?
    pub outcome: bool,
}

/// Checks the text of an evidence file against the case it is about: the evidence, if there were no errors, and every fault.
pub fn check_evidence(
    name: &str,
    text: &str,
    case: &Case,
) -> (Option<Vec<EvidenceEntry>>, Vec<Diagnostic>, Sources) {
    let mut sources = Sources::default();
    let file = sources.add(name, text);
    let mut diagnostics = Diagnostics::default();
    let found = Tree::parse(text, file, &mut diagnostics).map(|tree| {
        walk::table(&tree, &EVIDENCE_ROOT, "", &mut diagnostics);
        entries(&tree, case, &mut diagnostics)
    });
    let found = found.filter(|_| !diagnostics.has_errors());
    (found, diagnostics.into_sorted(), sources)
}

fn entries(tree: &Tree, case: &Case, diagnostics: &mut Diagnostics) -> Vec<EvidenceEntry> {
    let published = Names::of("source", tree.get("source"), diagnostics);
    Names::of("evidence", tree.get("evidence"), diagnostics);
    let judgements = Names {
        what: "judgement".to_owned(),
        list: case.judgements.iter().map(|j| j.id.clone()).collect(),
    };
    let mut found = Vec::new();
    for (key, entry) in tree.get("evidence").map_or(&[][..], Tree::entries) {
        published.resolve_all(entry.get("source"), diagnostics);
        let text = |key: &str| entry.get(key).and_then(plain).unwrap_or_default();
        let settles = entry
            .get("settles")
            .and_then(|name| judgements.resolve(name, diagnostics));
        if judgements.list.is_empty() && entry.get("settles").is_some() {
            let fault = Diagnostic::new(Code::UNKNOWN_NAME, "the case has no judgements");
            diagnostics.push(
                fault
                    .at(key.span, "settles nothing")
                    .help("sign one in the case: [judgement.NAME]"),
            );
        }
        let known = found
            .iter()
            .find(|e: &&EvidenceEntry| Some(e.settles) == settles);
        if let Some(known) = known {
            let fault = Diagnostic::new(
                Code::DEFINED_TWICE,
                format!(
                    "`{}` settles the same judgement as `{}`",
                    key.text, known.id
                ),
            );
            diagnostics.push(fault.at(key.span, "once more").help("keep one of them"));
        }
        let outcome = entry.get("outcome").map(|o| &o.kind);
        found.push(EvidenceEntry {
            id: key.text.clone(),
            says: text("says"),
            on: text("on"),
            settles: settles.unwrap_or(0),
            outcome: matches!(outcome, Some(TreeKind::Switch(true))),
        });
    }
    found
}
