//! Evidence files: what became known after a case's date. The checker of cases never reads them; scoring does.

use detente_diag::{Code, Diagnostic, Diagnostics, Sources};

use super::builder::plain;
use super::names::Names;
use super::walk;
use crate::grammar::EVIDENCE_ROOT;
use crate::grammar::numbers::OBSERVED;
use crate::number::Words;
use crate::{Case, Forecast, Key, Tree, TreeKind};

/// What happened to what a judgement forecast.
#[derive(Clone, Debug, PartialEq)]
pub struct EvidenceEntry {
    /// Identifier.
    pub id: String,
    /// What happened.
    pub says: String,
    /// When, as written.
    pub on: String,
    /// Place in [`Case::judgements`] of the judgement that it settles.
    pub settles: usize,
    /// What came of it.
    pub observed: Observed,
    /// Titles of the publications that report it.
    pub sources: Vec<String>,
}

/// What came of something that was forecast.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Observed {
    /// Did it happen?
    Happened(bool),
    /// The number, as it came out.
    Value(f64),
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
        let reported = published.resolve_all(entry.get("source"), diagnostics);
        let title = |source: &usize| {
            let (_, table) = tree.get("source")?.entries().get(*source)?;
            table.get("title").and_then(plain)
        };
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
        let judged = settles.map(|place| &case.judgements[place].forecast);
        let observed = observed(key, entry, judged, diagnostics);
        found.push(EvidenceEntry {
            id: key.text.clone(),
            says: text("says"),
            on: text("on"),
            settles: settles.unwrap_or(0),
            observed: observed.unwrap_or(Observed::Happened(false)),
            sources: reported.iter().filter_map(title).collect(),
        });
    }
    found
}

/// What came of a judgement: of a chance whether it happened, of a distribution a number.
fn observed(
    key: &Key,
    entry: &Tree,
    judged: Option<&Forecast>,
    diagnostics: &mut Diagnostics,
) -> Option<Observed> {
    let [outcome, value] = ["outcome", "value"].map(|key| entry.get(key));
    let (wanted, found) = match (judged?, outcome, value) {
        (Forecast::Chance(_), Some(outcome), None) => {
            return match outcome.kind {
                TreeKind::Switch(happened) => Some(Observed::Happened(happened)),
                _ => None,
            };
        }
        (Forecast::Number { .. }, None, Some(value)) => {
            let number = crate::number::read(value, OBSERVED, &Words::default(), "", diagnostics)?;
            if let Some(exact) = number.exact() {
                return Some(Observed::Value(exact));
            }
            let fault = Diagnostic::new(Code::BAD_NUMBER, "what came out is one number");
            diagnostics.push(fault.at(value.span, "not exact").help("write value = 203"));
            return None;
        }
        (Forecast::Chance(_), ..) => ("outcome", value),
        (Forecast::Number { .. }, ..) => ("value", outcome),
    };
    let message = format!("`{wanted}` is missing in `evidence.{}`", key.text);
    let fault = Diagnostic::new(Code::MISSING_KEY, message);
    diagnostics.push(
        fault
            .at(found.map_or(key.span, |tree| tree.span), "here")
            .help(if wanted == "outcome" {
                "the judgement is a probability: write outcome = true or false"
            } else {
                "the judgement is a distribution: write value and the number that came out"
            }),
    );
    None
}
