//! Who misreads whom: gaps split by belief, how fast news closes them, whether optimism blocks, what watching would tell.

use askama::Template;
use detente_core::{BELIEFS, Dimension, MILESTONES, Setting};
use serde_json::json;

use super::{Study, Written};
use crate::information::{Information, information};
use crate::run::{Progress, Table};
use crate::svg::responsive;
use crate::svg::waterfall::{Step, Total, Waterfall};
use crate::words::{count, per_hundred, points, signed};

const LENS: &str = "beliefs";
/// Beliefs as readers know them, in the order of [`BELIEFS`].
const WORDS: [&str; 4] = [
    "its reading of the balance",
    "its own doubt about it",
    "its reading of escalation",
    "its reading of the odds",
];

#[derive(Template)]
#[template(path = "beliefs.html")]
struct Page {
    finding: String,
    worlds: String,
    /// Type; gap; its parts; months; never; halved by one, two, five years.
    types: Vec<(String, Vec<String>)>,
    /// Is there a type whose reading of the balance nothing that the case says could move?
    unmoved: bool,
    picture: Option<(String, String)>,
    steps: Vec<(String, String)>,
    zones: Vec<(&'static str, String)>,
    /// Package, agreed as beliefs are, under common ones, blocked by optimism.
    packages: Vec<(String, [String; 3])>,
    messengers: Vec<(String, String, String)>,
    /// Name, when, what it settles, change, who gains most by knowing.
    observables: Vec<[String; 5]>,
    leading: String,
}

/// Types whose own beliefs change what refusing is worth to them.
fn differing(study: &Study) -> Vec<usize> {
    let table = study.table;
    let own = |t: &usize| (0..BELIEFS.len()).any(|k| mean(table, "gap_part", &[*t, k]) != 0.0);
    (0..study.setting().types.len())
        .filter(|t| table.mean(LENS, "gap_part", &[*t, 0]).n > 0)
        .filter(own)
        .collect()
}

pub(super) fn applies(study: &Study) -> bool {
    let setting = study.setting();
    let watched = !setting.observables.is_empty() && !setting.packages.is_empty();
    watched || !setting.messengers.is_empty() || !differing(study).is_empty()
}

pub(super) fn section(study: &Study, _: &dyn Progress) -> Option<Written> {
    let (setting, table) = (study.setting(), study.table);
    let types = differing(study);
    let leading = study.leading;
    let told = leading.map_or_else(Vec::new, |p| information(study, p));
    if types.is_empty() && told.is_empty() && setting.messengers.is_empty() {
        return None;
    }
    let package = leading.map(|p| &setting.packages[p]);
    let finding = finding(study, &types, leading);
    let chart = widest(table, &types).map(|t| chart(setting, table, t));
    let page = Page {
        finding: finding.clone(),
        worlds: count(table.worlds, "world"),
        types: types.iter().map(|t| type_row(study, *t)).collect(),
        unmoved: types.iter().any(|t| is_unmoved(study, *t)),
        picture: chart.as_ref().map(|chart| {
            let drawn = responsive(&chart.render(), &chart.render_compact());
            (chart.title.clone(), drawn)
        }),
        steps: chart.as_ref().map(steps).unwrap_or_default(),
        zones: zones(table),
        packages: packages(setting, table),
        messengers: messengers(setting, table),
        observables: told.iter().map(|o| observable(setting, o)).collect(),
        leading: package.map(|p| p.name.clone()).unwrap_or_default(),
    };
    let json = json!({
        "types": types.iter().map(|t| type_json(setting, table, *t)).collect::<Vec<_>>(),
        "zone_common": number(mean(table, "zone_common", &[])),
        "zone_swapped": number(mean(table, "zone_swapped", &[])),
        "optimism_blocks": number(mean(table, "optimism_blocks", &[])),
        "messengers": setting.messengers.iter().enumerate().map(|(m, messenger)| json!({
            "id": messenger.id,
            "believed": number(mean(table, "believed", &[m])),
        })).collect::<Vec<_>>(),
        "observables": told.iter().map(|o| json!({
            "id": setting.observables[o.observable].id,
            "moves": o.moves,
            "worth": o.worth.iter().enumerate().map(|(t, x)| (Dimension::Type.entry(setting, t), json!(x)))
                .collect::<serde_json::Map<_, _>>(),
        })).collect::<Vec<_>>(),
    });
    Some(Written {
        bottom_line: vec![(finding, "beliefs")],
        html: page.render().unwrap_or_default(),
        json,
    })
}

/// Mean over worlds of a quantity of this lens, or of another's written out; NaN where nothing was computed.
fn mean(table: &Table, quantity: &str, index: &[usize]) -> f64 {
    let (lens, quantity) = quantity.split_once('.').unwrap_or((LENS, quantity));
    let mean = table.mean(lens, quantity, index);
    if mean.n > 0 { mean.value } else { f64::NAN }
}

fn number(x: f64) -> serde_json::Value {
    if x.is_finite() {
        json!(x)
    } else {
        serde_json::Value::Null
    }
}

fn finding(study: &Study, types: &[usize], leading: Option<usize>) -> String {
    let (setting, table) = (study.setting(), study.table);
    if types.is_empty() {
        return "No type’s beliefs about the war differ from the analyst’s.".to_owned();
    }
    let widest = widest(table, types).map(|t| {
        format!(
            "No type misreads the war by more than {}: its own beliefs add {} points to what refusing is worth to it",
            name(setting, t),
            signed(gap(table, t), 1)
        )
    });
    let package = leading.map(|p| {
        let name = &setting.packages[p].name;
        let blocked = mean(table, "optimism_blocks_package", &[p]);
        format!(
            "own beliefs keep “{name}” from being agreed in {} of 100 worlds",
            per_hundred(blocked)
        )
    });
    let zone = mean(table, "optimism_blocks", &[]);
    let zone = if zone.is_nan() {
        String::new()
    } else {
        format!(", and any package at all in {}", per_hundred(zone))
    };
    let parts: Vec<String> = widest.into_iter().chain(package).collect();
    format!("{}{zone}.", parts.join("; "))
}

fn name(setting: &Setting, t: usize) -> String {
    let kind = &setting.types[t];
    let party = &setting.parties[kind.party];
    if party.types.len() == 1 {
        party.name.clone()
    } else {
        format!("{} ({})", party.name, kind.name)
    }
}

/// Mean gap of a type.
fn gap(table: &Table, t: usize) -> f64 {
    (0..BELIEFS.len())
        .map(|k| mean(table, "gap_part", &[t, k]))
        .sum()
}

fn widest(table: &Table, types: &[usize]) -> Option<usize> {
    let wide = |t: &usize| gap(table, *t).abs();
    types
        .iter()
        .copied()
        .max_by(|a, b| wide(a).total_cmp(&wide(b)).then(b.cmp(a)))
}

/// Does the type read the balance otherwise than the analyst, without the case saying that any news could move it?
fn is_unmoved(study: &Study, t: usize) -> bool {
    let world = study.plan.world(&study.plan.medians(), study.overrides);
    let own = &world.numbers.types[t];
    own.believes_edge != 0.0 && own.open_to_news == 0.0
}

fn type_row(study: &Study, t: usize) -> (String, Vec<String>) {
    let (setting, table) = (study.setting(), study.table);
    let of = |x: f64, text: String| if x.is_nan() { "–".to_owned() } else { text };
    let mut cells = vec![signed(gap(table, t), 1)];
    for k in 0..BELIEFS.len() {
        let part = mean(table, "gap_part", &[t, k]);
        cells.push(if part == 0.0 {
            "·".to_owned()
        } else {
            signed(part, 1)
        });
    }
    let never = mean(table, "never_halves", &[t]);
    let months = table.sorted(LENS, "months_to_halve", &[t]);
    cells.push(match months.get(months.len() / 2) {
        Some(median) => format!("{median:.0}"),
        None => "–".to_owned(),
    });
    cells.push(of(never, per_hundred(never)));
    for month in [12, 24, 60] {
        let place = MILESTONES.iter().position(|m| *m == month).unwrap_or(0);
        let halved = mean(table, "halved_by", &[t, place]);
        cells.push(of(halved, per_hundred(halved)));
    }
    if is_unmoved(study, t) {
        // What cannot happen has no date.
        for cell in &mut cells[1 + BELIEFS.len()..] {
            "·".clone_into(cell);
        }
    }
    (name(setting, t), cells)
}

fn type_json(setting: &Setting, table: &Table, t: usize) -> serde_json::Value {
    let parts = BELIEFS.iter().enumerate().map(|(k, belief)| {
        (
            (*belief).to_owned(),
            number(mean(table, "gap_part", &[t, k])),
        )
    });
    let months = table.sorted(LENS, "months_to_halve", &[t]);
    json!({
        "type": Dimension::Type.entry(setting, t),
        "gap_parts": parts.collect::<serde_json::Map<_, _>>(),
        "months_to_halve": months.get(months.len() / 2),
        "never_halves": number(mean(table, "never_halves", &[t])),
    })
}

/// The gap of a type, belief by belief.
fn chart(setting: &Setting, table: &Table, t: usize) -> Waterfall {
    let own = mean(table, "alternative.value", &[t]);
    let steps = (0..BELIEFS.len()).filter_map(|k| {
        let part = table.mean(LENS, "gap_part", &[t, k]);
        (part.value != 0.0).then(|| Step {
            label: WORDS[k].to_owned(),
            change: part.value,
            error: part.error,
            ..Step::default()
        })
    });
    let total = |label: &str, value: f64| Total {
        label: label.to_owned(),
        value,
        ..Total::default()
    };
    Waterfall {
        title: format!(
            "What its own beliefs make of fighting on for {}",
            name(setting, t)
        ),
        desc: "From what no deal is worth by the analyst’s reading to what the type holds it to be, mean over worlds.".to_owned(),
        id: "beliefs-gap-chart".to_owned(),
        unit: "points".to_owned(),
        start: total("by the analyst’s reading", own - gap(table, t)),
        steps: steps.collect(),
        end: total("as it sees it", own),
        ..Waterfall::default()
    }
}

fn steps(chart: &Waterfall) -> Vec<(String, String)> {
    let mut rows = vec![(chart.start.label.clone(), points(chart.start.value))];
    rows.extend(
        chart
            .steps
            .iter()
            .map(|step| (step.label.clone(), signed(step.change, 1))),
    );
    rows.push((chart.end.label.clone(), points(chart.end.value)));
    rows
}

fn zones(table: &Table) -> Vec<(&'static str, String)> {
    let searched = !mean(table, "zone_common", &[]).is_nan();
    let rows = [
        ("as each party believes", "settlement.zone"),
        ("if all held the analyst’s beliefs", "zone_common"),
        ("if the sides held each other’s beliefs", "zone_swapped"),
        ("empty as they believe, open in common", "optimism_blocks"),
    ];
    let of =
        |(what, quantity): (&'static str, &str)| (what, per_hundred(mean(table, quantity, &[])));
    rows.into_iter().filter(|_| searched).map(of).collect()
}

fn packages(setting: &Setting, table: &Table) -> Vec<(String, [String; 3])> {
    let mut rows: Vec<(f64, (String, [String; 3]))> = Vec::new();
    for (p, package) in setting.packages.iter().enumerate() {
        let blocked = mean(table, "optimism_blocks_package", &[p]);
        if blocked.is_nan() || blocked < 0.005 {
            continue;
        }
        let shares = [
            "settlement.agreed",
            "agreed_common",
            "optimism_blocks_package",
        ];
        let cells = shares.map(|quantity| per_hundred(mean(table, quantity, &[p])));
        rows.push((blocked, (package.name.clone(), cells)));
    }
    rows.sort_by(|a, b| b.0.total_cmp(&a.0));
    rows.into_iter().map(|(_, row)| row).collect()
}

fn messengers(setting: &Setting, table: &Table) -> Vec<(String, String, String)> {
    let rows = setting.messengers.iter().enumerate().map(|(m, messenger)| {
        let of = |party: usize| setting.parties[party].name.as_str();
        let who = format!(
            "{} tells {} of “{}”",
            of(messenger.by),
            of(messenger.to),
            setting.observables[messenger.about].name
        );
        let believed = mean(table, "believed", &[m]);
        let share = if believed.is_nan() {
            "–".to_owned()
        } else {
            per_hundred(believed)
        };
        (messenger.name.clone(), who, share)
    });
    rows.collect()
}

fn observable(setting: &Setting, told: &Information) -> [String; 5] {
    let seen = &setting.observables[told.observable];
    let gains = told.worth.iter().enumerate();
    let most = gains.max_by(|a, b| a.1.total_cmp(b.1).then(b.0.cmp(&a.0)));
    // Below a tenth of a point it is noise, or as good as nothing.
    let gains = match most {
        Some((t, worth)) if *worth >= 0.1 => {
            format!("{}: {} points", name(setting, t), points(*worth))
        }
        _ => "nobody by a tenth of a point".to_owned(),
    };
    let moves = if told.moves > 0.0 {
        per_hundred(told.moves)
    } else {
        "within noise".to_owned()
    };
    [
        seen.name.clone(),
        seen.on.clone(),
        seen.settles.clone(),
        moves,
        gains,
    ]
}
