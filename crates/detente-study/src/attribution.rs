//! Why a reading's answer differs from the case's as written: its overrides in groups by what they are about, each group put
//! over the case alone, on the same draws, and what they do only together.

use std::ops::Range;

use detente_case::{Case, Condition, InputId, Overrides, Plan, Rules};
use detente_core::{Search, Setting, Trigger};
use detente_evidence::{Cause, Effort, RunOptions};
use detente_math::Distribution;

use crate::run::{BESIDE_ERROR, Progress, Scope, Table, enough};
use crate::runs::{Ask, Runs};

/// Worlds in which groups are tried at most.
const WORLDS: usize = 256;
/// Worlds after which the error of a difference may be small enough: it is on common draws, and half of a share's own.
const FIRST: usize = 64;
/// Groups that are told apart at most; the smallest are put together.
const GROUPS: usize = 5;

/// What the part of a reading that its groups do only together is about.
const TOGETHER: &str = "what they do only together";

/// The groups of a reading's overrides with what each changes alone of one package, in the order of the case, and last what they do only
/// together, all on the same worlds. Nothing where the overrides are one group, which does by itself all that the reading does.
pub(crate) fn causes(
    case: &Case,
    plan: &Plan,
    (base, package): ((&Overrides, &Table), usize),
    reading: &Overrides,
    options: RunOptions,
    runs: &mut Runs,
    progress: &dyn Progress,
) -> Vec<Cause> {
    let groups = groups(case, reading);
    if groups.len() < 2 {
        return Vec::new();
    }
    // What cannot stand without the rest of the reading is left to what remains joint.
    let rules = Rules::of(case);
    let stands = |(_, replaced): &Group| {
        let mut all = base.0.clone();
        all.replaced.extend(replaced.iter().cloned());
        rules.stand(&Condition::of(&all))
    };
    let groups: Vec<Group> = groups.into_iter().filter(stands).collect();
    if groups.is_empty() {
        return Vec::new();
    }
    let most = options.worlds.min(WORLDS);
    let options = RunOptions {
        searches: 0,
        solutions: 0,
        ..options
    };
    let headline = crate::headline::quantity_of(case);
    // Nothing else is asked of these worlds.
    let mut scope = Scope::none(&case.setting);
    scope.add_handle(headline, &[package]);
    // World by world: what an overriding changes.
    let then: Vec<f64> = base.1.column(headline, &[package]).take(most).collect();
    let column = base.1.layout.column(headline, &[package]);
    let mut told = |replaced: &[(InputId, Distribution)], worlds: Range<usize>| -> Vec<f64> {
        let mut overrides = base.0.clone();
        overrides.replaced.extend(replaced.iter().cloned());
        runs.expect(&Ask {
            overrides: overrides.clone(),
            search: Search::None,
            scope: scope.clone(),
        });
        let rows = (worlds.end, base.1.picks());
        runs.run(plan, &overrides, (options, 0), rows, progress);
        let kept = runs.of(&overrides);
        let kept = kept.into_iter().flat_map(|kept| kept.column(column));
        kept.skip(worlds.start).take(worlds.len()).collect()
    };
    let changes = |now: &[f64], worlds: Range<usize>| -> Vec<f64> {
        let both = now.iter().zip(&then[worlds]);
        both.map(|(now, then)| now - then).collect()
    };
    let mean = |moved: &[f64]| base.1.mean_of(moved.iter().copied());
    let first = match options.effort {
        Effort::Fixed | Effort::Quick | Effort::Opened(_) | Effort::Kept => most,
        Effort::Settled { .. } => FIRST.min(most),
    };
    let mut moved: Vec<Vec<f64>> = vec![Vec::new(); groups.len()];
    let mut worlds = 0..first;
    loop {
        for (moved, (_, replaced)) in moved.iter_mut().zip(&groups) {
            let now = told(replaced, worlds.clone());
            moved.extend(changes(&now, worlds.clone()));
        }
        let errors = moved.iter().map(|moved| mean(moved).error);
        let error = errors.fold(0.0, f64::max);
        if worlds.end >= most || error <= BESIDE_ERROR || progress.stopped() {
            break;
        }
        worlds = worlds.end..enough(worlds.end, error, BESIDE_ERROR, most);
    }
    let whole = told(&reading.replaced, 0..worlds.end);
    let mut joint = changes(&whole, 0..worlds.end);
    let mut causes = Vec::new();
    for ((about, replaced), alone) in groups.iter().zip(&moved) {
        let worlds = joint.iter_mut().zip(alone);
        worlds.for_each(|(joint, alone)| *joint -= alone);
        causes.push(Cause {
            about: about.clone(),
            together: false,
            numbers: replaced.len(),
            moved: mean(alone),
        });
    }
    causes.push(Cause {
        about: TOGETHER.to_owned(),
        together: true,
        numbers: reading.replaced.len(),
        moved: mean(&joint),
    });
    causes
}

