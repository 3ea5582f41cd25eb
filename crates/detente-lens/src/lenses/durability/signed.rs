//! Who is left once a package is signed: types that would refuse it are not among those who keep or break it.

use detente_core::{Handle, MILESTONES, Row, Scene};

use super::{
    ATTACK, ATTACK_IF_SIGNED, KEPT, KEPT_TO_LAPSE, SIGNED_TEMPTED, SURVIVAL, SURVIVAL_IF_SIGNED,
    TEMPTATION_BY,
};
use crate::durable::bench::kept_months;
use crate::durable::comers::noise;

/// Writes chances of attacks and of survival for package `p`, by the types that parties may be, and by those among them that sign; and
/// how often it is signed and kept.
pub(super) fn write(scene: &Scene, p: usize, row: &mut Row) {
    let priors = scene.world.numbers.types.iter().map(|n| n.prior);
    told(
        scene,
        p,
        &priors.collect::<Vec<_>>(),
        [SURVIVAL, ATTACK],
        row,
    );
    let (mut kept, mut tempted_too) = (0.0, 0.0);
    let calm_lapse = scene.aftermath.prospects[p].calm_lapse;
    let mut to_lapse = if calm_lapse.is_nan() { f64::NAN } else { 0.0 };
    if let Some((signed, weights)) = signing(scene, p) {
        let quantities = [SURVIVAL_IF_SIGNED, ATTACK_IF_SIGNED];
        told(scene, p, &weights, quantities, row);
        tempted(scene, p, &weights, row);
        let calm = scene.aftermath.prospects[p].calm_kept;
        kept = signed * lasting(scene, p, &weights, kept_months(scene.world), calm);
        // Nobody attacks what has lapsed, so that every attack comes before.
        to_lapse = signed * lasting(scene, p, &weights, usize::MAX, calm_lapse);
        tempted_too = signed * (1.0 - content(scene, p, &weights));
    }
    row.set(KEPT, &[p], kept.clamp(0.0, 1.0));
    if !to_lapse.is_nan() {
        row.set(KEPT_TO_LAPSE, &[p], to_lapse.clamp(0.0, 1.0));
    }
    row.set(SIGNED_TEMPTED, &[p], tempted_too.clamp(0.0, 1.0));
}

/// Chance that nobody who signed is of a type that attacking tempts by more than the noise of choosing.
fn content(scene: &Scene, p: usize, weights: &[f64]) -> f64 {
    let found = &scene.aftermath.prospects[p];
    let noise = noise(scene.world);
    let needed = scene.setting.packages[p].needed.iter();
    let party = |i: usize| {
        let types = scene.setting.parties[i].types.clone();
        let tempted = types.filter(|t| found.gain[*t] > noise);
        1.0 - tempted.map(|t| weights[t]).sum::<f64>()
    };
    needed.map(party).product()
}

/// Writes what attacks are worth by date.
fn tempted(scene: &Scene, p: usize, weights: &[f64], row: &mut Row) {
    let found = &scene.aftermath.prospects[p];
    for (i, party) in scene.setting.parties.iter().enumerate() {
        for m in 0..MILESTONES.len() {
            let gain = |t: usize| weights[t] * found.gains[t * MILESTONES.len() + m].max(0.0);
            // NaN is less than nothing to `max`: a date that is no date is told by none of the types.
            let first = party.types.start;
            if !found.gains[first * MILESTONES.len() + m].is_nan() {
                let points = party.types.clone().map(gain).sum::<f64>();
                row.set(TEMPTATION_BY, &[i, p, m], points);
            }
        }
    }
}

/// The chance that the package is signed, and chances of types once it is: of parties that it needs, of those that accept it. `None`: some
/// such party never does.
fn signing(scene: &Scene, p: usize) -> Option<(f64, Vec<f64>)> {
    let (setting, world) = (scene.setting, scene.world);
    let package = &setting.packages[p];
    let mut weights: Vec<f64> = world.numbers.types.iter().map(|n| n.prior).collect();
    let mut signed = 1.0;
    for party in package.needed.iter() {
        let types = setting.parties[party].types.clone();
        let mut sum: f64 = 0.0;
        for t in types.clone() {
            if !scene.stand(t, &package.choice)?.accepts() {
                weights[t] = 0.0;
            }
            sum += weights[t];
        }
        if sum <= 0.0 {
            return None;
        }
        signed *= sum.min(1.0);
        for t in types {
            weights[t] /= sum;
        }
    }
    Some((signed, weights))
}

fn told(scene: &Scene, p: usize, weights: &[f64], [survival, attack]: [Handle; 2], row: &mut Row) {
    let setting = scene.setting;
    let found = &scene.aftermath.prospects[p];
    for (m, month) in MILESTONES.iter().enumerate() {
        let quiet = lasting(scene, p, weights, *month, found.calm[m]);
        row.set(survival, &[p, m], quiet.clamp(0.0, 1.0));
    }
    for (i, party) in setting.parties.iter().enumerate() {
        if party.is_principal() {
            let types = party.types.clone();
            let chance = types.map(|t| weights[t] * found.attack[t]).sum::<f64>();
            row.set(attack, &[i, p], chance.clamp(0.0, 1.0));
        }
    }
}

/// Chance that neither the background, which has let the deal pass with chance `calm`, nor an attack has ended it by a month.
fn lasting(scene: &Scene, p: usize, weights: &[f64], month: usize, calm: f64) -> f64 {
    let found = &scene.aftermath.prospects[p];
    let principals = scene.setting.parties.iter();
    let principals = principals.filter(|party| party.is_principal());
    let holds = principals.map(|party| {
        let due = party
            .types
            .clone()
            .filter(|t| found.month[*t] <= month as f64);
        1.0 - due.map(|t| weights[t] * found.attack[t]).sum::<f64>()
    });
    calm * holds.product::<f64>()
}
