//! The sections of a brief of one run.

use detente_case::Status;
use detente_evidence::{Change, Changer, Evidence, Lack, Mover, OnRecord, Rival};
use detente_math::Mean;

use super::changes::{changes, moved};
use super::{Part, Section, Table, section};
use crate::bottom_line::{self, Need};
use crate::chapters::talks;
use crate::parts::Parts;
use crate::rows::{self, with_error};
use crate::words::{and_list, capitalised, count, in_words, per_hundred};
use crate::{dates, findings, headline, judged, label, method, record};

/// Things that would change the answer, and placeholders that matter, named.
pub(super) const NAMED: usize = 3;
/// Readings named.
const READINGS: usize = 4;

/// All of them, in order.
pub(super) fn sections(evidence: &Evidence, parts: &Parts) -> Vec<Section> {
    let answered = findings::not_computed(evidence).is_none();
    let mut all = vec![section(parts, "bottom-line", "Bottom line", || {
        bottom(evidence)
    })];
    if answered {
        all.push(section(parts, "blocks", "What blocks it", || {
            blocks(evidence)
        }));
        all.push(section(parts, "mind", "What would change it", || {
            changes(evidence)
        }));
    }
    all.push(section(parts, "register", "What it rests on", || {
        rests_on(evidence)
    }));
    if answered {
        all.push(section(parts, "record", "What the record says", || {
            on_record(evidence)
        }));
    }
    all.push(section(
        parts,
        "method",
        "What the model does not say",
        || limits(evidence),
    ));
    all
}

/// The answer: the sentences that the report opens with, and its figures.
fn bottom(evidence: &Evidence) -> Vec<Part> {
    let said = bottom_line::bottom_line(evidence);
    let mut all = Vec::new();
    let of = |anchor: &'static str| {
        let own = said.iter();
        let own = own.filter(move |own| own.anchor == anchor && own.need == Need::Always);
        own.map(|own| own.text.clone())
    };
    all.extend(of("run").map(Part::Fault));
    if findings::not_computed(evidence).is_some() {
        all.extend(of("method").map(Part::Lead));
        return all;
    }
    match evidence.closest_package() {
        Some(p) => {
            all.push(Part::Lead(bottom_line::answer(evidence, p)));
            all.push(Part::Table(figures(evidence, p)));
            all.extend(of("durability").map(Part::Text));
        }
        None => all.push(Part::Lead(findings::acceptance(evidence))),
    }
    all.extend(talks::sentence(evidence).map(Part::Text));
    let named = all.iter().any(|part| match part {
        Part::Lead(text) | Part::Text(text) => text.contains(dates::MARK),
        _ => false,
    });
    all.extend(
        dates::footnote(evidence)
            .filter(|_| named)
            .map(|text| Part::Note(format!("{text}."))),
    );
    all
}

/// What becomes of the leading package, with its error, and over the readings.
fn figures(evidence: &Evidence, p: usize) -> Table {
    let line = &evidence.packages()[p];
    let kept = evidence.headline.kept_months.is_some();
    let over = |of: fn(&Rival, usize) -> Mean, own: &Mean| {
        let rivals = evidence.rivals.iter().map(|rival| of(rival, p));
        bottom_line::spread(own, rivals).map_or_else(
            || "–".to_owned(),
            |(low, high)| {
                if low == high {
                    format!("{low} throughout")
                } else {
                    format!("{low} to {high}")
                }
            },
        )
    };
    let mut rows = Vec::new();
    if kept {
        rows.push(vec![
            head_of_kept(evidence),
            with_error(&line.kept),
            over(|rival, p| rival.own.kept[p], &line.kept),
        ]);
    }
    rows.push(vec![
        signed_in_words(kept).to_owned(),
        with_error(&line.agreed),
        over(|rival, p| rival.own.agreed[p], &line.agreed),
    ]);
    if evidence.has_gates() {
        rows.push(vec![
            "In force: its gates at home let it pass too".to_owned(),
            with_error(&line.in_force),
            "not told".to_owned(),
        ]);
    }
    let mut table = Table {
        says: format!("Of 100 sampled worlds, {}", dates::quoted(evidence, p)),
        head: ["", "As run", "Over the readings"]
            .map(str::to_owned)
            .into(),
        rows,
        numbers: true,
    };
    if evidence.rivals.is_empty() {
        table.head.truncate(2);
        table.rows.iter_mut().for_each(|row| row.truncate(2));
    }
    table
}

/// "Signed and kept five years".
pub(super) fn head_of_kept(evidence: &Evidence) -> String {
    let verb = headline::verb(evidence.headline);
    capitalised(verb.strip_prefix("is ").unwrap_or(&verb))
}

pub(super) fn signed_in_words(kept: bool) -> &'static str {
    if kept {
        "Signed by all it needs"
    } else {
        "Accepted by all it needs"
    }
}

