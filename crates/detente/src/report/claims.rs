//! The claims of the case: what became of each, in words and shares.

use detente_lens::conformance;

use super::rows::with_error;
use crate::audit::{ClaimLine, ClaimShare, ClaimStatus, Flip};
use crate::summary::Summary;
use crate::terms::unit_in;
use crate::words::{and_list, count, per_hundred};

/// Readings named on each side of a dispute.
const SHOWN: usize = 4;

/// The section on claims.
pub(super) struct ClaimsSection {
    /// How many could be tested, and why the others were not.
    pub(super) finding: String,
    pub(super) rows: Vec<ClaimRow>,
    /// Claims that are true in most worlds under one reading and in few under another, most divided first.
    pub(super) disputed: Vec<Disputed>,
    /// Claims that no reading tells from another, by identifier.
    pub(super) undisputed: String,
    /// Of those, the ones that are true in every world under every reading, and in none.
    pub(super) constant: [String; 2],
}

/// A claim on which readings disagree.
pub(super) struct Disputed {
    pub(super) id: String,
    pub(super) says: String,
    /// Readings under which it is true in most worlds, with the share.
    pub(super) most: String,
    /// And in few.
    pub(super) few: String,
    /// What turns it.
    pub(super) turns: String,
}

/// One claim.
pub(super) struct ClaimRow {
    pub(super) id: String,
    pub(super) says: String,
    /// Whose, when, what kind.
    pub(super) by: String,
    /// A word for the share, or what stands in the way.
    pub(super) verdict: String,
    /// In how many worlds of 100, with its error.
    pub(super) share: String,
    /// The same over the rival readings: least to greatest, with whose they are.
    pub(super) readings: String,
    /// The predicate, what is set and what is given.
    pub(super) test: Vec<(&'static str, String)>,
    /// What a reader must know of the share.
    pub(super) note: String,
    /// What turns it.
    pub(super) turns: String,
    /// Identifiers of the claims that it rests on, with what became of each.
    pub(super) rests_on: Vec<(String, String)>,
    pub(super) sources: Vec<(String, String)>,
}

pub(super) fn section(summary: &Summary) -> Option<ClaimsSection> {
    if summary.claims.is_empty() {
        return None;
    }
    let (mut computed, mut awaiting, mut silent) = (0, 0, 0);
    for line in &summary.claims {
        match line.status {
            ClaimStatus::Computed { .. } => computed += 1,
            ClaimStatus::Awaits(_) => awaiting += 1,
            ClaimStatus::NotComputable(_) => silent += 1,
        }
    }
    let mut parts = vec![format!("{computed} can be tested")];
    if awaiting > 0 {
        parts.push(format!(
            "{awaiting} speak of what this version does not compute yet"
        ));
    }
    if silent > 0 {
        parts.push(format!("{silent} cannot be computed"));
    }
    let finding = format!(
        "Of {}, {}",
        count(summary.claims.len(), "claim"),
        and_list(&parts)
    );
    Some(ClaimsSection {
        finding,
        rows: summary
            .claims
            .iter()
            .map(|line| row(summary, line))
            .collect(),
        disputed: disputed(summary),
        undisputed: undisputed(summary),
        constant: [true, false].map(|truth| {
            let alike = summary.claims.iter();
            let alike = alike.filter(|line| constant(&line.status) == Some(truth));
            let ids: Vec<&str> = alike.map(|line| line.claim.id.as_str()).collect();
            and_list(&ids)
        }),
    })
}

fn row(summary: &Summary, line: &ClaimLine) -> ClaimRow {
    let claim = &line.claim;
    let stated = [&claim.by, &claim.on, &claim.kind];
    let by: Vec<&str> = stated
        .iter()
        .filter(|s| !s.is_empty())
        .map(|s| s.as_str())
        .collect();
    let (verdict, share, readings, note) = match &line.status {
        ClaimStatus::Computed { share, rivals, .. } => (
            match constant(&line.status) {
                Some(truth) => {
                    let tested = share.holds.n + rivals.iter().map(|of| of.holds.n).sum::<usize>();
                    let told = if truth { "true in all" } else { "true in none" };
                    {
                        let under = if truth { "every" } else { "any" };
                        format!("{told} of {tested} worlds tested, under {under} reading")
                    }
                }
                None => word(share),
            },
            with_error(&share.holds),
            over(summary, rivals),
            remark(summary, share),
        ),
        ClaimStatus::Awaits(lenses) => (
            format!("awaits {}", and_list(lenses)),
            "–".to_owned(),
            "–".to_owned(),
            String::new(),
        ),
        ClaimStatus::NotComputable(why) => (
            "not computable".to_owned(),
            "–".to_owned(),
            "–".to_owned(),
            why.clone(),
        ),
    };
    let sources = claim.sources.iter().map(|s| {
        let source = &summary.sources[*s];
        (source.id.clone(), source.title.clone())
    });
    ClaimRow {
        id: claim.id.clone(),
        says: claim.says.clone(),
        by: by.join(", "),
        verdict,
        share,
        readings,
        test: test(summary, line),
        turns: turns(summary, line),
        rests_on: rests_on(summary, line),
        note,
        sources: sources.collect(),
    }
}

/// What is tested, as written.
fn test(summary: &Summary, line: &ClaimLine) -> Vec<(&'static str, String)> {
    use detente_case::{ClaimTest, ForSets, With};
    let ClaimTest::Share(test) = &line.claim.test else {
        return Vec::new();
    };
    let mut lines = vec![("holds when", test.holds_when.text.clone())];
    for with in &test.with {
        let set = match with {
            With::Input(set) => {
                let path = &summary.inputs[set.input.0 as usize].path;
                format!("{path} = {}", set.text)
            }
            With::Quantity(entry, value) => {
                format!("{} = {value}", named(summary, entry))
            }
        };
        lines.push(("with", set));
    }
    if let Some(given) = &test.given {
        lines.push(("given", given.text.clone()));
    }
    if let Some(over) = &test.over {
        let levers = over.levers.iter().map(|l| &*summary.setting.levers[*l].id);
        let levers: Vec<&str> = levers.collect();
        let of = match over.sets {
            ForSets::Some => format!("some set of {}", levers.join(", ")),
            ForSets::Every => format!("every set of {}", levers.join(", ")),
            ForSets::Necessary => format!(
                "some set of {} with {}, and none without",
                levers.join(", "),
                levers[0]
            ),
            ForSets::Sufficient => {
                format!("every set of {} with {}", levers.join(", "), levers[0])
            }
        };
        lines.push(("for", of));
    }
    lines
}

/// `leverage.credibility[aid_stop]`, as claims write it.
fn named(summary: &Summary, entry: &detente_case::QuantityEntry) -> String {
    let id = format!("{}.{}", entry.lens, entry.quantity);
    let specs = conformance::specs();
    let spec = specs.iter().find(|spec| spec.id == entry.lens);
    let mut quantities = spec
        .into_iter()
        .flat_map(|s| s.quantities.iter().chain(s.planned));
    let Some(quantity) = quantities.find(|q| q.id == entry.quantity) else {
        return id;
    };
    let places = quantity.dimensions.iter().zip(&entry.index);
    let entries: Vec<String> = places.map(|(d, i)| d.entry(&summary.setting, *i)).collect();
    if entries.is_empty() {
        return id;
    }
    format!("{id}[{}]", entries.join(", "))
}

/// A word for a share of worlds: those of ICD 203, which readers of assessments know.
fn word(share: &ClaimShare) -> String {
    let x = share.holds.value;
    if x.is_nan() {
        return if share.given <= 0.0 {
            format!(
                "not tested: its condition is met in none of {}",
                count(share.worlds, "world")
            )
        } else {
            format!("not told in any of {}", count(share.worlds, "world"))
        };
    }
    // Shares of ones and noughts: exactly 0 or 1 where all are alike.
    if x <= 0.0 {
        return format!("true in none of {}", count(share.holds.n, "world"));
    }
    if x >= 1.0 {
        return format!("true in all of {}", count(share.holds.n, "world"));
    }
    let words = [
        (0.05, "almost no world"),
        (0.20, "very few worlds"),
        (0.45, "few worlds"),
        (0.55, "about half"),
        (0.80, "most worlds"),
        (0.95, "very many worlds"),
        (1.0, "nearly all worlds"),
    ];
    let found = words.iter().find(|(end, _)| x <= *end);
    format!(
        "true in {}",
        found.map_or("nearly all worlds", |(_, word)| word)
    )
}

/// Whether a claim is true in every world that was tested, or in none, whatever the reading: `None` where it varies, or where no
/// reading stands beside the case.
fn constant(status: &ClaimStatus) -> Option<bool> {
    let ClaimStatus::Computed { share, rivals, .. } = status else {
        return None;
    };
    let told = |of: &&ClaimShare| !of.holds.value.is_nan();
    let mut rivals = rivals.iter().filter(told).peekable();
    rivals.peek()?;
    // Shares of ones and noughts: exactly 1 or 0 where all are alike.
    let mut all = rivals.chain([share]).map(|of| of.holds.value);
    if share.holds.value >= 1.0 {
        all.all(|x| x >= 1.0).then_some(true)
    } else {
        all.all(|x| x <= 0.0).then_some(false)
    }
}

/// "12 (reading) to 80 (other)".
fn over(summary: &Summary, rivals: &[ClaimShare]) -> String {
    /// Worlds below which a share says little.
    const FEW: usize = 30;
    let counts = rivals.iter().map(|share| share.holds.n).filter(|n| *n > 0);
    let least = counts.min().unwrap_or(0);
    let few = if (1..FEW).contains(&least) {
        format!(" (on as few as {})", count(least, "world"))
    } else {
        String::new()
    };
    range_over(summary, rivals) + &few
}

fn range_over(summary: &Summary, rivals: &[ClaimShare]) -> String {
    let shares = rivals.iter().zip(&summary.rivals);
    let mut told: Vec<(f64, &str)> = shares
        .filter(|(share, _)| !share.holds.value.is_nan())
        .map(|(share, rival)| {
            let id = match rival.label.id.as_str() {
                "" => "as written",
                id => id,
            };
            (share.holds.value, id)
        })
        .collect();
    told.sort_by(|a, b| a.0.total_cmp(&b.0));
    match told[..] {
        [] => "–".to_owned(),
        [(x, id)] => format!("{} ({id})", per_hundred(x)),
        [(low, least), .., (high, most)] => {
            if per_hundred(low) == per_hundred(high) {
                return format!("{} throughout", per_hundred(low));
            }
            format!(
                "{} ({least}) to {} ({most})",
                per_hundred(low),
                per_hundred(high)
            )
        }
    }
}

/// What a reader must know of the share.
fn remark(summary: &Summary, share: &ClaimShare) -> String {
    let mut parts = Vec::new();
    if share.worlds < summary.options.worlds {
        parts.push(format!("tested in {}", count(share.worlds, "world")));
    }
    if share.given < 0.9995 && share.given > 0.0 {
        parts.push(format!(
            "its condition is met in {} of 100 worlds",
            per_hundred(share.given)
        ));
    }
    if share.untold > 0 {
        parts.push(format!(
            "not told in {} of {}",
            share.untold,
            count(share.worlds, "world")
        ));
    }
    parts.join("; ")
}

/// "turns at contest.edge = 0.12 log ratio (true in 30 of 100 worlds at 0.02, in 71 at 0.55)".
fn turns(summary: &Summary, line: &ClaimLine) -> String {
    let ClaimStatus::Computed { flips, .. } = &line.status else {
        return String::new();
    };
    if flips.is_empty() {
        return String::new();
    }
    let turns = flips.iter().map(|flip| turn(summary, flip));
    turns.collect::<Vec<_>>().join("; ")
}

fn turn(summary: &Summary, flip: &Flip) -> String {
    let Flip {
        what,
        unit,
        at,
        shares,
        ends,
        seen,
    } = flip;
    let unit = unit_in(unit, &summary.setting);
    let [low, high] = ends.map(short);
    let [least, most] = shares.map(per_hundred);
    let [equals, at_end] = if *seen {
        ["about", "where it is about"]
    } else {
        ["=", "at"]
    };
    format!(
        "turns at {what} {equals} {} {unit} (true in {least} of 100 worlds {at_end} {low}, in {most} {at_end} {high})",
        short(*at)
    )
}

/// Three digits.
fn short(x: f64) -> String {
    let digits = match x.abs() {
        x if x >= 100.0 => 0,
        x if x >= 10.0 => 1,
        x if x >= 1.0 => 2,
        x if x >= 0.1 => 3,
        _ => 4,
    };
    format!("{x:.digits$}")
}

fn rests_on(summary: &Summary, line: &ClaimLine) -> Vec<(String, String)> {
    let of = |id: &String| {
        let found = summary.claims.iter().find(|other| other.claim.id == *id);
        let word = found.map(|other| match &other.status {
            ClaimStatus::Computed { share, .. } => word(share),
            ClaimStatus::Awaits(_) => "not computed yet".to_owned(),
            ClaimStatus::NotComputable(_) => "not computable".to_owned(),
        });
        (id.clone(), word.unwrap_or_default())
    };
    line.claim.rests_on.iter().map(of).collect()
}

/// Shares of a claim by reading, that of the run first.
fn by_reading<'a>(summary: &'a Summary, line: &'a ClaimLine) -> Vec<(&'a str, f64)> {
    let ClaimStatus::Computed { share, rivals, .. } = &line.status else {
        return Vec::new();
    };
    let own = match summary.readings.as_slice() {
        [] => "as written",
        [one] => one.id.as_str(),
        _ => "this run",
    };
    let others = summary.rivals.iter().zip(rivals).map(|(rival, share)| {
        let id = match rival.label.id.as_str() {
            "" => "as written",
            id => id,
        };
        (id, share.holds.value)
    });
    let all = std::iter::once((own, share.holds.value)).chain(others);
    all.filter(|(_, x)| !x.is_nan()).collect()
}

