//! What is on record and what it changes: the section of the page, its sentences for the bottom line, and the same as data.

mod blame;
mod json;

use askama::Template;
use detente_case::{Act, Tells};
use detente_core::Setting;
use detente_evidence::{ActTold, AnchorTold, BeforeAfter, Evidence, InputMoved, OnRecord, Record};

use super::claims::set_lines;
use super::{dates, label};
use crate::headline;
use crate::rows::{self, with_error};
use crate::svg::{Marker, Party, escape, moved, path, responsive};
use crate::words::{and_list, brief, capitalised, count, per_hundred};
pub(super) use json::data;

#[derive(Template)]
#[template(path = "record.html")]
struct Page {
    finding: String,
    how: String,
    /// Where too few worlds are left, that; may be empty.
    thin: String,
    packages: Vec<(String, Vec<[String; 2]>)>,
    headline: String,
    has_gates: bool,
    kept: bool,
    /// Packages before and after, drawn.
    moved: String,
    moved_title: String,
    /// Party, type, before, after, what the acts alone leave.
    types: Vec<[String; 5]>,
    /// What is believed date by date, drawn; nothing where no act moves anything.
    believed: Option<String>,
    dates: Vec<String>,
    path: Vec<(String, Vec<String>)>,
    acts: Vec<ActRow>,
    /// Acts that weigh nothing, as a sentence; may be empty.
    idle: String,
    anchors: Vec<AnchorRow>,
    inputs: Vec<InputRow>,
    inputs_moved: String,
    ruled_out: Vec<String>,
    readings: Vec<(String, String, String)>,
}

struct ActRow {
    on: String,
    by: String,
    says: String,
    /// What it tells, in words.
    tells: String,
    /// "Flexible 80, firm 35".
    likelihood: String,
    conflicts: bool,
    /// Identifier and title.
    sources: Vec<(String, String)>,
}

struct AnchorRow {
    says: String,
    quantity: String,
    /// What is set for it, as written.
    with: Vec<String>,
    /// What is set for what it is compared to.
    against: Vec<String>,
    known: String,
    weight: String,
    before: String,
    range: String,
    after: String,
    surprise: String,
    conflicts: bool,
    untold: String,
    why: String,
    sources: Vec<(String, String)>,
}

struct InputRow {
    label: String,
    path: String,
    before: String,
    after: String,
    direction: &'static str,
}

/// The section; nothing where the case has nothing on record.
pub(super) fn section(evidence: &Evidence) -> Option<String> {
    match &evidence.record {
        OnRecord::Nothing => None,
        OnRecord::LeftOut => Some(note(
            "The case has acts or anchors on record. This report was made without them, as asked (<code>--prior</code>): nothing in it has learned from what parties did.",
        )),
        OnRecord::LeavesNone(none) => Some(note(&escape(&blame::paragraph(none)))),
        OnRecord::Weighs(record) => page(evidence, record).render().ok(),
    }
}

fn note(text: &str) -> String {
    format!(
        "<section id=\"record\">\n<h2>What is on record</h2>\n<p class=\"fault\">{text}</p>\n</section>"
    )
}

/// Sentences for the bottom line.
pub(super) fn sentences(evidence: &Evidence) -> Vec<String> {
    let record = match &evidence.record {
        OnRecord::Nothing => return Vec::new(),
        OnRecord::LeftOut => {
            return vec![
                "What is on record (acts and anchors) is left out of this report, as asked."
                    .to_owned(),
            ];
        }
        OnRecord::LeavesNone(none) => return vec![blame::sentence(none)],
        OnRecord::Weighs(record) => record,
    };
    let mut all = Vec::new();
    if let Some(p) = evidence.closest_package() {
        let leads = lead(evidence, record, p);
        if leads.is_moved() {
            all.push(format!(
                "Without what is on record it would be {} of 100.",
                with_error(&leads.before)
            ));
        }
    }
    if let Some(text) = conflict(evidence, record) {
        all.push(text);
    }
    if !record.is_enough() {
        all.push(thin(record));
    }
    all
}

