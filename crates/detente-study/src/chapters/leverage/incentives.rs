//! Which type would pull a lever: its incentive against the noise of choosing. Within the noise a type is undecided, counted apart from
//! those that would pull the lever and those that would not.

use detente_core::catalogue::leverage;
use detente_evidence::chapters::leverage::Incentive;
use detente_math::quantile_sorted;

use super::mean;
use crate::chapters::Study;

/// What pulling it is worth to each type of its wielder that the lens tells of.
pub(super) fn of_lever(study: &Study, l: usize) -> Vec<Incentive> {
    let setting = study.setting();
    let types = setting.parties[setting.levers[l].by].types.clone();
    types.filter_map(|t| incentive(study, l, t)).collect()
}

fn incentive(study: &Study, l: usize, t: usize) -> Option<Incentive> {
    let table = study.table;
    let index = [l, t];
    let drawn = table
        .column(leverage::INCENTIVE, &index)
        .zip(&study.drawn.noise);
    let known: Vec<(f64, f64)> = drawn
        .filter(|(gain, _)| !gain.is_nan())
        .map(|(gain, s)| (gain, *s))
        .collect();
    if known.is_empty() {
        return None;
    }
    let share = |is: &dyn Fn(f64, f64) -> bool| {
        known.iter().filter(|(gain, s)| is(*gain, *s)).count() as f64 / known.len() as f64
    };
    let gains = sorted(known.iter().map(|k| k.0));
    Some(Incentive {
        lever: l,
        of: t,
        gain: [0.05, 0.5, 0.95].map(|q| quantile_sorted(&gains, q)),
        ratio: quantile_sorted(&sorted(known.iter().map(|(gain, s)| gain / s)), 0.5),
        pulls: share(&|gain, s| gain >= s),
        undecided: share(&|gain, s| gain.abs() < s),
        refrains: share(&|gain, s| gain <= -s),
        decided_below: quantile_sorted(&sorted(known.iter().map(|k| k.0.abs())), 0.5),
        price: mean(table, leverage::PRICE, &index),
        escalation: -mean(table, leverage::ESCALATION, &index),
    })
}

pub(super) fn sorted(values: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut values: Vec<f64> = values.filter(|x| !x.is_nan()).collect();
    values.sort_by(f64::total_cmp);
    values
}
