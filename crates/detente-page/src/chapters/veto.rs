//! If some settle over another's head.

use askama::Template;
use detente_core::Setting;
use detente_core::asks::{COMPELLED_BAR, COMPELLED_BAR_IS, ENDURES_FOR};
use detente_evidence::Evidence;
use detente_evidence::chapters::veto::{Map, Mark, Refusal, Refuser, Veto};
use serde_json::json;

use super::{Written, number, share};
use crate::svg::contour::ContourMap;
use crate::svg::responsive;
use crate::terms::Terms;
use crate::words::{and_list, genitive, per_hundred, points, short, signed};

#[derive(Template)]
#[template(path = "section-veto.html")]
struct Page<'a> {
    finding: String,
    /// Is the alternative a contest?
    contest: bool,
    /// Is it told of a process who is brought to an end by others?
    brought: bool,
    terms: Terms<'a>,
    parties: Vec<String>,
    refusers: Vec<RefuserPart>,
    figures: Vec<Figure>,
}

struct RefuserPart {
    id: String,
    name: String,
    says: String,
    compelled: bool,
    war: Option<String>,
    levers: Vec<Lever>,
    rows: Vec<Line>,
}

struct Lever {
    name: String,
    by: String,
    chance: String,
    assumed: bool,
}

struct Line {
    name: String,
    cells: Vec<String>,
    changes: Vec<String>,
}

struct Figure {
    id: String,
    title: String,
    svg: String,
    caption: String,
    xs: Vec<String>,
    rows: Vec<(String, Vec<String>)>,
    readings: Vec<(String, String)>,
}

pub(super) fn write(evidence: &Evidence, told: &Veto) -> Option<Written> {
    let setting = &evidence.setting;
    let sentences: Vec<String> = told
        .refusers
        .iter()
        .filter_map(|refuser| sentence(setting, refuser))
        .collect();
    let brought = told
        .refusers
        .iter()
        .any(|r| setting.contest.is_none() && is_told(r));
    let first = sentences.first().cloned().or_else(|| {
        let refusers = told.refusers.iter().filter(|_| brought);
        let mut found: Vec<_> = refusers.filter_map(|r| brought_to(setting, r)).collect();
        // Who has something to refuse goes before.
        found.sort_by_key(|(refused, _)| *refused == 0);
        found.into_iter().next().map(|(_, sentence)| sentence)
    });
    let page = Page {
        brought,
        contest: setting.contest.is_some(),
        terms: Terms::of(setting),
        finding: first.unwrap_or_else(|| untold(setting, told)),
        parties: setting.parties.iter().map(|p| p.name.clone()).collect(),
        refusers: told.refusers.iter().map(|r| refuser(setting, r)).collect(),
        figures: told.maps.iter().map(|map| figure(setting, map)).collect(),
    };
    let refusers = told.refusers.iter();
    let refusers: serde_json::Map<_, _> = refusers
        .map(|r| (setting.parties[r.party].id.clone(), data(setting, r)))
        .collect();
    let maps: Vec<_> = told.maps.iter().map(|map| map_data(setting, map)).collect();
    Some(Written {
        bottom_line: sentences.into_iter().map(|s| (s, "veto")).collect(),
        html: page.render().ok()?,
        json: json!({ "refusers": refusers, "maps": maps }),
    })
}

fn refuser(setting: &Setting, told: &Refuser) -> RefuserPart {
    let party = &setting.parties[told.party];
    let stated = setting.refusals.iter().find(|r| r.party == told.party);
    // A default that answers rest on is said where they are.
    let defaults = if stated.is_some() {
        String::new()
    } else {
        let bar = per_hundred(COMPELLED_BAR);
        if told.sided {
            format!(
                " The case has no refusal table for it: {ENDURES_FOR:.0} months to endure, and {bar} of 100 as the {COMPELLED_BAR_IS}, stand in."
            )
        } else {
            format!(
                "The case has no refusal table for it: {bar} of 100 stands in as the {COMPELLED_BAR_IS}."
            )
        }
    };
    let war = told.sided.then(|| {
        let held = if told.holds.is_nan() {
            "whether it holds is not told, since no line loss is stated".to_owned()
        } else {
            format!("it holds for 24 months with a chance of {} in 100", per_hundred(told.holds))
        };
        format!(
            "After its refusal the effort of its side is {}; {held}; it endures with a chance of {} in 100.{defaults}",
            efforts(told.effort),
            share(told.endures)
        )
    });
    let war = war.or_else(|| Some(defaults).filter(|d| is_told(told) && !d.is_empty()));
    let levers = told.levers.iter();
    let packages = setting.packages.iter().zip(&told.packages);
    RefuserPart {
        id: party.id.clone(),
        name: party.name.clone(),
        says: stated.map(|r| r.says.clone()).unwrap_or_default(),
        compelled: is_told(told),
        war,
        levers: levers
            .map(|pulled| {
                let lever = &setting.levers[pulled.lever];
                Lever {
                    name: lever.name.clone(),
                    by: setting.parties[lever.by].name.clone(),
                    chance: per_hundred(pulled.chance),
                    assumed: pulled.assumed,
                }
            })
            .collect(),
        rows: packages
            .map(|(package, refusal)| Line {
                name: package.name.clone(),
                cells: cells(is_told(told), refusal),
                changes: refusal.changes.iter().map(|x| points(*x)).collect(),
            })
            .collect(),
    }
}

