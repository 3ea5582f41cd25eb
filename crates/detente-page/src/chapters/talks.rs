//! How does the negotiation go when it is played?

mod agreed;
mod data;
mod double;
mod kinds;
mod message;
mod outline;
mod pictures;
mod story;
mod tables;
#[cfg(test)]
mod tests;
mod worth;

use askama::Template;
use detente_core::Setting;
use detente_core::talks::{Kind, TOLD_MONTHS};
use detente_evidence::chapters::talks::Talks;
use detente_evidence::{Chapter, Evidence};
use detente_math::Mean;

use super::{Written, share, type_name};
use crate::rows::with_error;
use crate::terms::Terms;
use crate::words::{and_list, capitalised, count, in_time, per_hundred};
use agreed::terms_finding;
pub(crate) use kinds::kind_in_words;
use kinds::{kinds_finding, unique, with_more};
use outline::{lever_name, outline, unstated};
use story::{Story, story};
use worth::{at_finding, delay, precisions};

/// A share that is no more than this is none to speak of.
const NONE: f64 = 0.005;

#[derive(Template)]
#[template(path = "talks.html")]
struct Page<'a> {
    terms: Terms<'a>,
    finding: String,
    /// How many worlds have an answer, and why others have none.
    coverage: String,
    outline: Vec<(&'static str, String)>,
    /// What stands by default.
    unstated: String,
    /// Are there numbers?
    told: bool,
    chances: Option<Figure>,
    /// Round, month, that it is held, that the deal comes in it.
    rounds: Vec<[String; 4]>,
    /// Month, deal, otherwise.
    months: Vec<[String; 3]>,
    terms_finding: String,
    /// Package: may be proposed, proposed first, agreed.
    packages: Vec<(String, Vec<String>)>,
    /// Packages that are agreed less often.
    packages_left: String,
    /// Issue, option that most deals have, of 100 deals.
    options: Vec<(String, String, String)>,
    /// How terms move from round to round, or why that is not told.
    over_time: Option<Figure>,
    still: String,
    /// Issue, option, of 100 deals, and of 100 of each round that is told of.
    all_options: Vec<(String, String, Vec<String>)>,
    options_by_round: Vec<String>,
    /// Package, type, refuses, believed before, after.
    answers: Vec<(String, [String; 4])>,
    threats_finding: Vec<String>,
    threats: Vec<tables::ThreatRow>,
    threats_left: String,
    beliefs: Option<Figure>,
    /// Head, and by type what others believe of it.
    beliefs_rows: Vec<(String, Vec<String>)>,
    rounds_told: Vec<String>,
    beliefs_still: bool,
    delay: String,
    worths: Vec<(String, Vec<String>)>,
    /// Chance of a deal: at three precisions, in the limit, if all knew all types.
    at: Vec<(&'static str, String)>,
    at_finding: String,
    message_finding: String,
    /// Party, deals after a message on it, more than without.
    messages: Vec<(String, String, String)>,
    /// What would have to be true for twice as many deals.
    double: Option<String>,
    kinds_finding: String,
    kinds: Vec<(String, String, String)>,
    kinds_rarer: String,
    unique: String,
    story: Option<Story>,
    stories: Vec<Story>,
    more: String,
}

struct Figure {
    title: String,
    drawing: String,
    caption: String,
}

pub(super) fn write(evidence: &Evidence, found: &Talks) -> Option<Written> {
    let setting = &evidence.setting;
    let told = found.answered > 0 && found.asked.rounds > 0;
    let mut stories = found.kinds.iter().filter_map(|kind| story(setting, kind));
    let (threats, threats_left) = tables::threats(setting, found);
    let (packages, packages_left) = tables::packages(setting, found);
    let page = Page {
        terms: Terms::of(setting),
        finding: finding(evidence, found),
        coverage: coverage(found),
        outline: if found.asked.rounds > 0 {
            outline(setting, found)
        } else {
            Vec::new()
        },
        unstated: if found.asked.rounds > 0 {
            unstated(&found.asked)
        } else {
            String::new()
        },
        told,
        chances: chances(evidence, found),
        rounds: tables::rounds(found),
        months: tables::months(found),
        terms_finding: terms_finding(setting, found),
        packages,
        packages_left,
        options: tables::leading_options(setting, found),
        over_time: agreed::over_time(setting, found),
        still: agreed::still(found),
        all_options: tables::options(setting, found),
        options_by_round: tables::heads_of_options(found),
        answers: tables::answers(setting, found),
        threats_finding: threats_finding(setting, found),
        threats,
        threats_left,
        beliefs: beliefs(setting, found),
        beliefs_rows: tables::beliefs(setting, found),
        rounds_told: tables::heads_of_rounds(found),
        beliefs_still: found.beliefs.iter().any(|own| own.rounds.len() > 1),
        delay: delay(setting, found),
        worths: tables::worths(setting, found),
        at: precisions(found),
        at_finding: at_finding(found),
        message_finding: message::finding(setting, found),
        messages: message::rows(setting, found),
        double: double::write(evidence, found),
        kinds_finding: kinds_finding(found),
        kinds: kinds::rows(found),
        kinds_rarer: kinds::rarer(found),
        unique: unique(found),
        story: stories.next(),
        stories: stories.collect(),
        more: found.more.as_ref().map_or(String::new(), with_more),
    };
    Some(Written {
        // The bottom line has its sentence of its own accord, and the terminal with it.
        bottom_line: Vec::new(),
        html: page.render().ok()?,
        json: data::data(setting, found),
    })
}

/// The sentence of the bottom line; nothing where the case has no talks or nothing came of them.
pub(crate) fn sentence(evidence: &Evidence) -> Option<String> {
    let Chapter::Told(found) = &evidence.chapters.talks else {
        return None;
    };
    if found.answered == 0 || found.asked.rounds == 0 {
        return Some(finding(evidence, found));
    }
    let known = if found.known.n > 0 {
        format!(" (all types known: {})", with_error(&found.known))
    } else {
        String::new()
    };
    let part = match found.draws - found.answered {
        0 => String::new(),
        n => format!(
            "; worlds without a certified answer, {} of 100, do not count",
            share_of(n, found.draws)
        ),
    };
    Some(format!(
        "Played as a game, {} of 100 talks end with a deal{known}{part}.",
        with_error(&deal(found))
    ))
}

/// What would have to be true for twice as many deals, in a sentence or two, where it was sought.
pub(crate) fn doubling(evidence: &Evidence) -> Option<String> {
    let told = evidence.chapters.talks.told()?.doubling.told()?;
    Some(double::finding(&evidence.setting, told))
}

/// The same in one line of the terminal: deals, those that are kept, and what the commonest kind of equilibrium is like.
pub(crate) fn line(evidence: &Evidence) -> Option<String> {
    let Chapter::Told(found) = &evidence.chapters.talks else {
        return None;
    };
    let first = found.kinds.first().filter(|_| found.asked.rounds > 0)?;
    let kept = if found.kept.n > 0 {
        format!(", kept {}", with_error(&found.kept))
    } else {
        String::new()
    };
    let deals = with_error(&deal(found));
    let line = format!(
        "Talks: deals {deals} of 100{kept}; commonest kind ({}): ",
        share(first.share)
    );
    // As much of the kind as the line has room for.
    let mut said = kinds::in_brief(first.kind);
    let room = crate::terminal::WIDTH.saturating_sub(line.chars().count());
    while said.len() > 1 && said.join(", ").chars().count() > room {
        said.pop();
    }
    Some(line + &said.join(", "))
}

/// Chance of a deal by these talks, as far as months are told.
fn deal(found: &Talks) -> Mean {
    found
        .months
        .last()
        .map_or_else(Mean::default, |both| both[0])
}

/// May a deal come later than months are told?
fn is_cut_short(found: &Talks) -> bool {
    found
        .rounds
        .last()
        .is_some_and(|round| round.month > TOLD_MONTHS)
}

fn finding(evidence: &Evidence, found: &Talks) -> String {
    if found.asked.rounds == 0 {
        return "The case allows no round of talks, and so none ends with a deal.".to_owned();
    }
    if found.answered == 0 {
        return format!(
            "The talks were played as a game in {}, and there is a certified answer in none.",
            count(found.draws, "world")
        );
    }
    let within = if is_cut_short(found) {
        format!(" within {}", in_time(TOLD_MONTHS))
    } else {
        String::new()
    };
    let kept = evidence.headline.kept_months.filter(|_| found.kept.n > 0);
    let kept = kept.map_or(String::new(), |months| {
        format!(
            ", {} with one that is kept {}",
            with_error(&found.kept),
            in_time(months)
        )
    });
    let known = if found.known.n > 0 {
        format!(
            "; if all knew all types, {} would",
            with_error(&found.known)
        )
    } else {
        String::new()
    };
    let part = if found.answered < found.draws {
        format!(
            " (of the worlds played {} of 100 have a certified answer, and these alone count)",
            share_of(found.answered, found.draws)
        )
    } else {
        String::new()
    };
    format!(
        "Played as a game, {} of 100 talks end with a deal{within}{kept}{known}{part}.",
        with_error(&deal(found))
    )
}

fn share_of(part: usize, all: usize) -> String {
    per_hundred(part as f64 / all.max(1) as f64)
}

fn coverage(found: &Talks) -> String {
    let worlds = count(found.draws, "world");
    if found.asked.rounds == 0 {
        return String::new();
    }
    if found.answered == found.draws {
        return format!("Played in {worlds}, each with a certified answer.");
    }
    let part = |n: usize, words: &str| {
        (n > 0).then(|| format!("{} of 100 {words}", share_of(n, found.draws)))
    };
    let rest = found.draws - found.answered - found.uncertified - found.too_large;
    let parts: Vec<String> = [
        part(found.uncertified, "have no certified answer"),
        part(found.too_large, "are too large however they are cut"),
        part(rest, "could not be played"),
    ]
    .into_iter()
    .flatten()
    .collect();
    let answered = match found.answered {
        0 => String::new(),
        n => format!(
            " {} of 100 ({n}) have a certified answer, of which alone everything here is told;",
            share_of(n, found.draws)
        ),
    };
    format!("Played in {worlds}:{answered} {}.", and_list(&parts)).replace(";  ", "; ")
}

/// How the talks stand by month.
fn chances(evidence: &Evidence, found: &Talks) -> Option<Figure> {
    let first = found.rounds.first()?.deal.value;
    let all: f64 = found.rounds.iter().map(|round| round.deal.value).sum();
    let title = if all <= NONE || all.is_nan() {
        "No deal comes by these talks".to_owned()
    } else if first / all <= NONE {
        "No deal comes in the first round".to_owned()
    } else if first / all >= 0.995 {
        "All deals come in the first round".to_owned()
    } else {
        format!(
            "Of 100 deals {} come in the first round",
            per_hundred(first / all)
        )
    };
    let drawing = pictures::endings(found, &title, evidence.resting_on.placeholders > 0)?;
    let errors = found
        .months
        .iter()
        .flatten()
        .map(|mean| mean.error)
        .filter(|error| !error.is_nan());
    let error = errors.fold(0.0, f64::max);
    Some(Figure {
        title,
        drawing,
        caption: format!(
            "Means over {}{}.{}",
            count(found.answered, "answer"),
            match 100.0 * error {
                error if error < 1.0 => String::new(),
                error => format!(", standard error up to {error:.0} of 100"),
            },
            if found.months.iter().any(|both| both[1].value > NONE) {
                " What goes on without a deal may end otherwise while parties talk, and after."
            } else {
                ""
            }
        ),
    })
}

fn threats_finding(setting: &Setting, found: &Talks) -> Vec<String> {
    let mut said = Vec::new();
    let made = found.threats.iter().filter(|own| own.made.value > NONE);
    let most = made.max_by(|a, b| {
        a.made
            .value
            .total_cmp(&b.made.value)
            .then(b.lever.cmp(&a.lever))
    });
    let pulled = |own: &Mean| {
        if own.value > NONE {
            format!("carried out in {} of 100 talks", with_error(own))
        } else {
            "carried out in fewer than one talk of 100".to_owned()
        }
    };
    if let Some(own) = most {
        let believed = if own.believed.n > 0 {
            format!("believed in {} of 100, ", with_error(&own.believed))
        } else {
            String::new()
        };
        said.push(format!(
            "{} is announced in {} of 100 talks, {believed}and {}.",
            capitalised(&lever_name(setting, own.lever)),
            with_error(&own.made),
            pulled(&own.pulled)
        ));
        let of_kind = |flag: Kind| -> f64 {
            let own = found.kinds.iter().filter(|own| own.kind.has(flag));
            own.map(|own| own.share).sum()
        };
        let (bluffs, idle) = (of_kind(Kind::BLUFF), of_kind(Kind::IDLE));
        said.push(if bluffs > NONE {
            format!("In {} of 100 answers a type announces what it would not always carry out: a bluff.", share(bluffs))
        } else {
            "Nobody bluffs: who announces a threat would carry it out.".to_owned()
        });
        if idle > NONE {
            said.push(format!(
                "In {} of 100 all types of its wielder announce a threat alike, so that it tells nothing of them.",
                share(idle)
            ));
        }
        return said;
    }
    let most = found.threats.iter().filter(|own| own.pulled.value > NONE);
    let most = most.max_by(|a, b| {
        a.pulled
            .value
            .total_cmp(&b.pulled.value)
            .then(b.lever.cmp(&a.lever))
    });
    match most {
        Some(own) => said.push(format!(
            "No threat is announced. {} is {}.",
            lever_name(setting, own.lever),
            pulled(&own.pulled)
        )),
        None if !found.threats.is_empty() => said
            .push("In fewer than one talk of 100 is a threat announced or carried out.".to_owned()),
        None => {}
    }
    said
}

fn beliefs(setting: &Setting, found: &Talks) -> Option<Figure> {
    let title = pictures::most_moved(setting, found)?;
    let drawing = pictures::beliefs(setting, found, &title)?;
    let longest = found.beliefs.iter().max_by_key(|own| own.rounds.len())?;
    let worlds: Vec<String> = longest
        .rounds
        .iter()
        .map(|mean| mean.n.to_string())
        .collect();
    Some(Figure {
        title,
        drawing,
        caption: if worlds.iter().all(|n| *n == worlds[0]) {
            format!("Means over {} worlds.", worlds[0])
        } else {
            format!(
                "Means over the worlds in which talks go on to the round ({}), so that a step may be owed to other worlds too.",
                and_list(&worlds)
            )
        },
    })
}
