//! Who is left once a package is signed: types that would refuse it are not among those who keep or break it.

use detente_core::{MILESTONES, Role, Row, Scene};

use super::{ATTACK, ATTACK_IF_SIGNED, SURVIVAL, SURVIVAL_IF_SIGNED, TEMPTATION_BY};

/// Writes chances of attacks and of survival for package `p`, by the types that parties may be, and by those among them that sign.
pub(super) fn write(scene: &Scene, p: usize, row: &mut Row) {
    let priors = scene.world.numbers.types.iter().map(|n| n.prior);
    told(
        scene,
        p,
        &priors.collect::<Vec<_>>(),
        [SURVIVAL, ATTACK],
        row,
    );
    if let Some(weights) = signing(scene, p) {
        let quantities = [SURVIVAL_IF_SIGNED, ATTACK_IF_SIGNED];
        told(scene, p, &weights, quantities, row);
        tempted(scene, p, &weights, row);
    }
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

/// Chances of types once the package is signed: of parties that it needs, of those that accept it. `None`: some such party never does.
fn signing(scene: &Scene, p: usize) -> Option<Vec<f64>> {
    let (setting, world) = (scene.setting, scene.world);
    let package = &setting.packages[p];
    let mut weights: Vec<f64> = world.numbers.types.iter().map(|n| n.prior).collect();
    for party in package.needed.iter() {
        let types = setting.parties[party].types.clone();
        let mut sum = 0.0;
        for t in types.clone() {
            if !scene.stand(t, &package.choice)?.accepts() {
                weights[t] = 0.0;
            }
            sum += weights[t];
        }
        if sum <= 0.0 {
            return None;
        }
        for t in types {
            weights[t] /= sum;
        }
    }
    Some(weights)
}

fn told(scene: &Scene, p: usize, weights: &[f64], [survival, attack]: [usize; 2], row: &mut Row) {
    let setting = scene.setting;
    let found = &scene.aftermath.prospects[p];
    let belligerents = setting.parties.iter().enumerate();
    let belligerents = belligerents.filter(|(_, b)| b.roles.contains(&Role::Belligerent));
    for (m, month) in MILESTONES.iter().enumerate() {
        let mut quiet = found.calm[m];
        for (_, party) in belligerents.clone() {
            let types = party.types.clone();
            let due = types.filter(|t| found.month[*t] <= *month as f64);
            quiet *= 1.0 - due.map(|t| weights[t] * found.attack[t]).sum::<f64>();
        }
        row.set(survival, &[p, m], quiet.clamp(0.0, 1.0));
    }
    for (i, party) in belligerents {
        let types = party.types.clone();
        let chance = types.map(|t| weights[t] * found.attack[t]).sum::<f64>();
        row.set(attack, &[i, p], chance.clamp(0.0, 1.0));
    }
}
