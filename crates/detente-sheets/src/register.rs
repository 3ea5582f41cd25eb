//! The register of a case's numbers, for experts to fill: a row a number, with room for low, high and middle.
//!
//! Ends are asked for before the middle: whoever has named a middle first adjusts too little away from it (Tversky & Kahneman 1974; O'Hagan et al.
//! 2006, *Uncertain Judgements*, has the protocols that do so).

mod answers;
mod filled;
mod sheet;
mod values;

use std::fmt::Write as _;

use detente_case::{Case, Domain, Draw, Input, Status};
use detente_math::Distribution;
use sha2::{Digest, Sha256};

pub use answers::{Answer, Judged, judge};
pub use filled::Filled;
pub use sheet::{About, Blind, xlsx};
pub use values::csv;

use crate::cell::Scale;

/// A number that an expert may be asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Its path.
    pub path: String,
    /// What it means, in words.
    pub means: String,
    /// Its unit in the case.
    pub unit: String,
    /// Where it may lie.
    pub domain: Domain,
    /// How well it is known.
    pub status: &'static str,
    /// Its 5th, 50th and 95th percentile as the case has it.
    pub now: [f64; 3],
    /// Where it comes from: titles of sources, and whose judgement it is.
    pub source: String,
    /// By which it is known whether the case's own number is still the same when answers come back.
    pub mark: String,
}

/// The rows of a case: numbers of `order` first, in that order, then the others by path.
///
/// Left out are numbers that say nothing about the world (ends of scales, switches, yardsticks), that are drawn with others (by rank, or as parts of
/// one whole), or that no answer depends on.
#[must_use]
pub fn rows(case: &Case, order: &[String]) -> Vec<Row> {
    let mut rows: Vec<Row> = case
        .inputs
        .iter()
        .filter_map(|input| row(case, input))
        .collect();
    let place = |row: &Row| order.iter().position(|path| *path == row.path);
    rows.sort_by(|a, b| {
        let (x, y) = (place(a), place(b));
        let first = x.unwrap_or(usize::MAX).cmp(&y.unwrap_or(usize::MAX));
        first.then_with(|| a.path.cmp(&b.path))
    });
    rows
}

/// A number's row; `None` where nobody can be asked for it.
pub(crate) fn row(case: &Case, input: &Input) -> Option<Row> {
    let drawn = asked(input)?;
    let setting = &case.setting;
    let (doc, yardstick) = detente_page::meaning(&input.path).unwrap_or_default();
    if yardstick {
        return None;
    }
    let label = detente_page::in_words(&input.path, setting);
    Some(Row {
        path: input.path.clone(),
        means: match doc {
            "" => label,
            doc => format!("{label}: {doc}"),
        },
        unit: detente_page::unit_in(input.unit, setting).to_owned(),
        domain: input.domain,
        status: input.status.name(),
        now: [0.05, 0.5, 0.95].map(|level| drawn.quantile(level)),
        source: sources(case, input),
        mark: mark(input),
    })
}

/// What a number is drawn from, if it is one that an expert could be asked for.
fn asked(input: &Input) -> Option<&Distribution> {
    let Draw::Own(drawn) = &input.draw else {
        return None;
    };
    let own = input.status.is_claim() && input.status != Status::Set && input.is_listed();
    // Means of weights that are drawn together are exact, and their spread is not theirs alone.
    let alone = !matches!(drawn, Distribution::Gamma { .. });
    (own && alone && input.domain != Domain::Switch).then_some(drawn)
}

fn sources(case: &Case, input: &Input) -> String {
    let mut parts: Vec<String> = input
        .sources
        .iter()
        .map(|source| case.sources[*source].title.clone())
        .collect();
    if !input.said.by.is_empty() {
        parts.push(input.said.by.clone());
    }
    parts.extend(
        input
            .experts
            .iter()
            .filter(|e| !e.by.is_empty())
            .map(|e| e.by.clone()),
    );
    parts.dedup();
    parts.join("; ")
}

/// A letter for how well a number is known, and a hash of what the case itself says of it: experts who were put in with a date are left out, so that
/// several can answer one register.
pub(crate) fn mark(input: &Input) -> String {
    let letter = match input.status {
        Status::Placeholder => 'p',
        Status::Default => 'd',
        _ => 's',
    };
    let mut own = String::new();
    match (&input.experts[..], &input.draw) {
        ([], Draw::Own(drawn)) => {
            let _ = write!(own, "{drawn:?}");
        }
        (experts, _) => {
            for expert in experts.iter().filter(|expert| expert.on.is_empty()) {
                let _ = write!(own, "{:?}", expert.distribution);
            }
        }
    }
    if own.is_empty() {
        return format!("{letter}-none");
    }
    let hash = Sha256::digest(format!("{}\n{own}", input.path));
    let mut mark = format!("{letter}-");
    for byte in &hash[..4] {
        let _ = write!(mark, "{byte:02x}");
    }
    mark
}

