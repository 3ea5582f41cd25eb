//! Zones and named packages under other beliefs.

use detente_core::{
    Beliefs, Outcome, OwnBeliefs, PartySet, Query, Refusals, Row, Scene, Search, Setting, Side,
    TypeSet, World, triggered_by,
};

use super::{
    AGREED_COMMON, OPTIMISM_BLOCKS, OPTIMISM_BLOCKS_PACKAGE, ZONE_COMMON, ZONE_SWAPPED, learning,
    messengers, parts,
};
use crate::lenses::alternative::beyond_reach;
use crate::lenses::settlement::Zones;
use crate::refusal;

/// A query under the analyst's beliefs, for all types.
fn common(query: Query) -> Query {
    Query {
        beliefs: Beliefs::Analyst,
        types: TypeSet::ALL,
        ..query
    }
}

pub(super) fn queries(setting: &Setting, world: &World, queries: &mut Vec<Query>) {
    queries.push(Query::analyst(setting, world));
    for refuser in 0..setting.parties.len() {
        let count = triggered_by(setting, world, refuser)
            .take(refusal::MOST)
            .count();
        let sets = 1..1_usize << count;
        queries.extend(sets.map(|set| common(refusal::branch(setting, world, refuser, set, 0))));
    }
    for side in [Side::A, Side::B] {
        queries.extend(swapped(setting, world, side));
    }
}

/// The war as a side would see it with the mean belief about the edge of the other side's types; `None`: nobody is on the other.
fn swapped(setting: &Setting, world: &World, side: Side) -> Option<Query> {
    let (mut sum, mut weight) = (0.0, 0.0);
    for party in setting
        .parties
        .iter()
        .filter(|p| p.side.is_some_and(|s| s != side))
    {
        for t in party.types.clone() {
            let numbers = &world.numbers.types[t];
            sum += numbers.prior * numbers.believes_edge;
            weight += numbers.prior;
        }
    }
    if weight == 0.0 || setting.contest.is_none() {
        return None;
    }
    let edge = sum / weight;
    let analyst = Query::analyst(setting, world);
    if edge == 0.0 {
        return Some(analyst);
    }
    let beliefs = Beliefs::Own(OwnBeliefs {
        edge,
        ..OwnBeliefs::default()
    });
    Some(Query { beliefs, ..analyst })
}

pub(super) fn examine(scene: &Scene, row: &mut Row) -> Outcome {
    let Scene { setting, world, .. } = *scene;
    if setting.contest.is_none() && setting.lottery.is_none() {
        return Outcome::NotApplicable(
            "there is no war to misread: the case states no contest and no lottery",
        );
    }
    if let Some(silent) = beyond_reach(scene) {
        return silent;
    }
    let own: Option<Vec<f64>> = (0..setting.types.len())
        .map(|t| scene.asked_of_package(t))
        .collect();
    let Some(own) = own else {
        return Outcome::NotApplicable("the case does not say what happens without a deal");
    };
    parts::examine(scene, row);
    learning::examine(scene, row);

    let mut refusals = Refusals::default();
    let mut room = refusal::Room::default();
    refusal::weigh_believing(
        setting,
        world,
        scene.solved,
        &mut room,
        &mut refusals,
        &common,
    );
    let of = |t: usize| {
        let n = refusals.worth(t, setting.types[t].party);
        n + world.numbers.types[t].aspiration - refusals.promise(t)
    };
    let shared: Vec<f64> = (0..setting.types.len()).map(of).collect();
    packages(scene, &own, &shared, row);
    if scene.search < Search::Zone {
        return Outcome::Done;
    }
    messengers::examine(scene, row);
    let exchanged: Vec<f64> = (0..setting.types.len())
        .map(|t| own[t] + exchange(scene, t))
        .collect();
    let Some(mut zones) = Zones::new(scene) else {
        return Outcome::Partly("deal values are not additive, and the search rests on it");
    };
    let (mut open, mut blocked) = (0.0, 0.0);
    for place in 0..zones.profiles().len() {
        let prior = zones.profiles()[place].1;
        let is_open = match zones.profile_open(place, &shared) {
            Ok(is_open) => is_open,
            Err(limit) => return limit,
        };
        if is_open {
            open += prior;
            match zones.profile_open(place, &own) {
                Ok(true) => {}
                Ok(false) => blocked += prior,
                Err(limit) => return limit,
            }
        }
    }
    row.set(ZONE_COMMON, &[], f64::min(open, 1.0));
    row.set(OPTIMISM_BLOCKS, &[], f64::min(blocked, 1.0));
    // What the sides swap is how they read the balance of a contest.
    if scene.setting.contest.is_some() {
        match zones.open(&exchanged) {
            Ok(open) => row.set(ZONE_SWAPPED, &[], open),
            Err(limit) => return limit,
        }
    }
    Outcome::Done
}

/// What a type's refusing would be worth more with the other side's belief; levers that its refusal triggers left as they are.
fn exchange(scene: &Scene, t: usize) -> f64 {
    let Scene { setting, world, .. } = *scene;
    let side = setting.parties[setting.types[t].party].side;
    let query = side.and_then(|side| swapped(setting, world, side));
    let there = query.and_then(|query| scene.no_deal(&query));
    match (there, scene.no_deal_value(t)) {
        (Some(there), Some(own)) => there.values[t] - own,
        _ => 0.0,
    }
}

/// Named packages: who accepts under common beliefs, and whom its own alone keep from it.
fn packages(scene: &Scene, own: &[f64], shared: &[f64], row: &mut Row) {
    let Scene { setting, world, .. } = *scene;
    let packages = setting.packages.iter().enumerate();
    for (p, package) in packages.filter(|(p, _)| scene.asks(*p)) {
        let (mut all, mut both) = (1.0, 1.0);
        for party in PartySet::iter(package.needed) {
            let (mut common, mut either) = (0.0, 0.0);
            for t in setting.parties[party].types.clone() {
                let accepts = |asked: &[f64]| {
                    let stand = scene.stand_asking(t, &package.choice, asked[t]);
                    stand.accepts()
                };
                let prior = world.numbers.types[t].prior;
                if accepts(shared) {
                    common += prior;
                    either += if accepts(own) { prior } else { 0.0 };
                }
            }
            all *= f64::min(common, 1.0);
            both *= f64::min(either, 1.0);
        }
        row.set(AGREED_COMMON, &[p], all);
        row.set(OPTIMISM_BLOCKS_PACKAGE, &[p], (all - both).max(0.0));
    }
}
