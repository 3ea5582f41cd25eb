//! Certificates: what a tree and an assessment alone say about the assessment.
//!
//! Nothing here knows how an answer was found. A certificate holds the gain of an exact best response of each player (their sum is
//! called `NashConv`), and at *every* information set, reached or not, beliefs, the value of each action under them, and the regret of the
//! planned ones. An assessment whose regret is nil everywhere under beliefs that are consistent is a sequential equilibrium (Kreps
//! and Wilson 1982).
//!
//! # Beliefs
//!
//! At an information set that the *other* players and chance reach under the strategy, whatever its own player does, beliefs are
//! those of Bayes' rule on the strategy; with perfect recall the player's own moves cancel from them. Elsewhere they are those of
//! the completely mixed profile, from differences of logarithms of reach, so that trembles of e^-1000000 still have a ratio. Where
//! chance itself gives probability zero to every node of a set, no tremble reaches it, and beliefs are uniform over its nodes, as in
//! Gambit. Where it rules out some of the nodes only, these are not believed.

mod certifier;
pub mod exact;
mod matrix_game;
mod shape;
mod support;
mod words;

pub use certifier::Certifier;
pub use support::{Support, Unsupported, even_trembles, tremble_of};

use crate::assessment::Assessment;
use crate::number::to_f64;
use crate::tree::Tree;

/// What an answer may miss and still pass.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tolerance {
    /// Largest regret at an information set, as a share of what is at stake there ([`SetCheck::share`]).
    pub regret: f64,
    /// Largest gain of a player's best response, as a share of the player's payoff range ([`Tree::payoff_range`]).
    pub nash: f64,
    /// Largest distance, in probability, between the completely mixed profile and the strategy.
    pub distance: f64,
    /// Actions are planned if their probability is above this.
    pub support: f64,
    /// In [`Certificate::perfect`], actions count as worse if they pay less than the best by more than this share of the range.
    pub worse: f64,
}

impl Default for Tolerance {
    fn default() -> Self {
        Self {
            regret: 1e-6,
            nash: 1e-6,
            distance: 1e-3,
            support: 1e-9,
            worse: 1e-3,
        }
    }
}

/// What was found about an assessment.
#[derive(Clone, Debug, PartialEq)]
pub struct Certificate {
    /// The finding in short.
    pub verdict: Verdict,
    /// For each player, the expected payoff under the strategy.
    pub value: Vec<f64>,
    /// For each player, what an exact best response to the strategy gains, in units of payoff. The sum is called `NashConv`.
    pub nash_conv: Vec<f64>,
    /// For each player, the largest regret at an information set, as a share of what is at stake there ([`SetCheck::share`]).
    pub regret: Vec<f64>,
    /// Largest distance, in probability, between the completely mixed profile and the strategy. Beliefs are consistent up to it.
    pub distance: f64,
    /// Against the completely mixed profile itself, every action that pays less than the best one by more than
    /// [`Tolerance::worse`] has at most this probability in it: how far it is from an ε-perfect equilibrium (Selten 1975,
    /// Myerson 1978).
    pub perfect: f64,
    /// What was found at each information set.
    pub sets: Vec<SetCheck>,
}

