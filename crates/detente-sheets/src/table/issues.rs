//! What is negotiated over: issues, and the points at which each may be settled, from one end to the other.

use detente_case::limits;
use detente_diag::Code;

use crate::book::Cell;
use crate::cell::{Scale, number, range, tidy};
use crate::fault::{At, Faults};

use super::grid::{Column, Grid, same};
use super::ids::id;
use super::parties::{agree, contradicts};
use super::positions::RowOf;
use super::{Issue, Point, Reading, Said};

/// An issue as its rows have it.
struct Found {
    name: String,
    at: At,
    points: Option<(String, At)>,
    status_quo: Option<(Cell, At)>,
    said: Said,
    /// Cells that name one of its points or more.
    uses: Vec<(Cell, At)>,
}

/// Steps of a scale that stand beside the numbers that are named on it.
const STEPS: u32 = 4;

pub(super) fn read(
    reading: &Reading,
    (rows, values): (&[RowOf], &[RowOf]),
    notes: &mut Vec<String>,
    faults: &mut Faults,
) -> Vec<Issue> {
    let mut found = listed(reading, faults);
    let all_listed = !found.is_empty();
    for (rows, grid) in [
        (rows, Some(&reading.positions)),
        (values, reading.values.as_ref()),
    ] {
        let Some(grid) = grid else { continue };
        for row in rows {
            let at = grid.at(row.line, Column::Issue);
            let known = found.iter().position(|known| same(&known.name, &row.issue));
            let place = match known {
                Some(place) => place,
                None if all_listed => {
                    let what = format!("“{}” is none of the issues", row.issue);
                    let names = found.iter().map(|known| known.name.as_str());
                    faults.unknown(&at, what, &row.issue, names);
                    continue;
                }
                None => {
                    found.push(Found::new(row.issue.clone(), at));
                    found.len() - 1
                }
            };
            found[place].take(grid, row, faults);
        }
    }
    let mut issues: Vec<Issue> = Vec::new();
    let mut assumed = Vec::new();
    for own in found {
        let taken: Vec<&str> = issues.iter().map(|issue| issue.id.as_str()).collect();
        let id = id(&own.name, "issue", &taken);
        let Some((points, scale)) = own.points(faults) else {
            continue;
        };
        let status_quo = match &own.status_quo {
            None => {
                assumed.push(own.name.clone());
                0
            }
            Some((cell, at)) => find(&points, scale, cell).unwrap_or_else(|| {
                no_point(&points, &own.name, cell, at, faults);
                0
            }),
        };
        issues.push(Issue {
            id,
            name: own.name,
            points,
            scale,
            status_quo,
            said: own.said,
        });
    }
    if !assumed.is_empty() {
        notes.push(format!(
            "The table does not say what holds today on {}: the first of its points stands for it.",
            assumed.join(", ")
        ));
    }
    if issues.is_empty() && !faults.any() {
        let at = At::file(&reading.book.name);
        faults.say(
            Code::TOO_FEW,
            &at,
            "the table names no issue",
            "name one in a row of positions",
        );
    }
    issues
}

/// Those of the sheet on issues.
fn listed(reading: &Reading, faults: &mut Faults) -> Vec<Found> {
    let mut found: Vec<Found> = Vec::new();
    let Some(grid) = &reading.issues else {
        return found;
    };
    for line in grid.lines() {
        let at = grid.at(line, Column::Issue);
        let Some(name) = grid.name(line, Column::Issue, faults) else {
            let help = "every row names its issue; delete the row if it is none";
            faults.say(Code::BAD_SHEET_CELL, &at, "the issue is missing", help);
            continue;
        };
        if let Some(first) = found.iter().find(|known| same(&known.name, &name)) {
            let what = format!("“{name}” stands twice among the issues");
            let help = format!("the first is at {}: keep one row", first.at);
            faults.say(Code::SAID_TWICE, &at, what, help);
            continue;
        }
        let mut own = Found::new(name, at);
        own.said = grid.said(line, faults);
        own.state(grid, line, faults);
        found.push(own);
    }
    found
}

impl Found {
    fn new(name: String, at: At) -> Self {
        Self {
            name,
            at,
            points: None,
            status_quo: None,
            said: Said::default(),
            uses: Vec::new(),
        }
    }

