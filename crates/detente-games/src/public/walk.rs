//! One pass over the public tree for the types of one player: reaches on the way down, values on the way up, in buffers by level.

use super::flat::{CHANCE, END, FlatNode, Form, LANES, Lane, PublicTree};
use crate::tree::NONE;

/// Buffers of a walk, one vector over types for each level.
#[derive(Clone, Debug)]
pub(super) struct Levels {
    /// For each player, how its types reach the node, by how many moves it made before.
    pub(super) reach: [Vec<Lane>; 2],
    /// Values of the walking player's types, by depth.
    pub(super) value: Vec<Lane>,
    /// Values if the walking player answers best from here on, by depth; only an evaluation keeps them.
    pub(super) best: Vec<Lane>,
    /// Sums over the actions of a move of the walking player, by depth.
    pub(super) total: Vec<Lane>,
    /// Room for one product.
    pub(super) spare: Vec<Lane>,
}

impl Levels {
    pub(super) fn new(tree: &PublicTree) -> Self {
        let wide = tree.wide[0].max(tree.wide[1]);
        let level = || vec![[0.0; LANES]; tree.depth * wide];
        let mut levels = Self {
            reach: [0, 1].map(|player| vec![[0.0; LANES]; tree.levels[player] * tree.wide[player]]),
            value: level(),
            best: level(),
            total: level(),
            spare: vec![[0.0; LANES]; wide],
        };
        for player in 0..2 {
            levels.reach[player][..tree.wide[player]].copy_from_slice(&tree.dealt[player]);
        }
        levels
    }

    /// The reach of `player` at `node`, and that of its next move to be filled in.
    pub(super) fn reach_below(
        &mut self,
        node: &FlatNode,
        player: usize,
        wide: usize,
    ) -> (&[Lane], &mut [Lane]) {
        let at = node.before[player] as usize * wide;
        let (here, below) = self.reach[player][at..at + 2 * wide].split_at_mut(wide);
        (here, below)
    }
}

/// What happens to a walk at moves.
pub(super) trait Visit {
    /// Before the first action of a move.
    fn open(&mut self, node: &FlatNode, levels: &mut Levels);
    /// Before the subtree of an action: fills in the mover's reach.
    fn descend(&mut self, node: &FlatNode, branch: usize, levels: &mut Levels);
    /// After the subtree of an action of the walking player; its values stand one level below.
    fn returned(&mut self, node: &FlatNode, branch: usize, levels: &mut Levels);
    /// After the last action of a move of the walking player.
    fn close(&mut self, node: &FlatNode, levels: &mut Levels);
}

/// Walks the tree for `player`. With `BEST`, values of best answers are carried beside values. Leaves the values of the player's types
/// at the root on level 0.
pub(super) fn walk<const BEST: bool>(
    tree: &PublicTree,
    player: usize,
    visit: &mut impl Visit,
    levels: &mut Levels,
) {
    let wide = tree.wide[player];
    let mut index = 0;
    while index < tree.nodes.len() {
        let node = &tree.nodes[index];
        let at = node.depth() * wide;
        if node.kind == END {
            let form = tree.ends[node.first as usize][player];
            let other = 1 - player;
            let from = node.before[other] as usize * tree.wide[other];
            let reach = &levels.reach[other][from..from + tree.wide[other]];
            let value = &mut levels.value[at..at + wide];
            end(
                tree,
                form,
                tree.types[other],
                reach,
                value,
                &mut levels.spare,
            );
            if BEST {
                levels.best[at..at + wide].copy_from_slice(value);
            }
            index = climb::<BEST>(tree, player, index, visit, levels);
        } else {
            levels.value[at..at + wide].fill([0.0; LANES]);
            if BEST {
                levels.best[at..at + wide].fill([0.0; LANES]);
            }
            if node.kind != CHANCE {
                visit.open(node, levels);
                visit.descend(node, 0, levels);
            }
            index += 1;
        }
    }
}

/// From a finished subtree up to the next one; the node after it in preorder.
#[inline]
fn climb<const BEST: bool>(
    tree: &PublicTree,
    player: usize,
    mut child: usize,
    visit: &mut impl Visit,
    levels: &mut Levels,
) -> usize {
    let next = tree.nodes[child].end as usize;
    let wide = tree.wide[player];
    while child != 0 {
        let done = &tree.nodes[child];
        let node = &tree.nodes[done.parent as usize];
        let branch = done.branch as usize;
        if node.player() == player {
            visit.returned(node, branch, levels);
        } else {
            let at = node.depth() * wide;
            add_up(&mut levels.value[at..at + 2 * wide], wide);
            if BEST {
                add_up(&mut levels.best[at..at + 2 * wide], wide);
            }
        }
        if node.end as usize != next {
            if node.kind != CHANCE {
                visit.descend(node, branch + 1, levels);
            }
            break;
        }
        if node.player() == player {
            visit.close(node, levels);
        }
        child = done.parent as usize;
    }
    next
}

