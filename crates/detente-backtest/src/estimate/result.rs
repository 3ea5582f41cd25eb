//! What comes of a fit: weights and their errors, what is played, and what cannot be told.

use detente_diag::Code;
use detente_games::crisis_signalling::{self as game, Equilibrium};
use detente_math::{quantile_sorted, symmetric_eigen};

use super::likelihood::Likelihood;
use super::model::{in_equilibrium, pseudo};
use super::signalling::{self, Beliefs, Came};
use super::{Method, Model, Named, Problem};

/// Log likelihoods that differ by less than this are the same peak.
const SAME: f64 = 1e-4;
/// Below this, as a share of what is known of single weights, nothing is known in a direction.
const FLAT: f64 = 1e-9;
/// Weights that have less of a flat direction than this are not named.
const NAMED: f64 = 0.05;
/// Chances nearer to 0 or 1 than this, for everything that was seen, mean an estimate that runs away.
const SURE: f64 = 1e-9;
/// The share of draws beyond each end of an interval.
const TAIL: f64 = 0.05;

/// What came of one start.
#[derive(Clone, Debug, PartialEq)]
pub struct Attempt {
    pub(super) came: Came,
}

/// An estimated weight.
#[derive(Clone, Debug, PartialEq)]
pub struct Weight {
    /// Its estimate.
    pub value: f64,
    /// Standard error, the standard deviation over draws; nothing without draws.
    pub error: Option<f64>,
    /// From the 5th to the 95th percentile of draws.
    pub interval: Option<[f64; 2]>,
}

/// How a start ended.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ended {
    /// Its log likelihood.
    pub log_likelihood: f64,
    /// Did it come to rest?
    pub rested: bool,
    /// Rounds or steps that it took.
    pub rounds: usize,
    /// Is it where the best is?
    pub best: bool,
}

/// A game with several equilibria.
#[derive(Clone, Debug, PartialEq)]
pub struct Several {
    /// The line of the table.
    pub line: usize,
    /// All of them.
    pub equilibria: Vec<Equilibrium>,
    /// Which is played; nothing where the estimate is of no equilibrium.
    pub played: Option<usize>,
}

/// How likely each outcome is in a game, under the estimate.
pub type Played = Vec<f64>;

/// An estimate.
#[derive(Clone, Debug, PartialEq)]
pub struct Estimate {
    /// Weights, by block.
    pub weights: Vec<Weight>,
    /// The log likelihood, or pseudo-likelihood.
    pub log_likelihood: f64,
    /// That of somebody who gives every game the shares of all.
    pub of_shares: f64,
    /// How each start ended, in order.
    pub starts: Vec<Ended>,
    /// By row.
    pub played: Vec<Played>,
    /// How often each outcome came, as shares, and how often it should have.
    pub shares: Vec<[f64; 2]>,
    /// Games with several equilibria.
    pub several: Vec<Several>,
    /// The largest distance from a best response to itself in any game, of the signalling game.
    pub off: Option<f64>,
    /// Draws asked for, and how many came to rest; 0 before there are any.
    pub draws: [usize; 2],
    pub(super) beliefs: Beliefs,
}

