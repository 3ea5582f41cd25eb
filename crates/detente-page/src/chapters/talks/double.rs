//! What would have to be true for the chance of a deal to double.

use askama::Template;
use detente_core::{Dimension, Setting, Trigger};
use detente_evidence::chapters::talks::Talks;
use detente_evidence::chapters::talks::doubling::{
    Aim, Came, Doubling, Kind, Reach, Together, Tried, What,
};
use detente_evidence::{Chapter, Evidence, Lack};
use detente_math::Mean;
use serde_json::{Value, json};

use super::lever_name;
use crate::chapters::{mean, number};
use crate::label::label;
use crate::parts::note;
use crate::rows::with_error;
use crate::svg::range::{RangeBars, Row};
use crate::svg::responsive;
use crate::terms::unit_in;
use crate::words::{
    and_list, brief, capitalised, count, genitive, in_words, per_hundred, with_sign,
};

/// What is drawn of what was tried by itself, and named in a sentence.
const DRAWN: usize = 8;
const NAMED: usize = 3;

#[derive(Template)]
#[template(path = "talks-double.html")]
struct Part {
    title: &'static str,
    finding: String,
    drawing: Option<String>,
    caption: String,
    /// What is set, deals of 100, how many more, worlds, how far it gets.
    rows: Vec<[String; 5]>,
    /// Reading, deals of 100.
    readings: Vec<[String; 2]>,
    how: String,
}

/// The part of the section; nothing where there is nothing to tell.
pub(super) fn write(evidence: &Evidence, found: &Talks) -> Option<String> {
    let told = match &found.doubling {
        Chapter::Nothing => return None,
        Chapter::Lacking(why) => {
            let part = Part {
                title: TITLES[0],
                finding: note(why),
                drawing: None,
                caption: String::new(),
                rows: Vec::new(),
                readings: Vec::new(),
                how: String::new(),
            };
            return part.render().ok();
        }
        Chapter::Told(told) => told,
    };
    let setting = &evidence.setting;
    let finding = finding(setting, told);
    let placeholders = evidence.resting_on.placeholders > 0;
    let part = Part {
        title: title(told.aim),
        drawing: drawing(setting, told, (&finding, placeholders)),
        caption: caption(told, placeholders),
        rows: rows(setting, told),
        readings: readings(evidence),
        how: how(told),
        finding,
    };
    part.render().ok()
}

/// As many deals again; half as many failures; any deal at all.
const TITLES: [&str; 3] = [
    "What would have to be true for twice as many deals",
    "What would have to be true for half as many talks without a deal",
    "What would have to be true for any deal",
];

fn title(aim: Aim) -> &'static str {
    match aim {
        Aim::Double => TITLES[0],
        Aim::HalveTheRest | Aim::Nothing => TITLES[1],
        Aim::Possible => TITLES[2],
    }
}

/// What is asked, as the beginning of a sentence.
fn asked(told: &Doubling) -> String {
    let (base, target) = (with_error(&told.base), per_hundred(told.target.value));
    match told.aim {
        Aim::Double => {
            format!(
                "For twice as many talks to end with a deal, {target} of 100 in the place of {base},"
            )
        }
        Aim::HalveTheRest => format!(
            "More than half of the talks end with a deal, {base} of 100, so that twice as many cannot; for half as many to end without one, {target} of 100 with a deal,"
        ),
        Aim::Possible => {
            "Fewer than one talk of 100 ends with a deal; for one of 100 to,".to_owned()
        }
        Aim::Nothing => String::new(),
    }
}

