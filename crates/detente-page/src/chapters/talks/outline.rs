//! The game of the talks in outline: who proposes and who answers, what may be offered, announced and pulled, what was cut.

use detente_core::Setting;
use detente_core::talks::TalksSetting;
use detente_evidence::chapters::talks::{Shape, Talks};

use super::share;
use crate::words::{and_list, capitalised, count, in_words, party_names};

/// What is said of each, under its head.
pub(super) fn outline(setting: &Setting, found: &Talks) -> Vec<(&'static str, String)> {
    let asked = &found.asked;
    let said = [
        ("Rounds", rounds(setting, asked)),
        ("Offers", offers(asked)),
        ("Levers", levers(setting, asked)),
        ("News", news(setting, asked)),
        ("Played", played(setting, found)),
    ];
    said.into_iter()
        .filter(|(_, said)| !said.is_empty())
        .collect()
}

/// "Two, 3 months apart. North and South propose in turn, North first."
fn rounds(setting: &Setting, asked: &TalksSetting) -> String {
    let apart = match (asked.rounds, asked.months) {
        (1, _) => String::new(),
        (_, 1) => ", a month apart".to_owned(),
        (_, months) => format!(", {months} months apart"),
    };
    let mut order: Vec<&str> = Vec::new();
    for round in 0..asked.rounds {
        let name = setting.parties[asked.proposer(round)].name.as_str();
        if !order.contains(&name) {
            order.push(name);
        }
    }
    let who = match (order.as_slice(), asked.rounds) {
        ([one], 1) => format!("{one} proposes"),
        ([one], _) => format!("{one} proposes in each"),
        (all, _) => format!("{} propose in turn, {} first", and_list(all), all[0]),
    };
    let also = party_names(setting, asked.agree);
    let also = if also.is_empty() {
        String::new()
    } else {
        format!(" Every offer needs {} besides.", and_list(&also))
    };
    format!(
        "{}{apart}. {who}.{also}",
        capitalised(&in_words(asked.rounds))
    )
}

fn offers(asked: &TalksSetting) -> String {
    let which = match (asked.named.len(), asked.found) {
        (0, _) => "found for the types at the table",
        (_, true) => "named ones and others that are found for the types at the table",
        (_, false) => "named ones alone",
    };
    let most = count(asked.offers, "package");
    let nothing = if asked.passes { ", or nothing" } else { "" };
    format!("At most {most}, {which}{nothing}.")
}

/// A lever with who wields it.
pub(super) fn lever_name(setting: &Setting, l: usize) -> String {
    let lever = &setting.levers[l];
    format!("“{}” ({})", lever.name, setting.parties[lever.by].name)
}

fn levers(setting: &Setting, asked: &TalksSetting) -> String {
    let names = |levers: &[usize]| -> String {
        let names = levers.iter().map(|l| lever_name(setting, *l));
        and_list(&names.collect::<Vec<_>>())
    };
    let mut said: Vec<String> = Vec::new();
    if !asked.announced.is_empty() {
        let only = if asked.only_announced {
            ", and pulled only if they were"
        } else {
            ""
        };
        let announced = names(&asked.announced);
        said.push(format!(
            "May be announced before the first round: {announced}{only}."
        ));
    }
    let silent = asked.levers.iter().filter(|l| !asked.announced.contains(l));
    let silent: Vec<usize> = silent.copied().collect();
    match (silent.is_empty(), asked.announced.is_empty()) {
        (true, true) => return String::new(),
        (true, false) => said.push("Each may be pulled once its target refuses.".to_owned()),
        (false, true) => said.push(format!(
            "Pulled once the target refuses, if the wielder will: {}.",
            names(&silent)
        )),
        (false, false) => said.push(format!(
            "Pulled once the target refuses, if the wielder will: these and {}.",
            names(&silent)
        )),
    }
    said.join(" ")
}

fn news(setting: &Setting, asked: &TalksSetting) -> String {
    asked.news.map_or(String::new(), |party| {
        format!(
            "Between two rounds news may come that tells of {}.",
            setting.parties[party].name
        )
    })
}

/// What is played of it, the commonest first, and what was cut.
fn played(setting: &Setting, found: &Talks) -> String {
    let asked = &found.asked;
    if found.answered == 0 {
        return String::new();
    }
    let shape = |own: &Shape| {
        format!(
            "{} with {}",
            count(own.rounds, "round"),
            count(own.offers, "offer")
        )
    };
    let mut said = Vec::new();
    match found.shapes.as_slice() {
        [] => {}
        [one] => said.push(format!("Every game has {}.", shape(one))),
        [first, ..] => said.push(format!(
            "Most often {} ({} of 100 games).",
            shape(first),
            share(first.share)
        )),
    }
    let cut: f64 = found
        .shapes
        .iter()
        .filter(|own| own.rounds < asked.rounds)
        .map(|own| own.share)
        .sum();
    if cut > 0.0 {
        let asks = count(asked.rounds, "round");
        said.push(if cut >= 0.995 {
            format!(
                "The case asks for {asks}: more than a game of {} moves has room for.",
                asked.moves
            )
        } else {
            format!(
                "In {} of 100 fewer than the {asks} that the case asks for: a game has room for {} moves.",
                share(cut),
                asked.moves
            )
        });
    }
    let there = |l: &usize| found.threats.iter().any(|own| own.lever == *l);
    let dropped: Vec<String> = asked
        .levers
        .iter()
        .filter(|l| !there(l))
        .map(|l| lever_name(setting, *l))
        .collect();
    if !dropped.is_empty() {
        said.push(format!(
            "In no game, for want of room or because they are off: {}.",
            and_list(&dropped)
        ));
    }
    let silent = found
        .threats
        .iter()
        .filter(|own| asked.announced.contains(&own.lever) && own.may[1] <= 0.0);
    let silent: Vec<String> = silent.map(|own| lever_name(setting, own.lever)).collect();
    if !silent.is_empty() {
        said.push(format!(
            "Announced in no game, for want of room: {}.",
            and_list(&silent)
        ));
    }
    said.join(" ")
}

/// What stands by default.
pub(super) fn unstated(asked: &TalksSetting) -> String {
    let is = |key: &str| asked.unstated.contains(&key);
    let mut said: Vec<&str> = Vec::new();
    let mut add = |there: bool, words: &'static str| {
        if there {
            said.push(words);
        }
    };
    add(is("rounds"), "how many rounds");
    add(is("months") && asked.rounds > 1, "how far apart");
    add(
        ["protocol", "first", "order"].iter().all(|key| is(key)),
        "who proposes",
    );
    add(
        is("menu") && !asked.named.is_empty(),
        "which named packages",
    );
    add(is("offers"), "how many offers");
    add(is("find"), "that others are found");
    add(is("passes"), "that nothing may be offered");
    add(
        is("announcements") && !asked.levers.is_empty(),
        "which levers may be announced",
    );
    add(
        is("levers") && !asked.levers.is_empty(),
        "which may be pulled",
    );
    add(
        is("only_announced") && !asked.announced.is_empty(),
        "that they may be unannounced too",
    );
    if said.is_empty() {
        return String::new();
    }
    format!(
        "Not stated in the case, so as by default: {}.",
        and_list(&said)
    )
}
