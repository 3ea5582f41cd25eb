//! The page.

use askama::Template;
use detente_case::SourceEntry;
use detente_math::Sampler;

use super::readings::{self, RivalRow};
use super::rows::{self, CloudFigure, MoverRow, NeededRow, NoDealSection, PackageRow, RefusalRow};
use super::{
    Stamp, bottom_line, charts, claims, dates, deals, findings, gates, identification, method,
    register,
};
use crate::VERSION;
use crate::summary::{RIVAL_SEARCHES, RIVAL_WORLDS, Summary};
use crate::words::{count, short_count};

/// The whole report as one self-contained HTML page: no network, and a script that nothing in the text needs.
pub fn html(summary: &Summary, stamp: &Stamp) -> String {
    Page::new(summary, stamp)
        .render()
        .expect("writing into a string cannot fail")
}

#[derive(Template)]
#[template(path = "report.html")]
struct Page<'a> {
    style: &'static str,
    script: &'static str,
    name: &'a str,
    as_of: &'a str,
    about: &'a str,
    caveats: &'a [String],
    reading: String,
    readings: Vec<&'a crate::summary::ReadingLabel>,
    /// "4096 worlds"
    worlds: String,
    /// Searched worlds, as a number and as "512 worlds".
    searches: (usize, String),
    seed: u64,
    sampler: &'static str,
    stamp: &'a Stamp,
    short_hash: &'a str,
    version: &'static str,
    placeholders: String,
    /// Why there is no answer, if there is none: then what rests on answers is left out.
    not_computed: Option<String>,
    gates: gates::Gates,
    method: method::Method,
    refusing: &'static str,
    bottom_line: Vec<(String, &'static str)>,
    /// The footnote of marked packages, where the bottom line names one.
    bottom_note: Option<String>,
    blocks: Option<String>,
    needed_sets: Vec<NeededRow>,
    zone_sizes: Option<String>,
    opens: Vec<(String, String)>,
    refusals: Vec<RefusalRow>,
    packages: Vec<PackageRow>,
    /// Does any package say what it is?
    described: bool,
    parties: Vec<String>,
    acceptance_title: String,
    acceptance_map: String,
    /// The footnote of marked packages, where any is.
    dated: Option<String>,
    cloud: Option<CloudFigure>,
    /// "128 worlds"
    solutions: String,
    deals: Vec<deals::DealTable>,
    divisions: Vec<deals::DivisionTable>,
    sections: &'a [crate::sections::Section],
    no_deal: Option<NoDealSection>,
    rivals: Vec<RivalRow>,
    /// Name, share by reading.
    packages_by_reading: Vec<(String, Vec<String>)>,
    causes: Option<readings::CausesTable>,
    claims: Option<claims::ClaimsSection>,
    /// Key letter and name.
    rival_packages: Vec<(char, String)>,
    rival_worlds: (String, String),
    movers_of: &'a str,
    types_share: String,
    movers: Vec<MoverRow>,
    register: Vec<register::Group>,
    left_out: String,
    sources: &'a [SourceEntry],
    identified: Vec<identification::Row>,
    certified: String,
    faults: &'a [String],
}

/// Title of the figure of zone sizes.
const ZONE_SIZES: &str = "How much the worst-off party gains at the package that serves it best";

impl<'a> Page<'a> {
    fn new(summary: &'a Summary, stamp: &'a Stamp) -> Self {
        let (placeholders, claims) = summary.placeholders();
        let acceptance_title = findings::acceptance(summary);
        let top = readings::best_packages(summary);
        let mut bottom_line = bottom_line::bottom_line(summary);
        let more = summary.sections.iter().flat_map(|s| &s.bottom_line);
        bottom_line.extend(more.cloned());
        let dated = dates::footnote(summary);
        let marked = bottom_line
            .iter()
            .any(|(text, _)| text.contains(dates::MARK));
        let searches = summary.options.searches.min(summary.options.worlds);
        let certified = summary.certified.held + summary.certified.faults.len();
        Self {
            style: include_str!("../../assets/report.css"),
            script: include_str!("../../assets/report.js"),
            name: &summary.setting.name,
            as_of: &summary.setting.as_of,
            about: &summary.setting.summary,
            caveats: &summary.setting.caveats,
            reading: rows::reading_name(summary),
            readings: summary.readings.iter().collect(),
            worlds: count(summary.options.worlds, "world"),
            searches: (searches, count(searches, "world")),
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
            placeholders: format!("{placeholders} of {}", count(claims, "number")),
            not_computed: findings::not_computed(summary),
            gates: gates::gates(summary),
            method: method::method(summary),
            refusing: findings::refusing(summary),
            bottom_line: bottom_line
                .into_iter()
                .map(|(text, at)| (with_code(&text), at))
                .collect(),
            bottom_note: dated.clone().filter(|_| marked),
            blocks: findings::blocks(summary),
            needed_sets: rows::needed(summary),
            zone_sizes: summary
                .zone
                .as_ref()
                .map(|zone| charts::zone_sizes(summary, zone, ZONE_SIZES)),
            opens: rows::opens(summary),
            refusals: rows::refusals(summary),
            packages: rows::packages(summary),
            described: summary
                .setting
                .packages
                .iter()
                .any(|package| !package.says.is_empty()),
            parties: summary
                .setting
                .parties
                .iter()
                .map(|p| p.name.clone())
                .collect(),
            acceptance_map: charts::acceptance(summary, &acceptance_title),
            acceptance_title,
            dated,
            cloud: rows::clouds(summary),
            solutions: count(summary.options.solutions.min(searches), "world"),
            deals: deals::deals(summary),
            divisions: deals::divisions(summary),
            sections: &summary.sections,
            no_deal: rows::no_deal(summary),
            rivals: readings::rivals(summary, &top),
            packages_by_reading: readings::packages(summary),
            causes: readings::causes(summary),
            claims: claims::section(summary),
            rival_packages: ('A'..)
                .zip(top.iter().map(|p| dates::marked(summary, *p)))
                .collect(),
            rival_worlds: (
                count(summary.options.worlds.div_ceil(RIVAL_WORLDS), "world"),
                short_count(summary.options.searches.div_ceil(RIVAL_SEARCHES)),
            ),
            movers_of: &summary.movers.of,
            types_share: format!("{:.0}", 100.0 * summary.movers.types),
            movers: rows::movers(summary),
            register: register::groups(summary),
            left_out: rows::left_out(summary),
            sources: &summary.sources,
            identified: identification::rows(summary),
            certified: format!(
                "{} put before {}: {} held, {} failed",
                count(certified, "answer"),
                if certified == 1 {
                    "its certificate"
                } else {
                    "their certificates"
                },
                summary.certified.held,
                summary.certified.faults.len()
            ),
            faults: &summary.certified.faults,
        }
    }
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
