//! Would the peace last? Survival, temptation, what guarantees buy, and the clause that removes temptation.

mod clauses;

use detente_core::catalogue::{durability, settlement};
use detente_core::{FeatureKind, Handle, MILESTONES, Trigger};
use detente_evidence::chapters::durability::{
    Comer, Durability, Peace, Spread, Survival, Temptation,
};
use detente_math::{evenly, quantile_sorted};

use super::Study;
use crate::Table;
use crate::headline::if_signed;

/// Packages whose clauses are exchanged: those that are signed and kept most often.
const CLAUSE_PACKAGES: usize = 2;
/// Months up to which survival is drawn.
const DRAWN: usize = 120;
/// The table of the case that says what may follow a deal.
const TABLE: &str = "durability";

pub(super) fn applies(study: &Study) -> bool {
    let told = || study.table.mean(durability::SURVIVAL, &[0, 0]).n > 0;
    !study.setting().packages.is_empty() && told()
}

pub(super) fn tell(study: &Study) -> Durability {
    let (setting, table) = (study.setting(), study.table);
    let attackers: Vec<usize> = (0..setting.parties.len())
        .filter(|i| setting.parties[*i].is_principal())
        .collect();
    let order = study.order.to_vec();
    let best = order[0];
    let exchanged = &order[..order.len().min(CLAUSE_PACKAGES)];
    let tempted = |i: &usize| {
        let by = |m| table.mean(durability::TEMPTATION_BY, &[*i, best, m]);
        let by = (0..MILESTONES.len()).map(by);
        by.map(|mean| if mean.n > 0 { mean.value } else { f64::NAN })
            .collect()
    };
    Durability {
        resting: study.resting_on(TABLE),
        packages: (0..setting.packages.len())
            .map(|p| peace(study, p, &attackers))
            .collect(),
        survival: survival(study, best),
        by_date: attackers.iter().map(tempted).collect(),
        comers: comers(study, best),
        clauses: exchanged
            .iter()
            .flat_map(|p| clauses::clauses(study, *p, &attackers))
            .collect(),
        powell: (0..setting.types.len())
            .map(|t| spread(&table.sorted(durability::POWELL_GAP, &[t])))
            .collect(),
        powell_told: (0..setting.types.len())
            .map(|t| table.mean(durability::POWELL_GAP, &[t]).n)
            .collect(),
        stand_in: stand_in(study),
        attackers,
        order,
    }
}

/// The option of a package that lapses first in the median world.
fn lapses(study: &Study, p: usize) -> Option<(usize, usize, f64)> {
    let setting = study.setting();
    let world = study.plan.world(&study.plan.medians(), study.overrides);
    let features = setting.features.iter().zip(&world.numbers.features);
    let lasting = features.filter(|(feature, _)| feature.kind == FeatureKind::Lasts);
    let taken = lasting.filter_map(|(feature, numbers)| {
        let mut issues = setting.issues.iter().zip(&setting.packages[p].choice);
        let issue =
            issues.position(|(issue, o)| issue.first_option + *o as usize == feature.option)?;
        let option = feature.option - setting.issues[issue].first_option;
        Some((issue, option, numbers.size))
    });
    // Of several at once one that says where it leads, whatever their order in the text.
    let rank = |(issue, option, _): &(usize, usize, f64)| {
        let (issue, own) = (&setting.issues[*issue], *option);
        (issue.options[own].then.is_none(), &issue.id)
    };
    taken.min_by(|a, b| a.2.total_cmp(&b.2).then_with(|| rank(a).cmp(&rank(b))))
}

/// Of deals that are signed, in worlds in which they lapse within the months followed.
fn to_lapse(table: &Table, p: usize) -> f64 {
    let kept = table.column(durability::KEPT_TO_LAPSE, &[p]);
    let signed = table.column(settlement::AGREED, &[p]);
    let told = kept.zip(signed.zip(table.weights()));
    let (kept, signed) = told
        .filter(|(kept, _)| !kept.is_nan())
        .fold((0.0, 0.0), |(kept, all), (x, (signed, weight))| {
            (kept + weight * x, all + weight * signed)
        });
    kept / signed
}

fn spread(sorted: &[f64]) -> Spread {
    (!sorted.is_empty()).then(|| [0.05, 0.5, 0.95].map(|q| quantile_sorted(sorted, q)))
}

