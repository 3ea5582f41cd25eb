//! The named packages, in every world: who accepts them, who blocks them first, whose gates let them pass.

use detente_core::{NamedPackage, PartySet, Preferences, Row, Scene};

use super::{
    ACCEPTS, AGREED, BLOCKS, BLOCKS_BY_RED_LINE, CLAUSE, CONCEDED, CROSSED, IN_FORCE, INDIFFERENT,
    MARGIN, RATIFIES, profiles,
};

/// What a performer would get above its bar with one of its clauses left out (the issue at its status quo), weighed by the
/// chance, over the others' types, that all who are then needed accept; the greatest over its clauses. In points, 0 for
/// whoever performs nothing.
fn clause(
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
        let left = scene.deal(t, without) - reservations[t];
        if left <= most || !setting.allows(without) {
            continue;
        }
        let signing = package.needed.without(setting.performers(&package.choice));
        let signing = signing.union(setting.signatories().intersection(package.needed));
        let others = signing.union(setting.performers(without));
        let agree: f64 = others
            .iter()
            .filter(|other| *other != party)
            .map(|other| {
                let types = setting.parties[other].types.clone();
                let accepting = types.filter(|t| {
                    scene.deal(*t, without) - reservations[*t] >= -INDIFFERENT
                        && Preferences::crossed(setting, world, *t, without).is_none()
                });
                let share: f64 = accepting.map(|t| world.numbers.types[t].prior).sum();
                share.min(1.0)
            })
            .product();
        most = f64::max(most, agree * left);
    }
    most
}

/// How a type stands to a package.
#[derive(Clone, Copy)]
struct Stand {
    /// Above no deal and above what its own clause left out would bring.
    margin: f64,
    crossed: bool,
}

impl Stand {
    fn accepts(self) -> bool {
        self.margin >= -INDIFFERENT && !self.crossed
    }
}

pub(super) fn examine(scene: &Scene, reservations: &[f64], row: &mut Row) {
    let Scene { setting, world, .. } = *scene;
    let mut stands = Vec::with_capacity(setting.types.len());
    let mut without = Vec::new();
    for (p, package) in setting.packages.iter().enumerate() {
        stands.clear();
        for (t, n) in reservations.iter().enumerate() {
            let margin = scene.deal(t, &package.choice) - n;
            let crossed = Preferences::crossed(setting, world, t, &package.choice).is_some();
            let clause = clause(scene, reservations, package, t, &mut without);
            row.set(MARGIN, &[t, p], margin);
            row.set(CLAUSE, &[t, p], clause);
            row.set(CROSSED, &[t, p], f64::from(u8::from(crossed)));
            if let Some(opening) = setting.parties[setting.types[t].party].opening {
                let given = |choice: &[u8]| scene.preferences.worth(setting, t, choice);
                let first = &setting.packages[opening].choice;
                row.set(CONCEDED, &[t, p], given(first) - given(&package.choice));
            }
            stands.push(Stand {
                margin: margin - clause,
                crossed,
            });
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
            row.set(RATIFIES, &[g, p], passes);
            if package.needed.contains(gate.party) {
                in_force *= passes;
            }
        }
        row.set(IN_FORCE, &[p], in_force);
        profiles::for_each(setting, world, package.needed, |types, prior| {
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
