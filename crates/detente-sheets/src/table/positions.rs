//! What each party wants of each issue, how much it matters, and what it would never sign.

use detente_diag::Code;

use crate::book::Line;
use crate::cell::{Scale, Stated, range};
use crate::fault::{At, Faults};

use super::grid::{Column, Grid, same};
use super::issues::{find, no_point, split};
use super::{Issue, Party, Position, Reading, Value};

/// A row of a sheet that names a party and an issue.
pub(super) struct RowOf<'a> {
    pub(super) line: Line<'a>,
    party: usize,
    pub(super) issue: String,
}

const WEIGHT: [Column; 3] = [Column::WeightLow, Column::Weight, Column::WeightHigh];
const WANTS: [Column; 3] = [Column::WantsLow, Column::Wants, Column::WantsHigh];
const VALUE: [Column; 3] = [Column::ValueLow, Column::Value, Column::ValueHigh];

/// The rows of a sheet; those that name no party or issue, or an unknown party, are said.
pub(super) fn rows<'a>(grid: &Grid<'a>, parties: &[Party], faults: &mut Faults) -> Vec<RowOf<'a>> {
    let mut rows = Vec::new();
    for line in grid.lines() {
        let mut named = |column: Column| {
            let text = grid.name(line, column, faults);
            if text.is_none() {
                let what = format!("the {} is missing", column.name().to_lowercase());
                let help = "every row names its party and its issue; delete the row if it is none";
                faults.say(Code::BAD_SHEET_CELL, &grid.at(line, column), what, help);
            }
            text
        };
        let (party, issue) = (named(Column::Party), named(Column::Issue));
        let (Some(party), Some(issue)) = (party, issue) else {
            continue;
        };
        let Some(place) = parties.iter().position(|known| same(&known.name, &party)) else {
            let what = format!("“{party}” is none of the parties");
            let names = parties.iter().map(|known| known.name.as_str());
            faults.unknown(&grid.at(line, Column::Party), what, &party, names);
            continue;
        };
        rows.push(RowOf {
            line,
            party: place,
            issue,
        });
    }
    rows
}

pub(super) fn read(
    reading: &Reading,
    (parties, issues): (&[Party], &[Issue]),
    (rows, values): (&[RowOf], &[RowOf]),
    faults: &mut Faults,
) -> Vec<Position> {
    let grid = &reading.positions;
    let mut found: Vec<(Position, At)> = Vec::new();
    let mut spoilt: Vec<At> = Vec::new();
    for row in rows {
        let Some(issue) = issues
            .iter()
            .position(|known| same(&known.name, &row.issue))
        else {
            // Said where issues are read.
            continue;
        };
        let at = grid.at(row.line, Column::Issue);
        let twice = found
            .iter()
            .find(|(p, _)| p.party == row.party && p.issue == issue);
        if let Some((_, first)) = twice {
            let what = format!(
                "“{}” has a second row for “{}”",
                parties[row.party].name, issues[issue].name
            );
            faults.say(
                Code::SAID_TWICE,
                &at,
                what,
                format!("the first is at {first}: keep one"),
            );
            continue;
        }
        let before = faults.count();
        let position = position(grid, row, (issue, &issues[issue]), faults);
        if faults.count() > before {
            spoilt.push(at.clone());
        }
        found.push((position, at));
    }
    if let Some(grid) = &reading.values {
        for row in values {
            value(grid, row, (parties, issues), &mut found, faults);
        }
    }
    // What is missing from a row in which something is wrong is an echo of that.
    for (position, at) in found.iter().filter(|(_, at)| !spoilt.contains(at)) {
        let names = (
            parties[position.party].name.as_str(),
            &issues[position.issue],
        );
        complete(position, names, at, faults);
    }
    found.into_iter().map(|(position, _)| position).collect()
}

