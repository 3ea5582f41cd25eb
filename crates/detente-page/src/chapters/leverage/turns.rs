//! Where belief turns an answer, and the margins of a lever's target over credibility.

use detente_core::{Setting, Trigger};
use detente_evidence::chapters::leverage::{Curves, STEPS, Turn};
use serde_json::{Value, json};

use super::number;
use crate::svg::credibility::{Credibility, Line, Panel};
use crate::svg::responsive;
use crate::words::{count, per_hundred, signed};

pub(super) struct TurnRow {
    pub(super) name: String,
    pub(super) always: String,
    pub(super) enough: String,
    pub(super) threshold: String,
    pub(super) ceiling: String,
    pub(super) too_much: String,
    pub(super) never: String,
}

/// The picture of the package at which belief matters most often.
pub(super) struct Picture {
    pub(super) title: String,
    pub(super) svg: String,
    pub(super) caption: String,
    /// Line, its values at five credibilities.
    pub(super) rows: Vec<(String, Vec<String>)>,
}

pub(super) fn row(setting: &Setting, turn: &Turn) -> TurnRow {
    let (lever, package) = (&setting.levers[turn.lever], &setting.packages[turn.package]);
    // Nine in ten worlds of few are all of them.
    let at = |[low, middle, high]: [f64; 3], share: f64| {
        if middle.is_nan() {
            return "–".to_owned();
        }
        let [low, middle, high] = [low, middle, high].map(|c| signed(c, 2));
        format!(
            "{middle} ({low} to {high}; {})",
            count(worlds_of(share, turn.worlds), "world")
        )
    };
    TurnRow {
        name: format!("{}: {}", lever.name, package.name),
        always: per_hundred(turn.always),
        enough: per_hundred(turn.enough),
        threshold: at(turn.threshold, turn.enough),
        ceiling: per_hundred(turn.ceiling),
        too_much: at(turn.too_much, turn.ceiling),
        never: per_hundred(turn.never),
    }
}

/// How many worlds a share of them is.
fn worlds_of(share: f64, all: usize) -> usize {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a share of a number of worlds"
    )]
    let worlds = (share * all as f64).round() as usize;
    worlds
}

pub(super) fn data(setting: &Setting, turn: &Turn) -> Value {
    json!({
        "lever": setting.levers[turn.lever].id,
        "package": setting.packages[turn.package].id,
        "always": number(turn.always),
        "if_believed_enough": number(turn.enough),
        "threshold": number(turn.threshold[1]),
        "unless_believed_too_much": number(turn.ceiling),
        "ceiling": number(turn.too_much[1]),
        "never": number(turn.never),
    })
}

pub(super) fn picture(setting: &Setting, told: &Curves) -> Picture {
    let chart = chart(setting, told);
    Picture {
        title: chart.title.clone(),
        svg: responsive(&chart.render(), &chart.render_compact()),
        caption: caption(setting, &told.turn, &chart),
        rows: rows(&chart),
    }
}

/// What the threshold is, and why it is not on the curves where it is not.
fn caption(setting: &Setting, turn: &Turn, chart: &Credibility) -> String {
    let lever = &setting.levers[turn.lever];
    let target = match lever.trigger {
        Trigger::Refuse(party) => setting.parties[party].name.as_str(),
        _ => "its target",
    };
    let [low, middle, high] = turn.threshold;
    let enough = if middle.is_nan() {
        String::new()
    } else {
        format!(
            ", in {} from a credibility c* on (median of these worlds’ thresholds {}, nine in ten of them {} to {})",
            per_hundred(turn.enough),
            signed(middle, 2),
            signed(low, 2),
            signed(high, 2)
        )
    };
    let drawn = match (&chart.mark, chart.crosses()) {
        (None, _) => "",
        (Some(_), true) => {
            " The upright line is that median: it need not lie where a curve of medians crosses zero."
        }
        (Some(_), false) => " No curve of medians crosses zero, so c* is not drawn on them.",
    };
    let panels = if chart.panels.len() > 1 {
        " Lower panels: the part that escalation has in what the lever changes, as each type sees it."
    } else {
        ""
    };
    format!(
        "Medians over worlds at each credibility; above zero the type accepts if no hard red line of its own is crossed. World by world, \
         half of the types by prior deciding, {target} accepts in {} of 100 worlds at any credibility{enough}, in {} only up to a \
         credibility, in {} at none.{drawn}{panels}",
        per_hundred(turn.always),
        per_hundred(turn.ceiling),
        per_hundred(turn.never)
    )
}

/// What the picture shows, at credibilities of 0, ¼, ½, ¾ and 1.
fn rows(chart: &Credibility) -> Vec<(String, Vec<String>)> {
    let what = ["margin", "part of escalation", "part of escalation"];
    let panels = what.iter().zip(&chart.panels);
    let lines = panels.flat_map(|(what, panel)| panel.lines.iter().map(move |line| (what, line)));
    lines
        .map(|(what, line)| {
            let quarters = line.values.iter().step_by(STEPS as usize / 4);
            let values = quarters.map(|x| signed(*x, 1)).collect();
            (format!("{}: {what}", line.label), values)
        })
        .collect()
}

fn chart(setting: &Setting, told: &Curves) -> Credibility {
    let turn = &told.turn;
    let lever = &setting.levers[turn.lever];
    let panel = |party: usize, what: &str, curves: &[Vec<f64>]| {
        let types = setting.parties[party].types.clone().zip(curves);
        let lines = types.map(|(t, values)| Line {
            label: setting.types[t].name.clone(),
            color_index: t,
            values: values.clone(),
        });
        Panel {
            y_label: format!("{}: {what}, points", setting.parties[party].name),
            lines: lines.collect(),
        }
    };
    let mut panels = vec![panel(told.refuser, "margin above refusing", &told.margins)];
    for (party, curves) in [
        (told.refuser, &told.risk_of_target),
        (lever.by, &told.risk_of_wielder),
    ] {
        // Where nothing escalates there is nothing to show.
        if curves.iter().flatten().any(|x| *x != 0.0) {
            panels.push(panel(party, "part of escalation in it", curves));
        }
    }
    Credibility {
        title: format!(
            "“{}”: what “{}” is worth above refusing, by how far the lever is believed",
            lever.name, setting.packages[turn.package].name
        ),
        desc: "Margin of each type of the target over credibility; in lower panels, where anything escalates, the part that escalation \
               has in what the lever changes, for the target and for the wielder, each in points of its own."
            .to_owned(),
        id: "leverage-turns-chart".to_owned(),
        x_label: "credibility: chance that the lever is pulled after a refusal".to_owned(),
        panels,
        mark: turn.has_threshold().then(|| {
            let label = format!(
                "c* {} (median of {} worlds in 100)",
                signed(turn.threshold[1], 2),
                per_hundred(turn.enough)
            );
            (label, turn.threshold[1])
        }),
        note: String::new(),
    }
}
