//! The page.

use askama::Template;
use detente_case::SourceEntry;
use detente_core::{Ending, Side};
use detente_math::Sampler;

use super::{Stamp, charts, findings, register};
use crate::VERSION;
use crate::middle::party_names;
use crate::run::Silence;
use crate::summary::{QUANTILES, Summary};
use crate::svg::swatch;
use crate::words::{per_hundred, points, short};

/// The whole report as one self-contained HTML page: no network, no script.
pub fn html(summary: &Summary, stamp: &Stamp) -> String {
    Page::new(summary, stamp)
        .render()
        .expect("writing into a string cannot fail")
}

#[derive(Template)]
#[template(path = "report.html")]
struct Page<'a> {
    style: &'static str,
    name: &'a str,
    as_of: &'a str,
    about: &'a str,
    reading: String,
    readings: Vec<&'a crate::summary::ReadingLabel>,
    worlds: String,
    searches: String,
    seed: u64,
    sampler: &'static str,
    stamp: &'a Stamp,
    short_hash: &'a str,
    version: &'static str,
    placeholders: String,
    bottom_line: Vec<(String, &'static str)>,
    blocks: Option<String>,
    needed_sets: Vec<NeededRow>,
    opens: Vec<(String, String)>,
    packages: Vec<PackageRow>,
    parties: Vec<(String, String)>,
    acceptance_title: String,
    acceptance_map: String,
    cloud: Option<CloudFigure>,
    nash: Option<NashTable>,
    no_deal: Option<NoDealSection>,
    rivals: Vec<RivalRow>,
    rival_packages: Vec<String>,
    rival_worlds: (String, String),
    movers_of: &'a str,
    types_share: String,
    movers: Vec<MoverRow>,
    register: Vec<register::Entry>,
    left_out: String,
    sources: &'a [SourceEntry],
    silences: Vec<String>,
    certified: String,
    faults: &'a [String],
    scale: Vec<(&'static str, &'static str)>,
}

struct NeededRow {
    who: String,
    open: String,
    size: String,
}

struct PackageRow {
    id: String,
    name: String,
    needed: String,
    /// By party: share, error.
    accepts: Vec<String>,
    agreed: String,
    blocker: String,
}

struct CloudFigure {
    title: String,
    svg: String,
    rows: Vec<(String, String, String)>,
    who: (String, String),
    frontier: bool,
}

struct NashTable {
    who: String,
    /// Issue, its most frequent option, share.
    rows: Vec<(String, String, String)>,
    margins: Vec<(String, String)>,
}

struct NoDealSection {
    finding: String,
    fan_title: String,
    fan: String,
    fan_rows: Vec<(usize, [String; 5])>,
    unit: String,
    endings: Vec<String>,
    /// Month, chance by ending, still on.
    ended: Vec<(usize, Vec<String>, String)>,
    values_title: String,
    values: String,
    value_rows: Vec<(String, String, [String; 5], String)>,
    supply: Vec<(usize, String, String)>,
    sides: (String, String),
}

struct RivalRow {
    label: crate::summary::ReadingLabel,
    zone: String,
    agreed: Vec<String>,
}

struct MoverRow {
    path: String,
    index: String,
    low: String,
    high: String,
    placeholder: bool,
}

