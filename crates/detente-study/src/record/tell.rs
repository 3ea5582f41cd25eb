//! What the record changes, as evidence.

use detente_case::{Draw, InputId, Overrides, Tells};
use detente_core::Handle;
use detente_core::catalogue::{durability, settlement};
use detente_evidence::{
    ActTold, AnchorTold, BeforeAfter, Believed, Effort, InputMoved, Record, RunOptions,
};
use detente_math::{Mean, evenly, quantile_sorted, weighted_mean};

use super::pool::Uncounted;
use super::{FLOOR, Learning, Pool};
use crate::run::{Picks, Progress, Scope, Table, run_part};
use crate::sensitivity::Draws;

/// Worlds of the prior that say what a report would without the record: errors of 3 of 100.
const BEFORE: usize = 256;
/// The same for a first look: errors of 6 of 100.
const QUICK_BEFORE: usize = 64;
/// Inputs that are listed, those that moved most.
const LISTED: usize = 12;
/// Standard errors beyond which the mean percentile of an input has moved: of two thousand inputs that did not, one in two does so once.
const BEYOND: f64 = 3.5;
/// 5th, 50th and 95th percentile.
pub(super) const SPREAD: [f64; 3] = [0.05, 0.5, 0.95];

/// What a report would say without the record.
pub(crate) struct Before {
    table: Table,
}

/// Runs worlds of the prior for what a report leads with.
pub(crate) fn before(
    learning: &Learning,
    overrides: &Overrides,
    options: RunOptions,
    progress: &dyn Progress,
) -> Before {
    let record = learning.record;
    let mut scope = Scope::none(&record.case.setting);
    for of in LEADS {
        for package in 0..record.case.setting.packages.len() {
            scope.add_handle(of, &[package]);
        }
    }
    let options = RunOptions {
        worlds: match options.effort {
            Effort::Quick | Effort::Opened(_) => QUICK_BEFORE,
            Effort::Fixed | Effort::Settled { .. } | Effort::Kept => BEFORE,
        }
        .min(options.worlds),
        searches: 0,
        solutions: 0,
        ..options
    };
    let asked = (&scope, 0..options.worlds, None);
    let uncounted = Uncounted(progress);
    Before {
        table: run_part(record.plan, overrides, options, asked, &uncounted),
    }
}

/// What is told of each package, before and after.
const LEADS: [Handle; 3] = [settlement::AGREED, settlement::IN_FORCE, durability::KEPT];

/// What the record changed. `priors`: of the table's rows, by type, as they are with the record.
pub(crate) fn tell(
    learning: &Learning,
    before: &Before,
    (table, priors): (&Table, &[Vec<f64>]),
    draws: &Draws,
    overrides: &Overrides,
) -> Record {
    let (record, pool) = (learning.record, learning.pool());
    let case = record.case;
    let most = pool
        .log_weights()
        .iter()
        .copied()
        .fold(f64::NEG_INFINITY, f64::max);
    let weight = |row: usize| libm::exp(pool.log_weights()[row] - most);
    let of_prior = |number: &dyn Fn(usize) -> f64| {
        let rows = 0..pool.len();
        let worlds = rows.clone().map(|row| pool.stands_for(row));
        weighted_mean(rows.map(number), worlds, 1)
    };
    let types = (0..case.setting.types.len()).map(|t| BeforeAfter {
        before: of_prior(&|row| pool.priors(row)[t]),
        after: table.mean_of(priors[t].iter().copied()),
    });
    let packages = (0..case.setting.packages.len()).map(|p| {
        LEADS.map(|of| BeforeAfter {
            before: before.table.mean(of, &[p]),
            after: table.mean(of, &[p]),
        })
    });
    let (inputs, inputs_moved) = moved(draws, table, learning, overrides);
    Record {
        weighed: pool.asked(),
        weighed_effective: effective(pool, &weight),
        rows: table.worlds,
        effective: table.effective(),
        floor: FLOOR * table.worlds as f64,
        before: before.table.worlds,
        acts: acts(learning),
        anchors: (0..case.anchors.len())
            .map(|a| anchor(pool, table.picks(), &case.anchors[a], a))
            .collect(),
        types: types.collect(),
        path: path(learning),
        packages: packages.collect(),
        inputs,
        inputs_moved,
        readings: Vec::new(),
    }
}