/// The quantity that a report leads with, of a package.
fn lead(evidence: &Evidence, record: &Record, p: usize) -> BeforeAfter {
    let [agreed, _, kept] = record.packages[p];
    if evidence.headline.kept_months.is_some() {
        kept
    } else {
        agreed
    }
}

/// What is in conflict with the case's own numbers.
fn conflict(evidence: &Evidence, record: &Record) -> Option<String> {
    let acts = record.acts.iter().filter(|told| told.conflicts());
    let acts: Vec<String> = acts
        .map(|told| {
            let party = &evidence.setting.parties[told.act.by].name;
            let chance = per_hundred(told.chance.unwrap_or(f64::NAN));
            format!("what {party} did on {} ({chance} of 100)", told.act.on)
        })
        .collect();
    let anchors = record.anchors.iter().filter(|told| told.conflicts());
    let anchors: Vec<String> = anchors
        .map(|told| format!("“{}”", told.anchor.says.trim_end_matches('.')))
        .collect();
    let all = [acts, anchors].concat();
    (!all.is_empty()).then(|| {
        format!(
            "The case’s own numbers make little of what is on record: {}.",
            and_list(&all)
        )
    })
}

/// That it leaves too few worlds.
pub(super) fn thin(record: &Record) -> String {
    format!(
        "What is on record leaves so few worlds that the {} of this report count as no more than {:.0}: its shares err by more than their ± says where worlds differ most.",
        count(record.rows, "world"),
        record.effective
    )
}

fn page(evidence: &Evidence, record: &Record) -> Page {
    let setting = &evidence.setting;
    let dates: Vec<&str> = record.path.iter().map(|step| step.on.as_str()).collect();
    let several = |t: &usize| setting.parties[setting.types[*t].party].types.len() > 1;
    let types: Vec<usize> = (0..setting.types.len()).filter(several).collect();
    Page {
        finding: finding(evidence, record),
        how: how(record),
        thin: if record.is_enough() {
            String::new()
        } else {
            thin(record)
        },
        packages: evidence
            .by_headline()
            .into_iter()
            .map(|p| {
                let of = record.packages[p];
                let cells = of.iter().map(both).collect();
                (dates::marked(evidence, p), cells)
            })
            .collect(),
        moved: moved_packages(evidence, record),
        moved_title: MOVED.to_owned(),
        believed: believed(evidence, record),
        headline: headline::head(evidence.headline),
        has_gates: evidence.has_gates(),
        kept: evidence.headline.kept_months.is_some(),
        types: types
            .iter()
            .map(|t| {
                let kind = &setting.types[*t];
                let of = record.types[*t];
                let acts = record.path.last().map_or(f64::NAN, |step| step.chances[*t]);
                [
                    setting.parties[kind.party].name.clone(),
                    kind.name.clone(),
                    per_hundred(of.before.value),
                    per_hundred(acts),
                    with_error(&of.after),
                ]
            })
            .collect(),
        path: types
            .iter()
            .filter(|t| moves(record, **t))
            .map(|t| {
                let chances = record.path.iter().map(|step| per_hundred(step.chances[*t]));
                (type_name(setting, *t), chances.collect())
            })
            .collect(),
        dates: dates.iter().skip(1).map(|on| (*on).to_owned()).collect(),
        acts: record
            .acts
            .iter()
            .filter(|told| !told.likelihood.is_empty())
            .map(|told| act_row(evidence, told))
            .collect(),
        idle: idle(setting, record),
        anchors: record
            .anchors
            .iter()
            .map(|told| anchor_row(evidence, told))
            .collect(),
        inputs: record
            .inputs
            .iter()
            .map(|input| input_row(setting, input))
            .collect(),
        inputs_moved: match record.inputs_moved {
            n if n > record.inputs.len() => format!(
                "{} moved by more than chance; these moved most.",
                count(n, "number")
            ),
            _ => String::new(),
        },
        ruled_out: record
            .inputs
            .iter()
            .flat_map(|input| ruled_out(setting, input))
            .collect(),
        readings: record
            .readings
            .iter()
            .map(|(label, factor)| {
                let error = if factor.error.is_nan() || factor.error == 0.0 {
                    String::new()
                } else {
                    format!(" ±{}", brief(factor.error))
                };
                (
                    label.name.clone(),
                    format!("{}{error}", brief(factor.value)),
                    verdict(factor.value, factor.error).to_owned(),
                )
            })
            .collect(),
    }
}

