//! The public tree of a game that was read as an ordinary one.
//!
//! Chance deals first; every deal then leads to the same tree of moves, in which each player tells apart nothing of the deal but a type
//! of its own, the same one at all of its moves. The copies of the tree are walked in step, and what differs between them becomes
//! vectors over types: the other way round from [`super::expand`].

use std::collections::HashMap;

use num_rational::BigRational;

use super::align::{Branches, align};
use super::flat::PublicTree;
use super::pays::{Deals, Tables};
use super::profile::VectorProfile;
use super::{Prior, PublicBuilder, PublicGame, PublicPlace};
use crate::builder::small;
use crate::game::{Game, Kind};
use crate::number::Number;
use crate::tree::NONE;

/// A game in vector form, and where its actions stand in the game that it was found in.
#[derive(Clone, Debug)]
pub struct VectorForm {
    /// The game.
    pub game: PublicGame,
    /// For each public node, where its information sets begin in `sets`; one entry more.
    first: Vec<u32>,
    /// For each move and type of the mover, the first game-wide action, or [`NONE`] if chance never lets that type be there.
    sets: Vec<u32>,
    /// Game-wide actions.
    actions: usize,
}

/// Why no public tree was found. Nodes and sets are indices into [`Game::nodes`] and [`Game::sets`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotPublic {
    /// So many players, not two.
    Players(usize),
    /// At this node the tree of one deal goes on otherwise than that of another.
    Differs {
        /// The node.
        node: usize,
    },
    /// Nodes of this information set stand at different places of the public tree: a move was not seen.
    Unseen {
        /// The information set.
        set: usize,
    },
    /// At this information set its player knows more, or less, of the deal than at another: types do not stay the same.
    Learns {
        /// The information set.
        set: usize,
    },
    /// At this move of chance the odds depend on more than the types of the players.
    Odds {
        /// The node.
        node: usize,
    },
    /// Chance never lets play come to this information set.
    Impossible {
        /// The information set.
        set: usize,
    },
    /// Most pairs of types never occur together, so that vectors would be mostly empty.
    Sparse,
}

impl std::error::Error for NotPublic {}

impl std::fmt::Display for NotPublic {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Players(count) => write!(f, "{count} players, not two"),
            Self::Differs { node } => {
                write!(f, "at node {node} the trees of two deals differ")
            }
            Self::Unseen { set } => {
                write!(f, "a move before information set {set} is not seen by all")
            }
            Self::Learns { set } => write!(
                f,
                "at information set {set} its player knows more or less of the deal than elsewhere"
            ),
            Self::Odds { node } => write!(
                f,
                "at node {node} the odds of chance depend on more than the players' types"
            ),
            Self::Impossible { set } => {
                write!(f, "chance never lets play come to information set {set}")
            }
            Self::Sparse => f.write_str("most pairs of types never occur together"),
        }
    }
}

/// Pairs of types per deal at most: beyond it vectors are mostly empty.
const SPARSE: usize = 4;

/// The public tree of `game`, if it has one. Exact: [`super::expand`] of it pays what `game` pays, to every profile.
///
/// # Errors
/// Why it has none.
///
/// ```
/// use detente_games::{families, public};
///
/// let form = public::find(&families::crisis(4, 3)).expect("a public tree");
/// assert_eq!(form.game.types(), [4, 4]);
/// // A threat, an answer, an end: 1 + 3 (1 + 1 + 1 + 2) nodes, where the tree has 1 + 16 (1 + 5 * 3).
/// assert_eq!(form.game.nodes().len(), 16);
/// ```
pub fn find(game: &Game) -> Result<VectorForm, NotPublic> {
    if game.players.len() != 2 {
        return Err(NotPublic::Players(game.players.len()));
    }
    let walk = Walk::of(game)?;
    let types = walk.types()?;
    let deals = Deals::new(&walk.deals, &types)
        .filter(|deals| deals.pairs() <= SPARSE * walk.deals.len())
        .ok_or(NotPublic::Sparse)?;
    walk.build(&deals)
}

impl VectorForm {
    /// `profile` as a vector over the game-wide actions of the game that this was found in.
    pub fn to_actions(&self, tree: &PublicTree, profile: &VectorProfile) -> Vec<f64> {
        let mut all = vec![0.0; self.actions];
        self.each(tree, |action, node, of, branch| {
            all[action] = profile.get(tree, node, of, branch);
        });
        all
    }

    /// A vector over its game-wide actions, with a type's vector at each public node.
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
                let first = self.sets[self.first[node] as usize + of];
                if first != NONE {
                    for branch in 0..count {
                        at(first as usize + branch, node, of, branch);
                    }
                }
            }
        }
    }
}

/// A copy of a public node.
#[derive(Clone, Copy, Debug)]
pub(super) struct Instance {
    pub(super) deal: u32,
    pub(super) node: u32,
    /// What was paid on the way: an entry of [`Walk::paid`], or [`NONE`].
    pub(super) paid: u32,
}

