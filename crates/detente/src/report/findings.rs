//! Sentences. Each is written only where every clause has a number behind it.

use detente_core::{Ending, Side};

use crate::middle::party_names;
use crate::run::Silence;
use crate::summary::{NeededLine, Summary};
use crate::words::{and_list, likelihood, per_hundred, points, rounded};

/// A share this small is not "in doubt".
const DOUBT: f64 = 0.005;

/// The bottom line, each sentence with the anchor of what it rests on: three, and a warning where one is due.
pub(super) fn bottom_line(summary: &Summary) -> Vec<(String, &'static str)> {
    let mut sentences = Vec::new();
    let faults = summary.certified.faults.len();
    if faults > 0 {
        let warning = "An answer of this run failed its certificate: do not rely on this report, and please report the fault";
        sentences.push((
            format!("{warning} ({}).", summary.certified.faults[0]),
            "run",
        ));
    }
    if let Some(p) = summary.closest_package() {
        sentences.push((most_agreed(summary, p), "acceptance"));
    }
    if let Some(zone) = &summary.zone {
        let share = zone.open.value;
        let word = likelihood(share);
        let subject = if word == "almost no chance" {
            "There is"
        } else {
            "It is"
        };
        let lines = zone.without_red_lines.value - share;
        let closed = if lines > DOUBT {
            format!(
                "; in {} of 100 it is hard red lines that rule every one out",
                per_hundred(lines)
            )
        } else {
            String::new()
        };
        sentences.push((
            format!(
                "{subject} {word} ({} of 100 sampled worlds) that some combination of options would be acceptable to every \
                 party it needs{closed}.",
                per_hundred(share)
            ),
            "blocks",
        ));
    }
    sentences.push((resting(summary), "register"));
    sentences.extend(silence(summary).map(|sentence| (sentence, "method")));
    sentences
}

fn most_agreed(summary: &Summary, p: usize) -> String {
    let (package, line) = (&summary.setting.packages[p], &summary.packages[p]);
    let blocked = match line.first_blocker() {
        Some((party, share, red)) if share > DOUBT => {
            format!(
                "; where it fails, {} blocks it first most often ({})",
                summary.setting.parties[party].name,
                why(share, red)
            )
        }
        _ => String::new(),
    };
    format!(
        "Of the {} named packages “{}” is most often accepted by all it needs ({}): in {} of 100 sampled worlds{blocked}.",
        summary.packages.len(),
        package.name,
        and_list(&party_names(&summary.setting, package.needed)),
        per_hundred(line.agreed.value),
    )
}

/// What the answer rests on and what decides it.
fn resting(summary: &Summary) -> String {
    /// An input that explains less than this is not worth a name.
    const NAMED: f64 = 0.1;
    let (placeholders, claims) = summary.placeholders();
    let resting = if placeholders == 0 {
        format!(
            "Each of the {claims} numbers has a source or a status, but the answer is still one of the model"
        )
    } else {
        format!(
            "{placeholders} of the {claims} numbers are placeholders, so all this is what the model makes of its inputs, not \
             a forecast"
        )
    };
    let movers = &summary.movers;
    let types = if movers.types > NAMED {
        format!(
            "; of what is uncertain about {}, {:.0} % lies in which types the parties are",
            movers.of,
            100.0 * movers.types
        )
    } else {
        String::new()
    };
    let input = match movers.inputs.first() {
        Some(mover) if mover.index > NAMED => format!(
            "; of the rest `{}` alone explains most ({:.0} %)",
            mover.path,
            100.0 * mover.index
        ),
        _ => String::new(),
    };
    let input = if types.is_empty() {
        String::new()
    } else {
        input
    };
    format!("{resting}{types}{input}.")
}

/// Why shares do not count every world, if they do not.
fn silence(summary: &Summary) -> Option<String> {
    let worlds = summary.options.worlds as f64;
    let of_lens = summary
        .silences
        .iter()
        .filter(|((lens, _), _)| *lens != "alternative");
    let ((_, silence), count) = of_lens.max_by_key(|(_, count)| **count)?;
    let share = *count as f64 / worlds;
    let why = match silence {
        Silence::NotApplicable(why) | Silence::GaveUp(why) => (*why).to_owned(),
        Silence::Defect(what) => format!("a defect of the program, please report it: {what}"),
    };
    (share > DOUBT).then(|| {
        format!("In {} of 100 sampled worlds no full answer was found, and shares count the others: {why}.", per_hundred(share))
    })
}

/// Whether a block is owed to red lines or to shortfalls.
fn why(share: f64, red: f64) -> &'static str {
    match red / share {
        r if r > 0.95 => "a hard red line",
        r if r > 0.5 => "mostly a hard red line",
        r if r > 0.05 => "mostly because fighting on is worth more to it",
        _ => "fighting on is worth more to it",
    }
}

