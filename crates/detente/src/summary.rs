//! What the worlds of a case say, ready to be written up.

use std::panic::{AssertUnwindSafe, catch_unwind};

use detente_case::{Case, Draw, Input, Overrides, Plan, SourceEntry, Status};
use detente_core::{Ending, PartySet, Setting, World};
use detente_lens::conformance::{self, Certified};
use detente_math::{Mean, normal_cdf, quantile_sorted, root_of_increasing};
use rayon::prelude::*;

use crate::middle::{self, Cloud};
use crate::run::{Counts, Progress, RunOptions, Table, run};
use crate::sensitivity::{Mover, movers};

/// Worlds whose answers are put before their certificates in every run.
const CERTIFIED_WORLDS: u64 = 2;
/// Rival readings run on this fraction of the worlds.
const RIVAL_SHARE: usize = 4;
/// Quantiles printed for every distribution.
pub const QUANTILES: [f64; 5] = [0.05, 0.25, 0.5, 0.75, 0.95];
/// Quantiles of the line fan.
pub const FAN: [f64; 7] = [0.05, 0.10, 0.25, 0.5, 0.75, 0.90, 0.95];

/// Worlds and months of the line fan. A mixture of a thousand normals is smooth, and few contests outlast five years.
const FAN_WORLDS: usize = 1000;
const FAN_MONTHS: usize = 60;

/// Everything that a report prints.
#[derive(Clone, Debug)]
pub struct Summary {
    /// What the case is about.
    pub setting: Setting,
    /// The readings in force, composed in this order; none: the case as written.
    pub readings: Vec<ReadingLabel>,
    /// How it was run.
    pub options: RunOptions,
    /// Named packages.
    pub packages: Vec<PackageLine>,
    /// The zone; `None` where the lens was silent in every world.
    pub zone: Option<ZoneSummary>,
    /// No deal; `None` where the lens was silent in every world.
    pub no_deal: Option<NoDealSummary>,
    /// The other readings, and the case as written if a reading is in force, on common draws.
    pub rivals: Vec<Rival>,
    /// What moves the headline most, and what that headline is.
    pub movers: Movers,
    /// Every number as it was drawn: the case's, with what the readings in force put in its place.
    pub inputs: Vec<Input>,
    /// The case's sources.
    pub sources: Vec<SourceEntry>,
    /// Numbers by status.
    pub statuses: Vec<(Status, usize)>,
    /// Why lenses were silent, in how many worlds.
    pub silences: Counts,
    /// What became of the certificates.
    pub certified: Certified,
    /// The middle world's packages.
    pub(crate) cloud: Option<Cloud>,
}

/// What decides an answer.
#[derive(Clone, Debug, Default)]
pub struct Movers {
    /// The answer, as a clause: "whether …".
    pub of: String,
    /// Share of what is uncertain about it that lies in which types the parties are, not in which world it is.
    pub types: f64,
    /// The inputs that move it between worlds, greatest first.
    pub inputs: Vec<Mover>,
}

/// A reading's name and attribution.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadingLabel {
    /// Identifier; empty for the case as written.
    pub id: String,
    /// Name.
    pub name: String,
    /// Whose it is.
    pub by: String,
    /// In a sentence.
    pub says: String,
    /// How many numbers it replaces.
    pub replaces: usize,
}

/// A named package over the worlds.
#[derive(Clone, Debug)]
pub struct PackageLine {
    /// By party: share of worlds in which it accepts.
    pub accepts: Vec<Mean>,
    /// By party: share in which it is the first blocker, and the part owed to a hard red line.
    pub blocks: Vec<(f64, f64)>,
    /// By type: quantiles of its margin over fighting on, in points.
    pub margins: Vec<[f64; 5]>,
    /// By type: share of worlds in which a hard red line of the type is crossed.
    pub crossed: Vec<f64>,
    /// Share in which all needed parties accept.
    pub agreed: Mean,
}

/// The zone over the searched worlds.
#[derive(Clone, Debug)]
pub struct ZoneSummary {
    /// Share in which some package is accepted by every party it needs.
    pub open: Mean,
    /// The same without hard red lines.
    pub without_red_lines: Mean,
    /// By party: share in which dropping its hard red lines alone opens an empty zone.
    pub opens_without: Vec<f64>,
    /// By needed set, those with any package.
    pub sets: Vec<NeededLine>,
}

