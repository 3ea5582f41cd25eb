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
    let drawn: Vec<(f64, f64)> = drawn.map(|(gain, s)| (gain, *s)).collect();
    let gains = table.sorted_of(drawn.iter().map(|(gain, _)| *gain));
    if gains.is_empty() {
        return None;
    }
    let of = |number: &dyn Fn(f64, f64) -> f64| -> Vec<f64> {
        let told = drawn.iter().map(|(gain, s)| {
            if gain.is_nan() {
                f64::NAN
            } else {
                number(*gain, *s)
            }
        });
        told.collect()
    };
    let share = |is: &dyn Fn(f64, f64) -> bool| {
        let flags = of(&|gain, s| f64::from(u8::from(is(gain, s))));
        table.mean_of(flags.iter().copied()).value
    };
    let median = |number: &dyn Fn(f64, f64) -> f64| {
        quantile_sorted(&table.sorted_of(of(number).into_iter()), 0.5)
    };
    Some(Incentive {
        lever: l,
        of: t,
        gain: [0.05, 0.5, 0.95].map(|q| quantile_sorted(&gains, q)),
        ratio: median(&|gain, s| gain / s),
        pulls: share(&|gain, s| gain >= s),
        undecided: share(&|gain, s| gain.abs() < s),
        refrains: share(&|gain, s| gain <= -s),
        decided_below: median(&|gain, _| gain.abs()),
        price: mean(table, leverage::PRICE, &index),
        escalation: -mean(table, leverage::ESCALATION, &index),
    })
}
