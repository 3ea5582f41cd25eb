//! The rows of the page's tables and the figures around its charts.

use std::fmt::Write as _;

use detente_evidence::chapters::settlement::DRAWN;
use detente_evidence::{Cloud, Clouds, Evidence, QUANTILES, Silence};

use super::bottom_line::{DOUBT, silence_reason};
use super::{charts, dates, findings};
use crate::headline;
use crate::terms::Terms;
use crate::words::{and_list, count, in_words, party_names, per_hundred, points, with_sign};

/// What the error of a share is, and what it is not.
pub(super) const ERRORS: &str = "± is the Monte Carlo standard error, printed where it is 1 of 100 or more. It says how well the worlds were sampled and \
                                 nothing about the doubt in placeholders, which is greater.";

pub(super) struct NeededRow {
    pub(super) who: String,
    pub(super) open: String,
    pub(super) size: String,
}

pub(super) struct RefusalRow {
    pub(super) name: String,
    /// By party: how often it refuses, and alone; a dot where its consent is not needed.
    pub(super) refuses: Vec<String>,
    pub(super) blocker: String,
}

pub(super) struct PackageRow {
    pub(super) id: String,
    pub(super) name: String,
    /// What it is and how it was read into options; may be empty.
    pub(super) says: String,
    pub(super) needed: String,
    /// By party: share, error.
    pub(super) accepts: Vec<String>,
    pub(super) agreed: String,
    /// In force and kept, where they are told.
    pub(super) further: Vec<String>,
}

pub(super) struct CloudFigure {
    pub(super) title: String,
    pub(super) pictures: Vec<Picture>,
    /// What the pictures number, if there are several.
    pub(super) key: Vec<String>,
    /// Package, worth to the two types of each picture.
    pub(super) rows: Vec<(String, Vec<String>)>,
    pub(super) caption: String,
}

/// One world as a pair of types sees it.
pub(super) struct Picture {
    pub(super) title: String,
    pub(super) svg: String,
    pub(super) who: (String, String),
}

/// "62 ±2": a share as a count of a hundred, with its Monte Carlo standard error where that is one of a hundred or more.
pub(super) fn with_error(mean: &detente_math::Mean) -> String {
    if mean.value.is_nan() {
        return "–".to_owned();
    }
    let error = 100.0 * mean.error;
    if error.is_nan() || error < 1.0 {
        per_hundred(mean.value)
    } else {
        format!("{}\u{a0}±{error:.0}", per_hundred(mean.value))
    }
}

/// A share less and more two standard errors; nothing where no error is known.
pub(super) fn two_errors(mean: &detente_math::Mean) -> Option<(f64, f64)> {
    let range = (mean.value - 2.0 * mean.error, mean.value + 2.0 * mean.error);
    (!mean.error.is_nan()).then_some((range.0.max(0.0), range.1.min(1.0)))
}

pub(super) fn needed(evidence: &Evidence) -> Vec<NeededRow> {
    let Some(zone) = evidence.zone() else {
        return Vec::new();
    };
    let decimals = findings::size_decimals(&zone.sets);
    let row = |set| NeededRow {
        who: findings::needed(evidence, set),
        open: with_error(&set.open),
        size: findings::spread_to(&set.size, decimals),
    };
    zone.sets.iter().map(row).collect()
}

pub(super) fn opens(evidence: &Evidence) -> Vec<(String, String)> {
    let Some(zone) = evidence.zone() else {
        return Vec::new();
    };
    if zone.opens_without.iter().all(|share| *share < DOUBT) {
        return Vec::new();
    }
    let drawn = |party: usize| {
        evidence
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
                evidence.setting.parties[party].name.clone(),
                per_hundred(*share),
            )
        })
        .collect()
}

pub(super) fn left_out(evidence: &Evidence) -> String {
    let others: Vec<String> = evidence
        .statuses
        .iter()
        .filter(|(status, _)| !status.is_claim())
        .map(|(status, n)| format!("{n} of status “{}”", status.name()))
        .collect();
    others.join(", ")
}

