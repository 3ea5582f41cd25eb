//! A war's worth between the edges at which it is integrated.

use super::OWN_BETWEEN;

/// How often a stretch of edges is halved at most.
const HALVINGS: usize = 8;

/// A worth at many edges, from integrals at a few. Nothing where one fails.
pub(super) fn between(edges: &[f64], at: &mut impl FnMut(f64) -> Option<f64>) -> Option<Vec<f64>> {
    let least = edges.iter().copied().fold(f64::INFINITY, f64::min);
    let most = edges.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    if most - least < 1e-12 {
        return Some(vec![at(least)?; edges.len()]);
    }
    let edge = |k: usize| least + 0.25 * k as f64 * (most - least);
    let mut points = [(0.0, 0.0); 5];
    for (k, point) in points.iter_mut().enumerate() {
        *point = (edge(k), at(edge(k))?);
    }
    let mut pieces = Vec::new();
    halve(points, HALVINGS, at, &mut pieces)?;
    let worth = |x: &f64| {
        let piece = pieces.iter().find(|piece| piece[4].0 >= *x);
        Some(through(piece.or(pieces.last())?, *x))
    };
    edges.iter().map(worth).collect()
}

/// Polynomials of a worth by edge, from five evenly spaced points of it: one, if the three of them that are furthest apart foretell the
/// other two. Otherwise the worths half way between points are found, and where the five foretell those, each half has a polynomial of its
/// own; a half in which they do not is halved again.
fn halve(
    points: [(f64, f64); 5],
    halvings: usize,
    at: &mut impl FnMut(f64) -> Option<f64>,
    pieces: &mut Vec<[(f64, f64); 5]>,
) -> Option<()> {
    let [a, b, c, d, e] = points;
    let foretell = |points: &[(f64, f64)], seen: &[(f64, f64)]| {
        let near =
            |(edge, worth): &(f64, f64)| (through(points, *edge) - worth).abs() <= OWN_BETWEEN;
        seen.iter().all(near)
    };
    if foretell(&[a, c, e], &[b, d]) {
        pieces.push(points);
        return Some(());
    }
    let mut between = [(0.0, 0.0); 4];
    for (k, point) in between.iter_mut().enumerate() {
        let edge = f64::midpoint(points[k].0, points[k + 1].0);
        *point = (edge, at(edge)?);
    }
    for half in [0, 2] {
        let seen = &between[half..half + 2];
        let finer = [
            points[half],
            seen[0],
            points[half + 1],
            seen[1],
            points[half + 2],
        ];
        if halvings == 0 || foretell(&points, seen) {
            pieces.push(finer);
        } else {
            halve(finer, halvings - 1, at, pieces)?;
        }
    }
    Some(())
}

/// The polynomial through points, by Neville's scheme.
fn through(points: &[(f64, f64)], x: f64) -> f64 {
    let mut worth: Vec<f64> = points.iter().map(|(_, worth)| *worth).collect();
    for width in 1..points.len() {
        for i in 0..points.len() - width {
            let (low, high) = (points[i].0, points[i + width].0);
            worth[i] = ((x - high) * worth[i] + (low - x) * worth[i + 1]) / (low - high);
        }
    }
    worth[0]
}
