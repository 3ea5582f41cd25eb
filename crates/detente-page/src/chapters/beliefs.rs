//! Who misreads whom.

use askama::Template;
use detente_core::{BELIEFS, Dimension, Setting};
use detente_evidence::Evidence;
use detente_evidence::chapters::beliefs::{Beliefs, Gap, Information};
use serde_json::json;

use super::{Written, number, share};
use crate::svg::responsive;
use crate::svg::waterfall::{Step, Total, Waterfall};
use crate::terms::Terms;
use crate::words::{and_list, count, in_words, per_hundred, points, signed, with_sign};

/// Beliefs as readers know them, in the order of [`BELIEFS`].
const WORDS: [&str; BELIEFS.len()] = [
    "its reading of the balance",
    "its own doubt about it",
    "its reading of escalation",
    "its reading of the odds",
    "its reading of the rates",
];

/// Places in [`BELIEFS`]: of those about a contest, which come first; of doubt; of rates.
const OF_CONTEST: usize = 3;
const DOUBT: usize = 1;
const RATES: usize = 4;

#[derive(Template)]
#[template(path = "beliefs.html")]
struct Page<'a> {
    finding: String,
    worlds: String,
    about: String,
    /// Of what news comes by the month.
    news: News,
    /// Type; gap; its parts; months; never; halved by one, two, five years.
    types: Vec<(String, Vec<String>)>,
    /// Is there a type whose reading of the balance nothing that the case says could move?
    unmoved: bool,
    /// Of each party that the finding names, its leading type's gap, belief by belief.
    pictures: Vec<Picture>,
    going_on: &'a str,
    /// Does a refusal trigger levers, so that what refusing is worth is another number?
    refusals: bool,
    zones: Vec<(&'static str, String)>,
    /// Package, agreed as beliefs are, under common ones, blocked by optimism.
    packages: Vec<(String, [String; 3])>,
    messengers: Vec<(String, String, String)>,
    /// Name, when, what it settles, change, who gains most by knowing.
    observables: Vec<[String; 5]>,
    leading: String,
}

/// A gap belief by belief, drawn and as a table.
struct Picture {
    id: String,
    title: String,
    drawing: String,
    steps: Vec<(String, String)>,
}

pub(super) fn write(evidence: &Evidence, told: &Beliefs) -> Option<Written> {
    let setting = &evidence.setting;
    let finding = finding(setting, told);
    let leading = told.widest_by_party(setting);
    let package = told.leading.map(|p| &setting.packages[p]);
    let page = Page {
        finding: finding.clone(),
        worlds: count(told.worlds, "world"),
        about: about(setting),
        news: News::of(setting),
        types: told
            .types
            .iter()
            .map(|gap| type_row(setting, gap))
            .collect(),
        unmoved: told.types.iter().any(|gap| gap.is_unmoved),
        pictures: leading
            .iter()
            .take(NAMED)
            .enumerate()
            .map(|(place, gap)| picture(setting, gap, place))
            .collect(),
        going_on: Terms::of(setting).going_on,
        refusals: setting.has_levers_of_refusal(),
        zones: told.zone.as_ref().map(zones).unwrap_or_default(),
        packages: packages(setting, told),
        messengers: messengers(setting, told),
        observables: told
            .observables
            .iter()
            .map(|o| observable(setting, o))
            .collect(),
        leading: package.map(|p| p.name.clone()).unwrap_or_default(),
    };
    let [_, common, swapped, blocks] = told.zone.unwrap_or([f64::NAN; 4]);
    let json = json!({
        "types": told.types.iter().map(|gap| type_json(setting, gap)).collect::<Vec<_>>(),
        "zone_common": number(common),
        "zone_swapped": number(swapped),
        "optimism_blocks": number(blocks),
        "messengers": setting.messengers.iter().zip(&told.messengers).map(|(messenger, believed)| json!({
            "id": messenger.id,
            "believed": number(*believed),
        })).collect::<Vec<_>>(),
        "observables": told.observables.iter().map(|o| json!({
            "id": setting.observables[o.observable].id,
            "moves": o.moves,
            "worth": o.worth.iter().enumerate().map(|(t, x)| (Dimension::Type.entry(setting, t), json!(x)))
                .collect::<serde_json::Map<_, _>>(),
        })).collect::<Vec<_>>(),
    });
    Some(Written {
        bottom_line: vec![(finding, "beliefs")],
        html: page.render().ok()?,
        json,
    })
}

/// Parties whose leading type the finding names.
const NAMED: usize = 3;

