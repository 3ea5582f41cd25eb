//! Would anybody leave it once it is signed?

use askama::Template;
use detente_core::Setting;
use detente_evidence::Evidence;
use detente_evidence::chapters::stability::{Holding, Leaving, Stability};
use serde_json::{Value, json};

use super::{Written, number};
use crate::bottom_line::DOUBT;
use crate::findings::refusing;
use crate::rows::with_error;
use crate::terms::Terms;
use crate::words::{and_list, per_hundred};

#[derive(Template)]
#[template(path = "stability.html")]
struct Page {
    finding: String,
    /// What an ended deal is worth.
    ended: String,
    /// What anybody could withhold, or that there is nothing.
    moves: &'static str,
    /// Does a lever answer a breach?
    answers: bool,
    rows: Vec<Row>,
    untold: String,
}

struct Row {
    name: String,
    /// Signed, sequentially stable, Nash stable.
    cells: [String; 3],
    who: String,
}

pub(super) fn write(evidence: &Evidence, told: &Stability) -> Option<Written> {
    let setting = &evidence.setting;
    let page = Page {
        finding: finding(setting, told),
        ended: ended(evidence),
        moves: if told.performed {
            "Whoever performs a clause may withhold it, which leaves its issue as it is today, or perform it again; whoever signs may also end the deal."
        } else {
            "Nobody performs a clause of a named package, so that all that anybody could do is to end the deal, which is for whoever signs."
        },
        answers: setting.has_answers_to_breach(),
        rows: told
            .packages
            .iter()
            .map(|held| row(setting, held))
            .collect(),
        untold: untold(setting, told),
    };
    let packages = told.packages.iter().map(|held| data(setting, held));
    Some(Written {
        bottom_line: leading(setting, told)
            .map(|text| (text, "stability"))
            .into_iter()
            .collect(),
        html: page.render().ok()?,
        json: json!({
            "packages": packages.collect::<Vec<_>>(),
            "untold": told.untold.iter().map(|p| &setting.packages[*p].id).collect::<Vec<_>>(),
        }),
    })
}

/// What is left to a party of a deal that is ended.
fn ended(evidence: &Evidence) -> String {
    let elsewhere = evidence.setting.process.as_ref();
    let elsewhere = elsewhere.filter(|process| process.resumes != process.today);
    if let (Some(process), Some(_)) = (elsewhere, evidence.headline.kept_months) {
        format!(
            "what follows from “{}” on is worth, to whoever ends it less what breaking a deal costs",
            process.states[process.resumes].name
        )
    } else if evidence.headline.kept_months.is_some() {
        format!(
            "what {} is worth from the day of the deal on, to whoever ends it less what breaking a deal costs",
            Terms::of(&evidence.setting).going_on
        )
    } else {
        format!("what {} is worth", refusing(evidence))
    }
}

fn quoted(setting: &Setting, held: &Holding) -> String {
    format!("“{}”", setting.packages[held.package].name)
}

/// Would somebody leave it in more than a negligible share of worlds?
fn is_left(held: &Holding) -> bool {
    held.signed.value - held.sequential.value > DOUBT
}

fn finding(setting: &Setting, told: &Stability) -> String {
    let mut signed = told
        .packages
        .iter()
        .filter(|held| held.signed.value > DOUBT);
    let Some(held) = signed.next() else {
        return "No named package is signed in 1 of 100 worlds or more, so that there is nothing to leave.".to_owned();
    };
    let name = quoted(setting, held);
    let signed = per_hundred(held.signed.value);
    let why = holds_because(held);
    if !is_left(held) {
        // What is less than printed is not nothing.
        let all = held.signed.value - held.sequential.value <= 0.0;
        let all = if all { "all" } else { "nearly all" };
        return format!(
            "{name} is signed in {signed} of 100 worlds and holds in {all} of these{why}."
        );
    }
    format!(
        "{name} is signed in {signed} of 100 worlds and holds in {} of the 100{why}. Where it does not hold, it is left most often by {}.",
        per_hundred(held.sequential.value),
        most_often(setting, held),
    )
}

/// Why a package holds where it does, as the end of a sentence; nothing where it hardly ever does.
fn holds_because(held: &Holding) -> String {
    /// Shares below this are too small to be split.
    const SMALL: f64 = 0.02;
    if held.sequential.value < SMALL {
        return String::new();
    }
    let answered = held.sequential.value - held.nash.value > DOUBT;
    match (held.nash.value > DOUBT, answered) {
        (_, false) => ": nobody could do better by a move of its own".to_owned(),
        (false, true) => {
            ": somebody could do better by a move of its own, but others would answer it so that it does not pay".to_owned()
        }
        (true, true) => format!(
            ": in {} nobody could do better by a move of its own, elsewhere the others would answer it so that it does not pay",
            per_hundred(held.nash.value)
        ),
    }
}

