//! The report's figures, from the evidence.

use detente_core::{Ending, LineStiffness, Side};
use detente_evidence::{Cloud, Evidence, Rival, Zone};

use super::rows::reading_name;
use super::{dates, findings};
use crate::headline;
use crate::svg::{
    Marker, Party, cloud, dots, endings, fan, heat, per_hundred, range, responsive, waterfall,
};
use crate::terms::Terms;

/// Parties as charts know them: colour and marker by order in the case.
pub(super) fn parties(evidence: &Evidence) -> Vec<Party> {
    evidence
        .setting
        .parties
        .iter()
        .enumerate()
        .map(|(i, party)| Party::new(party.name.clone(), i))
        .collect()
}

/// Named packages × parties.
pub(super) fn acceptance(evidence: &Evidence, title: &str) -> String {
    let setting = &evidence.setting;
    let rows = setting
        .packages
        .iter()
        .zip(evidence.packages())
        .enumerate()
        .map(|(p, (package, line))| {
            let blockers = line.blockers();
            let cells = line.accepts.iter().enumerate().map(|(i, accepts)| {
                let crossed = line.crossed_of[i];
                heat::Cell {
                    share: Some(accepts.value),
                    error: accepts.error,
                    free: !package.needed.contains(i),
                    blocker: package.needed.contains(i) && blockers.contains(&i),
                    blocked_by_red_line: crossed > 0.5,
                    tooltip: {
                        let mut lines = setting.red_lines.iter();
                        let drawn =
                            lines.any(|l| l.party == i && l.stiffness == LineStiffness::Hard);
                        let crossed = if drawn && crossed > 0.0 {
                            let share = per_hundred(Some(crossed));
                            format!("; a hard red line is crossed in {share}")
                        } else {
                            String::new()
                        };
                        let name = &setting.parties[i].name;
                        let accepts = per_hundred(Some(accepts.value));
                        format!("{name}: accepts in {accepts} of 100 worlds{crossed}")
                    },
                }
            });
            let by = package.by.map(|p| setting.parties[p].name.clone());
            let note: Vec<String> = by.into_iter().chain(package.on.clone()).collect();
            heat::Row {
                label: dates::marked(evidence, p),
                note: note.join(", "),
                cells: cells.collect(),
                totals: totals(evidence, line),
                placeholder: false,
            }
        });
    let chart = heat::AcceptanceMap {
        title: title.to_owned(),
        desc: "For every named package, in how many of a hundred sampled worlds each party accepts it.".to_owned(),
        id: "acceptance-map".to_owned(),
        columns: parties(evidence),
        rows: rows.collect(),
        totals: total_labels(evidence),
        note: String::new(),
    };
    responsive(&chart.render(), &chart.render_compact())
}

/// What comes of a package: signed, in force where a gate stands, kept where the case says what may follow a deal.
fn totals(evidence: &Evidence, line: &detente_evidence::PackageLine) -> Vec<(Option<f64>, String)> {
    let total = |mean: &detente_math::Mean, what: &str| {
        let share = per_hundred(Some(mean.value));
        (Some(mean.value), format!("{what} in {share} of 100 worlds"))
    };
    let mut totals = vec![total(&line.agreed, "all needed accept")];
    if evidence.has_gates() {
        totals.push(total(
            &line.in_force,
            "all needed accept and their gates pass it",
        ));
    }
    if evidence.headline.kept_months.is_some() {
        totals.push(total(&line.kept, "signed and kept"));
    }
    totals
}

/// Heads of [`totals`].
fn total_labels(evidence: &Evidence) -> Vec<String> {
    let gates = evidence.has_gates().then(|| "In force".to_owned());
    let kept = evidence.headline.kept_months;
    match (gates, kept) {
        (None, None) => Vec::new(),
        (gates, kept) => ["Signed".to_owned()]
            .into_iter()
            .chain(gates)
            .chain(kept.map(|_| headline::head(evidence.headline)))
            .collect(),
    }
}

