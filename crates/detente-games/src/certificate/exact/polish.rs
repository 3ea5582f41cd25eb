//! More digits: the equations of indifference of a given support, solved to fifty digits, which are then enough to recognise
//! fractions of long denominators.

use nalgebra::{DMatrix, DVector};
use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{FromPrimitive, One, Signed, ToPrimitive, Zero};

use super::{Numbers, simplest_between};
use crate::number::to_f64;
use crate::tree::{NONE, Tree};

/// Fixed-point numbers have this many binary digits after the point: 77 decimal ones.
const BITS: u32 = 256;
/// Solutions are good if the last correction was below this.
const SOLVED: f64 = 1e-50;
/// Corrections, each of which adds the digits that the first point had right.
const CORRECTIONS: usize = 16;
/// A solution further than this from the answer, in probability, is another one.
const FAR: f64 = 1e-4;
/// Elimination takes the third power of the number of unknowns; beyond this many it takes too long.
const UNKNOWNS: usize = 500;
/// Pivots below this share of the largest are rounding: the equation says nothing new.
const RANK: f64 = 1e-9;
/// Probabilities that no equation determines are rounded to fractions this near.
const FREE: f64 = 1e-7;
/// Fractions are recognised if they are this near, and their denominators have at most this many digits: a number drawn at random
/// would need twenty.
const NEAR_DIGITS: usize = 40;
const DENOMINATOR_DIGITS: usize = 18;

/// One planned action of an information set against the likeliest one.
#[derive(Clone, Copy)]
struct Pair {
    set: usize,
    action: usize,
    likeliest: usize,
}

/// Fractions that make every planned action of `strategy` as good as the likeliest at information sets that the others come to, near
/// `strategy`, whose actions up to `support` are not planned. `None` if there are no such fractions, or the equations do not determine
/// them.
///
/// The payoff of an action is a sum of products with at most one factor from each information set (perfect recall): taking all of a
/// probability from one action to another changes it by exactly the derivative. Newton's method with the matrix of the first point
/// then adds as many digits in each step as that point had right.
pub(super) fn polish(
    tree: &Tree,
    numbers: &Numbers,
    strategy: &[f64],
    support: f64,
) -> Option<Vec<BigRational>> {
    let Numbers { chance, payoff } = numbers;
    let unknowns = pairs(tree, strategy, support);
    if unknowns.len() > UNKNOWNS {
        return None;
    }
    let rounded: Vec<f64> = chance.iter().filter_map(ToPrimitive::to_f64).collect();
    let paid: Vec<f64> = payoff.iter().filter_map(ToPrimitive::to_f64).collect();
    let planned: Vec<f64> = strategy
        .iter()
        .map(|&p| if p > support { p } else { 0.0 })
        .collect();
    let (residual, reach) = residuals(tree, &rounded, &paid, &planned, &unknowns);
    let reached: Vec<usize> = (0..unknowns.len()).filter(|&e| reach[e] > 0.0).collect();
    let mut matrix = DMatrix::zeros(reached.len(), unknowns.len());
    for (column, unknown) in unknowns.iter().enumerate() {
        let mut moved = planned.clone();
        moved[unknown.action] += 1.0;
        moved[unknown.likeliest] -= 1.0;
        let (with, _) = residuals(tree, &rounded, &paid, &moved, &unknowns);
        for (row, &equation) in reached.iter().enumerate() {
            matrix[(row, column)] = with[equation] - residual[equation];
        }
    }
    let (rows, columns) = independent(&matrix);
    let square = DMatrix::from_fn(rows.len(), columns.len(), |row, column| {
        matrix[(rows[row], columns[column])]
    });
    let solver = square.lu();

    let chance: Vec<BigInt> = chance.iter().map(fixed).collect();
    let payoff: Vec<BigInt> = payoff.iter().map(fixed).collect();
    // Free probabilities become simple, those that equations determine start from where they are.
    let mut exact: Vec<BigInt> = Vec::with_capacity(unknowns.len());
    for (index, unknown) in unknowns.iter().enumerate() {
        let value = BigRational::from_float(strategy[unknown.action])?;
        exact.push(if columns.contains(&index) {
            fixed(&value)
        } else {
            fixed(&near_fraction(&value, &BigRational::from_float(FREE)?))
        });
    }
    let mut solved = columns.is_empty();
    for correction in 0..CORRECTIONS {
        if solved {
            break;
        }
        let full = profile(tree, &planned, &unknowns, &exact);
        let (residual, _) = residuals(tree, &chance, &payoff, &full, &unknowns);
        let unit = libm::ldexp(1.0, -i32::try_from(BITS).ok()?);
        let right = DVector::from_iterator(
            rows.len(),
            (rows.iter()).map(|&row| residual[reached[row]].to_f64().unwrap_or(f64::NAN) * unit),
        );
        let step = solver.solve(&right)?;
        let largest = step.amax();
        if !(largest < FAR || correction > 0 && largest < 1.0) {
            return None;
        }
        for (&column, step) in columns.iter().zip(step.iter()) {
            exact[column] -= BigInt::from_f64(step / unit)?;
        }
        solved = largest < SOLVED;
    }
    if !solved {
        return None;
    }
    recognise(tree, &planned, &unknowns, &exact).filter(|fractions| {
        let pairs = fractions.iter().zip(strategy);
        pairs
            .map(|(fraction, p)| (to_f64(fraction) - p).abs())
            .all(|far| far <= FAR)
    })
}

