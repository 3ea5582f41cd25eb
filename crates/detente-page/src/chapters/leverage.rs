//! What threats and promises would do. Levers are told in one another's worth only where they move the same type.

mod incentives;
mod together;
mod turns;

use askama::Template;
use detente_core::{Dimension, Setting};
use detente_evidence::chapters::leverage::{Group, Incentive, Lever, Leverage, Turn};
use detente_evidence::{Chapter, Evidence};
use detente_math::Mean;
use serde_json::{Map, Value, json};

use super::{Written, number, share, type_name};
use crate::terms::Terms;
use crate::words::{and_list, count, in_words, per_hundred, points, signed};

const LENS: &str = "leverage";
/// What moves its target by fewer points than this is no measure for others.
const LITTLE: f64 = 0.05;

#[derive(Template)]
#[template(path = "leverage.html")]
struct Page<'a> {
    findings: Vec<String>,
    worlds: String,
    groups: Vec<GroupPart>,
    promises: Vec<PromiseRow>,
    /// Which levers act in a war that resumes; empty where none does.
    after_deals: String,
    /// Is there a section on what may follow a deal, and what it is called?
    follows: bool,
    terms: Terms<'a>,
    types: Vec<incentives::TypeRow>,
    /// Does any lever risk an escalation?
    escalates: bool,
    picture: Option<turns::Picture>,
    turns: Vec<turns::TurnRow>,
    parties: Vec<String>,
    /// A refusal with none and with all of its levers, what that is worth to each party, how often the zone is open.
    together: Vec<(String, Vec<String>)>,
    concessions: String,
    /// In how many worlds that was sought.
    conceded_in: String,
}

/// The levers that answer one party's refusal.
struct GroupPart {
    title: String,
    /// By what they are ordered; empty where there is nothing to order by.
    order: String,
    rows: Vec<LeverRow>,
    exchange: Vec<String>,
}

struct LeverRow {
    name: String,
    note: String,
    by: String,
    credibility: String,
    announced: String,
    undecided: String,
    moves: String,
    price: String,
    assurance: String,
    zone: String,
}

/// A promise that pays once a deal is signed.
struct PromiseRow {
    name: String,
    note: &'static str,
    by: String,
    credibility: String,
    announced: String,
    undecided: String,
    /// By type that it pays: what that adds to its margin.
    adds: Vec<String>,
    price: String,
}

pub(super) fn write(evidence: &Evidence, told: &Leverage) -> Option<Written> {
    let setting = &evidence.setting;
    let findings = findings(setting, told);
    let page = Page {
        findings: findings.clone(),
        worlds: count(told.worlds, "world"),
        groups: told
            .groups
            .iter()
            .filter_map(|g| group(setting, g))
            .collect(),
        promises: {
            let awaiting = told.groups.iter().filter(|group| group.target.is_none());
            let levers = awaiting.flat_map(|group| &group.levers);
            levers.map(|lever| promise_row(setting, lever)).collect()
        },
        after_deals: after_deals(setting, &told.after_deals),
        follows: !matches!(evidence.chapters.durability, Chapter::Nothing),
        terms: Terms::of(setting),
        types: told
            .incentives
            .iter()
            .map(|of| incentives::row(setting, of))
            .collect(),
        escalates: told.incentives.iter().any(|of| of.escalation.abs() > 0.0),
        picture: told.curves.as_ref().map(|c| turns::picture(setting, c)),
        turns: told
            .turns
            .iter()
            .filter(|turn| turn.is_listed())
            .map(|turn| turns::row(setting, turn))
            .collect(),
        parties: setting.parties.iter().map(|p| p.name.clone()).collect(),
        together: told
            .together
            .iter()
            .map(|row| together::row(setting, row))
            .collect(),
        concessions: concessions(setting, &told.concessions),
        conceded_in: count(
            told.concessions
                .iter()
                .map(|(_, given)| given.n)
                .max()
                .unwrap_or(0),
            "world",
        ),
    };
    let levers = told.groups.iter().flat_map(|group| {
        let each = group.levers.iter();
        each.map(|lever| lever_json(setting, group.target, lever))
    });
    let json = json!({
        "levers": levers.collect::<Vec<_>>(),
        "types": told.incentives.iter().map(|of| incentives::data(setting, of)).collect::<Vec<_>>(),
        "refusals": told.together.iter().map(|row| together::data(setting, row)).collect::<Vec<_>>(),
        "turns": told.turns.iter().map(|turn| turns::data(setting, turn)).collect::<Vec<_>>(),
        "concessions": told.concessions.iter().map(|(p, given)| (setting.parties[*p].id.clone(), json!(given.value)))
            .collect::<Map<_, _>>(),
    });
    Some(Written {
        bottom_line: findings.into_iter().map(|said| (said, LENS)).collect(),
        html: page.render().ok()?,
        json,
    })
}

/// A number of points, or the least and the greatest over types.
fn over_types(values: &[f64]) -> String {
    let known = || values.iter().copied().filter(|x| !x.is_nan());
    let (least, most) = (
        known().fold(f64::INFINITY, f64::min),
        known().fold(f64::NEG_INFINITY, f64::max),
    );
    match known().count() {
        0 => "–".to_owned(),
        _ if points(least) == points(most) => points(most),
        _ => format!("{} to {}", points(least), points(most)),
    }
}