/// Packages as two types see them in the middle world. Alone, a picture names its packages; among several it numbers them.
pub(super) fn package_cloud(
    evidence: &Evidence,
    seen: &Cloud,
    title: &str,
    among: Option<usize>,
) -> String {
    let setting = &evidence.setting;
    let (a, b) = seen.types;
    let label = |t: usize| format!("Worth to {}, points", who(evidence, t));
    let line = |t: usize, value: f64, besides: bool, levers: f64, axis| cloud::NoDealLine {
        label: format!(
            "{}, {}",
            match (besides, levers != 0.0) {
                (true, _) => "asked",
                (false, true) => "refusing",
                (false, false) => Terms::of(setting).no_deal,
            },
            setting.types[t].name
        ),
        value,
        axis,
        color_index: setting.types[t].party,
    };
    let packages = setting.packages.iter().zip(&seen.named).enumerate();
    let named = packages.map(|(p, (package, (x, y, accepted)))| cloud::Named {
        label: package.name.clone(),
        mark: among.map_or_else(String::new, |_| (p + 1).to_string()),
        x: *x,
        y: *y,
        accepted: *accepted,
    });
    let chart = cloud::PackageCloud {
        title: title.to_owned(),
        desc: "Every dot is a package; its place is what it is worth to the two parties, against what each asks of a package."
            .to_owned(),
        id: among.map_or_else(|| "package-cloud".to_owned(), |i| format!("package-cloud-{}", i + 1)),
        x_label: label(a),
        y_label: label(b),
        points: seen.points.clone(),
        frontier: seen.frontier.clone(),
        named: named.collect(),
        no_deal: vec![
            line(a, seen.asked.0, seen.besides.0, seen.levers.0, cloud::Axis::X),
            line(b, seen.asked.1, seen.besides.1, seen.levers.1, cloud::Axis::Y),
        ],
        nash: None,
        gain_label: if seen.besides == (false, false) && seen.levers == (0.0, 0.0) {
            format!("both gain on {}", Terms::of(setting).no_deal)
        } else {
            "enough for both".to_owned()
        },
    };
    match among {
        None => responsive(&chart.render(), &chart.render_compact()),
        Some(_) => chart.render_compact(),
    }
}

/// "South (firm)": a type with its party.
pub(super) fn who(evidence: &Evidence, t: usize) -> String {
    let kind = &evidence.setting.types[t];
    let party = &evidence.setting.parties[kind.party];
    if party.types.len() == 1 {
        party.name.clone()
    } else {
        format!("{} ({})", party.name, kind.name)
    }
}

/// The line over months.
pub(super) fn line_fan(evidence: &Evidence, title: &str) -> Option<String> {
    let (contest, no_deal) = (evidence.setting.contest.as_ref()?, evidence.no_deal()?);
    let at = |q: usize| {
        no_deal
            .line
            .iter()
            .map(|(_, quantiles)| quantiles[q])
            .collect::<Vec<f64>>()
    };
    let band = |low: usize, high: usize| fan::Band {
        low_q: detente_evidence::FAN[low],
        high_q: detente_evidence::FAN[high],
        low: at(low),
        high: at(high),
    };
    let chart = fan::Fan {
        title: title.to_owned(),
        desc: format!(
            "Where the line is, month by month, if the {} goes on: median and bands over sampled worlds.",
            Terms::of(&evidence.setting).fighting
        ),
        id: "line-fan".to_owned(),
        x_label: "Months from now".to_owned(),
        y_label: format!(
            "Line ({}; + = {} gains, − = {} gains)",
            contest.unit,
            findings::side_name(evidence, Side::A),
            findings::side_name(evidence, Side::B)
        ),
        months: no_deal
            .line
            .iter()
            .map(|(month, _)| *month as f64)
            .collect(),
        bands: vec![band(0, 6), band(1, 5), band(2, 4)],
        median: at(3),
        reference_lines: vec![("the line today".to_owned(), no_deal.line.first()?.1[3])],
        color_index: None,
        placeholder: false,
    };
    Some(responsive(&chart.render(), &chart.render_compact()))
}

/// What no deal is worth, by party and type.
pub(super) fn no_deal_values(evidence: &Evidence, title: &str) -> Option<String> {
    let told = evidence.no_deal()?;
    let no_deal = Terms::of(&evidence.setting).no_deal;
    let palette = parties(evidence);
    let rows = evidence
        .setting
        .types
        .iter()
        .zip(&told.values)
        .map(|(kind, v)| range::Row {
            group: palette[kind.party].label.clone(),
            label: kind.name.clone(),
            low: v[0],
            q25: v[1],
            median: v[2],
            q75: v[3],
            high: v[4],
            color_index: palette[kind.party].color_index,
            marker: palette[kind.party].marker,
            dots: Vec::new(),
            placeholder: false,
        });
    let chart = range::RangeBars {
        title: title.to_owned(),
        desc: format!(
            "For each type, what {no_deal} is worth on its own scale: 90 % of sampled worlds, middle half, median."
        ),
        id: "no-deal-values".to_owned(),
        x_label: format!("Worth of {no_deal} (points of the type’s own scale)"),
        rows: rows.collect(),
        reference: Vec::new(),
        band_label: String::new(),
    };
    Some(responsive(&chart.render(), &chart.render_compact()))
}

/// How the fighting has ended, month by month.
pub(super) fn stacked_endings(evidence: &Evidence, title: &str) -> Option<String> {
    /// Later months add nothing that a reader could tell from the table.
    const MONTHS: usize = 60;
    let no_deal = evidence.no_deal()?;
    let months = &no_deal.ended[..no_deal.ended.len().min(MONTHS)];
    let ending = |e: Ending| endings::Ending {
        label: findings::ending_name(evidence, e),
        color_index: e as usize,
        at_once: 0.0,
        by_month: months.iter().map(|by| by[e as usize]).collect(),
    };
    let chart = endings::Endings {
        title: title.to_owned(),
        desc: format!(
            "Chance that the {} has ended by each month, by the way in which it ended, averaged over worlds.",
            Terms::of(&evidence.setting).fighting
        ),
        id: "stacked-endings".to_owned(),
        x_label: "Months from now".to_owned(),
        // A way that a case rules out is no line at zero.
        endings: no_deal.endings().into_iter().map(ending).collect(),
        ..endings::Endings::default()
    };
    Some(responsive(&chart.render(), &chart.render_compact()))
}

