//! A case in a session: numbers are set over it, questions are asked of it, and the worlds that were run for them are kept.
//!
//! An ask names what it wants, so that nothing else is worked out; what is set and reaches nothing of that leaves the worlds as they were
//! known, and only what is new is run. The answers are those of any other run of the case: a function of case, seed and worlds.

mod reach;

use detente_case::{Case, Overrides, Plan};
use detente_core::{Handle, Layout, Search, Setting};
use detente_evidence::{Effort, RunOptions};
use detente_lens::conformance;
use detente_math::{Mean, Stream};

use crate::headline::quantity_of;
use crate::reading::{BadReading, overrides_of};
use crate::run::{Progress, Scope, in_pool, mean_of};
use crate::runs::{self, Runs};
use reach::reaches;

/// A case, what is set over it, and what is known of it.
pub struct Session<'a> {
    case: &'a Case,
    plan: Plan,
    layout: Layout,
    stream: Stream,
    threads: Option<usize>,
    overrides: Overrides,
    runs: Runs,
}

/// What is asked for: means of entries over so many worlds, of which the first are searched.
#[derive(Clone, Debug)]
pub struct Ask {
    /// Entries of quantities, each with its places.
    pub of: Vec<(Handle, Vec<usize>)>,
    /// Worlds, at least one.
    pub worlds: usize,
    /// How many of them are searched.
    pub searches: usize,
}

impl<'a> Session<'a> {
    /// A session on a case as it is written, whose worlds come from this stream.
    pub fn new(case: &'a Case, stream: Stream, threads: Option<usize>) -> Self {
        Self {
            case,
            plan: Plan::new(case),
            layout: Layout::new(&case.setting, &conformance::specs()),
            stream,
            threads,
            overrides: Overrides::default(),
            runs: Runs::default(),
        }
    }

    /// What the case is about.
    pub fn setting(&self) -> &Setting {
        &self.case.setting
    }

    /// Puts readings over the case, in this order, in place of all that was over it.
    ///
    /// # Errors
    ///
    /// As [`overrides_of`].
    pub fn read(&mut self, readings: &[String]) -> Result<(), BadReading> {
        self.overrides = overrides_of(self.case, readings)?;
        Ok(())
    }

    /// Puts this over the case, in place of all that was over it.
    pub fn set(&mut self, overrides: Overrides) {
        self.overrides = overrides;
    }

    /// Answers, entry by entry, in the order of the ask: means over the worlds that tell them, with their Monte Carlo errors. Stopped before
    /// its end it tells nothing.
    pub fn ask(&mut self, ask: &Ask, progress: &dyn Progress) -> Vec<Mean> {
        let setting = &self.case.setting;
        let mut scope = Scope::none(setting);
        for (of, index) in &ask.of {
            scope.add_handle(*of, index);
        }
        let places: Vec<usize> = ask
            .of
            .iter()
            .map(|(of, index)| self.layout.column(*of, index))
            .collect();
        // What cannot move the answers is not part of the question.
        let mut overrides = self.overrides.clone();
        overrides.replaced.retain(|(input, _)| {
            let path = &self.case.inputs[input.0 as usize].path;
            ask.of.iter().any(|(of, _)| reaches(path, *of))
        });
        self.runs.expect(&runs::Ask {
            overrides: overrides.clone(),
            search: match ask.searches {
                0 => Search::None,
                _ => Search::Solutions,
            },
            scope,
        });
        let options = RunOptions {
            stream: self.stream,
            worlds: ask.worlds,
            searches: ask.searches,
            solutions: 0,
            talks: detente_core::talks::PLAYED,
            talks_whole: detente_core::talks::PLAYED_WHOLE,
            threads: None,
            effort: Effort::Fixed,
            record: false,
        };
        let (runs, plan) = (&mut self.runs, &self.plan);
        in_pool(self.threads, || {
            let searched = (options, ask.searches);
            runs.run(plan, &overrides, searched, (ask.worlds, None), progress);
        });
        if progress.stopped() {
            // Worlds that were left out are not known to tell nothing.
            self.runs.forget(&overrides);
        }
        let kept = self.runs.of(&overrides);
        let mean = |column: &usize| {
            let worlds = kept.into_iter().flat_map(|kept| kept.column(*column));
            mean_of(self.stream.sampler, worlds.take(ask.worlds))
        };
        places.iter().map(mean).collect()
    }

    /// What a report leads with, of these named packages: how often each is signed and kept; where the case does not say what may follow a
    /// deal, signed.
    pub fn headline(
        &mut self,
        packages: &[usize],
        worlds: usize,
        progress: &dyn Progress,
    ) -> Vec<Mean> {
        let of = quantity_of(self.case);
        let ask = Ask {
            of: packages.iter().map(|p| (of, vec![*p])).collect(),
            worlds,
            searches: 0,
        };
        self.ask(&ask, progress)
    }

    /// How many worlds were run so far, whatever for.
    pub fn worlds_run(&self) -> usize {
        self.runs.worlds()
    }
}

#[cfg(test)]
mod tests;
