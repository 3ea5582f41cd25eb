//! Lotteries over packages: what parties could reach in expectation, as when packages are repeated, divided in time, or put
//! to chance. It bounds from above what any further splitting of issues between the listed packages could bring.

use super::{Bargain, Frontier, MOST_PARTIES};

/// Pivots at most; some dozens are usual. The gap says how far the last point is from the best.
const PIVOT_LIMIT: usize = 10_000;
/// A direction that promises less than this part of what is at stake counts as no improvement: rounding of a system of at
/// most eight equations.
const PRICE_TOLERANCE: f64 = 1e-12;

/// A lottery over packages of a frontier.
#[derive(Clone, Debug, PartialEq)]
pub struct Mixture {
    /// Places in the frontier with their probabilities, which are positive and sum to 1.
    pub parts: Vec<(usize, f64)>,
    /// Expected margins, in points.
    pub margins: Vec<f64>,
}

/// What two parties can reach by lotteries.
#[derive(Clone, Debug, PartialEq)]
pub struct Lottery {
    /// Corners of the upper right hull, by falling margin of the first party: places in the frontier.
    pub corners: Vec<usize>,
    /// The point with the largest smaller margin.
    pub egalitarian: Mixture,
    /// The point with the largest Σ aᵢ ln mᵢ (Nash 1950). None where none leaves both a positive margin.
    pub nash: Option<Mixture>,
}

/// The upper right convex hull of a frontier of two parties, and two solutions on it, each a lottery over at most two
/// packages. Nash weights are positive. None for other numbers of parties, or an empty frontier.
pub fn hull(frontier: &Frontier, weights: [f64; 2]) -> Option<Lottery> {
    if frontier.parties != 2 || frontier.is_empty() {
        return None;
    }
    let at = |n: usize| [frontier.margins(n)[0], frontier.margins(n)[1]];
    let mut corners: Vec<usize> = Vec::new();
    for n in 0..frontier.len() {
        while let [.., a, b] = corners[..] {
            // Keep b if it lies strictly outside the line from a to n. Andrew's monotone chain (1979).
            let ([ax, ay], [bx, by], [nx, ny]) = (at(a), at(b), at(n));
            if (bx - ax) * (ny - ay) - (by - ay) * (nx - ax) > 0.0 {
                break;
            }
            corners.pop();
        }
        corners.push(n);
    }
    let mut egalitarian = Best::new();
    let mut nash = Best::new();
    let least = |m: [f64; 2]| m[0].min(m[1]);
    let welfare = |m: [f64; 2]| {
        if least(m) > 0.0 {
            weights[0] * libm::log(m[0]) + weights[1] * libm::log(m[1])
        } else {
            f64::NEG_INFINITY
        }
    };
    for &corner in &corners {
        egalitarian.offer(least(at(corner)), [corner, corner], 0.0);
        nash.offer(welfare(at(corner)), [corner, corner], 0.0);
    }
    for pair in corners.windows(2) {
        let (from, to) = (at(pair[0]), at(pair[1]));
        let (dx, dy) = (to[0] - from[0], to[1] - from[1]);
        let point = |t: f64| [from[0] + t * dx, from[1] + t * dy];
        // Where both margins are the same.
        let t = (from[0] - from[1]) / (dy - dx);
        // Where a·dx/x + b·dy/y is 0: on the line through both corners the welfare is concave between the axes.
        let [a, b] = weights;
        let s = -(a * dx * from[1] + b * dy * from[0]) / ((a + b) * dx * dy);
        let pair = [pair[0], pair[1]];
        if t > 0.0 && t < 1.0 {
            egalitarian.offer(least(point(t)), pair, t);
        }
        if s > 0.0 && s < 1.0 {
            nash.offer(welfare(point(s)), pair, s);
        }
    }
    Some(Lottery {
        corners,
        egalitarian: egalitarian.mixture(frontier)?,
        nash: nash.mixture(frontier),
    })
}

/// The best point so far, between two corners.
struct Best {
    value: f64,
    pair: [usize; 2],
    second: f64,
}

impl Best {
    fn new() -> Self {
        Self {
            value: f64::NEG_INFINITY,
            pair: [0, 0],
            second: 0.0,
        }
    }

    fn offer(&mut self, value: f64, pair: [usize; 2], second: f64) {
        if value > self.value {
            (self.value, self.pair, self.second) = (value, pair, second);
        }
    }

    fn mixture(&self, frontier: &Frontier) -> Option<Mixture> {
        if self.value == f64::NEG_INFINITY {
            return None;
        }
        let [a, b] = self.pair;
        let parts = if self.second == 0.0 {
            vec![(a, 1.0)]
        } else {
            vec![(a, 1.0 - self.second), (b, self.second)]
        };
        Some(mixture(frontier, parts))
    }
}

fn mixture(frontier: &Frontier, parts: Vec<(usize, f64)>) -> Mixture {
    let mut margins = vec![0.0; frontier.parties];
    for &(n, p) in &parts {
        for (m, x) in margins.iter_mut().zip(frontier.margins(n)) {
            *m += p * x;
        }
    }
    Mixture { parts, margins }
}

/// The lottery with the largest smallest expected margin, for any number of parties.
#[derive(Clone, Debug, PartialEq)]
pub struct EgalitarianLottery {
    /// Over at most as many packages as there are parties.
    pub mixture: Mixture,
    /// Its smallest expected margin, in points.
    pub value: f64,
    /// Weights of the parties, summing to 1, in whose direction no package of the frontier reaches more than `value + gap`:
    /// no lottery can do better, since its smallest margin is at most its weighted one.
    pub weights: Vec<f64>,
    /// How much better a lottery could be at most, in points: a few rounding errors.
    pub gap: f64,
}