impl<'a> Page<'a> {
    fn new(summary: &'a Summary, stamp: &'a Stamp) -> Self {
        let (placeholders, claims) = summary.placeholders();
        let acceptance_title = findings::acceptance(summary);
        let top = best_packages(summary);
        Self {
            style: include_str!("../../assets/report.css"),
            name: &summary.setting.name,
            as_of: &summary.setting.as_of,
            about: &summary.setting.summary,
            reading: reading_name(summary),
            readings: summary.readings.iter().collect(),
            worlds: short(summary.options.worlds as f64),
            searches: short(summary.options.searches.min(summary.options.worlds) as f64),
            seed: summary.options.stream.seed,
            sampler: match summary.options.stream.sampler {
                Sampler::Quasi => {
                    "quasi-randomly in sixteen independent scramblings, between which the standard errors are taken"
                }
                Sampler::Pseudo => "independently",
            },
            stamp,
            short_hash: stamp.case_hash.get(..12).unwrap_or(&stamp.case_hash),
            version: VERSION,
            placeholders: format!("{placeholders} of {claims} numbers"),
            bottom_line: findings::bottom_line(summary)
                .into_iter()
                .map(|(text, at)| (with_code(&text), at))
                .collect(),
            blocks: findings::blocks(summary),
            needed_sets: needed_rows(summary),
            opens: opens(summary),
            packages: package_rows(summary),
            parties: charts::parties(summary)
                .iter()
                .map(|p| (p.label.clone(), swatch(p)))
                .collect(),
            acceptance_map: charts::acceptance(summary, &acceptance_title),
            acceptance_title,
            cloud: cloud_figure(summary),
            nash: nash_table(summary),
            no_deal: no_deal_section(summary),
            rivals: rival_rows(summary, &top),
            rival_packages: top
                .iter()
                .map(|p| summary.setting.packages[*p].name.clone())
                .collect(),
            rival_worlds: (
                short(summary.options.worlds.div_ceil(4) as f64),
                short(summary.options.searches.div_ceil(4) as f64),
            ),
            movers_of: &summary.movers.of,
            types_share: format!("{:.0}", 100.0 * summary.movers.types),
            movers: mover_rows(summary),
            register: register::entries(summary),
            left_out: left_out(summary),
            sources: &summary.sources,
            silences: silences(summary),
            certified: format!(
                "{} answers put before their certificates: {} held, {} failed",
                summary.certified.held + summary.certified.faults.len(),
                summary.certified.held,
                summary.certified.faults.len()
            ),
            faults: &summary.certified.faults,
            scale: vec![
                ("almost no chance", "1–5"),
                ("very unlikely", "5–20"),
                ("unlikely", "20–45"),
                ("roughly even", "45–55"),
                ("likely", "55–80"),
                ("very likely", "80–95"),
                ("almost certain", "95–99"),
            ],
        }
    }
}

fn reading_name(summary: &Summary) -> String {
    if summary.readings.is_empty() {
        return "the case as written".to_owned();
    }
    summary
        .readings
        .iter()
        .map(|r| r.name.as_str())
        .collect::<Vec<_>>()
        .join(", then ")
}

/// A sentence as HTML: escaped, with its `paths` as code.
fn with_code(sentence: &str) -> String {
    let escape = |text: &str| {
        text.replace('&', "&amp;")
            .replace('<', "&lt;")
            .replace('>', "&gt;")
    };
    let parts = sentence.split('`').map(escape).enumerate();
    parts
        .map(|(i, part)| {
            if i % 2 == 1 {
                format!("<code>{part}</code>")
            } else {
                part
            }
        })
        .collect()
}

/// "62 ± 0.8": a share as a count of a hundred with its Monte Carlo standard error.
fn with_error(mean: &detente_math::Mean) -> String {
    if mean.value.is_nan() {
        return "–".to_owned();
    }
    let error = 100.0 * mean.error;
    if error.is_nan() || error < 0.05 {
        per_hundred(mean.value)
    } else {
        format!("{} ±{error:.1}", per_hundred(mean.value))
    }
}

fn needed_rows(summary: &Summary) -> Vec<NeededRow> {
    let sets = summary.zone.iter().flat_map(|zone| &zone.sets);
    let row = |set| NeededRow {
        who: findings::needed(summary, set),
        open: with_error(&set.open),
        size: findings::spread(&set.size),
    };
    sets.map(row).collect()
}

fn opens(summary: &Summary) -> Vec<(String, String)> {
    let Some(zone) = &summary.zone else {
        return Vec::new();
    };
    let drawn = |party: usize| {
        summary
            .setting
            .red_lines
            .iter()
            .any(|line| line.party == party)
    };
    let listed = zone
        .opens_without
        .iter()
        .enumerate()
        .filter(|(party, _)| drawn(*party));
    listed
        .map(|(party, share)| {
            (
                summary.setting.parties[party].name.clone(),
                per_hundred(*share),
            )
        })
        .collect()
}

