//! Stopping long searches: a time limit, Ctrl-C, and a line that says how far they are.

use std::io::IsTerminal;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use detente_games::solve::Stage;
use indicatif::{ProgressBar, ProgressDrawTarget};

use crate::failure::Failure;

/// How long to go on.
pub(super) struct Patience {
    until: Option<Instant>,
    interrupted: Arc<AtomicBool>,
    line: ProgressBar,
}

impl Patience {
    /// Until `seconds` have passed, if given, or Ctrl-C; a second Ctrl-C ends the program at once.
    pub(super) fn new(seconds: Option<f64>) -> Result<Self, Failure> {
        let interrupted = Arc::new(AtomicBool::new(false));
        let seen = Arc::clone(&interrupted);
        ctrlc::set_handler(move || {
            if seen.swap(true, Ordering::SeqCst) {
                std::process::exit(130);
            }
        })
        .map_err(|error| Failure::Failed(format!("Ctrl-C cannot be watched for: {error}")))?;
        let target = if std::io::stderr().is_terminal() {
            ProgressDrawTarget::stderr()
        } else {
            ProgressDrawTarget::hidden()
        };
        let line = ProgressBar::with_draw_target(None, target);
        line.enable_steady_tick(Duration::from_millis(200));
        let until = seconds.and_then(|seconds| {
            let limit = Duration::try_from_secs_f64(seconds).ok()?;
            Instant::now().checked_add(limit)
        });
        Ok(Self {
            until,
            interrupted,
            line,
        })
    }

    /// Shows how far the search is, and says whether to go on.
    pub(super) fn go_on(&self, stage: Stage) -> bool {
        self.line.inc(1);
        // Asked very often: the line is for eyes.
        if self.line.position().is_multiple_of(16) {
            self.line.set_message(match stage {
                Stage::Branch(progress) => format!(
                    "quantal response: λ {:.3e}, largest regret {:.1e} of the range of payoffs",
                    progress.lambda, progress.regret
                ),
                Stage::Patterns => "patterns of the signalling game".into(),
                Stage::Regrets => "regret minimisation".into(),
                Stage::Strategies => "further equilibria".into(),
            });
        }
        self.patient()
    }

    /// One more of `count` is done.
    pub(super) fn tick(&self, count: u64) {
        self.line.inc(1);
        let done = self.line.position();
        if done.is_multiple_of(64) {
            self.line.set_message(format!("{done} of {count} draws"));
        }
    }

    /// Says how far the search is, in words.
    pub(super) fn tell(&self, message: String) {
        self.line.set_message(message);
    }

    /// Is there time left?
    pub(super) fn patient(&self) -> bool {
        !self.interrupted() && self.until.is_none_or(|until| Instant::now() < until)
    }

    /// Was Ctrl-C pressed?
    pub(super) fn interrupted(&self) -> bool {
        self.interrupted.load(Ordering::SeqCst)
    }

    /// Takes the line away.
    pub(super) fn finish(&self) {
        self.line.finish_and_clear();
    }
}
