//! The register of inputs: every number with its shape, status, source and reason.

use detente_case::{Draw, Input, Status};
use detente_evidence::Evidence;
use detente_math::Distribution;

use super::label;
use crate::words::{capitalised, count, short};

/// A row of the register.
pub(super) struct Entry {
    pub(super) label: String,
    pub(super) path: String,
    pub(super) typed: String,
    pub(super) shape: &'static str,
    pub(super) low: String,
    pub(super) median: String,
    pub(super) high: String,
    pub(super) unit: String,
    pub(super) status: &'static str,
    pub(super) placeholder: bool,
    /// Nobody stated it, and an answer depends on it.
    pub(super) default: bool,
    /// (identifier, title)
    pub(super) sources: Vec<(String, String)>,
    pub(super) why: String,
    /// Whose judgement, when, on what news to look again, who knows it.
    pub(super) said: String,
}

/// The rows of a party, of the contest, of the levers…
pub(super) struct Group {
    pub(super) title: String,
    pub(super) entries: Vec<Entry>,
}

/// Claims about the world by what they are about, in the order of the case.
pub(super) fn groups(evidence: &Evidence) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    let claims = evidence
        .inputs
        .iter()
        .filter(|i| i.status.is_claim() && i.is_listed());
    for input in claims {
        let (title, entry) = (about(evidence, &input.path), entry(evidence, input));
        match groups.iter_mut().find(|group| group.title == title) {
            Some(group) => group.entries.push(entry),
            None => groups.push(Group {
                title,
                entries: vec![entry],
            }),
        }
    }
    groups
}

impl Group {
    /// "19 of 20 numbers are placeholders, 1 is a default".
    pub(super) fn placeholders(&self) -> String {
        let of = |is: fn(&Entry) -> bool| self.entries.iter().filter(|entry| is(entry)).count();
        let (n, defaults) = (of(|e| e.placeholder), of(|e| e.default));
        let be = match n {
            1 => "is a placeholder",
            _ if self.entries.len() == 1 => "is a placeholder",
            _ => "are placeholders",
        };
        let defaults = match defaults {
            0 => String::new(),
            1 => ", 1 is a default".to_owned(),
            m => format!(", {m} are defaults"),
        };
        format!(
            "{n} of {} {be}{defaults}",
            count(self.entries.len(), "number")
        )
    }
}

/// What a path is about: a party by its name, else the kind of thing.
fn about(evidence: &Evidence, path: &str) -> String {
    let mut segments = path.split('.');
    let (kind, id) = (segments.next().unwrap_or(path), segments.next());
    match kind {
        "party" => evidence
            .setting
            .parties
            .iter()
            .find(|party| Some(party.id.as_str()) == id)
            .map_or_else(|| path.to_owned(), |party| party.name.clone()),
        "issue" if evidence.setting.has_guarantees() => {
            "Options: positions, terms and what they guarantee".to_owned()
        }
        "issue" => "Options: positions and terms".to_owned(),
        "contest" => "The contest".to_owned(),
        "lever" => "Levers".to_owned(),
        "fact" => "Facts that several numbers take".to_owned(),
        "act" => "Acts".to_owned(),
        "turnover" => "Turnovers".to_owned(),
        "observable" => "Observables".to_owned(),
        "messenger" => "Messengers".to_owned(),
        other => capitalised(other),
    }
}

fn entry(evidence: &Evidence, input: &Input) -> Entry {
    let distribution = match &input.draw {
        Draw::Own(d) => d.clone(),
        Draw::Inherited(_) | Draw::Ranked { .. } => Distribution::Exact(f64::NAN),
    };
    let at = |u: f64| short(distribution.quantile(u));
    let uncertain = distribution.exact().is_none();
    let shape = match &input.draw {
        Draw::Ranked { .. } => "by rank",
        _ => distribution.shape(),
    };
    Entry {
        label: capitalised(&label::label(&input.path, &evidence.setting)),
        path: input.path.clone(),
        typed: input.text.clone(),
        shape,
        low: if uncertain { at(0.05) } else { String::new() },
        median: at(0.5),
        high: if uncertain { at(0.95) } else { String::new() },
        unit: match (input.unit, &evidence.setting.contest) {
            ("line", Some(contest)) => contest.unit.clone(),
            (unit, _) => unit.to_owned(),
        },
        status: input.status.name(),
        placeholder: input.status == Status::Placeholder,
        default: input.status == Status::Default,
        sources: input
            .sources
            .iter()
            .map(|s| {
                (
                    evidence.sources[*s].id.clone(),
                    evidence.sources[*s].title.clone(),
                )
            })
            .collect(),
        why: input.said.why.clone(),
        said: said(evidence, input),
    }
}

/// What is said of a number besides its reason, in a sentence or none.
fn said(evidence: &Evidence, input: &Input) -> String {
    let said = &input.said;
    let dated = match (said.by.as_str(), said.on.as_str()) {
        ("", "") => String::new(),
        (by, "") => format!("by {by}"),
        ("", on) => format!("of {on}"),
        (by, on) => format!("by {by}, {on}"),
    };
    let revisit = (!said.revisit.is_empty()).then(|| format!("look again: {}", said.revisit));
    let private = said
        .private_to
        .and_then(|p| evidence.setting.parties.get(p));
    let private = private.map(|party| format!("known to {} alone", party.name));
    let experts: Vec<&str> = input.experts.iter().map(|e| e.by.as_str()).collect();
    let experts = (!experts.is_empty()).then(|| format!("experts: {}", experts.join(", ")));
    let off = is_off(evidence, input)
        .then(|| "switched off, so no answer of this report depends on it".to_owned());
    let parts: Vec<String> = [
        off,
        (!dated.is_empty()).then_some(dated),
        experts,
        private,
        revisit,
    ]
    .into_iter()
    .flatten()
    .collect();
    capitalised(&parts.join("; "))
}

/// Does the number belong to a gate, a lever or a red line that is switched off in every world?
fn is_off(evidence: &Evidence, input: &Input) -> bool {
    let mut segments = input.path.split('.');
    let (Some(kind), Some(id)) = (segments.next(), segments.next()) else {
        return false;
    };
    let switch = format!("{kind}.{id}.on");
    let mut inputs = evidence.inputs.iter();
    inputs.any(|other| {
        let Draw::Own(on) = &other.draw else {
            return false;
        };
        other.path == switch && on.exact() == Some(0.0)
    })
}