/// Who stands in its way, and why.
fn blocks(evidence: &Evidence) -> Vec<Part> {
    let mut all = Vec::new();
    if let Some(p) = evidence.closest_package() {
        all.push(Part::Lead(bottom_line::who_blocks(evidence, p)));
        all.push(Part::Table(refusals(evidence, p)));
        all.extend(at_home(evidence, p).map(Part::Text));
    }
    all.extend(findings::blocks_all(evidence).map(Part::Text));
    all
}

/// Who refuses the package, of those it needs.
fn refusals(evidence: &Evidence, p: usize) -> Table {
    let (package, line) = (&evidence.setting.packages[p], &evidence.packages()[p]);
    let rows = package.needed.iter().map(|i| {
        let (first, red) = line.blocks[i];
        vec![
            evidence.setting.parties[i].name.clone(),
            per_hundred(1.0 - line.accepts[i].value),
            per_hundred(line.alone[i].value),
            per_hundred(first),
            per_hundred(red),
        ]
    });
    Table {
        says: format!(
            "Of 100 sampled worlds, who refuses {}",
            dates::quoted(evidence, p)
        ),
        head: [
            "",
            "Refuses",
            "Alone refuses",
            "Blocks first",
            "of that by a hard red line",
        ]
        .map(str::to_owned)
        .into(),
        rows: rows.collect(),
        numbers: true,
    }
}

/// Which gates at home let it pass.
fn at_home(evidence: &Evidence, p: usize) -> Option<String> {
    let setting = &evidence.setting;
    let needed = setting.packages[p].needed;
    let gates = evidence.gates().iter();
    let asked = gates.filter(|gate| needed.contains(setting.gates[gate.gate].party));
    let passes: Vec<String> = asked
        .map(|gate| {
            format!(
                "{} {}",
                setting.gates[gate.gate].name,
                with_error(&gate.passes[p])
            )
        })
        .collect();
    (!passes.is_empty()).then(|| {
        format!(
            "Chance that its gates at home let it pass, of 100: {}.",
            and_list(&passes)
        )
    })
}

/// What the numbers are worth.
fn rests_on(evidence: &Evidence) -> Vec<Part> {
    let mut all = vec![
        Part::Text(bottom_line::resting(evidence)),
        Part::Table(by_status(&[("Numbers", evidence)])),
    ];
    all.extend(placeholders(evidence).map(Part::Text));
    all.extend(readings(evidence).map(Part::Text));
    all
}

/// Who vouches for a number, and how a brief calls it.
const STATUSES: [(Status, &str); 6] = [
    (Status::Measured, "Measured"),
    (Status::Quoted, "Quoted"),
    (Status::Judgement, "Judged"),
    (Status::Placeholder, "Placeholders"),
    (Status::Default, "Not stated, defaults"),
    (Status::Set, "Set for this run"),
];

/// How many of them stand in every brief, whether there are such numbers or not.
const ALWAYS: usize = 4;

/// A table of numbers by status, a row a run.
pub(super) fn by_status(runs: &[(&str, &Evidence)]) -> Table {
    let of = |evidence: &Evidence, status: Status| {
        let found = evidence.statuses.iter().find(|(own, _)| *own == status);
        found.map_or(0, |(_, n)| *n)
    };
    let any = |status: Status| runs.iter().any(|(_, evidence)| of(evidence, status) > 0);
    let shown = STATUSES.iter().enumerate();
    let shown: Vec<&(Status, &str)> = shown
        .filter(|(i, (status, _))| *i < ALWAYS || any(*status))
        .map(|(_, status)| status)
        .collect();
    let heads = shown.iter().map(|(_, head)| (*head).to_owned());
    let row = |(name, evidence): &(&str, &Evidence)| {
        let counts = shown
            .iter()
            .map(|(status, _)| of(evidence, *status).to_string());
        std::iter::once((*name).to_owned()).chain(counts).collect()
    };
    Table {
        says: "Numbers that say something about the world, by who vouches for them".to_owned(),
        head: std::iter::once(String::new()).chain(heads).collect(),
        rows: runs.iter().map(row).collect(),
        numbers: true,
    }
}

/// The placeholders, and defaults, that explain most.
pub(super) fn placeholders(evidence: &Evidence) -> Option<String> {
    let resting = evidence.resting_on;
    if resting.placeholders + resting.defaults == 0 || findings::not_computed(evidence).is_some() {
        return None;
    }
    let moving = evidence.movers.moving.inputs.iter();
    let own = moving.filter(|mover| mover.placeholder || mover.default);
    let named: Vec<String> = own
        .take(NAMED)
        .map(|mover| explains(evidence, mover))
        .collect();
    Some(if named.is_empty() {
        "No placeholder alone explains so much of what differs between worlds that this run tells it from noise.".to_owned()
    } else {
        format!(
            "The placeholders that matter most, by how much of what differs between worlds each explains alone: {}.",
            and_list(&named)
        )
    })
}

fn explains(evidence: &Evidence, mover: &Mover) -> String {
    format!(
        "{} ({:.0} %, {:.0} to {:.0})",
        label::with_path(&mover.path, &evidence.setting),
        100.0 * mover.index,
        100.0 * mover.interval.0,
        100.0 * mover.interval.1
    )
}