/// The answer, in a sentence or two. It says what the model makes of what is set, never what will be.
pub(super) fn finding(setting: &Setting, told: &Doubling) -> String {
    if told.aim == Aim::Nothing {
        return format!(
            "{} of 100 talks end with a deal, so that there is next to nothing to add.",
            with_error(&told.base)
        );
    }
    let asked = asked(told);
    let to = |came: &Came| format!("({})", with_error(&came.chance));
    let with_chance =
        |tried: &Tried| format!("{} {}", clause(setting, &tried.what), to(&tried.came));
    let alone = |reach: Reach| -> Vec<&Tried> {
        told.alone().filter(|own| own.came.reach == reach).collect()
    };
    let (sure, about) = (alone(Reach::Reaches), alone(Reach::About));
    if !sure.is_empty() || !about.is_empty() {
        let (found, would) = if sure.is_empty() {
            (&about, "would do by itself within its error")
        } else {
            (&sure, "would do by itself")
        };
        let those = |found: &[&Tried]| {
            let mut named: Vec<String> = found
                .iter()
                .take(NAMED)
                .map(|own| with_chance(own))
                .collect();
            if found.len() > NAMED {
                named.push(format!("{} more", in_words(found.len() - NAMED)));
            }
            format!("that {}", or_list(&named))
        };
        let which = match found.len() {
            1 => "one thing that was tried".to_owned(),
            2 => "either of two things that were tried".to_owned(),
            n => format!("any one of {} things that were tried", in_words(n)),
        };
        let listed = format!("{which} {would}: {}", those(found));
        let nearly = match about.len() {
            n if n == 0 || sure.is_empty() => String::new(),
            1 => format!(" One more would within its error: {}.", those(&about)),
            n => format!(
                " {} more would within their errors: {}.",
                capitalised(&in_words(n)),
                those(&about)
            ),
        };
        return format!("{asked} {listed}.{nearly}");
    }
    let parts = |own: &Together| -> String {
        let parts = own
            .parts
            .iter()
            .map(|place| clause(setting, &told.tried[*place].what));
        format!("that {}", and_list(&parts.collect::<Vec<_>>()))
    };
    if let Some(own) = told.fewest() {
        let would = if own.came.reach == Reach::Reaches {
            "it would do"
        } else {
            "it would do within its error"
        };
        return format!(
            "{asked} nothing that was tried does by itself; {would}, {} of 100, {}.",
            with_error(&own.came.chance),
            parts(own)
        );
    }
    if let Some(own) = told.furthest() {
        return format!(
            "{asked} nothing that was tried does, by itself or together. The furthest that it gets is {} of 100: {}.",
            with_error(&own.came.chance),
            parts(own)
        );
    }
    let best = told
        .tried
        .iter()
        .find(|own| !own.stopped && own.came.moved.value > 0.0);
    match best {
        Some(best) => format!(
            "{asked} nothing that was tried does. The furthest that one gets is {} of 100: that {}.",
            with_error(&best.came.chance),
            clause(setting, &best.what)
        ),
        None if told.tried.is_empty() => {
            format!(
                "{asked} the case leaves nothing to try: no number that goes with it, no type, lever or red line."
            )
        }
        None => format!(
            "{asked} nothing that was tried comes a quarter of the way in the first {}.",
            count(told.laps[0], "world")
        ),
    }
}

/// "a, b or c".
fn or_list(items: &[String]) -> String {
    match items {
        [head @ .., last] if !head.is_empty() => format!("{} or {last}", head.join(", ")),
        _ => and_list(items),
    }
}

/// What would be true, as a clause after "that".
fn clause(setting: &Setting, what: &What) -> String {
    match what {
        What::Input { path, upper, .. } => {
            let end = if *upper { "upper" } else { "lower" };
            format!(
                "{} is {}, the {end} end of its range",
                label(path, setting),
                value(setting, what)
            )
        }
        What::Type(t) => {
            let kind = &setting.types[*t];
            let party = &setting.parties[kind.party].name;
            format!("{party} is surely of the type “{}”", kind.name)
        }
        What::Lever(l, on) => {
            let name = lever_name(setting, *l);
            match (setting.levers[*l].trigger, on) {
                (Trigger::Now, true) => format!("{name} runs"),
                (Trigger::Now, false) => format!("{name} does not run"),
                (_, true) => format!("{name} is on the table"),
                (_, false) => format!("{name} is off the table"),
            }
        }
        What::RedLine(k) => {
            let party = &setting.parties[setting.red_lines[*k].party].name;
            format!(
                "{party} does not hold the red line “{}”",
                line_says(setting, *k)
            )
        }
    }
}

/// What a red line says, or its name.
fn line_says(setting: &Setting, k: usize) -> String {
    let line = &setting.red_lines[k];
    if line.says.is_empty() {
        let own = line.id.rsplit('.').next().unwrap_or(&line.id);
        return own.replace('_', " ");
    }
    line.says.trim_end_matches('.').to_owned()
}

/// What a number is set to, with its unit.
fn value(setting: &Setting, what: &What) -> String {
    match what {
        What::Input { value, unit, .. } => format!("{} {}", brief(*value), unit_in(unit, setting))
            .trim()
            .to_owned(),
        _ => String::new(),
    }
}

