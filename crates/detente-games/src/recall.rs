//! Whether players remember what they knew and did.

use crate::game::{Game, Kind};

/// Whether players remember what they knew and did (Kuhn 1953).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recall {
    /// Every player remembers everything it knew and did.
    Perfect,
    /// At this information set a player has forgotten what it knew or did: two of its nodes differ in that.
    Imperfect {
        /// Index into [`Game::sets`].
        set: usize,
    },
    /// A play passes this information set twice.
    AbsentMinded {
        /// Index into [`Game::sets`].
        set: usize,
    },
}

impl std::fmt::Display for Recall {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Perfect => f.write_str("perfect recall"),
            Self::Imperfect { set } => write!(
                f,
                "at information set {set} a player has forgotten what it knew or did"
            ),
            Self::AbsentMinded { set } => {
                write!(f, "a play passes information set {set} twice")
            }
        }
    }
}

/// What needs perfect recall is refused with what was found instead.
impl std::error::Error for Recall {}

/// Whether the players of `game` have perfect recall; if not, the first information set that shows it. Information sets of one action
/// are no decisions: they may be passed twice, be forgotten, and hold nodes of different pasts.
pub fn recall(game: &Game) -> Recall {
    let players = game.players.len();
    let nodes = game.nodes();
    // For each node and player, the last action (game-wide number, from 1) that the player chose among several; 0 if none. Under perfect
    // recall it is the same at all nodes of an information set, and by induction so is the whole history.
    let mut last = vec![0_u32; nodes.len() * players];
    for (index, node) in nodes.iter().enumerate().skip(1) {
        let parent = node.parent as usize;
        let (before, here) = last.split_at_mut(index * players);
        here[..players].copy_from_slice(&before[parent * players..][..players]);
        if let Kind::Personal(set) = nodes[parent].kind
            && game.sets()[set as usize].actions.len() > 1
        {
            let set = &game.sets()[set as usize];
            here[set.player as usize] = 1 + set.first_action + node.branch;
        }
    }
    let mut found = Recall::Perfect;
    for (index, set) in game.sets().iter().enumerate() {
        let inside = |member: u32, other: u32| member < other && other < nodes[member as usize].end;
        // Where nothing can be chosen, nothing is forgotten that a plan would need.
        if set.actions.len() == 1 {
            continue;
        }
        // Members stand in preorder, so a node's first descendant in the set is the next member.
        if set.members.windows(2).any(|pair| inside(pair[0], pair[1])) {
            return Recall::AbsentMinded { set: index };
        }
        let player = set.player as usize;
        let known = |member: &u32| last[*member as usize * players + player];
        let mut all = set.members.iter().map(known);
        let first = all.next();
        if found == Recall::Perfect && all.any(|other| Some(other) != first) {
            found = Recall::Imperfect { set: index };
        }
    }
    found
}
