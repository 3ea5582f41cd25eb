//! Values between a few edges: polynomials on stretches of edges, each held against a value that it has not seen.
//!
//! A stretch is parted where the values are known to bend, and halved where a polynomial misses.

use detente_core::TypeSet;

/// Edges as far apart as rounding are one.
pub(super) const SAME: f64 = 1e-12;
/// Places of the finest polynomial of a stretch; every second of them makes up a coarser one, and every fourth the coarsest.
pub(super) const PLACES: usize = 9;
/// Cosines of kπ/8: Chebyshev's places between −1 and 1.
const COSINES: [f64; PLACES] = [
    1.0,
    0.923_879_532_511_286_7,
    std::f64::consts::FRAC_1_SQRT_2,
    0.382_683_432_365_089_8,
    0.0,
    -0.382_683_432_365_089_8,
    -std::f64::consts::FRAC_1_SQRT_2,
    -0.923_879_532_511_286_7,
    -1.0,
];
/// A stretch is parted at a known bend that lies no nearer to an end than this part of it,
const NEAR: f64 = 0.01;
/// if the values bend there in so many months.
const LONG: usize = 6;
/// How often a stretch is halved at most: the error of a bend halves with it, so that a bend of two hundred points per unit of edge is
/// within bounds.
const HALVINGS: usize = 7;

/// A stretch of edges with the polynomial through some of them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece {
    /// The least edge and the greatest; the least belongs to it only where no other piece ends.
    pub(super) ends: [f64; 2],
    pub(super) opens: bool,
    /// How many edges it goes through, which, and where what was found at each is kept.
    pub(super) places: usize,
    pub(super) edges: [f64; PLACES],
    pub(super) at: [usize; PLACES],
}

/// Whoever finds values at edges.
pub(super) trait Solve {
    /// Finds them at an edge, and says where they are kept.
    fn solve(&mut self, edge: f64) -> usize;

    /// What was found there for a type.
    fn value(&self, place: usize, t: usize) -> f64;
}

/// What polynomials are held to.
pub(super) struct Held<'a> {
    pub(super) types: TypeSet,
    /// What may be missed, by type.
    pub(super) slack: &'a [f64],
    /// Edges at which values are known to bend, with the months in which they do.
    pub(super) bends: &'a [(f64, usize)],
}

impl Held<'_> {
    /// The edge inside a stretch at which values bend in most months, if in enough.
    fn bend(&self, [least, most]: [f64; 2]) -> Option<f64> {
        let margin = (most - least) * NEAR;
        let inside = |edge: f64| edge > least + margin && edge < most - margin;
        let bends = self.bends.iter();
        let bends = bends.filter(|(edge, months)| inside(*edge) && *months >= LONG);
        // Of equals the first.
        let longest = bends.rev().max_by_key(|(_, months)| *months);
        longest.map(|(edge, _)| *edge)
    }
}

/// Polynomials for a stretch of edges, from the least edge to the most.
pub(super) fn fit(
    [least, most]: [f64; 2],
    held: &Held,
    solve: &mut impl Solve,
    to: &mut Vec<Piece>,
) {
    if most - least <= SAME {
        let edge = 0.5 * (least + most);
        to.push(Piece {
            ends: [least, most],
            opens: true,
            places: 1,
            edges: [edge; PLACES],
            at: [solve.solve(edge); PLACES],
        });
        return;
    }
    let (ends, next) = ([solve.solve(least), solve.solve(most)], to.len());
    part([least, most], ends, HALVINGS, held, solve, to);
    to[next].opens = true;
}

/// The same for a stretch whose ends are solved and which may be halved so often.
fn part(
    [least, most]: [f64; 2],
    [first, last]: [usize; 2],
    halvings: usize,
    held: &Held,
    solve: &mut impl Solve,
    to: &mut Vec<Piece>,
) {
    if let Some(bend) = held.bend([least, most]) {
        let middle = solve.solve(bend);
        part([least, bend], [first, middle], halvings, held, solve, to);
        part([bend, most], [middle, last], halvings, held, solve, to);
        return;
    }
    // Where Chebyshev's polynomial is greatest: the polynomial's error is spread evenly, and places of a coarse one are places of the
    // next finer.
    let place = |k: usize| 0.5 * (least + most) - 0.5 * (most - least) * COSINES[k];
    let edges: [f64; PLACES] = std::array::from_fn(place);
    let mut at = [first; PLACES];
    at[PLACES - 1] = last;
    let (mut weights, mut coarse) = (Vec::new(), Vec::new());
    // What is known before stands at every `known`th place.
    for known in [8, 4, 2] {
        let step = known / 2;
        let (mut fits, others) = (true, at);
        coarse.clear();
        coarse.extend(edges.iter().step_by(known));
        for k in (step..PLACES).step_by(known) {
            let found = solve.solve(edges[k]);
            shares(&coarse, edges[k], &mut weights);
            for t in (0..held.slack.len()).filter(|t| held.types.contains(*t)) {
                let others = others.iter().step_by(known);
                let put: f64 = weights
                    .iter()
                    .zip(others)
                    .map(|(share, place)| share * solve.value(*place, t))
                    .sum();
                fits &= (put - solve.value(found, t)).abs() <= held.slack[t];
            }
            at[k] = found;
        }
        // A straight line may fit by chance where two ends mirror one another.
        if known < 8 && fits || step == 1 && halvings == 0 {
            let mut piece = Piece {
                ends: [least, most],
                opens: false,
                places: (PLACES - 1) / step + 1,
                edges,
                at,
            };
            for k in 0..piece.places {
                (piece.edges[k], piece.at[k]) = (edges[k * step], at[k * step]);
            }
            to.push(piece);
            return;
        }
    }
    let (half, middle) = (0.5 * (least + most), at[PLACES / 2]);
    part(
        [least, half],
        [first, middle],
        halvings - 1,
        held,
        solve,
        to,
    );
    part([half, most], [middle, last], halvings - 1, held, solve, to);
}

/// What the polynomial through Chebyshev's places takes of each at `x` (Berrut & Trefethen 2004).
pub(super) fn shares(edges: &[f64], x: f64, to: &mut Vec<f64>) {
    to.clear();
    if let Some(own) = edges.iter().position(|edge| (edge - x).abs() <= SAME) {
        to.resize(edges.len(), 0.0);
        to[own] = 1.0;
        return;
    }
    let last = edges.len() - 1;
    let mut all = 0.0;
    for (k, edge) in edges.iter().enumerate() {
        let end = if k == 0 || k == last { 0.5 } else { 1.0 };
        let sign = if k % 2 == 0 { 1.0 } else { -1.0 };
        let share = end * sign / (x - edge);
        all += share;
        to.push(share);
    }
    for share in to.iter_mut() {
        *share /= all;
    }
}