/// What was found at an information set.
#[derive(Clone, Debug, PartialEq)]
pub struct SetCheck {
    /// Probability under the strategy that play comes here.
    pub reach: f64,
    /// Logarithm of that probability under the completely mixed profile.
    pub log_reach: f64,
    /// Where the beliefs come from.
    pub basis: Basis,
    /// Probability of each node, in the order of [`Tree::members_of`].
    pub beliefs: Vec<f64>,
    /// What each action pays the player under these beliefs if all go on with the strategy, in units of payoff.
    pub values: Vec<f64>,
    /// Value of the best action less that of the worst planned one, in units of payoff.
    pub regret: f64,
    /// What is at stake between the best action and the worst planned one, in units of payoff: how far apart players' moves put the
    /// player's payoff as play goes on from there, weighted by their probability, and how differently the two compare from node to
    /// node of the set. What nobody's planned move brings about is not at stake, however large it is, nor what chance brings whatever
    /// is done: a catastrophe that all avoid does not make small stakes look like nothing. Where beliefs come from trembles, the largest
    /// difference at a node counts as well, since beliefs are then given up to these.
    pub stakes: f64,
    /// The regret as a share of itself and what is at stake: 1 where nothing but the choice between the two is open, 0 where it may be
    /// rounding.
    pub share: f64,
    /// Is there a regret that was taken for rounding?
    pub excused: bool,
    /// The actions, by place, that pay as much as the best one, as far as what is at stake between them can tell.
    pub tied: Vec<usize>,
    /// Are values, beliefs and ties those of exact arithmetic?
    pub exact: bool,
    /// Value of the best action less the expected value of the plan, in units of payoff.
    pub gain: f64,
    /// Largest distance here, in probability, between the completely mixed profile and the strategy.
    pub distance: f64,
    /// Largest distance, in probability, between these beliefs and those of the completely mixed profile.
    pub belief_distance: f64,
}

/// Where beliefs come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Basis {
    /// Bayes' rule on the strategy.
    Strategy,
    /// Bayes' rule on the completely mixed profile.
    Tremble,
    /// Chance never comes here: uniform.
    Uniform,
}

/// The finding in short.
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    /// A sequential equilibrium up to the tolerance: no player gains by deviating at any information set, under beliefs of a
    /// completely mixed profile within the tolerated distance.
    Sequential,
    /// No player gains by deviating anywhere, but the completely mixed profile is too far from the strategy for the beliefs to count
    /// as consistent with it.
    Inconsistent {
        /// The information set where the distance is largest.
        set: usize,
        /// That distance, in probability.
        distance: f64,
    },
    /// A Nash equilibrium up to the tolerance, which rests on something a player would not do: Nash yes, sequentially rational no.
    NashOnly {
        /// Who would deviate where, largest share of the range first.
        deviations: Vec<Deviation>,
    },
    /// A player gains by deviating.
    NotEquilibrium {
        /// Who would deviate where: information sets that play reaches first, then largest share of the range first.
        deviations: Vec<Deviation>,
    },
    /// Not an assessment of this tree.
    Malformed(Malformed),
}

/// A player who would do something else than planned.
#[derive(Clone, Debug, PartialEq)]
pub struct Deviation {
    /// The player.
    pub player: usize,
    /// The information set.
    pub set: usize,
    /// What it would do: a game-wide action.
    pub action: usize,
    /// The worst of what was planned: a game-wide action.
    pub instead_of: usize,
    /// What that gains, in units of payoff, under [`SetCheck::beliefs`].
    pub gain: f64,
    /// Does play reach the information set?
    pub reached: bool,
    /// Whether there are beliefs under which nothing pays more than the planned actions, given how all go on. If not, no choice of
    /// trembles saves the plan.
    pub defensible: bool,
}

/// Why something is not an assessment of a tree.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Malformed {
    /// There is not one entry for each action.
    Length {
        /// Entries of the strategy.
        strategy: usize,
        /// Entries of the completely mixed profile.
        tremble: usize,
        /// Actions of the tree.
        actions: usize,
    },
    /// The strategy gives an action something that is no probability.
    Probability {
        /// The game-wide action.
        action: usize,
        /// What it is given.
        value: f64,
    },
    /// The completely mixed profile gives an action something that is no logarithm of a positive probability.
    LogProbability {
        /// The game-wide action.
        action: usize,
        /// What it is given.
        value: f64,
    },
    /// The probabilities at an information set do not add up to one.
    Sum {
        /// The information set.
        set: usize,
        /// What the strategy adds up to.
        strategy: f64,
        /// What the completely mixed profile adds up to.
        tremble: f64,
    },
}

impl std::fmt::Display for Malformed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Length {
                strategy,
                tremble,
                actions,
            } => write!(
                f,
                "a strategy of {strategy} entries with trembles of {tremble}, in a game of {actions} actions"
            ),
            Self::Probability { action, value } => {
                write!(f, "{value} is no probability of action {action}")
            }
            Self::LogProbability { action, value } => write!(
                f,
                "{value} is no logarithm of a positive probability of action {action}"
            ),
            Self::Sum {
                set,
                strategy,
                tremble,
            } => write!(
                f,
                "at information set {set} probabilities add up to {strategy} and trembles to {tremble}, not to 1"
            ),
        }
    }
}

