//! Small signalling games: all their equilibria, and which of them survive the intuitive criterion and D1.
//!
//! A sender who knows its type sends a message; a receiver who sees the message but not the type responds. The equilibria of such a
//! game fall into finitely many cells, one for each choice of who sends which message and which responses follow it; in a cell the
//! sender's strategy ranges over one polytope and the receiver's over another, because the receiver's conditions are linear in what
//! types send and the types' conditions are linear in the responses. [`enumerate`] visits all cells and reports the corners, in exact
//! rationals. In two-stage games of this kind perfect Bayesian and sequential equilibria are the same (Fudenberg and Tirole 1991,
//! Journal of Economic Theory 53): any belief about an unsent message comes from some trembles.
//!
//! ```
//! use detente_games::Number;
//! use detente_games::signalling::{Class, Signalling, enumerate};
//!
//! // Job market signalling (Watson 2013, figure 29.1): types high and low, messages education and none, responses manager and clerk.
//! let whole = |rows: [[[i64; 2]; 2]; 2]| rows.map(|kind| kind.map(|row| row.map(Number::from).to_vec()).to_vec()).to_vec();
//! let game = Signalling::from_payoffs(
//!     vec![Number::ratio(1, 3), Number::ratio(2, 3)],
//!     whole([[[6, 0], [10, 4]], [[3, -3], [10, 4]]]),
//!     whole([[[10, 4], [10, 4]], [[0, 4], [0, 4]]]),
//! );
//! let found = enumerate(&game);
//! assert!(found.complete);
//! let intuitive: Vec<Class> = found.iter().filter(|e| e.is_intuitive()).map(|e| e.class).collect();
//! assert_eq!(intuitive, [Class::Separating]);
//! ```

mod beliefs;
mod enumerate;
mod equilibrium;
mod recognise;
mod refine;
mod refused;
mod words;

pub use enumerate::{Limits, enumerate, enumerate_within};
pub use equilibrium::{Belief, Class, Component, Equilibria, Equilibrium, Unsent};
pub use recognise::Reading;
pub use refine::{D1, Intuitive, Struck, Temptation};
pub use refused::NotSignalling;

use num_traits::{One, Signed, Zero};

use crate::builder::Builder;
use crate::game::Game;
use crate::number::Number;
use crate::polytope::Q;

/// A signalling game. Types, messages and the responses to each message are numbered from 0.
#[derive(Clone, Debug, PartialEq)]
pub struct Signalling {
    /// Name of the sender.
    pub sender: String,
    /// Name of the receiver.
    pub receiver: String,
    /// The sender's types.
    pub types: Vec<SenderType>,
    /// The messages.
    pub messages: Vec<Message>,
    /// What happens if a type sends a message: `plays[type][message]`.
    pub plays: Vec<Vec<Play>>,
}

/// A type of the sender.
#[derive(Clone, Debug, PartialEq)]
pub struct SenderType {
    /// Name.
    pub name: String,
    /// Its probability, above zero.
    pub prior: Number,
}

/// A message.
#[derive(Clone, Debug, PartialEq)]
pub struct Message {
    /// Name.
    pub name: String,
    /// Names of the responses; empty if no type's message is answered.
    pub responses: Vec<String>,
}

/// What happens if a type sends a message.
#[derive(Clone, Debug, PartialEq)]
pub enum Play {
    /// The type does not have this message.
    Unavailable,
    /// It ends the game for this type: what it pays the sender and the receiver.
    Ends {
        /// Payoff of the sender.
        sender: Number,
        /// Payoff of the receiver.
        receiver: Number,
    },
    /// The receiver responds: what each response pays.
    Answered {
        /// Payoff of the sender for each response.
        sender: Vec<Number>,
        /// Payoff of the receiver for each response.
        receiver: Vec<Number>,
    },
}

impl Signalling {
    /// The game in which every type has every message and every message is answered, with `sender[type][message][response]` and
    /// `receiver[type][message][response]`. Names are numbers.
    ///
    /// # Panics
    /// If the shapes differ or the priors are not above zero and adding up to one.
    pub fn from_payoffs(
        prior: Vec<Number>,
        sender: Vec<Vec<Vec<Number>>>,
        receiver: Vec<Vec<Vec<Number>>>,
    ) -> Self {
        let messages = sender[0]
            .iter()
            .enumerate()
            .map(|(m, responses)| Message {
                name: format!("message {}", m + 1),
                responses: (1..=responses.len())
                    .map(|r| format!("response {r}"))
                    .collect(),
            })
            .collect();
        let signalling = Self {
            sender: "Sender".into(),
            receiver: "Receiver".into(),
            types: prior
                .into_iter()
                .enumerate()
                .map(|(t, prior)| SenderType {
                    name: format!("type {}", t + 1),
                    prior,
                })
                .collect(),
            messages,
            plays: sender
                .into_iter()
                .zip(receiver)
                .map(|(sender, receiver)| {
                    sender
                        .into_iter()
                        .zip(receiver)
                        .map(|(sender, receiver)| Play::Answered { sender, receiver })
                        .collect()
                })
                .collect(),
        };
        signalling.check();
        signalling
    }

