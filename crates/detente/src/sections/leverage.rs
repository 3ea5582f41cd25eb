//! What threats and promises would do: levers ranked, who would pull them, where belief turns an answer.

mod together;

use askama::Template;
use detente_core::{Dimension, Setting, Trigger};
use serde_json::json;

use super::{Section, Study};
use crate::run::{Progress, Table};
use crate::svg::credibility::{Credibility, Line, Panel};
use crate::svg::responsive;
use crate::words::{and_list, count, per_hundred, points, signed};

const LENS: &str = "leverage";
/// Steps of credibility in the picture.
const STEPS: u32 = 20;
/// Worlds of a hundred in which belief must turn an answer for its package to be listed.
const LISTED: f64 = 0.01;

#[derive(Template)]
#[template(path = "leverage.html")]
struct Page {
    finding: String,
    worlds: String,
    levers: Vec<LeverRow>,
    exchange: Vec<String>,
    types: Vec<TypeRow>,
    picture: Option<String>,
    picture_title: String,
    /// Line, its values at five credibilities.
    picture_rows: Vec<(String, Vec<String>)>,
    turns: Vec<TurnRow>,
    parties: Vec<String>,
    /// A refusal with none and with all of its levers, what that is worth to each party, how often the zone is open.
    together: Vec<(String, Vec<String>)>,
    concessions: String,
}

struct LeverRow {
    name: String,
    note: String,
    who: String,
    credibility: String,
    announced: String,
    moves: String,
    per_price: String,
    per_loss: String,
    assurance: String,
    zone: String,
}

struct TypeRow {
    name: String,
    verdict: String,
    incentive: String,
    ratio: String,
    pays: String,
    undecided: String,
    flips: String,
    price: String,
    escalation: String,
}

struct TurnRow {
    name: String,
    always: String,
    enough: String,
    threshold: String,
    ceiling: String,
    never: String,
}

/// A lever over the worlds, before it is put in words.
struct Told {
    lever: usize,
    refuser: Option<usize>,
    credibility: f64,
    announced: f64,
    /// What it moves of its target's margin, and what its wielder pays for it and the others lose, in points.
    moves: f64,
    price: f64,
    loss: f64,
    assurance: f64,
    zone: [f64; 2],
    backfires: f64,
}

/// A package at which belief matters, or would.
struct Turn {
    lever: usize,
    package: usize,
    always: f64,
    enough: f64,
    threshold: f64,
    ceiling: f64,
    never: f64,
}

pub(super) fn section(study: &Study, _: &dyn Progress) -> Option<Section> {
    let (setting, table) = (study.setting(), study.table);
    let triggered = |l: &usize| table.mean(LENS, "credibility", &[*l]).n > 0;
    if !(0..setting.levers.len()).any(|l| triggered(&l)) {
        return None;
    }
    let drawn = drawn(study);
    let mut levers: Vec<Told> = (0..setting.levers.len())
        .filter(triggered)
        .map(|l| told(study, &drawn, l))
        .collect();
    // Those that move their target most come first; promises, which move nobody's refusal, last.
    levers.sort_by(|a, b| rank(b).total_cmp(&rank(a)));
    let mut turns: Vec<Turn> = Vec::new();
    for told in levers.iter().filter(|told| told.refuser.is_some()) {
        let packages = 0..setting.packages.len();
        turns.extend(packages.map(|p| turn(table, told.lever, p)));
    }
    let (types, types_json) = type_rows(study, &levers, &drawn.noise);
    let shown = turns
        .iter()
        .max_by(|a, b| (a.enough + a.ceiling).total_cmp(&(b.enough + b.ceiling)));
    let chart = shown.and_then(|turn| chart(study, turn));
    let picture = chart
        .as_ref()
        .map(|chart| responsive(&chart.render(), &chart.render_compact()));
    let picture_title = chart.as_ref().map(|c| c.title.clone()).unwrap_or_default();
    let conceded: Vec<(usize, f64)> = (0..setting.parties.len())
        .map(|p| (p, table.mean(LENS, "concession", &[p])))
        .filter(|(_, mean)| mean.n > 0)
        .map(|(p, mean)| (p, mean.value))
        .collect();
    let said: Vec<String> = conceded
        .iter()
        .map(|(p, given)| format!("{} {} points", setting.parties[*p].name, points(*given)))
        .collect();
    let refusals = together::told(study, &drawn);
    let finding = finding(setting, &levers, &turns);
    let page = Page {
        finding: finding.clone(),
        worlds: count(table.worlds, "world"),
        levers: levers.iter().map(|told| lever_row(setting, told)).collect(),
        exchange: exchange(setting, &levers),
        types,
        picture,
        picture_title,
        picture_rows: chart.as_ref().map(rows_of).unwrap_or_default(),
        turns: turns
            .iter()
            .filter(|turn| turn.enough >= LISTED || turn.ceiling >= LISTED)
            .map(|turn| turn_row(setting, turn))
            .collect(),
        parties: setting.parties.iter().map(|p| p.name.clone()).collect(),
        together: refusals
            .iter()
            .map(|row| together::row(setting, row))
            .collect(),
        concessions: and_list(&said),
    };
    let json = json!({
        "levers": levers.iter().map(|told| lever_json(setting, told)).collect::<Vec<_>>(),
        "types": types_json,
        "refusals": refusals.iter().map(|row| together::data(setting, row)).collect::<Vec<_>>(),
        "turns": turns.iter().map(|turn| turn_json(setting, turn)).collect::<Vec<_>>(),
        "concessions": conceded.iter().map(|(p, given)| (setting.parties[*p].id.clone(), json!(given)))
            .collect::<serde_json::Map<_, _>>(),
    });
    Some(Section {
        id: "leverage",
        title: "What threats and promises would do".to_owned(),
        bottom_line: vec![(finding, "leverage")],
        html: page.render().unwrap_or_default(),
        json,
    })
}

