//! A ledger in ink: its entries and its scores on the terminal, as JSON and as a page, which all say the same.

mod json;
mod table;

use askama::Template;
use detente_case::{Forecast, Observed, is_later};
use detente_core::talks::Kind;
use detente_evidence::VERSION;
use detente_ledger::{
    Bin, Chances, FEW, Group, Interval, Ledger, Line, Model, Numbers, Reference, Scores, Signed,
    Skill, Summary, Weights, What, listed,
};

use crate::chapters::kind_in_words;
use crate::words::{and_list, count, per_hundred, short};
pub use json::json;
use table::Table;

/// What each score is, in a sentence.
const DEFINITIONS: [&str; 6] = [
    "Brier score: (p − o)², o being 1 if it happened and 0 if not; 0 is best, 0.25 what one half always gets.",
    "Log score: −ln of the chance that was given to what came; 0 is best, 0.693 what one half always gets, infinite what was held impossible.",
    "CRPS: how far a distribution lay from the number that came out, in its unit; 0 is best, and of a sure forecast it is the distance.",
    "Skill: 1 less the mean score over the other's mean score on the same questions; 1 is best, 0 as good as the other, below 0 worse.",
    "Calibration: of the forecasts that gave about the same chance, how many happened, with the exact interval of Clopper and Pearson.",
    "Intervals go from the 5th to the 95th percentile; those of means draw the questions again, all forecasts of one together.",
];

/// The share of a judgement as it is printed and signed: of worlds, of 100; of a number, in its unit.
pub fn printed_share(share: f64, of_number: Option<([f64; 3], &str)>) -> String {
    match of_number {
        None => format!("{} of 100", per_hundred(share)),
        Some(([low, _, high], unit)) => {
            format!(
                "{} ({} to {})",
                with_unit(share, unit),
                short(low),
                short(high)
            )
        }
    }
}

/// Kinds of equilibrium of the talks that a share rests on, as they are printed and signed: the commonest five, and the rest together.
pub fn kinds_of_talks(kinds: &[(Kind, f64)]) -> Vec<String> {
    const NAMED: usize = 5;
    let named = kinds.iter().take(NAMED);
    let mut said: Vec<String> = named
        .map(|(kind, share)| {
            let what = kind_in_words(*kind);
            format!("{} {}", per_hundred(*share), what.trim_end_matches('.'))
        })
        .collect();
    let rest: f64 = kinds.iter().skip(NAMED).map(|(_, share)| share).sum();
    if kinds.len() > NAMED {
        said.push(format!("{} any other", per_hundred(rest)));
    }
    said
}

fn with_unit(x: f64, unit: &str) -> String {
    let space = if unit.is_empty() { "" } else { " " };
    format!("{}{space}{unit}", short(x))
}

/// The entries of a ledger, a line a forecast.
pub fn list(ledger: &Ledger, today: &str) -> String {
    if ledger.entries.is_empty() {
        return "The ledger is empty.\n".into();
    }
    let table = entries(ledger, today).terminal();
    format!("{table}\n{}.\n", head(ledger))
}

fn head(ledger: &Ledger) -> String {
    let entries = match ledger.entries.len() {
        1 => "1 entry".to_owned(),
        n => format!("{n} entries"),
    };
    format!("{entries}; the last has the hash {}", ledger.head())
}

fn entries(ledger: &Ledger, today: &str) -> Table {
    let mut table = Table::new(&[
        "Entry",
        "Question",
        "Signed by",
        "Forecast",
        "Model",
        "Due",
        "Outcome",
    ]);
    for (entry, signed) in ledger.signed() {
        let outcome = match ledger.resolution(entry.number) {
            Some((by, resolved, said)) => {
                let corrected = if said > 1 { ", corrected" } else { "" };
                format!(
                    "{} (entry {}{corrected})",
                    observed(resolved.observed, &signed.unit),
                    by.number
                )
            }
            None if is_later(today, &signed.due) => "open, overdue".into(),
            None => "open".into(),
        };
        table.row([
            entry.number.to_string(),
            signed.judgement.clone(),
            if signed.hindsight {
                format!("{}, with hindsight", signed.by)
            } else {
                signed.by.clone()
            },
            forecast(&signed.forecast, &signed.unit),
            signed.model.as_ref().map_or("–".into(), share_under),
            signed.due.clone(),
            outcome,
        ]);
    }
    table
}

