//! The bottom line: the leading package, the zone, what they rest on.

use std::fmt::Write as _;

use detente_core::PartySet;
use detente_evidence::{Chapter, Evidence, Rival, Silence, Zone, difference, is_clear};
use detente_math::Mean;

use super::findings::{not_computed, refusing};
use super::{dates, label, movers, record, rows};
use crate::chapters::talks;
use crate::class;
use crate::terms::Terms;
use crate::words::{and_list, capitalised, count, in_time, party_names, per_hundred};

/// Shares of fewer worlds are not set beside one another.
const FEW: usize = 30;
/// Nor are shares whose Monte Carlo error is above this.
const UNSURE: f64 = 0.04;
/// A share this small is not "in doubt".
pub(super) const DOUBT: f64 = 0.005;

/// A sentence of the bottom line.
pub(super) struct Sentence {
    /// Plain text.
    pub(super) text: String,
    /// What stands for it where there is no room for it.
    pub(super) short: Option<String>,
    /// The anchor of what it rests on.
    pub(super) anchor: &'static str,
    /// How soon it is left out where there is no room.
    pub(super) need: Need,
}

/// How soon a sentence is left out: the last first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Need {
    /// Warnings, the answer, how long it lasts beside what followed past wars, what it rests on: never.
    Always,
    /// What has a form of a line: that at least.
    Briefly,
    /// What stands beside the answer.
    Beside,
}

/// The bottom line, in the order of the page.
pub(super) fn bottom_line(evidence: &Evidence) -> Vec<Sentence> {
    use Need::{Always, Beside, Briefly};
    let mut sentences = Vec::new();
    let mut push = |text: String, anchor: &'static str, need: Need| {
        sentences.push(Sentence {
            text,
            short: None,
            anchor,
            need,
        });
    };
    if let Some(fault) = evidence.certified.faults.first() {
        let warning = "An answer of this run failed its certificate: do not rely on this report, and please report the fault";
        push(format!("{warning} ({fault})."), "run", Always);
    }
    if let Some((what, worlds)) = evidence.consistency.broken.first() {
        let of = per_hundred(*worlds as f64 / evidence.consistency.worlds.max(1) as f64);
        let warning = "Answers of this run contradict one another: do not rely on this report, and please report the fault";
        let text = format!("{warning} (not so in {of} of 100 worlds: {what}).");
        push(text, "run", Always);
    }
    if let Some(why) = not_computed(evidence) {
        push(why, "method", Always);
        return sentences;
    }
    if let Some(p) = evidence.closest_package() {
        push(leading(evidence, p, false), "acceptance", Always);
        for text in record::sentences(evidence) {
            push(text, "record", Always);
        }
        if let Some(text) = kept(evidence, p) {
            push(text, "durability", Always);
        }
        if let Some(text) = talks::sentence(evidence) {
            push(text, "talks", Briefly);
        }
        if let Some(text) = elsewhere(evidence, p) {
            push(text, "durability", Beside);
        }
        if let Some(text) = oftener(evidence, p) {
            push(text, "acceptance", Beside);
        }
        if let Some(text) = unpublished(evidence, p) {
            push(text, "acceptance", Beside);
        }
    } else if let Some(text) = talks::sentence(evidence) {
        push(text, "talks", Briefly);
    }
    if let Some(zone) = evidence.zone() {
        push(open_zone(evidence, zone), "blocks", Beside);
    }
    push(rests_on(evidence, false), "register", Always);
    if let Some(text) = silence(evidence) {
        push(text, "method", Always);
    }
    for own in &mut sentences {
        own.short = match (own.anchor, own.need) {
            ("acceptance", Always) => evidence
                .closest_package()
                .map(|p| leading(evidence, p, true)),
            ("register", _) => Some(rests_on(evidence, true)),
            ("talks", _) => talks::line(evidence),
            _ => None,
        };
    }
    sentences
}

