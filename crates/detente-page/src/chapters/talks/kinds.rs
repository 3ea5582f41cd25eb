//! Kinds of equilibrium, where it is not unique, how exact it is, and what more room would change.

use detente_core::talks::Kind;
use detente_evidence::chapters::talks::{More, Talks};

use detente_math::Mean;

use super::worth::is_beyond;
use super::{NONE, share, tables};
use crate::rows::with_error;
use crate::words::{and_list, brief, capitalised, count, in_words, per_hundred};

/// What happens in a kind of equilibrium, as a sentence.
pub(crate) fn kind_in_words(kind: Kind) -> String {
    let mut said: Vec<&str> = vec![match (kind.has(Kind::DEAL), kind.has(Kind::SURE)) {
        (false, _) => "No deal",
        (true, true) => "Always a deal",
        (true, false) => "A deal in some talks",
    }];
    if kind.has(Kind::LATE) {
        said.push("some deals only in a later round");
    }
    if kind.has(Kind::SCREENS) {
        said.push("some types accept what others of their party refuse");
    }
    if kind.has(Kind::SIGNALS) {
        said.push("types show themselves by what they offer or announce");
    }
    // Who of those that say the same means it nobody can tell.
    said.extend(match (kind.has(Kind::THREAT), kind.has(Kind::BLUFF), kind.has(Kind::IDLE)) {
        (true, true, false) => Some("a threat is announced, by some as a bluff"),
        (true, true, true) => Some("a threat is announced that not all would carry out, by all types alike, so that it tells nothing of them"),
        (true, false, true) => Some("a threat is announced, not as a bluff, by all types alike, so that it tells nothing of them"),
        (true, false, false) => Some("a threat is announced, not as a bluff"),
        (false, ..) => None,
    });
    if kind.has(Kind::PULLED) {
        said.push("a lever is pulled");
    }
    format!("{}.", said.join("; "))
}

/// The same in the fewest words, what tells most first.
pub(super) fn in_brief(kind: Kind) -> Vec<&'static str> {
    let deals = match (kind.has(Kind::DEAL), kind.has(Kind::SURE)) {
        (false, _) => "no deal",
        (true, true) => "always a deal",
        (true, false) => "some deals",
    };
    let threats = match (kind.has(Kind::BLUFF), kind.has(Kind::IDLE)) {
        (true, _) => "bluffs",
        (false, true) => "idle threats",
        (false, false) => "threats",
    };
    let said = [
        (true, deals),
        (kind.has(Kind::SCREENS), "screening"),
        (kind.has(Kind::THREAT), threats),
        (kind.has(Kind::LATE), "late deals"),
        (kind.has(Kind::SIGNALS), "signals"),
        (kind.has(Kind::PULLED), "levers pulled"),
    ];
    said.into_iter()
        .filter(|(holds, _)| *holds)
        .map(|(_, words)| words)
        .collect()
}

pub(super) fn kinds_finding(found: &Talks) -> String {
    let Some(first) = found.kinds.first() else {
        return String::new();
    };
    match found.kinds.len() {
        1 => "All answers are of one kind.".to_owned(),
        n => format!(
            "Answers are of {} kinds; {} of 100 are of the commonest.",
            in_words(n),
            share(first.share)
        ),
    }
}

/// Kinds that the table has.
const LISTED: usize = 5;

pub(super) fn rows(found: &Talks) -> Vec<(String, String, String)> {
    let rows = found.kinds.iter().take(LISTED);
    rows.map(|own| {
        (
            kind_in_words(own.kind),
            share(own.share),
            with_error(&own.deal),
        )
    })
    .collect()
}

/// The kinds that are not in the table.
pub(super) fn rarer(found: &Talks) -> String {
    let rest = found.kinds.get(LISTED..).unwrap_or_default();
    let part: f64 = rest.iter().map(|own| own.share).sum();
    match rest.len() {
        0 => String::new(),
        1 => format!("One rarer kind: {} of 100 answers.", share(part)),
        n => format!(
            "{} rarer kinds together: {} of 100 answers.",
            capitalised(&in_words(n)),
            share(part)
        ),
    }
}

/// Where another equilibrium is as near, and how exact answers are.
pub(super) fn unique(found: &Talks) -> String {
    /// Less is what rounding leaves.
    const ROUNDING: f64 = 1e-9;
    let crossed = if found.crossed > 0.0 {
        format!(
            "In {} of 100 answers another branch crosses the one that is followed: the equilibrium is not unique, and another is as near.",
            share(found.crossed)
        )
    } else {
        "No other branch crosses the one that is followed in any answer; other equilibria may still exist.".to_owned()
    };
    let regret = if found.regret > ROUNDING {
        format!(
            "At no point of any could a type gain more than {} of what is at stake there by another move.",
            part(found.regret)
        )
    } else {
        "At no point of any could a type gain by another move.".to_owned()
    };
    format!("{crossed} {regret}")
}

/// A small part: "1 in 2000".
fn part(x: f64) -> String {
    if x >= 0.01 {
        format!("{} of 100", per_hundred(x))
    } else {
        format!("one part in {}", brief(1.0 / x))
    }
}

/// The talks with more room: what was added, and what that changes.
pub(super) fn with_more(more: &More) -> String {
    let times = match more.times {
        2 => "twice".to_owned(),
        n => format!("{} times", in_words(n)),
    };
    let room = format!(
        "Played again in {} with room for {times} as many moves",
        count(more.draws, "world")
    );
    let added: Vec<(usize, &str)> = [
        (more.rounds, "a further round"),
        (more.offers, "a further offer"),
        (more.neither, "neither a round nor an offer"),
    ]
    .into_iter()
    .filter(|(n, _)| *n > 0)
    .collect();
    let alone = added.len() == 1;
    let part = |(n, what): &(usize, &str)| match *n {
        n if n < more.draws => format!("{what} in {}", in_words(n)),
        _ if alone => (*what).to_owned(),
        _ => format!("{what} in all"),
    };
    let added: Vec<String> = added.iter().map(part).collect();
    let added = and_list(&added);
    let [now, then] = more.deal.map(|mean| per_hundred(mean.value));
    if more.most <= NONE {
        return format!(
            "{room}, which adds {added}: the chance of a deal ({now} of 100) moves in none of them."
        );
    }
    let change = tables::points(&Mean {
        value: 100.0 * more.change.value,
        error: 100.0 * more.change.error,
        n: more.change.n,
    });
    let sure = if is_beyond(more.change.value, &[more.change.error]) {
        ""
    } else {
        ", no more than chance makes of so few"
    };
    format!(
        "{room}, which adds {added}: {then} of 100 talks end with a deal instead of {now}. World by world the chance moves by {change} of 100 on \
         average{sure}; by {} of 100 at most.",
        per_hundred(more.most)
    )
}