fn position(
    grid: &Grid,
    row: &RowOf,
    (place, issue): (usize, &Issue),
    faults: &mut Faults,
) -> Position {
    let weight = grid.stated(row.line, WEIGHT, faults).filter(|weight| {
        let negative = weight.ends().0 < 0.0;
        if negative {
            let at = grid.at(row.line, Column::Weight);
            let help = "weights say how much an issue matters: 0 or more, on any scale that is the party’s own";
            faults.say(Code::BAD_SHEET_CELL, &at, "a weight lies below 0", help);
        }
        !negative
    });
    let wants = wants(grid, row.line, issue, faults);
    let mut never: Vec<usize> = Vec::new();
    if let Some(cell) = grid.get(row.line, Column::Never, faults) {
        let at = grid.at(row.line, Column::Never);
        for part in split(cell) {
            match find(&issue.points, issue.scale, &part) {
                Some(point) => never.push(point),
                None => no_point(&issue.points, &issue.name, &part, &at, faults),
            }
        }
    }
    if let Some(cell) = grid.get(row.line, Column::AcceptsTo, faults) {
        let at = grid.at(row.line, Column::AcceptsTo);
        match (find(&issue.points, issue.scale, cell), wants) {
            (None, _) => no_point(&issue.points, &issue.name, cell, &at, faults),
            (Some(_), None) => {
                let what = "nothing says from where it would come";
                let help =
                    "say what the party wants most, or list what it would never sign under Never";
                faults.say(Code::BAD_SHEET_CELL, &at, what, help);
            }
            (Some(limit), Some(wants)) => never.extend(beyond(issue, limit, wants[1])),
        }
    }
    never.sort_unstable();
    never.dedup();
    let wanted = issue
        .points
        .iter()
        .position(|point| Some(point.place) == wants.map(|w| w[1]));
    if let Some(point) = wanted.filter(|point| never.contains(point)) {
        let at = grid.at(row.line, Column::Never);
        let what = format!(
            "it would never sign “{}”, which it wants most",
            issue.points[point].name
        );
        faults.say(
            Code::BAD_SHEET_CELL,
            &at,
            what,
            "is one of the two another point?",
        );
    }
    if never.len() == issue.points.len() {
        let at = grid.at(row.line, Column::Never);
        let what = format!("it would sign no point of “{}” at all", issue.name);
        faults.say(
            Code::BAD_SHEET_CELL,
            &at,
            what,
            "leave at least one that it would sign",
        );
    }
    Position {
        party: row.party,
        issue: place,
        weight,
        wants,
        values: vec![None; issue.points.len()],
        never,
        said: grid.said(row.line, faults),
    }
}

/// Points on the far side of a limit, seen from what is wanted; where these are one, everything else.
fn beyond(issue: &Issue, limit: usize, wants: f64) -> Vec<usize> {
    let last = issue.points[limit].place;
    let far = |place: f64| match () {
        () if last > wants => place > last,
        () if last < wants => place < last,
        () => place != last,
    };
    let points = issue.points.iter().enumerate();
    points
        .filter(|(_, point)| far(point.place))
        .map(|(p, _)| p)
        .collect()
}

/// Where what is wanted lies: low, middle, high.
fn wants(grid: &Grid, line: Line, issue: &Issue, faults: &mut Faults) -> Option<[f64; 3]> {
    let mut places = [None; 3];
    for (place, column) in places.iter_mut().zip(WANTS) {
        let Some(cell) = grid.get(line, column, faults) else {
            continue;
        };
        let at = grid.at(line, column);
        if let Some(point) = find(&issue.points, issue.scale, cell) {
            let own = issue.points[point].place;
            *place = Some([own; 3]);
        } else if let Some(stated) = range(cell, Scale::Hundred).ok().filter(|_| issue.scale) {
            let (low, high) = stated.ends();
            *place = Some([low, stated.middle(), high]);
        } else {
            no_point(&issue.points, &issue.name, cell, &at, faults);
            return None;
        }
    }
    let [low, middle, high] = places;
    let at = grid.at(line, Column::Wants);
    let (low, high) = match (low, high) {
        (None, None) => return middle,
        (Some(low), Some(high)) => (low[1], high[1]),
        _ => {
            let help = "state both ends, or what it wants most alone";
            faults.say(
                Code::BAD_SHEET_CELL,
                &at,
                "one end of what it wants is missing",
                help,
            );
            return None;
        }
    };
    // Points may be listed from either end.
    let (low, high) = (low.min(high), low.max(high));
    let middle = middle.map_or(0.5 * (low + high), |middle| middle[1]);
    if !(low..=high).contains(&middle) {
        let help = "what it wants most lies between the low and the high end of what it may want";
        faults.say(
            Code::BAD_SHEET_CELL,
            &at,
            "this lies outside its own low and high",
            help,
        );
        return None;
    }
    Some([low, middle, high])
}

