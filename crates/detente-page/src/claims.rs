//! The claims of the case: what became of each, in words and shares.

mod assumed;

use detente_core::catalogue::LENSES;
use detente_evidence::{ClaimLine, ClaimShare, ClaimStatus, Effort, Evidence, Flip, Rival};
use detente_math::Mean;

use super::rows::{reading_name, with_error};
use crate::terms::unit_in;
use crate::words::{and_list, count, per_hundred, signed};
use assumed::assumed;

/// Readings named on each side of a dispute.
const SHOWN: usize = 4;
/// Worlds below which a share says little.
const FEW: usize = 30;
/// A share whose Monte Carlo error is above this is no end of a range.
const UNSURE: f64 = 0.04;

/// The section on claims.
pub(super) struct ClaimsSection {
    /// How many could be tested, and why the others were not.
    pub(super) finding: String,
    /// The reading in force, as words for it.
    pub(super) in_force: String,
    pub(super) rows: Vec<ClaimRow>,
    /// Why claims that set something have no range over the readings; empty where they have.
    pub(super) alone: &'static str,
    /// What words for shares mean.
    pub(super) legend: String,
    /// Claims that are true in most worlds under one reading and in few under another, most divided first.
    pub(super) disputed: Vec<Disputed>,
    /// Claims that tell no reading from another, by identifier.
    pub(super) undisputed: String,
    /// Claims that are true more often under one reading than under another, on one side of one half all the same.
    pub(super) one_sided: String,
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
    /// That an input alone decides it, and which.
    pub(super) assumed: String,
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

pub(super) fn section(evidence: &Evidence) -> Option<ClaimsSection> {
    if evidence.claims.is_empty() {
        return None;
    }
    let (mut computed, mut awaiting, mut silent) = (0, 0, 0);
    for line in &evidence.claims {
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
        count(evidence.claims.len(), "claim"),
        and_list(&parts)
    );
    Some(ClaimsSection {
        finding,
        in_force: reading_name(evidence),
        alone: if evidence.options.effort
            == (Effort::Settled {
                rival_claims: false,
            })
            && !evidence.rivals.is_empty()
        {
            " A claim that sets something is tried under this report’s reading alone unless the report is asked for more (--rival-claims)."
        } else {
            ""
        },
        rows: evidence
            .claims
            .iter()
            .map(|line| row(evidence, line))
            .collect(),
        legend: legend(),
        disputed: disputed(evidence),
        undisputed: undisputed(evidence, false),
        one_sided: undisputed(evidence, true),
        constant: [true, false].map(|truth| {
            let alike = evidence.claims.iter();
            let alike = alike.filter(|line| constant(&line.status) == Some(truth));
            let ids: Vec<&str> = alike.map(|line| line.claim.id.as_str()).collect();
            and_list(&ids)
        }),
    })
}

fn row(evidence: &Evidence, line: &ClaimLine) -> ClaimRow {
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
            over(evidence, rivals),
            remark(evidence, line, share),
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
        let source = &evidence.sources[*s];
        (source.id.clone(), source.title.clone())
    });
    ClaimRow {
        id: claim.id.clone(),
        says: claim.says.clone(),
        by: by.join(", "),
        verdict,
        assumed: assumed(evidence, line),
        share,
        readings,
        test: test(evidence, line),
        turns: turns(evidence, line),
        rests_on: rests_on(evidence, line),
        note,
        sources: sources.collect(),
    }
}

