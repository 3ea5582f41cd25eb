//! A game as solvers and certificates walk it: flat arrays in preorder, in `f64`.

use num_rational::BigRational;

use crate::builder::small;
use crate::game::{Game, Kind};
use crate::number::{Number, to_f64};
use crate::recall::{Recall, recall};

/// "None of them", in arrays of indices.
pub const NONE: u32 = u32::MAX;

/// A game of perfect recall as flat arrays. Nodes stand in preorder; the root is node 0.
#[derive(Clone, Debug)]
pub struct Tree {
    /// Number of players.
    pub players: usize,
    /// For each node, the node before it; 0 for the root.
    pub parent: Vec<u32>,
    /// For each node, the game-wide action of a player that leads to it, or [`NONE`].
    pub action: Vec<u32>,
    /// For each node, the probability of the branch of chance that leads to it; 1 where chance did not move.
    pub chance: Vec<f64>,
    /// For each node, the information set that moves there, or [`NONE`] where chance moves or the play ends.
    pub set: Vec<u32>,
    /// For each node, one past its last descendant.
    pub end: Vec<u32>,
    /// The nodes at which plays end.
    pub leaves: Vec<u32>,
    /// What plays pay, summed over their path: `payoff[leaf * players + player]`, leaves in the order of [`Tree::leaves`].
    pub payoff: Vec<f64>,
    /// For each information set, its player.
    pub player: Vec<u32>,
    /// For each information set, its first game-wide action; one entry more, the number of actions.
    pub first_action: Vec<u32>,
    /// For each game-wide action, its information set.
    pub set_of: Vec<u32>,
    /// For each information set, where its nodes begin in [`Tree::members`]; one entry more.
    pub first_member: Vec<u32>,
    /// The nodes of information sets, set by set.
    pub members: Vec<u32>,
}

impl Tree {
    /// The arrays of `game`.
    ///
    /// # Errors
    /// If its players do not have perfect recall: behaviour strategies, beliefs and best responses are then no longer what a solver
    /// takes them for.
    pub fn new(game: &Game) -> Result<Self, Recall> {
        match recall(game) {
            Recall::Perfect => Ok(Self::of(game)),
            lacking => Err(lacking),
        }
    }

    /// Number of information sets.
    pub fn sets(&self) -> usize {
        self.player.len()
    }

    /// Number of game-wide actions: the length of a profile.
    pub fn actions(&self) -> usize {
        self.set_of.len()
    }

    /// The game-wide actions of information set `set`.
    pub fn actions_of(&self, set: usize) -> std::ops::Range<usize> {
        self.first_action[set] as usize..self.first_action[set + 1] as usize
    }

    /// The nodes of information set `set`.
    pub fn members_of(&self, set: usize) -> &[u32] {
        &self.members[self.first_member[set] as usize..self.first_member[set + 1] as usize]
    }

    /// The children of `node`, in the order of its actions.
    pub fn children(&self, node: usize) -> impl Iterator<Item = usize> + '_ {
        let end = self.end[node] as usize;
        let mut next = node + 1;
        std::iter::from_fn(move || {
            (next < end).then(|| {
                let child = next;
                next = self.end[child] as usize;
                child
            })
        })
    }

    /// For each player, the distance between the largest and the smallest payoff of a play that chance does not rule out. What a
    /// tolerance is a share of.
    pub fn payoff_range(&self) -> Vec<f64> {
        let mut possible = vec![true; self.parent.len()];
        for node in 1..self.parent.len() {
            possible[node] = possible[self.parent[node] as usize] && self.chance[node] > 0.0;
        }
        (0..self.players)
            .map(|player| {
                let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
                for (leaf, &node) in self.leaves.iter().enumerate() {
                    if possible[node as usize] {
                        let payoff = self.payoff[leaf * self.players + player];
                        low = low.min(payoff);
                        high = high.max(payoff);
                    }
                }
                high - low
            })
            .collect()
    }

    fn of(game: &Game) -> Self {
        let players = game.players.len();
        let nodes = game.nodes();
        let mut tree = Self {
            players,
            parent: nodes.iter().map(|node| node.parent).collect(),
            action: vec![NONE; nodes.len()],
            chance: vec![1.0; nodes.len()],
            set: vec![NONE; nodes.len()],
            end: nodes.iter().map(|node| node.end).collect(),
            leaves: Vec::new(),
            payoff: Vec::new(),
            player: game.sets().iter().map(|set| set.player).collect(),
            first_action: Vec::with_capacity(game.sets().len() + 1),
            set_of: Vec::with_capacity(game.actions()),
            first_member: vec![0],
            members: Vec::new(),
        };
        for (index, set) in game.sets().iter().enumerate() {
            tree.first_action.push(set.first_action);
            tree.set_of.extend(set.actions.iter().map(|_| small(index)));
            tree.members.extend(&set.members);
            tree.first_member.push(small(tree.members.len()));
        }
        tree.first_action.push(small(game.actions()));
        let mut paid = Paid::default();
        for (index, node) in nodes.iter().enumerate() {
            if index > 0 {
                match nodes[node.parent as usize].kind {
                    Kind::Chance(set) => {
                        tree.chance[index] =
                            game.chances()[set as usize].chance[node.branch as usize].value();
                    }
                    Kind::Personal(set) => {
                        tree.action[index] = game.sets()[set as usize].first_action + node.branch;
                    }
                    Kind::Terminal => unreachable!("nothing follows the end of a play"),
                }
            }
            paid.come_to(game, index);
            match node.kind {
                Kind::Personal(set) => tree.set[index] = set,
                Kind::Terminal => {
                    tree.leaves.push(small(index));
                    paid.add_to(game, players, &mut tree.payoff);
                }
                Kind::Chance(_) => {}
            }
        }
        tree
    }
}

/// What a play has paid on its way, summed exactly and rounded once: .1 and .2 make the same number as .3.
#[derive(Default)]
struct Paid {
    /// The outcomes on the way to the present node: where the subtree of each ends, its index, and from the second on the exact sums.
    open: Vec<(u32, usize, Vec<BigRational>)>,
}

impl Paid {
    /// Goes on to `node`, the next one in preorder.
    fn come_to(&mut self, game: &Game, node: usize) {
        while self
            .open
            .pop_if(|(end, ..)| *end as usize <= node)
            .is_some()
        {}
        let Some(outcome) = game.nodes()[node].outcome else {
            return;
        };
        let outcome = outcome as usize;
        let own = |at: usize| {
            let payoffs = game.outcomes()[at].payoffs.iter();
            payoffs.map(|payoff| payoff.exact().clone())
        };
        let sums = match self.open.last() {
            None => Vec::new(),
            Some((_, first, sums)) if sums.is_empty() => {
                own(*first).zip(own(outcome)).map(|(a, b)| a + b).collect()
            }
            Some((.., sums)) => sums.iter().zip(own(outcome)).map(|(a, b)| a + b).collect(),
        };
        self.open.push((game.nodes()[node].end, outcome, sums));
    }

    /// Appends a number for each player.
    fn add_to(&self, game: &Game, players: usize, payoff: &mut Vec<f64>) {
        match self.open.last() {
            None => payoff.extend(std::iter::repeat_n(0.0, players)),
            Some((_, only, sums)) if sums.is_empty() => {
                payoff.extend(game.outcomes()[*only].payoffs.iter().map(Number::value));
            }
            Some((.., sums)) => payoff.extend(sums.iter().map(to_f64)),
        }
    }
}
