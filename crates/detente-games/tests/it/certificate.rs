//! Certificates: known answers, brute force, mutations, invariances.

mod brute;
mod exact;
pub(crate) mod games;
pub(crate) mod invariance;
mod known;
mod mutation;
mod support;

use detente_games::certificate::even_trembles;
use detente_games::{Assessment, Game, Tree};

/// A tree of a game that tests know to have perfect recall.
fn tree(game: &Game) -> Tree {
    Tree::new(game).expect("perfect recall")
}

/// A strategy with even trembles.
fn even(tree: &Tree, strategy: Vec<f64>) -> Assessment {
    Assessment {
        tremble: even_trembles(tree, &strategy),
        strategy,
    }
}
