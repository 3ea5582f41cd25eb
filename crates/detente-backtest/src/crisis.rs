//! A crisis as a game of two moves: the first challenges or leaves things as they are; the second, challenged, gives way or fights.

use detente_math::{normal_quantile, path_key, uniform};

use crate::choice::{Choice, Separated, fit, solve};

/// Starts beside the first, which is found backwards.
const STARTS: u64 = 4;
/// Steps after which an estimate counts as running away.
const STEPS: usize = 200;
/// Gain in log likelihood a case that a step must promise to be taken.
const ENOUGH: f64 = 1e-14;
/// Log odds beyond which somebody counts as sure, so that the estimate runs away.
const SURE: f64 = 18.0;

/// A crisis: what its utilities are made of, and what came. The second's utility of giving way and the first's of being given way to are 0,
/// for scale and place.
#[derive(Clone, Debug, PartialEq)]
pub struct Crisis {
    /// Of the first's utility of leaving things as they are.
    pub status_quo: Vec<f64>,
    /// Of the first's utility of war.
    pub first_war: Vec<f64>,
    /// Of the second's utility of war.
    pub second_war: Vec<f64>,
    /// 0: things were left as they are, 1: the second gave way, 2: war.
    pub came: usize,
}

/// Weights of the three utilities, in units of the noise.
#[derive(Clone, Debug, PartialEq)]
pub struct Utilities {
    /// Of leaving things as they are, to the first.
    pub status_quo: Vec<f64>,
    /// Of war, to the first.
    pub first_war: Vec<f64>,
    /// Of war, to the second.
    pub second_war: Vec<f64>,
}

/// What a crisis amounts to under given weights: log odds of a challenge, log odds of a fight, the chance of a fight, the first's utility of war.
struct Told {
    challenge: f64,
    fight: f64,
    fights: f64,
    war: f64,
}

impl Utilities {
    /// The chances of the status quo, of giving way and of war in the quantal response equilibrium (McKelvey & Palfrey 1998, agents with
    /// logistic noise; Signorino 1999): the second fights at odds exp u₂(war), the first challenges at odds exp(p·u₁(war) − u₁(status quo)).
    pub fn chances(&self, crisis: &Crisis) -> [f64; 3] {
        let told = self.told(crisis);
        let challenges = logistic(told.challenge);
        [
            logistic(-told.challenge),
            challenges * logistic(-told.fight),
            challenges * told.fights,
        ]
    }

    fn told(&self, crisis: &Crisis) -> Told {
        let fight = dot(&crisis.second_war, &self.second_war);
        let war = dot(&crisis.first_war, &self.first_war);
        let fights = logistic(fight);
        Told {
            challenge: fights * war - dot(&crisis.status_quo, &self.status_quo),
            fight,
            fights,
            war,
        }
    }

    fn likelihood(&self, crises: &[Crisis]) -> f64 {
        let of = |crisis: &Crisis| {
            let told = self.told(crisis);
            match crisis.came {
                0 => log_logistic(-told.challenge),
                1 => log_logistic(told.challenge) + log_logistic(-told.fight),
                _ => log_logistic(told.challenge) + log_logistic(told.fight),
            }
        };
        crises.iter().map(of).sum()
    }

    fn moved(&self, by: &[f64], length: f64) -> Self {
        let mut by = by.iter();
        let mut add = |weights: &Vec<f64>| -> Vec<f64> {
            let each = weights.iter().zip(&mut by);
            each.map(|(weight, step)| weight + length * step).collect()
        };
        Self {
            status_quo: add(&self.status_quo),
            first_war: add(&self.first_war),
            second_war: add(&self.second_war),
        }
    }

    /// The slope of the log likelihood, and the information: observed (minus its second derivatives), and as Fisher expects it, which is
    /// never negative.
    fn slope_and_information(&self, crises: &[Crisis]) -> (Vec<f64>, [Vec<Vec<f64>>; 2]) {
        let [a, b, c] = [&self.status_quo, &self.first_war, &self.second_war].map(Vec::len);
        let count = a + b + c;
        let mut slope = vec![0.0; count];
        let mut observed = vec![vec![0.0; count]; count];
        let mut expected = vec![vec![0.0; count]; count];
        for crisis in crises {
            let told = self.told(crisis);
            let challenges = logistic(told.challenge);
            // How the log odds of a challenge, and those of a fight, move with each weight.
            let bend = told.fights * (1.0 - told.fights) * told.war;
            let mut challenge: Vec<f64> = crisis.status_quo.iter().map(|x| -x).collect();
            challenge.extend(crisis.first_war.iter().map(|x| told.fights * x));
            challenge.extend(crisis.second_war.iter().map(|x| bend * x));
            let mut fight = vec![0.0; a + b];
            fight.extend(&crisis.second_war);
            let came = f64::from(u8::from(crisis.came > 0));
            let miss = [
                came - challenges,
                came * (f64::from(u8::from(crisis.came == 2)) - told.fights),
            ];
            let spread = told.fights * (1.0 - told.fights);
            let mut war = vec![0.0; a];
            war.extend(&crisis.first_war);
            war.resize(count, 0.0);
            for i in 0..count {
                slope[i] += miss[0] * challenge[i] + miss[1] * fight[i];
                for j in 0..count {
                    let moves = challenges * (1.0 - challenges) * challenge[i] * challenge[j];
                    let answers = spread * fight[i] * fight[j];
                    // How the log odds of a challenge bend.
                    let bends = spread
                        * (war[i] * fight[j]
                            + fight[i] * war[j]
                            + (1.0 - 2.0 * told.fights) * told.war * fight[i] * fight[j]);
                    observed[i][j] += moves + came * answers - miss[0] * bends;
                    expected[i][j] += moves + challenges * answers;
                }
            }
        }
        (slope, [observed, expected])
    }