/// The fractions that fixed-point numbers stand for.
fn recognise(
    tree: &Tree,
    planned: &[f64],
    unknowns: &[Pair],
    exact: &[BigInt],
) -> Option<Vec<BigRational>> {
    let ten = || BigInt::from(10);
    let near = BigRational::new(BigInt::one(), num_traits::pow(ten(), NEAR_DIGITS));
    let longest = num_traits::pow(ten(), DENOMINATOR_DIGITS);
    let mut strategy = vec![BigRational::zero(); planned.len()];
    for set in 0..tree.sets() {
        strategy[likeliest(tree, planned, set)] = BigRational::one();
    }
    for (unknown, exact) in unknowns.iter().zip(exact) {
        let value = BigRational::new(exact.clone(), BigInt::one() << BITS);
        let fraction = near_fraction(&value, &near);
        if *fraction.denom() > longest || !fraction.is_positive() {
            return None;
        }
        strategy[unknown.likeliest] -= &fraction;
        strategy[unknown.action] = fraction;
    }
    strategy
        .iter()
        .all(|p| !p.is_negative())
        .then_some(strategy)
}

fn near_fraction(value: &BigRational, near: &BigRational) -> BigRational {
    let low = (value - near).max(BigRational::zero());
    simplest_between(&low, &(value + near).max(BigRational::zero()))
}

fn likeliest(tree: &Tree, strategy: &[f64], set: usize) -> usize {
    let actions = tree.actions_of(set);
    let first = actions.start;
    actions.fold(first, |most, action| {
        if strategy[action] > strategy[most] {
            action
        } else {
            most
        }
    })
}

fn pairs(tree: &Tree, strategy: &[f64], support: f64) -> Vec<Pair> {
    let mut pairs = Vec::new();
    for set in 0..tree.sets() {
        let likeliest = likeliest(tree, strategy, set);
        for action in tree.actions_of(set) {
            if action != likeliest && strategy[action] > support {
                pairs.push(Pair {
                    set,
                    action,
                    likeliest,
                });
            }
        }
    }
    pairs
}

/// The whole profile in fixed point: what is not planned is nil, and the likeliest actions have what is left.
fn profile(tree: &Tree, planned: &[f64], unknowns: &[Pair], exact: &[BigInt]) -> Vec<BigInt> {
    let mut full = vec![BigInt::zero(); planned.len()];
    for set in 0..tree.sets() {
        full[likeliest(tree, planned, set)] = BigInt::one() << BITS;
    }
    for (unknown, exact) in unknowns.iter().zip(exact) {
        full[unknown.likeliest] -= exact;
        full[unknown.action].clone_from(exact);
    }
    full
}

fn fixed(value: &BigRational) -> BigInt {
    (value * BigRational::from_integer(BigInt::one() << BITS))
        .round()
        .to_integer()
}

/// Numbers to compute residuals in.
trait Digits: Clone {
    fn nothing() -> Self;
    fn unit() -> Self;
    fn times(&self, other: &Self) -> Self;
    fn add(&mut self, other: &Self);
    fn less(&self, other: &Self) -> Self;
}

