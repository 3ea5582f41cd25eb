//! The crisis signalling game from data: pseudo-likelihood, nested pseudo-likelihood, likelihood over all equilibria.
//!
//! Crisman-Cox & Gibilisco (2021), after Aguirregabiria, V. & Mira, P. (2007), "Sequential estimation of dynamic discrete games",
//! Econometrica 75, and Su, C.-L. & Judd, K. (2012), "Constrained optimization approaches to estimation of structural models",
//! Econometrica 80.

use std::cell::RefCell;

use detente_games::crisis_signalling::{self as game, Challenger, Payoffs, Target};
use detente_math::{Climbed, climb};

use super::Method;
use super::likelihood::{Likelihood, of_row};
use super::model::{in_equilibrium, pseudo};

/// Steps of one climb at most.
const STEPS: usize = 200;
/// Rounds of the nested pseudo-likelihood at most, and of looking for better equilibria.
const ROUNDS: usize = 200;
const SEARCHES: usize = 20;
/// Change of weights (as shares of their size above 1) and beliefs that counts as none.
const STILL: f64 = 1e-9;
/// The same in draws, of which only the spread is told.
const STILL_IN_DRAWS: f64 = 1e-6;
/// Chances are kept this far from 0 and 1 on the way, as sigInt keeps them.
const EDGE: f64 = 1e-4;
/// Times that a first guess counts beside a game's own shares.
const BEFORE: f64 = 5.0;
/// Gain in log likelihood for which a game goes to another equilibrium.
const BETTER: f64 = 1e-9;

/// What is thought of each game: how likely B resists, and A stands firm.
pub(super) type Beliefs = Vec<[f64; 2]>;

/// What a way of estimating came to.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Came {
    pub(super) weights: Vec<f64>,
    /// By game: what is thought in the end; after a nested pseudo-likelihood that came to rest, and after a likelihood, an equilibrium.
    pub(super) beliefs: Beliefs,
    pub(super) value: f64,
    pub(super) rested: bool,
    pub(super) rounds: usize,
}

pub(super) fn estimate(
    likelihood: &Likelihood<'_>,
    method: Method,
    start: &[f64],
    beliefs: Beliefs,
) -> Came {
    match method {
        Method::Pseudo => {
            let climbed = given(likelihood, &beliefs, start);
            Came {
                weights: climbed.at,
                beliefs,
                value: climbed.value,
                rested: climbed.rested,
                rounds: 1,
            }
        }
        Method::Nested => nested(likelihood, start, beliefs, STILL),
        Method::Likelihood => {
            let from = nested(likelihood, start, beliefs, STILL);
            if from.rested || from.value > of_shares(likelihood) {
                in_all_equilibria(likelihood, &from.weights, &from.beliefs)
            } else {
                from
            }
        }
    }
}

/// The log likelihood of who gives every game the shares of all.
fn of_shares(likelihood: &Likelihood<'_>) -> f64 {
    let mut counts = vec![0.0; likelihood.design.outcomes.len()];
    for row in &likelihood.design.rows {
        for (sum, count) in counts.iter_mut().zip(&row.counts) {
            *sum += likelihood.times[row.cluster] * count;
        }
    }
    let all: f64 = counts.iter().sum();
    let each = counts.iter().filter(|count| **count > 0.0);
    each.map(|count| count * libm::log(count / all)).sum()
}

/// The same from a place near the estimate that is known already, as in draws of clusters.
pub(super) fn again(
    likelihood: &Likelihood<'_>,
    method: Method,
    start: &[f64],
    beliefs: &Beliefs,
) -> Came {
    match method {
        Method::Likelihood => in_all_equilibria(likelihood, start, beliefs),
        Method::Nested => nested(likelihood, start, beliefs.clone(), STILL_IN_DRAWS),
        Method::Pseudo => estimate(likelihood, method, start, beliefs.clone()),
    }
}

/// How likely outcomes are, given what each side thinks of the other.
pub(super) fn given_beliefs(beliefs: &Beliefs) -> impl Fn(usize, &[f64], &mut [f64], &mut [f64]) {
    |row, u, pi, by| pseudo(&payoffs(u), beliefs[row], pi, by)
}

