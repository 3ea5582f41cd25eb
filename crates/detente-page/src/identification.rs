//! The identification table: which numbers of the contest are tied to data, and what the others decide by assumption.

use detente_case::{Input, Status};
use detente_evidence::Evidence;

use super::label;
use crate::words::capitalised;

/// A number of the contest.
pub(super) struct Row {
    pub(super) label: String,
    pub(super) path: String,
    /// What rests on it.
    pub(super) decides: &'static str,
    /// How well it is known.
    pub(super) status: &'static str,
    pub(super) assumed: bool,
    /// (identifier, title)
    pub(super) sources: Vec<(String, String)>,
}

/// What the numbers of a contest decide, by the end of their path. Only products can be seen from outside: the pace of the
/// line is edge times pace, and how often wars end is the sum of hazards.
const DECIDES: [(&str, &str); 11] = [
    (
        "edge",
        "with the pace, how fast the line moves: their product can be read off the map",
    ),
    (
        "pace",
        "alone: how far a change of effort moves the line, in the line’s own unit; seen only after a supply shock",
    ),
    ("volatility", "how far the line strays from its mean"),
    (
        "decisive",
        "how often a side wins outright at an even edge: base rates of such contests",
    ),
    (
        "decisive_slope",
        "alone: how much a change of effort hastens a win; seen only after a supply shock",
    ),
    (
        "other_end",
        "how often it ends with no winner and not by these talks: base rates",
    ),
    (
        "escalation",
        "how often it escalates: judgement, for want of cases",
    ),
    (
        "escalation_slope",
        "how much more often where the weapon’s holder is losing",
    ),
    (
        "substitution",
        "alone: whether others can make up for a missing contributor",
    ),
    ("from_month", "when a side’s capacity starts to fall"),
    ("low", "where it ends"),
];

pub(super) fn rows(evidence: &Evidence) -> Vec<Row> {
    let of_contest = |input: &&Input| input.path.starts_with("contest.") && input.status.is_claim();
    let row = |input: &Input| {
        let key = input.path.rsplit('.').next().unwrap_or_default();
        let (_, decides) = DECIDES.iter().find(|(known, _)| *known == key)?;
        let sources = input.sources.iter().map(|s| &evidence.sources[*s]);
        Some(Row {
            label: capitalised(&label::label(&input.path, &evidence.setting)),
            path: input.path.clone(),
            decides,
            status: match input.status {
                Status::Measured => "measured",
                Status::Quoted => "quoted",
                Status::Judgement => "a judgement",
                Status::Fact => "a fact of the case",
                Status::Default => "a default, not stated",
                _ => "assumed",
            },
            assumed: matches!(input.status, Status::Placeholder | Status::Default),
            sources: sources.map(|s| (s.id.clone(), s.title.clone())).collect(),
        })
    };
    let found = evidence.inputs.iter().filter(of_contest).filter_map(row);
    found.collect()
}