/// Adds the level below to this one.
#[inline]
fn add_up(both: &mut [Lane], wide: usize) {
    let (here, below) = both.split_at_mut(wide);
    add_times(here.as_flattened_mut(), 1.0, below.as_flattened());
}

/// Values of the types of a player at an end, from the reach of the other's `types` types.
#[inline]
pub(super) fn end(
    tree: &PublicTree,
    form: Form,
    types: usize,
    reach: &[Lane],
    value: &mut [Lane],
    spare: &mut [Lane],
) {
    match form {
        Form::Matrix { matrix } => {
            let matrix = tree.vector(matrix, types * value.len());
            product(matrix, types, reach, value);
        }
        Form::Apart {
            scale,
            constant,
            own,
            other,
        } => {
            let sum = scale * total(reach);
            let mut all = constant * sum;
            if other != NONE {
                all += scale * dot(tree.vector(other, reach.len()), reach);
            }
            if own == NONE {
                value.fill([all; LANES]);
            } else {
                let own = tree.vector(own, value.len());
                line(value.as_flattened_mut(), all, sum, own.as_flattened());
            }
        }
        Form::Joint {
            scale,
            constant,
            own,
            other,
            weight,
        } => {
            let weight = tree.vector(weight, types * value.len());
            product(weight, types, reach, value);
            if own == NONE {
                for k in value.as_flattened_mut() {
                    *k *= scale * constant;
                }
            } else {
                let own = tree.vector(own, value.len());
                for (value, own) in value.iter_mut().zip(own) {
                    for k in 0..LANES {
                        value[k] *= scale * (constant + own[k]);
                    }
                }
            }
            if other != NONE {
                let paid = &mut spare[..reach.len()];
                for ((paid, other), reach) in paid
                    .iter_mut()
                    .zip(tree.vector(other, reach.len()))
                    .zip(reach)
                {
                    for k in 0..LANES {
                        paid[k] = scale * other[k] * reach[k];
                    }
                }
                add_product(weight, types, paid, value);
            }
        }
    }
}

/// `value` becomes the product of `matrix` (a row over own types for each of the other's `types` types) and `reach`.
#[inline]
pub(super) fn product(matrix: &[Lane], types: usize, reach: &[Lane], value: &mut [Lane]) {
    value.fill([0.0; LANES]);
    add_product(matrix, types, reach, value);
}

#[inline]
fn add_product(matrix: &[Lane], types: usize, reach: &[Lane], value: &mut [Lane]) {
    let rows = matrix.chunks_exact(value.len());
    for (row, &weight) in rows.zip(&reach.as_flattened()[..types]) {
        add_times(value.as_flattened_mut(), weight, row.as_flattened());
    }
}

/// Adds a multiple. A function of its own over plain slices that cannot overlap, so that it compiles to vector instructions.
#[inline]
pub(super) fn add_times(sums: &mut [f64], weight: f64, of: &[f64]) {
    if sums.len() == LANES && of.len() == LANES {
        // A loop of known length unrolls; most poker games have few types.
        for k in 0..LANES {
            sums[k] += weight * of[k];
        }
        return;
    }
    for (sum, x) in sums.iter_mut().zip(of) {
        *sum += weight * x;
    }
}

/// `value = base + slope * at`.
#[inline]
fn line(values: &mut [f64], base: f64, slope: f64, at: &[f64]) {
    for (value, at) in values.iter_mut().zip(at) {
        *value = base + slope * at;
    }
}

/// Sum of all entries.
#[inline]
pub(super) fn total(of: &[Lane]) -> f64 {
    let mut sum = [0.0; LANES];
    for lane in of {
        for k in 0..LANES {
            sum[k] += lane[k];
        }
    }
    (sum[0] + sum[2]) + (sum[1] + sum[3])
}

#[inline]
pub(super) fn dot(a: &[Lane], b: &[Lane]) -> f64 {
    let mut sum = [0.0; LANES];
    for (a, b) in a.iter().zip(b) {
        for k in 0..LANES {
            sum[k] += a[k] * b[k];
        }
    }
    (sum[0] + sum[2]) + (sum[1] + sum[3])
}
