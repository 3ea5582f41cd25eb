//! Games of private types on a public tree: what everyone sees is a tree, what one player alone knows is a type.
//!
//! Crisis bargaining and poker have this shape. Nature gives each player a type once; from then on every move is seen by both, and
//! so is every move of chance, whose odds may depend on the types. A strategy is then a vector over types at each public node, and
//! one pass over the public tree does for all types what an expanded tree does once for every pair of them.
//!
//! Games have two players. With more, the end of a play would pay a tensor over the types of all of them, and a type's value would
//! weigh each end by the product of the others' reaches; nothing else here would change. [`PublicBuilder::new`] refuses them.

mod align;
mod build;
mod dcfr;
mod expand;
mod find;
mod finish;
mod flat;
mod on_tree;
mod pays;
mod profile;
mod repair;
mod value;
mod walk;

pub use build::{Misstated, PublicBuilder, PublicPlace, TableId};
pub use dcfr::Dcfr;
pub use expand::{Expansion, expand};
pub use find::{NotPublic, VectorForm, find};
pub use finish::{Finish, Finished, finish, finish_tree};
pub use flat::PublicTree;
pub use on_tree::{NotTwo, TreeDcfr, TreeEvaluator};
pub use profile::VectorProfile;
pub use value::{Evaluator, Values};

use crate::number::Number;

/// A game of two players with private types on a public tree, as its author states it. Comes from a [`PublicBuilder`].
#[derive(Clone, Debug, PartialEq)]
pub struct PublicGame {
    /// Title.
    pub title: String,
    pub(crate) sides: [Side; 2],
    pub(crate) prior: Prior,
    pub(crate) nodes: Vec<PublicNode>,
    pub(crate) tables: Vec<Table>,
}

/// A player and its types.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Side {
    /// Name of the player.
    pub name: String,
    /// Names of its types.
    pub types: Vec<String>,
}

/// How likely the types are.
#[derive(Clone, Debug, PartialEq)]
pub enum Prior {
    /// Types are independent: for each player, the probability of each of its types.
    Independent([Vec<Number>; 2]),
    /// The probability of each pair; the types of the second player run fastest.
    Joint(Vec<Number>),
}

/// A node of the public tree; nodes stand in preorder.
#[derive(Clone, Debug, PartialEq)]
pub struct PublicNode {
    /// The node before it; itself for the root.
    pub parent: u32,
    /// Which action of the parent leads here, from 0.
    pub branch: u32,
    /// One past its last descendant, in preorder.
    pub end: u32,
    /// What happens here.
    pub kind: PublicKind,
}

/// What happens at a node of the public tree.
#[derive(Clone, Debug, PartialEq)]
pub enum PublicKind {
    /// A player moves; each of its types has an information set of its own here.
    Move {
        /// The player, 0 or 1.
        player: usize,
        /// Label.
        label: Box<str>,
        /// Labels of the actions, the same for all types.
        actions: Vec<Box<str>>,
    },
    /// Chance moves and everyone sees it.
    Chance {
        /// Label.
        label: Box<str>,
        /// Labels of the branches.
        actions: Vec<Box<str>>,
        /// Their probabilities.
        odds: Odds,
    },
    /// The play ends and pays each player.
    End(Box<[Pay; 2]>),
}

/// Probabilities of the branches of chance.
#[derive(Clone, Debug, PartialEq)]
pub enum Odds {
    /// The same whatever the types are.
    Common(Vec<Number>),
    /// For each branch, a table over type pairs.
    ByPair(Vec<TableId>),
}

/// What a player is paid: a constant and multiples of tables.
#[derive(Clone, Debug, PartialEq)]
pub struct Pay {
    pub(crate) constant: Number,
    pub(crate) terms: Vec<(Number, TableId)>,
}

impl Pay {
    /// The same amount whatever the types are.
    pub fn constant(amount: Number) -> Self {
        Self {
            constant: amount,
            terms: Vec::new(),
        }
    }

    /// This and, on top, `table`.
    #[must_use]
    pub fn plus(self, table: TableId) -> Self {
        self.plus_times(Number::from(1), table)
    }

    /// This and, on top, `factor` times `table`.
    #[must_use]
    pub fn plus_times(mut self, factor: Number, table: TableId) -> Self {
        self.terms.push((factor, table));
        self
    }
}

impl From<Number> for Pay {
    fn from(amount: Number) -> Self {
        Self::constant(amount)
    }
}

/// Numbers that depend on types.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Table {
    /// A number for each type of one player.
    OfType { player: usize, numbers: Vec<Number> },
    /// A number for each pair; the types of the second player run fastest.
    OfPair(Vec<Number>),
}

impl PublicGame {
    /// The players and their types.
    pub fn sides(&self) -> &[Side; 2] {
        &self.sides
    }

    /// How likely the types are.
    pub fn prior(&self) -> &Prior {
        &self.prior
    }

    /// The public tree, in preorder; the first node is the root.
    pub fn nodes(&self) -> &[PublicNode] {
        &self.nodes
    }

    /// How many types each player has.
    pub fn types(&self) -> [usize; 2] {
        [self.sides[0].types.len(), self.sides[1].types.len()]
    }

    /// Actions over all information sets: at each move, one for each action and type of the mover.
    pub fn actions(&self) -> usize {
        let types = self.types();
        self.nodes
            .iter()
            .map(|node| match &node.kind {
                PublicKind::Move {
                    player, actions, ..
                } => actions.len() * types[*player],
                _ => 0,
            })
            .sum()
    }

    /// The children of `node`, in the order of its actions.
    pub fn children(&self, node: usize) -> impl Iterator<Item = usize> + '_ {
        let end = self.nodes[node].end as usize;
        let mut next = node + 1;
        std::iter::from_fn(move || {
            (next < end).then(|| {
                let child = next;
                next = self.nodes[child].end as usize;
                child
            })
        })
    }
}
