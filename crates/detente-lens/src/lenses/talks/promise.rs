//! Promises that pay once a deal is signed: who gains by keeping one keeps it.

use detente_core::{Scene, Trigger};

use crate::pulled::promised;
use crate::refusal::given;

/// A promise that pays.
#[derive(Clone, Debug)]
pub(super) struct Promise {
    by: usize,
    /// By type of its wielder: chance that it is kept.
    kept: Vec<(usize, f64)>,
    /// By type: what it brings, the wielder's cost included.
    brings: Vec<f64>,
}

impl Promise {
    pub(super) fn brings(
        &self,
        t: usize,
        types: &dyn Fn(usize) -> Option<usize>,
        scene: &Scene,
    ) -> f64 {
        let kept = |w: usize| {
            let own = self.kept.iter().find(|(own, _)| *own == w);
            own.map_or(0.0, |(_, kept)| *kept)
        };
        let chance = if let Some(w) = types(self.by) {
            kept(w)
        } else {
            let own = scene.setting.parties[self.by].types.clone();
            own.map(|w| scene.world.numbers.types[w].prior * kept(w))
                .sum()
        };
        chance * self.brings[t]
    }
}

/// Promises that pay once a deal is signed: each is kept by who gains by it, unless how often is assumed.
pub(super) fn promises(scene: &Scene) -> Vec<Promise> {
    let (setting, world) = (scene.setting, scene.world);
    let levers = setting.levers.iter().zip(&world.numbers.levers).enumerate();
    let paying = levers
        .filter(|(_, (lever, n))| lever.trigger == Trigger::Accept && n.on > 0.0 && lever.pays());
    paying
        .map(|(l, (lever, n))| {
            let brings = |t: usize| {
                let cost = if setting.types[t].party == lever.by {
                    n.cost
                } else {
                    0.0
                };
                promised(setting, world, l, t) - cost
            };
            let kept = setting.parties[lever.by].types.clone().map(|w| {
                let willing = f64::from(u8::from(brings(w) >= 0.0));
                (w, given(world, l).unwrap_or(willing))
            });
            Promise {
                by: lever.by,
                kept: kept.collect(),
                brings: (0..setting.types.len()).map(brings).collect(),
            }
        })
        .collect()
}
