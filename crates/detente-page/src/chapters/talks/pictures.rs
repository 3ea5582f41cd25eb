//! The pictures of the talks.

use detente_core::Setting;
use detente_evidence::chapters::talks::{Belief, Talks};

use super::agreed::{Moves, ends};
use super::type_name;
use crate::rows::two_errors;
use crate::svg::endings::{Ending, Endings, Mark};
use crate::svg::moved::{self, Moved};
use crate::svg::path::{BeliefPath, Line, Panel};
use crate::svg::{Marker, Party, per_hundred, responsive};

/// What is no more than this can hardly be seen.
pub(super) const SEEN: f64 = 0.02;

/// How the talks stand month by month; nothing where one number says it all.
pub(super) fn endings(found: &Talks, title: &str, placeholders: bool) -> Option<String> {
    let chart = chart(found, title, placeholders)?;
    Some(responsive(&chart.render(), &chart.render_compact()))
}

fn chart(found: &Talks, title: &str, placeholders: bool) -> Option<Endings> {
    let last_round = found.rounds.last()?.month;
    let otherwise = found
        .months
        .iter()
        .any(|[_, otherwise]| otherwise.value > SEEN);
    if found.rounds.len() < 2 && !otherwise {
        return None;
    }
    // Where next to nothing ends otherwise, next to nothing happens after the last round.
    let shown = if otherwise {
        usize::MAX
    } else {
        last_round + 2
    };
    let months: Vec<[f64; 2]> = found
        .months
        .iter()
        .take(shown.saturating_add(1))
        .map(|both| both.map(|mean| mean.value))
        .collect();
    let series = |label: &str, color_index: usize, k: usize| Ending {
        label: label.to_owned(),
        color_index,
        at_once: months.first().map_or(0.0, |both| both[k]),
        by_month: months.iter().skip(1).map(|both| both[k]).collect(),
    };
    let mut endings = vec![series("a deal by these talks", 0, 0)];
    if otherwise {
        endings.push(series("ended otherwise", 1, 1));
    }
    Some(Endings {
        title: title.to_owned(),
        desc: "Of 100 talks, how many have ended with a deal by each month, how many otherwise, and how many with neither.".to_owned(),
        id: "talks-endings".to_owned(),
        x_label: "Months from now".to_owned(),
        y_label: "of 100 talks".to_owned(),
        endings,
        still_on: "neither".to_owned(),
        mark: (last_round < months.len()).then(|| Mark {
            label: "last round".to_owned(),
            month: last_round as f64,
        }),
        placeholder: placeholders,
        ..Endings::default()
    })
}

/// Shares of deals by option in the first round and in the last that are told of, for these issues.
pub(super) fn terms(
    setting: &Setting,
    found: &Talks,
    title: &str,
    issues: &[Moves],
) -> Option<String> {
    let (first, last) = ends(found)?;
    let rows = issues.iter().flat_map(|own| {
        let issue = &setting.issues[own.issue];
        let shares = |round: usize| &found.rounds[round].terms[own.issue];
        let both = shares(first).iter().zip(shares(last));
        let both = issue.options.iter().zip(both);
        let taken = both.filter(|(_, (before, after))| before.value.max(after.value) > SEEN);
        taken.map(move |(option, (before, after))| moved::Row {
            group: issue.name.clone(),
            label: option.name.clone(),
            color_index: 0,
            marker: Marker::default(),
            before: before.value,
            after: after.value,
            before_range: two_errors(before),
            after_range: two_errors(after),
            known: None,
        })
    });
    let chart = Moved {
        title: title.to_owned(),
        desc: "For each option of the issues whose terms move, of how many of 100 deals it is part in the first round and in the last."
            .to_owned(),
        id: "talks-terms-chart".to_owned(),
        x_label: "of 100 deals of the round".to_owned(),
        rows: rows.collect(),
        percent: true,
        ends: [first, last].map(|round| format!("round {}", round + 1)),
        note: String::new(),
    };
    Some(responsive(&chart.render(), &chart.render_compact()))
}

/// How far a type's belief is from the first round's in the last round told of.
pub(super) fn moved(belief: &Belief) -> Option<f64> {
    let (first, last) = (belief.rounds.first()?, belief.rounds.last()?);
    (belief.rounds.len() > 1).then_some(last.value - first.value)
}

/// What those who still talk are taken for, round by round; nothing where that moves nobody.
pub(super) fn beliefs(setting: &Setting, found: &Talks, title: &str) -> Option<String> {
    let rounds = found
        .beliefs
        .iter()
        .map(|own| own.rounds.len())
        .max()
        .filter(|n| *n > 1)?;
    let parties = setting.parties.iter().enumerate();
    let panels = parties.filter_map(|(p, party)| {
        let own = found
            .beliefs
            .iter()
            .filter(|own| setting.types[own.t].party == p);
        let lines: Vec<Line> = own
            .map(|own| Line {
                label: setting.types[own.t].name.clone(),
                chances: own.rounds.iter().map(|mean| mean.value).collect(),
                after: None,
            })
            .collect();
        (!lines.is_empty()).then(|| Panel {
            party: Party::new(party.name.clone(), p),
            lines,
        })
    });
    let chart = BeliefPath {
        title: title.to_owned(),
        desc: "What others believe of each type in each round that talks go on to.".to_owned(),
        id: "talks-beliefs-chart".to_owned(),
        steps: (1..=rounds).map(|round| format!("round {round}")).collect(),
        panels: panels.collect(),
        mover: "no round".to_owned(),
        note: String::new(),
    };
    Some(responsive(&chart.render(), &chart.render_compact()))
}

/// The type of which it tells most that talks still go on.
pub(super) fn most_moved(setting: &Setting, found: &Talks) -> Option<String> {
    let moves = found
        .beliefs
        .iter()
        .filter_map(|own| Some((own, moved(own)?)));
    // What becomes likelier reads better than what becomes less so; of a party’s types one does where any moves.
    let (own, by) = moves.max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.t.cmp(&a.0.t)))?;
    if by <= SEEN {
        return None;
    }
    let at = |round: usize| per_hundred(Some(own.rounds[round].value));
    let last = own.rounds.len() - 1;
    Some(format!(
        "Who still talks in round {} is taken for {} in {} of 100, not {}",
        last + 1,
        type_name(setting, own.t),
        at(last),
        at(0)
    ))
}