/// Readings under which the answer is another.
fn readings(evidence: &Evidence) -> Option<String> {
    let mut found = evidence.readings_that_differ();
    found.retain(|change| !change.moved.value.is_nan());
    let all = found.len();
    if all == 0 {
        return None;
    }
    found.retain(Change::is_clear);
    let far = |change: &Change| change.moved.value.abs();
    found.sort_by(|a, b| far(b).total_cmp(&far(a)));
    let differ = found.len();
    let others = count(all, "other reading");
    if differ == 0 {
        let under = if all == 1 {
            "Under the one other reading the answer does not differ".to_owned()
        } else {
            format!("Under none of the {others} does the answer differ")
        };
        return Some(format!("{under} by more than twice its error."));
    }
    let named = found.iter().take(READINGS).filter_map(|change| {
        let Changer::Reading(r) = change.by else {
            return None;
        };
        let name = &evidence.rivals[r].label.name;
        let to = with_error(&change.ends[1]);
        Some(format!("“{name}” ({to} of 100, {})", moved(&change.moved)))
    });
    let mut named: Vec<String> = named.collect();
    if differ > READINGS {
        named.push(format!("{} more", in_words(differ - READINGS)));
    }
    let under = match (differ, all) {
        (1, 1) => "the one other reading".to_owned(),
        (n, all) if n == all => format!("each of the {others}"),
        (n, _) => format!("{} of the {others}", in_words(n)),
    };
    Some(format!(
        "The answer differs by more than twice its error under {under}: {}.",
        and_list(&named)
    ))
}

/// What is on record, and what it changes.
pub(super) fn on_record(evidence: &Evidence) -> Vec<Part> {
    match &evidence.record {
        OnRecord::Nothing => vec![Part::Text(
            "Nothing is on record in this case that weighs: no act that was seen, and no anchor on what is known of a number that the model computes.".to_owned(),
        )],
        OnRecord::Weighs(told) => {
            let mut all = vec![Part::Text(record::finding(evidence, told))];
            if !told.is_enough() {
                all.push(Part::Fault(record::thin(told)));
            }
            all
        }
        OnRecord::LeftOut | OnRecord::LeavesNone(_) => record::sentences(evidence)
            .into_iter()
            .map(Part::Fault)
            .collect(),
    }
}

/// What nobody should read into it.
fn limits(evidence: &Evidence) -> Vec<Part> {
    let mut all = vec![Part::Text(rows::ERRORS.to_owned())];
    all.push(Part::Text(method::weighs(evidence)));
    let forecasts = judged::section(evidence).map(|section| section.finding);
    all.push(Part::Text(match forecasts {
        Some(finding) => format!("{NO_FORECAST} {finding}"),
        None => NO_FORECAST.to_owned(),
    }));
    all.extend(silence(evidence).map(Part::Text));
    if !evidence.setting.caveats.is_empty() {
        all.push(Part::List(evidence.setting.caveats.clone()));
    }
    all.extend(left_out(evidence).map(Part::Fault));
    all
}

/// What a share is not.
pub(super) const NO_FORECAST: &str =
    "A share of worlds is what this model makes of its inputs; a forecast is what somebody signs.";

/// Why shares do not count every world, if they do not; where there is an answer.
fn silence(evidence: &Evidence) -> Option<String> {
    if findings::not_computed(evidence).is_some() {
        return None;
    }
    let said = bottom_line::bottom_line(evidence).into_iter();
    let mut said = said.filter(|own| own.anchor == "method" && own.need == Need::Always);
    said.next().map(|own| own.text)
}

/// What a first look or an interruption left out of it.
pub(super) fn left_out(evidence: &Evidence) -> Option<String> {
    let of = |why: &Lack| -> Vec<String> {
        let left = evidence.missing.iter().filter(|m| m.why == *why);
        left.map(|missing| match missing.part {
            "readings" => "other readings".to_owned(),
            "run" => "certificates".to_owned(),
            "mind" => "what moves the answer".to_owned(),
            other => other.to_owned(),
        })
        .collect()
    };
    let (interrupted, quick) = (of(&Lack::Interrupted), of(&Lack::Quick));
    let (kept, unkept) = (of(&Lack::Kept), of(&Lack::Unkept));
    let said: Vec<String> = [
        (interrupted, "Interrupted, so that these are left out"),
        (quick, "A quick look, which leaves these out"),
        (kept, "Of a run that was kept, and no worlds run for it, so that these are left out or not whole"),
        (unkept, "The run keeps no columns by month, so that these are left out"),
    ]
    .into_iter()
    .filter(|(left, _)| !left.is_empty())
    .map(|(left, how)| format!("{how}: {}.", and_list(&left)))
    .collect();
    (!said.is_empty()).then(|| said.join(" "))
}

/// With a small letter at its head.
pub(super) fn lower(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_lowercase().chain(letters).collect()
    })
}
