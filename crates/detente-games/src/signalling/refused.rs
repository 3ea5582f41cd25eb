//! Why a game in extensive form is no signalling game.

use std::fmt;

#[cfg(doc)]
use super::Signalling;
#[cfg(doc)]
use crate::game::Game;

/// Why a game is not read as a signalling game.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotSignalling {
    /// The first move is not one of chance.
    ChanceDoesNotBegin,
    /// A branch of the first moves has probability zero: beliefs could not be derived from trembles.
    ImpossibleType {
        /// The branch.
        branch: usize,
    },
    /// After the first moves of chance, this node is not a move of one player, the sender, at an information set of such nodes.
    NoSender {
        /// Index into [`Game::nodes`].
        node: usize,
    },
    /// Different players answer messages.
    SeveralReceivers {
        /// An information set of the second of them; index into [`Game::sets`].
        set: usize,
    },
    /// This information set has nodes that do not directly follow a message, or two that follow messages of one type.
    Unlike {
        /// Index into [`Game::sets`].
        set: usize,
    },
    /// After a response, or after a message that needs none, the player of this information set cannot see what happened.
    Hidden {
        /// Index into [`Game::sets`].
        set: usize,
    },
    /// The player of this information set, after a response, is indifferent, and others are not: backward induction has no single
    /// answer.
    Tie {
        /// Index into [`Game::sets`].
        set: usize,
    },
    /// More types, messages or responses than [`Signalling::MOST`], or more than 10,000 nodes.
    TooLarge,
}

impl std::error::Error for NotSignalling {}

impl fmt::Display for NotSignalling {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ChanceDoesNotBegin => write!(f, "the first move is not a move of chance"),
            Self::ImpossibleType { branch } => {
                write!(f, "branch {} of chance has probability zero", branch + 1)
            }
            Self::NoSender { node } => {
                write!(f, "at node {node} no sender moves who knows its type")
            }
            Self::SeveralReceivers { set } => {
                write!(f, "information set {set} belongs to a second receiver")
            }
            Self::Unlike { set } => {
                write!(
                    f,
                    "the nodes of information set {set} are not one message of several types"
                )
            }
            Self::Hidden { set } => {
                write!(f, "what happened is hidden at information set {set}")
            }
            Self::Tie { set } => {
                write!(
                    f,
                    "backward induction ends in a tie at information set {set}"
                )
            }
            Self::TooLarge => write!(f, "the game is too large"),
        }
    }
}