/// As how many worlds of the prior count that are weighed so.
pub(super) fn effective(pool: &Pool, weight: &dyn Fn(usize) -> f64) -> f64 {
    let (mut sum, mut squares) = (0.0, 0.0);
    for row in 0..pool.len() {
        let (weight, worlds) = (weight(row), pool.stands_for(row));
        sum += worlds * weight;
        squares += worlds * weight * weight;
    }
    if squares > 0.0 {
        sum * sum / squares
    } else {
        0.0
    }
}

/// How many worlds of the prior its rows stand for.
fn all(pool: &Pool) -> f64 {
    (0..pool.len()).map(|row| pool.stands_for(row)).sum()
}

fn acts(learning: &Learning) -> Vec<ActTold> {
    let (record, pool) = (learning.record, learning.pool());
    let case = record.case;
    let worlds = all(pool).max(1.0);
    let counted = record.acts.iter().enumerate().map(|(place, a)| {
        let act = &case.acts[*a];
        let types = case.setting.parties[act.by].types.clone();
        let mut likelihood = vec![0.0; types.len()];
        let mut chance = 0.0;
        for row in 0..pool.len() {
            let own = pool.likelihoods(row, place);
            let part = pool.stands_for(row) / worlds;
            let priors = &pool.priors(row)[types.clone()];
            for (sum, x) in likelihood.iter_mut().zip(own) {
                *sum += x * part;
            }
            let of_world: f64 = own.iter().zip(priors).map(|(x, p)| x * p).sum();
            chance += of_world * part;
        }
        let modelled = !matches!(act.tells, Tells::Stated(_));
        ActTold {
            act: act.clone(),
            likelihood,
            chance: modelled.then_some(chance),
        }
    });
    let others = (0..case.acts.len()).filter(|a| !record.acts.contains(a));
    let others = others.map(|a| ActTold {
        act: case.acts[a].clone(),
        likelihood: Vec::new(),
        chance: None,
    });
    counted.chain(others).collect()
}

fn anchor(
    pool: &Pool,
    picks: Option<&Picks>,
    anchor: &detente_case::Anchor,
    place: usize,
) -> AnchorTold {
    let told = |row: usize| pool.anchored(row, place);
    let before: Vec<(f64, f64)> = (0..pool.len())
        .map(|row| (told(row), pool.stands_for(row)))
        .filter(|(x, _)| !x.is_nan())
        .collect();
    let after = picks.into_iter().flat_map(|picks| {
        let told = move |r: usize| pool.row_of(picks.world(r)).map_or(f64::NAN, &told);
        (0..picks.len()).map(move |r| (told(r), picks.weight(r)))
    });
    let after = after.filter(|(x, _)| !x.is_nan()).collect();
    let spread = |draws: Vec<(f64, f64)>| {
        let even = evenly(draws);
        SPREAD.map(|q| quantile_sorted(&even, q))
    };
    let known = &anchor.known.distribution;
    AnchorTold {
        anchor: anchor.clone(),
        untold: 1.0 - before.iter().map(|(_, worlds)| worlds).sum::<f64>() / all(pool).max(1.0),
        surprise: known.surprise(&before),
        known: SPREAD.map(|q| known.quantile(q)),
        before: spread(before),
        after: spread(after),
    }
}

