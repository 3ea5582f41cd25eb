//! `detente solve --sweep`: which kind of equilibrium a game has as one or two of its numbers change.

use std::fmt::Write as _;
use std::path::PathBuf;

use detente::svg::{self, regimes};
use detente_games::{Game, Tolerance, Tree, certify, logit, story};
use serde_json::json;

use super::interrupt::Patience;
use super::knob::Knob;
use super::words::{paragraph, payoff};
use crate::args::Solve;
use crate::failure::Failure;
use crate::output::{self, Inputs, Place};

/// Critical values are found to this share of a step.
const CRITICAL: f64 = 1e-6;
/// Endings are told of if they have this share somewhere.
const SEEN: f64 = 0.005;
/// How far from a critical value the two sides of it are looked at, in steps.
const BESIDE: f64 = 1e-3;
/// Kinds explained below a picture.
const LEGEND: usize = 8;
/// Endings drawn as lines.
const LINES: usize = 6;
/// An information set is on the path if play comes there with at least this probability.
const REACHED: f64 = 1e-9;

/// What the game is like at a point of the sweep.
struct Point {
    /// Place in the list of kinds; none without a certified answer.
    kind: Option<usize>,
    endings: Vec<(String, f64)>,
    value: Vec<f64>,
}

/// Kinds of equilibrium met so far.
#[derive(Default)]
struct Kinds(Vec<Kind>);

/// A kind of equilibrium: who plays what on the path.
#[derive(Clone)]
struct Kind {
    /// Information sets that play comes to, and the actions played there.
    played: Vec<(usize, Vec<usize>)>,
    /// The same in words.
    words: Vec<(String, String)>,
}

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

const NOTE: &str =
    "Each is the limit of quantal response, certified; other equilibria may exist beside it.";

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

/// The game with its numbers at `at`, solved.
fn look(game: &Game, at: &[(&Knob, f64)], kinds: &mut Kinds, patience: &Patience) -> Point {
    let mut game = game.clone();
    for (knob, value) in at {
        knob.turn(&mut game, *value);
    }
    let tree = Tree::new(&game).expect("numbers do not touch the memory of players");
    let trace = logit::limit(&tree, &logit::Options::default(), &mut |_| {
        patience.patient()
    });
    for branch in &trace.branches {
        let certificate = certify(&tree, &branch.answer, &Tolerance::default());
        if certificate.is_sequential() {
            let story = story::tell(&game, &tree, &branch.answer, &certificate);
            let mut kind = Kind {
                played: Vec::new(),
                words: Vec::new(),
            };
            for scene in story.scenes.iter().filter(|scene| scene.reach > REACHED) {
                let labels = &game.sets()[scene.set].actions;
                let first = tree.actions_of(scene.set).start;
                let played: Vec<usize> = tree
                    .actions_of(scene.set)
                    .filter(|action| branch.answer.strategy[*action] > REACHED)
                    .collect();
                let names: Vec<String> = played
                    .iter()
                    .map(|action| format!("“{}”", labels[action - first]))
                    .collect();
                kind.words.push((scene.who.clone(), names.join(" or ")));
                kind.played.push((scene.set, played));
            }
            return Point {
                kind: Some(kinds.place(kind)),
                endings: story.endings,
                value: story.value,
            };
        }
    }
    Point {
        kind: None,
        endings: Vec::new(),
        value: Vec::new(),
    }
}

/// A run of one kind, from where to where.
type Run = (Option<usize>, f64, f64);

/// Runs of one kind, with the values at which each gives way to the next found by bisection, and what the game is like on both sides
/// of each.
fn bands(
    game: &Game,
    knob: &Knob,
    points: &mut Vec<(f64, Point)>,
    kinds: &mut Kinds,
    patience: &Patience,
) -> (Vec<Run>, Vec<[(f64, Point); 2]>) {
    let step = points[1].0 - points[0].0;
    let mut search = Search {
        game,
        knob,
        // Knife edges may be of a kind that holds nowhere else; those are not kept.
        kinds: Kinds(kinds.0.clone()),
        patience,
        least: step * CRITICAL,
        changes: Vec::new(),
    };
    for pair in points.windows(2) {
        search.between((pair[0].0, pair[0].1.kind), (pair[1].0, pair[1].1.kind));
    }
    let mut bands: Vec<Run> = vec![(points[0].1.kind, points[0].0, knob.to)];
    for (at, kind) in std::mem::take(&mut search.changes) {
        let last = bands.last_mut().expect("one to begin with");
        last.2 = at;
        bands.push((kind, at, knob.to));
    }
    let narrow = step * BESIDE;
    bands.retain(|(_, from, to)| to - from > 2.0 * narrow);
    // What stood between two runs, or at an end, was a knife edge.
    for at in 1..bands.len() {
        bands[at].1 = bands[at - 1].2;
    }
    if let Some(first) = bands.first_mut() {
        first.1 = knob.from;
    }
    if let Some(last) = bands.last_mut() {
        last.2 = knob.to;
    }
    bands.dedup_by(|next, band| {
        let same = next.0 == band.0;
        if same {
            band.2 = next.2;
        }
        same
    });
    let mut edges = Vec::new();
    for pair in bands.windows(2) {
        let sides = [pair[0].2 - narrow, pair[1].1 + narrow];
        edges.push(sides.map(|at| (at, look(game, &[(knob, at)], &mut search.kinds, patience))));
    }
    // Letters from left to right, for kinds that hold on a stretch.
    let met = std::mem::take(&mut kinds.0);
    let all = search.kinds.0;
    for band in &mut bands {
        band.0 = band.0.map(|kind| kinds.place(all[kind].clone()));
    }
    for (_, point) in points.iter_mut() {
        let known = |kind: usize| {
            kinds
                .0
                .iter()
                .position(|known| known.played == met[kind].played)
        };
        point.kind = point.kind.and_then(known);
    }
    // Points on knife edges belong to no stretch.
    points.retain(|(at, point)| {
        let mut here = bands.iter().filter(|(_, from, to)| at >= from && at <= to);
        here.any(|(kind, ..)| *kind == point.kind)
    });
    (bands, edges)
}