impl Problem {
    /// The best of several attempts.
    ///
    /// # Errors
    /// Where none came to rest, where the data do not tell weights apart, and where the estimate runs away.
    pub fn settle(&self, attempts: &[Attempt]) -> Result<Estimate, Vec<Named>> {
        let resting = attempts.iter().filter(|attempt| attempt.came.rested);
        let best = resting.map(|attempt| &attempt.came).reduce(|best, other| {
            // A peak that is higher by rounding alone is the same, and the earlier start has it.
            if other.value > best.value + SAME {
                other
            } else {
                best
            }
        });
        let Some(best) = best else {
            return Err(self.without_rest(attempts));
        };
        let faults = self.flat(best);
        if !faults.is_empty() {
            return Err(faults);
        }
        let design = &self.design;
        let mut shares = vec![[0.0; 2]; design.outcomes.len()];
        let mut played = Vec::new();
        let (mut several, mut off) = (Vec::new(), None::<f64>);
        let mut u = vec![0.0; design.blocks.len()];
        let (k, m) = (design.outcomes.len(), design.blocks.len());
        let (mut pi, mut by) = (vec![0.0; k], vec![0.0; k * m]);
        let mut beliefs = best.beliefs.clone();
        for (place, row) in design.rows.iter().enumerate() {
            design.utilities(row, &best.weights, &mut u);
            if self.model == Model::CrisisSignalling {
                let u = signalling::payoffs(&u);
                let thought = &mut beliefs[place];
                if self.method == Method::Pseudo {
                    pseudo(&u, *thought, &mut pi, &mut by);
                } else {
                    // To the last digit, which the way there left open.
                    let resist = game::follow(&u, thought[0]).unwrap_or(thought[0]);
                    thought[0] = resist;
                    in_equilibrium(&u, resist, &mut pi, &mut by);
                }
                let miss = (game::respond(&u, thought[0]) - thought[0]).abs();
                off = Some(off.map_or(miss, |known| known.max(miss)));
                let equilibria = game::equilibria(&u);
                if equilibria.len() > 1 {
                    let apart = |e: &Equilibrium| (e.resist - thought[0]).abs();
                    let near = (0..equilibria.len())
                        .min_by(|a, b| apart(&equilibria[*a]).total_cmp(&apart(&equilibria[*b])));
                    several.push(Several {
                        line: row.line,
                        played: near.filter(|_| self.method != Method::Pseudo),
                        equilibria,
                    });
                }
            } else {
                self.model.shares(&u, &mut pi, &mut by);
            }
            let games: f64 = row.counts.iter().sum();
            for (share, (count, p)) in shares.iter_mut().zip(row.counts.iter().zip(&pi)) {
                share[0] += count;
                share[1] += games * p;
            }
            played.push(pi.clone());
        }
        let all = design.observations();
        let shares: Vec<[f64; 2]> = shares.iter().map(|both| both.map(|n| n / all)).collect();
        let alike = shares.iter().filter(|both| both[0] > 0.0);
        let of_shares = alike.map(|both| all * both[0] * libm::log(both[0])).sum();
        let starts = attempts.iter().map(|attempt| Ended {
            log_likelihood: attempt.came.value,
            rested: attempt.came.rested,
            rounds: attempt.came.rounds,
            best: attempt.came.rested && attempt.came.value > best.value - SAME,
        });
        let weights = best.weights.iter().map(|value| Weight {
            value: *value,
            error: None,
            interval: None,
        });
        Ok(Estimate {
            weights: weights.collect(),
            log_likelihood: best.value,
            of_shares,
            starts: starts.collect(),
            played,
            shares,
            several,
            off,
            draws: [0, 0],
            beliefs,
        })
    }

    /// Why no start came to rest.
    fn without_rest(&self, attempts: &[Attempt]) -> Vec<Named> {
        let best = attempts
            .iter()
            .max_by(|a, b| a.came.value.total_cmp(&b.came.value));
        let flat = best.map_or_else(Vec::new, |attempt| self.flat(&attempt.came));
        if !flat.is_empty() {
            return flat;
        }
        let names = self.design.names();
        let largest = best.and_then(|attempt| {
            let each = attempt.came.weights.iter().enumerate();
            let sized = each.map(|(i, w)| (i, (w * self.design.size(i)).abs()));
            sized.max_by(|a, b| a.1.total_cmp(&b.1)).map(|(i, _)| i)
        });
        let largest = largest.map_or(String::new(), |i| {
            format!("; the largest by then is that of “{}”", names[i])
        });
        let said = format!(
            "none of {} starts came to rest: the likelihood goes on rising, or beliefs go round{largest}; try fewer terms, more starts or \
             another --method",
            attempts.len()
        );
        vec![Named::new(Code::NO_ESTIMATE, "the estimate", said)]
    }

