//! What would change the headline: the rows of the page's table, and what the run cannot see.

use detente_core::Setting;
use detente_evidence::{Answer, Evidence, Mover, Moving};

use super::label;
use crate::headline;
use crate::words::{and_list, capitalised, count, per_hundred};

pub(super) struct MoverRow {
    pub(super) label: String,
    pub(super) path: String,
    pub(super) index: String,
    pub(super) interval: String,
    /// What moves together with it; may be empty.
    pub(super) with: String,
    /// What the answer does, and where it stands where it turns.
    pub(super) direction: String,
    pub(super) low: String,
    pub(super) high: String,
    pub(super) placeholder: bool,
}

pub(super) fn rows(evidence: &Evidence) -> Vec<MoverRow> {
    rows_of(&evidence.setting, &evidence.movers.moving)
}

/// Those of any answer.
pub(super) fn rows_of(setting: &Setting, moving: &Moving) -> Vec<MoverRow> {
    const SHOWN: usize = 10;
    let shown = moving.inputs.iter().take(SHOWN);
    shown
        .map(|mover| MoverRow {
            label: capitalised(&label::label(&mover.path, setting)),
            path: mover.path.clone(),
            index: format!("{:.0}", 100.0 * mover.index),
            interval: format!(
                "{:.0} to {:.0}",
                100.0 * mover.interval.0,
                100.0 * mover.interval.1
            ),
            with: listed_paths(&mover.with),
            direction: direction(mover),
            low: per_hundred(mover.ends().0),
            high: per_hundred(mover.ends().1),
            placeholder: mover.placeholder || mover.default,
        })
        .collect()
}

/// "rises, then falls; 68 between".
fn direction(mover: &Mover) -> String {
    let turns: Vec<String> = mover.turns().into_iter().map(per_hundred).collect();
    if turns.is_empty() {
        return mover.direction().to_owned();
    }
    format!("{}; {} between", mover.direction(), and_list(&turns))
}

/// What the run can see of inputs that move the headline.
pub(super) fn seen(evidence: &Evidence) -> String {
    let moving = &evidence.movers.moving;
    let worlds = count(moving.worlds, "world");
    if evidence.movers.of == Answer::None {
        return "There is no headline that inputs could move.".to_owned();
    }
    let of = answer(evidence);
    if moving.constant {
        return format!(
            "The answer, {of}, is the same in each of the {worlds} in which it is known: no input moves it."
        );
    }
    if moving.visible.is_nan() {
        return format!("In {worlds} no input’s effect on {of} could be told from noise.");
    }
    let all = format!(
        "Below what this run can see: of {of}, known in {worlds}, an input would have to explain more than {:.1} % alone to be told from noise",
        100.0 * moving.visible
    );
    if moving.inputs.is_empty() {
        format!("{all}, and none does; more worlds see more.")
    } else {
        format!("{all}; inputs that are not listed may explain as much each.")
    }
}

/// A few paths, and how many more.
fn listed_paths(paths: &[String]) -> String {
    const NAMED: usize = 3;
    let named = paths.iter().take(NAMED).cloned().collect::<Vec<_>>();
    let more = paths.len().saturating_sub(NAMED);
    let rest = (more > 0).then(|| format!("{more} more"));
    named.into_iter().chain(rest).collect::<Vec<_>>().join(", ")
}

/// The answer that movers are sought of, as a clause.
pub(crate) fn answer(evidence: &Evidence) -> String {
    match evidence.movers.of {
        Answer::None => String::new(),
        Answer::AnyPackage => "whether any package is acceptable".to_owned(),
        Answer::Leading => format!(
            "whether the leading package {}",
            headline::verb(evidence.headline)
        ),
    }
}

/// What is uncertain about the headline within a world, where every number is drawn: a clause.
pub(crate) fn within(setting: &Setting, of_peace: bool) -> String {
    let types = "which types the parties are (types and priors are the analyst’s construction)";
    match (of_peace, has_types(setting)) {
        (true, true) => format!("{types} and in whether it then breaks down"),
        (true, false) => "whether it then breaks down".to_owned(),
        (false, _) => types.to_owned(),
    }
}

/// How what is uncertain about the headline is split: the beginning of a sentence that ends with what lies between worlds.
pub(super) fn split(evidence: &Evidence) -> String {
    let (setting, movers) = (&evidence.setting, &evidence.movers);
    let of = answer(evidence);
    if !movers.of_peace && !has_types(setting) {
        return format!(
            "No party has more than one type, so that all that is uncertain about {of} lies between sampled worlds"
        );
    }
    let types = if has_types(setting) {
        " No source settles types, and other types could be written."
    } else {
        ""
    };
    format!(
        "Of what is uncertain about {of}, {:.0} % lies in {}.{types} The rest lies between sampled worlds",
        100.0 * movers.types,
        within(setting, movers.of_peace)
    )
}

fn has_types(setting: &Setting) -> bool {
    setting.parties.iter().any(|party| party.types.len() > 1)
}