/// The same as the name of a row, what is set first: long names are cut short.
fn name(setting: &Setting, what: &What) -> String {
    match what {
        What::Input { path, .. } => {
            format!("At {}: {}", value(setting, what), label(path, setting))
        }
        What::Type(_) => capitalised(&clause(setting, what)),
        What::Lever(l, on) => {
            let set = match (setting.levers[*l].trigger, on) {
                (Trigger::Now, true) => "Runs",
                (Trigger::Now, false) => "Does not run",
                (_, true) => "On the table",
                (_, false) => "Off the table",
            };
            format!("{set}: {}", lever_name(setting, *l))
        }
        What::RedLine(k) => {
            let party = &setting.parties[setting.red_lines[*k].party].name;
            format!("Dropped: {} “{}”", genitive(party), line_says(setting, *k))
        }
    }
}

fn together_name(told: &Doubling, own: &Together, setting: &Setting) -> String {
    let names = own
        .parts
        .iter()
        .map(|place| name(setting, &told.tried[*place].what));
    names.collect::<Vec<_>>().join("; ")
}

fn drawing(
    setting: &Setting,
    told: &Doubling,
    (finding, placeholder): (&str, bool),
) -> Option<String> {
    let row = |group: &str, label: String, chance: &Mean| {
        let error = if chance.error.is_nan() {
            0.0
        } else {
            chance.error
        };
        let at = |errors: f64| 100.0 * (chance.value + errors * error).clamp(0.0, 1.0);
        Row {
            group: group.to_owned(),
            label,
            low: at(-2.0),
            q25: at(-1.0),
            median: at(0.0),
            q75: at(1.0),
            high: at(2.0),
            placeholder,
            ..Row::default()
        }
    };
    let shown = told.tried.iter().filter(|own| !own.stopped).take(DRAWN);
    let alone = shown.map(|own| row("By itself", name(setting, &own.what), &own.came.chance));
    let together = told.together.iter();
    let together = together.map(|own| {
        let numbered = capitalised(&format!("{} together", in_words(own.parts.len())));
        row(
            "Together, the first ones of these",
            numbered,
            &own.came.chance,
        )
    });
    let rows: Vec<Row> = alone.chain(together).collect();
    if rows.is_empty() {
        return None;
    }
    let aimed = match told.aim {
        Aim::Double => "twice that",
        Aim::HalveTheRest => "half as many without",
        Aim::Possible | Aim::Nothing => "one of 100",
    };
    let chart = RangeBars {
        title: finding.to_owned(),
        desc: "How many of 100 talks end with a deal if something is set, one thing by itself and then several together, beside how many do as it is and how many are asked for.".to_owned(),
        id: "talks-doubling-chart".to_owned(),
        x_label: "Talks that end with a deal, of 100".to_owned(),
        rows,
        reference: vec![
            ("as it is".to_owned(), 100.0 * told.base.value),
            (aimed.to_owned(), 100.0 * told.target.value),
        ],
        band_label: "mean (± 2 errors)".to_owned(),
    };
    Some(responsive(&chart.render(), &chart.render_compact()))
}

fn caption(told: &Doubling, placeholders: bool) -> String {
    format!(
        "Means with one and two standard errors either way, told for all worlds in which the talks were played ({}) by {} of them, on the same draws with and without what is set.{}",
        told.base.n,
        told.worlds(),
        if placeholders {
            " Hatched: placeholders have a part in it."
        } else {
            ""
        }
    )
}

fn rows(setting: &Setting, told: &Doubling) -> Vec<[String; 5]> {
    let cells = |label: String, came: &Came, reach: &str| {
        [
            label,
            with_error(&came.chance),
            changed(&came.moved),
            came.moved.n.to_string(),
            reach.to_owned(),
        ]
    };
    let alone = told.tried.iter().map(|own| {
        let reach = if own.stopped {
            "stopped"
        } else {
            reached(own.came.reach)
        };
        cells(name(setting, &own.what), &own.came, reach)
    });
    let together = told.together.iter().map(|own| {
        let label = together_name(told, own, setting);
        cells(label, &own.came, reached(own.came.reach))
    });
    alone.chain(together).collect()
}

fn reached(reach: Reach) -> &'static str {
    match reach {
        Reach::Reaches => "yes",
        Reach::About => "about",
        Reach::Short => "no",
    }
}

/// "+12 ±3", of 100.
fn changed(moved: &Mean) -> String {
    let value = with_sign(100.0 * moved.value, 0);
    match 100.0 * moved.error {
        error if error >= 0.5 => format!("{value}\u{a0}±{error:.0}"),
        _ => value,
    }
}

