//! The lines of a summary, each read off the table of worlds.

use detente_case::{Case, Draw};
use detente_core::asks::FLAT;
use detente_core::catalogue::{alternative, durability, leverage, settlement};
use detente_core::{Ending, Handle, MILESTONES, Setting, Solution};
use detente_math::{Mean, normal_cdf, quantile_sorted, root_of_increasing};

use super::drawn::Drawn;
use super::undecided::sureness;
use super::{
    Division, FAN, GateLine, Movers, NeededLine, NoDealSummary, PackageLine, QUANTILES,
    SolutionLine, ZoneSummary,
};
use crate::headline::Headline;
use crate::run::Table;
use crate::sensitivity::{Drawing, is_constant, movers};

/// Worlds and months of the line fan. A mixture of a thousand normals is smooth, and few contests outlast five years.
const FAN_WORLDS: usize = 1000;
const FAN_MONTHS: usize = 60;

fn quantiles<const N: usize>(sorted: &[f64], at: [f64; N]) -> [f64; N] {
    at.map(|p| quantile_sorted(sorted, p))
}

pub(super) fn package_line(
    (setting, headline): (&Setting, Headline),
    table: &Table,
    drawn: &Drawn,
    p: usize,
) -> PackageLine {
    let parties = 0..setting.parties.len();
    let types = 0..setting.types.len();
    let of = |quantity: Handle, i: usize| table.mean(quantity, &[i, p]);
    let blocks: Vec<(f64, f64)> = parties
        .clone()
        .map(|i| {
            (
                of(settlement::BLOCKS, i).value,
                of(settlement::BLOCKS_BY_RED_LINE, i).value,
            )
        })
        .collect();
    let first = parties
        .clone()
        .rev()
        .max_by(|a, b| blocks[*a].0.total_cmp(&blocks[*b].0));
    PackageLine {
        accepts: parties
            .clone()
            .map(|i| of(settlement::ACCEPTS, i))
            .collect(),
        behind: parties
            .clone()
            .map(|i| behind(table, p, first.unwrap_or(i), i))
            .collect(),
        alone: parties.map(|i| alone(setting, table, p, i)).collect(),
        blocks,
        margins: types
            .clone()
            .map(|t| quantiles(&table.sorted(settlement::MARGIN, &[t, p]), QUANTILES))
            .collect(),
        crossed_of: (0..setting.parties.len())
            .map(|i| crossed_of(setting, table, drawn, i, p))
            .collect(),
        crossed: types.map(|t| of(settlement::CROSSED, t).value).collect(),
        agreed: table.mean(settlement::AGREED, &[p]),
        in_force: table.mean(settlement::IN_FORCE, &[p]),
        kept: table.mean(durability::KEPT, &[p]),
        tempted: table.mean(durability::SIGNED_TEMPTED, &[p]),
        broken: {
            let all = MILESTONES.iter().copied().chain(headline.kept_months);
            all.filter_map(|m| Some((m, headline.broken(table, p, m)?)))
                .collect()
        },
        sureness: sureness(setting, table, drawn, p),
    }
}

/// How often the package crosses a hard red line of a party, its types by their priors in each world.
fn crossed_of(setting: &Setting, table: &Table, drawn: &Drawn, party: usize, p: usize) -> f64 {
    let mut sums = vec![0.0; table.worlds];
    for t in setting.parties[party].types.clone() {
        let crossed = table.column(settlement::CROSSED, &[t, p]);
        let worlds = crossed.zip(&drawn.priors[t]);
        for (sum, (crossed, prior)) in sums.iter_mut().zip(worlds) {
            *sum += prior * crossed;
        }
    }
    table.mean_of(sums.iter().copied()).value
}

/// How much more often `first` than `party` is the package's first blocker: a mean of differences, on the same worlds.
fn behind(table: &Table, p: usize, first: usize, party: usize) -> Mean {
    let (ahead, after) = ([first, p], [party, p]);
    let ahead = table.column(settlement::BLOCKS, &ahead);
    let after = table.column(settlement::BLOCKS, &after);
    table.mean_of(ahead.zip(after).map(|(a, b)| a - b))
}

/// How often a party alone of those needed refuses. Types are independent across parties within a world, so in each world
/// this is its chance to refuse times the others' chances to accept.
fn alone(setting: &Setting, table: &Table, p: usize, party: usize) -> Mean {
    let needed = setting.packages[p].needed;
    let accepts = |i: usize| -> Vec<f64> { table.column(settlement::ACCEPTS, &[i, p]).collect() };
    let refuses = |a: f64| {
        if needed.contains(party) {
            1.0 - a
        } else {
            0.0 * a
        }
    };
    let mut chances: Vec<f64> = accepts(party).into_iter().map(refuses).collect();
    for other in needed.iter().filter(|i| *i != party) {
        for (chance, a) in chances.iter_mut().zip(accepts(other)) {
            *chance *= a;
        }
    }
    table.mean_of(chances.iter().copied())
}

