//! Answering a game with whatever fits it, and certifying every answer.

mod plain;
mod replies;
mod several;
mod supports;

use std::cell::RefCell;

use num_rational::BigRational;

use crate::assessment::Assessment;
use crate::backward;
use crate::certificate::exact::{self, Exact};
use crate::certificate::{Certificate, Certifier, Tolerance};
use crate::game::Game;
use crate::logit::{self, Effort, Progress, Side};
use crate::number::to_f64;
use crate::public::{self, Finish, PublicTree};
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
    /// How far the patterns of a signalling game are gone through.
    pub patterns: Limits,
    /// Whether to look for equilibria beside the first.
    pub several: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            tolerance: Tolerance::default(),
            logit: logit::Options::default(),
            largest_logit: 1_000,
            largest_exact: 3_000,
            finish: Finish::default(),
            patterns: Limits::default(),
            several: true,
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
    /// Strategies are gone through.
    Strategies,
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
    /// How far the patterns of that were gone through: how many were solved, and whether these are all.
    pub patterns: Option<(usize, bool)>,
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
    /// If it is a corner of a continuum of Nash equilibria of two players, how many corners that has.
    pub corners: Option<usize>,
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
    /// Enumeration of the corners of the sets of Nash equilibria of two players in sequence form, and of play off the path.
    Sequences,
    /// Enumeration of pure strategies.
    Pure,
    /// Best replies, one after another, from play that parts the types of a player in order.
    Replies,
    /// Indifference among actions that were guessed to be played.
    Supports,
}

/// An answer whose largest regret is above this share of what is at stake is tried again with the precision of each information set
/// measured by that.
const LOOSE: f64 = 1e-9;

/// Branches that are followed with ever finer stakes, and by which factor stakes are finer.
const ROUNDS: usize = 4;
const FINER: f64 = 0.1;

/// Two answers are one if no play's probability differs by more than this.
const SAME: f64 = 1e-6;

/// Answers `game`, whose flat arrays are `tree`: by backward induction where it has perfect information, by the limit of quantal response, by
/// enumeration where it is a small signalling game, and by regret minimisation where it is too large for the branch and has two
/// players. Where that is not known to be all, further equilibria are sought among the corners of the sets of Nash equilibria of two
/// players, among pure strategies, and as limits from other starts, as far as a fixed amount of work goes. `go_on` is asked now and
/// then; if it says no, what was found so far is certified and returned.
pub fn solve(
    game: &Game,
    tree: &Tree,
    options: &Options,
    go_on: &mut dyn FnMut(Stage) -> bool,
) -> Solution {
    let plain = plain::from_own_zero(game, tree);
    let mut found = Found {
        game,
        tree,
        plain: plain.as_ref().map_or(tree, |(plain, _)| plain),
        zero: plain.as_ref().map(|(_, zero)| &zero[..]),
        certifier: Certifier::new(tree),
        options,
        solution: Solution {
            equilibria: Vec::new(),
            rejected: Vec::new(),
            complete: false,
            crossings: Vec::new(),
            signalling: None,
            patterns: None,
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
    }
    found.backward();
    if tree.actions() > options.largest_logit
        && tree.players == 2
        && found.solution.equilibria.is_empty()
    {
        found.regrets(&mut ask);
    }
    found.patterns(&mut ask);
    if options.several && !found.solution.complete {
        found.several(&mut ask);
    }
    if found.solution.equilibria.is_empty() {
        found.guesses(&mut ask);
    }
    if !found.solution.equilibria.is_empty() {
        // What fell short on the way to an answer is no news.
        let found_by_branch = |e: &Equilibrium| {
            let first = e.found_by.first();
            matches!(first, Some(Method::QuantalResponse { .. }))
        };
        found.solution.rejected.retain(|e| !found_by_branch(e));
    }
    let mut solution = found.solution;
    solution.stopped = stopped;
    solution.complete &= !stopped && solution.rejected.is_empty();
    solution
}

struct Found<'a> {
    game: &'a Game,
    tree: &'a Tree,
    /// The tree whose payoffs solvers see.
    plain: &'a Tree,
    /// What each player's payoffs are counted from there, if that is another tree.
    zero: Option<&'a [f64]>,
    certifier: Certifier,
    options: &'a Options,
    solution: Solution,
}

