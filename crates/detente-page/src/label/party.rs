//! Labels of what stands under a party.

use detente_core::Setting;
use detente_core::asks::COMPELLED_BAR_IS;

use super::process::move_name;
use super::{issue_name, option_name, party_name, side_of, type_name, words};
use crate::terms::Terms;
use crate::words::genitive;

/// The rest of the path behind `party.ID`.
pub(super) fn label(setting: &Setting, id: &str, rest: &[&str]) -> Option<String> {
    let party = setting.parties.iter().find(|party| party.id == id)?;
    let whose = genitive(&party.name);
    if let ["type", kind, "prior"] = rest {
        let kind = type_name(setting, party.types.clone(), kind);
        return Some(format!("the prior of {whose} type “{kind}”"));
    }
    let (kind, rest) = match rest {
        ["type", kind, rest @ ..] => {
            let kind = type_name(setting, party.types.clone(), kind);
            (format!(", as type “{kind}”"), rest)
        }
        rest => (String::new(), rest),
    };
    let name = &party.name;
    let what = match rest {
        ["prior"] => format!("{whose} prior"),
        ["patience"] => format!("{whose} patience"),
        ["burden"] => format!("{whose} burden"),
        ["scar"] => format!("{whose} lasting loss from a month without a deal"),
        ["escalation_cost"] => format!("what an escalation costs {name}"),
        ["reservation"] => format!("{whose} reservation value"),
        ["fighting_cost"] => format!("what having it out without a deal costs {name}"),
        ["renege_cost"] => format!("what breaking a deal costs {name}"),
        ["aspiration"] => format!(
            "how far above {} a package must be for {name}",
            Terms::of(setting).no_deal
        ),
        ["weights", "concentration"] => format!("how sure {whose} weights are"),
        ["believes", rest @ ..] => believes(setting, name, rest)?,
        ["leader", rest @ ..] => leader(setting, &whose, rest)?,
        ["issue", issue, "weight"] => {
            format!("{whose} weight of “{}”", issue_name(setting, issue))
        }
        ["issue", issue, "value", option] => format!(
            "what {} is worth to {name}",
            option_name(setting, issue, option)
        ),
        ["interaction", which, "worth"] => {
            format!("what “{}” is worth to {name} together", words(which))
        }
        ["redline", line, what] => red_line(setting, (id, &whose), line, what),
        ["gate", gate, rest @ ..] => home(setting, (&whose, gate), rest)?,
        ["refusal", rest @ ..] => refusal(setting, name, rest)?,
        _ => return None,
    };
    Some(format!("{what}{kind}"))
}

fn believes(setting: &Setting, name: &str, rest: &[&str]) -> Option<String> {
    let whose = genitive(name);
    Some(match rest {
        ["edge"] => format!("how far {whose} own belief about the balance of efforts is off"),
        ["rate", own] => format!(
            "how far {whose} own belief about the rate of {} is off",
            move_name(setting, own)
        ),
        ["rate_sd", own] => format!(
            "{whose} own doubt about the rate of {}",
            move_name(setting, own)
        ),
        ["escalation"] => {
            format!("how far {whose} own belief about the hazard of escalation is off")
        }
        ["chance"] => format!("how far {whose} own belief about the odds is off"),
        ["own_sd"] => format!("{whose} own doubt about the balance of efforts"),
        ["learning_rate"] => format!("how fully {name} learns from news"),
        ["news_bias"] => format!("how far news reaches {name} bent"),
        ["open_to_news"] => {
            let what = if setting.process.is_some() {
                "any rate"
            } else {
                "the balance of efforts"
            };
            format!("how far news can move {whose} belief about {what}")
        }
        ["about", party, kind] => {
            let other = setting.parties.iter().find(|p| p.id == *party);
            let types = other.map_or(0..0, |other| other.types.clone());
            format!(
                "the chance that {name} gives {} type “{}”",
                genitive(&party_name(setting, party)),
                type_name(setting, types, kind)
            )
        }
        _ => return None,
    })
}

fn leader(setting: &Setting, whose: &str, rest: &[&str]) -> Option<String> {
    Some(match rest {
        ["office"] => format!("what losing office costs {whose} leader"),
        ["legacy"] => format!("what the best legacy is worth to {whose} leader"),
        ["if", when, what] => {
            let when = match *when {
                "a_decisive" => format!("{} wins outright", side_of(setting, "A")),
                "b_decisive" => format!("{} wins outright", side_of(setting, "B")),
                "armistice" => {
                    let terms = Terms::of(setting);
                    format!("the {} ends in {}", terms.fighting, terms.armistice)
                }
                "escalation" => "it escalates".to_owned(),
                "unsettled" => "nothing is settled".to_owned(),
                "deal" => "there is a deal".to_owned(),
                "imposed" => "a deal is imposed".to_owned(),
                "over_ally" => "a deal is made over an ally’s head".to_owned(),
                "line_lost" => "the line is lost".to_owned(),
                _ => return None,
            };
            match *what {
                "legacy" => format!("the legacy of {whose} leader where {when}"),
                "loses_office" => {
                    format!("the chance that {whose} leader loses office where {when}")
                }
                _ => return None,
            }
        }
        _ => return None,
    })
}

fn red_line(setting: &Setting, (id, whose): (&str, &str), line: &str, what: &str) -> String {
    let says = setting
        .red_lines
        .iter()
        .find(|known| known.id == line && setting.parties[known.party].id == id)
        .map_or("", |known| known.says.trim_end_matches('.'));
    let line = if says.is_empty() {
        words(line)
    } else {
        says.to_owned()
    };
    match what {
        "on" => format!("whether {whose} red line “{line}” is drawn"),
        _ => format!("what crossing {whose} red line “{line}” costs"),
    }
}

fn home(setting: &Setting, (whose, gate): (&str, &str), rest: &[&str]) -> Option<String> {
    let name = words(gate);
    Some(match rest {
        ["on"] => format!("whether {whose} gate “{name}” stands"),
        ["base"] => format!("the support of the status quo at {whose} gate “{name}”"),
        ["scale"] => format!("how sharply {whose} gate “{name}” decides"),
        ["bar"] => {
            format!("the chance below which {whose} gate “{name}” is counted as likely to block")
        }
        ["effect", issue, option] => format!(
            "what {} adds to support at {whose} gate “{name}”",
            option_name(setting, issue, option)
        ),
        ["published", poll, "support"] => {
            format!(
                "the support that “{}” found for {whose} gate “{name}”",
                words(poll)
            )
        }
        _ => return None,
    })
}

fn refusal(setting: &Setting, name: &str, rest: &[&str]) -> Option<String> {
    Some(match rest {
        ["line_loss"] => format!("how much of the line {name} can lose and still hold"),
        ["endures"] => format!("the months that {name} must endure after refusing"),
        ["compelled_bar"] => {
            let named = COMPELLED_BAR_IS.replace(" it has ", &format!(" {name} has "));
            format!("the {named}")
        }
        ["crack", other] => format!(
            "what a settlement over the head of {name} costs {}",
            party_name(setting, other)
        ),
        _ => return None,
    })
}