/// The packages that need exactly these parties.
#[derive(Clone, Debug)]
pub struct NeededLine {
    /// The parties.
    pub needed: PartySet,
    /// Share in which some such package is accepted by all of them.
    pub open: Mean,
    /// Quantiles of the zone size, in points.
    pub size: [f64; 5],
    /// Share of Nash points that take each option, by option; empty if there was none.
    pub nash_options: Vec<f64>,
    /// By party: quantiles of its margin at the Nash point.
    pub nash_margins: Vec<[f64; 5]>,
}

/// The contest over the worlds.
#[derive(Clone, Debug)]
pub struct NoDealSummary {
    /// By type: quantiles of V, in points.
    pub values: Vec<[f64; 5]>,
    /// By type: mean of what its own beliefs add to V.
    pub gaps: Vec<f64>,
    /// By month 1..=horizon: chance that the contest has ended by each ending.
    pub ended: Vec<[f64; 4]>,
    /// (month, quantiles `FAN` of the line, had fighting gone on), from month 0 to the horizon or five years.
    pub line: Vec<(usize, [f64; 7])>,
    /// By side, by month: mean effort.
    pub supply: [Vec<f64>; 2],
}

/// A reading beside the one in force.
#[derive(Clone, Debug)]
pub struct Rival {
    /// Which.
    pub label: ReadingLabel,
    /// Share in which the zone is open.
    pub zone: Mean,
    /// By package: share in which all needed parties accept.
    pub agreed: Vec<Mean>,
}

/// A reading that the case does not have, or readings that cannot stand together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BadReading {
    /// No reading of that name; the nearest one, if any, and all there are.
    Unknown {
        /// As typed.
        id: String,
        /// The nearest.
        nearest: Option<String>,
        /// All.
        known: Vec<String>,
    },
    /// Together they switch on two levers that set the same number.
    Clash(String, String),
}

impl std::fmt::Display for BadReading {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            BadReading::Unknown {
                id,
                nearest: Some(nearest),
                ..
            } => {
                write!(
                    f,
                    "the case has no reading `{id}`; did you mean `{nearest}`?"
                )
            }
            BadReading::Unknown { id, known, .. } if known.is_empty() => {
                write!(f, "the case has no reading `{id}`; it has none at all")
            }
            BadReading::Unknown { id, known, .. } => {
                write!(
                    f,
                    "the case has no reading `{id}`; it has: {}",
                    known.join(", ")
                )
            }
            BadReading::Clash(a, b) => {
                write!(
                    f,
                    "these readings together switch on `{a}` and `{b}`, which set the same number"
                )
            }
        }
    }
}

/// What readings put over the case's numbers, later ones over earlier ones.
///
/// # Errors
///
/// A reading is unknown, or together they switch on levers that clash.
pub fn overrides_of(case: &Case, ids: &[String]) -> Result<Overrides, BadReading> {
    let mut overrides = Overrides::default();
    for id in ids {
        let Some(reading) = case.readings.iter().find(|reading| reading.id == *id) else {
            let known: Vec<String> = case
                .readings
                .iter()
                .map(|reading| reading.id.clone())
                .collect();
            let nearest =
                detente_diag::nearest(id, known.iter().map(String::as_str)).map(str::to_owned);
            return Err(BadReading::Unknown {
                id: id.clone(),
                nearest,
                known,
            });
        };
        overrides.replaced.extend(
            reading
                .set
                .iter()
                .map(|r| (r.input, r.distribution.clone())),
        );
    }
    let world = {
        let plan = Plan::new(case);
        plan.world(&plan.medians(), &overrides)
    };
    let on: Vec<_> = case
        .setting
        .levers
        .iter()
        .zip(&world.numbers.levers)
        .filter(|(_, n)| n.on > 0.0)
        .collect();
    for (i, (second, _)) in on.iter().enumerate() {
        for (first, _) in &on[..i] {
            if first.sets.iter().any(|target| second.sets.contains(target)) {
                return Err(BadReading::Clash(first.id.clone(), second.id.clone()));
            }
        }
    }
    Ok(overrides)
}