fn group(setting: &Setting, told: &Group) -> Option<GroupPart> {
    let rows = told.levers.iter().map(|lever| lever_row(setting, lever));
    let party = &setting.parties[told.target?];
    let kind = &setting.types[party.types.start + told.likeliest];
    let order = match (told.levers.len(), party.types.len()) {
        (1, _) => String::new(),
        (_, 1) => "In the order of how far each moves it.".to_owned(),
        _ => format!(
            "In the order of how far each moves its likeliest type, {}.",
            kind.name
        ),
    };
    Some(GroupPart {
        title: format!("If {} refuses", party.name),
        order,
        rows: rows.collect(),
        exchange: exchange(setting, &told.levers),
    })
}

fn promise_row(setting: &Setting, told: &Lever) -> PromiseRow {
    let lever = &setting.levers[told.lever];
    let paid = told
        .adds
        .iter()
        .filter(|(t, _)| setting.types[*t].party != lever.by);
    PromiseRow {
        name: lever.name.clone(),
        note: if told.is_assumed {
            "how often it is kept is assumed by the case, not derived"
        } else {
            ""
        },
        by: setting.parties[lever.by].name.clone(),
        credibility: unless_undecided(told.credibility, told.undecided),
        announced: unless_undecided(told.announced, told.undecided),
        undecided: share(told.undecided),
        adds: paid
            .map(|(t, x)| format!("{}: {}", type_name(setting, *t), points(*x)))
            .collect(),
        price: over_types(&told.price),
    }
}

/// How often a lever is pulled; one half that only means that nothing tells is no chance.
fn unless_undecided(chance: f64, undecided: f64) -> String {
    if undecided >= 0.995 {
        "undecided".to_owned()
    } else {
        share(chance)
    }
}

/// What parties give up, or gain, from their opening packages, as a clause.
fn concessions(setting: &Setting, conceded: &[(usize, Mean)]) -> String {
    let each = conceded.iter().map(|(p, given)| {
        let does = if given.value < 0.0 {
            "gains"
        } else {
            "gives up"
        };
        let name = &setting.parties[*p].name;
        // Few worlds are searched so far: what they differ by is not left out.
        let error = if given.error.is_nan() {
            String::new()
        } else {
            format!("\u{a0}± {}", points(given.error))
        };
        format!("{name} {does} {}{error} points", points(given.value.abs()))
    });
    let said: Vec<String> = each.collect();
    let from = match said.len() {
        0 => return String::new(),
        1 => "from its opening package",
        _ => "each from its own opening package",
    };
    format!("{} on paper, {from}", and_list(&said))
}

/// Which levers act in a war that resumes after a deal.
fn after_deals(setting: &Setting, levers: &[usize]) -> String {
    let names: Vec<String> = levers
        .iter()
        .map(|l| format!("“{}”", setting.levers[*l].name))
        .collect();
    if names.is_empty() {
        return String::new();
    }
    let act = if names.len() == 1 { "acts" } else { "act" };
    format!(
        "{} {act} when {} after a deal",
        and_list(&names),
        Terms::of(setting).resumes()
    )
}

fn lever_row(setting: &Setting, told: &Lever) -> LeverRow {
    let lever = &setting.levers[told.lever];
    LeverRow {
        name: lever.name.clone(),
        note: {
            let mut notes = Vec::new();
            if told.is_assumed {
                notes.push(
                    "how often it is pulled after a refusal is assumed by the case, not derived",
                );
            }
            if told.backfires > 0.5 {
                notes.push("makes refusing worth more to most of its target’s types");
            }
            notes.join("; ")
        },
        by: setting.parties[lever.by].name.clone(),
        credibility: unless_undecided(told.credibility, told.undecided),
        announced: unless_undecided(told.announced, told.undecided),
        undecided: share(told.undecided),
        moves: over_types(&told.moves),
        price: over_types(&told.price),
        assurance: share(told.assurance),
        zone: if told.zone[0].is_nan() {
            "–".to_owned()
        } else {
            format!(
                "{} → {}",
                per_hundred(told.zone[0]),
                per_hundred(told.zone[1])
            )
        },
    }
}

fn lever_json(setting: &Setting, target: Option<usize>, told: &Lever) -> Value {
    let lever = &setting.levers[told.lever];
    let by_type = |party: Option<usize>, values: &[f64]| -> Map<String, Value> {
        let types = party.map_or(0..0, |p| setting.parties[p].types.clone());
        let named = types.zip(values);
        named
            .map(|(t, x)| (Dimension::Type.entry(setting, t), number(*x)))
            .collect()
    };
    json!({
        "lever": lever.id,
        "target": target.map(|party| setting.parties[party].id.clone()),
        "credibility": number(told.credibility),
        "credibility_announced": number(told.announced),
        "undecided": number(told.undecided),
        "moves": by_type(target, &told.moves),
        "adds": told.adds.iter().map(|(t, x)| (Dimension::Type.entry(setting, *t), number(*x))).collect::<Map<_, _>>(),
        "price": by_type(Some(lever.by), &told.price),
        "assurance": number(told.assurance),
        "zone_without": number(told.zone[0]),
        "zone_with": number(told.zone[1]),
        "backfires": number(told.backfires),
    })
}

