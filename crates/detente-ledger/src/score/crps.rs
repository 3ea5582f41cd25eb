//! How far a distribution lay from what came out: the continuous ranked probability score.

use detente_math::{Distribution, Link, normal_cdf_and_pdf};

/// Steps of Simpson's rule between two knots: exact where the distribution function is straight, and far below what is printed elsewhere.
const STEPS: usize = 32;
/// Levels whose quantiles are knots where a distribution function bends; beyond the outermost, less than a millionth of its spread is left.
const LEVELS: [f64; 27] = [
    1e-12,
    1e-10,
    1e-8,
    1e-6,
    1e-5,
    1e-4,
    1e-3,
    0.005,
    0.02,
    0.05,
    0.1,
    0.2,
    0.35,
    0.5,
    0.65,
    0.8,
    0.9,
    0.95,
    0.98,
    0.995,
    0.999,
    0.9999,
    0.999_99,
    0.999_999,
    0.999_999_99,
    0.999_999_999_9,
    0.999_999_999_999,
];

/// CRPS(F, y) = ∫ (F(x) − 1{x ≥ y})² dx, in the unit of the number: 0 for somebody who was sure and right, |x − y| for somebody who was sure
/// of x. In closed form for a normal distribution (Gneiting & Raftery 2007, eq. 21), elsewhere by integration: between two knots Simpson's
/// rule, which is exact for quantiles, chances and uniform distributions, whose distribution functions are straight there.
pub fn crps(distribution: &Distribution, y: f64) -> f64 {
    match distribution {
        Distribution::Exact(x) => (x - y).abs(),
        Distribution::Linked {
            link: Link::Identity,
            median,
            below,
            above,
        } if below == above => {
            let z = (y - median) / below;
            let (cdf, pdf) = normal_cdf_and_pdf(z);
            let least = 1.0 / libm::sqrt(std::f64::consts::PI);
            below * (z * (2.0 * cdf - 1.0) + 2.0 * pdf - least)
        }
        other => integrated(other, y),
    }
}

fn integrated(distribution: &Distribution, y: f64) -> f64 {
    let atoms = distribution.atoms();
    // What lies to the left of a place, an atom on it not counted.
    let left = |x: f64| {
        let on = atoms.iter().filter(|(at, _)| *at == x);
        distribution.cdf(x) - on.map(|(_, chance)| chance).sum::<f64>()
    };
    let mut knots = vec![y];
    put_knots(distribution, &mut knots);
    knots.sort_by(f64::total_cmp);
    knots.dedup();
    let mut sum = 0.0;
    for two in knots.windows(2) {
        let (from, to) = (two[0], two[1]);
        let miss = |cdf: f64| {
            let miss = if from >= y { 1.0 - cdf } else { cdf };
            miss * miss
        };
        let step = (to - from) / STEPS as f64;
        let mut inner = miss(distribution.cdf(from)) + miss(left(to));
        for i in 1..STEPS {
            let weight = if i % 2 == 1 { 4.0 } else { 2.0 };
            inner += weight * miss(distribution.cdf(from + i as f64 * step));
        }
        sum += inner * step / 3.0;
    }
    sum
}

/// Where a distribution function may bend or jump.
fn put_knots(distribution: &Distribution, knots: &mut Vec<f64>) {
    match distribution {
        Distribution::Exact(x) => knots.push(*x),
        Distribution::Uniform { low, high } => knots.extend([*low, *high]),
        Distribution::Mixture(parts) => {
            for (_, part) in parts.iter() {
                put_knots(part, knots);
            }
        }
        Distribution::Triangular { mode, .. } => {
            knots.push(*mode);
            quantiles(distribution, knots);
        }
        other => quantiles(other, knots),
    }
}

fn quantiles(distribution: &Distribution, knots: &mut Vec<f64>) {
    knots.extend(LEVELS.map(|level| distribution.quantile(level)));
    let (low, high) = distribution.support();
    knots.extend([low, high].into_iter().filter(|end| end.is_finite()));
    knots.extend(distribution.atoms().iter().map(|(at, _)| *at));
}
