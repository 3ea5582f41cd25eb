//! What would change the answer, in the words of a brief.

use detente_core::{Setting, Trigger};
use detente_evidence::{Change, Changer, ClaimStatus, Evidence, Flip};

use super::one::{NAMED, lower};
use super::{Part, Table};
use crate::chapters::talks;
use crate::rows::{self, with_error};
use crate::words::{capitalised, genitive, with_sign};
use crate::{claims, dates, headline, label, movers};

/// What moves the answer most.
pub(super) fn changes(evidence: &Evidence) -> Vec<Part> {
    let mut all = Vec::new();
    let found = telling(evidence);
    if found.is_empty() {
        all.push(Part::Text(
            "Nothing that this run tells of moves the answer by more than its error.".to_owned(),
        ));
        all.push(Part::Text(movers::seen(evidence)));
    } else {
        all.push(Part::Table(Table {
            says: format!(
                "In how many of 100 worlds {}, and by how far that goes",
                quantity(evidence)
            ),
            head: ["", "From", "To", "Change"].map(str::to_owned).into(),
            rows: found.iter().map(|change| row(evidence, change)).collect(),
            numbers: true,
        }));
        all.push(Part::Note(how_read(&found)));
    }
    all.extend(turning(evidence).map(Part::Text));
    all.extend(talks::doubling(evidence).map(Part::Text));
    if evidence.rivals.is_empty()
        && let Some(lack) = evidence.missing.iter().find(|m| m.part == "readings")
    {
        all.push(Part::Note(format!(
            "Other readings: {}",
            lower(&crate::parts::note(&lack.why))
        )));
    }
    all
}

fn quantity(evidence: &Evidence) -> String {
    format!(
        "{} {}",
        evidence
            .closest_package()
            .map_or_else(|| "it".to_owned(), |p| dates::quoted(evidence, p)),
        headline::verb(evidence.headline)
    )
}

/// The few that a brief tells: those that move the answer furthest. Of readings only the first, since all stand further down.
pub(super) fn telling(evidence: &Evidence) -> Vec<Change> {
    let mut read = false;
    let mut all = evidence.changes();
    all.retain(|change| match change.by {
        Changer::Reading(_) => !std::mem::replace(&mut read, true),
        Changer::Input(_) | Changer::Lever(_) | Changer::RedLines(_) => true,
    });
    all.truncate(NAMED);
    all
}

pub(super) fn row(evidence: &Evidence, change: &Change) -> Vec<String> {
    let [from, to] = change.ends.map(|end| with_error(&end));
    vec![what(evidence, change.by), from, to, moved(&change.moved)]
}

/// What a change is of, in words.
fn what(evidence: &Evidence, by: Changer) -> String {
    let setting = &evidence.setting;
    match by {
        Changer::Input(i) => {
            let mover = &evidence.movers.moving.inputs[i];
            let name = capitalised(&label::with_path(&mover.path, setting));
            let stands = if mover.placeholder {
                ", a placeholder"
            } else if mover.default {
                ", a default that nobody stated"
            } else {
                ""
            };
            let turns = if mover.turns().is_empty() {
                String::new()
            } else {
                format!(" (it {})", mover.direction())
            };
            format!("{name}{stands}: as it grows{turns}")
        }
        Changer::Reading(r) => {
            let label = &evidence.rivals[r].label;
            let by = if label.by.is_empty() {
                String::new()
            } else {
                format!(" ({})", label.by)
            };
            format!(
                "The reading “{}”{by} in the place of {}",
                label.name,
                in_force(evidence)
            )
        }
        Changer::Lever(t) => {
            let turns = evidence.chapters.leverage.told();
            let turn = turns.map(|told| told.turns[t]);
            turn.map_or_else(String::new, |turn| {
                format!(
                    "The lever “{}”, from not believed to sure: {} answer alone",
                    setting.levers[turn.lever].name,
                    target(setting, turn.lever)
                )
            })
        }
        Changer::RedLines(i) => format!(
            "If no red line of {} were hard: its answer alone",
            setting.parties[i].name
        ),
    }
}

/// What is in force, as a clause: "the case as written", "the reading “…”".
pub(super) fn in_force(evidence: &Evidence) -> String {
    match evidence.readings.len() {
        0 => rows::reading_name(evidence),
        n => {
            let named = evidence
                .readings
                .iter()
                .map(|own| format!("“{}”", own.name));
            let named: Vec<String> = named.collect();
            let word = if n == 1 { "reading" } else { "readings" };
            format!(
                "the {word} {}{}",
                named.join(", then "),
                rows::set_in_words(evidence)
            )
        }
    }
}

/// Whose refusal a lever answers.
fn target(setting: &Setting, lever: usize) -> String {
    match setting.levers[lever].trigger {
        Trigger::Refuse(party) => genitive(&setting.parties[party].name),
        _ => "its target’s".to_owned(),
    }
}

/// "+12 ±2": a change of a share, of 100, with its error as the report prints errors.
pub(super) fn moved(mean: &detente_math::Mean) -> String {
    let error = 100.0 * mean.error;
    let change = with_sign(100.0 * mean.value, 0);
    if error.is_nan() || error < 1.0 {
        change
    } else {
        format!("{change}\u{a0}±{error:.0}")
    }
}

/// How the ends of what was found are to be read.
fn how_read(found: &[Change]) -> String {
    let any = |is: fn(Changer) -> bool| found.iter().any(|change| is(change.by));
    let mut said = Vec::new();
    if any(|by| matches!(by, Changer::Input(_))) {
        said.push(
            "A number: means over the eighths of its draws, from low to high, between which the answer goes furthest; what moves together with it moves along.",
        );
    }
    if any(|by| matches!(by, Changer::Reading(_))) {
        said.push("A reading: all that it replaces, on the same draws; it is the one that moves the answer furthest.");
    }
    if any(|by| matches!(by, Changer::Lever(_))) {
        said.push("A lever: in how many worlds its target accepts, half of its types by prior deciding, so that a deal moves by less.");
    }
    if any(|by| matches!(by, Changer::RedLines(_))) {
        said.push("Red lines: in how many worlds the party accepts, as it is and if it weighed what it now refuses outright; others may still refuse.");
    }
    said.push(
        "The error of a change is that of runs which share no draws, so that it is none too small.",
    );
    said.join(" ")
}

/// The claim that turns most sharply with a number of the case.
fn turning(evidence: &Evidence) -> Option<String> {
    let lines = evidence.claims.iter();
    let flips = lines.filter_map(|line| match &line.status {
        ClaimStatus::Computed {
            flips,
            assumed: None,
            ..
        } => {
            let far = |flip: &&Flip| (flip.shares[1] - flip.shares[0]).abs();
            let first = flips.iter().max_by(|a, b| far(a).total_cmp(&far(b)))?;
            Some((line, first, far(&first)))
        }
        _ => None,
    });
    let (line, flip, _) = flips.max_by(|a, b| a.2.total_cmp(&b.2))?;
    Some(format!(
        "Of the claims tested, the one that turns furthest is `{}`, “{}”: it {}.",
        line.claim.id,
        line.claim.says.trim_end_matches('.'),
        claims::turn(evidence, flip)
    ))
}
