//! What lotteries over packages reach, by duality.

use detente_core::RowView;
use detente_core::catalogue::settlement::{LOTTERY_MOST, LOTTERY_SIZE};

use super::super::division::least_at;
use super::{PART, Profile, SLACK};
use crate::within;

pub(super) fn lotteries(s: usize, profiles: &[Profile], answer: RowView) -> Result<usize, String> {
    let open = profiles.iter().filter(|p| p.any);
    let total: f64 = open.clone().map(|p| p.prior).sum();
    let (claimed, most) = (
        answer.get(LOTTERY_SIZE, &[s]),
        answer.get(LOTTERY_MOST, &[s]),
    );
    if total == 0.0 || most.is_nan() {
        return Ok(0);
    }
    let found: f64 = open.clone().map(|p| p.prior * by_duality(&p.corners)).sum();
    let margins = open.flat_map(|p| p.corners.iter().flatten());
    let scale = margins.fold(0.0, |most: f64, m| most.max(m.abs()));
    if claimed.is_nan() && most < found / total - SLACK - PART * scale {
        return Err(format!(
            "lotteries of needed set {s} reach {}, more than the bound {most}",
            found / total
        ));
    }
    if !claimed.is_nan() && !within(claimed, found / total, SLACK + PART * scale) {
        return Err(format!(
            "lotteries of needed set {s}: claimed {claimed}, found {}",
            found / total
        ));
    }
    Ok(1)
}

/// The worst-off margin that a lottery over the vectors reaches: by duality the least, over weights of the parties that sum to
/// one, of the greatest weighted margin. Found for a few vectors, to which the greatest at the weights found is added until
/// none is greater.
fn by_duality(vectors: &[Vec<f64>]) -> f64 {
    let mut few = vec![vectors[0].clone()];
    loop {
        let (found, weights) = least_weighted(&few);
        let (value, best) = most(vectors, &weights);
        if value <= found + 0.01 * SLACK || few.contains(best) {
            return found;
        }
        few.push(best.clone());
    }
}

/// The greatest weighted sum, and where it is.
fn most<'v>(vectors: &'v [Vec<f64>], weights: &[f64]) -> (f64, &'v Vec<f64>) {
    let weigh = |v: &Vec<f64>| -> f64 { v.iter().zip(weights).map(|(m, w)| m * w).sum() };
    let mut best = (weigh(&vectors[0]), &vectors[0]);
    for vector in &vectors[1..] {
        let value = weigh(vector);
        if value > best.0 {
            best = (value, vector);
        }
    }
    best
}

/// The least greatest weighted sum, and its weights. The function is convex in the weights: two parties leave one to choose, by
/// ternary search; more are found by the ellipsoid method (Shor 1977; Bland, Goldfarb and Todd 1981), whose ellipsoid shrinks
/// around the least.
fn least_weighted(vectors: &[Vec<f64>]) -> (f64, Vec<f64>) {
    let members = vectors[0].len();
    match members {
        1 => return (most(vectors, &[1.0]).0, vec![1.0]),
        2 => {
            let a = least_at(1.0, &|a| most(vectors, &[a, 1.0 - a]).0);
            return (most(vectors, &[a, 1.0 - a]).0, vec![a, 1.0 - a]);
        }
        _ => {}
    }
    let d = members - 1;
    let n = d as f64;
    let mut centre = vec![1.0 / members as f64; d];
    // The ellipsoid is the image of the unit ball under this matrix: a factor, so that rounding cannot turn it inside out.
    let mut shape: Vec<Vec<f64>> = (0..d)
        .map(|i| (0..d).map(|j| f64::from(u8::from(i == j))).collect())
        .collect();
    let stretch = n / (n * n - 1.0).sqrt();
    let squeeze = ((n - 1.0) / (n + 1.0)).sqrt() - 1.0;
    let mut found = (f64::INFINITY, Vec::new());
    for _ in 0..60 * d * (d + 1) {
        let last = 1.0 - centre.iter().sum::<f64>();
        let outside = centre.iter().position(|w| *w < 0.0);
        // Whither the function, or the way out of the simplex, rises.
        let rises: Vec<f64> = if let Some(i) = outside {
            (0..d).map(|j| if i == j { -1.0 } else { 0.0 }).collect()
        } else if last < 0.0 {
            vec![1.0; d]
        } else {
            let mut weights = centre.clone();
            weights.push(last);
            let (value, at) = most(vectors, &weights);
            if value < found.0 {
                found = (value, weights);
            }
            (0..d).map(|j| at[j] - at[d]).collect()
        };
        let mut turned: Vec<f64> = (0..d)
            .map(|j| shape.iter().zip(&rises).map(|(row, g)| row[j] * g).sum())
            .collect();
        let length = turned.iter().map(|t| t * t).sum::<f64>().sqrt();
        if length == 0.0 {
            break;
        }
        for t in &mut turned {
            *t /= length;
        }
        for (c, row) in centre.iter_mut().zip(&mut shape) {
            let along: f64 = row.iter().zip(&turned).map(|(p, t)| p * t).sum();
            *c -= along / (n + 1.0);
            for (p, t) in row.iter_mut().zip(&turned) {
                *p = stretch * (*p + squeeze * along * t);
            }
        }
    }
    found
}
