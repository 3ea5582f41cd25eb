//! What happens without a deal: its section of the page.

use detente_core::{Dimension, Ending, Side};
use detente_evidence::{Evidence, NoDeal};
use serde_json::{Value, json};

use crate::terms::Terms;
use crate::words::{and_list, count, genitive, per_hundred, points, short, signed, with_sign};
use crate::{charts, findings};

pub(crate) struct NoDealSection {
    pub(crate) finding: String,
    /// The contest, if that is what happens.
    pub(crate) war: Option<War>,
    /// How and when a process ends, if no deal is one.
    pub(crate) course: Option<Course>,
    pub(crate) values_title: String,
    pub(crate) values: String,
    /// Party, type, quantiles, what its own beliefs add, what levers of its refusal do.
    pub(crate) value_rows: Vec<(String, String, [String; 5], String, String)>,
    /// What else a reader must know of these numbers: levers that run in them, and what refusing is besides.
    pub(crate) notes: Vec<String>,
    /// Does any refusal trigger levers?
    pub(crate) refusals: bool,
    /// Is no deal worth something else to anybody for a belief of its own?
    pub(crate) beliefs: bool,
}

pub(crate) struct War {
    pub(crate) fan_title: String,
    pub(crate) fan: String,
    pub(crate) fan_rows: Vec<(usize, [String; 5])>,
    pub(crate) unit: String,
    pub(crate) endings_title: String,
    pub(crate) endings_chart: Option<String>,
    pub(crate) endings: Vec<String>,
    /// Month, chance by ending, still on.
    pub(crate) ended: Vec<(usize, Vec<String>, String)>,
    pub(crate) supply: Vec<(usize, String, String)>,
    pub(crate) sides: (String, String),
}

/// How and when a process ends, and where it is until then.
pub(crate) struct Course {
    pub(crate) title: String,
    pub(crate) chart: Option<String>,
    pub(crate) ends: Vec<String>,
    /// By when, chance by end, still on.
    pub(crate) by: Vec<(String, Vec<String>, String)>,
    /// State, months in it, on average; a last row for all of them.
    pub(crate) months: Vec<(String, String)>,
}

pub(crate) fn section(evidence: &Evidence) -> Option<NoDealSection> {
    let no_deal = evidence.no_deal()?;
    let values_title = format!(
        "What {} is worth to each type, on its own scale of points",
        Terms::of(&evidence.setting).no_deal
    );
    let value_rows = evidence
        .setting
        .types
        .iter()
        .zip(&no_deal.values)
        .zip(no_deal.gaps.iter().zip(&no_deal.levers));
    Some(NoDealSection {
        finding: findings::no_deal(evidence)?,
        war: war(evidence),
        course: course(evidence),
        values: charts::no_deal_values(evidence, &values_title)?,
        values_title,
        value_rows: value_rows
            .map(|((kind, v), (gap, levers))| {
                (
                    evidence.setting.parties[kind.party].name.clone(),
                    kind.name.clone(),
                    v.map(points),
                    points(*gap),
                    with_sign(*levers, 1),
                )
            })
            .collect(),
        notes: running(evidence)
            .into_iter()
            .chain(what_refusing_is(evidence, no_deal))
            .collect(),
        refusals: evidence.setting.has_levers_of_refusal(),
        // Without a belief of its own a type's value is the analyst's, to the last bit.
        beliefs: no_deal.gaps.iter().any(|gap| gap.abs() > 0.0),
    })
}

/// Which levers run in every number, in a sentence; nothing where none does.
pub(crate) fn running(evidence: &Evidence) -> Option<String> {
    let setting = &evidence.setting;
    let each = evidence.running.iter().map(|l| {
        let lever = &setting.levers[*l];
        format!("“{}” ({})", lever.name, setting.parties[lever.by].name)
    });
    let each: Vec<String> = each.collect();
    let runs = if each.len() == 1 { "runs" } else { "run" };
    (!each.is_empty()).then(|| {
        format!(
            "In every number of this report {} {runs} now, whatever the talks bring, unless a reading or a claim has it otherwise.",
            and_list(&each)
        )
    })
}

/// By how much refusing is worth more or less than no deal, and why; nothing where the two are one.
fn what_refusing_is(evidence: &Evidence, no_deal: &NoDeal) -> Option<String> {
    let changed = no_deal.levers.iter().enumerate();
    // What rounds to nothing is not worth a word.
    let changed = changed.filter(|(_, change)| with_sign(**change, 1) != with_sign(0.0, 1));
    let each = changed
        .map(|(t, change)| format!("{} {}", charts::who(evidence, t), with_sign(*change, 1)));
    let each: Vec<String> = each.collect();
    (!each.is_empty()).then(|| {
        format!(
            "A package is held against what refusing is worth: {} with the levers that the refusal may trigger, at the chances that the \
             type gives them. In points of each type’s own, mean over worlds, these change it by: {}.",
            Terms::of(&evidence.setting).going_on,
            and_list(&each)
        )
    })
}

