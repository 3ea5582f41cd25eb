//! A game without moves that nothing makes worth making.
//!
//! A move is left out if at every node of its information set another one pays its player more, whatever follows either; then others, given
//! that it is not made; and so on. No sequential equilibrium makes such a move, and each one of the smaller game is one of the whole game, on
//! the path and wherever moves that are left in lead: trembles towards what is left out may be taken as much smaller than all others, so that
//! no belief there changes. What only moves that are left out lead to has no answer in the smaller game.

use crate::assessment::Assessment;
use crate::builder::small;
use crate::logit::undominated;
use crate::tree::{NONE, Tree};

/// A smaller game and where its parts stand in the whole one.
#[derive(Clone, Debug)]
pub struct Reduced {
    /// The smaller game. Where one move is left to a player, it is made and nobody is asked.
    pub tree: Tree,
    /// For each action of the whole game, the one of the smaller game that it is, or [`NONE`].
    pub action: Vec<u32>,
    /// For each action of the whole game, is it left in?
    pub alive: Vec<bool>,
}

impl Reduced {
    /// Leaves out of `tree` what is dominated.
    pub fn new(tree: &Tree) -> Self {
        Self::of(tree, undominated(tree))
    }

    /// Leaves out the moves of `tree` that are not `alive`.
    ///
    /// # Panics
    /// If no move of some information set is left.
    pub fn of(tree: &Tree, alive: Vec<bool>) -> Self {
        let left = |set: usize| tree.actions_of(set).filter(|a| alive[*a]).count();
        let choice: Vec<bool> = (0..tree.sets()).map(|set| left(set) > 1).collect();
        assert!(
            (0..tree.sets()).all(|set| left(set) > 0),
            "a move is left everywhere"
        );
        let mut walk = Walk {
            whole: tree,
            alive: &alive,
            choice: &choice,
            small: Tree {
                players: tree.players,
                parent: Vec::new(),
                action: Vec::new(),
                chance: Vec::new(),
                set: Vec::new(),
                end: Vec::new(),
                leaves: Vec::new(),
                payoff: Vec::new(),
                player: Vec::new(),
                first_action: Vec::new(),
                set_of: Vec::new(),
                first_member: vec![0],
                members: Vec::new(),
            },
            leaf_of: vec![NONE; tree.parent.len()],
            set_of: vec![NONE; tree.sets()],
            action_of: vec![NONE; tree.actions()],
            members: Vec::new(),
        };
        for (leaf, node) in tree.leaves.iter().enumerate() {
            walk.leaf_of[*node as usize] = small(leaf);
        }
        walk.descend(0, 0, NONE, 1.0);
        let Walk {
            small: mut reduced,
            action_of,
            members,
            ..
        } = walk;
        for own in &members {
            reduced.members.extend(own);
            reduced.first_member.push(small(reduced.members.len()));
        }
        reduced.first_action.push(small(reduced.set_of.len()));
        Self {
            tree: reduced,
            action: action_of,
            alive,
        }
    }

    /// An answer of the smaller game as one of the whole game: moves that are left out are never made, and where nobody is asked the one that is
    /// left is. Nothing (NaN) of the moves that are left at information sets that only moves that are left out lead to; the tremble of a move that
    /// is left out is minus infinity.
    pub fn expand(&self, tree: &Tree, answer: &Assessment) -> Assessment {
        let mut strategy = vec![f64::NAN; tree.actions()];
        let mut tremble = vec![f64::NAN; tree.actions()];
        let reached = self.reached(tree);
        for (action, set) in tree.set_of.iter().enumerate() {
            let (p, log) = match self.action[action] {
                NONE if !self.alive[action] => (0.0, f64::NEG_INFINITY),
                _ if !reached[*set as usize] => continue,
                NONE => (1.0, 0.0),
                own => (answer.strategy[own as usize], answer.tremble[own as usize]),
            };
            (strategy[action], tremble[action]) = (p, log);
        }
        Assessment { strategy, tremble }
    }

    /// By information set of the whole game: do moves that are left in lead to it?
    fn reached(&self, tree: &Tree) -> Vec<bool> {
        let mut open = vec![true; tree.parent.len()];
        let mut reached = vec![false; tree.sets()];
        for node in 0..tree.parent.len() {
            if node > 0 {
                let action = tree.action[node];
                let made = action == NONE || self.alive[action as usize];
                open[node] = open[tree.parent[node] as usize] && made;
            }
            if open[node] && tree.set[node] != NONE {
                reached[tree.set[node] as usize] = true;
            }
        }
        reached
    }
}