/// The other readings, as far as talks are played under them.
fn readings(evidence: &Evidence) -> Vec<[String; 2]> {
    let told = evidence.rivals.iter().filter(|rival| rival.own.deal.n > 0);
    let mut told: Vec<_> = told.collect();
    told.sort_by(|a, b| b.own.deal.value.total_cmp(&a.own.deal.value));
    told.into_iter()
        .map(|rival| [rival.label.name.clone(), with_error(&rival.own.deal)])
        .collect()
}

/// What was tried, how, and how many.
fn how(told: &Doubling) -> String {
    if told.aim == Aim::Nothing {
        return String::new();
    }
    let of = |(kind, all): (Kind, usize)| {
        let what = match kind {
            Kind::Input => {
                "numbers that go with the chance of a deal more than noise would, each at the end of its 90 % range that goes with more deals"
            }
            Kind::Type => "types that a party may be of for sure",
            Kind::Lever => "levers taken off the table or put on it",
            Kind::RedLine => "hard red lines dropped",
        };
        let tried = match told.tried_of(kind) {
            tried if tried < all => format!("{tried} of {all}"),
            tried => tried.to_string(),
        };
        (all > 0).then(|| format!("{what} ({tried})"))
    };
    let tried = Kind::ALL.into_iter().zip(told.there_are).filter_map(of);
    let tried: Vec<String> = tried.collect();
    let Some((whole, laps)) = told.laps.split_last().filter(|_| !tried.is_empty()) else {
        return String::new();
    };
    let laps: Vec<String> = laps.iter().map(usize::to_string).collect();
    let further = told.tried.iter().filter(|own| !own.stopped).count();
    let stopped = if further < told.tried.len() {
        format!(
            " After {} worlds those were left that do less than a quarter of what is asked for (four at most are put together) with twice their error counted in; of the others those that do most, {further}, were tried in {whole}.",
            and_list(&laps)
        )
    } else {
        String::new()
    };
    format!(
        "Tried: {}.{stopped} Each is set in the model on the draws of the run, all else as drawn: what would bring it about in the world, and what else that would change, is no part of this. What was not tried may do as well.",
        tried.join("; ")
    )
}

/// The same as data.
pub(super) fn data(setting: &Setting, found: &Talks) -> Value {
    let told = match &found.doubling {
        Chapter::Nothing => return Value::Null,
        Chapter::Lacking(Lack::Interrupted) => return json!({ "left_out": "interrupted" }),
        Chapter::Lacking(Lack::Quick) => return json!({ "left_out": "quick" }),
        Chapter::Lacking(Lack::Kept) => return json!({ "left_out": "kept" }),
        Chapter::Lacking(Lack::Unkept) => return json!({ "left_out": "not_kept" }),
        Chapter::Lacking(Lack::Defect(what)) => return json!({ "defect": what }),
        Chapter::Told(told) => told,
    };
    let came = |came: &Came| {
        json!({
            "in_worlds_tried": mean(&came.there), "moved": mean(&came.moved), "deal": mean(&came.chance), "reaches": reached(came.reach),
        })
    };
    json!({
        "aim": match told.aim {
            Aim::Possible => "possible",
            Aim::Double => "double",
            Aim::HalveTheRest => "halve the rest",
            Aim::Nothing => "nothing",
        },
        "base": mean(&told.base),
        "target": mean(&told.target),
        "worlds": told.laps,
        "there_are": { "inputs": told.there_are[0], "types": told.there_are[1], "levers": told.there_are[2], "red_lines": told.there_are[3] },
        "tried": told.tried.iter().map(|own| json!({
            "what": what(setting, &own.what), "stopped": own.stopped, "came": came(&own.came),
        })).collect::<Vec<_>>(),
        "together": told.together.iter().map(|own| json!({
            "parts": own.parts, "came": came(&own.came),
        })).collect::<Vec<_>>(),
    })
}

fn what(setting: &Setting, what: &What) -> Value {
    match what {
        What::Input {
            path,
            unit,
            value,
            correlation,
            ..
        } => json!({
            "input": path, "unit": unit_in(unit, setting), "value": number(*value), "rank_correlation": number(*correlation),
        }),
        What::Type(t) => json!({ "type": Dimension::Type.entry(setting, *t) }),
        What::Lever(l, on) => json!({ "lever": setting.levers[*l].id, "on": on }),
        What::RedLine(k) => json!({ "red_line": setting.red_lines[*k].id, "on": false }),
    }
}

#[cfg(test)]
mod tests;
