//! The clause that removes temptation: every package that differs in one option, valued on the same worlds.

use detente_core::catalogue::durability::DEAL_VALUE;
use detente_core::{FeatureKind, NamedPackage, Preferences, Search, Setting, Trigger, World};
use detente_evidence::chapters::durability::{Change, Clause};
use detente_lens::Stage;

use super::Study;

/// Packages that are valued for one named package, over all worlds, at most: what a package is worth given what may follow it weighs every
/// war that may follow.
const VALUED: usize = 1024;
/// Worlds at least and at most. The least is what standard errors are taken between.
const WORLDS: [usize; 2] = [16, 256];

/// A package and what differs from it in one option.
struct Variants {
    /// Issue and option; of the package itself, which comes first, nothing.
    changes: Vec<(usize, usize)>,
    packages: Vec<NamedPackage>,
}

impl Variants {
    /// Every package that differs in one option and that the rules allow.
    fn of(setting: &Setting, package: &NamedPackage) -> Self {
        let mut all = Self {
            changes: vec![(0, 0)],
            packages: vec![package.clone()],
        };
        for (k, issue) in setting.issues.iter().enumerate() {
            for o in 0..issue.options.len() {
                let mut variant = package.clone();
                variant.choice[k] = u8::try_from(o).unwrap_or(0);
                if variant.choice != package.choice && setting.allows(&variant.choice) {
                    all.changes.push((k, o));
                    all.packages.push(variant);
                }
            }
        }
        all
    }
}

/// What worlds say of the variants.
struct Found {
    /// By variant, attacker and world: the attacker's temptation.
    tempted: Vec<Vec<Vec<f64>>>,
    /// By variant: mean worth to the guarantors.
    worth: Vec<f64>,
    /// By variant: in some world some type of everybody whom it needs crosses no hard red line of its own.
    signable: Vec<bool>,
}

/// For each attacker the one change of an option that lowers its temptation by a package most.
pub(super) fn clauses(study: &Study, p: usize, attackers: &[usize]) -> Vec<Clause> {
    let setting = study.setting();
    let guarantors: Vec<usize> = setting
        .levers
        .iter()
        .filter(|lever| lever.trigger == Trigger::Accept && !lever.sets.is_empty())
        .map(|lever| lever.by)
        .collect();
    let package = &setting.packages[p];
    let variants = Variants::of(setting, package);
    let found = look(study, p, &variants, attackers, &guarantors);
    // Where neither package is guaranteed nobody would have to come.
    let called = |v: usize| {
        let mut both = [&package.choice, &variants.packages[v].choice].into_iter();
        !guarantors.is_empty() && both.any(|choice| is_guaranteed(setting, choice))
    };
    let of = |(a, party): (usize, &usize)| {
        let mean = |v: usize| study.table.mean_of(found.tempted[v][a].iter().copied());
        let mut clause = Clause {
            package: p,
            party: *party,
            temptation: mean(0),
            change: None,
        };
        let least = (1..variants.packages.len())
            .filter(|v| found.signable[*v])
            .min_by(|v, w| mean(*v).value.total_cmp(&mean(*w).value));
        let lowers = least.filter(|v| mean(*v).value < clause.temptation.value && clause.tempts());
        clause.change = lowers.map(|v| Change {
            takes: variants.changes[v],
            temptation: mean(v),
            to_guarantors: called(v).then(|| found.worth[v] - found.worth[0]),
        });
        clause
    };
    attackers.iter().enumerate().map(of).collect()
}

/// Values the variants, world by world.
fn look(
    study: &Study,
    p: usize,
    variants: &Variants,
    attackers: &[usize],
    guarantors: &[usize],
) -> Found {
    let setting = study.setting();
    let count = variants.packages.len();
    // As many of each scrambling, so that none weighs more.
    let worlds = (VALUED / count).clamp(WORLDS[0], WORLDS[1]) / WORLDS[0] * WORLDS[0];
    let worlds = worlds.min(study.options.worlds);
    let mut changed = setting.clone();
    changed.packages.clone_from(&variants.packages);
    let mut stage = Stage::default();
    let mut found = Found {
        tempted: vec![vec![Vec::with_capacity(worlds); attackers.len()]; count],
        worth: vec![0.0; count],
        signable: vec![false; count],
    };
    // Worlds of which the lens is silent are none here either.
    let worths = study.table.column(DEAL_VALUE, &[0, p]);
    let told: Vec<bool> = worths.map(|x| !x.is_nan()).take(worlds).collect();
    let counted = told.iter().filter(|told| **told).count().max(1);
    for (w, told) in told.iter().enumerate() {
        if !told {
            let each = found.tempted.iter_mut().flatten();
            each.for_each(|tempted| tempted.push(f64::NAN));
            continue;
        }
        let mut drawn = world(study, w);
        drawn.fixed.clear();
        let scene = stage.set(&changed, &drawn, Search::None);
        let prospects = scene.aftermath.prospects.iter().take(count);
        for (v, prospect) in prospects.enumerate() {
            let mean = |party: usize, points: &dyn Fn(usize) -> f64| -> f64 {
                let types = setting.parties[party].types.clone();
                types
                    .map(|t| drawn.numbers.types[t].prior * points(t))
                    .sum()
            };
            for (a, party) in attackers.iter().enumerate() {
                let tempted = mean(*party, &|t| prospect.gain[t].max(0.0));
                found.tempted[v][a].push(tempted);
            }
            found.signable[v] |= variants.packages[v].needed.iter().all(|party| {
                let mut types = setting.parties[party].types.clone();
                types.any(|t| {
                    let choice = &variants.packages[v].choice;
                    Preferences::crossed(setting, &drawn, t, choice).is_none()
                })
            });
            for g in guarantors {
                found.worth[v] += mean(*g, &|t| prospect.worth[t]) / counted as f64;
            }
        }
    }
    found
}

fn world(study: &Study, row: usize) -> World {
    let table = study.table;
    let uniforms = study.plan.uniforms(study.options.stream, table.world(row));
    study
        .plan
        .world_after(&uniforms, study.overrides, table.learned(row))
}

/// Does any of its options guarantee the peace?
fn is_guaranteed(setting: &Setting, choice: &[u8]) -> bool {
    let mut features = setting.features.iter();
    features.any(|feature| {
        let mut taken = setting.issues.iter().zip(choice);
        feature.kind == FeatureKind::Guarantee
            && taken.any(|(issue, o)| issue.first_option + *o as usize == feature.option)
    })
}
