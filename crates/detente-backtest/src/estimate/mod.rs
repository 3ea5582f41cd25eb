//! Models estimated from tables: a formula for each utility in, weights with their errors out.
//!
//! [`Problem::read`] reads a table for a [`Request`]; [`Problem::attempt`] estimates from one start, [`Problem::settle`] takes the best of
//! several and says which others reached it, [`Problem::draw`] estimates again from clusters drawn with replacement. Attempts and draws do
//! not know one another, so that they may be made in any order and on any thread.

mod design;
mod formula;
mod likelihood;
mod model;
mod result;
mod signalling;

use detente_diag::Code;
use detente_math::{climb, normal_quantile, path_key, uniform};

pub use design::{Block, Design, Seen};
pub use formula::{Factor, Formula, Made, Misread, Term};
pub use model::{Model, Noise};
pub use result::{Attempt, Ended, Estimate, Played, Several, Weight};

use crate::table::Fault;
use likelihood::Likelihood;
use signalling::{Beliefs, Came};

/// Steps of a climb at most.
const STEPS: usize = 200;
/// Times that a drawn start is halved at most.
const HALVED: usize = 8;

/// How the signalling game is estimated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Given a first guess at what each side thinks of the other.
    Pseudo,
    /// The same, the guess made anew by best responses until nothing moves: an equilibrium in every game.
    Nested,
    /// The likelihood in equilibrium, where there are several in the one that is likeliest for what was seen.
    Likelihood,
}

/// What is to be estimated from a table.
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    /// The model.
    pub model: Model,
    /// How; of the signalling game alone.
    pub method: Method,
    /// Columns that count how often each outcome came.
    pub outcomes: Vec<String>,
    /// A formula a utility: [`Formula::read`]. Utilities without one are 0.
    pub utilities: Vec<String>,
    /// The column that says which rows share their luck; without it each row is its own.
    pub cluster: Option<String>,
    /// Columns that hold a first guess: how likely B resists, how likely A stands firm. Of the signalling game alone.
    pub first: Option<[String; 2]>,
}

/// Something wrong with a request, its table or its estimate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// The code.
    pub code: Code,
    /// Where: a line and a column, or an argument.
    pub place: String,
    /// What is wrong, and what was expected.
    pub said: String,
    /// Line and column, of what is wrong with a table.
    at: Option<(usize, String)>,
}

impl Named {
    fn new(code: Code, place: impl Into<String>, said: impl Into<String>) -> Self {
        Self {
            code,
            place: place.into(),
            said: said.into(),
            at: None,
        }
    }

    fn of(code: Code, fault: &Fault) -> Self {
        let mut place = format!("line {}", fault.line);
        if !fault.column.is_empty() {
            place = format!("{place}, {}", fault.column);
        }
        Self {
            at: Some((fault.line, fault.column.clone())),
            ..Self::new(code, place, fault.said.clone())
        }
    }

    /// The same as a fault of a table.
    pub(crate) fn plain(self) -> Fault {
        let (line, column) = self.at.unwrap_or((1, self.place));
        Fault {
            line,
            column,
            said: self.said,
        }
    }
}

impl std::fmt::Display for Named {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}: {}", self.code, self.place, self.said)
    }
}

/// A request and the table that was read for it.
#[derive(Clone, Debug, PartialEq)]
pub struct Problem {
    pub(crate) model: Model,
    pub(crate) method: Method,
    pub(crate) design: Design,
}

impl Problem {
    /// Reads a table.
    ///
    /// # Errors
    /// All faults of the request and of the table.
    pub fn read(text: &str, request: &Request) -> Result<Self, Vec<Named>> {
        let design = Design::read(text, request)?;
        Ok(Self {
            model: request.model,
            method: request.method,
            design,
        })
    }

    /// What it looks at.
    pub fn design(&self) -> &Design {
        &self.design
    }

    /// Estimates from a start. The first is the plain one: weights of 0 and the first guess. The second takes for each game's beliefs its own
    /// shares, as if the first guess had been seen five times more: where there are several equilibria, games may have played different ones.
    /// Others draw weights such that utilities have a standard deviation of one half, in units of the noise, where columns have their usual
    /// size, halved until they are no less likely than weights of 0, and move the first guess of all games by normal numbers in log odds. A
    /// pseudo-likelihood keeps its first guess, which is a part of it.
    pub fn attempt(&self, start: u64, seed: u64) -> Attempt {
        let times = vec![1.0; self.design.clusters.len()];
        let came = self.from(&times, start, seed);
        Attempt { came }
    }