/// The package that leads, and who blocks it; briefly without reasons for what does not count in it.
fn leading(evidence: &Evidence, p: usize, briefly: bool) -> String {
    let blocked = blockers(evidence, p).map_or_else(String::new, |who| format!("; {who}"));
    format!("{}{blocked}.", what_leads(evidence, p, briefly))
}

/// The package that leads, as a sentence of its own.
pub(super) fn answer(evidence: &Evidence, p: usize) -> String {
    format!("{}.", what_leads(evidence, p, false))
}

/// Who blocks a package, as a sentence of its own, if that can be said.
pub(super) fn blocked(evidence: &Evidence, p: usize) -> Option<String> {
    blockers(evidence, p).map(|who| format!("{}.", capitalised(&who)))
}

/// Who blocks the package first, in a sentence.
pub(super) fn who_blocks(evidence: &Evidence, p: usize) -> String {
    let agreed = evidence.packages()[p].agreed.value;
    blocked(evidence, p).unwrap_or_else(|| {
        if agreed > 1.0 - DOUBT {
            format!(
                "All whom it needs accept it in {} of 100 sampled worlds.",
                per_hundred(agreed)
            )
        } else {
            format!(
                "It fails in {} of 100 sampled worlds, and no party blocks it first clearly more often than another.",
                per_hundred(1.0 - agreed)
            )
        }
    })
}

/// What the answer rests on and what decides it.
pub(super) fn resting(evidence: &Evidence) -> String {
    rests_on(evidence, false)
}

/// The package that leads, and what becomes of it.
fn what_leads(evidence: &Evidence, p: usize, briefly: bool) -> String {
    let (package, line) = (&evidence.setting.packages[p], &evidence.packages()[p]);
    let name = dates::quoted(evidence, p);
    let needed = and_list(&party_names(&evidence.setting, package.needed));
    let share = rows::with_error(line.headline());
    let rivals = evidence.rivals.iter();
    let rivals = rivals.map(|rival| *rival.own.headline(p));
    let range = across(line.headline(), rivals);
    let Some(months) = evidence.headline.kept_months else {
        return match evidence.packages().len() {
            1 => format!(
                "The one named package, {name}, is accepted by all it needs ({needed}) in {share} of 100 sampled worlds{range}"
            ),
            n => format!(
                "Of the {n} named packages {name} is most often accepted by all it needs ({needed}): in {share} of 100 sampled \
                 worlds{range}"
            ),
        };
    };
    let time = in_time(months);
    let signed = rows::with_error(&line.agreed);
    let mut in_force = if evidence.has_gates() {
        format!(", in force in {}", rows::with_error(&line.in_force))
    } else {
        String::new()
    };
    in_force += &uncounted(evidence, p, briefly);
    let first = match evidence.packages().len() {
        1 => format!(
            "The one named package, {name}, is signed by all it needs ({needed}) and kept {time} in {share} of 100 sampled worlds{range}"
        ),
        n => format!(
            "Of the {n} named packages {name} is most often signed by all it needs ({needed}) and kept {time}: in {share} of 100 sampled \
             worlds{range}"
        ),
    };
    format!("{first}; it is signed in {signed}{in_force}")
}

/// What is no part of "kept", in brackets: gates at home, and clauses that are withheld while the deal goes on, where that makes a difference.
fn uncounted(evidence: &Evidence, p: usize, briefly: bool) -> String {
    /// What differs by less needs no words.
    const APART: f64 = 0.04;
    let kept = evidence.packages()[p].kept.value;
    let holds = match &evidence.chapters.stability {
        Chapter::Told(told) => told.packages.iter().find(|held| held.package == p),
        _ => None,
    };
    let holds = holds.map(|held| held.sequential.value);
    let holds = holds.filter(|holds| kept - holds > APART);
    match (evidence.has_gates(), holds) {
        (_, None) if briefly => String::new(),
        (_, Some(holds)) if briefly => {
            format!(" ({} against moves of a single party)", per_hundred(holds))
        }
        (true, None) => " (gates at home do not count in what is kept)".to_owned(),
        (false, None) => String::new(),
        (gates, Some(holds)) => {
            let neither = if gates {
                "neither gates at home nor a clause that is withheld counts in what is kept"
            } else {
                "a clause that is withheld is not counted as a breakdown"
            };
            format!(
                " ({neither}: against moves of a single party it holds in {})",
                per_hundred(holds)
            )
        }
    }
}