/// The bottom line's sentence, where somebody would leave the package that the report leads with.
fn leading(setting: &Setting, told: &Stability) -> Option<String> {
    let held = told.packages.first().filter(|held| is_left(held))?;
    Some(format!(
        "Of 100 worlds {} is signed in {}; in {} of the 100 somebody would then leave it at once and no answer of the others would make that \
         not pay, most often {}.",
        quoted(setting, held),
        per_hundred(held.signed.value),
        per_hundred(held.signed.value - held.sequential.value),
        most_often(setting, held),
    ))
}

/// Who would leave a package and how, in counts of a hundred worlds.
fn who(setting: &Setting, held: &Holding) -> String {
    let leave = held.parties.iter().filter(|of| of.moves > DOUBT);
    let each: Vec<String> = leave.map(|of| one(setting, held, of)).collect();
    if each.is_empty() {
        let moves = held.parties.iter().any(|of| of.moves > 0.0);
        return if is_left(held) || moves {
            "Nobody by itself in 1 of 100 worlds or more".to_owned()
        } else {
            "Nobody".to_owned()
        };
    }
    each.join("; ")
}

/// What a party would withhold in more than a negligible share, most often first: "“Phased relief” (Sanctions)".
fn withholds(setting: &Setting, held: &Holding, of: &Leaving) -> Vec<(f64, String)> {
    let choice = &setting.packages[held.package].choice;
    let clauses = of.withholds.iter().filter(|(_, share)| *share > DOUBT);
    let clauses = clauses.map(|(k, share)| {
        let issue = &setting.issues[*k];
        let option = &issue.options[choice[*k] as usize].name;
        (*share, format!("“{option}” ({})", issue.name))
    });
    let mut clauses: Vec<(f64, String)> = clauses.collect();
    clauses.sort_by(|a, b| b.0.total_cmp(&a.0));
    clauses
}

/// Who would leave a package most often, and what it would do most often: "The patron, which would end the deal".
fn most_often(setting: &Setting, held: &Holding) -> String {
    let Some(of) = held.parties.first() else {
        return String::new();
    };
    let name = &setting.parties[of.party].name;
    let ends = of.ends.unwrap_or(0.0);
    match withholds(setting, held, of).into_iter().next() {
        Some((share, clause)) if share >= ends => {
            format!("{name}, which would withhold {clause}")
        }
        _ if ends > DOUBT => format!("{name}, which would end the deal"),
        _ => name.clone(),
    }
}

/// "The patron would withhold “Phased relief” (Sanctions) in 4, and end the deal in 2".
fn one(setting: &Setting, held: &Holding, of: &Leaving) -> String {
    let clauses = withholds(setting, held, of).into_iter();
    let clauses: Vec<String> = clauses
        .map(|(share, clause)| format!("{clause} in {}", per_hundred(share)))
        .collect();
    let ends = of.ends.filter(|share| *share > DOUBT);
    let ends = ends.map(|share| format!("end the deal in {}", per_hundred(share)));
    let name = &setting.parties[of.party].name;
    match (clauses.is_empty(), ends) {
        (true, None) => format!("{name} would leave it, each way in less than 1 of 100"),
        (true, Some(ends)) => format!("{name} would {ends}"),
        (false, None) => format!("{name} would withhold {}", and_list(&clauses)),
        (false, Some(ends)) => {
            format!("{name} would withhold {}, and {ends}", and_list(&clauses))
        }
    }
}

fn row(setting: &Setting, held: &Holding) -> Row {
    let of = [&held.signed, &held.sequential, &held.nash];
    Row {
        name: setting.packages[held.package].name.clone(),
        cells: of.map(with_error),
        who: if held.signed.value > DOUBT {
            who(setting, held)
        } else {
            "–".to_owned()
        },
    }
}

fn untold(setting: &Setting, told: &Stability) -> String {
    let names: Vec<String> = told
        .untold
        .iter()
        .map(|p| format!("“{}”", setting.packages[*p].name))
        .collect();
    if names.is_empty() {
        return String::new();
    }
    format!(
        "Not told of {}, with more clauses to perform than are followed.",
        and_list(&names)
    )
}

fn data(setting: &Setting, held: &Holding) -> Value {
    let of_signed = |x: f64| {
        number(if held.signed.value > 0.0 {
            x / held.signed.value
        } else {
            f64::NAN
        })
    };
    let parties = held.parties.iter().map(|of| {
        let withholds = of.withholds.iter();
        let withholds = withholds.map(|(k, share)| (setting.issues[*k].id.clone(), number(*share)));
        json!({
            "party": setting.parties[of.party].id,
            "improves": number(of.improves),
            "would_move": number(of.moves),
            "would_break": of.ends.map(number),
            "would_withhold": withholds.collect::<serde_json::Map<_, _>>(),
        })
    });
    json!({
        "package": setting.packages[held.package].id,
        "signed": number(held.signed.value),
        "sequential": number(held.sequential.value),
        "nash": number(held.nash.value),
        "sequential_of_signed": of_signed(held.sequential.value),
        "nash_of_signed": of_signed(held.nash.value),
        "parties": parties.collect::<Vec<_>>(),
    })
}