/// Does what is believed of a type move along the path of the acts?
fn moves(record: &Record, t: usize) -> bool {
    let chances = record.path.iter().map(|step| step.chances[t]);
    let ends = chances.fold((1.0, 0.0), |(low, high), x| {
        (f64::min(low, x), f64::max(high, x))
    });
    ends.1 - ends.0 > 0.005
}

/// Title of the figure of packages.
const MOVED: &str = "What the record changes of the packages that lead";

/// The packages that the report leads with, without the record and with it.
fn moved_packages(evidence: &Evidence, record: &Record) -> String {
    const SHOWN: usize = 6;
    let row = |p: usize| {
        let of = lead(evidence, record, p);
        moved::Row {
            group: String::new(),
            label: dates::marked(evidence, p),
            color_index: 0,
            marker: Marker::default(),
            before: of.before.value,
            after: of.after.value,
            before_range: rows::two_errors(&of.before),
            after_range: rows::two_errors(&of.after),
            known: None,
        }
    };
    let chart = moved::Moved {
        title: MOVED.to_owned(),
        desc: "For each package, in how many of 100 worlds it comes to pass without the record and with it.".to_owned(),
        id: "record-packages".to_owned(),
        x_label: format!("of 100 worlds: {}", headline::verb(evidence.headline)),
        rows: evidence.by_headline().into_iter().take(SHOWN).map(row).collect(),
        percent: true,
        ends: <[String; 2]>::default(),
        note: "Ranges are two standard errors of the sampling.".to_owned(),
    };
    responsive(&chart.render(), &chart.render_compact())
}

/// What somebody believes of the types who sees the acts.
fn believed(evidence: &Evidence, record: &Record) -> Option<String> {
    let setting = &evidence.setting;
    if record.path.len() < 2 || !(0..setting.types.len()).any(|t| moves(record, t)) {
        return None;
    }
    let several = setting.parties.iter().enumerate();
    let several = several.filter(|(_, party)| party.types.len() > 1);
    let panels = several.map(|(i, party)| path::Panel {
        party: Party::new(party.name.clone(), i),
        lines: party
            .types
            .clone()
            .map(|t| path::Line {
                label: setting.types[t].name.clone(),
                chances: record.path.iter().map(|step| step.chances[t]).collect(),
                after: Some(record.types[t].after.value),
            })
            .collect(),
    });
    let first = std::iter::once("before".to_owned());
    let dates = record.path.iter().skip(1).map(|step| step.on.clone());
    let chart = path::BeliefPath {
        title: "What the acts tell of each party’s type".to_owned(),
        desc: "Step by step, what somebody believes of the types who knows the case’s priors and sees the acts.".to_owned(),
        id: "belief-path-chart".to_owned(),
        steps: first.chain(dates).collect(),
        panels: panels.collect(),
        ..path::BeliefPath::default()
    };
    Some(responsive(&chart.render(), &chart.render_compact()))
}

/// Kass & Raftery (1995): a factor of 3 is worth a mention, of 20 strong.
fn verdict(factor: f64, error: f64) -> &'static str {
    // Within two errors of as likely, nothing is said.
    if factor.is_nan() || (factor - 1.0).abs() <= 2.0 * error {
        return "as likely";
    }
    match factor {
        f if f < 1.0 / 20.0 => "the record speaks strongly against it",
        f if f < 1.0 / 3.0 => "the record speaks against it",
        f if f > 20.0 => "the record speaks strongly for it",
        f if f > 3.0 => "the record speaks for it",
        _ => "hardly told apart",
    }
}