    /// Directions in which nothing is known at an estimate, by the eigenvalues of the information; and chances that have run away.
    fn flat(&self, came: &Came) -> Vec<Named> {
        let n = came.weights.len();
        let times = vec![1.0; self.design.clusters.len()];
        let likelihood = Likelihood {
            design: &self.design,
            times: &times,
        };
        let signalling = self.model == Model::CrisisSignalling;
        let slope = likelihood.slope(&came.weights, |row, u, pi, by| {
            if !signalling {
                self.model.shares(u, pi, by);
            } else if self.method == Method::Likelihood {
                in_equilibrium(&signalling::payoffs(u), came.beliefs[row][0], pi, by);
            } else {
                pseudo(&signalling::payoffs(u), came.beliefs[row], pi, by);
            }
        });
        let names = self.design.names();
        let mut cells = slope.information;
        // What a unit of a column's size tells, so that a weight of which next to nothing is known shows as one.
        let games = self.design.observations();
        let scale: Vec<f64> = (0..n)
            .map(|i| cells[i * n + i])
            .map(|d| if d > 0.0 { 1.0 / d.sqrt() } else { 0.0 })
            .collect();
        let idle = (0..n).filter(|i| {
            let size = self.design.size(*i);
            cells[i * n + i] <= SURE * size * size * games.min(1e6)
        });
        let idle: Vec<usize> = idle.collect();
        if !idle.is_empty() {
            let each = idle.into_iter().map(|i| {
                let said = if self.design.size(i) == 0.0 {
                    "is multiplied by 0 in every row".to_owned()
                } else {
                    "moves no chance at the estimate: something is certain for everything that was seen".to_owned()
                };
                Named::new(Code::NOT_APART, format!("weight “{}”", names[i]), said)
            });
            return each.collect();
        }
        for i in 0..n {
            for j in 0..n {
                cells[i * n + j] *= scale[i] * scale[j];
            }
        }
        let (values, vectors) = symmetric_eigen(&cells, n);
        let low = (0..n).filter(|k| values[*k] < FLAT);
        let each = low.map(|k| {
            let part = |i: &usize| vectors[i * n + k] * scale[*i];
            // In units of the weights' columns, the largest first.
            let size = |i: usize| (part(&i) * self.design.size(i)).abs();
            let mut named: Vec<usize> = (0..n).collect();
            named.sort_by(|a, b| size(*b).total_cmp(&size(*a)));
            let most = size(named[0]);
            named.retain(|i| size(*i) >= NAMED * most);
            let named: Vec<String> = named.iter().map(|i| format!("“{}”", names[*i])).collect();
            let said = format!(
                "the data do not tell these weights apart, which can move together without changing any chance: {}; leave one of them out",
                named.join(", ")
            );
            Named::new(Code::NOT_APART, "the estimate", said)
        });
        each.collect()
    }
}

impl Estimate {
    /// Takes errors and intervals from draws: standard deviations and percentiles of those that came to rest.
    pub fn take(&mut self, draws: &[Option<Vec<f64>>]) {
        let rested: Vec<&Vec<f64>> = draws.iter().flatten().collect();
        self.draws = [draws.len(), rested.len()];
        if rested.len() < 2 {
            return;
        }
        let count = rested.len() as f64;
        for (i, weight) in self.weights.iter_mut().enumerate() {
            let mut values: Vec<f64> = rested.iter().map(|draw| draw[i]).collect();
            values.sort_by(f64::total_cmp);
            let mean = values.iter().sum::<f64>() / count;
            let squares = values.iter().map(|value| (value - mean) * (value - mean));
            weight.error = Some((squares.sum::<f64>() / (count - 1.0)).sqrt());
            let ends = [TAIL, 1.0 - TAIL];
            weight.interval = Some(ends.map(|end| quantile_sorted(&values, end)));
        }
    }

    /// Akaike's criterion (1974): twice the number of weights less twice the log likelihood.
    pub fn aic(&self) -> f64 {
        2.0 * (self.weights.len() as f64 - self.log_likelihood)
    }
}
