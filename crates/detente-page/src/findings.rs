//! Sentences. Each is written only where every clause has a number behind it.

use std::fmt::Write as _;

use detente_core::{Ending, ProcessSetting, Side};
use detente_evidence::{Evidence, NeededLine, NoDeal, Zone};

use super::bottom_line::{DOUBT, silence_reason};
use super::{dates, label};
use crate::headline;
use crate::terms::Terms;
use crate::words::{and_list, capitalised, genitive, party_names, per_hundred, rounded, signed};

/// Why there is no answer at all, if there is none.
pub(super) fn not_computed(evidence: &Evidence) -> Option<String> {
    if !evidence.setting.has_no_deal() {
        return Some("Not computed: the case does not say what happens without a deal.".to_owned());
    }
    if evidence.zone().is_some() || evidence.packages().iter().any(|line| line.agreed.n > 0) {
        return None;
    }
    // Without packages and without searches nothing was asked.
    if evidence.packages().is_empty() && evidence.options.searches == 0 {
        return None;
    }
    let silences = evidence.silences.iter();
    let ((_, silence), _) = silences.max_by_key(|(_, count)| **count)?;
    Some(format!(
        "Not computed in any world: {}.",
        silence_reason(silence)
    ))
}

/// What stops a deal, and where it is said what blocks each package.
pub(super) fn blocks(evidence: &Evidence) -> Option<String> {
    let said = blocks_all(evidence)?;
    let each = evidence.zone().is_some_and(is_open) && !evidence.packages().is_empty();
    Some(if each {
        format!("{said} What follows is what blocks each of the named ones.")
    } else {
        said
    })
}

/// Is there nothing that blocks every package?
fn is_open(zone: &Zone) -> bool {
    1.0 - zone.open.value < DOUBT
}

/// What stops every deal, in a sentence or two.
pub(super) fn blocks_all(evidence: &Evidence) -> Option<String> {
    let zone = evidence.zone()?;
    let empty = 1.0 - zone.open.value;
    if is_open(zone) {
        let share = per_hundred(zone.open.value);
        return Some(format!(
            "Nothing blocks every package: in {share} of 100 searched worlds at least one is acceptable to all it needs."
        ));
    }
    let lines = zone.without_red_lines.value - zone.open.value;
    let resisted = 1.0 - zone.without_red_lines.value;
    let single = zone
        .opens_without
        .iter()
        .enumerate()
        .max_by(|a, b| a.1.total_cmp(b.1));
    let whose = match single {
        Some((party, share)) if *share > DOUBT => {
            format!(
                "; dropping those of {} alone would open it in {}",
                evidence.setting.parties[party].name,
                per_hundred(*share)
            )
        }
        _ => String::new(),
    };
    let mut finding = format!(
        "In {} of 100 searched worlds {}.",
        per_hundred(empty),
        if zone.possible.value > zone.open.value + DOUBT {
            "no package was found that will do"
        } else {
            "no package will do"
        }
    );
    if lines > DOUBT {
        let _ = write!(
            finding,
            " But for hard red lines one would in {} of 100{whose}.",
            per_hundred(lines)
        );
    }
    if resisted > DOUBT {
        let _ = write!(
            finding,
            " In {} of 100 somebody prefers {} to any package that the others take.",
            per_hundred(resisted),
            refusing(evidence)
        );
    }
    Some(finding)
}

/// The answer to Q1 in one sentence.
pub(super) fn acceptance(evidence: &Evidence) -> String {
    let verb = headline::verb(evidence.headline);
    let half: Vec<usize> = (0..evidence.packages().len())
        .filter(|p| evidence.packages()[*p].headline().value >= 0.5)
        .collect();
    match (evidence.packages().len(), half.len()) {
        (0, _) => "The case names no packages.".to_owned(),
        (1, n) => format!(
            "The one named package {verb} in {} half of the sampled worlds.",
            if n == 0 { "less than" } else { "at least" }
        ),
        (all, 0) => {
            format!("None of the {all} named packages {verb} in half of the sampled worlds.")
        }
        (all, n) if n == all => format!(
            "For each of the {all} named packages at least half of the sampled worlds {}.",
            headline::seen(evidence.headline, false)
        ),
        (all, n @ 1..=3) => {
            let quoted: Vec<String> = half.iter().map(|p| dates::quoted(evidence, *p)).collect();
            let (be, which) = if n == 1 {
                ("is", "one")
            } else {
                ("are", "ones")
            };
            format!(
                "{} {be} the only {which} of {all} named packages where at least half of the sampled worlds {}.",
                and_list(&quoted),
                headline::seen(evidence.headline, n > 1)
            )
        }
        (all, n) => format!(
            "At least half of the sampled worlds {}: {n} of {all} named packages.",
            headline::seen(evidence.headline, true)
        ),
    }
}