/// What own beliefs change: of each party the types that they change most, in the party's own points, which no other party's are set
/// against.
fn finding(setting: &Setting, told: &Beliefs) -> String {
    let leading = told.widest_by_party(setting);
    if leading.is_empty() {
        return format!(
            "No type’s beliefs about {} differ from the analyst’s.",
            about(setting)
        );
    }
    // Those of a party whose gap is as large, to the digits that are printed.
    let size = |gap: &Gap| with_sign(gap.size(), 1);
    let party = |gap: &Gap| setting.types[gap.of].party;
    let each = leading.iter().take(NAMED).map(|widest| {
        let alike = told.types.iter().filter(|gap| {
            party(gap) == party(widest) && (gap.of == widest.of || size(gap) == size(widest))
        });
        let named: Vec<String> = alike.map(|gap| name(setting, gap.of)).collect();
        format!("to {} by {}", and_list(&named), size(widest))
    });
    let each: Vec<String> = each.collect();
    let several = leading
        .iter()
        .take(NAMED)
        .any(|gap| setting.parties[party(gap)].types.len() > 1);
    let more = match leading.len().saturating_sub(NAMED) {
        0 => String::new(),
        1 => "; one more party stands below".to_owned(),
        n => format!("; {} more parties stand below", in_words(n)),
    };
    let changes = format!(
        "Own beliefs about {} instead of the analyst’s change what {} is worth {}, in points of {} own{}{more}",
        about(setting),
        Terms::of(setting).going_on,
        and_list(&each),
        if each.len() == 1 {
            "its"
        } else {
            "each party’s"
        },
        if several {
            " (of a party’s types those that they change most)"
        } else {
            ""
        },
    );
    let package = told.leading.map(|p| {
        format!(
            "they keep “{}” from being agreed in {} of 100 worlds",
            setting.packages[p].name,
            per_hundred(told.packages[p][2])
        )
    });
    let zone = told.zone.map_or(String::new(), |[.., blocks]| {
        format!(", and any package at all in {}", per_hundred(blocks))
    });
    let parts: Vec<String> = [changes].into_iter().chain(package).collect();
    format!("{}{zone}.", parts.join("; "))
}

/// What types may misread.
fn about(setting: &Setting) -> String {
    match News::of(setting) {
        News::Line => format!("the {}", Terms::of(setting).contest),
        News::Moves => "the rates".to_owned(),
        News::Nothing => "the odds".to_owned(),
    }
}

/// Of what news comes by the month.
#[derive(Clone, Copy, PartialEq, Eq)]
enum News {
    /// Where the line of a contest lies.
    Line,
    /// Which moves of a process were made.
    Moves,
    /// The odds of a lottery bring none.
    Nothing,
}

impl News {
    fn of(setting: &Setting) -> Self {
        if setting.contest.is_some() {
            Self::Line
        } else if setting.process.is_some() {
            Self::Moves
        } else {
            Self::Nothing
        }
    }

    fn is_line(self) -> bool {
        self == Self::Line
    }

    fn is_moves(self) -> bool {
        self == Self::Moves
    }
}

fn name(setting: &Setting, t: usize) -> String {
    let kind = &setting.types[t];
    let party = &setting.parties[kind.party];
    if party.types.len() == 1 {
        party.name.clone()
    } else {
        format!("{} ({})", party.name, kind.name)
    }
}

fn type_row(setting: &Setting, gap: &Gap) -> (String, Vec<String>) {
    let mut cells = vec![signed(gap.size(), 1)];
    let part = |(part, _): &(f64, f64)| {
        if *part == 0.0 {
            "·".to_owned()
        } else {
            signed(*part, 1)
        }
    };
    let median = || {
        let months = gap.months_to_halve;
        months.map_or("–".to_owned(), |median| format!("{median:.0}"))
    };
    if News::of(setting).is_moves() {
        // Of the rates, and of doubt about them.
        cells.extend([RATES, DOUBT].map(|k| part(&gap.parts[k])));
        if gap.is_unmoved {
            cells.extend(["·".to_owned(), "·".to_owned()]);
        } else {
            cells.extend([median(), share(gap.never)]);
        }
        return (name(setting, gap.of), cells);
    }
    if setting.contest.is_none() {
        // What is misread is the odds of a lottery, of which there is no news.
        return (name(setting, gap.of), cells);
    }
    // The odds are those of a lottery, the rates those of a process.
    cells.extend(gap.parts[..OF_CONTEST].iter().map(part));
    if gap.is_unmoved {
        // What cannot happen has no date.
        cells.extend((0..2 + gap.halved.len()).map(|_| "·".to_owned()));
    } else {
        cells.push(median());
        cells.push(share(gap.never));
        cells.extend(gap.halved.map(share));
    }
    (name(setting, gap.of), cells)
}