impl Digits for f64 {
    fn nothing() -> Self {
        0.0
    }
    fn unit() -> Self {
        1.0
    }
    fn times(&self, other: &Self) -> Self {
        self * other
    }
    fn add(&mut self, other: &Self) {
        *self += other;
    }
    fn less(&self, other: &Self) -> Self {
        self - other
    }
}

impl Digits for BigInt {
    fn nothing() -> Self {
        Self::zero()
    }
    fn unit() -> Self {
        Self::one() << BITS
    }
    fn times(&self, other: &Self) -> Self {
        (self * other) >> BITS
    }
    fn add(&mut self, other: &Self) {
        *self += other;
    }
    fn less(&self, other: &Self) -> Self {
        self - other
    }
}

/// For each pair, what its action pays more than the likeliest one, times the probability that the others come to its set; and that
/// probability.
fn residuals<T: Digits>(
    tree: &Tree,
    chance: &[T],
    payoff: &[T],
    strategy: &[T],
    pairs: &[Pair],
) -> (Vec<T>, Vec<T>) {
    let (nodes, players) = (tree.parent.len(), tree.players);
    let mut value = vec![T::nothing(); nodes * players];
    for (leaf, &node) in tree.leaves.iter().enumerate() {
        for player in 0..players {
            value[node as usize * players + player] = payoff[leaf * players + player].clone();
        }
    }
    let step = |node: usize| match tree.action[node] {
        NONE => &chance[node],
        action => &strategy[action as usize],
    };
    for node in (1..nodes).rev() {
        let parent = tree.parent[node] as usize;
        for player in 0..players {
            let worth = step(node).times(&value[node * players + player]);
            value[parent * players + player].add(&worth);
        }
    }
    let mut others = vec![T::unit(); nodes * players];
    for node in 1..nodes {
        let parent = tree.parent[node] as usize;
        let actor = match tree.action[node] {
            NONE => players,
            action => tree.player[tree.set_of[action as usize] as usize] as usize,
        };
        for player in 0..players {
            let before = &others[parent * players + player];
            others[node * players + player] = if player == actor {
                before.clone()
            } else {
                before.times(step(node))
            };
        }
    }
    let mut all = vec![T::nothing(); pairs.len()];
    let mut reach = vec![T::nothing(); pairs.len()];
    for (pair, (sum, reach)) in pairs.iter().zip(all.iter_mut().zip(&mut reach)) {
        let player = tree.player[pair.set] as usize;
        let first = tree.first_action[pair.set] as usize;
        for &node in tree.members_of(pair.set) {
            let weight = &others[node as usize * players + player];
            let worth = |action: usize| {
                let child = tree.children(node as usize).nth(action - first);
                &value[child.expect("an action has a child") * players + player]
            };
            let more = worth(pair.action).less(worth(pair.likeliest));
            sum.add(&weight.times(&more));
            reach.add(weight);
        }
    }
    (all, reach)
}

/// Rows and columns of a regular square part of a matrix, as large as there is, by elimination with full pivoting.
fn independent(matrix: &DMatrix<f64>) -> (Vec<usize>, Vec<usize>) {
    let mut left = matrix.clone();
    for mut row in left.row_iter_mut() {
        let size = row.amax();
        if size > 0.0 {
            row /= size;
        }
    }
    let (mut rows, mut columns) = (Vec::new(), Vec::new());
    let (mut row_open, mut column_open) = (vec![true; left.nrows()], vec![true; left.ncols()]);
    let mut first = None;
    while rows.len() < left.nrows().min(left.ncols()) {
        let mut pivot = (0.0, 0, 0);
        for column in (0..left.ncols()).filter(|&column| column_open[column]) {
            for row in (0..left.nrows()).filter(|&row| row_open[row]) {
                let size = left[(row, column)].abs();
                if size > pivot.0 {
                    pivot = (size, row, column);
                }
            }
        }
        let (size, row, column) = pivot;
        if size <= RANK * *first.get_or_insert(size) {
            break;
        }
        rows.push(row);
        columns.push(column);
        (row_open[row], column_open[column]) = (false, false);
        for other in (0..left.nrows()).filter(|&other| row_open[other]) {
            let times = left[(other, column)] / left[(row, column)];
            if times != 0.0 {
                for at in 0..left.ncols() {
                    let less = times * left[(row, at)];
                    left[(other, at)] -= less;
                }
            }
        }
    }
    (rows, columns)
}