/// What stops a deal, in one sentence.
pub(super) fn blocks(summary: &Summary) -> Option<String> {
    let zone = summary.zone.as_ref()?;
    let empty = 1.0 - zone.open.value;
    if empty < DOUBT {
        let share = per_hundred(zone.open.value);
        return Some(format!(
            "Nothing blocks every package: in {share} of 100 sampled worlds at least one is acceptable to all it needs. What \
             follows is what blocks each of them."
        ));
    }
    let lines = zone.without_red_lines.value - zone.open.value;
    let war = 1.0 - zone.without_red_lines.value;
    let single = zone
        .opens_without
        .iter()
        .enumerate()
        .max_by(|a, b| a.1.total_cmp(b.1));
    let whose = match single {
        Some((party, share)) if *share > DOUBT => {
            format!(
                "; dropping those of {} alone would open it in {}",
                summary.setting.parties[party].name,
                per_hundred(*share)
            )
        }
        _ => String::new(),
    };
    Some(format!(
        "In {} of 100 sampled worlds no package will do. Hard red lines close the zone in {} of 100{whose}; in {} of 100 \
         somebody would rather fight on than take any package that the others take.",
        per_hundred(empty),
        per_hundred(lines),
        per_hundred(war),
    ))
}

/// The answer to Q1 in one sentence.
pub(super) fn acceptance(summary: &Summary) -> String {
    let half: Vec<&str> = agreed_above(summary, 0.5).collect();
    match half.len() {
        0 => format!(
            "None of the {} named packages is accepted by all it needs in half of the sampled worlds.",
            summary.packages.len()
        ),
        1..=3 => {
            let quoted: Vec<String> = half.iter().map(|name| format!("“{name}”")).collect();
            let verb = if half.len() == 1 {
                "is the only one"
            } else {
                "are the only ones"
            };
            format!(
                "{} {verb} of {} named packages that all who are needed accept in half of the sampled worlds or more.",
                and_list(&quoted),
                summary.packages.len()
            )
        }
        n => format!(
            "All who are needed accept {n} of {} named packages in half of the sampled worlds or more.",
            summary.packages.len()
        ),
    }
}

fn agreed_above(summary: &Summary, share: f64) -> impl Iterator<Item = &str> {
    let packages = summary.setting.packages.iter().zip(&summary.packages);
    packages
        .filter(move |(_, line)| line.agreed.value >= share)
        .map(|(package, _)| package.name.as_str())
}

/// What no deal brings, in one sentence.
pub(super) fn no_deal(summary: &Summary) -> Option<String> {
    const YEAR: usize = 12;
    let no_deal = summary.no_deal.as_ref()?;
    let year = no_deal.ended.get(YEAR - 1).or(no_deal.ended.last())?;
    let all: f64 = year.iter().sum();
    let likeliest = Ending::ALL
        .into_iter()
        .max_by(|a, b| year[*a as usize].total_cmp(&year[*b as usize]))?;
    Some(format!(
        "Without a deal the fighting ends within a year with a chance of {} in 100, on average over worlds; most often by {}.",
        per_hundred(all),
        ending_name(summary, likeliest)
    ))
}

/// The first party of a side.
pub(super) fn side_name(summary: &Summary, side: Side) -> String {
    let party = summary
        .setting
        .parties
        .iter()
        .find(|party| party.side == Some(side));
    party.map_or_else(|| format!("side {side:?}"), |party| party.name.clone())
}

/// An ending as readers see it.
pub(super) fn ending_name(summary: &Summary, ending: Ending) -> String {
    match ending {
        Ending::ADecisive => format!("an outright win of {}’s side", side_name(summary, Side::A)),
        Ending::BDecisive => format!("an outright win of {}’s side", side_name(summary, Side::B)),
        Ending::Armistice => "an armistice that is not from these talks".to_owned(),
        Ending::Escalation => "escalation".to_owned(),
    }
}

/// The title of the line fan.
pub(super) fn line(summary: &Summary) -> Option<String> {
    const YEAR: usize = 12;
    let no_deal = summary.no_deal.as_ref()?;
    let unit = &summary.setting.contest.as_ref()?.unit;
    let (month, at) = no_deal
        .line
        .iter()
        .min_by_key(|(month, _)| month.abs_diff(YEAR))?;
    let winner = side_name(summary, if at[3] >= 0.0 { Side::A } else { Side::B });
    let (low, high) = if at[3] >= 0.0 {
        (at[0], at[6])
    } else {
        (-at[6], -at[0])
    };
    Some(format!(
        "If fighting goes on, {winner} has gained {} {unit} by month {month} in the median world, and between {} and {} in nine of ten",
        rounded(at[3].abs()),
        rounded(low),
        rounded(high)
    ))
}

/// The needed set whose zone is most often open, where a solution is read off.
pub(super) fn widest(summary: &Summary) -> Option<&NeededLine> {
    let sets = summary.zone.as_ref()?.sets.iter();
    sets.filter(|set| !set.nash_options.is_empty())
        .max_by(|a, b| a.open.value.total_cmp(&b.open.value))
}

/// Whose consent a set of packages needs.
pub(super) fn needed(summary: &Summary, set: &NeededLine) -> String {
    and_list(&party_names(&summary.setting, set.needed))
}

/// "median (5 % to 95 %)" of points.
pub(super) fn spread(quantiles: &[f64; 5]) -> String {
    format!(
        "{} ({} to {})",
        points(quantiles[2]),
        points(quantiles[0]),
        points(quantiles[4])
    )
}