impl Found<'_> {
    fn branches(&mut self, ask: &mut dyn FnMut(Stage) -> bool) {
        let trace = logit::limit(self.plain, &self.options.logit, &mut |progress| {
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
        let tight = |found: &Equilibrium| {
            let regrets = found.certificate.regret.iter();
            matches!(found.exact, Some(Exact::Proved(_)))
                || regrets.copied().fold(0.0, f64::max) <= LOOSE
        };
        if self.solution.equilibria.iter().any(tight) {
            return;
        }
        self.by_stakes(None, Side::ByStakes, ask);
    }

    /// Follows branches in which the precision of each information set is measured by what is at stake there, from even play or from
    /// `prior`, until one leads to an equilibrium: first by what can be at stake at all, then by what is at stake in the answer that fell
    /// short. The number of matrices factorised.
    fn by_stakes(
        &mut self,
        prior: Option<&[f64]>,
        side: Side,
        ask: &mut dyn FnMut(Stage) -> bool,
    ) -> usize {
        let mut stakes = logit::stakes(self.plain);
        let mut spent = 0;
        for _ in 0..ROUNDS {
            if !ask(Stage::Strategies) {
                break;
            }
            let options = &self.options.logit;
            let branch = logit::limit_by_stakes(
                self.plain,
                &stakes,
                prior,
                side,
                options,
                &mut |progress| ask(Stage::Branch(*progress)),
            );
            spent += branch.effort.factorisations;
            let method = Method::QuantalResponse {
                side,
                lambda: branch.lambda,
                effort: branch.effort,
            };
            if let Some(known) = self.known(&branch.answer.strategy) {
                if prior.is_none() {
                    self.solution.equilibria[known].found_by.push(method);
                }
                break;
            }
            let found = self.examined((branch.answer, None), method, None);
            if found.certificate.is_sequential() {
                if prior.is_none() || self.stands_alone(&found) {
                    self.solution.equilibria.push(found);
                }
                break;
            }
            let mut finer = false;
            for (stakes, check) in stakes.iter_mut().zip(&found.certificate.sets) {
                let now = check.stakes + check.regret;
                if now > 0.0 && now < FINER * *stakes {
                    *stakes = now;
                    finer = true;
                }
            }
            if prior.is_none() {
                self.solution.rejected.push(found);
            }
            if !finer {
                break;
            }
        }
        spent
    }

    fn regrets(&mut self, ask: &mut dyn FnMut(Stage) -> bool) {
        let settings = &self.options.finish;
        let mut go_on = || ask(Stage::Regrets);
        let answer = if let Ok(form) = public::find(self.game) {
            let flat = PublicTree::new(&form.game);
            let finished = public::finish(&flat, settings, &mut go_on);
            Assessment {
                strategy: form.to_actions(&flat, &finished.strategy),
                tremble: form.to_actions(&flat, &finished.tremble),
            }
        } else {
            let finished = public::finish_tree(self.tree, settings, &mut go_on);
            finished.expect("two players").into()
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
        let all = signalling::enumerate_within(&reading.game, self.options.patterns, &|| {
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
                let answer = (reading.assessment(corner), Some(reading.fractions(corner)));
                self.add_exact(answer, Method::Signalling, Some(facts));
            }
        }
        self.solution.complete |= all.complete;
        self.solution.patterns = Some((all.patterns, all.complete));
        self.solution.signalling = Some(reading);
    }

    fn add(&mut self, answer: Assessment, method: Method, message: Option<MessageFacts>) {
        self.add_exact((answer, None), method, message);
    }

    /// [`Self::add`], the strategy being known in fractions as well.
    fn add_exact(
        &mut self,
        (answer, exact): (Assessment, Option<Vec<BigRational>>),
        method: Method,
        message: Option<MessageFacts>,
    ) {
        if let Some(known) = self.known(&answer.strategy) {
            let known = &mut self.solution.equilibria[known];
            known.found_by.push(method);
            known.message = known.message.take().or(message);
            return;
        }
        let equilibrium = self.examined((answer, exact), method, message);
        if equilibrium.certificate.is_sequential() {
            self.solution.equilibria.push(equilibrium);
        } else {
            self.solution.rejected.push(equilibrium);
        }
    }

    /// The equilibrium known so far that has the same play on the path.
    fn known(&self, strategy: &[f64]) -> Option<usize> {
        let plays = plays(self.tree, strategy);
        self.solution.equilibria.iter().position(|known| {
            let other = self::plays(self.tree, &known.answer.strategy);
            plays.iter().zip(&other).all(|(a, b)| (a - b).abs() < SAME)
        })
    }

    /// The certificate of an answer.
    fn certified(&mut self, answer: &Assessment) -> Certificate {
        let (tree, tolerance) = (self.plain, &self.options.tolerance);
        let mut certificate = self.certifier.certify(tree, answer, tolerance);
        for (player, zero) in self.zero.unwrap_or_default().iter().enumerate() {
            if let Some(value) = certificate.value.get_mut(player) {
                *value += zero;
            }
            let own = |(set, _): &(usize, _)| tree.player[*set] as usize == player;
            for (_, check) in certificate.sets.iter_mut().enumerate().filter(own) {
                for value in &mut check.values {
                    *value += zero;
                }
            }
        }
        certificate
    }

    /// An answer with its certificate. What is proved in exact numbers is what is told.
    fn examined(
        &mut self,
        (mut answer, known): (Assessment, Option<Vec<BigRational>>),
        method: Method,
        message: Option<MessageFacts>,
    ) -> Equilibrium {
        let tolerance = &self.options.tolerance;
        let mut certificate = self.certified(&answer);
        let small = self.tree.parent.len() <= self.options.largest_exact;
        let exact = small.then(|| exact::recheck_known(self.game, &answer, known));
        if let Some(Exact::Proved(proved)) = &exact {
            answer.strategy = proved.strategy.iter().map(to_f64).collect();
            certificate = self.certified(&answer);
            certificate.adopt(self.tree, proved, tolerance);
        } else if small && certificate.sets.iter().any(|set| set.excused) {
            // `f64` cannot tell; exact numbers can.
            let regret = exact::largest_regret(self.game, &answer);
            if regret.is_some_and(|regret| regret > tolerance.regret) {
                self.certifier.excuse_rounding(false);
                certificate = self.certified(&answer);
                self.certifier.excuse_rounding(true);
            }
        }
        Equilibrium {
            exact,
            found_by: vec![method],
            answer,
            certificate,
            message,
            corners: None,
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
