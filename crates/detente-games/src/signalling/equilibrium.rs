//! Equilibria as they are reported.

use num_traits::{One, Signed, Zero};

use super::beliefs::{beliefs, deterring, rationalised};
use super::refine::{D1, Intuitive, d1, intuitive};
use super::{Signalling, bits, numbers};
use crate::number::Number;
use crate::polytope::{Q, mean};

/// The equilibria of a signalling game.
#[derive(Clone, Debug, PartialEq)]
pub struct Equilibria {
    /// Connected sets of equilibria.
    pub components: Vec<Component>,
    /// Were all patterns looked at? If not, there may be more equilibria.
    pub complete: bool,
    /// Patterns whose equations were solved.
    pub patterns: usize,
}

impl Equilibria {
    /// All corners of all components.
    pub fn iter(&self) -> impl Iterator<Item = &Equilibrium> {
        self.components.iter().flat_map(|c| &c.corners)
    }
}

/// A connected set of equilibria, as seen on the path: equilibria that differ only in what would follow unsent messages count as one.
#[derive(Clone, Debug, PartialEq)]
pub struct Component {
    /// The equilibrium, if it is isolated; else a continuum whose extreme points are all among these, one on-path outcome each.
    pub corners: Vec<Equilibrium>,
}

impl Component {
    /// Is it a continuum of on-path outcomes?
    pub fn is_continuum(&self) -> bool {
        self.corners.len() > 1
    }
}

/// What is revealed about the sender's type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// Nothing: the belief after every message that is sent is the prior.
    Pooling,
    /// Everything: no message is sent by two types.
    Separating,
    /// Some types are told apart and others are not, though no type mixes over messages.
    PartlyPooling,
    /// Some type mixes over messages and thereby hides among others at times (semi-separating, also called hybrid).
    SemiSeparating,
}

/// One equilibrium.
#[derive(Clone, Debug, PartialEq)]
pub struct Equilibrium {
    /// Probability that a type sends a message: `sender[type][message]`.
    pub sender: Vec<Vec<Number>>,
    /// Probability of a response to a message: `receiver[message][response]`; empty if there is no receiver. After messages that are
    /// not sent, one of many: see [`Unsent::responses`].
    pub receiver: Vec<Vec<Number>>,
    /// The receiver's belief at each message; `None` if there is no receiver.
    pub beliefs: Vec<Option<Belief>>,
    /// What each type gets.
    pub payoffs: Vec<Number>,
    /// What the sender gets before it knows its type.
    pub sender_payoff: Number,
    /// What the receiver gets.
    pub receiver_payoff: Number,
    /// What is revealed.
    pub class: Class,
    /// The messages at which the receiver is never asked, though it could be, and what the refinements say about each.
    pub unsent: Vec<Unsent>,
}

impl Equilibrium {
    /// Does it survive the intuitive criterion at every unsent message?
    pub fn is_intuitive(&self) -> bool {
        self.unsent.iter().all(|unsent| unsent.intuitive.survives())
    }

    /// Does it survive D1 at every unsent message?
    pub fn survives_d1(&self) -> bool {
        self.unsent.iter().all(|unsent| unsent.d1.survives)
    }
}

/// The receiver's belief at a message.
#[derive(Clone, Debug, PartialEq)]
pub struct Belief {
    /// Is the message sent, so that the belief is Bayes'?
    pub on_path: bool,
    /// Probability of each type. After an unsent message one of the beliefs that make [`Equilibrium::receiver`] best, where possible
    /// one that D1 or at least the intuitive criterion allows.
    pub types: Vec<Number>,
    /// Extreme points of all beliefs that make the stated response best: for two types the ends of an interval. For a message that
    /// is sent, the belief itself.
    pub extremes: Vec<Vec<Number>>,
}

/// A message at which the receiver is never asked.
#[derive(Clone, Debug, PartialEq)]
pub struct Unsent {
    /// The message.
    pub message: usize,
    /// Responses that are best under some belief and deter every type from the message: extreme points, for one largest set of
    /// responses that are best together after another. With two responses, the ends of an interval.
    pub responses: Vec<Vec<Number>>,
    /// What the intuitive criterion says.
    pub intuitive: Intuitive,
    /// What D1 says.
    pub d1: D1,
}

/// What happens on the path.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Outcome {
    /// Probability of a type and a message.
    pub(super) weights: Vec<Vec<Q>>,
    /// Probability of a response to a message; empty where the receiver is never asked.
    pub(super) responses: Vec<Vec<Q>>,
}

/// The report of the components.
pub(super) fn equilibria(
    game: &Signalling,
    components: Vec<Vec<Outcome>>,
    complete: bool,
    patterns: usize,
) -> Equilibria {
    let components = components
        .into_iter()
        .map(|corners| Component {
            corners: corners.into_iter().map(|o| complete_one(game, o)).collect(),
        })
        .collect();
    Equilibria {
        components,
        complete,
        patterns,
    }
}

