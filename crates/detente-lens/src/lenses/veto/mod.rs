//! If some settle over another's head, does the war end, and what does that change for everyone?
//!
//! For a party that refuses while all others settle: the war of its refusal, with the levers that its refusal triggers pulled with
//! their chances. Forecasts (compelled, holds, endures, supply) are the analyst's; what the branch is worth to a type (N, in
//! `change`) is that type's. Does not apply to a case without a no-deal model. Who is compelled, and so who could undo a settlement, is
//! told where no deal ends by the month and it is said by whom: in a contest, and in a process that names whose moves they are. The
//! line, and efforts, are a contest's. Sources and units: [`veto`](mod@detente_core::catalogue::veto). `docs/lenses/veto.md` has the equations.

mod solve;
#[cfg(test)]
mod tests;

use detente_core::{
    LensSpec, NamedPackage, NoDealSolution, Outcome, PartySet, Query, Row, Scene, Setting, Side,
    World, triggered_by,
};

use super::alternative::beyond_reach;
use crate::{Lens, refusal};
use detente_core::catalogue::veto::{
    CHANGE, COMPELLED, EFFECTIVE, ENDURES, FIGHTS_ON, HOLDS, SPEC, SUPPLY_AFTER,
};

/// The lens.
pub(super) struct Veto;

impl Lens for Veto {
    fn spec(&self) -> &'static LensSpec {
        &SPEC
    }

    fn queries(&self, setting: &Setting, world: &World, queries: &mut Vec<Query>) {
        if setting.contest.is_none() {
            return;
        }
        let sided = |party: &usize| setting.parties[*party].side.is_some();
        for refuser in (0..setting.parties.len()).filter(sided) {
            for set in 0..sets(setting, world, refuser) {
                queries.push(analysts_branch(setting, world, refuser, set));
            }
        }
    }

    fn examine(&self, scene: &Scene, row: &mut Row) -> Outcome {
        if !scene.setting.has_no_deal() {
            return Outcome::NotApplicable("the case does not say what happens without a deal");
        }
        if let Some(silent) = beyond_reach(scene) {
            return silent;
        }
        solve::write(scene, row);
        Outcome::Done
    }
}

/// How many sets of levers a refusal may trigger, the empty one among them.
fn sets(setting: &Setting, world: &World, refuser: usize) -> usize {
    1 << triggered_by(setting, world, refuser)
        .take(refusal::MOST)
        .count()
}

/// The war of a refusal after which some of its levers are pulled, as the analyst sees it; `set` as in [`refusal::branch`].
fn analysts_branch(setting: &Setting, world: &World, refuser: usize, set: usize) -> Query {
    let mut query = Query::analyst(setting, world);
    let levers = triggered_by(setting, world, refuser).take(refusal::MOST);
    for (k, lever) in levers.enumerate() {
        if set >> k & 1 == 1 {
            query.levers = query.levers.with(lever);
        }
    }
    query
}

/// A package with nothing of it carried out but what those other than `refuser` carry out by themselves, and the state that it
/// differs from. The line is nobody's to carry out, and where fewer than two of those whom it needs are left nobody settles.
fn carried_out(setting: &Setting, package: &NamedPackage, refuser: usize) -> (Vec<u8>, Vec<u8>) {
    let left = package
        .needed
        .without(PartySet::one(refuser))
        .iter()
        .count();
    let package = &package.choice;
    let contest = setting.contest.as_ref();
    let before: Vec<u8> = contest.map_or_else(
        || setting.issues.iter().map(|i| i.status_quo).collect(),
        |c| c.unsettled.clone(),
    );
    let mut after = before.clone();
    for (k, issue) in setting.issues.iter().enumerate() {
        let performers = issue.options[package[k] as usize].performers;
        let line = contest.is_some_and(|c| c.line_issue == k);
        if left > 1 && !line && performers != PartySet::default() && !performers.contains(refuser) {
            after[k] = package[k];
        }
    }
    (before, after)
}

/// How far the line lies to a side's loss at `x`, from where it started, in line units.
fn loss(side: Side, start: f64, x: f64) -> f64 {
    match side {
        Side::A => start - x,
        Side::B => x - start,
    }
}

/// Chance of a set of levers as the analyst sees it. `chance(k, t)` is the chance that type `t` of its wielder pulls the k-th. Levers
/// of one wielder hang together through its type; wielders do not. `known`: the refuser's type, where it is known.
fn set_chance(
    setting: &Setting,
    world: &World,
    levers: &[usize],
    set: usize,
    known: usize,
    chance: impl Fn(usize, usize) -> f64,
) -> f64 {
    let mut all = 1.0;
    for (k, lever) in levers.iter().enumerate() {
        let by = setting.levers[*lever].by;
        if levers[..k].iter().any(|l| setting.levers[*l].by == by) {
            continue;
        }
        let joint = |t: usize| {
            let own = (0..levers.len()).filter(|k| setting.levers[levers[*k]].by == by);
            let each = own.map(|k| {
                let c = chance(k, t);
                if set >> k & 1 == 1 { c } else { 1.0 - c }
            });
            each.product::<f64>()
        };
        all *= if setting.types[known].party == by {
            joint(known)
        } else {
            let types = setting.parties[by].types.clone();
            types
                .map(|t| world.numbers.types[t].prior * joint(t))
                .sum::<f64>()
        };
    }
    all
}

/// The solution of a branch that the lens declared.
fn solved<'a>(scene: &'a Scene, refuser: usize, set: usize) -> &'a NoDealSolution {
    let query = analysts_branch(scene.setting, scene.world, refuser, set);
    scene.no_deal(&query).expect("declared")
}
