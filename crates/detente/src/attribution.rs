//! Why a reading's answer differs from the case's as written: its overrides in groups by what they are about, each group put
//! over the case alone, on the same draws.

use detente_case::{Case, Condition, InputId, Overrides, Plan, Rules};
use detente_core::Setting;
use detente_math::{Distribution, Mean};

use crate::run::{BESIDE_ERROR, Effort, Ladder, Progress, RunOptions, Scope, Table};

/// Worlds in which groups are tried at most.
const WORLDS: usize = 256;
/// Worlds after which the error of a difference may be small enough: it is on common draws, and half of a share's own.
const FIRST: usize = 128;
/// Groups that are told apart at most; the smallest are put together.
const GROUPS: usize = 5;

/// What a group of overrides changes alone.
#[derive(Clone, Debug)]
pub struct Cause {
    /// What the overrides are about, in words.
    pub about: String,
    /// How many numbers they replace.
    pub numbers: usize,
    /// Change of the share that the report leads with, of the package that it leads with.
    pub moved: Mean,
}

/// The groups of a reading's overrides with what each changes alone of one package, in the order of the case.
pub(crate) fn causes(
    case: &Case,
    plan: &Plan,
    (base, package): ((&Overrides, &Table), usize),
    reading: &Overrides,
    options: RunOptions,
    progress: &dyn Progress,
) -> Vec<Cause> {
    let groups = groups(case, reading);
    let most = options.worlds.min(WORLDS);
    let options = RunOptions {
        worlds: most,
        searches: 0,
        solutions: 0,
        ..options
    };
    let ladder = Ladder {
        first: match options.effort {
            Effort::Fixed => most,
            Effort::Settled { .. } => FIRST,
        },
        most,
        searched_first: None,
    };
    let headline = crate::headline::quantity_of(case);
    // Nothing else is asked of these worlds.
    let mut scope = Scope::none(&case.setting);
    scope.add_handle(headline, &[package]);
    let of_group = |(about, replaced): (String, Vec<(InputId, Distribution)>)| {
        let mut overrides = base.0.clone();
        let numbers = replaced.len();
        overrides.replaced.extend(replaced);
        let moved = |table: &Table| {
            let (then, now) = (
                base.1.column(headline, &[package]),
                table.column(headline, &[package]),
            );
            table.mean_of(now.zip(then).map(|(a, b)| a - b))
        };
        let settled = |table: &Table| moved(table).error <= BESIDE_ERROR;
        let run = (plan, &overrides, options);
        let table = ladder.climb(run, Some(&scope), settled, progress);
        Cause {
            about,
            numbers,
            moved: moved(&table),
        }
    };
    // What cannot stand without the rest of the reading is left to what remains joint.
    let rules = Rules::of(case);
    let stands = |(_, replaced): &Group| {
        let mut all = base.0.clone();
        all.replaced.extend(replaced.iter().cloned());
        rules.stand(&Condition::of(&all))
    };
    groups.into_iter().filter(stands).map(of_group).collect()
}

/// How many worlds [`causes`] runs, for a progress bar.
pub(crate) fn worlds_to_run(case: &Case, reading: &Overrides, worlds: usize) -> usize {
    match groups(case, reading).len() {
        0 | 1 => 0,
        n => n * worlds.min(WORLDS),
    }
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
        ["contest", ..] => "the balance of the war and how it ends".to_owned(),
        ["lever", ..] => "levers that run".to_owned(),
        ["party", id, "redline", ..] => format!("{}: red lines", party(id)),
        ["party", id, "type", _, "prior"] => format!("{}: which type it is", party(id)),
        ["party", id, rest @ ..] if rest.contains(&"believes") => format!("{}: beliefs", party(id)),
        ["party", id, ..] => format!("{}: worth and costs", party(id)),
        [first, ..] => (*first).replace('_', " "),
        [] => String::new(),
    }
}