/// What is tested, as written.
fn test(evidence: &Evidence, line: &ClaimLine) -> Vec<(&'static str, String)> {
    use detente_case::{ClaimTest, ForSets};
    let ClaimTest::Share(test) = &line.claim.test else {
        return Vec::new();
    };
    let mut lines = vec![("holds when", test.holds_when.text.clone())];
    lines.extend(set_lines(evidence, &test.with).map(|set| ("with", set)));
    if let Some(given) = &test.given {
        lines.push(("given", given.text.clone()));
    }
    if let Some(over) = &test.over {
        let levers = over.levers.iter().map(|l| &*evidence.setting.levers[*l].id);
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

/// What an intervention sets, as written.
pub(crate) fn set_lines(
    evidence: &Evidence,
    with: &[detente_case::With],
) -> impl Iterator<Item = String> {
    use detente_case::With;
    with.iter().map(|with| match with {
        With::Input(set) => {
            let path = &evidence.inputs[set.input.0 as usize].path;
            format!("{path} = {}", set.text)
        }
        With::Quantity(entry, value) => {
            format!("{} = {value}", named(evidence, entry))
        }
    })
}

/// `leverage.credibility[aid_stop]`, as claims write it.
fn named(evidence: &Evidence, entry: &detente_case::QuantityEntry) -> String {
    let id = format!("{}.{}", entry.lens, entry.quantity);
    let spec = LENSES.iter().find(|spec| spec.id == entry.lens);
    let mut quantities = spec
        .into_iter()
        .flat_map(|s| s.quantities.iter().chain(s.planned));
    let Some(quantity) = quantities.find(|q| q.id == entry.quantity) else {
        return id;
    };
    let places = quantity.dimensions.iter().zip(&entry.index);
    let entries: Vec<String> = places
        .map(|(d, i)| d.entry(&evidence.setting, *i))
        .collect();
    if entries.is_empty() {
        return id;
    }
    format!("{id}[{}]", entries.join(", "))
}

/// Words for shares of worlds and up to which each is used: the bands of ICD 203, which readers of assessments know.
const BANDS: [(f64, &str); 7] = [
    (0.05, "almost no world"),
    (0.20, "very few worlds"),
    (0.45, "few worlds"),
    (0.55, "about half"),
    (0.80, "most worlds"),
    (0.95, "very many worlds"),
    (1.0, "nearly all worlds"),
];

/// What the words mean, and when a range is printed.
fn legend() -> String {
    let bands = BANDS.iter().take(BANDS.len() - 1);
    let bands: Vec<String> = bands
        .map(|(end, word)| format!("“{word}” up to {}", per_hundred(*end)))
        .collect();
    format!(
        "Words for shares, as in ICD 203: {} of 100, “{}” above. A range over the readings is printed where each share in it rests on {} or more \
         and errs by {} of 100 or less.",
        bands.join(", "),
        BANDS[BANDS.len() - 1].1,
        count(FEW, "world"),
        per_hundred(UNSURE)
    )
}

/// A word for a share of worlds.
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
    let found = BANDS.iter().find(|(end, _)| x <= *end);
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

/// "12 (reading) to 80 ±2 (other)"; no range where one of the shares is anybody's guess, and why.
fn over(evidence: &Evidence, rivals: &[ClaimShare]) -> String {
    let shares = rivals.iter().zip(&evidence.rivals);
    let mut told: Vec<(Mean, &str)> = shares
        .filter(|(share, _)| !share.holds.value.is_nan())
        .map(|(share, rival)| (share.holds, reading_id(rival)))
        .collect();
    told.sort_by(|a, b| a.0.value.total_cmp(&b.0.value));
    let few = told.iter().filter(|(share, _)| share.n < FEW);
    let least = few.map(|(share, id)| (share.n, *id)).min();
    if let Some((n, id)) = least {
        return format!("no range: on {} alone under {id}", count(n, "world"));
    }
    let unsure = told.iter().filter(|(share, _)| share.error > UNSURE);
    let most = unsure.max_by(|a, b| a.0.error.total_cmp(&b.0.error));
    if let Some((share, id)) = most {
        return format!("no range: {} under {id}", with_error(share));
    }
    match told[..] {
        [] => "–".to_owned(),
        [(share, id)] => format!("{} ({id})", with_error(&share)),
        [(low, least), .., (high, most)] => {
            if per_hundred(low.value) == per_hundred(high.value) {
                return format!("{} throughout", per_hundred(low.value));
            }
            format!(
                "{} ({least}) to {} ({most})",
                with_error(&low),
                with_error(&high)
            )
        }
    }
}

/// What a reading is called in a table.
fn reading_id(rival: &Rival) -> &str {
    match rival.label.id.as_str() {
        "" => "as written",
        id => id,
    }
}

/// What a reader must know of the share.
fn remark(evidence: &Evidence, line: &ClaimLine, share: &ClaimShare) -> String {
    let mut parts: Vec<String> = line
        .taken_over
        .iter()
        .map(|taken| taken.to_string().replace('`', ""))
        .collect();
    if share.worlds < evidence.options.worlds {
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
fn turns(evidence: &Evidence, line: &ClaimLine) -> String {
    let ClaimStatus::Computed { flips, .. } = &line.status else {
        return String::new();
    };
    if flips.is_empty() {
        return String::new();
    }
    let turns = flips.iter().map(|flip| turn(evidence, flip));
    turns.collect::<Vec<_>>().join("; ")
}

/// What turns a claim, and how far: the end of a sentence on it.
pub(super) fn turn(evidence: &Evidence, flip: &Flip) -> String {
    let Flip {
        what,
        unit,
        at,
        shares,
        ends,
        seen,
        worlds,
    } = flip;
    let unit = unit_in(unit, &evidence.setting);
    let [low, high] = ends.map(|x| three_digits(x, ends));
    let [least, most] = shares.map(per_hundred);
    let [equals, at_end] = if *seen {
        ["about", "where it is about"]
    } else {
        ["=", "at"]
    };
    format!(
        "turns at {what} {equals} {} {unit} (true in {least} of 100 worlds {at_end} {low}, in {most} {at_end} {high}; {})",
        three_digits(*at, ends),
        if *seen {
            format!("read off {}", count(*worlds, "world"))
        } else {
            format!("on {} each", count(*worlds, "world"))
        }
    )
}

/// With as many decimals as show three digits of the greater end, so that all of a sentence have as many.
fn three_digits(x: f64, ends: &[f64; 2]) -> String {
    let decimals = match ends[0].abs().max(ends[1].abs()) {
        x if x >= 100.0 => 0,
        x if x >= 10.0 => 1,
        x if x >= 1.0 => 2,
        x if x >= 0.1 => 3,
        _ => 4,
    };
    signed(x, decimals)
}

fn rests_on(evidence: &Evidence, line: &ClaimLine) -> Vec<(String, String)> {
    let of = |id: &String| {
        let found = evidence.claims.iter().find(|other| other.claim.id == *id);
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
fn by_reading<'a>(evidence: &'a Evidence, line: &'a ClaimLine) -> Vec<(&'a str, Mean)> {
    let ClaimStatus::Computed { share, rivals, .. } = &line.status else {
        return Vec::new();
    };
    let own = match evidence.readings.as_slice() {
        [] => "as written",
        [one] => one.id.as_str(),
        _ => "this run",
    };
    let others = evidence.rivals.iter().zip(rivals);
    let others = others.map(|(rival, share)| (reading_id(rival), share.holds));
    let all = std::iter::once((own, share.holds)).chain(others);
    // Of too few worlds nothing is told: neither a side of one half nor a difference.
    all.filter(|(_, share)| !share.value.is_nan() && share.n >= FEW)
        .collect()
}

/// Standard errors that tell a share from one half, and from another share.
const APART: f64 = 2.0;

/// On which side of one half a share lies; `None` where that is not told.
fn side(share: &Mean) -> Option<bool> {
    let off = share.value - 0.5;
    // Of too few worlds, all alike, the error says nothing.
    let apart = share.error.is_nan() || off.abs() > APART * share.error;
    let told = share.n >= FEW && apart;
    told.then_some(off > 0.0)
}

fn disputed(evidence: &Evidence) -> Vec<Disputed> {
    let mut found = Vec::new();
    for line in &evidence.claims {
        let mut shares = by_reading(evidence, line);
        shares.sort_by(|a, b| b.1.value.total_cmp(&a.1.value));
        let of = |wanted: bool| {
            let own = shares.iter().filter(|(_, x)| side(x) == Some(wanted));
            own.copied().collect::<Vec<_>>()
        };
        let (most, few) = (of(true), of(false));
        let (Some(first), Some(last)) = (most.first(), few.last()) else {
            continue;
        };
        // Those that are furthest off one half; JSON has all.
        let list = |of: &[(&str, Mean)], furthest_last: bool| {
            let mut of = of.to_vec();
            if furthest_last {
                of.reverse();
            }
            let more = of.len().saturating_sub(SHOWN);
            let each = of.iter().take(SHOWN);
            let shown: Vec<String> = each
                .map(|(id, x)| format!("{id} {}", with_error(x)))
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
            turns: turns(evidence, line),
        };
        found.push((first.1.value - last.1.value, row));
    }
    found.sort_by(|a, b| b.0.total_cmp(&a.0));
    found.into_iter().map(|(_, row)| row).collect()
}

/// Claims that no reading puts on another side of one half than another, by identifier: those of which the shares are told from one
/// another (`true`), and those of which they are not.
fn undisputed(evidence: &Evidence, differs: bool) -> String {
    let alike = evidence.claims.iter().filter(|line| {
        let shares = by_reading(evidence, line);
        let on = |wanted: bool| shares.iter().any(|(_, x)| side(x) == Some(wanted));
        let varies = shares.len() > 1 && !(on(true) && on(false)) && !rests_on_few(line);
        let constant = !differs && constant(&line.status).is_some();
        constant || varies && told_apart(&shares) == differs
    });
    let ids: Vec<&str> = alike.map(|line| line.claim.id.as_str()).collect();
    and_list(&ids)
}

/// Does a share of the claim, under any reading, rest on so few worlds that it tells nothing?
fn rests_on_few(line: &ClaimLine) -> bool {
    let ClaimStatus::Computed { share, rivals, .. } = &line.status else {
        return false;
    };
    let mut shares = std::iter::once(share).chain(rivals);
    shares.any(|share| share.holds.n > 0 && share.holds.n < FEW)
}

/// Do any two of the shares differ by more than twice the error of their difference, and as they are printed?
fn told_apart(shares: &[(&str, Mean)]) -> bool {
    let error = |a: &Mean, b: &Mean| (a.error * a.error + b.error * b.error).sqrt();
    // What is printed alike is alike, whatever errors say of worlds in which a claim hardly ever varies.
    let printed = |a: &Mean, b: &Mean| per_hundred(a.value) != per_hundred(b.value);
    let differ =
        |a: &Mean, b: &Mean| printed(a, b) && (a.value - b.value).abs() > APART * error(a, b);
    let mut pairs = shares
        .iter()
        .enumerate()
        .flat_map(|(i, a)| shares[..i].iter().map(move |b| (&a.1, &b.1)));
    pairs.any(|(a, b)| differ(a, b))
}