/// Runs a case under readings, and its other readings beside it.
///
/// # Errors
///
/// As [`overrides_of`].
pub fn summarise(
    case: &Case,
    readings: &[String],
    options: RunOptions,
    progress: &dyn Progress,
) -> Result<Summary, BadReading> {
    let overrides = overrides_of(case, readings)?;
    let plan = Plan::new(case);
    let table = run(&plan, &overrides, options, progress);
    let setting = &case.setting;
    let packages: Vec<PackageLine> = (0..setting.packages.len())
        .map(|p| package_line(setting, &table, p))
        .collect();
    let zone = zone_summary(setting, &table);
    let put = under(case, readings);
    let movers = headline_movers(&put, options, &table, &packages, zone.as_ref());

    let fewer = RunOptions {
        worlds: options.worlds.div_ceil(RIVAL_SHARE),
        searches: options.searches.div_ceil(RIVAL_SHARE),
        ..options
    };
    let mut rivals = Vec::new();
    let as_written = (!readings.is_empty()).then(ReadingLabel::as_written);
    for label in as_written
        .into_iter()
        .chain(case.readings.iter().map(ReadingLabel::of))
    {
        if readings.len() == 1 && readings[0] == label.id {
            continue;
        }
        let ids: Vec<String> = if label.id.is_empty() {
            Vec::new()
        } else {
            vec![label.id.clone()]
        };
        let table = run(&plan, &overrides_of(case, &ids)?, fewer, progress);
        let zone = table.mean("settlement", "zone", &[]);
        let agreed = (0..setting.packages.len())
            .map(|p| table.mean("settlement", "agreed", &[p]))
            .collect();
        rivals.push(Rival {
            label,
            zone,
            agreed,
        });
    }

    let worlds: Vec<_> = (0..CERTIFIED_WORLDS.min(options.worlds as u64))
        .map(|i| plan.world(&plan.uniforms(options.stream, i), &overrides))
        .collect();
    Ok(Summary {
        readings: readings
            .iter()
            .filter_map(|id| case.readings.iter().find(|reading| reading.id == *id))
            .map(ReadingLabel::of)
            .collect(),
        options,
        no_deal: no_deal_summary(setting, &table),
        cloud: middle::cloud(&plan, &overrides),
        certified: certify(setting, &worlds),
        statuses: statuses(&put),
        inputs: put.inputs,
        sources: put.sources,
        silences: table.silences.clone(),
        setting: setting.clone(),
        packages,
        zone,
        rivals,
        movers,
    })
}

/// How many worlds [`summarise`] runs in all, for a progress bar.
pub fn worlds_to_run(case: &Case, readings: &[String], options: RunOptions) -> usize {
    let others =
        case.readings.len() + usize::from(!readings.is_empty()) - usize::from(readings.len() == 1);
    options.worlds + others * options.worlds.div_ceil(RIVAL_SHARE)
}

impl ReadingLabel {
    fn of(reading: &detente_case::Reading) -> Self {
        let detente_case::Reading {
            id,
            name,
            by,
            says,
            set,
            includes: _,
        } = reading.clone();
        Self {
            id,
            name,
            by,
            says,
            replaces: set.len(),
        }
    }

    fn as_written() -> Self {
        Self {
            id: String::new(),
            name: "The case as written".into(),
            by: String::new(),
            says: String::new(),
            replaces: 0,
        }
    }
}

impl PackageLine {
    /// The first blocker: the party that most often is, and the share of that owed to a red line.
    pub fn first_blocker(&self) -> Option<(usize, f64, f64)> {
        let listed = self
            .blocks
            .iter()
            .enumerate()
            .map(|(i, (all, red))| (i, *all, *red));
        // The first of equals.
        listed
            .rev()
            .max_by(|a, b| a.1.total_cmp(&b.1))
            .filter(|(_, all, _)| *all > 0.0)
    }
}

impl Summary {
    /// The named package that all needed parties accept most often.
    pub fn closest_package(&self) -> Option<usize> {
        let agreed = |p: &usize| self.packages[*p].agreed.value;
        (0..self.packages.len())
            .rev()
            .filter(|p| !agreed(p).is_nan())
            .max_by(|a, b| agreed(a).total_cmp(&agreed(b)))
    }

    /// Placeholders, and numbers that are claims about the world.
    pub fn placeholders(&self) -> (usize, usize) {
        let claims = self
            .statuses
            .iter()
            .filter(|(status, _)| status.is_claim())
            .map(|(_, n)| n)
            .sum();
        let placeholders = self
            .statuses
            .iter()
            .find(|(status, _)| *status == Status::Placeholder)
            .map_or(0, |(_, n)| *n);
        (placeholders, claims)
    }
}

