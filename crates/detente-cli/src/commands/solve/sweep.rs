//! `detente solve --sweep`: which kind of equilibrium a game has as one or two of its numbers change.

mod kinds;
mod search;

use std::fmt::Write as _;
use std::path::PathBuf;

use detente::svg::{self, regimes};
use detente_games::{Game, Tree, story};
use serde_json::json;

use super::interrupt::Patience;
use super::knob::Knob;
use super::words::{paragraph, payoff};
use crate::args::Solve;
use crate::failure::Failure;
use crate::output::{self, Inputs, Place};
use kinds::{Kinds, NOTE, letter};
use search::{Point, bands, look};

/// Endings are told of if they have this share somewhere.
const SEEN: f64 = 0.005;
/// Endings drawn as lines.
const LINES: usize = 6;

pub(super) fn run(args: &Solve, game: &Game, patience: &Patience) -> Result<(), Failure> {
    super::small_enough(args, &Tree::new(game).expect("it has been checked"))?;
    let knobs: Vec<Knob> = args
        .sweep
        .iter()
        .map(|text| Knob::to_sweep(game, text))
        .collect::<Result<_, _>>()?;
    super::knob::apart(&knobs, "--sweep")?;
    let place = picture(args)?;
    match &knobs[..] {
        [knob] => line(args, game, knob, &place, patience),
        [x, y] => map(args, game, [x, y], &place, patience),
        _ => Err(Failure::BadInput(
            "one or two numbers can be swept at once".into(),
        )),
    }
}

/// A sweep over one number.
fn line(
    args: &Solve,
    game: &Game,
    knob: &Knob,
    place: &Place,
    patience: &Patience,
) -> Result<(), Failure> {
    let steps = args.points.unwrap_or(61) as usize;
    let mut kinds = Kinds::default();
    let mut points = Vec::new();
    for step in 0..steps {
        let at = knob.at(step, steps);
        let point = look(game, &[(knob, at)], &mut kinds, patience);
        if !patience.patient() {
            break;
        }
        points.push((at, point));
    }
    if points.len() < 2 {
        return Err(stopped());
    }
    let cut = points.len() < steps;
    // What is told ends where the sweep was stopped.
    let knob = &knob.up_to(points[points.len() - 1].0);
    let (bands, edges) = bands(game, knob, &mut points, &mut kinds, patience);
    if cut || !patience.patient() {
        output::note(
            "stopped before the sweep was done: it is told as far as it came, and critical values are only as exact as its points",
        );
    }
    patience.finish();
    let names = most_frequent(&points.iter().map(|(_, point)| point).collect::<Vec<_>>());
    let chart = regimes::RegimeStrip {
        title: format!("How the equilibrium changes with {}", knob.name),
        desc: format!(
            "Bands are kinds of equilibrium, {} of them; lines are the shares of plays that end in each way, as {} goes from {} to {}.",
            kinds.0.len(),
            knob.name,
            knob.from,
            knob.to
        ),
        id: "sweep".into(),
        x_label: knob.name.clone(),
        y_label: "share of plays".into(),
        bands: bands
            .iter()
            .map(|(kind, from, to)| regimes::Band {
                label: kind.map_or("?".into(), letter),
                color_index: kind.unwrap_or(5),
                from: *from,
                to: *to,
            })
            .collect(),
        lines: names
            .iter()
            .enumerate()
            .map(|(place, name)| regimes::ShareLine {
                label: name.clone(),
                color_index: place,
                points: trail(&points, &edges, name),
            })
            .collect(),
        notes: kinds.notes(),
    };
    place.write(svg::standalone(&chart.render()).as_bytes())?;
    let path = place.named();
    if args.json {
        let points: Vec<_> = points
            .iter()
            .map(|(at, point)| {
                json!({ "at": at, "kind": point.kind.map(letter), "value": point.value, "endings": ending_list(point) })
            })
            .collect();
        let bands: Vec<_> = bands
            .iter()
            .map(|(kind, from, to)| json!({ "kind": kind.map(letter), "from": from, "to": to }))
            .collect();
        let value = json!({
            "title": game.title,
            "number": knob.name,
            "kinds": kinds.json(),
            "bands": bands,
            "points": points,
        });
        return output::print_json(&value);
    }
    let mut out = String::new();
    paragraph(&mut out, "", &game.title);
    let _ = writeln!(out, "{} from {} to {}", knob.name, knob.from, knob.to);
    for (kind, from, to) in &bands {
        let middle = points
            .iter()
            .filter(|(at, point)| at >= from && at <= to && point.kind == *kind)
            .map(|(_, point)| point)
            .collect::<Vec<_>>();
        let head = format!("{} to {}", payoff(*from), payoff(*to));
        let Some(kind) = kind else {
            let _ = writeln!(out, "\n?  {head}: no answer passed its certificate");
            continue;
        };
        let _ = writeln!(out, "\n{}  {head}", letter(*kind));
        kinds.tell(*kind, &mut out);
        if let (Some(first), Some(last)) = (middle.first(), middle.last()) {
            let shares: Vec<String> = names
                .iter()
                .map(|name| (name, first.share(name), last.share(name)))
                .filter(|(_, a, b)| a.max(*b) > 0.0)
                .map(|(name, a, b)| {
                    let (a, b) = (story::percent(a), story::percent(b));
                    if a == b {
                        format!("“{name}” {a}")
                    } else {
                        format!("“{name}” {a} → {b}")
                    }
                })
                .collect();
            paragraph(
                &mut out,
                "   ",
                &format!("plays end in {}", shares.join(", ")),
            );
        }
    }
    let sure = bands
        .windows(2)
        .filter(|pair| pair[0].0.is_some() && pair[1].0.is_some());
    let critical: Vec<String> = sure.map(|pair| payoff(pair[0].2)).collect();
    out.push('\n');
    paragraph(
        &mut out,
        "",
        &if critical.is_empty() {
            format!("The kind of equilibrium is the same wherever one was certified. {NOTE}")
        } else {
            format!(
                "The kind of equilibrium changes at {}. {NOTE}",
                critical.join(", ")
            )
        },
    );
    let _ = writeln!(out, "The picture is in {}", path.display());
    output::print(&out)
}

