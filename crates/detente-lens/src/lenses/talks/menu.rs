//! What may be proposed in a world: named packages, for each combination of types a fair one, for each type the least that it takes.

use detente_core::talks::{Table, TalksSetting, meanwhile};
use detente_core::{PartySet, Scene, each_profile};

use crate::lenses::settlement::search::{Goal, RedLines, Task, good};

/// Nodes of a search for one package: what it comes upon by then is taken.
const NODES: u64 = 400;
/// Combinations of types that a fair package is sought for at most, the likeliest ones.
const PROFILES: usize = 6;
/// Packages whose worth differs by no more than this many points to anybody are one.
const ALIKE: f64 = 0.5;

/// Packages, the most important first.
pub(super) fn menu(scene: &Scene, talks: &TalksSetting) -> Vec<Vec<u8>> {
    let setting = scene.setting;
    let mut named: Vec<Vec<u8>> = Vec::new();
    for p in &talks.named {
        named.push(setting.packages[*p].choice.clone());
    }
    // Where no package is named to be proposed, those that nobody signs make way.
    let chosen = !talks.unstated.contains(&"menu");
    let found = if talks.found {
        found(scene)
    } else {
        Vec::new()
    };
    let mut all: Vec<Vec<u8>> = Vec::new();
    let take = |all: &mut Vec<Vec<u8>>, list: Option<Vec<u8>>, signed: bool| {
        let Some(package) = list else { return };
        if is_signed(scene, &package) == signed
            && !all.iter().any(|known| alike(scene, known, &package))
        {
            all.push(package);
        }
    };
    // What somebody may sign on every side first, named packages and others in turn; then what may still be proposed to be refused.
    let (first, second) = if chosen {
        (&named, &found)
    } else {
        (&found, &named)
    };
    for k in 0..first.len().max(second.len()) {
        for list in [first, second] {
            take(&mut all, list.get(k).cloned(), true);
        }
    }
    for package in &named {
        take(&mut all, Some(package.clone()), false);
    }
    all
}

/// The lowest that no deal may be worth to a type in the talks.
fn lowest(scene: &Scene, t: usize) -> f64 {
    let own = scene.setting.types[t].party;
    let mut least = scene.no_deal_value(t).unwrap_or(f64::NAN);
    for (query, solution) in scene.solved {
        if query.types.contains(t) && query.talks.is_none() && query.state.is_none() {
            let mine = *query
                == detente_core::Query {
                    levers: query.levers,
                    ..detente_core::Query::own(scene.setting, scene.world, t)
                };
            if mine && solution.values[t].is_finite() {
                least = least.min(solution.values[t]);
            }
        }
    }
    if let Some(flow) = meanwhile(scene.world, t) {
        least = least.min(flow);
    }
    if scene.refusals.is_known() {
        least = least.min(scene.refusals.worth(t, own));
    }
    least
}

/// What promises bring a type once a deal is agreed.
fn promise(scene: &Scene, t: usize) -> f64 {
    if scene.refusals.is_known() {
        scene.refusals.promise(t)
    } else {
        0.0
    }
}

/// Is there a type of everybody whom the package needs that would rather sign it than see the worst of no deal?
fn is_signed(scene: &Scene, package: &[u8]) -> bool {
    let needed = Table::needed(scene.setting, package);
    needed.iter().all(|party| {
        let mut types = scene.setting.parties[party].types.clone();
        types.any(|t| {
            let asked = lowest(scene, t) - promise(scene, t);
            let possible = scene.world.numbers.types[t].prior > 0.0;
            possible && scene.stand_asking(t, package, asked).accepts()
        })
    })
}

/// Are two packages worth nearly the same to all whom either needs, the same ones?
fn alike(scene: &Scene, one: &[u8], other: &[u8]) -> bool {
    let setting = scene.setting;
    let (needed, others) = (Table::needed(setting, one), Table::needed(setting, other));
    one == other
        || needed == others
            && needed.iter().all(|party| {
                let mut types = setting.parties[party].types.clone();
                types.all(|t| {
                    let crossed = |package| scene.stand_asking(t, package, 0.0).crossed;
                    (scene.deal(t, one) - scene.deal(t, other)).abs() <= ALIKE
                        && crossed(one) == crossed(other)
                })
            })
}

/// Fair packages and least ones, by what searches add up.
fn found(scene: &Scene) -> Vec<Vec<u8>> {
    let setting = scene.setting;
    let needed = setting.signatories();
    let parties: Vec<usize> = needed.iter().collect();
    if parties.is_empty() {
        return Vec::new();
    }
    let seek = |types: &[usize], goal: Goal, set: PartySet| {
        let asked = types.iter().map(|t| scene.asked_of_package(*t));
        let reservations: Option<Vec<f64>> = asked.collect();
        let reservations = reservations?;
        let task = Task {
            setting,
            world: scene.world,
            preferences: scene.additive,
            deal_value: scene.deal_value,
            needed: set,
            types,
            reservations: &reservations,
            red_lines: RedLines::Respected,
            only: None,
        };
        good(&task, goal, NODES).ok().map(|best| best.package)
    };
    let mut profiles: Vec<(f64, Vec<usize>)> = Vec::new();
    each_profile(setting, scene.world, needed, |types, prior| {
        profiles.push((prior, types.to_vec()));
    });
    profiles.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    profiles.truncate(PROFILES);
    let mut all = Vec::new();
    for (_, types) in &profiles {
        let fair = seek(types, Goal::NashProduct, needed);
        all.extend(fair.or_else(|| seek(types, Goal::WorstMargin, needed)));
    }
    // The least that a type takes is the best that another gets with it: of the likeliest types of the others.
    for (place, party) in parties.iter().enumerate() {
        for t in setting.parties[*party].types.clone() {
            let likeliest = profiles.iter().find(|(_, types)| types[place] == t);
            let Some((_, types)) = likeliest else {
                continue;
            };
            for other in (0..parties.len()).filter(|other| *other != place) {
                all.extend(seek(types, Goal::OwnMargin(other), needed));
            }
        }
    }
    all.retain(|package| setting.allows(package));
    all
}
