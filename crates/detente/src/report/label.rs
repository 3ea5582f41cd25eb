//! The number behind a path, in words: "North’s burden" for `party.north.burden`.

use detente_core::{Setting, Side};

/// What an input is, in words; its path without dots where its shape is not known here.
pub(super) fn label(path: &str, setting: &Setting) -> String {
    let segments: Vec<&str> = path.split('.').collect();
    let found = match segments.as_slice() {
        ["party", party, rest @ ..] => of_party(setting, party, rest),
        ["issue", issue, "option", option, "position"] => Some(format!(
            "the position of {}",
            option_name(setting, issue, option)
        )),
        ["contest", rest @ ..] => of_contest(setting, rest),
        ["lever", lever, rest @ ..] => of_lever(setting, lever, rest),
        _ => None,
    };
    found.unwrap_or_else(|| words(&segments.join(" ")))
}

/// The label with its path as code, for sentences.
pub(super) fn with_path(path: &str, setting: &Setting) -> String {
    format!("{} (`{path}`)", label(path, setting))
}

/// "North’s", "the Isles’".
fn genitive(name: &str) -> String {
    if name.ends_with('s') {
        format!("{name}’")
    } else {
        format!("{name}’s")
    }
}

/// An identifier as words.
fn words(id: &str) -> String {
    id.replace('_', " ")
}

fn of_party(setting: &Setting, id: &str, rest: &[&str]) -> Option<String> {
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
    let what = match rest {
        ["prior"] => format!("{whose} prior"),
        ["patience"] => format!("{whose} patience"),
        ["burden"] => format!("{whose} burden"),
        ["scar"] => format!("{whose} lasting loss from a month fought"),
        ["escalation_cost"] => format!("what an escalation costs {}", party.name),
        ["believes", "edge"] => {
            format!("how far {whose} own belief about the balance of efforts is off")
        }
        ["issue", issue, "weight"] => {
            format!("{whose} weight of “{}”", issue_name(setting, issue))
        }
        ["issue", issue, "value", option] => format!(
            "what {} is worth to {}",
            option_name(setting, issue, option),
            party.name
        ),
        ["redline", line, what] => {
            let says = setting
                .red_lines
                .iter()
                .find(|known| known.id == *line && setting.parties[known.party].id == id)
                .map_or("", |known| known.says.trim_end_matches('.'));
            let line = if says.is_empty() {
                words(line)
            } else {
                says.to_owned()
            };
            match *what {
                "on" => format!("whether {whose} red line “{line}” is drawn"),
                _ => format!("what crossing {whose} red line “{line}” costs"),
            }
        }
        _ => format!("{whose} {}", words(&rest.join(" "))),
    };
    Some(format!("{what}{kind}"))
}

fn type_name(setting: &Setting, mut types: std::ops::Range<usize>, id: &str) -> String {
    let found = types.find(|t| setting.types[*t].id == id);
    found.map_or_else(|| words(id), |t| setting.types[t].name.clone())
}

fn issue_name(setting: &Setting, id: &str) -> String {
    let found = setting.issues.iter().find(|issue| issue.id == id);
    found.map_or_else(|| words(id), |issue| issue.name.clone())
}

/// "“Where the armies stand” (Border)".
fn option_name(setting: &Setting, issue: &str, option: &str) -> String {
    let found = setting.issues.iter().find(|known| known.id == issue);
    let name = found
        .and_then(|issue| issue.options.iter().find(|known| known.id == option))
        .map_or_else(|| words(option), |option| option.name.clone());
    format!("“{name}” ({})", issue_name(setting, issue))
}

/// The first party of a side, for readers.
pub(super) fn side_name(setting: &Setting, side: Side) -> String {
    let party = setting
        .parties
        .iter()
        .find(|party| party.side == Some(side));
    party.map_or_else(|| format!("side {side:?}"), |party| party.name.clone())
}