pub(super) fn packages(evidence: &Evidence) -> Vec<PackageRow> {
    let setting = &evidence.setting;
    let lines = setting.packages.iter().zip(evidence.packages()).enumerate();
    lines
        .map(|(p, (package, line))| PackageRow {
            id: package.id.clone(),
            name: dates::marked(evidence, p),
            says: package.says.clone(),
            needed: party_names(setting, package.needed).join(", "),
            accepts: line.accepts.iter().map(with_error).collect(),
            agreed: with_error(&line.agreed),
            further: further(evidence)
                .into_iter()
                .map(|(_, of)| with_error(of(line)))
                .collect(),
        })
        .collect()
}

/// How many answers were put before their certificates, and what came of it.
pub(super) fn certified(evidence: &Evidence) -> String {
    let told = &evidence.certified;
    let all = told.held + told.unfinished.len() + told.faults.len();
    let theirs = if all == 1 {
        "its certificate"
    } else {
        "their certificates"
    };
    let part = match told.unfinished.len() {
        0 => String::new(),
        n => format!(", {n} checked only in part, and that part held"),
    };
    format!(
        "{} put before {theirs}: {} held, {} failed{part}",
        count(all, "answer"),
        told.held,
        told.faults.len()
    )
}

/// What must hold among the answers of every world, and whether it did.
pub(super) fn consistency(evidence: &Evidence) -> String {
    let found = &evidence.consistency;
    let worlds = count(found.worlds, "world");
    let all = count(found.invariants, "invariant");
    if found.broken.is_empty() {
        return format!("{all} held in all of {worlds}");
    }
    let broken = found
        .broken
        .iter()
        .map(|(what, n)| format!("{what} (broken in {n})"));
    let broken: Vec<String> = broken.collect();
    format!(
        "of {all} checked in {worlds}, broken: {}",
        broken.join("; ")
    )
}

/// A head, and what it tells of a package.
type Further = (
    String,
    fn(&detente_evidence::PackageLine) -> &detente_math::Mean,
);

/// What comes of packages after they are signed: in force where a gate stands, kept where the case says what may follow a deal.
pub(super) fn further(evidence: &Evidence) -> Vec<Further> {
    let mut all: Vec<Further> = Vec::new();
    if evidence.has_gates() {
        all.push(("In force".to_owned(), |line| &line.in_force));
    }
    if evidence.headline.kept_months.is_some() {
        all.push((headline::head(evidence.headline), |line| &line.kept));
    }
    all
}

pub(super) fn refusals(evidence: &Evidence) -> Vec<RefusalRow> {
    let setting = &evidence.setting;
    let lines = setting.packages.iter().zip(evidence.packages()).enumerate();
    let row = |(p, (package, line)): (
        usize,
        (&detente_core::NamedPackage, &detente_evidence::PackageLine),
    )| {
        let refuses = (0..setting.parties.len()).map(|i| {
            if !package.needed.contains(i) {
                return "·".to_owned();
            }
            let share = 1.0 - line.accepts[i].value;
            if share < DOUBT || share.is_nan() {
                return per_hundred(share);
            }
            format!(
                "{} ({})",
                per_hundred(share),
                per_hundred(line.alone[i].value)
            )
        });
        let blocker = line.first_blocker().map_or_else(
            || "nobody".to_owned(),
            |(party, share, red)| {
                let by_line = match red / share {
                    r if r > 0.995 => ", by a red line".to_owned(),
                    _ if red >= 0.005 => format!(", by a red line in {}", per_hundred(red)),
                    _ => String::new(),
                };
                let who = match line.blockers().as_slice() {
                    [] | [_] => setting.parties[party].name.clone(),
                    near => {
                        let names: Vec<&str> = near
                            .iter()
                            .map(|i| setting.parties[*i].name.as_str())
                            .collect();
                        return format!("{} about equally often", and_list(&names));
                    }
                };
                format!("{who} in {}{by_line}", per_hundred(share))
            },
        );
        RefusalRow {
            name: dates::marked(evidence, p),
            refuses: refuses.collect(),
            blocker,
        }
    };
    lines.map(row).collect()
}