/// What becomes of the leading package once it is signed, beside what followed past wars, and how often somebody signs it to break it.
fn kept(evidence: &Evidence, p: usize) -> Option<String> {
    let months = evidence.headline.kept_months?;
    let line = &evidence.packages()[p];
    let broken = line.broken_by(months)?;
    if line.agreed.value <= DOUBT {
        return None;
    }
    let mut text = format!(
        "Where this package is signed, it breaks down within {} in {} of 100",
        in_time(months),
        per_hundred(broken)
    );
    let tempted = line.tempted.value / line.agreed.value;
    if tempted > DOUBT {
        let _ = write!(
            text,
            "; in {} a later {} tempts somebody who signs it by more than the noise of choosing",
            per_hundred(tempted),
            Terms::of(&evidence.setting).breach
        );
    }
    let told = |months| line.broken_by(months);
    let beside = class::beside(&evidence.classes, &evidence.setting, months, told);
    let lapse = class::lapse(evidence, p, months);
    Some(format!("{text}. {beside}{lapse}"))
}

/// How far the leading package's peace is from what was counted over other times, where that is far.
fn elsewhere(evidence: &Evidence, p: usize) -> Option<String> {
    let months = evidence.headline.kept_months?;
    let line = &evidence.packages()[p];
    let told = |months| line.broken_by(months);
    let said = class::elsewhere(&evidence.classes, &evidence.setting, months, told);
    (line.agreed.value > DOUBT && !said.is_empty()).then_some(said)
}

/// If another package than the leading one is signed more often: so.
fn oftener(evidence: &Evidence, p: usize) -> Option<String> {
    evidence.headline.kept_months?;
    let signed = |q: &usize| evidence.packages()[*q].agreed.value;
    let all = 0..evidence.packages().len();
    let most = all.rev().filter(|q| !signed(q).is_nan());
    let most = most.max_by(|a, b| signed(a).total_cmp(&signed(b)))?;
    (signed(&most) > signed(&p) + DOUBT).then(|| {
        format!(
            "Most often signed is {}: in {}, and kept in {}.",
            dates::quoted(evidence, most),
            per_hundred(signed(&most)),
            per_hundred(evidence.packages()[most].kept.value)
        )
    })
}

/// Who blocks a package, as a clause, if that can be said.
fn blockers(evidence: &Evidence, p: usize) -> Option<String> {
    let line = &evidence.packages()[p];
    let names: Vec<&str> = line
        .blockers()
        .into_iter()
        .filter(|i| line.blocks[*i].0 > DOUBT)
        .map(|i| evidence.setting.parties[i].name.as_str())
        .collect();
    match (names.as_slice(), line.first_blocker()) {
        ([one], Some((_, share, red))) => Some(format!(
            "where it fails, {one} blocks it first most often ({})",
            why(evidence, share, red)
        )),
        ([_, ..], _) => Some(format!(
            "where it fails, {} block it first about equally often",
            and_list(&names)
        )),
        _ => None,
    }
}

/// Whether a block is owed to red lines or to shortfalls.
fn why(evidence: &Evidence, share: f64, red: f64) -> String {
    let refusing = refusing(evidence);
    match red / share {
        r if r > 0.95 => "a hard red line".to_owned(),
        r if r > 0.5 => "mostly a hard red line".to_owned(),
        r if r > 0.05 => format!("mostly because {refusing} is worth more to it"),
        _ => format!("{refusing} is worth more to it"),
    }
}

