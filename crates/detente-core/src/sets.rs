//! What a package does to the numbers of a war that resumes after it.

use crate::{FeatureKind, Setting, Target, Trigger, World};

/// Months after a deal that are followed one by one; all later ones are like the last.
pub const LAST_MONTH: usize = 240;

/// Does the package take this option, given in the flat list of all?
pub fn takes(setting: &Setting, package: &[u8], option: usize) -> bool {
    let mut taken = setting.issues.iter().zip(package);
    taken.any(|(issue, o)| issue.first_option + *o as usize == option)
}

/// Numbers that the package's options set, should fighting resume.
pub fn sets_of_package(setting: &Setting, world: &World, package: &[u8]) -> Vec<(Target, f64)> {
    let features = setting.features.iter().zip(&world.numbers.features);
    let taken = features.filter(|(feature, _)| takes(setting, package, feature.option));
    taken
        .filter_map(|(feature, numbers)| match feature.kind {
            FeatureKind::Sets(target) => Some((target, numbers.size)),
            _ => None,
        })
        .collect()
}

/// The world with numbers of the contest as options set them; `None`: they set nothing. What an option sets takes the place of what a
/// lever that runs sets.
pub fn changed(setting: &Setting, world: &World, sets: &[(Target, f64)]) -> Option<World> {
    if sets.is_empty() {
        return None;
    }
    let mut changed = world.clone();
    change(setting, &mut changed, sets);
    Some(changed)
}

/// The same of a world that is at hand.
pub fn change(setting: &Setting, world: &mut World, sets: &[(Target, f64)]) {
    for (target, to) in sets {
        let types = &mut world.numbers.types;
        match target {
            Target::Burden(t) => types[*t].burden = *to,
            Target::Scar(t) => types[*t].scar = *to,
            // What options are worth is a matter of the peace.
            Target::Value(..) => {}
            target => {
                let Some(contest) = world.numbers.contest.first_mut() else {
                    continue;
                };
                match target {
                    Target::SupplyLevel(j) => contest.supplies[*j].level = *to,
                    Target::Contest(number) => *number.of(contest) = *to,
                    Target::CapacityFrom(side) => {
                        contest.capacities[*side as usize].from_month = *to;
                    }
                    Target::CapacityLow(side) => contest.capacities[*side as usize].low = *to,
                    _ => {}
                }
            }
        }
    }
    let levers = setting.levers.iter().zip(&mut world.numbers.levers);
    for (lever, numbers) in levers.filter(|(lever, _)| lever.trigger == Trigger::Now) {
        for (target, to) in lever.sets.iter().zip(&mut numbers.sets) {
            if let Some((_, set)) = sets.iter().find(|(set, _)| set == target) {
                *to = *set;
            }
        }
    }
}

/// An armistice with the line at the option nearest to where it is today.
pub fn freeze(setting: &Setting, world: &World) -> Option<Vec<u8>> {
    let contest = setting.contest.as_ref()?;
    let start = world.numbers.contest.first()?.start;
    let positions = world.numbers.positions.iter().enumerate();
    let stated = positions.filter(|(_, p)| !p.is_nan());
    let nearest = stated.min_by(|a, b| (a.1 - start).abs().total_cmp(&(b.1 - start).abs()))?;
    let mut package = contest.armistice.clone();
    package[contest.line_issue] = u8::try_from(nearest.0).ok()?;
    Some(package)
}

/// A package whose breach is looked at where none is named: the freeze; without a contest any, since what follows is the same.
pub fn breached(setting: &Setting, world: &World) -> Option<Vec<u8>> {
    if setting.contest.is_some() {
        return freeze(setting, world);
    }
    let first = setting.packages.first();
    first.map(|package| package.choice.clone())
}