/// What it changes, in a few sentences.
pub(super) fn finding(evidence: &Evidence, record: &Record) -> String {
    let mut said = Vec::new();
    if let Some(p) = evidence.closest_package() {
        let of = lead(evidence, record, p);
        let name = dates::quoted(evidence, p);
        let verb = headline::verb(evidence.headline);
        let (before, after) = (with_error(&of.before), with_error(&of.after));
        said.push(if of.is_moved() {
            format!("With what is on record {name} {verb} in {after} of 100 worlds instead of {before}.")
        } else {
            format!("What is on record leaves the answer where it was: {name} {verb} in {after} of 100 worlds, {before} before.")
        });
    }
    let setting = &evidence.setting;
    let mut types: Vec<usize> = (0..setting.types.len())
        .filter(|t| record.types[*t].is_moved())
        .collect();
    let shift = |t: usize| record.types[t].after.value - record.types[t].before.value;
    types.sort_by(|a, b| shift(*b).abs().total_cmp(&shift(*a).abs()));
    if let Some(t) = types.first() {
        let of = record.types[*t];
        said.push(format!(
            "It moves most what is believed of {}: {} of 100 instead of {}.",
            type_name(setting, *t),
            per_hundred(of.after.value),
            per_hundred(of.before.value)
        ));
    }
    if let Some(text) = conflict(evidence, record) {
        said.push(text);
    }
    said.join(" ")
}

fn how(record: &Record) -> String {
    format!(
        "{} of the prior were weighed, worth {:.0} that count alike; the {} of this report were taken from them with chances in proportion to their weight and are worth {:.0}. What stands as “before” is of {} of the prior.",
        capitalised(&count(record.weighed, "world")),
        record.weighed_effective,
        count(record.rows, "world"),
        record.effective,
        count(record.before, "world")
    )
}

/// Acts that weigh nothing, and why.
fn idle(setting: &Setting, record: &Record) -> String {
    let named = |which: &dyn Fn(&Act) -> bool| {
        let acts = record.acts.iter().map(|told| &told.act);
        let named = acts.filter(|act| which(act)).map(|act| {
            let party = &setting.parties[act.by].name;
            format!(
                "{party} on {} (“{}”)",
                act.on,
                act.says.trim_end_matches('.')
            )
        });
        and_list(&named.collect::<Vec<_>>())
    };
    let known = named(&|act| !act.counts && !act.later);
    let later = named(&|act| act.later);
    let silent = named(&|act| act.counts && act.tells == Tells::Nothing);
    let mut said = Vec::new();
    if !known.is_empty() {
        said.push(format!(
            "Done by the day on which the priors of its party were formed, and so known to them, weighs nothing: {known}."
        ));
    }
    if !later.is_empty() {
        said.push(format!("Later than the case, weighs nothing: {later}."));
    }
    if !silent.is_empty() {
        said.push(format!(
            "Of this the case does not say what it tells: {silent}."
        ));
    }
    said.join(" ")
}

/// Before and after.
fn both(of: &BeforeAfter) -> [String; 2] {
    [with_error(&of.before), with_error(&of.after)]
}

fn type_name(setting: &Setting, t: usize) -> String {
    let kind = &setting.types[t];
    format!("{}: {}", setting.parties[kind.party].name, kind.name)
}

/// Sources by their places: identifier and title.
fn sources(evidence: &Evidence, places: &[usize]) -> Vec<(String, String)> {
    let source = |s: &usize| {
        let source = &evidence.sources[*s];
        (source.id.clone(), source.title.clone())
    };
    places.iter().map(source).collect()
}

