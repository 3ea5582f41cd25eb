//! A game as its author states it: a tree of moves, information sets, outcomes, exact numbers.

use crate::number::Number;

/// A finite game in extensive form.
///
/// Nodes stand in preorder: a node comes before its descendants, and its children stand in the order of its actions. Payoffs may
/// stand on any node; a play pays the sum over its path. Games come from a [`crate::Builder`], [`crate::efg::read`] or
/// [`crate::nfg::read`], which uphold all of this.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Game {
    /// Title.
    pub title: String,
    /// Comment; may be empty.
    pub comment: String,
    /// Names of the players.
    pub players: Vec<String>,
    pub(crate) nodes: Vec<Node>,
    pub(crate) sets: Vec<InfoSet>,
    pub(crate) chances: Vec<ChanceSet>,
    pub(crate) outcomes: Vec<Outcome>,
}

/// One node.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// The node before it; itself for the root.
    pub parent: u32,
    /// Which action of the parent leads here, from 0.
    pub branch: u32,
    /// One past its last descendant, in preorder.
    pub end: u32,
    /// Who moves.
    pub kind: Kind,
    /// Index of the outcome that is paid here.
    pub outcome: Option<u32>,
    /// Name; often empty.
    pub name: Box<str>,
}

/// Who moves at a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Chance; index into [`Game::chances`].
    Chance(u32),
    /// A player; index into [`Game::sets`].
    Personal(u32),
    /// Nobody: the play ends.
    Terminal,
}

/// An information set of a player: nodes that the player cannot tell apart.
#[derive(Clone, Debug, PartialEq)]
pub struct InfoSet {
    /// The player, from 0.
    pub player: u32,
    /// Its number in the file, unique for the player.
    pub number: u64,
    /// Label; may be empty.
    pub label: Box<str>,
    /// Labels of its actions.
    pub actions: Vec<Box<str>>,
    /// The game-wide number of its first action: the actions of set 0 come first, then those of set 1, and so on.
    pub first_action: u32,
    /// Its nodes, in preorder.
    pub members: Vec<u32>,
}

/// A set of chance nodes with the same lottery.
#[derive(Clone, Debug, PartialEq)]
pub struct ChanceSet {
    /// Its number in the file.
    pub number: u64,
    /// Label; may be empty.
    pub label: Box<str>,
    /// Labels of the branches.
    pub actions: Vec<Box<str>>,
    /// Probabilities of the branches: not negative, adding up to exactly one.
    pub chance: Vec<Number>,
}

/// What is paid at a node.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// Its number in the file, from 1.
    pub number: u64,
    /// Label; may be empty.
    pub label: Box<str>,
    /// A payoff for each player.
    pub payoffs: Vec<Number>,
}

impl Game {
    /// The nodes, in preorder; the first is the root.
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// The information sets of the players.
    pub fn sets(&self) -> &[InfoSet] {
        &self.sets
    }

    /// The sets of chance nodes.
    pub fn chances(&self) -> &[ChanceSet] {
        &self.chances
    }

    /// The outcomes.
    pub fn outcomes(&self) -> &[Outcome] {
        &self.outcomes
    }

    /// Number of actions over all information sets of players: the length of a profile.
    pub fn actions(&self) -> usize {
        self.sets.iter().map(|set| set.actions.len()).sum()
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

    /// The information set and the place in it of the game-wide action `action`.
    pub fn set_of_action(&self, action: usize) -> (usize, usize) {
        let set = self
            .sets
            .partition_point(|set| set.first_action as usize <= action)
            - 1;
        (set, action - self.sets[set].first_action as usize)
    }

    /// Replaces the payoffs of an outcome. Panics if there is not one for each player.
    pub fn set_payoffs(&mut self, outcome: usize, payoffs: Vec<Number>) {
        assert_eq!(
            payoffs.len(),
            self.players.len(),
            "a payoff for each player"
        );
        self.outcomes[outcome].payoffs = payoffs;
    }

    /// Replaces the probabilities of a chance set. Panics unless they are as many as its branches, not negative, and add up to
    /// exactly one.
    pub fn set_chance(&mut self, set: usize, chance: Vec<Number>) {
        assert_lottery(&chance, self.chances[set].actions.len());
        self.chances[set].chance = chance;
    }
}

pub(crate) fn assert_lottery(chance: &[Number], branches: usize) {
    use num_traits::One;
    assert_eq!(chance.len(), branches, "a probability for each branch");
    assert!(
        chance.iter().all(|p| !p.is_negative()),
        "probabilities are not negative"
    );
    let sum: num_rational::BigRational = chance.iter().map(Number::exact).sum();
    assert!(
        sum.is_one(),
        "probabilities add up to exactly one, not {sum}"
    );
}
