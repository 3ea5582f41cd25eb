//! The talks as data.

use detente_core::talks::{Account, Line, Taken};
use detente_core::{Dimension, Setting};
use detente_evidence::chapters::talks::{OfKind, Talks};
use detente_math::Mean;
use serde_json::{Value, json};

use super::{double, kind_in_words};
use crate::chapters::{mean, number, told};

pub(super) fn data(setting: &Setting, found: &Talks) -> Value {
    let party = |p: usize| setting.parties[p].id.clone();
    let lever = |l: usize| setting.levers[l].id.clone();
    let package = |p: usize| setting.packages[p].id.clone();
    let kind = |t: usize| Dimension::Type.entry(setting, t);
    let asked = &found.asked;
    json!({
        "asked": {
            "rounds": asked.rounds,
            "months": asked.months,
            "order": asked.order.iter().map(|p| party(*p)).collect::<Vec<_>>(),
            "offers": asked.offers,
            "menu": asked.named.iter().map(|p| package(*p)).collect::<Vec<_>>(),
            "announcements": asked.announced.iter().map(|l| lever(*l)).collect::<Vec<_>>(),
            "levers": asked.levers.iter().map(|l| lever(*l)).collect::<Vec<_>>(),
            "moves": asked.moves,
            "unstated": asked.unstated,
        },
        "draws": found.draws,
        "answered": found.answered,
        "uncertified": found.uncertified,
        "too_large": found.too_large,
        "shapes": found.shapes.iter().map(|own| json!({
            "rounds": own.rounds, "offers": own.offers, "share": number(own.share),
        })).collect::<Vec<_>>(),
        "months": found.months.iter().map(|[deal, otherwise]| json!({
            "deal": mean(deal), "ended_otherwise": mean(otherwise),
        })).collect::<Vec<_>>(),
        "rounds": found.rounds.iter().map(|own| json!({
            "month": own.month, "held": mean(&own.held), "deal": mean(&own.deal),
            "terms": if own.terms.is_empty() { Value::Null } else { terms(setting, &own.terms) },
        })).collect::<Vec<_>>(),
        "kept": told(&found.kept),
        "known": told(&found.known),
        "at_precision": found.at.iter().map(told).collect::<Vec<_>>(),
        "packages": found.packages.iter().map(|own| json!({
            "package": package(own.package),
            "may_be_proposed": number(own.may),
            "proposed": told(&own.proposed),
            "agreed": told(&own.agreed),
            "answers": own.answers.iter().map(|(t, refuses, posterior, prior)| json!({
                "type": kind(*t), "refuses": told(refuses), "believed_after": told(posterior), "prior": told(prior),
            })).collect::<Vec<_>>(),
        })).collect::<Vec<_>>(),
        "terms": terms(setting, &found.terms),
        "threats": found.threats.iter().map(|own| json!({
            "lever": lever(own.lever),
            "may_be_pulled": number(own.may[0]),
            "may_be_announced": number(own.may[1]),
            "made": told(&own.made),
            "made_by": own.by.iter().map(|(t, p)| (kind(*t), told(p))).collect::<serde_json::Map<_, _>>(),
            "made_alike": number(own.alike),
            "believed": told(&own.believed),
            "pulled": told(&own.pulled),
            "price": told(&own.price),
        })).collect::<Vec<_>>(),
        "beliefs": found.beliefs.iter().map(|own| json!({
            "type": kind(own.t), "by_round": own.rounds.iter().map(told).collect::<Vec<_>>(),
        })).collect::<Vec<_>>(),
        "worths": found.worths.iter().map(|own| json!({
            "type": kind(own.t), "gain": told(&own.gain), "last_round": told(&own.last_round), "if_known": told(&own.known),
        })).collect::<Vec<_>>(),
        "messages": found.messages.iter().map(|own| json!({
            "about": party(own.party), "deal": told(&own.deal), "more": told(&own.more),
            "gains": own.gains.iter().map(|(t, gain)| json!({ "type": kind(*t), "gain": told(gain) })).collect::<Vec<_>>(),
        })).collect::<Vec<_>>(),
        "kinds": found.kinds.iter().map(|own| one_kind(setting, own)).collect::<Vec<_>>(),
        "crossed": number(found.crossed),
        "regret": number(found.regret),
        "more": found.more.as_ref().map(|own| json!({
            "times": own.times, "draws": own.draws,
            "with_a_round": own.rounds, "with_an_offer": own.offers, "with_neither": own.neither,
            "as_played": mean(&own.deal[0]), "with_more": mean(&own.deal[1]), "change": mean(&own.change), "most": number(own.most),
        })),
        "doubling": double::data(setting, found),
    })
}

