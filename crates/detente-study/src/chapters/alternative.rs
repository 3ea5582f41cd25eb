//! What happens without a deal, read off the table of worlds.

use detente_core::asks::FLAT;
use detente_core::catalogue::{alternative, leverage};
use detente_core::{Ending, MILESTONES, Setting};
use detente_evidence::chapters::alternative::Course;
use detente_evidence::{FAN, NoDeal, QUANTILES};
use detente_math::{normal_cdf, quantile_sorted, root_of_increasing};

use super::Study;
use crate::run::Table;

/// Worlds and months of the line fan. A mixture of a thousand normals is smooth, and few contests outlast five years.
const FAN_WORLDS: usize = 1000;

const FAN_MONTHS: usize = 60;

/// What happens without a deal; nothing where the lens was silent in every world.
pub(super) fn tell(study: &Study) -> Option<NoDeal> {
    let (setting, table) = (study.setting(), study.table);
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
    Some(NoDeal {
        values: values
            .iter()
            .map(|v| QUANTILES.map(|p| quantile_sorted(v, p)))
            .collect(),
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
        process: course(setting, table),
    })
}

/// How and when a process ends.
fn course(setting: &Setting, table: &Table) -> Option<Course> {
    let process = setting.process.as_ref()?;
    let ends = 0..process.ends.len();
    let by = MILESTONES.iter().enumerate().map(|(place, month)| {
        let chance = |end| table.mean(alternative::END_BY, &[place, end]).value;
        (*month, ends.clone().map(chance).collect())
    });
    let told = table.mean(alternative::VALUE, &[0]).n;
    let everywhere = table.mean(alternative::MONTHS_TO_END, &[]).n == told;
    let months = |state| table.mean(alternative::MONTHS_IN, &[state]).value;
    Some(Course {
        by: by.collect(),
        ever: ends
            .clone()
            .map(|end| table.mean(alternative::END_EVER, &[end]).value)
            .collect(),
        months: everywhere.then(|| (0..process.states.len()).map(months).collect()),
    })
}

/// What the levers that its refusal may trigger add to V, mean over the worlds that tell both.
fn levers_of_refusal(setting: &Setting, table: &Table, t: usize) -> f64 {
    if !setting.has_levers_of_refusal() {
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
    let worlds: Vec<((f64, f64), f64)> = means
        .zip(sds)
        .zip(table.weights())
        .filter(|((mean, _), _)| !mean.is_nan())
        .take(FAN_WORLDS)
        .collect();
    let all: f64 = worlds.iter().map(|(_, weight)| weight).sum();
    let low = worlds
        .iter()
        .map(|((m, s), _)| m - REACH * s)
        .fold(f64::INFINITY, f64::min);
    let high = worlds
        .iter()
        .map(|((m, s), _)| m + REACH * s)
        .fold(f64::NEG_INFINITY, f64::max);
    let share_below = |x: f64| {
        let below = |((m, s), weight): &((f64, f64), f64)| {
            if *s > 0.0 {
                weight * normal_cdf((x - m) / s)
            } else {
                weight * f64::from(u8::from(*m <= x))
            }
        };
        worlds.iter().map(below).sum::<f64>() / all
    };
    FAN.map(|p| root_of_increasing(share_below, p, low, high))
}
