//! Who is compelled by a war: an opponent's decisive ending, or an armistice that is worth less to it than the package it refused. The
//! armistice is worth less in a few stretches of the line, whose ends do not depend on the month; each month then costs one normal cdf
//! an end.

use detente_core::asks::COMPELLED_TOLD;
use detente_core::{Fate, INDIFFERENT, Query, Scene, Side};
use detente_math::normal_cdf;

use crate::Compulsion;
use crate::pulled::revalued;

/// An opponent's decisive ending, by its place in [`Ending::ALL`](detente_core::Ending::ALL).
pub(crate) fn lost(side: Side) -> usize {
    match side {
        Side::A => 1,
        Side::B => 0,
    }
}

/// The line compels nobody who has no side.
pub(super) fn of<'a>(scene: &'a Scene<'a>, party: usize, query: &Query) -> Option<Compulsion<'a>> {
    let side = scene.setting.parties[party].side?;
    let course = scene.no_deal(query)?;
    let defeat = lost(side);
    let armistices = armistices(scene, party, query);
    let first = scene.setting.parties[party].types.start;
    let mut ends = Vec::new();
    Some(Box::new(move |t, worth| {
        let less = below(&armistices[t - first], worth - INDIFFERENT, &mut ends);
        let months = course.endings.chunks_exact(4).zip(&course.line_mean);
        let months = months.zip(&course.line_sd).take(COMPELLED_TOLD);
        let mut by = 0.0;
        let month = |((endings, mean), sd): ((&[f64], &f64), &f64)| {
            by += endings[defeat] + endings[2] * within(less, &ends, *mean, *sd);
            by
        };
        months.map(month).collect()
    }))
}

/// (position, worth of an armistice there), increasing in position, by type of the party; levers of the branch that change what
/// options are worth are counted.
fn armistices(scene: &Scene, party: usize, query: &Query) -> Vec<Vec<(f64, f64)>> {
    let (setting, world) = (scene.setting, scene.world);
    let contest = setting.contest.as_ref().expect("a contest");
    let changed = revalued(setting, world, scene.preferences, query.levers);
    let preferences = changed.as_ref().unwrap_or(scene.preferences);
    let mut package = contest.armistice.clone();
    let of = |t: usize| {
        let mut knots: Vec<(f64, f64)> = Vec::new();
        for (option, position) in world.numbers.positions.iter().enumerate() {
            if position.is_nan() || knots.iter().any(|(at, _)| at == position) {
                continue;
            }
            package[contest.line_issue] = u8::try_from(option).expect("at most 64 options");
            let how = &[Fate::Armistice];
            let value = scene.deal_value;
            let worth = value.worth(setting, world, preferences, t, &package, how);
            knots.push((*position, worth));
        }
        knots.sort_by(|a, b| a.0.total_cmp(&b.0));
        knots
    };
    setting.parties[party].types.clone().map(of).collect()
}

/// Where a worth that is linear between knots and constant outside crosses `level`, in `ends`, increasing. Is it below at the far left?
fn below(knots: &[(f64, f64)], level: f64, ends: &mut Vec<f64>) -> bool {
    ends.clear();
    for pair in knots.windows(2) {
        let [(from, low), (to, high)] = [pair[0], pair[1]];
        if (low < level) != (high < level) {
            ends.push(from + (to - from) * ((level - low) / (high - low)).clamp(0.0, 1.0));
        }
    }
    knots.first().is_some_and(|(_, worth)| *worth < level)
}

/// Chance that the line lies in a set that ends at `ends` and holds the far left or not.
fn within(left: bool, ends: &[f64], mean: f64, sd: f64) -> f64 {
    let (mut inside, mut chance, mut before) = (left, 0.0, 0.0);
    for end in ends {
        let up_to = if sd > 0.0 {
            normal_cdf((end - mean) / sd)
        } else {
            f64::from(u8::from(mean < *end))
        };
        if inside {
            chance += up_to - before;
        }
        (inside, before) = (!inside, up_to);
    }
    chance + if inside { 1.0 - before } else { 0.0 }
}
