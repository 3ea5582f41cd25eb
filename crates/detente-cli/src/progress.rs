//! The progress bar, on a terminal only.

use std::io::IsTerminal;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use detente::{Phase, Progress};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::stop::Stop;

/// A bar that counts worlds, and of a report after them claims and readings.
pub(crate) struct Bar {
    shown: ProgressBar,
    stop: Option<Stop>,
    counts_worlds: AtomicBool,
}

impl Bar {
    pub(crate) fn new(worlds: usize) -> Self {
        let shown = std::io::stderr().is_terminal();
        let target = if shown {
            ProgressDrawTarget::stderr()
        } else {
            ProgressDrawTarget::hidden()
        };
        let bar = ProgressBar::with_draw_target(Some(worlds as u64), target);
        let style =
            ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len} {per_sec}, {eta} left");
        if let Ok(style) = style {
            bar.set_style(style);
        }
        bar.set_message("worlds");
        bar.enable_steady_tick(Duration::from_millis(200));
        Self {
            shown: bar,
            stop: None,
            counts_worlds: AtomicBool::new(true),
        }
    }

    /// A bar that counts other things, step by step.
    pub(crate) fn counting(what: &'static str, steps: usize) -> Self {
        let bar = Self::new(steps);
        bar.shown.set_message(what);
        bar
    }

    /// A bar of work that somebody may stop once its worlds are done.
    pub(crate) fn stoppable(worlds: usize, stop: Stop) -> Self {
        Self {
            stop: Some(stop),
            ..Self::new(worlds)
        }
    }

    /// Counts worlds that were done before, which say nothing about speed.
    pub(crate) fn resume(&self, worlds: usize) {
        self.shown.set_position(worlds as u64);
        self.shown.reset_eta();
    }

    pub(crate) fn finish(&self) {
        self.shown.finish_and_clear();
    }
}

impl Progress for Bar {
    fn advance(&self, worlds: usize) {
        if self.counts_worlds.load(Ordering::Relaxed) {
            self.shown.inc(worlds as u64);
        }
    }

    fn step(&self) {
        self.shown.inc(1);
    }

    fn begins(&self, phase: Phase, steps: usize) {
        self.counts_worlds
            .store(phase == Phase::Worlds, Ordering::Relaxed);
        self.shown.set_position(0);
        self.shown.set_length(steps as u64);
        self.shown.reset_eta();
        self.shown.set_message(match phase {
            Phase::Worlds => "worlds",
            Phase::Claims => "claims",
            Phase::Readings => "readings",
            Phase::Sections => "sections",
            Phase::Certificates => "certificates",
        });
        if let Some(stop) = self.stop.as_ref().filter(|_| phase != Phase::Worlds) {
            stop.worlds_are_done();
        }
    }

    fn stopped(&self) -> bool {
        self.stop.as_ref().is_some_and(Stop::asked)
    }
}