/// A sweep over two numbers.
fn map(
    args: &Solve,
    game: &Game,
    [x, y]: [&Knob; 2],
    place: &Place,
    patience: &Patience,
) -> Result<(), Failure> {
    let steps = args.points.unwrap_or(31) as usize;
    let mut kinds = Kinds::default();
    let mut cells = Vec::new();
    for row in 0..steps {
        let mut list = Vec::new();
        for column in 0..steps {
            let at = [(x, x.at(column, steps)), (y, y.at(row, steps))];
            list.push(look(game, &at, &mut kinds, patience));
            if !patience.patient() {
                return Err(stopped());
            }
        }
        cells.push(list);
    }
    patience.finish();
    let (xs, ys): (Vec<f64>, Vec<f64>) = (0..steps)
        .map(|at| (x.at(at, steps), y.at(at, steps)))
        .unzip();
    let chart = regimes::RegimeMap {
        title: format!(
            "Which equilibrium holds where, over {} and {}",
            x.name, y.name
        ),
        desc: format!(
            "A map of {} kinds of equilibrium; letters are explained beside it.",
            kinds.0.len()
        ),
        id: "sweep".into(),
        x_label: x.name.clone(),
        y_label: y.name.clone(),
        xs: xs.clone(),
        ys: ys.clone(),
        cells: cells
            .iter()
            .map(|row| row.iter().map(|point| point.kind).collect())
            .collect(),
        labels: (0..kinds.0.len()).map(letter).collect(),
        notes: kinds.notes(),
    };
    place.write(svg::standalone(&chart.render()).as_bytes())?;
    let path = place.named();
    let all = (steps * steps) as f64;
    let share = |kind: Option<usize>| {
        cells
            .iter()
            .flatten()
            .filter(|point| point.kind == kind)
            .count() as f64
            / all
    };
    if args.json {
        let rows: Vec<Vec<Option<String>>> = cells
            .iter()
            .map(|row| row.iter().map(|point| point.kind.map(letter)).collect())
            .collect();
        let value = json!({
            "title": game.title,
            "numbers": [x.name, y.name],
            "xs": xs,
            "ys": ys,
            "kinds": kinds.json(),
            "cells": rows,
        });
        return output::print_json(&value);
    }
    let mut out = String::new();
    paragraph(&mut out, "", &game.title);
    let _ = writeln!(
        out,
        "{} from {} to {}, {} from {} to {}",
        x.name, x.from, x.to, y.name, y.from, y.to
    );
    for kind in 0..kinds.0.len() {
        let _ = writeln!(
            out,
            "\n{}  {} of the map",
            letter(kind),
            story::percent(share(Some(kind)))
        );
        kinds.tell(kind, &mut out);
    }
    if share(None) > 0.0 {
        let _ = writeln!(
            out,
            "\n?  {} of the map: no answer passed its certificate",
            story::percent(share(None))
        );
    }
    out.push('\n');
    paragraph(&mut out, "", NOTE);
    let _ = writeln!(out, "The picture is in {}", path.display());
    output::print(&out)
}

/// The share of an ending along the sweep, broken where the kind of equilibrium changes.
fn trail(points: &[(f64, Point)], edges: &[[(f64, Point); 2]], name: &str) -> Vec<(f64, f64)> {
    let mut trail = Vec::new();
    let mut edges = edges.iter().peekable();
    for (at, point) in points {
        while let Some([left, right]) = edges.next_if(|[left, _]| left.0 < *at) {
            trail.push((left.0, left.1.share(name)));
            trail.push((left.0, f64::NAN));
            trail.push((right.0, right.1.share(name)));
        }
        trail.push((*at, point.share(name)));
    }
    trail
}

/// Endings that are likeliest somewhere in the sweep.
fn most_frequent(points: &[&Point]) -> Vec<String> {
    let mut most: Vec<(String, f64)> = Vec::new();
    for (name, share) in points.iter().flat_map(|point| &point.endings) {
        match most.iter_mut().find(|(known, _)| known == name) {
            Some((_, known)) => *known = known.max(*share),
            None => most.push((name.clone(), *share)),
        }
    }
    most.retain(|(_, share)| *share >= SEEN);
    most.sort_by(|a, b| b.1.total_cmp(&a.1));
    most.truncate(LINES);
    most.into_iter().map(|(name, _)| name).collect()
}

fn ending_list(point: &Point) -> Vec<serde_json::Value> {
    let list = point.endings.iter();
    list.map(|(label, share)| json!({ "label": label, "probability": share }))
        .collect()
}

/// Where the picture goes, looked at before anything is solved.
fn picture(args: &Solve) -> Result<Place, Failure> {
    let name = args.game.file_name().and_then(|name| name.to_str());
    let name = name.unwrap_or("game");
    // A game's two forms have pictures of their own.
    let name = name.strip_suffix(".efg").unwrap_or(name);
    let path = args
        .svg
        .clone()
        .unwrap_or_else(|| PathBuf::from(format!("reports/{name}-sweep.svg")));
    let inputs = Inputs {
        files: vec![args.game.clone()],
        what: "the game",
    };
    Place::look(&path, &inputs)
}

fn stopped() -> Failure {
    Failure::Failed("stopped before the sweep was done; nothing was written".into())
}