/// By package: who is undecided in how many worlds, and how surely all needed answer.
pub(super) fn sureness(evidence: &Evidence) -> Vec<(String, Vec<String>)> {
    let setting = &evidence.setting;
    let lines = setting.packages.iter().zip(evidence.packages()).enumerate();
    let told = lines.filter(|(_, (_, line))| line.sureness.sure.n > 0);
    told.map(|(p, (package, line))| {
        let sureness = &line.sureness;
        let parties = sureness.undecided.iter().enumerate();
        let mut cells: Vec<String> = parties
            .map(|(i, share)| {
                if package.needed.contains(i) {
                    with_error(share)
                } else {
                    "·".to_owned()
                }
            })
            .collect();
        let refused = 1.0 - sureness.sure.value - sureness.open.value;
        cells.extend([
            with_error(&sureness.sure),
            with_error(&sureness.open),
            per_hundred(refused.clamp(0.0, 1.0)),
        ]);
        (dates::marked(evidence, p), cells)
    })
    .collect()
}

pub(super) fn clouds(evidence: &Evidence) -> Option<CloudFigure> {
    let clouds = evidence.clouds()?;
    let several = clouds.shown.len() > 1;
    let title = clouds_title(evidence, clouds)?;
    let picture = |(i, cloud): (usize, &Cloud)| {
        let own = if several {
            picture_title(evidence, cloud)
        } else {
            title.clone()
        };
        Picture {
            svg: charts::package_cloud(evidence, cloud, &own, several.then_some(i)),
            title: own,
            who: (
                charts::who(evidence, cloud.types.0),
                charts::who(evidence, cloud.types.1),
            ),
        }
    };
    let names: Vec<String> = (0..evidence.packages().len())
        .map(|p| dates::marked(evidence, p))
        .collect();
    let worths = |p: usize| {
        let both = |cloud: &Cloud| [points(cloud.named[p].0), points(cloud.named[p].1)];
        clouds.shown.iter().flat_map(both).collect()
    };
    Some(CloudFigure {
        pictures: clouds.shown.iter().enumerate().map(picture).collect(),
        rows: names
            .iter()
            .enumerate()
            .map(|(p, name)| (name.clone(), worths(p)))
            .collect(),
        key: if several { names } else { Vec::new() },
        caption: clouds_caption(evidence, clouds),
        title,
    })
}

fn clouds_title(evidence: &Evidence, clouds: &Clouds) -> Option<String> {
    const MEDIAN: &str = "With every input at its median";
    let n = evidence.packages().len();
    let first = clouds.shown.first()?;
    let parties = [first.types.0, first.types.1].map(|t| {
        evidence.setting.parties[evidence.setting.types[t].party]
            .name
            .as_str()
    });
    if n == 0 {
        return Some(format!(
            "{MEDIAN}: what packages are worth to {}",
            and_list(&parties)
        ));
    }
    if clouds.shown.len() == 1 {
        return Some(format!("{MEDIAN}, {}", picture_title(evidence, first)));
    }
    let suited = || clouds.shown.iter().map(Cloud::suited);
    let (least, most) = (suited().min()?, suited().max()?);
    let by = and_list(&parties);
    Some(match (n, least == most) {
        (1, _) => format!(
            "{MEDIAN}, whether the one named package suits all it needs, by the types of {by}"
        ),
        (_, true) => format!(
            "{MEDIAN}, {least} of {n} named packages {} all they need, whichever of these types {by} are",
            if least == 1 { "suits" } else { "suit" }
        ),
        (_, false) => {
            format!(
                "{MEDIAN}, {least} to {most} of {n} named packages suit all they need, by the types of {by}"
            )
        }
    })
}

/// "South (firm) and North (merchants), 25 chances in 100, one of three equally likely pairs: 5 of 17 packages suit all …".
fn picture_title(evidence: &Evidence, cloud: &Cloud) -> String {
    let who = [cloud.types.0, cloud.types.1].map(|t| charts::who(evidence, t));
    let prior = if cloud.prior > 0.999 {
        String::new()
    } else {
        format!(", prior {} of 100", per_hundred(cloud.prior))
    };
    let tied = match cloud.tied {
        0 | 1 => String::new(),
        n => format!(", one of {} equally likely pairs", in_words(n)),
    };
    let suit = match (cloud.suited(), evidence.packages().len()) {
        (_, 0) => String::new(),
        (0, 1) => ": the named package does not suit all it needs".to_owned(),
        (1, 1) => ": the named package suits all it needs".to_owned(),
        (suited, n) => format!(
            ": {suited} of {n} named packages {} all they need",
            if suited == 1 { "suits" } else { "suit" }
        ),
    };
    format!("{}{prior}{tied}{suit}", and_list(&who))
}

