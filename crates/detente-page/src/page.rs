//! The page.

use askama::Template;
use detente_case::SourceEntry;
use detente_core::Trigger;
use detente_evidence::{Evidence, Lack, Missing, Stamp, VERSION};
use detente_math::Sampler;
use sha2::{Digest as _, Sha256};

use super::chapters::Section;
use super::chapters::alternative::{self, NoDealSection};
use super::chapters::settlement::{deals, gates};
use super::readings::{self, RivalRow};
use super::record;
use super::rows::{self, CloudFigure, NeededRow, PackageRow, RefusalRow};
use super::{
    bottom_line, chapters, charts, claims, dates, findings, identification, judged, method, movers,
    register,
};
use crate::headline;
use crate::parts::{Parts, note};
use crate::terms::Terms;
use crate::words::{and_list, count};

/// The whole report as one self-contained HTML page: no network, and a script that nothing in the text needs.
pub fn html(evidence: &Evidence, stamp: &Stamp) -> String {
    page(evidence, stamp).0
}

/// The page, and which of its parts are not there: those of the evidence, and those that could not be written.
pub fn page(evidence: &Evidence, stamp: &Stamp) -> (String, Vec<Missing>) {
    let mut page = Page::new(evidence, stamp);
    let html = page.render().expect("writing into a string cannot fail");
    let html = detente_diag::visible(&html).into_owned();
    (html, std::mem::take(&mut page.missing))
}

