//! What never changes with payoffs or strategies, laid out for the rounds of a fit.

use crate::builder::small;
use crate::tree::{NONE, Tree};

/// Paths of a tree: what comes before each node of an information set, and what follows each action.
#[derive(Clone, Debug)]
pub(super) struct Layout {
    /// For each entry of [`Tree::members`], where the moves of other players before it begin in `earlier`; one entry more.
    first_earlier: Vec<u32>,
    earlier: Vec<u32>,
    /// For each entry of [`Tree::members`], the probability that chance plays its part on the way.
    pub(super) chance: Vec<f64>,
    pub(super) log_chance: Vec<f64>,
    /// For each action, where the leaves behind it begin in `behind`; one entry more.
    first_behind: Vec<u32>,
    behind: Vec<Behind>,
    later: Vec<u32>,
    /// For each node of an information set, its place in [`Tree::members`]; else [`NONE`].
    pub(super) place: Vec<u32>,
    /// For each leaf, the probability that chance plays its part on the way.
    pub(super) leaf_chance: Vec<f64>,
    /// For each leaf, where the moves on the way begin in `moves`; one entry more.
    first_move: Vec<u32>,
    moves: Vec<u32>,
}

/// A leaf behind an action.
#[derive(Clone, Copy, Debug)]
pub(super) struct Behind {
    pub(super) leaf: u32,
    /// Where the action is taken: a place in [`Tree::members`].
    pub(super) member: u32,
    /// Moves after the action, of all players.
    later: (u32, u32),
    /// Probability that chance plays its part after the action.
    pub(super) chance: f64,
}

impl Layout {
    pub(super) fn new(tree: &Tree) -> Self {
        let nodes = tree.parent.len();
        let mut layout = Self {
            first_earlier: vec![0],
            earlier: Vec::new(),
            chance: Vec::new(),
            log_chance: Vec::new(),
            first_behind: vec![0],
            behind: Vec::new(),
            later: Vec::new(),
            place: vec![NONE; nodes],
            leaf_chance: Vec::new(),
            first_move: vec![0],
            moves: Vec::new(),
        };
        for (place, &node) in (0_u32..).zip(&tree.members) {
            layout.place[node as usize] = place;
        }
        for &node in &tree.members {
            let player = tree.player[tree.set[node as usize] as usize];
            let mut chance = 1.0;
            let from = layout.earlier.len();
            let mut at = node;
            while at != 0 {
                let action = tree.action[at as usize];
                if action == NONE {
                    chance *= tree.chance[at as usize];
                } else if tree.player[tree.set_of[action as usize] as usize] != player {
                    layout.earlier.push(action);
                }
                at = tree.parent[at as usize];
            }
            layout.earlier[from..].reverse();
            layout.first_earlier.push(small(layout.earlier.len()));
            layout.chance.push(chance);
            layout.log_chance.push(libm::log(chance));
        }
        let mut behind: Vec<Vec<Behind>> = vec![Vec::new(); tree.actions()];
        for (leaf, &node) in (0_u32..).zip(&tree.leaves) {
            let mut chance = 1.0;
            let from = layout.later.len();
            let mut at = node;
            while at != 0 {
                let parent = tree.parent[at as usize];
                let action = tree.action[at as usize];
                if action == NONE {
                    chance *= tree.chance[at as usize];
                } else {
                    behind[action as usize].push(Behind {
                        leaf,
                        member: layout.place[parent as usize],
                        // Moves are listed last first: those so far come later.
                        later: (small(from), small(layout.later.len())),
                        chance,
                    });
                    layout.later.push(action);
                }
                at = parent;
            }
            layout.leaf_chance.push(chance);
            layout.moves.extend(layout.later[from..].iter().rev());
            layout.first_move.push(small(layout.moves.len()));
        }
        for leaves in behind {
            layout.behind.extend(leaves);
            layout.first_behind.push(small(layout.behind.len()));
        }
        layout
    }

    /// Takes the probabilities of `tree`, which is of the same shape.
    pub(super) fn set_chance(&mut self, tree: &Tree) {
        let since = |node: u32, before: u32| {
            let (mut at, mut chance) = (node, 1.0);
            while at != before {
                if tree.action[at as usize] == NONE {
                    chance *= tree.chance[at as usize];
                }
                at = tree.parent[at as usize];
            }
            chance
        };
        for (place, &node) in tree.members.iter().enumerate() {
            self.chance[place] = since(node, 0);
            self.log_chance[place] = libm::log(self.chance[place]);
        }
        for (chance, &node) in self.leaf_chance.iter_mut().zip(&tree.leaves) {
            *chance = since(node, 0);
        }
        for behind in &mut self.behind {
            let leaf = tree.leaves[behind.leaf as usize];
            behind.chance = since(leaf, tree.members[behind.member as usize]);
        }
    }

    /// The moves of other players before entry `member` of [`Tree::members`].
    pub(super) fn earlier(&self, member: usize) -> &[u32] {
        &self.earlier[self.first_earlier[member] as usize..self.first_earlier[member + 1] as usize]
    }

    /// The leaves behind `action`.
    pub(super) fn behind(&self, action: usize) -> &[Behind] {
        &self.behind[self.first_behind[action] as usize..self.first_behind[action + 1] as usize]
    }

    /// The moves after an action on the way to a leaf behind it.
    pub(super) fn later(&self, behind: &Behind) -> &[u32] {
        &self.later[behind.later.0 as usize..behind.later.1 as usize]
    }

    /// The moves on the way to a leaf.
    pub(super) fn moves(&self, leaf: usize) -> &[u32] {
        &self.moves[self.first_move[leaf] as usize..self.first_move[leaf + 1] as usize]
    }
}