/// A search for the values at which the kind of equilibrium changes.
struct Search<'a> {
    game: &'a Game,
    knob: &'a Knob,
    kinds: Kinds,
    patience: &'a Patience,
    /// Width at which a change counts as found.
    least: f64,
    /// Where it changes, and to what.
    changes: Vec<(f64, Option<usize>)>,
}

impl Search<'_> {
    /// The changes between two values and the kinds there.
    fn between(&mut self, low: (f64, Option<usize>), high: (f64, Option<usize>)) {
        if low.1 == high.1 {
            return;
        }
        let middle = f64::midpoint(low.0, high.0);
        if high.0 - low.0 <= self.least || !self.patience.patient() {
            self.changes.push((middle, high.1));
            return;
        }
        let kind = look(
            self.game,
            &[(self.knob, middle)],
            &mut self.kinds,
            self.patience,
        )
        .kind;
        self.between(low, (middle, kind));
        self.between((middle, kind), high);
    }
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

impl Kinds {
    fn place(&mut self, kind: Kind) -> usize {
        let known = self.0.iter().position(|known| known.played == kind.played);
        known.unwrap_or_else(|| {
            self.0.push(kind);
            self.0.len() - 1
        })
    }

    fn tell(&self, kind: usize, out: &mut String) {
        for (who, plays) in self.differing(kind) {
            paragraph(out, "   - ", &format!("{who}: {plays}"));
        }
        if kind > 0 {
            let here = &self.0[kind].played;
            let first = &self.0[0];
            let gone: Vec<&str> = first
                .played
                .iter()
                .zip(&first.words)
                .filter(|((set, _), _)| !here.iter().any(|(other, _)| other == set))
                .map(|(_, (who, _))| who.as_str())
                .collect();
            if !gone.is_empty() {
                paragraph(out, "   - ", &format!("not reached: {}", gone.join("; ")));
            }
            paragraph(out, "   ", "and else as in A");
        }
    }

    /// What letters mean, below a picture.
    fn notes(&self) -> Vec<String> {
        let kinds = (0..self.0.len()).map(|kind| {
            let plays: Vec<String> = self
                .differing(kind)
                .map(|(who, plays)| format!("{who}: {plays}"))
                .collect();
            let rest = if kind == 0 { "" } else { "; else as A" };
            format!("{}: {}{rest}", letter(kind), plays.join("; "))
        });
        kinds.take(LEGEND).chain([NOTE.to_owned()]).collect()
    }

    /// Who plays what: all of it for the first kind, what differs from the first for the others.
    fn differing(&self, kind: usize) -> impl Iterator<Item = &(String, String)> {
        let first = &self.0[0];
        let here = &self.0[kind];
        here.played
            .iter()
            .zip(&here.words)
            .filter(move |(played, _)| kind == 0 || !first.played.contains(played))
            .map(|(_, words)| words)
    }

    fn json(&self) -> serde_json::Value {
        let kinds = self.0.iter().enumerate().map(|(at, kind)| {
            let plays: Vec<_> = kind
                .words
                .iter()
                .map(|(who, plays)| json!({ "who": who, "plays": plays }))
                .collect();
            json!({ "kind": letter(at), "on_path": plays })
        });
        kinds.collect()
    }
}

impl Point {
    fn share(&self, name: &str) -> f64 {
        if self.kind.is_none() {
            return f64::NAN;
        }
        self.endings
            .iter()
            .find(|(known, _)| known == name)
            .map_or(0.0, |(_, share)| *share)
    }
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

fn letter(kind: usize) -> String {
    let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    match letters.get(kind..=kind) {
        Some(letter) => letter.into(),
        None => format!("#{}", kind + 1),
    }
}

fn stopped() -> Failure {
    Failure::Failed("stopped before the sweep was done; nothing was written".into())
}
