//! What a thread works with.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};

use detente_case::{Overrides, Plan, Uniforms};
use detente_core::{Layout, Outcome, Row, Search, Setting, World};
use detente_evidence::{Counts, Silence, said_in_panic};
use detente_lens::Stage;
use detente_math::Stream;

use super::Job;

thread_local! {
    /// Buffers that a thread keeps from run to run: what stands in them changes no answer.
    static STAGE: Cell<Option<Box<Stage>>> = const { Cell::new(None) };
}

impl Drop for Worker {
    fn drop(&mut self) {
        STAGE.set(Some(std::mem::take(&mut self.stage)));
    }
}

/// What a thread re-uses from world to world.
pub(super) struct Worker {
    uniforms: Uniforms,
    values: Vec<f64>,
    world: World,
    pub(super) stage: Box<Stage>,
    /// A whole row, where some of its columns are kept.
    pub(super) row: Vec<f64>,
}

impl Worker {
    pub(super) fn new(
        plan: &Plan,
        overrides: &Overrides,
        (stream, index, learned): (Stream, u64, &[f64]),
    ) -> Self {
        let uniforms = plan.uniforms(stream, index);
        let world = plan.world_after(&uniforms, overrides, learned);
        Self {
            uniforms,
            values: Vec::new(),
            world,
            stage: STAGE.take().unwrap_or_default(),
            row: Vec::new(),
        }
    }

    pub(super) fn draw(
        &mut self,
        plan: &Plan,
        overrides: &Overrides,
        (stream, index, learned): (Stream, u64, &[f64]),
    ) {
        plan.draw_uniforms(stream, index, &mut self.uniforms);
        let Self { values, world, .. } = self;
        plan.apply(&self.uniforms, overrides, learned, values, world);
    }

    /// Solves what refusing a deal is worth; a panic there is counted and leaves the lenses nothing to say.
    pub(super) fn prepare(&mut self, setting: &Setting, counts: &mut Counts) -> bool {
        let Self { stage, world, .. } = self;
        let done = catch_unwind(AssertUnwindSafe(|| stage.prepare(setting, world)));
        if let Err(panic) = &done {
            *counts
                .entry((
                    "no-deal model",
                    Silence::Defect(said_in_panic(panic.as_ref())),
                ))
                .or_default() += 1;
        }
        done.is_ok()
    }

    pub(super) fn examine(
        &self,
        job: &Job,
        layout: &Layout,
        search: Search,
        row: &mut [f64],
        counts: &mut Counts,
    ) {
        let scene = self.stage.scene(&job.plan.setting, &self.world, search);
        for (l, lens) in job.lenses.iter().enumerate() {
            if job.scope.is_some_and(|scope| !scope.lenses()[l]) {
                continue;
            }
            let result = catch_unwind(AssertUnwindSafe(|| {
                lens.examine(&scene, &mut Row::new(layout, l, row))
            }));
            let silence = match result {
                Ok(Outcome::Done) => continue,
                Ok(Outcome::Partly(why)) => {
                    let silence = (lens.spec().id, Silence::GaveUp(why));
                    *counts.entry(silence).or_default() += 1;
                    continue;
                }
                Ok(Outcome::NotApplicable(why)) => Silence::NotApplicable(why),
                Ok(Outcome::GaveUp(why)) => Silence::GaveUp(why),
                Ok(Outcome::Defect(what)) => Silence::Defect(what),
                Err(panic) => Silence::Defect(said_in_panic(panic.as_ref())),
            };
            // Half an answer is none.
            row[layout.columns(l)].fill(f64::NAN);
            *counts.entry((lens.spec().id, silence)).or_default() += 1;
        }
    }
}