/// Date by date, what is believed of types by the acts alone.
fn path(learning: &Learning) -> Vec<Believed> {
    let (record, pool) = (learning.record, learning.pool());
    let (case, setting) = (record.case, &record.case.setting);
    let mut path = Vec::new();
    let mut learned = vec![vec![1.0; setting.types.len()]; pool.len()];
    let mut step = |on: &str, learned: &[Vec<f64>]| {
        let (mut sums, mut all) = (vec![0.0; setting.types.len()], 0.0);
        for (row, learned) in learned.iter().enumerate() {
            let priors = pool.priors(row);
            let of = |party: &detente_core::Party| -> f64 {
                party.types.clone().map(|t| priors[t] * learned[t]).sum()
            };
            let chances: Vec<f64> = setting.parties.iter().map(of).collect();
            let weight = chances.iter().product::<f64>() * pool.stands_for(row);
            all += weight;
            for (party, chance) in setting.parties.iter().zip(&chances) {
                for t in party.types.clone() {
                    sums[t] += weight * priors[t] * learned[t] / chance;
                }
            }
        }
        path.push(Believed {
            on: on.to_owned(),
            chances: sums.iter().map(|sum| sum / all).collect(),
        });
    };
    step("", &learned);
    let mut acts = record.acts.iter().enumerate().peekable();
    while let Some((place, a)) = acts.next() {
        let act = &case.acts[*a];
        let first = setting.parties[act.by].types.start;
        for (row, learned) in learned.iter_mut().enumerate() {
            for (t, chance) in pool.likelihoods(row, place).iter().enumerate() {
                learned[first + t] *= chance;
            }
        }
        let next = acts.peek().map(|(_, next)| &case.acts[**next].on);
        if next != Some(&act.on) {
            step(&act.on, &learned);
        }
    }
    path
}

/// The inputs whose distribution moved most, and how many moved beyond chance. What an input is drawn from says where it lay before.
fn moved(
    draws: &Draws,
    table: &Table,
    learning: &Learning,
    overrides: &Overrides,
) -> (Vec<InputMoved>, usize) {
    let (case, plan) = (learning.record.case, learning.record.plan);
    let own = |id: &InputId| {
        let input = &case.inputs[id.0 as usize];
        let distribution = plan.distribution(*id, overrides)?;
        let varies = matches!(input.draw, Draw::Own(_)) && distribution.atoms().is_empty();
        varies.then_some((*id, distribution))
    };
    let varying: Vec<_> = draws.inputs().iter().filter_map(own).collect();
    let ids: Vec<InputId> = varying.iter().map(|(id, _)| *id).collect();
    // A percentile of whoever did not move is uniform, of variance a twelfth.
    let error = (1.0 / (12.0 * table.effective().max(1.0))).sqrt();
    let mut all = Vec::new();
    for ((id, distribution), numbers) in varying.iter().zip(draws.numbers(&ids)) {
        let percentiles: Vec<f64> = numbers.iter().map(|x| distribution.cdf(*x)).collect();
        let share = |is: &dyn Fn(f64) -> f64| -> Mean {
            table.mean_of(
                percentiles
                    .iter()
                    .map(|u| is(*u))
                    .collect::<Vec<_>>()
                    .into_iter(),
            )
        };
        let shift = share(&|u| u).value - 0.5;
        if shift.abs() <= BEYOND * error {
            continue;
        }
        let after = table.sorted_of(numbers.iter().copied());
        let input = &case.inputs[id.0 as usize];
        all.push(InputMoved {
            path: input.path.clone(),
            unit: input.unit,
            before: SPREAD.map(|q| distribution.quantile(q)),
            after: SPREAD.map(|q| quantile_sorted(&after, q)),
            shift,
            quarters: [0.25, 0.75].map(|q| distribution.quantile(q)),
            left: [
                share(&|u| f64::from(u8::from(u < 0.25))).value,
                share(&|u| f64::from(u8::from(u > 0.75))).value,
            ],
        });
    }
    let count = all.len();
    all.sort_by(|a, b| {
        let by_shift = b.shift.abs().total_cmp(&a.shift.abs());
        by_shift.then(a.path.cmp(&b.path))
    });
    all.truncate(LISTED);
    (all, count)
}