/// What happens at a public node.
enum Step {
    /// The information set of each copy.
    Move {
        player: u32,
        sets: Vec<(u32, u32)>,
    },
    Chance(Branches),
    /// What each deal pays.
    End(Vec<(u32, Vec<Number>)>),
}

/// The copies of the tree, walked in step.
struct Walk<'a> {
    game: &'a Game,
    /// The probability of each deal, above zero.
    deals: Vec<BigRational>,
    /// The public tree, in preorder: what happens, and the node and branch before.
    steps: Vec<(Step, usize, usize)>,
    /// For each information set, the public node at which it stands.
    place: Vec<u32>,
    /// Lists of outcomes paid: the entry before, and the outcome.
    paid: Vec<(u32, u32)>,
}

impl<'a> Walk<'a> {
    fn of(game: &'a Game) -> Result<Self, NotPublic> {
        let mut walk = Self {
            game,
            deals: Vec::new(),
            steps: Vec::new(),
            place: vec![NONE; game.sets.len()],
            paid: Vec::new(),
        };
        let copies = walk.deal();
        let mut open = vec![(copies, 0, 0)];
        while let Some((copies, parent, branch)) = open.pop() {
            let index = walk.steps.len();
            let (step, children) = walk.step(copies, index)?;
            walk.steps.push((step, parent, branch));
            for (branch, children) in children.into_iter().enumerate().rev() {
                open.push((children, index, branch));
            }
        }
        match walk.place.iter().position(|place| *place == NONE) {
            Some(set) => Err(NotPublic::Impossible { set }),
            None => Ok(walk),
        }
    }

    /// Follows the first moves of chance; the first node behind them for each deal.
    fn deal(&mut self) -> Vec<Instance> {
        let mut copies = Vec::new();
        let one = Number::from(1).exact().clone();
        let mut open = vec![(0_usize, one, NONE)];
        while let Some((node, chance, paid)) = open.pop() {
            let Kind::Chance(set) = self.game.nodes[node].kind else {
                copies.push(Instance {
                    deal: small(self.deals.len()),
                    node: small(node),
                    paid,
                });
                self.deals.push(chance);
                continue;
            };
            let paid = self.pay(node, paid);
            let odds = &self.game.chances[set as usize].chance;
            let children: Vec<usize> = self.game.children(node).collect();
            for (child, odds) in children.into_iter().zip(odds).rev() {
                if !odds.is_zero() {
                    open.push((child, &chance * odds.exact(), paid));
                }
            }
        }
        copies
    }

    /// `paid` and what is paid at `node`.
    fn pay(&mut self, node: usize, paid: u32) -> u32 {
        match self.game.nodes[node].outcome {
            Some(outcome) => {
                self.paid.push((paid, outcome));
                small(self.paid.len() - 1)
            }
            None => paid,
        }
    }

    /// What happens at the public node `index`, whose copies are `copies`, and the copies that follow each branch.
    fn step(
        &mut self,
        mut copies: Vec<Instance>,
        index: usize,
    ) -> Result<(Step, Vec<Vec<Instance>>), NotPublic> {
        for copy in &mut copies {
            copy.paid = self.pay(copy.node as usize, copy.paid);
        }
        let nodes = &self.game.nodes;
        let kind = |copy: &Instance| nodes[copy.node as usize].kind;
        match kind(&copies[0]) {
            Kind::Terminal => {
                let paid = copies.iter().map(|copy| match kind(copy) {
                    Kind::Terminal => Ok((copy.deal, self.sum(copy.paid))),
                    _ => Err(differs(copy)),
                });
                let paid: Result<Vec<_>, _> = paid.collect();
                Ok((Step::End(paid?), Vec::new()))
            }
            Kind::Personal(first) => {
                let first = &self.game.sets[first as usize];
                let mut sets = Vec::with_capacity(copies.len());
                let mut next = vec![Vec::with_capacity(copies.len()); first.actions.len()];
                for copy in &copies {
                    let Kind::Personal(set) = kind(copy) else {
                        return Err(differs(copy));
                    };
                    let info = &self.game.sets[set as usize];
                    if info.player != first.player || info.actions.len() != first.actions.len() {
                        return Err(differs(copy));
                    }
                    let place = &mut self.place[set as usize];
                    if *place != NONE && *place as usize != index {
                        return Err(NotPublic::Unseen { set: set as usize });
                    }
                    *place = small(index);
                    sets.push((copy.deal, set));
                    let children = self.game.children(copy.node as usize);
                    for (next, child) in next.iter_mut().zip(children) {
                        next.push(Instance {
                            node: small(child),
                            ..*copy
                        });
                    }
                }
                let player = first.player;
                Ok((Step::Move { player, sets }, next))
            }
            Kind::Chance(_) => {
                let (branches, next) = align(self.game, &copies)?;
                Ok((Step::Chance(branches), next))
            }
        }
    }