/// Puts a sample of answers before their certificates. A panic there is a defect like any other, not the end of the run.
fn certify(setting: &Setting, worlds: &[World]) -> Certified {
    let one = |world: &World| {
        let attempt = || conformance::certify(setting, std::iter::once(world), true);
        catch_unwind(AssertUnwindSafe(attempt)).unwrap_or_else(|_| Certified {
            faults: vec!["a certificate met a defect of the program".to_owned()],
            ..Certified::default()
        })
    };
    let parts: Vec<Certified> = worlds.par_iter().map(one).collect();
    parts
        .into_iter()
        .fold(Certified::default(), |mut all, part| {
            all.held += part.held;
            all.silent += part.silent;
            all.faults.extend(part.faults);
            all
        })
}

/// The case with its readings' numbers in the place of its own.
fn under(case: &Case, readings: &[String]) -> Case {
    let mut put = case.clone();
    for id in readings {
        let found = case.readings.iter().filter(|reading| reading.id == *id);
        for replacement in found.flat_map(|reading| &reading.set) {
            let input = &mut put.inputs[replacement.input.0 as usize];
            input.draw = Draw::Own(replacement.distribution.clone());
            input.text.clone_from(&replacement.text);
            input.status = replacement.status;
            input.sources.clone_from(&replacement.sources);
            input.said.clone_from(&replacement.said);
            input.span = Some(replacement.span);
        }
    }
    put
}

fn statuses(case: &Case) -> Vec<(Status, usize)> {
    let all = [
        Status::Measured,
        Status::Quoted,
        Status::Judgement,
        Status::Placeholder,
        Status::ScaleEnd,
        Status::Fact,
        Status::Default,
        Status::Switch,
    ];
    let stated = |status: Status| {
        case.inputs
            .iter()
            .filter(|input| input.status == status && input.span.is_some())
            .count()
    };
    all.into_iter()
        .map(|status| (status, stated(status)))
        .filter(|(_, n)| *n > 0)
        .collect()
}

fn quantiles<const N: usize>(sorted: &[f64], at: [f64; N]) -> [f64; N] {
    at.map(|p| quantile_sorted(sorted, p))
}

fn package_line(setting: &Setting, table: &Table, p: usize) -> PackageLine {
    let parties = 0..setting.parties.len();
    let types = 0..setting.types.len();
    let of = |quantity: &str, i: usize| table.mean("settlement", quantity, &[i, p]);
    PackageLine {
        accepts: parties.clone().map(|i| of("accepts", i)).collect(),
        blocks: parties
            .map(|i| (of("blocks", i).value, of("blocks_by_red_line", i).value))
            .collect(),
        margins: types
            .clone()
            .map(|t| quantiles(&table.sorted("settlement", "margin", &[t, p]), QUANTILES))
            .collect(),
        crossed: types.map(|t| of("crossed", t).value).collect(),
        agreed: table.mean("settlement", "agreed", &[p]),
    }
}

fn zone_summary(setting: &Setting, table: &Table) -> Option<ZoneSummary> {
    let open = table.mean("settlement", "zone", &[]);
    if open.n == 0 {
        return None;
    }
    let mut sets = Vec::new();
    for (s, needed) in setting.needed_sets.iter().enumerate() {
        let size = table.sorted("settlement", "size", &[s]);
        if size.is_empty() {
            continue;
        }
        let options =
            (0..setting.option_count()).map(|o| table.mean("settlement", "nash_option", &[s, o]));
        let options: Vec<Mean> = options.collect();
        let found = options.first().is_some_and(|m| m.n > 0);
        sets.push(NeededLine {
            needed: *needed,
            open: table.mean("settlement", "zone_of", &[s]),
            size: quantiles(&size, QUANTILES),
            nash_options: if found {
                options.iter().map(|m| m.value).collect()
            } else {
                Vec::new()
            },
            nash_margins: (0..setting.parties.len())
                .map(|i| {
                    quantiles(
                        &table.sorted("settlement", "nash_margin", &[s, i]),
                        QUANTILES,
                    )
                })
                .collect(),
        });
    }
    Some(ZoneSummary {
        open,
        without_red_lines: table.mean("settlement", "zone_without_red_lines", &[]),
        opens_without: (0..setting.parties.len())
            .map(|i| table.mean("settlement", "opens_without", &[i]).value)
            .collect(),
        sets,
    })
}