/// What a side can still bring to bear at months 6 and 12: "0.62 of today’s full rate at month 6 and 1.2 times it at month 12".
fn efforts([early, late]: [f64; 2]) -> String {
    // One rounding for both.
    let digits = |x: f64| signed(x, 2);
    let of = |x: f64, full: &str| match digits(x).as_str() {
        "1.00" => full.to_owned(),
        digits if x < 1.0 => format!("{digits} of {full}"),
        digits => format!("{digits} times {full}"),
    };
    let full = "today’s full rate";
    if digits(early) == digits(late) {
        return format!("{} at months 6 and 12", of(early, full));
    }
    format!(
        "{} at month 6 and {} at month 12",
        of(early, full),
        of(late, full)
    )
}

/// Is it told who compels it?
fn is_told(told: &Refuser) -> bool {
    let mut packages = told.packages.iter();
    told.sided || packages.any(|package| package.compelled.iter().any(|x| x.is_finite()))
}

fn cells(compelled: bool, refusal: &Refusal) -> Vec<String> {
    let mut cells = vec![share(refusal.refuses)];
    if compelled {
        cells.push(share(refusal.effective));
        cells.extend(refusal.compelled.map(share));
    }
    cells
}

fn data(setting: &Setting, told: &Refuser) -> serde_json::Value {
    let levers = told.levers.iter().map(|pulled| {
        let of = json!({ "chance": pulled.chance, "assumed": pulled.assumed });
        (setting.levers[pulled.lever].id.clone(), of)
    });
    let packages = setting.packages.iter().zip(&told.packages);
    let packages = packages.map(|(package, refusal)| {
        let change = setting.parties.iter().zip(&refusal.changes);
        let change: serde_json::Map<_, _> = change
            .map(|(other, x)| (other.id.clone(), number(*x)))
            .collect();
        let of = json!({
            "refuses": number(refusal.refuses),
            "effective": number(refusal.effective),
            "compelled": refusal.compelled.map(number),
            "change": change,
        });
        (package.id.clone(), of)
    });
    json!({
        "holds": number(told.holds),
        "endures": number(told.endures),
        "supply_after": told.effort.map(number),
        "levers_of_refusal": levers.collect::<serde_json::Map<_, _>>(),
        "packages_of_refusal": packages.collect::<serde_json::Map<_, _>>(),
    })
}

/// What the bottom line says of a party that has a refusal table.
fn sentence(setting: &Setting, told: &Refuser) -> Option<String> {
    if told.holds.is_nan() {
        let stated = setting.refusals.iter().any(|r| r.party == told.party);
        let found = brought_to(setting, told).filter(|_| stated && setting.contest.is_none());
        return found.map(|(_, sentence)| sentence);
    }
    Some(format!(
        "If others settled over {} head it would hold for 24 months with a chance of {} in 100; of the {} named packages it more \
         likely than not refuses {}.",
        genitive(&setting.parties[told.party].name),
        per_hundred(told.holds),
        setting.packages.len(),
        refused(told).1,
    ))
}

/// How many packages a party more likely than not refuses, and of how many of these settlements it could undo.
fn refused(told: &Refuser) -> (usize, String) {
    let likely = |x: f64| x > 0.5;
    let refused = told.packages.iter().filter(|p| likely(p.refuses));
    let kept = refused.clone().filter(|p| likely(p.effective)).count();
    let count = refused.count();
    let could = match (count, kept) {
        (0, _) => "none".to_owned(),
        (n, 0) => format!("{n}, and could undo none of these for a year"),
        (n, kept) => format!("{n}, and could undo {kept} of these for a year"),
    };
    (count, could)
}

/// Without a line: what a party refuses, and how likely others then bring it to an end that is no better for it.
fn brought_to(setting: &Setting, told: &Refuser) -> Option<(usize, String)> {
    let (count, could) = refused(told);
    let by_year = told.packages.iter().filter(|p| p.refuses > 0.5);
    let by_year = by_year.map(|p| p.compelled[1]).filter(|x| x.is_finite());
    let (least, most) = by_year.fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), x| {
        (a.min(x), b.max(x))
    });
    if !is_told(told) {
        return None;
    }
    let (low, high) = (per_hundred(least), per_hundred(most));
    let chance = if low == high {
        low
    } else {
        format!("{low} to {high}")
    };
    let brought = if count == 0 {
        String::new()
    } else {
        format!(
            ". Within a year others bring it, with a chance of {chance} in 100, to an end of {} that is worth no more to it than what it refused",
            Terms::of(setting).no_deal
        )
    };
    let sentence = format!(
        "If others settled over {} head: of the {} named packages it more likely than not refuses {could}{brought}.",
        genitive(&setting.parties[told.party].name),
        setting.packages.len(),
    );
    Some((count, sentence))
}

