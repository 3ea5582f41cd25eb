//! A sample of a run's answers before their certificates.

use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};

use detente_case::{Overrides, Plan};
use detente_core::talks::Play;
use detente_core::{Certified, Search, Setting, World};
use detente_evidence::RunOptions;
use detente_lens::{Stage, conformance};
use rayon::prelude::*;

use crate::run::{Table, in_pool};

/// Worlds whose answers are put before their certificates in every run, the first ones.
pub const CERTIFIED_WORLDS: usize = 2;

/// Puts the answers for the first worlds of a run before their certificates, as every run does: what was searched in them, and no more.
pub fn certify_worlds(plan: &Plan, overrides: &Overrides, options: RunOptions) -> Certified {
    certify_range(plan, overrides, options, 0..options.worlds)
}

/// The same for a part of a run: of the first worlds of the whole, those that are its own. What parts find, in the order of their worlds,
/// is what the whole finds.
pub fn certify_range(
    plan: &Plan,
    overrides: &Overrides,
    options: RunOptions,
    worlds: Range<usize>,
) -> Certified {
    let world = |i| plan.world(&plan.uniforms(options.stream, i as u64), overrides);
    certify_each(plan, world, options, worlds)
}

/// The same for the first rows of a table.
pub(crate) fn certify_rows(
    plan: &Plan,
    overrides: &Overrides,
    options: RunOptions,
    table: &Table,
) -> Certified {
    let world = |row| {
        let uniforms = plan.uniforms(options.stream, table.world(row));
        plan.world_after(&uniforms, overrides, table.learned(row))
    };
    certify_each(plan, world, options, 0..options.worlds)
}

fn certify_each(
    plan: &Plan,
    world: impl Fn(usize) -> World,
    options: RunOptions,
    worlds: Range<usize>,
) -> Certified {
    let worlds: Vec<_> = (worlds.start..worlds.end.min(CERTIFIED_WORLDS))
        .map(|i| (world(i), options.search(i)))
        .collect();
    in_pool(options.threads, || certify(&plan.setting, &worlds))
}

/// Puts a sample of answers before their certificates. A panic there is a defect like any other, not the end of the run.
fn certify(setting: &Setting, worlds: &[(World, Search)]) -> Certified {
    let one = |(world, search): &(World, Search)| {
        let attempt = || certify_world(setting, world, *search);
        catch_unwind(AssertUnwindSafe(attempt)).unwrap_or_else(|_| Certified {
            faults: vec!["a certificate met a defect of the program".to_owned()],
            ..Certified::default()
        })
    };
    let parts: Vec<Certified> = worlds.par_iter().map(one).collect();
    parts
        .into_iter()
        .fold(Certified::default(), |mut all, part| {
            all.held += part.held;
            all.silent += part.silent;
            all.unfinished.extend(part.unfinished);
            all.faults.extend(part.faults);
            all
        })
}

/// Puts every lens's answer for a world before its certificate.
pub fn certify_world(setting: &Setting, world: &World, search: Search) -> Certified {
    let mut stage = Stage::default();
    stage.play_talks(Play::Whole);
    let specs = conformance::specs();
    detente_certify::certify(
        setting,
        std::iter::once(world),
        &specs,
        |world, layout, row| {
            conformance::examine_all(layout, &mut stage, setting, world, search, row)
        },
    )
}
