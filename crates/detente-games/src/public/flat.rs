//! A public game as solvers walk it: flat arrays in preorder, type vectors in whole lanes, in `f64`.

use std::collections::BTreeMap;
use std::ops::Range;

use num_rational::BigRational;
use num_traits::Zero;

use super::{Odds, Pay, Prior, PublicGame, PublicKind, Table};
use crate::builder::small;
use crate::number::to_f64;
use crate::tree::NONE;

/// Types per lane. Vectors over types are filled up to whole lanes with types that are never dealt, so that loops over them have no
/// remainder and compile to vector instructions.
pub(super) const LANES: usize = 4;
pub(super) type Lane = [f64; LANES];

/// Up to so many entries, a correlated prior is multiplied into the matrix of every end: one product instead of two, and little
/// memory. Beyond, ends share the matrix of the prior.
const SMALL_MATRIX: usize = 1024;

/// A [`PublicGame`] as flat arrays.
#[derive(Clone, Debug)]
pub struct PublicTree {
    pub(super) types: [usize; 2],
    /// Lanes of a vector over each player's types.
    pub(super) wide: [usize; 2],
    pub(super) nodes: Vec<FlatNode>,
    /// For each end, how each player's values come about.
    pub(super) ends: Vec<[Form; 2]>,
    /// Vectors and matrices of the ends.
    pub(super) pool: Vec<Lane>,
    /// For each player, what its types' reach is before the first move: the prior if types are independent, else one.
    pub(super) dealt: [Vec<Lane>; 2],
    /// For each player, what the value of each type counts for in the player's payoff: the prior if types are independent, else one,
    /// because ends then hold the prior already.
    pub(super) counts: [Vec<Lane>; 2],
    /// For each player, the lanes of an array over its actions.
    pub(super) size: [usize; 2],
    /// For each player, the lanes of an array with a vector for each of its moves.
    pub(super) vectors: [usize; 2],
    /// Levels of the tree.
    pub(super) depth: usize,
    /// For each player, one more than the moves it has on any path.
    pub(super) levels: [usize; 2],
    /// For each player, the distance between its largest and smallest payoff.
    pub(super) range: [f64; 2],
}

/// Who moves at a node: 0, 1, or one of these.
pub(super) const CHANCE: u8 = 2;
pub(super) const END: u8 = 3;

#[derive(Clone, Debug)]
pub(super) struct FlatNode {
    /// Its place in preorder.
    pub(super) index: u32,
    pub(super) parent: u32,
    pub(super) branch: u32,
    pub(super) end: u32,
    pub(super) depth: u32,
    /// Moves of each player before this node.
    pub(super) before: [u32; 2],
    pub(super) kind: u8,
    /// Actions of a move.
    pub(super) count: u32,
    /// Of a move, where its block begins in arrays over the mover's actions; of an end, its index.
    pub(super) first: u32,
    /// Of a move, where its vector over the mover's types stands in an array with one for each of its moves.
    pub(super) vector: u32,
    /// Probability of the public moves of chance on the way whose odds do not depend on types.
    pub(super) chance: f64,
    /// Matrices of the prior and type-dependent odds on the way, for each player; [`NONE`] if types are independent here.
    pub(super) weight: [u32; 2],
}

impl FlatNode {
    pub(super) fn player(&self) -> usize {
        usize::from(self.kind)
    }

    /// The mover's block in arrays over its actions.
    pub(super) fn block(&self, wide: usize) -> Range<usize> {
        let first = self.first as usize;
        first..first + self.count as usize * wide
    }

    /// Its vector in arrays with one for each of the mover's moves.
    pub(super) fn vector(&self, wide: usize) -> Range<usize> {
        let first = self.vector as usize;
        first..first + wide
    }

    pub(super) fn depth(&self) -> usize {
        self.depth as usize
    }
}