fn rank(told: &Told) -> f64 {
    if told.moves.is_nan() {
        f64::NEG_INFINITY
    } else {
        told.moves.abs()
    }
}

/// What the worlds were drawn with, world by world.
struct Drawn {
    /// s.
    noise: Vec<f64>,
    /// By type: its prior.
    priors: Vec<Vec<f64>>,
}

fn drawn(study: &Study) -> Drawn {
    let types = study.setting().types.len();
    let mut all = Drawn {
        noise: Vec::new(),
        priors: vec![Vec::new(); types],
    };
    for index in study.table.first..study.table.first + study.table.worlds {
        let uniforms = study.plan.uniforms(study.options.stream, index as u64);
        let world = study.plan.world(&uniforms, study.overrides);
        let behaviour = world.numbers.behaviour.first();
        all.noise.push(behaviour.map_or(0.5, |b| b.noise));
        for (list, kind) in all.priors.iter_mut().zip(&world.numbers.types) {
            list.push(kind.prior);
        }
    }
    all
}

/// Mean over worlds; NaN where nothing was computed.
fn mean(table: &Table, quantity: &str, index: &[usize]) -> f64 {
    let mean = table.mean(LENS, quantity, index);
    if mean.n > 0 { mean.value } else { f64::NAN }
}

/// Mean over worlds of a number a type, a party's types weighed by their priors in each world; NaN where nothing was computed.
fn of_party(study: &Study, drawn: &Drawn, party: usize, number: impl Fn(usize) -> Vec<f64>) -> f64 {
    let mut sums = vec![0.0; study.table.worlds];
    for t in study.setting().parties[party].types.clone() {
        let worlds = number(t).into_iter().zip(&drawn.priors[t]);
        for (sum, (x, prior)) in sums.iter_mut().zip(worlds) {
            *sum += prior * x;
        }
    }
    let mean = study.table.mean_of(sums.iter().copied());
    if mean.n > 0 { mean.value } else { f64::NAN }
}

fn told(study: &Study, drawn: &Drawn, l: usize) -> Told {
    let (setting, table) = (study.setting(), study.table);
    let lever = &setting.levers[l];
    let refuser = match lever.trigger {
        Trigger::Refuse(refuser) => Some(refuser),
        _ => None,
    };
    let fall = |t: usize| {
        let without = table.column(LENS, "refusal_without", &[l, t]);
        let with = table.column(LENS, "refusal_with", &[l, t]);
        let falls = without.zip(with).map(|(without, with)| without - with);
        falls.collect::<Vec<f64>>()
    };
    let others = (0..setting.parties.len()).filter(|p| *p != lever.by && Some(*p) != refuser);
    let losses = others.map(|p| of_party(study, drawn, p, fall).max(0.0));
    let used: Vec<f64> = (0..setting.packages.len())
        .map(|p| mean(table, "assurance", &[l, p]))
        .collect();
    Told {
        lever: l,
        refuser,
        credibility: mean(table, "credibility", &[l]),
        announced: mean(table, "credibility_announced", &[l]),
        moves: refuser.map_or(f64::NAN, |party| of_party(study, drawn, party, fall)),
        price: of_party(study, drawn, lever.by, |t| {
            table.column(LENS, "price", &[l, t]).collect()
        }),
        loss: losses.sum(),
        assurance: used.iter().sum::<f64>() / used.len() as f64,
        zone: [
            mean(table, "zone_without", &[l]),
            mean(table, "zone_with", &[l]),
        ],
        backfires: mean(table, "backfires", &[l]),
    }
}