fn peace(study: &Study, p: usize, attackers: &[usize]) -> Peace {
    let (setting, table) = (study.setting(), study.table);
    let over = |quantity: Handle, t: usize| spread(&table.sorted(quantity, &[t, p]));
    Peace {
        attacks: attackers
            .iter()
            .map(|i| if_signed(table, durability::ATTACK_IF_SIGNED, &[*i, p], p))
            .collect(),
        attacks_anywhere: attackers
            .iter()
            .map(|i| table.mean(durability::ATTACK, &[*i, p]).value)
            .collect(),
        failures: (0..setting.failures.len())
            .map(|f| 1.0 - table.mean(durability::SURVIVAL_OF, &[f, p]).value)
            .collect(),
        lapses: lapses(study, p),
        to_lapse: to_lapse(table, p),
        types: (0..setting.types.len())
            .map(|t| Temptation {
                worth: over(durability::DEAL_VALUE, t),
                temptation: over(durability::TEMPTATION, t),
                best_month: best_month(study, t, p),
                // Without a guarantee there is nothing that it could add.
                guarantee: over(durability::GUARANTEE_BUYS, t)
                    .filter(|_| table.mean(durability::GUARANTEE_BUYS, &[t, p]).value != 0.0),
            })
            .collect(),
    }
}

/// The best month of an attack over the worlds in which one tempts; nothing where none does in half of them.
fn best_month(study: &Study, t: usize, p: usize) -> Spread {
    let at = [t, p];
    let gains = study.table.column(durability::TEMPTATION, &at);
    let both = study.table.column(durability::ATTACK_MONTH, &at).zip(gains);
    let both: Vec<(f64, f64)> = both.collect();
    let month = |(month, gain): &(f64, f64)| if *gain > 0.0 { *month } else { f64::NAN };
    let (mut tempted, mut all) = (0.0, 0.0);
    for ((_, gain), weight) in both.iter().zip(study.table.weights()) {
        all += if gain.is_nan() { 0.0 } else { weight };
        tempted += if *gain > 0.0 { weight } else { 0.0 };
    }
    let months = study.table.sorted_of(both.iter().map(month));
    spread(&months).filter(|_| 2.0 * tempted >= all)
}

fn survival(study: &Study, p: usize) -> Survival {
    let milestones = MILESTONES.iter().enumerate();
    let drawn = milestones.filter(|(_, months)| **months <= DRAWN);
    let (mut months, mut quantiles) = (vec![0], vec![[1.0; 5]]);
    for (m, month) in drawn {
        let sorted = study.table.sorted(durability::SURVIVAL_IF_SIGNED, &[p, m]);
        months.push(*month);
        quantiles.push([0.05, 0.25, 0.5, 0.75, 0.95].map(|q| quantile_sorted(&sorted, q)));
    }
    Survival { months, quantiles }
}

fn comers(study: &Study, best: usize) -> Vec<Comer> {
    let setting = study.setting();
    let told = |quantity: Handle, index: &[usize]| study.table.mean(quantity, index);
    let levers = setting.levers.iter().enumerate();
    let comer = |(l, lever): (usize, &detente_core::Lever)| {
        let comes = told(durability::COMES, &[l]);
        let tempted = |violator: usize, quantity: Handle| -> f64 {
            let types = setting.parties[violator].types.clone();
            types
                .map(|t| told(quantity, &[t, best]).value)
                .fold(0.0, f64::max)
        };
        (comes.n > 0).then(|| Comer {
            lever: l,
            comes: comes.value,
            assumed: study.assumes(l),
            answers: match lever.trigger {
                Trigger::Violate(violator) => Some((
                    violator,
                    [durability::TEMPTATION_UNANSWERED, durability::TEMPTATION]
                        .map(|q| tempted(violator, q)),
                )),
                _ => None,
            },
        })
    };
    levers.filter_map(comer).collect()
}

/// How far searches are off.
fn stand_in(study: &Study) -> Option<[f64; 2]> {
    let setting = study.setting();
    let mut off: Vec<(f64, f64)> = Vec::new();
    for t in 0..setting.types.len() {
        for p in 0..setting.packages.len() {
            let column = study.table.column(durability::STAND_IN, &[t, p]);
            let column = column.map(f64::abs).zip(study.table.weights());
            off.extend(column.filter(|(x, _)| !x.is_nan()));
        }
    }
    let off = evenly(off);
    (!off.is_empty()).then(|| [0.5, 0.95].map(|q| quantile_sorted(&off, q)))
}
