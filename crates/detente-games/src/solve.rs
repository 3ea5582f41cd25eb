//! Answering a game with whatever fits it, and certifying every answer.

use std::cell::RefCell;

use crate::assessment::Assessment;
use crate::backward;
use crate::certificate::exact::{self, Exact};
use crate::certificate::{Certificate, Certifier, Tolerance};
use crate::game::Game;
use crate::logit::{self, Effort, Progress, Side};
use crate::public::{self, Finish};
use crate::signalling::{self, Class, Limits, Reading, Signalling, Unsent};
use crate::tree::{NONE, Tree};

/// How to answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Options {
    /// What an answer may miss and still count as a sequential equilibrium.
    pub tolerance: Tolerance,
    /// How far to follow the branch of quantal response.
    pub logit: logit::Options,
    /// The branch is followed in games of at most this many actions: work grows with their cube.
    pub largest_logit: usize,
    /// Exact fractions are tried in games of at most this many nodes.
    pub largest_exact: usize,
    /// How hard regret minimisation tries, where the branch is not followed.
    pub finish: Finish,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            tolerance: Tolerance::default(),
            logit: logit::Options::default(),
            largest_logit: 1_000,
            largest_exact: 3_000,
            finish: Finish::default(),
        }
    }
}

/// What is being done; `go_on` callbacks get it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Stage<'a> {
    /// The branch of quantal response is followed.
    Branch(Progress<'a>),
    /// Patterns of a signalling game are gone through.
    Patterns,
    /// Regrets are minimised.
    Regrets,
}

/// Everything that was found.
#[derive(Clone, Debug, PartialEq)]
pub struct Solution {
    /// Answers that are certified sequential equilibria, no two with the same play on the path: those that quantal response leads to
    /// first.
    pub equilibria: Vec<Equilibrium>,
    /// Answers that are not, with the certificates that say why.
    pub rejected: Vec<Equilibrium>,
    /// Are the equilibria all there are, as far as play on the path goes?
    pub complete: bool,
    /// Precisions (1/payoff) at which another branch crosses the principal branch of quantal response.
    pub crossings: Vec<f64>,
    /// The signalling game that the game is, if it is one.
    pub signalling: Option<Reading>,
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
    /// Whether it holds exactly, in rationals; none for games that are too large.
    pub exact: Option<Exact>,
    /// The methods that found it.
    pub found_by: Vec<Method>,
    /// What is known of it as an equilibrium of a signalling game.
    pub message: Option<MessageFacts>,
}

/// What is known of an equilibrium of a signalling game.
#[derive(Clone, Debug, PartialEq)]
pub struct MessageFacts {
    /// What is revealed about the sender's type.
    pub class: Class,
    /// Messages that are never sent, and what refinements say of each.
    pub unsent: Vec<Unsent>,
    /// If it is a corner of a continuum of equilibria, how many corners that has.
    pub corners: Option<usize>,
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
    /// Enumeration of the patterns of a signalling game.
    Signalling,
    /// Discounted regret minimisation, with play off the path repaired.
    RegretMinimisation,
}

/// Two answers are one if no play's probability differs by more than this.
const SAME: f64 = 1e-6;

/// Answers `game`, whose flat arrays are `tree`: by backward induction where it has perfect information, by the limit of quantal response, by
/// enumeration where it is a small signalling game, and by regret minimisation where it is too large for the branch and has two
/// players. `go_on` is asked now and then; if it says no, what was found so far is certified and returned.
pub fn solve(
    game: &Game,
    tree: &Tree,
    options: &Options,
    go_on: &mut dyn FnMut(Stage) -> bool,
) -> Solution {
    let mut found = Found {
        game,
        tree,
        certifier: Certifier::new(tree),
        options,
        solution: Solution {
            equilibria: Vec::new(),
            rejected: Vec::new(),
            complete: false,
            crossings: Vec::new(),
            signalling: None,
            stopped: false,
        },
    };
    let mut stopped = false;
    let mut ask = |stage: Stage| {
        stopped |= !go_on(stage);
        !stopped
    };
    if tree.actions() <= options.largest_logit {
        found.branches(&mut ask);
    } else if tree.players == 2 {
        found.regrets(&mut ask);
    }
    found.backward();
    found.patterns(&mut ask);
    let mut solution = found.solution;
    solution.stopped = stopped;
    solution.complete &= !stopped && solution.rejected.is_empty();
    solution
}