/// The weights of greatest likelihood, given what each side thinks of the other.
fn given(likelihood: &Likelihood<'_>, beliefs: &Beliefs, start: &[f64]) -> Climbed {
    let shares = given_beliefs(beliefs);
    climb(
        start,
        STEPS,
        |weights| likelihood.value(weights, &shares),
        |weights| likelihood.slope(weights, &shares),
    )
}

/// Weights given beliefs, then beliefs by one best response to these, until neither moves.
fn nested(likelihood: &Likelihood<'_>, start: &[f64], mut beliefs: Beliefs, enough: f64) -> Came {
    let mut climbed = given(likelihood, &beliefs, start);
    let mut u = vec![0.0; likelihood.design.blocks.len()];
    let (mut still, mut rounds) = (false, 0);
    // Early rounds may lead over ridges; later ones that come to no rest are lost.
    while !still && rounds < ROUNDS && (climbed.rested || rounds < 3) {
        rounds += 1;
        let mut moved = 0.0_f64;
        for (row, thought) in likelihood.design.rows.iter().zip(&mut beliefs) {
            likelihood.design.utilities(row, &climbed.at, &mut u);
            let next = response(&payoffs(&u), *thought);
            for (old, new) in thought.iter_mut().zip(next) {
                moved = moved.max((new - *old).abs());
                *old = new;
            }
        }
        let next = given(likelihood, &beliefs, &climbed.at);
        let each = next.at.iter().zip(&climbed.at);
        let changes = each.map(|(new, old)| (new - old).abs() / (1.0 + old.abs()));
        moved = changes.fold(moved, f64::max);
        climbed = next;
        still = moved <= enough;
    }
    Came {
        rested: still && climbed.rested,
        weights: climbed.at,
        beliefs,
        value: climbed.value,
        rounds,
    }
}

/// One best response of both sides at once.
fn response(u: &Payoffs, [resist, fight]: [f64; 2]) -> [f64; 2] {
    let stands = Challenger::facing(u, resist).fight(u);
    let resists = Target::facing(u, fight).resists;
    [resists, stands].map(|p| p.clamp(EDGE, 1.0 - EDGE))
}

/// The likelihood of outcomes in equilibrium, climbed along the equilibria that are played; in between each game goes over to whichever of
/// its equilibria is likeliest for what was seen of it, until none does.
fn in_all_equilibria(likelihood: &Likelihood<'_>, start: &[f64], beliefs: &Beliefs) -> Came {
    let design = likelihood.design;
    let mut weights = start.to_vec();
    // How likely B resists, in the place that was looked at last and in the one from which steps are taken.
    let resist: Vec<f64> = beliefs.iter().map(|thought| thought[0]).collect();
    let last = RefCell::new(resist.clone());
    let taken = RefCell::new(resist);
    let mut rested = false;
    let mut value = f64::NEG_INFINITY;
    let mut rounds = 0;
    while rounds < SEARCHES {
        rounds += 1;
        if rounds > 1 || !search(likelihood, &weights, &taken, false) {
            let moved = search(likelihood, &weights, &taken, true);
            if rounds > 1 && !moved {
                break;
            }
        }
        taken.borrow().clone_into(&mut last.borrow_mut());
        let climbed = climb(
            &weights,
            STEPS,
            |weights| {
                likelihood.value(weights, |row, u, pi, by| {
                    let r = at(&payoffs(u), taken.borrow()[row], &design.rows[row]);
                    last.borrow_mut()[row] = r;
                    in_equilibrium(&payoffs(u), r, pi, by);
                })
            },
            |weights| {
                // Where the height was taken last is where steps go from.
                last.borrow().clone_into(&mut taken.borrow_mut());
                likelihood.slope(weights, |row, u, pi, by| {
                    in_equilibrium(&payoffs(u), taken.borrow()[row], pi, by);
                })
            },
        );
        last.borrow().clone_into(&mut taken.borrow_mut());
        rested = climbed.rested;
        value = climbed.value;
        weights = climbed.at;
    }
    let mut u = vec![0.0; design.blocks.len()];
    let each = design.rows.iter().zip(taken.into_inner());
    let beliefs = each.map(|(row, resist)| {
        design.utilities(row, &weights, &mut u);
        let u = payoffs(&u);
        [resist, Challenger::facing(&u, resist).fight(&u)]
    });
    Came {
        beliefs: beliefs.collect(),
        weights,
        value,
        rested: rested && rounds < SEARCHES,
        rounds,
    }
}