pub(super) fn zone_summary(setting: &Setting, table: &Table) -> Option<ZoneSummary> {
    let open = table.mean(settlement::ZONE, &[]);
    if open.n == 0 {
        return None;
    }
    let mut sets = Vec::new();
    for (s, needed) in setting.needed_sets.iter().enumerate() {
        let size = table.sorted(settlement::SIZE, &[s]);
        if size.is_empty() {
            continue;
        }
        sets.push(NeededLine {
            needed: *needed,
            open: table.mean(settlement::ZONE_OF, &[s]),
            size: quantiles(&size, QUANTILES),
            sizes: (0..20)
                .map(|i| quantile_sorted(&size, (f64::from(i) + 0.5) / 20.0))
                .collect(),
            solutions: Solution::ALL
                .into_iter()
                .filter_map(|solution| solution_line(setting, table, s, solution))
                .collect(),
            lottery: {
                let sizes = table.sorted(settlement::LOTTERY_SIZE, &[s]);
                (!sizes.is_empty()).then(|| quantiles(&sizes, QUANTILES))
            },
            given_up: table.mean(settlement::FRONTIER_GIVEN_UP, &[s]),
            most: {
                let most = table.sorted(settlement::LOTTERY_MOST, &[s]);
                (!most.is_empty()).then(|| quantiles(&most, QUANTILES))
            },
            division: {
                let score = table.mean(settlement::ADJUSTED_WINNER, &[s]);
                let share = |k| table.mean(settlement::ADJUSTED_WINNER_SHARE, &[s, k]).value;
                (score.n > 0).then(|| Division {
                    score,
                    shares: (0..setting.issues.len()).map(share).collect(),
                })
            },
        });
    }
    Some(ZoneSummary {
        open,
        possible: {
            // Bounds are sought in fewer worlds than zones: what they add there is added to what was found everywhere.
            let found = table.column(settlement::ZONE, &[]);
            let possible = table.column(settlement::ZONE_POSSIBLE, &[]);
            let more: Vec<f64> = possible
                .zip(found)
                .map(|(most, zone)| most - zone)
                .collect();
            let more = table.mean_of(more.iter().copied());
            // The two means are of different worlds: their errors add up at most like this.
            Mean {
                value: (open.value + more.value).min(1.0),
                error: (open.error * open.error + more.error * more.error).sqrt(),
                n: open.n,
            }
        },
        without_red_lines: table.mean(settlement::ZONE_WITHOUT_RED_LINES, &[]),
        opens_without: (0..setting.parties.len())
            .map(|i| table.mean(settlement::OPENS_WITHOUT, &[i]).value)
            .collect(),
        sets,
    })
}

fn solution_line(
    setting: &Setting,
    table: &Table,
    s: usize,
    solution: Solution,
) -> Option<SolutionLine> {
    let place = solution as usize;
    let options: Vec<Mean> = (0..setting.option_count())
        .map(|o| table.mean(settlement::SOLUTION_OPTION, &[s, place, o]))
        .collect();
    options.first().filter(|mean| mean.n > 0)?;
    let margins = |i| table.sorted(settlement::SOLUTION_MARGIN, &[s, place, i]);
    Some(SolutionLine {
        solution,
        options: options.iter().map(|mean| mean.value).collect(),
        margins: (0..setting.parties.len())
            .map(|i| quantiles(&margins(i), QUANTILES))
            .collect(),
        ties: table.mean(settlement::SOLUTION_TIES, &[s, place]),
    })
}

pub(super) fn no_deal_summary(setting: &Setting, table: &Table) -> Option<NoDealSummary> {
    let months = setting.contest.as_ref().map(|contest| contest.horizon);
    let horizon = months.unwrap_or(0);
    let values: Vec<Vec<f64>> = (0..setting.types.len())
        .map(|t| table.sorted(alternative::VALUE, &[t]))
        .collect();
    if values.first().is_none_or(Vec::is_empty) {
        return None;
    }
    let mut ended = Vec::with_capacity(horizon);
    let mut so_far = [0.0; 4];
    for month in 0..horizon {
        for ending in Ending::ALL {
            so_far[ending as usize] += table
                .mean(alternative::ENDING, &[month, ending as usize])
                .value;
        }
        ended.push(so_far);
    }
    let supply = [0, 1].map(|side| {
        (0..horizon)
            .map(|m| table.mean(alternative::SUPPLY, &[side, m]).value)
            .collect()
    });
    Some(NoDealSummary {
        values: values.iter().map(|v| quantiles(v, QUANTILES)).collect(),
        gaps: (0..setting.types.len())
            .map(|t| table.mean(alternative::GAP, &[t]).value)
            .collect(),
        levers: (0..setting.types.len())
            .map(|t| levers_of_refusal(setting, table, t))
            .collect(),
        ended,
        line: months
            .into_iter()
            .flat_map(|horizon| 0..=horizon.min(FAN_MONTHS))
            .map(|m| (m, line_quantiles(table, m)))
            .collect(),
        supply,
    })
}