/// The equilibrium with an outcome: what follows unsent messages is chosen here.
fn complete_one(game: &Signalling, outcome: Outcome) -> Equilibrium {
    let Outcome {
        weights,
        mut responses,
    } = outcome;
    let payoffs = payoffs(game, &weights, &responses);
    let mut unsent = Vec::new();
    let mut all_beliefs = Vec::new();
    for m in 0..game.messages.len() {
        let answered = game.all_answered(m);
        if answered == 0 {
            all_beliefs.push(None);
        } else if responses[m].is_empty() {
            let (report, response, belief) = not_sent(game, m, &payoffs);
            unsent.push(report);
            responses[m] = response;
            all_beliefs.push(Some(belief));
        } else {
            let sum: Q = bits(answered).map(|t| &weights[t][m]).sum();
            let types: Vec<Q> = (0..game.types.len())
                .map(|t| {
                    if answered >> t & 1 == 1 {
                        &weights[t][m] / &sum
                    } else {
                        Q::zero()
                    }
                })
                .collect();
            all_beliefs.push(Some(Belief {
                on_path: true,
                extremes: vec![numbers(&types)],
                types: numbers(&types),
            }));
        }
    }
    let mut receiver_payoff = Q::zero();
    for (t, row) in weights.iter().enumerate() {
        for (m, weight) in row.iter().enumerate() {
            if weight.is_positive() {
                let worth = game.worth(t, m, &responses[m]).expect("available").1;
                receiver_payoff += weight * worth;
            }
        }
    }
    let sender_payoff: Q = game
        .types
        .iter()
        .zip(&payoffs)
        .map(|(kind, payoff)| kind.prior.exact() * payoff)
        .sum();
    let sender: Vec<Vec<Q>> = weights
        .iter()
        .zip(&game.types)
        .map(|(row, kind)| row.iter().map(|w| w / kind.prior.exact()).collect())
        .collect();
    Equilibrium {
        class: class(&sender),
        sender: sender.iter().map(|row| numbers(row)).collect(),
        receiver: responses.iter().map(|row| numbers(row)).collect(),
        beliefs: all_beliefs,
        payoffs: numbers(&payoffs),
        sender_payoff: sender_payoff.into(),
        receiver_payoff: receiver_payoff.into(),
        unsent,
    }
}

/// What each type gets on the path.
fn payoffs(game: &Signalling, weights: &[Vec<Q>], responses: &[Vec<Q>]) -> Vec<Q> {
    weights
        .iter()
        .enumerate()
        .map(|(t, row)| {
            let m = row
                .iter()
                .position(Signed::is_positive)
                .expect("every type sends a message");
            game.worth(t, m, &responses[m]).expect("available").0
        })
        .collect()
}

fn class(sender: &[Vec<Q>]) -> Class {
    if sender.windows(2).all(|pair| pair[0] == pair[1]) {
        return Class::Pooling;
    }
    let shared =
        (0..sender[0].len()).any(|m| sender.iter().filter(|row| row[m].is_positive()).count() > 1);
    if !shared {
        Class::Separating
    } else if sender.iter().flatten().all(|p| p.is_zero() || p.is_one()) {
        Class::PartlyPooling
    } else {
        Class::SemiSeparating
    }
}

/// The report on an unsent message, and a response and a belief for it.
fn not_sent(game: &Signalling, message: usize, payoffs: &[Q]) -> (Unsent, Vec<Q>, Belief) {
    let all = game.all_answered(message);
    let intuitive = intuitive(game, message, payoffs);
    let d1 = d1(game, message, payoffs);
    let mut extremes: Vec<Vec<Q>> = Vec::new();
    for corner in deterrents(game, message, all, payoffs) {
        if !extremes.contains(&corner) {
            extremes.push(corner);
        }
    }
    // A deterrent under a refined belief, if there is one; rather a pure one, which a small error in payoffs does not upset.
    let mask = |left: &[usize]| left.iter().fold(0_u32, |mask, &t| mask | 1 << t);
    let (types, mut choices) = [mask(&d1.left), mask(&intuitive.left), all]
        .into_iter()
        .map(|types| (types, deterrents(game, message, types, payoffs)))
        .find(|(_, choices)| !choices.is_empty())
        .expect("an unsent message of an equilibrium has a deterrent");
    let pure = choices.iter().position(|r| r.iter().any(One::is_one));
    let response = choices.swap_remove(pure.unwrap_or(0));
    let support = response
        .iter()
        .enumerate()
        .filter(|(_, p)| p.is_positive())
        .fold(0_u32, |mask, (r, _)| mask | 1 << r);
    let corners = |types: u32| -> Vec<Vec<Q>> {
        // So few types that the bases of their beliefs need no limit.
        let found = beliefs(game, message, types, support).corners(usize::MAX);
        let spread = |corner: &Vec<Q>| {
            let mut belief = vec![Q::zero(); game.types.len()];
            for (i, t) in bits(types).enumerate() {
                belief[t] = corner[i].clone();
            }
            belief
        };
        found.unwrap_or_default().iter().map(spread).collect()
    };
    let belief = Belief {
        on_path: false,
        types: numbers(&mean(&corners(types))),
        extremes: corners(all).iter().map(|belief| numbers(belief)).collect(),
    };
    let report = Unsent {
        message,
        responses: extremes.iter().map(|response| numbers(response)).collect(),
        intuitive,
        d1,
    };
    (report, response, belief)
}

/// Extreme points of the responses that are best under some belief over `types` and deter every type.
fn deterrents(game: &Signalling, message: usize, types: u32, payoffs: &[Q]) -> Vec<Vec<Q>> {
    let mut found = Vec::new();
    for support in rationalised(game, message, types) {
        let corners = deterring(game, message, support, payoffs).corners(usize::MAX);
        for corner in corners.unwrap_or_default() {
            let mut all = vec![Q::zero(); game.messages[message].responses.len()];
            for (i, r) in bits(support).enumerate() {
                all[r] = corner[i].clone();
            }
            found.push(all);
        }
    }
    found
}
