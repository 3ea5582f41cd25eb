//! Where belief turns an answer: the least and the greatest credibility at which a lever's target accepts a package, world by world, and
//! the margins of its types over credibility.

use detente_core::{Setting, Trigger};
use serde_json::{Value, json};

use super::incentives::{quantile, sorted};
use super::{LENS, number};
use crate::run::Table;
use crate::sections::Study;
use crate::svg::credibility::{Credibility, Line, Panel};
use crate::svg::responsive;
use crate::words::{per_hundred, signed};

/// Steps of credibility in the picture.
const STEPS: u32 = 20;
/// Share of worlds in which belief must turn an answer for its package to be listed.
const LISTED: f64 = 0.01;

/// A lever and a package: in which share of worlds belief turns its target's answer, and where.
pub(super) struct Turn {
    pub(super) lever: usize,
    pub(super) package: usize,
    pub(super) always: f64,
    /// It must believe enough.
    pub(super) enough: f64,
    /// c* in these worlds: 5th percentile, median, 95th.
    pub(super) threshold: [f64; 3],
    /// It must not believe too much.
    pub(super) ceiling: f64,
    pub(super) never: f64,
}

pub(super) struct TurnRow {
    pub(super) name: String,
    pub(super) always: String,
    pub(super) enough: String,
    pub(super) threshold: String,
    pub(super) ceiling: String,
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

impl Turn {
    /// Does belief matter often enough to speak of?
    pub(super) fn is_listed(&self) -> bool {
        self.enough >= LISTED || self.ceiling >= LISTED
    }
}

pub(super) fn turn(table: &Table, lever: usize, package: usize) -> Turn {
    let index = [lever, package];
    let pairs: Vec<(f64, f64)> = table
        .column(LENS, "threshold", &index)
        .zip(table.column(LENS, "ceiling", &index))
        .filter(|(least, _)| !least.is_nan())
        .collect();
    let all = pairs.len() as f64;
    let share = |is: &dyn Fn(f64, f64) -> bool| {
        let of = pairs.iter().filter(|(least, most)| is(*least, *most));
        of.count() as f64 / all
    };
    let inside = |c: f64| (0.0..=1.0).contains(&c);
    let turning = pairs
        .iter()
        .filter(|(least, most)| inside(*least) && *most > 1.0);
    let thresholds = sorted(turning.map(|(least, _)| *least));
    Turn {
        lever,
        package,
        always: share(&|least, most| least < 0.0 && most > 1.0),
        enough: share(&|least, most| inside(least) && most > 1.0),
        threshold: [0.05, 0.5, 0.95].map(|q| quantile(&thresholds, q)),
        ceiling: share(&|_, most| inside(most)),
        never: share(&|least, _| least > 1.0),
    }
}

pub(super) fn row(setting: &Setting, turn: &Turn) -> TurnRow {
    let (lever, package) = (&setting.levers[turn.lever], &setting.packages[turn.package]);
    let [low, middle, high] = turn.threshold;
    TurnRow {
        name: format!("{}: {}", lever.name, package.name),
        always: per_hundred(turn.always),
        enough: per_hundred(turn.enough),
        threshold: if middle.is_nan() {
            "–".to_owned()
        } else {
            format!(
                "{} ({} to {})",
                signed(middle, 2),
                signed(low, 2),
                signed(high, 2)
            )
        },
        ceiling: per_hundred(turn.ceiling),
        never: per_hundred(turn.never),
    }
}

pub(super) fn data(setting: &Setting, turn: &Turn) -> Value {
    json!({
        "lever": setting.levers[turn.lever].id,
        "package": setting.packages[turn.package].id,
        "always": number(turn.always),
        "if_believed_enough": number(turn.enough),
        "threshold": number(turn.threshold[1]),
        "unless_believed_too_much": number(turn.ceiling),
        "never": number(turn.never),
    })
}

pub(super) fn picture(study: &Study, turns: &[Turn]) -> Option<Picture> {
    let matters = |turn: &&Turn| turn.is_listed();
    let shown = turns
        .iter()
        .filter(matters)
        .max_by(|a, b| (a.enough + a.ceiling).total_cmp(&(b.enough + b.ceiling)))?;
    let chart = chart(study, shown)?;
    Some(Picture {
        title: chart.title.clone(),
        svg: responsive(&chart.render(), &chart.render_compact()),
        caption: caption(study.setting(), shown, &chart),
        rows: rows(&chart),
    })
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
    let risk = |party: usize, types: std::ops::Range<usize>| Panel {
        y_label: format!(
            "{}: part of escalation in it, points",
            setting.parties[party].name
        ),
        lines: types.map(|t| line(t, escalation(t))).collect(),
    };
    let package = &setting.packages[p];
    let margin = format!(
        "{}: margin above refusing, points",
        setting.parties[refuser].name
    );
    Some(Credibility {
        title: format!(
            "“{}”: what “{}” is worth above refusing, by how far the lever is believed",
            lever.name, package.name
        ),
        desc: "Margin of each type of the target over credibility; in lower panels, where anything escalates, the part that escalation \
               has in what the lever changes, for the target and for the wielder, each in points of its own."
            .to_owned(),
        id: "leverage-turns-chart".to_owned(),
        x_label: "credibility: chance that the lever is pulled after a refusal".to_owned(),
        panels: vec![
            Panel {
                y_label: margin.clone(),
                lines: target.clone().map(|t| line(t, margins(t))).collect(),
            },
            risk(refuser, target),
            risk(lever.by, wielder),
        ]
        .into_iter()
        // Where nothing escalates there is nothing to show.
        .filter(|panel| {
            let mut lines = panel.lines.iter();
            panel.y_label == margin || lines.any(|line| line.values.iter().any(|x| *x != 0.0))
        })
        .collect(),
        mark: (!turn.threshold[1].is_nan() && turn.enough >= LISTED).then(|| {
            let label = format!(
                "c* {} (median of {} worlds in 100)",
                signed(turn.threshold[1], 2),
                per_hundred(turn.enough)
            );
            (label, turn.threshold[1])
        }),
        note: String::new(),
    })
}
