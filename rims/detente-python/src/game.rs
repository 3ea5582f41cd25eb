//! Games in extensive form: read, solved, answers checked.
#![allow(
    clippy::disallowed_methods,
    reason = "a limit of time is whoever asks's; no answer depends on the clock otherwise"
)]

use std::path::Path;
use std::time::{Duration, Instant};

use detente::Progress as _;
use detente::diag::Sources;
use detente_desk::{game_files, solved};
use detente_games::signalling::Limits;
use detente_games::solve::{Options, Stage, solve};
use detente_games::{Assessment, Game, Tolerance, Tree, Verdict, certify, efg, nfg, story};
use pyo3::prelude::*;
use serde_json::{Value, json};

use crate::faults;
use crate::work::{computing, quickly};

/// A game as it was read.
#[pyclass(frozen, name = "GameCore", module = "detente._detente")]
pub(crate) struct GameCore {
    game: Game,
    /// Is it a table?
    table: bool,
    found: String,
}

impl GameCore {
    fn of(py: Python<'_>, read: game_files::Read) -> PyResult<Self> {
        match read.game {
            Some((game, table)) => Ok(Self {
                game,
                table,
                found: detente_desk::drawn::drawn(&read.found, &read.sources),
            }),
            None => Err(faults::bad_text(
                py,
                "GameError",
                &read.found,
                &read.sources,
            )),
        }
    }

    /// The game as solvers take it, with names for what has none.
    fn ready(&self, py: Python<'_>) -> PyResult<(Game, Tree)> {
        let game = story::named(&self.game, self.table);
        let tree = Tree::new(&game)
            .map_err(|lacking| faults::bad_call(py, &game_files::forgetful(&game, lacking)))?;
        game_files::within_reach(&game, &tree).map_err(|what| faults::bad_call(py, &what))?;
        Ok((game, tree))
    }
}

fn tolerance(regret: f64) -> Tolerance {
    Tolerance {
        regret,
        nash: regret,
        ..Tolerance::default()
    }
}

#[pymethods]
impl GameCore {
    #[staticmethod]
    fn read(py: Python<'_>, path: &str) -> PyResult<Self> {
        quickly(py, || {
            let read = game_files::read(Path::new(path)).map_err(|fault| {
                faults::bad_text(py, "GameError", &[*fault], &Sources::default())
            })?;
            Self::of(py, read)
        })
    }

    #[staticmethod]
    fn parse(py: Python<'_>, text: &str, called: &str, table: bool) -> PyResult<Self> {
        quickly(py, || {
            Self::of(py, game_files::of_text(called, text, table))
        })
    }

    /// What there is to say about its text.
    #[getter]
    fn warnings(&self) -> &str {
        &self.found
    }

    /// Title, players, information sets with their actions, as JSON.
    fn facts(&self, py: Python<'_>) -> PyResult<String> {
        quickly(py, || {
            let game = story::named(&self.game, self.table);
            let sets = game.sets().iter().map(|set| {
                json!({
                    "player": game.players.get(set.player as usize),
                    "number": set.number, "label": set.label, "actions": set.actions,
                })
            });
            let facts = json!({
                "title": game.title, "players": game.players, "table": self.table,
                "sets": sets.collect::<Value>(),
            });
            Ok(facts.to_string())
        })
    }

    fn efg(&self, py: Python<'_>) -> PyResult<String> {
        quickly(py, || Ok(efg::write(&self.game)))
    }

    fn nfg(&self, py: Python<'_>) -> PyResult<String> {
        quickly(py, || {
            let text = nfg::write(&self.game);
            text.map_err(|why| {
                faults::bad_call(py, &format!("the game cannot be written as a table: {why}"))
            })
        })
    }

    /// What `detente solve --json` prints.
    #[pyo3(name = "solve")]
    fn solved(
        &self,
        py: Python<'_>,
        regret: f64,
        branch: bool,
        seconds: Option<f64>,
        progress: Option<Bound<'_, PyAny>>,
    ) -> PyResult<String> {
        let (game, tree) = quickly(py, || self.ready(py))?;
        let plain = Options::default();
        let options = Options {
            tolerance: tolerance(regret),
            largest_logit: if branch {
                usize::MAX
            } else {
                plain.largest_logit
            },
            // With a time limit, the clock says when to stop.
            patterns: if seconds.is_some() {
                Limits {
                    work: u64::MAX,
                    patterns: usize::MAX,
                    ..Limits::default()
                }
            } else {
                Limits::default()
            },
            ..plain
        };
        let until = seconds
            .and_then(|seconds| Duration::try_from_secs_f64(seconds).ok())
            .and_then(|limit| Instant::now().checked_add(limit));
        let solution = computing(py, progress.as_ref(), |watched| {
            let mut go_on = |_: Stage<'_>| {
                watched.step();
                !watched.abandoned() && until.is_none_or(|until| Instant::now() < until)
            };
            solve(&game, &tree, &options, &mut go_on)
        })?;
        if solution.equilibria.is_empty() && solution.rejected.is_empty() {
            return Err(faults::bad_call(
                py,
                "none of the methods fits this game: it is too large for the branch of quantal response (branch=True follows it all the same), \
                 and regret minimisation takes two players",
            ));
        }
        quickly(py, || {
            let json = solved::solution(&game, &tree, &solution, &[]);
            Ok(detente::diag::visible_json(&json).into_owned())
        })
    }

    /// What an answer amounts to: of each action, set after set, its probability and the logarithm of its tremble.
    fn certificate(
        &self,
        py: Python<'_>,
        strategy: Vec<f64>,
        tremble: Vec<f64>,
        regret: f64,
    ) -> PyResult<String> {
        let (game, tree) = quickly(py, || self.ready(py))?;
        let answer = Assessment { strategy, tremble };
        let told = computing(py, None, |_| {
            let certificate = certify(&tree, &answer, &tolerance(regret));
            match &certificate.verdict {
                Verdict::Malformed(why) => Err(why.to_string()),
                _ => Ok(solved::checked(&game, &tree, &answer, &certificate)),
            }
        })?;
        told.map_err(|why| faults::bad_call(py, &why))
    }
}