fn share_under(model: &Model) -> String {
    if model.readings.is_empty() {
        return model.printed.clone();
    }
    format!("{} under {}", model.printed, model.readings.join(" + "))
}

pub(crate) fn forecast(stated: &Forecast, unit: &str) -> String {
    match stated {
        Forecast::Chance(chance) => short(*chance),
        Forecast::Number { text, .. } => match listed(stated) {
            // What lists many numbers is told by three.
            Some([low, middle, high]) => format!(
                "{}, {} to {}",
                with_unit(middle, unit),
                short(low),
                short(high)
            ),
            None if unit.is_empty() => text.clone(),
            None => format!("{text} {unit}"),
        },
    }
}

fn observed(observed: Observed, unit: &str) -> String {
    match observed {
        Observed::Happened(true) => "happened".into(),
        Observed::Happened(false) => "did not happen".into(),
        Observed::Value(value) => with_unit(value, unit),
    }
}

/// The scores of a ledger.
pub fn terminal(scores: &Scores, page: Option<&str>) -> String {
    let mut parts = vec![paragraph(&opening(scores))];
    for group in &scores.groups {
        let group = Written::of(group);
        parts.push(paragraph(&[&[group.title][..], &group.notes[..]].concat()));
        parts.push(group.lines.terminal());
        parts.push(paragraph(&group.facts));
        parts.extend(group.calibration.map(|table| table.terminal()));
    }
    if !scores.groups.is_empty() {
        parts.push(paragraph(&DEFINITIONS));
    }
    parts.extend(page.map(|page| format!("{page}\n")));
    parts.join("\n")
}

/// Sentences, each on a line of its own.
fn paragraph<S: AsRef<str>>(sentences: &[S]) -> String {
    let lines = sentences.iter().flat_map(|line| [line.as_ref(), "\n"]);
    lines.collect()
}

/// What there is, and what is open.
fn opening(scores: &Scores) -> Vec<String> {
    let scored = scores.scored();
    let mut said = vec![format!(
        "{} signed; {scored} of them scored, on {}; {} open.",
        count(scores.signed, "forecast"),
        count(scores.resolved, "question"),
        scores.open.len()
    )];
    let overdue: Vec<String> = scores
        .open
        .iter()
        .filter(|open| open.overdue)
        .map(|open| {
            format!(
                "entry {} ({}, due {})",
                open.number, open.judgement, open.due
            )
        })
        .collect();
    if !overdue.is_empty() {
        said.push(format!("Overdue and not resolved: {}.", and_list(&overdue)));
    }
    if scores.groups.is_empty() {
        said.push("Nothing is resolved, so that nothing can be scored.".into());
    }
    said
}

/// A group as written.
struct Written {
    title: String,
    notes: Vec<String>,
    lines: Table,
    facts: Vec<String>,
    calibration: Option<Table>,
}

impl Written {
    fn of(group: &Group) -> Self {
        let under = if group.readings.is_empty() {
            String::new()
        } else {
            format!(", under {}", group.readings.join(" + "))
        };
        let mut title = format!("Signed by {}{under}", group.by);
        let mut notes = Vec::new();
        if group.hindsight {
            title.push_str(", with hindsight");
            notes.push(
                "Entered when it could be known what came of it: these scores say nothing of foresight.".to_owned(),
            );
        }
        if let Some(weights) = group.weights {
            notes.push(format!(
                "The model's share {}; {}.",
                if group.readings.is_empty() {
                    "is that of the case as it is written"
                } else {
                    "is that under the reading"
                },
                match weights {
                    Weights::Prior => "all worlds weigh alike (prior)",
                    Weights::Record => "worlds weigh by what is on record",
                }
            ));
        }
        if group.few() {
            notes.push(format!(
                "{} {} too few to say how good {} forecasts are: for intervals and calibration it takes {FEW}.",
                count(group.questions(), "question"),
                if group.questions() == 1 { "is" } else { "are" },
                "such"
            ));
        }
        let mut facts = Vec::new();
        if let Some(chances) = &group.chances {
            facts.extend(facts_of(chances));
        }
        for numbers in &group.numbers {
            facts.extend(facts_of_numbers(numbers));
        }
        let bins = group.chances.as_ref().map(|chances| &chances.bins);
        Self {
            title,
            notes,
            lines: lines(&group.lines),
            facts,
            calibration: bins.filter(|_| !group.few()).map(|bins| calibration(bins)),
        }
    }
}

