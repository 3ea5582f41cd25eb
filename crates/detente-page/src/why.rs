//! Why a party accepts or refuses a package in one world, number by number, as text.

use std::fmt::Write as _;

use detente_core::{NoDealPart, Setting, Side};
use detente_evidence::{Refusing, TypeWhy, Why, Worth};

use crate::terms::Terms;
use crate::words::{capitalised, genitive, per_hundred, points};

/// For each type of a party: what a named package is worth issue by issue, which red lines it crosses, what no deal is worth by ending,
/// what refusing is, and the margin.
pub fn why(setting: &Setting, why: &Why) -> String {
    let mut out = String::new();
    let (who, what) = (&setting.parties[why.party], &setting.packages[why.package]);
    let which = match why.world {
        Some(index) => format!("in world {index}"),
        None => "with every number at its median".to_owned(),
    };
    let _ = writeln!(out, "{} and “{}”, {which}", who.name, what.name);
    if !what.needed.contains(why.party) {
        let _ = writeln!(out, "(the package does not need its consent)");
    }
    let running = why.running.iter();
    let running: Vec<&str> = running.map(|l| setting.levers[*l].name.as_str()).collect();
    if !running.is_empty() {
        let _ = writeln!(
            out,
            "Levers that run whatever the talks bring: {}",
            running.join(", ")
        );
    }
    for of in &why.types {
        of_type(&mut out, setting, of);
    }
    out
}

fn of_type(out: &mut String, setting: &Setting, why: &TypeWhy) {
    let kind = &setting.types[why.of];
    if setting.parties[kind.party].types.len() > 1 {
        let prior = per_hundred(why.prior);
        let _ = writeln!(out, "\nType “{}” (probability {prior} in 100)", kind.name);
    } else {
        out.push('\n');
    }
    let _ = writeln!(out, "  The package is worth {} points:", points(why.worth));
    let parts = why.parts.iter();
    table(out, parts.map(|(part, x)| (worth_name(setting, *part), *x)));

    let lines = why.crossed.iter().map(|place| &setting.red_lines[*place]);
    let crossed: Vec<String> = lines
        .map(|line| {
            if line.says.is_empty() {
                line.id.clone()
            } else {
                format!("“{}”", line.says)
            }
        })
        .collect();
    if crossed.is_empty() {
        let _ = writeln!(out, "  It crosses none of its hard red lines.");
    } else {
        let _ = writeln!(out, "  It crosses hard red lines: {}", crossed.join(", "));
    }
    if let Some(told) = &why.refusing {
        refusing(out, setting, told, crossed.is_empty());
    }
}

fn refusing(out: &mut String, setting: &Setting, told: &Refusing, crosses_none: bool) {
    let Refusing {
        alone,
        parts,
        value,
        promised,
        bar,
        margin,
    } = told;
    let _ = writeln!(
        out,
        "  {} is worth {} points, as it believes:",
        capitalised(Terms::of(setting).going_on),
        points(*alone)
    );
    let parts = parts.iter();
    table(out, parts.map(|(part, x)| (part_name(setting, *part), *x)));
    if value != alone {
        let _ = writeln!(
            out,
            "  Levers that its refusal may trigger change that by {}: refusing is worth {} points to it.",
            points(value - alone),
            points(*value)
        );
    }
    if *promised != 0.0 {
        let _ = writeln!(
            out,
            "  Promises bring it {} points besides once a deal is agreed.",
            points(*promised)
        );
    }
    if bar > value {
        let _ = writeln!(out, "  It asks for {} points more.", points(bar - value));
    }
    let Some((margin, is_enough)) = *margin else {
        return;
    };
    let verdict = match (is_enough, crosses_none) {
        (true, true) => "it accepts",
        (true, false) => "it would accept but for its red lines",
        (false, true) => "it refuses",
        (false, false) => "it refuses, and would without its red lines too",
    };
    let told = points(margin);
    // A refusal by less than is printed must not read as a margin of nothing.
    let told = match (is_enough, told == points(0.0)) {
        (false, true) => format!("just below {told}"),
        _ if margin >= 0.0 => format!("+{told}"),
        _ => told,
    };
    let _ = writeln!(out, "  Margin {told}: {verdict}.");
}

pub(crate) fn worth_name(setting: &Setting, part: Worth) -> String {
    match part {
        Worth::Option(issue, option) => {
            let issue = &setting.issues[issue];
            format!("{}: {}", issue.name, issue.options[option].name)
        }
        Worth::Together(place) => {
            let interaction = &setting.interactions[place];
            called(&interaction.says, &interaction.id)
        }
        Worth::Base => "what makes its worst package worth 0".to_owned(),
        Worth::SoftLine(place) => {
            let line = &setting.red_lines[place];
            format!("crosses {}", called(&line.says, &line.id))
        }
        Worth::Leader => "the leader’s office and legacy".to_owned(),
        Worth::Aftermath => "what may follow the deal".to_owned(),
    }
}

fn called(says: &str, id: &str) -> String {
    if says.is_empty() {
        id.to_owned()
    } else {
        format!("“{}”", says.trim_end_matches('.'))
    }
}

pub(crate) fn part_name(setting: &Setting, part: NoDealPart) -> String {
    let side = |side| {
        let party = setting.parties.iter().find(|p| p.side == Some(side));
        genitive(&party.map_or_else(|| format!("side {side:?}"), |p| p.name.clone()))
    };
    match part {
        NoDealPart::Unsettled if setting.process.is_some() => {
            "living in its states until an end comes".to_owned()
        }
        NoDealPart::Ends => "its ends".to_owned(),
        NoDealPart::Unsettled => "living with nothing settled".to_owned(),
        NoDealPart::Armistice => Terms::of(setting).other_end(),
        NoDealPart::AWins => format!("an outright win of {} side", side(Side::A)),
        NoDealPart::BWins => format!("an outright win of {} side", side(Side::B)),
        NoDealPart::Escalation => "escalation".to_owned(),
        NoDealPart::Costs if setting.reservations => "as the analyst states it".to_owned(),
        NoDealPart::Costs if setting.contest.is_some() => "burdens and scars".to_owned(),
        NoDealPart::Costs if setting.process.is_some() => {
            "scars, and what levers that run now set or cost".to_owned()
        }
        NoDealPart::Costs => "what having it out costs".to_owned(),
    }
}

/// Rows of a label and points, the points in a column.
fn table(out: &mut String, rows: impl Iterator<Item = (String, f64)>) {
    let rows: Vec<(String, f64)> = rows.collect();
    let width = rows
        .iter()
        .map(|(label, _)| label.chars().count())
        .max()
        .unwrap_or(0);
    for (label, x) in &rows {
        let _ = writeln!(out, "    {label:width$}  {:>7}", points(*x));
    }
}