    /// What a list of outcomes pays each player.
    fn sum(&self, paid: u32) -> Vec<Number> {
        if paid == NONE {
            return vec![Number::from(0); 2];
        }
        let (mut before, outcome) = self.paid[paid as usize];
        let outcomes = &self.game.outcomes;
        let mut sums = outcomes[outcome as usize].payoffs.clone();
        while before != NONE {
            let (earlier, outcome) = self.paid[before as usize];
            for (sum, more) in sums.iter_mut().zip(&outcomes[outcome as usize].payoffs) {
                *sum = Number::from(sum.exact() + more.exact());
            }
            before = earlier;
        }
        sums
    }

    /// For each player, the type of each deal, numbered in the order of deals.
    fn types(&self) -> Result<[Vec<u32>; 2], NotPublic> {
        // Deals that share an information set somewhere are one type.
        let mut same = [0, 1].map(|_| (0..self.deals.len()).collect::<Vec<usize>>());
        let mut moves = [false; 2];
        for (step, ..) in &self.steps {
            let Step::Move { player, sets } = step else {
                continue;
            };
            moves[*player as usize] = true;
            let mut with: HashMap<u32, usize> = HashMap::new();
            for &(deal, set) in sets {
                let deal = deal as usize;
                let first = *with.entry(set).or_insert(deal);
                join(&mut same[*player as usize], first, deal);
            }
        }
        let types = [0, 1].map(|player| {
            if !moves[player] {
                return vec![0; self.deals.len()];
            }
            let mut numbers: HashMap<usize, u32> = HashMap::new();
            (0..self.deals.len())
                .map(|deal| {
                    let next = small(numbers.len());
                    *numbers.entry(root(&mut same[player], deal)).or_insert(next)
                })
                .collect::<Vec<u32>>()
        });
        for (step, ..) in &self.steps {
            let Step::Move { player, sets } = step else {
                continue;
            };
            let mut knows: HashMap<u32, u32> = HashMap::new();
            for &(deal, set) in sets {
                let kind = types[*player as usize][deal as usize];
                if *knows.entry(kind).or_insert(set) != set {
                    return Err(NotPublic::Learns { set: set as usize });
                }
            }
        }
        Ok(types)
    }

    fn build(self, deals: &Deals) -> Result<VectorForm, NotPublic> {
        let game = self.game;
        let types = deals.types;
        let sides = [0, 1].map(|player: usize| {
            let names: Vec<String> = (1..=types[player]).map(|of| format!("type {of}")).collect();
            (game.players[player].clone(), names)
        });
        let prior: Prior = deals.prior();
        let mut builder = PublicBuilder::new(game.title.clone(), sides, prior)
            .expect("types of deals that occur");
        let mut tables = Tables::default();
        let mut form = (vec![0], Vec::new());
        let mut places: Vec<Vec<PublicPlace>> = Vec::with_capacity(self.steps.len());
        for (index, (step, parent, branch)) in self.steps.into_iter().enumerate() {
            let place = match index {
                0 => builder.root(),
                _ => places[parent][branch],
            };
            let next = match step {
                Step::Move { player, sets } => {
                    let player = player as usize;
                    let mut own = vec![NONE; types[player]];
                    for (deal, set) in &sets {
                        own[deals.of(*deal)[player]] = game.sets[*set as usize].first_action;
                    }
                    form.1.extend(own);
                    let first = &game.sets[sets[0].1 as usize];
                    builder.moves(place, player, "", first.actions.iter().cloned())
                }
                Step::Chance(branches) => {
                    let odds = branches.odds(deals, &mut builder)?;
                    builder.chance(place, "", branches.labels, odds)
                }
                Step::End(paid) => {
                    let pays = tables.pays(deals, &paid, &mut builder);
                    builder.end(place, pays);
                    Vec::new()
                }
            };
            form.0.push(small(form.1.len()));
            places.push(next);
        }
        let public = builder
            .finish()
            .expect("every place is filled and odds are lotteries");
        Ok(VectorForm {
            game: public,
            first: form.0,
            sets: form.1,
            actions: game.actions(),
        })
    }
}

fn differs(copy: &Instance) -> NotPublic {
    NotPublic::Differs {
        node: copy.node as usize,
    }
}

/// The root of `at` in a forest of parents.
fn root(parents: &mut [usize], mut at: usize) -> usize {
    while parents[at] != at {
        parents[at] = parents[parents[at]];
        at = parents[at];
    }
    at
}

fn join(parents: &mut [usize], one: usize, other: usize) {
    let (one, other) = (root(parents, one), root(parents, other));
    // The smaller index is the root.
    parents[one.max(other)] = one.min(other);
}
