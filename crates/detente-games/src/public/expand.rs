//! A public tree as an ordinary tree, one copy for each pair of types, and profiles carried between the two.

use num_traits::Zero;

use super::flat::PublicTree;
use super::profile::VectorProfile;
use super::{Odds, PublicGame, PublicKind};
use crate::builder::{Builder, Place, Set};
use crate::game::Game;
use crate::number::Number;
use crate::tree::NONE;

/// A public game expanded to an ordinary one.
#[derive(Clone, Debug)]
pub struct Expansion {
    /// The game. Chance deals a pair of types first; its information sets stand in the order of public nodes, and at each in the
    /// order of the mover's types.
    pub game: Game,
    /// For each public node, where its information sets begin in `sets`; one entry more.
    first: Vec<u32>,
    /// For each move and type of the mover, its first game-wide action, or [`NONE`] if chance never lets that type be there.
    sets: Vec<u32>,
}

/// `game` with a copy of the public tree for each pair of types that occurs; branches of probability zero are left out. Numbers stay
/// exact. The size is that of the public tree times the pairs.
pub fn expand(game: &PublicGame) -> Expansion {
    let types = game.types();
    let mut builder = Builder::new(
        game.title.clone(),
        game.sides.each_ref().map(|side| &side.name),
    );
    // Sets are stated in order before the places, but only those that some pair reaches.
    let mut first = vec![0];
    let mut sets: Vec<Option<Set>> = Vec::new();
    let reached = reachable(game);
    for (index, node) in game.nodes.iter().enumerate() {
        if let PublicKind::Move {
            player,
            label,
            actions,
        } = &node.kind
        {
            for (of, name) in game.sides[*player].types.iter().enumerate() {
                let label = if label.is_empty() {
                    name.clone()
                } else {
                    format!("{name}, {label}")
                };
                sets.push(
                    reached[index][*player][of]
                        .then(|| builder.set(*player, label, actions.iter().cloned())),
                );
            }
        }
        first.push(crate::builder::small(sets.len()));
    }
    let pairs: Vec<[usize; 2]> = (0..types[0] * types[1])
        .map(|pair| [pair / types[1], pair % types[1]])
        .filter(|of| !game.prior.pair(types, *of).is_zero())
        .collect();
    let deals: Vec<(String, Number)> = pairs
        .iter()
        .map(|of| {
            let [a, b] = [0, 1].map(|player| &game.sides[player].types[of[player]]);
            (format!("{a}; {b}"), game.prior.pair(types, *of).into())
        })
        .collect();
    let root = builder.root();
    let dealt = builder.chance(root, "types", deals);
    for (of, place) in pairs.into_iter().zip(dealt) {
        copy(game, of, place, &mut builder, &first, &sets);
    }
    let game = builder.finish();
    let mut action = 0;
    let sets = sets
        .into_iter()
        .map(|set| match set {
            Some(_) => {
                action += 1;
                game.sets()[action - 1].first_action
            }
            None => NONE,
        })
        .collect();
    Expansion { game, first, sets }
}

/// The public tree below `place`, as the pair of types `of` meets it.
fn copy(
    game: &PublicGame,
    of: [usize; 2],
    place: Place,
    builder: &mut Builder,
    first: &[u32],
    sets: &[Option<Set>],
) {
    let mut open = vec![(0_usize, place)];
    while let Some((index, place)) = open.pop() {
        match &game.nodes[index].kind {
            PublicKind::Move { player, .. } => {
                let set = sets[first[index] as usize + of[*player]].expect("a pair reaches it");
                let next = game.children(index).zip(builder.moves(place, set));
                let next: Vec<_> = next.collect();
                open.extend(next.into_iter().rev());
            }
            PublicKind::Chance {
                label,
                actions,
                odds,
            } => {
                let branches: Vec<(usize, &str, Number)> = game
                    .children(index)
                    .zip(actions)
                    .enumerate()
                    .map(|(branch, (child, name))| {
                        (child, &**name, game.odds(odds, branch, of).clone())
                    })
                    .filter(|(_, _, chance)| !chance.is_zero())
                    .collect();
                let children: Vec<usize> = branches.iter().map(|(child, _, _)| *child).collect();
                let lottery = branches.into_iter().map(|(_, name, p)| (name, p));
                let places = builder.chance(place, label.clone(), lottery);
                open.extend(children.into_iter().zip(places).rev());
            }
            PublicKind::End(pays) => {
                let paid = pays.each_ref().map(|pay| Number::from(game.paid(pay, of)));
                builder.pay(place, paid);
            }
        }
    }
}