fn clouds_caption(evidence: &Evidence, clouds: &Clouds) -> String {
    let mut caption = "One world, with every input at its median; nobody’s forecast.".to_owned();
    if clouds.shown.iter().any(|c| c.besides != (false, false)) {
        caption.push_str(
            " “Asked” is what a package itself must be worth to a type: what refusing is worth to it and what it asks beyond that, less \
             what promises that come with a signature bring it.",
        );
    }
    caption += &levers_of_refusals(evidence, clouds);
    let shown = clouds.shown.len();
    if clouds.pairs > shown {
        let _ = write!(
            caption,
            " Shown are the {} likeliest of {} pairs of types.",
            in_words(shown),
            clouds.pairs
        );
    }
    let others: Vec<String> = clouds
        .others
        .iter()
        .filter(|(t, _)| {
            evidence.setting.parties[evidence.setting.types[*t].party]
                .types
                .len()
                > 1
        })
        .map(|(t, tied)| match tied {
            0 | 1 => charts::who(evidence, *t),
            n => format!(
                "{}, one of {} equally likely types",
                charts::who(evidence, *t),
                in_words(*n)
            ),
        })
        .collect();
    if !others.is_empty() {
        let _ = write!(
            caption,
            " The other parties are taken as their likeliest types: {}.",
            others.join("; ")
        );
    }
    caption += " This may differ from the bottom line, which counts all sampled worlds and all types by their chances: a package \
                that just suits here fails in many worlds, one that just fails here suits in many, and each pair of types \
                counts only by its prior.";
    caption += if evidence.setting.combination_count() <= u128::from(DRAWN) {
        " Dots are all packages"
    } else {
        " Dots are packages drawn at random"
    };
    if clouds.shown.iter().any(|cloud| !cloud.frontier.is_empty()) {
        caption += "; the line is the frontier of those that cross no hard red line of the two";
        if clouds.shown.iter().any(|cloud| cloud.frontier.len() == 1) {
            caption += ", a single dot where one package is best for both";
        }
    }
    caption.push('.');
    caption
}

/// What refusing is besides no deal, and by how much the two differ for whom; nothing where no refusal triggers a lever.
fn levers_of_refusals(evidence: &Evidence, clouds: &Clouds) -> String {
    let mut said: Vec<(usize, f64)> = Vec::new();
    for cloud in &clouds.shown {
        let both = [
            (cloud.types.0, cloud.levers.0),
            (cloud.types.1, cloud.levers.1),
        ];
        for (t, change) in both {
            // What rounds to nothing is not worth a word.
            let told = with_sign(change, 1) != with_sign(0.0, 1);
            if told && !said.iter().any(|(known, _)| *known == t) {
                said.push((t, change));
            }
        }
    }
    if said.is_empty() {
        return String::new();
    }
    said.sort_by_key(|(t, _)| *t);
    let each = said.iter().map(|(t, change)| {
        format!(
            "{} for {}",
            with_sign(*change, 1),
            charts::who(evidence, *t)
        )
    });
    format!(
        " Refusing is {} with the levers that the refusal may trigger, which here change its worth, in points of each type’s own, by {}.",
        Terms::of(&evidence.setting).going_on,
        and_list(&each.collect::<Vec<_>>())
    )
}

/// Why something was silent, with what kind of silence it was.
pub(super) fn because(silence: &Silence) -> String {
    let how = match silence {
        Silence::NotApplicable(_) => "it does not apply, because ",
        Silence::GaveUp(_) => "it gave up: ",
        Silence::Defect(_) => "it met ",
    };
    format!("{how}{}", silence_reason(silence))
}

pub(super) fn reading_name(evidence: &Evidence) -> String {
    let names: Vec<&str> = evidence.readings.iter().map(|r| r.name.as_str()).collect();
    let name = if names.is_empty() {
        "the case as written".to_owned()
    } else {
        names.join(", then ")
    };
    name + &set_in_words(evidence)
}

/// ", with two numbers set for this run"; nothing where none are.
pub(super) fn set_in_words(evidence: &Evidence) -> String {
    match evidence.set_for_run().count() {
        0 => String::new(),
        n => format!(", with {} set for this run", count(n, "number")),
    }
}

/// The quantiles behind "5 %, 25 %, median, 75 %, 95 %" in the page's tables.
const _: () = assert!(QUANTILES.len() == 5);
