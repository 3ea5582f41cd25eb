//! Answering a game with whatever fits it, and certifying every answer.

use crate::assessment::Assessment;
use crate::backward;
use crate::certificate::exact::{self, Exact};
use crate::certificate::{Certificate, Certifier, Tolerance};
use crate::game::Game;
use crate::logit::{self, Effort, Progress, Side};
use crate::tree::Tree;

/// How to answer.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Options {
    /// What an answer may miss and still count as a sequential equilibrium.
    pub tolerance: Tolerance,
    /// How far to follow the branch of quantal response.
    pub logit: logit::Options,
}

/// Everything that was found.
#[derive(Clone, Debug, PartialEq)]
pub struct Solution {
    /// Answers that are certified sequential equilibria, each once, in the order they were found.
    pub equilibria: Vec<Equilibrium>,
    /// Answers that are not, with the certificates that say why.
    pub rejected: Vec<Equilibrium>,
    /// Precisions (1/payoff) at which another branch crosses the principal branch of quantal response.
    pub crossings: Vec<f64>,
    /// Was the search stopped before its end?
    pub stopped: bool,
}

/// An answer with its certificate.
#[derive(Clone, Debug, PartialEq)]
pub struct Equilibrium {
    /// The answer.
    pub answer: Assessment,
    /// What it amounts to, from the game and the answer alone.
    pub certificate: Certificate,
    /// Whether it holds exactly, in rationals.
    pub exact: Exact,
    /// The methods that found it.
    pub found_by: Vec<Method>,
}

/// How an answer was found.
#[derive(Clone, Debug, PartialEq)]
pub enum Method {
    /// Backward induction; the game has perfect information. `ties` information sets had several best actions.
    Backward {
        /// Number of information sets with a choice between equally good actions.
        ties: usize,
    },
    /// The limit of agent quantal response.
    QuantalResponse {
        /// The branch.
        side: Side,
        /// Precision of the last point, in 1/payoff.
        lambda: f64,
        /// What it cost.
        effort: Effort,
    },
}

/// Two profiles that differ by less than this in every probability are one.
const SAME: f64 = 1e-6;

/// Answers `game`, whose flat arrays are `tree`. `go_on` is asked at every point of the branch of quantal response; if it says no,
/// what was found so far is certified and returned.
pub fn solve(
    game: &Game,
    tree: &Tree,
    options: &Options,
    go_on: &mut dyn FnMut(&Progress) -> bool,
) -> Solution {
    let mut found = Found {
        game,
        tree,
        certifier: Certifier::new(tree),
        tolerance: options.tolerance,
        solution: Solution {
            equilibria: Vec::new(),
            rejected: Vec::new(),
            crossings: Vec::new(),
            stopped: false,
        },
    };
    if let Some(backward) = backward::solve(tree) {
        found.add(
            backward.answer,
            Method::Backward {
                ties: backward.ties.len(),
            },
        );
    }
    let mut stopped = false;
    let trace = logit::limit(tree, &options.logit, &mut |progress| {
        stopped |= !go_on(progress);
        !stopped
    });
    for branch in trace.branches {
        found.add(
            branch.answer,
            Method::QuantalResponse {
                side: branch.side,
                lambda: branch.lambda,
                effort: branch.effort,
            },
        );
    }
    let mut solution = found.solution;
    solution.crossings = trace.crossings;
    solution.stopped = stopped;
    solution
}

struct Found<'a> {
    game: &'a Game,
    tree: &'a Tree,
    certifier: Certifier,
    tolerance: Tolerance,
    solution: Solution,
}

impl Found<'_> {
    fn add(&mut self, answer: Assessment, method: Method) {
        let solution = &mut self.solution;
        let known = solution.equilibria.iter_mut().chain(&mut solution.rejected);
        for known in known {
            if same(&known.answer, &answer) {
                known.found_by.push(method);
                return;
            }
        }
        let certificate = self.certifier.certify(self.tree, &answer, &self.tolerance);
        let equilibrium = Equilibrium {
            exact: exact::recheck(self.game, &answer),
            found_by: vec![method],
            answer,
            certificate,
        };
        if equilibrium.certificate.is_sequential() {
            solution.equilibria.push(equilibrium);
        } else {
            solution.rejected.push(equilibrium);
        }
    }
}

fn same(a: &Assessment, b: &Assessment) -> bool {
    let mut pairs = a.strategy.iter().zip(&b.strategy);
    pairs.all(|(a, b)| (a - b).abs() < SAME)
}