    /// Climbs from here by Newton's method with halved steps, by Fisher's scoring where the likelihood bends the other way.
    fn climb(mut self, crises: &[Crisis]) -> Option<(f64, Self)> {
        let mut reached = self.likelihood(crises);
        'steps: for _ in 0..STEPS {
            let (slope, [observed, expected]) = self.slope_and_information(crises);
            let newton = solve(observed, slope.clone());
            let step = newton.or_else(|| solve(expected, slope.clone()))?;
            let promised: f64 = step.iter().zip(&slope).map(|(s, g)| s * g).sum();
            if promised <= ENOUGH * crises.len() as f64 {
                return Some((reached, self));
            }
            let mut length = 1.0;
            while length > 1e-9 {
                let there = self.moved(&step, length);
                let likelihood = there.likelihood(crises);
                if likelihood > reached {
                    (self, reached) = (there, likelihood);
                    continue 'steps;
                }
                length *= 0.5;
            }
            return Some((reached, self));
        }
        None
    }
}

/// The weights of greatest likelihood. The likelihood of a game may have several peaks: it is climbed from an estimate found backwards, the
/// second's move first (Signorino 1999), and from four places around it; the highest peak is taken.
///
/// # Errors
/// Where there is no estimate that is finite and unique.
pub fn fit_crisis(crises: &[Crisis]) -> Result<Utilities, Separated> {
    let first = backwards(crises)?;
    let count = first.status_quo.len() + first.first_war.len() + first.second_war.len();
    let key = path_key("backtest.crisis.starts");
    let mut best = first.clone().climb(crises);
    for start in 0..STARTS {
        let draw = |i: usize| normal_quantile(uniform(1, key, start * count as u64 + i as u64));
        let by: Vec<f64> = (0..count).map(draw).collect();
        let found = first.moved(&by, 1.0).climb(crises);
        // A peak that is higher by rounding alone is the same.
        if let Some((height, _)) = &found
            && best
                .as_ref()
                .is_none_or(|(known, _)| *height > known + 1e-7)
        {
            best = found;
        }
    }
    let (_, weights) = best.ok_or(Separated)?;
    let sure = |crisis: &Crisis| {
        let told = weights.told(crisis);
        told.challenge.abs().max(told.fight.abs()) > SURE
    };
    if crises.iter().any(sure) {
        return Err(Separated);
    }
    Ok(weights)
}

/// The second's weights from crises that came to its move, then the first's, given how likely it thinks a fight.
fn backwards(crises: &[Crisis]) -> Result<Utilities, Separated> {
    let challenged = crises.iter().filter(|crisis| crisis.came > 0);
    let moves = challenged.map(|c| Choice::binary(c.second_war.clone(), c.came == 2));
    let second_war = fit(&moves.collect::<Vec<_>>())?;
    let moves = crises.iter().map(|crisis| {
        let fights = logistic(dot(&crisis.second_war, &second_war));
        let mut x: Vec<f64> = crisis.status_quo.iter().map(|x| -x).collect();
        x.extend(crisis.first_war.iter().map(|x| fights * x));
        Choice::binary(x, crisis.came > 0)
    });
    let mut status_quo = fit(&moves.collect::<Vec<_>>())?;
    let first_war = status_quo.split_off(crises[0].status_quo.len());
    Ok(Utilities {
        status_quo,
        first_war,
        second_war,
    })
}

fn dot(x: &[f64], weights: &[f64]) -> f64 {
    x.iter().zip(weights).map(|(a, b)| a * b).sum()
}

fn logistic(x: f64) -> f64 {
    1.0 / (1.0 + libm::exp(-x))
}

fn log_logistic(x: f64) -> f64 {
    x.min(0.0) - libm::log1p(libm::exp(-x.abs()))
}
