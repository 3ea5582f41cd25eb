//! Kinds of equilibrium, where it is not unique, how exact it is, and what more room would change.

use detente_core::talks::Kind;
use detente_evidence::chapters::talks::{More, Talks};

use super::{NONE, share};
use crate::rows::with_error;
use crate::words::{brief, capitalised, count, in_words, per_hundred};

/// What happens in a kind of equilibrium, as a sentence.
pub(super) fn kind_in_words(kind: Kind) -> String {
    let mut said: Vec<&str> = vec![match (kind.has(Kind::DEAL), kind.has(Kind::SURE)) {
        (false, _) => "No deal",
        (true, true) => "Always a deal",
        (true, false) => "A deal in some talks",
    }];
    if kind.has(Kind::LATE) {
        said.push("some deals only after a refusal");
    }
    if kind.has(Kind::SCREENS) {
        said.push("some types accept what others of their party refuse");
    }
    if kind.has(Kind::SIGNALS) {
        said.push("types show themselves by what they offer or announce");
    }
    said.extend(match (kind.has(Kind::THREAT), kind.has(Kind::BLUFF)) {
        (true, true) => Some("a threat is announced, by some as a bluff"),
        (true, false) => Some("a threat is announced and meant"),
        _ => None,
    });
    if kind.has(Kind::IDLE) {
        said.push("one that all types announce alike, so that it tells nothing of them");
    }
    if kind.has(Kind::PULLED) {
        said.push("a lever is pulled");
    }
    format!("{}.", said.join("; "))
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

/// The talks with more room.
pub(super) fn with_more(found: &Talks, more: &More) -> String {
    let now_played = found.shapes.first();
    let same = now_played.is_some_and(|own| own.rounds == more.rounds && own.offers == more.offers);
    let [now, then] = more.deal.map(per_hundred);
    let deals = if now == then {
        format!("as many of 100 talks ({now}) end with a deal")
    } else {
        format!("{then} of 100 talks end with a deal instead of {now}")
    };
    let most = if more.most > NONE {
        format!(
            "the chance moves by at most {} of 100 in one of them",
            per_hundred(more.most)
        )
    } else {
        "in none of them does the chance move".to_owned()
    };
    let worlds = count(more.draws, "world");
    if same {
        return format!(
            "In {worlds} more room adds neither a round nor an offer: {deals}; {most}."
        );
    }
    let (rounds, offers) = (count(more.rounds, "round"), count(more.offers, "offer"));
    format!("With {rounds} and {offers}, in {worlds}: {deals}; {most}.")
}