    /// What each side is thought to do in every game of the signalling game, by an estimate on clusters that count; nothing where it comes
    /// to no rest.
    pub(crate) fn among(&self, times: &[f64], start: u64) -> Option<Vec<[f64; 2]>> {
        let came = self.from(times, start, 1);
        came.rested.then_some(came.beliefs)
    }

    fn from(&self, times: &[f64], start: u64, seed: u64) -> Came {
        let likelihood = Likelihood {
            design: &self.design,
            times,
        };
        if self.model != Model::CrisisSignalling {
            let shares = self.without_beliefs();
            let weights = self.start(&likelihood, start, seed, &shares);
            return self.plain(&likelihood, &weights);
        }
        let mut beliefs = signalling::first_guess(&likelihood);
        if start == 1 && self.method != Method::Pseudo {
            signalling::own_shares(&likelihood, &mut beliefs);
        } else if start > 1 && self.method != Method::Pseudo {
            let shift = [0, 1].map(|which| draw("fit.start.beliefs", seed, 2 * start + which));
            for thought in &mut beliefs {
                for (p, by) in thought.iter_mut().zip(shift) {
                    let odds = *p / (1.0 - *p) * libm::exp(by);
                    *p = odds / (1.0 + odds);
                }
            }
        }
        let weights = {
            let shares = signalling::given_beliefs(&beliefs);
            self.start(&likelihood, start, seed, &shares)
        };
        signalling::estimate(&likelihood, self.method, &weights, beliefs)
    }

    fn without_beliefs(&self) -> impl Fn(usize, &[f64], &mut [f64], &mut [f64]) {
        |_, u, pi, by| self.model.shares(u, pi, by)
    }

    fn start(
        &self,
        likelihood: &Likelihood<'_>,
        start: u64,
        seed: u64,
        shares: &impl Fn(usize, &[f64], &mut [f64], &mut [f64]),
    ) -> Vec<f64> {
        let count = self.design.weights();
        let blocks = self.design.blocks.iter();
        let alike: Vec<f64> = blocks
            .flat_map(|block| std::iter::repeat_n(block.terms.len() as f64, block.terms.len()))
            .collect();
        let signalling = self.model == Model::CrisisSignalling;
        let one = |place: usize| {
            let at = start * count as u64 + place as u64;
            let size = self.design.size(place) * alike[place].sqrt();
            if start == 0 || start == 1 && signalling || size == 0.0 {
                0.0
            } else {
                0.5 * draw("fit.start.weights", seed, at) / size
            }
        };
        let mut weights: Vec<f64> = (0..count).map(one).collect();
        let least = likelihood.value(&vec![0.0; count], shares);
        for _ in 0..HALVED {
            if likelihood.value(&weights, shares) >= least {
                return weights;
            }
            for weight in &mut weights {
                *weight *= 0.5;
            }
        }
        vec![0.0; count]
    }

    fn plain(&self, likelihood: &Likelihood<'_>, start: &[f64]) -> Came {
        let shares = self.without_beliefs();
        let climbed = climb(
            start,
            STEPS,
            |weights| likelihood.value(weights, &shares),
            |weights| likelihood.slope(weights, &shares),
        );
        Came {
            weights: climbed.at,
            beliefs: Beliefs::new(),
            value: climbed.value,
            rested: climbed.rested,
            rounds: climbed.steps,
        }
    }

    /// The weights that come of clusters drawn with replacement, from the estimate on; nothing where they do not come to rest. `index` says
    /// which draw.
    pub fn draw(&self, estimate: &Estimate, seed: u64, index: u64) -> Option<Vec<f64>> {
        let count = self.design.clusters.len();
        let key = path_key("fit.clusters");
        let mut times = vec![0.0; count];
        for k in 0..count as u64 {
            let u = uniform(seed, key, index * count as u64 + k);
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "a chance, times a number of clusters"
            )]
            let place = ((u * count as f64) as usize).min(count - 1);
            times[place] += 1.0;
        }
        let likelihood = Likelihood {
            design: &self.design,
            times: &times,
        };
        let start: Vec<f64> = estimate.weights.iter().map(|weight| weight.value).collect();
        let came = match self.model {
            Model::CrisisSignalling if self.method == Method::Pseudo => {
                // A first guess is part of the estimate: it is drawn again too, unless it was given.
                let beliefs = signalling::first_guess(&likelihood);
                signalling::again(&likelihood, self.method, &start, &beliefs)
            }
            Model::CrisisSignalling => {
                signalling::again(&likelihood, self.method, &start, &estimate.beliefs)
            }
            _ => self.plain(&likelihood, &start),
        };
        came.rested.then_some(came.weights)
    }
}

/// A standard normal number.
fn draw(name: &str, seed: u64, at: u64) -> f64 {
    normal_quantile(uniform(seed, path_key(name), at))
}
