//! Where belief turns an answer: the least and the greatest credibility at which a lever's target accepts a package, world by world, and
//! the margins of its types over credibility.

use std::ops::Range;

use detente_core::Trigger;
use detente_core::catalogue::{leverage, settlement};
use detente_evidence::chapters::leverage::{Curves, STEPS, Turn};
use detente_math::quantile_sorted;

use crate::chapters::Study;
use crate::run::Table;

pub(super) fn turn(table: &Table, lever: usize, package: usize) -> Turn {
    let index = [lever, package];
    let pairs: Vec<(f64, f64)> = table
        .column(leverage::THRESHOLD, &index)
        .zip(table.column(leverage::CEILING, &index))
        .collect();
    let told = |is: &dyn Fn(f64, f64) -> f64| -> Vec<f64> {
        let of = pairs.iter().map(|(least, most)| {
            if least.is_nan() {
                f64::NAN
            } else {
                is(*least, *most)
            }
        });
        of.collect()
    };
    let mean = |is: &dyn Fn(f64, f64) -> f64| table.mean_of(told(is).into_iter());
    let flag = |is: bool| f64::from(u8::from(is));
    let share = |is: &dyn Fn(f64, f64) -> bool| mean(&|least, most| flag(is(least, most))).value;
    let unbelieved = |least: f64, most: f64| flag(least < 0.0 && most >= 0.0);
    let sure = |least: f64, most: f64| flag(least <= 1.0 && most > 1.0);
    let inside = |c: f64| (0.0..=1.0).contains(&c);
    let where_ = |is: bool, x: f64| if is { x } else { f64::NAN };
    let turning = told(&|least, most| where_(inside(least) && most > 1.0, least));
    let thresholds = table.sorted_of(turning.into_iter());
    let bounded = told(&|_, most| where_(inside(most), most));
    let ceilings = table.sorted_of(bounded.into_iter());
    Turn {
        lever,
        package,
        worlds: pairs.iter().filter(|(least, _)| !least.is_nan()).count(),
        always: share(&|least, most| least < 0.0 && most > 1.0),
        enough: share(&|least, most| inside(least) && most > 1.0),
        threshold: [0.05, 0.5, 0.95].map(|q| quantile_sorted(&thresholds, q)),
        ceiling: share(&|_, most| inside(most)),
        too_much: [0.05, 0.5, 0.95].map(|q| quantile_sorted(&ceilings, q)),
        never: share(&|least, _| least > 1.0),
        accepts: [mean(&unbelieved), mean(&sure)],
        believed: mean(&|least, most| sure(least, most) - unbelieved(least, most)),
    }
}

pub(super) fn curves(study: &Study, turns: &[Turn]) -> Option<Curves> {
    let setting = study.setting();
    let turn = *turns
        .iter()
        .filter(|turn| turn.is_listed())
        .max_by(|a, b| (a.enough + a.ceiling).total_cmp(&(b.enough + b.ceiling)))?;
    let Trigger::Refuse(refuser) = setting.levers[turn.lever].trigger else {
        return None;
    };
    let risk = |types: Range<usize>| types.map(|t| escalation(study, &turn, t)).collect();
    let (target, wielder) = (
        setting.parties[refuser].types.clone(),
        setting.parties[setting.levers[turn.lever].by].types.clone(),
    );
    Some(Curves {
        refuser,
        margins: target.clone().map(|t| margins(study, &turn, t)).collect(),
        risk_of_target: risk(target),
        risk_of_wielder: risk(wielder),
        turn,
    })
}

/// The margin as the settlement lens has it, with N at other credibilities.
fn margins(study: &Study, turn: &Turn, t: usize) -> Vec<f64> {
    let (table, l) = (study.table, turn.lever);
    let worlds: Vec<(f64, f64, f64)> = table
        .column(settlement::MARGIN, &[t, turn.package])
        .zip(table.column(leverage::REFUSAL, &[t]))
        .zip(
            table
                .column(leverage::REFUSAL_WITHOUT, &[l, t])
                .zip(table.column(leverage::REFUSAL_WITH, &[l, t])),
        )
        .map(|((margin, n), (off, on))| (margin + n, off, on))
        .collect();
    let at = |c: f64| {
        let of = worlds
            .iter()
            .map(|(deal, off, on)| deal - off - c * (on - off));
        quantile_sorted(&table.sorted_of(of), 0.5)
    };
    (0..=STEPS)
        .map(|i| at(f64::from(i) / f64::from(STEPS)))
        .collect()
}

fn escalation(study: &Study, turn: &Turn, t: usize) -> Vec<f64> {
    let sorted = study.table.sorted(leverage::ESCALATION, &[turn.lever, t]);
    let median = quantile_sorted(&sorted, 0.5);
    (0..=STEPS)
        .map(|i| median * f64::from(i) / f64::from(STEPS))
        .collect()
}
