//! The claims of the case: what became of each, in words and shares.

use super::rows::with_error;
use crate::audit::{ClaimLine, ClaimShare, ClaimStatus};
use crate::summary::Summary;
use crate::words::{and_list, count, per_hundred};

/// The section on claims.
pub(super) struct ClaimsSection {
    /// How many could be tested, and why the others were not.
    pub(super) finding: String,
    pub(super) rows: Vec<ClaimRow>,
}

/// One claim.
pub(super) struct ClaimRow {
    pub(super) id: String,
    pub(super) says: String,
    /// Whose, when, what kind.
    pub(super) by: String,
    /// A word for the share, or what stands in the way.
    pub(super) verdict: String,
    /// In how many worlds of 100, with its error.
    pub(super) share: String,
    /// The same over the rival readings: least to greatest, with whose they are.
    pub(super) readings: String,
    /// The predicate, what is set and what is given.
    pub(super) test: Vec<(&'static str, String)>,
    /// What a reader must know of the share.
    pub(super) note: String,
    pub(super) sources: Vec<(String, String)>,
}

pub(super) fn section(summary: &Summary) -> Option<ClaimsSection> {
    if summary.claims.is_empty() {
        return None;
    }
    let (mut computed, mut awaiting, mut silent) = (0, 0, 0);
    for line in &summary.claims {
        match line.status {
            ClaimStatus::Computed { .. } => computed += 1,
            ClaimStatus::Awaits(_) => awaiting += 1,
            ClaimStatus::NotComputable(_) => silent += 1,
        }
    }
    let mut parts = vec![format!("{computed} can be tested")];
    if awaiting > 0 {
        parts.push(format!(
            "{awaiting} speak of what this version does not compute yet"
        ));
    }
    if silent > 0 {
        parts.push(format!("{silent} cannot be computed"));
    }
    let finding = format!(
        "Of {}, {}",
        count(summary.claims.len(), "claim"),
        and_list(&parts)
    );
    Some(ClaimsSection {
        finding,
        rows: summary
            .claims
            .iter()
            .map(|line| row(summary, line))
            .collect(),
    })
}

fn row(summary: &Summary, line: &ClaimLine) -> ClaimRow {
    let claim = &line.claim;
    let stated = [&claim.by, &claim.on, &claim.kind];
    let by: Vec<&str> = stated
        .iter()
        .filter(|s| !s.is_empty())
        .map(|s| s.as_str())
        .collect();
    let (verdict, share, readings, note) = match &line.status {
        ClaimStatus::Computed { share, rivals } => (
            word(share),
            with_error(&share.holds),
            over(summary, rivals),
            remark(share),
        ),
        ClaimStatus::Awaits(lenses) => (
            format!("awaits {}", and_list(lenses)),
            "–".to_owned(),
            "–".to_owned(),
            String::new(),
        ),
        ClaimStatus::NotComputable(why) => (
            "not computable".to_owned(),
            "–".to_owned(),
            "–".to_owned(),
            why.clone(),
        ),
    };
    let sources = claim.sources.iter().map(|s| {
        let source = &summary.sources[*s];
        (source.id.clone(), source.title.clone())
    });
    ClaimRow {
        id: claim.id.clone(),
        says: claim.says.clone(),
        by: by.join(", "),
        verdict,
        share,
        readings,
        test: test(summary, line),
        note,
        sources: sources.collect(),
    }
}

/// What is tested, as written.
fn test(summary: &Summary, line: &ClaimLine) -> Vec<(&'static str, String)> {
    use detente_case::{ClaimTest, With};
    let ClaimTest::Share(test) = &line.claim.test else {
        return Vec::new();
    };
    let mut lines = vec![("holds when", test.holds_when.text.clone())];
    for with in &test.with {
        let set = match with {
            With::Input(set) => {
                let path = &summary.inputs[set.input.0 as usize].path;
                format!("{path} = {}", set.text)
            }
            With::Quantity(entry, value) => {
                format!("{}.{} = {value}", entry.lens, entry.quantity)
            }
        };
        lines.push(("with", set));
    }
    if let Some(given) = &test.given {
        lines.push(("given", given.text.clone()));
    }
    lines
}

/// A word for a share of worlds: those of ICD 203, which readers of assessments know.
fn word(share: &ClaimShare) -> String {
    let x = share.holds.value;
    if x.is_nan() {
        return "in no world".to_owned();
    }
    let words = [
        (0.05, "almost no world"),
        (0.20, "very few worlds"),
        (0.45, "few worlds"),
        (0.55, "about half"),
        (0.80, "most worlds"),
        (0.95, "very many worlds"),
        (1.01, "nearly all worlds"),
    ];
    let found = words.iter().find(|(end, _)| x <= *end);
    format!("true in {}", found.map_or("all worlds", |(_, word)| word))
}

/// "12 (reading) to 80 (other)".
fn over(summary: &Summary, rivals: &[ClaimShare]) -> String {
    let shares = rivals.iter().zip(&summary.rivals);
    let mut told: Vec<(f64, &str)> = shares
        .filter(|(share, _)| !share.holds.value.is_nan())
        .map(|(share, rival)| (share.holds.value, rival.label.id.as_str()))
        .collect();
    told.sort_by(|a, b| a.0.total_cmp(&b.0));
    match told[..] {
        [] => "–".to_owned(),
        [(x, id)] => format!("{} ({id})", per_hundred(x)),
        [(low, least), .., (high, most)] => {
            if per_hundred(low) == per_hundred(high) {
                return format!("{} throughout", per_hundred(low));
            }
            format!(
                "{} ({least}) to {} ({most})",
                per_hundred(low),
                per_hundred(high)
            )
        }
    }
}

/// What a reader must know of the share.
fn remark(share: &ClaimShare) -> String {
    let mut parts = Vec::new();
    if share.given < 0.9995 {
        parts.push(format!(
            "its condition is met in {} of 100 worlds",
            per_hundred(share.given)
        ));
    }
    if share.untold > 0 {
        parts.push(format!(
            "not told in {} of {}",
            share.untold,
            count(share.worlds, "world")
        ));
    }
    parts.join("; ")
}
