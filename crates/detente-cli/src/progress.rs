//! The progress bar, on a terminal only.

use std::io::IsTerminal;
use std::time::Duration;

use detente::{Phase, Progress};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::stop::Stop;

/// A bar that counts worlds.
pub(crate) struct Bar(ProgressBar, Option<Stop>);

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
        Self(bar, None)
    }

    /// A bar of work that somebody may stop once its worlds are done.
    pub(crate) fn stoppable(worlds: usize, stop: Stop) -> Self {
        Self(Self::new(worlds).0, Some(stop))
    }

    /// Counts worlds that were done before, which say nothing about speed.
    pub(crate) fn resume(&self, worlds: usize) {
        self.0.set_position(worlds as u64);
        self.0.reset_eta();
    }

    pub(crate) fn finish(&self) {
        self.0.finish_and_clear();
    }
}

impl Progress for Bar {
    fn advance(&self, worlds: usize) {
        self.0.inc(worlds as u64);
    }

    fn begins(&self, phase: Phase) {
        self.0.set_message(match phase {
            Phase::Worlds => "worlds",
            Phase::Claims => "claims",
            Phase::Readings => "readings",
            Phase::Sections => "sections",
            Phase::Certificates => "certificates",
        });
        if let Some(stop) = self.1.as_ref().filter(|_| phase != Phase::Worlds) {
            stop.worlds_are_done();
        }
    }

    fn stopped(&self) -> bool {
        self.1.as_ref().is_some_and(Stop::asked)
    }
}