fn type_json(setting: &Setting, gap: &Gap) -> serde_json::Value {
    let parts = BELIEFS.iter().zip(&gap.parts);
    let parts = parts.map(|(belief, (part, _))| ((*belief).to_owned(), number(*part)));
    json!({
        "type": Dimension::Type.entry(setting, gap.of),
        "gap_parts": parts.collect::<serde_json::Map<_, _>>(),
        "months_to_halve": gap.months_to_halve,
        "never_halves": number(gap.never),
    })
}

/// The gap of a type, belief by belief; the first picture of a page has no number.
fn picture(setting: &Setting, gap: &Gap, place: usize) -> Picture {
    let id = match place {
        0 => "beliefs-gap".to_owned(),
        n => format!("beliefs-gap-{}", n + 1),
    };
    let chart = chart(setting, gap, &id);
    Picture {
        drawing: responsive(&chart.render(), &chart.render_compact()),
        steps: steps(&chart),
        title: chart.title,
        id,
    }
}

fn chart(setting: &Setting, gap: &Gap, id: &str) -> Waterfall {
    let steps = gap.parts.iter().zip(WORDS);
    let steps = steps.filter(|((part, _), _)| *part != 0.0);
    let total = |label: &str, value: f64| Total {
        label: label.to_owned(),
        value,
        ..Total::default()
    };
    Waterfall {
        title: format!(
            "What its own beliefs make of {} for {}",
            Terms::of(setting).going_on,
            name(setting, gap.of)
        ),
        desc: format!(
            "From what {} is worth by the analyst’s reading to what the type holds it to be, mean over worlds.",
            Terms::of(setting).going_on
        ),
        id: format!("{id}-chart"),
        unit: "points".to_owned(),
        start: total("by the analyst’s reading", gap.value - gap.size()),
        steps: steps
            .map(|((change, error), label)| Step {
                label: label.to_owned(),
                change: *change,
                error: *error,
                ..Step::default()
            })
            .collect(),
        end: total("as it sees it", gap.value),
        // As the table below the picture.
        decimals: Some(1),
        ..Waterfall::default()
    }
}

fn steps(chart: &Waterfall) -> Vec<(String, String)> {
    let mut rows = vec![(chart.start.label.clone(), points(chart.start.value))];
    rows.extend(
        chart
            .steps
            .iter()
            .map(|step| (step.label.clone(), with_sign(step.change, 1))),
    );
    rows.push((chart.end.label.clone(), points(chart.end.value)));
    rows
}

fn zones(shares: &[f64; 4]) -> Vec<(&'static str, String)> {
    let rows = [
        "as each party believes",
        "if all held the analyst’s beliefs",
        "if the sides held each other’s beliefs",
        "empty as they believe, open in common",
    ];
    let told = rows
        .into_iter()
        .zip(shares)
        .filter(|(_, share)| !share.is_nan());
    told.map(|(what, share)| (what, per_hundred(*share)))
        .collect()
}

fn packages(setting: &Setting, told: &Beliefs) -> Vec<(String, [String; 3])> {
    let packages = setting.packages.iter().zip(&told.packages);
    let mut rows: Vec<(&str, [f64; 3])> = packages
        .map(|(package, shares)| (package.name.as_str(), *shares))
        .filter(|(_, [.., blocked])| *blocked >= 0.005)
        .collect();
    rows.sort_by(|a, b| b.1[2].total_cmp(&a.1[2]));
    rows.into_iter()
        .map(|(name, shares)| (name.to_owned(), shares.map(per_hundred)))
        .collect()
}

fn messengers(setting: &Setting, told: &Beliefs) -> Vec<(String, String, String)> {
    let messengers = setting.messengers.iter().zip(&told.messengers);
    let rows = messengers.map(|(messenger, believed)| {
        let of = |party: usize| setting.parties[party].name.as_str();
        let who = format!(
            "{} tells {} of “{}”",
            of(messenger.by),
            of(messenger.to),
            setting.observables[messenger.about].name
        );
        (messenger.name.clone(), who, share(*believed))
    });
    rows.collect()
}

fn observable(setting: &Setting, told: &Information) -> [String; 5] {
    let seen = &setting.observables[told.observable];
    let gains = told.worth.iter().enumerate();
    let most = gains.max_by(|a, b| a.1.total_cmp(b.1).then(b.0.cmp(&a.0)));
    // Below a tenth of a point it is noise, or as good as nothing.
    let gains = match most {
        Some((t, worth)) if *worth >= 0.1 => {
            format!("{}: {} points", name(setting, t), points(*worth))
        }
        _ => "nobody by a tenth of a point".to_owned(),
    };
    let moves = if told.moves > 0.0 {
        per_hundred(told.moves)
    } else {
        "within noise".to_owned()
    };
    [
        seen.name.clone(),
        seen.on.clone(),
        seen.settles.clone(),
        moves,
        gains,
    ]
}