fn lever_row(setting: &Setting, told: &Told) -> LeverRow {
    let lever = &setting.levers[told.lever];
    let target = told.refuser.map_or("who agrees".to_owned(), |party| {
        setting.parties[party].name.clone()
    });
    let ratio = |by: f64| {
        if by > 0.05 && !told.moves.is_nan() {
            signed(told.moves / by, 1)
        } else {
            "–".to_owned()
        }
    };
    let share = |x: f64| {
        if x.is_nan() {
            "–".to_owned()
        } else {
            per_hundred(x)
        }
    };
    LeverRow {
        name: lever.name.clone(),
        note: if told.backfires > 0.5 {
            "makes refusing worth more to most of its target’s types".to_owned()
        } else {
            String::new()
        },
        who: format!("{} → {target}", setting.parties[lever.by].name),
        credibility: share(told.credibility),
        announced: share(told.announced),
        moves: points(told.moves),
        per_price: ratio(told.price),
        per_loss: ratio(told.loss),
        assurance: share(told.assurance),
        zone: if told.zone[0].is_nan() {
            "–".to_owned()
        } else {
            format!(
                "{} → {}",
                per_hundred(told.zone[0]),
                per_hundred(told.zone[1])
            )
        },
    }
}

fn number(x: f64) -> serde_json::Value {
    if x.is_nan() {
        serde_json::Value::Null
    } else {
        json!(x)
    }
}

fn lever_json(setting: &Setting, told: &Told) -> serde_json::Value {
    json!({
        "lever": setting.levers[told.lever].id,
        "credibility": number(told.credibility),
        "credibility_announced": number(told.announced),
        "moves": number(told.moves),
        "price": number(told.price),
        "others_lose": number(told.loss),
        "assurance": number(told.assurance),
        "zone_without": number(told.zone[0]),
        "zone_with": number(told.zone[1]),
        "backfires": number(told.backfires),
    })
}

/// Levers on the same target, told in one another's worth.
fn exchange(setting: &Setting, levers: &[Told]) -> Vec<String> {
    let mut said = Vec::new();
    for (i, first) in levers.iter().enumerate() {
        for second in &levers[i + 1..] {
            let same = first.refuser.is_some() && first.refuser == second.refuser;
            if !same || second.moves.abs() < 0.05 {
                continue;
            }
            let [a, b] = [first, second].map(|told| &setting.levers[told.lever].name);
            let against = if first.moves * second.moves < 0.0 {
                ", the other way"
            } else {
                ""
            };
            said.push(format!(
                "“{a}” moves its target as far as {} times “{b}”{against}, each certain to be pulled.",
                signed((first.moves / second.moves).abs(), 1)
            ));
        }
    }
    said
}