fn no_deal_summary(setting: &Setting, table: &Table) -> Option<NoDealSummary> {
    let horizon = setting.contest.as_ref()?.horizon;
    let values: Vec<Vec<f64>> = (0..setting.types.len())
        .map(|t| table.sorted("alternative", "value", &[t]))
        .collect();
    if values.first().is_none_or(Vec::is_empty) {
        return None;
    }
    let mut ended = Vec::with_capacity(horizon);
    let mut so_far = [0.0; 4];
    for month in 0..horizon {
        for ending in Ending::ALL {
            so_far[ending as usize] += table
                .mean("alternative", "ending", &[month, ending as usize])
                .value;
        }
        ended.push(so_far);
    }
    let supply = [0, 1].map(|side| {
        (0..horizon)
            .map(|m| table.mean("alternative", "supply", &[side, m]).value)
            .collect()
    });
    Some(NoDealSummary {
        values: values.iter().map(|v| quantiles(v, QUANTILES)).collect(),
        gaps: (0..setting.types.len())
            .map(|t| table.mean("alternative", "gap", &[t]).value)
            .collect(),
        ended,
        line: (0..=horizon.min(FAN_MONTHS))
            .map(|m| (m, line_quantiles(table, m)))
            .collect(),
        supply,
    })
}

/// Quantiles of the line in a month over worlds and within each: exact, since in every world the line is normal.
fn line_quantiles(table: &Table, month: usize) -> [f64; 7] {
    /// Standard deviations beyond any world's mean that bracket every quantile.
    const REACH: f64 = 5.0;
    let means = table.column("alternative", "line_mean", &[month]);
    let sds = table.column("alternative", "line_sd", &[month]);
    let worlds: Vec<(f64, f64)> = means
        .zip(sds)
        .filter(|(mean, _)| !mean.is_nan())
        .take(FAN_WORLDS)
        .collect();
    let low = worlds
        .iter()
        .map(|(m, s)| m - REACH * s)
        .fold(f64::INFINITY, f64::min);
    let high = worlds
        .iter()
        .map(|(m, s)| m + REACH * s)
        .fold(f64::NEG_INFINITY, f64::max);
    let share_below = |x: f64| {
        let below = |(m, s): &(f64, f64)| {
            if *s > 0.0 {
                normal_cdf((x - m) / s)
            } else {
                f64::from(u8::from(*m <= x))
            }
        };
        worlds.iter().map(below).sum::<f64>() / worlds.len() as f64
    };
    FAN.map(|p| root_of_increasing(share_below, p, low, high))
}

fn headline_movers(
    case: &Case,
    options: RunOptions,
    table: &Table,
    packages: &[PackageLine],
    zone: Option<&ZoneSummary>,
) -> Movers {
    let decide = |of: &str, answer: &[f64]| Movers {
        of: of.to_owned(),
        types: within_worlds(answer),
        inputs: movers(case, options.stream, answer),
    };
    // The zone if it is in doubt; else the package that is most often agreed.
    if zone.is_some_and(|zone| (0.1..=0.9).contains(&zone.open.value)) {
        let answer: Vec<f64> = table.column("settlement", "zone", &[]).collect();
        return decide("whether any package is acceptable", &answer);
    }
    let agreed = |p: &usize| packages[*p].agreed.value;
    let known = (0..packages.len()).rev().filter(|p| !agreed(p).is_nan());
    let Some(p) = known.max_by(|a, b| agreed(a).total_cmp(&agreed(b))) else {
        return Movers::default();
    };
    let answer: Vec<f64> = table.column("settlement", "agreed", &[p]).collect();
    decide("whether that package is accepted by all it needs", &answer)
}

/// For chances of a yes or no, one a world: the share of its variance that lies within worlds, in the types.
fn within_worlds(chances: &[f64]) -> f64 {
    let known = || chances.iter().filter(|p| !p.is_nan());
    let n = known().count() as f64;
    let mean = known().sum::<f64>() / n;
    let between = known().map(|p| (p - mean) * (p - mean)).sum::<f64>() / n;
    1.0 - between / (mean * (1.0 - mean))
}