/// Shares by issue, by option.
fn terms(setting: &Setting, shares: &[Vec<Mean>]) -> Value {
    let issues = setting.issues.iter().zip(shares).map(|(issue, shares)| {
        let options = issue.options.iter().zip(shares);
        let options = options.map(|(option, share)| (option.id.clone(), told(share)));
        (issue.id.clone(), Value::Object(options.collect()))
    });
    Value::Object(issues.collect())
}

fn one_kind(setting: &Setting, own: &OfKind) -> Value {
    json!({
        "kind": own.kind.0,
        "says": kind_in_words(own.kind),
        "share": number(own.share),
        "deal": told(&own.deal),
        "example": own.example.as_ref().map(|(world, account)| example(setting, *world, account)),
    })
}

fn example(setting: &Setting, world: u64, account: &Account) -> Value {
    let offers = account.offers.iter().map(|offer| {
        let taken = setting.issues.iter().zip(offer);
        let taken = taken.map(|(issue, o)| (issue.id.clone(), json!(issue.options[*o as usize].id)));
        json!({ "package": name_of(setting, offer), "options": taken.collect::<serde_json::Map<_, _>>() })
    });
    json!({
        "world": world,
        "offers": offers.collect::<Vec<_>>(),
        "lines": account.lines.iter().map(|line| one_line(setting, line)).collect::<Vec<_>>(),
    })
}

/// The identifier of a named package that a package is.
fn name_of(setting: &Setting, offer: &[u8]) -> Option<String> {
    let mut named = setting.packages.iter();
    named
        .find(|own| own.choice == offer)
        .map(|own| own.id.clone())
}

fn one_line(setting: &Setting, line: &Line) -> Value {
    let kind = |t: usize| Dimension::Type.entry(setting, t);
    json!({
        "round": line.round + 1,
        "type": kind(line.t),
        "after": line.after.iter().map(|step| step_in_words(setting, *step)).collect::<Vec<_>>(),
        "reach": number(line.reach),
        "moves": line.moves.iter().map(|(step, p)| json!({
            "move": step_in_words(setting, *step), "chance": number(*p),
        })).collect::<Vec<_>>(),
        "beliefs": line.beliefs.iter().map(|(t, p)| (kind(*t), number(*p))).collect::<serde_json::Map<_, _>>(),
    })
}

/// A step of a history: "north offers 2", "south refuses".
fn step_in_words(setting: &Setting, step: Taken) -> String {
    let party = |p: usize| &setting.parties[p].id;
    let lever = |l: usize| &setting.levers[l].id;
    match step {
        Taken::Announced(l, true) => format!("announces {}", lever(l)),
        Taken::Announced(l, false) => format!("does not announce {}", lever(l)),
        Taken::Offered(p, Some(o)) => format!("{} offers {}", party(p), o + 1),
        Taken::Offered(p, None) => format!("{} offers nothing", party(p)),
        Taken::Answered(p, true) => format!("{} accepts", party(p)),
        Taken::Answered(p, false) => format!("{} refuses", party(p)),
        Taken::Pulled(l, true) => format!("{} is pulled", lever(l)),
        Taken::Pulled(l, false) => format!("{} is not pulled", lever(l)),
        Taken::News(true) => "the news comes".to_owned(),
        Taken::News(false) => "the news does not come".to_owned(),
    }
}