fn lines(lines: &[Line]) -> Table {
    let numbers = lines.iter().any(|line| line.of_number.is_some());
    let chances = lines.iter().any(|line| line.of_chance.is_some());
    let mut heads = vec![
        "Entry",
        "Question",
        "Forecast",
        "Model",
        "Base rate",
        "Crowd",
        "Outcome",
    ];
    if chances {
        heads.extend(["Brier", "Log"]);
    }
    if numbers {
        heads.extend(["CRPS", "Chance of no more"]);
    }
    let mut table = Table::new(&heads);
    for line in lines {
        let mut row = vec![
            line.number.to_string(),
            line.judgement.clone(),
            forecast(&line.forecast, &line.unit),
            if line.share.is_empty() {
                "–".into()
            } else {
                line.share.clone()
            },
            line.base_rate.map_or("–".into(), short),
            line.crowd.as_ref().map_or("–".into(), |(crowd, score)| {
                format!(
                    "{} (score {})",
                    forecast(&crowd.forecast, &line.unit),
                    scored(*score)
                )
            }),
            observed(line.observed, &line.unit),
        ];
        let mut two = |of: Option<[f64; 2]>| match of {
            Some(two) => row.extend(two.map(scored)),
            None => row.extend(["–".to_owned(), "–".to_owned()]),
        };
        if chances {
            two(line.of_chance);
        }
        if numbers {
            two(line.of_number);
        }
        table.row(row);
    }
    table
}

fn scored(score: f64) -> String {
    if score.is_infinite() {
        "infinite".into()
    } else {
        short(score)
    }
}

fn within(interval: Option<Interval>) -> String {
    interval.map_or(String::new(), |interval| {
        format!(" ({} to {})", scored(interval.low), scored(interval.high))
    })
}

fn summary(what: &str, summary: &Summary, unit: &str) -> String {
    let space = if unit.is_empty() { "" } else { " " };
    format!(
        "{what}, mean: {}{space}{unit}{}, over {} on {}.",
        scored(summary.mean),
        within(summary.interval),
        count(summary.forecasts, "forecast"),
        count(summary.questions, "question")
    )
}

fn facts_of(chances: &Chances) -> Vec<String> {
    let mut facts = vec![
        summary("Brier score", &chances.brier, ""),
        summary("Log score", &chances.log, ""),
    ];
    facts.extend(
        chances
            .skill
            .iter()
            .map(|skill| against(skill, "Brier score")),
    );
    facts
}

fn facts_of_numbers(numbers: &Numbers) -> Vec<String> {
    let mut facts = vec![summary("CRPS", &numbers.crps, &numbers.unit)];
    facts.extend(numbers.skill.iter().map(|skill| against(skill, "CRPS")));
    facts
}

fn against(skill: &Skill, score: &str) -> String {
    let other = match skill.against {
        Reference::BaseRate => "the base rate",
        Reference::Crowd => "the crowd of the time",
        Reference::Share => "the model's share, which nobody signed",
    };
    let value = match skill.value {
        Some(value) => format!("{}{}", short(value), within(skill.interval)),
        None => "none can be stated, since the other was sure and right each time".into(),
    };
    format!(
        "Skill against {other}: {value}; mean {score} {} against {}, over {} on {}{}.",
        scored(skill.means[0]),
        scored(skill.means[1]),
        count(skill.forecasts, "forecast"),
        count(skill.questions, "question"),
        too_few(skill.questions)
    )
}

/// What to hold of a number that rests on few questions.
fn too_few(questions: usize) -> &'static str {
    if questions < FEW {
        ", too few to say anything by it"
    } else {
        ""
    }
}

fn calibration(bins: &[Bin]) -> Table {
    let mut table = Table::new(&[
        "Chance given",
        "Forecasts",
        "Mean",
        "Happened",
        "Of 100",
        "Interval",
    ]);
    for bin in bins {
        let hundred = |x: f64| per_hundred(x);
        table.row([
            format!("{} to {}", short(bin.ends[0]), short(bin.ends[1])),
            bin.forecasts.to_string(),
            short(bin.mean),
            bin.happened.to_string(),
            hundred(bin.rate()),
            format!(
                "{} to {}",
                hundred(bin.interval.low),
                hundred(bin.interval.high)
            ),
        ]);
    }
    table
}

