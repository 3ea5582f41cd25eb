//! How does the negotiation go when it is played?

use askama::Template;
use detente_core::Setting;
use detente_core::talks::{Account, Kind, Line, Taken};
use detente_evidence::Evidence;
use detente_evidence::chapters::talks::{OfKind, Talks};
use serde_json::{Value, json};

use super::{Written, mean, number, share, told, type_name};
use crate::rows::with_error;
use crate::words::{and_list, capitalised, count, per_hundred, with_sign};

#[derive(Template)]
#[template(path = "talks.html")]
struct Page {
    finding: String,
    /// Who proposes, how often, and who answers.
    outline: String,
    /// Draws without an answer, and what was cut.
    left_out: String,
    months: Vec<(String, String, String)>,
    kinds: Vec<(String, String, String)>,
    threats: Vec<(String, Vec<String>)>,
    worths: Vec<(String, Vec<String>)>,
}

/// Months that are printed.
const PRINTED: [usize; 7] = [0, 1, 2, 3, 6, 12, 24];

pub(super) fn write(evidence: &Evidence, found: &Talks) -> Option<Written> {
    let setting = &evidence.setting;
    let months = PRINTED
        .iter()
        .filter_map(|month| Some((month, found.months.get(*month)?)));
    let page = Page {
        finding: finding(found),
        outline: outline(setting, found),
        left_out: left_out(setting, found),
        months: months
            .map(|(month, [deal, otherwise])| {
                (month.to_string(), with_error(deal), with_error(otherwise))
            })
            .collect(),
        kinds: found
            .kinds
            .iter()
            .map(|own| {
                (
                    kind_in_words(own.kind),
                    share(own.share),
                    with_error(&own.deal),
                )
            })
            .collect(),
        threats: threats(setting, found),
        worths: found
            .worths
            .iter()
            .map(|own| {
                let cells = [own.gain, own.last_round, own.known].map(|mean| {
                    if mean.value.is_nan() {
                        "–".to_owned()
                    } else {
                        with_sign(mean.value, 1)
                    }
                });
                (type_name(setting, own.t), cells.to_vec())
            })
            .collect(),
    };
    Some(Written {
        bottom_line: vec![(finding(found), "talks")],
        html: page.render().ok()?,
        json: data(setting, found),
    })
}

/// The last month told of.
fn last(found: &Talks) -> Option<&[detente_math::Mean; 2]> {
    found.months.last()
}

fn finding(found: &Talks) -> String {
    let Some([deal, _]) = last(found).filter(|_| found.answered > 0) else {
        return format!(
            "The talks were played in {}, and in none of them is there a certified answer.",
            count(found.draws, "world")
        );
    };
    let known = if found.known.value.is_nan() {
        String::new()
    } else {
        format!(
            "; if all knew all types, {}",
            per_hundred(found.known.value)
        )
    };
    format!(
        "Played as a game, the talks end with a deal in {} of 100 worlds{known}.",
        with_error(deal)
    )
}

fn outline(setting: &Setting, found: &Talks) -> String {
    let asked = &found.asked;
    let mut order: Vec<&str> = Vec::new();
    for party in &asked.order {
        let name = setting.parties[*party].name.as_str();
        if !order.contains(&name) {
            order.push(name);
        }
    }
    let who = if order.len() == 1 {
        format!("{} proposes in every round", order[0])
    } else {
        format!("{} propose in turn", and_list(&order))
    };
    let unstated = if asked.unstated.is_empty() {
        String::new()
    } else {
        format!(
            " Not stated in the case, so taken as usual: {}.",
            and_list(&asked.unstated)
        )
    };
    format!(
        "{who}; whom an offer needs answers in turn, and {} pass between two rounds. The case asks for {} and at most {}.{unstated} Each world is a game \
         of its own, in which only types are private; what is told is the limit of quantal response, a sequential equilibrium whose certificate \
         holds at every information set.",
        count(asked.months, "month"),
        count(asked.rounds, "round"),
        count(asked.offers, "offer"),
    )
}

