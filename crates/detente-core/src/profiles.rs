//! Type profiles: one type for each of some parties, with their joint prior.

use crate::{PartySet, Setting, World};

/// Everybody whom some package needs: a combination of options, or a named one that says whom it needs.
pub fn needed_by_any(setting: &Setting) -> PartySet {
    let named = setting.packages.iter().map(|package| &package.needed);
    let sets = setting.needed_sets.iter().chain(named);
    sets.fold(PartySet::default(), |all, set| all.union(*set))
}

/// Calls `visit` with every type profile of `parties` (types in the order of the parties) and its prior. Types of priors
/// zero are left out.
pub fn each_profile(
    setting: &Setting,
    world: &World,
    parties: PartySet,
    mut visit: impl FnMut(&[usize], f64),
) {
    let parties: Vec<usize> = parties.iter().collect();
    let mut types = Vec::with_capacity(parties.len());
    walk(setting, world, &parties, &mut types, 1.0, &mut visit);
}

fn walk(
    setting: &Setting,
    world: &World,
    parties: &[usize],
    types: &mut Vec<usize>,
    prior: f64,
    visit: &mut impl FnMut(&[usize], f64),
) {
    let Some((party, rest)) = parties.split_first() else {
        return visit(types, prior);
    };
    for t in setting.parties[*party].types.clone() {
        let own = world.numbers.types[t].prior;
        if own > 0.0 {
            types.push(t);
            walk(setting, world, rest, types, prior * own, visit);
            types.pop();
        }
    }
}