fn package_rows(summary: &Summary) -> Vec<PackageRow> {
    let setting = &summary.setting;
    let lines = setting.packages.iter().zip(&summary.packages);
    lines
        .map(|(package, line)| PackageRow {
            id: package.id.clone(),
            name: package.name.clone(),
            needed: party_names(setting, package.needed).join(", "),
            accepts: line.accepts.iter().map(with_error).collect(),
            agreed: with_error(&line.agreed),
            blocker: match line.first_blocker() {
                Some((party, share, red)) => {
                    let by_line = if red > 0.0 {
                        format!(", by a red line in {}", per_hundred(red))
                    } else {
                        String::new()
                    };
                    format!(
                        "{} in {}{by_line}",
                        setting.parties[party].name,
                        per_hundred(share)
                    )
                }
                None => "nobody".to_owned(),
            },
        })
        .collect()
}

fn cloud_figure(summary: &Summary) -> Option<CloudFigure> {
    let cloud = summary.cloud.as_ref()?;
    let both = cloud
        .named
        .iter()
        .filter(|(.., accepted)| *accepted)
        .count();
    let who = (
        charts::who(summary, cloud.types.0),
        charts::who(summary, cloud.types.1),
    );
    let title = format!(
        "With every input at its median and every party its likeliest type, {both} of {} named packages suit all they need",
        cloud.named.len(),
    );
    let named = summary.setting.packages.iter().zip(&cloud.named);
    Some(CloudFigure {
        svg: charts::package_cloud(summary, &title)?,
        title,
        rows: named
            .map(|(package, (x, y, _))| (package.name.clone(), points(*x), points(*y)))
            .collect(),
        who,
        frontier: !cloud.frontier.is_empty(),
    })
}

fn nash_table(summary: &Summary) -> Option<NashTable> {
    let set = findings::widest(summary)?;
    let rows = summary.setting.issues.iter().map(|issue| {
        let shares =
            &set.nash_options[issue.first_option..issue.first_option + issue.options.len()];
        let (best, share) =
            shares.iter().enumerate().fold(
                (0, 0.0),
                |best, (o, s)| if *s > best.1 { (o, *s) } else { best },
            );
        (
            issue.name.clone(),
            issue.options[best].name.clone(),
            per_hundred(share),
        )
    });
    let margins = set.needed.iter().map(|i| {
        (
            summary.setting.parties[i].name.clone(),
            findings::spread(&set.nash_margins[i]),
        )
    });
    Some(NashTable {
        who: findings::needed(summary, set),
        rows: rows.collect(),
        margins: margins.collect(),
    })
}

fn no_deal_section(summary: &Summary) -> Option<NoDealSection> {
    const MONTHS: [usize; 6] = [6, 12, 24, 36, 60, 120];
    let no_deal = summary.no_deal.as_ref()?;
    let fan_title = findings::line(summary)?;
    let values_title =
        "What fighting on is worth to each type, on its own scale of points".to_owned();
    let horizon = no_deal.ended.len();
    let months: Vec<usize> = MONTHS
        .into_iter()
        .filter(|m| *m < horizon)
        .chain([horizon])
        .collect();
    let fan_rows = no_deal.line.iter().filter(|(month, _)| month % 12 == 0);
    let value_rows = summary
        .setting
        .types
        .iter()
        .zip(&no_deal.values)
        .zip(&no_deal.gaps);
    Some(NoDealSection {
        finding: findings::no_deal(summary)?,
        fan: charts::line_fan(summary, &fan_title)?,
        fan_rows: fan_rows
            .map(|(month, q)| (*month, [q[0], q[2], q[3], q[4], q[6]].map(short)))
            .collect(),
        unit: summary.setting.contest.as_ref()?.unit.clone(),
        fan_title,
        endings: Ending::ALL
            .iter()
            .map(|e| findings::ending_name(summary, *e))
            .collect(),
        ended: months
            .iter()
            .map(|month| {
                let by = no_deal.ended[month - 1];
                let on = 1.0 - by.iter().sum::<f64>();
                (
                    *month,
                    by.iter().map(|share| per_hundred(*share)).collect(),
                    per_hundred(on),
                )
            })
            .collect(),
        sides: (
            findings::side_name(summary, Side::A),
            findings::side_name(summary, Side::B),
        ),
        values: charts::no_deal_values(summary, &values_title)?,
        values_title,
        value_rows: value_rows
            .map(|((kind, v), gap)| {
                (
                    summary.setting.parties[kind.party].name.clone(),
                    kind.name.clone(),
                    v.map(points),
                    points(*gap),
                )
            })
            .collect(),
        supply: months
            .iter()
            .map(|month| {
                let at = |side: usize| short(no_deal.supply[side][month - 1]);
                (*month, at(0), at(1))
            })
            .collect(),
    })
}