/// Is the case's own number another than when a mark was made? Where experts have taken the place of a placeholder or a default, none of it is
/// left, and that is no change.
pub(crate) fn has_changed(then: &str, now: &str) -> bool {
    let (own_then, own_now) = (then.split_once('-'), now.split_once('-'));
    let (Some((letter, then)), Some((_, now))) = (own_then, own_now) else {
        return true;
    };
    then != now && !(now == "none" && matches!(letter, "p" | "d"))
}

/// What a percentage means in a row.
pub(crate) fn scale(domain: Domain, unit: &str) -> Scale {
    match domain {
        Domain::Share => Scale::Share,
        _ if matches!(unit, "share" | "probability" | "of today" | "a month") => Scale::Share,
        _ => Scale::Plain,
    }
}

/// The bounds of a number, where it has any; the first is open where it must lie above it.
pub(crate) fn bounds(domain: Domain) -> (Option<f64>, Option<f64>) {
    match domain {
        Domain::Share | Domain::Switch => (Some(0.0), Some(1.0)),
        Domain::Positive | Domain::NotNegative => (Some(0.0), None),
        Domain::Signed => (None, None),
        Domain::Within(low, high) => (Some(low), Some(high)),
    }
}

/// The same in words.
pub(crate) fn bounds_in_words(domain: Domain) -> String {
    match domain {
        Domain::Share | Domain::Switch => "0% to 100%".to_owned(),
        Domain::Positive => "above 0".to_owned(),
        Domain::NotNegative => "0 or more".to_owned(),
        Domain::Signed => "any number".to_owned(),
        Domain::Within(low, high) => format!("{low} to {high}"),
    }
}

/// The columns, in the order of the sheet, and of those that an expert fills what belongs into them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Column {
    Path,
    Means,
    Unit,
    Bounds,
    Status,
    NowLow,
    NowMiddle,
    NowHigh,
    Source,
    Low,
    High,
    Middle,
    Why,
    Says,
    Mark,
}

pub(crate) const COLUMNS: [Column; 15] = [
    Column::Path,
    Column::Means,
    Column::Unit,
    Column::Bounds,
    Column::Status,
    Column::NowLow,
    Column::NowMiddle,
    Column::NowHigh,
    Column::Source,
    Column::Low,
    Column::High,
    Column::Middle,
    Column::Why,
    Column::Says,
    Column::Mark,
];

impl Column {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Column::Path => "Path",
            Column::Means => "What it means",
            Column::Unit => "Unit",
            Column::Bounds => "Bounds",
            Column::Status => "Status",
            Column::NowLow => "Now: low",
            Column::NowMiddle => "Now: middle",
            Column::NowHigh => "Now: high",
            Column::Source => "Now: source",
            Column::Low => "Low",
            Column::High => "High",
            Column::Middle => "Middle",
            Column::Why => "How sure, and why",
            Column::Says => "In your own words, for quotation",
            Column::Mark => "Mark",
        }
    }

    /// Does an expert fill it?
    pub(crate) fn is_filled(self) -> bool {
        matches!(
            self,
            Column::Low | Column::High | Column::Middle | Column::Why | Column::Says
        )
    }

    pub(crate) fn is_now(self) -> bool {
        matches!(
            self,
            Column::NowLow | Column::NowMiddle | Column::NowHigh | Column::Source
        )
    }

    /// What belongs into it.
    pub(crate) fn says(self) -> &'static str {
        match self {
            Column::Low => {
                "First: a number so low that you would be surprised if the truth were lower: one chance in twenty."
            }
            Column::High => {
                "Second: a number so high that you would be surprised if the truth were higher: one chance in twenty."
            }
            Column::Middle => {
                "Last, if you can: as likely too low as too high. Blank: what follows from low and high."
            }
            Column::Why => "What your range rests on, and how sure you are of it.",
            Column::Says => "A sentence that may be quoted with your name.",
            _ => "",
        }
    }
}

/// What stands in a column of the case's, as text.
pub(crate) fn text(row: &Row, column: Column) -> String {
    match column {
        Column::Path => row.path.clone(),
        Column::Means => row.means.clone(),
        Column::Unit => row.unit.clone(),
        Column::Bounds => bounds_in_words(row.domain),
        Column::Status => row.status.to_owned(),
        Column::NowLow => shown(row.now[0]),
        Column::NowMiddle => shown(row.now[1]),
        Column::NowHigh => shown(row.now[2]),
        Column::Source => row.source.clone(),
        Column::Mark => row.mark.clone(),
        _ => String::new(),
    }
}

/// A number as one reads it: four digits that count.
pub(crate) fn shown(x: f64) -> String {
    if x.is_nan() {
        return String::new();
    }
    rounded(x).to_string()
}

/// To four digits that count.
pub(crate) fn rounded(x: f64) -> f64 {
    format!("{x:.3e}").parse().unwrap_or(x)
}
