//! What a certificate needs to know of a tree beyond its arrays.

use crate::builder::small;
use crate::tree::{NONE, Tree};

/// What never changes with an answer.
#[derive(Clone, Debug)]
pub(super) struct Shape {
    pub(super) players: usize,
    pub(super) nodes: usize,
    /// For each action, its player.
    pub(super) actor: Vec<u32>,
    /// For each leaf and player, the last action of that player before it, or [`NONE`].
    pub(super) last: Vec<u32>,
    /// For each information set, the action that its player took last before it, or [`NONE`].
    pub(super) before: Vec<u32>,
    /// The information sets, those that a player comes to later first.
    pub(super) order: Vec<u32>,
    /// For each node, the logarithm of [`Tree::chance`].
    pub(super) log_chance: Vec<f64>,
    /// For each leaf, whether chance lets a play come there.
    pub(super) possible: Vec<bool>,
}

impl Shape {
    /// The shape of `tree`.
    pub(super) fn new(tree: &Tree) -> Self {
        let (nodes, players) = (tree.parent.len(), tree.players);
        let actor: Vec<u32> = tree
            .set_of
            .iter()
            .map(|&set| tree.player[set as usize])
            .collect();
        // For each node and player, the player's last action, and how many it took.
        let mut own = vec![(NONE, 0_u32); nodes * players];
        let mut possible = vec![true; nodes];
        for node in 1..nodes {
            let parent = tree.parent[node] as usize;
            let (before, here) = own.split_at_mut(node * players);
            here[..players].copy_from_slice(&before[parent * players..][..players]);
            let action = tree.action[node];
            // What was no choice leaves no trace: sets of one action may be passed at any time.
            if action != NONE && tree.actions_of(tree.set_of[action as usize] as usize).len() > 1 {
                let last = &mut here[actor[action as usize] as usize];
                *last = (action, last.1 + 1);
            }
            possible[node] = possible[parent] && tree.chance[node] > 0.0;
        }
        let at_set = |set: usize| {
            // With perfect recall the same at all nodes of the set.
            tree.members_of(set).first().map_or((NONE, 0), |&node| {
                own[node as usize * players + tree.player[set] as usize]
            })
        };
        let mut order: Vec<u32> = (0..small(tree.sets())).collect();
        order.sort_by_key(|&set| std::cmp::Reverse(at_set(set as usize).1));
        order.retain(|&set| !tree.members_of(set as usize).is_empty());
        Self {
            players,
            nodes,
            last: tree
                .leaves
                .iter()
                .flat_map(|&leaf| &own[leaf as usize * players..][..players])
                .map(|&(action, _)| action)
                .collect(),
            before: (0..tree.sets()).map(|set| at_set(set).0).collect(),
            order,
            log_chance: tree.chance.iter().map(|&p| libm::log(p)).collect(),
            possible: tree
                .leaves
                .iter()
                .map(|&leaf| possible[leaf as usize])
                .collect(),
            actor,
        }
    }

    /// Takes the probabilities of `tree`, which is of the same shape.
    pub(super) fn set_chance(&mut self, tree: &Tree) {
        for (log, chance) in self.log_chance.iter_mut().zip(&tree.chance) {
            *log = libm::log(*chance);
        }
        for (possible, &leaf) in self.possible.iter_mut().zip(&tree.leaves) {
            let mut at = leaf as usize;
            *possible = true;
            while at != 0 {
                *possible &= tree.chance[at] > 0.0;
                at = tree.parent[at] as usize;
            }
        }
    }
}