/// How the values of a player's types at an end come from the reach of the other's.
#[derive(Clone, Copy, Debug)]
pub(super) enum Form {
    /// Independent types; the payoff is a constant, a vector over own types and one over the other's: value of type i is
    /// `scale * ((constant + own[i]) * sum of reach + sum of other[j] * reach[j])`.
    Apart {
        scale: f64,
        constant: f64,
        own: u32,
        other: u32,
    },
    /// The same under a matrix of weights between own and the other's types.
    Joint {
        scale: f64,
        constant: f64,
        own: u32,
        other: u32,
        weight: u32,
    },
    /// Everything in one matrix: a row over own types for each type of the other.
    Matrix { matrix: u32 },
}

impl PublicTree {
    /// The arrays of `game`.
    pub fn new(game: &PublicGame) -> Self {
        let types = game.types();
        let wide = types.map(|count| count.div_ceil(LANES));
        let flat = Flattening {
            game,
            tree: Self {
                types,
                wide,
                nodes: Vec::with_capacity(game.nodes.len()),
                ends: Vec::new(),
                pool: Vec::new(),
                dealt: [Vec::new(), Vec::new()],
                counts: [Vec::new(), Vec::new()],
                size: [0, 0],
                vectors: [0, 0],
                depth: 0,
                levels: [1, 1],
                range: [0.0, 0.0],
            },
            weights: Vec::new(),
            vectors: BTreeMap::new(),
            lowest: [f64::INFINITY; 2],
            highest: [f64::NEG_INFINITY; 2],
        };
        flat.run()
    }

    /// How many types each player has.
    pub fn types(&self) -> [usize; 2] {
        self.types
    }

    /// Actions over all information sets: the length of a profile.
    pub fn actions(&self) -> usize {
        self.moves()
            .map(|(_, player, count)| count * self.types[player])
            .sum()
    }

    /// For each move: the public node, the mover, how many actions it has.
    pub fn moves(&self) -> impl Iterator<Item = (usize, usize, usize)> + '_ {
        self.nodes
            .iter()
            .enumerate()
            .filter(|(_, node)| node.player() < 2)
            .map(|(index, node)| (index, node.player(), node.count as usize))
    }

    /// For each player, the distance between its largest and smallest payoff over ends and pairs of types (an upper bound where
    /// chance rules pairs out). What a tolerance is a share of.
    pub fn payoff_range(&self) -> [f64; 2] {
        self.range
    }

    /// Where an action of a type stands: the mover, and the lane in its arrays.
    pub(super) fn place(&self, node: usize, of: usize, branch: usize) -> (usize, usize) {
        let flat = &self.nodes[node];
        let player = flat.player();
        assert!(
            player < 2 && of < self.types[player] && branch < flat.count as usize,
            "an action of a type at a move"
        );
        let lane = flat.first as usize + branch * self.wide[player] + of / LANES;
        (player, lane)
    }

    pub(super) fn vector(&self, at: u32, wide: usize) -> &[Lane] {
        &self.pool[at as usize..at as usize + wide]
    }
}

struct Flattening<'a> {
    game: &'a PublicGame,
    tree: PublicTree,
    /// Joint weights met so far, over pairs of types.
    weights: Vec<(Vec<f64>, [u32; 2])>,
    /// Sums of tables that stand in the pool already.
    vectors: BTreeMap<Vec<(BigRational, usize)>, u32>,
    lowest: [f64; 2],
    highest: [f64; 2],
}

