//! The progress bar, on a terminal only.

use std::io::IsTerminal;
use std::time::Duration;

use detente::Progress;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// A bar that counts worlds.
pub(crate) struct Bar(ProgressBar);

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
            ProgressStyle::with_template("worlds {wide_bar} {pos}/{len} {per_sec}, {eta} left");
        if let Ok(style) = style {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(200));
        Self(bar)
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
}