/// Largest smallest expected margin over lotteries on a frontier: a matrix game between who draws the package and who picks
/// the party (von Neumann 1928), solved by the revised simplex method (Dantzig 1963), with a certificate in its weights and
/// gap. None where the frontier is empty.
pub fn egalitarian_lottery(bargain: &Bargain, frontier: &Frontier) -> Option<EgalitarianLottery> {
    if frontier.is_empty() {
        return None;
    }
    let parties = frontier.parties;
    let scale = bargain.scale().iter().fold(0.0, |s: f64, x| s.max(*x));
    if scale == 0.0 {
        let weights = vec![1.0 / parties as f64; parties];
        let mixture = mixture(frontier, vec![(0, 1.0)]);
        return Some(EgalitarianLottery {
            mixture,
            value: 0.0,
            weights,
            gap: 0.0,
        });
    }
    // Losses of 1 to 3 instead of margins: the largest Σ x with Σ x·loss ≤ 1 for each party is one over the smallest
    // largest expected loss, and x = 0 is where to start.
    let loss = |n: usize, i: usize| 2.0 - frontier.margins(n)[i] / scale;
    let column = |j: usize, i: usize| {
        if j < frontier.len() {
            loss(j, i)
        } else {
            f64::from(u8::from(j - frontier.len() == i))
        }
    };
    let price = |j: usize| f64::from(u8::from(j < frontier.len()));
    let mut basis: Vec<usize> = (0..parties).map(|i| frontier.len() + i).collect();
    let mut prices = [0.0; MOST_PARTIES];
    let mut levels = [0.0; MOST_PARTIES];
    for pivot in 0..=PIVOT_LIMIT {
        // Solved afresh each time, so that rounding errors do not add up.
        let matrix = |row: usize, k: usize| column(basis[k], row);
        let transposed = |row: usize, k: usize| column(basis[row], k);
        levels = solve(parties, matrix, |_| 1.0);
        prices = solve(parties, transposed, |row| price(basis[row]));
        let gain =
            |j: usize| price(j) - (0..parties).map(|i| prices[i] * column(j, i)).sum::<f64>();
        // The steepest column; after many pivots the first one that gains, which cannot go round in circles (Bland 1977).
        let all = 0..frontier.len() + parties;
        let entering = if pivot < PIVOT_LIMIT / 2 {
            all.map(|j| (j, gain(j))).fold(
                (0, 0.0),
                |best, (j, g)| if g > best.1 { (j, g) } else { best },
            )
        } else {
            let mut gains = all.map(|j| (j, gain(j)));
            gains.find(|g| g.1 > PRICE_TOLERANCE).unwrap_or((0, 0.0))
        };
        if entering.1 <= PRICE_TOLERANCE || pivot == PIVOT_LIMIT {
            break;
        }
        let change = solve(parties, matrix, |row| column(entering.0, row));
        let mut leaving: Option<(usize, f64)> = None;
        for k in 0..parties {
            if change[k] > PRICE_TOLERANCE {
                let ratio = levels[k].max(0.0) / change[k];
                let better = leaving
                    .is_none_or(|(l, best)| ratio < best || (ratio == best && basis[k] < basis[l]));
                if better {
                    leaving = Some((k, ratio));
                }
            }
        }
        let Some((k, _)) = leaving else { break };
        basis[k] = entering.0;
    }
    let drawn = |k: &usize| basis[*k] < frontier.len() && levels[*k] > 0.0;
    let total: f64 = (0..parties).filter(drawn).map(|k| levels[k]).sum();
    let parts = (0..parties)
        .filter(drawn)
        .map(|k| (basis[k], levels[k] / total));
    let mut parts: Vec<(usize, f64)> = parts.collect();
    parts.sort_by_key(|part| part.0);
    let mixture = mixture(frontier, parts);
    let total: f64 = prices[..parties].iter().map(|p| p.max(0.0)).sum();
    let weights: Vec<f64> = prices[..parties]
        .iter()
        .map(|p| p.max(0.0) / total)
        .collect();
    let value = mixture.margins.iter().fold(f64::INFINITY, |v, &m| v.min(m));
    let bound = (0..frontier.len())
        .map(|n| {
            weights
                .iter()
                .zip(frontier.margins(n))
                .map(|(w, m)| w * m)
                .sum()
        })
        .fold(f64::NEG_INFINITY, f64::max);
    Some(EgalitarianLottery {
        mixture,
        value,
        weights,
        gap: (bound - value).max(0.0),
    })
}

/// Solves a small linear system by elimination with pivoting.
fn solve(
    size: usize,
    matrix: impl Fn(usize, usize) -> f64,
    right: impl Fn(usize) -> f64,
) -> [f64; MOST_PARTIES] {
    let mut rows = [[0.0; MOST_PARTIES + 1]; MOST_PARTIES];
    for (r, row) in rows.iter_mut().enumerate().take(size) {
        for k in 0..size {
            row[k] = matrix(r, k);
        }
        row[size] = right(r);
    }
    for k in 0..size {
        let largest = (k..size).max_by(|&a, &b| rows[a][k].abs().total_cmp(&rows[b][k].abs()));
        rows.swap(k, largest.unwrap_or(k));
        let top = rows[k];
        for (r, row) in rows.iter_mut().enumerate().take(size) {
            if r != k && row[k] != 0.0 {
                let factor = row[k] / top[k];
                for (x, t) in row.iter_mut().zip(&top) {
                    *x -= factor * t;
                }
            }
        }
    }
    std::array::from_fn(|k| {
        if k < size {
            rows[k][size] / rows[k][k]
        } else {
            0.0
        }
    })
}
