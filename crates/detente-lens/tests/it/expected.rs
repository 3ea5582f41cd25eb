//! The contest by integration, written from the definition of the model alone like the simulation beside it.
//!
//! Given the edge, the line at the start of a month is normal and independent of the ending, so a month's worth is the mean
//! of a piecewise linear function of a normal number. Doubt about the edge is integrated by a plain rule of many points.

use crate::simulation::{Month, War};

/// Points and weights that a standard normal number is integrated by.
#[derive(Clone, Debug)]
pub(crate) struct Rule(Vec<(f64, f64)>);

impl Rule {
    /// The middles of many equal parts.
    pub(crate) fn plain(points: usize) -> Self {
        /// Standard deviations that are integrated over.
        const REACH: f64 = 8.5;
        let of_part = |k: usize| {
            let z = REACH * ((2 * k + 1) as f64 / points as f64 - 1.0);
            (z, libm::exp(-z * z / 2.0))
        };
        Self((0..points).map(of_part).collect()).normalised()
    }

    /// Gauss and Hermite's rule: exact for polynomials of a degree below twice the number of points. The points are the
    /// zeros of the Hermite polynomial, found by bisection between sign changes; weights are 1/(He_{n-1}(z))² up to a factor.
    pub(crate) fn gauss(points: usize) -> Self {
        // He_n and He_{n-1}, each divided by the root of its factorial, so that nothing grows: the recurrence of Golub and
        // Welsch (1969).
        let hermite = |z: f64| {
            let (mut below, mut at) = (0.0, 1.0);
            for n in 0..points {
                let n = n as f64;
                (below, at) = (at, (z * at - n.sqrt() * below) / (n + 1.0).sqrt());
            }
            (at, below)
        };
        // All zeros lie within twice the root of the degree; no two are closer than a step.
        let reach = 2.0 * (points as f64).sqrt();
        let steps = 200 * points;
        let mut found = Vec::new();
        for k in 0..steps {
            // Odd numbers of parts put no end at the zero in the middle.
            let at = |k: usize| reach * (2.0 * k as f64 / (steps as f64 + 0.5) - 1.0);
            let (mut left, mut right) = (at(k), at(k + 1));
            if (hermite(left).0 > 0.0) == (hermite(right).0 > 0.0) {
                continue;
            }
            let rises = hermite(right).0 > 0.0;
            for _ in 0..80 {
                let middle = f64::midpoint(left, right);
                if (hermite(middle).0 > 0.0) == rises {
                    right = middle;
                } else {
                    left = middle;
                }
            }
            let slope = hermite(left).1;
            found.push((left, 1.0 / (slope * slope)));
        }
        assert_eq!(found.len(), points, "as many zeros as the degree");
        Self(found).normalised()
    }

    /// Mean of a function of a standard normal number.
    pub(crate) fn mean(&self, f: impl Fn(f64) -> f64) -> f64 {
        self.0.iter().map(|(z, weight)| weight * f(*z)).sum()
    }

    /// Its points and weights.
    pub(crate) fn points(&self) -> &[(f64, f64)] {
        &self.0
    }

    fn normalised(mut self) -> Self {
        let mass: f64 = self.0.iter().map(|(_, weight)| weight).sum();
        for (_, weight) in &mut self.0 {
            *weight /= mass;
        }
        self
    }
}

/// What a war comes to.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Expected {
    /// V by type.
    pub(crate) values: Vec<f64>,
    /// Chance of each ending in each month.
    pub(crate) endings: Vec<[f64; 4]>,
}

/// V and the endings of a war, the believer's doubt about the edge integrated by a rule.
pub(crate) fn expected(war: &War, rule: &Rule) -> Expected {
    let efforts = war.efforts();
    let mut sum = Expected {
        values: vec![0.0; war.types.len()],
        endings: vec![[0.0; 4]; war.horizon],
    };
    let sure = [(0.0, 1.0)];
    let points = if war.doubt == 0.0 { &sure } else { &rule.0[..] };
    for (z, weight) in points {
        let months: Vec<Month> = efforts
            .iter()
            .map(|effort| war.month(effort, war.doubt * z))
            .collect();
        add(war, &months, *weight, &mut sum);
    }
    sum
}

/// Adds what the war comes to if its months are these.
fn add(war: &War, months: &[Month], weight: f64, sum: &mut Expected) {
    let mut fighting = 1.0;
    for (chances, month) in sum.endings.iter_mut().zip(months) {
        for (ending, chance) in chances.iter_mut().enumerate() {
            *chance += weight * fighting * month.ends_by(ending);
        }
        fighting *= month.goes_on;
    }
    for (value, payoff) in sum.values.iter_mut().zip(&war.types) {
        let patience = payoff.patience;
        // What the month brings at its start, and at the start of the next if it ends the war.
        let brings = |month: &Month, mean: f64, sd: f64| {
            let unsettled = mean_worth(&war.knots, &payoff.unsettled, mean, sd);
            let armistice = mean_worth(&war.knots, &payoff.armistice, mean, sd);
            let ends = month.ends_by(0) * payoff.decisive[0]
                + month.ends_by(1) * payoff.decisive[1]
                + month.ends_by(2) * armistice
                - month.ends_by(3) * payoff.escalation_cost;
            (1.0 - patience) * (unsettled - payoff.burden) - payoff.scar + patience * ends
        };
        let (mut mean, mut fighting, mut total) = (war.start, 1.0, 0.0);
        for (t, month) in months.iter().enumerate() {
            total += fighting * brings(month, mean, war.volatility * (t as f64).sqrt());
            fighting *= patience * month.goes_on;
            mean += war.pace * month.edge;
        }
        let last = &months[months.len() - 1];
        let sd = war.volatility * (months.len() as f64).sqrt();
        total += fighting * brings(last, mean, sd) / (1.0 - patience * last.goes_on);
        *value += weight * total;
    }
}

/// Mean of a worth that is linear between knots and constant outside, at a normal line: the first value, and for every
/// knot the change of slope there times the mean of what the line exceeds it by.
pub(crate) fn mean_worth(knots: &[f64], values: &[f64], mean: f64, sd: f64) -> f64 {
    let slope = |k: usize| {
        if k == 0 || k == knots.len() {
            0.0
        } else {
            (values[k] - values[k - 1]) / (knots[k] - knots[k - 1])
        }
    };
    let bends = (0..knots.len()).map(|k| (slope(k + 1) - slope(k)) * excess(mean - knots[k], sd));
    values[0] + bends.sum::<f64>()
}

/// Mean of max(0, d + sd·ε), ε standard normal.
fn excess(d: f64, sd: f64) -> f64 {
    if sd == 0.0 {
        return d.max(0.0);
    }
    let z = d / sd;
    let above = libm::erfc(-z / std::f64::consts::SQRT_2) / 2.0;
    let density = libm::exp(-z * z / 2.0) / (2.0 * std::f64::consts::PI).sqrt();
    d * above + sd * density
}