/// What no deal brings, in one sentence.
pub(super) fn no_deal(evidence: &Evidence) -> Option<String> {
    const YEAR: usize = 12;
    let no_deal = evidence.no_deal()?;
    let terms = Terms::of(&evidence.setting);
    if evidence.setting.lottery.is_some() {
        return Some("Without a deal one side or the other wins, at a cost to both.".to_owned());
    }
    if let Some(process) = &evidence.setting.process {
        return Some(in_process(process, terms.no_deal, no_deal));
    }
    if evidence.setting.contest.is_none() {
        return Some(format!(
            "What {} is worth is stated by the analyst.",
            terms.no_deal
        ));
    }
    let year = no_deal.ended.get(YEAR - 1).or(no_deal.ended.last())?;
    let all: f64 = year.iter().sum();
    let likeliest = Ending::ALL
        .into_iter()
        .max_by(|a, b| year[*a as usize].total_cmp(&year[*b as usize]))?;
    Some(format!(
        "Without a deal the {} ends within a year with a chance of {} in 100, averaged over worlds; most often by {}.",
        terms.fighting,
        per_hundred(all),
        ending_name(evidence, likeliest)
    ))
}

/// Where a process begins, and how it may end.
fn in_process(process: &ProcessSetting, word: &str, no_deal: &NoDeal) -> String {
    let word = capitalised(word);
    let today = process.states.get(process.today);
    let today = today.map_or("today’s state", |state| &state.name);
    let ends: Vec<String> = process
        .ends
        .iter()
        .map(|end| format!("“{}”", end.name))
        .collect();
    let ends: Vec<&str> = ends.iter().map(String::as_str).collect();
    if ends.is_empty() {
        format!("{word} begins with “{today}”, and nothing ends it for good.")
    } else {
        format!(
            "{word} begins with “{today}” and ends for good with {}{}.",
            or_list(&ends),
            within_a_year(process, no_deal).unwrap_or_default()
        )
    }
}

/// How likely an end is within a year, and which.
fn within_a_year(process: &ProcessSetting, no_deal: &NoDeal) -> Option<String> {
    const YEAR: usize = 12;
    let told = no_deal.process.as_ref()?;
    let (_, year) = told.by.iter().find(|(month, _)| *month == YEAR)?;
    let all: f64 = year.iter().sum();
    // Of equals the first.
    let likeliest = |chances: &[f64]| {
        let most = chances.iter().enumerate().rev();
        most.max_by(|a, b| a.1.total_cmp(b.1)).map(|(end, _)| end)
    };
    let name = |end: usize| &process.ends[end].name;
    let (first, last) = (likeliest(year)?, likeliest(&told.ever)?);
    let which = if process.ends.len() < 2 || all <= 0.0 {
        String::new()
    } else if first == last {
        format!(
            "; most often with “{}”, within the year as in the end",
            name(first)
        )
    } else {
        format!(
            "; within the year most often with “{}”, in the end with “{}”",
            name(first),
            name(last)
        )
    };
    Some(format!(
        ", within a year with a chance of {} in 100, averaged over worlds{which}",
        per_hundred(all)
    ))
}

/// What a package is held against in this case, in two words.
pub(super) fn refusing(evidence: &Evidence) -> &str {
    crate::terms::refusing(&evidence.setting)
}