/// " (48 to 61 over the readings)": the range of an answer over the reading in force and its rivals.
fn across(own: &Mean, rivals: impl Iterator<Item = Mean>) -> String {
    match spread(own, rivals) {
        None => String::new(),
        Some((low, high)) if low == high => {
            " (no other reading moves it by more than twice the error)".to_owned()
        }
        Some((low, high)) => format!(" ({low} to {high} over the readings)"),
    }
}

/// The least and the greatest share over the reading in force and those rivals whose share differs from it by more than noise: rivals are run in
/// fewer worlds, and what differs by no more than twice its error is no range of readings. Nothing where no rival tells it.
pub(super) fn spread(own: &Mean, rivals: impl Iterator<Item = Mean>) -> Option<(String, String)> {
    let mut rivals = rivals.filter(|x| !x.value.is_nan()).peekable();
    rivals.peek()?;
    let clear = rivals.filter(|rival| is_clear(&difference(own, rival)));
    let (low, high) = clear.fold((own.value, own.value), |(low, high), x| {
        (low.min(x.value), high.max(x.value))
    });
    Some((per_hundred(low), per_hundred(high)))
}

/// If no party published the leading package: so, and the best that one did.
fn unpublished(evidence: &Evidence, p: usize) -> Option<String> {
    let packages = &evidence.setting.packages;
    if packages[p].by.is_some() {
        return None;
    }
    let agreed = |p: &usize| evidence.packages()[*p].headline().value;
    let published = (0..packages.len())
        .rev()
        .filter(|p| packages[*p].by.is_some());
    // The first of equals.
    let best = published
        .filter(|p| !agreed(p).is_nan())
        .max_by(|a, b| agreed(a).total_cmp(&agreed(b)));
    let Some(best) = best else {
        return Some(
            "The case says of none of the named packages that a party published it.".to_owned(),
        );
    };
    let by = packages[best]
        .by
        .map(|by| evidence.setting.parties[by].name.as_str())?;
    Some(format!(
        "Of this package the case does not say that a party published it; of those that one did, {} ({by}) does best: {} of 100{}.",
        dates::quoted(evidence, best),
        per_hundred(agreed(&best)),
        if evidence.headline.kept_months.is_some() {
            let signed = per_hundred(evidence.packages()[best].agreed.value);
            format!(", signed in {signed}")
        } else {
            String::new()
        },
    ))
}

fn open_zone(evidence: &Evidence, zone: &Zone) -> String {
    /// Open so often, a zone says more of models of this kind than of the case.
    const USUAL: f64 = 0.95;
    let share = zone.open.value;
    let rivals = evidence.rivals.iter().map(|rival| rival.own.zone);
    let mut range = across(&zone.open, rivals);
    // A range of shares that are themselves anybody's guess is none.
    let unsure = |rival: &Rival| rival.own.zone.n < FEW || rival.own.zone.error > UNSURE;
    if evidence.rivals.iter().any(unsure) {
        range.clear();
    }
    let lines = zone.without_red_lines.value - share;
    let closed = if lines > DOUBT {
        format!(
            "; in {} one would but for hard red lines",
            per_hundred(lines)
        )
    } else {
        String::new()
    };
    let narrow = narrowest(evidence, zone);
    // What a search comes upon is a lower bound where deals may break; an upper one is found in some worlds.
    let possible = zone.possible.value;
    let bound = if possible > share + DOUBT {
        format!(
            " (at least; in {} nothing rules it out)",
            per_hundred(possible)
        )
    } else {
        String::new()
    };
    // What a reader should make of a zone that is nearly always open.
    let usual = if share > USUAL {
        "; models of this kind nearly always find one unless red lines forbid it"
    } else {
        ""
    };
    format!(
        "In {} of 100 searched worlds{bound}{range} some combination of options suits every party it needs{usual}{narrow}{closed}.",
        rows::with_error(&zone.open)
    )
}