struct Found<'a> {
    game: &'a Game,
    tree: &'a Tree,
    certifier: Certifier,
    options: &'a Options,
    solution: Solution,
}

impl Found<'_> {
    fn branches(&mut self, ask: &mut dyn FnMut(Stage) -> bool) {
        let trace = logit::limit(self.tree, &self.options.logit, &mut |progress| {
            ask(Stage::Branch(*progress))
        });
        for branch in trace.branches {
            let method = Method::QuantalResponse {
                side: branch.side,
                lambda: branch.lambda,
                effort: branch.effort,
            };
            self.add(branch.answer, method, None);
        }
        self.solution.crossings = trace.crossings;
    }

    fn regrets(&mut self, ask: &mut dyn FnMut(Stage) -> bool) {
        let finished =
            public::finish_tree(self.tree, &self.options.finish, &mut || ask(Stage::Regrets))
                .expect("two players");
        let answer = Assessment {
            strategy: finished.strategy,
            tremble: finished.tremble,
        };
        self.add(answer, Method::RegretMinimisation, None);
    }

    fn backward(&mut self) {
        if let Some(backward) = backward::solve(self.tree) {
            let ties = backward.ties.len();
            self.add(backward.answer, Method::Backward { ties }, None);
            // Without a tie the subgame-perfect equilibrium is the only one.
            self.solution.complete |= ties == 0;
        }
    }

    fn patterns(&mut self, ask: &mut dyn FnMut(Stage) -> bool) {
        let Ok(reading) = Signalling::of(self.game) else {
            return;
        };
        let ask = RefCell::new(ask);
        let all = signalling::enumerate_within(&reading.game, Limits::default(), &|| {
            (*ask.borrow_mut())(Stage::Patterns)
        });
        for component in &all.components {
            let corners = component.is_continuum().then_some(component.corners.len());
            for corner in &component.corners {
                let facts = MessageFacts {
                    class: corner.class,
                    unsent: corner.unsent.clone(),
                    corners,
                };
                self.add(reading.assessment(corner), Method::Signalling, Some(facts));
            }
        }
        self.solution.complete |= all.complete;
        self.solution.signalling = Some(reading);
    }

    fn add(&mut self, answer: Assessment, method: Method, message: Option<MessageFacts>) {
        let plays = plays(self.tree, &answer.strategy);
        let known = self.solution.equilibria.iter_mut().find(|known| {
            let other = self::plays(self.tree, &known.answer.strategy);
            plays.iter().zip(&other).all(|(a, b)| (a - b).abs() < SAME)
        });
        if let Some(known) = known {
            known.found_by.push(method);
            known.message = known.message.take().or(message);
            return;
        }
        let certificate = self
            .certifier
            .certify(self.tree, &answer, &self.options.tolerance);
        let small = self.tree.parent.len() <= self.options.largest_exact;
        let equilibrium = Equilibrium {
            exact: small.then(|| exact::recheck(self.game, &answer)),
            found_by: vec![method],
            answer,
            certificate,
            message,
        };
        if equilibrium.certificate.is_sequential() {
            self.solution.equilibria.push(equilibrium);
        } else {
            self.solution.rejected.push(equilibrium);
        }
    }
}

/// Probability of each play, in the order of [`Tree::leaves`].
fn plays(tree: &Tree, strategy: &[f64]) -> Vec<f64> {
    let mut reach = vec![1.0; tree.parent.len()];
    for node in 1..reach.len() {
        let step = match tree.action[node] {
            NONE => tree.chance[node],
            action => strategy[action as usize],
        };
        reach[node] = reach[tree.parent[node] as usize] * step;
    }
    tree.leaves
        .iter()
        .map(|leaf| reach[*leaf as usize])
        .collect()
}