/// Why whether a party holds is told of none of those that may refuse.
fn untold(setting: &Setting, told: &Veto) -> String {
    let parties = told.refusers.iter().map(|r| &setting.parties[r.party]);
    let sided: Vec<&str> = parties
        .filter(|party| party.side.is_some())
        .map(|party| party.name.as_str())
        .collect();
    let why = if setting.process.is_some() {
        "The case does not say of any move to an end whose it is".to_owned()
    } else if setting.contest.is_none() {
        "Without a deal this case has no line that moves".to_owned()
    } else if sided.is_empty() {
        format!(
            "No party that may refuse here has a side in the {}",
            Terms::of(setting).fighting
        )
    } else {
        format!(
            "The case does not say how much of the line {} may lose and still hold",
            and_list(&sided)
        )
    };
    format!(
        "{why}: who refuses is told, and what that changes, not whether whoever refuses would hold."
    )
}

/// What a mark is called.
fn called(reading: Option<&String>) -> String {
    reading.map_or("This run".to_owned(), Clone::clone)
}

/// Marks by where they stand: readings that leave the map's numbers alone stand on one point.
fn placed(map: &Map) -> Vec<(String, f64, f64)> {
    let mut placed: Vec<(String, f64, f64)> = Vec::new();
    for mark in &map.marks {
        let (x, y) = mark.at;
        let near = |p: &&mut (String, f64, f64)| (p.1 - x).abs() < 1e-9 && (p.2 - y).abs() < 1e-9;
        let name = called(mark.reading.as_ref());
        match placed.iter_mut().find(near) {
            Some(point) if point.0.starts_with("This run") => {
                "This run, and readings that leave both numbers alone".clone_into(&mut point.0);
            }
            Some(point) => point.0 = format!("{}; {name}", point.0),
            None => placed.push((name, x, y)),
        }
    }
    placed
}

fn figure(setting: &Setting, told: &Map) -> Figure {
    let likely = |x: &f64| *x > 0.5;
    let inside = told
        .holds
        .iter()
        .map(|row| row.iter().map(likely).collect());
    let inside: Vec<Vec<bool>> = inside.collect();
    let somewhere = inside.iter().flatten().any(|x| *x);
    let everywhere = inside.iter().flatten().all(|x| *x);
    let party = &setting.parties[told.party];
    let title = format!(
        "Effort of {} side twelve months after its refusal, today’s full rate = 1",
        genitive(&party.name)
    );
    let map = ContourMap {
        desc: format!(
            "{title}, by how far contributions substitute for one another and by how far its patron steps up"
        ),
        title: title.clone(),
        id: format!("veto-map-{}", party.id),
        x_label: "ρ, substitution: 1 one replaces another, below 0 a missing one is nearly fatal"
            .to_owned(),
        y_label: format!(
            "Level under “{}” (1 = today)",
            setting.levers[told.lever].name
        ),
        xs: told.xs.clone(),
        ys: told.ys.clone(),
        shares: told.efforts.clone(),
        inside,
        points: placed(told),
    };
    Figure {
        id: map.id.clone(),
        svg: responsive(&map.render(), &map.render_compact()),
        title,
        caption: format!(
            "The median world with every lever of the refusal pulled; only the two numbers move. Darker: more effort. {} Marks stand \
             where readings put the two numbers; their other numbers differ from the map’s, so the chance of holding in each is in \
             the table.",
            match (somewhere, everywhere) {
                (_, true) => "Everywhere on the map it is likelier than not to hold for 24 months.",
                (true, _) => "The line bounds where it is likelier than not to hold for 24 months.",
                _ => "Nowhere on the map is it likelier than not to hold for 24 months.",
            }
        ),
        xs: told.xs.iter().map(|x| short(*x)).collect(),
        rows: told
            .ys
            .iter()
            .zip(&told.efforts)
            .map(|(y, row)| (short(*y), row.iter().map(|x| format!("{x:.2}")).collect()))
            .collect(),
        readings: told
            .marks
            .iter()
            .map(|mark| (called(mark.reading.as_ref()), share(mark.holds)))
            .collect(),
    }
}

fn map_data(setting: &Setting, map: &Map) -> serde_json::Value {
    let mark = |mark: &Mark| json!({ "name": called(mark.reading.as_ref()), "holds": mark.holds });
    json!({
        "party": setting.parties[map.party].id,
        "lever": setting.levers[map.lever].id,
        "substitution": map.xs,
        "level": map.ys,
        "effort": map.efforts,
        "holds": map.holds,
        "readings": map.marks.iter().map(mark).collect::<Vec<_>>(),
    })
}

#[cfg(test)]
mod tests {
    use super::efforts;

    #[test]
    fn efforts_read_well() {
        assert_eq!(efforts([1.0, 1.0]), "today’s full rate at months 6 and 12");
        assert_eq!(
            efforts([1.0, 0.62]),
            "today’s full rate at month 6 and 0.62 of today’s full rate at month 12"
        );
        assert_eq!(
            efforts([1.25, 0.5]),
            "1.25 times today’s full rate at month 6 and 0.50 of today’s full rate at month 12"
        );
    }
}