#[derive(Template)]
#[template(path = "report.html")]
struct Page<'a> {
    policy: String,
    style: &'static str,
    script: &'static str,
    name: &'a str,
    as_of: &'a str,
    about: &'a str,
    caveats: &'a [String],
    reading: String,
    readings: Vec<&'a detente_evidence::ReadingLabel>,
    /// Path and number of what was set for this run.
    set_for_run: Vec<(&'a str, &'a str)>,
    /// What counts on the side of a package besides its worth, and on the side of no deal; empty where nothing does.
    besides: [&'static str; 2],
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
    defaults: usize,
    /// Why there is no answer, if there is none: then what rests on answers is left out.
    not_computed: Option<String>,
    gates: gates::Gates,
    method: method::Method,
    refusing: &'a str,
    /// The same where no refusal triggers a lever, and whether one does.
    terms: Terms<'a>,
    refusal_triggers: bool,
    /// What the error of a share is.
    errors: &'static str,
    /// Which levers run in every number.
    running: Option<String>,
    bottom_line: Vec<(String, &'static str)>,
    /// The footnote of marked packages, where the bottom line names one.
    bottom_note: Option<String>,
    blocks: Option<String>,
    needed_sets: Vec<NeededRow>,
    zone_sizes: Option<String>,
    opens: Vec<(String, String)>,
    refusals: Vec<RefusalRow>,
    /// Package; by party, then for all needed: how sure the answers are.
    sureness: Vec<(String, Vec<String>)>,
    packages: Vec<PackageRow>,
    /// Does any package say what it is?
    described: bool,
    parties: Vec<String>,
    acceptance_title: String,
    /// Heads of what comes of packages after they are signed.
    further: Vec<String>,
    headline: String,
    headline_is_kept: bool,
    consistency: String,
    acceptance_map: String,
    /// The footnote of marked packages, where any is.
    dated: Option<String>,
    cloud: Option<CloudFigure>,
    /// "128 worlds"
    solutions: String,
    /// What a searched world is, and the same for a margin.
    searched: [&'static str; 2],
    /// Of which packages the size of a zone is, where it is not of all.
    size_of: &'static str,
    deals: Vec<deals::DealTable>,
    divisions: Vec<deals::DivisionTable>,
    sections: Vec<Section>,
    no_deal: Option<NoDealSection>,
    /// What else is left of a reading where the record weighs worlds.
    weighed: &'static str,
    /// What is on record, whole.
    record: Option<String>,
    rivals: Vec<RivalRow>,
    /// The first of them in the worlds of the others: name, zone, shares.
    /// Name, share by reading.
    packages_by_reading: Vec<(String, Vec<String>)>,
    causes: Option<readings::CausesTable>,
    claims: Option<claims::ClaimsSection>,
    /// Forecasts that the case holds.
    judged: Option<judged::Section>,
    /// Key letter and name.
    rival_packages: Vec<(char, String)>,
    rival_worlds: (String, Option<String>),
    movers_split: String,
    movers: Vec<movers::MoverRow>,
    movers_seen: String,
    register: Vec<register::Group>,
    left_out: String,
    sources: &'a [SourceEntry],
    /// "12 sources".
    sources_count: String,
    identified: Vec<identification::Row>,
    certified: String,
    unfinished: &'a [String],
    faults: &'a [String],
    missing: Vec<Missing>,
}

/// The page's styles.
pub const STYLE: &str = include_str!("../assets/report.css");
/// The page's script.
pub const SCRIPT: &str = include_str!("../assets/report.js");

/// What a browser lets the page do: its own script and styles, and pictures made of what it holds. Nothing comes from elsewhere, and
/// no script that a name could smuggle in would run.
fn policy(script: &str) -> String {
    // Exported figures carry their colours in style attributes, and become PNG by way of a data URL.
    format!(
        "default-src 'none'; script-src {}; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'",
        script_source(script)
    )
}

/// How a policy names a script that stands in the page.
pub fn script_source(script: &str) -> String {
    format!("'sha256-{}'", base64(&Sha256::digest(script.as_bytes())))
}

/// Base64 (RFC 4648).
pub fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for three in bytes.chunks(3) {
        let whole = three
            .iter()
            .chain([0; 2].iter())
            .take(3)
            .fold(0, |whole, byte| whole << 8 | usize::from(*byte));
        for place in 0..4 {
            let digit = DIGITS[whole >> (18 - 6 * place) & 63];
            text.push(if place > three.len() {
                '='
            } else {
                char::from(digit)
            });
        }
    }
    text
}

/// Title of the figure of zone sizes.
const ZONE_SIZES: &str = "How much the worst-off party gains at the package that serves it best";

/// What acceptance weighs besides a package's worth and that of no deal, where the case has it.
fn besides(evidence: &Evidence) -> [&'static str; 2] {
    let mut levers = evidence.setting.levers.iter();
    let promises = levers.any(|l| l.trigger == Trigger::Accept && l.pays());
    let mut stated = evidence.inputs.iter().filter(|input| input.span.is_some());
    let aspires = stated.any(|input| input.path.ends_with(".aspiration"));
    let or_nothing = |is: bool, words| if is { words } else { "" };
    [
        or_nothing(promises, ", with what is promised for a signature,"),
        or_nothing(aspires, " and what it asks beyond that"),
    ]
}

impl<'a> Page<'a> {
    fn new(evidence: &'a Evidence, stamp: &'a Stamp) -> Self {
        let parts = Parts::default();
        let resting = evidence.resting_on;
        let acceptance_title = parts.write("q1", || findings::acceptance(evidence));
        let acceptance_title = acceptance_title.unwrap_or_default();
        let top = readings::best_packages(evidence);
        let bottom_line = parts.write("bottom-line", || bottom_line::bottom_line(evidence));
        let mut bottom_line: Vec<(String, &'static str)> = bottom_line
            .unwrap_or_default()
            .into_iter()
            .map(|sentence| (sentence.text, sentence.anchor))
            .collect();
        let sections = chapters::sections(evidence, &parts);
        bottom_line.extend(sections.iter().flat_map(|s| s.bottom_line.clone()));
        let dated = dates::footnote(evidence);
        let marked = bottom_line
            .iter()
            .any(|(text, _)| text.contains(dates::MARK));
        let searches = evidence.options.searches.min(evidence.options.worlds);
        // A part that panics leaves its place empty and a note there.
        macro_rules! part {
            ($id:literal, $make:expr) => {
                parts.write($id, || $make).unwrap_or_default()
            };
        }
        let mut page = Self {
            further: rows::further(evidence)
                .into_iter()
                .map(|(head, _)| head)
                .collect(),
            headline: headline::verb(evidence.headline),
            headline_is_kept: evidence.headline.kept_months.is_some(),
            consistency: rows::consistency(evidence),
            policy: policy(SCRIPT),
            style: STYLE,
            script: SCRIPT,
            name: &evidence.setting.name,
            as_of: &evidence.setting.as_of,
            about: &evidence.setting.summary,
            caveats: &evidence.setting.caveats,
            reading: rows::reading_name(evidence),
            set_for_run: evidence
                .set_for_run()
                .map(|input| (input.path.as_str(), input.text.as_str()))
                .collect(),
            besides: besides(evidence),
            readings: evidence.readings.iter().collect(),
            worlds: count(evidence.options.worlds, "world"),
            searches: (searches, count(searches, "world")),
            seed: evidence.options.stream.seed,
            sampler: match evidence.options.stream.sampler {
                Sampler::Quasi => {
                    "quasi-randomly in sixteen independent scramblings, between which the standard errors are taken"
                }
                Sampler::Pseudo => "independently",
            },
            stamp,
            short_hash: stamp.case_hash.get(..12).unwrap_or(&stamp.case_hash),
            version: VERSION,
            placeholders: format!(
                "{} of {}",
                resting.placeholders,
                count(resting.claims, "number")
            ),
            defaults: resting.defaults,
            not_computed: findings::not_computed(evidence),
            gates: part!("blocks", gates::gates(evidence)),
            method: part!("method", method::method(evidence)),
            refusing: findings::refusing(evidence),
            terms: Terms::of(&evidence.setting),
            refusal_triggers: evidence.setting.has_levers_of_refusal(),
            errors: rows::ERRORS,
            running: alternative::running(evidence),
            bottom_line: bottom_line
                .into_iter()
                .map(|(text, at)| (with_code(&text), at))
                .collect(),
            bottom_note: dated.clone().filter(|_| marked),
            blocks: part!("blocks", findings::blocks(evidence)),
            needed_sets: part!("blocks", rows::needed(evidence)),
            zone_sizes: part!(
                "blocks",
                evidence
                    .zone()
                    .map(|zone| charts::zone_sizes(evidence, zone, ZONE_SIZES))
            ),
            opens: part!("blocks", rows::opens(evidence)),
            refusals: part!("blocks", rows::refusals(evidence)),
            sureness: part!("blocks", rows::sureness(evidence)),
            packages: part!("q1", rows::packages(evidence)),
            described: evidence
                .setting
                .packages
                .iter()
                .any(|package| !package.says.is_empty()),
            parties: evidence
                .setting
                .parties
                .iter()
                .map(|p| p.name.clone())
                .collect(),
            acceptance_map: part!("q1", charts::acceptance(evidence, &acceptance_title)),
            cloud: part!("q1", rows::clouds(evidence)),
            solutions: count(evidence.options.solutions.min(searches), "world"),
            searched: searched(evidence),
            size_of: if evidence.search_is_led() {
                ", of those that a search on paper leads to"
            } else {
                ""
            },
            deals: part!("q1", deals::deals(evidence)),
            divisions: part!("q1", deals::divisions(evidence)),
            sections,
            no_deal: part!("no-deal", alternative::section(evidence)),
            weighed: if evidence.record.weighs().is_some() {
                ", and what the record makes of worlds and types under the reading instead of here"
            } else {
                ""
            },
            record: part!("record", record::section(evidence)),
            rivals: part!("readings", readings::rivals(evidence, &top)),
            packages_by_reading: part!("readings", readings::packages(evidence)),
            causes: part!("readings", readings::causes(evidence)),
            claims: part!("claims", claims::section(evidence)),
            judged: part!("forecasts", judged::section(evidence)),
            rival_packages: ('A'..)
                .zip(top.iter().map(|p| dates::marked(evidence, *p)))
                .collect(),
            rival_worlds: readings::worlds(evidence),
            movers_split: movers::split(evidence),
            movers: part!("mind", movers::rows(evidence)),
            movers_seen: part!("mind", movers::seen(evidence)),
            register: part!("register", register::groups(evidence)),
            left_out: part!("register", rows::left_out(evidence)),
            sources: &evidence.sources,
            sources_count: count(evidence.sources.len(), "source"),
            identified: part!("method", identification::rows(evidence)),
            certified: rows::certified(evidence),
            unfinished: &evidence.certified.unfinished,
            faults: &evidence.certified.faults,
            missing: evidence.missing.clone(),
            acceptance_title,
            dated,
        };
        page.missing.extend(parts.missing());
        page
    }

    /// Why a part of the page is not there, or not whole; nothing where it is.
    fn lacking(&self, part: &str) -> Vec<String> {
        let own = self.missing.iter().filter(|missing| missing.part == part);
        own.map(|missing| note(&missing.why)).collect()
    }

    /// Is it no more than a first look?
    fn quick(&self) -> bool {
        self.missing.iter().any(|m| m.why == Lack::Quick)
    }

    /// Is it of a run that was kept?
    fn kept(&self) -> bool {
        let kept = |m: &Missing| matches!(m.why, Lack::Kept | Lack::Unkept);
        self.missing.iter().any(kept)
    }

    /// The parts that a first look or an interruption left out, by their titles, for the run card.
    fn left_out(&self) -> Option<String> {
        let left = self.missing.iter();
        let left = left.filter(|m| !matches!(m.why, Lack::Defect(_)));
        let titles: Vec<String> = left
            .map(|missing| {
                let section = self.sections.iter().find(|s| s.id == missing.part);
                match missing.part {
                    "claims" => "claims".to_owned(),
                    "readings" => "the other readings".to_owned(),
                    "run" => "certificates".to_owned(),
                    "no-deal" => "what happens without a deal".to_owned(),
                    other => format!("“{}”", section.map_or(other, |section| &section.title)),
                }
            })
            .collect();
        (!titles.is_empty()).then(|| and_list(&titles))
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

/// What a searched world is, and what was done in the first of them.
fn searched(evidence: &Evidence) -> [&'static str; 2] {
    if evidence.search_is_led() {
        [
            "a world in which packages besides the named ones were sought: a search led by what stands in for the worth of a deal comes upon \
             some, which are judged by that worth itself, so that a package may be missed",
            "Packages besides the named ones were sought",
        ]
    } else {
        [
            "a world in which every combination of options was examined, not only the named packages",
            "Every combination of options was examined",
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::{SCRIPT, base64, policy};

    #[test]
    fn base64_as_in_rfc_4648() {
        let of = |text: &str| base64(text.as_bytes());
        assert_eq!(
            [of(""), of("f"), of("fo"), of("foo")],
            ["", "Zg==", "Zm8=", "Zm9v"]
        );
        assert_eq!(of("foobar"), "Zm9vYmFy");
    }

    #[test]
    fn the_policy_is_of_the_script_as_it_stands_in_the_page() {
        // Were the filter to change the script, it would no longer have its hash.
        assert_eq!(detente_diag::visible(SCRIPT), SCRIPT);
        assert_ne!(policy(SCRIPT), policy("alert(1)"));
    }
}
