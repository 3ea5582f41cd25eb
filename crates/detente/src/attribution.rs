//! Why a reading's answer differs from the case's as written: its overrides in groups by what they are about, each group put
//! over the case alone, on the same draws, and what they do only together.

use detente_case::{Case, Condition, InputId, Overrides, Plan, Rules};
use detente_core::Setting;
use detente_math::{Distribution, Mean};

use crate::run::{Progress, RunOptions, Table, run};

/// Worlds in which groups are tried.
pub(crate) const WORLDS: usize = 256;
/// Groups that are told apart at most; the smallest are put together.
const GROUPS: usize = 5;

/// What the part of a reading that its groups do only together is about.
const TOGETHER: &str = "what they do only together";

/// What a group of overrides changes alone, or what all of them change beyond that.
#[derive(Clone, Debug)]
pub struct Cause {
    /// What the overrides are about, in words.
    pub about: String,
    /// Is it what the whole reading changes beyond what its groups change alone?
    pub together: bool,
    /// How many numbers they replace.
    pub numbers: usize,
    /// By package: change of the share that the report leads with.
    pub moved: Vec<Mean>,
}

/// The groups of a reading's overrides with what each changes alone, in the order of the case, and last what they do only together, all on
/// the same worlds. Nothing where the overrides are one group, which does by itself all that the reading does.
pub(crate) fn causes(
    case: &Case,
    plan: &Plan,
    base: (&Overrides, &Table),
    reading: &Overrides,
    options: RunOptions,
    progress: &dyn Progress,
) -> Vec<Cause> {
    let groups = groups(case, reading);
    if groups.len() < 2 {
        return Vec::new();
    }
    let options = RunOptions {
        worlds: options.worlds.min(WORLDS),
        searches: 0,
        solutions: 0,
        ..options
    };
    let headline = crate::headline::quantity_of(case);
    let packages = 0..case.setting.packages.len();
    // By package, world by world: what an overriding changes.
    let changes = |replaced: &[(InputId, Distribution)]| -> (Table, Vec<Vec<f64>>) {
        let mut overrides = base.0.clone();
        overrides.replaced.extend(replaced.iter().cloned());
        let table = run(plan, &overrides, options, progress);
        let change = |p: usize| {
            let (at, then) = ([p], base.1.column(headline, &[p]).take(options.worlds));
            let now = table.column(headline, &at).take(options.worlds);
            now.zip(then).map(|(a, b)| a - b).collect()
        };
        let all = packages.clone().map(change).collect();
        (table, all)
    };
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
    let (table, mut joint) = changes(&reading.replaced);
    let mean = |moved: &[f64]| table.mean_of(moved.iter().copied());
    let mut causes = Vec::new();
    for (about, replaced) in groups {
        let (_, alone) = changes(&replaced);
        for (joint, alone) in joint.iter_mut().zip(&alone) {
            let worlds = joint.iter_mut().zip(alone);
            worlds.for_each(|(joint, alone)| *joint -= alone);
        }
        causes.push(Cause {
            about,
            together: false,
            numbers: replaced.len(),
            moved: alone.iter().map(|moved| mean(moved)).collect(),
        });
    }
    causes.push(Cause {
        about: TOGETHER.to_owned(),
        together: true,
        numbers: reading.replaced.len(),
        moved: joint.iter().map(|moved| mean(moved)).collect(),
    });
    causes
}

/// How many worlds [`causes`] runs, for a progress bar.
pub(crate) fn worlds_to_run(case: &Case, reading: &Overrides, worlds: usize) -> usize {
    match groups(case, reading).len() {
        0 | 1 => 0,
        n => (n + 1) * worlds.min(WORLDS),
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
