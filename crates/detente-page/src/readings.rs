//! Rival readings beside the one in force, and what in them makes the difference.

use detente_evidence::{Evidence, Rival};

use super::rows::{reading_name, with_error};
use super::{charts, dates};
use crate::headline;
use crate::words::{capitalised, count, per_hundred, short_count, signed};

pub(super) struct RivalRow {
    pub(super) id: String,
    /// Its place in the list below the table.
    pub(super) number: usize,
    pub(super) name: String,
    pub(super) says: String,
    /// Whose it is and how many numbers it replaces.
    pub(super) note: String,
    pub(super) zone: String,
    pub(super) agreed: Vec<String>,
}

/// What a reading's overrides change, group by group.
pub(super) struct CausesTable {
    /// The package whose agreement is watched.
    pub(super) package: String,
    pub(super) rows: Vec<CauseRow>,
    /// How many worlds groups were tried in.
    pub(super) worlds: String,
    /// Title and picture of the reading that differs most.
    pub(super) waterfall: Option<(String, String)>,
}

pub(super) struct CauseRow {
    pub(super) reading: String,
    /// Change of the whole reading, in worlds of 100.
    pub(super) whole: String,
    /// What a group is about, how many numbers, its change alone.
    pub(super) parts: Vec<(String, String, String)>,
    /// What is left: groups that work together, and the difference of the worlds.
    pub(super) joint: String,
}

/// The packages that matter in a comparison of readings: those accepted most often.
pub(super) fn best_packages(evidence: &Evidence) -> Vec<usize> {
    const SHOWN: usize = 4;
    let mut order = evidence.by_headline();
    order.truncate(SHOWN);
    order
}

pub(super) fn rivals(evidence: &Evidence, top: &[usize]) -> Vec<RivalRow> {
    let own = RivalRow {
        id: evidence
            .readings
            .iter()
            .map(|r| r.id.as_str())
            .collect::<Vec<_>>()
            .join(","),
        number: 1,
        name: capitalised(&format!("{} (this report)", reading_name(evidence))),
        says: String::new(),
        note: String::new(),
        zone: evidence
            .zone()
            .map_or("–".to_owned(), |zone| with_error(&zone.open)),
        agreed: top
            .iter()
            .map(|p| {
                both(
                    evidence.packages()[*p].headline(),
                    &evidence.packages()[*p].agreed,
                )
            })
            .collect(),
    };
    let others = evidence
        .rivals
        .iter()
        .enumerate()
        .map(|(i, rival)| RivalRow {
            id: rival.label.id.clone(),
            number: i + 2,
            name: rival.label.name.clone(),
            says: rival.label.says.clone(),
            note: if rival.label.replaces == 0 {
                String::new()
            } else if rival.label.by.is_empty() {
                format!("replaces {}", count(rival.label.replaces, "number"))
            } else {
                format!(
                    "{}; replaces {}",
                    rival.label.by,
                    count(rival.label.replaces, "number")
                )
            },
            zone: with_error(&rival.own.zone),
            agreed: top
                .iter()
                .map(|p| both(rival.own.headline(*p), &rival.own.agreed[*p]))
                .collect(),
        });
    std::iter::once(own).chain(others).collect()
}

/// How many worlds the others ran on, and in how many of them packages were searched, if in any.
pub(super) fn worlds(evidence: &Evidence) -> (String, Option<String>) {
    let counts = evidence.rivals.iter().map(|rival| rival.worlds);
    let (least, most) = (counts.clone().min(), counts.max());
    let drawn = between(least.unwrap_or(0), most.unwrap_or(0));
    let searched = evidence.rivals.iter().map(|rival| rival.searches).max();
    let searched = searched.filter(|searched| *searched > 0);
    (drawn, searched.map(short_count))
}

fn between(least: usize, most: usize) -> String {
    if least == most {
        return count(least, "world");
    }
    format!("{} to {}", short_count(least), count(most, "world"))
}

/// "29 (68)": signed and kept, and in brackets signed; where the case does not say what may follow a deal, signed alone.
fn both(headline: &detente_math::Mean, signed: &detente_math::Mean) -> String {
    if std::ptr::eq(headline, signed) {
        return with_error(signed);
    }
    format!("{} ({})", with_error(headline), with_error(signed))
}

/// Every named package under every reading: name, then by reading in how many worlds of 100 it is signed and kept, or signed.
pub(super) fn packages(evidence: &Evidence) -> Vec<(String, Vec<String>)> {
    if evidence.rivals.is_empty() {
        return Vec::new();
    }
    let row = |p: usize| {
        let own = both(
            evidence.packages()[p].headline(),
            &evidence.packages()[p].agreed,
        );
        let others = evidence
            .rivals
            .iter()
            .map(|r| both(r.own.headline(p), &r.own.agreed[p]));
        let shares = std::iter::once(own).chain(others).collect();
        (dates::marked(evidence, p), shares)
    };
    (0..evidence.packages().len()).map(row).collect()
}

/// Why the readings differ on the package that the report leads with.
pub(super) fn causes(evidence: &Evidence) -> Option<CausesTable> {
    let package = evidence.closest_package()?;
    let row = |rival: &Rival| {
        let whole = rival.differs(evidence.packages(), package);
        let change = |x: f64| signed(100.0 * x, 0);
        let mut parts: Vec<(f64, (String, String, String))> = rival
            .causes
            .iter()
            .map(|cause| {
                let moved = &cause.moved;
                let error = 100.0 * moved.error;
                let told = if error >= 1.0 {
                    format!("{}\u{a0}±{error:.0}", change(moved.value))
                } else {
                    change(moved.value)
                };
                let numbers = count(cause.numbers, "number");
                (moved.value, (capitalised(&cause.about), numbers, told))
            })
            .collect();
        parts.sort_by(|a, b| b.0.abs().total_cmp(&a.0.abs()));
        let alone: f64 = parts.iter().map(|(x, _)| x).sum();
        CauseRow {
            reading: rival.label.name.clone(),
            whole: change(whole),
            parts: parts.into_iter().map(|(_, part)| part).collect(),
            joint: change(whole - alone),
        }
    };
    let rows: Vec<CauseRow> = evidence
        .rivals
        .iter()
        .filter(|rival| !rival.causes.is_empty())
        .map(row)
        .collect();
    let farthest = evidence
        .rivals
        .iter()
        .filter(|rival| !rival.causes.is_empty())
        .max_by(|a, b| {
            let far = |r: &Rival| r.differs(evidence.packages(), package).abs();
            far(a).total_cmp(&far(b))
        });
    let waterfall = farthest.map(|rival| {
        let title = format!(
            "“{}” against {}: in {} and in {} worlds of 100 “{}” {}",
            rival.label.name,
            reading_name(evidence),
            per_hundred(rival.own.headline(package).value),
            per_hundred(evidence.packages()[package].headline().value),
            dates::marked(evidence, package),
            headline::verb(evidence.headline)
        );
        let picture = charts::reading_waterfall(evidence, rival, package, &title);
        (title, picture)
    });
    let causes = evidence.rivals.iter().flat_map(|rival| &rival.causes);
    let counts = causes.map(|cause| cause.moved.n);
    let ends = (counts.clone().min(), counts.max());
    (!rows.is_empty()).then(|| CausesTable {
        worlds: between(ends.0.unwrap_or(0), ends.1.unwrap_or(0)),
        waterfall,
        package: format!(
            "{} ({} of 100)",
            dates::marked(evidence, package),
            per_hundred(evidence.packages()[package].headline().value)
        ),
        rows,
    })
}