fn disputed(summary: &Summary) -> Vec<Disputed> {
    let mut found = Vec::new();
    for line in &summary.claims {
        let mut shares = by_reading(summary, line);
        shares.sort_by(|a, b| b.1.total_cmp(&a.1));
        let (most, few): (Vec<_>, Vec<_>) = shares.iter().partition(|(_, x)| *x > 0.5);
        let (Some(first), Some(last)) = (most.first(), few.last()) else {
            continue;
        };
        // Those that are furthest off one half; JSON has all.
        let list = |of: &[(&str, f64)], furthest_last: bool| {
            let mut of = of.to_vec();
            if furthest_last {
                of.reverse();
            }
            let more = of.len().saturating_sub(SHOWN);
            let each = of.iter().take(SHOWN);
            let shown: Vec<String> = each
                .map(|(id, x)| format!("{id} {}", per_hundred(*x)))
                .collect();
            match more {
                0 => shown.join(", "),
                n => format!("{} and {n} more", shown.join(", ")),
            }
        };
        let row = Disputed {
            id: line.claim.id.clone(),
            says: line.claim.says.clone(),
            most: list(&most, false),
            few: list(&few, true),
            turns: turns(summary, line),
        };
        found.push((first.1 - last.1, row));
    }
    found.sort_by(|a, b| b.0.total_cmp(&a.0));
    found.into_iter().map(|(_, row)| row).collect()
}

fn undisputed(summary: &Summary) -> String {
    let alike = summary.claims.iter().filter(|line| {
        let shares = by_reading(summary, line);
        shares.len() > 1
            && shares
                .iter()
                .all(|(_, x)| (*x > 0.5) == (shares[0].1 > 0.5))
    });
    let ids: Vec<&str> = alike.map(|line| line.claim.id.as_str()).collect();
    and_list(&ids)
}
