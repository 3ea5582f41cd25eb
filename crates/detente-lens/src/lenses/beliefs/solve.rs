//! Zones and named packages under other beliefs: worlds of their own, in which everything is as it would be if types believed that.
//! Beliefs hold for wars after deals as for the one that is fought, so that deals are worth something else too.

use detente_core::{
    Outcome, OwnBeliefs, PartySet, Query, Row, Scene, Search, Setting, Side, Stand, World,
};

use super::{
    AGREED_COMMON, OPTIMISM_BLOCKS, OPTIMISM_BLOCKS_PACKAGE, ZONE_COMMON, ZONE_SWAPPED, learning,
    messengers, parts, rates, room,
};
use crate::lenses::alternative::beyond_reach;
use crate::lenses::settlement::Zones;
use crate::no_deal;

pub(super) fn queries(setting: &Setting, world: &World, queries: &mut Vec<Query>) {
    queries.push(Query::analyst(setting, world));
}

pub(super) fn examine(scene: &Scene, row: &mut Row) -> Outcome {
    let Scene { setting, .. } = *scene;
    if let Some(why) = no_deal::model(setting).and_then(|model| model.unbelieved(setting)) {
        return Outcome::NotApplicable(why);
    }
    if let Some(silent) = beyond_reach(scene) {
        return silent;
    }
    let Some(own) = asked(scene) else {
        return Outcome::NotApplicable("the case does not say what happens without a deal");
    };
    parts::examine(scene, row);
    if setting.process.is_some() && setting.contest.is_none() {
        rates::examine(scene, row);
    } else {
        learning::examine(scene, row);
    }
    if scene.search >= Search::Zone {
        messengers::examine(scene, row);
    }
    let common = believing(scene.world, |_| Some(OwnBeliefs::default()));
    let outcome = room::with(scene, common.as_ref(), |there| {
        packages(scene, there, row);
        if scene.search < Search::Zone {
            return Outcome::Done;
        }
        zones(scene, &own, there, row)
    });
    // What the sides swap is how they read the balance of a contest.
    if outcome != Outcome::Done || scene.search < Search::Zone || setting.contest.is_none() {
        return outcome;
    }
    let swapped = believing(scene.world, |t| swapped(scene, t));
    room::with(scene, swapped.as_ref(), |there| {
        let open = asked(there).map(|asked| Some(Zones::new(there)?.open(&asked)));
        match open.flatten() {
            Some(Ok(open)) => row.set(ZONE_SWAPPED, &[], open),
            Some(Err(limit)) => return limit,
            None => {}
        }
        Outcome::Done
    })
}

/// What each type asks of a package.
fn asked(scene: &Scene) -> Option<Vec<f64>> {
    let types = 0..scene.setting.types.len();
    types.map(|t| scene.asked_of_package(t)).collect()
}

/// The world if types believed this (`None`: what they do); nothing where that changes no belief.
fn believing(world: &World, of: impl Fn(usize) -> Option<OwnBeliefs>) -> Option<World> {
    let mut other: Option<World> = None;
    for t in 0..world.numbers.types.len() {
        let own = OwnBeliefs::of(world, t);
        let Some(held) = of(t).filter(|held| *held != own) else {
            continue;
        };
        held.put(other.get_or_insert_with(|| world.clone()), t);
    }
    other
}

/// The mean belief about the edge of the types of the other side; `None`: the type takes no side, or nobody is on the other.
fn swapped(scene: &Scene, t: usize) -> Option<OwnBeliefs> {
    let Scene { setting, world, .. } = *scene;
    let side = setting.parties[setting.types[t].party].side?;
    let other = |s: Option<Side>| s.is_some_and(|s| s != side);
    let types = setting.types.iter().zip(&world.numbers.types);
    let (mut sum, mut weight) = (0.0, 0.0);
    for (_, numbers) in types.filter(|(kind, _)| other(setting.parties[kind.party].side)) {
        sum += numbers.prior * numbers.believes_edge;
        weight += numbers.prior;
    }
    (weight > 0.0).then(|| OwnBeliefs {
        edge: sum / weight,
        ..OwnBeliefs::default()
    })
}

/// Zones as types believe and in common, profile by profile.
fn zones(scene: &Scene, own: &[f64], there: &Scene, row: &mut Row) -> Outcome {
    let (Some(mut zones), Some(mut common)) = (Zones::new(scene), Zones::new(there)) else {
        return Outcome::Partly("deal values are not additive, and the search rests on it");
    };
    let Some(shared) = asked(there) else {
        return Outcome::Done;
    };
    let (mut open, mut blocked) = (0.0, 0.0);
    for place in 0..zones.profiles().len() {
        let prior = zones.profiles()[place].1;
        let is_open = match common.profile_open(place, &shared) {
            Ok(is_open) => is_open,
            Err(limit) => return limit,
        };
        if is_open {
            open += prior;
            match zones.profile_open(place, own) {
                Ok(true) => {}
                Ok(false) => blocked += prior,
                Err(limit) => return limit,
            }
        }
    }
    row.set(ZONE_COMMON, &[], f64::min(open, 1.0));
    row.set(OPTIMISM_BLOCKS, &[], f64::min(blocked, 1.0));
    Outcome::Done
}

/// Named packages: who accepts under common beliefs, and whom its own alone keep from it.
fn packages(scene: &Scene, there: &Scene, row: &mut Row) {
    let Scene { setting, world, .. } = *scene;
    let packages = setting.packages.iter().enumerate();
    for (p, package) in packages.filter(|(p, _)| scene.asks(*p)) {
        let (mut all, mut both) = (1.0, 1.0);
        for party in PartySet::iter(package.needed) {
            let (mut common, mut either) = (0.0, 0.0);
            for t in setting.parties[party].types.clone() {
                let accepts = |scene: &Scene| {
                    let stand = scene.stand(t, &package.choice);
                    stand.is_some_and(Stand::accepts)
                };
                let prior = world.numbers.types[t].prior;
                if accepts(there) {
                    common += prior;
                    either += if accepts(scene) { prior } else { 0.0 };
                }
            }
            all *= f64::min(common, 1.0);
            both *= f64::min(either, 1.0);
        }
        row.set(AGREED_COMMON, &[p], all);
        row.set(OPTIMISM_BLOCKS_PACKAGE, &[p], (all - both).max(0.0));
    }
}
