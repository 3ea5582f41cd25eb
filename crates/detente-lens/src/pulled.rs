//! What levers do once they are pulled, in one place for all who ask: what they cost by the month, what they make options worth. What they
//! set of a war's own numbers holds from dates on and stands with the war's course (`no_deal/contest/course.rs`).

use detente_core::{LeverProfile, Preferences, Setting, Target, World};

/// What a lever costs by the month, below zero what it brings: types that bear it, and points.
pub(crate) fn flows<'a>(
    setting: &'a Setting,
    world: &'a World,
    lever: usize,
) -> impl Iterator<Item = (usize, f64)> + 'a {
    let bearers = setting.levers[lever].flow_to.iter();
    bearers
        .zip(&world.numbers.levers[lever].flow_costs)
        .flat_map(|(party, cost)| setting.parties[*party].types.clone().map(|t| (t, *cost)))
}

/// What a lever costs one type by the month.
pub(crate) fn flow(setting: &Setting, world: &World, lever: usize, t: usize) -> f64 {
    let own = flows(setting, world, lever).filter(|(bearer, _)| *bearer == t);
    own.map(|(_, cost)| cost).sum()
}

/// What a promise brings one type once a deal is signed, if it is kept: what it pays once, and by the month for as long as it does.
pub(crate) fn promised(setting: &Setting, world: &World, lever: usize, t: usize) -> f64 {
    let n = &world.numbers.levers[lever];
    let own = setting.types[t].party;
    let once = setting.levers[lever].pays_to.iter().zip(&n.pays);
    let once: f64 = once.filter(|(to, _)| **to == own).map(|(_, x)| x).sum();
    // A point a month for m months is worth 1 − δ^m of one for good.
    let part = if n.lasts.is_nan() {
        1.0
    } else {
        1.0 - libm::pow(world.numbers.types[t].patience, n.lasts)
    };
    once - part * flow(setting, world, lever, t)
}

/// Does a lever only cost somebody something by the month? The war is then the same with it.
pub(crate) fn only_costs(setting: &Setting, world: &World, lever: usize) -> bool {
    setting.levers[lever].sets.is_empty() && world.numbers.levers[lever].escalation == 0.0
}

/// Takes what levers cost by the month off V. `months`: what a point a month costs each type while the war lasts.
pub(crate) fn pay(
    setting: &Setting,
    world: &World,
    levers: LeverProfile,
    months: &[f64],
    values: &mut [f64],
) {
    for lever in (0..setting.levers.len()).filter(|l| levers.contains(*l)) {
        for (t, cost) in flows(setting, world, lever) {
            let month = (1.0 - world.numbers.types[t].patience) * cost;
            values[t] -= month * months[t];
        }
    }
}

/// What these levers set, in the order in which they are pulled: of several that set one number the last holds.
pub(crate) fn sets_in_order<'a>(
    setting: &'a Setting,
    world: &'a World,
    levers: LeverProfile,
) -> impl DoubleEndedIterator<Item = (usize, Target, f64)> + 'a {
    let mut levers: Vec<usize> = (0..setting.levers.len())
        .filter(|l| levers.contains(*l))
        .collect();
    levers.sort_by_key(|l| setting.levers[*l].trigger.turn());
    levers.into_iter().flat_map(|l| {
        let sets = setting.levers[l].sets.iter();
        let to = &world.numbers.levers[l].sets;
        sets.zip(to).map(move |(target, to)| (l, *target, *to))
    })
}

/// What these levers set a number to; `None`: none of them does.
pub(crate) fn set(
    setting: &Setting,
    world: &World,
    levers: LeverProfile,
    target: Target,
) -> Option<f64> {
    let mut sets = sets_in_order(setting, world, levers).rev();
    sets.find(|(_, set, _)| *set == target).map(|(.., to)| to)
}

/// What options are worth with these levers pulled, the one pulled last holding; `None`: as without them.
pub(crate) fn revalued(
    setting: &Setting,
    world: &World,
    preferences: &Preferences,
    levers: LeverProfile,
) -> Option<Preferences> {
    let mut changed: Option<Preferences> = None;
    for (_, target, to) in sets_in_order(setting, world, levers) {
        if let Target::Value(t, option) = target {
            let changed = changed.get_or_insert_with(|| preferences.clone());
            changed.change(setting, world, t, option, to);
        }
    }
    changed
}

#[cfg(test)]
mod tests {
    use detente_core::{Lever, LeverNumbers, LeverProfile, Preferences, Target, Trigger};

    use super::revalued;
    use crate::fixture;

    /// Of two levers that set one worth, the one pulled last holds, in whatever order a case lists them.
    #[test]
    fn the_lever_pulled_last_holds() {
        for case in 0..20 {
            let (setting, world) = fixture::random(case);
            let mut before = Preferences::default();
            before.compute(&setting, &world);
            let told = |order: [(Trigger, f64); 2]| {
                let (mut setting, mut world) = (setting.clone(), world.clone());
                let mut both = LeverProfile::default();
                for (trigger, to) in order {
                    both = both.with(setting.levers.len());
                    setting.levers.push(Lever {
                        trigger,
                        sets: vec![Target::Value(0, 1)],
                        ..Lever::default()
                    });
                    world.numbers.levers.push(LeverNumbers {
                        sets: vec![to],
                        ..LeverNumbers::default()
                    });
                }
                let changed = revalued(&setting, &world, &before, both).expect("a changed worth");
                let mut package = setting.packages[0].choice.clone();
                package[0] = 1;
                changed.worth(&setting, 0, &package)
            };
            let (now, then) = ((Trigger::Now, 0.2), (Trigger::Refuse(0), 0.7));
            let (one, other) = (told([now, then]), told([then, now]));
            assert_eq!(one.to_bits(), other.to_bits());
            let alone = told([then, (Trigger::Refuse(0), 0.7)]);
            assert!((one - alone).abs() < 1e-9, "{one} {alone}");
        }
    }
}
