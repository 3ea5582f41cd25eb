//! Labels of what stands under issues, the contest, levers, what may follow a deal, and play.

use detente_core::Setting;

use super::{label, option_name, party_name, side_of, supply_name, type_name, words};
use crate::terms::Terms;

pub(super) fn of_option(
    setting: &Setting,
    (issue, option): (&str, &str),
    rest: &[&str],
) -> Option<String> {
    let name = option_name(setting, issue, option);
    Some(match rest {
        ["position"] => format!("the position of {name}"),
        ["lasts"] => format!("the months that {name} lasts"),
        ["guarantee"] => format!("how far {name} guarantees the deal"),
        ["verification"] => format!("how far {name} has the deal verified"),
        ["separation"] => format!("how far {name} separates the parties"),
        ["crack", party] => format!(
            "what {name} costs {} in cracks of its alliance",
            party_name(setting, party)
        ),
        ["sets", path @ ..] => format!("what {name} makes of {}", label(&path.join("."), setting)),
        _ => return None,
    })
}

pub(super) fn of_contest(setting: &Setting, rest: &[&str]) -> Option<String> {
    let terms = Terms::of(setting);
    Some(match rest {
        ["horizon"] => format!("the months over which {} is followed", terms.going_on),
        ["edge"] => "the balance of efforts today".to_owned(),
        ["pace"] => "the pace of the line".to_owned(),
        ["volatility"] => "how far the line moves by luck".to_owned(),
        ["start"] => "where the line is today".to_owned(),
        ["decisive"] => "the hazard of an outright win".to_owned(),
        ["decisive_slope"] => {
            "how fast the hazard of an outright win rises with the balance".to_owned()
        }
        ["other_end"] => format!("the hazard of {}", terms.other_end()),
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
            format!(
                "the month at which {} starts to tire",
                side_of(setting, letter)
            )
        }
        ["capacity", letter, "low"] => {
            format!("what {} has left once tired", side_of(setting, letter))
        }
        _ => return None,
    })
}

pub(super) fn of_lever(setting: &Setting, id: &str, rest: &[&str]) -> Option<String> {
    let found = setting.levers.iter().find(|lever| lever.id == id);
    let name = found.map_or_else(|| words(id), |lever| lever.name.clone());
    Some(match rest {
        ["on"] => format!("whether “{name}” is on"),
        ["delay"] => format!("the delay of “{name}”"),
        ["cost"] => format!("what “{name}” costs its wielder"),
        ["audience_cost"] => {
            format!("what announcing “{name}” and not pulling it costs its wielder")
        }
        ["flow_cost", party] => {
            format!("what “{name}” costs {} a month", party_name(setting, party))
        }
        ["pays", party] => {
            format!("what “{name}” pays {} once", party_name(setting, party))
        }
        ["lasts"] => format!("for how many months “{name}” pays"),
        ["escalation"] => format!("what “{name}” adds to the hazard of escalation"),
        ["announces", kind] => {
            let types = found.map_or(0..0, |lever| setting.parties[lever.by].types.clone());
            format!(
                "the chance that the wielder of “{name}” announces it as type “{}”",
                type_name(setting, types, kind)
            )
        }
        ["credibility"] => format!("the chance that “{name}” is pulled, as the case assumes"),
        ["sets", path @ ..] => {
            format!("what “{name}” makes of {}", label(&path.join("."), setting))
        }
        _ => return None,
    })
}