fn war(evidence: &Evidence) -> Option<War> {
    const MONTHS: [usize; 6] = [6, 12, 24, 36, 60, 120];
    let contest = evidence.setting.contest.as_ref()?;
    let no_deal = evidence.no_deal()?;
    let fan_title = findings::line(evidence)?;
    let horizon = no_deal.ended.len();
    let months: Vec<usize> = MONTHS
        .into_iter()
        .filter(|m| *m < horizon)
        .chain([horizon])
        .collect();
    let fan_rows = no_deal.line.iter().filter(|(month, _)| month % 12 == 0);
    let by_year = no_deal.ended.get(11).or(no_deal.ended.last())?;
    let endings_title = format!(
        "Without a deal the {} is still on after {} with a chance of {} in 100",
        Terms::of(&evidence.setting).fighting,
        count(no_deal.ended.len().min(12), "month"),
        per_hundred(1.0 - by_year.iter().sum::<f64>())
    );
    let ways = no_deal.endings();
    Some(War {
        endings_chart: charts::stacked_endings(evidence, &endings_title),
        endings_title,
        fan: charts::line_fan(evidence, &fan_title)?,
        fan_rows: fan_rows
            .map(|(month, q)| (*month, [q[0], q[2], q[3], q[4], q[6]].map(short)))
            .collect(),
        unit: contest.unit.clone(),
        fan_title,
        endings: ways
            .iter()
            .map(|e| findings::ending_name(evidence, *e))
            .collect(),
        ended: months
            .iter()
            .map(|month| {
                let by = no_deal.ended[month - 1];
                let on = 1.0 - by.iter().sum::<f64>();
                (
                    *month,
                    ways.iter().map(|e| per_hundred(by[*e as usize])).collect(),
                    per_hundred(on),
                )
            })
            .collect(),
        sides: (
            genitive(&findings::side_name(evidence, Side::A)),
            genitive(&findings::side_name(evidence, Side::B)),
        ),
        // At the start of a month, today being month 0.
        supply: std::iter::once(&0)
            .chain(&MONTHS)
            .filter(|month| **month < horizon)
            .map(|month| {
                let at = |side: usize| signed(no_deal.supply[side][*month], 2);
                (*month, at(0), at(1))
            })
            .collect(),
    })
}

fn course(evidence: &Evidence) -> Option<Course> {
    /// Months of the table: those that the picture is drawn by, and one beyond it.
    const MONTHS: [usize; 8] = [1, 3, 6, 12, 24, 36, 60, 120];
    let process = evidence.setting.process.as_ref()?;
    let told = evidence.no_deal()?.process.as_ref()?;
    let chances = |by: &[f64]| -> (Vec<String>, String) {
        let on = 1.0 - by.iter().sum::<f64>();
        (
            by.iter().map(|x| per_hundred(*x)).collect(),
            per_hundred(on.max(0.0)),
        )
    };
    let rows = told.by.iter().filter(|(month, _)| MONTHS.contains(month));
    let rows = rows.map(|(month, by)| {
        let (by, on) = chances(by);
        (month.to_string(), by, on)
    });
    let (ever, never) = chances(&told.ever);
    let months = told.months.iter().flatten().zip(&process.states);
    let mut months: Vec<(String, String)> = months
        .map(|(months, state)| (state.name.clone(), months_of(*months)))
        .collect();
    if let Some(all) = told.months_to_end() {
        months.push(("until an end".to_owned(), months_of(all)));
    }
    let (_, year) = told.by.iter().find(|(month, _)| *month == 12)?;
    let title = format!(
        "Without a deal it still goes on after twelve months with a chance of {} in 100",
        per_hundred((1.0 - year.iter().sum::<f64>()).max(0.0))
    );
    Some(Course {
        chart: charts::ends_of_process(evidence, &title),
        title,
        ends: process.ends.iter().map(|end| end.name.clone()).collect(),
        by: rows.chain([("ever".to_owned(), ever, never)]).collect(),
        months,
    })
}

/// Months, to a tenth while they are few.
fn months_of(months: f64) -> String {
    if months < 99.95 {
        signed(months, 1)
    } else {
        short(months)
    }
}

/// The same as data.
pub(crate) fn data(evidence: &Evidence) -> Value {
    let setting = &evidence.setting;
    let Some(no_deal) = evidence.no_deal() else {
        return Value::Null;
    };
    json!({
        "values": (0..setting.types.len())
            .map(|t| (Dimension::Type.entry(setting, t), json!({ "value": no_deal.values[t], "own_beliefs_add": no_deal.gaps[t], "levers_of_refusal_add": no_deal.levers[t] })))
            .collect::<serde_json::Map<_, _>>(),
        "ended_by_month": Ending::ALL.iter()
            .map(|e| (e.id().to_owned(), json!(no_deal.ended.iter().map(|by| by[*e as usize]).collect::<Vec<_>>())))
            .collect::<serde_json::Map<_, _>>(),
        "process": process_data(setting, no_deal),
        "line": no_deal.line.iter().map(|(month, at)| json!({ "month": month, "quantiles": at })).collect::<Vec<_>>(),
    })
}

/// How and when a process ends, as data; `null` where no deal is none.
fn process_data(setting: &detente_core::Setting, no_deal: &NoDeal) -> Value {
    let (Some(process), Some(told)) = (&setting.process, &no_deal.process) else {
        return Value::Null;
    };
    let by_end = |of: &dyn Fn(usize) -> Value| {
        let ends = process.ends.iter().enumerate();
        ends.map(|(e, end)| (end.id.clone(), of(e)))
            .collect::<serde_json::Map<_, _>>()
    };
    let months = told.months.as_ref().map(|months| {
        let states = process.states.iter().zip(months);
        states
            .map(|(state, months)| (state.id.clone(), json!(months)))
            .collect::<serde_json::Map<_, _>>()
    });
    json!({
        "end_by": by_end(&|e| json!(told.by.iter().map(|(month, by)| json!({ "month": month, "chance": by[e] })).collect::<Vec<_>>())),
        "end_ever": by_end(&|e| json!(told.ever[e])),
        "months_to_end": told.months_to_end(),
        "months_in": months,
    })
}