    /// Takes what a row says of the issue itself.
    fn state<'a>(&mut self, grid: &Grid<'a>, line: crate::book::Line<'a>, faults: &mut Faults) {
        if let Some(text) = grid.text(line, Column::Points, faults) {
            let at = grid.at(line, Column::Points);
            let said = agree(&mut self.points, text, at.clone());
            contradicts(said, &at, ("list of points", &self.name), faults);
        }
        if let Some(cell) = grid.get(line, Column::StatusQuo, faults) {
            let at = grid.at(line, Column::StatusQuo);
            let said = agree(&mut self.status_quo, cell.clone(), at.clone());
            contradicts(said, &at, ("status quo", &self.name), faults);
        }
    }

    /// Takes what a row of positions or values says.
    fn take<'a>(&mut self, grid: &Grid<'a>, row: &RowOf<'a>, faults: &mut Faults) {
        self.state(grid, row.line, faults);
        let named = [
            Column::WantsLow,
            Column::Wants,
            Column::WantsHigh,
            Column::AcceptsTo,
            Column::Point,
        ];
        for column in named {
            // What cannot be used is said where it is understood.
            let unsaid = &mut Faults::default();
            if let Some(cell) = grid.get(row.line, column, unsaid) {
                self.uses.push((cell.clone(), grid.at(row.line, column)));
            }
        }
        let never = grid.get(row.line, Column::Never, &mut Faults::default());
        for part in never.map(split).into_iter().flatten() {
            self.uses.push((part, grid.at(row.line, Column::Never)));
        }
    }

    /// Its points, and whether they are numbers on a scale; `None`: that is at fault, and has been said.
    fn points(&self, faults: &mut Faults) -> Option<(Vec<Point>, bool)> {
        match &self.points {
            Some((text, at)) => match scale(text) {
                Some(Ok(ends)) => self.on_scale(ends, faults).map(|points| (points, true)),
                Some(Err((what, help))) => {
                    faults.say(Code::BAD_SHEET_CELL, at, what, help);
                    None
                }
                None => self.named(text, at, faults).map(|points| (points, false)),
            },
            None => self.unlisted(faults),
        }
    }

    /// Points that nobody listed: those that positions name.
    fn unlisted(&self, faults: &mut Faults) -> Option<(Vec<Point>, bool)> {
        let all = || self.uses.iter().chain(&self.status_quo);
        let numbers: Option<Vec<f64>> = all()
            .map(|(cell, _)| range(cell, Scale::Hundred).ok())
            .map(|stated| stated.map(super::super::cell::Stated::ends))
            .try_fold(Vec::new(), |mut all, ends| {
                let (low, high) = ends?;
                all.extend([low, high]);
                Some(all)
            });
        if let Some(numbers) = numbers.filter(|numbers| !numbers.is_empty()) {
            let low = numbers.iter().copied().fold(0.0, f64::min);
            let high = numbers.iter().copied().fold(low, f64::max);
            let high = match high {
                high if high <= 1.0 && low == 0.0 && high > 0.0 => 1.0,
                high => high.max(100.0),
            };
            return self
                .on_scale((low, high), faults)
                .map(|points| (points, true));
        }
        let mut names: Vec<String> = Vec::new();
        for (cell, _) in all() {
            let name = cell.typed();
            if !names.iter().any(|known| same(known, &name)) {
                names.push(name);
            }
        }
        if names.len() == 2 {
            let list = names.join("; ");
            return self
                .named(&list, &self.at, faults)
                .map(|points| (points, false));
        }
        let what = match &names[..] {
            [] => format!(
                "nothing says at which points “{}” could be settled",
                self.name
            ),
            [only] => format!(
                "“{only}” is the only point of “{}” that is named",
                self.name
            ),
            many => format!(
                "nothing says in which order the points of “{}” lie: {}",
                self.name,
                many.join(", ")
            ),
        };
        let help = format!(
            "list them from one end to the other under {}, as in: none; some; all. Or write numbers on a scale of 0 to 100",
            Column::Points.name()
        );
        faults.say(Code::BAD_SHEET_CELL, &self.at, what, help);
        None
    }

    /// Points by name, in order; evenly spaced, or each with its place: `none = 0; some = 20; all = 100`.
    fn named(&self, text: &str, at: &At, faults: &mut Faults) -> Option<Vec<Point>> {
        let parts: Vec<&str> = separated(text).collect();
        let mut points: Vec<Point> = Vec::new();
        let mut placed = 0;
        let before = faults.any();
        for (order, part) in parts.iter().enumerate() {
            let (name, place) = match part.rsplit_once('=') {
                None => (*part, None),
                Some((name, typed)) => {
                    let cell = Cell::Text(typed.trim().to_owned());
                    match number(&cell, Scale::Hundred) {
                        Ok(place) => (name.trim(), Some(place)),
                        Err((what, help)) => {
                            faults.say(Code::BAD_SHEET_CELL, at, what, help);
                            continue;
                        }
                    }
                }
            };
            placed += usize::from(place.is_some());
            if points.iter().any(|known| same(&known.name, name)) || name.is_empty() {
                let what = format!("“{name}” stands twice among the points of “{}”", self.name);
                faults.say(Code::SAID_TWICE, at, what, "name each point once");
                continue;
            }
            let taken: Vec<&str> = points.iter().map(|point| point.id.as_str()).collect();
            points.push(Point {
                id: id(name, "point", &taken),
                name: name.to_owned(),
                place: place.unwrap_or(order as f64),
            });
        }
        if placed > 0 && placed < parts.len() {
            let what = format!(
                "some points of “{}” have a place, and others have none",
                self.name
            );
            faults.say(
                Code::BAD_SHEET_CELL,
                at,
                what,
                "give a place to every point, or to none: none = 0; some = 20; all = 100",
            );
        }
        let increasing = points.windows(2).all(|pair| pair[0].place < pair[1].place);
        let decreasing = points.windows(2).all(|pair| pair[0].place > pair[1].place);
        if !increasing && !decreasing {
            let what = format!(
                "the points of “{}” do not stand in the order of their places",
                self.name
            );
            faults.say(
                Code::BAD_SHEET_CELL,
                at,
                what,
                "list them from one end to the other, each at a place of its own",
            );
        }
        self.enough(points, at, faults)
            .filter(|_| before || !faults.any())
    }

    fn enough(&self, points: Vec<Point>, at: &At, faults: &mut Faults) -> Option<Vec<Point>> {
        if points.len() < 2 {
            let what = format!("“{}” has {} point", self.name, points.len());
            let help = "an issue needs two or more: list them from one end to the other, separated by semicolons";
            faults.say(Code::TOO_FEW, at, what, help);
            return None;
        }
        if points.len() > limits::OPTIONS {
            let what = format!("“{}” has {} points", self.name, points.len());
            let help = format!(
                "at most {} can be handled: round the positions",
                limits::OPTIONS
            );
            faults.say(Code::TOO_LARGE, at, what, help);
            return None;
        }
        Some(points)
    }

    /// The numbers that are named on a scale, its ends, and what lies evenly between.
    fn on_scale(&self, (low, high): (f64, f64), faults: &mut Faults) -> Option<Vec<Point>> {
        let mut places: Vec<f64> = Vec::new();
        let mut outside = false;
        for (cell, at) in self.uses.iter().chain(&self.status_quo) {
            let Ok(stated) = range(cell, Scale::Hundred) else {
                // Said where it is understood.
                continue;
            };
            let (from, to) = stated.ends();
            if from < low || to > high {
                let what = format!(
                    "{} lies outside the scale of “{}”, which goes from {low} to {high}",
                    cell.typed(),
                    self.name
                );
                let help = format!(
                    "widen the scale under {}, as in: 0 to 100",
                    Column::Points.name()
                );
                faults.say(Code::BAD_SHEET_CELL, at, what, help);
                outside = true;
            }
            places.extend([from, stated.middle(), to]);
        }
        if outside {
            return None;
        }
        places.extend([low, high]);
        let distinct = |mut places: Vec<f64>| {
            let near = 1e-9 * (high - low);
            places.sort_by(f64::total_cmp);
            places.dedup_by(|a, b| (*a - *b).abs() <= near);
            places
        };
        let steps = (1..STEPS).map(|k| tidy(low + (high - low) * f64::from(k) / f64::from(STEPS)));
        let all = distinct(places.iter().copied().chain(steps).collect());
        // Where many numbers are named none need stand between them.
        let places = if all.len() > limits::OPTIONS {
            distinct(places)
        } else {
            all
        };
        let mut points: Vec<Point> = Vec::new();
        for place in places {
            let name = place.to_string();
            let taken: Vec<&str> = points.iter().map(|point| point.id.as_str()).collect();
            let spelled = name.replace('-', "minus ");
            points.push(Point {
                id: id(&format!("at {spelled}"), "point", &taken),
                name,
                place,
            });
        }
        let at = self.points.as_ref().map_or(&self.at, |(_, at)| at);
        self.enough(points, at, faults)
    }
}