/// One entry as the page tells it.
struct Told {
    anchor: String,
    title: String,
    facts: Vec<(&'static str, String)>,
}

fn told(ledger: &Ledger) -> Vec<Told> {
    let of = |entry: &detente_ledger::Entry| {
        let (title, mut facts) = match &entry.what {
            What::Signed(signed) => (
                format!(
                    "Entry {}: {} signs “{}”",
                    entry.number, signed.by, signed.judgement
                ),
                signed_facts(signed),
            ),
            What::Resolved(resolved) => (
                format!(
                    "Entry {}: {} resolves “{}”",
                    entry.number, resolved.by, resolved.judgement
                ),
                vec![
                    ("What happened", resolved.says.clone()),
                    ("Outcome", observed(resolved.observed, "")),
                    ("Known", resolved.on.clone()),
                    (
                        "Settles",
                        and_list(
                            &resolved
                                .settles
                                .iter()
                                .map(|n| format!("entry {n}"))
                                .collect::<Vec<_>>(),
                        ),
                    ),
                    ("Source", resolved.sources.join("; ")),
                    ("Entered", resolved.entered.clone()),
                ],
            ),
        };
        facts.push(("Entry before", entry.before.clone()));
        facts.push(("Hash", entry.hash.clone()));
        facts.retain(|(_, fact)| !fact.is_empty());
        Told {
            anchor: format!("entry-{}", entry.number),
            title,
            facts,
        }
    };
    ledger.entries.iter().map(of).collect()
}

fn signed_facts(signed: &Signed) -> Vec<(&'static str, String)> {
    let mut facts = vec![
        ("Forecast of", signed.says.clone()),
        ("Forecast", forecast(&signed.forecast, &signed.unit)),
        ("Rule", signed.rule.clone()),
        ("Due", signed.due.clone()),
        ("Made", signed.on.clone()),
        (
            "Entered",
            if signed.hindsight {
                format!("{}, with hindsight", signed.entered)
            } else {
                signed.entered.clone()
            },
        ),
        ("Why", signed.why.clone()),
        ("Base rate", signed.base_rate.map_or(String::new(), short)),
        (
            "Crowd of the time",
            signed.crowd.as_ref().map_or(String::new(), |crowd| {
                format!(
                    "{}, {}, {}",
                    forecast(&crowd.forecast, &signed.unit),
                    crowd.by,
                    crowd.on
                )
            }),
        ),
    ];
    if let Some(model) = &signed.model {
        facts.extend([
            (
                "Model's share",
                format!(
                    "{}, bits {:016x}",
                    share_under(model),
                    model.share.to_bits()
                ),
            ),
            ("Computed", model.computes.clone()),
            ("Talks, of 100", model.kinds.join("; ")),
            (
                "Worlds",
                format!(
                    "{} of {} tell it, {} searched; seed {}, {}; weights: {}",
                    model.told,
                    model.worlds,
                    model.searches,
                    model.seed,
                    model.sampler,
                    model.weights.word()
                ),
            ),
            ("Set for the run", model.set.join(", ")),
            ("Expert", model.expert.clone()),
            (
                "Version",
                format!("detente {} {}", model.version, model.build)
                    .trim()
                    .to_owned(),
            ),
        ]);
    }
    facts.push((
        "Case",
        format!("{}, {}", signed.case.name, signed.case.sha256),
    ));
    facts
}

#[derive(Template)]
#[template(path = "ledger.html")]
struct Page {
    style: &'static str,
    name: String,
    version: &'static str,
    opening: Vec<String>,
    head: String,
    entries: Table,
    groups: Vec<Written>,
    definitions: [&'static str; 6],
    told: Vec<Told>,
}

/// A ledger as one self-contained HTML page, without a script. `name`: what it is a ledger of.
pub fn page(name: &str, ledger: &Ledger, scores: &Scores, today: &str) -> String {
    let page = Page {
        style: include_str!("../assets/report.css"),
        name: name.to_owned(),
        version: VERSION,
        opening: opening(scores),
        head: head(ledger),
        entries: entries(ledger, today),
        groups: scores.groups.iter().map(Written::of).collect(),
        definitions: DEFINITIONS,
        told: told(ledger),
    };
    let html = page.render().expect("writing into a string cannot fail");
    detente_diag::visible(&html).into_owned()
}
