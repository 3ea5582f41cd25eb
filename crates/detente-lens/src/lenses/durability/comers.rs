//! Who comes when a war resumes after a deal, as those see it whom that is to deter or to reassure.

use detente_core::asks::audience;
use detente_core::{Row, Scene};

use super::{COMES, COMES_INCENTIVE};
use crate::durable::comers::{answers, guarantors};

pub(super) fn write(scene: &Scene, row: &mut Row) {
    let (setting, world) = (scene.setting, scene.world);
    let parties = 0..setting.parties.len();
    let answers = parties.flat_map(|party| answers(setting, world, party));
    let only_wars = |lever: &usize| !setting.levers[*lever].pays();
    let guarantors = guarantors(setting, world).into_iter().filter(only_wars);
    for lever in answers.chain(guarantors) {
        for t in setting.parties[setting.levers[lever].by].types.clone() {
            let incentive = scene.refusals.incentive(lever, t);
            if !incentive.is_nan() {
                row.set(COMES_INCENTIVE, &[lever, t], incentive);
            }
        }
        let audience = audience(setting, lever);
        let of = |party: &usize| {
            let types = setting.parties[*party].types.clone();
            let part = |t: usize| world.numbers.types[t].prior * scene.refusals.chance(lever, t);
            types.map(part).sum::<f64>()
        };
        let known = setting.parties[setting.levers[lever].by].types.clone();
        let known = known
            .clone()
            .any(|t| !scene.refusals.incentive(lever, t).is_nan());
        if known && !audience.is_empty() {
            let mean = audience.iter().map(of).sum::<f64>() / audience.len() as f64;
            row.set(COMES, &[lever], mean.clamp(0.0, 1.0));
        }
    }
}