/// Levers on the same target, told in one another's worth to each of its types.
fn exchange(setting: &Setting, levers: &[Lever]) -> Vec<String> {
    let mut said = Vec::new();
    for (i, first) in levers.iter().enumerate() {
        for second in &levers[i + 1..] {
            let ratios: Vec<f64> = first
                .moves
                .iter()
                .zip(&second.moves)
                .map(|(a, b)| if b.abs() < LITTLE { f64::NAN } else { a / b })
                .collect();
            let [least, most] =
                [f64::min, f64::max].map(|f| ratios.iter().copied().fold(f64::NAN, f));
            // Where one type is moved too little, or the other way than another type, there is no rate to tell.
            if ratios.iter().any(|x| x.is_nan()) || least * most <= 0.0 {
                continue;
            }
            let [a, b] = [first, second].map(|told| &setting.levers[told.lever].name);
            let against = if most < 0.0 {
                ", and the other way"
            } else {
                ""
            };
            let (low, high) = (
                signed(least.abs().min(most.abs()), 1),
                signed(least.abs().max(most.abs()), 1),
            );
            let (times, by_type) = if low == high {
                (low, "")
            } else {
                (format!("{low} to {high}"), ", depending on its type")
            };
            said.push(format!(
                "“{a}” moves its target {times} times as far as “{b}”{by_type}{against}; each certain to be pulled."
            ));
        }
    }
    said
}

/// A sentence for each target: the lever that takes most off what refusing is worth to its likeliest type, how far it is believed, and
/// whether belief turns any answer.
fn findings(setting: &Setting, told: &Leverage) -> Vec<String> {
    let groups = &told.groups;
    let of_group = |group: &Group| {
        let target = group.target?;
        let first = group.strongest()?;
        Some(finding(
            setting,
            target,
            group,
            first,
            (&told.turns, &told.incentives),
        ))
    };
    let said: Vec<String> = groups.iter().filter_map(of_group).collect();
    if !said.is_empty() {
        return said;
    }
    let answering: Vec<&str> = groups
        .iter()
        .filter_map(|group| Some(setting.parties[group.target?].name.as_str()))
        .collect();
    if answering.is_empty() {
        return vec!["No lever of this case answers a refusal; what promises add, and whether they would be kept, stands in the table.".to_owned()];
    }
    vec![format!(
        "In the mean over worlds none of the levers that answer a refusal of {} takes anything off what refusing is worth to its likeliest \
         type.",
        and_list(&answering)
    )]
}

fn finding(
    setting: &Setting,
    target: usize,
    group: &Group,
    first: &Lever,
    (turns, incentives): (&[Turn], &[Incentive]),
) -> String {
    let levers = group.levers.len();
    let lever = &setting.levers[first.lever];
    let party = &setting.parties[target];
    let kind = party.types.start + group.likeliest;
    let whom = if party.types.len() > 1 {
        format!("{} ({})", party.name, setting.types[kind].name)
    } else {
        party.name.clone()
    };
    let most = turns
        .iter()
        .filter(|turn| turn.lever == first.lever && turn.is_listed())
        .max_by(|a, b| a.enough.total_cmp(&b.enough));
    let turned = most.map_or(String::new(), |turn| {
        format!(
            "; believing it turns {} to “{}” in {} of 100 worlds, and to no other package more often",
            party.name,
            setting.packages[turn.package].name,
            per_hundred(turn.enough)
        )
    });
    let what = if levers > 1 {
        format!(
            "Of the {} levers that answer a refusal of {}, “{}” takes most off what refusing is worth to {whom}",
            in_words(levers),
            party.name,
            lever.name
        )
    } else {
        format!(
            "“{}”, which answers a refusal of {}, takes off what refusing is worth to {whom}",
            lever.name, party.name
        )
    };
    let assumed = if first.is_assumed {
        ", as the case assumes"
    } else {
        ""
    };
    let own = || incentives.iter().filter(|own| own.lever == first.lever);
    let refrains = own().count() > 0 && own().all(|own| own.refrains > 0.5);
    let name = &setting.parties[lever.by].name;
    // A chance that is assumed says nothing of what its wielder would do.
    let undecided = match (first.undecided >= 0.005, first.is_assumed && refrains) {
        (undecided, true) => {
            let besides = if undecided {
                format!(", and is undecided in {}", per_hundred(first.undecided))
            } else {
                String::new()
            };
            format!("; by its own incentive {name} would more often than not refrain{besides}")
        }
        (true, false) => format!("; {name} is undecided in {}", per_hundred(first.undecided)),
        (false, false) => String::new(),
    };
    format!(
        "{what} ({} points if it is certain); {} gives it a chance of {} of 100{assumed}{undecided}{turned}.",
        points(group.most(first)),
        party.name,
        per_hundred(first.credibility)
    )
}