fn act_row(evidence: &Evidence, told: &ActTold) -> ActRow {
    let setting = &evidence.setting;
    let act = &told.act;
    let package = |p: &usize| format!("“{}”", setting.packages[*p].name);
    let lever = |l: &usize| format!("“{}”", setting.levers[*l].name);
    let what = match &act.tells {
        Tells::Nothing => String::new(),
        Tells::Stated(_) => "as stated: relative to the mean of its types".to_owned(),
        Tells::Accepted(p) => format!("accepted {}", package(p)),
        Tells::Refused(p, None) => format!("refused {}", package(p)),
        Tells::Refused(p, Some(other)) => {
            format!("refused {} and asked for {}", package(p), package(other))
        }
        Tells::Pulled(l) => format!("pulled {}", lever(l)),
        Tells::Withheld(l) => format!("withheld {}", lever(l)),
        Tells::Announced(l) => format!("announced {}", lever(l)),
    };
    let party = &setting.parties[act.by];
    let stated = matches!(act.tells, Tells::Stated(_));
    let each = party.types.clone().zip(&told.likelihood).map(|(t, x)| {
        if stated {
            format!("{} {}", setting.types[t].name, brief(*x))
        } else {
            format!("{} {} of 100", setting.types[t].name, per_hundred(*x))
        }
    });
    ActRow {
        on: act.on.clone(),
        by: party.name.clone(),
        says: act.says.clone(),
        tells: match told.chance {
            Some(chance) => format!("{what}: {} of 100 by the model", per_hundred(chance)),
            None => what,
        },
        likelihood: each.collect::<Vec<_>>().join(", "),
        conflicts: told.conflicts(),
        sources: sources(evidence, &act.sources),
    }
}

fn anchor_row(evidence: &Evidence, told: &AnchorTold) -> AnchorRow {
    let spread = |[low, middle, high]: [f64; 3]| {
        format!("{} ({} to {})", brief(middle), brief(low), brief(high))
    };
    AnchorRow {
        says: told.anchor.says.clone(),
        quantity: told.anchor.quantity.text.clone(),
        with: set_lines(evidence, &told.anchor.with).collect(),
        against: set_lines(evidence, &told.anchor.against).collect(),
        known: told.anchor.known.text.clone(),
        weight: brief(told.anchor.weight),
        before: spread(told.before),
        range: spread(told.known),
        after: spread(told.after),
        surprise: if told.surprise.is_nan() {
            "not told".to_owned()
        } else if told.surprise < 0.001 {
            "<.001".to_owned()
        } else {
            brief(told.surprise)
        },
        conflicts: told.conflicts(),
        why: told.anchor.why.trim_end_matches('.').to_owned(),
        sources: sources(evidence, &told.anchor.sources),
        untold: if told.untold >= 1.0 {
            "told in no world, since its lens is silent or is to come, or only a search would tell it: it weighs nothing".to_owned()
        } else if told.untold > 0.005 {
            format!(
                "not told in {} of 100 worlds, which it weighs as if they met it on average",
                per_hundred(told.untold)
            )
        } else {
            String::new()
        },
    }
}

fn input_row(setting: &Setting, input: &InputMoved) -> InputRow {
    let spread = |[low, middle, high]: [f64; 3]| {
        format!("{} ({} to {})", brief(middle), brief(low), brief(high))
    };
    InputRow {
        label: capitalised(&label::label(&input.path, setting)),
        path: input.path.clone(),
        before: spread(input.before),
        after: spread(input.after),
        direction: if input.shift > 0.0 { "up" } else { "down" },
    }
}

/// "The pace of the line below 120".
fn ruled_out(setting: &Setting, input: &InputMoved) -> Vec<String> {
    let name = capitalised(&label::label(&input.path, setting));
    let [below, above] = input.ruled_out();
    let below = below.map(|x| format!("{name} below {}", brief(x)));
    let above = above.map(|x| format!("{name} above {}", brief(x)));
    below.into_iter().chain(above).collect()
}