/// The equilibrium that is followed from a chance, or where it has vanished the likeliest of all.
fn at(u: &Payoffs, resist: f64, row: &super::Seen) -> f64 {
    game::follow(u, resist).unwrap_or_else(|| likeliest(u, row).0)
}

fn likeliest(u: &Payoffs, row: &super::Seen) -> (f64, f64) {
    let each = game::equilibria(u).into_iter();
    let each = each.map(|e| (e.resist, of_row(row, &e.endings)));
    let first = (0.5, f64::NEG_INFINITY);
    each.fold(
        first,
        |best, other| if other.1 > best.1 { other } else { best },
    )
}

/// Puts each game into its likeliest equilibrium; without `all`, into the one that is followed from where it is. Says whether any moved.
fn search(
    likelihood: &Likelihood<'_>,
    weights: &[f64],
    taken: &RefCell<Vec<f64>>,
    all: bool,
) -> bool {
    let design = likelihood.design;
    let mut u = vec![0.0; design.blocks.len()];
    let mut moved = false;
    for (row, resist) in design.rows.iter().zip(taken.borrow_mut().iter_mut()) {
        design.utilities(row, weights, &mut u);
        let u = payoffs(&u);
        let own = at(&u, *resist, row);
        if !all {
            moved |= (own - *resist).abs() > STILL;
            *resist = own;
            continue;
        }
        let (other, there) = likeliest(&u, row);
        let here = of_row(row, &game::equilibrium_at(&u, own).endings);
        *resist = own;
        if there > here + BETTER {
            *resist = other;
            moved = true;
        }
    }
    moved
}

/// Draws beliefs to each game's own shares, as if what was believed had been seen [`BEFORE`] times. Games that do not count stay as they are.
pub(super) fn own_shares(likelihood: &Likelihood<'_>, beliefs: &mut Beliefs) {
    let rows = likelihood.design.rows.iter();
    for (row, [resist, fight]) in rows.zip(beliefs) {
        let times = likelihood.times[row.cluster];
        let own = |yes: f64, all: f64, p: f64| (times * yes + BEFORE * p) / (times * all + BEFORE);
        let [_, conceded, stood, backed] = [0, 1, 2, 3].map(|k| row.counts[k]);
        *resist = own(stood + backed, conceded + stood + backed, *resist);
        *fight = own(stood, stood + backed, *fight);
    }
}

/// Utilities as payoffs of the game.
pub(super) fn payoffs(u: &[f64]) -> Payoffs {
    std::array::from_fn(|i| u[i])
}

/// What was seen of resistance and of standing firm, by a logit on all that utilities are made of: a first guess at beliefs, drawn a little
/// towards the shares of all games so that it exists where few things were seen.
pub(super) struct FirstGuess {
    /// Columns used, by their places in a row, with mean and spread.
    used: Vec<(usize, f64, f64)>,
    resist: Vec<f64>,
    fight: Vec<f64>,
}