fn type_rows(
    study: &Study,
    levers: &[Told],
    noise: &[f64],
) -> (Vec<TypeRow>, Vec<serde_json::Value>) {
    let (setting, table) = (study.setting(), study.table);
    let (mut rows, mut data) = (Vec::new(), Vec::new());
    for told in levers {
        let lever = &setting.levers[told.lever];
        for t in setting.parties[lever.by].types.clone() {
            let index = [told.lever, t];
            let drawn = table.column(LENS, "incentive", &index).zip(noise);
            let known: Vec<(f64, f64)> = drawn
                .filter(|(gain, _)| !gain.is_nan())
                .map(|(gain, s)| (gain, *s))
                .collect();
            if known.is_empty() {
                continue;
            }
            let share = |is: &dyn Fn(&(f64, f64)) -> bool| {
                known.iter().filter(|k| is(k)).count() as f64 / known.len() as f64
            };
            let gains = sorted(known.iter().map(|k| k.0));
            let ratio = quantile(&sorted(known.iter().map(|(gain, s)| gain / s)), 0.5);
            let flips = quantile(&sorted(known.iter().map(|k| k.0.abs())), 0.5);
            let (pays, undecided) = (share(&|k| k.0 > 0.0), share(&|k| k.0.abs() < k.1));
            let (price, escalation) = (
                mean(table, "price", &index),
                -mean(table, "escalation", &index),
            );
            let verdict = if ratio.abs() < 1.0 {
                "undecided in the middle world"
            } else if ratio > 0.0 {
                "would pull it in the middle world"
            } else {
                "would not pull it in the middle world"
            };
            rows.push(TypeRow {
                name: format!("{}: {}", lever.name, setting.types[t].name),
                verdict: verdict.to_owned(),
                incentive: format!(
                    "{} ({} to {})",
                    points(quantile(&gains, 0.5)),
                    points(quantile(&gains, 0.05)),
                    points(quantile(&gains, 0.95))
                ),
                ratio: signed(ratio, 1),
                pays: per_hundred(pays),
                undecided: per_hundred(undecided),
                flips: points(flips),
                price: points(price),
                escalation: points(escalation),
            });
            data.push(json!({
                "lever": lever.id,
                "type": Dimension::Type.entry(setting, t),
                "incentive": [number(quantile(&gains, 0.05)), number(quantile(&gains, 0.5)), number(quantile(&gains, 0.95))],
                "incentive_over_noise": number(ratio),
                "pays": pays,
                "undecided": undecided,
                "decided_below": number(flips),
                "price": number(price),
                "escalation": number(escalation),
            }));
        }
    }
    (rows, data)
}

fn sorted(values: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut values: Vec<f64> = values.filter(|x| !x.is_nan()).collect();
    values.sort_by(f64::total_cmp);
    values
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a place in a list"
)]
fn quantile(sorted: &[f64], q: f64) -> f64 {
    let last = sorted.len().saturating_sub(1) as f64;
    let place = (q * last).round() as usize;
    sorted.get(place).copied().unwrap_or(f64::NAN)
}

fn turn(table: &Table, lever: usize, package: usize) -> Turn {
    let index = [lever, package];
    let pairs: Vec<(f64, f64)> = table
        .column(LENS, "threshold", &index)
        .zip(table.column(LENS, "ceiling", &index))
        .filter(|(least, _)| !least.is_nan())
        .collect();
    let all = pairs.len() as f64;
    let share = |is: &dyn Fn(f64, f64) -> bool| {
        pairs
            .iter()
            .filter(|(least, most)| is(*least, *most))
            .count() as f64
            / all
    };
    let turning = pairs.iter().map(|(least, _)| *least);
    Turn {
        lever,
        package,
        always: share(&|least, most| least < 0.0 && most > 1.0),
        enough: share(&|least, most| (0.0..=1.0).contains(&least) && most > 1.0),
        threshold: quantile(&sorted(turning.filter(|c| (0.0..=1.0).contains(c))), 0.5),
        ceiling: share(&|_, most| (0.0..=1.0).contains(&most)),
        never: share(&|least, _| least > 1.0),
    }
}

fn turn_row(setting: &Setting, turn: &Turn) -> TurnRow {
    let (lever, package) = (&setting.levers[turn.lever], &setting.packages[turn.package]);
    TurnRow {
        name: format!("{}: {}", lever.name, package.name),
        always: per_hundred(turn.always),
        enough: per_hundred(turn.enough),
        threshold: signed(turn.threshold, 2),
        ceiling: per_hundred(turn.ceiling),
        never: per_hundred(turn.never),
    }
}

fn turn_json(setting: &Setting, turn: &Turn) -> serde_json::Value {
    json!({
        "lever": setting.levers[turn.lever].id,
        "package": setting.packages[turn.package].id,
        "always": number(turn.always),
        "if_believed_enough": number(turn.enough),
        "threshold": number(turn.threshold),
        "unless_believed_too_much": number(turn.ceiling),
        "never": number(turn.never),
    })
}

