//! The sections of a brief of two runs side by side.

use detente_evidence::{Against, Differs, Evidence, PackagesDiffer, Stamp};
use detente_math::Mean;

use super::changes::{self, moved};
use super::one::{self, NO_FORECAST, head_of_kept, lower, signed_in_words};
use super::{Part, Section, Table, section};
use crate::parts::Parts;
use crate::rows::{self, with_error};
use crate::words::{and_list, capitalised, count, in_words, per_hundred};
use crate::{bottom_line, dates, findings, label, method};

/// Packages that neither run leads with and that differ, shown.
const PACKAGES: usize = 4;
/// Numbers that differ, shown.
const NUMBERS: usize = 6;
/// Which run is which.
const RUNS: [&str; 2] = ["A", "B"];

/// What each of two runs is called: by its reading where both are of one case, by its case, and where that tells them apart no more by its file.
pub(super) fn names(runs: [&Evidence; 2], stamps: [&Stamp; 2]) -> [String; 2] {
    let of = |i: usize| changes::in_force(runs[i]);
    let [first, second] = runs.map(|evidence| &evidence.setting.name);
    if first != second {
        return [0, 1].map(|i| format!("“{}”, {}", runs[i].setting.name, of(i)));
    }
    if of(0) != of(1) {
        return [0, 1].map(of);
    }
    [0, 1].map(|i| format!("{}, `{}`", of(i), stamps[i].case_path))
}

/// All of them, in order.
pub(super) fn sections(runs: [&Evidence; 2], names: &[String; 2], parts: &Parts) -> Vec<Section> {
    let [first, second] = runs;
    let against = first.against(second);
    vec![
        section(parts, "bottom-line", "Bottom line", || bottom(runs)),
        section(parts, "q1", "Side by side", || beside(runs, &against)),
        section(parts, "blocks", "What blocks it", || blocks(runs)),
        section(parts, "readings", "What differs between them", || {
            numbers(runs, names, &against)
        }),
        section(parts, "mind", "What would change each", || changes(runs)),
        section(parts, "register", "What they rest on", || rests_on(runs)),
        section(parts, "record", "What the record says", || on_record(runs)),
        section(parts, "method", "What the model does not say", || {
            limits(runs)
        }),
    ]
}

/// The answers of both.
fn bottom(runs: [&Evidence; 2]) -> Vec<Part> {
    let mut all = answers(runs);
    all.extend(footnote(runs).filter(|_| marks(&all)));
    all
}

/// Does a sentence name a package dated after its case?
fn marks(parts: &[Part]) -> bool {
    parts.iter().any(|part| match part {
        Part::Lead(text) => text.contains(dates::MARK),
        _ => false,
    })
}

/// What the mark means.
fn footnote(runs: [&Evidence; 2]) -> Option<Part> {
    let found = runs.into_iter().find_map(dates::footnote)?;
    Some(Part::Note(format!("{found}.")))
}

fn answers(runs: [&Evidence; 2]) -> Vec<Part> {
    let mut all = Vec::new();
    for (name, evidence) in RUNS.into_iter().zip(runs) {
        let said = bottom_line::bottom_line(evidence);
        let faults = said.iter().filter(|own| own.anchor == "run");
        all.extend(faults.map(|own| Part::Fault(format!("{name}: {}", own.text))));
        let answer = match (findings::not_computed(evidence), evidence.closest_package()) {
            (Some(why), _) => why,
            (None, Some(p)) => bottom_line::answer(evidence, p),
            (None, None) => findings::acceptance(evidence),
        };
        all.push(Part::Lead(format!("{name}: {answer}")));
    }
    all
}