impl Flattening<'_> {
    fn run(mut self) -> PublicTree {
        let types = self.tree.types;
        let ones = types.map(|count| vec![1.0; count]);
        let mut weight_of = vec![NONE; self.game.nodes.len()];
        match &self.game.prior {
            Prior::Independent(sides) => {
                for player in 0..2 {
                    let prior: Vec<f64> = sides[player].iter().map(crate::Number::value).collect();
                    self.tree.dealt[player] = lanes(&prior);
                    self.tree.counts[player] = lanes(&prior);
                }
            }
            Prior::Joint(pairs) => {
                for player in 0..2 {
                    self.tree.dealt[player] = lanes(&ones[player]);
                    self.tree.counts[player] = lanes(&ones[player]);
                }
                let pairs = pairs.iter().map(crate::Number::value).collect();
                weight_of[0] = self.weight(pairs);
            }
        }
        if weight_of[0] == NONE && self.typed_odds() {
            // Values of types must be comparable over the whole tree, so the prior goes into the weights from the root on.
            let Prior::Independent(sides) = &self.game.prior else {
                unreachable!("no weight at the root")
            };
            let pairs = sides[0]
                .iter()
                .flat_map(|a| sides[1].iter().map(move |b| a.value() * b.value()))
                .collect();
            for player in 0..2 {
                self.tree.dealt[player] = lanes(&ones[player]);
                self.tree.counts[player] = lanes(&ones[player]);
            }
            weight_of[0] = self.weight(pairs);
        }
        for index in 0..self.game.nodes.len() {
            self.node(index, &mut weight_of);
        }
        for player in 0..2 {
            self.tree.range[player] = (self.highest[player] - self.lowest[player]).max(0.0);
        }
        self.tree
    }

    fn typed_odds(&self) -> bool {
        self.game.nodes.iter().any(|node| {
            matches!(
                &node.kind,
                PublicKind::Chance {
                    odds: Odds::ByPair(_),
                    ..
                }
            )
        })
    }

    fn node(&mut self, index: usize, weight_of: &mut [u32]) {
        let node = &self.game.nodes[index];
        let (mut chance, mut depth, mut before) = (1.0, 0, [0, 0]);
        if index > 0 {
            let parent = node.parent as usize;
            let above = &self.tree.nodes[parent];
            (chance, depth, before) = (above.chance, above.depth + 1, above.before);
            if above.player() < 2 {
                before[above.player()] += 1;
            }
            weight_of[index] = weight_of[parent];
            if let PublicKind::Chance { odds, .. } = &self.game.nodes[parent].kind {
                match odds {
                    Odds::Common(numbers) => chance *= numbers[node.branch as usize].value(),
                    Odds::ByPair(tables) => {
                        let odds = self.game.pairs(tables[node.branch as usize]);
                        let (weight, _) = &self.weights[weight_of[parent] as usize];
                        let pairs = weight
                            .iter()
                            .zip(odds)
                            .map(|(w, p)| w * p.value())
                            .collect();
                        weight_of[index] = self.weight(pairs);
                    }
                }
            }
        }
        let weight = match weight_of[index] {
            NONE => [NONE; 2],
            at => self.weights[at as usize].1,
        };
        let mut vector = 0;
        let (kind, count, first) = match &node.kind {
            PublicKind::Move {
                player, actions, ..
            } => {
                let first = self.tree.size[*player];
                self.tree.size[*player] += actions.len() * self.tree.wide[*player];
                vector = self.tree.vectors[*player];
                self.tree.vectors[*player] += self.tree.wide[*player];
                self.tree.levels[*player] =
                    self.tree.levels[*player].max(before[*player] as usize + 2);
                (u8::from(*player == 1), actions.len(), first)
            }
            PublicKind::Chance { actions, .. } => (CHANCE, actions.len(), 0),
            PublicKind::End(pays) => {
                let forms =
                    [0, 1].map(|player| self.form(&pays[player], player, chance, weight_of[index]));
                self.tree.ends.push(forms);
                (END, 0, self.tree.ends.len() - 1)
            }
        };
        self.tree.depth = self.tree.depth.max(depth as usize + 1);
        self.tree.nodes.push(FlatNode {
            index: small(index),
            parent: node.parent,
            branch: node.branch,
            end: node.end,
            depth,
            before,
            kind,
            count: small(count),
            first: small(first),
            vector: small(vector),
            chance,
            weight,
        });
    }

    fn form(&mut self, pay: &Pay, player: usize, scale: f64, weight: u32) -> Form {
        let types = self.tree.types;
        let over = |table: usize| match &self.game.tables[table] {
            Table::OfType { player, .. } => Some(*player),
            Table::OfPair(_) => None,
        };
        let mut own = Vec::new();
        let mut other = Vec::new();
        let mut pairs = false;
        for (factor, table) in &pay.terms {
            match over(table.0) {
                Some(of) if of == player => own.push((factor.exact().clone(), table.0)),
                Some(_) => other.push((factor.exact().clone(), table.0)),
                None => pairs = true,
            }
        }
        let constant = pay.constant.value();
        if pairs || (weight != NONE && types[0] * types[1] <= SMALL_MATRIX) {
            let (rows, columns) = (types[1 - player], types[player]);
            let mut matrix = Vec::with_capacity(rows * self.tree.wide[player]);
            for row in 0..rows {
                let values: Vec<f64> = (0..columns)
                    .map(|column| {
                        let mut of = [row; 2];
                        of[player] = column;
                        of[1 - player] = row;
                        let paid = to_f64(&self.game.paid(pay, of));
                        self.seen(player, paid, paid);
                        let pair = of[0] * types[1] + of[1];
                        let weight = match weight {
                            NONE => 1.0,
                            at => self.weights[at as usize].0[pair],
                        };
                        scale * weight * paid
                    })
                    .collect();
                matrix.extend(lanes(&values));
            }
            let matrix = self.pooled(matrix);
            return Form::Matrix { matrix };
        }
        let (own, own_ends) = self.combined(own, player);
        let (other, other_ends) = self.combined(other, 1 - player);
        self.seen(
            player,
            constant + own_ends.0 + other_ends.0,
            constant + own_ends.1 + other_ends.1,
        );
        if weight == NONE {
            Form::Apart {
                scale,
                constant,
                own,
                other,
            }
        } else {
            Form::Joint {
                scale,
                constant,
                own,
                other,
                weight: self.weights[weight as usize].1[player],
            }
        }
    }

    fn seen(&mut self, player: usize, low: f64, high: f64) {
        self.lowest[player] = self.lowest[player].min(low);
        self.highest[player] = self.highest[player].max(high);
    }

    /// The sum of multiples of tables over the types of `player`, in the pool, and its least and largest entry.
    fn combined(&mut self, terms: Vec<(BigRational, usize)>, player: usize) -> (u32, (f64, f64)) {
        if terms.is_empty() {
            return (NONE, (0.0, 0.0));
        }
        let count = self.tree.types[player];
        let at = if let Some(at) = self.vectors.get(&terms) {
            *at
        } else {
            let sum: Vec<f64> = (0..count)
                .map(|of| {
                    let mut sum = BigRational::zero();
                    for (factor, table) in &terms {
                        let Table::OfType { numbers, .. } = &self.game.tables[*table] else {
                            unreachable!("sorted by kind")
                        };
                        sum += factor * numbers[of].exact();
                    }
                    to_f64(&sum)
                })
                .collect();
            let at = self.pooled(lanes(&sum));
            self.vectors.insert(terms, at);
            at
        };
        let vector = self.tree.vector(at, self.tree.wide[player]).as_flattened();
        let ends = vector[..count]
            .iter()
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), &x| {
                (low.min(x), high.max(x))
            });
        (at, ends)
    }

    /// Keeps a joint weight over pairs of types, in the pool once for each player; its index.
    fn weight(&mut self, pairs: Vec<f64>) -> u32 {
        let [n, m] = self.tree.types;
        if let Some(at) = self.weights.iter().position(|(known, _)| *known == pairs) {
            return small(at);
        }
        let columns: Vec<Lane> = (0..m)
            .flat_map(|j| lanes(&(0..n).map(|i| pairs[i * m + j]).collect::<Vec<f64>>()))
            .collect();
        let rows: Vec<Lane> = pairs.chunks_exact(m).flat_map(lanes).collect();
        let both = [self.pooled(columns), self.pooled(rows)];
        self.weights.push((pairs, both));
        small(self.weights.len() - 1)
    }

    fn pooled(&mut self, numbers: Vec<Lane>) -> u32 {
        let at = small(self.tree.pool.len());
        self.tree.pool.extend(numbers);
        at
    }
}

/// `values` in whole lanes, filled up with zeros.
fn lanes(values: &[f64]) -> Vec<Lane> {
    let mut all = vec![[0.0; LANES]; values.len().div_ceil(LANES)];
    all.as_flattened_mut()[..values.len()].copy_from_slice(values);
    all
}