    /// The same game as a tree: chance draws the type, the sender has an information set for each type, the receiver one for each
    /// message.
    pub fn game(&self) -> Game {
        self.check();
        let mut game = Builder::new(
            "Signalling game",
            [self.sender.as_str(), self.receiver.as_str()],
        );
        let sets: Vec<_> = self
            .plays
            .iter()
            .zip(&self.types)
            .map(|(plays, kind)| {
                let available: Vec<&str> = plays
                    .iter()
                    .zip(&self.messages)
                    .filter(|(play, _)| **play != Play::Unavailable)
                    .map(|(_, message)| message.name.as_str())
                    .collect();
                game.set(0, kind.name.as_str(), available)
            })
            .collect();
        let answers: Vec<_> = self
            .messages
            .iter()
            .map(|message| {
                (!message.responses.is_empty()).then(|| {
                    game.set(
                        1,
                        message.name.as_str(),
                        message.responses.iter().map(String::as_str),
                    )
                })
            })
            .collect();
        let branches: Vec<(String, Number)> = self
            .types
            .iter()
            .map(|kind| (kind.name.clone(), kind.prior.clone()))
            .collect();
        let drawn = game.chance(game.root(), "type", branches);
        for ((place, set), plays) in drawn.into_iter().zip(sets).zip(&self.plays) {
            let mut sent = game.moves(place, set).into_iter();
            for (play, answer) in plays.iter().zip(&answers) {
                match play {
                    Play::Unavailable => {}
                    Play::Ends { sender, receiver } => {
                        let end = sent.next().expect("a place for each available message");
                        game.pay(end, [sender.clone(), receiver.clone()]);
                    }
                    Play::Answered { sender, receiver } => {
                        let place = sent.next().expect("a place for each available message");
                        let ends = game.moves(place, answer.expect("checked"));
                        for (end, pair) in ends.into_iter().zip(sender.iter().zip(receiver)) {
                            game.pay(end, [pair.0.clone(), pair.1.clone()]);
                        }
                    }
                }
            }
        }
        game.finish()
    }

    /// Panics if the shapes do not fit together.
    fn check(&self) {
        assert!(
            (1..=Self::MOST).contains(&self.types.len())
                && (1..=Self::MOST).contains(&self.messages.len()),
            "between one and {} types and messages",
            Self::MOST
        );
        assert!(
            self.types.iter().all(|t| t.prior.exact().is_positive()),
            "priors are above zero"
        );
        let sum: Q = self.types.iter().map(|t| t.prior.exact()).sum();
        assert!(sum.is_one(), "priors add up to one");
        assert_eq!(self.plays.len(), self.types.len(), "plays for each type");
        for plays in &self.plays {
            assert_eq!(plays.len(), self.messages.len(), "a play for each message");
            assert!(
                plays.iter().any(|play| *play != Play::Unavailable),
                "each type has a message"
            );
        }
        for (m, message) in self.messages.iter().enumerate() {
            assert!(message.responses.len() <= Self::MOST, "few responses");
            let mut answered = 0;
            for plays in &self.plays {
                if let Play::Answered { sender, receiver } = &plays[m] {
                    answered += 1;
                    assert!(
                        sender.len() == message.responses.len()
                            && receiver.len() == message.responses.len(),
                        "payoffs for each response"
                    );
                }
            }
            assert_eq!(
                answered == 0,
                message.responses.is_empty(),
                "responses where and only where a message is answered"
            );
        }
    }

    /// The most types, messages, and responses to one message.
    pub const MOST: usize = 16;

    /// Is the message answered if this type sends it?
    fn answered(&self, kind: usize, message: usize) -> bool {
        matches!(self.plays[kind][message], Play::Answered { .. })
    }

    /// The types whose message is answered, as bits.
    fn all_answered(&self, message: usize) -> u32 {
        (0..self.types.len())
            .filter(|&t| self.answered(t, message))
            .fold(0, |mask, t| mask | 1 << t)
    }

    /// The sender's and the receiver's exact payoff, if the message is available; the response is not looked at if the message ends
    /// the game.
    fn pays(&self, kind: usize, message: usize, response: usize) -> Option<(&Q, &Q)> {
        match &self.plays[kind][message] {
            Play::Unavailable => None,
            Play::Ends { sender, receiver } => Some((sender.exact(), receiver.exact())),
            Play::Answered { sender, receiver } => {
                Some((sender[response].exact(), receiver[response].exact()))
            }
        }
    }

    /// What a message is worth to a type that has it, and to the receiver, given the distribution over responses.
    fn worth(&self, kind: usize, message: usize, responses: &[Q]) -> Option<(Q, Q)> {
        match &self.plays[kind][message] {
            Play::Unavailable => None,
            Play::Ends { sender, receiver } => {
                Some((sender.exact().clone(), receiver.exact().clone()))
            }
            Play::Answered { sender, receiver } => {
                let (mut own, mut other) = (Q::zero(), Q::zero());
                for (r, p) in responses.iter().enumerate() {
                    own += p * sender[r].exact();
                    other += p * receiver[r].exact();
                }
                Some((own, other))
            }
        }
    }
}

/// The places of the bits of `mask`.
fn bits(mask: u32) -> impl Iterator<Item = usize> + Clone {
    (0..32).filter(move |&bit| mask >> bit & 1 == 1)
}

/// The numbers of exact values.
fn numbers(values: &[Q]) -> Vec<Number> {
    values.iter().cloned().map(Number::from).collect()
}