pub(super) fn of_durability(setting: &Setting, rest: &[&str]) -> Option<String> {
    let terms = Terms::of(setting);
    Some(match rest {
        ["background"] => "the rate at which deals of this kind break down".to_owned(),
        ["guarantee"] => "what a full guarantee does to that rate".to_owned(),
        ["verification"] => "what full verification does to the rate of breakdowns".to_owned(),
        ["separation"] => {
            "what full separation of the parties does to the rate of breakdowns".to_owned()
        }
        ["imposed"] => "what an imposed deal adds to the rate of breakdowns".to_owned(),
        ["mediated"] => "what mediation takes off the rate of breakdowns at first".to_owned(),
        ["fades"] => "the months over which the effect of mediation fades".to_owned(),
        ["kept_months"] => "the months after which a deal counts as kept".to_owned(),
        ["sample_mean", what] => {
            format!(
                "the mean {} of the deals behind the rate of breakdowns",
                words(what)
            )
        }
        ["rebuild", letter] => format!(
            "the months in which {} gathers new {}",
            side_of(setting, letter),
            terms.forces
        ),
        ["force", letter] => format!(
            "what the {} of {} become after a deal, of today’s",
            terms.forces,
            side_of(setting, letter)
        ),
        ["failure", id, "rate"] => {
            let mut known = setting.failures.iter();
            let found = known.find(|failure| failure.id == *id);
            let name = found.map_or_else(|| words(id), |f| f.name.trim_end_matches('.').to_owned());
            format!("the rate of this failure: “{name}”")
        }
        ["base_rate", id, what] => {
            let mut known = setting.base_rates.iter();
            let found = known.find(|rate| rate.id == *id);
            let says = found.map_or_else(|| words(id), |r| r.says.trim_end_matches('.').to_owned());
            match *what {
                "share" => format!("the share counted of past cases: “{says}”"),
                "years" => format!("the years over which was counted: “{says}”"),
                _ => return None,
            }
        }
        ["target", id, "worth"] => {
            format!("what turning on “{}” instead is worth", words(id))
        }
        _ => return None,
    })
}

/// Behaviour, talks, observables, messengers, acts and what else belongs to play.
pub(super) fn of_play(setting: &Setting, path: &[&str]) -> Option<String> {
    let type_called = |kind: &str| {
        let found = setting.types.iter().find(|known| known.id == kind);
        found.map_or_else(
            || words(kind),
            |found| format!("{}: {}", setting.parties[found.party].name, found.name),
        )
    };
    Some(match path {
        ["behaviour", "noise"] => "the points that choosing is blurred by".to_owned(),
        ["behaviour", "precision"] => "how precisely parties play the talks".to_owned(),
        ["talks", "rounds"] => "the rounds of the talks".to_owned(),
        ["talks", "months"] => "the months between two rounds of the talks".to_owned(),
        ["talks", "offers"] => "how many packages may be proposed in the talks".to_owned(),
        ["talks", "moves"] => "the moves that a game of the talks may have".to_owned(),
        ["talks", "meanwhile", party] => format!(
            "what waiting is worth to {} while talks last",
            party_name(setting, party)
        ),
        ["talks", "news", kind @ ..] => format!(
            "the chance of news between two rounds if the type is “{}”",
            kind.last()
                .map_or_else(String::new, |kind| type_called(kind))
        ),
        ["fact", id] => format!("the fact “{}”", words(id)),
        ["words", word] => format!("the probability that “{}” stands for", words(word)),
        ["observable", id, "noise"] => {
            let found = setting.observables.iter().find(|known| known.id == *id);
            let name = found.map_or_else(|| words(id), |seen| seen.name.clone());
            format!("how blurred “{name}” is seen")
        }
        ["messenger", id, "distortion"] => {
            let found = setting.messengers.iter().find(|known| known.id == *id);
            let name = found.map_or_else(|| words(id), |known| known.name.clone());
            format!("how far “{name}” bends its reports")
        }
        ["anchor", id, "weight"] => format!("how much “{}” counts", words(id)),
        ["act", id, "noise"] => format!("what the choice “{}” was blurred by", words(id)),
        ["act", id, "likelihood", kind] => format!(
            "the chance of the act “{}” from type “{}”",
            words(id),
            type_called(kind)
        ),
        ["turnover", id, "prior", kind] => format!(
            "the chance after “{}” of type “{}”",
            words(id),
            type_called(kind)
        ),
        ["judgement", id, "base_rate"] => {
            format!(
                "how often what the judgement “{}” is about happens",
                words(id)
            )
        }
        ["judgement", id, "probability"] => {
            format!("the probability of the judgement “{}”", words(id))
        }
        _ => return None,
    })
}