/// For each public node and player, which of its types can be there as far as chance goes.
fn reachable(game: &PublicGame) -> Vec<[Vec<bool>; 2]> {
    let types = game.types();
    let all = (0..types[0] * types[1]).map(|pair| {
        !game
            .prior
            .pair(types, [pair / types[1], pair % types[1]])
            .is_zero()
    });
    let mut pairs: Vec<std::rc::Rc<Vec<bool>>> = Vec::with_capacity(game.nodes.len());
    for (index, node) in game.nodes.iter().enumerate() {
        if index == 0 {
            pairs.push(std::rc::Rc::new(all.clone().collect()));
            continue;
        }
        let before = &pairs[node.parent as usize];
        let here = match &game.nodes[node.parent as usize].kind {
            PublicKind::Chance { odds, .. } => std::rc::Rc::new(
                (0..before.len())
                    .map(|pair| {
                        let of = [pair / types[1], pair % types[1]];
                        before[pair] && !game.odds(odds, node.branch as usize, of).is_zero()
                    })
                    .collect(),
            ),
            _ => before.clone(),
        };
        pairs.push(here);
    }
    pairs
        .iter()
        .map(|pairs| {
            let mut known = types.map(|count| vec![false; count]);
            for (pair, _) in pairs.iter().enumerate().filter(|(_, there)| **there) {
                known[0][pair / types[1]] = true;
                known[1][pair % types[1]] = true;
            }
            known
        })
        .collect()
}

impl PublicGame {
    /// The probability of a branch of chance for a pair of types.
    pub(crate) fn odds<'a>(&'a self, odds: &'a Odds, branch: usize, of: [usize; 2]) -> &'a Number {
        match odds {
            Odds::Common(numbers) => &numbers[branch],
            Odds::ByPair(tables) => {
                &self.pairs(tables[branch])[of[0] * self.sides[1].types.len() + of[1]]
            }
        }
    }
}

impl Expansion {
    /// The first game-wide action of a type at a move of the public tree; `None` if chance never lets that type be there.
    pub fn first_action(&self, node: usize, of: usize) -> Option<usize> {
        let first = self.sets[self.first[node] as usize + of];
        (first != NONE).then_some(first as usize)
    }

    /// `profile` as a vector over game-wide actions of the expanded game.
    pub fn to_actions(&self, tree: &PublicTree, profile: &VectorProfile) -> Vec<f64> {
        let mut all = vec![0.0; self.game.actions()];
        self.each(tree, |action, node, of, branch| {
            all[action] = profile.get(tree, node, of, branch);
        });
        all
    }

    /// A vector over game-wide actions of the expanded game, with a type's vector at each public node.
    pub fn to_vectors(&self, tree: &PublicTree, actions: &[f64]) -> VectorProfile {
        let mut profile = VectorProfile::uniform(tree);
        self.each(tree, |action, node, of, branch| {
            profile.set(tree, node, of, branch, actions[action]);
        });
        profile
    }

    fn each(&self, tree: &PublicTree, mut at: impl FnMut(usize, usize, usize, usize)) {
        for (node, player, count) in tree.moves() {
            for of in 0..tree.types()[player] {
                if let Some(first) = self.first_action(node, of) {
                    for branch in 0..count {
                        at(first + branch, node, of, branch);
                    }
                }
            }
        }
    }
}