fn left_out(setting: &Setting, found: &Talks) -> String {
    let mut said = vec![format!(
        "Played in {}, with a certified answer in {}.",
        count(found.draws, "world"),
        found.answered
    )];
    if found.uncertified > 0 {
        said.push(format!("{} without one are left out.", found.uncertified));
    }
    if found.too_large > 0 {
        said.push(format!(
            "{} are too large however they are cut.",
            found.too_large
        ));
    }
    if found.crossed > 0.0 {
        said.push(format!(
            "In {} of 100 another branch crosses the way, so that another equilibrium is as near.",
            per_hundred(found.crossed)
        ));
    }
    if let Some(shape) = found.shapes.first() {
        said.push(format!(
            "Most often {} with {} are played ({} of 100 worlds).",
            count(shape.rounds, "round"),
            count(shape.offers, "offer"),
            per_hundred(shape.share)
        ));
    }
    let levers = found.asked.levers.iter();
    let dropped = levers.filter(|l| !found.threats.iter().any(|own| own.lever == **l));
    let dropped: Vec<String> = dropped
        .map(|l| format!("“{}”", setting.levers[*l].name))
        .collect();
    if !dropped.is_empty() {
        said.push(format!(
            "Left out so that games fit, or off: {}.",
            and_list(&dropped)
        ));
    }
    said.join(" ")
}

/// What happens in a kind of equilibrium, in a sentence without its stop.
fn kind_in_words(kind: Kind) -> String {
    let mut said: Vec<&str> = Vec::new();
    said.push(match (kind.has(Kind::DEAL), kind.has(Kind::SURE)) {
        (false, _) => "no deal",
        (true, true) => "always a deal",
        (true, false) => "a deal in some talks",
    });
    for (flag, words) in [
        (Kind::LATE, "some only after a refusal"),
        (Kind::SCREENS, "offers part the types that are asked"),
        (Kind::THREAT, "a threat is announced"),
        (Kind::BLUFF, "also by who would not carry it out"),
        (Kind::PULLED, "a lever is pulled"),
        (Kind::SIGNALS, "types of who moves first show themselves"),
    ] {
        if kind.has(flag) {
            said.push(words);
        }
    }
    capitalised(&said.join(", "))
}

fn threats(setting: &Setting, found: &Talks) -> Vec<(String, Vec<String>)> {
    let rows = found.threats.iter().map(|own| {
        let price = if own.price.value.is_nan() {
            "–".to_owned()
        } else {
            format!("{:.2}", own.price.value)
        };
        let cells = vec![
            with_error(&own.made),
            with_error(&own.believed),
            with_error(&own.pulled),
            price,
        ];
        (setting.levers[own.lever].name.clone(), cells)
    });
    rows.collect()
}

fn data(setting: &Setting, found: &Talks) -> Value {
    let party = |p: usize| setting.parties[p].id.clone();
    let lever = |l: usize| setting.levers[l].id.clone();
    let package = |p: usize| setting.packages[p].id.clone();
    let kind = |t: usize| detente_core::Dimension::Type.entry(setting, t);
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
        "terms": setting.issues.iter().zip(&found.terms).map(|(issue, shares)| {
            let options = issue.options.iter().zip(shares);
            let options = options.map(|(option, share)| (option.id.clone(), number(*share)));
            (issue.id.clone(), Value::Object(options.collect()))
        }).collect::<serde_json::Map<_, _>>(),
        "threats": found.threats.iter().map(|own| json!({
            "lever": lever(own.lever),
            "may_be_pulled": number(own.may[0]),
            "may_be_announced": number(own.may[1]),
            "made": told(&own.made),
            "made_by": own.by.iter().map(|(t, p)| (kind(*t), told(p))).collect::<serde_json::Map<_, _>>(),
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
        "kinds": found.kinds.iter().map(|own| one_kind(setting, own)).collect::<Vec<_>>(),
        "crossed": number(found.crossed),
        "regret": number(found.regret),
        "more": found.more.iter().map(|own| json!({
            "rounds": own.rounds, "offers": own.offers, "draws": own.draws,
            "as_played": number(own.deal[0]), "with_more": number(own.deal[1]), "most": number(own.most),
        })).collect::<Vec<_>>(),
    })
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
    let kind = |t: usize| detente_core::Dimension::Type.entry(setting, t);
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