/// What both tell, and the differences.
fn beside(runs: [&Evidence; 2], against: &Against) -> Vec<Part> {
    let [first, second] = runs;
    if against.packages.is_empty() && against.zone.is_none() {
        return vec![Part::Text(
            "The two have neither a named package in common nor a search to compare.".to_owned(),
        )];
    }
    let mut rows = Vec::new();
    let mut leads: Vec<usize> = Vec::new();
    let place = |side: usize, package: Option<usize>| {
        let own = |pair: &PackagesDiffer| Some(pair.places[side]) == package;
        against.packages.iter().position(own)
    };
    for found in [
        place(0, first.closest_package()),
        place(1, second.closest_package()),
    ]
    .into_iter()
    .flatten()
    {
        if !leads.contains(&found) {
            leads.push(found);
            rows.extend(of_package(runs, against, &against.packages[found]));
        }
    }
    let mut others: Vec<&PackagesDiffer> = against.packages.iter().collect();
    let mut at = 0..;
    others.retain(|pair| {
        let place = at.next().unwrap_or(0);
        !leads.contains(&place) && pair.headline.is_clear()
    });
    let far = |pair: &PackagesDiffer| pair.headline.moved.value.abs();
    others.sort_by(|a, b| far(b).total_cmp(&far(a)));
    let head = headline_in_words(runs, against);
    for pair in others.into_iter().take(PACKAGES) {
        let name = dates::quoted(first, pair.places[0]);
        rows.push(cells(format!("{name}: {}", lower(&head)), &pair.headline));
    }
    if let Some(zone) = &against.zone {
        let what = "Some combination of options suits every party it needs, of searched worlds";
        rows.push(cells(what.to_owned(), zone));
    }
    let clear = against
        .packages
        .iter()
        .filter(|pair| pair.headline.is_clear())
        .count();
    // The answers above explain the mark where they bear it.
    let marked = !marks(&answers(runs)) && rows.iter().any(|row| row[0].contains(dates::MARK));
    let mut all = vec![Part::Table(Table {
        says: "Of 100 sampled worlds".to_owned(),
        head: ["", "A", "B", "B less A"].map(str::to_owned).into(),
        rows,
        numbers: true,
    })];
    all.push(Part::Note(format!(
        "Of {} that both have, {} by more than twice the error of the difference in how often {}. {DIFFERENCES}",
        count(against.packages.len(), "named package"),
        match clear {
            0 => "none differs".to_owned(),
            1 => "one differs".to_owned(),
            n => format!("{} differ", in_words(n)),
        },
        if against.kept_months.is_some() {
            "they are signed and kept"
        } else {
            "they are signed"
        }
    )));
    all.extend(footnote(runs).filter(|_| marked));
    all
}

/// What the error of a difference is.
const DIFFERENCES: &str = "The error of a difference is that of two runs which share no draws; these may share theirs, and then it is none too small.";

fn headline_in_words(runs: [&Evidence; 2], against: &Against) -> String {
    if against.kept_months.is_some() {
        head_of_kept(runs[0])
    } else {
        signed_in_words(runs[0].headline.kept_months.is_some()).to_owned()
    }
}

/// What becomes of a package that one of them leads with.
fn of_package(runs: [&Evidence; 2], against: &Against, pair: &PackagesDiffer) -> Vec<Vec<String>> {
    let name = dates::quoted(runs[0], pair.places[0]);
    let mut rows = Vec::new();
    if against.kept_months.is_some() {
        let what = lower(&head_of_kept(runs[0]));
        rows.push(cells(format!("{name}: {what}"), &pair.headline));
    }
    let kept = against.kept_months.is_some();
    let what = lower(signed_in_words(kept));
    rows.push(cells(format!("{name}: {what}"), &pair.agreed));
    if runs.iter().any(|evidence| evidence.has_gates()) {
        rows.push(cells(format!("{name}: in force"), &pair.in_force));
    }
    rows
}

fn cells(what: String, of: &Differs) -> Vec<String> {
    let told = |mean: &Mean| with_error(mean);
    let moved = if of.moved.value.is_nan() {
        "–".to_owned()
    } else {
        moved(&of.moved)
    };
    vec![what, told(&of.before), told(&of.after), moved]
}

/// Who blocks what each leads with, and why.
fn blocks(runs: [&Evidence; 2]) -> Vec<Part> {
    let of = |(name, evidence): (&str, &Evidence)| {
        let p = evidence.closest_package()?;
        let said = bottom_line::who_blocks(evidence, p);
        let needed = evidence.setting.packages[p].needed.iter();
        let refuses: Vec<String> = needed
            .map(|i| {
                let share = 1.0 - evidence.packages()[p].accepts[i].value;
                format!(
                    "{} in {}",
                    evidence.setting.parties[i].name,
                    per_hundred(share)
                )
            })
            .collect();
        Some(Part::Text(format!(
            "{name}, {}: {said} It is refused by {} of 100 worlds.",
            dates::quoted(evidence, p),
            and_list(&refuses)
        )))
    };
    let all: Vec<Part> = RUNS.into_iter().zip(runs).filter_map(of).collect();
    if all.is_empty() {
        return vec![Part::Text("Neither leads with a named package.".to_owned())];
    }
    all
}