/// The lever that moves its target most, how far it is believed, and whether belief turns any answer.
fn finding(setting: &Setting, levers: &[Told], turns: &[Turn]) -> String {
    let Some(first) = levers.iter().find(|told| told.moves > 0.0) else {
        return "No lever that awaits an answer makes refusing worth less to its target."
            .to_owned();
    };
    let lever = &setting.levers[first.lever];
    let target = first
        .refuser
        .map_or("", |party| &setting.parties[party].name);
    let most = turns
        .iter()
        .filter(|turn| turn.lever == first.lever)
        .max_by(|a, b| a.enough.total_cmp(&b.enough));
    let turns = most.map_or(String::new(), |turn| {
        format!(
            "; believing it turns {target} to “{}” in {} of 100 worlds, and to no other package more often",
            setting.packages[turn.package].name,
            per_hundred(turn.enough)
        )
    });
    format!(
        "Of the levers that await an answer, “{}” takes most off what refusing is worth ({} points to {target} if it is certain); \
         {target} gives it a chance of {} of 100{turns}.",
        lever.name,
        points(first.moves),
        per_hundred(first.credibility)
    )
}

fn title(setting: &Setting, turn: &Turn) -> String {
    let (lever, package) = (&setting.levers[turn.lever], &setting.packages[turn.package]);
    format!(
        "“{}”: what “{}” is worth above refusing, by how far the lever is believed",
        lever.name, package.name
    )
}

/// What the picture shows, at credibilities of 0, ¼, ½, ¾ and 1.
fn rows_of(chart: &Credibility) -> Vec<(String, Vec<String>)> {
    let panels = ["margin", "part of escalation"].iter().zip(&chart.panels);
    let lines = panels.flat_map(|(what, panel)| panel.lines.iter().map(move |line| (what, line)));
    lines
        .map(|(what, line)| {
            let quarters = line.values.iter().step_by(STEPS as usize / 4);
            let values = quarters.map(|x| signed(*x, 1)).collect();
            (format!("{}: {what}", line.label), values)
        })
        .collect()
}

fn chart(study: &Study, turn: &Turn) -> Option<Credibility> {
    let (setting, table) = (study.setting(), study.table);
    let (l, p) = (turn.lever, turn.package);
    let lever = &setting.levers[l];
    let Trigger::Refuse(refuser) = lever.trigger else {
        return None;
    };
    // The margin as the settlement lens has it, with N at another credibility.
    let margins = |t: usize| -> Vec<f64> {
        let worlds: Vec<(f64, f64, f64)> = table
            .column("settlement", "margin", &[t, p])
            .zip(table.column(LENS, "refusal", &[t]))
            .zip(
                table
                    .column(LENS, "refusal_without", &[l, t])
                    .zip(table.column(LENS, "refusal_with", &[l, t])),
            )
            .map(|((margin, n), (off, on))| (margin + n, off, on))
            .collect();
        let at = |c: f64| {
            let of = worlds
                .iter()
                .map(|(deal, off, on)| deal - off - c * (on - off));
            quantile(&sorted(of), 0.5)
        };
        (0..=STEPS)
            .map(|i| at(f64::from(i) / f64::from(STEPS)))
            .collect()
    };
    let escalation = |t: usize| -> Vec<f64> {
        let median = quantile(&table.sorted(LENS, "escalation", &[l, t]), 0.5);
        (0..=STEPS)
            .map(|i| median * f64::from(i) / f64::from(STEPS))
            .collect()
    };
    let line = |t: usize, values: Vec<f64>| Line {
        label: setting.types[t].name.clone(),
        color_index: t,
        values,
    };
    let target = setting.parties[refuser].types.clone();
    let wielder = setting.parties[lever.by].types.clone();
    Some(Credibility {
        title: title(setting, turn),
        desc: "Upper panel: margin of each type of the target over credibility. Lower panel: the part that escalation has in what \
               the lever changes."
            .to_owned(),
        id: "leverage-turns-chart".to_owned(),
        x_label: "credibility: chance that the lever is pulled after a refusal".to_owned(),
        panels: vec![
            Panel {
                y_label: format!("{}: margin above refusing, points", setting.parties[refuser].name),
                lines: target.clone().map(|t| line(t, margins(t))).collect(),
            },
            Panel {
                y_label: "Part of escalation in it, points, target and wielder".to_owned(),
                lines: target.chain(wielder).map(|t| line(t, escalation(t))).collect(),
            },
        ],
        mark: (!turn.threshold.is_nan() && turn.enough > 0.0)
            .then(|| (format!("c* {}", signed(turn.threshold, 2)), turn.threshold)),
        note: String::new(),
    })
}
