//! The named packages, in every world: who accepts them, who blocks them first, whose gates let them pass.

use detente_core::asks::signing;
use detente_core::each_profile;
use detente_core::{NamedPackage, PartySet, Row, Scene, Search, Stand};

use super::{
    ACCEPTS, AGREED, BLOCKS, BLOCKS_BY_RED_LINE, CONCEDED, CROSSED, GATE_BELOW_BAR, IN_FORCE,
    MARGIN, RATIFIES, ROOM_TO_PRESS,
};

pub(super) fn examine(scene: &Scene, reservations: &[f64], row: &mut Row) {
    let Scene { setting, world, .. } = *scene;
    let mut stands = Vec::with_capacity(setting.types.len());
    let mut without = Vec::new();
    let packages = setting.packages.iter().enumerate();
    for (p, package) in packages.filter(|(p, _)| scene.asks(*p)) {
        stands.clear();
        for (t, asked) in reservations.iter().enumerate() {
            let stand = scene.stand_asking(t, &package.choice, *asked);
            row.set(MARGIN, &[t, p], stand.margin);
            row.set(CROSSED, &[t, p], f64::from(u8::from(stand.crossed)));
            if scene.search >= Search::Zone {
                let room = room_to_press(scene, reservations, package, t, &mut without);
                row.set(ROOM_TO_PRESS, &[t, p], room);
            }
            if let Some(opening) = setting.parties[setting.types[t].party].opening {
                let given = |choice: &[u8]| scene.preferences.worth(setting, t, choice);
                let first = &setting.packages[opening].choice;
                row.set(CONCEDED, &[t, p], given(first) - given(&package.choice));
            }
            stands.push(stand);
        }
        let mut agreed = 1.0;
        for (i, party) in setting.parties.iter().enumerate() {
            let accepting = party.types.clone().filter(|t| stands[*t].accepts());
            let share = accepting
                .map(|t| world.numbers.types[t].prior)
                .fold(0.0, |a, b| a + b)
                .min(1.0);
            row.set(ACCEPTS, &[i, p], share);
            row.set(BLOCKS, &[i, p], 0.0);
            row.set(BLOCKS_BY_RED_LINE, &[i, p], 0.0);
            if package.needed.contains(i) {
                agreed *= share;
            }
        }
        row.set(AGREED, &[p], agreed);
        let mut in_force = agreed;
        for (g, (gate, numbers)) in setting.gates.iter().zip(&world.numbers.gates).enumerate() {
            let passes = gate.passes(numbers, setting, &package.choice);
            // A gate that does not stand has no chance to tell.
            if numbers.on > 0.0 {
                row.set(RATIFIES, &[g, p], passes);
                let below = f64::from(passes < numbers.bar);
                row.set(GATE_BELOW_BAR, &[g, p], below);
            }
            if package.needed.contains(gate.party) {
                in_force *= passes;
            }
        }
        row.set(IN_FORCE, &[p], in_force);
        each_profile(setting, world, package.needed, |types, prior| {
            share_blame(
                package.needed,
                types,
                &stands,
                |party, part, by_red_line| {
                    row.add(BLOCKS, &[party, p], prior * part);
                    if by_red_line {
                        row.add(BLOCKS_BY_RED_LINE, &[party, p], prior * part);
                    }
                },
            );
        });
    }
}

/// What a performer would gain with one of its clauses left out (the issue at its status quo), times the chance, over the others'
/// types, that all who are then needed accept; the greatest over its clauses. In points, 0 for whoever performs nothing.
fn room_to_press(
    scene: &Scene,
    reservations: &[f64],
    package: &NamedPackage,
    t: usize,
    without: &mut Vec<u8>,
) -> f64 {
    let Scene { setting, world, .. } = *scene;
    let party = setting.types[t].party;
    let mut most = 0.0;
    for (k, (issue, o)) in setting.issues.iter().zip(&package.choice).enumerate() {
        if !issue.options[*o as usize].performers.contains(party) {
            continue;
        }
        without.clone_from(&package.choice);
        without[k] = issue.status_quo;
        if !setting.allows(without) {
            continue;
        }
        let gain = scene.deal(t, without) - scene.deal(t, &package.choice);
        if gain <= most {
            continue;
        }
        let others = signing(setting, package).union(setting.performers(without));
        let others = others.without(PartySet::one(party));
        let accepts = |t: &usize| scene.stand_asking(*t, without, reservations[*t]).accepts();
        let agree: f64 = others
            .iter()
            .map(|other| {
                let accepting = setting.parties[other].types.clone().filter(accepts);
                let share: f64 = accepting.map(|t| world.numbers.types[t].prior).sum();
                share.min(1.0)
            })
            .product();
        most = f64::max(most, agree * gain);
    }
    most
}

/// The first blocker of a package among the needed parties: one whose hard red line it crosses before one that only falls
/// short, then the larger shortfall. Exact ties share.
fn share_blame(
    needed: PartySet,
    types: &[usize],
    stands: &[Stand],
    mut blame: impl FnMut(usize, f64, bool),
) {
    let refusing = || {
        needed
            .iter()
            .zip(types)
            .map(|(i, t)| (i, stands[*t]))
            .filter(|(_, s)| !s.accepts())
    };
    let Some((_, first)) = refusing().min_by(|(_, a), (_, b)| {
        b.crossed
            .cmp(&a.crossed)
            .then(a.margin.total_cmp(&b.margin))
    }) else {
        return;
    };
    let tied =
        || refusing().filter(|(_, s)| s.crossed == first.crossed && s.margin == first.margin);
    let part = 1.0 / tied().count() as f64;
    tied().for_each(|(party, _)| blame(party, part, first.crossed));
}