type Group = (String, Vec<(InputId, Distribution)>);

/// The overrides by what they are about.
fn groups(case: &Case, reading: &Overrides) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for (id, distribution) in &reading.replaced {
        let about = about(&case.inputs[id.0 as usize].path, &case.setting);
        let set = (*id, distribution.clone());
        match groups.iter_mut().find(|(known, _)| *known == about) {
            Some((_, sets)) => sets.push(set),
            None => groups.push((about, vec![set])),
        }
    }
    while groups.len() > GROUPS {
        // The smallest with the next smallest, the later of equals.
        let smallest = |groups: &[Group]| {
            let sizes = groups.iter().enumerate().rev();
            sizes
                .min_by_key(|(_, (_, sets))| sets.len())
                .map(|(g, _)| g)
        };
        let (Some(a), mut rest) = (smallest(&groups), groups.clone()) else {
            break;
        };
        let (name, sets) = rest.remove(a);
        let Some(b) = smallest(&rest) else { break };
        rest[b].0 = format!("{}; {name}", rest[b].0);
        rest[b].1.extend(sets);
        groups = rest;
    }
    groups
}

/// Levers by what sets them off.
fn levers(setting: &Setting, id: &str) -> String {
    let found = setting.levers.iter().find(|lever| lever.id == id);
    let party = |i: usize| setting.parties[i].name.as_str();
    match found.map(|lever| lever.trigger) {
        Some(Trigger::Now) => "levers that run now".to_owned(),
        Some(Trigger::Accept) => "levers that await a signature".to_owned(),
        Some(Trigger::Refuse(by)) => format!("levers that a refusal of {} may trigger", party(by)),
        Some(Trigger::Violate(by)) => format!("levers that answer a breach by {}", party(by)),
        None => "levers".to_owned(),
    }
}

/// What a number is about, in words.
fn about(path: &str, setting: &Setting) -> String {
    let segments: Vec<&str> = path.split('.').collect();
    let party = |id: &str| {
        let found = setting.parties.iter().find(|party| party.id == id);
        found.map_or_else(|| id.to_owned(), |party| party.name.clone())
    };
    match segments.as_slice() {
        ["contest", "supply" | "nest", ..] => "supply and what replaces what".to_owned(),
        ["contest", "capacity", ..] => "depletion".to_owned(),
        ["contest", ..] => "the balance of efforts and how it all ends".to_owned(),
        ["lever", id, ..] => levers(setting, id),
        ["party", id, "redline", ..] => format!("{}: red lines", party(id)),
        ["party", id, "type", _, "prior"] => format!("{}: which type it is", party(id)),
        ["party", id, rest @ ..] if rest.contains(&"believes") => format!("{}: beliefs", party(id)),
        ["party", id, ..] => format!("{}: worth and costs", party(id)),
        [first, ..] => (*first).replace('_', " "),
        [] => String::new(),
    }
}