/// A row of the sheet on values.
fn value(
    grid: &Grid,
    row: &RowOf,
    (parties, issues): (&[Party], &[Issue]),
    found: &mut [(Position, At)],
    faults: &mut Faults,
) {
    let Some(issue) = issues
        .iter()
        .position(|known| same(&known.name, &row.issue))
    else {
        return;
    };
    let (own, party) = (&issues[issue], &parties[row.party].name);
    let at = |column| grid.at(row.line, column);
    let Some(cell) = grid.get(row.line, Column::Point, faults) else {
        let help = format!("name one of: {}", names(own));
        faults.say(
            Code::BAD_SHEET_CELL,
            &at(Column::Point),
            "the point is missing",
            help,
        );
        return;
    };
    let Some(point) = find(&own.points, own.scale, cell) else {
        no_point(&own.points, &own.name, cell, &at(Column::Point), faults);
        return;
    };
    let mut positions = found.iter_mut().map(|(position, _)| position);
    let Some(position) = positions.find(|p| p.party == row.party && p.issue == issue) else {
        let what = format!(
            "“{party}” has no row for “{}” among the positions",
            own.name
        );
        let help = "give it one there, with a weight: values say what points are worth, weights how much the issue matters";
        faults.say(Code::NOT_IN_SHEET, &at(Column::Issue), what, help);
        return;
    };
    let Some(stated) = grid.stated(row.line, VALUE, faults) else {
        return;
    };
    let (low, high) = stated.ends();
    if low < 0.0 || high > 100.0 {
        let help = "values go from 0, the worst point of the issue for the party, to 100, the best";
        faults.say(
            Code::BAD_SHEET_CELL,
            &at(Column::Value),
            "a value lies outside 0 to 100",
            help,
        );
        return;
    }
    if [low, high].iter().any(|x| *x > 0.0 && *x < 1.0) {
        let help = "values go from 0 to 100: write 30 or 30% for three tenths of the way from the worst to the best";
        faults.say(
            Code::BAD_SHEET_CELL,
            &at(Column::Value),
            "this is next to nothing of a hundred",
            help,
        );
        return;
    }
    if position.values[point].is_some() {
        let what = format!(
            "a second value of “{}” for “{party}”",
            own.points[point].name
        );
        faults.say(Code::SAID_TWICE, &at(Column::Point), what, "keep one row");
        return;
    }
    position.values[point] = Some(Value {
        stated,
        said: grid.said(row.line, faults),
    });
}

fn names(issue: &Issue) -> String {
    let names: Vec<&str> = issue
        .points
        .iter()
        .map(|point| point.name.as_str())
        .collect();
    names.join(", ")
}

/// Is it told of every point what it is worth, and not of all the same?
fn complete(position: &Position, (party, issue): (&str, &Issue), at: &At, faults: &mut Faults) {
    let points = issue.points.iter().zip(&position.values);
    let unsaid: Vec<&str> = points
        .filter(|(_, value)| value.is_none())
        .map(|(point, _)| point.name.as_str())
        .collect();
    if position.wants.is_none() && !unsaid.is_empty() {
        if unsaid.len() == issue.points.len() {
            let what = format!("nothing says what “{party}” wants of “{}”", issue.name);
            let help = format!("name the point that it wants most: {}", names(issue));
            faults.say(Code::BAD_SHEET_CELL, at, what, help);
        } else {
            let what = format!(
                "“{party}” has values for some points of “{}”, and none for {}",
                issue.name,
                unsaid.join(", ")
            );
            let help = "value every point, or name the one that it wants most: the others then follow from how far they are from it";
            faults.say(Code::BAD_SHEET_CELL, at, what, help);
        }
        return;
    }
    let stated = position.values.iter().flatten().map(|value| value.stated);
    let exact: Option<Vec<f64>> = stated
        .map(|stated| match stated {
            Stated::Exact(x) => Some(x),
            _ => None,
        })
        .collect();
    let all = exact.filter(|exact| exact.len() == issue.points.len());
    if all.is_some_and(|all| all.iter().all(|x| *x == all[0])) {
        let what = format!(
            "all points of “{}” are worth the same to “{party}”",
            issue.name
        );
        faults.say(
            Code::BAD_SHEET_CELL,
            at,
            what,
            "leave out the issue for a party to which it does not matter",
        );
    }
}