/// What the levers that its refusal may trigger add to V, mean over the worlds that tell both.
fn levers_of_refusal(setting: &Setting, table: &Table, t: usize) -> f64 {
    if !crate::terms::refusal_triggers(setting) {
        return 0.0;
    }
    let refusing = table.column(leverage::REFUSAL, &[t]);
    let no_deal = table.column(alternative::VALUE, &[t]);
    let mean = table.mean_of(refusing.zip(no_deal).map(|(n, v)| n - v));
    // What is rounding is no change.
    if mean.n > 0 && mean.value.abs() > FLAT {
        mean.value
    } else {
        0.0
    }
}

/// Quantiles of the line in a month over worlds and within each: exact, since in every world the line is normal.
fn line_quantiles(table: &Table, month: usize) -> [f64; 7] {
    /// Standard deviations beyond any world's mean that bracket every quantile.
    const REACH: f64 = 5.0;
    let means = table.column(alternative::LINE_MEAN, &[month]);
    let sds = table.column(alternative::LINE_SD, &[month]);
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

pub(super) fn headline_movers(
    (drawing, headline): (Drawing, Headline),
    table: &Table,
    packages: &[PackageLine],
    zone: Option<&ZoneSummary>,
) -> Movers {
    let decide = |of: &str, answer: &[f64]| Movers {
        of: of.to_owned(),
        types: within_worlds(answer),
        of_peace: false,
        moving: movers(drawing, answer),
    };
    // The package that the report leads with if it is in doubt, since every world tells of it; else the zone if that is, of which
    // searched worlds alone tell.
    let in_doubt = |share: f64| (0.05..=0.95).contains(&share);
    let package = super::leading(packages);
    let settled = package.is_none_or(|p| !in_doubt(packages[p].headline().value));
    if settled && zone.is_some_and(|zone| in_doubt(zone.open.value)) {
        let answer: Vec<f64> = table.column(settlement::ZONE, &[]).collect();
        return decide("whether any package is acceptable", &answer);
    }
    let Some(p) = package else {
        return Movers::default();
    };
    let answer: Vec<f64> = table.column(headline.quantity(), &[p]).collect();
    Movers {
        of_peace: headline.kept_months.is_some(),
        ..decide(
            &format!("whether the leading package {}", headline.verb()),
            &answer,
        )
    }
}

/// For chances of a yes or no, one a world: the share of its variance that lies within worlds, in the types.
fn within_worlds(chances: &[f64]) -> f64 {
    let known = || chances.iter().filter(|p| !p.is_nan());
    let n = known().count() as f64;
    let mean = known().sum::<f64>() / n;
    let all = mean * (1.0 - mean);
    // What is certain up to rounding is not uncertain in any way.
    if n < 1.0 || all <= 1e-12 {
        return 0.0;
    }
    if is_constant(&known().copied().collect::<Vec<_>>()) {
        return 1.0;
    }
    let between = known().map(|p| (p - mean) * (p - mean)).sum::<f64>() / n;
    (1.0 - between / all).clamp(0.0, 1.0)
}

/// Gates at home that stand in some world, with the support that was found for packages.
pub(super) fn gates(case: &Case, table: &Table, drawn: &Drawn) -> Vec<GateLine> {
    let setting = &case.setting;
    let standing = |of, g: usize, p: usize| {
        let chances = table.column(of, &[g, p]);
        let standing = chances.zip(&drawn.gates[g]);
        table.mean_of(standing.map(|(chance, on)| if *on { chance } else { f64::NAN }))
    };
    let line = |g: usize| {
        let on = drawn.gates[g].iter().filter(|on| **on).count();
        let found = case.published.iter().filter(|found| found.gate == g);
        GateLine {
            gate: g,
            stands: on as f64 / table.worlds.max(1) as f64,
            passes: (0..setting.packages.len())
                .map(|p| standing(settlement::RATIFIES, g, p))
                .collect(),
            below_bar: (0..setting.packages.len())
                .map(|p| standing(settlement::GATE_BELOW_BAR, g, p))
                .collect(),
            published: found
                .map(|found| {
                    let at = match &case.inputs[found.support.0 as usize].draw {
                        Draw::Own(d) => [0.05, 0.5, 0.95].map(|u| d.quantile(u)),
                        _ => [f64::NAN; 3],
                    };
                    (found.package, at, found.says.clone())
                })
                .collect(),
        }
    };
    let all = (0..setting.gates.len()).map(line);
    all.filter(|line| line.stands > 0.0).collect()
}