impl std::error::Error for Malformed {}

/// Sums of probabilities may miss one by this: room for rounding in sums of hundreds of terms, and no more.
const SUM: f64 = 1e-9;

/// Examines `answer` as an answer to `tree`. For many answers, keep a [`Certifier`].
pub fn certify(tree: &Tree, answer: &Assessment, tolerance: &Tolerance) -> Certificate {
    Certifier::new(tree).certify(tree, answer, tolerance)
}

/// Whether `answer` is an assessment of `tree` at all.
///
/// # Errors
/// The first thing that is wrong with it.
pub fn well_formed(tree: &Tree, answer: &Assessment) -> Result<(), Malformed> {
    let (strategy, tremble) = (&answer.strategy, &answer.tremble);
    if strategy.len() != tree.actions() || tremble.len() != tree.actions() {
        return Err(Malformed::Length {
            strategy: strategy.len(),
            tremble: tremble.len(),
            actions: tree.actions(),
        });
    }
    for set in 0..tree.sets() {
        let (mut sum, mut mixed) = (0.0, 0.0);
        for action in tree.actions_of(set) {
            // Not a number is in no range.
            if !(0.0..=1.0 + SUM).contains(&strategy[action]) {
                return Err(Malformed::Probability {
                    action,
                    value: strategy[action],
                });
            }
            if !(f64::MIN..=SUM).contains(&tremble[action]) {
                return Err(Malformed::LogProbability {
                    action,
                    value: tremble[action],
                });
            }
            sum += strategy[action];
            mixed += libm::exp(tremble[action]);
        }
        if (sum - 1.0).abs() > SUM || (mixed - 1.0).abs() > SUM {
            return Err(Malformed::Sum {
                set,
                strategy: sum,
                tremble: mixed,
            });
        }
    }
    Ok(())
}

impl Certificate {
    /// Is it a sequential equilibrium up to the tolerance?
    pub fn is_sequential(&self) -> bool {
        self.verdict == Verdict::Sequential
    }

    /// Is it a Nash equilibrium up to the tolerance, sequentially rational or not?
    pub fn is_nash(&self) -> bool {
        !matches!(
            self.verdict,
            Verdict::NotEquilibrium { .. } | Verdict::Malformed(_)
        )
    }

    /// Takes beliefs, values and ties from what has been proved, which is then what is told. Regrets that only `f64` sees are gone: if
    /// the trembles are near enough, the verdict is that of exact arithmetic.
    pub fn adopt(&mut self, tree: &Tree, exact: &exact::ExactAssessment, tolerance: &Tolerance) {
        self.value = exact.value.iter().map(to_f64).collect();
        for (set, check) in self.sets.iter_mut().enumerate() {
            let values = &exact.values[tree.actions_of(set)];
            check.beliefs = exact.beliefs[set].iter().map(to_f64).collect();
            check.values = values.iter().map(to_f64).collect();
            check.tied = match values.iter().max() {
                Some(best) if !check.beliefs.is_empty() => (0..values.len())
                    .filter(|&place| values[place] == *best)
                    .collect(),
                _ => Vec::new(),
            };
            (check.regret, check.share, check.gain) = (0.0, 0.0, 0.0);
            check.exact = true;
            check.excused = false;
        }
        self.regret.fill(0.0);
        let refuted = matches!(
            self.verdict,
            Verdict::NashOnly { .. } | Verdict::NotEquilibrium { .. }
        );
        if refuted && self.distance <= tolerance.distance {
            self.verdict = Verdict::Sequential;
            self.nash_conv.fill(0.0);
        }
    }

    /// Who would deviate where.
    pub fn deviations(&self) -> &[Deviation] {
        match &self.verdict {
            Verdict::NashOnly { deviations } | Verdict::NotEquilibrium { deviations } => deviations,
            _ => &[],
        }
    }
}