/// How a process has ended by each month; nothing where nothing ends it.
pub(super) fn ends_of_process(evidence: &Evidence, title: &str) -> Option<String> {
    /// As with the contest's endings.
    const MONTHS: usize = 60;
    let process = evidence.setting.process.as_ref()?;
    let told = evidence.no_deal()?.process.as_ref()?;
    if process.ends.is_empty() {
        return None;
    }
    // Straight between the months that are told, from nothing today.
    let at = |end: usize, month: usize| {
        let (mut before, mut chance) = (0, 0.0);
        for (told, by) in &told.by {
            if *told >= month {
                let part = (month - before) as f64 / (told - before) as f64;
                return chance + part * (by[end] - chance);
            }
            (before, chance) = (*told, by[end]);
        }
        chance
    };
    let ending = |(e, end): (usize, &detente_core::ProcessState)| endings::Ending {
        label: end.name.clone(),
        color_index: e,
        at_once: 0.0,
        by_month: (1..=MONTHS).map(|month| at(e, month)).collect(),
    };
    let chart = endings::Endings {
        title: title.to_owned(),
        desc: "Chance that each end has come by each month, averaged over worlds, straight between months 1, 3, 6, 12, 24, 36 and 60."
            .to_owned(),
        id: "process-ends".to_owned(),
        x_label: "Months from now".to_owned(),
        endings: process.ends.iter().enumerate().map(ending).collect(),
        ..endings::Endings::default()
    };
    Some(responsive(&chart.render(), &chart.render_compact()))
}

/// From the case as written to a reading, group of overrides by group.
pub(super) fn reading_waterfall(
    evidence: &Evidence,
    rival: &Rival,
    package: usize,
    title: &str,
) -> String {
    let total = |label: &str, share: f64| waterfall::Total {
        label: label.to_owned(),
        value: 100.0 * share,
        placeholder: false,
    };
    let mut steps: Vec<waterfall::Step> = rival
        .causes
        .iter()
        .map(|cause| waterfall::Step {
            label: crate::words::capitalised(&cause.about),
            change: 100.0 * cause.moved.value,
            error: 100.0 * cause.moved.error,
            placeholder: false,
        })
        .collect();
    steps.sort_by(|a, b| b.change.abs().total_cmp(&a.change.abs()));
    let chart = waterfall::Waterfall {
        title: title.to_owned(),
        desc: format!(
            "In how many of 100 worlds the package {}: as written, what each group of the reading’s numbers changes alone and what \
             they do only together, and under the whole reading.",
            headline::verb(evidence.headline)
        ),
        id: "reading-waterfall".to_owned(),
        unit: "of 100 worlds".to_owned(),
        start: total(
            &crate::words::capitalised(&reading_name(evidence)),
            evidence.packages()[package].headline().value,
        ),
        steps,
        end: total(&rival.label.name, rival.own.headline(package).value),
        rest_label: "in other worlds than the groups’".to_owned(),
        // As the table below the picture.
        decimals: Some(0),
        ..waterfall::Waterfall::default()
    };
    responsive(&chart.render(), &chart.render_compact())
}

/// The zone's size by whose consent a package needs.
pub(super) fn zone_sizes(evidence: &Evidence, zone: &Zone, title: &str) -> String {
    let row = |set: &detente_evidence::NeededLine| dots::Row {
        label: findings::needed(evidence, set),
        note: format!("open in {} of 100", per_hundred(Some(set.open.value))),
        color_index: 0,
        marker: Marker::Circle,
        quantiles: set.sizes.clone(),
        median: Some(set.size[2]),
        placeholder: false,
    };
    let chart = dots::QuantileDots {
        title: title.to_owned(),
        desc: format!(
            "Greatest margin of the worst-off party over the packages{} that need exactly these parties, in twenty equally likely parts of \
             the searched worlds: in a world the mean over the parties’ types by their chances.",
            if evidence.search_is_led() {
                " that a search comes upon and"
            } else {
                ""
            }
        ),
        id: "zone-sizes".to_owned(),
        x_label: "Zone size, points of the worst-off party; a mean over types".to_owned(),
        rows: zone.sets.iter().map(row).collect(),
        reference: Some(("0".to_owned(), 0.0)),
        // One rounding with the table below the picture.
        decimals: Some(findings::size_decimals(&zone.sets)),
        note: String::new(),
    };
    responsive(&chart.render(), &chart.render_compact())
}