/// The ends of a scale of numbers: `0 to 100`. `None`: it is none.
fn scale(text: &str) -> Option<Result<(f64, f64), crate::cell::Bad>> {
    if text.contains([';', '|', '\n', '=']) {
        return None;
    }
    let text = text.replace("..", " to ");
    match range(&Cell::Text(text), Scale::Hundred) {
        Ok(stated) if stated.ends().0 < stated.ends().1 => Some(Ok(stated.ends())),
        // Both ends are numbers, and the wrong way round.
        Err(bad) if bad.0.starts_with("low is") => Some(Err(bad)),
        Ok(_) | Err(_) => None,
    }
}

/// What a cell lists.
pub(super) fn split(cell: &Cell) -> Vec<Cell> {
    match cell {
        Cell::Text(text) => separated(text)
            .map(|part| Cell::Text(part.to_owned()))
            .collect(),
        other => vec![other.clone()],
    }
}

fn separated(text: &str) -> impl Iterator<Item = &str> {
    let parts = text.split([';', '|', '\n']).map(str::trim);
    parts.filter(|part| !part.is_empty())
}

/// The point that a cell names.
pub(super) fn find(points: &[Point], scale: bool, cell: &Cell) -> Option<usize> {
    let name = cell.typed();
    let named = points.iter().position(|point| same(&point.name, &name));
    named.or_else(|| {
        let place = number(cell, Scale::Hundred).ok().filter(|_| scale)?;
        let span = points.last()?.place - points.first()?.place;
        points
            .iter()
            .position(|point| (point.place - place).abs() <= 1e-9 * span.abs())
    })
}

/// Says that a cell names no point of an issue.
pub(super) fn no_point(points: &[Point], issue: &str, cell: &Cell, at: &At, faults: &mut Faults) {
    let typed = cell.typed();
    let what = format!("“{typed}” is no point of “{issue}”");
    faults.unknown(
        at,
        what,
        &typed,
        points.iter().map(|point| point.name.as_str()),
    );
}