fn of_contest(setting: &Setting, rest: &[&str]) -> Option<String> {
    let side = |letter: &str| {
        let side = if letter == "A" { Side::A } else { Side::B };
        format!("{} side", genitive(&side_name(setting, side)))
    };
    Some(match rest {
        ["edge"] => "the balance of efforts today".to_owned(),
        ["pace"] => "the pace of the line".to_owned(),
        ["volatility"] => "how far the line moves by luck".to_owned(),
        ["start"] => "where the line is today".to_owned(),
        ["decisive"] => "the hazard of an outright win".to_owned(),
        ["decisive_slope"] => {
            "how fast the hazard of an outright win rises with the balance".to_owned()
        }
        ["other_end"] => "the hazard of an armistice that is not from these talks".to_owned(),
        ["escalation"] => "the hazard of escalation".to_owned(),
        ["escalation_slope"] => "how fast the hazard of escalation rises with defeat".to_owned(),
        ["nest", nest, "weight"] => format!("the weight of the contributions “{}”", words(nest)),
        ["nest", nest, "substitution"] => {
            format!(
                "how well the contributions “{}” stand in for one another",
                words(nest)
            )
        }
        ["supply", supply, "share"] => format!("the share of {}", supply_name(setting, supply)),
        ["supply", supply, "level"] => format!("the rate of {}", supply_name(setting, supply)),
        ["supply", supply, "buffer"] => {
            format!(
                "months that stocks delay a cut of {}",
                supply_name(setting, supply)
            )
        }
        ["supply", supply, "ramp"] => {
            format!(
                "months over which a change of {} takes hold",
                supply_name(setting, supply)
            )
        }
        ["capacity", letter, "from_month"] => {
            format!("the month at which {} starts to tire", side(letter))
        }
        ["capacity", letter, "low"] => format!("what {} has left once tired", side(letter)),
        _ => return None,
    })
}

/// "the contribution “mediator arms” (Mediator)".
fn supply_name(setting: &Setting, id: &str) -> String {
    let giver = setting.contest.as_ref().and_then(|contest| {
        let supply = contest.supplies.iter().find(|supply| supply.id == id)?;
        Some(setting.parties[supply.from].name.clone())
    });
    match giver {
        Some(giver) if words(id) != giver.to_lowercase() => {
            format!("the contribution “{}” ({giver})", words(id))
        }
        Some(giver) => format!("the contribution of {giver}"),
        None => format!("the contribution “{}”", words(id)),
    }
}

fn of_lever(setting: &Setting, id: &str, rest: &[&str]) -> Option<String> {
    let found = setting.levers.iter().find(|lever| lever.id == id);
    let name = found.map_or_else(|| words(id), |lever| lever.name.clone());
    Some(match rest {
        ["on"] => format!("whether “{name}” is on"),
        ["delay"] => format!("the delay of “{name}”"),
        ["cost"] => format!("what “{name}” costs its wielder"),
        ["escalation"] => format!("what “{name}” adds to the hazard of escalation"),
        ["sets", "contest", "supply", supply, "level"] => {
            format!("what “{name}” makes of {}", supply_name(setting, supply))
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::label;

    #[test]
    fn every_number_of_the_first_case_has_a_label() {
        let text = include_str!("../../../../cases/first-case/case.toml");
        let case = crate::check("case.toml", text).case.unwrap();
        for input in &case.inputs {
            let label = label(&input.path, &case.setting);
            assert!(
                !label.contains('.') || label.contains('“'),
                "{}: {label}",
                input.path
            );
        }
        assert_eq!(label("party.north.burden", &case.setting), "North’s burden");
        assert_eq!(
            label("party.north.gate.house.bar", &case.setting),
            "North’s gate house bar"
        );
        assert_eq!(
            label("party.north.type.merchants.scar", &case.setting),
            "North’s lasting loss from a month fought, as type “Merchants”"
        );
    }
}
