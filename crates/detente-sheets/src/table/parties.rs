//! Who negotiates.

use detente_diag::Code;

use crate::book::Line;
use crate::cell::Stated;
use crate::fault::{At, Faults};

use super::grid::{Column, Grid, same};
use super::ids::id;
use super::{Party, Position, Reading, Said};

const ROLES: [&str; 5] = ["principal", "belligerent", "patron", "mediator", "observer"];
const NO_DEAL: [Column; 3] = [Column::NoDealLow, Column::NoDeal, Column::NoDealHigh];

/// Those of the sheet on parties; where there is none, whoever has a position.
pub(super) fn read(reading: &Reading, faults: &mut Faults) -> Vec<Party> {
    let mut found: Vec<Found> = Vec::new();
    let listed = reading.parties.as_ref();
    if let Some(grid) = listed {
        for line in grid.lines() {
            let Some(name) = grid.name(line, Column::Party, faults) else {
                lacks_name(grid, line, faults);
                continue;
            };
            if let Some(first) = found.iter().find(|known| same(&known.name, &name)) {
                let what = format!("“{name}” stands twice among the parties");
                let help = format!("the first is at {}: keep one row", first.at);
                faults.say(Code::SAID_TWICE, &grid.at(line, Column::Party), what, help);
                continue;
            }
            let mut party = Found::new(name, grid.at(line, Column::Party));
            party.take(grid, line, faults);
            party.said = grid.said(line, faults);
            found.push(party);
        }
    }
    let grid = &reading.positions;
    for line in grid.lines() {
        // Missing names are said where positions are read.
        let Some(name) = grid.name(line, Column::Party, faults) else {
            continue;
        };
        let known = found.iter().position(|known| same(&known.name, &name));
        let place = match known {
            Some(place) => place,
            // Where parties are listed a name that is none of them is a slip.
            None if listed.is_some_and(|listed| listed.lines().next().is_some()) => continue,
            None => {
                found.push(Found::new(name, grid.at(line, Column::Party)));
                found.len() - 1
            }
        };
        found[place].take(grid, line, faults);
    }
    let mut ids: Vec<String> = Vec::new();
    for party in &found {
        let taken: Vec<&str> = ids.iter().map(String::as_str).collect();
        let fresh = id(&party.name, "party", &taken);
        ids.push(fresh);
    }
    let made = found.into_iter().zip(ids).map(|(party, id)| Party {
        id,
        name: party.name,
        role: party.role.map_or("principal", |(role, _)| role),
        no_deal: party.no_deal.map(|(stated, _)| stated),
        said: party.said,
    });
    made.collect()
}

/// Every party wants something, one of them signs, and there are two.
pub(super) fn complete(
    reading: &Reading,
    parties: &[Party],
    positions: &[Position],
    faults: &mut Faults,
) {
    let file = At::file(&reading.book.name);
    if parties.len() < 2 {
        let what = match parties {
            [] => "the table names no party".to_owned(),
            [only, ..] => format!("“{}” is the only party", only.name),
        };
        let help = "a negotiation needs two or more: a row for each party and issue";
        faults.say(Code::TOO_FEW, &file, what, help);
        return;
    }
    let signs = |party: &Party| matches!(party.role, "principal" | "belligerent");
    if !parties.iter().any(signs) {
        let help = "those between whom the deal is are principals; leave the role blank, or write principal";
        faults.say(Code::TOO_FEW, &file, "no party is a principal", help);
    }
    for (place, party) in parties.iter().enumerate() {
        let mut own = positions.iter().filter(|position| position.party == place);
        let all: Vec<&Position> = own.by_ref().collect();
        let nothing = |position: &&Position| position.weight == Some(Stated::Exact(0.0));
        if all.is_empty() {
            let what = format!("“{}” has no row among the positions", party.name);
            let help = "say of at least one issue what it wants and how much it matters, or leave the party out";
            faults.say(Code::TOO_FEW, &file, what, help);
        } else if all.iter().all(nothing) {
            let what = format!(
                "all weights of “{}” are 0, so that nothing matters to it",
                party.name
            );
            faults.say(
                Code::BAD_SHEET_CELL,
                &file,
                what,
                "give at least one issue a weight",
            );
        }
    }
}

fn lacks_name(grid: &Grid, line: Line, faults: &mut Faults) {
    let at = grid.at(line, Column::Party);
    faults.say(
        Code::BAD_SHEET_CELL,
        &at,
        "the party is missing",
        "every row names its party; delete the row if it is none",
    );
}

/// A party as its rows have it.
struct Found {
    name: String,
    at: At,
    role: Option<(&'static str, At)>,
    no_deal: Option<(Stated, At)>,
    said: Said,
}

impl Found {
    fn new(name: String, at: At) -> Self {
        Self {
            name,
            at,
            role: None,
            no_deal: None,
            said: Said::default(),
        }
    }

    /// Takes what a row says of it. Rows may say it once or again, not otherwise.
    fn take<'a>(&mut self, grid: &Grid<'a>, line: Line<'a>, faults: &mut Faults) {
        if let Some(typed) = grid.name(line, Column::Role, faults) {
            let at = grid.at(line, Column::Role);
            if let Some(role) = ROLES.into_iter().find(|role| same(role, &typed)) {
                let said = agree(&mut self.role, role, at.clone());
                contradicts(said, &at, ("role", &self.name), faults);
            } else {
                let what = format!("“{typed}” is no role");
                faults.unknown(&at, what, &typed, ROLES);
            }
        }
        if let Some(stated) = grid.stated(line, NO_DEAL, faults) {
            let at = grid.at(line, Column::NoDeal);
            let (low, high) = stated.ends();
            if [low, high].iter().any(|x| *x > 0.0 && *x < 1.0) {
                let what = format!("{high} of a hundred points is next to nothing");
                let help = "points go from 0, the worst that could be agreed for the party, to 100, the best: write 30 or 30% for three tenths of the way";
                faults.say(Code::BAD_SHEET_CELL, &at, what, help);
                return;
            }
            let said = agree(&mut self.no_deal, stated, at.clone());
            contradicts(said, &at, ("worth of no deal", &self.name), faults);
        }
    }
}

/// Keeps what is said first; where what is said now differs, the place of the first.
pub(super) fn agree<T: PartialEq>(kept: &mut Option<(T, At)>, said: T, at: At) -> Option<At> {
    match kept {
        None => {
            *kept = Some((said, at));
            None
        }
        Some((first, _)) if *first == said => None,
        Some((_, first)) => Some(first.clone()),
    }
}

/// Says that a row has it otherwise than another.
pub(super) fn contradicts(
    first: Option<At>,
    at: &At,
    (what, whose): (&str, &str),
    faults: &mut Faults,
) {
    if let Some(first) = first {
        let what = format!("the {what} of “{whose}” is another here");
        let help = format!("it was stated at {first}: say it once, or the same everywhere");
        faults.say(Code::SAID_TWICE, at, what, help);
    }
}
