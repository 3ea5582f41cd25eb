//! What the run computed and what it left alone: read off the lenses, their silences and the case, never written by hand.

use std::fmt::Write as _;

use detente_core::{LensSpec, LineStiffness, Maturity};
use detente_evidence::{Evidence, LensLine, Silence};

use super::{findings, rows};
use crate::words::{and_list, count, short_count};

/// The parts of the method that depend on the run.
#[derive(Default)]
pub(super) struct Method {
    /// How no deal is valued; empty where the case does not say what happens without a deal.
    pub(super) no_deal: String,
    /// What may stop a deal, and which of it this run weighs.
    pub(super) weighs: String,
    pub(super) lenses: Vec<LensRow>,
    /// Lenses that this version names and does not have.
    pub(super) planned: Vec<String>,
    /// Silences of what comes before the lenses, such as the no-deal model.
    pub(super) others: Vec<String>,
}

/// A lens and what became of it.
pub(super) struct LensRow {
    pub(super) id: &'static str,
    pub(super) question: &'static str,
    /// "answered in every world".
    pub(super) answered: String,
    /// Why it was silent elsewhere, or in part.
    pub(super) silences: Vec<String>,
    /// What it assumes and where it stops, of a lens that answered somewhere.
    pub(super) limits: Option<String>,
}

pub(super) fn method(evidence: &Evidence) -> Method {
    let known = |lens: &str| evidence.lenses.iter().any(|line| line.spec.id == lens);
    let before = evidence.silences.iter();
    let before = before.filter(|((lens, _), _)| !known(lens));
    let planned = detente_core::catalogue::all().into_iter();
    let planned = planned.filter(|spec| spec.maturity == Maturity::Planned);
    Method {
        no_deal: findings::no_deal_method(evidence),
        weighs: weighs(evidence),
        lenses: evidence
            .lenses
            .iter()
            .map(|line| row(evidence, line))
            .collect(),
        planned: planned
            .map(|spec: &LensSpec| format!("{} ({})", spec.id, spec.question))
            .collect(),
        others: before
            .map(|((stage, silence), n)| {
                format!(
                    "The {stage} was silent in {}: {}.",
                    count(*n, "world"),
                    rows::because(silence)
                )
            })
            .collect(),
    }
}

fn row(evidence: &Evidence, line: &LensLine) -> LensRow {
    let worlds = evidence.options.worlds;
    let nothing = evidence.chapters.has_nothing_for(line.spec.id);
    let answered = match line.answered {
        0 => "answered in no world".to_owned(),
        _ if nothing => "the case has nothing of its kind".to_owned(),
        n if n >= worlds => "answered in every world".to_owned(),
        n => format!(
            "answered in {} of {}",
            short_count(n),
            count(worlds, "world")
        ),
    };
    let own = evidence.silences.iter();
    let own: Vec<(&Silence, usize)> = own
        .filter(|((lens, _), _)| *lens == line.spec.id)
        .map(|((_, silence), n)| (silence, *n))
        .collect();
    // Whoever gives up part of an answer has told the rest.
    let silent: usize = own.iter().map(|(_, n)| n).sum();
    let in_part = silent > worlds.saturating_sub(line.answered);
    let told = |(silence, n): &(&Silence, usize)| {
        let what = match silence {
            Silence::GaveUp(_) if in_part => "left something untold",
            _ => "told nothing",
        };
        format!(
            "{what} in {}: {}.",
            count(*n, "world"),
            rows::because(silence)
        )
    };
    LensRow {
        id: line.spec.id,
        question: line.spec.question,
        answered,
        silences: own.iter().map(told).collect(),
        limits: (line.answered > 0 && !nothing).then(|| line.spec.limits_of(&evidence.setting)),
    }
}

/// What stops deals in theory, and what of it the case states and the run weighed.
pub(super) fn weighs(evidence: &Evidence) -> String {
    let setting = &evidence.setting;
    let (mut weighed, mut left) = (Vec::new(), Vec::new());
    let mut of = |stated: bool, yes: String, no: &str| {
        if stated {
            weighed.push(yes);
        } else {
            left.push(no.to_owned());
        }
    };
    let private = setting.parties.iter().filter(|p| p.types.len() > 1).count();
    of(
        private > 0,
        format!(
            "private information ({} of more than one type; types and priors are the analyst’s to state)",
            parties(private)
        ),
        "private information (no party has more than one type)",
    );
    let hard = |stiffness: LineStiffness| matches!(stiffness, LineStiffness::Hard);
    let lines = setting.red_lines.iter();
    let lines = lines.filter(|line| hard(line.stiffness)).count();
    of(
        lines > 0,
        format!("what nothing can buy ({})", count(lines, "hard red line")),
        "what nothing can buy (no hard red line is stated)",
    );
    let mut after = evidence.lenses.iter();
    let after = after.any(|line| line.spec.id == "durability" && line.answered > 0);
    of(
        after,
        "the inability to commit (a deal is worth what it is worth with what may follow it)"
            .to_owned(),
        "the inability to commit (a deal is taken at its worth on paper, and nothing here says whether it would last)",
    );
    let mut said = "What stops deals is private information, the inability to commit, and stakes that cannot be divided or bought \
                    (Fearon 1995)."
        .to_owned();
    if !weighed.is_empty() {
        let _ = write!(said, " Weighed here: {}.", and_list(&weighed));
    }
    if !left.is_empty() {
        let _ = write!(said, " Not weighed here: {}.", and_list(&left));
    }
    said
}

/// "1 party", "3 parties".
fn parties(n: usize) -> String {
    if n == 1 {
        "1 party".to_owned()
    } else {
        format!("{n} parties")
    }
}