/// The zone of the signatories alone, where it matters whose consent is needed.
fn narrowest(evidence: &Evidence, zone: &Zone) -> String {
    /// Zones that differ by more than this are told apart.
    const APART: f64 = 0.1;
    let open = || zone.sets.iter().map(|set| set.open.value);
    let spread = open().fold(f64::NEG_INFINITY, f64::max) - open().fold(f64::INFINITY, f64::min);
    let signatories: PartySet = evidence.setting.signatories();
    let alone = zone.sets.iter().find(|set| set.needed == signatories);
    match alone {
        Some(alone) if spread > APART => format!(
            ". One that needs {} alone is found in {}",
            and_list(&party_names(&evidence.setting, signatories)),
            per_hundred(alone.open.value)
        ),
        _ => String::new(),
    }
}

/// What the answer rests on and what decides it; briefly with no more than names.
fn rests_on(evidence: &Evidence, briefly: bool) -> String {
    /// What explains less than this is not worth a name.
    const NAMED: f64 = 0.1;
    let on = evidence.resting_on;
    let resting = match on.placeholders + on.defaults {
        0 => format!(
            "Each of the {} has a source or a status, but the answer is still one of the model",
            count(on.claims, "number")
        ),
        _ => format!("{on}, so all this is what the model makes of its inputs, not a forecast"),
    };
    let movers = &evidence.movers;
    let mut parts = Vec::new();
    if briefly && movers.types > NAMED {
        let breaks = if movers.of_peace {
            "types and breakdown"
        } else {
            "types"
        };
        parts.push(format!("{:.0} % {breaks}", 100.0 * movers.types));
    } else if movers.types > NAMED {
        parts.push(format!(
            "{:.0} % lies in {}",
            100.0 * movers.types,
            movers::within(&evidence.setting, evidence.movers.of_peace)
        ));
    }
    if let Some(mover) = movers
        .moving
        .inputs
        .first()
        // What may explain nothing at all is not said to explain more than others.
        .filter(|mover| mover.index > NAMED && mover.interval.0 > 0.0)
    {
        let of = if parts.is_empty() {
            "between worlds"
        } else {
            "of the rest"
        };
        let name = label::with_path(&mover.path, &evidence.setting);
        parts.push(if briefly {
            format!("{of} {name} most ({:.0} %)", 100.0 * mover.index)
        } else {
            format!(
                "{of} {}{} explains more than any other ({:.0} %)",
                name,
                if mover.with.is_empty() {
                    " alone"
                } else {
                    " with what moves together with it"
                },
                100.0 * mover.index
            )
        });
    }
    if parts.is_empty() {
        return format!("{resting}.");
    }
    if briefly {
        return format!("{resting}. What decides: {}.", parts.join("; "));
    }
    format!(
        "{resting}. Of what is uncertain about {}, {}.",
        movers::answer(evidence),
        parts.join("; ")
    )
}

/// Why shares do not count every world, if they do not.
fn silence(evidence: &Evidence) -> Option<String> {
    let worlds = evidence.options.worlds;
    // Shares are those of the settlement lens; what other lenses do not apply to is said in their sections.
    let of_shares = ["settlement", "no-deal model", "drawing"];
    let of_lens = evidence
        .silences
        .iter()
        .filter(|((lens, _), _)| of_shares.contains(lens));
    let ((_, silence), silent) = of_lens.max_by_key(|(_, count)| **count)?;
    let why = silence_reason(silence);
    if *silent >= worlds {
        return Some(format!(
            "In none of the sampled worlds was a full answer found: {why}."
        ));
    }
    let share = *silent as f64 / worlds as f64;
    (share > DOUBT).then(|| {
        format!("In {} of 100 sampled worlds no full answer was found, and shares count the others: {why}.", per_hundred(share))
    })
}

/// Why a lens was silent, as a clause.
pub(super) fn silence_reason(silence: &Silence) -> String {
    match silence {
        Silence::NotApplicable(why) | Silence::GaveUp(why) => (*why).to_owned(),
        Silence::Defect(what) => format!("a defect of the program, please report it: {what}"),
    }
}