/// What the smaller game is built with.
struct Walk<'a> {
    whole: &'a Tree,
    alive: &'a [bool],
    /// By information set: is more than one move left?
    choice: &'a [bool],
    small: Tree,
    leaf_of: Vec<u32>,
    set_of: Vec<u32>,
    action_of: Vec<u32>,
    members: Vec<Vec<u32>>,
}

impl Walk<'_> {
    /// Adds what follows a node: by which action of the smaller game, and with what chance, it is come to.
    fn descend(&mut self, node: usize, parent: u32, action: u32, chance: f64) {
        let whole = self.whole;
        let set = whole.set[node];
        if set != NONE && !self.choice[set as usize] {
            let mut children = whole.children(node);
            let made = children.find(|child| self.alive[whole.action[*child] as usize]);
            return self.descend(made.expect("a move is left"), parent, action, chance);
        }
        let here = small(self.small.parent.len());
        let reduced = &mut self.small;
        reduced.parent.push(if here == 0 { 0 } else { parent });
        reduced.action.push(action);
        reduced.chance.push(chance);
        reduced.set.push(NONE);
        reduced.end.push(0);
        let leaf = self.leaf_of[node];
        if leaf != NONE {
            reduced.leaves.push(here);
            let own = leaf as usize * whole.players;
            reduced
                .payoff
                .extend_from_slice(&whole.payoff[own..own + whole.players]);
        }
        if set != NONE {
            let own = self.set(set as usize);
            self.small.set[here as usize] = own;
            self.members[own as usize].push(here);
        }
        for child in whole.children(node) {
            let step = whole.action[child];
            if step == NONE {
                self.descend(child, here, NONE, whole.chance[child]);
            } else if self.alive[step as usize] {
                self.descend(child, here, self.action_of[step as usize], 1.0);
            }
        }
        self.small.end[here as usize] = small(self.small.parent.len());
    }

    /// The information set of the smaller game that one of the whole game is.
    fn set(&mut self, set: usize) -> u32 {
        if self.set_of[set] == NONE {
            let own = small(self.members.len());
            self.set_of[set] = own;
            self.members.push(Vec::new());
            let reduced = &mut self.small;
            reduced.player.push(self.whole.player[set]);
            reduced.first_action.push(small(reduced.set_of.len()));
            for action in self.whole.actions_of(set).filter(|a| self.alive[*a]) {
                self.action_of[action] = small(reduced.set_of.len());
                reduced.set_of.push(own);
            }
        }
        self.set_of[set]
    }
}

#[cfg(test)]
mod tests {
    use super::Reduced;
    use crate::{Builder, Number, Tolerance, Tree, certify, logit};

    /// An ultimatum with a silly answer and a silly offer: both go, and what is left is solved as the whole game is.
    #[test]
    fn what_nobody_does_is_left_out_and_the_answer_is_the_same() {
        let mut game = Builder::new("ultimatum", ["A", "B"]);
        let asks = game.set(0, "asks", ["little", "much", "nothing and pays for it"]);
        let asked = game.moves(game.root(), asks);
        for (place, mine) in asked.into_iter().zip([3, 6, -9]) {
            let answers = game.set(1, "answers", ["accept", "refuse", "burn"]);
            let [accepted, refused, burnt] = game.moves(place, answers)[..] else {
                unreachable!()
            };
            game.pay(accepted, [mine, 8 - mine].map(Number::from));
            game.pay(refused, [1.min(mine), 4].map(Number::from));
            game.pay(burnt, [-2, -2].map(Number::from));
        }
        let tree = Tree::new(&game.finish()).unwrap();
        let reduced = Reduced::new(&tree);
        // “nothing and pays for it” is worse than “little” only once burning is out: it pays 1 or less at best there.
        assert_eq!(tree.actions(), 12);
        assert!(reduced.tree.actions() < 4, "{}", reduced.tree.actions());
        let options = logit::Options::default();
        let whole = logit::limit(&tree, &options, &mut |_| true)
            .branches
            .remove(0);
        let part = logit::limit(&reduced.tree, &options, &mut |_| true)
            .branches
            .remove(0);
        let expanded = reduced.expand(&tree, &part.answer);
        for (a, b) in whole.answer.strategy.iter().zip(&expanded.strategy) {
            assert!(b.is_nan() || (a - b).abs() < 1e-6, "{a} {b}");
        }
        let certificate = certify(&reduced.tree, &part.answer, &Tolerance::default());
        assert!(certificate.is_sequential());
    }
}