/// Numbers that differ, and packages that only one has.
fn numbers(runs: [&Evidence; 2], names: &[String; 2], against: &Against) -> Vec<Part> {
    let mut all = Vec::new();
    for (side, evidence) in RUNS.into_iter().zip(runs) {
        for reading in evidence.readings.iter().filter(|r| !r.says.is_empty()) {
            all.push(Part::Text(format!(
                "{side}: reading “{}”{}: {}",
                reading.name,
                if reading.by.is_empty() {
                    String::new()
                } else {
                    format!(" ({})", reading.by)
                },
                reading.says
            )));
        }
    }
    let differing = &against.numbers;
    if differing.is_empty() {
        all.push(Part::Text(
            "No number is drawn otherwise in one than in the other.".to_owned(),
        ));
    } else {
        // Those first that move an answer.
        let moves = |path: &str| {
            let ranks = runs.iter().filter_map(|evidence| {
                let mut moving = evidence.movers.moving.inputs.iter();
                moving.position(|mover| mover.path == path)
            });
            ranks.min().unwrap_or(usize::MAX)
        };
        let mut shown: Vec<_> = differing.iter().collect();
        shown.sort_by_key(|of| moves(&of.path));
        let setting = &runs[0].setting;
        let rows = shown.into_iter().take(NUMBERS).map(|of| {
            vec![
                capitalised(&label::with_path(&of.path, setting)),
                of.before.clone(),
                of.after.clone(),
            ]
        });
        let more = if differing.len() > NUMBERS {
            format!(", {NUMBERS} of them, those first that move an answer")
        } else {
            String::new()
        };
        all.push(Part::Table(Table {
            says: format!(
                "{} that {} not drawn alike{more}",
                count(differing.len(), "number"),
                if differing.len() == 1 { "is" } else { "are" }
            ),
            head: ["", "A", "B"].map(str::to_owned).into(),
            rows: rows.collect(),
            numbers: false,
        }));
    }
    for (i, alone) in against.alone.into_iter().enumerate() {
        if alone > 0 {
            all.push(Part::Text(format!(
                "{} that {} alone has, {}, {} not compared.",
                capitalised(&count(alone, "named package")),
                RUNS[i],
                names[i],
                if alone == 1 { "is" } else { "are" }
            )));
        }
    }
    all
}

/// What moves each answer most.
fn changes(runs: [&Evidence; 2]) -> Vec<Part> {
    let rows: Vec<Vec<String>> = RUNS
        .into_iter()
        .zip(runs)
        .flat_map(|(name, evidence)| {
            let found = changes::telling(evidence);
            let rows: Vec<Vec<String>> = found
                .iter()
                .map(|change| {
                    let mut cells = changes::row(evidence, change);
                    cells[0] = format!("{name}: {}", cells[0]);
                    cells
                })
                .collect();
            rows
        })
        .collect();
    if rows.is_empty() {
        return vec![Part::Text(
            "Nothing that these runs tell of moves either answer by more than its error."
                .to_owned(),
        )];
    }
    vec![Part::Table(Table {
        says: "Of 100 sampled worlds, how far each moves the answer that its run leads with"
            .to_owned(),
        head: ["", "From", "To", "Change"].map(str::to_owned).into(),
        rows,
        numbers: true,
    })]
}

fn rests_on(runs: [&Evidence; 2]) -> Vec<Part> {
    let rows = [(RUNS[0], runs[0]), (RUNS[1], runs[1])];
    let mut all = vec![Part::Table(one::by_status(&rows))];
    let each = RUNS.into_iter().zip(runs);
    all.extend(each.filter_map(|(name, evidence)| {
        let said = one::placeholders(evidence)?;
        Some(Part::Text(format!("{name}: {said}")))
    }));
    all
}

fn on_record(runs: [&Evidence; 2]) -> Vec<Part> {
    let [first, second] = runs.map(one::on_record);
    if first == second {
        return first;
    }
    let named = |name: &str, parts: Vec<Part>| -> Vec<Part> {
        let each = parts.into_iter();
        each.map(|part| match part {
            Part::Text(text) => Part::Text(format!("{name}: {text}")),
            Part::Fault(text) => Part::Fault(format!("{name}: {text}")),
            other => other,
        })
        .collect()
    };
    [named(RUNS[0], first), named(RUNS[1], second)].concat()
}

fn limits(runs: [&Evidence; 2]) -> Vec<Part> {
    let mut all = vec![Part::Text(format!("{} {NO_FORECAST}", rows::ERRORS))];
    let [first, second] = runs.map(method::weighs);
    if first == second {
        all.push(Part::Text(first));
    } else {
        all.push(Part::Text(format!("{}: {first}", RUNS[0])));
        all.push(Part::Text(format!("{}: {second}", RUNS[1])));
    }
    let mut caveats: Vec<String> = Vec::new();
    for caveat in runs.iter().flat_map(|evidence| &evidence.setting.caveats) {
        if !caveats.contains(caveat) {
            caveats.push(caveat.clone());
        }
    }
    if !caveats.is_empty() {
        all.push(Part::List(caveats));
    }
    let [first, second] = runs.map(one::left_out);
    if first == second {
        all.extend(first.map(Part::Fault));
    } else {
        let each = RUNS.into_iter().zip([first, second]);
        all.extend(each.filter_map(|(name, left)| Some(Part::Fault(format!("{name}: {}", left?)))));
    }
    all
}