/// How no deal is valued, in a sentence.
pub(super) fn no_deal_method(evidence: &Evidence) -> String {
    let setting = &evidence.setting;
    let terms = Terms::of(setting);
    if setting.contest.is_some() {
        let ways = evidence.no_deal();
        let ways = ways.map_or_else(|| Ending::ALL.to_vec(), NoDeal::endings);
        let other_end = terms.other_end();
        let mut said = Vec::new();
        if ways.contains(&Ending::ADecisive) || ways.contains(&Ending::BDecisive) {
            said.push("an outright win");
        }
        if ways.contains(&Ending::Armistice) {
            said.push(&other_end);
        }
        if ways.contains(&Ending::Escalation) {
            said.push("escalation");
        }
        format!(
            "{} is valued in closed form as a contest whose line follows the balance of the two sides’ efforts until {} \
             (after Smith and Stam 2004, Filson and Werner 2002, Slantchev 2003). No nest of contributions counts for less than 2 % \
             of its full rate of today.",
            capitalised(terms.going_on),
            or_list(&said)
        )
    } else if setting.lottery.is_some() {
        format!(
            "{} is valued as a costly lottery that one side or the other wins (Fearon 1995).",
            capitalised(terms.no_deal)
        )
    } else if let Some(process) = &setting.process {
        format!(
            "{} is valued in closed form as a process of {} and {}, between which moves lead at rates by the month (an absorbing \
             Markov chain: Kemeny and Snell 1960).",
            capitalised(terms.no_deal),
            counted(process.states.len(), "state", "states"),
            counted(process.ends.len(), "end", "ends")
        )
    } else if setting.reservations {
        format!(
            "What {} is worth is stated by the analyst, as each party’s reservation value (Raiffa 1982).",
            terms.no_deal
        )
    } else {
        String::new()
    }
}

fn counted(n: usize, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}

/// "a, b or c".
fn or_list(list: &[&str]) -> String {
    match list {
        [] => "the end".to_owned(),
        [one] => (*one).to_owned(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}

/// The first party of a side.
pub(super) fn side_name(evidence: &Evidence, side: Side) -> String {
    label::side_name(&evidence.setting, side)
}

/// An ending as readers see it.
pub(super) fn ending_name(evidence: &Evidence, ending: Ending) -> String {
    match ending {
        Ending::ADecisive => format!(
            "an outright win of {} side",
            genitive(&side_name(evidence, Side::A))
        ),
        Ending::BDecisive => format!(
            "an outright win of {} side",
            genitive(&side_name(evidence, Side::B))
        ),
        Ending::Armistice => Terms::of(&evidence.setting).other_end(),
        Ending::Escalation => "escalation".to_owned(),
    }
}

/// The title of the line fan.
pub(super) fn line(evidence: &Evidence) -> Option<String> {
    const YEAR: usize = 12;
    let no_deal = evidence.no_deal()?;
    let unit = &evidence.setting.contest.as_ref()?.unit;
    let (month, at) = no_deal
        .line
        .iter()
        .min_by_key(|(month, _)| month.abs_diff(YEAR))?;
    let winner = side_name(evidence, if at[3] >= 0.0 { Side::A } else { Side::B });
    let (low, high) = if at[3] >= 0.0 {
        (at[0], at[6])
    } else {
        (-at[6], -at[0])
    };
    Some(format!(
        "If the {} goes on, {winner} has gained {} {unit} by month {month} in the median, and between {} and {} with nine chances in ten",
        Terms::of(&evidence.setting).fighting,
        rounded(at[3].abs()),
        rounded(low),
        rounded(high)
    ))
}

/// Whose consent a set of packages needs.
pub(super) fn needed(evidence: &Evidence, set: &NeededLine) -> String {
    and_list(&party_names(&evidence.setting, set.needed))
}

/// "median (5 % to 95 %)" of points, without decimals where the spread makes them idle.
pub(super) fn spread(quantiles: &[f64; 5]) -> String {
    spread_to(quantiles, usize::from(!is_wide(quantiles)))
}

fn is_wide(quantiles: &[f64; 5]) -> bool {
    quantiles[4] - quantiles[0] >= 5.0
}

/// The same with so many decimals.
pub(super) fn spread_to(quantiles: &[f64; 5], decimals: usize) -> String {
    let at = |q: usize| signed(quantiles[q], decimals);
    format!("{} ({} to {})", at(2), at(0), at(4))
}

/// Decimals of the sizes of zones, in the chart and in its table: none where spreads make them idle and medians are not about 0.
pub(super) fn size_decimals(sets: &[NeededLine]) -> usize {
    let idle = |set: &NeededLine| is_wide(&set.size) && set.size[2].abs() >= 1.0;
    usize::from(!sets.iter().all(idle))
}
