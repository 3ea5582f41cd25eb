//! What each belief of a type adds to what no deal is worth to it: Shapley values over the beliefs that differ.

use detente_core::{Beliefs, OwnBeliefs, Query, Row, Scene, Setting, TypeSet, World};

use super::GAP_PART;

/// How many beliefs there are, in the order of [`detente_core::BELIEFS`].
const KINDS: usize = detente_core::BELIEFS.len();

/// The query of a type with other beliefs than its own: for it and those who believe as it does.
pub(super) fn believing(setting: &Setting, world: &World, t: usize, beliefs: OwnBeliefs) -> Query {
    if beliefs == OwnBeliefs::default() {
        return Query {
            beliefs: Beliefs::Analyst,
            types: TypeSet::ALL,
            ..Query::own(setting, world, t)
        };
    }
    Query {
        beliefs: Beliefs::Own(beliefs),
        ..Query::own(setting, world, t)
    }
}

/// Some of a type's beliefs, one bit each; the others as the analyst's.
fn some_of(own: OwnBeliefs, set: usize) -> OwnBeliefs {
    let kept = |bit: usize| set >> bit & 1 == 1;
    let keep = |bit: usize, x: f64| if kept(bit) { x } else { 0.0 };
    OwnBeliefs {
        edge: keep(0, own.edge),
        doubt: keep(1, own.doubt),
        escalation: keep(2, own.escalation),
        chance: keep(3, own.chance),
        rates: own.rates.filter(|_| kept(4)),
        rate_doubt: own.rate_doubt.filter(|_| kept(1)),
    }
}

/// Which of them differ from the analyst's.
fn differing(own: OwnBeliefs) -> usize {
    let all = [
        own.edge != 0.0,
        own.doubt != 0.0 || own.rate_doubt.is_some(),
        own.escalation != 0.0,
        own.chance != 0.0,
        own.rates.is_some(),
    ];
    let bits = all.iter().enumerate().filter(|(_, differs)| **differs);
    bits.fold(0, |set, (bit, _)| set | 1 << bit)
}

/// The subsets of a set of bits.
fn within(set: usize) -> impl Iterator<Item = usize> {
    (0..1 << KINDS).filter(move |sub| sub & !set == 0)
}

pub(super) fn queries(setting: &Setting, world: &World, queries: &mut Vec<Query>) {
    for t in 0..world.numbers.types.len() {
        let own = OwnBeliefs::of(world, t);
        let sets = within(differing(own));
        queries.extend(sets.map(|set| believing(setting, world, t, some_of(own, set))));
    }
}

pub(super) fn examine(scene: &Scene, row: &mut Row) {
    let Scene { setting, world, .. } = *scene;
    for t in 0..world.numbers.types.len() {
        let own = OwnBeliefs::of(world, t);
        let differ = differing(own);
        let value = |set: usize| {
            let query = believing(setting, world, t, some_of(own, set));
            scene.no_deal(&query).map_or(f64::NAN, |s| s.values[t])
        };
        for bit in 0..KINDS {
            let mut part = 0.0;
            if differ >> bit & 1 == 1 {
                for set in within(differ & !(1 << bit)) {
                    let weight = shapley_weight(set.count_ones(), differ.count_ones());
                    part += weight * (value(set | 1 << bit) - value(set));
                }
            }
            row.set(GAP_PART, &[t, bit], part);
        }
    }
}

/// s! (n − s − 1)! / n!: the share of orders in which exactly these `s` of `n` come before.
fn shapley_weight(s: u32, n: u32) -> f64 {
    let factorial = |n: u32| (1..=n).map(f64::from).product::<f64>();
    factorial(s) * factorial(n - s - 1) / factorial(n)
}