impl FirstGuess {
    pub(super) fn of(likelihood: &Likelihood<'_>) -> Self {
        let design = likelihood.design;
        let mut used: Vec<(usize, f64, f64)> = Vec::new();
        let mut labels: Vec<&str> = Vec::new();
        let terms = design.blocks.iter().flat_map(|block| &block.terms);
        for (place, term) in terms.enumerate() {
            if labels.contains(&term.as_str()) {
                continue;
            }
            labels.push(term);
            let of = |row: &super::Seen| (row.x[place], likelihood.times[row.cluster]);
            let all: f64 = design.rows.iter().map(|row| of(row).1).sum();
            let sum = |f: &dyn Fn(f64) -> f64| -> f64 {
                let each = design.rows.iter().map(of);
                each.map(|(x, times)| times * f(x)).sum::<f64>() / all
            };
            let mean = sum(&|x| x);
            let spread = sum(&|x| (x - mean) * (x - mean)).sqrt();
            if spread > 1e-12 {
                used.push((place, mean, spread));
            }
        }
        let mut guess = Self {
            used,
            resist: Vec::new(),
            fight: Vec::new(),
        };
        guess.resist = guess.logit(likelihood, |counts| [counts[2] + counts[3], counts[1]]);
        guess.fight = guess.logit(likelihood, |counts| [counts[2], counts[3]]);
        guess
    }

    pub(super) fn at(&self, row: &super::Seen) -> [f64; 2] {
        let x = self.x(row);
        [&self.resist, &self.fight].map(|weights| {
            let z: f64 = x.iter().zip(weights).map(|(x, w)| x * w).sum();
            (1.0 / (1.0 + libm::exp(-z))).clamp(EDGE, 1.0 - EDGE)
        })
    }

    fn x(&self, row: &super::Seen) -> Vec<f64> {
        let mut x = vec![1.0];
        let each = self.used.iter();
        x.extend(each.map(|(place, mean, spread)| (row.x[*place] - mean) / spread));
        x
    }

    /// Weights with a penalty of half their squares in units of the columns' spreads, a hundredth of it on the constant.
    fn logit(&self, likelihood: &Likelihood<'_>, split: impl Fn(&[f64]) -> [f64; 2]) -> Vec<f64> {
        let n = self.used.len() + 1;
        let seen: Vec<(Vec<f64>, [f64; 2])> = likelihood
            .design
            .rows
            .iter()
            .map(|row| {
                let times = likelihood.times[row.cluster];
                (self.x(row), split(&row.counts).map(|count| count * times))
            })
            .filter(|(_, counts)| counts[0] + counts[1] > 0.0)
            .collect();
        let penalty = |i: usize| if i == 0 { 0.01 } else { 1.0 };
        let z = |x: &[f64], w: &[f64]| x.iter().zip(w).map(|(x, w)| x * w).sum::<f64>();
        let value = |w: &[f64]| -> f64 {
            let each = seen.iter().map(|(x, [yes, no])| {
                let z = z(x, w);
                let soft = |z: f64| z.max(0.0) + libm::log1p(libm::exp(-z.abs()));
                -yes * soft(-z) - no * soft(z)
            });
            let held: f64 = (0..n).map(|i| 0.5 * penalty(i) * w[i] * w[i]).sum();
            each.sum::<f64>() - held
        };
        let slope = |w: &[f64]| {
            let mut gradient: Vec<f64> = (0..n).map(|i| -penalty(i) * w[i]).collect();
            let mut information = vec![0.0; n * n];
            for i in 0..n {
                information[i * n + i] = penalty(i);
            }
            for (x, [yes, no]) in &seen {
                let p = 1.0 / (1.0 + libm::exp(-z(x, w)));
                for i in 0..n {
                    gradient[i] += x[i] * (yes - (yes + no) * p);
                    for j in 0..n {
                        information[i * n + j] += (yes + no) * p * (1.0 - p) * x[i] * x[j];
                    }
                }
            }
            detente_math::Slope {
                gradient,
                information,
            }
        };
        climb(&vec![0.0; n], STEPS, value, slope).at
    }
}

/// A first guess for each game of a design: what its columns say, or the logit above.
pub(super) fn first_guess(likelihood: &Likelihood<'_>) -> Beliefs {
    let guess = FirstGuess::of(likelihood);
    let inside = |p: [f64; 2]| p.map(|p| p.clamp(EDGE, 1.0 - EDGE));
    let each = likelihood.design.rows.iter();
    each.map(|row| row.first.map_or_else(|| guess.at(row), inside))
        .collect()
}