/// The packages that matter in a comparison of readings: those accepted most often.
fn best_packages(summary: &Summary) -> Vec<usize> {
    const SHOWN: usize = 4;
    let mut order: Vec<usize> = (0..summary.packages.len()).collect();
    order.sort_by(|a, b| {
        summary.packages[*b]
            .agreed
            .value
            .total_cmp(&summary.packages[*a].agreed.value)
    });
    order.truncate(SHOWN);
    order
}

fn rival_rows(summary: &Summary, top: &[usize]) -> Vec<RivalRow> {
    let own = RivalRow {
        label: crate::summary::ReadingLabel {
            id: summary
                .readings
                .iter()
                .map(|r| r.id.as_str())
                .collect::<Vec<_>>()
                .join(","),
            name: format!("{} (this report)", reading_name(summary)),
            by: String::new(),
            says: String::new(),
            replaces: 0,
        },
        zone: summary
            .zone
            .as_ref()
            .map_or("–".to_owned(), |zone| with_error(&zone.open)),
        agreed: top
            .iter()
            .map(|p| with_error(&summary.packages[*p].agreed))
            .collect(),
    };
    let others = summary.rivals.iter().map(|rival| RivalRow {
        label: rival.label.clone(),
        zone: with_error(&rival.zone),
        agreed: top.iter().map(|p| with_error(&rival.agreed[*p])).collect(),
    });
    std::iter::once(own).chain(others).collect()
}

fn mover_rows(summary: &Summary) -> Vec<MoverRow> {
    const SHOWN: usize = 10;
    let shown = summary.movers.inputs.iter().take(SHOWN);
    shown
        .map(|mover| MoverRow {
            path: mover.path.clone(),
            index: format!("{:.0}", 100.0 * mover.index),
            low: per_hundred(mover.ends.0),
            high: per_hundred(mover.ends.1),
            placeholder: mover.placeholder,
        })
        .collect()
}

fn left_out(summary: &Summary) -> String {
    let others: Vec<String> = summary
        .statuses
        .iter()
        .filter(|(status, _)| !status.is_claim())
        .map(|(status, n)| format!("{n} of status “{}”", status.name()))
        .collect();
    others.join(", ")
}

fn silences(summary: &Summary) -> Vec<String> {
    let worlds = summary.options.worlds as f64;
    summary
        .silences
        .iter()
        .map(|((lens, silence), count)| {
            let share = per_hundred(*count as f64 / worlds);
            let why = match silence {
                Silence::NotApplicable(why) => format!("does not apply: {why}"),
                Silence::GaveUp(why) => format!("gave up: {why}"),
                Silence::Defect(what) => {
                    format!("met a defect of the program, please report it: {what}")
                }
            };
            format!("{lens} was silent in {count} worlds ({share} of 100) because it {why}.")
        })
        .collect()
}

/// The quantiles behind "5 %, 25 %, median, 75 %, 95 %" in the page's tables.
const _: () = assert!(QUANTILES.len() == 5);
