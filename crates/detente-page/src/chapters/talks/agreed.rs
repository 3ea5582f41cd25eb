//! What is agreed: what deals have in common, and how the terms of later rounds differ from those of the first.

use detente_core::Setting;
use detente_evidence::chapters::talks::{FEWEST_WORLDS, RARE_DEALS, Talks};

use super::pictures::{self, SEEN};
use super::worth::is_beyond;
use super::{Figure, NONE, deal};
use crate::rows::with_error;
use crate::words::{and_list, capitalised, per_hundred};

/// Issues that the picture has.
const DRAWN: usize = 4;

/// What deals have in common.
pub(super) fn terms_finding(setting: &Setting, found: &Talks) -> String {
    if deal(found).value <= NONE {
        return "There are no deals to tell of.".to_owned();
    }
    let first = found.packages.first().filter(|own| own.agreed.value > NONE);
    let first = first.map(|own| {
        format!(
            "“{}” is what {} of 100 talks end with",
            setting.packages[own.package].name,
            with_error(&own.agreed)
        )
    });
    let others = unnamed(found).map(|others| {
        format!(
            "{} of 100 talks end with a package that nobody named",
            per_hundred(others)
        )
    });
    let said: Vec<String> = first.into_iter().chain(others).collect();
    if said.is_empty() {
        return String::new();
    }
    format!("{}.", capitalised(&said.join("; ")))
}

/// Chance that the talks end with a package that nobody named, where others are found and that is to speak of.
pub(super) fn unnamed(found: &Talks) -> Option<f64> {
    let agreed = found.packages.iter().map(|own| own.agreed.value);
    let named: f64 = agreed.filter(|x| x.is_finite()).sum();
    let others = deal(found).value - named;
    (others > NONE && found.asked.found).then_some(others)
}

/// Rounds whose deals are told of, by their places.
pub(super) fn told_rounds(found: &Talks) -> Vec<usize> {
    let rounds = found.rounds.iter().enumerate();
    let told = rounds.filter(|(_, round)| !round.terms.is_empty());
    told.map(|(k, _)| k).collect()
}

/// An issue whose terms move.
pub(super) struct Moves {
    pub(super) issue: usize,
    /// Options that move, the one that gains most first.
    pub(super) options: Vec<usize>,
    /// How much of the deals of the last round has another option than in the first one told of.
    by: f64,
}

/// The first round and the last whose deals are told of.
pub(super) fn ends(found: &Talks) -> Option<(usize, usize)> {
    let told = told_rounds(found);
    let (first, last) = (*told.first()?, *told.last()?);
    (first < last).then_some((first, last))
}

/// Issues whose terms differ from the first round to the last by more than their errors, the most moved first.
pub(super) fn moves(found: &Talks) -> Vec<Moves> {
    let Some((first, last)) = ends(found) else {
        return Vec::new();
    };
    let (first, last) = (&found.rounds[first].terms, &found.rounds[last].terms);
    let mut all: Vec<Moves> = first
        .iter()
        .zip(last)
        .enumerate()
        .map(|(issue, (first, last))| {
            let apart = |o: usize| last[o].value - first[o].value;
            let beyond = |o: &usize| {
                apart(*o).abs() > SEEN && is_beyond(apart(*o), &[first[*o].error, last[*o].error])
            };
            let mut options: Vec<usize> = (0..first.len()).filter(beyond).collect();
            options.sort_by(|a, b| apart(*b).total_cmp(&apart(*a)).then(a.cmp(b)));
            let by = (0..first.len()).map(|o| apart(o).abs()).sum::<f64>() / 2.0;
            Moves { issue, options, by }
        })
        .filter(|own| !own.options.is_empty())
        .collect();
    all.sort_by(|a, b| b.by.total_cmp(&a.by).then(a.issue.cmp(&b.issue)));
    all
}

/// What is said of the terms over time where they have no course that is told.
pub(super) fn still(found: &Talks) -> String {
    let dealt = |k: &usize| found.rounds[*k].deal.value > NONE;
    let dealt: Vec<usize> = (0..found.rounds.len()).filter(dealt).collect();
    let told = told_rounds(found);
    match (dealt.as_slice(), told.as_slice()) {
        ([only], _) if found.rounds.len() > 1 => format!(
            "Next to no deal comes in another round than round {}, so that terms do not change over time.",
            only + 1
        ),
        ([] | [_], _) => String::new(),
        (_, [] | [_]) => {
            let told = told
                .first()
                .map_or("no round".to_owned(), |k| format!("round {} alone", k + 1));
            format!(
                "By round terms are told of {told}: deals of the others are rarer than {} of 100 talks or come from fewer than \
                 {FEWEST_WORLDS:.0} worlds.",
                per_hundred(RARE_DEALS)
            )
        }
        (_, [first, .., last]) if moves(found).is_empty() => format!(
            "Deals of round {} have the terms of those of round {}, as far as errors tell.",
            last + 1,
            first + 1
        ),
        _ => String::new(),
    }
}

/// How the terms move from round to round; nothing where they do not.
pub(super) fn over_time(setting: &Setting, found: &Talks) -> Option<Figure> {
    let (first, last) = ends(found)?;
    let moves = moves(found);
    let title = most_moved(setting, found, (first, last), moves.first()?);
    let drawn = &moves[..moves.len().min(DRAWN)];
    let left = moves[drawn.len()..].iter();
    let left: Vec<String> = left
        .map(|own| format!("“{}”", setting.issues[own.issue].name))
        .collect();
    let left = if left.is_empty() {
        String::new()
    } else {
        format!(" Terms move less on {}.", and_list(&left))
    };
    let [early, late] = [first, last].map(|k| with_error(&found.rounds[k].deal));
    Some(Figure {
        drawing: pictures::terms(setting, found, &title, drawn)?,
        title,
        caption: format!(
            "{early} of 100 talks end with a deal in round {}, {late} in round {}. Ranges are two standard errors. Later deals are made in other \
             worlds or by other types too, so that a step need be nobody’s concession.{left}",
            first + 1,
            last + 1,
        ),
    })
}

/// "Deals of round 2 have “most” on “Share” in 71 ±3 of 100, those of round 1 in 40 ±2".
fn most_moved(
    setting: &Setting,
    found: &Talks,
    (first, last): (usize, usize),
    own: &Moves,
) -> String {
    let issue = &setting.issues[own.issue];
    // What becomes commoner is told, if anything does; else what becomes rarer.
    let option = own.options[0];
    let share = |k: usize| with_error(&found.rounds[k].terms[own.issue][option]);
    format!(
        "Deals of round {} have “{}” on “{}” in {} of 100, those of round {} in {}",
        last + 1,
        issue.options[option].name,
        issue.name,
        share(last),
        first + 1,
        share(first)
    )
}
